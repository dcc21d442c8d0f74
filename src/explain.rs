//! Why: the explanation of a decision, as data. Text is in `Display` only.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::act::Act;
use crate::channel::Channel;
use crate::consent::RefusalKind;
use crate::decide::{Asked, Candidate, Case, Cited, Decision, Place, cite_named, cite_silence, first_choice};
use crate::decision::{Action, Gate, Need, Rest, Verdict};
use crate::event::Event;
use crate::id::{EventId, Mark};
use crate::instant::Instant;
use crate::rule::Citation;
use crate::standing::{History, Pause};

/// Why a decision is what it is.
///
/// It is sound: a history of only the cited [`events`](Self::events) leads to the same verdict, and without a
/// determining blocker the verdict is another.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    decision: Decision<'a>,
    proposals: Vec<Proposal<'a>>,
    blockers: Vec<Blocker>,
    events: Vec<EventId>,
}

/// Something that was due, or will be: what, and from which event it follows. Of several, each was overtaken
/// by the next; the last one is what the verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// What.
    pub act: Act<'a>,
    /// The event that it follows from.
    pub cause: EventId,
    /// When that happened.
    pub since: Instant,
    /// The instant from which its delay was counted.
    pub counted_from: Instant,
    /// When it falls due by itself.
    pub due: Instant,
}

/// A gate that moved a proposal to a later instant, or shut it out for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Which gate.
    pub gate: Gate,
    /// The index of the proposal in [`Explanation::proposals`].
    pub proposal: usize,
    /// On which channels.
    pub channels: Vec<Channel>,
    /// When it opens; `None` for never.
    pub until: Option<Instant>,
    /// Whether the verdict would be another without this gate.
    pub is_determining: bool,
    /// When something would be due without this gate.
    pub due_without: Option<Instant>,
    /// The events behind it.
    pub events: Vec<EventId>,
    /// The rules behind it, with their source.
    pub rules: Vec<Citation>,
}

impl<'a> Decision<'a> {
    /// Why: worked out only when asked for.
    #[must_use]
    pub fn explanation(&self) -> Explanation<'a> {
        Explanation::of(self)
    }
}

