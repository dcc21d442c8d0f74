//! Every contact rule of `data/rules`, against figures that were written here by hand from the laws and never read
//! from the data: the first and the last second of every kind of day, the last contact that a cap allows, the last
//! day of a list, of a grace, of a permission.
//!
//! The scope of a rule stands in one text: its channels, whom it is for (both if nobody is named), who executes
//! (all if nobody is named), `approaches` if answers are free, and after `unless` what lifts it.
#![cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use followup::{
    Basis, Channel, Channels, Clearance, Confidence, Duty, Event, EventKind, Executor, Ground, History,
    Instant, Playbook, Prospect, Purpose, Purposes, Reason, Recipient, Rules, Source, Standing, Verdict,
    Zones,
};

/// Id, region, zone, scope, and what is open on which day of that zone: `closed` all day, or `free` before the
/// rule holds and after.
type HoursLine =
    (&'static str, &'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
const HOURS: &[HoursLine] = &[
    // United States
    ("us.tsr.hours", "US", "America/New_York", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "08:00-21:00"),
        ("Sat 2026-07-04", "08:00-21:00"), ("Sun 2026-03-08", "08:00-21:00"), ("Sun 2026-11-01", "08:00-21:00")]),
    ("us.tcpa.hours", "US", "America/New_York", "phone text consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "08:00-21:00"),
        ("Fri 2026-12-25", "08:00-21:00")]),
    ("us.regf.hours", "US", "America/Los_Angeles", "phone email text social consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "08:00-21:00")]),
    ("us-fl.hours", "US-FL", "America/New_York", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00"),
        ("Sat 2026-07-04", "08:00-20:00"), ("Wed 2021-06-30", "free"), ("Thu 2021-07-01", "08:00-20:00")]),
    ("us-fl.hours", "US-FL", "America/Chicago", "phone consumer", &[("Wed 2026-01-07", "08:00-20:00")]),
    ("us-ok.hours", "US-OK", "America/Chicago", "phone consumer unless contract", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00"),
        ("Mon 2022-10-31", "free"), ("Tue 2022-11-01", "08:00-20:00")]),
    ("us-md.hours", "US-MD", "America/New_York", "phone text consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00"),
        ("Sun 2023-12-31", "free"), ("Mon 2024-01-01", "08:00-20:00")]),
    ("us-or.hours", "US-OR", "America/Los_Angeles", "phone text consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00"),
        ("Wed 2025-12-31", "free"), ("Thu 2026-01-01", "08:00-20:00")]),
    ("us-wa.hours", "US-WA", "America/Los_Angeles", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00")]),
    ("us-tx.hours", "US-TX", "America/Chicago", "phone consumer", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "12:00-21:00"),
        ("Sat 2026-07-04", "09:00-21:00")]),
    ("us-tx.hours-text", "US-TX", "America/Denver", "text consumer", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "12:00-21:00"),
        ("Sun 2025-08-31", "free"), ("Mon 2025-09-01", "09:00-21:00")]),
    // El Paso is an hour behind.
    ("us-tx.hours-central", "US-TX", "America/Denver", "text consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "11:00-20:00"),
        ("Sat 2025-08-30", "free"), ("Mon 2025-09-01", "08:00-20:00")]),
    ("us-ct.hours", "US-CT", "America/New_York", "phone text consumer", &[
        ("Wed 2026-07-01", "09:00-20:00"), ("Sat 2026-07-11", "09:00-20:00"), ("Sun 2026-07-05", "09:00-20:00"),
        ("Sat 2023-09-30", "free"), ("Sun 2023-10-01", "09:00-20:00")]),
    ("us-ma.hours", "US-MA", "America/New_York", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00")]),
    ("us-ut.hours", "US-UT", "America/Denver", "phone consumer unless express written double-opt-in", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "closed"),
        ("Fri 2026-07-24", "closed"), ("Thu 2026-07-23", "08:00-21:00"), ("Fri 2026-07-03", "closed"),
        ("Sat 2026-07-04", "closed"), ("Thu 2026-11-26", "closed")]),
    ("us-ri.hours", "US-RI", "America/New_York", "phone consumer", &[
        ("Wed 2026-07-01", "09:00-18:00"), ("Sat 2026-07-11", "10:00-17:00"), ("Sun 2026-07-05", "closed"),
        ("Sat 2026-07-04", "closed"), ("Mon 2026-07-06", "closed"), ("Fri 2026-07-03", "closed"),
        ("Mon 2026-08-10", "closed"), ("Tue 2026-11-03", "closed"), ("Fri 2026-08-07", "09:00-18:00")]),
    ("us-la.hours", "US-LA", "America/Chicago", "phone text consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "closed"),
        ("Tue 2026-02-17", "closed"), ("Mon 2026-02-16", "closed"), ("Wed 2026-02-18", "08:00-20:00")]),
    // In summer an hour off the clock on the wall.
    ("us-ms.hours-cst", "US-MS", "America/Chicago", "phone text", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "closed"),
        ("Wed 2026-01-07", "08:00-20:00"), ("Sat 2026-01-10", "08:00-20:00"), ("Sun 2026-01-11", "closed"),
        ("Thu 2026-11-26", "08:00-20:00")]),
    ("us-ms.hours-local", "US-MS", "America/Chicago", "phone text", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "closed"),
        ("Wed 2026-01-07", "08:00-20:00"), ("Sat 2026-01-10", "08:00-20:00"), ("Thu 2026-11-26", "08:00-20:00")]),
    ("us-pa.hours-2019", "US-PA", "America/New_York", "phone unless purchase", &[
        ("Mon 2019-12-02", "free"), ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"),
        ("Sun 2026-07-05", "08:00-21:00"), ("Sat 2026-07-04", "closed"), ("Fri 2026-07-03", "closed"),
        ("Sat 2026-10-17", "08:00-21:00"), ("Sun 2026-10-18", "free")]),
    ("us-pa.hours", "US-PA", "America/New_York", "phone text", &[
        ("Sun 2026-10-18", "closed"), ("Sat 2026-10-17", "free"), ("Mon 2026-10-19", "08:00-21:00"),
        ("Sat 2026-10-24", "08:00-21:00"), ("Thu 2026-11-26", "closed")]),
    ("us-nm.hours", "US-NM", "America/Denver", "phone consumer", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "09:00-21:00")]),
    ("us-ky.hours", "US-KY", "America/New_York", "phone fax consumer", &[
        ("Wed 2026-07-01", "10:00-21:00"), ("Sat 2026-07-11", "10:00-21:00"), ("Sun 2026-07-05", "10:00-21:00")]),
    ("us-ky.automatic", "US-KY", "America/Chicago", "phone automatic", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "08:00-21:00")]),
    ("us-wy.hours", "US-WY", "America/Denver", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "08:00-20:00")]),
    ("us-sd.automatic", "US-SD", "America/Chicago", "phone automatic", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "closed"), ("Sun 2026-07-05", "closed"),
        ("Fri 2026-07-03", "09:00-21:00")]),
    ("us-sd.live", "US-SD", "America/Denver", "phone consumer person delegate", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "closed")]),
    ("us-nv.automatic", "US-NV", "America/Los_Angeles", "phone automatic unless contract", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "09:00-21:00")]),
    ("us-nv.live", "US-NV", "America/Los_Angeles", "phone consumer person delegate", &[
        ("Wed 2026-07-01", "09:00-20:00"), ("Sat 2026-07-11", "09:00-20:00"), ("Sun 2026-07-05", "09:00-20:00")]),
    ("us-al.hours", "US-AL", "America/Chicago", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-20:00"), ("Sat 2026-07-11", "08:00-20:00"), ("Sun 2026-07-05", "closed"),
        ("Fri 2026-07-03", "closed"), ("Sat 2026-07-04", "closed")]),
    ("us-mn.automatic", "US-MN", "America/Chicago", "phone automatic", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "09:00-21:00")]),
    ("us-mn.live", "US-MN", "America/Chicago", "phone consumer person delegate", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "09:00-21:00")]),
    ("us-mi.hours", "US-MI", "America/Detroit", "phone consumer", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "09:00-21:00")]),
    ("us-va.hours", "US-VA", "America/New_York", "phone text consumer unless express written double-opt-in", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "08:00-21:00")]),
    ("us-me.automatic", "US-ME", "America/New_York", "phone fax automatic approaches", &[
        ("Wed 2026-07-01", "09:00-17:00"), ("Sat 2026-07-11", "closed"), ("Sun 2026-07-05", "closed")]),
    // Canada
    ("ca.utr.hours", "CA", "America/Toronto", "phone fax", &[
        ("Thu 2026-07-02", "09:00-21:30"), ("Sat 2026-07-11", "10:00-18:00"), ("Sun 2026-07-05", "10:00-18:00"),
        ("Wed 2026-07-01", "09:00-21:30")]),
    ("ca.utr.hours", "CA-NL", "America/St_Johns", "phone fax", &[("Thu 2026-07-02", "09:00-21:30")]),
    ("ca-bc.hours", "CA-BC", "America/Vancouver", "phone fax consumer", &[
        ("Thu 2026-07-02", "09:00-21:30"), ("Sat 2026-07-11", "10:00-18:00"), ("Sun 2026-07-05", "10:00-18:00"),
        ("Wed 2026-07-01", "closed"), ("Mon 2026-09-07", "closed")]),
    // United Kingdom
    ("uk.hours", "GB", "Europe/London", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "closed"),
        ("Mon 2026-08-31", "closed"), ("Mon 2026-08-03", "08:00-21:00"), ("Sat 2026-12-26", "closed")]),
    ("uk-sct.hours", "GB-SCT", "Europe/London", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "closed"),
        ("Mon 2026-08-03", "closed"), ("Mon 2026-08-31", "08:00-21:00"), ("Mon 2026-11-30", "closed")]),
    ("uk-nir.hours", "GB-NIR", "Europe/London", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "closed"),
        ("Mon 2026-07-13", "closed"), ("Tue 2026-03-17", "closed"), ("Mon 2026-08-31", "closed")]),
    // European Union
    ("fr.d223-9.hours", "FR", "Europe/Paris", "phone consumer approaches unless express written double-opt-in", &[
        ("Wed 2026-07-01", "10:00-13:00 14:00-20:00"), ("Sat 2026-07-11", "closed"), ("Sun 2026-07-05", "closed"),
        ("Tue 2026-07-14", "closed"), ("Mon 2026-07-13", "10:00-13:00 14:00-20:00"),
        ("Fri 2026-05-01", "closed"), ("Tue 2023-02-28", "free"), ("Tue 2026-08-11", "10:00-13:00 14:00-20:00")]),
    ("fr.sms", "FR", "Europe/Paris", "text approaches", &[
        ("Wed 2026-07-01", "08:00-22:00"), ("Sat 2026-07-11", "08:00-22:00"), ("Sun 2026-07-05", "closed"),
        ("Tue 2026-07-14", "closed")]),
    ("es.hours", "ES", "Europe/Madrid", "phone consumer", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "closed"), ("Sun 2026-07-05", "closed"),
        ("Mon 2026-10-12", "closed")]),
    ("es.hours", "ES", "Atlantic/Canary", "phone consumer", &[("Wed 2026-07-01", "09:00-21:00")]),
    ("it.code.hours", "IT", "Europe/Rome", "phone", &[
        ("Wed 2026-07-01", "09:00-20:00"), ("Sat 2026-07-11", "10:00-19:00"), ("Sun 2026-07-05", "closed"),
        ("Tue 2026-06-02", "closed"), ("Mon 2026-06-01", "10:00-19:00"), ("Fri 2026-04-24", "10:00-19:00"),
        ("Sat 2026-04-25", "closed"), ("Fri 2024-09-27", "free")]),
    // Asia, Australia, New Zealand
    ("au.hours.sales", "AU", "Australia/Sydney", "phone unless express written double-opt-in", &[
        ("Wed 2026-07-01", "09:00-20:00"), ("Sat 2026-07-11", "09:00-17:00"), ("Sun 2026-07-05", "closed"),
        ("Mon 2026-01-26", "closed"), ("Sat 2026-04-25", "closed")]),
    ("au.hours.sales", "AU-SA", "Australia/Adelaide", "phone unless express written double-opt-in", &[
        ("Wed 2026-07-01", "09:00-20:00")]),
    ("au.hours.research", "AU", "Australia/Sydney", "phone unless express written double-opt-in", &[
        ("Wed 2026-07-01", "09:00-20:30"), ("Sat 2026-07-11", "09:00-17:00"), ("Sun 2026-07-05", "09:00-17:00"),
        ("Mon 2026-01-26", "closed")]),
    ("nz.hours", "NZ", "Pacific/Auckland", "phone consumer", &[
        ("Wed 2026-07-01", "08:00-21:00"), ("Sat 2026-07-11", "08:00-21:00"), ("Sun 2026-07-05", "closed"),
        ("Fri 2026-07-10", "closed")]),
    ("in.hours", "IN", "Asia/Kolkata", "phone text", &[
        ("Wed 2026-07-01", "10:00-21:00"), ("Sat 2026-07-11", "10:00-21:00"), ("Sun 2026-07-05", "10:00-21:00")]),
    ("in.hours-2010", "IN", "Asia/Kolkata", "phone text", &[
        ("Wed 2026-07-01", "09:00-21:00"), ("Sat 2026-07-11", "09:00-21:00"), ("Sun 2026-07-05", "09:00-21:00")]),
];

