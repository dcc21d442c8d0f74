//! What a decision costs, beside one written by hand for the same rules.
//!
//! Before anything is timed both must give the same answers for the entire fleet, at several instants. The
//! ratios are measured in turns, base and crate, in one run; divan's table follows them.
//!
//! `cargo bench --bench decide` measures; with `-- --test` everything runs once with a small fleet.
//! `FOLLOWUP_FLEET` sets the size of the fleet.

#![allow(clippy::expect_used, reason = "a benchmark stops at the first fault")]

mod base;
mod fleet;
mod growth;

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Duration;

use chrono::TimeZone;
use divan::Bencher;
use followup::{
    Act, Action, Assumption, Channel, Decision, Duty, Event, Gate, History, Instant, Need, Playbook,
    Prospect, Pursuits, Rest, Standing, Verdict, Zones,
};

use fleet::{DAY, Fleet, Names, ZONES};

static SIMPLE: LazyLock<Playbook> = LazyLock::new(|| fleet::simple().expect("a valid playbook"));
static FULL: LazyLock<Playbook> = LazyLock::new(|| fleet::full().expect("a valid playbook"));
static RULES: LazyLock<base::Rules> = LazyLock::new(fleet::rules);
static FLEET: LazyLock<Fleet> = LazyLock::new(|| fleet::fleet(fleet_size()).expect("a fleet"));
static EVENTFUL: LazyLock<Vec<(Prospect, Standing)>> =
    LazyLock::new(|| fleet::eventful(fleet_size()).expect("a fleet"));
static NOW: LazyLock<Instant> = LazyLock::new(|| fleet::instant(fleet::PRESENT).expect("in range"));

/// Whether everything is only to be run once: without `--bench` that is what `cargo test` asks for.
fn is_smoke() -> bool {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    has("--test") || !has("--bench")
}

fn fleet_size() -> usize {
    let asked = std::env::var("FOLLOWUP_FLEET").ok().and_then(|size| size.parse().ok());
    asked.unwrap_or(if is_smoke() { 3_000 } else { 300_000 }).max(10)
}

fn main() {
    if !std::env::args().any(|argument| argument == "--list") {
        check_zones();
        check_answers();
        compare();
    }
    divan::main();
}

/// The comparison is about decisions, not about who has the newer zone data.
fn check_zones() {
    let zones = Zones::embedded();
    for name in ZONES {
        let theirs: chrono_tz::Tz = name.parse().expect("a zone of chrono-tz");
        let ours = zones.get(name).expect("a zone of the crate");
        for hour in 0..4 * 366 * 24 {
            let at = fleet::PRESENT + (hour - 2 * 366 * 24) * 3600;
            let wall = theirs.timestamp_opt(at, 0).single().expect("in range").naive_local();
            assert_eq!(ours.local(fleet::instant(at).expect("in range")), wall, "{name} at {at}");
        }
    }
}

/// Asserts that the base and the crate agree about everybody, at several instants.
fn check_answers() {
    let (mut acts, mut waits, mut rests) = (0, 0, 0);
    // Now, tonight, at the weekend, after the clocks of Europe and of America have changed, in spring, and when
    // the permission of every inquiry has run out.
    for seconds in [0, 6 * 3600, 4 * DAY, 5 * DAY + 37_379, 13 * DAY, 40 * DAY + 7, 146 * DAY, 190 * DAY] {
        let at = fleet::PRESENT + seconds;
        let now = fleet::instant(at).expect("in range");
        for (nth, (base, (prospect, standing))) in FLEET.base.iter().zip(&FLEET.people).enumerate() {
            let answer = base::decide(&RULES, base, at);
            let decision = SIMPLE.decide(prospect, standing, now);
            assert!(
                is_same(answer, &decision),
                "prospect {nth} at {at}: base {answer:?}, crate {:?}\n{:#?}\n{}",
                decision.verdict(),
                base,
                decision.explanation(),
            );
            match answer {
                base::Answer::Act { .. } => acts += 1,
                base::Answer::Wait { .. } => waits += 1,
                base::Answer::Rest(_) => rests += 1,
            }
        }
    }
    println!("equal answers: {acts} act, {waits} wait, {rests} rest, of {} prospects", FLEET.base.len());
}

