//! The four moves: fold (done before), propose, gate, answer.

mod candidates;
mod citations;
mod content;
mod gate;
mod hold;
mod hours;
mod limits;
mod permission;
mod place;
mod reach;
mod refusal;

use crate::act::Act;
use crate::channel::Channel;
use crate::decision::{Action, Decision, Gate, Need, Rest, Verdict};
use crate::instant::Instant;
use crate::playbook::Playbook;
use crate::prospect::Prospect;
use crate::standing::{Folded, Standing};

pub(crate) use candidates::{Candidate, Turn};
pub(crate) use gate::{Asked, Grounds};
pub(crate) use permission::Permit;
pub(crate) use place::Place;

/// One question: everything that a decision is made from, but the time.
#[derive(Debug, Clone)]
pub(crate) struct Case<'a, 's> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) prospect: &'a Prospect,
    pub(crate) standing: &'s Folded,
    pub(crate) place: Place<'a>,
    /// A gate that is taken to stand open, to find out what difference it makes.
    pub(crate) without: Option<Gate>,
}

/// When and where a candidate can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) at: Instant,
    pub(crate) channel: Channel,
}

impl Playbook {
    /// What to do about a prospect, as of `now`.
    ///
    /// It is total: every playbook, prospect, standing and instant has an answer, and the same ones have the
    /// same answer everywhere. Nothing is read but the arguments.
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
        let case = Case {
            playbook: self,
            prospect,
            standing: standing.folded(),
            place: Place::of(self, prospect),
            without: None,
        };
        let verdict = case.verdict(now, |_, _| {});
        Decision { case, now, verdict }
    }
}

impl<'a> Case<'a, '_> {
    /// The answer. Of all that is due, what takes precedence holds the floor until it can be done; only what
    /// takes precedence over it, once due, takes the floor from it. `watch` sees everyone who held it, and
    /// from when.
    pub(crate) fn verdict(
        &self,
        now: Instant,
        mut watch: impl FnMut(&Candidate<'a>, Instant),
    ) -> Verdict<'a> {
        let mut at = now;
        loop {
            match self.turn(at) {
                Turn::Idle(idle) => return idle,
                Turn::Later(due) => at = due,
                Turn::Holder { candidate, from, overtaken } => {
                    at = from;
                    watch(&candidate, at);
                    match (self.open(&candidate, at), overtaken) {
                        (Err(gate), None) => return self.blocked(&candidate, gate),
                        (Err(_), Some(due)) => at = due,
                        (Ok(opening), Some(due)) if opening.at >= due => at = due,
                        (Ok(opening), _) => {
                            let action = self.action(&candidate, opening);
                            return if opening.at == now {
                                Verdict::Act(action)
                            } else {
                                Verdict::Wait { until: opening.at, next: action }
                            };
                        }
                    }
                }
            }
        }
    }

    /// What the verdict is about, or what it was that could not be done.
    pub(crate) fn last_candidate(&self, now: Instant) -> Option<Candidate<'a>> {
        let mut last = None;
        self.verdict(now, |candidate, _| last = Some(*candidate));
        last
    }

    /// The first instant from `at` at which the candidate can be done on some channel; of several channels
    /// that open together, the one the prospect prefers. Otherwise the gate that stopped the channel that
    /// came farthest.
    pub(crate) fn open(&self, candidate: &Candidate<'a>, at: Instant) -> Result<Opening, Gate> {
        let mut best: Option<(Instant, (bool, usize), Channel)> = None;
        let mut stopped = Gate::Reach;
        for channel in candidate.channels {
            match (Asked { case: self, candidate, channel: *channel }).settle(at) {
                Err(gate) => stopped = stopped.max(gate),
                Ok(opens) => {
                    let preference = self.preference(candidate, *channel);
                    if best.is_none_or(|(at, held, _)| (opens, preference) < (at, held)) {
                        best = Some((opens, preference, *channel));
                    }
                }
            }
        }
        best.map(|(at, _, channel)| Opening { at, channel }).ok_or(stopped)
    }

    /// Smaller is better: first the channel on which they expect it, then those they like.
    fn preference(&self, candidate: &Candidate<'a>, channel: Channel) -> (bool, usize) {
        let liked = self.prospect.preferred().iter().position(|liked| *liked == channel);
        (candidate.expected_on != Some(channel), liked.unwrap_or(usize::MAX))
    }

    fn action(&self, candidate: &Candidate<'a>, opening: Opening) -> Action<'a> {
        let asked = Asked { case: self, candidate, channel: opening.channel };
        Action {
            prospect: self.prospect.id(),
            act: candidate.act,
            cause: candidate.cause,
            attempt: self.attempt(candidate),
            channel: opening.channel,
            item: content::pick(&asked, opening.at),
            due: candidate.due,
            on_time_until: candidate.on_time_until,
            by: candidate.by,
            purpose: candidate.purpose,
        }
    }

    fn blocked(&self, candidate: &Candidate<'a>, gate: Gate) -> Verdict<'a> {
        match gate {
            Gate::Content => Verdict::Need(Need::Content {
                step: match candidate.act {
                    Act::Touch(step) => Some(step),
                    _ => None,
                },
                topics: self.prospect.interests(),
            }),
            Gate::Retry => Verdict::Need(Need::Delivery),
            Gate::Hours if matches!(self.place, Place::Unknown) => Verdict::Need(Need::Zone),
            Gate::Refusal => Verdict::Rest(match refusal::first(self, candidate) {
                Some(refusal) => Rest::Refused(refusal.kind),
                None => Rest::Blocked(gate),
            }),
            _ => Verdict::Rest(Rest::Blocked(gate)),
        }
    }
}