/// Id, region, zone, scope, the contacts that fill the cap, an instant at which one more is refused, and when it is
/// free again.
type CapLine = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const CAPS: &[CapLine] = &[
    // Twenty-four hours are elapsed time, whatever the clock does in between.
    ("us-fl.cap", "US-FL", "America/New_York", "phone consumer approaches",
        &["2026-07-01 10:00", "2026-07-01 11:00", "2026-07-01 12:00"], "2026-07-01 13:00", "2026-07-02 10:00"),
    ("us-fl.cap", "US-FL", "America/New_York", "phone consumer approaches",
        &["2026-03-07 17:00", "2026-03-07 17:00", "2026-03-07 17:00"], "2026-03-07 18:00", "2026-03-08 18:00"),
    ("us-fl.cap", "US-FL", "America/New_York", "phone consumer approaches",
        &["2026-10-31 17:00", "2026-10-31 17:00", "2026-10-31 17:00"], "2026-10-31 18:00", "2026-11-01 16:00"),
    ("us-ok.cap", "US-OK", "America/Chicago", "phone consumer approaches unless contract",
        &["2026-07-01 10:00", "2026-07-01 11:00", "2026-07-01 12:00"], "2026-07-02 09:59", "2026-07-02 10:00"),
    ("us-md.cap", "US-MD", "America/New_York", "phone text consumer approaches",
        &["2026-07-01 10:00", "2026-07-01 11:00", "2026-07-01 12:00"], "2026-07-02 09:59", "2026-07-02 10:00"),
    ("us-or.cap", "US-OR", "America/Los_Angeles", "phone text consumer approaches unless purchase",
        &["2026-07-01 10:00", "2026-07-01 11:00", "2026-07-01 12:00"], "2026-07-02 09:59", "2026-07-02 10:00"),
    ("us-me.automatic-cap", "US-ME", "America/New_York", "phone fax automatic approaches",
        &["2026-03-02 09:00"], "2026-03-02 16:59", "2026-03-03 00:00"),
    ("us.tcpa.exempt.month", "US", "America/New_York", "phone consumer automatic approaches",
        &["2026-03-02 10:00", "2026-03-02 11:00", "2026-03-03 12:00"], "2026-03-31 10:00", "2026-04-01 00:00"),
    ("us.tcpa.health.day", "US", "America/New_York", "phone consumer automatic approaches",
        &["2026-03-02 10:00"], "2026-03-02 20:00", "2026-03-03 00:00"),
    ("us.tcpa.health.week", "US", "America/New_York", "phone consumer automatic approaches",
        &["2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04 10:00"], "2026-03-08 10:00", "2026-03-09 00:00"),
    ("us.regf.seven-in-seven", "US", "America/New_York", "phone consumer approaches",
        &["2026-03-02 10:00", "2026-03-02 11:00", "2026-03-03 10:00", "2026-03-04 10:00", "2026-03-05 10:00",
          "2026-03-06 10:00", "2026-03-07 10:00"], "2026-03-08 10:00", "2026-03-09 00:00"),
    ("ca-bc.cap", "CA-BC", "America/Vancouver", "phone fax consumer approaches unless express written double-opt-in",
        &["2026-07-02 10:00"], "2026-07-31 10:00", "2026-08-01 00:00"),
    // The thirtieth date is not free yet, the thirty-first is.
    ("fr.d223-9.cap", "FR", "Europe/Paris", "phone consumer approaches",
        &["2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04 10:00", "2026-03-05 10:00"],
        "2026-03-31 10:00", "2026-04-01 00:00"),
];

