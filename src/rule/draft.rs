//! Rules and holidays as a person writes them, in a playbook or in a file of contact rules.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Field;
use crate::facts::channel::Channel;
use crate::facts::id::{Region, RuleId};
use crate::facts::permission::Ground;
use crate::facts::vocabulary::Executor;
use crate::facts::vocabulary::{Outcome, Recipient};
use crate::rule::{Among, AppliesTo, Confidence, Counts, Force};
use crate::time::span::Span;

/// A rule as it is written: for whom it is, where it comes from, and what it says - hours, a cap, a pause, a
/// permission, a registry, what holds for opt-outs. It has at least one of these and at most one of each.
///
/// ```
/// use followup::{CapDraft, Channel, Delay, HoursDraft, PlaybookDraft, RuleDraft};
///
/// let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
///     .rule(
///         RuleDraft::new("their-day")
///             .on([Channel::Phone])
///             .hours(HoursDraft::new("prospect").open("mon-fri", &["09:00-12:30", "14:00-18:00"])),
///     )
///     .rule(RuleDraft::new("three-a-month").cap(CapDraft::new(3, Delay::months(1))))
///     .build()?;
/// assert_eq!(playbook.rules().count(), 2);
/// # Ok::<(), followup::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleDraft {
    pub(crate) id: Field<RuleId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) regions: Vec<Field<Region>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) channels: Vec<Field<Channel>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) recipients: Vec<Field<Recipient>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) by: Vec<Field<Executor>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) applies_to: Option<Field<AppliesTo>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sequences: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) unless: Vec<Field<Ground>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) valid_from: Option<Field<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) valid_until: Option<Field<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) topic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) citation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checked_on: Option<Field<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Field<Confidence>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) force: Option<Field<Force>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hours: Option<HoursDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cap: Option<CapDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pause: Option<PauseDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) permission: Option<RequirementDraft>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) terms: BTreeMap<String, Field<Span>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) registry: Option<RegistryDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opt_out: Option<OptOutDraft>,
}

