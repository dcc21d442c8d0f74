//! What is so after each event: what is owed (3), what holds (4), what has ended (5.3), what was said and done.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use followup::{
    Channel, Channels, Delay, Disposition, Duty, EventId, EventKind, HoldReason, Instant, Outcome, Party,
    Purpose, Sign, Trigger,
};

use crate::common::oracle;

use super::Told;
use super::hours::Asked;
use super::log::Happened;
use super::permits::Consent;
use super::pursuits::Pursuit;
use super::spans::Spans;

/// A contact that got out and did not bounce.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) nth: usize,
    pub(crate) at: Instant,
    pub(crate) channel: Channel,
    pub(crate) act: Option<String>,
    pub(crate) cause: Option<EventId>,
    pub(crate) is_answer: bool,
    pub(crate) item: Option<String>,
    pub(crate) disposition: Option<Disposition>,
}

/// What did not get through, whether it got out or not.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) nth: usize,
    pub(crate) at: Instant,
    pub(crate) channel: Channel,
    pub(crate) act: Option<String>,
    pub(crate) cause: Option<EventId>,
    pub(crate) got_out: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: EventId,
    pub(crate) at: Instant,
    pub(crate) channel: Option<Channel>,
}

#[derive(Debug, Clone)]
pub(crate) struct Promise {
    pub(crate) id: EventId,
    pub(crate) due: Instant,
    /// Where they want to be called, if it is that.
    pub(crate) callback: Option<Channel>,
}

#[derive(Debug, Clone)]
pub(crate) struct Confirmation {
    pub(crate) id: EventId,
    pub(crate) at: Instant,
    pub(crate) channels: Vec<Channel>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Hold {
    pub(crate) at: Instant,
    pub(crate) until: Option<Instant>,
    despite_reply: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct End {
    pub(crate) kind: &'static str,
    pub(crate) code: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) nth: usize,
    pub(crate) at: Instant,
    pub(crate) sign: Sign,
}

#[derive(Clone)]
pub(crate) struct State<'s> {
    pub(crate) told: &'s Told<'s>,
    pub(crate) spans: &'s Spans<'s>,
    pub(crate) log: &'s [Happened],
    /// How much of the log has happened.
    pub(crate) seen: usize,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) messages: Vec<Message>,
    pub(crate) problems: Vec<(EventId, Instant)>,
    pub(crate) recap: Option<(EventId, Instant, Channel)>,
    pub(crate) promises: Vec<Promise>,
    pub(crate) theirs: Vec<(EventId, Instant)>,
    /// The booking of a meeting that is to be confirmed, from when on, and when they meet.
    pub(crate) meeting: Option<(EventId, Instant, Instant)>,
    pub(crate) confirm: Option<Confirmation>,
    pub(crate) holds: BTreeMap<HoldReason, Hold>,
    /// From when and until when the seller paused it.
    pub(crate) pauses: Vec<(Instant, Option<Instant>)>,
    pub(crate) ends: Vec<End>,
    pub(crate) has_bought: bool,
    /// Whether they inquired, talked to us or bought, and no no came since.
    pub(crate) knows_us: bool,
    pub(crate) dead: Vec<Channel>,
    /// From what they unsubscribed on which channel, and with which event.
    pub(crate) unsubscribed: BTreeMap<(String, Channel), usize>,
    pub(crate) resting: BTreeMap<Channel, Instant>,
    pub(crate) screened: BTreeMap<Channel, (Instant, Option<Instant>)>,
    /// The event after which they were not heard from.
    pub(crate) heard: Option<usize>,
    pub(crate) annoyed: Option<Instant>,
    pub(crate) outcomes: Vec<(Outcome, Option<Channel>, Instant)>,
    pub(crate) conversations: Vec<(Instant, Channel)>,
    pub(crate) colleagues: Vec<(Instant, Channel)>,
    pub(crate) shown: Vec<Shown>,
    /// When they meet, as long as that is agreed.
    pub(crate) agreed: Option<Instant>,
    pub(crate) named: Vec<String>,
    /// Sequences that were begun, and when.
    pub(crate) begun: Vec<(Option<usize>, Instant)>,
    /// The last event since which asking is counted anew.
    pub(crate) asking_anew: Option<usize>,
    /// The event that began the last pursuit that is no detour.
    pub(crate) last_pursuit: Option<usize>,
    pub(crate) pursuits: Vec<Pursuit>,
    pub(crate) consents: RefCell<BTreeMap<(Purpose, Channel), Rc<Consent>>>,
    pub(crate) edges: RefCell<Vec<Instant>>,
    /// From when to when hours were found to open.
    pub(crate) opened: RefCell<BTreeMap<Asked, Vec<Opened>>>,
}

