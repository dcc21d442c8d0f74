#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "embedded-zones", feature = "embedded-rules"))]
extern crate std;

mod answer;
mod decide;
mod error;
mod facts;
mod history;
mod playbook;
mod rule;
mod text;
mod time;

pub use answer::brief::{Ask, Brief, Moment, Next, Occasion, Promise, Why};
pub use answer::explain::{Explanation, Proposal};
pub use answer::plan::{Assumption, Entry, Plan};
pub use answer::rank::Rank;
pub use decide::trace::Blocker;
pub use decide::verdict::{Action, Gate, Key, Need, Rest, Verdict};
pub use decide::{Clearance, Decision, OptOutDeadline, Pursuits};
pub use error::{Fault, Faults, ParseError};
pub use facts::channel::{Channel, Channels};
pub use facts::event::{Event, EventKind};
pub use facts::id::{
    ActName, DateName, EventId, Format, ItemId, ProspectId, Region, RuleId, SequenceId, StepId, StepPath,
    SubscriptionId, Tag, Topic,
};
pub use facts::key_date::KeyDate;
pub use facts::permission::{Basis, Ground, Purpose, Purposes, RefusalKind, Suppression};
pub use facts::prospect::Prospect;
pub use facts::vocabulary::{
    Disposition, Duty, Engagement, Executor, HoldReason, Intent, Outcome, Party, Reason, Recipient, Sign,
    Source, Stall, Trigger,
};
pub use history::log::{Conflict, History, Recorded};
pub use history::standing::{Late, Standing};
pub use playbook::act::Act;
pub use playbook::audience::Audience;
pub use playbook::content::Item;
pub use playbook::sequence::{Active, Again, Anchor, Condition, Sequence, Since, Step, StepDate, Then};
pub use playbook::{
    AudienceDraft, BlackoutDraft, BringBackDraft, CapDraft, DutyDraft, HoldsDraft, HolidaysDraft, HoursDraft,
    ItemDraft, LimitsDraft, Lint, OptOutDraft, Playbook, PlaybookDraft, RegistryDraft, RuleDraft,
    SequenceDraft, StepDraft, ThenDraft, Warning,
};
pub use rule::library::Rules;
pub use rule::{Among, AppliesTo, Citation, Confidence, Counts, Elsewhere, Force, Rule};
pub use time::calendar::{BusinessDays, DateError, Dates, OpenTimes, Week, WeekError, opens_in_all};
pub use time::delay::{Delay, DelayError, Unit};
pub use time::instant::{Instant, InstantError};
pub use time::span::{Span, SpanError};
pub use time::zone::{Zone, ZoneError, ZoneName, Zones};
