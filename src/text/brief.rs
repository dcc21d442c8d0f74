//! Briefs in English.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};

use crate::answer::brief::{Ask, Brief, Moment, Next, Occasion, Promise, Why};
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{EventId, Topic};
use crate::facts::permission::Purpose;
use crate::facts::vocabulary::{Duty, Party, Source, Stall};
use crate::playbook::act::Act;
use crate::playbook::content::Item;
use crate::time::instant::Instant;
use crate::time::zone::Zone;

/// A sentence has room for so many topics, a recap for so many promises of each side.
const TOPICS: usize = 4;
const PROMISES: usize = 2;

/// How an instant is written: on the prospect's clock where it is known, else on the seller's, which is then named.
#[derive(Debug, Clone, Copy)]
struct Clock<'a> {
    zone: Option<&'a Zone>,
    place: Option<&'a str>,
    /// In that year, dates go without it.
    year: i32,
}

impl<'a> Clock<'a> {
    fn of(brief: &Brief<'a>) -> Self {
        let mut clock = Self { zone: brief.zone, place: brief.place, year: 0 };
        clock.year = clock.local(brief.at).year();
        clock
    }

    fn local(self, at: Instant) -> NaiveDateTime {
        self.zone.map_or_else(|| DateTime::<Utc>::from(at).naive_utc(), |zone| zone.local(at))
    }

    /// "Thursday, 12 March".
    fn day(self, at: Instant) -> String {
        let local = self.local(at);
        let form = if local.year() == self.year { "%A, %-d %B" } else { "%A, %-d %B %Y" };
        local.format(form).to_string()
    }

    /// "Thursday, 12 March, 10:00", and whose clock says so where it is not theirs.
    fn time(self, at: Instant) -> String {
        let (day, hour) = (self.day(at), self.local(at).format("%H:%M"));
        match self.place {
            None => format!("{day}, {hour}"),
            Some(place) => format!("{day}, {hour} ({} time)", words(place)),
        }
    }

    fn is_later_day(self, at: Instant, than: Instant) -> bool {
        self.local(at).date() > self.local(than).date()
    }
}

/// An id as words: `gas-bill` is "gas bill".
fn words(id: &str) -> String {
    id.replace(['-', '_'], " ")
}

fn topics(all: &[&Topic]) -> String {
    let shown = all.iter().take(TOPICS).map(|topic| words(topic.as_str())).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(TOPICS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn channels(all: Channels) -> String {
    all.iter().map(|channel| by(channel).to_string()).collect::<Vec<_>>().join(" or ")
}

const fn by(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "by phone",
        Channel::Email => "by e-mail",
        Channel::Text => "by text message",
        Channel::Social => "on the social network",
        Channel::Post => "by post",
        Channel::InPerson => "in person",
        Channel::Fax => "by fax",
    }
}

/// Whether two people talk there, so that the hour matters.
const fn is_talk(channel: Channel) -> bool {
    matches!(channel, Channel::Phone | Channel::InPerson)
}

impl Moment<'_> {
    fn told(&self, clock: Clock<'_>) -> String {
        let day = clock.day(self.at);
        match self.occasion {
            Occasion::Inquired { via: Source::Form } => format!("You wrote to us through our form on {day}."),
            Occasion::Inquired { via: Source::Message } => format!("You wrote to us on {day}."),
            Occasion::Inquired { via: Source::Card } => format!("You left us your card on {day}."),
            Occasion::Inquired { via: Source::Referral } => {
                format!("You came to us on a recommendation on {day}.")
            }
            Occasion::Inquired { via: Source::Call } | Occasion::Replied { channel: Channel::Phone } => {
                format!("You called us on {day}.")
            }
            Occasion::Inquired { via: Source::Visit } | Occasion::Replied { channel: Channel::InPerson } => {
                format!("You came by on {day}.")
            }
            Occasion::Replied { .. } => format!("You wrote to me on {day}."),
            Occasion::Met { channel: Channel::InPerson } => format!("We met on {day}."),
            Occasion::Met { channel } => format!("We talked {} on {day}.", by(channel)),
            Occasion::Missed => format!("We missed each other on {day}."),
            Occasion::Purchased => format!("You bought from us on {day}."),
            Occasion::ProblemReported => format!("You reported a problem on {day}."),
            Occasion::CallbackRequested { .. } => format!("You asked me on {day} to get back to you."),
            Occasion::Stalled { why: Stall::SeveralDeciders } => {
                format!("You told me on {day} that others decide with you.")
            }
            Occasion::Stalled { why: Stall::NoTime } => {
                format!("You told me on {day} how little time you have.")
            }
            Occasion::Stalled { why: Stall::OtherPriorities } => {
                format!("You told me on {day} that other things come first for now.")
            }
            Occasion::Stalled { why: Stall::Forgot } => format!("We spoke of it last on {day}."),
            Occasion::Introduced => format!("A colleague of yours gave me your name on {day}."),
            Occasion::Named => format!("You told us on {day} what matters to you."),
        }
    }

    /// What they are thanked for.
    fn thanked(&self, clock: Clock<'_>) -> String {
        let what = match self.occasion {
            Occasion::Inquired { via: Source::Card } => "card",
            Occasion::Inquired { via: Source::Call } | Occasion::Replied { channel: Channel::Phone } => {
                "call"
            }
            Occasion::Inquired { via: Source::Visit } | Occasion::Replied { channel: Channel::InPerson } => {
                "visit"
            }
            Occasion::Inquired { via: Source::Form | Source::Referral } => "inquiry",
            _ => "message",
        };
        format!("your {what} of {}", clock.day(self.at))
    }
}

