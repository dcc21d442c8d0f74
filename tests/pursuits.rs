//! Scenarios of pursuits: which way a sequence takes, what ends it, how it goes round, which of several are under way,
//! whether one begins again, and what a person does to it by hand.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use followup::Disposition::{Connected, Gatekeeper, NoAnswer, Voicemail};
use followup::{Need, Verdict};

use story::{Story, under};

/// A Monday. All of it is in winter.
const MONDAY: &str = "2026-01-05T10:00:00Z";

/// The given hour of a day so many days after that Monday.
fn on(days: u8, time: &str) -> String {
    format!("2026-01-{:02}T{time}:00Z", 5 + days)
}

/// A seller and a prospect in London, of whom an inquiry is permission for half a year.
fn told(playbook: &str) -> Story {
    under("Europe/London", &format!("fewest-touches = 0\n{playbook}"))
}

/// They inquired on Monday at ten, and were answered.
fn inquired(playbook: &str) -> Story {
    told(playbook).inquired(MONDAY)
}

// --- which way it takes ------------------------------------------------------------------------------------------

/// A call at once. A message after a voicemail, another call after nobody answered, a letter after somebody else did;
/// then a mail for everybody.
const CALL: &str = "
    [[sequence]]
    id = 'calls'
    starts-on = ['inquired']
    step = [
        { id = 'call', channels = ['phone'], owes-item = false },
        { id = 'message', if = 'voicemail', channels = ['text'], owes-item = false },
        { id = 'again', after = '4 hours', if = 'no-answer', channels = ['phone'], owes-item = false },
        { id = 'ask-for-them', after = '1 day', if = 'gatekeeper', channels = ['email'], owes-item = false },
        { id = 'mail', after = '3 days', channels = ['email'], owes-item = false },
    ]
";

#[test]
fn after_a_voicemail_a_message_says_who_it_was() {
    let called = inquired(CALL).disposed(MONDAY, Voicemail);
    called.does(MONDAY, "calls/message 1 text").explains(MONDAY, "calls/message, if voicemail, is due from");
    // The message is the last contact now, and came of no voicemail: what is passed over takes its time.
    called.done(MONDAY).waits(MONDAY, "calls/mail 1 email", &on(4, "14:00"));
}

#[test]
fn where_nobody_answered_it_is_tried_again_and_a_gatekeeper_leads_another_way() {
    let called = |came| inquired(CALL).disposed(MONDAY, came);
    called(NoAnswer).waits(MONDAY, "calls/again 1 phone", &on(0, "14:00"));
    called(Gatekeeper).waits(MONDAY, "calls/ask-for-them 1 email", &on(1, "14:00"));
    called(Connected).waits(MONDAY, "calls/mail 1 email", &on(4, "14:00"));
    // Of the second call nobody said what came.
    let twice = called(NoAnswer).done(&on(0, "14:00"));
    twice.waits(&on(0, "15:00"), "calls/mail 1 email", &on(4, "14:00"));
    let message = called(NoAnswer).disposed(&on(0, "14:00"), Gatekeeper);
    message.waits(&on(0, "15:00"), "calls/ask-for-them 1 email", &on(1, "14:00"));
}

/// An invitation; a chat if they accept within three days, else a mail; two days later a call.
const INVITATION: &str = "
    [[sequence]]
    id = 'fair'
    starts-on = ['inquired']
    step = [
        { id = 'invite', channels = ['email'], owes-item = false },
        { id = 'chat', if = 'accepted', within = '3 days', channels = ['text'], owes-item = false },
        { id = 'mail', unless = 'accepted', within = '3 days', channels = ['email'], owes-item = false },
        { id = 'call', after = '2 days', channels = ['phone'], owes-item = false },
    ]
";

