//! From rules and holidays as they are written to what is decided with.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::check::Check;
use super::draft::SequenceDraft;
use crate::error::{Faults, Field, Found};
use crate::facts::id::{Print, Region, RuleId};
use crate::facts::permission::{Ground, Grounds};
use crate::facts::vocabulary::Executor;
use crate::facts::vocabulary::Outcome;
use crate::rule::draft::{
    BlackoutDraft, CapDraft, ContactRulesDraft, HolidaysDraft, HoursDraft, OptOutDraft, PauseDraft,
    RegistryDraft, RequirementDraft, RuleDraft,
};
use crate::rule::library::Rules;
use crate::rule::{
    Among, AppliesTo, Cap, Counts, Elsewhere, Frame, Hours, OptOut, Pause, Registry, Requirement, Rule,
    Source, Terms,
};
use crate::time::calendar::{Dates, OpenTimes, Week};
use crate::time::delay::Delay;
use crate::time::span::Span;
use crate::time::zone::Zones;

/// A set of holidays, and of which days it knows.
#[derive(Debug, Clone)]
pub(super) struct Holidays {
    pub(super) id: RuleId,
    pub(super) days: Dates,
    pub(super) from: Option<NaiveDate>,
    pub(super) through: Option<NaiveDate>,
}

/// The sets of holidays that a rule may name.
pub(super) type Sets = BTreeMap<String, Holidays>;

/// Several sets of holidays as one.
#[derive(Debug, Default)]
pub(super) struct Closed {
    pub(super) days: Dates,
    pub(super) from: Option<NaiveDate>,
    pub(super) through: Option<NaiveDate>,
    /// The set that ends first.
    pub(super) ends_first: Option<RuleId>,
}

impl Closed {
    fn add(&mut self, set: &Holidays) {
        self.days = self.days.union(&set.days);
        self.know(set.id.clone(), set.from, set.through);
    }

    /// The same for the eves: whether a day is one is known with the day after it.
    fn add_eves(&mut self, set: &Holidays) {
        self.days = self.days.union(&set.days.eves());
        let eve = |day: NaiveDate| day.pred_opt();
        self.know(set.id.clone(), set.from.and_then(eve), set.through.and_then(eve));
    }

    /// Nothing is known of a day of which one of the sets knows nothing.
    fn know(&mut self, id: RuleId, from: Option<NaiveDate>, through: Option<NaiveDate>) {
        self.from = self.from.max(from);
        if let Some(through) = through
            && self.through.is_none_or(|ends| through < ends)
        {
            self.through = Some(through);
            self.ends_first = Some(id);
        }
    }
}

/// The contact rules that a playbook uses, beside its own.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) rules: Vec<Rule>,
    pub(super) elsewhere: Option<Elsewhere>,
    /// The regions that it names: for these all that there is.
    pub(super) covered: Vec<Region>,
}

impl Rules {
    /// All the rules there are, checked: for a table, or to look one up.
    ///
    /// ```
    /// # #[cfg(all(feature = "embedded-rules", feature = "embedded-zones"))] {
    /// use followup::{Rules, Zones};
    ///
    /// let rules = Rules::embedded().build(&Zones::embedded())?;
    /// let florida = rules.iter().find(|rule| rule.id().as_str() == "us-fl.hours").unwrap();
    /// assert!(florida.citation().unwrap().contains("501.616"));
    /// # }
    /// # Ok::<(), followup::Faults>(())
    /// ```
    ///
    /// # Errors
    /// Every fault that is in them.
    pub fn build(&self, zones: &Zones) -> Result<Vec<Rule>, Faults> {
        let mut found = Found::default();
        let mut check = Check { zones, library: self, found: &mut found };
        let sets = check.holidays(&[]);
        let rules = check.library_rules(self.rules(), &sets);
        found.or(Some(rules))
    }
}

