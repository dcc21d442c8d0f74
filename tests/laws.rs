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

use common::question::{due, fold, nanos_later};
use common::rules::{HoursModel, ShortModel, bare_registry};
use common::{
    BlackoutModel, CapModel, Case, ConditionModel, DAY, ItemModel, PartModel, PermissionModel, RuleModel,
    SpanModel, ThenModel, cases, cases_of_consent, got_through, instant, oracle,
};
use followup::{
    Act, Action, Active, Among, Anchor, AppliesTo, Assumption, Basis, Blocker, CapDraft, Channel, Channels,
    Counts, Delay, Duty, DutyDraft, Engagement, Event, EventId, EventKind, Executor, Explanation, Gate,
    Ground, History, HoldReason, HolidaysDraft, HoursDraft, Instant, LimitsDraft, Need, Outcome, Party,
    Playbook, PlaybookDraft, Proposal, Prospect, Purpose, Purposes, Reason, Rest, RuleDraft, SequenceDraft,
    Sign, Since, Source, Standing, StepDraft, Suppression, ThenDraft, Trigger, Verdict,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

fn config() -> ProptestConfig {
    common::config(2000)
}

fn decide(case: &Case, history: &History, now: Instant) -> String {
    format!("{:?}", case.playbook.decide(&case.prospect, history.standing(), now).verdict())
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

// The generators.

#[test]
fn the_generators_reach_every_kind_of_case() {
    let mut runner =
        TestRunner::new_with_rng(ProptestConfig::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = cases(10);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut note = |what: String| *seen.entry(what).or_default() += 1;
    for _ in 0..24_000 {
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
                act @ Act::Duty(_) => format!("act {act}"),
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
        note(format!("regions {}", case.who.regions.len()));
        note(format!("as {:?}", case.who.recipient));
        note(format!(
            "contact rules {:?}",
            case.model.contact_rules.as_ref().map(|(_, elsewhere)| elsewhere)
        ));
        note_rules(&case, &mut note);
    }
    let mut wanted: Vec<String> = EventKind::WORDS.iter().map(|word| format!("event {word}")).collect();
    wanted.extend(Gate::ALL.iter().flat_map(|gate| [true, false].map(|is| format!("blocker {gate} {is}"))));
    // Where the region is not known nothing else is looked at.
    wanted.retain(|what| what != "blocker region false");
    let acts = "confirm-opt-out respond solve recap keep-promise confirm-meeting ask-permission remind touch";
    wanted.extend(acts.split(' ').map(|act| format!("act {act}")));
    let needs = "content zone channel region holidays screening delivery sequence touches";
    wanted.extend(needs.split(' ').map(|need| format!("need {need}")));
    let rests = "unstarted declined disqualified unenrolled no-sequence-added no-sequence-inquired no-sequence-met \
                 no-sequence-purchased no-sequence-no-show no-sequence-introduced referred reached-clicked finished unsubscribed denied opted-out suppressed reach permission \
                 registry hold hours";
    wanted.extend(rests.split_whitespace().map(|rest| format!("rest {rest}")));
    for other in
        "act,wait,item true,item false,late true,in order true,in order false,ties true,retractions matter \
                  true,zones 0,zones 1,zones 2,zones 3,regions 0,regions 1,regions 2,as None,as Some(Consumer),\
                  as Some(Business),contact rules Some(Need),contact rules Some(Strictest),contact rules \
                  Some(Allow),hours,short day,eve,known,blackout,cap Contacts Prospect,cap Contacts Account,\
                  cap Attempts Prospect,cap Conversations Prospect,per Clock,per Calendar,per Full,pause Met,\
                  pause Refused,pause Annoyed,pause Purchased,requires,requires for asking,registry,opt-out,\
                  unless,terms,valid,two parts,growing gap,confirms,asking,granted for a term,\
                  patience,paused,paused twice,misread return date"
            .split(',')
    {
        wanted.push(other.to_string());
    }
    let missing: Vec<&String> =
        wanted.iter().filter(|what| seen.get(*what).copied().unwrap_or(0) < 3).collect();
    assert!(missing.is_empty(), "too rare: {missing:?}\n{seen:#?}");
}

fn note_rules(case: &Case, note: &mut impl FnMut(String)) {
    let model = &case.model;
    let mut note_if = |is: bool, what: &str| {
        if is {
            note(what.to_string());
        }
    };
    let rules = &model.rules;
    let hours: Vec<&HoursModel> = rules.iter().filter_map(RuleModel::hours).collect();
    let is_short = |are_eves: bool| {
        hours.iter().flat_map(|hours| &hours.short).any(|short| {
            short.are_eves == are_eves && model.holidays.get(short.set).is_some_and(|days| !days.is_empty())
        })
    };
    note_if(!hours.is_empty(), "hours");
    note_if(is_short(false), "short day");
    note_if(is_short(true), "eve");
    note_if(model.known.iter().zip(&model.holidays).any(|(known, _)| known.is_some()), "known");
    note_if(!model.blackouts.is_empty(), "blackout");
    note_if(rules.iter().any(|rule| rule.requires(false).is_some()), "requires");
    note_if(rules.iter().any(|rule| rule.requires(true).is_some()), "requires for asking");
    note_if(rules.iter().any(|rule| rule.registry().is_some()), "registry");
    note_if(rules.iter().any(RuleModel::is_opt_out), "opt-out");
    note_if(rules.iter().any(|rule| !rule.unless.is_empty()), "unless");
    note_if(rules.iter().any(|rule| !rule.terms.is_empty()), "terms");
    note_if(rules.iter().any(|rule| rule.valid != (None, None)), "valid");
    note_if(rules.iter().any(|rule| rule.parts.len() > 1), "two parts");
    note_if(model.gaps.len() > 1, "growing gap");
    note_if(model.confirm.is_some(), "confirms");
    note_if(model.asking.default.is_some(), "asking");
    let mut steps = model.sequences.iter().flat_map(|sequence| &sequence.steps);
    note_if(steps.any(|step| step.patience.is_some() && step.channels.len() > 1), "patience");
    let paused = pauses(&kept(&case.history()));
    note_if(!paused.is_empty(), "paused");
    note_if(paused.len() > 1, "paused twice");
    let is_misread = |event: &Event| {
        matches!(event.kind, EventKind::AutoReplied { back: Some(back) }
            if back <= event.at || back.since(event.at) > Duration::from_secs(100 * 86_400))
    };
    note_if(case.events.iter().any(is_misread), "misread return date");
    let has_term = |event: &Event| matches!(event.kind, EventKind::Granted { term: Some(_), .. });
    note_if(case.events.iter().any(has_term), "granted for a term");
    for cap in rules.iter().filter_map(RuleModel::cap) {
        note(format!("cap {:?} {:?}", cap.counts, cap.among));
        note(format!("per {:?}", cap.per.count));
    }
    for (after, _) in rules.iter().filter_map(RuleModel::pause) {
        note(format!("pause {after:?}"));
    }
}

#[test]
fn the_runs_reach_every_act_under_every_condition() {
    let mut runner =
        TestRunner::new_with_rng(ProptestConfig::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = cases(10);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut note = |what: String| *seen.entry(what).or_default() += 1;
    for nth in 0..12_000 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        let run = mixed_run(&case);
        let mut taken = Vec::new();
        for contact in &run.contacts {
            let before = &run.log[..contact.before];
            let after = |words: &[&str]| before.iter().any(|event| words.contains(&event.kind.word()));
            let act = match contact.action.act() {
                Act::Touch(_) => "touch",
                act @ Act::Duty(_) => act.name(),
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
            if after(&["denied", "opted-out", "suppressed"]) {
                note(format!("{act} after a refusal"));
            }
            if after(&["declined", "disqualified"]) {
                note(format!("{act} after a no"));
            }
            let caps: Vec<&CapModel> = case.model.rules.iter().filter_map(RuleModel::cap).collect();
            let is_capped = caps.iter().any(|cap| contacts(before).len() >= cap.at_most.into());
            note(format!("capped {is_capped}"));
            note(format!("hours {}", case.model.rules.iter().any(|rule| rule.hours().is_some())));
        }
        note(format!("failed {}", run.attempts.iter().any(|(_, is_out)| !is_out)));
        let how = nth % CHANGES;
        if let Some(strict) = stricter(&case, how) {
            let (loose, tight) = (case.history(), strict.history());
            let loose = case.playbook.decide(&case.prospect, loose.standing(), case.now).due();
            let tight = strict.playbook.decide(&strict.prospect, tight.standing(), case.now).due();
            note(format!("change {how} {:?}", loose.zip(tight).map(|(loose, tight)| tight.cmp(&loose))));
        }
    }
    let acts = ["respond", "solve", "recap", "keep-promise", "ask-permission", "remind", "touch"];
    let mut wanted: Vec<String> = acts.iter().map(ToString::to_string).collect();
    wanted.push("confirm-opt-out after a refusal".to_string());
    wanted.extend(acts.iter().map(|act| format!("{act} after a refusal")));
    wanted.extend(acts.iter().map(|act| format!("{act} after a no")));
    wanted.extend(["item true", "capped true", "hours true", "failed true"].map(str::to_string));
    wanted.extend(["again true", "went on true"].map(str::to_string));
    let both = [true, false];
    wanted.extend(both.iter().flat_map(|is| both.map(|within| format!("condition {is} within {within}"))));
    wanted.extend((0..CHANGES).map(|how| format!("change {how} Some(Equal)")));
    wanted.extend(DELAYING.map(|how| format!("change {how} Some(Greater)")));
    let missing: Vec<&String> =
        wanted.iter().filter(|what| seen.get(*what).copied().unwrap_or(0) < 2).collect();
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
    fn law_01_what_a_host_keeps_gives_the_same_answers(case in cases(10)) {
        what_is_kept_says_the_same(&case);
    }

    #[test]
    fn law_02_the_answer_is_the_same_until_the_wake_up_and_then_it_is_the_action(case in cases(10)) {
        case.question().wake_up_is_exact();
    }

    #[test]
    fn law_03_the_cited_events_alone_lead_to_the_same_verdict(case in cases(10)) {
        case.question().cited_events_suffice();
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

/// Brought up to date event by event, in whatever order they arrive, stored and read back.
fn what_is_kept_says_the_same(case: &Case) {
    let (playbook, prospect) = (&case.playbook, &case.prospect);
    let mut history = History::new();
    let mut pursuits = playbook.pursuits(prospect, history.standing());
    for event in shuffled(&case.events, case.lots[0]) {
        history.record(event.clone()).unwrap();
        pursuits.record(playbook, prospect, history.standing(), &event);
        assert_eq!(pursuits, playbook.pursuits(prospect, history.standing()), "after {event:?}");
    }
    let stored = serde_json::to_string(&pursuits).unwrap();
    let read: followup::Pursuits = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, pursuits);
    let decision = playbook.decide(prospect, history.standing(), case.now);
    let from_kept = playbook.decide_from(prospect, history.standing(), &read, case.now);
    assert_eq!(
        (from_kept.verdict(), from_kept.needs(), from_kept.ask_again()),
        (decision.verdict(), decision.needs(), decision.ask_again())
    );
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
    // What is known already changes nothing, and what takes an event back is refused.
    if let [.., first, last] = kept.as_slice() {
        let known = restored.clone();
        assert_eq!(restored.apply(first), Ok(()));
        let retraction = Event::new(1000, last.at, EventKind::Retracted { event: first.id });
        assert!(restored.apply(&retraction).is_err());
        assert_eq!(restored, known);
    }
}

// 3. Explanations.

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
        let blockers = explanation.blockers().iter().filter(|blocker| blocker.gate == gate);
        let is_determining = blockers.clone().any(|blocker| blocker.is_determining);
        let behind: BTreeSet<EventId> = blockers
            .flat_map(|blocker| blocker.events.iter().copied())
            .filter(|id| {
                // What they wrote since is cited with a refusal, but it opens.
                let refuses = ["denied", "opted-out", "suppressed", "unsubscribed"];
                let is_refusal = |event: &Event| event.id == *id && refuses.contains(&event.kind.word());
                gate != Gate::Refusal || events.iter().any(is_refusal)
            })
            .collect();
        if behind.is_empty() {
            // A refusal ends implied permissions, too, so that without it more is another than the gate. And what they
            // said can permit as well as bar: without it another gate may decide.
            let means_more = gate == Gate::Refusal && events.len() < case.events.len();
            let is_shut = is_determining && SHUT_BY_EVENTS.contains(&gate) && !means_more;
            assert!(!is_shut, "{gate} decides, but no event is behind it");
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
        if rules.is_empty() {
            // What the playbook itself requires, or that nothing is known of its business days any more.
            let has_ended = gate == Gate::Hours && model.known[0].is_some();
            let is_its_own = has_ended || gate == Gate::Permission;
            // Or another rule keeps what would come before that, of which there is nothing to say any more.
            model.rules.clear();
            model.contact_rules = None;
            model.except.clear();
            let playbook = model.build();
            let freely = playbook.decide(&case.prospect, history.standing(), case.now);
            let is_another = format!("{:?}", freely.verdict()) != verdict;
            assert!(is_its_own || is_another, "{gate} decides, but no rule is behind it:\n{explanation}");
            return;
        }
        if rules.iter().all(|rule| *rule == "cool-down") {
            // No playbook is without one. What is behind it are events.
            return;
        }
        let is_left_out = rules.iter().any(|rule| model.except.iter().any(|id| id == rule));
        assert!(!is_left_out, "{rules:?} are left out, and yet cited");
        let is_own = |id: &str| model.rules.iter().any(|rule| rule.id == id) || id.starts_with("away-");
        let others = rules.iter().filter(|id| **id != "cool-down" && !is_own(id));
        let others: BTreeSet<String> = others.map(ToString::to_string).collect();
        model.except.extend(others);
        model.rules.retain(|rule| !rules.contains(&rule.id.as_str()));
        let mut nth = 0..;
        model.blackouts.retain(|_| !rules.contains(&format!("away-{}", nth.next().unwrap()).as_str()));
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
    fn law_04_nobody_is_contacted_without_permission_or_after_a_no(case in own_rules(cases_of_consent(12))) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            permitted(&case, contact, &got_through(&run.log[..contact.before]));
        }
    }

    #[test]
    fn law_05_no_contact_is_outside_the_hours_and_no_cap_is_exceeded(case in own_rules(cases(8))) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            within_hours_and_limits(&case, contact, &got_through(&run.log[..contact.before]));
        }
    }

    #[test]
    fn laws_04_and_05_the_gates_agree_with_the_oracles_at_every_edge(case in own_rules(cases_of_consent(10))) {
        gates_agree_with_oracles(&case);
    }

    #[test]
    fn law_05_hours_open_at_the_first_minute_at_which_all_of_them_do(case in own_rules(cases(4))) {
        hours_open_at_the_first_minute(&case);
    }

    #[test]
    fn law_06_no_item_is_given_twice_and_what_owes_one_has_one(case in cases(8)) {
        let run = mixed_run(&case);
        for contact in &run.contacts {
            carries_what_it_owes(&case, contact, &got_through(&run.log[..contact.before]));
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
    fn ranks_are_in_one_total_order(case in cases(10)) {
        ranks_are_in_one_order(&case);
    }

    #[test]
    fn a_step_with_patience_waits_for_the_first_choice(case in cases(10)) {
        for contact in &mixed_run(&case).contacts {
            the_first_choice_comes_first(&case, contact);
        }
    }

    #[test]
    fn law_07_silence_never_ends_a_pursuit_before_its_last_step(case in silent_cases()) {
        silence_ends_nothing(&case);
    }

    #[test]
    fn law_08_a_plan_is_the_decision_and_then_the_decisions_after_it(case in cases(8)) {
        case.question().plan_is_decisions();
    }

    #[test]
    fn law_14_a_key_is_stable_and_no_two_attempts_share_one(case in cases(8)) {
        keys_are_unique(&case);
    }
}

// 4. Permission, judged by the log alone.

/// The same without the rules that come with the library: no oracle knows them.
fn own_rules(cases: impl Strategy<Value = Case>) -> impl Strategy<Value = Case> {
    cases.prop_map(|mut case| {
        if case.model.contact_rules.take().is_some() {
            case.playbook = case.model.build();
        }
        case
    })
}

type When = (Instant, EventId);

/// What the log says of one purpose on one channel.
#[allow(clippy::struct_excessive_bools, reason = "what an oracle keeps of a log")]
#[derive(Default)]
struct Consent {
    denied: Option<When>,
    opted_out: Option<When>,
    suppressed: Option<When>,
    /// What was granted and has not been refused since.
    grants: Vec<GrantModel>,
    inquired: Option<Instant>,
    met: Option<Instant>,
    purchased: Option<Instant>,
    /// Whether they refused and have not come back since, but by a permission.
    refused_before: bool,
    ever_refused: bool,
    /// Whether they came to the seller, and no no has ended that.
    knows_us: bool,
    /// When they wrote last on this channel.
    wrote: Option<When>,
    /// Whether a no or a disqualification stands.
    is_over: bool,
    /// The same, or they were taken out, or sent the seller on.
    closed: bool,
    /// Whether that leaves care to go on.
    leaves_care: bool,
}

struct GrantModel {
    basis: Basis,
    at: Instant,
    until: Option<Instant>,
    term: Option<SpanModel>,
}

impl Consent {
    fn refusals(&self) -> impl Iterator<Item = When> {
        [self.denied, self.opted_out, self.suppressed].into_iter().flatten()
    }

    fn forgive(&mut self) {
        (self.denied, self.opted_out, self.suppressed) = (None, None, None);
    }
}

fn consent(log: &[Event], purpose: Purpose, channel: Channel) -> Consent {
    let mut consent = Consent::default();
    let mut declined = false;
    let mut unenrolled = false;
    let mut disqualified = false;
    let mut referred = false;
    let mut bought = false;
    for event in log {
        let mark = (event.at, event.id);
        match &event.kind {
            EventKind::Inquired { channel: on, .. } => {
                consent.denied = None;
                consent.inquired = Some(event.at);
                (consent.knows_us, consent.refused_before) = (true, false);
                if *on == Some(channel) {
                    consent.wrote = Some(mark);
                }
                (declined, disqualified, unenrolled, referred) = (false, false, false, false);
            }
            EventKind::Replied { channel: on } if *on == channel => consent.wrote = Some(mark),
            // What the seller notes after a no begins nothing.
            EventKind::Met { .. } if declined || disqualified => {}
            EventKind::Met { .. } => {
                consent.met = Some(event.at);
                (consent.knows_us, consent.refused_before) = (true, false);
            }
            EventKind::Purchased => {
                consent.denied = None;
                consent.purchased = Some(event.at);
                (consent.knows_us, consent.refused_before) = (true, false);
                (declined, disqualified, unenrolled, referred) = (false, false, false, false);
                bought = true;
            }
            EventKind::Granted { channels, purposes, basis, until, term, own_act } => {
                // Only a yes of theirs is an act of their own.
                let own_act =
                    &(*own_act && matches!(basis, Basis::Express | Basis::Written | Basis::DoubleOptIn));
                if channels.contains(channel) && purposes.contains(purpose) {
                    if *own_act {
                        consent.forgive();
                    }
                    if consent.refusals().next().is_none() {
                        let term = term.map(|term| term.to_string().parse().unwrap());
                        consent.grants.push(GrantModel { basis: *basis, at: event.at, until: *until, term });
                    }
                }
                if *own_act && purpose == Purpose::Answer && channels.contains(channel) {
                    consent.forgive();
                }
                declined &= !(*own_act && purposes.contains(Purpose::FollowUp));
            }
            EventKind::Denied { channels, purposes }
            | EventKind::OptedOut { channels, purposes }
            | EventKind::Suppressed { channels, purposes, .. }
                if channels.contains(channel) && purposes.contains(purpose) =>
            {
                consent.grants.clear();
                // What a relation implied is over for good, even if they take the refusal back.
                (consent.refused_before, consent.ever_refused) = (true, true);
                (consent.inquired, consent.met, consent.purchased) = (None, None, None);
                match event.kind {
                    EventKind::Denied { .. } => consent.denied = Some(mark),
                    EventKind::OptedOut { .. } => consent.opted_out = Some(mark),
                    _ => consent.suppressed = Some(mark),
                }
            }
            EventKind::Declined { .. } => {
                declined = true;
                (consent.knows_us, consent.refused_before) = (false, consent.ever_refused);
                // What was bought before goes on to imply care.
                let purchased = consent.purchased.filter(|_| purpose == Purpose::Care);
                (consent.inquired, consent.met, consent.purchased) = (None, None, purchased);
            }
            EventKind::Disqualified { .. } => {
                (disqualified, bought) = (true, false);
                (consent.knows_us, consent.refused_before) = (false, consent.ever_refused);
                (consent.inquired, consent.met, consent.purchased) = (None, None, None);
            }
            EventKind::Unenrolled => unenrolled = true,
            EventKind::Referred { .. } => referred = true,
            EventKind::Enrolled { .. } if !declined => {
                (unenrolled, disqualified, referred) = (false, false, false);
            }
            _ => {}
        }
    }
    consent.is_over = declined || disqualified;
    consent.closed = consent.is_over || unenrolled || referred;
    consent.leaves_care = declined && bought && !(disqualified || unenrolled || referred);
    consent
}

/// What the oracles are asked: may that be done there, after this log?
struct Asked<'a> {
    case: &'a Case,
    log: &'a [Event],
    purpose: Purpose,
    channel: Channel,
    by: Executor,
    is_answer: bool,
    /// The sequence and the step of a touch.
    step: Option<(usize, usize)>,
    is_asking: bool,
    consent: Consent,
    /// For lifting rules an answer counts as following up.
    given: Consent,
}

impl<'a> Asked<'a> {
    fn of(case: &'a Case, log: &'a [Event], action: &Action<'_>, channel: Channel) -> Self {
        let purpose = action.purpose();
        let grants = if purpose == Purpose::Answer { Purpose::FollowUp } else { purpose };
        Self {
            case,
            log,
            purpose,
            channel,
            by: action.by(),
            is_answer: is_answer(action.act().name()),
            step: match action.act() {
                Act::Touch(step) => position_of(step.path().as_str()),
                Act::Duty(_) => None,
            },
            is_asking: action.act() == Act::Duty(Duty::AskPermission),
            consent: consent(log, purpose, channel),
            given: consent(log, grants, channel),
        }
    }

    fn rules(&self) -> impl Iterator<Item = &'a RuleModel> {
        let (case, what) = (self.case, self.what());
        case.model.rules.iter().filter(move |rule| oracle::concerns(case, rule, what))
    }

    fn what(&self) -> oracle::What {
        (self.channel, self.by, self.is_answer, self.step)
    }

    /// When each of the grounds that are given ends; `None` for never.
    fn ends(&self, grounds: &[Ground], terms: &[(Ground, SpanModel)]) -> Vec<Option<Instant>> {
        let term = |ground: Ground| terms.iter().find(|(of, _)| *of == ground).map(|(_, span)| *span);
        // In whichever zone it ends first; a span that leads past the year 2200 in all of them does not end.
        let after = |since: Instant, span: SpanModel| {
            oracle::ends(self.case, since, span).into_iter().flatten().min()
        };
        let [inquiry, conversation, purchase] = self.case.model.implied;
        let mut ends = Vec::new();
        for ground in grounds {
            let relation = match ground {
                Ground::Granted(basis) => {
                    for grant in self.given.grants.iter().filter(|grant| grant.basis == *basis) {
                        let by_rule = term(*ground).filter(|_| grant.until.is_none());
                        let by_term = grant.term.or(by_rule).and_then(|span| after(grant.at, span));
                        ends.push(grant.until.into_iter().chain(by_term).min());
                    }
                    None
                }
                Ground::Inquiry => self.given.inquired.zip(Some(inquiry)),
                Ground::Conversation => self.given.met.zip(Some(conversation)),
                Ground::Purchase => self.given.purchased.zip(Some(purchase)),
                Ground::NotRefused if self.given.refused_before => {
                    // As long as the permission lasts by which they took it back.
                    for grant in &self.given.grants {
                        let of_rule = term(Ground::Granted(grant.basis)).filter(|_| grant.until.is_none());
                        let by_term = grant.term.or(of_rule).and_then(|span| after(grant.at, span));
                        ends.push(grant.until.into_iter().chain(by_term).min());
                    }
                    None
                }
                Ground::NotRefused => {
                    ends.push(None);
                    None
                }
            };
            ends.extend(
                relation.map(|(since, own)| after(since, term(*ground).unwrap_or_else(|| own.into()))),
            );
        }
        ends
    }

    fn is_given(&self, grounds: &[Ground], terms: &[(Ground, SpanModel)], at: Instant) -> bool {
        self.ends(grounds, terms).into_iter().any(|end| end.is_none_or(|end| at < end))
    }

    /// Whether a rule holds then, and nothing that they gave lifts it.
    fn binds(&self, rule: &RuleModel, at: Instant) -> bool {
        oracle::is_in_force(self.case, rule, at) && !self.is_given(&rule.unless, &rule.terms, at)
    }

    /// The hours that are closed.
    fn closed_by(&self, at: Instant) -> Option<String> {
        let is_lifted = |rule: &RuleModel| self.is_given(&rule.unless, &rule.terms, at);
        oracle::closed_by(self.case, self.what(), at, |rule| !is_lifted(rule))
    }

    /// What is required and not given.
    fn lacks(&self, at: Instant) -> Option<String> {
        if self.is_answer {
            return None;
        }
        let model = &self.case.model;
        let own = if self.is_asking {
            model.grounds_for_asking(self.channel)
        } else {
            model.grounds(self.purpose, self.channel)
        };
        if !self.is_given(&own, &[], at) {
            return Some(format!("{own:?}"));
        }
        let lacking = |rule: &&RuleModel| {
            rule.requires(self.is_asking).is_some_and(|grounds| !self.is_given(grounds, &rule.terms, at))
                && self.binds(rule, at)
        };
        self.rules().find(lacking).map(|rule| format!("{rule:?}"))
    }

    /// The registry that bars it, or that was not looked at.
    fn barred_by(&self, at: Instant) -> Option<&'a RuleModel> {
        // What is corrected has to be compared anew.
        let screened = self.log.iter().rev().find_map(|event| match &event.kind {
            EventKind::Screened { channels, list, listed } if channels.contains(self.channel) => {
                Some(Some((*list, *listed)))
            }
            EventKind::Corrected { channel } if *channel == self.channel => Some(None),
            _ => None,
        });
        let screened = screened.flatten();
        self.rules().filter(|_| !self.is_answer).find(|rule| {
            rule.registry().is_some_and(|registry| {
                let lasts = |from: Instant, span: SpanModel| oracle::lasts(self.case, from, span, at);
                let is_clear = screened.is_some_and(|(list, listed)| {
                    let is_fresh = registry.list_age.is_none_or(|age| lasts(list, age));
                    let is_listed =
                        listed.is_some_and(|since| !registry.grace.is_some_and(|grace| lasts(since, grace)));
                    is_fresh && !is_listed
                });
                !is_clear && !self.is_given(&registry.unless, &rule.terms, at) && self.binds(rule, at)
            })
        })
    }

    /// A cap that allows no such contact at that instant.
    fn full_cap(&self, at: Instant) -> Option<&'a RuleModel> {
        self.rules().find(|rule| {
            rule.cap().is_some_and(|cap| {
                let counted = self.log.iter().filter(|event| counts(rule, cap, event));
                let held = counted.filter(|event| !oracle::is_over(self.case, event.at, cap.per, at)).count();
                held >= usize::from(cap.at_most) && self.binds(rule, at)
            })
        })
    }

    /// What they pause after, and for how long.
    fn pauses(&self) -> Vec<(Option<&'a RuleModel>, Instant, SpanModel)> {
        let mut pauses = Vec::new();
        if !self.is_answer {
            let annoyed = self.log.iter().rfind(|event| event.kind.word() == "annoyed");
            let pause = self.case.model.cool_down.unwrap_or(Delay::days(30));
            pauses.extend(annoyed.map(|event| (None, event.at, pause.into())));
        }
        for rule in self.rules() {
            let Some((after, lasts)) = rule.pause() else { continue };
            let mut latest: BTreeMap<Option<Channel>, Instant> = BTreeMap::new();
            for event in self.log {
                let (outcome, channels): (_, Vec<Option<Channel>>) = match &event.kind {
                    EventKind::Met { channel } => (Outcome::Met, vec![Some(*channel)]),
                    EventKind::Annoyed => (Outcome::Annoyed, vec![None]),
                    EventKind::Purchased => (Outcome::Purchased, vec![None]),
                    EventKind::Declined { .. } => (Outcome::Refused, vec![None]),
                    EventKind::Stalled { why, until: None } => (why.as_str().parse().unwrap(), vec![None]),
                    EventKind::Denied { channels, .. }
                    | EventKind::OptedOut { channels, .. }
                    | EventKind::Suppressed { channels, .. } => {
                        (Outcome::Refused, channels.iter().map(Some).collect())
                    }
                    _ => continue,
                };
                let here = channels.into_iter().filter(|on| on.is_none_or(|on| rule.covers(on)));
                for channel in here.filter(|_| outcome == after) {
                    latest.insert(channel, event.at);
                }
            }
            pauses.extend(latest.into_values().map(|from| (Some(rule), from, lasts)));
        }
        pauses
    }

    /// The pause that is not over.
    fn paused_by(&self, at: Instant) -> Option<String> {
        let is_on = |(rule, from, lasts): &(Option<&RuleModel>, Instant, SpanModel)| {
            !oracle::is_over(self.case, *from, *lasts, at) && rule.is_none_or(|rule| self.binds(rule, at))
        };
        self.pauses().into_iter().find(is_on).map(|pause| format!("{pause:?}"))
    }

    /// The distance that has to be kept from every contact before, by how often they have not answered.
    fn gap(&self) -> Option<Delay> {
        let is_heard = |event: &Event| match &event.kind {
            EventKind::Granted { own_act, basis, .. } => *own_act && basis.is_consent(),
            kind => {
                let words = "inquired replied met booked called-off purchased problem-reported callback-requested stalled \
                             referred";
                words.split(' ').any(|word| word == kind.word())
            }
        };
        let heard = self.log.iter().rposition(is_heard).map_or(0, |nth| nth + 1);
        let silent = contacts(&self.log[heard..]).iter().filter(|(.., is_answer)| !is_answer).count();
        let gaps = &self.case.model.gaps;
        let nth = silent.max(1).min(gaps.len());
        gaps.get(nth.wrapping_sub(1)).copied().filter(|_| !self.is_answer)
    }

    /// The contact to which it would be too close.
    fn too_close(&self, at: Instant) -> Option<Instant> {
        let gap = self.gap()?;
        let mut before = contacts(self.log).into_iter().map(|(from, ..)| from);
        before.find(|from| !oracle::is_over(self.case, *from, gap, at))
    }
}

