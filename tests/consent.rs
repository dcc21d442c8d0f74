//! Scenarios of permission: how long it lasts, what takes it away, what gives it back, and what stands on a list.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use followup::Channel::{Email, Phone, Text};
use followup::{Executor, Need, Purpose, Recorded, Verdict};

use story::{Story, at, story};

const NEW_YORK: &str = "America/New_York";
const TORONTO: &str = "America/Toronto";
const SYDNEY: &str = "Australia/Sydney";
const BERLIN: &str = "Europe/Berlin";

// --- months ----------------------------------------------------------------------------------------------------

#[test]
fn six_months_from_the_last_days_of_august_all_end_with_the_last_day_of_february() {
    for day in 28..=31 {
        // February 2026 has 28 days.
        story(TORONTO, "").inquired(&format!("2025-08-{day}T10:00:00-04:00")).is_allowed_until(
            "2026-02-28T09:59:59-05:00",
            Email,
            "2026-02-28T10:00:00-05:00",
        );
    }
}

#[test]
fn six_months_from_the_end_of_february_are_not_counted_back_from_the_end_of_august() {
    // Six months before 31 August is 28 February too, but six months after that is 28 August: the earlier counts.
    let inquired = story(TORONTO, "").inquired("2026-02-28T10:00:00-05:00");
    inquired.is_allowed_until("2026-08-28T09:00:00-04:00", Email, "2026-08-28T10:00:00-04:00");
    inquired.is_barred_for_good("2026-08-31T09:00:00-04:00", Email, "permission");
}

#[test]
fn two_years_from_a_leap_day_end_on_the_28th() {
    let bought = story(TORONTO, "").then("2024-02-29T10:00:00-05:00", "purchased", "");
    bought.is_allowed_until("2026-02-01T09:00:00-05:00", Phone, "2026-02-28T10:00:00-05:00");
}

#[test]
fn months_of_whole_dates_count_the_first_one_on_the_prospects_calendar() {
    // 15 January is the first day of three months, so 14 April is the last. The clock went back on 5 April.
    let rule = "permission.follow-up.default = ['express']
        [[rule]]
        id = 'au'
        channels = ['email']
        permission = { grounds = ['express'] }
        terms = { express = '3 calendar months' }";
    // The second is the evening of the 14th in UTC.
    for given in ["2026-01-15T23:30:00+11:00", "2026-01-15T07:00:00+11:00"] {
        let by_its_term = story(SYDNEY, "").granted(given, "express", ", term = '3 calendar months'");
        by_its_term.is_allowed_until("2026-04-14T23:59:59+10:00", Email, "2026-04-15T00:00:00+10:00");
        let by_the_rule = story(SYDNEY, rule).granted(given, "express", "");
        by_the_rule.is_allowed_until("2026-04-14T23:59:59+10:00", Email, "2026-04-15T00:00:00+10:00");
        by_the_rule.is_allowed_for_good("2026-04-15T00:00:00+10:00", Phone);
    }
}

#[test]
fn a_stated_end_counts_before_the_term_of_a_rule() {
    let rule = "permission.follow-up.default = ['express']
        [[rule]]
        id = 'au'
        permission = { grounds = ['express'] }
        terms = { express = '3 calendar months' }";
    let stated = |more| story(SYDNEY, rule).granted("2026-01-15T10:00:00+11:00", "express", more);
    let (day, later) = ("2026-01-16T10:00:00+11:00", "2026-08-01T00:00:00+10:00");
    stated(", until = '2026-08-01T00:00:00+10:00'").is_allowed_until(day, Email, later);
    stated(", term = '1 month'").is_allowed_until(day, Email, "2026-02-15T10:00:00+11:00");
    // Of two ends that they gave, the earlier one.
    stated(", term = '1 month', until = '2026-08-01T00:00:00+10:00'").is_allowed_until(
        day,
        Email,
        "2026-02-15T10:00:00+11:00",
    );
}

// --- whole days ------------------------------------------------------------------------------------------------

#[test]
fn after_a_talk_on_monday_the_seventh_day_is_sunday_whoever_began_it() {
    let rule = "[[rule]]
        id = 'after-talk'
        channels = ['phone']
        pause = { after = 'met', lasts = '7 calendar days' }";
    let talked = story(NEW_YORK, rule)
        // They called.
        .then("2026-03-02T15:00:00-05:00", "inquired", "via = 'call', channel = 'phone'")
        .then("2026-03-02T15:00:00-05:00", "met", "channel = 'phone'");
    talked.is_barred_until(
        "2026-03-02T16:00:00-05:00",
        Phone,
        "cool-down",
        // The clock goes forward in that night.
        "2026-03-09T00:00:00-04:00",
    );
    talked.is_barred("2026-03-08T23:59:59-04:00", Phone, "cool-down");
    talked.is_allowed("2026-03-03T09:00:00-05:00", Email);
    let called_back =
        talked.clearance_for("2026-03-03T09:00:00-05:00", Phone, Purpose::Answer, Executor::Person);
    assert!(called_back.is_allowed(), "{called_back}");
}

