//! What is wrong in a file is named with its place, its value and the remedy; all faults at once.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use followup::{
    Active, Again, BringBackDraft, Channel, Disposition, Event, EventKind, History, Instant, Need, Playbook,
    Prospect, Rest, Sign, Standing, Verdict, Zones,
};

#[track_caller]
fn refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(toml: &str) -> String {
    toml::from_str::<T>(toml).unwrap_err().to_string()
}

/// Every text stands in the refusal.
#[track_caller]
fn names(refusal: &str, texts: &[&str]) {
    for text in texts {
        assert!(refusal.contains(text), "{text:?} is not named in:\n{refusal}");
    }
}

#[test]
fn every_fault_of_a_playbook_is_reported_at_once_with_its_place() {
    let refusal = refused::<Playbook>(
        r#"
        name = " "
        zone = "Berlin"
        territory = ["Mars/Olympus"]

        [permission]
        follow-up = { phone = [], fone = ["express"], email = ["exprss"] }
        pestering = { default = ["express"] }

        [limits]
        gap = "2 dayz"
        attempts = 0

        [respond]
        at-most = 3

        [[holidays]]
        id = "de"
        days = ["2026-02-30"]

        [[rule]]
        id = "day"
        hours = { zone = "prospect", week = { mon-fri = ["09:00-9:30", "12:00-12:00"] }, closed = ["fr"] }

        [[rule]]
        id = "never"
        hours = { zone = "seller", week = {} }

        [[sequence]]
        id = "inbound"
        starts-on = ["bought"]
        step = [
            { id = "call-1", after = "-3 days", channels = [] },
            { id = "call-2", after = "3 days", channels = ["fone"] },
            { id = "call-2", channels = ["phone"], items = ["no-such-item"] },
            { id = "fax", channels = ["fax"] },
            { id = "bare", channels = ["email"], items = ["guide"], owes-item = false },
        ]

        [[sequence]]
        id = "empty"

        [[item]]
        id = "guide"
        format = "guide"
        channels = ["email"]
        from = "2026-03-01T00:00:00Z"
        until = "2026-02-01T00:00:00Z"
    "#,
    );
    names(
        &refusal,
        &[
            "playbook: \"\" is no name; give it one",
            "playbook: \"Berlin\" is no zone of the zone data",
            "did you mean \"Europe/Berlin\"?",
            "territory: \"Mars/Olympus\" is no zone",
            "permission for \"follow-up\" on \"phone\": an empty list permits nothing, ever",
            "permission for \"follow-up\" on \"fone\": \"fone\" is no channel; use phone",
            "permission for \"follow-up\" on \"email\": \"exprss\" is no ground for contact; use express",
            "permission for \"pestering\": \"pestering\" is no purpose that needs permission; use follow-up, care or asking",
            "limits, gap: \"2 dayz\"",
            "limits, attempts: 0 attempts reach nobody; use 1 or more",
            "respond: \"at-most\" means nothing here; remove it",
            "holidays \"de\": \"2026-02-30\"",
            "rule \"day\": mon-fri: the window \"12:00-12:00\" has no length",
            "rule \"day\": \"fr\" is no set of holidays; add one to [[holidays]] with that id",
            "rule \"never\": it never opens; give it a window",
            "sequence \"inbound\": \"bought\" is no trigger; use added, inquired, met, purchased, no-show, introduced, given-up",
            "sequence \"inbound\", step \"call-1\": \"-3 days\"",
            "sequence \"inbound\", step \"call-1\": it can use no channel",
            "sequence \"inbound\", step \"call-2\": \"fone\" is no channel",
            "sequence \"inbound\", step \"call-2\": \"call-2\" stands twice; rename one",
            "sequence \"inbound\", step \"call-2\": \"no-such-item\" is no item; add one to [[item]] with that id",
            "sequence \"inbound\", step \"fax\": no item of the ladder can go with it on any of its channels",
            "sequence \"inbound\", step \"bare\": it owes no item and yet names some",
            "sequence \"empty\": it has no step; add one, or remove the sequence",
            "item \"guide\": it is current from 2026-03-01T00:00:00Z until 2026-02-01T00:00:00Z, so never",
        ],
    );
}

