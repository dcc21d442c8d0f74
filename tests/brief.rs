//! What a person is told before one touch: who we are and what was between us, why now, one thing to ask for, and
//! what comes next.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

mod common;
#[path = "common/story.rs"]
mod story;

use std::collections::BTreeSet;

use common::cases;
use followup::{Act, Ask, Channel, Duty, EventId, EventKind, History, Occasion, Verdict, Why};
use proptest::prelude::*;
use story::{Story, at, story};

const BERLIN: &str = "Europe/Berlin";

/// A heating engineer with two things to give, one of them for a season.
const HEATING: &str = "
    seller = 'Eva Kern, Kern Heating'
    recap = { channels = ['email'] }

    [[rule]]
    id = 'their-day'
    applies-to = 'approaches'
    hours = { zone = 'prospect', week = { mon-fri = ['10:00-18:00'] } }

    [[sequence]]
    id = 'visited'
    starts-on = ['met']
    step = [
        { id = 'case', after = '3 days', channels = ['email'] },
        { id = 'call', after = '1 week', channels = ['phone'], ask = 'a call of fifteen minutes about the offer', owes-item = false },
        { id = 'news', after = '1 week', channels = ['text', 'email'] },
    ]

    [[sequence]]
    id = 'care'
    starts-on = ['purchased']
    purpose = 'care'
    step = [{ id = 'how', after = '2 weeks', channels = ['phone'], owes-item = false }]

    [[item]]
    id = 'bakery-case'
    title = 'How a bakery halved its gas bill'
    format = 'case-study'
    topics = ['gas-bill']

    [[item]]
    id = 'summer'
    title = 'What a boiler service costs this summer'
    format = 'offer'
    from = '2026-03-10T00:00:00Z'
    until = '2026-08-31T22:00:00Z'
";

fn heating() -> Story {
    story(BERLIN, HEATING).about("name = 'Ada'")
}

impl Story {
    /// There was a conversation in which they named two problems, and it was summed up an hour later.
    fn met(self) -> Self {
        self.talked().then("2026-03-02T10:00:00Z", "touched", "channel = 'email', act = 'recap', cause = 1")
    }

    /// The same without the recap.
    fn talked(self) -> Self {
        self.then("2026-03-02T09:00:00Z", "met", "channel = 'in-person'").then(
            "2026-03-02T09:00:00Z",
            "named",
            "topics = ['gas-bill', 'noise_at-night']",
        )
    }

    /// The brief for what is due then reads like this.
    #[track_caller]
    fn reads(&self, now: &str, text: &[&str]) -> &Self {
        let decision = self.decision(now);
        let Some(brief) = decision.brief(&self.history) else { panic!("{}", decision.explanation()) };
        assert_eq!(brief.to_string(), text.join("\n\n"), "{}", decision.explanation());
        assert!(words(&brief.to_string()) <= 120, "{brief}");
        self
    }

    fn reasons(&self, now: &str) -> Vec<serde_json::Value> {
        let decision = self.decision(now);
        let record = serde_json::to_value(decision.brief(&self.history).unwrap()).unwrap();
        record["why"].as_array().unwrap().clone()
    }
}

fn words(text: &str) -> usize {
    // The dash of a list is none.
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

// Each act.

#[test]
fn the_first_response_to_a_form_thanks_and_leads_to_a_call() {
    heating().then("2026-03-02T09:00:00Z", "inquired", "via = 'form', channel = 'email'").reads(
        "2026-03-02T09:01:00Z",
        &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating.",
            "Thank you for your inquiry of Monday, 2 March. I would like to understand what you need.",
            "May I call you, and when would it suit you?",
            "If I do not hear from you before then, I will write to you again on Tuesday, 3 March.",
        ],
    );
}

