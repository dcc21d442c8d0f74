//! Drafts: what a person wrote, in a file or in Rust, before it is found to be right.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use core::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Field;
use crate::facts::channel::Channel;
use crate::facts::id::{
    DateName, Format, ItemId, Region, RuleId, SequenceId, StepId, SubscriptionId, Tag, Topic,
};
use crate::facts::permission::{Ground, Purpose};
use crate::facts::vocabulary::Sign;
use crate::facts::vocabulary::{Duty, Executor, Recipient, Trigger};
use crate::playbook::sequence::{Active, Again, Anchor, Since};
use crate::rule::Elsewhere;
use crate::time::delay::Delay;
use crate::time::instant::Instant;
use crate::time::zone::ZoneName;

use crate::rule::draft::{BlackoutDraft, ContactRulesDraft, HolidaysDraft, RuleDraft, some};

/// A playbook as it is written. [`build`](Self::build) turns it into a [`Playbook`](super::Playbook) or names
/// every fault. A file and this builder are the same thing: one serialises to the other.
///
/// ```
/// use followup::{Channel, Delay, ItemDraft, PlaybookDraft, SequenceDraft, StepDraft, Trigger};
///
/// let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
///     .sequence(
///         SequenceDraft::new("inbound")
///             .starts_on(Trigger::Inquired)
///             .step(StepDraft::new("guide").after(Delay::days(2)).on([Channel::Email]))
///             .step(StepDraft::new("call").after(Delay::days(3)).on([Channel::Phone, Channel::Email])),
///     )
///     .item(ItemDraft::new("heating-guide", "guide").rung(1))
///     .item(ItemDraft::new("bakery-case", "case-study").rung(2))
///     .build()?;
/// assert_eq!(playbook.sequences().len(), 1);
///
/// // A step that the ladder can never serve is a fault, and so is an id with a blank.
/// let faults = PlaybookDraft::new("Boilers", "Europe/Berlin")
///     .sequence(SequenceDraft::new("in bound").step(StepDraft::new("guide").on([Channel::Email])))
///     .build()
///     .unwrap_err();
/// assert_eq!(faults.iter().count(), 2);
/// # Ok::<(), followup::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlaybookDraft {
    pub(super) name: String,
    pub(super) zone: Field<ZoneName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seller: Option<String>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) territory: Vec<Field<ZoneName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cycle: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fewest_touches: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) active: Option<Field<Active>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) business_days: Option<BusinessDaysDraft>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) permission: BTreeMap<String, BTreeMap<String, Vec<Field<Ground>>>>,
    #[serde(default)]
    pub(super) implied: ImpliedDraft,
    #[serde(default)]
    pub(super) limits: LimitsDraft,
    #[serde(default, skip_serializing_if = "HoldsDraft::is_default")]
    pub(super) holds: HoldsDraft,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) confirm_opt_out: Option<DutyDraft>,
    #[serde(default)]
    pub(super) respond: DutyDraft,
    #[serde(default)]
    pub(super) solve: DutyDraft,
    #[serde(default)]
    pub(super) recap: DutyDraft,
    #[serde(default)]
    pub(super) keep_promise: DutyDraft,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) confirm_meeting: Option<DutyDraft>,
    #[serde(default)]
    pub(super) ask_permission: DutyDraft,
    #[serde(default)]
    pub(super) remind: DutyDraft,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bring_back: Option<BringBackDraft>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) holidays: Vec<HolidaysDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) contact_rules: Option<ContactRulesDraft>,
    #[serde(default, rename = "rule", skip_serializing_if = "Vec::is_empty")]
    pub(super) rules: Vec<RuleDraft>,
    #[serde(default, rename = "blackout", skip_serializing_if = "Vec::is_empty")]
    pub(super) blackouts: Vec<BlackoutDraft>,
    #[serde(default, rename = "sequence", skip_serializing_if = "Vec::is_empty")]
    pub(super) sequences: Vec<SequenceDraft>,
    #[serde(default, rename = "item", skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<ItemDraft>,
}

