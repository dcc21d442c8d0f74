//! Scenarios: given a history, when it is such a time, then this is what to do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

use followup::{
    Again, AppliesTo, Basis, BringBackDraft, CapDraft, Channel, Channels, Decision, Delay, DutyDraft,
    Engagement, Event, EventKind, Gate, Ground, History, HoldReason, HoursDraft, Instant, ItemDraft,
    LimitsDraft, Need, Party, Playbook, PlaybookDraft, Prospect, Purpose, Purposes, Reason, RefusalKind,
    Rest, RuleDraft, SequenceDraft, Source, StepDraft, Suppression, ThenDraft, Trigger, Verdict,
};

/// Monday morning in Berlin.
const MONDAY: &str = "2026-03-02T09:00:00Z";

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn draft() -> PlaybookDraft {
    starting(Again::default())
}

/// The same, where whoever inquires again begins anew.
fn always() -> PlaybookDraft {
    starting(Again::Always)
}

fn starting(again: Again) -> PlaybookDraft {
    PlaybookDraft::new("test", "Europe/Berlin")
        .fewest_touches(1)
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Inquired)
                .again(again)
                .step(StepDraft::new("guide").after(Delay::days(1)).on([Channel::Email]))
                .step(StepDraft::new("call").after(Delay::days(3)).on([Channel::Phone, Channel::Email]))
                .step(StepDraft::new("bye").after(Delay::weeks(1)).on([Channel::Email]).without_item()),
        )
        .item(ItemDraft::new("guide-item", "guide").rung(1))
        .item(ItemDraft::new("case-item", "case-study").rung(2))
        .item(ItemDraft::new("second-guide", "guide").rung(2))
}

fn playbook() -> Playbook {
    draft().build().unwrap()
}

fn prospect() -> Prospect {
    Prospect::new("ada".parse().unwrap())
        .in_zone("Europe/Berlin".parse().unwrap())
        .reachable_by([Channel::Phone, Channel::Email])
}

fn inquired(channel: Option<Channel>) -> EventKind {
    EventKind::Inquired { via: Source::Form, channel }
}

fn touched(channel: Channel, act: &str, item: Option<&str>) -> EventKind {
    let item = item.map(|item| item.parse().unwrap());
    EventKind::Touched { channel, act: Some(act.parse().unwrap()), cause: None, item, disposition: None }
}

fn opted_out(channels: impl Into<Channels>) -> EventKind {
    EventKind::OptedOut { channels: channels.into(), purposes: Purposes::ALL }
}

/// One prospect and what has happened, as a test tells it.
struct Given {
    playbook: Playbook,
    prospect: Prospect,
    history: History,
}

fn given<const N: usize>(events: [(&str, EventKind); N]) -> Given {
    Given { playbook: playbook(), prospect: prospect(), history: History::new() }.and(events)
}

/// An inquiry on Monday at nine, answered by phone ten minutes later.
fn given_an_answered_inquiry<const N: usize>(events: [(&str, EventKind); N]) -> Given {
    given([(MONDAY, inquired(None)), ("2026-03-02T09:10:00Z", touched(Channel::Phone, "respond", None))])
        .and(events)
}

impl Given {
    fn and<const N: usize>(mut self, events: [(&str, EventKind); N]) -> Self {
        for (when, kind) in events {
            let id = u64::try_from(self.history.events().count()).unwrap() + 1;
            self.history.record(Event::new(id, at(when), kind)).unwrap();
        }
        self
    }

    fn with(mut self, playbook: PlaybookDraft) -> Self {
        self.playbook = playbook.build().unwrap();
        self
    }

    fn about(mut self, prospect: Prospect) -> Self {
        self.prospect = prospect;
        self
    }

    fn when(&self, now: &str) -> Decision<'_> {
        self.playbook.decide(&self.prospect, self.history.standing(), at(now))
    }

    #[track_caller]
    fn then_acts(&self, now: &str, key: &str, channel: Channel) {
        let decision = self.when(now);
        let Verdict::Act(action) = decision.verdict() else { panic!("{}", decision.explanation()) };
        assert_eq!((action.key().to_string().as_str(), action.channel()), (key, channel));
    }

    #[track_caller]
    fn then_waits(&self, now: &str, until: &str, key: &str, channel: Channel) {
        let decision = self.when(now);
        let Verdict::Wait { until: instant, next } = decision.verdict() else {
            panic!("{}", decision.explanation())
        };
        assert_eq!(
            (instant.to_string().as_str(), next.key().to_string().as_str(), next.channel()),
            (until, key, channel)
        );
    }

    #[track_caller]
    fn then_rests(&self, now: &str, rest: Rest) {
        let decision = self.when(now);
        assert_eq!(*decision.verdict(), Verdict::Rest(rest), "{}", decision.explanation());
    }
}

// --- precedence ------------------------------------------------------------------------------------------------

#[test]
fn an_inquiry_is_answered_at_once_where_they_wrote() {
    given([(MONDAY, inquired(Some(Channel::Email)))]).then_acts(MONDAY, "ada:1:respond:1", Channel::Email);
}

#[test]
fn an_answer_that_is_late_says_by_how_much() {
    let given = given([(MONDAY, inquired(None))]);
    let decision = given.when("2026-03-02T10:00:00Z");
    let late = decision.action().unwrap().late_by(decision.now()).unwrap();
    assert_eq!(late.as_secs(), 55 * 60);
    assert_eq!(given.when(MONDAY).action().unwrap().late_by(at(MONDAY)), None);
}

#[test]
fn an_answer_goes_before_a_problem_a_problem_before_a_recap_a_recap_before_a_promise() {
    let story = |n: usize| {
        let mut given = given([
            (MONDAY, EventKind::Promised { by: Party::Us, due: at(MONDAY), about: None }),
            (MONDAY, EventKind::Met { channel: Channel::Phone }),
            (MONDAY, EventKind::ProblemReported),
            (MONDAY, inquired(None)),
        ]);
        let answers = ["respond", "solve", "recap", "keep-promise"];
        for act in answers.iter().take(n) {
            given = given.and([("2026-03-02T09:05:00Z", touched(Channel::Phone, act, None))]);
        }
        given
    };
    for (n, key) in
        [(0, "ada:4:respond:1"), (1, "ada:3:solve:1"), (2, "ada:2:recap:1"), (3, "ada:1:keep-promise:1")]
    {
        story(n).then_acts("2026-03-02T09:06:00Z", key, Channel::Phone);
    }
}

#[test]
fn a_promise_takes_the_floor_from_the_sequence_when_it_falls_due_and_not_before() {
    let due = at("2026-03-03T09:30:00Z");
    let given =
        given_an_answered_inquiry([(MONDAY, EventKind::Promised { by: Party::Us, due, about: None })]);
    given.then_waits("2026-03-02T10:00:00Z", "2026-03-03T09:10:00Z", "ada:1:inbound/guide:1", Channel::Email);
    given.then_acts("2026-03-03T09:30:00Z", "ada:3:keep-promise:1", Channel::Phone);
}

#[test]
fn their_overdue_promise_is_reminded_of_a_day_later() {
    let due = at("2026-03-02T12:00:00Z");
    let given = given_an_answered_inquiry([(
        "2026-03-02T09:11:00Z",
        EventKind::Promised { by: Party::Them, due, about: None },
    )]);
    given.then_acts("2026-03-03T12:00:00Z", "ada:3:remind:1", Channel::Phone);
    let kept = [("2026-03-03T08:00:00Z", EventKind::Kept { promise: followup::EventId(3) })];
    given.and(kept).then_acts("2026-03-03T12:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

// --- the sequence ----------------------------------------------------------------------------------------------

#[test]
fn the_first_touch_counts_from_the_inquiry_and_the_next_from_what_really_happened() {
    let given = given_an_answered_inquiry([]);
    given.then_waits("2026-03-02T10:00:00Z", "2026-03-03T09:10:00Z", "ada:1:inbound/guide:1", Channel::Email);
    let late = [("2026-03-05T15:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item")))];
    given.and(late).then_waits(
        "2026-03-05T16:00:00Z",
        "2026-03-08T15:00:00Z",
        "ada:1:inbound/call:1",
        Channel::Phone,
    );
}

#[test]
fn a_contact_that_no_step_asked_for_takes_no_step_and_moves_the_delay() {
    let by_hand =
        EventKind::Touched { channel: Channel::Phone, act: None, cause: None, item: None, disposition: None };
    let given = given_an_answered_inquiry([("2026-03-03T09:00:00Z", by_hand)]);
    given.then_waits("2026-03-03T10:00:00Z", "2026-03-04T09:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn a_skipped_step_is_passed_over() {
    let given = given_an_answered_inquiry([(
        "2026-03-02T12:00:00Z",
        EventKind::Skipped { step: "inbound/guide".parse().unwrap() },
    )]);
    given.then_waits("2026-03-02T13:00:00Z", "2026-03-05T12:00:00Z", "ada:1:inbound/call:1", Channel::Phone);
}

#[test]
fn a_new_inquiry_is_answered_and_begins_anew_if_the_playbook_says_so_without_repeating_an_item() {
    let given = given_an_answered_inquiry([
        ("2026-03-03T09:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item"))),
        ("2026-04-01T08:00:00Z", inquired(None)),
        ("2026-04-01T08:01:00Z", touched(Channel::Phone, "respond", None)),
    ]);
    let decision = given.when("2026-04-02T08:00:00Z");
    assert_eq!(decision.action().unwrap().key().to_string(), "ada:1:inbound/call:1");
    let given = given.with(always());
    let decision = given.when("2026-04-02T08:00:00Z");
    let action = decision.action().unwrap();
    assert_eq!(action.key().to_string(), "ada:4:inbound/guide:1");
    assert_eq!(action.item().unwrap().id().as_str(), "case-item");
}

