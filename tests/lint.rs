//! What a playbook is warned of, and how it is stretched to the time that buyers take.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first fault")]

use followup::{
    Again, Anchor, Channel, Delay, Executor, ItemDraft, Lint, Playbook, PlaybookDraft, Purpose,
    SequenceDraft, Sign, StepDraft, ThenDraft, Trigger,
};

const MIXED: [Channel; 2] = [Channel::Phone, Channel::Email];

fn step(nth: usize) -> StepDraft {
    StepDraft::new(&format!("s{nth}")).after(Delay::days(3)).on(MIXED).without_item()
}

fn sequence(steps: usize) -> SequenceDraft {
    let empty = SequenceDraft::new("inbound").starts_on(Trigger::Inquired);
    (0..steps).map(step).fold(empty, SequenceDraft::step)
}

fn with(sequence: SequenceDraft) -> PlaybookDraft {
    PlaybookDraft::new("Boilers", "Europe/Berlin").fewest_touches(5).sequence(sequence)
}

fn lints(draft: PlaybookDraft) -> Vec<Lint> {
    draft.build().unwrap().warnings().iter().map(|warning| warning.lint).collect()
}

#[test]
fn a_pursuit_of_seven_touches_on_two_channels_has_no_warning() {
    assert_eq!(lints(with(sequence(7))), []);
}

#[test]
fn p04_fewer_than_five_touches_are_warned_of_with_the_reason() {
    let playbook = with(sequence(4)).build().unwrap();
    let warnings: Vec<String> = playbook.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "sequence \"inbound\": it is over after 4 touches, and most deals need seven to ten (the fewest here are 5); \
             add steps, or a sequence with which it goes on [too-few-touches]"
        ]
    );
    assert_eq!(lints(with(sequence(5))), []);
    // The playbook itself wants more of them, or too few.
    assert_eq!(lints(with(sequence(5)).fewest_touches(7)), [Lint::TooFewTouches]);
    let lax = with(sequence(5)).fewest_touches(2).build().unwrap().warnings();
    assert_eq!((lax.len(), lax[0].lint, lax[0].place.as_str()), (1, Lint::TooFewTouches, "fewest-touches"));
}

#[test]
fn a_step_that_waits_for_what_ends_its_sequence_is_warned_of() {
    let thanks = step(7).only_if(Sign::Replied);
    assert_eq!(lints(with(sequence(6).step(thanks.clone()).ends_on(Sign::Replied))), [Lint::UnreachableStep]);
    assert_eq!(lints(with(sequence(6).step(thanks).ends_on(Sign::Booked))), []);
}