#[test]
fn every_fault_of_the_rules_of_a_playbook_is_reported_at_once_with_its_place() {
    let refusal = refused::<Playbook>(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"

        [[rule]]
        id = "week"
        cap = { at-most = 0, per = "7 days" }

        [[rule]]
        id = "week"
        cap = { at-most = 3, per = "0 days" }

        [[rule]]
        id = "versions"
        valid-from = "2026-08-11"
        valid-until = "2026-08-10"
        terms = { inquiry = "6 moons", not-refused = "1 day" }

        [contact-rules]
        use = ["BR", "us-xx.hours", "US-FL"]
        except = ["fr.d223-9"]
        elsewhere = "guess"

        [[blackout]]
        id = "summer"
        from = "2026-08-10"
        through = "2026-08-01"
    "#,
    );
    names(
        &refusal,
        &[
            "contact-rules: \"BR\" is no contact rule, and no rule is for a region of that name; use the id of a rule, or a region: AT, AU,",
            "contact-rules: \"us-xx.hours\" is no contact rule",
            "contact-rules: \"fr.d223-9\" is excepted, and yet not used; remove it",
            "contact-rules: \"guess\" is no way to treat a region without rules; use need, strictest or allow",
            "rule \"versions\": it holds from 2026-08-11 until 2026-08-10, so never; swap or change them",
            "rule \"versions\": \"6 moons\"",
            "rule \"versions\": \"not-refused\" has no beginning, and so no term; remove it",
            "rule \"versions\": it says nothing; give it hours, a cap,",
            "blackout \"summer\": it lasts from 2026-08-10 through 2026-08-01, so never; swap them",
            "rule \"week\": \"week\" stands twice; rename one",
            "rule \"week\": at-most = 0 permits nothing, ever",
            "rule \"week\": per = \"0 days\" is no time at all; use a longer one",
        ],
    );
}

#[test]
fn a_playbook_that_is_no_toml_or_has_a_field_too_many_is_refused_with_its_line() {
    names(&refused::<Playbook>("name = "), &["line 1"]);
    names(&refused::<Playbook>("name = \"a\"\nzone = \"Etc/UTC\"\nsteps = []"), &["line 3", "steps"]);
}

#[test]
fn an_empty_list_that_could_mean_all_or_nothing_is_refused() {
    let refusal = refused::<Playbook>("name = \"a\"\nzone = \"Etc/UTC\"\n[respond]\nchannels = []");
    names(&refusal, &["line 4", "an empty list covers nothing; name what it covers, or leave it out"]);
}

#[test]
fn every_fault_of_a_history_is_reported_at_once_with_its_place() {
    let history = r#"[
        { "id": 1, "at": "yesterday", "event": "inquired", "via": "pigeon" },
        { "id": 2, "at": "2026-03-02T09:00:00Z", "event": "forwarded" },
        { "id": 3, "at": "1969-12-31T23:59:59Z", "event": "added" },
        { "id": 4, "at": "2201-01-01T00:00:00Z", "event": "declined" },
        { "id": 5, "at": "2026-03-02T09:00:00Z", "event": "purchased", "channel": "email" },
        { "id": 6, "at": "2026-03-02T09:00:00Z", "event": "touched", "channel": "email", "act": "pester" },
        { "id": 7, "at": "2026-03-02T09:00:00Z", "event": "opted-out", "channels": [] },
        { "id": 8, "at": "2026-03-02T09:00:00Z", "event": "added" },
        { "id": 8, "at": "2026-03-02T09:00:00Z", "event": "released" },
        { "id": 8, "at": "2026-03-02T09:00:00Z", "event": "added" }
    ]"#;
    let refusal = serde_json::from_str::<History>(history).unwrap_err().to_string();
    names(
        &refusal,
        &[
            "event 1 (id 1): \"yesterday\" is no RFC 3339 date and time; write one like",
            "event 1 (id 1): \"pigeon\" is no source of an inquiry; use form, message,",
            "event 2 (id 2): \"forwarded\" is no kind of event; use one of added, inquired,",
            "event 3 (id 3): 1969-12-31T23:59:59Z is outside the years 1970 to 2200",
            "event 4 (id 4): 2201-01-01T00:00:00Z is outside the years 1970 to 2200",
            "event 4 (id 4): an event of kind \"declined\" lacks \"reason\"; add it",
            "event 5 (id 5): \"channel\" does not belong to an event of kind \"purchased\"; remove it",
            "event 6 (id 6): \"pester\" is no act; use confirm-opt-out, respond,",
            "event 7 (id 7): an empty list covers nothing",
            "event 9: event id 8 stands for two different events; give one of them another id",
        ],
    );
    // The same event twice is no fault.
    assert!(!refusal.contains("event 10"), "{refusal}");
}

