//! Generators of playbooks, prospects and histories.
//!
//! A playbook is generated as a plain [`Model`], from which the draft is written. The oracles of the tests read
//! the model, never the playbook that was built from it.
#![allow(dead_code, unused_imports, reason = "not every test file uses all of it")]

pub(crate) mod oracle;
pub(crate) mod question;
pub(crate) mod rules;

use std::fmt;
use std::time::Duration;

use followup::{
    Active, Again, Anchor, AudienceDraft, Basis, BlackoutDraft, BringBackDraft, Channel, Channels, Delay,
    Disposition, DutyDraft, Elsewhere, Engagement, Event, EventId, EventKind, Executor, Ground, History,
    HoldReason, HolidaysDraft, Instant, ItemDraft, KeyDate, LimitsDraft, Party, Playbook, PlaybookDraft,
    Prospect, Purpose, Purposes, Reason, Recipient, SequenceDraft, Sign, Since, Source, Span, Stall,
    StepDraft, Suppression, ThenDraft, Trigger,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{FileFailurePersistence, RngSeed};

pub(crate) use question::Question;
pub(crate) use rules::{BlackoutModel, CapModel, HoursModel, PartModel, RuleModel, SpanModel};

pub(crate) const DAY: i64 = 86_400;
/// The first second after the year 2200.
pub(crate) const END: i64 = 7_289_654_400;

/// Zones that change by half an hour, at midnight, on a Friday, for Ramadan, or not at all.
pub(crate) const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Los_Angeles",
    "UTC",
];

/// Moments around which histories happen: ordinary days, and clock changes of the zones above.
const EPOCHS: [&str; 14] = [
    "2026-06-01T08:00:00Z",
    "2026-01-05T00:00:00Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-03-08T07:00:00Z",
    "2026-11-01T06:00:00Z",
    "2026-04-04T15:00:00Z",
    "2026-10-03T15:30:00Z",
    "2026-04-04T14:00:00Z",
    "2026-03-08T05:00:00Z",
    "2026-04-23T22:00:00Z",
    "2026-10-29T21:00:00Z",
    "2026-02-15T02:00:00Z",
    "2027-12-31T12:00:00Z",
];

/// Few, so that rules, events and steps meet.
pub(crate) const CHANNELS: [Channel; 4] = [Channel::Email, Channel::Phone, Channel::Text, Channel::Post];
const ENGAGEMENTS: [Engagement; 2] = [Engagement::Clicked, Engagement::Accepted];
/// Weighted by being there more than once.
const SIGNS: [Sign; 9] = [
    Sign::Clicked,
    Sign::Clicked,
    Sign::Accepted,
    Sign::Accepted,
    Sign::Replied,
    Sign::Booked,
    Sign::Met,
    Sign::Voicemail,
    Sign::NoAnswer,
];
const DISPOSITIONS: [Option<Disposition>; 3] =
    [None, Some(Disposition::Voicemail), Some(Disposition::NoAnswer)];
pub(crate) const TOPICS: [&str; 3] = ["boilers", "bakery", "fairs"];
pub(crate) const SUBSCRIPTIONS: [&str; 2] = ["news", "events"];
pub(crate) const TAGS: [&str; 2] = ["vip", "trade"];
pub(crate) const DATES: [&str; 3] = ["renewal", "birthday", "fair"];
pub(crate) const FORMATS: [&str; 3] = ["guide", "video", "case-study"];

/// Every run explores: so many cases at least, and others each time. What fails is written to a file beside the test,
/// and tried first from then on. `PROPTEST_CASES` sets how many there are.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let is_asked_for = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if is_asked_for { default.cases } else { cases },
        rng_seed: RngSeed::Random,
        max_shrink_iters: 20_000,
        max_local_rejects: u32::MAX,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("proptest-regressions"))),
        ..default
    }
}

// The model.

