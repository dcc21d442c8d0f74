//! The words in which facts are said.

use crate::error::vocabulary;

vocabulary!(
    /// How an inquiry came in. It shapes the first response and nothing after it.
    Source, "source of an inquiry", "use form, message, card, referral, call or visit", {
    /// A form on a website.
    Form = "form",
    /// A message: e-mail, chat, text.
    Message = "message",
    /// A card or a scan at a fair.
    Card = "card",
    /// Somebody sent them.
    Referral = "referral",
    /// They called.
    Call = "call",
    /// They came by.
    Visit = "visit",
});

vocabulary!(
    /// A sign of interest that asks for no answer.
    Engagement, "engagement", "use opened, clicked, visited or accepted", {
    /// They opened a message.
    Opened = "opened",
    /// They followed a link.
    Clicked = "clicked",
    /// They visited a page or a booth.
    Visited = "visited",
    /// They accepted an invitation: to connect, to an event.
    Accepted = "accepted",
});

vocabulary!(
    /// What came of a call or a visit.
    Disposition, "disposition", "use connected, voicemail, no-answer or gatekeeper", {
    /// They talked. What was said is an event of its own: met, declined, booked.
    Connected = "connected",
    /// A message was left.
    Voicemail = "voicemail",
    /// Nobody answered, and it counts as a touch all the same. What does not count, because it will be tried again, is
    /// [`EventKind::Failed`](crate::EventKind::Failed).
    NoAnswer = "no-answer",
    /// Somebody else answered.
    Gatekeeper = "gatekeeper",
});

vocabulary!(
    /// What a step may look at, and what may end a sequence: what they did, or what came of the last contact.
    Sign, "sign", "use opened, clicked, visited, accepted, replied, booked, met, connected, voicemail, no-answer or gatekeeper", {
    /// They opened a message.
    Opened = "opened",
    /// They followed a link.
    Clicked = "clicked",
    /// They visited a page or a booth.
    Visited = "visited",
    /// They accepted an invitation.
    Accepted = "accepted",
    /// They answered.
    Replied = "replied",
    /// A meeting was agreed. One that they missed is none.
    Booked = "booked",
    /// There was a conversation.
    Met = "met",
    /// The last contact was a talk.
    Connected = "connected",
    /// The last contact was a message left.
    Voicemail = "voicemail",
    /// At the last contact nobody answered.
    NoAnswer = "no-answer",
    /// At the last contact somebody else answered.
    Gatekeeper = "gatekeeper",
});

impl Sign {
    /// Whether it is one of what was sent.
    pub(crate) const fn is_of_a_message(self) -> bool {
        matches!(self, Self::Opened | Self::Clicked)
    }

    /// The disposition that it stands for, if it is one: what it says is of the last contact only.
    #[must_use]
    pub const fn disposition(self) -> Option<Disposition> {
        match self {
            Self::Connected => Some(Disposition::Connected),
            Self::Voicemail => Some(Disposition::Voicemail),
            Self::NoAnswer => Some(Disposition::NoAnswer),
            Self::Gatekeeper => Some(Disposition::Gatekeeper),
            _ => None,
        }
    }
}

impl From<Engagement> for Sign {
    fn from(how: Engagement) -> Self {
        match how {
            Engagement::Opened => Self::Opened,
            Engagement::Clicked => Self::Clicked,
            Engagement::Visited => Self::Visited,
            Engagement::Accepted => Self::Accepted,
        }
    }
}

impl From<Disposition> for Sign {
    fn from(disposition: Disposition) -> Self {
        match disposition {
            Disposition::Connected => Self::Connected,
            Disposition::Voicemail => Self::Voicemail,
            Disposition::NoAnswer => Self::NoAnswer,
            Disposition::Gatekeeper => Self::Gatekeeper,
        }
    }
}

