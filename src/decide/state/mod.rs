//! State: what the facts of a prospect mean under a playbook. It is made from the facts alone, one after the other, and
//! a host may keep it and have it brought up to date event by event.

mod fold;
mod progress;
mod pursuit;
mod signs;

use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::facts::channel::{Channel, Channels};
use crate::facts::event::Event;
use crate::facts::id::{EventId, Mark, Print};
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::{Duty, HoldReason, Intent, Outcome, Reason};
use crate::history::consent::Consent;
use crate::history::fact::{Fact, What};
use crate::history::standing::{Schema, Standing};
use crate::playbook::Playbook;
use crate::playbook::sequence::Step;
use crate::time::instant::Instant;

pub(crate) use progress::{Ahead, Course, Pace};
pub(crate) use pursuit::{Pursuit, Tries};
use signs::Signs;

/// What the facts mean: what is under way, owed and on hold, what was permitted and refused, who was contacted when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// The last fact.
    pub(crate) last: Option<Mark>,
    /// What is under way, in the order in which it began.
    pub(crate) pursuits: Vec<Pursuit>,
    /// When each sequence was begun last; `None` for what began without one.
    begun: Vec<(Option<u16>, Mark)>,
    pub(crate) asked: Asked,
    /// How many approaches there were since a pursuit began that is no detour.
    pub(crate) approaches: u32,
    /// What ended everything and was not undone since, the gravest first, one of each kind.
    pub(crate) ends: Vec<Ended>,
    /// The last no to the offer.
    pub(crate) declined: Option<Mark>,
    /// Every contact and every attempt at one, oldest first.
    pub(crate) contacts: Vec<Contact>,
    /// The items given, oldest first.
    pub(crate) given: Vec<Given>,
    /// What they named, each topic once.
    pub(crate) named: Vec<Named>,
    pub(crate) consent: Consent,
    pub(crate) bounces: Vec<Bounce>,
    /// Contacts that a bounce names, and that had not been there when it came.
    bounced_ahead: Vec<EventId>,
    /// The latest of each from which permission can be implied.
    pub(crate) inquiry: Option<Mark>,
    pub(crate) conversation: Option<Mark>,
    pub(crate) purchase: Option<Mark>,
    /// By duty, then by when it falls due.
    pub(crate) owed: Vec<Owed>,
    pub(crate) holds: Vec<Hold>,
    /// When the delays stand still, or did, in order.
    pub(crate) pauses: Vec<Pause>,
    /// The latest of each kind, on each channel where it has one.
    pub(crate) outcomes: Vec<Past>,
    /// The last comparison with a registry, by channel.
    pub(crate) screenings: Vec<Screening>,
    /// The most that they have shown of themselves.
    pub(crate) intent: Intent,
    /// What they have shown at any time.
    pub(crate) signs: Signs,
    /// The last that was heard from them.
    pub(crate) heard: Option<Mark>,
    /// The last opt-out that has not been confirmed to them.
    pub(crate) unconfirmed: Option<Unconfirmed>,
}

/// How often they were asked for permission since they last came of their own accord, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) times: u16,
    pub(crate) last: Option<Mark>,
}

/// Why nothing is under way any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) how: End,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum End {
    Declined(Reason),
    Disqualified(Reason),
    Unenrolled,
    Referred,
}

impl End {
    /// How grave it is: their no, then the seller's own. Being taken out or sent on is neither.
    const fn gravity(self) -> u8 {
        match self {
            Self::Declined(_) => 2,
            Self::Disqualified(_) => 1,
            Self::Unenrolled | Self::Referred => 0,
        }
    }

    const fn is_no(self) -> bool {
        self.gravity() > 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) mark: Mark,
    pub(crate) channel: Channel,
    pub(crate) what: Happened,
}

/// What happened in a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Happened {
    /// The seller wrote or called, unasked.
    Approach,
    /// The seller answered.
    Answer,
    /// An attempt at an approach did not get out.
    FailedApproach,
    /// An attempt at an answer did not get out.
    FailedAnswer,
    /// There was a conversation.
    Conversation,
    /// The seller contacted a colleague.
    WithColleague,
}

