//! What a cadence can say: each word as a scenario in the words of the field.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "common/story.rs"]
mod story;

use followup::{Channel, Playbook, Verdict};

use story::{Story, permitted};

/// Where the clocks show UTC all year. Nobody minds being written to.
fn told(playbook: &str) -> Story {
    permitted("Africa/Abidjan", playbook)
}

/// What there is to say against that playbook.
fn refused(playbook: &str) -> String {
    let head = "name = 'Boilers'\nzone = 'Europe/London'\n";
    toml::from_str::<Playbook>(&format!("{head}{playbook}")).unwrap_err().to_string()
}

// --- Too late ----------------------------------------------------------------------------------------------------

/// A check-in after each of three quarters, which a month later is none any more.
const CARE: &str = "
    [[sequence]]
    id = 'care'
    starts-on = ['purchased']
    purpose = 'care'
    step = [
        { id = 'spring', after = '13 weeks', channels = ['email'], owes-item = false, expires = '1 month' },
        { id = 'summer', after = '13 weeks', channels = ['email'], owes-item = false, expires = '1 month' },
        { id = 'autumn', after = '13 weeks', channels = ['email'], owes-item = false, expires = '1 month' },
    ]
";

#[test]
fn of_check_ins_that_were_missed_only_what_is_still_in_time_is_made_up() {
    let bought = told(CARE).then("2026-01-05T10:00:00Z", "purchased", "");
    bought.waits("2026-01-05T10:00:00Z", "care/spring 1 email", "2026-04-06T10:00:00Z");
    // Nobody looked for half a year.
    bought.does("2026-07-10T10:00:00Z", "care/summer 1 email");
    bought.explains("2026-07-10T10:00:00Z", "email: too late for it");
    let seen = bought.done("2026-07-10T10:00:00Z");
    seen.waits("2026-07-10T10:00:00Z", "care/autumn 1 email", "2026-10-09T10:00:00Z");
}

#[test]
fn what_is_too_late_falls_away_at_the_very_instant() {
    let bought = told(CARE).then("2026-01-05T10:00:00Z", "purchased", "");
    bought.does("2026-05-06T09:59:59Z", "care/spring 1 email");
    bought.waits("2026-05-06T10:00:00Z", "care/summer 1 email", "2026-07-06T10:00:00Z");
}

#[test]
fn what_would_open_too_late_is_passed_over_at_once() {
    let rule = "
        [[rule]]
        id = 'office'
        hours = { zone = 'prospect', week = { mon-fri = ['09:00-17:00'] } }
        [[sequence]]
        id = 'inbound'
        starts-on = ['added']
        step = [
            { id = 'tonight', after = '1 hour', channels = ['email'], owes-item = false, expires = '12 hours' },
            { id = 'later', after = '1 day', channels = ['email'], owes-item = false },
        ]
    ";
    // Friday evening: the weekend is too long for it.
    let added = told(rule).then("2026-01-09T17:30:00Z", "added", "");
    added.waits("2026-01-09T17:30:00Z", "inbound/later 1 email", "2026-01-12T09:00:00Z");
    let added = told(rule).then("2026-01-08T17:30:00Z", "added", "");
    added.waits("2026-01-08T17:30:00Z", "inbound/later 1 email", "2026-01-12T09:00:00Z");
    let added = told(rule).then("2026-01-08T15:30:00Z", "added", "");
    added.waits("2026-01-08T15:30:00Z", "inbound/tonight 1 email", "2026-01-08T16:30:00Z");
}

/// An answer that is worth giving for a month, and a mail after two days.
const IMPORTED: &str = "
    respond = { expires = '30 days' }
    [[sequence]]
    id = 'inbound'
    starts-on = ['inquired']
    step = [{ id = 'mail', after = '2 days', channels = ['email'], owes-item = false }]
";

#[test]
fn an_inquiry_that_was_imported_a_year_late_is_not_answered_as_if_it_were_new() {
    let asked = told(IMPORTED).then("2025-01-06T10:00:00Z", "inquired", "via = 'form'");
    asked.does("2025-02-05T09:59:59Z", "respond 1 phone");
    asked.does("2026-01-05T10:00:00Z", "inbound/mail 1 email");
}

#[test]
fn whoever_writes_again_is_answered_though_what_they_wrote_first_is_old() {
    let asked = told(IMPORTED).then("2025-01-06T10:00:00Z", "inquired", "via = 'form'");
    let again = asked.then("2026-01-05T10:00:00Z", "replied", "channel = 'email'");
    again.does("2026-01-05T10:00:00Z", "respond 2 email");
    // A contact by hand after that time answers nothing any more.
    let late = again.then("2026-03-02T10:00:00Z", "touched", "channel = 'email'");
    late.waits("2026-03-02T10:00:00Z", "inbound/mail 1 email", "2026-03-04T10:00:00Z");
}

