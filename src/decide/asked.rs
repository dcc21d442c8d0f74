//! What a gate is asked, and what its answer rests on.

use alloc::vec::Vec;

use super::{Candidate, Case};
use crate::channel::Channel;
use crate::id::Mark;
use crate::rule::{Citation, Rule};

/// What a gate is asked: may this candidate of this case be done on this channel?
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'c, 'a> {
    pub(crate) case: &'c Case<'a, 'c>,
    pub(crate) candidate: &'c Candidate<'a>,
    pub(crate) channel: Channel,
}

/// What a gate's answer rests on.
#[derive(Debug, Default)]
pub(crate) struct Cited {
    pub(crate) marks: Vec<Mark>,
    pub(crate) rules: Vec<Citation>,
}

impl Cited {
    /// Notes a rule, once.
    pub(crate) fn cite(&mut self, rule: &Rule) {
        if !self.rules.iter().any(|cited| cited.rule == rule.id) {
            self.rules.push(rule.citation_of());
        }
    }
}
