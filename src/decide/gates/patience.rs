//! Patience: for a while a step is left to the channel that comes first, though another one opens earlier.

use super::Spec;
use crate::decide::context::Query;
use crate::decide::verdict::Gate;
use crate::facts::channel::Channel;
use crate::facts::prospect::Prospect;
use crate::playbook::sequence::Step;
use crate::time::instant::Instant;

pub(super) const GATE: Spec =
    // When the step is due, and what they like, is known without a further event.
    Spec {
        can_bar: |playbook, _| playbook.uses.patience,
        ..Spec::new(Gate::Patience, earliest, |_, _, _| {})
    };

/// Of the channels of a step the one that they like best, or else the one named first. Whether it is there and
/// permitted makes no difference: taking it away must not make the others earlier.
pub(crate) fn first_choice(step: &Step, prospect: &Prospect) -> Option<Channel> {
    let liked = prospect.preferred().iter().find(|liked| step.channels.contains(liked));
    liked.or(step.channels.first()).copied()
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let Query { context, subject, channel } = query;
    let Some(step) = subject.step() else { return Some(at) };
    let Some(patience) = step.patience.filter(|_| first_choice(step, context.prospect) != Some(*channel))
    else {
        return Some(at);
    };
    context.place.not_before(at, subject.due, patience.into(), context.playbook)
}
