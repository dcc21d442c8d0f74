//! Stories: a playbook in a few lines, a prospect, what has happened; then what there is to do, and whether the
//! seller may call or write.
#![allow(dead_code, reason = "every test file uses a part of it")]

use followup::{
    Action, Assumption, Channel, Channels, Clearance, Decision, Disposition, Event, Executor, History,
    Instant, OptOutDeadline, Plan, Playbook, Prospect, Purpose, Rules, Verdict,
};

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// One prospect and what has happened.
#[derive(Clone)]
pub(crate) struct Story {
    zone: String,
    pub(crate) playbook: Playbook,
    pub(crate) prospect: Prospect,
    pub(crate) history: History,
}

/// A seller and a prospect in that zone, and what the playbook says beside one sequence: a message a day after an
/// inquiry, a call two days after that.
pub(crate) fn story(zone: &str, rules: &str) -> Story {
    let rest = format!(
        "{rules}
        [[sequence]]
        id = 'inbound'
        starts-on = ['inquired']
        step = [
            {{ id = 'mail', after = '1 day', channels = ['email'], by = 'automatic', owes-item = false }},
            {{ id = 'call', after = '2 days', channels = ['phone'], owes-item = false }},
        ]"
    );
    under(zone, &rest)
}

/// A seller and a prospect in that zone, and the whole of a playbook but its name and zone.
pub(crate) fn under(zone: &str, rest: &str) -> Story {
    let playbook = toml::from_str(&format!("name = 'a story'\nzone = '{zone}'\n{rest}"));
    let playbook = playbook.unwrap_or_else(|error| panic!("{error}"));
    Story { zone: zone.to_string(), playbook, prospect: prospect(""), history: History::new() }.about("")
}

/// The same of somebody who minds no message, and whom one touch may have been enough for.
pub(crate) fn permitted(zone: &str, rest: &str) -> Story {
    let permission =
        "permission = { follow-up = { default = ['not-refused'] }, care = { default = ['not-refused'] } }";
    under(zone, &format!("fewest-touches = 1\n{permission}\n{rest}"))
}

/// Somebody at work in Illinois who can be reached in every way, and the playbook that comes with the library.
#[cfg(all(feature = "embedded-rules", feature = "embedded-zones"))]
pub(crate) fn recommended() -> Story {
    let playbook = Playbook::recommended().unwrap_or_else(|faults| panic!("{faults}"));
    let (zone, history) = ("America/Chicago".to_string(), History::new());
    let story = Story { zone, playbook, prospect: prospect(""), history };
    story.about("region = 'US-IL'\nas = 'business'").reached_by(Channels::ALL)
}

#[derive(serde::Deserialize)]
struct Line {
    event: Vec<Event>,
}

fn prospect(fields: &str) -> Prospect {
    toml::from_str(&format!("id = 'ada'\nchannels = ['phone', 'email', 'text']\n{fields}")).unwrap()
}

impl Story {
    /// What is known of the prospect beside a phone number, an address and the zone.
    pub(crate) fn about(mut self, fields: &str) -> Self {
        self.prospect = prospect(&format!("zone = '{}'\n{fields}", self.zone));
        self
    }

    /// The same of somebody of whom it is not known in which zone they are.
    pub(crate) fn about_somebody_somewhere(mut self, fields: &str) -> Self {
        self.prospect = prospect(fields);
        self
    }

    /// They can be reached there, too.
    pub(crate) fn reached_by(mut self, channels: impl Into<Channels>) -> Self {
        self.prospect = self.prospect.reachable_by(channels);
        self
    }

    /// The same story under another playbook.
    pub(crate) fn with_playbook(mut self, playbook: Playbook) -> Self {
        self.playbook = playbook;
        self
    }

    /// The same story with other contact rules and holidays behind the names in the playbook.
    pub(crate) fn with_rules(mut self, rules: &Rules) -> Self {
        self.playbook = self.playbook.with_rules(rules).unwrap();
        self
    }

    /// Then this happened. Events are numbered in the order in which they are told.
    pub(crate) fn then(mut self, when: &str, event: &str, fields: &str) -> Self {
        let id = self.history.events().count() + 1;
        let comma = if fields.is_empty() { "" } else { ", " };
        let line = format!("event = [{{ id = {id}, at = '{when}', event = '{event}'{comma}{fields} }}]");
        let line: Line = toml::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        for event in line.event {
            self.history.record(event).unwrap();
        }
        self
    }