#[test]
fn a_response_takes_up_what_they_named_and_what_they_wrote_since() {
    heating()
        .then("2026-03-02T09:00:00Z", "inquired", "via = 'form', channel = 'email'")
        .then("2026-03-02T09:00:00Z", "named", "topics = ['heat-pump']")
        .then("2026-03-03T09:00:00Z", "replied", "channel = 'text'")
        .reads("2026-03-03T09:01:00Z", &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating.",
            "Thank you for your inquiry of Monday, 2 March and your message of Tuesday, 3 March. You named: heat pump. I would like to hear more about it.",
            "May I call you, and when would it suit you?",
            "If I do not hear from you before then, I will write to you again on Wednesday, 4 March.",
        ]);
}

#[test]
fn p10_a_touch_with_an_item_after_a_meeting_says_who_we_are_why_now_and_one_ask() {
    let story = heating().met();
    story.reads("2026-03-05T10:00:00Z", &[
        "Hello Ada,",
        "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
        "I have something for you about gas bill: \"How a bakery halved its gas bill\" (case study).",
        "May I call you, and when would it suit you?",
        "If I do not hear from you before then, I will call you on Thursday, 12 March, 11:00.",
    ]);
    let decision = story.decision("2026-03-05T10:00:00Z");
    let brief = decision.brief(&story.history).unwrap();
    assert_eq!(brief.from(), Some("Eva Kern, Kern Heating"));
    assert_eq!(brief.at(), at("2026-03-05T10:00:00Z"));
    assert_eq!(brief.history()[0].occasion, Occasion::Met { channel: Channel::InPerson });
    let [Why::New { item, about }, Why::Step { .. }] = brief.why() else { panic!("{brief:?}") };
    assert_eq!((item.id().as_str(), about[0].as_str(), about.len()), ("bakery-case", "gas-bill", 1));
    assert_eq!(brief.ask(), Some(Ask::Call));
    assert_eq!(
        brief.next().map(|next| (next.at, next.channel)),
        Some((at("2026-03-12T10:00:00Z"), Channel::Phone))
    );
}

#[test]
fn a_brief_can_be_had_for_what_is_not_due_yet() {
    let story = heating().met();
    story.waits("2026-03-04T10:00:00Z", "visited/case 1 email", "2026-03-05T10:00:00Z");
    let brief = |now| {
        let decision = story.decision(now);
        decision.brief(&story.history).unwrap().to_string()
    };
    assert_eq!(brief("2026-03-04T10:00:00Z"), brief("2026-03-05T09:00:00Z"));
}

#[test]
fn a_step_asks_for_what_the_playbook_says() {
    heating()
        .met()
        .then(
            "2026-03-05T10:00:00Z",
            "touched",
            "channel = 'email', act = 'visited/case', cause = 1, item = 'bakery-case'",
        )
        .reads("2026-03-12T10:00:00Z", &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
            "May I ask you for a call of fifteen minutes about the offer?",
            "If I do not hear from you before then, I will write to you again on Thursday, 19 March.",
        ]);
}

#[test]
fn an_item_of_a_season_says_until_when_it_is_current() {
    heating()
        .met()
        .then(
            "2026-03-05T10:00:00Z",
            "touched",
            "channel = 'email', act = 'visited/case', cause = 1, item = 'bakery-case'",
        )
        .then("2026-03-12T10:00:00Z", "touched", "channel = 'phone', act = 'visited/call', cause = 1")
        .reads("2026-03-19T10:00:00Z", &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
            "I have something new for you: \"What a boiler service costs this summer\" (offer). It is current until Monday, 31 August.",
            "May I call you, and when would it suit you?",
        ]);
}