#[test]
fn whoever_accepts_within_three_days_goes_one_way_and_all_others_the_other_when_they_are_over() {
    let invited = || inquired(INVITATION).done(MONDAY);
    invited().waits(MONDAY, "fair/mail 1 email", &on(3, "10:00"));
    invited().explains(MONDAY, "fair/mail, unless accepted within 3 days, is due from Thu 2026-01-08 10:00");
    let accepted = |when: &str| invited().then(when, "engaged", "how = 'accepted'");
    accepted(&on(1, "12:00")).does(&on(1, "12:00"), "fair/chat 1 text");
    accepted(&on(1, "12:00")).done(&on(1, "12:00")).waits(
        &on(1, "12:00"),
        "fair/call 1 phone",
        &on(3, "12:00"),
    );
    // When the time is over it comes too late.
    accepted(&on(3, "10:00")).does(&on(3, "10:00"), "fair/mail 1 email");
    invited().then(&on(1, "12:00"), "engaged", "how = 'clicked'").waits(
        &on(1, "12:00"),
        "fair/mail 1 email",
        &on(3, "10:00"),
    );
}

#[test]
fn a_sign_without_a_deadline_counts_whenever_it_comes_before_the_step() {
    let readers = "
        [[sequence]]
        id = 'readers'
        starts-on = ['inquired']
        step = [
            { id = 'more', after = '2 days', if = 'clicked', channels = ['email'], owes-item = false },
            { id = 'call', after = '1 day', channels = ['phone'], owes-item = false },
        ]
    ";
    inquired(readers).waits(MONDAY, "readers/call 1 phone", &on(3, "10:00"));
    let clicked = inquired(readers).then(&on(1, "10:00"), "engaged", "how = 'clicked'");
    clicked.waits(&on(1, "10:00"), "readers/more 1 email", &on(2, "10:00"));
    let before = told(readers).then(MONDAY, "engaged", "how = 'clicked'").inquired(&on(1, "10:00"));
    before.waits(&on(1, "10:00"), "readers/call 2 phone", &on(4, "10:00"));
}

// --- what ends it, and how it goes round -------------------------------------------------------------------------

/// A call and a mail a day apart, and again ten days later.
fn round(more: &str, then: &str) -> String {
    format!(
        "[[sequence]]
        id = 'round'
        starts-on = ['inquired']
        {more}
        step = [
            {{ id = 'call', channels = ['phone'], owes-item = false }},
            {{ id = 'mail', after = '1 day', channels = ['email'], owes-item = false }},
        ]
        then = {{ sequence = 'round', after = '10 days'{then} }}"
    )
}

#[test]
fn a_sequence_goes_round_for_as_often_as_it_says() {
    let once_more = inquired(&round("", ", at-most = 1"));
    assert_eq!(
        once_more.ahead(MONDAY),
        ["round/call phone", "round/mail email", "round/call phone", "round/mail email"]
    );
    let around = once_more.silent(MONDAY, 2);
    around.waits(&on(1, "10:00"), "round/call 1 phone", &on(11, "10:00"));
    let second = around.decision(&on(11, "10:00"));
    assert_eq!(second.action().unwrap().key().to_string(), "ada:1:round/call:2");
    once_more_is_over(&inquired(&round("", ", at-most = 1")).silent(MONDAY, 4));
    let anybody = format!("permission.follow-up.default = ['not-refused']\n{}", round("", ""));
    assert_eq!(inquired(&anybody).ahead(MONDAY).len(), 40, "it recurs for as long as anybody plans");
}

fn once_more_is_over(story: &Story) {
    story.rests(&on(20, "10:00"), "finished").explains(&on(20, "10:00"), "their sequence is finished");
}

#[test]
fn whoever_has_come_to_the_way_back_already_is_not_brought_back_once_more() {
    let ahead = |then: &str| {
        let mail = "step = [{ id = 'mail', after = '1 day', channels = ['email'], owes-item = false }]";
        let back = "bring-back = { sequence = 'back', after = '30 days' }";
        let first = format!("[[sequence]]\nid = 'first'\nstarts-on = ['inquired']\n{mail}\n{then}");
        inquired(&format!("{back}\n{first}\n[[sequence]]\nid = 'back'\n{mail}")).ahead(MONDAY)
    };
    assert_eq!(ahead(""), ["first/mail email", "back/mail email"]);
    assert_eq!(ahead("then = { sequence = 'back', after = '10 days' }"), ahead(""));
}

