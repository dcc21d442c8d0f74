//! What is stored or read by people is held in files: wire formats and texts.
//!
//! `FOLLOWUP_GOLDEN=write cargo test --test golden` writes them anew; read the difference before you keep it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use followup::{Assumption, Event, EventKind, History, Instant, Playbook, Prospect, Standing};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    title: String,
    /// The file of another playbook.
    playbook: Option<String>,
    now: Instant,
    prospect: Prospect,
    history: History,
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text is what the file holds.
#[track_caller]
fn holds(name: &str, text: &str) {
    if std::env::var_os("FOLLOWUP_GOLDEN").is_some_and(|mode| mode == "write") {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name), text).unwrap();
    }
    let held = read(name);
    assert!(held == text, "tests/golden/{name} holds something else:\n{text}");
}

fn playbook() -> Playbook {
    toml::from_str(&read("playbook.toml")).unwrap()
}

impl Case {
    fn playbook(&self) -> Playbook {
        let name = self.playbook.as_deref().unwrap_or("playbook.toml");
        toml::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

#[test]
fn a_rule_has_a_wire_form_with_every_part() {
    let playbook: Playbook = toml::from_str(&read("rules.toml")).unwrap();
    let text = serde_json::to_string_pretty(&playbook).unwrap();
    assert_eq!(serde_json::from_str::<Playbook>(&text).unwrap(), playbook);
    holds("rules.json", &(text + "\n"));
    let text = toml::to_string(&playbook).unwrap();
    assert_eq!(toml::from_str::<Playbook>(&text).unwrap(), playbook);
}

#[test]
fn every_kind_of_event_has_a_wire_form() {
    let history: History = serde_json::from_str(&read("events.json")).unwrap();
    let kinds: Vec<&str> = history.events().map(|event| event.kind.word()).collect();
    for word in EventKind::WORDS {
        assert!(kinds.contains(word), "tests/golden/events.json lacks {word}");
    }
    let lines: Vec<String> = history.events().map(|event| serde_json::to_string(event).unwrap()).collect();
    holds("events.json", &format!("[\n{}\n]\n", lines.join(",\n")));
}

#[test]
fn a_playbook_has_a_wire_form_that_builds_the_same() {
    let text = serde_json::to_string_pretty(&playbook()).unwrap();
    assert_eq!(serde_json::from_str::<Playbook>(&text).unwrap(), playbook());
    holds("playbook.json", &(text + "\n"));
    let text = toml::to_string(&playbook()).unwrap();
    assert_eq!(toml::from_str::<Playbook>(&text).unwrap(), playbook());
}

#[test]
fn a_standing_has_a_wire_form_that_goes_on_folding() {
    let history: History = serde_json::from_str(&read("events.json")).unwrap();
    let text = serde_json::to_string_pretty(history.standing()).unwrap();
    let stored: Standing = serde_json::from_str(&text).unwrap();
    assert_eq!(&stored, history.standing());
    holds("standing.json", &(text + "\n"));
}

#[test]
fn a_prospect_has_a_wire_form() {
    let File { case: cases } = toml::from_str(&read("cases.toml")).unwrap();
    let lines: Vec<String> =
        cases.iter().map(|case| serde_json::to_string(&case.prospect).unwrap()).collect();
    for (line, case) in lines.iter().zip(&cases) {
        assert_eq!(serde_json::from_str::<Prospect>(line).unwrap(), case.prospect);
    }
    holds("prospects.jsonl", &(lines.join("\n") + "\n"));
}

#[test]
fn unquoted_dates_of_toml_are_read_like_quoted_ones() {
    let unquoted: Event =
        toml::from_str("id = 1\nat = 2026-03-02T09:00:00+01:00\nevent = \"added\"").unwrap();
    let quoted: Event = toml::from_str("id = 1\nat = \"2026-03-02T08:00:00Z\"\nevent = \"added\"").unwrap();
    assert_eq!(unquoted, quoted);
}

#[test]
fn every_shape_of_explanation_reads_like_this() {
    let File { case: cases } = toml::from_str(&read("cases.toml")).unwrap();
    let mut text = String::new();
    for case in &cases {
        let (Case { title, now, prospect, history, .. }, playbook) = (case, case.playbook());
        let decision = playbook.decide(prospect, history.standing(), *now);
        let explanation = decision.explanation();
        let codes = explanation.codes().join(" ");
        writeln!(text, "# {title}\n{explanation}\n  [{codes}]\n").unwrap();
    }
    holds("explanations.txt", &text);
}

#[test]
fn every_shape_of_brief_reads_like_this() {
    let File { case: cases } = toml::from_str(&read("cases.toml")).unwrap();
    let mut text = String::new();
    for case in &cases {
        let (Case { title, now, prospect, history, .. }, playbook) = (case, case.playbook());
        if let Some(brief) = playbook.decide(prospect, history.standing(), *now).brief(history) {
            writeln!(text, "# {title}\n{brief}\n").unwrap();
        }
    }
    holds("briefs.txt", &text);
}

#[test]
fn every_verdict_has_a_wire_form() {
    let File { case: cases } = toml::from_str(&read("cases.toml")).unwrap();
    let verdicts = cases.iter().map(|case| {
        let (Case { now, prospect, history, .. }, playbook) = (case, case.playbook());
        let decision = playbook.decide(prospect, history.standing(), *now);
        serde_json::to_string(decision.verdict()).unwrap()
    });
    holds("verdicts.jsonl", &(verdicts.collect::<Vec<_>>().join("\n") + "\n"));
}

#[test]
fn a_plan_reads_like_this() {
    let playbook = playbook();
    let File { case: cases } = toml::from_str(&read("cases.toml")).unwrap();
    let Case { now, prospect, history, .. } = cases.first().unwrap();
    let plan = |assumption| playbook.plan(prospect, history.standing(), *now, assumption, 20);
    let (silence, permission) = (plan(Assumption::Silence), plan(Assumption::Permission));
    holds("plans.txt", &format!("# silence\n{silence}\n\n# permission\n{permission}\n"));
}