fn is_answer(act: &str) -> bool {
    ["respond", "solve", "recap", "keep-promise", "confirm-meeting", "confirm-opt-out"].contains(&act)
}

fn counts(rule: &RuleModel, cap: &CapModel, event: &Event) -> bool {
    let is_free = |act: Option<&str>| rule.applies_to == AppliesTo::Approaches && act.is_some_and(is_answer);
    match &event.kind {
        EventKind::Touched { channel, act, .. } => {
            let act = act.as_ref().map(followup::ActName::as_str);
            cap.counts != Counts::Conversations && rule.covers(*channel) && !is_free(act)
        }
        EventKind::Failed { channel, act, .. } => {
            cap.counts == Counts::Attempts && rule.covers(*channel) && !is_free(Some(act.as_str()))
        }
        EventKind::Met { channel } => cap.counts == Counts::Conversations && rule.covers(*channel),
        EventKind::ColleagueTouched { channel } => {
            cap.counts != Counts::Conversations && cap.among == Among::Account && rule.covers(*channel)
        }
        _ => false,
    }
}

/// When they opted out, where a rule says that it counts on this channel too.
fn opted_out_elsewhere(asked: &Asked<'_>) -> Vec<When> {
    let mut refusals = Vec::new();
    // What they permitted here since, by their own act, is the last word.
    let is_permission = |event: &&Event| match &event.kind {
        EventKind::Granted { channels, purposes, basis, own_act: true, .. } => {
            let is_meant = asked.is_answer || purposes.contains(asked.purpose);
            basis.is_consent() && channels.contains(asked.channel) && is_meant
        }
        _ => false,
    };
    let permitted = asked.log.iter().rfind(is_permission).map(|event| (event.at, event.id));
    for rule in asked.rules().filter(|rule| rule.is_opt_out()) {
        for other in Channel::ALL.iter().filter(|channel| rule.covers(**channel)) {
            let opted_out = consent(asked.log, asked.purpose, *other).opted_out;
            let counts = |(at, _): &When| oracle::is_in_force(asked.case, rule, *at);
            refusals.extend(opted_out.filter(counts).filter(|opted_out| Some(*opted_out) > permitted));
        }
    }
    refusals
}

