//! What is asked on the command line.

use crate::stories::Story;

/// Which story, where a picture of it goes, and of which touch the brief is told.
pub(crate) struct Question {
    pub(crate) story: &'static Story,
    pub(crate) brief: usize,
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
    let (mut plain, mut brief) = (Vec::new(), None);
    while let Some(argument) = arguments.next() {
        if argument != "--brief" {
            plain.push(argument);
            continue;
        }
        let number = arguments.next().ok_or("--brief wants the number of a touch, such as --brief 2")?;
        let touch = number.parse().ok().filter(|touch| *touch > 0);
        brief = Some(touch.ok_or_else(|| format!("{number:?} is no touch; give its number, from 1"))?);
    }
    let mut plain = plain.into_iter();
    let word = plain.next().unwrap_or_else(|| String::from("silent"));
    let story = Story::of(&word).ok_or_else(|| {
        let words: Vec<&str> = Story::ALL.iter().map(|story| story.word).collect();
        format!("{word:?} is no story; use {}", words.join(", "))
    })?;
    let picture = plain.next().map(|path| form(&path).map(|form| (path, form))).transpose()?;
    match plain.next() {
        Some(more) => Err(format!("{more:?} is one too many; give a story and a path")),
        None => Ok(Question { story, picture, brief: brief.unwrap_or(story.brief) }),
    }
}

fn form(path: &str) -> Result<Form, String> {
    match path.rsplit_once('.').map(|(_, kind)| kind) {
        Some("svg") => Ok(Form::Svg),
        Some("html") => Ok(Form::Html),
        _ => Err(format!("{path:?} says no form of picture; let it end in .svg or .html")),
    }
}
