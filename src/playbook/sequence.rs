//! Sequences: ordered steps for one person, with stable ids.

use crate::facts::vocabulary::Executor;
use crate::facts::vocabulary::Trigger;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::error::{ParseError, text_serde, vocabulary};
use crate::facts::channel::Channel;
use crate::facts::id::{DateName, ItemId, SequenceId, StepId, StepPath, SubscriptionId};
use crate::facts::permission::Purpose;
use crate::facts::vocabulary::Sign;
use crate::playbook::audience::Audience;
use crate::time::delay::Delay;

/// Whether what starts a sequence starts it once more.
///
/// ```
/// use followup::{Again, Delay};
///
/// assert_eq!("when-finished".parse(), Ok(Again::WhenFinished));
/// assert_eq!("90 days".parse(), Ok(Again::After(Delay::days(90))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Again {
    /// Every time.
    Always,
    /// Not while they are in it: then it goes on where it is.
    #[default]
    WhenFinished,
    /// Not before so much time has passed since it started last.
    After(Delay),
    /// Never.
    Once,
}

impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::WhenFinished => f.write_str("when-finished"),
            Self::After(delay) => delay.fmt(f),
            Self::Once => f.write_str("once"),
        }
    }
}

impl FromStr for Again {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "always" => Ok(Self::Always),
            "when-finished" => Ok(Self::WhenFinished),
            "once" => Ok(Self::Once),
            delay => delay.parse().map(Self::After).map_err(|_| ParseError {
                value: text.to_string(),
                what: "policy of starting again",
                remedy: "use always, when-finished, once, or a time such as \"90 days\"",
            }),
        }
    }
}

text_serde!(Again);

vocabulary!(
    /// Which of the pursuits that have begun are under way.
    Active, "choice of the active sequences", "use latest or by-priority", {
    /// The one that began last.
    Latest = "latest",
    /// Each that has begun; of what is due, that of the sequence with the greatest priority comes first.
    ByPriority = "by-priority",
});

vocabulary!(
    /// From when a step's delay counts.
    Anchor, "anchor", "use previous or start", {
    /// From what really happened last in the pursuit: a touch done late moves the rest.
    Previous = "previous",
    /// From the start of the pursuit; where a sequence follows upon another, from its own start.
    Start = "start",
});

vocabulary!(
    /// From when on a condition counts the signs that it is about.
    Since, "word for since when", "use touch, start or ever", {
    /// The last contact of the pursuit: that they opened this message, and not the one before. A call in between takes
    /// nothing from what they opened; and a step for those who did, and one for those who did not, ask about the same
    /// message.
    Touch = "touch",
    /// The start of the pursuit.
    Start = "start",
    /// Whenever it was.
    Ever = "ever",
});

/// One planned contact of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub(crate) id: StepId,
    pub(crate) path: StepPath,
    pub(crate) after: Delay,
    pub(crate) anchor: Anchor,
    pub(crate) date: Option<StepDate>,
    pub(crate) business_day: bool,
    pub(crate) channels: Vec<Channel>,
    pub(crate) patience: Option<Delay>,
    pub(crate) tolerance: Option<Delay>,
    pub(crate) expires: Option<Delay>,
    pub(crate) by: Executor,
    pub(crate) gives: Gives,
    pub(crate) purpose: Purpose,
    /// That of its sequence.
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) condition: Option<Condition>,
    pub(crate) ask: Option<String>,
}

/// The date of a prospect from which a step is counted, forwards or backwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDate {
    pub(crate) name: DateName,
    pub(crate) is_before: bool,
}

impl StepDate {
    /// Which date.
    #[must_use]
    pub const fn name(&self) -> &DateName {
        &self.name
    }

    /// Whether the step falls due before it.
    #[must_use]
    pub const fn is_before(&self) -> bool {
        self.is_before
    }
}

/// When a step is taken at all: with a sign, or without it.
///
/// What they opened or clicked counts since the last contact of the pursuit, every other sign since the pursuit began,
/// unless it is said [since](Since) when; a disposition is that of the last contact. With a deadline the sign must have
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
    pub(crate) sign: Sign,
    pub(crate) is_wanted: bool,
    pub(crate) times: u8,
    pub(crate) since: Since,
    pub(crate) within: Option<Delay>,
}

impl Since {
    /// From when on a sign counts, unless it is said.
    pub(crate) fn of(sign: Sign) -> Self {
        if sign.is_of_a_message() { Self::Touch } else { Self::Start }
    }
}

