//! The fold: what each kind of event does to the state. One table, event by event.

use alloc::vec::Vec;

use super::pursuit::{Began, Pursuit};
use super::{
    Asked, Attempts, Bounce, Contact, End, Ended, Given, Happened, Hold, Named, Owed, Pace, Past, Pause,
    Screening, Setting, State, Unconfirmed,
};
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{Deed, EventId, Mark, Print};
use crate::facts::permission::{Basis, Purpose, Purposes, RefusalKind};
use crate::facts::vocabulary::{Disposition, Duty, HoldReason, Intent, Outcome, Party, Sign, Trigger};
use crate::history::consent::{Grant, Refusal};
use crate::history::fact::{Fact, What};
use crate::playbook::sequence::{Active, Again, Sequence};
use crate::rule::Pause as RulePause;
use crate::time::instant::Instant;
use crate::time::span::Span;

/// A contact of the seller's, as it was recorded.
#[derive(Clone, Copy)]
struct Touch {
    mark: Mark,
    channel: Channel,
    act: Option<Deed>,
    cause: Option<EventId>,
    item: Option<Print>,
    disposition: Option<Disposition>,
}

impl State {
    /// Takes a fact, which is the last. `is_undone`: a bounce says later that it did not get through.
    #[allow(clippy::too_many_lines, reason = "one arm for every kind of event")]
    pub(super) fn take(&mut self, setting: Setting<'_, '_>, fact: &Fact, is_undone: bool) {
        let mark = fact.mark;
        self.last = Some(mark);
        self.lapse(setting, mark.at);
        match &fact.what {
            What::Added => self.begin_first(setting, mark, Trigger::Added),
            What::Introduced => self.begin_first(setting, mark, Trigger::Introduced),
            What::Inquired { channel } => {
                self.come_back(mark);
                self.speak();
                // What they showed in an earlier pursuit is of then.
                self.intent = Intent::Talking;
                self.begin(setting, mark, Trigger::Inquired);
                self.inquiry = Some(mark);
                self.owe_response(mark, *channel);
            }
            What::Replied { channel } => {
                self.heard = Some(mark);
                self.speak();
                self.show(setting, Sign::Replied, mark);
                self.owe_response(mark, Some(*channel));
            }
            What::AutoReplied { back } => self.be_away(setting, mark, *back),
            // A recap is written: where they talked does not say where they expect it.
            What::Met { channel } => {
                self.heard = Some(mark);
                self.contacts.push(Contact { mark, channel: *channel, what: Happened::Conversation });
                self.record_outcome(setting, Outcome::Met, Some(*channel), mark);
                self.show(setting, Sign::Met, mark);
                self.discharge(|owed| matches!(owed.duty, Duty::Respond | Duty::ConfirmMeeting));
                self.speak();
                self.lift(mark, |hold| hold.reason == HoldReason::Booked);
                self.go_on(mark);
                // It makes good a meeting that they missed.
                self.pursuits.retain(|pursuit| pursuit.began != Began::By(Trigger::NoShow));
                if !self.is_over() {
                    self.begin(setting, mark, Trigger::Met);
                    self.conversation = Some(mark);
                    self.discharge(|owed| owed.duty == Duty::Recap);
                    self.owe(Duty::Recap, mark, mark.at, None);
                }
            }
            What::Touched { channel, act, cause, item, disposition } => {
                let (channel, act, cause, item) = (*channel, *act, *cause, *item);
                let touch = Touch { mark, channel, act, cause, item, disposition: *disposition };
                if is_undone { self.fail(mark, channel, act, cause) } else { self.touch(setting, touch) }
            }
            What::Named { topics } => {
                for topic in topics {
                    let place = self.named.binary_search_by_key(topic, |named| named.topic);
                    if let Err(place) = place {
                        self.named.insert(place, Named { topic: *topic, mark });
                    }
                }
            }
            What::Skipped { step } => {
                for pursuit in &mut self.pursuits {
                    pursuit.skip(setting.playbook, *step, mark);
                }
            }
            What::Failed { channel, act, cause } => self.fail(mark, *channel, Some(*act), Some(*cause)),
            What::Granted { channels, purposes, basis, until, term, own_act } => {
                let grant = Permission { channels: *channels, basis: *basis, until: *until, term: *term };
                self.grant(setting, mark, grant, *purposes, *own_act);
            }
            What::Denied { channels, purposes } => {
                self.refuse(setting, RefusalKind::Denied, *channels, *purposes, mark);
            }
            What::OptedOut { channels, purposes } => self.opt_out(setting, *channels, *purposes, mark),
            What::Unsubscribed { subscription, channels } => {
                self.consent.unsubscribe(*subscription, *channels, mark);
            }
            What::Subscribed { subscription, channels } => self.consent.subscribe(*subscription, *channels),
            What::Suppressed { channels, purposes } => {
                self.refuse(setting, RefusalKind::Suppressed, *channels, *purposes, mark);
            }
            What::Screened { channels, list, listed } => {
                self.screenings.retain(|held| !channels.contains(held.channel));
                let screening = |channel| Screening { channel, list: *list, listed: *listed, mark };
                self.screenings.extend(channels.iter().map(screening));
            }
            What::ColleagueTouched { channel } => {
                self.contacts.push(Contact { mark, channel: *channel, what: Happened::WithColleague });
            }
            What::Declined { reason } => {
                self.record_outcome(setting, Outcome::Refused, None, mark);
                self.decline_or_give_up(setting, End::Declined(*reason), mark);
            }
            What::Disqualified { reason } => {
                self.decline_or_give_up(setting, End::Disqualified(*reason), mark);
            }
            What::Purchased => {
                self.come_back(mark);
                self.intent = Intent::None;
                // Whoever has bought is not followed up on an older ground.
                self.pursuits.retain(|pursuit| pursuit.purpose(setting.playbook) == Purpose::Care);
                self.begin(setting, mark, Trigger::Purchased);
                self.purchase = Some(mark);
                self.record_outcome(setting, Outcome::Purchased, None, mark);
            }
            What::ProblemReported => {
                self.heard = Some(mark);
                self.owe(Duty::Solve, mark, mark.at, None);
            }
            What::ProblemSolved { problem } => {
                self.discharge(|owed| owed.duty == Duty::Solve && owed.mark.id == *problem);
            }
            // After a no, what the seller says that they promised is no leave to write.
            What::Promised { .. } if self.is_over() => {}
            What::Promised { by, due } => {
                let duty = if *by == Party::Us { Duty::KeepPromise } else { Duty::Remind };
                self.owe(duty, mark, *due, None);
            }
            // After a no it is treated as a message would be: it is they who ask.
            What::CallbackRequested { due, channel } => {
                self.heard = Some(mark);
                self.intent = Intent::Ready;
                self.discharge(Owed::is_callback);
                self.owe(Duty::KeepPromise, mark, *due, Some(*channel));
                self.hold(HoldReason::Callback, Some(*due), false, mark);
            }
            What::Kept { promise } => {
                let is_promise = |owed: &Owed| matches!(owed.duty, Duty::KeepPromise | Duty::Remind);
                self.discharge(|owed| is_promise(owed) && owed.mark.id == *promise);
            }
            What::Held { until, reason, despite_reply } => self.hold(*reason, *until, *despite_reply, mark),
            What::Released { reason } => self.lift(mark, |hold| match reason {
                Some(reason) => hold.reason == *reason,
                None => is_the_sellers(hold.reason),
            }),
            What::Annoyed => self.record_outcome(setting, Outcome::Annoyed, None, mark),
            What::Bounced { channel, permanent, of } => {
                let is_ahead = |of: &EventId| !self.contacts.iter().any(|contact| contact.mark.id == *of);
                self.bounced_ahead.extend(of.filter(is_ahead));
                let stands = |held: &Bounce| held.channel == *channel && held.permanent;
                if !self.bounces.iter().any(stands) {
                    self.bounces.retain(|held| held.channel != *channel);
                    self.bounces.push(Bounce { channel: *channel, permanent: *permanent, mark });
                }
            }
            What::Corrected { channel } => {
                self.bounces.retain(|bounce| bounce.channel != *channel);
                // Nobody has looked whether the new number is listed.
                self.screenings.retain(|screening| screening.channel != *channel);
            }
            What::Enrolled { sequence, from } => self.enroll(setting, mark, *sequence, *from),
            What::GivenUp => {
                self.begin(setting, mark, Trigger::GivenUp);
            }
            What::Unenrolled => self.leave(End::Unenrolled, mark),
            What::Referred => {
                self.heard = Some(mark);
                self.leave(End::Referred, mark);
            }
            What::Engaged { how } => self.show(setting, (*how).into(), mark),
            What::Booked { meeting } => {
                self.heard = Some(mark);
                self.show(setting, Sign::Booked, mark);
                self.hold(HoldReason::Booked, Some(*meeting), false, mark);
                self.owe_confirmation(setting, mark, *meeting);
            }
            What::CalledOff => {
                self.heard = Some(mark);
                self.unbook(mark);
            }
            What::NoShow => {
                self.unbook(mark);
                self.begin(setting, mark, Trigger::NoShow);
            }
            What::Stalled { why, until } => {
                self.heard = Some(mark);
                // Whoever names a day is not made to wait for another.
                if until.is_some() {
                    self.hold(HoldReason::NotNow, *until, false, mark);
                } else {
                    self.record_outcome(setting, (*why).into(), None, mark);
                }
                self.go_on(mark);
                self.begin(setting, mark, (*why).into());
            }
        }
    }

