//! A day's work list from a file of leads.
//!
//! ```sh
//! cargo run --release --example worklist -- [PATH] [--at INSTANT] [--top N] [--json] [--explain LEAD]
//! ```
//!
//! Without a path it reads the sample beside it. See `leads.rs` for what is read, `story.rs` for what each value
//! is taken to mean, `playbook.toml` for what the business chooses, `guard.rs` for what must never be told.

mod guard;
mod leads;
mod report;
mod story;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use followup::{Decision, Instant, Playbook};

use crate::guard::Cells;
use crate::leads::{Lead, Sheet};

const USAGE: &str = "usage: worklist [PATH] [--at INSTANT] [--top N] [--json] [--explain LEAD]";

/// What was asked for.
struct Options {
    path: Option<String>,
    now: Instant,
    top: usize,
    json: bool,
    explain: Option<u64>,
}

/// Why there is no list.
enum Failure {
    /// The call makes no sense: exit code 2.
    Use(String),
    /// Somebody would be told what their row forbids: exit code 1.
    Guard(Vec<String>),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).map_err(Failure::Use).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Use(problem)) => {
            eprintln!("worklist: {problem}");
            ExitCode::from(2)
        }
        Err(Failure::Guard(violations)) => {
            for violation in violations {
                eprintln!("worklist: forbidden: {violation}");
            }
            ExitCode::FAILURE
        }
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            eprintln!("worklist: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(args: impl Iterator<Item = String>) -> Result<Options, String> {
    let monday_at_eleven = "2026-03-02T05:30:00Z".to_string();
    let (mut path, mut at, mut top, mut json, mut explain) = (None, monday_at_eleven, 25, false, None);
    let mut args = args;
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value; {USAGE}"));
        let number = |text: &str| format!("{arg}: {text:?} is no whole number");
        match arg.as_str() {
            "--at" => at = value()?,
            "--top" => top = value().and_then(|text| text.parse().map_err(|_| number(&text)))?,
            "--explain" => explain = Some(value().and_then(|text| text.parse().map_err(|_| number(&text)))?),
            "--json" => json = true,
            option if option.starts_with('-') => return Err(format!("unknown option {option:?}; {USAGE}")),
            _ if path.is_some() => return Err(format!("one path is enough; {USAGE}")),
            _ => path = Some(arg),
        }
    }
    let now = at.parse().map_err(|error: followup::InstantError| format!("--at: {error}"))?;
    Ok(Options { path, now, top, json, explain })
}

fn run(options: &Options) -> Result<(), Failure> {
    let text = match &options.path {
        Some(path) => std::fs::read(path).map_err(|error| Failure::Use(format!("{path}: {error}")))?,
        None => include_bytes!("sample.csv").to_vec(),
    };
    let playbook: Playbook = toml::from_str(include_str!("playbook.toml"))
        .map_err(|error| Failure::Use(format!("playbook.toml: {error}")))?;
    let sheet = leads::read(&text, options.now).map_err(Failure::Use)?;
    for refused in &sheet.refused {
        eprintln!("{refused}");
    }

    let (decided, took) = timed(|| {
        let decide = |lead| (lead, decide(&playbook, lead, options.now));
        sheet.leads.iter().map(decide).collect::<Vec<_>>()
    });
    let told = decided.iter().map(|(lead, decision)| {
        (Cells { header: &sheet.header, row: &lead.row }, decision.action().copied())
    });
    let findings = guard::inspect(told);

    let mut out = io::BufWriter::new(io::stdout().lock());
    if let Some(number) = options.explain {
        let found = decided.iter().find(|(lead, _)| lead.number == number);
        let (lead, decision) = found.ok_or_else(|| Failure::Use(format!("there is no lead {number}")))?;
        report::lead(&mut out, lead, decision, &playbook)?;
    } else if options.json {
        report::json(&mut out, &decided)?;
    } else {
        whole(&mut out, &sheet, &decided, &playbook, options)?;
        report::guard(&mut out, &findings)?;
        let each = took.as_nanos() / decided.len().max(1) as u128;
        writeln!(out, "\n{} decisions took {each} ns each, explanations not counted", decided.len())?;
    }
    out.flush()?;
    let violations: Vec<String> = findings.into_iter().flat_map(|finding| finding.violations).collect();
    if violations.is_empty() { Ok(()) } else { Err(Failure::Guard(violations)) }
}

fn decide<'a>(playbook: &'a Playbook, lead: &'a Lead, now: Instant) -> Decision<'a> {
    playbook.decide(&lead.prospect, lead.history.standing(), now)
}

fn whole(
    out: &mut impl Write,
    sheet: &Sheet,
    decided: &[report::Decided<'_>],
    playbook: &Playbook,
    options: &Options,
) -> io::Result<()> {
    report::head(out, sheet, playbook, options.now)?;
    report::list(out, decided, playbook, options.now, options.top)?;
    report::table(out, decided)?;
    report::outcome(out, sheet, decided)
}

/// What the work gave, and how long it took.
#[allow(clippy::disallowed_methods, reason = "the crate has no clock, but a host owns one")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = std::time::Instant::now();
    let result = work();
    (result, before.elapsed())
}
