//! The published cadences in `examples/cadences` build, and yield the days that their sources give.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use std::fs;
use std::path::Path;

use followup::{
    Assumption, Channel, Channels, Disposition, Engagement, Event, EventId, EventKind, History, HoldReason,
    Instant, Lint, Need, Playbook, Prospect, Purposes, Reason, RefusalKind, Rest, Sign, Source, Trigger,
    Verdict, Zones,
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
            self = self.next(None);
        }
        self
    }

    /// The next contact is made as it falls due, and that comes of it.
    fn disposed(self, disposition: Disposition) -> Self {
        self.next(Some(disposition))
    }

    fn next(mut self, disposition: Option<Disposition>) -> Self {
        let standing = self.history.standing().clone();
        let plan = self.playbook.plan(&self.prospect, &standing, self.now, Assumption::Silence, 1);
        let entry = *plan.entries().first().unwrap();
        let id = standing.last().map_or(1, |(id, _)| id.0 + 1);
        let done = match disposition {
            Some(disposition) => entry.action.disposed(id, entry.at, disposition),
            None => entry.action.touched(id, entry.at),
        };
        self.history.record(done).unwrap();
        self.now = entry.at;
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
        self.then_rests_after(rows, Rest::Finished);
    }

    /// In silence this comes, and then nothing more, for that reason.
    #[track_caller]
    fn then_rests_after(&self, rows: &[&str], rest: Rest) {
        let (planned, end) = self.plan(30);
        assert_eq!(planned, rows);
        assert_eq!(end, Some(Verdict::Rest(rest)));
    }

    /// In silence this comes next, and more after it.
    #[track_caller]
    fn then_first(&self, rows: &[&str]) {
        let (planned, end) = self.plan(rows.len());
        assert_eq!(planned, rows);
        assert_eq!(end, None);
    }

    /// Nothing more comes before they meet, and then somebody says what came of it.
    #[track_caller]
    fn meets_at(&self, meeting: Instant) {
        self.then_rests_after(&[], Rest::Agreed { meeting });
        let decision = self.playbook.decide(&self.prospect, self.history.standing(), meeting);
        assert_eq!(*decision.verdict(), Verdict::Need(Need::Outcome { meeting }));
    }

    #[track_caller]
    fn then_rests(&self, rest: Rest) {
        self.then_rests_after(&[], rest);
    }
}

fn accepted() -> EventKind {
    EventKind::Engaged { how: Engagement::Accepted }
}

fn replied(channel: Channel) -> EventKind {
    EventKind::Replied { channel }
}

fn enrolled(sequence: &str) -> EventKind {
    EventKind::Enrolled { sequence: sequence.parse().unwrap(), from: None }
}

fn booked(meeting: &str) -> EventKind {
    EventKind::Booked { meeting: meeting.parse().unwrap() }
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
    assert_eq!(files.len(), 13);
}

