//! Permission: what the playbook and the contact rules require for this purpose on this channel, granted or implied.

use super::{Asked, Cited};
use crate::act::Act;
use crate::consent::{Grant, Ground, Grounds, Purpose};
use crate::decision::Gate;
use crate::id::Mark;
use crate::instant::Instant;
use crate::rule::{Requirement, Rule, Terms};
use crate::span::Span;
use crate::standing::Relation;

/// For how long something is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permit {
    Never,
    /// Up to and without this instant.
    Until(Instant),
    Forever,
}

impl<'c, 'a> Asked<'c, 'a> {
    /// For how long all that is required is given.
    pub(crate) fn permit(&self) -> Permit {
        let Some(grounds) = self.required() else { return Permit::Forever };
        let own = self.permit_by(grounds, &self.case.playbook.implied);
        self.requirements().map(|(rule, one)| self.permit_under(rule, one.grounds)).fold(own, Permit::min)
    }

    /// For how long a rule lets it pass, which holds from some day on perhaps, or up to some day.
    fn permit_under(&self, rule: &Rule, grounds: Grounds) -> Permit {
        let given = self.permit_by(grounds, &rule.terms).max(self.permit_by(rule.unless, &rule.terms));
        let begins = self.begin_of_force(rule);
        let lost = match given {
            Permit::Forever => return given,
            Permit::Until(end) => Some(begins.map_or(end, |begins| end.max(begins))),
            Permit::Never => begins,
        };
        match (lost, self.end_of_force(rule)) {
            (Some(lost), Some(end)) if end <= lost => Permit::Forever,
            (Some(lost), _) => Permit::Until(lost),
            (None, _) => Permit::Never,
        }
    }

    /// The grounds of which the playbook requires one; `None` where it requires none.
    fn required(&self) -> Option<Grounds> {
        let playbook = self.case.playbook;
        match (self.candidate.act, self.candidate.purpose) {
            (Act::AskPermission, _) => Some(playbook.grounds_for_asking(self.channel)),
            (_, Purpose::Answer) => None,
            (_, purpose) => Some(playbook.grounds(purpose, self.channel)),
        }
    }

    /// What a rule requires for this.
    fn required_by(&self, rule: &'a Rule) -> Option<&'a Requirement> {
        let is_asking = matches!(self.candidate.act, Act::AskPermission);
        let is_for = |one: &&Requirement| {
            if is_asking { one.asking } else { self.candidate.purpose != Purpose::Answer }
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
            until(self.case.place.earliest_after(relation.mark.at, span, self.case.playbook))
        });
        granted.chain(implied).max().unwrap_or(Permit::Never)
    }

    /// Whether one of the grounds is given at that instant: the same, but a clock is asked only where it decides.
    pub(super) fn is_given(&self, grounds: Grounds, terms: &Terms, at: Instant) -> bool {
        let Some(grounds) = self.grounds_now(grounds) else { return true };
        let (place, playbook) = (&self.case.place, self.case.playbook);
        self.grants(grounds).any(|grant| self.end_of(grant, terms).is_none_or(|end| at < end))
            || self
                .relations(grounds, terms)
                .any(|(relation, span)| place.is_within(at, relation.mark.at, span, playbook))
    }

    /// The grounds as they are after what was refused; `None` where that nothing was is enough. Whoever has taken a
    /// refusal back may be contacted for as long as the permission lasts by which they did.
    fn grounds_now(&self, grounds: Grounds) -> Option<Grounds> {
        if !grounds.contains(Ground::NotRefused) {
            return Some(grounds);
        }
        let ended = self.ended()?;
        let came_back = self.case.standing.relations().any(|relation| relation.mark > ended);
        (!came_back).then(|| grounds.or_any_basis())
    }

    /// The last refusal here. Had they not refused, nothing would have ended.
    fn ended(&self) -> Option<Mark> {
        let is_refused = self.case.without != Some(Gate::Refusal);
        self.case.standing.consent.last_break(self.wanted(), self.channel).filter(|_| is_refused)
    }

    /// When all of the grounds that are given have ended.
    pub(super) fn given_until(&self, grounds: Grounds, terms: &Terms) -> Option<Instant> {
        match self.permit_by(grounds, terms) {
            Permit::Until(end) => Some(end),
            Permit::Never | Permit::Forever => None,
        }
    }

