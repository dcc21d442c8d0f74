//! The fold: from a history to where a prospect stands.
//!
//! Nothing here knows a rule. A [`Standing`] keeps of a history what can still matter to some playbook, each
//! fact with the event it came from, and forgets the rest.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::act::{ASK, CONFIRM};
use crate::channel::{Channel, Channels};
use crate::consent::{Consent, Grant, Purpose, Purposes, Refusal, RefusalKind};
use crate::error::{Faults, Found};
use crate::event::{Disposition, Event, EventKind, HoldReason, Party, RawEvent, Reason, Sign};
use crate::id::{ActName, EventId, Mark, Print, StepPath};
use crate::instant::Instant;
use crate::rank::Intent;
use crate::rule::Outcome;
use crate::sequence::Trigger;

/// Where a prospect stands: a history, folded.
///
/// It is folded event by event, in the order of `(at, id)`. A host that keeps the events uses a [`History`],
/// which takes them in any order. A host that keeps only this snapshot is told by [`Late`] when something
/// arrives that belongs before what was folded already, and folds again from its own store.
///
/// It serialises with the number of its schema. A snapshot of another schema is refused with the advice to
/// fold again: what an older fold has forgotten cannot be made up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Snapshot", into = "Snapshot")]
pub struct Standing {
    folded: Folded,
}

/// The facts of a standing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Folded {
    pub(crate) last: Option<Mark>,
    /// What the last event said, to know it again.
    last_print: Option<Print>,
    /// What began a pursuit, oldest first. Which of them are under way is up to the playbook.
    pub(crate) enrolments: Vec<Enrolment>,
    /// What ended the pursuit, unless it was begun again.
    pub(crate) ended: Option<Ended>,
    /// The last no to the offer, and the last other end. What began before is over; care outlasts a no.
    pub(crate) declined: Option<Mark>,
    pub(crate) closed: Option<Mark>,
    /// Every contact and every attempt at one, oldest first.
    pub(crate) contacts: Vec<Contact>,
    /// Every item given, oldest first.
    pub(crate) given: Vec<Given>,
    /// What they named, each topic once, by the event that named it first.
    pub(crate) named: Vec<Named>,
    pub(crate) failures: Vec<Failure>,
    pub(crate) consent: Consent,
    pub(crate) bounces: Vec<Bounce>,
    pub(crate) inquiry: Option<Relation>,
    pub(crate) conversation: Option<Relation>,
    pub(crate) purchase: Option<Relation>,
    pub(crate) owed: Vec<Owed>,
    /// What has lost its effect, and the event that took it.
    pub(crate) settled: Vec<Settled>,
    pub(crate) holds: Vec<Hold>,
    /// When the delays of the enrolments stand still, or did, in order.
    pub(crate) pauses: Vec<Pause>,
    /// The latest of each kind, on each channel where it has one.
    pub(crate) outcomes: Vec<Past>,
    /// The last comparison with a registry, by channel.
    pub(crate) screenings: Vec<Screening>,
    /// The most that they have shown of themselves.
    pub(crate) intent: Intent,
    /// The last that was heard from them.
    pub(crate) heard: Option<Mark>,
    /// The last opt-out that has not been confirmed to them, and where it was said to hold.
    pub(crate) unconfirmed: Option<Unconfirmed>,
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

/// An opt-out that may still be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unconfirmed {
    pub(crate) channels: Channels,
    pub(crate) mark: Mark,
}

/// One person's pass through a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Enrolment {
    pub(crate) mark: Mark,
    pub(crate) began: Began,
    /// The step with which it was begun by hand.
    pub(crate) from: Option<Print>,
    /// What was done in it: steps, and contacts that no step asked for.
    pub(crate) done: Vec<Done>,
    pub(crate) asks: Vec<Mark>,
    /// The first sign of each kind since it began; dispositions are with what was done.
    pub(crate) signs: Vec<Shown>,
}

/// A sign that they gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) sign: Sign,
    pub(crate) mark: Mark,
}

/// What began an enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Began {
    By(Trigger),
    Into(Print),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    /// The path of the step; `None` for a contact that no step asked for.
    pub(crate) path: Option<Print>,
    /// What came of it, if it was said.
    pub(crate) disposition: Option<Disposition>,
    pub(crate) mark: Mark,
}

