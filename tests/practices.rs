//! The practices of following up, as scenarios: where each shows, where it must not, and how a playbook switches it on,
//! tunes it and reads of it in the explanation. Most of them happen under the playbook that comes with the library.
#![cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use std::collections::BTreeSet;

use followup::Disposition::{NoAnswer, Voicemail};
use followup::{
    Assumption, Channel, Channels, Delay, Executor, Intent, Lint, Playbook, PlaybookDraft, Verdict,
};

use story::{Story, recommended, under};

const BERLIN: &str = "Europe/Berlin";

/// A Monday on which they ask at ten. The clock goes forward on the Sunday after.
const MONDAY: &str = "2026-03-02T10:00:00-06:00";
const TUESDAY: &str = "2026-03-03T10:00:00-06:00";
const WEDNESDAY: &str = "2026-03-04T10:00:00-06:00";
const THURSDAY: &str = "2026-03-05T10:00:00-06:00";

/// They asked on Monday, and were answered; the guide went out on Tuesday. What comes next is a call on Thursday.
fn pursued() -> Story {
    recommended().inquired(MONDAY).done(TUESDAY)
}

/// A talk at a fair on Monday, summed up within the hour.
fn talked() -> Story {
    recommended().then(MONDAY, "met", "channel = 'in-person'").done("2026-03-02T10:30:00-06:00")
}

/// A small playbook of a seller in Berlin.
fn small(rest: &str) -> Story {
    under(BERLIN, rest)
}

/// So many mails, a day apart, that give nothing.
fn mails(sequence: &str, steps: usize) -> String {
    let step = |nth| format!("{{ id = 'm{nth}', after = '1 day', channels = ['email'], owes-item = false }}");
    let steps: Vec<String> = (1..=steps).map(step).collect();
    format!("[[sequence]]\n{sequence}\nstep = [{}]\n", steps.join(", "))
}

const INBOUND: &str = "id = 'inbound'\nstarts-on = ['inquired']";

// --- P1: answer whoever asks, at once ----------------------------------------------------------------------------

#[test]
fn p01_whoever_asks_is_answered_at_once_and_ahead_of_all_else() {
    let busy = recommended()
        .then(MONDAY, "met", "channel = 'in-person'")
        .then(MONDAY, "problem-reported", "")
        .then(MONDAY, "promised", &format!("by = 'us', due = '{MONDAY}'"));
    busy.does(MONDAY, "solve 2 phone");
    busy.then(MONDAY, "inquired", "via = 'form'").does(MONDAY, "respond 4 phone");
}

#[test]
fn p01_at_night_and_on_a_sunday_the_answer_is_written_because_no_phone_may_ring() {
    let night = "2026-03-01T23:30:00-06:00";
    recommended().then(night, "inquired", "via = 'form'").does(night, "respond 1 email");
    let sunday = "2026-03-01T12:00:00-06:00";
    recommended().then(sunday, "inquired", "via = 'form'").does(sunday, "respond 1 phone");
}

#[test]
fn p01_an_answer_that_is_late_says_by_how_much() {
    let asked = recommended().then(MONDAY, "inquired", "via = 'form'");
    let half_past = "2026-03-02T10:30:00-06:00";
    asked.explains(half_past, "what they wrote on Mon 2026-03-02 10:00 (event 1) has no answer");
    asked.explains(half_past, "the answer is 25 min late");
    assert_eq!(asked.decision(half_past).rank().to_string(), "respond now, talking, due for 30 min");
}

#[test]
fn p01_the_playbook_says_within_what_time_and_how_they_are_answered() {
    let tuned = small("respond = { channels = ['text', 'email'], within = '1 hour', by = 'automatic' }");
    let asked = tuned.then("2026-03-02T10:00:00+01:00", "inquired", "via = 'form'");
    asked.does("2026-03-02T10:30:00+01:00", "respond 1 text");
    let late_by = |now: &str| asked.decision(now).action().unwrap().late_by(story::at(now));
    assert_eq!(late_by("2026-03-02T11:00:00+01:00"), None);
    assert_eq!(late_by("2026-03-02T11:30:00+01:00").map(|late| late.as_secs()), Some(1800));
}

#[test]
fn p01_no_answer_is_owed_where_nobody_asked_or_all_is_answered() {
    let nobody = recommended().then(MONDAY, "added", "").then(MONDAY, "engaged", "how = 'visited'");
    nobody.waits(MONDAY, "cold-list/letter 1 post", TUESDAY);
    let machine = pursued().then(WEDNESDAY, "auto-replied", "");
    // It names no day, so it holds for a week.
    machine.waits(WEDNESDAY, "inbound/call 1 phone", "2026-03-11T10:00:00-05:00");
    let called = recommended().then(MONDAY, "inquired", "via = 'form'").approached(MONDAY, Channel::Phone);
    assert!(!called.ahead(MONDAY)[0].starts_with("respond"), "{:?}", called.ahead(MONDAY));
}

// --- P2: every touch brings something new ------------------------------------------------------------------------

#[test]
fn p02_every_touch_brings_something_new_and_the_items_climb() {
    let silent = recommended().inquired(MONDAY);
    let plan = silent.plan(MONDAY, Assumption::Silence);
    let given: Vec<_> = plan.entries().iter().filter_map(|entry| entry.action.item()).collect();
    let ids: BTreeSet<&str> = given.iter().map(|item| item.id().as_str()).collect();
    assert_eq!((given.len(), ids.len()), (11, 11), "{plan}");
    let first_and_last = [given[0], given[10]].map(followup::Item::rung);
    assert_eq!(first_and_last, [1, 5], "{plan}");
}

#[test]
fn p02_what_they_named_is_what_they_get() {
    let silent = pursued().done(THURSDAY);
    let after = "2026-03-05T11:00:00-06:00";
    silent.gives(after, "two-minutes");
    // It comes first, on whichever rung it stands.
    let named = pursued().then(WEDNESDAY, "named", "topics = ['price']");
    named.gives(THURSDAY, "what-it-costs");
    let never = silent.plan(after, Assumption::Silence).to_string();
    assert!(!never.contains("What it costs"), "{never}");
}

const LADDER: &str = "
    [[sequence]]
    id = 'inbound'
    starts-on = ['inquired']
    step = [
        { id = 'one', after = '1 day', channels = ['email'] },
        { id = 'two', after = '1 day', channels = ['email'] },
    ]

    [[item]]
    id = 'guide'
    format = 'guide'
";

#[test]
fn p02_with_nothing_left_to_give_a_person_is_asked_for_content_and_nobody_just_checks_in() {
    let given = small(LADDER)
        .about("interests = ['heat-pumps']")
        .inquired("2026-03-02T10:00:00+01:00")
        .done("2026-03-03T10:00:00+01:00");
    let due = "2026-03-04T10:00:00+01:00";
    given.needs(due, "content");
    given.explains(due, "need: content that is new to them about heat-pumps, for step inbound/two");
}

#[test]
fn p02_a_step_that_owes_nothing_goes_without_and_a_step_may_name_what_it_gives() {
    let owes_nothing = LADDER.replace("id = 'two',", "id = 'two', owes-item = false,");
    let given = small(&owes_nothing).inquired("2026-03-02T10:00:00+01:00").done("2026-03-03T10:00:00+01:00");
    given.does("2026-03-04T10:00:00+01:00", "inbound/two 1 email").gives("2026-03-04T10:00:00+01:00", "");
    let named = LADDER.replace("id = 'one',", "id = 'one', items = ['offer'],");
    let offered = small(&format!("{named}\n[[item]]\nid = 'offer'\nformat = 'offer'\nrung = 4"));
    offered.inquired("2026-03-02T10:00:00+01:00").gives("2026-03-03T10:00:00+01:00", "offer");
    // Care asks how it goes; it brings no marketing.
    recommended().then(MONDAY, "purchased", "").gives(MONDAY, "");
}

// --- P3: the whole series at once --------------------------------------------------------------------------------

#[test]
fn p03_after_a_meeting_the_whole_series_is_laid_out_with_its_days() {
    let plan = talked();
    let plan = plan.plan("2026-03-02T11:00:00-06:00", Assumption::Permission);
    let text = plan.to_string();
    let acts: Vec<&str> = plan.entries().iter().map(|entry| entry.action.act().name()).collect();
    assert_eq!(acts.len(), 1 + 7 + 2, "{text}");
    for line in ["Tue 2026-03-03 10:30", "after-meeting/as-discussed", "after-meeting/last-word"] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
}

#[test]
fn p03_there_is_no_series_after_a_no_and_the_plan_says_so() {
    let no = talked().then(TUESDAY, "declined", "reason = 'no-need'");
    let plan = no.plan(TUESDAY, Assumption::Permission);
    assert!(plan.entries().is_empty(), "{plan}");
    assert!(plan.to_string().starts_with("then rest: they said no (no-need)"), "{plan}");
}

#[test]
fn p03_another_template_is_another_series_from_the_next_day_on() {
    let weekly = mails(INBOUND, 3).replace("1 day", "1 week");
    let days = |template: &str| {
        let story = small(template).inquired("2026-03-02T10:00:00+01:00");
        let plan = story.plan("2026-03-02T10:00:00+01:00", Assumption::Silence).to_string();
        ["2026-03-03", "2026-03-04", "2026-03-09", "2026-03-16"].map(|day| plan.contains(day))
    };
    assert_eq!(days(&mails(INBOUND, 3)), [true, true, false, false]);
    assert_eq!(days(&weekly), [false, false, true, true]);
}

