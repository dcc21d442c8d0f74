//! What a row says happened, told as events.
//!
//! | column and value | what it says | events |
//! |---|---|---|
//! | Lead Origin: landing page, API | they filled in a form | `inquired` via form |
//! | … and Lead Source: a chat | they wrote in the chat | `inquired` via message |
//! | … and Lead Source: Click2call | they asked to be called | `inquired` via call, expected by phone |
//! | Lead Origin: Lead Add Form | a colleague typed them in: as its source says | `inquired` via referral, form, … |
//! | … without a source; Quick Add Form; Lead Import | nothing says that they asked | `added` |
//! | A free copy of Mastering The Interview: Yes | our first mail carried the book | the item of the first mail |
//! | activity: (none), Modified, Converted to Lead | nothing happened between them and us | |
//! | Email Opened, Email Link Clicked, View in browser link Clicked | we had mailed; they read | `touched` by e-mail, `engaged` |
//! | Page Visited on Website, Visited Booth in Tradeshow | interest that asks for nothing | `engaged` visited |
//! | SMS Sent | we texted; into the void where the number is wrong | `touched` by text; `failed` |
//! | Olark Chat Conversation, Form Submitted on Website | they asked (again), and no answer is on record | `inquired` |
//! | Approached upfront | they came to us in person | `inquired` via visit |
//! | Email Received | they wrote to us | `replied` by e-mail |
//! | Had a Phone Conversation | a conversation: a recap is due, unless the mail of the note was it | `met` by phone |
//! | Unreachable | a call that did not get through: no touch | `failed` by phone |
//! | Email Bounced | the address is dead: nothing that was mailed arrived | `bounced` e-mail, for good |
//! | Unsubscribed | no mail any more, not even answers | `touched` by e-mail, `opted-out` of e-mail |
//! | Email Marked Spam | a complaint: the same, and they are annoyed | … and `annoyed` |
//! | Resubscribed to emails | they had left, and came back by themselves | `opted-out`, then `granted` by own act |
//! | note: Ringing, Busy, switched off | a call that did not get through: no touch | `failed` by phone |
//! | invalid number, wrong number given | neither calls nor texts arrive | `bounced` phone and text, for good |
//! | number not provided | the same: there is no such channel | |
//! | opp hangup | they picked up and hung up | `touched` by phone, `annoyed` |
//! | Will revert after reading the email | we talked, mailed, and they promised to come back: three days | `met` by phone, `touched` by e-mail as recap, `promised` by them |
//! | Still Thinking | we talked; leave them a week | `met`, `held` not-now |
//! | Shall take in the next coming month | … a month | `met`, `held` not-now |
//! | Interested in Next batch | … three months | `met`, `held` not-now |
//! | Graduation in progress | not eligible yet: half a year | `met`, `held` not-now |
//! | Want to take admission but has financial problems, In confusion whether part time or DLP, in touch with EINS, Lateral student | we talked; they are willing, and we know what it turns on | `met`, an interest |
//! | Recognition issue (DEC approval) | we talked; a doubt that somebody must clear up | `met`, `problem-reported` |
//! | Interested in other courses, Interested in full time MBA | they want what we do not have | `disqualified` no-need |
//! | Diploma holder, University not recognized | they may not enrol | `disqualified` not-eligible |
//! | Already a student | they have it | `disqualified` already-customer |
//! | Not doing further education | a no | `declined` no-need |
//! | Lost to EINS, Lost to Others | a no | `declined` competitor |
//! | Closed by Horizzon | they enrolled | `purchased` |
//! | Do Not Email: Yes | a standing refusal | `opted-out` of e-mail |
//! | Do Not Call: Yes | a standing refusal of calls, and of texts to the same number | `opted-out` of phone and text |
//!
//! A note is what somebody wrote down after a call. Where the call was answered it is a conversation, which answers
//! the inquiry, permits to follow up and calls for a recap.
//!
//! The order: the inquiry, the last activity, the last notable activity. The note stands after them where the
//! last notable activity is `Modified` (somebody edited the lead: that was the note), and else before the
//! activity. What ends a pursuit stands after all of these, because nothing in the file proves that they came
//! back later, and Do Not Email and Do Not Call stand after everything, a resubscription too.

use std::time::Duration;

