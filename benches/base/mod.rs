//! The decision as a careful engineer would write it by hand for one fixed set of rules: one pass over the
//! events, nothing allocated, chrono and chrono-tz for the clock. It shares no code with the crate.
//!
//! Zones are slow to ask, so they are asked only where the answer can depend on them: what was over two days
//! ago on any clock is over, and of several days that must have passed only the latest is converted.

use chrono::{DateTime, MappedLocalTime, Months, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{GapInfo, Tz};

/// What is known of one person.
#[derive(Debug, Clone)]
pub(crate) struct Prospect {
    pub(crate) zone: Tz,
    pub(crate) channels: Channels,
    pub(crate) prefers: Option<Channel>,
    /// Sorted by instant, then by id.
    pub(crate) events: Vec<Event>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) id: u32,
    /// In Unix seconds, as all instants here.
    pub(crate) at: i64,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Inquired {
        channel: Option<Channel>,
    },
    Replied {
        channel: Channel,
    },
    Engaged,
    Touched {
        channel: Channel,
        act: Option<Act>,
        cause: Option<u32>,
    },
    /// For ever until the greatest number.
    Granted {
        channels: Channels,
        until: i64,
        own_act: bool,
    },
    OptedOut {
        channels: Channels,
    },
    Declined,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Phone,
    Email,
}

impl Channel {
    pub(crate) const ALL: [Self; 2] = [Self::Phone, Self::Email];
}

/// A set of channels, one bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Channels(pub(crate) u8);

impl Channels {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const BOTH: Self = Self(0b11);

    pub(crate) const fn of(channel: Channel) -> Self {
        Self(1 << channel as u8)
    }

    pub(crate) const fn contains(self, channel: Channel) -> bool {
        self.0 & Self::of(channel).0 != 0
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Respond,
    /// The step of that index.
    Step(u8),
}

/// The numbers of the rules; which rules there are is in the code.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) steps: [Step; 7],
    /// Days between an approach and the contact before it.
    pub(crate) gap: i64,
    /// At most three approaches in so many days.
    pub(crate) window: i64,
    /// For how many months an inquiry permits approaches.
    pub(crate) implied: u8,
    /// In seconds after midnight.
    pub(crate) opens: i64,
    pub(crate) closes: i64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// Days after the contact before it.
    pub(crate) after: i64,
    /// The preferred first.
    pub(crate) channels: [Channel; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Act { act: Act, channel: Channel },
    Wait { until: i64, act: Act, channel: Channel },
    Rest(Rest),
}

/// In the order in which a channel gets farther.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rest {
    Unstarted,
    /// They have taken a no back, and no sequence starts on that.
    NoSequence,
    Declined,
    Finished,
    Unreachable,
    Refused,
    Unpermitted,
}

/// Before everything that can happen.
const NEVER: i64 = i64::MIN;

/// What one pass over the events leaves.
struct Facts<'r> {
    rules: &'r Rules,
    zone: Tz,
    channels: Channels,
    declined: bool,
    opted_in: bool,
    enrolment: Option<Enrolment>,
    inquiry: i64,
    owed: Option<Owed>,
    /// Where they wrote after they refused.
    wrote: Channels,
    refused: Channels,
    /// Where a refusal has ended what the inquiry implied.
    broken: Channels,
    /// Until when, by channel.
    granted: [i64; 2],
    last_contact: i64,
    /// The newest first.
    approaches: [i64; 3],
    /// On which channels the last two went.
    latest: [Option<Channel>; 2],
}

struct Enrolment {
    id: u32,
    /// The last inquiry that came while it went on.
    echo: u32,
    /// The steps that were taken or left behind, one bit for each.
    done: u8,
    /// What happened last.
    from: i64,
}

impl Enrolment {
    #[allow(clippy::cast_possible_truncation, reason = "a byte has no more than eight ones")]
    const fn next(&self) -> u8 {
        self.done.trailing_ones() as u8
    }
}

