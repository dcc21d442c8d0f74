//! What a gate is asked, and what its answer rests on.

use alloc::vec::Vec;

use super::{Candidate, Case};
use crate::channel::Channel;
use crate::id::Mark;
use crate::rule::Citation;

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
