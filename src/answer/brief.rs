//! Brief: what a person needs for one touch, as data. The text is elsewhere.

use alloc::vec::Vec;
use core::cmp::Reverse;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::answer::plan::Assumption;
use crate::decide::Decision;
use crate::decide::place::Place;
use crate::decide::state::Hold;
use crate::decide::verdict::{Action, Gate};
use crate::facts::channel::{Channel, Channels};
use crate::facts::event::{Event, EventKind};
use crate::facts::id::{EventId, Topic};
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::{Duty, HoldReason, Party, Source, Stall};
use crate::history::log::History;
use crate::playbook::Playbook;
use crate::playbook::act::Act;
use crate::playbook::content::Item;
use crate::playbook::sequence::Step;
use crate::time::instant::Instant;
use crate::time::zone::Zone;

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
    pub(crate) action: Action<'a>,
    pub(crate) at: Instant,
    pub(crate) to: &'a Prospect,
    pub(crate) from: Option<&'a str>,
    pub(crate) history: Vec<Moment<'a>>,
    pub(crate) why: Vec<Why<'a>>,
    pub(crate) ask: Option<Ask<'a>>,
    pub(crate) meeting: Option<Instant>,
    pub(crate) next: Option<Next<'a>>,
    /// The clock on which it is written, and where that is if it is not theirs.
    pub(crate) zone: Option<&'a Zone>,
    pub(crate) place: Option<&'a str>,
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
    /// A meeting is agreed, and is to be confirmed.
    Agreed {
        /// The event.
        event: EventId,
        /// When they meet.
        meeting: Instant,
    },
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
        let moments = moments(self, history, self.now);
        let meeting = self.agreed_after(at, self.now);
        let is_farewell = matches!(action.act(), Act::Duty(Duty::ConfirmOptOut));
        let call = || FOR_A_CALL.iter().all(|gate| self.earliest(*gate, Channel::Phone, at) == Some(at));
        let ask = match (self.playbook.ask_of(action.act()), action.act()) {
            (_, Act::Duty(Duty::ConfirmOptOut)) => None,
            (Some(ask), _) => Some(Ask::Written(ask)),
            (None, Act::Duty(Duty::AskPermission)) => Some(Ask::Permission),
            // Whoever will meet anyway need not find another time.
            (None, _) if meeting.is_none() && call() => Some(Ask::Call),
            (None, _) => Some(Ask::Reply),
        };
        let plan = self.playbook.plan(self.prospect, history.standing(), self.now, Assumption::Silence, 2);
        let next = plan.entries().get(1).filter(|_| !is_farewell);
        let next =
            next.map(|next| Next { at: next.at, act: next.action.act(), channel: next.action.channel() });
        Some(Brief {
            why: self.why(&action, (self.now, at), history, &moments),
            action,
            at,
            to: self.prospect,
            from: self.playbook.seller(),
            history: few(moments),
            ask,
            meeting: meeting.filter(|_| !is_farewell),
            next,
            zone: self.clock(),
            place: self.place_name(),
        })
    }
}

impl<'a> Decision<'a> {
    /// The prospect's clock where it is known, else the seller's.
    fn clock(&self) -> Option<&'a Zone> {
        match self.place {
            Place::Known(zone) => Some(zone),
            _ => self.playbook.zones.at(self.playbook.seller),
        }
    }

    /// The name of the place where the clock is, if it is not theirs.
    fn place_name(&self) -> Option<&'a str> {
        if matches!(self.place, Place::Known(_)) { None } else { self.playbook.draft.place() }
    }

    /// The meeting that is agreed, if it is still ahead.
    fn agreed_after(&self, at: Instant, now: Instant) -> Option<Instant> {
        let booked = self.hold_for(HoldReason::Booked, now)?;
        booked.until.filter(|meeting| *meeting > at)
    }

    fn hold_for(&self, reason: HoldReason, now: Instant) -> Option<&Hold> {
        self.state.holds.iter().find(|hold| hold.reason == reason && hold.mark.at <= now)
    }

    fn is_owed(&self, event: EventId) -> bool {
        let has_lapsed = |owed| self.state.has_lapsed(self.setting(), owed, self.now);
        self.state.owed.iter().any(|owed| owed.mark.id == event && !has_lapsed(owed))
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
        let caused_by = || history.effective_events().find(|event| event.id == cause && event.at <= now);
        let mut why = Vec::new();
        match action.act() {
            Act::Duty(Duty::ConfirmOptOut) => {
                if let Some(Event { id, at, kind: EventKind::OptedOut { channels, .. } }) = caused_by() {
                    why.push(Why::OptedOut { event: *id, at: *at, channels: *channels });
                }
            }
            Act::Duty(Duty::Respond) => {
                let owed = self.state.owed.iter().filter(|owed| owed.duty == Duty::Respond);
                why.extend(owed.filter_map(|owed| moment(owed.mark.id)).map(Why::Unanswered));
            }
            Act::Duty(Duty::Solve) => why.extend(moment(cause).map(Why::Problem)),
            Act::Duty(Duty::Recap) => why.extend(moment(cause).map(Why::Conversation)),
            Act::Duty(Duty::KeepPromise | Duty::Remind) => {
                why.extend(caused_by().and_then(|event| self.promise(event)).map(Why::Promise));
                why.extend(moment(cause).map(Why::Callback));
            }
            Act::Duty(Duty::ConfirmMeeting) => {
                if let Some(Event { id, kind: EventKind::Booked { meeting }, .. }) = caused_by() {
                    why.push(Why::Agreed { event: *id, meeting: *meeting });
                }
            }
            Act::Duty(Duty::AskPermission) => why.push(Why::NoPermission),
            Act::Touch(_) => why.extend(self.time_has_come(now, at)),
        }
        if let Some(item) = action.item() {
            let about = item.topics().iter().filter(|topic| self.context().is_theirs(topic)).collect();
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
            !self.state.contacts.iter().any(|contact| contact.is_touch() && contact.mark.at >= until);
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
        match act {
            Act::Touch(step) => step.ask(),
            Act::Duty(duty) => self.duty(duty)?.ask.as_deref(),
        }
    }
}

/// Everything that happened between the two until now, oldest first.
fn moments<'b>(decision: &Decision<'_>, history: &'b History, now: Instant) -> Vec<Moment<'b>> {
    let events: Vec<&'b Event> = history.effective_events().filter(|event| event.at <= now).collect();
    let begun = events.iter().filter_map(|event| Some(Moment::begun_by(event, event.occasion()?)));
    let mut moments: Vec<Moment<'b>> = begun.collect();
    for event in &events {
        let (named, promise) = match &event.kind {
            EventKind::Named { topics } => (topics.as_slice(), None),
            EventKind::Promised { .. } => (&[][..], decision.promise(event)),
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
