//! What is proposed, what goes first, what is needed, and when to ask again. (7)

use std::collections::BTreeSet;

use followup::{Channel, Delay, Duty, Event, EventId, Executor, Gate, Instant, Purpose};

use super::gates::{Candidate, Deed, Opens, before};
use super::pursuits::Pursuit;
use super::rounds::{Next, Place};
use super::spans::Spans;
use super::state::State;
use super::{Answer, Proposal, Told, Verdict, log};

/// What there is at one instant.
struct Core {
    /// What can go, now or later, in the order of precedence.
    open: Vec<Ways>,
    /// Each with what it is about.
    needs: Vec<String>,
    rest: String,
}

impl Core {
    /// What can go, in short.
    fn deeds(&self) -> Vec<(Deed, EventId)> {
        self.open.iter().map(|ways| (ways.one.deed, ways.one.cause)).collect()
    }

    fn says_the_same(&self, other: &Self) -> bool {
        self.needs == other.needs && self.rest == other.rest && self.deeds() == other.deeds()
    }
}

/// Where a candidate can go, and when.
struct Ways {
    one: Candidate,
    ways: Vec<(Channel, Opens)>,
}

impl Ways {
    fn opens(&self) -> Option<Instant> {
        self.ways.iter().filter_map(|(_, opens)| opens.ok()).min()
    }

    fn is_barred(&self) -> bool {
        self.opens().is_none()
    }
}

pub(crate) fn answer(told: &Told<'_>, events: &[Event], now: Instant) -> Answer {
    let spans = Spans::of(told.case);
    let log = log::of(events);
    let state = State::of(told, &spans, &log);
    // What is known of later is known. (1)
    let from = state.last().map_or(now, |last| now.max(last));
    state.answer(now, from)
}

fn code(need: &str) -> String {
    need.split(' ').next().unwrap().to_string()
}