    /// When a permission ends: at its own stated end, or where it states none, by the term of the rule.
    fn end_of(&self, grant: &Grant, terms: &Terms) -> Option<Instant> {
        let of_rule = || terms.of(Ground::Granted(grant.basis)).filter(|_| grant.until.is_none());
        let term = grant.term.or_else(of_rule);
        let by_term =
            term.and_then(|term| self.case.place.earliest_after(grant.mark.at, term, self.case.playbook));
        match (grant.until, by_term) {
            (Some(until), Some(end)) => Some(until.min(end)),
            (until, end) => until.or(end),
        }
    }

    /// The purpose for which a permission is looked for.
    fn wanted(&self) -> Purpose {
        match self.candidate.purpose {
            Purpose::Answer => Purpose::FollowUp,
            other => other,
        }
    }

    /// The recorded permissions among the grounds. One for following up is one to be called back, too.
    fn grants(&self, grounds: Grounds) -> impl Iterator<Item = &'c Grant> {
        let grants = self.case.standing.consent.grants(self.wanted(), self.channel);
        grants.filter(move |grant| grounds.contains(Ground::Granted(grant.basis)))
    }

    /// The relations among the grounds, and how long they last under these terms, or else by the playbook's own.
    fn relations(&self, grounds: Grounds, terms: &Terms) -> impl Iterator<Item = (&'c Relation, Span)> {
        let (standing, implied) = (self.case.standing, &self.case.playbook.implied);
        let (ended, wanted) = (self.ended(), self.wanted());
        [
            (Ground::Inquiry, &standing.inquiry),
            (Ground::Conversation, &standing.conversation),
            (Ground::Purchase, &standing.purchase),
        ]
        .into_iter()
        .filter(move |(ground, relation)| {
            // What was bought before a no implies care, and no more.
            *ground != Ground::Purchase
                || wanted == Purpose::Care
                || relation.as_ref().is_some_and(|relation| Some(relation.mark) > standing.declined)
        })
        .filter(move |(ground, _)| grounds.contains(*ground))
        .filter_map(move |(ground, relation)| {
            // A refusal is the end of what the relation implied, though they have taken it back since.
            let relation = relation.as_ref().filter(|relation| Some(relation.mark) > ended)?;
            Some((relation, terms.of(ground).or_else(|| implied.of(ground))?))
        })
    }

    /// Notes the events by which one of the grounds is given.
    fn cite_grounds(&self, grounds: Grounds, terms: &Terms, into: &mut Cited) {
        into.marks.extend(self.grants(self.grounds_now(grounds).unwrap_or(grounds)).map(|grant| grant.mark));
        if grounds.contains(Ground::NotRefused) && self.ended().is_some() {
            into.marks.extend(self.case.standing.relations().map(|relation| relation.mark));
        }
        into.marks.extend(self.case.standing.consent.last_break(self.wanted(), self.channel));
        into.marks.extend(self.relations(grounds, terms).map(|(relation, _)| relation.mark));
    }
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    let Some(grounds) = asked.required() else { return Some(at) };
    let implied = &asked.case.playbook.implied;
    let at = asked.is_given(grounds, implied, at).then_some(at)?;
    if !asked.case.playbook.uses.permissions {
        return Some(at);
    }
    let opens = asked.earliest_under(
        at,
        |rule| asked.required_by(rule),
        |rule, requirement, at| asked.is_given(requirement.grounds, &rule.terms, at).then_some(at),
        |_, _, _| {},
    )?;
    // It may end while a rule still bars the way.
    asked.is_given(grounds, implied, opens).then_some(opens)
}

pub(super) fn cite(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    if let Some(grounds) = asked.required() {
        asked.cite_grounds(grounds, &asked.case.playbook.implied, into);
        for (rule, Requirement { grounds, .. }) in asked.requirements() {
            asked.cite_grounds(*grounds, &rule.terms, into);
            if asked.binds(rule, at) && !asked.is_given(*grounds, &rule.terms, at) {
                into.cite(rule);
            }
        }
        // Why nobody asks (any more).
        into.marks.extend(asked.case.fresh().into_iter().chain(asked.case.asks()));
    }
    cite_what_lifts(asked, into);
}

/// Notes the events that lift some rule.
fn cite_what_lifts(asked: &Asked<'_, '_>, into: &mut Cited) {
    for rule in asked.rules() {
        asked.cite_grounds(rule.unless, &rule.terms, into);
        if let Some(registry) = &rule.registry {
            asked.cite_grounds(registry.unless, &rule.terms, into);
        }
    }
}
