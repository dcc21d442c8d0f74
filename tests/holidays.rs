//! The holiday sets in `data/holidays` against the rules of their laws, worked out here without them.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chrono::Weekday::{Mon, Sat, Sun, Thu, Tue};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// The day of a year on which something falls, if it does.
#[derive(Clone, Copy)]
enum On {
    Day(u32, u32),
    /// Days after Easter Sunday.
    Easter(i64),
    /// The first such weekday on or after a day.
    First(Weekday, u32, u32),
    Once(i32, u32, u32),
    /// Only from the first year through the second, as statutes change.
    In(i32, i32, &'static On),
    InEvenYears(&'static On),
}

/// What is kept, beside the day itself, when it falls on a weekend.
#[derive(Clone, Copy)]
enum Kept {
    NothingElse,
    /// The Friday before a Saturday, the Monday after a Sunday.
    NearestWeekday,
    /// The next weekday that is no holiday.
    NextFreeDay,
    /// The Monday after a Sunday.
    MondayAfterSunday,
}

use Kept::{MondayAfterSunday, NearestWeekday, NextFreeDay, NothingElse};
use On::{Day, Easter, First, In, InEvenYears, Once};

const NEW_YEAR: On = Day(1, 1);
const GOOD_FRIDAY: On = Easter(-2);
const EASTER_MONDAY: On = Easter(1);
const ASCENSION: On = Easter(39);
const WHIT_MONDAY: On = Easter(50);
const CHRISTMAS: On = Day(12, 25);
const DAY_AFTER_CHRISTMAS: On = Day(12, 26);

const KING: On = First(Mon, 1, 15);
const WASHINGTON: On = First(Mon, 2, 15);
const LAST_MONDAY_OF_MAY: On = First(Mon, 5, 25);
const JUNETEENTH: On = Day(6, 19);
const FOURTH_OF_JULY: On = Day(7, 4);
const LABOR: On = First(Mon, 9, 1);
const SECOND_MONDAY_OF_OCTOBER: On = First(Mon, 10, 8);
const ELECTION: On = InEvenYears(&First(Tue, 11, 2));
const NOVEMBER_11: On = Day(11, 11);
const THANKSGIVING: On = First(Thu, 11, 22);

const EARLY_MAY: On = First(Mon, 5, 1);
const LAST_MONDAY_OF_AUGUST: On = First(Mon, 8, 25);

type Rules = &'static [(Kept, &'static [On])];