impl<'a> Explanation<'a> {
    pub(crate) fn of(decision: &Decision<'a>) -> Self {
        let case = &decision.case;
        let mut visited: Vec<(Candidate<'a>, Instant)> = Vec::new();
        case.answer(decision.now, |candidate, at| visited.push((*candidate, at)));
        let mut cited = Cited::default();
        // Nothing is done before what is known to happen later.
        cited.marks.extend(case.standing.last.filter(|last| decision.now < last.at));
        case.cite_unconfirmed(decision.now, &mut cited);
        let mut blockers = Vec::new();
        for (proposal, (candidate, at)) in visited.iter().enumerate() {
            case.cite(candidate, &mut cited);
            for channel in candidate.channels {
                let asked = Asked { case, candidate, channel: *channel };
                for mut blocker in walk(&asked, *at, proposal, &mut cited) {
                    let same = |held: &&mut Blocker| {
                        (held.gate, held.proposal, held.until) == (blocker.gate, proposal, blocker.until)
                            && held.events == blocker.events
                            && held.rules == blocker.rules
                    };
                    match blockers.iter_mut().find(same) {
                        Some(held) => held.channels.append(&mut blocker.channels),
                        None => blockers.push(blocker),
                    }
                }
            }
        }
        if visited.is_empty() {
            case.cite_idle(&mut cited);
        }
        // Where nothing is due for a while, why nothing else falls due before matters too.
        if visited.first().is_some_and(|(_, at)| *at > decision.now) {
            case.cite_meanwhile(&mut cited);
        }
        for blocker in &mut blockers {
            let lifted = Case { without: Some(blocker.gate), ..case.clone() };
            let verdict = lifted.answer(decision.now, |_, _| {}).verdict;
            blocker.is_determining = verdict != decision.verdict;
            blocker.due_without = match verdict {
                Verdict::Act(_) => Some(decision.now),
                Verdict::Wait { until, .. } => Some(until),
                Verdict::Need(_) | Verdict::Rest(_) => None,
            };
        }
        Self {
            decision: decision.clone(),
            proposals: visited.iter().map(|(candidate, _)| candidate.into()).collect(),
            blockers,
            // An inquiry would be unanswered without its answer.
            events: case.standing.with_what_settled(&cited.marks).into_iter().map(|mark| mark.id).collect(),
        }
    }

    /// The same explanation with its events checked against the log: they alone lead to the same verdict.
    ///
    /// A standing keeps what is left of permissions and refusals, not how they cut each other down. Where one
    /// was given, refused in part and allowed again, [`events`](Self::events) can lack some of that story. With
    /// the log at hand it is added; where even that is not enough, the whole log is cited.
    #[must_use]
    pub fn proven_by(mut self, history: &History) -> Self {
        let cited: BTreeSet<EventId> = self.events.iter().copied().collect();
        let story = |event: &&Event| cited.contains(&event.id) || event.kind.is_about_permission();
        let wider = [history.events().filter(story).collect::<Vec<_>>(), history.events().collect()];
        let mut wider = wider.into_iter();
        let mut events: Vec<&Event> = history.events().filter(|event| cited.contains(&event.id)).collect();
        while !self.follows_from(&events) {
            let Some(more) = wider.next() else { break };
            events = more;
        }
        self.events = events.iter().map(|event| event.id).collect();
        self
    }

    fn follows_from(&self, events: &[&Event]) -> bool {
        let Case { playbook, prospect, .. } = self.decision.case;
        let replayed: Result<History, _> =
            events.iter().map(|event| (*event).clone()).collect::<Vec<_>>().try_into();
        replayed.is_ok_and(|history| {
            *playbook.decide(prospect, history.standing(), self.decision.now).verdict()
                == self.decision.verdict
        })
    }

    /// What was due or will be, in the order in which it held the floor.
    #[must_use]
    pub fn proposals(&self) -> &[Proposal<'a>] {
        &self.proposals
    }

    /// Everything that stands in the way, each with the instant at which it opens.
    #[must_use]
    pub fn blockers(&self) -> &[Blocker] {
        &self.blockers
    }

    /// Every event that the verdict rests on, in order. These alone lead to the same verdict, but for what
    /// [`proven_by`](Self::proven_by) says of permissions and refusals.
    #[must_use]
    pub fn events(&self) -> &[EventId] {
        &self.events
    }

    /// The reasons as words, for counting and filtering: what the verdict is about, then the gates that
    /// matter.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        let about = match &self.decision.verdict {
            Verdict::Act(action) | Verdict::Wait { next: action, .. } => kind_of(action.act()),
            Verdict::Need(need) => format!("need-{}", need.code()),
            Verdict::Rest(rest) => rest.code(),
        };
        let blockers = self.blockers.iter().filter(|blocker| !self.is_moot(blocker));
        let gates: BTreeSet<Gate> = blockers.map(|blocker| blocker.gate).collect();
        let gates = gates.iter().map(ToString::to_string).filter(|gate| *gate != about).collect::<Vec<_>>();
        core::iter::once(about).chain(gates).collect()
    }

    /// The release of the zone data behind the local times.
    #[must_use]
    pub fn zone_data(&self) -> &str {
        self.decision.case.playbook.zones.release()
    }
}

/// Every gate that moves the candidate on this channel, with the latest instant to which it moves it.
pub(crate) fn walk(asked: &Asked<'_, '_>, at: Instant, proposal: usize, cited: &mut Cited) -> Vec<Blocker> {
    let mut moves: Vec<(Gate, Instant, Option<Instant>)> = Vec::new();
    // Whether it opens in the end or never does is in the moves.
    let _ = asked.settle_watched(at, |gate, from, to| moves.push((gate, from, to)));
    let mut blockers: Vec<Blocker> = Vec::new();
    for (gate, from, until) in moves {
        let mut behind = Cited::default();
        gate.cite(asked, from, &mut behind);
        cited.marks.extend(&behind.marks);
        match blockers.iter_mut().find(|blocker| blocker.gate == gate) {
            Some(blocker) => {
                blocker.until = until;
                blocker.events.extend(ids(&behind.marks));
                blocker.events.sort_unstable();
                blocker.events.dedup();
                for rule in behind.rules {
                    if !blocker.rules.contains(&rule) {
                        blocker.rules.push(rule);
                    }
                }
            }
            None => blockers.push(Blocker {
                gate,
                proposal,
                channels: Vec::from([asked.channel]),
                until,
                is_determining: false,
                due_without: None,
                events: ids(&behind.marks),
                rules: behind.rules,
            }),
        }
    }
    // What makes the channel permitted matters as much as what bars it.
    Gate::Permission.cite(asked, at, cited);
    Gate::Registry.cite(asked, at, cited);
    Gate::Refusal.cite(asked, at, cited);
    cite_silence(asked, cited);
    Gate::Content.cite(asked, at, cited);
    cite_named(asked, cited);
    blockers
}