#[test]
fn a_touch_of_a_replaced_enrolment_is_no_progress_in_the_new_one() {
    let stale = EventKind::Touched {
        channel: Channel::Email,
        act: Some("inbound/call".parse().unwrap()),
        cause: Some(followup::EventId(1)),
        item: None,
        disposition: None,
    };
    let given = given_an_answered_inquiry([
        ("2026-03-05T09:00:00Z", inquired(None)),
        ("2026-03-05T09:01:00Z", touched(Channel::Phone, "respond", None)),
        ("2026-03-05T09:02:00Z", stale),
    ])
    .with(always());
    given.then_waits("2026-03-05T10:00:00Z", "2026-03-06T09:01:00Z", "ada:3:inbound/guide:1", Channel::Email);
}

/// A call, and two weeks later a reminder.
fn reconnect() -> SequenceDraft {
    SequenceDraft::new("back")
        .step(StepDraft::new("call").on([Channel::Phone]))
        .step(StepDraft::new("remind").after(Delay::weeks(2)).on([Channel::Phone]).without_item())
}

fn back() -> BringBackDraft {
    BringBackDraft::new("back", Delay::days(60))
}

#[test]
fn a_finished_sequence_rests_and_they_are_brought_back_only_where_the_playbook_says_so() {
    let all = given_an_answered_inquiry([
        ("2026-03-03T09:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item"))),
        ("2026-03-06T09:00:00Z", touched(Channel::Phone, "inbound/call", Some("case-item"))),
        ("2026-03-13T09:00:00Z", touched(Channel::Email, "inbound/bye", None)),
    ]);
    all.then_rests("2026-03-14T09:00:00Z", Rest::Finished);
    let again = all.with(draft().sequence(reconnect()).bring_back(back()));
    again.then_waits("2026-03-14T09:00:00Z", "2026-05-12T08:00:00Z", "ada:1:back/call:1", Channel::Phone);
    let again =
        again.and([("2026-05-12T08:00:00Z", touched(Channel::Phone, "back/call", Some("second-guide")))]);
    again.then_waits("2026-05-13T09:00:00Z", "2026-05-26T08:00:00Z", "ada:1:back/remind:1", Channel::Phone);
    let again = again.and([("2026-05-26T08:00:00Z", touched(Channel::Phone, "back/remind", None))]);
    again.then_rests("2026-05-27T09:00:00Z", Rest::Finished);
}

#[test]
fn whoever_was_enrolled_in_a_sequence_that_is_gone_needs_it() {
    let given = given([(MONDAY, EventKind::Enrolled { sequence: "summer".parse().unwrap(), from: None })]);
    assert_eq!(*given.when(MONDAY).verdict(), Verdict::Need(Need::Sequence));
    given
        .and([(MONDAY, EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None })])
        .then_rests(MONDAY, Rest::Blocked(Gate::Permission));
}

#[test]
fn nothing_has_happened_nothing_starts_on_it_or_they_were_taken_out() {
    given([]).then_rests(MONDAY, Rest::Unstarted);
    given([(MONDAY, EventKind::Engaged { how: Engagement::Opened })]).then_rests(MONDAY, Rest::Unstarted);
    given([(MONDAY, EventKind::Added)]).then_rests(MONDAY, Rest::NoSequence(Trigger::Added));
    given([(MONDAY, EventKind::Purchased)]).then_rests(MONDAY, Rest::NoSequence(Trigger::Purchased));
    given_an_answered_inquiry([(MONDAY, EventKind::Unenrolled)]).then_rests(MONDAY, Rest::Unenrolled);
}

/// A call, or else mail; the phone opens at ten.
fn a_call_with_patience(patience: &str) -> PlaybookDraft {
    let late = HoursDraft::new("prospect").open("daily", &["10:00-18:00"]);
    let call = StepDraft::new("call").after(Delay::days(1)).on([Channel::Phone, Channel::Email]);
    PlaybookDraft::new("test", "Europe/Berlin")
        .rule(RuleDraft::new("calls").on([Channel::Phone]).applies_to(AppliesTo::Approaches).hours(late))
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Inquired)
                .step(call.without_item().patience(patience.parse().unwrap())),
        )
}

#[test]
fn a_step_with_patience_is_left_to_its_first_choice_for_so_long() {
    let inquiry = [
        ("2026-03-02T07:00:00Z", inquired(None)),
        ("2026-03-02T07:10:00Z", touched(Channel::Phone, "respond", None)),
    ];
    let (due, key) = ("2026-03-03T07:10:00Z", "ada:1:inbound/call:1");
    let without = given(inquiry.clone()).with(a_call_with_patience("0 hours"));
    without.then_acts(due, key, Channel::Email);
    let long = given(inquiry.clone()).with(a_call_with_patience("4 hours"));
    long.then_waits(due, "2026-03-03T09:00:00Z", key, Channel::Phone);
    let text = long.when(due).explanation().to_string();
    assert!(text.contains("email: phone comes first, until Tue 2026-03-03 12:10"), "{text}");
    // Too short for the phone to open.
    let short = given(inquiry.clone()).with(a_call_with_patience("1 hour"));
    short.then_waits(due, "2026-03-03T08:10:00Z", key, Channel::Email);
    // They would rather have mail than be called.
    let prefers = given(inquiry).with(a_call_with_patience("4 hours"));
    prefers.about(prospect().prefers(Channel::Email)).then_acts(due, key, Channel::Email);
}

#[test]
fn patience_does_not_ask_whether_the_first_choice_is_permitted() {
    let events = [
        ("2026-03-02T07:00:00Z", inquired(None)),
        ("2026-03-02T07:10:00Z", touched(Channel::Phone, "respond", None)),
        ("2026-03-02T07:20:00Z", opted_out(Channel::Phone)),
    ];
    given(events).with(a_call_with_patience("4 hours")).then_waits(
        "2026-03-03T07:00:00Z",
        "2026-03-03T11:10:00Z",
        "ada:1:inbound/call:1",
        Channel::Email,
    );
}

/// Three times the same, by phone or else by mail.
fn a_mix() -> PlaybookDraft {
    let step = |id: &str| StepDraft::new(id).after(Delay::days(1)).on([Channel::Phone, Channel::Email]);
    let inbound = SequenceDraft::new("inbound").starts_on(Trigger::Inquired);
    let steps = ["one", "two", "three"].into_iter().map(|id| step(id).without_item());
    PlaybookDraft::new("test", "Europe/Berlin").sequence(steps.fold(inbound, SequenceDraft::step))
}

#[test]
fn after_two_approaches_on_one_channel_another_that_is_open_comes_first() {
    let after = |first: Channel, second: Channel| {
        given_an_answered_inquiry([
            ("2026-03-03T09:00:00Z", touched(first, "inbound/one", None)),
            ("2026-03-04T09:00:00Z", touched(second, "inbound/two", None)),
        ])
        .with(a_mix())
    };
    let (due, key) = ("2026-03-05T09:00:00Z", "ada:1:inbound/three:1");
    after(Channel::Phone, Channel::Phone).then_acts(due, key, Channel::Email);
    after(Channel::Email, Channel::Phone).then_acts(due, key, Channel::Phone);
    after(Channel::Email, Channel::Email).then_acts(due, key, Channel::Phone);
    // Though they like the phone best. What decides is cited.
    let liked = after(Channel::Phone, Channel::Phone).about(prospect().prefers(Channel::Phone));
    liked.then_acts(due, key, Channel::Email);
    let explanation = liked.when(due).explanation();
    for id in [3, 4] {
        assert!(explanation.events().contains(&followup::EventId(id)), "{:?}", explanation.events());
    }
}

#[test]
fn variety_changes_the_channel_and_never_the_instant() {
    let twice = given_an_answered_inquiry([
        ("2026-03-03T09:00:00Z", touched(Channel::Phone, "inbound/one", None)),
        ("2026-03-04T09:00:00Z", touched(Channel::Phone, "inbound/two", None)),
    ]);
    // Mail opens an hour later.
    let late = HoursDraft::new("prospect").open("daily", &["11:00-18:00"]);
    let mail = RuleDraft::new("mail").on([Channel::Email]).hours(late);
    let (due, key) = ("2026-03-05T09:00:00Z", "ada:1:inbound/three:1");
    twice.with(a_mix().rule(mail)).then_acts(due, key, Channel::Phone);
}

#[test]
fn what_went_out_before_a_pursuit_began_wears_the_channel_in_it_too() {
    let again = given_an_answered_inquiry([
        ("2026-03-03T09:00:00Z", touched(Channel::Phone, "inbound/one", None)),
        ("2026-03-04T09:00:00Z", touched(Channel::Phone, "inbound/two", None)),
        ("2026-03-05T08:00:00Z", inquired(None)),
        ("2026-03-05T08:10:00Z", touched(Channel::Phone, "respond", None)),
    ]);
    let again = again.and([(
        "2026-03-05T08:20:00Z",
        EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None },
    )]);
    again.with(a_mix()).then_acts("2026-03-06T08:20:00Z", "ada:7:inbound/one:1", Channel::Email);
}

