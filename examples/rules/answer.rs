//! What is answered: the table of the rules, and whether one contact is allowed, until when, and by which rules.

use std::fmt::Write as _;
use std::io::{self, Write};

use followup::{
    Channel, Channels, Clearance, Elsewhere, Event, EventKind, Executor, Ground, History, Instant, Playbook,
    PlaybookDraft, Prospect, Purpose, Region, Rule, Zones,
};

use crate::places;
use crate::question::Question;

/// The rules that can hold for somebody who is there, or somewhere in it.
fn rules_of<'r>(rules: &'r [Rule], region: &Region) -> Vec<&'r Rule> {
    let is_there = |rule: &&Rule| rule.regions().iter().any(|own| places::meet(own, region));
    rules.iter().filter(is_there).collect()
}

fn nothing_is_known_of(out: &mut impl Write, region: &Region) -> io::Result<()> {
    writeln!(
        out,
        "No contact rule is known for {region}. That allows nothing: with elsewhere = \"need\" nobody is"
    )?;
    writeln!(
        out,
        "contacted there until a person has looked; add rules of your own in a file of the same form."
    )
}

/// All rules, one to a line, with their sources.
pub(crate) fn table(out: &mut impl Write, rules: &[Rule], region: Option<&Region>) -> io::Result<()> {
    let shown = match region {
        Some(region) => rules_of(rules, region),
        None => rules.iter().collect(),
    };
    if let Some(region) = region.filter(|_| shown.is_empty()) {
        return nothing_is_known_of(out, region);
    }
    let head =
        ["id", "where", "channels", "in force", "confidence", "on", "what it says; where that is written"];
    let rows: Vec<[String; 7]> = shown.iter().map(|rule| row(rule)).collect();
    let rows = [head.map(str::to_string)].into_iter().chain(rows);
    let rows: Vec<[String; 7]> = rows.collect();
    let widths = rows.iter().fold([0; 7], |mut widths, row| {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
        widths
    });
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\n{} rules. Those that are off hold only in a playbook that names their id.", shown.len())
}

fn row(rule: &Rule) -> [String; 7] {
    let place = match rule.regions() {
        [] => "everywhere".to_string(),
        [one] => one.to_string(),
        several => format!("{} states", several.len()),
    };
    let in_force = match (rule.valid_from(), rule.valid_until()) {
        (None, None) => String::new(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(from), Some(until)) => format!("{from} until {until}"),
    };
    let on = match rule.topic() {
        Some(topic) => format!("off ({topic})"),
        None if rule.is_off_by_default() => "off".to_string(),
        None => "on".to_string(),
    };
    let channels = if rule.channels() == Channels::ALL {
        "all".to_string()
    } else {
        rule.channels().iter().map(Channel::as_str).collect::<Vec<_>>().join(" ")
    };
    let says = format!("{}; {}", rule.title().unwrap_or_default(), rule.citation().unwrap_or_default());
    let confidence = rule.confidence().map(|confidence| confidence.to_string()).unwrap_or_default();
    [rule.id().to_string(), place, channels, in_force, confidence, on, says]
}