#[test]
fn p05_a_recap_lists_what_they_named_what_each_promised_and_the_next_agreed_time() {
    heating()
        .talked()
        .then("2026-03-02T09:30:00Z", "promised", "by = 'us', due = '2026-03-06T17:00:00Z', about = 'offer'")
        .then(
            "2026-03-02T09:30:00Z",
            "promised",
            "by = 'them', due = '2027-01-08T17:00:00Z', about = 'floor-plan'",
        )
        .then("2026-03-02T09:30:00Z", "booked", "meeting = '2026-03-12T09:00:00Z'")
        .reads(
            "2026-03-02T10:00:00Z",
            &[
                "Hello Ada,",
                "This is Eva Kern, Kern Heating.",
                "Thank you for the conversation of Monday, 2 March. What I took from it:",
                "- You named: gas bill, noise at night.\n\
                 - I promised: offer, by Friday, 6 March.\n\
                 - You promised: floor plan, by Friday, 8 January 2027.\n\
                 - We meet again on Thursday, 12 March, 10:00.",
                "Did I get everything right? A short answer is enough.",
            ],
        );
}

#[test]
fn a_recap_of_a_conversation_of_which_nothing_is_recorded_stays_short() {
    heating().then("2026-03-02T09:00:00Z", "met", "channel = 'phone'").reads(
        "2026-03-02T10:00:00Z",
        &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating.",
            "Thank you for the conversation of Monday, 2 March.",
            "May I call you, and when would it suit you?",
            "If I do not hear from you before then, I will write to you again on Tuesday, 10 March.",
        ],
    );
}

#[test]
fn p06_a_promise_of_ours_is_kept_with_its_name_and_day() {
    let promised = heating().met().then(
        "2026-03-02T11:00:00Z",
        "promised",
        "by = 'us', due = '2026-03-04T11:00:00Z', about = 'offer'",
    );
    promised.reads("2026-03-04T11:00:00Z", &[
        "Hello Ada,",
        "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
        "On Monday, 2 March I promised you this by Wednesday, 4 March: offer. Here it is.",
        "Is now a good time to talk, or which time suits you better?",
        "If I do not hear from you before then, I will write to you again on Monday, 9 March.",
    ]);
    // A day too late it says so.
    promised.reads("2026-03-05T08:00:00Z", &[
        "Hello Ada,",
        "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
        "On Monday, 2 March I promised you this by Wednesday, 4 March: offer. Here it is. It is late, and I am sorry.",
        "Is now a good time to talk, or which time suits you better?",
        "If I do not hear from you before then, I will write to you again on Monday, 9 March.",
    ]);
}

#[test]
fn p06_a_promise_of_theirs_is_recalled_without_reproach() {
    heating()
        .met()
        .then(
            "2026-03-02T11:00:00Z",
            "promised",
            "by = 'them', due = '2026-03-03T11:00:00Z', about = 'floor-plan'",
        )
        .reads("2026-03-04T11:00:00Z", &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
            "On Monday, 2 March we agreed that I would have this from you by Tuesday, 3 March: floor plan.",
            "Is now a good time to talk, or which time suits you better?",
            "If I do not hear from you before then, I will write to you again on Thursday, 5 March.",
        ]);
}

#[test]
fn p07_asking_for_permission_asks_for_nothing_else_and_takes_no_for_an_answer() {
    let strict = format!("implied = {{ conversation = '1 day' }}\n{HEATING}");
    story(BERLIN, &strict).about("name = 'Ada'").met().reads(
        "2026-03-05T10:00:00Z",
        &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating. We met on Monday, 2 March.",
            "I will only follow up if you want me to.",
            "May I get in touch with you again about gas bill, noise at night?",
            "If not, tell me so, and I will leave it at that.",
        ],
    );
}

#[test]
fn a_reported_problem_is_named_before_anything_else() {
    heating()
        .then("2026-03-02T09:00:00Z", "purchased", "")
        .then("2026-03-16T08:30:00Z", "problem-reported", "")
        .then("2026-03-16T08:30:00Z", "named", "topics = ['no-hot-water']")
        .reads(
            "2026-03-16T08:40:00Z",
            &[
                "Hello Ada,",
                "This is Eva Kern, Kern Heating. You bought from us on Monday, 2 March.",
                "On Monday, 16 March you reported a problem: no hot water. I am taking care of it.",
                "Is now a good time to talk, or which time suits you better?",
                "If I do not hear from you before then, I will call you on Monday, 30 March, 10:00.",
            ],
        );
}

