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

use common::{
    CapModel, Case, ConditionModel, DAY, ItemModel, ThenModel, cases, cases_of_consent, instant, oracle,
};
use followup::{
    Act, Action, Anchor, AppliesTo, Assumption, Basis, Blocker, CapDraft, Channel, Channels, Decision, Delay,
    Engagement, Event, EventId, EventKind, Gate, Ground, History, Instant, LimitsDraft, Party, Playbook,
    PlaybookDraft, Proposal, Prospect, Purpose, Purposes, Rest, RuleDraft, SequenceDraft, Source, Standing,
    StepDraft, ThenDraft, Trigger, Verdict,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, RngSeed, TestRng, TestRunner};
use serde_json::Value;

/// The ordinary run tries the same cases everywhere, so that whoever sees it fail can see it again. With
/// `PROPTEST_CASES` in the environment it goes exploring.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    let is_exploring = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: default.cases.max(2000),
        rng_seed: if is_exploring { RngSeed::Random } else { RngSeed::Fixed(2026) },
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
fn shuffled(events: &[Event], lot: u16) -> Vec<Event> {
    let mut events = events.to_vec();
    let mut state = u64::from(lot);
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
        let ties =
            case.events.iter().map(|event| event.at).collect::<BTreeSet<_>>().len() < case.events.len();
        note(format!("ties {ties}"));
        let without: Vec<Event> =
            case.events.iter().filter(|event| event.kind.word() != "retracted").cloned().collect();
        note(format!(
            "retractions matter {}",
            decide(&case, &fold(without), case.now) != decide(&case, &history, case.now)
        ));
        note(format!("zones {}", case.who.zones.len()));
    }
    let mut wanted: Vec<String> = EventKind::WORDS.iter().map(|word| format!("event {word}")).collect();
    wanted.extend(Gate::ALL.iter().flat_map(|gate| [true, false].map(|is| format!("blocker {gate} {is}"))));
    let acts = "respond solve recap keep-promise ask-permission remind touch revive";
    wanted.extend(acts.split(' ').map(|act| format!("act {act}")));
    wanted.extend("content zone delivery sequence".split(' ').map(|need| format!("need {need}")));
    let rests = "unstarted declined disqualified unenrolled no-sequence-added no-sequence-inquired no-sequence-met \
                 no-sequence-purchased no-sequence-no-show finished denied opted-out reach permission hold hours";
    wanted.extend(rests.split_whitespace().map(|rest| format!("rest {rest}")));
    for other in
        "act,wait,item true,item false,late true,in order true,in order false,ties true,retractions matter \
                  true,zones 0,zones 1,zones 2,zones 3"
            .split(',')
    {
        wanted.push(other.to_string());
    }
    let missing: Vec<&String> =
        wanted.iter().filter(|what| seen.get(*what).copied().unwrap_or(0) < 3).collect();
    assert!(missing.is_empty(), "too rare: {missing:?}\n{seen:#?}");
}

