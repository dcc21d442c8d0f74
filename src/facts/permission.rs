//! The words of permission: for what, on what it rests, what takes it away.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{ParseError, vocabulary};

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

vocabulary!(
    /// The kinds of refusal, the mildest first. Each but the first ends what was granted in its scope, and is final until
    /// the person comes back by their own act.
    ///
    /// | refusal | what happened | what lifts it |
    /// |---|---|---|
    /// | unsubscribed | they want no more of one subscription | that they subscribe again |
    /// | denied | asked for permission, they said no | a new inquiry, a purchase, or a permission they give by their own act |
    /// | opted out | they withdrew: "stop", no more of anything | only a permission they give by their own act |
    /// | suppressed | they are on the seller's do-not-contact list | only a permission they give by their own act |
    ///
    /// Where they write after an opt-out, they are answered there, and no more.
    RefusalKind, "refusal", "use unsubscribed, denied, opted-out or suppressed", {
    /// They unsubscribed from what the sequence belongs to; everything else goes on.
    Unsubscribed = "unsubscribed",
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
