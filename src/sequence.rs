//! Sequences: ordered steps for one person, with stable ids.

use alloc::vec::Vec;

use crate::channel::Channel;
use crate::consent::Purpose;
use crate::delay::Delay;
use crate::error::vocabulary;
use crate::id::{ItemId, SequenceId, StepId, StepPath};

vocabulary!(
    /// Who executes an act.
    Executor, "executor", "use person, delegate or automatic", {
    /// The seller in person.
    Person = "person",
    /// Somebody on the seller's behalf.
    Delegate = "delegate",
    /// A machine.
    Automatic = "automatic",
});

vocabulary!(
    /// What begins an enrolment.
    Trigger, "trigger", "use added, inquired, met or purchased", {
    /// The seller put them on the list.
    Added = "added",
    /// They inquired.
    Inquired = "inquired",
    /// There was a conversation.
    Met = "met",
    /// They bought.
    Purchased = "purchased",
});

vocabulary!(
    /// From when a step's delay counts.
    Anchor, "anchor", "use previous or start", {
    /// From what really happened last in the enrolment: a touch done late moves the rest.
    Previous = "previous",
    /// From the start of the enrolment.
    Start = "start",
});

/// One planned contact of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub(crate) id: StepId,
    pub(crate) path: StepPath,
    pub(crate) after: Delay,
    pub(crate) anchor: Anchor,
    pub(crate) channels: Vec<Channel>,
    pub(crate) by: Executor,
    pub(crate) gives: Gives,
    pub(crate) purpose: Purpose,
}

/// What a step gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gives {
    /// Whatever of the ladder suits.
    Any,
    /// One of these.
    OneOf(Vec<ItemId>),
    /// Nothing: the step owes no item.
    Nothing,
}

impl Gives {
    /// Whether that item is among what may be given.
    pub(crate) fn includes(&self, item: &ItemId) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(named) => named.contains(item),
            Self::Nothing => false,
        }
    }
}

impl Step {
    /// Its id within the sequence.
    #[must_use]
    pub const fn id(&self) -> &StepId {
        &self.id
    }

    /// Its name from outside: sequence and step.
    #[must_use]
    pub const fn path(&self) -> &StepPath {
        &self.path
    }

    /// How long after its anchor it falls due.
    #[must_use]
    pub const fn after(&self) -> Delay {
        self.after
    }

    /// From when the delay counts.
    #[must_use]
    pub const fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// The channels that it may use, the preferred first.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Who executes it.
    #[must_use]
    pub const fn by(&self) -> Executor {
        self.by
    }

    /// Whether the touch must carry an item that is new to the prospect.
    #[must_use]
    pub const fn owes_item(&self) -> bool {
        !matches!(self.gives, Gives::Nothing)
    }
}

/// Ordered steps for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub(crate) id: SequenceId,
    pub(crate) starts_on: Vec<Trigger>,
    pub(crate) purpose: Purpose,
    pub(crate) steps: Vec<Step>,
}

impl Sequence {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &SequenceId {
        &self.id
    }

    /// What begins an enrolment in it.
    #[must_use]
    pub fn starts_on(&self) -> &[Trigger] {
        &self.starts_on
    }

    /// What its touches are for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Its steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}