/// Why there is no pursuit any more.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Given {
    pub(crate) item: Print,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) topic: Print,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) cause: EventId,
    pub(crate) act: Print,
    pub(crate) channel: Channel,
    pub(crate) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bounce {
    pub(crate) channel: Channel,
    pub(crate) permanent: bool,
    pub(crate) mark: Mark,
}

/// The latest event of its kind from which permission can be implied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Relation {
    pub(crate) mark: Mark,
}

/// An event of which something is not so any more: what it made due was done, what it ended was begun again, what it
/// refused was lifted. Whoever cites it has to cite the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settled {
    pub(crate) what: Mark,
    pub(crate) by: Mark,
}

/// Something the prospect may expect, or has left undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owed {
    pub(crate) what: Debt,
    pub(crate) mark: Mark,
    pub(crate) due: Instant,
    /// Where they expect it.
    pub(crate) channel: Option<Channel>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Debt {
    Response,
    Solution,
    Recap,
    OurPromise,
    TheirPromise,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hold {
    pub(crate) reason: HoldReason,
    pub(crate) until: Option<Instant>,
    pub(crate) mark: Mark,
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

/// An event that a standing cannot take, because it belongs before what was folded already, contradicts it, or
/// takes back some of it. Fold again from the log: [`History`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "event {event} comes before what was folded, contradicts it or takes it back; fold again from the log"
)]
pub struct Late {
    /// The event that came late.
    pub event: EventId,
}

impl Standing {
    /// Where a prospect stands of whom nothing has happened yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The id and the instant of the last event that was folded.
    #[must_use]
    pub fn last(&self) -> Option<(EventId, Instant)> {
        self.folded.last.map(|mark| (mark.id, mark.at))
    }

    /// Folds one more event. The last event once more changes nothing. Of events before the last one a standing
    /// does not know the ids: to find two with the same id is up to the log.
    ///
    /// # Errors
    /// [`Late`] if the event comes before the last one in the order of `(at, id)`, says something else than the
    /// last one of that id, or retracts another. The standing is unchanged then.
    pub fn apply(&mut self, event: &Event) -> Result<(), Late> {
        let late = Late { event: event.id };
        let is_retraction = matches!(event.kind, EventKind::Retracted { .. });
        match self.folded.last {
            Some(last)
                if event.mark() == last && self.folded.last_print == Some(Print::of_value(&event.kind)) =>
            {
                Ok(())
            }
            Some(last) if event.mark() <= last => Err(late),
            _ if is_retraction => Err(late),
            _ => {
                self.folded.take(event);
                Ok(())
            }
        }
    }

    /// Folds an event that is known to come last, as in a plan.
    pub(crate) fn take(&mut self, event: &Event) {
        self.folded.take(event);
    }

    /// An event id that comes after the last one.
    pub(crate) fn next_id(&self) -> u64 {
        self.folded.last.map_or(1, |last| last.id.0.saturating_add(1))
    }

    pub(crate) const fn folded(&self) -> &Folded {
        &self.folded
    }
}

impl Folded {
    /// How they came to the seller: the latest event of each kind from which permission can be implied.
    pub(crate) fn relations(&self) -> impl Iterator<Item = &Relation> {
        // What was bought before a no implies care, and no more.
        let purchase = self.purchase.as_ref().filter(|purchase| Some(purchase.mark) > self.declined);
        self.inquiry.iter().chain(&self.conversation).chain(purchase)
    }

    /// Those events, with whatever settled what they had made due, and what settled that in turn.
    pub(crate) fn with_what_settled(&self, marks: &[Mark]) -> BTreeSet<Mark> {
        let mut all = BTreeSet::new();
        let mut open = marks.to_vec();
        while let Some(mark) = open.pop() {
            if all.insert(mark) {
                let by = self.settled.iter().filter(|settled| settled.what == mark);
                open.extend(by.map(|settled| settled.by));
            }
        }
        all
    }

    fn replace(&mut self, what: Mark, by: Mark) {
        self.settled.push(Settled { what, by });
    }

