//! Hours: the first instant at which all of them are open.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use followup::{Channel, Executor, Instant, Purpose};

use crate::common::oracle::{self, Clock};
use crate::common::{BlackoutModel, Case, DAY, END, HoursModel, RuleModel, date, instant};

use super::state::State;

/// Nobody looks for hours after this, in seconds: two years before the end of time.
pub(crate) const LAST: i64 = 7_200_000_000;

/// For so many days hours are looked for. Two zones whose clocks change in the same week may meet in some years only, so where
/// the engines differ they are looked for [longer](LONG).
pub(crate) const HORIZON: i64 = 430;
pub(crate) const LONG: i64 = 12 * 366;
const CHUNK: i64 = 2;

/// For what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    pub(crate) channel: Channel,
    pub(crate) by: Executor,
    pub(crate) is_answer: bool,
    pub(crate) purpose: Purpose,
    /// The sequence and the step of a touch.
    pub(crate) step: Option<(usize, usize)>,
}

impl Asked {
    pub(crate) const fn what(self) -> oracle::What {
        (self.channel, self.by, self.is_answer, self.step)
    }
}

fn offset(clock: Clock, second: i64) -> i64 {
    clock.find_local_time_type(second).unwrap().ut_offset().into()
}

fn day_of(second: i64) -> NaiveDate {
    DateTime::from_timestamp(second, 0).unwrap().date_naive()
}

fn clocks_of(case: &Case, frame: &str) -> Option<Vec<Clock>> {
    match frame {
        "prospect" => oracle::places(case),
        "seller" => Some(vec![oracle::clock(case.model.seller).unwrap()]),
        name => Some(vec![oracle::clock(name).unwrap()]),
    }
}

fn is_away(case: &Case, blackout: &BlackoutModel, by: Executor, at: Instant) -> bool {
    let days = date(case.model.epoch, blackout.first)..=date(case.model.epoch, blackout.last);
    let clock = oracle::clock(case.model.seller).unwrap();
    let second = at.unix_seconds();
    (blackout.by.is_empty() || blackout.by.contains(&by))
        && days.contains(&day_of(second + offset(clock, second)))
}

/// The instants around which a clock shows that.
fn shows(clock: Clock, reading: i64) -> Vec<i64> {
    let (mut early, mut late) = (reading - 26 * 3600, reading + 26 * 3600);
    let (first, last) = (offset(clock, early), offset(clock, late));
    if first == last {
        return vec![reading - first];
    }
    while late - early > 1 {
        let middle = i64::midpoint(early, late);
        if offset(clock, middle) == first {
            early = middle;
        } else {
            late = middle;
        }
    }
    vec![reading - first, reading - last, late]
}

impl State<'_> {
    fn concerned(&self, asked: Asked) -> Vec<(&RuleModel, &HoursModel, Option<Vec<Clock>>)> {
        let case = self.told.case;
        let rules = case.model.rules.iter().filter_map(|rule| Some((rule, rule.hours()?)));
        rules
            .filter(|(rule, _)| oracle::concerns(case, rule, asked.what()))
            .map(|(rule, hours)| (rule, hours, clocks_of(case, hours.frame)))
            .collect()
    }

    fn is_closed(
        &self,
        concerned: &[(&RuleModel, &HoursModel, Option<Vec<Clock>>)],
        asked: Asked,
        at: Instant,
    ) -> bool {
        let case = self.told.case;
        let given = self.given(asked.purpose, asked.channel);
        concerned.iter().any(|(rule, hours, clocks)| {
            let is_shut = match clocks {
                None => {
                    let (_, until) = crate::common::bounds(case.model.epoch, rule.valid);
                    until.is_none_or(|until| until > day_of(at.unix_seconds() - 12 * 3600))
                }
                Some(clocks) => {
                    !clocks.iter().all(|clock| oracle::is_open(case, hours, rule.valid, clock, at))
                }
            };
            is_shut && !self.is_lifted(&given, rule, at)
        })
    }

    /// Whether the hours are closed, or whoever would do it is away.
    fn is_shut(
        &self,
        concerned: &[(&RuleModel, &HoursModel, Option<Vec<Clock>>)],
        asked: Asked,
        at: Instant,
    ) -> bool {
        let case = self.told.case;
        self.is_closed(concerned, asked, at)
            || case.model.blackouts.iter().any(|one| is_away(case, one, asked.by, at))
    }

    /// Whether hours bar the way then of which nobody knows on what clock they are read.
    pub(crate) fn wants_a_zone(&self, asked: Asked, at: Instant) -> bool {
        let mut unread = self.concerned(asked);
        unread.retain(|(.., clocks)| clocks.is_none());
        self.is_closed(&unread, asked, at)
    }

    pub(crate) fn hours_open(&self, asked: Asked, at: Instant) -> Option<Instant> {
        let is_known = |(from, to): &&(Instant, Option<Instant>)| *from <= at && to.is_none_or(|to| at <= to);
        if let Some((_, to)) = self.opened.borrow().get(&asked).and_then(|known| known.iter().find(is_known))
        {
            return *to;
        }
        let opens = self.search_hours(asked, at);
        self.opened.borrow_mut().entry(asked).or_default().push((at, opens));
        opens
    }

    fn search_hours(&self, asked: Asked, at: Instant) -> Option<Instant> {
        let concerned = self.concerned(asked);
        if !self.is_shut(&concerned, asked, at) {
            return Some(at);
        }
        let edges = self.days_that_change(&concerned);
        for chunk in 0..self.told.horizon / CHUNK {
            let start = at.unix_seconds() + chunk * CHUNK * DAY;
            let end = start + CHUNK * DAY;
            let mut openings: BTreeSet<i64> = edges.iter().copied().collect();
            for (_, hours, clocks) in &concerned {
                for clock in clocks.iter().flatten() {
                    for day in (start - DAY).div_euclid(DAY)..=(end + DAY).div_euclid(DAY) {
                        for minute in starts(hours) {
                            openings.extend(shows(clock, day * DAY + i64::from(minute) * 60));
                        }
                    }
                }
            }
            let opens = openings
                .range(start..end)
                .filter(|second| (0..END).contains(*second))
                .map(|second| instant(*second, 0))
                .find(|opens| *opens > at && !self.is_shut(&concerned, asked, *opens));
            if opens.is_some() {
                return opens;
            }
        }
        None
    }

    /// Midnights at which a rule ceases to hold, or they are back.
    fn days_that_change(&self, concerned: &[(&RuleModel, &HoursModel, Option<Vec<Clock>>)]) -> Vec<i64> {
        let case = self.told.case;
        let rules = concerned.iter().flat_map(|(rule, ..)| oracle::edges_of_force(case, rule));
        let mut edges: Vec<i64> = rules.map(Instant::unix_seconds).collect();
        let clock = oracle::clock(case.model.seller).unwrap();
        for blackout in &case.model.blackouts {
            let back = date(case.model.epoch, blackout.last + 1);
            let midnight = back.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp();
            edges.extend(shows(clock, midnight));
        }
        edges
    }
}

/// The minutes of a day at which it may open.
fn starts(hours: &HoursModel) -> BTreeSet<u16> {
    let of_the_week = hours.week.iter().flat_map(|(_, windows)| windows);
    let short = hours.short.iter().flat_map(|short| &short.windows);
    let starts = of_the_week.chain(short).map(|(start, _)| *start % 1440);
    starts.chain([0]).collect()
}