fn permitted(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let asked = Asked::of(case, log, action, action.channel());
    let consent = &asked.consent;
    let who = format!("{} on {} at {at}", action.act(), action.channel());
    assert!(case.who.channels.contains(&action.channel()), "{who}: no address");
    assert_eq!(asked.is_answer, action.purpose() == Purpose::Answer);
    if action.act() == Act::Duty(Duty::ConfirmOptOut) {
        return confirmed_in_time(&asked, &who, at);
    }
    // To be called as they asked is an answer to that.
    let is_request = |event: &&Event| {
        let is_here = |kind: &EventKind| matches!(kind, EventKind::CallbackRequested { channel, .. } if *channel == action.channel());
        event.id == action.cause() && is_here(&event.kind)
    };
    let request = log.iter().find(is_request).filter(|_| action.act() == Act::Duty(Duty::KeepPromise));
    let asked_to_be_called = request.map(|event| (event.at, event.id));
    for refusal in consent.refusals().chain(opted_out_elsewhere(&asked)) {
        let wrote_after = consent.wrote.max(asked_to_be_called).is_some_and(|wrote| wrote > refusal);
        assert!(asked.is_answer && wrote_after, "{who}: they refused it by event {:?}", refusal.1);
    }
    if matches!(action.act(), Act::Duty(Duty::Recap | Duty::KeepPromise)) && consent.is_over {
        let behind = log.iter().find(|event| event.id == action.cause()).unwrap();
        let is_no = |event: &Event| ["declined", "disqualified"].contains(&event.kind.word());
        let last_no = log.iter().rfind(|event| is_no(event)).unwrap();
        let is_theirs = behind.kind.word() == "callback-requested" && behind.at >= last_no.at;
        assert!(is_theirs, "{who}: they said no, and only what they write since is answered");
    }
    if asked.is_answer {
        return;
    }
    let is_step = matches!(action.act(), Act::Touch(_));
    let goes_on_caring = consent.leaves_care && action.purpose() == Purpose::Care;
    assert!(!consent.closed || is_step && goes_on_caring, "{who}: the pursuit was ended");
    if asked.is_asking {
        assert!(consent.knows_us, "{who}: they never came to the seller");
    }
    assert_eq!(asked.lacks(at), None, "{who}: a permission is missing");
    let barred = asked.barred_by(at);
    assert!(barred.is_none(), "{who}: the registry of {barred:?} bars it");
}

