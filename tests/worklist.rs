//! The example `worklist`, over its sample: what the rows forbid, read here a second time and without the
//! example's mapping, is told to nobody, now or in the series ahead.
//!
//! If the environment variable `FOLLOWUP_LEADS` names another file of the same format, it is checked too.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use followup::{Assumption, Channel, History, Instant, Playbook, Verdict};

#[allow(dead_code, reason = "the report reads the rest")]
#[path = "../examples/worklist/leads.rs"]
mod leads;
#[path = "../examples/worklist/story.rs"]
mod story;

const SAMPLE: &[u8] = include_bytes!("../examples/worklist/sample.csv");

fn now() -> Instant {
    "2026-03-02T05:30:00Z".parse().unwrap()
}

fn playbook() -> Playbook {
    toml::from_str(include_str!("../examples/worklist/playbook.toml")).unwrap()
}

/// The sample, and the file that the environment names.
fn files() -> Vec<Vec<u8>> {
    let other = std::env::var_os("FOLLOWUP_LEADS").map(|path| std::fs::read(path).unwrap());
    [SAMPLE.to_vec()].into_iter().chain(other).collect()
}

/// The rows as they stand in the file: by column, with their lead numbers.
fn raw(text: &[u8]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let rows = reader.deserialize::<BTreeMap<String, String>>().filter_map(Result::ok);
    rows.map(|row| (row["Lead Number"].clone(), row)).collect()
}

/// The channels on which a row says that they must not be contacted.
fn forbidden(row: &BTreeMap<String, String>) -> BTreeSet<Channel> {
    let (last, notable, tag) = (&*row["Last Activity"], &*row["Last Notable Activity"], &*row["Tags"]);
    let mut forbidden = BTreeSet::new();
    for activity in ["Unsubscribed", "Email Marked Spam", "Email Bounced"] {
        if notable == activity || (last == activity && notable != "Resubscribed to emails") {
            forbidden.insert(Channel::Email);
        }
    }
    if row["Do Not Email"] != "No" {
        forbidden.insert(Channel::Email);
    }
    if row["Do Not Call"] != "No"
        || ["invalid number", "wrong number given", "number not provided"].contains(&tag)
    {
        forbidden.extend([Channel::Phone, Channel::Text]);
    }
    let gone = [
        "Interested in other courses",
        "Interested  in full time MBA",
        "Not doing further education",
        "Lost to EINS",
        "Lost to Others",
        "Already a student",
        "Diploma holder (Not Eligible)",
        "University not recognized",
    ];
    if gone.contains(&tag) {
        forbidden.extend(Channel::ALL);
    }
    forbidden
}

#[test]
fn nobody_is_told_what_their_row_forbids_now_or_in_the_series_ahead() {
    let playbook = playbook();
    for text in files() {
        let rows = raw(&text);
        let mut kinds: BTreeMap<Vec<Channel>, usize> = BTreeMap::new();
        for lead in leads::read(&text, now()).unwrap().leads {
            let forbidden = forbidden(&rows[&lead.number.to_string()]);
            *kinds.entry(forbidden.iter().copied().collect()).or_default() += 1;
            if forbidden.is_empty() {
                continue;
            }
            let standing = lead.history.standing();
            let decision = playbook.decide(&lead.prospect, standing, now());
            let told = decision.action().map(followup::Action::channel);
            assert!(
                !told.is_some_and(|channel| forbidden.contains(&channel)),
                "lead {}: {told:?}",
                lead.number
            );
            for assumption in Assumption::ALL {
                let plan = playbook.plan(&lead.prospect, standing, now(), *assumption, 40);
                for entry in plan.entries() {
                    assert!(!forbidden.contains(&entry.action.channel()), "lead {}:\n{plan}", lead.number);
                }
            }
        }
        // Every way to be out of reach occurs: no mail, no number, neither, nothing at all.
        assert!(kinds.len() >= 5, "{kinds:?}");
    }
}

#[test]
fn the_verdicts_add_up_and_every_kind_occurs() {
    let playbook = playbook();
    let sheet = leads::read(SAMPLE, now()).unwrap();
    let refused: BTreeSet<u64> = sheet.refused.iter().map(|refused| refused.line).collect();
    assert_eq!(sheet.leads.len() + refused.len(), sheet.rows);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for lead in &sheet.leads {
        let decision = playbook.decide(&lead.prospect, lead.history.standing(), now());
        *counts.entry(decision.verdict().word()).or_default() += 1;
    }
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), ["act", "need", "rest", "wait"]);
    assert_eq!(counts.values().sum::<usize>(), sheet.leads.len());
}

#[test]
fn rows_that_cannot_be_read_are_named_by_line_and_the_rest_is_decided() {
    let sheet = leads::read(SAMPLE, now()).unwrap();
    let lines: Vec<&[u8]> = SAMPLE.split(|byte| *byte == b'\n').collect();
    let refused: Vec<(u64, &str, &str)> =
        sheet.refused.iter().map(|refused| (refused.line, &*refused.place, &*refused.value)).collect();
    assert_eq!(
        refused,
        [
            (12, "Last Activity", "Fax Sent"),
            (33, "Do Not Email", "Maybe"),
            (54, "Prospect ID", ""),
            (55, "row", "36 cells"),
            (77, "Lead Number", "12a"),
        ]
    );
    assert!(String::from_utf8_lossy(lines[11]).contains("Fax Sent"));
    let windows = String::from_utf8(SAMPLE.to_vec()).unwrap().replace('\n', "\r\n");
    let windows = leads::read(windows.as_bytes(), now()).unwrap();
    let numbers = |sheet: &leads::Sheet| sheet.refused.iter().map(|refused| refused.line).collect::<Vec<_>>();
    assert_eq!(numbers(&windows), numbers(&sheet), "whatever ends the lines");
    assert!(sheet.refused.iter().all(|refused| !refused.remedy.is_empty()));
    assert_eq!(sheet.leads.len(), 71);
}

