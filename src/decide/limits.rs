//! Limits: gap, caps, pauses after an outcome, retry after a failed attempt.

use super::place::is_long_over;
use super::{Asked, Cited};
use crate::delay::Delay;
use crate::id::Mark;
use crate::instant::Instant;
use crate::rule::{Among, AppliesTo, Cap, Counts, Pause, Rule, free};
use crate::span::Span;
use crate::standing::{Contact, Happened, Past};

impl<'c, 'a> Asked<'c, 'a> {
    /// The first instant not before `at` at which a time after an event is over.
    fn not_before(&self, at: Instant, mark: Mark, span: impl Into<Span>) -> Option<Instant> {
        self.case.place.not_before(at, mark.at, span.into(), self.case.playbook)
    }

    /// What happened, the newest first, down to that whose window of that length is over wherever they are.
    fn recent(&self, per: Span, at: Instant) -> impl Iterator<Item = &'c Contact> {
        let newest_first = self.case.standing.contacts.iter().rev();
        newest_first.take_while(move |contact| !is_long_over(at, contact.mark.at, per))
    }

    /// That of it which a cap counts.
    fn counted(&self, rule: &'a Rule, cap: &'a Cap, at: Instant) -> impl Iterator<Item = &'c Contact> {
        self.recent(cap.per, at).filter(|contact| {
            let does_count = match contact.what {
                Happened::Approach => cap.counts != Counts::Conversations,
                Happened::Answer => cap.counts != Counts::Conversations && rule.applies_to == AppliesTo::All,
                Happened::FailedApproach => cap.counts == Counts::Attempts,
                Happened::FailedAnswer => cap.counts == Counts::Attempts && rule.applies_to == AppliesTo::All,
                Happened::Conversation => cap.counts == Counts::Conversations,
                Happened::WithColleague => cap.counts != Counts::Conversations && cap.among == Among::Account,
            };
            does_count && rule.channels.contains(contact.channel)
        })
    }

    fn free(&self, rule: &'a Rule, cap: &'a Cap, at: Instant) -> Option<Instant> {
        let ends = |contact: &Contact| self.not_before(at, contact.mark, cap.per);
        free(self.counted(rule, cap, at), cap.at_most, ends, at)
    }

    /// The outcomes after which a rule pauses.
    fn outcomes(&self, rule: &'a Rule, pause: &'a Pause) -> impl Iterator<Item = &'c Past> {
        self.case.standing.outcomes.iter().filter(|past| {
            past.outcome == pause.after && past.channel.is_none_or(|channel| rule.channels.contains(channel))
        })
    }

    /// The approaches since they were last heard from, the newest first.
    fn unanswered(&self) -> impl Iterator<Item = &'c Contact> + use<'c> {
        let heard = self.case.standing.heard;
        let newest_first = self.case.standing.contacts.iter().rev();
        let since = newest_first.take_while(move |contact| Some(contact.mark) > heard);
        since.filter(|contact| contact.what == Happened::Approach)
    }

    /// The gap that holds after so much silence.
    fn gap(&self) -> Option<Delay> {
        let gaps = &self.case.playbook.limits.gaps;
        let silent = if gaps.len() > 1 { self.unanswered().take(gaps.len()).count() } else { 0 };
        gaps.get(silent.saturating_sub(1)).copied().filter(|_| !self.candidate.act.is_answer())
    }
}

pub(super) fn cool_down(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    if asked.case.standing.outcomes.is_empty() {
        return Some(at);
    }
    paused(asked, at, |_, _, _| {})
}

fn paused<'a>(
    asked: &Asked<'_, 'a>,
    at: Instant,
    barred: impl FnMut(&'a Rule, &'a Pause, Instant),
) -> Option<Instant> {
    let is_over = |rule: &'a Rule, pause: &'a Pause, at| {
        let mut outcomes = asked.outcomes(rule, pause);
        outcomes.try_fold(at, |at, past| asked.not_before(at, past.mark, pause.lasts))
    };
    asked.earliest_under(at, |rule| rule.pause.as_ref(), is_over, barred)
}

pub(super) fn cite_cool_down(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    for (rule, pause) in asked.rules_with(|rule| rule.pause.as_ref()) {
        into.marks.extend(asked.outcomes(rule, pause).map(|past| past.mark));
    }
    // Until when is in what the gate itself says.
    let _ = paused(asked, at, |rule, _, _| into.cite(rule));
}

pub(super) fn gap(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    let Some(gap) = asked.gap() else { return Some(at) };
    let touches = asked.recent(gap.into(), at).filter(|contact| contact.is_touch());
    free(touches, 1, |contact| asked.not_before(at, contact.mark, gap), at)
}

pub(super) fn cite_gap(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    if let Some(gap) = asked.gap() {
        let is_open = |contact: &&Contact| asked.not_before(at, contact.mark, gap) != Some(at);
        let touches = asked.recent(gap.into(), at).filter(|contact| contact.is_touch());
        into.marks.extend(touches.filter(is_open).map(|contact| contact.mark));
        cite_silence(asked, into);
    }
}

/// Notes what makes a gap grow, and what has made it small again.
pub(crate) fn cite_silence(asked: &Asked<'_, '_>, into: &mut Cited) {
    let gaps = asked.case.playbook.limits.gaps.len();
    if gaps > 1 && !asked.candidate.act.is_answer() {
        into.marks.extend(asked.unanswered().take(gaps).map(|contact| contact.mark));
        into.marks.extend(asked.case.standing.heard);
    }
}

pub(super) fn cap(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    capped(asked, at, |_, _, _| {})
}

fn capped<'a>(
    asked: &Asked<'_, 'a>,
    at: Instant,
    barred: impl FnMut(&'a Rule, &'a Cap, Instant),
) -> Option<Instant> {
    asked.earliest_under(at, |rule| rule.cap.as_ref(), |rule, cap, at| asked.free(rule, cap, at), barred)
}

pub(super) fn cite_cap(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    // Until when is in what the gate itself says.
    let _ = capped(asked, at, |rule, cap, at| {
        into.cite(rule);
        into.marks.extend(asked.counted(rule, cap, at).map(|contact| contact.mark));
    });
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
