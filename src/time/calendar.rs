//! Opening hours, holidays and business days.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::instant::Instant;
use crate::time::zone::Zone;

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
const DAY_MINUTES: u16 = 24 * 60;
/// 2200-12-31 as a day number.
const LAST_DAY: i64 = Instant::MAX.unix_seconds() / DAY;
/// Later than any date, and its seconds are few enough to calculate with.
const FAR: i64 = 100_000_000;

const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

/// Why opening hours were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeekError {
    /// A key names no day.
    #[error(
        "{key:?} is no day; write one of mon, tue, wed, thu, fri, sat, sun, a range like \"mon-fri\", or \"daily\""
    )]
    Day {
        /// What was given.
        key: String,
    },
    /// Two keys speak of the same day.
    #[error("{day} is named by both {first:?} and {second:?}; name each day once")]
    Twice {
        /// The day.
        day: &'static str,
        /// The key that named it first.
        first: String,
        /// The key that named it again.
        second: String,
    },
    /// The text is no window.
    #[error("{day}: {value:?} is no window; write one like \"09:00-17:30\"")]
    Window {
        /// The day or days.
        day: String,
        /// What was given.
        value: String,
    },
    /// A window begins and ends at the same time.
    #[error("{day}: the window {value:?} has no length; write \"00:00-24:00\" for a whole day")]
    Empty {
        /// The day or days.
        day: String,
        /// What was given.
        value: String,
    },
    /// Two windows of a day share some time.
    #[error("{day}: the windows \"{first}\" and \"{second}\" overlap; merge them into one")]
    Overlap {
        /// The day or days.
        day: String,
        /// The earlier window.
        first: String,
        /// The later window.
        second: String,
    },
}

/// Minutes after the midnight at which the window's day begins; a window that crosses midnight ends past
/// 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Window {
    start: u16,
    end: u16,
}

impl Window {
    fn parse(day: &str, text: &str) -> Result<Self, WeekError> {
        let times = text.split_once('-').and_then(|(start, end)| Some((minute(start)?, minute(end)?)));
        match times {
            Some((start, end)) if start == end => {
                Err(WeekError::Empty { day: day.to_string(), value: text.to_string() })
            }
            Some((start, end)) if start < DAY_MINUTES => {
                Ok(Self { start, end: if end < start { end + DAY_MINUTES } else { end } })
            }
            _ => Err(WeekError::Window { day: day.to_string(), value: text.to_string() }),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end > DAY_MINUTES { self.end - DAY_MINUTES } else { self.end };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.start / 60, self.start % 60, end / 60, end % 60)
    }
}

/// Minutes after midnight; "24:00" is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| {
        let two_digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        two_digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY_MINUTES).then_some(minute)
}

/// Weekly opening hours on a wall clock, to the minute.
///
/// A window is half-open: its end is outside. One that ends before the time at which it starts crosses
/// midnight and belongs to the day on which it begins; "24:00" is the end of the day. A day may have several
/// windows as long as they do not overlap; a window may reach into the next day's.
///
/// In configuration a week is a map from a day, a range of days or `daily` to a list of windows, as in
/// `{ "mon-fri": ["09:00-12:00", "13:00-17:30"], "sat": ["22:00-06:00"] }`. A day that is not named is
/// closed.
///
/// ```
/// use chrono::Weekday::{Fri, Mon, Sat, Thu, Tue, Wed};
/// use followup::Week;
///
/// let week = Week::never().on([Mon, Tue, Wed, Thu, Fri], ["09:00-17:30"])?.on([Sat], ["10:00-14:00"])?;
/// let text = r#"{"mon-fri":["09:00-17:30"],"sat":["10:00-14:00"]}"#;
/// assert_eq!(serde_json::from_str::<Week>(text).unwrap(), week);
/// assert_eq!(serde_json::to_string(&week).unwrap(), text);
/// # Ok::<(), followup::WeekError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Week {
    /// From Monday; each day sorted and free of overlaps.
    days: [Vec<Window>; 7],
}

impl Week {
    /// Open at no time.
    #[must_use]
    pub fn never() -> Self {
        Self::default()
    }

    /// Open at all times.
    #[must_use]
    pub fn always() -> Self {
        Self { days: core::array::from_fn(|_| Vec::from([Window { start: 0, end: DAY_MINUTES }])) }
    }

    /// The same week, open in these windows too, each written like "09:00-17:30".
    ///
    /// # Errors
    ///
    /// The first [`WeekError`] among the windows, including an overlap with those that a day already has.
    pub fn on<'a>(
        mut self,
        days: impl IntoIterator<Item = Weekday>,
        windows: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, WeekError> {
        let windows: Vec<&str> = windows.into_iter().collect();
        for day in days {
            let name = day_name(day);
            if let Some(own) = self.day_mut(day) {
                for text in &windows {
                    own.push(Window::parse(name, text)?);
                }
                own.sort_unstable();
                refuse_overlap(name, own)?;
            }
        }
        Ok(self)
    }

    /// Reads a week from its text form: a day, a range of days or `daily`, to a list of windows.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use followup::Week;
    ///
    /// let days = BTreeMap::from([("mon-fri".to_string(), vec!["9-17".to_string(), "18:00-18:00".to_string()])]);
    /// let messages: Vec<String> = Week::from_days(&days).unwrap_err().iter().map(ToString::to_string).collect();
    /// assert_eq!(messages, [
    ///     "mon-fri: \"9-17\" is no window; write one like \"09:00-17:30\"",
    ///     "mon-fri: the window \"18:00-18:00\" has no length; write \"00:00-24:00\" for a whole day",
    /// ]);
    /// ```
    ///
    /// # Errors
    ///
    /// Every fault at once, in the order of the map.
    pub fn from_days(days: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<WeekError>> {
        Self::from_pairs(days.iter().map(|(key, windows)| (key.as_str(), windows.as_slice())))
    }

    fn from_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a [String])>) -> Result<Self, Vec<WeekError>> {
        let mut week = Self::never();
        let mut named: BTreeMap<&'static str, &str> = BTreeMap::new();
        let mut errors = Vec::new();
        for (key, texts) in pairs {
            let Some(days) = weekdays(key) else {
                errors.push(WeekError::Day { key: key.to_string() });
                continue;
            };
            let mut windows = Vec::new();
            for text in texts {
                match Window::parse(key, text) {
                    Ok(window) => windows.push(window),
                    Err(error) => errors.push(error),
                }
            }
            windows.sort_unstable();
            errors.extend(refuse_overlap(key, &windows).err());
            for day in days {
                let name = day_name(day);
                if let Some(first) = named.insert(name, key) {
                    let (first, second) = (first.to_string(), key.to_string());
                    errors.push(WeekError::Twice { day: name, first, second });
                }
                if let Some(own) = week.day_mut(day) {
                    own.clone_from(&windows);
                }
            }
        }
        if errors.is_empty() { Ok(week) } else { Err(errors) }
    }

    /// Whether no day has a window.
    #[must_use]
    pub fn is_never_open(&self) -> bool {
        self.days.iter().all(Vec::is_empty)
    }

    /// The days on which a window begins, from Monday.
    pub fn open_days(&self) -> impl Iterator<Item = Weekday> {
        self.named_days().filter(|(_, windows)| !windows.is_empty()).map(|(day, _)| day)
    }

    fn named_days(&self) -> impl Iterator<Item = (Weekday, &Vec<Window>)> {
        DAYS.iter().map(|(day, _)| *day).zip(&self.days)
    }

    fn day_mut(&mut self, day: Weekday) -> Option<&mut Vec<Window>> {
        self.days.get_mut(day as usize)
    }
}

