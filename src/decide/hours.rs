//! Hours: theirs, the seller's, the law's; weeks, holidays, zones.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Asked, Cited, Place};
use crate::calendar::{OpenTimes, opens_in_all};
use crate::id::RuleId;
use crate::instant::Instant;
use crate::rule::{Frame, Hours, Rule};
use crate::zone::Zone;

impl<'c, 'a> Asked<'c, 'a> {
    /// The hours that are for this, if nothing lifts them at that instant.
    fn hours(&self, at: Instant) -> impl Iterator<Item = (&'a Rule, &'a Hours)> {
        self.rules_with(|rule| rule.hours.as_ref()).filter(move |(rule, _)| !self.is_lifted(rule, at))
    }

    /// The clocks on which they are read, all of them at once.
    fn clocks(&self, frame: Frame) -> Clocks<'c, 'a> {
        let zones = &self.case.playbook.zones;
        match frame {
            Frame::Prospect => Clocks::Theirs(self.case.place.zones()),
            Frame::Seller => Clocks::One(zones.at(self.case.playbook.seller)),
            Frame::Fixed(zone) => Clocks::One(zones.at(zone)),
        }
    }

    /// The first instant at which nothing is known of the seller's holidays any more.
    pub(super) fn end_of_business(&self) -> Option<Instant> {
        let playbook = self.case.playbook;
        let day = playbook.business.through.filter(|_| !self.candidate.act.is_answer())?.succ_opt()?;
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

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    opens(asked, at).ok().filter(|at| asked.end_of_business().is_none_or(|end| *at < end))
}

/// The first instant at which all the hours are open that nothing lifts then, or the instant from which on they
/// never are.
fn opens(asked: &Asked<'_, '_>, mut at: Instant) -> Result<Instant, Instant> {
    loop {
        let opens = all_open(asked, at).ok_or(at)?;
        // What lifted a rule may have ended meanwhile.
        if opens == at || !asked.case.playbook.uses.lifting {
            return Ok(opens);
        }
        at = opens;
    }
}

/// The first instant at which all the hours that are not lifted now are open.
fn all_open(asked: &Asked<'_, '_>, mut at: Instant) -> Option<Instant> {
    if matches!(asked.case.place, Place::Unknown) {
        // Hours on a clock that nobody knows are closed for as long as they hold.
        for (rule, _) in asked.hours(at).filter(|(_, hours)| hours.frame == Frame::Prospect) {
            at = at.max(asked.end_of_force(rule)?);
        }
    }
    let mut closed = None;
    let mut places = 0_usize;
    for (_, hours) in asked.hours(at) {
        for zone in asked.clocks(hours.frame).iter() {
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
    for (_, hours) in asked.hours(at) {
        all.extend(asked.clocks(hours.frame).iter().map(|zone| (&hours.times, zone)));
    }
    opens_in_all(&all, at)
}

/// The set of holidays that ends before it opens, and its last day. Where the hours would not meet either if
/// more were known, there is none.
pub(super) fn expired<'a>(asked: &Asked<'_, 'a>, at: Instant) -> Option<(&'a RuleId, NaiveDate)> {
    let never_again = match opens(asked, at) {
        Ok(opens) => {
            let business = &asked.case.playbook.business;
            let is_over = asked.end_of_business().is_some_and(|end| end <= opens);
            return business.ends_first.as_ref().zip(business.through).filter(|_| is_over);
        }
        Err(at) => at,
    };
    let mut all: Vec<(&Hours, OpenTimes, &Zone)> = Vec::new();
    for (_, hours) in asked.hours(never_again) {
        let known = || hours.times.clone().known_for_ever();
        all.extend(asked.clocks(hours.frame).iter().map(|zone| (hours, known(), zone)));
    }
    let places: Vec<(&OpenTimes, &Zone)> = all.iter().map(|(_, times, zone)| (times, *zone)).collect();
    let meet = opens_in_all(&places, never_again)?;
    let mut expired = all.iter().filter(|(hours, _, zone)| !hours.times.is_open(zone, meet));
    expired.find_map(|(hours, ..)| hours.ends_first.as_ref().zip(hours.times.known_through()))
}

pub(super) fn cite(asked: &Asked<'_, '_>, mut at: Instant, into: &mut Cited) {
    // What lifts a rule may end on the way, and then that rule closes it.
    loop {
        let opens = all_open(asked, at);
        cite_closed(asked, at, opens, into);
        match opens {
            Some(opens) if opens != at && asked.case.playbook.uses.lifting => at = opens,
            _ => return,
        }
    }
}

fn cite_closed(asked: &Asked<'_, '_>, at: Instant, opens: Option<Instant>, into: &mut Cited) {
    // The rules that close the way from here to where it opens; where it never does, all that ever close, and
    // those that cannot be read.
    for (rule, hours) in asked.hours(at) {
        let is_open =
            |at: Instant| asked.clocks(hours.frame).iter().all(|zone| hours.times.is_open(zone, at));
        let mut passed = Some(at);
        let is_cited = match opens {
            None => {
                let is_read = asked.clocks(hours.frame).iter().next().is_some();
                !is_read || next_closing(asked, hours, at).is_some()
            }
            Some(opens) => loop {
                match passed {
                    Some(at) if at >= opens => break false,
                    Some(at) if is_open(at) => passed = next_closing(asked, hours, at),
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
pub(super) fn next_closing(asked: &Asked<'_, '_>, hours: &Hours, at: Instant) -> Option<Instant> {
    asked.clocks(hours.frame).iter().filter_map(|zone| hours.times.closes(zone, at)).min()
}
