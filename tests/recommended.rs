//! The playbook that comes with the library.
#![cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

use std::collections::BTreeSet;

use followup::{
    Assumption, Channel, Channels, Delay, Disposition, Event, EventKind, Executor, History, Instant,
    ItemDraft, Lint, Plan, Playbook, PlaybookDraft, Prospect, Purpose, Sequence, Source, Stall, Trigger,
    Verdict,
};

fn playbook() -> Playbook {
    Playbook::recommended().unwrap_or_else(|faults| panic!("{faults}"))
}

fn thursday() -> Instant {
    "2026-11-05T15:04:00-06:00".parse().unwrap()
}

/// Somebody at work in Illinois who can be reached in every way.
fn prospect(more: &str) -> Prospect {
    let fields = "id = 'dana'\nzone = 'America/Chicago'\nas = 'business'\n";
    let prospect: Prospect = toml::from_str(&format!("{fields}{more}")).unwrap();
    prospect.reachable_by(Channels::ALL)
}

fn after(kind: EventKind) -> History {
    vec![Event::new(1, thursday(), kind)].try_into().unwrap()
}

fn inquired(via: Source) -> History {
    after(EventKind::Inquired { via, channel: None })
}

fn plan<'a>(
    playbook: &'a Playbook,
    prospect: &'a Prospect,
    history: &History,
    assumed: Assumption,
) -> Plan<'a> {
    playbook.plan(prospect, history.standing(), thursday(), assumed, 40)
}

fn acts(plan: &Plan<'_>) -> Vec<String> {
    plan.entries().iter().map(|entry| entry.action.act().name().to_string()).collect()
}

#[test]
fn it_is_built_without_a_warning_and_its_file_says_the_same() {
    let playbook = playbook();
    assert_eq!(playbook.warnings(), []);
    let read: Playbook = toml::from_str(PlaybookDraft::recommended_file()).unwrap();
    assert_eq!(read, playbook);
    let written: Playbook = toml::from_str(&toml::to_string(&playbook).unwrap()).unwrap();
    assert_eq!(written, playbook);
}

#[test]
fn every_trigger_starts_a_sequence_and_no_channel_twice_running_is_preferred() {
    let playbook = playbook();
    for trigger in Trigger::ALL {
        assert!(playbook.sequences().iter().any(|one| one.starts_on().contains(trigger)), "{trigger}");
    }
    for sequence in playbook.sequences().iter().filter(|one| one.purpose() == Purpose::FollowUp) {
        for pair in sequence.steps().windows(2) {
            let (one, next) = (&pair[0], &pair[1]);
            assert_ne!(one.channels()[0], next.channels()[0], "{} and {}", one.path(), next.path());
        }
    }
    let executors: BTreeSet<&str> =
        playbook.sequences()[0].steps().iter().map(|step| step.by().as_str()).collect();
    assert_eq!(executors.len(), Executor::ALL.len(), "p17: each kind of executor has something to do");
}

#[test]
fn nobody_texts_by_machine() {
    let playbook = playbook();
    let steps = playbook.sequences().iter().flat_map(Sequence::steps);
    for step in steps.filter(|step| step.by() == Executor::Automatic) {
        assert!(!step.channels().contains(&Channel::Text), "{}", step.path());
    }
}

#[test]
fn p11_somebody_silent_gets_ten_touches_then_a_call_three_months_later_and_a_reminder() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    let plan = plan(&playbook, &prospect, &inquired(Source::Form), Assumption::Silence);
    let acts = acts(&plan);
    assert_eq!((acts.len(), &*acts[0]), (13, "respond"), "{plan}");
    assert_eq!(&acts[11..], ["bring-back/call", "bring-back/reminder"], "{plan}");
    assert_eq!(plan.entries()[11].action.channel(), Channel::Phone, "{plan}");
    assert!(matches!(plan.end(), Some(Verdict::Rest(followup::Rest::Finished))), "{plan}");
}

#[test]
fn a_message_left_is_followed_by_a_line_that_says_who_it_was_and_no_answer_is_not() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    for (disposition, next) in
        [(Disposition::Voicemail, "inbound/after-the-message"), (Disposition::NoAnswer, "inbound/look")]
    {
        let mut history = inquired(Source::Form);
        for id in 2..=4 {
            let standing = history.standing().clone();
            let decision = playbook.decide(&prospect, &standing, thursday());
            let (at, action) = (decision.due().unwrap(), decision.action().unwrap());
            let event = if id == 4 { action.disposed(id, at, disposition) } else { action.touched(id, at) };
            history.record(event).unwrap();
        }
        let decision = playbook.decide(&prospect, history.standing(), thursday());
        assert_eq!(decision.action().unwrap().act().name(), next, "{}", decision.explanation());
    }
}

#[test]
fn p13_every_reason_for_silence_has_a_detour_and_then_the_pursuit_goes_on_where_it_was() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    for why in Stall::ALL {
        let mut history = inquired(Source::Form);
        let mut acts = Vec::new();
        let mut now = thursday();
        for id in 2..=9 {
            let standing = history.standing().clone();
            let decision = playbook.decide(&prospect, &standing, now);
            let Some(action) = decision.action() else {
                panic!("{why}, {acts:?}: {}", decision.explanation())
            };
            now = decision.due().unwrap();
            acts.push(action.act().name().to_string());
            history.record(action.touched(id, now)).unwrap();
            if id == 4 {
                history.record(Event::new(100, now, EventKind::Stalled { why: *why, until: None })).unwrap();
            }
        }
        let (before, after) = acts.split_at(3);
        assert_eq!(before, ["respond", "inbound/guide", "inbound/call"], "{why}");
        let on = after.iter().position(|act| !act.starts_with(why.as_str())).unwrap();
        assert!(on > 0, "{why}: {acts:?}");
        assert_eq!(after[on], "inbound/look", "{why}: {acts:?}");
    }
}

