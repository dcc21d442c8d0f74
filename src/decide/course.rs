//! Course: where somebody is in the sequences of an enrolment, and which step comes next.

use super::{Asked, Candidate, Case};
use crate::consent::Purpose;
use crate::delay::Delay;
use crate::event::Sign;
use crate::id::{Mark, Print};
use crate::instant::Instant;
use crate::sequence::{Anchor, Condition, Sequence, Step, Then};
use crate::standing::{End, Enrolment};

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
    /// When a person took them out of it.
    left: Option<Instant>,
    /// Whether it ends with what the playbook says of bringing back, where its sequence does not say.
    brings_back: bool,
    /// Whether that is where they are.
    is_back: bool,
    /// What had ended it before that.
    reached: Option<Sign>,
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
    pub(crate) fn course<'e>(&self, enrolment: &'e Enrolment, sequence: &'a Sequence) -> Course<'a, 'e> {
        let began = enrolment.mark.at;
        let from = |from: Print| sequence.steps.iter().position(|step| step.path.print() == from);
        let left = self.standing.ended.filter(|ended| ended.how == End::Unenrolled);
        let mut course = Course {
            enrolment,
            first: sequence,
            sequence,
            index: enrolment.from.and_then(from).unwrap_or(0),
            passes: 0,
            start: began,
            previous: began,
            last: began,
            left: left.map(|ended| ended.mark.at),
            brings_back: true,
            is_back: false,
            reached: None,
        };
        let mut first_in_pass = 0;
        for (nth, done) in enrolment.done.iter().enumerate() {
            match done.path {
                // In the pause after the last step it moves nothing but what comes after.
                None => course.index = sequence_end(course.sequence, course.index + 1),
                Some(step) => {
                    let in_pass = enrolment.done.get(first_in_pass..nth).unwrap_or_default();
                    let is_again = || in_pass.iter().any(|before| before.path == Some(step));
                    if !course.go_behind(step)
                        && let Some(later) = self.in_later_pass(course, step)
                        // What was done once before that pass could start has only changed its place in this one.
                        && (later.start <= done.mark.at || !course.has(step) || is_again())
                    {
                        (course, first_in_pass) = (later, nth);
                    }
                }
            }
            (course.previous, course.last) = (done.mark.at, done.mark.at);
        }
        // A conversation or a missed meeting on which no sequence starts is what really happened last.
        let later = self.later_than(enrolment).unwrap_or(began);
        (course.previous, course.last) = (course.previous.max(later), course.last.max(later));
        course
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
        let has_left = course.left.filter(|_| !course.is_back);
        let own = course.sequence.then.as_ref().filter(|_| has_left.is_none());
        let goes_on =
            |then: &&Then| then.at_most.is_none_or(|most| self.times_finished(&course) < usize::from(most));
        let (then, course) = match own.filter(goes_on) {
            Some(then) => (then, Course { passes: course.passes + 1, ..course }),
            None => (
                self.back(&course)?,
                Course { passes: 0, is_back: true, reached: self.goal(&course), ..course },
            ),
        };
        let end = match has_left {
            Some(left) => left.max(course.previous),
            None => course.ahead().iter().fold(course, |course, step| self.passed(course, step)).previous,
        };
        // Otherwise it would go round for ever at the last instant there is.
        let start = self.elapses(end, then.after)?;
        let sequence = self.playbook.sequences.get(then.index)?;
        let first = if course.passes == 0 { sequence } else { course.first };
        Some(Course { first, sequence, index: 0, start, previous: start, ..course })
    }

    /// How they are brought back, once, where nothing else follows.
    fn back(&self, course: &Course<'a, '_>) -> Option<&'a Then> {
        let back = self.playbook.bring_back.as_ref().map(|back| &back.then)?;
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
        if let Some(left) = course.left {
            let back = if course.is_back {
                // Out of what was to bring them back, too, unless that went on since.
                Some(course).filter(|course| left <= course.last)
            } else {
                self.next_pass(course)
            };
            let Some(back) = back else { return (course, None) };
            course = back;
        }
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

    /// Whether nothing of the sequence is left, nor of those with which it goes on by itself.
    pub(crate) fn is_finished(&self, enrolment: &Enrolment, sequence: &'a Sequence) -> bool {
        let course = Course { brings_back: false, ..self.course(enrolment, sequence) };
        self.goal(&course).is_some() || self.onward(course, |_| {}).1.is_none()
    }

    /// Whether some step of this pass is left that applies.
    pub(crate) fn is_ahead(&self, course: &Course<'a, '_>) -> bool {
        let applies = |step: &Step| step.condition.is_none_or(|condition| self.holds(course, condition));
        course.ahead().iter().any(applies)
    }

    /// What has ended it: a sign on which one of the sequences ends through which it has come.
    pub(crate) fn goal(&self, course: &Course<'a, '_>) -> Option<Sign> {
        let ends_on = self.passed_through(course).flat_map(|sequence| &sequence.ends_on).copied();
        course.reached.or_else(|| ends_on.into_iter().find(|sign| course.enrolment.has_ever_shown(*sign)))
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
        course.enrolment.shown(condition.sign).is_some_and(is_in_time) == condition.is_wanted
    }

    /// From when that is known for good: from the sign, or from the end of the time that it had.
    fn known_from(&self, course: &Course<'a, '_>, condition: Condition) -> Option<Instant> {
        let shown = course.enrolment.shown(condition.sign).map(|shown| shown.at);
        shown.into_iter().chain(self.deadline(course, condition)).min()
    }
}

fn sequence_end(sequence: &Sequence, index: usize) -> usize {
    index.min(sequence.steps.len())
}
