//! Course: where somebody is in the sequences of an enrolment, and which step comes next.

use super::{Asked, Candidate, Case};
use crate::consent::Purpose;
use crate::delay::Delay;
use crate::event::{HoldReason, Sign};
use crate::id::{Mark, Print};
use crate::instant::Instant;
use crate::sequence::{Anchor, Condition, Sequence, Step, Then};
use crate::standing::{Done, Enrolment, Shown};

/// A place in the sequences of an enrolment: before a step, or behind the last one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<'a, 'e> {
    pub(crate) enrolment: &'e Enrolment,
    /// The sequence with which it began, or with which they were brought back.
    first: &'a Sequence,
    pub(crate) sequence: &'a Sequence,
    /// The index of the next step.
    index: usize,
    /// How many sequences were finished since then.
    passes: usize,
    /// When this pass through the sequence started.
    start: Instant,
    /// When the step before was taken, or passed over.
    pub(crate) previous: Instant,
    /// What really happened last.
    last: Instant,
    /// From when the signs count that can end it.
    since: Instant,
    /// Whether it ends with what the playbook says of bringing back, where its sequence does not say.
    brings_back: bool,
    /// Whether that is where they are.
    is_back: bool,
    /// What had ended it before that.
    reached: Option<Sign>,
    /// Up to and without which event it is looked at.
    until: Option<Mark>,
}

impl<'a, 'e> Course<'a, 'e> {
    /// Such signs as meant something then.
    fn signs(&self, sign: Sign) -> impl Iterator<Item = &'e Shown> + use<'e> {
        let until = self.until;
        self.enrolment.signs.iter().filter(move |shown| {
            let is_known = until.is_none_or(|until| shown.first < until);
            let has_lapsed = shown.lapsed.is_some_and(|lapsed| until.is_none_or(|until| lapsed < until));
            shown.sign == sign && is_known && !has_lapsed
        })
    }

    /// The steps from here to the end of the sequence.
    fn ahead(&self) -> &'a [Step] {
        self.sequence.steps.get(self.index..).unwrap_or_default()
    }

    /// Goes behind that step, if it is ahead in this pass.
    fn go_behind(&mut self, step: Print) -> bool {
        let nth = self.ahead().iter().position(|ahead| ahead.path.print() == step);
        self.index += nth.map_or(0, |nth| nth + 1);
        nth.is_some()
    }

    /// Whether that step is one of this sequence.
    fn has(&self, step: Print) -> bool {
        self.sequence.steps.iter().any(|of_it| of_it.path.print() == step)
    }

    /// The instant from which the delay of a step counts.
    pub(crate) fn counted_from(&self, step: &Step) -> Instant {
        match step.anchor {
            Anchor::Start => self.start,
            Anchor::Previous => self.previous,
        }
    }
}

