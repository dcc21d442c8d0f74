//! Questions: laws that need nothing but the playbook, the prospect, the log and the time, whoever made them.

use std::collections::BTreeSet;
use std::time::Duration;

use followup::{
    Action, Assumption, Decision, Event, EventKind, History, Instant, Playbook, Proposal, Prospect, Purpose,
    Purposes, Verdict,
};

use super::{DAY, instant};

/// What is asked, and what a law may draw on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) playbook: &'q Playbook,
    pub(crate) prospect: &'q Prospect,
    pub(crate) events: &'q [Event],
    pub(crate) now: Instant,
    /// Further instants.
    pub(crate) others: &'q [Instant],
    /// For whatever a law draws by lot.
    pub(crate) lots: &'q [u16],
}

impl Question<'_> {
    fn history(&self) -> History {
        fold(self.events.iter().cloned())
    }

    /// Law 2: the answer is the same until the wake-up, and then it is the action.
    pub(crate) fn wake_up_is_exact(&self) {
        let history = self.history();
        let decision = self.playbook.decide(self.prospect, history.standing(), self.now);
        let (until, next) = match decision.verdict() {
            Verdict::Wait { until, next } => (*until, *next),
            Verdict::Act(_) => return,
            Verdict::Need(_) | Verdict::Rest(_) => return self.nothing_changes_before_the_wake_up(&history),
        };
        self.nothing_changes_before_the_wake_up(&history);
        assert!(until > self.now);
        let (from, to) = (self.now.unix_seconds(), until.unix_seconds());
        let mut instants = vec![
            nanos_later(self.now, 1),
            instant(from + 1, 0),
            just_before(until),
            instant(to - 1, 0),
            instant(to - 60, 0),
            instant(i64::midpoint(from, to), 0),
        ];
        instants.extend(self.lots.iter().map(|lot| instant(from + (to - from) / 1000 * i64::from(*lot), 0)));
        // The edges of windows are on quarters of an hour mostly, those of days on hours.
        instants.extend((1..12).map(|hour| instant((from / 3600 + hour) * 3600, 0)));
        instants.extend((0..4).map(|quarter| instant((to / 900 - quarter) * 900, 0)));
        instants.extend((1..5).map(|day| instant((from / DAY + day) * DAY, 0)));
        instants.extend(next.due().checked_add(Duration::ZERO));
        instants.extend(self.events.iter().map(|event| event.at));
        // Another need can come up beside what is waited for, or another permission be missing, and what is waited for
        // stays the same; only a pursuit whose step is barred for good can pass it over and come first.
        let again = decision.ask_again().unwrap();
        let has_barred = || {
            let explanation = decision.explanation();
            let is_next = |one: &Proposal<'_>| (one.act, one.cause) == (next.act(), next.cause());
            explanation.blockers().iter().any(|blocker| {
                blocker.until.is_none() && !explanation.proposals().get(blocker.proposal).is_some_and(is_next)
            })
        };
        let is_it = |action: Option<&Action<'_>>| {
            action.is_some_and(|action| {
                (action.key(), action.channel(), action.item().map(followup::Item::id))
                    == (next.key(), next.channel(), next.item().map(followup::Item::id))
            }) || has_barred()
        };
        for at in instants.into_iter().filter(|at| (self.now..until).contains(at)) {
            let then = self.playbook.decide(self.prospect, history.standing(), at);
            if at < again {
                assert_eq!(then.verdict(), decision.verdict(), "at {at}");
            } else {
                assert!(
                    then.due() == Some(until) || has_barred(),
                    "{next:?} became {:?} at {at}",
                    then.action()
                );
                assert!(is_it(then.action()), "{next:?} became {:?} at {at}", then.action());
            }
        }
        let then = self.playbook.decide(self.prospect, history.standing(), until);
        let Verdict::Act(act) = then.verdict() else { panic!("{:?} at {until}", then.verdict()) };
        assert!(is_it(Some(act)), "{next:?} became {act:?} at {until}");
        assert!(again < until || *act == next || has_barred(), "{next:?} became {act:?} at {until}");
    }

    /// Before the wake-up neither the verdict nor a need is another, and at the wake-up something is.
    fn nothing_changes_before_the_wake_up(&self, history: &History) {
        let decision = self.playbook.decide(self.prospect, history.standing(), self.now);
        let said = (decision.verdict().clone(), decision.needs());
        let again = decision.ask_again();
        assert!(again.is_none_or(|again| again > self.now));
        let just_before = again.map(just_before);
        for later in self.others.iter().copied().chain(just_before) {
            let later = later.max(self.now);
            if again.is_none_or(|again| later < again) {
                let then = self.playbook.decide(self.prospect, history.standing(), later);
                assert_eq!((then.verdict().clone(), then.needs()), said, "at {later}");
            }
        }
        if let Some(again) = again {
            let then = self.playbook.decide(self.prospect, history.standing(), again);
            assert_ne!((then.verdict().clone(), then.needs()), said, "at the wake-up {again}");
        }
    }

    /// Law 3: the cited events alone lead to the same verdict.
    pub(crate) fn cited_events_suffice(&self) {
        let history = self.history();
        let decision = self.playbook.decide(self.prospect, history.standing(), self.now);
        let explanation = decision.explanation();
        let cited =
            fold(self.events.iter().filter(|event| explanation.events().contains(&event.id)).cloned());
        let replayed = self.playbook.decide(self.prospect, cited.standing(), self.now);
        assert_eq!(replayed.verdict(), decision.verdict(), "cited {:?}\n{explanation}", explanation.events());
        assert_eq!(replayed.needs(), decision.needs(), "cited {:?}\n{explanation}", explanation.events());
        for event in explanation.events() {
            assert!(self.events.iter().any(|known| known.id == *event), "{event:?} never happened");
        }
    }

    /// Law 8: a plan is the decision, and then the decisions after it.
    pub(crate) fn plan_is_decisions(&self) {
        let mut history = self.history();
        let mut now = self.now;
        let first = history.standing().clone();
        let decision = self.playbook.decide(self.prospect, &first, now);
        let plan = self.playbook.plan(self.prospect, &first, now, Assumption::Silence, 6);
        assert_eq!(plan.entries().first().map(|entry| (entry.at, entry.action)), due(&decision));
        // Greater than any that a run of a law gives.
        let mut id = 1_000_000;
        for entry in plan.entries() {
            let standing = history.standing().clone();
            let decision = self.playbook.decide(self.prospect, &standing, now);
            assert_eq!(due(&decision), Some((entry.at, entry.action)));
            now = entry.at;
            id += 1;
            history.record(entry.action.touched(id, now)).unwrap();
        }
        let decision = self.playbook.decide(self.prospect, history.standing(), now);
        match plan.end() {
            Some(end) => assert_eq!(decision.verdict(), end),
            None => assert_eq!(plan.entries().len(), 6),
        }
    }
}

/// A history of these events.
pub(crate) fn fold(events: impl IntoIterator<Item = Event>) -> History {
    History::try_from(events.into_iter().collect::<Vec<_>>()).unwrap()
}

/// What is due or will be, and when.
pub(crate) fn due<'a>(decision: &Decision<'a>) -> Option<(Instant, Action<'a>)> {
    decision.due().zip(decision.action().copied())
}

pub(crate) fn nanos_later(at: Instant, nanos: u64) -> Instant {
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
