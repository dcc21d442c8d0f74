//! Permission: what the playbook and the contact rules require for this purpose on this channel, granted or implied.

use super::Spec;
use crate::decide::context::{Evidence, Query};
use crate::decide::verdict::Gate;
use crate::facts::id::Mark;
use crate::facts::permission::{Ground, Grounds, Purpose};
use crate::facts::vocabulary::Duty;
use crate::history::consent::Grant;
use crate::rule::{Requirement, Rule, Terms};
use crate::time::instant::Instant;
use crate::time::span::Span;

/// For how long something is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Permit {
    Never,
    /// Up to and without this instant.
    Until(Instant),
    Forever,
}

impl<'c, 'a> Query<'c, 'a> {
    /// Of what is missing at that instant, when the first of it was lost; `None` if it was never given.
    pub(crate) fn lost(&self, at: Instant) -> Option<Instant> {
        let implied = &self.context.playbook.implied;
        let own = self.required().filter(|grounds| !self.is_given(*grounds, implied, at));
        let own = own.map(|grounds| self.given_until(grounds, implied));
        let missing = self.requirements().filter(|(rule, requirement)| {
            self.binds(rule, at) && !self.is_given(requirement.grounds, &rule.terms, at)
        });
        let of_rules = missing.map(|(rule, requirement)| {
            let lifted = self.given_until(rule.unless, &rule.terms);
            self.given_until(requirement.grounds, &rule.terms).max(lifted).max(self.begin_of_force(rule))
        });
        own.into_iter().chain(of_rules).min().flatten()
    }

    /// When something that is required ends.
    fn ends(&self) -> impl Iterator<Item = Instant> {
        let implied = &self.context.playbook.implied;
        let own = self.required().and_then(|grounds| self.given_until(grounds, implied));
        let of_rules =
            self.requirements().filter_map(|(rule, one)| self.given_until(one.grounds, &rule.terms));
        own.into_iter().chain(of_rules)
    }

    /// The grounds of which the playbook requires one; `None` where it requires none.
    fn required(&self) -> Option<Grounds> {
        let playbook = self.context.playbook;
        match self.subject.purpose {
            _ if self.subject.is(Duty::AskPermission) => Some(playbook.grounds_for_asking(self.channel)),
            Purpose::Answer => None,
            purpose => Some(playbook.grounds(purpose, self.channel)),
        }
    }

    /// What a rule requires for this.
    fn required_by(&self, rule: &'a Rule) -> Option<&'a Requirement> {
        let is_asking = self.subject.is(Duty::AskPermission);
        let is_for = |one: &&Requirement| {
            if is_asking { one.asking } else { self.subject.purpose != Purpose::Answer }
        };
        rule.permission.as_ref().filter(is_for)
    }

    /// The rules that require something for this.
    fn requirements(&self) -> impl Iterator<Item = (&'a Rule, &'a Requirement)> {
        self.rules_with(|rule| self.required_by(rule))
    }

    /// For how long one of the grounds is given.
    fn permit_by(&self, grounds: Grounds, terms: &Terms) -> Permit {
        let Some(grounds) = self.grounds_now(grounds) else { return Permit::Forever };
        let until = |end: Option<Instant>| end.map_or(Permit::Forever, Permit::Until);
        let granted = self.grants(grounds).map(|grant| until(self.end_of(grant, terms)));
        let implied = self.relations(grounds, terms).map(|(relation, span)| {
            until(self.context.place.earliest_after(relation.at, span, self.context.playbook))
        });
        granted.chain(implied).max().unwrap_or(Permit::Never)
    }

    /// Whether one of the grounds is given at that instant: the same, but a clock is asked only where it decides.
    pub(crate) fn is_given(&self, grounds: Grounds, terms: &Terms, at: Instant) -> bool {
        let Some(grounds) = self.grounds_now(grounds) else { return true };
        let (place, playbook) = (&self.context.place, self.context.playbook);
        self.grants(grounds).any(|grant| self.end_of(grant, terms).is_none_or(|end| at < end))
            || self
                .relations(grounds, terms)
                .any(|(relation, span)| place.is_within(at, relation.at, span, playbook))
    }

    /// The grounds as they are after what was refused; `None` where that nothing was is enough. Whoever has taken a
    /// refusal back may be contacted for as long as the permission lasts by which they did.
    fn grounds_now(&self, grounds: Grounds) -> Option<Grounds> {
        if !grounds.contains(Ground::NotRefused) {
            return Some(grounds);
        }
        let ended = self.ended()?;
        let came_back = self.context.state.relations().any(|relation| relation > ended);
        (!came_back).then(|| grounds.or_any_basis())
    }

    /// The last refusal here.
    fn ended(&self) -> Option<Mark> {
        self.context.state.consent.last_break(self.wanted(), self.channel)
    }

    /// When all of the grounds that are given have ended.
    pub(crate) fn given_until(&self, grounds: Grounds, terms: &Terms) -> Option<Instant> {
        match self.permit_by(grounds, terms) {
            Permit::Until(end) => Some(end),
            Permit::Never | Permit::Forever => None,
        }
    }

    /// When a permission ends: at its own stated end, or where it states none, by the term of the rule.
    fn end_of(&self, grant: &Grant, terms: &Terms) -> Option<Instant> {
        let of_rule = || terms.of(Ground::Granted(grant.basis)).filter(|_| grant.until.is_none());
        let term = grant.term.or_else(of_rule);
        let by_term = term
            .and_then(|term| self.context.place.earliest_after(grant.mark.at, term, self.context.playbook));
        match (grant.until, by_term) {
            (Some(until), Some(end)) => Some(until.min(end)),
            (until, end) => until.or(end),
        }
    }

    /// The purpose for which a permission is looked for.
    fn wanted(&self) -> Purpose {
        match self.subject.purpose {
            Purpose::Answer => Purpose::FollowUp,
            other => other,
        }
    }

    /// The recorded permissions among the grounds. One for following up is one to be called back, too.
    fn grants(&self, grounds: Grounds) -> impl Iterator<Item = &'c Grant> {
        let grants = self.context.state.consent.grants(self.wanted(), self.channel);
        grants.filter(move |grant| grounds.contains(Ground::Granted(grant.basis)))
    }

