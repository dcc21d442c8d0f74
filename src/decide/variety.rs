//! Variety: never everything on one channel while another is open.

use super::{Candidate, Case};
use crate::channel::Channel;
use crate::standing::{Contact, Happened};

impl<'a, 's> Case<'a, 's> {
    /// The last two approaches, where what is next could go another way.
    pub(super) fn latest_approaches(
        &self,
        candidate: &Candidate<'a>,
    ) -> impl Iterator<Item = &'s Contact> + use<'s> {
        let has_choice = !candidate.act.is_answer() && candidate.channels.len() > 1;
        let newest_first = self.standing.contacts.iter().rev().filter(move |_| has_choice);
        newest_first.filter(|contact| contact.what == Happened::Approach).take(2)
    }

    /// The channel on which both of them went: of those that open together it comes behind.
    pub(super) fn worn(&self, candidate: &Candidate<'a>) -> Option<Channel> {
        let mut latest = self.latest_approaches(candidate).map(|contact| contact.channel);
        latest.next().filter(|last| latest.next() == Some(*last))
    }
}
