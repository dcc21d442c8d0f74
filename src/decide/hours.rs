//! Hours: theirs, the seller's, the law's; weeks, holidays, zones.

use alloc::vec::Vec;

use super::{Asked, Cited, Place};
use crate::calendar::{OpenTimes, opens_in_all};
use crate::id::Region;
use crate::instant::Instant;
use crate::limit::AppliesTo;
use crate::playbook::{Frame, Hours};
use crate::zone::Zone;

/// Whether a region lies in another: `US-FL` in `US`.
fn lies_in(region: &Region, wider: &Region) -> bool {
    let rest = region.as_str().strip_prefix(wider.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

impl<'a> Asked<'_, 'a> {
    /// The rules of hours that are for this. A rule for some regions is also for a prospect of whom it is not
    /// known where they are.
    fn hours(&self) -> impl Iterator<Item = &'a Hours> {
        let candidate = *self.candidate;
        let (channel, region) = (self.channel, self.case.prospect.region());
        self.case.playbook.hours.iter().filter(move |hours| {
            hours.channels.contains(channel)
                && hours.by.contains(&candidate.by)
                && !(hours.applies_to == AppliesTo::Approaches && candidate.act.is_answer())
                && (hours.regions.is_empty()
                    || region.is_none_or(|region| hours.regions.iter().any(|wider| lies_in(region, wider))))
        })
    }

    /// The clocks on which a rule is read, all of them at once.
    fn clocks(&self, frame: Frame) -> Clocks<'_, 'a> {
        let zones = &self.case.playbook.zones;
        match frame {
            Frame::Prospect => Clocks::Theirs(self.case.place.zones()),
            Frame::Seller => Clocks::One(zones.at(self.case.playbook.seller)),
            Frame::Fixed(zone) => Clocks::One(zones.at(zone)),
        }
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
    let is_lost = matches!(asked.case.place, Place::Unknown);
    let mut closed = None;
    let mut places = 0_usize;
    for hours in asked.hours() {
        if is_lost && hours.frame == Frame::Prospect {
            return None;
        }
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
    for hours in asked.hours() {
        all.extend(asked.clocks(hours.frame).iter().map(|zone| (&hours.times, zone)));
    }
    opens_in_all(&all, at)
}

pub(super) fn cite(asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
    // The rules that close the way from here to where it opens; where it never does, all of them.
    let opens = earliest(asked, at);
    for hours in asked.hours() {
        let is_open =
            |at: Instant| asked.clocks(hours.frame).iter().all(|zone| hours.times.is_open(zone, at));
        let mut passed = Some(at);
        let is_cited = opens.is_none_or(|opens| {
            loop {
                match passed {
                    Some(at) if at >= opens => break false,
                    Some(at) if is_open(at) => passed = next_closing(asked, hours, at),
                    Some(_) => break true,
                    None => break false,
                }
            }
        });
        if is_cited {
            into.rules.push(match &hours.source {
                Some(source) => alloc::format!("hours {:?} ({source})", hours.id.as_str()),
                None => alloc::format!("hours {:?}", hours.id.as_str()),
            });
        }
    }
}

/// The first instant from `at` at which the rule is closed on one of its clocks.
fn next_closing(asked: &Asked<'_, '_>, hours: &Hours, at: Instant) -> Option<Instant> {
    asked.clocks(hours.frame).iter().filter_map(|zone| hours.times.closes(zone, at)).min()
}