    // Beginnings and ends.

    /// Begins a pursuit of somebody with whom nothing has begun.
    fn begin_first(&mut self, setting: Setting<'_, '_>, mark: Mark, trigger: Trigger) {
        if self.begun.is_empty() {
            self.begin(setting, mark, trigger);
        }
    }

    /// Begins the first sequence that starts on it and that its policy lets start. Where all refuse, what is under way
    /// goes on; where there is none, that there is none is what there is to say.
    fn begin(&mut self, setting: Setting<'_, '_>, mark: Mark, trigger: Trigger) {
        // Being taken out, or sent on, is final until they come back or are enrolled again.
        if !self.ends.is_empty() {
            return;
        }
        if matches!(trigger, Trigger::Inquired | Trigger::Purchased) {
            self.asked.times = 0;
        }
        let sequences = setting.playbook.sequences.iter().zip(0_u16..);
        let starts = |sequence: &Sequence| {
            sequence.starts_on.contains(&trigger) && sequence.audience.includes(setting.prospect)
        };
        let mut starting = sequences.filter(|(sequence, _)| starts(sequence)).peekable();
        let first = starting.peek().map(|(_, nth)| *nth);
        let found = starting.find(|(sequence, nth)| self.lets_start(setting, sequence.again, *nth, mark));
        match (found, first) {
            (Some((_, nth)), _) => {
                self.push(setting, Pursuit::new(mark, Began::By(trigger), Some(nth), None));
            }
            (None, Some(first)) => {
                let of_it = |pursuit: &&mut Pursuit| pursuit.first() == Some(first);
                if let Some(pursuit) = self.pursuits.iter_mut().rfind(of_it) {
                    pursuit.echo(mark);
                }
            }
            (None, None) if trigger.stands_alone() || self.pursuits.is_empty() => {
                self.push(setting, Pursuit::new(mark, Began::By(trigger), None, None));
            }
            (None, None) => {}
        }
    }