fn day_name(day: Weekday) -> &'static str {
    DAYS.iter().find(|(other, _)| *other == day).map_or("", |(_, name)| name)
}

/// The weekdays that a key names: a day, a range that may wrap, or `daily`.
pub(crate) fn weekdays(key: &str) -> Option<Vec<Weekday>> {
    let day = |name: &str| DAYS.iter().find(|(_, other)| *other == name).map(|(day, _)| *day);
    if key == "daily" {
        return Some(DAYS.iter().map(|(day, _)| *day).collect());
    }
    let (first, last) = match key.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(key)?, day(key)?),
    };
    let length = (last as usize + 7 - first as usize) % 7 + 1;
    Some(core::iter::successors(Some(first), |day| Some(day.succ())).take(length).collect())
}

/// `windows` must be sorted.
fn refuse_overlap(day: &str, windows: &[Window]) -> Result<(), WeekError> {
    match windows.iter().zip(windows.iter().skip(1)).find(|(first, second)| first.end > second.start) {
        None => Ok(()),
        Some((first, second)) => Err(WeekError::Overlap {
            day: day.to_string(),
            first: first.to_string(),
            second: second.to_string(),
        }),
    }
}

fn join(errors: &[impl fmt::Display]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named: Vec<_> = self.named_days().collect();
        let runs = named.chunk_by(|(_, a), (_, b)| a == b).filter_map(|run| {
            let ((first, windows), (last, _)) = (run.first()?, run.last()?);
            let key = match run.len() {
                1 => day_name(*first).to_string(),
                7 => "daily".to_string(),
                _ => format!("{}-{}", day_name(*first), day_name(*last)),
            };
            let texts: Vec<String> = windows.iter().map(ToString::to_string).collect();
            (!texts.is_empty()).then_some((key, texts))
        });
        // Some formats want the length of a map beforehand.
        let runs: Vec<_> = runs.collect();
        serializer.collect_map(runs)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        // Not a map: that would drop the first of two equal keys without a word.
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, Vec<String>)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from days to lists of windows")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }

        let pairs = deserializer.deserialize_map(Pairs)?;
        Self::from_pairs(pairs.iter().map(|(key, windows)| (key.as_str(), windows.as_slice())))
            .map_err(|errors| de::Error::custom(join(&errors)))
    }
}

/// Why a date was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text is no calendar date.
    #[error("{value:?} is no date; write one like \"2026-12-25\"")]
    Malformed {
        /// What was given.
        value: String,
    },
    /// The date lies outside the years that the crate handles.
    #[error("{value} is outside the years 1970 to 2200; remove it")]
    OutOfRange {
        /// What was given.
        value: NaiveDate,
    },
}

/// A set of calendar dates from 1970 to 2200, such as holidays. In text it is a list like `["2026-12-25"]`.
///
/// ```
/// use followup::Dates;
///
/// let dates = Dates::parse(["2026-12-25", "2026-01-01"]).unwrap();
/// assert!(dates.contains("2026-12-25".parse().unwrap()));
/// assert_eq!(Dates::parse(["25.12.2026", "2026-02-29"]).unwrap_err().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates(Box<[NaiveDate]>);

impl Dates {
    /// The set of these dates, in any order and with any repetitions.
    ///
    /// # Errors
    ///
    /// [`DateError::OutOfRange`] for the first date before 1970 or after 2200.
    pub fn new(dates: impl IntoIterator<Item = NaiveDate>) -> Result<Self, DateError> {
        let mut dates: Vec<NaiveDate> = dates.into_iter().map(in_range).collect::<Result<_, _>>()?;
        dates.sort_unstable();
        dates.dedup();
        Ok(Self(dates.into()))
    }

    /// Reads dates written like "2026-12-25".
    ///
    /// # Errors
    ///
    /// Every fault at once, in the order of the list.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, Vec<DateError>> {
        let mut dates = Vec::new();
        let mut errors = Vec::new();
        for text in texts {
            let parsed = NaiveDate::from_str(text)
                .ok()
                // chrono takes other forms too, such as "2026-1-5".
                .filter(|date| date.to_string() == text)
                .ok_or_else(|| DateError::Malformed { value: text.to_string() })
                .and_then(in_range);
            match parsed {
                Ok(date) => dates.push(date),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Self::new(dates).map_err(|error| Vec::from([error]))
    }

    /// Whether the date belongs to the set.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.0.binary_search(&date).is_ok()
    }

    /// The day before each date, such as the eves of holidays. That of 1970-01-01 is out of range and left out.
    ///
    /// ```
    /// use followup::Dates;
    ///
    /// let holidays = Dates::parse(["2026-12-25", "2026-12-26"]).unwrap();
    /// assert_eq!(holidays.eves(), Dates::parse(["2026-12-24", "2026-12-25"]).unwrap());
    /// ```
    #[must_use]
    pub fn eves(&self) -> Self {
        let eves = self.iter().filter_map(|date| date.pred_opt().and_then(|eve| in_range(eve).ok()));
        Self(eves.collect())
    }

    /// The dates of both sets.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut dates: Vec<NaiveDate> = self.0.iter().chain(&other.0).copied().collect();
        dates.sort_unstable();
        dates.dedup();
        Self(dates.into())
    }

    /// Whether the set has no date.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The dates in order.
    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> {
        self.0.iter().copied()
    }
}

fn in_range(date: NaiveDate) -> Result<NaiveDate, DateError> {
    if (0..=LAST_DAY).contains(&day_number(date)) {
        Ok(date)
    } else {
        Err(DateError::OutOfRange { value: date })
    }
}

impl Serialize for Dates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<'de> Deserialize<'de> for Dates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Self::parse(texts.iter().map(String::as_str)).map_err(|errors| de::Error::custom(join(&errors)))
    }
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    const EPOCH_FROM_CE: i64 = 719_163;
    i64::from(date.num_days_from_ce()) - EPOCH_FROM_CE
}

/// The inverse of [`day_number`]; `None` after the year 2200.
pub(crate) fn date_of(day: i64) -> Option<NaiveDate> {
    if day > LAST_DAY {
        return None;
    }
    NaiveDate::from_epoch_days(i32::try_from(day).ok()?)
}

/// From Monday.
fn weekday_index(day: i64) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default()
}

/// Opening hours with the days on which they do not apply, ready to be asked about instants.
///
/// Open is what the wall clock says: a reading lies in a window of its own weekday, or past midnight in a
/// window that began the day before. A closed date removes the windows that begin on it, including what they
/// have past midnight. Where the clock shows an hour twice, both are judged alike.
///
/// ```
/// # #[cfg(feature = "embedded-zones")] {
/// use chrono::Weekday::{Mon, Tue};
/// use followup::{Dates, Instant, OpenTimes, Week, Zones};
///
/// let zones = Zones::embedded();
/// let berlin = zones.get("Europe/Berlin").unwrap();
/// let week = Week::never().on([Mon, Tue], ["09:00-17:00"]).unwrap();
/// let hours = OpenTimes::new(week, Dates::parse(["2026-04-06"]).unwrap());
///
/// let easter_monday: Instant = "2026-04-06T08:00:00Z".parse().unwrap();
/// assert!(!hours.is_open(berlin, easter_monday));
/// let tuesday = hours.opens(berlin, easter_monday).unwrap();
/// assert_eq!(tuesday.to_string(), "2026-04-07T07:00:00Z");
/// assert_eq!(hours.closes(berlin, tuesday).unwrap().to_string(), "2026-04-07T15:00:00Z");
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTimes {
    week: Week,
    closed: Dates,
    days: [Day; 7],
    /// The closed dates as sorted day numbers.
    holidays: Box<[i64]>,
    /// Whether the week alone never closes.
    seamless: bool,
    /// Apart and mostly absent, so that a plain week pays one look for it.
    special: Option<Box<Special>>,
}