/// Id, region, zone, scope, a day on which the list was made and the last on which it is good; and of somebody who
/// stands on it since some day, the last on which they may be called all the same.
type RegistryLine = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    (&'static str, &'static str),
    Option<(&'static str, &'static str)>,
);

#[rustfmt::skip]
const REGISTRIES: &[RegistryLine] = &[
    // Thirty-one days before the call is still good, thirty-two are not.
    ("us.dnc.scrub", "US", "America/New_York", "phone text consumer approaches unless written purchase inquiry",
        ("2026-03-02", "2026-04-02"), None),
    ("us-nm.registry", "US-NM", "America/Denver", "phone consumer approaches unless written",
        ("2026-03-02", "2026-04-02"), Some(("2026-01-15", "2026-04-14"))),
    ("ca.dncl.scrub", "CA", "America/Toronto",
        "phone fax consumer approaches unless express written double-opt-in contract purchase inquiry",
        ("2026-03-02", "2026-04-02"), None),
    // Listed on 2 March: on 29 March for 27 days, on 30 March for 28.
    ("uk.pecr.live", "GB", "Europe/London", "phone person delegate approaches unless express written double-opt-in",
        ("2026-03-02", "2026-03-29"), Some(("2026-03-02", "2026-03-29"))),
    ("it.rpo", "IT", "Europe/Rome", "phone post approaches unless contract", ("2026-03-02", "2026-03-16"), None),
    ("au.dncr", "AU", "Australia/Sydney", "phone fax approaches unless express", ("2026-03-02", "2026-03-31"), None),
    ("sg.dnc.calls", "SG", "Asia/Singapore", "phone consumer approaches unless express written double-opt-in",
        ("2026-03-02", "2026-03-22"), None),
    ("sg.dnc.messages", "SG", "Asia/Singapore",
        "text fax consumer approaches unless express written double-opt-in contract",
        ("2026-03-02", "2026-03-22"), None),
];

/// Id, region, zone, scope - with `asking` where asking for permission requires one too, and what gives permission
/// after `unless` - and the first day on which it holds, if that is known.
type PermissionLine = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>);

#[rustfmt::skip]
const PERMISSIONS: &[PermissionLine] = &[
    ("us.tcpa.written-consent", "US", "America/New_York", "phone text automatic approaches asking unless written", None),
    ("us-ct.written-consent", "US-CT", "America/New_York", "phone text consumer approaches asking unless written",
        Some("2023-10-01")),
    ("us-ut.automatic", "US-UT", "America/Denver",
        "phone automatic approaches asking unless express written double-opt-in inquiry conversation purchase", None),
    ("ca.casl.permission", "CA", "America/Toronto",
        "email text social approaches asking unless express written double-opt-in contract inquiry purchase",
        Some("2014-07-01")),
    ("uk.pecr.mail", "GB", "Europe/London",
        "email text consumer approaches asking unless express written double-opt-in soft-opt-in", None),
    ("uk.pecr.automatic", "GB", "Europe/London",
        "phone automatic approaches asking unless express written double-opt-in", None),
    ("eu.gdpr.ground", "IE", "Europe/Dublin",
        "phone email text social post in-person fax approaches \
         unless express written double-opt-in soft-opt-in contract legitimate-interest", None),
    ("eu.eprivacy.mail", "NO", "Europe/Oslo",
        "email text consumer approaches asking unless express written double-opt-in soft-opt-in", None),
    ("eu.eprivacy.calls", "IE", "Europe/Dublin",
        "phone consumer automatic approaches asking unless express written double-opt-in", None),
    ("eu.eprivacy.fax", "IE", "Europe/Dublin",
        "fax consumer approaches asking unless express written double-opt-in", None),
    ("de.uwg.calls-consumer", "DE", "Europe/Berlin",
        "phone consumer approaches asking unless express written double-opt-in", None),
    ("de.uwg.calls-business", "DE", "Europe/Berlin",
        "phone business approaches asking unless express written double-opt-in contract legitimate-interest", None),
    ("de.uwg.mail", "DE", "Europe/Berlin",
        "email text approaches asking unless express written double-opt-in soft-opt-in", None),
    ("de.uwg.machines", "DE", "Europe/Berlin",
        "phone automatic approaches asking unless express written double-opt-in", None),
    ("de.uwg.fax", "DE", "Europe/Berlin", "fax approaches asking unless express written double-opt-in", None),
    ("fr.optin", "FR", "Europe/Paris",
        "phone consumer approaches asking unless express written double-opt-in contract", Some("2026-08-11")),
    ("es.optin", "ES", "Europe/Madrid",
        "phone consumer approaches asking unless express written double-opt-in contract purchase",
        Some("2023-06-29")),
];

/// Id, region, zone, channel, executor, what lifts the rule, when it began, and the last day on which it does.
type TermLine =
    (&'static str, &'static str, &'static str, Channel, Executor, Ground, &'static str, &'static str);

use Channel::{Email, Fax, Phone, Social, Text};
use Executor::{Automatic, Person};
use Ground::{Conversation, Inquiry, Purchase};

const EXPRESS: Ground = Ground::Granted(Basis::Express);

#[rustfmt::skip]
const TERMS: &[TermLine] = &[
    // The months before the day of the call: the same day of the later month is one of them.
    ("us.dnc.scrub", "US", "America/New_York", Phone, Person, Purchase, "2026-02-28 15:00", "2027-08-28"),
    ("us.dnc.scrub", "US", "America/New_York", Text, Person, Inquiry, "2026-02-28 15:00", "2026-05-28"),
    ("us.dnc.scrub", "US", "America/New_York", Phone, Person, Inquiry, "2025-11-30 15:00", "2026-02-28"),
    ("ca.dncl.scrub", "CA", "America/Toronto", Phone, Person, Purchase, "2026-02-28 15:00", "2027-08-28"),
    ("ca.dncl.scrub", "CA", "America/Toronto", Fax, Person, Inquiry, "2026-02-28 15:00", "2026-08-28"),
    // Counted back from the day of sending it would be 31 August; counted forward it is the 28th, the earlier.
    ("ca.casl.permission", "CA", "America/Toronto", Email, Person, Inquiry, "2026-02-28 15:00", "2026-08-28"),
    ("ca.casl.permission", "CA", "America/Toronto", Email, Person, Inquiry, "2025-08-28 15:00", "2026-02-28"),
    ("ca.casl.permission", "CA", "America/Toronto", Email, Person, Inquiry, "2025-08-29 15:00", "2026-02-28"),
    ("ca.casl.permission", "CA", "America/Toronto", Text, Person, Inquiry, "2025-08-30 15:00", "2026-02-28"),
    ("ca.casl.permission", "CA", "America/Toronto", Social, Person, Inquiry, "2025-08-31 15:00", "2026-02-28"),
    ("ca.casl.permission", "CA", "America/Toronto", Email, Person, Purchase, "2024-02-29 15:00", "2026-02-28"),
    ("ca.casl.permission", "CA", "America/Toronto", Email, Person, Purchase, "2024-03-15 23:59", "2026-03-15"),
    // Where the text was not read, the day on which it began is the first.
    ("us-ut.automatic", "US-UT", "America/Denver", Phone, Automatic, Inquiry, "2026-02-28 15:00", "2027-08-27"),
    ("us-ut.automatic", "US-UT", "America/Denver", Phone, Automatic, Purchase, "2026-02-28 15:00", "2027-08-27"),
    ("us-ut.automatic", "US-UT", "America/Denver", Phone, Automatic, Conversation, "2026-02-28 15:00", "2027-08-27"),
    ("us-pa.hours-2019", "US-PA", "America/New_York", Phone, Person, Purchase, "2025-03-02 15:00", "2026-03-01"),
    ("es.optin", "ES", "Europe/Madrid", Phone, Person, Purchase, "2026-03-02 15:00", "2027-03-01"),
    // Three months beginning on the day on which it was given.
    ("au.dncr", "AU", "Australia/Sydney", Phone, Person, EXPRESS, "2026-01-15 15:00", "2026-04-14"),
    ("au.dncr", "AU", "Australia/Sydney", Fax, Person, EXPRESS, "2025-11-30 15:00", "2026-02-28"),
];

/// Id, region, zone, scope, when they opted out, by when that must be honoured, until when it must be kept. Business
/// days are those of a seller in the United States.
type OptOutLine = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
);

