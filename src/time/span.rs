//! How long something counts, on the clock or in whole dates.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, Months};

use crate::time::calendar::{BusinessDays, date_of, day_number};
use crate::time::delay::{Delay, DelayError, Unit};
use crate::time::instant::Instant;
use crate::time::zone::Zone;

const DAY: i64 = 86_400;

/// Why a span was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// The text is no span.
    #[error(
        "{value:?} is no span; write a delay like \"24 hours\" or \"10 business days\", or whole dates like \"7 calendar days\" or \"60 full days\""
    )]
    Malformed {
        /// What was given.
        value: String,
    },
    /// Whole dates of a unit that is no number of dates.
    #[error(
        "{value:?} cannot be counted in whole dates; write days, weeks or months, or leave out \"{word}\""
    )]
    Unit {
        /// What was given.
        value: String,
        /// "calendar" or "full".
        word: &'static str,
    },
    /// No whole dates.
    #[error("{value:?} is no period; write at least 1, or \"0 days\" for none")]
    Zero {
        /// What was given.
        value: String,
    },
    /// The span is longer than a century.
    #[error("{value:?} is more than 100 years; write at most \"{most}\"")]
    TooLong {
        /// What was given.
        value: String,
        /// The longest span that is counted so.
        most: String,
    },
}

/// How the dates of a span are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Count {
    /// Not at all: it ends at a time of day.
    Clock,
    /// The date on which it begins is the first.
    Calendar,
    /// The date after that is the first.
    Full,
}

impl Count {
    const fn word(self) -> &'static str {
        match self {
            Self::Clock => "",
            Self::Calendar => "calendar",
            Self::Full => "full",
        }
    }

    const fn fits(self, unit: Unit) -> bool {
        matches!((self, unit), (Self::Clock, _) | (_, Unit::Days | Unit::Weeks | Unit::Months))
    }

    /// The text of a delay with the word for the count.
    fn say(self, delay: &str) -> String {
        match (self, delay.split_once(' ')) {
            (Self::Calendar | Self::Full, Some((amount, unit))) => {
                format!("{amount} {} {unit}", self.word())
            }
            _ => delay.to_string(),
        }
    }
}

/// How long something counts, such as a refusal or the rest after a conversation: a [`Delay`], and what its
/// days are.
///
/// | text | what is counted | begun on 2 March at 15:00, it is over on |
/// |---|---|---|
/// | `7 days` | the clock, as a [`Delay`] does | 9 March at 15:00 |
/// | `7 calendar days` | whole dates, that of the beginning the first | 9 March at 00:00 |
/// | `7 full days` | whole dates, that of the beginning not counted | 10 March at 00:00 |
///
/// Laws say which. Only days, weeks and months can be counted in whole dates; dates are those of the wall clock
/// of the place concerned.
///
/// ```
/// use followup::{Delay, Span};
///
/// assert_eq!("7 calendar days".parse(), Ok(Span::calendar_days(7)));
/// assert_eq!("24 hours".parse(), Ok(Span::from(Delay::hours(24))));
/// assert_eq!(Span::full_months(1).to_string(), "1 full month");
/// assert_eq!(
///     "3 calendar hours".parse::<Span>().unwrap_err().to_string(),
///     "\"3 calendar hours\" cannot be counted in whole dates; write days, weeks or months, \
///      or leave out \"calendar\""
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    delay: Delay,
    count: Count,
}

impl From<Delay> for Span {
    fn from(delay: Delay) -> Self {
        Self { delay, count: Count::Clock }
    }
}

impl Span {
    /// That many whole dates, the first of them the date on which it begins; 0 is no time at all.
    ///
    /// ```
    /// use followup::Span;
    ///
    /// assert_eq!(Span::calendar_days(7).to_string(), "7 calendar days");
    /// assert!(Span::calendar_days(0).is_zero());
    /// ```
    #[must_use]
    pub const fn calendar_days(amount: u8) -> Self {
        Self::dated(Delay::days(amount), Count::Calendar)
    }

    /// That many weeks of whole dates, the first of them the date on which it begins; 0 is no time at all.
    #[must_use]
    pub const fn calendar_weeks(amount: u8) -> Self {
        Self::dated(Delay::weeks(amount), Count::Calendar)
    }

    /// That many months of whole dates, the first of them the date on which it begins; 0 is no time at all.
    #[must_use]
    pub const fn calendar_months(amount: u8) -> Self {
        Self::dated(Delay::months(amount), Count::Calendar)
    }