#[test]
fn an_unknown_value_that_could_be_a_refusal_is_never_skipped() {
    let good = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let mut lines = good.lines();
    let (header, first) = (lines.next().unwrap(), lines.next().unwrap());
    let columns: Vec<&str> = header.split(',').collect();
    let broken = |column: &str, value: &str| {
        let index = columns.iter().position(|name| *name == column).unwrap();
        let mut cells: Vec<&str> = first.split(',').collect();
        cells[index] = value;
        let sheet = leads::read(format!("{header}\n{}\n", cells.join(",")).as_bytes(), now()).unwrap();
        sheet.refused.first().map(|refused| refused.place.clone())
    };
    for column in ["Last Activity", "Last Notable Activity", "Tags", "Lead Origin", "Country", "Do Not Email"]
    {
        assert_eq!(broken(column, "Stop it").as_deref(), Some(column));
    }
    for column in ["Do Not Email", "Do Not Call", "Prospect ID", "Lead Number", "Lead Origin"] {
        assert_eq!(broken(column, "").as_deref(), Some(column), "{column} may not be missing");
    }
    for column in ["Last Activity", "Tags", "Country", "City", "Specialization", "Lead Source"] {
        assert_eq!(broken(column, "Select"), None, "{column} may be missing");
    }
    assert_eq!(broken("Lead Source", "Billboard"), None, "a new source harms nobody");
}

#[test]
fn of_two_rows_with_one_id_neither_is_decided() {
    let good = String::from_utf8(SAMPLE.to_vec()).unwrap();
    let lines: Vec<&str> = good.lines().take(3).collect();
    let again = lines[1].replacen(",No,No,", ",Yes,No,", 1);
    assert_ne!(again, lines[1]);
    let sheet = leads::read(format!("{}\n{again}\n", lines.join("\n")).as_bytes(), now()).unwrap();
    assert_eq!(sheet.leads.iter().map(|lead| lead.number).collect::<Vec<_>>(), [100_002]);
    let refused: BTreeSet<u64> = sheet.refused.iter().map(|refused| refused.line).collect();
    assert_eq!(refused, BTreeSet::from([2, 4]));
}

#[test]
fn nothing_is_given_to_those_who_have_it_and_nobody_who_enrolled_is_sold_to() {
    let playbook = playbook();
    for text in files() {
        let rows = raw(&text);
        for lead in leads::read(&text, now()).unwrap().leads {
            let row = &rows[&lead.number.to_string()];
            let plan = playbook.plan(&lead.prospect, lead.history.standing(), now(), Assumption::Silence, 40);
            let mut given = BTreeSet::new();
            for item in plan.entries().iter().filter_map(|entry| entry.action.item()) {
                assert!(given.insert(item.id().clone()), "lead {}: twice\n{plan}", lead.number);
            }
            let sold = plan.entries().iter().filter(|entry| {
                let act = entry.action.act().name();
                act.starts_with("inquiry/") || act.starts_with("conversation/")
            });
            let sold = sold.count();
            assert!(row["Tags"] != "Closed by Horizzon" || sold == 0, "lead {}:\n{plan}", lead.number);
            assert!(!matches!(plan.end(), Some(Verdict::Act(_) | Verdict::Wait { .. })));
        }
    }
}

#[test]
fn the_events_that_an_explanation_cites_lead_to_the_same_verdict() {
    let playbook = playbook();
    for text in files() {
        for lead in leads::read(&text, now()).unwrap().leads {
            let decision = playbook.decide(&lead.prospect, lead.history.standing(), now());
            let cited = decision.explanation();
            let cited = lead.history.events().filter(|event| cited.events().contains(&event.id)).cloned();
            let replayed = History::try_from(cited.collect::<Vec<_>>()).unwrap();
            let again = playbook.decide(&lead.prospect, replayed.standing(), now());
            assert_eq!(again.verdict(), decision.verdict(), "lead {}", lead.number);
        }
    }
}

#[test]
fn who_waits_is_told_the_same_until_the_instant_and_then_to_act() {
    let playbook = playbook();
    for text in files() {
        for lead in leads::read(&text, now()).unwrap().leads {
            let decide = |at| playbook.decide(&lead.prospect, lead.history.standing(), at);
            let first = decide(now());
            let Verdict::Wait { until, next } = first.verdict() else { continue };
            let seconds = until.since(now()).as_secs();
            for part in 1..=12 {
                let at = now().checked_add(Duration::from_secs(seconds * part / 13)).unwrap();
                assert_eq!(decide(at).verdict(), first.verdict(), "lead {} at {at}", lead.number);
            }
            assert_eq!(decide(*until).verdict(), &Verdict::Act(*next), "lead {}", lead.number);
        }
    }
}
