//! Progress: what lies ahead in a pursuit, and when it falls due.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::time::Duration;

use chrono::{Datelike, NaiveDate};

use super::pursuit::{Pursuit, Round, position};
use super::signs::Signs;
use super::{Hold, Pause};
use crate::decide::place::Place;
use crate::facts::id::Print;
use crate::facts::permission::Purpose;
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::Sign;
use crate::playbook::Playbook;
use crate::playbook::sequence::{Anchor, Condition, Sequence, Step, StepDate, Then};
use crate::time::delay::Delay;
use crate::time::instant::Instant;

/// How time passes for a pursuit, and what was there before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace<'x, 'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) prospect: &'a Prospect,
    pub(crate) place: &'x Place<'a>,
    pub(crate) pauses: &'x [Pause],
    pub(crate) holds: &'x [Hold],
    /// The signs of all time.
    pub(crate) signs: &'x Signs,
}

impl Pace<'_, '_> {
    /// When a delay is over. While the seller has paused them it stands still: the time of each pause is added as it
    /// elapsed, so that across a change of the clocks the hour of the day can be another. `None` past the year 2200.
    fn elapses(&self, from: Instant, delay: Delay) -> Option<Instant> {
        let due = self.place.latest_after(from, delay, self.playbook)?;
        self.pauses.iter().try_fold(due, |due, pause| {
            pause.overlap(from, due).map_or(Some(due), |time| due.checked_add(time))
        })
    }

    /// From when on it is too late for what was due, if ever: so long after that, or after a hold that came before it was
    /// too late. What nobody may do yet does not run out.
    fn expires(&self, due: Instant, expires: Delay) -> Option<Instant> {
        let own = self.elapses(due, expires)?;
        let holds = self.holds.iter().filter(|hold| hold.mark.at < own);
        let mut ends = holds.map(|hold| hold.end(self.place, self.playbook));
        ends.try_fold(own, |latest, end| Some(latest.max(self.elapses(end?.max(due), expires)?)))
    }
}

/// A step that lies ahead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead<'a> {
    pub(crate) step: &'a Step,
    /// The instant from which its delay counts.
    pub(crate) counted_from: Instant,
    pub(crate) due: Instant,
    /// From when on it is too late for it.
    pub(crate) expires: Option<Instant>,
}

/// A walk through what lies ahead in a pursuit, if nothing happens: step by step, round by round. What is not carried is
/// passed over and takes its time all the same.
#[derive(Debug, Clone)]
pub(crate) struct Course<'x, 'a> {
    pace: Pace<'x, 'a>,
    pursuit: &'x Pursuit,
    sequence: &'a Sequence,
    nth: u16,
    /// The index of the next step.
    index: usize,
    /// Whether it is still the round that the pursuit is in.
    is_here: bool,
    start: Instant,
    /// When the step before was taken or passed over, or something else happened.
    previous: Instant,
    since: Instant,
    followed: Cow<'x, [(u16, u16)]>,
    is_back: bool,
    goes_back: bool,
    /// The goal that ends the pursuit: one of a sequence through which it has come, or to which it would go on.
    reached: Option<Sign>,
    circles: Circles,
}

/// What goes on without end, as far as this walk has followed it.
#[derive(Debug, Clone, Default)]
struct Circles {
    /// The sequences behind which it went on.
    followed: Vec<u16>,
    /// How many rounds of them have gone by, and whether this is one.
    gone_by: u8,
    is_gone_by: bool,
}

impl Circles {
    /// Whether it goes on behind that sequence once more: where a circle came to nothing, only if it has gone by.
    fn goes_on(&mut self, sequence: u16) -> bool {
        let is_new = !self.followed.contains(&sequence);
        if is_new {
            self.followed.push(sequence);
        } else if self.is_gone_by && self.gone_by < MOST_GONE_BY {
            self.gone_by += 1;
        } else {
            return false;
        }
        true
    }
}

/// So many rounds that have gone by are looked through, and no more: of a yearly card some sixty years.
const MOST_GONE_BY: u8 = 60;

