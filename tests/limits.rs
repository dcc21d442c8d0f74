//! Scenarios of limits: gaps, caps, pauses, absences, holidays that run out, places without rules, whom a rule is for,
//! and until when a call is allowed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use followup::Channel::{Email, Phone, Post, Text};
use followup::{Executor, Need, Purpose, Rules, Verdict};

use story::{Story, at, story};

const BERLIN: &str = "Europe/Berlin";
const NEW_YORK: &str = "America/New_York";

fn rules(text: &str) -> Rules {
    toml::from_str(text).unwrap()
}

// --- gaps ------------------------------------------------------------------------------------------------------

#[test]
fn a_gap_is_kept_from_every_contact_and_by_no_answer() {
    let inquired = story(BERLIN, "limits = { gap = '2 days' }").inquired("2026-03-02T10:00:00+01:00");
    inquired.is_barred_until("2026-03-03T10:00:00+01:00", Phone, "gap", "2026-03-04T10:00:00+01:00");
    inquired.is_barred("2026-03-04T09:59:59+01:00", Phone, "gap");
    let answer =
        inquired.clearance_for("2026-03-02T10:01:00+01:00", Phone, Purpose::Answer, Executor::Person);
    assert!(answer.is_allowed(), "{answer}");
    // What did not get out, and a conversation, are no contact of the seller's.
    let failed = inquired
        .then("2026-03-04T10:00:00+01:00", "failed", "channel = 'phone', act = 'inbound/call', cause = 1")
        .then("2026-03-04T11:00:00+01:00", "met", "channel = 'phone'");
    failed.is_allowed("2026-03-04T12:00:00+01:00", Phone);
}

const GROWING: &str = "limits = { gap = ['1 day', '3 days', '1 week'] }";

/// An inquiry, then so many approaches at eleven, ten days apart, that they have not answered.
fn silent_for(approaches: usize) -> Story {
    let days = ["2026-03-10", "2026-03-20", "2026-03-30", "2026-04-09"];
    let inquired = story(BERLIN, GROWING).inquired("2026-03-01T10:00:00+01:00");
    days.iter()
        .take(approaches)
        .fold(inquired, |story, day| story.approached(&format!("{day}T09:00:00Z"), Phone))
}

#[test]
fn a_gap_grows_with_every_approach_that_they_have_not_answered() {
    for (approaches, last, opens) in [
        (0, "2026-03-01T10:00:00+01:00", "2026-03-02T10:00:00+01:00"),
        (1, "2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z"),
        (2, "2026-03-20T09:00:00Z", "2026-03-23T09:00:00Z"),
        // On the clock of Berlin, which had gone forward on the 29th.
        (3, "2026-03-30T09:00:00Z", "2026-04-06T09:00:00Z"),
        (4, "2026-04-09T09:00:00Z", "2026-04-16T09:00:00Z"),
    ] {
        silent_for(approaches).is_barred_until(last, Email, "gap", opens);
    }
}

#[test]
fn a_gap_is_the_first_again_when_they_were_heard_from() {
    let day = "2026-04-10T09:00:00Z";
    let heard = |event: &str, fields: &str| silent_for(3).then("2026-04-08T09:00:00Z", event, fields);
    let own_act = "channels = ['phone'], basis = 'express', own-act = true";
    for (event, fields) in [
        ("replied", "channel = 'email'"),
        ("met", "channel = 'phone'"),
        ("inquired", "via = 'call'"),
        ("purchased", ""),
        ("granted", own_act),
    ] {
        let heard = heard(event, fields).approached("2026-04-09T09:00:00Z", Phone);
        heard.is_barred_until("2026-04-09T10:00:00Z", Phone, "gap", day);
    }
    // What a machine said, what they clicked, what the seller noted is no word of theirs.
    for (event, fields) in [
        ("auto-replied", ""),
        ("engaged", "how = 'clicked'"),
        ("granted", "channels = ['phone'], basis = 'express'"),
        ("bounced", "channel = 'text', permanent = false"),
    ] {
        let silent = heard(event, fields).approached("2026-04-09T09:00:00Z", Phone);
        silent.is_barred_until("2026-04-09T10:00:00Z", Phone, "gap", "2026-04-16T09:00:00Z");
    }
}

// --- caps ------------------------------------------------------------------------------------------------------

#[test]
fn a_cap_over_all_channels_and_one_on_a_channel_count_apart() {
    let caps = "[[rule]]
        id = 'all'
        cap = { at-most = 3, per = '7 days' }
        [[rule]]
        id = 'calls'
        channels = ['phone']
        cap = { at-most = 1, per = '7 days' }";
    let once = story(BERLIN, caps)
        .inquired("2026-03-01T10:00:00+01:00")
        .approached("2026-03-02T10:00:00+01:00", Phone);
    let day = "2026-03-05T10:00:00+01:00";
    once.is_barred_until(day, Phone, "cap", "2026-03-09T10:00:00+01:00").is_allowed(day, Email);
    let thrice =
        once.approached("2026-03-03T10:00:00+01:00", Email).approached("2026-03-04T10:00:00+01:00", Text);
    thrice.is_barred_until(day, Email, "cap", "2026-03-09T10:00:00+01:00");
    // At the limit it is the third that waits; one less and it goes.
    let twice = story(BERLIN, caps)
        .inquired("2026-03-01T10:00:00+01:00")
        .approached("2026-03-03T10:00:00+01:00", Email)
        .approached("2026-03-04T10:00:00+01:00", Text);
    twice.is_allowed(day, Email);
    twice.approached(day, Email).is_barred("2026-03-05T10:00:01+01:00", Email, "cap");
}