/// The one message that may follow an opt-out: there, once, at once, and not to those on the do-not-contact list.
fn confirmed_in_time(asked: &Asked<'_>, who: &str, at: Instant) {
    // Said again it is nothing more to confirm.
    let is_new = |nth: &usize| match &asked.log[*nth].kind {
        EventKind::OptedOut { channels, purposes } => purposes.iter().any(|purpose| {
            let is_out = |channel| consent(&asked.log[..*nth], purpose, channel).opted_out.is_some();
            !channels.iter().all(is_out)
        }),
        _ => false,
    };
    let last = (0..asked.log.len()).rfind(is_new);
    let last = last.unwrap_or_else(|| panic!("{who}: they never opted out"));
    let (before, since) = (&asked.log[last], &asked.log[last..]);
    let EventKind::OptedOut { channels, .. } = &before.kind else { panic!("it is no opt-out") };
    assert!(channels.contains(asked.channel), "{who}: they said it elsewhere");
    let is_confirmation = |event: &Event| matches!(&event.kind, EventKind::Touched { act: Some(act), .. } if act.as_str() == "confirm-opt-out");
    assert!(!since.iter().any(is_confirmation), "{who}: it was confirmed before");
    let (_, within) =
        asked.case.model.confirm.as_ref().unwrap_or_else(|| panic!("{who}: nobody asked for it"));
    let within = within.unwrap_or(Delay::minutes(5));
    assert!(!oracle::is_over(asked.case, before.at, within, at), "{who}: the time is over");
    assert!(asked.consent.suppressed.is_none(), "{who}: they are not to be contacted");
}

// 5. Hours and limits, counted by brute force.

/// The contacts of a log: when, where, and whether it was an answer.
fn contacts(log: &[Event]) -> Vec<(Instant, Channel, bool)> {
    let of = |event: &Event| match &event.kind {
        EventKind::Touched { channel, act, .. } => {
            Some((event.at, *channel, act.as_ref().is_some_and(|act| is_answer(act.as_str()))))
        }
        _ => None,
    };
    log.iter().filter_map(of).collect()
}

fn within_hours_and_limits(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let asked = Asked::of(case, log, action, action.channel());
    let who = format!("{} on {} at {at}", action.act(), action.channel());
    let closed = asked.closed_by(at);
    assert!(closed.is_none(), "{who}: it is closed by {closed:?}");
    let full = asked.full_cap(at);
    assert!(full.is_none(), "{who}: too many contacts in the window of {full:?}");
    let close = asked.too_close(at);
    assert!(close.is_none(), "{who}: closer than {:?} to the contact of {close:?}", asked.gap());
    let paused = asked.paused_by(at);
    assert!(paused.is_none(), "{who}: there is a pause {paused:?}");
}

/// Permission, registry, hours and limits of whatever is to be done next, at the edges where they change.
fn gates_agree_with_oracles(case: &Case) {
    let history = case.history();
    let log = got_through(&kept(&history));
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let Some(action) = decision.action() else { return };
    let around = |edge: Instant| {
        let second = edge.unix_seconds();
        [-1800, -1, 0, 1, 1800].map(|by| instant(second + by, 0)).into_iter().chain([edge])
    };
    let days = case.model.holidays.iter().flatten().take(3).copied();
    let days = days.chain(case.model.blackouts.iter().map(|away| away.last));
    let midnights = days.map(|day| (case.model.epoch.div_euclid(DAY) + day) * DAY);
    let mut hours: Vec<Instant> = midnights
        .flat_map(|midnight| (-14..40).map(move |hour| instant(midnight + hour * 3600, 0)))
        .chain(case.lots.iter().map(|lot| instant(case.model.epoch + i64::from(*lot) * 900, 0)))
        .collect();
    hours.extend(decision.due().into_iter().flat_map(around));
    for channel in common::CHANNELS {
        let asked = Asked::of(case, &log, action, channel);
        let is_open = |gate: Gate, at: Instant| decision.earliest(gate, channel, at) == Some(at);
        for at in &hours {
            let closed = asked.closed_by(*at);
            assert_eq!(is_open(Gate::Hours, *at), closed.is_none(), "hours on {channel} at {at}: {closed:?}");
        }
        for at in edges(&asked).into_iter().flat_map(around) {
            let closed = asked.closed_by(at);
            assert_eq!(is_open(Gate::Hours, at), closed.is_none(), "hours on {channel} at {at}: {closed:?}");
            let lacks = asked.lacks(at);
            assert_eq!(
                is_open(Gate::Permission, at),
                lacks.is_none(),
                "permission on {channel} at {at}: {lacks:?}"
            );
            let barred = asked.barred_by(at);
            assert_eq!(
                is_open(Gate::Registry, at),
                barred.is_none(),
                "registry on {channel} at {at}: {barred:?}"
            );
            let paused = asked.paused_by(at);
            assert_eq!(
                is_open(Gate::CoolDown, at),
                paused.is_none(),
                "pause on {channel} at {at}: {paused:?}"
            );
            let close = asked.too_close(at);
            assert_eq!(is_open(Gate::Gap, at), close.is_none(), "gap on {channel} at {at}: {close:?}");
            let full = asked.full_cap(at);
            if is_open(Gate::Cap, at) {
                assert!(full.is_none(), "{channel} at {at}: {full:?} is full");
            } else if case
                .model
                .rules
                .iter()
                .filter_map(RuleModel::cap)
                .all(|cap| cap.per.delay.elapsed().is_some())
            {
                // Otherwise a window may end before that of an earlier contact: see `found_of_two_contacts`.
                assert!(full.is_some(), "{channel} at {at}: no cap is full");
            }
        }
    }
}

