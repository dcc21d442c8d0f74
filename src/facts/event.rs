//! What happened with a prospect: facts in the past tense, each with an id and an instant.

use crate::facts::vocabulary::Disposition;
use crate::facts::vocabulary::Engagement;
use crate::facts::vocabulary::HoldReason;
use crate::facts::vocabulary::Party;
use crate::facts::vocabulary::Reason;
use crate::facts::vocabulary::Source;
use crate::facts::vocabulary::Stall;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Faults, Field, Found};
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{
    ActName, EventId, ItemId, Mark, ProspectId, SequenceId, StepId, StepPath, SubscriptionId, Topic,
};
use crate::facts::permission::{Basis, Purpose, Purposes, Suppression};
use crate::time::instant::Instant;
use crate::time::span::Span;

/// One fact of a history.
///
/// A history is ordered by `(at, id)`. Events may arrive late, twice and in any order. What was entered by
/// mistake is taken back by [`EventKind::Retracted`], never deleted.
///
/// In a file an event is one flat table. Nothing is skipped in silence: an unknown kind, a field that does
/// not belong to the kind or one that is missing is refused, and all faults are reported together.
///
/// ```
/// use followup::{Event, EventKind};
///
/// let event: Event = serde_json::from_str(
///     r#"{ "id": 1, "at": "2026-03-02T09:30:00Z", "event": "inquired", "via": "form", "channel": "email" }"#,
/// )?;
/// assert!(matches!(event.kind, EventKind::Inquired { .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawEvent", into = "RawEvent")]
pub struct Event {
    /// Unique within the prospect's history.
    pub id: EventId,
    /// When it happened, not when it was noted.
    pub at: Instant,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// An event.
    #[must_use]
    pub const fn new(id: u64, at: Instant, kind: EventKind) -> Self {
        Self { id: EventId(id), at, kind }
    }