#[test]
fn a_rolling_day_is_24_hours_and_a_calendar_day_ends_at_midnight() {
    let capped = |per: &str| {
        let cap =
            format!("[[rule]]\nid = 'cap'\nchannels = ['phone']\ncap = {{ at-most = 3, per = '{per}' }}");
        // Saturday; in that night the clock goes forward.
        story(NEW_YORK, &cap)
            .inquired("2026-03-02T10:00:00-05:00")
            .approached("2026-03-07T17:00:00-05:00", Phone)
            .approached("2026-03-07T17:10:00-05:00", Phone)
            .approached("2026-03-07T17:20:00-05:00", Phone)
    };
    let now = "2026-03-07T18:00:00-05:00";
    capped("24 hours").is_barred_until(now, Phone, "cap", "2026-03-08T18:00:00-04:00");
    capped("1 day").is_barred_until(now, Phone, "cap", "2026-03-08T17:00:00-04:00");
    capped("1 calendar day").is_barred_until(now, Phone, "cap", "2026-03-08T00:00:00-05:00");
}

#[test]
fn a_cap_on_conversations_counts_those_that_they_began_and_no_call_that_nobody_took() {
    let cap = "[[rule]]
        id = 'talks'
        channels = ['phone']
        cap = { at-most = 1, per = '7 calendar days', counts = 'conversations' }";
    let called = story(BERLIN, cap)
        .inquired("2026-03-02T10:00:00+01:00")
        .approached("2026-03-03T10:00:00+01:00", Phone)
        .approached("2026-03-03T11:00:00+01:00", Phone);
    called.is_allowed("2026-03-03T12:00:00+01:00", Phone);
    let talked = called
        .then("2026-03-04T10:00:00+01:00", "inquired", "via = 'call', channel = 'phone'")
        .then("2026-03-04T10:00:00+01:00", "met", "channel = 'phone'");
    talked.is_barred_until("2026-03-05T10:00:00+01:00", Phone, "cap", "2026-03-11T00:00:00+01:00");
}

#[test]
fn a_cap_holds_from_its_first_day_and_not_on_its_last() {
    let cap = "[[rule]]
        id = 'cap'
        valid-from = '2026-03-10'
        valid-until = '2026-03-20'
        cap = { at-most = 1, per = '30 days' }";
    let called = story(BERLIN, cap)
        .inquired("2026-03-02T10:00:00+01:00")
        .approached("2026-03-05T10:00:00+01:00", Phone);
    // What happened before it held counts too, once it does.
    called.is_allowed_until("2026-03-09T10:00:00+01:00", Phone, "2026-03-10T00:00:00+01:00");
    called.is_barred_until("2026-03-10T00:00:00+01:00", Phone, "cap", "2026-03-20T00:00:00+01:00");
}

// --- pauses ----------------------------------------------------------------------------------------------------

#[test]
fn a_rule_can_pause_after_each_kind_of_outcome_and_only_on_its_channels() {
    let pause = |after: &str| {
        format!(
            "[[rule]]\nid = 'pause'\nchannels = ['phone']\npause = {{ after = '{after}', lasts = '10 days' }}"
        )
    };
    let after = |outcome: &str, event: &str, fields: &str| {
        story(BERLIN, &pause(outcome))
            .inquired("2026-03-02T10:00:00+01:00")
            .granted("2026-03-02T11:00:00+01:00", "express", "")
            .then("2026-03-03T10:00:00+01:00", event, fields)
    };
    let (day, opens) = ("2026-03-04T10:00:00+01:00", "2026-03-13T10:00:00+01:00");
    for (outcome, event, fields) in [
        ("met", "met", "channel = 'phone'"),
        ("refused", "declined", "reason = 'no-budget'"),
        ("purchased", "purchased", ""),
    ] {
        let paused = after(outcome, event, fields);
        paused.is_barred_until(day, Phone, "cool-down", opens).is_allowed(day, Email);
    }
    // A meeting elsewhere is none on the phone, and another outcome is no reason.
    after("met", "met", "channel = 'in-person'").is_allowed(day, Phone);
    after("purchased", "met", "channel = 'phone'").is_allowed(day, Phone);
    // After annoyance the playbook's own pause holds on every channel besides: 30 days.
    let annoyed = after("annoyed", "annoyed", "");
    annoyed.is_barred_until(day, Email, "cool-down", "2026-04-02T10:00:00+02:00");
    let barred =
        annoyed.is_barred_until(day, Phone, "cool-down", "2026-04-02T10:00:00+02:00").clearance(day, Phone);
    let cited: Vec<&str> = barred.blockers()[0].rules.iter().map(|rule| rule.rule.as_str()).collect();
    assert_eq!(cited, ["pause", "cool-down"]);
}

// --- absences --------------------------------------------------------------------------------------------------