#[test]
fn a_buyer_is_asked_how_it_goes() {
    heating().then("2026-03-02T09:00:00Z", "purchased", "").reads(
        "2026-03-16T09:00:00Z",
        &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating. You bought from us on Monday, 2 March.",
            "I would like to know how it goes with what you bought.",
            "Is now a good time to talk, or which time suits you better?",
        ],
    );
}

#[test]
fn p13_not_before_march_is_what_a_touch_in_march_begins_with() {
    let asked = heating().met().then(
        "2026-03-03T10:00:00Z",
        "held",
        "until = '2026-05-04T08:00:00Z', reason = 'not-now'",
    );
    asked.reads("2026-05-04T08:00:00Z", &[
        "Hello Ada,",
        "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
        "On Tuesday, 3 March you asked me to wait until Monday, 4 May. That time has come. I have something for you about gas bill: \"How a bakery halved its gas bill\" (case study).",
        "May I call you, and when would it suit you?",
        "If I do not hear from you before then, I will call you on Monday, 11 May, 10:00.",
    ]);
    // It is said once.
    let touched = asked.then(
        "2026-05-04T08:00:00Z",
        "touched",
        "channel = 'email', act = 'visited/case', cause = 1, item = 'bakery-case'",
    );
    assert!(touched.reasons("2026-05-11T08:00:00Z").iter().all(|why| why["why"] != "not-before"));
}

#[test]
fn p13_what_comes_first_for_them_is_not_told_beside_when_they_asked_to_wait() {
    let asked = heating().met().then(
        "2026-03-03T10:00:00Z",
        "stalled",
        "why = 'other-priorities', until = '2026-05-04T08:00:00Z'",
    );
    let text = asked.decision("2026-05-04T08:00:00Z").brief(&asked.history).unwrap().to_string();
    assert!(text.contains("This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points"), "{text}");
    assert_eq!(text.matches("On Tuesday, 3 March you asked me to wait").count(), 1, "{text}");
    assert_eq!(text.matches("3 March").count(), 1, "{text}");
}

#[test]
fn an_opt_out_is_confirmed_without_a_word_of_selling() {
    let confirming = format!("confirm-opt-out = {{ channels = ['text'] }}\n{HEATING}");
    story(BERLIN, &confirming)
        .about("name = 'Ada'")
        .met()
        .then("2026-03-04T10:00:00Z", "opted-out", "channels = ['text']")
        .reads("2026-03-04T10:01:00Z", &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating.",
            "On Wednesday, 4 March you asked us not to contact you by text message any more. We will not, and this confirms it.",
        ]);
}

#[test]
fn hours_and_days_are_those_of_the_prospect() {
    story(BERLIN, HEATING)
        .about_somebody_somewhere("zone = 'America/New_York'")
        .then("2026-03-04T02:00:00Z", "met", "channel = 'phone'")
        .then("2026-03-04T02:10:00Z", "booked", "meeting = '2026-03-12T14:30:00Z'")
        .reads(
            "2026-03-04T10:00:00Z",
            &[
                "Hello,",
                "This is Eva Kern, Kern Heating.",
                "Thank you for the conversation of Tuesday, 3 March. What I took from it:",
                "- We meet again on Thursday, 12 March, 10:30.",
                "Did I get everything right? A short answer is enough.",
            ],
        );
}

#[test]
fn a_meeting_that_is_agreed_is_what_comes_next() {
    heating()
        .met()
        .then("2026-03-02T11:00:00Z", "booked", "meeting = '2026-03-12T09:00:00Z'")
        .then("2026-03-03T09:00:00Z", "replied", "channel = 'email'")
        .reads("2026-03-03T09:01:00Z", &[
            "Hello Ada,",
            "This is Eva Kern, Kern Heating. We met on Monday, 2 March. The points you named: gas bill, noise at night.",
            "Thank you for your message of Tuesday, 3 March.",
            "What should I know first? A short answer is enough.",
            "We meet on Thursday, 12 March, 10:00.",
        ]);
}

