//! Who is pursued: where they are, how they can be reached, what they care about.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{Faults, Field, Found};
use crate::facts::channel::{Channel, Channels};
use crate::facts::id::{ProspectId, Region, Topic};
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
}

/// The zones in which somebody may be. The one that most have is kept in place: every decision reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Where {
    Unknown,
    In(ZoneName),
    OneOf(Vec<ZoneName>),
}

impl Prospect {
    /// What a host could change that has a say in what is under way: where they are and how they are reached.
    pub(crate) fn fingerprint(&self) -> u64 {
        let zones = self.zones().iter().fold(0, |all: u64, zone| all.rotate_left(1) ^ zone.number());
        self.channels.iter().fold(zones, |all, channel| all ^ (1 << channel as u64))
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
        let prospect = id.map(|id| {
            let known = Self { recipient, ..Self::new(id).reachable_by(channels) };
            let known = known.called(raw.name.as_deref().unwrap_or_default());
            let known = regions.into_iter().fold(known, Self::in_region);
            let placed = zones.into_iter().fold(known, Self::in_zone);
            let liking = prefers.into_iter().fold(placed, Self::prefers);
            interests.into_iter().fold(liking, Self::interested_in)
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
        }
    }
}
