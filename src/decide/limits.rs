//! Limits: gap, caps, cool-down after annoyance, retry after a failed attempt.

use super::Asked;
use super::gate::Grounds;
use crate::act::AppliesTo;
use crate::delay::Delay;
use crate::event::Mark;
use crate::instant::Instant;
use crate::limit::{self, Cap};
use crate::standing::Contact;

impl<'c, 'a> Asked<'c, 'a> {
    fn after(&self, mark: Mark, delay: Delay) -> Option<Instant> {
        self.case.place.latest_after(mark.at, delay, self.case.playbook)
    }

    /// The caps that limit this candidate.
    fn caps(&self) -> impl Iterator<Item = &'a Cap> {
        let (channel, is_answer) = (self.channel, self.candidate.act.is_answer());
        let applies = move |cap: &&Cap| {
            cap.channels.contains(channel) && !(is_answer && cap.applies_to == AppliesTo::Approaches)
        };
        self.case.playbook.limits.caps.iter().filter(applies)
    }

    /// The contacts that a cap counts, the newest first.
    fn counted(&self, cap: &'a Cap) -> impl Iterator<Item = &'c Contact> {
        self.case.standing.contacts.iter().rev().filter(|contact| {
            let is_free = contact.is_answer && cap.applies_to == AppliesTo::Approaches;
            cap.channels.contains(contact.channel) && !is_free
        })
    }

    fn free(&self, cap: &'a Cap, at: Instant) -> Option<Instant> {
        let ends = |contact: &Contact| self.after(contact.mark, cap.per);
        let count = usize::from(cap.at_most);
        // What elapses ends in the order in which it began.
        let looked_at = if cap.per.elapsed().is_some() { count } else { usize::MAX };
        limit::free(self.counted(cap).take(looked_at), cap.at_most, ends, at)
    }

    /// Those contacts that can hold a window open at that instant.
    fn holding(
        &self,
        contacts: impl Iterator<Item = &'c Contact>,
        per: Delay,
        at: Instant,
    ) -> impl Iterator<Item = Mark> {
        contacts
            .map(|contact| contact.mark)
            .filter(move |mark| self.after(*mark, per).is_none_or(|end| end > at))
    }
}

pub(super) fn cool_down(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    match asked.case.standing.annoyed {
        Some(annoyed) if !asked.candidate.act.is_answer() => {
            asked.after(annoyed, asked.case.playbook.limits.cool_down).map(|end| end.max(at))
        }
        _ => Some(at),
    }
}

pub(super) fn cite_cool_down(asked: &Asked<'_, '_>, into: &mut Grounds) {
    into.marks.extend(asked.case.standing.annoyed.filter(|_| !asked.candidate.act.is_answer()));
}

pub(super) fn gap(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    match asked.case.playbook.limits.gap {
        Some(gap) if !asked.candidate.act.is_answer() => {
            let looked_at = if gap.elapsed().is_some() { 1 } else { usize::MAX };
            let contacts = asked.case.standing.contacts.iter().rev().take(looked_at);
            limit::free(contacts, 1, |contact: &Contact| asked.after(contact.mark, gap), at)
        }
        _ => Some(at),
    }
}

pub(super) fn cite_gap(asked: &Asked<'_, '_>, at: Instant, into: &mut Grounds) {
    if let Some(gap) = asked.case.playbook.limits.gap {
        into.marks.extend(asked.holding(asked.case.standing.contacts.iter(), gap, at));
    }
}

pub(super) fn cap(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    asked.caps().try_fold(at, |at, cap| asked.free(cap, at))
}

pub(super) fn cite_cap(asked: &Asked<'_, '_>, at: Instant, into: &mut Grounds) {
    for cap in asked.caps().filter(|cap| asked.free(cap, at) != Some(at)) {
        into.rules.push(alloc::format!("cap {:?}", cap.id.as_str()));
        let full = asked.counted(cap).take(usize::from(cap.at_most));
        into.marks.extend(full.map(|contact| contact.mark));
        into.marks.extend(asked.holding(asked.counted(cap), cap.per, at));
    }
}

pub(super) fn retry(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    let limits = &asked.case.playbook.limits;
    let mut failures = 0;
    let mut earliest = at;
    for failure in asked.case.failures(asked.candidate).filter(|failure| failure.channel == asked.channel) {
        failures += 1;
        earliest = earliest.max(asked.after(failure.mark, limits.retry)?);
    }
    (failures < limits.attempts).then_some(earliest)
}

pub(super) fn cite_retry(asked: &Asked<'_, '_>, into: &mut Grounds) {
    into.marks.extend(asked.case.failures(asked.candidate).map(|failure| failure.mark));
}
