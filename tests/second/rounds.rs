//! Where somebody is in a pursuit. (5.3, 5.4, 6)

use std::collections::BTreeMap;
use std::time::Duration;

use followup::{Anchor, Channel, Delay, EventKind, Instant, Purpose, Sign, Since};

use chrono::NaiveDate;

use crate::common::{ConditionModel, DateModel, StepModel, oracle};

use super::pursuits::Pursuit;
use super::state::State;

/// One round of one sequence. (6.1)
#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub(crate) sequence: usize,
    pub(crate) start: Instant,
    /// Whether the pursuit began with it.
    pub(crate) is_first: bool,
    /// The step with which it starts, at once.
    pub(crate) from: Option<usize>,
    /// What was taken, or skipped.
    pub(crate) taken: Vec<usize>,
    /// What was passed over when another was taken.
    pub(crate) left: Vec<usize>,
    pub(crate) last: Option<(usize, Instant)>,
}

impl Round {
    pub(crate) fn of(sequence: usize, start: Instant) -> Self {
        Self { sequence, start, is_first: false, from: None, taken: Vec::new(), left: Vec::new(), last: None }
    }

    fn take(&mut self, step: usize, at: Instant) {
        if !self.was_taken(step) {
            self.taken.push(step);
            self.last = Some((step, at));
        }
    }

    /// Whether it was taken or skipped.
    fn was_taken(&self, step: usize) -> bool {
        self.taken.contains(&step)
    }
}

/// The way through rounds so far.
#[derive(Debug, Clone)]
pub(crate) struct Tour {
    pub(crate) round: Round,
    /// The sequences since it began or was brought back.
    pub(crate) came_through: Vec<usize>,
    /// All of them.
    pub(crate) visited: Vec<usize>,
    /// How often it went on behind each sequence.
    pub(crate) followed: BTreeMap<usize, u16>,
    pub(crate) back_since: Option<Instant>,
}

/// A step, and when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) sequence: usize,
    pub(crate) step: usize,
    pub(crate) due: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    NoSequence,
    Lost,
    Reached(Sign, Vec<Next>),
    Outcome(Instant, Vec<Next>),
    /// The next step, and what was passed over before it because it cannot be carried.
    Step(Next, Vec<Next>),
    Finished {
        uncarried: Vec<Next>,
    },
}

/// Looking ahead, a circle is gone through once, and once more for each round that has gone by. (6.5)
#[derive(Debug, Default)]
struct Circles {
    /// The sequences behind which it went on without end.
    been: Vec<usize>,
    gone_by: usize,
    /// Whether it was too late for a step of this round.
    has_gone_by: bool,
}

/// More rounds than anybody looks ahead.
const MOST_ROUNDS: usize = 300;

/// So many rounds that have gone by are looked through. (6.5)
const MOST_GONE_BY: usize = 60;

