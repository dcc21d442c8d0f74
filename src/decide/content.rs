//! Content: a follow-up touch carries an item that is new to the prospect, relevant and current.

use super::{Asked, Case, Cited};
use crate::act::Act;
use crate::content::Item;
use crate::id::Topic;
use crate::instant::Instant;
use crate::sequence::Gives;

const NOTHING: &Gives = &Gives::Nothing;

impl<'a> Asked<'_, 'a> {
    fn gives(&self) -> &'a Gives {
        match self.candidate.act {
            Act::Touch(step) => &step.gives,
            _ => NOTHING,
        }
    }

    /// The items that would do, sooner or later.
    fn eligible(&self) -> impl Iterator<Item = &'a Item> {
        let gives = self.gives();
        self.case.playbook.items.iter().filter(move |item| {
            gives.includes(&item.id)
                && item.fits(self.channel)
                && !self.case.standing.given.iter().any(|given| given.item == item.id.print())
                && (item.topics.is_empty() || self.case.speaks_to_them(item))
        })
    }
}

impl Case<'_, '_> {
    /// Whether it is known that they care about it, or they have named it.
    pub(crate) fn is_theirs(&self, topic: &Topic) -> bool {
        let print = topic.print();
        self.prospect.interests().iter().any(|interest| interest.print() == print)
            || self.standing.named.iter().any(|named| named.topic == print)
    }

    /// Whether one of its topics is one of theirs.
    fn speaks_to_them(&self, item: &Item) -> bool {
        item.topics.iter().any(|topic| self.is_theirs(topic))
    }
}

/// The item to give at that instant. Formats vary; items climb; what speaks to them comes before what is for
/// everybody; then the order of the file.
pub(super) fn pick<'a>(asked: &Asked<'_, 'a>, at: Instant) -> Option<&'a Item> {
    if matches!(asked.gives(), Gives::Nothing) {
        return None;
    }
    let playbook = asked.case.playbook;
    let given = || asked.case.standing.given.iter().filter_map(|given| playbook.item_by_print(given.item));
    let last_format = given().next_back().map(|item| item.format.print());
    let reached = given().map(|item| item.rung).max().unwrap_or(0);
    asked.eligible().filter(|item| item.current_from(at) == Some(at)).min_by_key(|item| {
        let is_same_format = Some(item.format.print()) == last_format;
        (is_same_format, item.rung < reached, item.rung, !asked.case.speaks_to_them(item))
    })
}

pub(super) fn earliest(asked: &Asked<'_, '_>, at: Instant) -> Option<Instant> {
    if matches!(asked.gives(), Gives::Nothing) {
        return Some(at);
    }
    asked.eligible().filter_map(|item| item.current_from(at)).min()
}

pub(super) fn cite(asked: &Asked<'_, '_>, into: &mut Cited) {
    if !matches!(asked.gives(), Gives::Nothing) {
        into.marks.extend(asked.case.standing.given.iter().map(|given| given.mark));
    }
}

/// Notes what has made an item relevant to them, and so taken the place of another.
pub(crate) fn cite_named(asked: &Asked<'_, '_>, into: &mut Cited) {
    if !matches!(asked.gives(), Gives::Nothing) {
        into.marks.extend(asked.case.standing.named.iter().map(|named| named.mark));
    }
}
