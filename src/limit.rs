//! Limits: how close together and how many.

use alloc::vec::Vec;
use core::time::Duration;

use crate::act::AppliesTo;
use crate::channel::Channels;
use crate::delay::Delay;
use crate::id::RuleId;
use crate::instant::Instant;

/// The limits of a playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The least distance of an approach from the last contact.
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

/// Windows that begin later end later, but for the time of day: of two contacts on one weekend the later may be free
/// of "1 business day" the earlier in the day, and so after a month that is too short or in an hour that the clock
/// shows twice. This is more than a day and a change of the clock.
const DISORDER: Duration = Duration::from_secs(27 * 3600);

/// An instant not before `at` from which one more contact keeps to `at_most` in any window; the earliest one where
/// later contacts have later ends. `counted` are the contacts that count, the newest first; `ends` is where the
/// window that begins with a contact ends.
pub(crate) fn free<T>(
    mut counted: impl Iterator<Item = T>,
    at_most: u16,
    ends: impl Fn(T) -> Option<Instant>,
    at: Instant,
) -> Option<Instant> {
    let Some(oldest) = counted.nth(usize::from(at_most.checked_sub(1)?)) else { return Some(at) };
    let mut free = ends(oldest)?.max(at);
    for older in counted {
        let end = ends(older)?;
        if end.checked_add(DISORDER).is_some_and(|end| end <= free) {
            break;
        }
        free = free.max(end);
    }
    Some(free)
}
