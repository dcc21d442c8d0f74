//! What is asked: from the words of the command line.

use followup::{Basis, Channel, Instant, InstantError, ParseError, Region, ZoneError, ZoneName, Zones};

use crate::places;

pub(crate) const USAGE: &str = "usage: rules [REGION [INSTANT WORD [ZONE]]] [--consent BASIS], \
     for example: rules US-FL 2026-07-03T20:30:00-04:00 call";

/// What somebody wants to know.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The table, of all regions or of one.
    Table(Option<Region>),
    /// Whether a contact is allowed.
    Contact(Question),
}

/// One contact.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) region: Region,
    pub(crate) at: Instant,
    pub(crate) word: String,
    pub(crate) channel: Channel,
    /// Where they are or may be.
    pub(crate) zones: Vec<ZoneName>,
    pub(crate) consent: Option<Basis>,
}

const WORDS: [(&str, Channel); 6] = [
    ("call", Channel::Phone),
    ("text", Channel::Text),
    ("email", Channel::Email),
    ("fax", Channel::Fax),
    ("post", Channel::Post),
    ("social", Channel::Social),
];

/// What the arguments ask, or what is wrong with them: the value, and what to write instead.
pub(crate) fn asked(args: impl Iterator<Item = String>, zones: &Zones) -> Result<Asked, String> {
    let (mut words, mut consent) = (Vec::new(), None);
    let mut args = args;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--consent" => {
                let basis = args.next().ok_or_else(|| format!("--consent needs a basis; {USAGE}"))?;
                consent = Some(basis.parse().map_err(|error: ParseError| format!("--consent: {error}"))?);
            }
            option if option.starts_with('-') => {
                return Err(format!("unknown option {option:?}; {USAGE}"));
            }
            _ => words.push(arg),
        }
    }
    match words.as_slice() {
        _ if consent.is_some() && words.len() < 3 => {
            Err(format!("--consent is for a question about one contact; {USAGE}"))
        }
        [] => Ok(Asked::Table(None)),
        [place] => Ok(Asked::Table(Some(region(place)?))),
        [_, at] => Err(format!("after {at:?} the kind of contact is missing; {USAGE}")),
        [place, at, word, rest @ ..] if rest.len() < 2 => {
            let region = region(place)?;
            let at = at.parse().map_err(|error: InstantError| error.to_string())?;
            let (word, channel) = WORDS.iter().find(|(known, _)| known == word).ok_or_else(|| {
                format!("{word:?} is no kind of contact; use call, text, email, fax, post or social")
            })?;
            let zones = match rest.first() {
                Some(name) => vec![zone(name, zones)?],
                None => places::zones(&region).iter().filter_map(|name| name.parse().ok()).collect(),
            };
            let word = (*word).to_string();
            Ok(Asked::Contact(Question { region, at, word, channel: *channel, zones, consent }))
        }
        [.., last] => Err(format!("{last:?} is one word too many; {USAGE}")),
    }
}

fn region(text: &str) -> Result<Region, String> {
    text.parse().map_err(|error: ParseError| error.to_string())
}

fn zone(text: &str, zones: &Zones) -> Result<ZoneName, String> {
    let name: ZoneName = text.parse().map_err(|error: ZoneError| error.to_string())?;
    if zones.get(name.as_str()).is_some() {
        return Ok(name);
    }
    let remedy = match zones.suggest(text) {
        Some(other) => format!("is it {other:?}?"),
        None => "use a name of the IANA time zone database, such as \"America/New_York\"".to_string(),
    };
    Err(format!("{text:?} is no zone that the zone data knows; {remedy}"))
}