#[test]
fn the_runs_reach_every_act_under_every_condition() {
    let mut runner =
        TestRunner::new_with_rng(ProptestConfig::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = cases(10);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut note = |what: String| *seen.entry(what).or_default() += 1;
    for nth in 0..8000 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        let run = mixed_run(&case);
        let mut taken = Vec::new();
        for contact in &run.contacts {
            let before = &run.log[..contact.before];
            let after = |words: &[&str]| before.iter().any(|event| words.contains(&event.kind.word()));
            let act = match contact.action.act() {
                Act::Touch(_) => "touch",
                act => act.name(),
            };
            note(act.to_string());
            note(format!("item {}", contact.action.item().is_some()));
            if let Act::Touch(step) = contact.action.act() {
                if let Some(condition) = step.condition() {
                    let within = condition.within().is_some();
                    note(format!("condition {} within {within}", condition.is_wanted()));
                }
                let key = (contact.action.cause(), step.path());
                let is_again = taken.contains(&key);
                taken.push(key);
                note(format!("again {is_again}"));
                let since = before.iter().skip_while(|event| event.id != contact.action.cause()).skip(1);
                let on = since.filter(|event| ["met", "no-show"].contains(&event.kind.word()));
                note(format!("went on {}", on.count() > 0));
            }
            if after(&["denied", "opted-out"]) {
                note(format!("{act} after a refusal"));
            }
            if after(&["declined", "disqualified"]) {
                note(format!("{act} after a no"));
            }
            let is_capped = case.model.caps.iter().any(|cap| contacts(before).len() >= cap.at_most.into());
            note(format!("capped {is_capped}"));
            note(format!("hours {}", case.model.hours.is_empty()));
        }
        note(format!("failed {}", run.attempts.iter().any(|(_, is_out)| !is_out)));
        if let Some(strict) = stricter(&case, nth % 9) {
            let (loose, tight) = (case.history(), strict.history());
            let loose = case.playbook.decide(&case.prospect, loose.standing(), case.now).due();
            let tight = strict.playbook.decide(&strict.prospect, tight.standing(), case.now).due();
            note(format!(
                "change {} {:?}",
                nth % 9,
                loose.zip(tight).map(|(loose, tight)| tight.cmp(&loose))
            ));
        }
    }
    let acts = ["respond", "solve", "recap", "keep-promise", "ask-permission", "remind", "touch", "revive"];
    let mut wanted: Vec<String> = acts.iter().map(ToString::to_string).collect();
    wanted.extend(acts.iter().map(|act| format!("{act} after a refusal")));
    wanted.extend(acts.iter().map(|act| format!("{act} after a no")));
    wanted.extend(["item true", "capped true", "hours false", "failed true"].map(str::to_string));
    wanted.extend(["again true", "went on true"].map(str::to_string));
    let both = [true, false];
    wanted.extend(both.iter().flat_map(|is| both.map(|within| format!("condition {is} within {within}"))));
    wanted.extend([0, 1, 2, 3, 4, 5, 6, 7, 8].map(|how| format!("change {how} Some(Equal)")));
    wanted.extend([0, 1, 2, 6, 7].map(|how| format!("change {how} Some(Greater)")));
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
            if nth % 3 == usize::from(lot % 3) {
                history.record(event).unwrap();
            }
        }
        for event in shuffled(&case.events, lot + 1).into_iter().take((lot % 4).into()) {
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

/// The log without what was retracted, which counts as never made, and without the retractions.
fn kept(history: &History) -> Vec<Event> {
    let mut gone = BTreeSet::new();
    for event in history.events().rev() {
        if let EventKind::Retracted { event: target } = event.kind
            && !gone.contains(&event.id)
        {
            gone.insert(target);
        }
    }
    let stays = |event: &&Event| !gone.contains(&event.id) && event.kind.word() != "retracted";
    history.events().filter(stays).cloned().collect()
}

fn folding_on_is_folding_all(case: &Case) {
    let all = case.history();
    let kept = kept(&all);
    let cut = usize::from(case.lots[0]) % (kept.len() + 1);
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
        // Without an event nothing becomes due before the question is to be asked again, and after a rest nothing
        // ever. What is missing can change: a permission runs out.
        Verdict::Need(_) | Verdict::Rest(_) => {
            let again = decision.ask_again();
            assert!(matches!(decision.verdict(), Verdict::Need(_)) || again.is_none());
            assert!(again.is_none_or(|again| again > case.now));
            let just_before = again.map(just_before);
            for later in case.others.iter().copied().chain(just_before) {
                let later = later.max(case.now);
                if again.is_some_and(|again| later >= again) {
                    continue;
                }
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
    instants.extend(case.lots.iter().map(|lot| instant(from + (to - from) / 1000 * i64::from(*lot), 0)));
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

/// Whether some permission and some refusal in the log, retracted or not, speak of the same channel and purpose.
///
/// Then one has cut the other down. A standing keeps what is left of each with the event that gave it, but not the
/// event that cut it, which may have lost its own effect since: "granted on all channels, denied on one, inquired
/// again" leaves a permission on the others, and citing the grant alone gives back the one. To cite the cut and what
/// lifted it would take a trail in the standing that grows with every such event. So there the events that the law
/// speaks of are those that `proven_by` found with the log at hand.
fn permissions_meet_refusals(case: &Case) -> bool {
    let scope = |event: &Event, is_grant: bool| match &event.kind {
        // By their own act they permit answers too.
        EventKind::Granted { channels, purposes, own_act, .. } if is_grant => {
            let answers = own_act.then_some(Purpose::Answer);
            Some((*channels, purposes.iter().chain(answers).collect::<Purposes>()))
        }
        EventKind::Denied { channels, purposes } | EventKind::OptedOut { channels, purposes }
            if !is_grant =>
        {
            Some((*channels, *purposes))
        }
        _ => None,
    };
    let grants = case.events.iter().filter_map(|event| scope(event, true));
    let refusals: Vec<_> = case.events.iter().filter_map(|event| scope(event, false)).collect();
    grants.into_iter().any(|(channels, purposes)| {
        refusals.iter().any(|(refused, of)| {
            channels.iter().any(|channel| refused.contains(channel))
                && purposes.iter().any(|purpose| of.contains(purpose))
        })
    })
}

fn cited_events_suffice(case: &Case) {
    let history = case.history();
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let proven = decision.explanation().proven_by(&history);
    let explanation = if permissions_meet_refusals(case) { proven } else { decision.explanation() };
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
            without_events(case, gate, &verdict, explanation.proposals());
        }
        if explanation.blockers().iter().any(|blocker| blocker.gate == gate && !blocker.rules.is_empty()) {
            without_rules(case, gate, &verdict);
        }
    }
}

/// Takes back what the gate cites, and then what has taken its place: a second opt-out behind the first. In the end
/// the verdict is another, or it is the same for another reason: a contact that fills a cap may have been an answer
/// too, which is owed again without it.
fn without_events(case: &Case, gate: Gate, verdict: &str, proposals: &[Proposal<'_>]) {
    let mut events: Vec<Event> = case.events.clone();
    loop {
        let history = fold(events.iter().cloned());
        let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
        let explanation = decision.explanation();
        if format!("{:?}", decision.verdict()) != verdict || explanation.proposals() != proposals {
            return;
        }
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
        let rules: Vec<&str> = explanation
            .blockers()
            .iter()
            .filter(|blocker: &&Blocker| blocker.gate == gate)
            .flat_map(|blocker| &blocker.rules)
            .map(|cited| cited.rule.as_str())
            .collect();
        assert!(!rules.is_empty(), "{gate} decides, but no rule is behind it:\n{explanation}");
        if rules.iter().all(|rule| *rule == "cool-down") {
            // No playbook is without one. What is behind it are events.
            return;
        }
        model.hours.retain(|hours| !rules.contains(&hours.id.as_str()));
        model.caps.retain(|cap| !rules.contains(&cap.id.as_str()));
    }
}

// Gates.

fn gates_keep_their_contract(case: &Case) {
    let history = case.history();
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let mut instants: Vec<Instant> = case.others.clone();
    instants.push(case.now);
    instants.extend(case.events.iter().map(|event| event.at));
    instants.extend(case.lots.iter().map(|lot| instant(case.model.epoch + i64::from(*lot) * 4321, 0)));
    instants.extend([Instant::MIN, Instant::MAX]);
    instants.sort_unstable();
    // Never is later than everything.
    let key = |at: Option<Instant>| (at.is_none(), at);
    for gate in Gate::ALL {
        for channel in case.lots[..2].iter().map(|lot| common::CHANNELS[usize::from(lot % 4)]) {
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

// Whole runs.

/// One contact that the seller made in a run, as the decision asked for it.
struct Contact<'a> {
    at: Instant,
    action: Action<'a>,
    /// How many events of the log came before it.
    before: usize,
}

/// What happened in a run: the world's events as they came, and the seller doing what was due when it was due.
struct Run<'a> {
    log: Vec<Event>,
    contacts: Vec<Contact<'a>>,
    /// The keys of all attempts, with whether they got out.
    attempts: Vec<(String, bool)>,
    /// Why it stopped; `None` if it was cut.
    end: Option<Verdict<'a>>,
    history: History,
}

/// The events that the world adds: no retractions, so that the log says what is so.
fn world(case: &Case) -> Vec<Event> {
    let mut world: Vec<Event> =
        case.events.iter().filter(|event| event.kind.word() != "retracted").cloned().collect();
    world.sort_by_key(|event| (event.at, event.id));
    world
}

/// The ids of what the obedient seller does are greater.
const OWN_IDS: u64 = 10_000;

/// An obedient seller: each action is done at its time, on the channel named, with the item named. `fails` says
/// which attempts do not get out.
fn run<'a>(case: &'a Case, world: &[Event], at_most: usize, fails: impl Fn(usize) -> bool) -> Run<'a> {
    let mut history = History::new();
    let mut log = Vec::new();
    let mut run_contacts = Vec::new();
    let mut attempts = Vec::new();
    let mut end = None;
    let mut coming = world.iter().peekable();
    let mut now = coming.peek().map_or_else(|| instant(case.model.epoch, 0), |event| event.at);
    let mut id = OWN_IDS;
    for _ in 0..at_most + world.len() {
        while let Some(event) = coming.next_if(|event| event.at <= now) {
            history.record(event.clone()).unwrap();
            log.push(event.clone());
        }
        // The standing is kept apart so that the action, which borrows from the case alone, outlives it.
        let standing = history.standing().clone();
        let plan = case.playbook.plan(&case.prospect, &standing, now, Assumption::Silence, 1);
        let decision = case.playbook.decide(&case.prospect, &standing, now);
        let action = match (decision.verdict(), plan.entries().first()) {
            (Verdict::Act(action), Some(entry)) => {
                assert_eq!((entry.at, entry.action), (now, *action));
                entry.action
            }
            (Verdict::Wait { until, next }, Some(entry)) => {
                assert_eq!((entry.at, entry.action), (*until, *next));
                now = coming.peek().map_or(*until, |event| event.at.min(*until));
                continue;
            }
            (Verdict::Need(_) | Verdict::Rest(_), None) => {
                if let Some(event) = coming.peek() {
                    now = event.at;
                    continue;
                }
                end = plan.end().cloned();
                break;
            }
            (verdict, entry) => panic!("the plan does not begin with the decision: {verdict:?}, {entry:?}"),
        };
        let fail = fails(attempts.len());
        attempts.push((action.key().to_string(), !fail));
        id += 1;
        let done = if fail { action.failed(id, now) } else { action.touched(id, now) };
        if !fail {
            run_contacts.push(Contact { at: now, action, before: log.len() });
        }
        history.record(done.clone()).unwrap();
        log.push(done);
    }
    Run { log, contacts: run_contacts, attempts, end, history }
}

fn mixed_run(case: &Case) -> Run<'_> {
    let pattern = case.lots[0] & case.lots[1];
    run(case, &world(case), 40, |nth| pattern >> (nth % 10) & 1 == 1)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn law_04_nobody_is_contacted_without_permission_or_after_a_no(case in cases_of_consent(12)) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            permitted(&case, contact, &run.log[..contact.before]);
        }
    }

    #[test]
    fn law_05_no_contact_is_outside_the_hours_and_no_cap_is_exceeded(case in cases(8)) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            let Contact { at, action, .. } = contact;
            let is_answer = action.act().is_answer();
            let closed = oracle::closed_by(&case, action.channel(), action.by(), is_answer, *at);
            assert!(closed.is_none(), "{} at {} is closed by {closed:?}", contact.action.act(), contact.at);
            within_limits(&case, contact, &run.log[..contact.before]);
        }
    }

    #[test]
    fn laws_04_and_05_the_gates_agree_with_the_oracles_at_every_edge(case in cases_of_consent(10)) {
        gates_agree_with_oracles(&case);
    }

    #[test]
    fn law_06_no_item_is_given_twice_and_what_owes_one_has_one(case in cases(8)) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            carries_what_it_owes(&case, contact, &run.log[..contact.before]);
        }
    }

    #[test]
    fn law_07_every_run_ends_within_its_bound(case in cases(8)) {
        ends_within_bound(&case);
    }

    #[test]
    fn law_07_a_step_with_a_condition_is_taken_only_if_it_holds(case in cases(10)) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            its_condition_holds(&case, contact, &run.log);
        }
    }

    #[test]
    fn law_07_silence_never_ends_a_pursuit_before_its_last_step(case in silent_cases()) {
        silence_ends_nothing(&case);
    }

    #[test]
    fn law_08_a_plan_is_the_decision_and_then_the_decisions_after_it(case in cases(8)) {
        plan_is_decisions(&case);
    }

    #[test]
    fn law_14_a_key_is_stable_and_no_two_attempts_share_one(case in cases(8)) {
        keys_are_unique(&case);
    }
}