fn is_same(answer: base::Answer, decision: &Decision<'_>) -> bool {
    let is_same_action = |act: base::Act, channel: base::Channel, until: Option<i64>| {
        let is_same_act = match decision.action().map(Action::act) {
            Some(Act::Duty(Duty::Respond)) => act == base::Act::Respond,
            Some(Act::Touch(step)) => {
                matches!(act, base::Act::Step(nth) if step.id().as_str() == format!("step-{}", nth + 1))
            }
            _ => false,
        };
        let is_same_channel = matches!(
            (decision.action().map(Action::channel), channel),
            (Some(Channel::Phone), base::Channel::Phone) | (Some(Channel::Email), base::Channel::Email)
        );
        let due = until.map_or(Some(decision.now()), Instant::from_unix_seconds);
        is_same_act && is_same_channel && decision.due() == due
    };
    match (answer, decision.verdict()) {
        (base::Answer::Act { act, channel }, Verdict::Act(_)) => is_same_action(act, channel, None),
        (base::Answer::Wait { until, act, channel }, Verdict::Wait { .. }) => {
            is_same_action(act, channel, Some(until))
        }
        // The base does not tell an answer that is owed all the same from a refusal that ends it.
        (base::Answer::Rest(base::Rest::Refused), Verdict::Need(Need::Channel)) => true,
        (base::Answer::Rest(rest), Verdict::Rest(other)) => matches!(
            (rest, other),
            (base::Rest::Unstarted, Rest::Unstarted)
                | (base::Rest::NoSequence, Rest::NoSequence(_))
                // Where no answer can go the base says why, and the crate that they have said no.
                | (base::Rest::Declined | base::Rest::Refused | base::Rest::Unreachable, Rest::Declined(_))
                | (base::Rest::Finished, Rest::Finished)
                | (base::Rest::Unreachable, Rest::Blocked(Gate::Reach))
                | (base::Rest::Refused, Rest::Refused(_))
                | (base::Rest::Unpermitted, Rest::Blocked(Gate::Permission))
        ),
        _ => false,
    }
}

/// Something to be timed: what it does once, and how many of what it counts that is.
type Task<'a> = &'a mut dyn FnMut() -> usize;

/// Nanoseconds apiece of each task: the medians of rounds in which all take their turn.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
#[allow(clippy::cast_precision_loss, reason = "a duration of seconds and a count of millions are exact")]
fn medians<const N: usize>(mut tasks: [Task<'_>; N]) -> [f64; N] {
    let rounds = if is_smoke() { 5 } else { 15 };
    let mut taken: [Vec<f64>; N] = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for (task, taken) in tasks.iter_mut().zip(&mut taken) {
            let begun = std::time::Instant::now();
            let count = task();
            let elapsed: Duration = begun.elapsed();
            // The first round only warms up.
            if round > 0 {
                taken.push(elapsed.as_nanos() as f64 / count.max(1) as f64);
            }
        }
    }
    taken.map(|mut taken| {
        taken.sort_by(f64::total_cmp);
        taken.get(taken.len() / 2).copied().unwrap_or_default()
    })
}

fn base_over(prospects: &[base::Prospect], now: i64) -> usize {
    for prospect in prospects {
        black_box(&base::decide(&RULES, black_box(prospect), now));
    }
    prospects.len()
}

fn crate_over(playbook: &Playbook, people: &[(Prospect, Standing)], now: Instant) -> usize {
    for (prospect, standing) in people {
        black_box(&playbook.decide(black_box(prospect), black_box(standing), now));
    }
    people.len()
}

/// What a host keeps of one person: who it is, what happened, and what is under way.
type Kept = (Prospect, Standing, Pursuits);

fn kept(playbook: &Playbook, people: &[(Prospect, Standing)]) -> Vec<Kept> {
    let keep = |(prospect, standing): &(Prospect, Standing)| {
        (prospect.clone(), standing.clone(), playbook.pursuits(prospect, standing))
    };
    people.iter().map(keep).collect()
}