impl RuleDraft {
    /// A rule for all contacts with everybody, that says nothing yet.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self {
            id: Field::parse(id),
            title: None,
            regions: Vec::new(),
            channels: Vec::new(),
            recipients: Vec::new(),
            by: Vec::new(),
            applies_to: None,
            sequences: None,
            unless: Vec::new(),
            valid_from: None,
            valid_until: None,
            topic: None,
            citation: None,
            url: None,
            checked_on: None,
            confidence: None,
            force: None,
            note: None,
            hours: None,
            cap: None,
            pause: None,
            permission: None,
            terms: BTreeMap::new(),
            registry: None,
            opt_out: None,
        }
    }

    /// Only on these channels.
    #[must_use]
    pub fn on(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().map(Field::from).collect();
        self
    }

    /// Only for what these execute.
    #[must_use]
    pub fn by(mut self, executors: impl IntoIterator<Item = Executor>) -> Self {
        self.by = executors.into_iter().map(Field::from).collect();
        self
    }

    /// Also for prospects of that region, and of regions in it (`US` covers `US-FL`); without any, for all.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        self.regions.push(Field::parse(region));
        self
    }

    /// Only for these.
    #[must_use]
    pub fn to(mut self, recipients: impl IntoIterator<Item = Recipient>) -> Self {
        self.recipients = recipients.into_iter().map(Field::from).collect();
        self
    }

    /// Which contacts it is for. Unless said, all; but approaches alone where it has a cap or a pause.
    #[must_use]
    pub fn applies_to(mut self, range: AppliesTo) -> Self {
        self.applies_to = Some(range.into());
        self
    }

    /// Only for the touches of these sequences, or of single steps of them (`"news/monthly"`): a newsletter goes out on
    /// Tuesdays at ten, and everything else when it is due.
    ///
    /// ```
    /// use followup::{HoursDraft, RuleDraft};
    ///
    /// let tuesdays = HoursDraft::new("prospect").open("tue", &["10:00-11:00"]);
    /// let rule = RuleDraft::new("tuesdays-at-ten").sequences(["news"]).hours(tuesdays);
    /// # let _ = rule;
    /// ```
    #[must_use]
    pub fn sequences<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.sequences = Some(names.into_iter().map(String::from).collect());
        self
    }

    /// Whatever lifts it: a permission, or a relation.
    #[must_use]
    pub fn unless(mut self, grounds: impl IntoIterator<Item = Ground>) -> Self {
        self.unless = grounds.into_iter().map(Field::from).collect();
        self
    }

    /// For how long that ground lasts under this rule.
    #[must_use]
    pub fn term(mut self, ground: Ground, lasts: impl Into<Span>) -> Self {
        self.terms.insert(ground.to_string(), lasts.into().into());
        self
    }

    /// The first date on which it holds, and the first on which it holds no longer, like `2026-08-11`.
    #[must_use]
    pub fn valid(mut self, from: Option<&str>, until: Option<&str>) -> Self {
        self.valid_from = from.map(Field::parse);
        self.valid_until = until.map(Field::parse);
        self
    }

    /// Where it comes from: a law, a contract. It stands in the explanation.
    #[must_use]
    pub fn citation(mut self, source: &str) -> Self {
        self.citation = Some(source.to_string());
        self
    }

    /// What it is about, in one line.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = Some(title.to_string());
        self
    }

    /// The special matter for which it is. Where a region brings it in, it is off.
    #[must_use]
    pub fn topic(mut self, topic: &str) -> Self {
        self.topic = Some(topic.to_string());
        self
    }

    /// Where its source can be read.
    #[must_use]
    pub fn url(mut self, url: &str) -> Self {
        self.url = Some(url.to_string());
        self
    }

    /// The day on which somebody last looked, like `2026-11-22`, how sure it is, and what stands behind it.
    #[must_use]
    pub fn checked(mut self, on: &str, confidence: Confidence, force: Force) -> Self {
        self.checked_on = Some(Field::parse(on));
        self.confidence = Some(confidence.into());
        self.force = Some(force.into());
        self
    }

    /// Doubts, and what it leaves out.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        self.note = Some(note.to_string());
        self
    }

    /// When contacts are allowed.
    #[must_use]
    pub fn hours(mut self, hours: HoursDraft) -> Self {
        self.hours = Some(hours);
        self
    }

    /// How many are allowed.
    #[must_use]
    pub fn cap(mut self, cap: CapDraft) -> Self {
        self.cap = Some(cap);
        self
    }

    /// Nothing for so long after that.
    #[must_use]
    pub fn pause(mut self, after: Outcome, lasts: impl Into<Span>) -> Self {
        self.pause = Some(PauseDraft { after: after.into(), lasts: lasts.into().into() });
        self
    }

    /// Some one of these grounds is required for what the seller begins; with `asking`, also for asking whether
    /// the seller may.
    #[must_use]
    pub fn permission(mut self, grounds: impl IntoIterator<Item = Ground>, asking: bool) -> Self {
        self.permission =
            Some(RequirementDraft { grounds: grounds.into_iter().map(Field::from).collect(), asking });
        self
    }

    /// What a registry requires.
    #[must_use]
    pub fn registry(mut self, registry: RegistryDraft) -> Self {
        self.registry = Some(registry);
        self
    }

    /// What holds for opt-outs.
    #[must_use]
    pub fn opt_out(mut self, opt_out: OptOutDraft) -> Self {
        self.opt_out = Some(opt_out);
        self
    }
}

/// Opening hours as they are written, by whose clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursDraft {
    pub(crate) zone: String,
    pub(crate) week: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) closed: Vec<Field<RuleId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) short: Vec<ShortDraft>,
}

/// Days on which only some hours are left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShortDraft {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) on: Vec<Field<RuleId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) before: Vec<Field<RuleId>>,
    pub(crate) windows: Vec<String>,
}

impl HoursDraft {
    /// Hours by the clock of `zone`: `prospect`, `seller` or the name of a zone. Without a day it is never open.
    #[must_use]
    pub fn new(zone: &str) -> Self {
        Self { zone: zone.to_string(), week: BTreeMap::new(), closed: Vec::new(), short: Vec::new() }
    }