/// What is unwise in the others is as published.
#[test]
fn the_files_give_no_warning_but_those_that_they_explain() {
    let lints = |file: &str| {
        let warnings = given(file, "Europe/London").playbook.warnings();
        warnings.iter().map(|warning| warning.lint).collect::<Vec<_>>()
    };
    for file in [
        "apollo-tier-1.toml",
        "illumen-enquiry.toml",
        "impact-new-donor.toml",
        "pipedrive-basic.toml",
        "realfast-8x8.toml",
        "revenueboost-multi-channel.toml",
        "winsabove-outbound.toml",
    ] {
        assert_eq!(lints(file), [], "{file}");
    }
    // Whoever is sent an estimate, or starts in five days, is enrolled.
    assert_eq!(lints("serviceoperator-estimate.toml"), [Lint::NeverStarts]);
    assert_eq!(lints("laceyspeaks-first-day.toml"), [Lint::NeverStarts]);
    // Calls alone, three e-mails, three e-mails and a call: as published.
    assert_eq!(lints("b411-setter.toml"), [Lint::OneChannel, Lint::OneChannel]);
    assert_eq!(lints("hubspot-sample.toml"), [Lint::TooFewTouches, Lint::TooFewTouches, Lint::OneChannel]);
    assert_eq!(lints("outreach-schedule.toml"), [Lint::TooFewTouches, Lint::TooFewTouches, Lint::OneChannel]);
    assert_eq!(lints("solidgrowth-hubspot.toml"), [Lint::TooFewTouches, Lint::TooFewTouches]);
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
fn apollo_tier_1_invites_nobody_who_is_connected_already() {
    let given = given("apollo-tier-1.toml", "America/New_York").and("2025-11-20T12:00:00-05:00", accepted());
    given.and("2026-03-02T09:00:00-05:00", EventKind::Added).done(3).then(&[
        "Sun 2026-03-08 09:00 email tier-1/worth",
        "Wed 2026-03-11 09:00 post tier-1/gift",
        "Tue 2026-03-24 09:00 email tier-1/after-gift",
        "Thu 2026-03-26 09:00 phone tier-1/last-call",
    ]);
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
fn illumen_enquiry_after_a_voicemail_by_mail_the_next_day_and_after_a_talk_with_a_recap_instead() {
    let inquired = || EventKind::Inquired { via: Source::Form, channel: None };
    let given = || given("illumen-enquiry.toml", "Europe/London").and("2026-03-02T11:00:00Z", inquired());
    let later = [
        "Thu 2026-03-05 11:00 text enquiry/text",
        "Mon 2026-03-09 11:00 email enquiry/proof",
        "Thu 2026-03-12 11:00 phone enquiry/call",
        "Mon 2026-03-16 11:00 email enquiry/doubts",
        "Mon 2026-03-23 11:00 email enquiry/door-open",
    ];
    let mail = ["Tue 2026-03-03 11:00 email enquiry/answer"];
    given().disposed(Disposition::Voicemail).then(&[&mail[..], &later].concat());
    let at_once = ["Mon 2026-03-02 11:00 email respond"];
    given().disposed(Disposition::NoAnswer).then(&[&at_once[..], &mail, &later].concat());
    let recap = ["Mon 2026-03-02 11:12 email recap"];
    let met = EventKind::Met { channel: Channel::Phone };
    let talked = given().disposed(Disposition::Connected).and("2026-03-02T11:12:00Z", met);
    talked.then(&[&recap[..], &later].concat());
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

#[test]
fn revenueboost_multi_channel_without_the_invitation_where_they_are_connected_already() {
    let given = given("revenueboost-multi-channel.toml", "Europe/Dublin");
    given.and("2025-06-02T09:00:00Z", accepted()).and("2026-03-02T09:00:00Z", EventKind::Added).then(&[
        "Mon 2026-03-02 09:00 email multi-channel/hook",
        "Fri 2026-03-06 09:00 email multi-channel/case",
        "Sat 2026-03-07 09:00 social multi-channel/message",
        "Wed 2026-03-11 09:00 email multi-channel/new-angle",
        "Fri 2026-03-13 09:00 phone multi-channel/call",
        "Tue 2026-03-17 09:00 email multi-channel/reframe",
        "Sun 2026-03-22 09:00 email multi-channel/goodbye",
    ]);
}

#[test]
fn hubspot_sample_on_monday_thursday_and_from_sunday_on_monday() {
    given("hubspot-sample.toml", "America/New_York").and("2026-03-02T17:00:00-05:00", EventKind::Added).then(
        &[
            "Mon 2026-03-02 17:00 email sample/a",
            "Thu 2026-03-05 17:00 email sample/b",
            "Mon 2026-03-09 17:00 email sample/c",
        ],
    );
    // Who is enrolled in the morning is written to in the morning.
    given("hubspot-sample.toml", "America/New_York").and("2026-03-02T09:40:00-05:00", EventKind::Added).then(
        &[
            "Mon 2026-03-02 09:40 email sample/a",
            "Thu 2026-03-05 09:40 email sample/b",
            "Mon 2026-03-09 09:40 email sample/c",
        ],
    );
}

#[test]
fn hubspot_sample_on_a_saturday_for_whoever_is_enrolled_on_one_and_no_more_after_a_reply() {
    let given = given("hubspot-sample.toml", "America/New_York");
    let given = given.and("2026-03-14T17:00:00-04:00", EventKind::Added);
    given.then(&[
        "Sat 2026-03-14 17:00 email sample/a",
        "Tue 2026-03-17 17:00 email sample/b",
        "Fri 2026-03-20 17:00 email sample/c",
    ]);
    let given = given.done(1).and("2026-03-15T20:00:00-04:00", replied(Channel::Email));
    given.then_rests_after(&["Sun 2026-03-15 20:00 email respond"], Rest::Reached(Sign::Replied));
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
        channel: Channel::Phone,
        act: Some(call),
        cause: Some(EventId(1)),
        item: None,
        disposition: None,
    };
    given().done(1).and("2026-03-06T16:00:00Z", called).then(&[
        "Tue 2026-03-10 16:00 email around-a-call/second-mail",
        "Fri 2026-03-13 16:00 email around-a-call/third-mail",
    ]);
    // A reply ends it, and so does a meeting.
    let replied = given().done(1).and("2026-03-03T08:00:00Z", replied(Channel::Email));
    replied.then_rests_after(&["Tue 2026-03-03 08:00 email respond"], Rest::Reached(Sign::Replied));
    let booked = given().done(2).and("2026-03-04T09:40:00Z", booked("2026-03-12T10:00:00Z"));
    let meeting = "2026-03-12T10:00:00Z".parse().unwrap();
    booked.meets_at(meeting);
}

// --- An estimate: The Service Operator ---------------------------------------------------------------------------

#[test]
fn serviceoperator_estimate_at_once_after_24_and_72_hours_and_on_days_7_and_14_but_not_on_a_sunday() {
    let given = |at| given("serviceoperator-estimate.toml", "America/Chicago").and(at, enrolled("estimate"));
    given("2026-03-03T16:00:00-06:00").then(&[
        "Tue 2026-03-03 16:00 text estimate/it-is-out",
        "Wed 2026-03-04 16:00 text estimate/unclear",
        "Fri 2026-03-06 16:00 text estimate/two-times",
        "Tue 2026-03-10 16:00 phone estimate/call",
        "Tue 2026-03-10 16:00 text estimate/link",
        "Tue 2026-03-17 16:00 text estimate/close",
    ]);
    // From a Thursday the third text falls on a Sunday. What comes later keeps its day.
    given("2026-03-05T16:00:00-06:00").then(&[
        "Thu 2026-03-05 16:00 text estimate/it-is-out",
        "Fri 2026-03-06 16:00 text estimate/unclear",
        "Mon 2026-03-09 08:00 text estimate/two-times",
        "Thu 2026-03-12 16:00 phone estimate/call",
        "Thu 2026-03-12 16:00 text estimate/link",
        "Thu 2026-03-19 16:00 text estimate/close",
    ]);
    // Whoever says yes hears no more of it.
    let bought =
        given("2026-03-05T16:00:00-06:00").done(2).and("2026-03-07T10:00:00-06:00", EventKind::Purchased);
    bought.then_rests(Rest::NoSequence(Trigger::Purchased));
}

// --- Somebody they have met: 8 x 8 -------------------------------------------------------------------------------

#[test]
fn realfast_8x8_once_a_week_for_eight_weeks_by_post_and_in_weeks_4_and_8_by_phone() {
    let met = EventKind::Met { channel: Channel::InPerson };
    given("realfast-8x8.toml", "America/New_York").and("2026-03-03T11:00:00-05:00", met).then(&[
        "Tue 2026-03-03 11:00 post recap",
        "Tue 2026-03-10 11:00 post eight/prices",
        "Tue 2026-03-17 11:00 post eight/sold",
        "Tue 2026-03-24 11:00 phone eight/have-you-read",
        "Tue 2026-03-31 11:00 post eight/report",
        "Tue 2026-04-07 11:00 post eight/advice",
        "Tue 2026-04-14 11:00 post eight/to-keep",
        "Tue 2026-04-21 11:00 phone eight/a-name",
    ]);
}

// --- A yes to an offer of a job: Lacey Speaks --------------------------------------------------------------------

#[test]
fn laceyspeaks_first_day_every_other_day_by_phone_or_mail_until_the_checks_are_through() {
    let given = given("laceyspeaks-first-day.toml", "America/New_York");
    given.and("2026-03-02T09:00:00-05:00", EventKind::Purchased).then_first(&[
        "Tue 2026-03-03 09:00 phone checks/news",
        "Thu 2026-03-05 09:00 phone checks/news",
        "Sat 2026-03-07 09:00 email checks/news",
        "Mon 2026-03-09 09:00 phone checks/news",
        "Wed 2026-03-11 09:00 phone checks/news",
        "Fri 2026-03-13 09:00 email checks/news",
    ]);
}

/// Their first day is a Saturday.
fn begins_on_14_march() -> Given {
    let mut given = given("laceyspeaks-first-day.toml", "America/New_York");
    given.prospect = given.prospect.on_date("first-day".parse().unwrap(), "2026-03-14".parse().unwrap());
    given
}

#[test]
fn laceyspeaks_first_day_five_four_three_two_days_and_one_day_before_it() {
    let given = || {
        let signed = begins_on_14_march().and("2026-03-02T09:00:00-05:00", EventKind::Purchased).done(2);
        signed.and("2026-03-06T15:00:00-05:00", enrolled("first-day"))
    };
    let rows = [
        "Mon 2026-03-09 09:00 email first-day/benefits",
        "Tue 2026-03-10 09:00 text first-day/did-it-come",
        "Wed 2026-03-11 09:00 phone first-day/manager",
        "Thu 2026-03-12 09:00 phone first-day/to-bring",
        "Fri 2026-03-13 09:00 text first-day/tomorrow",
    ];
    given().then(&rows);
    // They say that it came.
    let thanked = given().done(1).and("2026-03-09T12:00:00-04:00", replied(Channel::Email));
    thanked.then(&[&["Mon 2026-03-09 12:00 email respond"], &rows[2..]].concat());
    // They take it back.
    given().done(1).and("2026-03-09T12:00:00-04:00", EventKind::Unenrolled).then_rests(Rest::Unenrolled);
    // Nobody was at work on Tuesday and Wednesday: nothing is made up on Thursday.
    let mut late = given().done(1);
    late.now = "2026-03-12T09:30:00-04:00".parse().unwrap();
    late.then(&["Thu 2026-03-12 09:30 phone first-day/to-bring", rows[4]]);
    // Who signs three days before gets what still fits.
    let given = begins_on_14_march().and("2026-03-11T10:00:00-04:00", enrolled("first-day"));
    given.then(&["Wed 2026-03-11 10:00 phone first-day/manager", rows[3], rows[4]]);
}

// --- Software for firms: WinsAbove -------------------------------------------------------------------------------

#[test]
fn winsabove_outbound_on_days_1_1_3_5_8_10_13_and_15() {
    let given = given("winsabove-outbound.toml", "America/Denver");
    let given = given.and("2026-03-02T09:00:00-07:00", EventKind::Added);
    given.then(&[
        "Mon 2026-03-02 09:00 email outbound/first-mail",
        "Mon 2026-03-02 09:00 phone outbound/first-call",
        "Wed 2026-03-04 09:00 email outbound/second-mail",
        "Fri 2026-03-06 09:00 phone outbound/second-call",
        "Mon 2026-03-09 09:00 email outbound/third-mail",
        "Wed 2026-03-11 09:00 phone outbound/third-call",
        "Sat 2026-03-14 09:00 social outbound/message",
        "Mon 2026-03-16 09:00 email outbound/last-mail",
    ]);
    // Two touches were made by hand today: the third waits for tomorrow.
    let by_hand = || EventKind::Touched {
        channel: Channel::Social,
        act: None,
        cause: None,
        item: None,
        disposition: None,
    };
    let busy = given.done(2).and("2026-03-04T08:00:00-07:00", by_hand());
    let busy = busy.and("2026-03-04T08:30:00-07:00", by_hand());
    busy.then_first(&["Thu 2026-03-05 08:00 email outbound/second-mail"]);
    let replied = busy.and("2026-03-04T15:00:00-07:00", replied(Channel::Email));
    replied.then_rests_after(&["Wed 2026-03-04 15:00 email respond"], Rest::Reached(Sign::Replied));
}

// --- A first gift: Impact Communications -------------------------------------------------------------------------

#[test]
fn impact_new_donor_at_once_after_a_day_a_week_and_two_and_three_weeks() {
    let given = given("impact-new-donor.toml", "America/New_York");
    let given = given.and("2026-03-03T20:15:00-05:00", EventKind::Purchased);
    given.then(&[
        "Tue 2026-03-03 20:15 email welcome/thanks",
        "Wed 2026-03-04 20:15 email welcome/story",
        "Tue 2026-03-10 20:15 email welcome/to-do",
        "Tue 2026-03-17 20:15 email welcome/second-story",
        "Tue 2026-03-24 20:15 email welcome/every-month",
    ]);
}

#[test]
fn impact_new_donor_neither_thanks_after_a_day_nor_tells_the_first_story_after_three() {
    let gift = || {
        let given = given("impact-new-donor.toml", "America/New_York");
        given.and("2026-03-03T20:15:00-05:00", EventKind::Purchased)
    };
    let mut late = gift();
    late.now = "2026-03-05T09:00:00-05:00".parse().unwrap();
    late.then_first(&["Thu 2026-03-05 09:00 email welcome/story"]);
    late.now = "2026-03-07T09:00:00-05:00".parse().unwrap();
    late.then(&[
        "Tue 2026-03-10 20:15 email welcome/to-do",
        "Tue 2026-03-17 20:15 email welcome/second-story",
        "Tue 2026-03-24 20:15 email welcome/every-month",
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
fn b411_a_call_that_nobody_answers_is_an_attempt() {
    given_a_new_lead()
        .disposed(Disposition::NoAnswer)
        .disposed(Disposition::Voicemail)
        .then_first(&["Fri 2026-03-06 09:00 phone new/attempt-2"]);
}

#[test]
fn b411_a_meeting_ends_the_calls_and_somebody_says_what_came_of_it() {
    let meeting = "2026-03-10T14:00:00-05:00";
    let given = given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", booked(meeting));
    given.meets_at(meeting.parse().unwrap());
    let given = given.and("2026-03-10T14:40:00-05:00", EventKind::Met { channel: Channel::InPerson });
    given.done(1).then_rests(Rest::Reached(Sign::Booked));
}

#[test]
fn b411_whoever_does_not_come_is_called_after_1_2_and_4_days_and_is_new_after_30() {
    let given = given_a_new_lead().done(2);
    let given = given.and("2026-03-03T09:05:00-06:00", booked("2026-03-10T14:00:00-05:00"));
    let missed = given.and("2026-03-10T14:20:00-05:00", EventKind::NoShow);
    missed.then_first(&[
        "Wed 2026-03-11 14:20 phone recovery/attempt-1",
        "Fri 2026-03-13 14:20 phone recovery/attempt-2",
        "Tue 2026-03-17 14:20 phone recovery/attempt-3",
        "Thu 2026-04-16 14:20 phone new/call",
        "Fri 2026-04-17 14:20 phone new/attempt-1",
    ]);
    // Found on the phone, they agree on another meeting, and miss that too.
    let again = booked("2026-03-16T10:00:00-05:00");
    let missed = missed.done(1).and("2026-03-11T14:30:00-05:00", again);
    let missed = missed.and("2026-03-16T10:15:00-05:00", EventKind::NoShow);
    missed.then_first(&["Tue 2026-03-17 10:15 phone recovery/attempt-1"]);
}

/// Whatever the attempts say; these go on after it.
#[test]
fn b411_a_callback_is_made_when_they_said_and_nobody_calls_before() {
    let due = "2026-03-09T16:45:00-05:00".parse().unwrap();
    let callback = EventKind::CallbackRequested { due, channel: Channel::Phone };
    let given = given_a_new_lead().done(2).and("2026-03-03T09:05:00-06:00", callback);
    given
        .then_first(&["Mon 2026-03-09 16:45 phone keep-promise", "Thu 2026-03-12 16:45 phone new/attempt-2"]);
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
