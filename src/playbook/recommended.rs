//! The playbook that comes with the library, for a business that has none yet.

use alloc::string::ToString;

use super::{Playbook, PlaybookDraft};
use crate::error::{Faults, Found};

const NAME: &str = "data/playbooks/recommended.toml";

impl Playbook {
    /// The playbook that comes with the library: every practice at once, for a business that has none yet.
    ///
    /// It is one choice among many, each explained in [the file](PlaybookDraft::recommended_file). Its seller is in
    /// New York; the items of its ladder are examples. A host changes what is its own in the
    /// [draft](PlaybookDraft::recommended), or lets an author change the file.
    ///
    /// ```
    /// use followup::Playbook;
    ///
    /// let playbook = Playbook::recommended()?;
    /// assert!(playbook.warnings().is_empty());
    /// # Ok::<(), followup::Faults>(())
    /// ```
    ///
    /// # Errors
    /// None with the data of this version: its tests build it. The library never panics, so it could not say
    /// otherwise.
    pub fn recommended() -> Result<Self, Faults> {
        PlaybookDraft::recommended()?.build()
    }
}

impl PlaybookDraft {
    /// The draft of [`Playbook::recommended`], to change before it is built.
    ///
    /// ```
    /// use followup::{Delay, ItemDraft, PlaybookDraft};
    ///
    /// let playbook = PlaybookDraft::recommended()?
    ///     .named("Boilers")
    ///     .in_zone("Europe/Berlin")
    ///     .item(ItemDraft::new("subsidies", "guide").title("What the state pays").rung(2).about("price"))
    ///     .build()?
    ///     .stretched_to(Delay::months(6))?;
    /// assert_eq!(playbook.name(), "Boilers");
    /// # Ok::<(), followup::Faults>(())
    /// ```
    ///
    /// # Errors
    /// None with the data of this version: its tests read it.
    pub fn recommended() -> Result<Self, Faults> {
        let mut found = Found::default();
        let draft = toml::from_str(Self::recommended_file());
        let draft = draft.map_err(|error: toml::de::Error| found.add(NAME, error.to_string())).ok();
        found.or(draft)
    }

    /// The file of [`Playbook::recommended`] with its comments, which say why each choice was made: for a program
    /// that writes its user a first playbook.
    #[must_use]
    pub const fn recommended_file() -> &'static str {
        include_str!("../../data/playbooks/recommended.toml")
    }
}
