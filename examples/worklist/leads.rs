//! From the rows of the file to prospects with a history.
//!
//! A row that cannot be read is refused, with its line, the place, the value and the remedy, and the rest is
//! read. What may be missing is missing: empty cells and `Select`. A value that is not known is refused where
//! it could be a refusal or an hour of the day: in the activities, the note, the origin, the marks Do Not
//! Email and Do Not Call, the country. An unknown source, field of study or city harms nobody.
//!
//! The file has no dates. Lead numbers count up, so the leads stand in the order of their numbers, the last
//! one an hour before the run, the others at even distances over [`SPREAD_DAYS`] days before it; what happened
//! to a lead stands at even distances between its inquiry and the run.
//!
//! The column Converted is the outcome, which nobody knew when there was something to decide: it is not read here.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use csv::StringRecord;
use followup::{Channel, Channels, Event, History, Instant, Prospect, ProspectId, Topic, ZoneName};

use crate::story::{self, Activity, Facts, Note, Origin};

/// Over how many days before the run the inquiries are spread.
pub(crate) const SPREAD_DAYS: u64 = 60;

/// What was read of a file.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) header: StringRecord,
    pub(crate) rows: usize,
    /// In the order of their numbers.
    pub(crate) leads: Vec<Lead>,
    pub(crate) refused: Vec<Refused>,
}

/// Somebody to be followed up.
#[derive(Debug)]
pub(crate) struct Lead {
    pub(crate) number: u64,
    pub(crate) prospect: Prospect,
    pub(crate) history: History,
    pub(crate) intent: Intent,
    /// The row as it stands in the file.
    pub(crate) row: StringRecord,
}

/// How much they seem to want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Intent {
    /// They clicked, came to look, wrote, or said that they may well come.
    Keen,
    /// They read what we sent.
    Reading,
    /// Nothing is known.
    Unknown,
}

/// Why a row, or a value of it, was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) line: u64,
    pub(crate) place: String,
    pub(crate) value: String,
    pub(crate) remedy: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {:?}; {}", self.line, self.place, self.value, self.remedy)
    }
}

/// Reads a file as of `now`.
pub(crate) fn read(text: &[u8], now: Instant) -> Result<Sheet, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let header = reader.headers().map_err(|error| format!("the first line cannot be read: {error}"))?.clone();
    let columns: BTreeMap<&str, usize> =
        header.iter().enumerate().map(|(index, name)| (name, index)).collect();
    if let Some(lacking) = NEEDED.iter().find(|name| !columns.contains_key(**name)) {
        return Err(format!("the first line names no column {lacking:?}; is this a file of leads?"));
    }
    let rows = rows(text, &mut reader)?;
    // Which of two rows is right, only a person can tell: one of them may hold a refusal.
    let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (line, text) in &rows {
        let row = Row { columns: &columns, line: *line, text, refused: Vec::new() };
        for column in ["Prospect ID", "Lead Number"] {
            *seen.entry((column, row.cell(column))).or_default() += 1;
        }
    }
    let mut refused = Vec::new();
    let mut known = Vec::new();
    for (line, text) in &rows {
        let mut row = Row { columns: &columns, line: *line, text, refused: Vec::new() };
        let person = row.person(header.len());
        for column in ["Prospect ID", "Lead Number"] {
            let cell = row.cell(column);
            let is_only = cell.is_empty() || seen.get(&(column, cell)) == Some(&1);
            row.check(
                is_only,
                column,
                "stands in several rows; keep one, and whatever refusal stands in any",
            );
        }
        match person.filter(|_| row.refused.is_empty()) {
            Some(person) => known.push((person, text.clone())),
            None => refused.append(&mut row.refused),
        }
    }
    known.sort_by_key(|(person, _)| person.number);
    let count = known.len();
    let place = |(nth, (person, row))| lead(person, row, asked_at(nth, count, now)?, now);
    let leads = known.into_iter().enumerate().map(place).collect::<Option<_>>();
    let leads = leads
        .ok_or_else(|| format!("{now} has less than {SPREAD_DAYS} days of history; use a later instant"))?;
    Ok(Sheet { header, rows: rows.len(), leads, refused })
}

/// The rows, with the line on which each begins. The reader's own count is one short where lines end in a
/// carriage return and a line feed, so the line feeds before the row are counted.
fn rows(text: &[u8], reader: &mut csv::Reader<&[u8]>) -> Result<Vec<(u64, StringRecord)>, String> {
    let mut rows = Vec::new();
    let mut raw = csv::ByteRecord::new();
    let (mut line, mut rest) = (1, text);
    loop {
        match reader.read_byte_record(&mut raw) {
            Ok(true) => {
                let begin =
                    raw.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
                let behind = text.get(begin..).unwrap_or_default();
                let behind = behind.trim_ascii_start();
                let passed = rest.len().saturating_sub(behind.len());
                line += rest.iter().take(passed).map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
                rest = behind;
                rows.push((line, StringRecord::from_byte_record_lossy(raw.clone())));
            }
            Ok(false) => return Ok(rows),
            Err(error) => return Err(format!("after line {line} the file cannot be read: {error}")),
        }
    }
}