#[rustfmt::skip]
const SETS: &[(&str, Rules)] = &[
    ("au.national", &[
        (NextFreeDay, &[NEW_YEAR, Day(1, 26), CHRISTMAS, DAY_AFTER_CHRISTMAS]),
        (NothingElse, &[GOOD_FRIDAY, EASTER_MONDAY, Day(4, 25)]),
    ]),
    ("ca.federal", &[
        (MondayAfterSunday, &[Day(7, 1)]),
        (NothingElse, &[NEW_YEAR, GOOD_FRIDAY, First(Mon, 5, 18), LABOR, Day(9, 30), SECOND_MONDAY_OF_OCTOBER]),
        (NothingElse, &[NOVEMBER_11, CHRISTMAS, DAY_AFTER_CHRISTMAS]),
    ]),
    ("de.national", &[
        (NothingElse, &[NEW_YEAR, GOOD_FRIDAY, EASTER_MONDAY, Day(5, 1), ASCENSION, WHIT_MONDAY, Day(10, 3)]),
        (NothingElse, &[CHRISTMAS, DAY_AFTER_CHRISTMAS]),
    ]),
    ("es.national", &[
        (NothingElse, &[NEW_YEAR, Day(1, 6), GOOD_FRIDAY, Day(5, 1), Day(8, 15), Day(10, 12), Day(11, 1)]),
        (NothingElse, &[Day(12, 6), Day(12, 8), CHRISTMAS]),
    ]),
    ("fr.national", &[
        (NothingElse, &[NEW_YEAR, EASTER_MONDAY, Day(5, 1), Day(5, 8), ASCENSION, WHIT_MONDAY, Day(7, 14)]),
        (NothingElse, &[Day(8, 15), Day(11, 1), NOVEMBER_11, CHRISTMAS]),
    ]),
    ("in.national", &[(NothingElse, &[Day(1, 26), Day(8, 15), Day(10, 2)])]),
    ("it.national", &[
        (NothingElse, &[NEW_YEAR, Day(1, 6), EASTER_MONDAY, Day(4, 25), Day(5, 1), Day(6, 2), Day(8, 15)]),
        (NothingElse, &[In(2026, 2031, &Day(10, 4)), Day(11, 1), Day(12, 8), CHRISTMAS, DAY_AFTER_CHRISTMAS]),
    ]),
    ("nz.national", &[
        (NextFreeDay, &[NEW_YEAR, Day(1, 2), Day(2, 6), Day(4, 25), CHRISTMAS, DAY_AFTER_CHRISTMAS]),
        (NothingElse, &[GOOD_FRIDAY, EASTER_MONDAY, First(Mon, 6, 1), First(Mon, 10, 22)]),
        (NothingElse, &[Once(2025, 6, 20), Once(2026, 7, 10), Once(2027, 6, 25)]),
        (NothingElse, &[Once(2028, 7, 14), Once(2029, 7, 6), Once(2030, 6, 21)]),
    ]),
    ("uk.bank", &[
        (NextFreeDay, &[NEW_YEAR, GOOD_FRIDAY, EASTER_MONDAY, EARLY_MAY, LAST_MONDAY_OF_MAY]),
        (NextFreeDay, &[LAST_MONDAY_OF_AUGUST, CHRISTMAS, DAY_AFTER_CHRISTMAS]),
    ]),
    ("uk.northern-ireland", &[
        (NextFreeDay, &[NEW_YEAR, Day(3, 17), GOOD_FRIDAY, EASTER_MONDAY, EARLY_MAY, LAST_MONDAY_OF_MAY]),
        (NextFreeDay, &[Day(7, 12), LAST_MONDAY_OF_AUGUST, CHRISTMAS, DAY_AFTER_CHRISTMAS]),
    ]),
    ("uk.scotland", &[
        (NextFreeDay, &[NEW_YEAR, Day(1, 2), GOOD_FRIDAY, EARLY_MAY, LAST_MONDAY_OF_MAY, Once(2026, 6, 15)]),
        (NextFreeDay, &[First(Mon, 8, 1), Day(11, 30), CHRISTMAS, DAY_AFTER_CHRISTMAS]),
    ]),
    ("us.federal", &[
        (NearestWeekday, &[NEW_YEAR, KING, WASHINGTON, LAST_MONDAY_OF_MAY, JUNETEENTH, FOURTH_OF_JULY, LABOR]),
        (NearestWeekday, &[SECOND_MONDAY_OF_OCTOBER, NOVEMBER_11, THANKSGIVING, CHRISTMAS]),
    ]),
    ("us.louisiana", &[
        (NearestWeekday, &[NEW_YEAR, FOURTH_OF_JULY, CHRISTMAS]),
        (NothingElse, &[Day(1, 8), KING, WASHINGTON, Easter(-47), GOOD_FRIDAY, LAST_MONDAY_OF_MAY]),
        (NothingElse, &[First(Sat, 6, 15), Day(8, 30), LABOR, SECOND_MONDAY_OF_OCTOBER, Day(11, 1), ELECTION]),
        (NothingElse, &[NOVEMBER_11, THANKSGIVING]),
    ]),
    ("us.rhode-island", &[
        (NextFreeDay, &[NEW_YEAR, JUNETEENTH, FOURTH_OF_JULY, NOVEMBER_11, CHRISTMAS]),
        (MondayAfterSunday, &[Day(5, 4)]),
        (NothingElse, &[KING, WASHINGTON, LAST_MONDAY_OF_MAY, First(Mon, 8, 8), LABOR]),
        (NothingElse, &[SECOND_MONDAY_OF_OCTOBER, ELECTION, THANKSGIVING]),
    ]),
    ("us.utah", &[
        (NearestWeekday, &[NEW_YEAR, In(2027, 2031, &JUNETEENTH), FOURTH_OF_JULY, Day(7, 24)]),
        (NearestWeekday, &[NOVEMBER_11, CHRISTMAS]),
        (NothingElse, &[KING, WASHINGTON, In(2027, 2031, &GOOD_FRIDAY), Easter(0), LAST_MONDAY_OF_MAY]),
        (NothingElse, &[In(2025, 2026, &First(Mon, 6, 15)), LABOR, SECOND_MONDAY_OF_OCTOBER, THANKSGIVING]),
    ]),
];

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Set {
    id: String,
    title: String,
    from: String,
    through: String,
    source: String,
    url: Option<String>,
    checked_on: String,
    days: Vec<String>,
}