#[test]
fn what_would_never_go_is_refused() {
    let playbook = "
        confirm-opt-out = { expires = '1 day' }
        respond = { expires = '0 minutes' }
        [[sequence]]
        id = 'inbound'
        step = [{ id = 'mail', channels = ['email'], owes-item = false, expires = '0 days' }]
    ";
    let refusal = refused(playbook);
    for part in [
        "confirm-opt-out: \"expires\" means nothing here; remove it",
        "respond: what expires at once never goes; give it some time in \"expires\"",
        "sequence \"inbound\", step \"mail\": what expires at once never goes",
    ] {
        assert!(refusal.contains(part), "{refusal}");
    }
}

// --- Which touch a sign is of ------------------------------------------------------------------------------------

/// A second mail, and what is done after it with those who opened it and those who did not.
const MAILS: &str = "
    [[sequence]]
    id = 'seq'
    starts-on = ['added']
    step = [
        { id = 'mail-1', channels = ['email'], owes-item = false },
        { id = 'mail-2', after = '4 days', channels = ['email'], owes-item = false },
        { id = 'opened-2', channels = ['phone'], if = 'opened', within = '3 days', owes-item = false },
        { id = 'silent-2', channels = ['text'], unless = 'opened', within = '3 days', owes-item = false },
    ]
";

#[test]
fn that_they_opened_the_first_mail_says_nothing_of_the_second() {
    let story = told(MAILS).then("2026-03-02T09:00:00Z", "added", "").done("2026-03-02T09:00:00Z");
    let opened = story.then("2026-03-02T09:30:00Z", "engaged", "how = 'opened'");
    let second = opened.done("2026-03-06T09:00:00Z");
    second.waits("2026-03-06T09:01:00Z", "seq/silent-2 1 text", "2026-03-09T09:00:00Z");
    let opened = second.then("2026-03-07T10:00:00Z", "engaged", "how = 'opened'");
    opened.does("2026-03-07T10:00:00Z", "seq/opened-2 1 phone");
    opened.explains("2026-03-07T10:00:00Z", "if opened within 3 days");
    // What is for those who did not open it is about the same mail.
    opened.done("2026-03-07T10:00:00Z").rests("2026-03-30T10:00:00Z", "finished");
}

#[test]
fn a_playbook_can_count_what_they_opened_since_the_start() {
    let patient =
        MAILS.replace("if = 'opened', within = '3 days'", "if = 'opened', times = 3, since = 'start'");
    let patient = patient.replace("unless = 'opened', within = '3 days'", "after = '3 days'");
    let story = told(&patient).then("2026-03-02T09:00:00Z", "added", "").done("2026-03-02T09:00:00Z");
    let opened = |story: Story, when: &str| story.then(when, "engaged", "how = 'opened'");
    let story = opened(opened(story, "2026-03-02T09:30:00Z"), "2026-03-03T09:30:00Z");
    let second = story.done("2026-03-06T09:00:00Z");
    second.waits("2026-03-06T09:01:00Z", "seq/silent-2 1 text", "2026-03-09T09:00:00Z");
    let thrice = opened(second, "2026-03-07T10:00:00Z");
    thrice.does("2026-03-07T10:00:00Z", "seq/opened-2 1 phone");
    thrice.explains("2026-03-07T10:00:00Z", "if opened 3 times since the start");
}

#[test]
fn whoever_is_connected_already_gets_no_invitation() {
    let outbound = "
        [[sequence]]
        id = 'outbound'
        again = 'always'
        step = [
            { id = 'invite', channels = ['social'], unless = 'accepted', since = 'ever', owes-item = false },
            { id = 'mail', channels = ['email'], owes-item = false },
        ]
    ";
    let stranger = told(outbound).reached_by(Channel::Social).then(
        "2026-03-02T09:00:00Z",
        "enrolled",
        "sequence = 'outbound'",
    );
    stranger.does("2026-03-02T09:00:00Z", "outbound/invite 1 social");
    let connected = stranger.then("2026-03-02T10:00:00Z", "engaged", "how = 'accepted'");
    let again = connected.then("2026-09-01T09:00:00Z", "enrolled", "sequence = 'outbound'");
    again.does("2026-09-01T09:00:00Z", "outbound/mail 3 email");
}

#[test]
fn a_count_of_nothing_is_refused() {
    let step = |more: &str| {
        let step = format!("{{ id = 'call', channels = ['phone'], owes-item = false, {more} }}");
        refused(&format!("[[sequence]]\nid = 'inbound'\nstep = [{step}]"))
    };
    for (more, part) in [
        ("times = 2", "\"times\" is said of no sign; say \"if\" or \"unless\", or remove it"),
        ("if = 'opened', times = 0", "times = 0 asks for no sign; use 1 or more"),
        ("if = 'voicemail', since = 'ever'", "since = \"ever\" means nothing here, because voicemail"),
        ("if = 'opened', since = 'mail'", "\"mail\" is no word for since when; use touch, start or ever"),
    ] {
        assert!(step(more).contains(part), "{more}: {}", step(more));
    }
}

// --- Hours of one sequence ---------------------------------------------------------------------------------------