#[test]
fn a_return_date_that_cannot_be_meant_is_ignored() {
    let waits = |back: &str, until: &str| {
        let replied = EventKind::AutoReplied { back: Some(at(back)) };
        given_an_answered_inquiry([("2026-03-02T10:00:00Z", replied)]).then_waits(
            "2026-03-02T10:00:00Z",
            until,
            "ada:1:inbound/guide:1",
            Channel::Email,
        );
    };
    let due = "2026-03-03T09:10:00Z";
    waits("2026-03-09T08:00:00Z", "2026-03-09T08:00:00Z");
    // A hundred days on their clock, which has gone forward meanwhile, and a second more.
    waits("2026-06-10T09:00:00Z", "2026-06-10T09:00:00Z");
    waits("2026-06-10T09:00:01Z", due);
    waits("2025-03-09T08:00:00Z", due);
    waits("2026-03-02T10:00:00Z", due);
}

// --- a pause ----------------------------------------------------------------------------------------------------

fn paused(until: Option<&str>) -> EventKind {
    EventKind::Held { until: until.map(at), reason: HoldReason::Paused, despite_reply: false }
}

/// The guide is due on the third at nine in the morning, UTC.
#[track_caller]
fn the_guide_comes<const N: usize>(events: [(&str, EventKind); N], until: &str) {
    let given = given_an_answered_inquiry(events);
    let last = given.history.events().last().unwrap().at.to_string();
    given.then_waits(&last, until, "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn what_remains_of_a_delay_when_it_is_paused_remains_when_the_pause_ends() {
    let begins = "2026-03-02T15:00:00Z";
    the_guide_comes([(begins, paused(Some("2026-03-09T12:00:00Z")))], "2026-03-10T06:10:00Z");
    // Released before its end, and after it.
    let released =
        |when| [(begins, paused(Some("2026-03-09T12:00:00Z"))), (when, EventKind::Released { reason: None })];
    the_guide_comes(released("2026-03-05T12:00:00Z"), "2026-03-06T06:10:00Z");
    the_guide_comes(released("2026-03-09T13:00:00Z"), "2026-03-10T06:10:00Z");
    // Another hold only bars the way.
    let until = Some(at("2026-03-09T12:00:00Z"));
    the_guide_comes(
        [(begins, EventKind::Held { until, reason: HoldReason::NotNow, despite_reply: false })],
        "2026-03-09T12:00:00Z",
    );
}

#[test]
fn a_pause_without_an_end_lasts_until_it_is_released() {
    let begins = ("2026-03-02T15:00:00Z", paused(None));
    given_an_answered_inquiry([begins.clone()]).then_rests(MONDAY, Rest::Blocked(Gate::Hold));
    let released = ("2026-03-05T12:00:00Z", EventKind::Released { reason: None });
    the_guide_comes([begins, released], "2026-03-06T06:10:00Z");
}

#[test]
fn two_pauses_add_up_and_what_they_share_counts_once() {
    let (first, second) = ("2026-03-02T15:00:00Z", "2026-03-04T15:00:00Z");
    // A day each, with a day between them in which eighteen hours were left.
    let apart =
        [(first, paused(Some("2026-03-03T15:00:00Z"))), ("2026-03-03T20:00:00Z", paused(Some(second)))];
    the_guide_comes(apart, "2026-03-05T04:10:00Z");
    // The second takes the place of the first.
    let over =
        [(first, paused(Some("2026-03-20T15:00:00Z"))), (second, paused(Some("2026-03-05T15:00:00Z")))];
    the_guide_comes(over, "2026-03-06T09:10:00Z");
}

#[test]
fn a_pause_takes_nothing_from_what_is_due_already_or_counts_from_later() {
    // Due on the third, paused on the fourth.
    let late = [("2026-03-04T09:00:00Z", paused(Some("2026-03-06T09:00:00Z")))];
    the_guide_comes(late, "2026-03-06T09:00:00Z");
    // Over before the next delay begins.
    let before = given_an_answered_inquiry([
        ("2026-03-02T10:00:00Z", paused(Some("2026-03-02T12:00:00Z"))),
        ("2026-03-03T11:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item"))),
    ]);
    let key = "ada:1:inbound/call:1";
    before.then_waits("2026-03-03T11:00:00Z", "2026-03-06T11:00:00Z", key, Channel::Phone);
}

#[test]
fn a_step_that_counts_from_the_start_is_moved_by_every_pause_since() {
    let card =
        StepDraft::new("card").after(Delay::days(10)).from(followup::Anchor::Start).on([Channel::Email]);
    let draft = PlaybookDraft::new("test", "Europe/Berlin").sequence(
        SequenceDraft::new("inbound")
            .starts_on(Trigger::Inquired)
            .step(StepDraft::new("mail").on([Channel::Email]).without_item())
            .step(card.without_item()),
    );
    let given = given_an_answered_inquiry([
        ("2026-03-02T10:00:00Z", paused(Some("2026-03-04T10:00:00Z"))),
        ("2026-03-05T09:00:00Z", touched(Channel::Email, "inbound/mail", None)),
    ]);
    let (now, key) = ("2026-03-05T09:00:00Z", "ada:1:inbound/card:1");
    let given = given.with(draft);
    given.then_waits(now, "2026-03-14T09:00:00Z", key, Channel::Email);
    let explanation = given.when(now).explanation();
    assert!(explanation.events().contains(&followup::EventId(3)), "{explanation}");
    assert!(explanation.to_string().contains("not counting the time for which it was paused"));
}

#[test]
fn a_pause_is_added_as_it_elapsed_across_a_change_of_the_clocks() {
    let inquiry = [
        ("2026-03-27T09:00:00Z", inquired(None)),
        ("2026-03-27T09:10:00Z", touched(Channel::Phone, "respond", None)),
        ("2026-03-27T10:00:00Z", paused(Some("2026-03-30T09:00:00Z"))),
    ];
    // Saturday at ten in the morning in Berlin, and three days less an hour of the clock.
    given(inquiry).then_waits(
        "2026-03-27T10:00:00Z",
        "2026-03-31T08:10:00Z",
        "ada:1:inbound/guide:1",
        Channel::Email,
    );
}

#[test]
fn deadlines_and_the_pause_between_two_sequences_stand_still_too() {
    let mail = |id: &str| StepDraft::new(id).on([Channel::Email]).without_item();
    let draft = PlaybookDraft::new("test", "Europe/Berlin")
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Inquired)
                .step(mail("mail").unless(Engagement::Opened).within(Delay::days(2)))
                .then(ThenDraft::new("later", Delay::days(5))),
        )
        .sequence(SequenceDraft::new("later").step(mail("news")));
    let deadline =
        given_an_answered_inquiry([("2026-03-02T10:00:00Z", paused(Some("2026-03-05T10:00:00Z")))]);
    let deadline = deadline.with(draft);
    let key = "ada:1:inbound/mail:1";
    deadline.then_waits("2026-03-02T10:00:00Z", "2026-03-07T09:10:00Z", key, Channel::Email);
    let then = deadline.and([
        ("2026-03-07T09:00:00Z", touched(Channel::Email, "inbound/mail", None)),
        ("2026-03-09T09:00:00Z", paused(Some("2026-03-10T09:00:00Z"))),
    ]);
    then.then_waits("2026-03-09T09:00:00Z", "2026-03-13T09:00:00Z", "ada:1:later/news:1", Channel::Email);
}

// --- whom to see to first --------------------------------------------------------------------------------------

#[test]
fn a_days_work_begins_with_what_is_due_and_with_those_who_mean_it() {
    let now = "2026-03-03T13:00:00Z";
    let engaged = |how| ("2026-03-02T10:00:00Z", EventKind::Engaged { how });
    let added = ("2026-03-02T09:00:00Z", EventKind::Added);
    let outbound = draft().default_permission(Purpose::FollowUp, [Ground::NotRefused]).sequence(
        SequenceDraft::new("outbound")
            .starts_on(Trigger::Added)
            .step(StepDraft::new("mail").after(Delay::days(1)).on([Channel::Email])),
    );
    let stories = vec![
        given([(now, inquired(None))]),
        given_an_answered_inquiry([("2026-03-02T11:00:00Z", callback("2026-03-02T12:00:00Z"))])
            .and([("2026-03-02T12:00:00Z", touched(Channel::Phone, "keep-promise", None))]),
        given_an_answered_inquiry([]),
        given([added.clone(), engaged(Engagement::Clicked)]).with(outbound.clone()),
        given([("2026-03-02T08:00:00Z", EventKind::Added), engaged(Engagement::Opened)])
            .with(outbound.clone()),
        given([("2026-03-02T08:00:00Z", EventKind::Added)]).with(outbound.clone()),
        given([added]).with(outbound.clone()),
        given([("2026-03-03T09:00:00Z", EventKind::Added)]).with(outbound),
        given_an_answered_inquiry([(MONDAY, EventKind::Declined { reason: Reason::NoNeed })]),
    ];
    let decisions = stories.iter().map(|story| story.when(now)).collect::<Vec<_>>();
    let ranks = decisions.iter().map(Decision::rank).collect::<Vec<_>>();
    let said = ranks.iter().map(ToString::to_string).collect::<Vec<_>>();
    let wanted = [
        "respond now, talking",
        "touch now, ready, due for 60 min",
        "touch now, talking, due for 230 min",
        "touch now, interested, due for 240 min",
        "touch now, opened, due for 300 min",
        "touch now, none, due for 300 min",
        "touch now, none, due for 240 min",
        "touch later, none",
        "nothing to do",
    ];
    assert_eq!(said, wanted);
    assert!(ranks.windows(2).all(|pair| pair[0] > pair[1]));
    assert_eq!(ranks.last(), Some(&given([]).when(now).rank()));
}

