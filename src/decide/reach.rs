//! Reach: there is an address or a number, and it works.

use super::{Asked, Cited};
use crate::instant::Instant;
use crate::standing::Bounce;

fn bounces<'c>(asked: &Asked<'c, '_>) -> impl Iterator<Item = &'c Bounce> + use<'c> {
    let channel = asked.channel;
    asked.case.standing.bounces.iter().filter(move |bounce| bounce.channel == channel)
}

/// Whether the channel can be used at all, now or later.
pub(super) fn is_lasting(asked: &Asked<'_, '_>) -> bool {
    asked.case.prospect.channels().contains(asked.channel) && !bounces(asked).any(|bounce| bounce.permanent)
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    if !is_lasting(asked) {
        return None;
    }
    let playbook = asked.case.playbook;
    bounces(asked).try_fold(at, |at, bounce| {
        asked
            .case
            .place
            .latest_after(bounce.mark.at, playbook.limits.retry, playbook)
            .map(|again| again.max(at))
    })
}

pub(super) fn cite(asked: &Asked<'_, '_>, into: &mut Cited) {
    into.marks.extend(bounces(asked).map(|bounce| bounce.mark));
}