#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) epoch: i64,
    pub(crate) seller: &'static str,
    pub(crate) territory: Vec<&'static str>,
    /// Keys of weekdays, and whether the first set of holidays closes.
    pub(crate) business: Option<(Vec<&'static str>, bool)>,
    /// For follow-up and care.
    pub(crate) permission: [PermissionModel; 2],
    /// For asking whether the seller may.
    pub(crate) asking: PermissionModel,
    /// Inquiry, conversation, purchase.
    pub(crate) implied: [Delay; 3],
    /// After one approach that they did not answer, after two, and so on.
    pub(crate) gaps: Vec<Delay>,
    pub(crate) cool_down: Option<Delay>,
    pub(crate) retry: Option<(Delay, u16)>,
    /// Days relative to the epoch's day.
    pub(crate) holidays: Vec<Vec<i64>>,
    /// The first and the last day of which each set knows.
    pub(crate) known: [Option<(i64, i64)>; 2],
    pub(crate) rules: Vec<RuleModel>,
    pub(crate) blackouts: Vec<BlackoutModel>,
    /// Rules that come with the library, by region. No oracle knows them.
    pub(crate) contact_rules: Option<(Vec<&'static str>, Elsewhere)>,
    /// Those of them that are left out.
    pub(crate) except: Vec<String>,
    /// How an opt-out is confirmed, and within how long.
    pub(crate) confirm: Option<(DutyModel, Option<Delay>)>,
    /// How long before it a meeting is confirmed.
    pub(crate) confirm_meeting: Option<Delay>,
    pub(crate) respond: DutyModel,
    pub(crate) ask: DutyModel,
    pub(crate) remind: DutyModel,
    /// See [`Model::bring_back`].
    pub(crate) bring_back: Option<BringBackModel>,
    pub(crate) active: Active,
    pub(crate) fewest_touches: u16,
    pub(crate) sequences: Vec<SequenceModel>,
    pub(crate) items: Vec<ItemModel>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct PermissionModel {
    pub(crate) default: Option<Vec<Ground>>,
    pub(crate) on: Vec<(Channel, Vec<Ground>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct DutyModel {
    pub(crate) channels: Vec<Channel>,
    pub(crate) by: Executor,
    pub(crate) after: Option<Delay>,
    pub(crate) at_most: Option<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct SequenceModel {
    pub(crate) starts_on: Vec<Trigger>,
    pub(crate) ends_on: Vec<Sign>,
    pub(crate) again: Again,
    pub(crate) priority: u16,
    pub(crate) purpose: Purpose,
    pub(crate) subscription: Option<&'static str>,
    pub(crate) audience: AudienceModel,
    /// Of the first step this is what it comes `after`; see [`Model::then`].
    pub(crate) every: Option<Delay>,
    pub(crate) steps: Vec<StepModel>,
    /// See [`Model::then`].
    pub(crate) then: Option<ThenModel>,
}

/// Whom something is for; everybody where nothing is said.
#[derive(Debug, Clone, Default)]
pub(crate) struct AudienceModel {
    pub(crate) regions: Vec<&'static str>,
    pub(crate) recipient: Option<Recipient>,
    pub(crate) topics: Vec<&'static str>,
    pub(crate) tags: Vec<&'static str>,
}

/// A date from which a step is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepDateModel {
    pub(crate) name: &'static str,
    pub(crate) is_before: bool,
}

/// A date of a prospect.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DateModel {
    /// Relative to the epoch's day.
    Once(i64),
    Yearly(u32, u32),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ThenModel {
    pub(crate) sequence: usize,
    pub(crate) after: Delay,
    pub(crate) at_most: Option<u16>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct BringBackModel {
    pub(crate) sequence: usize,
    pub(crate) after: Delay,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ConditionModel {
    pub(crate) sign: Sign,
    pub(crate) is_wanted: bool,
    pub(crate) times: Option<u8>,
    /// Where it says nothing, what they opened or clicked counts since the last contact.
    pub(crate) since: Option<Since>,
    pub(crate) within: Option<Delay>,
}

#[derive(Debug, Clone)]
pub(crate) struct StepModel {
    pub(crate) after: Delay,
    pub(crate) anchor: Anchor,
    pub(crate) date: Option<StepDateModel>,
    pub(crate) is_on_business_day: bool,
    pub(crate) channels: Vec<Channel>,
    pub(crate) patience: Option<Delay>,
    pub(crate) expires: Option<Delay>,
    pub(crate) by: Executor,
    /// `None` owes no item, an empty list any item.
    pub(crate) gives: Option<Vec<usize>>,
    pub(crate) condition: Option<ConditionModel>,
}

#[derive(Debug, Clone)]
pub(crate) struct ItemModel {
    pub(crate) format: &'static str,
    pub(crate) rung: u8,
    pub(crate) topics: Vec<&'static str>,
    pub(crate) audience: AudienceModel,
    pub(crate) channels: Vec<Channel>,
    /// Seconds from the epoch.
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) struct ProspectModel {
    pub(crate) zones: Vec<&'static str>,
    pub(crate) regions: Vec<&'static str>,
    pub(crate) recipient: Option<Recipient>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) prefers: Vec<Channel>,
    pub(crate) interests: Vec<&'static str>,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) dates: Vec<(&'static str, DateModel)>,
    pub(crate) epoch: i64,
}

/// The log as it reads once it is known which contacts did not get through, and what the others answer: a bounce makes a
/// failed attempt of its contact.
pub(crate) fn got_through(log: &[Event]) -> Vec<Event> {
    let mut undone: Vec<EventId> = Vec::new();
    for (nth, event) in log.iter().enumerate() {
        let EventKind::Bounced { channel, of, .. } = event.kind else { continue };
        let is_of =
            |event: &&Event| matches!(event.kind, EventKind::Touched { channel: on, .. } if on == channel);
        let last = log[..nth].iter().rfind(is_of).map(|event| event.id);
        undone.extend(of.or(last));
    }
    let attempt = |event: &Event| match &event.kind {
        EventKind::Touched { channel, act, cause, .. } if undone.contains(&event.id) => {
            // A contact that no decision asked for counts as an attempt at an approach.
            let act = act.clone().unwrap_or_else(|| "remind".parse().unwrap());
            let (channel, cause) = (*channel, cause.unwrap_or(EventId(0)));
            Event { kind: EventKind::Failed { channel, act, cause }, ..event.clone() }
        }
        _ => event.clone(),
    };
    named_by_what_they_answer(log.iter().map(attempt).collect())
}

/// A contact without an act names the first that is owed and that it can answer, as it would if a decision had asked
/// for it.
fn named_by_what_they_answer(mut log: Vec<Event>) -> Vec<Event> {
    let (mut message, mut recap, mut callback) = (None, None, None);
    let (mut declined, mut disqualified) = (false, false);
    for event in &mut log {
        let id = event.id;
        match &mut event.kind {
            EventKind::Inquired { .. } | EventKind::Replied { .. } => message = message.or(Some(id)),
            EventKind::Met { .. } => {
                (message, recap) = (None, Some(id).filter(|_| !declined && !disqualified));
            }
            EventKind::CallbackRequested { channel, .. } => callback = Some((id, *channel)),
            EventKind::Kept { promise } => callback = callback.filter(|(id, _)| id != promise),
            EventKind::Declined { .. } | EventKind::Disqualified { .. } => {
                (message, recap, callback) = (None, None, None);
            }
            EventKind::OptedOut { channels, purposes } | EventKind::Suppressed { channels, purposes, .. }
                if *channels == Channels::ALL && purposes.contains(Purpose::Answer) =>
            {
                (message, recap, callback) = (None, None, None);
            }
            EventKind::Touched { channel, act, cause, disposition, .. } => {
                let is_through = disposition.is_none_or(|how| how == Disposition::Connected);
                let called_back = callback.filter(|(_, on)| on == channel).map(|(id, _)| id);
                match act.as_ref().map(followup::ActName::as_str) {
                    None => {
                        let owed = [("respond", message), ("recap", recap), ("keep-promise", called_back)];
                        let first = owed.into_iter().find_map(|(act, id)| Some(act).zip(id));
                        let Some((name, id)) = first else { continue };
                        (*act, *cause) = (Some(name.parse().unwrap()), Some(id));
                        if is_through {
                            (message, recap) = (None, None);
                            callback = callback.filter(|_| called_back.is_none());
                        }
                    }
                    Some("respond") if is_through => message = None,
                    Some("recap") if is_through => recap = None,
                    Some("keep-promise") if is_through => {
                        callback = callback.filter(|(id, _)| cause.is_some_and(|cause| cause != *id));
                    }
                    Some(_) => {}
                }
            }
            _ => {}
        }
        match event.kind {
            EventKind::Inquired { .. } | EventKind::Purchased => (declined, disqualified) = (false, false),
            EventKind::Declined { .. } => declined = true,
            EventKind::Disqualified { .. } => disqualified = true,
            EventKind::Enrolled { .. } if !declined => disqualified = false,
            EventKind::Granted { purposes, own_act: true, basis, .. }
                if basis.is_consent() && purposes.contains(Purpose::FollowUp) =>
            {
                declined = false;
            }
            _ => {}
        }
    }
    log
}

pub(crate) fn instant(seconds: i64, nanos: u32) -> Instant {
    let seconds = seconds.clamp(0, END - 1);
    Instant::from_unix_seconds(seconds).unwrap().checked_add(Duration::from_nanos(nanos.into())).unwrap()
}

/// A day relative to the epoch's, as a date.
pub(crate) fn date(epoch: i64, day: i64) -> chrono::NaiveDate {
    let day = (epoch.div_euclid(DAY) + day).clamp(0, END / DAY - 1);
    chrono::NaiveDate::from_epoch_days(i32::try_from(day).unwrap()).unwrap()
}

/// The first day on which something holds, and the first on which it does not any more. At the edges of time both can
/// be the same, and then it goes on.
pub(crate) fn bounds(
    epoch: i64,
    (from, until): (Option<i64>, Option<i64>),
) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    let from = from.map(|day| date(epoch, day));
    let until = until.map(|day| date(epoch, day));
    (from, until.filter(|until| from.is_none_or(|from| from < *until)))
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

pub(crate) fn window((start, end): (u16, u16)) -> String {
    format!("{}-{}", clock(start), clock(if end > 1440 { end - 1440 } else { end }))
}

impl DutyModel {
    fn draft(&self) -> DutyDraft {
        let mut draft = DutyDraft::new().on(self.channels.iter().copied()).by(self.by);
        if let Some(after) = self.after {
            draft = draft.after(after);
        }
        if let Some(at_most) = self.at_most {
            draft = draft.at_most(at_most);
        }
        draft
    }
}

impl AudienceModel {
    fn draft(&self) -> Option<AudienceDraft> {
        let Self { regions, recipient, topics, tags } = self;
        if regions.is_empty() && recipient.is_none() && topics.is_empty() && tags.is_empty() {
            return None;
        }
        let mut draft = AudienceDraft::new();
        draft = regions.iter().fold(draft, |draft, region| draft.region(region));
        draft = recipient.iter().fold(draft, |draft, recipient| draft.contacted_as(*recipient));
        draft = topics.iter().fold(draft, |draft, topic| draft.topic(topic));
        Some(tags.iter().fold(draft, |draft, tag| draft.tag(tag)))
    }

    /// Whether it is for them.
    pub(crate) fn includes(&self, who: &ProspectModel) -> bool {
        let lies_in = |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer}-"));
        let in_a_region = |region: &&str| self.regions.iter().any(|own| lies_in(region, own));
        let is_one =
            |mine: &[&str], theirs: &[&str]| mine.is_empty() || mine.iter().any(|one| theirs.contains(one));
        (self.regions.is_empty() || !who.regions.is_empty() && who.regions.iter().all(in_a_region))
            && (self.recipient.is_none() || self.recipient == who.recipient)
            && is_one(&self.topics, &who.interests)
            && is_one(&self.tags, &who.tags)
    }
}

impl ItemModel {
    pub(crate) fn fits(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }
}

impl Model {
    pub(crate) fn draft(&self) -> PlaybookDraft {
        let mut draft = PlaybookDraft::new("Boilers", self.seller);
        for zone in &self.territory {
            draft = draft.territory(zone);
        }
        if let Some((days, closed)) = &self.business {
            let closed = if *closed && !self.holidays.is_empty() { &["holidays-0"][..] } else { &[] };
            draft = draft.business_days(days, closed);
        }
        for (purpose, permission) in [Purpose::FollowUp, Purpose::Care].into_iter().zip(&self.permission) {
            if let Some(grounds) = &permission.default {
                draft = draft.default_permission(purpose, grounds.iter().copied());
            }
            for (channel, grounds) in &permission.on {
                draft = draft.permission(purpose, *channel, grounds.iter().copied());
            }
        }
        let [inquiry, conversation, purchase] = self.implied;
        draft = draft.implied(inquiry, conversation, purchase).limits(self.limits());
        draft = draft.respond(self.respond.draft()).ask_permission(self.ask.draft());
        draft = draft.remind(self.remind.draft());
        draft = draft.fewest_touches(self.fewest_touches).active(self.active);
        if let Some((back, BringBackModel { after, .. })) = self.bring_back() {
            draft = draft.bring_back(BringBackDraft::new(&format!("seq-{back}"), after));
        }
        if let Some((confirm, within)) = &self.confirm {
            let duty = confirm.draft();
            draft = draft.confirm_opt_out(within.iter().fold(duty, |duty, within| duty.within(*within)));
        }
        if let Some(before) = self.confirm_meeting {
            draft = draft.confirm_meeting(DutyDraft::new().before(before));
        }
        if let Some((names, elsewhere)) = &self.contact_rules {
            draft = draft.contact_rules(names, *elsewhere);
        }
        for (nth, days) in self.holidays.iter().enumerate() {
            let days: Vec<String> = days.iter().map(|day| date(self.epoch, *day).to_string()).collect();
            let days: Vec<&str> = days.iter().map(String::as_str).collect();
            let mut set = HolidaysDraft::new(&format!("holidays-{nth}"), &days);
            if let Some((from, through)) = self.known[nth] {
                let [from, through] = [from, through].map(|day| date(self.epoch, day).to_string());
                set = set.known(&from, &through);
            }
            draft = draft.holidays(set);
        }
        for rule in &self.rules {
            draft = draft.rule(rule.draft(self));
        }
        for (nth, blackout) in self.blackouts.iter().enumerate() {
            let [first, last] = [blackout.first, blackout.last].map(|day| date(self.epoch, day).to_string());
            let one =
                BlackoutDraft::new(&format!("away-{nth}"), &first, &last).by(blackout.by.iter().copied());
            let regions = blackout.regions.iter();
            draft = draft.blackout(regions.fold(one, |one, region| one.region(region)));
        }
        for (nth, sequence) in self.sequences.iter().enumerate() {
            draft = draft.sequence(self.sequence_draft(nth, sequence));
        }
        for (nth, item) in self.items.iter().enumerate() {
            draft = draft.item(self.item_draft(nth, item));
        }
        self.as_in_a_file(draft)
    }

    /// With what is said in files only: what is required for asking, and which contact rules are left out.
    fn as_in_a_file(&self, draft: PlaybookDraft) -> PlaybookDraft {
        if self.asking.default.is_none() && self.asking.on.is_empty() && self.except.is_empty() {
            return draft;
        }
        let mut written = serde_json::to_value(draft).unwrap();
        let on = self.asking.on.iter().map(|(channel, grounds)| (channel.to_string(), grounds));
        let default = self.asking.default.iter().map(|grounds| ("default".to_string(), grounds));
        for (key, grounds) in default.chain(on) {
            let grounds: Vec<String> = grounds.iter().map(ToString::to_string).collect();
            written["permission"]["asking"][key] = grounds.into();
        }
        if !self.except.is_empty() {
            written["contact-rules"]["except"] = self.except.clone().into();
        }
        serde_json::from_value(written).unwrap()
    }

    fn limits(&self) -> LimitsDraft {
        let mut limits = LimitsDraft::new();
        if !self.gaps.is_empty() {
            limits = limits.growing_gap(self.gaps.iter().copied());
        }
        if let Some(pause) = self.cool_down {
            limits = limits.cool_down(pause);
        }
        if let Some((after, attempts)) = self.retry {
            limits = limits.retry(after, attempts);
        }
        limits
    }

    fn sequence_draft(&self, nth: usize, sequence: &SequenceModel) -> SequenceDraft {
        let mut draft = SequenceDraft::new(&format!("seq-{nth}")).purpose(sequence.purpose);
        for trigger in &sequence.starts_on {
            draft = draft.starts_on(*trigger);
        }
        for sign in &sequence.ends_on {
            draft = draft.ends_on(*sign);
        }
        draft = draft.again(sequence.again);
        if let Some(every) = sequence.every {
            draft = draft.every(every);
        }
        if let Some(audience) = sequence.audience.draft() {
            draft = draft.only_for(audience);
        }
        if let Some(subscription) = sequence.subscription {
            draft = draft.subscription(subscription);
        }
        if self.active == Active::ByPriority {
            draft = draft.priority(sequence.priority);
        }
        for (nth, step) in sequence.steps.iter().enumerate() {
            let mut one = StepDraft::new(&format!("s{nth}")).on(step.channels.iter().copied()).by(step.by);
            one = match step.date {
                _ if nth == 0 && sequence.every.is_some() => one,
                None => one.after(step.after).from(step.anchor),
                Some(StepDateModel { name, is_before: true }) => one.before(name, step.after),
                Some(StepDateModel { name, is_before: false }) => one.on_date(name).after(step.after),
            };
            if step.is_on_business_day {
                one = one.on_business_day();
            }
            // With one channel it means nothing, and is refused.
            if let Some(patience) = step.patience.filter(|_| step.channels.len() > 1) {
                one = one.patience(patience);
            }
            if let Some(expires) = step.expires {
                one = one.expires(expires);
            }
            one = match self.gives(step) {
                None => one.without_item(),
                Some(named) => {
                    let named: Vec<String> = named.iter().map(|item| format!("item-{item}")).collect();
                    one.items(&named.iter().map(String::as_str).collect::<Vec<_>>())
                }
            };
            if let Some(ConditionModel { sign, is_wanted, times, since, within }) = step.condition {
                one = if is_wanted { one.only_if(sign) } else { one.unless(sign) };
                one = times.map_or(one.clone(), |times| one.times(times));
                one = since.map_or(one.clone(), |since| one.since(since));
                one = match within {
                    Some(within) => one.within(within),
                    None => one,
                };
            }
            draft = draft.step(one);
        }
        let then = self.then(nth).filter(|_| sequence.every.is_none());
        if let Some(ThenModel { sequence, after, at_most }) = then {
            let then = ThenDraft::new(&format!("seq-{sequence}"), after);
            draft = draft.then(match at_most {
                Some(times) => then.at_most(times),
                None => then,
            });
        }
        draft
    }

    fn item_draft(&self, nth: usize, item: &ItemModel) -> ItemDraft {
        let mut draft = ItemDraft::new(&format!("item-{nth}"), item.format).rung(item.rung);
        draft = draft.title(&format!("Item {nth}")).on(item.channels.iter().copied());
        for topic in &item.topics {
            draft = draft.about(topic);
        }
        if let Some(audience) = item.audience.draft() {
            draft = draft.only_for(audience);
        }
        if let Some(from) = item.from {
            draft = draft.from(instant(self.epoch + from, 0));
        }
        // At the edges of time both can be the same.
        let [from, until] = [item.from.unwrap_or(i64::MIN / 2), item.until.unwrap_or(0)]
            .map(|second| instant(self.epoch.saturating_add(second), 0));
        if item.until.is_some() && from < until {
            draft = draft.until(until);
        }
        draft
    }

    /// The sequence with which they are brought back, if that is for following up.
    pub(crate) fn bring_back(&self) -> Option<(usize, BringBackModel)> {
        let back = self.bring_back?;
        let sequence = back.sequence % self.sequences.len();
        (self.sequences[sequence].purpose == Purpose::FollowUp).then_some((sequence, back))
    }

    /// With which sequence a pursuit goes on behind that one: one that is for the same.
    pub(crate) fn then(&self, nth: usize) -> Option<ThenModel> {
        if self.sequences[nth].every.is_some() {
            return Some(ThenModel { sequence: nth, after: Delay::minutes(0), at_most: None });
        }
        let then = self.sequences[nth].then?;
        let sequence = then.sequence % self.sequences.len();
        (self.sequences[sequence].purpose == self.sequences[nth].purpose)
            .then_some(ThenModel { sequence, ..then })
    }

    /// What a step gives: a step that no item could ever serve would be refused, so it owes none.
    pub(crate) fn gives(&self, step: &StepModel) -> Option<Vec<usize>> {
        let named = step.gives.as_ref()?;
        let mut items: Vec<usize> =
            named.iter().filter(|_| !self.items.is_empty()).map(|item| item % self.items.len()).collect();
        items.sort_unstable();
        items.dedup();
        let is_meant = |item: usize| items.is_empty() || items.contains(&item);
        let can_serve = |(nth, item): (usize, &ItemModel)| {
            is_meant(nth) && step.channels.iter().any(|channel| item.fits(*channel))
        };
        self.items.iter().enumerate().any(can_serve).then_some(items)
    }

    pub(crate) fn build(&self) -> Playbook {
        match self.draft().build() {
            Ok(playbook) => playbook,
            Err(faults) => panic!("the generator wrote a playbook that is refused: {faults}\n{self:#?}"),
        }
    }

    /// What is accepted as permission for that purpose on that channel.
    pub(crate) fn grounds(&self, purpose: Purpose, channel: Channel) -> Vec<Ground> {
        let permission = &self.permission[usize::from(purpose == Purpose::Care)];
        // The last entry for a channel counts: the builder writes into a map.
        if let Some((_, grounds)) = permission.on.iter().rfind(|(on, _)| *on == channel) {
            return grounds.clone();
        }
        permission.default.clone().unwrap_or_else(|| {
            vec![
                Ground::Granted(Basis::Express),
                Ground::Granted(Basis::Written),
                Ground::Granted(Basis::DoubleOptIn),
                Ground::Inquiry,
                Ground::Conversation,
                Ground::Purchase,
            ]
        })
    }
}

impl Model {
    /// What is required for asking on that channel.
    pub(crate) fn grounds_for_asking(&self, channel: Channel) -> Vec<Ground> {
        let own = self.asking.on.iter().rfind(|(on, _)| *on == channel).map(|(_, grounds)| grounds);
        own.or(self.asking.default.as_ref()).cloned().unwrap_or_else(|| vec![Ground::NotRefused])
    }
}

impl ProspectModel {
    pub(crate) fn build(&self) -> Prospect {
        let mut prospect = Prospect::new("ada".parse().unwrap()).reachable_by(Channels::NONE);
        for zone in &self.zones {
            prospect = prospect.in_zone(zone.parse().unwrap());
        }
        for region in &self.regions {
            prospect = prospect.in_region(region.parse().unwrap());
        }
        if let Some(recipient) = self.recipient {
            prospect = prospect.contacted_as(recipient);
        }
        for channel in &self.channels {
            prospect = prospect.reachable_by(*channel);
        }
        for channel in &self.prefers {
            prospect = prospect.prefers(*channel);
        }
        for topic in &self.interests {
            prospect = prospect.interested_in(topic.parse().unwrap());
        }
        for tag in &self.tags {
            prospect = prospect.tagged(tag.parse().unwrap());
        }
        for (name, date) in &self.dates {
            let date = match *date {
                DateModel::Once(day) => KeyDate::Once(self::date(self.epoch, day)),
                DateModel::Yearly(month, day) => KeyDate::Yearly { month, day },
            };
            prospect = prospect.on_date(name.parse().unwrap(), date);
        }
        prospect
    }
}

// Strategies for playbooks.

pub(crate) fn channels(at_least: usize) -> impl Strategy<Value = Vec<Channel>> {
    subsequence(CHANNELS.to_vec(), at_least..=CHANNELS.len()).prop_shuffle()
}

/// All of them mostly, said by naming none.
pub(crate) fn some_channels() -> impl Strategy<Value = Vec<Channel>> {
    prop_oneof![2 => Just(Vec::new()), 3 => channels(1)]
}

pub(crate) fn delay() -> impl Strategy<Value = Delay> {
    prop_oneof![
        2 => Just(Delay::minutes(0)),
        3 => (0..=180_u16).prop_map(Delay::minutes),
        4 => (0..=96_u16).prop_map(Delay::hours),
        6 => (0..=10_u8).prop_map(Delay::days),
        2 => (0..=3_u8).prop_map(Delay::weeks),
        1 => (0..=3_u8).prop_map(Delay::months),
        3 => (0..=6_u8).prop_map(Delay::business_days),
    ]
}

fn executor() -> impl Strategy<Value = Executor> {
    select(Executor::ALL)
}

pub(crate) fn ground() -> impl Strategy<Value = Ground> {
    prop_oneof![
        3 => Just(Ground::Granted(Basis::Express)),
        2 => select(Basis::ALL).prop_map(Ground::Granted),
        3 => Just(Ground::Inquiry),
        2 => Just(Ground::Conversation),
        2 => Just(Ground::Purchase),
        2 => Just(Ground::NotRefused),
    ]
}

fn permission() -> impl Strategy<Value = PermissionModel> {
    let grounds = || prop::collection::vec(ground(), 1..4);
    let on = prop::collection::vec((select(CHANNELS.to_vec()), grounds()), 0..3);
    let default = prop_oneof![2 => Just(None), 4 => Just(Some(vec![Ground::NotRefused])), 4 => grounds().prop_map(Some)];
    (default, on).prop_map(|(default, on)| PermissionModel { default, on })
}

pub(crate) fn windows() -> impl Strategy<Value = Vec<(u16, u16)>> {
    let quarter = |quarter: u16| quarter * 15;
    let business = Just(vec![(540, 750), (840, 1080)]);
    let several = prop::collection::btree_set(0..=96_u16, 2..=6).prop_map(move |points| {
        let points: Vec<u16> = points.into_iter().map(quarter).collect();
        points.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    });
    let night =
        (60..96_u16, 0..24_u16).prop_map(move |(start, end)| vec![(quarter(start), 1440 + quarter(end))]);
    let minutes =
        (0..1439_u16, 1..=1440_u16).prop_map(|(a, b)| vec![if a < b { (a, b) } else { (b - 1, b) }]);
    prop_oneof![
        4 => business,
        3 => several,
        3 => night,
        1 => minutes,
        1 => Just(vec![(0, 1440)]),
    ]
}

pub(crate) fn week() -> impl Strategy<Value = Vec<(&'static str, Vec<(u16, u16)>)>> {
    let keys = select(vec![
        &["daily"][..],
        &["daily"],
        &["mon-fri"],
        &["mon-fri", "sat"],
        &["mon-wed", "thu", "fri-sun"],
        &["sun"],
        &["sat-sun"],
        &["fri-mon"],
    ]);
    (keys, prop::collection::vec(windows(), 3)).prop_map(|(keys, windows)| {
        let week: Vec<_> = keys.iter().copied().zip(windows).collect();
        if week.iter().all(|(_, windows)| windows.is_empty()) {
            vec![("daily", vec![(0, 1440)])]
        } else {
            week
        }
    })
}

fn duty(most: u16) -> impl Strategy<Value = DutyModel> {
    (some_channels(), executor(), prop::option::of(delay()), prop::option::of(0..=most))
        .prop_map(|(channels, by, after, at_most)| DutyModel { channels, by, after, at_most })
}

fn step() -> BoxedStrategy<StepModel> {
    let gives = prop_oneof![
        3 => Just(None),
        4 => Just(Some(Vec::new())),
        2 => prop::collection::vec(0..6_usize, 1..3).prop_map(Some),
    ];
    let within = prop_oneof![1 => delay(), 2 => (1..=3_u8).prop_map(Delay::weeks)];
    let times = prop_oneof![4 => Just(None), 1 => (1..4_u8).prop_map(Some)];
    let since = prop_oneof![2 => Just(None), 1 => select(Since::ALL).prop_map(Some)];
    let condition = (select(SIGNS.to_vec()), any::<bool>(), prop::option::of(within), times, since).prop_map(
        |(sign, is_wanted, within, times, since)| {
            // What came of a contact is known with it.
            let is_of_them = sign.disposition().is_none();
            let (within, times) = (within.filter(|_| is_of_them), times.filter(|_| is_of_them));
            ConditionModel { sign, is_wanted, times, since: since.filter(|_| is_of_them), within }
        },
    );
    let condition = prop_oneof![2 => Just(None), 1 => condition.prop_map(Some)];
    let patience = prop_oneof![2 => Just(None), 1 => delay().prop_map(Some)];
    let expires = prop_oneof![5 => Just(None), 1 => pause().prop_map(Some)];
    let date = (select(DATES.to_vec()), any::<bool>())
        .prop_map(|(name, is_before)| Some(StepDateModel { name, is_before }));
    let date = prop_oneof![5 => Just(None), 1 => date];
    let business_day = prop_oneof![5 => Just(false), 1 => Just(true)];
    let when = (delay(), select(Anchor::ALL), date, business_day);
    (when, channels(1), patience, expires, executor(), gives, condition)
        .prop_map(|(when, channels, patience, expires, by, gives, condition)| StepModel {
            after: when.0,
            // What is counted from a date is counted from nothing else.
            anchor: if when.2.is_some() { Anchor::Previous } else { when.1 },
            date: when.2,
            is_on_business_day: when.3,
            channels,
            patience,
            expires,
            by,
            gives,
            condition,
        })
        .boxed()
}

fn sequence() -> BoxedStrategy<SequenceModel> {
    let for_whom =
        (prop_oneof![2 => Just(None), 1 => select(SUBSCRIPTIONS.to_vec()).prop_map(Some)], audience());
    (
        subsequence(Trigger::ALL.to_vec(), 0..=Trigger::ALL.len()),
        prop_oneof![3 => Just(Purpose::FollowUp), 1 => Just(Purpose::Care)],
        prop::collection::vec(step(), 1..5),
        prop_oneof![2 => Just(None), 1 => then().prop_map(Some)],
        prop_oneof![4 => Just(Vec::new()), 1 => select(SIGNS.to_vec()).prop_map(|sign| vec![sign])],
        again(),
        0..3_u16,
        for_whom,
        prop_oneof![7 => Just(None), 1 => pause().prop_map(Some)],
    )
        .prop_map(|(starts_on, purpose, mut steps, then, ends_on, again, priority, for_whom, every)| {
            if let (Some(every), Some(first)) = (every, steps.first_mut()) {
                (first.after, first.anchor, first.date) = (every, Anchor::Previous, None);
            }
            let (subscription, audience) = for_whom;
            let then = then.filter(|_| every.is_none());
            SequenceModel {
                starts_on,
                ends_on,
                again,
                priority,
                purpose,
                subscription,
                audience,
                every,
                steps,
                then,
            }
        })
        .boxed()
}

/// For everybody, mostly.
fn audience() -> impl Strategy<Value = AudienceModel> {
    let some = (
        prop_oneof![2 => Just(Vec::new()), 1 => select(vec![vec!["DE"], vec!["US"], vec!["DE", "FR"], vec!["US-FL"]])],
        prop_oneof![2 => Just(None), 1 => select(Recipient::ALL).prop_map(Some)],
        prop_oneof![2 => Just(Vec::new()), 1 => subsequence(TOPICS.to_vec(), 1..=2)],
        prop_oneof![2 => Just(Vec::new()), 1 => subsequence(TAGS.to_vec(), 1..=2)],
    )
        .prop_map(|(regions, recipient, topics, tags)| AudienceModel { regions, recipient, topics, tags });
    prop_oneof![5 => Just(AudienceModel::default()), 1 => some]
}

fn again() -> impl Strategy<Value = Again> {
    prop_oneof![
        6 => Just(Again::Always),
        1 => Just(Again::WhenFinished),
        1 => Just(Again::Once),
        1 => delay().prop_map(Again::After),
    ]
}

fn bring_back() -> impl Strategy<Value = Option<BringBackModel>> {
    prop::option::of((0..4_usize, pause()).prop_map(|(sequence, after)| BringBackModel { sequence, after }))
}

fn pause() -> impl Strategy<Value = Delay> {
    delay().prop_map(|delay| if delay.is_zero() { Delay::hours(1) } else { delay })
}

fn then() -> impl Strategy<Value = ThenModel> {
    (0..4_usize, pause(), prop::option::of(1..=3_u16)).prop_map(|(sequence, after, at_most)| ThenModel {
        sequence,
        after,
        at_most,
    })
}

fn item() -> BoxedStrategy<ItemModel> {
    (
        select(FORMATS.to_vec()),
        0..4_u8,
        prop_oneof![2 => Just(Vec::new()), 1 => subsequence(TOPICS.to_vec(), 1..=2)],
        some_channels(),
        prop_oneof![3 => Just(None), 1 => (-5..30_i64).prop_map(Some)],
        prop_oneof![3 => Just(None), 1 => (1..40_i64).prop_map(Some)],
        audience(),
    )
        .prop_map(|(format, rung, topics, channels, from, length, audience)| ItemModel {
            format,
            rung,
            topics,
            audience,
            channels,
            from: from.map(|day| day * DAY + 3 * 3600),
            until: length.map(|days| (from.unwrap_or(0) + days) * DAY + 3 * 3600),
        })
        .boxed()
}

/// What a playbook says. In boxes, because so much at once is too much for the stack of a test.
pub(crate) fn model() -> BoxedStrategy<Model> {
    let places = (select(ZONES.to_vec()), subsequence(ZONES.to_vec(), 0..=2));
    let business = prop::option::of((
        prop_oneof![Just(vec!["mon-fri"]), Just(vec!["daily"]), Just(vec!["mon", "thu"]), Just(vec!["sun"])],
        any::<bool>(),
    ));
    let nothing = PermissionModel::default();
    let asking = prop_oneof![2 => Just(nothing), 1 => permission()];
    let consent = ([permission(), permission()], [delay(), delay(), delay()], asking);
    let limits = (gaps(), prop::option::of(delay()), prop::option::of((delay(), 1..=3_u16)));
    let known = || prop_oneof![7 => Just(None), 1 => (-30..3_i64, 5..60_i64).prop_map(Some)];
    let holidays =
        (prop::collection::vec(prop::collection::vec(-2..40_i64, 0..5), 0..=2), [known(), known()]);
    let within = prop::option::of((0..180_u16).prop_map(Delay::minutes));
    let confirm = prop::option::of((duty_without_after(), within));
    let confirm_meeting = prop::option::of(pause());
    let duties =
        (duty_without_count(), duty(3), duty_without_count(), bring_back(), confirm, confirm_meeting);
    let rules = (rules::rules(), rules::blackouts(), contact_rules());
    let active = prop_oneof![3 => Just(Active::Latest), 1 => Just(Active::ByPriority)];
    let course = (active, 0..4_u16);
    let ladder = (prop::collection::vec(sequence(), 1..4), prop::collection::vec(item(), 0..6), course);
    (places, business, consent, limits, holidays, rules, duties, ladder)
        .prop_map(|(places, business, consent, limits, holidays, rules, duties, ladder)| {
            let (mut holidays, known) = holidays;
            for (days, known) in holidays.iter_mut().zip(known) {
                days.retain(|day| known.is_none_or(|(from, through)| (from..=through).contains(day)));
            }
            let mut respond = duties.0;
            respond.after = None;
            Model {
                epoch: 0,
                seller: places.0,
                territory: places.1,
                business,
                permission: consent.0,
                asking: consent.2,
                implied: consent.1.map(|span| if span.is_zero() { Delay::weeks(2) } else { span }),
                gaps: limits.0,
                cool_down: limits.1,
                retry: limits.2,
                holidays,
                known,
                rules: rules.0,
                blackouts: rules.1,
                contact_rules: rules.2,
                except: Vec::new(),
                confirm: duties.4,
                confirm_meeting: duties.5,
                respond,
                ask: duties.1,
                remind: duties.2,
                bring_back: duties.3,
                active: ladder.2.0,
                fewest_touches: ladder.2.1,
                sequences: ladder.0,
                items: ladder.1,
            }
        })
        .boxed()
}

/// No gap, one, or several that grow.
fn gaps() -> impl Strategy<Value = Vec<Delay>> {
    let growing = prop_oneof![
        (1..30_u16, 1..30_u16, 0..60_u16).prop_map(|(one, two, three)| {
            vec![Delay::hours(one), Delay::hours(one + two), Delay::hours(one + two + three)]
        }),
        (0..3_u8, 0..3_u8, 0..4_u8).prop_map(|(one, two, three)| {
            vec![Delay::days(one), Delay::days(one + two), Delay::days(one + two + three)]
        }),
        (0..3_u8, 0..3_u8)
            .prop_map(|(one, two)| vec![Delay::business_days(one), Delay::business_days(one + two)]),
        (1..20_u16, 1..4_u8).prop_map(|(one, two)| vec![
            Delay::hours(one),
            Delay::days(two),
            Delay::weeks(two)
        ]),
    ];
    prop_oneof![2 => Just(Vec::new()), 2 => delay().prop_map(|gap| vec![gap]), 2 => growing]
}

fn contact_rules() -> impl Strategy<Value = Option<(Vec<&'static str>, Elsewhere)>> {
    let names = select(vec![&["DE"][..], &["FR", "US-FL"], &["US-FL"], &["GB"]]);
    let some =
        (names, select(Elsewhere::ALL)).prop_map(|(names, elsewhere)| Some((names.to_vec(), elsewhere)));
    prop_oneof![7 => Just(None), 1 => some]
}

fn duty_without_after() -> impl Strategy<Value = DutyModel> {
    duty(0).prop_map(|duty| DutyModel { after: None, at_most: None, ..duty })
}

fn duty_without_count() -> impl Strategy<Value = DutyModel> {
    duty(0).prop_map(|duty| DutyModel { at_most: None, ..duty })
}

pub(crate) fn prospect() -> BoxedStrategy<ProspectModel> {
    let zones = prop_oneof![
        6 => select(ZONES.to_vec()).prop_map(|zone| vec![zone]),
        4 => subsequence(ZONES.to_vec(), 2..=3),
        2 => Just(Vec::new()),
        1 => Just(vec!["Mars/Base"]),
        1 => Just(vec!["Europe/Berlin", "Mars/Base"]),
    ];
    (
        zones,
        select(vec![&[][..], &[], &["US"], &["US-FL"], &["DE"], &["DE"], &["US-FL", "FR"], &["DE", "US"]]),
        prop_oneof![2 => Just(None), 1 => select(Recipient::ALL).prop_map(Some)],
        prop_oneof![4 => Just(CHANNELS.to_vec()), 2 => channels(1), 1 => Just(Vec::new())],
        channels(0),
        subsequence(TOPICS.to_vec(), 0..=3),
        subsequence(TAGS.to_vec(), 0..=2),
        prop::collection::vec((select(DATES.to_vec()), key_date()), 0..=3),
    )
        .prop_map(|(zones, regions, recipient, channels, prefers, interests, tags, dates)| {
            ProspectModel {
                zones,
                regions: regions.to_vec(),
                recipient,
                channels,
                prefers,
                interests,
                tags,
                // A second one of a name takes the place of the first.
                dates: dates.into_iter().collect::<std::collections::BTreeMap<_, _>>().into_iter().collect(),
                epoch: 0,
            }
        })
        .boxed()
}

fn key_date() -> impl Strategy<Value = DateModel> {
    let yearly = (1..=12_u32, 1..=29_u32).prop_map(|(month, day)| DateModel::Yearly(month, day));
    prop_oneof![4 => (-20..60_i64).prop_map(DateModel::Once), 1 => yearly]
}

// Histories.

/// Kinds of events and how often they come.
const KINDS: [(usize, &str); 41] = [
    (4, "added"),
    (10, "inquired"),
    (5, "replied"),
    (2, "auto-replied"),
    (5, "met"),
    (3, "named"),
    (12, "engaged"),
    (12, "touched"),
    (2, "skipped"),
    (4, "failed"),
    (6, "granted"),
    (3, "denied"),
    (3, "opted-out"),
    (3, "unsubscribed"),
    (1, "subscribed"),
    (2, "suppressed"),
    (5, "screened"),
    (2, "colleague-touched"),
    (2, "declined"),
    (1, "disqualified"),
    (3, "purchased"),
    (3, "problem-reported"),
    (2, "problem-solved"),
    (6, "promised"),
    (1, "kept"),
    (6, "held"),
    (2, "released"),
    (2, "annoyed"),
    (2, "bounced"),
    (1, "corrected"),
    (4, "enrolled"),
    (1, "unenrolled"),
    (4, "retracted"),
    (2, "booked"),
    (3, "no-show"),
    (3, "stalled"),
    (2, "given-up"),
    (2, "called-off"),
    (1, "referred"),
    (2, "introduced"),
    (4, "callback-requested"),
];

/// From which an event is made once the playbook and the other events are known.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    kind: &'static str,
    /// Seconds from the epoch.
    at: i64,
    nanos: u32,
    channel: Channel,
    channels: Vec<Channel>,
    purposes: Vec<Purpose>,
    x: usize,
    y: usize,
    z: usize,
    flag: bool,
}

fn moment() -> impl Strategy<Value = (i64, u32)> {
    let seconds = prop_oneof![
        3 => (0..8_i64).prop_map(|day| day * DAY),
        4 => (-4..72_i64).prop_map(|hour| hour * 3600),
        5 => (-4..3000_i64).prop_map(|quarter| quarter * 900),
        2 => (0..45_i64).prop_map(|day| day * DAY - 1),
        2 => -DAY..40 * DAY,
    ];
    let nanos = prop_oneof![12 => Just(0_u32), 1 => Just(1), 1 => Just(999_999_999), 1 => Just(500_000_000)];
    (seconds, nanos)
}

fn seed(words: &[&str]) -> impl Strategy<Value = Seed> + use<> {
    let kinds = KINDS.iter().filter(|(_, word)| words.contains(word));
    let kinds: Vec<&'static str> =
        kinds.flat_map(|(weight, word)| std::iter::repeat_n(*word, *weight)).collect();
    (
        select(kinds),
        moment(),
        select(CHANNELS.to_vec()),
        prop_oneof![1 => Just(CHANNELS.to_vec()), 2 => channels(1)],
        subsequence(Purpose::ALL.to_vec(), 1..=3),
        (0..64_usize, 0..64_usize, 0..64_usize),
        any::<bool>(),
    )
        .prop_map(|(kind, (at, nanos), channel, channels, purposes, (x, y, z), flag)| Seed {
            kind,
            at,
            nanos,
            channel,
            channels,
            purposes,
            x,
            y,
            z,
            flag,
        })
}

/// The kinds of events that can begin a pursuit.
pub(crate) const BEGINS: [&str; 9] =
    ["added", "inquired", "met", "purchased", "enrolled", "no-show", "stalled", "introduced", "given-up"];

/// The words of what the seller does that are no steps.
const ACTS: [&str; 8] = [
    "respond",
    "solve",
    "recap",
    "keep-promise",
    "ask-permission",
    "remind",
    "confirm-opt-out",
    "confirm-meeting",
];

fn events(model: &Model, seeds: &[Seed]) -> Vec<Event> {
    let epoch = model.epoch;
    let placed: Vec<(Instant, u64, &str)> = seeds
        .iter()
        .zip(1..)
        .map(|(seed, id)| (instant(epoch.saturating_add(seed.at), seed.nanos), id, seed.kind))
        .collect();
    let mut events: Vec<Event> = seeds
        .iter()
        .zip(&placed)
        .map(|(seed, (at, id, _))| Event::new(*id, *at, kind(model, seed, (*at, *id), &placed)))
        .collect();
    let mut id = u64::try_from(seeds.len()).unwrap();
    // Some say no twice.
    for (nth, seed) in seeds.iter().enumerate() {
        if matches!(seed.kind, "denied" | "opted-out" | "suppressed") && seed.z % 2 == 0 {
            id += 1;
            let again = instant(events[nth].at.unix_seconds() + i64::try_from(seed.y).unwrap() * 3600, 0);
            events.push(Event::new(id, again, events[nth].kind.clone()));
        }
    }
    // Most of what asks for an answer has one.
    for (seed, (at, cause, word)) in seeds.iter().zip(&placed) {
        let act = match *word {
            "inquired" | "replied" => "respond",
            "met" => "recap",
            "problem-reported" => "solve",
            "promised" | "callback-requested" => "keep-promise",
            _ => continue,
        };
        let minutes = |by: usize| {
            let later = i64::try_from(by).unwrap() * 60;
            instant(at.unix_seconds() + later, 0)
        };
        let (channel, act) = (seed.channel, act.parse().unwrap());
        if seed.z % 4 != 0 {
            id += 1;
            let cause = Some(EventId(*cause));
            let answer = EventKind::Touched { channel, act: Some(act), cause, item: None, disposition: None };
            events.push(Event::new(id, minutes(seed.y), answer));
        } else if seed.y % 2 == 0 {
            // Some were tried in vain.
            for nth in 1..=seed.y / 2 % 4 {
                id += 1;
                let failed = EventKind::Failed { channel, act: act.clone(), cause: EventId(*cause) };
                events.push(Event::new(id, minutes(nth * 20), failed));
            }
        }
    }
    events
}

/// The terms for which permissions are given, in turn.
pub(crate) const TERMS: [SpanModel; 9] = {
    use rules::Count::{Calendar, Clock, Full};
    [
        SpanModel { delay: Delay::hours(30), count: Clock },
        SpanModel { delay: Delay::days(2), count: Clock },
        SpanModel { delay: Delay::months(1), count: Clock },
        SpanModel { delay: Delay::business_days(3), count: Clock },
        SpanModel { delay: Delay::days(1), count: Calendar },
        SpanModel { delay: Delay::days(6), count: Calendar },
        SpanModel { delay: Delay::months(1), count: Calendar },
        SpanModel { delay: Delay::days(4), count: Full },
        SpanModel { delay: Delay::weeks(1), count: Full },
    ]
};

fn term(x: usize, y: usize) -> Span {
    TERMS[(x + y) % TERMS.len()].span()
}

#[allow(clippy::too_many_lines, reason = "one arm for every kind of event")]
fn kind(model: &Model, seed: &Seed, own: (Instant, u64), placed: &[(Instant, u64, &str)]) -> EventKind {
    let Seed { channel, x, y, z, flag, .. } = *seed;
    let any_id = EventId(1 + u64::try_from(z % (placed.len() + 1)).unwrap());
    // The latest event before this one that is of one of these kinds, mostly.
    let latest = |kinds: &[&str]| {
        let before = placed.iter().filter(|(at, id, kind)| (*at, *id) < own && kinds.contains(kind));
        before.max().filter(|_| z % 8 != 0).map_or(any_id, |(_, id, _)| EventId(*id))
    };
    let later = |days: usize| instant(own.0.unix_seconds() + i64::try_from(days).unwrap() * DAY, 0);
    let reason = || Reason::ALL[y % Reason::ALL.len()];
    let topic = |nth: usize| TOPICS[nth % TOPICS.len()].parse().unwrap();
    let path = || {
        let sequence = x % model.sequences.len();
        let step = y % model.sequences[sequence].steps.len();
        format!("seq-{sequence}/s{step}")
    };
    let act = || {
        let word = ACTS[z % ACTS.len()];
        if x % 3 == 0 {
            let cause = match word {
                "respond" => latest(&["inquired", "replied"]),
                "solve" => latest(&["problem-reported"]),
                "recap" => latest(&["met"]),
                "keep-promise" | "remind" => latest(&["promised", "callback-requested"]),
                "confirm-opt-out" => latest(&["opted-out"]),
                "confirm-meeting" => latest(&["booked"]),
                _ => latest(&BEGINS),
            };
            (word.parse().unwrap(), cause)
        } else {
            let cause = latest(&BEGINS);
            // A step of the sequence that the cause began, mostly.
            let trigger = placed
                .iter()
                .find(|(_, id, _)| *id == cause.0)
                .and_then(|(.., kind)| Trigger::ALL.iter().find(|trigger| trigger.as_str() == *kind));
            let begun = trigger.and_then(|trigger| {
                model.sequences.iter().position(|sequence| sequence.starts_on.contains(trigger))
            });
            let path = begun.map_or_else(path, |sequence| {
                format!("seq-{sequence}/s{}", y % model.sequences[sequence].steps.len())
            });
            (path.parse().unwrap(), cause)
        }
    };
    let subscription = || SUBSCRIPTIONS[x % SUBSCRIPTIONS.len()].parse().unwrap();
    let channels: Channels = seed.channels.iter().copied().collect();
    let purposes: Purposes = seed.purposes.iter().copied().collect();
    match seed.kind {
        "added" => EventKind::Added,
        "inquired" => {
            EventKind::Inquired { via: Source::ALL[x % Source::ALL.len()], channel: flag.then_some(channel) }
        }
        "replied" => EventKind::Replied { channel },
        "auto-replied" => EventKind::AutoReplied {
            // Some are misread: past, or years away.
            back: flag.then(|| match z % 8 {
                0 => instant(own.0.unix_seconds() - DAY, 0),
                1 => later(99 + x % 4),
                _ => later(x % 20),
            }),
        },
        "met" => EventKind::Met { channel },
        "named" => EventKind::Named { topics: vec![topic(x), topic(y)] },
        "engaged" => EventKind::Engaged { how: ENGAGEMENTS[x % ENGAGEMENTS.len()] },
        "touched" => {
            let item = (flag && !model.items.is_empty())
                .then(|| format!("item-{}", y % model.items.len()).parse().unwrap());
            if x % 4 == 0 {
                let disposition = DISPOSITIONS[y % DISPOSITIONS.len()];
                return EventKind::Touched { channel, act: None, cause: None, item, disposition };
            }
            let (act, cause) = act();
            EventKind::Touched {
                channel,
                act: Some(act),
                cause: (z % 5 != 0).then_some(cause),
                item,
                disposition: DISPOSITIONS[(x + y) % DISPOSITIONS.len()],
            }
        }
        "skipped" => EventKind::Skipped { step: path().parse().unwrap() },
        "failed" => {
            let (act, cause) = act();
            EventKind::Failed { channel, act, cause }
        }
        "granted" => EventKind::Granted {
            channels,
            purposes,
            basis: Basis::ALL[if y % 2 == 0 { 0 } else { x % Basis::ALL.len() }],
            until: (z % 3 == 0).then(|| later(x % 40)),
            term: (z % 3 == 1).then(|| term(x, y)),
            own_act: flag,
        },
        "denied" => EventKind::Denied { channels, purposes },
        "opted-out" => EventKind::OptedOut { channels, purposes },
        "unsubscribed" => EventKind::Unsubscribed { subscription: subscription(), channels },
        "subscribed" => EventKind::Subscribed { subscription: subscription(), channels },
        "suppressed" => {
            EventKind::Suppressed { channels, purposes, reason: Suppression::ALL[x % Suppression::ALL.len()] }
        }
        "screened" => {
            let ago = |hours: usize| instant(own.0.unix_seconds() - i64::try_from(hours).unwrap() * 3600, 0);
            EventKind::Screened { channels, list: ago(x * 3), listed: (y % 2 == 0).then(|| ago(z * 6)) }
        }
        "colleague-touched" => EventKind::ColleagueTouched { channel },
        "declined" => EventKind::Declined { reason: reason() },
        "disqualified" => EventKind::Disqualified { reason: reason() },
        "purchased" => EventKind::Purchased,
        "problem-reported" => EventKind::ProblemReported,
        "problem-solved" => EventKind::ProblemSolved { problem: latest(&["problem-reported"]) },
        "promised" => {
            EventKind::Promised { by: Party::ALL[x % 2], due: later(y % 12), about: flag.then(|| topic(x)) }
        }
        "kept" => EventKind::Kept { promise: latest(&["promised", "callback-requested"]) },
        "held" => EventKind::Held {
            until: (z % 4 != 0).then(|| later(x % 25)),
            reason: if flag { HoldReason::Paused } else { HoldReason::ALL[y % HoldReason::ALL.len()] },
            despite_reply: x % 3 == 0,
        },
        "released" => {
            EventKind::Released { reason: flag.then(|| HoldReason::ALL[y % HoldReason::ALL.len()]) }
        }
        "annoyed" => EventKind::Annoyed,
        "bounced" => {
            EventKind::Bounced { channel, permanent: flag, of: (x % 3 == 0).then(|| latest(&["touched"])) }
        }
        "corrected" => EventKind::Corrected { channel },
        "enrolled" => {
            // One in so many is a sequence that the playbook lacks.
            let sequence = x % (model.sequences.len() + usize::from(z % 4 == 0));
            // Some start further on, and some at a step that there is not.
            let from = flag.then(|| format!("s{}", y % 5).parse().unwrap());
            EventKind::Enrolled { sequence: format!("seq-{sequence}").parse().unwrap(), from }
        }
        "unenrolled" => EventKind::Unenrolled,
        "booked" => EventKind::Booked { meeting: later(x % 15) },
        "no-show" => EventKind::NoShow,
        "given-up" => EventKind::GivenUp,
        "called-off" => EventKind::CalledOff,
        "stalled" => {
            EventKind::Stalled { why: Stall::ALL[x % Stall::ALL.len()], until: flag.then(|| later(y % 25)) }
        }
        "referred" => EventKind::Referred { to: flag.then(|| "bob".parse().unwrap()) },
        "introduced" => EventKind::Introduced { referrer: flag.then(|| "cem".parse().unwrap()) },
        "callback-requested" => EventKind::CallbackRequested { due: later(y % 12), channel },
        _ => EventKind::Retracted { event: any_id },
    }
}

/// One question with all that it is asked about.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) model: Model,
    pub(crate) playbook: Playbook,
    pub(crate) who: ProspectModel,
    pub(crate) prospect: Prospect,
    /// In the order of their ids, not of time.
    pub(crate) events: Vec<Event>,
    pub(crate) now: Instant,
    /// Further instants.
    pub(crate) others: Vec<Instant>,
    /// For whatever a law draws by lot.
    pub(crate) lots: Vec<u16>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", toml::to_string(&self.playbook).unwrap())?;
        writeln!(f, "[prospect]\n{}", toml::to_string(&self.prospect).unwrap())?;
        for event in &self.events {
            writeln!(f, "{}", serde_json::to_string(event).unwrap())?;
        }
        write!(f, "now {}, others {:?}, lots {:?}", self.now, self.others, self.lots)
    }
}

