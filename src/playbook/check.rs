//! From a draft to a playbook: everything is checked, every fault is noted with its place.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::audience::Audience;
use super::draft::{
    AudienceDraft, BringBackDraft, BusinessDaysDraft, DEFAULT, DutyDraft, HoldsDraft, ItemDraft, LimitsDraft,
    PlaybookDraft, SequenceDraft, StepDraft, ThenDraft,
};
use super::duty::{self, DutySpec, Row};
use super::rule_check::{Closed, Sets, Used};
use super::{Business, Holds, Limits, Playbook, Uses};
use crate::error::{Faults, Field, Found};
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{Print, SequenceId, StepPath};
use crate::facts::permission::{Basis, Ground, Grounds, Purpose};
use crate::facts::vocabulary::Executor;
use crate::playbook::content::Item;
use crate::playbook::sequence::{
    Active, Again, Anchor, Condition, Gives, Sequence, Since, Step, StepDate, Then,
};
use crate::rule::Terms;
use crate::rule::library::Rules;
use crate::time::calendar::{BusinessDays, Dates, weekdays};
use crate::time::delay::Delay;
use crate::time::zone::{ZoneIndex, ZoneName, Zones};

/// Most deals need seven to ten contacts.
const FEWEST_TOUCHES: u16 = 7;

/// What is accepted as permission where the playbook does not say.
const DEFAULT_GROUNDS: [Ground; 6] = [
    Ground::Granted(Basis::Express),
    Ground::Granted(Basis::Written),
    Ground::Granted(Basis::DoubleOptIn),
    Ground::Inquiry,
    Ground::Conversation,
    Ground::Purchase,
];

impl PlaybookDraft {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn who_writes(&self) -> Option<&str> {
        self.seller.as_deref()
    }

    /// The seller's place, as the zone names it: "Berlin".
    pub(crate) fn place(&self) -> Option<&str> {
        self.zone.text().rsplit('/').next()
    }

    /// Checks the draft, with the zone data and the contact rules that come with the library. Without them
    /// (features `embedded-zones` and `embedded-rules`) none is known: use [`build_with`](Self::build_with).
    ///
    /// # Errors
    /// Every fault of the draft, in the order of the file.
    pub fn build(self) -> Result<Playbook, Faults> {
        #[cfg(feature = "embedded-zones")]
        let zones = Zones::embedded();
        #[cfg(not(feature = "embedded-zones"))]
        let zones = Zones::empty();
        #[cfg(feature = "embedded-rules")]
        let rules = Rules::embedded();
        #[cfg(not(feature = "embedded-rules"))]
        let rules = Rules::empty();
        self.build_with(&zones, &rules)
    }

    /// Checks the draft, with zone data and contact rules that the host supplies.
    ///
    /// # Errors
    /// Every fault of the draft, in the order of the file.
    pub fn build_with(self, zones: &Zones, rules: &Rules) -> Result<Playbook, Faults> {
        let mut found = Found::default();
        let playbook = Check { zones, library: rules, found: &mut found }.playbook(self);
        found.or(playbook)
    }
}

/// The check of one draft. Every method notes what it finds and goes on.
pub(super) struct Check<'a> {
    pub(super) zones: &'a Zones,
    pub(super) library: &'a Rules,
    pub(super) found: &'a mut Found,
}