#[test]
fn a_goal_ends_it_in_every_round_and_only_the_one_that_is_named() {
    let goal = |sign: &str| round(&format!("ends-on = ['{sign}']"), "");
    let replied = inquired(&goal("replied")).silent(MONDAY, 3);
    let replied = replied.then(&on(11, "12:00"), "replied", "channel = 'email'");
    replied.does(&on(11, "12:00"), "respond 6 email");
    replied.done(&on(11, "12:00")).rests(&on(12, "12:00"), "reached-replied");
    let clicked = inquired(&goal("replied")).done(MONDAY).then(MONDAY, "engaged", "how = 'clicked'");
    clicked.waits(MONDAY, "round/mail 1 email", &on(1, "10:00"));
    // That they talked once is what it was after, even if nobody answered the next time.
    let talked = inquired(&goal("connected")).disposed(MONDAY, Connected);
    talked.rests(MONDAY, "reached-connected");
    inquired(&goal("connected")).disposed(MONDAY, NoAnswer).waits(
        MONDAY,
        "round/mail 1 email",
        &on(1, "10:00"),
    );
}

#[test]
fn a_goal_of_before_it_began_is_none_and_a_new_inquiry_begins_anew() {
    let goal = round("ends-on = ['clicked']", "");
    let before = told(&goal).then(MONDAY, "engaged", "how = 'clicked'").inquired(&on(1, "10:00"));
    before.does(&on(1, "10:00"), "round/call 2 phone");
    let reached = inquired(&goal).then(&on(1, "10:00"), "engaged", "how = 'clicked'");
    reached.rests(&on(1, "10:00"), "reached-clicked");
    reached.inquired(&on(2, "10:00")).does(&on(2, "10:00"), "round/call 4 phone");
}

// --- which of several are under way ------------------------------------------------------------------------------

/// After an inquiry four mails, after a talk two calls.
fn two(active: &str, inquiry: u8, talk: u8) -> String {
    let priority =
        |priority| if active.is_empty() { String::new() } else { format!("priority = {priority}") };
    let steps = |ids: &[&str], channel: &str| {
        let step =
            |id| format!("{{ id = '{id}', after = '1 day', channels = ['{channel}'], owes-item = false }}");
        ids.iter().map(step).collect::<Vec<_>>().join(", ")
    };
    format!(
        "{active}
        [[sequence]]
        id = 'inquiry'
        starts-on = ['inquired']
        {}
        step = [{}]
        [[sequence]]
        id = 'talk'
        starts-on = ['met']
        {}
        step = [{}]",
        priority(inquiry),
        steps(&["m1", "m2", "m3", "m4"], "email"),
        priority(talk),
        steps(&["c1", "c2"], "phone"),
    )
}

/// Inquired on Monday, talked at noon of the same day, summed up.
fn both(playbook: &str) -> Story {
    inquired(playbook).then(&on(0, "12:00"), "met", "channel = 'in-person'").done(&on(0, "12:00"))
}

#[test]
fn one_is_under_way_at_a_time_and_that_is_the_one_that_began_last() {
    assert_eq!(both(&two("", 0, 0)).ahead(&on(0, "13:00")), ["talk/c1 phone", "talk/c2 phone"]);
}

#[test]
fn several_are_under_way_by_priority_and_of_what_is_due_the_greater_goes_first() {
    let by_priority = "active = 'by-priority'";
    let (inquiry_first, talk_first) = (both(&two(by_priority, 9, 1)), both(&two(by_priority, 1, 9)));
    let due = on(1, "12:00");
    inquiry_first.does(&due, "inquiry/m1 1 email");
    inquiry_first.done(&due).does(&due, "talk/c1 3 phone");
    talk_first.does(&due, "talk/c1 3 phone");
    talk_first.done(&due).does(&due, "inquiry/m1 1 email");
    assert_eq!(both(&two(by_priority, 9, 1)).ahead(&on(0, "13:00")).len(), 6);
    // One that is over leaves the others.
    let no_more_calls = both(&two(by_priority, 1, 9)).silent(&due, 2);
    assert!(!no_more_calls.ahead(&due).is_empty());
    both(&two(by_priority, 9, 1))
        .then(&due, "declined", "reason = 'no-need'")
        .rests(&due, "declined-no-need");
}