#[test]
fn after_a_refusal_sixty_full_days_reach_into_a_weekend() {
    // 29 days are left of March, April has 30: the sixtieth is Friday 1 May, a holiday. Then comes the weekend.
    let rules = "contact-rules = { use = ['fr.d223-9.hours', 'fr.d223-9.pause'], elsewhere = 'allow' }";
    let back = story("Europe/Paris", rules)
        .about("region = 'FR'\nas = 'consumer'")
        .then("2026-03-02T15:00:00+01:00", "denied", "channels = ['phone']")
        .inquired("2026-04-01T15:00:00+02:00");
    back.is_barred_until("2026-04-01T16:00:00+02:00", Phone, "cool-down", "2026-05-04T10:00:00+02:00");
    let only_the_pause = "contact-rules = { use = ['fr.d223-9.pause'], elsewhere = 'allow' }";
    let back = story("Europe/Paris", only_the_pause)
        .about("region = 'FR'")
        .then("2026-03-02T15:00:00+01:00", "denied", "channels = ['phone']")
        .inquired("2026-04-01T15:00:00+02:00");
    back.is_barred_until("2026-05-01T23:59:59+02:00", Phone, "cool-down", "2026-05-02T00:00:00+02:00");
    back.is_allowed("2026-04-01T16:00:00+02:00", Email);
}

#[test]
fn a_fifth_attempt_within_thirty_dates_is_one_too_many_though_nobody_picked_up() {
    let rules = "contact-rules = { use = ['fr.d223-9.hours', 'fr.d223-9.cap'], elsewhere = 'allow' }";
    let failed = "channel = 'phone', act = 'inbound/call', cause = 1";
    let thrice = story("Europe/Paris", rules)
        .about("region = 'FR'")
        .inquired("2026-03-02T10:00:00+01:00")
        .approached("2026-03-02T19:00:00+01:00", Phone)
        .then("2026-03-10T11:00:00+01:00", "failed", failed)
        .then("2026-03-12T11:00:00+01:00", "failed", failed);
    thrice.is_allowed("2026-03-20T11:00:00+01:00", Phone);
    let four_times = thrice.approached("2026-03-20T11:00:00+01:00", Phone);
    // 2 March is the first of thirty dates, 31 March the last.
    four_times.is_barred_until("2026-03-31T19:59:00+02:00", Phone, "cap", "2026-04-01T10:00:00+02:00");
    // On 1 April only the first is out of the window, so after one more it is 10 March that must go: on 9 April.
    let five_times = four_times.approached("2026-04-01T10:00:00+02:00", Phone);
    five_times.is_barred_until("2026-04-01T11:00:00+02:00", Phone, "cap", "2026-04-09T10:00:00+02:00");
}

// --- deadlines of opt-outs -------------------------------------------------------------------------------------

const OPT_OUTS: &str = "business-days = { days = ['mon-fri'], holidays = ['us.federal'] }
    [[rule]]
    id = 'us'
    channels = ['phone', 'text']
    citation = '47 CFR 64.1200(a)(10)'
    opt-out = { within = '10 business days', keeps = '60 months' }
    [[rule]]
    id = 'au'
    channels = ['email']
    opt-out = { within = '5 business days' }
    [[rule]]
    id = 'later'
    valid-from = '2027-01-31'
    opt-out = { within = '1 business day' }";

#[test]
fn an_opt_out_before_christmas_is_due_in_january_and_holds_at_once() {
    let out = story(NEW_YORK, OPT_OUTS).inquired("2026-12-01T10:00:00-05:00").then(
        "2026-12-18T15:00:00-05:00",
        "opted-out",
        "channels = ['text', 'email']",
    );
    for channel in [Text, Email] {
        out.is_barred_for_good("2026-12-18T15:00:01-05:00", channel, "refusal");
    }
    out.is_allowed("2026-12-18T15:00:01-05:00", Phone);
    let deadlines = out.deadlines();
    let [us, au] = deadlines.as_slice() else { panic!("{deadlines:?}") };
    assert_eq!((us.rule.to_string().as_str(), us.event.0), ("rule \"us\" (47 CFR 64.1200(a)(10))", 3));
    assert_eq!(us.received, at("2026-12-18T15:00:00-05:00"));
    // 21, 22, 23, 24, 28 December are five; 29, 30, 31 December, 4, 5 January five more. 25 December and 1 January
    // are holidays.
    assert_eq!(us.honour_by, Some(at("2027-01-05T15:00:00-05:00")));
    assert_eq!(us.keep_until, Some(at("2031-12-18T15:00:00-05:00")));
    assert_eq!((au.rule.rule.as_str(), au.keep_until), ("au", None));
    assert_eq!(au.honour_by, Some(at("2026-12-28T15:00:00-05:00")));
}

#[test]
fn an_opt_out_on_a_holiday_or_after_hours_counts_from_the_next_business_day() {
    let due = |when: &str| {
        let out = story(NEW_YORK, OPT_OUTS).then(when, "opted-out", "channels = ['email']");
        out.deadlines().first().unwrap().honour_by
    };
    // Friday 25 December: 28, 29, 30, 31 December, 4 January.
    assert_eq!(due("2026-12-25T10:00:00-05:00"), Some(at("2027-01-04T10:00:00-05:00")));
    // Thursday at eleven at night, which is Friday in UTC: 28, 29, 30, 31 December, 4 January; the 25th is none.
    assert_eq!(due("2026-12-24T23:00:00-05:00"), Some(at("2027-01-04T23:00:00-05:00")));
}

#[test]
fn what_they_declined_when_asked_has_no_deadline_and_a_suppression_has_one() {
    let denied = story(NEW_YORK, OPT_OUTS).then("2026-12-18T15:00:00-05:00", "denied", "channels = ['text']");
    assert!(denied.deadlines().is_empty());
    let suppressed = denied.then("2026-12-18T16:00:00-05:00", "suppressed", "reason = 'complaint'");
    assert_eq!(suppressed.deadlines().len(), 2);
}

// --- stop and start --------------------------------------------------------------------------------------------