impl Contact {
    /// Whether it got out to them.
    pub(crate) const fn is_touch(&self) -> bool {
        matches!(self.what, Happened::Approach | Happened::Answer)
    }
}

/// An item of the playbook that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Given {
    pub(crate) item: u32,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) topic: Print,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bounce {
    pub(crate) channel: Channel,
    pub(crate) permanent: bool,
    pub(crate) mark: Mark,
}

/// Attempts that did not get through, by channel: how many, and the last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Attempts(Vec<(Channel, u16, Mark)>);

impl Attempts {
    pub(crate) const NONE: &'static Self = &Self(Vec::new());

    fn add(&mut self, channel: Channel, mark: Mark) {
        match self.0.iter_mut().find(|(on, ..)| *on == channel) {
            Some((_, times, last)) => (*times, *last) = (times.saturating_add(1), mark),
            None => self.0.push((channel, 1, mark)),
        }
    }

    /// How many there were on that channel, and the last.
    pub(crate) fn on(&self, channel: Channel) -> Option<(u16, Mark)> {
        self.0.iter().find(|(on, ..)| *on == channel).map(|(_, times, last)| (*times, *last))
    }

    pub(crate) fn total(&self) -> u32 {
        self.0.iter().map(|(_, times, _)| u32::from(*times)).sum()
    }

    /// The last on each channel.
    pub(crate) fn marks(&self) -> impl Iterator<Item = Mark> {
        self.0.iter().map(|(_, _, last)| *last)
    }
}

/// Something the prospect may expect, or has left undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owed {
    pub(crate) duty: Duty,
    pub(crate) mark: Mark,
    pub(crate) due: Instant,
    /// Where they expect it.
    pub(crate) channel: Option<Channel>,
    /// From when on it is of no use: when they meet.
    pub(crate) until: Option<Instant>,
    pub(crate) attempts: Attempts,
}

impl Owed {
    /// Of our promises only those are for a channel that were asked for.
    fn is_callback(&self) -> bool {
        self.duty == Duty::KeepPromise && self.channel.is_some()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hold {
    pub(crate) reason: HoldReason,
    pub(crate) until: Option<Instant>,
    /// Whether it goes on though they reply.
    pub(crate) despite_reply: bool,
    pub(crate) mark: Mark,
}

impl Hold {
    /// When it ends by itself. After a meeting there is a time in which somebody can say what came of it.
    pub(crate) fn end(&self, place: &Place<'_>, playbook: &Playbook) -> Option<Instant> {
        let until = self.until?;
        if self.reason != HoldReason::Booked {
            return Some(until);
        }
        Some(place.latest_after(until, playbook.holds.after_meeting, playbook).unwrap_or(Instant::MAX))
    }
}

/// While the seller had paused them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pause {
    pub(crate) mark: Mark,
    /// Its own end, or when something else ended it.
    pub(crate) until: Option<Instant>,
}

impl Pause {
    /// Whether it takes time out of what counts from `from` and is due at `due`. Without an end nothing can be said
    /// of that, and the hold bars the way.
    pub(crate) fn overlap(&self, from: Instant, due: Instant) -> Option<Duration> {
        let (begins, ends) = (self.mark.at.max(from), self.until?);
        (begins < due && begins < ends).then(|| ends.since(begins))
    }
}

/// Something after which contacts may have to pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Past {
    pub(crate) outcome: Outcome,
    pub(crate) channel: Option<Channel>,
    pub(crate) mark: Mark,
}

/// A comparison with the list of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Screening {
    pub(crate) channel: Channel,
    /// When the list was made.
    pub(crate) list: Instant,
    /// Since when they stand on it.
    pub(crate) listed: Option<Instant>,
    pub(crate) mark: Mark,
}

/// An opt-out that may still be confirmed, and where it was said to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unconfirmed {
    pub(crate) channels: Channels,
    pub(crate) mark: Mark,
    pub(crate) attempts: Attempts,
}

/// For whom and under what the facts mean something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'x, 'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) prospect: &'a Prospect,
    pub(crate) place: &'x Place<'a>,
}

