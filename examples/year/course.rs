//! A small host: it does what is due the instant it is due, records it, and lets the story happen in between.

use std::error::Error;
use std::time::Duration;

use followup::{
    Act, Action, Blocker, Channel, Citation, Decision, Duty, Event, EventKind, Executor, Explanation, Gate,
    History, Instant, Need, Playbook, Prospect, Rest, Sequence, Stall, Step, Verdict, Zone,
};

use crate::stories::{Clock, FIRST_DAY, Story, When};

/// What came of a story.
pub(crate) struct Course<'a> {
    pub(crate) story: &'static Story,
    /// The prospect's.
    pub(crate) zone: &'a Zone,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
    pub(crate) rows: Vec<Row>,
    /// Where it stands when the year is over.
    pub(crate) end: String,
}

impl Course<'_> {
    /// The touch of that number.
    pub(crate) fn touch(&self, nth: usize) -> Option<&Done> {
        self.rows.iter().find_map(|row| match row {
            Row::Done(done) if done.nth == Some(nth) => Some(done),
            _ => None,
        })
    }
}

/// One line of it.
pub(crate) enum Row {
    /// Something happened by itself.
    They { at: Instant, label: &'static str, says: &'static str },
    /// The seller did what was due.
    Done(Done),
    /// Nothing was due for a while.
    Quiet(Quiet),
}

/// A contact.
pub(crate) struct Done {
    pub(crate) at: Instant,
    /// When it would have been due by itself.
    pub(crate) due: Instant,
    /// Which one it is of those that the seller began; none for an answer.
    pub(crate) nth: Option<usize>,
    pub(crate) channel: Channel,
    pub(crate) what: String,
    /// The title and the format of what was given.
    pub(crate) item: Option<(String, String)>,
    /// What the step asks for.
    pub(crate) ask: Option<String>,
    /// What whoever does it could say.
    pub(crate) brief: String,
    pub(crate) why: String,
    pub(crate) by: Executor,
    /// Whether it left the course of the pursuit, for a reason of theirs.
    pub(crate) is_detour: bool,
}

/// A time in which nothing was due.
pub(crate) struct Quiet {
    pub(crate) kind: Pause,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
    pub(crate) why: String,
    /// The same in a few words.
    pub(crate) short: String,
}

/// Why nothing is due.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// The next touch has its time.
    Wait,
    /// They asked for later.
    Hold,
    /// A meeting is agreed.
    Meeting,
    /// They were annoyed, or a limit is reached.
    Limit,
    /// There is nothing to do until something happens.
    Rest,
    /// A person must supply something.
    Need,
}

impl Pause {
    pub(crate) const ALL: [Self; 6] =
        [Self::Wait, Self::Hold, Self::Meeting, Self::Limit, Self::Rest, Self::Need];

    /// What it is, for whoever does not know the word.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Wait => "the next touch has its time",
            Self::Hold => "on hold: they asked for later",
            Self::Meeting => "a meeting is agreed",
            Self::Limit => "left in peace",
            Self::Rest => "at rest",
            Self::Need => "something is needed",
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Hold => "hold",
            Self::Meeting => "meeting",
            Self::Limit => "pause",
            Self::Rest => "rest",
            Self::Need => "need",
        }
    }
}

/// Lets a story run for a year.
pub(crate) fn run<'a>(
    playbook: &'a Playbook,
    prospect: &'a Prospect,
    story: &'static Story,
) -> Result<Course<'a>, Box<dyn Error>> {
    let zone = prospect.zones().first().and_then(|name| playbook.zones().get(name.as_str()));
    let zone = zone.ok_or("it is not known on which clock the prospect lives")?;
    let from = FIRST_DAY.parse()?;
    let until = Clock(zone).on(from, 365, "00:00");
    let mut host = Host {
        playbook,
        prospect,
        zone,
        history: History::new(),
        touches: Vec::new(),
        sequences: Vec::new(),
        rows: Vec::new(),
    };
    let end = host.live(story, from, until)?;
    Ok(Course { story, zone, from, until, rows: host.rows, end })
}

struct Host<'a> {
    playbook: &'a Playbook,
    prospect: &'a Prospect,
    zone: &'a Zone,
    history: History,
    /// When what the seller began went out.
    touches: Vec<Instant>,
    /// Of which sequences that was, without repeating one that went on.
    sequences: Vec<String>,
    rows: Vec<Row>,
}

