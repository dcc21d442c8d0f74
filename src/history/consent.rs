//! Permission to contact: scope x basis x term, and what takes it away.

use crate::facts::permission::Basis;
use crate::facts::permission::Purpose;
use crate::facts::permission::Purposes;
use crate::facts::permission::RefusalKind;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{Mark, Print};
use crate::time::instant::Instant;
use crate::time::span::Span;

/// A recorded permission for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) channels: Channels,
    pub(crate) purpose: Purpose,
    pub(crate) basis: Basis,
    /// The first instant at which it no longer holds; `None` holds until refused.
    pub(crate) until: Option<Instant>,
    /// How long it holds from when it was given, on the prospect's calendar.
    pub(crate) term: Option<Span>,
    /// Whether they gave it by an act of their own.
    pub(crate) own_act: bool,
    pub(crate) mark: Mark,
}

impl Grant {
    /// Whether this grant gives all that the other does, for as long.
    fn dominates(&self, other: &Self) -> bool {
        self.basis == other.basis
            && self.purpose == other.purpose
            && self.channels.covers(other.channels)
            && (self.own_act || !other.own_act)
            && match (self.until, other.until) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(mine), Some(theirs)) => mine >= theirs,
            }
            // One term counted from a later instant ends later, and no term never ends.
            && (self.term.is_none() || (self.term == other.term && self.mark >= other.mark))
            // A rule may give a term to what states none, counted from when it was given.
            && (self.until.is_some() || self.term.is_some() || self.mark >= other.mark)
    }
}

/// A recorded refusal of one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) channels: Channels,
    pub(crate) purpose: Purpose,
    pub(crate) kind: RefusalKind,
    pub(crate) mark: Mark,
    /// When it was said first, if it was said again.
    pub(crate) since: Mark,
    /// Where they have permitted it since by their own act: no rule makes it count there.
    pub(crate) except: Channels,
}

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, channels: Channels, purpose: Purpose, mark: Mark) -> Self {
        Self { channels, purpose, kind, mark, since: mark, except: Channels::NONE }
    }
}

/// Where a refusal has ended what a relation implied, even if they have come back since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Break {
    channels: Channels,
    purpose: Purpose,
    mark: Mark,
}

/// What they unsubscribed from, though nothing was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Unsubscribed {
    subscription: Print,
    channels: Channels,
    mark: Mark,
}

/// All that is recorded of one prospect's permissions. A grant never removes a channel, a refusal never adds
/// one, and whatever has no effect any more is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Consent {
    grants: Vec<Grant>,
    refusals: Vec<Refusal>,
    breaks: Vec<Break>,
    unsubscribed: Vec<Unsubscribed>,
}

impl Consent {
    /// Records a permission. Only one given by the person's own act lifts a refusal; another has no effect
    /// where a refusal stands.
    pub(crate) fn grant(&mut self, mut grant: Grant) {
        for refusal in &mut self.refusals {
            // Whoever permits the seller to write first does not mind an answer.
            if grant.own_act && [grant.purpose, Purpose::Answer].contains(&refusal.purpose) {
                refusal.channels = refusal.channels.without(grant.channels);
                refusal.except = refusal.except.union(grant.channels);
            } else if refusal.purpose == grant.purpose {
                grant.channels = grant.channels.without(refusal.channels);
            }
        }
        self.refusals.retain(|refusal| !refusal.channels.is_empty());
        if !grant.channels.is_empty() && !self.grants.iter().any(|held| held.dominates(&grant)) {
            self.grants.retain(|held| !grant.dominates(held));
            self.grants.push(grant);
        }
    }

    /// Records a refusal: it ends what was granted in its scope.
    pub(crate) fn refuse(&mut self, mut refusal: Refusal) {
        for grant in self.grants.iter_mut().filter(|grant| grant.purpose == refusal.purpose) {
            grant.channels = grant.channels.without(refusal.channels);
        }
        self.grants.retain(|grant| !grant.channels.is_empty());
        // A refusal said again counts from when it was said last: what they wrote in between is no leave to answer.
        self.refusals.retain(|held| {
            let is_again = held.kind == refusal.kind
                && held.purpose == refusal.purpose
                && refusal.channels.covers(held.channels);
            if is_again {
                refusal.since = refusal.since.min(held.since);
            }
            !is_again
        });
        self.refusals.push(refusal);
        let Refusal { channels, purpose, mark, .. } = refusal;
        self.breaks.retain(|held| held.purpose != purpose || !channels.covers(held.channels));
        self.breaks.push(Break { channels, purpose, mark });
    }

    /// They want no more of that subscription there.
    pub(crate) fn unsubscribe(&mut self, subscription: Print, channels: Channels, mark: Mark) {
        self.subscribe(subscription, channels);
        self.unsubscribed.push(Unsubscribed { subscription, channels, mark });
    }

    /// They want it again.
    pub(crate) fn subscribe(&mut self, subscription: Print, channels: Channels) {
        for held in self.unsubscribed.iter_mut().filter(|held| held.subscription == subscription) {
            held.channels = held.channels.without(channels);
        }
        self.unsubscribed.retain(|held| !held.channels.is_empty());
    }

    /// When they unsubscribed from it there, if they did.
    pub(crate) fn unsubscribed(&self, subscription: Print, channel: Channel) -> Option<Mark> {
        let of_it =
            |held: &&Unsubscribed| held.subscription == subscription && held.channels.contains(channel);
        self.unsubscribed.iter().find(of_it).map(|held| held.mark)
    }