    /// That many whole dates after the one on which it begins; 0 is no time at all.
    #[must_use]
    pub const fn full_days(amount: u8) -> Self {
        Self::dated(Delay::days(amount), Count::Full)
    }

    /// That many weeks of whole dates after the one on which it begins; 0 is no time at all.
    #[must_use]
    pub const fn full_weeks(amount: u8) -> Self {
        Self::dated(Delay::weeks(amount), Count::Full)
    }

    /// That many months of whole dates after the one on which it begins; 0 is no time at all.
    #[must_use]
    pub const fn full_months(amount: u8) -> Self {
        Self::dated(Delay::months(amount), Count::Full)
    }

    /// Whole dates as long as that delay, the first of them the date on which it begins; for more than the 255
    /// that the other constructors take.
    ///
    /// ```
    /// use followup::{Delay, Span, Unit};
    ///
    /// let year = Delay::new(365, Unit::Days).unwrap();
    /// assert_eq!(Span::calendar(year).unwrap().to_string(), "365 calendar days");
    /// assert!(Span::calendar(Delay::hours(24)).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`SpanError::Unit`] unless the delay is in days, weeks or months, [`SpanError::Zero`] if it is none.
    pub fn calendar(delay: Delay) -> Result<Self, SpanError> {
        Self::counted(delay, Count::Calendar)
    }

    /// Whole dates as long as that delay, after the one on which it begins; for more than the 255 that the other
    /// constructors take.
    ///
    /// ```
    /// use followup::{Delay, Span, Unit};
    ///
    /// let year = Delay::new(365, Unit::Days).unwrap();
    /// assert_eq!(Span::full(year).unwrap().to_string(), "365 full days");
    /// ```
    ///
    /// # Errors
    ///
    /// [`SpanError::Unit`] unless the delay is in days, weeks or months, [`SpanError::Zero`] if it is none.
    pub fn full(delay: Delay) -> Result<Self, SpanError> {
        Self::counted(delay, Count::Full)
    }

    /// No whole dates are no period, so that "0 days" is the only way to say so.
    const fn dated(delay: Delay, count: Count) -> Self {
        Self { delay, count: if delay.is_zero() { Count::Clock } else { count } }
    }

    fn counted(delay: Delay, count: Count) -> Result<Self, SpanError> {
        let span = Self { delay, count };
        if !count.fits(delay.unit()) {
            Err(SpanError::Unit { value: span.to_string(), word: count.word() })
        } else if count != Count::Clock && delay.is_zero() {
            Err(SpanError::Zero { value: span.to_string() })
        } else {
            Ok(span)
        }
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.delay.is_zero()
    }

    /// Fewer seconds than this it never takes, and not more than the second, as in [`Delay::bounds`].
    pub(crate) const fn bounds(self) -> (i64, i64) {
        let (fewest, most) = self.delay.bounds();
        match self.count {
            Count::Clock => (fewest, most),
            // Of the first date next to nothing may be left, or all of it.
            Count::Calendar => (fewest - DAY, most),
            Count::Full => (fewest, most + DAY),
        }
    }