impl PlaybookDraft {
    /// A draft of that name, of a seller in that zone.
    #[must_use]
    pub fn new(name: &str, zone: &str) -> Self {
        Self {
            name: name.to_string(),
            zone: Field::parse(zone),
            seller: None,
            territory: Vec::new(),
            cycle: None,
            fewest_touches: None,
            active: None,
            business_days: None,
            permission: BTreeMap::new(),
            implied: ImpliedDraft::default(),
            limits: LimitsDraft::default(),
            holds: HoldsDraft::default(),
            confirm_opt_out: None,
            respond: DutyDraft::default(),
            solve: DutyDraft::default(),
            recap: DutyDraft::default(),
            keep_promise: DutyDraft::default(),
            confirm_meeting: None,
            ask_permission: DutyDraft::default(),
            remind: DutyDraft::default(),
            bring_back: None,
            holidays: Vec::new(),
            contact_rules: None,
            rules: Vec::new(),
            blackouts: Vec::new(),
            sequences: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Who writes, as a prospect should read it: "Eva Kern, Kern Heating". It stands in every
    /// [`Brief`](crate::Brief).
    #[must_use]
    pub fn seller(mut self, seller: &str) -> Self {
        self.seller = Some(seller.to_string());
        self
    }

    /// Calls it by another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.to_string();
        self
    }

    /// Moves the seller to that zone.
    #[must_use]
    pub fn in_zone(mut self, zone: &str) -> Self {
        self.zone = Field::parse(zone);
        self
    }

    /// Adds a zone in which prospects of unknown zone may be.
    #[must_use]
    pub fn territory(mut self, zone: &str) -> Self {
        self.territory.push(Field::parse(zone));
        self
    }

    /// How long buyers take to decide. A sequence that is over before gets a [warning](crate::Playbook::warnings).
    #[must_use]
    pub fn cycle(mut self, cycle: Delay) -> Self {
        self.cycle = Some(cycle.into());
        self
    }

    /// How many touches there are at least before silence may end a pursuit; 7 unless said, because most deals need
    /// seven to ten. A sequence that is over before is a [`Need::Touches`](crate::Need::Touches).
    #[must_use]
    pub fn fewest_touches(mut self, touches: u16) -> Self {
        self.fewest_touches = Some(touches);
        self
    }

    /// Which of the pursuits that have begun are under way; the latest unless said.
    #[must_use]
    pub fn active(mut self, active: Active) -> Self {
        self.active = Some(active.into());
        self
    }

    /// The days that count as business days (`mon`, `mon-fri`, `daily`) and the sets of holidays that do not; Monday
    /// to Friday unless said.
    #[must_use]
    pub fn business_days(mut self, days: &[&str], holidays: &[&str]) -> Self {
        self.business_days = Some(BusinessDaysDraft {
            days: days.iter().map(|day| (*day).to_string()).collect(),
            holidays: holidays.iter().map(|id| Field::parse(id)).collect(),
        });
        self
    }

    /// What is accepted as permission for that purpose on that channel: any one of the grounds.
    #[must_use]
    pub fn permission(
        mut self,
        purpose: Purpose,
        channel: Channel,
        grounds: impl IntoIterator<Item = Ground>,
    ) -> Self {
        let by_channel = self.permission.entry(purpose.to_string()).or_default();
        by_channel.insert(channel.to_string(), grounds.into_iter().map(Field::from).collect());
        self
    }

    /// What is accepted as permission for that purpose on the channels that have no grounds of their own.
    #[must_use]
    pub fn default_permission(mut self, purpose: Purpose, grounds: impl IntoIterator<Item = Ground>) -> Self {
        let by_channel = self.permission.entry(purpose.to_string()).or_default();
        by_channel.insert(DEFAULT.to_string(), grounds.into_iter().map(Field::from).collect());
        self
    }

    /// For how long an inquiry, a conversation and a purchase imply permission.
    #[must_use]
    pub fn implied(mut self, inquiry: Delay, conversation: Delay, purchase: Delay) -> Self {
        self.implied = ImpliedDraft {
            inquiry: Some(inquiry.into()),
            conversation: Some(conversation.into()),
            purchase: Some(purchase.into()),
        };
        self
    }

    /// The limits.
    #[must_use]
    pub fn limits(mut self, limits: LimitsDraft) -> Self {
        self.limits = limits;
        self
    }

    /// How long what holds them back lasts, where the event does not say.
    #[must_use]
    pub fn holds(mut self, holds: HoldsDraft) -> Self {
        self.holds = holds;
        self
    }

    pub(super) const fn duty(&self, duty: Duty) -> Option<&DutyDraft> {
        match duty {
            Duty::ConfirmOptOut => self.confirm_opt_out.as_ref(),
            Duty::Respond => Some(&self.respond),
            Duty::Solve => Some(&self.solve),
            Duty::Recap => Some(&self.recap),
            Duty::KeepPromise => Some(&self.keep_promise),
            Duty::ConfirmMeeting => self.confirm_meeting.as_ref(),
            Duty::AskPermission => Some(&self.ask_permission),
            Duty::Remind => Some(&self.remind),
        }
    }

    /// How an opt-out is confirmed to them: once, on a channel on which they said it, within five minutes unless said
    /// otherwise, and then never. Without this it is not.
    #[must_use]
    pub fn confirm_opt_out(mut self, duty: DutyDraft) -> Self {
        self.confirm_opt_out = Some(duty);
        self
    }

    /// How inquiries and replies are answered.
    #[must_use]
    pub fn respond(mut self, duty: DutyDraft) -> Self {
        self.respond = duty;
        self
    }

    /// How reported problems are solved.
    #[must_use]
    pub fn solve(mut self, duty: DutyDraft) -> Self {
        self.solve = duty;
        self
    }

    /// How conversations are summed up.
    #[must_use]
    pub fn recap(mut self, duty: DutyDraft) -> Self {
        self.recap = duty;
        self
    }

    /// How the seller's promises are kept.
    #[must_use]
    pub fn keep_promise(mut self, duty: DutyDraft) -> Self {
        self.keep_promise = duty;
        self
    }

    /// How a meeting that is agreed is confirmed to them: once, a day [before](DutyDraft::before) it unless said otherwise,
    /// or at once where it is agreed later than that. Without this it is not. A meeting that is moved is confirmed anew, and
    /// one that is called off is not.
    ///
    /// ```
    /// use followup::{Channel, Delay, DutyDraft, PlaybookDraft};
    ///
    /// let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
    ///     .confirm_meeting(DutyDraft::new().on([Channel::Text, Channel::Email]).before(Delay::hours(4)));
    /// # let _ = playbook;
    /// ```
    #[must_use]
    pub fn confirm_meeting(mut self, duty: DutyDraft) -> Self {
        self.confirm_meeting = Some(duty);
        self
    }

    /// How permission is asked for.
    #[must_use]
    pub fn ask_permission(mut self, duty: DutyDraft) -> Self {
        self.ask_permission = duty;
        self
    }

    /// How they are reminded of what they promised.
    #[must_use]
    pub fn remind(mut self, duty: DutyDraft) -> Self {
        self.remind = duty;
        self
    }

    /// How prospects are brought back whose sequence has ended in silence, where it does not say itself with what it
    /// goes on. Without this they are not.
    #[must_use]
    pub fn bring_back(mut self, bring_back: BringBackDraft) -> Self {
        self.bring_back = Some(bring_back);
        self
    }

    /// Adds a named set of holidays.
    #[must_use]
    pub fn holidays(mut self, holidays: HolidaysDraft) -> Self {
        self.holidays.push(holidays);
        self
    }

    /// The contact rules to keep to: those of a region (`US` means the federal ones and those of all
    /// states, `US-FL` the federal ones and those of Florida) and
    /// those that are named by their id; and what holds for a prospect elsewhere. A region is taken care of by being
    /// named, and so are those of a rule that is named; not so what a name brings in besides, such as all of the US by
    /// `US-FL`. See [`Rules`](crate::Rules) for which there are.
    #[must_use]
    pub fn contact_rules(mut self, names: &[&str], elsewhere: Elsewhere) -> Self {
        self.contact_rules = Some(ContactRulesDraft {
            names: names.iter().map(|name| (*name).to_string()).collect(),
            except: Vec::new(),
            elsewhere: elsewhere.into(),
        });
        self
    }

    /// Leaves out some of the [contact rules](Self::contact_rules), by id.
    #[must_use]
    pub fn except_rules(mut self, ids: &[&str]) -> Self {
        // Where no contact rules were named, building says so: what holds elsewhere is not written down.
        let rules = self.contact_rules.get_or_insert_with(|| ContactRulesDraft {
            names: Vec::new(),
            except: Vec::new(),
            elsewhere: Field::parse(""),
        });
        rules.except.extend(ids.iter().map(|id| Field::parse(id)));
        self
    }

    /// Adds a rule of the business's own.
    #[must_use]
    pub fn rule(mut self, rule: RuleDraft) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds days on which nothing goes out.
    #[must_use]
    pub fn blackout(mut self, blackout: BlackoutDraft) -> Self {
        self.blackouts.push(blackout);
        self
    }

    /// Adds a sequence.
    #[must_use]
    pub fn sequence(mut self, sequence: SequenceDraft) -> Self {
        self.sequences.push(sequence);
        self
    }

    /// Adds an item to the ladder.
    #[must_use]
    pub fn item(mut self, item: ItemDraft) -> Self {
        self.items.push(item);
        self
    }
}

/// The key under which a permission stands for every channel that has none of its own.
pub(super) const DEFAULT: &str = "default";

/// Which days count as business days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessDaysDraft {
    pub(super) days: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) holidays: Vec<Field<RuleId>>,
}

