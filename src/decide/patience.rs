//! Patience: for a while a step is left to the channel that comes first, though another one opens earlier.

use super::Asked;
use crate::act::Act;
use crate::channel::Channel;
use crate::instant::Instant;
use crate::prospect::Prospect;

/// Of the channels of a step the one that they like best, or else the one named first. Whether it is there and
/// permitted makes no difference: taking it away must not make the others earlier.
pub(crate) fn first_choice(act: Act<'_>, prospect: &Prospect) -> Option<Channel> {
    let Act::Touch(step) = act else { return None };
    let liked = prospect.preferred().iter().find(|liked| step.channels.contains(liked));
    liked.or(step.channels.first()).copied()
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    let Asked { case, candidate, channel } = asked;
    let Act::Touch(step) = candidate.act else { return Some(at) };
    let Some(patience) =
        step.patience.filter(|_| first_choice(candidate.act, case.prospect) != Some(*channel))
    else {
        return Some(at);
    };
    case.place.not_before(at, candidate.due, patience.into(), case.playbook)
}
