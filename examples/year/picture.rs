//! The year as a picture: months along the axis, a lane for each channel, and what stood still as bars.

use std::fmt::{self, Write};

use chrono::{Datelike, Months, NaiveDate};
use followup::{Channel, Instant};

use crate::course::{Course, Done, Pause, Quiet, Row, day, moment};
use crate::stories::NAME;
use crate::timeline::{by, given, summary};

const WIDTH: f64 = 1200.0;
/// Where the year begins and ends.
const LEFT: f64 = 120.0;
const RIGHT: f64 = 1176.0;
const TOP: f64 = 124.0;
const ROW: f64 = 24.0;
const RADIUS: f64 = 9.0;
/// The usual width of a letter in the labels, on the wide side.
const LETTER: f64 = 6.5;

/// A text as it may stand in XML.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// The picture by itself.
pub(crate) fn svg(course: &Course<'_>) -> String {
    let mut picture = Picture { course, body: String::new(), y: TOP };
    picture.lanes();
    picture.whole()
}

/// A page with the picture and the same in words.
pub(crate) fn html(course: &Course<'_>) -> String {
    let title = format!("{}: {NAME}", course.story.title);
    let mut rows = String::new();
    for row in &course.rows {
        let (when, who, nth, what, why) = match row {
            Row::They { at, label, says } => {
                let who = if label.is_empty() { "note" } else { "they" };
                (*at, who, String::new(), (*says).to_string(), String::new())
            }
            Row::Done(done) => (
                done.at,
                done.channel.as_str(),
                done.nth.map(|nth| nth.to_string()).unwrap_or_default(),
                format!("{}{}", done.what, given(done)),
                format!("{}{}", done.why, by(done.by)),
            ),
            Row::Quiet(quiet) if quiet.is_told() => (
                quiet.from,
                quiet.kind.word(),
                String::new(),
                format!("{} days", quiet.days()),
                quiet.why.clone(),
            ),
            Row::Quiet(_) => continue,
        };
        let when = moment(course.zone, when);
        let _ = writeln!(
            rows,
            "<tr class=\"{who}\"><td>{}</td><td>{who}</td><td>{nth}</td><td>{}</td><td>{}</td></tr>",
            Escaped(&when),
            Escaped(&what),
            Escaped(&why)
        );
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>{title}</title>\n<style>\n{PAGE}\
         </style>\n</head>\n<body>\n{}<table>\n<thead><tr><th>when</th><th>where</th><th>touch</th><th>what</th>\
         <th>why then</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</body>\n</html>\n",
        svg(course),
        title = Escaped(&title),
    )
}

const PAGE: &str = "body { font: 14px/1.4 system-ui, sans-serif; color: #1f2933; background: #fff; margin: 24px auto; \
                    max-width: 1200px; }\nsvg { width: 100%; height: auto; }\ntable { border-collapse: collapse; \
                    width: 100%; margin-top: 24px; }\nth, td { text-align: left; vertical-align: top; padding: 4px \
                    10px 4px 0; border-bottom: 1px solid #e4e7eb; }\ntd:first-child { white-space: nowrap; }\n.they \
                    td, .hold td, .rest td, .wait td, .pause td, .need td { color: #52606d; }\n.they td { \
                    font-weight: 600; }\n";

struct Picture<'a, 'c> {
    course: &'a Course<'c>,
    body: String,
    /// Down to where it is drawn.
    y: f64,
}

/// Something on a lane, with what is written beside it.
struct Mark {
    x: f64,
    /// Where what it stands for would have been.
    from: f64,
    shape: Shape,
    label: String,
    says: String,
}

#[derive(Clone, Copy)]
enum Shape {
    Touch { nth: usize, is_detour: bool },
    Answer,
    Event,
}

/// A mark with its place: in which row of the lane, and on which side it is written.
struct Placed {
    mark: Mark,
    row: usize,
    is_left: bool,
}

impl Mark {
    /// From where to where it reaches, written to the right of it or to the left.
    fn reach(&self, is_left: bool) -> (f64, f64) {
        let text = if self.label.is_empty() { 0.0 } else { width(&self.label) + 8.0 };
        let (left, right) = (self.x.min(self.from) - RADIUS - 3.0, self.x + RADIUS + 3.0);
        if is_left { (left - text, right) } else { (left, right + text) }
    }
}