/// The instants at which what the oracles say can change, other than by the week.
fn edges(asked: &Asked<'_>) -> Vec<Instant> {
    let case = asked.case;
    let mut edges: Vec<Instant> = Vec::new();
    let model = &case.model;
    let own = if asked.is_asking {
        model.grounds_for_asking(asked.channel)
    } else {
        model.grounds(asked.purpose, asked.channel)
    };
    edges.extend(asked.ends(&own, &[]).into_iter().flatten());
    let screenings = asked.log.iter().filter_map(|event| match &event.kind {
        EventKind::Screened { list, listed, .. } => Some((*list, *listed)),
        _ => None,
    });
    let screenings: Vec<(Instant, Option<Instant>)> = screenings.collect();
    for rule in asked.rules() {
        edges.extend(oracle::edges_of_force(case, rule));
        let spared = rule.registry().map_or([].as_slice(), |registry| &registry.unless);
        let required = rule.requires(asked.is_asking).unwrap_or_default();
        let grounds = [&rule.unless, spared, required].concat();
        edges.extend(asked.ends(&grounds, &rule.terms).into_iter().flatten());
        for (list, listed) in &screenings {
            let age = rule.registry().and_then(|registry| registry.list_age).map(|age| (*list, age));
            let grace = rule.registry().and_then(|registry| registry.grace);
            let spans = age.into_iter().chain(listed.zip(grace));
            edges.extend(spans.flat_map(|(from, span)| oracle::ends(case, from, span)).flatten());
        }
        if let Some(cap) = rule.cap() {
            let counted = asked.log.iter().rev().filter(|event| counts(rule, cap, event)).take(3);
            edges.extend(counted.flat_map(|event| oracle::ends(case, event.at, cap.per)).flatten());
        }
    }
    edges.extend(
        asked.pauses().into_iter().flat_map(|(_, from, lasts)| oracle::ends(case, from, lasts)).flatten(),
    );
    if let Some(gap) = asked.gap() {
        let recent = contacts(asked.log).into_iter().rev().take(3);
        edges.extend(recent.flat_map(|(from, ..)| oracle::ends(case, from, gap)).flatten());
    }
    edges
}

/// Minute by minute: every edge is on a whole one.
fn hours_open_at_the_first_minute(case: &Case) {
    const HORIZON: i64 = 8 * DAY;

    let history = case.history();
    let log = got_through(&kept(&history));
    let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
    let Some(action) = decision.action() else { return };
    let channel = action.channel();
    let asked = Asked::of(case, &log, action, channel);
    let lots = case.lots.iter().map(|lot| case.model.epoch + (i64::from(*lot) - 300) * 300);
    for from in lots.take(2).map(|second| instant(second, 0)).chain(decision.due()) {
        let lifted: Vec<Vec<Option<Instant>>> =
            case.model.rules.iter().map(|rule| asked.ends(&rule.unless, &rule.terms)).collect();
        let is_closed = |at: Instant| {
            let is_lifted = |rule: &RuleModel| {
                let nth = case.model.rules.iter().position(|one| one.id == rule.id).unwrap();
                lifted[nth].iter().any(|end| end.is_none_or(|end| at < end))
            };
            oracle::is_closed(case, asked.what(), at, |rule| !is_lifted(rule))
        };
        let minute = from.unix_seconds() / 60 * 60;
        let minutes =
            (1..=HORIZON / 60).map(|nth| minute + nth * 60).take_while(|second| *second < common::END);
        let first =
            [from].into_iter().chain(minutes.map(|second| instant(second, 0))).find(|at| !is_closed(*at));
        let opens = decision.earliest(Gate::Hours, channel, from);
        match first {
            Some(first) => assert_eq!(opens, Some(first), "{channel} from {from}"),
            None => assert!(
                opens.is_none_or(|opens| opens.unix_seconds() > minute + HORIZON),
                "{channel} from {from}: open at {opens:?} where every minute is closed"
            ),
        }
    }
}

// 6. Content.

fn carries_what_it_owes(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let number = |id: &str| id.strip_prefix("item-").unwrap().parse::<usize>().unwrap();
    let named = match action.act() {
        Act::Touch(step) => case.model.gives(step_of(case, step.path().as_str()).unwrap()),
        Act::Duty(_) => None,
    };
    let Some(named) = named else {
        assert_eq!(action.item(), None, "{} owes nothing", action.act());
        return;
    };
    let item = action.item().unwrap_or_else(|| panic!("{} at {at} gives nothing", action.act()));
    let nth = number(item.id().as_str());
    let model = &case.model.items[nth];
    assert!(named.is_empty() || named.contains(&nth), "{item:?} is not of the step");
    let counts = kept(&fold(log.iter().cloned()));
    let is_named = |topic: &str| {
        let named = |event: &Event| match &event.kind {
            EventKind::Named { topics } => topics.iter().any(|named| named.as_str() == topic),
            _ => false,
        };
        counts.iter().any(named)
    };
    let is_theirs = |topic: &&str| case.who.interests.contains(topic) || is_named(topic);
    assert!(model.topics.is_empty() || model.topics.iter().any(is_theirs));
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
/// begin a pursuit begins one, and a pursuit has its steps and its requests. An attempt that
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
    let of = |words: &[&str]| world.iter().filter(|event| words.contains(&event.kind.word())).count();
    let asks_for_one = [
        "inquired",
        "replied",
        "met",
        "problem-reported",
        "promised",
        "booked",
        "opted-out",
        "callback-requested",
    ];
    let answers = of(&asks_for_one);
    let enrolments = beginnings(world);
    Some(answers + enrolments * (steps + asks))
}

/// How many events can begin a pursuit.
fn beginnings(world: &[Event]) -> usize {
    let begins = |event: &&Event| match event.kind {
        EventKind::Granted { own_act, .. } => own_act,
        ref kind => common::BEGINS.contains(&kind.word()),
    };
    world.iter().filter(begins).count()
}

/// More than any pursuit has that ends: at most three sequences, each gone on with at most three times.
const MOST_PASSES: usize = 20;

/// The sequences through which a pursuit goes that begins with that one, as far as to so many.
fn passes(case: &Case, first: usize, most: usize) -> Vec<usize> {
    let mut passes = own_passes(case, first, most);
    // Whoever is silent to the end is brought back, once.
    let back = case.model.bring_back().map(|(back, _)| back);
    let is_meant = case.model.sequences[first].purpose == Purpose::FollowUp && passes.len() < most;
    if let Some(back) = back.filter(|back| is_meant && !passes.contains(back)) {
        passes.extend(own_passes(case, back, most - passes.len()));
    }
    passes
}