// 4. Permission, judged by the log alone.

/// What the log says of one purpose on one channel.
#[derive(Default)]
struct Consent {
    denied: Option<(Instant, EventId)>,
    opted_out: Option<(Instant, EventId)>,
    /// Basis and end of what was granted and has not been refused since.
    grants: Vec<(Basis, Option<Instant>)>,
    inquired: Option<Instant>,
    met: Option<Instant>,
    purchased: Option<Instant>,
    /// When they wrote last on this channel.
    wrote: Option<(Instant, EventId)>,
    /// Whether a no or a disqualification stands.
    is_over: bool,
    /// The same, or they were taken out.
    closed: bool,
}

fn consent(log: &[Event], purpose: Purpose, channel: Channel) -> Consent {
    let mut consent = Consent::default();
    let mut declined = false;
    let mut unenrolled = false;
    let mut disqualified = false;
    for event in log {
        let mark = (event.at, event.id);
        match &event.kind {
            EventKind::Inquired { channel: on, .. } => {
                consent.denied = None;
                consent.inquired = Some(event.at);
                if *on == Some(channel) {
                    consent.wrote = Some(mark);
                }
                (declined, disqualified, unenrolled) = (false, false, false);
            }
            EventKind::Replied { channel: on } if *on == channel => consent.wrote = Some(mark),
            // What the seller notes after a no begins nothing.
            EventKind::Met { .. } if declined || disqualified => {}
            EventKind::Met { .. } => consent.met = Some(event.at),
            EventKind::Purchased => {
                consent.denied = None;
                consent.purchased = Some(event.at);
                (declined, disqualified, unenrolled) = (false, false, false);
            }
            EventKind::Granted { channels, purposes, basis, until, term: _, own_act } => {
                if channels.contains(channel) && purposes.contains(purpose) {
                    if *own_act {
                        (consent.denied, consent.opted_out) = (None, None);
                    }
                    if consent.denied.is_none() && consent.opted_out.is_none() {
                        consent.grants.push((*basis, *until));
                    }
                }
                if *own_act && purpose == Purpose::Answer && channels.contains(channel) {
                    (consent.denied, consent.opted_out) = (None, None);
                }
                declined &= !(*own_act && purposes.contains(Purpose::FollowUp));
            }
            EventKind::Denied { channels, purposes }
                if channels.contains(channel) && purposes.contains(purpose) =>
            {
                consent.denied = Some(mark);
                consent.grants.clear();
            }
            EventKind::OptedOut { channels, purposes }
                if channels.contains(channel) && purposes.contains(purpose) =>
            {
                consent.opted_out = Some(mark);
                consent.grants.clear();
            }
            EventKind::Declined { .. } => {
                (declined, disqualified, unenrolled) = (true, false, false);
                (consent.inquired, consent.met, consent.purchased) = (None, None, None);
            }
            EventKind::Disqualified { .. } => {
                (disqualified, unenrolled) = (!declined, false);
                (consent.inquired, consent.met, consent.purchased) = (None, None, None);
            }
            EventKind::Unenrolled => unenrolled = !declined && !disqualified,
            EventKind::Enrolled { .. } => (unenrolled, disqualified) = (false, false),
            _ => {}
        }
    }
    consent.is_over = declined || disqualified;
    consent.closed = consent.is_over || unenrolled;
    consent
}

fn permitted(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let consent = consent(log, action.purpose(), action.channel());
    let who = format!("{} on {} at {at}", action.act(), action.channel());
    assert!(case.who.channels.contains(&action.channel()), "{who}: no address");
    let is_answer = matches!(action.act(), Act::Respond | Act::Solve | Act::Recap | Act::KeepPromise);
    assert_eq!(is_answer, action.purpose() == Purpose::Answer);
    for refusal in [consent.denied, consent.opted_out].into_iter().flatten() {
        let wrote_after = consent.wrote.is_some_and(|wrote| wrote > refusal);
        assert!(is_answer && wrote_after, "{who}: they refused it by event {:?}", refusal.1);
    }
    if matches!(action.act(), Act::Recap | Act::KeepPromise) {
        assert!(!consent.is_over, "{who}: they said no, and only what they write since is answered");
    }
    if is_answer {
        return;
    }
    assert!(!consent.closed, "{who}: the pursuit was ended");
    if action.act() == Act::AskPermission {
        let knows_us = consent.inquired.or(consent.met).or(consent.purchased);
        assert!(knows_us.is_some(), "{who}: they never came to the seller");
        return;
    }
    let is_met = is_permitted(case, &consent, action.purpose(), action.channel(), at);
    assert!(is_met, "{who}: the permission is missing");
}

/// Whether the permission that the playbook requires is there at that instant.
fn is_permitted(case: &Case, consent: &Consent, purpose: Purpose, channel: Channel, at: Instant) -> bool {
    let [inquiry, conversation, purchase] = case.model.implied;
    let lasts = |since: Option<Instant>, span: Delay| {
        // In each of the zones in which they may be; a span that leads past the year 2200 lasts.
        let ends = since.map(|since| oracle::ends(case, since, span));
        ends.is_some_and(|ends| ends.contains(&None) || ends.into_iter().flatten().all(|end| at < end))
    };
    let grounds = case.model.grounds(purpose, channel);
    grounds.iter().any(|ground| match ground {
        Ground::Granted(basis) => {
            let mut on_it = consent.grants.iter().filter(|(held, _)| held == basis);
            on_it.any(|(_, until)| until.is_none_or(|until| at < until))
        }
        Ground::Inquiry => lasts(consent.inquired, inquiry),
        Ground::Conversation => lasts(consent.met, conversation),
        Ground::Purchase => lasts(consent.purchased, purchase),
        Ground::NotRefused => true,
    })
}

// 5. Limits, counted by brute force.

/// The contacts of a log: when, where, and whether it was an answer.
fn contacts(log: &[Event]) -> Vec<(Instant, Channel, bool)> {
    let of = |event: &Event| match &event.kind {
        EventKind::Touched { channel, act, .. } => {
            let answers = ["respond", "solve", "recap", "keep-promise"];
            let is_answer = act.as_ref().is_some_and(|act| answers.contains(&act.as_str()));
            Some((event.at, *channel, is_answer))
        }
        _ => None,
    };
    log.iter().filter_map(of).collect()
}