#[rustfmt::skip]
const OPT_OUTS: &[OptOutLine] = &[
    // Neither Christmas nor New Year's Day is a business day.
    ("us.tcpa.revoke", "US", "America/New_York", "phone text", "2026-12-18 15:00", Some("2027-01-05 15:00"), None),
    ("us.tcpa.revoke-all", "US", "America/New_York", "phone text", "2027-02-05 15:00", Some("2027-02-22 15:00"), None),
    ("us.tcpa.internal-dnc", "US", "America/New_York", "phone text consumer", "2026-12-18 15:00",
        Some("2027-01-05 15:00"), Some("2031-12-18 15:00")),
    ("us.canspam.opt-out", "US", "America/New_York", "email", "2026-12-18 15:00", Some("2027-01-05 15:00"), None),
    ("us-wa.opt-out", "US-WA", "America/Los_Angeles", "phone consumer", "2026-12-18 15:00", None,
        Some("2027-12-19 00:00")),
    ("us-va.opt-out", "US-VA", "America/New_York", "text consumer", "2026-12-18 15:00", None,
        Some("2036-12-19 00:00")),
    ("ca.casl.unsubscribe", "CA", "America/Toronto", "email text social", "2026-12-18 15:00",
        Some("2027-01-05 15:00"), None),
    ("ca.internal-dnc", "CA", "America/Toronto", "phone fax", "2026-12-18 15:00", Some("2027-01-01 15:00"), None),
    ("au.spam.unsubscribe", "AU", "Australia/Sydney", "email text", "2026-12-18 15:00", Some("2026-12-28 15:00"), None),
    ("nz.uem.unsubscribe", "NZ", "Pacific/Auckland", "email text", "2026-12-18 15:00", Some("2026-12-28 15:00"), None),
    ("sg.withdrawal", "SG", "Asia/Singapore", "phone text fax consumer", "2026-12-18 15:00",
        Some("2027-01-08 15:00"), None),
    ("platform.gmail-yahoo.opt-out", "BR", "America/Sao_Paulo", "email", "2026-12-18 15:00",
        Some("2026-12-20 15:00"), None),
];

/// Rules of which the first day in force is no line above: the day before it says nothing of opt-outs or caps.
#[rustfmt::skip]
const BEGINS: &[(&str, &str, &str)] = &[
    ("us.tcpa.revoke", "America/New_York", "2025-04-11"),
    ("us.tcpa.revoke-all", "America/New_York", "2027-01-31"),
    ("us.tcpa.internal-dnc", "America/New_York", "2025-04-11"),
    ("us-va.opt-out", "America/New_York", "2026-01-01"),
    ("ca.casl.unsubscribe", "America/Toronto", "2014-07-01"),
    ("platform.gmail-yahoo.opt-out", "America/Sao_Paulo", "2024-02-01"),
];

/// After an outcome: id, region, zone, scope, what happened when, an instant at which calls still pause, and the
/// first at which they do not.
#[rustfmt::skip]
const PAUSES: &[(&str, &str, &str, &str, &str, &str, &str)] = &[
    ("fr.d223-9.pause", "FR", "Europe/Paris", "phone consumer approaches",
        "declined 2026-03-02 15:00", "2026-05-01 12:00", "2026-05-02 00:00"),
    // The day of the conversation is the first of the seven.
    ("us.regf.after-talk", "US", "America/New_York", "phone consumer approaches",
        "met 2026-03-02 15:00", "2026-03-08 12:00", "2026-03-09 00:00"),
];

/// Rules that only their id turns on.
#[rustfmt::skip]
const OFF: &[&str] = &[
    "au.hours.research", "in.hours-2010", "us-al.hours", "us-mi.hours", "us-mn.live", "us-nv.live", "us-sd.live",
    "us-tx.hours-central", "us.regf.after-talk", "us.regf.hours", "us.regf.seven-in-seven",
    "us.tcpa.exempt.month", "us.tcpa.health.day", "us.tcpa.health.week",
];

fn instant(zone: &str, local: NaiveDateTime) -> Instant {
    let zone: chrono_tz::Tz = zone.parse().unwrap();
    zone.from_local_datetime(&local).earliest().unwrap().with_timezone(&Utc).try_into().unwrap()
}

fn at(zone: &str, local: &str) -> Instant {
    instant(zone, NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap())
}

fn date(day: &str) -> NaiveDate {
    day.parse().unwrap_or_else(|_| panic!("{day}"))
}

/// The last second of that day.
fn last_second(zone: &str, day: &str) -> Instant {
    instant(zone, date(day).and_hms_opt(23, 59, 59).unwrap())
}

fn first_second(zone: &str, day: &str) -> Instant {
    instant(zone, date(day).and_hms_opt(0, 0, 0).unwrap())
}

fn plus(at: Instant, seconds: i64) -> Instant {
    (chrono::DateTime::<Utc>::from(at) + TimeDelta::try_seconds(seconds).unwrap()).try_into().unwrap()
}

/// Nothing stands in the way but the rules of these ids.
fn playbook(ids: &[&str]) -> Playbook {
    let text = format!(
        "name = \"one rule\"\nzone = \"America/New_York\"\n\
         permission.follow-up.default = [\"not-refused\"]\n\
         contact-rules = {{ use = {ids:?}, elsewhere = \"allow\" }}\n\
         business-days = {{ days = [\"mon-fri\"], holidays = [\"us.federal\"] }}\n"
    );
    toml::from_str(&text).unwrap_or_else(|error| panic!("{ids:?}: {error}"))
}

fn prospect(region: &str, zone: &str, recipient: Recipient) -> Prospect {
    Prospect::new("ada".parse().unwrap())
        .in_zone(zone.parse().unwrap())
        .in_region(region.parse().unwrap())
        .contacted_as(recipient)
        .reachable_by(Channels::ALL)
}

/// Whom and what a rule is for.
#[derive(Debug, Default)]
struct Scope {
    channels: BTreeSet<Channel>,
    recipients: BTreeSet<&'static str>,
    by: BTreeSet<&'static str>,
    approaches: bool,
    asking: bool,
    unless: BTreeSet<String>,
}