/// How long a relation implies permission.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImpliedDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) inquiry: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) conversation: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) purchase: Option<Field<Delay>>,
}

/// One delay, or a list of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Gaps(pub(super) Vec<Field<Delay>>);

impl Gaps {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Gaps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Gaps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;

        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Gaps;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a delay, or a list of delays that grow")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Gaps, E> {
                Ok(Gaps(Vec::from([Field::parse(text)])))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Gaps, A::Error> {
                let mut gaps = Vec::new();
                while let Some(gap) = list.next_element()? {
                    gaps.push(gap);
                }
                Ok(Gaps(gaps))
            }
        }

        deserializer.deserialize_any(OneOrMore)
    }
}

/// Limits as they are written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LimitsDraft {
    #[serde(default, skip_serializing_if = "Gaps::is_empty")]
    pub(super) gap: Gaps,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cool_down: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) retry: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) attempts: Option<u16>,
}

impl LimitsDraft {
    /// No limits but the defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The least distance of an approach from the contacts before it. Default: none.
    #[must_use]
    pub fn gap(mut self, gap: Delay) -> Self {
        self.gap = Gaps(Vec::from([gap.into()]));
        self
    }

    /// The same, growing with their silence: the first after one approach that they have not answered, the second
    /// after two, and so on; the last holds from then on.
    #[must_use]
    pub fn growing_gap(mut self, gaps: impl IntoIterator<Item = Delay>) -> Self {
        self.gap = Gaps(gaps.into_iter().map(Field::from).collect());
        self
    }