#[test]
fn what_was_decided_a_second_before_a_stop_is_not_done_after_it() {
    let inquired = story(NEW_YORK, "").inquired("2026-03-02T10:00:00-05:00");
    inquired.does("2026-03-03T10:00:00-05:00", "inbound/mail 1 email");
    let out = inquired.then("2026-03-03T10:00:01-05:00", "opted-out", "");
    out.rests("2026-03-03T10:00:02-05:00", "opted-out");
}

#[test]
fn to_say_stop_twice_changes_nothing() {
    let once = story(NEW_YORK, "").inquired("2026-03-02T10:00:00-05:00").then(
        "2026-03-02T11:00:00-05:00",
        "opted-out",
        "",
    );
    once.rests("2026-03-09T10:00:00-05:00", "opted-out");
    let twice = once.then("2026-03-02T11:00:05-05:00", "opted-out", "");
    twice.rests("2026-03-09T10:00:00-05:00", "opted-out");
    let back = twice.granted("2026-03-02T12:00:00-05:00", "express", ", own-act = true");
    back.is_allowed_for_good("2026-03-09T10:00:00-05:00", Email);
}

#[test]
fn the_last_word_of_stop_and_start_counts() {
    let start = |story: Story, when| story.granted(when, "express", ", own-act = true");
    let stop = |story: Story, when| story.then(when, "opted-out", "channels = ['text']");
    let noon = "2026-03-02T12:00:00-05:00";
    let started = start(story(NEW_YORK, ""), "2026-03-02T10:00:00-05:00");
    started.is_allowed_for_good(noon, Text);
    let stopped = stop(started, "2026-03-02T10:01:00-05:00");
    stopped.is_barred_for_good(noon, Text, "refusal").is_allowed_for_good(noon, Phone);
    let started = start(stopped, "2026-03-02T10:02:00-05:00");
    started.is_allowed_for_good(noon, Text);
    stop(started, "2026-03-02T10:03:00-05:00").is_barred_for_good(noon, Text, "refusal");
}

#[test]
fn a_start_that_the_seller_brought_about_is_none() {
    story(NEW_YORK, "")
        .then("2026-03-02T10:00:00-05:00", "opted-out", "channels = ['text']")
        .granted("2026-03-02T10:02:00-05:00", "written", "")
        .is_barred_for_good("2026-03-02T12:00:00-05:00", Text, "refusal")
        .is_allowed("2026-03-02T12:00:00-05:00", Phone);
}

#[test]
fn to_stop_mails_does_not_stop_calls_but_where_a_rule_that_held_then_says_so() {
    // 47 CFR 64.1200(a)(10), of which that part waits for 31 January 2027.
    let rule = "[[rule]]
        id = 'revoke-all'
        channels = ['phone', 'email']
        valid-from = '2027-01-31'
        opt-out = { all-channels = true }";
    let stopped = |when| {
        let inquired = story(NEW_YORK, rule).inquired("2027-01-04T10:00:00-05:00");
        inquired.then(when, "opted-out", "channels = ['email']")
    };
    let day = "2027-02-10T10:00:00-05:00";
    let before = stopped("2027-01-30T23:59:59-05:00");
    before.is_barred_for_good(day, Email, "refusal").is_allowed(day, Phone).is_allowed(day, Text);
    let after = stopped("2027-01-31T00:00:00-05:00");
    after.is_barred_for_good(day, Email, "refusal").is_barred_for_good(day, Phone, "refusal");
    // Texts are no matter of that rule.
    after.is_allowed(day, Text);
    let back = after.then(
        "2027-02-09T10:00:00-05:00",
        "granted",
        "channels = ['email'], basis = 'express', own-act = true",
    );
    back.is_allowed(day, Email).is_allowed(day, Phone);
}

#[test]
fn an_opt_out_that_arrives_late_bars_what_was_open_and_a_late_return_opens_what_was_barred() {
    let inquired = story(NEW_YORK, "").inquired("2026-03-02T10:00:00-05:00");
    inquired.does("2026-03-03T10:00:00-05:00", "inbound/mail 1 email");
    let mut out =
        inquired.then("2026-03-03T10:00:00-05:00", "touched", "channel = 'email', act = 'inbound/mail'");
    let stop: followup::Event =
        serde_json::from_str(r#"{"id": 90, "at": "2026-03-02T18:00:00-05:00", "event": "opted-out"}"#)
            .unwrap();
    assert_eq!(out.history.record(stop.clone()).unwrap(), Recorded::Late);
    assert_eq!(out.history.record(stop).unwrap(), Recorded::Twice);
    out.rests("2026-03-05T10:00:00-05:00", "opted-out");
    // They had come back before the mail; that note came last of all.
    let mut back = out;
    let start: followup::Event = serde_json::from_str(
        r#"{"id": 91, "at": "2026-03-02T19:00:00-05:00", "event": "granted", "channels": ["email", "phone"],
            "basis": "express", "own-act": true}"#,
    )
    .unwrap();
    assert_eq!(back.history.record(start).unwrap(), Recorded::Late);
    back.does("2026-03-05T10:00:00-05:00", "inbound/call 1 phone");
}

#[test]
fn a_permission_from_before_an_opt_out_that_is_noted_after_it_opens_nothing() {
    let out = story(NEW_YORK, "").then("2026-03-02T10:00:00-05:00", "opted-out", "");
    let noted_late = out.granted("2026-03-01T10:00:00-05:00", "express", ", own-act = true");
    noted_late.is_barred_for_good("2026-03-03T10:00:00-05:00", Email, "refusal");
}