fn ids(marks: &[Mark]) -> Vec<EventId> {
    let marks: BTreeSet<Mark> = marks.iter().copied().collect();
    marks.into_iter().map(|mark| mark.id).collect()
}

fn kind_of(act: Act<'_>) -> String {
    match act {
        Act::Touch(_) => "touch".to_string(),
        other => other.name().to_string(),
    }
}

impl<'a> From<&Candidate<'a>> for Proposal<'a> {
    fn from(candidate: &Candidate<'a>) -> Self {
        Self {
            act: candidate.act,
            cause: candidate.cause.id,
            since: candidate.cause.at,
            counted_from: candidate.counted_from,
            due: candidate.due,
        }
    }
}

fn span(duration: Duration) -> String {
    let minutes = duration.as_secs() / 60;
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

fn list<T: fmt::Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn cite(events: &[EventId]) -> String {
    match events {
        [] => String::new(),
        [one] => format!(" (event {one})"),
        several => format!(" (events {})", list(several)),
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.act() {
            Act::ConfirmOptOut => f.write_str("confirm that they opted out")?,
            Act::Respond => f.write_str("respond")?,
            Act::Solve => f.write_str("solve their problem")?,
            Act::Recap => f.write_str("send a recap")?,
            Act::KeepPromise => f.write_str("keep our promise")?,
            Act::AskPermission => f.write_str("ask whether we may follow up")?,
            Act::Remind => f.write_str("remind them of their promise")?,
            Act::Touch(step) => write!(f, "take step {}", step.path())?,
        }
        write!(f, " by {}", self.channel())?;
        if let Some(item) = self.item() {
            write!(f, ", giving \"{}\" ({})", item.title(), item.format())?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = &self.decision.case.place;
        match &self.decision.verdict {
            Verdict::Act(action) => write!(f, "now: {action}")?,
            Verdict::Wait { until, next } => write!(f, "wait until {}: {next}", clock.show(*until))?,
            Verdict::Need(need) => write!(f, "need: {need}")?,
            Verdict::Rest(rest) => {
                // Where something was proposed, what bars it is cited below.
                let ended_by = if self.proposals.is_empty() { cite(&self.events) } else { String::new() };
                write!(f, "rest: {rest}{ended_by}; {} would change that", rest.remedy())?;
            }
        }
        for (index, proposal) in self.proposals.iter().enumerate() {
            write!(f, "\n  because {}", Self::because(proposal, clock))?;
            let pauses = &self.decision.case.standing.pauses;
            let stood_still = |pause: &Pause| pause.overlap(proposal.counted_from, proposal.due).is_some();
            if matches!(proposal.act, Act::Touch(_)) && pauses.iter().any(stood_still) {
                f.write_str(", not counting the time for which it was paused")?;
            }
            if index + 1 == self.proposals.len()
                && let Some(late) =
                    self.decision.action().and_then(|action| action.late_by(self.decision.now))
            {
                write!(f, "; the answer is {} late", span(late))?;
            }
            for blocker in self.blockers.iter().filter(|held| held.proposal == index && !self.is_moot(held)) {
                write!(f, "\n  {}", self.blocked(blocker, clock))?;
            }
        }
        Ok(())
    }
}

impl Explanation<'_> {
    /// That there is no fax number interests nobody when something else works.
    fn is_moot(&self, blocker: &Blocker) -> bool {
        let is_rest = matches!(self.decision.verdict, Verdict::Rest(_));
        !is_rest && blocker.gate == Gate::Reach && blocker.events.is_empty()
    }

    fn because(proposal: &Proposal<'_>, clock: &Place<'_>) -> String {
        let (cause, since, due) = (proposal.cause, clock.show(proposal.since), clock.show(proposal.due));
        match proposal.act {
            Act::ConfirmOptOut => {
                format!("they opted out on {since} (event {cause}), which may be confirmed once")
            }
            Act::Respond => format!("what they wrote on {since} (event {cause}) has no answer"),
            Act::Solve => format!("the problem of {since} (event {cause}) is not solved"),
            Act::Recap => format!("the conversation of {since} (event {cause}) has no recap"),
            Act::KeepPromise => format!("we promised it (event {cause}) for {due}"),
            Act::Remind => {
                format!("what they promised (event {cause}) is overdue; a reminder is due on {due}")
            }
            Act::AskPermission => {
                format!("no channel of the next step is permitted; asking is due from {due} (event {cause})")
            }
            Act::Touch(step) => match step.condition() {
                Some(condition) => format!("{}, {condition}, is due from {due}", step.path()),
                None if step.after().is_zero() => format!("{} is due from {due}", step.path()),
                None => {
                    let from = clock.show(proposal.counted_from);
                    format!("{} is due {} after {from}: {due}", step.path(), step.after())
                }
            },
        }
    }

    fn blocked(&self, blocker: &Blocker, clock: &Place<'_>) -> String {
        let decides = match (blocker.is_determining, blocker.due_without) {
            (false, _) => String::new(),
            (true, Some(due)) if due == self.decision.now => " - without this: now".to_string(),
            (true, Some(due)) => format!(" - without this: {}", clock.show(due)),
            (true, None) => " - this decides".to_string(),
        };
        let proposal = self.proposals.get(blocker.proposal);
        let first = proposal.and_then(|proposal| first_choice(proposal.act, self.decision.case.prospect));
        format!("{}{decides}", blocker.show(first, clock))
    }
}

impl Blocker {
    /// What stands in the way, and until when. `first` is the channel to which the others give way for a while.
    pub(crate) fn show(&self, first: Option<Channel>, clock: &Place<'_>) -> String {
        let blocker = self;
        let channels = list(&blocker.channels);
        let events = cite(&blocker.events);
        let what = match blocker.gate {
            Gate::Reach if blocker.events.is_empty() => format!("{channels}: no address or number"),
            Gate::Reach => format!("{channels}: does not work{events}"),
            Gate::Refusal => format!("{channels}: they refused it{events}"),
            Gate::Region => format!("{channels}: no contact rule is for where they are, or it is not known"),
            Gate::Permission if blocker.rules.is_empty() => {
                format!("{channels}: the permission that the playbook requires is missing{events}")
            }
            Gate::Permission => {
                format!(
                    "{channels}: the permission that {} requires is missing{events}",
                    list(&blocker.rules)
                )
            }
            Gate::Registry if blocker.events.is_empty() => {
                format!("{channels}: not compared with the registry of {}", list(&blocker.rules))
            }
            Gate::Registry => {
                format!(
                    "{channels}: on the registry of {}, or compared with a list that is too old{events}",
                    list(&blocker.rules)
                )
            }
            Gate::Hold => format!("{channels}: on hold{events}"),
            Gate::CoolDown => format!("{channels}: a pause, by {}{events}", list(&blocker.rules)),
            Gate::Hours if blocker.rules.is_empty() => {
                format!("{channels}: it is not known which days are business days")
            }
            Gate::Gap => format!("{channels}: too close to the last contact{events}"),
            Gate::Cap => format!("{channels}: the cap of {} is reached{events}", list(&blocker.rules)),
            Gate::Retry => format!("{channels}: an attempt failed{events}"),
            Gate::Patience => match first {
                Some(first) => format!("{channels}: {first} comes first"),
                None => format!("{channels}: another channel comes first"),
            },
            Gate::Hours => format!("{channels}: closed by {}", list(&blocker.rules)),
            Gate::Content => format!("{channels}: nothing new to give{events}"),
        };
        let until = match blocker.until {
            Some(until) => format!(", until {}", clock.show(until)),
            None => String::new(),
        };
        format!("{what}{until}")
    }
}

impl fmt::Display for Need<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content { step, topics } => {
                f.write_str("content that is new to them")?;
                if !topics.is_empty() {
                    write!(f, " about {}", list(topics))?;
                }
                step.map_or(Ok(()), |step| write!(f, ", for step {}", step.path()))
            }
            Self::Zone => f.write_str("a time zone that the zone data knows, or a territory in the playbook"),
            Self::Channel => {
                f.write_str("a channel on which to answer: they wrote, but have refused all that are known")
            }
            Self::Region => f.write_str("the region they are in, or a contact rule for it"),
            Self::Holidays { set, through } => {
                write!(f, "newer holidays: nothing is known of \"{set}\" after {through}")
            }
            Self::Screening { due } => {
                write!(f, "a comparison with the registry's list that is fresh on {due}")
            }
            Self::Delivery => f.write_str("a look at why every attempt failed"),
            Self::Sequence => f.write_str(
                "the sequence or the step they were enrolled in; the playbook has none of that id",
            ),
            Self::Outcome { meeting } => write!(f, "what came of the meeting that is agreed for {meeting}"),
            Self::Touches { made, fewest } => {
                write!(
                    f,
                    "more steps: the sequence is over after {made} touches, and {fewest} are the fewest"
                )
            }
        }
    }
}