/// A window that begins with a contact holds an instant if it has not ended in every zone.
fn holds_open(case: &Case, from: Instant, per: Delay, at: Instant) -> bool {
    oracle::ends(case, from, per).iter().any(|end| end.is_none_or(|end| at < end))
}

/// A cap that allows no such contact at that instant.
fn full_cap<'a>(
    case: &'a Case,
    before: &[(Instant, Channel, bool)],
    on: Channel,
    is_answer: bool,
    at: Instant,
) -> Option<&'a CapModel> {
    case.model.caps.iter().find(|cap| {
        let covers = |channel: Channel| cap.channels.is_empty() || cap.channels.contains(&channel);
        let is_free = |is_answer: bool| is_answer && cap.applies_to == AppliesTo::Approaches;
        let counted =
            before.iter().filter(|(_, channel, is_answer)| covers(*channel) && !is_free(*is_answer));
        let held = counted.filter(|(from, ..)| holds_open(case, *from, cap.per, at)).count();
        covers(on) && !is_free(is_answer) && held >= usize::from(cap.at_most)
    })
}

fn within_limits(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let is_answer = action.act().is_answer();
    let who = format!("{} on {} at {at}", action.act(), action.channel());
    let before = contacts(log);
    let still_counts = |from: Instant, per: Delay| holds_open(case, from, per, at);
    let full = full_cap(case, &before, action.channel(), is_answer, at);
    assert!(full.is_none(), "{who}: too many contacts in the window of {full:?}");
    if !is_answer && let Some(gap) = case.model.gap {
        for (from, ..) in &before {
            assert!(!still_counts(*from, gap), "{who}: closer than {gap} to the contact of {from}");
        }
    }
    let annoyed = log.iter().rfind(|event| event.kind.word() == "annoyed");
    if !is_answer && let Some(annoyed) = annoyed {
        let pause = case.model.cool_down.unwrap_or(Delay::days(30));
        assert!(!still_counts(annoyed.at, pause), "{who}: they were annoyed at {}", annoyed.at);
    }
}

/// Permission, hours and caps of whatever is to be done next, at the edges where they change.
fn gates_agree_with_oracles(case: &Case) {
    let history = case.history();
    let log = kept(&history);
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let Some(action) = decision.action() else { return };
    let is_answer = action.act().is_answer();
    let before = contacts(&log);
    let around = |edge: Instant| {
        let second = edge.unix_seconds();
        [-1800, -1, 0, 1, 1800].map(|by| instant(second + by, 0)).into_iter().chain([edge])
    };
    let days = case.model.holidays.iter().flatten().take(3);
    let midnights = days.map(|day| (case.model.epoch.div_euclid(DAY) + day) * DAY);
    let mut hours: Vec<Instant> = midnights
        .flat_map(|midnight| (-14..40).map(move |hour| instant(midnight + hour * 3600, 0)))
        .chain(case.lots.iter().map(|lot| instant(case.model.epoch + i64::from(*lot) * 900, 0)))
        .collect();
    hours.extend(decision.due().into_iter().flat_map(around));
    for channel in common::CHANNELS {
        let is_open = |gate: Gate, at: Instant| decision.earliest(gate, channel, at) == Some(at);
        for at in &hours {
            let closed = oracle::closed_by(case, channel, action.by(), is_answer, *at);
            assert_eq!(is_open(Gate::Hours, *at), closed.is_none(), "hours on {channel} at {at}: {closed:?}");
        }
        if !is_answer && action.act() != Act::AskPermission {
            let consent = consent(&log, action.purpose(), channel);
            let since =
                [consent.inquired, consent.met, consent.purchased].into_iter().zip(case.model.implied);
            let ends =
                since.flat_map(|(since, span)| since.map_or(Vec::new(), |at| oracle::ends(case, at, span)));
            let grants = consent.grants.iter().map(|(_, until)| *until);
            for at in ends.chain(grants).flatten().flat_map(around) {
                let expected = is_permitted(case, &consent, action.purpose(), channel, at);
                assert_eq!(is_open(Gate::Permission, at), expected, "permission on {channel} at {at}");
            }
        }
        let windows = case.model.caps.iter().flat_map(|cap| {
            let recent = before.iter().rev().take(4);
            recent.flat_map(|(from, ..)| oracle::ends(case, *from, cap.per)).collect::<Vec<_>>()
        });
        for at in windows.flatten().flat_map(around) {
            let full = full_cap(case, &before, channel, is_answer, at);
            if is_open(Gate::Cap, at) {
                assert!(full.is_none(), "{channel} at {at}: {full:?} is full");
            } else if case.model.caps.iter().all(|cap| cap.per.elapsed().is_some()) {
                // Otherwise a window may end before that of an earlier contact: see `found_of_two_contacts`.
                assert!(full.is_some(), "{channel} at {at}: no cap is full");
            }
        }
    }
}

// 6. Content.

fn carries_what_it_owes(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let number = |id: &str| id.strip_prefix("item-").unwrap().parse::<usize>().unwrap();
    let named = match action.act() {
        Act::Touch(step) => {
            let (sequence, nth) = step.path().as_str().split_once('/').unwrap();
            let sequence: usize = sequence.strip_prefix("seq-").unwrap().parse().unwrap();
            let nth: usize = nth.strip_prefix('s').unwrap().parse().unwrap();
            case.model.gives(&case.model.sequences[sequence].steps[nth])
        }
        Act::Revive => Some(Vec::new()),
        _ => None,
    };
    let Some(named) = named else {
        assert_eq!(action.item(), None, "{} owes nothing", action.act());
        return;
    };
    let item = action.item().unwrap_or_else(|| panic!("{} at {at} gives nothing", action.act()));
    let nth = number(item.id().as_str());
    let model = &case.model.items[nth];
    assert!(named.is_empty() || named.contains(&nth), "{item:?} is not of the step");
    assert!(model.topics.is_empty() || model.topics.iter().any(|topic| case.who.interests.contains(topic)));
    assert!(model.fits(action.channel()), "{item:?} does not fit {}", action.channel());
    let epoch = case.model.epoch;
    let from = model.from.map_or(Instant::MIN, |from| instant(epoch + from, 0));
    // See `Model::item_draft` for the edges of time.
    let until = model.until.map(|until| instant(epoch + until, 0)).filter(|until| from < *until);
    assert!(from <= at && until.is_none_or(|until| at < until), "{item:?} is not current at {at}");
    let given = log.iter().any(
        |event| matches!(&event.kind, EventKind::Touched { item: Some(given), .. } if given == item.id()),
    );
    assert!(!given, "{item:?} was given before");
}

// 7. Persistence and termination.

/// How many contacts a seller can make before everything has to rest, whatever the world did.
///
/// Each event that asks for an answer is answered once, each promise kept or recalled once. Each event that can
/// begin an enrolment begins one, and an enrolment has its steps, its requests and its revivals. An attempt that
/// fails is made again, so often on each channel. `None` where the playbook says that a pursuit goes on and on.
fn bound(case: &Case, world: &[Event]) -> Option<usize> {
    let steps = |first| {
        let passes = passes(case, first, MOST_PASSES);
        let steps = passes.iter().map(|nth| case.model.sequences[*nth].steps.len());
        (passes.len() < MOST_PASSES).then(|| steps.sum::<usize>())
    };
    let steps: Option<Vec<usize>> = (0..case.model.sequences.len()).map(steps).collect();
    let steps = steps?.into_iter().max().unwrap_or(0);
    let asks = usize::from(case.model.ask.at_most.unwrap_or(2));
    let revivals = case.model.revive.as_ref().map_or(0, |revive| usize::from(revive.at_most.unwrap_or(1)));
    let of = |words: &[&str]| world.iter().filter(|event| words.contains(&event.kind.word())).count();
    let answers = of(&["inquired", "replied", "met", "problem-reported", "promised"]);
    let enrolments = of(&common::BEGINS);
    Some(answers + enrolments * (steps + asks + revivals))
}