    /// Opens those days (`mon`, `mon-fri`, `daily`) at those times (`09:00-17:30`, `22:00-06:00`).
    #[must_use]
    pub fn open(mut self, days: &str, windows: &[&str]) -> Self {
        let windows = windows.iter().map(|window| (*window).to_string());
        self.week.entry(days.to_string()).or_default().extend(windows);
        self
    }

    /// Closes it on the days of a named set of holidays.
    #[must_use]
    pub fn closed(mut self, holidays: &str) -> Self {
        self.closed.push(Field::parse(holidays));
        self
    }

    /// On the days of a named set, only what lies in these windows too.
    #[must_use]
    pub fn short_on(mut self, holidays: &str, windows: &[&str]) -> Self {
        let windows = windows.iter().map(|window| (*window).to_string()).collect();
        let on = Vec::from([Field::parse(holidays)]);
        self.short.push(ShortDraft { on, before: Vec::new(), windows });
        self
    }

    /// On the eves of the days of a named set, only what lies in these windows too.
    #[must_use]
    pub fn short_before(mut self, holidays: &str, windows: &[&str]) -> Self {
        let windows = windows.iter().map(|window| (*window).to_string()).collect();
        let before = Vec::from([Field::parse(holidays)]);
        self.short.push(ShortDraft { on: Vec::new(), before, windows });
        self
    }
}

/// A cap as it is written: at most so many in any window of that length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CapDraft {
    pub(crate) at_most: u16,
    pub(crate) per: Field<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<Field<Counts>>,
    #[serde(default, rename = "of", skip_serializing_if = "Option::is_none")]
    pub(crate) among: Option<Field<Among>>,
}

impl CapDraft {
    /// At most `at_most` contacts in any window of length `per`.
    #[must_use]
    pub fn new(at_most: u16, per: impl Into<Span>) -> Self {
        Self { at_most, per: per.into().into(), counts: None, among: None }
    }

    /// What it counts; contacts unless said.
    #[must_use]
    pub fn counting(mut self, what: Counts) -> Self {
        self.counts = Some(what.into());
        self
    }

    /// With whom; with the prospect unless said.
    #[must_use]
    pub fn among(mut self, whom: Among) -> Self {
        self.among = Some(whom.into());
        self
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseDraft {
    pub(crate) after: Field<Outcome>,
    pub(crate) lasts: Field<Span>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequirementDraft {
    pub(crate) grounds: Vec<Field<Ground>>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) asking: bool,
}

/// What a registry of those who want no contact requires, as it is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RegistryDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) list_age: Option<Field<Span>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) grace: Option<Field<Span>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unless: Vec<Field<Ground>>,
}

impl RegistryDraft {
    /// They must have been compared with a list; whoever stands on it is not contacted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How old the list may be on the day of the contact.
    #[must_use]
    pub fn list_age(mut self, at_most: impl Into<Span>) -> Self {
        self.list_age = Some(at_most.into().into());
        self
    }

    /// From how long after it was made an entry binds.
    #[must_use]
    pub fn grace(mut self, span: impl Into<Span>) -> Self {
        self.grace = Some(span.into().into());
        self
    }

    /// Whoever gave one of these may be contacted without a look at the list.
    #[must_use]
    pub fn unless(mut self, grounds: impl IntoIterator<Item = Ground>) -> Self {
        self.unless = grounds.into_iter().map(Field::from).collect();
        self
    }
}

/// What a law says of opt-outs, as it is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OptOutDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) within: Option<Field<Span>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keeps: Option<Field<Span>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mechanism: Option<Field<Span>>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) all_channels: bool,
}

impl OptOutDraft {
    /// It says nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// By when the law wants it honoured. It is honoured at once all the same.
    #[must_use]
    pub fn within(mut self, span: impl Into<Span>) -> Self {
        self.within = Some(span.into().into());
        self
    }

    /// How long it must be kept at least. It is kept until they come back all the same.
    #[must_use]
    pub fn keeps(mut self, span: impl Into<Span>) -> Self {
        self.keeps = Some(span.into().into());
        self
    }

    /// For how long after a message the way to opt out must work. That is up to the host.
    #[must_use]
    pub fn mechanism(mut self, span: impl Into<Span>) -> Self {
        self.mechanism = Some(span.into().into());
        self
    }