/// One day of the week in seconds after its midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Day {
    /// Where the window of the day before ends that crosses midnight; 0 if there is none.
    spill: i64,
    /// Sorted, free of overlaps; the last may end past 24 hours.
    windows: Windows,
}

/// From and until, in seconds after a midnight.
type Windows = Box<[(i64, i64)]>;

/// What makes days differ from the week, other than closed dates. Days are day numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Special {
    /// What is left of the week's windows on the short days.
    short: BTreeMap<i64, Windows>,
    known: Range<i64>,
    valid: Range<i64>,
}

impl Special {
    /// From a silent day the day up to which it stays so, if it is one.
    fn silent_until(&self, day: i64) -> Option<i64> {
        if day < self.valid.start { Some(self.valid.start) } else { (day >= self.valid.end).then_some(FAR) }
    }

    /// The first day from this one on of which anything may be open.
    fn resume(&self, day: i64) -> i64 {
        if self.silent_until(day).is_some() || self.known.contains(&day) {
            day
        } else if day < self.known.start {
            self.known.start.min(self.valid.end)
        } else {
            self.valid.end
        }
    }

    /// The first day from this one on that may differ from the week.
    fn next(&self, day: i64) -> i64 {
        let after = |range: &Range<i64>| if day < range.start { day } else { range.end.max(day) };
        let short = self.short.range(day..).next().map_or(FAR, |(day, _)| *day);
        after(&self.known).min(after(&self.valid)).min(short)
    }
}

/// What makes days differ from the week; by default nothing does.
#[derive(Clone, Copy, Default)]
struct Exceptions<'a> {
    holidays: &'a [i64],
    special: Option<&'a Special>,
}

impl OpenTimes {
    /// These hours, except on the closed dates.
    #[must_use]
    pub fn new(week: Week, closed: Dates) -> Self {
        let mut spill = week.days.last().map_or(0, |windows| past_midnight(&in_seconds(windows)));
        let days = week.days.each_ref().map(|windows| {
            let day = Day { spill, windows: in_seconds(windows) };
            spill = past_midnight(&day.windows);
            day
        });
        let seamless = days.iter().all(|day| {
            let mut covered = day.spill;
            for (start, end) in &day.windows {
                if *start <= covered {
                    covered = covered.max(*end);
                }
            }
            covered >= DAY
        });
        let holidays = closed.iter().map(day_number).collect();
        Self { week, closed, days, holidays, seamless, special: None }
    }

    /// The same hours, but of the windows that begin on these dates only what lies in the given ones too.
    ///
    /// A short day can only narrow: what is closed stays closed, and a date in two calls keeps what both
    /// leave. A window that crosses midnight is cut as a whole, so that "09:00-14:00" leaves nothing of one
    /// from 22:00 to 06:00, and "18:00-02:00" its four hours until 02:00. No windows at all close the dates.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// use followup::{Dates, OpenTimes, Week, Zones};
    ///
    /// let zones = Zones::embedded();
    /// let vienna = zones.get("Europe/Vienna").unwrap();
    /// let holidays = Dates::parse(["2026-12-25", "2026-12-26"]).unwrap();
    /// let hours = OpenTimes::new(Week::always(), holidays.clone());
    /// let hours = hours.short_on(&holidays.eves(), ["09:00-14:00"]).unwrap();
    /// let noon_on_the_eve = "2026-12-24T11:00:00Z".parse().unwrap();
    /// let closes = hours.closes(vienna, noon_on_the_eve).unwrap();
    /// assert_eq!(closes.to_string(), "2026-12-24T13:00:00Z");
    /// assert_eq!(hours.opens(vienna, closes).unwrap().to_string(), "2026-12-26T23:00:00Z");
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The first [`WeekError`] among the windows, including an overlap.
    pub fn short_on<'a>(
        mut self,
        dates: &Dates,
        windows: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, WeekError> {
        const NAME: &str = "short days";
        let windows: Result<Vec<Window>, _> =
            windows.into_iter().map(|text| Window::parse(NAME, text)).collect();
        let mut windows = windows?;
        windows.sort_unstable();
        refuse_overlap(NAME, &windows)?;
        let cut = in_seconds(&windows);
        for day in dates.iter().map(day_number) {
            let left = in_both(self.allotted(self.special.as_deref(), day), &cut);
            self.special().short.insert(day, left);
        }
        Ok(self)
    }

    /// The same hours, with closed dates that are known only for these days, first and last included; `None`
    /// is no bound. Outside nothing opens, because any day there may be a holiday. A window that begins on
    /// the last day keeps what it has past midnight. Of several calls each bounds.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// use followup::{Dates, OpenTimes, Week, Zones};
    ///
    /// let zones = Zones::embedded();
    /// let utc = zones.get("UTC").unwrap();
    /// let last = "2026-12-31".parse().ok();
    /// let hours = OpenTimes::new(Week::always(), Dates::default()).known(None, last);
    /// assert!(hours.is_open(utc, "2026-12-31T23:59:59Z".parse().unwrap()));
    /// assert_eq!(hours.opens(utc, "2027-01-01T00:00:00Z".parse().unwrap()), None);
    /// assert_eq!(hours.known_through(), last);
    /// # }
    /// ```
    #[must_use]
    pub fn known(self, from: Option<NaiveDate>, through: Option<NaiveDate>) -> Self {
        let until = through.map(|date| day_number(date) + 1);
        self.bounded(from.map(day_number), until, |special| &mut special.known)
    }

    /// The same hours, as if no day but those that are closed were a holiday, ever.
    pub(crate) fn known_for_ever(mut self) -> Self {
        if let Some(special) = &mut self.special {
            special.known = -FAR..FAR;
        }
        self
    }

    /// The last day for which the closed dates are known, if [`known`](Self::known) gave one.
    #[must_use]
    pub fn known_through(&self) -> Option<NaiveDate> {
        let last = self.special.as_ref()?.known.end - 1;
        // Without a bound it is later than any date.
        NaiveDate::from_epoch_days(i32::try_from(last).ok()?)
    }