// --- P4: seven to ten touches ------------------------------------------------------------------------------------

#[test]
fn p04_a_sequence_that_is_over_in_silence_after_three_touches_is_a_need_for_more_steps() {
    let short = small(&mails(INBOUND, 3));
    let over = short.inquired("2026-03-02T10:00:00+01:00").silent("2026-03-02T10:00:00+01:00", 3);
    let next_day = "2026-03-06T10:00:00+01:00";
    over.needs(next_day, "touches");
    over.explains(next_day, "the sequence is over after 3 touches, and 7 are the fewest");
}

#[test]
fn p04_the_playbook_says_how_many_are_the_fewest_and_is_warned_of_few() {
    for (fewest, needs) in [(3, false), (4, true)] {
        let short = small(&format!("fewest-touches = {fewest}\n{}", mails(INBOUND, 3)));
        let over = short.inquired("2026-03-02T10:00:00+01:00").silent("2026-03-02T10:00:00+01:00", 3);
        let next_day = "2026-03-06T10:00:00+01:00";
        let _ = if needs { over.needs(next_day, "touches") } else { over.rests(next_day, "finished") };
    }
    let warnings = small(&format!("fewest-touches = 4\n{}", mails(INBOUND, 7))).playbook.warnings();
    let warned: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert!(warned[0].starts_with("fewest-touches: silence may end a pursuit after 4 touches"), "{warned:?}");
    assert_eq!(warnings[0].lint, Lint::TooFewTouches);
    assert_eq!(small(&format!("fewest-touches = 5\n{}", mails(INBOUND, 7))).playbook.warnings().len(), 1);
}

#[test]
fn p04_no_further_touch_is_needed_after_a_no_an_end_by_hand_or_a_purchase() {
    let silent = || {
        let short = small(&mails(INBOUND, 3));
        short.inquired("2026-03-02T10:00:00+01:00").silent("2026-03-02T10:00:00+01:00", 3)
    };
    let day = "2026-03-06T10:00:00+01:00";
    silent().then(day, "declined", "reason = 'no-budget'").rests(day, "declined-no-budget");
    silent().then(day, "unenrolled", "").rests(day, "unenrolled");
    silent().then(day, "purchased", "").rests(day, "no-sequence-purchased");
    // Care may be as short as it likes.
    let care = small(&mails("id = 'care'\nstarts-on = ['purchased']\npurpose = 'care'", 1));
    care.then(day, "purchased", "").silent(day, 1).rests("2026-03-08T10:00:00+01:00", "finished");
}

// --- P5: recap after a meeting -----------------------------------------------------------------------------------

#[test]
fn p05_recap_is_due_at_once_after_a_meeting() {
    let met = recommended().then(MONDAY, "met", "channel = 'in-person'");
    met.does(MONDAY, "recap 1 email");
    met.explains(MONDAY, "the conversation of Mon 2026-03-02 10:00 (event 1) has no recap");
}

#[test]
fn p05_a_recap_says_what_they_named_what_was_promised_and_when_we_meet_again() {
    let met = recommended()
        .then(MONDAY, "met", "channel = 'in-person'")
        .then(MONDAY, "named", "topics = ['price', 'noise-at-night']")
        .then(MONDAY, "promised", "by = 'us', due = '2026-03-05T12:00:00-06:00', about = 'three-offers'")
        .then(MONDAY, "booked", "meeting = '2026-03-12T10:00:00-05:00'");
    let brief = met.brief(MONDAY);
    for point in [
        "- You named: price, noise at night.",
        "- I promised: three offers, by Thursday, 5 March.",
        "- We meet again on Thursday, 12 March, 10:00.",
    ] {
        assert!(brief.contains(point), "{brief}");
    }
}

#[test]
fn p05_no_recap_where_nobody_talked_or_after_a_no() {
    let missed = pursued().then(WEDNESDAY, "no-show", "");
    missed.waits(WEDNESDAY, "no-show/missed-you 4 phone", "2026-03-04T10:15:00-06:00");
    let message = pursued().disposed(THURSDAY, Voicemail);
    assert!(message.ahead(THURSDAY).iter().all(|act| !act.starts_with("recap")));
    let no = pursued().then(WEDNESDAY, "declined", "reason = 'no-need'");
    no.then(THURSDAY, "met", "channel = 'phone'").rests(THURSDAY, "declined-no-need");
    // One is enough.
    assert!(talked().ahead(MONDAY).iter().all(|act| !act.starts_with("recap")));
}

#[test]
fn p05_the_playbook_says_on_which_channel_and_by_whom() {
    let tuned = small("recap = { channels = ['text'], by = 'delegate', ask = 'Did I forget something?' }");
    let met = tuned.then("2026-03-02T10:00:00+01:00", "met", "channel = 'phone'");
    met.does("2026-03-02T10:00:00+01:00", "recap 1 text");
    let decision = met.decision("2026-03-02T10:00:00+01:00");
    assert_eq!(decision.action().unwrap().by(), Executor::Delegate);
    assert!(met.brief("2026-03-02T10:00:00+01:00").contains("Did I forget something?"));
}

// --- P6: promises, both ways -------------------------------------------------------------------------------------

/// Both promised something on Tuesday for Wednesday.
fn promised() -> Story {
    let due = format!("due = '{WEDNESDAY}'");
    pursued().then(TUESDAY, "promised", &format!("by = 'us', {due}, about = 'a-quote'")).then(
        TUESDAY,
        "promised",
        &format!("by = 'them', {due}, about = 'the-plans'"),
    )
}

#[test]
fn p06_what_we_promised_is_done_on_its_day_and_what_they_promised_is_recalled_a_day_late() {
    promised().waits(TUESDAY, "keep-promise 4 email", WEDNESDAY);
    promised().explains(WEDNESDAY, "because we promised it (event 4) for Wed 2026-03-04 10:00");
    let kept = promised().done(WEDNESDAY);
    // It was Wednesday at ten; nothing that we begin goes out within a day of it.
    kept.waits(WEDNESDAY, "remind 5 phone", THURSDAY);
    kept.explains(
        THURSDAY,
        "what they promised (event 5) is overdue; a reminder is due on Thu 2026-03-05 10:00",
    );
    assert!(kept.brief(THURSDAY).contains("we agreed that I would have this from you"));
}

#[test]
fn p06_nobody_is_reminded_of_what_was_kept_or_before_it_is_late() {
    let kept = promised().done(WEDNESDAY).then(WEDNESDAY, "kept", "promise = 5");
    // Two business days after the promise was kept.
    kept.waits(THURSDAY, "inbound/call 1 phone", "2026-03-06T10:00:00-06:00");
    let both = promised().then(TUESDAY, "kept", "promise = 4").then(TUESDAY, "kept", "promise = 5");
    both.waits(TUESDAY, "inbound/call 1 phone", THURSDAY);
    // After a no, what the seller says it promised is no leave to write.
    let no = promised().then(TUESDAY, "declined", "reason = 'no-need'");
    no.rests(WEDNESDAY, "declined-no-need");
}

#[test]
fn p06_every_brief_says_what_comes_next_and_when() {
    let brief = recommended().inquired(MONDAY).brief(TUESDAY);
    assert!(brief.contains("I will call you on Thursday, 5 March, 10:00."), "{brief}");
}

#[test]
fn p06_the_playbook_says_when_they_are_reminded() {
    let promise = |remind: &str| {
        let promised = small(remind).inquired("2026-03-02T10:00:00+01:00");
        promised.then(
            "2026-03-02T10:00:00+01:00",
            "promised",
            "by = 'them', due = '2026-03-04T10:00:00+01:00'",
        )
    };
    promise("").waits("2026-03-04T10:00:00+01:00", "remind 3 phone", "2026-03-05T10:00:00+01:00");
    promise("remind = { channels = ['email'], after = '3 days' }").waits(
        "2026-03-04T10:00:00+01:00",
        "remind 3 email",
        "2026-03-07T10:00:00+01:00",
    );
}

// --- P7: ask whether we may --------------------------------------------------------------------------------------

#[test]
fn p07_after_a_talk_they_are_asked_before_anything_else() {
    let asked = "2026-03-03T10:30:00-06:00";
    talked().waits("2026-03-02T11:00:00-06:00", "ask-permission 1 email", asked);
    talked().explains(asked, "no channel of the next step is permitted; asking is due from");
    assert!(talked().brief(asked).contains("May I get in touch with you again?"));
}

#[test]
fn p07_a_yes_opens_the_sequence_on_the_channels_and_for_the_time_for_which_they_gave_it() {
    let asked = talked().done("2026-03-03T10:30:00-06:00");
    let now = "2026-03-03T11:00:00-06:00";
    let yes = asked.then(
        now,
        "granted",
        "channels = ['email'], basis = 'express', until = '2026-03-10T00:00:00-05:00'",
    );
    let due = "2026-03-05T10:30:00-06:00";
    yes.waits(now, "after-meeting/as-discussed 1 email", due);
    // The call comes after the end of it, so they are asked anew.
    let later = yes.done(due);
    // Twice it was a mail, so now it is a call.
    later.waits(THURSDAY, "ask-permission 1 phone", "2026-03-10T09:00:00-05:00");
}

