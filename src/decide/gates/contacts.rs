//! Contacts: what a gate that counts contacts looks at.

use crate::decide::context::Query;
use crate::decide::place::is_long_over;
use crate::decide::state::Contact;
use crate::facts::id::Mark;
use crate::time::instant::Instant;
use crate::time::span::Span;

impl<'c> Query<'c, '_> {
    /// The first instant not before `at` at which a time after an event is over.
    pub(super) fn not_before(&self, at: Instant, mark: Mark, span: impl Into<Span>) -> Option<Instant> {
        self.context.place.not_before(at, mark.at, span.into(), self.context.playbook)
    }

    /// What happened, the newest first, down to that whose window of that length is over wherever they are.
    pub(super) fn recent(&self, per: Span, at: Instant) -> impl Iterator<Item = &'c Contact> {
        let newest_first = self.context.state.contacts.iter().rev();
        newest_first.take_while(move |contact| !is_long_over(at, contact.mark.at, per))
    }
}
