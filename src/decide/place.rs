//! Where a prospect is, or could be.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::facts::prospect::Prospect;
use crate::playbook::Playbook;
use crate::time::delay::Delay;
use crate::time::instant::Instant;
use crate::time::span::Span;
use crate::time::zone::Zone;

/// Where a prospect is, as far as zones go.
#[derive(Debug, Clone)]
pub(crate) enum Place<'a> {
    /// Here.
    Known(&'a Zone),
    /// In one of these.
    OneOf(Vec<&'a Zone>),
    /// No telling.
    Unknown,
}

impl<'a> Place<'a> {
    pub(crate) fn of(playbook: &'a Playbook, prospect: &Prospect) -> Self {
        let zones = &playbook.zones;
        let named = |name| zones.named(name);
        match prospect.zones() {
            [] => match playbook.territory.as_slice() {
                [] => Self::Unknown,
                territory => Self::OneOf(territory.iter().filter_map(|zone| zones.at(*zone)).collect()),
            },
            [zone] => named(zone).map_or(Self::Unknown, Self::Known),
            // One that the zone data does not know could be anywhere.
            several => several.iter().map(named).collect::<Option<_>>().map_or(Self::Unknown, Self::OneOf),
        }
    }

    pub(crate) fn zones(&self) -> &[&'a Zone] {
        match self {
            Self::Known(zone) => core::slice::from_ref(zone),
            Self::OneOf(zones) => zones,
            Self::Unknown => &[],
        }
    }

    /// An instant as a person reads it: on the prospect's clock where it is known, else in UTC.
    pub(crate) fn show(&self, at: Instant) -> String {
        match self {
            Self::Known(zone) => zone.local(at).format("%a %Y-%m-%d %H:%M").to_string(),
            _ => chrono::DateTime::<chrono::Utc>::from(at).format("%a %Y-%m-%d %H:%MZ").to_string(),
        }
    }

    /// The latest instant that the span can lead to, in whichever zone they are; in the seller's where that
    /// is unknown. `None` past the year 2200.
    pub(crate) fn latest_after(
        &self,
        from: Instant,
        span: impl Into<Span>,
        playbook: &Playbook,
    ) -> Option<Instant> {
        let mut ends = self.ends(from, span.into(), playbook);
        let first = ends.next()??;
        ends.try_fold(first, |latest, end| Some(latest.max(end?)))
    }

    /// The earliest instant that the span can lead to. `None` past the year 2200.
    pub(crate) fn earliest_after(&self, from: Instant, span: Span, playbook: &Playbook) -> Option<Instant> {
        self.ends(from, span, playbook).flatten().min()
    }

    /// The clocks that they may have; the seller's where that is unknown.
    pub(crate) fn clocks<'p>(
        &'p self,
        playbook: &'p Playbook,
    ) -> impl Iterator<Item = &'p Zone> + use<'p, 'a> {
        let seller = playbook.zones.at(playbook.seller).filter(|_| matches!(self, Self::Unknown));
        self.zones().iter().copied().chain(seller)
    }

    /// Where the span ends in each zone.
    fn ends<'p>(
        &'p self,
        from: Instant,
        span: Span,
        playbook: &'p Playbook,
    ) -> impl Iterator<Item = Option<Instant>> + use<'p, 'a> {
        self.clocks(playbook).map(move |zone| span.ends(from, zone, &playbook.business.days))
    }

    /// The latest instant so long before another, in whichever zone they are. `None` before 1970.
    pub(crate) fn latest_before(&self, until: Instant, delay: Delay, playbook: &Playbook) -> Option<Instant> {
        let business = &playbook.business.days;
        let mut starts = self.clocks(playbook).map(|zone| delay.before(until, zone, business));
        let first = starts.next()??;
        starts.try_fold(first, |latest, start| Some(latest.max(start?)))
    }

    /// When such a day begins, and the instant so long before or after that: the latest, in whichever zone they are.
    pub(crate) fn of_day(
        &self,
        date: NaiveDate,
        delay: Delay,
        is_before: bool,
        playbook: &Playbook,
    ) -> Option<(Instant, Instant)> {
        let business = &playbook.business.days;
        let mut days = self.clocks(playbook).map(|zone| {
            let begins = Delay::days(0).of_day(date, false, zone, business)?;
            Some((begins, delay.of_day(date, is_before, zone, business)?))
        });
        let first = days.next()??;
        days.try_fold(first, |latest, day| {
            let day = day?;
            Some((latest.0.max(day.0), latest.1.max(day.1)))
        })
    }

    /// The same time on the first business day from then on, or on the last one up to then: the latest, in whichever zone they
    /// are. `None` before 1970 and past the year 2200.
    pub(crate) fn on_business_day(
        &self,
        at: Instant,
        is_before: bool,
        playbook: &Playbook,
    ) -> Option<Instant> {
        let business = &playbook.business.days;
        let mut days = self.clocks(playbook).map(|zone| {
            let nearest = |day| if is_before { business.last_until(day) } else { business.first_from(day) };
            let is_today = |same: &Instant| zone.local(*same).date() == zone.local(at).date();
            zone.on_day(at, nearest).map(|same| if is_today(&same) { at } else { same })
        });
        let first = days.next()??;
        days.try_fold(first, |latest, day| Some(latest.max(day?)))
    }

    /// The first instant not before `at` at which the span is over in whichever zone they are. `None` past the
    /// year 2200.
    pub(crate) fn not_before(
        &self,
        at: Instant,
        from: Instant,
        span: Span,
        playbook: &Playbook,
    ) -> Option<Instant> {
        if is_long_over(at, from, span) {
            return Some(at);
        }
        self.latest_after(from, span, playbook).map(|end| end.max(at))
    }

    /// Whether the span is not over yet at `at` in any of the zones in which they could be.
    pub(crate) fn is_within(&self, at: Instant, from: Instant, span: Span, playbook: &Playbook) -> bool {
        at.unix_seconds() - from.unix_seconds() < span.bounds().0
            || self.earliest_after(from, span, playbook).is_none_or(|end| at < end)
    }
}

/// Whether the span is over at `at` in any zone.
pub(crate) fn is_long_over(at: Instant, from: Instant, span: Span) -> bool {
    at.unix_seconds() - from.unix_seconds() > span.bounds().1
}
