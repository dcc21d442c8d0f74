//! When something can go on a channel. (8)

use followup::{
    Among, AppliesTo, Channel, Counts, Delay, Duty, EventId, Executor, Gate, Ground, Instant, Outcome,
    Purpose,
};

use std::rc::Rc;

use crate::common::{CapModel, ItemModel, RuleModel, SpanModel, instant, oracle};

use super::hours::Asked;
use super::permits::Consent;
use super::rounds::Next;
use super::state::State;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Duty(Duty),
    Step(Next),
}

#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) deed: Deed,
    pub(crate) cause: EventId,
    /// All that count as the cause.
    pub(crate) causes: Vec<EventId>,
    pub(crate) due: Instant,
    /// From when on it is too late.
    pub(crate) expires: Option<Instant>,
    pub(crate) purpose: Purpose,
    pub(crate) by: Executor,
    pub(crate) channels: Vec<Channel>,
    pub(crate) expected: Option<Channel>,
    /// Where they asked to be called.
    pub(crate) callback: Option<Channel>,
    /// From which event on what was tried counts.
    pub(crate) since: usize,
}

impl Candidate {
    pub(crate) fn act(&self) -> String {
        match self.deed {
            Deed::Duty(duty) => duty.as_str().to_string(),
            Deed::Step(next) => format!("seq-{}/s{}", next.sequence, next.step),
        }
    }

    pub(crate) fn step(&self) -> Option<(usize, usize)> {
        match self.deed {
            Deed::Step(next) => Some((next.sequence, next.step)),
            Deed::Duty(_) => None,
        }
    }

    pub(crate) fn is_answer(&self) -> bool {
        matches!(self.deed, Deed::Duty(duty) if duty.is_answer())
    }

    fn is(&self, duty: Duty) -> bool {
        self.deed == Deed::Duty(duty)
    }

    /// Whether an act with that cause was it.
    pub(crate) fn was(&self, act: Option<&str>, cause: Option<EventId>) -> bool {
        act == Some(self.act().as_str()) && cause.is_none_or(|cause| self.causes.contains(&cause))
    }
}

type Earliest = Option<Instant>;

/// When it opens, or what never opens from when on.
pub(crate) type Opens = Result<Instant, (Gate, Instant)>;

/// The first of these instants, and of now, at which it is open.
fn first_open(at: Instant, mut edges: Vec<Instant>, is_open: impl Fn(Instant) -> bool) -> Earliest {
    if is_open(at) {
        return Some(at);
    }
    edges.retain(|edge| *edge > at);
    edges.sort_unstable();
    edges.into_iter().find(|edge| is_open(*edge))
}

