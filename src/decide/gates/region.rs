//! Region: it is known which rules hold where they are.

use super::{Closed, Spec};
use crate::decide::context::Query;
use crate::decide::rules::is_uncovered;
use crate::decide::verdict::{Gate, Need};
use crate::rule::Elsewhere;
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    can_bar: |playbook, _| playbook.elsewhere == Some(Elsewhere::Need),
    closed: Some(|_, _| Closed::Need(Need::Region)),
    // Where they are is known without an event.
    ..Spec::new(Gate::Region, earliest, |_, _, _| {})
};

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let context = query.context;
    let is_needed = context.playbook.elsewhere == Some(Elsewhere::Need);
    (!is_needed || !is_uncovered(context.playbook, context.prospect)).then_some(at)
}