    #[allow(clippy::too_many_lines, reason = "one arm for every kind of event")]
    fn take(&mut self, event: &Event) {
        let mark = event.mark();
        self.last = Some(mark);
        self.last_print = Some(Print::of_value(&event.kind));
        match &event.kind {
            EventKind::Added => self.begin_first(mark, Trigger::Added),
            EventKind::Introduced { referrer: _ } => self.begin_first(mark, Trigger::Introduced),
            EventKind::Inquired { via: _, channel } => {
                self.came_back(mark);
                // They ask for more before the time that they had named.
                self.lift(mark, |hold| hold.reason == HoldReason::NotNow);
                // What they showed in an earlier pursuit is of then.
                self.intent = Intent::Talking;
                self.begin(mark, Began::By(Trigger::Inquired), None);
                self.inquiry = Some(Relation { mark });
                self.owe_response(mark, *channel);
            }
            EventKind::Replied { channel } => {
                self.heard = Some(mark);
                self.show(Sign::Replied, mark);
                self.owe_response(mark, Some(*channel));
            }
            EventKind::AutoReplied { back } => {
                if let Some(back) = back.filter(|back| is_return_date(*back, mark.at)) {
                    self.hold(Hold { reason: HoldReason::OutOfOffice, until: Some(back), mark });
                }
            }
            // A recap is written: where they talked does not say where they expect it.
            EventKind::Met { channel } => {
                self.heard = Some(mark);
                self.contacts.push(Contact { mark, channel: *channel, what: Happened::Conversation });
                self.pass(Outcome::Met, Some(*channel), mark);
                self.show(Sign::Met, mark);
                self.settle(mark, |owed| owed.what == Debt::Response);
                self.lift(mark, |hold| hold.reason == HoldReason::Booked);
                if let Some(over) = self.over() {
                    self.replace(mark, over.mark);
                    return;
                }
                self.begin(mark, Began::By(Trigger::Met), None);
                self.conversation = Some(Relation { mark });
                self.settle(mark, |owed| owed.what == Debt::Recap);
                self.owed.push(Owed { what: Debt::Recap, mark, due: mark.at, channel: None });
            }
            EventKind::Touched { channel, act, cause, item, disposition } => {
                self.touch(mark, *channel, act.as_ref(), *cause, *disposition);
                self.given.extend(item.as_ref().map(|item| Given { item: item.print(), mark }));
            }
            EventKind::Named { topics } => {
                for topic in topics {
                    if !self.named.iter().any(|named| named.topic == topic.print()) {
                        self.named.push(Named { topic: topic.print(), mark });
                    }
                }
            }
            EventKind::Skipped { step } => {
                for enrolment in &mut self.enrolments {
                    enrolment.done.push(Done { path: Some(step.print()), disposition: None, mark });
                }
            }
            EventKind::Failed { channel, act, cause } => {
                self.failures.push(Failure { cause: *cause, act: act.print(), channel: *channel, mark });
                let what = if act.is_answer() { Happened::FailedAnswer } else { Happened::FailedApproach };
                self.contacts.push(Contact { mark, channel: *channel, what });
            }
            EventKind::Granted { channels, purposes, basis, until, term, own_act } => {
                // What the seller concludes by itself is no act of theirs, whatever the entry says.
                let own_act = *own_act && basis.is_consent();
                if own_act {
                    self.heard = Some(mark);
                    self.take_back_opt_out(*channels);
                }
                for purpose in purposes.iter() {
                    let (channels, basis, until, term) = (*channels, *basis, *until, *term);
                    self.consent.grant(Grant { channels, purpose, basis, until, term, own_act, mark });
                }
                let is_declined = self.ended.is_some_and(|ended| matches!(ended.how, End::Declined(_)));
                if own_act && purposes.contains(Purpose::FollowUp) && is_declined {
                    self.resume(mark);
                }
            }
            EventKind::Denied { channels, purposes } => {
                self.refuse(RefusalKind::Denied, *channels, *purposes, mark);
            }
            EventKind::OptedOut { channels, purposes } => {
                // Said again it is nothing more to confirm.
                if self.consent.is_opted_out(*channels, *purposes) {
                    let said = self.consent.all_refusals().iter();
                    let said = said.filter(|refusal| refusal.kind == RefusalKind::OptedOut);
                    self.settled.extend(said.map(|refusal| Settled { what: mark, by: refusal.mark }));
                } else if let Some(before) =
                    self.unconfirmed.replace(Unconfirmed { channels: *channels, mark })
                {
                    self.replace(before.mark, mark);
                }
                self.refuse(RefusalKind::OptedOut, *channels, *purposes, mark);
            }
            EventKind::Suppressed { channels, purposes, reason: _ } => {
                self.refuse(RefusalKind::Suppressed, *channels, *purposes, mark);
            }
            EventKind::Screened { channels, list, listed } => {
                self.screenings.retain(|held| !channels.contains(held.channel));
                let screening = |channel| Screening { channel, list: *list, listed: *listed, mark };
                self.screenings.extend(channels.iter().map(screening));
            }
            EventKind::ColleagueTouched { channel } => {
                self.contacts.push(Contact { mark, channel: *channel, what: Happened::WithColleague });
            }
            EventKind::Declined { reason } => {
                self.pass(Outcome::Refused, None, mark);
                self.end(End::Declined(*reason), mark);
            }
            EventKind::Disqualified { reason } => self.end(End::Disqualified(*reason), mark),
            EventKind::Purchased => {
                self.came_back(mark);
                self.intent = Intent::None;
                self.begin(mark, Began::By(Trigger::Purchased), None);
                self.purchase = Some(Relation { mark });
                self.pass(Outcome::Purchased, None, mark);
            }
            EventKind::ProblemReported => {
                self.heard = Some(mark);
                self.owed.push(Owed { what: Debt::Solution, mark, due: mark.at, channel: None });
            }
            EventKind::ProblemSolved { problem } => {
                self.settle(mark, |owed| owed.what == Debt::Solution && owed.mark.id == *problem);
            }
            // After a no, what the seller says that they promised is no leave to write.
            EventKind::Promised { .. } if self.over().is_some() => {}
            EventKind::Promised { by, due, about: _ } => {
                let what = match by {
                    Party::Us => Debt::OurPromise,
                    Party::Them => Debt::TheirPromise,
                };
                self.owed.push(Owed { what, mark, due: *due, channel: None });
            }
            // After a no it is treated as a message would be: it is they who ask.
            EventKind::CallbackRequested { due, channel } => {
                self.heard = Some(mark);
                self.intent = Intent::Ready;
                self.settle(mark, Owed::is_callback);
                let channel = Some(*channel);
                self.owed.push(Owed { what: Debt::OurPromise, mark, due: *due, channel });
                self.hold(Hold { reason: HoldReason::Callback, until: Some(*due), mark });
            }
            EventKind::Kept { promise } => {
                self.settle(mark, |owed| owed.is_promise() && owed.mark.id == *promise);
            }
            EventKind::Held { until, reason } => self.hold(Hold { reason: *reason, until: *until, mark }),
            EventKind::Released => self.lift(mark, |_| true),
            EventKind::Annoyed => self.pass(Outcome::Annoyed, None, mark),
            EventKind::Bounced { channel, permanent } => {
                self.bounce(Bounce { channel: *channel, permanent: *permanent, mark });
            }
            EventKind::Corrected { channel } => {
                self.bounces.retain(|bounce| bounce.channel != *channel);
                // Nobody has looked whether the new number is listed.
                self.screenings.retain(|screening| screening.channel != *channel);
            }
            EventKind::Enrolled { sequence, from } => {
                // The seller can take back what the seller decided.
                if !self.ended.is_some_and(|ended| matches!(ended.how, End::Declined(_))) {
                    self.resume(mark);
                }
                if self.ended.is_none() {
                    let from = from.as_ref().map(|step| StepPath::new(sequence, step).print());
                    self.begin(mark, Began::Into(sequence.print()), from);
                }
            }
            EventKind::Unenrolled => self.leave(End::Unenrolled, mark),
            EventKind::Referred { to: _ } => {
                self.heard = Some(mark);
                self.leave(End::Referred, mark);
            }
            EventKind::Engaged { how } => self.show((*how).into(), mark),
            EventKind::Booked { meeting } => {
                self.heard = Some(mark);
                self.show(Sign::Booked, mark);
                self.hold(Hold { reason: HoldReason::Booked, until: Some(*meeting), mark });
            }
            EventKind::NoShow => {
                self.intent = self.intent.min(Intent::Talking);
                self.lift(mark, |hold| hold.reason == HoldReason::Booked);
                // A meeting to which nobody came is none.
                for enrolment in &mut self.enrolments {
                    let was_booked = |shown: &Shown| shown.sign == Sign::Booked;
                    let missed = enrolment.signs.iter().filter(|shown| was_booked(shown));
                    self.settled.extend(missed.map(|shown| Settled { what: shown.mark, by: mark }));
                    enrolment.signs.retain(|shown| !was_booked(shown));
                }
                if self.over().is_none() {
                    self.begin(mark, Began::By(Trigger::NoShow), None);
                }
            }
            EventKind::Stalled { why, until } => {
                self.heard = Some(mark);
                // Whoever names a day is not made to wait for another.
                if until.is_some() {
                    self.hold(Hold { reason: HoldReason::NotNow, until: *until, mark });
                } else {
                    self.pass((*why).into(), None, mark);
                }
                if self.over().is_none() {
                    self.begin(mark, Began::By((*why).into()), None);
                }
            }
            // A retraction is left out of the fold with what it takes back (see `History`).
            EventKind::Retracted { .. } => {}
        }
    }