#[test]
fn p07_a_no_ends_it_at_once_and_until_they_come_back_themselves() {
    let no = talked().done("2026-03-03T10:30:00-06:00").then("2026-03-03T11:00:00-06:00", "denied", "");
    no.rests("2026-03-03T11:00:00-06:00", "denied").rests("2027-03-03T11:00:00-06:00", "denied");
    no.explains(WEDNESDAY, "asked, they gave no permission");
    let enrolled = no.then(WEDNESDAY, "enrolled", "sequence = 'after-meeting'");
    enrolled.rests(WEDNESDAY, "denied");
    let back = enrolled.then(THURSDAY, "inquired", "via = 'call'");
    back.does(THURSDAY, "respond 6 phone");
    back.done(THURSDAY).waits(THURSDAY, "inbound/guide 6 email", "2026-03-06T10:00:00-06:00");
}

#[test]
fn p07_nobody_is_asked_who_asked_us_or_more_often_than_the_playbook_says() {
    assert!(pursued().ahead(TUESDAY).iter().all(|act| !act.starts_with("ask-permission")));
    let silent = talked().silent("2026-03-02T11:00:00-06:00", 2);
    // Silence is no permission; what needs none goes on all the same: the letter.
    silent.does("2026-04-02T11:00:00-05:00", "after-meeting/parcel 1 post");
    silent
        .explains("2026-04-02T11:00:00-05:00", "email: the permission that the playbook requires is missing");
}

#[test]
fn p07_a_playbook_that_takes_a_talk_for_a_yes_asks_nobody_and_another_asks_once() {
    let talk = |permission: &str| {
        let playbook = format!("{permission}\n{}", mails("id = 'after'\nstarts-on = ['met']", 7));
        let met = small(&playbook).then("2026-03-02T10:00:00+01:00", "met", "channel = 'phone'");
        met.done("2026-03-02T10:00:00+01:00").ahead("2026-03-02T11:00:00+01:00")
    };
    assert_eq!(talk("permission.follow-up.default = ['conversation']")[0], "after/m1 email");
    let express = "permission.follow-up.default = ['express']\nask-permission = { channels = ['text']";
    assert_eq!(talk(&format!("{express}, at-most = 1 }}")), ["ask-permission text"]);
    assert_eq!(talk(&format!("{express}, at-most = 3, after = '1 week' }}")).len(), 3);
}

// --- P8: time for those who mean it ------------------------------------------------------------------------------

#[test]
fn p08_the_days_work_begins_with_what_is_due_and_with_those_who_have_shown_that_they_mean_it() {
    let asks = pursued().then(THURSDAY, "inquired", "via = 'call'");
    let no = pursued().then(WEDNESDAY, "declined", "reason = 'no-need'");
    let rank = |story: &Story| story.decision(THURSDAY).rank();
    assert!(rank(&asks) > rank(&pursued()) && rank(&pursued()) > rank(&no));
    let not_yet = |story: &Story| story.decision(WEDNESDAY).rank();
    assert!(rank(&pursued()) > not_yet(&pursued()), "what is due comes before what is not");
    let stranger = |how: &str| {
        let added = recommended().then(MONDAY, "added", "");
        if how.is_empty() { added } else { added.then(MONDAY, "engaged", &format!("how = '{how}'")) }
    };
    let rank = |how: &str| stranger(how).decision(TUESDAY).rank();
    assert!(rank("clicked") > rank("opened") && rank("opened") > rank(""));
    assert_eq!(rank("clicked").to_string(), "touch now, interested");
}

#[test]
fn p08_those_who_said_no_take_none_of_the_day() {
    let no = pursued().then(WEDNESDAY, "booked", &format!("meeting = '{THURSDAY}'"));
    let no = no.then(WEDNESDAY, "declined", "reason = 'competitor'");
    let rank = no.decision(THURSDAY).rank();
    assert_eq!((rank.is_due(), rank.act(), rank.intent()), (false, None, Intent::None));
    assert_eq!(rank.to_string(), "nothing to do");
}

// --- P9: those who were given up too early -----------------------------------------------------------------------

#[test]
fn p09_whoever_was_given_up_after_two_touches_is_called_again_and_reminded_two_weeks_later() {
    let given_up = pursued().done(THURSDAY).then("2026-03-06T10:00:00-06:00", "given-up", "");
    let call = "2026-06-04T10:00:00-05:00";
    given_up.waits("2026-03-06T10:00:00-06:00", "given-up/call 5 phone", call);
    let called = given_up.done(call);
    called.waits(call, "given-up/reminder 5 email", "2026-06-18T10:00:00-05:00");
    // Whoever talks to us then is in a pursuit like any other.
    let met = called.then(call, "met", "channel = 'phone'").done(call);
    met.waits(call, "after-meeting/as-discussed 7 email", "2026-06-09T10:00:00-05:00");
}

#[test]
fn p09_whoever_is_taken_out_by_a_person_stays_out() {
    let given_up = pursued().then(WEDNESDAY, "given-up", "");
    let called = given_up.silent(WEDNESDAY, 1);
    let out = called.then("2026-06-03T10:00:00-05:00", "unenrolled", "");
    out.rests("2026-06-03T10:00:00-05:00", "unenrolled");
    out.then("2026-06-03T10:00:00-05:00", "given-up", "").rests("2026-07-03T10:00:00-05:00", "unenrolled");
    // Nor is anybody called who has sent us to a colleague meanwhile.
    let referred = pursued().then(WEDNESDAY, "given-up", "").then(THURSDAY, "referred", "");
    referred.rests(THURSDAY, "referred");
}

#[test]
fn p09_nobody_is_brought_back_who_said_no() {
    let later = "2026-07-01T10:00:00-05:00";
    let no = || pursued().then(WEDNESDAY, "declined", "reason = 'no-need'");
    no().rests(later, "declined-no-need");
    no().then(THURSDAY, "unenrolled", "").rests(later, "declined-no-need");
    pursued()
        .then(WEDNESDAY, "disqualified", "reason = 'not-eligible'")
        .rests(later, "disqualified-not-eligible");
    pursued().then(WEDNESDAY, "opted-out", "").rests(later, "opted-out");
    let given_up =
        || pursued().then(WEDNESDAY, "declined", "reason = 'no-need'").then(THURSDAY, "given-up", "");
    given_up().rests(later, "declined-no-need");
}

/// One mail, and a way back. An inquiry speaks for itself for so long.
fn way_back(bring_back: &str, implied: &str) -> Story {
    small(&format!(
        "fewest-touches = 0
        implied = {{ inquiry = '{implied}' }}
        {bring_back}
        {}
        {}",
        mails(INBOUND, 3),
        mails("id = 'back'", 1)
    ))
}

const AFTER_60_DAYS: &str = "bring-back = { sequence = 'back', after = '60 days' }";

#[test]
fn p09_the_playbook_says_whether_and_when_the_silent_are_brought_back() {
    let start = "2026-03-02T10:00:00+01:00";
    let silent = |bring_back: &str| way_back(bring_back, "6 months").inquired(start).silent(start, 3);
    let over = "2026-03-05T12:00:00+01:00";
    silent("").rests(over, "finished");
    let back = silent(AFTER_60_DAYS);
    back.waits(over, "back/m1 1 email", "2026-05-05T10:00:00+02:00");
    back.explains(over, "back/m1 is due 1 day after Mon 2026-05-04 10:00");
}

#[test]
fn p09_bringing_back_needs_a_permission_of_its_day() {
    let (start, over) = ("2026-03-02T10:00:00+01:00", "2026-03-05T12:00:00+01:00");
    let silent = |implied: &str| way_back(AFTER_60_DAYS, implied).inquired(start).silent(start, 3);
    // The inquiry has spoken for itself for a month, so they are asked first.
    let lapsed = silent("1 month");
    lapsed.waits(over, "ask-permission 1 phone", "2026-04-02T10:00:00+02:00");
    let asked = lapsed.done("2026-04-02T10:00:00+02:00");
    let now = "2026-04-02T12:00:00+02:00";
    asked.granted(now, "express", "").waits(now, "back/m1 1 email", "2026-05-05T10:00:00+02:00");
    let asked = silent("1 month").done("2026-04-02T10:00:00+02:00");
    asked.then(now, "denied", "").rests("2026-05-05T12:00:00+02:00", "denied");
    // Whoever refused meanwhile is left alone, however long the inquiry would have counted.
    silent("6 months").then(now, "opted-out", "").rests("2026-05-05T12:00:00+02:00", "opted-out");
}

// --- P10: a message in three parts -------------------------------------------------------------------------------

#[test]
fn p10_a_brief_says_who_we_are_why_now_and_asks_for_one_thing() {
    let brief = recommended()
        .about("region = 'US-IL'\nas = 'business'\nname = 'Ada'")
        .inquired(MONDAY)
        .brief(TUESDAY);
    let paragraphs: Vec<&str> = brief.split("\n\n").collect();
    assert_eq!(
        paragraphs[..4],
        [
            "Hello Ada,",
            "You wrote to us through our form on Monday, 2 March.",
            "I have something new for you: \"What to look for, and what to ask every supplier\" (guide).",
            "What is it about for you? One line is enough.",
        ]
    );
    assert_eq!(brief.matches('?').count(), 1, "one ask: {brief}");
    assert!(brief.split_whitespace().count() < 90, "{brief}");
}

