//! Two engines that were written from SEMANTICS.md, and neither from the other, give the same answers.
#![cfg(feature = "embedded-zones")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test panics"
)]

mod common;
mod second;

use common::{Case, cases};
use followup::{
    Channels, Decision, Delay, Disposition, Duty, Event, EventId, EventKind, HoldReason, HoldsDraft, Instant,
    Purposes,
};
use proptest::prelude::*;
use second::{Answer, More, Proposal, Told, Verdict};

/// What the first engine says, in the words of the second.
fn said(decision: &Decision<'_>) -> Answer {
    let proposal = |action: &followup::Action<'_>| Proposal {
        act: action.act().name().to_string(),
        cause: action.cause(),
        attempt: action.key().to_string().rsplit(':').next().unwrap().parse().unwrap(),
        channel: action.channel(),
        item: action.item().map(|item| item.id().as_str().to_string()),
        due: action.due(),
    };
    let verdict = match decision.verdict() {
        followup::Verdict::Act(action) => Verdict::Act(proposal(action)),
        followup::Verdict::Wait { until, next } => Verdict::Wait(*until, proposal(next)),
        followup::Verdict::Need(need) => Verdict::Need(need.code().to_string()),
        followup::Verdict::Rest(rest) => Verdict::Rest(rest.code()),
    };
    let needs = decision.needs().iter().map(|need| need.code().to_string()).collect();
    Answer { verdict, needs, ask_again: decision.ask_again() }
}

/// A case, and what it says beside.
#[derive(Clone)]
struct Question {
    case: Case,
    more: More,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}\n{:?}", self.case, self.more)
    }
}

fn more() -> impl Strategy<Value = More> {
    let some = || prop::option::weighted(0.5, (1..200_u16).prop_map(Delay::hours));
    let rarely = prop::option::weighted(0.1, (1..200_u16).prop_map(Delay::hours));
    let expires = proptest::array::uniform8(rarely);
    (some(), some(), some(), some(), any::<[bool; 8]>(), expires).prop_map(
        |(out_of_office, after_return, longest_absence, after_meeting, mut settles, mut expires)| {
            settles[Duty::ConfirmOptOut as usize] = false;
            // These have other words for it.
            for duty in [Duty::ConfirmOptOut, Duty::AskPermission, Duty::ConfirmMeeting] {
                expires[duty as usize] = None;
            }
            More { out_of_office, after_return, longest_absence, after_meeting, settles, expires }
        },
    )
}

/// Draws in turn from a list of lots.
struct Lots {
    lots: Vec<u16>,
    next: usize,
}

impl Lots {
    fn below(&mut self, most: usize) -> usize {
        self.next += 1;
        usize::from(
            self.lots[self.next % self.lots.len()]
                .rotate_left(u32::try_from(self.next / self.lots.len() % 16).unwrap()),
        ) % most
    }
}

fn questions() -> impl Strategy<Value = Question> {
    let lots = prop::collection::vec(any::<u16>(), 48);
    let near = |case: &Case| (1_000_000_000..4_000_000_000).contains(&case.model.epoch);
    (cases(12).prop_filter("the edges of time", near), more(), lots).prop_map(|(case, more, lots)| {
        let mut lots = Lots { lots, next: 0 };
        simpler(case, more, &mut lots)
    })
}

/// Without what the second engine does not know: regions, the rules of the library, the edges of time and of holidays.
fn simpler(mut case: Case, mut more: More, lots: &mut Lots) -> Question {
    let model = &mut case.model;
    // To say this of it would be to have it done.
    more.settles[Duty::ConfirmMeeting as usize] &= model.confirm_meeting.is_some();
    model.contact_rules = None;
    model.except.clear();
    model.known = [None, None];
    model.rules.retain(|rule| !rule.is_opt_out());
    model.rules.truncate(lots.below(4));
    for rule in &mut model.rules {
        rule.regions.clear();
    }
    model.blackouts.iter_mut().for_each(|blackout| blackout.regions.clear());
    case.who.regions.clear();
    if lots.below(2) == 0 {
        for permission in &mut model.permission {
            permission.default = Some(vec![followup::Ground::NotRefused]);
            permission.on.clear();
        }
    }
    for sequence in &mut model.sequences {
        match lots.below(6) {
            0..=2 => sequence.again = followup::Again::WhenFinished,
            3 => sequence.again = followup::Again::Once,
            _ => {}
        }
    }
    for event in &mut case.events {
        vary(event, lots);
    }
    case.playbook = playbook(&case, &more);
    case.prospect = case.who.build();
    let (first, last) = (case.model.epoch - 3 * common::DAY, case.model.epoch + 200 * common::DAY);
    if !(first..last).contains(&case.now.unix_seconds()) {
        case.now = common::instant(first + i64::try_from(lots.below(9999)).unwrap() * 1800, 0);
    }
    if lots.below(3) > 0 {
        case.events = with_what_was_due(&case, lots);
    }
    Question { case, more }
}