impl State<'_> {
    pub(crate) fn step(&self, sequence: usize, step: usize) -> &StepModel {
        &self.told.case.model.sequences[sequence].steps[step]
    }

    fn ahead(&self, round: &Round) -> Vec<usize> {
        let is_ahead = |step: &usize| !round.was_taken(*step) && !round.left.contains(step);
        (0..self.told.case.model.sequences[round.sequence].steps.len()).filter(is_ahead).collect()
    }

    /// Takes a step, and leaves behind what lies before it and was due by then.
    fn take_in(&self, pursuit: &Pursuit, round: &mut Round, step: usize, at: Instant) {
        let mut passed = None;
        let mut left = Vec::new();
        for before in self.ahead(round).into_iter().filter(|before| *before < step) {
            let Some((due, _)) = self.due(pursuit, round, before, passed) else { continue };
            passed = passed.max(Some(due));
            left.extend((due <= at).then_some(before));
        }
        if !round.was_taken(step) {
            round.left.extend(left);
            round.take(step, at);
        }
    }

    /// A delay from an instant, with the time for which it was paused within it. (6.4)
    pub(crate) fn delayed(&self, from: Instant, delay: Delay) -> Instant {
        let mut end = self.spans.latest(from, delay);
        for (paused, until) in &self.pauses {
            let Some(until) = until else { continue };
            let paused = (*paused).max(from);
            if paused < end && paused < *until {
                end = end.checked_add(until.since(paused)).unwrap_or(Instant::MAX);
            }
        }
        end
    }

    /// From when on it is too late for a step, if ever. (8)
    pub(crate) fn step_expires(&self, next: Next) -> Option<Instant> {
        let expires = self.step(next.sequence, next.step).expires?;
        let own = self.delayed(next.due, expires);
        let mut end = own;
        for hold in self.holds.values().filter(|hold| hold.at < own) {
            end = end.max(self.delayed(hold.until?.max(next.due), expires));
        }
        Some(end)
    }

    /// 6.3.
    fn happened_last(pursuit: &Pursuit, round: &Round) -> Instant {
        pursuit.happened.max(round.start)
    }

    /// When a step is due, and whether its condition holds; `None` if it does not come in this round. `passed` is when the
    /// step before it was passed over.
    fn due(
        &self,
        pursuit: &Pursuit,
        round: &Round,
        nth: usize,
        passed: Option<Instant>,
    ) -> Option<(Instant, bool)> {
        let step = self.step(round.sequence, nth);
        let happened = Self::happened_last(pursuit, round);
        let by_delay = match step.anchor {
            _ if round.from == Some(nth) => pursuit.at,
            _ if step.date.is_some() => self.due_on_date(round, nth)?,
            Anchor::Previous => {
                self.delayed(passed.map_or(happened, |passed| passed.max(happened)), step.after)
            }
            Anchor::Start => {
                let own = |step: &StepModel| self.delayed(round.start, step.after);
                let late = round.last.map_or(Duration::ZERO, |(last, taken)| {
                    let before = self.step(round.sequence, last);
                    let is_late = before.anchor == Anchor::Start && own(step) <= taken && own(before) < taken;
                    if is_late { taken.since(own(before)) } else { Duration::ZERO }
                });
                own(step).checked_add(late).unwrap_or(Instant::MAX)
            }
        };
        let is_moved = step.is_on_business_day && round.from != Some(nth) && step.date.is_none();
        let by_delay = if is_moved {
            oracle::on_business_day(self.told.case, by_delay, false).unwrap_or(Instant::MAX)
        } else {
            by_delay
        };
        let Some(condition) = step.condition else { return Some((by_delay, true)) };
        let deadline = condition.within.map(|within| self.delayed(happened, within));
        let sign = self.sign_for_condition(pursuit, condition);
        let sign = sign.filter(|sign| deadline.is_none_or(|deadline| *sign < deadline));
        let known = sign.or(deadline).unwrap_or(by_delay);
        Some((by_delay.max(known), sign.is_some() == condition.is_wanted))
    }

    /// When a step is due that is counted from a date of theirs: by the first such day for which it was not too late when
    /// the round began. (6.4)
    fn due_on_date(&self, round: &Round, nth: usize) -> Option<Instant> {
        let case = self.told.case;
        let step = self.step(round.sequence, nth);
        let named = step.date?;
        let (_, date) = case.who.dates.iter().find(|(name, _)| *name == named.name)?;
        let days: Vec<NaiveDate> = match *date {
            DateModel::Once(day) => vec![crate::common::date(case.model.epoch, day)],
            DateModel::Yearly(month, day) => (1970..=2200)
                .map(|year| {
                    let last = if day == 29 && month == 2 { 28 } else { day };
                    let of_the_year = |day| NaiveDate::from_ymd_opt(year, month, day);
                    of_the_year(day).or(of_the_year(last)).unwrap()
                })
                .collect(),
        };
        let begun = round.start.unix_seconds();
        let near = |day: &&NaiveDate| {
            let from_then = day.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp() - begun;
            matches!(date, DateModel::Once(_)) || from_then.abs() < 1200 * crate::common::DAY
        };
        let steps = &case.model.sequences[round.sequence].steps;
        let of_it = |step: &StepModel| step.date.is_some_and(|date| date.name == named.name);
        let same: Vec<usize> = (0..steps.len()).filter(|nth| of_it(&steps[*nth])).collect();
        days.iter().filter(near).find_map(|day| {
            let comes = |nth: usize| self.comes_on(round, nth, *day);
            same.iter().any(|nth| comes(*nth).is_some()).then(|| comes(nth))
        })?
    }

    /// When a step is due that is counted from that day, if it comes in the round. Whoever joins late gets what still fits;
    /// whoever goes on with it has had it.
    fn comes_on(&self, round: &Round, nth: usize, day: NaiveDate) -> Option<Instant> {
        let case = self.told.case;
        let step = self.step(round.sequence, nth);
        let is_before = step.date?.is_before;
        let mut due = oracle::from_day(case, day, step.after, is_before)?;
        if step.is_on_business_day {
            due = oracle::on_business_day(case, due, is_before)?;
        }
        let next = Next { sequence: round.sequence, step: nth, due };
        let expires = step.expires.and_then(|_| self.step_expires(next));
        let still_fits = step.expires.is_some() && expires.is_none_or(|end| end > round.start);
        let comes = if round.is_first { due >= round.start || still_fits } else { due > round.start };
        comes.then_some(due)
    }

    /// When it was shown, if it was. (5.4)
    fn sign_for_condition(&self, pursuit: &Pursuit, condition: ConditionModel) -> Option<Instant> {
        let sign = condition.sign;
        if let Some(wanted) = sign.disposition() {
            let (nth, came) = pursuit.contacts.last()?;
            return (*came == Some(wanted)).then(|| self.log[*nth].at);
        }
        let of_a_message = matches!(sign, Sign::Opened | Sign::Clicked);
        let since = condition.since.unwrap_or(if of_a_message { Since::Touch } else { Since::Start });
        let is_since = |nth: usize| match since {
            Since::Touch => nth > self.asked_from(pursuit, condition),
            Since::Start => nth > pursuit.nth,
            Since::Ever => true,
        };
        let mut shown = self.shown.iter().filter(|shown| shown.sign == sign && is_since(shown.nth));
        shown.nth(usize::from(condition.times.unwrap_or(1)) - 1).map(|shown| shown.at)
    }

    /// Its last contact that such a condition asks about: no call where it is about a message, and no touch of a step that
    /// asked about the same sign the other way round.
    fn asked_from(&self, pursuit: &Pursuit, condition: ConditionModel) -> usize {
        let is_meant = |nth: usize| {
            let EventKind::Touched { act, channel, .. } = &self.log[nth].kind else { return true };
            let of_a_message = matches!(condition.sign, Sign::Opened | Sign::Clicked);
            if of_a_message && matches!(channel, Channel::Phone | Channel::InPerson) {
                return false;
            }
            let step = act.as_ref().and_then(|act| self.parsed(act.as_str()));
            let asked = step.and_then(|(sequence, step)| self.step(sequence, step).condition);
            let is_counterpart = |asked: ConditionModel| {
                asked.sign == condition.sign && asked.is_wanted != condition.is_wanted
            };
            !asked.is_some_and(is_counterpart)
        };
        let contacts = pursuit.contacts.iter().rev().map(|(nth, _)| *nth);
        contacts.into_iter().find(|nth| is_meant(*nth)).unwrap_or(pursuit.nth)
    }

    /// The first goal that was reached since it began, or since they were brought back. (5.3)
    fn goal(&self, pursuit: &Pursuit, tour: &Tour, uncarried: Vec<Next>) -> Option<Place> {
        let model = &self.told.case.model;
        let goals: Vec<Sign> =
            tour.came_through.iter().flat_map(|one| &model.sequences[*one].ends_on).copied().collect();
        let is_since = |nth: usize| match tour.back_since {
            Some(since) => self.log[nth].at >= since,
            None => nth > pursuit.nth,
        };
        let contacts = pursuit.contacts.iter().filter_map(|(nth, came)| Some((*nth, Sign::from((*came)?))));
        let shown = self.shown.iter().map(|shown| (shown.nth, shown.sign));
        let reached: Vec<Sign> =
            shown.chain(contacts).filter(|(nth, _)| is_since(*nth)).map(|(_, sign)| sign).collect();
        let sign = goals.into_iter().find(|sign| reached.contains(sign))?;
        Some(match self.agreed {
            Some(meeting) if sign == Sign::Booked => Place::Outcome(meeting, uncarried),
            _ => Place::Reached(sign, uncarried),
        })
    }

    /// Begins the next round, if there is one. (6.5)
    ///
    fn go_on(
        &self,
        pursuit: &Pursuit,
        tour: &mut Tour,
        passed: Option<Instant>,
        circles: &mut Circles,
        goes_back: bool,
    ) -> bool {
        let model = &self.told.case.model;
        let happened = Self::happened_last(pursuit, &tour.round);
        let over = passed.map_or(happened, |passed| passed.max(happened));
        let here = tour.round.sequence;
        let followed = tour.followed.get(&here).copied().unwrap_or(0);
        let is_for_them = |sequence: usize| {
            sequence == here || model.sequences[sequence].audience.includes(&self.told.case.who)
        };
        let then = model.then(here).filter(|then| then.at_most.is_none_or(|most| followed < most));
        let then = then.filter(|then| is_for_them(then.sequence));
        if let Some(then) = then {
            if then.at_most.is_none() {
                if !circles.been.contains(&here) {
                    circles.been.push(here);
                } else if circles.has_gone_by && circles.gone_by < MOST_GONE_BY {
                    circles.gone_by += 1;
                } else {
                    return false;
                }
            }
            tour.round = Round::of(then.sequence, self.delayed(over, then.after));
            *tour.followed.entry(here).or_default() += 1;
            tour.came_through.push(then.sequence);
            tour.visited.push(then.sequence);
            return true;
        }
        let may_come_back = goes_back
            && !self.lies_on_another(pursuit)
            && pursuit.purpose == Purpose::FollowUp
            && tour.back_since.is_none();
        let back = model
            .bring_back()
            .filter(|(back, _)| may_come_back && !tour.visited.contains(back) && is_for_them(*back));
        let Some((sequence, back)) = back else { return false };
        let start = self.delayed(over, back.after);
        tour.round = Round::of(sequence, start);
        tour.came_through = vec![sequence];
        tour.visited.push(sequence);
        tour.followed.clear();
        tour.back_since = Some(start);
        true
    }

    /// 6.2.
    pub(crate) fn step_is_taken(&mut self, one: usize, path: &str, at: Instant) {
        let pursuit = &self.pursuits[one];
        let Some(mut tour) = pursuit.tour.clone() else { return };
        let Some((sequence, step)) = self.parsed(path) else { return };
        let is_here = tour.round.sequence == sequence;
        if is_here && self.ahead(&tour.round).contains(&step) {
            self.take_in(pursuit, &mut tour.round, step, at);
        } else if let Some(later) = self.later_round(pursuit, (sequence, step), at) {
            tour = later;
        } else if is_here {
            self.take_in(pursuit, &mut tour.round, step, at);
        } else {
            return;
        }
        self.pursuits[one].is_lost &= tour.round.last.is_none();
        self.pursuits[one].tour = Some(tour);
    }

    fn parsed(&self, path: &str) -> Option<(usize, usize)> {
        let (sequence, step) = path.split_once('/')?;
        let sequence: usize = sequence.strip_prefix("seq-")?.parse().ok()?;
        let step: usize = step.strip_prefix('s')?.parse().ok()?;
        let steps = self.told.case.model.sequences.get(sequence)?.steps.len();
        (step < steps).then_some((sequence, step))
    }

    /// The first later round that has the step, with it taken, if that has begun.
    fn later_round(&self, pursuit: &Pursuit, (sequence, step): (usize, usize), at: Instant) -> Option<Tour> {
        let own = pursuit.tour.as_ref()?;
        let is_here = own.round.sequence == sequence;
        let was_taken = own.round.was_taken(step);
        let (mut tour, mut circles) = (own.clone(), Circles::default());
        for _ in 0..MOST_ROUNDS {
            let mut passed = None;
            for nth in self.ahead(&tour.round) {
                let due = self.due(pursuit, &tour.round, nth, passed);
                passed = passed.max(due.map(|(due, _)| due));
            }
            if self.goal(pursuit, &tour, Vec::new()).is_some()
                || !self.go_on(pursuit, &mut tour, passed, &mut circles, true)
            {
                return None;
            }
            if tour.round.sequence == sequence {
                let has_begun = tour.round.start <= at || !is_here || was_taken;
                tour.round.start = tour.round.start.min(at);
                tour.back_since = tour.back_since.map(|since| since.min(at));
                if has_begun {
                    self.take_in(pursuit, &mut tour.round, step, at);
                }
                return has_begun.then_some(tour);
            }
        }
        None
    }

    pub(crate) fn skip(&mut self, path: &str, at: Instant) {
        let Some((sequence, step)) = self.parsed(path) else { return };
        for one in 0..self.pursuits.len() {
            let Some(tour) = &self.pursuits[one].tour else { continue };
            let ahead = self.ahead(&tour.round);
            if tour.round.sequence == sequence && ahead.contains(&step) {
                let pursuit = &mut self.pursuits[one];
                pursuit.tour.as_mut().unwrap().round.taken.push(step);
                if ahead.first() == Some(&step) {
                    pursuit.happened = at;
                }
            }
        }
    }

    /// Whether its sequence can start once more, by `when-finished`: nothing is ahead, but by the way back, that could go on a
    /// channel that works and was not refused. (5.1)
    pub(crate) fn lets_begin_anew(&self, pursuit: &Pursuit, now: Instant) -> bool {
        let works = |next: Next| {
            let step = self.step(next.sequence, next.step);
            let mut channels = step.channels.iter();
            let is_refused = |channel: &Channel| {
                self.consent(pursuit.purpose, *channel).refusals().next().is_some()
                    || self.unsubscribed_from(next.sequence, *channel).is_some()
            };
            let expires = self.step_expires(next);
            expires.is_none_or(|expires| now < expires)
                && channels.any(|channel| {
                    self.told.case.who.channels.contains(channel)
                        && !self.dead.contains(channel)
                        && !is_refused(channel)
                })
        };
        let is_back = pursuit.tour.as_ref().is_some_and(|tour| tour.back_since.is_some());
        let is_too_late = |next| self.step_expires(next).is_some_and(|expires| expires <= now);
        match self.walk_if(pursuit, false, |next| !is_back && works(next), is_too_late) {
            Place::Step(..) | Place::Outcome(..) => false,
            Place::NoSequence | Place::Lost | Place::Reached(..) | Place::Finished { .. } => true,
        }
    }

    /// Where they are at an instant, if nothing more happens. (6.5)
    pub(crate) fn place(&self, pursuit: &Pursuit, now: Instant) -> Place {
        if pursuit.is_lost {
            return Place::Lost;
        }
        self.walk(pursuit, now)
    }

    /// The same, where the step is known with which they start.
    pub(crate) fn walk(&self, pursuit: &Pursuit, now: Instant) -> Place {
        let is_too_late = |next| self.is_too_late(pursuit, next, now);
        self.walk_if(pursuit, true, |next| self.is_carried(pursuit, next, now), is_too_late)
    }

    fn walk_if(
        &self,
        pursuit: &Pursuit,
        goes_back: bool,
        is_carried: impl Fn(Next) -> bool,
        is_too_late: impl Fn(Next) -> bool,
    ) -> Place {
        let Some(mut tour) = pursuit.tour.clone() else { return Place::NoSequence };
        let (mut uncarried, mut circles) = (Vec::new(), Circles::default());
        if let Some(goal) = self.goal(pursuit, &tour, Vec::new()) {
            return goal;
        }
        for _ in 0..MOST_ROUNDS {
            let round = &tour.round;
            self.edge(round.start);
            let mut passed = None;
            circles.has_gone_by = false;
            for step in self.ahead(round) {
                let Some((due, holds)) = self.due(pursuit, round, step, passed) else { continue };
                self.edge(due);
                let next = Next { sequence: round.sequence, step, due };
                if holds && is_carried(next) {
                    return Place::Step(next, uncarried);
                }
                // What it is too late for is over, and nothing is said of it.
                let can_be_late = self.step(next.sequence, next.step).expires.is_some();
                if holds && can_be_late && is_too_late(next) {
                    circles.has_gone_by = true;
                } else if holds {
                    uncarried.push(next);
                }
                passed = passed.max(Some(due));
            }
            if !self.go_on(pursuit, &mut tour, passed, &mut circles, goes_back) {
                break;
            }
            if let Some(goal) = self.goal(pursuit, &tour, uncarried.clone()) {
                return goal;
            }
        }
        Place::Finished { uncarried }
    }
}
