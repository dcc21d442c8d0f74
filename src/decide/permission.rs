//! Permission: what the playbook requires for this purpose on this channel, granted or implied.

use super::{Asked, Cited};
use crate::act::Act;
use crate::consent::{Ground, Purpose};
use crate::delay::Delay;
use crate::instant::Instant;
use crate::standing::Relation;

/// For how long something is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permit {
    Never,
    /// Up to and without this instant.
    Until(Instant),
    Forever,
}

impl<'c> Asked<'c, '_> {
    /// For how long the playbook's requirement is met.
    pub(crate) fn permit(&self) -> Permit {
        if self.needs_none() { Permit::Forever } else { self.granted().max(self.implied()) }
    }

    /// Whether it is met at that instant: the same, but a clock is asked only where it decides.
    fn is_permitted(&self, at: Instant) -> bool {
        let is_granted = || match self.granted() {
            Permit::Never => false,
            Permit::Until(end) => at < end,
            Permit::Forever => true,
        };
        let is_implied = |(relation, span): (&Relation, Delay)| {
            self.case.place.is_within(at, relation.mark.at, span, self.case.playbook)
        };
        self.needs_none() || is_granted() || self.relations().any(is_implied)
    }

    fn needs_none(&self) -> bool {
        matches!(self.candidate.act, Act::AskPermission) || self.candidate.purpose == Purpose::Answer
    }

    fn granted(&self) -> Permit {
        let (purpose, channel) = (self.candidate.purpose, self.channel);
        let accepted = self.case.playbook.grounds(purpose, channel);
        if accepted.contains(Ground::NotRefused) {
            return Permit::Forever;
        }
        let grants = self.case.standing.consent.grants(purpose, channel);
        let accepted = grants.filter(|grant| accepted.contains(Ground::Granted(grant.basis)));
        accepted
            .map(|grant| grant.until.map_or(Permit::Forever, Permit::Until))
            .max()
            .unwrap_or(Permit::Never)
    }

    fn implied(&self) -> Permit {
        let until = |(relation, span): (&Relation, Delay)| {
            let playbook = self.case.playbook;
            let end = self.case.place.earliest_after(relation.mark.at, span, playbook);
            end.map_or(Permit::Forever, Permit::Until)
        };
        self.relations().map(until).max().unwrap_or(Permit::Never)
    }

    /// The relations from which permission follows here, and for how long.
    fn relations(&self) -> impl Iterator<Item = (&'c Relation, Delay)> {
        let accepted = self.case.playbook.grounds(self.candidate.purpose, self.channel);
        let (standing, implied) = (self.case.standing, &self.case.playbook.implied);
        [
            (Ground::Inquiry, &standing.inquiry, implied.inquiry),
            (Ground::Conversation, &standing.conversation, implied.conversation),
            (Ground::Purchase, &standing.purchase, implied.purchase),
        ]
        .into_iter()
        .filter(move |(ground, ..)| accepted.contains(*ground))
        .filter_map(|(_, relation, span)| relation.as_ref().map(|relation| (relation, span)))
    }
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    asked.is_permitted(at).then_some(at)
}

pub(super) fn cite(asked: &Asked<'_, '_>, into: &mut Cited) {
    let (purpose, channel) = (asked.candidate.purpose, asked.channel);
    if purpose != Purpose::Answer {
        into.marks.extend(asked.case.standing.consent.grants(purpose, channel).map(|grant| grant.mark));
        for (relation, _) in asked.relations() {
            into.marks.extend(asked.case.standing.marks_of(relation));
        }
        // Why nobody asks (any more).
        let enrolment = asked.case.enrolment();
        into.marks.extend(enrolment.iter().flat_map(|(enrolment, _)| &enrolment.asks));
    }
}