/// From when hours lead to the same instant, and that instant.
pub(crate) type Opened = (Instant, Option<Instant>);

impl<'s> State<'s> {
    pub(crate) fn of(told: &'s Told<'s>, spans: &'s Spans<'s>, log: &'s [Happened]) -> Self {
        let mut state = Self {
            told,
            spans,
            log,
            seen: 0,
            contacts: Vec::new(),
            attempts: Vec::new(),
            messages: Vec::new(),
            problems: Vec::new(),
            recap: None,
            promises: Vec::new(),
            theirs: Vec::new(),
            meeting: None,
            confirm: None,
            holds: BTreeMap::new(),
            pauses: Vec::new(),
            ends: Vec::new(),
            has_bought: false,
            knows_us: false,
            dead: Vec::new(),
            unsubscribed: BTreeMap::new(),
            resting: BTreeMap::new(),
            screened: BTreeMap::new(),
            heard: None,
            annoyed: None,
            outcomes: Vec::new(),
            conversations: Vec::new(),
            colleagues: Vec::new(),
            shown: Vec::new(),
            agreed: None,
            named: Vec::new(),
            begun: Vec::new(),
            asking_anew: None,
            last_pursuit: None,
            pursuits: Vec::new(),
            consents: RefCell::default(),
            edges: RefCell::default(),
            opened: RefCell::default(),
        };
        for nth in 0..log.len() {
            state.take(nth);
        }
        state
    }

    pub(crate) fn last(&self) -> Option<Instant> {
        self.log[..self.seen].last().map(|event| event.at)
    }

    /// Remembers an instant at which something may change.
    pub(crate) fn edge(&self, at: Instant) {
        self.edges.borrow_mut().push(at);
    }

    pub(crate) fn is_ended_by(&self, kinds: &[&str]) -> bool {
        self.ends.iter().any(|end| kinds.contains(&end.kind))
    }

    /// Whether a no or a disqualification stands.
    fn is_over(&self) -> bool {
        self.is_ended_by(&["declined", "disqualified"])
    }