    /// How long approaches pause after a sign of annoyance. Default: 30 days.
    #[must_use]
    pub fn cool_down(mut self, pause: Delay) -> Self {
        self.cool_down = Some(pause.into());
        self
    }

    /// How long after an attempt that failed, and how often in all, a channel is tried for one act. Default: 4
    /// hours, 3 attempts.
    #[must_use]
    pub fn retry(mut self, after: Delay, attempts: u16) -> Self {
        self.retry = Some(after.into());
        self.attempts = Some(attempts);
        self
    }
}

/// How long what holds them back lasts where the event does not say, as it is written.
///
/// ```
/// use followup::{Delay, HoldsDraft, PlaybookDraft};
///
/// // Out of office and no day named: a week. Back on Monday: not before Tuesday.
/// let holds = HoldsDraft::new().out_of_office(Delay::days(7)).after_return(Delay::business_days(1));
/// let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin").holds(holds).build()?;
/// # Ok::<(), followup::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HoldsDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) out_of_office: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after_return: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) longest_absence: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after_meeting: Option<Field<Delay>>,
}

impl HoldsDraft {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// For how long an automatic reply holds that names no day of return. Default: it changes nothing.
    #[must_use]
    pub fn out_of_office(mut self, lasts: Delay) -> Self {
        self.out_of_office = Some(lasts.into());
        self
    }

    /// How long after the day of return the hold goes on. Default: not at all.
    #[must_use]
    pub fn after_return(mut self, lasts: Delay) -> Self {
        self.after_return = Some(lasts.into());
        self
    }

    /// How far away a day of return can be; one that is further away is taken for a misreading. Default: 100 days, the
    /// limit that Outplay documents.
    #[must_use]
    pub fn longest_absence(mut self, longest: Delay) -> Self {
        self.longest_absence = Some(longest.into());
        self
    }

    /// For how long after an agreed meeting nothing is sent, so that somebody can say what came of it. Default: 24 hours.
    #[must_use]
    pub fn after_meeting(mut self, lasts: Delay) -> Self {
        self.after_meeting = Some(lasts.into());
        self
    }
}

/// How one kind of act is done, as it is written. What does not apply to the kind is refused.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DutyDraft {
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) channels: Vec<Field<Channel>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<Field<Executor>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at_most: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ask: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) voicemail_settles: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<Field<Delay>>,
}

impl DutyDraft {
    /// On every channel, in person.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The channels to use, the preferred first.
    #[must_use]
    pub fn on(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().map(Field::from).collect();
        self
    }

    /// Who executes it.
    #[must_use]
    pub fn by(mut self, executor: Executor) -> Self {
        self.by = Some(executor.into());
        self
    }

    /// Responding: within how long an answer is on time. Confirming an opt-out: within how long it may be done.
    /// Default: 5 minutes.
    #[must_use]
    pub fn within(mut self, target: Delay) -> Self {
        self.within = Some(target.into());
        self
    }