// --- whether it begins again -------------------------------------------------------------------------------------

/// Three mails a day apart on an inquiry, and what else starts on one.
fn again(policy: &str, next: &str) -> String {
    format!(
        "[[sequence]]
        id = 'first'
        starts-on = ['inquired']
        again = '{policy}'
        step = [
            {{ id = 'm1', after = '1 day', channels = ['email'], owes-item = false }},
            {{ id = 'm2', after = '1 day', channels = ['email'], owes-item = false }},
            {{ id = 'm3', after = '1 day', channels = ['email'], owes-item = false }},
        ]
        {next}"
    )
}

const NEXT: &str = "
    [[sequence]]
    id = 'returning'
    starts-on = ['inquired']
    step = [{ id = 'call', after = '1 day', channels = ['phone'], owes-item = false }]
";

/// They inquired on Monday and, after so many mails, again on the given day.
fn twice(policy: &str, next: &str, mails: usize, day: u8) -> Story {
    inquired(&again(policy, next)).silent(MONDAY, mails).inquired(&on(day, "12:00"))
}

#[test]
fn always_means_that_every_inquiry_begins_it_anew() {
    twice("always", NEXT, 1, 1).waits(&on(1, "12:00"), "first/m1 4 email", &on(2, "12:00"));
}

#[test]
fn when_finished_means_that_it_goes_on_while_they_are_in_it_and_begins_anew_afterwards() {
    let under_way = twice("when-finished", "", 1, 1);
    under_way.waits(&on(1, "12:00"), "first/m2 1 email", &on(2, "12:00"));
    twice("when-finished", "", 3, 6).waits(&on(6, "12:00"), "first/m1 6 email", &on(7, "12:00"));
    // The next on the same trigger takes what the first leaves.
    twice("when-finished", NEXT, 1, 1).waits(&on(1, "12:00"), "returning/call 4 phone", &on(2, "12:00"));
}

#[test]
fn once_means_never_again_and_the_next_on_the_same_trigger_takes_over() {
    twice("once", "", 3, 6).rests(&on(6, "12:00"), "finished");
    twice("once", NEXT, 3, 6).waits(&on(6, "12:00"), "returning/call 6 phone", &on(7, "12:00"));
    twice("once", NEXT, 3, 6)
        .explains(&on(6, "12:00"), "returning/call is due 1 day after Sun 2026-01-11 12:00");
}

#[test]
fn a_time_means_not_before_so_much_has_passed_since_it_began() {
    twice("10 days", NEXT, 3, 9).waits(&on(9, "12:00"), "returning/call 6 phone", &on(10, "12:00"));
    twice("10 days", NEXT, 3, 10).waits(&on(10, "12:00"), "first/m1 6 email", &on(11, "12:00"));
}

// --- by hand -----------------------------------------------------------------------------------------------------

/// A mail after two days, a call after three more, a text after one more.
const THREE: &str = "
    [[sequence]]
    id = 'three'
    starts-on = ['inquired']
    step = [
        { id = 'mail', after = '2 days', channels = ['email'], owes-item = false },
        { id = 'call', after = '3 days', channels = ['phone'], owes-item = false },
        { id = 'text', after = '1 day', channels = ['text'], owes-item = false },
    ]
";

#[test]
fn what_was_left_of_a_delay_when_it_was_paused_is_left_when_the_pause_ends() {
    let until = |day: &str| format!("reason = 'paused', until = '{day}'");
    // Half of the two days are over on Tuesday.
    let paused = inquired(THREE).then(&on(1, "10:00"), "held", &until(&on(10, "10:00")));
    paused.waits(&on(1, "10:00"), "three/mail 1 email", &on(11, "10:00"));
    paused.explains(&on(1, "10:00"), "not counting the time for which it was paused");
    let released = paused.then(&on(4, "10:00"), "released", "");
    released.waits(&on(4, "10:00"), "three/mail 1 email", &on(5, "10:00"));
    // A snooze bars the way and nothing else.
    let snoozed = format!("reason = 'snoozed', until = '{}'", on(10, "10:00"));
    inquired(THREE).then(&on(1, "10:00"), "held", &snoozed).waits(
        &on(1, "10:00"),
        "three/mail 1 email",
        &on(10, "10:00"),
    );
    inquired(THREE).then(&on(1, "10:00"), "held", "reason = 'paused'").rests(&on(1, "10:00"), "hold");
}

