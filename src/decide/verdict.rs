//! What a decision says: a verdict, and the action it is about.

use alloc::string::{String, ToString};
use core::fmt;
use core::time::Duration;

use chrono::NaiveDate;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::error::vocabulary;
use crate::facts::channel::Channel;
use crate::facts::event::{Event, EventKind};
use crate::facts::id::{ActName, EventId, Mark, ProspectId, RuleId, Topic};
use crate::facts::permission::{Purpose, RefusalKind};
use crate::facts::vocabulary::{Disposition, Reason, Sign};
use crate::facts::vocabulary::{Executor, Trigger};
use crate::playbook::act::Act;
use crate::playbook::content::Item;
use crate::playbook::sequence::Step;
use crate::time::instant::Instant;

/// One of four answers. There is no fifth, and never silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Do this now.
    Act(Action<'a>),
    /// Nothing now. At `until`, and not before, `next` becomes due, if nothing happens meanwhile.
    Wait {
        /// The exact instant.
        until: Instant,
        /// What becomes due then.
        next: Action<'a>,
    },
    /// A person must supply something first.
    Need(Need<'a>),
    /// Nothing to do until something happens.
    Rest(Rest),
}

impl Verdict<'_> {
    /// The verdict in one word: `act`, `wait`, `need` or `rest`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Act(_) => "act",
            Self::Wait { .. } => "wait",
            Self::Need(_) => "need",
            Self::Rest(_) => "rest",
        }
    }

    /// When its action is due, if it was asked for then: at once, or when the wait is over.
    pub(crate) const fn due(&self, now: Instant) -> Option<Instant> {
        match self {
            Self::Act(_) => Some(now),
            Self::Wait { until, .. } => Some(*until),
            Self::Need(_) | Self::Rest(_) => None,
        }
    }
}

/// Something to do: what, on which channel, with what to give, by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action<'a> {
    pub(crate) prospect: &'a ProspectId,
    pub(crate) act: Act<'a>,
    pub(crate) cause: Mark,
    pub(crate) attempt: u32,
    pub(crate) channel: Channel,
    pub(crate) item: Option<&'a Item>,
    pub(crate) due: Instant,
    pub(crate) on_time_until: Option<Instant>,
    pub(crate) by: Executor,
    pub(crate) purpose: Purpose,
}

impl<'a> Action<'a> {
    /// What to do.
    #[must_use]
    pub const fn act(&self) -> Act<'a> {
        self.act
    }

    /// On which channel.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// What to give.
    #[must_use]
    pub const fn item(&self) -> Option<&'a Item> {
        self.item
    }

    /// Who executes it.
    #[must_use]
    pub const fn by(&self) -> Executor {
        self.by
    }

    /// What it is for, in the eyes of permission.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When it fell or falls due by itself, before limits and hours moved it.
    #[must_use]
    pub const fn due(&self) -> Instant {
        self.due
    }

    /// The event that it follows from: an inquiry, a promise, the start of a pursuit.
    #[must_use]
    pub const fn cause(&self) -> EventId {
        self.cause.id
    }

    /// By how much it is late at that instant: a response after its target time, a step after its tolerance.
    #[must_use]
    pub fn late_by(&self, at: Instant) -> Option<Duration> {
        self.on_time_until.filter(|target| *target < at).map(|target| at.since(target))
    }

    /// The key of this action: the same each time the question is asked, and another for every attempt. Its
    /// outcome refers to it, and a store that refuses a key twice never contacts anybody twice.
    #[must_use]
    pub fn key(&self) -> Key<'a> {
        Key { prospect: self.prospect, cause: self.cause.id, act: self.act, attempt: self.attempt }
    }

    /// The event that says that it was done, for the history.
    #[must_use]
    pub fn touched(&self, id: u64, at: Instant) -> Event {
        self.done(id, at, None)
    }

    /// The event that says that it was done and what came of it: a call that nobody answered, a message left.
    #[must_use]
    pub fn disposed(&self, id: u64, at: Instant, disposition: Disposition) -> Event {
        self.done(id, at, Some(disposition))
    }

    fn done(&self, id: u64, at: Instant, disposition: Option<Disposition>) -> Event {
        let kind = EventKind::Touched {
            channel: self.channel,
            act: Some(self.act_name()),
            cause: Some(self.cause.id),
            item: self.item.map(|item| item.id().clone()),
            disposition,
        };
        Event::new(id, at, kind)
    }

    /// The event that says that an attempt at it did not get out. The next one has another key.
    #[must_use]
    pub fn failed(&self, id: u64, at: Instant) -> Event {
        let kind = EventKind::Failed { channel: self.channel, act: self.act_name(), cause: self.cause.id };
        Event::new(id, at, kind)
    }

    fn act_name(&self) -> ActName {
        ActName::known(self.act.name())
    }
}

/// The key of an action: prospect, cause, act, attempt. Its text is the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    prospect: &'a ProspectId,
    cause: EventId,
    act: Act<'a>,
    attempt: u32,
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:{}", self.prospect, self.cause, self.act, self.attempt)
    }
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Action<'_> {
    /// As a record for a log or another program: key, act, cause, attempt, channel, item, due, by, purpose.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Action", 9)?;
        record.serialize_field("key", &self.key())?;
        record.serialize_field("act", self.act.name())?;
        record.serialize_field("cause", &self.cause.id)?;
        record.serialize_field("attempt", &self.attempt)?;
        record.serialize_field("channel", &self.channel)?;
        record.serialize_field("item", &self.item.map(Item::id))?;
        record.serialize_field("due", &self.due)?;
        record.serialize_field("by", &self.by)?;
        record.serialize_field("purpose", &self.purpose)?;
        record.end()
    }
}