    /// Whether the policy of a sequence lets it start once more.
    fn lets_start(&self, setting: Setting<'_, '_>, again: Again, nth: u16, now: Mark) -> bool {
        let Some((_, last)) = self.begun.iter().find(|(begun, _)| *begun == Some(nth)) else { return true };
        match again {
            Again::Always => true,
            Again::Once => false,
            Again::After(time) => {
                let opens = setting.place.latest_after(last.at, time, setting.playbook);
                opens.is_some_and(|opens| opens <= now.at)
            }
            Again::WhenFinished => {
                let pace = self.pace(setting);
                let mut of_it = self.pursuits.iter().filter(|pursuit| pursuit.first() == Some(nth));
                of_it.all(|pursuit| pursuit.is_finished(self, &pace, setting.prospect, now.at))
            }
        }
    }

    /// A pursuit is under way from now on, in place of what it replaces.
    fn push(&mut self, setting: Setting<'_, '_>, new: Pursuit) {
        let playbook = setting.playbook;
        let (mark, purpose, is_detour) = (new.mark, new.purpose(playbook), new.began.is_detour());
        let replaces_all = playbook.active == Active::Latest && !is_detour;
        let is_replaced =
            |held: &Pursuit| held.first() == new.first() || replaces_all && held.purpose(playbook) == purpose;
        self.pursuits.retain(|held| !is_replaced(held));
        if !is_detour {
            self.asked.times = 0;
            if purpose == Purpose::FollowUp {
                self.approaches = 0;
            }
        }
        self.begun.retain(|(begun, _)| *begun != new.first());
        self.begun.push((new.first(), mark));
        self.pursuits.push(new);
        // A pause that was over before has taken nothing from them.
        if let Some(oldest) = self.pursuits.iter().map(|pursuit| pursuit.mark.at).min() {
            self.pauses.retain(|pause| pause.until.is_none_or(|until| until > oldest));
        }
    }

