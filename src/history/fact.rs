//! Facts: what a log says, compressed. Texts that only a person reads are left out, names are kept as their prints.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::facts::channel::{Channel, Channels};
use crate::facts::event::{Event, EventKind};
use crate::facts::id::{Deed, EventId, Mark, Print, StepPath};
use crate::facts::permission::{Basis, Purposes};
use crate::facts::vocabulary::{Disposition, Engagement, HoldReason, Party, Reason, Stall};
use crate::time::instant::Instant;
use crate::time::span::Span;

/// One event, compressed. What it means is up to the playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fact {
    #[serde(flatten)]
    pub(crate) mark: Mark,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// What happened: the kinds of [`EventKind`], without what only a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(crate) enum What {
    Added,
    Inquired {
        channel: Option<Channel>,
    },
    Replied {
        channel: Channel,
    },
    AutoReplied {
        back: Option<Instant>,
    },
    Met {
        channel: Channel,
    },
    Named {
        topics: Vec<Print>,
    },
    Engaged {
        how: Engagement,
    },
    Touched {
        channel: Channel,
        act: Option<Deed>,
        cause: Option<EventId>,
        item: Option<Print>,
        disposition: Option<Disposition>,
    },
    Skipped {
        step: Print,
    },
    Failed {
        channel: Channel,
        act: Deed,
        cause: EventId,
    },
    Granted {
        channels: Channels,
        purposes: Purposes,
        basis: Basis,
        until: Option<Instant>,
        term: Option<Span>,
        own_act: bool,
    },
    Denied {
        channels: Channels,
        purposes: Purposes,
    },
    OptedOut {
        channels: Channels,
        purposes: Purposes,
    },
    Unsubscribed {
        subscription: Print,
        channels: Channels,
    },
    Subscribed {
        subscription: Print,
        channels: Channels,
    },
    Suppressed {
        channels: Channels,
        purposes: Purposes,
    },
    Screened {
        channels: Channels,
        list: Instant,
        listed: Option<Instant>,
    },
    ColleagueTouched {
        channel: Channel,
    },
    Declined {
        reason: Reason,
    },
    Disqualified {
        reason: Reason,
    },
    Purchased,
    ProblemReported,
    ProblemSolved {
        problem: EventId,
    },
    Promised {
        by: Party,
        due: Instant,
    },
    CallbackRequested {
        due: Instant,
        channel: Channel,
    },
    Kept {
        promise: EventId,
    },
    Held {
        until: Option<Instant>,
        reason: HoldReason,
        despite_reply: bool,
    },
    Released {
        reason: Option<HoldReason>,
    },
    Annoyed,
    Bounced {
        channel: Channel,
        permanent: bool,
        of: Option<EventId>,
    },
    Corrected {
        channel: Channel,
    },
    Enrolled {
        sequence: Print,
        from: Option<Print>,
    },
    Unenrolled,
    GivenUp,
    CalledOff,
    Booked {
        meeting: Instant,
    },
    NoShow,
    Stalled {
        why: Stall,
        until: Option<Instant>,
    },
    Referred,
    Introduced,
}

impl Fact {
    /// What the event says, if it is a fact by itself: a retraction is none.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let what = match &event.kind {
            EventKind::Added => What::Added,
            EventKind::Inquired { via: _, channel } => What::Inquired { channel: *channel },
            EventKind::Replied { channel } => What::Replied { channel: *channel },
            EventKind::AutoReplied { back } => What::AutoReplied { back: *back },
            EventKind::Met { channel } => What::Met { channel: *channel },
            EventKind::Named { topics } => {
                What::Named { topics: topics.iter().map(super::super::facts::id::Topic::print).collect() }
            }
            EventKind::Engaged { how } => What::Engaged { how: *how },
            EventKind::Touched { channel, act, cause, item, disposition } => What::Touched {
                channel: *channel,
                act: act.as_ref().map(crate::facts::id::ActName::deed),
                cause: *cause,
                item: item.as_ref().map(super::super::facts::id::ItemId::print),
                disposition: *disposition,
            },
            EventKind::Skipped { step } => What::Skipped { step: step.print() },
            EventKind::Failed { channel, act, cause } => {
                What::Failed { channel: *channel, act: act.deed(), cause: *cause }
            }
            EventKind::Granted { channels, purposes, basis, until, term, own_act } => What::Granted {
                channels: *channels,
                purposes: *purposes,
                basis: *basis,
                until: *until,
                term: *term,
                own_act: *own_act,
            },
            EventKind::Denied { channels, purposes } => {
                What::Denied { channels: *channels, purposes: *purposes }
            }
            EventKind::OptedOut { channels, purposes } => {
                What::OptedOut { channels: *channels, purposes: *purposes }
            }
            EventKind::Unsubscribed { subscription, channels } => {
                What::Unsubscribed { subscription: subscription.print(), channels: *channels }
            }
            EventKind::Subscribed { subscription, channels } => {
                What::Subscribed { subscription: subscription.print(), channels: *channels }
            }
            EventKind::Suppressed { channels, purposes, reason: _ } => {
                What::Suppressed { channels: *channels, purposes: *purposes }
            }
            EventKind::Screened { channels, list, listed } => {
                What::Screened { channels: *channels, list: *list, listed: *listed }
            }
            EventKind::ColleagueTouched { channel } => What::ColleagueTouched { channel: *channel },
            EventKind::Declined { reason } => What::Declined { reason: *reason },
            EventKind::Disqualified { reason } => What::Disqualified { reason: *reason },
            EventKind::Purchased => What::Purchased,
            EventKind::ProblemReported => What::ProblemReported,
            EventKind::ProblemSolved { problem } => What::ProblemSolved { problem: *problem },
            EventKind::Promised { by, due, about: _ } => What::Promised { by: *by, due: *due },
            EventKind::CallbackRequested { due, channel } => {
                What::CallbackRequested { due: *due, channel: *channel }
            }
            EventKind::Kept { promise } => What::Kept { promise: *promise },
            EventKind::Held { until, reason, despite_reply } => {
                What::Held { until: *until, reason: *reason, despite_reply: *despite_reply }
            }
            EventKind::Released { reason } => What::Released { reason: *reason },
            EventKind::Annoyed => What::Annoyed,
            EventKind::Bounced { channel, permanent, of } => {
                What::Bounced { channel: *channel, permanent: *permanent, of: *of }
            }
            EventKind::Corrected { channel } => What::Corrected { channel: *channel },
            EventKind::Enrolled { sequence, from } => What::Enrolled {
                sequence: sequence.print(),
                from: from.as_ref().map(|step| StepPath::new(sequence, step).print()),
            },
            EventKind::Unenrolled => What::Unenrolled,
            EventKind::GivenUp => What::GivenUp,
            EventKind::CalledOff => What::CalledOff,
            EventKind::Retracted { .. } => return None,
            EventKind::Booked { meeting } => What::Booked { meeting: *meeting },
            EventKind::NoShow => What::NoShow,
            EventKind::Stalled { why, until } => What::Stalled { why: *why, until: *until },
            EventKind::Referred { to: _ } => What::Referred,
            EventKind::Introduced { referrer: _ } => What::Introduced,
        };
        Some(Self { mark: event.mark(), what })
    }
}
