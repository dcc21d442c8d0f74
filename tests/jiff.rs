//! Instants and the points in time of jiff.
#![cfg(feature = "jiff")]
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use followup::{Instant, InstantError};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};

#[test]
fn an_instant_survives_the_round_trip_over_a_timestamp() {
    let fraction = "2026-03-02T09:30:00.123456789Z".parse().unwrap();
    for instant in [Instant::MIN, fraction, Instant::MAX] {
        let timestamp = Timestamp::from(instant);
        assert_eq!(timestamp.to_string(), instant.to_string());
        assert_eq!(Instant::try_from(timestamp), Ok(instant));
    }
}

#[test]
fn a_timestamp_outside_the_years_1970_to_2200_is_refused() {
    let nanosecond = SignedDuration::from_nanos(1);
    let before = Timestamp::from(Instant::MIN).checked_sub(nanosecond).unwrap();
    let after = Timestamp::from(Instant::MAX).checked_add(nanosecond).unwrap();
    for timestamp in [Timestamp::MIN, before, after, Timestamp::MAX] {
        let refused = InstantError::OutOfRange { value: timestamp.to_string() };
        assert_eq!(Instant::try_from(timestamp), Err(refused));
    }
}

#[test]
fn a_zoned_date_time_is_the_instant_that_it_shows() {
    let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    // The clock shows this twice.
    let shown = berlin.to_ambiguous_zoned_datetime(civil::date(2026, 10, 25).at(2, 30, 0, 0));
    let instant = |zoned| Instant::try_from(&zoned).unwrap().to_string();
    assert_eq!(instant(shown.clone().earlier().unwrap()), "2026-10-25T00:30:00Z");
    assert_eq!(instant(shown.later().unwrap()), "2026-10-25T01:30:00Z");

    let after = civil::date(2201, 1, 1).at(1, 0, 0, 0).to_zoned_datetime(berlin).unwrap();
    let refused = InstantError::OutOfRange { value: "2201-01-01T00:00:00Z".to_string() };
    assert_eq!(Instant::try_from(&after), Err(refused));
}
