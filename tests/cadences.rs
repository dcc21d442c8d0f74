//! The published cadences in `examples/cadences` build, and yield the days that their sources give.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use std::fs;
use std::path::Path;

use followup::{
    Assumption, Channels, Engagement, Event, EventId, EventKind, History, HoldReason, Instant, Party,
    Playbook, Prospect, Purposes, Reason, RefusalKind, Rest, Source, Verdict, Zones,
};

/// A playbook, somebody to whom it applies, and what has happened with them.
struct Given {
    playbook: Playbook,
    prospect: Prospect,
    zone: &'static str,
    history: History,
    now: Instant,
}

fn given(file: &str, zone: &'static str) -> Given {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/cadences").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let playbook = toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let prospect = Prospect::new("ada".parse().unwrap()).in_zone(zone.parse().unwrap());
    let prospect = prospect.reachable_by(Channels::ALL);
    Given { playbook, prospect, zone, history: History::new(), now: Instant::MIN }
}

impl Given {
    /// Something happens, and then it is that time.
    fn and(mut self, at: &str, kind: EventKind) -> Self {
        let at = at.parse().unwrap();
        let id = self.history.standing().last().map_or(1, |(id, _)| id.0 + 1);
        self.history.record(Event::new(id, at, kind)).unwrap();
        self.now = self.now.max(at);
        self
    }

    /// So many contacts are made as they fall due.
    fn done(mut self, contacts: usize) -> Self {
        for _ in 0..contacts {
            let standing = self.history.standing().clone();
            let plan = self.playbook.plan(&self.prospect, &standing, self.now, Assumption::Silence, 1);
            let entry = *plan.entries().first().unwrap();
            let id = standing.last().map_or(1, |(id, _)| id.0 + 1);
            self.history.record(entry.action.touched(id, entry.at)).unwrap();
            self.now = entry.at;
        }
        self
    }

    fn plan(&self, at_most: usize) -> (Vec<String>, Option<Verdict<'_>>) {
        let standing = self.history.standing();
        let plan = self.playbook.plan(&self.prospect, standing, self.now, Assumption::Silence, at_most);
        let zones = Zones::embedded();
        let zone = zones.get(self.zone).unwrap();
        let row = |entry: &followup::Entry<'_>| {
            let when = zone.local(entry.at).format("%a %Y-%m-%d %H:%M");
            format!("{when} {} {}", entry.action.channel(), entry.action.act())
        };
        (plan.entries().iter().map(row).collect(), plan.end().cloned())
    }

    /// In silence this comes, and then nothing more.
    #[track_caller]
    fn then(&self, rows: &[&str]) {
        let (planned, end) = self.plan(30);
        assert_eq!(planned, rows);
        assert_eq!(end, Some(Verdict::Rest(Rest::Finished)));
    }

    /// In silence this comes next, and more after it.
    #[track_caller]
    fn then_first(&self, rows: &[&str]) {
        let (planned, end) = self.plan(rows.len());
        assert_eq!(planned, rows);
        assert_eq!(end, None);
    }

    #[track_caller]
    fn then_rests(&self, rest: Rest) {
        assert_eq!(self.plan(1), (Vec::new(), Some(Verdict::Rest(rest))));
    }
}

#[test]
fn every_file_is_tested_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/cadences");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let mut files: Vec<String> =
        paths.map(|path| path.file_name().unwrap().to_str().unwrap().to_string()).collect();
    files.sort();
    let (test, example) = (include_str!("cadences.rs"), include_str!("../examples/cadences/main.rs"));
    for file in &files {
        assert!(test.contains(&format!("given(\"{file}\"")), "{file} has no test");
        assert!(example.contains(&format!("(\"{file}\")")), "{file} is not in the example");
    }
    assert_eq!(files.len(), 8);
}

#[test]
fn apollo_tier_1_on_days_1_1_4_4_7_10_23_and_25() {
    // The clocks change on 8 March; nine in the morning stays nine in the morning.
    given("apollo-tier-1.toml", "America/New_York").and("2026-03-02T09:00:00-05:00", EventKind::Added).then(
        &[
            "Mon 2026-03-02 09:00 email tier-1/opening",
            "Mon 2026-03-02 09:00 social tier-1/post",
            "Thu 2026-03-05 09:00 phone tier-1/call",
            "Thu 2026-03-05 09:00 social tier-1/connect",
            "Sun 2026-03-08 09:00 email tier-1/worth",
            "Wed 2026-03-11 09:00 post tier-1/gift",
            "Tue 2026-03-24 09:00 email tier-1/after-gift",
            "Thu 2026-03-26 09:00 phone tier-1/last-call",
        ],
    );
}