    fn begin(&mut self, mark: Mark, began: Began, from: Option<Print>) {
        let (done, asks, signs) = Default::default();
        self.enrolments.push(Enrolment { mark, began, from, done, asks, signs });
        // A pause that was over before has taken nothing from them.
        if let Some(oldest) = self.enrolments.first().map(|oldest| oldest.mark.at) {
            self.pauses.retain(|pause| pause.until.is_none_or(|until| until > oldest));
        }
        self.forget_failures();
    }

    /// Of what is not to be done any more.
    fn forget_failures(&mut self) {
        let owed = self.owed.iter().map(|owed| owed.mark);
        let begun = self.enrolments.iter().map(|enrolment| enrolment.mark);
        let to_confirm = self.unconfirmed.iter().map(|opt_out| opt_out.mark);
        let causes: BTreeSet<EventId> = owed.chain(begun).chain(to_confirm).map(|mark| mark.id).collect();
        self.failures.retain(|failure| causes.contains(&failure.cause));
    }

    /// Begins a pursuit of somebody with whom nothing has begun.
    fn begin_first(&mut self, mark: Mark, trigger: Trigger) {
        if self.enrolments.is_empty() && self.ended.is_none() {
            self.begin(mark, Began::By(trigger), None);
        }
    }

    /// Notes the first sign of its kind in every enrolment.
    fn show(&mut self, sign: Sign, mark: Mark) {
        self.intent = self.intent.max(sign.into());
        for enrolment in &mut self.enrolments {
            if enrolment.signs.iter().all(|shown| shown.sign != sign) {
                enrolment.signs.push(Shown { sign, mark });
            }
        }
    }

