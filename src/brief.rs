//! Brief: what a person needs for one touch, as data. Text is in `Display` only.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::act::Act;
use crate::channel::{Channel, Channels};
use crate::consent::Purpose;
use crate::content::Item;
use crate::decide::{Case, Decision, Place};
use crate::decision::{Action, Gate};
use crate::event::{Event, EventKind, HoldReason, Party, Source, Stall};
use crate::id::{EventId, Topic};
use crate::instant::Instant;
use crate::plan::Assumption;
use crate::playbook::Playbook;
use crate::prospect::Prospect;
use crate::sequence::Step;
use crate::standing::{Debt, History, Hold};
use crate::zone::Zone;

/// What a person needs for one touch: who we are and what was between us, why now, one thing to ask for, and what
/// comes next.
///
/// It is a value. A host that writes in another language or another tone reads the parts; `Display` makes of them
/// a plain text in English that somebody could send after a small edit.
///
/// ```
/// use followup::{History, Playbook, Prospect};
///
/// let playbook: Playbook = toml::from_str(r#"
///     name = "Heating systems"
///     zone = "Europe/Berlin"
///     seller = "Eva Kern, Kern Heating"
///
///     [[sequence]]
///     id = "visited"
///     starts-on = ["met"]
///     step = [
///         { id = "case", after = "3 days", channels = ["email"], ask = "a call of fifteen minutes about the offer" },
///         { id = "call", after = "1 week", channels = ["phone"], owes-item = false },
///     ]
///
///     [[item]]
///     id = "bakery-case"
///     title = "How a bakery halved its gas bill"
///     format = "case-study"
///     topics = ["gas-bill"]
/// "#)?;
/// let prospect: Prospect = toml::from_str(r#"
///     id = "4711"
///     name = "Ada"
///     zone = "Europe/Berlin"
///     channels = ["phone", "email"]
/// "#)?;
/// let history: History = serde_json::from_str(r#"[
///     { "id": 1, "at": "2026-03-02T09:00:00Z", "event": "met", "channel": "in-person" },
///     { "id": 2, "at": "2026-03-02T09:00:00Z", "event": "named", "topics": ["gas-bill"] },
///     { "id": 3, "at": "2026-03-02T11:00:00Z", "event": "touched", "channel": "email", "act": "recap", "cause": 1 }
/// ]"#)?;
/// let decision = playbook.decide(&prospect, history.standing(), "2026-03-05T11:00:00Z".parse()?);
/// let brief = decision.brief(&history).unwrap();
/// assert_eq!(brief.to_string(), "\
/// Hello Ada,
///
/// This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill.
///
/// I have something for you about gas bill: \"How a bakery halved its gas bill\" (case study).
///
/// May I ask you for a call of fifteen minutes about the offer?
///
/// If I do not hear from you before then, I will call you on Thursday, 12 March, 12:00.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Brief<'a> {
    action: Action<'a>,
    at: Instant,
    to: &'a Prospect,
    from: Option<&'a str>,
    history: Vec<Moment<'a>>,
    why: Vec<Why<'a>>,
    ask: Option<Ask<'a>>,
    meeting: Option<Instant>,
    next: Option<Next<'a>>,
    clock: Clock<'a>,
}

/// Something that happened between the two, and what was said then: named and promised at that moment or later,
/// before the next one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Moment<'a> {
    /// When.
    pub at: Instant,
    /// The event.
    pub event: EventId,
    /// What happened.
    pub occasion: Occasion,
    /// What they named.
    pub named: Vec<&'a Topic>,
    /// What either promised.
    pub promised: Vec<Promise<'a>>,
}

/// What happened in a [`Moment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Occasion {
    /// They inquired.
    Inquired {
        /// How it came in.
        via: Source,
    },
    /// They answered.
    Replied {
        /// Where.
        channel: Channel,
    },
    /// There was a conversation.
    Met {
        /// Where.
        channel: Channel,
    },
    /// They did not come to a meeting.
    Missed,
    /// They bought.
    Purchased,
    /// They reported a problem.
    ProblemReported,
    /// They asked to be called at a time.
    CallbackRequested {
        /// When.
        due: Instant,
        /// Where.
        channel: Channel,
    },
    /// They said why they are silent, or it became known.
    Stalled {
        /// Why.
        why: Stall,
    },
    /// A colleague named them.
    Introduced,
    /// They named something, and it is not recorded on what occasion.
    Named,
}

