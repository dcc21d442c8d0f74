//! Published sales cadences as playbooks, each laid out for somebody with whom it begins on a Monday and who stays silent.
//!
//! ```sh
//! cargo run --example cadences
//! ```

use std::error::Error;

use followup::{
    Assumption, Channel, Channels, Event, EventKind, History, Instant, Playbook, Prospect, Source, Trigger,
};

const FILES: [&str; 13] = [
    include_str!("apollo-tier-1.toml"),
    include_str!("b411-setter.toml"),
    include_str!("hubspot-sample.toml"),
    include_str!("illumen-enquiry.toml"),
    include_str!("impact-new-donor.toml"),
    include_str!("laceyspeaks-first-day.toml"),
    include_str!("outreach-schedule.toml"),
    include_str!("pipedrive-basic.toml"),
    include_str!("realfast-8x8.toml"),
    include_str!("revenueboost-multi-channel.toml"),
    include_str!("serviceoperator-estimate.toml"),
    include_str!("solidgrowth-hubspot.toml"),
    include_str!("winsabove-outbound.toml"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let prospect =
        Prospect::new("ada".parse()?).in_zone("America/New_York".parse()?).reachable_by(Channels::ALL);
    let monday: Instant = "2026-03-02T17:00:00-05:00".parse()?;
    for file in FILES {
        let playbook: Playbook = toml::from_str(file)?;
        let Some(sequence) = playbook.sequences().first() else { continue };
        // What nothing starts is for people whom somebody enrols.
        let begun = match sequence.starts_on().first() {
            Some(Trigger::Added) => EventKind::Added,
            Some(Trigger::Met) => EventKind::Met { channel: Channel::InPerson },
            Some(Trigger::Purchased) => EventKind::Purchased,
            Some(_) => EventKind::Inquired { via: Source::Form, channel: None },
            None => EventKind::Enrolled { sequence: sequence.id().clone(), from: None },
        };
        let mut history = History::new();
        history.record(Event::new(1, monday, begun))?;
        println!("== {}", playbook.name());
        println!("{}\n", playbook.plan(&prospect, history.standing(), monday, Assumption::Silence, 12));
    }
    Ok(())
}
