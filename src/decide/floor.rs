//! The floor: of all that there would be to do, who goes first and when.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::context::Context;
use super::gates::{Closed, Opens, Stop};
use super::propose::Candidate;
use super::state::{Course, End, Happened, Pursuit};
use super::verdict::{Gate, Need, Rest, Verdict};
use crate::facts::channel::Channel;
use crate::facts::permission::Purpose;
use crate::facts::vocabulary::{Duty, Sign};
use crate::playbook::act::Act;
use crate::playbook::sequence::Active;
use crate::time::instant::Instant;

/// When and where a candidate can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) at: Instant,
    pub(crate) channel: Channel,
}

/// That no channel ever carries a candidate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Barred {
    /// If permission is all that is missing on some channel, when it ended last, or when the pursuit began.
    lapsed: Option<Instant>,
    /// Whether a step that is barred like this is passed over.
    is_passed_over: bool,
    /// Where the way ends on each of its channels.
    stops: PerChannel<Stop>,
}

impl Barred {
    /// What there is to say of it, that of the channel first that came farthest.
    fn says<'c, 'a>(
        &self,
        context: Context<'c, 'a>,
        candidate: &Candidate<'c, 'a>,
    ) -> impl Iterator<Item = Closed<'a>> {
        let mut stops = [None; Channel::ALL.len()];
        for (slot, stop) in stops.iter_mut().zip(self.on_each(candidate)) {
            *slot = Some(stop);
        }
        stops.sort_by_key(|stop| stop.map(|(_, stop)| Reverse(stop.gate)));
        let stops = stops.into_iter().flatten();
        stops.map(move |(channel, stop)| stop.gate.closed(&candidate.on(context, channel), stop.at))
    }

    /// Whether it is too late for it on every channel.
    fn is_too_late(&self, candidate: &Candidate<'_, '_>) -> bool {
        self.on_each(candidate).all(|(_, stop)| stop.gate == Gate::Expiry)
    }

    fn on_each<'b>(&'b self, candidate: &'b Candidate<'_, '_>) -> impl Iterator<Item = (Channel, Stop)> + 'b {
        let channels = candidate.channels.iter().copied();
        channels.zip(self.stops).filter_map(|(channel, stop)| Some((channel, stop?)))
    }
}

/// What was found of one candidate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seen<'c, 'a> {
    Open(Candidate<'c, 'a>),
    Barred(Candidate<'c, 'a>),
}

/// What comes next in one pursuit.
enum Next<'c, 'a> {
    Open(Candidate<'c, 'a>, Opening),
    /// Something bars it that a person, or nothing, can change.
    Barred(Candidate<'c, 'a>, Barred),
    /// A meeting was its goal, and nobody has said yet what came of that.
    Outcome(Instant),
    /// It has come to its end, and what there is to say of that.
    Done(Closed<'a>, Option<Candidate<'c, 'a>>),
}

/// Who has the floor from an instant on, and what is barred beside. Candidates are offered in order of precedence.
///
/// A candidate goes first if it opens before anything that takes precedence over it falls due. So of those that can go
/// the last that goes first by this is the first to go: whatever has to wait for its hour keeps what comes behind it
/// waiting, and nothing else does.
pub(crate) struct Floor<'c, 'a, W> {
    context: Context<'c, 'a>,
    /// When it is asked.
    now: Instant,
    /// From when something can be done.
    at: Instant,
    /// When the first that takes precedence falls due.
    taken_from: Option<Instant>,
    first: Option<(Candidate<'c, 'a>, Opening)>,
    /// What can go too, and waits for its turn.
    pub(crate) others: Few<(Candidate<'c, 'a>, Opening)>,
    pub(crate) needs: Vec<Need<'a>>,
    /// What the first need is about.
    needed_for: Option<Candidate<'c, 'a>>,
    rest: Option<(Rest, Option<Candidate<'c, 'a>>)>,
    /// The first instant at which something that is barred may be barred otherwise.
    pub(crate) next_change: Option<Instant>,
    watch: W,
}

impl<'c, 'a, W> Floor<'c, 'a, W> {
    /// What there is to say: what can go first, else what is needed, else why there is nothing to do.
    pub(crate) fn verdict(&self) -> Verdict<'a> {
        match (&self.first, self.needs.first(), self.rest) {
            (Some((candidate, opening)), ..) => {
                let action = self.context.action(candidate, *opening);
                if opening.at == self.now {
                    Verdict::Act(action)
                } else {
                    Verdict::Wait { until: opening.at, next: action }
                }
            }
            (None, Some(need), _) => Verdict::Need(need.clone()),
            (None, None, rest) => Verdict::Rest(rest.map_or(Rest::Unstarted, |(rest, _)| rest)),
        }
    }