    /// The instant at which the span is over, if it begins at `from` in that zone.
    ///
    /// On the clock it is over when the [`Delay`] is. Whole dates are over when the wall clock first shows the
    /// date after the last of them, or a later one if it skips that; at midnight, unless the clock skips it.
    /// In the hour after a clock is set back over midnight, it begins on the date that the clock has shown
    /// already.
    ///
    /// Calendar months end on the day before the same day of a later month, full months on that day; both with
    /// the month if it lacks the day.
    ///
    /// `None` if the end lies after 2200, or business days are counted and there are none.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// use followup::{BusinessDays, Dates, Instant, Span, Zones};
    ///
    /// let zones = Zones::embedded();
    /// let paris = zones.get("Europe/Paris").unwrap();
    /// let none = BusinessDays::new([], &Dates::default());
    /// let refused: Instant = "2026-03-02T14:00:00Z".parse().unwrap();
    /// let ends = |span: Span| span.ends(refused, paris, &none).map(|at| at.to_string());
    /// assert_eq!(ends(Span::full_days(60)), Some("2026-05-01T22:00:00Z".to_string()));
    /// assert_eq!(ends(Span::calendar_days(7)), Some("2026-03-08T23:00:00Z".to_string()));
    /// # }
    /// ```
    #[must_use]
    pub fn ends(self, from: Instant, zone: &Zone, business: &BusinessDays) -> Option<Instant> {
        let extra = match self.count {
            Count::Clock => return self.delay.after(from, zone, business),
            Count::Calendar => 0,
            Count::Full => 1,
        };
        let (first, amount) = (zone.latest_day(from), i64::from(self.delay.amount()));
        let day = match self.delay.unit() {
            Unit::Days => first + amount + extra,
            Unit::Weeks => first + amount * 7 + extra,
            Unit::Months => {
                let first = date_of(first)?;
                let same = first.checked_add_months(Months::new(self.delay.amount()))?;
                let is_lacking = same.day() < first.day();
                day_number(same) + extra.max(i64::from(is_lacking))
            }
            // No constructor counts dates of these.
            Unit::Minutes | Unit::Hours | Unit::BusinessDays => return None,
        };
        zone.day_begins(day)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.count.say(&self.delay.to_string()))
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let words = |count: Count| {
            let (amount, rest) = text.split_once(' ')?;
            let unit = rest.strip_prefix(count.word())?.strip_prefix(' ')?;
            Some((format!("{amount} {unit}"), count))
        };
        let (delay, count) = words(Count::Calendar)
            .or_else(|| words(Count::Full))
            .unwrap_or_else(|| (text.to_string(), Count::Clock));
        let delay = delay.parse::<Delay>().map_err(|error| match error {
            DelayError::Malformed { .. } => SpanError::Malformed { value: text.to_string() },
            DelayError::TooLong { unit, .. } if !count.fits(unit) => {
                SpanError::Unit { value: text.to_string(), word: count.word() }
            }
            DelayError::TooLong { unit, most, .. } => {
                SpanError::TooLong { value: text.to_string(), most: count.say(&format!("{most} {unit}")) }
            }
        })?;
        Self::counted(delay, count)
    }
}