#[test]
fn a_newsletter_goes_out_on_tuesdays_at_ten_and_everything_else_when_it_is_due() {
    let playbook = "
        active = 'by-priority'
        [[rule]]
        id = 'tuesdays-at-ten'
        sequences = ['news', 'inbound/call']
        hours = { zone = 'prospect', week = { tue = ['10:00-11:00'] } }
        [[sequence]]
        id = 'news'
        step = [{ id = 'spring', after = '1 day', channels = ['email'], owes-item = false }]
        [[sequence]]
        id = 'inbound'
        priority = 1
        step = [
            { id = 'mail', after = '1 day', channels = ['email'], owes-item = false },
            { id = 'call', after = '1 day', channels = ['phone'], owes-item = false },
        ]
    ";
    // 2026-03-04 is a Wednesday.
    let story = told(playbook).then("2026-03-04T09:00:00Z", "enrolled", "sequence = 'inbound'");
    story.waits("2026-03-04T09:00:00Z", "inbound/mail 1 email", "2026-03-05T09:00:00Z");
    let mailed = story.done("2026-03-05T09:00:00Z");
    mailed.waits("2026-03-05T09:00:00Z", "inbound/call 1 phone", "2026-03-10T10:00:00Z");
    let read = told(playbook).then("2026-03-04T09:00:00Z", "enrolled", "sequence = 'news'");
    read.waits("2026-03-04T09:00:00Z", "news/spring 1 email", "2026-03-10T10:00:00Z");
    read.explains("2026-03-04T09:00:00Z", "closed by rule \"tuesdays-at-ten\"");
    // What nobody asked for in particular is not bound by it.
    read.is_allowed("2026-03-04T09:00:00Z", Channel::Email);
}

#[test]
fn a_rule_for_a_sequence_that_is_not_there_is_refused() {
    let refusal = refused(
        "
        [[rule]]
        id = 'tuesdays'
        sequences = ['news', 'inbound/calls']
        hours = { zone = 'prospect', week = { tue = ['10:00-11:00'] } }
        [[sequence]]
        id = 'inbound'
        step = [{ id = 'call', channels = ['phone'], owes-item = false }]
        ",
    );
    for name in ["news", "inbound/calls"] {
        assert!(
            refusal.contains(&format!("rule \"tuesdays\": \"{name}\" is no sequence with steps")),
            "{refusal}"
        );
    }
}

#[test]
fn a_call_takes_nothing_from_what_they_opened() {
    let called = "
        [[sequence]]
        id = 'seq'
        starts-on = ['added']
        step = [
            { id = 'mail', channels = ['email'], owes-item = false },
            { id = 'call', after = '2 days', channels = ['phone'], owes-item = false },
            { id = 'offer', after = '2 days', channels = ['email'], if = 'opened', owes-item = false },
            { id = 'again', after = '2 days', channels = ['email'], if = 'opened', owes-item = false },
            { id = 'last', after = '1 day', channels = ['phone'], owes-item = false },
        ]
    ";
    let story = told(called).then("2026-03-02T09:00:00Z", "added", "").done("2026-03-02T09:00:00Z");
    let opened = story.then("2026-03-02T09:30:00Z", "engaged", "how = 'opened'");
    let offered =
        opened.done("2026-03-04T09:00:00Z").does("2026-03-06T09:00:00Z", "seq/offer 1 email").clone();
    let offered = offered.done("2026-03-06T09:00:00Z");
    // They have not opened the offer: nothing comes of it.
    offered.waits("2026-03-06T09:01:00Z", "seq/last 1 phone", "2026-03-09T09:00:00Z");
}

#[test]
fn what_is_on_hold_does_not_run_out() {
    let playbook = "
        [[sequence]]
        id = 'seq'
        starts-on = ['added']
        step = [
            { id = 'mail', after = '1 week', channels = ['email'], owes-item = false, expires = '1 week' },
            { id = 'call', after = '1 week', channels = ['phone'], owes-item = false },
        ]
    ";
    let story = told(playbook).then("2026-01-05T09:00:00Z", "added", "");
    let not_now = "reason = 'not-now', until = 2026-04-01T09:00:00Z";
    let held = story.clone().then("2026-01-06T09:00:00Z", "held", not_now);
    held.waits("2026-01-06T09:00:00Z", "seq/mail 1 email", "2026-04-01T09:00:00Z");
    held.does("2026-04-08T08:59:59Z", "seq/mail 1 email");
    held.does("2026-04-08T09:00:00Z", "seq/call 1 phone");
    // What ran out before they said so is not brought back.
    let late = story.clone().then("2026-01-20T09:00:00Z", "held", not_now);
    late.waits("2026-01-20T09:00:00Z", "seq/call 1 phone", "2026-04-01T09:00:00Z");
    let paused = story.then("2026-01-08T09:00:00Z", "held", "reason = 'paused'");
    paused.rests("2026-02-20T09:00:00Z", "hold");
    let released = paused.then("2026-03-01T09:00:00Z", "released", "");
    released.waits("2026-03-01T09:00:00Z", "seq/mail 1 email", "2026-03-05T09:00:00Z");
}