/// What the generator of the other tests gives too rarely.
fn vary(event: &mut Event, lots: &mut Lots) {
    let lot = lots.below(12);
    match &mut event.kind {
        EventKind::Touched { disposition, .. } => {
            *disposition = match lot {
                0 => Some(Disposition::Connected),
                1 => Some(Disposition::Gatekeeper),
                2 => Some(Disposition::NoAnswer),
                3 | 4 => Some(Disposition::Voicemail),
                _ => None,
            }
        }
        EventKind::OptedOut { channels, purposes } | EventKind::Suppressed { channels, purposes, .. }
            if lot < 3 =>
        {
            *channels = Channels::ALL;
            *purposes = Purposes::ALL;
        }
        // What these reasons wait for is said by events of their own.
        EventKind::Held { reason, .. } if matches!(reason, HoldReason::Booked | HoldReason::Callback) => {
            *reason = HoldReason::Snoozed;
        }
        _ => {}
    }
}

fn playbook(case: &Case, more: &More) -> followup::Playbook {
    let mut holds = HoldsDraft::new();
    if let Some(delay) = more.out_of_office {
        holds = holds.out_of_office(delay);
    }
    if let Some(delay) = more.after_return {
        holds = holds.after_return(delay);
    }
    if let Some(delay) = more.longest_absence {
        holds = holds.longest_absence(delay);
    }
    if let Some(delay) = more.after_meeting {
        holds = holds.after_meeting(delay);
    }
    let mut written = serde_json::to_value(case.model.draft().holds(holds)).unwrap();
    for duty in Duty::ALL.iter().filter(|duty| more.settles[**duty as usize]) {
        written[duty.as_str()]["voicemail-settles"] = true.into();
    }
    for (duty, expires) in Duty::ALL.iter().zip(more.expires) {
        if let Some(expires) = expires {
            written[duty.as_str()]["expires"] = expires.to_string().into();
        }
    }
    let draft: followup::PlaybookDraft = serde_json::from_value(written).unwrap();
    draft.build().unwrap()
}

/// The log, and in it what an obedient seller did, or tried to, between what happened.
fn with_what_was_due(case: &Case, lots: &mut Lots) -> Vec<Event> {
    let mut world = case.events.clone();
    world.sort_by_key(|event| (event.at, event.id));
    let mut id = 1000;
    let mut acts = lots.below(9);
    let mut log: Vec<Event> = Vec::new();
    let mut coming = world.into_iter().peekable();
    while let Some(event) = coming.next() {
        log.push(event);
        while acts > 0 {
            let now = log.iter().map(|event| event.at).max().unwrap();
            let history = common::question::fold(log.iter().cloned());
            let decision = case.playbook.decide(&case.prospect, history.standing(), now);
            let Some((due, action)) = common::question::due(&decision) else { break };
            if coming.peek().is_some_and(|next| next.at < due)
                || due.unix_seconds() > case.now.unix_seconds() + 90 * common::DAY
            {
                break;
            }
            acts -= 1;
            id += 1;
            let outcomes = [Disposition::NoAnswer, Disposition::Voicemail, Disposition::Connected];
            let done = match lots.below(12) {
                0 | 1 => action.failed(id, due),
                2..=4 => action.disposed(id, due, outcomes[lots.below(3)]),
                5 => match action.act() {
                    followup::Act::Touch(step) => {
                        Event::new(id, due, EventKind::Skipped { step: step.path().clone() })
                    }
                    followup::Act::Duty(_) => action.touched(id, due),
                },
                _ => action.touched(id, due),
            };
            let channel = action.channel();
            log.push(done);
            if lots.below(8) == 0 {
                let of = (lots.below(2) == 0).then_some(EventId(id));
                let later = common::instant(due.unix_seconds() + 60, 0);
                let bounced = EventKind::Bounced { channel, permanent: lots.below(4) == 0, of };
                id += 1;
                log.push(Event::new(id, later, bounced));
            }
        }
    }
    log
}