fn own_passes(case: &Case, first: usize, most: usize) -> Vec<usize> {
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

/// A step that comes again comes after the pause that the playbook declares, unless somebody took one by hand, or a
/// bounce says that it did not get through.
fn recurs_by_declaration(case: &Case, run: &Run<'_>) {
    let mut last: BTreeMap<(EventId, String), Instant> = BTreeMap::new();
    for Contact { at, action, .. } in &run.contacts {
        if !matches!(action.act(), Act::Touch(_)) {
            continue;
        }
        let step = (action.cause(), action.act().to_string());
        let by_hand = |event: &Event| {
            event.id.0 < OWN_IDS && matches!(event.kind.word(), "touched" | "skipped" | "bounced")
        };
        if let Some(before) = last.insert(step, *at)
            && !run.log.iter().any(|event| (before..=*at).contains(&event.at) && by_hand(event))
        {
            let pauses = (0..case.model.sequences.len()).filter_map(|nth| case.model.then(nth));
            let back = case.model.bring_back().map(|(_, back)| back.after);
            let pauses = pauses.map(|then| then.after).chain(back);
            let ends = pauses.map(|after| oracle::ends(case, before, after)).collect::<Vec<_>>();
            // Business days of a later start can end earlier, by a day at most.
            let earliest = ends.iter().filter_map(|ends| ends.iter().flatten().max()).min();
            let earliest = earliest
                .unwrap_or_else(|| panic!("{} at {before} and {at}: nothing declares it", action.act()));
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
    let bounces = world.iter().filter(|event| event.kind.word() == "bounced").count();
    let most = most + bounces;
    assert!(run.contacts.len() <= most, "{} contacts, {most} at most", run.contacts.len());
    // One enrolment takes each step once in each pass, and asks no more often than the playbook says.
    let times = |act: &str| {
        let nth = position_of(act).map_or(0, |(sequence, _)| sequence);
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
            // Whoever begins anew may be asked anew.
            "ask-permission" => {
                let begun = beginnings(&world);
                usize::from(case.model.ask.at_most.unwrap_or(2)) * begun
            }
            act if act.contains('/') => times(act),
            _ => 1,
        };
        // What a bounce says did not get through is done again.
        let bounces = world.iter().filter(|event| event.kind.word() == "bounced").count();
        let allowed = allowed + bounces;
        assert!(made <= allowed, "{act} for event {cause}: {made} times, {allowed} at most");
    }
    // With every attempt in vain it ends too, or waits for a person.
    let attempts = case.model.retry.map_or(3, |(_, attempts)| usize::from(attempts));
    let most = most * attempts * Channel::ALL.len();
    let run = self::run(case, &world, 2 * most + 2, |_| true);
    assert!(run.end.is_some() && run.attempts.len() <= most, "it goes on after {}", run.attempts.len());
}

/// From when and until when the seller had paused them, by the log alone.
fn pauses(log: &[Event]) -> Vec<(Instant, Instant)> {
    let ends = |nth: usize, until: Option<Instant>| {
        let is_end = |event: &&Event| match event.kind {
            EventKind::Held { reason, .. } => reason == HoldReason::Paused,
            EventKind::Released { reason: None | Some(HoldReason::Paused) } => true,
            _ => false,
        };
        let ended = log[nth + 1..].iter().find(is_end).map(|event| event.at);
        ended.into_iter().chain(until).min()
    };
    let paused = log.iter().enumerate().filter_map(|(nth, event)| match event.kind {
        EventKind::Held { reason: HoldReason::Paused, until, .. } => Some((event.at, ends(nth, until)?)),
        _ => None,
    });
    paused.collect()
}

/// The sign that a step asks about, judged by the log alone.
fn its_condition_holds(case: &Case, contact: &Contact<'_>, log: &[Event]) {
    let (action, at) = (&contact.action, contact.at);
    let Act::Touch(step) = action.act() else { return };
    let of = |act: &str| position_of(act).map(|(sequence, _)| sequence);
    let (sequence, nth) = position_of(step.path().as_str()).unwrap();
    let Some(condition) = case.model.sequences[sequence].steps[nth].condition else { return };
    let began = log.iter().position(|event| event.id == action.cause()).unwrap();
    let since = &log[began..contact.before];
    // What really happened last: a step, a contact that no step asked for, a conversation, a meeting that was missed.
    let is_step = |act: &str| act.contains('/');
    let happened = |event: &&Event| match &event.kind {
        EventKind::Touched { act: Some(act), cause, .. } if is_step(act.as_str()) => {
            cause.is_none_or(|cause| cause == action.cause())
        }
        EventKind::Touched { act: Some(act), .. } => !["ask-permission", "remind"].contains(&act.as_str()),
        EventKind::Touched { act: None, .. }
        | EventKind::Met { .. }
        | EventKind::NoShow
        | EventKind::CalledOff
        | EventKind::Stalled { .. } => true,
        _ => event.id == action.cause(),
    };
    // What is only an attempt, what was passed over and what a bounce has undone is another law's.
    let is_unclear = |event: &Event| match &event.kind {
        EventKind::Touched { act, cause, disposition, .. } => {
            // What would have begun the pursuit anew goes on with it, and a touch may name it.
            let is_of_another = cause.is_some_and(|cause| cause != action.cause());
            let is_of_it = act.as_ref().is_some_and(|act| of(act.as_str()) == Some(sequence));
            is_of_another && is_of_it
                || disposition.is_some() && act.as_ref().is_none_or(|act| !is_step(act.as_str()))
        }
        EventKind::Skipped { .. } | EventKind::Bounced { .. } => true,
        _ => false,
    };
    // A bounce may be known before the contact that it is of.
    let is_undone = |event: &Event| {
        log.iter()
            .any(|bounce| matches!(bounce.kind, EventKind::Bounced { of: Some(of), .. } if of == event.id))
    };
    if since.iter().any(|event| is_unclear(event) || is_undone(event)) {
        return;
    }
    // What lies under a detour goes on from its last step. Beside one another nothing lies under anything, and for
    // one purpose nothing lies under what is for the other.
    let has_gone_on = |event: &&Event| match &event.kind {
        _ if case.model.active == Active::ByPriority => false,
        EventKind::Touched { act: Some(act), cause: Some(by), .. } => {
            let is_detour =
                |event: &Event| matches!(event.kind, EventKind::Stalled { .. } | EventKind::NoShow);
            let purpose = of(act.as_str()).map(|nth| case.model.sequences[nth].purpose);
            purpose == Some(case.model.sequences[sequence].purpose)
                && since.iter().skip(1).any(|later| later.id == *by && is_detour(later))
        }
        _ => false,
    };
    let last = since.iter().rfind(|event| happened(event) || has_gone_on(event)).unwrap().at;
    // Where another round may have begun since, that counts from its start, which is another law's.
    let comes_after = (0..case.model.sequences.len())
        .filter_map(|nth| case.model.then(nth))
        .filter(|then| then.sequence == sequence)
        .map(|then| then.after)
        .chain(case.model.bring_back().filter(|(back, _)| *back == sequence).map(|(_, back)| back.after));
    if comes_after.flat_map(|after| oracle::ends(case, last, after)).flatten().any(|start| start <= at) {
        return;
    }
    let deadline = condition.within.map(|within| {
        let ends = oracle::ends(case, last, within);
        let deadline = ends.into_iter().map(|end| end.unwrap_or(Instant::MAX)).max().unwrap();
        // What the seller has paused stands still.
        pauses(&log[..contact.before]).into_iter().fold(deadline, |deadline, (from, until)| {
            let from = from.max(last);
            let taken = if from < deadline && from < until { until.since(from) } else { Duration::ZERO };
            deadline.checked_add(taken).unwrap_or(Instant::MAX)
        })
    });
    let sign = shown(case, &log[..contact.before], began, condition, happened).map(|event| event.at);
    let has_come = sign.is_some_and(|sign| deadline.is_none_or(|deadline| sign < deadline));
    assert_eq!(has_come, condition.is_wanted, "{} at {at}: {condition:?}, {sign:?}", action.act());
    if !has_come {
        assert!(deadline.is_none_or(|deadline| at >= deadline), "{} at {at}: too early", action.act());
    }
}

/// The sign that a condition asks for, or what came of the last contact that counts. `began` is where the pursuit began.
fn shown<'e>(
    case: &Case,
    log: &'e [Event],
    began: usize,
    condition: ConditionModel,
    happened: impl Fn(&&Event) -> bool,
) -> Option<&'e Event> {
    let is_contact = |event: &Event| match &event.kind {
        EventKind::Touched { act, .. } => act.as_ref().is_none_or(|act| act.as_str().contains('/')),
        _ => false,
    };
    let sign = condition.sign;
    let of_a_message = [Sign::Opened, Sign::Clicked].contains(&sign);
    // A step and its counterpart ask about the same contact, and a call is no message.
    let is_other = |event: &Event| {
        let EventKind::Touched { act, channel, .. } = &event.kind else { return false };
        let asked = act.as_ref().and_then(|act| step_of(case, act.as_str())?.condition);
        let is_counterpart =
            asked.is_some_and(|asked| asked.sign == sign && asked.is_wanted != condition.is_wanted);
        let is_call = matches!(channel, Channel::Phone | Channel::InPerson);
        happened(&event) && is_contact(event) && !is_counterpart && !(of_a_message && is_call)
    };
    if sign.disposition().is_some() {
        let last = log[began..].iter().rfind(|event| happened(event) && is_contact(event))?;
        let EventKind::Touched { disposition, .. } = &last.kind else { return None };
        return (*disposition == sign.disposition()).then_some(last);
    }
    let since = condition.since.unwrap_or(if of_a_message { Since::Touch } else { Since::Start });
    let from = match since {
        Since::Touch => log.iter().rposition(is_other).filter(|nth| *nth > began).unwrap_or(began) + 1,
        Since::Start => began + 1,
        Since::Ever => 0,
    };
    let is_lost = |event: &Event| matches!(event.kind, EventKind::NoShow | EventKind::CalledOff);
    let missed = log.iter().rposition(is_lost);
    let is_it = |(nth, event): &(usize, &Event)| match &event.kind {
        EventKind::Engaged { how } => Sign::from(*how) == sign,
        EventKind::Replied { .. } => sign == Sign::Replied,
        EventKind::Met { .. } => sign == Sign::Met,
        EventKind::Booked { .. } => sign == Sign::Booked && missed.is_none_or(|missed| *nth > missed),
        _ => false,
    };
    let mut signs = log.iter().enumerate().skip(from).filter(is_it);
    signs.nth(usize::from(condition.times.unwrap_or(1)) - 1).map(|(_, event)| event)
}

/// The sequence and the step.
fn position_of(path: &str) -> Option<(usize, usize)> {
    let (sequence, step) = path.strip_prefix("seq-")?.split_once("/s")?;
    Some((sequence.parse().ok()?, step.parse().ok()?))
}

fn step_of<'c>(case: &'c Case, path: &str) -> Option<&'c common::StepModel> {
    let (sequence, step) = position_of(path)?;
    case.model.sequences.get(sequence)?.steps.get(step)
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
        model.asking = PermissionModel::default();
        model.contact_rules = None;
        model.known = [None, None];
        model.blackouts.retain(|blackout| blackout.regions.is_empty());
        model.rules.retain(|rule| rule.parts.iter().all(|part| !matches!(part, PartModel::Permission(..))));
        model.rules.retain(|rule| rule.registry().is_none());
        for hours in model.rules.iter_mut().filter_map(RuleModel::hours_mut) {
            (hours.frame, hours.week) = ("seller", vec![("daily", vec![(600, 720), (1320, 1500)])]);
        }
        for item in &mut model.items {
            item.topics.clear();
        }
        let all = |nth: usize| ItemModel {
            format: common::FORMATS[nth % 3],
            rung: u8::try_from(nth).unwrap(),
            audience: common::AudienceModel::default(),
            topics: Vec::new(),
            channels: Vec::new(),
            from: None,
            until: None,
        };
        model.items = (0..90).map(all).collect();
        // A step that names its items can find them given already.
        for step in model.sequences.iter_mut().flat_map(|sequence| &mut sequence.steps) {
            step.gives = step.gives.as_ref().map(|_| Vec::new());
            step.expires = None;
            // With which they began can be a sign of all time.
            step.condition = step.condition.map(|condition| ConditionModel { since: None, ..condition });
        }
        // What does not come for want of a date, and what is for others, is another law's.
        for sequence in &mut model.sequences {
            (sequence.audience, sequence.subscription) = (common::AudienceModel::default(), None);
            sequence.steps.iter_mut().for_each(|step| step.date = None);
        }
        model.epoch = model.epoch.min(4_000_000_000);
        case.who.channels = common::CHANNELS.to_vec();
        let kind = match how {
            0 => EventKind::Added,
            1 => EventKind::Inquired { via: Source::Form, channel: None },
            2 => EventKind::Met { channel: Channel::Phone },
            3 => EventKind::Purchased,
            4 => EventKind::NoShow,
            _ => EventKind::Enrolled { sequence: "seq-0".parse().unwrap(), from: None },
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
    // What goes round without end is followed no further.
    if run.end.is_none() && done.len() > 10 {
        return;
    }
    let fewest = usize::from(case.model.fewest_touches);
    let is_too_few = done.len() < fewest && case.model.sequences[begun].purpose != Purpose::Care;
    let (made, fewest) = (u32::try_from(done.len()).unwrap(), u32::try_from(fewest).unwrap());
    let need = Verdict::Need(Need::Touches { made, fewest });
    assert_eq!(run.end, Some(if is_too_few { need } else { Verdict::Rest(Rest::Finished) }));
}

