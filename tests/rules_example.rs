//! The example `rules`: what it makes of its arguments, and what it says.
#![cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

use followup::{Basis, Channel, Rule, Rules, Zones};

#[path = "../examples/rules/answer.rs"]
mod answer;
#[path = "../examples/rules/places.rs"]
mod places;
#[path = "../examples/rules/question.rs"]
mod question;

use question::{Asked, Question};

fn asked(line: &str) -> Result<Asked, String> {
    question::asked(line.split_whitespace().map(str::to_string), &Zones::embedded())
}

fn rules() -> Vec<Rule> {
    Rules::embedded().build(&Zones::embedded()).unwrap()
}

fn about(line: &str) -> Question {
    match asked(line) {
        Ok(Asked::Contact(question)) => question,
        other => panic!("{line}: {other:?}"),
    }
}

fn answer(line: &str) -> String {
    let mut out = Vec::new();
    match asked(line).unwrap() {
        Asked::Table(region) => answer::table(&mut out, &rules(), region.as_ref()).unwrap(),
        Asked::Contact(question) => answer::contact(&mut out, &rules(), &question).unwrap(),
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn arguments_are_a_region_an_instant_a_word_and_perhaps_a_zone_and_a_permission() {
    assert_eq!(asked(""), Ok(Asked::Table(None)));
    assert_eq!(asked("US-FL"), Ok(Asked::Table(Some("US-FL".parse().unwrap()))));
    let question = about("US-FL 2026-07-03T20:30:00-04:00 call");
    assert_eq!(question.channel, Channel::Phone);
    assert_eq!(question.at.to_string(), "2026-07-04T00:30:00Z");
    assert_eq!(question.zones.len(), 2, "Florida has two zones");
    assert_eq!(question.consent, None);
    let question = about("FR 2026-09-01T10:30:00+02:00 --consent written text Europe/Paris");
    assert_eq!((question.channel, question.consent), (Channel::Text, Some(Basis::Written)));
    assert_eq!(question.zones[0].as_str(), "Europe/Paris");
}

#[test]
fn what_is_wrong_with_them_is_said_with_the_value_and_the_remedy() {
    for (line, problem) in [
        ("US-FL 2026-07-03 call", "\"2026-07-03\" is no RFC 3339"),
        ("US-FL 2026-07-03T20:30:00-04:00", "the kind of contact is missing"),
        ("US-FL 2026-07-03T20:30:00-04:00 ring", "use call, text, email, fax, post or social"),
        ("US-FL 2026-07-03T20:30:00-04:00 call Europe/Berln", "is it \"Europe/Berlin\"?"),
        ("US-FL 2026-07-03T20:30:00-04:00 call Europe/Berlin more", "\"more\" is one word too many"),
        ("US-FL 2026-07-03T20:30:00-04:00 call --consent loud", "\"loud\" is no basis"),
        ("US-FL --consent", "--consent needs a basis"),
        ("US-FL --consent express", "one contact"),
        ("--all", "unknown option \"--all\""),
        ("us/fl", "\"us/fl\" is no region"),
    ] {
        let error = asked(line).unwrap_err();
        assert!(error.contains(problem), "{line}: {error}");
    }
}

#[test]
fn every_region_of_a_rule_has_zones_that_the_zone_data_knows() {
    let known = Zones::embedded();
    for region in rules().iter().flat_map(Rule::regions) {
        let zones = places::zones(region);
        assert!(!zones.is_empty(), "{region}");
        for zone in zones {
            assert!(known.get(zone).is_some(), "{region}: {zone}");
        }
    }
}

#[test]
fn an_evening_in_florida_is_barred_by_the_law_of_florida_alone() {
    let text = answer("US-FL 2026-07-03T20:30:00-04:00 call America/New_York");
    assert!(
        text.contains("Not allowed. It opens at Sat 2026-07-04 08:00, until Sat 2026-07-04 20:00."),
        "{text}"
    );
    let (_, barred) = text.split_once("It is barred by\n").unwrap();
    let (barred, _) = barred.split_once("\n\n").unwrap();
    assert!(barred.starts_with("  us-fl.hours: Florida"), "{barred}");
    for part in ["501.616", "https://", "checked on 2026", "confidence high", "force statute"] {
        assert!(barred.contains(part), "{part}: {barred}");
    }
    assert!(!barred.contains("us.tcpa.hours"), "until nine it allows it: {barred}");
    assert!(text.contains("Looked at too: us-fl.cap"), "{text}");
}

#[test]
fn what_is_allowed_says_until_when_and_by_which_rule() {
    let text = answer("US-FL 2026-07-03T19:30:00-04:00 call America/New_York");
    assert!(text.contains("Allowed, until Fri 2026-07-03 20:00."), "{text}");
    assert!(text.contains("It closes by\n  us-fl.hours"), "{text}");
    assert!(!text.contains("barred"), "{text}");
}

#[test]
fn a_permission_can_open_what_no_time_does() {
    let without = answer("FR 2026-09-01T10:30:00+02:00 call");
    assert!(without.contains("no time alone changes that") && without.contains("fr.optin"), "{without}");
    let with = answer("FR 2026-09-01T10:30:00+02:00 call --consent express");
    assert!(with.contains("\nAllowed"), "{with}");
}

#[test]
fn a_region_without_rules_is_allowed_nothing_in_silence() {
    for line in ["JP 2026-09-01T10:30:00+09:00 call", "JP"] {
        let text = answer(line);
        assert!(text.contains("No contact rule is known for JP. That allows nothing"), "{text}");
    }
}

#[test]
fn the_table_has_every_rule_and_says_which_are_off() {
    let text = answer("");
    for rule in rules() {
        let line = text.lines().find(|line| line.starts_with(&format!("{} ", rule.id()))).unwrap();
        assert!(line.ends_with(rule.citation().unwrap()), "{line}");
        assert_eq!(line.contains(" off "), rule.is_off_by_default(), "{line}");
    }
}
