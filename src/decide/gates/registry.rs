//! Registry: they were compared with the list of those who want no contact, a fresh one, and do not stand on it.

use super::{Closed, Spec};
use crate::decide::context::{Evidence, Query};
use crate::decide::state::Screening;
use crate::decide::verdict::{Gate, Need, Rest};
use crate::rule::{Registry, Rule};
use crate::time::instant::Instant;

/// How somebody stands with a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// They are not on it, or it does not bind for them.
    Clear,
    /// They are on it.
    Listed,
    /// They were on it when somebody last looked, and that was too long ago.
    WasListed,
    /// No list that is fresh enough says.
    Unknown,
}

impl<'c, 'a> Query<'c, 'a> {
    fn screening(&self) -> Option<&'c Screening> {
        self.context.state.screenings.iter().find(|screening| screening.channel == self.channel)
    }

    fn stands(&self, rule: &Rule, registry: &Registry, at: Instant) -> Stands {
        let (place, playbook) = (&self.context.place, self.context.playbook);
        if self.is_given(registry.unless, &rule.terms, at) {
            return Stands::Clear;
        }
        let Some(screening) = self.screening() else { return Stands::Unknown };
        let is_fresh = |age| place.is_within(at, screening.list, age, playbook);
        let in_grace =
            |since| registry.grace.is_some_and(|grace| place.is_within(at, since, grace, playbook));
        let is_listed = screening.listed.is_some_and(|since| !in_grace(since));
        match (registry.list_age.is_none_or(is_fresh), is_listed) {
            (true, true) => Stands::Listed,
            (true, false) => Stands::Clear,
            (false, true) => Stands::WasListed,
            (false, false) => Stands::Unknown,
        }
    }

    /// What a rule wants to be looked up for this. Nobody need look up whether they may answer.
    fn registry_of(&self, rule: &'a Rule) -> Option<&'a Registry> {
        rule.registry.as_ref().filter(|_| !self.subject.is_answer())
    }

    fn registries(&self) -> impl Iterator<Item = (&'a Rule, &'a Registry)> {
        self.rules_with(|rule| self.registry_of(rule))
    }
}

pub(super) const GATE: Spec = Spec {
    next_change,
    can_bar: |playbook, _| playbook.uses.registries,
    closed: Some(closed),
    is_passed_over: is_listed,
    ..Spec::new(Gate::Registry, earliest, cite)
};

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    query.earliest_under(
        at,
        |rule| query.registry_of(rule),
        |rule, registry, at| (query.stands(rule, registry, at) == Stands::Clear).then_some(at),
        |_, _, _| {},
    )
}

/// How they stand with the registries that bind and bar the way.
fn bars(query: &Query<'_, '_>, at: Instant) -> impl Iterator<Item = Stands> {
    let binding = query.registries().filter(move |(rule, _)| query.binds(rule, at));
    binding.map(move |(rule, registry)| query.stands(rule, registry, at)).filter(|one| *one != Stands::Clear)
}

/// Whoever was listed is not reached there, and waits for nobody: a look at a newer list is a need beside.
fn is_listed(query: &Query<'_, '_>, at: Instant) -> bool {
    bars(query, at).any(|one| one != Stands::Unknown)
}

fn closed<'a>(query: &Query<'_, 'a>, at: Instant) -> Closed<'a> {
    // A fresh look could clear them, unless a list that is fresh enough has them.
    if bars(query, at).all(|one| one != Stands::Listed) {
        Closed::Need(Need::Screening)
    } else {
        Closed::Rest(Rest::Blocked(Gate::Registry))
    }
}

fn next_change(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let ends = query.registries().flat_map(|(rule, registry)| ends(query, rule, registry));
    ends.flatten().filter(|end| *end > at).min()
}

/// When the list grows too old, an entry begins to bind, or what counts more than the list ends.
fn ends(query: &Query<'_, '_>, rule: &Rule, registry: &Registry) -> [Option<Instant>; 3] {
    let after = |from, span| query.context.place.earliest_after(from, span, query.context.playbook);
    let screening = query.screening();
    let grows_old = screening.zip(registry.list_age).and_then(|(one, age)| after(one.list, age));
    let listed = screening.and_then(|one| one.listed);
    let binds = listed.zip(registry.grace).and_then(|(since, grace)| after(since, grace));
    [grows_old, binds, query.given_until(registry.unless, &rule.terms)]
}

fn cite(query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
    for (rule, registry) in query.registries() {
        into.marks.extend(query.screening().map(|screening| screening.mark));
        if query.binds(rule, at) && query.stands(rule, registry, at) != Stands::Clear {
            into.cite(rule);
        }
    }
}