/// More than any pursuit has that ends: at most three sequences, each gone on with at most three times.
const MOST_PASSES: usize = 20;

/// The sequences through which an enrolment goes that begins with that one, as far as to so many.
fn passes(case: &Case, first: usize, most: usize) -> Vec<usize> {
    let mut passes = vec![first];
    while let Some(ThenModel { sequence, at_most, .. }) = case.model.then(*passes.last().unwrap()) {
        let finished = passes.iter().filter(|nth| Some(*nth) == passes.last()).count();
        if passes.len() == most || at_most.is_some_and(|most| finished > usize::from(most)) {
            break;
        }
        passes.push(sequence);
    }
    passes
}

/// A step that comes again comes after the pause that the playbook declares, unless somebody took one by hand.
fn recurs_by_declaration(case: &Case, run: &Run<'_>) {
    let mut last: BTreeMap<(EventId, String), Instant> = BTreeMap::new();
    for Contact { at, action, .. } in &run.contacts {
        if !matches!(action.act(), Act::Touch(_)) {
            continue;
        }
        let step = (action.cause(), action.act().to_string());
        let by_hand =
            |event: &Event| event.id.0 < OWN_IDS && matches!(event.kind.word(), "touched" | "skipped");
        if let Some(before) = last.insert(step, *at)
            && !run.log.iter().any(|event| (before..=*at).contains(&event.at) && by_hand(event))
        {
            let pauses = (0..case.model.sequences.len()).filter_map(|nth| case.model.then(nth));
            let ends = pauses.map(|then| oracle::ends(case, before, then.after)).collect::<Vec<_>>();
            // Business days of a later start can end earlier, by a day at most.
            let earliest = ends.iter().filter_map(|ends| ends.iter().flatten().max()).min().unwrap();
            assert!(
                at.unix_seconds() + DAY >= earliest.unix_seconds(),
                "{} at {before} and {at}",
                action.act()
            );
            assert!(*at > before, "{} twice at {at}", action.act());
        }
    }
}

fn ends_within_bound(case: &Case) {
    let world = world(case);
    let Some(most) = bound(case, &world) else {
        recurs_by_declaration(case, &run(case, &world, 60, |_| false));
        return;
    };
    let run = run(case, &world, 2 * most + 2, |_| false);
    recurs_by_declaration(case, &run);
    assert!(run.end.is_some(), "it goes on after {} contacts", run.contacts.len());
    assert!(run.contacts.len() <= most, "{} contacts, {most} at most", run.contacts.len());
    // One enrolment takes each step once in each pass, and asks and revives no more often than the playbook says.
    let times = |act: &str| {
        let nth: usize = act.split_once('/').map_or(0, |(sequence, _)| sequence[4..].parse().unwrap());
        let firsts = 0..case.model.sequences.len();
        let of_it =
            firsts.map(|first| passes(case, first, MOST_PASSES).iter().filter(|pass| **pass == nth).count());
        of_it.max().unwrap_or(1)
    };
    let mut made: BTreeMap<(EventId, String), usize> = BTreeMap::new();
    for contact in &run.contacts {
        *made.entry((contact.action.cause(), contact.action.act().to_string())).or_default() += 1;
    }
    for ((cause, act), made) in made {
        let allowed = match act.as_str() {
            "ask-permission" => usize::from(case.model.ask.at_most.unwrap_or(2)),
            "revive" => {
                case.model.revive.as_ref().map_or(0, |revive| usize::from(revive.at_most.unwrap_or(1)))
            }
            act if act.contains('/') => times(act),
            _ => 1,
        };
        assert!(made <= allowed, "{act} for event {cause}: {made} times, {allowed} at most");
    }
    // With every attempt in vain it ends too, or waits for a person.
    let attempts = case.model.retry.map_or(3, |(_, attempts)| usize::from(attempts));
    let most = most * attempts * Channel::ALL.len();
    let run = self::run(case, &world, 2 * most + 2, |_| true);
    assert!(run.end.is_some() && run.attempts.len() <= most, "it goes on after {}", run.attempts.len());
}

/// The sign that a step asks about, judged by the log alone.
fn its_condition_holds(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let Act::Touch(step) = action.act() else { return };
    let (sequence, nth) = step.path().as_str().split_once('/').unwrap();
    let sequence: usize = sequence[4..].parse().unwrap();
    let nth: usize = nth[1..].parse().unwrap();
    let Some(condition) = case.model.sequences[sequence].steps[nth].condition else { return };
    let began = log.iter().position(|event| event.id == action.cause()).unwrap();
    let since = &log[began..contact.before];
    // What really happened last: a step, a contact that no step asked for, a conversation, a meeting that was missed.
    let is_step = |act: &str| act.contains('/');
    let happened = |event: &&Event| match &event.kind {
        EventKind::Touched { act, cause, .. } => {
            let is_of_it = cause.is_none_or(|cause| cause == action.cause());
            is_of_it && act.as_ref().is_none_or(|act| is_step(act.as_str()))
        }
        EventKind::Skipped { .. } | EventKind::Met { .. } | EventKind::NoShow => true,
        _ => event.id == action.cause(),
    };
    let last = since.iter().rfind(happened).unwrap().at;
    let deadline = condition.within.map(|within| {
        let ends = oracle::ends(case, last, within);
        ends.into_iter().map(|end| end.unwrap_or(Instant::MAX)).max().unwrap()
    });
    let is_sign = |event: &&Event| event.kind == EventKind::Engaged { how: condition.sign };
    let sign = since.iter().find(is_sign).map(|event| event.at);
    let has_come = sign.is_some_and(|sign| deadline.is_none_or(|deadline| sign < deadline));
    assert_eq!(has_come, condition.is_wanted, "{} at {at}: {condition:?}, {sign:?}", action.act());
    if !has_come {
        assert!(deadline.is_none_or(|deadline| at >= deadline), "{} at {at}: too early", action.act());
    }
}

/// Cases in which nothing but silence could end the pursuit: content enough, permission that lasts, hours that
/// meet, a channel that works.
fn silent_cases() -> impl Strategy<Value = Case> {
    (cases(1), 0..6_usize).prop_map(|(mut case, how)| {
        let model = &mut case.model;
        for permission in &mut model.permission {
            permission.default = Some(vec![Ground::NotRefused]);
            permission.on.clear();
        }
        for hours in &mut model.hours {
            (hours.frame, hours.week) = ("seller", vec![("daily", vec![(600, 720), (1320, 1500)])]);
        }
        for item in &mut model.items {
            item.topics.clear();
        }
        let all = |nth: usize| ItemModel {
            format: common::FORMATS[nth % 3],
            rung: u8::try_from(nth).unwrap(),
            topics: Vec::new(),
            channels: Vec::new(),
            from: None,
            until: None,
        };
        model.items = (0..90).map(all).collect();
        // A step that names its items can find them given already.
        for step in model.sequences.iter_mut().flat_map(|sequence| &mut sequence.steps) {
            step.gives = step.gives.as_ref().map(|_| Vec::new());
        }
        model.epoch = model.epoch.min(4_000_000_000);
        case.who.channels = common::CHANNELS.to_vec();
        let kind = match how {
            0 => EventKind::Added,
            1 => EventKind::Inquired { via: Source::Form, channel: None },
            2 => EventKind::Met { channel: Channel::Phone },
            3 => EventKind::Purchased,
            4 => EventKind::NoShow,
            _ => EventKind::Enrolled { sequence: "seq-0".parse().unwrap() },
        };
        case.events = vec![Event::new(1, instant(model.epoch, 0), kind)];
        case.playbook = case.model.build();
        case.prospect = case.who.build();
        case
    })
}

