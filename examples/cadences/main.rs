//! Published sales cadences as playbooks, each laid out for somebody who enters it on a Monday and stays silent.
//!
//! ```sh
//! cargo run --example cadences
//! ```

use std::error::Error;

use followup::{
    Assumption, Channels, Event, EventKind, History, Instant, Playbook, Prospect, Source, Trigger,
};

const FILES: [&str; 8] = [
    include_str!("apollo-tier-1.toml"),
    include_str!("b411-setter.toml"),
    include_str!("hubspot-sample.toml"),
    include_str!("illumen-enquiry.toml"),
    include_str!("outreach-schedule.toml"),
    include_str!("pipedrive-basic.toml"),
    include_str!("revenueboost-multi-channel.toml"),
    include_str!("solidgrowth-hubspot.toml"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let prospect =
        Prospect::new("ada".parse()?).in_zone("America/New_York".parse()?).reachable_by(Channels::ALL);
    let monday: Instant = "2026-03-02T17:00:00-05:00".parse()?;
    for file in FILES {
        let playbook: Playbook = toml::from_str(file)?;
        let is_outbound =
            playbook.sequences().iter().any(|sequence| sequence.starts_on().contains(&Trigger::Added));
        let begun = if is_outbound {
            EventKind::Added
        } else {
            EventKind::Inquired { via: Source::Form, channel: None }
        };
        let mut history = History::new();
        history.record(Event::new(1, monday, begun))?;
        println!("== {}", playbook.name());
        println!("{}\n", playbook.plan(&prospect, history.standing(), monday, Assumption::Silence, 12));
    }
    Ok(())
}
