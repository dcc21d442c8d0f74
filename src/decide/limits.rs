//! Limits: gap, caps, cool-down after annoyance, retry after a failed attempt.

use super::place::is_long_over;
use super::{Asked, Cited};
use crate::delay::Delay;
use crate::id::Mark;
use crate::instant::Instant;
use crate::limit::{self, AppliesTo, Cap};
use crate::standing::Contact;

impl<'c, 'a> Asked<'c, 'a> {
    /// The first instant not before `at` at which a delay after an event is over.
    fn not_before(&self, at: Instant, mark: Mark, delay: Delay) -> Option<Instant> {
        self.case.place.not_before(at, mark.at, delay, self.case.playbook)
    }

    /// The caps that limit this candidate.
    fn caps(&self) -> impl Iterator<Item = &'a Cap> {
        let (channel, is_answer) = (self.channel, self.candidate.act.is_answer());
        let applies = move |cap: &&Cap| {
            cap.channels.contains(channel) && !(is_answer && cap.applies_to == AppliesTo::Approaches)
        };
        self.case.playbook.limits.caps.iter().filter(applies)
    }

    /// The contacts, the newest first, down to those whose window of that length is over wherever they are.
    fn recent(&self, per: Delay, at: Instant) -> impl Iterator<Item = &'c Contact> {
        let newest_first = self.case.standing.contacts.iter().rev();
        newest_first.take_while(move |contact| !is_long_over(at, contact.mark.at, per))
    }

    /// Those of them that a cap counts.
    fn counted(&self, cap: &'a Cap, at: Instant) -> impl Iterator<Item = &'c Contact> {
        self.recent(cap.per, at).filter(|contact| {
            let is_free = contact.is_answer && cap.applies_to == AppliesTo::Approaches;
            cap.channels.contains(contact.channel) && !is_free
        })
    }

    fn free(&self, cap: &'a Cap, at: Instant) -> Option<Instant> {
        limit::free(
            self.counted(cap, at),
            cap.at_most,
            |contact| self.not_before(at, contact.mark, cap.per),
            at,
        )
    }
}

pub(super) fn cool_down(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    match asked.case.standing.annoyed {
        Some(annoyed) if !asked.candidate.act.is_answer() => {
            asked.not_before(at, annoyed, asked.case.playbook.limits.cool_down)
        }
        _ => Some(at),
    }
}

pub(super) fn cite_cool_down(asked: &Asked<'_, '_>, into: &mut Cited) {
    into.marks.extend(asked.case.standing.annoyed.filter(|_| !asked.candidate.act.is_answer()));
}

pub(super) fn gap(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    match asked.case.playbook.limits.gap {
        Some(gap) if !asked.candidate.act.is_answer() => {
            limit::free(asked.recent(gap, at), 1, |contact| asked.not_before(at, contact.mark, gap), at)
        }
        _ => Some(at),
    }
}

pub(super) fn cite_gap(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    if let Some(gap) = asked.case.playbook.limits.gap {
        let is_open = |contact: &&Contact| asked.not_before(at, contact.mark, gap) != Some(at);
        into.marks.extend(asked.recent(gap, at).filter(is_open).map(|contact| contact.mark));
    }
}

pub(super) fn cap(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    asked.caps().try_fold(at, |at, cap| asked.free(cap, at))
}

pub(super) fn cite_cap(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    for cap in asked.caps().filter(|cap| asked.free(cap, at) != Some(at)) {
        into.rules.push(alloc::format!("cap {:?}", cap.id.as_str()));
        into.marks.extend(asked.counted(cap, at).map(|contact| contact.mark));
    }
}

pub(super) fn retry(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    let limits = &asked.case.playbook.limits;
    let mut failures = 0;
    let mut earliest = at;
    // What got out since has begun a new count.
    let since = asked.candidate.last_done;
    let recent = asked.case.failures(asked.candidate).filter(|failure| Some(failure.mark) > since);
    for failure in recent.filter(|failure| failure.channel == asked.channel) {
        failures += 1;
        earliest = asked.not_before(earliest, failure.mark, limits.retry)?;
    }
    (failures < limits.attempts).then_some(earliest)
}

pub(super) fn cite_retry(asked: &Asked<'_, '_>, into: &mut Cited) {
    into.marks.extend(asked.case.failures(asked.candidate).map(|failure| failure.mark));
}