    /// What that is about: what is to be done, or cannot be done.
    pub(crate) fn about(&self) -> Option<Candidate<'c, 'a>> {
        match (&self.first, self.needs.first(), self.rest) {
            (Some((candidate, _)), ..) => Some(*candidate),
            (None, Some(_), _) => self.needed_for,
            (None, None, rest) => rest.and_then(|(_, about)| about),
        }
    }
}

impl<'c, 'a, W: FnMut(Seen<'c, 'a>)> Floor<'c, 'a, W> {
    /// The floor as it is at that instant. Unless all is wanted, what comes behind something that can go at once is not
    /// looked at.
    pub(crate) fn at(context: Context<'c, 'a>, now: Instant, wants_all: bool, watch: W) -> Self {
        let mut floor = Self {
            context,
            now,
            at: context.asked_at(now),
            taken_from: None,
            first: None,
            others: Few::default(),
            needs: Vec::new(),
            needed_for: None,
            rest: None,
            next_change: None,
            watch,
        };
        floor.fill(wants_all);
        floor
    }

    fn fill(&mut self, wants_all: bool) {
        let context = self.context;
        let is_enough = |floor: &Self| !wants_all && floor.goes_at_once();
        if let Some(ended) = context.state.ended() {
            self.rest = Some((rest_after(ended.how), None));
        }
        if let Some(confirmation) = context.confirmation()
            && let Ok(opening) = context.open(&confirmation, self.at)
        {
            // While it must wait it keeps nothing else waiting.
            self.offer(confirmation, opening, opening.at);
        }
        let at = self.at;
        let is_in_time = |owed: &Candidate<'_, '_>| owed.expires.is_none_or(|expires| at < expires);
        for answer in context.answers().filter(is_in_time) {
            if is_enough(self) {
                return;
            }
            self.propose(answer);
        }
        if is_enough(self) {
            return;
        }
        let (mut reminders, mut touches) = (Few::default(), Few::default());
        for reminder in context.reminders().filter(is_in_time) {
            match context.open(&reminder, reminder.due.max(self.at)) {
                Ok(opening) => reminders.push((reminder, opening)),
                Err(barred) => drop(self.need(&reminder, &barred)),
            }
        }
        self.pursue(|floor, candidate, opening| match candidate.act {
            Act::Duty(_) => floor.offer(candidate, opening, candidate.due),
            Act::Touch(_) => touches.push((candidate, opening)),
        });
        for (candidate, opening) in reminders.into_iter().chain(touches) {
            self.offer(candidate, opening, candidate.due);
        }
    }

    /// Whether something can go at once: nothing behind it can go before.
    fn goes_at_once(&self) -> bool {
        self.first.as_ref().is_some_and(|(_, opening)| opening.at == self.at)
    }

    /// Something that can go at some time, and before which nothing goes from then on.
    fn offer(&mut self, candidate: Candidate<'c, 'a>, opening: Opening, holds_from: Instant) {
        (self.watch)(Seen::Open(candidate));
        let goes_first = self.taken_from.is_none_or(|taken| opening.at < taken);
        let other =
            if goes_first { self.first.replace((candidate, opening)) } else { Some((candidate, opening)) };
        if let Some(other) = other {
            self.others.push(other);
        }
        let holds_from = holds_from.max(self.at);
        self.taken_from = Some(self.taken_from.map_or(holds_from, |taken| taken.min(holds_from)));
    }

    fn propose(&mut self, candidate: Candidate<'c, 'a>) {
        match self.context.open(&candidate, candidate.due.max(self.at)) {
            Ok(opening) => self.offer(candidate, opening, candidate.due),
            Err(barred) => self.bar(&candidate, &barred),
        }
    }

