//! What is printed.
//!
//! Today's list is ranked by, in this order:
//! 1. what there is to do: an answer to somebody who asked, a solution, a recap, a promise of ours, a reminder
//!    of a promise of theirs, a request for permission, the next touch, bringing somebody back;
//! 2. of the answers: those who asked less than a day ago, the freshest first, while they still know that they
//!    asked; then everybody else, the longest wait first, so that nobody starves;
//!    of the touches: the keen, then those who read what they got, then the others;
//! 3. how long it has been due, the longest first;
//! 4. the lead number, the lowest first.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use followup::{Act, Action, Decision, Duty, EventKind, Gate, Instant, Party, Playbook, Verdict};

use crate::guard::{Cells, Finding};
use crate::leads::{Intent, Lead, SPREAD_DAYS, Sheet};

/// A lead and what was decided about it.
pub(crate) type Decided<'a> = (&'a Lead, Decision<'a>);

const A_DAY: Duration = Duration::from_secs(86_400);

pub(crate) fn head(out: &mut impl Write, sheet: &Sheet, playbook: &Playbook, now: Instant) -> io::Result<()> {
    let refused: std::collections::BTreeSet<u64> = sheet.refused.iter().map(|refused| refused.line).collect();
    writeln!(out, "{}, as of {now} (zone data {})", playbook.name(), playbook.zones().release())?;
    writeln!(
        out,
        "Rows read: {}. Leads: {}. Rows refused: {}, each named on the error output.",
        sheet.rows,
        sheet.leads.len(),
        refused.len()
    )?;
    writeln!(
        out,
        "The file has no dates. The leads were put, in the order of their numbers, on the {SPREAD_DAYS} days before this\n\
         instant; what happened to a lead stands at even distances between its inquiry and now."
    )
}

/// Where the action of a lead stands in the list: the smallest first.
fn rank(lead: &Lead, action: &Action<'_>, now: Instant) -> (u8, u8, i64, u64) {
    let due = action.due().unix_seconds();
    let (class, tier, wait) = match action.act() {
        Act::Duty(Duty::ConfirmOptOut) => (0, 0, due),
        Act::Duty(Duty::Respond) if now.since(action.due()) < A_DAY => (0, 0, -due),
        Act::Duty(Duty::Respond) => (0, 1, due),
        Act::Duty(Duty::Solve) => (1, 0, due),
        Act::Duty(Duty::Recap) => (2, 0, due),
        Act::Duty(Duty::KeepPromise) => (3, 0, due),
        Act::Duty(Duty::ConfirmMeeting) => (4, 0, due),
        Act::Duty(Duty::Remind) => (5, 0, due),
        Act::Duty(Duty::AskPermission) => (6, 0, due),
        Act::Touch(_) => (7, lead.intent as u8, due),
    };
    (class, tier, wait, lead.number)
}