impl Question {
    /// Both answers at one instant.
    fn asked(&self, history: &followup::History, now: Instant, horizon: i64) -> (Answer, Answer) {
        let decision = self.case.playbook.decide(&self.case.prospect, history.standing(), now);
        let told = Told { case: &self.case, more: &self.more, horizon };
        (said(&decision), second::answer(&told, &self.case.events, now))
    }

    fn instants(&self, history: &followup::History) -> Vec<Instant> {
        let mut instants = vec![self.case.now];
        let events = &self.case.events;
        instants.extend(
            self.case
                .lots
                .iter()
                .take(2)
                .filter(|_| !events.is_empty())
                .map(|lot| events[usize::from(*lot) % events.len()].at),
        );
        instants.extend(events.iter().map(|event| event.at).max());
        let mut now = instants.iter().copied().max().unwrap();
        for _ in 0..2 {
            let decision = self.case.playbook.decide(&self.case.prospect, history.standing(), now);
            let Some(again) = decision.ask_again() else { break };
            if again <= now || again.unix_seconds() > second::hours::LAST {
                break;
            }
            instants.extend([second::gates::before(again), again]);
            now = again;
        }
        instants
    }

    fn check(&self) {
        let history = self.case.history();
        for now in self.instants(&history) {
            let mut horizon = second::hours::HORIZON;
            let (mut first, mut second) = self.asked(&history, now, horizon);
            if !differences(&first, &second, now, horizon).is_empty() {
                horizon = second::hours::LONG;
                (first, second) = self.asked(&history, now, horizon);
            }
            if is_too_far(&first, now, horizon) {
                continue;
            }
            let agree = differences(&first, &second, now, horizon);
            assert!(
                agree.is_empty(),
                "at {now} they differ in {agree:?}\nfirst  {first:?}\nsecond {second:?}"
            );
        }
    }
}

/// Whether the hours on several clocks meet so late that the second engine has given up looking for that.
fn is_too_far(first: &Answer, now: Instant, horizon: i64) -> bool {
    let Verdict::Wait(until, action) = &first.verdict else { return false };
    let from = action.due.max(now).unix_seconds();
    until.unix_seconds() > from + horizon * common::DAY
}

fn differences(first: &Answer, second: &Answer, now: Instant, horizon: i64) -> Vec<&'static str> {
    let mut all = Vec::new();
    let (one, other) = (&first.verdict, &second.verdict);
    match (one, other) {
        (Verdict::Act(a), Verdict::Act(b)) | (Verdict::Wait(_, a), Verdict::Wait(_, b)) => {
            all.extend((a.act != b.act).then_some("act"));
            all.extend((a.cause != b.cause).then_some("cause"));
            all.extend((a.attempt != b.attempt).then_some("attempt"));
            all.extend((a.channel != b.channel).then_some("channel"));
            all.extend((a.item != b.item).then_some("item"));
            all.extend((a.due != b.due).then_some("due"));
            if let (Verdict::Wait(one, _), Verdict::Wait(other, _)) = (one, other) {
                all.extend((one != other).then_some("until"));
            }
        }
        (Verdict::Need(one), Verdict::Need(other)) => all.extend((one != other).then_some("need")),
        (Verdict::Rest(one), Verdict::Rest(other)) => all.extend((one != other).then_some("rest")),
        _ => all.push("verdict"),
    }
    all.extend((first.needs != second.needs).then_some("needs"));
    // Nobody looks for hours for so long; and before the end of time they close for good.
    let far = (now.unix_seconds() + horizon * common::DAY).min(second::hours::LAST);
    let near = |again: &Instant| again.unix_seconds() < far;
    let (one, other) = (first.ask_again.filter(near), second.ask_again.filter(near));
    all.extend((one != other).then_some("ask again"));
    all
}

proptest! {
    // Half of the cases each, so that two cores have something to do.
    #![proptest_config(common::config(10_000))]

    #[test]
    fn the_two_engines_agree(question in questions()) {
        question.check();
    }

    #[test]
    fn the_two_engines_agree_on_as_many_other_cases(question in questions()) {
        question.check();
    }
}