use followup::{
    Basis, Channel, Channels, Engagement, EventId, EventKind, HoldReason, Instant, ItemId, Party, Purpose,
    Purposes, Reason, Source,
};

/// What the columns Last Activity and Last Notable Activity say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    Nothing,
    Modified,
    Read(Engagement),
    Visited,
    Texted,
    Asked(Source),
    Wrote,
    Talked,
    Unreachable,
    Bounced,
    Unsubscribed,
    MarkedSpam,
    Resubscribed,
}

impl Activity {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "" | "Select" | "Converted to Lead" => Self::Nothing,
            "Modified" => Self::Modified,
            "Email Opened" => Self::Read(Engagement::Opened),
            "Email Link Clicked" | "View in browser link Clicked" => Self::Read(Engagement::Clicked),
            "Page Visited on Website" | "Visited Booth in Tradeshow" => Self::Visited,
            "SMS Sent" => Self::Texted,
            "Olark Chat Conversation" => Self::Asked(Source::Message),
            "Form Submitted on Website" => Self::Asked(Source::Form),
            "Approached upfront" => Self::Asked(Source::Visit),
            "Email Received" => Self::Wrote,
            "Had a Phone Conversation" => Self::Talked,
            "Unreachable" => Self::Unreachable,
            "Email Bounced" => Self::Bounced,
            "Unsubscribed" => Self::Unsubscribed,
            "Email Marked Spam" => Self::MarkedSpam,
            "Resubscribed to emails" => Self::Resubscribed,
            _ => return None,
        })
    }
}

/// What the column Tags says: the caller's note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    Nothing,
    NotReached,
    BadNumber,
    NoNumber,
    HungUp,
    WillRevert,
    /// Not before so many days have passed.
    Later(u32),
    /// They are willing, and this is what it turns on.
    TurnsOn(&'static str),
    Doubts,
    Lost(Reason),
    GivenUp(Reason),
    Enrolled,
}

impl Note {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
            "" | "Select" => Self::Nothing,
            "Ringing" | "Busy" | "switched off" => Self::NotReached,
            "invalid number" | "wrong number given" => Self::BadNumber,
            "number not provided" => Self::NoNumber,
            "opp hangup" => Self::HungUp,
            "Will revert after reading the email" => Self::WillRevert,
            "Still Thinking" => Self::Later(7),
            "Shall take in the next coming month" => Self::Later(30),
            "Interested in Next batch" => Self::Later(90),
            "Graduation in progress" => Self::Later(180),
            "Want to take admission but has financial problems" => Self::TurnsOn("financing"),
            "In confusion whether part time or DLP" => Self::TurnsOn("study-mode"),
            "in touch with EINS" => Self::TurnsOn("comparison"),
            "Lateral student" => Self::TurnsOn("lateral-entry"),
            "Recognition issue (DEC approval)" => Self::Doubts,
            "Interested in other courses" | "Interested in full time MBA" => Self::GivenUp(Reason::NoNeed),
            "Diploma holder (Not Eligible)" | "University not recognized" => {
                Self::GivenUp(Reason::NotEligible)
            }
            "Already a student" => Self::GivenUp(Reason::AlreadyCustomer),
            "Not doing further education" => Self::Lost(Reason::NoNeed),
            "Lost to EINS" | "Lost to Others" => Self::Lost(Reason::Competitor),
            "Closed by Horizzon" => Self::Enrolled,
            _ => return None,
        })
    }

    /// Whether there is a number that works.
    pub(crate) const fn has_number(self) -> bool {
        !matches!(self, Self::BadNumber | Self::NoNumber)
    }

    /// Whether they showed by it that they may well come.
    pub(crate) const fn is_positive(self) -> bool {
        matches!(self, Self::WillRevert | Self::Later(_) | Self::TurnsOn(_) | Self::Doubts)
    }
}

/// How they came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// They asked.
    Asked(Source),
    /// Nothing says that they asked: we put them on the list.
    Listed,
}

impl Origin {
    pub(crate) fn parse(origin: &str, source: &str) -> Option<Self> {
        let by_source = match source {
            "Olark Chat" | "Live Chat" => Source::Message,
            "Click2call" => Source::Call,
            "Reference" => Source::Referral,
            _ => Source::Form,
        };
        match origin {
            "Lead Add Form" if source.is_empty() => Some(Self::Listed),
            "Quick Add Form" | "Lead Import" => Some(Self::Listed),
            "Landing Page Submission" | "API" | "Lead Add Form" => Some(Self::Asked(by_source)),
            _ => None,
        }
    }
}