// --- Subscriptions -----------------------------------------------------------------------------------------------

/// A newsletter and invitations to events, beside each other.
const SUBSCRIPTIONS: &str = "
    active = 'by-priority'

    [[sequence]]
    id = 'newsletter'
    subscription = 'news'
    starts-on = ['added']
    step = [{ id = 'one', after = '1 day', channels = ['email', 'phone'], owes-item = false }]

    [[sequence]]
    id = 'events'
    subscription = 'events'
    step = [{ id = 'fair', after = '2 days', channels = ['email'], owes-item = false }]
";

fn subscribed() -> Story {
    let story = told(SUBSCRIPTIONS).then("2026-01-05T09:00:00Z", "added", "");
    story.then("2026-01-05T09:01:00Z", "enrolled", "sequence = 'events'")
}

#[test]
fn whoever_unsubscribes_from_the_newsletter_is_still_invited() {
    let story = subscribed();
    story.waits("2026-01-05T10:00:00Z", "newsletter/one 1 email", "2026-01-06T09:00:00Z");
    let story = story.then("2026-01-05T10:00:00Z", "unsubscribed", "subscription = 'news'");
    story.waits("2026-01-05T11:00:00Z", "events/fair 2 email", "2026-01-07T09:01:00Z");
    let story = story.done("2026-01-07T09:01:00Z");
    story.rests("2026-01-07T09:02:00Z", "finished");
    // What they want again goes on where it was.
    let again = story.then("2026-01-07T10:00:00Z", "subscribed", "subscription = 'news'");
    again.does("2026-01-07T10:01:00Z", "newsletter/one 1 email");
}

#[test]
fn on_another_channel_the_subscription_goes_on() {
    let by_mail = "subscription = 'news', channels = ['email']";
    let story = subscribed().then("2026-01-05T10:00:00Z", "unsubscribed", by_mail);
    story.waits("2026-01-05T11:00:00Z", "newsletter/one 1 phone", "2026-01-06T09:00:00Z");
}

#[test]
fn what_rests_says_that_they_unsubscribed_and_what_would_change_that() {
    let story = told(SUBSCRIPTIONS).then("2026-01-05T09:00:00Z", "added", "");
    let story = story.then("2026-01-05T10:00:00Z", "unsubscribed", "subscription = 'news'");
    story.rests("2026-01-05T11:00:00Z", "unsubscribed");
    story.explains("2026-01-05T11:00:00Z", "they unsubscribed from what the sequence belongs to");
    story.explains("2026-01-05T11:00:00Z", "their subscribing again would change that");
    story.explains("2026-01-05T11:00:00Z", "email, phone: they refused it (event 2)");
}

#[test]
fn an_inquiry_of_theirs_is_answered_though_they_unsubscribed() {
    let story = subscribed().then("2026-01-05T10:00:00Z", "unsubscribed", "subscription = 'news'");
    let asked = story.then("2026-01-05T11:00:00Z", "inquired", "via = 'form'");
    asked.does("2026-01-05T11:00:00Z", "respond 4 phone");
}

// --- Dates -------------------------------------------------------------------------------------------------------

/// Before a contract ends, and after it was renewed.
const RENEWAL: &str = "
    [[sequence]]
    id = 'renewal'
    starts-on = ['purchased']
    purpose = 'care'
    then = { sequence = 'renewal', after = '1 day' }
    step = [
        { id = 'letter', date = 'renewal', before = '60 days', channels = ['post'], owes-item = false },
        { id = 'offer', date = 'renewal', before = '2 weeks', channels = ['email'], owes-item = false },
        { id = 'call', date = 'renewal', before = '3 business days', channels = ['phone'], owes-item = false },
        { id = 'thanks', date = 'renewal', after = '1 day', channels = ['email'], owes-item = false },
    ]
";

fn bought(when: &str, renewal: &str) -> Story {
    let story = told(RENEWAL).about(&format!("dates = {{ renewal = '{renewal}' }}"));
    story.reached_by(followup::Channels::ALL).then(when, "purchased", "")
}

#[test]
fn steps_count_back_from_the_day_on_which_a_contract_ends() {
    let story = bought("2026-01-05T10:00:00Z", "2026-06-01");
    story.waits("2026-01-05T11:00:00Z", "renewal/letter 1 post", "2026-04-02T00:00:00Z");
    story.explains(
        "2026-01-05T11:00:00Z",
        "renewal/letter is due 60 days before renewal, Mon 2026-06-01 00:00",
    );
    let story = story.done("2026-04-02T09:00:00Z");
    story.waits("2026-04-02T10:00:00Z", "renewal/offer 1 email", "2026-05-18T00:00:00Z");
    let story = story.done("2026-05-18T09:00:00Z");
    story.waits("2026-05-18T10:00:00Z", "renewal/call 1 phone", "2026-05-27T00:00:00Z");
    let story = story.done("2026-05-27T09:00:00Z");
    story.waits("2026-05-27T10:00:00Z", "renewal/thanks 1 email", "2026-06-02T00:00:00Z");
    let story = story.done("2026-06-02T09:00:00Z");
    story.rests("2026-06-02T10:00:00Z", "finished");
    // A year later the host knows of the next day.
    let renewed = story.about("dates = { renewal = '2027-06-01' }").reached_by(followup::Channels::ALL);
    renewed.waits("2026-06-02T10:00:00Z", "renewal/letter 1 post", "2027-04-02T00:00:00Z");
}

