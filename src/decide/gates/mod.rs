//! Gates: which there are, and how they are applied together. A gate is a file with one [`Spec`], and a line in the table.

mod cap;
mod contacts;
mod content;
mod cool_down;
mod expiry;
mod gap;
mod hold;
mod hours;
mod patience;
mod permission;
mod reach;
mod refusal;
mod region;
mod registry;
mod retry;

use super::context::{Evidence, Query};
use super::state::State;
use super::verdict::{Gate, Need, Rest};
use crate::playbook::Playbook;
use crate::time::instant::Instant;

pub(crate) use content::pick;
pub(crate) use patience::first_choice;

/// All that a gate is.
pub(crate) struct Spec {
    pub(crate) gate: Gate,
    /// The earliest instant not before this one that it allows; `None` for never. It is extensive, monotone and
    /// idempotent.
    earliest: for<'c, 'a> fn(&Query<'c, 'a>, Instant) -> Option<Instant>,
    /// The first instant after this one at which it may close that is open, or say something else, though nothing
    /// happens.
    next_change: for<'c, 'a> fn(&Query<'c, 'a>, Instant) -> Option<Instant>,
    /// What is to be said where it never opens; that it bars the way, where this has no words of its own.
    closed: Option<for<'c, 'a> fn(&Query<'c, 'a>, Instant) -> Closed<'a>>,
    /// Whether it can bar anything under that playbook, of somebody in that state. It need not be asked where it cannot.
    can_bar: fn(&Playbook, &State) -> bool,
    /// Whether a step that it shuts out is passed over.
    is_passed_over: for<'c, 'a> fn(&Query<'c, 'a>, Instant) -> bool,
    /// Whether it knows nothing of the channel but the rules that are for it.
    is_of_all_channels: bool,
    /// The events and rules behind its answer.
    cite: for<'c, 'a> fn(&Query<'c, 'a>, Instant, &mut Evidence),
}

/// What is to be said where a gate never opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Closed<'a> {
    Need(Need<'a>),
    Rest(Rest),
}

impl Spec {
    /// A gate that time alone opens, if anything does.
    const fn new(
        gate: Gate,
        earliest: for<'c, 'a> fn(&Query<'c, 'a>, Instant) -> Option<Instant>,
        cite: for<'c, 'a> fn(&Query<'c, 'a>, Instant, &mut Evidence),
    ) -> Self {
        Self {
            gate,
            earliest,
            next_change: |_, _| None,
            closed: None,
            can_bar: |_, _| true,
            is_passed_over: |_, _| false,
            is_of_all_channels: false,
            cite,
        }
    }
}

/// Every gate, in the order of [`Gate::ALL`].
const GATES: [&Spec; Gate::ALL.len()] = [
    &expiry::GATE,
    &reach::GATE,
    &refusal::GATE,
    &region::GATE,
    &permission::GATE,
    &registry::GATE,
    &hold::GATE,
    &cool_down::GATE,
    &gap::GATE,
    &cap::GATE,
    &retry::GATE,
    &patience::GATE,
    &hours::GATE,
    &content::GATE,
];

/// Where the way ends for good: at this gate, which opens never again from that instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) gate: Gate,
    pub(crate) at: Instant,
}

/// Where a candidate opens on a channel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opens {
    pub(crate) at: Instant,
    /// Whether that would be so on every channel that no rule tells from this one, or later.
    pub(crate) is_of_all_channels: bool,
}

impl Gate {
    fn spec(self) -> &'static Spec {
        GATES.get(self as usize).copied().unwrap_or(&reach::GATE)
    }

    /// The earliest instant not before `at` that this gate allows; `None` for never.
    pub(crate) fn earliest(self, query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
        (self.spec().earliest)(query, at)
    }

    /// The events and rules behind this gate's answer at `at`.
    pub(crate) fn cite(self, query: &Query<'_, '_>, at: Instant, into: &mut Evidence) {
        (self.spec().cite)(query, at, into);
    }

    /// What is to be said where this gate never opens.
    pub(crate) fn closed<'a>(self, query: &Query<'_, 'a>, at: Instant) -> Closed<'a> {
        let says = self.spec().closed;
        says.map_or(Closed::Rest(Rest::Blocked(self)), |says| says(query, at))
    }

    /// Whether a step that this gate shuts out on that channel is passed over.
    pub(crate) fn is_passed_over(self, query: &Query<'_, '_>, at: Instant) -> bool {
        (self.spec().is_passed_over)(query, at)
    }
}

