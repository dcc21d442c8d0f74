//! Refusal: they said no to it, on this channel and for this purpose.

use super::{Asked, Candidate, Case, Cited};
use crate::act::Act;
use crate::consent::{Purpose, Refusal, RefusalKind};
use crate::id::Mark;
use crate::instant::Instant;
use crate::standing::{Debt, Unconfirmed};

/// Where they wrote after they refused, they may be answered there.
fn wrote_after<'c>(asked: &Asked<'c, '_>, refusal: &Refusal) -> Option<&'c Mark> {
    let owed = asked.case.standing.owed.iter().rfind(|owed| {
        owed.what == Debt::Response && owed.channel == Some(asked.channel) && owed.mark > refusal.mark
    });
    owed.filter(|_| asked.candidate.purpose == Purpose::Answer).map(|owed| &owed.mark)
}

/// What they refused for this purpose, on this channel, or on one of which a rule says that it counts for this one.
fn refusals<'c>(asked: &Asked<'c, '_>) -> impl Iterator<Item = &'c Refusal> {
    let channel = asked.channel;
    let of_purpose = asked.case.standing.consent.refusals(asked.candidate.purpose);
    of_purpose.filter(move |refusal| {
        refusal.channels.contains(channel)
            || refusal.kind == RefusalKind::OptedOut && counts_here(asked, refusal)
    })
}

/// Whether a rule that held when they opted out makes it count on this channel too.
fn counts_here(asked: &Asked<'_, '_>, refusal: &Refusal) -> bool {
    asked.rules_with(|rule| rule.opt_out.as_ref()).any(|(rule, opt_out)| {
        opt_out.reaches(rule, refusal.channels) && asked.case.is_in_force(rule, refusal.mark.at)
    })
}

/// The refusal that stands in the way.
pub(super) fn standing<'c>(asked: &Asked<'c, '_>) -> Option<&'c Refusal> {
    let mut refusals = refusals(asked);
    if matches!(asked.candidate.act, Act::ConfirmOptOut) {
        // To the do-not-contact list nothing is said.
        return refusals.find(|refusal| refusal.kind == RefusalKind::Suppressed);
    }
    refusals.find(|refusal| wrote_after(asked, refusal).is_none())
}

/// The refusal to name where every channel is refused.
pub(super) fn first<'c>(case: &'c Case<'_, 'c>, candidate: &'c Candidate<'_>) -> Option<&'c Refusal> {
    candidate.channels.iter().find_map(|channel| standing(&Asked { case, candidate, channel: *channel }))
}

/// The opt-out that they said elsewhere, where it is a confirmation that is asked about: it tells them that they are
/// heard, where they said it.
fn said_elsewhere<'c>(asked: &Asked<'c, '_>) -> Option<&'c Unconfirmed> {
    let opt_out = asked.case.standing.unconfirmed.as_ref();
    let is_confirmation = matches!(asked.candidate.act, Act::ConfirmOptOut);
    opt_out.filter(|opt_out| is_confirmation && !opt_out.channels.contains(asked.channel))
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    (said_elsewhere(asked).is_none() && standing(asked).is_none()).then_some(at)
}

pub(super) fn cite(asked: &Asked<'_, '_>, into: &mut Cited) {
    into.marks.extend(said_elsewhere(asked).map(|opt_out| opt_out.mark));
    for refusal in refusals(asked) {
        into.marks.extend(wrote_after(asked, refusal));
        into.marks.push(refusal.mark);
    }
}
