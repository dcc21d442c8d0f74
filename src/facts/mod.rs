//! Facts: what can be said of a prospect and of what happened with them.

pub(crate) mod channel;
pub(crate) mod event;
pub(crate) mod id;
pub(crate) mod key_date;
pub(crate) mod permission;
pub(crate) mod prospect;
pub(crate) mod vocabulary;