impl<'x, 'a> Course<'x, 'a> {
    /// From where the pursuit is; `None` where the playbook has no sequence for it.
    pub(crate) fn of(pace: &Pace<'x, 'a>, pursuit: &'x Pursuit) -> Option<Self> {
        let round = pursuit.round.as_ref()?;
        let sequence = pace.playbook.sequences.get(usize::from(round.sequence))?;
        Some(Self {
            pace: *pace,
            pursuit,
            sequence,
            nth: round.sequence,
            index: usize::from(round.first),
            is_here: true,
            start: round.start,
            previous: pursuit.happened.max(round.start),
            since: pursuit.since,
            followed: Cow::Borrowed(&pursuit.followed),
            is_back: pursuit.is_back,
            goes_back: true,
            reached: pursuit.goal(pace.playbook),
            circles: Circles::default(),
        })
    }

    /// The same, but what follows of itself only.
    pub(crate) fn without_way_back(self) -> Self {
        Self { goes_back: false, ..self }
    }

    pub(super) const fn start(&self) -> Instant {
        self.start
    }

    /// The goal that has ended it, once there is no next step.
    pub(crate) const fn reached(&self) -> Option<Sign> {
        self.reached
    }

    /// The next step that applies. What does not apply is passed over.
    pub(crate) fn next_step(&mut self) -> Option<Ahead<'a>> {
        while self.reached.is_none() {
            let Some(step) = self.sequence.steps.get(self.index) else {
                self.go_round()?;
                continue;
            };
            if self.is_done() {
                self.index += 1;
                continue;
            }
            let Some(ahead) = self.ahead(step) else {
                self.index += 1;
                continue;
            };
            if step.condition.is_none_or(|condition| self.holds(condition)) {
                return Some(ahead);
            }
            self.pass(&ahead);
        }
        None
    }

    /// Goes behind a step as if it had been taken when it fell due.
    pub(crate) fn pass(&mut self, ahead: &Ahead<'a>) {
        self.previous = self.previous.max(ahead.due);
        self.index += 1;
    }

    /// The same with one that it is too late for: the round has gone by, and another one comes.
    pub(crate) fn pass_too_late(&mut self, ahead: &Ahead<'a>) {
        self.circles.is_gone_by = true;
        self.pass(ahead);
    }

    fn is_done(&self) -> bool {
        let round = self.pursuit.round.as_ref().filter(|_| self.is_here);
        round.is_some_and(|round| u16::try_from(self.index).is_ok_and(|index| !round.is_ahead(index)))
    }

    /// The steps before that one whose time has come at that instant.
    pub(super) fn passed(mut self, nth: u16, at: Instant) -> Vec<u16> {
        let mut passed = Vec::new();
        while self.index < usize::from(nth)
            && let Some(step) = self.sequence.steps.get(self.index)
        {
            if self.is_done() {
                self.index += 1;
                continue;
            }
            let Some(ahead) = self.ahead(step) else {
                self.index += 1;
                continue;
            };
            passed.extend(u16::try_from(self.index).ok().filter(|_| ahead.due <= at));
            self.pass(&ahead);
        }
        passed
    }

    /// When a step falls due: after its delay, and not before it is known whether its condition holds. The step with
    /// which a person began it is due at once. `None` where it does not come in this round, for want of a date.
    fn ahead(&self, step: &'a Step) -> Option<Ahead<'a>> {
        let is_begun_there =
            self.is_here && self.pursuit.is_first_round() && self.pursuit.from == Some(step.path.print());
        let (counted_from, due) = match (&step.date, step.anchor) {
            _ if is_begun_there => (self.start, self.start),
            (Some(date), _) => self.on_date(step, date)?,
            (None, Anchor::Start) => {
                (self.start, self.open(step, self.spaced(step, self.after(self.start, step))))
            }
            (None, Anchor::Previous) => (self.previous, self.open(step, self.after(self.previous, step))),
        };
        let known_from = step.condition.and_then(|condition| self.known_from(condition));
        let due = known_from.map_or(due, |at| due.max(at));
        let expires = step.expires.and_then(|expires| self.pace.expires(due, expires));
        Some(Ahead { step, counted_from, due, expires })
    }

    fn after(&self, from: Instant, step: &Step) -> Instant {
        self.pace.elapses(from, step.after).unwrap_or(Instant::MAX)
    }

    /// The same time on the next business day, if the step says so.
    fn open(&self, step: &Step, due: Instant) -> Instant {
        if !step.business_day {
            return due;
        }
        self.pace.place.on_business_day(due, false, self.pace.playbook).unwrap_or(Instant::MAX)
    }

    /// The day of a date of theirs, and when a step falls due that is counted from it. The day is the first for which a step of
    /// the sequence that counts from it had not passed when the round began; whoever joins late gets what still fits of
    /// that, too, once.
    fn on_date(&self, step: &Step, date: &StepDate) -> Option<(Instant, Instant)> {
        let key_date = self.pace.prospect.date(&date.name)?;
        let of_it = || {
            let steps = self.sequence.steps.iter();
            steps.filter_map(|step| {
                step.date.as_ref().filter(|own| own.name == date.name).map(|own| (step, own))
            })
        };
        // What falls on an earlier day than this is long over.
        let years = of_it().map(|(step, date)| {
            let after = Some(step.after).filter(|_| !date.is_before);
            after
                .into_iter()
                .chain(step.expires)
                .map(|delay| delay.nominal_hours() / (365 * 24) + 1)
                .sum::<u64>()
        });
        let years = years.max().and_then(|years| i32::try_from(years).ok()).unwrap_or(i32::MAX);
        let begun = chrono::DateTime::<chrono::Utc>::from(self.start).year();
        let mut days = key_date.days_from(begun.saturating_sub(years.saturating_add(1)));
        let comes = |step: &Step, date: &StepDate, day: NaiveDate| {
            self.due_on(step, date, day).filter(|(_, due)| self.is_in_time(step, *due))
        };
        let day = days.find(|day| of_it().any(|(step, date)| comes(step, date, *day).is_some()))?;
        comes(step, date, day)
    }

    /// When that day begins, and when the step falls due. What would be before it stays before it.
    fn due_on(&self, step: &Step, date: &StepDate, day: NaiveDate) -> Option<(Instant, Instant)> {
        let Pace { playbook, place, .. } = self.pace;
        let (begins, due) = place.of_day(day, step.after, date.is_before, playbook)?;
        let due = if step.business_day { place.on_business_day(due, date.is_before, playbook)? } else { due };
        Some((begins, due))
    }

    /// Whether what falls due then had not passed when the round began; in the round with which the pursuit began, whether it
    /// was not too late for it. A round that follows may begin with the very contact of the day before it.
    fn is_in_time(&self, step: &Step, due: Instant) -> bool {
        if self.is_back || !self.followed.is_empty() {
            return due > self.start;
        }
        let still_fits = |expires| self.pace.expires(due, expires).is_none_or(|end| end > self.start);
        due >= self.start || step.expires.is_some_and(still_fits)
    }

    /// Of what counts from the start, a step whose time had passed when the one before it was taken keeps its distance from
    /// that: after an absence not everything is due at once.
    fn spaced(&self, step: &Step, due: Instant) -> Instant {
        let round = self.pursuit.round.as_ref().filter(|_| self.is_here && step.anchor == Anchor::Start);
        match round.and_then(|round| Some((round.last?, round.late))) {
            Some((taken, late)) if due <= taken => due.checked_add(late).unwrap_or(Instant::MAX),
            _ => due,
        }
    }

    /// How long after its own time a step of this round is taken at that instant, if it counts from the start.
    pub(super) fn late_at(&self, nth: u16, taken: Instant) -> Duration {
        let step = self.sequence.steps.get(usize::from(nth)).filter(|step| step.anchor == Anchor::Start);
        let due = step.and_then(|step| self.pace.elapses(self.start, step.after));
        due.map_or(Duration::ZERO, |due| taken.since(due))
    }

    fn deadline(&self, condition: Condition) -> Option<Instant> {
        let within = condition.within?;
        Some(self.pace.elapses(self.pursuit.happened.max(self.start), within).unwrap_or(Instant::MAX))
    }

    /// Whether the condition holds, as far as the events go: without the sign it has not come.
    fn holds(&self, condition: Condition) -> bool {
        let deadline = self.deadline(condition);
        let is_in_time = |shown: Instant| deadline.is_none_or(|deadline| shown < deadline);
        self.pursuit.shown(condition, self.pace.signs).is_some_and(is_in_time) == condition.is_wanted
    }

    /// From when that is known for good: from the sign, or from the end of the time that it had.
    fn known_from(&self, condition: Condition) -> Option<Instant> {
        self.pursuit.shown(condition, self.pace.signs).into_iter().chain(self.deadline(condition)).min()
    }

    fn is_for_them(&self, then: &Then) -> bool {
        // Whoever is in it goes on with it, if a person enrolled them.
        let is_this = usize::from(self.nth) == then.index;
        let next = self.pace.playbook.sequences.get(then.index);
        is_this || next.is_some_and(|sequence| sequence.audience.includes(self.pace.prospect))
    }

    fn times_followed(&self) -> u16 {
        self.followed.iter().find(|(nth, _)| *nth == self.nth).map_or(0, |(_, times)| *times)
    }

    /// Begins the round that follows: with `then`, or on the way back. `None` where nothing follows, or where a round that
    /// goes on without end came to nothing, and not because it has gone by.
    fn go_round(&mut self) -> Option<()> {
        let goes_on = |then: &&Then| {
            then.at_most.is_none_or(|most| self.times_followed() < most) && self.is_for_them(then)
        };
        let then = self.sequence.then.as_ref().filter(goes_on);
        let next = then.or_else(|| self.way_back())?;
        // None begins after the year 2200.
        let start = self.pace.elapses(self.previous, next.after)?;
        let sequence = self.pace.playbook.sequences.get(next.index)?;
        if then.is_some() {
            if next.at_most.is_none() && !self.circles.goes_on(self.nth) {
                return None;
            }
            let followed = self.followed.to_mut();
            match followed.iter_mut().find(|(nth, _)| *nth == self.nth) {
                Some((_, times)) => *times = times.saturating_add(1),
                None => followed.push((self.nth, 1)),
            }
        } else {
            self.is_back = true;
            self.since = start;
            self.followed = Cow::Borrowed(&[]);
        }
        self.sequence = sequence;
        self.nth = u16::try_from(next.index).ok()?;
        (self.index, self.is_here, self.start, self.previous) = (0, false, start, start);
        self.circles.is_gone_by = false;
        self.reached = self.pursuit.signs.any_since(self.since, &sequence.ends_on);
        Some(())
    }

    /// How they are brought back, once, where nothing else follows. Whoever was in that sequence is not.
    fn way_back(&self) -> Option<&'a Then> {
        let back = self.pace.playbook.bring_back.as_ref()?;
        let was_there = |nth: u16| {
            self.pace.playbook.sequences.get(usize::from(nth)).is_some_and(|one| one.id == back.id)
        };
        let is_meant = self.goes_back
            && !self.is_back
            && self.sequence.purpose == Purpose::FollowUp
            && self.is_for_them(back)
            && !was_there(self.nth)
            && !self.followed.iter().any(|(nth, _)| was_there(*nth));
        is_meant.then_some(back)
    }

    /// The first round to come that has such a step, all that lies before it being passed over.
    pub(super) fn later_round_with(mut self, step: Print) -> Option<Self> {
        while self.reached.is_none() {
            while let Some(ahead) = self.sequence.steps.get(self.index) {
                match self.ahead(ahead).filter(|_| !self.is_done()) {
                    Some(ahead) => self.pass(&ahead),
                    None => self.index += 1,
                }
            }
            self.go_round()?;
            if position(self.sequence, step).is_some() {
                return Some(self);
            }
        }
        None
    }

    /// The round that this has come to, by itself.
    pub(super) fn into_round(self) -> Begun {
        Begun {
            round: Round::new(self.nth, self.start),
            since: self.since,
            is_back: self.is_back,
            followed: self.followed.into_owned(),
        }
    }
}

/// A round that has begun.
pub(super) struct Begun {
    pub(super) round: Round,
    pub(super) since: Instant,
    pub(super) is_back: bool,
    pub(super) followed: Vec<(u16, u16)>,
}