impl Why<'_> {
    /// The moment that it is about, of which the opening need not speak.
    const fn moment(&self) -> Option<&Moment<'_>> {
        match self {
            Self::Unanswered(moment)
            | Self::Problem(moment)
            | Self::Conversation(moment)
            | Self::Callback(moment) => Some(moment),
            _ => None,
        }
    }
}

impl Brief<'_> {
    /// The moments of which the reasons do not speak.
    fn before(&self) -> impl DoubleEndedIterator<Item = &Moment<'_>> {
        let is_why = |event| self.why.iter().filter_map(Why::moment).any(|moment| moment.event == event);
        self.history.iter().filter(move |moment| !is_why(moment.event))
    }

    /// What they named then.
    fn named(&self) -> Vec<&Topic> {
        let mut all: Vec<&Topic> = Vec::new();
        // The latest word first.
        for topic in self.before().rev().flat_map(|moment| &moment.named) {
            if !all.contains(topic) {
                all.push(topic);
            }
        }
        all
    }

    /// Who we are, and what was between us.
    fn opening(&self) -> Vec<String> {
        let mut said = Vec::new();
        said.extend(self.from.map(|from| format!("This is {}.", from.trim().trim_end_matches('.'))));
        if matches!(self.action.act(), Act::Duty(Duty::ConfirmOptOut)) {
            return said;
        }
        // A reply of which nothing is known but that it came tells nobody anything.
        let is_telling = |moment: &&Moment<'_>| {
            !matches!(moment.occasion, Occasion::Replied { .. }) || !moment.named.is_empty()
        };
        // When they asked to wait is said with that.
        let is_said = |event: EventId| {
            self.why.iter().any(|why| matches!(why, Why::NotBefore { event: asked, .. } if *asked == event))
        };
        let mut before = self.before().filter(|moment| is_telling(moment) && !is_said(moment.event));
        said.extend(
            [before.next(), before.next_back()].into_iter().flatten().map(|one| one.told(Clock::of(self))),
        );
        let named = self.named();
        // Who is asked for permission reads it there.
        if !named.is_empty() && !matches!(self.ask, Some(Ask::Permission)) {
            said.push(format!("The points you named: {}.", topics(&named)));
        }
        said
    }

    fn reasons(&self) -> Vec<String> {
        let clock = Clock::of(self);
        let mut said = Vec::new();
        let unanswered: Vec<&Moment<'_>> = self
            .why
            .iter()
            .filter_map(|why| match why {
                Why::Unanswered(moment) => Some(moment),
                _ => None,
            })
            .collect();
        if let [first, others @ ..] = unanswered.as_slice() {
            let thanked = [Some(first), others.last()].into_iter().flatten();
            let thanked = thanked.map(|one| one.thanked(clock)).collect::<Vec<_>>().join(" and ");
            said.push(format!("Thank you for {thanked}."));
            let named: Vec<&Topic> = unanswered.iter().flat_map(|one| one.named.iter().copied()).collect();
            if !named.is_empty() {
                said.push(format!("You named: {}. I would like to hear more about it.", topics(&named)));
            } else if self.before().next().is_none() {
                said.push("I would like to understand what you need.".to_string());
            }
        }
        for why in &self.why {
            match why {
                Why::OptedOut { at, channels: all, .. } => {
                    let day = clock.day(*at);
                    let from =
                        if *all == Channels::ALL { String::new() } else { format!(" {}", channels(*all)) };
                    said.push(format!(
                        "On {day} you asked us not to contact you{from} any more. We will not, and this confirms it."
                    ));
                }
                Why::Problem(moment) => {
                    let what = match moment.named.as_slice() {
                        [] => String::new(),
                        named => format!(": {}", topics(named)),
                    };
                    let day = clock.day(moment.at);
                    said.push(format!("On {day} you reported a problem{what}. I am taking care of it."));
                }
                Why::Conversation(moment) => said.push(self.recap(moment)),
                Why::Promise(promise) => said.push(self.promise(promise)),
                Why::Agreed { meeting, .. } => said.push(format!("We meet on {}.", clock.time(*meeting))),
                Why::Callback(moment) => said.push(self.callback(moment)),
                Why::NoPermission => {
                    said.push("I will only follow up if you want me to.".to_string());
                }
                Why::NotBefore { said: asked, until, .. } => {
                    let (asked, until) = (clock.day(*asked), clock.day(*until));
                    said.push(format!("On {asked} you asked me to wait until {until}. That time has come."));
                }
                Why::New { item, about } => said.push(self.offered(item, about)),
                Why::Step { .. } if said.is_empty() => said.extend(self.bare_step()),
                Why::Unanswered(_) | Why::Step { .. } => {}
            }
        }
        said
    }

    fn offered(&self, item: &Item, about: &[&Topic]) -> String {
        let (title, format) = (item.title(), words(item.format().as_str()));
        let new = match about {
            [] => format!("I have something new for you: \"{title}\" ({format})."),
            about => format!("I have something for you about {}: \"{title}\" ({format}).", topics(about)),
        };
        // The day on which it can be had for the last time.
        let last = item.until().and_then(|until| Instant::from_unix_seconds(until.unix_seconds() - 1));
        match last {
            Some(last) => format!("{new} It is current until {}.", Clock::of(self).day(last)),
            None => new,
        }
    }

    fn recap(&self, moment: &Moment<'_>) -> String {
        let thanks = format!("Thank you for the conversation of {}.", Clock::of(self).day(moment.at));
        let mut points = Vec::new();
        if !moment.named.is_empty() {
            points.push(format!("- You named: {}.", topics(&moment.named)));
        }
        for (party, who) in [(Party::Us, "I promised"), (Party::Them, "You promised")] {
            let promised: Vec<&Promise<'_>> =
                moment.promised.iter().filter(|promise| promise.by == party && promise.is_open).collect();
            for promise in promised.iter().take(PROMISES) {
                let what =
                    promise.about.map_or_else(|| "to come back".to_string(), |one| words(one.as_str()));
                points.push(format!("- {who}: {what}, by {}.", Clock::of(self).day(promise.due)));
            }
            if let more @ 1.. = promised.len().saturating_sub(PROMISES) {
                points.push(format!("- {who} {more} more."));
            }
        }
        points.extend(
            self.meeting.map(|meeting| format!("- We meet again on {}.", Clock::of(self).time(meeting))),
        );
        if points.is_empty() {
            return thanks;
        }
        format!("{thanks} What I took from it:\n\n{}", points.join("\n"))
    }

    fn promise(&self, promise: &Promise<'_>) -> String {
        let (said, due) = (Clock::of(self).day(promise.said), Clock::of(self).day(promise.due));
        let about = promise.about.map(|about| words(about.as_str()));
        match (promise.by, about) {
            (Party::Us, about) => {
                let what = about.map_or_else(
                    || format!("to come back to you by {due}"),
                    |about| format!("you this by {due}: {about}"),
                );
                let late = if Clock::of(self).is_later_day(self.at, promise.due) {
                    " It is late, and I am sorry."
                } else {
                    ""
                };
                format!("On {said} I promised {what}. Here it is.{late}")
            }
            (Party::Them, Some(about)) => {
                format!("On {said} we agreed that I would have this from you by {due}: {about}.")
            }
            (Party::Them, None) => format!("On {said} we agreed that I would hear from you by {due}."),
        }
    }

    fn callback(&self, moment: &Moment<'_>) -> String {
        let asked = Clock::of(self).day(moment.at);
        match moment.occasion {
            Occasion::CallbackRequested { due, channel } => {
                let when =
                    if is_talk(channel) { Clock::of(self).time(due) } else { Clock::of(self).day(due) };
                format!("On {asked} you asked me to get back to you {} on {when}.", by(channel))
            }
            _ => format!("On {asked} you asked me to get back to you."),
        }
    }

    /// A step that brings nothing and was not waited for has its ask for a reason.
    fn bare_step(&self) -> Option<String> {
        let has_bought = self.before().any(|moment| moment.occasion == Occasion::Purchased);
        match self.ask {
            Some(Ask::Written(_)) => None,
            _ if self.action.purpose() == Purpose::Care && has_bought => {
                Some("I would like to know how it goes with what you bought.".to_string())
            }
            _ if self.named().is_empty() => {
                Some("I would like to find out with you whether we can help.".to_string())
            }
            _ => Some("I would like to find out with you whether we can help with that.".to_string()),
        }
    }

    fn asked(&self) -> Option<String> {
        Some(match self.ask? {
            Ask::Written(text) if text.trim_end().ends_with(['.', '?', '!']) => text.trim().to_string(),
            Ask::Written(text) => format!("May I ask you for {}?", text.trim()),
            Ask::Permission => match self.named().as_slice() {
                [] => "May I get in touch with you again?".to_string(),
                named => format!("May I get in touch with you again about {}?", topics(named)),
            },
            Ask::Call if is_talk(self.action.channel()) => {
                "Is now a good time to talk, or which time suits you better?".to_string()
            }
            Ask::Call => "May I call you, and when would it suit you?".to_string(),
            Ask::Reply => {
                let question = match self.action.act() {
                    Act::Duty(Duty::Respond) => "What should I know first?",
                    Act::Duty(Duty::Solve) => "Does it still happen?",
                    Act::Duty(Duty::Recap) => "Did I get everything right?",
                    Act::Duty(Duty::KeepPromise) => "Is it what you need?",
                    Act::Duty(Duty::ConfirmMeeting) => "Does that still suit you?",
                    Act::Duty(Duty::Remind) => "When can I expect it?",
                    _ if self.action.item().is_some() => "What do you think of it?",
                    _ => "What would help you most now?",
                };
                format!("{question} A short answer is enough.")
            }
        })
    }

    /// What comes next.
    fn closing(&self) -> Option<String> {
        let clock = Clock::of(self);
        match (self.action.act(), self.meeting, self.next) {
            (Act::Duty(Duty::AskPermission), ..) => {
                Some("If not, tell me so, and I will leave it at that.".to_string())
            }
            (Act::Duty(Duty::Recap | Duty::ConfirmMeeting), Some(_), _) => None,
            (_, Some(meeting), _) => Some(format!("We meet on {}.", clock.time(meeting))),
            // What comes in the same breath need not be announced.
            (_, None, Some(next)) if next.at > self.at => Some(next.told(clock)),
            _ => None,
        }
    }
}