impl Scope {
    fn parse(text: &'static str) -> Self {
        let mut scope = Self::default();
        let (whom, unless) = text.split_once("unless").unwrap_or((text, ""));
        for word in whom.split_whitespace() {
            match word {
                "approaches" => scope.approaches = true,
                "asking" => scope.asking = true,
                "consumer" | "business" => {
                    scope.recipients.insert(word);
                }
                "person" | "delegate" | "automatic" => {
                    scope.by.insert(word);
                }
                channel => {
                    scope.channels.insert(channel.parse().unwrap());
                }
            }
        }
        if scope.recipients.is_empty() {
            scope.recipients.extend(["consumer", "business"]);
        }
        if scope.by.is_empty() {
            scope.by.extend(["person", "delegate", "automatic"]);
        }
        scope.unless = unless.split_whitespace().map(str::to_string).collect();
        scope
    }

    fn a_channel(&self) -> Channel {
        *self.channels.first().unwrap()
    }

    fn an_executor(&self) -> Executor {
        self.by.first().unwrap().parse().unwrap()
    }

    fn a_recipient(&self) -> Recipient {
        self.recipients.first().unwrap().parse().unwrap()
    }
}

/// A prospect, their history, and the playbook of one rule.
struct Given {
    playbook: Playbook,
    prospect: Prospect,
    history: History,
    scope: Scope,
}

impl Given {
    fn new(id: &str, region: &str, zone: &str, scope: &'static str) -> Self {
        let scope = Scope::parse(scope);
        let prospect = prospect(region, zone, scope.a_recipient());
        Self { playbook: playbook(&[id]), prospect, history: History::new(), scope }
    }

    fn and(mut self, at: Instant, kind: EventKind) -> Self {
        let id = u64::try_from(self.history.events().count()).unwrap() + 1;
        self.history.record(Event::new(id, at, kind)).unwrap();
        self
    }

    fn touched(self, at: Instant) -> Self {
        let channel = self.scope.a_channel();
        self.and(at, EventKind::Touched { channel, act: None, cause: None, item: None, disposition: None })
    }

    /// What lifts rules: a permission, or an event from which a relation follows.
    fn granted(self, at: Instant, ground: Ground) -> Self {
        let kind = match ground {
            Ground::Granted(basis) => EventKind::Granted {
                channels: Channels::ALL,
                purposes: [Purpose::FollowUp, Purpose::Care].into_iter().collect(),
                basis,
                until: None,
                term: None,
                own_act: false,
            },
            Ground::Inquiry => EventKind::Inquired { via: Source::Form, channel: None },
            Ground::Conversation => EventKind::Met { channel: Channel::InPerson },
            Ground::Purchase => EventKind::Purchased,
            Ground::NotRefused => panic!("nobody gives it"),
        };
        self.and(at, kind)
    }

    fn on(&self, channel: Channel, at: Instant) -> Clearance<'_> {
        let by = self.scope.an_executor();
        self.playbook.clearance(&self.prospect, self.history.standing(), channel, Purpose::FollowUp, by, at)
    }

    fn clearance(&self, at: Instant) -> Clearance<'_> {
        self.on(self.scope.a_channel(), at)
    }

    fn is_allowed(&self, at: Instant) -> bool {
        self.clearance(at).is_allowed()
    }

    /// At an instant at which the rule bars the way, it bars exactly what it is for: those channels, those people,
    /// those who execute, in its region and where the region is not known.
    #[track_caller]
    fn bars_only_what_it_is_for(&self, at: Instant, is_answer_barred: bool) {
        assert!(!self.is_allowed(at), "at {at}");
        let region = self.prospect.regions().first().unwrap();
        let zone = self.prospect.zones().first().unwrap();
        let rule = self.playbook.rules().next().unwrap();
        let is_everywhere = rule.regions().is_empty();
        for recipient in Recipient::ALL {
            let here = prospect(region.as_str(), zone.as_str(), *recipient);
            let there = prospect("JP", zone.as_str(), *recipient);
            let anywhere = Prospect::new("ada".parse().unwrap())
                .in_zone(zone.clone())
                .contacted_as(*recipient)
                .reachable_by(Channels::ALL);
            for (channel, by) in
                Channel::ALL.iter().flat_map(|one| Executor::ALL.iter().map(move |by| (*one, *by)))
            {
                let is_for = self.scope.channels.contains(&channel)
                    && self.scope.recipients.contains(recipient.as_str())
                    && self.scope.by.contains(by.as_str());
                for (who, is_there) in [(&here, true), (&there, is_everywhere), (&anywhere, true)] {
                    for (purpose, is_barred) in
                        [(Purpose::FollowUp, true), (Purpose::Answer, is_answer_barred)]
                    {
                        let standing = self.history.standing();
                        let clearance = self.playbook.clearance(who, standing, channel, purpose, by, at);
                        assert_eq!(
                            clearance.is_allowed(),
                            !(is_for && is_there && is_barred),
                            "{} {channel} by {by} to {recipient} {purpose} at {at} in {who:?}: {clearance}",
                            rule.id()
                        );
                    }
                }
            }
        }
    }

    /// Of all grounds, exactly those of the scope lift it.
    #[track_caller]
    fn is_lifted_only_by_its_grounds(&self, given_at: Instant, at: Instant) {
        for ground in grounds() {
            let history = self.history.clone();
            let with = Self {
                playbook: self.playbook.clone(),
                prospect: self.prospect.clone(),
                history,
                scope: Scope {
                    channels: self.scope.channels.clone(),
                    by: self.scope.by.clone(),
                    ..Scope::default()
                },
            };
            let with = with.granted(given_at, ground);
            assert_eq!(
                with.is_allowed(at),
                self.scope.unless.contains(&ground.to_string()),
                "{} with {ground}: {}",
                with.playbook.rules().next().unwrap().id(),
                with.clearance(at)
            );
        }
    }
}

fn grounds() -> impl Iterator<Item = Ground> {
    let granted = Basis::ALL.iter().map(|basis| Ground::Granted(*basis));
    granted.chain([Ground::Inquiry, Ground::Conversation, Ground::Purchase])
}

/// The second of the day of each window.
fn windows(text: &str) -> Vec<(i64, i64)> {
    let second = |text: &str| {
        let (hour, minute) = text.split_once(':').unwrap();
        hour.parse::<i64>().unwrap() * 3600 + minute.parse::<i64>().unwrap() * 60
    };
    match text {
        "closed" => Vec::new(),
        "free" => vec![(0, 86_400)],
        _ => text
            .split(' ')
            .map(|window| window.split_once('-').unwrap())
            .map(|(start, end)| (second(start), second(end)))
            .collect(),
    }
}

#[test]
fn every_rule_of_hours_opens_and_closes_on_the_second() {
    for (id, region, zone, scope, days) in HOURS {
        let given = Given::new(id, region, zone, scope);
        for (day, open) in *days {
            let (weekday, day) = day.split_once(' ').unwrap();
            let day = date(day);
            assert_eq!(day.weekday().to_string(), weekday, "{id} {day}");
            let open_at = windows(open);
            let local =
                |second: i64| day.and_time(chrono::NaiveTime::MIN) + TimeDelta::try_seconds(second).unwrap();
            let edges = open_at.iter().flat_map(|(start, end)| [start - 1, *start, end - 1, *end]);
            // Every edge, and each quarter of an hour between; a second that the clock skips is no second.
            for second in edges.chain((0..96).map(|nth| nth * 900)).chain([86_399]) {
                let clock: chrono_tz::Tz = zone.parse().unwrap();
                if !(0..86_400).contains(&second)
                    || clock.from_local_datetime(&local(second)).single().is_none()
                {
                    continue;
                }
                let at = instant(zone, local(second));
                let is_open = open_at.iter().any(|(start, end)| (*start..*end).contains(&second));
                let clearance = given.clearance(at);
                assert_eq!(clearance.is_allowed(), is_open, "{id} {}: {clearance}", local(second));
            }
            if *open == "free" {
                continue;
            }
            for (start, end) in &open_at {
                let (start, end) = (instant(zone, local(*start)), instant(zone, local(*end)));
                let clearance = given.clearance(start);
                assert_eq!(clearance.closes(), Some(end), "{id} {day}: {clearance}");
                assert_eq!(given.clearance(plus(start, -1)).opens(), Some(start), "{id} {day}");
            }
        }
    }
}

