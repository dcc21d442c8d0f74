//! The log: every event of a prospect, and the facts that follow from it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::standing::Standing;
use crate::error::{Faults, Found};
use crate::facts::event::{Event, EventKind, RawEvent};
use crate::facts::id::{EventId, Mark};

/// A prospect's log and where it has led: takes events in any order, and twice.
///
/// ```
/// use followup::{Event, EventKind, History, Recorded, Source};
///
/// let inquired = Event::new(1, "2026-03-02T09:30:00Z".parse()?, EventKind::Inquired { via: Source::Form, channel: None });
/// let bought = Event::new(2, "2026-03-09T10:00:00Z".parse()?, EventKind::Purchased);
///
/// let mut history = History::new();
/// assert_eq!(history.record(bought.clone())?, Recorded::InOrder);
/// assert_eq!(history.record(inquired.clone())?, Recorded::Late);
/// assert_eq!(history.record(bought.clone())?, Recorded::Twice);
/// assert_eq!(history.standing(), History::try_from(vec![inquired, bought])?.standing());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<RawEvent>", into = "Vec<Event>")]
pub struct History {
    events: BTreeMap<Mark, Event>,
    marks: BTreeMap<EventId, Mark>,
    /// The events that count as never made.
    retracted: BTreeSet<EventId>,
    standing: Standing,
}

/// How an event came into a [`History`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// After all others.
    InOrder,
    /// Before another, or taking one back: what had been made of the events after it is to be made again.
    Late,
    /// It was there already: nothing changed.
    Twice,
}

/// Two different events with the same id. One of them is wrong, and which one only the host can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event id {event} stands for two different events; give one of them another id")]
pub struct Conflict {
    /// The id.
    pub event: EventId,
}

impl History {
    /// An empty history.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an event, whenever it arrives.
    ///
    /// # Errors
    /// [`Conflict`] if another event has its id. The history is unchanged then.
    pub fn record(&mut self, event: Event) -> Result<Recorded, Conflict> {
        if self.has(&event)? {
            return Ok(Recorded::Twice);
        }
        // Its retraction may have come before it; then it counts for nothing.
        let is_taken = !self.retracted.contains(&event.id) && self.standing.apply(&event).is_ok();
        let mark = event.mark();
        self.log(event);
        if !is_taken {
            self.fold();
        }
        let is_last = self.events.last_key_value().is_some_and(|(last, _)| *last == mark);
        Ok(if is_taken && is_last { Recorded::InOrder } else { Recorded::Late })
    }

    /// Where the prospect stands after all of it.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The events, in the order of `(at, id)`, retracted ones and retractions among them.
    #[must_use]
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.values()
    }

    /// The events that count, in the order of `(at, id)`: neither taken back nor taking something back.
    pub(crate) fn effective_events(&self) -> impl Iterator<Item = &Event> {
        let counts = |event: &&Event| {
            !matches!(event.kind, EventKind::Retracted { .. }) && !self.retracted.contains(&event.id)
        };
        self.events.values().filter(counts)
    }

    pub(crate) fn has_id(&self, id: EventId) -> bool {
        self.marks.contains_key(&id)
    }

    /// Whether this very event is in the log.
    fn has(&self, event: &Event) -> Result<bool, Conflict> {
        let Some(mark) = self.marks.get(&event.id) else { return Ok(false) };
        if self.events.get(mark) == Some(event) { Ok(true) } else { Err(Conflict { event: event.id }) }
    }

    fn log(&mut self, event: Event) {
        self.marks.insert(event.id, event.mark());
        self.events.insert(event.mark(), event);
    }

    fn fold(&mut self) {
        // A retraction can be retracted by a later one, so the later ones are heard first.
        self.retracted.clear();
        for event in self.events.values().rev() {
            if let EventKind::Retracted { event: target } = event.kind
                && !self.retracted.contains(&event.id)
            {
                self.retracted.insert(target);
            }
        }
        self.standing = self.effective_events().collect();
    }
}

impl TryFrom<Vec<Event>> for History {
    type Error = Conflict;

    fn try_from(events: Vec<Event>) -> Result<Self, Conflict> {
        let mut history = Self::new();
        for event in events {
            if !history.has(&event)? {
                history.log(event);
            }
        }
        history.fold();
        Ok(history)
    }
}

impl TryFrom<Vec<RawEvent>> for History {
    type Error = Faults;

    fn try_from(raw: Vec<RawEvent>) -> Result<Self, Faults> {
        let mut found = Found::default();
        let mut history = Self::new();
        for (index, raw) in raw.into_iter().enumerate() {
            let nth = index + 1;
            let Some(event) = raw.check(Some(nth), &mut found) else { continue };
            match history.has(&event) {
                Ok(true) => {}
                Ok(false) => history.log(event),
                Err(conflict) => found.add(&alloc::format!("event {nth}"), conflict),
            }
        }
        history.fold();
        found.or(Some(history))
    }
}

impl From<History> for Vec<Event> {
    fn from(history: History) -> Self {
        history.events.into_values().collect()
    }
}