impl Case {
    pub(crate) fn history(&self) -> History {
        History::try_from(self.events.clone()).unwrap()
    }

    pub(crate) fn question(&self) -> Question<'_> {
        Question {
            playbook: &self.playbook,
            prospect: &self.prospect,
            events: &self.events,
            now: self.now,
            others: &self.others,
            lots: &self.lots,
        }
    }
}

/// An instant as it is drawn: near the epoch, at an event, or far away.
#[derive(Debug, Clone)]
enum When {
    Near((i64, u32)),
    Event(usize, i64),
    Far(Instant),
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        6 => moment().prop_map(When::Near),
        4 => (0..14_usize, -1..=1_i64).prop_map(|(event, by)| When::Event(event, by)),
        2 => (35..120_i64).prop_map(|day| When::Near((day * DAY + 12_345, 0))),
        1 => select(vec![
            Instant::MIN,
            Instant::MAX,
            instant(1, 0),
            instant(END - 1, 0),
            instant(END - 40 * DAY, 0),
        ]).prop_map(When::Far),
    ]
}

pub(crate) fn epoch() -> impl Strategy<Value = i64> {
    let near = (select(EPOCHS.to_vec()), prop_oneof![-3..=3_i64, -60..=3_i64])
        .prop_map(|(epoch, hours)| epoch.parse::<Instant>().unwrap().unix_seconds() + hours * 3600);
    prop_oneof![
        12 => near,
        8 => (1_735_689_600..1_830_297_600_i64).prop_map(|second| second / 900 * 900),
        1 => Just(0_i64),
        1 => Just(END - 20 * DAY),
    ]
}