#[test]
fn whoever_joins_late_gets_what_still_fits_and_nothing_that_is_over() {
    let story = bought("2026-05-25T10:00:00Z", "2026-06-01");
    story.waits("2026-05-25T11:00:00Z", "renewal/call 1 phone", "2026-05-27T00:00:00Z");
    let story = bought("2026-07-01T10:00:00Z", "2026-06-01");
    story.rests("2026-07-01T11:00:00Z", "finished");
}

#[test]
fn of_a_date_in_every_year_whoever_joins_late_gets_the_rest_of_this_one_and_then_the_next() {
    let story = bought("2026-05-25T10:00:00Z", "06-01");
    let ahead = story.ahead("2026-05-25T11:00:00Z");
    let expected = ["call phone", "thanks email", "letter post", "offer email", "call phone"];
    assert_eq!(ahead[..5], expected.map(|step| format!("renewal/{step}")), "{ahead:?}");
    let story = story.done("2026-05-27T09:00:00Z").done("2026-06-02T09:00:00Z");
    story.waits("2026-06-03T10:00:00Z", "renewal/letter 1 post", "2027-04-02T00:00:00Z");
}

#[test]
fn what_is_due_when_they_join_is_not_over() {
    let story = bought("2026-04-02T00:00:00Z", "2026-06-01");
    story.does("2026-04-02T00:00:00Z", "renewal/letter 1 post");
}

#[test]
fn what_is_done_as_it_falls_due_is_not_done_again_in_the_round_that_begins_with_it() {
    let story = told(
        "[[sequence]]
        id = 'touch'
        starts-on = ['added']
        every = '3 months'
        step = [
            { id = 'call', channels = ['post'], owes-item = false },
            { id = 'card', date = 'birthday', channels = ['email'], owes-item = false },
        ]",
    );
    let story = story.about("dates = { birthday = '06-21' }").then("2026-06-01T10:00:00Z", "added", "");
    let story = story.done("2026-06-21T00:00:00Z");
    story.waits("2026-06-21T00:00:00Z", "touch/card 1 email", "2027-06-21T00:00:00Z");
}

#[test]
fn what_counts_back_from_a_date_moves_back_from_a_weekend() {
    let story = told(
        "[[sequence]]
        id = 'fair'
        starts-on = ['added']
        step = [
            { id = 'invite', date = 'fair', before = '1 day', business-day = true, channels = ['email'], owes-item = false },
            { id = 'thanks', date = 'fair', after = '6 days', business-day = true, channels = ['email'], owes-item = false },
        ]",
    );
    // The fair is on a Sunday.
    let story = story.about("dates = { fair = '2026-03-08' }").then("2026-02-02T10:00:00Z", "added", "");
    story.waits("2026-02-02T11:00:00Z", "fair/invite 1 email", "2026-03-06T00:00:00Z");
    story.done("2026-03-06T09:00:00Z").waits(
        "2026-03-06T10:00:00Z",
        "fair/thanks 1 email",
        "2026-03-16T00:00:00Z",
    );
}

#[test]
fn what_is_late_but_not_too_late_still_goes() {
    let late = RENEWAL.replace("before = '2 weeks',", "before = '2 weeks', expires = '10 days',");
    let story = told(&late).about("dates = { renewal = '2026-06-01' }");
    let story = story.then("2026-05-25T10:00:00Z", "purchased", "");
    story.does("2026-05-25T11:00:00Z", "renewal/offer 1 email");
}

#[test]
fn without_a_date_what_counts_from_it_does_not_come() {
    let story = told(RENEWAL).then("2026-01-05T10:00:00Z", "purchased", "");
    story.rests("2026-01-05T11:00:00Z", "finished");
}

#[test]
fn a_birthday_comes_every_year() {
    let story = told(
        "[[sequence]]
        id = 'birthday'
        starts-on = ['purchased']
        purpose = 'care'
        then = { sequence = 'birthday', after = '1 day' }
        step = [{ id = 'card', date = 'birthday', channels = ['email'], owes-item = false, expires = '1 week' }]",
    );
    let story = story.about("dates = { birthday = '02-29' }").then("2026-03-20T10:00:00Z", "purchased", "");
    story.waits("2026-03-20T11:00:00Z", "birthday/card 1 email", "2027-02-28T00:00:00Z");
    let story = story.done("2027-02-28T09:00:00Z");
    story.waits("2027-03-05T11:00:00Z", "birthday/card 1 email", "2028-02-29T00:00:00Z");
    // What nobody saw to in time is over, and the next year is another.
    story.waits("2028-03-08T00:00:00Z", "birthday/card 1 email", "2029-02-28T00:00:00Z");
}

