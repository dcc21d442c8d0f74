//! Hours: theirs, the seller's, the law's; weeks, holidays, zones.

use alloc::vec::Vec;
use core::time::Duration;

use chrono::NaiveDate;

use super::{Closed, Spec};
use crate::decide::context::{Evidence, Query};
use crate::decide::place::Place;
use crate::decide::verdict::{Gate, Need, Rest};
use crate::facts::id::RuleId;
use crate::rule::{Frame, Hours, Rule};
use crate::time::calendar::{OpenTimes, opens_in_all};
use crate::time::instant::Instant;
use crate::time::zone::Zone;

pub(super) const GATE: Spec = Spec {
    next_change,
    can_bar: |playbook, _| playbook.uses.hours || playbook.business.through.is_some(),
    closed: Some(closed),
    is_of_all_channels: true,
    ..Spec::new(Gate::Hours, earliest, cite)
};

impl<'c, 'a> Query<'c, 'a> {
    /// The hours that are for this, if nothing lifts them at that instant.
    fn hours(&self, at: Instant) -> impl Iterator<Item = (&'a Rule, &'a Hours)> {
        self.rules_with(|rule| rule.hours.as_ref()).filter(move |(rule, _)| !self.is_lifted(rule, at))
    }

    /// The clocks on which they are read, all of them at once.
    fn clocks(&self, frame: Frame) -> Clocks<'c, 'a> {
        let zones = &self.context.playbook.zones;
        match frame {
            Frame::Prospect => Clocks::Theirs(self.context.place.zones()),
            Frame::Seller => Clocks::One(zones.at(self.context.playbook.seller)),
            Frame::Fixed(zone) => Clocks::One(zones.at(zone)),
        }
    }

    /// The first instant from `at` at which some hours are closed, or the seller's holidays are not known any more.
    pub(crate) fn next_closing(&self, at: Instant) -> Option<Instant> {
        // When what lifts a rule ends is a change of its own.
        let closings = self.hours(at).filter_map(|(_, hours)| next_closing(self, hours, at));
        closings.chain(self.end_of_business()).min()
    }

    /// The first instant at which nothing is known of the seller's holidays any more.
    fn end_of_business(&self) -> Option<Instant> {
        let playbook = self.context.playbook;
        let day = playbook.business.through.filter(|_| !self.subject.is_answer())?.succ_opt()?;
        playbook.zones.at(playbook.seller)?.first_instant_at(day.into())
    }
}

enum Clocks<'c, 'a> {
    One(Option<&'a Zone>),
    Theirs(&'c [&'a Zone]),
}

impl<'a> Clocks<'_, 'a> {
    fn iter(&self) -> impl Iterator<Item = &'a Zone> {
        let (one, several) = match self {
            Self::One(zone) => (*zone, [].as_slice()),
            Self::Theirs(zones) => (None, *zones),
        };
        one.into_iter().chain(several.iter().copied())
    }
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    opens(query, at).ok().filter(|at| query.end_of_business().is_none_or(|end| *at < end))
}

/// The first instant at which all the hours are open that nothing lifts then, or the instant from which on they
/// never are.
fn opens(query: &Query<'_, '_>, mut at: Instant) -> Result<Instant, Instant> {
    loop {
        let opens = all_open(query, at).ok_or(at)?;
        // What lifted a rule may have ended meanwhile.
        if opens == at || !query.context.playbook.uses.lifting {
            return Ok(opens);
        }
        at = opens;
    }
}

/// The first instant at which all the hours that are not lifted now are open.
fn all_open(query: &Query<'_, '_>, mut at: Instant) -> Option<Instant> {
    if matches!(query.context.place, Place::Unknown) {
        // Hours on a clock that nobody knows are closed for as long as they hold.
        for (rule, _) in query.hours(at).filter(|(_, hours)| hours.frame == Frame::Prospect) {
            at = at.max(query.end_of_force(rule)?);
        }
    }
    let mut closed = None;
    let mut places = 0_usize;
    for (_, hours) in query.hours(at) {
        for zone in query.clocks(hours.frame).iter() {
            places += 1;
            if closed.is_none() && !hours.times.is_open(zone, at) {
                closed = Some((&hours.times, zone));
            }
        }
    }
    let Some((times, zone)) = closed else { return Some(at) };
    if places == 1 {
        return times.opens(zone, at);
    }
    let mut all: Vec<(&OpenTimes, &Zone)> = Vec::with_capacity(places);
    for (_, hours) in query.hours(at) {
        all.extend(query.clocks(hours.frame).iter().map(|zone| (&hours.times, zone)));
    }
    opens_in_all(&all, at)
}

