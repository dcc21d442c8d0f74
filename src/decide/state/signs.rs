//! Signs: what they have shown, of each kind when.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::facts::vocabulary::Sign;
use crate::time::instant::Instant;

/// The signs of each kind since something: the first few, and the last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Signs(Vec<Shown>);

/// A sign that they gave, once or more often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shown {
    sign: Sign,
    first: Instant,
    /// The second and so on, as many as a condition counts.
    further: Vec<Instant>,
    last: Instant,
}

impl Signs {
    /// They gave a sign. No condition counts more of them than `most`.
    pub(super) fn show(&mut self, sign: Sign, at: Instant, most: u8) {
        match self.0.iter_mut().find(|shown| shown.sign == sign) {
            Some(shown) => {
                shown.last = at;
                if shown.further.len() + 1 < usize::from(most) {
                    shown.further.push(at);
                }
            }
            None => self.0.push(Shown { sign, first: at, further: Vec::new(), last: at }),
        }
    }

    /// Those mean nothing any more.
    pub(super) fn lose(&mut self, sign: Sign) {
        self.keep(|shown| shown != sign);
    }

    /// Forgets the others.
    pub(super) fn keep(&mut self, is_kept: impl Fn(Sign) -> bool) {
        self.0.retain(|shown| is_kept(shown.sign));
    }

    /// When they gave it for the first, second... time.
    pub(super) fn nth(&self, sign: Sign, nth: u8) -> Option<Instant> {
        let shown = self.0.iter().find(|shown| shown.sign == sign)?;
        match usize::from(nth).checked_sub(2) {
            None => Some(shown.first),
            Some(further) => shown.further.get(further).copied(),
        }
    }

    /// The first of those signs that they have given since.
    pub(super) fn any_since(&self, since: Instant, signs: &[Sign]) -> Option<Sign> {
        let is_shown = |sign: &&Sign| self.0.iter().any(|shown| shown.sign == **sign && shown.last >= since);
        signs.iter().find(is_shown).copied()
    }
}
