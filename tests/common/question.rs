//! Questions: laws that need nothing but the playbook, the prospect, the log and the time, whoever made them.

use std::collections::BTreeSet;
use std::time::Duration;

use followup::{
    Action, Assumption, Decision, Event, EventKind, History, Instant, Playbook, Prospect, Purpose, Purposes,
    Verdict,
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
            // Without an event nothing becomes due before the question is to be asked again, and after a rest nothing
            // ever. What is missing can change: a permission runs out.
            Verdict::Need(_) | Verdict::Rest(_) => {
                let again = decision.ask_again();
                assert!(matches!(decision.verdict(), Verdict::Need(_)) || again.is_none());
                assert!(again.is_none_or(|again| again > self.now));
                let just_before = again.map(just_before);
                for later in self.others.iter().copied().chain(just_before) {
                    let later = later.max(self.now);
                    if again.is_some_and(|again| later >= again) {
                        continue;
                    }
                    let then = self.playbook.decide(self.prospect, history.standing(), later);
                    assert_eq!(then.due(), None, "at {later}");
                }
                return;
            }
        };
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
        for at in instants.into_iter().filter(|at| (self.now..until).contains(at)) {
            let then = self.playbook.decide(self.prospect, history.standing(), at);
            assert_eq!(then.verdict(), decision.verdict(), "at {at}");
        }
        let then = self.playbook.decide(self.prospect, history.standing(), until);
        assert_eq!(*then.verdict(), Verdict::Act(next));
    }

    /// Whether some permission and some refusal in the log, retracted or not, speak of the same channel and purpose.
    ///
    /// Then one has cut the other down. A standing keeps what is left of each with the event that gave it, but not the
    /// event that cut it, which may have lost its own effect since: "granted on all channels, denied on one, inquired
    /// again" leaves a permission on the others, and citing the grant alone gives back the one. To cite the cut and what
    /// lifted it would take a trail in the standing that grows with every such event. So there the events that the law
    /// speaks of are those that `proven_by` found with the log at hand.
    fn has_permissions_that_meet_refusals(&self) -> bool {
        let scope = |event: &Event, is_grant: bool| match &event.kind {
            // By their own act they permit answers too.
            EventKind::Granted { channels, purposes, own_act, .. } if is_grant => {
                let answers = own_act.then_some(Purpose::Answer);
                Some((*channels, purposes.iter().chain(answers).collect::<Purposes>()))
            }
            EventKind::Denied { channels, purposes }
            | EventKind::OptedOut { channels, purposes }
            | EventKind::Suppressed { channels, purposes, .. }
                if !is_grant =>
            {
                Some((*channels, *purposes))
            }
            _ => None,
        };
        let grants = self.events.iter().filter_map(|event| scope(event, true));
        let refusals: Vec<_> = self.events.iter().filter_map(|event| scope(event, false)).collect();
        grants.into_iter().any(|(channels, purposes)| {
            refusals.iter().any(|(refused, of)| {
                channels.iter().any(|channel| refused.contains(channel))
                    && purposes.iter().any(|purpose| of.contains(purpose))
            })
        })
    }

    /// Law 3: the cited events alone lead to the same verdict.
    pub(crate) fn cited_events_suffice(&self) {
        let history = self.history();
        let decision = self.playbook.decide(self.prospect, history.standing(), self.now);
        let proven = decision.explanation().proven_by(&history);
        let explanation =
            if self.has_permissions_that_meet_refusals() { proven } else { decision.explanation() };
        let cited =
            fold(self.events.iter().filter(|event| explanation.events().contains(&event.id)).cloned());
        let replayed = self.playbook.decide(self.prospect, cited.standing(), self.now);
        assert_eq!(replayed.verdict(), decision.verdict(), "cited {:?}\n{explanation}", explanation.events());
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
