//! Generators of rules: for whom they are, and what they say.

use followup::{
    Among, AppliesTo, CapDraft, Channel, Counts, Delay, Executor, Ground, HoursDraft, OptOutDraft, Outcome,
    Recipient, RegistryDraft, RuleDraft, Span,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{Model, ZONES, bounds, ground, some_channels, week, window, windows};

/// How the days of a span are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Clock,
    Calendar,
    Full,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanModel {
    pub(crate) delay: Delay,
    pub(crate) count: Count,
}

impl From<Delay> for SpanModel {
    fn from(delay: Delay) -> Self {
        Self { delay, count: Count::Clock }
    }
}

impl std::str::FromStr for SpanModel {
    type Err = followup::DelayError;

    /// "7 calendar days", as files write it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (words, count) = match text.split(' ').nth(1) {
            Some("calendar") => (text.replacen(" calendar", "", 1), Count::Calendar),
            Some("full") => (text.replacen(" full", "", 1), Count::Full),
            _ => (text.to_string(), Count::Clock),
        };
        Ok(Self { delay: words.parse()?, count })
    }
}

impl SpanModel {
    pub(crate) fn span(self) -> Span {
        match self.count {
            Count::Clock => self.delay.into(),
            Count::Calendar => Span::calendar(self.delay).unwrap(),
            Count::Full => Span::full(self.delay).unwrap(),
        }
    }
}

/// For how long a ground lasts.
pub(crate) type TermsModel = Vec<(Ground, SpanModel)>;

#[derive(Debug, Clone)]
pub(crate) struct RuleModel {
    pub(crate) id: String,
    pub(crate) regions: Vec<&'static str>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) by: Vec<Executor>,
    pub(crate) applies_to: AppliesTo,
    /// A sequence that it is for alone, or a step of it, counted round.
    pub(crate) of: Option<(usize, Option<usize>)>,
    pub(crate) unless: Vec<Ground>,
    pub(crate) terms: TermsModel,
    /// Days relative to the epoch's.
    pub(crate) valid: (Option<i64>, Option<i64>),
    pub(crate) source: bool,
    /// At most one of each kind.
    pub(crate) parts: Vec<PartModel>,
}

#[derive(Debug, Clone)]
pub(crate) enum PartModel {
    Hours(HoursModel),
    Cap(CapModel),
    Pause(Outcome, SpanModel),
    Permission(Vec<Ground>, bool),
    Registry(RegistryModel),
    /// An opt-out on one channel counts for all.
    OptOut,
}

#[derive(Debug, Clone)]
pub(crate) struct HoursModel {
    /// `prospect`, `seller` or a zone.
    pub(crate) frame: &'static str,
    /// Windows in minutes by a key for days. An end past 1440 is on the next day.
    pub(crate) week: Vec<(&'static str, Vec<(u16, u16)>)>,
    /// Sets of holidays.
    pub(crate) closed: Vec<usize>,
    pub(crate) short: Vec<ShortModel>,
}

/// Days of a set of holidays, or their eves, on which only that much is left.
#[derive(Debug, Clone)]
pub(crate) struct ShortModel {
    pub(crate) set: usize,
    pub(crate) are_eves: bool,
    pub(crate) windows: Vec<(u16, u16)>,
}

#[derive(Debug, Clone)]
pub(crate) struct CapModel {
    pub(crate) at_most: u16,
    pub(crate) per: SpanModel,
    pub(crate) counts: Counts,
    pub(crate) among: Among,
}

#[derive(Debug, Clone)]
pub(crate) struct RegistryModel {
    pub(crate) list_age: Option<SpanModel>,
    pub(crate) grace: Option<SpanModel>,
    pub(crate) unless: Vec<Ground>,
}

/// Days on which nothing goes out, relative to the epoch's.
#[derive(Debug, Clone)]
pub(crate) struct BlackoutModel {
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) by: Vec<Executor>,
    pub(crate) regions: Vec<&'static str>,
}

impl RuleModel {
    /// A rule for everybody.
    pub(crate) fn of(id: &str, applies_to: AppliesTo, part: PartModel) -> Self {
        Self {
            id: id.to_string(),
            regions: Vec::new(),
            channels: Vec::new(),
            recipients: Vec::new(),
            by: Vec::new(),
            applies_to,
            of: None,
            unless: Vec::new(),
            terms: Vec::new(),
            valid: (None, None),
            source: false,
            parts: vec![part],
        }
    }