fn silence_ends_nothing(case: &Case) {
    let trigger = Trigger::ALL.iter().find(|trigger| trigger.as_str() == case.events[0].kind.word());
    let begun = match trigger {
        None => Some(0),
        Some(trigger) => case.model.sequences.iter().position(|one| one.starts_on.contains(trigger)),
    };
    let run = run(case, &case.events, 80, |_| false);
    let Some(begun) = begun else {
        assert!(matches!(run.end, Some(Verdict::Rest(Rest::NoSequence(_)))), "{:?}", run.end);
        return;
    };
    let done: Vec<String> = run
        .contacts
        .iter()
        .filter(|contact| matches!(contact.action.act(), Act::Touch(_)))
        .map(|contact| contact.action.act().to_string())
        .collect();
    // They show no sign of interest.
    let taken =
        |nth: &usize| case.model.sequences[*nth].steps[..].iter().map(|step| step.condition).enumerate();
    let is_taken = |condition: Option<ConditionModel>| condition.is_none_or(|condition| !condition.is_wanted);
    let planned: Vec<String> = passes(case, begun, 100)
        .iter()
        .flat_map(|sequence| {
            let steps = taken(sequence).filter(|(_, condition)| is_taken(*condition));
            steps.map(move |(nth, _)| format!("seq-{sequence}/s{nth}"))
        })
        .collect();
    if planned.len() > done.len() {
        assert_eq!(planned[..done.len()], done);
        assert!(run.end.is_none() && done.len() > 10, "{} steps, then {:?}", done.len(), run.end);
        return;
    }
    assert_eq!(done, planned);
    assert_eq!(run.end, Some(Verdict::Rest(Rest::Finished)));
    let revivals = run.contacts.iter().filter(|contact| contact.action.act() == Act::Revive).count();
    // A buyer who was looked after is not brought back.
    let revive = case.model.revive.as_ref().filter(|_| case.model.sequences[begun].purpose != Purpose::Care);
    let wanted = revive.map_or(0, |revive| usize::from(revive.at_most.unwrap_or(1)));
    assert_eq!(revivals, wanted);
}

// 8. Plans.

fn plan_is_decisions(case: &Case) {
    let mut history = case.history();
    let mut now = case.now;
    let first = history.standing().clone();
    let decision = case.playbook.decide(&case.prospect, &first, now);
    let plan = case.playbook.plan(&case.prospect, &first, now, Assumption::Silence, 6);
    assert_eq!(plan.entries().first().map(|entry| (entry.at, entry.action)), due(&decision));
    let mut id = 10_000;
    for entry in plan.entries() {
        let standing = history.standing().clone();
        let decision = case.playbook.decide(&case.prospect, &standing, now);
        assert_eq!(due(&decision), Some((entry.at, entry.action)));
        now = entry.at;
        id += 1;
        history.record(entry.action.touched(id, now)).unwrap();
    }
    let decision = case.playbook.decide(&case.prospect, history.standing(), now);
    match plan.end() {
        Some(end) => assert_eq!(decision.verdict(), end),
        None => assert_eq!(plan.entries().len(), 6),
    }
}

fn due<'a>(decision: &Decision<'a>) -> Option<(Instant, Action<'a>)> {
    decision.due().zip(decision.action().copied())
}

// 14. Keys.

fn keys_are_unique(case: &Case) {
    let run = mixed_run(case);
    let mut seen = BTreeSet::new();
    for (key, _) in &run.attempts {
        assert!(seen.insert(key), "{key} stands for two attempts: {:?}", run.attempts);
    }
    // The same question has the same key, asked again and asked later.
    let standing = run.history.standing();
    let decision = case.playbook.decide(&case.prospect, standing, case.now);
    if let Some((until, action)) = due(&decision) {
        assert!(!seen.contains(&action.key().to_string()));
        let later = case.playbook.decide(&case.prospect, standing, until);
        assert_eq!(later.action().map(Action::key), Some(action.key()));
        let again = case.playbook.decide(&case.prospect, standing, case.now);
        assert_eq!(again.action().map(Action::key), Some(action.key()));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn law_10_stricter_is_never_earlier(case in cases(10), how in 0..9_usize) {
        stricter_is_never_earlier(&case, how);
    }

    #[test]
    fn law_11_whatever_can_be_read_is_answered_in_bounded_time(
        case in cases(10),
        mutations in prop::collection::vec((any::<u32>(), any::<u32>(), 0..12_usize), 0..5),
    ) {
        everything_is_answered(&case, &mutations);
    }

    #[test]
    fn law_12_what_is_written_is_read_back_the_same(case in cases(10)) {
        serde_round_trips(&case);
    }
}

// 10. Stricter.

/// The case made stricter in one way; `None` where there is nothing to take away.
fn stricter(case: &Case, how: usize) -> Option<Case> {
    let mut case = case.clone();
    let (a, b) = (usize::from(case.lots[0]), usize::from(case.lots[1]));
    let day = (case.now.unix_seconds() - case.model.epoch).div_euclid(DAY);
    let model = &mut case.model;
    match how {
        0 => {
            let days = model.holidays.first_mut()?;
            let days_ahead = i64::try_from(b % 4).unwrap();
            days.extend((day..=day + days_ahead).filter(|day| (-30..400).contains(day)));
            let nth = a % model.hours.len().max(1);
            let rule = model.hours.get_mut(nth)?;
            rule.closed.push(0);
        }
        1 => model.caps.push(CapModel {
            id: "added".to_string(),
            at_most: 1 + u16::try_from(a % 2).unwrap(),
            per: [Delay::hours(30), Delay::days(3), Delay::weeks(1), Delay::months(1)][b % 4],
            channels: Vec::new(),
            applies_to: AppliesTo::ALL[a / 2 % 2],
        }),
        2 => {
            let nth = a % model.hours.len().max(1);
            let (_, windows) = model.hours.get_mut(nth)?.week.first_mut()?;
            let (start, end) = windows.last_mut()?;
            // A window keeps some length: a rule that never opens is refused.
            let part = (*end - *start).checked_sub(15)?;
            if part == 0 {
                return None;
            }
            if b % 2 == 0 {
                *end = *start + part / 2 + 1;
            } else {
                *start += part / 2;
            }
            if *start >= 1440 {
                return None;
            }
        }
        3 => {
            let permission = &mut model.permission[a % 2];
            let on = permission.on.iter_mut().map(|(_, grounds)| grounds);
            let grounds = on.chain(&mut permission.default).find(|grounds| grounds.len() > 1)?;
            let gone = grounds[b % grounds.len()];
            grounds.retain(|ground| *ground != gone);
            if grounds.is_empty() {
                return None;
            }
        }
        4 => {
            let is_grant = |event: &Event| event.kind.word() == "granted";
            let gone = case.events.iter().rposition(is_grant)?;
            case.events.remove(gone);
        }
        5 => {
            if case.who.channels.is_empty() {
                return None;
            }
            let nth = a % case.who.channels.len();
            case.who.channels.remove(nth);
        }
        6 => {
            if model.gap.is_some() {
                return None;
            }
            model.gap = Some([Delay::hours(20), Delay::days(2), Delay::business_days(2)][a % 3]);
        }
        7 => {
            let mut rule = model.hours.first()?.clone();
            rule.id = "added".to_string();
            rule.frame = ["prospect", "seller", "Asia/Tokyo"][a % 3];
            rule.week = vec![("mon-fri", vec![(480, 720), (780, 1140)])];
            model.hours.push(rule);
        }
        _ => {
            let mut held = case.events.first()?.clone();
            held.id = EventId(9999);
            held.kind = EventKind::OptedOut {
                channels: common::CHANNELS[a % 4].into(),
                purposes: [Purpose::ALL[b % 3]].into_iter().collect(),
            };
            held.at = case.events.iter().map(|event| event.at).max()?;
            case.events.push(held);
        }
    }
    case.playbook = case.model.build();
    case.prospect = case.who.build();
    Some(case)
}

fn stricter_is_never_earlier(case: &Case, how: usize) {
    let Some(strict) = stricter(case, how) else { return };
    let (loose_history, strict_history) = (case.history(), strict.history());
    // Nothing is done before the last event, and a permission taken away may have been that.
    let last = loose_history.standing().last().map_or(Instant::MIN, |(_, at)| at);
    for now in case.others.iter().chain([&case.now]) {
        let now = (*now).max(last);
        let loose = case.playbook.decide(&case.prospect, loose_history.standing(), now);
        let tight = strict.playbook.decide(&strict.prospect, strict_history.standing(), now);
        let (Some((before, loosely)), Some((after, strictly))) = (due(&loose), due(&tight)) else { continue };
        // With less permission there can be more to ask for. And where no channel is left for a step, the next one
        // need not wait for what will never go out: another act may come earlier, the same one never.
        let is_another = strictly.act() != loosely.act() && matches!(strictly.act(), Act::Touch(_));
        let has_lost_a_channel =
            strict.who.channels != case.who.channels || strict.events.len() > case.events.len();
        let may_be_passed_over = is_another && has_lost_a_channel;
        if strictly.act() != Act::AskPermission && !may_be_passed_over {
            assert!(
                after >= before,
                "{} at {before} became {} at {after} by change {how}\n{strict:?}",
                loosely.act(),
                strictly.act()
            );
        }
    }
}

// 11. Totality.

/// Values at the edges of what can be read, for whatever stands in a file.
const EDGES: [&str; 12] = [
    "1970-01-01T00:00:00Z",
    "2200-12-31T23:59:59.999999999Z",
    "2026-03-29T01:30:00.5Z",
    "36525 days",
    "1200 months",
    "26085 business days",
    "0 minutes",
    "52596000 minutes",
    "Pacific/Apia",
    "Mars/Base",
    "00:00-24:00",
    "23:59-00:01",
];

/// Every place in a value, to be changed.
fn places<'v>(value: &'v mut Value, all: &mut Vec<&'v mut Value>) {
    match value {
        Value::Array(values) if values.is_empty() => {}
        Value::Array(values) => values.iter_mut().for_each(|value| places(value, all)),
        Value::Object(fields) => fields.values_mut().for_each(|value| places(value, all)),
        _ => all.push(value),
    }
}

