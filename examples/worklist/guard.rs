//! The guard: what the rows themselves forbid, held against what the leads are told.
//!
//! It reads the raw cells and knows nothing of the mapping, so a slip there does not hide here.

use csv::StringRecord;
use followup::{Action, Channel, Purpose};

/// One thing that rows can say, and what must not follow then.
pub(crate) struct Rule {
    pub(crate) says: &'static str,
    pub(crate) forbids: &'static str,
    is_said: fn(&Cells<'_>) -> bool,
    is_forbidden: fn(&Action<'_>) -> bool,
}

/// How often a rule applied, and the leads that were told what it forbids.
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) marked: usize,
    pub(crate) violations: Vec<String>,
}

/// The cells of one row, by column.
pub(crate) struct Cells<'a> {
    pub(crate) header: &'a StringRecord,
    pub(crate) row: &'a StringRecord,
}

impl Cells<'_> {
    pub(crate) fn get(&self, column: &str) -> &str {
        let index = self.header.iter().position(|name| name == column);
        index.and_then(|index| self.row.get(index)).unwrap_or_default()
    }

    /// Whether it happened, and nothing took it back.
    fn happened(&self, activity: &str) -> bool {
        let (last, notable) = (self.get("Last Activity"), self.get("Last Notable Activity"));
        notable == activity || (last == activity && notable != "Resubscribed to emails")
    }

    fn notes(&self, beginning: &str) -> bool {
        self.get("Tags").starts_with(beginning)
    }
}

fn by_mail(action: &Action<'_>) -> bool {
    action.channel() == Channel::Email
}

fn by_number(action: &Action<'_>) -> bool {
    matches!(action.channel(), Channel::Phone | Channel::Text)
}

fn any(_: &Action<'_>) -> bool {
    true
}

fn selling(action: &Action<'_>) -> bool {
    action.purpose() == Purpose::FollowUp
}

const MAIL: &str = "no e-mail";
const NUMBER: &str = "no call, no text";
const NOTHING: &str = "nothing at all";

static RULES: [Rule; 14] = [
    Rule {
        says: "do not e-mail",
        forbids: MAIL,
        is_said: |c| c.get("Do Not Email") != "No",
        is_forbidden: by_mail,
    },
    Rule {
        says: "unsubscribed",
        forbids: MAIL,
        is_said: |c| c.happened("Unsubscribed"),
        is_forbidden: by_mail,
    },
    Rule {
        says: "marked as spam",
        forbids: MAIL,
        is_said: |c| c.happened("Email Marked Spam"),
        is_forbidden: by_mail,
    },
    Rule {
        says: "e-mail bounced",
        forbids: MAIL,
        is_said: |c| c.happened("Email Bounced"),
        is_forbidden: by_mail,
    },
    Rule {
        says: "do not call",
        forbids: NUMBER,
        is_said: |c| c.get("Do Not Call") != "No",
        is_forbidden: by_number,
    },
    Rule {
        says: "invalid number",
        forbids: NUMBER,
        is_said: |c| c.notes("invalid number"),
        is_forbidden: by_number,
    },
    Rule {
        says: "wrong number",
        forbids: NUMBER,
        is_said: |c| c.notes("wrong number"),
        is_forbidden: by_number,
    },
    Rule {
        says: "no number",
        forbids: NUMBER,
        is_said: |c| c.notes("number not provided"),
        is_forbidden: by_number,
    },
    Rule { says: "not interested", forbids: NOTHING, is_said: |c| c.notes("Not doing"), is_forbidden: any },
    Rule {
        says: "wants what we lack",
        forbids: NOTHING,
        is_said: |c| c.notes("Interested in other") || c.notes("Interested  in full"),
        is_forbidden: any,
    },
    Rule { says: "went elsewhere", forbids: NOTHING, is_said: |c| c.notes("Lost to"), is_forbidden: any },
    Rule {
        says: "not eligible",
        forbids: NOTHING,
        is_said: |c| c.notes("Diploma") || c.notes("University not"),
        is_forbidden: any,
    },
    Rule {
        says: "studies here already",
        forbids: NOTHING,
        is_said: |c| c.notes("Already a student"),
        is_forbidden: any,
    },
    Rule {
        says: "enrolled",
        forbids: "no sales touch",
        is_said: |c| c.notes("Closed by"),
        is_forbidden: selling,
    },
];

/// Holds what everybody is told, now or next, against what their row forbids.
pub(crate) fn inspect<'a>(told: impl Iterator<Item = (Cells<'a>, Option<Action<'a>>)>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        RULES.iter().map(|rule| Finding { rule, marked: 0, violations: Vec::new() }).collect();
    for (cells, action) in told {
        for finding in findings.iter_mut().filter(|finding| (finding.rule.is_said)(&cells)) {
            finding.marked += 1;
            if let Some(action) = action.filter(finding.rule.is_forbidden) {
                finding.violations.push(format!("lead {}: {action}", cells.get("Lead Number")));
            }
        }
    }
    findings
}
