//! Pursuit: which of what has begun is under way, and with which sequence.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Case;
use crate::consent::Purpose;
use crate::id::Mark;
use crate::instant::Instant;
use crate::sequence::{Active, Again, Sequence, Trigger};
use crate::standing::{Began, End, Enrolment, Happened};

/// An enrolment with the sequence that it began, if the playbook has one.
pub(crate) type Begun<'a, 's> = (&'s Enrolment, Option<&'a Sequence>);

impl<'a, 's> Case<'a, 's> {
    /// What the pursuit is about, where only the latest is under way: what began last and has a sequence, of that which
    /// is not over. Where there is none, what began last.
    pub(crate) fn latest(&self) -> Option<Begun<'a, 's>> {
        let assigned = self.assigned();
        let mut is_made_good = false;
        let mut last_resort = None;
        for (nth, enrolment) in self.standing.enrolments.iter().enumerate().rev() {
            let sequence = self.sequence_of(nth, enrolment, &assigned);
            if self.is_over(enrolment, sequence) {
                continue;
            }
            match (enrolment.began, sequence) {
                // A conversation makes good a missed meeting.
                (Began::By(Trigger::NoShow), _) if is_made_good => {}
                (Began::Into(_), _) => return Some((enrolment, sequence)),
                (Began::By(trigger), Some(sequence)) => {
                    if !trigger.is_stall() || !self.is_finished(enrolment, sequence) {
                        return Some((enrolment, Some(sequence)));
                    }
                    last_resort = last_resort.filter(|(_, held): &Begun<'_, '_>| held.is_some());
                    last_resort = last_resort.or(Some((enrolment, Some(sequence))));
                }
                (Began::By(trigger), None) => {
                    last_resort = last_resort.or(Some((enrolment, None)));
                    if trigger.is_fresh() && self.playbook.started_by(trigger).is_none() {
                        break;
                    }
                }
            }
            is_made_good |= enrolment.began == Began::By(Trigger::Met);
        }
        last_resort
    }

    /// Everything that is under way, where priority decides: the last of each sequence, the greatest priority first.
    pub(crate) fn by_priority(&self) -> Vec<Begun<'a, 's>> {
        let assigned = self.assigned();
        let mut is_made_good = false;
        let mut active: Vec<Begun<'a, 's>> = Vec::new();
        for (nth, enrolment) in self.standing.enrolments.iter().enumerate().rev() {
            let sequence = self.sequence_of(nth, enrolment, &assigned);
            let is_missed = is_made_good && enrolment.began == Began::By(Trigger::NoShow);
            is_made_good |= enrolment.began == Began::By(Trigger::Met);
            let is_known = sequence.is_some() || matches!(enrolment.began, Began::Into(_));
            if !is_known
                || is_missed
                || self.is_over(enrolment, sequence)
                || self.has_bought_since(enrolment, sequence)
            {
                continue;
            }
            let is_replaced = sequence.is_some_and(|sequence| {
                active.iter().any(|(_, held)| held.is_some_and(|held| held.id == sequence.id))
            });
            if !is_replaced {
                active.push((enrolment, sequence));
            }
        }
        // What nobody knows has to be looked at first.
        active.sort_by_key(|(_, sequence)| Reverse(sequence.map_or(u16::MAX, |sequence| sequence.priority)));
        active
    }

    /// Whether the playbook has to look at more than what began last.
    pub(crate) fn looks_back(&self) -> bool {
        self.playbook.uses.again || self.playbook.active == Active::ByPriority
    }

    /// What began a pursuit after that one, as far as it counts for its delays: a conversation on which no sequence
    /// starts, a detour that is over.
    pub(crate) fn later_than(&self, enrolment: &Enrolment) -> Option<Instant> {
        let newest_first = self.standing.enrolments.iter().rev();
        let newer = newest_first.take_while(|newer| newer.mark > enrolment.mark);
        let counts = newer.filter(|newer| match newer.began {
            Began::By(trigger) => {
                self.playbook.active == Active::Latest || self.playbook.started_by(trigger).is_none()
            }
            Began::Into(_) => self.playbook.active == Active::Latest,
        });
        counts
            .flat_map(|newer| {
                core::iter::once(newer.mark.at).chain(newer.done.last().map(|done| done.mark.at))
            })
            .max()
    }

    /// Whether it was ended. Whoever has bought is looked after, though they want nothing more.
    fn is_over(&self, enrolment: &Enrolment, sequence: Option<&Sequence>) -> bool {
        let standing = self.standing;
        let is_care =
            sequence.is_some_and(|sequence| sequence.purpose == Purpose::Care) && standing.purchase.is_some();
        // Whoever was given up too early is brought back to where they were.
        let closed = standing.closed.filter(|closed| {
            !standing.ended.is_some_and(|ended| ended.mark == *closed && ended.how == End::Unenrolled)
        });
        closed.is_some_and(|closed| closed > enrolment.mark)
            || !is_care && standing.declined.is_some_and(|declined| declined > enrolment.mark)
    }