    /// Notes what is to be said: the first of its kind is the verdict, if nothing can go.
    fn note(&mut self, closed: Closed<'a>, about: Option<Candidate<'c, 'a>>) {
        match closed {
            Closed::Need(need) => {
                if self.needs.is_empty() {
                    self.needed_for = about;
                }
                if !self.needs.contains(&need) {
                    self.needs.push(need);
                }
            }
            Closed::Rest(rest) if self.rest.is_none() => self.rest = Some((rest, about)),
            Closed::Rest(_) => {}
        }
    }

    /// Notes what bars a candidate.
    fn bar(&mut self, candidate: &Candidate<'c, 'a>, barred: &Barred) {
        self.watch_barred(candidate, barred);
        for closed in barred.says(self.context, candidate) {
            self.note(closed, Some(*candidate));
        }
    }

    /// Notes what a person could do about what bars a candidate. Returns what there is to say of it.
    fn need(&mut self, candidate: &Candidate<'c, 'a>, barred: &Barred) -> Option<Closed<'a>> {
        self.watch_barred(candidate, barred);
        let mut first = None;
        for closed in barred.says(self.context, candidate) {
            first = first.or_else(|| Some(closed.clone()));
            if let Closed::Need(_) = closed {
                self.note(closed, Some(*candidate));
            }
        }
        first
    }

    /// Notes when what bars a candidate may change.
    fn watch_barred(&mut self, candidate: &Candidate<'c, 'a>, barred: &Barred) {
        (self.watch)(Seen::Barred(*candidate));
        let from = candidate.due.max(self.at);
        let changes = barred
            .on_each(candidate)
            .filter_map(|(channel, stop)| candidate.on(self.context, channel).next_change_of(stop, from));
        // What expires as it falls due is over from then on, too.
        let expires = candidate.expires.filter(|expires| *expires == from && *expires > self.at);
        self.next_change = self.next_change.into_iter().chain(changes).chain(expires).min();
    }

    // Pursuits.

    /// What comes next in everything that is under way, in order.
    fn pursue(&mut self, mut go: impl FnMut(&mut Self, Candidate<'c, 'a>, Opening)) {
        let (state, playbook) = (self.context.state, self.context.playbook);
        if state.pursuits.is_empty() {
            self.note(Closed::Rest(Rest::Unstarted), None);
            return;
        }
        if playbook.active == Active::ByPriority {
            let mut ordered: Vec<&'c Pursuit> = state.pursuits.iter().collect();
            ordered.sort_by_key(|pursuit| Reverse((pursuit.priority(playbook), pursuit.mark)));
            for pursuit in ordered {
                let next = self.next(pursuit, true);
                self.say(next, &mut go);
            }
            return;
        }
        for purpose in [Purpose::Care, Purpose::FollowUp] {
            let mut done = None;
            let mut stack =
                state.pursuits.iter().rev().filter(|held| held.purpose(playbook) == purpose).peekable();
            while let Some(pursuit) = stack.next() {
                done = Some(self.next(pursuit, stack.peek().is_none()));
                // When a detour is finished, what lies under it goes on.
                if !matches!(done, Some(Next::Done(..))) {
                    break;
                }
            }
            if let Some(next) = done {
                self.say(next, &mut go);
            }
        }
    }

    fn say(&mut self, next: Next<'c, 'a>, go: &mut impl FnMut(&mut Self, Candidate<'c, 'a>, Opening)) {
        match next {
            Next::Open(candidate, opening) => go(self, candidate, opening),
            Next::Barred(candidate, barred) => self.bar(&candidate, &barred),
            Next::Outcome(meeting) if meeting <= self.at => {
                self.note(Closed::Need(Need::Outcome { meeting }), None);
            }
            // Nobody can say what comes of it before they have met.
            Next::Outcome(meeting) => {
                self.next_change = self.next_change.into_iter().chain([meeting]).min();
                self.note(Closed::Rest(Rest::Agreed { meeting }), None);
            }
            Next::Done(closed, about) => self.note(closed, about),
        }
    }

    /// What comes next in a pursuit. Only where nothing lies under it is there a way back.
    fn next(&mut self, pursuit: &'c Pursuit, has_way_back: bool) -> Next<'c, 'a> {
        let context = self.context;
        let done = |closed| Next::Done(closed, None);
        if pursuit.is_lost(context.playbook) {
            return done(pursuit.lost());
        }
        let (mut left_out, may_ask) = (None, context.may_ask());
        let pace = context.pace();
        let Some(course) = Course::of(&pace, pursuit) else { return done(Closed::Rest(Rest::Finished)) };
        let mut course = if has_way_back { course } else { course.without_way_back() };
        while let Some(ahead) = course.next_step() {
            let candidate = Context::touch(pursuit, &ahead);
            let barred = match context.open_or_ask(&candidate, candidate.due.max(self.at), may_ask) {
                Ok(opening) => return Next::Open(candidate, opening),
                Err(barred) => barred,
            };
            if let Some(lapsed) = barred.lapsed
                && let Some(next) = self.ask(pursuit, &candidate, lapsed)
            {
                self.watch_barred(&candidate, &barred);
                return next;
            }
            if !barred.is_passed_over {
                return Next::Barred(candidate, barred);
            }
            // It stands in nobody's way; what a person could do about it is told beside. What it is too late for is over.
            let closed = self.need(&candidate, &barred);
            if barred.is_too_late(&candidate) {
                course.pass_too_late(&ahead);
            } else {
                left_out = left_out.or(closed.map(|closed| (closed, candidate)));
                course.pass(&ahead);
            }
        }
        if let Some(sign) = course.reached() {
            return match context.state.booked().filter(|_| sign == Sign::Booked) {
                Some(meeting) => Next::Outcome(meeting),
                None => done(Closed::Rest(Rest::Reached(sign))),
            };
        }
        if let Some((closed, candidate)) = left_out {
            return Next::Done(closed, Some(candidate));
        }
        let fewest = u32::from(context.playbook.fewest_touches);
        let made = context.state.approaches;
        if pursuit.purpose(context.playbook) == Purpose::FollowUp && made < fewest {
            return done(Closed::Need(Need::Touches { made, fewest }));
        }
        done(Closed::Rest(Rest::Finished))
    }

    /// Asking for the permission that a step lacks, if that is possible.
    fn ask(
        &mut self,
        pursuit: &'c Pursuit,
        step: &Candidate<'c, 'a>,
        lapsed: Instant,
    ) -> Option<Next<'c, 'a>> {
        let context = self.context;
        let asking = context.asking(pursuit, step.purpose, lapsed)?;
        match context.open(&asking, asking.due.max(self.at)) {
            Ok(opening) => {
                // By then something else may bar the step, too, and then nobody asks for what would help nothing.
                let then = context.open_or_ask(step, step.due.max(opening.at), true);
                let is_still_all = then.is_err_and(|barred| barred.lapsed.is_some());
                is_still_all.then_some(Next::Open(asking, opening))
            }
            Err(barred) => {
                self.need(&asking, &barred);
                None
            }
        }
    }
}

