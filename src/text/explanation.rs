//! Explanations in English.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::answer::explain::{Explanation, Proposal};
use crate::decide::gates::first_choice;
use crate::decide::place::Place;
use crate::decide::state::Pause;
use crate::decide::trace::Blocker;
use crate::decide::verdict::{Action, Gate, Need, Rest, Verdict};
use crate::facts::channel::Channel;
use crate::facts::id::EventId;
use crate::facts::permission::RefusalKind;
use crate::facts::vocabulary::Duty;
use crate::playbook::act::Act;
use crate::playbook::sequence::Step;

const fn proposal_step<'a>(proposal: &Proposal<'a>) -> Option<&'a Step> {
    match proposal.act {
        Act::Touch(step) => Some(step),
        Act::Duty(_) => None,
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
            Act::Duty(Duty::ConfirmOptOut) => f.write_str("confirm that they opted out")?,
            Act::Duty(Duty::Respond) => f.write_str("respond")?,
            Act::Duty(Duty::Solve) => f.write_str("solve their problem")?,
            Act::Duty(Duty::Recap) => f.write_str("send a recap")?,
            Act::Duty(Duty::KeepPromise) => f.write_str("keep our promise")?,
            Act::Duty(Duty::ConfirmMeeting) => f.write_str("confirm the meeting")?,
            Act::Duty(Duty::AskPermission) => f.write_str("ask whether we may follow up")?,
            Act::Duty(Duty::Remind) => f.write_str("remind them of their promise")?,
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
        let clock = &self.decision.place;
        match &self.decision.verdict {
            Verdict::Act(action) => write!(f, "now: {action}")?,
            Verdict::Wait { until, next } => write!(f, "wait until {}: {next}", clock.show(*until))?,
            Verdict::Need(need) => write!(f, "need: {need}")?,
            Verdict::Rest(rest) => {
                // Where something was proposed, what bars it is cited below.
                let ended_by = if self.proposals().is_empty() { cite(self.events()) } else { String::new() };
                write!(f, "rest: {rest}{ended_by}; {} would change that", rest.remedy())?;
            }
        }
        for (index, proposal) in self.proposals().iter().enumerate() {
            write!(f, "\n  because {}", Self::because(proposal, clock))?;
            let pauses = &self.decision.state.pauses;
            let stood_still = |pause: &Pause| pause.overlap(proposal.counted_from, proposal.due).is_some();
            // What counts from a date of theirs does not wait for the seller.
            let is_delayed = matches!(proposal.act, Act::Touch(step) if step.date().is_none());
            if is_delayed && pauses.iter().any(stood_still) {
                f.write_str(", not counting the time for which it was paused")?;
            }
            if index + 1 == self.proposals().len()
                && let Some(late) =
                    self.decision.action().and_then(|action| action.late_by(self.decision.now))
            {
                let what = if matches!(proposal.act, Act::Touch(_)) { "it" } else { "the answer" };
                write!(f, "; {what} is {} late", span(late))?;
            }
            for blocker in self.blockers().iter().filter(|held| held.proposal == index && !self.is_moot(held))
            {
                write!(f, "\n  {}", self.blocked(blocker, clock))?;
            }
        }
        Ok(())
    }
}

impl Explanation<'_> {
    fn because(proposal: &Proposal<'_>, clock: &Place<'_>) -> String {
        let (cause, since, due) = (proposal.cause, clock.show(proposal.since), clock.show(proposal.due));
        match proposal.act {
            Act::Duty(Duty::ConfirmOptOut) => {
                format!("they opted out on {since} (event {cause}), which may be confirmed once")
            }
            Act::Duty(Duty::Respond) => format!("what they wrote on {since} (event {cause}) has no answer"),
            Act::Duty(Duty::Solve) => format!("the problem of {since} (event {cause}) is not solved"),
            Act::Duty(Duty::Recap) => format!("the conversation of {since} (event {cause}) has no recap"),
            Act::Duty(Duty::KeepPromise) => format!("we promised it (event {cause}) for {due}"),
            Act::Duty(Duty::ConfirmMeeting) => {
                format!("a meeting is agreed (event {cause}); it is to be confirmed from {due} on")
            }
            Act::Duty(Duty::Remind) => {
                format!("what they promised (event {cause}) is overdue; a reminder is due on {due}")
            }
            Act::Duty(Duty::AskPermission) => {
                format!("no channel of the next step is permitted; asking is due from {due} (event {cause})")
            }
            Act::Touch(step) => match step.condition() {
                Some(condition) => format!("{}, {condition}, is due from {due}", step.path()),
                None if step.after().is_zero() => format!("{} is due from {due}", step.path()),
                None => {
                    let from = clock.show(proposal.counted_from);
                    let (from, side) = match step.date() {
                        Some(date) if date.is_before() => (format!("{}, {from}", date.name()), "before"),
                        Some(date) => (format!("{}, {from}", date.name()), "after"),
                        None => (from, "after"),
                    };
                    format!("{} is due {} {side} {from}: {due}", step.path(), step.after())
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
        let proposal = self.proposals().get(blocker.proposal);
        let first = proposal.and_then(|proposal| {
            proposal_step(proposal).and_then(|step| first_choice(step, self.decision.prospect))
        });
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
            Gate::Expiry => format!("{channels}: too late for it"),
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
            Self::Screening => f.write_str("a comparison with the registry's list that is fresh enough"),
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
            Self::Agreed { .. } => "what comes of it, or their calling it off",
            Self::Refused(RefusalKind::Unsubscribed) => "their subscribing again",
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
                write!(f, "no sequence for them starts on {:?}, or not again", trigger.as_str())
            }
            Self::Referred => f.write_str("they sent us to a colleague"),
            Self::Agreed { meeting } => write!(f, "a meeting is agreed for {meeting}"),
            Self::Reached(sign) => write!(f, "what the sequence was after is reached ({sign})"),
            Self::Finished => f.write_str("their sequence is finished"),
            Self::Refused(RefusalKind::Unsubscribed) => {
                f.write_str("they unsubscribed from what the sequence belongs to")
            }
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
