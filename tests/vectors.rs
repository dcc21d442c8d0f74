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
    BusinessDays, CapDraft, Channel, Dates, Delay, Event, EventKind, Ground, History, HolidaysDraft,
    HoursDraft, Instant, OpenTimes, PlaybookDraft, Prospect, Purpose, RuleDraft, Rules, SequenceDraft,
    StepDraft, Trigger, Unit, Week, Zone, Zones, opens_in_all,
};
use serde_json::Value;

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn zones() -> &'static Zones {
    static ZONES: OnceLock<Zones> = OnceLock::new();
    ZONES.get_or_init(Zones::embedded)
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

/// A prospect in that zone who may be called at any time, again and again, as far as the draft allows.
fn decided(draft: PlaybookDraft, zone: &str, past: &[Instant], now: Instant) -> Option<Instant> {
    let calls = (0..=past.len())
        .map(|nth| StepDraft::new(&format!("call-{nth}")).on([Channel::Phone]).without_item());
    let sequence = calls.fold(SequenceDraft::new("calls").starts_on(Trigger::Added), SequenceDraft::step);
    let playbook = draft.default_permission(Purpose::FollowUp, [Ground::NotRefused]).sequence(sequence);
    let playbook = playbook.build_with(zones(), &Rules::empty()).unwrap();
    let prospect =
        Prospect::new("p".parse().unwrap()).in_zone(zone.parse().unwrap()).reachable_by(Channel::Phone);
    let call =
        EventKind::Touched { channel: Channel::Phone, act: None, cause: None, item: None, disposition: None };
    let mut events = vec![Event::new(0, Instant::MIN, EventKind::Added)];
    events.extend(past.iter().zip(1..).map(|(at, id)| Event::new(id, *at, call.clone())));
    let history = History::try_from(events).unwrap();
    playbook.decide(&prospect, history.standing(), now).due()
}

#[test]
fn caps() {
    each("caps.jsonl", |case| {
        let past: Vec<Instant> = case["past"].as_array().unwrap().iter().map(instant).collect();
        let at_most = u16::try_from(case["at_most"].as_u64().unwrap()).unwrap();
        let per =
            Delay::new(u32::try_from(case["per_hours"].as_u64().unwrap()).unwrap(), Unit::Hours).unwrap();
        let cap = RuleDraft::new("cap").cap(CapDraft::new(at_most, per));
        let draft = PlaybookDraft::new("caps", "Etc/UTC").rule(cap);
        (Some(instant(&case["free"])), decided(draft, "Etc/UTC", &past, instant(&case["now"])))
    });
}

#[test]
fn windows_as_the_hours_of_a_playbook() {
    each("windows.jsonl", |case| {
        let holidays: Vec<&str> = case["holidays"].as_array().unwrap().iter().map(text).collect();
        let mut hours = HoursDraft::new("prospect").closed("holidays");
        for (day, windows) in case["week"].as_object().unwrap() {
            for window in windows.as_array().unwrap() {
                hours = hours.open(day, &[&format!("{}-{}", text(&window[0]), text(&window[1]))]);
            }
        }
        let draft = PlaybookDraft::new("windows", "Etc/UTC")
            .holidays(HolidaysDraft::new("holidays", &holidays))
            .rule(RuleDraft::new("hours").hours(hours));
        let found = decided(draft, text(&case["zone"]), &[], instant(&case["from"]));
        (Some(instant(&case["opens"])), found)
    });
}