impl State {
    /// What those facts mean.
    pub(crate) fn of<'f>(setting: Setting<'_, '_>, facts: impl Iterator<Item = &'f Fact> + Clone) -> Self {
        let undone = undone_by_bounces(facts.clone());
        let mut state = Self::default();
        for fact in facts {
            state.take(setting, fact, undone.binary_search(&fact.mark).is_ok());
        }
        state
    }

    /// What they mean after one more fact, which is the last; `None` if that changes what an earlier one meant.
    pub(crate) fn followed_by(&mut self, setting: Setting<'_, '_>, fact: &Fact) -> Option<()> {
        let is_last = self.last.is_none_or(|last| last < fact.mark);
        let is_undone =
            matches!(fact.what, What::Touched { .. }) && self.bounced_ahead.contains(&fact.mark.id);
        if !is_last || is_undone || matches!(fact.what, What::Bounced { .. }) {
            return None;
        }
        self.take(setting, fact, false);
        Some(())
    }

    /// A number behind all that a bounce names without their being there.
    pub(crate) fn free_id(&self) -> u64 {
        self.bounced_ahead.iter().map(|id| id.0.saturating_add(1)).max().unwrap_or(0)
    }

    /// When there was a relation from which a permission for following up could follow: they inquired, talked to the
    /// seller or bought.
    pub(crate) fn relations(&self) -> impl Iterator<Item = Mark> {
        // What was bought before a no implies care, and no more.
        let purchase = self.purchase.filter(|purchase| Some(*purchase) > self.declined);
        [self.inquiry, self.conversation, purchase].into_iter().flatten()
    }

    /// The meeting that is agreed, or of which nobody has said what came of it.
    pub(crate) fn booked(&self) -> Option<Instant> {
        self.holds.iter().find(|hold| hold.reason == HoldReason::Booked)?.until
    }

    /// From when on it is too late for what is owed. Of several messages the last one counts.
    pub(crate) fn lapses(&self, playbook: &Playbook, place: &Place<'_>, owed: &Owed) -> Option<Instant> {
        if owed.until.is_some() {
            return owed.until;
        }
        let spec = playbook.duty(owed.duty)?;
        let expires = spec.expires?;
        let messages = self.owed.iter().filter(|one| one.duty == Duty::Respond && owed.duty == Duty::Respond);
        let from = messages.map(|message| message.due).max().unwrap_or(owed.due);
        let due = place.latest_after(from, spec.after, playbook)?;
        place.latest_after(due, expires, playbook)
    }

    /// Whether it is too late at that instant for what is owed.
    pub(crate) fn has_lapsed(&self, setting: Setting<'_, '_>, owed: &Owed, at: Instant) -> bool {
        self.lapses(setting.playbook, setting.place, owed).is_some_and(|lapses| lapses <= at)
    }

    /// The gravest of the ends that stand.
    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ends.first().copied()
    }

    pub(crate) fn is_declined(&self) -> bool {
        self.ended().is_some_and(|ended| matches!(ended.how, End::Declined(_)))
    }

    /// Whether the channel works, and they have not refused it for what that step is for, nor unsubscribed from it.
    pub(crate) fn is_usable(&self, prospect: &Prospect, channel: Channel, step: &Step) -> bool {
        prospect.channels().contains(channel)
            && !self.bounces.iter().any(|bounce| bounce.channel == channel && bounce.permanent)
            && !self.consent.refusals(step.purpose).any(|refusal| refusal.channels.contains(channel))
            && self.unsubscribed(step, channel).is_none()
    }

    /// When they unsubscribed from what that step belongs to, if they did.
    pub(crate) fn unsubscribed(&self, step: &Step, channel: Channel) -> Option<Mark> {
        self.consent.unsubscribed(step.subscription.as_ref()?.print(), channel)
    }
}

/// The contacts that did not get through though they were recorded: a bounce said so later. In order.
fn undone_by_bounces<'f>(facts: impl Iterator<Item = &'f Fact> + Clone) -> Vec<Mark> {
    let mut undone = Vec::new();
    if !facts.clone().any(|fact| matches!(fact.what, What::Bounced { .. })) {
        return undone;
    }
    let mut last: [Option<Mark>; Channel::ALL.len()] = [None; Channel::ALL.len()];
    let mut named = Vec::new();
    for fact in facts.clone() {
        match fact.what {
            What::Touched { channel, .. } => {
                if let Some(slot) = last.get_mut(channel as usize) {
                    *slot = Some(fact.mark);
                }
            }
            What::Bounced { of: Some(of), .. } => named.push(of),
            What::Bounced { channel, .. } => {
                undone.extend(last.get(channel as usize).copied().flatten());
            }
            _ => {}
        }
    }
    if !named.is_empty() {
        named.sort_unstable();
        let is_named = |fact: &&Fact| named.binary_search(&fact.mark.id).is_ok();
        undone.extend(facts.filter(is_named).map(|fact| fact.mark));
    }
    undone.sort_unstable();
    undone.dedup();
    undone
}