/// An unanswered inquiry or reply: where the first and where the latest message came in.
struct Owed {
    first: Option<Channel>,
    latest: Option<Channel>,
}

impl<'r> Facts<'r> {
    fn of(rules: &'r Rules, prospect: &Prospect) -> Self {
        let mut facts = Self {
            rules,
            zone: prospect.zone,
            channels: prospect.channels,
            declined: false,
            opted_in: false,
            enrolment: None,
            inquiry: NEVER,
            owed: None,
            wrote: Channels::NONE,
            refused: Channels::NONE,
            broken: Channels::NONE,
            granted: [NEVER; 2],
            last_contact: NEVER,
            approaches: [NEVER; 3],
            latest: [None; 2],
        };
        for event in &prospect.events {
            facts.take(event);
        }
        facts
    }

    #[inline]
    fn take(&mut self, event: &Event) {
        // By far the most; the processor guesses one question better than a table of seven.
        if let Kind::Touched { act, cause, channel } = event.kind {
            self.touch(event.at, channel, act, cause);
        } else if !matches!(event.kind, Kind::Engaged) {
            self.take_rare(event);
        }
    }

    #[inline]
    fn touch(&mut self, at: i64, channel: Channel, act: Option<Act>, cause: Option<u32>) {
        self.last_contact = at;
        // A contact that nobody asked for answers what is owed.
        let is_answer = act == Some(Act::Respond) || act.is_none() && self.owed.is_some();
        if is_answer {
            self.owed = None;
            self.wrote = Channels::NONE;
        } else {
            let [newest, second, _] = self.approaches;
            self.approaches = [at, newest, second];
            self.latest = [Some(channel), self.latest[0]];
        }
        let Some(enrolment) = &mut self.enrolment else { return };
        if let Some(Act::Step(index)) = act {
            if cause.is_some_and(|cause| cause != enrolment.id && cause != enrolment.echo) {
                return;
            }
            if enrolment.done & (1 << index) == 0 {
                take_step(self.rules, self.zone, enrolment, index, at);
            }
        }
        enrolment.from = at;
    }

    fn take_rare(&mut self, event: &Event) {
        match event.kind {
            Kind::Engaged | Kind::Touched { .. } => {}
            Kind::Inquired { channel } => {
                self.declined = false;
                let usable = self.channels.without(self.refused);
                let is_going = |one: &&mut Enrolment| one.next() < 7 && usable != Channels::NONE;
                if let Some(going) = self.enrolment.as_mut().filter(is_going) {
                    going.echo = event.id;
                } else {
                    let id = event.id;
                    self.enrolment = Some(Enrolment { id, echo: id, done: 0, from: event.at });
                }
                self.inquiry = event.at;
                self.broken = Channels::NONE;
                self.owe(channel);
            }
            Kind::Replied { channel } => self.owe(Some(channel)),
            Kind::Granted { channels, until, own_act } => {
                if own_act {
                    let takes_back = self.declined || channels.without(self.refused) != channels;
                    self.opted_in |= takes_back && self.enrolment.is_none();
                    self.refused = self.refused.without(channels);
                    self.declined = false;
                }
                for (granted, channel) in self.granted.iter_mut().zip(Channel::ALL) {
                    if channels.without(self.refused).contains(channel) {
                        *granted = until.max(*granted);
                    }
                }
            }
            Kind::OptedOut { channels } => {
                self.refused = self.refused.with(channels);
                self.broken = self.broken.with(channels);
                self.wrote = self.wrote.without(channels);
                for (granted, channel) in self.granted.iter_mut().zip(Channel::ALL) {
                    if channels.contains(channel) {
                        *granted = NEVER;
                    }
                }
            }
            Kind::Declined => {
                self.declined = true;
                self.opted_in = false;
                self.enrolment = None;
                self.inquiry = NEVER;
                self.owed = None;
                self.wrote = Channels::NONE;
            }
        }
    }

