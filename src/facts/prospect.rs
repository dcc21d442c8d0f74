//! Who is pursued: where they are, how they can be reached, what they care about.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{Faults, Field, Found};
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{DateName, ProspectId, Region, Tag, Topic};
use crate::facts::key_date::KeyDate;
use crate::facts::vocabulary::Recipient;
use crate::time::zone::ZoneName;

/// A person being pursued.
///
/// ```
/// use followup::{Channel, Prospect};
///
/// let prospect = Prospect::new("ada".parse()?)
///     .in_zone("Europe/Berlin".parse()?)
///     .reachable_by([Channel::Phone, Channel::Email])
///     .interested_in("boilers".parse()?);
/// assert!(prospect.channels().contains(Channel::Phone));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawProspect", into = "RawProspect")]
pub struct Prospect {
    id: ProspectId,
    name: Option<Box<str>>,
    zones: Where,
    regions: Vec<Region>,
    recipient: Option<Recipient>,
    channels: Channels,
    prefers: Vec<Channel>,
    interests: Vec<Topic>,
    tags: Vec<Tag>,
    /// In the order of their names.
    dates: Vec<(DateName, KeyDate)>,
}

/// The zones in which somebody may be. The one that most have is kept in place: every decision reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Where {
    Unknown,
    In(ZoneName),
    OneOf(Vec<ZoneName>),
}

impl Prospect {
    /// What a host could change that has a say in what is under way: where they are, how they are reached, what is known
    /// of them by which a sequence is chosen, and their dates.
    pub(crate) fn fingerprint(&self) -> u64 {
        // Each number is mixed with what it is of, so that a word that moves from one list to another makes a difference.
        let mut all = 0_u64;
        let mut mix = |of: u64, number: u64| {
            all = (all.rotate_left(5) ^ number).wrapping_add(of).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        };
        self.zones().iter().for_each(|zone| mix(1, zone.number()));
        self.channels.iter().for_each(|channel| mix(2, channel as u64));
        self.regions.iter().for_each(|region| mix(3, region.print().number()));
        self.recipient.iter().for_each(|recipient| mix(4, *recipient as u64));
        self.interests.iter().for_each(|topic| mix(5, topic.print().number()));
        self.tags.iter().for_each(|tag| mix(6, tag.print().number()));
        for (name, date) in &self.dates {
            mix(7, name.print().number());
            mix(8, date.number());
        }
        all
    }
}

impl Where {
    /// There, or in the other one.
    fn or(self, other: ZoneName) -> Self {
        match self {
            Self::Unknown => Self::In(other),
            Self::In(zone) if zone == other => Self::In(zone),
            Self::In(zone) => Self::OneOf(Vec::from([zone, other])),
            Self::OneOf(mut zones) => {
                if !zones.contains(&other) {
                    zones.push(other);
                }
                Self::OneOf(zones)
            }
        }
    }
}

impl Prospect {
    /// A prospect of whom nothing is known yet but the host's id.
    #[must_use]
    pub const fn new(id: ProspectId) -> Self {
        Self {
            id,
            name: None,
            zones: Where::Unknown,
            regions: Vec::new(),
            recipient: None,
            channels: Channels::NONE,
            prefers: Vec::new(),
            interests: Vec::new(),
            tags: Vec::new(),
            dates: Vec::new(),
        }
    }

    /// Sets how they are addressed: "Ada", "Dr. Weber". A blank name is none.
    #[must_use]
    pub fn called(mut self, name: &str) -> Self {
        self.name = Some(name).filter(|name| !name.trim().is_empty()).map(Box::from);
        self
    }

    /// Adds a time zone in which they may be. One is certainty; with several, they are contacted only when it
    /// is permitted in each; with none, only when it is permitted in all of the playbook's territory.
    #[must_use]
    pub fn in_zone(mut self, zone: ZoneName) -> Self {
        self.zones = self.zones.or(zone);
        self
    }