// --- confirming an opt-out -------------------------------------------------------------------------------------

const CONFIRMED: &str = "confirm-opt-out = { channels = ['text'], by = 'automatic' }
    [[rule]]
    id = 'day'
    channels = ['text']
    hours = { zone = 'prospect', week = { daily = ['08:00-21:00'] } }";

#[test]
fn an_opt_out_is_confirmed_once_within_five_minutes_and_where_it_was_said() {
    let out =
        story(NEW_YORK, CONFIRMED).then("2026-03-02T10:00:00-05:00", "opted-out", "channels = ['text']");
    out.does("2026-03-02T10:00:00-05:00", "confirm-opt-out 1 text");
    out.does("2026-03-02T10:04:59-05:00", "confirm-opt-out 1 text");
    out.rests("2026-03-02T10:05:00-05:00", "unstarted");
    let confirmed = "channel = 'text', act = 'confirm-opt-out', cause = 1";
    out.then("2026-03-02T10:00:10-05:00", "touched", confirmed)
        .rests("2026-03-02T10:00:20-05:00", "unstarted");
    // Said of e-mail, it is not confirmed by text; said of everything, it is.
    let stop = |fields| story(NEW_YORK, CONFIRMED).then("2026-03-02T10:00:00-05:00", "opted-out", fields);
    stop("channels = ['email']").rests("2026-03-02T10:00:10-05:00", "unstarted");
    stop("").does("2026-03-02T10:00:10-05:00", "confirm-opt-out 1 text");
}

#[test]
fn an_opt_out_at_night_is_not_confirmed_where_the_hours_forbid_it() {
    let stop = |when| story(NEW_YORK, CONFIRMED).then(when, "opted-out", "channels = ['text']");
    stop("2026-03-02T22:00:00-05:00").rests("2026-03-02T22:00:10-05:00", "unstarted");
    stop("2026-03-02T22:00:00-05:00").rests("2026-03-03T08:00:00-05:00", "unstarted");
    let evening = stop("2026-03-02T20:58:00-05:00");
    evening.does("2026-03-02T20:59:59-05:00", "confirm-opt-out 1 text");
    evening.rests("2026-03-02T21:00:00-05:00", "unstarted");
    let morning = stop("2026-03-02T07:57:00-05:00");
    morning.waits("2026-03-02T07:57:00-05:00", "confirm-opt-out 1 text", "2026-03-02T08:00:00-05:00");
    // Five minutes are over when it opens.
    stop("2026-03-02T07:55:00-05:00").rests("2026-03-02T07:55:00-05:00", "unstarted");
}

#[test]
fn a_confirmation_that_must_wait_does_not_keep_an_answer_waiting() {
    let morning = story(NEW_YORK, CONFIRMED)
        .then("2026-03-02T07:56:00-05:00", "inquired", "via = 'message', channel = 'email'")
        .then("2026-03-02T07:57:00-05:00", "opted-out", "channels = ['text']");
    morning.does("2026-03-02T07:57:00-05:00", "respond 1 email");
    let answered =
        morning.then("2026-03-02T07:58:00-05:00", "touched", "channel = 'email', act = 'respond', cause = 1");
    answered.waits("2026-03-02T07:58:00-05:00", "confirm-opt-out 2 text", "2026-03-02T08:00:00-05:00");
}

#[test]
fn a_stop_that_is_said_again_is_not_confirmed_again() {
    let confirmed = story(NEW_YORK, CONFIRMED)
        .then("2026-03-02T10:00:00-05:00", "opted-out", "channels = ['text']")
        .then("2026-03-02T10:00:10-05:00", "touched", "channel = 'text', act = 'confirm-opt-out', cause = 1")
        .then("2026-03-02T10:00:20-05:00", "opted-out", "channels = ['text']");
    confirmed.rests("2026-03-02T10:00:30-05:00", "unstarted");
    // Said twice before it was confirmed, it is confirmed as one, so that a store knows it by its key.
    let twice = story(NEW_YORK, CONFIRMED)
        .then("2026-03-02T10:00:00-05:00", "opted-out", "channels = ['text']")
        .then("2026-03-02T10:00:05-05:00", "opted-out", "channels = ['text']");
    twice.does("2026-03-02T10:00:10-05:00", "confirm-opt-out 1 text");
    // More than the first time is something new, but where they refused even answers before nothing is said.
    let wider = confirmed.then("2026-03-02T10:02:00-05:00", "opted-out", "");
    wider.rests("2026-03-02T10:02:10-05:00", "unstarted");
}

#[test]
fn an_opt_out_that_was_taken_back_is_not_confirmed() {
    let stopped =
        story(NEW_YORK, CONFIRMED).then("2026-03-02T10:00:00-05:00", "opted-out", "channels = ['text']");
    let back = stopped.granted("2026-03-02T10:01:00-05:00", "express", ", own-act = true");
    back.rests("2026-03-02T10:01:10-05:00", "no-sequence-opted-in");
    back.then("2026-03-02T10:02:00-05:00", "opted-out", "channels = ['text']")
        .does("2026-03-02T10:02:10-05:00", "confirm-opt-out 3 text");
}

#[test]
fn to_the_do_not_contact_list_nothing_is_confirmed() {
    let put =
        story(NEW_YORK, CONFIRMED).then("2026-03-02T10:00:00-05:00", "suppressed", "reason = 'complaint'");
    put.rests("2026-03-02T10:00:10-05:00", "unstarted");
    put.then("2026-03-02T10:00:20-05:00", "opted-out", "").rests("2026-03-02T10:00:30-05:00", "unstarted");
}