    #[allow(clippy::too_many_lines, reason = "a few lines for every kind of event")]
    fn take(&mut self, nth: usize) {
        let event = &self.log[nth];
        let at = event.at;
        // What begins is judged by what was known before it.
        let before = self.clone();
        let takes_back = self.takes_back(&event.kind);
        self.seen = nth + 1;
        self.consents.borrow_mut().clear();
        self.opened.borrow_mut().clear();
        self.lapse(at);
        self.note_signs(nth);
        self.note_silence(nth);
        self.note_holds(nth);
        self.note_ends(nth);
        match &event.kind {
            EventKind::Touched { .. } => self.note_contact(nth),
            EventKind::Failed { channel, act, cause } => {
                self.attempt(nth, *channel, Some(act.as_str()), Some(*cause), false);
            }
            EventKind::Skipped { step } => self.skip(step.as_str(), at),
            EventKind::Inquired { channel, .. } => {
                self.messages.push(Message { id: event.id, at, channel: *channel });
            }
            EventKind::Replied { channel } => {
                self.messages.push(Message { id: event.id, at, channel: Some(*channel) });
            }
            EventKind::Booked { meeting } => {
                let before =
                    self.told.case.model.confirm_meeting.filter(|_| *meeting > at && !self.is_over());
                let due = |before| oracle::latest_before(self.told.case, *meeting, before).unwrap_or(at);
                self.meeting = before.map(|before| (event.id, due(before).max(at), *meeting));
            }
            EventKind::NoShow | EventKind::CalledOff => self.meeting = None,
            EventKind::Met { channel } => {
                self.messages.clear();
                self.meeting = None;
                if !self.is_over() {
                    self.recap = Some((event.id, at, *channel));
                }
                self.conversations.push((at, *channel));
                self.outcomes.push((Outcome::Met, Some(*channel), at));
            }
            EventKind::Named { topics } => {
                self.named.extend(topics.iter().map(|topic| topic.as_str().to_string()));
            }
            EventKind::ProblemReported => self.problems.push((event.id, at)),
            EventKind::ProblemSolved { problem } => self.problems.retain(|(id, _)| id != problem),
            EventKind::Promised { .. } if self.is_over() => {}
            EventKind::Promised { by: Party::Us, due, .. } => {
                self.promises.push(Promise { id: event.id, due: *due, callback: None });
            }
            EventKind::Promised { by: Party::Them, due, .. } => self.theirs.push((event.id, *due)),
            EventKind::CallbackRequested { due, channel } => {
                self.promises.retain(|promise| promise.callback.is_none());
                self.promises.push(Promise { id: event.id, due: *due, callback: Some(*channel) });
            }
            EventKind::Kept { promise } => {
                self.theirs.retain(|(id, _)| id != promise);
                self.settle_promises(|one| one.id == *promise);
            }
            EventKind::Annoyed => {
                self.annoyed = Some(at);
                self.outcomes.push((Outcome::Annoyed, None, at));
            }
            EventKind::Purchased => self.outcomes.push((Outcome::Purchased, None, at)),
            EventKind::Stalled { why, until: None } => {
                self.outcomes.push(((*why).into(), None, at));
            }
            EventKind::Denied { channels, .. } => self.refused(*channels, at),
            EventKind::OptedOut { channels, purposes } => {
                self.refused(*channels, at);
                if *channels == Channels::ALL && purposes.contains(Purpose::Answer) {
                    self.settle_all();
                }
                self.opted_out(&before, nth);
            }
            EventKind::Unsubscribed { subscription, channels } => {
                for channel in channels.iter() {
                    self.unsubscribed.insert((subscription.as_str().to_string(), channel), nth);
                }
            }
            EventKind::Subscribed { subscription, channels } => {
                for channel in channels.iter() {
                    self.unsubscribed.remove(&(subscription.as_str().to_string(), channel));
                }
            }
            EventKind::Suppressed { channels, purposes, .. } => {
                self.refused(*channels, at);
                if *channels == Channels::ALL && purposes.contains(Purpose::Answer) {
                    self.settle_all();
                    self.confirm = None;
                }
            }
            EventKind::Granted { channels, own_act: true, basis, .. } if basis.is_consent() => {
                if let Some(confirm) = &mut self.confirm {
                    confirm.channels.retain(|channel| !channels.contains(*channel));
                }
            }
            EventKind::Screened { channels, list, listed } => {
                for channel in channels.iter() {
                    self.screened.insert(channel, (*list, *listed));
                }
            }
            EventKind::ColleagueTouched { channel } => self.colleagues.push((at, *channel)),
            EventKind::Bounced { channel, permanent: true, .. } => self.dead.push(*channel),
            EventKind::Bounced { channel, permanent: false, .. } => {
                let (after, _) = self.retry();
                self.resting.insert(*channel, self.spans.latest(at, after));
            }
            EventKind::Corrected { channel } => {
                self.dead.retain(|dead| dead != channel);
                self.resting.remove(channel);
                self.screened.remove(channel);
            }
            _ => {}
        }
        self.note_progress(nth);
        self.note_beginning(nth, takes_back, &before);
    }

    /// What it is too late for is not owed any more. (3)
    fn lapse(&mut self, at: Instant) {
        let is_over = |duty: Duty, due: Instant| self.expires(duty, due).is_some_and(|expires| expires <= at);
        let wait = self.told.case.model.remind.after.unwrap_or(Delay::days(1));
        let answers_are_over = self.messages.last().is_some_and(|message| is_over(Duty::Respond, message.at));
        let problems: Vec<_> =
            self.problems.iter().filter(|(_, at)| !is_over(Duty::Solve, *at)).copied().collect();
        let recap = self.recap.filter(|(_, at, _)| !is_over(Duty::Recap, *at));
        let promises: Vec<EventId> = self
            .promises
            .iter()
            .filter(|one| is_over(Duty::KeepPromise, one.due))
            .map(|one| one.id)
            .collect();
        let theirs =
            self.theirs.iter().filter(|(_, due)| !is_over(Duty::Remind, self.spans.latest(*due, wait)));
        let theirs: Vec<_> = theirs.copied().collect();
        if answers_are_over {
            self.messages.clear();
        }
        (self.problems, self.recap, self.theirs) = (problems, recap, theirs);
        self.settle_promises(|one| promises.contains(&one.id));
        self.meeting = self.meeting.filter(|(.., meeting)| *meeting > at);
    }