    fn enroll(&mut self, setting: Setting<'_, '_>, mark: Mark, sequence: Print, from: Option<Print>) {
        // The seller can take back what the seller decided.
        if self.is_declined() {
            return;
        }
        self.ends.clear();
        let mut sequences = setting.playbook.sequences.iter().zip(0_u16..);
        let nth = sequences.find(|(known, _)| known.id.print() == sequence).map(|(_, nth)| nth);
        let mut pursuit = Pursuit::new(mark, Began::ByHand, nth, from);
        pursuit.begin_at(setting.playbook);
        self.push(setting, pursuit);
    }

    fn is_over(&self) -> bool {
        self.ended().is_some_and(|ended| ended.how.is_no())
    }

    fn come_back(&mut self, mark: Mark) {
        self.heard = Some(mark);
        self.ends.clear();
        self.consent.came_back();
    }

    fn decline_or_give_up(&mut self, setting: Setting<'_, '_>, how: End, mark: Mark) {
        let is_declined = matches!(how, End::Declined(_));
        // Whoever has bought is looked after, though they want nothing more.
        let is_buyer = is_declined && self.purchase.is_some();
        self.pursuits.retain(|held| is_buyer && held.purpose(setting.playbook) == Purpose::Care);
        self.intent = Intent::None;
        self.end(how, mark);
        self.discharge(|owed| !is_buyer || owed.duty != Duty::Solve);
        // A no ends what the relation implied.
        if is_declined {
            self.declined = Some(mark);
        }
        (self.inquiry, self.conversation) = (None, None);
        if !is_buyer {
            self.purchase = None;
        }
    }

    /// Ends everything that is under way, without a no.
    fn leave(&mut self, how: End, mark: Mark) {
        self.pursuits.clear();
        self.end(how, mark);
    }

    /// Each end stands until it is undone. A second no takes the place of the first; of being taken out and being sent
    /// on, the first remains the reason.
    fn end(&mut self, how: End, mark: Mark) {
        match self.ends.iter_mut().find(|ended| ended.how.gravity() == how.gravity()) {
            Some(of_it) if how.is_no() => *of_it = Ended { how, mark },
            Some(_) => {}
            None => {
                let graver = self.ends.partition_point(|ended| ended.how.gravity() > how.gravity());
                self.ends.insert(graver, Ended { how, mark });
            }
        }
    }

    // Contacts.

    fn touch(&mut self, setting: Setting<'_, '_>, touch: Touch) {
        let Touch { mark, channel, act, cause, item, disposition } = touch;
        let what = match act {
            Some(Deed::Step(step)) => {
                self.take_step(setting, step, touch);
                Happened::Approach
            }
            Some(Deed::Duty(duty)) => {
                if Self::gets_through(setting, duty, disposition) {
                    self.fulfil(duty, cause, mark);
                } else {
                    self.attempt(duty, cause, channel, mark);
                }
                if duty.is_answer() { Happened::Answer } else { Happened::Approach }
            }
            None => self.touch_by_hand(setting, touch),
        };
        self.approaches += u32::from(what == Happened::Approach);
        self.contacts.push(Contact { mark, channel, what });
        let items = &setting.playbook.items;
        let nth = item.and_then(|print| items.iter().position(|item| item.id.print() == print));
        if let Some(item) = nth.and_then(|nth| u32::try_from(nth).ok()) {
            self.given.push(Given { item, mark });
        }
    }

