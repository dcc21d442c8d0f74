//! Prospects made from a seed, once for the base and once for the crate.

use chrono_tz::Tz;
use followup::{
    ActName, AppliesTo, Basis, BringBackDraft, CapDraft, Channel, Channels, Delay, DutyDraft, Event, EventId,
    EventKind, Faults, Ground, HoldReason, HolidaysDraft, HoursDraft, Instant, ItemDraft, ItemId,
    LimitsDraft, Party, Playbook, PlaybookDraft, Prospect, Purpose, Purposes, Reason, RuleDraft,
    SequenceDraft, Source, Standing, StepDraft, Trigger, ZoneName,
};

use crate::base;

type Error = Box<dyn std::error::Error>;

/// Zones in which chrono-tz (2025b) and the crate's data agree; the run checks it.
pub(crate) const ZONES: [&str; 24] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Mexico_City",
    "America/Bogota",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
];

/// Days after the contact before it.
const STEPS: [u8; 7] = [1, 2, 3, 5, 8, 12, 18];
const TOPICS: [&str; 4] = ["boilers", "heat-pumps", "bakery", "grants"];

/// xorshift64*: small, and the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) const fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % end
    }

    const fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        usize::try_from(self.below(from.len() as u64)).ok().and_then(|index| from.get(index)).copied()
    }

    fn channel(&mut self) -> base::Channel {
        if self.percent(50) { base::Channel::Phone } else { base::Channel::Email }
    }

    fn channels(&mut self) -> base::Channels {
        if self.percent(30) { base::Channels::BOTH } else { base::Channels::of(self.channel()) }
    }

    fn seconds(&mut self, end: i64) -> i64 {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        i64::try_from(self.below(end)).unwrap_or_default()
    }
}

pub(crate) const DAY: i64 = 86_400;

/// The instant at which the histories end.
///
/// 2026-10-20T14:37:00Z, a Tuesday, shortly before the clocks of Europe and then of America go back.
pub(crate) const PRESENT: i64 = 1_792_507_020;

pub(crate) fn instant(at: i64) -> Result<Instant, Error> {
    Instant::from_unix_seconds(at).ok_or_else(|| format!("{at} is out of range").into())
}

/// The base's rules.
pub(crate) fn rules() -> base::Rules {
    let mut nth = 0;
    let steps = STEPS.map(|after| {
        nth += 1;
        base::Step { after: i64::from(after), channels: order(nth) }
    });
    base::Rules { steps, gap: 2, window: 7, implied: 6, opens: 9 * 3600, closes: 18 * 3600 }
}

const fn order(nth: usize) -> [base::Channel; 2] {
    if nth.is_multiple_of(3) {
        [base::Channel::Phone, base::Channel::Email]
    } else {
        [base::Channel::Email, base::Channel::Phone]
    }
}

const fn channel(channel: base::Channel) -> Channel {
    match channel {
        base::Channel::Phone => Channel::Phone,
        base::Channel::Email => Channel::Email,
    }
}

fn channels(channels: base::Channels) -> Channels {
    base::Channel::ALL.into_iter().filter(|one| channels.contains(*one)).map(channel).collect()
}

fn step(nth: usize, after: u8) -> StepDraft {
    StepDraft::new(&format!("step-{nth}")).after(Delay::days(after)).on(order(nth).map(channel))
}

/// The same rules as the base's.
pub(crate) fn simple() -> Result<Playbook, Faults> {
    let mut sequence = SequenceDraft::new("inbound").starts_on(Trigger::Inquired);
    for (nth, after) in (1..).zip(STEPS) {
        sequence = sequence.step(step(nth, after).without_item());
    }
    PlaybookDraft::new("simple", "Europe/Berlin")
        .fewest_touches(0)
        .default_permission(Purpose::FollowUp, [Ground::Granted(Basis::Express), Ground::Inquiry])
        .implied(Delay::months(6), Delay::months(6), Delay::months(6))
        .limits(LimitsDraft::new().gap(Delay::days(2)))
        .rule(RuleDraft::new("week").cap(CapDraft::new(3, Delay::days(7))))
        .respond(DutyDraft::new().on([Channel::Phone, Channel::Email]))
        .ask_permission(DutyDraft::new().at_most(0))
        .rule(
            RuleDraft::new("their-day").hours(HoursDraft::new("prospect").open("mon-fri", &["09:00-18:00"])),
        )
        .sequence(sequence)
        .build()
}