    pub(crate) const fn mark(&self) -> Mark {
        Mark { at: self.at, id: self.id }
    }
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $word:literal $({ $($(#[$fmeta:meta])* $field:ident: $ty:ty,)+ })?,)+) => {
        /// What happened. The words in files are the names in kebab-case.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($(#[$meta])* $kind $({ $($(#[$fmeta])* $field: $ty,)+ })?,)+
        }

        impl EventKind {
            /// The word of every kind, in the order of their declaration.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word that stands for the kind in files.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self { $(Self::$kind $({ $($field: _,)+ })? => $word,)+ }
            }
        }
    };
}

kinds! {
    /// The seller put them on the list: bought, imported, collected. No act of their own.
    Added = "added",
    /// They asked: the first contact, or a new one. It begins a pursuit and makes a response due at once.
    Inquired = "inquired" {
        /// How it came in.
        via: Source,
        /// Where they expect the answer, if they said.
        channel: Option<Channel>,
    },
    /// A person answered, and it was not a no ([`Declined`](Self::Declined)), not a stop
    /// ([`OptedOut`](Self::OptedOut)), not a machine ([`AutoReplied`](Self::AutoReplied)).
    Replied = "replied" {
        /// Where.
        channel: Channel,
    },
    /// A machine answered: out of office. It is no reply.
    AutoReplied = "auto-replied" {
        /// When they are back, if it says: nothing that the seller begins is sent before. Without this it changes
        /// nothing. A machine reads it out of a text, so a date that is not after the reply, or more than 100 days
        /// after it, is taken for a misreading and changes nothing either; 100 days is the limit that Outplay documents
        /// for return dates.
        back: Option<Instant>,
    },
    /// There was a conversation: a meeting, a visit, a call that was answered. It begins a pursuit, if a sequence of
    /// the playbook starts on it; otherwise the pursuit before it goes on.
    Met = "met" {
        /// Where.
        channel: Channel,
    },
    /// They named what matters to them, in a conversation or in a message that is an event of its own: problems,
    /// wishes. From then on content about it is relevant to them, as if it were an interest of theirs.
    Named = "named" {
        /// What. An empty list names nothing, and a file that says so is refused.
        topics: Vec<Topic>,
    },
    /// They showed interest without asking anything.
    Engaged = "engaged" {
        /// How.
        how: Engagement,
    },
    /// The seller contacted them. [`Action::touched`](crate::Action::touched) writes this event for an action.
    Touched = "touched" {
        /// On which channel.
        channel: Channel,
        /// Which act it was; `None` for a contact that no decision asked for.
        act: Option<ActName>,
        /// The event that caused the act, as the action named it.
        cause: Option<EventId>,
        /// What was given.
        item: Option<ItemId>,
        /// What came of it, where it was a call or a visit.
        disposition: Option<Disposition>,
    },
    /// A person passed over a step.
    Skipped = "skipped" {
        /// Which.
        step: StepPath,
    },
    /// An attempt did not get out: busy, no answer, a server's error. It is no touch.
    Failed = "failed" {
        /// On which channel.
        channel: Channel,
        /// Which act it was.
        act: ActName,
        /// The event that caused the act.
        cause: EventId,
    },
    /// A permission was recorded.
    Granted = "granted" {
        /// For which channels. An empty set grants nothing, and a file that says so is refused.
        channels: Channels,
        /// For what; follow-up and care when the file does not say.
        purposes: Purposes,
        /// On what it rests.
        basis: Basis,
        /// The first instant at which it no longer holds; `None` holds until refused.
        until: Option<Instant>,
        /// For how long it holds from when it was given, on their own calendar.
        term: Option<Span>,
        /// Whether they gave it unasked, by an act of their own. Only that lifts a refusal, and only with a basis that
        /// is a yes of theirs (express, written, double-opt-in).
        own_act: bool,
    },
    /// Asked for permission, they said no.
    Denied = "denied" {
        /// For which channels; all when the file does not say.
        channels: Channels,
        /// For what; follow-up and care when the file does not say.
        purposes: Purposes,
    },
    /// They withdrew: said stop, or left all that the seller sends. Whoever leaves one list of several has
    /// [`Unsubscribed`](Self::Unsubscribed); in doubt it is this.
    OptedOut = "opted-out" {
        /// From which channels; all when the file does not say.
        channels: Channels,
        /// Of what; everything when the file does not say.
        purposes: Purposes,
    },
    /// They want no more of one thing that the seller sends, and did not say that they want nothing: touches of the
    /// sequences that belong to that subscription no longer go there. Everything else goes on; what was permitted stays
    /// permitted, and nothing is confirmed.
    Unsubscribed = "unsubscribed" {
        /// From what.
        subscription: SubscriptionId,
        /// On which channels; all when the file does not say.
        channels: Channels,
    },
    /// They want it again. It takes back that they [unsubscribed](Self::Unsubscribed), and permits nothing:
    /// that is [`Granted`](Self::Granted).
    Subscribed = "subscribed" {
        /// To what.
        subscription: SubscriptionId,
        /// On which channels; all when the file does not say.
        channels: Channels,
    },
    /// They were put on the seller's do-not-contact list.
    Suppressed = "suppressed" {
        /// On which channels; all when the file does not say.
        channels: Channels,
        /// For what; everything when the file does not say.
        purposes: Purposes,
        /// Why.
        reason: Suppression,
    },
    /// Their number or address was compared with a registry of those who want no contact. The last one on a channel
    /// counts, for every registry: whoever looks at several records the oldest list, and an entry on any. A new number
    /// ([`Corrected`](Self::Corrected)) has to be compared anew.
    Screened = "screened" {
        /// On which channels.
        channels: Channels,
        /// When the list was made, not when it was looked at.
        list: Instant,
        /// Since when they stand on it; `None` if they do not.
        listed: Option<Instant>,
    },
    /// The seller contacted a colleague of theirs, in the same account.
    ColleagueTouched = "colleague-touched" {
        /// On which channel.
        channel: Channel,
    },
    /// They said no to the offer.
    Declined = "declined" {
        /// Why.
        reason: Reason,
    },
    /// The seller gave them up for a reason that silence is not.
    Disqualified = "disqualified" {
        /// Why.
        reason: Reason,
    },
    /// They bought.
    Purchased = "purchased",
    /// They reported a problem.
    ProblemReported = "problem-reported",
    /// A reported problem was solved.
    ProblemSolved = "problem-solved" {
        /// The event that reported it.
        problem: EventId,
    },
    /// Somebody promised something.
    Promised = "promised" {
        /// Whose promise it is.
        by: Party,
        /// When it falls due.
        due: Instant,
        /// What was promised.
        about: Option<Topic>,
    },
    /// They asked to be called at a time. It is a promise of the seller's that falls due then, and until then nothing
    /// that the seller begins goes out. A second request moves the first. After a no it is answered like anything
    /// else that they say then, and begins nothing.
    CallbackRequested = "callback-requested" {
        /// At what time.
        due: Instant,
        /// Where; by phone when the file does not say. It may be used for this though they had refused it before.
        channel: Channel,
    },
    /// A promise was kept, or need not be kept any more.
    Kept = "kept" {
        /// The event of the promise, or of the request to be called.
        promise: EventId,
    },
    /// Nothing is to be sent for a while.
    Held = "held" {
        /// Until when; `None` until [`Released`](Self::Released).
        until: Option<Instant>,
        /// Why.
        reason: HoldReason,
        /// Whether it goes on though they reply; only for what the seller put off (`snoozed`).
        despite_reply: bool,
    },
    /// Holds ended: those that the seller set (`snoozed`, `paused`, `colleague-replied`), or that of one reason, whoever
    /// set it.
    Released = "released" {
        /// Of which reason; what the seller set when the file does not say.
        reason: Option<HoldReason>,
    },
    /// They showed annoyance without saying stop.
    Annoyed = "annoyed",
    /// A contact point failed: a bounced e-mail, a number that is wrong or does not exist.
    Bounced = "bounced" {
        /// Which.
        channel: Channel,
        /// Whether it will never work again; otherwise it is tried again later.
        permanent: bool,
        /// The contact that did not get through: what it took, gave or answered is to be done again. The last one on
        /// that channel when the file does not say.
        of: Option<EventId>,
    },
    /// A new or repaired address or number is known.
    Corrected = "corrected" {
        /// For which channel.
        channel: Channel,
    },
    /// A person put them in a sequence.
    Enrolled = "enrolled" {
        /// Which.
        sequence: SequenceId,
        /// With which of its steps they start, at once: what stands before it is passed over. With the first, after its
        /// delay, where it is not said.
        from: Option<StepId>,
    },
    /// The seller gave up on them, though they never said no. It begins a pursuit, if a sequence of the playbook starts on
    /// it: most people are given up too early.
    GivenUp = "given-up",
    /// The meeting that was agreed is off. The pursuit goes on; another booking agrees on another one.
    CalledOff = "called-off",
    /// A person took them out of whatever sequence they were in.
    Unenrolled = "unenrolled",
    /// An earlier entry was wrong: it counts as never made.
    Retracted = "retracted" {
        /// Which.
        event: EventId,
    },
    /// A meeting was agreed. Nothing that the seller begins goes out before it, nor in the day after it, in which
    /// somebody can say what came of it: a [`Met`](Self::Met) or a [`NoShow`](Self::NoShow). A second booking moves it.
    /// Without a word the pursuit goes on a day after the meeting; where a meeting is what the sequence was after, the
    /// answer is a [`Need::Outcome`](crate::Need::Outcome) from the meeting on, until somebody says it.
    Booked = "booked" {
        /// When they meet.
        meeting: Instant,
    },
    /// They did not come to a meeting. It begins a pursuit, if a sequence of the playbook starts on it; otherwise the
    /// pursuit before it goes on.
    NoShow = "no-show",
    /// It became known why they are silent. If a sequence of the playbook starts on that reason, it comes first, and the
    /// pursuit before it goes on when that is finished (or beside it, where several are under way by priority); otherwise
    /// it goes on as before.
    Stalled = "stalled" {
        /// Why.
        why: Stall,
        /// Before when nothing should come of the seller's own accord: "not before March". Where they named no day, a
        /// rule of the playbook can say how long contacts pause.
        until: Option<Instant>,
    },
    /// They sent the seller to a colleague. The pursuit goes on there ([`Introduced`](Self::Introduced)), and ends here.
    Referred = "referred" {
        /// To whom, if the host keeps that person too.
        to: Option<ProspectId>,
    },
    /// A colleague named them. No act of their own: it begins a pursuit of somebody with whom nothing has begun, and
    /// permits nothing.
    Introduced = "introduced" {
        /// Who did, if the host keeps that person too.
        referrer: Option<ProspectId>,
    },
}

macro_rules! raw_event {
    ($($field:ident: $ty:ty,)+) => {
        /// An event as it stands in a file: one flat table, read leniently so that all its faults are found.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub(crate) struct RawEvent {
            id: u64,
            at: Field<Instant>,
            event: Field<String>,
            $(#[serde(default, skip_serializing_if = "Option::is_none")] $field: Option<$ty>,)+
        }

        impl RawEvent {
            fn bare(id: u64, at: Instant, word: &str) -> Self {
                Self { id, at: at.into(), event: String::from(word).into(), $($field: None,)+ }
            }

            /// The names of the fields that nobody took.
            fn left(&self) -> Vec<String> {
                let mut left = Vec::new();
                $(if self.$field.is_some() { left.push(stringify!($field).replace('_', "-")); })+
                left
            }
        }
    };
}

raw_event! {
    via: Field<Source>,
    channel: Field<Channel>,
    channels: Vec<Field<Channel>>,
    purposes: Vec<Field<Purpose>>,
    basis: Field<Basis>,
    until: Field<Instant>,
    own_act: bool,
    topics: Vec<Field<Topic>>,
    how: Field<Engagement>,
    act: Field<ActName>,
    cause: u64,
    item: Field<ItemId>,
    step: Field<StepPath>,
    reason: Field<String>,
    problem: u64,
    by: Field<Party>,
    due: Field<Instant>,
    about: Field<Topic>,
    promise: u64,
    back: Field<Instant>,
    permanent: bool,
    of: u64,
    despite_reply: bool,
    sequence: Field<SequenceId>,
    subscription: Field<SubscriptionId>,
    retracts: u64,
    term: Field<Span>,
    list: Field<Instant>,
    listed: Field<Instant>,
    meeting: Field<Instant>,
    disposition: Field<Disposition>,
    from: Field<StepId>,
    why: Field<Stall>,
    to: Field<ProspectId>,
    referrer: Field<ProspectId>,
}

/// Takes the fields of one raw event and notes what is wrong with them.
struct Reader<'a> {
    place: &'a str,
    word: &'a str,
    found: &'a mut Found,
}