    /// The same hours, but holding only from the first date until the day before the second; `None` is no
    /// bound. On every other day they say nothing, so that it is open all day, whatever is closed, short or
    /// known. Days are those of the wall clock on which the hours are read, and nothing reaches over midnight
    /// into the first. Of several calls each bounds.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// use followup::{Dates, OpenTimes, Week, Zones};
    ///
    /// let zones = Zones::embedded();
    /// let chicago = zones.get("America/Chicago").unwrap();
    /// let week = Week::never().on([chrono::Weekday::Mon], ["09:00-17:00"]).unwrap();
    /// let hours = OpenTimes::new(week, Dates::default()).valid(None, "2026-09-01".parse().ok());
    /// let tuesday = "2026-08-25T12:00:00Z".parse().unwrap();
    /// assert_eq!(hours.opens(chicago, tuesday).unwrap().to_string(), "2026-08-31T14:00:00Z");
    /// let monday_evening = "2026-08-31T22:00:00Z".parse().unwrap();
    /// assert_eq!(hours.opens(chicago, monday_evening).unwrap().to_string(), "2026-09-01T05:00:00Z");
    /// # }
    /// ```
    #[must_use]
    pub fn valid(self, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Self {
        self.bounded(from.map(day_number), until.map(day_number), |special| &mut special.valid)
    }

    fn bounded(
        mut self,
        from: Option<i64>,
        until: Option<i64>,
        range: impl FnOnce(&mut Special) -> &mut Range<i64>,
    ) -> Self {
        if from.is_none() && until.is_none() {
            return self;
        }
        let range = range(self.special());
        range.start = from.map_or(range.start, |from| range.start.max(from));
        range.end = until.map_or(range.end, |until| range.end.min(until));
        self
    }

    fn special(&mut self) -> &mut Special {
        self.special.get_or_insert_with(|| {
            Box::new(Special { short: BTreeMap::new(), known: -FAR..FAR, valid: -FAR..FAR })
        })
    }

    /// The weekly hours.
    #[must_use]
    pub fn week(&self) -> &Week {
        &self.week
    }

    /// The dates whose windows are removed.
    #[must_use]
    pub fn closed(&self) -> &Dates {
        &self.closed
    }

    /// Whether it is open at that instant.
    #[inline]
    #[must_use]
    pub fn is_open(&self, zone: &Zone, at: Instant) -> bool {
        self.is_open_second(zone, at.unix_seconds())
    }

    /// The first instant at or after `from` that is open, or `None` if there is none until the end of 2200.
    #[inline]
    #[must_use]
    pub fn opens(&self, zone: &Zone, from: Instant) -> Option<Instant> {
        if self.is_open(zone, from) {
            return Some(from);
        }
        // Windows and offsets are whole seconds: a second that began closed stays closed.
        self.opens_second(zone, from.ceil_seconds()?).and_then(Instant::from_unix_seconds)
    }

    /// The first instant at or after `from` that is not open, or `None` if there is none until the end of
    /// 2200.
    #[must_use]
    pub fn closes(&self, zone: &Zone, from: Instant) -> Option<Instant> {
        if !self.is_open(zone, from) {
            return Some(from);
        }
        let from = from.ceil_seconds()?;
        zone.segments_from(from)
            .iter()
            .find_map(|segment| {
                let offset = i64::from(segment.offset);
                let reading = self.next_closed(from.max(segment.start) + offset, segment.end + offset)?;
                Some(reading - offset)
            })
            .and_then(Instant::from_unix_seconds)
    }

    #[inline]
    fn is_open_second(&self, zone: &Zone, second: i64) -> bool {
        self.open_until(second + i64::from(zone.segment(second).offset)).is_some()
    }

    fn opens_second(&self, zone: &Zone, from: i64) -> Option<i64> {
        if self.week.is_never_open() && self.special.is_none() {
            return None;
        }
        // Within a stretch the wall clock runs evenly, so each is searched by its readings.
        zone.segments_from(from).iter().find_map(|segment| {
            let offset = i64::from(segment.offset);
            let (from, until) = (from.max(segment.start) + offset, segment.end + offset);
            Some(self.next_open(self.exceptions(), from, until)? - offset)
        })
    }

    fn exceptions(&self) -> Exceptions<'_> {
        Exceptions { holidays: &self.holidays, special: self.special.as_deref() }
    }

    /// The week's windows on a day, cut if it is short.
    fn allotted<'a>(&'a self, special: Option<&'a Special>, day: i64) -> &'a [(i64, i64)] {
        let left = special.and_then(|special| special.short.get(&day));
        left.or_else(|| Some(&self.days.get(weekday_index(day))?.windows)).map_or(&[], |windows| windows)
    }

    /// The windows that begin on a day.
    fn windows<'a>(&'a self, exceptions: Exceptions<'a>, day: i64) -> &'a [(i64, i64)] {
        const SILENT: &[(i64, i64)] = &[(0, DAY)];
        let special = exceptions.special;
        if special.is_some_and(|special| special.silent_until(day).is_some()) {
            return SILENT;
        }
        let is_known = special.is_none_or(|special| special.known.contains(&day));
        if !is_known || is_holiday(exceptions.holidays, day) {
            return &[];
        }
        self.allotted(special, day)
    }

    /// Where the window ends that began the day before and crosses midnight; 0 if there is none.
    fn spill<'a>(&'a self, exceptions: Exceptions<'a>, day: i64) -> i64 {
        let of_the_week = self.days.get(weekday_index(day)).map_or(0, |hours| hours.spill);
        // Nothing adds to what the week lets cross midnight.
        if of_the_week == 0 { 0 } else { past_midnight(self.windows(exceptions, day - 1)) }
    }

    /// The first open reading in `from..until`, both in seconds of the wall clock.
    fn next_open(&self, exceptions: Exceptions<'_>, from: i64, until: i64) -> Option<i64> {
        let mut day = from.div_euclid(DAY);
        let mut second = from.rem_euclid(DAY);
        while day * DAY < until {
            let found = if second < self.spill(exceptions, day) {
                Some(second)
            } else {
                let mut windows = self.windows(exceptions, day).iter();
                windows.find(|(_, end)| second < *end).map(|(start, _)| second.max(*start))
            };
            if let Some(found) = found {
                return Some(day * DAY + found).filter(|reading| *reading < until);
            }
            // A window that reached into the next day would have been found.
            day += 1;
            second = 0;
            if let Some(special) = exceptions.special {
                day = special.resume(day);
            }
        }
        None
    }

    /// The first reading in `from..until` that is not open, both in seconds of the wall clock.
    fn next_closed(&self, mut from: i64, until: i64) -> Option<i64> {
        while from < until {
            let Some(end) = self.open_until(from) else { return Some(from) };
            from = end;
            if self.seamless {
                // Without this, hours that never end would be walked day by day to the year 2200.
                let before = from.div_euclid(DAY) - 1;
                let ahead = self.holidays.partition_point(|holiday| *holiday < before);
                let holiday = self.holidays.get(ahead).copied();
                let special = self.special.as_ref().map(|special| special.next(before));
                let exception = holiday.into_iter().chain(special).min()?;
                from = from.max(exception * DAY);
            }
        }
        None
    }

    /// If the wall clock's reading is open, the end of a window that holds it.
    #[inline]
    fn open_until(&self, reading: i64) -> Option<i64> {
        let day = reading.div_euclid(DAY);
        let second = reading.rem_euclid(DAY);
        if let Some(special) = &self.special {
            return self.open_until_specially(special, day, second);
        }
        let hours = self.days.get(weekday_index(day))?;
        if second < hours.spill && !is_holiday(&self.holidays, day - 1) {
            return Some(day * DAY + hours.spill);
        }
        let (_, end) = hours.windows.iter().find(|(start, end)| (*start..*end).contains(&second))?;
        (!is_holiday(&self.holidays, day)).then_some(day * DAY + end)
    }

    #[inline(never)]
    fn open_until_specially(&self, special: &Special, day: i64, second: i64) -> Option<i64> {
        if let Some(until) = special.silent_until(day) {
            return Some(until * DAY);
        }
        let spill = self.spill(self.exceptions(), day);
        if second < spill {
            return Some(day * DAY + spill);
        }
        let windows = self.windows(self.exceptions(), day);
        let (_, end) = windows.iter().find(|(start, end)| (*start..*end).contains(&second))?;
        // What spills out of the last valid day is no longer judged by these hours.
        Some(day * DAY + end)
    }

    /// The offset on which these hours are read at that second, or `None` while they say nothing; and the
    /// second at which that may change.
    fn read_on(&self, zone: &Zone, second: i64) -> (Option<i32>, i64) {
        let segment = zone.segment(second);
        let Some(special) = &self.special else { return (Some(segment.offset), segment.end) };
        let offset = i64::from(segment.offset);
        let day = (second + offset).div_euclid(DAY);
        let silent_until = special.silent_until(day);
        let change = silent_until.unwrap_or(special.valid.end) * DAY - offset;
        (silent_until.is_none().then_some(segment.offset), change.min(segment.end))
    }
}

