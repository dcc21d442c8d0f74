//! What a candidate, or having none, rests on: the events without which it would be another.

use super::{Asked, Candidate, Case, Cited};
use crate::act::Act;
use crate::decision::Gate;
use crate::id::Mark;
use crate::instant::Instant;
use crate::sequence::Sequence;
use crate::standing::{Debt, Enrolment};

impl<'a> Case<'a, '_> {
    /// Notes what this candidate rests on, before any gate.
    pub(crate) fn cite(&self, candidate: &Candidate<'a>, into: &mut Cited) {
        into.marks.push(candidate.cause);
        into.marks.extend(self.failures(candidate).map(|failure| failure.mark));
        into.marks.extend(self.latest_approaches(candidate).map(|contact| contact.mark));
        match candidate.act {
            Act::Respond => {
                let owed = self.standing.owed.iter().filter(|owed| owed.what == Debt::Response);
                into.marks.extend(owed.map(|owed| owed.mark));
            }
            Act::AskPermission | Act::Remind | Act::Touch(_) | Act::Revive => self.cite_pursuit(into),
            Act::ConfirmOptOut | Act::Solve | Act::Recap | Act::KeepPromise => {}
        }
        // Asking comes before reminding, so why nobody asks matters to a reminder.
        if let (Act::AskPermission | Act::Remind, Some(touch)) = (candidate.act, self.next_touch()) {
            // Only somebody who came to the seller is asked.
            into.marks.extend(self.standing.relations().map(|relation| relation.mark));
            for channel in touch.channels {
                let asked = Asked { case: self, candidate: &touch, channel: *channel };
                for gate in [Gate::Reach, Gate::Refusal, Gate::Permission] {
                    gate.cite(&asked, candidate.due, into);
                }
            }
        }
    }

    /// Notes why an opt-out is not confirmed while there is time.
    pub(crate) fn cite_unconfirmed(&self, now: Instant, into: &mut Cited) {
        if let Some((confirmation, _)) = self.confirmation(now) {
            for channel in confirmation.channels {
                let asked = Asked { case: self, candidate: &confirmation, channel: *channel };
                for gate in Gate::ALL {
                    gate.cite(&asked, now, into);
                }
            }
        }
    }

    /// Notes why there is nothing to do.
    pub(crate) fn cite_idle(&self, into: &mut Cited) {
        match self.standing.ended {
            Some(ended) => into.marks.push(ended.mark),
            None => self.cite_pursuit(into),
        }
    }

    fn cite_pursuit(&self, into: &mut Cited) {
        // Why nobody asks.
        if let Some(asking) = self.unasked() {
            for channel in asking.channels {
                let asked = Asked { case: self, candidate: &asking, channel: *channel };
                Gate::Reach.cite(&asked, asking.due, into);
                Gate::Refusal.cite(&asked, asking.due, into);
            }
        }
        for touch in self.uncarried() {
            for channel in touch.channels {
                let asked = Asked { case: self, candidate: &touch, channel: *channel };
                Gate::Reach.cite(&asked, touch.due, into);
                Gate::Refusal.cite(&asked, touch.due, into);
            }
        }
        if let Some((enrolment, sequence)) = self.enrolment() {
            into.marks.extend(enrolment.marks());
            into.marks.extend(self.standing.pauses.iter().map(|pause| pause.mark));
            into.marks.extend(sequence.into_iter().flat_map(|sequence| self.signs(enrolment, sequence)));
            // Where no sequence starts on what happened last, delays count from it all the same.
            into.marks.extend(self.standing.enrolments.last().map(|newest| newest.mark));
        }
    }

    /// The signs that some step of the sequences looks at.
    fn signs(&self, enrolment: &Enrolment, first: &'a Sequence) -> impl Iterator<Item = Mark> {
        let sequences = core::iter::successors(Some(first), |sequence| self.follower(sequence));
        let steps = sequences.take(self.playbook.sequences.len()).flat_map(|sequence| &sequence.steps);
        let conditions = steps.filter_map(|step| step.condition);
        conditions.filter_map(|condition| enrolment.sign(condition.sign)).map(|sign| sign.mark)
    }
}

impl Enrolment {
    fn marks(&self) -> impl Iterator<Item = Mark> {
        let done = self.done.iter().map(|done| done.mark);
        core::iter::once(self.mark)
            .chain(done)
            .chain(self.asks.iter().copied())
            .chain(self.revivals.iter().copied())
    }
}