fn kept_over(playbook: &Playbook, people: &[Kept], now: Instant) -> usize {
    for (prospect, standing, pursuits) in people {
        black_box(&playbook.decide_from(black_box(prospect), black_box(standing), black_box(pursuits), now));
    }
    people.len()
}

fn compare() {
    let (at, now) = (fleet::PRESENT, *NOW);
    let (bases, all) = (FLEET.base.as_slice(), FLEET.people.as_slice());
    let (simple_kept, full_kept) = (kept(&SIMPLE, all), kept(&FULL, &EVENTFUL));
    let tenth = simple_kept.get(..all.len() / 10).unwrap_or_default();
    let [base, simple, full, small, alone, full_alone] = medians([
        &mut || base_over(bases, at),
        &mut || kept_over(&SIMPLE, &simple_kept, now),
        &mut || kept_over(&FULL, &full_kept, now),
        &mut || (0..10).map(|_| kept_over(&SIMPLE, tenth, now)).sum(),
        &mut || crate_over(&SIMPLE, all, now),
        &mut || crate_over(&FULL, &EVENTFUL, now),
    ]);
    println!(
        "ratio base/followup: {:.2} (base {base:.0} ns, followup {simple:.0} ns from what a host keeps, same run)",
        base / simple
    );
    println!("ratio base/followup, every rule: {:.2} (followup {full:.0} ns, same run)", base / full);
    println!(
        "ratio base/followup, from the standing alone: {:.2} ({alone:.0} ns), every rule: {:.2} ({full_alone:.0} ns)",
        base / alone,
        base / full_alone
    );
    println!(
        "fleet of {} against {}: {:.2} ({simple:.0} ns, {small:.0} ns)",
        all.len(),
        tenth.len(),
        simple / small
    );

    let past = fleet::with_past(256, 1_000).expect("a fleet");
    for (prospect, short, long) in &past {
        let (short, long) = (SIMPLE.decide(prospect, short, now), SIMPLE.decide(prospect, long, now));
        assert_eq!(short.verdict().word(), long.verdict().word(), "an old past changes nothing");
        assert_eq!(short.due(), long.due(), "an old past changes nothing");
    }
    let (shorts, longs): (Vec<_>, Vec<_>) =
        past.into_iter().map(|(prospect, short, long)| ((prospect.clone(), short), (prospect, long))).unzip();
    let (shorts, longs) = (kept(&SIMPLE, &shorts), kept(&SIMPLE, &longs));
    let repeat = if is_smoke() { 1 } else { 100 };
    let [short, long] =
        medians([&mut || (0..repeat).map(|_| kept_over(&SIMPLE, &shorts, now)).sum(), &mut || {
            (0..repeat).map(|_| kept_over(&SIMPLE, &longs, now)).sum()
        }]);
    println!("history of 1000 events against 10: {:.2} ({long:.0} ns, {short:.0} ns)", long / short);

    let few = all.len().min(3_000);
    let (some_bases, some) = (bases.get(..few).unwrap_or_default(), all.get(..few).unwrap_or_default());
    let some_kept = simple_kept.get(..few).unwrap_or_default();
    let [plan, base, simple, explained] = medians([
        &mut || some.iter().map(|one| planned(one, now)).sum(),
        &mut || base_over(some_bases, at),
        &mut || kept_over(&SIMPLE, some_kept, now),
        &mut || {
            for (prospect, standing) in some {
                let decision = SIMPLE.decide(prospect, standing, now);
                black_box(&decision.explanation());
            }
            some.len()
        },
    ]);
    println!(
        "fleet of {few}, ratio base/followup: {:.2} (base {base:.0} ns, followup {simple:.0} ns)",
        base / simple
    );
    println!("plan: {plan:.0} ns an entry (base {base:.0} ns for one decision)");
    println!("decision with explanation: {explained:.0} ns");
    sizes(some_kept);
    growth::report([("same rules", &SIMPLE), ("every rule", &FULL)], if is_smoke() { 100 } else { 1_000 });
}

/// The entries of the plan for one person.
fn planned((prospect, standing): &(Prospect, Standing), now: Instant) -> usize {
    let plan = SIMPLE.plan(prospect, standing, now, Assumption::Silence, 20);
    black_box(&plan).entries().len()
}

