//! Cases from an independent model of the wall clock, in `tests/vectors`.
//!
//! If the environment variable `FOLLOWUP_VECTORS` names a folder with the same files, all cases there are
//! checked too.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use chrono::Weekday;
use followup::{
    BusinessDays, Dates, Delay, Instant, OpenTimes, Unit, Week, Zone, Zones, limit, opens_in_all,
};
use serde_json::Value;

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// The embedded zones, with Havana as of 2026f unless the embedded release is as new.
fn zones() -> &'static Zones {
    static ZONES: OnceLock<Zones> = OnceLock::new();
    ZONES.get_or_init(|| {
        let zones = Zones::embedded();
        if zones.release() >= "2026f" {
            return zones;
        }
        let bytes = std::fs::read(own_folder().join("tzif/America/Havana")).unwrap();
        zones.with_tzif(&"America/Havana".parse().unwrap(), "2026f", &bytes).unwrap()
    })
}

/// Runs `check` on every line of the file, which gives what was expected and what came out.
fn each(file: &str, check: impl Fn(&Value) -> (Option<Instant>, Option<Instant>)) {
    let folders = [Some(own_folder()), std::env::var_os("FOLLOWUP_VECTORS").map(PathBuf::from)];
    for folder in folders.into_iter().flatten() {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut failures = Vec::new();
        for line in text.lines() {
            let (expected, found) = check(&serde_json::from_str(line).unwrap());
            if expected != found {
                failures.push(format!("{line}\n  gave {found:?}"));
            }
        }
        let (count, wrong) = (text.lines().count(), failures.len());
        assert!(count >= 250, "{} has only {count} lines", path.display());
        assert!(wrong == 0, "{}: {wrong} of {count} lines fail\n{}", path.display(), failures.join("\n"));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn instant(value: &Value) -> Instant {
    text(value).parse().unwrap()
}

fn zone(case: &Value) -> &'static Zone {
    zones().get(text(&case["zone"])).unwrap()
}

fn dates(case: &Value) -> Dates {
    Dates::parse(case["holidays"].as_array().into_iter().flatten().map(text)).unwrap()
}

fn hours(case: &Value) -> OpenTimes {
    let days: BTreeMap<String, Vec<String>> = case["week"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(day, windows)| {
            let windows = windows.as_array().unwrap().iter();
            (
                day.clone(),
                windows.map(|window| format!("{}-{}", text(&window[0]), text(&window[1]))).collect(),
            )
        })
        .collect();
    OpenTimes::new(Week::from_days(&days).unwrap(), dates(case))
}

#[test]
fn windows() {
    each("windows.jsonl", |case| {
        let expected = instant(&case["opens"]);
        (Some(expected), hours(case).opens(zone(case), instant(&case["from"])))
    });
}

#[test]
fn two_zones() {
    each("two_zones.jsonl", |case| {
        let both: Vec<(OpenTimes, &Zone)> =
            case["both"].as_array().unwrap().iter().map(|place| (hours(place), zone(place))).collect();
        let places: Vec<(&OpenTimes, &Zone)> = both.iter().map(|(hours, zone)| (hours, *zone)).collect();
        let from = instant(&case["from"]);
        let found = opens_in_all(&places, from);
        if case["opens"].is_null() {
            // The model looked no further than 40 days.
            let far = |at: &Instant| at.since(from) > Duration::from_secs(40 * 86_400);
            return (None, found.filter(|at| !far(at)));
        }
        (Some(instant(&case["opens"])), found)
    });
}

#[test]
fn delays() {
    each("delays.jsonl", |case| {
        let unit = match text(&case["unit"]) {
            "minutes" => Unit::Minutes,
            "hours" => Unit::Hours,
            "days" => Unit::Days,
            "weeks" => Unit::Weeks,
            "months" => Unit::Months,
            "business_days" => Unit::BusinessDays,
            other => panic!("unit {other}"),
        };
        let amount = u32::try_from(case["amount"].as_u64().unwrap()).unwrap();
        let open_days = case["open_days"].as_array().into_iter().flatten();
        let open_days = open_days.map(|day| text(day).parse::<Weekday>().unwrap());
        let business = BusinessDays::new(open_days, &dates(case));
        let delay = Delay::new(amount, unit).unwrap();
        (Some(instant(&case["lands"])), delay.after(instant(&case["from"]), zone(case), &business))
    });
}

#[test]
fn caps() {
    each("caps.jsonl", |case| {
        let past: Vec<Instant> = case["past"].as_array().unwrap().iter().map(instant).collect();
        let at_most = u32::try_from(case["at_most"].as_u64().unwrap()).unwrap();
        let span = Duration::from_secs(case["per_hours"].as_u64().unwrap() * 3600);
        (Some(instant(&case["free"])), limit::free(&past, at_most, span, instant(&case["now"])))
    });
}