/// Every kind of rule that there is.
pub(crate) fn full() -> Result<Playbook, Faults> {
    let mut sequence = SequenceDraft::new("inbound").starts_on(Trigger::Inquired).starts_on(Trigger::Met);
    for (nth, after) in (1..).zip(STEPS) {
        let step = step(nth, after);
        sequence = sequence.step(match nth {
            3 => step.items(&["item-2", "item-8", "item-9"]),
            7 => step.without_item(),
            _ => step,
        });
    }
    let limits = LimitsDraft::new().gap(Delay::days(2)).cool_down(Delay::days(30)).retry(Delay::hours(4), 3);
    let mut draft = PlaybookDraft::new("full", "Europe/Berlin")
        .territory("Europe/Berlin")
        .territory("Europe/London")
        .territory("America/New_York")
        .business_days(&["mon-fri"], &["ours"])
        .default_permission(
            Purpose::FollowUp,
            [Ground::Granted(Basis::Express), Ground::Inquiry, Ground::Conversation, Ground::Purchase],
        )
        .permission(Purpose::FollowUp, Channel::Phone, [Ground::Granted(Basis::Express), Ground::Inquiry])
        .limits(limits)
        .respond(DutyDraft::new().on([Channel::Phone, Channel::Email]).within(Delay::minutes(5)))
        .ask_permission(DutyDraft::new().on([Channel::Email]).after(Delay::days(5)))
        .remind(DutyDraft::new().after(Delay::business_days(1)))
        .bring_back(BringBackDraft::new("back", Delay::days(60)))
        .sequence(SequenceDraft::new("back").step(StepDraft::new("call").on([Channel::Phone]).without_item()))
        .holidays(HolidaysDraft::new(
            "ours",
            &["2026-10-03", "2026-12-25", "2026-12-26", "2027-01-01", "2027-03-26", "2027-03-29"],
        ))
        .holidays(HolidaysDraft::new("theirs", &["2026-11-26", "2026-12-25", "2027-01-01", "2027-07-04"]))
        .rule(RuleDraft::new("week").cap(CapDraft::new(3, Delay::days(7))))
        .rule(RuleDraft::new("month").cap(CapDraft::new(8, Delay::months(1))).applies_to(AppliesTo::All))
        .rule(RuleDraft::new("calls").cap(CapDraft::new(2, Delay::business_days(5))).on([Channel::Phone]))
        .rule(
            RuleDraft::new("their-work")
                .hours(HoursDraft::new("prospect").open("mon-fri", &["09:00-18:00"]).closed("theirs")),
        )
        .rule(
            RuleDraft::new("call-times")
                .hours(
                    HoursDraft::new("prospect")
                        .open("mon-fri", &["08:00-20:00"])
                        .open("sat", &["10:00-14:00"]),
                )
                .on([Channel::Phone])
                .region("US")
                .citation("a law"),
        )
        .rule(
            RuleDraft::new("our-day")
                .hours(
                    HoursDraft::new("seller").open("mon-fri", &["07:30-12:30", "13:00-22:00"]).closed("ours"),
                )
                .on([Channel::Phone])
                .applies_to(AppliesTo::Approaches),
        )
        .sequence(sequence);
    for nth in 1..=12_u8 {
        let format = ["guide", "video", "case-study"].get(usize::from(nth % 3)).copied().unwrap_or("guide");
        let mut item = ItemDraft::new(&format!("item-{nth}"), format).rung(nth / 3);
        if nth % 2 == 0 {
            item = item.about(TOPICS.get(usize::from(nth / 2 % 4)).copied().unwrap_or_default());
        }
        if nth % 5 == 0 {
            item = item.on([Channel::Email]);
        }
        draft = draft.item(item);
    }
    draft.build()
}

