//! Course: where somebody is in the sequences of an enrolment, and which step comes next.

use super::{Asked, Candidate, Case};
use crate::delay::Delay;
use crate::id::Print;
use crate::instant::Instant;
use crate::sequence::{Anchor, Condition, Sequence, Step};
use crate::standing::{Began, Enrolment, Sign};

/// A place in the sequences of an enrolment: before a step, or behind the last one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<'a, 's> {
    pub(crate) enrolment: &'s Enrolment,
    pub(crate) sequence: &'a Sequence,
    /// The index of the next step.
    index: usize,
    /// How many sequences were finished before this one.
    passes: usize,
    /// When this pass through the sequence started.
    start: Instant,
    /// When the step before was taken, or passed over.
    pub(crate) previous: Instant,
    /// What really happened last.
    last: Instant,
}

impl<'a> Course<'a, '_> {
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

    /// The instant from which the delay of a step counts.
    pub(crate) fn counted_from(&self, step: &Step) -> Instant {
        match step.anchor {
            Anchor::Start => self.start,
            Anchor::Previous => self.previous,
        }
    }
}

impl<'a, 's> Case<'a, 's> {
    /// The enrolment that the pursuit is about, with the sequence that it began. Where no sequence starts on what
    /// happened last, that is the one before it; where there is none, the last, without a sequence.
    pub(crate) fn enrolment(&self) -> Option<(&'s Enrolment, Option<&'a Sequence>)> {
        let with_sequence = |enrolment: &'s Enrolment| (enrolment, self.sequence(enrolment));
        let newest_first = self.standing.enrolments.iter().rev().map(with_sequence);
        let is_known = |(enrolment, sequence): &(&Enrolment, Option<_>)| {
            sequence.is_some() || matches!(enrolment.began, Began::Into(_))
        };
        newest_first.clone().find(is_known).or_else(|| newest_first.clone().next())
    }

    fn sequence(&self, enrolment: &Enrolment) -> Option<&'a Sequence> {
        match enrolment.began {
            Began::Into(id) => self.playbook.sequence_by_print(id),
            Began::By(trigger) => self.playbook.started_by(trigger),
        }
    }

    /// Where they are: behind the farthest step that was done, and one further for each contact that no step asked
    /// for. It never goes back, wherever steps are moved to or put in between; a step done again is one of the pass
    /// that follows.
    pub(crate) fn course(&self, enrolment: &'s Enrolment, sequence: &'a Sequence) -> Course<'a, 's> {
        let began = enrolment.mark.at;
        let mut course =
            Course { enrolment, sequence, index: 0, passes: 0, start: began, previous: began, last: began };
        for done in &enrolment.done {
            match done.path {
                // In the pause after the last step it moves nothing but what comes after.
                None => course.index = sequence_end(course.sequence, course.index + 1),
                Some(step) => {
                    if !course.go_behind(step)
                        && let Some(later) = self.in_later_pass(course, step)
                    {
                        course = later;
                    }
                }
            }
            (course.previous, course.last) = (done.mark.at, done.mark.at);
        }
        // A conversation or a missed meeting on which no sequence starts is what really happened last.
        let newest = self.standing.enrolments.last().map_or(began, |newest| newest.mark.at);
        (course.previous, course.last) = (course.previous.max(newest), course.last.max(newest));
        course
    }

    fn in_later_pass(&self, mut course: Course<'a, 's>, step: Print) -> Option<Course<'a, 's>> {
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
    fn next_pass(&self, course: Course<'a, 's>) -> Option<Course<'a, 's>> {
        let then = course.sequence.then.as_ref()?;
        if then.at_most.is_some_and(|most| self.times_finished(&course) >= usize::from(most)) {
            return None;
        }
        let end = course.ahead().iter().fold(course, |course, step| self.passed(course, step)).previous;
        // Otherwise it would go round for ever at the last instant there is.
        let start = self.elapses(end, then.after)?;
        let sequence = self.follower(course.sequence)?;
        Some(Course { sequence, index: 0, passes: course.passes + 1, start, previous: start, ..course })
    }

    /// The sequence with which the pursuit goes on behind that one.
    pub(crate) fn follower(&self, sequence: &Sequence) -> Option<&'a Sequence> {
        sequence.then.as_ref().and_then(|then| self.playbook.sequences.get(then.index))
    }

    /// How often the sequence was finished before in this enrolment.
    fn times_finished(&self, course: &Course<'a, 's>) -> usize {
        let first = self.sequence(course.enrolment);
        let passes = core::iter::successors(first, |sequence| self.follower(sequence)).take(course.passes);
        passes.filter(|sequence| sequence.id == course.sequence.id).count()
    }

    /// The next step that applies and that some channel can carry, or the end of the last sequence. What does not
    /// apply is passed over, and so is what no channel can ever carry to them; both take their time all the same.
    /// Where nothing else is left, the first that cannot be carried stays, so that the answer says why. `watch` sees
    /// those that cannot be carried.
    pub(crate) fn onward(
        &self,
        mut course: Course<'a, 's>,
        mut watch: impl FnMut(&'a Step),
    ) -> (Course<'a, 's>, Option<&'a Step>) {
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

    /// When a step falls due: after its delay, and not before it is known whether its condition holds.
    pub(crate) fn due(&self, course: &Course<'a, 's>, step: &Step) -> Instant {
        let due = self.elapses(course.counted_from(step), step.after).unwrap_or(Instant::MAX);
        step.condition.and_then(|condition| self.known_from(course, condition)).map_or(due, |at| due.max(at))
    }

    /// Behind a step that is passed over: it takes its time as if it had been taken when it fell due.
    fn passed(&self, course: Course<'a, 's>, step: &Step) -> Course<'a, 's> {
        let previous = course.previous.max(self.due(&course, step));
        Course { index: course.index + 1, previous, ..course }
    }

    fn deadline(&self, course: &Course<'a, 's>, condition: Condition) -> Option<Instant> {
        condition.within.map(|within| self.elapses(course.last, within).unwrap_or(Instant::MAX))
    }

    /// Whether the condition holds, as far as the events go: without the sign it has not come.
    fn holds(&self, course: &Course<'a, 's>, condition: Condition) -> bool {
        let deadline = self.deadline(course, condition);
        let is_in_time = |sign: &Sign| deadline.is_none_or(|deadline| sign.mark.at < deadline);
        course.enrolment.sign(condition.sign).is_some_and(is_in_time) == condition.is_wanted
    }

    /// From when that is known for good: from the sign, or from the end of the time that it had.
    fn known_from(&self, course: &Course<'a, 's>, condition: Condition) -> Option<Instant> {
        let sign = course.enrolment.sign(condition.sign).map(|sign| sign.mark.at);
        sign.into_iter().chain(self.deadline(course, condition)).min()
    }
}

fn sequence_end(sequence: &Sequence, index: usize) -> usize {
    index.min(sequence.steps.len())
}