    /// Asking permission: how long after an unanswered request the next is made (default 5 days). Reminding:
    /// how long after their promise fell due (default 1 day).
    #[must_use]
    pub fn after(mut self, wait: Delay) -> Self {
        self.after = Some(wait.into());
        self
    }

    /// Confirming a meeting: how long before it (default 1 day).
    #[must_use]
    pub fn before(mut self, notice: Delay) -> Self {
        self.before = Some(notice.into());
        self
    }

    /// Asking permission: how often in one pursuit (default 2).
    #[must_use]
    pub fn at_most(mut self, times: u16) -> Self {
        self.at_most = Some(times);
        self
    }

    /// Whether a message left on a voicemail is enough. Default: no; then it is an attempt, and the next channel is
    /// tried.
    #[must_use]
    pub fn voicemail_settles(mut self, is_enough: bool) -> Self {
        self.voicemail_settles = Some(is_enough);
        self
    }

    /// How long after it fell due it is not done any more; never unless said. So whoever imports old inquiries, or was
    /// away for a season, does not answer them as if they were new: the sequence goes on with them.
    #[must_use]
    pub fn expires(mut self, after: Delay) -> Self {
        self.expires = Some(after.into());
        self
    }

    /// What they are asked for; see [`StepDraft::ask`]. Confirming an opt-out asks for nothing.
    #[must_use]
    pub fn ask(mut self, ask: &str) -> Self {
        self.ask = Some(ask.to_string());
        self
    }
}

/// A sequence as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SequenceDraft {
    pub(super) id: Field<SequenceId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) starts_on: Vec<Field<Trigger>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) ends_on: Vec<Field<Sign>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) again: Option<Field<Again>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) priority: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) purpose: Option<Field<Purpose>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subscription: Option<Field<SubscriptionId>>,
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub(super) audience: Option<AudienceDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) every: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) most_a_day: Option<u16>,
    #[serde(default, rename = "step", skip_serializing_if = "Vec::is_empty")]
    pub(super) steps: Vec<StepDraft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) then: Option<ThenDraft>,
}

impl SequenceDraft {
    /// A sequence without steps.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self {
            id: Field::parse(id),
            starts_on: Vec::new(),
            ends_on: Vec::new(),
            again: None,
            priority: None,
            purpose: None,
            subscription: None,
            audience: None,
            every: None,
            most_a_day: None,
            steps: Vec::new(),
            then: None,
        }
    }

    /// What it is after: any one of these signs ends the pursuit, and nothing follows.
    #[must_use]
    pub fn ends_on(mut self, sign: impl Into<Sign>) -> Self {
        self.ends_on.push(sign.into().into());
        self
    }

    /// Whether what starts it starts it once more; when it is finished, by default. Where it does not, the next sequence that starts
    /// on the same does; where there is none, the pursuit before it goes on.
    #[must_use]
    pub fn again(mut self, again: Again) -> Self {
        self.again = Some(again.into());
        self
    }

    /// Where several pursuits are under way: the greater goes first; 0 unless said.
    #[must_use]
    pub fn priority(mut self, priority: u16) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Begins a pursuit when that happens. Of several sequences the first in the playbook begins.
    #[must_use]
    pub fn starts_on(mut self, trigger: Trigger) -> Self {
        self.starts_on.push(trigger.into());
        self
    }

    /// What its touches are for; follow-up unless said.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Whom it is for; everybody unless said. A trigger begins the first sequence that is for them, and nothing goes on with
    /// one that is not; a person can enrol anybody.
    #[must_use]
    pub fn only_for(mut self, audience: AudienceDraft) -> Self {
        self.audience = Some(audience);
        self
    }

    /// Keeps in touch: so long after what happened last its first step is due, and once it is finished it begins anew, until
    /// something ends it. A contact by hand counts, too, and so do meetings, kept or missed. Where sixty rounds in a row have
    /// gone by, because it was too late for a step in each, nobody keeps in touch any more, and it is finished.
    ///
    /// ```
    /// use followup::{Channel, Delay, Purpose, SequenceDraft, StepDraft, Trigger};
    ///
    /// // Every quarter, two weeks later if need be, and never two of them close to each other.
    /// let customers = SequenceDraft::new("customers")
    ///     .starts_on(Trigger::Purchased)
    ///     .purpose(Purpose::Care)
    ///     .every(Delay::months(3))
    ///     .step(StepDraft::new("call").on([Channel::Phone]).without_item().tolerance(Delay::weeks(2)));
    /// # let _ = customers;
    /// ```
    #[must_use]
    pub fn every(mut self, delay: Delay) -> Self {
        self.every = Some(delay.into());
        self
    }

    /// In how many people at most it is begun on one day. A decision about one person knows of no other: it is for
    /// whoever adds or enrols them.
    #[must_use]
    pub fn most_a_day(mut self, people: u16) -> Self {
        self.most_a_day = Some(people);
        self
    }

    /// What it belongs to, if they can unsubscribe from that and have the rest go on: "newsletter". Whoever
    /// [unsubscribed](crate::EventKind::Unsubscribed) gets none of its touches.
    ///
    /// ```
    /// use followup::{Channel, SequenceDraft, StepDraft};
    ///
    /// let tips = SequenceDraft::new("tips")
    ///     .subscription("newsletter")
    ///     .step(StepDraft::new("spring").on([Channel::Email]).without_item());
    /// # let _ = tips;
    /// ```
    #[must_use]
    pub fn subscription(mut self, subscription: &str) -> Self {
        self.subscription = Some(Field::parse(subscription));
        self
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, step: StepDraft) -> Self {
        self.steps.push(step);
        self
    }

    /// Where the pursuit goes on once the steps are finished in silence; nowhere unless said.
    #[must_use]
    pub fn then(mut self, then: ThenDraft) -> Self {
        self.then = Some(then);
        self
    }
}

