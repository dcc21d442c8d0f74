//! Playbooks: all that a business chooses, valid by construction.

pub(crate) mod check;
mod draft;
mod references;

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use draft::{
    CapDraft, DutyDraft, HoursDraft, ItemDraft, LimitsDraft, PlaybookDraft, SequenceDraft, StepDraft,
    ThenDraft,
};

use crate::calendar::{BusinessDays, OpenTimes};
use crate::channel::{Channel, Channels};
use crate::consent::{Grounds, Purpose};
use crate::content::Item;
use crate::delay::Delay;
use crate::error::Faults;
use crate::id::{Print, Region, RuleId};
use crate::limit::{AppliesTo, Limits};
use crate::sequence::{Executor, Sequence, Trigger};
use crate::zone::{ZoneIndex, Zones};

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
///     [[hours]]
///     id = "their-day"
///     zone = "prospect"
///     week = { mon-fri = ["09:00-12:30", "14:00-18:00"] }
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
    pub(crate) zones: Zones,
    pub(crate) seller: ZoneIndex,
    pub(crate) territory: Vec<ZoneIndex>,
    pub(crate) business: BusinessDays,
    pub(crate) accepts: [[Grounds; Channel::ALL.len()]; 2],
    pub(crate) implied: Implied,
    pub(crate) limits: Limits,
    pub(crate) hours: Vec<Hours>,
    pub(crate) respond: Respond,
    pub(crate) solve: Duty,
    pub(crate) recap: Duty,
    pub(crate) keep_promise: Duty,
    pub(crate) ask: Repeated,
    pub(crate) remind: Repeated,
    pub(crate) revive: Option<Repeated>,
    pub(crate) sequences: Vec<Sequence>,
    pub(crate) items: Vec<Item>,
    /// By trigger: the sequence that it begins.
    pub(crate) starts: [Option<usize>; Trigger::ALL.len()],
}

/// How one kind of act is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duty {
    pub(crate) channels: Vec<Channel>,
    pub(crate) by: Executor,
}

/// How inquiries are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Respond {
    pub(crate) duty: Duty,
    pub(crate) within: Delay,
}

/// An act that is repeated after a wait, so often and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repeated {
    pub(crate) duty: Duty,
    pub(crate) after: Delay,
    pub(crate) at_most: u16,
}

/// For how long a relation implies permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Implied {
    pub(crate) inquiry: Delay,
    pub(crate) conversation: Delay,
    pub(crate) purchase: Delay,
}

/// Whose clock a rule of hours is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    Prospect,
    Seller,
    Fixed(ZoneIndex),
}

/// When contacts are allowed, by whose clock, and which.
#[derive(Debug, Clone)]
pub(crate) struct Hours {
    pub(crate) id: RuleId,
    pub(crate) frame: Frame,
    pub(crate) times: OpenTimes,
    pub(crate) channels: Channels,
    pub(crate) by: Vec<Executor>,
    pub(crate) regions: Vec<Region>,
    pub(crate) applies_to: AppliesTo,
    pub(crate) source: Option<String>,
}

impl Playbook {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.draft.name()
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
        self.draft.clone().build_with(zones)
    }

    /// What it was built from: for an editor, or for a file.
    #[must_use]
    pub const fn draft(&self) -> &PlaybookDraft {
        &self.draft
    }

    pub(crate) fn grounds(&self, purpose: Purpose, channel: Channel) -> Grounds {
        let row = usize::from(matches!(purpose, Purpose::Care));
        self.accepts.get(row).and_then(|row| row.get(channel as usize)).copied().unwrap_or_default()
    }

    pub(crate) fn started_by(&self, trigger: Trigger) -> Option<&Sequence> {
        self.starts.get(trigger as usize).copied().flatten().and_then(|index| self.sequences.get(index))
    }

    pub(crate) fn sequence_by_print(&self, print: Print) -> Option<&Sequence> {
        self.sequences.iter().find(|sequence| sequence.id.print() == print)
    }

    pub(crate) fn item_by_print(&self, print: Print) -> Option<&Item> {
        self.items.iter().find(|item| item.id.print() == print)
    }
}

impl PartialEq for Playbook {
    /// Two playbooks are equal if the same was written and the same zone data is behind them.
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft && self.zones.release() == other.zones.release()
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