#[test]
fn while_the_seller_is_away_persons_wait_and_machines_go_on() {
    let away = "[[blackout]]
        id = 'summer'
        from = '2026-08-03'
        through = '2026-08-14'
        by = ['person']";
    let inquired = story(BERLIN, away).inquired("2026-08-01T10:00:00+02:00");
    inquired.does("2026-08-03T10:00:00+02:00", "inbound/mail 1 email");
    let mailed = inquired.then(
        "2026-08-03T10:00:00+02:00",
        "touched",
        "channel = 'email', act = 'inbound/mail', cause = 1",
    );
    mailed.waits("2026-08-05T10:00:00+02:00", "inbound/call 1 phone", "2026-08-15T00:00:00+02:00");
    // Persons answer nothing either.
    let wrote = mailed.then("2026-08-05T10:00:00+02:00", "replied", "channel = 'email'");
    wrote.waits("2026-08-05T10:00:00+02:00", "respond 4 email", "2026-08-15T00:00:00+02:00");
}

#[test]
fn the_days_of_an_absence_are_the_sellers_and_those_of_a_ban_the_prospects() {
    // Both of 3 and 4 August. In Auckland it is ten hours later than in Berlin.
    let days = "from = '2026-08-03'\nthrough = '2026-08-04'";
    let bare = |blackout: &str| {
        let from_berlin = format!("[[blackout]]\nid = 'days'\n{days}\n{blackout}");
        story(BERLIN, &from_berlin)
            .about_somebody_somewhere("zone = 'Pacific/Auckland'\nregion = 'NZ'")
            .inquired("2026-08-01T00:00:00Z")
    };
    bare("").is_allowed_until("2026-08-02T21:00:00Z", Phone, "2026-08-03T00:00:00+02:00");
    bare("").is_barred_until("2026-08-03T12:00:00Z", Phone, "hours", "2026-08-05T00:00:00+02:00");
    let ban = bare("regions = ['NZ']");
    ban.is_allowed_until("2026-08-02T11:00:00Z", Phone, "2026-08-03T00:00:00+12:00");
    ban.is_barred_until("2026-08-03T12:00:00Z", Phone, "hours", "2026-08-05T00:00:00+12:00");
    let elsewhere = bare("regions = ['AU']");
    elsewhere.is_allowed("2026-08-03T12:00:00Z", Phone);
}

// --- holidays that run out -------------------------------------------------------------------------------------

/// Calls go out on weekdays that are no federal holidays. The set that comes with the library ends with 2030.
const OFFICE: &str = "[[rule]]
    id = 'office'
    channels = ['phone']
    hours = { zone = 'seller', week = { mon-fri = ['09:00-17:00'] }, closed = ['us.federal'] }\n";

/// A call that falls due two days after a message.
fn a_call_after(mailed: &str, rules: &str) -> Story {
    let mail = "channel = 'email', act = 'inbound/mail', cause = 1";
    story(NEW_YORK, rules).inquired("2030-12-20T10:00:00-05:00").then(mailed, "touched", mail)
}

#[track_caller]
fn needs_holidays(story: &Story, now: &str) {
    let decision = story.decision(now);
    let Verdict::Need(Need::Holidays { set, through }) = decision.verdict() else {
        panic!("{}", decision.explanation())
    };
    assert_eq!((set.as_str(), through.to_string().as_str()), ("us.federal", "2030-12-31"));
}

const NEWER: &str = "[[holidays]]
    id = 'us.federal'
    from = '2030-01-01'
    through = '2031-12-31'
    days = ['2030-12-25', '2031-01-01']\n";

#[test]
fn after_the_last_known_day_newer_holidays_are_needed_and_either_way_to_have_them_mends_it() {
    // Tuesday 31 December 2030, after office hours.
    let call = || a_call_after("2030-12-29T18:00:00-05:00", OFFICE);
    let evening = "2030-12-31T18:00:00-05:00";
    needs_holidays(&call(), evening);
    // It is told before the call falls due, so that there is time.
    needs_holidays(&call(), "2030-12-30T10:00:00-05:00");
    call().is_allowed_until("2030-12-31T16:00:00-05:00", Phone, "2030-12-31T17:00:00-05:00");
    call().is_barred_for_good(evening, Phone, "hours").is_allowed(evening, Email);
    // Wednesday is New Year's Day.
    let (due, opens) = ("inbound/call 1 phone", "2031-01-02T09:00:00-05:00");
    call().with_rules(&rules(NEWER).over(&Rules::embedded())).waits(evening, due, opens);
    a_call_after("2030-12-29T18:00:00-05:00", &format!("{NEWER}{OFFICE}")).waits(evening, due, opens);
}

#[test]
fn where_business_days_are_not_known_any_more_nothing_is_begun_and_all_is_answered() {
    let days = "business-days = { days = ['mon-fri'], holidays = ['us.federal'] }\n";
    let call = a_call_after("2030-12-30T18:00:00-05:00", days);
    needs_holidays(&call, "2030-12-31T10:00:00-05:00");
    call.is_allowed_until("2030-12-31T10:00:00-05:00", Phone, "2031-01-01T00:00:00-05:00");
    let wrote = call.then("2031-01-05T10:00:00-05:00", "replied", "channel = 'email'");
    wrote.does("2031-01-05T10:00:00-05:00", "respond 4 email");
    let newer = a_call_after("2030-12-30T18:00:00-05:00", &format!("{days}{NEWER}"));
    newer.does("2031-01-01T18:00:00-05:00", "inbound/call 1 phone");
}

