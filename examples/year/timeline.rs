//! The year in the terminal, line by line.

use std::collections::BTreeMap;
use std::fmt::Write;

use followup::{Channel, Executor};

use crate::course::{Course, Done, Row, day};
use crate::stories::NAME;

/// The whole of it, and what could be said at that touch.
pub(crate) fn text(course: &Course<'_>, touch: usize) -> String {
    let mut text = format!("{}: {NAME}\n\n", course.story.title);
    for row in &course.rows {
        for line in lines(course, row) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    let _ = write!(text, "\nA year later, {}.\n{}.\n", course.end, summary(course));
    if let Some(done) = course.touch(touch) {
        let on = day(course.zone, done.at);
        let _ = write!(text, "\nThe brief for touch {touch}, by {} on {on}:\n\n", done.channel);
        for line in done.brief.lines() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
    }
    text
}

fn lines(course: &Course<'_>, row: &Row) -> Vec<String> {
    let when = |at| course.zone.local(at).format("%a %e %b %Y  %H:%M").to_string();
    match row {
        Row::They { at, label, says } => {
            let who = if label.is_empty() { "note" } else { "THEY" };
            vec![format!("{}  {who:<9}     {says}", when(*at))]
        }
        Row::Done(done) => {
            let nth = done.nth.map(|nth| nth.to_string()).unwrap_or_default();
            let given = given(done);
            vec![
                format!("{}  {:<9} {nth:>2}  {}{given}", when(done.at), done.channel, done.what),
                format!("{:38}{}{}", "", done.why, by(done.by)),
            ]
        }
        Row::Quiet(quiet) if quiet.is_told() => {
            let (kind, days) = (quiet.kind.word(), quiet.days());
            vec![format!("{:24}{kind:<9}     {}{}", "", span(days), quiet.why)]
        }
        Row::Quiet(_) => Vec::new(),
    }
}

fn span(days: u64) -> String {
    match days {
        0 => String::new(),
        1 => String::from("1 day: "),
        days => format!("{days} days: "),
    }
}

/// What was given, or else asked, as part of a sentence.
pub(crate) fn given(done: &Done) -> String {
    match (&done.item, &done.ask) {
        (Some((title, format)), _) => format!(": \"{title}\" ({format})"),
        (None, Some(ask)) => format!(": {ask}"),
        (None, None) => String::new(),
    }
}

/// Who did it, where it was not the seller.
pub(crate) fn by(executor: Executor) -> &'static str {
    match executor {
        Executor::Person => "",
        Executor::Delegate => "; delegated",
        Executor::Automatic => "; automatic",
    }
}

/// How much it was in all.
pub(crate) fn summary(course: &Course<'_>) -> String {
    let done = |is_counted: fn(&Done) -> bool| {
        let done = course.rows.iter().filter_map(|row| match row {
            Row::Done(done) if is_counted(done) => Some(done.channel),
            _ => None,
        });
        done.collect::<Vec<Channel>>()
    };
    let (touches, answers) = (done(|done| done.nth.is_some()), done(|done| done.nth.is_none()));
    let mut by_channel: BTreeMap<Channel, usize> = BTreeMap::new();
    for channel in &touches {
        *by_channel.entry(*channel).or_default() += 1;
    }
    let by_channel: Vec<String> =
        by_channel.iter().map(|(channel, count)| format!("{count} by {channel}")).collect();
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let (touches, answers) =
        (count(touches.len(), "touch").replace("touchs", "touches"), count(answers.len(), "answer"));
    format!("{touches} ({}) and {answers}", by_channel.join(", "))
}
