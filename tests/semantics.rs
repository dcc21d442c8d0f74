//! The rules of SEMANTICS.md, each as a scenario that says it in its name.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use followup::Disposition::{Connected, Gatekeeper, NoAnswer, Voicemail};
use followup::{Need, Verdict};

use story::{Story, permitted, under};

/// London, where it is winter and the clocks show UTC. Nobody minds being written to.
fn told(playbook: &str) -> Story {
    permitted("Europe/London", playbook)
}

/// A mail two days after an inquiry, and a call two days after that.
const INBOUND: &str = "
    [[sequence]]
    id = 'inbound'
    starts-on = ['inquired']
    step = [
        { id = 'mail', after = '2 days', channels = ['email'], owes-item = false },
        { id = 'call', after = '2 days', channels = ['phone'], owes-item = false },
    ]
";

fn needs(story: &Story, now: &str) -> Vec<String> {
    story.decision(now).needs().iter().map(|need: &Need<'_>| need.code().to_string()).collect()
}

fn asks_again(story: &Story, now: &str, at: Option<&str>) {
    let again = story.decision(now).ask_again();
    assert_eq!(again, at.map(story::at), "{}", story.decision(now).explanation());
}

// --- 1. Owed until it got through --------------------------------------------------------------------------------

#[test]
fn an_inquiry_whose_call_nobody_answered_is_answered_another_way_at_once() {
    let story = told(&format!("respond = {{ channels = ['phone', 'text'] }}\n{INBOUND}"));
    let story = story.then("2026-01-05T10:00:00Z", "inquired", "via = 'form'");
    let story = story.disposed("2026-01-05T10:03:00Z", NoAnswer);
    story.does("2026-01-05T10:03:00Z", "respond 1 text");
    let story = story.done("2026-01-05T10:04:00Z");
    story.waits("2026-01-05T10:05:00Z", "inbound/mail 1 email", "2026-01-07T10:04:00Z");
}

#[test]
fn a_promised_call_is_owed_until_they_were_reached() {
    let story = told("keep-promise = { channels = ['phone'] }\n");
    let promise = "by = 'us', due = 2026-01-06T10:00:00Z, about = 'figures'";
    let story = story.then("2026-01-05T10:00:00Z", "promised", promise);
    for came in [NoAnswer, Voicemail, Gatekeeper] {
        let tried = story.clone().disposed("2026-01-06T10:00:00Z", came);
        tried.waits("2026-01-06T10:01:00Z", "keep-promise 1 phone", "2026-01-06T14:00:00Z");
    }
    let reached = story.disposed("2026-01-06T10:00:00Z", Connected);
    reached.rests("2026-01-06T10:01:00Z", "unstarted");
}

#[test]
fn a_call_without_a_cause_that_reached_nobody_is_an_attempt_at_each_promise() {
    let story = told("keep-promise = { channels = ['phone'] }\n");
    let story = story.then("2026-01-05T10:00:00Z", "promised", "by = 'us', due = 2026-01-06T10:00:00Z");
    let story = story.then("2026-01-05T10:00:00Z", "promised", "by = 'us', due = 2026-01-06T11:00:00Z");
    let call = "channel = 'phone', act = 'keep-promise', disposition = 'no-answer'";
    let story = story.then("2026-01-06T11:30:00Z", "touched", call);
    let story = story.then("2026-01-06T11:31:00Z", "kept", "promise = 1");
    story.waits("2026-01-06T11:32:00Z", "keep-promise 2 phone", "2026-01-06T15:30:00Z");
    let decision = story.decision("2026-01-06T15:30:00Z");
    let Verdict::Act(action) = decision.verdict() else { panic!("{}", decision.explanation()) };
    assert!(action.key().to_string().ends_with(":2"), "{}", action.key());
}

#[test]
fn whoever_asked_for_a_call_and_did_not_answer_is_called_again() {
    let story = told(INBOUND).inquired("2026-01-05T10:00:00Z");
    let request = "channel = 'phone', due = 2026-01-05T14:00:00Z";
    let story = story.then("2026-01-05T11:00:00Z", "callback-requested", request);
    let story = story.disposed("2026-01-05T14:00:00Z", NoAnswer);
    story.waits("2026-01-05T14:01:00Z", "keep-promise 3 phone", "2026-01-05T18:00:00Z");
}

#[test]
fn a_buyers_problem_is_not_solved_by_a_phone_that_rang() {
    let care = "
        [[sequence]]
        id = 'care'
        starts-on = ['purchased']
        purpose = 'care'
        step = [{ id = 'check', after = '1 day', channels = ['email'], owes-item = false }]";
    let story = told(&format!("solve = {{ channels = ['phone'] }}\n{care}"));
    let story = story.then("2026-01-05T10:00:00Z", "purchased", "");
    let story = story.then("2026-01-06T09:00:00Z", "problem-reported", "");
    let story = story.disposed("2026-01-06T09:05:00Z", NoAnswer);
    story.waits("2026-01-06T10:00:00Z", "solve 2 phone", "2026-01-06T13:05:00Z");
    let story = story.done("2026-01-06T13:05:00Z");
    story.waits("2026-01-06T13:06:00Z", "care/check 1 email", "2026-01-07T13:05:00Z");
}

/// A talk is no permission here; a letter needs none.
fn strict(steps: &str) -> Story {
    let playbook = format!(
        "fewest-touches = 1
        [permission]
        follow-up = {{ default = ['express'], post = ['not-refused'] }}
        [ask-permission]
        channels = ['phone']
        after = '1 week'
        at-most = 2
        [[sequence]]
        id = 'talk'
        starts-on = ['met']
        step = [{steps}]"
    );
    let story = under("Europe/London", &playbook).reached_by(followup::Channels::ALL);
    story.then("2026-01-05T10:00:00Z", "met", "channel = 'phone'").done("2026-01-05T10:05:00Z")
}

const MAIL: &str = "{ id = 'mail', after = '1 day', channels = ['email'], owes-item = false }";
const LETTER: &str = "{ id = 'letter', after = '2 days', channels = ['post'], owes-item = false }";

#[test]
fn a_question_that_nobody_heard_was_not_asked() {
    let story = strict(MAIL);
    let story = story.disposed("2026-01-05T10:06:00Z", NoAnswer);
    let story = story.disposed("2026-01-05T14:06:00Z", Gatekeeper);
    // Twice nobody heard it: that is not a no.
    story.waits("2026-01-05T14:07:00Z", "ask-permission 1 phone", "2026-01-05T18:06:00Z");
    let asked = story.disposed("2026-01-05T18:06:00Z", Connected);
    asked.waits("2026-01-05T18:07:00Z", "ask-permission 1 phone", "2026-01-12T18:06:00Z");
}

// --- 2. A contact by hand takes no step --------------------------------------------------------------------------

#[test]
fn a_contact_by_hand_moves_the_delay_and_leaves_every_step_ahead() {
    let story = told(INBOUND).inquired("2026-01-05T10:00:00Z");
    let story = story.then("2026-01-06T10:00:00Z", "touched", "channel = 'text'");
    story.waits("2026-01-06T11:00:00Z", "inbound/mail 1 email", "2026-01-08T10:00:00Z");
}

#[test]
fn a_message_by_hand_answers_all_that_they_wrote() {
    let story = told(INBOUND).then("2026-01-05T10:00:00Z", "inquired", "via = 'form'");
    let story = story.then("2026-01-05T10:10:00Z", "replied", "channel = 'text'");
    let story = story.then("2026-01-05T10:20:00Z", "touched", "channel = 'email'");
    story.waits("2026-01-05T10:21:00Z", "inbound/mail 1 email", "2026-01-07T10:20:00Z");
}

// --- 3. What cannot go never keeps what can ----------------------------------------------------------------------

#[test]
fn after_a_talk_without_permission_the_letter_that_needs_none_goes_all_the_same() {
    let story = strict(&format!("{MAIL}, {LETTER}"));
    let story = story.disposed("2026-01-05T10:06:00Z", Connected).disposed("2026-01-12T10:06:00Z", Connected);
    // They were asked twice, and said nothing to it. The mail takes its time all the same.
    story.does("2026-01-12T10:07:00Z", "talk/letter 1 post");
}

#[test]
fn while_they_can_be_asked_nothing_is_passed_over_for_want_of_permission() {
    let story = strict(&format!("{MAIL}, {LETTER}"));
    story.does("2026-01-05T10:06:00Z", "ask-permission 1 phone");
}

#[test]
fn what_lacks_content_leaves_the_floor_and_is_told_beside() {
    let story = told(
        "active = 'by-priority'
        [[sequence]]
        id = 'guide'
        priority = 2
        starts-on = ['added']
        step = [{ id = 'guide', after = '1 day', channels = ['email'] }]
        [[sequence]]
        id = 'calls'
        priority = 1
        step = [{ id = 'call', after = '3 days', channels = ['phone'], owes-item = false }]
        [[item]]
        id = 'old'
        format = 'guide'
        until = 2025-12-31T00:00:00Z",
    );
    let story = story.then("2026-01-05T10:00:00Z", "added", "");
    let story = story.then("2026-01-05T10:00:00Z", "enrolled", "sequence = 'calls'");
    story.waits("2026-01-07T10:00:00Z", "calls/call 2 phone", "2026-01-08T10:00:00Z");
    assert_eq!(needs(&story, "2026-01-07T10:00:00Z"), ["content"]);
}

// --- 4. Exact wake-up for every answer ---------------------------------------------------------------------------

/// A list on which they stand bars the phone; it must be no older than 31 days.
const LISTED: &str = "
    [[rule]]
    id = 'list'
    channels = ['phone']
    registry = { list-age = '31 days' }
    [[sequence]]
    id = 'calls'
    starts-on = ['added']
    step = [{ id = 'call', after = '1 day', channels = ['phone'], owes-item = false }]
";

#[test]
fn who_stands_on_a_list_is_asked_about_again_when_the_list_is_too_old() {
    let screened = "channels = ['phone'], list = 2026-01-04T00:00:00Z, listed = 2025-06-01T00:00:00Z";
    let story = told(LISTED).then("2026-01-05T10:00:00Z", "added", "");
    let story = story.then("2026-01-05T10:00:00Z", "screened", screened);
    story.rests("2026-01-10T10:00:00Z", "registry");
    asks_again(&story, "2026-01-10T10:00:00Z", Some("2026-02-04T00:00:00Z"));
    story.needs("2026-02-04T00:00:00Z", "screening");
    asks_again(&story, "2026-02-04T00:00:00Z", None);
}

#[test]
fn a_wait_ends_where_something_behind_it_becomes_a_need() {
    let later = "
        [[sequence]]
        id = 'mails'
        step = [{ id = 'mail', after = '60 days', channels = ['email'], owes-item = false }]";
    let story = told(&format!("active = 'by-priority'\n{LISTED}{later}"));
    let screened = "channels = ['phone'], list = 2026-01-04T00:00:00Z, listed = 2025-06-01T00:00:00Z";
    let story = story.then("2026-01-05T10:00:00Z", "added", "");
    let story = story.then("2026-01-05T10:00:00Z", "enrolled", "sequence = 'mails'");
    let story = story.then("2026-01-05T10:00:00Z", "screened", screened);
    story.waits("2026-01-10T10:00:00Z", "mails/mail 2 email", "2026-03-06T10:00:00Z");
    asks_again(&story, "2026-01-10T10:00:00Z", Some("2026-02-04T00:00:00Z"));
    assert_eq!(needs(&story, "2026-02-04T00:00:00Z"), ["screening"]);
}

#[test]
fn a_need_whose_permission_ends_is_asked_about_again_then() {
    let story = under(
        "Europe/London",
        "fewest-touches = 1
        ask-permission = { at-most = 0 }
        [permission]
        follow-up = { default = ['express'] }
        [[sequence]]
        id = 'guides'
        starts-on = ['added']
        step = [{ id = 'guide', after = '1 day', channels = ['email'] }]
        [[item]]
        id = 'old'
        format = 'guide'
        until = 2025-12-31T00:00:00Z",
    );
    let granted = "channels = ['email'], basis = 'express', until = 2026-03-01T00:00:00Z, own-act = true";
    let story = story.then("2026-01-05T10:00:00Z", "added", "");
    let story = story.then("2026-01-05T10:00:00Z", "granted", granted);
    story.needs("2026-01-10T10:00:00Z", "content");
    asks_again(&story, "2026-01-10T10:00:00Z", Some("2026-03-01T00:00:00Z"));
    story.rests("2026-03-01T00:00:00Z", "permission");
}

// --- 5. Bounces undo ---------------------------------------------------------------------------------------------

#[test]
fn a_step_that_bounced_is_ahead_again_and_so_is_its_item() {
    let story = told(
        "[[sequence]]
        id = 'guides'
        starts-on = ['added']
        step = [
            { id = 'one', after = '1 day', channels = ['email', 'text'] },
            { id = 'two', after = '1 day', channels = ['email', 'text'] },
        ]
        [[item]]
        id = 'guide'
        format = 'guide'",
    );
    let story = story.then("2026-01-05T10:00:00Z", "added", "").done("2026-01-06T10:00:00Z");
    let bounced = "channel = 'email', permanent = true";
    let story = story.then("2026-01-06T10:05:00Z", "bounced", bounced);
    story.does("2026-01-06T10:05:00Z", "guides/one 1 text").gives("2026-01-06T10:05:00Z", "guide");
}

#[test]
fn an_answer_that_bounced_is_owed_again_and_a_soft_bounce_lets_the_channel_rest() {
    let story =
        told("respond = { channels = ['email'] }\n").then("2026-01-05T10:00:00Z", "inquired", "via = 'form'");
    let story = story.done("2026-01-05T10:01:00Z");
    let story = story.then("2026-01-05T10:02:00Z", "bounced", "channel = 'email', permanent = false, of = 2");
    story.waits("2026-01-05T10:03:00Z", "respond 1 email", "2026-01-05T14:02:00Z");
}

// --- 6. Holds end by whoever set them ----------------------------------------------------------------------------

#[test]
fn what_the_seller_set_is_released_and_what_they_set_is_not_unless_it_is_named() {
    let story = told(INBOUND).inquired("2026-01-05T10:00:00Z");
    let until = |reason: &str| format!("until = 2026-02-02T08:00:00Z, reason = '{reason}'");
    let snoozed = story.clone().then("2026-01-05T11:00:00Z", "held", &until("snoozed"));
    let released = snoozed.then("2026-01-06T11:00:00Z", "released", "");
    released.waits("2026-01-06T11:00:00Z", "inbound/mail 1 email", "2026-01-07T10:00:00Z");
    let away = story.then("2026-01-05T11:00:00Z", "held", &until("out-of-office"));
    let away = away.then("2026-01-06T11:00:00Z", "released", "");
    away.waits("2026-01-06T11:00:00Z", "inbound/mail 1 email", "2026-02-02T08:00:00Z");
    let back = away.then("2026-01-06T12:00:00Z", "released", "reason = 'out-of-office'");
    back.waits("2026-01-06T12:00:00Z", "inbound/mail 1 email", "2026-01-07T10:00:00Z");
}

#[test]
fn a_snooze_ends_with_their_reply_unless_it_says_otherwise() {
    let story = told(INBOUND).inquired("2026-01-05T10:00:00Z");
    let held = "until = 2026-02-02T08:00:00Z, reason = 'snoozed'";
    for (more, until) in [("", "2026-01-10T10:10:00Z"), (", despite-reply = true", "2026-02-02T08:00:00Z")] {
        let snoozed = story.clone().then("2026-01-05T11:00:00Z", "held", &format!("{held}{more}"));
        let wrote = snoozed.then("2026-01-08T10:00:00Z", "replied", "channel = 'email'");
        let answered = wrote.done("2026-01-08T10:10:00Z");
        answered.waits("2026-01-08T10:11:00Z", "inbound/mail 1 email", until);
    }
}

// --- 8. Taking back a no begins something -------------------------------------------------------------------------

#[test]
fn a_yes_of_their_own_after_a_no_begins_what_starts_on_it() {
    let back = "
        [[sequence]]
        id = 'back'
        starts-on = ['opted-in']
        step = [{ id = 'thanks', after = '1 day', channels = ['email'], owes-item = false }]";
    let refusals = [
        ("declined", "reason = 'other'"),
        ("denied", "channels = ['email'], purposes = ['follow-up']"),
        ("opted-out", "channels = ['email'], purposes = ['follow-up']"),
    ];
    let granted = "channels = ['email'], basis = 'express', own-act = true";
    for (no, fields) in refusals {
        let story = told(&format!("{INBOUND}{back}")).inquired("2026-01-05T10:00:00Z");
        let story = story.then("2026-01-06T10:00:00Z", no, fields);
        let story = story.then("2026-02-06T10:00:00Z", "granted", granted);
        story.waits("2026-02-06T10:00:00Z", "back/thanks 4 email", "2026-02-07T10:00:00Z");
    }
    // Who had refused nothing takes nothing back.
    let story = told(&format!("{INBOUND}{back}")).inquired("2026-01-05T10:00:00Z");
    let story = story.then("2026-01-06T10:00:00Z", "granted", granted);
    story.waits("2026-01-06T10:00:00Z", "inbound/mail 1 email", "2026-01-07T10:00:00Z");
}

#[cfg(feature = "embedded-rules")]
#[test]
fn in_the_recommended_playbook_a_yes_after_a_no_is_followed_up() {
    let story = story::recommended().inquired("2027-02-01T18:00:00Z");
    let story = story.then("2027-02-03T18:00:00Z", "declined", "reason = 'other'");
    let granted = "channels = ['phone', 'email'], basis = 'express', own-act = true";
    let story = story.then("2027-05-25T18:00:00Z", "granted", granted);
    let decision = story.decision("2027-05-25T18:00:00Z");
    assert!(
        matches!(decision.verdict(), Verdict::Act(_) | Verdict::Wait { .. }),
        "{}",
        decision.explanation()
    );
}

// --- 9. A confirmation of an opt-out -------------------------------------------------------------------------------

#[test]
fn a_confirmation_never_goes_where_an_older_refusal_stands() {
    let story = told("[confirm-opt-out]\nwithin = '5 minutes'\n");
    let no_mail = "channels = ['email'], purposes = ['answer', 'follow-up', 'care']";
    let story = story.then("2026-01-05T10:00:00Z", "opted-out", no_mail);
    story.does("2026-01-05T10:00:00Z", "confirm-opt-out 1 email");
    let story = story.done("2026-01-05T10:00:00Z");
    let more = "channels = ['phone', 'email'], purposes = ['follow-up']";
    let story = story.then("2026-06-05T10:00:00Z", "opted-out", more);
    story.does("2026-06-05T10:00:00Z", "confirm-opt-out 3 phone");
}

// --- 10. Loops, ways back and moved steps --------------------------------------------------------------------------

#[test]
fn who_has_gone_round_as_often_as_it_says_is_brought_back_though_the_loop_was_long() {
    let story = told(
        "[bring-back]
        sequence = 'back'
        after = '1 month'
        [[sequence]]
        id = 'round'
        starts-on = ['added']
        then = { sequence = 'round', after = '1 week', at-most = 2 }
        step = [{ id = 'mail', after = '1 day', channels = ['email'], owes-item = false }]
        [[sequence]]
        id = 'back'
        step = [{ id = 'call', after = '1 day', channels = ['phone'], owes-item = false }]",
    );
    let story = story.then("2026-01-05T10:00:00Z", "added", "").silent("2026-01-05T10:00:00Z", 4);
    let acts: Vec<String> = story.ahead("2026-01-05T10:00:00Z");
    let decision = story.decision("2026-12-01T10:00:00Z");
    assert!(matches!(decision.verdict(), Verdict::Rest(_)), "{acts:?} {}", decision.explanation());
    let taken = story.history.events().filter(|event| event.kind.word() == "touched").count();
    assert_eq!(taken, 4, "three rounds and the way back");
}

#[test]
fn a_doubled_inquiry_continues_the_pursuit_by_default() {
    let story = told(INBOUND).inquired("2026-01-05T10:00:00Z").done("2026-01-07T10:00:00Z");
    let story = story.inquired("2026-01-08T10:00:00Z");
    story.waits("2026-01-08T10:00:00Z", "inbound/call 1 phone", "2026-01-10T10:00:00Z");
}

#[test]
fn a_step_that_was_done_and_is_moved_to_the_end_strands_nobody() {
    let steps = |order: &[&str]| {
        let steps: Vec<String> = order
            .iter()
            .map(|id| format!("{{ id = '{id}', after = '1 day', channels = ['email'], owes-item = false }}"))
            .collect();
        told(&format!("[[sequence]]\nid = 'mails'\nstarts-on = ['added']\nstep = [{}]", steps.join(", ")))
    };
    let story = steps(&["one", "two", "three"]).then("2026-01-05T10:00:00Z", "added", "");
    let story = story.done("2026-01-06T10:00:00Z");
    // What was not taken, and whose time had not come, is ahead wherever it stands.
    for order in [["two", "one", "three"], ["two", "three", "one"]] {
        let moved = story.clone().with_playbook(steps(&order).playbook);
        moved.waits("2026-01-06T10:00:00Z", "mails/three 1 email", "2026-01-07T10:00:00Z");
    }
    // One that is put before them, and whose day has gone by, is not sent to those who are further on.
    let further = story.done("2026-01-07T10:00:00Z");
    let further = further.with_playbook(steps(&["new", "one", "two", "three"]).playbook);
    further.waits("2026-01-07T10:00:00Z", "mails/three 1 email", "2026-01-08T10:00:00Z");
    let further = further.done("2026-01-08T10:00:00Z");
    further.rests("2026-01-09T10:00:00Z", "finished");
}
