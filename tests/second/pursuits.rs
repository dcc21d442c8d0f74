//! What begins, what is under way, and in which order. (5.1, 5.2)

use std::collections::BTreeMap;

use followup::{
    Active, Again, Disposition, Duty, EventId, EventKind, Instant, Purpose, SequenceId, StepId, Trigger,
};

use super::rounds::{Place, Round, Tour};
use super::state::State;

#[derive(Debug, Clone)]
pub(crate) struct Pursuit {
    pub(crate) id: EventId,
    pub(crate) nth: usize,
    pub(crate) at: Instant,
    pub(crate) trigger: Option<Trigger>,
    pub(crate) purpose: Purpose,
    pub(crate) is_detour: bool,
    /// Itself and what refused to begin while it went on.
    pub(crate) causes: Vec<EventId>,
    /// Where they are; `None` without a sequence, or in one that there is not.
    pub(crate) tour: Option<Tour>,
    pub(crate) sequence: Option<usize>,
    /// Whether the sequence or the step that was named is not there.
    pub(crate) is_lost: bool,
    /// What happened last, beside the start of a round. (6.3)
    pub(crate) happened: Instant,
    /// Touches of its steps and contacts without an act since it began.
    pub(crate) contacts: Vec<(usize, Option<Disposition>)>,
}