impl Check<'_> {
    fn playbook(&mut self, draft: PlaybookDraft) -> Option<Playbook> {
        let top = "playbook";
        if draft.name.trim().is_empty() {
            self.found.add(top, "\"\" is no name; give it one");
        }
        self.said(top, "seller", draft.seller.as_deref());
        let seller = self.zone(top, &draft.zone);
        let territory = draft.territory.iter().filter_map(|zone| self.zone("territory", zone)).collect();
        let cycle = draft.cycle.as_ref().and_then(|cycle| cycle.get("cycle", self.found));
        let fewest_touches = draft.fewest_touches.unwrap_or(FEWEST_TOUCHES);
        let accepts = self.permission(&draft);
        let implied = Terms(Vec::from([
            (Ground::Inquiry, self.delay("implied", draft.implied.inquiry.as_ref(), Delay::months(6)).into()),
            (
                Ground::Conversation,
                self.delay("implied", draft.implied.conversation.as_ref(), Delay::months(12)).into(),
            ),
            (
                Ground::Purchase,
                self.delay("implied", draft.implied.purchase.as_ref(), Delay::months(24)).into(),
            ),
        ]));
        let limits = self.limits(&draft.limits);
        let duties = duty::ROWS.map(|row| self.duty(&row, draft.duty(row.duty)));
        let holds = self.holds(&draft.holds);
        let sets = self.holidays(&draft.holidays);
        let business = self.business_days(draft.business_days.as_ref(), &sets);
        let Used { mut rules, elsewhere, covered } = self.used(draft.contact_rules.as_ref(), &sets);
        rules.extend(self.own_rules(&draft.rules, &sets, &draft.sequences));
        rules.extend(self.blackouts(&draft.blackouts));
        rules.extend(Self::cool_down(limits.cool_down));
        let items = self.items(&draft.items);
        let sequences = self.sequences(&draft.sequences, &items, &draft.items);
        let uses = Uses::of(&rules, &duties, &sequences);
        let bring_back = draft.bring_back.as_ref().and_then(|back| self.bring_back(back, &draft.sequences));
        let active = self.value(top, draft.active.as_ref(), Active::Latest);
        for sequence in draft.sequences.iter().filter(|_| active == Active::Latest) {
            if let Some(priority) = sequence.priority {
                let place = alloc::format!("sequence {:?}", sequence.id.text());
                let problem = alloc::format!(
                    "priority = {priority} means nothing where only the latest is active; remove it, or say active = \"by-priority\""
                );
                self.found.add(&place, problem);
            }
        }
        // What rules and holidays come from the library is no part of the draft.
        let made_of = alloc::format!("{draft:?} {} {rules:?} {business:?}", self.zones.release());
        let fingerprint = Print::of(&made_of).number();
        Some(Playbook {
            draft,
            fingerprint,
            zones: self.zones.clone(),
            library: self.library.clone(),
            seller: seller?,
            territory,
            cycle,
            business,
            accepts,
            implied,
            limits,
            rules,
            uses,
            elsewhere,
            covered,
            duties,
            holds,
            bring_back,
            active,
            fewest_touches,
            sequences,
            items,
        })
    }

    pub(super) fn zone(&mut self, place: &str, field: &Field<ZoneName>) -> Option<ZoneIndex> {
        let name = field.get(place, self.found)?;
        let index = self.zones.index_of(name.as_str());
        if index.is_none() {
            self.unknown_zone(place, name.as_str());
        }
        index
    }

    fn unknown_zone(&mut self, place: &str, name: &str) {
        let release = self.zones.release();
        let remedy = match self.zones.suggest(name) {
            Some(near) => alloc::format!("did you mean {near:?}?"),
            None => String::from("use an IANA name, such as \"Europe/Berlin\""),
        };
        let problem = alloc::format!("{name:?} is no zone of the zone data {release}; {remedy}");
        self.found.add(place, problem);
    }

    /// A text that a person reads: where it is written, it says something.
    fn said(&mut self, place: &str, field: &str, text: Option<&str>) -> Option<String> {
        let text = text?;
        if text.trim().is_empty() {
            self.found
                .add(place, alloc::format!("{field} = {text:?} says nothing; write it out, or remove it"));
        }
        Some(String::from(text))
    }

    fn delay(&mut self, place: &str, field: Option<&Field<Delay>>, default: Delay) -> Delay {
        field.and_then(|field| field.get(place, self.found)).unwrap_or(default)
    }

    pub(super) fn value<T: Clone>(&mut self, place: &str, field: Option<&Field<T>>, default: T) -> T {
        field.and_then(|field| field.get(place, self.found)).unwrap_or(default)
    }

    pub(super) fn list<T: Clone>(&mut self, place: &str, fields: &[Field<T>]) -> Vec<T> {
        fields.iter().filter_map(|field| field.get(place, self.found)).collect()
    }

    /// The channels, all of them where none is named.
    pub(super) fn channels(&mut self, place: &str, fields: &[Field<Channel>]) -> Channels {
        if fields.is_empty() { Channels::ALL } else { self.list(place, fields).into_iter().collect() }
    }

    /// Notes an id that stands twice.
    pub(super) fn unique<'b>(&mut self, what: &str, texts: impl Iterator<Item = &'b str>) {
        let mut seen = BTreeSet::new();
        for text in texts {
            // Two ids of one print could not be told apart in a standing.
            if !seen.insert(Print::of(text)) {
                self.found.add(
                    &alloc::format!("{what} {text:?}"),
                    alloc::format!("{text:?} stands twice; rename one"),
                );
            }
        }
    }

    fn permission(&mut self, draft: &PlaybookDraft) -> [[Grounds; Channel::ALL.len()]; 3] {
        let default: Grounds = DEFAULT_GROUNDS.into_iter().collect();
        let anybody: Grounds = [Ground::NotRefused].into_iter().collect();
        let mut accepts = [default, default, anybody].map(|grounds| [grounds; Channel::ALL.len()]);
        for (purpose, by_channel) in &draft.permission {
            let place = alloc::format!("permission for {purpose:?}");
            let row = match purpose.as_str() {
                "follow-up" => Some(0),
                "care" => Some(1),
                "asking" => Some(2),
                "answer" => {
                    self.found.add(&place, "an answer needs no permission; remove it");
                    None
                }
                _ => {
                    self.found.add(
                        &place,
                        alloc::format!(
                            "{purpose:?} is no purpose that needs permission; use follow-up, care or asking"
                        ),
                    );
                    None
                }
            };
            for (key, fields) in by_channel {
                let place = alloc::format!("{place} on {key:?}");
                if fields.is_empty() {
                    self.found.add(
                        &place,
                        "an empty list permits nothing, ever; name a ground, or remove the channel from the steps",
                    );
                }
                let grounds: Grounds = self.list(&place, fields).into_iter().collect();
                let channel =
                    if key == DEFAULT { None } else { Field::<Channel>::parse(key).get(&place, self.found) };
                let Some(row) = row.and_then(|row| accepts.get_mut(row)) else { continue };
                if key == DEFAULT {
                    for (slot, channel) in row.iter_mut().zip(Channel::ALL) {
                        if !by_channel.contains_key(channel.as_str()) {
                            *slot = grounds;
                        }
                    }
                } else if let Some(slot) = channel.and_then(|channel| row.get_mut(channel as usize)) {
                    *slot = grounds;
                }
            }
        }
        accepts
    }

    fn limits(&mut self, draft: &LimitsDraft) -> Limits {
        let gaps = self.list("limits, gap", &draft.gap.0);
        for (one, next) in gaps.iter().zip(gaps.iter().skip(1)) {
            if next.bounds().1 < one.bounds().0 {
                let problem = alloc::format!("\"{next}\" comes after \"{one}\", so it shrinks; let it grow");
                self.found.add("limits, gap", problem);
            }
        }
        let cool_down = self.delay("limits, cool-down", draft.cool_down.as_ref(), Delay::days(30));
        let retry = self.delay("limits, retry", draft.retry.as_ref(), Delay::hours(4));
        let attempts = draft.attempts.unwrap_or(3);
        if attempts == 0 {
            self.found.add("limits, attempts", "0 attempts reach nobody; use 1 or more");
        }
        Limits { gaps, cool_down, retry, attempts }
    }

    fn duty(&mut self, row: &Row, draft: Option<&DutyDraft>) -> Option<DutySpec> {
        let place = row.duty.as_str();
        let draft = match draft {
            Some(draft) => draft,
            None if row.is_default => &DutyDraft::new(),
            None => return None,
        };
        let given = [
            ("within", draft.within.is_some()),
            ("after", draft.after.is_some()),
            ("before", draft.before.is_some()),
            ("at-most", draft.at_most.is_some()),
            ("ask", draft.ask.is_some()),
            ("voicemail-settles", draft.voicemail_settles.is_some()),
            ("expires", draft.expires.is_some()),
        ];
        for (field, _) in given.iter().filter(|(field, given)| *given && !row.takes.contains(field)) {
            self.found.add(place, alloc::format!("{field:?} means nothing here; remove it"));
        }
        let before = self.delay(place, draft.before.as_ref(), Delay::days(1));
        if before.is_zero() {
            self.found
                .add(place, "what is due when they meet comes too late; give it some time in \"before\"");
        }
        let mut channels = self.list(place, &draft.channels);
        if draft.channels.is_empty() {
            channels = Channel::ALL.to_vec();
        }
        Some(DutySpec {
            channels,
            by: self.value(place, draft.by.as_ref(), Executor::Person),
            ask: self.said(place, "ask", draft.ask.as_deref()),
            within: self.delay(place, draft.within.as_ref(), row.within),
            after: self.delay(place, draft.after.as_ref(), row.after),
            before,
            at_most: draft.at_most.unwrap_or(row.at_most),
            expires: self.expires(place, draft.expires.as_ref()),
            voicemail_settles: draft.voicemail_settles.unwrap_or(false),
        })
    }

    fn holds(&mut self, draft: &HoldsDraft) -> Holds {
        let place = "holds";
        let mut some = |field: &Option<Field<Delay>>| field.as_ref()?.get(place, self.found);
        Holds {
            out_of_office: some(&draft.out_of_office),
            after_return: some(&draft.after_return),
            // Outplay documents that it takes no later date of return.
            longest_absence: some(&draft.longest_absence).unwrap_or(Delay::days(100)),
            after_meeting: some(&draft.after_meeting).unwrap_or(Delay::hours(24)),
        }
    }

    fn business_days(&mut self, draft: Option<&BusinessDaysDraft>, sets: &Sets) -> Business {
        let place = "business-days";
        let monday_to_friday = || weekdays("mon-fri").unwrap_or_default();
        let Some(draft) = draft else {
            let days = BusinessDays::new(monday_to_friday(), &Dates::default());
            return Business { days, through: None, ends_first: None };
        };
        if draft.days.is_empty() {
            self.found.add(place, "without a day no business day ever comes; name some, such as \"mon-fri\"");
        }
        let mut days = Vec::new();
        for day in &draft.days {
            if let Some(named) = weekdays(day) {
                days.extend(named);
            } else {
                let problem =
                    alloc::format!("{day:?} is no day; use mon to sun, a range such as mon-fri, or daily");
                self.found.add(place, problem);
            }
        }
        let mut closed = Closed::default();
        self.closed(place, &draft.holidays, sets, &mut closed, false);
        let Closed { days: holidays, through, ends_first, .. } = closed;
        Business { days: BusinessDays::new(days, &holidays), through, ends_first }
    }

    fn items(&mut self, drafts: &[ItemDraft]) -> Vec<Item> {
        self.unique("item", drafts.iter().map(|item| item.id.text()));
        drafts.iter().filter_map(|draft| self.item(draft)).collect()
    }

    fn item(&mut self, draft: &ItemDraft) -> Option<Item> {
        let place = alloc::format!("item {:?}", draft.id.text());
        let id = draft.id.get(&place, self.found);
        let format = draft.format.get(&place, self.found);
        let topics = self.list(&place, &draft.topics);
        let audience = self.audience(&place, draft.audience.as_ref());
        let channels = self.channels(&place, &draft.channels);
        let from = draft.from.as_ref().and_then(|from| from.get(&place, self.found));
        let until = draft.until.as_ref().and_then(|until| until.get(&place, self.found));
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            let problem =
                alloc::format!("it is current from {from} until {until}, so never; swap or change them");
            self.found.add(&place, problem);
        }
        let id = id?;
        Some(Item {
            title: draft.title.clone().unwrap_or_else(|| String::from(id.as_str())),
            id,
            format: format?,
            rung: draft.rung.unwrap_or(0),
            topics,
            audience,
            channels,
            from,
            until,
        })
    }

    fn sequences(
        &mut self,
        drafts: &[SequenceDraft],
        items: &[Item],
        written: &[ItemDraft],
    ) -> Vec<Sequence> {
        self.unique("sequence", drafts.iter().map(|sequence| sequence.id.text()));
        let mut sequences: Vec<Sequence> =
            drafts.iter().filter_map(|draft| self.sequence(draft, items, written)).collect();
        for (index, sequence) in sequences.iter_mut().enumerate().filter(|(_, one)| one.every.is_some()) {
            let (id, after) = (sequence.id.clone(), Delay::minutes(0));
            sequence.then = Some(Then { id, index, after, at_most: None });
        }
        for draft in drafts {
            let Some(written) = &draft.then else { continue };
            let place = alloc::format!("sequence {:?}, then", draft.id.text());
            let then = self.then(&place, written, draft, drafts);
            if let Some(sequence) = sequences.iter_mut().find(|held| held.id.as_str() == draft.id.text()) {
                sequence.then = then;
            }
        }
        sequences
    }

    fn then(
        &mut self,
        place: &str,
        draft: &ThenDraft,
        from: &SequenceDraft,
        drafts: &[SequenceDraft],
    ) -> Option<Then> {
        let purpose = from.purpose.as_ref().map_or(Purpose::FollowUp.as_str(), Field::text);
        let then = self.follows(place, &draft.sequence, &draft.after, purpose, drafts);
        if draft.at_most == Some(0) {
            self.found.add(place, "at-most = 0 never goes on; use 1 or more, or remove \"then\"");
        }
        then.map(|then| Then { at_most: draft.at_most, ..then })
    }

    /// The sequence of that name, after a pause, in a pursuit for that purpose.
    fn follows(
        &mut self,
        place: &str,
        sequence: &Field<SequenceId>,
        after: &Field<Delay>,
        purpose: &str,
        drafts: &[SequenceDraft],
    ) -> Option<Then> {
        let id = sequence.get(place, self.found);
        let pause = after.get(place, self.found);
        if pause.is_some_and(Delay::is_zero) {
            let problem = alloc::format!("{:?} is no pause; use a longer one", after.text());
            self.found.add(place, problem);
        }
        let (id, after) = (id?, pause?);
        let Some(index) = drafts.iter().position(|known| known.id.text() == id.as_str()) else {
            let problem = alloc::format!("{id:?} is no sequence; add one to [[sequence]] with that id");
            self.found.add(place, problem);
            return None;
        };
        let other = drafts.get(index).and_then(|draft| draft.purpose.as_ref());
        let other = other.map_or(Purpose::FollowUp.as_str(), Field::text);
        if purpose != other {
            let problem =
                alloc::format!("{id:?} is for {other}, and this is for {purpose}; let both be for the same");
            self.found.add(place, problem);
        }
        Some(Then { id, index, after, at_most: None })
    }

    fn bring_back(&mut self, draft: &BringBackDraft, drafts: &[SequenceDraft]) -> Option<Then> {
        let place = "bring-back";
        let follow_up = Purpose::FollowUp.as_str();
        self.follows(place, &draft.sequence, &draft.after, follow_up, drafts)
    }

    fn sequence(&mut self, draft: &SequenceDraft, items: &[Item], written: &[ItemDraft]) -> Option<Sequence> {
        let place = alloc::format!("sequence {:?}", draft.id.text());
        let id = draft.id.get(&place, self.found);
        let starts_on = self.list(&place, &draft.starts_on);
        let ends_on = self.list(&place, &draft.ends_on);
        let again = self.value(&place, draft.again.as_ref(), Again::default());
        let purpose = self.value(&place, draft.purpose.as_ref(), Purpose::FollowUp);
        if purpose == Purpose::Answer {
            self.found.add(&place, "\"answer\" is no purpose of a sequence; use follow-up or care");
        }
        let subscription = draft.subscription.as_ref().and_then(|one| one.get(&place, self.found));
        if draft.steps.is_empty() {
            self.found.add(&place, "it has no step; add one, or remove the sequence");
        }
        self.unique(&alloc::format!("{place}, step"), draft.steps.iter().map(|step| step.id.text()));
        let mut steps = Vec::with_capacity(draft.steps.len());
        for step in &draft.steps {
            let place = alloc::format!("{place}, step {:?}", step.id.text());
            let step = self.step(&place, step, id.as_ref(), purpose, items, written);
            steps.extend(step.map(|step| Step { subscription: subscription.clone(), ..step }));
        }
        let priority = draft.priority.unwrap_or(0);
        let audience = self.audience(&place, draft.audience.as_ref());
        let every = self.every(&place, draft);
        if let (Some(every), Some(first)) = (every, steps.first_mut()) {
            first.after = every;
        }
        if draft.most_a_day == Some(0) {
            self.found
                .add(&place, "most-a-day = 0 begins it for nobody; use 1 or more, or remove the sequence");
        }
        let most_a_day = draft.most_a_day;
        Some(Sequence {
            id: id?,
            starts_on,
            ends_on,
            again,
            priority,
            purpose,
            subscription,
            audience,
            every,
            most_a_day,
            steps,
            then: None,
        })
    }

    fn step(
        &mut self,
        place: &str,
        draft: &StepDraft,
        sequence: Option<&SequenceId>,
        purpose: Purpose,
        items: &[Item],
        written: &[ItemDraft],
    ) -> Option<Step> {
        let id = draft.id.get(place, self.found);
        let after = self.delay(place, draft.after.as_ref(), Delay::minutes(0));
        let (after, date) = self.counted_from(place, draft, after);
        let anchor = self.value(place, draft.from.as_ref(), Anchor::Previous);
        let channels = self.list(place, &draft.channels);
        if draft.channels.is_empty() {
            self.found.add(place, "it can use no channel; name some in \"channels\"");
        }
        self.unique(&alloc::format!("{place}, channel"), draft.channels.iter().map(Field::text));
        let patience = draft.patience.as_ref().and_then(|patience| patience.get(place, self.found));
        if let (Some(written), [_]) = (&draft.patience, draft.channels.as_slice()) {
            let problem =
                alloc::format!("patience = {:?} means nothing with one channel; remove it", written.text());
            self.found.add(place, problem);
        }
        let tolerance = draft.tolerance.as_ref().and_then(|tolerance| tolerance.get(place, self.found));
        let expires = self.expires(place, draft.expires.as_ref());
        if let (Some(tolerance), Some(expires)) = (tolerance, expires)
            && tolerance.nominal_hours() >= expires.nominal_hours()
        {
            let problem = alloc::format!(
                "tolerance = \"{tolerance}\" is no less than expires = \"{expires}\", so it is never late; shorten it, or remove it"
            );
            self.found.add(place, problem);
        }
        let by = self.value(place, draft.by.as_ref(), Executor::Person);
        let named = self.list(place, &draft.items);
        for item in &named {
            if !written.iter().any(|known| known.id.text() == item.as_str()) {
                let problem = alloc::format!("{item:?} is no item; add one to [[item]] with that id");
                self.found.add(place, problem);
            }
        }
        let gives = match (draft.owes_item, named.is_empty()) {
            (Some(false), true) => Gives::Nothing,
            (Some(false), false) => {
                self.found
                    .add(place, "it owes no item and yet names some; remove \"items\" or \"owes-item\"");
                Gives::Nothing
            }
            (_, false) => Gives::OneOf(named),
            (_, true) => Gives::Any,
        };
        // Where an item or a channel was refused, what it could have carried is not known.
        let is_judged = items.len() == written.len() && channels.len() == draft.channels.len();
        if is_judged && !channels.is_empty() && !can_be_served(&gives, &channels, items) {
            self.found.add(
                place,
                "no item of the ladder can go with it on any of its channels; add one to [[item]], or say \
                 owes-item = false",
            );
        }
        let condition = self.condition(place, draft);
        let ask = self.said(place, "ask", draft.ask.as_deref());
        let id = id?;
        Some(Step {
            path: StepPath::new(sequence?, &id),
            id,
            after,
            anchor,
            date,
            business_day: draft.business_day.unwrap_or(false),
            channels,
            patience,
            tolerance,
            expires,
            by,
            gives,
            purpose,
            subscription: None,
            condition,
            ask,
        })
    }

    /// How long after the last contact a sequence begins anew.
    fn every(&mut self, place: &str, draft: &SequenceDraft) -> Option<Delay> {
        let every = draft.every.as_ref()?.get(place, self.found)?;
        if every.is_zero() {
            self.found.add(place, "every = \"0 days\" never rests; give it some time");
        }
        if draft.then.is_some() {
            self.found.add(place, "it has \"every\" and \"then\"; keep one of them");
        }
        let says_when =
            |step: &&StepDraft| step.after.is_some() || step.from.is_some() || step.date.is_some();
        if let Some(first) = draft.steps.first().filter(says_when) {
            let place = alloc::format!("{place}, step {:?}", first.id.text());
            let problem = alloc::format!(
                "every = \"{every}\" says when the first step is due; remove its \"after\", \"from\" or \"date\""
            );
            self.found.add(&place, problem);
        }
        Some(every)
    }

    /// From which date of theirs a step is counted, and how long from it.
    fn counted_from(&mut self, place: &str, draft: &StepDraft, after: Delay) -> (Delay, Option<StepDate>) {
        let before = draft.before.as_ref().and_then(|before| before.get(place, self.found));
        if draft.before.is_some() && draft.after.is_some() {
            self.found.add(place, "it has \"before\" and \"after\"; keep one of them");
        }
        let Some(written) = &draft.date else {
            if let Some(before) = &draft.before {
                let problem = alloc::format!(
                    "before = {:?} is before no date; say which in \"date\", or use \"after\"",
                    before.text()
                );
                self.found.add(place, problem);
            }
            return (after, None);
        };
        if let Some(from) = &draft.from {
            let problem = alloc::format!(
                "from = {:?} means nothing where it is counted from a date; remove one of them",
                from.text()
            );
            self.found.add(place, problem);
        }
        let name = written.get(place, self.found);
        (before.unwrap_or(after), name.map(|name| StepDate { name, is_before: draft.before.is_some() }))
    }

    /// Whom something is for.
    fn audience(&mut self, place: &str, draft: Option<&AudienceDraft>) -> Audience {
        let place = alloc::format!("{place}, for");
        let Some(draft) = draft else { return Audience::default() };
        Audience {
            regions: self.list(&place, &draft.regions),
            recipient: draft.recipient.as_ref().and_then(|one| one.get(&place, self.found)),
            topics: self.list(&place, &draft.topics),
            tags: self.list(&place, &draft.tags),
        }
    }

    /// How long after it fell due something is too late.
    fn expires(&mut self, place: &str, written: Option<&Field<Delay>>) -> Option<Delay> {
        let expires = written?.get(place, self.found)?;
        if expires.is_zero() {
            self.found.add(place, "what expires at once never goes; give it some time in \"expires\"");
        }
        Some(expires)
    }

    fn condition(&mut self, place: &str, draft: &StepDraft) -> Option<Condition> {
        let within = draft.within.as_ref().and_then(|within| within.get(place, self.found));
        let (sign, is_wanted) = match (&draft.with, &draft.without) {
            (Some(sign), None) => (sign, true),
            (None, Some(sign)) => (sign, false),
            (Some(_), Some(_)) => {
                self.found.add(place, "it has \"if\" and \"unless\"; keep one of them");
                return None;
            }
            (None, None) => {
                if let Some(within) = &draft.within {
                    let problem = alloc::format!(
                        "within = {:?} is the deadline of no sign; say \"if\" or \"unless\", or remove it",
                        within.text()
                    );
                    self.found.add(place, problem);
                }
                for (key, _) in [("times", draft.times.is_some()), ("since", draft.since.is_some())]
                    .iter()
                    .filter(|(_, is_said)| *is_said)
                {
                    let problem =
                        alloc::format!("{key:?} is said of no sign; say \"if\" or \"unless\", or remove it");
                    self.found.add(place, problem);
                }
                return None;
            }
        };
        let sign = sign.get(place, self.found)?;
        if let (Some(_), Some(written)) = (sign.disposition(), &draft.within) {
            let problem = alloc::format!(
                "within = {:?} means nothing here, because {sign} is known with the contact itself; remove it",
                written.text()
            );
            self.found.add(place, problem);
        }
        let counts = [
            ("times", draft.times.map(|times| times.to_string())),
            ("since", draft.since.as_ref().map(|since| since.text().to_string())),
        ];
        for (key, value) in counts {
            if let (Some(_), Some(value)) = (sign.disposition(), value) {
                let problem = alloc::format!(
                    "{key} = {value:?} means nothing here, because {sign} is what came of the last contact; remove it"
                );
                self.found.add(place, problem);
            }
        }
        if draft.times == Some(0) {
            self.found.add(
                place,
                "times = 0 asks for no sign; use 1 or more, or the other of \"if\" and \"unless\"",
            );
        }
        let since = self.value(place, draft.since.as_ref(), Since::of(sign));
        Some(Condition { sign, is_wanted, times: draft.times.unwrap_or(1).max(1), since, within })
    }
}

fn can_be_served(gives: &Gives, channels: &[Channel], items: &[Item]) -> bool {
    matches!(gives, Gives::Nothing)
        || items
            .iter()
            .any(|item| gives.includes(&item.id) && channels.iter().any(|channel| item.fits(*channel)))
}
