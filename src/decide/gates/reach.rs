//! Reach: there is an address or a number, and it works.

use super::Spec;
use crate::decide::context::{Evidence, Query};
use crate::decide::state::Bounce;
use crate::decide::verdict::Gate;
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec { is_passed_over: |_, _| true, ..Spec::new(Gate::Reach, earliest, cite) };

fn bounces<'c>(query: &Query<'c, '_>) -> impl Iterator<Item = &'c Bounce> + use<'c> {
    let channel = query.channel;
    query.context.state.bounces.iter().filter(move |bounce| bounce.channel == channel)
}

/// Whether the channel can be used at all, now or later.
fn is_lasting(query: &Query<'_, '_>) -> bool {
    query.context.prospect.channels().contains(query.channel)
        && !bounces(query).any(|bounce| bounce.permanent)
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    if !is_lasting(query) {
        return None;
    }
    let playbook = query.context.playbook;
    bounces(query).try_fold(at, |at, bounce| {
        query
            .context
            .place
            .latest_after(bounce.mark.at, playbook.limits.retry, playbook)
            .map(|again| again.max(at))
    })
}

fn cite(query: &Query<'_, '_>, _: Instant, into: &mut Evidence) {
    into.marks.extend(bounces(query).map(|bounce| bounce.mark));
}
