//! Delays between steps, such as "3 days" or "2 business days".

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use chrono::{Months, NaiveDate};

use crate::time::calendar::{BusinessDays, date_of, day_number};
use crate::time::instant::Instant;
use crate::time::zone::Zone;

/// Why a delay was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DelayError {
    /// The text is no number and unit.
    #[error(
        "{value:?} is no delay; write a number and minutes, hours, days, weeks, months or business days, like \"3 days\""
    )]
    Malformed {
        /// What was given.
        value: String,
    },
    /// The delay is longer than a century.
    #[error("{value:?} is more than 100 years; write at most \"{most} {unit}\"")]
    TooLong {
        /// What was given.
        value: String,
        /// What it is counted in.
        unit: Unit,
        /// The largest amount of that unit.
        most: u32,
    },
}

/// What a delay is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours.
    Hours,
    /// Calendar days at the same wall time.
    Days,
    /// Calendar weeks at the same wall time.
    Weeks,
    /// Calendar months at the same wall time; a day that the month lacks becomes its last.
    Months,
    /// Later dates that count as business days, at the same wall time.
    BusinessDays,
}

impl Unit {
    const ALL: [Self; 6] =
        [Self::Minutes, Self::Hours, Self::Days, Self::Weeks, Self::Months, Self::BusinessDays];

    const fn one(self) -> &'static str {
        match self {
            Self::Minutes => "minute",
            Self::Hours => "hour",
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
            Self::BusinessDays => "business day",
        }
    }

    const fn many(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::BusinessDays => "business days",
        }
    }

    /// The largest amount that is no more than 100 years.
    const fn most(self) -> u32 {
        const DAYS: u32 = 36_525;
        match self {
            Self::Minutes => DAYS * 24 * 60,
            Self::Hours => DAYS * 24,
            Self::Days => DAYS,
            Self::Weeks => DAYS / 7,
            Self::Months => 1200,
            // In a week of five days.
            Self::BusinessDays => DAYS / 7 * 5,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.many())
    }
}

/// How long to wait: an amount of one unit, at most 100 years. In text it is like "1 day" or "90 minutes".
///
/// ```
/// use followup::Delay;
///
/// assert_eq!("2 business days".parse(), Ok(Delay::business_days(2)));
/// assert_eq!(Delay::weeks(1).to_string(), "1 week");
/// assert!("soon".parse::<Delay>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delay {
    amount: u32,
    unit: Unit,
}

// The argument types of the constructors stay below a century by themselves.
impl Delay {
    /// That many minutes of elapsed time.
    #[must_use]
    pub const fn minutes(amount: u16) -> Self {
        Self { amount: amount as u32, unit: Unit::Minutes }
    }

    /// That many hours of elapsed time.
    #[must_use]
    pub const fn hours(amount: u16) -> Self {
        Self { amount: amount as u32, unit: Unit::Hours }
    }

    /// That many calendar days; for more than 255 see [`Delay::new`].
    #[must_use]
    pub const fn days(amount: u8) -> Self {
        Self { amount: amount as u32, unit: Unit::Days }
    }

    /// That many calendar weeks; for more than 255 see [`Delay::new`].
    #[must_use]
    pub const fn weeks(amount: u8) -> Self {
        Self { amount: amount as u32, unit: Unit::Weeks }
    }

    /// That many calendar months; for more than 255 see [`Delay::new`].
    #[must_use]
    pub const fn months(amount: u8) -> Self {
        Self { amount: amount as u32, unit: Unit::Months }
    }

    /// That many business days; for more than 255 see [`Delay::new`].
    #[must_use]
    pub const fn business_days(amount: u8) -> Self {
        Self { amount: amount as u32, unit: Unit::BusinessDays }
    }

    /// That amount of that unit.
    ///
    /// # Errors
    ///
    /// [`DelayError::TooLong`] if that is more than 100 years.
    pub fn new(amount: u32, unit: Unit) -> Result<Self, DelayError> {
        let (delay, most) = (Self { amount, unit }, unit.most());
        if amount > most {
            Err(DelayError::TooLong { value: delay.to_string(), unit, most })
        } else {
            Ok(delay)
        }
    }