/// What somebody promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Promise<'a> {
    /// The event.
    pub event: EventId,
    /// When it was promised.
    pub said: Instant,
    /// By whom.
    pub by: Party,
    /// What, if it is recorded.
    pub about: Option<&'a Topic>,
    /// When it falls due.
    pub due: Instant,
    /// Whether it is neither kept nor settled in another way.
    pub is_open: bool,
}

/// Why now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Why<'a> {
    /// They opted out, which may be confirmed once.
    OptedOut {
        /// The event.
        event: EventId,
        /// When.
        at: Instant,
        /// From which channels.
        channels: Channels,
    },
    /// What they wrote has no answer.
    Unanswered(Moment<'a>),
    /// They reported a problem that is not solved.
    Problem(Moment<'a>),
    /// A conversation that has not been summed up. The next agreed time is in [`Brief::meeting`].
    Conversation(Moment<'a>),
    /// What the seller promised, or they did.
    Promise(Promise<'a>),
    /// They asked to be called now.
    Callback(Moment<'a>),
    /// No permission to follow up is left.
    NoPermission,
    /// They asked for later, and that time has come.
    NotBefore {
        /// The event.
        event: EventId,
        /// When they asked.
        said: Instant,
        /// Until when.
        until: Instant,
    },
    /// There is something that is new to them.
    New {
        /// What; its [`from`](Item::from) and [`until`](Item::until) say whether it is for a season.
        #[serde(serialize_with = "item_record")]
        item: &'a Item,
        /// Those of its topics that they care about or have named.
        about: Vec<&'a Topic>,
    },
    /// A step of the sequence is due.
    Step {
        /// Which.
        #[serde(serialize_with = "step_record")]
        step: &'a Step,
    },
}

/// The one thing to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "kebab-case")]
pub enum Ask<'a> {
    /// What the step or the duty of the playbook says.
    Written(&'a str),
    /// Whether the seller may follow up.
    Permission,
    /// A call: nothing bars the phone. Where they are talking already, time for it.
    Call,
    /// An answer.
    Reply,
}

/// What the seller does next, if they say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next<'a> {
    /// When.
    pub at: Instant,
    /// What.
    pub act: Act<'a>,
    /// On which channel.
    pub channel: Channel,
}

/// A brief has room for so many moments.
const MOMENTS: usize = 4;
/// A sentence has room for so many topics, a recap for so many promises of each side.
const TOPICS: usize = 4;
const PROMISES: usize = 2;

/// What has to let a call pass before one is suggested. The other gates say when, and that is theirs to say.
const FOR_A_CALL: [Gate; 5] = [Gate::Reach, Gate::Refusal, Gate::Region, Gate::Permission, Gate::Registry];

impl<'a> Decision<'a> {
    /// What a person needs to do what the decision says; `None` where it holds no action. The history is the one
    /// behind the standing that was decided on. What was taken back or happened after [`now`](Self::now) is not in
    /// it.
    ///
    /// It is worked out when asked for, and costs as much as several decisions.
    #[must_use]
    pub fn brief<'b>(&self, history: &'b History) -> Option<Brief<'b>>
    where
        'a: 'b,
    {
        let (action, at) = (*self.action()?, self.due()?);
        let case = &self.case;
        let moments = moments(case, history, self.now);
        let meeting = case.agreed_after(at, self.now);
        let is_farewell = matches!(action.act(), Act::ConfirmOptOut);
        let call = || FOR_A_CALL.iter().all(|gate| self.earliest(*gate, Channel::Phone, at) == Some(at));
        let ask = match (case.playbook.ask_of(action.act()), action.act()) {
            (_, Act::ConfirmOptOut) => None,
            (Some(ask), _) => Some(Ask::Written(ask)),
            (None, Act::AskPermission) => Some(Ask::Permission),
            // Whoever will meet anyway need not find another time.
            (None, _) if meeting.is_none() && call() => Some(Ask::Call),
            (None, _) => Some(Ask::Reply),
        };
        let plan = case.playbook.plan(case.prospect, history.standing(), self.now, Assumption::Silence, 2);
        let next = plan.entries().get(1).filter(|_| !is_farewell);
        let next =
            next.map(|next| Next { at: next.at, act: next.action.act(), channel: next.action.channel() });
        Some(Brief {
            why: case.why(&action, (self.now, at), history, &moments),
            action,
            at,
            to: case.prospect,
            from: case.playbook.seller(),
            history: few(moments),
            ask,
            meeting: meeting.filter(|_| !is_farewell),
            next,
            clock: Clock::of(case, at),
        })
    }
}

impl<'a> Case<'a, '_> {
    /// The meeting that is agreed, if it is still ahead.
    fn agreed_after(&self, at: Instant, now: Instant) -> Option<Instant> {
        let booked = self.hold_for(HoldReason::Booked, now)?;
        booked.until.filter(|meeting| *meeting > at)
    }

    fn hold_for(&self, reason: HoldReason, now: Instant) -> Option<&Hold> {
        self.standing.holds.iter().find(|hold| hold.reason == reason && hold.mark.at <= now)
    }

    fn is_owed(&self, event: EventId) -> bool {
        self.standing.owed.iter().any(|owed| owed.mark.id == event)
    }

    fn why<'b>(
        &self,
        action: &Action<'b>,
        (now, at): (Instant, Instant),
        history: &'b History,
        moments: &[Moment<'b>],
    ) -> Vec<Why<'b>>
    where
        'a: 'b,
    {
        let moment = |id: EventId| moments.iter().find(|moment| moment.event == id).cloned();
        let cause = action.cause();
        let caused_by = || history.standing_events().find(|event| event.id == cause && event.at <= now);
        let mut why = Vec::new();
        match action.act() {
            Act::ConfirmOptOut => {
                if let Some(Event { id, at, kind: EventKind::OptedOut { channels, .. } }) = caused_by() {
                    why.push(Why::OptedOut { event: *id, at: *at, channels: *channels });
                }
            }
            Act::Respond => {
                let owed = self.standing.owed.iter().filter(|owed| owed.what == Debt::Response);
                why.extend(owed.filter_map(|owed| moment(owed.mark.id)).map(Why::Unanswered));
            }
            Act::Solve => why.extend(moment(cause).map(Why::Problem)),
            Act::Recap => why.extend(moment(cause).map(Why::Conversation)),
            Act::KeepPromise | Act::Remind => {
                why.extend(caused_by().and_then(|event| self.promise(event)).map(Why::Promise));
                why.extend(moment(cause).map(Why::Callback));
            }
            Act::AskPermission => why.push(Why::NoPermission),
            Act::Touch(_) => why.extend(self.time_has_come(now, at)),
        }
        if let Some(item) = action.item() {
            let about = item.topics().iter().filter(|topic| self.is_theirs(topic)).collect();
            why.push(Why::New { item, about });
        }
        if let Act::Touch(step) = action.act() {
            why.push(Why::Step { step });
        }
        why
    }

    /// "Not before March", when March has come and nothing was said since.
    fn time_has_come<'b>(&self, now: Instant, at: Instant) -> Option<Why<'b>> {
        let hold = self.hold_for(HoldReason::NotNow, now)?;
        let until = hold.until.filter(|until| *until <= at)?;
        let is_first =
            !self.standing.contacts.iter().any(|contact| contact.is_touch() && contact.mark.at >= until);
        is_first.then_some(Why::NotBefore { event: hold.mark.id, said: hold.mark.at, until })
    }

    fn promise<'b>(&self, event: &'b Event) -> Option<Promise<'b>> {
        let EventKind::Promised { by, due, about } = &event.kind else { return None };
        let is_open = self.is_owed(event.id);
        let about = about.as_ref();
        Some(Promise { event: event.id, said: event.at, by: *by, about, due: *due, is_open })
    }
}

