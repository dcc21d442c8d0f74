//! Points in time: UTC, 1970 to 2200 by type.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

/// A point in time in UTC, from 1970-01-01 to the last nanosecond of 2200.
///
/// It converts to and from chrono's [`DateTime<Utc>`] without loss (a leap second is folded into the second
/// after it). The bounds are part of the type, so that no extreme value can reach calendar arithmetic and
/// panic there. In text it is RFC 3339.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use followup::Instant;
///
/// let at: Instant = "2026-03-02T09:30:00Z".parse()?;
/// let in_paris: Instant = "2026-03-02T10:30:00+01:00".parse()?;
/// assert_eq!(at, in_paris);
/// assert_eq!(DateTime::<Utc>::from(at).to_rfc3339(), "2026-03-02T09:30:00+00:00");
/// assert!("1969-12-31T23:59:59Z".parse::<Instant>().is_err());
/// # Ok::<(), followup::InstantError>(())
/// ```
///
/// With the feature `jiff` it converts to and from the [`Timestamp`](https://docs.rs/jiff/1/jiff/struct.Timestamp.html)
/// of jiff, too, and from its [`ZonedDateTime`](https://docs.rs/jiff/1/jiff/struct.ZonedDateTime.html).
///
/// ```
/// # #[cfg(feature = "jiff")] {
/// use followup::Instant;
/// use jiff::Timestamp;
///
/// let at: Instant = "2026-03-02T09:30:00Z".parse().unwrap();
/// let timestamp = Timestamp::from(at);
/// assert_eq!(timestamp.to_string(), "2026-03-02T09:30:00Z");
/// assert_eq!(Instant::try_from(timestamp), Ok(at));
/// assert!(Instant::try_from(Timestamp::MAX).is_err());
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

const NANOS: i64 = 1_000_000_000;
/// 2201-01-01T00:00:00Z in Unix seconds: the first second that is too late.
const END_SECONDS: i64 = 7_289_654_400;

/// Why a point in time was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// The text is no RFC 3339 date and time.
    #[error("{value:?} is no RFC 3339 date and time; write one like \"2026-03-02T09:30:00Z\"")]
    Malformed {
        /// What was given.
        value: String,
    },
    /// The instant lies outside the years that the crate handles.
    #[error("{value} is outside the years 1970 to 2200; use an instant in between")]
    OutOfRange {
        /// What was given.
        value: String,
    },
}

impl Instant {
    /// The first instant: 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// The last instant: the last nanosecond of the year 2200.
    pub const MAX: Self = Self(END_SECONDS * NANOS - 1);

    /// The instant that many whole seconds after 1970-01-01T00:00:00Z, if it is in range.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Option<Self> {
        if seconds >= 0 && seconds < END_SECONDS { Some(Self(seconds * NANOS)) } else { None }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z; a fraction is dropped.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0 / NANOS
    }

    /// The instant that much elapsed time later, or `None` past the year 2200.
    #[must_use]
    pub fn checked_add(self, elapsed: Duration) -> Option<Self> {
        let nanos = i64::try_from(elapsed.as_nanos()).ok()?;
        let sum = self.0.checked_add(nanos)?;
        Self::in_range(sum)
    }

    fn in_range(nanos: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&nanos).then_some(Self(nanos))
    }

    /// The instant so much earlier; `None` before 1970.
    pub(crate) fn checked_sub(self, elapsed: Duration) -> Option<Self> {
        let nanos = i64::try_from(elapsed.as_nanos()).ok()?;
        let earlier = self.0.checked_sub(nanos)?;
        (earlier >= Self::MIN.0).then_some(Self(earlier))
    }

    /// The elapsed time since an earlier instant; zero if `earlier` is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0).try_into().unwrap_or(0))
    }

    /// The first instant after `from` at which something is over for good that is over at `to`, and not at `from`.
    pub(crate) fn first_over(from: Self, to: Self, is_over: impl Fn(Self) -> bool) -> Self {
        let (mut before, mut over) = (from.0, to.0);
        while over - before > 1 {
            let middle = match over - before {
                // Nearly all of it ends with a whole second.
                gap if gap > 2 * NANOS => (before + gap / 2) / NANOS * NANOS,
                _ if over % NANOS == 0 => over - 1,
                gap => before + gap / 2,
            };
            if is_over(Self(middle)) { over = middle } else { before = middle }
        }
        Self(over)
    }

    /// So long before, or the first instant there is.
    pub(crate) fn saturating_sub(self, elapsed: Duration) -> Self {
        let nanos = i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(nanos).max(Self::MIN.0))
    }

    /// The first whole second that is not before this instant, or `None` past the year 2200.
    pub(crate) const fn ceil_seconds(self) -> Option<i64> {
        let seconds = if self.0 % NANOS == 0 { self.0 / NANOS } else { self.0 / NANOS + 1 };
        if seconds < END_SECONDS { Some(seconds) } else { None }
    }
}

impl TryFrom<DateTime<Utc>> for Instant {
    type Error = InstantError;

    fn try_from(value: DateTime<Utc>) -> Result<Self, InstantError> {
        value.timestamp_nanos_opt().and_then(Self::in_range).ok_or_else(|| InstantError::OutOfRange {
            value: value.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        })
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(value: Instant) -> Self {
        DateTime::from_timestamp_nanos(value.0)
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<jiff::Timestamp> for Instant {
    type Error = InstantError;

    fn try_from(value: jiff::Timestamp) -> Result<Self, InstantError> {
        i64::try_from(value.as_nanosecond())
            .ok()
            .and_then(Self::in_range)
            .ok_or_else(|| InstantError::OutOfRange { value: value.to_string() })
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<&jiff::ZonedDateTime> for Instant {
    type Error = InstantError;

    fn try_from(value: &jiff::ZonedDateTime) -> Result<Self, InstantError> {
        value.timestamp().try_into()
    }
}

#[cfg(feature = "jiff")]
impl From<Instant> for jiff::Timestamp {
    fn from(value: Instant) -> Self {
        // Always there: jiff knows the years -9999 to 9999.
        Self::from_nanosecond(value.0.into()).unwrap_or(Self::MAX)
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        DateTime::parse_from_rfc3339(text)
            .map_err(|_| InstantError::Malformed { value: text.to_string() })
            .and_then(|parsed| Self::try_from(parsed.to_utc()))
    }
}

crate::error::text_serde!(Instant);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&DateTime::<Utc>::from(*self).to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_the_years_1970_and_2200() {
        assert_eq!(Instant::MIN.to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Instant::MAX.to_string(), "2200-12-31T23:59:59.999999999Z");
        assert!("2201-01-01T00:00:00Z".parse::<Instant>().is_err());
        assert!(Instant::try_from(DateTime::<Utc>::MIN_UTC).is_err());
        assert!(Instant::try_from(DateTime::<Utc>::MAX_UTC).is_err());
        assert_eq!(Instant::MAX.checked_add(Duration::from_nanos(1)), None);
        assert_eq!(Instant::MIN.checked_add(Duration::MAX), None);
    }

    #[test]
    fn a_fraction_survives_the_round_trip() {
        let text = "2026-03-02T09:30:00.123456789Z";
        assert_eq!(text.parse::<Instant>().unwrap().to_string(), text);
    }

    #[test]
    fn a_leap_second_is_the_second_after_it() {
        let leap: Instant = "2016-12-31T23:59:60Z".parse().unwrap();
        assert_eq!(leap.to_string(), "2017-01-01T00:00:00Z");
    }
}
