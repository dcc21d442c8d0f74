//! The standing: what happened with a prospect, as facts in order. It knows no rule and no playbook.

use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fact::Fact;
use crate::facts::event::Event;
use crate::facts::id::{EventId, Mark};
use crate::time::instant::Instant;

/// What happened with a prospect, compressed: every fact that can matter to some playbook, with the event it came from.
///
/// It takes events in any order. A host that keeps the events uses a [`History`](crate::History), which also takes
/// retractions. A host that keeps only this snapshot is told by [`Late`] when something takes back what was
/// recorded, and makes it again from its own store.
///
/// It serialises with the number of its schema. A snapshot of another schema is refused with the advice to make it
/// again: what an older one has left out cannot be made up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Snapshot", into = "Snapshot")]
pub struct Standing {
    /// In the order of their marks.
    facts: Vec<Fact>,
}

/// An event that a standing cannot take, because it contradicts what was recorded or takes back some of it. Make it
/// again from the log: [`History`](crate::History) does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event {event} contradicts what was recorded or takes it back; make the standing again from the log")]
pub struct Late {
    /// The event.
    pub event: EventId,
}

impl Standing {
    /// Where a prospect stands of whom nothing has happened yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The id and the instant of the last event.
    #[must_use]
    pub fn last(&self) -> Option<(EventId, Instant)> {
        self.facts.last().map(|fact| (fact.mark.id, fact.mark.at))
    }

    /// Records one more event, wherever it belongs. The same event once more changes nothing. To find two events with
    /// the same id and different instants is up to the log.
    ///
    /// # Errors
    /// [`Late`] if the event says something else than one of the same id and instant, or retracts another. The standing is
    /// unchanged then.
    pub fn apply(&mut self, event: &Event) -> Result<(), Late> {
        let late = Late { event: event.id };
        let fact = Fact::of(event).ok_or(late)?;
        match self.place_of(fact.mark) {
            Ok(known) if self.facts.get(known) == Some(&fact) => Ok(()),
            Ok(_) => Err(late),
            Err(place) => {
                self.facts.insert(place, fact);
                Ok(())
            }
        }
    }

    fn place_of(&self, mark: Mark) -> Result<usize, usize> {
        match self.facts.last() {
            Some(last) if last.mark >= mark => self.facts.binary_search_by_key(&mark, |fact| fact.mark),
            _ => Err(self.facts.len()),
        }
    }

    /// The facts, in order.
    pub(crate) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// An event id that comes after the last one.
    pub(crate) fn next_id(&self) -> u64 {
        self.facts.last().map_or(1, |last| last.mark.id.0.saturating_add(1))
    }
}

impl<'e> FromIterator<&'e Event> for Standing {
    /// The events are in order, and none is there twice.
    fn from_iter<I: IntoIterator<Item = &'e Event>>(events: I) -> Self {
        Self { facts: events.into_iter().filter_map(Fact::of).collect() }
    }
}

/// The number of the form in which standings, and pursuits, are stored. It changes whenever the same events would leave
/// others, or be written differently.
const SCHEMA: u32 = 2;

/// A standing as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    schema: Schema,
    facts: Vec<Fact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            SCHEMA => Ok(Self),
            other => Err(serde::de::Error::custom(alloc::format!(
                "this is a snapshot of schema {other}, and this version keeps {SCHEMA}; make it again from the log"
            ))),
        }
    }
}

impl From<Snapshot> for Standing {
    fn from(Snapshot { schema: Schema, mut facts }: Snapshot) -> Self {
        facts.sort_by_key(|fact| fact.mark);
        facts.dedup_by_key(|fact| fact.mark);
        Self { facts }
    }
}

impl From<Standing> for Snapshot {
    fn from(standing: Standing) -> Self {
        Self { schema: Schema, facts: standing.facts }
    }
}