/// The same people, for the base and for the crate. Each side has its own memory, as it would in use.
pub(crate) struct Fleet {
    pub(crate) base: Vec<base::Prospect>,
    pub(crate) people: Vec<(Prospect, Standing)>,
}

/// The texts that events name.
pub(crate) struct Names {
    steps: Vec<ActName>,
    items: Vec<ItemId>,
    respond: ActName,
}

impl Names {
    pub(crate) fn new() -> Result<Self, Error> {
        let steps = (1..=STEPS.len()).map(|nth| format!("inbound/step-{nth}").parse());
        let items = (1..=12).map(|nth| format!("item-{nth}").parse());
        Ok(Self {
            steps: steps.collect::<Result<_, _>>()?,
            items: items.collect::<Result<_, _>>()?,
            respond: "respond".parse()?,
        })
    }

    /// The base's event in the words of the crate.
    pub(crate) fn event(&self, event: &base::Event, with_items: bool) -> Result<Event, Error> {
        let kind = match event.kind {
            base::Kind::Inquired { channel: via } => {
                EventKind::Inquired { via: Source::Form, channel: via.map(channel) }
            }
            base::Kind::Replied { channel: on } => EventKind::Replied { channel: channel(on) },
            base::Kind::Engaged => EventKind::Engaged { how: followup::Engagement::Opened },
            base::Kind::Touched { channel: on, act, cause } => EventKind::Touched {
                channel: channel(on),
                act: match act {
                    Some(base::Act::Respond) => Some(self.respond.clone()),
                    Some(base::Act::Step(index)) => self.steps.get(usize::from(index)).cloned(),
                    None => None,
                },
                cause: cause.map(|id| EventId(id.into())),
                item: match act {
                    Some(base::Act::Step(index)) if with_items => self.items.get(usize::from(index)).cloned(),
                    _ => None,
                },
                disposition: None,
            },
            base::Kind::Granted { channels: on, until, own_act } => EventKind::Granted {
                term: None,
                channels: channels(on),
                purposes: Purposes::ALL,
                basis: Basis::Express,
                until: if until == i64::MAX { None } else { Some(instant(until)?) },
                own_act,
            },
            base::Kind::OptedOut { channels: from } => {
                EventKind::OptedOut { channels: channels(from), purposes: Purposes::ALL }
            }
            base::Kind::Declined => EventKind::Declined { reason: Reason::NotInterested },
        };
        Ok(Event::new(event.id.into(), instant(event.at)?, kind))
    }
}

/// A history that is written as one would go: mostly answers and the steps in order, some of everything else.
fn history(dice: &mut Dice, length: u64) -> Vec<base::Event> {
    let ends = PRESENT;
    let begins = ends - 20 * DAY - dice.seconds(190 * DAY);
    let span = ends - begins;
    let mut times: Vec<_> = (1..length).map(|_| begins + dice.seconds(span)).collect();
    times.push(begins);
    times.sort_unstable();
    let mut state = Written { id: 0, cause: None, next: 0, owes: false, refused: base::Channels::NONE };
    times.into_iter().map(|at| state.event(dice, at)).collect()
}

/// What the writer of a history remembers, to write the next event.
struct Written {
    id: u32,
    cause: Option<u32>,
    next: u8,
    owes: bool,
    refused: base::Channels,
}