impl State<'_> {
    /// The first instant not before `from` at which every gate is open, or the gate that never opens.
    pub(crate) fn opens(&self, one: &Candidate, channel: Channel, from: Instant) -> Opens {
        let mut at = from;
        loop {
            let before = at;
            for gate in Gate::ALL {
                at = self.earliest(*gate, one, channel, at).ok_or((*gate, at))?;
            }
            if at == before {
                return Ok(at);
            }
        }
    }

    /// Whether permission is missing then, and nothing else for good.
    pub(crate) fn is_all_it_lacks(&self, one: &Candidate, channel: Channel, at: Instant) -> bool {
        let mut others = Gate::ALL.iter().filter(|gate| **gate != Gate::Permission);
        others.all(|gate| self.earliest(*gate, one, channel, at).is_some())
    }

    fn earliest(&self, gate: Gate, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        match gate {
            Gate::Expiry => one.expires.is_none_or(|expires| at < expires).then_some(at),
            Gate::Reach => self.reach(channel, at),
            Gate::Refusal => (!self.is_refused(one, channel)).then_some(at),
            Gate::Region => Some(at),
            Gate::Permission => self.permission(one, channel, at),
            Gate::Registry => self.registry(one, channel, at),
            Gate::Hold => self.hold_ends(one, at),
            Gate::CoolDown => self.cool_down(one, channel, at),
            Gate::Gap => Some(self.gap(one, at)),
            Gate::Cap => self.cap(one, channel, at),
            Gate::Retry => self.retried(one, channel, at),
            Gate::Patience => Some(self.patience(one, channel, at)),
            Gate::Hours => self.hours_open(Self::asked(one, channel), at),
            Gate::Content => self.content(one, channel, at),
        }
    }

    pub(crate) fn asked(one: &Candidate, channel: Channel) -> Asked {
        let (by, is_answer, purpose) = (one.by, one.is_answer(), one.purpose);
        Asked { channel, by, is_answer, purpose, step: one.step() }
    }

    /// For lifting rules an answer counts as following up.
    pub(crate) fn given(&self, purpose: Purpose, channel: Channel) -> Rc<Consent> {
        self.consent(if purpose == Purpose::Answer { Purpose::FollowUp } else { purpose }, channel)
    }

    fn rules<'a>(&'a self, one: &Candidate, channel: Channel) -> impl Iterator<Item = &'a RuleModel> {
        let (case, what) = (self.told.case, Self::asked(one, channel).what());
        case.model.rules.iter().filter(move |rule| oracle::concerns(case, rule, what))
    }

    fn binds(&self, one: &Candidate, channel: Channel, rule: &RuleModel, at: Instant) -> bool {
        oracle::is_in_force(self.told.case, rule, at)
            && !self.is_lifted(&self.given(one.purpose, channel), rule, at)
    }

    fn reach(&self, channel: Channel, at: Instant) -> Earliest {
        let has_one = self.told.case.who.channels.contains(&channel) && !self.dead.contains(&channel);
        has_one.then(|| self.resting.get(&channel).map_or(at, |until| at.max(*until)))
    }

    /// Which refusal stands in its way: of several the gravest.
    pub(crate) fn refusal(&self, one: &Candidate, channel: Channel) -> Option<&'static str> {
        self.standing(one, channel).first().map(|(kind, _)| *kind)
    }

    /// The refusals that stand in its way, and when each was said last.
    fn standing(&self, one: &Candidate, channel: Channel) -> Vec<(&'static str, usize)> {
        let consent = self.consent(one.purpose, channel);
        if one.is(Duty::ConfirmOptOut) {
            return consent.suppressed.map(|nth| ("suppressed", nth)).into_iter().collect();
        }
        let request = |id: &EventId| self.log[..self.seen].iter().position(|event| event.id == *id);
        let asked_for = one.callback.filter(|on| *on == channel).and_then(|_| request(&one.cause));
        let here = self.messages.iter().rfind(|message| message.channel == Some(channel));
        let wrote = here.filter(|_| one.is_answer()).and_then(|message| self.nth_of(message.id));
        let wrote = wrote.max(asked_for);
        let stands = |nth: usize| wrote.is_none_or(|wrote| wrote < nth);
        let unsubscribed = one.step().and_then(|(sequence, _)| self.unsubscribed_from(sequence, channel));
        let unsubscribed = unsubscribed.map(|nth| ("unsubscribed", nth));
        consent.refusals().filter(|(_, nth)| stands(*nth)).chain(unsubscribed).collect()
    }

    /// With which event they unsubscribed from what the sequence belongs to. (5.6)
    pub(crate) fn unsubscribed_from(&self, sequence: usize, channel: Channel) -> Option<usize> {
        let subscription = self.told.case.model.sequences[sequence].subscription?;
        self.unsubscribed.get(&(subscription.to_string(), channel)).copied()
    }

    /// Whether they expect this since all that stands in its way was said.
    pub(crate) fn is_expected_since(&self, one: &Candidate, channel: Channel) -> bool {
        let message = self.messages.last().filter(|_| one.is(Duty::Respond)).map(|message| message.id);
        let since = message.or(Some(one.cause)).and_then(|id| self.nth_of(id));
        self.standing(one, channel).iter().all(|(_, nth)| Some(*nth) < since)
    }

    pub(crate) fn nth_of(&self, id: EventId) -> Option<usize> {
        self.log[..self.seen].iter().position(|event| event.id == id)
    }

    fn is_refused(&self, one: &Candidate, channel: Channel) -> bool {
        self.refusal(one, channel).is_some()
    }

    // Permission.

    fn grounds(&self, one: &Candidate, channel: Channel) -> Vec<Ground> {
        let model = &self.told.case.model;
        if one.is(Duty::AskPermission) {
            model.grounds_for_asking(channel)
        } else {
            model.grounds(one.purpose, channel)
        }
    }

    /// Whether a permission is missing then.
    pub(crate) fn lacks(&self, one: &Candidate, channel: Channel, at: Instant) -> bool {
        if one.is_answer() {
            return false;
        }
        let given = self.given(one.purpose, channel);
        let is_asking = one.is(Duty::AskPermission);
        !self.is_given(&given, &self.grounds(one, channel), &[], at)
            || self.rules(one, channel).any(|rule| {
                rule.requires(is_asking).is_some_and(|grounds| {
                    !self.is_given(&given, grounds, &rule.terms, at) && self.binds(one, channel, rule, at)
                })
            })
    }

    /// Where what is permitted can change.
    pub(crate) fn edges_of_permission(&self, one: &Candidate, channel: Channel) -> Vec<Instant> {
        let given = self.given(one.purpose, channel);
        let mut edges = self.grounds_end(&given, &self.grounds(one, channel), &[]);
        for rule in self.rules(one, channel) {
            edges.extend(oracle::edges_of_force(self.told.case, rule).into_iter().map(Some));
            let spared = rule.registry().map_or([].as_slice(), |registry| &registry.unless);
            let required = rule.requires(one.is(Duty::AskPermission)).unwrap_or_default();
            edges.extend(self.grounds_end(&given, &[&rule.unless, spared, required].concat(), &rule.terms));
        }
        edges.into_iter().flatten().collect()
    }

    fn permission(&self, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        if !self.lacks(one, channel, at) {
            return Some(at);
        }
        first_open(at, self.edges_of_permission(one, channel), |at| !self.lacks(one, channel, at))
    }

    /// Of what is missing then, when the first was lost; `None` if it was never given.
    pub(crate) fn lost(&self, one: &Candidate, channel: Channel, at: Instant) -> Option<Instant> {
        let given = self.given(one.purpose, channel);
        let own = self.grounds(one, channel);
        let lacks_own = |at: Instant| !self.is_given(&given, &own, &[], at);
        let required = self
            .rules(one, channel)
            .filter_map(|rule| Some((rule, rule.requires(one.is(Duty::AskPermission))?)));
        let lacks_of_rules = required.map(|(rule, grounds)| {
            let given = given.clone();
            Box::new(move |at: Instant| {
                !self.is_given(&given, grounds, &rule.terms, at) && self.binds(one, channel, rule, at)
            }) as Box<dyn Fn(Instant) -> bool>
        });
        let edges = self.edges_of_permission(one, channel);
        let begin = |lacks: &dyn Fn(Instant) -> bool| {
            edges.iter().copied().filter(|edge| *edge <= at && lacks(*edge) && !lacks(before(*edge))).max()
        };
        let mut lost = Vec::new();
        lost.extend(lacks_own(at).then(|| begin(&lacks_own)));
        for lacks in lacks_of_rules {
            lost.extend(lacks(at).then(|| begin(&*lacks)));
        }
        lost.into_iter().min().flatten()
    }

    // Registries.

    /// What a registry says then: `Some(true)` if they stand on one, `Some(false)` if a look is missing.
    pub(crate) fn registered(&self, one: &Candidate, channel: Channel, at: Instant) -> Option<bool> {
        self.registries(one, channel, at).into_iter().map(|(is_listed, _)| is_listed).max()
    }

    /// Whether a look at a newer list may clear them.
    pub(crate) fn may_be_cleared(&self, one: &Candidate, channel: Channel, at: Instant) -> bool {
        self.registries(one, channel, at).into_iter().all(|(is_listed, is_fresh)| !(is_listed && is_fresh))
    }

    /// Of each registry that bars the way, whether they stand on it, and whether that was seen on a fresh list.
    fn registries(&self, one: &Candidate, channel: Channel, at: Instant) -> Vec<(bool, bool)> {
        if one.is_answer() {
            return Vec::new();
        }
        let given = self.given(one.purpose, channel);
        let barred = self.rules(one, channel).filter_map(|rule| {
            let registry = rule.registry()?;
            let lasts =
                |from: Instant, span: SpanModel| self.spans.earliest(from, span).is_none_or(|end| at < end);
            let is_free = self.is_given(&given, &registry.unless, &rule.terms, at)
                || !self.binds(one, channel, rule, at);
            if is_free {
                return None;
            }
            let Some((list, listed)) = self.screened.get(&channel) else { return Some((false, false)) };
            let is_listed =
                listed.is_some_and(|since| !registry.grace.is_some_and(|grace| lasts(since, grace)));
            let is_fresh = registry.list_age.is_none_or(|age| lasts(*list, age));
            (is_listed || !is_fresh).then_some((is_listed, is_fresh))
        });
        barred.collect()
    }

    fn registry(&self, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        if self.registered(one, channel, at).is_none() {
            return Some(at);
        }
        let edges = self.edges_of_permission(one, channel);
        first_open(at, edges, |at| self.registered(one, channel, at).is_none())
    }

    // Holds and pauses.

    fn hold_ends(&self, one: &Candidate, at: Instant) -> Earliest {
        if one.is_answer() {
            return Some(at);
        }
        self.holds.values().try_fold(at, |at, hold| Some(at.max(hold.until?)))
    }

    /// From when it pauses, by what rule, and how long.
    fn pauses_of(&self, one: &Candidate, channel: Channel) -> Vec<(Option<&RuleModel>, Instant)> {
        let mut pauses = Vec::new();
        if let Some(annoyed) = self.annoyed.filter(|_| !one.is_answer()) {
            let lasts = self.told.case.model.cool_down.unwrap_or(Delay::days(30));
            pauses.push((None, self.spans.latest(annoyed, lasts)));
        }
        for rule in self.rules(one, channel) {
            let Some((after, lasts)) = rule.pause() else { continue };
            let is_meant = |(outcome, on, _): &&(Outcome, Option<Channel>, Instant)| {
                *outcome == after && on.is_none_or(|on| rule.covers(on))
            };
            let ends = self.outcomes.iter().filter(is_meant).map(|(.., at)| self.spans.latest(*at, lasts));
            pauses.extend(ends.map(|end| (Some(rule), end)));
        }
        pauses
    }

    fn cool_down(&self, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        let pauses = self.pauses_of(one, channel);
        let is_open = |at: Instant| {
            pauses
                .iter()
                .all(|(rule, end)| *end <= at || rule.is_some_and(|rule| !self.binds(one, channel, rule, at)))
        };
        if is_open(at) {
            return Some(at);
        }
        let mut edges: Vec<Instant> = pauses.iter().map(|(_, end)| *end).collect();
        edges.extend(self.edges_of_force(one, channel));
        first_open(at, edges, is_open)
    }

    fn edges_of_force(&self, one: &Candidate, channel: Channel) -> Vec<Instant> {
        self.rules(one, channel).flat_map(|rule| oracle::edges_of_force(self.told.case, rule)).collect()
    }

    // Distances and counts.

    fn gap(&self, one: &Candidate, at: Instant) -> Instant {
        if one.is_answer() {
            return at;
        }
        let is_silent = |nth: usize| self.heard.is_none_or(|heard| nth > heard);
        let silent = self.contacts.iter().filter(|contact| !contact.is_answer && is_silent(contact.nth));
        let gaps = &self.told.case.model.gaps;
        let nth = silent.count().max(1).min(gaps.len());
        let Some(gap) = gaps.get(nth.wrapping_sub(1)) else { return at };
        let ends = self.contacts.iter().map(|contact| self.spans.latest(contact.at, *gap));
        ends.fold(at, Instant::max)
    }

    fn counted(&self, rule: &RuleModel, cap: &CapModel) -> Vec<Instant> {
        if cap.counts == Counts::Conversations {
            let here = self.conversations.iter().filter(|(_, channel)| rule.covers(*channel));
            return here.map(|(at, _)| *at).collect();
        }
        let only_approaches = rule.applies_to == AppliesTo::Approaches;
        let contacts = self
            .contacts
            .iter()
            .filter(|contact| rule.covers(contact.channel) && !(only_approaches && contact.is_answer));
        let mut counted: Vec<Instant> = contacts.map(|contact| contact.at).collect();
        if cap.counts == Counts::Attempts {
            let is_answer = |act: &Option<String>| {
                act.as_ref().and_then(|act| act.parse::<Duty>().ok()).is_some_and(Duty::is_answer)
            };
            let failed = self.attempts.iter().filter(|attempt| {
                !attempt.got_out
                    && rule.covers(attempt.channel)
                    && !(only_approaches && is_answer(&attempt.act))
            });
            counted.extend(failed.map(|attempt| attempt.at));
        }
        if cap.among == Among::Account {
            let colleagues = self.colleagues.iter().filter(|(_, channel)| rule.covers(*channel));
            counted.extend(colleagues.map(|(at, _)| *at));
        }
        counted
    }

    fn cap(&self, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        let caps: Vec<(&RuleModel, usize, Vec<Instant>)> = self
            .rules(one, channel)
            .filter_map(|rule| {
                let cap = rule.cap()?;
                let mut counted = self.counted(rule, cap);
                counted.sort_unstable();
                let ends: Vec<Instant> =
                    counted.into_iter().map(|at| self.spans.latest(at, cap.per)).collect();
                Some((rule, usize::from(cap.at_most), ends))
            })
            .collect();
        let is_open = |at: Instant| {
            caps.iter().all(|(rule, at_most, ends)| {
                // Of the windows that are not over the one that began first holds the most.
                let first = ends.iter().position(|end| *end > at);
                first.is_none_or(|first| ends.len() - first < *at_most) || !self.binds(one, channel, rule, at)
            })
        };
        if is_open(at) {
            return Some(at);
        }
        let mut edges: Vec<Instant> = caps.iter().flat_map(|(.., ends)| ends).copied().collect();
        edges.extend(self.edges_of_force(one, channel));
        first_open(at, edges, is_open)
    }

    /// Attempts at it on the channel since it last got through.
    fn tries(&self, one: &Candidate, channel: Channel) -> Vec<Instant> {
        let done = self.contacts.iter().rev().find(|contact| {
            let is_attempt = self.attempts.iter().any(|attempt| attempt.nth == contact.nth);
            one.was(contact.act.as_deref(), contact.cause) && !is_attempt
        });
        let since = done.map_or(0, |contact| contact.nth).max(one.since);
        let tries = self.attempts.iter().filter(|attempt| {
            attempt.channel == channel
                && attempt.nth >= since
                && one.was(attempt.act.as_deref(), attempt.cause)
        });
        tries.map(|attempt| attempt.at).collect()
    }

    fn retried(&self, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        let tries = self.tries(one, channel);
        let (after, attempts) = self.retry();
        if tries.len() >= attempts {
            return None;
        }
        Some(tries.into_iter().map(|tried| self.spans.latest(tried, after)).fold(at, Instant::max))
    }

    /// In all, and the one to come.
    pub(crate) fn attempt_of(&self, one: &Candidate) -> usize {
        let contacts = self.contacts.iter().filter(|contact| {
            let is_attempt = self.attempts.iter().any(|attempt| attempt.nth == contact.nth);
            contact.nth >= one.since && one.was(contact.act.as_deref(), contact.cause) && !is_attempt
        });
        let attempts = self
            .attempts
            .iter()
            .filter(|attempt| attempt.nth >= one.since && one.was(attempt.act.as_deref(), attempt.cause));
        1 + contacts.count() + attempts.count()
    }

    fn patience(&self, one: &Candidate, channel: Channel, at: Instant) -> Instant {
        let Deed::Step(next) = one.deed else { return at };
        let step = self.step(next.sequence, next.step);
        let Some(patience) = step.patience.filter(|_| step.channels.len() > 1) else { return at };
        let prefers = &self.told.case.who.prefers;
        let liked = prefers.iter().find(|liked| step.channels.contains(liked));
        if channel == *liked.unwrap_or(&step.channels[0]) {
            return at;
        }
        at.max(self.spans.latest(one.due, patience))
    }

    // Content.

    fn item_times(&self, item: &ItemModel) -> (Instant, Option<Instant>) {
        let epoch = self.told.case.model.epoch;
        let from = item.from.map_or(Instant::MIN, |from| instant(epoch + from, 0));
        let until = item.until.map(|until| instant(epoch + until, 0)).filter(|until| from < *until);
        (from, until)
    }

    /// The items that a step may give on that channel at some time; `None` if it owes none.
    fn items(&self, one: &Candidate, channel: Channel) -> Option<Vec<usize>> {
        let Deed::Step(next) = one.deed else { return None };
        let (model, who) = (&self.told.case.model, &self.told.case.who);
        let named = model.gives(self.step(next.sequence, next.step))?;
        let is_theirs = |topic: &&'static str| {
            who.interests.contains(topic) || self.named.iter().any(|named| named == topic)
        };
        let is_given = |nth: usize| {
            let id = format!("item-{nth}");
            self.contacts.iter().any(|contact| contact.item.as_ref() == Some(&id))
        };
        let fits = |nth: &usize| {
            let item = &model.items[*nth];
            (named.is_empty() || named.contains(nth))
                && item.fits(channel)
                && item.audience.includes(&self.told.case.who)
                && (item.topics.is_empty() || item.topics.iter().any(&is_theirs))
                && !is_given(*nth)
        };
        Some((0..model.items.len()).filter(fits).collect())
    }

    fn is_current(&self, item: usize, at: Instant) -> bool {
        let (from, until) = self.item_times(&self.told.case.model.items[item]);
        from <= at && until.is_none_or(|until| at < until)
    }

    fn content(&self, one: &Candidate, channel: Channel, at: Instant) -> Earliest {
        let Some(items) = self.items(one, channel) else { return Some(at) };
        let model = &self.told.case.model;
        let edges = items.iter().map(|nth| self.item_times(&model.items[*nth]).0).collect();
        first_open(at, edges, |at| items.iter().any(|nth| self.is_current(*nth, at)))
    }

    /// What it gives then: another format than the last, lower rungs first, what they care about first.
    pub(crate) fn item(&self, one: &Candidate, channel: Channel, at: Instant) -> Option<String> {
        let items = self.items(one, channel)?;
        let model = &self.told.case.model;
        let number = |id: &str| id.strip_prefix("item-")?.parse::<usize>().ok();
        let given =
            self.contacts.iter().filter_map(|contact| model.items.get(number(contact.item.as_ref()?)?));
        let is_theirs = |topic: &&&str| {
            let interests = &self.told.case.who.interests;
            interests.contains(*topic) || self.named.iter().any(|one| one == *topic)
        };
        let relevance = |item: &ItemModel| item.topics.iter().filter(is_theirs).count();
        let last = given.clone().next_back();
        let highest = given.filter(|item| relevance(item) == 0).map(|item| item.rung).max();
        let deed = one.step();
        let names = |step: &crate::common::StepModel, nth: usize| {
            model.gives(step).is_some_and(|named| named.contains(&nth))
        };
        let is_kept = |nth: usize| {
            deed.is_some_and(|(sequence, step)| {
                let steps = &model.sequences[sequence].steps;
                !names(&steps[step], nth) && steps.iter().any(|other| names(other, nth))
            })
        };
        let current = items.into_iter().filter(|nth| self.is_current(*nth, at));
        let best = current.min_by_key(|nth| {
            let item = &model.items[*nth];
            let is_same = last.is_some_and(|last| last.format == item.format);
            let is_below = Some(item.rung) < highest;
            (is_kept(*nth), std::cmp::Reverse(relevance(item)), is_below, item.rung, is_same, *nth)
        });
        best.map(|nth| format!("item-{nth}"))
    }
}

/// The last instant before.
pub(crate) fn before(at: Instant) -> Instant {
    let second = instant(at.unix_seconds(), 0);
    match at.since(second).checked_sub(std::time::Duration::from_nanos(1)) {
        Some(within) => second.checked_add(within).unwrap(),
        None => instant(at.unix_seconds() - 1, 999_999_999),
    }
}
