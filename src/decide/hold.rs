//! Hold: nothing is to be sent for a while. Answers go out all the same.

use super::{Asked, Cited};
use crate::instant::Instant;
use crate::standing::Hold;

fn holds<'c>(asked: &Asked<'c, '_>) -> impl Iterator<Item = &'c Hold> + use<'c> {
    let is_answer = asked.candidate.act.is_answer();
    asked.case.standing.holds.iter().filter(move |_| !is_answer)
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    holds(asked).try_fold(at, |at, hold| hold.until.map(|until| until.max(at)))
}

pub(super) fn cite(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    let active = holds(asked).filter(|hold| hold.until.is_none_or(|until| until > at));
    into.marks.extend(active.map(|hold| hold.mark));
}