impl Host<'_> {
    fn live(&mut self, story: &Story, from: Instant, until: Instant) -> Result<String, Box<dyn Error>> {
        let mut beats = story.beats().iter().peekable();
        let (mut at, mut last_beat) = (from, from);
        loop {
            let beat = beats.peek().and_then(|beat| self.time_of(beat.when, last_beat));
            let decision = self.playbook.decide(self.prospect, self.history.standing(), at);
            let next = decision.ask_again().unwrap_or(until).min(beat.unwrap_or(until)).min(until);
            let quiet = quiet(&decision, at, next, self.zone);
            // What stands in the way is known before it is out of the way.
            let why = decision.action().map(|action| self.why(action, &decision));
            self.rows.extend(quiet.map(Row::Quiet));
            if next == until {
                return Ok(state(&decision, self.zone));
            }
            at = next;
            if beat == Some(at)
                && let Some(beat) = beats.next()
            {
                last_beat = at;
                self.rows.push(Row::They { at, label: beat.label, says: beat.says });
                self.record(at, (beat.event)(&Clock(self.zone), at))?;
            } else if let Some(why) = why {
                self.act(at, why)?;
            }
        }
    }

    fn time_of(&self, when: When, last_beat: Instant) -> Option<Instant> {
        let minutes = |from: Instant, minutes: u64| from.checked_add(Duration::from_secs(60 * minutes));
        match when {
            When::Start(time) => Some(Clock(self.zone).on(last_beat, 0, time)),
            When::AfterTouch(nth, after) => minutes(*self.touches.get(nth.checked_sub(1)?)?, after),
            When::Then(after) => minutes(last_beat, after),
            When::Later(days, time) => Some(Clock(self.zone).on(last_beat, days, time)),
        }
    }

    fn record(&mut self, at: Instant, kind: EventKind) -> Result<(), Box<dyn Error>> {
        let id = self.next_id()?;
        self.history.record(Event::new(id, at, kind))?;
        Ok(())
    }

    fn next_id(&self) -> Result<u64, Box<dyn Error>> {
        Ok(u64::try_from(self.history.events().count())? + 1)
    }

    /// Does what is due at that instant, and says so.
    fn act(&mut self, at: Instant, why: String) -> Result<(), Box<dyn Error>> {
        let id = self.next_id()?;
        let decision = self.playbook.decide(self.prospect, self.history.standing(), at);
        let Verdict::Act(action) = decision.verdict() else {
            return Err(
                format!("nothing is due at the instant for which it was announced: {decision:?}").into()
            );
        };
        if !action.act().is_answer() {
            self.touches.push(at);
        }
        let step = match action.act() {
            Act::Touch(step) => Some(step),
            Act::Duty(_) => None,
        };
        let sequence = step.map(sequence_of);
        let is_other = |sequence: &String| self.sequences.last() != Some(sequence);
        self.sequences.extend(sequence.filter(is_other));
        self.rows.push(Row::Done(Done {
            at,
            due: action.due(),
            nth: (!action.act().is_answer()).then_some(self.touches.len()),
            channel: action.channel(),
            what: what(action),
            item: action.item().map(|item| (item.title().to_string(), item.format().to_string())),
            ask: step.and_then(Step::ask).map(str::to_string),
            is_detour: step.is_some_and(|step| self.is_detour(step)),
            brief: decision.brief(&self.history).map(|brief| brief.to_string()).unwrap_or_default(),
            why,
            by: action.by(),
        }));
        self.history.record(action.touched(id, at))?;
        Ok(())
    }

    /// Why it goes out when it does: what it follows from, and what moved it.
    fn why(&self, action: &Action<'_>, decision: &Decision<'_>) -> String {
        let explanation = decision.explanation();
        let (Some(proposal), Some(goes)) = (explanation.proposals().last(), decision.due()) else {
            return String::new();
        };
        let from = day(self.zone, proposal.counted_from);
        let because = match action.act() {
            Act::Touch(step) if step.after().is_zero() => {
                let date = |at| self.zone.local(at).date();
                let silent = |last: &Instant| (date(proposal.due) - date(*last)).num_days();
                format!("brought back after {} days of silence", self.touches.last().map_or(0, silent))
            }
            // What counts in minutes or hours counts from a time of day.
            Act::Touch(step) if proposal.due.since(proposal.counted_from).as_secs() < DAY => {
                format!("{} after {}", step.after(), moment(self.zone, proposal.counted_from))
            }
            Act::Touch(step) => format!("{} after {from}", step.after()),
            Act::Duty(Duty::Respond) => String::from("they are answered at once"),
            Act::Duty(Duty::Solve) => String::from("nothing is more urgent"),
            Act::Duty(Duty::Recap) => String::from("what was said, what was found, what comes next"),
            Act::Duty(Duty::KeepPromise) => format!("promised for {}", moment(self.zone, proposal.due)),
            Act::Duty(Duty::Remind) => format!("they promised it for {from}"),
            Act::Duty(Duty::AskPermission) => String::from("nothing permits the next step"),
            Act::Duty(Duty::ConfirmMeeting | Duty::ConfirmOptOut) => {
                format!("due from {}", moment(self.zone, proposal.due))
            }
        };
        let because = match action.act() {
            Act::Touch(step) => format!("{}{because}", self.turned_to(step)),
            Act::Duty(_) => because,
        };
        if proposal.due == goes {
            return because;
        }
        let moved = self.moved_by(&explanation, action.channel()).join("; ");
        format!("{because}, which is {}; moved: {moved}", moment(self.zone, proposal.due))
    }

    /// Where a step is of another sequence than the touch before it: what that means.
    fn turned_to(&self, step: &Step) -> &'static str {
        let sequence = sequence_of(step);
        match self.sequences.split_last() {
            Some((last, _)) if *last == sequence => "",
            Some((_, before)) if before.contains(&sequence) => "the pursuit goes on where it was: ",
            _ if self.is_detour(step) => "a detour, for their reason: ",
            _ => "",
        }
    }

    /// Whether the sequence of a step starts on a reason for silence.
    fn is_detour(&self, step: &Step) -> bool {
        let sequence = sequence_of(step);
        let own = self.playbook.sequences().iter().find(|one| one.id().as_str() == sequence);
        let mut starts = own.into_iter().flat_map(Sequence::starts_on);
        starts.any(|trigger| Stall::ALL.iter().any(|why| why.as_str() == trigger.as_str()))
    }

    /// What stands in the way of what comes next; if anything decides alone, then that.
    fn moved_by(&self, explanation: &Explanation<'_>, channel: Channel) -> Vec<String> {
        let ours = |blocker: &&Blocker| {
            blocker.proposal + 1 == explanation.proposals().len() && blocker.channels.contains(&channel)
        };
        let all: Vec<&Blocker> = explanation.blockers().iter().filter(ours).collect();
        let decides: Vec<&Blocker> = all.iter().copied().filter(|blocker| blocker.is_determining).collect();
        let named = if decides.is_empty() { all } else { decides };
        named.into_iter().map(|blocker| self.named(blocker)).collect()
    }

    fn held_by(&self, blocker: &Blocker) -> &'static str {
        let mut behind = self.history.events().filter(|event| blocker.events.contains(&event.id));
        if behind.any(|event| matches!(event.kind, EventKind::Stalled { .. })) {
            "they asked for later"
        } else {
            "on hold"
        }
    }

    fn named(&self, blocker: &Blocker) -> String {
        let titles = || {
            // Whoever keeps to office hours keeps to these too.
            let is_news =
                |cited: &&Citation| cited.rule.as_str() != "waking-hours" || blocker.rules.len() == 1;
            let titles = blocker.rules.iter().filter(is_news).map(|cited| {
                let rule = self.playbook.rules().find(|rule| *rule.id() == cited.rule);
                rule.and_then(followup::Rule::title).unwrap_or(cited.rule.as_str()).to_string()
            });
            titles.collect::<Vec<_>>().join(", ")
        };
        match blocker.gate {
            Gate::Hours => format!("closed by {}", titles()),
            Gate::Cap => format!("no more than {}", titles()),
            Gate::CoolDown => String::from("a pause, because they were annoyed"),
            Gate::Hold => String::from(self.held_by(blocker)),
            Gate::Gap => String::from("too close to the contact before"),
            gate => gate.to_string(),
        }
    }
}