#[test]
fn holidays_that_run_out_before_another_limit_lets_go_are_needed() {
    // The cap lets go on Thursday 2 January.
    let cap = "[[rule]]\nid = 'cap'\nchannels = ['phone']\ncap = { at-most = 1, per = '7 days' }\n";
    let capped = a_call_after("2030-12-26T10:00:00-05:00", &format!("{OFFICE}{cap}")).then(
        "2030-12-26T11:00:00-05:00",
        "touched",
        "channel = 'phone', act = 'care/other', cause = 1",
    );
    needs_holidays(&capped, "2030-12-28T10:00:00-05:00");
    // The seller is back on Tuesday 7 January.
    let away = "[[blackout]]\nid = 'away'\nfrom = '2030-12-23'\nthrough = '2031-01-06'\n";
    let away = a_call_after("2030-12-22T10:00:00-05:00", &format!("{OFFICE}{away}"));
    needs_holidays(&away, "2030-12-24T10:00:00-05:00");
}

#[test]
fn hours_that_never_meet_are_not_mended_by_newer_holidays() {
    let never = "ask-permission = { at-most = 0 }
        business-days = { days = ['mon-fri'], holidays = ['us.federal'] }
        [[rule]]
        id = 'mondays'
        channels = ['phone']
        hours = { zone = 'seller', week = { mon = ['09:00-17:00'] }, closed = ['us.federal'] }
        [[rule]]
        id = 'tuesdays'
        channels = ['phone']
        hours = { zone = 'seller', week = { tue = ['09:00-17:00'] } }";
    a_call_after("2030-12-20T11:00:00-05:00", never).rests("2030-12-23T10:00:00-05:00", "hours");
}

#[test]
fn no_zone_is_asked_for_where_only_holidays_are_missing() {
    let days = "business-days = { days = ['mon-fri'], holidays = ['us.federal'] }\n";
    let call = a_call_after("2030-12-30T18:00:00-05:00", days).about_somebody_somewhere("");
    needs_holidays(&call, "2031-01-02T10:00:00-05:00");
}

// --- places without rules --------------------------------------------------------------------------------------

/// Florida is open from eight to eight; France not before ten, and not from one to two.
fn in_florida_and_france(elsewhere: &str, place: &str) -> Story {
    let rules = "
        [[rule]]
        id = 'fl'
        regions = ['US-FL']
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }
        [[rule]]
        id = 'fr'
        regions = ['FR']
        hours = { zone = 'prospect', week = { daily = ['10:00-13:00', '14:00-20:00'] } }";
    let uses = format!("contact-rules = {{ use = ['fl', 'fr'], elsewhere = '{elsewhere}' }}");
    let playbook: followup::PlaybookDraft =
        toml::from_str(&format!("name = 'a story'\nzone = '{NEW_YORK}'\n{uses}")).unwrap();
    let mut told = story(NEW_YORK, "").about(place).inquired("2026-03-02T10:00:00-05:00");
    told.playbook = playbook.build_with(&followup::Zones::embedded(), &self::rules(rules)).unwrap();
    told
}

const SIX: &str = "2026-03-03T06:00:00-05:00";
const NINE: &str = "2026-03-03T09:00:00-05:00";
const NOON: &str = "2026-03-03T12:00:00-05:00";
const NIGHT: &str = "2026-03-03T20:30:00-05:00";
const SOMEWHERE: &str = "";
const UNCOVERED: &str = "region = 'CA'";
const SEVERAL: &str = "regions = ['US-FL', 'CA']";
const WIDE: &str = "region = 'US'";
const FLORIDA: &str = "region = 'US-FL'";

#[test]
fn where_a_person_must_look_nobody_is_contacted_of_whom_the_rules_are_not_known() {
    for place in [SOMEWHERE, UNCOVERED, SEVERAL, WIDE] {
        let unknown = in_florida_and_france("need", place);
        unknown.is_barred_for_good(NOON, Email, "region");
    }
    let florida = in_florida_and_france("need", FLORIDA);
    florida.is_allowed_until(NINE, Email, "2026-03-03T20:00:00-05:00");
    // Within what is covered the union of the places' rules holds.
    let both = in_florida_and_france("need", "regions = ['US-FL', 'FR']");
    both.is_barred_until(NINE, Email, "hours", "2026-03-03T10:00:00-05:00");
    // Even who inquires waits: nobody knows yet what they may be sent.
    let inquired = in_florida_and_france("need", UNCOVERED).then(NOON, "replied", "channel = 'email'");
    inquired.needs(NOON, "region");
}

#[test]
fn where_the_strictest_counts_every_rule_holds_for_whoever_could_be_elsewhere() {
    for place in [SOMEWHERE, UNCOVERED, SEVERAL, WIDE] {
        let everything = in_florida_and_france("strictest", place);
        everything.is_barred_until(NINE, Email, "hours", "2026-03-03T10:00:00-05:00");
        everything.is_allowed_until(NOON, Email, "2026-03-03T13:00:00-05:00");
        everything.is_barred(NIGHT, Email, "hours");
    }
    in_florida_and_france("strictest", FLORIDA).is_allowed(NINE, Email).is_barred(NIGHT, Email, "hours");
}