    /// An opt-out on one channel of the rule counts for all of them.
    #[must_use]
    pub fn all_channels(mut self) -> Self {
        self.all_channels = true;
        self
    }
}

/// A named set of holidays as it is written. After its last day it knows nothing: what depends on it is then a
/// [`Need`](crate::Need), and not taken for an ordinary day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HolidaysDraft {
    pub(crate) id: Field<RuleId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Field<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) through: Option<Field<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checked_on: Option<Field<String>>,
    pub(crate) days: Vec<String>,
}

impl HolidaysDraft {
    /// These days, like `2026-12-25`, and no others, ever.
    #[must_use]
    pub fn new(id: &str, days: &[&str]) -> Self {
        Self {
            id: Field::parse(id),
            title: None,
            from: None,
            through: None,
            source: None,
            url: None,
            checked_on: None,
            days: days.iter().map(|day| (*day).to_string()).collect(),
        }
    }

    /// Where the days come from, and when somebody last looked, like `2026-11-22`.
    #[must_use]
    pub fn source(mut self, source: &str, checked_on: &str) -> Self {
        self.source = Some(source.to_string());
        self.checked_on = Some(Field::parse(checked_on));
        self
    }

    /// The first and the last day of which it knows whether they are holidays.
    #[must_use]
    pub fn known(mut self, from: &str, through: &str) -> Self {
        self.from = Some(Field::parse(from));
        self.through = Some(Field::parse(through));
        self
    }
}

/// Days on which nothing goes out: the seller is away, or an authority has forbidden it for the time being.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BlackoutDraft {
    pub(crate) id: Field<RuleId>,
    pub(crate) from: Field<String>,
    pub(crate) through: Field<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) zone: Option<String>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) regions: Vec<Field<Region>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) channels: Vec<Field<Channel>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(crate) by: Vec<Field<Executor>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) applies_to: Option<Field<AppliesTo>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) citation: Option<String>,
}

impl BlackoutDraft {
    /// Nothing goes out on the days from the first to the last, on the seller's calendar.
    #[must_use]
    pub fn new(id: &str, first: &str, last: &str) -> Self {
        Self {
            id: Field::parse(id),
            from: Field::parse(first),
            through: Field::parse(last),
            zone: None,
            regions: Vec::new(),
            channels: Vec::new(),
            by: Vec::new(),
            applies_to: None,
            citation: None,
        }
    }

    /// Only what these execute: with [`Executor::Person`] the seller is away while the machines go on.
    #[must_use]
    pub fn by(mut self, executors: impl IntoIterator<Item = Executor>) -> Self {
        self.by = executors.into_iter().map(Field::from).collect();
        self
    }

    /// Only with prospects of that region; then the days are those of their calendar.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        self.regions.push(Field::parse(region));
        self
    }

    /// By whose calendar the days are: `prospect`, `seller` or the name of a zone.
    #[must_use]
    pub fn zone(mut self, zone: &str) -> Self {
        self.zone = Some(zone.to_string());
        self
    }

    /// Only on these channels.
    #[must_use]
    pub fn on(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().map(Field::from).collect();
        self
    }

    /// Which contacts it is for; all unless said.
    #[must_use]
    pub fn applies_to(mut self, range: AppliesTo) -> Self {
        self.applies_to = Some(range.into());
        self
    }

    /// Where it comes from: an order of an authority. It stands in the explanation.
    #[must_use]
    pub fn citation(mut self, source: &str) -> Self {
        self.citation = Some(source.to_string());
        self
    }
}

/// Which contact rules a playbook keeps to, as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactRulesDraft {
    /// Regions, or ids of rules.
    #[serde(rename = "use")]
    pub(crate) names: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) except: Vec<Field<RuleId>>,
    pub(crate) elsewhere: Field<crate::rule::Elsewhere>,
}

/// A list that is written down must say something: left out it means all, and so an empty one could be read
/// either way.
pub(crate) fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() {
        return Err(serde::de::Error::custom(
            "an empty list covers nothing; name what it covers, or leave it out",
        ));
    }
    Ok(list)
}