#[test]
fn every_rule_of_hours_is_for_what_the_law_says_and_lifted_by_nothing_else() {
    for (id, region, zone, scope, days) in HOURS {
        let given = Given::new(id, region, zone, scope);
        let (day, open) = days.iter().find(|(_, open)| *open != "free").unwrap();
        let (_, day) = day.split_once(' ').unwrap();
        let closed = windows(open).first().map_or(43_200, |(start, _)| start - 1);
        let closed = plus(first_second(zone, day), closed);
        given.bars_only_what_it_is_for(closed, !given.scope.approaches);
        given.is_lifted_only_by_its_grounds(plus(closed, -86_400), closed);
    }
}

#[test]
fn in_july_mississippi_allows_what_both_readings_of_its_clock_allow() {
    let (region, zone) = ("US-MS", "America/Chicago");
    let both = Given {
        playbook: playbook(&["us-ms.hours-cst", "us-ms.hours-local"]),
        ..Given::new("us-ms.hours-cst", region, zone, "phone")
    };
    for (day, opens, closes) in [("2026-07-01", "09:00", "20:00"), ("2026-01-07", "08:00", "20:00")] {
        let clearance = both.clearance(first_second(zone, day));
        assert_eq!(clearance.opens(), Some(at(zone, &format!("{day} {opens}"))), "{clearance}");
        assert_eq!(clearance.closes(), Some(at(zone, &format!("{day} {closes}"))), "{clearance}");
    }
}

#[test]
fn in_pennsylvania_one_version_follows_the_other_without_a_gap() {
    let zone = "America/New_York";
    let both = Given {
        playbook: playbook(&["us-pa.hours-2019", "us-pa.hours"]),
        ..Given::new("us-pa.hours", "US-PA", zone, "phone")
    };
    let clearance = both.clearance(at(zone, "2026-10-17 21:00"));
    assert_eq!(clearance.opens(), Some(at(zone, "2026-10-19 08:00")), "{clearance}");
    assert!(both.is_allowed(at(zone, "2026-10-11 08:00")), "the Sunday before");
    assert!(!both.is_allowed(at(zone, "2026-10-18 08:00")));
    assert!(both.on(Channel::Text, at(zone, "2026-10-17 23:00")).is_allowed());
    assert!(!both.on(Channel::Text, at(zone, "2026-10-18 12:00")).is_allowed());
}

#[test]
fn every_cap_allows_the_last_and_refuses_one_more_until_its_window_has_moved_on() {
    for (id, region, zone, scope, contacts, refused, free) in CAPS {
        let (refused, free) = (at(zone, refused), at(zone, free));
        let (last, before) = contacts.split_last().unwrap();
        let given = before
            .iter()
            .fold(Given::new(id, region, zone, scope), |given, contact| given.touched(at(zone, contact)));
        assert!(given.is_allowed(at(zone, last)), "{id}: the last");
        assert!(given.is_allowed(refused), "{id}: the last, later");
        let full = given.touched(at(zone, last));
        let clearance = full.clearance(refused);
        assert_eq!(clearance.opens(), Some(free), "{id}: {clearance}");
        assert!(!full.is_allowed(plus(free, -1)), "{id}");
        full.bars_only_what_it_is_for(refused, !full.scope.approaches);
        full.is_lifted_only_by_its_grounds(at(zone, last), refused);
    }
}

#[test]
fn attempts_that_nobody_answered_count_but_in_maine() {
    for (id, region, zone, scope, contacts, refused, _) in CAPS {
        let failed = |given: Given, contact: &&str| {
            let (channel, act) = (given.scope.a_channel(), "in/call".parse().unwrap());
            given.and(at(zone, contact), EventKind::Failed { channel, act, cause: followup::EventId(1) })
        };
        let given = contacts.iter().fold(Given::new(id, region, zone, scope), failed);
        assert_eq!(given.is_allowed(at(zone, refused)), *id == "us-me.automatic-cap", "{id}");
    }
}

#[test]
fn answers_do_not_count_against_a_cap_on_approaches() {
    for (id, region, zone, scope, contacts, refused, _) in CAPS {
        let answered = |given: Given, contact: &&str| {
            let (channel, act) = (given.scope.a_channel(), Some("respond".parse().unwrap()));
            given.and(
                at(zone, contact),
                EventKind::Touched { channel, act, cause: None, item: None, disposition: None },
            )
        };
        let given = contacts.iter().fold(Given::new(id, region, zone, scope), answered);
        assert!(given.is_allowed(at(zone, refused)), "{id}");
    }
}

#[test]
fn calls_and_texts_count_together_where_a_cap_is_for_both() {
    for (id, region, zone) in
        [("us-md.cap", "US-MD", "America/New_York"), ("us-or.cap", "US-OR", "America/Los_Angeles")]
    {
        let mut given = Given::new(id, region, zone, "phone consumer");
        for (time, channel) in [("10:00", Phone), ("11:00", Text), ("12:00", Text)] {
            let touched =
                EventKind::Touched { channel, act: None, cause: None, item: None, disposition: None };
            given = given.and(at(zone, &format!("2026-07-01 {time}")), touched);
        }
        for channel in [Phone, Text] {
            let clearance = given.on(channel, at(zone, "2026-07-01 13:00"));
            assert_eq!(clearance.opens(), Some(at(zone, "2026-07-02 10:00")), "{clearance}");
        }
    }
}

#[test]
fn a_purchase_lifts_the_cap_of_oregon_for_eighteen_months() {
    let zone = "America/Los_Angeles";
    let after = |day: &str| {
        let given = Given::new("us-or.cap", "US-OR", zone, "phone consumer");
        let given = given.granted(at(zone, "2026-02-28 15:00"), Purchase);
        let given = ["20:00", "21:00", "22:00"]
            .iter()
            .fold(given, |given, time| given.touched(at(zone, &format!("{day} {time}"))));
        given.is_allowed(last_second(zone, day))
    };
    assert!(after("2027-08-27"));
    assert!(!after("2027-08-28"));
}

#[test]
fn the_thirty_first_day_of_france_opens_with_its_hours() {
    let zone = "Europe/Paris";
    let given = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"].iter().fold(
        Given {
            playbook: playbook(&["fr.d223-9.cap", "fr.d223-9.hours"]),
            ..Given::new("fr.d223-9.cap", "FR", zone, "phone consumer")
        },
        |given, day| given.touched(at(zone, &format!("{day} 10:00"))),
    );
    let clearance = given.clearance(at(zone, "2026-03-06 10:00"));
    assert_eq!(clearance.opens(), Some(at(zone, "2026-04-01 10:00")), "{clearance}");
}

#[test]
fn every_pause_ends_on_its_day() {
    for (id, region, zone, scope, what, pausing, free) in PAUSES {
        let (what, since) = what.split_once(' ').unwrap();
        let kind = match what {
            "declined" => EventKind::Declined { reason: Reason::NotInterested },
            _ => EventKind::Met { channel: Channel::Phone },
        };
        let given = Given::new(id, region, zone, scope).and(at(zone, since), kind);
        let (pausing, free) = (at(zone, pausing), at(zone, free));
        assert_eq!(given.clearance(at(zone, since)).opens(), Some(free), "{id}");
        assert!(!given.is_allowed(plus(free, -1)), "{id}");
        given.bars_only_what_it_is_for(pausing, !given.scope.approaches);
    }
}

