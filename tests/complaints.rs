//! What users of other tools complained about in public, told again as inputs, each with what is right. The source of a
//! complaint is named with it.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use story::{Story, under};

/// Berlin, where it is winter: an hour ahead of UTC.
fn told(sequences: &str) -> Story {
    told_with("", sequences)
}

/// Somebody whom the seller may write to for as long as they do not object.
fn told_with(more: &str, sequences: &str) -> Story {
    let permission = "[permission]\nfollow-up = { default = ['not-refused'] }\n";
    under("Europe/Berlin", &format!("fewest-touches = 1\n{more}\n{permission}{sequences}"))
}

const INBOUND: &str = "
    [[sequence]]
    id = 'inbound'
    starts-on = ['inquired']
    step = [
        { id = 'case', after = '3 days', channels = ['email'], owes-item = false },
        { id = 'call', after = '3 days', channels = ['phone'], owes-item = false },
    ]
";

const MAILS: &str = "
    [[sequence]]
    id = 'mails'
    starts-on = ['added']
    step = [
        { id = 'first', after = '0 days', channels = ['email'], owes-item = false },
        { id = 'second', after = '3 days', channels = ['email'], owes-item = false },
        { id = 'third', after = '3 days', channels = ['email'], owes-item = false },
    ]
";

/// askmench/ideachain#856
#[test]
fn an_inquiry_answered_by_hand_from_a_mailbox_is_answered_and_takes_no_step_and_no_place_of_a_cap() {
    let cap =
        "[[rule]]\nid = 'one-a-week'\napplies-to = 'approaches'\ncap = { at-most = 1, per = '7 days' }\n";
    let story = told(&format!("{cap}{INBOUND}")).then("2026-03-02T09:00:00Z", "inquired", "via = 'form'");
    story.does("2026-03-02T09:10:00Z", "respond 1 phone");
    let story = story.then("2026-03-02T09:20:00Z", "touched", "channel = 'email'");
    story.waits("2026-03-02T09:30:00Z", "inbound/case 1 email", "2026-03-05T09:20:00Z");
    let story = story.done("2026-03-05T09:20:00Z");
    story.waits("2026-03-05T09:21:00Z", "inbound/call 1 phone", "2026-03-12T09:20:00Z");
}

/// nylas/nylas-mail#1658, chatwoot/chatwoot#1582
#[test]
fn whoever_writes_asks_or_talks_before_their_date_is_back() {
    let away = told(INBOUND).inquired("2026-01-05T09:00:00Z").then(
        "2026-01-05T09:06:00Z",
        "auto-replied",
        "back = 2026-02-02T08:00:00Z",
    );
    away.waits("2026-01-06T09:00:00Z", "inbound/case 1 email", "2026-02-02T08:00:00Z");
    let wrote = away.then("2026-01-08T10:00:00Z", "replied", "channel = 'email'");
    let wrote = wrote.done("2026-01-08T10:10:00Z");
    wrote.waits("2026-01-08T10:30:00Z", "inbound/case 1 email", "2026-01-11T10:10:00Z");

    let away = told(INBOUND).inquired("2026-01-05T09:00:00Z");
    for (back, settles) in [("inquired", "via = 'form'"), ("met", "channel = 'phone'")] {
        let held = "until = 2026-02-02T08:00:00Z, reason = 'not-now'";
        let mut story = away.clone().then("2026-01-05T09:06:00Z", "held", held);
        story = story.then("2026-01-08T10:00:00Z", back, settles).done("2026-01-08T10:10:00Z");
        story.waits("2026-01-08T10:30:00Z", "inbound/case 1 email", "2026-01-11T10:10:00Z");
    }
}

/// Raikia/FiercePhish#52
#[test]
fn after_two_weeks_in_which_nothing_was_sent_steps_from_the_start_keep_their_distances() {
    let story = told(
        "[[sequence]]
        id = 'mails'
        starts-on = ['added']
        step = [
            { id = 'first', after = '1 day', from = 'start', channels = ['email'], owes-item = false },
            { id = 'second', after = '3 days', from = 'start', channels = ['email'], owes-item = false },
            { id = 'third', after = '7 days', from = 'start', channels = ['email'], owes-item = false },
        ]",
    );
    let story = story.then("2026-03-02T09:00:00Z", "added", "").done("2026-03-16T09:31:00Z");
    story.waits("2026-03-16T09:32:00Z", "mails/second 1 email", "2026-03-18T09:31:00Z");
    let story = story.done("2026-03-18T09:31:00Z");
    story.waits("2026-03-18T09:32:00Z", "mails/third 1 email", "2026-03-22T09:31:00Z");
}

