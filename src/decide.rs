//! The four moves: fold (done before), propose, gate, answer.

mod asked;
mod candidates;
mod citations;
mod clearance;
mod content;
mod course;
mod gate;
mod hold;
mod hours;
mod limits;
mod patience;
mod permission;
mod place;
mod pursuit;
mod reach;
mod refusal;
mod region;
mod registry;
mod rules;
mod variety;

use alloc::vec::Vec;

use crate::act::Act;
use crate::channel::Channel;
use crate::decision::{Action, Gate, Need, Rest, Verdict};
use crate::instant::Instant;
use crate::playbook::Playbook;
use crate::prospect::Prospect;
use crate::sequence::Sequence;
use crate::standing::{Folded, Standing};

pub(crate) use asked::{Asked, Cited};
pub(crate) use candidates::{Candidate, Turn};
pub use clearance::{Clearance, OptOutDeadline};

pub(crate) use content::cite_named;
pub(crate) use limits::cite_silence;
pub(crate) use patience::first_choice;
pub(crate) use permission::Permit;
pub(crate) use place::Place;
pub(crate) use rules::Book;

/// What to do about a prospect, as of one instant. It borrows what it was decided from.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    pub(crate) case: Case<'a, 'a>,
    pub(crate) now: Instant,
    pub(crate) verdict: Verdict<'a>,
    pub(crate) ask_again: Option<Instant>,
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

    /// When to ask again, if nothing happens before: now for [`Verdict::Act`], `until` for [`Verdict::Wait`],
    /// when something else falls due for [`Verdict::Need`], never for [`Verdict::Rest`]. A host keeps it in an
    /// indexed column. With no new event there is nothing to do before.
    #[must_use]
    pub const fn ask_again(&self) -> Option<Instant> {
        self.ask_again
    }

    /// When the action is due: now for [`Verdict::Act`], `until` for [`Verdict::Wait`].
    #[must_use]
    pub const fn due(&self) -> Option<Instant> {
        match self.verdict {
            Verdict::Act(_) => Some(self.now),
            Verdict::Wait { until, .. } => Some(until),
            Verdict::Need(_) | Verdict::Rest(_) => None,
        }
    }

    /// The earliest instant not before `at` that one gate by itself allows, on that channel, what the verdict is
    /// about: the action, or what it was that could not be done. `None` for never, or where there is neither.
    #[must_use]
    pub fn earliest(&self, gate: Gate, channel: Channel, at: Instant) -> Option<Instant> {
        let candidate = self.case.last_candidate(self.now)?;
        gate.earliest(&Asked { case: &self.case, candidate: &candidate, channel }, at)
    }
}

/// One question: everything that a decision is made from, but the time.
#[derive(Debug, Clone)]
pub(crate) struct Case<'a, 's> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) prospect: &'a Prospect,
    pub(crate) standing: &'s Folded,
    pub(crate) place: Place<'a>,
    pub(crate) rules: Book<'a>,
    /// By enrolment, the sequence that it began; empty where that depends on the trigger alone.
    pub(crate) assigned: Vec<Option<&'a Sequence>>,
    /// A gate that is taken to stand open, to find out what difference it makes.
    pub(crate) without: Option<Gate>,
}

/// A verdict, and when to ask again though nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    pub(crate) verdict: Verdict<'a>,
    pub(crate) ask_again: Option<Instant>,
}

/// Where the way ends for good: at this gate, which opens never again from that instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) gate: Gate,
    pub(crate) at: Instant,
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
    /// same answer everywhere. Nothing is read but the arguments. Where the standing knows of something later
    /// than `now`, nothing is done before that.
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
        let case = Case::new(self, prospect, standing.folded());
        let Answer { verdict, ask_again } = case.answer(now, |_, _| {});
        Decision { case, now, verdict, ask_again }
    }
}

impl<'a, 's> Case<'a, 's> {
    pub(crate) fn new(playbook: &'a Playbook, prospect: &'a Prospect, standing: &'s Folded) -> Self {
        let (place, rules) = (Place::of(playbook, prospect), Book::of(playbook, prospect));
        Self::at(playbook, prospect, standing, place, rules)
    }

    pub(crate) fn at(
        playbook: &'a Playbook,
        prospect: &'a Prospect,
        standing: &'s Folded,
        place: Place<'a>,
        rules: Book<'a>,
    ) -> Self {
        let mut case =
            Self { playbook, prospect, standing, place, rules, assigned: Vec::new(), without: None };
        case.assign();
        case
    }

