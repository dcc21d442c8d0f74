//! The contact rules and holidays that come with the library, as data.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::Region;
use crate::playbook::rule_draft::{HolidaysDraft, RuleDraft};

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
        file.into()
    }

    pub(crate) fn rules(&self) -> &[RuleDraft] {
        &self.0.rules
    }

    pub(crate) fn holidays(&self) -> &[HolidaysDraft] {
        &self.0.holidays
    }
}

impl RuleDraft {
    /// Whether it could be for somebody in that region. Rules that hold everywhere are for no region.
    pub(crate) fn is_for(&self, region: &Region) -> bool {
        let own = self.regions.iter().filter_map(|own| own.text().parse::<Region>().ok());
        own.into_iter().any(|own| own.lies_in(region) || region.lies_in(&own))
    }

    /// Whether it holds only where its id is named: its source is doubtful, or it is for a special matter.
    pub(crate) fn is_off_by_default(&self) -> bool {
        self.topic.is_some() || self.confidence.as_ref().is_some_and(|confidence| confidence.text() == "low")
    }
}

#[cfg(feature = "embedded-rules")]
mod embedded {
    use std::sync::OnceLock;

    use super::{File, HolidaysDraft, Rules};

    macro_rules! files {
        ($folder:literal: $($name:literal)+) => {
            [$(($name, include_str!(concat!("../data/", $folder, "/", $name, ".toml"))),)+]
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

    /// What could not be read is left out here; that there is no such file is a test.
    fn read() -> Rules {
        let mut all = File::default();
        for (_, text) in RULES {
            let file: File = toml::from_str(text).unwrap_or_default();
            all.rules.extend(file.rules);
        }
        for (_, text) in HOLIDAYS {
            all.holidays.extend(toml::from_str::<HolidaysDraft>(text).ok());
        }
        all.into()
    }

    const RULES: &[(&str, &str)] =
        &files!("rules": "au" "ca" "de" "es" "eu" "fr" "in" "it" "nz" "platforms" "sg" "uk" "us-states" "us");
    const HOLIDAYS: &[(&str, &str)] = &files!("holidays": "au.national" "ca.federal" "de.national" "es.national" "fr.national" "in.national" "it.national" "nz.national" "uk.bank" "uk.northern-ireland" "uk.scotland" "us.federal" "us.louisiana" "us.rhode-island" "us.utah");

    #[cfg(test)]
    mod tests {
        use super::*;

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
