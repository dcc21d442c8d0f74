//! History: what happened, in order. It knows events and no rule.

pub(crate) mod consent;
pub(crate) mod fact;
pub(crate) mod log;
pub(crate) mod standing;
