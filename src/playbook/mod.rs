//! Playbooks: all that a business chooses, valid by construction.

pub(crate) mod act;
pub(crate) mod audience;
pub(crate) mod check;
pub(crate) mod content;
pub(crate) mod draft;
pub(crate) mod duty;
mod lint;
#[cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
mod recommended;
pub(crate) mod rule_check;
pub(crate) mod sequence;
mod stretch;

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use crate::rule::draft::{
    BlackoutDraft, CapDraft, HolidaysDraft, HoursDraft, OptOutDraft, RegistryDraft, RuleDraft,
};
pub use draft::{
    AudienceDraft, BringBackDraft, DutyDraft, HoldsDraft, ItemDraft, LimitsDraft, PlaybookDraft,
    SequenceDraft, StepDraft, ThenDraft,
};
pub use lint::{Lint, Warning};

use crate::error::Faults;
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{Print, Region, RuleId};
use crate::facts::permission::{Grounds, Purpose};
use crate::facts::vocabulary::Duty;
use crate::playbook::content::Item;
use crate::playbook::duty::DutySpec;
use crate::playbook::sequence::{Active, Gives, Sequence, Step, Then};
use crate::rule::library::Rules;
use crate::rule::{Elsewhere, Rule, Terms};
use crate::time::calendar::BusinessDays;
use crate::time::delay::Delay;
use crate::time::zone::{ZoneIndex, Zones};

/// All that a business chooses: sequences, content, permissions, hours, limits.
///
/// A playbook is a file that a person writes, or a [`PlaybookDraft`] in Rust. Parsing checks everything and
/// names every fault with its place, the value and the remedy; what has parsed can be decided with.
///
/// ```
/// use followup::Playbook;
///
/// let playbook: Playbook = toml::from_str(r#"
///     name = "Boilers"
///     zone = "Europe/Berlin"          # the seller's
///
///     [[rule]]
///     id = "their-day"
///     hours = { zone = "prospect", week = { mon-fri = ["09:00-12:30", "14:00-18:00"] } }
///
///     [[sequence]]
///     id = "inbound"
///     starts-on = ["inquired"]
///     step = [
///         { id = "guide", after = "2 days", channels = ["email"] },
///         { id = "call", after = "3 business days", channels = ["phone", "email"] },
///     ]
///
///     [[item]]
///     id = "heating-guide"
///     format = "guide"
/// "#)?;
/// assert_eq!(playbook.name(), "Boilers");
///
/// let error = toml::from_str::<Playbook>(r#"
///     name = "Boilers"
///     zone = "Europe/Berlin"
///
///     [[sequence]]
///     id = "inbound"
///     step = [{ id = "call-2", after = "3 dayz", channels = ["fone"] }]
/// "#).unwrap_err().to_string();
/// assert!(error.contains(r#"sequence "inbound", step "call-2": "3 dayz""#), "{error}");
/// assert!(error.contains(r#"sequence "inbound", step "call-2": "fone" is no channel"#), "{error}");
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "PlaybookDraft", into = "PlaybookDraft")]
pub struct Playbook {
    pub(crate) draft: PlaybookDraft,
    /// By which a state knows that it was made under this very playbook.
    pub(crate) fingerprint: u64,
    pub(crate) zones: Zones,
    pub(crate) library: Rules,
    pub(crate) seller: ZoneIndex,
    pub(crate) territory: Vec<ZoneIndex>,
    /// How long buyers take to decide.
    pub(crate) cycle: Option<Delay>,
    pub(crate) business: Business,
    /// For follow-up, care and asking.
    pub(crate) accepts: [[Grounds; Channel::ALL.len()]; 3],
    /// For how long a relation implies permission, where no rule says otherwise.
    pub(crate) implied: Terms,
    pub(crate) limits: Limits,
    pub(crate) rules: Vec<Rule>,
    pub(crate) uses: Uses,
    pub(crate) elsewhere: Option<Elsewhere>,
    /// The regions of which it names all contact rules.
    pub(crate) covered: Vec<Region>,
    /// How each duty is done; nothing for one that is not.
    pub(crate) duties: [Option<DutySpec>; Duty::ALL.len()],
    pub(crate) holds: Holds,
    /// Where a pursuit goes on that nothing else follows.
    pub(crate) bring_back: Option<Then>,
    pub(crate) active: Active,
    /// With fewer touches than this, silence ends no pursuit.
    pub(crate) fewest_touches: u16,
    pub(crate) sequences: Vec<Sequence>,
    pub(crate) items: Vec<Item>,
}