    /// Ends the pursuit without a no. Who was only taken out, and may be brought back, can be taken out of that, too, or
    /// send the seller on.
    fn leave(&mut self, how: End, mark: Mark) {
        if self.ended.is_none_or(|ended| ended.how == End::Unenrolled) {
            self.ended = Some(Ended { how, mark });
            self.closed = Some(mark);
        }
    }

    /// The no they said, or how they were given up. Being taken out of a sequence is neither, nor being sent on.
    fn over(&self) -> Option<Ended> {
        self.ended.filter(|ended| !matches!(ended.how, End::Unenrolled | End::Referred))
    }

    fn came_back(&mut self, mark: Mark) {
        self.heard = Some(mark);
        self.resume(mark);
        for lifted in self.consent.came_back() {
            self.replace(lifted, mark);
        }
    }

    /// What ended the pursuit ends it no more.
    fn resume(&mut self, by: Mark) {
        if let Some(ended) = self.ended.take() {
            self.replace(ended.mark, by);
        }
    }

    fn refuse(&mut self, kind: RefusalKind, channels: Channels, purposes: Purposes, mark: Mark) {
        for purpose in purposes.iter() {
            self.consent.refuse(Refusal { channels, purpose, kind, mark, since: mark });
        }
        for channel in channels.iter() {
            self.pass(Outcome::Refused, Some(channel), mark);
        }
        // Whoever wants nothing at all any more is owed nothing any more.
        if kind != RefusalKind::Denied && channels == Channels::ALL && purposes.contains(Purpose::Answer) {
            self.settle(mark, |_| true);
        }
    }