/// Whom a sequence or an item is for, as it is written: of each list one must be true of them.
///
/// ```
/// use followup::{AudienceDraft, Channel, Recipient, SequenceDraft, StepDraft};
///
/// let bakeries = AudienceDraft::new().topic("bakery").contacted_as(Recipient::Business).region("DE");
/// let sequence = SequenceDraft::new("bakeries")
///     .only_for(bakeries)
///     .step(StepDraft::new("call").on([Channel::Phone]).without_item());
/// # let _ = sequence;
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AudienceDraft {
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) regions: Vec<Field<Region>>,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub(super) recipient: Option<Field<Recipient>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) topics: Vec<Field<Topic>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<Field<Tag>>,
}

impl AudienceDraft {
    /// Everybody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a region in which they may be; a country stands for all regions in it.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        self.regions.push(Field::parse(region));
        self
    }

    /// As what they are contacted.
    #[must_use]
    pub fn contacted_as(mut self, recipient: Recipient) -> Self {
        self.recipient = Some(recipient.into());
        self
    }

    /// Adds something that they may care about.
    #[must_use]
    pub fn topic(mut self, topic: &str) -> Self {
        self.topics.push(Field::parse(topic));
        self
    }

    /// Adds something that the host may know of them.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.tags.push(Field::parse(tag));
        self
    }
}

/// Where a pursuit goes on, as it is written: with another sequence or with the same one again.
///
/// ```
/// use followup::{Channel, Delay, PlaybookDraft, SequenceDraft, StepDraft, ThenDraft};
///
/// // A call every month, for as long as they say neither yes nor no.
/// let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
///     .sequence(
///         SequenceDraft::new("returning")
///             .step(StepDraft::new("call").on([Channel::Phone]).without_item())
///             .then(ThenDraft::new("returning", Delay::months(1))),
///     )
///     .build()?;
/// assert_eq!(playbook.sequences()[0].then().map(|then| then.after()), Some(Delay::months(1)));
/// # Ok::<(), followup::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ThenDraft {
    pub(super) sequence: Field<SequenceId>,
    pub(super) after: Field<Delay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at_most: Option<u16>,
}

impl ThenDraft {
    /// With that sequence, which starts so long after the last step.
    #[must_use]
    pub fn new(sequence: &str, after: Delay) -> Self {
        Self { sequence: Field::parse(sequence), after: after.into(), at_most: None }
    }

    /// How often in one pursuit; as often as it comes to that unless said.
    #[must_use]
    pub fn at_most(mut self, times: u16) -> Self {
        self.at_most = Some(times);
        self
    }
}

/// How somebody is brought back who never said no, as it is written.
///
/// ```
/// use followup::{BringBackDraft, Channel, Delay, PlaybookDraft, SequenceDraft, StepDraft};
///
/// // Three months after the last touch a call, and a reminder two weeks later.
/// let step = |id| StepDraft::new(id).on([Channel::Phone, Channel::Email]).without_item();
/// let playbook = PlaybookDraft::new("Boilers", "Europe/Berlin")
///     .sequence(SequenceDraft::new("reconnect").step(step("call")).step(step("remind").after(Delay::weeks(2))))
///     .bring_back(BringBackDraft::new("reconnect", Delay::months(3)))
///     .build()?;
/// # Ok::<(), followup::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BringBackDraft {
    pub(super) sequence: Field<SequenceId>,
    pub(super) after: Field<Delay>,
}