#[test]
fn a_missed_meeting_takes_back_that_they_were_ready_and_a_no_takes_all() {
    let booked = EventKind::Booked { meeting: at("2026-03-04T09:00:00Z") };
    let story = given_an_answered_inquiry([("2026-03-02T10:00:00Z", booked)]);
    let intent = |given: &Given| given.when("2026-03-06T09:00:00Z").rank().intent();
    assert_eq!(intent(&story), followup::Intent::Ready);
    let story = story.and([("2026-03-04T10:00:00Z", EventKind::NoShow)]);
    assert_eq!(intent(&story), followup::Intent::Talking);
    let declined = EventKind::Declined { reason: Reason::NoNeed };
    let back = ("2026-03-05T10:00:00Z", EventKind::ProblemReported);
    let story = story.and([("2026-03-05T09:00:00Z", declined), back]);
    assert_eq!(intent(&story), followup::Intent::None);
}

// --- a request to be called ------------------------------------------------------------------------------------

fn callback(due: &str) -> EventKind {
    EventKind::CallbackRequested { due: at(due), channel: Channel::Phone }
}

#[test]
fn whoever_asked_to_be_called_is_called_then_and_left_alone_before() {
    let asked = given_an_answered_inquiry([("2026-03-02T10:00:00Z", callback("2026-03-05T09:30:00Z"))]);
    // The guide would have gone out on the third.
    asked.then_waits(MONDAY, "2026-03-05T09:30:00Z", "ada:3:keep-promise:1", Channel::Phone);
    let called = [("2026-03-05T09:30:00Z", touched(Channel::Phone, "keep-promise", None))];
    let called = asked.and(called);
    called.then_acts("2026-03-06T09:30:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn a_second_request_to_be_called_moves_the_first() {
    let moved = given_an_answered_inquiry([
        ("2026-03-02T10:00:00Z", callback("2026-03-05T09:30:00Z")),
        ("2026-03-03T10:00:00Z", callback("2026-03-09T14:00:00Z")),
    ]);
    moved.then_waits("2026-03-05T09:30:00Z", "2026-03-09T14:00:00Z", "ada:4:keep-promise:1", Channel::Phone);
    let promised = EventKind::Promised { by: Party::Us, due: at("2026-03-06T09:00:00Z"), about: None };
    // What the seller promised besides stays.
    let both = moved.and([("2026-03-03T11:00:00Z", promised)]);
    both.then_acts("2026-03-06T09:00:00Z", "ada:5:keep-promise:1", Channel::Phone);
}

#[test]
fn the_hold_of_a_request_ends_with_it() {
    let asked = [("2026-03-02T10:00:00Z", callback("2026-03-05T09:30:00Z"))];
    let key = "ada:1:inbound/guide:1";
    let kept = EventKind::Kept { promise: followup::EventId(3) };
    // What they asked for is theirs; the seller's word alone ends it only by its name.
    let by_name = EventKind::Released { reason: Some(HoldReason::Callback) };
    for ends in [kept, by_name.clone()] {
        let given = given_an_answered_inquiry(asked.clone()).and([("2026-03-03T08:00:00Z", ends)]);
        given.then_acts("2026-03-03T09:10:00Z", key, Channel::Email);
    }
    let called = touched(Channel::Phone, "keep-promise", None);
    let called = given_an_answered_inquiry(asked.clone()).and([("2026-03-03T08:00:00Z", called)]);
    called.then_acts("2026-03-04T08:00:00Z", key, Channel::Email);
    let released = EventKind::Released { reason: None };
    let held = given_an_answered_inquiry(asked.clone()).and([("2026-03-03T08:00:00Z", released)]);
    held.then_waits("2026-03-03T09:10:00Z", "2026-03-05T09:30:00Z", "ada:3:keep-promise:1", Channel::Phone);
    // Released, the sequence goes on, and the call is made all the same.
    let released = given_an_answered_inquiry(asked).and([("2026-03-03T08:00:00Z", by_name)]);
    released.then_acts("2026-03-03T09:10:00Z", key, Channel::Email);
    released.then_acts("2026-03-05T09:30:00Z", "ada:3:keep-promise:1", Channel::Phone);
}

#[test]
fn a_request_to_be_called_is_answered_after_a_no_and_where_they_had_refused() {
    let no = given([
        (MONDAY, EventKind::Declined { reason: Reason::NotInterested }),
        (MONDAY, opted_out(Channels::ALL)),
        ("2026-03-03T09:00:00Z", callback("2026-03-05T09:30:00Z")),
    ]);
    no.then_waits("2026-03-03T09:00:00Z", "2026-03-05T09:30:00Z", "ada:3:keep-promise:1", Channel::Phone);
    let called = no.and([("2026-03-05T09:30:00Z", touched(Channel::Phone, "keep-promise", None))]);
    called.then_rests("2026-03-05T10:00:00Z", Rest::Declined(Reason::NotInterested));
    // A no after it ends it.
    let regretted = given([
        (MONDAY, callback("2026-03-05T09:30:00Z")),
        (MONDAY, EventKind::Declined { reason: Reason::NotInterested }),
    ]);
    regretted.then_rests("2026-03-05T10:00:00Z", Rest::Declined(Reason::NotInterested));
}

#[test]
fn without_a_channel_they_want_to_be_called() {
    let written = r#"{ "id": 1, "at": "2026-03-02T09:00:00Z", "event": "callback-requested", "due": "2026-03-05T09:30:00Z" }"#;
    let event: Event = serde_json::from_str(written).unwrap();
    assert_eq!(event.kind, callback("2026-03-05T09:30:00Z"));
}

// --- a no, and coming back -------------------------------------------------------------------------------------

#[test]
fn a_no_ends_everything_until_they_come_back() {
    let no = given([(MONDAY, inquired(None)), (MONDAY, EventKind::Declined { reason: Reason::NoBudget })]);
    no.then_rests("2027-03-02T09:00:00Z", Rest::Declined(Reason::NoBudget));
    let enrolled = EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None };
    let insisted = no.and([("2026-04-01T08:00:00Z", EventKind::Added), ("2026-04-01T08:00:00Z", enrolled)]);
    insisted.then_rests("2027-03-02T09:00:00Z", Rest::Declined(Reason::NoBudget));
    let back = insisted.and([("2026-05-04T08:00:00Z", inquired(None))]);
    back.then_acts("2026-05-04T08:00:00Z", "ada:5:respond:1", Channel::Phone);
}

#[test]
fn a_message_after_a_no_is_answered_and_nothing_more() {
    let given = given([
        (MONDAY, EventKind::Declined { reason: Reason::NotInterested }),
        ("2026-03-03T09:00:00Z", EventKind::Replied { channel: Channel::Email }),
    ]);
    given.then_acts("2026-03-03T09:01:00Z", "ada:2:respond:1", Channel::Email);
    given
        .and([("2026-03-03T09:02:00Z", touched(Channel::Email, "respond", None))])
        .then_rests("2026-03-03T09:03:00Z", Rest::Declined(Reason::NotInterested));
}

#[test]
fn an_opt_out_from_one_channel_leaves_the_others() {
    let given = given_an_answered_inquiry([
        ("2026-03-03T09:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item"))),
        ("2026-03-03T10:00:00Z", opted_out(Channel::Email)),
    ]);
    given.then_acts("2026-03-06T09:00:00Z", "ada:1:inbound/call:1", Channel::Phone);
    let decision = given.when("2026-03-06T09:00:00Z");
    let blockers = decision.explanation();
    let refusal = blockers.blockers().iter().find(|blocker| blocker.gate == Gate::Refusal).unwrap();
    assert_eq!((refusal.channels.as_slice(), refusal.until), ([Channel::Email].as_slice(), None));
}