    /// Where they opted in again there is no opt-out to confirm.
    fn take_back_opt_out(&mut self, channels: Channels) {
        let left = self
            .unconfirmed
            .map(|opt_out| Unconfirmed { channels: opt_out.channels.without(channels), ..opt_out });
        self.unconfirmed = left.filter(|opt_out| !opt_out.channels.is_empty());
    }

    fn pass(&mut self, outcome: Outcome, channel: Option<Channel>, mark: Mark) {
        self.outcomes.retain(|held| (held.outcome, held.channel) != (outcome, channel));
        self.outcomes.push(Past { outcome, channel, mark });
    }

    fn end(&mut self, how: End, mark: Mark) {
        let is_no = matches!(how, End::Declined(_));
        let slot = if is_no { &mut self.declined } else { &mut self.closed };
        *slot = Some(mark);
        self.intent = Intent::None;
        // Giving somebody up does not take back their no.
        let said_no = self.ended.filter(|ended| matches!(ended.how, End::Declined(_)));
        self.ended = said_no.or(Some(Ended { how, mark }));
        // Whoever has bought is looked after, though they want nothing more.
        let is_buyer = is_no && self.purchase.is_some();
        self.settle(mark, |owed| !is_buyer || owed.what != Debt::Solution);
        self.forget_failures();
        // A no ends what the relation implied.
        self.inquiry = None;
        self.conversation = None;
        if !is_buyer {
            self.purchase = None;
        }
    }

    /// Of several unanswered messages the first counts for lateness and the latest on each channel for where
    /// an answer is expected; the others add nothing.
    fn owe_response(&mut self, mark: Mark, channel: Option<Channel>) {
        let mut responses = self.owed.iter().filter(|owed| owed.what == Debt::Response);
        let first = responses.next().map(|owed| owed.mark);
        self.settle(mark, |owed| {
            owed.what == Debt::Response && Some(owed.mark) != first && owed.channel == channel
        });
        self.owed.push(Owed { what: Debt::Response, mark, due: mark.at, channel });
    }

    fn settle(&mut self, by: Mark, is_settled: impl Fn(&Owed) -> bool) {
        let settled = self.owed.iter().filter(|owed| is_settled(owed));
        self.settled.extend(settled.map(|owed| Settled { what: owed.mark, by }));
        // A request to be called holds nothing up once it is settled.
        let owed = &self.owed;
        self.holds.retain(|hold| !owed.iter().any(|owed| owed.mark == hold.mark && is_settled(owed)));
        self.owed.retain(|owed| !is_settled(owed));
    }

    /// Ends holds.
    fn lift(&mut self, by: Mark, is_lifted: impl Fn(&Hold) -> bool) {
        let lifted = self.holds.iter().filter(|hold| is_lifted(hold));
        for hold in lifted {
            self.settled.push(Settled { what: hold.mark, by });
            if let Some(pause) = self.pauses.iter_mut().find(|pause| pause.mark == hold.mark) {
                pause.until = Some(pause.until.map_or(by.at, |until| until.min(by.at)));
            }
        }
        self.holds.retain(|hold| !is_lifted(hold));
    }

    fn touch(
        &mut self,
        mark: Mark,
        channel: Channel,
        act: Option<&ActName>,
        cause: Option<EventId>,
        disposition: Option<Disposition>,
    ) {
        let name = act.map(ActName::as_str);
        self.settle(mark, |owed| match name {
            None => matches!(owed.what, Debt::Response | Debt::Recap),
            Some("respond") => owed.what == Debt::Response,
            Some("recap") => owed.what == Debt::Recap,
            Some("solve") => owed.what == Debt::Solution && cause.is_none_or(|id| id == owed.mark.id),
            Some("keep-promise") => {
                owed.what == Debt::OurPromise && cause.is_none_or(|id| id == owed.mark.id)
            }
            Some("remind") => owed.what == Debt::TheirPromise && cause.is_none_or(|id| id == owed.mark.id),
            Some(_) => false,
        });
        if act.is_some_and(|act| act.print() == CONFIRM)
            && let Some(confirmed) = self.unconfirmed.take()
        {
            self.replace(confirmed.mark, mark);
        }
        let is_answer = act.is_some_and(ActName::is_answer);
        let what = if is_answer { Happened::Answer } else { Happened::Approach };
        self.contacts.push(Contact { mark, channel, what });
        // A touch of an enrolment that has been replaced since is a contact, but no progress in this one.
        let concerned = |enrolment: &&mut Enrolment| cause.is_none_or(|id| id == enrolment.mark.id);
        for enrolment in self.enrolments.iter_mut().filter(concerned) {
            match act.map(ActName::print) {
                None => enrolment.done.push(Done { path: None, disposition, mark }),
                Some(ASK) => enrolment.asks.push(mark),
                Some(path) if act.is_some_and(ActName::is_step) => {
                    enrolment.done.push(Done { path: Some(path), disposition, mark });
                }
                Some(_) => {}
            }
        }
    }