/// Puts every mark into the first row of its lane in which it touches no other.
fn placed(marks: Vec<Mark>) -> (Vec<Placed>, usize) {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut all = Vec::new();
    for mark in marks {
        let is_left = mark.reach(false).1 > RIGHT + 16.0;
        let (from, until) = mark.reach(is_left);
        let is_free = |row: &Vec<(f64, f64)>| row.iter().all(|(start, end)| until <= *start || *end <= from);
        let row = rows.iter().position(is_free).unwrap_or(rows.len());
        match rows.get_mut(row) {
            Some(taken) => taken.push((from, until)),
            None => rows.push(vec![(from, until)]),
        }
        all.push(Placed { mark, row, is_left });
    }
    (all, rows.len())
}

impl Picture<'_, '_> {
    fn x(&self, at: Instant) -> f64 {
        let (from, whole) = (self.course.from, self.course.until.since(self.course.from));
        LEFT + (RIGHT - LEFT) * (at.since(from).as_secs_f64() / whole.as_secs_f64()).clamp(0.0, 1.0)
    }

    fn lanes(&mut self) {
        let they: Vec<Mark> = self.course.rows.iter().filter_map(|row| self.event(row)).collect();
        self.lane("they", "#475569", they);
        for channel in Channel::ALL {
            let done = self.course.rows.iter().filter_map(|row| match row {
                Row::Done(done) if done.channel == *channel => Some(self.contact(done)),
                _ => None,
            });
            let done: Vec<Mark> = done.collect();
            if !done.is_empty() {
                self.lane(channel.as_str(), colour(*channel), done);
            }
        }
        self.pauses();
    }

    fn event(&self, row: &Row) -> Option<Mark> {
        let Row::They { at, label, says } = row else { return None };
        let (x, says) = (self.x(*at), format!("{}: they {says}", moment(self.course.zone, *at)));
        let dated = format!("{} {label}", day(self.course.zone, *at));
        (!label.is_empty()).then_some(Mark { x, from: x, shape: Shape::Event, label: dated, says })
    }

    fn contact(&self, done: &Done) -> Mark {
        let what = match &done.item {
            Some((_, format)) => format.as_str(),
            None => done.what.rsplit('/').next().unwrap_or_default(),
        };
        let from = if done.nth.is_some() { self.x(done.due) } else { self.x(done.at) };
        Mark {
            x: self.x(done.at),
            // A day or two are nothing to see.
            from: if self.x(done.at) - from < 2.0 * RADIUS { self.x(done.at) } else { from },
            shape: done.nth.map_or(Shape::Answer, |nth| Shape::Touch { nth, is_detour: done.is_detour }),
            label: format!("{} {what}", day(self.course.zone, done.at)),
            says: format!(
                "{}: {} by {}{}; {}{}",
                moment(self.course.zone, done.at),
                done.what,
                done.channel,
                given(done),
                done.why,
                by(done.by)
            ),
        }
    }

    fn lane(&mut self, name: &str, colour: &str, marks: Vec<Mark>) {
        let (marks, rows) = placed(marks);
        let height = self.begin_lane(name, colour, rows);
        for placed in &marks {
            self.mark(placed, colour);
        }
        self.y += height;
    }

    fn begin_lane(&mut self, name: &str, colour: &str, rows: usize) -> f64 {
        let height = 14.0 + ROW * f64::from(u16::try_from(rows.max(1)).unwrap_or(u16::MAX));
        let (middle, bottom) = (self.y + height / 2.0 + 4.0, self.y + height);
        let _ = writeln!(
            self.body,
            "<text x=\"24\" y=\"{middle:.1}\" class=\"lane\" fill=\"{colour}\">{}</text>\n<line x1=\"24\" x2=\"{RIGHT}\" \
             y1=\"{bottom:.1}\" y2=\"{bottom:.1}\" stroke=\"#e4e7eb\"/>",
            Escaped(name)
        );
        height
    }

