//! The example `year`: five stories of one prospect under the recommended playbook, held as they read, and what holds of
//! all of them.
//!
//! `FOLLOWUP_GOLDEN=write cargo test --test year` writes the texts anew; read the difference before you keep it.
#![cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test panics")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{Datelike, NaiveDate, Weekday};
use followup::{Playbook, Prospect};
use roxmltree::{Document, Node};

#[path = "../examples/year/course.rs"]
mod course;
#[path = "../examples/year/picture.rs"]
mod picture;
#[path = "../examples/year/question.rs"]
mod question;
#[path = "../examples/year/stories.rs"]
mod stories;
#[path = "../examples/year/timeline.rs"]
mod timeline;

use course::{Course, Done, Row};
use question::Form;
use stories::Story;

struct Host {
    playbook: Playbook,
    prospect: Prospect,
}

impl Host {
    fn new() -> Self {
        Self { playbook: stories::playbook().unwrap(), prospect: stories::prospect().unwrap() }
    }

    fn courses(&self) -> impl Iterator<Item = Course<'_>> {
        let run = |story| course::run(&self.playbook, &self.prospect, story).unwrap();
        Story::ALL.iter().map(run)
    }
}

fn done<'a>(course: &'a Course<'_>) -> impl Iterator<Item = &'a Done> {
    course.rows.iter().filter_map(|row| match row {
        Row::Done(done) => Some(done),
        _ => None,
    })
}

fn touches<'a>(course: &'a Course<'_>) -> impl Iterator<Item = &'a Done> {
    done(course).filter(|done| done.nth.is_some())
}

fn date(course: &Course<'_>, done: &Done) -> NaiveDate {
    course.zone.local(done.at).date()
}

#[test]
fn every_story_reads_like_this() {
    for course in Host::new().courses() {
        let text = timeline::text(&course, course.story.brief);
        let name = format!("tests/golden/year-{}.txt", course.story.word);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name);
        if std::env::var_os("FOLLOWUP_GOLDEN").is_some_and(|mode| mode == "write") {
            fs::write(&path, &text).unwrap();
        }
        assert!(fs::read_to_string(&path).unwrap() == text, "{name} holds something else:\n{text}");
    }
}

#[test]
fn every_beat_of_every_story_happens() {
    for course in Host::new().courses() {
        let told = course.rows.iter().filter(|row| matches!(row, Row::They { .. })).count();
        assert_eq!(told, course.story.beats().len(), "{}", course.story.word);
    }
}

