//! followup
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "embedded-zones"))]
extern crate std;

pub mod instant;

pub use instant::{Instant, InstantError};