crate::error::text_serde!(Span);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_canonical() {
        for text in [
            "24 hours",
            "2 weeks",
            "6 months",
            "10 business days",
            "0 days",
            "1 calendar day",
            "2 calendar weeks",
            "3 calendar months",
            "60 full days",
            "1 full month",
            "36525 full days",
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string(), text);
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span);
            assert_eq!(serde_json::to_string(&span).unwrap(), json);
        }
        assert_eq!("1 calendar weeks".parse(), Ok(Span::calendar_weeks(1)));
        assert_eq!("2 full week".parse(), Ok(Span::full_weeks(2)));
    }

    #[test]
    fn every_constructor_round_trips() {
        let constructors: [fn(u8) -> Span; 6] = [
            Span::calendar_days,
            Span::calendar_weeks,
            Span::calendar_months,
            Span::full_days,
            Span::full_weeks,
            Span::full_months,
        ];
        for constructor in constructors {
            for amount in [0, 1, 2, u8::MAX] {
                let span = constructor(amount);
                assert_eq!(span.to_string().parse(), Ok(span));
                assert_eq!(span.is_zero(), amount == 0);
            }
            assert_eq!(constructor(0).count, Count::Clock);
        }
    }

    #[test]
    fn faults_name_value_and_remedy() {
        for text in [
            "",
            "7",
            "calendar days",
            "7 calendar",
            "7 calendar  days",
            "7  calendar days",
            "7 days calendar",
            "7 full calendar days",
            "7 calendardays",
            "-7 full days",
            "7 Calendar days",
            "7 calendar years",
        ] {
            let error = text.parse::<Span>().unwrap_err();
            assert_eq!(error, SpanError::Malformed { value: text.to_string() });
        }
        let message = |text: &str| text.parse::<Span>().unwrap_err().to_string();
        assert_eq!(
            message("99999999 full hours"),
            "\"99999999 full hours\" cannot be counted in whole dates; write days, weeks or months, \
             or leave out \"full\""
        );
        assert!(message("10 calendar business days").ends_with("or leave out \"calendar\""));
        assert_eq!(
            message("0 calendar days"),
            "\"0 calendar days\" is no period; write at least 1, or \"0 days\" for none"
        );
        assert_eq!(
            message("36526 calendar days"),
            "\"36526 calendar days\" is more than 100 years; write at most \"36525 calendar days\""
        );
        assert_eq!(
            message("36526 days"),
            "\"36526 days\" is more than 100 years; write at most \"36525 days\""
        );
    }

    #[cfg(feature = "embedded-zones")]
    mod with_zones {
        use std::vec::Vec;

        use proptest::prelude::*;
        use proptest::test_runner::RngSeed;

        use super::*;
        use crate::time::calendar::Dates;
        use crate::time::zone::Zones;

        fn ends(zone: &str, from: &str, span: &str) -> Option<String> {
            let business = BusinessDays::new([chrono::Weekday::Mon], &Dates::default());
            let (zones, span) = (Zones::embedded(), span.parse::<Span>().unwrap());
            span.ends(from.parse().unwrap(), zones.get(zone).unwrap(), &business).map(|at| at.to_string())
        }

        #[test]
        fn spans_end_where_the_law_counts_them_to() {
            let table = [
                // Seven consecutive days after a conversation, 12 CFR 1006.14(b)(2)(i)(B).
                ("America/New_York", "2026-03-02T20:00:00Z", "7 calendar days", "2026-03-09T04:00:00Z"),
                // The last day is 14 April.
                ("Australia/Sydney", "2026-01-15T01:00:00Z", "3 calendar months", "2026-04-14T14:00:00Z"),
                ("UTC", "2026-03-02T20:00:00Z", "2 calendar weeks", "2026-03-16T00:00:00Z"),
                // Blocked through 1 May.
                ("Europe/Paris", "2026-03-02T14:00:00Z", "60 full days", "2026-05-01T22:00:00Z"),
                ("UTC", "2026-03-02T00:00:00Z", "1 full day", "2026-03-04T00:00:00Z"),
                ("UTC", "2026-03-02T23:59:59.9Z", "1 calendar day", "2026-03-03T00:00:00Z"),
                ("UTC", "2026-03-02T00:00:00Z", "1 full week", "2026-03-10T00:00:00Z"),
                // Months on the clock are clamped to the last day.
                ("UTC", "2025-08-28T10:00:00Z", "6 months", "2026-02-28T10:00:00Z"),
                ("UTC", "2025-08-29T10:00:00Z", "6 months", "2026-02-28T10:00:00Z"),
                ("UTC", "2025-08-30T10:00:00Z", "6 months", "2026-02-28T10:00:00Z"),
                ("UTC", "2025-08-31T10:00:00Z", "6 months", "2026-02-28T10:00:00Z"),
                ("UTC", "2024-02-29T10:00:00Z", "24 months", "2026-02-28T10:00:00Z"),
                ("UTC", "2026-02-28T10:00:00Z", "6 months", "2026-08-28T10:00:00Z"),
                // In whole dates the last of them is the month's last.
                ("UTC", "2025-08-28T10:00:00Z", "6 calendar months", "2026-02-28T00:00:00Z"),
                ("UTC", "2025-08-29T10:00:00Z", "6 calendar months", "2026-03-01T00:00:00Z"),
                ("UTC", "2025-08-31T10:00:00Z", "6 calendar months", "2026-03-01T00:00:00Z"),
                ("UTC", "2025-08-27T10:00:00Z", "6 full months", "2026-02-28T00:00:00Z"),
                ("UTC", "2025-08-28T10:00:00Z", "6 full months", "2026-03-01T00:00:00Z"),
                ("UTC", "2025-08-31T10:00:00Z", "6 full months", "2026-03-01T00:00:00Z"),
                ("UTC", "2026-02-28T10:00:00Z", "6 full months", "2026-08-29T00:00:00Z"),
                ("UTC", "2026-03-02T10:00:00Z", "24 hours", "2026-03-03T10:00:00Z"),
                ("UTC", "2026-03-02T10:00:00Z", "10 business days", "2026-05-11T10:00:00Z"),
                ("UTC", "2026-03-02T10:00:00Z", "0 days", "2026-03-02T10:00:00Z"),
            ];
            for (zone, from, span, expected) in table {
                assert_eq!(ends(zone, from, span).as_deref(), Some(expected), "{span} from {from} in {zone}");
            }
        }

        #[test]
        fn a_day_without_a_midnight_begins_with_its_first_instant() {
            for (zone, from, expected) in [
                ("Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z"),
                ("America/Havana", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z"),
                ("Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z"),
                // The day after was skipped.
                ("Pacific/Apia", "2011-12-30T00:00:00Z", "2011-12-30T10:00:00Z"),
            ] {
                assert_eq!(ends(zone, from, "1 calendar day").as_deref(), Some(expected), "{zone}");
            }
        }

        #[test]
        fn an_hour_set_back_over_midnight_belongs_to_the_date_shown_before() {
            // 7 November began at 02:30 UTC; a minute later the clock went back to 23:01 on 6 November.
            let ends = |from: &str| ends("America/St_Johns", from, "1 calendar day");
            assert_eq!(ends("2010-11-07T02:29:59Z").as_deref(), Some("2010-11-07T02:30:00Z"));
            for from in ["2010-11-07T02:30:00Z", "2010-11-07T02:40:00Z", "2010-11-07T04:00:00Z"] {
                assert_eq!(ends(from).as_deref(), Some("2010-11-08T03:30:00Z"), "{from}");
            }
        }

        #[test]
        fn past_the_year_2200_there_is_nothing() {
            for span in ["1 calendar day", "1 full day", "1 calendar month", "1200 full months"] {
                assert_eq!(ends("UTC", "2200-12-31T12:00:00Z", span), None);
                assert_eq!(ends("Pacific/Kiritimati", "2200-12-31T12:00:00Z", span), None);
            }
            assert!(ends("America/New_York", "2200-12-31T04:00:00Z", "1 calendar day").is_some());
            assert!(ends("UTC", "1970-01-01T00:00:00Z", "1200 full months").is_some());
        }

        const NAMES: [&str; 12] = [
            "UTC",
            "Pacific/Apia",
            "Pacific/Kwajalein",
            "Pacific/Chatham",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "America/Havana",
            "America/Scoresbysund",
            "Africa/Cairo",
            "Asia/Beirut",
            "Asia/Gaza",
            "Europe/Berlin",
        ];

        /// Mostly within two days of a change of the offset.
        fn moment() -> impl Strategy<Value = (&'static str, i64)> {
            let any =
                (any::<prop::sample::Index>(), -172_800_i64..172_800, prop::option::of(0..7_289_654_400_i64));
            (prop::sample::select(&NAMES[..]), any).prop_map(|(name, (which, shift, anywhere))| {
                let zones = Zones::embedded();
                let all: Vec<i64> =
                    zones.get(name).unwrap().segments_from(0).iter().map(|s| s.start).collect();
                let near = anywhere.unwrap_or(*which.get(&all));
                (name, (near + shift).clamp(0, Instant::MAX.unix_seconds()))
            })
        }

        fn span() -> impl Strategy<Value = Span> {
            let delay = (1..70_u8, 0..3).prop_map(|(amount, unit)| match unit {
                0 => Delay::days(amount),
                1 => Delay::weeks(amount),
                _ => Delay::months(amount),
            });
            (delay, any::<bool>()).prop_map(|(delay, is_full)| {
                if is_full { Span::full(delay).unwrap() } else { Span::calendar(delay).unwrap() }
            })
        }

        proptest! {
            #![proptest_config(ProptestConfig { cases: 1000, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

            #[test]
            fn whole_dates_end_after_they_begin_in_order_and_within_bounds(
                (name, from) in moment(),
                span in span(),
                later in 0..200_000_i64,
            ) {
                let zones = Zones::embedded();
                let zone = zones.get(name).unwrap();
                let none = BusinessDays::new([], &Dates::default());
                let at = |second: i64| Instant::from_unix_seconds(second).unwrap_or(Instant::MAX);
                let ends = |from: Instant| span.ends(from, zone, &none);
                let (first, second) = (ends(at(from)), ends(at(from + later)));
                if let Some(first) = first {
                    prop_assert!(first > at(from));
                    prop_assert!(second.is_none_or(|second| second >= first));
                    let (fewest, most) = span.bounds();
                    let took = first.unix_seconds() - from;
                    prop_assert!((fewest..=most).contains(&took), "{span} took {took}");
                    // It ends with a date: the second before still shows an earlier one.
                    let before = at(first.unix_seconds() - 1);
                    prop_assert!(zone.local(before).date() < zone.local(first).date());
                } else {
                    prop_assert_eq!(second, None);
                }
            }

            #[test]
            fn a_longer_span_ends_later((name, from) in moment(), amount in 1..200_u8) {
                let zones = Zones::embedded();
                let zone = zones.get(name).unwrap();
                let none = BusinessDays::new([], &Dates::default());
                let ends = |span: Span| {
                    let end = span.ends(Instant::from_unix_seconds(from).unwrap(), zone, &none);
                    end.map_or((1, None), |end| (0, Some(end)))
                };
                prop_assert!(ends(Span::calendar_days(amount)) <= ends(Span::full_days(amount)));
                prop_assert!(ends(Span::full_days(amount)) <= ends(Span::calendar_days(amount + 2)));
                prop_assert!(ends(Span::calendar_months(amount)) <= ends(Span::full_months(amount)));
                prop_assert!(ends(Span::full_months(amount)) <= ends(Span::full_months(amount + 1)));
            }
        }
    }
}