impl Reader<'_> {
    #[allow(clippy::option_option, reason = "a field can be refused, absent or there")]
    fn optional<T: Clone>(&mut self, field: Option<Field<T>>) -> Option<Option<T>> {
        field.map_or(Some(None), |field| field.get(self.place, self.found).map(Some))
    }

    fn present<T>(&mut self, field: Option<T>, name: &str) -> Option<T> {
        if field.is_none() {
            let problem = alloc::format!("an event of kind {:?} lacks {name:?}; add it", self.word);
            self.found.add(self.place, problem);
        }
        field
    }

    fn needed<T: Clone>(&mut self, field: Option<Field<T>>, name: &str) -> Option<T> {
        self.present(field, name)?.get(self.place, self.found)
    }

    fn list<T: Clone, S: FromIterator<T>>(&mut self, field: &[Field<T>]) -> Option<S> {
        if field.is_empty() {
            self.found.add(self.place, "an empty list covers nothing; name what it covers, or leave it out");
        }
        // Every entry is looked at before the first bad one decides.
        let all: Vec<Option<T>> = field.iter().map(|entry| entry.get(self.place, self.found)).collect();
        all.into_iter().collect()
    }

    fn reason<T: core::str::FromStr<Err = crate::error::ParseError> + Clone>(
        &mut self,
        field: Option<Field<String>>,
    ) -> Option<T> {
        let text = self.present(field, "reason")?;
        Field::parse(text.text()).get(self.place, self.found)
    }

    fn id(&mut self, field: Option<u64>, name: &str) -> Option<EventId> {
        self.present(field, name).map(EventId)
    }
}