    pub(crate) fn retry(&self) -> (Delay, usize) {
        let retry = self.told.case.model.retry;
        retry.map_or((Delay::hours(4), 3), |(after, attempts)| (after, attempts.into()))
    }

    // Contacts. (2)

    fn note_contact(&mut self, nth: usize) {
        let event = &self.log[nth];
        let EventKind::Touched { channel, act, cause, item, disposition } = &event.kind else { return };
        let act = act.as_ref().map(|act| act.as_str().to_string());
        if event.has_bounced {
            self.attempt(nth, *channel, act.as_deref(), *cause, false);
            return;
        }
        let duty = act.as_ref().and_then(|act| act.parse::<Duty>().ok());
        let is_answer = match (&act, duty) {
            (None, _) => self.answer_by_hand(nth, *channel, *disposition),
            (Some(_), Some(duty)) => {
                if self.got_through(duty, *disposition) {
                    self.settle(duty, *cause);
                } else {
                    self.attempt(nth, *channel, act.as_deref(), *cause, true);
                }
                duty.is_answer()
            }
            (Some(_), None) => false,
        };
        self.contacts.push(Contact {
            nth,
            at: event.at,
            channel: *channel,
            act,
            cause: self.known(*cause),
            is_answer,
            item: item.as_ref().map(|item| item.as_str().to_string()),
            disposition: *disposition,
        });
    }

    /// What has not happened yet is the cause of nothing.
    fn known(&self, cause: Option<EventId>) -> Option<EventId> {
        cause.map(|cause| self.nth_of(cause).map_or(EventId(u64::MAX), |_| cause))
    }

    pub(crate) fn got_through(&self, duty: Duty, disposition: Option<Disposition>) -> bool {
        match disposition {
            None | Some(Disposition::Connected) => true,
            Some(Disposition::Voicemail) => self.told.settles(duty),
            Some(_) => false,
        }
    }

    fn attempt(
        &mut self,
        nth: usize,
        channel: Channel,
        act: Option<&str>,
        cause: Option<EventId>,
        got_out: bool,
    ) {
        let (at, act, cause) = (self.log[nth].at, act.map(str::to_string), self.known(cause));
        self.attempts.push(Attempt { nth, at, channel, act, cause, got_out });
    }

    /// 2.2: whether a contact without an act answers something.
    fn answer_by_hand(&mut self, nth: usize, channel: Channel, disposition: Option<Disposition>) -> bool {
        let mut owed: Vec<(Duty, EventId)> = Vec::new();
        owed.extend(self.messages.first().map(|message| (Duty::Respond, message.id)));
        owed.extend(self.recap.map(|(id, ..)| (Duty::Recap, id)));
        let callback = self.promises.iter().find(|promise| promise.callback == Some(channel));
        owed.extend(callback.map(|promise| (Duty::KeepPromise, promise.id)));
        let settled: Vec<(Duty, EventId)> =
            owed.iter().copied().filter(|(duty, _)| self.got_through(*duty, disposition)).collect();
        for (duty, id) in &settled {
            self.settle(*duty, Some(*id));
        }
        if let Some((duty, id)) = owed.first().filter(|_| settled.is_empty()) {
            self.attempt(nth, channel, Some(duty.as_str()), Some(*id), true);
        }
        !owed.is_empty()
    }

    // What is owed. (3)

    fn settle(&mut self, duty: Duty, cause: Option<EventId>) {
        let is_meant = |id: EventId| cause.is_none_or(|cause| cause == id);
        match duty {
            Duty::ConfirmOptOut => self.confirm = None,
            Duty::Respond => self.messages.clear(),
            Duty::Solve => self.problems.retain(|(id, _)| !is_meant(*id)),
            Duty::Recap => self.recap = None,
            Duty::KeepPromise => self.settle_promises(|promise| is_meant(promise.id)),
            Duty::ConfirmMeeting => self.meeting = self.meeting.filter(|(id, ..)| !is_meant(*id)),
            Duty::Remind => self.theirs.retain(|(id, _)| !is_meant(*id)),
            Duty::AskPermission => {}
        }
    }

    fn settle_promises(&mut self, is_settled: impl Fn(&Promise) -> bool) {
        if self.promises.iter().any(|promise| promise.callback.is_some() && is_settled(promise)) {
            self.holds.remove(&HoldReason::Callback);
        }
        self.promises.retain(|promise| !is_settled(promise));
    }

    fn settle_all(&mut self) {
        self.messages.clear();
        self.problems.clear();
        self.recap = None;
        self.meeting = None;
        self.theirs.clear();
        self.settle_promises(|_| true);
    }

