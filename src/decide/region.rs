//! Region: it is known which rules hold where they are.

use super::Asked;
use super::rules::is_uncovered;
use crate::instant::Instant;
use crate::rule::Elsewhere;

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    let case = asked.case;
    let is_barred =
        case.playbook.elsewhere == Some(Elsewhere::Need) && is_uncovered(case.playbook, case.prospect);
    (!is_barred).then_some(at)
}