/// Cases with histories of at most so many events, and the answers to them.
pub(crate) fn cases(most: usize) -> impl Strategy<Value = Case> {
    cases_of(most, EventKind::WORDS)
}

/// The same, half of them with events of those kinds only that give, take or imply permission.
pub(crate) fn cases_of_consent(most: usize) -> impl Strategy<Value = Case> {
    let words = [
        "added",
        "inquired",
        "met",
        "granted",
        "denied",
        "opted-out",
        "unsubscribed",
        "subscribed",
        "suppressed",
        "screened",
        "declined",
        "purchased",
        "enrolled",
    ];
    prop_oneof![cases(most), cases_of(most, &words)]
}

fn cases_of(most: usize, words: &[&str]) -> impl Strategy<Value = Case> + use<> {
    let parts = (model(), prospect(), prop::collection::vec(seed(words), 0..=most));
    let times = (epoch(), when(), prop::collection::vec(when(), 3), prop::collection::vec(0..1000_u16, 4));
    (parts, times).prop_map(|((mut model, mut who, seeds), (epoch, now, others, lots))| {
        (model.epoch, who.epoch) = (epoch, epoch);
        let events = events(&model, &seeds);
        let at = |when: When| match when {
            When::Near((second, nanos)) => instant(epoch.saturating_add(second), nanos),
            When::Event(nth, by) if !events.is_empty() => {
                let at = events[nth % events.len()].at;
                match by {
                    -1 => instant(at.unix_seconds() - 1, 999_999_999),
                    0 => at,
                    _ => at.checked_add(Duration::from_nanos(1)).unwrap_or(at),
                }
            }
            When::Event(..) => instant(epoch, 0),
            When::Far(at) => at,
        };
        let (now, others) = (at(now), others.into_iter().map(at).collect());
        Case { playbook: model.build(), prospect: who.build(), model, who, events, now, others, lots }
    })
}