#[test]
fn p10_the_ask_leads_to_a_call_unless_the_phone_is_barred_or_the_playbook_asks_for_something_else() {
    let one = |ask: &str| {
        let step = format!("{{ id = 'm', after = '1 day', channels = ['email'], owes-item = false{ask} }}");
        small(&format!("seller = 'Eva Kern'\n[[sequence]]\n{INBOUND}\nstep = [{step}]"))
            .inquired("2026-03-02T10:00:00+01:00")
    };
    let due = "2026-03-03T10:00:00+01:00";
    let free = one("").brief(due);
    assert!(free.contains("This is Eva Kern.") && free.contains("May I call you, and when"), "{free}");
    let barred = one("").then(due, "opted-out", "channels = ['phone']").brief(due);
    assert!(!barred.contains("call you, and when"), "{barred}");
    let asked = one(", ask = 'a visit'").brief(due);
    assert!(asked.contains("May I ask you for a visit?"), "{asked}");
}

#[test]
fn p10_there_is_no_brief_where_there_is_nothing_to_say() {
    let no = pursued().then(WEDNESDAY, "declined", "reason = 'no-need'");
    assert!(no.decision(THURSDAY).brief(&no.history).is_none());
}

// --- P11: silence is no rejection --------------------------------------------------------------------------------

#[test]
fn p11_silence_alone_leads_through_all_ten_touches_and_back() {
    let ahead = recommended().inquired(MONDAY).ahead(MONDAY);
    assert_eq!(ahead.len(), 12, "{ahead:?}");
    assert_eq!((&*ahead[9], &*ahead[10]), ("inbound/last-word email", "bring-back/call phone"), "{ahead:?}");
    // Nobody picking up is silence, too.
    let silent = pursued().disposed(THURSDAY, NoAnswer);
    silent.waits(THURSDAY, "inbound/look 1 text", "2026-03-10T10:00:00-05:00");
}

#[test]
fn p11_only_a_no_an_opt_out_a_purchase_a_number_that_is_wrong_or_the_end_ends_it() {
    let ends = |event: &str, fields: &str| pursued().then(WEDNESDAY, event, fields);
    ends("declined", "reason = 'no-need'").rests(THURSDAY, "declined-no-need");
    ends("opted-out", "").rests(THURSDAY, "opted-out");
    ends("suppressed", "reason = 'complaint'").rests(THURSDAY, "suppressed");
    assert_eq!(ends("purchased", "").ahead(THURSDAY)[0], "care/first-week phone");
    let unreachable = Channels::ALL.iter().fold(pursued(), |story, channel| {
        story.then(WEDNESDAY, "bounced", &format!("channel = '{channel}', permanent = true"))
    });
    unreachable.rests(THURSDAY, "reach").explains(THURSDAY, "no channel reaches them");
    for (event, fields) in
        [("annoyed", ""), ("auto-replied", ""), ("engaged", "how = 'opened'"), ("no-show", "")]
    {
        let decision = ends(event, fields);
        let decision = decision.decision(THURSDAY);
        assert!(!matches!(decision.verdict(), Verdict::Rest(_)), "{event}: {}", decision.explanation());
    }
}

#[test]
fn p11_a_playbook_may_let_it_go_round_or_end_it_and_then_silence_is_the_end() {
    let ends = small(&format!("fewest-touches = 2\n{}", mails(INBOUND, 2)));
    let start = "2026-03-02T10:00:00+01:00";
    let over = ends.inquired(start).silent(start, 2);
    over.rests("2026-03-05T10:00:00+01:00", "finished").explains(
        "2026-03-05T10:00:00+01:00",
        "their sequence is finished (events 1, 2, 3, 4); a new inquiry or conversation",
    );
    let round = format!("{INBOUND}\nthen = {{ sequence = 'inbound', after = '30 days' }}");
    let round = small(&mails(&round, 2)).inquired(start).silent(start, 2);
    round.waits("2026-03-05T10:00:00+01:00", "inbound/m1 1 email", "2026-04-04T10:00:00+02:00");
}

// --- P12: care after the sale ------------------------------------------------------------------------------------

#[test]
fn p12_a_buyer_is_asked_how_it_goes_a_week_later_and_not_pursued() {
    let bought = pursued().then(WEDNESDAY, "purchased", "");
    bought.waits(WEDNESDAY, "care/first-week 4 phone", "2026-03-11T10:00:00-05:00");
    assert!(
        bought.ahead(WEDNESDAY).iter().all(|act| act.starts_with("care/")),
        "{:?}",
        bought.ahead(WEDNESDAY)
    );
    let brief = bought.brief("2026-03-11T10:00:00-05:00");
    assert!(brief.contains("How is it going, and what is not as it should be?"), "{brief}");
}

#[test]
fn p12_a_problem_that_they_report_is_due_at_once_until_it_is_solved() {
    let sunday = "2026-03-08T12:00:00-05:00";
    let bought = recommended().then(MONDAY, "purchased", "").then(sunday, "problem-reported", "");
    bought.does(sunday, "solve 2 phone");
    bought.explains(sunday, "the problem of Sun 2026-03-08 12:00 (event 2) is not solved");
    let solved = bought.then(sunday, "problem-solved", "problem = 2");
    solved.waits(sunday, "care/first-week 1 phone", "2026-03-09T10:00:00-05:00");
}

#[test]
fn p12_a_buyer_who_declines_something_else_is_still_looked_after_and_not_pursued() {
    let bought = recommended().then(MONDAY, "purchased", "");
    let no = bought.inquired(TUESDAY).then(WEDNESDAY, "declined", "reason = 'no-need'");
    let ahead = no.ahead(WEDNESDAY);
    assert!(!ahead.is_empty() && ahead.iter().all(|act| act.starts_with("care/")), "{ahead:?}");
    let problem = no.then(THURSDAY, "problem-reported", "");
    problem.does(THURSDAY, "solve 5 phone");
}

#[test]
fn p12_nobody_is_looked_after_who_bought_nothing_or_refused_it() {
    assert!(pursued().ahead(TUESDAY).iter().all(|act| !act.starts_with("care/")));
    let no_care =
        recommended().then(MONDAY, "purchased", "").then(TUESDAY, "opted-out", "purposes = ['care']");
    no_care.rests(WEDNESDAY, "opted-out");
}

#[test]
fn p12_a_playbook_without_care_says_that_nothing_starts_on_a_purchase() {
    let monday = "2026-03-02T10:00:00+01:00";
    let none = small(&mails(INBOUND, 7)).then(monday, "purchased", "");
    none.rests(monday, "no-sequence-purchased");
    none.explains(monday, "no sequence for them starts on \"purchased\", or not again (event 1)");
    let care = "id = 'care'\nstarts-on = ['purchased']\npurpose = 'care'";
    let tuned = small(&mails(care, 1).replace("1 day", "2 weeks")).then(monday, "purchased", "");
    tuned.waits(monday, "care/m1 1 email", "2026-03-16T10:00:00+01:00");
    tuned.explains(monday, "care/m1 is due 2 weeks after Mon 2026-03-02 10:00");
}

// --- P13: why they are silent ------------------------------------------------------------------------------------

/// The guide went out on Tuesday; on Wednesday it became known why they are silent.
fn stalled(why: &str, until: &str) -> Story {
    let until = if until.is_empty() { String::new() } else { format!(", until = '{until}'") };
    pursued().then(WEDNESDAY, "stalled", &format!("why = '{why}'{until}"))
}

const FIRST_OF_APRIL: &str = "2026-04-01T00:00:00-05:00";

#[test]
fn p13_no_time_is_three_weeks_of_quiet_then_two_minutes_and_then_the_pursuit_goes_on_where_it_was() {
    let quiet = stalled("no-time", "");
    let over = "2026-03-25T10:00:00-05:00";
    quiet.waits(WEDNESDAY, "no-time/in-two-minutes 4 email", over).gives(WEDNESDAY, "two-minutes");
    quiet.explains(WEDNESDAY, "a pause, by rule \"no-time\" (event 4), until Wed 2026-03-25 10:00");
    quiet.done(over).waits(over, "inbound/call 1 phone", "2026-03-27T10:00:00-05:00");
}

#[test]
fn p13_no_time_until_a_day_is_quiet_until_that_day_and_no_other() {
    let quiet = stalled("no-time", FIRST_OF_APRIL);
    quiet.waits(WEDNESDAY, "no-time/in-two-minutes 4 email", "2026-04-01T09:00:00-05:00");
    assert!(
        quiet.brief(WEDNESDAY).contains("you asked me to wait until Wednesday, 1 April. That time has come.")
    );
    let sooner = stalled("no-time", "2026-03-06T00:00:00-06:00");
    sooner.waits(WEDNESDAY, "no-time/in-two-minutes 4 email", "2026-03-06T09:00:00-06:00");
}

#[test]
fn p13_other_priorities_are_two_months_of_quiet_or_until_their_day_and_then_a_call() {
    let quiet = stalled("other-priorities", "");
    quiet.waits(WEDNESDAY, "other-priorities/time-has-come 4 phone", "2026-05-04T10:00:00-05:00");
    let march = stalled("other-priorities", FIRST_OF_APRIL);
    let day = "2026-04-01T09:00:00-05:00";
    march.waits(WEDNESDAY, "other-priorities/time-has-come 4 phone", day);
    march.done(day).waits(day, "inbound/call 1 phone", "2026-04-03T09:00:00-05:00");
}

#[test]
fn p13_several_deciders_get_something_for_the_others_and_are_then_asked_together() {
    let several = stalled("several-deciders", "");
    several.waits(WEDNESDAY, "several-deciders/for-the-others 4 email", THURSDAY);
    several.gives(WEDNESDAY, "for-your-colleagues");
    let together = several.done(THURSDAY);
    together.waits(THURSDAY, "several-deciders/all-together 4 phone", "2026-03-12T10:00:00-05:00");
    let back = together.done("2026-03-12T10:00:00-05:00");
    back.waits("2026-03-12T10:00:00-05:00", "inbound/call 1 phone", "2026-03-16T10:00:00-05:00");
}