/// Before its time is over, a step with patience goes out on no other channel than the first choice.
fn the_first_choice_comes_first(case: &Case, contact: &Contact<'_>) {
    let action = &contact.action;
    let Act::Touch(step) = action.act() else { return };
    let model = step_of(case, step.path().as_str()).unwrap();
    let Some(patience) = model.patience else { return };
    let liked = case.who.prefers.iter().find(|liked| model.channels.contains(liked));
    if action.channel() != *liked.unwrap_or(&model.channels[0]) {
        assert!(
            oracle::is_over(case, action.due(), patience, contact.at),
            "{} at {}",
            step.path(),
            contact.at
        );
    }
}

/// What can be done comes before what lacks something, that before what waits, and what rests is last; then the order of
/// precedence, what they have shown, and how long it has been due.
fn ranks_are_in_one_order(case: &Case) {
    let whole = case.history();
    let first = fold(case.events.iter().take(case.events.len() / 2).cloned());
    let none = History::new();
    let mut ranked = Vec::new();
    for history in [&whole, &first, &none] {
        for now in case.others.iter().chain([&case.now]) {
            let decision = case.playbook.decide(&case.prospect, history.standing(), *now);
            let asks = ["rest", "wait", "need", "act"];
            let asks = asks.iter().position(|word| *word == decision.verdict().word()).unwrap();
            let rank = decision.rank();
            assert_eq!(rank.is_due(), asks == 3);
            let acts = "touch remind ask-permission confirm-meeting keep-promise recap solve respond confirm-opt-out";
            let act = rank.act().map(|act| acts.split(' ').position(|word| word == act));
            assert_eq!(asks == 0, act.is_none());
            ranked.push((rank, (asks, act, rank.intent(), rank.overdue())));
        }
    }
    for (one, parts) in &ranked {
        for (other, others) in &ranked {
            assert_eq!(one.cmp(other), parts.cmp(others), "{one} and {other}");
        }
    }
}

// 8. Plans.

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
    fn law_10_stricter_is_never_earlier(case in cases(10), how in 0..CHANGES) {
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

fn doubled(delay: Delay) -> Delay {
    Delay::new(delay.amount() * 2, delay.unit()).unwrap()
}

/// How many ways there are to make a case stricter.
const CHANGES: usize = 21;

/// Those of them that delay something often enough to be seen in a few thousand cases.
const DELAYING: [usize; 8] = [0, 1, 6, 7, 9, 11, 13, 18];

/// The case made stricter in one way; `None` where there is nothing to take away.
#[allow(clippy::too_many_lines, reason = "one arm for every way")]
fn stricter(case: &Case, how: usize) -> Option<Case> {
    let mut case = case.clone();
    let (a, b) = (usize::from(case.lots[0]), usize::from(case.lots[1]));
    let history = case.history();
    let due = case.playbook.decide(&case.prospect, history.standing(), case.now).due();
    let day = (due.unwrap_or(case.now).unix_seconds() - case.model.epoch).div_euclid(DAY);
    let near = day.clamp(-20, 300);
    let model = &mut case.model;
    let nth_with_hours = |model: &common::Model| {
        let with_hours = model.rules.iter().enumerate().filter(|(_, rule)| rule.hours().is_some());
        let with_hours: Vec<usize> = with_hours.map(|(nth, _)| nth).collect();
        with_hours.get(a % with_hours.len().max(1)).copied()
    };
    match how {
        0 => {
            let nth = nth_with_hours(model)?;
            let known = model.known[0].unwrap_or((-30, 399));
            let days = model.holidays.first_mut()?;
            let days_ahead = i64::try_from(b % 4).unwrap();
            days.extend((day..=day + days_ahead).filter(|day| (known.0..=known.1).contains(day)));
            model.rules[nth].hours_mut()?.closed.push(0);
        }
        1 => {
            let cap = CapModel {
                at_most: 1 + u16::try_from(a % 2).unwrap(),
                per: common::TERMS[b % common::TERMS.len()],
                counts: Counts::ALL[b % 3],
                among: Among::ALL[b / 3 % 2],
            };
            model.rules.push(RuleModel::of("added", AppliesTo::ALL[a / 2 % 2], PartModel::Cap(cap)));
        }
        2 => {
            let nth = nth_with_hours(model)?;
            let (_, windows) = model.rules[nth].hours_mut()?.week.first_mut()?;
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
            let of_rules =
                model.rules.iter_mut().flat_map(|rule| &mut rule.parts).filter_map(|part| match part {
                    PartModel::Permission(grounds, _) => Some(grounds),
                    _ => None,
                });
            let mut grounds = of_rules.chain(on).chain(&mut permission.default);
            let grounds = grounds.find(|grounds| grounds.len() > 1)?;
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
        6 => match model.gaps.last().copied() {
            None => model.gaps.push([Delay::hours(20), Delay::days(2), Delay::business_days(2)][a % 3]),
            // It grows on.
            Some(last) if a % 2 == 0 => model.gaps.push(doubled(last)),
            Some(_) => model.gaps.iter_mut().for_each(|gap| *gap = doubled(*gap)),
        },
        7 => {
            let nth = nth_with_hours(model)?;
            let mut rule = model.rules[nth].clone();
            rule.id = "added".to_string();
            rule.parts.retain(|part| matches!(part, PartModel::Hours(_)));
            let hours = rule.hours_mut()?;
            hours.frame = ["prospect", "seller", "Asia/Tokyo"][a % 3];
            hours.week = vec![("mon-fri", vec![(480, 720), (780, 1140)])];
            model.rules.push(rule);
        }
        9 => {
            let nth = nth_with_hours(model)?;
            let known = model.known[0].unwrap_or((-30, 399));
            let are_eves = b % 2 == 0;
            let holiday = near + i64::from(are_eves);
            model.holidays.first_mut()?.push(holiday.clamp(known.0, known.1));
            let windows = if a % 2 == 0 { Vec::new() } else { vec![(540, 660)] };
            let short = ShortModel { set: 0, are_eves, windows };
            model.rules[nth].hours_mut()?.short.push(short);
        }
        10 => {
            let nth = nth_with_hours(model)?;
            let set = a % model.holidays.len().max(1);
            let days = model.holidays.get_mut(set)?;
            let (from, through) = model.known[set].unwrap_or((-40, 500));
            let through = through.min(near + i64::try_from(b % 6).unwrap() - 2);
            if days.iter().any(|day| *day > through) || from > through {
                return None;
            }
            model.known[set] = Some((from, through));
            model.rules[nth].hours_mut()?.closed.push(set);
        }
        11 => {
            let days = i64::try_from(b % 5).unwrap();
            let by = if a % 3 == 0 { vec![Executor::Person] } else { Vec::new() };
            let regions = if a % 4 == 0 { vec!["US"] } else { Vec::new() };
            model.blackouts.push(BlackoutModel { first: near, last: near + days, by, regions });
        }
        12 => {
            let caps =
                model.rules.iter_mut().flat_map(|rule| &mut rule.parts).filter_map(|part| match part {
                    PartModel::Cap(cap) => Some(cap),
                    _ => None,
                });
            caps.into_iter().find(|cap| cap.at_most > 1)?.at_most -= 1;
        }
        13 => {
            let lasts = common::TERMS[b % common::TERMS.len()];
            let after = case.events.iter().rev().find_map(|event| match event.kind.word() {
                "met" => Some(Outcome::Met),
                "annoyed" => Some(Outcome::Annoyed),
                "purchased" => Some(Outcome::Purchased),
                "denied" | "opted-out" | "suppressed" => Some(Outcome::Refused),
                _ => None,
            });
            let pause = PartModel::Pause(after.unwrap_or(Outcome::ALL[a % 4]), lasts);
            model.rules.push(RuleModel::of("added", AppliesTo::ALL[b % 2], pause));
        }
        14 => {
            let pauses =
                model.rules.iter_mut().flat_map(|rule| &mut rule.parts).filter_map(|part| match part {
                    PartModel::Pause(_, lasts) => Some(lasts),
                    _ => None,
                });
            if let Some(lasts) = pauses.into_iter().next() {
                lasts.delay = doubled(lasts.delay);
            } else {
                let pause = model.cool_down.unwrap_or(Delay::days(30));
                model.cool_down = Some(doubled(pause));
            }
        }
        15 => {
            let grounds = [Ground::Granted(Basis::ALL[b % Basis::ALL.len()]), Ground::Inquiry];
            let required = PartModel::Permission(grounds[..=(a % 2)].to_vec(), b % 2 == 0);
            model.rules.push(RuleModel::of("added", AppliesTo::All, required));
        }
        16 => {
            let registry = PartModel::Registry(bare_registry());
            model.rules.push(RuleModel::of("added", AppliesTo::All, registry));
        }
        17 => model.rules.push(RuleModel::of("added", AppliesTo::All, PartModel::OptOut)),
        19 => {
            let rule = model.rules.iter_mut().find(|rule| !rule.unless.is_empty())?;
            rule.unless.remove(a % rule.unless.len());
        }
        20 => {
            for step in model.sequences.iter_mut().flat_map(|sequence| &mut sequence.steps) {
                step.patience = Some(step.patience.map_or(Delay::hours(6), doubled));
            }
        }
        _ => {
            let mut added = case.events.first()?.clone();
            added.id = EventId(9999);
            let channel = common::CHANNELS[a % 4];
            let channels: Channels = channel.into();
            let purposes: Purposes = [Purpose::ALL[b % 3]].into_iter().collect();
            added.kind = match (how, b / 3 % 4) {
                (8, nth) if nth < 3 => EventKind::OptedOut { channels, purposes },
                (8, _) => EventKind::Suppressed { channels, purposes, reason: Suppression::Internal },
                // What was done there would be to do again.
                (_, 0) if case.events.iter().any(|event| is_contact_on(channel, event)) => return None,
                (_, 0) => EventKind::Bounced { channel, permanent: b % 2 == 0, of: None },
                (_, 1) => EventKind::ColleagueTouched { channel },
                _ => EventKind::Annoyed,
            };
            added.at = case.events.iter().map(|event| event.at).max()?;
            case.events.push(added);
        }
    }
    case.playbook = case.model.build();
    case.prospect = case.who.build();
    Some(case)
}

fn is_contact_on(channel: Channel, event: &Event) -> bool {
    matches!(event.kind, EventKind::Touched { channel: on, .. } if on == channel)
}

/// Whether what was proposed loosely is told among what can never go, on all of these channels.
fn is_barred(explanation: &Explanation<'_>, loosely: Action<'_>, on: &[Channel]) -> bool {
    let is_it = |one: &Proposal<'_>| (one.act, one.cause) == (loosely.act(), loosely.cause());
    let Some(nth) = explanation.proposals().iter().position(is_it) else { return false };
    let shut = explanation.blockers().iter().filter(|one| one.proposal == nth && one.until.is_none());
    let shut: BTreeSet<Channel> = shut.flat_map(|blocker| blocker.channels.iter().copied()).collect();
    on.iter().all(|channel| shut.contains(channel))
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
        if after >= before {
            continue;
        }
        // Never the same act on a channel that is still open to it. But with less permission there can be more to ask
        // for, and after one more opt-out one more to confirm; and what can not go out at all any more, or not on the
        // channel that came first, keeps nothing else from going.
        let (before_is, after_is) = (loosely.act(), strictly.act());
        let is_new = matches!(after_is, Act::Duty(Duty::AskPermission | Duty::ConfirmOptOut));
        let named = match before_is {
            Act::Duty(Duty::Respond) => case.model.respond.channels.as_slice(),
            Act::Duty(Duty::Remind) => case.model.remind.channels.as_slice(),
            Act::Touch(step) => step.channels(),
            Act::Duty(_) => &[],
        };
        let has_lost_a_channel = [5, 8, 17, 18].contains(&how);
        let has_lost_permission = has_lost_a_channel || [3, 4, 15].contains(&how);
        let is_another = (before_is, loosely.cause()) != (after_is, strictly.cause());
        let is_right = if is_another {
            let all = if named.is_empty() { Channel::ALL } else { named };
            let may_be_gone = match before_is {
                Act::Duty(Duty::ConfirmOptOut) => true,
                Act::Duty(Duty::AskPermission) if has_lost_permission => true,
                _ => is_barred(&tight.explanation(), loosely, all),
            };
            is_new || may_be_gone || matches!(after_is, Act::Touch(_)) && has_lost_permission
        } else {
            after_is == Act::Duty(Duty::AskPermission)
                || is_barred(&tight.explanation(), loosely, &[loosely.channel()])
        };
        assert!(is_right, "{before_is} at {before} became {after_is} at {after} by change {how}\n{strict:?}");
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
            took < Duration::from_secs(1)
        });
        assert!(is_fast, "a decision at {now} took a second and more");
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
    assert!(error.contains("make it again from the log"), "{error}");
}