#[test]
fn much_of_everything_still_fits_one_screen() {
    let topics =
        "topics = ['gas-bill', 'noise-at-night', 'hot-water', 'old-radiators', 'cellar', 'subsidies']";
    let story =
        (0..8).fold(heating().then("2026-03-02T09:00:00Z", "met", "channel = 'phone'"), |story, day| {
            let by = ["us", "them"][day % 2];
            let fields =
                format!("by = '{by}', due = '2026-03-1{day}T09:00:00Z', about = 'drawings-of-the-cellar'");
            story.then("2026-03-02T09:30:00Z", "promised", &fields)
        });
    story
        .then("2026-03-02T09:00:00Z", "named", topics)
        .then("2026-03-02T09:40:00Z", "booked", "meeting = '2026-03-12T09:00:00Z'")
        .reads(
            "2026-03-02T10:00:00Z",
            &[
                "Hello Ada,",
                "This is Eva Kern, Kern Heating.",
                "Thank you for the conversation of Monday, 2 March. What I took from it:",
                "- You named: gas bill, noise at night, hot water, old radiators and 2 more.\n\
                 - I promised: drawings of the cellar, by Tuesday, 10 March.\n\
                 - I promised: drawings of the cellar, by Thursday, 12 March.\n\
                 - I promised 2 more.\n\
                 - You promised: drawings of the cellar, by Wednesday, 11 March.\n\
                 - You promised: drawings of the cellar, by Friday, 13 March.\n\
                 - You promised 2 more.\n\
                 - We meet again on Thursday, 12 March, 10:00.",
                "Did I get everything right? A short answer is enough.",
            ],
        );
}

// What is not known, and what does not count.

#[test]
fn without_a_name_a_seller_or_a_zone_the_brief_still_reads() {
    story(BERLIN, "territory = ['Europe/Berlin', 'Europe/Lisbon']")
        .about_somebody_somewhere("")
        .then("2026-03-02T09:00:00Z", "inquired", "via = 'form', channel = 'email'")
        .then("2026-03-02T09:05:00Z", "touched", "channel = 'email', act = 'respond'")
        .reads("2026-03-03T09:05:00Z", &[
            "Hello,",
            "You wrote to us through our form on Monday, 2 March.",
            "I would like to find out with you whether we can help.",
            "May I call you, and when would it suit you?",
            "If I do not hear from you before then, I will call you on Thursday, 5 March, 10:05 (Berlin time).",
        ]);
}

#[test]
fn a_zone_that_is_not_known_is_said_beside_the_hour() {
    story(BERLIN, "seller = 'Kern Heating Inc.'\nterritory = ['Europe/Berlin', 'Europe/Lisbon']")
        .about_somebody_somewhere("")
        .then("2026-03-02T09:00:00Z", "added", "")
        .then("2026-03-02T09:00:00Z", "enrolled", "sequence = 'inbound'")
        .then("2026-03-02T09:00:00Z", "granted", "channels = ['phone', 'email'], basis = 'express'")
        .reads("2026-03-03T09:00:00Z", &[
            "Hello,",
            "This is Kern Heating Inc.",
            "I would like to find out with you whether we can help.",
            "May I call you, and when would it suit you?",
            "If I do not hear from you before then, I will call you on Thursday, 5 March, 10:00 (Berlin time).",
        ]);
}