/// One or none for each channel.
type PerChannel<T> = [Option<T>; Channel::ALL.len()];

/// A list of which mostly there is one.
#[derive(Debug)]
pub(crate) struct Few<T> {
    first: Option<T>,
    others: Vec<T>,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { first: None, others: Vec::new() }
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = core::iter::Chain<core::option::IntoIter<T>, alloc::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.others)
    }
}

impl<T> Few<T> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(&self.others)
    }

    fn push(&mut self, one: T) {
        if self.first.is_none() {
            self.first = Some(one);
        } else {
            self.others.push(one);
        }
    }
}

const fn rest_after(how: End) -> Rest {
    match how {
        End::Declined(reason) => Rest::Declined(reason),
        End::Disqualified(reason) => Rest::Disqualified(reason),
        End::Unenrolled => Rest::Unenrolled,
        End::Referred => Rest::Referred,
    }
}

/// How much a channel is preferred; smaller is better.
type Preference = (bool, bool, usize);

impl<'c, 'a> Context<'c, 'a> {
    /// The first instant from `at` at which the candidate can be done on some channel; of several channels
    /// that open together, the one the prospect prefers, unless the last two approaches went there. What is expected on one
    /// channel by a promise goes there as long as that is possible at all. Otherwise what bars it.
    #[allow(clippy::result_large_err, reason = "a box would be an allocation in every decision")]
    pub(crate) fn open(&self, candidate: &Candidate<'c, 'a>, at: Instant) -> Result<Opening, Barred> {
        self.open_or_ask(candidate, at, false)
    }

