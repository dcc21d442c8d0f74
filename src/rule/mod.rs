//! Rules: what a business, a law or a code says of contacts, as data.

pub(crate) mod draft;
pub(crate) mod library;

use crate::facts::vocabulary::Outcome;
use crate::facts::vocabulary::Recipient;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::error::vocabulary;
use crate::facts::channel::Channels;
use crate::facts::id::{Print, Region, RuleId};
use crate::facts::permission::{Ground, Grounds};
use crate::facts::vocabulary::Executor;
use crate::time::calendar::OpenTimes;
use crate::time::instant::Instant;
use crate::time::span::Span;
use crate::time::zone::ZoneIndex;

vocabulary!(
    /// Which contacts a rule is for.
    AppliesTo, "range of a rule", "use all or approaches", {
    /// All contacts.
    All = "all",
    /// Only those that the seller begins; answers go free, and do not count.
    Approaches = "approaches",
});

vocabulary!(
    /// How sure it is that a rule says what its entry says.
    Confidence, "confidence", "use high, medium or low", {
    /// The text of the law, or the regulator's own, was read.
    High = "high",
    /// A law firm, a vendor or the trade press says so.
    Medium = "medium",
    /// The sources are few or disagree. It holds only in a playbook that names its id.
    Low = "low",
});

vocabulary!(
    /// What stands behind a rule.
    Force, "force of a rule", "use statute, regulation, order, safe-harbour, code or platform", {
    /// An act of a parliament.
    Statute = "statute",
    /// A rule of a ministry or an agency.
    Regulation = "regulation",
    /// An order of a court or an agency in a single matter.
    Order = "order",
    /// Whoever keeps to it is presumed to be within the law.
    SafeHarbour = "safe-harbour",
    /// A code that a trade gave itself.
    Code = "code",
    /// The terms of whoever carries the messages.
    Platform = "platform",
});

vocabulary!(
    /// What a cap counts.
    Counts, "thing that a cap counts", "use contacts, attempts or conversations", {
    /// What got out.
    Contacts = "contacts",
    /// That, and what did not get out.
    Attempts = "attempts",
    /// Conversations, whoever began them.
    Conversations = "conversations",
});

vocabulary!(
    /// With whom a cap counts contacts.
    Among, "range of a cap", "use prospect or account", {
    /// With this prospect.
    Prospect = "prospect",
    /// With this prospect and with their colleagues.
    Account = "account",
});

/// One rule that contacts must keep to: the business's own, or one of a law or a code, with its source.
///
/// This is no legal advice. A rule says what somebody read, where, and when they checked.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) id: RuleId,
    pub(crate) title: Option<String>,
    pub(crate) regions: Vec<Region>,
    pub(crate) channels: Channels,
    pub(crate) recipients: Vec<Recipient>,
    /// By executor: whether it is for what they execute.
    pub(crate) by: [bool; Executor::ALL.len()],
    pub(crate) applies_to: AppliesTo,
    /// The steps that it is for alone; all contacts if it names none.
    pub(crate) steps: Option<Vec<Print>>,
    /// Any one of these lifts it.
    pub(crate) unless: Grounds,
    pub(crate) terms: Terms,
    /// The first date on which it holds, and the first on which it does not any more.
    pub(crate) from: Option<NaiveDate>,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) topic: Option<String>,
    pub(crate) source: Source,
    pub(crate) hours: Option<Hours>,
    pub(crate) cap: Option<Cap>,
    pub(crate) pause: Option<Pause>,
    pub(crate) permission: Option<Requirement>,
    pub(crate) registry: Option<Registry>,
    pub(crate) opt_out: Option<OptOut>,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) citation: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) checked_on: Option<NaiveDate>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) force: Option<Force>,
    pub(crate) note: Option<String>,
}

/// How long grounds last, where that is not for ever or until a stated end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Terms(pub(crate) Vec<(Ground, Span)>);

impl Terms {
    pub(crate) fn of(&self, ground: Ground) -> Option<Span> {
        self.0.iter().find(|(of, _)| *of == ground).map(|(_, span)| *span)
    }
}

/// When contacts are allowed, and by whose clock.
#[derive(Debug, Clone)]
pub(crate) struct Hours {
    pub(crate) frame: Frame,
    pub(crate) times: OpenTimes,
    /// The first set of holidays behind it to end, if any does.
    pub(crate) ends_first: Option<RuleId>,
}

/// Whose clock a rule of hours is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    Prospect,
    Seller,
    Fixed(ZoneIndex),
}

/// At most so many in any window of that length. What happens at t counts in `[t, t + per)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) at_most: u16,
    pub(crate) per: Span,
    pub(crate) counts: Counts,
    pub(crate) among: Among,
}

/// Nothing for so long after that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pause {
    pub(crate) after: Outcome,
    pub(crate) lasts: Span,
}

/// One of these grounds is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirement {
    pub(crate) grounds: Grounds,
    /// Whether asking for a permission requires one too.
    pub(crate) asking: bool,
}

/// A register of those who do not want to be contacted, which has to be looked at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registry {
    /// How old the list may be with which they were compared.
    pub(crate) list_age: Option<Span>,
    /// From how long after it was made an entry binds.
    pub(crate) grace: Option<Span>,
    /// Whoever gave one of these may be contacted though they are listed.
    pub(crate) unless: Grounds,
}