impl RawEvent {
    /// The event, or `None` with every fault noted. `nth` counts from 1.
    pub(crate) fn check(mut self, nth: Option<usize>, found: &mut Found) -> Option<Event> {
        let place = match nth {
            Some(nth) => alloc::format!("event {nth} (id {})", self.id),
            None => alloc::format!("event (id {})", self.id),
        };
        let word = String::from(self.event.text());
        let at = self.at.get(&place, found);
        let mut read = Reader { place: &place, word: &word, found };
        let kind = self.kind(&mut read);
        if EventKind::WORDS.contains(&word.as_str()) {
            for name in self.left() {
                let problem =
                    alloc::format!("{name:?} does not belong to an event of kind {word:?}; remove it");
                found.add(&place, problem);
            }
        }
        Some(Event { id: EventId(self.id), at: at?, kind: kind? })
    }

    #[allow(clippy::too_many_lines, reason = "one line or two for every kind of event")]
    fn kind(&mut self, read: &mut Reader<'_>) -> Option<EventKind> {
        Some(match read.word {
            "added" => EventKind::Added,
            "inquired" => {
                let via = read.needed(self.via.take(), "via");
                let channel = read.optional(self.channel.take());
                EventKind::Inquired { via: via?, channel: channel? }
            }
            "replied" => EventKind::Replied { channel: read.needed(self.channel.take(), "channel")? },
            "auto-replied" => EventKind::AutoReplied { back: read.optional(self.back.take())? },
            "met" => EventKind::Met { channel: read.needed(self.channel.take(), "channel")? },
            "named" => {
                let topics = read.present(self.topics.take(), "topics").and_then(|list| read.list(&list));
                EventKind::Named { topics: topics? }
            }
            "engaged" => EventKind::Engaged { how: read.needed(self.how.take(), "how")? },
            "touched" => {
                let channel = read.needed(self.channel.take(), "channel");
                let act = read.optional(self.act.take());
                let item = read.optional(self.item.take());
                let cause = self.cause.take().map(EventId);
                let disposition = read.optional(self.disposition.take());
                EventKind::Touched {
                    channel: channel?,
                    act: act?,
                    cause,
                    item: item?,
                    disposition: disposition?,
                }
            }
            "skipped" => EventKind::Skipped { step: read.needed(self.step.take(), "step")? },
            "failed" => {
                let channel = read.needed(self.channel.take(), "channel");
                let act = read.needed(self.act.take(), "act");
                let cause = read.id(self.cause.take(), "cause");
                EventKind::Failed { channel: channel?, act: act?, cause: cause? }
            }
            "granted" => {
                let channels =
                    read.present(self.channels.take(), "channels").and_then(|list| read.list(&list));
                let purposes = match self.purposes.take() {
                    None => Some([Purpose::FollowUp, Purpose::Care].into_iter().collect()),
                    Some(list) => read.list(&list),
                };
                let basis = read.needed(self.basis.take(), "basis");
                let until = read.optional(self.until.take());
                let term = read.optional(self.term.take());
                let own_act = self.own_act.take().unwrap_or(false);
                EventKind::Granted {
                    channels: channels?,
                    purposes: purposes?,
                    basis: basis?,
                    until: until?,
                    term: term?,
                    own_act,
                }
            }
            "denied" => {
                let channels = self.channels.take().map_or(Some(Channels::ALL), |list| read.list(&list));
                let purposes = match self.purposes.take() {
                    None => Some([Purpose::FollowUp, Purpose::Care].into_iter().collect()),
                    Some(list) => read.list(&list),
                };
                EventKind::Denied { channels: channels?, purposes: purposes? }
            }
            "opted-out" => {
                let channels = self.channels.take().map_or(Some(Channels::ALL), |list| read.list(&list));
                let purposes = self.purposes.take().map_or(Some(Purposes::ALL), |list| read.list(&list));
                EventKind::OptedOut { channels: channels?, purposes: purposes? }
            }
            "unsubscribed" | "subscribed" => {
                let subscription = read.needed(self.subscription.take(), "subscription");
                let channels = self.channels.take().map_or(Some(Channels::ALL), |list| read.list(&list));
                let (subscription, channels) = (subscription?, channels?);
                if read.word == "subscribed" {
                    EventKind::Subscribed { subscription, channels }
                } else {
                    EventKind::Unsubscribed { subscription, channels }
                }
            }
            "suppressed" => {
                let channels = self.channels.take().map_or(Some(Channels::ALL), |list| read.list(&list));
                let purposes = self.purposes.take().map_or(Some(Purposes::ALL), |list| read.list(&list));
                let reason = read.reason(self.reason.take());
                EventKind::Suppressed { channels: channels?, purposes: purposes?, reason: reason? }
            }
            "screened" => {
                let channels =
                    read.present(self.channels.take(), "channels").and_then(|list| read.list(&list));
                let list = read.needed(self.list.take(), "list");
                let listed = read.optional(self.listed.take());
                EventKind::Screened { channels: channels?, list: list?, listed: listed? }
            }
            "colleague-touched" => {
                EventKind::ColleagueTouched { channel: read.needed(self.channel.take(), "channel")? }
            }
            "declined" => EventKind::Declined { reason: read.reason(self.reason.take())? },
            "disqualified" => EventKind::Disqualified { reason: read.reason(self.reason.take())? },
            "purchased" => EventKind::Purchased,
            "problem-reported" => EventKind::ProblemReported,
            "problem-solved" => {
                EventKind::ProblemSolved { problem: read.id(self.problem.take(), "problem")? }
            }
            "promised" => {
                let by = read.needed(self.by.take(), "by");
                let due = read.needed(self.due.take(), "due");
                let about = read.optional(self.about.take());
                EventKind::Promised { by: by?, due: due?, about: about? }
            }
            "callback-requested" => {
                let due = read.needed(self.due.take(), "due");
                let channel = read.optional(self.channel.take());
                EventKind::CallbackRequested { due: due?, channel: channel?.unwrap_or(Channel::Phone) }
            }
            "kept" => EventKind::Kept { promise: read.id(self.promise.take(), "promise")? },
            "held" => {
                let until = read.optional(self.until.take());
                let reason = read.reason(self.reason.take());
                let despite_reply = self.despite_reply.take().unwrap_or(false);
                EventKind::Held { until: until?, reason: reason?, despite_reply }
            }
            "released" => {
                let reason =
                    self.reason.take().map_or(Some(None), |reason| read.reason(Some(reason)).map(Some));
                EventKind::Released { reason: reason? }
            }
            "annoyed" => EventKind::Annoyed,
            "bounced" => {
                let channel = read.needed(self.channel.take(), "channel");
                let permanent = read.present(self.permanent.take(), "permanent");
                let of = self.of.take().map(EventId);
                EventKind::Bounced { channel: channel?, permanent: permanent?, of }
            }
            "corrected" => EventKind::Corrected { channel: read.needed(self.channel.take(), "channel")? },
            "enrolled" => {
                let sequence = read.needed(self.sequence.take(), "sequence");
                let from = read.optional(self.from.take());
                EventKind::Enrolled { sequence: sequence?, from: from? }
            }
            "unenrolled" => EventKind::Unenrolled,
            "given-up" => EventKind::GivenUp,
            "called-off" => EventKind::CalledOff,
            "retracted" => EventKind::Retracted { event: read.id(self.retracts.take(), "retracts")? },
            "booked" => EventKind::Booked { meeting: read.needed(self.meeting.take(), "meeting")? },
            "no-show" => EventKind::NoShow,
            "stalled" => {
                let why = read.needed(self.why.take(), "why");
                let until = read.optional(self.until.take());
                EventKind::Stalled { why: why?, until: until? }
            }
            "referred" => EventKind::Referred { to: read.optional(self.to.take())? },
            "introduced" => EventKind::Introduced { referrer: read.optional(self.referrer.take())? },
            unknown => {
                let known = EventKind::WORDS.join(", ");
                read.found
                    .add(read.place, alloc::format!("{unknown:?} is no kind of event; use one of {known}"));
                return None;
            }
        })
    }
}

