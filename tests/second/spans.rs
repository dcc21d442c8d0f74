//! Where spans end, on every clock that counts. Each is worked out once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use followup::Instant;

use crate::common::rules::Count;
use crate::common::{Case, SpanModel, oracle};

type Key = (Instant, u32, u8, u8);

pub(crate) struct Spans<'c> {
    case: &'c Case,
    known: RefCell<BTreeMap<Key, Vec<Option<Instant>>>>,
}

impl<'c> Spans<'c> {
    pub(crate) fn of(case: &'c Case) -> Self {
        Self { case, known: RefCell::default() }
    }

    pub(crate) fn ends(&self, from: Instant, span: impl Into<SpanModel>) -> Vec<Option<Instant>> {
        let span = span.into();
        let count = match span.count {
            Count::Clock => 0,
            Count::Calendar => 1,
            Count::Full => 2,
        };
        let key = (from, span.delay.amount(), span.delay.unit() as u8, count);
        let mut known = self.known.borrow_mut();
        known.entry(key).or_insert_with(|| oracle::ends(self.case, from, span)).clone()
    }

    /// What pauses, pauses wherever they may be; behind the last year it never ends.
    pub(crate) fn latest(&self, from: Instant, span: impl Into<SpanModel>) -> Instant {
        self.ends(from, span).into_iter().map(|end| end.unwrap_or(Instant::MAX)).max().unwrap_or(from)
    }

    /// What permits ends where it ends first; `None` if it ends nowhere.
    pub(crate) fn earliest(&self, from: Instant, span: impl Into<SpanModel>) -> Option<Instant> {
        self.ends(from, span).into_iter().flatten().min()
    }
}