pub(crate) fn list(
    out: &mut impl Write,
    decided: &[Decided<'_>],
    playbook: &Playbook,
    now: Instant,
    top: usize,
) -> io::Result<()> {
    let mut due: Vec<(&Lead, &Action<'_>)> = decided
        .iter()
        .filter_map(|(lead, decision)| match decision.verdict() {
            Verdict::Act(action) => Some((*lead, action)),
            _ => None,
        })
        .collect();
    due.sort_by_key(|(lead, action)| rank(lead, action, now));
    writeln!(out, "\nToday: the first {} of {} that are due now", top.min(due.len()), due.len())?;
    writeln!(
        out,
        "{:>4}  {:>8}  {:<16}  {:<7}  {:<62}  why",
        "", "lead", "their clock", "by", "what to give"
    )?;
    for (nth, (lead, action)) in due.iter().take(top).enumerate() {
        writeln!(
            out,
            "{:>4}  {:>8}  {:<16}  {:<7}  {:<62}  {}",
            nth + 1,
            lead.number,
            clock(playbook, lead, now),
            action.channel(),
            gift(action),
            why(lead, action, now)
        )?;
    }
    Ok(())
}

/// The time where they are, if that is known.
fn clock(playbook: &Playbook, lead: &Lead, now: Instant) -> String {
    match lead.prospect.zones() {
        [zone] => match playbook.zones().get(zone.as_str()) {
            Some(zone) => zone.local(now).format("%a %H:%M").to_string(),
            None => "no such zone".into(),
        },
        [] => "where?".into(),
        several => format!("in 1 of {} zones", several.len()),
    }
}

fn gift(action: &Action<'_>) -> String {
    match (action.item(), action.act()) {
        (Some(item), _) => format!("{}: {}", item.format(), item.title()),
        (None, Act::Duty(Duty::ConfirmOptOut)) => "the confirmation that they hear no more from us".into(),
        (None, Act::Duty(Duty::Respond)) => "the answer to what they asked".into(),
        (None, Act::Duty(Duty::Solve)) => "what clears up their doubt".into(),
        (None, Act::Duty(Duty::Recap)) => "a recap of what was said".into(),
        (None, Act::Duty(Duty::KeepPromise)) => "what we promised".into(),
        (None, Act::Duty(Duty::ConfirmMeeting)) => "when and where we meet".into(),
        (None, Act::Duty(Duty::Remind)) => "a reminder: they wanted to come back to us".into(),
        (None, Act::Duty(Duty::AskPermission)) => "the question whether we may follow up".into(),
        (None, Act::Touch(_)) => "a question, nothing to read".into(),
    }
}

fn why(lead: &Lead, action: &Action<'_>, now: Instant) -> String {
    let overdue = span(now.since(action.due()));
    let seems = match lead.intent {
        Intent::Keen => ", keen",
        Intent::Reading => ", reads our mail",
        Intent::Unknown => "",
    };
    let failures =
        lead.history.events().filter(|event| matches!(event.kind, EventKind::Failed { .. })).count();
    let tried = match failures {
        0 => String::new(),
        1 => ", one attempt did not get through".into(),
        _ => format!(", {failures} attempts did not get through"),
    };
    match action.act() {
        Act::Duty(Duty::Respond) => match action.late_by(now) {
            Some(late) => format!("asked {overdue} ago, no answer: {} late{tried}", span(late)),
            None => format!("asked {overdue} ago, no answer yet{tried}"),
        },
        Act::Duty(Duty::ConfirmOptOut) => format!("opted out {overdue} ago"),
        Act::Duty(Duty::Solve) => format!("told us {overdue} ago"),
        Act::Duty(Duty::Recap) => format!("talked {overdue} ago, nothing in writing since"),
        Act::Duty(Duty::KeepPromise) => format!("promised for {overdue} ago"),
        Act::Duty(Duty::ConfirmMeeting) => format!("to be confirmed since {overdue}"),
        Act::Duty(Duty::Remind) => {
            let promised = lead.history.events().find(|event| event.id == action.cause());
            match promised.map(|event| &event.kind) {
                Some(EventKind::Promised { by: Party::Them, due, .. }) => {
                    format!("their promise was due {} ago", span(now.since(*due)))
                }
                _ => format!("due {overdue} ago"),
            }
        }
        Act::Duty(Duty::AskPermission) => format!("no permission left, asking is due since {overdue}"),
        Act::Touch(step) => format!("step {} due {overdue} ago{seems}", step.path()),
    }
}

fn span(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 1_440, minutes / 60, minutes) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, _) => format!("{hours} h"),
        (days, ..) => format!("{days} d"),
    }
}

/// What the counts are by: the verdict and its reason.
fn reason(decision: &Decision<'_>) -> String {
    match decision.verdict() {
        Verdict::Act(action) => format!("{} by {}", kind(action.act()), action.channel()),
        Verdict::Wait { next, .. } => {
            let explanation = decision.explanation();
            let gates = explanation.blockers().iter().filter(|blocker| blocker.is_determining);
            let gates: std::collections::BTreeSet<Gate> = gates.map(|blocker| blocker.gate).collect();
            let gates: Vec<&str> = gates.iter().map(|gate| gate.as_str()).collect();
            let held = if gates.is_empty() { "its day".to_string() } else { gates.join(" and ") };
            format!("for {held}, then {}", kind(next.act()))
        }
        Verdict::Need(need) => need.to_string(),
        Verdict::Rest(rest) => rest.code(),
    }
}