    pub(crate) fn hours(&self) -> Option<&HoursModel> {
        self.parts.iter().find_map(|part| match part {
            PartModel::Hours(hours) => Some(hours),
            _ => None,
        })
    }

    pub(crate) fn hours_mut(&mut self) -> Option<&mut HoursModel> {
        self.parts.iter_mut().find_map(|part| match part {
            PartModel::Hours(hours) => Some(hours),
            _ => None,
        })
    }

    pub(crate) fn cap(&self) -> Option<&CapModel> {
        self.parts.iter().find_map(|part| match part {
            PartModel::Cap(cap) => Some(cap),
            _ => None,
        })
    }

    pub(crate) fn pause(&self) -> Option<(Outcome, SpanModel)> {
        self.parts.iter().find_map(|part| match part {
            PartModel::Pause(after, lasts) => Some((*after, *lasts)),
            _ => None,
        })
    }

    pub(crate) fn registry(&self) -> Option<&RegistryModel> {
        self.parts.iter().find_map(|part| match part {
            PartModel::Registry(registry) => Some(registry),
            _ => None,
        })
    }

    /// The grounds of which one is required, for asking or else for what needs permission.
    pub(crate) fn requires(&self, is_asking: bool) -> Option<&[Ground]> {
        self.parts.iter().find_map(|part| match part {
            PartModel::Permission(grounds, asking) if *asking || !is_asking => Some(grounds.as_slice()),
            _ => None,
        })
    }

    pub(crate) fn is_opt_out(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, PartModel::OptOut))
    }

    /// The sequence, or the step of it, that it is for alone. An opt-out and a cap are for all.
    pub(crate) fn names(&self, model: &Model) -> Option<(usize, Option<usize>)> {
        let is_of_all = |part: &PartModel| matches!(part, PartModel::OptOut | PartModel::Cap(_));
        let (sequence, step) = self.of.filter(|_| !self.parts.iter().any(is_of_all))?;
        let sequence = sequence % model.sequences.len();
        Some((sequence, step.map(|step| step % model.sequences[sequence].steps.len())))
    }

    pub(crate) fn covers(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }

    pub(crate) fn draft(&self, model: &Model) -> RuleDraft {
        let mut draft = RuleDraft::new(&self.id)
            .on(self.channels.iter().copied())
            .to(self.recipients.iter().copied())
            .by(self.by.iter().copied())
            .applies_to(self.applies_to)
            .unless(self.unless.iter().copied());
        match self.names(model) {
            Some((sequence, None)) => draft = draft.sequences([format!("seq-{sequence}").as_str()]),
            Some((sequence, Some(step))) => {
                draft = draft.sequences([format!("seq-{sequence}/s{step}").as_str()]);
            }
            None => {}
        }
        for region in &self.regions {
            draft = draft.region(region);
        }
        for (ground, span) in &self.terms {
            draft = draft.term(*ground, span.span());
        }
        let (from, until) = bounds(model.epoch, self.valid);
        let [from, until] = [from, until].map(|day| day.map(|day| day.to_string()));
        draft = draft.valid(from.as_deref(), until.as_deref());
        if self.source {
            draft = draft.citation("an ordinance");
        }
        for part in &self.parts {
            draft = match part {
                PartModel::Hours(hours) => draft.hours(hours.draft(model)),
                PartModel::Cap(cap) => {
                    let limit = CapDraft::new(cap.at_most, cap.per.span());
                    draft.cap(limit.counting(cap.counts).among(cap.among))
                }
                PartModel::Pause(after, lasts) => draft.pause(*after, lasts.span()),
                PartModel::Permission(grounds, asking) => draft.permission(grounds.iter().copied(), *asking),
                PartModel::Registry(registry) => draft.registry(registry.draft()),
                PartModel::OptOut => draft.opt_out(OptOutDraft::new().all_channels()),
            };
        }
        draft
    }
}

