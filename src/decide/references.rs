//! What a history refers to, and a playbook or the history itself does not have.

use crate::error::{Faults, Found};
use crate::facts::event::EventKind;
use crate::facts::id::{ActName, EventId, ItemId, StepPath};
use crate::history::log::History;
use crate::playbook::Playbook;

impl Playbook {
    /// Checks that what a history refers to is there: steps, items and sequences in this playbook, causes,
    /// promises, problems and retracted entries in the history.
    ///
    /// A decision takes what it cannot find as it stands: a touch of an unknown step is a contact and no
    /// progress, and so the step it was meant for stays due. That is right for a step that was taken out of the
    /// playbook, and wrong for a slip of the pen; this tells a person which ones there are.
    ///
    /// ```
    /// use followup::{History, Playbook};
    ///
    /// let playbook: Playbook = toml::from_str("name = \"Boilers\"\nzone = \"Europe/Berlin\"")?;
    /// let history: History = serde_json::from_str(r#"[
    ///     { "id": 1, "at": "2026-03-02T09:00:00Z", "event": "enrolled", "sequence": "inbuond" },
    ///     { "id": 2, "at": "2026-03-02T09:00:00Z", "event": "kept", "promise": 7 }
    /// ]"#)?;
    /// let faults = playbook.check_history(&history).unwrap_err();
    /// assert_eq!(faults.iter().count(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every reference that leads nowhere, in the order of the events.
    pub fn check_history(&self, history: &History) -> Result<(), Faults> {
        let mut found = Found::default();
        for event in history.events() {
            let place = alloc::format!("event (id {})", event.id);
            let mut missing = |what: &str, name: &dyn core::fmt::Display| {
                found.add(
                    &place,
                    alloc::format!("it names {what} \"{name}\", which is not there; correct it or leave it"),
                );
            };
            let mut event_id = |what: &str, id: EventId| {
                if !history.has_id(id) {
                    missing(what, &id);
                }
            };
            match &event.kind {
                EventKind::Kept { promise } => event_id("the promise", *promise),
                EventKind::ProblemSolved { problem } => event_id("the problem", *problem),
                EventKind::Retracted { event } => event_id("the entry", *event),
                EventKind::Touched { act, cause, item, .. } => {
                    if let Some(cause) = cause {
                        event_id("the cause", *cause);
                    }
                    if let Some(act) = act.as_ref().filter(|act| !self.knows_act(act)) {
                        missing("the step", act);
                    }
                    if let Some(item) = item.as_ref().filter(|item| !self.knows_item(item)) {
                        missing("the item", item);
                    }
                }
                EventKind::Failed { act, cause, .. } => {
                    event_id("the cause", *cause);
                    if !self.knows_act(act) {
                        missing("the step", act);
                    }
                }
                EventKind::Skipped { step } if !self.has_step(step.print()) => missing("the step", step),
                EventKind::Enrolled { sequence, .. }
                    if self.sequence_by_print(sequence.print()).is_none() =>
                {
                    missing("the sequence", sequence);
                }
                EventKind::Unsubscribed { subscription, .. } | EventKind::Subscribed { subscription, .. }
                    if !self.sequences.iter().any(|one| one.subscription.as_ref() == Some(subscription)) =>
                {
                    missing("the subscription", subscription);
                }
                EventKind::Enrolled { sequence, from: Some(step) } => {
                    let path = StepPath::new(sequence, step);
                    if !self.has_step(path.print()) {
                        missing("the step", &path);
                    }
                }
                _ => {}
            }
        }
        found.or(Some(()))
    }

    fn has_step(&self, path: crate::facts::id::Print) -> bool {
        self.step_by_print(path).is_some()
    }

    fn knows_act(&self, act: &ActName) -> bool {
        !act.is_step() || self.has_step(act.print())
    }

    fn knows_item(&self, item: &ItemId) -> bool {
        self.item_by_print(item.print()).is_some()
    }
}
