//! Refusal: they said no to it, on this channel and for this purpose.

use super::{Asked, Candidate, Case, Cited};
use crate::consent::{Purpose, Refusal};
use crate::id::Mark;
use crate::instant::Instant;
use crate::standing::Debt;

/// Where they wrote after they refused, they may be answered there.
fn wrote_after<'c>(asked: &Asked<'c, '_>, refusal: &Refusal) -> Option<&'c Mark> {
    let owed = asked.case.standing.owed.iter().rfind(|owed| {
        owed.what == Debt::Response && owed.channel == Some(asked.channel) && owed.mark > refusal.mark
    });
    owed.filter(|_| asked.candidate.purpose == Purpose::Answer).map(|owed| &owed.mark)
}

/// The refusal that stands in the way.
pub(super) fn standing<'c>(asked: &Asked<'c, '_>) -> Option<&'c Refusal> {
    let mut refusals = asked.case.standing.consent.refusals(asked.candidate.purpose, asked.channel);
    refusals.find(|refusal| wrote_after(asked, refusal).is_none())
}

/// The refusal to name where every channel is refused.
pub(super) fn first<'c>(case: &'c Case<'_, 'c>, candidate: &'c Candidate<'_>) -> Option<&'c Refusal> {
    candidate.channels.iter().find_map(|channel| standing(&Asked { case, candidate, channel: *channel }))
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    standing(asked).is_none().then_some(at)
}

pub(super) fn cite(asked: &Asked<'_, '_>, into: &mut Cited) {
    for refusal in asked.case.standing.consent.refusals(asked.candidate.purpose, asked.channel) {
        into.marks.extend(wrote_after(asked, refusal));
        into.marks.push(refusal.mark);
    }
}