    /// The seller does now what there is to do now.
    #[track_caller]
    pub(crate) fn done(self, now: &str) -> Self {
        self.record(now, |action, id, at| action.touched(id, at))
    }

    /// The same, and this came of it.
    #[track_caller]
    pub(crate) fn disposed(self, now: &str, disposition: Disposition) -> Self {
        self.record(now, |action, id, at| action.disposed(id, at, disposition))
    }

    /// The seller tries now what there is to do now, and it does not get out.
    #[track_caller]
    pub(crate) fn failed(self, now: &str) -> Self {
        self.record(now, |action, id, at| action.failed(id, at))
    }

    #[track_caller]
    fn record(mut self, now: &str, said: impl Fn(Action<'_>, u64, Instant) -> Event) -> Self {
        let id = u64::try_from(self.history.events().count()).unwrap() + 1;
        let event = {
            let decision = self.decision(now);
            let Verdict::Act(action) = decision.verdict() else {
                panic!("{now}: {}", decision.explanation())
            };
            said(*action, id, at(now))
        };
        self.history.record(event).unwrap();
        self
    }

    /// They are silent, and the seller does so many times what there is to do, when it falls due.
    #[track_caller]
    pub(crate) fn silent(mut self, from: &str, times: usize) -> Self {
        let mut now = from.to_string();
        for _ in 0..times {
            let decision = self.decision(&now);
            let Some(due) = decision.due() else { panic!("{now}: {}", decision.explanation()) };
            now = due.to_string();
            self = self.done(&now);
        }
        self
    }

    /// They inquired, and had their answer by e-mail in the same second.
    pub(crate) fn inquired(self, when: &str) -> Self {
        self.then(when, "inquired", "via = 'form'").then(
            when,
            "touched",
            "channel = 'email', act = 'respond'",
        )
    }

    /// They gave an express permission, of this basis, on all the channels.
    pub(crate) fn granted(self, when: &str, basis: &str, more: &str) -> Self {
        let fields = format!("channels = ['phone', 'email', 'text'], basis = '{basis}'{more}");
        self.then(when, "granted", &fields)
    }

    /// The seller called or wrote, unasked.
    pub(crate) fn approached(self, when: &str, channel: Channel) -> Self {
        self.then(when, "touched", &format!("channel = '{channel}'"))
    }

    pub(crate) fn decision(&self, now: &str) -> Decision<'_> {
        self.playbook.decide(&self.prospect, self.history.standing(), at(now))
    }

    /// The acts ahead, with the channel of each, if they are silent.
    pub(crate) fn ahead(&self, now: &str) -> Vec<String> {
        let plan = self.plan(now, Assumption::Silence);
        let entries = plan.entries().iter().map(|entry| entry.action);
        entries.map(|action| format!("{} {}", action.act().name(), action.channel())).collect()
    }