impl<'a> Case<'a, '_> {
    /// Where they are: behind the farthest step that was done, and one further for each contact that no step asked
    /// for. It never goes back, wherever steps are moved to or put in between; a step done again is one of the pass
    /// that follows.
    pub(crate) fn course<'e>(
        &self,
        enrolment: &'e Enrolment,
        sequence: &'a Sequence,
        until: Option<Mark>,
    ) -> Course<'a, 'e> {
        let began = enrolment.mark.at;
        let from = |from: Print| sequence.steps.iter().position(|step| step.path.print() == from);
        let mut course = Course {
            enrolment,
            first: sequence,
            sequence,
            index: enrolment.from.and_then(from).unwrap_or(0),
            passes: 0,
            start: began,
            previous: began,
            last: began,
            since: began,
            brings_back: true,
            is_back: false,
            reached: None,
            until,
        };
        let next_begun = self.next_begun(enrolment);
        let mut first_in_pass = 0;
        for (nth, done) in self.done(enrolment, until).enumerate() {
            let has_moved = match done.path {
                // In the pause after the last step it moves nothing but what comes after. A contact after something else
                // was begun is of that.
                None => {
                    let is_of_it = next_begun.is_none_or(|next| done.mark < next);
                    course.index = sequence_end(course.sequence, course.index + usize::from(is_of_it));
                    true
                }
                Some(step) => {
                    let mut in_pass = self.done(enrolment, until).take(nth).skip(first_in_pass);
                    if course.go_behind(step) {
                        true
                    } else if let Some(later) = self.in_later_pass(course, step)
                        // What was done once before that pass could start has only changed its place in this one.
                        && (later.start <= done.mark.at
                            || !course.has(step)
                            || in_pass.any(|before| before.path == Some(step)))
                    {
                        (course, first_in_pass) = (later, nth);
                        true
                    } else {
                        // A step of another sequence that was passed over is nothing to this one.
                        !done.is_skipped
                    }
                }
            };
            if has_moved {
                (course.previous, course.last) = (done.mark.at, done.mark.at);
            }
        }
        // A conversation or a missed meeting on which no sequence starts is what really happened last.
        let later = self.later_than(enrolment, until).unwrap_or(began);
        (course.previous, course.last) = (course.previous.max(later), course.last.max(later));
        course
    }

    /// What was done in it and, since it began, what no step asked for, oldest first.
    pub(crate) fn done<'x>(
        &'x self,
        enrolment: &'x Enrolment,
        until: Option<Mark>,
    ) -> impl Iterator<Item = &'x Done> {
        let mut own = enrolment.done.iter().peekable();
        let mut by_hand = self.standing.by_hand.iter().filter(|done| done.mark > enrolment.mark).peekable();
        let merged = core::iter::from_fn(move || match (own.peek(), by_hand.peek()) {
            (Some(one), Some(other)) if other.mark < one.mark => by_hand.next(),
            (Some(_), _) => own.next(),
            (None, _) => by_hand.next(),
        });
        merged.take_while(move |done| until.is_none_or(|until| done.mark < until))
    }

    fn in_later_pass<'e>(&self, mut course: Course<'a, 'e>, step: Print) -> Option<Course<'a, 'e>> {
        // Every sequence to which the pursuit can come is among the next so many.
        for _ in &self.playbook.sequences {
            course = self.next_pass(course)?;
            if course.go_behind(step) {
                return Some(course);
            }
        }
        None
    }

    /// The start of the sequence with which the pursuit goes on, all steps ahead in this one being passed over. None
    /// comes after the year 2200.
    fn next_pass<'e>(&self, course: Course<'a, 'e>) -> Option<Course<'a, 'e>> {
        let goes_on =
            |then: &&Then| then.at_most.is_none_or(|most| self.times_finished(&course) < usize::from(most));
        let (then, next) = if let Some(then) = course.sequence.then.as_ref().filter(goes_on) {
            (then, Course { passes: course.passes + 1, ..course })
        } else {
            let reached = self.goal(&course);
            (self.back(&course)?, Course { passes: 0, is_back: true, reached, ..course })
        };
        let end = course.ahead().iter().fold(course, |course, step| self.passed(course, step)).previous;
        // Otherwise it would go round for ever at the last instant there is.
        let start = self.elapses(end, then.after)?;
        let sequence = self.playbook.sequences.get(then.index)?;
        let (first, since) = if next.passes == 0 { (sequence, start) } else { (next.first, next.since) };
        Some(Course { first, since, sequence, index: 0, start, previous: start, ..next })
    }

    /// How they are brought back, once, where nothing else follows.
    fn back(&self, course: &Course<'a, '_>) -> Option<&'a Then> {
        let back = self.playbook.bring_back.as_ref()?;
        let is_meant = course.brings_back && !course.is_back && course.first.purpose == Purpose::FollowUp;
        let mut passed = self.passed_through(course);
        (is_meant && passed.all(|sequence| sequence.id != back.id)).then_some(back)
    }

    /// The sequences through which it has come since it began or they were brought back.
    fn passed_through(&self, course: &Course<'a, '_>) -> impl Iterator<Item = &'a Sequence> {
        let next = |sequence: &&'a Sequence| {
            let then = sequence.then.as_ref()?;
            self.playbook.sequences.get(then.index)
        };
        core::iter::successors(Some(course.first), next).take(course.passes + 1)
    }

    /// How often the sequence was finished before since then.
    fn times_finished(&self, course: &Course<'a, '_>) -> usize {
        let same = self.passed_through(course).filter(|sequence| sequence.id == course.sequence.id);
        same.count().saturating_sub(1)
    }

    /// The next step that applies and that some channel can carry, or the end of the last sequence. What does not
    /// apply is passed over, and so is what no channel can ever carry to them; both take their time all the same.
    /// Where nothing else is left, the first that cannot be carried stays, so that the answer says why. `watch` sees
    /// those that cannot be carried.
    pub(crate) fn onward<'e>(
        &self,
        mut course: Course<'a, 'e>,
        mut watch: impl FnMut(&'a Step),
    ) -> (Course<'a, 'e>, Option<&'a Step>) {
        let mut stays = None;
        for _ in 0..=self.playbook.sequences.len() {
            for step in course.ahead() {
                if step.condition.is_none_or(|condition| self.holds(&course, condition)) {
                    if self.can_carry(course.enrolment, step) {
                        return (course, Some(step));
                    }
                    watch(step);
                    stays = stays.or(Some((course, step)));
                }
                course = self.passed(course, step);
            }
            let Some(next) = self.next_pass(course) else { break };
            course = next;
        }
        stays.map_or((course, None), |(course, step)| (course, Some(step)))
    }

    /// Whether nothing is left of the sequence that some channel can carry, nor of those with which it goes on by
    /// itself.
    pub(crate) fn is_finished(&self, enrolment: &Enrolment, sequence: &'a Sequence) -> bool {
        let course = Course { brings_back: false, ..self.course(enrolment, sequence, None) };
        if let Some(sign) = self.goal(&course) {
            // What comes of a meeting is not known yet.
            return sign != Sign::Booked || self.booked().is_none();
        }
        let (_, step) = self.onward(course, |_| {});
        step.is_none_or(|step| !self.can_carry(enrolment, step))
    }

    /// Whether it had come to its end by then, in silence or by a goal. A meeting that is agreed is no end yet, and
    /// what is refused or bounced today did not matter then.
    pub(crate) fn was_finished(&self, enrolment: &Enrolment, sequence: &'a Sequence, by: Mark) -> bool {
        let mut course = Course { brings_back: false, ..self.course(enrolment, sequence, Some(by)) };
        match self.goal(&course) {
            Some(Sign::Booked) => return self.shown(&course, Sign::Met).is_some(),
            Some(_) => return true,
            None => {}
        }
        for _ in 0..=self.playbook.sequences.len() {
            let is_ahead = course.ahead().iter().any(|step| {
                let has_channel = step.channels.iter().any(|one| self.prospect.channels().contains(*one));
                has_channel && step.condition.is_none_or(|condition| self.holds(&course, condition))
            });
            match self.next_pass(course).filter(|_| !is_ahead) {
                Some(next) => course = next,
                None => return !is_ahead,
            }
        }
        false
    }

    /// What has ended it: a sign on which one of the sequences ends through which it has come.
    pub(crate) fn goal(&self, course: &Course<'a, '_>) -> Option<Sign> {
        let mut ends_on = self.passed_through(course).flat_map(|sequence| &sequence.ends_on).copied();
        course.reached.or_else(|| ends_on.find(|sign| self.has_shown(course, *sign)))
    }

    /// Whether there was such a sign since it began, or since they were brought back.
    fn has_shown(&self, course: &Course<'a, '_>, sign: Sign) -> bool {
        if sign.disposition().is_some() {
            let mut done = self.done(course.enrolment, course.until);
            return done
                .any(|done| done.disposition.map(Sign::from) == Some(sign) && done.mark.at >= course.since);
        }
        let counts = |mark: Mark| mark.at >= course.since && course.until.is_none_or(|until| mark < until);
        course.signs(sign).any(|shown| counts(shown.first) || counts(shown.last))
    }

    /// The first such sign since it began; a disposition is one of the last contact, or none.
    pub(crate) fn shown(&self, course: &Course<'a, '_>, sign: Sign) -> Option<Mark> {
        if sign.disposition().is_none() {
            return course.signs(sign).map(|shown| shown.first).next();
        }
        let contacts = self.done(course.enrolment, course.until).filter(|done| !done.is_skipped);
        let last = contacts.last().filter(|last| last.disposition.map(Sign::from) == Some(sign));
        last.map(|last| last.mark)
    }

    /// The meeting that is agreed, or of which nobody has said what came of it.
    pub(crate) fn booked(&self) -> Option<Instant> {
        let booked = self.standing.holds.iter().find(|hold| hold.reason == HoldReason::Booked);
        booked.and_then(|booked| booked.until)
    }

    /// Whether some channel of the step works and is not refused.
    fn can_carry(&self, enrolment: &Enrolment, step: &'a Step) -> bool {
        let touch = Candidate::touch(enrolment, step, enrolment.mark.at, enrolment.mark.at);
        let mut channels = step.channels.iter();
        channels.any(|channel| Asked { case: self, candidate: &touch, channel: *channel }.is_usable())
    }

    /// When a delay of an enrolment is over. While the seller has paused them it stands still: the time of each pause is
    /// added as it elapsed, so that across a change of the clocks the hour of the day can be another. `None` past the
    /// year 2200.
    fn elapses(&self, from: Instant, delay: Delay) -> Option<Instant> {
        let due = self.place.latest_after(from, delay, self.playbook)?;
        let mut pauses = self.standing.pauses.iter();
        pauses.try_fold(due, |due, pause| {
            pause.overlap(from, due).map_or(Some(due), |time| due.checked_add(time))
        })
    }

    /// When a step falls due: after its delay, and not before it is known whether its condition holds. The step with
    /// which a person began it is due at once.
    pub(crate) fn due(&self, course: &Course<'a, '_>, step: &Step) -> Instant {
        let is_begun_there =
            !course.is_back && course.passes == 0 && course.enrolment.from == Some(step.path.print());
        let due = if is_begun_there {
            course.start
        } else {
            self.elapses(course.counted_from(step), step.after).unwrap_or(Instant::MAX)
        };
        step.condition.and_then(|condition| self.known_from(course, condition)).map_or(due, |at| due.max(at))
    }

    /// Behind a step that is passed over: it takes its time as if it had been taken when it fell due.
    fn passed<'e>(&self, course: Course<'a, 'e>, step: &Step) -> Course<'a, 'e> {
        let previous = course.previous.max(self.due(&course, step));
        Course { index: course.index + 1, previous, ..course }
    }

    fn deadline(&self, course: &Course<'a, '_>, condition: Condition) -> Option<Instant> {
        condition.within.map(|within| self.elapses(course.last, within).unwrap_or(Instant::MAX))
    }

    /// Whether the condition holds, as far as the events go: without the sign it has not come.
    fn holds(&self, course: &Course<'a, '_>, condition: Condition) -> bool {
        let deadline = self.deadline(course, condition);
        let is_in_time = |shown: Mark| deadline.is_none_or(|deadline| shown.at < deadline);
        self.shown(course, condition.sign).is_some_and(is_in_time) == condition.is_wanted
    }

    /// From when that is known for good: from the sign, or from the end of the time that it had.
    fn known_from(&self, course: &Course<'a, '_>, condition: Condition) -> Option<Instant> {
        let shown = self.shown(course, condition.sign).map(|shown| shown.at);
        shown.into_iter().chain(self.deadline(course, condition)).min()
    }
}

fn sequence_end(sequence: &Sequence, index: usize) -> usize {
    index.min(sequence.steps.len())
}
