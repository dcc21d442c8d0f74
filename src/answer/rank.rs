//! Rank: of several prospects, whom to see to first.

use core::cmp::Reverse;
use core::fmt;
use core::time::Duration;

use crate::decide::Decision;
use crate::decide::verdict::Verdict;
use crate::facts::vocabulary::{Duty, Intent};
use crate::playbook::act::Act;

/// What a decision asks of the seller now, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Asks {
    Nothing,
    Patience,
    Supply,
    Act,
}

/// The place of a decision among those about other prospects: the greater comes first in a day's work.
///
/// What can be done now comes before what a person must supply something for, and that before what has to wait; what
/// rests is last, and so is whoever said no. Then the act counts, in its order of precedence; then what they have shown
/// of themselves; then for how long it has been due. Two prospects can have the same rank.
///
/// ```
/// use followup::{Event, EventKind, History, Intent, Playbook, Prospect, Source};
///
/// let playbook: Playbook = toml::from_str("name = \"Boilers\"\nzone = \"Europe/Berlin\"")?;
/// let prospect: Prospect = toml::from_str("id = \"ada\"\nzone = \"Europe/Berlin\"\nchannels = [\"phone\"]")?;
/// let mut history = History::new();
/// let now = "2026-03-02T09:30:00Z".parse()?;
/// let resting = playbook.decide(&prospect, history.standing(), now).rank();
/// history.record(Event::new(1, now, EventKind::Inquired { via: Source::Form, channel: None }))?;
/// let writing = playbook.decide(&prospect, history.standing(), now).rank();
/// assert!(writing > resting);
/// assert_eq!((writing.is_due(), writing.intent()), (true, Intent::Talking));
/// assert_eq!(writing.to_string(), "respond now, talking");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    asks: Asks,
    /// The duty that it is about, the first in precedence being the greatest; the steps of sequences are the least.
    duty: Option<Reverse<Duty>>,
    intent: Intent,
    overdue: Duration,
}

impl Rank {
    const LAST: Self =
        Self { asks: Asks::Nothing, duty: None, intent: Intent::None, overdue: Duration::ZERO };

    /// Whether there is something to do now.
    #[must_use]
    pub const fn is_due(self) -> bool {
        matches!(self.asks, Asks::Act)
    }

    /// What it is about, in one word, `touch` for the steps of sequences; `None` where there is nothing to do.
    #[must_use]
    pub fn act(self) -> Option<&'static str> {
        (self.asks != Asks::Nothing).then(|| self.duty.map_or("touch", |Reverse(duty)| duty.as_str()))
    }

    /// What they have shown of themselves.
    #[must_use]
    pub const fn intent(self) -> Intent {
        self.intent
    }

    /// For how long it has been due by itself, limits and hours aside; zero for what is to come.
    #[must_use]
    pub const fn overdue(self) -> Duration {
        self.overdue
    }
}

impl Decision<'_> {
    /// Where it stands among the decisions about other prospects. What has nothing to do takes none of the day.
    #[must_use]
    pub fn rank(&self) -> Rank {
        let asks = match self.verdict() {
            Verdict::Act(_) => Asks::Act,
            Verdict::Need(_) => Asks::Supply,
            Verdict::Wait { .. } => Asks::Patience,
            Verdict::Rest(_) => return Rank::LAST,
        };
        let about = match self.action() {
            Some(action) => Some((action.act(), action.due())),
            None => self.context().floor(self.now()).about().map(|about| (about.act, about.due)),
        };
        Rank {
            asks,
            // Where the sequence itself is missing, it is about its touches.
            duty: about.and_then(|(act, _)| match act {
                Act::Duty(duty) => Some(Reverse(duty)),
                Act::Touch(_) => None,
            }),
            intent: self.state.intent,
            overdue: about.map_or(Duration::ZERO, |(_, due)| self.now().since(due)),
        }
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = match self.asks {
            Asks::Act => "now",
            Asks::Supply => "once something is supplied",
            Asks::Patience => "later",
            Asks::Nothing => return f.write_str("nothing to do"),
        };
        write!(f, "{} {when}, {}", self.act().unwrap_or_default(), self.intent)?;
        match self.overdue.as_secs() / 60 {
            0 => Ok(()),
            minutes => write!(f, ", due for {minutes} min"),
        }
    }
}
