//! Deciding: what the facts mean (`state`), what there would be to do (`propose`), what each gate says (`gates`), who goes
//! first (`floor`), and the answer here.

mod clearance;
pub(crate) mod context;
pub(crate) mod floor;
pub(crate) mod gates;
pub(crate) mod place;
pub(crate) mod propose;
mod references;
pub(crate) mod rules;
pub(crate) mod state;
pub(crate) mod trace;
pub(crate) mod verdict;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Deref;

use crate::facts::channel::Channel;
use crate::facts::prospect::Prospect;
use crate::history::standing::Standing;
use crate::playbook::Playbook;
use crate::time::instant::Instant;

use context::Context;
use floor::{Floor, Opening, Seen};
use place::Place;
use propose::Candidate;
use rules::Book;
use state::{Setting, State};
use verdict::{Action, Gate, Need, Verdict};

pub use clearance::{Clearance, OptOutDeadline};
pub use state::Pursuits;

/// What to do about a prospect, as of one instant. It borrows what it was decided from.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) prospect: &'a Prospect,
    pub(crate) standing: &'a Standing,
    pub(crate) state: Held<'a>,
    pub(crate) place: Place<'a>,
    pub(crate) rules: Book<'a>,
    pub(crate) now: Instant,
    pub(crate) verdict: Verdict<'a>,
    ask_again: Option<Instant>,
}

/// The state from which a decision was made.
#[derive(Debug, Clone)]
pub(crate) enum Held<'a> {
    /// A host keeps it.
    Kept(&'a State),
    /// It was made for this.
    Made(Box<State>),
}

impl Deref for Held<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        match self {
            Self::Kept(state) => state,
            Self::Made(state) => state,
        }
    }
}

impl<'a> Decision<'a> {
    /// The verdict.
    #[must_use]
    pub const fn verdict(&self) -> &Verdict<'a> {
        &self.verdict
    }

    /// The instant for which it was made.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// The action that is due, or that will be.
    #[must_use]
    pub const fn action(&self) -> Option<&Action<'a>> {
        match &self.verdict {
            Verdict::Act(action) | Verdict::Wait { next: action, .. } => Some(action),
            Verdict::Need(_) | Verdict::Rest(_) => None,
        }
    }

    /// Everything that a person must supply before something else can go, the weightiest first, whether anything can go
    /// meanwhile or not. [`Verdict::Need`] is the first of them where nothing can.
    #[must_use]
    pub fn needs(&self) -> Vec<Need<'a>> {
        let mut needs = self.context().floor(self.now).needs;
        if let Verdict::Need(need) = &self.verdict
            && needs.is_empty()
        {
            needs.push(need.clone());
        }
        needs
    }

    /// When to ask again, if nothing happens before: now for [`Verdict::Act`], otherwise the first instant at which
    /// anything in the decision, its [needs](Self::needs) included, is another; `None` for never. A host keeps it in an
    /// indexed column. With no new event there is nothing to do before.
    #[must_use]
    pub const fn ask_again(&self) -> Option<Instant> {
        self.ask_again
    }

    /// When the action is due: now for [`Verdict::Act`], `until` for [`Verdict::Wait`].
    #[must_use]
    pub const fn due(&self) -> Option<Instant> {
        self.verdict.due(self.now)
    }

    /// The earliest instant not before `at` that one gate by itself allows, on that channel, what the verdict is
    /// about: the action, or what it was that could not be done. `None` for never, or where there is neither.
    #[must_use]
    pub fn earliest(&self, gate: Gate, channel: Channel, at: Instant) -> Option<Instant> {
        let context = self.context();
        let candidate = context.floor(self.now).about()?;
        gate.earliest(&candidate.on(context, channel), at)
    }

    pub(crate) fn setting(&self) -> Setting<'_, 'a> {
        Setting { playbook: self.playbook, prospect: self.prospect, place: &self.place }
    }

    pub(crate) fn context(&self) -> Context<'_, 'a> {
        Context::new(self.setting(), &self.state, &self.rules)
    }
}