    fn hold(&mut self, hold: Hold) {
        self.lift(hold.mark, |held| held.reason == hold.reason);
        if hold.reason == HoldReason::Paused {
            self.pauses.push(Pause { mark: hold.mark, until: hold.until });
        }
        self.holds.push(hold);
    }

    fn bounce(&mut self, bounce: Bounce) {
        let stands = |held: &Bounce| held.channel == bounce.channel && held.permanent;
        if !self.bounces.iter().any(stands) {
            self.bounces.retain(|held| held.channel != bounce.channel);
            self.bounces.push(bounce);
        }
    }
}

/// How long after an automatic reply they can be back, by its word: Outplay documents that it takes no later date.
const LONGEST_ABSENCE: Duration = Duration::from_secs(100 * 86_400);

/// Whether an automatic reply can mean that date.
fn is_return_date(back: Instant, replied: Instant) -> bool {
    back > replied && back.since(replied) <= LONGEST_ABSENCE
}

impl Enrolment {
    /// The first such sign since it began; a disposition is one of the last contact, or none.
    pub(crate) fn shown(&self, sign: Sign) -> Option<Mark> {
        match sign.disposition() {
            None => self.signs.iter().find(|shown| shown.sign == sign).map(|shown| shown.mark),
            Some(_) => {
                let last = self.done.last().filter(|last| last.disposition.map(Sign::from) == Some(sign));
                last.map(|last| last.mark)
            }
        }
    }

    /// Whether there ever was such a sign since it began.
    pub(crate) fn has_ever_shown(&self, sign: Sign) -> bool {
        self.shown(sign).is_some()
            || self.done.iter().any(|done| done.disposition.map(Sign::from) == Some(sign))
    }

    /// How often that step was done in it, and when last.
    pub(crate) fn times(&self, step: Print) -> (usize, Option<Mark>) {
        let of_it = self.done.iter().filter(|done| done.path == Some(step));
        of_it.fold((0, None), |(times, _), done| (times + 1, Some(done.mark)))
    }
}

impl Owed {
    const fn is_promise(&self) -> bool {
        matches!(self.what, Debt::OurPromise | Debt::TheirPromise)
    }

    /// Of the promises only those are for a channel that were asked for.
    fn is_callback(&self) -> bool {
        self.is_promise() && self.channel.is_some()
    }
}

/// The number of the form in which standings are stored. It changes whenever a fold of the same events would
/// keep other facts, or write them differently.
const SCHEMA: u32 = 1;

/// A standing as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    schema: Schema,
    standing: Folded,
}

struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            SCHEMA => Ok(Self),
            other => Err(serde::de::Error::custom(alloc::format!(
                "this is a snapshot of schema {other}, and this version keeps {SCHEMA}; fold the standing again from the log"
            ))),
        }
    }
}

impl From<Snapshot> for Standing {
    fn from(snapshot: Snapshot) -> Self {
        Self { folded: snapshot.standing }
    }
}

impl From<Standing> for Snapshot {
    fn from(standing: Standing) -> Self {
        Self { schema: Schema, standing: standing.folded }
    }
}