impl Rest {
    /// What would bring it back.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unstarted => "an inquiry, a conversation, or an entry that adds them",
            Self::Declined(_) | Self::Disqualified(_) => "a new inquiry of theirs",
            Self::Unenrolled => "enrolling them again, or a new inquiry of theirs",
            Self::NoSequence(_) => "a sequence that starts on it, or enrolling them in one",
            Self::Referred => "a new inquiry of theirs, or enrolling them",
            Self::Reached(_) | Self::Finished => "a new inquiry or conversation, or enrolling them again",
            Self::Refused(RefusalKind::Denied) => "a new inquiry, or a permission they give by their own act",
            Self::Refused(RefusalKind::OptedOut | RefusalKind::Suppressed) => {
                "a permission they give by their own act"
            }
            Self::Blocked(Gate::Reach) => "a correct address or number",
            Self::Blocked(Gate::Permission) => "a permission, or an inquiry of theirs",
            Self::Blocked(Gate::Registry) => "a permission they give, or their leaving the registry",
            Self::Blocked(Gate::Hold) => "releasing the hold",
            Self::Blocked(Gate::Hours) => "hours that meet",
            Self::Blocked(_) => "a change of the playbook",
        }
    }
}

impl fmt::Display for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unstarted => f.write_str("nothing has happened that begins a pursuit"),
            Self::Declined(reason) => write!(f, "they said no ({reason})"),
            Self::Disqualified(reason) => write!(f, "they were given up ({reason})"),
            Self::Unenrolled => f.write_str("they were taken out of their sequence"),
            Self::NoSequence(trigger) => {
                write!(f, "no sequence starts on {:?}, or not again", trigger.as_str())
            }
            Self::Referred => f.write_str("they sent us to a colleague"),
            Self::Reached(sign) => write!(f, "what the sequence was after is reached ({sign})"),
            Self::Finished => f.write_str("their sequence is finished"),
            Self::Refused(RefusalKind::Denied) => f.write_str("asked, they gave no permission"),
            Self::Refused(RefusalKind::OptedOut) => f.write_str("they opted out"),
            Self::Refused(RefusalKind::Suppressed) => f.write_str("they are on the do-not-contact list"),
            Self::Blocked(gate) => match gate {
                Gate::Reach => f.write_str("no channel reaches them"),
                Gate::Permission => f.write_str("there is no permission, and nobody may ask (again)"),
                Gate::Registry => f.write_str("they are on a registry of those who want no contact"),
                Gate::Hold => f.write_str("on hold until it is released"),
                Gate::Hours => f.write_str("the allowed hours never meet"),
                other => write!(f, "{other} never opens"),
            },
        }
    }
}
