//! Expiry: what was due long ago is not done any more.

use super::Spec;
use crate::decide::context::Query;
use crate::decide::verdict::Gate;
use crate::time::instant::Instant;

pub(super) const GATE: Spec =
    // When the step is due, and for how long, is known without a further event.
    Spec {
        next_change: |query, at| query.subject.expires.filter(|expires| *expires > at),
        can_bar: |playbook, state| playbook.uses.expiry || state.unconfirmed.is_some(),
        is_passed_over: |_, _| true,
        is_of_all_channels: true,
        ..Spec::new(Gate::Expiry, earliest, |_, _, _| {})
    };

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    query.subject.expires.is_none_or(|expires| at < expires).then_some(at)
}
