//! Limits: how close together and how many.

use alloc::vec::Vec;

use crate::channel::Channels;
use crate::delay::Delay;
use crate::error::vocabulary;
use crate::id::RuleId;
use crate::instant::Instant;

vocabulary!(
    /// Which contacts a rule is for.
    AppliesTo, "range of a rule", "use all or approaches", {
    /// All contacts.
    All = "all",
    /// Only those that the seller begins; answers go free, and do not count.
    Approaches = "approaches",
});

/// The limits of a playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The least distance of an approach from the contacts before it.
    pub(crate) gap: Option<Delay>,
    /// How long approaches pause after a sign of annoyance.
    pub(crate) cool_down: Delay,
    /// How long a channel rests after an attempt on it failed.
    pub(crate) retry: Delay,
    /// How often one act is tried on one channel.
    pub(crate) attempts: u16,
    pub(crate) caps: Vec<Cap>,
}

/// At most so many contacts in any window of that length. A contact at t counts in `[t, t + per)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) id: RuleId,
    pub(crate) at_most: u16,
    pub(crate) per: Delay,
    pub(crate) channels: Channels,
    pub(crate) applies_to: AppliesTo,
}

/// The earliest instant not before `at` at which one more contact keeps to `at_most` in any window. `counted`
/// are the contacts that count, the newest first; `ends` is where the window that begins with a contact ends.
///
/// Windows that begin later mostly end later, but not always: of two contacts on one weekend the later may be
/// free of "1 business day" at an earlier hour, and a month that is too short ends many at once. So all windows
/// from the one that must have ended backwards are looked at.
pub(crate) fn free<T>(
    counted: impl Iterator<Item = T>,
    at_most: u16,
    ends: impl Fn(T) -> Option<Instant>,
    at: Instant,
) -> Option<Instant> {
    let must_have_ended = counted.skip(usize::from(at_most.checked_sub(1)?));
    must_have_ended.map(ends).try_fold(at, |at, end| end.map(|end| end.max(at)))
}
