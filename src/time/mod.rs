//! Time: instants, zones, weeks, spans. It knows nothing of the rest.

pub(crate) mod calendar;
pub(crate) mod delay;
pub(crate) mod instant;
pub(crate) mod span;
pub(crate) mod zone;
