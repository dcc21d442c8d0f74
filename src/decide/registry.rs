//! Registry: they were compared with the list of those who want no contact, a fresh one, and do not stand on it.

use super::{Asked, Cited};
use crate::instant::Instant;
use crate::rule::{Registry, Rule};
use crate::standing::Screening;

/// How somebody stands with a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// They are not on it, or it does not bind for them.
    Clear,
    /// They are on it.
    Listed,
    /// No list that is fresh enough says.
    Unknown,
}

impl<'c, 'a> Asked<'c, 'a> {
    fn screening(&self) -> Option<&'c Screening> {
        self.case.standing.screenings.iter().find(|screening| screening.channel == self.channel)
    }

    fn stands(&self, rule: &Rule, registry: &Registry, at: Instant) -> Stands {
        let (place, playbook) = (&self.case.place, self.case.playbook);
        if self.is_given(registry.unless, &rule.terms, at) {
            return Stands::Clear;
        }
        let Some(screening) = self.screening() else { return Stands::Unknown };
        let is_fresh = |age| place.is_within(at, screening.list, age, playbook);
        let in_grace =
            |since| registry.grace.is_some_and(|grace| place.is_within(at, since, grace, playbook));
        if !registry.list_age.is_none_or(is_fresh) {
            return Stands::Unknown;
        }
        match screening.listed {
            Some(since) if !in_grace(since) => Stands::Listed,
            _ => Stands::Clear,
        }
    }

    /// What a rule wants to be looked up for this. Nobody need look up whether they may answer.
    fn registry_of(&self, rule: &'a Rule) -> Option<&'a Registry> {
        rule.registry.as_ref().filter(|_| !self.candidate.act.is_answer())
    }

    fn registries(&self) -> impl Iterator<Item = (&'a Rule, &'a Registry)> {
        self.rules_with(|rule| self.registry_of(rule))
    }
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    if !asked.case.playbook.uses.registries {
        return Some(at);
    }
    asked.earliest_under(
        at,
        |rule| asked.registry_of(rule),
        |rule, registry, at| (asked.stands(rule, registry, at) == Stands::Clear).then_some(at),
        |_, _, _| {},
    )
}

/// Whether a fresh look at the registry could clear it.
pub(super) fn is_unscreened(asked: &Asked<'_, '_>, at: Instant) -> bool {
    let mut binding = asked.registries().filter(|(rule, _)| asked.binds(rule, at)).peekable();
    binding.peek().is_some()
        && binding.all(|(rule, registry)| asked.stands(rule, registry, at) != Stands::Listed)
}

/// When the list grows too old, an entry begins to bind, or what counts more than the list ends.
pub(super) fn ends(asked: &Asked<'_, '_>, rule: &Rule) -> [Option<Instant>; 3] {
    let Some(registry) = &rule.registry else { return [None; 3] };
    let after = |from, span| asked.case.place.earliest_after(from, span, asked.case.playbook);
    let screening = asked.screening();
    let grows_old = screening.zip(registry.list_age).and_then(|(one, age)| after(one.list, age));
    let listed = screening.and_then(|one| one.listed);
    let binds = listed.zip(registry.grace).and_then(|(since, grace)| after(since, grace));
    [grows_old, binds, asked.given_until(registry.unless, &rule.terms)]
}

pub(super) fn cite(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    for (rule, registry) in asked.registries() {
        into.marks.extend(asked.screening().map(|screening| screening.mark));
        if asked.binds(rule, at) && asked.stands(rule, registry, at) != Stands::Clear {
            into.cite(rule);
        }
    }
}