/// The columns without which nothing can be decided.
const NEEDED: [&str; 13] = [
    "Prospect ID",
    "Lead Number",
    "Lead Origin",
    "Lead Source",
    "Do Not Email",
    "Do Not Call",
    "Last Activity",
    "Last Notable Activity",
    "Tags",
    "Country",
    "City",
    "Specialization",
    "A free copy of Mastering The Interview",
];

/// What a row says of somebody, before there are dates.
#[derive(Debug)]
struct Person {
    id: ProspectId,
    number: u64,
    facts: Facts,
    zones: Vec<&'static str>,
    field: String,
}

struct Row<'a> {
    columns: &'a BTreeMap<&'a str, usize>,
    line: u64,
    text: &'a StringRecord,
    refused: Vec<Refused>,
}

impl Row<'_> {
    /// The cell, without what stands for nothing.
    fn cell(&self, column: &str) -> String {
        let text =
            self.columns.get(column).and_then(|index| self.text.get(*index)).unwrap_or_default().trim();
        if text == "Select" { String::new() } else { text.to_string() }
    }

    fn check(&mut self, is_right: bool, column: &str, remedy: &str) {
        if !is_right {
            let value = self.cell(column);
            self.refused.push(Refused {
                line: self.line,
                place: column.into(),
                value,
                remedy: remedy.into(),
            });
        }
    }

    fn read<T>(&mut self, column: &str, remedy: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let value = parse(&self.cell(column));
        self.check(value.is_some(), column, remedy);
        value
    }

    fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        self.read(column, "write Yes or No", |text| match text {
            "Yes" => Some(true),
            "No" => Some(false),
            _ => None,
        })
    }

    fn person(&mut self, width: usize) -> Option<Person> {
        if self.text.len() != width {
            let remedy = format!(
                "the first line names {width}; look for a comma too many or a quote that is not closed"
            );
            let value = format!("{} cells", self.text.len());
            self.refused.push(Refused { line: self.line, place: "row".into(), value, remedy });
            return None;
        }
        let id = self.read("Prospect ID", "give the lead its id", |text| text.parse().ok());
        let number = self.read("Lead Number", "write a whole number", |text| text.parse().ok());
        let source = self.cell("Lead Source");
        let came = self.read("Lead Origin", "say what it means in Origin::parse", |origin| {
            Origin::parse(origin, &source)
        });
        let activity = "say what it means in Activity::parse: it could be a refusal";
        let last = self.read("Last Activity", activity, Activity::parse);
        let notable = self.read("Last Notable Activity", activity, Activity::parse);
        let note = self.read("Tags", "say what it means in Note::parse: it could be a no", Note::parse);
        let no_mail = self.yes_or_no("Do Not Email");
        let no_calls = self.yes_or_no("Do Not Call");
        let city = self.cell("City");
        let zones = self.read("Country", "add its zones to zones()", |country| zones(country, &city));
        let got_book = self.cell("A free copy of Mastering The Interview") == "Yes";
        let facts = Facts {
            came: came?,
            last: last?,
            notable: notable?,
            note: note?,
            got_book,
            no_mail: no_mail?,
            no_calls: no_calls?,
        };
        Some(Person { id: id?, number: number?, facts, zones: zones?, field: self.cell("Specialization") })
    }
}

/// When the nth of so many leads asked: `None` before 1970.
fn asked_at(nth: usize, count: usize, now: Instant) -> Option<Instant> {
    let behind = (count - nth - 1) as u64;
    let age = 3_600 + behind * (SPREAD_DAYS * 86_400 - 3_600) / (count as u64).saturating_sub(1).max(1);
    Instant::from_unix_seconds(now.unix_seconds() - i64::try_from(age).ok()?)
}

fn lead(person: Person, row: StringRecord, asked: Instant, now: Instant) -> Option<Lead> {
    let Person { id, number, facts, zones, field } = person;
    let told = story::tell(&facts);
    let step = Duration::from_secs(now.since(asked).as_secs() / told.len().max(1) as u64);
    let mut history = History::new();
    for (nth, told) in (0_u32..).zip(told) {
        let at = asked.checked_add(step * nth)?;
        history.record(Event::new(u64::from(nth) + 1, at, told.at(at))).ok()?;
    }
    let mut channels = Channels::from(Channel::Email);
    if facts.note != Note::NoNumber {
        channels = channels.union([Channel::Phone, Channel::Text].into());
    }
    let mut prospect = Prospect::new(id).reachable_by(channels);
    for zone in zones.iter().filter_map(|zone| zone.parse::<ZoneName>().ok()) {
        prospect = prospect.in_zone(zone);
    }
    if let Note::TurnsOn(topic) = facts.note {
        prospect = prospect.interested_in(topic.parse().ok()?);
    }
    prospect = prospect.interested_in(topic(&field).parse::<Topic>().ok()?);
    Some(Lead { number, prospect, history, intent: intent(&facts), row })
}

