//! Ways to reach a person.

use core::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::error::vocabulary;

vocabulary!(
    /// A way to reach a person.
    Channel, "channel", "use phone, email, text, social, post, in-person or fax", {
    /// A telephone call.
    Phone = "phone",
    /// An e-mail.
    Email = "email",
    /// A text message: SMS or a messenger.
    Text = "text",
    /// A message or comment on a social network.
    Social = "social",
    /// A letter, a card or a parcel.
    Post = "post",
    /// A visit or a meeting.
    InPerson = "in-person",
    /// A fax.
    Fax = "fax",
});

impl Channel {}

/// A set of channels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Channels(u8);

impl Channels {
    /// Every channel.
    pub const ALL: Self = Self((1 << Channel::ALL.len()) - 1);
    /// No channel.
    pub const NONE: Self = Self(0);

    const fn bit(channel: Channel) -> u8 {
        1 << channel as u8
    }

    /// Whether the two have a channel in common.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the channel is in the set.
    #[must_use]
    pub const fn contains(self, channel: Channel) -> bool {
        self.0 & Self::bit(channel) != 0
    }

    /// Whether the set has no channel.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The channels that are in this set and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether every channel of `other` is in this set.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.without(self).is_empty()
    }

    /// The channels of both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The channels, in the order of [`Channel::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.iter().copied().filter(move |channel| self.contains(*channel))
    }
}

impl From<Channel> for Channels {
    fn from(channel: Channel) -> Self {
        Self(Self::bit(channel))
    }
}

impl FromIterator<Channel> for Channels {
    fn from_iter<I: IntoIterator<Item = Channel>>(channels: I) -> Self {
        channels.into_iter().fold(Self::NONE, |set, channel| set.union(channel.into()))
    }
}

impl<const N: usize> From<[Channel; N]> for Channels {
    fn from(channels: [Channel; N]) -> Self {
        channels.into_iter().collect()
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Channels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Channels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        alloc::vec::Vec::<Channel>::deserialize(deserializer).map(|list| list.into_iter().collect())
    }
}
