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
        fewest-touches = 1
        bring-back = { sequence = "back", after = "90 days" }

        [[sequence]]
        id = "care"
        starts-on = ["purchased"]
        purpose = "care"
        step = [{ id = "how-is-it", after = "1 month", channels = ["phone"], owes-item = false }]

        [[sequence]]
        id = "inbound"
        starts-on = ["inquired"]
        step = [{ id = "call", after = "1 day", channels = ["phone"], owes-item = false }]

        [[sequence]]
        id = "back"
        step = [{ id = "call", channels = ["phone"] }]

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
    assert_eq!(acts(asked), ["respond", "inbound/call", "back/call"]);
}

#[test]
fn a_term_that_ends_in_one_zone_is_not_endless_because_it_ends_after_2200_in_another() {
    let playbook: Playbook = toml::from_str(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"
        business-days = { days = ["mon-fri"], holidays = ["christmas"] }
        implied = { inquiry = "5 business days" }
        ask-permission = { at-most = 0 }

        [[holidays]]
        id = "christmas"
        days = ["2200-12-25"]

        [[sequence]]
        id = "inbound"
        starts-on = ["inquired"]
        step = [{ id = "call", channels = ["phone"], owes-item = false }]
        "#,
    )
    .unwrap();
    let prospect = Prospect::new("ada".parse().unwrap())
        .in_zone("America/New_York".parse().unwrap())
        .in_zone("Pacific/Chatham".parse().unwrap())
        .reachable_by(Channel::Phone);
    let asked = EventKind::Inquired { via: Source::Form, channel: None };
    let answered = EventKind::Touched {
        channel: Channel::Phone,
        act: Some("respond".parse().unwrap()),
        cause: None,
        item: None,
        disposition: None,
    };
    let inquiry = Event::new(1, at("2200-12-23T10:15:00Z"), asked);
    let answer = Event::new(2, at("2200-12-23T10:16:00Z"), answered);
    let history = History::try_from(vec![inquiry, answer]).unwrap();
    let decision = playbook.decide(&prospect, history.standing(), at("2200-12-31T18:15:00Z"));
    assert_eq!(*decision.verdict(), Verdict::Rest(Rest::Blocked(followup::Gate::Permission)));
}

#[test]
fn that_no_step_can_be_carried_cites_events_that_alone_lead_to_the_same_rest() {
    let playbook: Playbook = toml::from_str(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"

        [[sequence]]
        id = "s"
        step = [
            { id = "a", channels = ["phone"], owes-item = false },
            { id = "b", channels = ["email"], owes-item = false },
        ]
        "#,
    )
    .unwrap();
    let history: History = serde_json::from_str(
        r#"[
            { "id": 1, "at": "2026-06-01T08:00:00Z", "event": "enrolled", "sequence": "s" },
            { "id": 2, "at": "2026-06-01T08:00:00Z", "event": "denied", "channels": ["email"] },
            { "id": 3, "at": "2026-06-01T08:00:00Z", "event": "denied", "channels": ["phone"] }
        ]"#,
    )
    .unwrap();
    let prospect = prospect();
    let decision = playbook.decide(&prospect, history.standing(), at("2026-06-02T08:00:00Z"));
    let cited: Vec<u64> = decision.explanation().events().iter().map(|event| event.0).collect();
    assert_eq!(cited, [1, 3]);
    let alone: Vec<followup::Event> =
        history.events().filter(|event| cited.contains(&event.id.0)).cloned().collect();
    let alone = History::try_from(alone).unwrap();
    let again = playbook.decide(&prospect, alone.standing(), at("2026-06-02T08:00:00Z"));
    assert_eq!(again.verdict(), decision.verdict());
}
