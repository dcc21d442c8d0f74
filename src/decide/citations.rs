//! What a candidate, or having none, rests on: the events without which it would be another.

use super::{Asked, Candidate, Case, Cited};
use crate::act::Act;
use crate::decision::Gate;
use crate::event::{HoldReason, Sign};
use crate::id::Mark;
use crate::instant::Instant;
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
            Act::AskPermission | Act::Remind | Act::Touch(_) => self.cite_pursuit(into),
            Act::ConfirmOptOut | Act::Solve | Act::Recap | Act::KeepPromise => {}
        }
        // Asking comes before reminding, so why nobody asks matters to a reminder.
        if matches!(candidate.act, Act::AskPermission | Act::Remind) || !self.under_way().1.is_empty() {
            self.cite_permits(into);
        }
    }

    /// Notes why nothing falls due before what is waited for.
    pub(crate) fn cite_meanwhile(&self, into: &mut Cited) {
        self.cite_pursuit(into);
        self.cite_permits(into);
    }

    /// Notes what permits the next touches: why nobody has to ask.
    fn cite_permits(&self, into: &mut Cited) {
        for touch in self.next_touches() {
            // Only somebody who came to the seller is asked.
            into.marks.extend(self.standing.relations().map(|relation| relation.mark));
            for channel in touch.channels {
                let asked = Asked { case: self, candidate: &touch, channel: *channel };
                for gate in [Gate::Reach, Gate::Refusal, Gate::Permission] {
                    gate.cite(&asked, touch.due, into);
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
        into.marks.extend(self.standing.ended.map(|ended| ended.mark));
        self.cite_pursuit(into);
    }

    fn cite_pursuit(&self, into: &mut Cited) {
        // Why nobody asks or reminds, and why steps are passed over.
        for undone in self.unasked().into_iter().chain(self.reminder()).chain(self.uncarried()) {
            for channel in undone.channels {
                let asked = Asked { case: self, candidate: &undone, channel: *channel };
                Gate::Reach.cite(&asked, undone.due, into);
                Gate::Refusal.cite(&asked, undone.due, into);
            }
        }
        let standing = self.standing;
        // What ended an earlier pursuit, and what it left for how many touches.
        into.marks.extend(standing.closed.iter().chain(&standing.declined));
        into.marks.extend(self.approaches(usize::from(self.playbook.fewest_touches)));
        into.marks.extend(self.fresh().into_iter().chain(self.asks()));
        let oldest = self.oldest();
        let is_looked_at = |enrolment: &&Enrolment| Some(enrolment.mark) >= oldest;
        for enrolment in standing.enrolments.iter().filter(is_looked_at) {
            into.marks.extend(enrolment.marks());
            let signs = enrolment.signs.iter().filter(|shown| self.playbook.looks_at(shown.sign));
            into.marks.extend(
                signs.flat_map(|shown| [Some(shown.first), Some(shown.last), shown.lapsed]).flatten(),
            );
        }
        into.marks.extend(standing.pauses.iter().map(|pause| pause.mark));
        if self.playbook.looks_at(Sign::Booked) {
            let booked = standing.holds.iter().filter(|hold| hold.reason == HoldReason::Booked);
            into.marks.extend(booked.map(|hold| hold.mark));
        }
        into.marks.extend(standing.by_hand.iter().map(|done| done.mark).filter(|mark| Some(*mark) > oldest));
        into.marks.extend(standing.purchase.as_ref().map(|purchase| purchase.mark));
    }
}

impl Enrolment {
    fn marks(&self) -> impl Iterator<Item = Mark> {
        let done = self.done.iter().map(|done| done.mark);
        core::iter::once(self.mark).chain(done)
    }
}
