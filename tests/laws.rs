//! The laws that every answer keeps, as properties over generated playbooks, prospects and histories.
//!
//! An oracle in here reads the model from which a playbook was written and the log, never the engine's code.
#![cfg(feature = "embedded-zones")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test panics"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{Case, DAY, cases, instant};
use followup::{
    Act, Blocker, Event, EventId, EventKind, Gate, History, Instant, Rest, Standing, Verdict,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.max(2000),
        max_shrink_iters: 20_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("proptest-regressions"))),
        ..default
    }
}

fn decide(case: &Case, history: &History, now: Instant) -> String {
    format!("{:?}", case.playbook.decide(&case.prospect, history.standing(), now).verdict())
}

fn fold(events: impl IntoIterator<Item = Event>) -> History {
    History::try_from(events.into_iter().collect::<Vec<_>>()).unwrap()
}

/// In an order drawn by lot.
fn shuffled(events: &[Event], lot: usize) -> Vec<Event> {
    let mut events = events.to_vec();
    let mut state = lot as u64;
    for at in (1..events.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        events.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
    events
}

fn nanos_later(at: Instant, nanos: u64) -> Instant {
    at.checked_add(Duration::from_nanos(nanos)).unwrap_or(Instant::MAX)
}

/// The last instant before.
fn just_before(at: Instant) -> Instant {
    let second = instant(at.unix_seconds(), 0);
    let within = at.since(second);
    match within.checked_sub(Duration::from_nanos(1)) {
        Some(within) => second.checked_add(within).unwrap(),
        None => instant(at.unix_seconds() - 1, 999_999_999),
    }
}

// The generators.

#[test]
fn the_generators_reach_every_kind_of_case() {
    let mut runner =
        TestRunner::new_with_rng(ProptestConfig::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = cases(10);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut note = |what: String| *seen.entry(what).or_default() += 1;
    for _ in 0..8000 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        for event in &case.events {
            note(format!("event {}", event.kind.word()));
        }
        let history = case.history();
        let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
        note(match decision.verdict() {
            Verdict::Act(_) => "act".to_string(),
            Verdict::Wait { .. } => "wait".to_string(),
            Verdict::Need(need) => format!("need {}", need.code()),
            Verdict::Rest(Rest::Declined(_)) => "rest declined".to_string(),
            Verdict::Rest(Rest::Disqualified(_)) => "rest disqualified".to_string(),
            Verdict::Rest(rest) => format!("rest {}", rest.code()),
        });
        if let Some(action) = decision.action() {
            note(match action.act() {
                Act::Touch(_) => "act touch".to_string(),
                act => format!("act {act}"),
            });
            note(format!("item {}", action.item().is_some()));
            note(format!("late {}", action.late_by(Instant::MAX).is_some()));
        }
        for blocker in decision.explanation().blockers() {
            note(format!("blocker {} {}", blocker.gate, blocker.is_determining));
        }
        let in_place = case.events.windows(2).all(|pair| (pair[0].at, pair[0].id) < (pair[1].at, pair[1].id));
        note(format!("in order {in_place}"));
        let ties = case.events.iter().map(|event| event.at).collect::<BTreeSet<_>>().len() < case.events.len();
        note(format!("ties {ties}"));
        let without: Vec<Event> =
            case.events.iter().filter(|event| event.kind.word() != "retracted").cloned().collect();
        note(format!("retractions matter {}", decide(&case, &fold(without), case.now) != decide(&case, &history, case.now)));
        note(format!("zones {}", case.who.zones.len()));
    }
    let mut wanted: Vec<String> = EventKind::WORDS.iter().map(|word| format!("event {word}")).collect();
    wanted.extend(Gate::ALL.iter().flat_map(|gate| [true, false].map(|is| format!("blocker {gate} {is}"))));
    let acts = "respond solve recap keep-promise ask-permission remind touch revive";
    wanted.extend(acts.split(' ').map(|act| format!("act {act}")));
    wanted.extend("content zone delivery sequence".split(' ').map(|need| format!("need {need}")));
    let rests = "unstarted declined disqualified unenrolled no-sequence-added no-sequence-inquired no-sequence-met \
                 no-sequence-purchased finished denied opted-out reach permission hold hours";
    wanted.extend(rests.split_whitespace().map(|rest| format!("rest {rest}")));
    for other in "act,wait,item true,item false,late true,in order true,in order false,ties true,retractions matter \
                  true,zones 0,zones 1,zones 2,zones 3"
        .split(',')
    {
        wanted.push(other.to_string());
    }
    let missing: Vec<&String> =
        wanted.iter().filter(|what| seen.get(*what).copied().unwrap_or(0) < 3).collect();
    assert!(missing.is_empty(), "too rare: {missing:?}\n{seen:#?}");
}

// 1. Folding.

proptest! {
    #![proptest_config(config())]

    #[test]
    fn law_01_the_order_of_arrival_and_duplicates_change_nothing(case in cases(10)) {
        folding_is_independent_of_arrival(&case);
    }

    #[test]
    fn law_01_folding_on_from_a_stored_snapshot_is_folding_all(case in cases(10)) {
        folding_on_is_folding_all(&case);
    }

    #[test]
    fn law_02_the_answer_is_the_same_until_the_wake_up_and_then_it_is_the_action(case in cases(10)) {
        wake_up_is_exact(&case);
    }

    #[test]
    fn law_03_the_cited_events_alone_lead_to_the_same_verdict(case in cases(10)) {
        cited_events_suffice(&case);
    }

    #[test]
    fn law_03_without_what_a_determining_blocker_cites_the_verdict_is_another(case in cases(10)) {
        determining_blockers_matter(&case);
    }

    #[test]
    fn every_gate_is_extensive_monotone_and_idempotent(case in cases(10)) {
        gates_keep_their_contract(&case);
    }
}

fn folding_is_independent_of_arrival(case: &Case) {
    let batch = case.history();
    for lot in &case.lots[..2] {
        let mut history = History::new();
        for (nth, event) in shuffled(&case.events, *lot).into_iter().enumerate() {
            history.record(event.clone()).unwrap();
            if nth % 3 == lot % 3 {
                history.record(event).unwrap();
            }
        }
        for event in shuffled(&case.events, lot + 1).into_iter().take(lot % 4) {
            assert_eq!(history.record(event), Ok(followup::Recorded::Twice));
        }
        assert_eq!(history, batch);
        assert_eq!(fold(shuffled(&case.events, *lot)), batch);
    }
    // An id that stands for two events is refused, and nothing changes.
    if let Some(event) = case.events.first() {
        let mut history = batch.clone();
        let other = Event::new(event.id.0, nanos_later(event.at, 1), event.kind.clone());
        assert!(other == *event || history.record(other).is_err());
        assert_eq!(history, batch);
    }
}

fn folding_on_is_folding_all(case: &Case) {
    let all = case.history();
    // What was retracted counts as never made, and a retraction leaves nothing behind.
    let mut gone = BTreeSet::new();
    for event in all.events().rev() {
        if let EventKind::Retracted { event: target } = event.kind
            && !gone.contains(&event.id)
        {
            gone.insert(target);
        }
    }
    let kept: Vec<Event> = all
        .events()
        .filter(|event| !gone.contains(&event.id) && event.kind.word() != "retracted")
        .cloned()
        .collect();
    let cut = case.lots[0] % (kept.len() + 1);
    let (before, after) = kept.split_at(cut);
    let mut standing = Standing::new();
    for event in before {
        standing.apply(event).unwrap();
    }
    let stored = serde_json::to_string(&standing).unwrap();
    let mut restored: Standing = serde_json::from_str(&stored).unwrap();
    assert_eq!(restored, standing);
    for event in after {
        restored.apply(event).unwrap();
        restored.apply(event).unwrap();
    }
    assert_eq!(restored, *fold(kept.iter().cloned()).standing());
    assert_eq!(
        format!("{:?}", case.playbook.decide(&case.prospect, &restored, case.now).verdict()),
        decide(case, &all, case.now)
    );
    // What comes before the last event, or takes one back, is refused and changes nothing.
    if let [.., first, last] = kept.as_slice() {
        let known = restored.clone();
        assert_eq!(restored.apply(first), Err(followup::Late { event: first.id }));
        let retraction = Event::new(1000, last.at, EventKind::Retracted { event: first.id });
        assert!(restored.apply(&retraction).is_err());
        assert_eq!(restored, known);
    }
}

// 2. The wake-up.

fn wake_up_is_exact(case: &Case) {
    let history = case.history();
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let (until, next) = match decision.verdict() {
        Verdict::Wait { until, next } => (*until, *next),
        Verdict::Act(_) => return,
        // Without an event nothing ever becomes due. What is missing can change: a permission runs out.
        Verdict::Need(_) | Verdict::Rest(_) => {
            for later in &case.others {
                let later = (*later).max(case.now);
                let then = case.playbook.decide(&case.prospect, history.standing(), later);
                assert_eq!(then.due(), None, "at {later}");
            }
            return;
        }
    };
    assert!(until > case.now);
    let (from, to) = (case.now.unix_seconds(), until.unix_seconds());
    let mut instants = vec![
        nanos_later(case.now, 1),
        instant(from + 1, 0),
        just_before(until),
        instant(to - 1, 0),
        instant(to - 60, 0),
        instant(i64::midpoint(from, to), 0),
    ];
    instants.extend(case.lots.iter().map(|lot| instant(from + (to - from) / 1000 * *lot as i64, 0)));
    // The edges of windows are on quarters of an hour mostly, those of days on hours.
    instants.extend((1..12).map(|hour| instant((from / 3600 + hour) * 3600, 0)));
    instants.extend((0..4).map(|quarter| instant((to / 900 - quarter) * 900, 0)));
    instants.extend((1..5).map(|day| instant((from / DAY + day) * DAY, 0)));
    instants.extend(next.due().checked_add(Duration::ZERO));
    instants.extend(case.events.iter().map(|event| event.at));
    for at in instants.into_iter().filter(|at| (case.now..until).contains(at)) {
        let then = case.playbook.decide(&case.prospect, history.standing(), at);
        assert_eq!(then.verdict(), decision.verdict(), "at {at}");
    }
    let then = case.playbook.decide(&case.prospect, history.standing(), until);
    assert_eq!(*then.verdict(), Verdict::Act(next));
}

// 3. Explanations.

fn cited_events_suffice(case: &Case) {
    let history = case.history();
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let explanation = decision.explanation();
    let cited = fold(case.events.iter().filter(|event| explanation.events().contains(&event.id)).cloned());
    let replayed = case.playbook.decide(&case.prospect, cited.standing(), case.now);
    assert_eq!(replayed.verdict(), decision.verdict(), "cited {:?}\n{explanation}", explanation.events());
    for event in explanation.events() {
        assert!(case.events.iter().any(|known| known.id == *event), "{event:?} never happened");
    }
}

/// Gates that only events can shut. The others can be shut by what is missing: an address, a permission, an item.
const SHUT_BY_EVENTS: [Gate; 6] =
    [Gate::Refusal, Gate::Hold, Gate::CoolDown, Gate::Gap, Gate::Cap, Gate::Retry];

fn determining_blockers_matter(case: &Case) {
    let history = case.history();
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let verdict = format!("{:?}", decision.verdict());
    let explanation = decision.explanation();
    let gates: BTreeSet<Gate> = explanation
        .blockers()
        .iter()
        .filter(|blocker| blocker.is_determining)
        .map(|blocker| blocker.gate)
        .collect();
    for gate in gates {
        if explanation.blockers().iter().any(|blocker| blocker.gate == gate && !blocker.events.is_empty()) {
            without_events(case, gate, &verdict);
        }
        if explanation.blockers().iter().any(|blocker| blocker.gate == gate && !blocker.rules.is_empty()) {
            without_rules(case, gate, &verdict);
        }
    }
}

/// Takes back what the gate cites, and then what has taken its place: a second opt-out behind the first.
fn without_events(case: &Case, gate: Gate, verdict: &str) {
    // A retraction may hide what would take the place of what is taken away: leave it out of the question.
    let mut events: Vec<Event> = case.events.clone();
    loop {
        let history = fold(events.iter().cloned());
        if decide(case, &history, case.now) != verdict {
            return;
        }
        let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
        let explanation = decision.explanation();
        let behind: BTreeSet<EventId> = explanation
            .blockers()
            .iter()
            .filter(|blocker| blocker.gate == gate)
            .flat_map(|blocker| blocker.events.iter().copied())
            .collect();
        if behind.is_empty() {
            assert!(!SHUT_BY_EVENTS.contains(&gate), "{gate} decides, but no event is behind it");
            return;
        }
        events.retain(|event| !behind.contains(&event.id));
    }
}

/// Takes the cited rules out of the playbook, and then those that shut in their place.
fn without_rules(case: &Case, gate: Gate, verdict: &str) {
    let mut model = case.model.clone();
    let history = case.history();
    loop {
        let playbook = model.build();
        let decision = playbook.decide(&case.prospect, history.standing(), case.now);
        if format!("{:?}", decision.verdict()) != verdict {
            return;
        }
        let explanation = decision.explanation();
        let rules: Vec<&String> = explanation
            .blockers()
            .iter()
            .filter(|blocker: &&Blocker| blocker.gate == gate)
            .flat_map(|blocker| &blocker.rules)
            .collect();
        assert!(!rules.is_empty(), "{gate} decides, but no rule is behind it:\n{explanation}");
        model.hours.retain(|hours| !rules.iter().any(|rule| rule.contains(&format!("{:?}", hours.id))));
        model.caps.retain(|cap| !rules.iter().any(|rule| rule.contains(&format!("{:?}", cap.id))));
    }
}

// Gates.

fn gates_keep_their_contract(case: &Case) {
    let history = case.history();
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let mut instants: Vec<Instant> = case.others.clone();
    instants.push(case.now);
    instants.extend(case.events.iter().map(|event| event.at));
    instants.extend(case.lots.iter().map(|lot| instant(case.model.epoch + *lot as i64 * 4321, 0)));
    instants.extend([Instant::MIN, Instant::MAX]);
    instants.sort_unstable();
    // Never is later than everything.
    let key = |at: Option<Instant>| (at.is_none(), at);
    for gate in Gate::ALL {
        for channel in common::CHANNELS {
            let mut last: Option<Option<Instant>> = None;
            for at in &instants {
                let earliest = decision.earliest(*gate, channel, *at);
                if let Some(earliest) = earliest {
                    assert!(earliest >= *at, "{gate} on {channel} is not extensive at {at}");
                    let again = decision.earliest(*gate, channel, earliest);
                    assert_eq!(again, Some(earliest), "{gate} on {channel} is not idempotent at {at}");
                }
                if let Some(last) = last {
                    assert!(key(last) <= key(earliest), "{gate} on {channel} is not monotone at {at}");
                }
                last = Some(earliest);
            }
        }
    }
}