#[test]
fn p13_whoever_forgot_is_helped_to_start_again_the_next_day() {
    let forgot = stalled("forgot", "");
    forgot.waits(WEDNESDAY, "forgot/where-we-were 4 email", THURSDAY).gives(WEDNESDAY, "on-one-page");
    forgot.done(THURSDAY).waits(THURSDAY, "inbound/call 1 phone", "2026-03-09T10:00:00-05:00");
}

#[test]
fn p13_a_reason_changes_nothing_after_a_no_and_nothing_for_whom_the_playbook_has_no_answer() {
    let no = pursued().then(TUESDAY, "declined", "reason = 'no-need'").then(
        WEDNESDAY,
        "stalled",
        "why = 'no-time'",
    );
    no.rests("2026-04-01T10:00:00-05:00", "declined-no-need");
    let (start, known) = ("2026-03-02T10:00:00+01:00", "2026-03-02T16:00:00+01:00");
    let small = || small(&mails(INBOUND, 7)).inquired(start);
    // As before, from what happened last.
    small().then(known, "stalled", "why = 'forgot'").waits(
        known,
        "inbound/m1 1 email",
        "2026-03-03T16:00:00+01:00",
    );
    // A day that they named holds all the same.
    let march =
        small().then(known, "stalled", "why = 'other-priorities', until = '2026-03-20T00:00:00+01:00'");
    march.waits(known, "inbound/m1 1 email", "2026-03-20T00:00:00+01:00");
}

#[test]
fn p13_the_playbook_says_how_long_a_reason_keeps_us_quiet() {
    let (start, known) = ("2026-03-02T10:00:00+01:00", "2026-03-02T16:00:00+01:00");
    let pause = |lasts: &str| {
        let rule = format!("[[rule]]\nid = 'busy'\npause = {{ after = 'no-time', lasts = '{lasts}' }}");
        let detour = mails("id = 'busy'\nstarts-on = ['no-time']", 1);
        small(&format!("{rule}\n{}\n{detour}", mails(INBOUND, 7))).inquired(start).then(
            known,
            "stalled",
            "why = 'no-time'",
        )
    };
    pause("2 days").waits(known, "busy/m1 3 email", "2026-03-04T16:00:00+01:00");
    pause("1 week").waits(known, "busy/m1 3 email", "2026-03-09T16:00:00+01:00");
}

#[test]
fn p13_what_colleagues_got_counts_against_the_firm_and_a_colleagues_answer_holds_everything() {
    let monday = |nth: usize| format!("2026-03-02T10:{nth:02}:00-06:00");
    let contacts = |count: usize| {
        (0..count).fold(pursued(), |story, nth| {
            story.then(&monday(10 + nth), "colleague-touched", "channel = 'email'")
        })
    };
    // One of the six was theirs, on Tuesday.
    contacts(4).does(THURSDAY, "inbound/call 1 phone");
    contacts(5).waits(THURSDAY, "inbound/call 1 phone", "2026-03-09T10:10:00-05:00");
    contacts(5).explains(THURSDAY, "phone, email: the cap of rule \"six-a-week-in-one-firm\" is reached");
    let held = pursued().then(
        WEDNESDAY,
        "held",
        "reason = 'colleague-replied', until = '2026-03-16T10:00:00-05:00'",
    );
    held.waits(WEDNESDAY, "inbound/call 1 phone", "2026-03-16T10:00:00-05:00");
    held.then(THURSDAY, "released", "").does(THURSDAY, "inbound/call 1 phone");
}

#[test]
fn p13_whoever_sends_us_to_a_colleague_is_left_alone_and_the_colleague_has_permitted_nothing() {
    let here = pursued().then(WEDNESDAY, "referred", "to = 'bob'");
    here.rests(THURSDAY, "referred").explains(THURSDAY, "they sent us to a colleague");
    here.then(THURSDAY, "inquired", "via = 'call'").does(THURSDAY, "respond 5 phone");
    // Nobody minds a letter; a call or a mail would need their word, and so would asking.
    let there = recommended().then(WEDNESDAY, "introduced", "referrer = 'ada'");
    there.waits(WEDNESDAY, "introduced/letter 1 post", THURSDAY);
    assert!(there.ahead(WEDNESDAY).iter().all(|act| act.ends_with(" post")), "{:?}", there.ahead(WEDNESDAY));
    there.is_barred_for_good(THURSDAY, Channel::Email, "permission");
    let yes = there.granted(WEDNESDAY, "express", "");
    yes.waits(WEDNESDAY, "introduced/letter 1 email", THURSDAY);
    // Whoever is pursued already is not begun anew by a colleague's word.
    pursued().then(WEDNESDAY, "introduced", "").does(THURSDAY, "inbound/call 1 phone");
}

#[test]
fn p13_an_auto_reply_with_a_date_that_can_be_meant_holds_until_they_are_back() {
    let back = |date: &str| pursued().then(WEDNESDAY, "auto-replied", date);
    back("back = '2026-03-16T00:00:00-05:00'").waits(
        WEDNESDAY,
        "inbound/call 1 phone",
        "2026-03-16T09:00:00-05:00",
    );
    // A hundred days and no second longer.
    back("back = '2026-03-05T10:00:00-06:00'").waits(
        WEDNESDAY,
        "inbound/call 1 phone",
        "2026-03-05T11:00:00-05:00",
    );
    for misread in [
        "",
        "back = '2026-06-12T10:00:01-06:00'",
        "back = '2026-03-03T00:00:00-06:00'",
        "back = '2025-03-16T00:00:00-06:00'",
    ] {
        // As if it named no day: a week.
        back(misread).waits(THURSDAY, "inbound/call 1 phone", "2026-03-11T10:00:00-05:00");
    }
    back("back = '2026-03-16T00:00:00-05:00'")
        .explains(THURSDAY, "on hold (event 4), until Mon 2026-03-16 00:00");
}

#[test]
fn p13_not_now_until_a_day_bars_what_we_begin_and_no_answer_of_ours() {
    let later = pursued().then(WEDNESDAY, "held", &format!("reason = 'not-now', until = '{FIRST_OF_APRIL}'"));
    later.waits(WEDNESDAY, "inbound/call 1 phone", "2026-04-01T09:00:00-05:00");
    later.then(THURSDAY, "replied", "channel = 'email'").does(THURSDAY, "respond 5 email");
    // They ask again before their day: then it is their day.
    let later = pursued().then(WEDNESDAY, "held", &format!("reason = 'not-now', until = '{FIRST_OF_APRIL}'"));
    let asks = later.inquired(THURSDAY);
    asks.waits(THURSDAY, "inbound/call 1 phone", "2026-03-09T10:00:00-05:00");
}

#[test]
fn p13_a_soft_bounce_is_tried_again_or_goes_another_way_and_a_hard_one_goes_another_way_for_good() {
    let bounced = |permanent: bool| {
        recommended().inquired(MONDAY).then(
            TUESDAY,
            "bounced",
            &format!("channel = 'email', permanent = {permanent}"),
        )
    };
    // The answer did not get through, so it is still owed, and goes another way. The guide goes by mail again once that may
    // have been mended, and by post where it cannot be.
    for permanent in [false, true] {
        let answered = bounced(permanent);
        answered.does(TUESDAY, "respond 1 phone");
        let guide = if permanent { "inbound/guide 1 post" } else { "inbound/guide 1 email" };
        answered.done(TUESDAY).does(WEDNESDAY, guide);
    }
    let only_mail = small(&format!("limits = {{ retry = '6 hours' }}\n{}", mails(INBOUND, 7)));
    let due = "2026-03-03T10:00:00+01:00";
    let only_mail = only_mail.inquired("2026-03-02T10:00:00+01:00");
    let soft = only_mail.then(due, "bounced", "channel = 'email', permanent = false, of = 1");
    soft.waits(due, "inbound/m1 1 email", "2026-03-03T16:00:00+01:00")
        .explains(due, "email: does not work (event 3)");
    let hard = soft.then(due, "bounced", "channel = 'email', permanent = true, of = 1");
    hard.rests(due, "reach");
}

#[test]
fn p13_a_wrong_number_is_not_called_until_it_is_corrected() {
    let wrong = pursued().then(WEDNESDAY, "bounced", "channel = 'phone', permanent = true");
    // Patience for the call is over a business day later.
    wrong.waits(THURSDAY, "inbound/call 1 email", "2026-03-06T10:00:00-06:00");
    wrong.then(WEDNESDAY, "corrected", "channel = 'phone'").does(THURSDAY, "inbound/call 1 phone");
}

#[test]
fn p13_whoever_does_not_come_is_called_a_quarter_of_an_hour_later_and_a_talk_makes_it_good() {
    let missed = pursued().then(WEDNESDAY, "booked", &format!("meeting = '{THURSDAY}'")).then(
        "2026-03-05T10:10:00-06:00",
        "no-show",
        "",
    );
    let call = "2026-03-05T10:25:00-06:00";
    missed.waits("2026-03-05T10:10:00-06:00", "no-show/missed-you 5 phone", call);
    let met = missed.then(call, "met", "channel = 'phone'");
    met.does(call, "recap 6 email");
    assert!(met.ahead(call).iter().all(|act| !act.starts_with("no-show/")), "{:?}", met.ahead(call));
}