#[test]
fn p18_how_they_came_changes_nothing_after_the_answer() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    let from = |via| plan(&playbook, &prospect, &inquired(via), Assumption::Silence).to_string();
    for via in Source::ALL {
        assert_eq!(from(*via), from(Source::Form), "{via}");
    }
}

#[test]
fn p07_after_a_talk_alone_they_are_asked_before_anything_else_and_silence_is_no_permission() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    let met = after(EventKind::Met { channel: Channel::InPerson });
    let silent = plan(&playbook, &prospect, &met, Assumption::Silence);
    // What needs no permission goes on all the same: a letter, and the way back.
    let letters = ["after-meeting/parcel", "bring-back/call", "bring-back/reminder"];
    assert_eq!(acts(&silent)[..3], ["recap", "ask-permission", "ask-permission"], "{silent}");
    assert_eq!(acts(&silent)[3..], letters, "{silent}");
    let by_post = silent.entries()[3..].iter().all(|entry| entry.action.channel() == Channel::Post);
    assert!(by_post, "{silent}");
    let yes = plan(&playbook, &prospect, &met, Assumption::Permission);
    assert_eq!(acts(&yes)[..3], ["recap", "ask-permission", "after-meeting/as-discussed"], "{yes}");
    assert_eq!(acts(&yes).len(), 2 + 7 + 2, "{yes}");
}

#[test]
fn a_stranger_gets_letters_three_weeks_apart_and_nothing_else() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    let plan = plan(&playbook, &prospect, &after(EventKind::Added), Assumption::Silence);
    assert!(plan.entries().iter().all(|entry| entry.action.channel() == Channel::Post), "{plan}");
    for pair in plan.entries().windows(2) {
        assert!(pair[1].at.since(pair[0].at).as_secs() >= 21 * 86_400 - 3600, "{plan}");
    }
}

#[test]
fn no_item_is_given_twice_no_format_twice_running_and_nothing_simpler_after_the_offer() {
    let playbook = playbook();
    for (interest, start) in
        ["", "interests = ['price']", "interests = ['switching', 'trust']"].into_iter().flat_map(|interest| {
            [
                inquired(Source::Form),
                after(EventKind::Met { channel: Channel::Phone }),
                after(EventKind::Added),
            ]
            .map(|start| (interest, start))
        })
    {
        let prospect = prospect(&format!("region = 'US-IL'\n{interest}"));
        let plan = plan(&playbook, &prospect, &start, Assumption::Permission);
        let given: Vec<_> = plan.entries().iter().filter_map(|entry| entry.action.item()).collect();
        let ids: BTreeSet<&str> = given.iter().map(|item| item.id().as_str()).collect();
        assert_eq!(ids.len(), given.len(), "{plan}");
        for pair in given.windows(2) {
            assert_ne!(pair[0].format(), pair[1].format(), "{plan}");
            assert!(pair[0].rung() < 4 || pair[1].rung() >= 4, "{plan}");
        }
    }
}

#[test]
fn p12_a_buyer_is_asked_how_it_goes_five_times_in_a_year_from_the_day_they_bought() {
    let (playbook, prospect) = (playbook(), prospect("region = 'US-IL'"));
    let plan = plan(&playbook, &prospect, &after(EventKind::Purchased), Assumption::Silence);
    let chicago = playbook.zones().get("America/Chicago").unwrap();
    let days: Vec<String> =
        plan.entries().iter().map(|entry| chicago.local(entry.at).date().to_string()).collect();
    // The month ends on a Saturday.
    assert_eq!(days, ["2026-11-12", "2026-12-07", "2027-02-05", "2027-05-05", "2027-11-05"], "{plan}");
}

#[test]
fn elsewhere_a_person_has_to_look_and_where_the_law_wants_a_permission_the_inquiry_is_none() {
    let playbook = playbook();
    for (region, need) in [("region = 'BR'", true), ("", true), ("region = 'SG'", false)] {
        let prospect = prospect(region);
        let history = inquired(Source::Form);
        let decision = playbook.decide(&prospect, history.standing(), thursday());
        let is_need = matches!(decision.verdict(), Verdict::Need(followup::Need::Region));
        assert_eq!(is_need, need, "{region}: {}", decision.explanation());
    }
    let german = prospect("region = 'DE'");
    let plan = plan(&playbook, &german, &inquired(Source::Form), Assumption::Silence);
    assert_eq!(acts(&plan)[0], "respond", "an answer is always theirs");
    assert!(!acts(&plan).iter().any(|act| act.starts_with("inbound/")), "{plan}");
}

#[test]
fn a_draft_of_it_is_named_moved_added_to_and_stretched() {
    let draft = PlaybookDraft::recommended().unwrap().named("Boilers").in_zone("Europe/Berlin");
    let own = draft.item(ItemDraft::new("subsidies", "article").rung(2)).build().unwrap();
    assert_eq!((own.name(), own.items().len()), ("Boilers", playbook().items().len() + 1));
    let stretched = own.stretched_to(Delay::months(6)).unwrap();
    assert!(stretched.warnings().iter().all(|warning| warning.lint != Lint::EndsBeforeTheCycle));
}
