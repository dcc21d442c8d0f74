//! Clearance: may this person be contacted at this instant, on this channel? And what the law wants of opt-outs.

use alloc::vec::Vec;
use core::fmt;

use super::{Asked, Candidate, Case, Cited, Permit, Place, hours, registry};
use crate::act::Act;
use crate::channel::Channel;
use crate::consent::{Purpose, RefusalKind};
use crate::decision::Gate;
use crate::explain::{Blocker, walk};
use crate::id::{EventId, Mark};
use crate::instant::Instant;
use crate::playbook::Playbook;
use crate::prospect::Prospect;
use crate::rule::Citation;
use crate::sequence::Executor;
use crate::standing::Standing;

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
        // What to give is up to whoever asks.
        let case = Case { without: Some(Gate::Content), ..Case::new(self, prospect, standing.folded()) };
        let candidate = Candidate {
            act: if purpose == Purpose::Answer { Act::Respond } else { Act::Remind },
            // No event caused it, and none has this mark.
            cause: Mark { at: Instant::MIN, id: EventId(u64::MAX) },
            counted_from: at,
            due: at,
            on_time_until: None,
            purpose,
            channels: &[],
            expected_on: None,
            by,
            done: 0,
            last_done: None,
        };
        let asked = Asked { case: &case, candidate: &candidate, channel };
        // What is known to happen later has a say in nothing before it.
        let from = case.standing.last.map_or(at, |last| at.max(last.at));
        let blockers = walk(&asked, from, 0, &mut Cited::default());
        let opens = asked.settle(from).ok();
        let closes = opens.and_then(|opens| asked.closes(opens));
        Clearance { at, opens, closes, blockers, place: case.place.clone() }
    }

    /// By when the rules want each opt-out of this prospect honoured, and how long it must be kept. Business days
    /// are the seller's.
    #[must_use]
    pub fn opt_out_deadlines(&self, prospect: &Prospect, standing: &Standing) -> Vec<OptOutDeadline> {
        let case = Case::new(self, prospect, standing.folded());
        let mut deadlines: Vec<OptOutDeadline> = Vec::new();
        for refusal in case.standing.consent.all_refusals() {
            for rule in case.rules.iter().filter(|_| refusal.kind != RefusalKind::Denied) {
                let is_here = refusal.channels.iter().any(|channel| rule.channels.contains(channel));
                let Some(opt_out) = rule.opt_out.as_ref().filter(|_| is_here) else { continue };
                let received = refusal.since.at;
                let after = |span| case.place.earliest_after(received, span, self);
                let deadline = OptOutDeadline {
                    event: refusal.since.id,
                    received,
                    rule: rule.citation_of(),
                    honour_by: opt_out.within.and_then(after),
                    keep_until: opt_out.keeps.and_then(|span| case.place.latest_after(received, span, self)),
                };
                if case.is_in_force(rule, received) && !deadlines.contains(&deadline) {
                    deadlines.push(deadline);
                }
            }
        }
        deadlines
    }
}

impl Asked<'_, '_> {
    /// The first instant after `opens`, at which all is open, at which something is not any more.
    fn closes(&self, opens: Instant) -> Option<Instant> {
        let mut at = opens;
        loop {
            at = self.next_change(at)?;
            if self.settle(at) != Ok(at) {
                return Some(at);
            }
        }
    }

    /// The first instant after `at` at which some gate may close that is open.
    fn next_change(&self, at: Instant) -> Option<Instant> {
        let permit_ends = match self.permit() {
            Permit::Until(end) => Some(end),
            Permit::Never | Permit::Forever => None,
        };
        let of_rules = self.rules().flat_map(|rule| {
            let lifted_until = self.given_until(rule.unless, &rule.terms);
            // When what lifts it ends is a change of its own.
            let hours = rule.hours.as_ref().filter(|_| !self.is_lifted(rule, at));
            let closes = hours.and_then(|hours| hours::next_closing(self, hours, at));
            [self.begin_of_force(rule), lifted_until, closes].into_iter().chain(registry::ends(self, rule))
        });
        let changes = of_rules.chain([permit_ends, self.end_of_business()]).flatten();
        changes.filter(|change| *change > at).min()
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
