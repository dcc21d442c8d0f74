//! Which rules are for a prospect, for a contact, at an instant.

use alloc::vec::Vec;

use chrono::{NaiveDate, NaiveTime};

use super::context::{Context, Query};
use super::place::Place;
use crate::facts::id::Region;
use crate::facts::prospect::Prospect;
use crate::playbook::Playbook;
use crate::rule::{AppliesTo, Elsewhere, Rule};
use crate::time::calendar::{date_of, day_number};
use crate::time::instant::Instant;

/// The rules that could be for a prospect, wherever and whoever they are.
#[derive(Debug, Clone)]
pub(crate) enum Book<'a> {
    All(&'a [Rule]),
    Some(Vec<&'a Rule>),
}

impl<'a> Book<'a> {
    pub(crate) fn of(playbook: &'a Playbook, prospect: &Prospect) -> Self {
        if !playbook.uses.choice {
            return Self::All(&playbook.rules);
        }
        let (regions, recipient) = (prospect.regions(), prospect.recipient());
        let everywhere = regions.is_empty()
            || playbook.elsewhere == Some(Elsewhere::Strictest) && is_uncovered(playbook, prospect);
        let is_for = |rule: &&Rule| {
            (rule.recipients.is_empty() || recipient.is_none_or(|one| rule.recipients.contains(&one)))
                && (everywhere || regions.iter().any(|region| rule.may_hold_in(region)))
        };
        Self::Some(playbook.rules.iter().filter(is_for).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a Rule> {
        let (all, some) = match self {
            Self::All(rules) => (*rules, [].as_slice()),
            Self::Some(rules) => ([].as_slice(), rules.as_slice()),
        };
        all.iter().chain(some.iter().copied())
    }
}

/// Whether they are, or could be, where the playbook has no contact rule.
pub(crate) fn is_uncovered(playbook: &Playbook, prospect: &Prospect) -> bool {
    let is_covered = |region| playbook.covered.iter().any(|own| Region::lies_in(region, own));
    prospect.regions().is_empty() || !prospect.regions().iter().all(is_covered)
}

impl Context<'_, '_> {
    /// Whether a rule holds on that day, in one of the places in which they could be.
    pub(crate) fn is_in_force(&self, rule: &Rule, at: Instant) -> bool {
        let holds_on =
            |day| rule.from.is_none_or(|from| from <= day) && rule.until.is_none_or(|until| day < until);
        match *self.place {
            _ if rule.from.is_none() && rule.until.is_none() => true,
            Place::Unknown => {
                let dates = [EAST, -WEST].map(|ahead| date_of((at.unix_seconds() + ahead).div_euclid(DAY)));
                dates.into_iter().flatten().any(holds_on)
            }
            _ => self.place.clocks(self.playbook).any(|zone| holds_on(zone.local(at).date())),
        }
    }

    /// When that day begins on the clocks of the places in which they could be.
    fn begins(&self, day: NaiveDate) -> impl Iterator<Item = Instant> {
        let midnight = day.and_time(NaiveTime::MIN);
        let anywhere = matches!(self.place, Place::Unknown).then_some([-EAST, WEST]);
        let second = day_number(day) * DAY;
        let anywhere = anywhere
            .into_iter()
            .flatten()
            .filter_map(move |ahead| Instant::from_unix_seconds(second + ahead));
        self.place.zones().iter().filter_map(move |zone| zone.first_instant_at(midnight)).chain(anywhere)
    }
}

const DAY: i64 = 86_400;
/// No clock is further ahead of UTC than so many seconds, or further behind it.
const EAST: i64 = 14 * 3600;
const WEST: i64 = 12 * 3600;

impl<'a> Query<'_, 'a> {
    /// The rules that are for this contact, at some time.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        self.rules_with(Some).map(|(rule, _)| rule)
    }

    /// Those of them that have such a part.
    pub(crate) fn rules_with<P: 'a>(
        &self,
        part: impl Fn(&'a Rule) -> Option<&'a P>,
    ) -> impl Iterator<Item = (&'a Rule, &'a P)> {
        let (channel, by, is_answer) = (self.channel, self.subject.by, self.subject.is_answer());
        let step = self.subject.step().map(|step| step.path.print());
        let with_part = self.context.rules.iter().filter_map(move |rule| Some((rule, part(rule)?)));
        with_part.filter(move |(rule, _)| {
            rule.channels.contains(channel)
                && rule.is_by(by)
                && !(is_answer && rule.applies_to == AppliesTo::Approaches)
                && rule.steps.as_ref().is_none_or(|steps| step.is_some_and(|step| steps.contains(&step)))
        })
    }

    /// Whether a rule holds at that instant, and nothing lifts it.
    pub(crate) fn binds(&self, rule: &Rule, at: Instant) -> bool {
        self.context.is_in_force(rule, at) && !self.is_lifted(rule, at)
    }

    /// Whether somebody gave, or is in, what lifts the rule.
    pub(crate) fn is_lifted(&self, rule: &Rule, at: Instant) -> bool {
        !rule.unless.is_empty() && self.is_given(rule.unless, &rule.terms, at)
    }

    /// The first instant at which the rule holds nowhere any more.
    pub(crate) fn end_of_force(&self, rule: &Rule) -> Option<Instant> {
        self.context.begins(rule.until?).max()
    }

    /// The first instant at which the rule holds in one of the places.
    pub(crate) fn begin_of_force(&self, rule: &Rule) -> Option<Instant> {
        self.context.begins(rule.from?).min()
    }

    /// The earliest instant not before `at` that every rule with such a part allows. `allowed` is what one allows
    /// where it holds, as if it held for ever; `barred` sees each that stands in the way, and from when.
    pub(crate) fn earliest_under<P: 'a>(
        &self,
        mut at: Instant,
        part: impl Fn(&'a Rule) -> Option<&'a P>,
        allowed: impl Fn(&'a Rule, &'a P, Instant) -> Option<Instant>,
        mut barred: impl FnMut(&'a Rule, &'a P, Instant),
    ) -> Option<Instant> {
        loop {
            let mut next = Some(at);
            for (rule, part) in self.rules_with(&part) {
                let opens = allowed(rule, part, at);
                if opens != Some(at) && self.binds(rule, at) {
                    barred(rule, part, at);
                    // A rule that ends before it opens stands in the way no longer than it holds.
                    let end = self.end_of_force(rule).filter(|end| opens.is_none_or(|opens| *end < opens));
                    next = next.zip(end.or(opens)).map(|(next, opens)| next.max(opens));
                }
            }
            if next? == at {
                return next;
            }
            at = next?;
        }
    }

    /// When something begins or ceases to hold of the rules that are for this, though nothing happens.
    pub(crate) fn changes_of_rules(&self) -> impl Iterator<Item = Instant> {
        let changing = self
            .rules()
            .filter(|rule| rule.from.is_some() || rule.until.is_some() || !rule.unless.is_empty());
        let bounds = changing.flat_map(|rule| {
            let is_lifted_until =
                (!rule.unless.is_empty()).then(|| self.given_until(rule.unless, &rule.terms));
            [self.begin_of_force(rule), self.end_of_force(rule), is_lifted_until.flatten()]
        });
        bounds.flatten()
    }
}