    fn mark(&mut self, Placed { mark, row, is_left }: &Placed, colour: &str) {
        let (x, y) =
            (mark.x, self.y + 7.0 + ROW * (f64::from(u16::try_from(*row).unwrap_or(u16::MAX)) + 0.5));
        let class = match mark.shape {
            Shape::Touch { .. } => "touch",
            Shape::Answer => "answer",
            Shape::Event => "event",
        };
        let _ = writeln!(self.body, "<g class=\"{class}\"><title>{}</title>", Escaped(&mark.says));
        if mark.from < x {
            let _ = writeln!(
                self.body,
                "<line x1=\"{:.1}\" x2=\"{x:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"{colour}\" stroke-width=\"2\" \
                 stroke-dasharray=\"2 3\"/><circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#fff\" stroke=\"{colour}\" \
                 stroke-width=\"1.5\"/>",
                mark.from, mark.from
            );
        }
        let ring = match mark.shape {
            Shape::Touch { is_detour: true, .. } => format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"none\" stroke=\"{colour}\" \
                 stroke-width=\"1.5\"/>",
                RADIUS + 2.5
            ),
            _ => String::new(),
        };
        let _ = match mark.shape {
            Shape::Touch { nth, .. } => writeln!(
                self.body,
                "{ring}<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\" fill=\"{colour}\"/><text x=\"{x:.1}\" \
                 y=\"{:.1}\" class=\"nth\">{nth}</text>",
                y + 3.7
            ),
            Shape::Answer => writeln!(
                self.body,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"13\" height=\"13\" rx=\"2\" fill=\"#fff\" \
                 stroke=\"{colour}\" stroke-width=\"2.5\"/>",
                x - 6.5,
                y - 6.5
            ),
            Shape::Event => {
                writeln!(self.body, "<path d=\"M{x:.1} {:.1}l7 7l-7 7l-7 -7z\" fill=\"{colour}\"/>", y - 7.0)
            }
        };
        let (at, anchor) = if *is_left { (x - RADIUS - 6.0, "end") } else { (x + RADIUS + 6.0, "start") };
        let _ = writeln!(
            self.body,
            "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>\n</g>",
            y + 4.0,
            Escaped(&mark.label)
        );
    }

    /// The times in which nothing was due.
    fn pauses(&mut self) {
        let pauses = self.course.rows.iter().filter_map(|row| match row {
            Row::Quiet(quiet) => Some(quiet),
            _ => None,
        });
        let pauses: Vec<&Quiet> = pauses.collect();
        let height = self.begin_lane("nothing due", "#52606d", 1);
        for pause in pauses {
            let (from, until) = (self.x(pause.from), self.x(pause.until));
            let y = self.y + 8.0;
            let _ = writeln!(
                self.body,
                "<g class=\"{}\"><title>{} days: {}</title><rect x=\"{from:.1}\" y=\"{y:.1}\" width=\"{:.1}\" \
                 height=\"22\" rx=\"3\" fill=\"{}\"/>",
                pause.kind.word(),
                pause.days(),
                Escaped(&pause.why),
                (until - from - 1.5).max(1.0),
                fill(pause.kind)
            );
            let days = format!("{} days", pause.days());
            let texts = [format!("{} ({days})", pause.short), pause.short.clone(), days];
            if let Some(text) = texts.iter().find(|text| width(text) + 8.0 < until - from) {
                let _ = writeln!(
                    self.body,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    f64::midpoint(from, until),
                    y + 15.0,
                    Escaped(text)
                );
            }
            self.body.push_str("</g>\n");
        }
        self.y += height;
    }

    /// The months, behind everything.
    fn months(&self) -> String {
        let mut text = String::new();
        let bottom = self.y;
        let first = self.course.zone.local(self.course.from).date();
        let mut month = NaiveDate::from_ymd_opt(first.year(), first.month(), 1).unwrap_or(first);
        loop {
            let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
            let begins = |day: NaiveDate| self.course.zone.first_instant_at(day.into());
            let (Some(start), Some(end)) = (begins(month), begins(next)) else { return text };
            if start >= self.course.until || next == month {
                return text;
            }
            let (from, until) = (self.x(start), self.x(end));
            let fill = if month.month().is_multiple_of(2) { "#f5f7fa" } else { "#ffffff" };
            let _ = writeln!(
                text,
                "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{fill}\"/>",
                TOP - 24.0,
                until - from,
                bottom - TOP + 24.0
            );
            let name =
                month.format(if month.month() == 1 || month < first { "%b %Y" } else { "%b" }).to_string();
            if until - from > width(&name) {
                let _ = writeln!(
                    text,
                    "<text x=\"{:.1}\" y=\"{:.1}\" class=\"month\">{name}</text>",
                    from + 5.0,
                    TOP - 9.0
                );
            }
            month = next;
        }
    }

    fn whole(self) -> String {
        let legend = self.y + 26.0;
        let height = legend + 54.0;
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" \
             height=\"{height:.0}\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" \
             font-size=\"11.5\" fill=\"#1f2933\">\n<title>{title}</title>\n<style>.nth {{ fill: #fff; font-size: 10.5px; \
             font-weight: 700; text-anchor: middle; }} .lane {{ font-size: 12.5px; font-weight: 600; }} .month {{ \
             fill: #52606d; font-weight: 600; }} .head {{ font-size: 20px; font-weight: 700; }} .sub {{ fill: \
             #52606d; font-size: 13px; }}</style>\n<rect width=\"{WIDTH}\" height=\"{height:.0}\" \
             fill=\"#ffffff\"/>\n<text x=\"24\" y=\"34\" class=\"head\">{title}</text>\n<text x=\"24\" y=\"56\" \
             class=\"sub\">{}</text>\n<text x=\"24\" y=\"76\" class=\"sub\">{}</text>\n",
            Escaped(&format!("{}.", summary(self.course))),
            Escaped(&format!("A year later, {}.", self.course.end)),
            title = Escaped(&format!("{}: {NAME}", self.course.story.title)),
        );
        text.push_str(&self.months());
        text.push_str(&self.body);
        text.push_str(&self.legend(legend));
        text.push_str("</svg>\n");
        text
    }

    fn legend(&self, y: f64) -> String {
        let mut text = String::from("<g class=\"legend\">\n");
        let mut x = 24.0;
        let shapes = [
            (
                "<circle cx=\"0\" cy=\"0\" r=\"9\" fill=\"#64748b\"/><text y=\"3.7\" class=\"nth\">1</text>",
                "touch: we began it",
            ),
            (
                "<rect x=\"-6.5\" y=\"-6.5\" width=\"13\" height=\"13\" rx=\"2\" fill=\"#fff\" stroke=\"#64748b\" \
                 stroke-width=\"2.5\"/>",
                "answer, recap, promise: owed to them",
            ),
            ("<path d=\"M0 -7l7 7l-7 7l-7 -7z\" fill=\"#475569\"/>", "they did something"),
            (
                "<line x1=\"-8\" x2=\"9\" y1=\"0\" y2=\"0\" stroke=\"#64748b\" stroke-width=\"2\" stroke-dasharray=\"2 \
                 3\"/><circle cx=\"-8\" cy=\"0\" r=\"4\" fill=\"#fff\" stroke=\"#64748b\" stroke-width=\"1.5\"/>",
                "due here, moved",
            ),
        ];
        let has_detour = self.course.rows.iter().any(|row| matches!(row, Row::Done(done) if done.is_detour));
        let detour = (
            "<circle cx=\"0\" cy=\"0\" r=\"9\" fill=\"#64748b\"/><circle cx=\"0\" cy=\"0\" r=\"11.5\" \
             fill=\"none\" stroke=\"#64748b\" stroke-width=\"1.5\"/><text y=\"3.7\" class=\"nth\">1</text>",
            "a detour, for their reason",
        );
        for (shape, says) in shapes.into_iter().chain(has_detour.then_some(detour)) {
            let _ = writeln!(
                text,
                "<g transform=\"translate({:.1} {y:.1})\">{shape}<text x=\"15\" y=\"4\">{says}</text></g>",
                x + 9.0
            );
            x += width(says) + 48.0;
        }
        let (mut x, y) = (24.0, y + 24.0);
        let is_used = |kind: &Pause| {
            self.course.rows.iter().any(|row| matches!(row, Row::Quiet(quiet) if quiet.kind == *kind))
        };
        for kind in Pause::ALL.into_iter().filter(is_used) {
            let _ = writeln!(
                text,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"18\" height=\"14\" rx=\"3\" fill=\"{}\"/><text x=\"{:.1}\" \
                 y=\"{:.1}\">{}</text>",
                y - 7.0,
                fill(kind),
                x + 24.0,
                y + 4.0,
                kind.says()
            );
            x += width(kind.says()) + 46.0;
        }
        text.push_str("</g>\n");
        text
    }
}

fn width(text: &str) -> f64 {
    LETTER * f64::from(u16::try_from(text.chars().count()).unwrap_or(u16::MAX))
}

const fn colour(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "#c2410c",
        Channel::Email => "#1d4ed8",
        Channel::Text => "#047857",
        Channel::Social => "#7e22ce",
        Channel::Post => "#a16207",
        Channel::InPerson => "#be123c",
        Channel::Fax => "#475569",
    }
}

const fn fill(kind: Pause) -> &'static str {
    match kind {
        Pause::Wait => "#d9e2ec",
        Pause::Hold => "#fcd34d",
        Pause::Meeting => "#86efac",
        Pause::Limit => "#fda4af",
        Pause::Rest => "#a8b5c6",
        Pause::Need => "#fb923c",
    }
}
