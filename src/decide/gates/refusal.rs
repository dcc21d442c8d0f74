//! Refusal: they said no to it, on this channel and for this purpose.

use super::{Closed, Spec};
use crate::decide::context::{Evidence, Query};
use crate::decide::state::State;
use crate::decide::verdict::{Gate, Need, Rest};
use crate::facts::channel::Channels;
use crate::facts::id::Mark;
use crate::facts::permission::{Purpose, RefusalKind};
use crate::facts::vocabulary::Duty;
use crate::history::consent::Refusal;
use crate::playbook::Playbook;
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    can_bar,
    is_passed_over: |_, _| true,
    closed: Some(closed),
    ..Spec::new(Gate::Refusal, earliest, cite)
};

fn can_bar(_: &Playbook, state: &State) -> bool {
    state.unconfirmed.is_some() || state.consent.is_narrowed()
}

/// Where they wrote after they refused, they may be answered there, and called where they ask to be.
fn wrote_after<'c>(query: &Query<'c, '_>, refusal: &Refusal) -> Option<&'c Mark> {
    let owed = query.context.state.owed.iter().rfind(|owed| {
        let is_for_this = owed.duty == Duty::Respond || Some(owed.mark) == query.subject.cause;
        is_for_this && owed.channel == Some(query.channel) && owed.mark > refusal.mark
    });
    owed.filter(|_| query.subject.purpose == Purpose::Answer).map(|owed| &owed.mark)
}

/// What they refused for this purpose, on this channel, or on one of which a rule says that it counts for this one.
fn refusals<'c>(query: &Query<'c, '_>) -> impl Iterator<Item = &'c Refusal> {
    let channel = query.channel;
    let of_purpose = query.context.state.consent.refusals(query.subject.purpose);
    of_purpose.filter(move |refusal| {
        refusal.channels.contains(channel)
            || query.context.playbook.uses.opt_outs
                && refusal.kind == RefusalKind::OptedOut
                && counts_here(query, refusal)
    })
}

/// Whether a rule that held when they opted out makes it count on this channel too.
fn counts_here(query: &Query<'_, '_>, refusal: &Refusal) -> bool {
    if refusal.except.contains(query.channel) {
        return false;
    }
    query.rules_with(|rule| rule.opt_out.as_ref()).any(|(rule, opt_out)| {
        opt_out.reaches(rule, refusal.channels) && query.context.is_in_force(rule, refusal.mark.at)
    })
}

/// When they expected this last: of several messages to answer that is the latest.
fn expected_since(query: &Query<'_, '_>) -> Option<Mark> {
    let messages = query.context.state.owed.iter().filter(|owed| owed.duty == Duty::Respond);
    let latest = messages.map(|owed| owed.mark).max().filter(|_| query.subject.is(Duty::Respond));
    latest.max(query.subject.cause)
}

/// The refusal that stands in the way: of several the gravest.
fn active_refusal<'c>(query: &Query<'c, '_>) -> Option<&'c Refusal> {
    standing(query).max_by_key(|refusal| refusal.kind)
}

/// The refusals that stand in the way.
fn standing<'c>(query: &Query<'c, '_>) -> impl Iterator<Item = &'c Refusal> {
    let is_confirmation = query.subject.is(Duty::ConfirmOptOut);
    refusals(query).filter(move |refusal| {
        if is_confirmation {
            // It tells them that they are heard; to the do-not-contact list nothing is said.
            refusal.kind == RefusalKind::Suppressed
        } else {
            wrote_after(query, refusal).is_none()
        }
    })
}

/// An opt-out is confirmed where they said it, and nowhere else.
fn is_misplaced(query: &Query<'_, '_>) -> bool {
    let said = query.context.state.unconfirmed.as_ref().map_or(Channels::NONE, |opt_out| opt_out.channels);
    query.subject.is(Duty::ConfirmOptOut) && !said.contains(query.channel)
}

/// When they unsubscribed from what this belongs to, if they did.
fn unsubscribed(query: &Query<'_, '_>) -> Option<Mark> {
    query.context.state.unsubscribed(query.subject.step()?, query.channel)
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let is_barred = is_misplaced(query) || standing(query).next().is_some() || unsubscribed(query).is_some();
    (!is_barred).then_some(at)
}

fn closed<'a>(query: &Query<'_, 'a>, _: Instant) -> Closed<'a> {
    let is_older = |refusal: &'_ Refusal| Some(refusal.mark) < expected_since(query);
    match active_refusal(query) {
        // They spoke after they had refused, and expect an answer somewhere.
        Some(_) if query.subject.is_answer() && standing(query).all(is_older) => Closed::Need(Need::Channel),
        Some(refusal) => Closed::Rest(Rest::Refused(refusal.kind)),
        None if unsubscribed(query).is_some() => Closed::Rest(Rest::Refused(RefusalKind::Unsubscribed)),
        None => Closed::Rest(Rest::Blocked(Gate::Refusal)),
    }
}

fn cite(query: &Query<'_, '_>, _: Instant, into: &mut Evidence) {
    let said = query.context.state.unconfirmed.as_ref().filter(|_| is_misplaced(query));
    into.marks.extend(said.map(|opt_out| opt_out.mark));
    into.marks.extend(unsubscribed(query));
    for refusal in refusals(query) {
        into.marks.extend(wrote_after(query, refusal));
        into.marks.push(refusal.mark);
    }
}