impl Check<'_> {
    pub(super) fn date(&mut self, place: &str, field: Option<&Field<String>>) -> Option<NaiveDate> {
        match Dates::parse([field?.text()]) {
            Ok(dates) => dates.iter().next(),
            Err(errors) => {
                for error in errors {
                    self.found.add(place, error);
                }
                None
            }
        }
    }

    fn span(&mut self, place: &str, what: &str, field: Option<&Field<Span>>) -> Option<Span> {
        let span = field?.get(place, self.found)?;
        if span.is_zero() {
            self.found.add(place, alloc::format!("{what} = \"{span}\" is no time at all; use a longer one"));
        }
        Some(span)
    }

    /// The playbook's own sets, and those of the library that it does not have itself.
    pub(super) fn holidays(&mut self, own: &[HolidaysDraft]) -> Sets {
        let library = self.library;
        for faulty in library.unread() {
            self.found.add("contact rules", faulty);
        }
        self.unique("holidays", library.holidays().iter().map(|set| set.id.text()));
        self.unique("contact rule", library.rules().iter().map(|rule| rule.id.text()));
        self.unique("holidays", own.iter().map(|set| set.id.text()));
        let mut sets = Sets::new();
        for draft in library.holidays().iter().chain(own) {
            if let Some(set) = self.holiday_set(draft) {
                sets.insert(draft.id.text().to_string(), set);
            }
        }
        sets
    }

    fn holiday_set(&mut self, draft: &HolidaysDraft) -> Option<Holidays> {
        let place = alloc::format!("holidays {:?}", draft.id.text());
        let id = draft.id.get(&place, self.found);
        let days = Dates::parse(draft.days.iter().map(String::as_str)).unwrap_or_else(|errors| {
            for error in errors {
                self.found.add(&place, error);
            }
            Dates::default()
        });
        let from = self.date(&place, draft.from.as_ref());
        let through = self.date(&place, draft.through.as_ref());
        self.date(&place, draft.checked_on.as_ref());
        if let (Some(from), Some(through)) = (from, through)
            && from > through
        {
            self.found.add(
                &place,
                alloc::format!("it knows the days from {from} through {through}, so none; swap them"),
            );
        }
        for day in days.iter().filter(|day| {
            from.is_some_and(|from| *day < from) || through.is_some_and(|through| through < *day)
        }) {
            self.found.add(
                &place,
                alloc::format!("{day} is outside the days that it knows; widen them or remove it"),
            );
        }
        Some(Holidays { id: id?, days, from, through })
    }

    /// The days of these sets, or their eves.
    pub(super) fn closed(
        &mut self,
        place: &str,
        ids: &[Field<RuleId>],
        sets: &Sets,
        into: &mut Closed,
        are_eves: bool,
    ) {
        for id in ids {
            if let Some(set) = sets.get(id.text()) {
                if are_eves {
                    into.add_eves(set);
                } else {
                    into.add(set);
                }
            } else {
                let problem = alloc::format!(
                    "{:?} is no set of holidays; add one to [[holidays]] with that id",
                    id.text()
                );
                self.found.add(place, problem);
            }
        }
    }

    /// The rules that come with the library, each checked.
    pub(super) fn library_rules(&mut self, drafts: &[RuleDraft], sets: &Sets) -> Vec<Rule> {
        drafts
            .iter()
            .filter_map(|draft| {
                let place = alloc::format!("contact rule {:?}", draft.id.text());
                if draft.sequences.is_some() {
                    self.found
                        .add(&place, "it names sequences, which are a playbook's own; remove \"sequences\"");
                }
                self.rule(&place, draft, sets)
            })
            .collect()
    }

    /// The contact rules that are named, with where they hold.
    pub(super) fn used(&mut self, draft: Option<&ContactRulesDraft>, sets: &Sets) -> Used {
        let Some(draft) = draft else { return Used::default() };
        let place = "contact-rules";
        let elsewhere = draft.elsewhere.get(place, self.found);
        let except: Vec<RuleId> = self.list(place, &draft.except);
        let library = self.library;
        let mut is_used: Vec<bool> = library.rules().iter().map(|_| false).collect();
        for name in &draft.names {
            let region: Option<Region> = name.parse().ok();
            let mut is_known = false;
            for (rule, is_used) in library.rules().iter().zip(&mut is_used) {
                let is_meant = rule.id.text() == name
                    || region.as_ref().is_some_and(|region| rule.is_for(region) && !rule.is_off_by_default());
                *is_used |= is_meant;
                is_known |= is_meant;
            }
            if !is_known {
                let problem = alloc::format!(
                    "{name:?} is no contact rule, and no rule is for a region of that name; use the id of a rule, or \
                     a region: {}",
                    regions(library).join(", ")
                );
                self.found.add(place, problem);
            }
        }
        for id in &except {
            let named =
                library.rules().iter().zip(&mut is_used).find(|(rule, _)| rule.id.text() == id.as_str());
            match named {
                Some((_, is_used)) if *is_used => *is_used = false,
                _ => self.found.add(
                    place,
                    alloc::format!("\"{id}\" is excepted, and yet not used; remove it from \"except\""),
                ),
            }
        }
        let drafts: Vec<RuleDraft> = library
            .rules()
            .iter()
            .zip(&is_used)
            .filter(|(_, is_used)| **is_used)
            .map(|(rule, _)| rule.clone())
            .collect();
        let rules = self.library_rules(&drafts, sets);
        // A region is covered by being named; what that brings in, such as a federal rule for one state, is not all that
        // holds elsewhere. Whoever picks a rule by its id vouches for what they leave out.
        let by_region = draft.names.iter().filter_map(|name| name.parse().ok()).filter(is_region_of(library));
        let by_id = rules.iter().filter(|rule| draft.names.iter().any(|name| name == rule.id.as_str()));
        let covered = by_region.chain(by_id.flat_map(|rule| rule.regions.iter().cloned())).collect();
        Used { rules, elsewhere, covered }
    }

    pub(super) fn own_rules(
        &mut self,
        drafts: &[RuleDraft],
        sets: &Sets,
        sequences: &[SequenceDraft],
    ) -> Vec<Rule> {
        self.unique("rule", drafts.iter().map(|rule| rule.id.text()));
        let rule = |draft: &RuleDraft| {
            let place = alloc::format!("rule {:?}", draft.id.text());
            let steps = draft.sequences.as_ref().map(|names| self.steps_of(&place, names, sequences));
            Some(Rule { steps, ..self.rule(&place, draft, sets)? })
        };
        drafts.iter().filter_map(rule).collect()
    }

    /// The steps of these sequences, and the single steps that are named.
    fn steps_of(&mut self, place: &str, names: &[String], sequences: &[SequenceDraft]) -> Vec<Print> {
        if names.is_empty() {
            self.found.add(place, "it is for no sequence; name some in \"sequences\", or remove that");
        }
        let mut all = Vec::new();
        for name in names {
            let paths = sequences.iter().flat_map(|sequence| {
                let is_all = sequence.id.text() == name;
                let paths = sequence
                    .steps
                    .iter()
                    .map(|step| alloc::format!("{}/{}", sequence.id.text(), step.id.text()));
                paths.filter(move |path| is_all || path == name)
            });
            let before = all.len();
            all.extend(paths.map(|path| Print::of(&path)));
            if all.len() == before {
                let problem = alloc::format!(
                    "{name:?} is no sequence with steps, and no step; use an id, or a path as in \"inbound/call\""
                );
                self.found.add(place, problem);
            }
        }
        all
    }

    fn rule(&mut self, place: &str, draft: &RuleDraft, sets: &Sets) -> Option<Rule> {
        let id = draft.id.get(place, self.found);
        let regions = self.list(place, &draft.regions);
        let channels = self.channels(place, &draft.channels);
        let recipients = self.list(place, &draft.recipients);
        let by = self.executors(place, &draft.by);
        let default =
            if draft.cap.is_some() || draft.pause.is_some() { AppliesTo::Approaches } else { AppliesTo::All };
        let applies_to = self.value(place, draft.applies_to.as_ref(), default);
        let unless = self.grounds(place, &draft.unless);
        let terms = self.terms(place, &draft.terms);
        let from = self.date(place, draft.valid_from.as_ref());
        let until = self.date(place, draft.valid_until.as_ref());
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            let problem = alloc::format!("it holds from {from} until {until}, so never; swap or change them");
            self.found.add(place, problem);
        }
        let source = Source {
            citation: draft.citation.clone(),
            url: draft.url.clone(),
            checked_on: self.date(place, draft.checked_on.as_ref()),
            confidence: draft.confidence.as_ref().and_then(|field| field.get(place, self.found)),
            force: draft.force.as_ref().and_then(|field| field.get(place, self.found)),
            note: draft.note.clone(),
        };
        let hours = draft.hours.as_ref().map(|hours| self.hours(place, hours, sets, (from, until)));
        let cap = draft.cap.as_ref().map(|cap| self.cap(place, cap));
        let pause = draft.pause.as_ref().map(|pause| self.pause(place, pause));
        let permission = draft.permission.as_ref().map(|one| self.requirement(place, one));
        let registry = draft.registry.as_ref().map(|registry| self.registry(place, registry));
        let opt_out = draft.opt_out.as_ref().map(|opt_out| self.opt_out(place, opt_out));
        let says_something = hours.is_some()
            || cap.is_some()
            || pause.is_some()
            || permission.is_some()
            || registry.is_some()
            || opt_out.is_some();
        if !says_something {
            self.found.add(
                place,
                "it says nothing; give it hours, a cap, a pause, a permission, a registry or an opt-out",
            );
        }
        if opt_out.is_some() && draft.sequences.is_some() {
            self.found.add(place, "an opt-out is for every sequence; remove \"sequences\"");
        }
        if cap.is_some() && draft.sequences.is_some() {
            self.found.add(place, "a cap counts what every sequence does; remove \"sequences\"");
        }
        Some(Rule {
            title: draft.title.clone(),
            regions,
            channels,
            recipients,
            by,
            applies_to,
            unless,
            terms,
            from,
            until,
            topic: draft.topic.clone(),
            source,
            // Where a part was refused the whole is, so what stands here then does not matter.
            hours: hours.flatten(),
            cap: cap.flatten(),
            pause: pause.flatten(),
            permission,
            registry,
            opt_out,
            ..Rule::new(id?)
        })
    }

    /// Whom it is for, by executor.
    fn executors(&mut self, place: &str, fields: &[Field<Executor>]) -> [bool; Executor::ALL.len()] {
        let mut by = [fields.is_empty(); Executor::ALL.len()];
        for executor in self.list(place, fields) {
            if let Some(slot) = by.get_mut(executor as usize) {
                *slot = true;
            }
        }
        by
    }

    fn grounds(&mut self, place: &str, fields: &[Field<Ground>]) -> Grounds {
        self.list(place, fields).into_iter().collect()
    }

    pub(super) fn terms(&mut self, place: &str, fields: &BTreeMap<String, Field<Span>>) -> Terms {
        let mut terms = Vec::new();
        for (ground, span) in fields {
            let ground = Field::<Ground>::parse(ground).get(place, self.found);
            if ground == Some(Ground::NotRefused) {
                self.found.add(place, "\"not-refused\" has no beginning, and so no term; remove it");
            }
            let span = self.span(place, "a term", Some(span));
            terms.extend(ground.zip(span));
        }
        Terms(terms)
    }

    fn hours(
        &mut self,
        place: &str,
        draft: &HoursDraft,
        sets: &Sets,
        (from, until): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Option<Hours> {
        let frame = self.frame(place, &draft.zone);
        let week = match Week::from_days(&draft.week) {
            Ok(week) if week.is_never_open() => {
                self.found
                    .add(place, "it never opens; give it a window, or remove the channel from the steps");
                None
            }
            Ok(week) => Some(week),
            Err(errors) => {
                for error in errors {
                    self.found.add(place, error);
                }
                None
            }
        };
        let mut closed = Closed::default();
        self.closed(place, &draft.closed, sets, &mut closed, false);
        let mut times = OpenTimes::new(week.unwrap_or_default(), core::mem::take(&mut closed.days));
        for short in &draft.short {
            let mut days = Closed::default();
            if short.on.is_empty() && short.before.is_empty() {
                self.found
                    .add(place, "a short day names no holidays; give \"on\" or \"before\", or remove it");
            }
            self.closed(place, &short.on, sets, &mut days, false);
            self.closed(place, &short.before, sets, &mut days, true);
            if let (Some(id), through @ Some(_)) = (days.ends_first, days.through) {
                closed.know(id, days.from, through);
            } else {
                closed.from = closed.from.max(days.from);
            }
            match times.clone().short_on(&days.days, short.windows.iter().map(String::as_str)) {
                Ok(shorter) => times = shorter,
                Err(error) => self.found.add(place, error),
            }
        }
        let times = times.known(closed.from, closed.through).valid(from, until);
        Some(Hours { frame: frame?, times, ends_first: closed.ends_first })
    }

    fn frame(&mut self, place: &str, zone: &str) -> Option<Frame> {
        match zone {
            "prospect" => Some(Frame::Prospect),
            "seller" => Some(Frame::Seller),
            _ => self.zone(place, &Field::parse(zone)).map(Frame::Fixed),
        }
    }

    fn cap(&mut self, place: &str, draft: &CapDraft) -> Option<Cap> {
        if draft.at_most == 0 {
            self.found
                .add(place, "at-most = 0 permits nothing, ever; use 1 or more, or take the channel away");
        }
        let per = self.span(place, "per", Some(&draft.per));
        let counts = self.value(place, draft.counts.as_ref(), Counts::Contacts);
        let among = self.value(place, draft.among.as_ref(), Among::Prospect);
        Some(Cap { at_most: draft.at_most, per: per?, counts, among })
    }

    fn pause(&mut self, place: &str, draft: &PauseDraft) -> Option<Pause> {
        let after = draft.after.get(place, self.found);
        let lasts = self.span(place, "lasts", Some(&draft.lasts));
        Some(Pause { after: after?, lasts: lasts? })
    }

    fn requirement(&mut self, place: &str, draft: &RequirementDraft) -> Requirement {
        if draft.grounds.is_empty() {
            self.found.add(
                place,
                "an empty list of grounds permits nothing, ever; name one, or remove the channel from the steps",
            );
        }
        Requirement { grounds: self.grounds(place, &draft.grounds), asking: draft.asking }
    }

    fn registry(&mut self, place: &str, draft: &RegistryDraft) -> Registry {
        Registry {
            list_age: self.span(place, "list-age", draft.list_age.as_ref()),
            grace: self.span(place, "grace", draft.grace.as_ref()),
            unless: self.grounds(place, &draft.unless),
        }
    }

    fn opt_out(&mut self, place: &str, draft: &OptOutDraft) -> OptOut {
        if *draft == OptOutDraft::default() {
            self.found.add(place, "its opt-out says nothing; give within, keeps, mechanism or all-channels");
        }
        OptOut {
            within: self.span(place, "within", draft.within.as_ref()),
            keeps: self.span(place, "keeps", draft.keeps.as_ref()),
            mechanism: self.span(place, "mechanism", draft.mechanism.as_ref()),
            all_channels: draft.all_channels,
        }
    }

    pub(super) fn blackouts(&mut self, drafts: &[BlackoutDraft]) -> Vec<Rule> {
        self.unique("blackout", drafts.iter().map(|blackout| blackout.id.text()));
        drafts.iter().filter_map(|draft| self.blackout(draft)).collect()
    }

    /// Hours that close on every one of its days.
    fn blackout(&mut self, draft: &BlackoutDraft) -> Option<Rule> {
        let place = alloc::format!("blackout {:?}", draft.id.text());
        let id = draft.id.get(&place, self.found);
        let first = self.date(&place, Some(&draft.from));
        let last = self.date(&place, Some(&draft.through));
        if let (Some(first), Some(last)) = (first, last)
            && first > last
        {
            self.found
                .add(&place, alloc::format!("it lasts from {first} through {last}, so never; swap them"));
        }
        let regions = self.list(&place, &draft.regions);
        let default = if regions.is_empty() { "seller" } else { "prospect" };
        let frame = self.frame(&place, draft.zone.as_deref().unwrap_or(default));
        let channels = self.channels(&place, &draft.channels);
        let by = self.executors(&place, &draft.by);
        let applies_to = self.value(&place, draft.applies_to.as_ref(), AppliesTo::All);
        let last = last?;
        let days = core::iter::successors(first, NaiveDate::succ_opt).take_while(|day| *day <= last);
        let times = OpenTimes::new(Week::always(), Dates::new(days).ok()?);
        Some(Rule {
            regions,
            channels,
            by,
            applies_to,
            source: Source { citation: draft.citation.clone(), ..Source::default() },
            hours: Some(Hours { frame: frame?, times, ends_first: None }),
            ..Rule::new(id?)
        })
    }

    /// The pause after a sign of annoyance, which every playbook has.
    pub(super) fn cool_down(lasts: Delay) -> Option<Rule> {
        let pause = Pause { after: Outcome::Annoyed, lasts: lasts.into() };
        Some(Rule {
            applies_to: AppliesTo::Approaches,
            pause: Some(pause),
            ..Rule::new("cool-down".parse().ok()?)
        })
    }
}

/// Whether there is a rule for that region. The id of a rule can look like one.
fn is_region_of(library: &Rules) -> impl Fn(&Region) -> bool {
    move |region| library.rules().iter().any(|rule| rule.is_for(region))
}

/// The regions for which there are rules, in order.
fn regions(rules: &Rules) -> Vec<&str> {
    let mut regions: Vec<&str> =
        rules.rules().iter().flat_map(|rule| rule.regions.iter().map(Field::text)).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}
