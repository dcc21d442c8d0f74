//! Propose: from where a prospect stands, what there would be to do, in one order of precedence.

use alloc::vec::Vec;

use super::course::Course;
use super::pursuit::Begun;
use super::{Asked, Case, Permit};
use crate::act::Act;
use crate::channel::Channel;
use crate::consent::Purpose;
use crate::decision::{Need, Rest, Verdict};
use crate::event::Sign;
use crate::id::Mark;
use crate::instant::Instant;
use crate::playbook::Duty;
use crate::sequence::{Executor, Step};
use crate::standing::{Began, Debt, End, Enrolment, Failure, Owed};

/// Something there would be to do, before any gate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) act: Act<'a>,
    pub(crate) cause: Mark,
    /// The instant from which its delay counts.
    pub(crate) counted_from: Instant,
    pub(crate) due: Instant,
    pub(crate) on_time_until: Option<Instant>,
    pub(crate) purpose: Purpose,
    pub(crate) channels: &'a [Channel],
    /// The channel on which they expect it.
    pub(crate) expected_on: Option<Channel>,
    pub(crate) by: Executor,
    /// How often the same was done already, and when last.
    pub(crate) done: usize,
    pub(crate) last_done: Option<Mark>,
}

impl<'a> Candidate<'a> {
    pub(super) fn touch(enrolment: &Enrolment, step: &'a Step, counted_from: Instant, due: Instant) -> Self {
        let (done, last_done) = enrolment.times(step.path.print());
        Self {
            act: Act::Touch(step),
            cause: enrolment.mark,
            counted_from,
            due,
            on_time_until: None,
            purpose: step.purpose,
            channels: &step.channels,
            expected_on: None,
            by: step.by,
            done,
            last_done,
        }
    }
}