/// What there is to keep of one person, heap included, and what a decision allocates.
fn sizes(kept: &[Kept]) {
    let nine: Vec<_> = FLEET
        .base
        .iter()
        .zip(kept)
        .filter(|(base, _)| base.events.len() == 9)
        .map(|(_, kept)| kept)
        .collect();
    let heap = |copy: &mut dyn FnMut()| {
        let measured = allocation_counter::measure(copy);
        usize::try_from(measured.bytes_current).expect("a copy that is kept frees nothing")
            / nine.len().max(1)
    };
    let (mut standings, mut pursuits) = (Vec::with_capacity(nine.len()), Vec::with_capacity(nine.len()));
    let of_standings = heap(&mut || standings.extend(nine.iter().map(|(_, standing, _)| standing.clone())));
    let of_pursuits = heap(&mut || pursuits.extend(nine.iter().map(|(.., pursuits)| pursuits.clone())));
    println!(
        "nine events: the standing takes {} + {of_standings} bytes, what is under way {} + {of_pursuits}",
        size_of::<Standing>(),
        size_of::<Pursuits>(),
    );
    let allocating = kept.iter().filter(|(prospect, standing, pursuits)| {
        let decide = || {
            black_box(&SIMPLE.decide_from(prospect, standing, pursuits, *NOW));
        };
        allocation_counter::measure(decide).count_total > 0
    });
    println!("decisions that allocate: {} of {}", allocating.count(), kept.len());
}

/// One decision after the other, over a whole fleet and again.
fn each<T: Sync>(bencher: Bencher<'_, '_>, fleet: &[T], mut decide: impl FnMut(&T)) {
    let mut turns = fleet.iter().cycle();
    bencher.bench_local(|| {
        if let Some(turn) = turns.next() {
            decide(black_box(turn));
        }
    });
}

#[divan::bench(sample_size = 1_000)]
fn base_decide(bencher: Bencher<'_, '_>) {
    let now = fleet::PRESENT;
    each(bencher, &FLEET.base, |prospect| {
        black_box(&base::decide(&RULES, prospect, now));
    });
}

#[divan::bench(sample_size = 1_000)]
fn decide(bencher: Bencher<'_, '_>) {
    each(bencher, &FLEET.people, |(prospect, standing)| {
        black_box(&SIMPLE.decide(prospect, standing, *NOW));
    });
}

#[divan::bench(sample_size = 1_000)]
fn decide_with_explanation(bencher: Bencher<'_, '_>) {
    each(bencher, &FLEET.people, |(prospect, standing)| {
        let decision = SIMPLE.decide(prospect, standing, *NOW);
        black_box(&decision.explanation());
    });
}

#[divan::bench(sample_size = 1_000)]
fn decide_with_every_rule(bencher: Bencher<'_, '_>) {
    each(bencher, &EVENTFUL, |(prospect, standing)| {
        black_box(&FULL.decide(prospect, standing, *NOW));
    });
}

#[divan::bench(sample_size = 1_000)]
fn fold_of_a_history(bencher: Bencher<'_, '_>) {
    let names = Names::new().expect("valid names");
    let event = |event: &base::Event| names.event(event, false).expect("in range");
    let nine = FLEET.base.iter().find(|one| one.events.len() == 9).expect("somebody has nine events");
    let events: Vec<Event> = nine.events.iter().map(event).collect();
    bencher.with_inputs(|| events.clone()).bench_local_values(History::try_from);
}

#[divan::bench(sample_size = 1_000)]
fn plan_of_seven_steps(bencher: Bencher<'_, '_>) {
    let most =
        FLEET.people.iter().take(1_000).max_by_key(|one| planned(one, *NOW)).expect("a fleet has people");
    bencher.bench_local(|| planned(black_box(most), *NOW));
}

#[divan::bench(args = [10, 100, 1_000], sample_size = 1_000)]
fn decide_after_events(bencher: Bencher<'_, '_>, length: u32) {
    let past = fleet::with_past(256, length).expect("a fleet");
    each(bencher, &past, |(prospect, _, standing)| {
        black_box(&SIMPLE.decide(prospect, standing, *NOW));
    });
}