    fn has_bought_since(&self, enrolment: &Enrolment, sequence: Option<&Sequence>) -> bool {
        let is_care = sequence.is_some_and(|sequence| sequence.purpose == Purpose::Care);
        !is_care && self.standing.purchase.as_ref().is_some_and(|purchase| purchase.mark > enrolment.mark)
    }

    fn sequence_of(
        &self,
        nth: usize,
        enrolment: &Enrolment,
        assigned: &[Option<&'a Sequence>],
    ) -> Option<&'a Sequence> {
        match enrolment.began {
            Began::Into(id) => {
                self.playbook.sequence_by_print(id).filter(|sequence| starts_there(enrolment, sequence))
            }
            Began::By(_) if self.playbook.uses.again => assigned.get(nth).copied().flatten(),
            Began::By(trigger) => self.playbook.started_by(trigger),
        }
    }

    /// By enrolment, the sequence that it began, where that depends on what had begun before; otherwise nothing.
    fn assigned(&self) -> Vec<Option<&'a Sequence>> {
        let mut assigned: Vec<Option<&'a Sequence>> = Vec::new();
        if self.playbook.uses.again {
            for enrolment in &self.standing.enrolments {
                let sequence = match enrolment.began {
                    Began::Into(id) => self.playbook.sequence_by_print(id),
                    Began::By(trigger) => {
                        let starting = self.playbook.sequences.iter();
                        let mut starting = starting.filter(|sequence| sequence.starts_on.contains(&trigger));
                        starting.find(|sequence| self.starts_again(enrolment, sequence, &assigned))
                    }
                };
                assigned.push(sequence);
            }
        }
        assigned
    }

    /// Whether the policy of the sequence lets this begin it, after what had begun it before.
    fn starts_again(
        &self,
        now: &Enrolment,
        sequence: &'a Sequence,
        assigned: &[Option<&'a Sequence>],
    ) -> bool {
        let before = self.standing.enrolments.iter().zip(assigned).enumerate();
        let mut before = before.filter(|(_, (_, held))| held.is_some_and(|held| held.id == sequence.id));
        let Some((nth, (last, _))) = before.next_back() else { return true };
        match sequence.again {
            Again::Always => true,
            Again::Once => false,
            Again::After(time) => {
                let opens = self.place.latest_after(last.mark.at, time, self.playbook);
                opens.is_some_and(|opens| opens <= now.mark.at)
            }
            Again::WhenFinished => {
                let replaces = |(began, held): (&Enrolment, &Option<&Sequence>)| {
                    let is_fresh = match began.began {
                        Began::Into(_) => true,
                        Began::By(trigger) => trigger.is_fresh(),
                    };
                    is_fresh && held.is_some()
                };
                let mut since = self.standing.enrolments.iter().zip(assigned).skip(nth + 1);
                self.playbook.active == Active::Latest && since.any(replaces)
                    || self.has_bought_since(last, Some(sequence))
                    || self.is_over(last, Some(sequence))
                    || self.was_finished(last, sequence, now.mark)
            }
        }
    }

    /// Whether it had come to its end by then, in silence or by a goal.
    fn was_finished(&self, enrolment: &Enrolment, sequence: &'a Sequence, by: Mark) -> bool {
        let mut then = enrolment.clone();
        then.done.retain(|done| done.mark < by);
        then.signs.retain(|shown| shown.mark < by);
        // What is refused or bounced today did not matter then.
        let course = self.course(&then, sequence);
        let goes_on = self.is_ahead(&course) || course.sequence.then.is_some();
        self.goal(&course).is_some() || !goes_on
    }

    /// The approaches since what is under way began afresh, the newest first.
    pub(crate) fn approaches(&self) -> impl Iterator<Item = Mark> + use<'s> {
        let newest_first = self.standing.enrolments.iter().rev();
        let mut fresh = newest_first.filter(|enrolment| match enrolment.began {
            Began::Into(_) => true,
            Began::By(trigger) => trigger.is_fresh(),
        });
        let since = fresh.next().map(|enrolment| enrolment.mark);
        let contacts = self.standing.contacts.iter().rev();
        let since = contacts.take_while(move |contact| Some(contact.mark) > since);
        since.filter(|contact| contact.what == Happened::Approach).map(|contact| contact.mark)
    }

    /// Those of them that were made before they were taken out, and no more than so many. What went out since, to bring
    /// them back, says nothing of how early that was.
    pub(crate) fn approaches_before(&self, left: Mark, at_most: u16) -> impl Iterator<Item = Mark> + use<'s> {
        self.approaches().filter(move |made| *made < left).take(usize::from(at_most))
    }
}

/// Whether it was not begun with a step that the sequence does not have.
fn starts_there(enrolment: &Enrolment, sequence: &Sequence) -> bool {
    enrolment.from.is_none_or(|from| sequence.steps.iter().any(|step| step.path.print() == from))
}