    fn gets_through(setting: Setting<'_, '_>, duty: Duty, disposition: Option<Disposition>) -> bool {
        let talked = disposition.is_none_or(|disposition| disposition == Disposition::Connected);
        talked || setting.playbook.duty(duty).is_some_and(|spec| spec.got_through(disposition))
    }

    /// A contact that no decision asked for answers what it can, and otherwise is an approach. It takes no step.
    fn touch_by_hand(&mut self, setting: Setting<'_, '_>, touch: Touch) -> Happened {
        let Touch { mark, channel, disposition, .. } = touch;
        for pursuit in &mut self.pursuits {
            pursuit.came_of_it(setting.playbook, None, channel, disposition, mark);
        }
        let answers = |owed: &Owed| match owed.duty {
            Duty::Respond | Duty::Recap => true,
            _ => owed.is_callback() && owed.channel == Some(channel),
        };
        // What is owed is in the order of precedence.
        let first = self.owed.iter().find(|owed| answers(owed)).map(|owed| (owed.duty, owed.mark.id));
        let Some((first, cause)) = first else {
            self.go_on(mark);
            return Happened::Approach;
        };
        let through = [Duty::Respond, Duty::Recap, Duty::KeepPromise]
            .map(|duty| (duty, Self::gets_through(setting, duty, disposition)));
        let is_through = |duty| through.contains(&(duty, true));
        let settles = |owed: &Owed| answers(owed) && is_through(owed.duty);
        if self.owed.iter().any(settles) {
            self.discharge(settles);
            self.go_on(mark);
        } else {
            self.attempt(first, Some(cause), channel, mark);
        }
        Happened::Answer
    }

    /// Does what was owed.
    fn fulfil(&mut self, duty: Duty, cause: Option<EventId>, mark: Mark) {
        let is_it = |owed: &Owed| cause.is_none_or(|cause| owed.mark.id == cause);
        match duty {
            Duty::ConfirmOptOut => self.unconfirmed = None,
            Duty::AskPermission => {
                self.asked = Asked { times: self.asked.times.saturating_add(1), last: Some(mark) };
                for pursuit in self.caused_by(cause) {
                    pursuit.asks.succeed();
                }
            }
            Duty::Respond | Duty::Recap => self.discharge(|owed| owed.duty == duty),
            Duty::Solve | Duty::KeepPromise | Duty::ConfirmMeeting | Duty::Remind => {
                self.discharge(|owed| owed.duty == duty && is_it(owed));
            }
        }
        if duty.is_answer() {
            self.go_on(mark);
        }
    }

    /// Tried to do what was owed, and did not get through.
    fn attempt(&mut self, duty: Duty, cause: Option<EventId>, channel: Channel, mark: Mark) {
        match duty {
            Duty::ConfirmOptOut => {
                if let Some(opt_out) = &mut self.unconfirmed {
                    opt_out.attempts.add(channel, mark);
                }
            }
            Duty::AskPermission => {
                for pursuit in self.caused_by(cause) {
                    pursuit.asks.fail(channel, mark);
                }
            }
            _ => {
                let is_it =
                    |owed: &&mut Owed| owed.duty == duty && cause.is_none_or(|cause| owed.mark.id == cause);
                for owed in self.owed.iter_mut().filter(is_it) {
                    owed.attempts.add(channel, mark);
                }
            }
        }
    }

    /// An attempt at something did not get out.
    fn fail(&mut self, mark: Mark, channel: Channel, act: Option<Deed>, cause: Option<EventId>) {
        let is_answer = matches!(act, Some(Deed::Duty(duty)) if duty.is_answer());
        let what = if is_answer { Happened::FailedAnswer } else { Happened::FailedApproach };
        self.contacts.push(Contact { mark, channel, what });
        match act {
            Some(Deed::Duty(duty)) => self.attempt(duty, cause, channel, mark),
            Some(Deed::Step(step)) => {
                for pursuit in self.caused_by(cause) {
                    if let Some(tries) = pursuit.tries_of(step) {
                        tries.fail(channel, mark);
                    }
                }
            }
            None => {}
        }
    }