fn in_seconds(windows: &[Window]) -> Windows {
    let seconds = |minutes: u16| i64::from(minutes) * 60;
    windows.iter().map(|window| (seconds(window.start), seconds(window.end))).collect()
}

/// What both of two sorted lists hold, sorted.
fn in_both(some: &[(i64, i64)], others: &[(i64, i64)]) -> Windows {
    let shared = |window: &(i64, i64)| {
        let (start, end) = *window;
        others.iter().map(move |other| (start.max(other.0), end.min(other.1)))
    };
    some.iter().flat_map(shared).filter(|(start, end)| start < end).collect()
}

/// Seconds that a day's windows have past its midnight. Only the last can have any, the others would overlap.
fn past_midnight(windows: &[(i64, i64)]) -> i64 {
    windows.last().map_or(0, |(_, end)| (end - DAY).max(0))
}

#[inline]
fn is_holiday(holidays: &[i64], day: i64) -> bool {
    holidays.binary_search(&day).is_ok()
}

/// The first instant at or after `from` that is open in every place at once, or `None` if there is none
/// until the end of 2200. Without any place that is `from`.
///
/// ```
/// # #[cfg(feature = "embedded-zones")] {
/// use followup::{Dates, OpenTimes, Week, Zones, opens_in_all};
/// use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
///
/// let zones = Zones::embedded();
/// let week = Week::never().on([Mon, Tue, Wed, Thu, Fri], ["09:00-17:00"]).unwrap();
/// let hours = OpenTimes::new(week, Dates::default());
/// let places =
///     [(&hours, zones.get("Europe/Berlin").unwrap()), (&hours, zones.get("America/New_York").unwrap())];
/// let monday = "2026-03-02T06:00:00Z".parse().unwrap();
/// assert_eq!(opens_in_all(&places, monday).unwrap().to_string(), "2026-03-02T14:00:00Z");
/// # }
/// ```
#[must_use]
pub fn opens_in_all(places: &[(&OpenTimes, &Zone)], from: Instant) -> Option<Instant> {
    // Longer than a week, so that every pair of windows has had its turn.
    const TRIAL: i64 = 8 * DAY;

    if places.iter().all(|(hours, zone)| hours.is_open(zone, from)) {
        return Some(from);
    }
    let mut second = from.ceil_seconds()?;
    let mut trial_ends = second + TRIAL;
    let mut apart: Vec<Vec<Option<i32>>> = Vec::new();
    loop {
        let mut next = second;
        for (hours, zone) in places {
            next = hours.opens_second(zone, next)?;
        }
        if next == second {
            return Instant::from_unix_seconds(second);
        }
        second = next;
        if second >= trial_ends {
            // Holidays, short days and what is not known only close, so where the bare weeks do not meet
            // nothing will until an offset changes or hours begin or end to hold. The same few offsets come
            // back every year.
            loop {
                let (offsets, changes): (Vec<_>, Vec<_>) =
                    places.iter().map(|(hours, zone)| hours.read_on(zone, second)).unzip();
                if !apart.contains(&offsets) {
                    if weeks_meet(places, &offsets, second) {
                        break;
                    }
                    apart.push(offsets);
                }
                second = changes.into_iter().min()?;
                Instant::from_unix_seconds(second)?;
            }
            trial_ends = second + TRIAL;
        }
    }
}

/// Whether the weeks would ever be open at once from that second on, exceptions aside, on these offsets. Hours
/// without one say nothing and are open.
fn weeks_meet(places: &[(&OpenTimes, &Zone)], offsets: &[Option<i32>], second: i64) -> bool {
    let until = second + WEEK;
    let mut now = second;
    loop {
        let mut next = now;
        for ((hours, _), offset) in places.iter().zip(offsets) {
            let Some(offset) = offset.map(i64::from) else { continue };
            match hours.next_open(Exceptions::default(), next + offset, until + offset) {
                Some(reading) => next = reading - offset,
                None => return false,
            }
        }
        if next == now {
            return true;
        }
        now = next;
    }
}

/// Which days count when business days are counted.
///
/// ```
/// use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
/// use followup::{BusinessDays, Dates};
///
/// let holidays = Dates::parse(["2026-12-25", "2027-01-01"]).unwrap();
/// let days = BusinessDays::new([Mon, Tue, Wed, Thu, Fri], &holidays);
/// let friday = "2026-12-18".parse().unwrap();
/// assert_eq!(days.nth_after(friday, 5), "2026-12-28".parse().ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessDays {
    /// From Monday.
    open: [bool; 7],
    per_week: i64,
    /// Day numbers of the closed dates that would be open otherwise.
    closed: Box<[i64]>,
}

impl BusinessDays {
    /// These weekdays, except on the closed dates.
    #[must_use]
    pub fn new(weekdays: impl IntoIterator<Item = Weekday>, closed: &Dates) -> Self {
        let mut open = [false; 7];
        for weekday in weekdays {
            if let Some(day) = open.get_mut(weekday as usize) {
                *day = true;
            }
        }
        let per_week = open.iter().map(|open| i64::from(*open)).sum();
        let mut days = Self { open, per_week, closed: Box::default() };
        days.closed = closed.iter().map(day_number).filter(|day| days.is_open_weekday(*day)).collect();
        days
    }

    /// The `n`-th business day after the date; for an `n` of 0 the date itself, whatever it is.
    ///
    /// `None` if it lies after 2200 or no weekday is open.
    #[must_use]
    pub fn nth_after(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        if n == 0 {
            return Some(date);
        }
        if self.per_week == 0 {
            return None;
        }
        let mut day = day_number(date);
        let mut remaining = i64::from(n);
        while remaining > 0 && day <= LAST_DAY {
            // At least one day stays for the single steps, which end on an open day.
            let weeks = (remaining - 1) / self.per_week;
            if weeks > 0 {
                let skipped = day + 1..day + 1 + weeks * 7;
                remaining -= weeks * self.per_week;
                day = skipped.end - 1;
                let before = |day| self.closed.partition_point(|closed| *closed < day);
                let holidays = before(skipped.end) - before(skipped.start);
                remaining += i64::try_from(holidays).ok()?;
            } else {
                day += 1;
                remaining -= i64::from(self.is_open(day));
            }
        }
        date_of(day)
    }

    /// The `n`-th business day before the date; for an `n` of 0 the date itself, whatever it is.
    ///
    /// `None` if it lies before 1970 or no weekday is open.
    #[must_use]
    pub fn nth_before(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        let mut day = day_number(date);
        let mut remaining = n;
        while remaining > 0 && day > 0 {
            day -= 1;
            remaining -= u32::from(self.is_open(day));
        }
        date_of(day).filter(|_| remaining == 0)
    }

    /// That day if it is a business day, otherwise the first one after it. `None` if no weekday is open.
    pub(crate) fn first_from(&self, day: i64) -> Option<i64> {
        if self.is_open(day) { Some(day) } else { self.nth_after(date_of(day)?, 1).map(day_number) }
    }

    /// That day if it is a business day, otherwise the last one before it. `None` if there is none.
    pub(crate) fn last_until(&self, day: i64) -> Option<i64> {
        if self.is_open(day) { Some(day) } else { self.nth_before(date_of(day)?, 1).map(day_number) }
    }

    fn is_open(&self, day: i64) -> bool {
        self.is_open_weekday(day) && !is_holiday(&self.closed, day)
    }