    /// The relations among the grounds, and how long they last under these terms, or else by the playbook's own.
    fn relations(&self, grounds: Grounds, terms: &Terms) -> impl Iterator<Item = (Mark, Span)> {
        let (state, implied) = (self.context.state, &self.context.playbook.implied);
        let (ended, wanted) = (self.ended(), self.wanted());
        [
            (Ground::Inquiry, state.inquiry),
            (Ground::Conversation, state.conversation),
            (Ground::Purchase, state.purchase),
        ]
        .into_iter()
        .filter(move |(ground, relation)| {
            // What was bought before a no implies care, and no more.
            *ground != Ground::Purchase
                || wanted == Purpose::Care
                || relation.is_some_and(|relation| Some(relation) > state.declined)
        })
        .filter(move |(ground, _)| grounds.contains(*ground))
        .filter_map(move |(ground, relation)| {
            // A refusal is the end of what the relation implied, though they have taken it back since.
            let relation = relation.filter(|relation| Some(*relation) > ended)?;
            Some((relation, terms.of(ground).or_else(|| implied.of(ground))?))
        })
    }

    /// Notes the events by which one of the grounds is given.
    fn cite_grounds(&self, grounds: Grounds, terms: &Terms, into: &mut Evidence) {
        into.marks.extend(self.grants(self.grounds_now(grounds).unwrap_or(grounds)).map(|grant| grant.mark));
        if grounds.contains(Ground::NotRefused) && self.ended().is_some() {
            into.marks.extend(self.context.state.relations());
        }
        into.marks.extend(self.context.state.consent.last_break(self.wanted(), self.channel));
        into.marks.extend(self.relations(grounds, terms).map(|(relation, _)| relation));
    }
}

pub(super) const GATE: Spec = Spec {
    next_change: |query, at| query.ends().filter(|end| *end > at).min(),
    is_passed_over: |_, _| true,
    ..Spec::new(Gate::Permission, earliest, cite)
};

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let Some(grounds) = query.required() else { return Some(at) };
    let implied = &query.context.playbook.implied;
    let at = query.is_given(grounds, implied, at).then_some(at)?;
    if !query.context.playbook.uses.permissions {
        return Some(at);
    }
    let opens = query.earliest_under(
        at,
        |rule| query.required_by(rule),
        |rule, requirement, at| query.is_given(requirement.grounds, &rule.terms, at).then_some(at),
        |_, _, _| {},
    )?;
    // It may end while a rule still bars the way.
    query.is_given(grounds, implied, opens).then_some(opens)
}

fn cite(query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
    if let Some(grounds) = query.required() {
        query.cite_grounds(grounds, &query.context.playbook.implied, into);
        for (rule, Requirement { grounds, .. }) in query.requirements() {
            query.cite_grounds(*grounds, &rule.terms, into);
            if query.binds(rule, at) && !query.is_given(*grounds, &rule.terms, at) {
                into.cite(rule);
            }
        }
        // Why nobody asks (any more).
        into.marks.extend(query.context.state.asked.last);
    }
    cite_what_lifts(query, into);
}

/// Notes the events that lift some rule.
fn cite_what_lifts(query: &Query<'_, '_>, into: &mut Evidence) {
    for rule in query.rules() {
        query.cite_grounds(rule.unless, &rule.terms, into);
        if let Some(registry) = &rule.registry {
            query.cite_grounds(registry.unless, &rule.terms, into);
        }
    }
}
