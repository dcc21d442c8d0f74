//! A playbook, three prospects with their histories, and for each: the decision, why, and the plan.
//!
//! ```sh
//! cargo run --example quickstart
//! ```

use std::error::Error;

use followup::{Assumption, History, Instant, Playbook, Prospect, Verdict};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    prospect: Prospect,
    history: History,
}

fn main() -> Result<(), Box<dyn Error>> {
    // Both are files that a person writes. What is wrong in them is named, with its place and the remedy.
    let playbook: Playbook = toml::from_str(include_str!("playbook.toml"))?;
    let File { case: cases } = toml::from_str(include_str!("prospects.toml"))?;
    // The crate has no clock: the host says what time it is.
    let now: Instant = "2026-03-02T10:00:00+01:00".parse()?;
    println!("{}, as of {now}\n", playbook.name());

    for Case { prospect, history } in &cases {
        let decision = playbook.decide(prospect, history.standing(), now);
        println!("== {}", prospect.id());
        println!("{}", decision.explanation());
        match decision.verdict() {
            // A host does it, and records `action.touched(…)`. The key keeps it from doing it twice.
            Verdict::Act(action) => println!("  key {}", action.key()),
            // A host puts it on somebody's desk.
            Verdict::Need(need) => println!("  for somebody's desk: {need}"),
            Verdict::Wait { .. } | Verdict::Rest(_) => {}
        }
        // A host stores this and asks again then, or after an event: there is nothing to do before.
        if let Some(instant) = decision.ask_again() {
            println!("  ask again at {instant}");
        }
        println!("  if they stay silent:");
        println!("{}\n", playbook.plan(prospect, history.standing(), now, Assumption::Silence, 20));
    }
    Ok(())
}
