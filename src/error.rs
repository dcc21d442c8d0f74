//! What is said of a file or a draft that was refused: place, value, remedy, and all faults together.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A text that is not what it should be: a channel that does not exist, an id with a blank in it.
///
/// ```
/// use followup::Channel;
/// let error = "fone".parse::<Channel>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"fone\" is no channel; use phone, email, text, social, post, in-person or fax"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is no {what}; {remedy}")]
pub struct ParseError {
    pub(crate) value: String,
    pub(crate) what: &'static str,
    pub(crate) remedy: &'static str,
}

/// One fault of a refused playbook, prospect or history: where it stands, what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    place: String,
    problem: String,
}

impl Fault {
    pub(crate) fn new(place: impl Into<String>, problem: impl fmt::Display) -> Self {
        Self { place: place.into(), problem: problem.to_string() }
    }

    /// Where the fault stands, such as `sequence "inbound", step "call-2"`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The value that was refused, why, and what to write instead.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// Every fault that was found, in the order of the file. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults, in the order of the file.
    pub fn iter(&self) -> core::slice::Iter<'_, Fault> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = core::slice::Iter<'a, Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, fault) in self.0.iter().enumerate() {
            if nth > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl core::error::Error for Faults {}

/// Faults as they are found. Checking goes on after a fault so that all are reported together.
#[derive(Debug, Default)]
pub(crate) struct Found(Vec<Fault>);

impl Found {
    pub(crate) fn add(&mut self, place: &str, problem: impl fmt::Display) {
        self.0.push(Fault::new(place, problem));
    }

    /// `value` if nothing was found, else all that was found.
    pub(crate) fn or<T>(self, value: Option<T>) -> Result<T, Faults> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Faults(self.0)),
        }
    }
}

/// A text in a file together with what it was parsed to, or why it could not be. Deserialising one never
/// fails for its content, so that one wrong word does not hide the next.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Field<T> {
    text: String,
    parsed: Result<T, String>,
}

impl<T> Field<T> {
    pub(crate) fn parse(text: &str) -> Self
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        Self { text: text.to_string(), parsed: text.parse().map_err(|error: T::Err| error.to_string()) }
    }

    pub(crate) fn get(&self, place: &str, found: &mut Found) -> Option<T>
    where
        T: Clone,
    {
        match &self.parsed {
            Ok(value) => Some(value.clone()),
            Err(problem) => {
                found.add(place, problem);
                None
            }
        }
    }

    /// The text as it was written, for naming a place.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl<T: fmt::Display> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self { text: value.to_string(), parsed: Ok(value) }
    }
}

impl<T> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl<T> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T> Deserialize<'de> for Field<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor(PhantomData)).map(|text: String| Self::parse(&text))
    }
}

/// The key under which the toml crate hands a date over.
const TOML_DATE: &str = "$__toml_private_datetime";

/// Reads a text, and a bare number, truth value or TOML date as the text that a person wrote.
struct TextVisitor<T>(PhantomData<T>);

impl<'de> Visitor<'de> for TextVisitor<String> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<String, E> {
        Ok(truth.to_string())
    }

    // TOML hands an unquoted date over as a map of one text.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        let shape = || de::Error::custom("expected a text, found a table");
        match map.next_entry::<String, String>()? {
            Some((key, text)) if key == TOML_DATE => Ok(text),
            _ => Err(shape()),
        }
    }
}

/// A table of words for a closed vocabulary: the type, its text, parsing, serde, and the list of all.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $what:literal, $remedy:literal, { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every value, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that stands for it in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::error::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::error::ParseError {
                        value: alloc::string::String::from(text),
                        what: $what,
                        remedy: $remedy,
                    }),
                }
            }
        }

        $crate::error::text_serde!($name);
    };
}

/// Serde through the text form.
macro_rules! text_serde {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <alloc::string::String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {text_serde, vocabulary};