#[test]
fn a_wrong_entry_is_in_no_brief() {
    let story = heating()
        .met()
        .then("2026-03-02T09:00:00Z", "named", "topics = ['swimming-pool']")
        .then("2026-03-02T12:00:00Z", "purchased", "")
        .then("2026-03-02T12:01:00Z", "retracted", "retracts = 4")
        .then("2026-03-02T12:01:00Z", "retracted", "retracts = 5");
    let decision = story.decision("2026-03-05T10:00:00Z");
    let brief = decision.brief(&story.history).unwrap();
    assert!(!brief.to_string().contains("swimming pool"), "{brief}");
    assert_eq!(brief.history().len(), 1);
    assert_eq!(brief.history()[0].named.len(), 2);
}

#[test]
fn of_a_long_history_the_beginning_the_purchase_and_the_latest_are_told() {
    let story = (1..9).fold(
        heating().then("2026-01-05T09:00:00Z", "inquired", "via = 'referral'").then(
            "2026-01-06T09:00:00Z",
            "purchased",
            "",
        ),
        |story, day| {
            let when = format!("2026-02-0{day}T09:00:00Z");
            story.then(&when, "met", "channel = 'phone'")
        },
    );
    let decision = story.decision("2026-02-08T10:00:00Z");
    let brief = decision.brief(&story.history).unwrap();
    let told: Vec<u64> = brief.history().iter().map(|moment| moment.event.0).collect();
    assert_eq!(told, [1, 2, 9, 10]);
}

