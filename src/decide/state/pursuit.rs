//! Pursuit: one person's way through sequences, from one beginning.

use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::progress::{Course, Pace};
use super::signs::Signs;
use super::{Attempts, State};
use crate::decide::gates::Closed;
use crate::decide::verdict::{Need, Rest};
use crate::facts::channel::Channel;
use crate::facts::id::{EventId, Mark, Print};
use crate::facts::permission::Purpose;
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::{Disposition, Sign, Trigger};
use crate::playbook::Playbook;
use crate::playbook::sequence::{Condition, Sequence, Since, Step};
use crate::time::instant::Instant;

/// What began a pursuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Began {
    By(Trigger),
    /// A person put them in a sequence.
    ByHand,
}

impl Began {
    /// Whether it comes before what is under way, and leaves it to go on.
    pub(crate) const fn is_detour(self) -> bool {
        matches!(self, Self::By(trigger) if trigger.is_detour())
    }
}

/// One person's way through sequences, from one beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pursuit {
    pub(crate) mark: Mark,
    pub(crate) began: Began,
    /// The sequence with which it began.
    first: Option<u16>,
    /// The sequence that it is in, if the playbook has one for it, and where.
    pub(crate) round: Option<Round>,
    /// The step with which a person began it.
    pub(super) from: Option<Print>,
    /// The last things that would have begun it anew, had it been finished: touches may name them as their cause.
    pub(super) echoes: Vec<EventId>,
    /// What really happened last.
    pub(super) happened: Instant,
    /// From when the signs count that can end it.
    pub(super) since: Instant,
    /// How often each sequence was finished and followed by its `then`, since it began or was brought back.
    pub(super) followed: Vec<(u16, u16)>,
    pub(super) is_back: bool,
    /// Since it began.
    pub(super) signs: Signs,
    /// Since the last contact of it, or since it began: for the steps that are for those who did not give a sign, and for
    /// those who did.
    recent: [Signs; 2],
    /// What came of the last contact.
    pub(super) disposition: Option<(Disposition, Mark)>,
    tries: Vec<(Print, Tries)>,
    pub(crate) asks: Tries,
}

/// One time through a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Round {
    pub(super) sequence: u16,
    pub(super) start: Instant,
    /// The steps that were taken or skipped in it.
    taken: Vec<u16>,
    /// Those whose time had come when a later one was taken.
    left: Vec<u16>,
    /// No step before this one is ahead.
    pub(super) first: u16,
    /// When a step was taken last.
    pub(super) last: Option<Instant>,
    /// By how much that was late, if it counts from the start.
    pub(super) late: Duration,
}

impl Round {
    pub(super) const fn new(sequence: u16, start: Instant) -> Self {
        Self {
            sequence,
            start,
            taken: Vec::new(),
            left: Vec::new(),
            first: 0,
            last: None,
            late: Duration::ZERO,
        }
    }

    /// Whether that step is still to come.
    pub(super) fn is_ahead(&self, nth: u16) -> bool {
        nth >= self.first && !self.taken.contains(&nth) && !self.left.contains(&nth)
    }

    fn take(&mut self, nth: u16) {
        self.taken.push(nth);
        self.go_on();
    }

    fn leave(&mut self, passed: impl IntoIterator<Item = u16>) {
        self.left.extend(passed);
        self.go_on();
    }

    fn go_on(&mut self) {
        while self.taken.contains(&self.first) || self.left.contains(&self.first) {
            self.first += 1;
        }
    }
}

/// How often something was done, and tried since.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Tries {
    /// How often it was done or tried in all.
    total: u32,
    /// The attempts since it was done last.
    pub(crate) attempts: Attempts,
}

impl Tries {
    /// Its number, if it is done or tried now.
    pub(crate) const fn number(&self) -> u32 {
        self.total.saturating_add(1)
    }

    pub(super) fn succeed(&mut self) {
        self.total = self.total.saturating_add(1);
        self.attempts = Attempts::default();
    }

    pub(super) fn fail(&mut self, channel: Channel, mark: Mark) {
        self.total = self.total.saturating_add(1);
        self.attempts.add(channel, mark);
    }
}

impl Pursuit {
    pub(super) fn new(mark: Mark, began: Began, sequence: Option<u16>, from: Option<Print>) -> Self {
        Self {
            mark,
            began,
            first: sequence,
            round: sequence.map(|sequence| Round::new(sequence, mark.at)),
            from,
            echoes: Vec::new(),
            happened: mark.at,
            since: mark.at,
            followed: Vec::new(),
            is_back: false,
            signs: Signs::default(),
            recent: [Signs::default(), Signs::default()],
            disposition: None,
            tries: Vec::new(),
            asks: Tries::default(),
        }
    }

    /// The sequence with which it began.
    pub(super) const fn first(&self) -> Option<u16> {
        self.first
    }