/// The set of holidays that is missing, and its last day: of several that which ends first. Hours that would never meet,
/// whatever were known, want none. Whether they would does not depend on when that is asked.
fn expired<'a>(query: &Query<'_, 'a>, at: Instant) -> Option<(&'a RuleId, NaiveDate)> {
    let mut all: Vec<(&Hours, OpenTimes, &Zone)> = Vec::new();
    for (_, hours) in query.hours(at) {
        let known = || hours.times.clone().known_for_ever();
        all.extend(query.clocks(hours.frame).iter().map(|zone| (hours, known(), zone)));
    }
    let places: Vec<(&OpenTimes, &Zone)> = all.iter().map(|(_, times, zone)| (times, *zone)).collect();
    opens_in_all(&places, Instant::MIN)?;
    let of_rules =
        all.iter().filter_map(|(hours, ..)| hours.ends_first.as_ref().zip(hours.times.known_through()));
    let business = &query.context.playbook.business;
    let own = query.end_of_business().and(business.ends_first.as_ref()).zip(business.through);
    of_rules.chain(own).min_by_key(|(_, through)| *through)
}

fn cite(query: &Query<'_, '_>, mut at: Instant, into: &mut Evidence) {
    // What lifts a rule may end on the way, and then that rule closes it.
    loop {
        let opens = all_open(query, at);
        cite_closed(query, at, opens, into);
        match opens {
            Some(opens) if opens != at && query.context.playbook.uses.lifting => at = opens,
            _ => return,
        }
    }
}

fn cite_closed(query: &Query<'_, '_>, at: Instant, opens: Option<Instant>, into: &mut Evidence) {
    // The rules that close the way from here to where it opens; where it never does, all that ever close, and
    // those that cannot be read.
    for (rule, hours) in query.hours(at) {
        let is_open =
            |at: Instant| query.clocks(hours.frame).iter().all(|zone| hours.times.is_open(zone, at));
        let mut passed = Some(at);
        let is_cited = match opens {
            None => {
                let is_read = query.clocks(hours.frame).iter().next().is_some();
                !is_read || !is_open(at) || next_closing(query, hours, at).is_some()
            }
            Some(opens) => loop {
                match passed {
                    Some(at) if at >= opens => break false,
                    Some(at) if is_open(at) => passed = next_closing(query, hours, at),
                    Some(_) => break true,
                    None => break false,
                }
            },
        };
        if is_cited {
            into.cite(rule);
        }
    }
}

/// The first instant from `at` at which the hours are closed on one of their clocks.
fn next_closing(query: &Query<'_, '_>, hours: &Hours, at: Instant) -> Option<Instant> {
    query.clocks(hours.frame).iter().filter_map(|zone| hours.times.closes(zone, at)).min()
}

/// The first instant from which on they never open any more, if they do now: where the knowledge of some holidays ends,
/// where a rule begins to hold that leaves no hour open, or with the years there are. The gate is monotone, so it can
/// be searched for.
fn next_change(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    let is_over = |at: Instant| earliest(query, at).is_none();
    if is_over(at) || !is_over(Instant::MAX) {
        return None;
    }
    // Mostly that is in the last days.
    let (mut days, mut over) = (1, Instant::MAX);
    let open = loop {
        let back = Instant::MAX.saturating_sub(Duration::from_secs(days * 86_400)).max(at);
        if !is_over(back) {
            break back;
        }
        (days, over) = (days * 8, back);
    };
    Some(Instant::first_over(open, over, is_over))
}

fn closed<'a>(query: &Query<'_, 'a>, at: Instant) -> Closed<'a> {
    // On a clock that nobody knows they never open, whatever else is known.
    let holds = |rule: &Rule| query.end_of_force(rule).is_none_or(|end| end > at);
    let is_theirs = query.hours(at).any(|(rule, hours)| hours.frame == Frame::Prospect && holds(rule));
    if is_theirs && matches!(query.context.place, Place::Unknown) {
        return Closed::Need(Need::Zone);
    }
    match expired(query, at) {
        Some((set, through)) => Closed::Need(Need::Holidays { set, through }),
        None => Closed::Rest(Rest::Blocked(Gate::Hours)),
    }
}