#[test]
fn where_elsewhere_is_allowed_only_the_rules_of_where_they_could_be_hold() {
    in_florida_and_france("allow", UNCOVERED).is_allowed_until(SIX, Email, "2026-09-02T10:00:00-04:00");
    // Somebody of whom nothing is known could be anywhere.
    in_florida_and_france("allow", SOMEWHERE).is_barred(NINE, Email, "hours").is_allowed(NOON, Email);
    for place in [SEVERAL, WIDE, FLORIDA, "region = 'US-FL-MIAMI'"] {
        let florida = in_florida_and_france("allow", place);
        florida.is_barred(SIX, Email, "hours").is_allowed(NINE, Email).is_barred(NIGHT, Email, "hours");
    }
    in_florida_and_france("allow", "region = 'US-GA'").is_allowed(SIX, Email);
}

// --- whom a rule is for ----------------------------------------------------------------------------------------

#[test]
fn of_whom_it_is_not_known_as_what_they_are_contacted_the_rules_for_either_hold() {
    let rules = "[[rule]]
        id = 'private'
        recipients = ['consumer']
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }
        [[rule]]
        id = 'work'
        recipients = ['business']
        hours = { zone = 'prospect', week = { daily = ['06:00-18:00'] } }";
    let contacted = |fields: &str| story(NEW_YORK, rules).about(fields).inquired("2026-03-02T10:00:00-05:00");
    let evening = "2026-03-03T19:00:00-05:00";
    contacted("as = 'consumer'").is_barred(SIX, Email, "hours").is_allowed(evening, Email);
    contacted("as = 'business'").is_allowed(SIX, Email).is_barred(evening, Email, "hours");
    contacted("").is_barred(SIX, Email, "hours").is_allowed(NINE, Email).is_barred(evening, Email, "hours");
}

#[test]
fn a_rule_for_machines_leaves_persons_alone() {
    let rules = "[[rule]]
        id = 'machines'
        by = ['automatic']
        permission = { grounds = ['written'] }
        [[rule]]
        id = 'persons'
        by = ['person', 'delegate']
        channels = ['phone']
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }";
    let inquired = story(NEW_YORK, rules).inquired("2026-03-02T10:00:00-05:00");
    let by = |channel, by, at: &str| inquired.clearance_for(at, channel, Purpose::FollowUp, by).is_allowed();
    assert!(by(Phone, Executor::Person, NINE) && by(Phone, Executor::Delegate, NINE));
    assert!(!by(Phone, Executor::Automatic, NINE) && !by(Phone, Executor::Person, NIGHT));
    let written = inquired.granted("2026-03-02T11:00:00-05:00", "written", "");
    let machine = written.clearance_for(NIGHT, Phone, Purpose::FollowUp, Executor::Automatic);
    assert!(machine.is_allowed() && machine.closes().is_none(), "{machine}");
}

#[test]
fn a_permission_lifts_hours_and_they_hold_again_when_it_ends() {
    let hours = "[[rule]]
        id = 'day'
        channels = ['phone']
        unless = ['express']
        hours = { zone = 'prospect', week = { mon-fri = ['10:00-20:00'] } }";
    let granted = |until: &str| {
        let inquired = story(NEW_YORK, hours).inquired("2026-03-02T10:00:00-05:00");
        inquired.granted("2026-03-02T11:00:00-05:00", "express", until)
    };
    granted("").is_allowed_for_good(NIGHT, Phone);
    // It ends at night, and so do the calls; it ends by day, and they end in the evening.
    let by_night = granted(", until = '2026-03-05T22:00:00-05:00'");
    by_night.is_allowed_until(NIGHT, Phone, "2026-03-05T22:00:00-05:00");
    by_night.is_barred_until("2026-03-06T00:00:00-05:00", Phone, "hours", "2026-03-06T10:00:00-05:00");
    let by_day = granted(", until = '2026-03-05T12:00:00-05:00'");
    by_day.is_allowed_until(NIGHT, Phone, "2026-03-05T20:00:00-05:00");
    // Taken back, it lifts nothing any more; another channel's refusal leaves it.
    let day = "2026-03-03T21:00:00-05:00";
    granted("").then(NIGHT, "opted-out", "channels = ['email']").is_allowed(day, Phone);
    granted("").then(NIGHT, "opted-out", "channels = ['phone']").is_barred(day, Phone, "refusal");
}