#[test]
fn pipedrive_basic_on_days_1_3_5_8_and_10() {
    given("pipedrive-basic.toml", "Europe/London").and("2026-03-02T10:00:00Z", EventKind::Added).then(&[
        "Mon 2026-03-02 10:00 email basic/intro",
        "Wed 2026-03-04 10:00 phone basic/call",
        "Fri 2026-03-06 10:00 social basic/connect",
        "Mon 2026-03-09 10:00 email basic/second-mail",
        "Wed 2026-03-11 10:00 phone basic/second-call",
    ]);
}

#[test]
fn illumen_enquiry_at_once_and_after_1_3_7_10_14_and_21_days() {
    let inquired = EventKind::Inquired { via: Source::Form, channel: None };
    let given = given("illumen-enquiry.toml", "Europe/London").and("2026-03-02T11:00:00Z", inquired);
    given.then(&[
        "Mon 2026-03-02 11:00 phone respond",
        "Tue 2026-03-03 11:00 email enquiry/answer",
        "Thu 2026-03-05 11:00 text enquiry/text",
        "Mon 2026-03-09 11:00 email enquiry/proof",
        "Thu 2026-03-12 11:00 phone enquiry/call",
        "Mon 2026-03-16 11:00 email enquiry/doubts",
        "Mon 2026-03-23 11:00 email enquiry/door-open",
    ]);
    // Never one channel twice running: the source's own last two touches break its rule, and no others.
    let (rows, _) = given.plan(30);
    let channel = |row: &String| row.split(' ').nth(3).unwrap().to_string();
    let twice: Vec<usize> =
        (1..rows.len()).filter(|nth| channel(&rows[nth - 1]) == channel(&rows[*nth])).collect();
    assert_eq!(twice, [6]);
}

#[test]
fn revenueboost_multi_channel_without_the_message_where_they_do_not_accept() {
    let given = given("revenueboost-multi-channel.toml", "Europe/Dublin");
    given.and("2026-03-02T09:00:00Z", EventKind::Added).then(&[
        "Mon 2026-03-02 09:00 email multi-channel/hook",
        "Wed 2026-03-04 09:00 social multi-channel/connect",
        "Fri 2026-03-06 09:00 email multi-channel/case",
        "Wed 2026-03-11 09:00 email multi-channel/new-angle",
        "Fri 2026-03-13 09:00 phone multi-channel/call",
        "Tue 2026-03-17 09:00 email multi-channel/reframe",
        "Sun 2026-03-22 09:00 email multi-channel/goodbye",
    ]);
}

#[test]
fn revenueboost_multi_channel_with_the_message_on_day_6_or_when_they_accept() {
    let accepted = || EventKind::Engaged { how: Engagement::Accepted };
    let given = || {
        given("revenueboost-multi-channel.toml", "Europe/Dublin")
            .and("2026-03-02T09:00:00Z", EventKind::Added)
    };
    let after = [
        "Wed 2026-03-11 09:00 email multi-channel/new-angle",
        "Fri 2026-03-13 09:00 phone multi-channel/call",
        "Tue 2026-03-17 09:00 email multi-channel/reframe",
        "Sun 2026-03-22 09:00 email multi-channel/goodbye",
    ];
    let early = [
        "Fri 2026-03-06 09:00 email multi-channel/case",
        "Sat 2026-03-07 09:00 social multi-channel/message",
    ];
    given().done(2).and("2026-03-05T20:00:00Z", accepted()).then(&[&early[..], &after].concat());
    let late = ["Mon 2026-03-09 14:30 social multi-channel/message"];
    given().done(3).and("2026-03-09T14:30:00Z", accepted()).then(&[&late[..], &after].concat());
    // Once the next step has been taken, its turn is over.
    given().done(4).and("2026-03-11T14:30:00Z", accepted()).then(&after[1..]);
}

/// The window of the file opens at the time of day at which they are enrolled here: see its comment.
#[test]
fn hubspot_sample_on_monday_thursday_and_from_sunday_on_monday() {
    given("hubspot-sample.toml", "America/New_York").and("2026-03-02T17:00:00-05:00", EventKind::Added).then(
        &[
            "Mon 2026-03-02 17:00 email sample/a",
            "Thu 2026-03-05 17:00 email sample/b",
            "Mon 2026-03-09 17:00 email sample/c",
        ],
    );
}

#[test]
fn outreach_schedule_from_sunday_to_monday_at_seven_and_three_days_from_there() {
    let given = given("outreach-schedule.toml", "America/Los_Angeles");
    given.and("2026-03-05T10:00:00-08:00", EventKind::Added).then(&[
        "Thu 2026-03-05 10:00 email scheduled/first",
        "Mon 2026-03-09 07:00 email scheduled/second",
        "Thu 2026-03-12 07:00 email scheduled/third",
    ]);
}

