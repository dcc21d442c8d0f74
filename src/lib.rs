#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "embedded-zones", feature = "embedded-rules"))]
extern crate std;

mod act;
mod brief;
mod calendar;
mod channel;
mod consent;
mod content;
mod decide;
mod decision;
mod delay;
mod error;
mod event;
mod explain;
mod id;
mod instant;
mod plan;
mod playbook;
mod prospect;
mod rank;
mod rule;
mod rules;
mod sequence;
mod span;
mod standing;
mod zone;

pub use act::Act;
pub use brief::{Ask, Brief, Moment, Next, Occasion, Promise, Why};
pub use calendar::{BusinessDays, DateError, Dates, OpenTimes, Week, WeekError, opens_in_all};
pub use channel::{Channel, Channels};
pub use consent::{Basis, Ground, Purpose, Purposes, RefusalKind, Suppression};
pub use content::Item;
pub use decide::{Clearance, Decision, OptOutDeadline};
pub use decision::{Action, Gate, Key, Need, Rest, Verdict};
pub use delay::{Delay, DelayError, Unit};
pub use error::{Fault, Faults, ParseError};
pub use event::{Disposition, Engagement, Event, EventKind, HoldReason, Party, Reason, Sign, Source, Stall};
pub use explain::{Blocker, Explanation, Proposal};
pub use id::{
    ActName, EventId, Format, ItemId, ProspectId, Region, RuleId, SequenceId, StepId, StepPath, Topic,
};
pub use instant::{Instant, InstantError};
pub use plan::{Assumption, Entry, Plan};
pub use playbook::{
    BlackoutDraft, BringBackDraft, CapDraft, DutyDraft, HolidaysDraft, HoursDraft, ItemDraft, LimitsDraft,
    Lint, OptOutDraft, Playbook, PlaybookDraft, RegistryDraft, RuleDraft, SequenceDraft, StepDraft,
    ThenDraft, Warning,
};
pub use prospect::Prospect;
pub use rank::{Intent, Rank};
pub use rule::{Among, AppliesTo, Citation, Confidence, Counts, Elsewhere, Force, Outcome, Recipient, Rule};
pub use rules::Rules;
pub use sequence::{Active, Again, Anchor, Condition, Executor, Sequence, Step, Then, Trigger};
pub use span::{Span, SpanError};
pub use standing::{Conflict, History, Late, Recorded, Standing};
pub use zone::{Zone, ZoneError, ZoneName, Zones};