#[test]
fn p13_a_talk_makes_a_missed_meeting_good_where_nothing_starts_on_talks_either() {
    let missed = || {
        small(&format!("{}{}", mails(INBOUND, 7), mails("id = 'missed'\nstarts-on = ['no-show']", 1)))
            .inquired("2026-03-02T10:00:00+01:00")
            .then("2026-03-03T09:00:00+01:00", "no-show", "")
    };
    let now = "2026-03-03T12:00:00+01:00";
    missed().waits(now, "missed/m1 3 email", "2026-03-04T09:00:00+01:00");
    let talked = missed().then(now, "met", "channel = 'phone'").done(now);
    talked.waits(now, "inbound/m1 1 email", "2026-03-04T12:00:00+01:00");
}

#[test]
fn p13_a_meeting_that_is_moved_is_waited_for_on_its_new_day() {
    let booked = |meeting: &str| format!("meeting = '{meeting}'");
    let agreed = talked()
        .granted(TUESDAY, "express", "")
        .then(TUESDAY, "booked", &booked("2026-03-09T10:00:00-05:00"))
        .then(WEDNESDAY, "booked", &booked("2026-03-12T10:00:00-05:00"));
    agreed.waits(THURSDAY, "confirm-meeting 5 email", "2026-03-11T10:00:00-05:00");
    let then = "2026-03-12T10:00:00-05:00";
    agreed.needs(then, "outcome");
    agreed.explains(then, "need: what came of the meeting that is agreed for 2026-03-12T15:00:00Z");
}

/// A pursuit that is after nothing but an answer, and a meeting in it.
fn meeting_on_the_way(ends_on: &str) -> Story {
    small(&mails(&format!("{INBOUND}\n{ends_on}"), 7)).inquired("2026-03-02T10:00:00+01:00").then(
        "2026-03-02T11:00:00+01:00",
        "booked",
        "meeting = '2026-03-05T10:00:00+01:00'",
    )
}

#[test]
fn p13_of_a_meeting_without_an_outcome_a_person_is_asked_or_the_pursuit_goes_on_a_day_later() {
    let now = "2026-03-04T10:00:00+01:00";
    meeting_on_the_way("").waits(now, "inbound/m1 1 email", "2026-03-06T10:00:00+01:00");
    let goal = meeting_on_the_way("ends-on = ['booked']");
    goal.rests(now, "agreed").needs("2026-04-04T10:00:00+02:00", "outcome");
    let met = goal.then("2026-03-05T11:00:00+01:00", "met", "channel = 'phone'");
    met.does("2026-03-05T11:00:00+01:00", "recap 4 phone");
    met.done("2026-03-05T11:00:00+01:00").rests("2026-03-05T12:00:00+01:00", "reached-booked");
    let missed = meeting_on_the_way("ends-on = ['booked']").then("2026-03-05T10:30:00+01:00", "no-show", "");
    missed.waits("2026-03-05T10:30:00+01:00", "inbound/m1 1 email", "2026-03-06T10:30:00+01:00");
}

#[test]
fn p13_whoever_asks_to_be_called_at_a_time_is_called_then_and_left_alone_before() {
    let due = "2026-03-11T15:00:00-05:00";
    let asked = pursued().then(WEDNESDAY, "callback-requested", &format!("due = '{due}'"));
    asked.waits(WEDNESDAY, "keep-promise 4 phone", due);
    assert!(
        asked.brief(due).contains("you asked me to get back to you by phone on Wednesday, 11 March, 15:00.")
    );
    // The call is a contact, and what we begin keeps its gap from it.
    asked.done(due).waits(due, "inbound/call 1 phone", "2026-03-13T15:00:00-05:00");
}

// --- P14: five follow-ups at least ---------------------------------------------------------------------------------

#[test]
fn p14_everybody_who_asked_gets_five_follow_ups_and_more_unless_they_say_no() {
    assert!(recommended().inquired(MONDAY).ahead(MONDAY).len() > 9);
    let no = pursued().then(WEDNESDAY, "declined", "reason = 'no-need'");
    assert_eq!(no.ahead(WEDNESDAY), Vec::<String>::new());
}

#[test]
fn p14_what_stops_before_the_fifth_needs_more_steps_and_is_warned_of() {
    let start = "2026-03-02T10:00:00+01:00";
    let short =
        |fewest: &str| small(&format!("{fewest}\n{}", mails(INBOUND, 3))).inquired(start).silent(start, 3);
    let over = "2026-03-20T10:00:00+01:00";
    short("fewest-touches = 5")
        .needs(over, "touches")
        .explains(over, "after 3 touches, and 5 are the fewest");
    short("fewest-touches = 3").rests(over, "finished");
    let warned: Vec<String> =
        short("fewest-touches = 3").playbook.warnings().iter().map(ToString::to_string).collect();
    assert!(warned[0].starts_with("fewest-touches: silence may end a pursuit after 3 touches"), "{warned:?}");
}

// --- P15: as long as they take to buy ----------------------------------------------------------------------------

#[test]
fn p15_a_pursuit_that_ends_before_they_buy_is_warned_of_and_can_be_stretched() {
    let half_a_year = "cycle = '6 months'\n";
    let steps = mails(INBOUND, 7)
        .replace("channels = ['email'], owes-item = false }]", "channels = ['phone'], owes-item = false }]");
    let short = small(&format!("{half_a_year}{steps}"));
    let warned = short.playbook.warnings().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        warned,
        [
            "sequence \"inbound\": it is over after about 7 days, and they take 6 months to buy; stretch it, or add \
          steps [ends-before-the-cycle]"
        ]
    );
    let stretched = short.playbook.stretched_to(Delay::months(6)).unwrap();
    assert_eq!(stretched.warnings(), []);
    let start = "2026-03-02T10:00:00+01:00";
    let stretched = short.with_playbook(stretched).inquired(start);
    // 182 days for seven steps.
    stretched.waits(start, "inbound/m1 1 email", "2026-03-28T10:00:00+01:00");
    stretched.explains(start, "inbound/m1 is due 26 days after Mon 2026-03-02 10:00");
}

#[test]
fn p15_business_days_have_an_end_too() {
    let longer = |cycle| PlaybookDraft::recommended().unwrap().cycle(cycle).build().unwrap();
    let too_short: Vec<String> =
        longer(Delay::months(6)).warnings().into_iter().map(|warning| warning.place).collect();
    let all = ["inbound", "after-meeting", "no-show", "introduced", "cold-list"];
    assert_eq!(too_short, all.map(|id| format!("sequence {id:?}")));
    assert_eq!(longer(Delay::weeks(8)).warnings(), []);
}

#[test]
fn p15_neither_a_playbook_without_a_cycle_nor_the_recommended_one_nor_care_is_warned_of() {
    let is_too_short = |playbook: &Playbook| {
        playbook.warnings().iter().any(|warning| warning.lint == Lint::EndsBeforeTheCycle)
    };
    assert!(!is_too_short(&small(&mails(INBOUND, 7)).playbook));
    assert!(!is_too_short(&recommended().playbook));
    let care = mails("id = 'care'\nstarts-on = ['purchased']\npurpose = 'care'", 1);
    let care = small(&format!("cycle = '6 months'\n{care}"));
    assert!(!is_too_short(&care.playbook));
    let monday = "2026-03-02T10:00:00+01:00";
    let stretched = care.playbook.stretched_to(Delay::months(6)).unwrap();
    let bought = care.with_playbook(stretched).then(monday, "purchased", "");
    bought.waits(monday, "care/m1 1 email", "2026-03-03T10:00:00+01:00");
}

// --- P16: mix the channels ---------------------------------------------------------------------------------------

#[test]
fn p16_the_touches_go_many_ways_and_never_three_times_running_the_same() {
    let silent = recommended().inquired(MONDAY);
    let plan = silent.plan(MONDAY, Assumption::Silence);
    let channels: Vec<Channel> = plan.entries().iter().map(|entry| entry.action.channel()).collect();
    let ways: BTreeSet<&str> = channels.iter().map(|channel| channel.as_str()).collect();
    assert_eq!(ways.into_iter().collect::<Vec<_>>(), ["email", "phone", "post", "social", "text"], "{plan}");
    assert!(channels.windows(3).all(|three| three[0] != three[1] || three[1] != three[2]), "{plan}");
}

/// Two mails; then what may go both ways.
const BOTH_WAYS: &str = "
    [[sequence]]
    id = 'inbound'
    starts-on = ['inquired']
    step = [
        { id = 'one', after = '1 day', channels = ['email'], owes-item = false },
        { id = 'two', after = '1 day', channels = ['email'], owes-item = false },
        { id = 'three', after = '1 day', channels = ['email', 'phone'], owes-item = false },
    ]
";

#[test]
fn p16_after_two_mails_the_phone_comes_first_even_if_they_prefer_mail() {
    let start = "2026-03-02T10:00:00+01:00";
    let mails = |about: &str| small(BOTH_WAYS).about(about).inquired(start).silent(start, 2);
    let due = "2026-03-05T10:00:00+01:00";
    mails("prefers = ['email']").does(due, "inbound/three 1 phone");
    mails("").does(due, "inbound/three 1 phone");
    // Their preference counts where no way is worn out, and another way only while it is open.
    let once = small(BOTH_WAYS).about("prefers = ['phone']").inquired(start).silent(start, 1);
    once.then("2026-03-04T10:00:00+01:00", "skipped", "step = 'inbound/two'")
        .does(due, "inbound/three 1 phone");
    mails("")
        .then("2026-03-04T12:00:00+01:00", "opted-out", "channels = ['phone']")
        .does(due, "inbound/three 1 email");
}