/// The facts of one row that have to do with what happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) came: Origin,
    pub(crate) last: Activity,
    pub(crate) notable: Activity,
    pub(crate) note: Note,
    pub(crate) got_book: bool,
    pub(crate) no_mail: bool,
    pub(crate) no_calls: bool,
}

/// One event of a story; its instant is not known yet.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    Happened(EventKind),
    /// They promised to come back within so many days.
    WillRevert(u32),
    /// Not before so many days have passed.
    NotBefore(u32),
}

impl Told {
    /// The event, if it happened at that instant. What lies past the year 2200 never comes.
    pub(crate) fn at(self, at: Instant) -> EventKind {
        let after = |days: u32| {
            let span = Duration::from_secs(u64::from(days) * 86_400);
            at.checked_add(span).unwrap_or(Instant::MAX)
        };
        match self {
            Self::Happened(kind) => kind,
            Self::WillRevert(days) => EventKind::Promised { by: Party::Them, due: after(days), about: None },
            Self::NotBefore(days) => {
                EventKind::Held { until: Some(after(days)), reason: HoldReason::NotNow, despite_reply: false }
            }
        }
    }
}

/// Tells what happened, in order. The id of an event is its place, counted from 1.
pub(crate) fn tell(facts: &Facts) -> Vec<Told> {
    let mut story = Story { facts: *facts, told: Vec::new(), owed: None, mailed: false, promised: None };
    match facts.came {
        Origin::Asked(via) => story.asked(via),
        Origin::Listed => story.happened(EventKind::Added),
    }
    let activities = if facts.notable == facts.last {
        [facts.last, Activity::Nothing]
    } else {
        [facts.last, facts.notable]
    };
    let is_edited_last = facts.notable == Activity::Modified;
    if !is_edited_last {
        story.note();
    }
    for activity in activities {
        story.activity(activity);
    }
    if is_edited_last {
        story.note();
    }
    story.ending();
    story.standing_refusals();
    story.told
}

struct Story {
    facts: Facts,
    told: Vec<Told>,
    /// What they may expect of us: the act, and the event it follows from.
    owed: Option<(&'static str, EventId)>,
    mailed: bool,
    promised: Option<EventId>,
}

impl Story {
    fn happened(&mut self, kind: EventKind) {
        self.told.push(Told::Happened(kind));
    }

    fn next_id(&self) -> EventId {
        EventId(self.told.len() as u64 + 1)
    }

    fn is(&self, activity: Activity) -> bool {
        [self.facts.last, self.facts.notable].contains(&activity)
    }

    fn asked(&mut self, via: Source) {
        self.came_back();
        self.owed = Some(("respond", self.next_id()));
        let channel = (via == Source::Call).then_some(Channel::Phone);
        self.happened(EventKind::Inquired { via, channel });
    }

    /// Coming back keeps the promise to come back.
    fn came_back(&mut self) {
        if let Some(promise) = self.promised.take() {
            self.happened(EventKind::Kept { promise });
        }
    }

    /// We contacted them, and that settled what they expected.
    fn touched(&mut self, channel: Channel) {
        let item: Option<ItemId> = match channel {
            Channel::Email if !self.mailed && self.facts.got_book => "interview-book".parse().ok(),
            _ => None,
        };
        self.mailed |= channel == Channel::Email;
        let owed = self.owed.take();
        let act = owed.and_then(|(act, _)| act.parse().ok());
        self.happened(EventKind::Touched {
            channel,
            act,
            cause: owed.map(|(_, cause)| cause),
            item,
            disposition: None,
        });
    }

    /// We tried to, and did not get through. What was owed is owed.
    fn failed(&mut self, channel: Channel) {
        let (act, cause) = self.owed.unwrap_or(("respond", EventId(1)));
        if let Ok(act) = act.parse() {
            self.happened(EventKind::Failed { channel, act, cause });
        }
    }

    /// A mail of ours, unless one is told already. One that bounced did not arrive.
    fn mailed(&mut self) {
        if !self.mailed && !self.is(Activity::Bounced) {
            self.touched(Channel::Email);
        }
    }

