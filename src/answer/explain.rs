//! Why: the explanation of a decision, as data.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::decide::Decision;
use crate::decide::context::Context;
use crate::decide::floor::{Floor, Seen};
use crate::decide::propose::Candidate;
use crate::decide::state::State;
use crate::decide::trace::{Blocker, trace};
use crate::decide::verdict::{Gate, Verdict};
use crate::facts::id::EventId;
use crate::history::fact::Fact;
use crate::playbook::act::Act;
use crate::time::instant::Instant;

/// Why a decision is what it is.
///
/// It is sound by construction: of all that happened those [`events`](Self::events) are cited that alone lead to the same
/// verdict and the same needs. That is found out by deciding again without the others.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    pub(crate) decision: Decision<'a>,
    proposals: Vec<Proposal<'a>>,
    blockers: Vec<Blocker>,
    events: Vec<EventId>,
}

/// Something that was due, or will be: what, and from which event it follows. First what is barred and told beside; then
/// what had the floor until something that takes precedence fell due; the last one is what the verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// What.
    pub act: Act<'a>,
    /// The event that it follows from.
    pub cause: EventId,
    /// When that happened.
    pub since: Instant,
    /// The instant from which its delay was counted.
    pub counted_from: Instant,
    /// When it falls due by itself.
    pub due: Instant,
}

impl<'a> Decision<'a> {
    /// Why: worked out only when asked for. It costs as much as some tens of decisions.
    #[must_use]
    pub fn explanation(&self) -> Explanation<'a> {
        Explanation::of(self)
    }
}

impl<'a> Explanation<'a> {
    fn of(decision: &Decision<'a>) -> Self {
        let context = decision.context();
        let at = context.asked_at(decision.now);
        let visited = visited(&context, decision.now, at);
        let mut blockers: Vec<Blocker> = Vec::new();
        for (proposal, candidate) in visited.iter().enumerate() {
            let of_others = blockers.len();
            for channel in candidate.channels {
                for mut blocker in trace(&candidate.on(context, *channel), candidate.due.max(at), proposal) {
                    let same = |held: &&mut Blocker| {
                        (held.gate, held.until) == (blocker.gate, blocker.until)
                            && held.events == blocker.events
                            && held.rules == blocker.rules
                    };
                    match blockers.iter_mut().skip(of_others).find(same) {
                        Some(held) => held.channels.append(&mut blocker.channels),
                        None => blockers.push(blocker),
                    }
                }
            }
        }
        // What there would be without a gate, found out once for each.
        let mut without: BTreeMap<Gate, (bool, Option<Instant>)> = BTreeMap::new();
        for blocker in &mut blockers {
            let lifted = || {
                let open = Context { gates: context.gates.without(blocker.gate), ..context };
                let verdict = open.floor(decision.now).verdict();
                (verdict != decision.verdict, verdict.due(decision.now))
            };
            (blocker.is_determining, blocker.due_without) =
                *without.entry(blocker.gate).or_insert_with(lifted);
        }
        let behind: BTreeSet<EventId> =
            blockers.iter().flat_map(|blocker| &blocker.events).copied().collect();
        Self {
            decision: decision.clone(),
            proposals: visited.iter().map(Proposal::from).collect(),
            events: enough(decision, &behind),
            blockers,
        }
    }

    /// What was due or will be.
    #[must_use]
    pub fn proposals(&self) -> &[Proposal<'a>] {
        &self.proposals
    }

    /// Everything that stands in the way, each with the instant at which it opens.
    #[must_use]
    pub fn blockers(&self) -> &[Blocker] {
        &self.blockers
    }

    /// The events that the decision rests on, in order: these alone lead to the same verdict and the same needs.
    #[must_use]
    pub fn events(&self) -> &[EventId] {
        &self.events
    }

