//! Answers: what a decision says beside its verdict.

pub(crate) mod brief;
pub(crate) mod explain;
pub(crate) mod plan;
pub(crate) mod rank;
