//! Lint: what a playbook may say, and had better not.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Playbook;
use crate::error::vocabulary;
use crate::facts::channel::Channel;
use crate::facts::permission::{Ground, Purpose};
use crate::facts::vocabulary::{Duty, Executor, Trigger};
use crate::playbook::content::Item;
use crate::playbook::sequence::{Again, Sequence, Since, Step};
use crate::time::delay::Delay;

/// Most deals need seven to ten contacts. A pursuit of fewer than this stops before most people have decided.
const FEWEST_TOUCHES: u16 = 5;

vocabulary!(
    /// A kind of warning about a playbook.
    Lint, "kind of warning", "use too-few-touches, one-channel, equal-formats, ends-before-the-cycle, ladder-too-short, no-machine-can, shadowed-trigger, never-starts, unreachable-step or not-permitted", {
    /// A pursuit that stops before most people say yes.
    TooFewTouches = "too-few-touches",
    /// Every step is on the same channel.
    OneChannel = "one-channel",
    /// Two touches in a row can only give the same format.
    EqualFormats = "equal-formats",
    /// It is over before they decide.
    EndsBeforeTheCycle = "ends-before-the-cycle",
    /// There are fewer items than steps that owe one.
    LadderTooShort = "ladder-too-short",
    /// A step for a machine that only a person can take.
    NoMachineCan = "no-machine-can",
    /// An earlier sequence starts on the same.
    ShadowedTrigger = "shadowed-trigger",
    /// Nothing starts it but a person who enrols somebody.
    NeverStarts = "never-starts",
    /// A step that waits for what ends its sequence.
    UnreachableStep = "unreachable-step",
    /// A step that is passed over unless they have permitted it, for which nobody is asked.
    NotPermitted = "not-permitted",
});

/// Something in a playbook that is allowed, and unwise. Nothing changes if nobody heeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The kind.
    pub lint: Lint,
    /// Where it stands, such as `sequence "inbound"`.
    pub place: String,
    /// What is the matter with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {} [{}]", self.place, self.reason, self.remedy, self.lint)
    }
}