/// What is under way with one prospect under one playbook, to keep beside their [`Standing`]: a decision from it costs
/// the same however long the history is.
///
/// It is made by [`Playbook::pursuits`] and brought up to date by [`record`](Self::record). It can be stored and
/// made anew at any time; where it does not fit what it is asked with - another playbook, newer rules, a changed prospect, a
/// standing that has gone on - a decision makes it anew by itself. What an older version of this crate stored is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pursuits {
    schema: Schema,
    /// What it was made from.
    of: Made,
    pub(crate) state: State,
}

/// From what a state was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    playbook: u64,
    prospect: u64,
    facts: usize,
    last: Option<Mark>,
}

impl Made {
    fn from(playbook: &Playbook, prospect: &Prospect, standing: &Standing) -> Self {
        let facts = standing.facts();
        Self {
            playbook: playbook.fingerprint,
            prospect: prospect.fingerprint(),
            facts: facts.len(),
            last: facts.last().map(|fact| fact.mark),
        }
    }
}

impl Playbook {
    /// What is under way with a prospect, to keep beside their standing.
    ///
    /// ```
    /// use followup::{Event, EventKind, Playbook, Prospect, Source, Standing};
    ///
    /// let playbook: Playbook = toml::from_str("name = \"Boilers\"\nzone = \"Europe/Berlin\"")?;
    /// let ada: Prospect = toml::from_str("id = \"ada\"\nzone = \"Europe/Berlin\"\nchannels = [\"phone\"]")?;
    /// let mut standing = Standing::new();
    /// let mut pursuits = playbook.pursuits(&ada, &standing);
    ///
    /// // Once per event:
    /// let now = "2026-03-02T09:30:00Z".parse()?;
    /// let inquired = Event::new(1, now, EventKind::Inquired { via: Source::Form, channel: None });
    /// standing.apply(&inquired)?;
    /// pursuits.record(&playbook, &ada, &standing, &inquired);
    ///
    /// // Once per question, however long the history:
    /// let decision = playbook.decide_from(&ada, &standing, &pursuits, now);
    /// assert_eq!(decision.verdict(), playbook.decide(&ada, &standing, now).verdict());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pursuits(&self, prospect: &Prospect, standing: &Standing) -> Pursuits {
        let place = Place::of(self, prospect);
        let setting = Setting { playbook: self, prospect, place: &place };
        Pursuits {
            schema: Schema,
            of: Made::from(self, prospect, standing),
            state: State::of(setting, standing.facts().iter()),
        }
    }
}

impl Pursuits {
    /// Brings it up to date with an event that the standing has just recorded. An event that arrives late, or changes what an earlier one
    /// meant, makes it anew from the standing.
    pub fn record(&mut self, playbook: &Playbook, prospect: &Prospect, standing: &Standing, event: &Event) {
        let made = Made::from(playbook, prospect, standing);
        if made == self.of {
            return;
        }
        let is_one_more = (made.playbook, made.prospect, made.facts, made.last)
            == (self.of.playbook, self.of.prospect, self.of.facts + 1, Some(event.mark()));
        let place = Place::of(playbook, prospect);
        let setting = Setting { playbook, prospect, place: &place };
        let fact = standing.facts().last().filter(|_| is_one_more);
        if fact.and_then(|fact| self.state.followed_by(setting, fact)).is_none() {
            self.state = State::of(setting, standing.facts().iter());
        }
        self.of = made;
    }

    /// Whether it is what would be made now.
    pub(crate) fn is_of(&self, playbook: &Playbook, prospect: &Prospect, standing: &Standing) -> bool {
        self.of == Made::from(playbook, prospect, standing)
    }
}
