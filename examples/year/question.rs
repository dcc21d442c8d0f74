//! What is asked on the command line.

use crate::stories::Story;

/// Which story, and where a picture of it goes.
pub(crate) struct Question {
    pub(crate) story: &'static Story,
    pub(crate) picture: Option<(String, Form)>,
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Svg,
    Html,
}

/// Reads the arguments, or says what is wrong with them.
pub(crate) fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Question, String> {
    let word = arguments.next().unwrap_or_else(|| String::from("silent"));
    let story = Story::of(&word).ok_or_else(|| {
        let words: Vec<&str> = Story::ALL.iter().map(|story| story.word).collect();
        format!("{word:?} is no story; use {}", words.join(", "))
    })?;
    let picture = arguments.next().map(|path| form(&path).map(|form| (path, form))).transpose()?;
    match arguments.next() {
        Some(more) => Err(format!("{more:?} is one too many; give a story and a path")),
        None => Ok(Question { story, picture }),
    }
}

fn form(path: &str) -> Result<Form, String> {
    match path.rsplit_once('.').map(|(_, kind)| kind) {
        Some("svg") => Ok(Form::Svg),
        Some("html") => Ok(Form::Html),
        _ => Err(format!("{path:?} says no form of picture; let it end in .svg or .html")),
    }
}