/// A prospect's log and where it has led: takes events in any order, and twice.
///
/// ```
/// use followup::{Event, EventKind, History, Recorded, Source};
///
/// let inquired = Event::new(1, "2026-03-02T09:30:00Z".parse()?, EventKind::Inquired { via: Source::Form, channel: None });
/// let bought = Event::new(2, "2026-03-09T10:00:00Z".parse()?, EventKind::Purchased);
///
/// let mut history = History::new();
/// assert_eq!(history.record(bought.clone())?, Recorded::InOrder);
/// assert_eq!(history.record(inquired.clone())?, Recorded::Late);
/// assert_eq!(history.record(bought.clone())?, Recorded::Twice);
/// assert_eq!(history.standing(), History::try_from(vec![inquired, bought])?.standing());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<RawEvent>", into = "Vec<Event>")]
pub struct History {
    events: BTreeMap<Mark, Event>,
    marks: BTreeMap<EventId, Mark>,
    /// The events that count as never made.
    retracted: BTreeSet<EventId>,
    standing: Standing,
}

/// How an event came into a [`History`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// After all others: it was folded onto them.
    InOrder,
    /// Before another, or taking one back: the whole log was folded again.
    Late,
    /// It was there already: nothing changed.
    Twice,
}

/// Two different events with the same id. One of them is wrong, and which one only the host can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event id {event} stands for two different events; give one of them another id")]
pub struct Conflict {
    /// The id.
    pub event: EventId,
}

impl History {
    /// An empty history.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an event, whenever it arrives.
    ///
    /// # Errors
    /// [`Conflict`] if another event has its id. The history is unchanged then.
    pub fn record(&mut self, event: Event) -> Result<Recorded, Conflict> {
        if self.has(&event)? {
            return Ok(Recorded::Twice);
        }
        // Its retraction may have come before it; then it counts for nothing.
        let is_in_order = !self.retracted.contains(&event.id) && self.standing.apply(&event).is_ok();
        self.log(event);
        if is_in_order {
            return Ok(Recorded::InOrder);
        }
        self.fold();
        Ok(Recorded::Late)
    }

    /// Where the prospect stands after all of it.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The events, in the order of `(at, id)`, retracted ones and retractions among them.
    #[must_use]
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.values()
    }

    /// The events that count, in the order of `(at, id)`: neither taken back nor taking something back.
    pub(crate) fn standing_events(&self) -> impl Iterator<Item = &Event> {
        let counts = |event: &&Event| {
            !matches!(event.kind, EventKind::Retracted { .. }) && !self.retracted.contains(&event.id)
        };
        self.events.values().filter(counts)
    }

    pub(crate) fn has_id(&self, id: EventId) -> bool {
        self.marks.contains_key(&id)
    }

    /// Whether this very event is in the log.
    fn has(&self, event: &Event) -> Result<bool, Conflict> {
        let Some(mark) = self.marks.get(&event.id) else { return Ok(false) };
        if self.events.get(mark) == Some(event) { Ok(true) } else { Err(Conflict { event: event.id }) }
    }

    fn log(&mut self, event: Event) {
        self.marks.insert(event.id, event.mark());
        self.events.insert(event.mark(), event);
    }

    fn fold(&mut self) {
        // A retraction can be retracted by a later one, so the later ones are heard first.
        self.retracted.clear();
        for event in self.events.values().rev() {
            if let EventKind::Retracted { event: target } = event.kind
                && !self.retracted.contains(&event.id)
            {
                self.retracted.insert(target);
            }
        }
        let mut folded = Folded::default();
        for event in self.standing_events() {
            folded.take(event);
        }
        self.standing = Standing { folded };
    }
}

impl TryFrom<Vec<Event>> for History {
    type Error = Conflict;

    fn try_from(events: Vec<Event>) -> Result<Self, Conflict> {
        let mut history = Self::new();
        for event in events {
            if !history.has(&event)? {
                history.log(event);
            }
        }
        history.fold();
        Ok(history)
    }
}

impl TryFrom<Vec<RawEvent>> for History {
    type Error = Faults;

    fn try_from(raw: Vec<RawEvent>) -> Result<Self, Faults> {
        let mut found = Found::default();
        let mut history = Self::new();
        for (index, raw) in raw.into_iter().enumerate() {
            let nth = index + 1;
            let Some(event) = raw.check(Some(nth), &mut found) else { continue };
            match history.has(&event) {
                Ok(true) => {}
                Ok(false) => history.log(event),
                Err(conflict) => found.add(&alloc::format!("event {nth}"), conflict),
            }
        }
        history.fold();
        found.or(Some(history))
    }
}

impl From<History> for Vec<Event> {
    fn from(history: History) -> Self {
        history.events.into_values().collect()
    }
}