impl State<'_> {
    pub(crate) fn note_progress(&mut self, nth: usize) {
        let event = &self.log[nth];
        let at = event.at;
        let by_their_own = ["met", "no-show", "called-off", "stalled"];
        if by_their_own.contains(&event.kind.word()) {
            self.pursuits.iter_mut().for_each(|pursuit| pursuit.happened = at);
        }
        let EventKind::Touched { act, cause, disposition, .. } = &event.kind else { return };
        if event.has_bounced {
            return;
        }
        let duty = act.as_ref().and_then(|act| act.as_str().parse::<Duty>().ok());
        let is_step = act.is_some() && duty.is_none();
        for one in 0..self.pursuits.len() {
            let is_of_it = cause.is_none_or(|cause| self.pursuits[one].causes.contains(&cause));
            if is_step && is_of_it {
                self.step_is_taken(one, act.as_ref().unwrap().as_str(), at);
                for under in self.under(one) {
                    self.pursuits[under].happened = at;
                }
            }
            let got_through =
                duty.is_some_and(|duty| duty.is_answer() && self.got_through(duty, *disposition));
            let is_vain = self.attempts.iter().any(|attempt| attempt.nth == nth);
            let pursuit = &mut self.pursuits[one];
            if is_step && is_of_it || got_through || act.is_none() && !is_vain {
                pursuit.happened = at;
            }
            if is_step && is_of_it || act.is_none() {
                pursuit.contacts.push((nth, *disposition));
            }
        }
    }

    /// What lies under a detour.
    fn under(&self, one: usize) -> Vec<usize> {
        let above = &self.pursuits[one];
        let is_stack = self.told.case.model.active == Active::Latest && above.is_detour;
        let is_under = |under: &usize| is_stack && self.pursuits[*under].purpose == above.purpose;
        (0..one).filter(is_under).collect()
    }

    /// Whether it is a detour and something lies under it.
    pub(crate) fn lies_on_another(&self, pursuit: &Pursuit) -> bool {
        self.pursuits
            .iter()
            .position(|one| one.id == pursuit.id)
            .is_some_and(|one| !self.under(one).is_empty())
    }

    pub(crate) fn note_beginning(&mut self, nth: usize, takes_back: bool, before: &Self) {
        let event = &self.log[nth];
        if event.kind.word() == "met" {
            self.pursuits.retain(|pursuit| pursuit.trigger != Some(Trigger::NoShow));
        }
        // What stands after this event: some undo ends.
        if !self.ends.is_empty() {
            return;
        }
        if let EventKind::Enrolled { sequence, from } = &event.kind {
            self.enrol(nth, sequence, from.as_ref());
            return;
        }
        let Some(trigger) = self.trigger(nth, takes_back) else { return };
        let has_begun = !before.begun.is_empty() || !before.ends.is_empty();
        if matches!(trigger, Trigger::Added | Trigger::Introduced) && has_begun {
            return;
        }
        let model = &self.told.case.model;
        let starting: Vec<usize> = (0..model.sequences.len())
            .filter(|one| model.sequences[*one].starts_on.contains(&trigger))
            .filter(|one| model.sequences[*one].audience.includes(&self.told.case.who))
            .collect();
        if let Some(first) = starting.iter().find(|one| self.lets_start(**one, event.at)) {
            self.start(nth, Some(trigger), Some(*first), None, false);
            return;
        }
        let refusing = starting.first().copied();
        for pursuit in self.pursuits.iter_mut().filter(|one| refusing.is_some() && one.sequence == refusing) {
            pursuit.causes.push(event.id);
        }
        let stands_alone =
            [Trigger::Inquired, Trigger::Purchased, Trigger::GivenUp, Trigger::Added, Trigger::Introduced];
        if starting.is_empty() && (stands_alone.contains(&trigger) || self.pursuits.is_empty()) {
            self.start(nth, Some(trigger), None, None, false);
        }
    }

    fn lets_start(&self, sequence: usize, at: Instant) -> bool {
        let begun: Vec<Instant> =
            self.begun.iter().filter(|(of, _)| *of == Some(sequence)).map(|(_, at)| *at).collect();
        match self.told.case.model.sequences[sequence].again {
            Again::Always => true,
            Again::Once => begun.is_empty(),
            Again::After(pause) => begun.last().is_none_or(|last| self.spans.latest(*last, pause) <= at),
            Again::WhenFinished => {
                let under_way = self.pursuits.iter().filter(|one| one.sequence == Some(sequence));
                under_way.into_iter().all(|pursuit| self.lets_begin_anew(pursuit, at))
            }
        }
    }

    /// Whether nothing more comes of it, or its goal was reached.
    pub(crate) fn is_finished(&self, pursuit: &Pursuit, at: Instant) -> bool {
        matches!(self.walk(pursuit, at), Place::Finished { .. } | Place::Reached(..))
    }

    fn enrol(&mut self, nth: usize, sequence: &SequenceId, from: Option<&StepId>) {
        let model = &self.told.case.model;
        let sequence: Option<usize> = sequence.as_str().strip_prefix("seq-").unwrap().parse().ok();
        let sequence = sequence.filter(|one| *one < model.sequences.len());
        let first = from.map(|from| from.as_str()[1..].parse::<usize>().unwrap());
        let is_there =
            |step: &usize| sequence.is_some_and(|sequence| *step < model.sequences[sequence].steps.len());
        let is_lost = sequence.is_none() || first.is_some_and(|first| !is_there(&first));
        self.start(nth, None, sequence, first, is_lost);
    }

    fn start(
        &mut self,
        nth: usize,
        trigger: Option<Trigger>,
        sequence: Option<usize>,
        from: Option<usize>,
        is_lost: bool,
    ) {
        let model = &self.told.case.model;
        let (id, at) = (self.log[nth].id, self.log[nth].at);
        let purpose = sequence.map_or(Purpose::FollowUp, |one| model.sequences[one].purpose);
        let is_detour = matches!(
            trigger,
            Some(
                Trigger::NoShow
                    | Trigger::SeveralDeciders
                    | Trigger::NoTime
                    | Trigger::OtherPriorities
                    | Trigger::Forgot
            )
        );
        self.pursuits.retain(|one| one.sequence != sequence);
        match model.active {
            Active::Latest if is_detour => {
                let under = self.pursuits.iter_mut().filter(|one| one.purpose == purpose);
                under.for_each(|one| one.happened = at);
            }
            Active::Latest => self.pursuits.retain(|one| one.purpose != purpose),
            Active::ByPriority => {}
        }
        let from = from.filter(|_| !is_lost);
        let tour = sequence.map(|sequence| Tour {
            round: Round {
                is_first: true,
                from,
                left: (0..from.unwrap_or(0)).collect(),
                ..Round::of(sequence, at)
            },
            came_through: vec![sequence],
            visited: vec![sequence],
            followed: BTreeMap::new(),
            back_since: None,
        });
        self.pursuits.push(Pursuit {
            id,
            nth,
            at,
            trigger,
            purpose,
            is_detour,
            causes: vec![id],
            tour,
            sequence,
            is_lost,
            happened: at,
            contacts: Vec::new(),
        });
        self.begun.push((sequence, at));
        if !is_detour {
            self.asking_anew = Some(nth);
        }
        if !is_detour && purpose == Purpose::FollowUp {
            self.last_pursuit = Some(nth);
        }
    }

    /// In the order of 5.2: of each the place where it is; and the detours above that are finished.
    pub(crate) fn in_order(&self, at: Instant) -> (Vec<Placed<'_>>, Vec<Placed<'_>>) {
        if self.told.case.model.active == Active::ByPriority {
            let mut all: Vec<&Pursuit> = self.pursuits.iter().collect();
            let sequences = &self.told.case.model.sequences;
            let priority = |one: &Pursuit| one.sequence.map_or(0, |nth| sequences[nth].priority);
            all.sort_by_key(|one| std::cmp::Reverse((priority(one), one.nth)));
            return (all.into_iter().map(|one| (one, self.place(one, at))).collect(), Vec::new());
        }
        let (mut chosen, mut finished) = (Vec::new(), Vec::new());
        for purpose in [Purpose::Care, Purpose::FollowUp] {
            let of_it = self.pursuits.iter().filter(|one| one.purpose == purpose);
            let mut stack: Vec<Placed<'_>> = of_it.map(|one| (one, self.place(one, at))).collect();
            while let Some((top, place)) = stack.pop() {
                if stack.is_empty() || !self.is_finished(top, at) {
                    chosen.push((top, place));
                    break;
                }
                finished.push((top, place));
            }
        }
        (chosen, finished)
    }
}

type Placed<'s> = (&'s Pursuit, Place);