    /// Whether it is no delay at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.amount == 0
    }

    /// How many units it is.
    #[must_use]
    pub const fn amount(self) -> u32 {
        self.amount
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The delay as elapsed time, if it is counted in minutes or hours.
    #[must_use]
    pub const fn elapsed(self) -> Option<Duration> {
        match self.unit {
            Unit::Minutes => Some(Duration::from_secs(self.amount as u64 * 60)),
            Unit::Hours => Some(Duration::from_secs(self.amount as u64 * 3600)),
            Unit::Days | Unit::Weeks | Unit::Months | Unit::BusinessDays => None,
        }
    }

    /// About how long it is. A business day is one of five in a week, a month one of twelve in a year.
    pub(crate) fn nominal_hours(self) -> u64 {
        let amount = u64::from(self.amount);
        match self.unit {
            Unit::Minutes => amount / 60,
            Unit::Hours => amount,
            Unit::Days => amount * 24,
            Unit::Weeks => amount * 24 * 7,
            Unit::Months => amount * 24 * 365 / 12,
            Unit::BusinessDays => amount * 24 * 7 / 5,
        }
    }

    /// Fewer seconds than this it never takes, and not more than the second; so that nobody need ask a clock
    /// long before it is over, or long after. Business days have no greatest length.
    pub(crate) const fn bounds(self) -> (i64, i64) {
        const DAY: i64 = 86_400;
        // No clock is set forward or back by more within a delay.
        const SLACK: i64 = 2 * DAY;
        let amount = self.amount as i64;
        match self.unit {
            Unit::Minutes => (amount * 60, amount * 60),
            Unit::Hours => (amount * 3600, amount * 3600),
            Unit::Days => (amount * DAY - SLACK, amount * DAY + SLACK),
            Unit::Weeks => (amount * 7 * DAY - SLACK, amount * 7 * DAY + SLACK),
            Unit::Months => (amount * 28 * DAY - SLACK, amount * 31 * DAY + SLACK),
            Unit::BusinessDays => (amount * DAY - SLACK, i64::MAX),
        }
    }

    /// The instant at which the delay is over, if it begins at `from` in that zone.
    ///
    /// Minutes and hours elapse; everything else keeps the wall time. A wall time that the clock skips means
    /// the first instant after the gap, one that it shows twice the earlier of the two. An amount of 0
    /// changes nothing. `None` if the end lies after 2200, or business days are counted and there are none.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// use followup::{BusinessDays, Dates, Delay, Instant, Zones};
    ///
    /// let zones = Zones::embedded();
    /// let berlin = zones.get("Europe/Berlin").unwrap();
    /// let none = BusinessDays::new([], &Dates::default());
    /// let from: Instant = "2026-03-28T09:00:00Z".parse().unwrap();
    /// let after = |delay: Delay| delay.after(from, berlin, &none).map(|at| at.to_string());
    /// assert_eq!(after(Delay::hours(24)), Some("2026-03-29T09:00:00Z".to_string()));
    /// assert_eq!(after(Delay::days(1)), Some("2026-03-29T08:00:00Z".to_string()));
    /// assert_eq!(after(Delay::business_days(1)), None);
    /// # }
    /// ```
    #[must_use]
    pub fn after(self, from: Instant, zone: &Zone, business: &BusinessDays) -> Option<Instant> {
        // The second pass of a repeated hour would move to the first.
        if self.amount == 0 {
            return Some(from);
        }
        let amount = self.amount;
        match self.unit {
            Unit::Minutes | Unit::Hours => from.checked_add(self.elapsed()?),
            Unit::Days => zone.on_day(from, |day| Some(day + i64::from(amount))),
            Unit::Weeks => zone.on_day(from, |day| Some(day + i64::from(amount) * 7)),
            Unit::Months => {
                zone.on_day(from, |day| date_of(day)?.checked_add_months(Months::new(amount)).map(day_number))
            }
            Unit::BusinessDays => {
                zone.on_day(from, |day| business.nth_after(date_of(day)?, amount).map(day_number))
            }
        }
    }
}