impl HoursModel {
    fn draft(&self, model: &Model) -> HoursDraft {
        fn texts(windows: &[(u16, u16)]) -> Vec<String> {
            windows.iter().copied().map(window).collect()
        }
        fn as_texts(texts: &[String]) -> Vec<&str> {
            texts.iter().map(String::as_str).collect()
        }
        let mut open = HoursDraft::new(self.frame);
        for (days, windows) in &self.week {
            open = open.open(days, &as_texts(&texts(windows)));
        }
        for set in self.closed.iter().filter(|set| **set < model.holidays.len()) {
            open = open.closed(&format!("holidays-{set}"));
        }
        for short in self.short.iter().filter(|short| short.set < model.holidays.len()) {
            let (set, windows) = (format!("holidays-{}", short.set), texts(&short.windows));
            open = if short.are_eves {
                open.short_before(&set, &as_texts(&windows))
            } else {
                open.short_on(&set, &as_texts(&windows))
            };
        }
        open
    }
}

impl RegistryModel {
    fn draft(&self) -> RegistryDraft {
        let mut draft = RegistryDraft::new().unless(self.unless.iter().copied());
        if let Some(age) = self.list_age {
            draft = draft.list_age(age.span());
        }
        if let Some(grace) = self.grace {
            draft = draft.grace(grace.span());
        }
        draft
    }
}

// Strategies.

pub(crate) fn span() -> impl Strategy<Value = SpanModel> {
    let clock = prop_oneof![
        (1..=72_u16).prop_map(Delay::hours),
        (1..=10_u8).prop_map(Delay::days),
        (1..=3_u8).prop_map(Delay::weeks),
        (1..=2_u8).prop_map(Delay::months),
        (1..=5_u8).prop_map(Delay::business_days),
    ];
    let dated = prop_oneof![
        3 => (1..=10_u8).prop_map(Delay::days),
        1 => (1..=3_u8).prop_map(Delay::weeks),
        1 => (1..=2_u8).prop_map(Delay::months),
    ];
    prop_oneof![
        3 => clock.prop_map(SpanModel::from),
        2 => (dated, select(vec![Count::Calendar, Count::Full]))
            .prop_map(|(delay, count)| SpanModel { delay, count }),
    ]
}

fn hours() -> impl Strategy<Value = HoursModel> {
    let frame = prop_oneof![4 => Just("prospect"), 2 => Just("seller"), 2 => select(ZONES.to_vec())];
    let left = prop_oneof![1 => Just(Vec::new()), 3 => windows()];
    let short = (0..2_usize, any::<bool>(), left).prop_map(|(set, are_eves, windows)| ShortModel {
        set,
        are_eves,
        windows,
    });
    let shorts = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(short, 1..3)];
    (frame, week(), subsequence(vec![0, 1], 0..=2), shorts)
        .prop_map(|(frame, week, closed, short)| HoursModel { frame, week, closed, short })
}

fn cap() -> impl Strategy<Value = CapModel> {
    let counts = prop_oneof![3 => Just(Counts::Contacts), 1 => select(Counts::ALL)];
    let among = prop_oneof![3 => Just(Among::Prospect), 1 => Just(Among::Account)];
    (1..=3_u16, span(), counts, among).prop_map(|(at_most, per, counts, among)| CapModel {
        at_most,
        per,
        counts,
        among,
    })
}

fn registry() -> impl Strategy<Value = RegistryModel> {
    let unless = prop_oneof![1 => Just(Vec::new()), 1 => grounds_with_a_term()];
    (prop::option::weighted(0.3, span()), prop::option::weighted(0.3, span()), unless)
        .prop_map(|(list_age, grace, unless)| RegistryModel { list_age, grace, unless })
}

/// Grounds that somebody has to give.
fn grounds_with_a_term() -> impl Strategy<Value = Vec<Ground>> {
    let ground = ground().prop_filter("it has no beginning", |ground| *ground != Ground::NotRefused);
    prop::collection::vec(ground, 1..3)
}