/// Whether that contact is allowed.
pub(crate) fn contact(out: &mut impl Write, rules: &[Rule], question: &Question) -> io::Result<()> {
    let Question { region, at, word, channel, zones, consent } = question;
    if rules_of(rules, region).is_empty() {
        writeln!(out, "Not allowed.")?;
        return nothing_is_known_of(out, region);
    }
    let names: Vec<&str> = zones.iter().map(followup::ZoneName::as_str).collect();
    let shown = if names.is_empty() { "a zone that is not known".to_string() } else { names.join(" or ") };
    writeln!(out, "{word} to {region}, in {shown}, at {}", clock(*at, &names))?;

    let all = playbook(region.as_str(), Elsewhere::Need).map_err(io::Error::other)?;
    let prospect = Prospect::new("somebody".parse().map_err(io::Error::other)?);
    let prospect = prospect.in_region(region.clone()).reachable_by(Channels::ALL);
    let prospect = zones.iter().cloned().fold(prospect, Prospect::in_zone);
    let history = history(question).map_err(io::Error::other)?;
    let clear = |playbook: &Playbook, at: Instant| {
        let standing = history.standing();
        let clearance =
            playbook.clearance(&prospect, standing, *channel, Purpose::FollowUp, Executor::Person, at);
        (clearance.is_allowed(), clearance.closes(), verdict(&clearance, &names))
    };
    let (is_allowed, closes, says) = clear(&all, *at);
    writeln!(out, "{says}")?;
    // A rule that is in the way would be in the way alone.
    let behind = |at: Instant| -> io::Result<Vec<&Rule>> {
        let mut behind = Vec::new();
        for rule in all.rules() {
            let alone = playbook(rule.id().as_str(), Elsewhere::Allow).map_err(io::Error::other)?;
            if !clear(&alone, at).0 {
                behind.push(rule);
            }
        }
        Ok(behind)
    };
    let bars = if is_allowed { Vec::new() } else { behind(*at)? };
    let ends = closes.map(&behind).transpose()?.unwrap_or_default();
    if !is_allowed && bars.is_empty() {
        writeln!(out, "There are rules for parts of that region and none for all of it: name the part.")?;
    }
    if zones.is_empty() {
        writeln!(out, "Without a zone no hours can be read: name one as the fourth argument.")?;
    }
    section(out, "It is barred by", &bars)?;
    section(out, "It closes by", &ends)?;
    let others: Vec<&str> = all
        .rules()
        .filter(|rule| rule.channels().contains(*channel))
        .filter(|rule| !bars.iter().chain(&ends).any(|named| named.id() == rule.id()))
        .map(|rule| rule.id().as_str())
        .collect();
    if !others.is_empty() {
        writeln!(out, "\nLooked at too: {}.", others.join(", "))?;
    }
    let off: Vec<&str> = rules_of(rules, region)
        .into_iter()
        .filter(|rule| rule.is_off_by_default() && rule.channels().contains(*channel))
        .map(|rule| rule.id().as_str())
        .collect();
    if !off.is_empty() {
        writeln!(out, "Not looked at, because doubtful or for a special matter: {}.", off.join(", "))?;
    }
    let consent =
        consent.map_or("No permission is".to_string(), |basis| format!("A permission ({basis}) is"));
    writeln!(
        out,
        "\nTaken as given: a person does it, of their own accord; private person or business is not known, so the\n\
         rules for both hold. {consent} recorded, nothing was refused, there were no contacts before, and a\n\
         list of that moment shows them on no registry."
    )
}

/// Nothing of its own in the way: the contact rules of that name alone decide.
fn playbook(name: &str, elsewhere: Elsewhere) -> Result<Playbook, followup::Faults> {
    PlaybookDraft::new("the rules alone", "America/New_York")
        .default_permission(Purpose::FollowUp, [Ground::NotRefused])
        .contact_rules(&[name], elsewhere)
        .build()
}

fn history(question: &Question) -> Result<History, followup::Conflict> {
    let mut history = History::new();
    let screened = EventKind::Screened { channels: Channels::ALL, list: question.at, listed: None };
    history.record(Event::new(1, question.at, screened))?;
    if let Some(basis) = question.consent {
        let purposes = Purpose::FollowUp.into();
        let (channels, until, term, own_act) = (Channels::ALL, None, None, true);
        let granted = EventKind::Granted { channels, purposes, basis, until, term, own_act };
        history.record(Event::new(2, question.at, granted))?;
    }
    Ok(history)
}

fn verdict(clearance: &Clearance<'_>, zones: &[&str]) -> String {
    let until = match clearance.closes() {
        Some(closes) => format!(", until {}", clock(closes, zones)),
        None => String::new(),
    };
    match clearance.opens() {
        None => "Not allowed, and no time alone changes that.".to_string(),
        Some(_) if clearance.is_allowed() => format!("Allowed{until}."),
        Some(opens) => format!("Not allowed. It opens at {}{until}.", clock(opens, zones)),
    }
}

fn section(out: &mut impl Write, title: &str, rules: &[&Rule]) -> io::Result<()> {
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for rule in rules {
        writeln!(out, "  {}: {}", rule.id(), rule.title().unwrap_or_default())?;
        let mut source = rule.citation().unwrap_or("no source is given").to_string();
        for part in [
            rule.url().map(str::to_string),
            rule.checked_on().map(|day| format!("checked on {day}")),
            rule.confidence().map(|confidence| format!("confidence {confidence}")),
            rule.force().map(|force| format!("force {force}")),
        ] {
            let _ = part.iter().try_for_each(|part| write!(source, "; {part}"));
        }
        writeln!(out, "    {source}")?;
    }
    Ok(())
}

/// An instant on each of the clocks, once for those that agree.
fn clock(at: Instant, zones: &[&str]) -> String {
    let known = Zones::embedded();
    let mut shown: Vec<String> = Vec::new();
    for zone in zones.iter().filter_map(|name| known.get(name)) {
        let local = zone.local(at).format("%a %Y-%m-%d %H:%M").to_string();
        if !shown.contains(&local) {
            shown.push(local);
        }
    }
    if shown.is_empty() { at.to_string() } else { shown.join(" or ") }
}