    fn caused_by(&mut self, cause: Option<EventId>) -> impl Iterator<Item = &mut Pursuit> {
        let is_it = move |pursuit: &&mut Pursuit| cause.is_none_or(|cause| pursuit.is_named_by(cause));
        self.pursuits.iter_mut().filter(is_it)
    }

    /// A step was taken in every pursuit that it is meant for. What lies under a detour goes on from then.
    fn take_step(&mut self, setting: Setting<'_, '_>, step: Print, touch: Touch) {
        let playbook = setting.playbook;
        let pace = Pace {
            playbook,
            prospect: setting.prospect,
            place: setting.place,
            pauses: &self.pauses,
            holds: &self.holds,
            signs: &self.signs,
        };
        for nth in 0..self.pursuits.len() {
            let (before, rest) = self.pursuits.split_at_mut(nth);
            let meant = |pursuit: &&mut Pursuit| touch.cause.is_none_or(|cause| pursuit.is_named_by(cause));
            let Some(pursuit) = rest.first_mut().filter(meant) else { continue };
            let mut has_way_back = true;
            if playbook.active == Active::Latest && pursuit.began.is_detour() {
                let purpose = pursuit.purpose(playbook);
                for under in before.iter_mut().filter(|under| under.purpose(playbook) == purpose) {
                    under.go_on(touch.mark.at);
                    has_way_back = false;
                }
            }
            if let Some(tries) = pursuit.tries_of(step) {
                tries.succeed();
            }
            pursuit.take(&pace, step, touch.mark, has_way_back);
            pursuit.came_of_it(playbook, Some(step), touch.channel, touch.disposition, touch.mark);
        }
    }

    /// Something happened from which the delays count.
    fn go_on(&mut self, mark: Mark) {
        for pursuit in &mut self.pursuits {
            pursuit.go_on(mark.at);
        }
    }

    // What is owed.

    fn owe(&mut self, duty: Duty, mark: Mark, due: Instant, channel: Option<Channel>) {
        let place = self.owed.partition_point(|owed| (owed.duty, owed.due, owed.mark) <= (duty, due, mark));
        self.owed
            .insert(place, Owed { duty, mark, due, channel, until: None, attempts: Attempts::default() });
    }

    /// Of several unanswered messages the first counts for lateness and the latest on each channel for where
    /// an answer is expected; the others add nothing.
    fn owe_response(&mut self, mark: Mark, channel: Option<Channel>) {
        let mut responses = self.owed.iter().filter(|owed| owed.duty == Duty::Respond);
        let first = responses.next().map(|owed| owed.mark);
        self.discharge(|owed| {
            owed.duty == Duty::Respond && Some(owed.mark) != first && owed.channel == channel
        });
        self.owe(Duty::Respond, mark, mark.at, channel);
    }

    /// What it is too late for is not owed any more.
    fn lapse(&mut self, setting: Setting<'_, '_>, at: Instant) {
        if !setting.playbook.uses.expiry {
            return;
        }
        let lapsed = self.owed.iter().filter(|owed| self.has_lapsed(setting, owed, at));
        let lapsed: Vec<Mark> = lapsed.map(|owed| owed.mark).collect();
        if !lapsed.is_empty() {
            self.discharge(|owed| lapsed.contains(&owed.mark));
        }
    }

    fn discharge(&mut self, is_done: impl Fn(&Owed) -> bool) {
        // A request to be called holds nothing up once it is met.
        let owed = &self.owed;
        self.holds.retain(|hold| {
            hold.reason != HoldReason::Callback
                || !owed.iter().any(|owed| owed.mark == hold.mark && is_done(owed))
        });
        self.owed.retain(|owed| !is_done(owed));
    }

    // Permission.

