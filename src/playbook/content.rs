//! The content ladder: what there is to give, and what to give next.

use alloc::string::String;
use alloc::vec::Vec;

use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{Format, ItemId, Topic};
use crate::playbook::audience::Audience;
use crate::time::instant::Instant;

/// Something of value that a touch can carry. It is given to a prospect at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub(crate) id: ItemId,
    pub(crate) title: String,
    pub(crate) format: Format,
    pub(crate) rung: u8,
    pub(crate) topics: Vec<Topic>,
    pub(crate) audience: Audience,
    pub(crate) channels: Channels,
    pub(crate) from: Option<Instant>,
    pub(crate) until: Option<Instant>,
}

impl Item {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &ItemId {
        &self.id
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What kind of thing it is.
    #[must_use]
    pub const fn format(&self) -> &Format {
        &self.format
    }

    /// How far up the ladder it stands: the higher, the more it shows and asks.
    #[must_use]
    pub const fn rung(&self) -> u8 {
        self.rung
    }

    /// What it is about; empty suits everybody.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Whom it is for. Unlike its [topics](Self::topics), what they name in a conversation has no say in that.
    #[must_use]
    pub const fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The channels that can carry it.
    #[must_use]
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// From when it may be given; at any time before [`until`](Self::until) where the playbook does not say.
    #[must_use]
    pub const fn from(&self) -> Option<Instant> {
        self.from
    }

    /// The first instant at which it may not be given any more, if its time ends.
    #[must_use]
    pub const fn until(&self) -> Option<Instant> {
        self.until
    }

    pub(crate) fn fits(&self, channel: Channel) -> bool {
        self.channels.contains(channel)
    }

    /// The earliest instant not before `at` at which it is current, or `None` if its time is over.
    pub(crate) fn current_from(&self, at: Instant) -> Option<Instant> {
        let from = self.from.map_or(at, |from| from.max(at));
        match self.until {
            Some(until) if from >= until => None,
            _ => Some(from),
        }
    }
}