/// Every file by its name, with its text.
fn files() -> BTreeMap<String, (Set, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/holidays");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), (toml::from_str(&text).unwrap(), text))
    };
    fs::read_dir(folder).unwrap().map(read).collect()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plus(date: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    if days < 0 { date - distance } else { date + distance }
}

/// The anonymous Gregorian algorithm.
fn easter(year: i32) -> NaiveDate {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let march = moon + weekday - 7 * late + 22;
    plus(NaiveDate::from_ymd_opt(year, 3, 1).unwrap(), i64::from(march - 1))
}

fn falls(on: &On, year: i32) -> Option<NaiveDate> {
    match *on {
        Day(month, day) => NaiveDate::from_ymd_opt(year, month, day),
        Easter(days) => Some(plus(easter(year), days)),
        First(weekday, month, day) => {
            NaiveDate::from_ymd_opt(year, month, day)?.iter_days().find(|date| date.weekday() == weekday)
        }
        Once(only, month, day) => falls(&Day(month, day), year).filter(|_| only == year),
        In(first, last, on) => falls(on, year).filter(|_| (first..=last).contains(&year)),
        InEvenYears(on) => falls(on, year).filter(|_| year % 2 == 0),
    }
}

/// From 2025 through 2031, because the next New Year can be kept in the year before.
fn expected(rules: Rules) -> BTreeSet<NaiveDate> {
    let named: BTreeMap<NaiveDate, Kept> = (2025..=2031)
        .flat_map(|year| {
            let of_year = move |on: &On| falls(on, year);
            rules
                .iter()
                .flat_map(move |(kept, days)| days.iter().filter_map(of_year).map(move |date| (date, *kept)))
        })
        .collect();
    let mut days: BTreeSet<NaiveDate> = named.keys().copied().collect();
    for (day, kept) in named {
        let step = match (kept, day.weekday()) {
            (NearestWeekday, Sat) => -1,
            (NextFreeDay, Sat | Sun) | (NearestWeekday | MondayAfterSunday, Sun) => 1,
            _ => continue,
        };
        let mut substitute = plus(day, step);
        while matches!(substitute.weekday(), Sat | Sun) || days.contains(&substitute) {
            substitute = plus(substitute, step);
        }
        days.insert(substitute);
    }
    days
}

#[test]
fn no_day_is_missing_and_none_is_there_without_a_rule() {
    let files = files();
    let names: Vec<String> = SETS.iter().map(|(id, _)| format!("{id}.toml")).collect();
    assert_eq!(files.keys().collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
    for ((id, rules), (set, _)) in SETS.iter().zip(files.values()) {
        let listed: BTreeSet<NaiveDate> = set.days.iter().map(|day| date(day)).collect();
        let mut expected = expected(rules);
        expected.retain(|day| (date(&set.from)..=date(&set.through)).contains(day));
        let missing: Vec<_> = expected.difference(&listed).collect();
        let without_rule: Vec<_> = listed.difference(&expected).collect();
        assert!(missing.is_empty(), "{id} lacks {missing:?}");
        assert!(without_rule.is_empty(), "{id} has no rule for {without_rule:?}");
    }
}

#[test]
fn every_set_says_what_it_is_and_where_it_comes_from() {
    for (name, (set, text)) in files() {
        assert_eq!(name, format!("{}.toml", set.id));
        assert!(text.starts_with("# "), "{name} does not say what it leaves out");
        assert!(
            !set.title.trim().is_empty() && !set.source.trim().is_empty(),
            "{name} has no title or source"
        );
        assert!(set.url.is_none_or(|url| url.starts_with("https://")), "{name} has an odd address");
        assert!(date(&set.checked_on) > date(&set.from), "{name} was checked before it begins");
    }
}

#[test]
fn days_are_named_and_in_order_and_inside_what_the_set_knows() {
    for (name, (set, text)) in files() {
        let days: Vec<NaiveDate> = set.days.iter().map(|day| date(day)).collect();
        assert!(days.is_sorted_by(|day, next| day < next), "{name} is not in order, or has a day twice");
        let known = date(&set.from)..=date(&set.through);
        assert!(days.iter().all(|day| known.contains(day)), "{name} has a day that it does not cover");
        for day in &set.days {
            assert!(text.contains(&format!("    \"{day}\", # ")), "{name} does not name {day}");
        }
    }
}

#[test]
fn easter_falls_where_the_almanacs_have_it() {
    let known = ["2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21"];
    assert_eq!((2025..=2030).map(easter).collect::<Vec<_>>(), known.map(date));
}