fn intent(facts: &Facts) -> Intent {
    use followup::Engagement::{Clicked, Opened};
    let keen = |activity: &Activity| {
        matches!(
            activity,
            Activity::Read(Clicked)
                | Activity::Visited
                | Activity::Asked(_)
                | Activity::Wrote
                | Activity::Talked
        )
    };
    let activities = [facts.last, facts.notable];
    if facts.note.is_positive() || activities.iter().any(keen) {
        Intent::Keen
    } else if activities.contains(&Activity::Read(Opened)) {
        Intent::Reading
    } else {
        Intent::Unknown
    }
}

/// The word of the ladder for a field of study. One that is not in the table stands for itself: then content
/// about it is asked for, rather than something else given.
fn topic(field: &str) -> String {
    let known = match field {
        "" => "undecided",
        "Finance Management" => "finance",
        "Human Resource Management" => "hr",
        "Marketing Management" => "marketing",
        "Operations Management" => "operations",
        "Business Administration" => "business",
        "IT Projects Management" => "it",
        "Supply Chain Management" => "supply-chain",
        "Banking, Investment And Insurance" => "banking",
        "Travel and Tourism" => "travel",
        "Media and Advertising" => "media",
        "International Business" => "international",
        "Healthcare Management" => "healthcare",
        "Hospitality Management" => "hospitality",
        "E-COMMERCE" | "E-Business" => "e-business",
        "Retail Management" => "retail",
        "Rural and Agribusiness" => "rural",
        "Services Excellence" => "services",
        other => {
            let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
            return other.chars().take(64).map(plain).collect();
        }
    };
    known.to_string()
}

/// Where they may be: all the zones of their country, and India's where the city is there and the country is
/// not (one of the two is wrong, and nobody knows which). None means anywhere in the playbook's territory.
fn zones(country: &str, city: &str) -> Option<Vec<&'static str>> {
    const INDIA: &str = "Asia/Kolkata";
    let is_indian_city = matches!(city, "Mumbai" | "Thane & Outskirts" | "Other Cities of Maharashtra");
    let mut zones: Vec<&str> = match country {
        "" | "unknown" if is_indian_city => vec![INDIA],
        "" | "unknown" => return Some(Vec::new()),
        "India" => vec![INDIA],
        "Asia/Pacific Region" => {
            vec![
                INDIA,
                "Asia/Singapore",
                "Asia/Tokyo",
                "Australia/Sydney",
                "Pacific/Auckland",
                "Pacific/Honolulu",
            ]
        }
        "Australia" => vec![
            "Australia/Perth",
            "Australia/Darwin",
            "Australia/Adelaide",
            "Australia/Brisbane",
            "Australia/Sydney",
        ],
        "Bahrain" => vec!["Asia/Bahrain"],
        "Bangladesh" => vec!["Asia/Dhaka"],
        "Belgium" => vec!["Europe/Brussels"],
        "Canada" => vec![
            "America/St_Johns",
            "America/Halifax",
            "America/Toronto",
            "America/Winnipeg",
            "America/Regina",
            "America/Edmonton",
            "America/Vancouver",
        ],
        "China" => vec!["Asia/Shanghai"],
        "Denmark" => vec!["Europe/Copenhagen"],
        "France" => vec!["Europe/Paris"],
        "Germany" => vec!["Europe/Berlin"],
        "Ghana" => vec!["Africa/Accra"],
        "Hong Kong" => vec!["Asia/Hong_Kong"],
        "Indonesia" => vec!["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
        "Italy" => vec!["Europe/Rome"],
        "Kenya" => vec!["Africa/Nairobi"],
        "Kuwait" => vec!["Asia/Kuwait"],
        "Liberia" => vec!["Africa/Monrovia"],
        "Malaysia" => vec!["Asia/Kuala_Lumpur"],
        "Netherlands" => vec!["Europe/Amsterdam"],
        "Nigeria" => vec!["Africa/Lagos"],
        "Oman" => vec!["Asia/Muscat"],
        "Philippines" => vec!["Asia/Manila"],
        "Qatar" => vec!["Asia/Qatar"],
        "Saudi Arabia" => vec!["Asia/Riyadh"],
        "Singapore" => vec!["Asia/Singapore"],
        "South Africa" => vec!["Africa/Johannesburg"],
        "Sri Lanka" => vec!["Asia/Colombo"],
        "Sweden" => vec!["Europe/Stockholm"],
        "Switzerland" => vec!["Europe/Zurich"],
        "Tanzania" => vec!["Africa/Dar_es_Salaam"],
        "Uganda" => vec!["Africa/Kampala"],
        "United Arab Emirates" => vec!["Asia/Dubai"],
        "United Kingdom" => vec!["Europe/London"],
        "United States" => vec![
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Phoenix",
            "America/Los_Angeles",
            "America/Anchorage",
            "Pacific/Honolulu",
        ],
        "Vietnam" => vec!["Asia/Ho_Chi_Minh"],
        _ => return None,
    };
    if is_indian_city && !zones.contains(&INDIA) {
        zones.push(INDIA);
    }
    Some(zones)
}