    /// The reasons as words, for counting and filtering: what the verdict is about, then the gates that
    /// matter.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        let about = match &self.decision.verdict {
            Verdict::Act(action) | Verdict::Wait { next: action, .. } => action.act().kind().to_string(),
            Verdict::Need(need) => format!("need-{}", need.code()),
            Verdict::Rest(rest) => rest.code(),
        };
        let blockers = self.blockers.iter().filter(|blocker| !self.is_moot(blocker));
        let gates: BTreeSet<Gate> = blockers.map(|blocker| blocker.gate).collect();
        let gates = gates.iter().map(ToString::to_string).filter(|gate| *gate != about).collect::<Vec<_>>();
        core::iter::once(about).chain(gates).collect()
    }

    /// The release of the zone data behind the local times.
    #[must_use]
    pub fn zone_data(&self) -> &str {
        self.decision.playbook.zones.release()
    }

    /// That there is no fax number interests nobody when something else works.
    pub(crate) fn is_moot(&self, blocker: &Blocker) -> bool {
        let is_rest = matches!(self.decision.verdict, Verdict::Rest(_));
        !is_rest && blocker.gate == Gate::Reach && blocker.events.is_empty()
    }
}

/// What was looked at, and matters.
fn visited<'c, 'a>(context: &Context<'c, 'a>, now: Instant, at: Instant) -> Vec<Candidate<'c, 'a>> {
    let (mut open, mut barred) = (Vec::new(), Vec::new());
    let about = Floor::at(*context, now, true, |seen| match seen {
        Seen::Open(candidate) => open.push(candidate),
        Seen::Barred(candidate) => barred.push(candidate),
    })
    .about();
    let is_about = |candidate: &Candidate<'_, '_>| {
        about.is_some_and(|about| (about.act, about.cause) == (candidate.act, candidate.cause))
    };
    let first_due = about.map_or(at, |about| about.due.max(at));
    open.retain(|candidate| !is_about(candidate) && candidate.due.max(at) < first_due);
    open.sort_by_key(|candidate| candidate.due);
    barred.retain(|candidate| !is_about(candidate) && context.matters(candidate, at));
    barred.into_iter().chain(open).chain(about).collect()
}

impl<'a> From<&Candidate<'_, 'a>> for Proposal<'a> {
    fn from(candidate: &Candidate<'_, 'a>) -> Self {
        Self {
            act: candidate.act,
            cause: candidate.cause.id,
            since: candidate.cause.at,
            counted_from: candidate.counted_from,
            due: candidate.due,
        }
    }
}

/// So many times the facts are gone through, and no more, to find out which of them are enough.
const MOST_PASSES: usize = 64;

/// As few facts as may be that alone lead to the same verdict and needs, those behind the blockers among them: ever
/// smaller groups of them are left out, and stay out if nothing changes.
fn enough(decision: &Decision<'_>, behind: &BTreeSet<EventId>) -> Vec<EventId> {
    let facts = decision.standing.facts();
    let needs = decision.needs();
    let leads_there = |kept: &[&Fact]| {
        let setting = decision.setting();
        let state = State::of(setting, kept.iter().copied());
        let context = Context::new(setting, &state, &decision.rules);
        let floor = context.floor(decision.now);
        floor.verdict() == decision.verdict && floor.needs == needs
    };
    let mut kept: Vec<&Fact> = facts.iter().collect();
    let mut left = MOST_PASSES * facts.len();
    let mut size = facts.len();
    while size > 0 {
        let mut start = 0;
        while start < kept.len() {
            let end = (start + size).min(kept.len());
            let group = start..end;
            let stays =
                |(nth, fact): &(usize, &&Fact)| !group.contains(nth) || behind.contains(&fact.mark.id);
            let rest: Vec<&Fact> = kept.iter().enumerate().filter(stays).map(|(_, fact)| *fact).collect();
            let Some(after) = left.checked_sub(rest.len()) else { return ids(&kept) };
            let goes = rest.len() < kept.len() && leads_there(&rest);
            if goes {
                start = end - (kept.len() - rest.len());
                kept = rest;
            } else {
                start = end;
            }
            left = after;
        }
        size /= 2;
    }
    ids(&kept)
}

fn ids(facts: &[&Fact]) -> Vec<EventId> {
    facts.iter().map(|fact| fact.mark.id).collect()
}