impl Playbook {
    /// What is allowed in it and unwise, in the order of its sequences.
    ///
    /// ```
    /// use followup::{Lint, Playbook};
    ///
    /// let playbook: Playbook = toml::from_str(r#"
    ///     name = "Boilers"
    ///     zone = "Europe/Berlin"
    ///     cycle = "6 months"
    ///
    ///     [[sequence]]
    ///     id = "inbound"
    ///     starts-on = ["inquired"]
    ///     step = [
    ///         { id = "one", after = "1 day", channels = ["email"], owes-item = false },
    ///         { id = "two", after = "1 week", channels = ["email"], owes-item = false },
    ///     ]
    /// "#)?;
    /// let lints: Vec<Lint> = playbook.warnings().iter().map(|warning| warning.lint).collect();
    /// assert_eq!(lints, [Lint::TooFewTouches, Lint::OneChannel, Lint::EndsBeforeTheCycle]);
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if self.fewest_touches < FEWEST_TOUCHES {
            warnings.push(Warning {
                lint: Lint::TooFewTouches,
                place: String::from("fewest-touches"),
                reason: format!(
                    "silence may end a pursuit after {} touches, and most deals need seven to ten",
                    self.fewest_touches
                ),
                remedy: "use 5 or more, or leave it out for 7",
            });
        }
        for (nth, sequence) in self.sequences.iter().enumerate() {
            self.lint_start(nth, sequence, &mut warnings);
            // Care has no deal to win, and may be as short as it likes. What only goes on from another is judged
            // together with that one, and a detour is a part of what it leads back to.
            let only_goes_on = sequence.starts_on.is_empty() && self.is_followed_up(nth);
            let mut starts = sequence.starts_on.iter();
            let is_detour = !sequence.starts_on.is_empty() && starts.all(|trigger| trigger.is_stall());
            if sequence.purpose == Purpose::FollowUp && !only_goes_on && !is_detour {
                self.lint_pursuit(sequence, &mut warnings);
            }
            self.lint_steps(sequence, &mut warnings);
            self.lint_permissions(sequence, &mut warnings);
        }
        warnings
    }

    /// What is passed over because they never permitted it, though the playbook lets nobody ask.
    fn lint_permissions(&self, sequence: &Sequence, warnings: &mut Vec<Warning>) {
        let asks = self.duty(Duty::AskPermission).is_some_and(|asking| asking.at_most > 0);
        // Only somebody who came to the seller may be asked.
        let came_to_us = |trigger: &Trigger| !matches!(trigger, Trigger::Added | Trigger::Introduced);
        if asks && (sequence.starts_on.is_empty() || sequence.starts_on.iter().any(came_to_us)) {
            return;
        }
        let comes_by_itself = [Ground::NotRefused, Ground::Inquiry, Ground::Conversation, Ground::Purchase];
        let is_recorded = |channel: &Channel| {
            let grounds = self.grounds(sequence.purpose, *channel);
            !comes_by_itself.iter().any(|ground| grounds.contains(*ground))
        };
        for step in sequence.steps.iter().filter(|step| step.channels.iter().all(is_recorded)) {
            warnings.push(Warning {
                lint: Lint::NotPermitted,
                place: format!("sequence {:?}, step {:?}", sequence.id.as_str(), step.id.as_str()),
                reason: String::from(
                    "it is passed over unless a permission is recorded, and nobody is asked for one",
                ),
                remedy: "let somebody ask, add a channel that needs no permission, or record permissions first",
            });
        }
    }

    fn lint_start(&self, nth: usize, sequence: &Sequence, warnings: &mut Vec<Warning>) {
        let place = || format!("sequence {:?}", sequence.id.as_str());
        for trigger in &sequence.starts_on {
            let before = self.sequences.iter().take(nth);
            let mut before = before.filter(|first| first.starts_on.contains(trigger));
            // What starts at most once, or not for a time, leaves the rest to the next.
            let leaves = |again| matches!(again, Again::Once | Again::After(_));
            let is_for_all = |first: &&Sequence| first.audience.covers(&sequence.audience);
            let first = before.find(|first| !leaves(first.again) && is_for_all(first));
            if let Some(first) = first {
                warnings.push(Warning {
                    lint: Lint::ShadowedTrigger,
                    place: place(),
                    reason: format!(
                        "{trigger} already starts {:?}, which stands before it",
                        first.id.as_str()
                    ),
                    remedy: "let only one of them start on it",
                });
            }
        }
        if sequence.starts_on.is_empty() && !self.is_followed_up(nth) {
            warnings.push(Warning {
                lint: Lint::NeverStarts,
                place: place(),
                reason: String::from("nothing starts it"),
                remedy: "say what it starts on, unless people are enrolled in it by hand",
            });
        }
    }

    /// Whether another goes on with it.
    fn is_followed_up(&self, nth: usize) -> bool {
        self.bring_back.as_ref().is_some_and(|back| back.index == nth)
            || self.sequences.iter().enumerate().any(|(other, before)| {
                other != nth && before.then.as_ref().is_some_and(|then| then.index == nth)
            })
    }

    /// What concerns the whole of it, with all that follows.
    fn lint_pursuit(&self, sequence: &Sequence, warnings: &mut Vec<Warning>) {
        let place = || format!("sequence {:?}", sequence.id.as_str());
        let (steps, goes_round) = self.chain(sequence);
        let fewest = self.fewest_touches.max(FEWEST_TOUCHES);
        if steps.len() < usize::from(fewest) && !goes_round {
            warnings.push(Warning {
                lint: Lint::TooFewTouches,
                place: place(),
                reason: format!(
                    "it is over after {} touches, and most deals need seven to ten (the fewest here are {})",
                    steps.len(),
                    self.fewest_touches
                ),
                remedy: "add steps, or a sequence with which it goes on",
            });
        }
        let mut channels = steps.iter().flat_map(|step| &step.channels);
        let first = channels.next();
        if steps.len() > 1 && channels.all(|channel| Some(channel) == first) {
            warnings.push(Warning {
                lint: Lint::OneChannel,
                place: place(),
                reason: format!("every touch is by {}", first.map_or("", |channel| channel.as_str())),
                remedy: "let some steps use another channel",
            });
        }
        let counted = steps.iter().filter(|step| step.date.is_none());
        let lasts = counted.map(|step| step.after.nominal_hours()).sum::<u64>() / 24;
        // A few days sooner is no sooner.
        let is_short = |cycle: &Delay| i64::try_from(lasts).is_ok_and(|lasts| lasts < cycle.bounds().0 / DAY);
        if let Some(cycle) = self.cycle.filter(|cycle| !goes_round && is_short(cycle)) {
            warnings.push(Warning {
                lint: Lint::EndsBeforeTheCycle,
                place: place(),
                reason: format!("it is over after about {lasts} days, and they take {cycle} to buy"),
                remedy: "stretch it, or add steps",
            });
        }
        let owed: Vec<&Step> = steps.iter().copied().filter(|step| step.owes_item()).collect();
        let served = most_served(&owed, &self.items);
        if served < owed.len() && !goes_round {
            warnings.push(Warning {
                lint: Lint::LadderTooShort,
                place: place(),
                reason: format!("{} touches owe an item, and there are items for {served}", owed.len()),
                remedy: "add items, or say owes-item = false",
            });
        }
    }

    fn lint_steps(&self, sequence: &Sequence, warnings: &mut Vec<Warning>) {
        for step in &sequence.steps {
            if step.by == Executor::Automatic && step.channels.contains(&Channel::InPerson) {
                warnings.push(Warning {
                    lint: Lint::NoMachineCan,
                    place: format!("sequence {:?}, step {:?}", sequence.id.as_str(), step.id.as_str()),
                    reason: String::from("no machine can do that in person"),
                    remedy: "give it to a person, or take the channel away",
                });
            }
        }
        for step in &sequence.steps {
            let waits_for =
                step.condition.filter(|condition| condition.is_wanted && condition.since != Since::Ever);
            let waits_for = waits_for.map(|condition| condition.sign);
            if let Some(sign) = waits_for.filter(|sign| sequence.ends_on.contains(sign)) {
                warnings.push(Warning {
                    lint: Lint::UnreachableStep,
                    place: format!("sequence {:?}, step {:?}", sequence.id.as_str(), step.id.as_str()),
                    reason: format!("it is taken if {sign}, and {sign} ends the sequence"),
                    remedy: "remove the step, or the sign from \"ends-on\"",
                });
            }
        }
        let pairs = sequence.steps.iter().zip(sequence.steps.iter().skip(1));
        for (one, next) in pairs.filter(|(one, next)| one.owes_item() && next.owes_item()) {
            let format = self.only_format(one);
            if format.is_some() && format == self.only_format(next) {
                warnings.push(Warning {
                    lint: Lint::EqualFormats,
                    place: format!("sequence {:?}, step {:?}", sequence.id.as_str(), next.id.as_str()),
                    reason: format!(
                        "it can only give a {}, and so could the one before",
                        format.unwrap_or_default()
                    ),
                    remedy: "add an item of another format",
                });
            }
        }
    }

    /// The steps of a sequence and of those with which it goes on, each time that it comes to them, and whether that
    /// never ends.
    fn chain(&self, sequence: &Sequence) -> (Vec<&Step>, bool) {
        let mut passes = Vec::new();
        let mut has_come_back = false;
        let mut next = self.sequences.iter().find(|known| known.id == sequence.id);
        while let Some(sequence) = next {
            let finished = passes.iter().filter(|before: &&&Sequence| before.id == sequence.id).count();
            passes.push(sequence);
            let then = sequence.then.as_ref();
            if finished > 0 && then.is_some_and(|then| then.at_most.is_none()) || passes.len() > MOST_PASSES {
                return (steps_of(&passes), true);
            }
            let then = then.filter(|then| then.at_most.is_none_or(|most| finished < usize::from(most)));
            let back = self.bring_back.as_ref().filter(|back| {
                let is_meant = !has_come_back && sequence.purpose == Purpose::FollowUp;
                is_meant && passes.iter().all(|before| before.id != back.id)
            });
            has_come_back |= then.is_none();
            next = then.or(back).and_then(|then| self.sequences.get(then.index));
        }
        (steps_of(&passes), false)
    }

    /// The one format that the step can give, if there is only one.
    fn only_format(&self, step: &Step) -> Option<&str> {
        let mut formats =
            self.items.iter().filter(|item| serves(item, step)).map(|item| item.format.as_str());
        let first = formats.next()?;
        formats.all(|format| format == first).then_some(first)
    }
}