impl Delay {
    /// The instant from which the delay leads to `until`, or would on another day: minutes and hours elapse, everything else
    /// keeps the wall time. `None` before 1970, or where business days are counted and there are none.
    pub(crate) fn before(self, until: Instant, zone: &Zone, business: &BusinessDays) -> Option<Instant> {
        let amount = i64::from(self.amount);
        match self.unit {
            _ if self.amount == 0 => Some(until),
            Unit::Minutes | Unit::Hours => until.checked_sub(self.elapsed()?),
            Unit::Days => zone.on_day(until, |day| Some(day - amount)),
            Unit::Weeks => zone.on_day(until, |day| Some(day - amount * 7)),
            Unit::Months => zone.on_day(until, |day| {
                date_of(day)?.checked_sub_months(Months::new(self.amount)).map(day_number)
            }),
            Unit::BusinessDays => {
                zone.on_day(until, |day| business.nth_before(date_of(day)?, self.amount).map(day_number))
            }
        }
    }

    /// The instant so long before or after a day begins in that zone: a day is counted from day to day, and begins with the
    /// first instant at which the wall clock shows it. `None` before 1970 or after 2200, or where business days are counted
    /// and there are none.
    pub(crate) fn of_day(
        self,
        date: NaiveDate,
        is_before: bool,
        zone: &Zone,
        business: &BusinessDays,
    ) -> Option<Instant> {
        let (amount, day) = (i64::from(self.amount), day_number(date));
        if let Some(elapsed) = self.elapsed() {
            let begins = zone.day_begins(day)?;
            return if is_before { begins.checked_sub(elapsed) } else { begins.checked_add(elapsed) };
        }
        let days = if is_before { -amount } else { amount };
        let day = match self.unit {
            Unit::Minutes | Unit::Hours => return None,
            Unit::Days => day + days,
            Unit::Weeks => day + days * 7,
            Unit::Months if is_before => day_number(date.checked_sub_months(Months::new(self.amount))?),
            Unit::Months => day_number(date.checked_add_months(Months::new(self.amount))?),
            Unit::BusinessDays if is_before => day_number(business.nth_before(date, self.amount)?),
            Unit::BusinessDays => day_number(business.nth_after(date, self.amount)?),
        };
        zone.day_begins(day)
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.amount == 1 { self.unit.one() } else { self.unit.many() };
        write!(f, "{} {name}", self.amount)
    }
}

impl FromStr for Delay {
    type Err = DelayError;

    fn from_str(text: &str) -> Result<Self, DelayError> {
        let malformed = || DelayError::Malformed { value: text.to_string() };
        let (amount, name) = text.split_once(' ').ok_or_else(malformed)?;
        let unit = Unit::ALL.into_iter().find(|unit| name == unit.one() || name == unit.many());
        let unit = unit.ok_or_else(malformed)?;
        if amount.is_empty() || !amount.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed());
        }
        let too_long = || DelayError::TooLong { value: text.to_string(), unit, most: unit.most() };
        Self::new(amount.parse().map_err(|_| too_long())?, unit)
    }
}

crate::error::text_serde!(Delay);

#[cfg(test)]
#[cfg(feature = "embedded-zones")]
mod tests {
    use chrono::Weekday;

    use super::*;
    use crate::time::calendar::Dates;
    use crate::time::zone::Zones;

    fn after(zone: &str, from: &str, delay: &str) -> Option<String> {
        let zones = Zones::embedded();
        let business = BusinessDays::new([Weekday::Mon], &Dates::parse(["2026-03-09"]).unwrap());
        let delay: Delay = delay.parse().unwrap();
        delay.after(from.parse().unwrap(), zones.get(zone).unwrap(), &business).map(|at| at.to_string())
    }