/// What a law says of an opt-out, beside that it must be honoured. Here it takes effect at once; these are for
/// the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OptOut {
    pub(crate) within: Option<Span>,
    pub(crate) keeps: Option<Span>,
    pub(crate) mechanism: Option<Span>,
    /// An opt-out on one channel counts for every channel of the rule.
    pub(crate) all_channels: bool,
}

impl Rule {
    /// A rule that says nothing yet, of everybody, on all channels, at all times.
    pub(crate) const fn new(id: RuleId) -> Self {
        Self {
            id,
            title: None,
            regions: Vec::new(),
            channels: Channels::ALL,
            recipients: Vec::new(),
            by: [true; Executor::ALL.len()],
            applies_to: AppliesTo::All,
            steps: None,
            unless: Grounds::NONE,
            terms: Terms(Vec::new()),
            from: None,
            until: None,
            topic: None,
            source: Source {
                citation: None,
                url: None,
                checked_on: None,
                confidence: None,
                force: None,
                note: None,
            },
            hours: None,
            cap: None,
            pause: None,
            permission: None,
            registry: None,
            opt_out: None,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &RuleId {
        &self.id
    }

    /// What it is about, in one line.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The regions in which it holds; everywhere if there is none.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The channels for which it is.
    #[must_use]
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// The first date on which it holds, on the prospect's calendar; `None` if it always did.
    #[must_use]
    pub const fn valid_from(&self) -> Option<NaiveDate> {
        self.from
    }

    /// The first date on which it holds no longer; `None` if none is known.
    #[must_use]
    pub const fn valid_until(&self) -> Option<NaiveDate> {
        self.until
    }

    /// The law, the contract or the code that it comes from.
    #[must_use]
    pub fn citation(&self) -> Option<&str> {
        self.source.citation.as_deref()
    }

    /// Where that can be read.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.source.url.as_deref()
    }

    /// The day on which somebody last looked.
    #[must_use]
    pub const fn checked_on(&self) -> Option<NaiveDate> {
        self.source.checked_on
    }

    /// How sure it is.
    #[must_use]
    pub const fn confidence(&self) -> Option<Confidence> {
        self.source.confidence
    }

    /// What stands behind it.
    #[must_use]
    pub const fn force(&self) -> Option<Force> {
        self.source.force
    }

    /// Doubts, and what it leaves out.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.source.note.as_deref()
    }

    /// The special matter for which it is, such as the collection of debts; `None` for sales.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    /// Whether it holds only in a playbook that names its id: its source is doubtful, or it is for a special
    /// matter.
    #[must_use]
    pub fn is_off_by_default(&self) -> bool {
        self.topic.is_some() || self.source.confidence == Some(Confidence::Low)
    }

    pub(crate) fn is_by(&self, executor: Executor) -> bool {
        self.by.get(executor as usize).copied().unwrap_or_default()
    }

    /// Whether it could be for somebody who is in that region, or somewhere in it.
    pub(crate) fn may_hold_in(&self, region: &Region) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|own| region.lies_in(own) || own.lies_in(region))
    }

    pub(crate) fn citation_of(&self) -> Citation {
        Citation { rule: self.id.clone(), source: self.source.citation.clone() }
    }
}

/// A rule behind a blocker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The rule's id.
    pub rule: RuleId,
    /// The law, the contract or the code that it comes from, if it says.
    pub source: Option<String>,
}

impl fmt::Display for Citation {
    /// The word rule, the id in quotes, and the source in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule \"{}\"", self.rule)?;
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

/// The earliest instant not before `at` at which one more contact keeps to `at_most` in any window. `counted`
/// are the contacts that count, the newest first; `ends` is where the window that begins with a contact ends.
///
/// Windows that begin later mostly end later, but not always: of two contacts on one weekend the later may be
/// free of "1 business day" at an earlier hour, and a month that is too short ends many at once. So all windows
/// from the one that must have ended backwards are looked at.
pub(crate) fn free<T>(
    counted: impl Iterator<Item = T>,
    at_most: u16,
    ends: impl Fn(T) -> Option<Instant>,
    at: Instant,
) -> Option<Instant> {
    let must_have_ended = counted.skip(usize::from(at_most.checked_sub(1)?));
    must_have_ended.map(ends).try_fold(at, |at, end| end.map(|end| end.max(at)))
}

impl OptOut {
    /// Whether an opt-out of those channels counts for every channel of its rule.
    pub(crate) fn reaches(&self, rule: &Rule, channels: Channels) -> bool {
        self.all_channels && channels.iter().any(|channel| rule.channels.contains(channel))
    }
}

vocabulary!(
    /// What a playbook says of prospects in a region for which it has no contact rule, and of those of whom it is
    /// not known where they are.
    Elsewhere, "way to treat a region without rules", "use need, strictest or allow", {
    /// A person has to look: nobody is contacted there.
    Need = "need",
    /// Every contact rule holds that the playbook uses, wherever it is from.
    Strictest = "strictest",
    /// No contact rule holds. Of whom it is not known where they are, every rule does all the same.
    Allow = "allow",
});