/// The value with some of its numbers and texts replaced by extreme ones, if it can still be read.
fn mutated<T: serde::Serialize + serde::de::DeserializeOwned + Clone>(
    value: &T,
    mutations: &[(u32, u32, usize)],
    which: usize,
) -> T {
    let mut value = value.clone();
    for (place, by, _) in mutations.iter().filter(|(.., target)| target % 4 == which) {
        let mut written = serde_json::to_value(&value).unwrap();
        let mut all = Vec::new();
        places(&mut written, &mut all);
        if all.is_empty() {
            continue;
        }
        let nth = *place as usize % all.len();
        let other = *by as usize;
        match &mut *all[nth] {
            Value::String(text) => *text = EDGES[other % EDGES.len()].to_string(),
            Value::Bool(bool) => *bool = !*bool,
            number => *number = [0, 1, 2, 255, 65_535, u64::MAX - 1, u64::MAX][other % 7].into(),
        }
        if let Ok(read) = serde_json::from_value(written) {
            value = read;
        }
    }
    value
}

#[allow(clippy::disallowed_methods, reason = "the law is about the time that an answer takes")]
fn everything_is_answered(case: &Case, mutations: &[(u32, u32, usize)]) {
    let playbook = mutated(&case.playbook, mutations, 0);
    let prospect = mutated(&case.prospect, mutations, 1);
    let history = mutated(&case.history(), mutations, 2);
    let standing = mutated(history.standing(), mutations, 3);
    for now in case.others.iter().chain([&case.now, &Instant::MIN, &Instant::MAX]) {
        // A machine that is busy with something else is given another try.
        let is_fast = (0..4).any(|_| {
            let began = std::time::Instant::now();
            let decision = playbook.decide(&prospect, &standing, *now);
            let took = began.elapsed();
            assert!(decision.due().is_none_or(|due| due >= *now));
            took < Duration::from_millis(50)
        });
        assert!(is_fast, "a decision at {now} took 50 ms and more");
        let decision = playbook.decide(&prospect, &standing, *now);
        let explanation = decision.explanation();
        assert!(!explanation.to_string().is_empty() && !explanation.codes().is_empty());
        for assumption in Assumption::ALL {
            let plan = playbook.plan(&prospect, &standing, *now, *assumption, 12);
            assert!(!plan.to_string().is_empty() && plan.entries().len() <= 12);
        }
        for gate in Gate::ALL {
            let _ = decision.earliest(*gate, Channel::Email, case.now);
        }
    }
}

// 12. Files.

fn there_and_back<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let json = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&json).unwrap();
    assert_eq!(read, *value);
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    // A TOML file is a table.
    let table = BTreeMap::from([("it", value)]);
    let text = toml::to_string(&table).unwrap();
    let mut read: BTreeMap<String, T> = toml::from_str(&text).unwrap();
    assert_eq!(read.remove("it").as_ref(), Some(value));
}

fn serde_round_trips(case: &Case) {
    there_and_back(&case.playbook);
    there_and_back(&case.prospect);
    let history = case.history();
    there_and_back(&history);
    for event in &case.events {
        there_and_back(event);
    }
    let standing = history.standing();
    let stored = serde_json::to_string(standing).unwrap();
    assert_eq!(serde_json::from_str::<Standing>(&stored).unwrap(), *standing);
    // What was read decides as what was written.
    let playbook: Playbook = toml::from_str(&toml::to_string(&case.playbook).unwrap()).unwrap();
    let read = playbook.decide(&case.prospect, standing, case.now);
    assert_eq!(format!("{:?}", read.verdict()), decide(case, &history, case.now));
    // Another kind of event is refused, wherever it stands: it could be an opt-out.
    let mut written = serde_json::to_value(&history).unwrap();
    if let Some(events) = written.as_array_mut().filter(|events| !events.is_empty()) {
        let nth = usize::from(case.lots[0]) % events.len();
        events[nth]["event"] = "opted-in-out".into();
        let error = serde_json::from_value::<History>(written).unwrap_err().to_string();
        assert!(error.contains("\"opted-in-out\" is no kind of event"), "{error}");
    }
    // So is a snapshot of another schema.
    let mut written = serde_json::to_value(standing).unwrap();
    let schema = written["schema"].as_u64().unwrap();
    written["schema"] = (schema + 1 + u64::from(case.lots[0])).into();
    let error = serde_json::from_value::<Standing>(written).unwrap_err().to_string();
    assert!(error.contains("fold the standing again from the log"), "{error}");
}

// What the laws found, each as a plain case.