/// Some of the gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gates(u16);

impl Gates {
    /// Those that can bar something under that playbook, of somebody in that state.
    pub(crate) fn that_can_bar(playbook: &Playbook, state: &State) -> Self {
        let can_bar = |spec: &&&Spec| (spec.can_bar)(playbook, state);
        Self(GATES.iter().filter(can_bar).fold(0, |gates, spec| gates | Self::bit(spec.gate)))
    }

    /// All of them but that one.
    pub(crate) const fn without(self, gate: Gate) -> Self {
        Self(self.0 & !Self::bit(gate))
    }

    const fn bit(gate: Gate) -> u16 {
        1 << gate as u16
    }

    fn iter(self) -> impl Iterator<Item = &'static Spec> {
        GATES.into_iter().filter(move |spec| self.0 & Self::bit(spec.gate) != 0)
    }
}

impl Query<'_, '_> {
    /// The earliest instant from `at` that all gates allow, or where the way ends. Every gate is extensive,
    /// monotone and idempotent, so this is the same in whatever order they are applied.
    pub(crate) fn settle(&self, at: Instant) -> Result<Instant, Stop> {
        self.settle_watched(at, |_, _, _| {})
    }

    /// The same, and whether the channel had a part in it.
    pub(crate) fn opens(&self, at: Instant) -> Result<Opens, Stop> {
        let mut is_of_all_channels = true;
        let at =
            self.settle_watched(at, |gate, _, _| is_of_all_channels &= gate.spec().is_of_all_channels)?;
        Ok(Opens { at, is_of_all_channels })
    }

    /// The same; `watch` sees every gate that moved the instant, from where and to where.
    pub(crate) fn settle_watched(
        &self,
        mut at: Instant,
        mut watch: impl FnMut(Gate, Instant, Option<Instant>),
    ) -> Result<Instant, Stop> {
        // Up to this gate all allow the instant.
        let mut moved_last = None;
        loop {
            for spec in self.context.gates.iter() {
                if moved_last == Some(spec.gate) {
                    return Ok(at);
                }
                let allowed = (spec.earliest)(self, at);
                if allowed != Some(at) {
                    watch(spec.gate, at, allowed);
                    at = allowed.ok_or(Stop { gate: spec.gate, at })?;
                    moved_last = Some(spec.gate);
                }
            }
            if moved_last.is_none() {
                return Ok(at);
            }
        }
    }

    /// Whether only that gate bars the way: every other, taken by itself, opens some time.
    pub(crate) fn is_all_it_lacks(&self, stop: Stop) -> bool {
        let mut others = self.context.gates.without(stop.gate).iter();
        others.all(|spec| (spec.earliest)(self, stop.at).is_some())
    }

    /// The first instant after `at` at which something may be closed that is open, or say something else, though nothing
    /// happens.
    pub(crate) fn next_change(&self, at: Instant) -> Option<Instant> {
        let changes = self.context.gates.iter().filter_map(|spec| (spec.next_change)(self, at));
        changes.chain(self.changes_of_rules()).filter(|change| *change > at).min()
    }

    /// The first instant after `at` at which the way may end elsewhere than there, though nothing happens.
    pub(crate) fn next_change_of(&self, stop: Stop, at: Instant) -> Option<Instant> {
        // What lies behind where it ends at once has no say, unless they are asked for what alone is missing.
        if stop.at > at || stop.gate == Gate::Permission && self.context.may_ask() {
            return self.next_change(at);
        }
        let before = self.context.gates.iter().take_while(|spec| spec.gate <= stop.gate);
        let changes = before.filter_map(|spec| (spec.next_change)(self, at));
        // No rule opens what has no address, or was refused.
        let of_rules = (stop.gate > Gate::Region).then(|| self.changes_of_rules()).into_iter().flatten();
        changes.chain(of_rules).filter(|change| *change > at).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_gate_in_its_place() {
        assert!(GATES.iter().map(|spec| spec.gate).eq(Gate::ALL.iter().copied()));
    }
}