    fn grant(
        &mut self,
        setting: Setting<'_, '_>,
        mark: Mark,
        permission: Permission,
        purposes: Purposes,
        own_act: bool,
    ) {
        let Permission { channels, basis, until, term } = permission;
        // What the seller concludes by itself is no act of theirs, whatever the entry says.
        let own_act = own_act && basis.is_consent();
        let is_for_following_up = own_act && purposes.contains(Purpose::FollowUp);
        let takes_back = is_for_following_up
            && (self.is_declined()
                || self.consent.refusals(Purpose::FollowUp).any(|held| held.channels.meets(channels)));
        if own_act {
            self.heard = Some(mark);
            self.take_back_opt_out(channels);
        }
        for purpose in purposes.iter() {
            self.consent.grant(Grant { channels, purpose, basis, until, term, own_act, mark });
        }
        if takes_back {
            self.ends.retain(|ended| !matches!(ended.how, End::Declined(_)));
            self.begin(setting, mark, Trigger::OptedIn);
        }
    }

    fn opt_out(&mut self, setting: Setting<'_, '_>, channels: Channels, purposes: Purposes, mark: Mark) {
        // Said again it is nothing more to confirm. Where an older refusal stands nothing is confirmed either.
        let shut = self.consent.refused(Purpose::Answer);
        let open = channels.without(shut);
        let confirms = setting.playbook.duty(Duty::ConfirmOptOut).is_some()
            && !open.is_empty()
            && !self.consent.is_opted_out(channels, purposes);
        if confirms {
            self.unconfirmed = Some(Unconfirmed { channels: open, mark, attempts: Attempts::default() });
        }
        self.refuse(setting, RefusalKind::OptedOut, channels, purposes, mark);
    }

    fn refuse(
        &mut self,
        setting: Setting<'_, '_>,
        kind: RefusalKind,
        channels: Channels,
        purposes: Purposes,
        mark: Mark,
    ) {
        for purpose in purposes.iter() {
            self.consent.refuse(Refusal::new(kind, channels, purpose, mark));
        }
        for channel in channels.iter() {
            self.record_outcome(setting, Outcome::Refused, Some(channel), mark);
        }
        // Whoever wants nothing at all any more is owed nothing any more.
        if kind != RefusalKind::Denied && channels == Channels::ALL && purposes.contains(Purpose::Answer) {
            self.discharge(|_| true);
        }
    }

    /// Where they opted in again there is no opt-out to confirm.
    fn take_back_opt_out(&mut self, channels: Channels) {
        if let Some(opt_out) = &mut self.unconfirmed {
            opt_out.channels = opt_out.channels.without(channels);
        }
        self.unconfirmed.take_if(|opt_out| opt_out.channels.is_empty());
    }

    // Holds, signs, outcomes.

    fn hold(&mut self, reason: HoldReason, until: Option<Instant>, despite_reply: bool, mark: Mark) {
        self.lift(mark, |held| held.reason == reason);
        if reason == HoldReason::Paused {
            self.pauses.push(Pause { mark, until });
        }
        self.holds.push(Hold { reason, until, despite_reply, mark });
    }

    /// Ends holds.
    fn lift(&mut self, by: Mark, is_lifted: impl Fn(&Hold) -> bool) {
        for hold in self.holds.iter().filter(|hold| is_lifted(hold)) {
            if let Some(pause) = self.pauses.iter_mut().rfind(|pause| pause.mark == hold.mark) {
                pause.until = Some(pause.until.map_or(by.at, |until| until.min(by.at)));
            }
        }
        self.holds.retain(|hold| !is_lifted(hold));
    }

    /// Whoever writes, asks or talks to the seller is back.
    fn speak(&mut self) {
        self.holds.retain(|hold| match hold.reason {
            HoldReason::Snoozed => hold.despite_reply,
            HoldReason::NotNow | HoldReason::OutOfOffice | HoldReason::Callback => false,
            HoldReason::Paused | HoldReason::ColleagueReplied | HoldReason::Booked => true,
        });
    }

