//! Clearance: may this person be contacted at this instant, on this channel? And what the law wants of opt-outs.

use alloc::vec::Vec;
use core::fmt;

use super::context::{Context, Query, Subject};
use super::place::Place;
use super::rules::Book;
use super::state::{Attempts, Setting, State};
use super::trace::{Blocker, trace};
use crate::facts::channel::Channel;
use crate::facts::id::EventId;
use crate::facts::permission::{Purpose, RefusalKind};
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::Executor;
use crate::history::standing::Standing;
use crate::playbook::Playbook;
use crate::rule::Citation;
use crate::time::instant::Instant;

/// Whether a contact that no decision asked for is allowed, and until when: for a seller with the hand on the phone.
#[derive(Debug, Clone)]
pub struct Clearance<'a> {
    at: Instant,
    opens: Option<Instant>,
    closes: Option<Instant>,
    blockers: Vec<Blocker>,
    place: Place<'a>,
}

/// An opt-out and what a rule wants done about it. It has taken effect already: these are dates for an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptOutDeadline {
    /// The event by which they opted out.
    pub event: EventId,
    /// When that was.
    pub received: Instant,
    /// The rule.
    pub rule: Citation,
    /// Before this instant every list and every queue must honour it.
    pub honour_by: Option<Instant>,
    /// Until this instant at least it must be kept.
    pub keep_until: Option<Instant>,
}

impl Playbook {
    /// Whether a contact that no decision asked for is allowed at `at`: the same gates as for a decision, but for
    /// content and failed attempts.
    ///
    /// With [`Purpose::Answer`] it is asked for an answer; else for an approach.
    ///
    /// ```
    /// use followup::{Channel, Executor, Playbook, Prospect, Purpose, Standing};
    ///
    /// let playbook: Playbook = toml::from_str(r#"
    ///     name = "Boilers"
    ///     zone = "America/New_York"
    ///     contact-rules = { use = ["US-FL"], elsewhere = "need" }
    ///     permission.follow-up.default = ["not-refused"]
    /// "#)?;
    /// let prospect: Prospect = toml::from_str(r#"
    ///     id = "ada"
    ///     zone = "America/New_York"
    ///     region = "US-FL"
    ///     channels = ["phone"]
    /// "#)?;
    /// let evening = "2026-07-03T20:30:00-04:00".parse()?;
    /// let nothing = Standing::new();
    /// let clearance =
    ///     playbook.clearance(&prospect, &nothing, Channel::Phone, Purpose::Answer, Executor::Person, evening);
    /// assert!(!clearance.is_allowed());
    /// assert_eq!(clearance.opens().unwrap().to_string(), "2026-07-04T12:00:00Z");
    /// assert!(clearance.to_string().contains("501.616"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn clearance<'a>(
        &'a self,
        prospect: &'a Prospect,
        standing: &Standing,
        channel: Channel,
        purpose: Purpose,
        by: Executor,
        at: Instant,
    ) -> Clearance<'a> {
        let place = Place::of(self, prospect);
        let setting = Setting { playbook: self, prospect, place: &place };
        let state = State::of(setting, standing.facts().iter());
        let rules = Book::of(self, prospect);
        let context = Context::new(setting, &state, &rules);
        let subject =
            Subject { act: None, cause: None, purpose, by, due: at, expires: None, attempts: Attempts::NONE };
        let query = Query { context, subject, channel };
        // What is known to happen later has a say in nothing before it.
        let from = state.last.map_or(at, |last| at.max(last.at));
        let blockers = trace(&query, from, 0);
        let opens = query.settle(from).ok();
        let closes = opens.and_then(|opens| query.closes(opens));
        Clearance { at, opens, closes, blockers, place: place.clone() }
    }

    /// By when the rules want each opt-out of this prospect honoured, and how long it must be kept. Business days
    /// are the seller's.
    #[must_use]
    pub fn opt_out_deadlines(&self, prospect: &Prospect, standing: &Standing) -> Vec<OptOutDeadline> {
        let place = Place::of(self, prospect);
        let setting = Setting { playbook: self, prospect, place: &place };
        let state = State::of(setting, standing.facts().iter());
        let rules = Book::of(self, prospect);
        let context = Context::new(setting, &state, &rules);
        let mut deadlines: Vec<OptOutDeadline> = Vec::new();
        for refusal in state.consent.all_refusals() {
            for rule in rules.iter().filter(|_| refusal.kind != RefusalKind::Denied) {
                let is_here = refusal.channels.iter().any(|channel| rule.channels.contains(channel));
                let Some(opt_out) = rule.opt_out.as_ref().filter(|_| is_here) else { continue };
                let received = refusal.since.at;
                let after = |span| place.earliest_after(received, span, self);
                let deadline = OptOutDeadline {
                    event: refusal.since.id,
                    received,
                    rule: rule.citation_of(),
                    honour_by: opt_out.within.and_then(after),
                    keep_until: opt_out.keeps.and_then(|span| place.latest_after(received, span, self)),
                };
                if context.is_in_force(rule, received) && !deadlines.contains(&deadline) {
                    deadlines.push(deadline);
                }
            }
        }
        deadlines
    }
}

impl Query<'_, '_> {
    /// The first instant after `opens`, at which all is open, at which something is not any more.
    fn closes(&self, opens: Instant) -> Option<Instant> {
        let mut at = opens;
        loop {
            let closing = self.next_closing(at).filter(|closing| *closing > at);
            at = self.next_change(at).into_iter().chain(closing).min()?;
            if self.settle(at) != Ok(at) {
                return Some(at);
            }
        }
    }
}

impl Clearance<'_> {
    /// Whether it is allowed now.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.opens == Some(self.at)
    }

    /// When it is allowed, now or later; `None` for never, unless something happens.
    #[must_use]
    pub const fn opens(&self) -> Option<Instant> {
        self.opens
    }

    /// When it is not allowed any more, after it [`opens`](Self::opens); `None` if that is not before 2200.
    #[must_use]
    pub const fn closes(&self) -> Option<Instant> {
        self.closes
    }

    /// What stands in the way, each with the rules behind it.
    #[must_use]
    pub fn blockers(&self) -> &[Blocker] {
        &self.blockers
    }
}

impl fmt::Display for Clearance<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.opens {
            None => f.write_str("not allowed, and no time alone changes that")?,
            Some(opens) if opens == self.at => f.write_str("allowed")?,
            Some(opens) => write!(f, "not allowed before {}", self.place.show(opens))?,
        }
        if let Some(closes) = self.closes {
            write!(f, ", until {}", self.place.show(closes))?;
        }
        for blocker in &self.blockers {
            write!(f, "\n  {}", blocker.show(None, &self.place))?;
        }
        Ok(())
    }
}