    fn refused(&mut self, channels: Channels, at: Instant) {
        self.outcomes.extend(channels.iter().map(|channel| (Outcome::Refused, Some(channel), at)));
    }

    fn opted_out(&mut self, before: &Self, nth: usize) {
        let event = &self.log[nth];
        let EventKind::OptedOut { channels, purposes } = event.kind else { return };
        let is_out = |purpose, channel| before.consent(purpose, channel).opted_out.is_some();
        if purposes.iter().all(|purpose| channels.iter().all(|channel| is_out(purpose, channel))) {
            return;
        }
        let is_free =
            |channel: &Channel| before.consent(Purpose::Answer, *channel).refusals().next().is_none();
        let channels = channels.iter().filter(is_free).collect();
        self.confirm = Some(Confirmation { id: event.id, at: event.at, channels });
    }

    // Who was heard, and what was shown. (5.4)

    fn note_silence(&mut self, nth: usize) {
        const HEARD: &str = "inquired replied met booked called-off purchased problem-reported callback-requested stalled referred";
        let kind = &self.log[nth].kind;
        let is_own_act =
            matches!(kind, EventKind::Granted { own_act: true, basis, .. } if basis.is_consent());
        if is_own_act || HEARD.split(' ').any(|word| word == kind.word()) {
            self.heard = Some(nth);
        }
    }

    fn note_signs(&mut self, nth: usize) {
        let event = &self.log[nth];
        let sign = match &event.kind {
            EventKind::Engaged { how } => Sign::from(*how),
            EventKind::Replied { .. } => Sign::Replied,
            EventKind::Met { .. } => Sign::Met,
            EventKind::Booked { .. } => Sign::Booked,
            EventKind::NoShow | EventKind::CalledOff => {
                self.shown.retain(|shown| shown.sign != Sign::Booked);
                self.agreed = None;
                return;
            }
            _ => return,
        };
        self.shown.push(Shown { nth, at: event.at, sign });
        match &event.kind {
            EventKind::Booked { meeting } => self.agreed = Some(*meeting),
            EventKind::Met { .. } => self.agreed = None,
            _ => {}
        }
    }

    // Holds. (4)

    fn hold(&mut self, reason: HoldReason, until: Option<Instant>, despite_reply: bool) {
        let at = self.last().unwrap();
        self.holds.insert(reason, Hold { at, until, despite_reply });
    }

    fn end_pause(&mut self, at: Instant) {
        if let Some((_, end)) = self.pauses.last_mut() {
            *end = Some(end.map_or(at, |end| end.min(at)));
        }
    }

    fn note_holds(&mut self, nth: usize) {
        let event = &self.log[nth];
        let at = event.at;
        let more = self.told.more;
        match &event.kind {
            EventKind::Held { until, reason, despite_reply } => {
                self.hold(*reason, *until, *despite_reply);
                if *reason == HoldReason::Paused {
                    self.end_pause(at);
                    self.pauses.push((at, *until));
                }
            }
            EventKind::Released { reason } => {
                let of_the_seller = [HoldReason::Snoozed, HoldReason::Paused, HoldReason::ColleagueReplied];
                let is_released = |one: HoldReason| match reason {
                    None => of_the_seller.contains(&one),
                    Some(reason) => one == *reason,
                };
                self.holds.retain(|one, _| !is_released(*one));
                if is_released(HoldReason::Paused) {
                    self.end_pause(at);
                }
            }
            EventKind::Stalled { until: Some(until), .. } => {
                self.hold(HoldReason::NotNow, Some(*until), false);
            }
            EventKind::AutoReplied { back } => {
                let longest = more.longest_absence.unwrap_or(Delay::days(100));
                let is_meant = |back: &Instant| *back > at && *back <= self.spans.latest(at, longest);
                let until = match back.filter(is_meant) {
                    Some(back) => {
                        Some(more.after_return.map_or(back, |after| self.spans.latest(back, after)))
                    }
                    None => more.out_of_office.map(|lasts| self.spans.latest(at, lasts)),
                };
                if let Some(until) = until {
                    self.hold(HoldReason::OutOfOffice, Some(until), false);
                }
            }
            EventKind::CallbackRequested { due, .. } => self.hold(HoldReason::Callback, Some(*due), false),
            EventKind::Booked { meeting } => {
                let after = more.after_meeting.unwrap_or(Delay::hours(24));
                self.hold(HoldReason::Booked, Some(self.spans.latest(*meeting, after)), false);
            }
            _ => {}
        }
        if matches!(event.kind.word(), "replied" | "inquired" | "met") {
            self.holds.retain(|reason, hold| match reason {
                HoldReason::Snoozed => hold.despite_reply,
                HoldReason::NotNow | HoldReason::OutOfOffice | HoldReason::Callback => false,
                _ => true,
            });
        }
        if matches!(event.kind.word(), "met" | "no-show" | "called-off") {
            self.holds.remove(&HoldReason::Booked);
        }
    }