pub(crate) fn rule(part: impl Strategy<Value = PartModel>) -> impl Strategy<Value = RuleModel> {
    let regions = prop_oneof![3 => Just(Vec::new()), 1 => subsequence(vec!["US", "US-FL", "FR"], 1..=2)];
    let recipients =
        prop_oneof![4 => Just(Vec::new()), 1 => select(Recipient::ALL).prop_map(|one| vec![one])];
    let by = prop_oneof![3 => Just(Vec::new()), 1 => subsequence(Executor::ALL.to_vec(), 1..=2)];
    let of = prop_oneof![6 => Just(None), 1 => (0..4_usize, prop::option::of(0..4_usize)).prop_map(Some)];
    let unless = prop_oneof![3 => Just(Vec::new()), 1 => grounds_with_a_term()];
    let terms = prop_oneof![
        2 => Just(Vec::new()),
        1 => (grounds_with_a_term(), prop::collection::vec(span(), 2))
            .prop_map(|(grounds, spans)| grounds.into_iter().zip(spans).collect::<TermsModel>()),
    ];
    let valid = prop_oneof![
        3 => Just((None, None)),
        1 => (prop::option::of(-3..12_i64), prop::option::of(1..30_i64))
            .prop_map(|(from, length)| (from, length.map(|days| from.unwrap_or(0) + days))),
    ];
    (
        (regions, some_channels(), recipients, by, select(AppliesTo::ALL), of),
        (unless, terms, valid, any::<bool>()),
        part,
    )
        .prop_map(
            |(
                (regions, channels, recipients, by, applies_to, of),
                (unless, mut terms, valid, source),
                part,
            )| {
                // One term for each ground.
                terms.sort_by_key(|(ground, _)| *ground);
                terms.dedup_by_key(|(ground, _)| *ground);
                RuleModel {
                    id: String::new(),
                    regions,
                    channels,
                    recipients,
                    by,
                    applies_to,
                    of,
                    unless,
                    terms,
                    valid,
                    source,
                    parts: vec![part],
                }
            },
        )
}

fn kind(part: &PartModel) -> std::mem::Discriminant<PartModel> {
    std::mem::discriminant(part)
}

/// The rules of one playbook: hours often, caps half the time, the others now and then, two parts in one at times.
pub(crate) fn rules() -> impl Strategy<Value = Vec<RuleModel>> {
    let hours = prop_oneof![
        2 => Just(Vec::new()),
        3 => prop::collection::vec(rule(hours().prop_map(PartModel::Hours)), 1..4),
    ];
    let caps = prop_oneof![
        1 => Just(Vec::new()),
        1 => prop::collection::vec(rule(cap().prop_map(PartModel::Cap)), 1..3),
    ];
    let grounds = prop::collection::vec(ground(), 1..4);
    let other = prop_oneof![
        4 => (select(Outcome::ALL), span()).prop_map(|(after, lasts)| PartModel::Pause(after, lasts)),
        2 => (grounds, any::<bool>()).prop_map(|(grounds, asking)| PartModel::Permission(grounds, asking)),
        4 => registry().prop_map(PartModel::Registry),
        1 => Just(PartModel::OptOut),
    ];
    let others = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(rule(other), 1..3)];
    (hours, caps, others, 0..6_u8).prop_map(|(hours, caps, others, how)| {
        let mut rules: Vec<RuleModel> = hours.into_iter().chain(caps).collect();
        for rule in others {
            match rules.last_mut().filter(|_| how == 0) {
                Some(last) if last.parts.iter().all(|part| kind(part) != kind(&rule.parts[0])) => {
                    last.parts.extend(rule.parts);
                }
                _ => rules.push(rule),
            }
        }
        for (nth, rule) in rules.iter_mut().enumerate() {
            rule.id = format!("rule-{nth}");
        }
        rules
    })
}

pub(crate) fn blackouts() -> impl Strategy<Value = Vec<BlackoutModel>> {
    let by = prop_oneof![2 => Just(Vec::new()), 1 => subsequence(Executor::ALL.to_vec(), 1..=2)];
    let regions =
        prop_oneof![2 => Just(Vec::new()), 1 => select(vec!["US", "US-FL", "FR"]).prop_map(|one| vec![one])];
    let one = (-1..20_i64, 0..4_i64, by, regions).prop_map(|(first, days, by, regions)| BlackoutModel {
        first,
        last: first + days,
        by,
        regions,
    });
    prop_oneof![8 => Just(Vec::new()), 1 => prop::collection::vec(one, 1..3)]
}

/// A registry that has to be looked at, and no ground that spares it.
pub(crate) fn bare_registry() -> RegistryModel {
    RegistryModel { list_age: None, grace: None, unless: Vec::new() }
}