#[test]
fn steps_that_nobody_has_permitted_and_nobody_asks_for_are_warned_of() {
    // Who is added has not come to the seller, and is not asked.
    let added = sequence(7).starts_on(Trigger::Introduced);
    let written = |draft: PlaybookDraft, asks: &str| {
        let permission = r#"{ "follow-up": { "default": ["express"], "post": ["not-refused"] } }"#;
        let mut written = serde_json::to_value(draft).unwrap();
        written["permission"] = serde_json::from_str(permission).unwrap();
        written["ask-permission"] = serde_json::from_str(asks).unwrap();
        serde_json::from_value::<PlaybookDraft>(written).unwrap()
    };
    assert_eq!(lints(written(with(added.clone()), "{}")), [], "inquiries start it, too");
    assert_eq!(lints(written(with(added.clone()), r#"{ "at-most": 0 }"#)), [Lint::NotPermitted; 7]);
    let only_added =
        (0..7).map(step).fold(SequenceDraft::new("cold").starts_on(Trigger::Added), SequenceDraft::step);
    assert_eq!(lints(written(with(only_added), "{}")), [Lint::NotPermitted; 7]);
    // A letter needs none.
    let letters = (0..7).map(|nth| step(nth).on([Channel::Phone, Channel::Post]));
    let letters = letters.fold(SequenceDraft::new("cold").starts_on(Trigger::Added), SequenceDraft::step);
    assert_eq!(lints(written(with(letters), "{}")), []);
}

#[test]
fn a_detour_may_be_short_and_what_starts_but_once_leaves_its_trigger_to_the_next() {
    let detour = SequenceDraft::new("others").starts_on(Trigger::SeveralDeciders).step(step(1));
    assert_eq!(lints(with(sequence(6)).sequence(detour)), []);
    let again = (0..6).map(step).fold(SequenceDraft::new("again"), SequenceDraft::step);
    let again = again.starts_on(Trigger::Inquired);
    assert_eq!(lints(with(sequence(6).again(Again::Once)).sequence(again)), []);
}

#[test]
fn a_short_sequence_that_goes_on_or_looks_after_a_buyer_is_not_too_short() {
    let on = SequenceDraft::new("later").step(step(8)).step(step(9));
    let goes_on = with(sequence(3).then(ThenDraft::new("later", Delay::weeks(4)))).sequence(on);
    assert_eq!(lints(goes_on), [], "nobody gets the second by itself");
    assert_eq!(lints(with(sequence(2).then(ThenDraft::new("inbound", Delay::weeks(4))))), []);
    assert_eq!(lints(with(sequence(1).purpose(Purpose::Care))), []);
}

#[test]
fn p16_everything_on_one_channel_is_warned_of() {
    let calls = (0..6).map(|nth| step(nth).on([Channel::Phone]));
    let calls = calls.fold(SequenceDraft::new("calls").starts_on(Trigger::Added), SequenceDraft::step);
    assert_eq!(lints(with(calls.clone())), [Lint::OneChannel]);
    assert_eq!(lints(with(calls.step(step(7)))), []);
}

#[test]
fn p22_two_touches_in_a_row_that_can_only_give_the_same_format_are_warned_of() {
    let giving = |nth: usize, item: &str| {
        StepDraft::new(&format!("g{nth}")).after(Delay::days(3)).on(MIXED).items(&[item])
    };
    let draft = |second: &str| {
        with(sequence(5).step(giving(5, "guide-a")).step(giving(6, second)))
            .item(ItemDraft::new("guide-a", "guide"))
            .item(ItemDraft::new("guide-b", "guide"))
            .item(ItemDraft::new("film", "video"))
    };
    assert_eq!(lints(draft("guide-b")), [Lint::EqualFormats]);
    assert_eq!(lints(draft("film")), []);
}

#[test]
fn p15_a_sequence_that_ends_before_the_buying_cycle_is_warned_of() {
    assert_eq!(lints(with(sequence(7)).cycle(Delay::months(6))), [Lint::EndsBeforeTheCycle]);
    assert_eq!(lints(with(sequence(7)).cycle(Delay::weeks(2))), []);
}

#[test]
fn p02_a_ladder_with_fewer_items_than_touches_that_owe_one_is_warned_of() {
    let owing = |nth: usize| StepDraft::new(&format!("o{nth}")).after(Delay::days(3)).on(MIXED);
    let two = with(sequence(5).step(owing(1)).step(owing(2)));
    let one_item = two.clone().item(ItemDraft::new("guide", "guide"));
    assert_eq!(lints(one_item.clone()), [Lint::LadderTooShort, Lint::EqualFormats]);
    assert_eq!(lints(one_item.item(ItemDraft::new("film", "video"))), []);
    // One item that both steps name, and another that neither can give.
    let named = with(sequence(5).step(owing(1).items(&["guide"])).step(owing(2)))
        .item(ItemDraft::new("guide", "guide"))
        .item(ItemDraft::new("letter", "letter").on([Channel::Post]));
    assert!(lints(named).contains(&Lint::LadderTooShort));
}

#[test]
fn p17_a_step_that_no_machine_can_take_is_warned_of() {
    let visit = step(7).on([Channel::InPerson]).by(Executor::Automatic);
    assert_eq!(lints(with(sequence(6).step(visit.clone()))), [Lint::NoMachineCan]);
    assert_eq!(lints(with(sequence(6).step(visit.by(Executor::Delegate)))), []);
}

#[test]
fn a_sequence_that_another_keeps_from_starting_or_that_nothing_starts_is_warned_of() {
    let second = |trigger: Option<Trigger>| {
        let empty = SequenceDraft::new("second");
        let empty = trigger.into_iter().fold(empty, SequenceDraft::starts_on);
        with(sequence(6)).sequence((0..6).map(step).fold(empty, SequenceDraft::step))
    };
    assert_eq!(lints(second(Some(Trigger::Inquired))), [Lint::ShadowedTrigger]);
    assert_eq!(lints(second(None)), [Lint::NeverStarts]);
    assert_eq!(lints(second(Some(Trigger::Met))), []);
}

fn delays(playbook: &Playbook) -> Vec<String> {
    playbook.sequences()[0].steps().iter().map(|step| step.after().to_string()).collect()
}

#[test]
fn p15_stretching_keeps_order_and_ratios_and_what_is_less_than_a_day() {
    let after = |nth: usize, delay: &str| step(nth).after(delay.parse().unwrap());
    let playbook = with(
        sequence(0)
            .step(after(1, "2 hours"))
            .step(after(2, "2 days"))
            .step(after(3, "4 days"))
            .step(after(4, "5 business days"))
            .step(after(5, "1 week"))
            .step(after(6, "21 days").from(Anchor::Start)),
    )
    .build()
    .unwrap();
    let doubled = playbook.stretched_to(Delay::days(42)).unwrap();
    let hours_aside = delays(&doubled);
    assert_eq!(hours_aside, ["2 hours", "4 days", "8 days", "10 business days", "14 days", "42 days"]);
    assert!(doubled.warnings().iter().all(|warning| warning.lint != Lint::EndsBeforeTheCycle));
    // Nothing comes closer than a day, however short the cycle.
    assert_eq!(
        delays(&playbook.stretched_to(Delay::days(1)).unwrap()),
        ["2 hours", "1 day", "1 day", "1 business day", "1 day", "1 day"]
    );
}

#[test]
fn care_is_not_stretched() {
    let playbook = with(sequence(2).purpose(Purpose::Care)).build().unwrap();
    assert_eq!(delays(&playbook.stretched_to(Delay::months(6)).unwrap()), ["3 days", "3 days"]);
}