/// calcom/cal.diy#13238
#[test]
fn a_meeting_that_is_moved_holds_on_its_new_day_and_one_that_is_called_off_begins_the_delay_anew() {
    let ends = MAILS.replace("starts-on", "ends-on = ['booked']\n    starts-on");
    let story = told(&ends).then("2026-03-02T09:00:00Z", "added", "").done("2026-03-03T09:00:00Z");
    let booked = story.then("2026-03-04T09:00:00Z", "booked", "meeting = 2026-03-12T14:00:00Z");
    // They are left alone until they meet, and then somebody says what came of it.
    let needed = |story: &Story, now: &str, meeting: &str| {
        story.rests(now, "agreed");
        story.needs(meeting, "outcome").explains(meeting, meeting);
        assert_eq!(story.decision(now).ask_again(), Some(meeting.parse().unwrap()));
    };
    needed(&booked, "2026-03-04T10:00:00Z", "2026-03-12T14:00:00Z");
    let moved = booked.then("2026-03-05T09:00:00Z", "booked", "meeting = 2026-03-09T14:00:00Z");
    needed(&moved, "2026-03-05T10:00:00Z", "2026-03-09T14:00:00Z");
    let off = moved.then("2026-03-06T09:00:00Z", "called-off", "");
    off.waits("2026-03-06T10:00:00Z", "mails/second 1 email", "2026-03-09T09:00:00Z");
    let again = off.then("2026-03-06T15:00:00Z", "booked", "meeting = 2026-03-20T14:00:00Z");
    needed(&again, "2026-03-07T10:00:00Z", "2026-03-20T14:00:00Z");
    let missed = again.then("2026-03-20T15:00:00Z", "no-show", "");
    missed.waits("2026-03-21T10:00:00Z", "mails/second 1 email", "2026-03-23T15:00:00Z");
}

/// mautic/mautic#7458
#[test]
fn five_days_from_a_tuesday_are_a_sunday_and_where_only_weekdays_will_do_the_monday_on_their_clock() {
    let weekdays = "[[rule]]
        id = 'weekdays'
        hours = { zone = 'prospect', week = { mon-fri = ['09:00-17:00'] } }";
    let five_days = MAILS.replacen("0 days", "5 days", 1);
    let story =
        told(&format!("{weekdays}{five_days}")).about_somebody_somewhere("zone = 'America/Los_Angeles'");
    // In Los Angeles it is still Tuesday.
    let story = story.then("2026-03-04T02:00:00Z", "added", "");
    story.waits("2026-03-04T10:00:00Z", "mails/first 1 email", "2026-03-09T16:00:00Z");
}

/// leandrosardi/blackstack#48
#[test]
fn after_a_reply_that_was_answered_the_next_step_counts_from_the_answer() {
    let story = told(MAILS).then("2026-03-02T09:00:00Z", "added", "").done("2026-03-02T09:05:00Z");
    let story = story.then("2026-03-05T08:30:00Z", "replied", "channel = 'email'");
    story.does("2026-03-05T08:31:00Z", "respond 3 email");
    let story = story.done("2026-03-05T08:50:00Z");
    story.waits("2026-03-05T08:51:00Z", "mails/second 1 email", "2026-03-08T08:50:00Z");
}

/// SuiteCRM/SuiteCRM#8368, martyychang/sf-automerge#4
#[test]
fn of_two_records_of_one_person_that_are_merged_the_pursuit_goes_on_behind_what_either_got() {
    let story = told(INBOUND).inquired("2026-03-02T09:00:00Z").done("2026-03-05T09:00:00Z");
    // The same form was posted twice, and the other record had its answer and its first step, too.
    let story = story
        .then("2026-03-02T09:00:02Z", "inquired", "via = 'form'")
        .then("2026-03-02T09:01:00Z", "touched", "channel = 'email', act = 'respond', cause = 4")
        .then("2026-03-05T09:02:00Z", "touched", "channel = 'email', act = 'inbound/case', cause = 4");
    story.waits("2026-03-06T09:00:00Z", "inbound/call 1 phone", "2026-03-08T09:02:00Z");
}