    fn owe(&mut self, channel: Option<Channel>) {
        match &mut self.owed {
            Some(owed) => owed.latest = channel.or(owed.latest),
            None => self.owed = Some(Owed { first: channel, latest: channel }),
        }
        if let Some(channel) = channel {
            self.wrote = self.wrote.with(Channels::of(channel));
        }
    }

    fn granted(&self, channel: Channel) -> i64 {
        let [phone, email] = self.granted;
        match channel {
            Channel::Phone => phone,
            Channel::Email => email,
        }
    }
}

/// Takes a step, and leaves behind those before it that were due by then.
fn take_step(rules: &Rules, zone: Tz, enrolment: &mut Enrolment, index: u8, at: i64) {
    let (mut previous, done) = (enrolment.from, enrolment.done);
    for before in (0..index).filter(|before| done & (1 << before) == 0) {
        let days = rules.steps.get(usize::from(before)).map_or(0, |step| step.after);
        previous = first_instant_at(zone, wall(zone, previous) + days * DAY);
        if previous > at {
            break;
        }
        enrolment.done |= 1 << before;
    }
    enrolment.done |= 1 << index;
}

/// What to do about a prospect.
pub(crate) fn decide(rules: &Rules, prospect: &Prospect, now: i64) -> Answer {
    let facts = Facts::of(rules, prospect);
    if let Some(owed) = &facts.owed {
        return respond(rules, prospect, &facts, owed, now);
    }
    if facts.declined {
        return Answer::Rest(Rest::Declined);
    }
    let Some(enrolment) = &facts.enrolment else {
        return Answer::Rest(if facts.opted_in { Rest::NoSequence } else { Rest::Unstarted });
    };
    match rules.steps.get(usize::from(enrolment.next())) {
        Some(step) => touch(rules, prospect, &facts, enrolment, *step, now),
        None => Answer::Rest(Rest::Finished),
    }
}

fn respond(rules: &Rules, prospect: &Prospect, facts: &Facts<'_>, owed: &Owed, now: i64) -> Answer {
    let expected = owed.latest.or(owed.first);
    let stopped = |channel| {
        if !prospect.channels.contains(channel) {
            Some(Rest::Unreachable)
        } else if facts.refused.contains(channel) && !facts.wrote.contains(channel) {
            Some(Rest::Refused)
        } else {
            None
        }
    };
    match choose(Channel::ALL, [expected, prospect.prefers], stopped) {
        Ok(channel) => answer(Act::Respond, channel, open(rules, prospect.zone, now), now),
        Err(rest) => Answer::Rest(rest),
    }
}

fn touch(
    rules: &Rules,
    prospect: &Prospect,
    facts: &Facts<'_>,
    enrolment: &Enrolment,
    step: Step,
    now: i64,
) -> Answer {
    let usable = prospect.channels.without(facts.refused);
    let stopped = |channel| {
        if usable.contains(channel) {
            None
        } else if prospect.channels.contains(channel) {
            Some(Rest::Refused)
        } else {
            Some(Rest::Unreachable)
        }
    };
    // Nothing below can help when no channel is left.
    if let Err(rest) = choose(step.channels, [None; 2], stopped) {
        return Answer::Rest(rest);
    }
    let [_, _, third] = facts.approaches;
    let spans = [(enrolment.from, step.after), (facts.last_contact, rules.gap), (third, rules.window)];
    let at = open(rules, prospect.zone, after_all(prospect.zone, spans, now));
    // Worked out at most once, and only where no grant decides.
    let mut implied = None;
    let stopped = |channel| {
        stopped(channel).or_else(|| {
            let is_permitted = facts.granted(channel) > at
                || !facts.broken.contains(channel)
                    && *implied.get_or_insert_with(|| is_implied(rules, prospect.zone, facts.inquiry, at));
            if is_permitted { None } else { Some(Rest::Unpermitted) }
        })
    };
    // One that was used twice in a row gives way to the other.
    let [last, before] = facts.latest;
    let other = match last.filter(|_| last == before) {
        Some(Channel::Phone) => Some(Channel::Email),
        Some(Channel::Email) => Some(Channel::Phone),
        None => None,
    };
    match choose(step.channels, [other, prospect.prefers], stopped) {
        Ok(channel) => answer(Act::Step(enrolment.next()), channel, at, now),
        Err(rest) => Answer::Rest(rest),
    }
}