#[test]
fn an_unknown_kind_of_event_is_never_skipped() {
    let event = r#"{ "id": 1, "at": "2026-03-02T09:00:00Z", "event": "stopped" }"#;
    assert!(serde_json::from_str::<Event>(event).is_err());
    assert!(serde_json::from_str::<History>(&format!("[{event}]")).is_err());
}

#[test]
fn every_fault_of_a_prospect_is_reported_at_once() {
    let refusal = refused::<Prospect>(
        "id = \"ada lovelace\"\nzone = \"Berlin!\"\nchannels = [\"phone\", \"carrier-pigeon\"]\nprefers = [\"fone\"]",
    );
    let both =
        ["\"ada lovelace\" is no prospect id", "\"carrier-pigeon\" is no channel", "\"fone\" is no channel"];
    names(&refusal, &both);
    let refusal = refused::<Prospect>(
        "id = \"ada\"\nzone = \"Berlin!\"\nchannels = [\"pigeon\"]\nprefers = [\"fone\"]",
    );
    names(
        &refusal,
        &["prospect \"ada\"", "\"Berlin!\"", "\"pigeon\" is no channel", "\"fone\" is no channel"],
    );
}

fn simple_playbook(rest: &str) -> Playbook {
    toml::from_str(&format!(
        r#"
        name = "simple"
        zone = "Europe/Berlin"
        permission = {{ follow-up = {{ default = ["not-refused"] }} }}
        {rest}
        [[sequence]]
        id = "s"
        starts-on = ["added"]
        step = [{{ id = "call", channels = ["phone"] }}]
        [[item]]
        id = "guide"
        format = "guide"
        topics = ["boilers"]
        "#
    ))
    .unwrap()
}

fn added() -> Standing {
    let at = "2026-03-02T09:00:00Z".parse().unwrap();
    History::try_from(vec![Event::new(1, at, EventKind::Added)]).unwrap().standing().clone()
}

fn someone(zone: &str) -> Prospect {
    Prospect::new("p".parse().unwrap())
        .in_zone(zone.parse().unwrap())
        .reachable_by(Channel::Phone)
        .interested_in("boilers".parse().unwrap())
}

#[test]
fn a_zone_that_does_not_exist_is_a_need_for_one() {
    let playbook = simple_playbook(
        "[[rule]]\nid = \"day\"\nhours = { zone = \"prospect\", week = { daily = [\"09:00-18:00\"] } }",
    );
    let now: Instant = "2026-03-02T10:00:00Z".parse().unwrap();
    let (lost, standing) = (someone("Europe/Atlantis"), added());
    let decision = playbook.decide(&lost, &standing, now);
    assert_eq!(*decision.verdict(), Verdict::Need(Need::Zone));
    let found = someone("Europe/Paris");
    assert!(matches!(playbook.decide(&found, &standing, now).verdict(), Verdict::Act(_)));
}

