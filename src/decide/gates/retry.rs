//! Retry: after a failed attempt a channel rests for that act, and after too many it is left.

use super::{Closed, Spec};
use crate::decide::context::{Evidence, Query};
use crate::decide::verdict::{Gate, Need};
use crate::time::instant::Instant;

pub(super) const GATE: Spec =
    Spec { closed: Some(|_, _| Closed::Need(Need::Delivery)), ..Spec::new(Gate::Retry, earliest, cite) };

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let limits = &query.context.playbook.limits;
    let Some((times, last)) = query.subject.attempts.on(query.channel) else { return Some(at) };
    query.not_before(at, last, limits.retry).filter(|_| times < limits.attempts)
}

fn cite(query: &Query<'_, '_>, _: Instant, into: &mut Evidence) {
    into.marks.extend(query.subject.attempts.marks());
}
