//! A second engine: slow, obvious, and written from SEMANTICS.md alone. It never calls the first.
//!
//! For every question it replays the whole log. What opens and closes by time it finds by looking at every instant at
//! which something can change.
#![allow(dead_code, reason = "what is told for a failing case is read by people")]

pub(crate) mod answer;
pub(crate) mod gates;
pub(crate) mod hours;
pub(crate) mod log;
pub(crate) mod permits;
pub(crate) mod pursuits;
pub(crate) mod rounds;
pub(crate) mod spans;
pub(crate) mod state;

use followup::{Channel, Delay, Duty, EventId, Instant};

use crate::common::{Case, DutyModel};

pub(crate) use answer::answer;

/// What a playbook says beside its [`Model`](crate::common::Model).
#[derive(Debug, Clone)]
pub(crate) struct More {
    pub(crate) out_of_office: Option<Delay>,
    pub(crate) after_return: Option<Delay>,
    pub(crate) longest_absence: Option<Delay>,
    pub(crate) after_meeting: Option<Delay>,
    /// By the order of [`Duty::ALL`], whether a voicemail settles it.
    pub(crate) settles: [bool; Duty::ALL.len()],
    /// How long after it fell due it is too late for it.
    pub(crate) expires: [Option<Delay>; Duty::ALL.len()],
}

/// A case and what it says beside.
pub(crate) struct Told<'c> {
    pub(crate) case: &'c Case,
    pub(crate) more: &'c More,
    /// For so many days hours are looked for.
    pub(crate) horizon: i64,
}

impl Told<'_> {
    pub(crate) fn settles(&self, duty: Duty) -> bool {
        self.more.settles[duty as usize]
    }

    pub(crate) fn expires(&self, duty: Duty) -> Option<Delay> {
        self.more.expires[duty as usize]
    }

    pub(crate) fn duty(&self, duty: Duty) -> Option<DutyModel> {
        let model = &self.case.model;
        match duty {
            Duty::ConfirmOptOut => model.confirm.as_ref().map(|(duty, _)| duty.clone()),
            Duty::Respond => Some(model.respond.clone()),
            Duty::AskPermission => Some(model.ask.clone()),
            Duty::Remind => Some(model.remind.clone()),
            Duty::ConfirmMeeting if model.confirm_meeting.is_none() => None,
            Duty::Solve | Duty::Recap | Duty::KeepPromise | Duty::ConfirmMeeting => {
                let by = followup::Executor::Person;
                Some(DutyModel { channels: Vec::new(), by, after: None, at_most: None })
            }
        }
    }
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) act: String,
    pub(crate) cause: EventId,
    pub(crate) attempt: usize,
    pub(crate) channel: Channel,
    pub(crate) item: Option<String>,
    pub(crate) due: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Act(Proposal),
    Wait(Instant, Proposal),
    Need(String),
    Rest(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) needs: Vec<String>,
    pub(crate) ask_again: Option<Instant>,
}
