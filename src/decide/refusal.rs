//! Refusal: they said no to it, on this channel and for this purpose.

use super::{Asked, Candidate, Case, Cited};
use crate::act::Act;
use crate::channel::Channels;
use crate::consent::{Purpose, Refusal, RefusalKind};
use crate::id::Mark;
use crate::instant::Instant;
use crate::standing::Debt;

/// Where they wrote after they refused, they may be answered there, and called where they asked to be.
fn wrote_after<'c>(asked: &Asked<'c, '_>, refusal: &Refusal) -> Option<&'c Mark> {
    let owed = asked.case.standing.owed.iter().rfind(|owed| {
        let is_for_this = owed.what == Debt::Response || owed.mark == asked.candidate.cause;
        is_for_this && owed.channel == Some(asked.channel) && owed.mark > refusal.mark
    });
    owed.filter(|_| asked.candidate.purpose == Purpose::Answer).map(|owed| &owed.mark)
}

/// What they refused for this purpose, on this channel, or on one of which a rule says that it counts for this one.
fn refusals<'c>(asked: &Asked<'c, '_>) -> impl Iterator<Item = &'c Refusal> {
    let channel = asked.channel;
    let of_purpose = asked.case.standing.consent.refusals(asked.candidate.purpose);
    of_purpose.filter(move |refusal| {
        refusal.channels.contains(channel)
            || asked.case.playbook.uses.opt_outs
                && refusal.kind == RefusalKind::OptedOut
                && counts_here(asked, refusal)
    })
}

/// Whether a rule that held when they opted out makes it count on this channel too.
fn counts_here(asked: &Asked<'_, '_>, refusal: &Refusal) -> bool {
    // What they permitted here since, by their own act, is the last word.
    let purpose = asked.candidate.purpose;
    let mut grants = asked.case.standing.consent.grants(purpose, asked.channel);
    if grants.any(|grant| grant.own_act && grant.mark > refusal.mark) {
        return false;
    }
    asked.rules_with(|rule| rule.opt_out.as_ref()).any(|(rule, opt_out)| {
        opt_out.reaches(rule, refusal.channels) && asked.case.is_in_force(rule, refusal.mark.at)
    })
}

/// The refusal that stands in the way.
pub(super) fn standing<'c>(asked: &Asked<'c, '_>) -> Option<&'c Refusal> {
    let mut refusals = refusals(asked);
    if matches!(asked.candidate.act, Act::ConfirmOptOut) {
        // It tells them that they are heard; to the do-not-contact list nothing is said.
        return refusals.find(|refusal| refusal.kind == RefusalKind::Suppressed);
    }
    refusals.find(|refusal| wrote_after(asked, refusal).is_none())
}

/// The refusal to name where every channel is refused.
pub(super) fn first<'c>(case: &'c Case<'_, 'c>, candidate: &'c Candidate<'_>) -> Option<&'c Refusal> {
    candidate.channels.iter().find_map(|channel| standing(&Asked { case, candidate, channel: *channel }))
}

/// An opt-out is confirmed where they said it, and nowhere else.
fn is_misplaced(asked: &Asked<'_, '_>) -> bool {
    let said = asked.case.standing.unconfirmed.map_or(Channels::NONE, |opt_out| opt_out.channels);
    matches!(asked.candidate.act, Act::ConfirmOptOut) && !said.contains(asked.channel)
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    (!is_misplaced(asked) && standing(asked).is_none()).then_some(at)
}

pub(super) fn cite(asked: &Asked<'_, '_>, into: &mut Cited) {
    let said = asked.case.standing.unconfirmed.filter(|_| is_misplaced(asked));
    into.marks.extend(said.map(|opt_out| opt_out.mark));
    for refusal in refusals(asked) {
        into.marks.extend(wrote_after(asked, refusal));
        into.marks.push(refusal.mark);
    }
}
