//! Pursuit: which of what has begun is under way, and with which sequence.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Case;
use crate::consent::Purpose;
use crate::id::Mark;
use crate::instant::Instant;
use crate::sequence::{Active, Again, Sequence, Trigger};
use crate::standing::{Began, Enrolment, Happened};

/// An enrolment with the sequence that it began, if the playbook has one.
pub(crate) type Begun<'a, 's> = (&'s Enrolment, Option<&'a Sequence>);

impl<'a, 's> Case<'a, 's> {
    /// What is under way, what takes precedence first. Where nothing is, the first says why.
    pub(crate) fn under_way(&self) -> (Option<Begun<'a, 's>>, Vec<Begun<'a, 's>>) {
        if self.playbook.active == Active::ByPriority {
            let mut under_way = self.by_priority().into_iter();
            if let Some(first) = under_way.next() {
                return (Some(first), under_way.collect());
            }
        }
        let latest = self.latest();
        match self.care_beside(latest) {
            Some(care) => (Some(care), latest.into_iter().collect()),
            None => (latest, Vec::new()),
        }
    }

    /// What began last and has a sequence. Where there is none, what began last.
    fn latest(&self) -> Option<Begun<'a, 's>> {
        let mut last_resort: Option<Begun<'a, 's>> = None;
        for begun in self.newest_first() {
            match (begun.0.began, begun.1) {
                // When a detour is finished the pursuit before it goes on.
                (Began::By(trigger), Some(sequence))
                    if trigger.is_stall() && self.is_finished(begun.0, sequence) =>
                {
                    last_resort = last_resort.filter(|held| held.1.is_some()).or(Some(begun));
                }
                (Began::By(trigger), None) => {
                    last_resort = last_resort.or(Some(begun));
                    if trigger.is_fresh() && self.playbook.started_by(trigger).is_none() {
                        break;
                    }
                }
                _ => return Some(begun),
            }
        }
        last_resort
    }

    /// Whoever has bought is looked after, whatever else has begun since.
    fn care_beside(&self, latest: Option<Begun<'a, 's>>) -> Option<Begun<'a, 's>> {
        self.standing.purchase.as_ref()?;
        let is_care = |sequence: &Sequence| sequence.purpose == Purpose::Care;
        let (newest, sequence) = latest?;
        if sequence.is_some_and(is_care) {
            return None;
        }
        let older = self.newest_first().filter(|(enrolment, _)| enrolment.mark < newest.mark);
        let mut care = older.filter(|(_, sequence)| sequence.is_some_and(is_care));
        care.next()
            .filter(|(care, sequence)| sequence.is_some_and(|sequence| !self.is_finished(care, sequence)))
    }

    /// What is not finished where priority decides: the last of each sequence, the greatest priority first.
    fn by_priority(&self) -> Vec<Begun<'a, 's>> {
        let mut last: Vec<(&'s Enrolment, &'a Sequence)> = Vec::new();
        for (enrolment, sequence) in self.newest_first() {
            let Some(sequence) = sequence else { continue };
            if last.iter().all(|(_, held)| held.id != sequence.id) {
                last.push((enrolment, sequence));
            }
        }
        last.retain(|(enrolment, sequence)| !self.is_finished(enrolment, sequence));
        last.sort_by_key(|(_, sequence)| Reverse(sequence.priority));
        last.into_iter().map(|(enrolment, sequence)| (enrolment, Some(sequence))).collect()
    }

    /// What has begun and is not over, with its sequence. A conversation makes good a missed meeting before it.
    fn newest_first(&self) -> impl Iterator<Item = Begun<'a, 's>> {
        let mut is_made_good = false;
        let newest_first = self.standing.enrolments.iter().enumerate().rev();
        let begun = newest_first.map(|(nth, enrolment)| (enrolment, self.sequence_of(nth, enrolment)));
        begun.filter(move |(enrolment, sequence)| {
            let is_missed = is_made_good && enrolment.began == Began::By(Trigger::NoShow);
            let counts = !is_missed && !self.is_over(enrolment, *sequence);
            is_made_good |= counts && enrolment.began == Began::By(Trigger::Met);
            counts
        })
    }

    /// What began first of all that has a say in what is under way.
    pub(crate) fn oldest(&self) -> Option<Mark> {
        // Where it matters what had begun before, or several are under way, that is everything.
        if self.playbook.uses.again || self.playbook.active == Active::ByPriority {
            return self.standing.enrolments.first().map(|first| first.mark);
        }
        let (first, others) = self.under_way();
        first.into_iter().chain(others).map(|(enrolment, _)| enrolment.mark).min()
    }

    /// All that has a say in it and is not over.
    pub(crate) fn looked_at(&self) -> impl Iterator<Item = Begun<'a, 's>> {
        let oldest = self.oldest();
        self.newest_first().take_while(move |(enrolment, _)| Some(enrolment.mark) >= oldest)
    }

