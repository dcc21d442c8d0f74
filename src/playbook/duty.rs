//! Duties: how a business does what it owes.

use alloc::string::String;
use alloc::vec::Vec;

use crate::facts::channel::Channel;
use crate::facts::vocabulary::{Disposition, Duty, Executor};
use crate::time::delay::Delay;

/// How one duty is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DutySpec {
    pub(crate) channels: Vec<Channel>,
    pub(crate) by: Executor,
    /// What they are asked for.
    pub(crate) ask: Option<String>,
    /// Responding: until when it is on time. Confirming an opt-out: until when it may be done.
    pub(crate) within: Delay,
    /// How long after what makes it due it falls due, and how long after it was done without an answer it may be done
    /// again.
    pub(crate) after: Delay,
    /// Confirming a meeting: how long before it.
    pub(crate) before: Delay,
    pub(crate) at_most: u16,
    /// How long after it fell due it is too late for it.
    pub(crate) expires: Option<Delay>,
    /// Whether a message left is as good as a talk.
    pub(crate) voicemail_settles: bool,
}

impl DutySpec {
    /// Whether a contact with that disposition got through to them.
    pub(crate) const fn got_through(&self, disposition: Option<Disposition>) -> bool {
        match disposition {
            None | Some(Disposition::Connected) => true,
            Some(Disposition::Voicemail) => self.voicemail_settles,
            Some(Disposition::NoAnswer | Disposition::Gatekeeper) => false,
        }
    }
}

/// One row of the table of duties: what a playbook may say of it, and what holds where it does not.
pub(super) struct Row {
    pub(super) duty: Duty,
    /// The fields that mean something for it, beside the channels and who executes it.
    pub(super) takes: &'static [&'static str],
    pub(super) within: Delay,
    pub(super) after: Delay,
    pub(super) at_most: u16,
    /// Whether it is done without a word of the playbook.
    pub(super) is_default: bool,
}

const AT_ONCE: Row = Row {
    duty: Duty::Respond,
    takes: &["ask", "voicemail-settles", "expires"],
    within: Delay::minutes(0),
    after: Delay::minutes(0),
    at_most: u16::MAX,
    is_default: true,
};

/// Every duty, in the order of precedence.
pub(super) const ROWS: [Row; Duty::ALL.len()] = [
    Row {
        duty: Duty::ConfirmOptOut,
        takes: &["within"],
        within: Delay::minutes(5),
        is_default: false,
        ..AT_ONCE
    },
    Row { takes: &["within", "ask", "voicemail-settles", "expires"], within: Delay::minutes(5), ..AT_ONCE },
    Row { duty: Duty::Solve, ..AT_ONCE },
    Row { duty: Duty::Recap, ..AT_ONCE },
    Row { duty: Duty::KeepPromise, ..AT_ONCE },
    Row {
        duty: Duty::ConfirmMeeting,
        takes: &["before", "ask", "voicemail-settles"],
        is_default: false,
        ..AT_ONCE
    },
    Row {
        duty: Duty::AskPermission,
        takes: &["after", "at-most", "ask", "voicemail-settles"],
        after: Delay::days(5),
        at_most: 2,
        ..AT_ONCE
    },
    Row {
        duty: Duty::Remind,
        takes: &["after", "ask", "voicemail-settles", "expires"],
        after: Delay::days(1),
        ..AT_ONCE
    },
];