#[test]
fn what_lifts_a_cap_or_a_pause_lifts_it_for_as_long_as_it_lasts() {
    let rules = "[[rule]]
        id = 'cap'
        unless = ['purchase']
        terms = { purchase = '5 days' }
        cap = { at-most = 1, per = '30 days' }
        [[rule]]
        id = 'pause'
        channels = ['phone']
        unless = ['express']
        pause = { after = 'met', lasts = '30 days' }";
    let called = story(BERLIN, rules)
        .then("2026-03-02T10:00:00+01:00", "purchased", "")
        .approached("2026-03-02T11:00:00+01:00", Phone);
    called.is_allowed_until("2026-03-03T10:00:00+01:00", Phone, "2026-03-07T10:00:00+01:00");
    called.is_barred_until("2026-03-07T10:00:00+01:00", Phone, "cap", "2026-04-01T11:00:00+02:00");
    let met = story(BERLIN, rules).then("2026-03-02T10:00:00+01:00", "met", "channel = 'phone'");
    met.is_barred_until("2026-03-03T10:00:00+01:00", Phone, "cool-down", "2026-04-01T10:00:00+02:00");
    let granted =
        met.granted("2026-03-02T11:00:00+01:00", "express", ", until = '2026-03-05T10:00:00+01:00'");
    granted.is_allowed_until("2026-03-03T10:00:00+01:00", Phone, "2026-03-05T10:00:00+01:00");
}

// --- versions --------------------------------------------------------------------------------------------------

#[test]
fn a_step_that_was_planned_before_a_change_keeps_to_what_holds_when_it_is_done() {
    let versions = "[[rule]]
        id = 'old'
        channels = ['phone']
        valid-until = '2026-08-11'
        hours = { zone = 'prospect', week = { daily = ['08:00-22:00'] } }
        [[rule]]
        id = 'new'
        channels = ['phone']
        valid-from = '2026-08-11'
        hours = { zone = 'prospect', week = { daily = ['10:00-20:00'] } }";
    let due = |mailed: &str| {
        let mail = "channel = 'email', act = 'inbound/mail', cause = 1";
        story("Europe/Paris", versions).inquired("2026-08-07T09:00:00+02:00").then(mailed, "touched", mail)
    };
    // Due on Monday the 10th at nine: what holds then opens at eight.
    due("2026-08-08T09:00:00+02:00").does("2026-08-10T09:00:00+02:00", "inbound/call 1 phone");
    // Due a day later; asked before the change, and on the day.
    let after = due("2026-08-09T09:00:00+02:00");
    for now in ["2026-08-09T10:00:00+02:00", "2026-08-11T09:00:00+02:00"] {
        after.waits(now, "inbound/call 1 phone", "2026-08-11T10:00:00+02:00");
    }
    // What could not go on Monday evening any more falls under the new version.
    let late = due("2026-08-08T22:30:00+02:00");
    late.waits("2026-08-10T22:30:00+02:00", "inbound/call 1 phone", "2026-08-11T10:00:00+02:00");
    late.is_allowed_until("2026-08-10T21:00:00+02:00", Phone, "2026-08-10T22:00:00+02:00");
    late.is_allowed_until("2026-08-11T11:00:00+02:00", Phone, "2026-08-11T20:00:00+02:00");
}

#[test]
fn from_the_day_on_which_a_law_wants_permission_an_inquiry_is_not_enough() {
    let rules = "contact-rules = { use = ['fr.optin'], elsewhere = 'allow' }";
    let inquired = story("Europe/Paris", rules)
        .about("region = 'FR'\nas = 'consumer'")
        .inquired("2026-08-05T10:00:00+02:00")
        .then("2026-08-09T10:00:00+02:00", "touched", "channel = 'email', act = 'inbound/mail', cause = 1");
    inquired.is_allowed_until("2026-08-10T09:00:00+02:00", Phone, "2026-08-11T00:00:00+02:00");
    inquired.is_allowed("2026-08-12T09:00:00+02:00", Email);
    // The call falls due on the 11th. An e-mail can ask; a call cannot.
    inquired.waits("2026-08-10T09:00:00+02:00", "ask-permission 1 email", "2026-08-11T00:00:00+02:00");
    // As work, not at home, they have another law.
    let at_work = inquired.about("region = 'FR'\nas = 'business'");
    at_work.does("2026-08-11T10:00:00+02:00", "inbound/call 1 phone");
}

// --- until when ------------------------------------------------------------------------------------------------

#[test]
fn a_clearance_says_until_when_whatever_it_is_that_ends() {
    let rules = "[[rule]]
        id = 'day'
        channels = ['phone']
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }
        [[rule]]
        id = 'list'
        channels = ['text']
        registry = { list-age = '10 days' }
        [[rule]]
        id = 'soon'
        channels = ['email']
        valid-from = '2026-04-01'
        permission = { grounds = ['written'] }";
    let inquired = story(NEW_YORK, rules).inquired("2026-03-02T10:00:00-05:00").then(
        "2026-03-02T11:00:00-05:00",
        "screened",
        "channels = ['text'], list = '2026-03-01T00:00:00-05:00'",
    );
    inquired.is_allowed_until(NINE, Phone, "2026-03-03T20:00:00-05:00");
    // Ten days on the clock of New York, which went forward meanwhile.
    inquired.is_allowed_until(NINE, Text, "2026-03-11T00:00:00-04:00");
    inquired.is_allowed_until(NINE, Email, "2026-04-01T00:00:00-04:00");
    let post = inquired.about("").clearance(NINE, Post).to_string();
    assert!(post.contains("no address or number"), "{post}");
    // The permission ends before the hours do.
    inquired_until_noon(rules).is_allowed_until(NINE, Phone, NOON);
}