#[test]
fn hours_that_never_meet_are_a_rest_that_says_so() {
    let playbook = simple_playbook(
        r#"
        [[rule]]
        id = "theirs"
        hours = { zone = "prospect", week = { daily = ["09:00-12:00"] } }
        [[rule]]
        id = "ours"
        hours = { zone = "prospect", week = { daily = ["12:00-15:00"] } }
        "#,
    );
    let (prospect, standing) = (someone("Europe/Paris"), added());
    let decision = playbook.decide(&prospect, &standing, "2026-03-02T10:00:00Z".parse().unwrap());
    assert_eq!(*decision.verdict(), Verdict::Rest(Rest::Blocked(followup::Gate::Hours)));
    let text = decision.explanation().to_string();
    assert!(text.starts_with("rest: the allowed hours never meet"), "{text}");
    assert!(text.contains("rule \"theirs\", rule \"ours\""), "{text}");
}

#[test]
fn a_ladder_without_anything_for_this_prospect_is_a_need_for_content() {
    let playbook = simple_playbook("");
    let standing = added();
    let other = Prospect::new("p".parse().unwrap()).in_zone("Europe/Paris".parse().unwrap());
    let other = other.reachable_by(Channel::Phone).interested_in("fruit".parse().unwrap());
    let decision = playbook.decide(&other, &standing, "2026-03-02T10:00:00Z".parse().unwrap());
    let text = decision.explanation().to_string();
    assert!(text.starts_with("need: content that is new to them about fruit, for step s/call"), "{text}");
}

#[test]
fn a_playbook_is_refused_with_zone_data_that_lacks_its_zone() {
    let refusal = simple_playbook("").with_zones(&Zones::empty()).unwrap_err().to_string();
    names(&refusal, &["playbook: \"Europe/Berlin\" is no zone of the zone data"]);
}

#[test]
fn a_snapshot_of_another_schema_is_refused_with_the_remedy() {
    let mut snapshot = serde_json::to_value(added()).unwrap();
    assert_eq!(serde_json::from_value::<Standing>(snapshot.clone()).unwrap(), added());
    *snapshot.get_mut("schema").unwrap() = 0.into();
    let refusal = serde_json::from_value::<Standing>(snapshot).unwrap_err().to_string();
    names(&refusal, &["snapshot of schema 0", "make it again from the log"]);
}