    pub(crate) fn plan(&self, now: &str, assumption: Assumption) -> Plan<'_> {
        self.playbook.plan(&self.prospect, self.history.standing(), at(now), assumption, 40)
    }

    /// What a person reads before what is due then.
    #[track_caller]
    pub(crate) fn brief(&self, now: &str) -> String {
        let decision = self.decision(now);
        let brief = decision.brief(&self.history);
        brief.unwrap_or_else(|| panic!("{now}: {}", decision.explanation())).to_string()
    }

    /// The explanation says this among other things.
    #[track_caller]
    pub(crate) fn explains(&self, now: &str, part: &str) -> &Self {
        let explanation = self.decision(now).explanation().to_string();
        assert!(explanation.contains(part), "{now}: {part:?} is not in {explanation}");
        self
    }

    /// With what is due then or will be, this item is given; "" for none.
    #[track_caller]
    pub(crate) fn gives(&self, now: &str, item: &str) -> &Self {
        let decision = self.decision(now);
        let Some(action) = decision.action() else { panic!("{now}: {}", decision.explanation()) };
        let given = action.item().map_or("", |item| item.id().as_str());
        assert_eq!(given, item, "{now}: {}", decision.explanation());
        self
    }

    /// Whether a person may pursue a sale then.
    pub(crate) fn clearance(&self, now: &str, channel: Channel) -> Clearance<'_> {
        self.clearance_for(now, channel, Purpose::FollowUp, Executor::Person)
    }

    pub(crate) fn clearance_for(
        &self,
        now: &str,
        channel: Channel,
        purpose: Purpose,
        by: Executor,
    ) -> Clearance<'_> {
        self.playbook.clearance(&self.prospect, self.history.standing(), channel, purpose, by, at(now))
    }

    pub(crate) fn deadlines(&self) -> Vec<OptOutDeadline> {
        self.playbook.opt_out_deadlines(&self.prospect, self.history.standing())
    }

    #[track_caller]
    pub(crate) fn is_allowed(&self, now: &str, channel: Channel) -> &Self {
        let clearance = self.clearance(now, channel);
        assert!(clearance.is_allowed(), "{now}: {clearance}");
        self
    }

    /// It is allowed, up to and without that instant.
    #[track_caller]
    pub(crate) fn is_allowed_until(&self, now: &str, channel: Channel, closes: &str) -> &Self {
        let clearance = self.is_allowed(now, channel).clearance(now, channel);
        assert_eq!(clearance.closes(), Some(at(closes)), "{now}: {clearance}");
        self.is_barred(closes, channel, "")
    }

    /// It is allowed as long as nothing happens.
    #[track_caller]
    pub(crate) fn is_allowed_for_good(&self, now: &str, channel: Channel) -> &Self {
        let clearance = self.is_allowed(now, channel).clearance(now, channel);
        assert_eq!(clearance.closes(), None, "{now}: {clearance}");
        self
    }

    /// It is not allowed, and this gate is among the reasons; "" for any.
    #[track_caller]
    pub(crate) fn is_barred(&self, now: &str, channel: Channel, gate: &str) -> &Self {
        let clearance = self.clearance(now, channel);
        assert!(!clearance.is_allowed(), "{now}: {clearance}");
        let gates: Vec<String> =
            clearance.blockers().iter().map(|blocker| blocker.gate.to_string()).collect();
        assert!(gate.is_empty() || gates.iter().any(|one| one == gate), "{now}: {clearance}");
        self
    }

    /// It is not allowed before that instant, and then it is.
    #[track_caller]
    pub(crate) fn is_barred_until(&self, now: &str, channel: Channel, gate: &str, opens: &str) -> &Self {
        let clearance = self.is_barred(now, channel, gate).clearance(now, channel);
        assert_eq!(clearance.opens(), Some(at(opens)), "{now}: {clearance}");
        self.is_allowed(opens, channel)
    }

    /// It is not allowed, and no time changes that.
    #[track_caller]
    pub(crate) fn is_barred_for_good(&self, now: &str, channel: Channel, gate: &str) -> &Self {
        let clearance = self.is_barred(now, channel, gate).clearance(now, channel);
        assert_eq!(clearance.opens(), None, "{now}: {clearance}");
        self
    }

    /// This is to be done now: the act, its cause and the channel, as `respond 1 email`.
    #[track_caller]
    pub(crate) fn does(&self, now: &str, what: &str) -> &Self {
        let decision = self.decision(now);
        let Verdict::Act(action) = decision.verdict() else { panic!("{now}: {}", decision.explanation()) };
        let found = format!("{} {} {}", action.act().name(), action.cause(), action.channel());
        assert_eq!(found, what, "{now}: {}", decision.explanation());
        self
    }

    /// This is to be done, but not before then.
    #[track_caller]
    pub(crate) fn waits(&self, now: &str, what: &str, until: &str) -> &Self {
        let decision = self.decision(now);
        let Verdict::Wait { until: instant, next } = decision.verdict() else {
            panic!("{now}: {}", decision.explanation())
        };
        let found = format!("{} {} {}", next.act().name(), next.cause(), next.channel());
        assert_eq!((found.as_str(), *instant), (what, at(until)), "{now}: {}", decision.explanation());
        self
    }

    /// A person must supply this.
    #[track_caller]
    pub(crate) fn needs(&self, now: &str, need: &str) -> &Self {
        let decision = self.decision(now);
        let Verdict::Need(found) = decision.verdict() else { panic!("{now}: {}", decision.explanation()) };
        assert_eq!(found.code(), need, "{now}: {}", decision.explanation());
        self
    }

    /// There is nothing to do, for this reason.
    #[track_caller]
    pub(crate) fn rests(&self, now: &str, rest: &str) -> &Self {
        let decision = self.decision(now);
        let Verdict::Rest(found) = decision.verdict() else { panic!("{now}: {}", decision.explanation()) };
        assert_eq!(found.code(), rest, "{now}: {}", decision.explanation());
        self
    }
}
