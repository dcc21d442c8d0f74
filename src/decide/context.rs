//! Context: what a question is asked about, and what an answer rests on.

use alloc::vec::Vec;

use super::gates::Gates;
use super::place::Place;
use super::propose::Candidate;
use super::rules::Book;
use super::state::{Attempts, Pace, Setting, State};
use crate::facts::channel::Channel;
use crate::facts::id::Mark;
use crate::facts::permission::Purpose;
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::{Duty, Executor};
use crate::playbook::Playbook;
use crate::playbook::act::Act;
use crate::playbook::sequence::Step;
use crate::rule::{Citation, Rule};
use crate::time::instant::Instant;

/// Everything that a decision is made from, but the time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'c, 'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) prospect: &'a Prospect,
    pub(crate) state: &'c State,
    pub(crate) place: &'c Place<'a>,
    pub(crate) rules: &'c Book<'a>,
    /// Those that can bar something here.
    pub(crate) gates: Gates,
}

impl<'c, 'a> Context<'c, 'a> {
    pub(crate) fn new(setting: Setting<'c, 'a>, state: &'c State, rules: &'c Book<'a>) -> Self {
        let Setting { playbook, prospect, place } = setting;
        let gates = Gates::that_can_bar(playbook, state);
        Self { playbook, prospect, state, place, rules, gates }
    }

    pub(crate) fn pace(&self) -> Pace<'c, 'a> {
        let setting = Setting { playbook: self.playbook, prospect: self.prospect, place: self.place };
        self.state.pace(setting)
    }
}

/// What a gate is asked: may there be this contact on this channel?
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'c, 'a> {
    pub(crate) context: Context<'c, 'a>,
    pub(crate) subject: Subject<'c, 'a>,
    pub(crate) channel: Channel,
}

/// A contact in the eyes of the gates. One that no decision asked for has no act and follows from no event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'c, 'a> {
    pub(crate) act: Option<Act<'a>>,
    pub(crate) cause: Option<Mark>,
    pub(crate) purpose: Purpose,
    pub(crate) by: Executor,
    pub(crate) due: Instant,
    /// From when on it is too late.
    pub(crate) expires: Option<Instant>,
    /// The attempts at it since it was done last.
    pub(crate) attempts: &'c Attempts,
}

impl<'a> Subject<'_, 'a> {
    pub(crate) fn is_answer(&self) -> bool {
        self.purpose == Purpose::Answer
    }

    pub(crate) fn is(&self, duty: Duty) -> bool {
        self.act.is_some_and(|act| act.is(duty))
    }

    pub(crate) const fn step(&self) -> Option<&'a Step> {
        match self.act {
            Some(Act::Touch(step)) => Some(step),
            _ => None,
        }
    }
}

impl<'c, 'a> Candidate<'c, 'a> {
    /// It on that channel, as a question to the gates.
    pub(crate) fn on(&self, context: Context<'c, 'a>, channel: Channel) -> Query<'c, 'a> {
        let Candidate { act, cause, purpose, by, due, expires, attempts, .. } = *self;
        let subject = Subject { act: Some(act), cause: Some(cause), purpose, by, due, expires, attempts };
        Query { context, subject, channel }
    }
}

/// What a gate's answer rests on.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) marks: Vec<Mark>,
    pub(crate) rules: Vec<Citation>,
}

impl Evidence {
    /// Notes a rule, once.
    pub(crate) fn cite(&mut self, rule: &Rule) {
        if !self.rules.iter().any(|cited| cited.rule == rule.id) {
            self.rules.push(rule.citation_of());
        }
    }
}
