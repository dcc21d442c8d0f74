//! Sequences: ordered steps for one person, with stable ids.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::channel::Channel;
use crate::consent::Purpose;
use crate::delay::Delay;
use crate::error::vocabulary;
use crate::event::Engagement;
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
    Trigger, "trigger", "use added, inquired, met, purchased or no-show", {
    /// The seller put them on the list.
    Added = "added",
    /// They inquired.
    Inquired = "inquired",
    /// There was a conversation.
    Met = "met",
    /// They bought.
    Purchased = "purchased",
    /// They did not come to a meeting.
    NoShow = "no-show",
});

vocabulary!(
    /// From when a step's delay counts.
    Anchor, "anchor", "use previous or start", {
    /// From what really happened last in the enrolment: a touch done late moves the rest.
    Previous = "previous",
    /// From the start of the enrolment; where a sequence follows upon another, from its own start.
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
    pub(crate) condition: Option<Condition>,
    pub(crate) ask: Option<String>,
}

/// When a step is taken at all: with a sign of interest, or without it.
///
/// It looks at what is recorded since the enrolment began, and at nothing else. With a deadline the sign must have
/// come before it; so such a step falls due when the sign comes, or when the deadline is over without it, and not
/// before. A step whose condition does not hold is passed over, and takes its time as if it had been taken.
///
/// ```
/// use followup::Playbook;
///
/// let playbook: Playbook = toml::from_str(r#"
///     name = "Boilers"
///     zone = "Europe/Berlin"
///
///     [[sequence]]
///     id = "outbound"
///     step = [
///         { id = "invite", channels = ["social"], owes-item = false },
///         { id = "chat", channels = ["social"], if = "accepted", within = "3 days", owes-item = false },
///         { id = "mail", channels = ["email"], unless = "accepted", within = "3 days", owes-item = false },
///     ]
/// "#)?;
/// let condition = playbook.sequences()[0].steps()[2].condition().unwrap();
/// assert_eq!(condition.to_string(), "unless accepted within 3 days");
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    pub(crate) sign: Engagement,
    pub(crate) is_wanted: bool,
    pub(crate) within: Option<Delay>,
}

impl Condition {
    /// The sign that it is about.
    #[must_use]
    pub const fn sign(&self) -> Engagement {
        self.sign
    }

    /// Whether the step is taken with the sign (`if`) or without it (`unless`).
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// Its deadline, counted from what really happened last in the enrolment.
    #[must_use]
    pub const fn within(&self) -> Option<Delay> {
        self.within
    }
}

impl fmt::Display for Condition {
    /// As a file says it: "unless accepted within 3 days".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.is_wanted { "if" } else { "unless" }, self.sign)?;
        self.within.map_or(Ok(()), |within| write!(f, " within {within}"))
    }
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

    /// When it is taken at all; always, where it has no condition.
    #[must_use]
    pub const fn condition(&self) -> Option<&Condition> {
        self.condition.as_ref()
    }

    /// The one thing for which they are asked, if the playbook says.
    #[must_use]
    pub fn ask(&self) -> Option<&str> {
        self.ask.as_deref()
    }
}

/// Where the pursuit goes on once a sequence is finished in silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Then {
    pub(crate) id: SequenceId,
    /// Where it stands in the playbook.
    pub(crate) index: usize,
    pub(crate) after: Delay,
    pub(crate) at_most: Option<u16>,
}

impl Then {
    /// The sequence with which it goes on.
    #[must_use]
    pub const fn sequence(&self) -> &SequenceId {
        &self.id
    }

    /// How long after the last step that sequence starts.
    #[must_use]
    pub const fn after(&self) -> Delay {
        self.after
    }

    /// How often in one enrolment; as often as it comes to that, where the playbook does not say.
    #[must_use]
    pub const fn at_most(&self) -> Option<u16> {
        self.at_most
    }
}

/// Ordered steps for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub(crate) id: SequenceId,
    pub(crate) starts_on: Vec<Trigger>,
    pub(crate) purpose: Purpose,
    pub(crate) steps: Vec<Step>,
    pub(crate) then: Option<Then>,
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

    /// Where the pursuit goes on once its steps are finished in silence.
    #[must_use]
    pub const fn then(&self) -> Option<&Then> {
        self.then.as_ref()
    }
}