impl BringBackDraft {
    /// With that sequence, which starts so long after the last step.
    #[must_use]
    pub fn new(sequence: &str, after: Delay) -> Self {
        Self { sequence: Field::parse(sequence), after: after.into() }
    }
}

/// A step as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StepDraft {
    pub(super) id: Field<StepId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Field<Anchor>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<Field<DateName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) business_day: Option<bool>,
    pub(super) channels: Vec<Field<Channel>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) patience: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tolerance: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<Field<Executor>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<Field<ItemId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owes_item: Option<bool>,
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub(super) with: Option<Field<Sign>>,
    #[serde(default, rename = "unless", skip_serializing_if = "Option::is_none")]
    pub(super) without: Option<Field<Sign>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<Field<Delay>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Field<Since>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ask: Option<String>,
}

impl StepDraft {
    /// A step that is due at once and can use no channel yet.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self {
            id: Field::parse(id),
            after: None,
            from: None,
            date: None,
            before: None,
            business_day: None,
            channels: Vec::new(),
            patience: None,
            tolerance: None,
            expires: None,
            by: None,
            items: Vec::new(),
            owes_item: None,
            with: None,
            without: None,
            within: None,
            times: None,
            since: None,
            ask: None,
        }
    }

    /// How long after its anchor it falls due; at once unless said.
    #[must_use]
    pub fn after(mut self, delay: Delay) -> Self {
        self.after = Some(delay.into());
        self
    }

    /// From when the delay counts; from the previous contact of the pursuit unless said.
    #[must_use]
    pub fn from(mut self, anchor: Anchor) -> Self {
        self.from = Some(anchor.into());
        self
    }

    /// Due on that date of theirs, or so long [after](Self::after) it. A step whose time had passed when the sequence began
    /// does not come, unless it [expires](Self::expires) later than that: whoever joins late gets what still fits. Without
    /// such a date it does not come either.
    ///
    /// ```
    /// use followup::{Channel, Delay, StepDraft};
    ///
    /// let letter = StepDraft::new("letter").before("renewal", Delay::days(60)).on([Channel::Post]);
    /// let thanks = StepDraft::new("thanks").on_date("renewal").after(Delay::weeks(1)).on([Channel::Phone]);
    /// # let _ = (letter, thanks);
    /// ```
    #[must_use]
    pub fn on_date(mut self, name: &str) -> Self {
        self.date = Some(Field::parse(name));
        self
    }

    /// Due so long before that [date](Self::on_date) of theirs.
    #[must_use]
    pub fn before(mut self, name: &str, delay: Delay) -> Self {
        self.date = Some(Field::parse(name));
        self.before = Some(delay.into());
        self
    }

    /// What would fall due on another day falls due at the same time on the next business day; what is due
    /// [before](Self::before) a date, on the last one before that.
    #[must_use]
    pub fn on_business_day(mut self) -> Self {
        self.business_day = Some(true);
        self
    }

    /// The channels that it may use. It goes out on the first that opens; of several that are open, on the one
    /// that the prospect prefers, then on the one named first.
    #[must_use]
    pub fn on(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().map(Field::from).collect();
        self
    }

    /// For so long from when it is due, only the first choice is used: of its channels the one that they like best, or
    /// else the one named first. So mail, which opens earlier, does not always win over a call. It makes no difference
    /// whether the first choice is there and permitted.
    ///
    /// ```
    /// use followup::{Channel, Delay, StepDraft};
    ///
    /// let call = StepDraft::new("call").on([Channel::Phone, Channel::Email]).patience(Delay::hours(4));
    /// # let _ = call;
    /// ```
    #[must_use]
    pub fn patience(mut self, patience: Delay) -> Self {
        self.patience = Some(patience.into());
        self
    }

    /// How long after it falls due it is still on time; from then on it is [late](crate::Action::late_by), and goes all the
    /// same.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Delay) -> Self {
        self.tolerance = Some(tolerance.into());
        self
    }

    /// How long after it falls due it is too late for it: a step that can no longer go within this time is passed over. Check-ins
    /// that were missed are not all made up, and a reminder of something that is over does not go out. Time on hold is not
    /// counted.
    ///
    /// ```
    /// use followup::{Channel, Delay, StepDraft};
    ///
    /// let greeting = StepDraft::new("season").on([Channel::Post]).expires(Delay::weeks(2));
    /// # let _ = greeting;
    /// ```
    #[must_use]
    pub fn expires(mut self, after: Delay) -> Self {
        self.expires = Some(after.into());
        self
    }

    /// Who executes it; a person unless said.
    #[must_use]
    pub fn by(mut self, executor: Executor) -> Self {
        self.by = Some(executor.into());
        self
    }

    /// Gives one of these items only.
    #[must_use]
    pub fn items(mut self, items: &[&str]) -> Self {
        self.items = items.iter().map(|id| Field::parse(id)).collect();
        self
    }

    /// Owes no item: a touch that asks or closes rather than gives.
    #[must_use]
    pub fn without_item(mut self) -> Self {
        self.owes_item = Some(false);
        self
    }

    /// Only if they have shown that [sign](crate::Condition): `if` in a file. What came of the last contact is a sign, too.
    #[must_use]
    pub fn only_if(mut self, sign: impl Into<Sign>) -> Self {
        self.with = Some(sign.into().into());
        self
    }

    /// Only if they have not shown that [sign](crate::Condition).
    #[must_use]
    pub fn unless(mut self, sign: impl Into<Sign>) -> Self {
        self.without = Some(sign.into().into());
        self
    }

    /// The sign must have come so soon after what was done last in the pursuit, or after its start. A step that
    /// is for want of the sign waits until that time is over.
    #[must_use]
    pub fn within(mut self, deadline: Delay) -> Self {
        self.within = Some(deadline.into());
        self
    }

    /// How many times the sign must have come; once by default.
    #[must_use]
    pub fn times(mut self, times: u8) -> Self {
        self.times = Some(times);
        self
    }

    /// From when on the sign counts: what they opened or clicked since the last contact of the pursuit, any other sign
    /// since the pursuit began, unless said. Whoever is [`Ever`](Since::Ever) connected gets no invitation.
    ///
    /// ```
    /// use followup::{Channel, Engagement, Since, StepDraft};
    ///
    /// let invite = StepDraft::new("invite").on([Channel::Social]).unless(Engagement::Accepted).since(Since::Ever);
    /// let call = StepDraft::new("call").on([Channel::Phone]).only_if(Engagement::Opened).times(3).since(Since::Start);
    /// # let _ = (invite, call);
    /// ```
    #[must_use]
    pub fn since(mut self, since: Since) -> Self {
        self.since = Some(since.into());
        self
    }

    /// The one thing for which they are asked: "a call of fifteen minutes about the offer". In a
    /// [`Brief`](crate::Brief) it goes behind "May I ask you for"; what ends like a sentence stands as it is.
    #[must_use]
    pub fn ask(mut self, ask: &str) -> Self {
        self.ask = Some(ask.to_string());
        self
    }
}