#[test]
fn a_step_that_is_skipped_is_passed_over_from_then() {
    let skipped = inquired(THREE).then(&on(1, "10:00"), "skipped", "step = 'three/mail'");
    skipped.waits(&on(1, "10:00"), "three/call 1 phone", &on(4, "10:00"));
    let two = skipped.then(&on(1, "11:00"), "skipped", "step = 'three/call'");
    two.waits(&on(1, "11:00"), "three/text 1 text", &on(2, "11:00"));
    two.then(&on(1, "12:00"), "skipped", "step = 'three/text'").rests(&on(1, "12:00"), "finished");
    // It is no contact, so no gap counts from it.
    let gap = inquired(&format!("limits = {{ gap = '1 week' }}\n{THREE}"));
    gap.then(&on(6, "10:00"), "skipped", "step = 'three/mail'").waits(
        &on(6, "10:00"),
        "three/call 1 phone",
        &on(9, "10:00"),
    );
}

#[test]
fn whoever_is_enrolled_at_a_step_starts_with_it_at_once() {
    let enrolled =
        |from: &str| inquired(THREE).then(&on(1, "10:00"), "enrolled", &format!("sequence = 'three'{from}"));
    enrolled("").waits(&on(1, "10:00"), "three/mail 3 email", &on(3, "10:00"));
    let at_the_call = enrolled(", from = 'call'");
    at_the_call.does(&on(1, "10:00"), "three/call 3 phone");
    at_the_call.done(&on(1, "10:00")).waits(&on(1, "10:00"), "three/text 3 text", &on(2, "10:00"));
}

#[test]
fn whoever_is_enrolled_at_a_step_or_in_a_sequence_that_is_not_there_needs_a_person() {
    let enrolled = |fields: &str| inquired(THREE).then(&on(1, "10:00"), "enrolled", fields);
    for fields in
        ["sequence = 'three', from = 'visit'", "sequence = 'four'", "sequence = 'four', from = 'call'"]
    {
        let lost = enrolled(fields);
        lost.needs(&on(1, "10:00"), "sequence");
        lost.explains(&on(1, "10:00"), "need: the sequence or the step they were enrolled in");
        assert!(lost.playbook.check_history(&lost.history).is_err(), "{fields}");
    }
    let found = enrolled("sequence = 'four'").then(&on(2, "10:00"), "enrolled", "sequence = 'three'");
    found.waits(&on(2, "10:00"), "three/mail 4 email", &on(4, "10:00"));
    // Somebody who asks meanwhile is answered all the same.
    let asks = enrolled("sequence = 'four'").then(&on(2, "10:00"), "replied", "channel = 'email'");
    asks.does(&on(2, "10:00"), "respond 4 email");
    let lost = enrolled("sequence = 'four'");
    assert_eq!(*lost.decision(&on(1, "10:00")).verdict(), Verdict::Need(Need::Sequence));
}

// --- what must neither be lost nor repeated ----------------------------------------------------------------------

/// Two mails after an inquiry, checks in after a purchase.
const CARE: &str = "
    [[sequence]]
    id = 'inbound'
    starts-on = ['inquired']
    step = [
        { id = 'a', after = '1 day', channels = ['email'], owes-item = false },
        { id = 'b', after = '2 days', channels = ['email'], owes-item = false },
    ]

    [[sequence]]
    id = 'care'
    starts-on = ['purchased']
    purpose = 'care'
    step = [{ id = 'check', after = '7 days', from = 'start', channels = ['phone'], owes-item = false }]
";

#[test]
fn a_buyer_who_asks_about_something_else_is_still_looked_after() {
    let asked = told(CARE).then(MONDAY, "purchased", "").inquired(&on(1, "10:00"));
    assert_eq!(asked.ahead(&on(1, "10:00")), ["inbound/a email", "inbound/b email", "care/check phone"]);
}