impl Written {
    fn event(&mut self, dice: &mut Dice, at: i64) -> base::Event {
        self.id += 1;
        let on = dice.channel();
        let chance = if self.id == 1 { 99 } else { dice.below(100) };
        let kind = match chance {
            0..4 => base::Kind::Replied { channel: on },
            4..12 => base::Kind::Engaged,
            12..20 => {
                let until = if dice.percent(30) { at + dice.seconds(200 * DAY) } else { i64::MAX };
                let own_act = dice.percent(30);
                let channels = dice.channels();
                if own_act {
                    self.refused = self.refused.without(channels);
                }
                base::Kind::Granted { channels, until, own_act }
            }
            20..23 if !self.refused.contains(on) => {
                self.refused = self.refused.with(base::Channels::of(on));
                base::Kind::OptedOut { channels: base::Channels::of(on) }
            }
            23..25 => {
                self.cause = None;
                self.owes = false;
                base::Kind::Declined
            }
            25..28 => base::Kind::Touched { channel: on, act: None, cause: None },
            28 => base::Kind::Touched {
                channel: on,
                act: Some(base::Act::Step(self.next.min(6))),
                cause: Some(0),
            },
            94..100 => {
                self.cause = Some(self.id);
                self.next = 0;
                let channel = dice.percent(60).then_some(on);
                base::Kind::Inquired { channel }
            }
            _ if self.owes => {
                base::Kind::Touched { channel: on, act: Some(base::Act::Respond), cause: self.cause }
            }
            _ if self.cause.is_some() && self.next < 7 => {
                let index = (self.next + u8::from(dice.percent(5))).min(6);
                self.next = index + 1;
                base::Kind::Touched { channel: on, act: Some(base::Act::Step(index)), cause: self.cause }
            }
            _ => base::Kind::Engaged,
        };
        match kind {
            base::Kind::Inquired { .. } | base::Kind::Replied { .. } => self.owes = true,
            base::Kind::Touched { act: None | Some(base::Act::Respond), .. } => self.owes = false,
            _ => {}
        }
        base::Event { id: self.id, at, kind }
    }
}

/// One person of the fleet.
fn person(
    dice: &mut Dice,
    nth: usize,
    events: Vec<base::Event>,
) -> Result<(base::Prospect, Prospect), Error> {
    let zone = dice.pick(&ZONES).unwrap_or("UTC");
    let reachable = if dice.percent(85) { base::Channels::BOTH } else { dice.channels() };
    let prefers = dice.percent(30).then(|| dice.channel());
    let mut prospect = Prospect::new(format!("prospect-{nth}").parse()?)
        .in_zone(zone.parse()?)
        .reachable_by(channels(reachable));
    if let Some(one) = prefers {
        prospect = prospect.prefers(channel(one));
    }
    let zone = zone.parse::<Tz>()?;
    Ok((base::Prospect { zone, channels: reachable, prefers, events }, prospect))
}

pub(crate) fn standing(names: &Names, events: &[base::Event]) -> Result<Standing, Error> {
    let mut standing = Standing::new();
    for event in events {
        standing.apply(&names.event(event, false)?)?;
    }
    Ok(standing)
}

/// So many people with about nine events each.
pub(crate) fn fleet(size: usize) -> Result<Fleet, Error> {
    let names = Names::new()?;
    let mut dice = Dice::new(20_261_121);
    let (mut base, mut prospects) = (Vec::with_capacity(size), Vec::with_capacity(size));
    for nth in 0..size {
        let length = 6 + dice.below(7);
        let events = history(&mut dice, length);
        let (one, other) = person(&mut dice, nth, events)?;
        base.push(one);
        prospects.push(other);
    }
    let standings: Vec<Standing> =
        base.iter().map(|one| standing(&names, &one.events)).collect::<Result<_, Error>>()?;
    Ok(Fleet { base, people: prospects.into_iter().zip(standings).collect() })
}

/// The people of a fleet with the same ten last events, once alone and once after so many others that have no
/// effect any more. Both lead to the same answer.
pub(crate) fn with_past(pairs: usize, length: u32) -> Result<Vec<(Prospect, Standing, Standing)>, Error> {
    const LAST: u32 = 10;
    let names = Names::new()?;
    let mut dice = Dice::new(77);
    (0..pairs)
        .map(|nth| {
            let mut recent = history(&mut dice, LAST.into());
            let begins = recent.first().map_or(PRESENT, |event| event.at);
            let mut state =
                Written { id: 0, cause: None, next: 0, owes: false, refused: base::Channels::NONE };
            let mut all = Vec::new();
            for ago in (1..=i64::from(length.saturating_sub(LAST))).rev() {
                let event = state.event(&mut dice, begins - ago * DAY);
                let kind = match event.kind {
                    base::Kind::Granted { .. } | base::Kind::OptedOut { .. } => base::Kind::Engaged,
                    other => other,
                };
                all.push(base::Event { kind, ..event });
            }
            // Their ids continue, so their causes do too. The past ends in a no, so that the first inquiry begins anew.
            let shift = u32::try_from(all.len()).unwrap_or_default() + 1;
            all.push(base::Event { id: shift, at: begins - 1, kind: base::Kind::Declined });
            for event in &mut recent {
                event.id += shift;
                if let base::Kind::Touched { cause: Some(cause), .. } = &mut event.kind {
                    *cause += shift;
                }
            }
            let short = standing(&names, &recent)?;
            all.append(&mut recent);
            let long = standing(&names, &all)?;
            let (_, prospect) = person(&mut dice, nth, Vec::new())?;
            Ok((prospect, short, long))
        })
        .collect()
}