impl Playbook {
    /// What to do about a prospect, as of `now`.
    ///
    /// It is total: every playbook, prospect, standing and instant has an answer, and the same ones have the
    /// same answer everywhere. Nothing is read but the arguments. Where the standing knows of something later
    /// than `now`, nothing is done before that.
    ///
    /// What is under way is found out anew from the standing; a host that keeps it beside uses
    /// [`decide_from`](Self::decide_from).
    ///
    /// ```
    /// use followup::{Event, EventKind, History, Playbook, Prospect, Source, Verdict};
    ///
    /// let playbook: Playbook = toml::from_str(r#"
    ///     name = "Boilers"
    ///     zone = "Europe/Berlin"
    /// "#)?;
    /// let prospect: Prospect = toml::from_str(r#"
    ///     id = "ada"
    ///     zone = "Europe/Berlin"
    ///     channels = ["phone"]
    /// "#)?;
    /// let mut history = History::new();
    /// let asked = EventKind::Inquired { via: Source::Form, channel: None };
    /// history.record(Event::new(1, "2026-03-02T09:30:00Z".parse()?, asked))?;
    ///
    /// let decision = playbook.decide(&prospect, history.standing(), "2026-03-02T09:31:00Z".parse()?);
    /// let Verdict::Act(action) = decision.verdict() else { panic!("{decision:?}") };
    /// assert_eq!(action.key().to_string(), "ada:1:respond:1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decide<'a>(
        &'a self,
        prospect: &'a Prospect,
        standing: &'a Standing,
        now: Instant,
    ) -> Decision<'a> {
        let place = Place::of(self, prospect);
        let setting = Setting { playbook: self, prospect, place: &place };
        let state = Held::Made(Box::new(State::of(setting, standing.facts().iter())));
        self.decided(prospect, standing, state, place, now)
    }

    /// The same from what is [under way](Self::pursuits), kept beside the standing. Where that does not fit - it is of
    /// another playbook, of a changed prospect, of an older standing - it is found out anew.
    #[must_use]
    pub fn decide_from<'a>(
        &'a self,
        prospect: &'a Prospect,
        standing: &'a Standing,
        pursuits: &'a Pursuits,
        now: Instant,
    ) -> Decision<'a> {
        if !pursuits.is_of(self, prospect, standing) {
            return self.decide(prospect, standing, now);
        }
        let place = Place::of(self, prospect);
        self.decided(prospect, standing, Held::Kept(&pursuits.state), place, now)
    }

    fn decided<'a>(
        &'a self,
        prospect: &'a Prospect,
        standing: &'a Standing,
        state: Held<'a>,
        place: Place<'a>,
        now: Instant,
    ) -> Decision<'a> {
        let rules = Book::of(self, prospect);
        let setting = Setting { playbook: self, prospect, place: &place };
        let (verdict, ask_again) = Context::new(setting, &state, &rules).answer(now);
        Decision { playbook: self, prospect, standing, state, place, rules, now, verdict, ask_again }
    }
}

impl<'c, 'a> Context<'c, 'a> {
    /// The floor as it is at that instant.
    pub(crate) fn floor(&self, now: Instant) -> Floor<'c, 'a, impl FnMut(Seen<'c, 'a>) + use<'c, 'a>> {
        Floor::at(*self, now, true, |_| {})
    }

    /// What is known to happen later has a say in nothing before it.
    pub(crate) fn asked_at(&self, now: Instant) -> Instant {
        self.state.last.map_or(now, |last| now.max(last.at))
    }

    /// The verdict, and when to ask again though nothing has happened.
    pub(crate) fn answer(&self, now: Instant) -> (Verdict<'a>, Option<Instant>) {
        let floor = Floor::at(*self, now, false, |_| {});
        let verdict = floor.verdict();
        let limit = match verdict {
            Verdict::Act(_) => return (verdict, Some(now)),
            Verdict::Wait { until, .. } => Some(until),
            Verdict::Need(_) | Verdict::Rest(_) => None,
        };
        // What bars something may change without a change of what there is to say.
        let mut next_change = self.next_change(&floor, now, limit);
        while let Some(change) = next_change.filter(|change| limit.is_none_or(|limit| *change < limit)) {
            let then = self.floor(change);
            if then.verdict() != verdict || then.needs != floor.needs {
                return (verdict, Some(change));
            }
            next_change = self.next_change(&then, change, limit);
        }
        (verdict, limit)
    }

    /// When something of that may be another: what is barred, or what could go and waits for its turn.
    fn next_change<W>(
        &self,
        floor: &Floor<'c, 'a, W>,
        now: Instant,
        limit: Option<Instant>,
    ) -> Option<Instant> {
        let barred = limit.and_then(|limit| {
            let others = floor.others.iter();
            others.filter_map(|(other, opening)| self.first_barred(other, *opening, now, limit)).min()
        });
        floor.next_change.into_iter().chain(barred).min()
    }

    /// What is barred is so for good, so the instant can be searched for.
    fn first_barred(
        &self,
        candidate: &Candidate<'c, 'a>,
        opening: Opening,
        now: Instant,
        limit: Instant,
    ) -> Option<Instant> {
        // Mostly the channel on which it opens is enough to know.
        let is_open = |at: Instant| candidate.on(*self, opening.channel).settle(at).is_ok();
        if limit <= opening.at || is_open(candidate.due.max(limit)) {
            return None;
        }
        let is_barred = |at: Instant| self.open(candidate, candidate.due.max(self.asked_at(at))).is_err();
        if is_barred(now) || !is_barred(limit) {
            return None;
        }
        Some(Instant::first_over(now, limit, is_barred))
    }

    fn action(&self, candidate: &Candidate<'c, 'a>, opening: Opening) -> Action<'a> {
        let query = candidate.on(*self, opening.channel);
        Action {
            prospect: self.prospect.id(),
            act: candidate.act,
            cause: candidate.cause,
            attempt: candidate.number,
            channel: opening.channel,
            item: gates::pick(&query, opening.at),
            due: candidate.due,
            on_time_until: self.on_time_until(candidate),
            by: candidate.by,
            purpose: candidate.purpose,
        }
    }
}