/// honeybadger-io/heya#179
#[test]
fn a_check_in_after_a_sale_that_cannot_go_keeps_no_new_inquiry_waiting() {
    let care = |permission: &str| {
        let sequences = format!(
            "{INBOUND}
            [[sequence]]
            id = 'care'
            starts-on = ['purchased']
            purpose = 'care'
            step = [{{ id = 'check', after = '30 days', channels = ['email'] }}]"
        );
        let permission = format!(
            "[permission]\nfollow-up = {{ default = ['not-refused'] }}\ncare = {{ default = ['{permission}'] }}\n"
        );
        let item = "[[item]]\nid = 'tips'\nformat = 'guide'\n";
        under("Europe/Berlin", &format!("fewest-touches = 1\n{permission}{sequences}\n{item}"))
    };
    let asked = |story: Story| {
        let story = story.then("2026-01-02T09:00:00Z", "purchased", "");
        story.inquired("2026-03-10T09:00:00Z")
    };
    // There is nothing new to give them, and that is told beside.
    let story = asked(care("not-refused"));
    let story =
        story.then("2026-03-10T09:10:00Z", "touched", "channel = 'email', act = 'respond', item = 'tips'");
    story.does("2026-03-14T09:30:00Z", "inbound/case 2 email");
    let decision = story.decision("2026-03-14T09:30:00Z");
    let needs: Vec<&str> = decision.needs().iter().map(followup::Need::code).collect();
    assert_eq!(needs, ["content"]);
    // They were asked for leave, and never gave it.
    let asks = "channel = 'phone', act = 'ask-permission', cause = 1";
    let story = asked(care("express"));
    let story =
        story.then("2026-03-10T10:00:00Z", "touched", asks).then("2026-03-11T10:00:00Z", "touched", asks);
    story.does("2026-03-14T10:00:00Z", "inbound/case 2 email");
}

/// WolfCycle/Lupo-Phase1#59
#[test]
fn a_step_of_higher_priority_that_cannot_go_leaves_the_floor_to_the_lower_sequence() {
    let sequences = |call: &str| {
        format!(
            "[[sequence]]
            id = 'high'
            priority = 2
            starts-on = ['inquired']
            step = [{{ id = 'call', after = '1 day', channels = ['phone']{call} }}]
            [[sequence]]
            id = 'low'
            priority = 1
            starts-on = ['met']
            step = [{{ id = 'mail', after = '1 day', channels = ['email'], owes-item = false }}]"
        )
    };
    let talked = |story: Story| {
        let story = story.inquired("2026-03-02T09:00:00Z");
        story.then("2026-03-02T12:00:00Z", "met", "channel = 'phone'").done("2026-03-02T12:30:00Z")
    };
    let story = talked(told_with("active = 'by-priority'", &sequences(", owes-item = false")));
    story.does("2026-03-04T09:30:00Z", "high/call 1 phone");
    // There is nothing to give on the call.
    let item = "\n[[item]]\nid = 'guide'\nformat = 'guide'\n";
    let story = talked(told_with("active = 'by-priority'", &(sequences(", items = ['guide']") + item)));
    let story =
        story.then("2026-03-02T12:31:00Z", "touched", "channel = 'email', act = 'recap', item = 'guide'");
    story.does("2026-03-04T09:30:00Z", "low/mail 3 email");
    // They do not want to be called.
    let story = talked(told_with("active = 'by-priority'", &sequences(", owes-item = false")));
    let no_calls = "channels = ['phone'], purposes = ['follow-up']";
    let story = story.then("2026-03-02T12:31:00Z", "opted-out", no_calls);
    story.does("2026-03-04T09:30:00Z", "low/mail 3 email");
}

/// flowforce.app, on who is eligible for a cadence
#[cfg(feature = "embedded-rules")]
#[test]
fn in_germany_with_leave_for_mail_alone_every_step_goes_by_mail() {
    let story = story::recommended()
        .about_somebody_somewhere("zone = 'Europe/Berlin'\nregion = 'DE'\nas = 'consumer'");
    let story = story.reached_by([followup::Channel::Email, followup::Channel::Phone]);
    let granted = "channels = ['email'], basis = 'double-opt-in', own-act = true";
    let story = story.inquired("2026-03-02T09:00:00Z").then("2026-03-02T09:01:00Z", "granted", granted);
    let ahead = story.ahead("2026-03-02T09:30:00Z");
    assert!(ahead.len() > 7, "{ahead:?}");
    assert!(ahead.iter().all(|step| step.contains("email")), "{ahead:?}");
}

/// warmbly/warmbly, in the discussion of its 512th change
#[test]
fn the_playbook_says_how_long_an_absence_without_a_date_holds_and_how_much_longer_one_with_a_date() {
    let holds = "[holds]\nout-of-office = '7 days'\nafter-return = '1 business day'\n";
    let story = told(&format!("{holds}{MAILS}"));
    let story = story.then("2026-08-03T09:00:00Z", "added", "").done("2026-08-03T09:05:00Z");
    let away = story.clone().then("2026-08-03T09:06:00Z", "auto-replied", "");
    away.waits("2026-08-03T10:30:00Z", "mails/second 1 email", "2026-08-10T09:06:00Z");
    let back = story.then("2026-08-03T09:06:00Z", "auto-replied", "back = 2026-08-10T07:00:00Z");
    back.waits("2026-08-03T10:30:00Z", "mails/second 1 email", "2026-08-11T07:00:00Z");
}

