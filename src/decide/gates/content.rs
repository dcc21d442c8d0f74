//! Content: a follow-up touch carries an item that is new to the prospect, relevant and current.

use core::cmp::Reverse;

use super::{Closed, Spec};
use crate::decide::context::{Context, Evidence, Query};
use crate::decide::verdict::{Gate, Need};
use crate::facts::id::Topic;
use crate::playbook::content::Item;
use crate::playbook::sequence::{Gives, Sequence};
use crate::time::instant::Instant;

pub(super) const GATE: Spec = Spec {
    next_change,
    can_bar: |playbook, _| playbook.uses.items,
    closed: Some(closed),
    ..Spec::new(Gate::Content, earliest, cite)
};

const NOTHING: &Gives = &Gives::Nothing;

impl<'a> Query<'_, 'a> {
    fn gives(&self) -> &'a Gives {
        self.subject.step().map_or(NOTHING, |step| &step.gives)
    }

    /// The items that would do, sooner or later.
    fn eligible(&self) -> impl Iterator<Item = &'a Item> {
        let gives = self.gives();
        self.context.playbook.items.iter().zip(0_u32..).filter_map(move |(item, nth)| {
            let is_eligible = gives.includes(&item.id)
                && item.fits(self.channel)
                && item.audience.includes(self.context.prospect)
                && !self.context.state.given.iter().any(|given| given.item == nth)
                && (item.topics.is_empty() || self.context.speaks_to_them(item) > 0);
            is_eligible.then_some(item)
        })
    }
}

impl Context<'_, '_> {
    /// Whether it is known that they care about it, or they have named it.
    pub(crate) fn is_theirs(&self, topic: &Topic) -> bool {
        let print = topic.print();
        self.prospect.interests().iter().any(|interest| interest.print() == print)
            || self.state.named.binary_search_by_key(&print, |named| named.topic).is_ok()
    }

    /// How many of its topics are theirs.
    fn speaks_to_them(&self, item: &Item) -> usize {
        item.topics.iter().filter(|topic| self.is_theirs(topic)).count()
    }
}

/// The item to give at that instant: what speaks to most of what they care about; then the lowest rung, but none below
/// one that was given; then another format than the last; then the order of the file. What a step of the sequence names
/// is given by the others only where there is nothing else.
pub(crate) fn pick<'a>(query: &Query<'_, 'a>, at: Instant) -> Option<&'a Item> {
    if matches!(query.gives(), Gives::Nothing) {
        return None;
    }
    let playbook = query.context.playbook;
    let items = &playbook.items;
    let given = || {
        let nth = query.context.state.given.iter().map(|given| given.item);
        nth.filter_map(|nth| items.get(usize::try_from(nth).ok()?))
    };
    let last_format = given().next_back().map(|item| item.format.print());
    // What speaks to them is given out of turn: the ladder goes on where it was.
    let in_turn = given().filter(|item| query.context.speaks_to_them(item) == 0);
    let reached = in_turn.map(|item| item.rung).max().unwrap_or(0);
    // What another step of the sequence names is kept for that.
    let is_of_it = |sequence: &&Sequence| {
        query.subject.step().is_some_and(|step| sequence.steps.iter().any(|one| one.path == step.path))
    };
    let sequence = playbook.sequences.iter().find(is_of_it);
    let is_named = |item: &Item| {
        sequence.is_some_and(|sequence| sequence.steps.iter().any(|step| step.gives.names(&item.id)))
    };
    query.eligible().filter(|item| item.current_from(at) == Some(at)).min_by_key(|item| {
        let is_same_format = Some(item.format.print()) == last_format;
        let is_kept = !query.gives().names(&item.id) && is_named(item);
        let relevance = query.context.speaks_to_them(item);
        (is_kept, Reverse(relevance), item.rung < reached, item.rung, is_same_format)
    })
}

fn earliest(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    if matches!(query.gives(), Gives::Nothing) {
        return Some(at);
    }
    query.eligible().filter_map(|item| item.current_from(at)).min()
}

/// When an item that would do begins to be current, or ends.
fn next_change(query: &Query<'_, '_>, at: Instant) -> Option<Instant> {
    if matches!(query.gives(), Gives::Nothing) {
        return None;
    }
    let bounds = query.eligible().flat_map(|item| [item.from, item.until]);
    bounds.flatten().filter(|bound| *bound > at).min()
}

fn closed<'a>(query: &Query<'_, 'a>, _: Instant) -> Closed<'a> {
    Closed::Need(Need::Content { step: query.subject.step(), topics: query.context.prospect.interests() })
}

fn cite(query: &Query<'_, '_>, _: Instant, into: &mut Evidence) {
    if !matches!(query.gives(), Gives::Nothing) {
        into.marks.extend(query.context.state.given.iter().map(|given| given.mark));
    }
}