    /// The same, and if permission is missing and they may be asked, since when.
    #[allow(clippy::result_large_err, reason = "a box would be an allocation in every decision")]
    fn open_or_ask(
        &self,
        candidate: &Candidate<'c, 'a>,
        at: Instant,
        may_ask: bool,
    ) -> Result<Opening, Barred> {
        if let Some(only) = candidate.insists_on()
            && let Ok(at) = candidate.on(*self, only).settle(at)
        {
            return Ok(Opening { at, channel: only });
        }
        let overused = self.overused(candidate);
        let preference = |channel: &Channel| self.preference(candidate, overused, *channel);
        let mut best: Option<(Opens, Channel)> = None;
        let mut barred = Barred { lapsed: None, is_passed_over: true, stops: [None; Channel::ALL.len()] };
        let mut seen = 0_u8;
        for _ in candidate.channels {
            let unseen = (0_u8..).zip(candidate.channels).filter(|(nth, _)| seen & 1 << nth == 0);
            let Some((nth, channel)) = unseen.min_by_key(|(_, channel)| preference(channel)) else { break };
            seen |= 1 << nth;
            let channel = *channel;
            // What they like less would have to open earlier.
            let is_no_earlier = |(opens, held): (Opens, Channel)| {
                let is_alike =
                    || self.playbook.uses.alike.get(held as usize).is_some_and(|all| all.contains(channel));
                opens.at == at || opens.is_of_all_channels && is_alike()
            };
            if best.is_some_and(is_no_earlier) {
                continue;
            }
            let query = candidate.on(*self, channel);
            match query.opens(at) {
                Err(stop) => {
                    if may_ask && stop.gate == Gate::Permission && query.is_all_it_lacks(stop) {
                        barred.lapsed = barred.lapsed.max(query.lost(stop.at)).max(Some(candidate.cause.at));
                    }
                    barred.is_passed_over &= stop.gate.is_passed_over(&query, stop.at);
                    if let Some(slot) = barred.stops.get_mut(usize::from(nth)) {
                        *slot = Some(stop);
                    }
                }
                Ok(opens) if best.is_none_or(|(held, _)| opens.at < held.at) => best = Some((opens, channel)),
                Ok(_) => {}
            }
        }
        best.map(|(opens, channel)| Opening { at: opens.at, channel }).ok_or(barred)
    }

    /// Whether a candidate that is barred is in the way, or waits for a person: a step that is passed over, and that
    /// nobody can do anything about, is in nobody's way.
    pub(crate) fn matters(&self, candidate: &Candidate<'c, 'a>, at: Instant) -> bool {
        let Err(barred) = self.open(candidate, candidate.due.max(at)) else { return true };
        let is_left_out = barred.is_passed_over && matches!(candidate.act, Act::Touch(_));
        !is_left_out
            || barred.is_too_late(candidate)
            || barred.says(*self, candidate).any(|closed| matches!(closed, Closed::Need(_)))
    }

    /// Smaller is better: first the channel on which they expect it, then what is not overused, then those they like.
    fn preference(
        &self,
        candidate: &Candidate<'_, '_>,
        overused: Option<Channel>,
        channel: Channel,
    ) -> Preference {
        let liked = self.prospect.preferred().iter().position(|liked| *liked == channel);
        (candidate.expected_on != Some(channel), overused == Some(channel), liked.unwrap_or(usize::MAX))
    }

    /// The channel of the last two approaches, where what is next could go another way: of those that open together it
    /// comes last, so that nobody is reached three times in a row on one channel while another is open.
    fn overused(&self, candidate: &Candidate<'_, '_>) -> Option<Channel> {
        if candidate.act.is_answer() || candidate.channels.len() < 2 {
            return None;
        }
        let newest_first = self.state.contacts.iter().rev();
        let mut approaches = newest_first.filter(|contact| contact.what == Happened::Approach);
        let last = approaches.next()?.channel;
        (approaches.next()?.channel == last).then_some(last)
    }
}

impl Candidate<'_, '_> {
    /// The channel of a call that was asked for.
    fn insists_on(&self) -> Option<Channel> {
        self.expected_on.filter(|_| self.act.is(Duty::KeepPromise))
    }
}