impl Serialize for Verdict<'_> {
    /// As a record: the verdict in one word, `until` where it waits, the action, or the reason for needing or
    /// resting.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Verdict", 4)?;
        record.serialize_field("verdict", self.word())?;
        match self {
            Self::Act(action) => record.serialize_field("action", action)?,
            Self::Wait { until, next } => {
                record.serialize_field("until", until)?;
                record.serialize_field("action", next)?;
            }
            Self::Need(need) => record.serialize_field("reason", need.code())?,
            Self::Rest(rest) => record.serialize_field("reason", &rest.code())?,
        }
        record.end()
    }
}

/// What a person must supply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need<'a> {
    /// Content: the ladder has nothing left that this prospect has not had and that suits them.
    Content {
        /// The step that lacks it.
        step: Option<&'a Step>,
        /// What they care about.
        topics: &'a [Topic],
    },
    /// A time zone: it is not known where they are, or the zone data does not know it.
    Zone,
    /// A channel on which to answer: they wrote after they had refused every channel there is.
    Channel,
    /// A region, or a contact rule for it: the playbook wants nobody contacted where it does not know the rules.
    Region,
    /// A newer set of holidays: the one on which some hours depend ends before anything could be done.
    Holidays {
        /// Its id.
        set: &'a RuleId,
        /// The last day of which it knows.
        through: NaiveDate,
    },
    /// A comparison with a registry's list that is fresh enough when the contact falls due.
    Screening,
    /// A look at why every attempt failed.
    Delivery,
    /// The sequence, or its step, in which the prospect was enrolled: the playbook has none of that id.
    Sequence,
    /// What came of the meeting that was agreed: that it took place, or that they did not come. It is told before the
    /// meeting, too, because nothing else is due until then.
    Outcome {
        /// When they meet.
        meeting: Instant,
    },
    /// More steps: the sequence is over, in silence, after fewer touches than the playbook wants.
    Touches {
        /// How many there were.
        made: u32,
        /// How many there should be, at least.
        fewest: u32,
    },
}

impl Need<'_> {
    /// The reason in one word, for counting.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Content { .. } => "content",
            Self::Zone => "zone",
            Self::Channel => "channel",
            Self::Region => "region",
            Self::Holidays { .. } => "holidays",
            Self::Screening => "screening",
            Self::Delivery => "delivery",
            Self::Sequence => "sequence",
            Self::Outcome { .. } => "outcome",
            Self::Touches { .. } => "touches",
        }
    }
}

/// Why there is nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing has happened that would begin a pursuit.
    Unstarted,
    /// They said no.
    Declined(Reason),
    /// The seller gave them up.
    Disqualified(Reason),
    /// A person took them out.
    Unenrolled,
    /// They sent the seller to a colleague.
    Referred,
    /// No sequence of the playbook begins with what happened.
    NoSequence(Trigger),
    /// A meeting is what the sequence was after, and it is agreed for then: what came of it is a
    /// [`Need::Outcome`] from that instant on.
    Agreed {
        /// When they meet.
        meeting: Instant,
    },
    /// What the sequence was after was reached.
    Reached(Sign),
    /// The sequence is finished, without a no, and the playbook brings nobody back (any more).
    Finished,
    /// They refused this kind of contact on every channel that was left.
    Refused(RefusalKind),
    /// What is next can never pass this gate, unless something happens.
    Blocked(Gate),
}

impl Rest {
    /// The reason in one word, for counting.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Unstarted => "unstarted".into(),
            Self::Declined(reason) => alloc::format!("declined-{reason}"),
            Self::Disqualified(reason) => alloc::format!("disqualified-{reason}"),
            Self::Unenrolled => "unenrolled".into(),
            Self::NoSequence(trigger) => alloc::format!("no-sequence-{trigger}"),
            Self::Referred => "referred".into(),
            Self::Agreed { .. } => "agreed".into(),
            Self::Reached(sign) => alloc::format!("reached-{sign}"),
            Self::Finished => "finished".into(),
            Self::Refused(kind) => kind.to_string(),
            Self::Blocked(gate) => gate.to_string(),
        }
    }
}

vocabulary!(
    /// A gate: one kind of rule that every action must pass. It maps an instant to the earliest instant not
    /// before it that the rule allows, or to never.
    ///
    /// Every gate is extensive (never earlier than asked), monotone (asking later never gives earlier) and
    /// idempotent (what it allows, it allows). So applying them until nothing moves gives the earliest
    /// instant that all allow, whatever their order.
    Gate, "gate", "use expiry, reach, refusal, region, permission, registry, hold, cool-down, gap, cap, retry, patience, hours or content", {
    /// It is not too late for it.
    Expiry = "expiry",
    /// There is a contact point, and it works.
    Reach = "reach",
    /// They refused it.
    Refusal = "refusal",
    /// It is known which rules hold where they are.
    Region = "region",
    /// The playbook or a contact rule requires a permission.
    Permission = "permission",
    /// They are not on a registry of those who want no contact.
    Registry = "registry",
    /// Nothing is to be sent for a while.
    Hold = "hold",
    /// After what happened, contacts pause: they showed annoyance, or a rule says so.
    CoolDown = "cool-down",
    /// The last contact is too close.
    Gap = "gap",
    /// There were enough contacts in the window.
    Cap = "cap",
    /// An attempt failed.
    Retry = "retry",
    /// The step is still left to another channel, which comes first.
    Patience = "patience",
    /// It is an hour at which it is allowed: theirs, the seller's, the law's.
    Hours = "hours",
    /// There is something new to give.
    Content = "content",
});
