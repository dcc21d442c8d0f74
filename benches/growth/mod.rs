//! How the cost of everything grows with a long past: for every kind of event, a thousand of it against ten thousand.

use std::hint::black_box;
use std::time::Duration;

use followup::{Assumption, Event, EventKind, History, Instant, Playbook, Prospect};

use crate::fleet::{self, DAY, PRESENT};

/// An event of each kind, as it is written in a history; `BEFORE` is the id of the one before.
const KINDS: &[&str] = &[
    r#""event":"added""#,
    r#""event":"inquired","via":"form""#,
    r#""event":"replied","channel":"email""#,
    r#""event":"auto-replied""#,
    r#""event":"met","channel":"phone""#,
    r#""event":"named","topics":["boilers"]"#,
    r#""event":"engaged","how":"clicked""#,
    r#""event":"touched","channel":"email""#,
    r#""event":"touched","channel":"email","act":"inbound/step-1","cause":BEFORE"#,
    r#""event":"touched","channel":"phone","act":"respond","cause":BEFORE,"disposition":"no-answer""#,
    r#""event":"skipped","step":"inbound/step-2""#,
    r#""event":"failed","channel":"phone","act":"respond","cause":BEFORE"#,
    r#""event":"granted","channels":["email"],"purposes":["follow-up"],"basis":"express""#,
    r#""event":"denied","channels":["email"],"purposes":["follow-up"]"#,
    r#""event":"opted-out","channels":["email"],"purposes":["follow-up"]"#,
    r#""event":"suppressed","channels":["email"],"purposes":["follow-up"],"reason":"complaint""#,
    r#""event":"screened","channels":["phone"],"list":"2026-09-01T00:00:00Z""#,
    r#""event":"colleague-touched","channel":"email""#,
    r#""event":"declined","reason":"no-need""#,
    r#""event":"disqualified","reason":"no-need""#,
    r#""event":"unsubscribed","subscription":"news""#,
    r#""event":"subscribed","subscription":"news""#,
    r#""event":"purchased""#,
    r#""event":"problem-reported""#,
    r#""event":"problem-solved","problem":BEFORE"#,
    r#""event":"promised","by":"us","due":"2026-10-21T08:00:00Z""#,
    r#""event":"promised","by":"them","due":"2026-10-21T08:00:00Z""#,
    r#""event":"callback-requested","channel":"phone","due":"2026-10-21T08:00:00Z""#,
    r#""event":"kept","promise":BEFORE"#,
    r#""event":"held","reason":"paused""#,
    r#""event":"released""#,
    r#""event":"annoyed""#,
    r#""event":"bounced","channel":"email","permanent":false"#,
    r#""event":"corrected","channel":"phone""#,
    r#""event":"enrolled","sequence":"inbound""#,
    r#""event":"given-up""#,
    r#""event":"called-off""#,
    r#""event":"unenrolled""#,
    r#""event":"retracted","retracts":BEFORE"#,
    r#""event":"booked","meeting":"2026-10-21T08:00:00Z""#,
    r#""event":"no-show""#,
    r#""event":"stalled","why":"no-time""#,
    r#""event":"referred""#,
    r#""event":"introduced""#,
];

/// An inquiry, and then `length` of that kind, evenly over the last two years.
fn past(kind: &str, length: usize) -> Vec<Event> {
    let inquiry = r#""event":"inquired","via":"form""#;
    let write = |nth: usize| {
        let kind = if nth == 0 { inquiry } else { kind };
        let ago = 600 * DAY / i64::try_from(length).unwrap_or(1) * i64::try_from(length - nth).unwrap_or(0);
        let at = fleet::instant(PRESENT - ago - DAY).expect("in range");
        let before = nth.max(1).to_string();
        format!("{{\"id\":{},\"at\":\"{at}\",{}}}", nth + 1, kind.replace("BEFORE", &before))
    };
    (0..=length).map(|nth| serde_json::from_str(&write(nth)).expect("an event")).collect()
}

/// The least of a few runs.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn least<T>(runs: usize, mut prepare: impl FnMut() -> T, mut task: impl FnMut(T)) -> Duration {
    let once = |_| {
        let input = prepare();
        let begun = std::time::Instant::now();
        task(input);
        begun.elapsed()
    };
    (0..runs).map(once).min().unwrap_or_default()
}

/// What is measured, by name.
const TASKS: [&str; 6] =
    ["fold", "a late event", "decide", "decide from what is kept", "explain", "plan of 20"];

fn times(playbook: &Playbook, prospect: &Prospect, events: &[Event], now: Instant) -> [Duration; 6] {
    let history = History::try_from(events.to_vec()).expect("a history");
    let standing = history.standing();
    let pursuits = playbook.pursuits(prospect, standing);
    let late =
        Event::new(1_000_000, fleet::instant(PRESENT - 900 * DAY).expect("in range"), EventKind::GivenUp);
    [
        least(3, || events.to_vec(), |events| drop(black_box(History::try_from(events)))),
        least(
            3,
            || history.clone(),
            |mut history| {
                history.record(late.clone()).expect("it is new");
                drop(black_box(history));
            },
        ),
        least(3, || (), |()| drop(black_box(playbook.decide(prospect, standing, now)))),
        least(3, || (), |()| drop(black_box(playbook.decide_from(prospect, standing, &pursuits, now)))),
        least(
            3,
            || playbook.decide(prospect, standing, now),
            |decision| {
                black_box(decision.explanation());
            },
        ),
        least(
            3,
            || (),
            |()| drop(black_box(playbook.plan(prospect, standing, now, Assumption::Silence, 20))),
        ),
    ]
}

/// Prints, for each task, the kind of event with which it grows most from `few` to ten times as many.
pub(crate) fn report(playbooks: [(&str, &Playbook); 2], few: usize) {
    for word in EventKind::WORDS {
        let is_of = |kind: &str| kind.starts_with(&format!("\"event\":\"{word}\""));
        assert!(KINDS.iter().any(|kind| is_of(kind)), "no {word} among the kinds that are measured");
    }
    let now = fleet::instant(PRESENT).expect("in range");
    let (prospect, _) = fleet::eventful(1).expect("a fleet").pop().expect("somebody");
    for (name, playbook) in playbooks {
        let all: Vec<_> = KINDS
            .iter()
            .map(|kind| {
                let [few, many] =
                    [few, 10 * few].map(|length| times(playbook, &prospect, &past(kind, length), now));
                (kind, few, many)
            })
            .collect();
        for (nth, task) in TASKS.iter().enumerate() {
            let growth = all.iter().map(|(kind, few, many)| {
                let [few, many] = [few, many].map(|times| times.get(nth).copied().unwrap_or_default());
                (many.as_secs_f64() / few.as_secs_f64().max(1e-6), kind, many)
            });
            let Some((ratio, kind, many)) = growth.max_by(|one, other| one.0.total_cmp(&other.0)) else {
                continue;
            };
            println!(
                "{name}, {task}: {few} to {} events at most {ratio:.1} times, {many:.1?} ({})",
                10 * few,
                kind.trim_start_matches("\"event\":")
            );
        }
    }
}