    /// A call that was answered. The note and the activity may speak of the same one.
    fn met(&mut self) {
        let kind = EventKind::Met { channel: Channel::Phone };
        if !self.told.iter().any(|told| matches!(told, Told::Happened(EventKind::Met { .. }))) {
            self.owed = Some(("recap", self.next_id()));
            self.happened(kind);
        }
    }

    fn opted_out(&mut self, channels: impl Into<Channels>) {
        self.happened(EventKind::OptedOut { channels: channels.into(), purposes: Purposes::ALL });
    }

    fn activity(&mut self, activity: Activity) {
        match activity {
            Activity::Nothing | Activity::Modified => {}
            Activity::Read(how) => {
                self.mailed();
                self.happened(EventKind::Engaged { how });
            }
            Activity::Visited => self.happened(EventKind::Engaged { how: Engagement::Visited }),
            Activity::Texted if self.facts.note.has_number() => self.touched(Channel::Text),
            Activity::Texted => self.failed(Channel::Text),
            Activity::Asked(via) => self.asked_again(via),
            Activity::Wrote => {
                self.came_back();
                self.owed = Some(("respond", self.next_id()));
                self.happened(EventKind::Replied { channel: Channel::Email });
            }
            Activity::Talked => self.met(),
            Activity::Unreachable => self.failed(Channel::Phone),
            Activity::Bounced => {
                self.happened(EventKind::Bounced { channel: Channel::Email, permanent: true, of: None });
            }
            Activity::Unsubscribed => {
                self.mailed();
                self.opted_out(Channel::Email);
            }
            Activity::MarkedSpam => {
                self.mailed();
                self.opted_out(Channel::Email);
                self.happened(EventKind::Annoyed);
            }
            Activity::Resubscribed => {
                self.mailed();
                self.opted_out(Channel::Email);
                self.happened(EventKind::Granted {
                    channels: Channel::Email.into(),
                    purposes: [Purpose::FollowUp, Purpose::Care].into_iter().collect(),
                    basis: Basis::Express,
                    until: None,
                    term: None,
                    own_act: true,
                });
            }
        }
    }

    /// The chat or the form by which they came is the one of the last activity, unless we have been in touch
    /// since.
    fn asked_again(&mut self, via: Source) {
        let is_first = self.owed == Some(("respond", EventId(1))) && self.facts.came == Origin::Asked(via);
        if !is_first {
            self.asked(via);
        }
    }

    fn note(&mut self) {
        match self.facts.note {
            // What ends a pursuit is told at the end.
            Note::Nothing | Note::NoNumber | Note::Lost(_) | Note::GivenUp(_) | Note::Enrolled => {}
            Note::NotReached => self.failed(Channel::Phone),
            Note::BadNumber => {
                for channel in [Channel::Phone, Channel::Text] {
                    self.happened(EventKind::Bounced { channel, permanent: true, of: None });
                }
            }
            Note::HungUp => {
                self.touched(Channel::Phone);
                self.happened(EventKind::Annoyed);
            }
            Note::WillRevert => {
                self.met();
                // The mail that they want to read: it sums up the call.
                if !self.is(Activity::Bounced) {
                    self.touched(Channel::Email);
                }
                self.promised = Some(self.next_id());
                self.told.push(Told::WillRevert(3));
            }
            Note::Later(days) => {
                self.met();
                self.told.push(Told::NotBefore(days));
            }
            Note::TurnsOn(_) => self.met(),
            Note::Doubts => {
                self.met();
                self.happened(EventKind::ProblemReported);
            }
        }
    }

    fn ending(&mut self) {
        match self.facts.note {
            Note::Lost(reason) => self.happened(EventKind::Declined { reason }),
            Note::GivenUp(reason) => self.happened(EventKind::Disqualified { reason }),
            Note::Enrolled => {
                // Whoever enrolled them has talked to them.
                if self.owed.is_some() {
                    self.touched(Channel::Phone);
                }
                self.happened(EventKind::Purchased);
            }
            _ => {}
        }
    }

    fn standing_refusals(&mut self) {
        if self.facts.no_mail {
            self.opted_out(Channel::Email);
        }
        if self.facts.no_calls {
            self.opted_out([Channel::Phone, Channel::Text]);
        }
    }
}