fn kind(act: Act<'_>) -> &str {
    match act {
        Act::Touch(step) => step.path().as_str(),
        other @ Act::Duty(_) => other.name(),
    }
}

pub(crate) fn table(out: &mut impl Write, decided: &[Decided<'_>]) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (_, decision) in decided {
        *counts.entry((decision.verdict().word(), reason(decision))).or_default() += 1;
    }
    writeln!(out, "\nWhat was decided, and why")?;
    for word in ["act", "wait", "need", "rest"] {
        let of_word = || counts.iter().filter(|((of, _), _)| *of == word);
        writeln!(out, "{word:<5} {:>6}", of_word().map(|(_, count)| count).sum::<usize>())?;
        let mut rows: Vec<_> = of_word().collect();
        rows.sort_by_key(|((_, reason), count)| (std::cmp::Reverse(**count), reason.clone()));
        for ((_, reason), count) in rows {
            writeln!(out, "      {count:>6}  {reason}")?;
        }
    }
    writeln!(out, "all   {:>6}", counts.values().sum::<usize>())
}

/// The outcome, which no decision saw, beside what was decided.
pub(crate) fn outcome(out: &mut impl Write, sheet: &Sheet, decided: &[Decided<'_>]) -> io::Result<()> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (lead, decision) in decided {
        let what = match decision.verdict() {
            Verdict::Rest(rest) => format!("rest: {}", rest.code()),
            verdict => verdict.word().to_string(),
        };
        let (all, enrolled) = counts.entry(what).or_default();
        let cells = Cells { header: &sheet.header, row: &lead.row };
        *all += 1;
        *enrolled += usize::from(cells.get("Converted") == "1");
    }
    writeln!(out, "\nCross-check: how many enrolled in the end (no decision saw this)")?;
    for (what, (all, enrolled)) in counts {
        writeln!(out, "      {enrolled:>6} of {all:>6}  {:>3} %  {what}", enrolled * 100 / all)?;
    }
    Ok(())
}

pub(crate) fn guard(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    writeln!(out, "\nGuard: what the rows forbid, held against what is told (now or next)")?;
    for finding in findings {
        let verdict = match finding.violations.len() {
            0 => format!("not one is told it ({})", finding.rule.forbids),
            count => format!("VIOLATED {count} times ({})", finding.rule.forbids),
        };
        writeln!(out, "      {:>6}  {:<20}  {verdict}", finding.marked, finding.rule.says)?;
    }
    Ok(())
}

/// One lead in full: what happened, what to do and why, and the series ahead.
pub(crate) fn lead(
    out: &mut impl Write,
    lead: &Lead,
    decision: &Decision<'_>,
    playbook: &Playbook,
) -> io::Result<()> {
    writeln!(out, "lead {}, {}", lead.number, lead.prospect.id())?;
    for event in lead.history.events() {
        writeln!(
            out,
            "  {:>2}  {}  {}",
            event.id,
            event.at,
            serde_json::to_string(event).unwrap_or_default()
        )?;
    }
    writeln!(out, "\n{}\n", decision.explanation())?;
    let assumption = followup::Assumption::Silence;
    writeln!(
        out,
        "{}",
        playbook.plan(&lead.prospect, lead.history.standing(), decision.now(), assumption, 20)
    )
}

/// One JSON object a line for every lead.
pub(crate) fn json(out: &mut impl Write, decided: &[Decided<'_>]) -> io::Result<()> {
    for (lead, decision) in decided {
        let explanation = decision.explanation();
        let action = decision.action();
        let line = serde_json::json!({
            "id": lead.prospect.id(),
            "lead": lead.number,
            "verdict": decision.verdict().word(),
            "channel": action.map(Action::channel),
            "item": action.and_then(Action::item).map(followup::Item::id),
            "due": decision.due(),
            "key": action.map(Action::key),
            "codes": explanation.codes(),
            "events": explanation.events(),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