const DAY: i64 = 86_400;
/// What goes on for longer is as good as endless.
const MOST_PASSES: usize = 50;

fn steps_of<'a>(passes: &[&'a Sequence]) -> Vec<&'a Step> {
    passes.iter().flat_map(|sequence| &sequence.steps).collect()
}

fn serves(item: &Item, step: &Step) -> bool {
    step.gives.includes(&item.id) && step.channels.iter().any(|channel| item.fits(*channel))
}

/// For how many of the steps there is an item of their own, if the items are given out in the best way.
fn most_served(steps: &[&Step], items: &[Item]) -> usize {
    let mut taken_by: Vec<Option<usize>> = items.iter().map(|_| None).collect();
    (0..steps.len())
        .filter(|step| finds_item(*step, steps, items, &mut taken_by, &mut BTreeSet::new()))
        .count()
}

/// Whether there is an item for the step, if need be by finding another for the step that has it.
fn finds_item(
    step: usize,
    steps: &[&Step],
    items: &[Item],
    taken_by: &mut [Option<usize>],
    tried: &mut BTreeSet<usize>,
) -> bool {
    let Some(wants) = steps.get(step) else { return false };
    for (nth, _) in items.iter().enumerate().filter(|(_, item)| serves(item, wants)) {
        if !tried.insert(nth) {
            continue;
        }
        let holder = taken_by.get(nth).copied().flatten();
        if holder.is_none_or(|holder| finds_item(holder, steps, items, taken_by, tried)) {
            if let Some(slot) = taken_by.get_mut(nth) {
                *slot = Some(step);
            }
            return true;
        }
    }
    false
}
