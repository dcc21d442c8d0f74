//! Stretch: the same sequences, as long as their buyers take to decide.

use super::Playbook;
use super::draft::SequenceDraft;
use crate::error::{Faults, Field};
use crate::facts::permission::Purpose;
use crate::playbook::sequence::Anchor;
use crate::time::delay::{Delay, Unit};

/// A century of days, beyond which there is no delay.
const MOST: u64 = 36_525;

impl Playbook {
    /// The same playbook with the sequences of a pursuit stretched or shortened to that buying cycle: the order of
    /// the steps stays, and so do the ratios of what lies between them, to the day. What is less than a day stays as
    /// it is, because it is about a moment and not about the cycle; nothing gets closer than a day.
    ///
    /// Sequences that keep in touch (`every`) and steps that count from a date stay as they are.
    ///
    /// Gaps, caps and hours are no part of a sequence and hold as before, and so do the deadlines and the patience of
    /// steps and the pauses between sequences.
    ///
    /// ```
    /// use followup::{Delay, Playbook};
    ///
    /// let playbook: Playbook = toml::from_str(r#"
    ///     name = "Boilers"
    ///     zone = "Europe/Berlin"
    ///
    ///     [[sequence]]
    ///     id = "inbound"
    ///     starts-on = ["inquired"]
    ///     step = [
    ///         { id = "call", after = "2 hours", channels = ["phone"], owes-item = false },
    ///         { id = "guide", after = "1 week", channels = ["email"], owes-item = false },
    ///         { id = "visit", after = "3 weeks", channels = ["in-person"], owes-item = false },
    ///     ]
    /// "#)?;
    /// let stretched = playbook.stretched_to("24 weeks".parse()?)?;
    /// let delays: Vec<String> =
    ///     stretched.sequences()[0].steps().iter().map(|step| step.after().to_string()).collect();
    /// assert_eq!(delays, ["2 hours", "42 days", "126 days"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// None that this playbook did not have; it is built anew.
    pub fn stretched_to(&self, cycle: Delay) -> Result<Self, Faults> {
        let mut draft = self.draft.clone();
        for (written, sequence) in draft.sequences.iter_mut().zip(&self.sequences) {
            if sequence.purpose == Purpose::FollowUp && sequence.every.is_none() {
                let counted = sequence.steps.iter().filter(|step| step.date.is_none());
                let lasts = counted.fold(0, |at, step| match step.anchor {
                    Anchor::Previous => at + step.after.nominal_hours(),
                    Anchor::Start => at.max(step.after.nominal_hours()),
                });
                stretch(written, cycle.nominal_hours(), lasts);
            }
        }
        draft.cycle = Some(cycle.into());
        draft.build_with(&self.zones, &self.library)
    }
}

fn stretch(sequence: &mut SequenceDraft, cycle: u64, lasts: u64) {
    // What rounding took from a step is given to the next, so that the whole is as long as it should be.
    let mut rest = 0;
    for step in &mut sequence.steps {
        let is_from_start = step.from.as_ref().is_some_and(|from| from.text() == Anchor::Start.as_str());
        // What is counted from a date of theirs is not about how long they take to decide.
        let Some(after) = step.after.as_mut().filter(|_| step.date.is_none()) else { continue };
        let Ok(delay) = after.text().parse::<Delay>() else { continue };
        let hours = delay.nominal_hours();
        if hours < 24 || lasts == 0 {
            continue;
        }
        let (unit, a_day) = match delay.unit() {
            Unit::BusinessDays => (Unit::BusinessDays, 24 * 7 * lasts / 5),
            _ => (Unit::Days, 24 * lasts),
        };
        let wanted = hours * cycle + if is_from_start { 0 } else { rest };
        let days = ((wanted + a_day / 2) / a_day).clamp(1, MOST);
        if !is_from_start {
            rest = wanted.saturating_sub(days * a_day);
        }
        if let Some(stretched) = u32::try_from(days).ok().and_then(|days| Delay::new(days, unit).ok()) {
            *after = Field::from(stretched);
        }
    }
}