fn answer(act: Act, channel: Channel, at: i64, now: i64) -> Answer {
    if at == now { Answer::Act { act, channel } } else { Answer::Wait { until: at, act, channel } }
}

/// The first of the likings that is open, else the first channel that is; or why none is.
fn choose(
    channels: [Channel; 2],
    liked: [Option<Channel>; 2],
    mut stopped: impl FnMut(Channel) -> Option<Rest>,
) -> Result<Channel, Rest> {
    let [first, second] = channels;
    match (stopped(first), stopped(second)) {
        (None, None) => Ok(liked.into_iter().flatten().next().unwrap_or(first)),
        (None, Some(_)) => Ok(first),
        (Some(_), None) => Ok(second),
        (Some(one), Some(other)) => Err(one.max(other)),
    }
}

const DAY: i64 = 86_400;
/// No clock is put forward or back by more in all the time that a rule spans.
const SLACK: i64 = 2 * DAY;

/// The first instant from `now` at which each of the spans of days, kept on the wall clock, is over.
#[inline]
fn after_all(zone: Tz, spans: [(i64, i64); 3], now: i64) -> i64 {
    let mut latest = NEVER;
    for (from, days) in spans {
        if from + days * DAY + SLACK > now {
            latest = latest.max(wall(zone, from) + days * DAY);
        }
    }
    if latest == NEVER { now } else { first_instant_at(zone, latest).max(now) }
}

/// Whether the inquiry still permits an approach.
fn is_implied(rules: &Rules, zone: Tz, inquiry: i64, at: i64) -> bool {
    // Six months have 181 to 184 days, others as many more or fewer.
    let months = i64::from(rules.implied);
    let since = at - inquiry;
    if since < DAY * (30 * months - 3) {
        return true;
    }
    if since > DAY * (31 * months + 3) {
        return false;
    }
    let until = naive(wall(zone, inquiry)) + Months::new(u32::from(rules.implied));
    at < first_instant_at(zone, until.and_utc().timestamp())
}

/// The first instant from `at` within the hours of a working day.
#[inline]
fn open(rules: &Rules, zone: Tz, at: i64) -> i64 {
    let wall = wall(zone, at);
    let (day, second) = (wall.div_euclid(DAY), wall.rem_euclid(DAY));
    // From Monday; the first of 1970 was a Thursday.
    let weekday = (day + 3).rem_euclid(7);
    let is_working = weekday < 5;
    if is_working && second >= rules.opens && second < rules.closes {
        return at;
    }
    let ahead = match weekday {
        _ if is_working && second < rules.opens => 0,
        4 => 3,
        5 => 2,
        _ => 1,
    };
    first_instant_at(zone, (day + ahead) * DAY + rules.opens)
}

/// What the wall clock reads, in seconds after 1970 began on it.
#[inline]
fn wall(zone: Tz, at: i64) -> i64 {
    at + i64::from(zone.offset_from_utc_datetime(&naive(at)).fix().local_minus_utc())
}

/// The earlier of two, and the end of a gap.
#[inline]
fn first_instant_at(zone: Tz, wall: i64) -> i64 {
    let reading = naive(wall);
    match zone.offset_from_local_datetime(&reading) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => {
            wall - i64::from(offset.fix().local_minus_utc())
        }
        MappedLocalTime::None => {
            GapInfo::new(&reading, &zone).and_then(|gap| gap.end).map_or(wall, |end| end.timestamp())
        }
    }
}

#[inline]
fn naive(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc()
}