impl Playbook {
    /// What they are asked for with that act.
    fn ask_of<'a>(&'a self, act: Act<'a>) -> Option<&'a str> {
        let duty = match act {
            Act::Touch(step) => return step.ask(),
            Act::Respond => &self.respond.duty,
            Act::Solve => &self.solve,
            Act::Recap => &self.recap,
            Act::KeepPromise => &self.keep_promise,
            Act::AskPermission => &self.ask.duty,
            Act::Remind => &self.remind.duty,
            Act::ConfirmOptOut => return None,
        };
        duty.ask.as_deref()
    }
}

/// Everything that happened between the two until now, oldest first.
fn moments<'b>(case: &Case<'_, '_>, history: &'b History, now: Instant) -> Vec<Moment<'b>> {
    let events: Vec<&'b Event> = history.standing_events().filter(|event| event.at <= now).collect();
    let begun = events.iter().filter_map(|event| Some(Moment::begun_by(event, event.occasion()?)));
    let mut moments: Vec<Moment<'b>> = begun.collect();
    for event in &events {
        let (named, promise) = match &event.kind {
            EventKind::Named { topics } => (topics.as_slice(), None),
            EventKind::Promised { .. } => (&[][..], case.promise(event)),
            _ => continue,
        };
        // What was entered at the same instant belongs to it, whatever their ids.
        if let Some(moment) = moments.iter_mut().rfind(|moment| moment.at <= event.at) {
            moment.named.extend(named);
            moment.promised.extend(promise);
        } else if !named.is_empty() {
            let mut moment = Moment::begun_by(event, Occasion::Named);
            moment.named.extend(named);
            moments.insert(0, moment);
        }
    }
    moments
}