#[test]
fn no_two_touches_go_out_on_one_day_and_none_on_a_day_off() {
    let holidays =
        ["2026-11-11", "2026-11-26", "2026-11-27", "2026-12-25", "2027-01-01", "2027-01-18", "2027-06-18"];
    for course in Host::new().courses() {
        let days: Vec<NaiveDate> = touches(&course).map(|done| date(&course, done)).collect();
        assert_eq!(days.iter().collect::<BTreeSet<_>>().len(), days.len(), "{}", course.story.word);
        for day in days {
            assert!(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{day}");
            assert!(!holidays.contains(&&*day.to_string()), "{day}");
            assert!(!(day.month() == 12 && day.day() > 23), "{day}");
        }
    }
}

#[test]
fn p04_silence_gets_at_least_seven_touches_and_ends_by_itself() {
    let host = Host::new();
    let silent = host.courses().next().unwrap();
    assert_eq!(touches(&silent).count(), 12);
    assert!(silent.end.starts_with("rest: their sequence is finished"), "{}", silent.end);
}

#[test]
fn two_sequences_in_one_week_have_a_reason() {
    let sequence = |done: &Done| done.what.split('/').next().unwrap().to_string();
    for course in Host::new().courses() {
        let touches: Vec<&Done> = touches(&course).collect();
        for pair in touches.windows(2) {
            let is_far = (date(&course, pair[1]) - date(&course, pair[0])).num_days() > 7;
            let between = course
                .rows
                .iter()
                .any(|row| matches!(row, Row::They { at, .. } if (pair[0].at..=pair[1].at).contains(at)));
            let is_told = pair[1].why.starts_with("the pursuit goes on where it was");
            let is_one = sequence(pair[0]) == sequence(pair[1]);
            assert!(is_one || is_far || between || is_told, "{} and {}", pair[0].what, pair[1].what);
        }
    }
}

#[test]
fn what_stalls_them_is_a_detour_and_the_pursuit_goes_on_where_it_was() {
    let host = Host::new();
    let course = host.courses().find(|course| course.story.word == "march").unwrap();
    let touches: Vec<&Done> = touches(&course).collect();
    let detours: Vec<usize> =
        touches.iter().filter(|done| done.is_detour).map(|done| done.nth.unwrap()).collect();
    assert_eq!(detours, [4]);
    assert_eq!(
        (&*touches[3].what, date(&course, touches[3]).to_string().as_str()),
        ("other-priorities/time-has-come", "2027-03-01")
    );
    assert_eq!((&*touches[2].what, &*touches[4].what), ("inbound/look", "inbound/worth-reading"));
}

#[test]
fn every_contact_has_a_brief_that_asks_one_thing() {
    for course in Host::new().courses() {
        assert!(course.touch(course.story.brief).is_some(), "{}", course.story.word);
        for done in done(&course) {
            let text = &done.brief;
            assert!(text.starts_with("Hello Dana,\n\nThis is Eva Kern, Kern Heating."), "{text}");
            assert_eq!(text.matches('?').count() - titles(done), 1, "{text}");
        }
    }
}

/// The questions in the title of what is given.
fn titles(done: &Done) -> usize {
    done.item.as_ref().map_or(0, |(title, _)| title.matches('?').count())
}

#[test]
fn p08_a_no_is_the_last_of_it() {
    let host = Host::new();
    let course = host.courses().find(|course| course.story.word == "no").unwrap();
    assert_eq!(touches(&course).count(), 2);
    assert!(course.end.starts_with("rest: they said no"), "{}", course.end);
}

#[test]
fn p01_whoever_writes_is_answered_at_once() {
    for course in Host::new().courses() {
        let Row::They { at, .. } = &course.rows[0] else { panic!("nobody asks") };
        let first = done(&course).next().unwrap();
        assert_eq!((first.at, &*first.what), (*at, "answer"));
    }
}

#[test]
fn every_picture_is_well_formed_and_has_a_mark_for_every_contact() {
    for course in Host::new().courses() {
        for text in [picture::svg(&course), picture::html(&course).replace("<!DOCTYPE html>\n", "")] {
            let document = Document::parse(&text).unwrap();
            let of_class = |class: &str| {
                let is_mark = |node: &Node<'_, '_>| {
                    node.has_tag_name((SVG, "g")) && node.attribute("class") == Some(class)
                };
                document.descendants().filter(is_mark).count()
            };
            assert_eq!(of_class("touch"), touches(&course).count());
            for quiet in course.rows.iter().filter_map(|row| match row {
                Row::Quiet(quiet) => Some(quiet),
                _ => None,
            }) {
                let says = format!("{} days: {}", quiet.days(), quiet.why);
                assert!(document.descendants().any(|node| node.text() == Some(&says)), "{says}");
            }
            assert_eq!(of_class("answer"), done(&course).filter(|done| done.nth.is_none()).count());
            assert!(text.contains("Miller &amp; Sons"), "what is no XML is escaped");
            assert!(!text.contains("http") || text.matches("http").count() == text.matches(SVG).count());
        }
    }
}

const SVG: &str = "http://www.w3.org/2000/svg";

/// From where to where a text reaches, at the usual width of a letter.
fn reach(text: &Node<'_, '_>) -> (f64, f64, f64) {
    let number = |name: &str| text.attribute(name).unwrap().parse::<f64>().unwrap();
    let (x, y, long) =
        (number("x"), number("y"), 5.9 * f64::from(u16::try_from(text.text().unwrap().len()).unwrap()));
    match text.attribute("text-anchor") {
        Some("end") => (x - long, x, y),
        Some("middle") => (x - long / 2.0, x + long / 2.0, y),
        _ => (x, x + long, y),
    }
}

#[test]
fn no_label_of_a_picture_touches_another_or_leaves_it() {
    for course in Host::new().courses() {
        let text = picture::svg(&course);
        let document = Document::parse(&text).unwrap();
        let is_label =
            |node: &Node<'_, '_>| node.has_tag_name((SVG, "text")) && node.attribute("class").is_none();
        // Those of the legend stand where their group does.
        let is_placed = |node: &Node<'_, '_>| node.parent().unwrap().attribute("transform").is_none();
        let labels: Vec<Node<'_, '_>> =
            document.descendants().filter(|node| is_label(node) && is_placed(node)).collect();
        for (nth, label) in labels.iter().enumerate() {
            let (from, until, y) = reach(label);
            assert!(from >= 0.0 && until <= 1200.0, "{:?}", label.text());
            for other in &labels[nth + 1..] {
                let (start, end, line) = reach(other);
                let is_apart = (y - line).abs() > 12.0 || until <= start || end <= from;
                assert!(is_apart, "{}: {:?} and {:?}", course.story.word, label.text(), other.text());
            }
        }
    }
}

/// The story and the picture.
type Answer = (&'static str, Option<(String, Form)>);

fn brief(arguments: &[&str]) -> Result<usize, String> {
    question::asked(arguments.iter().map(ToString::to_string)).map(|question| question.brief)
}

#[test]
fn the_brief_is_of_the_touch_that_is_asked_for_or_that_the_story_is_about() {
    assert_eq!(brief(&["march"]), Ok(Story::of("march").unwrap().brief));
    assert_eq!(brief(&["march", "--brief", "2"]), Ok(2));
    assert_eq!(brief(&["--brief", "12"]), Ok(12));
    let wanted = "--brief wants the number of a touch, such as --brief 2";
    assert_eq!(brief(&["march", "--brief"]), Err(wanted.to_string()));
    for number in ["0", "two", "-1"] {
        let problem = format!("{number:?} is no touch; give its number, from 1");
        assert_eq!(brief(&["--brief", number]), Err(problem));
    }
}

fn asked(arguments: &[&str]) -> Result<Answer, String> {
    let question = question::asked(arguments.iter().map(ToString::to_string))?;
    Ok((question.story.word, question.picture))
}

#[test]
fn arguments_are_a_story_and_perhaps_a_path() {
    assert_eq!(asked(&[]), Ok(("silent", None)));
    assert_eq!(asked(&["march"]), Ok(("march", None)));
    let svg = Some((String::from("a.b/year.svg"), Form::Svg));
    assert_eq!(asked(&["yes", "a.b/year.svg"]), Ok(("yes", svg)));
    for (arguments, problem) in [
        (&["sillent"][..], "\"sillent\" is no story; use silent, yes, no, march, bought"),
        (&["no", "year.png"][..], "\"year.png\" says no form of picture; let it end in .svg or .html"),
        (&["no", "a.svg", "b.svg"][..], "\"b.svg\" is one too many; give a story and a path"),
    ] {
        assert_eq!(asked(arguments), Err(problem.to_string()));
    }
}