#[test]
fn a_buyer_is_not_pursued_on_what_they_had_asked_before() {
    let once = CARE.replace("purpose = 'care'", "purpose = 'care'\n    again = 'once'");
    for active in ["latest", "by-priority"] {
        let bought = told(&format!("active = '{active}'\n{once}")).then(MONDAY, "purchased", "");
        let again = bought.inquired(&on(1, "10:00")).then(&on(1, "11:00"), "purchased", "");
        assert_eq!(again.ahead(&on(1, "12:00")), ["care/check phone"], "{active}");
    }
}

#[test]
fn a_buyer_who_said_no_can_be_taken_out_of_care_too() {
    let bought = told(CARE).then(MONDAY, "purchased", "");
    let no = bought.then(&on(1, "10:00"), "declined", "reason = 'no-need'");
    no.waits(&on(1, "10:00"), "care/check 1 phone", &on(7, "10:00"));
    let out = no.then(&on(2, "10:00"), "unenrolled", "");
    out.rests(&on(8, "10:00"), "declined-no-need");
}

#[test]
fn a_detour_that_no_channel_can_carry_is_none() {
    let detour = "
        [[sequence]]
        id = 'letter'
        starts-on = ['no-time']
        step = [{ id = 'letter', channels = ['post'], owes-item = false }]
    ";
    for active in ["latest", "by-priority"] {
        let stalled = inquired(&format!("active = '{active}'\n{CARE}\n{detour}"));
        let stalled = stalled.then(&on(0, "12:00"), "stalled", "why = 'no-time'");
        assert_eq!(stalled.ahead(&on(0, "12:00")), ["inbound/a email", "inbound/b email"], "{active}");
    }
}

#[test]
fn what_came_of_a_meeting_is_asked_though_another_hold_is_released() {
    let goal = CARE.replace("starts-on = ['inquired']", "starts-on = ['inquired']\n    ends-on = ['booked']");
    let meeting = format!("meeting = '{}'", on(3, "10:00"));
    let booked =
        inquired(&goal).then(&on(0, "11:00"), "booked", &meeting).then(&on(0, "12:00"), "released", "");
    booked.rests(&on(0, "12:00"), "agreed").needs(&on(9, "12:00"), "outcome");
    // Called off, it is no goal that was reached, and nobody waits for it.
    let off = booked.then(&on(1, "10:00"), "called-off", "");
    off.waits(&on(1, "10:00"), "inbound/a 1 email", &on(2, "10:00"));
}

#[test]
fn an_inquiry_before_a_meeting_does_not_begin_what_led_to_it_again() {
    let goal = "starts-on = ['inquired']\n    ends-on = ['booked']\n    again = 'when-finished'";
    let goal = CARE.replace("starts-on = ['inquired']", goal);
    let meeting = format!("meeting = '{}'", on(3, "10:00"));
    let booked = || inquired(&goal).then(&on(0, "11:00"), "booked", &meeting);
    booked().inquired(&on(1, "10:00")).rests(&on(1, "11:00"), "agreed");
    // After it, an inquiry begins anew; and a meeting missed much later takes nothing back of that.
    let met = booked().then(&on(3, "11:00"), "met", "channel = 'phone'").done(&on(3, "11:00"));
    let anew = met.inquired(&on(5, "10:00")).done(&on(6, "10:00"));
    let missed = anew.then(&on(6, "11:00"), "no-show", "");
    assert_eq!(missed.ahead(&on(6, "12:00")), ["inbound/b email"]);
}

#[test]
fn what_is_over_after_so_many_rounds_can_begin_again() {
    let rounds = CARE.replace(
        "starts-on = ['inquired']",
        "starts-on = ['inquired']\n    again = 'when-finished'\n    then = { sequence = 'inbound', after = '1 day', at-most = 1 }",
    );
    let over = inquired(&rounds).silent(MONDAY, 4);
    over.rests(&on(20, "10:00"), "finished");
    over.inquired(&on(20, "10:00")).waits(&on(20, "10:00"), "inbound/a 7 email", &on(21, "10:00"));
}

