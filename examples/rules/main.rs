//! The contact rules that come with the library: all of them in a table, or what they say of one contact.
//!
//! ```sh
//! cargo run --example rules
//! cargo run --example rules -- US-FL 2026-07-03T20:30:00-04:00 call
//! cargo run --example rules -- FR 2026-09-01T10:30:00+02:00 call Europe/Paris --consent express
//! ```
//!
//! It is no legal advice: it repeats what somebody read, and says where and when.

mod answer;
mod places;
mod question;

use std::io::{self, Write};
use std::process::ExitCode;

use followup::{Rules, Zones};

use crate::question::{Asked, asked};

fn main() -> ExitCode {
    let asked = match asked(std::env::args().skip(1), &Zones::embedded()) {
        Ok(asked) => asked,
        Err(problem) => {
            eprintln!("rules: {problem}");
            return ExitCode::from(2);
        }
    };
    match run(&asked) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rules: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn run(asked: &Asked) -> io::Result<()> {
    let rules = Rules::embedded().build(&Zones::embedded()).map_err(io::Error::other)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match asked {
        Asked::Table(region) => answer::table(&mut out, &rules, region.as_ref())?,
        Asked::Contact(question) => answer::contact(&mut out, &rules, question)?,
    }
    writeln!(out, "\nThis is no legal advice. Rules grow old: read the source before you rely on one.")?;
    out.flush()
}