/// How long what holds them back lasts, where the event does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holds {
    /// After an automatic reply that names no day.
    pub(crate) out_of_office: Option<Delay>,
    /// After the day on which somebody is back.
    pub(crate) after_return: Option<Delay>,
    /// A day of return that is further away is taken for a misreading.
    pub(crate) longest_absence: Delay,
    /// After a meeting, so that somebody can say what came of it.
    pub(crate) after_meeting: Delay,
}

/// The days that count as business days, and up to which date it is known.
#[derive(Debug, Clone)]
pub(crate) struct Business {
    pub(crate) days: BusinessDays,
    pub(crate) through: Option<NaiveDate>,
    /// The set of holidays that ends then.
    pub(crate) ends_first: Option<RuleId>,
}

/// What the rules and sequences of a playbook make use of: what none does need not be looked for.
#[derive(Debug, Clone, Copy)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each stands for a kind of part, and none depends on another"
)]
pub(crate) struct Uses {
    /// Some rule is not for everybody.
    pub(crate) choice: bool,
    /// Something lifts some rule.
    pub(crate) lifting: bool,
    pub(crate) permissions: bool,
    pub(crate) registries: bool,
    pub(crate) opt_outs: bool,
    pub(crate) hours: bool,
    pub(crate) caps: bool,
    pub(crate) pauses: bool,
    pub(crate) patience: bool,
    pub(crate) expiry: bool,
    /// How many signs of a kind a condition counts.
    pub(crate) most_signs: u8,
    pub(crate) items: bool,
    /// By channel, those that no rule tells from it, whatever somebody has permitted.
    pub(crate) alike: [Channels; Channel::ALL.len()],
}

impl Uses {
    fn of(rules: &[Rule], duties: &[Option<DutySpec>], sequences: &[Sequence]) -> Self {
        let confirms_meetings = duties.get(Duty::ConfirmMeeting as usize).is_some_and(Option::is_some);
        let any = |is_so: fn(&Rule) -> bool| rules.iter().any(is_so);
        let steps = sequences.iter().flat_map(|one| &one.steps);
        let conditions = steps.filter_map(|step| step.condition.as_ref());
        let any_step = |is_so: fn(&Step) -> bool| sequences.iter().flat_map(|one| &one.steps).any(is_so);
        let is_told_apart = |one: Channel, other: Channel| {
            rules.iter().any(|rule| {
                let (on_one, on_other) = (rule.channels.contains(one), rule.channels.contains(other));
                on_one != on_other || on_one && !rule.unless.is_empty()
            })
        };
        let mut alike = [Channels::NONE; Channel::ALL.len()];
        for (slot, one) in alike.iter_mut().zip(Channel::ALL) {
            *slot = Channel::ALL.iter().copied().filter(|other| !is_told_apart(*one, *other)).collect();
        }
        Self {
            choice: any(|rule| !rule.regions.is_empty() || !rule.recipients.is_empty()),
            lifting: any(|rule| !rule.unless.is_empty()),
            permissions: any(|rule| rule.permission.is_some()),
            registries: any(|rule| rule.registry.is_some()),
            opt_outs: any(|rule| rule.opt_out.is_some()),
            hours: any(|rule| rule.hours.is_some()),
            caps: any(|rule| rule.cap.is_some()),
            pauses: any(|rule| rule.pause.is_some()),
            patience: any_step(|step| step.patience.is_some()),
            expiry: confirms_meetings
                || any_step(|step| step.expires.is_some())
                || duties.iter().flatten().any(|duty| duty.expires.is_some()),
            most_signs: conditions.map(|condition| condition.times).max().unwrap_or(1),
            items: any_step(|step| !matches!(step.gives, Gives::Nothing)),
            alike,
        }
    }
}