impl Next<'_> {
    fn told(&self, clock: Clock<'_>) -> String {
        let Self { at, act, channel } = *self;
        let when = if is_talk(channel) { clock.time(at) } else { clock.day(at) };
        let what = match channel {
            _ if matches!(act, Act::Duty(Duty::KeepPromise)) && is_talk(channel) => {
                return format!("As you asked, I will call you on {when}.");
            }
            _ if matches!(act, Act::Duty(Duty::KeepPromise)) => {
                return format!("What I promised you comes on {}.", clock.day(at));
            }
            Channel::Phone => "call you",
            Channel::InPerson => "come by",
            Channel::Post => "send you a letter",
            Channel::Fax => "send you a fax",
            Channel::Email | Channel::Text | Channel::Social => "write to you again",
        };
        format!("If I do not hear from you before then, I will {what} on {when}.")
    }
}

impl fmt::Display for Brief<'_> {
    /// Short paragraphs: who we are and what was between us, why now, one thing to ask for, what comes next.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to.name() {
            Some(name) => write!(f, "Hello {},", name.trim())?,
            None => f.write_str("Hello,")?,
        }
        let paragraphs = [self.opening().join(" "), self.reasons().join(" ")];
        let rest = [self.asked(), self.closing()].into_iter().flatten();
        for paragraph in paragraphs.into_iter().chain(rest).filter(|paragraph| !paragraph.is_empty()) {
            write!(f, "\n\n{paragraph}")?;
        }
        Ok(())
    }
}