fn inquired_until_noon(rules: &str) -> Story {
    let express = format!("permission.follow-up.default = ['express']\n{rules}");
    story(NEW_YORK, &express).granted("2026-03-02T10:00:00-05:00", "express", &format!(", until = '{NOON}'"))
}

#[test]
fn a_clearance_says_from_when_and_then_until_when_or_never() {
    let rules = "[[rule]]
        id = 'day'
        citation = 'a law'
        hours = { zone = 'prospect', week = { mon-fri = ['08:00-20:00'] } }";
    let inquired = story(NEW_YORK, rules).inquired("2026-03-02T10:00:00-05:00");
    // Friday at night: Monday at eight, on a clock that has gone forward, and then until eight.
    let friday = inquired.clearance("2026-03-06T21:00:00-05:00", Phone);
    assert!(!friday.is_allowed());
    assert_eq!(friday.opens(), Some(at("2026-03-09T08:00:00-04:00")));
    assert_eq!(friday.closes(), Some(at("2026-03-09T20:00:00-04:00")));
    assert_eq!(
        friday.to_string(),
        "not allowed before Mon 2026-03-09 08:00, until Mon 2026-03-09 20:00\n  \
         phone: closed by rule \"day\" (a law), until Mon 2026-03-09 08:00"
    );
    let out = inquired.then("2026-03-06T22:00:00-05:00", "opted-out", "channels = ['phone']");
    let never = out.clearance("2026-03-09T09:00:00-04:00", Phone);
    assert_eq!((never.is_allowed(), never.opens(), never.closes()), (false, None, None));
    assert_eq!(
        never.to_string(),
        "not allowed, and no time alone changes that\n  phone: they refused it (event 3)"
    );
    // The permission ends on Saturday, so the hours open too late.
    let until_saturday = inquired_until_saturday(rules);
    let too_late = until_saturday.clearance("2026-03-06T21:00:00-05:00", Phone);
    assert_eq!((too_late.opens(), too_late.closes()), (None, None), "{too_late}");
}

fn inquired_until_saturday(rules: &str) -> Story {
    let express = format!("permission.follow-up.default = ['express']\n{rules}");
    let until = ", until = '2026-03-07T12:00:00-05:00'";
    story(NEW_YORK, &express).granted("2026-03-02T10:00:00-05:00", "express", until)
}

// --- what is not to slip through -------------------------------------------------------------------------------

#[test]
fn to_name_one_state_does_not_take_care_of_another_that_the_same_country_brings_in() {
    let uses = |names: &str, elsewhere: &str| {
        format!(
            "permission.follow-up.default = ['not-refused']
            contact-rules = {{ use = {names}, elsewhere = '{elsewhere}' }}"
        )
    };
    let in_texas = |rules: &str| {
        story(NEW_YORK, rules).about("region = 'US-TX'").then(
            "2026-03-02T09:00:00-05:00",
            "screened",
            "channels = ['phone', 'email', 'text'], list = 2026-03-01T00:00:00Z",
        )
    };
    in_texas(&uses("['US-FL']", "need")).is_barred_for_good(NOON, Phone, "region");
    in_texas(&uses("['US-TX']", "need")).is_allowed(NOON, Phone);
    in_texas(&uses("['US']", "need")).is_allowed(NOON, Phone);
    // Florida closes at eight, Texas at nine: by the strictest both hold.
    in_texas(&uses("['US-FL']", "strictest")).is_barred(NIGHT, Phone, "hours");
    in_texas(&uses("['US-TX']", "strictest")).is_allowed(NIGHT, Phone);
}

#[test]
fn a_rule_that_a_host_misspells_is_a_fault_and_does_not_vanish() {
    let newer = rules(
        "[[rule]]
        id = 'us-fl.hours'
        regions = ['US/FL']
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }
        [[holidays]]
        id = 'twice'
        days = ['2026-12-25']
        [[holidays]]
        id = 'twice'
        days = ['2026-12-26']",
    );
    let draft: followup::PlaybookDraft = toml::from_str(
        "name = 'a story'
        zone = 'America/New_York'
        contact-rules = { use = ['US-FL'], elsewhere = 'need' }
        [[rule]]
        id = 'short'
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] }, short = [{ windows = [] }] }
        [[blackout]]
        id = 'emergency'
        from = '2026-03-01'
        through = '2026-03-09'
        regions = ['Louisiana', 'UK']",
    )
    .unwrap();
    let rules = newer.over(&Rules::embedded());
    let faults = draft.build_with(&followup::Zones::embedded(), &rules).unwrap_err().to_string();
    for fault in [
        "contact rule \"us-fl.hours\": \"US/FL\" is no region",
        "holidays \"twice\": \"twice\" stands twice",
        "rule \"short\": a short day names no holidays",
        "blackout \"emergency\": \"Louisiana\" is no region",
        "blackout \"emergency\": \"UK\" is no region; use an ISO 3166 code, such as \"FR\", \"GB\"",
    ] {
        assert!(faults.contains(fault), "{fault} is not in:\n{faults}");
    }
}

#[test]
fn what_the_history_knows_of_later_permits_nothing_before() {
    let may = story(NEW_YORK, "").granted("2026-05-05T10:00:00-04:00", "express", "");
    may.is_barred_until(NOON, Email, "", "2026-05-05T10:00:00-04:00");
}

