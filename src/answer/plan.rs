//! Plan: the series ahead, laid out at once, under a stated assumption.

use alloc::vec::Vec;
use core::fmt;

use crate::decide::context::Context;
use crate::decide::floor::Floor;
use crate::decide::place::Place;
use crate::decide::rules::Book;
use crate::decide::state::{Setting, State};
use crate::decide::verdict::{Action, Verdict};
use crate::error::vocabulary;
use crate::facts::event::{Event, EventKind};
use crate::facts::permission::{Basis, Purpose};
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::Duty;
use crate::history::fact::Fact;
use crate::history::standing::Standing;
use crate::playbook::Playbook;
use crate::time::instant::Instant;

vocabulary!(
    /// What a plan assumes of the prospect. Of the seller it assumes that every action is done the instant it
    /// is due.
    Assumption, "assumption", "use silence or permission", {
    /// They say nothing.
    Silence = "silence",
    /// Asked for permission, they say yes at once, for every channel by which they can be reached; else nothing.
    Permission = "permission",
});

/// The series ahead, as it will be if the assumption holds.
///
/// Its first entry is what [`Playbook::decide`] answers now; every further one is what it would answer after
/// the entries before it have happened as assumed. `Display` makes a table of it.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    assumption: Assumption,
    entries: Vec<Entry<'a>>,
    end: Option<Verdict<'a>>,
    place: Place<'a>,
}

/// One contact of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// When.
    pub at: Instant,
    /// What.
    pub action: Action<'a>,
}

impl Playbook {
    /// The series ahead from `now`, at most so many entries. What the history knows of times after `now` is taken
    /// to have happened before the first entry.
    ///
    /// ```
    /// use followup::{Assumption, Event, EventKind, History, Playbook, Prospect, Source};
    ///
    /// let playbook: Playbook = toml::from_str(r#"
    ///     name = "Boilers"
    ///     zone = "Europe/Berlin"
    ///
    ///     [[sequence]]
    ///     id = "inbound"
    ///     starts-on = ["inquired"]
    ///     step = [{ id = "guide", after = "2 days", channels = ["email"] }]
    ///
    ///     [[item]]
    ///     id = "heating-guide"
    ///     format = "guide"
    /// "#)?;
    /// let prospect: Prospect = toml::from_str(r#"
    ///     id = "ada"
    ///     zone = "Europe/Berlin"
    ///     channels = ["email"]
    /// "#)?;
    /// let mut history = History::new();
    /// let inquired = EventKind::Inquired { via: Source::Form, channel: None };
    /// history.record(Event::new(1, "2026-03-02T09:30:00Z".parse()?, inquired))?;
    ///
    /// let now = "2026-03-02T09:31:00Z".parse()?;
    /// let plan = playbook.plan(&prospect, history.standing(), now, Assumption::Silence, 20);
    /// let acts: Vec<_> = plan.entries().iter().map(|entry| entry.action.act().name()).collect();
    /// assert_eq!(acts, ["respond", "inbound/guide"]);
    /// println!("{plan}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn plan<'a>(
        &'a self,
        prospect: &'a Prospect,
        standing: &Standing,
        now: Instant,
        assumption: Assumption,
        at_most: usize,
    ) -> Plan<'a> {
        let place = Place::of(self, prospect);
        let rules = Book::of(self, prospect);
        let setting = Setting { playbook: self, prospect, place: &place };
        let mut state = State::of(setting, standing.facts().iter());
        // None that a bounce has named before it is there.
        let mut next_id = state.free_id().max(standing.next_id());
        let mut plan = Plan { assumption, entries: Vec::new(), end: None, place: place.clone() };
        let mut at = now;
        while plan.entries.len() < at_most {
            let context = Context::new(setting, &state, &rules);
            let action = match Floor::at(context, at, false, |_| {}).verdict() {
                Verdict::Act(action) => action,
                Verdict::Wait { until, next } => {
                    at = until;
                    next
                }
                end @ (Verdict::Need(_) | Verdict::Rest(_)) => {
                    plan.end = Some(end);
                    break;
                }
            };
            plan.entries.push(Entry { at, action });
            for event in assumption.events(&action, at, prospect, next_id) {
                next_id = next_id.saturating_add(1);
                // Nothing in a plan changes what came before.
                let _ = Fact::of(&event).and_then(|fact| state.followed_by(setting, &fact));
            }
        }
        plan
    }
}

impl Assumption {
    /// What happens by assumption when an action is done at that instant.
    fn events(self, action: &Action<'_>, at: Instant, prospect: &Prospect, id: u64) -> Vec<Event> {
        let mut events = Vec::from([action.touched(id, at)]);
        if self == Self::Permission && action.act().is(Duty::AskPermission) {
            let granted = EventKind::Granted {
                channels: prospect.channels(),
                purposes: [Purpose::FollowUp, Purpose::Care].into_iter().collect(),
                basis: Basis::Express,
                until: None,
                term: None,
                own_act: false,
            };
            events.push(Event::new(id.saturating_add(1), at, granted));
        }
        events
    }
}

impl<'a> Plan<'a> {
    /// What it assumes.
    #[must_use]
    pub const fn assumption(&self) -> Assumption {
        self.assumption
    }

    /// The contacts, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// What comes after the last entry; `None` if the plan was cut at its greatest length.
    #[must_use]
    pub const fn end(&self) -> Option<&Verdict<'a>> {
        self.end.as_ref()
    }
}

impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |f: &mut fmt::Formatter<'_>, cells: [&dyn fmt::Display; 6]| {
            let [nth, when, channel, by, act, item] = cells;
            writeln!(f, "{nth:>2}  {when:<20}  {channel:<9}  {by:<9}  {act:<22}  {item}")
        };
        if !self.entries.is_empty() {
            row(f, [&"", &"when", &"channel", &"by", &"act", &"giving"])?;
        }
        for (nth, Entry { at, action }) in self.entries.iter().enumerate() {
            let item = action.item().map_or("-", |item| item.title());
            let when = self.place.show(*at);
            row(f, [&(nth + 1), &when, &action.channel(), &action.by(), &action.act(), &item])?;
        }
        match &self.end {
            Some(Verdict::Need(need)) => write!(f, "then need: {need}"),
            Some(Verdict::Rest(rest)) => write!(f, "then rest: {rest}; {} would change that", rest.remedy()),
            _ => f.write_str("and so on"),
        }
    }
}