// --- registries ------------------------------------------------------------------------------------------------

const REGISTRY: &str = "[[rule]]
    id = 'dnc'
    channels = ['phone']
    citation = '16 CFR 310.4(b)'
    registry = { list-age = '31 full days', grace = '28 days', unless = ['express', 'purchase'] }
    terms = { purchase = '18 months' }";

fn screened(list: &str, listed: Option<&str>) -> String {
    let listed = listed.map(|listed| format!(", listed = '{listed}'")).unwrap_or_default();
    format!("channels = ['phone'], list = '{list}'{listed}")
}

#[test]
fn nobody_is_called_who_was_not_compared_with_a_list_of_at_most_31_days() {
    let inquired = story(NEW_YORK, REGISTRY).inquired("2026-03-02T10:00:00-05:00");
    inquired.is_barred_for_good("2026-03-03T10:00:00-05:00", Phone, "registry");
    inquired.is_allowed("2026-03-03T10:00:00-05:00", Email);
    let clear =
        inquired.then("2026-03-02T12:00:00-05:00", "screened", &screened("2026-03-01T00:00:00-05:00", None));
    // 1 April is 31 days after 1 March, and 2 April is 32.
    clear.is_allowed_until("2026-03-03T10:00:00-05:00", Phone, "2026-04-02T00:00:00-04:00");
    clear.is_allowed("2026-04-01T23:59:59-04:00", Phone);
    // It is the list that grows old, not the last time somebody looked.
    let looked_again =
        clear.then("2026-04-01T12:00:00-04:00", "screened", &screened("2026-03-01T00:00:00-05:00", None));
    looked_again.is_barred_for_good("2026-04-02T10:00:00-04:00", Phone, "registry");
}

#[test]
fn a_listing_binds_when_it_is_28_days_old() {
    let listed = story(NEW_YORK, REGISTRY).inquired("2026-03-02T10:00:00-05:00").then(
        "2026-03-15T12:00:00-04:00",
        "screened",
        &screened("2026-03-15T00:00:00-04:00", Some("2026-03-10T00:00:00-04:00")),
    );
    // 21 days are left of March: 6 April is the 27th day, 7 April the 28th.
    listed.is_allowed_until("2026-04-06T23:59:59-04:00", Phone, "2026-04-07T00:00:00-04:00");
    listed.is_barred_for_good("2026-04-07T00:00:00-04:00", Phone, "registry");
}

#[test]
fn an_express_permission_counts_more_than_a_listing_whichever_came_first() {
    let list = screened("2026-03-15T00:00:00-04:00", Some("2026-01-01T00:00:00-05:00"));
    let listed = |story: Story| story.then("2026-03-15T12:00:00-04:00", "screened", &list);
    let day = "2026-03-16T12:00:00-04:00";
    listed(story(NEW_YORK, REGISTRY).granted("2026-02-01T12:00:00-05:00", "express", ""))
        .is_allowed(day, Phone);
    listed(story(NEW_YORK, REGISTRY))
        .granted("2026-03-15T13:00:00-04:00", "express", "")
        .is_allowed_for_good(day, Phone);
    // A written one is not among what that rule wants.
    listed(story(NEW_YORK, REGISTRY).granted("2026-02-01T12:00:00-05:00", "written", ""))
        .is_barred_for_good(day, Phone, "registry");
    // Whoever was told to stop, stops, whatever the list says.
    let stopped = listed(story(NEW_YORK, REGISTRY).granted("2026-02-01T12:00:00-05:00", "express", "")).then(
        "2026-03-16T10:00:00-04:00",
        "opted-out",
        "channels = ['phone']",
    );
    stopped.is_barred_for_good(day, Phone, "refusal");
}

#[test]
fn a_purchase_counts_more_than_a_listing_for_as_long_as_the_rule_says() {
    let bought = story(NEW_YORK, REGISTRY).then("2026-03-02T10:00:00-05:00", "purchased", "").then(
        "2026-03-15T12:00:00-04:00",
        "screened",
        &screened("2026-03-15T00:00:00-04:00", Some("2026-01-01T00:00:00-05:00")),
    );
    // The playbook takes a purchase for two years, the rule for eighteen months.
    bought.is_allowed_until("2026-06-01T10:00:00-04:00", Phone, "2027-09-02T10:00:00-04:00");
    bought.is_barred_for_good("2027-09-02T10:00:00-04:00", Phone, "registry");
    // An inquiry is not among what that rule wants.
    let inquired = story(NEW_YORK, REGISTRY).inquired("2026-03-02T10:00:00-05:00");
    inquired.is_barred_for_good("2026-03-03T10:00:00-05:00", Phone, "registry");
}

#[test]
fn an_answer_needs_no_look_at_a_registry() {
    let called = story(NEW_YORK, REGISTRY).then(
        "2026-03-02T10:00:00-05:00",
        "inquired",
        "via = 'call', channel = 'phone'",
    );
    called.does("2026-03-02T10:00:00-05:00", "respond 1 phone");
}

/// A call that falls due on a Saturday, and must wait for Monday morning.
fn a_call_on_monday(list: &str, listed: Option<&str>) -> Story {
    let office = "
        [[rule]]
        id = 'office'
        channels = ['phone']
        hours = { zone = 'prospect', week = { mon-fri = ['09:00-17:00'] } }";
    story(NEW_YORK, &format!("ask-permission = {{ at-most = 0 }}\n{REGISTRY}{office}"))
        .inquired("2026-03-30T10:00:00-04:00")
        .then("2026-03-31T09:00:00-04:00", "screened", &screened(list, listed))
        .then("2026-04-02T18:00:00-04:00", "touched", "channel = 'email', act = 'inbound/mail', cause = 1")
}