#[test]
fn the_version_of_a_rule_is_that_of_the_first_place_where_it_could_be_that_day() {
    let rule = "permission.follow-up.default = ['not-refused']
        [[rule]]
        id = 'new'
        valid-from = '2026-08-11'
        permission = { grounds = ['express'] }";
    let nowhere = story("Pacific/Honolulu", rule).about_somebody_somewhere("");
    nowhere.is_allowed("2026-08-10T09:59:59Z", Phone);
    nowhere.is_barred_for_good("2026-08-10T10:00:00Z", Phone, "permission");
}

#[test]
fn hours_that_are_over_everywhere_bar_nobody_whose_zone_is_not_known() {
    let rule = "permission.follow-up.default = ['not-refused']
        [[rule]]
        id = 'old'
        valid-until = '2026-01-01'
        hours = { zone = 'prospect', week = { daily = ['08:00-20:00'] } }";
    let nowhere = story(NEW_YORK, rule).about_somebody_somewhere("");
    nowhere.is_barred("2026-01-01T11:59:59Z", Phone, "hours").is_allowed("2026-01-01T12:00:00Z", Phone);
}

#[test]
fn the_rule_that_closes_the_way_only_later_is_cited_too() {
    let rules = "permission.follow-up.default = ['express']
        [[rule]]
        id = 'a'
        hours = { zone = 'prospect', week = { mon-fri = ['09:00-17:00'] } }
        [[rule]]
        id = 'b'
        unless = ['written']
        hours = { zone = 'prospect', week = { mon-fri = ['11:00-17:00'] } }
        [[rule]]
        id = 'two'
        cap = { at-most = 1, per = '2 days' }
        [[rule]]
        id = 'ten'
        valid-from = '2026-03-16'
        cap = { at-most = 1, per = '10 days' }";
    let saturday = "2026-03-07T12:00:00-05:00";
    let lifted = story(NEW_YORK, rules).granted("2026-03-02T08:00:00-05:00", "express", "").granted(
        "2026-03-02T09:00:00-05:00",
        "written",
        ", until = 2026-03-08T00:00:00-05:00",
    );
    lifted.is_barred_until(saturday, Phone, "hours", "2026-03-09T11:00:00-04:00");
    let cited = |at: &str| {
        let clearance = lifted.clearance(at, Phone);
        let rules = clearance.blockers().iter().flat_map(|blocker| blocker.rules.clone());
        rules.map(|cited| cited.rule.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(cited(saturday), ["a", "b"]);
    let called = lifted.approached("2026-03-14T12:00:00-04:00", Phone);
    let clearance = called.clearance("2026-03-14T13:00:00-04:00", Phone);
    let cap = clearance.blockers().iter().find(|blocker| blocker.gate == followup::Gate::Cap).unwrap();
    let rules: Vec<String> = cap.rules.iter().map(|cited| cited.rule.to_string()).collect();
    assert_eq!(rules, ["two", "ten"]);
}

/// Fifty states lie in eight zones; Guam is a day ahead of them.
#[test]
fn of_whom_only_the_country_is_known_the_hours_of_all_its_zones_count() {
    const STATES: &str = "zones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', \
        'America/Los_Angeles', 'America/Anchorage', 'America/Adak', 'Pacific/Honolulu'";
    let hours = |window: &str| {
        format!(
            "permission.follow-up.default = ['not-refused']
            [[rule]]
            id = 'day'
            hours = {{ zone = 'prospect', week = {{ daily = ['{window}'] }} }}"
        )
    };
    let within = |window: &str, zones: &str, opens: &str, closes: &str| {
        let somewhere = story(NEW_YORK, &hours(window)).about_somebody_somewhere(zones);
        let before = at("2026-01-14T03:00:00Z").to_string();
        somewhere.is_barred_until(&before, Phone, "hours", opens).is_allowed_until(opens, Phone, closes);
    };
    within(
        "08:00-20:00",
        "zones = ['America/New_York', 'America/Chicago']",
        "2026-01-14T14:00:00Z",
        "2026-01-15T01:00:00Z",
    );
    within("08:00-21:00", &format!("{STATES}]"), "2026-01-14T18:00:00Z", "2026-01-15T02:00:00Z");
    within(
        "08:00-21:00",
        &format!("{STATES}, 'Pacific/Guam']"),
        "2026-01-14T22:00:00Z",
        "2026-01-15T02:00:00Z",
    );
}

#[test]
fn a_second_refusal_ends_no_pause_after_the_first_before_its_time() {
    let pause = "[[rule]]\nid = 'pause'\npause = { after = 'annoyed', lasts = '1 business day' }\n[limits]\ncool-down = '1 minute'\n";
    // A business day from Saturday afternoon is over on Monday afternoon, and one from Sunday morning in the morning.
    let story = story("Europe/Berlin", pause).inquired("2026-02-25T09:00:00+01:00");
    let story = story.then("2026-02-28T15:00:00+01:00", "annoyed", "");
    let story = story.then("2026-03-01T05:00:00+01:00", "annoyed", "");
    story.is_barred_until("2026-03-01T12:00:00+01:00", Email, "cool-down", "2026-03-02T15:00:00+01:00");
}