    /// That of the sequence with which it began.
    pub(crate) fn priority(&self, playbook: &Playbook) -> u16 {
        let first = self.first.and_then(|nth| playbook.sequences.get(usize::from(nth)));
        first.map_or(0, |sequence| sequence.priority)
    }

    /// The sequence that it is in.
    pub(crate) fn sequence<'a>(&self, playbook: &'a Playbook) -> Option<&'a Sequence> {
        playbook.sequences.get(usize::from(self.round.as_ref()?.sequence))
    }

    pub(crate) fn purpose(&self, playbook: &Playbook) -> Purpose {
        self.sequence(playbook).map_or(Purpose::FollowUp, |sequence| sequence.purpose)
    }

    /// Whether something names it as its cause.
    pub(super) fn is_named_by(&self, cause: EventId) -> bool {
        self.mark.id == cause || self.echoes.contains(&cause)
    }

    /// What would have begun it anew goes on with it.
    pub(super) fn echo(&mut self, mark: Mark) {
        // Records of one person that were merged have a few of them, and a form that is posted for ever no end of them.
        if self.echoes.len() == 8 {
            self.echoes.remove(0);
        }
        self.echoes.push(mark.id);
    }

    /// How often that step was taken and tried.
    pub(crate) fn tries(&self, step: &Step) -> Option<&Tries> {
        self.tries.iter().find(|(of, _)| *of == step.path.print()).map(|(_, tries)| tries)
    }

    pub(super) fn tries_of(&mut self, step: Print) -> Option<&mut Tries> {
        let nth = self.tries.iter().position(|(of, _)| *of == step).unwrap_or_else(|| {
            self.tries.push((step, Tries::default()));
            self.tries.len() - 1
        });
        self.tries.get_mut(nth).map(|(_, tries)| tries)
    }

    /// Something happened that its delays count from.
    pub(super) fn go_on(&mut self, at: Instant) {
        self.happened = self.happened.max(at);
    }

    /// A person begins it with a step: those before it are left out.
    pub(super) fn begin_at(&mut self, playbook: &Playbook) {
        let from =
            self.from.zip(self.sequence(playbook)).and_then(|(from, sequence)| position(sequence, from));
        if let Some((round, from)) = self.round.as_mut().zip(from) {
            round.leave(0..from);
        }
    }

    /// Whether it has come no further than where it began.
    pub(super) fn is_first_round(&self) -> bool {
        !self.is_back && self.followed.is_empty()
    }

    /// A step was taken. Those before it whose time had come are left behind.
    pub(super) fn take(&mut self, pace: &Pace<'_, '_>, step: Print, mark: Mark, has_way_back: bool) {
        self.go_round_to(pace, step, mark, has_way_back);
        let here = self.sequence(pace.playbook).and_then(|sequence| position(sequence, step));
        let found = Course::of(pace, self).zip(here);
        let found =
            found.map(|(course, nth)| (nth, course.late_at(nth, mark.at), course.passed(nth, mark.at)));
        if let (Some(round), Some((nth, late, passed))) = (&mut self.round, found)
            && !round.taken.contains(&nth)
        {
            round.leave(passed);
            round.take(nth);
            (round.last, round.late) = (Some(mark.at), late);
        }
        self.go_on(mark.at);
    }

    /// Begins the round of which a step was taken, if it is not this one.
    fn go_round_to(&mut self, pace: &Pace<'_, '_>, step: Print, mark: Mark, has_way_back: bool) {
        let Some(sequence) = self.sequence(pace.playbook) else { return };
        let here = position(sequence, step);
        let round = self.round.as_ref();
        let is_taken = |nth| round.is_some_and(|round| round.taken.contains(&nth));
        if here.is_some_and(|nth| round.is_some_and(|round| round.is_ahead(nth))) {
            return;
        }
        let Some(course) = Course::of(pace, self) else { return };
        let course = if has_way_back { course } else { course.without_way_back() };
        let Some(later) = course.later_round_with(step) else { return };
        // What was left behind in this round is of the next one once that could have begun; what was taken in it is at once.
        if here.is_none_or(is_taken) || later.start() <= mark.at {
            let mut begun = later.into_round();
            begun.round.start = begun.round.start.min(mark.at);
            self.round = Some(begun.round);
            (self.since, self.is_back, self.followed) =
                (begun.since.min(mark.at), begun.is_back, begun.followed);
        }
    }

    /// What there is to say of a pursuit that has no sequence.
    pub(crate) const fn lost<'a>(&self) -> Closed<'a> {
        match self.began {
            Began::ByHand => Closed::Need(Need::Sequence),
            Began::By(trigger) => Closed::Rest(Rest::NoSequence(trigger)),
        }
    }

    /// Whether a person began it with a step that the sequence does not have. Whoever has come further needs it no more.
    pub(crate) fn is_lost(&self, playbook: &Playbook) -> bool {
        let Some((round, sequence)) = self.round.as_ref().zip(self.sequence(playbook)) else { return true };
        let is_there = |from| position(sequence, from).is_some();
        self.is_first_round() && round.last.is_none() && !self.from.is_none_or(is_there)
    }

    /// A step was passed over by a person.
    pub(super) fn skip(&mut self, playbook: &Playbook, step: Print, mark: Mark) {
        let Some(sequence) = self.sequence(playbook) else { return };
        let Some(nth) = position(sequence, step) else { return };
        let Some(round) = self.round.as_mut().filter(|round| round.is_ahead(nth)) else { return };
        let is_first = round.first == nth;
        round.take(nth);
        if is_first {
            self.go_on(mark.at);
        }
    }

    /// They gave a sign.
    pub(super) fn show(&mut self, playbook: &Playbook, sign: Sign, at: Instant) {
        for signs in self.recent.iter_mut().chain([&mut self.signs]) {
            signs.show(sign, at, playbook.uses.most_signs);
        }
    }

    /// A contact of it had that outcome. The signs before it were of other contacts. But a call takes nothing from what
    /// they opened; and of two steps of which one is for those who gave a sign, and the other for those who did not, both ask
    /// about the contact before them.
    pub(super) fn came_of_it(
        &mut self,
        playbook: &Playbook,
        step: Option<Print>,
        channel: Channel,
        disposition: Option<Disposition>,
        mark: Mark,
    ) {
        let asked = step.and_then(|step| playbook.step_by_print(step)?.condition);
        let is_spoken = matches!(channel, Channel::Phone | Channel::InPerson);
        for (is_wanted, signs) in [false, true].into_iter().zip(&mut self.recent) {
            let other = asked.filter(|asked| asked.is_wanted != is_wanted).map(|asked| asked.sign);
            signs.keep(|sign| Some(sign) == other || is_spoken && sign.is_of_a_message());
        }
        if let Some(disposition) = disposition {
            self.signs.show(disposition.into(), mark.at, playbook.uses.most_signs);
        }
        self.disposition = disposition.map(|disposition| (disposition, mark));
    }

    /// Those signs mean nothing any more.
    pub(super) fn lose(&mut self, sign: Sign) {
        for signs in self.recent.iter_mut().chain([&mut self.signs]) {
            signs.lose(sign);
        }
    }

    /// When they had given the sign that a condition is about as often as that asks for; a disposition is one of the last
    /// contact, or none. `ever` are the signs of all time.
    pub(super) fn shown(&self, condition: Condition, ever: &Signs) -> Option<Instant> {
        let Condition { sign, times, .. } = condition;
        if sign.disposition().is_some() {
            let last = self.disposition.filter(|(last, _)| Sign::from(*last) == sign);
            return last.map(|(_, mark)| mark.at);
        }
        match condition.since {
            Since::Touch => self.recent.get(usize::from(condition.is_wanted))?.nth(sign, times),
            Since::Start => self.signs.nth(sign, times),
            Since::Ever => ever.nth(sign, times),
        }
    }

    /// What has ended it: a sign on which one of the sequences ends through which it has come.
    pub(super) fn goal(&self, playbook: &Playbook) -> Option<Sign> {
        let here = self.round.as_ref().map(|round| round.sequence);
        let through = self.followed.iter().map(|(sequence, _)| *sequence).chain(here);
        let sequences = through.filter_map(|nth| playbook.sequences.get(usize::from(nth)));
        sequences.into_iter().find_map(|sequence| self.signs.any_since(self.since, &sequence.ends_on))
    }

    /// Whether it has come to its end, by what is known: nothing is left of its sequence, nor of those with which it goes
    /// on by itself, that some channel can carry in time.
    pub(super) fn is_finished(
        &self,
        state: &State,
        pace: &Pace<'_, '_>,
        prospect: &Prospect,
        now: Instant,
    ) -> bool {
        let Some(course) = Course::of(pace, self) else { return true };
        if self.is_back && course.reached().is_none() {
            return true;
        }
        let mut ahead = course.without_way_back();
        while let Some(step) = ahead.next_step() {
            let is_in_time = step.expires.is_none_or(|expires| now < expires);
            let mut channels = step.step.channels.iter().filter(|_| is_in_time);
            if channels.any(|channel| state.is_usable(prospect, *channel, step.step)) {
                return false;
            }
            if is_in_time { ahead.pass(&step) } else { ahead.pass_too_late(&step) }
        }
        // What comes of a meeting is not known yet.
        ahead.reached() != Some(Sign::Booked) || state.booked().is_none()
    }
}

/// Where a step stands in a sequence.
pub(super) fn position(sequence: &Sequence, step: Print) -> Option<u16> {
    let nth = sequence.steps.iter().position(|of_it| of_it.path.print() == step)?;
    u16::try_from(nth).ok()
}