    /// A machine says that they are away, and perhaps until when.
    fn be_away(&mut self, setting: Setting<'_, '_>, mark: Mark, back: Option<Instant>) {
        let holds = &setting.playbook.holds;
        let after = |from, delay| setting.place.latest_after(from, delay, setting.playbook);
        let longest = after(mark.at, holds.longest_absence);
        let is_likely = |back: &Instant| *back > mark.at && longest.is_none_or(|longest| *back <= longest);
        let until = match back.filter(is_likely) {
            Some(back) => holds.after_return.map_or(Some(back), |rest| after(back, rest)),
            None => match holds.out_of_office {
                Some(lasts) => after(mark.at, lasts),
                None => return,
            },
        };
        self.hold(HoldReason::OutOfOffice, Some(until.unwrap_or(Instant::MAX)), false, mark);
    }

    /// Notes a sign in every pursuit.
    fn show(&mut self, setting: Setting<'_, '_>, sign: Sign, mark: Mark) {
        let playbook = setting.playbook;
        self.intent = self.intent.max(sign.into());
        self.signs.show(sign, mark.at, playbook.uses.most_signs);
        for pursuit in &mut self.pursuits {
            pursuit.show(playbook, sign, mark.at);
        }
    }

    /// A meeting is confirmed to them before they meet; of several bookings the last one counts.
    fn owe_confirmation(&mut self, setting: Setting<'_, '_>, mark: Mark, meeting: Instant) {
        self.discharge(|owed| owed.duty == Duty::ConfirmMeeting);
        let spec = setting.playbook.duty(Duty::ConfirmMeeting).filter(|_| !self.is_over());
        let Some(spec) = spec.filter(|_| meeting > mark.at) else { return };
        let due = setting.place.latest_before(meeting, spec.before, setting.playbook);
        self.owe(Duty::ConfirmMeeting, mark, due.map_or(mark.at, |due| due.max(mark.at)), None);
        let owed = self.owed.iter_mut().filter(|owed| owed.mark == mark);
        owed.for_each(|owed| owed.until = Some(meeting));
    }

    /// A meeting to which nobody came, or that was called off, is none.
    fn unbook(&mut self, mark: Mark) {
        self.discharge(|owed| owed.duty == Duty::ConfirmMeeting);
        self.intent = self.intent.min(Intent::Talking);
        self.lift(mark, |hold| hold.reason == HoldReason::Booked);
        self.signs.lose(Sign::Booked);
        for pursuit in &mut self.pursuits {
            pursuit.lose(Sign::Booked);
            pursuit.go_on(mark.at);
        }
    }

    /// Of what happened again only the last counts, but where a pause after the one before is over later: in business days
    /// that can be so.
    fn record_outcome(
        &mut self,
        setting: Setting<'_, '_>,
        outcome: Outcome,
        channel: Option<Channel>,
        mark: Mark,
    ) {
        let pauses = setting.playbook.rules.iter().filter_map(|rule| rule.pause.as_ref());
        let pauses = pauses.filter(|pause| pause.after == outcome);
        let ends = |from: Mark, pause: &RulePause| {
            let end = setting.place.latest_after(from.at, pause.lasts, setting.playbook);
            end.unwrap_or(Instant::MAX)
        };
        self.outcomes.retain(|held| {
            (held.outcome, held.channel) != (outcome, channel)
                || pauses.clone().any(|pause| ends(held.mark, pause) > ends(mark, pause))
        });
        self.outcomes.push(Past { outcome, channel, mark });
    }

    pub(crate) fn pace<'x, 'a>(&'x self, setting: Setting<'x, 'a>) -> Pace<'x, 'a> {
        Pace {
            playbook: setting.playbook,
            prospect: setting.prospect,
            place: setting.place,
            pauses: &self.pauses,
            holds: &self.holds,
            signs: &self.signs,
        }
    }
}

/// What a permission says, beside its purposes.
#[derive(Clone, Copy)]
struct Permission {
    channels: Channels,
    basis: Basis,
    until: Option<Instant>,
    term: Option<Span>,
}

/// Whether it is the seller who sets holds of that reason.
const fn is_the_sellers(reason: HoldReason) -> bool {
    matches!(reason, HoldReason::Snoozed | HoldReason::Paused | HoldReason::ColleagueReplied)
}
