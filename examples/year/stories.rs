//! The stories: what one prospect does in a year. Nothing here says what the seller does.

use std::error::Error;

use chrono::Days;
use followup::{
    Channel, EventKind, Faults, Instant, Party, Playbook, PlaybookDraft, Prospect, Reason, Source, Stall,
    Zone,
};

/// One prospect's year, from the day on which they ask.
pub(crate) struct Story {
    pub(crate) word: &'static str,
    pub(crate) title: &'static str,
    /// The touch whose brief is told, unless another is asked for.
    pub(crate) brief: usize,
    beats: &'static [Beat],
}

/// Something that happens by itself: the prospect does it, or the seller finds it out.
pub(crate) struct Beat {
    pub(crate) when: When,
    /// In a picture. Nothing, where it is only a note of ours.
    pub(crate) label: &'static str,
    /// In a line that begins with "they"; a note as it is.
    pub(crate) says: &'static str,
    pub(crate) event: fn(&Clock<'_>, Instant) -> EventKind,
}

/// When a beat happens.
#[derive(Clone, Copy)]
pub(crate) enum When {
    /// On the first day, at this time of day.
    Start(&'static str),
    /// So many minutes after that touch.
    AfterTouch(usize, u64),
    /// So many minutes after the beat before.
    Then(u64),
    /// So many days after the beat before, at this time of day.
    Later(u64, &'static str),
}

/// The prospect's clock.
pub(crate) struct Clock<'a>(pub(crate) &'a Zone);

impl Clock<'_> {
    /// So many days after the day of `from`, at this time of day.
    pub(crate) fn on(&self, from: Instant, days: u64, time: &str) -> Instant {
        let date = self.0.local(from).date().checked_add_days(Days::new(days));
        let time = time.parse().unwrap_or_default();
        date.and_then(|date| self.0.first_instant_at(date.and_time(time))).unwrap_or(from)
    }
}

/// The recommended playbook, with the seller's own name.
pub(crate) fn playbook() -> Result<Playbook, Faults> {
    PlaybookDraft::recommended()?.seller("Eva Kern, Kern Heating").build()
}

/// Who it is about. Their number, address and interests are known; they are at work in Illinois.
pub(crate) fn prospect() -> Result<Prospect, Box<dyn Error>> {
    Ok(toml::from_str(
        r#"
        id = "dana"
        name = "Dana"
        zone = "America/Chicago"
        region = "US-IL"
        as = "business"
        channels = ["phone", "email", "text", "social", "post"]
        interests = ["price"]
        "#,
    )?)
}

/// As what people know them.
pub(crate) const NAME: &str = "Dana Miller of Miller & Sons, Chicago";

/// Midnight of the day on which every story begins: a Thursday.
pub(crate) const FIRST_DAY: &str = "2026-11-05T00:00:00-06:00";

impl Story {
    /// All of them.
    pub(crate) const ALL: &'static [Self] = &[
        Self { word: "silent", title: "A year of silence", brief: 11, beats: &[ASKS] },
        Self { word: "yes", title: "A yes at the sixth touch", brief: 7, beats: YES },
        Self { word: "no", title: "A no at the second touch", brief: 2, beats: &[ASKS, SAYS_NO] },
        Self { word: "march", title: "Not before March", brief: 4, beats: MARCH },
        Self { word: "bought", title: "A purchase, and a complaint", brief: 2, beats: BOUGHT },
    ];

    /// The one of that word.
    pub(crate) fn of(word: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|story| story.word == word)
    }

    pub(crate) const fn beats(&self) -> &'static [Beat] {
        self.beats
    }
}

const ASKS: Beat = Beat {
    when: When::Start("15:04"),
    label: "asks",
    says: "ask by the form on our website what it would cost",
    event: |_, _| EventKind::Inquired { via: Source::Form, channel: None },
};

