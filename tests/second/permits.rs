//! Permission and refusal of one purpose on one channel, read from the log each time.

use std::rc::Rc;

use followup::{Basis, Channel, EventKind, Ground, Instant, Purpose};

use crate::common::{RuleModel, SpanModel};

use super::state::State;

#[derive(Debug, Clone)]
pub(crate) struct Grant {
    basis: Basis,
    at: Instant,
    until: Option<Instant>,
    term: Option<SpanModel>,
}

/// What the log says. The numbers are those of events.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consent {
    pub(crate) denied: Option<usize>,
    pub(crate) opted_out: Option<usize>,
    pub(crate) suppressed: Option<usize>,
    grants: Vec<Grant>,
    inquired: Option<Instant>,
    met: Option<Instant>,
    purchased: Option<Instant>,
    /// Whether they refused and have not come back since, but by a permission.
    refused_before: bool,
    ever_refused: bool,
    /// When they wrote last on this channel.
    pub(crate) wrote: Option<usize>,
}

impl Consent {
    pub(crate) fn refusals(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let suppressed = self.suppressed.map(|nth| ("suppressed", nth));
        let opted_out = self.opted_out.map(|nth| ("opted-out", nth));
        let denied = self.denied.map(|nth| ("denied", nth));
        [suppressed, opted_out, denied].into_iter().flatten()
    }

    fn forget_relations(&mut self) {
        (self.inquired, self.met, self.purchased) = (None, None, None);
    }
}

impl State<'_> {
    pub(crate) fn consent(&self, purpose: Purpose, channel: Channel) -> Rc<Consent> {
        let mut known = self.consents.borrow_mut();
        known.entry((purpose, channel)).or_insert_with(|| Rc::new(self.read(purpose, channel))).clone()
    }

    fn read(&self, purpose: Purpose, channel: Channel) -> Consent {
        let mut consent = Consent::default();
        let (mut declined, mut disqualified) = (false, false);
        for (nth, event) in self.log[..self.seen].iter().enumerate() {
            match &event.kind {
                EventKind::Inquired { channel: on, .. } => {
                    (consent.denied, consent.inquired) = (None, Some(event.at));
                    consent.refused_before = false;
                    if *on == Some(channel) {
                        consent.wrote = Some(nth);
                    }
                    (declined, disqualified) = (false, false);
                }
                EventKind::Replied { channel: on } if *on == channel => consent.wrote = Some(nth),
                EventKind::Met { .. } if declined || disqualified => {}
                EventKind::Met { .. } => (consent.met, consent.refused_before) = (Some(event.at), false),
                EventKind::Purchased => {
                    (consent.denied, consent.purchased) = (None, Some(event.at));
                    consent.refused_before = false;
                    (declined, disqualified) = (false, false);
                }
                EventKind::Granted { channels, purposes, basis, until, term, own_act } => {
                    let own_act = *own_act && basis.is_consent();
                    let is_meant = channels.contains(channel) && purposes.contains(purpose);
                    if own_act && channels.contains(channel) && (is_meant || purpose == Purpose::Answer) {
                        (consent.denied, consent.opted_out, consent.suppressed) = (None, None, None);
                    }
                    if is_meant && consent.refusals().next().is_none() {
                        let term = term.map(|term| term.to_string().parse().unwrap());
                        consent.grants.push(Grant { basis: *basis, at: event.at, until: *until, term });
                    }
                    declined &= !(own_act && purposes.contains(Purpose::FollowUp));
                }
                EventKind::Denied { channels, purposes }
                | EventKind::OptedOut { channels, purposes }
                | EventKind::Suppressed { channels, purposes, .. }
                    if channels.contains(channel) && purposes.contains(purpose) =>
                {
                    consent.grants.clear();
                    consent.forget_relations();
                    (consent.refused_before, consent.ever_refused) = (true, true);
                    match event.kind {
                        EventKind::Denied { .. } => consent.denied = Some(nth),
                        EventKind::OptedOut { .. } => consent.opted_out = Some(nth),
                        _ => consent.suppressed = Some(nth),
                    }
                }
                EventKind::Declined { .. } => {
                    declined = true;
                    consent.refused_before = consent.ever_refused;
                    let purchased = consent.purchased.filter(|_| purpose == Purpose::Care);
                    consent.forget_relations();
                    consent.purchased = purchased;
                }
                EventKind::Disqualified { .. } => {
                    disqualified = true;
                    consent.refused_before = consent.ever_refused;
                    consent.forget_relations();
                }
                EventKind::Enrolled { .. } if !declined => disqualified = false,
                _ => {}
            }
        }
        consent
    }

    /// When each of those grounds that are given ends; `None` for never.
    pub(crate) fn grounds_end(
        &self,
        consent: &Consent,
        grounds: &[Ground],
        terms: &[(Ground, SpanModel)],
    ) -> Vec<Option<Instant>> {
        let term = |ground: Ground| terms.iter().find(|(of, _)| *of == ground).map(|(_, span)| *span);
        let grant_ends = |grant: &Grant| {
            let of_rule = term(Ground::Granted(grant.basis)).filter(|_| grant.until.is_none());
            let by_term = grant.term.or(of_rule).and_then(|span| self.spans.earliest(grant.at, span));
            grant.until.into_iter().chain(by_term).min()
        };
        let [inquiry, conversation, purchase] = self.told.case.model.implied;
        let mut ends = Vec::new();
        for ground in grounds {
            let relation = match ground {
                Ground::Granted(basis) => {
                    let of_it = consent.grants.iter().filter(|grant| grant.basis == *basis);
                    ends.extend(of_it.map(grant_ends));
                    None
                }
                Ground::NotRefused if consent.refused_before => {
                    ends.extend(consent.grants.iter().map(grant_ends));
                    None
                }
                Ground::NotRefused => {
                    ends.push(None);
                    None
                }
                Ground::Inquiry => consent.inquired.zip(Some(inquiry)),
                Ground::Conversation => consent.met.zip(Some(conversation)),
                Ground::Purchase => consent.purchased.zip(Some(purchase)),
            };
            ends.extend(
                relation.map(|(since, own)| {
                    self.spans.earliest(since, term(*ground).unwrap_or_else(|| own.into()))
                }),
            );
        }
        ends
    }

    pub(crate) fn is_given(
        &self,
        consent: &Consent,
        grounds: &[Ground],
        terms: &[(Ground, SpanModel)],
        at: Instant,
    ) -> bool {
        self.grounds_end(consent, grounds, terms).into_iter().any(|end| end.is_none_or(|end| at < end))
    }

    /// Whether what they gave lifts that rule.
    pub(crate) fn is_lifted(&self, consent: &Consent, rule: &RuleModel, at: Instant) -> bool {
        !rule.unless.is_empty() && self.is_given(consent, &rule.unless, &rule.terms, at)
    }
}
