//! Permission to contact: scope x basis x term, and what takes it away.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::channel::{Channel, Channels};
use crate::error::{ParseError, vocabulary};
use crate::id::Mark;
use crate::instant::Instant;
use crate::span::Span;

vocabulary!(
    /// What a contact is for, in the eyes of permission.
    Purpose, "purpose", "use answer, follow-up or care", {
    /// Answering what the prospect began or agreed to: a response, a solution, a recap, a promise kept.
    /// It needs no permission, but it can be refused.
    Answer = "answer",
    /// Pursuing a sale.
    FollowUp = "follow-up",
    /// Looking after a buyer.
    Care = "care",
});

/// A set of purposes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Purposes(u8);

impl Purposes {
    /// Every purpose.
    pub const ALL: Self = Self(0b111);

    /// Whether the purpose is in the set.
    #[must_use]
    pub const fn contains(self, purpose: Purpose) -> bool {
        self.0 & (1 << purpose as u8) != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The purposes, in the order of [`Purpose::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL.iter().copied().filter(move |purpose| self.contains(*purpose))
    }
}

impl From<Purpose> for Purposes {
    fn from(purpose: Purpose) -> Self {
        Self(1 << purpose as u8)
    }
}

impl FromIterator<Purpose> for Purposes {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Self {
        Self(purposes.into_iter().fold(0, |bits, purpose| bits | (1 << purpose as u8)))
    }
}

impl fmt::Debug for Purposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Purposes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Purposes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Purpose>::deserialize(deserializer).map(|list| list.into_iter().collect())
    }
}

vocabulary!(
    /// On what a recorded permission rests.
    Basis, "basis of a permission", "use express, written, double-opt-in, soft-opt-in, contract or legitimate-interest", {
    /// They said yes.
    Express = "express",
    /// They said yes in writing.
    Written = "written",
    /// They said yes and confirmed it.
    DoubleOptIn = "double-opt-in",
    /// Given with a purchase or its negotiation, for similar products, with a refusal offered every time.
    SoftOptIn = "soft-opt-in",
    /// Needed to fulfil a contract with them.
    Contract = "contract",
    /// A balanced legitimate interest of the seller.
    LegitimateInterest = "legitimate-interest",
});

impl Basis {
    /// Whether it is a yes that they said. Only such a one, said by their own act, lifts a refusal.
    #[must_use]
    pub const fn is_consent(self) -> bool {
        matches!(self, Self::Express | Self::Written | Self::DoubleOptIn)
    }
}

/// What a playbook accepts as permission: a recorded basis, or one that follows from the relation.
///
/// What follows from an inquiry, a conversation or a purchase is never recorded: it holds for as long as the
/// playbook's `implied` spans say, counted from the latest of its kind, and a no ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A recorded permission on this basis.
    Granted(Basis),
    /// They inquired, and the playbook's span since then has not ended.
    Inquiry,
    /// There was a conversation, and the playbook's span since then has not ended.
    Conversation,
    /// They bought, and the playbook's span since then has not ended.
    Purchase,
    /// Nothing more than that they have not refused.
    NotRefused,
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Granted(basis) => basis.fmt(f),
            Self::Inquiry => f.pad("inquiry"),
            Self::Conversation => f.pad("conversation"),
            Self::Purchase => f.pad("purchase"),
            Self::NotRefused => f.pad("not-refused"),
        }
    }
}

impl FromStr for Ground {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "inquiry" => Ok(Self::Inquiry),
            "conversation" => Ok(Self::Conversation),
            "purchase" => Ok(Self::Purchase),
            "not-refused" => Ok(Self::NotRefused),
            _ => text.parse().map(Self::Granted).map_err(|error: ParseError| ParseError {
                what: "ground for contact",
                remedy: "use express, written, double-opt-in, soft-opt-in, contract, legitimate-interest, \
                         inquiry, conversation, purchase or not-refused",
                ..error
            }),
        }
    }
}

crate::error::text_serde!(Ground);

/// A set of grounds: any one of them will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Grounds(u16);

impl Grounds {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn bit(ground: Ground) -> u16 {
        match ground {
            Ground::Granted(basis) => 1 << (4 + basis as u16),
            Ground::Inquiry => 1,
            Ground::Conversation => 2,
            Ground::Purchase => 4,
            Ground::NotRefused => 8,
        }
    }

    pub(crate) const fn contains(self, ground: Ground) -> bool {
        self.0 & Self::bit(ground) != 0
    }

    /// These, and a recorded permission on whatever basis.
    pub(crate) fn or_any_basis(self) -> Self {
        Basis::ALL.iter().fold(self, |grounds, basis| Self(grounds.0 | Self::bit(Ground::Granted(*basis))))
    }
}

impl FromIterator<Ground> for Grounds {
    fn from_iter<I: IntoIterator<Item = Ground>>(grounds: I) -> Self {
        Self(grounds.into_iter().fold(0, |bits, ground| bits | Self::bit(ground)))
    }
}

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

vocabulary!(
    /// The kinds of refusal. Each ends what was granted in its scope, and is final until the person comes back by
    /// their own act.
    ///
    /// | refusal | what happened | what lifts it |
    /// |---|---|---|
    /// | denied | asked for permission, they said no | a new inquiry, a purchase, or a permission they give by their own act |
    /// | opted out | they withdrew: unsubscribed, "stop" | only a permission they give by their own act |
    /// | suppressed | they are on the seller's do-not-contact list | only a permission they give by their own act |
    ///
    /// Where they write after an opt-out, they are answered there, and no more.
    RefusalKind, "refusal", "use denied, opted-out or suppressed", {
    /// Asked for permission, they said no.
    Denied = "denied",
    /// They withdrew a permission, or objected without being asked.
    OptedOut = "opted-out",
    /// They stand on the seller's own do-not-contact list.
    Suppressed = "suppressed",
});

vocabulary!(
    /// Why somebody stands on the seller's do-not-contact list.
    Suppression, "cause of a suppression", "use internal, complaint or deceased", {
    /// The seller decided it, or took it over from another system.
    Internal = "internal",
    /// They complained, to the seller or to whoever carries the messages.
    Complaint = "complaint",
    /// They died.
    Deceased = "deceased",
});

/// A recorded refusal of one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) channels: Channels,
    pub(crate) purpose: Purpose,
    pub(crate) kind: RefusalKind,
    pub(crate) mark: Mark,
    /// When it was said first, if it was said again.
    pub(crate) since: Mark,
}

/// Where a refusal has ended what a relation implied, even if they have come back since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Break {
    channels: Channels,
    purpose: Purpose,
    mark: Mark,
}

/// All that is recorded of one prospect's permissions. A grant never removes a channel, a refusal never adds
/// one, and whatever has no effect any more is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Consent {
    grants: Vec<Grant>,
    refusals: Vec<Refusal>,
    breaks: Vec<Break>,
}

impl Consent {
    /// Records a permission. Only one given by the person's own act lifts a refusal; another has no effect
    /// where a refusal stands.
    pub(crate) fn grant(&mut self, mut grant: Grant) {
        for refusal in &mut self.refusals {
            // Whoever permits the seller to write first does not mind an answer.
            if grant.own_act && [grant.purpose, Purpose::Answer].contains(&refusal.purpose) {
                refusal.channels = refusal.channels.without(grant.channels);
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

    /// The person came back: what they denied when asked may be asked again; what they opted out of stays. The marks
    /// of what was lifted.
    pub(crate) fn came_back(&mut self) -> Vec<Mark> {
        let is_denied = |refusal: &Refusal| refusal.kind == RefusalKind::Denied;
        let mut lifted: Vec<Mark> =
            self.refusals.iter().filter(|refusal| is_denied(refusal)).map(|refusal| refusal.mark).collect();
        // One event can refuse several purposes.
        lifted.dedup();
        self.refusals.retain(|refusal| !is_denied(refusal));
        lifted
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
    use crate::id::EventId;

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
        let (purpose, mark) = (Purpose::FollowUp, mark(2));
        Refusal { channels: channels.into(), purpose, kind, mark, since: mark }
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
    fn coming_back_lifts_what_was_denied_but_not_what_was_opted_out_of() {
        let mut consent = Consent::default();
        consent.refuse(refused(Channel::Email, RefusalKind::OptedOut));
        consent.refuse(refused(Channel::Phone, RefusalKind::Denied));
        consent.came_back();
        assert!(is_refused(&consent, Channel::Email) && !is_refused(&consent, Channel::Phone));
    }
}