#[test]
fn after_an_opt_out_from_everything_only_their_own_act_permits_anything() {
    let out = given_an_answered_inquiry([("2026-03-02T10:00:00Z", opted_out(Channels::ALL))]);
    out.then_rests("2026-03-09T09:00:00Z", Rest::Refused(RefusalKind::OptedOut));
    let granted = |own_act| EventKind::Granted {
        term: None,
        channels: Channel::Email.into(),
        purposes: Purpose::FollowUp.into(),
        basis: Basis::Express,
        until: None,
        own_act,
    };
    let pressed = out.and([("2026-03-02T11:00:00Z", granted(false))]);
    pressed.then_rests("2026-03-09T09:00:00Z", Rest::Refused(RefusalKind::OptedOut));
    let willing = pressed.and([("2026-03-02T12:00:00Z", granted(true))]);
    willing.then_acts("2026-03-09T09:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn whoever_opted_out_and_writes_again_is_answered_where_they_wrote_and_not_pursued() {
    let somewhere = given([(MONDAY, opted_out(Channels::ALL)), ("2026-03-03T09:00:00Z", inquired(None))]);
    assert_eq!(*somewhere.when("2026-03-03T09:00:00Z").verdict(), Verdict::Need(Need::Channel));
    let given =
        given([(MONDAY, opted_out(Channels::ALL)), ("2026-03-03T09:00:00Z", inquired(Some(Channel::Email)))]);
    given.then_acts("2026-03-03T09:00:00Z", "ada:2:respond:1", Channel::Email);
    given
        .and([("2026-03-03T09:01:00Z", touched(Channel::Email, "respond", None))])
        .then_rests("2026-03-10T09:00:00Z", Rest::Refused(RefusalKind::OptedOut));
}

#[test]
fn denied_and_opted_out_differ_in_what_lifts_them() {
    let denied = EventKind::Denied {
        channels: Channels::ALL,
        purposes: [Purpose::FollowUp, Purpose::Care].into_iter().collect(),
    };
    let suppressed = EventKind::Suppressed {
        channels: Channels::ALL,
        purposes: Purposes::ALL,
        reason: Suppression::Complaint,
    };
    for (refusal, kind) in [
        (denied, RefusalKind::Denied),
        (opted_out(Channels::ALL), RefusalKind::OptedOut),
        (suppressed, RefusalKind::Suppressed),
    ] {
        let refused = given_an_answered_inquiry([("2026-03-02T10:00:00Z", refusal)]);
        refused.then_rests("2026-03-09T09:00:00Z", Rest::Refused(kind));
        let back = refused.and([
            ("2026-04-01T08:00:00Z", inquired(Some(Channel::Phone))),
            ("2026-04-01T08:01:00Z", touched(Channel::Phone, "respond", None)),
        ]);
        match kind {
            RefusalKind::Denied => {
                back.then_acts("2026-04-02T08:01:00Z", "ada:1:inbound/guide:1", Channel::Email);
            }
            RefusalKind::Unsubscribed | RefusalKind::OptedOut | RefusalKind::Suppressed => {
                back.then_rests("2026-04-02T08:00:00Z", Rest::Refused(kind));
            }
        }
    }
}

// --- permission ------------------------------------------------------------------------------------------------

fn express_only() -> PlaybookDraft {
    draft().default_permission(Purpose::FollowUp, [Ground::Granted(Basis::Express)])
}

#[test]
fn without_the_permission_that_is_required_they_are_asked_at_once_then_again_then_left_alone() {
    let given = given_an_answered_inquiry([]).with(express_only());
    given.then_acts("2026-03-02T09:11:00Z", "ada:1:ask-permission:1", Channel::Phone);
    let asked = given.and([("2026-03-02T09:12:00Z", touched(Channel::Phone, "ask-permission", None))]);
    asked.then_waits(
        "2026-03-02T09:13:00Z",
        "2026-03-07T09:12:00Z",
        "ada:1:ask-permission:2",
        Channel::Phone,
    );
    let twice = asked.and([("2026-03-07T09:12:00Z", touched(Channel::Phone, "ask-permission", None))]);
    twice.then_rests("2026-03-20T09:00:00Z", Rest::Blocked(Gate::Permission));
}

#[test]
fn a_yes_opens_what_it_covers_until_it_ends() {
    let yes = EventKind::Granted {
        term: None,
        channels: Channel::Email.into(),
        purposes: Purpose::FollowUp.into(),
        basis: Basis::Express,
        until: Some(at("2026-03-05T00:00:00Z")),
        own_act: false,
    };
    let given = given_an_answered_inquiry([("2026-03-02T09:20:00Z", yes)]).with(express_only());
    given.then_acts("2026-03-03T09:10:00Z", "ada:1:inbound/guide:1", Channel::Email);
    let touched = [("2026-03-03T09:10:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item")))];
    given.and(touched).then_waits(
        "2026-03-04T00:00:00Z",
        "2026-03-05T00:00:00Z",
        "ada:1:ask-permission:1",
        Channel::Phone,
    );
}

#[test]
fn an_inquiry_implies_permission_for_six_months_and_no_second_longer() {
    let given = given_an_answered_inquiry([]).with(draft().ask_permission(DutyDraft::new().at_most(0)));
    given.then_acts("2026-09-02T07:59:59Z", "ada:1:inbound/guide:1", Channel::Email);
    // Nine in the morning in Berlin, in March and in September.
    given.then_rests("2026-09-02T08:00:00Z", Rest::Blocked(Gate::Permission));
}

#[test]
fn somebody_who_never_came_to_the_seller_is_not_even_asked() {
    let enrolled = EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None };
    given([(MONDAY, EventKind::Added), (MONDAY, enrolled)])
        .then_rests("2026-03-09T09:00:00Z", Rest::Blocked(Gate::Permission));
}

// --- the other gates -------------------------------------------------------------------------------------------

#[test]
fn a_hold_delays_what_the_seller_begins_and_no_answer() {
    let until = at("2026-03-20T08:00:00Z");
    let hold = EventKind::Held { until: Some(until), reason: HoldReason::NotNow, despite_reply: false };
    let given = given_an_answered_inquiry([("2026-03-02T10:00:00Z", hold)]);
    given.then_waits("2026-03-03T09:00:00Z", "2026-03-20T08:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
    let wrote = given.and([("2026-03-04T09:00:00Z", EventKind::Replied { channel: Channel::Email })]);
    wrote.then_acts("2026-03-04T09:00:00Z", "ada:4:respond:1", Channel::Email);
}

#[test]
fn a_hold_without_an_end_rests_until_it_is_released() {
    let hold = EventKind::Held { until: None, reason: HoldReason::Snoozed, despite_reply: false };
    let given = given_an_answered_inquiry([("2026-03-02T10:00:00Z", hold)]);
    given.then_rests("2026-05-03T09:00:00Z", Rest::Blocked(Gate::Hold));
    given.and([("2026-05-03T09:00:00Z", EventKind::Released { reason: None })]).then_acts(
        "2026-05-03T09:00:00Z",
        "ada:1:inbound/guide:1",
        Channel::Email,
    );
}

#[test]
fn an_auto_reply_is_no_reply_and_holds_until_they_are_back() {
    let back = at("2026-03-16T07:00:00Z");
    given_an_answered_inquiry([("2026-03-02T09:12:00Z", EventKind::AutoReplied { back: Some(back) })])
        .then_waits("2026-03-03T09:00:00Z", "2026-03-16T07:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn annoyance_is_followed_by_thirty_days_of_quiet() {
    given_an_answered_inquiry([("2026-03-02T09:12:00Z", EventKind::Annoyed)]).then_waits(
        "2026-03-03T09:00:00Z",
        "2026-04-01T08:12:00Z",
        "ada:1:inbound/guide:1",
        Channel::Email,
    );
}

#[test]
fn a_gap_is_kept_from_the_last_contact_even_from_an_answer() {
    given_an_answered_inquiry([]).with(draft().limits(LimitsDraft::new().gap(Delay::days(2)))).then_waits(
        "2026-03-02T10:00:00Z",
        "2026-03-04T09:10:00Z",
        "ada:1:inbound/guide:1",
        Channel::Email,
    );
}

#[test]
fn a_cap_counts_approaches_unless_it_says_all() {
    let by_hand = || EventKind::Touched {
        channel: Channel::Email,
        act: None,
        cause: None,
        item: None,
        disposition: None,
    };
    let story = |range| {
        let cap = RuleDraft::new("one-a-week").cap(CapDraft::new(1, Delay::weeks(1))).applies_to(range);
        given_an_answered_inquiry([])
            .with(draft().rule(cap))
            .and([("2026-03-02T10:00:00Z", EventKind::Engaged { how: Engagement::Clicked })])
    };
    let guide = "ada:1:inbound/guide:1";
    story(AppliesTo::Approaches).then_acts("2026-03-03T09:10:00Z", guide, Channel::Email);
    story(AppliesTo::All).then_waits("2026-03-03T09:00:00Z", "2026-03-09T09:10:00Z", guide, Channel::Email);
    story(AppliesTo::Approaches).and([("2026-03-03T09:00:00Z", by_hand())]).then_waits(
        "2026-03-04T09:00:00Z",
        "2026-03-10T09:00:00Z",
        guide,
        Channel::Email,
    );
}

#[test]
fn a_failed_attempt_is_tried_again_under_another_key_and_three_need_a_look() {
    let mut given = given([(MONDAY, inquired(Some(Channel::Phone)))])
        .with(draft().respond(DutyDraft::new().on([Channel::Phone])))
        .about(Prospect::new("ada".parse().unwrap()).reachable_by(Channel::Phone));
    for (attempt, now) in [(1, MONDAY), (2, "2026-03-02T13:00:00Z"), (3, "2026-03-02T17:00:00Z")] {
        given.then_acts(now, &format!("ada:1:respond:{attempt}"), Channel::Phone);
        let failed = given.when(now).action().unwrap().failed(0, at(now)).kind;
        given = given.and([(now, failed)]);
    }
    // What cannot go stands in nobody's way, and the need is told beside.
    let decision = given.when("2026-03-03T17:00:00Z");
    assert!(matches!(decision.verdict(), Verdict::Wait { .. }), "{}", decision.explanation());
    assert_eq!(decision.needs(), [Need::Delivery]);
}

#[test]
fn a_bounced_channel_is_not_used_until_it_is_corrected() {
    let bounced = |permanent| EventKind::Bounced { channel: Channel::Email, permanent, of: None };
    let no_phone = Prospect::new("ada".parse().unwrap()).in_zone("Europe/Berlin".parse().unwrap());
    let dead = given_an_answered_inquiry([("2026-03-02T09:12:00Z", bounced(true))])
        .about(no_phone.reachable_by(Channel::Email));
    dead.then_rests("2026-03-03T09:00:00Z", Rest::Blocked(Gate::Reach));
    let corrected = EventKind::Corrected { channel: Channel::Email };
    dead.and([("2026-03-04T09:00:00Z", corrected)]).then_acts(
        "2026-03-04T09:00:00Z",
        "ada:1:inbound/guide:1",
        Channel::Email,
    );
    let full = given_an_answered_inquiry([("2026-03-03T08:59:00Z", bounced(false))]);
    full.then_waits("2026-03-03T09:00:00Z", "2026-03-03T12:59:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn a_touch_goes_out_on_the_first_channel_that_opens_and_on_the_preferred_of_those_that_are_open() {
    let phone_hours = RuleDraft::new("calls")
        .hours(HoursDraft::new("prospect").open("mon-fri", &["09:00-17:00"]))
        .on([Channel::Phone]);
    let due = [("2026-03-03T09:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item")))];
    let given = given_an_answered_inquiry(due).with(draft().rule(phone_hours));
    given.then_acts("2026-03-06T09:00:00Z", "ada:1:inbound/call:1", Channel::Phone);
    given.then_acts("2026-03-07T09:00:00Z", "ada:1:inbound/call:1", Channel::Email);
    let given = given.about(prospect().prefers(Channel::Email));
    given.then_acts("2026-03-06T09:00:00Z", "ada:1:inbound/call:1", Channel::Email);
}

#[test]
fn somebody_who_could_be_in_two_zones_is_called_when_it_is_day_in_both() {
    let hours = RuleDraft::new("day").hours(HoursDraft::new("prospect").open("daily", &["09:00-17:00"]));
    let given = given([(MONDAY, inquired(None))])
        .with(draft().rule(hours))
        .about(prospect().in_zone("America/New_York".parse().unwrap()));
    // Nine in New York is three in Berlin.
    given.then_waits(MONDAY, "2026-03-02T14:00:00Z", "ada:1:respond:1", Channel::Phone);
    given.then_waits("2026-03-02T16:00:00Z", "2026-03-03T14:00:00Z", "ada:1:respond:1", Channel::Phone);
}

#[test]
fn somebody_of_unknown_zone_is_contacted_when_it_is_day_in_all_of_the_territory() {
    let hours = || RuleDraft::new("day").hours(HoursDraft::new("prospect").open("daily", &["09:00-17:00"]));
    let nowhere = Prospect::new("ada".parse().unwrap()).reachable_by([Channel::Phone, Channel::Email]);
    let given = given([(MONDAY, inquired(None))]).about(nowhere).with(draft().rule(hours()));
    assert_eq!(*given.when(MONDAY).verdict(), Verdict::Need(Need::Zone));
    let given = given.with(draft().territory("Europe/Lisbon").territory("Europe/Helsinki").rule(hours()));
    given.then_acts(MONDAY, "ada:1:respond:1", Channel::Phone);
    given.then_waits("2026-03-02T08:59:00Z", MONDAY, "ada:1:respond:1", Channel::Phone);
}

#[test]
fn hours_of_a_region_are_for_those_in_it_and_for_those_who_could_be() {
    let hours =
        RuleDraft::new("us").hours(HoursDraft::new("prospect").open("sat", &["09:00-17:00"])).region("US");
    let given = given([(MONDAY, inquired(None))]).with(draft().rule(hours));
    let place = |region: &str| prospect().in_region(region.parse().unwrap());
    let saturday = "2026-03-07T08:00:00Z";
    given.then_waits(MONDAY, saturday, "ada:1:respond:1", Channel::Phone);
    let given = given.about(place("US-FL"));
    given.then_waits(MONDAY, saturday, "ada:1:respond:1", Channel::Phone);
    given.about(place("UY")).then_acts(MONDAY, "ada:1:respond:1", Channel::Phone);
}

// --- content ---------------------------------------------------------------------------------------------------

#[test]
fn items_climb_and_formats_vary() {
    let given = given_an_answered_inquiry([]);
    let item = |given: &Given, now| given.when(now).action().unwrap().item().unwrap().id().to_string();
    assert_eq!(item(&given, "2026-03-03T09:00:00Z"), "guide-item");
    let second = [("2026-03-03T09:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item")))];
    assert_eq!(item(&given.and(second), "2026-03-06T09:00:00Z"), "case-item");
}