#[test]
fn a_date_counts_on_their_own_clock() {
    let zoned = |zone: &str| {
        let story = permitted(zone, RENEWAL).about("dates = { renewal = '2026-06-01' }");
        story.reached_by(followup::Channels::ALL).then("2026-01-05T10:00:00Z", "purchased", "")
    };
    zoned("Asia/Tokyo").waits("2026-01-05T11:00:00Z", "renewal/letter 1 post", "2026-04-01T15:00:00Z");
    zoned("America/Chicago").waits("2026-01-05T11:00:00Z", "renewal/letter 1 post", "2026-04-02T05:00:00Z");
}

#[test]
fn what_would_fall_on_a_weekend_falls_due_at_the_same_time_on_monday() {
    let story = told(
        "business-days = { days = ['mon-fri'], holidays = ['free'] }
        [[holidays]]
        id = 'free'
        days = ['2026-01-12']
        [[sequence]]
        id = 's'
        starts-on = ['added']
        step = [{ id = 'mail', after = '3 days', business-day = true, channels = ['email'], owes-item = false }]",
    );
    let added = |day: &str| story.clone().then(&format!("{day}T14:30:00Z"), "added", "");
    added("2026-01-05").waits("2026-01-05T15:00:00Z", "s/mail 1 email", "2026-01-08T14:30:00Z");
    // A Saturday, and then a Monday that is free.
    added("2026-01-07").waits("2026-01-07T15:00:00Z", "s/mail 1 email", "2026-01-13T14:30:00Z");
}

#[test]
fn what_is_said_wrong_about_a_date_is_told_with_its_remedy() {
    let step = |says: &str| {
        let step = format!("{{ id = 'a', channels = ['email'], owes-item = false, {says} }}");
        refused(&format!("[[sequence]]\nid = 's'\nstep = [{step}]"))
    };
    assert!(
        step("before = '2 days'").contains("before = \"2 days\" is before no date; say which in \"date\"")
    );
    let both = step("date = 'renewal', before = '2 days', after = '1 day', from = 'start'");
    assert!(both.contains("it has \"before\" and \"after\"; keep one of them"), "{both}");
    assert!(both.contains("from = \"start\" means nothing where it is counted from a date"), "{both}");
    let prospect = toml::from_str::<followup::Prospect>(
        "id = 'ada'\ndates = { renewal = '1962-03-01', 'my day' = '3-1' }",
    );
    let faults = prospect.unwrap_err().to_string();
    assert!(faults.contains("date \"renewal\": \"1962-03-01\" is no date between 1970 and 2200"), "{faults}");
    assert!(faults.contains("\"my day\" is no name of a date"), "{faults}");
}

// --- Whom it is for ----------------------------------------------------------------------------------------------

/// One way for bakeries of the trade, and one for everybody else.
const FOR_SOME: &str = "
    [[sequence]]
    id = 'bakeries'
    for = { topics = ['bakery'], as = 'business', regions = ['DE'] }
    starts-on = ['inquired']
    step = [{ id = 'call', after = '1 day', channels = ['phone'] }]

    [[sequence]]
    id = 'everybody'
    starts-on = ['inquired']
    step = [{ id = 'mail', after = '2 days', channels = ['email'] }]

    [[item]]
    id = 'ovens'
    format = 'guide'
    for = { tags = ['large', 'chain'] }

    [[item]]
    id = 'boilers'
    format = 'guide'
";

#[test]
fn of_sequences_that_start_on_the_same_the_first_begins_that_is_for_them() {
    let after = |about: &str| told(FOR_SOME).about(about).inquired("2026-01-05T10:00:00Z");
    let bakery = "interests = ['bakery', 'ovens']\nas = 'business'\nregion = 'DE-BY'";
    after(bakery).waits("2026-01-05T11:00:00Z", "bakeries/call 1 phone", "2026-01-06T10:00:00Z");
    // What is not known of somebody is not so.
    for other in [
        "",
        "interests = ['bakery']\nas = 'business'",
        "interests = ['bakery']\nas = 'business'\nregions = ['DE', 'FR']",
    ] {
        after(other).waits("2026-01-05T11:00:00Z", "everybody/mail 1 email", "2026-01-07T10:00:00Z");
    }
}

#[test]
fn an_item_goes_to_those_only_that_it_is_for() {
    let after = |about: &str| told(FOR_SOME).about(about).inquired("2026-01-05T10:00:00Z");
    after("tags = ['chain']").gives("2026-01-07T11:00:00Z", "ovens");
    after("tags = ['small']").gives("2026-01-07T11:00:00Z", "boilers");
}

