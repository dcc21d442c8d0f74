//! Which zones there are in a region: only as much as a question needs that names no zone.

use followup::Region;

/// Regions and their zones. Where people of one state keep different clocks, each is named.
#[rustfmt::skip]
const ZONES: &[(&str, &str)] = &[
    ("AT", "Europe/Vienna"), ("BE", "Europe/Brussels"), ("BG", "Europe/Sofia"), ("CY", "Asia/Nicosia"),
    ("CZ", "Europe/Prague"), ("DE", "Europe/Berlin"), ("DK", "Europe/Copenhagen"), ("EE", "Europe/Tallinn"),
    ("ES", "Europe/Madrid Atlantic/Canary"), ("FI", "Europe/Helsinki"), ("FR", "Europe/Paris"),
    ("GB", "Europe/London"), ("GR", "Europe/Athens"), ("HR", "Europe/Zagreb"), ("HU", "Europe/Budapest"),
    ("IE", "Europe/Dublin"), ("IS", "Atlantic/Reykjavik"), ("IT", "Europe/Rome"), ("LI", "Europe/Vaduz"),
    ("LT", "Europe/Vilnius"), ("LU", "Europe/Luxembourg"), ("LV", "Europe/Riga"), ("MT", "Europe/Malta"),
    ("NL", "Europe/Amsterdam"), ("NO", "Europe/Oslo"), ("PL", "Europe/Warsaw"),
    ("PT", "Europe/Lisbon Atlantic/Azores Atlantic/Madeira"), ("RO", "Europe/Bucharest"),
    ("SE", "Europe/Stockholm"), ("SI", "Europe/Ljubljana"), ("SK", "Europe/Bratislava"),
    ("AU", "Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Perth \
            Australia/Eucla Australia/Lord_Howe"),
    ("AU-ACT", "Australia/Sydney"), ("AU-NSW", "Australia/Sydney Australia/Broken_Hill Australia/Lord_Howe"),
    ("AU-NT", "Australia/Darwin"), ("AU-QLD", "Australia/Brisbane"), ("AU-SA", "Australia/Adelaide"),
    ("AU-TAS", "Australia/Hobart"), ("AU-VIC", "Australia/Melbourne"), ("AU-WA", "Australia/Perth Australia/Eucla"),
    ("IN", "Asia/Kolkata"), ("NZ", "Pacific/Auckland Pacific/Chatham"), ("SG", "Asia/Singapore"),
    ("CA", "America/St_Johns America/Halifax America/Toronto America/Winnipeg America/Regina America/Edmonton \
            America/Vancouver America/Whitehorse"),
    ("CA-AB", "America/Edmonton"), ("CA-BC", "America/Vancouver America/Edmonton America/Creston"),
    ("CA-MB", "America/Winnipeg"), ("CA-NB", "America/Moncton"), ("CA-NL", "America/St_Johns America/Goose_Bay"),
    ("CA-NS", "America/Halifax"), ("CA-NT", "America/Edmonton"),
    ("CA-NU", "America/Iqaluit America/Rankin_Inlet America/Cambridge_Bay"),
    ("CA-ON", "America/Toronto America/Winnipeg America/Atikokan"), ("CA-PE", "America/Halifax"),
    ("CA-QC", "America/Toronto America/Halifax America/Puerto_Rico"), ("CA-SK", "America/Regina America/Edmonton"),
    ("CA-YT", "America/Whitehorse"),
    ("US", "America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage \
            America/Adak Pacific/Honolulu"),
    ("US-AK", "America/Anchorage America/Adak"), ("US-AL", "America/Chicago"), ("US-AR", "America/Chicago"),
    ("US-AZ", "America/Phoenix America/Denver"), ("US-CA", "America/Los_Angeles"), ("US-CO", "America/Denver"),
    ("US-CT", "America/New_York"), ("US-DC", "America/New_York"), ("US-DE", "America/New_York"),
    ("US-FL", "America/New_York America/Chicago"), ("US-GA", "America/New_York"), ("US-HI", "Pacific/Honolulu"),
    ("US-IA", "America/Chicago"), ("US-ID", "America/Boise America/Los_Angeles"), ("US-IL", "America/Chicago"),
    ("US-IN", "America/Indiana/Indianapolis America/Chicago"), ("US-KS", "America/Chicago America/Denver"),
    ("US-KY", "America/New_York America/Chicago"), ("US-LA", "America/Chicago"), ("US-MA", "America/New_York"),
    ("US-MD", "America/New_York"), ("US-ME", "America/New_York"), ("US-MI", "America/Detroit America/Menominee"),
    ("US-MN", "America/Chicago"), ("US-MO", "America/Chicago"), ("US-MS", "America/Chicago"),
    ("US-MT", "America/Denver"), ("US-NC", "America/New_York"), ("US-ND", "America/Chicago America/Denver"),
    ("US-NE", "America/Chicago America/Denver"), ("US-NH", "America/New_York"), ("US-NJ", "America/New_York"),
    ("US-NM", "America/Denver"), ("US-NV", "America/Los_Angeles America/Denver"), ("US-NY", "America/New_York"),
    ("US-OH", "America/New_York"), ("US-OK", "America/Chicago"), ("US-OR", "America/Los_Angeles America/Boise"),
    ("US-PA", "America/New_York"), ("US-PR", "America/Puerto_Rico"), ("US-RI", "America/New_York"),
    ("US-SC", "America/New_York"), ("US-SD", "America/Chicago America/Denver"),
    ("US-TN", "America/New_York America/Chicago"), ("US-TX", "America/Chicago America/Denver"),
    ("US-UT", "America/Denver"), ("US-VA", "America/New_York"), ("US-VT", "America/New_York"),
    ("US-WA", "America/Los_Angeles"), ("US-WI", "America/Chicago"), ("US-WV", "America/New_York"),
    ("US-WY", "America/Denver"),
];

/// The zones in which somebody there may be: those of the region, or else those of what it lies in. None for a
/// region of which nothing is known here.
pub(crate) fn zones(region: &Region) -> Vec<&'static str> {
    let mut name = region.as_str();
    loop {
        if let Some((_, zones)) = ZONES.iter().find(|(own, _)| *own == name) {
            return zones.split_whitespace().collect();
        }
        let Some((wider, _)) = name.rsplit_once('-') else { return Vec::new() };
        name = wider;
    }
}

/// Whether one of two regions lies in the other.
pub(crate) fn meet(one: &Region, other: &Region) -> bool {
    let lies_in = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    lies_in(one.as_str(), other.as_str()) || lies_in(other.as_str(), one.as_str())
}
