//! Trace: which gates stand in the way of a contact, and until when.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::context::{Evidence, Query};
use super::verdict::Gate;
use crate::facts::channel::Channel;
use crate::facts::id::{EventId, Mark};
use crate::rule::Citation;
use crate::time::instant::Instant;

/// A gate that moved a proposal to a later instant, or shut it out for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Which gate.
    pub gate: Gate,
    /// The index of the proposal in [`Explanation::proposals`](crate::Explanation::proposals).
    pub proposal: usize,
    /// On which channels.
    pub channels: Vec<Channel>,
    /// When it opens; `None` for never.
    pub until: Option<Instant>,
    /// Whether the verdict would be another without this gate.
    pub is_determining: bool,
    /// When something would be due without this gate.
    pub due_without: Option<Instant>,
    /// The events behind it.
    pub events: Vec<EventId>,
    /// The rules behind it, with their source.
    pub rules: Vec<Citation>,
}

/// Every gate that moves the contact, with the latest instant to which it moves it.
pub(crate) fn trace(query: &Query<'_, '_>, at: Instant, proposal: usize) -> Vec<Blocker> {
    let mut moves: Vec<(Gate, Instant, Option<Instant>)> = Vec::new();
    // Whether it opens in the end or never does is in the moves.
    let _ = query.settle_watched(at, |gate, from, to| moves.push((gate, from, to)));
    let mut blockers: Vec<Blocker> = Vec::new();
    for (gate, from, until) in moves {
        let mut behind = Evidence::default();
        gate.cite(query, from, &mut behind);
        match blockers.iter_mut().find(|blocker| blocker.gate == gate) {
            Some(blocker) => {
                blocker.until = until;
                blocker.events.extend(ids(&behind.marks));
                blocker.events.sort_unstable();
                blocker.events.dedup();
                for rule in behind.rules {
                    if !blocker.rules.contains(&rule) {
                        blocker.rules.push(rule);
                    }
                }
            }
            None => blockers.push(Blocker {
                gate,
                proposal,
                channels: Vec::from([query.channel]),
                until,
                is_determining: false,
                due_without: None,
                events: ids(&behind.marks),
                rules: behind.rules,
            }),
        }
    }
    blockers
}

fn ids(marks: &[Mark]) -> Vec<EventId> {
    let marks: BTreeSet<Mark> = marks.iter().copied().collect();
    marks.into_iter().map(|mark| mark.id).collect()
}