    /// What began after that one, as far as it counts for its delays: a conversation on which no sequence starts, a
    /// detour that is over.
    pub(crate) fn later_than(&self, enrolment: &Enrolment, until: Option<Mark>) -> Option<Instant> {
        let newest_first = self.standing.enrolments.iter().enumerate().rev();
        let newer = newest_first.take_while(|(_, newer)| newer.mark > enrolment.mark);
        let newer = newer.filter(|(_, newer)| until.is_none_or(|until| newer.mark < until));
        let counts = newer.filter(|(nth, newer)| {
            let is_detour = matches!(newer.began, Began::By(trigger) if trigger.is_stall());
            self.sequence_of(*nth, newer).is_none() || is_detour && self.playbook.active == Active::Latest
        });
        let instants = counts.flat_map(|(_, newer)| {
            core::iter::once(newer.mark.at).chain(newer.done.last().map(|done| done.mark.at))
        });
        instants.max()
    }

    /// When another sequence was begun after that one: what no step asked for is not progress in it from then on.
    pub(crate) fn next_begun(&self, enrolment: &Enrolment) -> Option<Mark> {
        let newest_first = self.standing.enrolments.iter().enumerate().rev();
        let newer = newest_first.take_while(|(_, newer)| newer.mark > enrolment.mark);
        newer
            .filter(|(nth, newer)| self.sequence_of(*nth, newer).is_some())
            .map(|(_, newer)| newer.mark)
            .last()
    }

    /// Whether it was ended. Whoever has bought is not followed up on an older ground, and is looked after though
    /// they want nothing more.
    fn is_over(&self, enrolment: &Enrolment, sequence: Option<&Sequence>) -> bool {
        let standing = self.standing;
        let is_later = |mark: Mark| mark > enrolment.mark;
        let is_care = sequence.is_some_and(|sequence| sequence.purpose == Purpose::Care);
        let bought = standing.purchase.as_ref().map(|purchase| purchase.mark);
        standing.closed.is_some_and(is_later)
            || !(is_care && bought.is_some()) && standing.declined.is_some_and(is_later)
            || !is_care && bought.is_some_and(is_later)
    }

    fn sequence_of(&self, nth: usize, enrolment: &Enrolment) -> Option<&'a Sequence> {
        match enrolment.began {
            Began::Into(id) => {
                self.playbook.sequence_by_print(id).filter(|sequence| starts_there(enrolment, sequence))
            }
            Began::By(_) if self.playbook.uses.again => self.assigned.get(nth).copied().flatten(),
            Began::By(trigger) => self.playbook.started_by(trigger),
        }
    }

    /// Works out which sequence each enrolment began, where that depends on what had begun before.
    pub(super) fn assign(&mut self) {
        if !self.playbook.uses.again {
            return;
        }
        let standing = self.standing;
        for enrolment in &standing.enrolments {
            let sequence = match enrolment.began {
                Began::Into(id) => self.playbook.sequence_by_print(id),
                Began::By(trigger) => {
                    let mut starting = self.playbook.sequences.iter();
                    starting.find(|sequence| {
                        sequence.starts_on.contains(&trigger) && self.starts_again(enrolment, sequence)
                    })
                }
            };
            self.assigned.push(sequence);
        }
    }

    /// Whether the policy of the sequence lets this begin it, by what was known when it happened.
    fn starts_again(&self, now: &Enrolment, sequence: &'a Sequence) -> bool {
        let before = self.standing.enrolments.iter().zip(&self.assigned).enumerate();
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
                let mut since = self.standing.enrolments.iter().zip(&self.assigned).skip(nth + 1);
                let is_care = sequence.purpose == Purpose::Care;
                let replaces = |newer: &Enrolment, held: Option<&Sequence>| {
                    let is_purchase = newer.began == Began::By(Trigger::Purchased) && !is_care;
                    let takes_over = self.playbook.active == Active::Latest && newer.began.is_fresh();
                    is_purchase || takes_over && held.is_some()
                };
                let ends = [self.standing.closed, self.standing.declined];
                ends.into_iter().flatten().any(|end| last.mark < end && end < now.mark)
                    || since.any(|(newer, held)| replaces(newer, *held))
                    || self.was_finished(last, sequence, now.mark)
            }
        }
    }

    /// When what is under way began afresh.
    pub(crate) fn fresh(&self) -> Option<Mark> {
        let mut newest_first = self.standing.enrolments.iter().rev();
        newest_first.find(|enrolment| enrolment.began.is_fresh()).map(|enrolment| enrolment.mark)
    }

    /// The approaches since then, the newest first, and no more than so many.
    pub(crate) fn approaches(&self, at_most: usize) -> impl Iterator<Item = Mark> + use<'s> {
        let since = self.fresh();
        let contacts = self.standing.contacts.iter().rev();
        let since = contacts.take_while(move |contact| Some(contact.mark) > since);
        since.filter(|contact| contact.what == Happened::Approach).map(|contact| contact.mark).take(at_most)
    }

    /// How often they were asked since then, the first time first.
    pub(crate) fn asks(&self) -> impl Iterator<Item = Mark> + use<'s> {
        let since = self.fresh();
        self.standing.asks.iter().copied().filter(move |ask| Some(*ask) > since)
    }
}

/// Whether it was not begun with a step that the sequence does not have. Whoever has come further needs it no more.
fn starts_there(enrolment: &Enrolment, sequence: &Sequence) -> bool {
    let is_there = |from| sequence.steps.iter().any(|step| step.path.print() == from);
    !enrolment.done.is_empty() || enrolment.from.is_none_or(is_there)
}
