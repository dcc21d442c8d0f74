//! Names that playbooks, prospects and events refer to each other by.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::hash::Hash;

use serde::{Deserialize, Serialize};

use crate::facts::vocabulary::Duty;
use crate::time::instant::Instant;

/// A 64-bit FNV-1a hash of an id's text. Folded standings keep these instead of texts: they are small and
/// compare in an instant. A playbook in which two ids share one is refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Print(u64);

// As text: not every reader of JSON keeps all digits of a number.
impl From<Print> for String {
    fn from(print: Print) -> Self {
        alloc::format!("{print:?}")
    }
}

impl TryFrom<String> for Print {
    type Error = core::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

impl Print {
    pub(crate) const fn number(self) -> u64 {
        self.0
    }

    pub(crate) const fn of(text: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut rest = text.as_bytes();
        while let [byte, tail @ ..] = rest {
            hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
            rest = tail;
        }
        Self(hash)
    }
}

impl fmt::Debug for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $what:literal, $remedy:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            text: Box<str>,
            print: Print,
        }

        impl $name {
            /// The id as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.text
            }

            #[allow(dead_code, reason = "not every kind of id is compared by its print")]
            pub(crate) const fn print(&self) -> Print {
                self.print
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::error::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self { text: Box::from(text), print: Print::of(text) })
                } else {
                    Err(crate::error::ParseError { value: String::from(text), what: $what, remedy: $remedy })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.text, f)
            }
        }

        crate::error::text_serde!($name);
    };
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn is_path(text: &str) -> bool {
    text.split_once('/').is_some_and(|(sequence, step)| is_name(sequence) && is_name(step))
}

id!(
    /// The host's own id of a prospect: 1 to 128 printable characters without blanks.
    ProspectId, "prospect id", "use 1 to 128 printable characters without blanks",
    |text| (1..=128).contains(&text.len()) && text.chars().all(|c| !c.is_whitespace() && !c.is_control())
);
id!(
    /// The id of a sequence. It stays when the sequence is renamed or moved.
    SequenceId, "sequence id", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);

id!(
    /// The id of something that they can subscribe to and unsubscribe from, such as a newsletter: 1 to 64 letters, digits, `-`, `_` or `.`.
    SubscriptionId, "subscription", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// The id of a step within its sequence. It stays when the step is moved.
    StepId, "step id", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// A step named from outside its sequence: `inbound/call-2`.
    StepPath, "step", "write it as sequence/step, such as \"inbound/call-2\"", is_path
);
id!(
    /// What was done, as a [`Touched`](crate::EventKind::Touched) event names it: a [duty](crate::Duty) or the path of a
    /// step.
    ActName, "act", "use confirm-opt-out, respond, solve, recap, keep-promise, confirm-meeting, ask-permission, remind, or sequence/step",
    |text| text.parse::<Duty>().is_ok() || is_path(text)
);
id!(
    /// The id of an item of content. An item is given to a prospect at most once.
    ItemId, "item id", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// The kind of thing an item is, such as `guide`, `video` or `case-study`.
    Format, "format", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// What an item is about and a prospect cares about, such as `boilers` or `bakery`.
    Topic, "topic", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// Something that the host knows of a prospect and that a playbook can choose by, such as `vip`.
    Tag, "tag", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// The name of a date of a prospect, such as `renewal` or `birthday`.
    DateName, "name of a date", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);
id!(
    /// Where a prospect is in the eyes of the law, such as `FR` or `US-FL` (ISO 3166).
    Region, "region", "use an ISO 3166 code, such as \"FR\", \"GB\" or \"US-FL\"", is_region
);
id!(
    /// The id of a rule, a blackout or a set of holidays.
    RuleId, "rule id", "use 1 to 64 letters, digits, '-', '_' or '.'", is_name
);

/// Two capital letters for the country, then groups of capitals and digits. A region that is misspelt would match no
/// rule, and so what is misspelt is refused.
fn is_region(text: &str) -> bool {
    let mut groups = text.split('-');
    let country = groups.next().unwrap_or_default();
    let is_group = |group: &str| {
        !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    text.len() <= 64
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && country != "UK"
        && groups.all(is_group)
}

impl Region {
    /// Whether it is that region or lies in it: `US-FL` in `US`.
    pub(crate) fn lies_in(&self, wider: &Self) -> bool {
        let rest = self.as_str().strip_prefix(wider.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

/// What an act is, in a fact: a duty, or the step of that print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Deed {
    Duty(Duty),
    Step(Print),
}

impl ActName {
    pub(crate) fn deed(&self) -> Deed {
        self.text.parse().map_or(Deed::Step(self.print), Deed::Duty)
    }

    pub(crate) fn is_step(&self) -> bool {
        is_path(self.as_str())
    }

    /// The name of an act that exists.
    pub(crate) fn known(text: &str) -> Self {
        Self { text: Box::from(text), print: Print::of(text) }
    }
}

impl StepPath {
    pub(crate) fn new(sequence: &SequenceId, step: &StepId) -> Self {
        let text = alloc::format!("{sequence}/{step}");
        let print = Print::of(&text);
        Self { text: text.into_boxed_str(), print }
    }
}

/// The id of an event, unique within one prospect's history.
///
/// A host with a numbered log uses its row number. One with longer ids keeps the two side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub u64);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The place of an event in its history, by which whatever follows from it cites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) at: Instant,
    pub(crate) id: EventId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_is_the_published_fnv_1a_hash() {
        assert_eq!(Print::of("").0, 0xcbf2_9ce4_8422_2325);
        assert_eq!(Print::of("foobar").0, 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_path_is_a_sequence_and_a_step() {
        assert!("inbound/call-2".parse::<StepPath>().is_ok());
        for wrong in ["inbound", "inbound/", "/call", "a/b/c", "in bound/call"] {
            assert!(wrong.parse::<StepPath>().is_err(), "{wrong}");
        }
    }
}
