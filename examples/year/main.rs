//! One prospect's year under the recommended playbook, as a timeline.
//!
//! ```sh
//! cargo run --example year
//! cargo run --example year -- march
//! cargo run --example year -- bought year.svg
//! cargo run --example year -- yes year.html
//! cargo run --example year -- march --brief 7
//! ```
//!
//! The stories are silent, yes, no, march and bought. With a path it writes a picture, too: an SVG, or an HTML page with
//! the picture and a table. The last lines are the brief of one touch: a text that whoever does it could send or say.

mod course;
mod picture;
mod question;
mod stories;
mod timeline;

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::question::{Form, Question};

fn main() -> ExitCode {
    match question::asked(std::env::args().skip(1)).map_err(Into::into).and_then(|asked| answer(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("year: {problem}");
            ExitCode::from(2)
        }
    }
}

fn answer(asked: &Question) -> Result<(), Box<dyn Error>> {
    let (playbook, prospect) = (stories::playbook()?, stories::prospect()?);
    let course = course::run(&playbook, &prospect, asked.story)?;
    if course.touch(asked.brief).is_none() {
        let word = asked.story.word;
        return Err(format!("{word:?} has no touch {}; {}", asked.brief, timeline::summary(&course)).into());
    }
    if let Some((path, form)) = &asked.picture {
        let text = match form {
            Form::Svg => picture::svg(&course),
            Form::Html => picture::html(&course),
        };
        fs::write(path, text).map_err(|error| format!("{path:?} cannot be written: {error}"))?;
    }
    match io::stdout().lock().write_all(timeline::text(&course, asked.brief).as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
