//! Cap: no more contacts than so many in any window.

use super::Spec;
use crate::decide::context::{Evidence, Query};
use crate::decide::state::{Contact, Happened};
use crate::decide::verdict::Gate;
use crate::rule::{Among, AppliesTo, Cap, Counts, Rule, free};
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    can_bar: |playbook, state| playbook.uses.caps && !state.contacts.is_empty(),
    is_of_all_channels: true,
    ..Spec::new(Gate::Cap, earliest, cite)
};

impl<'c, 'a> Query<'c, 'a> {
    /// That of it which a cap counts.
    fn counted(&self, rule: &'a Rule, cap: &'a Cap, at: Instant) -> impl Iterator<Item = &'c Contact> {
        self.recent(cap.per, at).filter(|contact| {
            let does_count = match contact.what {
                Happened::Approach => cap.counts != Counts::Conversations,
                Happened::Answer => cap.counts != Counts::Conversations && rule.applies_to == AppliesTo::All,
                Happened::FailedApproach => cap.counts == Counts::Attempts,
                Happened::FailedAnswer => cap.counts == Counts::Attempts && rule.applies_to == AppliesTo::All,
                Happened::Conversation => cap.counts == Counts::Conversations,
                Happened::WithColleague => cap.counts != Counts::Conversations && cap.among == Among::Account,
            };
            does_count && rule.channels.contains(contact.channel)
        })
    }

    fn free(&self, rule: &'a Rule, cap: &'a Cap, at: Instant) -> Option<Instant> {
        let ends = |contact: &Contact| self.not_before(at, contact.mark, cap.per);
        free(self.counted(rule, cap, at), cap.at_most, ends, at)
    }
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    capped(query, at, |_, _, _| {})
}

fn capped<'a>(
    query: &Query<'_, 'a>,
    at: Instant,
    barred: impl FnMut(&'a Rule, &'a Cap, Instant),
) -> Option<Instant> {
    query.earliest_under(at, |rule| rule.cap.as_ref(), |rule, cap, at| query.free(rule, cap, at), barred)
}

fn cite(query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
    // Until when is in what the gate itself says.
    let _ = capped(query, at, |rule, cap, at| {
        into.cite(rule);
        into.marks.extend(query.counted(rule, cap, at).map(|contact| contact.mark));
    });
}