// What the laws found, each as a plain case.

#[test]
fn found_an_opt_out_is_confirmed_where_they_said_it_and_nowhere_else() {
    let confirm = DutyDraft::new().on([Channel::Email, Channel::Phone]);
    let playbook = strict_draft().confirm_opt_out(confirm).build().unwrap();
    let decide = |channel: Channel| {
        let opted_out = EventKind::OptedOut { channels: channel.into(), purposes: Purpose::FollowUp.into() };
        let history = fold(log(&[("2026-06-01T08:00:00Z", opted_out)]));
        let prospect = ada();
        let decision = playbook.decide(&prospect, history.standing(), at("2026-06-01T08:00:00Z"));
        decision.action().map(|action| (action.act().to_string(), action.channel()))
    };
    assert_eq!(decide(Channel::Phone), Some(("confirm-opt-out".to_string(), Channel::Phone)));
    assert_eq!(decide(Channel::Post), None);
}

#[test]
fn found_a_failed_confirmation_keeps_its_count_when_a_pursuit_begins_or_ends() {
    let out = EventKind::OptedOut { channels: Channel::Email.into(), purposes: Purpose::FollowUp.into() };
    let act = "confirm-opt-out".parse().unwrap();
    let failed = EventKind::Failed { channel: Channel::Email, act, cause: EventId(1) };
    let limits = LimitsDraft::new().retry(Delay::minutes(1), 3);
    let draft = strict_draft().limits(limits).confirm_opt_out(DutyDraft::new().within(Delay::hours(1)));
    let (playbook, prospect) = (draft.build().unwrap(), ada());
    for then in [EventKind::Added, EventKind::Declined { reason: Reason::Other }] {
        let events = [out.clone(), failed.clone(), then].map(|kind| ("2026-06-01T08:00:00Z", kind));
        let history = fold(log(&events));
        let decision = playbook.decide(&prospect, history.standing(), at("2026-06-01T08:05:00Z"));
        let key = decision.action().map(|action| action.key().to_string());
        assert_eq!(key.as_deref(), Some("ada:1:confirm-opt-out:2"));
    }
}

#[test]
fn found_whether_a_day_is_an_eve_is_known_with_the_day_after_it() {
    let hours =
        HoursDraft::new("seller").open("daily", &["00:00-24:00"]).short_before("easter", &["08:00-12:00"]);
    let easter = HolidaysDraft::new("easter", &["2026-04-05"]).known("2026-01-01", "2026-06-02");
    let draft = strict_draft().holidays(easter).rule(RuleDraft::new("eves").hours(hours));
    let playbook = draft.build().unwrap();
    let history = fold(log(&[("2026-06-01T08:00:00Z", inquired())]));
    let prospect = ada();
    let decision = playbook.decide(&prospect, history.standing(), at("2026-06-01T08:00:00Z"));
    let opens = |time: &str| decision.earliest(Gate::Hours, Channel::Email, at(time));
    assert_eq!(opens("2026-06-01T21:59:59Z"), Some(at("2026-06-01T21:59:59Z")));
    assert_eq!(opens("2026-06-01T22:00:00Z"), None);
}

#[test]
fn found_a_reply_before_a_growing_gap_is_cited_with_its_answer() {
    let events = log(&[
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-01T08:05:00Z", touched("respond", 1)),
        ("2026-06-01T09:00:00Z", touched("inbound/one", 1)),
        ("2026-06-02T08:00:00Z", EventKind::Replied { channel: Channel::Email }),
        ("2026-06-02T08:05:00Z", touched("respond", 4)),
        ("2026-06-02T09:00:00Z", touched("inbound/two", 1)),
    ]);
    let step = |id: &str| StepDraft::new(id).on([Channel::Email]).without_item();
    let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
        .limits(LimitsDraft::new().growing_gap([Delay::hours(1), Delay::days(9)]))
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Inquired)
                .step(step("one"))
                .step(step("two"))
                .step(step("three")),
        );
    assert_cited_events_suffice(&playbook.build().unwrap(), &events, "2026-06-02T11:00:00Z");
}

#[test]
fn found_a_touch_without_permission_rests_on_why_nobody_can_ask() {
    let events = log(&[
        ("2026-06-01T08:00:00Z", EventKind::Bounced { channel: Channel::Phone, permanent: true, of: None }),
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-01T08:00:00Z", touched("respond", 2)),
    ]);
    let playbook = strict_draft().ask_permission(DutyDraft::new().on([Channel::Phone])).build().unwrap();
    assert_cited_events_suffice(&playbook, &events, "2026-06-15T08:00:00Z");
}

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
        ("2026-06-01T08:00:00Z", EventKind::Enrolled { sequence: "round".parse().unwrap(), from: None }),
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
        disposition: None,
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
        ("2026-06-02T08:00:00Z", EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None }),
    ]);
    assert_cited_events_suffice(&strict_draft().build().unwrap(), &events, "2026-06-03T08:00:00Z");
}

#[test]
fn found_a_reminder_rests_on_why_nobody_asks() {
    let events = log(&[
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-01T08:05:00Z", touched("respond", 1)),
        ("2026-06-01T08:10:00Z", touched("inbound/mail", 1)),
        (
            "2026-06-01T08:10:00Z",
            EventKind::Promised { by: Party::Them, due: at("2026-06-02T08:00:00Z"), about: None },
        ),
    ]);
    let draft = strict_draft().default_permission(Purpose::FollowUp, [Ground::Inquiry]);
    let playbook = draft.implied(Delay::weeks(2), Delay::weeks(2), Delay::weeks(2)).build().unwrap();
    // What the inquiry implied is over, and the sequence is finished: nobody asks.
    assert_cited_events_suffice(&playbook, &events, "2026-06-20T08:00:00Z");
}

#[test]
fn found_a_conversation_that_settles_an_inquiry_has_a_recap_of_its_own() {
    let events = log(&[
        (
            "2026-06-01T08:00:00Z",
            EventKind::Promised { by: Party::Them, due: at("2026-06-05T08:00:00Z"), about: None },
        ),
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
    let by_hand =
        EventKind::Touched { channel: Channel::Phone, act: None, cause: None, item: None, disposition: None };
    let solve = touched("solve", 77);
    let events = log(&[
        ("2026-06-01T08:00:00Z", inquired()),
        ("2026-06-05T16:00:00Z", by_hand),
        ("2026-06-05T23:00:00Z", solve),
        ("2026-06-05T23:30:00Z", EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None }),
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
