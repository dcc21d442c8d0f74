//! Gap: not too close to the last contact, and further from it the longer they are silent.

use super::Spec;
use crate::decide::context::{Evidence, Query};
use crate::decide::state::{Contact, Happened};
use crate::decide::verdict::Gate;
use crate::rule::free;
use crate::time::delay::Delay;
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    can_bar: |playbook, state| !playbook.limits.gaps.is_empty() && !state.contacts.is_empty(),
    is_of_all_channels: true,
    ..Spec::new(Gate::Gap, earliest, cite)
};

impl<'c> Query<'c, '_> {
    /// The approaches since they were last heard from, the newest first.
    fn unanswered(&self) -> impl Iterator<Item = &'c Contact> + use<'c> {
        let heard = self.context.state.heard;
        let newest_first = self.context.state.contacts.iter().rev();
        let since = newest_first.take_while(move |contact| Some(contact.mark) > heard);
        since.filter(|contact| contact.what == Happened::Approach)
    }

    /// The gap that holds after so much silence.
    fn gap(&self) -> Option<Delay> {
        let gaps = &self.context.playbook.limits.gaps;
        let silent = if gaps.len() > 1 { self.unanswered().take(gaps.len()).count() } else { 0 };
        gaps.get(silent.saturating_sub(1)).copied().filter(|_| !self.subject.is_answer())
    }
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let Some(gap) = query.gap() else { return Some(at) };
    let touches = query.recent(gap.into(), at).filter(|contact| contact.is_touch());
    free(touches, 1, |contact| query.not_before(at, contact.mark, gap), at)
}

fn cite(query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
    if let Some(gap) = query.gap() {
        let is_open = |contact: &&Contact| query.not_before(at, contact.mark, gap) != Some(at);
        let touches = query.recent(gap.into(), at).filter(|contact| contact.is_touch());
        into.marks.extend(touches.filter(is_open).map(|contact| contact.mark));
        // What makes it grow, and what has made it small again.
        if query.context.playbook.limits.gaps.len() > 1 {
            let gaps = query.context.playbook.limits.gaps.len();
            into.marks.extend(query.unanswered().take(gaps).map(|contact| contact.mark));
            into.marks.extend(query.context.state.heard);
        }
    }
}
