//! Propose: from the state, what there would be to do. Nothing here asks a gate.

use super::context::Context;
use super::state::{Ahead, Attempts, Owed, Pursuit, Tries};
use crate::facts::channel::Channel;
use crate::facts::id::Mark;
use crate::facts::permission::Purpose;
use crate::facts::vocabulary::{Duty, Executor};
use crate::playbook::act::Act;
use crate::playbook::duty::DutySpec;
use crate::playbook::sequence::Step;
use crate::time::instant::Instant;

/// Something there would be to do, before any gate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'c, 'a> {
    pub(crate) act: Act<'a>,
    pub(crate) cause: Mark,
    /// The instant from which its delay counts.
    pub(crate) counted_from: Instant,
    pub(crate) due: Instant,
    /// From when on it is too late for it.
    pub(crate) expires: Option<Instant>,
    pub(crate) purpose: Purpose,
    pub(crate) channels: &'a [Channel],
    /// The channel on which they expect it.
    pub(crate) expected_on: Option<Channel>,
    pub(crate) by: Executor,
    /// Its number among the times that it was done or tried.
    pub(crate) number: u32,
    /// The attempts since it was done last.
    pub(crate) attempts: &'c Attempts,
}

impl<'c, 'a> Context<'c, 'a> {
    /// What the prospect began or agreed to, in order of precedence. Of unanswered messages there is one answer.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Candidate<'c, 'a>> {
        let mut has_response = false;
        let answers = self.state.owed.iter().filter(move |owed| {
            let is_again = owed.duty == Duty::Respond && has_response;
            has_response |= owed.duty == Duty::Respond;
            owed.duty.is_answer() && !is_again
        });
        answers.filter_map(|owed| self.owed(owed))
    }

    /// The reminders of what they promised.
    pub(crate) fn reminders(&self) -> impl Iterator<Item = Candidate<'c, 'a>> {
        let promises = self.state.owed.iter().filter(|owed| owed.duty == Duty::Remind);
        promises.filter(|_| self.state.ends.is_empty()).filter_map(|owed| self.owed(owed))
    }

    fn owed(&self, owed: &'c Owed) -> Option<Candidate<'c, 'a>> {
        let spec = self.playbook.duty(owed.duty)?;
        let expected_on = match owed.duty {
            // They are answered where they wrote last, as far as that is known.
            Duty::Respond => {
                let mut latest = self.state.owed.iter().rev().filter(|owed| owed.duty == Duty::Respond);
                latest.find_map(|latest| latest.channel)
            }
            _ => owed.channel,
        };
        let is_answer = owed.duty.is_answer();
        Some(Candidate {
            due: self.after(owed.due, spec),
            expires: self.state.lapses(self.playbook, self.place, owed),
            expected_on,
            purpose: if is_answer { Purpose::Answer } else { Purpose::FollowUp },
            ..Self::for_duty(owed.duty, spec, owed.mark, owed.due, &owed.attempts)
        })
    }

    fn for_duty(
        duty: Duty,
        spec: &'a DutySpec,
        cause: Mark,
        from: Instant,
        attempts: &'c Attempts,
    ) -> Candidate<'c, 'a> {
        Candidate {
            act: Act::Duty(duty),
            cause,
            counted_from: from,
            due: from,
            expires: None,
            purpose: Purpose::Answer,
            channels: &spec.channels,
            expected_on: None,
            by: spec.by,
            number: attempts.total().saturating_add(1),
            attempts,
        }
    }

    /// An instant past the year 2200 is the last one there is.
    fn after(&self, from: Instant, spec: &DutySpec) -> Instant {
        if spec.after.is_zero() {
            return from;
        }
        self.place.latest_after(from, spec.after, self.playbook).unwrap_or(Instant::MAX)
    }

    /// The confirmation of an opt-out.
    pub(crate) fn confirmation(&self) -> Option<Candidate<'c, 'a>> {
        let opt_out = self.state.unconfirmed.as_ref()?;
        let spec = self.playbook.duty(Duty::ConfirmOptOut)?;
        let mark = opt_out.mark;
        Some(Candidate {
            expires: self.place.latest_after(mark.at, spec.within, self.playbook),
            ..Self::for_duty(Duty::ConfirmOptOut, spec, mark, mark.at, &opt_out.attempts)
        })
    }

    /// Until when it is on time, if the playbook says.
    pub(crate) fn on_time_until(&self, candidate: &Candidate<'_, '_>) -> Option<Instant> {
        let tolerance = match candidate.act {
            Act::Duty(Duty::Respond) => self.playbook.duty(Duty::Respond)?.within,
            Act::Duty(_) => return None,
            Act::Touch(step) => step.tolerance?,
        };
        self.place.latest_after(candidate.due, tolerance, self.playbook)
    }

    /// A step that lies ahead in a pursuit.
    pub(crate) fn touch(pursuit: &'c Pursuit, ahead: &Ahead<'a>) -> Candidate<'c, 'a> {
        let step: &'a Step = ahead.step;
        let tries = pursuit.tries(step);
        Candidate {
            act: Act::Touch(step),
            cause: pursuit.mark,
            counted_from: ahead.counted_from,
            due: ahead.due,
            expires: ahead.expires,
            purpose: step.purpose,
            channels: &step.channels,
            expected_on: None,
            by: step.by,
            number: tries.map_or(1, Tries::number),
            attempts: tries.map_or(Attempts::NONE, |tries| &tries.attempts),
        }
    }

    /// Whether they may be asked whether the seller may. Only somebody who came to the seller is asked, and after a no
    /// there is nothing to ask.
    pub(crate) fn may_ask(&self) -> bool {
        let spec = self.playbook.duty(Duty::AskPermission);
        let is_left = spec.is_some_and(|spec| self.state.asked.times < spec.at_most);
        is_left && !self.state.is_declined() && self.state.relations().next().is_some()
    }

    /// Asking whether the seller may, for a step that lacks its permission since `lapsed`.
    pub(crate) fn asking(
        &self,
        pursuit: &'c Pursuit,
        purpose: Purpose,
        lapsed: Instant,
    ) -> Option<Candidate<'c, 'a>> {
        let spec = self.playbook.duty(Duty::AskPermission).filter(|_| self.may_ask())?;
        let asked = self.state.asked;
        let again = asked.last.map(|last| self.after(last.at, spec));
        Some(Candidate {
            due: again.map_or(lapsed, |again| again.max(lapsed)),
            purpose,
            number: pursuit.asks.number(),
            ..Self::for_duty(Duty::AskPermission, spec, pursuit.mark, lapsed, &pursuit.asks.attempts)
        })
    }
}
