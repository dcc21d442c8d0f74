//! What happened: the log without what was retracted, with every bounced contact for what it was.

use std::collections::BTreeSet;

use followup::{Event, EventId, EventKind, Instant};

#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) id: EventId,
    pub(crate) at: Instant,
    pub(crate) kind: EventKind,
    /// Whether it is a contact that bounced.
    pub(crate) has_bounced: bool,
}

/// In order. (1, 2.3)
pub(crate) fn of(events: &[Event]) -> Vec<Happened> {
    let mut events: Vec<Event> = events.to_vec();
    events.sort_by_key(|event| (event.at, event.id));
    let mut gone = BTreeSet::new();
    for event in events.iter().rev() {
        if let EventKind::Retracted { event: target } = event.kind
            && !gone.contains(&event.id)
        {
            gone.insert(target);
        }
    }
    events.retain(|event| !gone.contains(&event.id) && event.kind.word() != "retracted");
    let mut log: Vec<Happened> = events
        .into_iter()
        .map(|Event { id, at, kind }| Happened { id, at, kind, has_bounced: false })
        .collect();
    for nth in 0..log.len() {
        let EventKind::Bounced { channel, of, .. } = log[nth].kind else { continue };
        let contact = match of {
            Some(of) => log.iter().position(|event| event.id == of),
            None => (0..nth).rfind(|earlier| {
                matches!(log[*earlier].kind, EventKind::Touched { channel: on, .. } if on == channel)
            }),
        };
        if let Some(contact) = contact {
            log[contact].has_bounced = true;
        }
    }
    log
}