#[test]
fn a_pursuit_goes_on_with_no_sequence_that_is_not_for_them_but_a_person_can_enrol_anybody() {
    let story = told(
        "[[sequence]]
        id = 'first'
        starts-on = ['added']
        then = { sequence = 'large', after = '1 week' }
        step = [{ id = 'mail', channels = ['email'], owes-item = false }]

        [[sequence]]
        id = 'large'
        for = { tags = ['large'] }
        step = [{ id = 'visit', channels = ['phone'], owes-item = false }]",
    );
    let story = story.then("2026-01-05T10:00:00Z", "added", "").done("2026-01-05T10:00:00Z");
    story.rests("2026-01-05T11:00:00Z", "finished");
    let large = story.clone().about("tags = ['large']");
    large.waits("2026-01-05T11:00:00Z", "large/visit 1 phone", "2026-01-12T10:00:00Z");
    let enrolled = story.then("2026-01-06T10:00:00Z", "enrolled", "sequence = 'large'");
    // And whoever is enrolled in what keeps in touch with others is kept in touch with.
    let some = QUARTERLY.replace("every =", "for = { tags = ['large'] }\n    every =");
    let small = told(&some).then("2026-01-05T10:00:00Z", "enrolled", "sequence = 'customers'");
    let small = small.done("2026-04-05T10:00:00Z");
    small.waits("2026-04-05T11:00:00Z", "customers/call 1 phone", "2026-07-05T10:00:00Z");
    enrolled.does("2026-01-06T10:01:00Z", "large/visit 3 phone");
}

#[test]
fn a_sequence_says_in_how_many_people_it_is_begun_on_a_day() {
    let playbook: Playbook = toml::from_str(
        "name = 'Boilers'\nzone = 'Europe/London'\n[[sequence]]\nid = 'cold'\nmost-a-day = 40
        step = [{ id = 'mail', channels = ['email'], owes-item = false }]",
    )
    .unwrap();
    assert_eq!(playbook.sequences()[0].most_a_day(), Some(40));
    let none = refused(
        "[[sequence]]\nid = 'cold'\nmost-a-day = 0\nstep = [{ id = 'm', channels = ['email'], owes-item = false }]",
    );
    assert!(none.contains("most-a-day = 0 begins it for nobody; use 1 or more"), "{none}");
}

// --- Keeping in touch --------------------------------------------------------------------------------------------

/// A call every quarter for as long as they are customers: two weeks are on time, two months are at worst.
const QUARTERLY: &str = "
    [[sequence]]
    id = 'customers'
    starts-on = ['purchased']
    purpose = 'care'
    every = '3 months'
    step = [{ id = 'call', channels = ['phone'], owes-item = false, tolerance = '2 weeks', expires = '2 months' }]
";

fn customer() -> Story {
    told(QUARTERLY).then("2026-01-05T10:00:00Z", "purchased", "")
}

#[test]
fn customers_are_called_every_quarter_for_as_long_as_it_lasts() {
    let story = customer();
    story.waits("2026-01-05T11:00:00Z", "customers/call 1 phone", "2026-04-05T10:00:00Z");
    let story = story.done("2026-04-07T15:00:00Z");
    story.waits("2026-04-07T16:00:00Z", "customers/call 1 phone", "2026-07-07T15:00:00Z");
    story.done("2026-07-07T15:00:00Z").waits(
        "2026-07-08T00:00:00Z",
        "customers/call 1 phone",
        "2026-10-07T15:00:00Z",
    );
}

#[test]
fn a_contact_by_hand_or_of_their_own_counts_as_being_in_touch() {
    let by_hand = customer().approached("2026-03-01T10:00:00Z", Channel::Email);
    by_hand.waits("2026-03-01T11:00:00Z", "customers/call 1 phone", "2026-06-01T10:00:00Z");
    let met =
        customer().then("2026-03-01T10:00:00Z", "met", "channel = 'phone'").done("2026-03-01T12:00:00Z");
    met.waits("2026-03-01T13:00:00Z", "customers/call 1 phone", "2026-06-01T12:00:00Z");
}

#[test]
fn a_call_within_the_tolerance_is_on_time_then_it_is_late_and_at_worst_the_next_one_comes() {
    let story = customer();
    let late_by = |now: &str| {
        let decision = story.decision(now);
        let Verdict::Act(action) = decision.verdict() else { panic!("{}", decision.explanation()) };
        action.late_by(story::at(now)).map(|late| late.as_secs() / 86_400)
    };
    assert_eq!(late_by("2026-04-19T10:00:00Z"), None);
    assert_eq!(late_by("2026-04-22T10:00:00Z"), Some(3));
    story.explains("2026-04-22T10:00:00Z", "; it is 3 d late");
    // Nobody makes up for a quarter that has gone by: the next call is due a quarter later.
    story.waits("2026-06-05T10:00:00Z", "customers/call 1 phone", "2026-07-05T10:00:00Z");
    // Nor for three of them.
    story.waits("2027-01-04T10:00:00Z", "customers/call 1 phone", "2027-01-05T10:00:00Z");
}