vocabulary!(
    /// Why they are silent though they have not said no, as far as it is known.
    Stall, "reason for silence", "use several-deciders, no-time, other-priorities or forgot", {
    /// Others decide too, and have not yet.
    SeveralDeciders = "several-deciders",
    /// They have no time for it.
    NoTime = "no-time",
    /// Something else comes first.
    OtherPriorities = "other-priorities",
    /// They had forgotten it.
    Forgot = "forgot",
});

vocabulary!(
    /// Why a pursuit ended.
    Reason, "reason", "use not-interested, no-need, no-budget, competitor, not-eligible, already-customer or other", {
    /// They do not want it.
    NotInterested = "not-interested",
    /// They have no use for it.
    NoNeed = "no-need",
    /// They cannot pay for it.
    NoBudget = "no-budget",
    /// They went to somebody else.
    Competitor = "competitor",
    /// They may not have it.
    NotEligible = "not-eligible",
    /// They have it.
    AlreadyCustomer = "already-customer",
    /// Anything else; the host's own notes say what.
    Other = "other",
});

vocabulary!(
    /// Why nothing is sent for a while.
    HoldReason, "reason for a hold", "use snoozed, out-of-office, not-now, colleague-replied, paused, booked or callback", {
    /// The seller put it off.
    Snoozed = "snoozed",
    /// They are away.
    OutOfOffice = "out-of-office",
    /// They asked for later: "not before March".
    NotNow = "not-now",
    /// A colleague of theirs answered.
    ColleagueReplied = "colleague-replied",
    /// The seller paused it. While that lasts the delays of a sequence stand still; the other holds only bar the way.
    Paused = "paused",
    /// A meeting is agreed.
    Booked = "booked",
    /// They asked to be called at a time ([`EventKind::CallbackRequested`](crate::EventKind::CallbackRequested)).
    Callback = "callback",
});

vocabulary!(
    /// Whose promise it is.
    Party, "party", "use us or them", {
    /// The seller's.
    Us = "us",
    /// The prospect's.
    Them = "them",
});

vocabulary!(
    /// Who executes an act.
    Executor, "executor", "use person, delegate or automatic", {
    /// The seller in person.
    Person = "person",
    /// Somebody on the seller's behalf.
    Delegate = "delegate",
    /// A machine.
    Automatic = "automatic",
});

vocabulary!(
    /// What begins a pursuit.
    Trigger, "trigger", "use added, inquired, met, purchased, no-show, introduced, given-up, opted-in, several-deciders, no-time, other-priorities or forgot", {
    /// The seller put them on the list.
    Added = "added",
    /// They inquired.
    Inquired = "inquired",
    /// There was a conversation.
    Met = "met",
    /// They bought.
    Purchased = "purchased",
    /// They did not come to a meeting.
    NoShow = "no-show",
    /// A colleague named them.
    Introduced = "introduced",
    /// The seller gave up on them, though they never said no.
    GivenUp = "given-up",
    /// They took back a no: by an act of their own they permitted what they had refused before.
    OptedIn = "opted-in",
    /// It became known that others decide too.
    SeveralDeciders = "several-deciders",
    /// It became known that they have no time.
    NoTime = "no-time",
    /// It became known that something else comes first.
    OtherPriorities = "other-priorities",
    /// It became known that they had forgotten it.
    Forgot = "forgot",
});

impl From<Stall> for Trigger {
    fn from(why: Stall) -> Self {
        match why {
            Stall::SeveralDeciders => Self::SeveralDeciders,
            Stall::NoTime => Self::NoTime,
            Stall::OtherPriorities => Self::OtherPriorities,
            Stall::Forgot => Self::Forgot,
        }
    }
}

impl Trigger {
    /// Whether it says why they are silent: its sequence is a detour, after which the pursuit before it goes on.
    pub(crate) const fn is_stall(self) -> bool {
        matches!(self, Self::SeveralDeciders | Self::NoTime | Self::OtherPriorities | Self::Forgot)
    }

    /// Whether it begins a pursuit even where no sequence starts on it: then that is what there is to say. The others
    /// leave what is under way.
    pub(crate) const fn stands_alone(self) -> bool {
        matches!(self, Self::Inquired | Self::Purchased | Self::GivenUp | Self::Added | Self::Introduced)
    }