impl Condition {
    /// The sign that it is about.
    #[must_use]
    pub const fn sign(&self) -> Sign {
        self.sign
    }

    /// Whether the step is taken with the sign (`if`) or without it (`unless`).
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// How often they must have given it.
    #[must_use]
    pub const fn times(&self) -> u8 {
        self.times
    }

    /// From when on it counts.
    #[must_use]
    pub const fn since(&self) -> Since {
        self.since
    }

    /// Its deadline, counted from what really happened last in the pursuit.
    #[must_use]
    pub const fn within(&self) -> Option<Delay> {
        self.within
    }
}

impl fmt::Display for Condition {
    /// As a file says it: "unless accepted within 3 days".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_wanted { "if " } else { "unless " })?;
        if self.since == Since::Ever {
            f.write_str("ever ")?;
        }
        write!(f, "{}", self.sign)?;
        if self.times > 1 {
            write!(f, " {} times", self.times)?;
        }
        if self.since != Since::of(self.sign) {
            f.write_str(match self.since {
                Since::Touch => " since the last contact",
                Since::Start => " since the start",
                Since::Ever => "",
            })?;
        }
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
        matches!(self, Self::Any) || self.names(item)
    }

    /// Whether it says that item in particular.
    pub(crate) fn names(&self, item: &ItemId) -> bool {
        matches!(self, Self::OneOf(named) if named.contains(item))
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

    /// The date of theirs from which the delay counts instead, if it does.
    #[must_use]
    pub const fn date(&self) -> Option<&StepDate> {
        self.date.as_ref()
    }

    /// Whether what would fall due on another day falls due at the same time on a business day: the next one, or before a
    /// date the last one.
    #[must_use]
    pub const fn is_on_business_day(&self) -> bool {
        self.business_day
    }

    /// The channels that it may use, the preferred first.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// For how long from when it is due it is left to the channel they like best; the others only then.
    #[must_use]
    pub const fn patience(&self) -> Option<Delay> {
        self.patience
    }

    /// How long after it fell due it is still on time: from then on the action is [late](crate::Action::late_by).
    #[must_use]
    pub const fn tolerance(&self) -> Option<Delay> {
        self.tolerance
    }

    /// How long after it fell due it is too late for it.
    #[must_use]
    pub const fn expires(&self) -> Option<Delay> {
        self.expires
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

    /// How often in one pursuit; as often as it comes to that, where the playbook does not say.
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
    pub(crate) ends_on: Vec<Sign>,
    pub(crate) again: Again,
    pub(crate) priority: u16,
    pub(crate) purpose: Purpose,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) audience: Audience,
    pub(crate) every: Option<Delay>,
    pub(crate) most_a_day: Option<u16>,
    pub(crate) steps: Vec<Step>,
    pub(crate) then: Option<Then>,
}

impl Sequence {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &SequenceId {
        &self.id
    }

    /// What begins a pursuit in it.
    #[must_use]
    pub fn starts_on(&self) -> &[Trigger] {
        &self.starts_on
    }

    /// What it is after: any one of these signs since the pursuit began ends the pursuit.
    #[must_use]
    pub fn ends_on(&self) -> &[Sign] {
        &self.ends_on
    }

    /// Whether what starts it starts it once more.
    #[must_use]
    pub const fn again(&self) -> Again {
        self.again
    }

    /// Where several pursuits are under way: the greater goes first.
    #[must_use]
    pub const fn priority(&self) -> u16 {
        self.priority
    }

    /// What its touches are for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// What it belongs to, if they can unsubscribe from that.
    #[must_use]
    pub const fn subscription(&self) -> Option<&SubscriptionId> {
        self.subscription.as_ref()
    }

    /// Whom it is for. Nothing but a person begins it for anybody else, and nothing goes on with it.
    #[must_use]
    pub const fn audience(&self) -> &Audience {
        &self.audience
    }

    /// How long after the last contact it begins anew, if they are kept in touch with for as long as it lasts.
    #[must_use]
    pub const fn every(&self) -> Option<Delay> {
        self.every
    }

    /// In how many people at most it is begun on one day, if the playbook says. It is for whoever adds or enrols them: a
    /// decision about one person knows of no other.
    #[must_use]
    pub const fn most_a_day(&self) -> Option<u16> {
        self.most_a_day
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