    // Ends. (5.3)

    fn note_ends(&mut self, nth: usize) {
        let event = &self.log[nth];
        let mut end = |kind: &'static str, code: String| {
            let rank = |kind: &str| match kind {
                "declined" => 2,
                "disqualified" => 1,
                _ => 0,
            };
            // A second no takes the place of the first; nothing else takes the place of anything.
            if rank(kind) > 0 {
                self.ends.retain(|end| end.kind != kind);
            }
            if rank(kind) > 0 || self.ends.iter().all(|end| rank(end.kind) > 0) {
                self.ends.push(End { kind, code });
                self.ends.sort_by_key(|end| std::cmp::Reverse(rank(end.kind)));
            }
        };
        match &event.kind {
            EventKind::Declined { reason } => {
                end("declined", format!("declined-{reason}"));
                self.knows_us = false;
                self.outcomes.push((Outcome::Refused, None, event.at));
                self.messages.clear();
                (self.recap, self.meeting) = (None, None);
                self.theirs.clear();
                self.settle_promises(|_| true);
                if !self.has_bought {
                    self.problems.clear();
                }
                let has_bought = self.has_bought;
                self.pursuits.retain(|pursuit| pursuit.purpose == Purpose::Care && has_bought);
            }
            EventKind::Disqualified { reason } => {
                end("disqualified", format!("disqualified-{reason}"));
                self.settle_all();
                (self.knows_us, self.has_bought) = (false, false);
                self.pursuits.clear();
            }
            EventKind::Unenrolled => {
                end("unenrolled", "unenrolled".to_string());
                self.pursuits.clear();
            }
            EventKind::Referred { .. } => {
                end("referred", "referred".to_string());
                self.pursuits.clear();
            }
            EventKind::Inquired { .. } => {
                self.ends.clear();
                self.knows_us = true;
                self.asking_anew = Some(nth);
            }
            EventKind::Met { .. } if !self.is_over() => self.knows_us = true,
            EventKind::Purchased => {
                self.ends.clear();
                self.has_bought = true;
                self.knows_us = true;
                self.asking_anew = Some(nth);
                self.pursuits.retain(|pursuit| pursuit.purpose != Purpose::FollowUp);
            }
            EventKind::Enrolled { .. } if !self.is_ended_by(&["declined"]) => self.ends.clear(),
            EventKind::Granted { purposes, own_act: true, basis, .. }
                if basis.is_consent() && purposes.contains(Purpose::FollowUp) =>
            {
                self.ends.retain(|end| end.kind != "declined");
            }
            _ => {}
        }
    }

    /// Whether a permission of their own takes back a refusal of follow-up or a no. (5.1)
    fn takes_back(&self, kind: &EventKind) -> bool {
        let EventKind::Granted { channels, purposes, own_act: true, basis, .. } = kind else { return false };
        let is_refused = |channel| self.consent(Purpose::FollowUp, channel).refusals().next().is_some();
        basis.is_consent()
            && purposes.contains(Purpose::FollowUp)
            && (self.is_ended_by(&["declined"]) || channels.iter().any(is_refused))
    }

    pub(crate) fn trigger(&self, nth: usize, takes_back: bool) -> Option<Trigger> {
        Some(match &self.log[nth].kind {
            EventKind::Inquired { .. } => Trigger::Inquired,
            EventKind::Met { .. } => Trigger::Met,
            EventKind::Purchased => Trigger::Purchased,
            EventKind::NoShow => Trigger::NoShow,
            EventKind::GivenUp => Trigger::GivenUp,
            EventKind::Stalled { why, .. } => (*why).into(),
            EventKind::Added => Trigger::Added,
            EventKind::Introduced { .. } => Trigger::Introduced,
            EventKind::Granted { .. } if takes_back => Trigger::OptedIn,
            _ => return None,
        })
    }
}