const SAYS_NO: Beat = Beat {
    when: When::AfterTouch(2, 4),
    label: "says no",
    says: "say on the phone that they have no use for it",
    event: |_, _| EventKind::Declined { reason: Reason::NoNeed },
};

const BUYS: Beat =
    Beat { when: When::Later(1, "11:40"), label: "buys", says: "sign", event: |_, _| EventKind::Purchased };

const YES: &[Beat] = &[
    ASKS,
    Beat {
        when: When::AfterTouch(6, 12),
        label: "talks",
        says: "pick up the phone and talk for twelve minutes",
        event: |_, _| EventKind::Met { channel: Channel::Phone },
    },
    Beat {
        when: When::Then(0),
        label: "",
        says: "they named what worries them: changing over",
        event: |_, _| EventKind::Named { topics: "switching".parse().into_iter().collect() },
    },
    Beat {
        when: When::Then(0),
        label: "books a meeting",
        says: "agree to meet in a week at ten, on their premises",
        event: |clock, at| EventKind::Booked { meeting: clock.on(at, 7, "10:00") },
    },
    Beat {
        when: When::Later(7, "11:00"),
        label: "meets us",
        says: "meet us as agreed",
        event: |_, _| EventKind::Met { channel: Channel::InPerson },
    },
    Beat {
        when: When::Then(0),
        label: "wants an offer",
        says: "want an offer, and we promise one for Tuesday noon",
        event: |clock, at| EventKind::Promised {
            by: Party::Us,
            due: clock.on(at, 1, "12:00"),
            about: "offer".parse().ok(),
        },
    },
    Beat { when: When::Later(7, "16:20"), ..BUYS },
];

const MARCH: &[Beat] = &[
    ASKS,
    Beat {
        when: When::AfterTouch(3, 95),
        label: "not before March",
        says: "write back: not before March",
        event: |_, _| EventKind::Replied { channel: Channel::Text },
    },
    Beat {
        when: When::Then(0),
        label: "",
        says: "other things come first for them; nothing before 1 March",
        event: |clock, at| EventKind::Stalled {
            why: Stall::OtherPriorities,
            until: Some(clock.on(at, 105, "00:00")),
        },
    },
    Beat {
        when: When::AfterTouch(5, 190),
        label: "books a meeting",
        says: "answer and book a video call for Tuesday at ten",
        event: |clock, at| EventKind::Booked { meeting: clock.on(at, 4, "10:00") },
    },
    Beat {
        when: When::Later(4, "10:10"),
        label: "misses it",
        says: "do not come to the call",
        event: |_, _| EventKind::NoShow,
    },
    Beat {
        when: When::AfterTouch(6, 3),
        label: "another time",
        says: "pick up the phone, are sorry, and book the next morning at ten",
        event: |clock, at| EventKind::Booked { meeting: clock.on(at, 1, "10:00") },
    },
    Beat {
        when: When::Later(1, "10:40"),
        label: "meets us",
        says: "meet us by video",
        event: |_, _| EventKind::Met { channel: Channel::Phone },
    },
    BUYS,
];

const BOUGHT: &[Beat] = &[
    ASKS,
    Beat {
        when: When::AfterTouch(3, 45),
        label: "wants it",
        says: "write back: send the order form",
        event: |_, _| EventKind::Replied { channel: Channel::Text },
    },
    BUYS,
    Beat {
        when: When::Later(20, "10:20"),
        label: "complains",
        says: "report that half of it does not work",
        event: |_, _| EventKind::ProblemReported,
    },
    Beat {
        when: When::Then(9),
        label: "",
        says: "we promise to have it replaced by Wednesday noon",
        event: |clock, at| EventKind::Promised {
            by: Party::Us,
            due: clock.on(at, 2, "12:00"),
            about: "replacement".parse().ok(),
        },
    },
    Beat {
        when: When::Later(4, "16:30"),
        label: "annoyed",
        says: "sigh that they hear from us every other day",
        event: |_, _| EventKind::Annoyed,
    },
];