    /// Whether they refused or unsubscribed from anything.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.refusals.is_empty() || !self.unsubscribed.is_empty()
    }

    /// The person came back: what they denied when asked may be asked again; what they opted out of stays.
    pub(crate) fn came_back(&mut self) {
        self.refusals.retain(|refusal| refusal.kind != RefusalKind::Denied);
    }

    /// The last refusal of that purpose on that channel: what a relation before it implied is over for good.
    pub(crate) fn last_break(&self, purpose: Purpose, channel: Channel) -> Option<Mark> {
        let of_it = |held: &&Break| held.purpose == purpose && held.channels.contains(channel);
        self.breaks.iter().filter(of_it).map(|held| held.mark).max()
    }

    /// The refusals of that purpose, in the order they came.
    pub(crate) fn refusals(&self, purpose: Purpose) -> impl Iterator<Item = &Refusal> {
        self.refusals.iter().filter(move |refusal| refusal.purpose == purpose)
    }

    /// The channels on which they refused that purpose.
    pub(crate) fn refused(&self, purpose: Purpose) -> Channels {
        self.refusals(purpose).fold(Channels::NONE, |all, refusal| all.union(refusal.channels))
    }

    /// Whether they opted out of all of that already.
    pub(crate) fn is_opted_out(&self, channels: Channels, purposes: Purposes) -> bool {
        let is_out = |purpose, channel| {
            self.refusals(purpose)
                .any(|held| held.kind == RefusalKind::OptedOut && held.channels.contains(channel))
        };
        purposes.iter().all(|purpose| channels.iter().all(|channel| is_out(purpose, channel)))
    }

    /// Every refusal.
    pub(crate) fn all_refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The grants for that purpose on that channel.
    pub(crate) fn grants(&self, purpose: Purpose, channel: Channel) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.purpose == purpose && grant.channels.contains(channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::id::EventId;

    fn mark(id: u64) -> Mark {
        Mark { at: Instant::MIN, id: EventId(id) }
    }

    fn granted(channels: impl Into<Channels>, until: Option<Instant>) -> Grant {
        Grant {
            channels: channels.into(),
            purpose: Purpose::FollowUp,
            basis: Basis::Express,
            until,
            term: None,
            own_act: false,
            mark: mark(1),
        }
    }

    fn refused(channels: impl Into<Channels>, kind: RefusalKind) -> Refusal {
        Refusal::new(kind, channels.into(), Purpose::FollowUp, mark(2))
    }

    fn is_granted(consent: &Consent, channel: Channel) -> bool {
        consent.grants(Purpose::FollowUp, channel).next().is_some()
    }

    fn is_refused(consent: &Consent, channel: Channel) -> bool {
        consent.refusals(Purpose::FollowUp).any(|refusal| refusal.channels.contains(channel))
    }

    #[test]
    fn a_later_weaker_grant_takes_nothing_away() {
        let mut consent = Consent::default();
        consent.grant(granted(Channels::ALL, None));
        consent.grant(granted(Channel::Email, Some(Instant::MAX)));
        assert_eq!(consent.grants(Purpose::FollowUp, Channel::Email).count(), 1);
        assert!(is_granted(&consent, Channel::Phone));
    }

    #[test]
    fn a_refusal_ends_the_grant_in_its_scope_only() {
        let mut consent = Consent::default();
        consent.grant(granted(Channels::ALL, None));
        consent.refuse(refused(Channel::Email, RefusalKind::OptedOut));
        assert!(!is_granted(&consent, Channel::Email) && is_granted(&consent, Channel::Phone));
    }

    #[test]
    fn only_a_grant_by_their_own_act_lifts_a_refusal() {
        for kind in RefusalKind::ALL {
            let mut consent = Consent::default();
            consent.refuse(refused(Channels::ALL, *kind));
            consent.grant(granted(Channels::ALL, None));
            assert!(is_refused(&consent, Channel::Email) && !is_granted(&consent, Channel::Email));
            consent.grant(Grant { own_act: true, ..granted(Channel::Email, None) });
            assert!(!is_refused(&consent, Channel::Email) && is_granted(&consent, Channel::Email));
            assert!(is_refused(&consent, Channel::Phone) && !is_granted(&consent, Channel::Phone));
        }
    }

    #[test]
    fn a_refusal_said_again_counts_from_when_it_was_said_last() {
        let mut consent = Consent::default();
        consent.refuse(refused(Channel::Email, RefusalKind::OptedOut));
        let again = mark(9);
        consent.refuse(Refusal { mark: again, ..refused(Channels::ALL, RefusalKind::OptedOut) });
        let marks: Vec<Mark> = consent.refusals(Purpose::FollowUp).map(|held| held.mark).collect();
        assert_eq!(marks, [again]);
    }

    #[test]
    fn what_they_subscribe_to_again_on_one_channel_stays_away_from_the_others() {
        let (news, events) = (Print::of("news"), Print::of("events"));
        let mut consent = Consent::default();
        consent.unsubscribe(news, Channels::ALL, mark(1));
        consent.subscribe(news, Channel::Email.into());
        assert_eq!(consent.unsubscribed(news, Channel::Email), None);
        assert_eq!(consent.unsubscribed(news, Channel::Post), Some(mark(1)));
        assert_eq!(consent.unsubscribed(events, Channel::Post), None);
    }

    #[test]
    fn coming_back_lifts_what_was_denied_but_not_what_was_opted_out_of() {
        let mut consent = Consent::default();
        consent.refuse(refused(Channel::Email, RefusalKind::OptedOut));
        consent.refuse(refused(Channel::Phone, RefusalKind::Denied));
        consent.came_back();
        assert!(is_refused(&consent, Channel::Email) && !is_refused(&consent, Channel::Phone));
    }
}