/// Those that matter most: how it began, what they bought last, where they named something, what was last.
fn few(mut moments: Vec<Moment<'_>>) -> Vec<Moment<'_>> {
    let first = moments.first().map(|moment| moment.event);
    let bought =
        moments.iter().rfind(|moment| moment.occasion == Occasion::Purchased).map(|moment| moment.event);
    moments.sort_by_key(|moment| {
        let is = |event| event == Some(moment.event);
        Reverse((is(first), is(bought), !moment.named.is_empty(), moment.at, moment.event))
    });
    moments.truncate(MOMENTS);
    moments.sort_by_key(|moment| (moment.at, moment.event));
    moments
}

impl Event {
    /// What it means for the story of the two.
    const fn occasion(&self) -> Option<Occasion> {
        Some(match self.kind {
            EventKind::Inquired { via, .. } => Occasion::Inquired { via },
            EventKind::Replied { channel } => Occasion::Replied { channel },
            EventKind::Met { channel } => Occasion::Met { channel },
            EventKind::NoShow => Occasion::Missed,
            EventKind::Purchased => Occasion::Purchased,
            EventKind::ProblemReported => Occasion::ProblemReported,
            EventKind::CallbackRequested { due, channel } => Occasion::CallbackRequested { due, channel },
            EventKind::Stalled { why, .. } => Occasion::Stalled { why },
            EventKind::Introduced { .. } => Occasion::Introduced,
            _ => return None,
        })
    }
}

impl Moment<'_> {
    const fn begun_by(event: &Event, occasion: Occasion) -> Self {
        Self { at: event.at, event: event.id, occasion, named: Vec::new(), promised: Vec::new() }
    }
}

impl<'a> Brief<'a> {
    /// What to do.
    #[must_use]
    pub const fn action(&self) -> &Action<'a> {
        &self.action
    }

    /// When it is due: now, or when the waiting is over.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// To whom.
    #[must_use]
    pub const fn to(&self) -> &'a Prospect {
        self.to
    }

    /// Who writes, as the playbook says it.
    #[must_use]
    pub const fn from(&self) -> Option<&'a str> {
        self.from
    }

    /// The moments that matter, at most four, oldest first.
    #[must_use]
    pub fn history(&self) -> &[Moment<'a>] {
        &self.history
    }

    /// Why now, the weightiest reason first.
    #[must_use]
    pub fn why(&self) -> &[Why<'a>] {
        &self.why
    }

    /// The one thing to ask for; `None` where nothing may be asked, as in the confirmation of an opt-out. Where the
    /// playbook says nothing it is a call, if nothing bars the phone and no meeting is agreed, else an answer.
    #[must_use]
    pub const fn ask(&self) -> Option<Ask<'a>> {
        self.ask
    }

    /// The next time that is agreed to meet.
    #[must_use]
    pub const fn meeting(&self) -> Option<Instant> {
        self.meeting
    }

    /// What the seller will do next, if they say nothing.
    #[must_use]
    pub const fn next(&self) -> Option<Next<'a>> {
        self.next
    }
}

impl Serialize for Brief<'_> {
    /// As a record for a host that finds its own words: action, at, to, name, from, history, why, ask, meeting,
    /// next.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Brief", 10)?;
        record.serialize_field("action", &self.action)?;
        record.serialize_field("at", &self.at)?;
        record.serialize_field("to", self.to.id())?;
        record.serialize_field("name", &self.to.name())?;
        record.serialize_field("from", &self.from)?;
        record.serialize_field("history", &self.history)?;
        record.serialize_field("why", &self.why)?;
        record.serialize_field("ask", &self.ask)?;
        record.serialize_field("meeting", &self.meeting)?;
        record.serialize_field("next", &self.next)?;
        record.end()
    }
}