#[test]
#[allow(clippy::too_many_lines, reason = "the same playbook twice")]
fn a_builder_and_a_file_make_the_same_playbook() {
    use followup::{
        AppliesTo, Basis, CapDraft, Delay, DutyDraft, Executor, Ground, HolidaysDraft, HoursDraft, ItemDraft,
        LimitsDraft, PlaybookDraft, Purpose, RuleDraft, SequenceDraft, StepDraft, Trigger,
    };
    let built = PlaybookDraft::new("Golden", "Europe/Berlin")
        .territory("Europe/Lisbon")
        .business_days(&["mon-fri"], &["easter"])
        .default_permission(Purpose::FollowUp, [Ground::Granted(Basis::Express)])
        .permission(Purpose::FollowUp, Channel::Phone, [Ground::Inquiry])
        .implied(Delay::months(3), Delay::months(6), Delay::months(18))
        .limits(LimitsDraft::new().gap(Delay::days(2)).cool_down(Delay::weeks(6)).retry(Delay::hours(2), 2))
        .rule(
            RuleDraft::new("calls")
                .cap(CapDraft::new(1, Delay::days(7)))
                .on([Channel::Phone])
                .applies_to(AppliesTo::All),
        )
        .respond(DutyDraft::new().on([Channel::Phone]).within(Delay::minutes(10)))
        .ask_permission(DutyDraft::new().at_most(1))
        .remind(DutyDraft::new().after(Delay::days(2)).by(Executor::Delegate))
        .fewest_touches(5)
        .active(Active::ByPriority)
        .bring_back(BringBackDraft::new("back", Delay::months(2)))
        .holidays(HolidaysDraft::new("easter", &["2026-04-03"]))
        .rule(
            RuleDraft::new("day")
                .hours(
                    HoursDraft::new("prospect")
                        .open("mon-fri", &["09:00-12:00", "13:00-18:00"])
                        .closed("easter"),
                )
                .region("DE")
                .by([Executor::Person])
                .on([Channel::Phone])
                .applies_to(AppliesTo::Approaches)
                .citation("the house rules"),
        )
        .sequence(
            SequenceDraft::new("inbound")
                .starts_on(Trigger::Inquired)
                .ends_on(Sign::Booked)
                .again(Again::WhenFinished)
                .priority(3)
                .purpose(Purpose::FollowUp)
                .step(StepDraft::new("guide").after(Delay::days(1)).on([Channel::Email]).items(&["guide"])),
        )
        .sequence(
            SequenceDraft::new("back").step(
                StepDraft::new("call").on([Channel::Phone]).unless(Disposition::Voicemail).without_item(),
            ),
        )
        .item(
            ItemDraft::new("guide", "guide").title("The guide").rung(1).about("boilers").on([Channel::Email]),
        )
        .build()
        .unwrap();
    let written: Playbook = toml::from_str(
        r#"
        name = "Golden"
        zone = "Europe/Berlin"
        territory = ["Europe/Lisbon"]
        business-days = { days = ["mon-fri"], holidays = ["easter"] }
        permission = { follow-up = { default = ["express"], phone = ["inquiry"] } }
        implied = { inquiry = "3 months", conversation = "6 months", purchase = "18 months" }
        respond = { channels = ["phone"], within = "10 minutes" }
        ask-permission = { at-most = 1 }
        remind = { after = "2 days", by = "delegate" }
        fewest-touches = 5
        active = "by-priority"
        bring-back = { sequence = "back", after = "2 months" }

        [limits]
        gap = "2 days"
        cool-down = "6 weeks"
        retry = "2 hours"
        attempts = 2

        [[holidays]]
        id = "easter"
        days = ["2026-04-03"]

        [[rule]]
        id = "calls"
        channels = ["phone"]
        applies-to = "all"
        cap = { at-most = 1, per = "7 days" }

        [[rule]]
        id = "day"
        regions = ["DE"]
        by = ["person"]
        channels = ["phone"]
        applies-to = "approaches"
        citation = "the house rules"
        hours = { zone = "prospect", week = { mon-fri = ["09:00-12:00", "13:00-18:00"] }, closed = ["easter"] }

        [[sequence]]
        id = "inbound"
        starts-on = ["inquired"]
        ends-on = ["booked"]
        again = "when-finished"
        priority = 3
        purpose = "follow-up"
        step = [{ id = "guide", after = "1 day", channels = ["email"], items = ["guide"] }]

        [[sequence]]
        id = "back"
        step = [{ id = "call", channels = ["phone"], unless = "voicemail", owes-item = false }]

        [[item]]
        id = "guide"
        format = "guide"
        title = "The guide"
        rung = 1
        topics = ["boilers"]
        channels = ["email"]
        "#,
    )
    .unwrap();
    assert_eq!(built, written);
    assert_eq!(toml::to_string(&built).unwrap(), toml::to_string(&written).unwrap());
}