    #[test]
    fn the_text_form_is_canonical() {
        for text in ["0 minutes", "1 minute", "2 hours", "1 day", "3 weeks", "12 months", "1 business day"] {
            assert_eq!(text.parse::<Delay>().unwrap().to_string(), text);
            let json = serde_json::to_string(text).unwrap();
            let delay: Delay = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&delay).unwrap(), json);
        }
        assert_eq!("1 days".parse(), Ok(Delay::days(1)));
    }

    #[test]
    fn faults_name_value_and_remedy() {
        for text in
            ["", "3", "days", "3  days", " 3 days", "+3 days", "-3 days", "3.5 days", "3 years", "3 Days"]
        {
            let error = text.parse::<Delay>().unwrap_err();
            assert_eq!(error, DelayError::Malformed { value: text.to_string() });
        }
        let message = |text: &str| text.parse::<Delay>().unwrap_err().to_string();
        assert_eq!(
            message("36526 days"),
            "\"36526 days\" is more than 100 years; write at most \"36525 days\""
        );
        assert_eq!(
            message("99999999999 months"),
            "\"99999999999 months\" is more than 100 years; write at most \"1200 months\""
        );
    }

    #[test]
    fn every_constructor_round_trips_at_its_extreme() {
        let extremes = [
            Delay::minutes(u16::MAX),
            Delay::hours(u16::MAX),
            Delay::days(u8::MAX),
            Delay::weeks(u8::MAX),
            Delay::months(u8::MAX),
            Delay::business_days(u8::MAX),
        ];
        for delay in extremes {
            assert_eq!(delay.to_string().parse(), Ok(delay));
            assert_eq!(Delay::new(delay.amount(), delay.unit()), Ok(delay));
        }
    }

    #[test]
    fn only_minutes_and_hours_have_an_elapsed_length() {
        assert_eq!(Delay::minutes(90).elapsed(), Some(Duration::from_secs(5400)));
        assert_eq!(Delay::hours(2).elapsed(), Some(Duration::from_secs(7200)));
        assert_eq!(Delay::days(1).elapsed(), None);
    }

    #[test]
    fn nothing_moves_a_repeated_hour_but_an_amount() {
        // The second pass of 02:30 in Berlin.
        let second = "2026-10-25T01:30:00.000000007Z";
        assert_eq!(after("Europe/Berlin", second, "0 days").as_deref(), Some(second));
        assert_eq!(after("Europe/Berlin", second, "0 business days").as_deref(), Some(second));
        // A day before, a day later is the first pass; fractions stay.
        assert_eq!(
            after("Europe/Berlin", "2026-10-24T00:30:00.5Z", "1 day").as_deref(),
            Some("2026-10-25T00:30:00.500Z")
        );
    }

    #[test]
    fn a_gap_lands_on_its_end() {
        let lands = |from: &str, delay: &str| after("Europe/Berlin", from, delay);
        assert_eq!(lands("2026-03-28T01:30:00.5Z", "1 day").as_deref(), Some("2026-03-29T01:00:00Z"));
        assert_eq!(lands("2026-02-28T01:30:00Z", "1 month").as_deref(), Some("2026-03-28T01:30:00Z"));
    }

    #[test]
    fn months_clamp_and_business_days_skip() {
        assert_eq!(after("UTC", "2025-08-31T10:00:00Z", "6 months").as_deref(), Some("2026-02-28T10:00:00Z"));
        assert_eq!(
            after("UTC", "2026-03-02T10:00:00Z", "1 business day").as_deref(),
            Some("2026-03-16T10:00:00Z")
        );
    }

    #[test]
    fn past_the_year_2200_there_is_nothing() {
        for unit in Unit::ALL {
            let longest = Delay::new(unit.most(), unit).unwrap().to_string();
            assert_eq!(after("Pacific/Kiritimati", "2200-12-31T12:00:00Z", &longest), None);
            // Only Mondays count here, so that many business days are five centuries.
            let fits = unit != Unit::BusinessDays;
            assert_eq!(after("Pacific/Kiritimati", "1970-01-01T00:00:00Z", &longest).is_some(), fits);
        }
    }
}