    /// Adds a region in which they may be. One is certainty; with several, the rules of each apply; with none, the
    /// rules of every region do. A country stands for all regions in it.
    #[must_use]
    pub fn in_region(mut self, region: Region) -> Self {
        if !self.regions.contains(&region) {
            self.regions.push(region);
        }
        self
    }

    /// Sets as what they are contacted. Unless it is known, the rules for either apply.
    #[must_use]
    pub const fn contacted_as(mut self, recipient: Recipient) -> Self {
        self.recipient = Some(recipient);
        self
    }

    /// Adds channels for which there is an address or a number.
    #[must_use]
    pub fn reachable_by(mut self, channels: impl Into<Channels>) -> Self {
        self.channels = self.channels.union(channels.into());
        self
    }

    /// Adds a channel that they like, after those named before.
    #[must_use]
    pub fn prefers(mut self, channel: Channel) -> Self {
        if !self.prefers.contains(&channel) {
            self.prefers.push(channel);
        }
        self
    }

    /// Adds something they care about.
    #[must_use]
    pub fn interested_in(mut self, topic: Topic) -> Self {
        if !self.interests.contains(&topic) {
            self.interests.push(topic);
        }
        self
    }

    /// Adds something that the host knows of them and a playbook can choose by.
    #[must_use]
    pub fn tagged(mut self, tag: Tag) -> Self {
        if !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
        self
    }

    /// Adds a date of theirs, from which steps can be counted: a renewal, an expiry, an event, a birthday. A second one of
    /// that name takes the place of the first.
    ///
    /// ```
    /// use followup::Prospect;
    ///
    /// let ada = Prospect::new("ada".parse()?).on_date("renewal".parse()?, "2027-03-01".parse()?);
    /// assert_eq!(ada.date(&"renewal".parse()?).map(|date| date.to_string()), Some("2027-03-01".to_string()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn on_date(mut self, name: DateName, date: KeyDate) -> Self {
        self.dates.retain(|(known, _)| *known != name);
        let place = self.dates.partition_point(|(known, _)| *known < name);
        self.dates.insert(place, (name, date));
        self
    }

    /// The host's id.
    #[must_use]
    pub const fn id(&self) -> &ProspectId {
        &self.id
    }

    /// How they are addressed, if it is known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The zones in which they may be.
    #[must_use]
    pub fn zones(&self) -> &[ZoneName] {
        match &self.zones {
            Where::Unknown => &[],
            Where::In(zone) => core::slice::from_ref(zone),
            Where::OneOf(zones) => zones,
        }
    }

    /// The regions in which they may be.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// As what they are contacted, if it is known.
    #[must_use]
    pub const fn recipient(&self) -> Option<Recipient> {
        self.recipient
    }

    /// The channels for which there is an address or a number.
    #[must_use]
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// The channels that they like, the best first.
    #[must_use]
    pub fn preferred(&self) -> &[Channel] {
        &self.prefers
    }

    /// What they care about.
    #[must_use]
    pub fn interests(&self) -> &[Topic] {
        &self.interests
    }

    /// What the host knows of them.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Their date of that name, if it is known.
    #[must_use]
    pub fn date(&self, name: &DateName) -> Option<KeyDate> {
        self.dates.iter().find(|(known, _)| known == name).map(|(_, date)| *date)
    }

    /// Their dates, in the order of their names.
    #[must_use]
    pub fn dates(&self) -> &[(DateName, KeyDate)] {
        &self.dates
    }
}

/// A prospect as it stands in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProspect {
    id: Field<ProspectId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Field<ZoneName>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    zones: Vec<Field<ZoneName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<Field<Region>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    regions: Vec<Field<Region>>,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    recipient: Option<Field<Recipient>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    channels: Vec<Field<Channel>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prefers: Vec<Field<Channel>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    interests: Vec<Field<Topic>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Field<Tag>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    dates: BTreeMap<String, Field<KeyDate>>,
}

impl TryFrom<RawProspect> for Prospect {
    type Error = Faults;

