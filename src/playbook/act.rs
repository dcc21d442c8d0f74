//! What there is to do: a duty, or the next step of a sequence.

use core::fmt;

use crate::facts::vocabulary::Duty;
use crate::playbook::sequence::Step;

/// What to do: a duty, in their order of precedence, or after them all a step of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act<'a> {
    /// A duty.
    Duty(Duty),
    /// The next step of a sequence.
    Touch(&'a Step),
}

impl<'a> Act<'a> {
    /// How a [`Touched`](crate::EventKind::Touched) event names it.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::Duty(duty) => duty.as_str(),
            Self::Touch(step) => step.path().as_str(),
        }
    }

    /// Its kind in one word, for counting: the duty, or `touch`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Duty(duty) => duty.as_str(),
            Self::Touch(_) => "touch",
        }
    }

    /// Whether the prospect began it or agreed to it. Answers need no permission and know no gap.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Duty(duty) if duty.is_answer())
    }

    /// Whether it is that duty.
    pub(crate) fn is(self, duty: Duty) -> bool {
        matches!(self, Self::Duty(own) if own == duty)
    }
}

impl fmt::Display for Act<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
