//! Audience: whom a sequence or an item is for.

use alloc::vec::Vec;

use crate::facts::id::{Region, Tag, Topic};
use crate::facts::prospect::Prospect;
use crate::facts::vocabulary::Recipient;

/// Whom a sequence or an item is for: of each list that is not empty, one must be true of them. What is not known of
/// somebody is not true of them.
///
/// ```
/// use followup::{Playbook, Prospect};
///
/// let playbook: Playbook = toml::from_str(r#"
///     name = "Boilers"
///     zone = "Europe/Berlin"
///
///     [[sequence]]
///     id = "bakeries"
///     starts-on = ["inquired"]
///     for = { topics = ["bakery"], as = "business" }
///     step = [{ id = "call", after = "1 day", channels = ["phone"], owes-item = false }]
/// "#)?;
/// let bakery: Prospect = toml::from_str(r#"
///     id = "ada"
///     as = "business"
///     interests = ["bakery", "ovens"]
/// "#)?;
/// let audience = playbook.sequences()[0].audience();
/// assert!(audience.includes(&bakery) && !audience.includes(&Prospect::new("bob".parse().unwrap())));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    pub(crate) regions: Vec<Region>,
    pub(crate) recipient: Option<Recipient>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) tags: Vec<Tag>,
}

impl Audience {
    /// The regions one of which they must be in, wherever they may be.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// As what they must be contacted.
    #[must_use]
    pub const fn recipient(&self) -> Option<Recipient> {
        self.recipient
    }

    /// The topics one of which they must care about.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The tags one of which they must have.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Whether it is for everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is for that prospect.
    #[must_use]
    pub fn includes(&self, prospect: &Prospect) -> bool {
        let is_there = |region: &Region| self.regions.iter().any(|own| region.lies_in(own));
        let is_in_a_region = || !prospect.regions().is_empty() && prospect.regions().iter().all(is_there);
        (self.regions.is_empty() || is_in_a_region())
            && self.recipient.is_none_or(|recipient| prospect.recipient() == Some(recipient))
            && (self.topics.is_empty() || self.topics.iter().any(|one| prospect.interests().contains(one)))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| prospect.tags().contains(tag)))
    }

    /// Whether everybody is in it who is in the other, as far as that can be told from what they say.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        fn is_in<T>(mine: &[T], other: &[T], holds: impl Fn(&T, &T) -> bool) -> bool {
            mine.is_empty()
                || !other.is_empty() && other.iter().all(|one| mine.iter().any(|own| holds(one, own)))
        }
        is_in(&self.regions, &other.regions, Region::lies_in)
            && (self.recipient.is_none() || self.recipient == other.recipient)
            && is_in(&self.topics, &other.topics, Topic::eq)
            && is_in(&self.tags, &other.tags, Tag::eq)
    }
}