    fn is_open_weekday(&self, day: i64) -> bool {
        self.open.get(weekday_index(day)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;

    fn messages(text: &str) -> String {
        let error = serde_json::from_str::<Week>(text).unwrap_err().to_string();
        error.split(" at line").next().unwrap().to_string()
    }

    fn week(text: &str) -> Week {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_week_has_one_canonical_form() {
        let canonical = |text: &str| serde_json::to_string(&week(text)).unwrap();
        assert_eq!(canonical(r#"{"sun":["09:00-10:00"]}"#), r#"{"sun":["09:00-10:00"]}"#);
        assert_eq!(
            canonical(r#"{"sat-mon":["13:00-17:00","09:00-12:00"],"wed":[]}"#),
            r#"{"mon":["09:00-12:00","13:00-17:00"],"sat-sun":["09:00-12:00","13:00-17:00"]}"#
        );
        assert_eq!(canonical(r#"{"mon-sun":["22:00-06:00"]}"#), r#"{"daily":["22:00-06:00"]}"#);
        assert_eq!(canonical(r#"{"daily":["22:00-00:00"]}"#), r#"{"daily":["22:00-24:00"]}"#);
        assert_eq!(canonical("{}"), "{}");
        assert_eq!(week(r#"{"daily":["00:00-24:00"]}"#), Week::always());
    }

    #[test]
    fn a_week_reads_from_toml() {
        let text = "mon-fri = [\"09:00-12:00\", \"12:00-17:00\"]\nsat = [\"10:00-14:00\"]\n";
        let week: Week = toml::from_str(text).unwrap();
        assert_eq!(week.open_days().count(), 6);
        assert_eq!(toml::from_str::<Week>(&toml::to_string(&week).unwrap()).unwrap(), week);
    }

    #[test]
    fn all_faults_of_a_week_are_told_at_once() {
        let text =
            r#"{"mon-fri":["09:00-12:00","11:00-13:00"],"fri":["9-5"],"someday":[],"sun":["08:00-08:00"]}"#;
        assert_eq!(
            messages(text),
            "mon-fri: the windows \"09:00-12:00\" and \"11:00-13:00\" overlap; merge them into one; \
             fri: \"9-5\" is no window; write one like \"09:00-17:30\"; \
             fri is named by both \"mon-fri\" and \"fri\"; name each day once; \
             \"someday\" is no day; write one of mon, tue, wed, thu, fri, sat, sun, a range like \"mon-fri\", \
             or \"daily\"; \
             sun: the window \"08:00-08:00\" has no length; write \"00:00-24:00\" for a whole day"
        );
        assert!(messages(r#"{"mon":["09:00-10:00"],"mon":[]}"#).contains("name each day once"));
    }

    #[test]
    fn odd_texts_are_no_windows() {
        for text in
            ["", "-", "09:00", "24:00-06:00", "09:00-24:01", "09:60-10:00", "9:00-10:00", "+9:00-10:00"]
        {
            assert!(Week::never().on([Weekday::Mon], [text]).is_err(), "{text}");
        }
        for key in ["", "-", "Mon", "mon-", "mon-fri-sun", "monday"] {
            assert!(weekdays(key).is_none(), "{key}");
        }
    }

    #[test]
    fn windows_of_two_days_may_meet_but_not_those_of_one() {
        let week = Week::never().on([Weekday::Mon], ["22:00-06:00"]).unwrap();
        let week = week.on([Weekday::Tue], ["05:00-09:00"]).unwrap();
        assert!(week.clone().on([Weekday::Mon], ["23:00-23:30"]).is_err());
        assert!(week.on([Weekday::Mon], ["21:00-22:00"]).is_ok());
    }

    #[test]
    fn dates_are_a_sorted_set_within_range() {
        let dates: Dates =
            serde_json::from_str(r#"["2026-12-25","1970-01-01","2026-12-25","2200-12-31"]"#).unwrap();
        assert_eq!(serde_json::to_string(&dates).unwrap(), r#"["1970-01-01","2026-12-25","2200-12-31"]"#);
        let errors = Dates::parse(["1969-12-31", "2201-01-01", "2026-1-5", "2026-02-30"]).unwrap_err();
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "1969-12-31 is outside the years 1970 to 2200; remove it",
                "2201-01-01 is outside the years 1970 to 2200; remove it",
                "\"2026-1-5\" is no date; write one like \"2026-12-25\"",
                "\"2026-02-30\" is no date; write one like \"2026-12-25\"",
            ]
        );
    }

    #[test]
    fn the_first_date_has_no_eve_in_range() {
        let dates = Dates::parse(["1970-01-01", "1970-01-02", "2200-12-31"]).unwrap();
        assert_eq!(dates.eves(), Dates::parse(["1970-01-01", "2200-12-30"]).unwrap());
    }

    #[test]
    fn faults_of_short_days_are_told() {
        let hours = OpenTimes::new(Week::always(), Dates::default());
        let message = |windows: &[&str]| {
            hours.clone().short_on(&Dates::default(), windows.iter().copied()).unwrap_err().to_string()
        };
        assert_eq!(message(&["9-14"]), "short days: \"9-14\" is no window; write one like \"09:00-17:30\"");
        assert_eq!(
            message(&["13:00-15:00", "09:00-14:00"]),
            "short days: the windows \"09:00-14:00\" and \"13:00-15:00\" overlap; merge them into one"
        );
    }

    #[test]
    fn bounds_that_bound_nothing_leave_the_hours_as_they_are() {
        let hours = OpenTimes::new(Week::always(), Dates::default());
        let same = hours.clone().known(None, None).valid(None, None);
        assert_eq!(same.short_on(&Dates::default(), []), Ok(hours.clone()));
        assert_eq!(hours.known_through(), None);
        let (early, late) = ("2026-12-31".parse().ok(), "2027-12-31".parse().ok());
        assert_eq!(hours.clone().known(early, None).known_through(), None);
        assert_eq!(hours.clone().known(None, late).known_through(), late);
        assert_eq!(
            hours.clone().known(None, late).known(None, early).known(None, late).known_through(),
            early
        );
        let extreme = (Some(NaiveDate::MIN), Some(NaiveDate::MAX));
        let extreme = hours.known(extreme.0, extreme.1).valid(extreme.0, extreme.1);
        assert_eq!(extreme.known_through(), Some(NaiveDate::MAX));
    }

    #[test]
    fn day_numbers_convert_back() {
        for text in ["1970-01-01", "2000-02-29", "2026-11-21", "2200-12-31"] {
            let date: NaiveDate = text.parse().unwrap();
            assert_eq!(date_of(day_number(date)), Some(date));
            assert_eq!(weekday_index(day_number(date)), date.weekday() as usize);
        }
        assert_eq!(date_of(LAST_DAY + 1), None);
    }

    #[test]
    fn business_days_agree_with_counting() {
        let start: NaiveDate = "2026-01-01".parse().unwrap();
        let dates =
            |step: usize, count: usize| Dates::new(start.iter_days().step_by(step).take(count)).unwrap();
        for closed in [Dates::default(), dates(1, 40), dates(7, 30), dates(3, 100)] {
            for weekdays in
                [vec![Weekday::Sun], vec![Weekday::Mon, Weekday::Wed], DAYS.map(|(day, _)| day).into()]
            {
                let days = BusinessDays::new(weekdays.iter().copied(), &closed);
                for date in start.iter_days().take(9) {
                    let mut later = date
                        .iter_days()
                        .skip(1)
                        .filter(|day| weekdays.contains(&day.weekday()) && !closed.contains(*day));
                    for n in 1..60 {
                        assert_eq!(days.nth_after(date, n), later.next(), "{n} after {date}");
                    }
                    assert_eq!(days.nth_after(date, 0), Some(date));
                }
            }
        }
    }

    #[test]
    fn business_days_end() {
        let day: NaiveDate = "2200-12-30".parse().unwrap();
        let never = BusinessDays::new([], &Dates::default());
        assert_eq!(never.nth_after(day, 1), None);
        let always = BusinessDays::new(DAYS.map(|(day, _)| day), &Dates::default());
        assert_eq!(always.nth_after(day, 1), "2200-12-31".parse().ok());
        assert_eq!(always.nth_after(day, 2), None);
        assert_eq!(always.nth_after(NaiveDate::MAX, u32::MAX), None);
        assert_eq!(always.nth_after(NaiveDate::MIN, u32::MAX), None);
        assert_eq!(always.nth_after("1970-01-01".parse().unwrap(), u32::MAX), None);
    }

    #[cfg(feature = "embedded-zones")]
    mod with_zones {
        use super::*;
        use crate::time::zone::Zones;

        fn at(text: &str) -> Instant {
            text.parse().unwrap()
        }

        fn hours(text: &str, closed: &[&str]) -> OpenTimes {
            OpenTimes::new(week(text), Dates::parse(closed.iter().copied()).unwrap())
        }

        #[test]
        fn an_open_instant_is_its_own_opening_to_the_nanosecond() {
            let zones = Zones::embedded();
            let berlin = zones.get("Europe/Berlin").unwrap();
            let hours = hours(r#"{"daily":["09:00-17:00"]}"#, &[]);
            let last = at("2026-03-02T15:59:59.999999999Z");
            assert_eq!(hours.opens(berlin, last), Some(last));
            assert_eq!(hours.closes(berlin, last), Some(at("2026-03-02T16:00:00Z")));
            let before = at("2026-03-02T07:59:59.999999999Z");
            assert_eq!(hours.opens(berlin, before), Some(at("2026-03-02T08:00:00Z")));
            assert_eq!(hours.closes(berlin, before), Some(before));
        }

        #[test]
        fn a_window_inside_a_gap_does_not_open() {
            let zones = Zones::embedded();
            let berlin = zones.get("Europe/Berlin").unwrap();
            let inside = hours(r#"{"sun":["02:15-02:45"]}"#, &[]);
            assert_eq!(inside.opens(berlin, at("2026-03-29T00:00:00Z")), Some(at("2026-04-05T00:15:00Z")));
            let across = hours(r#"{"sun":["02:15-03:15"]}"#, &[]);
            assert_eq!(across.opens(berlin, at("2026-03-29T00:00:00Z")), Some(at("2026-03-29T01:00:00Z")));
            assert_eq!(across.closes(berlin, at("2026-03-29T01:00:00Z")), Some(at("2026-03-29T01:15:00Z")));
        }

        #[test]
        fn both_passes_of_a_repeated_hour_open() {
            let zones = Zones::embedded();
            let berlin = zones.get("Europe/Berlin").unwrap();
            let hours = hours(r#"{"sun":["02:15-02:45"]}"#, &[]);
            assert_eq!(hours.opens(berlin, at("2026-10-25T00:00:00Z")), Some(at("2026-10-25T00:15:00Z")));
            assert_eq!(hours.opens(berlin, at("2026-10-25T00:45:00Z")), Some(at("2026-10-25T01:15:00Z")));
        }

        #[test]
        fn a_holiday_removes_what_begins_on_it_past_midnight_too() {
            let zones = Zones::embedded();
            let utc = zones.get("UTC").unwrap();
            let hours = hours(r#"{"daily":["22:00-06:00"]}"#, &["2026-03-03"]);
            assert!(hours.is_open(utc, at("2026-03-03T05:59:59Z")));
            assert_eq!(hours.opens(utc, at("2026-03-03T06:00:00Z")), Some(at("2026-03-04T22:00:00Z")));
        }

        #[test]
        fn hours_that_never_end_close_only_for_holidays() {
            let zones = Zones::embedded();
            let zone = zones.get("America/New_York").unwrap();
            let start = at("1970-01-01T12:00:00Z");
            for text in [r#"{"daily":["00:00-24:00"]}"#, r#"{"daily":["12:00-06:00","06:00-12:00"]}"#] {
                assert_eq!(hours(text, &[]).closes(zone, start), None);
            }
            let whole = hours(r#"{"daily":["00:00-24:00"]}"#, &["2199-12-25"]);
            assert_eq!(whole.closes(zone, start), Some(at("2199-12-25T05:00:00Z")));
            let shifts = hours(r#"{"daily":["12:00-06:00","06:00-12:00"]}"#, &["2199-12-25"]);
            assert_eq!(shifts.closes(zone, start), Some(at("2199-12-25T11:00:00Z")));
            assert_eq!(shifts.opens(zone, at("2199-12-25T11:00:00Z")), Some(at("2199-12-26T11:00:00Z")));
            // The day after a holiday can lack what the holiday would have had past midnight.
            let text = r#"{"mon":["00:00-12:00","12:00-06:00"],"tue":["00:00-03:00","06:00-24:00"],
                "wed-sun":["00:00-24:00"]}"#;
            let uneven = hours(text, &["2026-03-02"]);
            let utc = zones.get("UTC").unwrap();
            assert_eq!(uneven.closes(utc, at("2026-03-03T01:00:00Z")), Some(at("2026-03-03T03:00:00Z")));
            assert_eq!(uneven.closes(utc, at("2026-03-10T01:00:00Z")), None);
        }

        #[test]
        fn never_is_told_at_once() {
            let zones = Zones::embedded();
            let zone = zones.get("Europe/Berlin").unwrap();
            assert_eq!(hours("{}", &[]).opens(zone, Instant::MIN), None);
            assert_eq!(hours(r#"{"mon":["09:00-10:00"]}"#, &[]).opens(zone, Instant::MAX), None);
            let every_day = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap().iter_days().take(84_371);
            let closed = Dates::new(every_day).unwrap();
            let utc = zones.get("UTC").unwrap();
            assert_eq!(OpenTimes::new(Week::always(), closed).opens(utc, Instant::MIN), None);
        }

        fn date(text: &str) -> Option<NaiveDate> {
            text.parse().ok()
        }

        #[test]
        fn a_short_day_only_narrows() {
            let zones = Zones::embedded();
            let utc = zones.get("UTC").unwrap();
            let times = hours(r#"{"mon-sat":["08:00-12:00","13:00-20:00"]}"#, &["2026-12-25"]);
            // A Thursday, a closed Friday, a Sunday.
            let short = Dates::parse(["2026-12-24", "2026-12-25", "2026-12-27"]).unwrap();
            let times = times.short_on(&short, ["07:00-14:00"]).unwrap();
            assert_eq!(times.opens(utc, at("2026-12-24T07:00:00Z")), Some(at("2026-12-24T08:00:00Z")));
            assert_eq!(times.closes(utc, at("2026-12-24T13:00:00Z")), Some(at("2026-12-24T14:00:00Z")));
            assert_eq!(times.opens(utc, at("2026-12-24T14:00:00Z")), Some(at("2026-12-26T08:00:00Z")));
            assert_eq!(times.opens(utc, at("2026-12-26T20:00:00Z")), Some(at("2026-12-28T08:00:00Z")));
            let shorter = times.clone().short_on(&short, ["09:00-20:00"]).unwrap();
            assert_eq!(shorter.opens(utc, at("2026-12-24T07:00:00Z")), Some(at("2026-12-24T09:00:00Z")));
            assert_eq!(shorter.closes(utc, at("2026-12-24T13:00:00Z")), Some(at("2026-12-24T14:00:00Z")));
            let closed = times.short_on(&short, []).unwrap();
            assert_eq!(closed.opens(utc, at("2026-12-24T07:00:00Z")), Some(at("2026-12-26T08:00:00Z")));
        }

        #[test]
        fn a_short_day_cuts_what_lies_past_midnight() {
            let zones = Zones::embedded();
            let utc = zones.get("UTC").unwrap();
            let cut = |windows: &[&str]| {
                let nights = hours(r#"{"daily":["22:00-06:00"]}"#, &[]);
                let short = Dates::parse(["2026-03-03"]).unwrap();
                let nights = nights.short_on(&short, windows.iter().copied()).unwrap();
                let opens = nights.opens(utc, at("2026-03-03T06:00:00Z")).unwrap();
                (opens.to_string(), nights.closes(utc, opens).unwrap().to_string())
            };
            let night = |from: &str, until: &str| (from.to_string(), until.to_string());
            assert_eq!(cut(&["09:00-14:00"]), night("2026-03-04T22:00:00Z", "2026-03-05T06:00:00Z"));
            assert_eq!(cut(&["00:00-24:00"]), night("2026-03-03T22:00:00Z", "2026-03-04T00:00:00Z"));
            assert_eq!(cut(&["23:00-02:00"]), night("2026-03-03T23:00:00Z", "2026-03-04T02:00:00Z"));
        }

        #[test]
        fn nothing_opens_on_what_nobody_knows() {
            let zones = Zones::embedded();
            let utc = zones.get("UTC").unwrap();
            let nights = hours(r#"{"daily":["22:00-06:00"]}"#, &[]);
            let nights = nights.known(date("2026-01-01"), date("2026-12-31"));
            assert_eq!(nights.opens(utc, Instant::MIN), Some(at("2026-01-01T22:00:00Z")));
            assert_eq!(nights.closes(utc, at("2026-12-31T23:00:00Z")), Some(at("2027-01-01T06:00:00Z")));
            assert_eq!(nights.opens(utc, at("2027-01-01T06:00:00Z")), None);
            let always = hours(r#"{"daily":["00:00-24:00"]}"#, &[]).known(None, date("2199-12-31"));
            assert_eq!(always.closes(utc, Instant::MIN), Some(at("2200-01-01T00:00:00Z")));
            let nothing = always.known(date("2200-01-01"), None);
            assert_eq!(nothing.opens(utc, Instant::MIN), None);
        }

        #[test]
        fn hours_say_nothing_on_days_on_which_they_do_not_hold() {
            let zones = Zones::embedded();
            let berlin = zones.get("Europe/Berlin").unwrap();
            let nights = hours(r#"{"daily":["22:00-06:00"]}"#, &["2025-12-25"]);
            let nights = nights.valid(date("2026-07-01"), date("2026-08-01"));
            let first = at("2026-06-30T22:00:00Z");
            assert_eq!(nights.closes(berlin, Instant::MIN), Some(first));
            assert_eq!(nights.opens(berlin, first), Some(at("2026-07-01T20:00:00Z")));
            assert_eq!(nights.opens(berlin, at("2026-07-31T04:00:00Z")), Some(at("2026-07-31T20:00:00Z")));
            assert_eq!(nights.closes(berlin, at("2026-07-31T20:00:00Z")), None);
            // Hours that never end miss what would have come over midnight into their first day.
            let shifts = hours(r#"{"daily":["12:00-06:00","06:00-12:00"]}"#, &[]);
            let shifts = shifts.valid(date("2026-07-01"), None);
            assert_eq!(shifts.closes(berlin, Instant::MIN), Some(first));
            assert_eq!(shifts.opens(berlin, first), Some(at("2026-07-01T04:00:00Z")));
            assert_eq!(shifts.closes(berlin, at("2026-07-01T04:00:00Z")), None);
            // What nobody knows, and a week that never opens, end with the hours.
            let unknown = hours("{}", &[]).known(date("2027-01-01"), date("2027-12-31"));
            let unknown = unknown.valid(None, date("2150-01-01"));
            assert_eq!(unknown.opens(berlin, Instant::MIN), Some(at("2149-12-31T23:00:00Z")));
            let never =
                hours(r#"{"mon":["09:00-10:00"]}"#, &[]).valid(date("2027-01-01"), date("2026-01-01"));
            assert_eq!(never.closes(berlin, Instant::MIN), None);
        }

        #[test]
        fn places_that_never_meet_do_once_the_hours_of_one_no_longer_hold() {
            let zones = Zones::embedded();
            let (berlin, kolkata) = (zones.get("Europe/Berlin").unwrap(), zones.get("Asia/Kolkata").unwrap());
            let morning = hours(r#"{"mon-fri":["09:00-12:00"]}"#, &[]);
            let evening = hours(r#"{"mon-fri":["18:00-20:00"]}"#, &[]);
            let meets = |morning: &OpenTimes, evening: &OpenTimes, from: &str| {
                opens_in_all(&[(morning, berlin), (evening, kolkata)], at(from))
            };
            let (start, later) = ("2026-11-01T00:00:00Z", "2031-06-12T07:00:00Z");
            // 12 June 2031 is a Thursday.
            let ended = evening.clone().valid(None, date("2031-06-12"));
            assert_eq!(meets(&morning, &ended, start), Some(at("2031-06-12T07:00:00Z")));
            assert_eq!(meets(&morning, &ended, later), Some(at(later)));
            let begun = evening.clone().valid(date("2031-06-12"), None);
            assert_eq!(meets(&morning, &begun, start), Some(at("2026-11-02T08:00:00Z")));
            assert_eq!(meets(&morning, &begun, later), None);
            let unknown = ended.known(None, date("2030-12-31"));
            assert_eq!(meets(&morning, &unknown, start), Some(at("2031-06-12T07:00:00Z")));
            let (both, date) = (hours("{}", &[]), date("2190-01-01"));
            let (here, there) = (both.clone().valid(None, date), both.valid(None, date));
            assert_eq!(meets(&here, &there, start), Some(at("2189-12-31T23:00:00Z")));
        }

        #[test]
        fn places_meet_or_never_do() {
            let zones = Zones::embedded();
            let (berlin, kolkata) = (zones.get("Europe/Berlin").unwrap(), zones.get("Asia/Kolkata").unwrap());
            let office = hours(r#"{"mon-fri":["09:00-17:00"]}"#, &["2026-11-02"]);
            let start = at("2026-11-01T00:00:00Z");
            assert_eq!(opens_in_all(&[], start), Some(start));
            assert_eq!(
                opens_in_all(&[(&office, berlin), (&office, kolkata)], start),
                Some(at("2026-11-03T08:00:00Z"))
            );
            let morning = hours(r#"{"mon-fri":["09:00-12:00"]}"#, &[]);
            let evening = hours(r#"{"mon-fri":["18:00-20:00"]}"#, &[]);
            assert_eq!(opens_in_all(&[(&morning, berlin), (&evening, kolkata)], start), None);
        }

        #[test]
        fn places_that_meet_only_after_a_change_of_offset_do_meet() {
            let zones = Zones::embedded();
            let (berlin, utc) = (zones.get("Europe/Berlin").unwrap(), zones.get("UTC").unwrap());
            // 10:00 in Berlin is 08:00 UTC in summer only.
            let here = hours(r#"{"wed":["10:00-11:00"]}"#, &["2027-03-31", "2027-04-07"]);
            let there = hours(r#"{"wed":["08:00-09:00"]}"#, &[]);
            let meets = |from| opens_in_all(&[(&here, berlin), (&there, utc)], at(from));
            assert_eq!(meets("2026-10-26T00:00:00Z"), Some(at("2027-04-14T08:00:00Z")));
            assert_eq!(meets("2200-10-30T00:00:00Z"), None);
            assert_eq!(meets("2199-10-30T00:00:00Z"), Some(at("2200-04-02T08:00:00Z")));
        }
    }
}