#[test]
fn p16_a_call_is_left_to_the_phone_for_as_long_as_the_playbook_has_patience() {
    // On Thursday at nine their mailbox is open, and no phone may ring before ten.
    let hours = "[[rule]]\nid = 'ten'\nchannels = ['phone']\n\
                 hours = { zone = 'prospect', week = { daily = ['10:00-17:00'] } }\n";
    let call = |patience: &str| {
        let step = format!(
            "{{ id = 'call', after = '1 day', channels = ['phone', 'email'], owes-item = false{patience} }}"
        );
        small(&format!("{hours}[[sequence]]\n{INBOUND}\nstep = [{step}]"))
            .inquired("2026-03-04T09:00:00+01:00")
    };
    let nine = "2026-03-05T09:00:00+01:00";
    call("").does(nine, "inbound/call 1 email");
    let patient = call(", patience = '4 hours'");
    patient.waits(nine, "inbound/call 1 phone", "2026-03-05T10:00:00+01:00");
    patient.explains(nine, "email: phone comes first, until Thu 2026-03-05 13:00");
    // Whoever likes mail better is not kept waiting for a call.
    call(", patience = '4 hours'").about("prefers = ['email']").does(nine, "inbound/call 1 email");
    let no_phone = patient.then(nine, "bounced", "channel = 'phone', permanent = true");
    no_phone.waits(nine, "inbound/call 1 email", "2026-03-05T13:00:00+01:00");
    call(", patience = '30 minutes'").waits(nine, "inbound/call 1 email", "2026-03-05T09:30:00+01:00");
}

#[test]
fn p16_everything_on_one_channel_is_warned_of() {
    let warnings = small(&mails(INBOUND, 7)).playbook.warnings();
    let warned: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warned.len(), 1);
    assert!(warned[0].starts_with("sequence \"inbound\": every touch is by email"), "{warned:?}");
    assert_eq!(recommended().playbook.warnings(), []);
}

// --- P17: automate, delegate, do it yourself ---------------------------------------------------------------------

#[test]
fn p17_each_step_says_who_does_it_and_a_host_can_pick_its_own() {
    let silent = recommended().inquired(MONDAY);
    let plan = silent.plan(MONDAY, Assumption::Silence);
    let of = |by: Executor| {
        let entries = plan.entries().iter().filter(move |entry| entry.action.by() == by);
        entries.map(|entry| entry.action.act().name()).collect::<Vec<_>>()
    };
    assert_eq!(of(Executor::Automatic), ["inbound/guide", "inbound/worth-reading"], "{plan}");
    assert_eq!(of(Executor::Delegate), ["inbound/look", "inbound/parcel"], "{plan}");
    assert!(of(Executor::Person).contains(&"inbound/call"), "{plan}");
    assert!(plan.to_string().contains("automatic"), "{plan}");
}

#[test]
fn p17_what_says_nothing_is_done_in_person_and_a_rule_can_bar_machines_alone() {
    let rule = "[[rule]]\nid = 'machines'\nby = ['automatic']\npermission = { grounds = ['written'] }\n";
    let step = |by: &str| {
        let step = format!("{{ id = 'm', after = '1 day', channels = ['email'], owes-item = false{by} }}");
        small(&format!("{rule}[[sequence]]\n{INBOUND}\nstep = [{step}]"))
            .inquired("2026-03-02T10:00:00+01:00")
    };
    let due = "2026-03-03T10:00:00+01:00";
    let in_person = step("");
    in_person.does(due, "inbound/m 1 email");
    assert_eq!(in_person.decision(due).action().unwrap().by(), Executor::Person);
    step(", by = 'delegate'").does(due, "inbound/m 1 email");
    let machine = step(", by = 'automatic'");
    machine.does(due, "ask-permission 1 phone");
    let refused =
        machine.then(due, "denied", "channels = ['phone', 'text', 'email'], purposes = ['follow-up']");
    refused.rests(due, "denied");
}

#[test]
fn p17_a_step_for_a_machine_that_only_a_person_can_take_is_warned_of() {
    let visit = "{ id = 'visit', channels = ['in-person', 'email'], by = 'automatic', owes-item = false }";
    let warnings = small(&format!("[[sequence]]\n{INBOUND}\nstep = [{visit}]")).playbook.warnings();
    let machine = warnings.iter().find(|warning| warning.lint == Lint::NoMachineCan).unwrap();
    assert_eq!(machine.place, "sequence \"inbound\", step \"visit\"");
}

// --- P18: the same for everyone ----------------------------------------------------------------------------------

#[test]
fn p18_the_source_is_thanked_for_and_changes_nothing_after_the_first_response() {
    let came = |via: &str| recommended().then(MONDAY, "inquired", &format!("via = '{via}'"));
    let thanked =
        [("form", "your inquiry"), ("card", "your card"), ("call", "your call"), ("visit", "your visit")];
    for (via, thanks) in thanked {
        let first = came(via).brief(MONDAY);
        assert!(first.contains(&format!("Thank you for {thanks} of Monday, 2 March.")), "{first}");
    }
    let plan = came("form").plan(MONDAY, Assumption::Silence).to_string();
    for via in ["message", "card", "referral", "call", "visit"] {
        assert_eq!(came(via).plan(MONDAY, Assumption::Silence).to_string(), plan, "{via}");
    }
}

#[test]
fn p18_where_they_wrote_is_where_they_are_answered_and_no_more() {
    let wrote = |channel: &str| recommended().then(MONDAY, "inquired", &format!("via = 'message'{channel}"));
    wrote(", channel = 'text'").does(MONDAY, "respond 1 text");
    wrote("").does(MONDAY, "respond 1 phone");
    assert_eq!(wrote(", channel = 'text'").ahead(MONDAY)[1..], wrote("").ahead(MONDAY)[1..]);
}

#[test]
fn p18_a_playbook_cannot_start_another_sequence_on_a_source() {
    let file = format!("name = 'a'\nzone = '{BERLIN}'\n{}", mails("id = 'vip'\nstarts-on = ['referral']", 1));
    let refused = toml::from_str::<Playbook>(&file).unwrap_err().to_string();
    assert!(refused.contains("\"referral\" is no trigger"), "{refused}");
}

// --- P21: know the line ------------------------------------------------------------------------------------------

#[test]
fn p21_the_longer_they_are_silent_the_wider_the_gap_and_a_word_of_theirs_makes_it_narrow_again() {
    let gaps = format!("limits = {{ gap = ['2 days', '4 days', '1 week'] }}\n{}", mails(INBOUND, 7));
    let start = "2026-03-02T10:00:00+01:00";
    let silent = |touches| small(&gaps).inquired(start).silent(start, touches);
    // Each mail is due a day after the one before.
    silent(0).waits(start, "inbound/m1 1 email", "2026-03-04T10:00:00+01:00");
    silent(1).waits("2026-03-04T10:00:00+01:00", "inbound/m2 1 email", "2026-03-06T10:00:00+01:00");
    silent(2).waits("2026-03-06T10:00:00+01:00", "inbound/m3 1 email", "2026-03-10T10:00:00+01:00");
    silent(3).waits("2026-03-10T10:00:00+01:00", "inbound/m4 1 email", "2026-03-17T10:00:00+01:00");
    let quiet = silent(3);
    quiet.explains("2026-03-12T10:00:00+01:00", "email: too close to the last contact (events ");
    let word = quiet
        .then("2026-03-11T10:00:00+01:00", "replied", "channel = 'email'")
        .done("2026-03-11T10:00:00+01:00");
    word.waits("2026-03-11T11:00:00+01:00", "inbound/m4 1 email", "2026-03-13T10:00:00+01:00");
}

#[test]
fn p21_two_calls_a_week_are_enough_even_if_nobody_answers() {
    let called = pursued().failed(THURSDAY).failed("2026-03-05T14:00:00-06:00");
    let now = "2026-03-05T15:00:00-06:00";
    // Patience for the call ends a business day after it was due, and then a mail will do.
    called.waits(now, "inbound/call 1 email", "2026-03-06T10:00:00-06:00");
    called.explains(now, "phone: the cap of rule \"two-calls-a-week\" is reached (events 4, 5)");
    // One that did not get out is tried again four hours later.
    pursued().failed(THURSDAY).waits(THURSDAY, "inbound/call 1 phone", "2026-03-05T14:00:00-06:00");
}

#[test]
fn p21_after_a_sign_of_annoyance_there_is_a_month_of_quiet_and_answers_go_out_all_the_same() {
    let annoyed = pursued().then(WEDNESDAY, "annoyed", "");
    annoyed.waits(WEDNESDAY, "inbound/call 1 phone", "2026-04-03T10:00:00-05:00");
    annoyed.explains(WEDNESDAY, "a pause, by ");
    annoyed.then(THURSDAY, "replied", "channel = 'text'").does(THURSDAY, "respond 5 text");
}