#[test]
fn a_ladder_that_is_used_up_needs_content_and_says_for_which_step() {
    let given = given_an_answered_inquiry([
        ("2026-02-03T09:00:00Z", touched(Channel::Email, "old/a", Some("case-item"))),
        ("2026-02-04T09:00:00Z", touched(Channel::Email, "old/b", Some("second-guide"))),
        ("2026-03-03T09:00:00Z", touched(Channel::Email, "inbound/guide", Some("guide-item"))),
    ]);
    let decision = given.when("2026-03-06T09:00:00Z");
    let Verdict::Need(Need::Content { step: Some(step), .. }) = decision.verdict() else {
        panic!("{}", decision.explanation())
    };
    assert_eq!(step.path().as_str(), "inbound/call");
    // Even so, half a year after the inquiry there would be a permission to ask for.
    assert_eq!(decision.ask_again(), Some(at("2026-09-02T08:00:00Z")));
}

#[test]
fn a_need_is_told_at_once_beside_a_promise_that_falls_due_later() {
    let due = at("2026-03-20T09:00:00Z");
    let given = given([
        (MONDAY, EventKind::Enrolled { sequence: "summer".parse().unwrap(), from: None }),
        (MONDAY, EventKind::Promised { by: Party::Us, due, about: None }),
    ]);
    let decision = given.when(MONDAY);
    assert_eq!((decision.due(), decision.ask_again()), (Some(due), Some(due)));
    assert_eq!(decision.needs(), [Need::Sequence]);
    given.then_acts("2026-03-20T09:00:00Z", "ada:2:keep-promise:1", Channel::Phone);
}

// --- the log ---------------------------------------------------------------------------------------------------

#[test]
fn a_retracted_event_was_never_made_and_a_retracted_retraction_neither() {
    let no = given([
        (MONDAY, inquired(None)),
        ("2026-03-02T09:01:00Z", EventKind::Declined { reason: Reason::Other }),
        ("2026-03-02T09:02:00Z", EventKind::Retracted { event: followup::EventId(2) }),
    ]);
    no.then_acts("2026-03-02T09:03:00Z", "ada:1:respond:1", Channel::Phone);
    no.and([("2026-03-02T09:04:00Z", EventKind::Retracted { event: followup::EventId(3) })])
        .then_rests("2026-03-02T09:05:00Z", Rest::Declined(Reason::Other));
}

#[test]
fn an_opt_out_that_arrives_late_counts_from_when_it_happened() {
    let mut given = given_an_answered_inquiry([(
        "2026-03-04T09:00:00Z",
        touched(Channel::Email, "inbound/guide", Some("guide-item")),
    )]);
    let late = Event::new(99, at("2026-03-03T08:00:00Z"), opted_out(Channels::ALL));
    assert_eq!(given.history.record(late).unwrap(), followup::Recorded::Late);
    given.then_rests("2026-03-20T09:00:00Z", Rest::Refused(RefusalKind::OptedOut));
}

#[test]
fn a_standing_takes_an_event_that_comes_late_and_says_what_it_cannot_take() {
    let given = given_an_answered_inquiry([]);
    let mut standing = given.history.standing().clone();
    let late = Event::new(99, at("2026-03-01T08:00:00Z"), EventKind::Purchased);
    assert_eq!(standing.apply(&late), Ok(()));
    let mut history = given.history.clone();
    history.record(late).unwrap();
    assert_eq!(standing, *history.standing());
    let before = standing.clone();
    let retraction =
        Event::new(99, at("2026-03-09T08:00:00Z"), EventKind::Retracted { event: followup::EventId(1) });
    assert!(standing.apply(&retraction).is_err());
    // Another event of the last one's id and instant is not taken for the last one.
    let last = given.history.events().next_back().unwrap();
    assert_eq!(standing.apply(last), Ok(()));
    assert!(standing.apply(&Event { kind: opted_out(Channels::ALL), ..last.clone() }).is_err());
    assert_eq!(standing, before);
}

// --- what the seller notes, and what cannot be done -------------------------------------------------------------

#[test]
fn a_step_that_no_channel_can_carry_is_passed_over_and_takes_its_time_all_the_same() {
    let no_email = Prospect::new("ada".parse().unwrap()).in_zone("Europe/Berlin".parse().unwrap());
    let given = given_an_answered_inquiry([]).about(no_email.reachable_by(Channel::Phone));
    // The guide would have been due on Tuesday; the call is due three days after that.
    given.then_waits("2026-03-03T10:00:00Z", "2026-03-06T09:10:00Z", "ada:1:inbound/call:1", Channel::Phone);
    let out = given_an_answered_inquiry([("2026-03-02T10:00:00Z", opted_out(Channel::Email))]);
    out.then_waits("2026-03-03T10:00:00Z", "2026-03-06T09:10:00Z", "ada:1:inbound/call:1", Channel::Phone);
}

