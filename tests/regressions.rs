//! What came out wrong once.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use followup::{
    Assumption, Channel, Event, EventKind, History, Instant, Playbook, Prospect, Rest, Source, Verdict,
};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn prospect() -> Prospect {
    Prospect::new("ada".parse().unwrap())
        .in_zone("Europe/Berlin".parse().unwrap())
        .reachable_by([Channel::Phone, Channel::Email])
}

fn history(kind: EventKind) -> History {
    History::try_from(vec![Event::new(1, at("2026-03-02T09:30:00Z"), kind)]).unwrap()
}

#[test]
fn the_recap_of_a_call_goes_out_on_the_channel_that_the_playbook_prefers() {
    let playbook: Playbook = toml::from_str(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"
        recap = { channels = ["email", "phone"] }
        "#,
    )
    .unwrap();
    let (prospect, history) = (prospect(), history(EventKind::Met { channel: Channel::Phone }));
    let decision = playbook.decide(&prospect, history.standing(), at("2026-03-02T10:00:00Z"));
    assert_eq!(decision.action().unwrap().act().name(), "recap");
    assert_eq!(decision.action().unwrap().channel(), Channel::Email);
}

#[test]
fn a_buyer_whose_care_is_finished_is_not_brought_back() {
    let playbook: Playbook = toml::from_str(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"
        revive = { after = "90 days" }

        [[sequence]]
        id = "care"
        starts-on = ["purchased"]
        purpose = "care"
        step = [{ id = "how-is-it", after = "1 month", channels = ["phone"], owes-item = false }]

        [[sequence]]
        id = "inbound"
        starts-on = ["inquired"]
        step = [{ id = "call", after = "1 day", channels = ["phone"], owes-item = false }]

        [[item]]
        id = "guide"
        format = "guide"
        "#,
    )
    .unwrap();
    let acts = |kind: EventKind| {
        let (prospect, history) = (prospect(), history(kind));
        let start = at("2026-03-02T10:00:00Z");
        let plan = playbook.plan(&prospect, history.standing(), start, Assumption::Silence, 9);
        assert!(matches!(plan.end(), Some(Verdict::Rest(Rest::Finished))), "{plan}");
        plan.entries().iter().map(|entry| entry.action.act().name().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(acts(EventKind::Purchased), ["care/how-is-it"]);
    let asked = EventKind::Inquired { via: Source::Form, channel: None };
    assert_eq!(acts(asked), ["respond", "inbound/call", "revive"]);
}