#[test]
fn solidgrowth_hubspot_on_business_days_1_3_5_and_8() {
    let given =
        || given("solidgrowth-hubspot.toml", "Europe/London").and("2026-03-02T09:30:00Z", EventKind::Added);
    given().then(&[
        "Mon 2026-03-02 09:30 email around-a-call/first-mail",
        "Wed 2026-03-04 09:30 phone around-a-call/call",
        "Fri 2026-03-06 09:30 email around-a-call/second-mail",
        "Wed 2026-03-11 09:30 email around-a-call/third-mail",
    ]);
    // The e-mails wait for the call.
    let call = "around-a-call/call".parse().unwrap();
    let called = EventKind::Touched {
        channel: followup::Channel::Phone,
        act: Some(call),
        cause: Some(EventId(1)),
        item: None,
        disposition: None,
    };
    given().done(1).and("2026-03-06T16:00:00Z", called).then(&[
        "Tue 2026-03-10 16:00 email around-a-call/second-mail",
        "Fri 2026-03-13 16:00 email around-a-call/third-mail",
    ]);
}

// --- B411: what comes next is what came of the last call --------------------------------------------------------

/// Added on Monday 2 March at nine in Chicago.
fn given_a_new_lead() -> Given {
    given("b411-setter.toml", "America/Chicago").and("2026-03-02T09:00:00-06:00", EventKind::Added)
}

#[test]
fn b411_a_new_lead_is_called_today_then_after_1_3_and_6_days_and_returns_after_30() {
    given_a_new_lead().then_first(&[
        "Mon 2026-03-02 09:00 phone new/call",
        "Tue 2026-03-03 09:00 phone new/attempt-1",
        "Fri 2026-03-06 09:00 phone new/attempt-2",
        "Thu 2026-03-12 09:00 phone new/attempt-3",
        "Sat 2026-04-11 09:00 phone new/call",
        "Sun 2026-04-12 09:00 phone new/attempt-1",
        "Wed 2026-04-15 09:00 phone new/attempt-2",
        "Tue 2026-04-21 09:00 phone new/attempt-3",
        "Thu 2026-05-21 09:00 phone new/call",
    ]);
}

#[test]
fn b411_nobody_calls_before_a_meeting_that_is_booked() {
    let booked = EventKind::Booked { meeting: "2026-03-10T14:00:00-05:00".parse().unwrap() };
    let given = given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", booked);
    given.then_first(&["Wed 2026-03-11 14:00 phone new/attempt-2"]);
}

#[test]
fn b411_whoever_does_not_come_is_called_after_1_2_and_4_days_and_is_new_after_30() {
    let booked = EventKind::Booked { meeting: "2026-03-10T14:00:00-05:00".parse().unwrap() };
    let given = given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", booked);
    let missed = given.and("2026-03-10T14:20:00-05:00", EventKind::NoShow);
    missed.then_first(&[
        "Wed 2026-03-11 14:20 phone recovery/attempt-1",
        "Fri 2026-03-13 14:20 phone recovery/attempt-2",
        "Tue 2026-03-17 14:20 phone recovery/attempt-3",
        "Thu 2026-04-16 14:20 phone new/call",
        "Fri 2026-04-17 14:20 phone new/attempt-1",
    ]);
    // Found on the phone, they agree on another meeting, and miss that too.
    let again = EventKind::Booked { meeting: "2026-03-16T10:00:00-05:00".parse().unwrap() };
    let missed = missed.done(1).and("2026-03-11T14:30:00-05:00", again);
    let missed = missed.and("2026-03-16T10:15:00-05:00", EventKind::NoShow);
    missed.then_first(&["Tue 2026-03-17 10:15 phone recovery/attempt-1"]);
}

/// A callback is a promise: it is kept when they said, whatever the attempts say, and these go on after it.
#[test]
fn b411_a_callback_is_made_when_they_said() {
    let due = "2026-03-05T16:45:00-06:00".parse().unwrap();
    let callback = EventKind::Promised { by: Party::Us, due, about: None };
    let given = given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", callback);
    given
        .then_first(&["Thu 2026-03-05 16:45 phone keep-promise", "Sun 2026-03-08 16:45 phone new/attempt-2"]);
}

#[test]
fn b411_a_soft_no_is_left_alone_for_30_days() {
    let until = Some("2026-04-02T09:05:00-05:00".parse().unwrap());
    let soft_no = EventKind::Held { until, reason: HoldReason::NotNow, despite_reply: false };
    let given = given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", soft_no);
    given.then_first(&[
        "Thu 2026-04-02 09:05 phone new/attempt-2",
        "Wed 2026-04-08 09:05 phone new/attempt-3",
    ]);
}

#[test]
fn b411_a_firm_no_a_disqualification_and_do_not_contact_end_it() {
    let after_two_calls = |kind| given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", kind);
    let reason = Reason::NotInterested;
    after_two_calls(EventKind::Declined { reason }).then_rests(Rest::Declined(reason));
    let reason = Reason::NotEligible;
    after_two_calls(EventKind::Disqualified { reason }).then_rests(Rest::Disqualified(reason));
    let opted_out = EventKind::OptedOut { channels: Channels::ALL, purposes: Purposes::ALL };
    after_two_calls(opted_out).then_rests(Rest::Refused(RefusalKind::OptedOut));
}
