//! Cool-down: after what happened, contacts pause.

use super::Spec;
use crate::decide::context::{Evidence, Query};
use crate::decide::state::Past;
use crate::decide::verdict::Gate;
use crate::rule::{Pause, Rule};
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    can_bar: |playbook, state| playbook.uses.pauses && !state.outcomes.is_empty(),
    is_of_all_channels: true,
    ..Spec::new(Gate::CoolDown, earliest, cite)
};

impl<'c, 'a> Query<'c, 'a> {
    /// The outcomes after which a rule pauses.
    fn outcomes(&self, rule: &'a Rule, pause: &'a Pause) -> impl Iterator<Item = &'c Past> {
        self.context.state.outcomes.iter().filter(|past| {
            past.outcome == pause.after && past.channel.is_none_or(|channel| rule.channels.contains(channel))
        })
    }
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    paused(query, at, |_, _, _| {})
}

fn paused<'a>(
    query: &Query<'_, 'a>,
    at: Instant,
    barred: impl FnMut(&'a Rule, &'a Pause, Instant),
) -> Option<Instant> {
    let is_over = |rule: &'a Rule, pause: &'a Pause, at| {
        let mut outcomes = query.outcomes(rule, pause);
        outcomes.try_fold(at, |at, past| query.not_before(at, past.mark, pause.lasts))
    };
    query.earliest_under(at, |rule| rule.pause.as_ref(), is_over, barred)
}

fn cite(query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
    for (rule, pause) in query.rules_with(|rule| rule.pause.as_ref()) {
        into.marks.extend(query.outcomes(rule, pause).map(|past| past.mark));
    }
    // Until when is in what the gate itself says.
    let _ = paused(query, at, |rule, _, _| into.cite(rule));
}