/// The id of the sequence to which a step belongs.
fn sequence_of(step: &Step) -> String {
    step.path().as_str().split('/').next().unwrap_or_default().to_string()
}

const DAY: u64 = 86_400;
/// A pause that is worth a line of its own.
const LONG: u64 = 14 * DAY;

/// The time in which nothing is due, if it is one to speak of.
fn quiet(decision: &Decision<'_>, from: Instant, until: Instant, zone: &Zone) -> Option<Quiet> {
    let explanation = decision.explanation();
    let holds = |gate: Gate| {
        let mut blockers = explanation.blockers().iter();
        blockers.any(|blocker| blocker.gate == gate && blocker.is_determining)
    };
    let (kind, why, short) = match decision.verdict() {
        // Before the first day there is nothing to tell.
        Verdict::Act(_) | Verdict::Rest(Rest::Unstarted) => return None,
        Verdict::Wait { next, .. } => {
            let kind = match () {
                () if holds(Gate::Hold) => Pause::Hold,
                () if holds(Gate::CoolDown) || holds(Gate::Cap) => Pause::Limit,
                () => Pause::Wait,
            };
            let due = decision.due().unwrap_or(until);
            let short = match kind {
                Pause::Hold => format!("on hold until {}", day(zone, due)),
                Pause::Limit => format!("left in peace until {}", day(zone, due)),
                _ => format!("next: {}", step_name(next)),
            };
            (kind, format!("{} by {}, on {}", what(next), next.channel(), moment(zone, due)), short)
        }
        Verdict::Rest(Rest::Agreed { meeting }) | Verdict::Need(Need::Outcome { meeting }) => (
            Pause::Meeting,
            meeting_told(*meeting, from, zone),
            format!("they meet on {}", day(zone, *meeting)),
        ),
        Verdict::Rest(rest) => {
            (Pause::Rest, format!("{rest}; {} would change that", rest.remedy()), format!("rest: {rest}"))
        }
        Verdict::Need(need) => (Pause::Need, need.to_string(), format!("need: {}", need.code())),
    };
    (from < until).then_some(Quiet { kind, from, until, why, short })
}