/// What is passed over takes its time from when it could have been done, not from when it fell due.
#[test]
fn found_a_pause_begins_no_earlier_than_the_last_contact() {
    let second = StepDraft::new("b").from(Anchor::Start).on([Channel::Email]).only_if(Engagement::Opened);
    let playbook = strict_draft()
        .default_permission(Purpose::FollowUp, [Ground::NotRefused])
        .sequence(
            SequenceDraft::new("round")
                .step(StepDraft::new("a").on([Channel::Email]).without_item())
                .step(second.without_item())
                .then(ThenDraft::new("round", Delay::hours(1))),
        )
        .build()
        .unwrap();
    let events = fold(log(&[
        ("2026-06-01T08:00:00Z", EventKind::Enrolled { sequence: "round".parse().unwrap() }),
        ("2026-06-01T12:00:00Z", touched("round/a", 1)),
    ]));
    let prospect = ada();
    let decision = playbook.decide(&prospect, events.standing(), at("2026-06-01T12:00:00Z"));
    assert_eq!(decision.due(), Some(at("2026-06-01T13:00:00Z")), "{}", decision.explanation());
}

#[test]
fn found_what_goes_on_and_on_ends_with_the_years() {
    let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Met)
                .step(StepDraft::new("mail").on([Channel::Email]).without_item())
                .then(ThenDraft::new("inbound", Delay::days(10))),
        )
        .build()
        .unwrap();
    let met = fold(log(&[("2200-12-12T16:00:00Z", EventKind::Met { channel: Channel::Email })]));
    let (prospect, now) = (ada(), at("2200-12-12T16:00:00Z"));
    let plan = playbook.plan(&prospect, met.standing(), now, Assumption::Silence, 20);
    let days: Vec<String> =
        plan.entries().iter().map(|entry| format!("{} {}", entry.at, entry.action.act())).collect();
    let mails = ["2200-12-12T16:00:00Z inbound/mail", "2200-12-22T16:00:00Z inbound/mail"];
    assert_eq!(days, [&["2200-12-12T16:00:00Z recap"][..], &mails].concat());
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// One step by e-mail on the spot, which needs an express permission.
fn strict_draft() -> PlaybookDraft {
    PlaybookDraft::new("Boilers", "Europe/Berlin")
        .default_permission(Purpose::FollowUp, [Ground::Granted(Basis::Express)])
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Inquired)
                .step(StepDraft::new("mail").on([Channel::Email]).without_item()),
        )
}

fn ada() -> Prospect {
    Prospect::new("ada".parse().unwrap())
        .in_zone("Europe/Berlin".parse().unwrap())
        .reachable_by([Channel::Email, Channel::Phone])
}

fn log(entries: &[(&str, EventKind)]) -> Vec<Event> {
    entries.iter().zip(1..).map(|((time, kind), id)| Event::new(id, at(time), kind.clone())).collect()
}

fn inquired() -> EventKind {
    EventKind::Inquired { via: Source::Form, channel: None }
}

fn touched(act: &str, cause: u64) -> EventKind {
    EventKind::Touched {
        channel: Channel::Email,
        act: Some(act.parse().unwrap()),
        cause: Some(EventId(cause)),
        item: None,
    }
}

#[track_caller]
fn assert_cited_events_suffice(playbook: &Playbook, events: &[Event], now: &str) {
    let (prospect, history) = (ada(), fold(events.to_vec()));
    let decision = playbook.decide(&prospect, history.standing(), at(now));
    let explanation = decision.explanation();
    let cited = fold(events.iter().filter(|event| explanation.events().contains(&event.id)).cloned());
    let replayed = playbook.decide(&prospect, cited.standing(), at(now));
    assert_eq!(replayed.verdict(), decision.verdict(), "cited {:?}", explanation.events());
}

#[test]
fn found_asking_rests_on_an_inquiry_that_an_enrolment_by_hand_has_replaced() {
    let events = log(&[
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-01T08:05:00Z", touched("respond", 1)),
        ("2026-06-02T08:00:00Z", EventKind::Enrolled { sequence: "inbound".parse().unwrap() }),
    ]);
    assert_cited_events_suffice(&strict_draft().build().unwrap(), &events, "2026-06-03T08:00:00Z");
}

#[test]
fn found_a_reminder_rests_on_why_nobody_asks() {
    let events = log(&[
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-01T08:05:00Z", touched("respond", 1)),
        ("2026-06-01T08:10:00Z", touched("inbound/mail", 1)),
        ("2026-06-01T08:10:00Z", EventKind::Promised { by: Party::Them, due: at("2026-06-02T08:00:00Z") }),
    ]);
    let draft = strict_draft().default_permission(Purpose::FollowUp, [Ground::Inquiry]);
    let playbook = draft.implied(Delay::weeks(2), Delay::weeks(2), Delay::weeks(2)).build().unwrap();
    // What the inquiry implied is over, and the sequence is finished: nobody asks.
    assert_cited_events_suffice(&playbook, &events, "2026-06-20T08:00:00Z");
}

#[test]
fn found_a_conversation_that_settles_an_inquiry_has_a_recap_of_its_own() {
    let events = log(&[
        ("2026-06-01T08:00:00Z", EventKind::Promised { by: Party::Them, due: at("2026-06-05T08:00:00Z") }),
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-02T08:00:00Z", EventKind::Met { channel: Channel::Phone }),
        ("2026-06-02T09:00:00Z", touched("recap", 3)),
    ]);
    let playbook = strict_draft().permission(Purpose::FollowUp, Channel::Phone, [Ground::Inquiry]);
    assert_cited_events_suffice(&playbook.build().unwrap(), &events, "2026-06-06T08:00:00Z");
}

/// Friday at six in the evening, and an hour into Saturday: two business days later is Tuesday at six in the evening,
/// and an hour into Tuesday.
#[test]
fn found_of_two_contacts_the_earlier_can_hold_a_window_open_for_longer() {
    let by_hand = EventKind::Touched { channel: Channel::Phone, act: None, cause: None, item: None };
    let solve = touched("solve", 77);
    let events = log(&[
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-05T16:00:00Z", by_hand),
        ("2026-06-05T23:00:00Z", solve),
        ("2026-06-05T23:30:00Z", EventKind::Enrolled { sequence: "inbound".parse().unwrap() }),
    ]);
    let cap = RuleDraft::new("all").cap(CapDraft::new(1, Delay::business_days(2))).applies_to(AppliesTo::All);
    let draft = strict_draft().default_permission(Purpose::FollowUp, [Ground::NotRefused]);
    let gap = draft.clone().limits(LimitsDraft::new().gap(Delay::business_days(2)));
    for draft in [gap, draft.rule(cap)] {
        let playbook = draft.build().unwrap();
        let (prospect, history) = (ada(), fold(events.clone()));
        let decision = playbook.decide(&prospect, history.standing(), at("2026-06-06T08:00:00Z"));
        assert_eq!(decision.due(), Some(at("2026-06-09T16:00:00Z")), "{}", decision.explanation());
        assert_cited_events_suffice(&playbook, &events, "2026-06-06T08:00:00Z");
    }
}

#[test]
fn found_what_they_wrote_between_two_opt_outs_is_no_leave_to_answer() {
    let opted_out = EventKind::OptedOut { channels: Channels::ALL, purposes: Purposes::ALL };
    let events = log(&[
        ("2026-06-01T08:00:00Z", opted_out.clone()),
        ("2026-06-02T08:00:00Z", EventKind::Replied { channel: Channel::Email }),
        ("2026-06-02T08:01:00Z", opted_out),
    ]);
    let (playbook, prospect) = (strict_draft().build().unwrap(), ada());
    let decide = |events: &[Event]| {
        let history = fold(events.to_vec());
        let decision = playbook.decide(&prospect, history.standing(), at("2026-06-02T09:00:00Z"));
        (decision.due().is_some(), decision.verdict().word())
    };
    assert_eq!(decide(&events[..2]), (true, "act"));
    assert_eq!(decide(&events), (false, "rest"));
}