#[test]
fn after_a_refusal_of_2_march_france_opens_on_monday_4_may() {
    // Sixty days end on 1 May, a holiday; the second is a Saturday.
    let zone = "Europe/Paris";
    let given = Given {
        playbook: playbook(&["fr.d223-9.pause", "fr.d223-9.hours"]),
        ..Given::new("fr.d223-9.pause", "FR", zone, "phone consumer")
    };
    let declined = EventKind::Declined { reason: Reason::NotInterested };
    let given = given.and(at(zone, "2026-03-02 15:00"), declined);
    let clearance = given.clearance(at(zone, "2026-03-02 15:00"));
    assert_eq!(clearance.opens(), Some(at(zone, "2026-05-04 10:00")), "{clearance}");
}

fn screened(list: Instant, listed: Option<Instant>) -> EventKind {
    EventKind::Screened { channels: Channels::ALL, list, listed }
}

#[test]
fn every_list_is_good_through_its_last_day() {
    for (id, region, zone, scope, (made, last), _) in REGISTRIES {
        for time in ["00:00", "15:00", "23:59"] {
            let made = at(zone, &format!("{made} {time}"));
            let unseen = Given::new(id, region, zone, scope);
            assert!(!unseen.is_allowed(made), "{id}: nobody looked");
            let given = unseen.and(made, screened(made, None));
            let end = plus(last_second(zone, last), 1);
            let clearance = given.clearance(made);
            assert!(clearance.is_allowed(), "{id}: {clearance}");
            assert_eq!(clearance.closes(), Some(end), "{id}: {clearance}");
            assert!(given.is_allowed(plus(end, -1)), "{id}");
            assert!(!given.is_allowed(end), "{id}");
        }
    }
}

#[test]
fn whoever_is_listed_is_barred_at_once_or_when_the_grace_is_over() {
    for (id, region, zone, scope, (day, _), grace) in REGISTRIES {
        let made = at(zone, &format!("{day} 15:00"));
        let given = Given::new(id, region, zone, scope);
        let given = match grace {
            None => given.and(made, screened(made, Some(plus(made, -3600)))),
            Some((since, last)) => {
                let since = at(zone, &format!("{since} 15:00"));
                let bound = plus(last_second(zone, last), 1);
                // A list of that very day, so that its age does not matter.
                let given = given.and(plus(bound, -60), screened(plus(bound, -60), Some(since)));
                assert!(given.is_allowed(plus(bound, -1)), "{id}");
                assert!(!given.is_allowed(bound), "{id}");
                let given = given.and(bound, screened(bound, Some(since)));
                assert!(!given.is_allowed(plus(bound, 86_400)), "{id}");
                given
            }
        };
        let (_, last) = given.history.standing().last().unwrap();
        given.bars_only_what_it_is_for(plus(last, 60), false);
        // A permission from before the listing is as good as a later one.
        given.is_lifted_only_by_its_grounds(plus(last, 30), plus(last, 60));
        for ground in grounds() {
            let given = Given::new(id, region, zone, scope);
            let before = plus(made, -30 * 86_400);
            let since = plus(made, -20 * 86_400);
            let given = given.granted(before, ground).and(made, screened(made, Some(since)));
            let is_lifted = given.scope.unless.contains(&ground.to_string()) || grace.is_some();
            assert_eq!(given.is_allowed(plus(made, 60)), is_lifted, "{id} with {ground}");
        }
    }
}

#[test]
fn every_permission_is_required_where_the_law_requires_it() {
    for (id, region, zone, scope, from) in PERMISSIONS {
        let given = Given::new(id, region, zone, scope);
        let now = at(zone, "2026-09-15 12:00");
        given.bars_only_what_it_is_for(now, false);
        given.is_lifted_only_by_its_grounds(plus(now, -86_400), now);
        assert_eq!(given.clearance(now).opens(), None, "{id}: time alone changes nothing");
        if let Some(from) = from {
            let from = first_second(zone, from);
            assert!(given.is_allowed(plus(from, -1)), "{id}");
            assert!(!given.is_allowed(from), "{id}");
            assert_eq!(given.clearance(plus(from, -1)).closes(), Some(from), "{id}");
        } else {
            assert!(!given.is_allowed(at(zone, "2012-01-01 12:00")), "{id}");
        }
    }
}

/// Whether a seller whose own playbook lets them ask for permission would ask on that channel.
fn would_ask(id: &str, who: &Prospect, channel: Channel, by: Executor, now: Instant) -> bool {
    let text = format!(
        "name = \"asking\"\nzone = \"America/New_York\"\n\
         permission.follow-up.default = [\"legitimate-interest\"]\n\
         permission.asking.default = [\"not-refused\"]\n\
         contact-rules = {{ use = [{id:?}], elsewhere = \"allow\" }}\n\
         ask-permission = {{ channels = [\"{channel}\"], by = \"{by}\" }}\n\
         [[sequence]]\nid = \"in\"\n\
         step = [{{ id = \"one\", after = \"0 days\", channels = [\"{channel}\"], by = \"{by}\", owes-item = false }}]\n"
    );
    let playbook: Playbook = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut history = History::new();
    // They asked once, too long ago to count for anything, and were answered.
    let touched = EventKind::Touched {
        channel,
        act: Some("respond".parse().unwrap()),
        cause: None,
        item: None,
        disposition: None,
    };
    let long_ago = plus(now, -10 * 365 * 86_400);
    let inquired = EventKind::Inquired { via: Source::Form, channel: None };
    history.record(Event::new(1, long_ago, inquired)).unwrap();
    history.record(Event::new(2, plus(long_ago, 60), touched)).unwrap();
    let enrolled = EventKind::Enrolled { sequence: "in".parse().unwrap(), from: None };
    history.record(Event::new(3, plus(now, -60), enrolled)).unwrap();
    let decision = playbook.decide(who, history.standing(), now);
    matches!(decision.verdict(), Verdict::Act(action) if action.act() == followup::Act::Duty(Duty::AskPermission))
}

#[test]
fn asking_for_permission_requires_one_where_the_request_is_marketing_already() {
    for (id, region, zone, text, _) in PERMISSIONS {
        let scope = Scope::parse(text);
        let now = at(zone, "2026-09-15 12:00");
        let (channel, by) = (scope.a_channel(), scope.an_executor());
        let here = prospect(region, zone, scope.a_recipient());
        assert_eq!(would_ask(id, &here, channel, by, now), !scope.asking, "{id}");
        assert!(
            would_ask(id, &prospect("JP", zone, scope.a_recipient()), channel, by, now),
            "{id}: elsewhere"
        );
    }
}

#[test]
fn every_term_ends_with_its_last_day() {
    for (id, region, zone, channel, by, ground, began, last) in TERMS {
        let by_name = by.as_str();
        let given = Given::new(id, region, zone, "phone consumer");
        let scope = Scope { by: BTreeSet::from([by_name]), ..Scope::parse("phone consumer") };
        let given = Given { scope, ..given }.granted(at(zone, began), *ground);
        let end = plus(last_second(zone, last), 1);
        assert!(given.on(*channel, plus(end, -1)).is_allowed(), "{id} {ground} since {began}");
        let clearance = given.on(*channel, end);
        assert!(!clearance.is_allowed(), "{id} {ground} since {began}: {clearance}");
        assert_eq!(given.on(*channel, plus(end, -1)).closes(), Some(end), "{id} {ground} since {began}");
    }
}

