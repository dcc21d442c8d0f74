//! Key dates of a prospect: a renewal, an expiry, an event, a birthday.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::error::{ParseError, text_serde};

/// A date that matters to a prospect: once, or in every year.
///
/// ```
/// use followup::KeyDate;
///
/// let renewal: KeyDate = "2027-03-01".parse()?;
/// let birthday: KeyDate = "02-29".parse()?;
/// assert!("1 March".parse::<KeyDate>().is_err());
/// assert_eq!((renewal.to_string().as_str(), birthday.to_string().as_str()), ("2027-03-01", "02-29"));
/// # Ok::<(), followup::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyDate {
    /// On that day.
    Once(NaiveDate),
    /// In every year on that day; where it is 29 February, in other years a day before.
    Yearly {
        /// From 1 to 12.
        month: u32,
        /// From 1 to 31.
        day: u32,
    },
}

impl KeyDate {
    /// The days on which it falls, from that year on.
    pub(crate) fn days_from(self, year: i32) -> impl Iterator<Item = NaiveDate> {
        let (once, yearly) = match self {
            Self::Once(day) => (Some(day), None),
            Self::Yearly { month, day } => (None, Some((month, day))),
        };
        let years = (year..=2200).filter_map(move |year| {
            let (month, day) = yearly?;
            NaiveDate::from_ymd_opt(year, month, day)
                .or_else(|| NaiveDate::from_ymd_opt(year, month, day.saturating_sub(1)))
        });
        once.into_iter().chain(years)
    }

    /// A number that is another for another date.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Once(day) => u64::from(day.num_days_from_ce().unsigned_abs()),
            Self::Yearly { month, day } => u64::from(month * 100 + day) << 32,
        }
    }
}

impl fmt::Display for KeyDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(day) => day.fmt(f),
            Self::Yearly { month, day } => write!(f, "{month:02}-{day:02}"),
        }
    }
}

impl FromStr for KeyDate {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError {
            value: text.to_string(),
            what: "date between 1970 and 2200",
            remedy: "write one like \"2027-03-01\", or like \"03-01\" for every year",
        };
        let once =
            |text: &str| text.parse().ok().filter(|day: &NaiveDate| (1970..=2200).contains(&day.year()));
        if text.len() == 10 {
            return once(text).map(Self::Once).ok_or_else(error);
        }
        // A year that has every day of them all.
        let leap = Some(String::from("2000-") + text).filter(|_| text.len() == 5);
        let leap = leap.and_then(|text| once(&text)).ok_or_else(error)?;
        Ok(Self::Yearly { month: leap.month(), day: leap.day() })
    }
}

text_serde!(KeyDate);

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str, year: i32) -> alloc::vec::Vec<String> {
        let date: KeyDate = text.parse().unwrap();
        date.days_from(year).take(3).map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_date_with_a_year_is_that_day_and_without_one_a_day_in_each() {
        assert_eq!(days("2027-03-01", 2030), ["2027-03-01"]);
        assert_eq!(days("03-01", 2026), ["2026-03-01", "2027-03-01", "2028-03-01"]);
        assert_eq!(days("02-29", 2027), ["2027-02-28", "2028-02-29", "2029-02-28"]);
    }

    #[test]
    fn what_is_no_date_is_refused_with_an_example() {
        for text in ["", "03-32", "13-01", "1962-05-14", "2201-01-01", "2027-3-1", "3-1", "+27-03-01"] {
            let error = text.parse::<KeyDate>().unwrap_err().to_string();
            assert!(error.contains("write one like"), "{text}: {error}");
        }
    }
}