#[test]
fn a_reminder_that_nothing_can_carry_does_not_keep_the_sequence_waiting() {
    let due = at("2026-03-02T10:00:00Z");
    let promised = EventKind::Promised { by: Party::Them, due, about: None };
    let given = given_an_answered_inquiry([("2026-03-02T09:11:00Z", promised)]);
    let given = given.with(draft().remind(DutyDraft::new().on([Channel::Fax])));
    given.then_acts("2026-03-03T10:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn what_the_seller_notes_after_a_no_is_no_leave_to_contact_them() {
    let no = EventKind::Declined { reason: Reason::NotInterested };
    let given = given([
        (MONDAY, no),
        ("2026-03-03T09:00:00Z", EventKind::Met { channel: Channel::Phone }),
        ("2026-03-03T09:00:00Z", EventKind::Promised { by: Party::Us, due: at(MONDAY), about: None }),
    ]);
    given.then_rests("2026-03-04T09:00:00Z", Rest::Declined(Reason::NotInterested));
}

#[test]
fn a_permission_for_care_does_not_reopen_a_pursuit_that_they_ended() {
    let granted = |purpose: Purpose| EventKind::Granted {
        term: None,
        channels: Channels::ALL,
        purposes: purpose.into(),
        basis: Basis::Express,
        until: None,
        own_act: true,
    };
    let no = given([(MONDAY, EventKind::Declined { reason: Reason::NoNeed })]);
    let no = no.and([("2026-03-03T09:00:00Z", granted(Purpose::Care))]);
    no.then_rests("2026-03-04T09:00:00Z", Rest::Declined(Reason::NoNeed));
    let willing = no.and([("2026-03-05T09:00:00Z", granted(Purpose::FollowUp))]);
    willing.then_rests("2026-03-06T09:00:00Z", Rest::NoSequence(Trigger::OptedIn));
}

#[test]
fn whoever_opted_back_in_is_answered() {
    let back = EventKind::Granted {
        term: None,
        channels: [Channel::Email].into(),
        purposes: Purpose::FollowUp.into(),
        basis: Basis::Express,
        until: None,
        own_act: true,
    };
    let given = given([
        (MONDAY, opted_out(Channels::ALL)),
        ("2026-03-03T09:00:00Z", back),
        ("2026-03-04T09:00:00Z", inquired(None)),
    ]);
    given.then_acts("2026-03-04T09:00:00Z", "ada:3:respond:1", Channel::Email);
}

#[test]
fn whoever_wants_nothing_any_more_is_owed_nothing_any_more() {
    let given = given([(MONDAY, inquired(None)), ("2026-03-02T09:05:00Z", opted_out(Channels::ALL))]);
    given.then_rests("2026-03-02T09:06:00Z", Rest::Refused(RefusalKind::OptedOut));
}

#[test]
fn nothing_is_done_before_what_is_known_to_happen_later() {
    let yes = EventKind::Granted {
        term: None,
        channels: Channels::ALL,
        purposes: Purpose::FollowUp.into(),
        basis: Basis::Express,
        until: None,
        own_act: false,
    };
    let given = given_an_answered_inquiry([("2026-05-04T09:00:00Z", yes)]).with(express_only());
    given.then_waits("2026-03-10T09:00:00Z", "2026-05-04T09:00:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn attempts_are_counted_anew_after_one_that_got_out() {
    let failed = || EventKind::Failed {
        channel: Channel::Phone,
        act: "ask-permission".parse().unwrap(),
        cause: followup::EventId(1),
    };
    let phone = Prospect::new("ada".parse().unwrap()).in_zone("Europe/Berlin".parse().unwrap());
    let given = given_an_answered_inquiry([
        ("2026-03-02T10:00:00Z", failed()),
        ("2026-03-02T15:00:00Z", failed()),
        ("2026-03-02T20:00:00Z", touched(Channel::Phone, "ask-permission", None)),
        ("2026-03-07T20:00:00Z", failed()),
    ]);
    let given = given.about(phone.reachable_by(Channel::Phone)).with(express_only());
    given.then_waits(
        "2026-03-07T21:00:00Z",
        "2026-03-08T00:00:00Z",
        "ada:1:ask-permission:5",
        Channel::Phone,
    );
}

#[test]
fn the_seller_can_take_back_that_they_gave_somebody_up_but_not_a_no() {
    let enrolled = || EventKind::Enrolled { sequence: "inbound".parse().unwrap(), from: None };
    let given_up =
        given([(MONDAY, EventKind::Disqualified { reason: Reason::NotEligible }), (MONDAY, enrolled())]);
    given_up.then_rests(MONDAY, Rest::Blocked(Gate::Permission));
    let no = given([(MONDAY, EventKind::Declined { reason: Reason::NotInterested }), (MONDAY, enrolled())]);
    no.then_rests(MONDAY, Rest::Declined(Reason::NotInterested));
}

// --- conditions ------------------------------------------------------------------------------------------------

/// An invitation; a chat if they accept it within three days, a mail if not; a call two days later.
fn invitation() -> PlaybookDraft {
    let step = |id: &str, channel| StepDraft::new(id).on([channel]).without_item();
    PlaybookDraft::new("test", "Europe/Berlin")
        .fewest_touches(0)
        .default_permission(Purpose::FollowUp, [Ground::NotRefused])
        .sequence(
            SequenceDraft::new("outbound")
                .starts_on(Trigger::Added)
                .step(step("invite", Channel::Social))
                .step(step("chat", Channel::Social).only_if(Engagement::Accepted).within(Delay::days(3)))
                .step(step("mail", Channel::Email).unless(Engagement::Accepted).within(Delay::days(3)))
                .step(step("call", Channel::Phone).after(Delay::days(2))),
        )
}

/// Added and invited on Monday at nine.
fn given_an_invitation<const N: usize>(events: [(&str, EventKind); N]) -> Given {
    let prospect = prospect().reachable_by([Channel::Social]);
    let invited = [(MONDAY, EventKind::Added), (MONDAY, touched(Channel::Social, "outbound/invite", None))];
    given(invited).with(invitation()).about(prospect).and(events)
}

fn accepted() -> EventKind {
    EventKind::Engaged { how: Engagement::Accepted }
}

#[test]
fn whoever_accepts_in_time_is_written_to_at_once_and_then_called() {
    let given = given_an_invitation([("2026-03-03T15:00:00Z", accepted())]);
    given.then_acts("2026-03-03T15:00:00Z", "ada:1:outbound/chat:1", Channel::Social);
    let chat = touched(Channel::Social, "outbound/chat", None);
    let given = given.and([("2026-03-03T16:00:00Z", chat)]);
    given.then_waits("2026-03-03T17:00:00Z", "2026-03-05T16:00:00Z", "ada:1:outbound/call:1", Channel::Phone);
}

#[test]
fn whoever_has_not_accepted_when_the_time_is_over_gets_a_mail_then_and_not_before() {
    let given = given_an_invitation([]);
    let (mail, over) = ("ada:1:outbound/mail:1", "2026-03-05T09:00:00Z");
    given.then_waits("2026-03-02T10:00:00Z", over, mail, Channel::Email);
    given.then_waits("2026-03-05T08:59:59.999999999Z", over, mail, Channel::Email);
    given.then_acts(over, mail, Channel::Email);
}

#[test]
fn a_sign_that_comes_when_the_time_is_over_comes_too_late() {
    let given = given_an_invitation([("2026-03-05T09:00:00Z", accepted())]);
    given.then_acts("2026-03-05T09:00:00Z", "ada:1:outbound/mail:1", Channel::Email);
    let in_time = given_an_invitation([("2026-03-05T08:59:59Z", accepted())]);
    in_time.then_acts("2026-03-05T09:00:00Z", "ada:1:outbound/chat:1", Channel::Social);
}

#[test]
fn a_sign_from_before_the_enrolment_says_nothing_in_it() {
    let invited = touched(Channel::Social, "outbound/invite", None);
    let enrolled = EventKind::Enrolled { sequence: "outbound".parse().unwrap(), from: None };
    given_an_invitation([("2026-03-03T09:00:00Z", accepted()), ("2026-03-04T09:00:00Z", enrolled)])
        .and([("2026-03-04T09:00:00Z", invited)])
        .then_waits("2026-03-04T10:00:00Z", "2026-03-07T09:00:00Z", "ada:4:outbound/mail:1", Channel::Email);
}

#[test]
fn a_sign_without_a_deadline_can_come_for_as_long_as_its_step_is_next() {
    let step = |id: &str| StepDraft::new(id).on([Channel::Email]).without_item();
    let draft = draft().sequence(
        SequenceDraft::new("readers")
            .starts_on(Trigger::Added)
            .step(step("more").after(Delay::days(1)).only_if(Engagement::Clicked))
            .step(step("less").after(Delay::days(4)).unless(Engagement::Clicked))
            .step(step("bye").after(Delay::days(2))),
    );
    let draft = draft.default_permission(Purpose::FollowUp, [Ground::NotRefused]);
    let given = given([(MONDAY, EventKind::Added)]).with(draft);
    // The first is passed over, and takes its day.
    given.then_waits("2026-03-03T10:00:00Z", "2026-03-07T09:00:00Z", "ada:1:readers/less:1", Channel::Email);
    let clicked = [("2026-03-06T09:00:00Z", EventKind::Engaged { how: Engagement::Clicked })];
    let given = given.and(clicked);
    given.then_acts("2026-03-06T09:00:00Z", "ada:1:readers/more:1", Channel::Email);
    // The second is passed over, and takes its four days, and the last its two.
    let more = [("2026-03-06T09:00:00Z", touched(Channel::Email, "readers/more", None))];
    given.and(more).then_waits(
        "2026-03-06T10:00:00Z",
        "2026-03-12T09:00:00Z",
        "ada:1:readers/bye:1",
        Channel::Email,
    );
}

#[test]
fn where_only_a_sign_would_bring_a_step_the_sequence_is_finished_until_it_comes() {
    let step = StepDraft::new("chat").on([Channel::Phone]).without_item().only_if(Engagement::Visited);
    let sequence = SequenceDraft::new("fair").starts_on(Trigger::Inquired).step(step);
    let draft = PlaybookDraft::new("test", "Europe/Berlin").fewest_touches(0).sequence(sequence);
    let given = given_an_answered_inquiry([]).with(draft);
    given.then_rests("2026-03-09T09:00:00Z", Rest::Finished);
    let visited = [("2026-03-10T09:00:00Z", EventKind::Engaged { how: Engagement::Visited })];
    given.and(visited).then_acts("2026-03-10T09:00:00Z", "ada:1:fair/chat:1", Channel::Phone);
}

// --- what comes after the last step ----------------------------------------------------------------------------

/// A call and a mail a day later; again a month later, or as long as it says.
fn round(then: ThenDraft) -> PlaybookDraft {
    PlaybookDraft::new("test", "Europe/Berlin")
        .fewest_touches(0)
        .default_permission(Purpose::FollowUp, [Ground::NotRefused])
        .sequence(
            SequenceDraft::new("round")
                .starts_on(Trigger::Added)
                .step(StepDraft::new("call").on([Channel::Phone]).without_item())
                .step(StepDraft::new("mail").after(Delay::days(1)).on([Channel::Email]).without_item())
                .then(then),
        )
        .sequence(
            SequenceDraft::new("cards")
                .step(StepDraft::new("card").after(Delay::days(1)).on([Channel::Phone]).without_item()),
        )
}

/// Added on Monday at nine, called at once and written to a day later.
fn given_a_round<const N: usize>(then: ThenDraft, events: [(&str, EventKind); N]) -> Given {
    let round = round(then);
    let done = [
        (MONDAY, EventKind::Added),
        (MONDAY, touched(Channel::Phone, "round/call", None)),
        ("2026-03-03T09:00:00Z", touched(Channel::Email, "round/mail", None)),
    ];
    given(done).with(round).and(events)
}

#[test]
fn a_sequence_that_goes_on_with_itself_comes_again_after_its_pause_under_another_key() {
    let given = given_a_round(ThenDraft::new("round", Delay::days(10)), []);
    given.then_waits("2026-03-04T09:00:00Z", "2026-03-13T09:00:00Z", "ada:1:round/call:2", Channel::Phone);
    let again = given.and([("2026-03-13T09:00:00Z", touched(Channel::Phone, "round/call", None))]);
    again.then_waits("2026-03-13T10:00:00Z", "2026-03-14T09:00:00Z", "ada:1:round/mail:2", Channel::Email);
}

#[test]
fn a_sequence_goes_on_with_another_which_starts_after_the_pause_and_has_delays_of_its_own() {
    let given = given_a_round(ThenDraft::new("cards", Delay::days(10)), []);
    given.then_waits("2026-03-04T09:00:00Z", "2026-03-14T09:00:00Z", "ada:1:cards/card:1", Channel::Phone);
    let card = [("2026-03-14T09:00:00Z", touched(Channel::Phone, "cards/card", None))];
    given.and(card).then_rests("2026-03-15T09:00:00Z", Rest::Finished);
}

#[test]
fn it_goes_on_so_often_and_only_then_are_they_brought_back() {
    let then = || ThenDraft::new("round", Delay::days(10)).at_most(1);
    let draft =
        round(then()).sequence(reconnect()).bring_back(back()).item(ItemDraft::new("news", "article"));
    let given = given_a_round(then(), []).with(draft);
    given.then_waits("2026-03-04T09:00:00Z", "2026-03-13T09:00:00Z", "ada:1:round/call:2", Channel::Phone);
    let given = given.and([
        ("2026-03-13T09:00:00Z", touched(Channel::Phone, "round/call", None)),
        ("2026-03-14T09:00:00Z", touched(Channel::Email, "round/mail", None)),
    ]);
    given.then_waits("2026-03-15T09:00:00Z", "2026-05-13T08:00:00Z", "ada:1:back/call:1", Channel::Phone);
}

#[test]
fn a_contact_in_the_pause_begins_the_pause_anew() {
    let by_hand =
        EventKind::Touched { channel: Channel::Phone, act: None, cause: None, item: None, disposition: None };
    let then = ThenDraft::new("round", Delay::days(10));
    given_a_round(then, [("2026-03-08T09:00:00Z", by_hand)]).then_waits(
        "2026-03-09T09:00:00Z",
        "2026-03-18T09:00:00Z",
        "ada:1:round/call:2",
        Channel::Phone,
    );
}

#[test]
fn a_step_that_nothing_can_carry_does_not_stop_the_round() {
    let no_email = Prospect::new("ada".parse().unwrap()).in_zone("Europe/Berlin".parse().unwrap());
    let called = [(MONDAY, EventKind::Added), (MONDAY, touched(Channel::Phone, "round/call", None))];
    let given = given(called)
        .with(round(ThenDraft::new("round", Delay::days(10))))
        .about(no_email.reachable_by(Channel::Phone));
    // The mail takes its day all the same.
    given.then_waits("2026-03-02T10:00:00Z", "2026-03-13T09:00:00Z", "ada:1:round/call:2", Channel::Phone);
    let again = given.and([("2026-03-13T09:00:00Z", touched(Channel::Phone, "round/call", None))]);
    again.then_waits("2026-03-13T10:00:00Z", "2026-03-24T09:00:00Z", "ada:1:round/call:3", Channel::Phone);
}

#[test]
fn attempts_in_the_round_before_do_not_count_in_this_one() {
    let failed = || EventKind::Failed {
        channel: Channel::Phone,
        act: "round/call".parse().unwrap(),
        cause: followup::EventId(1),
    };
    let given = given([
        (MONDAY, EventKind::Added),
        (MONDAY, failed()),
        ("2026-03-02T13:00:00Z", failed()),
        ("2026-03-02T17:00:00Z", touched(Channel::Phone, "round/call", None)),
        ("2026-03-03T17:00:00Z", touched(Channel::Email, "round/mail", None)),
        ("2026-03-13T17:00:00Z", failed()),
    ]);
    given.with(round(ThenDraft::new("round", Delay::days(10)))).then_waits(
        "2026-03-13T18:00:00Z",
        "2026-03-13T21:00:00Z",
        "ada:1:round/call:5",
        Channel::Phone,
    );
}

// --- meetings --------------------------------------------------------------------------------------------------

fn booked(meeting: &str) -> EventKind {
    EventKind::Booked { meeting: at(meeting) }
}

#[test]
fn nothing_that_the_seller_begins_goes_out_before_the_day_after_a_meeting_and_another_booking_moves_it() {
    let given = given_an_answered_inquiry([("2026-03-02T10:00:00Z", booked("2026-03-10T09:00:00Z"))]);
    let guide = "ada:1:inbound/guide:1";
    given.then_waits("2026-03-03T09:00:00Z", "2026-03-11T09:00:00Z", guide, Channel::Email);
    let given = given.and([("2026-03-04T10:00:00Z", booked("2026-03-12T09:00:00Z"))]);
    given.then_waits("2026-03-04T10:00:00Z", "2026-03-13T09:00:00Z", guide, Channel::Email);
    let wrote = given.and([("2026-03-05T09:00:00Z", EventKind::Replied { channel: Channel::Email })]);
    wrote.then_acts("2026-03-05T09:00:00Z", "ada:5:respond:1", Channel::Email);
}

#[test]
fn a_conversation_and_a_missed_meeting_end_the_wait_for_it() {
    let booked = ("2026-03-02T10:00:00Z", booked("2026-03-10T09:00:00Z"));
    let met = [booked.clone(), ("2026-03-05T09:00:00Z", EventKind::Met { channel: Channel::Phone })];
    let recap = ("2026-03-05T09:30:00Z", touched(Channel::Email, "recap", None));
    // The playbook has no sequence for either, so the one before goes on from there.
    let given = given_an_answered_inquiry(met).and([recap]);
    given.then_waits("2026-03-05T10:00:00Z", "2026-03-06T09:30:00Z", "ada:1:inbound/guide:1", Channel::Email);
    let missed = given_an_answered_inquiry([booked, ("2026-03-10T09:30:00Z", EventKind::NoShow)]);
    missed.then_waits(
        "2026-03-10T10:00:00Z",
        "2026-03-11T09:30:00Z",
        "ada:1:inbound/guide:1",
        Channel::Email,
    );
}

#[test]
fn a_missed_meeting_begins_its_own_sequence_and_a_conversation_makes_it_good() {
    let recovery = SequenceDraft::new("recovery")
        .starts_on(Trigger::NoShow)
        .step(StepDraft::new("call").after(Delay::days(1)).on([Channel::Phone]).without_item());
    let given = given_an_answered_inquiry([
        ("2026-03-02T10:00:00Z", booked("2026-03-10T09:00:00Z")),
        ("2026-03-10T09:30:00Z", EventKind::NoShow),
    ]);
    let given = given.with(draft().sequence(recovery));
    given.then_acts("2026-03-11T09:30:00Z", "ada:4:recovery/call:1", Channel::Phone);
    let met = given.and([
        ("2026-03-11T09:40:00Z", EventKind::Met { channel: Channel::Phone }),
        ("2026-03-11T09:50:00Z", touched(Channel::Email, "recap", None)),
    ]);
    met.then_waits("2026-03-11T10:00:00Z", "2026-03-12T09:50:00Z", "ada:1:inbound/guide:1", Channel::Email);
}

#[test]
fn a_missed_meeting_with_somebody_who_was_never_pursued_begins_nothing() {
    given([(MONDAY, EventKind::NoShow)]).then_rests(MONDAY, Rest::NoSequence(Trigger::NoShow));
    let no = EventKind::Declined { reason: Reason::NotInterested };
    given([(MONDAY, inquired(None)), (MONDAY, no), ("2026-03-03T09:00:00Z", EventKind::NoShow)])
        .then_rests("2026-03-04T09:00:00Z", Rest::Declined(Reason::NotInterested));
}
