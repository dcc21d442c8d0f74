//! Gates: which there are, and how they are applied together.

use super::{
    Asked, Cited, Stop, content, hold, hours, limits, patience, permission, reach, refusal, region, registry,
};
use crate::decision::Gate;
use crate::instant::Instant;

impl Gate {
    /// The earliest instant not before `at` that this gate allows; `None` for never. The only list of which
    /// gate is which rule.
    pub(crate) fn earliest(self, asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
        if asked.case.without == Some(self) {
            return Some(at);
        }
        match self {
            Self::Reach => reach::earliest(asked, at),
            Self::Refusal => refusal::earliest(asked, at),
            Self::Region => region::earliest(asked, at),
            Self::Permission => permission::earliest(asked, at),
            Self::Registry => registry::earliest(asked, at),
            Self::Hold => hold::earliest(asked, at),
            Self::CoolDown => limits::cool_down(asked, at),
            Self::Gap => limits::gap(asked, at),
            Self::Cap => limits::cap(asked, at),
            Self::Retry => limits::retry(asked, at),
            Self::Patience => patience::earliest(asked, at),
            Self::Hours => hours::earliest(asked, at),
            Self::Content => content::earliest(asked, at),
        }
    }

    /// The events and rules behind this gate's answer at `at`: those that close it, and those without which
    /// it would be closed.
    pub(crate) fn cite(self, asked: &Asked<'_, '_>, at: Instant, into: &mut Cited) {
        match self {
            Self::Reach => reach::cite(asked, into),
            Self::Refusal => refusal::cite(asked, into),
            // When the step is due, and what they like, is known without a further event.
            Self::Region | Self::Patience => {}
            Self::Permission => permission::cite(asked, at, into),
            Self::Registry => registry::cite(asked, at, into),
            Self::Hold => hold::cite(asked, at, into),
            Self::CoolDown => limits::cite_cool_down(asked, at, into),
            Self::Gap => limits::cite_gap(asked, at, into),
            Self::Cap => limits::cite_cap(asked, at, into),
            Self::Retry => limits::cite_retry(asked, into),
            Self::Hours => hours::cite(asked, at, into),
            Self::Content => content::cite(asked, into),
        }
    }
}

impl Asked<'_, '_> {
    /// The earliest instant from `at` that all gates allow, or where the way ends. Every gate is extensive,
    /// monotone and idempotent, so this is the same in whatever order they are applied.
    pub(crate) fn settle(&self, at: Instant) -> Result<Instant, Stop> {
        self.settle_watched(at, |_, _, _| {})
    }

    /// The same; `watch` sees every gate that moved the instant, from where and to where.
    pub(crate) fn settle_watched(
        &self,
        mut at: Instant,
        mut watch: impl FnMut(Gate, Instant, Option<Instant>),
    ) -> Result<Instant, Stop> {
        loop {
            let before = at;
            for gate in Gate::ALL {
                let allowed = gate.earliest(self, at);
                if allowed != Some(at) {
                    watch(*gate, at, allowed);
                }
                at = allowed.ok_or(Stop { gate: *gate, at })?;
            }
            if at == before {
                return Ok(at);
            }
        }
    }

    /// Whether the channel works and is not refused: all that stands between it and the candidate is
    /// permission and time.
    pub(crate) fn is_usable(&self) -> bool {
        reach::is_lasting(self) && refusal::standing(self).is_none()
    }
}