#[test]
fn every_ground_with_a_time_of_its_own_has_a_line_for_it() {
    // Purchase, inquiry and conversation end by the playbook's own terms unless the rule has one; a law has.
    let lines = HOURS.iter().map(|line| (line.0, line.3)).chain(CAPS.iter().map(|line| (line.0, line.3)));
    let lines = lines.chain(REGISTRIES.iter().map(|line| (line.0, line.3)));
    for (id, scope) in lines.chain(PERMISSIONS.iter().map(|line| (line.0, line.3))) {
        for ground in [Inquiry, Conversation, Purchase] {
            let is_tested = TERMS.iter().any(|line| line.0 == id && line.5 == ground) || id == "us-or.cap";
            assert!(is_tested || !Scope::parse(scope).unless.contains(&ground.to_string()), "{id}: {ground}");
        }
    }
}

#[test]
fn every_rule_of_opt_outs_names_its_deadlines() {
    for (id, region, zone, scope, received, honour_by, keep_until) in OPT_OUTS {
        let scope = Scope::parse(scope);
        let playbook = playbook(&[id]);
        let deadlines = |recipient: Recipient, channel: Channel, received: Instant| {
            let mut history = History::new();
            let opted_out =
                EventKind::OptedOut { channels: channel.into(), purposes: Purpose::FollowUp.into() };
            history.record(Event::new(1, received, opted_out)).unwrap();
            playbook.opt_out_deadlines(&prospect(region, zone, recipient), history.standing())
        };
        let received = at(zone, received);
        for recipient in Recipient::ALL {
            for channel in Channel::ALL {
                let found = deadlines(*recipient, *channel, received);
                let is_for =
                    scope.channels.contains(channel) && scope.recipients.contains(recipient.as_str());
                assert_eq!(found.len(), usize::from(is_for), "{id} {channel} {recipient}");
                for deadline in found {
                    let expected = |time: Option<&str>| time.map(|time| at(zone, time));
                    assert_eq!(deadline.honour_by, expected(*honour_by), "{id}");
                    assert_eq!(deadline.keep_until, expected(*keep_until), "{id}");
                    assert_eq!(deadline.rule.rule.as_str(), *id);
                }
            }
        }
        let begins = BEGINS.iter().find(|line| line.0 == *id).map(|line| first_second(zone, line.2));
        let of = |received| deadlines(scope.a_recipient(), scope.a_channel(), received).len();
        match begins {
            Some(begins) => assert_eq!((of(plus(begins, -1)), of(begins)), (0, 1), "{id}"),
            None => assert_eq!(of(at(zone, "2012-01-01 12:00")), 1, "{id}"),
        }
    }
}

#[test]
fn from_31_january_2027_a_stop_by_text_counts_for_calls() {
    let zone = "America/New_York";
    let stopped = |channel: Channel, when: &str| {
        let opted_out = EventKind::OptedOut { channels: channel.into(), purposes: Purposes::ALL };
        Given::new("us.tcpa.revoke-all", "US", zone, "phone").and(at(zone, when), opted_out)
    };
    let now = at(zone, "2027-03-01 12:00");
    for (when, is_allowed) in [("2027-01-30 23:59", true), ("2027-01-31 00:00", false)] {
        assert_eq!(stopped(Text, when).on(Phone, now).is_allowed(), is_allowed, "{when}");
        assert_eq!(stopped(Phone, when).on(Text, now).is_allowed(), is_allowed, "{when}");
        assert!(!stopped(Text, when).on(Text, now).is_allowed());
        assert!(stopped(Text, when).on(Email, now).is_allowed(), "calls and texts only");
        assert!(stopped(Email, when).on(Phone, now).is_allowed(), "to stop e-mail stops no call");
    }
}

#[test]
fn every_rule_has_a_line_here_and_every_line_a_rule() {
    let rules = Rules::embedded().build(&Zones::embedded()).unwrap();
    let all: BTreeSet<&str> = rules.iter().map(|rule| rule.id().as_str()).collect();
    let lines = HOURS.iter().map(|line| line.0).chain(CAPS.iter().map(|line| line.0));
    let lines =
        lines.chain(REGISTRIES.iter().map(|line| line.0)).chain(PERMISSIONS.iter().map(|line| line.0));
    let lines: BTreeSet<&str> =
        lines.chain(OPT_OUTS.iter().map(|line| line.0)).chain(PAUSES.iter().map(|line| line.0)).collect();
    assert_eq!(lines, all);
    assert_eq!(all.len(), rules.len(), "no id twice");
}

#[test]
fn every_rule_says_where_it_comes_from_and_how_sure_that_is() {
    for rule in Rules::embedded().build(&Zones::embedded()).unwrap() {
        let id = rule.id();
        assert!(rule.title().is_some_and(|title| !title.ends_with('.')), "{id}");
        assert!(rule.citation().is_some_and(|citation| citation.len() > 5), "{id}");
        assert!(rule.checked_on().is_some_and(|day| day >= date("2026-11-21")), "{id}");
        assert!(rule.confidence().is_some(), "{id}");
        assert!(rule.force().is_some(), "{id}");
        assert!(rule.url().is_none_or(|url| url.starts_with("http")), "{id}");
        assert!(rule.note().is_some() || rule.confidence() != Some(Confidence::Low), "{id}: why is it low?");
    }
}

#[test]
fn the_id_of_a_rule_begins_with_its_region() {
    for rule in Rules::embedded().build(&Zones::embedded()).unwrap() {
        let id = rule.id().as_str();
        let (place, _) = id.split_once('.').unwrap();
        let regions: Vec<&str> = rule.regions().iter().map(followup::Region::as_str).collect();
        match place {
            "platform" => assert!(regions.is_empty(), "{id}"),
            // The twenty-seven and the three.
            "eu" => assert_eq!(regions.len(), 30, "{id}"),
            _ => assert_eq!(regions, [place.to_uppercase().replace("UK", "GB")], "{id}"),
        }
    }
}

#[test]
fn doubtful_rules_and_those_of_a_special_matter_are_off_until_they_are_named() {
    let rules = Rules::embedded().build(&Zones::embedded()).unwrap();
    let off: Vec<&str> =
        rules.iter().filter(|rule| rule.is_off_by_default()).map(|rule| rule.id().as_str()).collect();
    assert_eq!(off.iter().copied().collect::<BTreeSet<_>>(), OFF.iter().copied().collect());
    let mut of_region: BTreeMap<String, Playbook> = BTreeMap::new();
    for rule in &rules {
        let id = rule.id().as_str();
        assert!(playbook(&[id]).rules().any(|used| used.id() == rule.id()), "{id} by its id");
        for region in rule.regions() {
            let name = region.to_string();
            let used = of_region.entry(name.clone()).or_insert_with(|| playbook(&[&name]));
            let is_used = used.rules().any(|used| used.id() == rule.id());
            assert_eq!(is_used, !OFF.contains(&id), "{id} by {name}");
        }
    }
}

#[test]
fn nothing_has_happened_and_yet_the_rules_hold() {
    let playbook = playbook(&["us-fl.hours"]);
    let zone = "America/New_York";
    let who = prospect("US-FL", zone, Recipient::Consumer);
    let nothing = Standing::new();
    let night = at(zone, "2026-07-03 20:30");
    let clearance = playbook.clearance(&who, &nothing, Phone, Purpose::FollowUp, Person, night);
    assert_eq!(clearance.opens(), Some(at(zone, "2026-07-04 08:00")));
    assert_eq!(clearance.closes(), Some(at(zone, "2026-07-04 20:00")));
    assert!(clearance.to_string().contains("501.616"));
}

#[test]
fn the_rules_that_the_readme_shows_can_be_written_so() {
    let readme = include_str!("../README.md");
    let shown = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let playbook: Playbook =
        toml::from_str(&format!("name = 'shown'\nzone = 'America/New_York'\n{shown}")).unwrap();
    let has = |id: &str| playbook.rules().any(|rule| rule.id().as_str() == id);
    for id in
        ["us.tcpa.hours", "us-fl.hours", "fr.optin", "platform.gmail-yahoo.opt-out", "texas", "four-a-month"]
    {
        assert!(has(id), "{id}");
    }
    assert!(!has("us-tx.hours"));
}