    /// Whether what starts on it comes before what is under way, and leaves it to go on afterwards.
    pub(crate) const fn is_detour(self) -> bool {
        self.is_stall() || matches!(self, Self::NoShow)
    }
}

vocabulary!(
    /// As what a prospect is contacted. Of whom it is not known, the rules for both apply.
    Recipient, "kind of recipient", "use consumer or business", {
    /// A private person.
    Consumer = "consumer",
    /// Somebody at work.
    Business = "business",
});

vocabulary!(
    /// After what contacts pause.
    Outcome, "outcome", "use met, refused, annoyed, purchased, several-deciders, no-time, other-priorities or forgot", {
    /// There was a conversation.
    Met = "met",
    /// They refused: a permission, the offer, or all contact.
    Refused = "refused",
    /// They showed annoyance.
    Annoyed = "annoyed",
    /// They bought.
    Purchased = "purchased",
    /// It became known that others decide too.
    SeveralDeciders = "several-deciders",
    /// It became known that they have no time.
    NoTime = "no-time",
    /// It became known that something else comes first.
    OtherPriorities = "other-priorities",
    /// It became known that they had forgotten it.
    Forgot = "forgot",
});

impl From<Stall> for Outcome {
    fn from(why: Stall) -> Self {
        match why {
            Stall::SeveralDeciders => Self::SeveralDeciders,
            Stall::NoTime => Self::NoTime,
            Stall::OtherPriorities => Self::OtherPriorities,
            Stall::Forgot => Self::Forgot,
        }
    }
}

vocabulary!(
    /// How much they have shown that they mean it, by what is recorded of them. A no ends it, and so does buying; a
    /// meeting that they missed takes back that they were ready.
    #[derive(Default)]
    Intent, "intent", "use none, opened, interested, talking or ready", {
    /// Nothing.
    #[default]
    None = "none",
    /// They opened a message.
    Opened = "opened",
    /// They followed a link, visited, or accepted an invitation.
    Interested = "interested",
    /// They inquired, answered, or talked to the seller.
    Talking = "talking",
    /// They agreed to a meeting, or asked to be called.
    Ready = "ready",
});

impl From<Sign> for Intent {
    fn from(sign: Sign) -> Self {
        match sign {
            Sign::Opened => Self::Opened,
            Sign::Clicked | Sign::Visited | Sign::Accepted => Self::Interested,
            Sign::Replied | Sign::Met | Sign::Connected => Self::Talking,
            Sign::Booked => Self::Ready,
            Sign::Voicemail | Sign::NoAnswer | Sign::Gatekeeper => Self::None,
        }
    }
}

vocabulary!(
    /// What a seller owes a prospect, or may do for them, beside the steps of a sequence. Their order is the order of
    /// precedence: what is due gives way to nothing below it, and the steps of sequences come after them all.
    Duty, "duty", "use confirm-opt-out, respond, solve, recap, keep-promise, confirm-meeting, ask-permission or remind", {
    /// Confirm to them that they opted out: the one message that may follow it.
    ConfirmOptOut = "confirm-opt-out",
    /// Answer an inquiry or a reply.
    Respond = "respond",
    /// Solve a problem that they reported.
    Solve = "solve",
    /// Sum up a conversation: the problems they named, the solutions found, the next agreed time.
    Recap = "recap",
    /// Do what the seller promised.
    KeepPromise = "keep-promise",
    /// Confirm a meeting that is agreed, or remind them of it, before they meet.
    ConfirmMeeting = "confirm-meeting",
    /// Ask whether the seller may follow up.
    AskPermission = "ask-permission",
    /// Remind them of what they promised.
    Remind = "remind",
});

impl Duty {
    /// Whether the prospect began it or agreed to it. Answers need no permission and know no gap.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        !matches!(self, Self::AskPermission | Self::Remind)
    }
}