#[test]
fn what_is_said_wrong_about_keeping_in_touch_is_told_with_its_remedy() {
    let said = refused(
        "[[sequence]]
        id = 's'
        every = '0 days'
        then = { sequence = 's', after = '1 day' }
        step = [{ id = 'a', after = '1 day', channels = ['email'], owes-item = false, tolerance = '2 weeks', expires = '1 week' }]",
    );
    for part in [
        "every = \"0 days\" never rests; give it some time",
        "it has \"every\" and \"then\"; keep one of them",
        "says when the first step is due; remove its \"after\", \"from\" or \"date\"",
        "tolerance = \"2 weeks\" is no less than expires = \"1 week\", so it is never late",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}

// --- Meetings ----------------------------------------------------------------------------------------------------

/// Whoever agrees to meet has it confirmed, and is asked for nothing before.
const MEETING: &str = "
    confirm-meeting = { before = '1 day', channels = ['email'], ask = 'a short word if anything has changed' }

    [[sequence]]
    id = 'outbound'
    starts-on = ['added']
    ends-on = ['booked']
    step = [{ id = 'mail', after = '2 days', channels = ['email'], owes-item = false }]
";

fn agreed(when: &str, meeting: &str) -> Story {
    let story = told(MEETING).then("2026-01-05T10:00:00Z", "added", "");
    story.then(when, "booked", &format!("meeting = {meeting}"))
}

#[test]
fn a_meeting_is_confirmed_a_day_before_and_then_waited_for_and_then_its_outcome_is_asked() {
    let story = agreed("2026-01-06T09:00:00Z", "2026-01-13T15:00:00Z");
    story.waits("2026-01-06T10:00:00Z", "confirm-meeting 2 email", "2026-01-12T15:00:00Z");
    story.explains(
        "2026-01-12T15:00:00Z",
        "a meeting is agreed (event 2); it is to be confirmed from Mon 2026-01-12 15:00 on",
    );
    let story = story.done("2026-01-12T16:00:00Z");
    story.rests("2026-01-12T17:00:00Z", "agreed");
    story.needs("2026-01-13T15:00:00Z", "outcome");
    let met = story.then("2026-01-13T15:50:00Z", "met", "channel = 'phone'");
    met.does("2026-01-13T15:50:00Z", "recap 4 phone");
}

#[test]
fn what_is_agreed_at_short_notice_is_confirmed_at_once_and_nothing_once_they_have_met() {
    let story = agreed("2026-01-06T09:00:00Z", "2026-01-06T15:00:00Z");
    story.does("2026-01-06T09:01:00Z", "confirm-meeting 2 email");
    story.needs("2026-01-06T15:00:00Z", "outcome");
}

#[test]
fn a_meeting_that_is_moved_is_confirmed_anew_and_one_that_is_off_is_not() {
    let story = agreed("2026-01-06T09:00:00Z", "2026-01-13T15:00:00Z").done("2026-01-12T15:00:00Z");
    let moved = story.clone().then("2026-01-12T18:00:00Z", "booked", "meeting = 2026-01-20T15:00:00Z");
    moved.waits("2026-01-12T18:00:00Z", "confirm-meeting 4 email", "2026-01-19T15:00:00Z");
    let off = moved.then("2026-01-14T09:00:00Z", "called-off", "");
    off.waits("2026-01-14T09:00:00Z", "outbound/mail 1 email", "2026-01-16T09:00:00Z");
    let missed =
        agreed("2026-01-06T09:00:00Z", "2026-01-06T15:00:00Z").then("2026-01-06T15:20:00Z", "no-show", "");
    missed.waits("2026-01-06T15:20:00Z", "outbound/mail 1 email", "2026-01-08T15:20:00Z");
}

#[test]
fn a_confirmation_needs_no_permission_but_goes_nowhere_where_it_was_refused() {
    let story = agreed("2026-01-06T09:00:00Z", "2026-01-13T15:00:00Z");
    let out = story.clone().then("2026-01-07T09:00:00Z", "opted-out", "purposes = ['follow-up', 'care']");
    out.waits("2026-01-07T10:00:00Z", "confirm-meeting 2 email", "2026-01-12T15:00:00Z");
    let never = story.then("2026-01-07T09:00:00Z", "opted-out", "channels = ['email']");
    never.rests("2026-01-07T10:00:00Z", "opted-out");
}

#[test]
fn a_confirmation_when_they_meet_is_refused() {
    let said = refused("confirm-meeting = { before = '0 days', within = '1 day' }");
    assert!(
        said.contains("what is due when they meet comes too late; give it some time in \"before\""),
        "{said}"
    );
    assert!(said.contains("\"within\" means nothing here"), "{said}");
}

#[test]
fn what_confirms_a_meeting_says_when_they_meet() {
    let brief = agreed("2026-01-06T09:00:00Z", "2026-01-13T15:00:00Z").brief("2026-01-12T15:00:00Z");
    let says =
        "We meet on Tuesday, 13 January, 15:00.\n\nMay I ask you for a short word if anything has changed?";
    assert!(brief.contains(says), "{brief}");
}
