//! What there is to do: the acts that a decision can ask for, in their order of precedence.

use core::fmt;

use crate::id::Print;
use crate::sequence::Step;

/// What to do. Their order here is the order of precedence: an act that is due gives way to none below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act<'a> {
    /// Confirm to them that they opted out: the one message that may follow it.
    ConfirmOptOut,
    /// Answer an inquiry or a reply.
    Respond,
    /// Solve a problem that they reported.
    Solve,
    /// Sum up a conversation: the problems they named, the solutions found, the next agreed time.
    Recap,
    /// Do what the seller promised.
    KeepPromise,
    /// Ask whether the seller may follow up.
    AskPermission,
    /// Remind them of what they promised.
    Remind,
    /// Take the next step of the sequence.
    Touch(&'a Step),
}

pub(crate) const CONFIRM: Print = Print::of("confirm-opt-out");
pub(crate) const ASK: Print = Print::of("ask-permission");

impl<'a> Act<'a> {
    /// How a [`Touched`](crate::EventKind::Touched) event names it.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::ConfirmOptOut => "confirm-opt-out",
            Self::Respond => "respond",
            Self::Solve => "solve",
            Self::Recap => "recap",
            Self::KeepPromise => "keep-promise",
            Self::AskPermission => "ask-permission",
            Self::Remind => "remind",
            Self::Touch(step) => step.path().as_str(),
        }
    }

    /// Whether the prospect began it or agreed to it. Answers need no permission and know no gap.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::ConfirmOptOut | Self::Respond | Self::Solve | Self::Recap | Self::KeepPromise)
    }

    pub(crate) fn print(self) -> Print {
        match self {
            Self::Touch(step) => step.path().print(),
            other => Print::of(other.name()),
        }
    }
}

impl fmt::Display for Act<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