impl State<'_> {
    fn answer(&self, now: Instant, from: Instant) -> Answer {
        let fixed = self.fixed_edges();
        let first = self.core(from);
        let needs: Vec<String> = first.needs.iter().map(|need| code(need)).collect();
        let goes = self.goes(&first.open, from, &fixed);
        let said = Self::said(goes.as_ref(), &first);
        let verdict = match goes {
            Some((at, act)) if at == now => Verdict::Act(act),
            _ => match &said {
                Verdict::Need(need) => Verdict::Need(code(need)),
                said => said.clone(),
            },
        };
        let until = match &verdict {
            Verdict::Act(_) => return Answer { verdict, needs, ask_again: Some(now) },
            Verdict::Wait(until, _) => Some(*until),
            _ => None,
        };
        let is_other = |at: Instant| {
            let core = self.core(at);
            core.needs != first.needs
                || !core.says_the_same(&first)
                    && Self::said(self.goes(&core.open, at, &fixed).as_ref(), &core) != said
        };
        let mut at = from;
        let ask_again = loop {
            self.core(at);
            let Some(next) = self.next_edge(&fixed, at) else {
                // After the last edge, too.
                let end = crate::common::instant(super::hours::LAST, 0);
                let has_closed = until.is_none() && end > at && is_other(end);
                break if has_closed { Some(first_change(at, end, is_other)) } else { until };
            };
            if until.is_some_and(|until| until <= next) && until.is_none_or(|until| !is_other(before(until)))
            {
                break until;
            }
            // Between two edges hours can close for the last time.
            if before(next) > at && is_other(before(next)) {
                break Some(first_change(at, before(next), is_other));
            }
            if is_other(next) {
                break Some(next);
            }
            at = next;
        };
        Answer { verdict, needs, ask_again }
    }

    fn said(goes: Option<&(Instant, Proposal)>, core: &Core) -> Verdict {
        match (goes, core.needs.first()) {
            (Some((at, act)), _) => Verdict::Wait(*at, act.clone()),
            (None, Some(need)) => Verdict::Need(need.clone()),
            (None, None) => Verdict::Rest(core.rest.clone()),
        }
    }

    /// The first instant at which one of them has the floor and can go, and what goes. (7.5)
    fn goes(&self, open: &[Ways], from: Instant, fixed: &BTreeSet<Instant>) -> Option<(Instant, Proposal)> {
        let mut at = from;
        loop {
            self.edges.borrow_mut().clear();
            let now: Vec<Ways> = open.iter().map(|ways| self.ways(ways.one.clone(), at)).collect();
            let floor = now.iter().find(|ways| {
                let is_confirmation = ways.one.deed == Deed::Duty(Duty::ConfirmOptOut);
                let is_going = |opens: Instant| !is_confirmation || opens == at;
                ways.one.due <= at && ways.opens().is_some_and(is_going)
            });
            if let Some(ways) = floor.filter(|ways| ways.opens() == Some(at)) {
                return Some((at, self.proposal(ways, at)));
            }
            at = self.next_edge(fixed, at)?;
        }
    }

    /// The next instant at which something may change: of those that are so whatever is asked, or of those that the last
    /// look came upon.
    fn next_edge(&self, fixed: &BTreeSet<Instant>, at: Instant) -> Option<Instant> {
        let found = self.edges.borrow().iter().copied().filter(|edge| *edge > at).min();
        let fixed = fixed.iter().copied().find(|edge| *edge > at);
        found.into_iter().chain(fixed).min()
    }

    fn fixed_edges(&self) -> BTreeSet<Instant> {
        let mut edges = BTreeSet::new();
        edges.extend(self.resting.values());
        edges.extend(self.holds.values().filter_map(|hold| hold.until));
        for purpose in [Purpose::FollowUp, Purpose::Care] {
            for duty in [Duty::AskPermission, Duty::Remind] {
                for (by, channel) in
                    Executor::ALL.iter().flat_map(|by| Channel::ALL.iter().map(|channel| (*by, *channel)))
                {
                    let one = self.candidate(duty, purpose, by);
                    edges.extend(self.edges_of_permission(&one, channel));
                }
            }
        }
        for (list, listed) in self.screened.values() {
            for registry in self.told.case.model.rules.iter().filter_map(|rule| rule.registry()) {
                let spans = registry.list_age.map(|age| (*list, age)).into_iter();
                let spans = spans.chain(listed.zip(registry.grace));
                edges.extend(spans.filter_map(|(from, span)| self.spans.earliest(from, span)));
            }
        }
        for item in &self.told.case.model.items {
            let times = [item.from, item.until].into_iter().flatten();
            edges.extend(times.map(|second| crate::common::instant(self.told.case.model.epoch + second, 0)));
        }
        edges
    }

    // Candidates. (7.1)

    fn candidate(&self, duty: Duty, purpose: Purpose, by: Executor) -> Candidate {
        let channels = self.told.duty(duty).map_or(Vec::new(), |duty| duty.channels);
        Candidate {
            deed: Deed::Duty(duty),
            cause: followup::EventId(0),
            causes: Vec::new(),
            due: Instant::MIN,
            expires: None,
            purpose,
            by,
            channels: if channels.is_empty() { Channel::ALL.to_vec() } else { channels },
            expected: None,
            callback: None,
            since: 0,
        }
    }

    fn owed(&self, duty: Duty, cause: followup::EventId, due: Instant) -> Candidate {
        let purpose = if duty.is_answer() { Purpose::Answer } else { Purpose::FollowUp };
        let by = self.told.duty(duty).map_or(Executor::Person, |duty| duty.by);
        let since = self.log.iter().position(|event| event.id == cause).unwrap_or(0);
        let expires = self.expires(duty, due);
        Candidate { cause, causes: vec![cause], due, expires, since, ..self.candidate(duty, purpose, by) }
    }

    /// From when on it is too late for what fell due then.
    pub(crate) fn expires(&self, duty: Duty, due: Instant) -> Option<Instant> {
        Some(self.spans.latest(due, self.told.expires(duty)?))
    }

    fn step_candidate(&self, pursuit: &Pursuit, next: Next) -> Candidate {
        let step = self.step(next.sequence, next.step);
        Candidate {
            deed: Deed::Step(next),
            cause: pursuit.id,
            causes: pursuit.causes.clone(),
            due: next.due,
            expires: self.step_expires(next),
            purpose: pursuit.purpose,
            by: step.by,
            channels: step.channels.clone(),
            expected: None,
            callback: None,
            since: pursuit.nth,
        }
    }

    fn ways(&self, one: Candidate, at: Instant) -> Ways {
        let from = one.due.max(at);
        let mut ways: Vec<(Channel, Opens)> =
            one.channels.iter().map(|channel| (*channel, self.opens(&one, *channel, from))).collect();
        if ways.iter().any(|(channel, opens)| one.callback == Some(*channel) && opens.is_ok()) {
            ways.retain(|(channel, _)| one.callback == Some(*channel));
        }
        self.edge(one.due);
        one.expires.into_iter().for_each(|expires| self.edge(expires));
        for opens in ways.iter().filter_map(|(_, opens)| opens.ok()) {
            self.edge(opens);
        }
        Ways { one, ways }
    }

    fn confirmable_until(&self) -> Instant {
        let within = self.told.case.model.confirm.as_ref().and_then(|(_, within)| *within);
        let at = self.confirm.as_ref().map_or(Instant::MIN, |confirm| confirm.at);
        self.spans.latest(at, within.unwrap_or(Delay::minutes(5)))
    }

    /// 7.3.
    pub(crate) fn is_carried(&self, pursuit: &Pursuit, next: Next, now: Instant) -> bool {
        let ways = self.ways(self.step_candidate(pursuit, next), now);
        let is_way_gone = |(channel, opens): &(Channel, Opens)| match opens {
            Err((Gate::Expiry | Gate::Reach | Gate::Refusal | Gate::Permission, _)) => true,
            Err((Gate::Registry, at)) => self.registered(&ways.one, *channel, *at) == Some(true),
            Ok(_) | Err(_) => false,
        };
        !ways.ways.iter().all(is_way_gone)
            || self.asking(pursuit, &ways, now).is_some_and(|asking| !asking.is_barred())
    }

    pub(crate) fn is_too_late(&self, pursuit: &Pursuit, next: Next, now: Instant) -> bool {
        let ways = self.ways(self.step_candidate(pursuit, next), now);
        ways.ways.iter().all(|(_, opens)| matches!(opens, Err((Gate::Expiry, _))))
    }

    /// 7.4.
    fn asking(&self, pursuit: &Pursuit, step: &Ways, now: Instant) -> Option<Ways> {
        let asking = self.asking_now(pursuit, step, now)?;
        let is_in_time = |at: Instant| {
            let then = self.ways(step.one.clone(), at.max(now));
            then.is_barred() && !self.lacking(&then).is_empty()
        };
        asking.opens().is_none_or(is_in_time).then_some(asking)
    }

    /// The channels on which permission alone is missing.
    fn lacking(&self, step: &Ways) -> Vec<(Channel, Instant)> {
        let lacks = |(channel, opens): &(Channel, Opens)| match opens {
            Err((Gate::Permission, at)) if self.is_all_it_lacks(&step.one, *channel, *at) => {
                Some((*channel, *at))
            }
            _ => None,
        };
        step.ways.iter().filter_map(lacks).collect()
    }

    fn asking_now(&self, pursuit: &Pursuit, step: &Ways, now: Instant) -> Option<Ways> {
        let lacking = self.lacking(step);
        if !step.is_barred() || !self.knows_us || lacking.is_empty() {
            return None;
        }
        let ask = self.told.duty(Duty::AskPermission).unwrap();
        let asked: Vec<_> = self
            .contacts
            .iter()
            .filter(|contact| contact.act.as_deref() == Some("ask-permission"))
            .filter(|contact| self.got_through(Duty::AskPermission, contact.disposition))
            .collect();
        let anew = asked.iter().filter(|contact| self.asking_anew.is_none_or(|since| contact.nth > since));
        if anew.count() >= usize::from(ask.at_most.unwrap_or(2)) {
            return None;
        }
        let ended = lacking.iter().filter_map(|(channel, at)| self.lost(&step.one, *channel, *at));
        let again =
            asked.last().map(|contact| self.spans.latest(contact.at, ask.after.unwrap_or(Delay::days(5))));
        let due = ended.chain(again).fold(pursuit.at, Instant::max);
        let one = Candidate {
            cause: pursuit.id,
            causes: pursuit.causes.clone(),
            due,
            since: pursuit.nth,
            ..self.candidate(Duty::AskPermission, step.one.purpose, ask.by)
        };
        Some(self.ways(one, now))
    }

    fn candidates(&self, at: Instant, places: &[(&Pursuit, Place)]) -> Vec<Ways> {
        let mut all = Vec::new();
        if let Some(confirm) = &self.confirm
            && self.told.duty(Duty::ConfirmOptOut).is_some()
        {
            let mut one = self.owed(Duty::ConfirmOptOut, confirm.id, confirm.at);
            one.channels.retain(|channel| confirm.channels.contains(channel));
            one.expires = Some(self.confirmable_until());
            all.push(self.ways(one, at));
        }
        if let Some((first, last)) = self.messages.first().zip(self.messages.last()) {
            let expected = self.messages.iter().rev().find_map(|message| message.channel);
            let expires = self.expires(Duty::Respond, last.at);
            let one = Candidate { expires, expected, ..self.owed(Duty::Respond, first.id, first.at) };
            all.push(self.ways(one, at));
        }
        for (id, reported) in &self.problems {
            all.push(self.ways(self.owed(Duty::Solve, *id, *reported), at));
        }
        if let Some((id, met, _)) = self.recap {
            all.push(self.ways(self.owed(Duty::Recap, id, met), at));
        }
        let mut promises = self.promises.clone();
        promises.sort_by_key(|promise| promise.due);
        for promise in promises {
            let one = self.owed(Duty::KeepPromise, promise.id, promise.due);
            let one = Candidate { expected: promise.callback, callback: promise.callback, ..one };
            all.push(self.ways(one, at));
        }
        if let Some((id, due, meeting)) = self.meeting {
            let one = self.owed(Duty::ConfirmMeeting, id, due);
            all.push(self.ways(Candidate { expires: Some(meeting), ..one }, at));
        }
        let steps: Vec<(&Pursuit, Ways)> = places
            .iter()
            .filter_map(|(pursuit, place)| match place {
                Place::Step(next, _) => Some((*pursuit, self.ways(self.step_candidate(pursuit, *next), at))),
                _ => None,
            })
            .collect();
        if self.ends.is_empty() {
            all.extend(steps.iter().filter_map(|(pursuit, step)| self.asking(pursuit, step, at)));
            let wait = self.told.case.model.remind.after.unwrap_or(Delay::days(1));
            let mut theirs: Vec<_> =
                self.theirs.iter().map(|(id, due)| (self.spans.latest(*due, wait), *id)).collect();
            theirs.sort_by_key(|(due, _)| *due);
            for (due, id) in theirs {
                all.push(self.ways(self.owed(Duty::Remind, id, due), at));
            }
        }
        // What it is too late for is not owed any more.
        all.retain(|ways| ways.one.expires.is_none_or(|expires| at < expires));
        all.extend(steps.into_iter().map(|(_, step)| step));
        all
    }

    // The answer. (7.5, 7.6)

    fn core(&self, at: Instant) -> Core {
        self.edges.borrow_mut().clear();
        let (places, finished) = self.in_order(at);
        let candidates = self.candidates(at, &places);
        let mut needs = Vec::new();
        let asks = |ways: &Ways| {
            let is_ask = |other: &&Ways| other.one.deed == Deed::Duty(Duty::AskPermission);
            let mut asks = candidates.iter().filter(is_ask);
            matches!(ways.one.deed, Deed::Step(_))
                && asks.any(|ask| ask.one.cause == ways.one.cause && !ask.is_barred())
        };
        let barred = || candidates.iter().filter(|ways| ways.is_barred() && !asks(ways));
        let is_reminder = |ways: &&Ways| ways.one.deed == Deed::Duty(Duty::Remind);
        needs.extend(barred().filter(|ways| ways.one.is_answer()).flat_map(|ways| self.needs_of(ways)));
        needs.extend(barred().filter(is_reminder).flat_map(|ways| self.needs_of(ways)));
        for (pursuit, place) in &places {
            for (above, place) in finished.iter().filter(|(above, _)| above.purpose == pursuit.purpose) {
                needs.extend(self.needs_of_passed(above, place, at));
            }
            let is_of_it =
                |ways: &&Ways| ways.one.cause == pursuit.id && !ways.one.is_answer() && !is_reminder(ways);
            needs.extend(self.needs_of_passed(pursuit, place, at));
            needs.extend(barred().filter(is_of_it).flat_map(|ways| self.needs_of(ways)));
            needs.extend(self.need_of(pursuit, place, at));
        }
        let mut once: Vec<String> = Vec::new();
        for need in needs {
            if !once.contains(&need) {
                once.push(need);
            }
        }
        let rest = self.rest(&candidates, &places, at);
        let rest = if once.is_empty() { rest } else { String::new() };
        Core { open: candidates.into_iter().filter(|ways| !ways.is_barred()).collect(), needs: once, rest }
    }

    /// On which channel it goes, and with what.
    fn proposal(&self, ways: &Ways, at: Instant) -> Proposal {
        let one = &ways.one;
        let open = ways.ways.iter().filter(|(_, opens)| *opens == Ok(at)).map(|(channel, _)| *channel);
        let approaches: Vec<Channel> = self
            .contacts
            .iter()
            .rev()
            .filter(|contact| !contact.is_answer)
            .take(2)
            .map(|contact| contact.channel)
            .collect();
        let is_worn = |channel: Channel| {
            !one.is_answer() && approaches.len() == 2 && approaches.iter().all(|on| *on == channel)
        };
        let prefers = &self.told.case.who.prefers;
        let rank = |channel: &Channel| {
            let liked = prefers.iter().position(|liked| liked == channel).unwrap_or(prefers.len());
            let order = one.channels.iter().position(|own| own == channel);
            (is_worn(*channel), one.expected != Some(*channel), liked, order)
        };
        let channel = open.min_by_key(rank).unwrap();
        Proposal {
            act: one.act(),
            cause: one.cause,
            attempt: self.attempt_of(one),
            channel,
            item: self.item(one, channel, at),
            due: one.due,
        }
    }

    fn needs_of(&self, ways: &Ways) -> Vec<String> {
        let one = &ways.one;
        if one.deed == Deed::Duty(Duty::ConfirmOptOut) {
            return Vec::new();
        }
        let mut stops: Vec<(Gate, Channel, Instant)> = ways
            .ways
            .iter()
            .filter_map(|(channel, opens)| opens.err().map(|(gate, at)| (gate, *channel, at)))
            .collect();
        // What came farthest first.
        stops.sort_by_key(|(gate, ..)| std::cmp::Reverse(*gate));
        stops.into_iter().filter_map(|(gate, channel, at)| self.need_at(one, gate, channel, at)).collect()
    }

    /// What a person could do about a gate that is shut for good on a channel. (7.6)
    fn need_at(&self, one: &Candidate, gate: Gate, channel: Channel, at: Instant) -> Option<String> {
        match gate {
            Gate::Content => Some(format!("content {}", one.act())),
            Gate::Registry => self.may_be_cleared(one, channel, at).then(|| "screening".to_string()),
            Gate::Hours => self.wants_a_zone(Self::asked(one, channel), at).then(|| "zone".to_string()),
            Gate::Refusal => {
                let is_older = one.is_answer() && self.is_expected_since(one, channel);
                is_older.then(|| "channel".to_string())
            }
            Gate::Retry => Some("delivery".to_string()),
            _ => None,
        }
    }

    /// What a person could do about the steps that were passed over, or about asking for them.
    fn needs_of_passed(&self, pursuit: &Pursuit, place: &Place, at: Instant) -> Vec<String> {
        let (Place::Step(_, uncarried)
        | Place::Finished { uncarried }
        | Place::Reached(_, uncarried)
        | Place::Outcome(_, uncarried)) = place
        else {
            return Vec::new();
        };
        let mut needs = Vec::new();
        for next in uncarried {
            let step = self.ways(self.step_candidate(pursuit, *next), at);
            let ask = self.asking(pursuit, &step, at).filter(|_| self.ends.is_empty());
            needs.extend(ask.into_iter().flat_map(|ask| self.needs_of(&ask)));
            needs.extend(self.needs_of(&step));
        }
        needs
    }

    fn need_of(&self, pursuit: &Pursuit, place: &Place, at: Instant) -> Option<String> {
        match place {
            Place::Lost => Some("sequence".to_string()),
            Place::Outcome(meeting, _) => {
                self.edge(*meeting);
                (*meeting <= at).then(|| format!("outcome {meeting}"))
            }
            Place::Finished { uncarried } if pursuit.purpose == Purpose::FollowUp && uncarried.is_empty() => {
                let is_since = |nth: usize| self.last_pursuit.is_none_or(|since| nth > since);
                let made = self.contacts.iter().filter(|one| !one.is_answer && is_since(one.nth)).count();
                let fewest = usize::from(self.told.case.model.fewest_touches);
                (made < fewest).then(|| format!("touches {made} {fewest}"))
            }
            _ => None,
        }
    }

    fn rest(&self, candidates: &[Ways], places: &[(&Pursuit, Place)], at: Instant) -> String {
        if let Some(end) = self.ends.first() {
            return end.code.clone();
        }
        let is_confirmation = |ways: &&Ways| ways.one.deed == Deed::Duty(Duty::ConfirmOptOut);
        let barred = candidates
            .iter()
            .filter(|ways| !is_confirmation(ways) && ways.one.is_answer() && ways.is_barred());
        let mut barred = barred;
        if let Some(ways) = barred.next() {
            return self.barred_by(ways);
        }
        let Some((pursuit, place)) = places.first() else { return "unstarted".to_string() };
        match place {
            Place::NoSequence => format!("no-sequence-{}", pursuit.trigger.unwrap()),
            Place::Reached(sign, _) => format!("reached-{sign}"),
            Place::Finished { uncarried } => match uncarried.first() {
                Some(next) => self.barred_by(&self.ways(self.step_candidate(pursuit, *next), at)),
                None => "finished".to_string(),
            },
            Place::Step(next, _) => self.barred_by(&self.ways(self.step_candidate(pursuit, *next), at)),
            Place::Outcome(..) => "agreed".to_string(),
            Place::Lost => "finished".to_string(),
        }
    }

    /// Of what bars it on its channels the last gate.
    fn barred_by(&self, ways: &Ways) -> String {
        let mut gates: Vec<(Gate, Channel)> =
            ways.ways.iter().filter_map(|(channel, opens)| Some((opens.err()?.0, *channel))).collect();
        gates.sort_by_key(|(gate, _)| std::cmp::Reverse(*gate));
        let Some((gate, channel)) = gates.first() else { return "nothing".to_string() };
        let refusal = (*gate == Gate::Refusal).then(|| self.refusal(&ways.one, *channel)).flatten();
        refusal.map_or_else(|| gate.to_string(), str::to_string)
    }
}

/// By halves: the first instant at which it is another.
fn first_change(mut same: Instant, mut changed: Instant, is_other: impl Fn(Instant) -> bool) -> Instant {
    while let Some(middle) = between(same, changed) {
        if is_other(middle) { changed = middle } else { same = middle }
    }
    changed
}

/// The instant in the middle of two, if there is one.
fn between(early: Instant, late: Instant) -> Option<Instant> {
    let half = late.since(early) / 2;
    early.checked_add(half).filter(|middle| *middle > early && *middle < late)
}
