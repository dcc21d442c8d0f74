//! Hold: nothing is to be sent for a while. Answers go out all the same.

use core::time::Duration;

use super::{Asked, Cited};
use crate::event::HoldReason;
use crate::instant::Instant;
use crate::standing::Hold;

fn holds<'c>(asked: &Asked<'c, '_>) -> impl Iterator<Item = &'c Hold> + use<'c> {
    let is_answer = asked.candidate.act.is_answer();
    asked.case.standing.holds.iter().filter(move |_| !is_answer)
}

/// After a meeting there is a day in which somebody can say what came of it.
const TO_SAY_WHAT_CAME_OF_IT: Duration = Duration::from_secs(24 * 3600);

/// When it ends by itself.
fn end(hold: &Hold) -> Option<Instant> {
    match hold.reason {
        HoldReason::Booked => {
            hold.until.map(|meeting| meeting.checked_add(TO_SAY_WHAT_CAME_OF_IT).unwrap_or(Instant::MAX))
        }
        _ => hold.until,
    }
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    holds(asked).try_fold(at, |at, hold| end(hold).map(|end| end.max(at)))
}

pub(super) fn cite(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    let active = holds(asked).filter(|hold| end(hold).is_none_or(|end| end > at));
    into.marks.extend(active.map(|hold| hold.mark));
}