#[test]
fn p21_the_playbook_says_how_long_the_quiet_is_and_how_much_is_too_much() {
    let start = "2026-03-02T10:00:00+01:00";
    let tuned = |limits: &str| small(&format!("{limits}\n{}", mails(INBOUND, 7))).inquired(start);
    let annoyed = tuned("limits = { cool-down = '1 week' }").then(start, "annoyed", "");
    annoyed.waits(start, "inbound/m1 1 email", "2026-03-09T10:00:00+01:00");
    let cap = "[[rule]]\nid = 'two'\ncap = { at-most = 2, per = '30 days' }";
    let capped = tuned(cap).silent(start, 2);
    capped.waits("2026-03-04T11:00:00+01:00", "inbound/m3 1 email", "2026-04-02T10:00:00+02:00");
    capped.explains("2026-03-05T10:00:00+01:00", "email: the cap of rule \"two\" is reached (events 3, 4)");
    tuned("").silent(start, 2).waits(
        "2026-03-04T11:00:00+01:00",
        "inbound/m3 1 email",
        "2026-03-05T10:00:00+01:00",
    );
}

// --- P22: never the same twice running ---------------------------------------------------------------------------

#[test]
fn p22_no_format_comes_twice_running_while_another_fits() {
    let silent = recommended().inquired(MONDAY);
    let plan = silent.plan(MONDAY, Assumption::Silence);
    let formats: Vec<&str> = plan
        .entries()
        .iter()
        .filter_map(|entry| entry.action.item())
        .map(|item| item.format().as_str())
        .collect();
    assert!(formats.windows(2).all(|pair| pair[0] != pair[1]), "{formats:?}");
}

/// A guide was given; another guide of the same rung and something of a higher one are left.
fn after_a_guide(more: &str) -> Story {
    let ladder = "
        [[item]]
        id = 'second-guide'
        format = 'guide'
        rung = 1
    ";
    small(&format!("{LADDER}{ladder}{more}"))
        .inquired("2026-03-02T10:00:00+01:00")
        .done("2026-03-03T10:00:00+01:00")
}

#[test]
fn p22_of_one_rung_another_format_goes_before_the_next_of_the_same_unless_nothing_else_fits() {
    let due = "2026-03-04T10:00:00+01:00";
    after_a_guide("[[item]]\nid = 'film'\nformat = 'video'\nrung = 1").gives(due, "film");
    after_a_guide("[[item]]\nid = 'film'\nformat = 'video'\nrung = 3").gives(due, "second-guide");
    after_a_guide("").gives(due, "second-guide");
    // A film that no mail can carry does not fit.
    after_a_guide("[[item]]\nid = 'film'\nformat = 'video'\nrung = 1\nchannels = ['in-person']")
        .gives(due, "second-guide")
        .explains(due, "giving \"second-guide\" (guide)");
}

#[test]
fn p22_steps_that_can_give_but_one_format_are_warned_of() {
    let owed = |items: &str| {
        let steps = LADDER.replace("channels = ['email'] }", &format!("channels = ['email']{items} }}"));
        let more = "[[item]]\nid = 'second-guide'\nformat = 'guide'\n[[item]]\nid = 'film'\nformat = 'video'";
        let warnings = small(&format!("{steps}{more}")).playbook.warnings();
        warnings
            .iter()
            .filter(|warning| warning.lint == Lint::EqualFormats)
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert!(owed("").is_empty());
    let warned = owed(", items = ['guide', 'second-guide']");
    assert!(warned[0].contains("it can only give a guide, and so could the one before"), "{warned:?}");
}

// --- P24: why it stopped -----------------------------------------------------------------------------------------

/// What is said of it, and that what would bring it back does.
fn rests(story: Story, why: &str, remedy: &str, back: &[(&str, &str)]) {
    let now = "2026-07-15T10:00:00-05:00";
    let said = story.decision(now).explanation().to_string();
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with(&format!("rest: {why}"))
            && lines[0].ends_with(&format!("; {remedy} would change that")),
        "{said}"
    );
    let back = back.iter().fold(story, |story, (event, fields)| story.then(now, event, fields));
    let decision = back.decision(now);
    assert!(!matches!(decision.verdict(), Verdict::Rest(_)), "{said}\n{}", decision.explanation());
}

const ASKS: (&str, &str) = ("inquired", "via = 'call'");

#[test]
fn p24_whoever_is_not_begun_or_has_no_sequence_says_so() {
    let nobody = "nothing has happened that begins a pursuit";
    rests(recommended(), nobody, "an inquiry, a conversation, or an entry that adds them", &[("added", "")]);
    let none = || small("").then(MONDAY, "added", "");
    let remedy = "a sequence that starts on it, or enrolling them in one";
    rests(none(), "no sequence for them starts on \"added\", or not again", remedy, &[ASKS]);
}

#[test]
fn p24_a_no_and_giving_up_keep_their_reason_and_only_they_bring_it_back() {
    let asks = "a new inquiry of theirs";
    let no = |event: &str, reason: &str| pursued().then(WEDNESDAY, event, &format!("reason = '{reason}'"));
    for reason in
        ["not-interested", "no-need", "no-budget", "competitor", "not-eligible", "already-customer", "other"]
    {
        let said = format!("they said no ({reason}) (event ");
        rests(no("declined", reason), &said, asks, &[ASKS]);
        rests(no("disqualified", reason), &format!("they were given up ({reason}) (event "), asks, &[ASKS]);
    }
    no("declined", "no-need")
        .then(THURSDAY, "enrolled", "sequence = 'inbound'")
        .rests(THURSDAY, "declined-no-need");
    // The reason is the last one that they gave.
    let second =
        no("declined", "no-need").inquired(THURSDAY).then(THURSDAY, "declined", "reason = 'no-budget'");
    second.rests(THURSDAY, "declined-no-budget");
}

#[test]
fn p24_an_end_by_hand_and_a_referral_can_be_taken_back_by_hand() {
    let enrol = ("enrolled", "sequence = 'inbound'");
    let fair = || {
        recommended().inquired(MONDAY).silent(MONDAY, 5).then("2026-04-01T10:00:00-05:00", "unenrolled", "")
    };
    rests(
        fair(),
        "they were taken out of their sequence",
        "enrolling them again, or a new inquiry of theirs",
        &[enrol],
    );
    let referred = pursued().then(WEDNESDAY, "referred", "");
    rests(referred, "they sent us to a colleague", "a new inquiry of theirs, or enrolling them", &[enrol]);
}

#[test]
fn p24_a_refusal_says_whether_they_were_asked_opted_out_or_are_on_the_list() {
    let own = ("granted", "channels = ['email', 'phone'], basis = 'express', own-act = true");
    let said = |event: &str, fields: &str| pursued().then(WEDNESDAY, event, fields);
    let by_their_act = "a permission they give by their own act";
    rests(
        said("denied", ""),
        "asked, they gave no permission",
        &format!("a new inquiry, or {by_their_act}"),
        &[ASKS],
    );
    rests(
        said("denied", ""),
        "asked, they gave no permission",
        &format!("a new inquiry, or {by_their_act}"),
        &[own],
    );
    rests(said("opted-out", ""), "they opted out", by_their_act, &[own]);
    rests(
        said("suppressed", "reason = 'internal'"),
        "they are on the do-not-contact list",
        by_their_act,
        &[own],
    );
}

#[test]
fn p24_what_is_reached_or_finished_says_so() {
    let start = "2026-03-02T10:00:00+01:00";
    let remedy = "a new inquiry or conversation, or enrolling them again";
    let over = small(&format!("fewest-touches = 2\n{}", mails(INBOUND, 2))).inquired(start).silent(start, 2);
    rests(over, "their sequence is finished", remedy, &[ASKS]);
    let replied = small(&mails(&format!("{INBOUND}\nends-on = ['replied']"), 7)).inquired(start);
    let replied = replied.then(start, "replied", "channel = 'email'").done(start);
    rests(replied, "what the sequence was after is reached (replied)", remedy, &[ASKS]);
}

#[test]
fn p24_what_can_never_go_out_says_at_which_gate() {
    let held = pursued().then(WEDNESDAY, "held", "reason = 'paused'");
    rests(held, "on hold until it is released", "releasing the hold", &[("released", "")]);
    let start = "2026-03-02T10:00:00+01:00";
    let bounced = small(&mails(INBOUND, 7)).inquired(start).then(
        start,
        "bounced",
        "channel = 'email', permanent = true, of = 1",
    );
    rests(
        bounced,
        "no channel reaches them",
        "a correct address or number",
        &[("corrected", "channel = 'email'")],
    );
    let stranger = small(&mails("id = 'cold'\nstarts-on = ['added']", 7)).then(start, "added", "");
    let permission = "there is no permission, and nobody may ask (again)";
    rests(
        stranger,
        permission,
        "a permission, or an inquiry of theirs",
        &[("granted", "channels = ['email'], basis = 'express'")],
    );
    let registry = "[[rule]]\nid = 'robinson'\nchannels = ['email']\nregistry = { unless = ['express'] }\n";
    let anybody = "permission.follow-up.default = ['not-refused']";
    let listed = small(&format!("{anybody}\n{registry}{}", mails(INBOUND, 7))).inquired(start).then(
        start,
        "screened",
        &format!("channels = ['email'], list = '{start}', listed = '{start}'"),
    );
    let said = "they are on a registry of those who want no contact";
    rests(
        listed,
        said,
        "a permission they give, or their leaving the registry",
        &[("granted", "channels = ['email'], basis = 'express'")],
    );
}

#[test]
fn p24_whatever_still_moves_gives_no_reason_for_a_stop() {
    for story in [pursued(), pursued().then(WEDNESDAY, "annoyed", ""), stalled("no-time", FIRST_OF_APRIL)] {
        let said = story.decision(THURSDAY).explanation().to_string();
        assert!(!said.contains("would change that"), "{said}");
    }
}