impl TryFrom<RawEvent> for Event {
    type Error = Faults;

    fn try_from(raw: RawEvent) -> Result<Self, Faults> {
        let mut found = Found::default();
        let event = raw.check(None, &mut found);
        found.or(event)
    }
}

impl From<Event> for RawEvent {
    #[allow(clippy::too_many_lines, reason = "a line or two for every kind of event")]
    fn from(event: Event) -> Self {
        fn list<T: fmt::Display>(set: impl Iterator<Item = T>) -> Vec<Field<T>> {
            set.map(Field::from).collect()
        }
        let mut raw = Self::bare(event.id.0, event.at, event.kind.word());
        match event.kind {
            EventKind::Added
            | EventKind::Purchased
            | EventKind::ProblemReported
            | EventKind::Annoyed
            | EventKind::Unenrolled
            | EventKind::GivenUp
            | EventKind::CalledOff
            | EventKind::NoShow => {}
            EventKind::Inquired { via, channel } => {
                raw.via = Some(via.into());
                raw.channel = channel.map(Field::from);
            }
            EventKind::Replied { channel }
            | EventKind::Met { channel }
            | EventKind::ColleagueTouched { channel }
            | EventKind::Corrected { channel } => {
                raw.channel = Some(channel.into());
            }
            EventKind::AutoReplied { back } => raw.back = back.map(Field::from),
            EventKind::Named { topics } => raw.topics = Some(list(topics.into_iter())),
            EventKind::Engaged { how } => raw.how = Some(how.into()),
            EventKind::Touched { channel, act, cause, item, disposition } => {
                raw.channel = Some(channel.into());
                raw.act = act.map(Field::from);
                raw.cause = cause.map(|id| id.0);
                raw.item = item.map(Field::from);
                raw.disposition = disposition.map(Field::from);
            }
            EventKind::Skipped { step } => raw.step = Some(step.into()),
            EventKind::Failed { channel, act, cause } => {
                raw.channel = Some(channel.into());
                raw.act = Some(act.into());
                raw.cause = Some(cause.0);
            }
            EventKind::Granted { channels, purposes, basis, until, term, own_act } => {
                raw.channels = Some(list(channels.iter()));
                raw.purposes = Some(list(purposes.iter()));
                raw.basis = Some(basis.into());
                raw.until = until.map(Field::from);
                raw.term = term.map(Field::from);
                raw.own_act = Some(own_act);
            }
            EventKind::Denied { channels, purposes } | EventKind::OptedOut { channels, purposes } => {
                raw.channels = Some(list(channels.iter()));
                raw.purposes = Some(list(purposes.iter()));
            }
            EventKind::Unsubscribed { subscription, channels }
            | EventKind::Subscribed { subscription, channels } => {
                raw.subscription = Some(subscription.into());
                raw.channels = Some(list(channels.iter()));
            }
            EventKind::Suppressed { channels, purposes, reason } => {
                raw.channels = Some(list(channels.iter()));
                raw.purposes = Some(list(purposes.iter()));
                raw.reason = Some(reason.to_string().into());
            }
            EventKind::Screened { channels, list: made, listed } => {
                raw.channels = Some(list(channels.iter()));
                raw.list = Some(made.into());
                raw.listed = listed.map(Field::from);
            }
            EventKind::Declined { reason } | EventKind::Disqualified { reason } => {
                raw.reason = Some(reason.to_string().into());
            }
            EventKind::ProblemSolved { problem } => raw.problem = Some(problem.0),
            EventKind::Promised { by, due, about } => {
                raw.by = Some(by.into());
                raw.due = Some(due.into());
                raw.about = about.map(Field::from);
            }
            EventKind::CallbackRequested { due, channel } => {
                raw.due = Some(due.into());
                raw.channel = Some(channel.into());
            }
            EventKind::Kept { promise } => raw.promise = Some(promise.0),
            EventKind::Held { until, reason, despite_reply } => {
                raw.until = until.map(Field::from);
                raw.reason = Some(reason.to_string().into());
                raw.despite_reply = despite_reply.then_some(true);
            }
            EventKind::Released { reason } => raw.reason = reason.map(|reason| reason.to_string().into()),
            EventKind::Bounced { channel, permanent, of } => {
                raw.channel = Some(channel.into());
                raw.permanent = Some(permanent);
                raw.of = of.map(|id| id.0);
            }
            EventKind::Enrolled { sequence, from } => {
                raw.sequence = Some(sequence.into());
                raw.from = from.map(Field::from);
            }
            EventKind::Stalled { why, until } => {
                raw.why = Some(why.into());
                raw.until = until.map(Field::from);
            }
            EventKind::Referred { to } => raw.to = to.map(Field::from),
            EventKind::Introduced { referrer } => raw.referrer = referrer.map(Field::from),
            EventKind::Retracted { event } => raw.retracts = Some(event.0),
            EventKind::Booked { meeting } => raw.meeting = Some(meeting.into()),
        }
        raw
    }
}