impl Quiet {
    /// Whether it has a line of its own in the text.
    pub(crate) fn is_told(&self) -> bool {
        self.kind != Pause::Wait || self.until.since(self.from).as_secs() >= LONG
    }

    /// To the nearest day: across a clock change ninety days are an hour short.
    pub(crate) fn days(&self) -> u64 {
        (self.until.since(self.from).as_secs() + DAY / 2) / DAY
    }
}

/// Where it stands.
fn state(decision: &Decision<'_>, zone: &Zone) -> String {
    match decision.verdict() {
        Verdict::Wait { until, next } => {
            format!("next: {} by {}, on {}", what(next), next.channel(), moment(zone, *until))
        }
        Verdict::Rest(Rest::Agreed { meeting }) | Verdict::Need(Need::Outcome { meeting }) => {
            meeting_told(*meeting, decision.now(), zone)
        }
        Verdict::Rest(rest) => format!("rest: {rest}; {} would change that", rest.remedy()),
        Verdict::Need(need) => format!("need: {need}"),
        Verdict::Act(action) => format!("now: {action}"),
    }
}

/// A meeting is no need that shouts as long as it is ahead.
fn meeting_told(meeting: Instant, from: Instant, zone: &Zone) -> String {
    let agreed = format!("agreed for {}", moment(zone, meeting));
    if meeting > from {
        format!("a meeting is {agreed}; nothing else before")
    } else {
        format!("what came of the meeting that was {agreed}?")
    }
}

fn what(action: &Action<'_>) -> String {
    match action.act() {
        Act::Duty(Duty::Respond) => String::from("answer"),
        Act::Duty(Duty::Solve) => String::from("solve their problem"),
        Act::Duty(Duty::KeepPromise) => String::from("keep our promise"),
        Act::Duty(Duty::ConfirmMeeting) => String::from("confirm the meeting"),
        Act::Duty(Duty::AskPermission) => String::from("ask whether we may follow up"),
        Act::Duty(Duty::Remind) => String::from("remind them"),
        act => act.name().to_string(),
    }
}

/// The id of the step, or what else it is.
fn step_name(action: &Action<'_>) -> String {
    let what = what(action);
    what.rsplit_once('/').map_or(what.as_str(), |(_, step)| step).to_string()
}

/// A day, as people write it.
pub(crate) fn day(zone: &Zone, at: Instant) -> String {
    zone.local(at).format("%-d %b").to_string()
}

/// A day and a time, as people write it.
pub(crate) fn moment(zone: &Zone, at: Instant) -> String {
    zone.local(at).format("%a %-d %b %Y, %H:%M").to_string()
}