#[test]
fn a_contact_that_no_step_asked_for_takes_no_step_of_anything() {
    let detour = "
        [[sequence]]
        id = 'short'
        starts-on = ['no-time']
        step = [{ id = 'note', after = '3 days', channels = ['text'], owes-item = false }]
    ";
    let stalled = inquired(&format!("{CARE}\n{detour}")).then(&on(0, "12:00"), "stalled", "why = 'no-time'");
    let called = stalled.approached(&on(1, "10:00"), followup::Channel::Phone);
    assert_eq!(called.ahead(&on(1, "12:00")), ["short/note text", "inbound/a email", "inbound/b email"]);
}

#[test]
fn a_goal_of_bringing_back_is_one_that_was_reached_then() {
    let back = "
        bring-back = { sequence = 'back', after = '2 days' }

        [[sequence]]
        id = 'back'
        ends-on = ['replied']
        step = [{ id = 'call', channels = ['phone'], owes-item = false }]
    ";
    let replied = |story: Story, when: &str| story.then(when, "replied", "channel = 'email'").done(when);
    let silent = replied(inquired(&format!("{back}\n{CARE}")), &on(0, "12:00")).silent(&on(0, "12:00"), 2);
    silent.waits(&on(4, "10:00"), "back/call 1 phone", &on(5, "12:00"));
    // An answer in the pause begins the pause anew.
    replied(silent, &on(5, "09:00")).waits(&on(5, "09:00"), "back/call 1 phone", &on(7, "09:00"));
}

#[test]
fn whoever_asked_for_a_call_is_called_and_not_written_to_when_it_is_too_late_for_that() {
    let hours = "
        keep-promise = { channels = ['email', 'phone'] }

        [[rule]]
        id = 'waking'
        channels = ['phone']
        applies-to = 'all'
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }
    ";
    let due = format!("due = '{}'", on(1, "20:15"));
    let asked = inquired(hours).then(&on(0, "12:00"), "callback-requested", &due);
    asked.waits(&on(0, "12:00"), "keep-promise 3 phone", &on(2, "08:00"));
    let bounced = asked.then(&on(1, "09:00"), "bounced", "channel = 'phone', permanent = true");
    bounced.waits(&on(1, "09:00"), "keep-promise 3 email", &on(1, "20:15"));
}

#[test]
fn a_step_that_is_passed_over_by_hand_leaves_what_came_of_the_call() {
    let steps = "
        [[sequence]]
        id = 'calls'
        starts-on = ['inquired']
        step = [
            { id = 'call', channels = ['phone'], owes-item = false },
            { id = 'letter', after = '1 day', channels = ['email'], owes-item = false },
            { id = 'message', if = 'voicemail', channels = ['text'], owes-item = false },
        ]
    ";
    let skipped =
        inquired(steps).disposed(MONDAY, Voicemail).then(MONDAY, "skipped", "step = 'calls/letter'");
    skipped.does(MONDAY, "calls/message 1 text");
}

#[test]
fn they_are_asked_so_often_in_all_whatever_reasons_for_silence_become_known() {
    let playbook = "
        permission = { follow-up = { default = ['express'] } }
        ask-permission = { channels = ['email'], after = '1 day', at-most = 2 }

        [[sequence]]
        id = 'met'
        starts-on = ['met']
        step = [{ id = 'mail', after = '1 day', channels = ['email'], owes-item = false }]

        [[sequence]]
        id = 'why'
        starts-on = ['forgot', 'several-deciders']
        step = [{ id = 'note', after = '1 day', channels = ['email'], owes-item = false }]
    ";
    let met = told(playbook).then(MONDAY, "met", "channel = 'phone'").done(MONDAY);
    let asked = met.silent(MONDAY, 1).then(&on(0, "12:00"), "stalled", "why = 'forgot'");
    let twice = asked.silent(&on(0, "12:00"), 1);
    let stalled = twice.then(&on(3, "12:00"), "stalled", "why = 'several-deciders'");
    stalled.rests(&on(9, "12:00"), "permission");
}