#[test]
fn goals_policies_and_how_they_are_brought_back_are_checked() {
    let refusal = refused::<Playbook>(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"
        active = "all"
        bring-back = { sequence = "nobody", after = "0 days" }

        [[sequence]]
        id = "inbound"
        ends-on = ["sold"]
        again = "sometimes"
        priority = 3
        step = [
            { id = "text", channels = ["text"], owes-item = false, if = "voicemail", within = "3 days" },
        ]
        "#,
    );
    names(
        &refusal,
        &[
            r#"playbook: "all" is no choice of the active sequences; use latest or by-priority"#,
            r#"bring-back: "0 days" is no pause; use a longer one"#,
            r#"bring-back: "nobody" is no sequence; add one to [[sequence]] with that id"#,
            r#"sequence "inbound": "sold" is no sign; use opened, clicked"#,
            r#"sequence "inbound": "sometimes" is no policy of starting again; use always, when-finished, once, or a time"#,
            r#"sequence "inbound": priority = 3 means nothing where only the latest is active; remove it, or say active = "by-priority""#,
            r#"sequence "inbound", step "text": within = "3 days" means nothing here, because voicemail is known with the contact"#,
        ],
    );
    let history = serde_json::from_str::<History>(
        r#"[
            { "id": 1, "at": "2026-03-02T09:00:00Z", "event": "stalled", "why": "busy" },
            { "id": 2, "at": "2026-03-02T09:00:00Z", "event": "touched", "channel": "phone", "disposition": "asleep" },
            { "id": 3, "at": "2026-03-02T09:00:00Z", "event": "enrolled", "from": "call" },
            { "id": 4, "at": "2026-03-02T09:00:00Z", "event": "introduced", "to": "ada" }
        ]"#,
    );
    names(
        &history.unwrap_err().to_string(),
        &[
            r#"event 1 (id 1): "busy" is no reason for silence; use several-deciders, no-time, other-priorities or forgot"#,
            r#"event 2 (id 2): "asleep" is no disposition; use connected, voicemail, no-answer or gatekeeper"#,
            r#"event 3 (id 3): an event of kind "enrolled" lacks "sequence"; add it"#,
            r#"event 4 (id 4): "to" does not belong to an event of kind "introduced"; remove it"#,
        ],
    );
}

#[test]
fn a_condition_and_what_comes_after_the_last_step_are_checked() {
    let refusal = refused::<Playbook>(
        r#"
        name = "Boilers"
        zone = "Europe/Berlin"

        [[sequence]]
        id = "inbound"
        step = [
            { id = "both", channels = ["email"], owes-item = false, if = "opened", unless = "clicked" },
            { id = "sign", channels = ["email"], owes-item = false, if = "yawned", within = "3 dayz" },
            { id = "none", channels = ["email"], owes-item = false, within = "3 days" },
            { id = "wait", channels = ["email"], owes-item = false, patience = "4 hours" },
            { id = "long", channels = ["email", "phone"], owes-item = false, patience = "4 hrs" },
        ]
        then = { sequence = "outbound", after = "0 days", at-most = 0 }

        [[sequence]]
        id = "returning"
        step = [{ id = "call", channels = ["phone"], owes-item = false }]
        then = { sequence = "care", after = "30 days" }

        [[sequence]]
        id = "care"
        purpose = "care"
        step = [{ id = "call", channels = ["phone"], owes-item = false }]
        "#,
    );
    names(
        &refusal,
        &[
            r#"sequence "inbound", step "both": it has "if" and "unless"; keep one of them"#,
            r#"sequence "inbound", step "sign": "yawned" is no sign; use opened, clicked, visited, accepted, replied, booked, met, connected, voicemail, no-answer or gatekeeper"#,
            r#"sequence "inbound", step "sign": "3 dayz" is no delay"#,
            r#"sequence "inbound", step "none": within = "3 days" is the deadline of no sign"#,
            r#"sequence "inbound", step "wait": patience = "4 hours" means nothing with one channel; remove it"#,
            r#"sequence "inbound", step "long": "4 hrs" is no delay"#,
            r#"sequence "inbound", then: "0 days" is no pause; use a longer one"#,
            r#"sequence "inbound", then: at-most = 0 never goes on; use 1 or more, or remove "then""#,
            r#"sequence "inbound", then: "outbound" is no sequence; add one to [[sequence]] with that id"#,
            r#"sequence "returning", then: "care" is for care, and this is for follow-up; let both be for the same"#,
        ],
    );
}