#[test]
fn a_list_that_grows_old_before_the_hours_open_is_needed_for_then() {
    let fresh = a_call_on_monday("2026-03-06T00:00:00-05:00", None);
    fresh.waits("2026-04-04T18:00:00-04:00", "inbound/call 1 phone", "2026-04-06T09:00:00-04:00");
    // 31 days after 5 March is Sunday.
    let stale = a_call_on_monday("2026-03-05T00:00:00-05:00", None);
    let decision = stale.decision("2026-04-04T18:00:00-04:00");
    assert_eq!(*decision.verdict(), Verdict::Need(Need::Screening), "{}", decision.explanation());
}

#[test]
fn a_listing_that_binds_before_the_hours_open_is_no_matter_of_another_look() {
    // 28 days after 8 March is Sunday, after 10 March Tuesday.
    let binds = a_call_on_monday("2026-03-31T00:00:00-04:00", Some("2026-03-08T00:00:00-05:00"));
    binds.rests("2026-04-04T18:00:00-04:00", "registry");
    let not_yet = a_call_on_monday("2026-03-31T00:00:00-04:00", Some("2026-03-10T00:00:00-04:00"));
    not_yet.waits("2026-04-04T18:00:00-04:00", "inbound/call 1 phone", "2026-04-06T09:00:00-04:00");
    a_call_on_monday("2026-01-01T00:00:00-05:00", None).needs("2026-04-04T18:00:00-04:00", "screening");
}

// --- what a relation implies -----------------------------------------------------------------------------------

#[test]
fn a_newer_purchase_or_inquiry_begins_the_term_anew() {
    let first = story(BERLIN, "").inquired("2026-01-10T10:00:00+01:00");
    first.is_allowed_until("2026-02-01T10:00:00+01:00", Email, "2026-07-10T10:00:00+02:00");
    let again = first.inquired("2026-06-01T10:00:00+02:00");
    again.is_allowed_until("2026-06-02T10:00:00+02:00", Email, "2026-12-01T10:00:00+01:00");
    let bought = again.then("2026-06-10T10:00:00+02:00", "purchased", "");
    bought.is_allowed_until("2026-06-11T10:00:00+02:00", Email, "2028-06-10T10:00:00+02:00");
    let again = bought.then("2027-02-01T10:00:00+01:00", "purchased", "");
    again.is_allowed_until("2027-02-02T10:00:00+01:00", Email, "2029-02-01T10:00:00+01:00");
}

#[test]
fn a_relation_counts_as_long_as_the_playbook_says_and_under_a_rule_as_long_as_the_rule_says() {
    let rule = "implied = { inquiry = '12 months' }
        [[rule]]
        id = 'casl'
        channels = ['email']
        permission = { grounds = ['express', 'inquiry'] }
        terms = { inquiry = '6 months' }
        [[rule]]
        id = 'no-term'
        channels = ['text']
        permission = { grounds = ['inquiry'] }";
    let inquired = story(TORONTO, rule).inquired("2026-01-10T10:00:00-05:00");
    let day = "2026-02-01T10:00:00-05:00";
    inquired.is_allowed_until(day, Email, "2026-07-10T10:00:00-04:00");
    inquired.is_allowed_until(day, Phone, "2027-01-10T10:00:00-05:00");
    inquired.is_allowed_until(day, Text, "2027-01-10T10:00:00-05:00");
    // A rule's longer term does not stretch the playbook's.
    let longer = rule.replace("'12 months'", "'1 month'");
    let inquired = story(TORONTO, &longer).inquired("2026-01-10T10:00:00-05:00");
    inquired.is_allowed_until(day, Email, "2026-02-10T10:00:00-05:00");
}

#[test]
fn a_withdrawal_and_a_no_end_what_a_relation_implied() {
    let bought = || story(BERLIN, "").then("2026-03-02T10:00:00+01:00", "purchased", "");
    let day = "2026-03-04T10:00:00+01:00";
    bought()
        .then("2026-03-03T10:00:00+01:00", "opted-out", "channels = ['email']")
        .is_barred_for_good(day, Email, "refusal")
        .is_allowed(day, Phone);
    bought()
        .then("2026-03-03T10:00:00+01:00", "declined", "reason = 'no-need'")
        .is_barred_for_good(day, Email, "permission")
        .is_barred_for_good(day, Phone, "permission");
    // What they gave before in so many words a no to an offer leaves.
    let granted = bought().granted("2026-03-02T11:00:00+01:00", "express", "");
    granted.then("2026-03-03T10:00:00+01:00", "declined", "reason = 'no-need'").is_allowed(day, Email);
}

// --- which counts more -----------------------------------------------------------------------------------------