/// An item of content as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ItemDraft {
    pub(super) id: Field<ItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    pub(super) format: Field<Format>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rung: Option<u8>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) topics: Vec<Field<Topic>>,
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub(super) audience: Option<AudienceDraft>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Vec::is_empty")]
    pub(super) channels: Vec<Field<Channel>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Field<Instant>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Field<Instant>>,
}

impl ItemDraft {
    /// An item for everybody, on every channel, at any time.
    #[must_use]
    pub fn new(id: &str, format: &str) -> Self {
        Self {
            id: Field::parse(id),
            title: None,
            format: Field::parse(format),
            rung: None,
            topics: Vec::new(),
            audience: None,
            channels: Vec::new(),
            from: None,
            until: None,
        }
    }

    /// What it is called; its id unless said.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = Some(title.to_string());
        self
    }

    /// How far up the ladder it stands; 0 unless said.
    #[must_use]
    pub fn rung(mut self, rung: u8) -> Self {
        self.rung = Some(rung);
        self
    }

    /// Adds something that it is about. With topics, it is for those who care about one of them or
    /// have named it.
    #[must_use]
    pub fn about(mut self, topic: &str) -> Self {
        self.topics.push(Field::parse(topic));
        self
    }

    /// Whom it is for; everybody unless said.
    #[must_use]
    pub fn only_for(mut self, audience: AudienceDraft) -> Self {
        self.audience = Some(audience);
        self
    }

    /// The channels that can carry it; all unless said.
    #[must_use]
    pub fn on(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().map(Field::from).collect();
        self
    }

    /// From when it may be given.
    #[must_use]
    pub fn from(mut self, instant: Instant) -> Self {
        self.from = Some(instant.into());
        self
    }

    /// The first instant at which it may not be given any more.
    #[must_use]
    pub fn until(mut self, instant: Instant) -> Self {
        self.until = Some(instant.into());
        self
    }
}