fn neighbour(zone: &str) -> Option<&'static str> {
    ZONES.iter().skip_while(|known| **known != zone).nth(1).copied()
}

/// People to whom everything has happened that can happen.
pub(crate) fn eventful(size: usize) -> Result<Vec<(Prospect, Standing)>, Error> {
    let names = Names::new()?;
    let mut dice = Dice::new(4_711);
    (0..size)
        .map(|nth| {
            let length = 6 + dice.below(7);
            let events = history(&mut dice, length);
            let mut standing = Standing::new();
            for event in &events {
                standing.apply(&names.event(event, true)?)?;
            }
            for event in incidents(&mut dice, &names, &events)? {
                standing.apply(&event)?;
            }
            let (_, known) = person(&mut dice, nth, Vec::new())?;
            let mut prospect = match dice.below(10) {
                0 => Prospect::new(known.id().clone())
                    .reachable_by(known.channels().iter().collect::<Channels>()),
                // Two zones near each other: they live near the border.
                1 => match neighbour(known.zones().first().map_or("", ZoneName::as_str)) {
                    Some(zone) => known.in_zone(zone.parse()?),
                    None => known,
                },
                _ => known,
            };
            for topic in TOPICS {
                if dice.percent(40) {
                    prospect = prospect.interested_in(topic.parse()?);
                }
            }
            if let Some(region) = dice.pick(&["US-FL", "US-CA", "DE", "FR"]) {
                prospect = prospect.in_region(region.parse()?);
            }
            Ok((prospect, standing))
        })
        .collect()
}

/// Holds, promises, bounces and the like, after the events of a history.
fn incidents(dice: &mut Dice, names: &Names, events: &[base::Event]) -> Result<Vec<Event>, Error> {
    let cause = events.iter().rfind(|event| matches!(event.kind, base::Kind::Inquired { .. }));
    let cause = EventId(cause.map_or(0, |event| event.id.into()));
    let soon = |dice: &mut Dice| instant(PRESENT - 5 * DAY + dice.seconds(15 * DAY));
    let mut kinds = Vec::new();
    if dice.percent(15) {
        kinds.push(EventKind::Held {
            until: Some(soon(dice)?),
            reason: HoldReason::NotNow,
            despite_reply: false,
        });
    }
    if dice.percent(8) {
        kinds.push(EventKind::AutoReplied { back: Some(soon(dice)?) });
    }
    if dice.percent(8) {
        kinds.push(EventKind::Annoyed);
    }
    if dice.percent(8) {
        kinds.push(EventKind::Bounced { channel: Channel::Email, permanent: dice.percent(30), of: None });
    }
    if let Some(act) = names.steps.get(3).filter(|_| dice.percent(10)) {
        kinds.push(EventKind::Failed { channel: Channel::Phone, act: act.clone(), cause });
    }
    for by in [Party::Us, Party::Them] {
        if dice.percent(10) {
            kinds.push(EventKind::Promised { by, due: soon(dice)?, about: None });
        }
    }
    if dice.percent(4) {
        kinds.push(EventKind::ProblemReported);
    }
    let first = events.len() as u64 + 1;
    let at = instant(PRESENT)?;
    Ok((first..).zip(kinds).map(|(id, kind)| Event::new(id, at, kind)).collect())
}