#[test]
fn suppressed_withdrawn_granted_implied_and_not_refused_count_in_this_order() {
    let day = "2026-12-01T10:00:00+01:00";
    let implied = story(BERLIN, "").inquired("2026-03-02T10:00:00+01:00");
    implied.is_barred_for_good(day, Email, "permission");
    // Granted counts more than implied and over.
    let granted = implied.granted("2026-03-03T10:00:00+01:00", "express", "");
    granted.is_allowed_for_good(day, Email);
    // Withdrawn counts more than granted, and a grant that they did not give themselves than nothing.
    let withdrawn = granted.then("2026-03-04T10:00:00+01:00", "opted-out", "");
    withdrawn.is_barred_for_good(day, Email, "refusal");
    let withdrawn = withdrawn.granted("2026-03-05T10:00:00+01:00", "express", "");
    withdrawn.rests(day, "opted-out");
    // Their own act counts more than their own word before.
    let back = withdrawn.granted("2026-03-06T10:00:00+01:00", "express", ", own-act = true");
    back.is_allowed_for_good(day, Email);
    let suppressed = back.then("2026-03-07T10:00:00+01:00", "suppressed", "reason = 'internal'");
    suppressed.is_barred_for_good(day, Email, "refusal").rests(day, "suppressed");
    // Where nothing is required, a refusal counts all the same.
    let anybody = "permission.follow-up.default = ['not-refused']";
    story(BERLIN, anybody).is_allowed_for_good(day, Email);
    story(BERLIN, anybody)
        .then("2026-03-04T10:00:00+01:00", "denied", "")
        .is_barred_for_good(day, Email, "refusal");
}

#[test]
fn only_a_permission_by_their_own_act_leads_off_the_do_not_contact_list() {
    let day = "2026-04-10T10:00:00+02:00";
    for reason in ["internal", "complaint", "deceased"] {
        let put = story(BERLIN, "").inquired("2026-03-02T10:00:00+01:00").then(
            "2026-03-03T10:00:00+01:00",
            "suppressed",
            &format!("reason = '{reason}'"),
        );
        put.rests("2026-03-10T10:00:00+01:00", "suppressed");
        // Not a grant that the seller noted, not a purchase, not an inquiry, not a conversation, not a release.
        let pressed = put
            .granted("2026-04-01T10:00:00+02:00", "written", "")
            .then("2026-04-02T10:00:00+02:00", "purchased", "")
            .inquired("2026-04-03T10:00:00+02:00")
            .then("2026-04-04T10:00:00+02:00", "met", "channel = 'phone'")
            .then("2026-04-05T10:00:00+02:00", "released", "");
        pressed.is_barred_for_good(day, Email, "refusal").is_barred_for_good(day, Phone, "refusal");
        let back = pressed.granted("2026-04-06T10:00:00+02:00", "express", ", own-act = true");
        back.is_allowed_for_good(day, Email);
    }
}

#[test]
fn a_dead_address_is_no_refusal_and_a_new_one_mends_it() {
    let dead = story(BERLIN, "").inquired("2026-03-02T10:00:00+01:00").then(
        "2026-03-03T09:00:00+01:00",
        "bounced",
        "channel = 'email', permanent = true",
    );
    let day = "2026-03-04T10:00:00+01:00";
    dead.is_barred_for_good(day, Email, "reach").is_allowed(day, Phone);
    // No permission of theirs makes it work.
    let granted = dead.granted("2026-03-03T10:00:00+01:00", "express", ", own-act = true");
    granted.is_barred_for_good(day, Email, "reach");
    let corrected = granted.then("2026-03-03T11:00:00+01:00", "corrected", "channel = 'email'");
    corrected.is_allowed_for_good(day, Email);
    // A new address does not make them willing.
    let out = corrected.then("2026-03-03T12:00:00+01:00", "opted-out", "channels = ['email']").then(
        "2026-03-03T13:00:00+01:00",
        "corrected",
        "channel = 'email'",
    );
    out.is_barred_for_good(day, Email, "refusal");
}

// --- asking ----------------------------------------------------------------------------------------------------

#[test]
fn asking_needs_a_permission_where_the_playbook_says_so() {
    let express = "permission.follow-up.default = ['express']\n";
    let inquired =
        |asking: &str| story(TORONTO, &format!("{express}{asking}")).inquired("2026-03-02T10:00:00-05:00");
    let day = "2026-03-02T10:01:00-05:00";
    inquired("").does(day, "ask-permission 1 phone");
    inquired("permission.asking.default = ['express']").rests(day, "permission");
    inquired("permission.asking.phone = ['express']").does(day, "ask-permission 1 email");
    // While the inquiry implies it, and no longer.
    let while_warm = inquired("permission.asking.default = ['inquiry']");
    while_warm.does("2026-09-02T09:59:59-04:00", "ask-permission 1 phone");
    while_warm.rests("2026-09-02T10:00:00-04:00", "permission");
}

#[test]
fn asking_needs_a_permission_where_a_rule_says_so_and_else_not() {
    let rule = |asking: bool| {
        let rule = format!(
            "[[rule]]
            id = 'casl'
            channels = ['email', 'text']
            permission = {{ grounds = ['express'], asking = {asking} }}
            [[rule]]
            id = 'calls'
            channels = ['phone']
            permission = {{ grounds = ['written'], asking = true }}"
        );
        story(TORONTO, &rule).inquired("2026-03-02T10:00:00-05:00")
    };
    // A call would need a written permission too, so it cannot ask for one.
    rule(false).does("2026-03-02T10:01:00-05:00", "ask-permission 1 email");
    rule(true).rests("2026-03-02T10:01:00-05:00", "permission");
    let granted =
        rule(true).granted("2026-03-02T10:00:30-05:00", "express", ", until = '2026-03-04T09:00:00-05:00'");
    granted.waits("2026-03-02T10:01:00-05:00", "inbound/mail 1 email", "2026-03-03T10:00:00-05:00");
}

// --- with whom a cap counts ------------------------------------------------------------------------------------

