//! The contact rules and holidays that come with the library, as data.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::facts::id::Region;
use crate::rule::draft::{HolidaysDraft, RuleDraft};

/// Contact rules and sets of holidays by id, for playbooks to name. Cheap to clone.
///
/// Those that come with the library are the files in its `data` folder, each rule with the law it comes from, the
/// day it was checked, and how sure it is. They are no legal advice, and they grow old: a host with newer ones reads
/// them from files of the same form and lays them over ([`over`](Self::over)).
///
/// ```
/// # #[cfg(all(feature = "embedded-rules", feature = "embedded-zones"))] {
/// use followup::{PlaybookDraft, Elsewhere, Rules, Zones};
///
/// let newer: Rules = toml::from_str(r#"
///     [[rule]]
///     id = "us-fl.hours"
///     regions = ["US-FL"]
///     channels = ["phone", "text"]
///     citation = "as our counsel reads it"
///     hours = { zone = "prospect", week = { mon-fri = ["09:00-19:00"] } }
/// "#).unwrap();
/// let rules = newer.over(&Rules::embedded());
/// let playbook = PlaybookDraft::new("Boilers", "America/New_York")
///     .contact_rules(&["US-FL"], Elsewhere::Need)
///     .build_with(&Zones::embedded(), &rules)?;
/// assert!(playbook.rules().any(|rule| rule.citation() == Some("as our counsel reads it")));
/// # }
/// # Ok::<(), followup::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "File", into = "File")]
pub struct Rules(Arc<File>);

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "rule", skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleDraft>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holidays: Vec<HolidaysDraft>,
    /// Why a file that comes with the library could not be read.
    #[serde(skip)]
    unread: Vec<String>,
}

impl From<File> for Rules {
    fn from(file: File) -> Self {
        Self(Arc::new(file))
    }
}

impl From<Rules> for File {
    fn from(rules: Rules) -> Self {
        Arc::unwrap_or_clone(rules.0)
    }
}

impl Rules {
    /// No rules at all.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// These over others: where both have a rule or a set of one id, the one that is here counts.
    #[must_use]
    pub fn over(&self, others: &Self) -> Self {
        let mut file = File::clone(&self.0);
        let is_new = |rule: &&RuleDraft| !self.rules().iter().any(|own| own.id.text() == rule.id.text());
        file.rules.extend(others.rules().iter().filter(is_new).cloned());
        let is_new = |set: &&HolidaysDraft| !self.holidays().iter().any(|own| own.id.text() == set.id.text());
        file.holidays.extend(others.holidays().iter().filter(is_new).cloned());
        file.unread.extend_from_slice(others.unread());
        file.into()
    }

    pub(crate) fn rules(&self) -> &[RuleDraft] {
        &self.0.rules
    }

    pub(crate) fn unread(&self) -> &[String] {
        &self.0.unread
    }

    pub(crate) fn holidays(&self) -> &[HolidaysDraft] {
        &self.0.holidays
    }
}

impl RuleDraft {
    /// Whether it could be for somebody in that region. Rules that hold everywhere are for no region.
    pub(crate) fn is_for(&self, region: &Region) -> bool {
        // One that is no region is taken for this one, so that its fault is found.
        let is_near = |own: Region| own.lies_in(region) || region.lies_in(&own);
        self.regions.iter().any(|own| own.text().parse().map_or(true, is_near))
    }

    /// Whether it holds only where its id is named: its source is doubtful, or it is for a special matter.
    pub(crate) fn is_off_by_default(&self) -> bool {
        self.topic.is_some() || self.confidence.as_ref().is_some_and(|confidence| confidence.text() == "low")
    }
}

#[cfg(feature = "embedded-rules")]
mod embedded {
    use std::sync::OnceLock;

    use super::{File, Rules};

    macro_rules! files {
        ($folder:literal: $($name:literal)+) => {
            [$(($name, include_str!(concat!("../../data/", $folder, "/", $name, ".toml"))),)+]
        };
    }

    impl Rules {
        /// Those that come with the library. They are read once per process.
        #[must_use]
        pub fn embedded() -> Self {
            static EMBEDDED: OnceLock<Rules> = OnceLock::new();
            EMBEDDED.get_or_init(read).clone()
        }
    }

    /// What cannot be read is a fault of every playbook: without it something would be allowed that is not.
    fn read() -> Rules {
        let mut all = File::default();
        for (name, text) in RULES {
            match toml::from_str::<File>(text) {
                Ok(file) => all.rules.extend(file.rules),
                Err(error) => all.unread.push(alloc::format!("data/rules/{name}.toml: {error}")),
            }
        }
        for (name, text) in HOLIDAYS {
            match toml::from_str(text) {
                Ok(set) => all.holidays.push(set),
                Err(error) => all.unread.push(alloc::format!("data/holidays/{name}.toml: {error}")),
            }
        }
        all.into()
    }

    const RULES: &[(&str, &str)] =
        &files!("rules": "au" "ca" "de" "es" "eu" "fr" "in" "it" "nz" "platforms" "sg" "uk" "us-states" "us");
    const HOLIDAYS: &[(&str, &str)] = &files!("holidays": "au.national" "ca.federal" "de.national" "es.national" "fr.national" "in.national" "it.national" "nz.national" "uk.bank" "uk.northern-ireland" "uk.scotland" "us.federal" "us.louisiana" "us.rhode-island" "us.utah");

    #[cfg(test)]
    mod tests {
        use alloc::string::ToString;
        use alloc::vec::Vec;

        use super::*;
        use crate::rule::draft::HolidaysDraft;

        #[test]
        fn no_file_of_the_data_is_forgotten() {
            for (folder, files) in [("rules", RULES), ("holidays", HOLIDAYS)] {
                let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder);
                let found = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name());
                let mut found: Vec<_> = found.map(|name| name.into_string().unwrap()).collect();
                found.sort();
                let mut known: Vec<_> = files.iter().map(|(name, _)| alloc::format!("{name}.toml")).collect();
                known.sort();
                assert_eq!(found, known);
            }
        }

        #[test]
        fn a_file_that_cannot_be_read_is_a_fault_of_every_playbook() {
            let rules: Rules = File { unread: alloc::vec!["us: torn".into()], ..File::default() }.into();
            let zones = crate::time::zone::Zones::embedded();
            let draft = crate::playbook::PlaybookDraft::new("Boilers", "Europe/Berlin");
            let faults = draft.build_with(&zones, &rules).unwrap_err();
            assert_eq!(faults.to_string(), "contact rules: us: torn");
        }

        #[test]
        fn every_file_of_rules_and_holidays_can_be_read() {
            for (name, text) in RULES {
                let file: File = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(!file.rules.is_empty() && file.holidays.is_empty(), "{name}");
            }
            for (name, text) in HOLIDAYS {
                let set: HolidaysDraft =
                    toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(set.id.text(), *name);
            }
        }
    }
}