#[test]
fn a_call_is_suggested_only_where_nothing_bars_the_phone() {
    let story = || heating().met();
    let ask = |story: &Story| {
        let brief = story.decision("2026-03-05T10:00:00Z").brief(&story.history).unwrap();
        brief.ask().map(|ask| serde_json::to_string(&ask).unwrap())
    };
    let (call, reply) = (r#"{"kind":"call"}"#, r#"{"kind":"reply"}"#);
    assert_eq!(ask(&story()).as_deref(), Some(call));
    let refused = story().then("2026-03-02T11:00:00Z", "opted-out", "channels = ['phone']");
    assert_eq!(ask(&refused).as_deref(), Some(reply));
    let broken = story().then("2026-03-02T11:00:00Z", "bounced", "channel = 'phone', permanent = true");
    assert_eq!(ask(&broken).as_deref(), Some(reply));
}

#[test]
fn there_is_no_brief_where_there_is_nothing_to_do() {
    let story = heating().then("2026-03-02T09:00:00Z", "declined", "reason = 'no-need'");
    let decision = story.decision("2026-03-02T10:00:00Z");
    assert!(matches!(decision.verdict(), Verdict::Rest(_)));
    assert!(decision.brief(&story.history).is_none());
}

// What they named.

#[test]
fn p02_what_they_named_makes_an_item_relevant_and_is_cited() {
    let story = heating().met();
    let decision = story.decision("2026-03-05T10:00:00Z");
    assert_eq!(decision.action().unwrap().item().unwrap().id().as_str(), "bakery-case");
    assert!(decision.explanation().events().contains(&EventId(2)), "{:?}", decision.explanation().events());
    let silent = story.then("2026-03-02T12:00:00Z", "retracted", "retracts = 2");
    silent.waits("2026-03-05T10:00:00Z", "visited/case 1 email", "2026-03-10T09:00:00Z");
}

#[test]
fn a_file_that_names_nothing_or_says_nothing_is_refused() {
    let event = serde_json::from_str::<followup::Event>(
        r#"{ "id": 1, "at": "2026-03-02T09:00:00Z", "event": "named", "topics": [] }"#,
    );
    assert!(event.unwrap_err().to_string().contains("an empty list covers nothing"));
    let prospect = toml::from_str::<followup::Prospect>("id = 'ada'\nname = ' '");
    assert!(prospect.unwrap_err().to_string().contains("a blank name addresses nobody"));
    let playbook = toml::from_str::<followup::Playbook>(
        "name = 'a'\nzone = 'UTC'\nseller = ''\nrespond = { ask = ' ' }\nconfirm-opt-out = { ask = 'a call' }\n
        [[sequence]]\nid = 's'\nstep = [{ id = 'x', channels = ['phone'], ask = '', owes-item = false }]",
    );
    let refusal = playbook.unwrap_err().to_string();
    for fault in [
        "playbook: seller = \"\" says nothing; write it out, or remove it",
        "respond: ask = \" \" says nothing",
        "confirm-opt-out: \"ask\" means nothing here; remove it",
        "sequence \"s\", step \"x\": ask = \"\" says nothing",
    ] {
        assert!(refusal.contains(fault), "{fault}:\n{refusal}");
    }
}

#[test]
fn a_record_has_every_part_for_a_host_that_finds_its_own_words() {
    let story = heating().met();
    let decision = story.decision("2026-03-05T10:00:00Z");
    let record = serde_json::to_value(decision.brief(&story.history).unwrap()).unwrap();
    let expected = serde_json::json!({
        "action": serde_json::to_value(decision.action().unwrap()).unwrap(),
        "at": "2026-03-05T10:00:00Z",
        "to": "ada",
        "name": "Ada",
        "from": "Eva Kern, Kern Heating",
        "history": [{
            "at": "2026-03-02T09:00:00Z",
            "event": 1,
            "occasion": { "kind": "met", "channel": "in-person" },
            "named": ["gas-bill", "noise_at-night"],
            "promised": [],
        }],
        "why": [
            {
                "why": "new",
                "item": {
                    "id": "bakery-case",
                    "title": "How a bakery halved its gas bill",
                    "format": "case-study",
                    "from": null,
                    "until": null,
                },
                "about": ["gas-bill"],
            },
            { "why": "step", "step": "visited/case" },
        ],
        "ask": { "kind": "call" },
        "meeting": null,
        "next": { "at": "2026-03-12T10:00:00Z", "act": "visited/call", "channel": "phone" },
    });
    assert_eq!(record, expected);
}

// Whatever happened.

fn standing_events(history: &History) -> BTreeSet<EventId> {
    let mut retracted = BTreeSet::new();
    for event in history.events().rev() {
        if let EventKind::Retracted { event: target } = event.kind
            && !retracted.contains(&event.id)
        {
            retracted.insert(target);
        }
    }
    history.events().map(|event| event.id).filter(|id| !retracted.contains(id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_brief_is_short_and_knows_nothing_wrong_and_nothing_of_later(case in cases(14)) {
        let history = case.history();
        let decision = case.playbook.decide(&case.prospect, history.standing(), case.now);
        let brief = decision.brief(&history);
        prop_assert_eq!(brief.is_some(), decision.action().is_some());
        let Some(brief) = brief else { return Ok(()) };
        let text = brief.to_string();
        prop_assert!(words(&text) <= 130, "{} words: {}", words(&text), text);
        let standing = standing_events(&history);
        prop_assert!(brief.history().len() <= 4);
        for moment in brief.history() {
            prop_assert!(moment.at <= case.now && standing.contains(&moment.event));
            let event = history.events().find(|event| event.id == moment.event).unwrap();
            prop_assert_eq!(event.at, moment.at);
        }
        prop_assert!(brief.history().is_sorted_by_key(|moment| (moment.at, moment.event)));
        let is_farewell = matches!(brief.action().act(), Act::Duty(Duty::ConfirmOptOut));
        prop_assert_eq!(brief.ask().is_none(), is_farewell);
        let is_past = |event: EventId| {
            history.events().any(|known| known.id == event && known.at <= case.now) && standing.contains(&event)
        };
        prop_assert!(!brief.why().is_empty() || !is_past(brief.action().cause()), "no reason: {}", text);
        let record = serde_json::to_value(&brief).unwrap();
        for part in record["why"].as_array().unwrap() {
            let event = part.get("event").and_then(serde_json::Value::as_u64);
            prop_assert!(event.is_none_or(|event| is_past(EventId(event))), "{}", part);
        }
    }
}