    /// The answer. Of all that is due, what takes precedence holds the floor until it can be done; only what
    /// takes precedence over it, once due, takes the floor from it. `watch` sees everyone who held it, and
    /// from when.
    pub(crate) fn answer(&self, now: Instant, mut watch: impl FnMut(&Candidate<'a>, Instant)) -> Answer<'a> {
        // What is known to happen later has a say in nothing before it.
        let mut at = self.standing.last.map_or(now, |last| now.max(last.at));
        loop {
            let (candidate, overtaken) = match self.turn(at) {
                Turn::Holder { candidate, overtaken } => (candidate, overtaken),
                Turn::Later(due) => {
                    at = due;
                    continue;
                }
                Turn::Idle { verdict, until } => return Answer { verdict, ask_again: until },
            };
            watch(&candidate, at);
            at = match (self.open(&candidate, at), overtaken) {
                (Ok(opening), Some(due)) if opening.at >= due => due,
                (Ok(opening), _) => {
                    let action = self.action(&candidate, opening);
                    let verdict = if opening.at == now {
                        Verdict::Act(action)
                    } else {
                        Verdict::Wait { until: opening.at, next: action }
                    };
                    return Answer { verdict, ask_again: Some(opening.at) };
                }
                (Err(stop), overtaken) => match (self.blocked(&candidate, stop), overtaken) {
                    // What rests is silent until something else is due; a need is told at once.
                    (Verdict::Rest(_), Some(due)) => due,
                    (verdict, ask_again) => return Answer { verdict, ask_again },
                },
            };
        }
    }

    /// What the verdict is about, or what it was that could not be done.
    pub(crate) fn last_candidate(&self, now: Instant) -> Option<Candidate<'a>> {
        let mut last = None;
        self.answer(now, |candidate, _| last = Some(*candidate));
        last
    }

    /// The first instant from `at` at which the candidate can be done on some channel; of several channels
    /// that open together, the one the prospect prefers, unless the last two approaches went there. Otherwise
    /// where the channel was stopped that came farthest.
    pub(crate) fn open(&self, candidate: &Candidate<'a>, at: Instant) -> Result<Opening, Stop> {
        let worn = self.worn(candidate);
        let mut best: Option<(Instant, (bool, bool, usize), Channel)> = None;
        let mut stopped = Stop { gate: Gate::Reach, at };
        for channel in candidate.channels {
            let preference = self.preference(candidate, worn, *channel);
            // Even open at once it would come behind.
            if best.is_some_and(|(opens, held, _)| (opens, held) <= (at, preference)) {
                continue;
            }
            match (Asked { case: self, candidate, channel: *channel }).settle(at) {
                Err(stop) if stop.gate > stopped.gate => stopped = stop,
                Err(_) => {}
                Ok(opens) => {
                    if best.is_none_or(|(at, held, _)| (opens, preference) < (at, held)) {
                        best = Some((opens, preference, *channel));
                    }
                }
            }
        }
        best.map(|(at, _, channel)| Opening { at, channel }).ok_or(stopped)
    }

    /// Smaller is better: first the channel on which they expect it, then what is not worn, then those they like.
    fn preference(
        &self,
        candidate: &Candidate<'a>,
        worn: Option<Channel>,
        channel: Channel,
    ) -> (bool, bool, usize) {
        let liked = self.prospect.preferred().iter().position(|liked| *liked == channel);
        (candidate.expected_on != Some(channel), worn == Some(channel), liked.unwrap_or(usize::MAX))
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

    fn blocked(&self, candidate: &Candidate<'a>, Stop { gate, at }: Stop) -> Verdict<'a> {
        let asked = |channel: &Channel| Asked { case: self, candidate, channel: *channel };
        match gate {
            Gate::Content => Verdict::Need(Need::Content {
                step: match candidate.act {
                    Act::Touch(step) => Some(step),
                    _ => None,
                },
                topics: self.prospect.interests(),
            }),
            Gate::Retry => Verdict::Need(Need::Delivery),
            Gate::Hours => match candidate.channels.iter().find_map(|one| hours::expired(&asked(one), at)) {
                Some((set, through)) => Verdict::Need(Need::Holidays { set, through }),
                None if matches!(self.place, Place::Unknown) => Verdict::Need(Need::Zone),
                None => Verdict::Rest(Rest::Blocked(gate)),
            },
            Gate::Region => Verdict::Need(Need::Region),
            Gate::Registry
                if candidate.channels.iter().any(|one| registry::is_unscreened(&asked(one), at)) =>
            {
                Verdict::Need(Need::Screening { due: at })
            }
            Gate::Refusal => match refusal::first(self, candidate) {
                // They wrote after they had refused, and expect an answer somewhere.
                Some(refusal) if candidate.act.is_answer() && refusal.mark < candidate.cause => {
                    Verdict::Need(Need::Channel)
                }
                Some(refusal) => Verdict::Rest(Rest::Refused(refusal.kind)),
                None => Verdict::Rest(Rest::Blocked(gate)),
            },
            _ => Verdict::Rest(Rest::Blocked(gate)),
        }
    }
}