/// The limits that are no rules: what is too close, and how often an attempt is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The least distance of an approach from the contacts before it, by how many approaches in a row were met by
    /// silence; the last holds for all further ones.
    pub(crate) gaps: Vec<Delay>,
    /// How long approaches pause after a sign of annoyance.
    pub(crate) cool_down: Delay,
    /// How long a channel rests after an attempt on it failed.
    pub(crate) retry: Delay,
    /// How often one act is tried on one channel.
    pub(crate) attempts: u16,
}

impl Playbook {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.draft.name()
    }

    /// Who writes, as a prospect should read it.
    #[must_use]
    pub fn seller(&self) -> Option<&str> {
        self.draft.who_writes()
    }

    /// Its sequences, in the order in which a trigger finds them.
    #[must_use]
    pub fn sequences(&self) -> &[Sequence] {
        &self.sequences
    }

    /// Its content ladder, in the order of the file.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The zone data that it decides with.
    #[must_use]
    pub const fn zones(&self) -> &Zones {
        &self.zones
    }

    /// The same playbook with other zone data.
    ///
    /// # Errors
    /// If the other data lacks a zone that the playbook names.
    pub fn with_zones(&self, zones: &Zones) -> Result<Self, Faults> {
        self.draft.clone().build_with(zones, &self.library)
    }

    /// The same playbook with other contact rules and holidays behind the names that it uses.
    ///
    /// # Errors
    /// If the others lack one that the playbook names.
    pub fn with_rules(&self, rules: &Rules) -> Result<Self, Faults> {
        self.draft.clone().build_with(&self.zones, rules)
    }

    /// Every rule that contacts must keep to: the contact rules that it names, then its own.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        // The pause after annoyance is a setting, and no rule that somebody wrote.
        let written = self.rules.len().saturating_sub(1);
        self.rules.iter().take(written)
    }

    pub(crate) fn duty(&self, duty: Duty) -> Option<&DutySpec> {
        self.duties.get(duty as usize)?.as_ref()
    }

    /// What it was built from: for an editor, or for a file.
    #[must_use]
    pub const fn draft(&self) -> &PlaybookDraft {
        &self.draft
    }

    pub(crate) fn grounds(&self, purpose: Purpose, channel: Channel) -> Grounds {
        self.row(usize::from(matches!(purpose, Purpose::Care)), channel)
    }

    /// What is required for asking for permission.
    pub(crate) fn grounds_for_asking(&self, channel: Channel) -> Grounds {
        self.row(2, channel)
    }

    fn row(&self, row: usize, channel: Channel) -> Grounds {
        self.accepts.get(row).and_then(|row| row.get(channel as usize)).copied().unwrap_or_default()
    }

    pub(crate) fn step_by_print(&self, print: Print) -> Option<&Step> {
        self.sequences.iter().flat_map(|sequence| &sequence.steps).find(|step| step.path.print() == print)
    }

    pub(crate) fn sequence_by_print(&self, print: Print) -> Option<&Sequence> {
        self.sequences.iter().find(|sequence| sequence.id.print() == print)
    }

    pub(crate) fn item_by_print(&self, print: Print) -> Option<&Item> {
        self.items.iter().find(|item| item.id.print() == print)
    }
}

impl PartialEq for Playbook {
    /// Two playbooks are equal if the same was written and the same zone data and rules are behind them.
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
            && self.zones.release() == other.zones.release()
            && self.library == other.library
    }
}

impl TryFrom<PlaybookDraft> for Playbook {
    type Error = Faults;

    fn try_from(draft: PlaybookDraft) -> Result<Self, Faults> {
        draft.build()
    }
}

impl From<Playbook> for PlaybookDraft {
    fn from(playbook: Playbook) -> Self {
        playbook.draft
    }
}