#[test]
fn a_cap_on_an_account_counts_the_colleagues_and_one_on_a_prospect_does_not() {
    let cap = |of: &str| {
        let rule = format!("[[rule]]\nid = 'cap'\ncap = {{ at-most = 2, per = '7 days', of = '{of}' }}");
        story(BERLIN, &rule)
            .inquired("2026-03-02T10:00:00+01:00")
            .then("2026-03-03T10:00:00+01:00", "colleague-touched", "channel = 'phone'")
            .approached("2026-03-04T10:00:00+01:00", Email)
    };
    let day = "2026-03-05T10:00:00+01:00";
    cap("account").is_barred_until(day, Phone, "cap", "2026-03-10T10:00:00+01:00");
    cap("prospect").is_allowed(day, Phone);
    cap("prospect").approached("2026-03-04T11:00:00+01:00", Phone).is_barred_until(
        day,
        Phone,
        "cap",
        "2026-03-11T10:00:00+01:00",
    );
}

#[test]
fn a_stop_ends_what_an_inquiry_implied_and_a_start_that_has_run_out_does_not_bring_it_back() {
    let inquired = story(NEW_YORK, "").inquired("2026-03-02T10:00:00-05:00");
    inquired.is_allowed("2026-03-20T10:00:00-04:00", Text);
    let stopped = inquired.then("2026-03-03T10:00:00-05:00", "opted-out", "");
    let week = ", own-act = true, until = 2026-03-10T10:00:00-04:00";
    let started = stopped.granted("2026-03-03T10:05:00-05:00", "express", week);
    started.is_allowed("2026-03-09T10:00:00-04:00", Text);
    started.is_barred_for_good("2026-03-20T10:00:00-04:00", Text, "permission");
    // They ask again: that implies anew.
    started.inquired("2026-03-19T10:00:00-04:00").is_allowed("2026-03-20T10:00:00-04:00", Text);
}

#[test]
fn a_stop_that_is_said_again_has_its_deadline_from_when_it_was_said_first() {
    let once =
        story(NEW_YORK, OPT_OUTS).then("2026-12-18T15:00:00-05:00", "opted-out", "channels = ['text']");
    let twice = once.then("2026-12-20T15:00:00-05:00", "opted-out", "channels = ['text']");
    let received: Vec<String> = twice.deadlines().iter().map(|one| one.received.to_string()).collect();
    assert_eq!(received, ["2026-12-18T20:00:00Z"]);
}

#[test]
fn a_rule_has_a_deadline_for_an_opt_out_of_its_last_day_and_none_for_one_of_the_day_after() {
    let rule = "[[rule]]
        id = 'old'
        valid-from = '2026-03-02'
        valid-until = '2026-03-05'
        opt-out = { within = '10 days' }";
    let deadlines = |when| story(NEW_YORK, rule).then(when, "opted-out", "").deadlines().len();
    assert_eq!(deadlines("2026-03-01T23:59:59-05:00"), 0);
    assert_eq!(deadlines("2026-03-02T00:00:00-05:00"), 1);
    assert_eq!(deadlines("2026-03-04T23:59:59-05:00"), 1);
    assert_eq!(deadlines("2026-03-05T00:00:00-05:00"), 0);
}

#[test]
fn a_start_that_has_run_out_leaves_nothing_even_where_nothing_is_required() {
    let free = story(NEW_YORK, "permission.follow-up.default = ['not-refused']");
    let stopped = free.then("2026-05-05T10:00:00-04:00", "opted-out", "");
    let until = ", own-act = true, until = 2026-05-08T10:00:00-04:00";
    // What the seller concludes by itself is no act of theirs.
    let concluded = stopped.granted("2026-05-05T10:02:00-04:00", "legitimate-interest", until);
    concluded.is_barred_for_good("2026-05-06T12:00:00-04:00", Text, "refusal");
    let started = concluded.granted("2026-05-05T10:05:00-04:00", "express", until);
    started.is_allowed_until("2026-05-06T12:00:00-04:00", Text, "2026-05-08T10:00:00-04:00");
    started.is_barred_for_good("2026-06-02T12:00:00-04:00", Text, "permission");
    started.inquired("2026-06-01T12:00:00-04:00").is_allowed("2026-06-02T12:00:00-04:00", Text);
}

#[test]
fn a_start_on_one_channel_counts_there_though_a_stop_on_another_counted_for_both() {
    let rule = "[[rule]]
        id = 'all'
        channels = ['phone', 'text']
        opt-out = { all-channels = true }";
    let stopped =
        story(NEW_YORK, rule).then("2027-02-01T10:00:00-05:00", "opted-out", "channels = ['phone']");
    stopped.is_barred_for_good("2027-02-02T12:00:00-05:00", Text, "refusal");
    let started = stopped.then(
        "2027-02-03T10:00:00-05:00",
        "granted",
        "channels = ['text'], basis = 'written', own-act = true",
    );
    started.is_allowed("2027-02-03T12:00:00-05:00", Text);
    started.is_barred_for_good("2027-02-03T12:00:00-05:00", Phone, "refusal");
}

#[test]
fn a_new_number_has_to_be_compared_with_the_registry_anew() {
    let rule = "permission.follow-up.default = ['not-refused']
        [[rule]]
        id = 'registry'
        registry = { list-age = '31 full days' }";
    let screened = story(NEW_YORK, rule).then(
        "2026-03-02T10:00:00-05:00",
        "screened",
        "channels = ['phone', 'text'], list = 2026-03-01T00:00:00Z",
    );
    let noon = "2026-03-03T12:00:00-05:00";
    screened.is_allowed(noon, Phone);
    let corrected = screened.then("2026-03-03T09:00:00-05:00", "corrected", "channel = 'phone'");
    corrected.is_barred_for_good(noon, Phone, "registry").is_allowed(noon, Text);
}