    fn try_from(raw: RawProspect) -> Result<Self, Faults> {
        let mut found = Found::default();
        let place = alloc::format!("prospect {:?}", raw.id.text());
        let id = raw.id.get(&place, &mut found);
        if raw.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            found.add(&place, "a blank name addresses nobody; write it out, or remove it");
        }
        let zones: Vec<ZoneName> =
            raw.zone.iter().chain(&raw.zones).filter_map(|zone| zone.get(&place, &mut found)).collect();
        let regions: Vec<Region> =
            raw.region.iter().chain(&raw.regions).filter_map(|one| one.get(&place, &mut found)).collect();
        let recipient = raw.recipient.as_ref().and_then(|recipient| recipient.get(&place, &mut found));
        let channels: Channels = raw.channels.iter().filter_map(|one| one.get(&place, &mut found)).collect();
        let prefers: Vec<Channel> =
            raw.prefers.iter().filter_map(|one| one.get(&place, &mut found)).collect();
        let interests: Vec<Topic> =
            raw.interests.iter().filter_map(|one| one.get(&place, &mut found)).collect();
        let tags: Vec<Tag> = raw.tags.iter().filter_map(|one| one.get(&place, &mut found)).collect();
        let mut dates = Vec::new();
        for (name, date) in &raw.dates {
            let place = alloc::format!("{place}, date {name:?}");
            let name = Field::<DateName>::parse(name).get(&place, &mut found);
            dates.extend(name.zip(date.get(&place, &mut found)));
        }
        let prospect = id.map(|id| {
            let known = Self { recipient, ..Self::new(id).reachable_by(channels) };
            let known = known.called(raw.name.as_deref().unwrap_or_default());
            let known = regions.into_iter().fold(known, Self::in_region);
            let placed = zones.into_iter().fold(known, Self::in_zone);
            let liking = prefers.into_iter().fold(placed, Self::prefers);
            let known = interests.into_iter().fold(liking, Self::interested_in);
            let tagged = tags.into_iter().fold(known, Self::tagged);
            dates.into_iter().fold(tagged, |prospect, (name, date)| prospect.on_date(name, date))
        });
        found.or(prospect)
    }
}

impl From<Prospect> for RawProspect {
    fn from(prospect: Prospect) -> Self {
        let mut zones: Vec<Field<ZoneName>> = prospect.zones().iter().cloned().map(Field::from).collect();
        let zone = if zones.len() == 1 { zones.pop() } else { None };
        let mut regions: Vec<Field<Region>> = prospect.regions.into_iter().map(Field::from).collect();
        let region = if regions.len() == 1 { regions.pop() } else { None };
        Self {
            id: prospect.id.into(),
            name: prospect.name.map(String::from),
            zone,
            zones,
            region,
            regions,
            recipient: prospect.recipient.map(Field::from),
            channels: prospect.channels.iter().map(Field::from).collect(),
            prefers: prospect.prefers.into_iter().map(Field::from).collect(),
            interests: prospect.interests.into_iter().map(Field::from).collect(),
            tags: prospect.tags.into_iter().map(Field::from).collect(),
            dates: prospect
                .dates
                .into_iter()
                .map(|(name, date)| (String::from(name.as_str()), Field::from(date)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_change_of_what_is_known_makes_another_fingerprint() {
        let ada = || Prospect::new("ada".parse().unwrap()).reachable_by(Channel::Phone);
        let all = [
            ada(),
            ada().reachable_by(Channel::InPerson),
            ada().contacted_as(Recipient::ALL[0]),
            ada().contacted_as(Recipient::ALL[1]),
            ada().in_zone("UTC".parse().unwrap()),
            ada().in_region("DE".parse().unwrap()),
            ada().interested_in("vip".parse().unwrap()),
            ada().tagged("vip".parse().unwrap()),
            ada().on_date("vip".parse().unwrap(), "2026-03-01".parse().unwrap()),
            ada().on_date("vip".parse().unwrap(), "03-01".parse().unwrap()),
        ];
        let prints: BTreeSet<u64> = all.iter().map(Prospect::fingerprint).collect();
        assert_eq!(prints.len(), all.len());
    }
}