impl Serialize for Next<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Next", 3)?;
        record.serialize_field("at", &self.at)?;
        record.serialize_field("act", self.act.name())?;
        record.serialize_field("channel", &self.channel)?;
        record.end()
    }
}

fn item_record<S: Serializer>(item: &Item, serializer: S) -> Result<S::Ok, S::Error> {
    let mut record = serializer.serialize_struct("Item", 5)?;
    record.serialize_field("id", item.id())?;
    record.serialize_field("title", item.title())?;
    record.serialize_field("format", item.format())?;
    record.serialize_field("from", &item.from())?;
    record.serialize_field("until", &item.until())?;
    record.end()
}

fn step_record<S: Serializer>(step: &Step, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(step.path())
}

// The text.

/// How an instant is written: on the prospect's clock where it is known, else on the seller's, which is then named.
#[derive(Debug, Clone, Copy)]
struct Clock<'a> {
    zone: Option<&'a Zone>,
    place: Option<&'a str>,
    /// In that year, dates go without it.
    year: i32,
}

impl<'a> Clock<'a> {
    fn of(case: &Case<'a, '_>, at: Instant) -> Self {
        let playbook = case.playbook;
        let (zone, place) = match case.place {
            Place::Known(zone) => (Some(zone), None),
            _ => (playbook.zones.at(playbook.seller), playbook.draft.place()),
        };
        let mut clock = Self { zone, place, year: 0 };
        clock.year = clock.local(at).year();
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
        if matches!(self.action.act(), Act::ConfirmOptOut) {
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
            [before.next(), before.next_back()].into_iter().flatten().map(|one| one.told(self.clock)),
        );
        let named = self.named();
        // Who is asked for permission reads it there.
        if !named.is_empty() && !matches!(self.ask, Some(Ask::Permission)) {
            said.push(format!("The points you named: {}.", topics(&named)));
        }
        said
    }

    fn reasons(&self) -> Vec<String> {
        let clock = self.clock;
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
            Some(last) => format!("{new} It is current until {}.", self.clock.day(last)),
            None => new,
        }
    }

    fn recap(&self, moment: &Moment<'_>) -> String {
        let thanks = format!("Thank you for the conversation of {}.", self.clock.day(moment.at));
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
                points.push(format!("- {who}: {what}, by {}.", self.clock.day(promise.due)));
            }
            if let more @ 1.. = promised.len().saturating_sub(PROMISES) {
                points.push(format!("- {who} {more} more."));
            }
        }
        points
            .extend(self.meeting.map(|meeting| format!("- We meet again on {}.", self.clock.time(meeting))));
        if points.is_empty() {
            return thanks;
        }
        format!("{thanks} What I took from it:\n\n{}", points.join("\n"))
    }

    fn promise(&self, promise: &Promise<'_>) -> String {
        let (said, due) = (self.clock.day(promise.said), self.clock.day(promise.due));
        let about = promise.about.map(|about| words(about.as_str()));
        match (promise.by, about) {
            (Party::Us, about) => {
                let what = about.map_or_else(
                    || format!("to come back to you by {due}"),
                    |about| format!("you this by {due}: {about}"),
                );
                let late = if self.clock.is_later_day(self.at, promise.due) {
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
        let asked = self.clock.day(moment.at);
        match moment.occasion {
            Occasion::CallbackRequested { due, channel } => {
                let when = if is_talk(channel) { self.clock.time(due) } else { self.clock.day(due) };
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
                    Act::Respond => "What should I know first?",
                    Act::Solve => "Does it still happen?",
                    Act::Recap => "Did I get everything right?",
                    Act::KeepPromise => "Is it what you need?",
                    Act::Remind => "When can I expect it?",
                    _ if self.action.item().is_some() => "What do you think of it?",
                    _ => "What would help you most now?",
                };
                format!("{question} A short answer is enough.")
            }
        })
    }

    /// What comes next.
    fn closing(&self) -> Option<String> {
        let clock = self.clock;
        match (self.action.act(), self.meeting, self.next) {
            (Act::AskPermission, ..) => Some("If not, tell me so, and I will leave it at that.".to_string()),
            (Act::Recap, Some(_), _) => None,
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
            _ if matches!(act, Act::KeepPromise) && is_talk(channel) => {
                return format!("As you asked, I will call you on {when}.");
            }
            _ if matches!(act, Act::KeepPromise) => {
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