/// mautic/mautic#5318, Simplero/Roadmap#496
#[test]
fn a_month_from_the_end_of_january_is_the_end_of_february_on_their_calendar() {
    let months = "
        [[sequence]]
        id = 'months'
        starts-on = ['added']
        step = [
            { id = 'one', after = '1 month', channels = ['email'], owes-item = false },
            { id = 'three', after = '3 months', from = 'start', channels = ['email'], owes-item = false },
        ]";
    let story = told(months).about_somebody_somewhere("zone = 'Pacific/Auckland'");
    // There it is the 31st, at nine.
    let story = story.then("2026-01-30T20:00:00Z", "added", "");
    story.waits("2026-01-30T22:10:00Z", "months/one 1 email", "2026-02-27T20:00:00Z");
    let story = story.done("2026-02-27T20:00:00Z");
    // On 30 April, at nine, and it is winter.
    story.waits("2026-03-01T00:00:00Z", "months/three 1 email", "2026-04-29T21:00:00Z");
}

/// mautic/mautic#6729
#[test]
fn two_a_week_are_two_a_week_whichever_sequence_they_are_of_and_though_they_were_by_hand() {
    let cap = "[[rule]]\nid = 'two-a-week'\ncap = { at-most = 2, per = '7 days' }\n";
    let daily = |id: &str, priority: u8, more: &str| {
        format!(
            "[[sequence]]
            id = '{id}'
            priority = {priority}
            {more}
            step = [
                {{ id = 'one', after = '1 day', channels = ['email'], owes-item = false }},
                {{ id = 'two', after = '1 day', channels = ['email'], owes-item = false }},
            ]\n"
        )
    };
    let sequences = daily("news", 2, "starts-on = ['added']") + &daily("fair", 1, "");
    let story = told_with("active = 'by-priority'", &format!("{cap}{sequences}"));
    let story = story.then("2026-03-02T09:00:00Z", "added", "");
    let story = story.then("2026-03-02T10:00:00Z", "enrolled", "sequence = 'fair'");
    let by_hand = story.clone().approached("2026-03-02T12:00:00Z", followup::Channel::Email);
    let story = story.done("2026-03-03T09:00:00Z").done("2026-03-03T10:00:00Z");
    story.waits("2026-03-03T10:01:00Z", "news/two 1 email", "2026-03-10T09:00:00Z");
    let by_hand = by_hand.done("2026-03-03T12:00:00Z");
    by_hand.waits("2026-03-03T12:01:00Z", "news/two 1 email", "2026-03-09T12:00:00Z");
}

/// mautic/mautic#3019
#[test]
fn opted_out_of_one_topic_they_are_still_written_about_the_others() {
    let story = told_with(
        "active = 'by-priority'",
        "[[sequence]]
        id = 'newsletter'
        subscription = 'newsletter'
        starts-on = ['added']
        step = [{ id = 'n1', after = '1 day', channels = ['email'], owes-item = false }]
        [[sequence]]
        id = 'events'
        step = [{ id = 'e1', after = '2 days', channels = ['email'], owes-item = false }]\n",
    );
    let story = story.then("2026-01-05T09:00:00Z", "added", "");
    let story = story.then("2026-01-05T09:01:00Z", "enrolled", "sequence = 'events'");
    let story = story.then("2026-01-05T10:00:00Z", "unsubscribed", "subscription = 'newsletter'");
    story.waits("2026-01-05T11:00:00Z", "events/e1 2 email", "2026-01-07T09:01:00Z");
}

/// mautic/mautic#6062
#[test]
fn of_reminders_that_count_back_from_a_date_only_those_go_that_still_fit() {
    let reminder = |id: &str, days: u8| {
        format!(
            "{{ id = '{id}', date = 'expiry', before = '{days} days', channels = ['email'], owes-item = false }}"
        )
    };
    let steps = [reminder("three", 3), reminder("two", 2), reminder("one", 1)].join(", ");
    let story = told_with("", &format!("[[sequence]]\nid = 'expiry'\nstep = [{steps}]\n"));
    let joined = |when: &str| {
        let story = story.clone().about("dates = { expiry = '2026-03-03' }");
        story.then(when, "enrolled", "sequence = 'expiry'")
    };
    joined("2026-02-01T09:00:00Z").waits(
        "2026-02-01T10:00:00Z",
        "expiry/three 1 email",
        "2026-02-27T23:00:00Z",
    );
    joined("2026-03-01T09:00:00Z").waits(
        "2026-03-01T10:00:00Z",
        "expiry/one 1 email",
        "2026-03-01T23:00:00Z",
    );
    // Nothing went at all, and somebody should look at that.
    joined("2026-03-02T10:00:00Z").needs("2026-03-02T10:00:00Z", "touches");
}