/// Whose turn it is at some instant.
#[derive(Debug)]
pub(crate) enum Turn<'a> {
    /// This is due, and nothing above it is. It is overtaken when something above it falls due.
    Holder { candidate: Candidate<'a>, overtaken: Option<Instant> },
    /// Nothing is due before then.
    Later(Instant),
    /// There is nothing to do, and why; something else may fall due then.
    Idle { verdict: Verdict<'a>, until: Option<Instant> },
}

/// What comes next in the pursuit.
enum Next<'a, 's> {
    Step(Course<'a, 's>, &'a Step),
    Nothing(Verdict<'a>),
}

impl<'a, 's> Case<'a, 's> {
    /// Precedence, highest first: respond, solve, recap, keep our promise, ask permission, remind of theirs,
    /// the sequence's next touch. What ended the pursuit has wiped out what was owed before it, and silences
    /// what the seller begins.
    pub(crate) fn turn(&self, at: Instant) -> Turn<'a> {
        let (pursuit, others) = self.pursuits();
        let before_the_sequence = [
            self.confirm_opt_out(at),
            self.respond(),
            self.solve(),
            self.recap(),
            self.keep_promise(),
            core::iter::once(&pursuit).chain(&others).find_map(|pursuit| self.ask_permission(pursuit)),
            self.remind(),
        ];
        let mut next: Option<Instant> = None;
        for candidate in before_the_sequence.into_iter().flatten() {
            if candidate.due <= at {
                return Turn::Holder { candidate, overtaken: next };
            }
            next = Some(next.map_or(candidate.due, |next| next.min(candidate.due)));
        }
        let (mut idle, mut need) = (None, None);
        for pursuit in core::iter::once(pursuit).chain(others) {
            match pursuit {
                Next::Step(course, step) => {
                    let candidate = self.touch(&course, step);
                    if candidate.due <= at {
                        return Turn::Holder { candidate, overtaken: next };
                    }
                    next = Some(next.map_or(candidate.due, |next| next.min(candidate.due)));
                }
                Next::Nothing(verdict @ Verdict::Need(_)) => need = need.or(Some(verdict)),
                Next::Nothing(verdict) => idle = idle.or(Some(verdict)),
            }
        }
        match (need, next, idle) {
            (Some(verdict), until, _) => Turn::Idle { verdict, until },
            (None, None, Some(verdict)) => Turn::Idle { verdict, until: None },
            (None, next, _) => Turn::Later(next.unwrap_or(Instant::MAX)),
        }
    }

    pub(crate) fn attempt(&self, candidate: &Candidate<'a>) -> u32 {
        u32::try_from(candidate.done + self.failures(candidate).count() + 1).unwrap_or(u32::MAX)
    }

    /// The attempts at it that did not get out.
    pub(crate) fn failures(&self, candidate: &Candidate<'a>) -> impl Iterator<Item = &'s Failure> {
        let (cause, act) = (candidate.cause.id, candidate.act);
        let failures = self.standing.failures.iter();
        // Last, because the print of an act that is no step is worked out anew.
        failures.filter(move |failure| failure.cause == cause && failure.act == act.print())
    }

    fn first_owed(&self, what: Debt) -> Option<&'s Owed> {
        self.standing.owed.iter().filter(|owed| owed.what == what).min_by_key(|owed| (owed.due, owed.mark))
    }

    fn for_debt(act: Act<'a>, owed: &Owed, duty: &'a Duty) -> Candidate<'a> {
        Candidate {
            act,
            cause: owed.mark,
            counted_from: owed.due,
            due: owed.due,
            on_time_until: None,
            purpose: Purpose::Answer,
            channels: &duty.channels,
            expected_on: owed.channel,
            by: duty.by,
            done: 0,
            last_done: None,
        }
    }

    /// What can not go out within the time is not said later.
    fn confirm_opt_out(&self, at: Instant) -> Option<Candidate<'a>> {
        let (candidate, ends) = self.confirmation(at)?;
        let opening = self.open(&candidate, at).ok().filter(|opening| opening.at < ends)?;
        // While it must wait it keeps nothing else waiting.
        let due = if opening.at == at { candidate.due } else { opening.at };
        Some(Candidate { due, ..candidate })
    }

    /// The same, whether it can go or not, and before when it has to.
    pub(crate) fn confirmation(&self, at: Instant) -> Option<(Candidate<'a>, Instant)> {
        let confirm = self.playbook.confirm_opt_out.as_ref()?;
        let mark = self.standing.unconfirmed?.mark;
        let ends =
            self.place.latest_after(mark.at, confirm.within, self.playbook).filter(|ends| at < *ends)?;
        let owed = Owed { what: Debt::Response, mark, due: mark.at, channel: None };
        Some((Self::for_debt(Act::ConfirmOptOut, &owed, &confirm.duty), ends))
    }

    fn respond(&self) -> Option<Candidate<'a>> {
        let owed = self.first_owed(Debt::Response)?;
        let respond = &self.playbook.respond;
        let on_time_until = self.place.latest_after(owed.due, respond.within, self.playbook);
        // They are answered where they wrote last.
        let latest = self.standing.owed.iter().rfind(|owed| owed.what == Debt::Response);
        let expected_on = latest.and_then(|latest| latest.channel).or(owed.channel);
        Some(Candidate { on_time_until, expected_on, ..Self::for_debt(Act::Respond, owed, &respond.duty) })
    }

    fn solve(&self) -> Option<Candidate<'a>> {
        Some(Self::for_debt(Act::Solve, self.first_owed(Debt::Solution)?, &self.playbook.solve))
    }

    fn recap(&self) -> Option<Candidate<'a>> {
        Some(Self::for_debt(Act::Recap, self.first_owed(Debt::Recap)?, &self.playbook.recap))
    }

    fn keep_promise(&self) -> Option<Candidate<'a>> {
        let owed = self.first_owed(Debt::OurPromise)?;
        let kept = Self::for_debt(Act::KeepPromise, owed, &self.playbook.keep_promise);
        // Whoever asked for a call is called, as long as that is possible at all.
        let asked_for = owed.channel.map_or(&[][..], Channel::slice);
        let there = Candidate { channels: asked_for, ..kept };
        Some(if self.can_go(&there) { there } else { kept })
    }

    /// Asking comes when no permission is left on any channel that the next step could use. Only somebody who
    /// came to the seller may be asked, and not where they have refused.
    fn ask_permission(&self, pursuit: &Next<'a, 's>) -> Option<Candidate<'a>> {
        self.asking(pursuit).filter(|asking| self.can_go(asking))
    }

    /// The same, whether it can go or not.
    fn asking(&self, pursuit: &Next<'a, 's>) -> Option<Candidate<'a>> {
        let Next::Step(course, step) = pursuit else { return None };
        // After a no there is nothing to ask.
        if self.standing.ended.is_some_and(|ended| matches!(ended.how, End::Declined(_))) {
            return None;
        }
        let enrolment = course.enrolment;
        let ask = &self.playbook.ask;
        let knows_us = self.standing.relations().next().is_some();
        let (asked, last_asked) = self.asks().fold((0, None), |(asked, _), ask| (asked + 1, Some(ask)));
        if !knows_us || asked >= usize::from(ask.at_most) {
            return None;
        }
        let touch = self.touch(course, step);
        let mut lapsed = enrolment.mark.at;
        let mut is_usable = false;
        for channel in step.channels() {
            let asked = Asked { case: self, candidate: &touch, channel: *channel };
            if !asked.is_usable() {
                continue;
            }
            is_usable = true;
            match asked.permit() {
                Permit::Never => {}
                Permit::Until(end) => lapsed = lapsed.max(end),
                Permit::Forever => return None,
            }
        }
        if !is_usable {
            return None;
        }
        let again = match last_asked {
            Some(last) => self.saturating_after(last.at, ask.after),
            None => lapsed,
        };
        Some(Candidate {
            act: Act::AskPermission,
            cause: enrolment.mark,
            counted_from: lapsed,
            due: lapsed.max(again),
            on_time_until: None,
            purpose: step.purpose,
            channels: &ask.duty.channels,
            expected_on: None,
            by: ask.duty.by,
            done: self.standing.asks.iter().filter(|ask| **ask > enrolment.mark).count(),
            last_done: self.standing.asks.last().copied(),
        })
    }

    /// What would have come before a touch if it could go out: asking whether the seller may.
    pub(crate) fn unasked(&self) -> Option<Candidate<'a>> {
        let (pursuit, others) = self.pursuits();
        core::iter::once(&pursuit).chain(&others).find_map(|pursuit| self.asking(pursuit))
    }

    /// Whether nothing but time stands between it and some channel. What cannot go must not keep others waiting.
    fn can_go(&self, candidate: &Candidate<'a>) -> bool {
        candidate.channels.iter().any(|channel| {
            let asked = Asked { case: self, candidate, channel: *channel };
            let is_permitted = match asked.permit() {
                Permit::Never => false,
                Permit::Until(end) => candidate.due < end,
                Permit::Forever => true,
            };
            asked.is_usable() && is_permitted
        })
    }

    fn remind(&self) -> Option<Candidate<'a>> {
        self.reminder().filter(|reminder| self.can_go(reminder))
    }

    /// The reminder of what they promised, whether it can go or not.
    pub(crate) fn reminder(&self) -> Option<Candidate<'a>> {
        if self.standing.ended.is_some() {
            return None;
        }
        let owed = self.first_owed(Debt::TheirPromise)?;
        let remind = &self.playbook.remind;
        Some(Candidate {
            due: self.saturating_after(owed.due, remind.after),
            purpose: Purpose::FollowUp,
            ..Self::for_debt(Act::Remind, owed, &remind.duty)
        })
    }

    /// What comes next in each pursuit that is under way; what takes precedence first.
    fn pursuits(&self) -> (Next<'a, 's>, Vec<Next<'a, 's>>) {
        let rest = |rest| Next::Nothing(Verdict::Rest(rest));
        if let Some(ended) = self.standing.ended {
            let (why, may_care) = match ended.how {
                End::Declined(reason) => (Rest::Declined(reason), true),
                End::Disqualified(reason) => (Rest::Disqualified(reason), false),
                End::Unenrolled => (Rest::Unenrolled, false),
                End::Referred => (Rest::Referred, false),
            };
            // Care outlasts a no.
            let (first, others) = if may_care { self.under_way() } else { (None, Vec::new()) };
            let mut nexts = first.into_iter().chain(others).map(|begun| self.next(begun));
            let care = nexts.find(|next| matches!(next, Next::Step(..)));
            return (care.unwrap_or(rest(why)), Vec::new());
        }
        let (first, others) = self.under_way();
        let first = first.map_or(rest(Rest::Unstarted), |begun| self.next(begun));
        (first, others.into_iter().map(|begun| self.next(begun)).collect())
    }

    fn next(&self, (enrolment, sequence): Begun<'a, 's>) -> Next<'a, 's> {
        let rest = |rest| Next::Nothing(Verdict::Rest(rest));
        let Some(sequence) = sequence else {
            return match enrolment.began {
                Began::Into(_) => Next::Nothing(Verdict::Need(Need::Sequence)),
                Began::By(trigger) => rest(Rest::NoSequence(trigger)),
            };
        };
        let (course, step) = self.onward(self.course(enrolment, sequence, None), |_| {});
        if let Some(sign) = self.goal(&course) {
            // A meeting that is ahead, or of which nobody has said what came of it, is not the end.
            return match self.booked().filter(|_| sign == Sign::Booked) {
                Some(meeting) => Next::Nothing(Verdict::Need(Need::Outcome { meeting })),
                None => rest(Rest::Reached(sign)),
            };
        }
        let fewest = usize::from(self.playbook.fewest_touches);
        match step {
            Some(step) => Next::Step(course, step),
            None if sequence.purpose == Purpose::Care => rest(Rest::Finished),
            None => match self.approaches(fewest).count() {
                made if made < fewest => Next::Nothing(Verdict::Need(Need::Touches { made, fewest })),
                _ => rest(Rest::Finished),
            },
        }
    }

    /// The next touches of the sequences under way.
    pub(crate) fn next_touches(&self) -> Vec<Candidate<'a>> {
        let (pursuit, others) = self.pursuits();
        let all = core::iter::once(pursuit).chain(others);
        let touch = |next| match next {
            Next::Step(course, step) => Some(self.touch(&course, step)),
            Next::Nothing(_) => None,
        };
        all.filter_map(touch).collect()
    }

    /// The touches ahead that no channel can carry, up to the first that one can, in everything that began with or after
    /// the oldest that is under way.
    pub(crate) fn uncarried(&self) -> Vec<Candidate<'a>> {
        let mut uncarried = Vec::new();
        for (enrolment, sequence) in self.looked_at() {
            let Some(sequence) = sequence else { continue };
            let began = enrolment.mark.at;
            self.onward(self.course(enrolment, sequence, None), |step| {
                uncarried.push(Candidate::touch(enrolment, step, began, began));
            });
        }
        uncarried
    }

    fn touch(&self, course: &Course<'a, 's>, step: &'a Step) -> Candidate<'a> {
        let (counted_from, due) = (course.counted_from(step), self.due(course, step));
        Candidate::touch(course.enrolment, step, counted_from, due)
    }

    /// A due instant past the year 2200 is the last one there is.
    pub(super) fn saturating_after(&self, from: Instant, delay: crate::delay::Delay) -> Instant {
        self.place.latest_after(from, delay, self.playbook).unwrap_or(Instant::MAX)
    }
}
