//! Hold: nothing is to be sent for a while. Answers go out all the same.

use super::Spec;
use crate::decide::context::{Evidence, Query};
use crate::decide::state::Hold;
use crate::decide::verdict::Gate;
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    can_bar: |_, state| !state.holds.is_empty(),
    is_of_all_channels: true,
    ..Spec::new(Gate::Hold, earliest, cite)
};

fn holds<'c>(query: &Query<'c, '_>) -> impl Iterator<Item = &'c Hold> + use<'c> {
    let is_answer = query.subject.is_answer();
    query.context.state.holds.iter().filter(move |_| !is_answer)
}

fn end(query: &Query<'_, '_>, hold: &Hold) -> Option<Instant> {
    hold.end(query.context.place, query.context.playbook)
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    holds(query).try_fold(at, |at, hold| end(query, hold).map(|end| end.max(at)))
}

fn cite(query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
    let active = holds(query).filter(|hold| end(query, hold).is_none_or(|end| end > at));
    into.marks.extend(active.map(|hold| hold.mark));
}
