//! One range on several threads.
#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

mod common;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use audiodecode_pipeline::{
    CancelFlag, Chain, Damage, DecodeRequest, Decoded, Error, ErrorKind, OnDamage, PcmSource, Result,
    SourceInfo, Split, ThreadBudget, decode, decode_parallel,
};
use common::MemorySource;

const FRAMES: usize = 100_000;
const SPLIT: Split = Split { threads: 4, min_part_frames: 1000 };

/// Threads that are idle, as long as there are some.
#[derive(Debug)]
struct Idle {
    left: AtomicUsize,
    contended: AtomicBool,
}

impl Idle {
    fn of(threads: usize) -> Self {
        Self { left: AtomicUsize::new(threads), contended: AtomicBool::new(false) }
    }
}

impl ThreadBudget for Idle {
    fn borrow(&self, wanted: usize) -> usize {
        let lent = wanted.min(self.left.load(Ordering::SeqCst));
        self.left.fetch_sub(lent, Ordering::SeqCst);
        lent
    }

    fn give_back(&self, threads: usize) {
        self.left.fetch_add(threads, Ordering::SeqCst);
    }

    fn is_contended(&self) -> bool {
        self.contended.load(Ordering::SeqCst)
    }
}

/// What forks of a source do differently from it.
#[derive(Clone, Default)]
struct Forks {
    /// Frames that they hold; all by default.
    short_of: usize,
    fail: bool,
    panic: bool,
    cancel: Option<CancelFlag>,
    /// Every part waits until this many threads have one.
    meet: usize,
    threads: Arc<Mutex<HashSet<ThreadId>>>,
    parts: Arc<AtomicUsize>,
    /// Reads of the source itself: what was done again, or never divided.
    own_reads: Arc<AtomicUsize>,
}

/// Makes a signal that knows its place.
fn source(damage: &[(u64, u64)]) -> MemorySource {
    let plane = |scale: f32| (0..FRAMES).map(|frame| (frame as f32 * scale).sin()).collect();
    let whole = MemorySource::new(44_100, vec![plane(0.01), plane(0.013)]);
    damage.iter().fold(whole, |source, &(start, end)| source.damaged(start, end, "noise"))
}

struct Forkable {
    inner: MemorySource,
    forks: Forks,
    is_fork: bool,
    damage: Vec<(u64, u64)>,
}

fn forkable(damage: &[(u64, u64)], forks: &Forks) -> Box<dyn PcmSource> {
    Box::new(Forkable {
        inner: source(damage),
        forks: forks.clone(),
        is_fork: false,
        damage: damage.to_vec(),
    })
}

impl PcmSource for Forkable {
    fn info(&self) -> &SourceInfo {
        self.inner.info()
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        if self.is_fork {
            assert!(!self.forks.panic, "on purpose");
            if self.forks.fail {
                return Err(Error::corrupt("on purpose"));
            }
            if let Some(flag) = &self.forks.cancel {
                flag.cancel();
            }
        } else {
            self.forks.own_reads.fetch_add(1, Ordering::SeqCst);
        }
        self.inner.read(out)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        if self.is_fork {
            self.forks.parts.fetch_add(1, Ordering::SeqCst);
            self.forks.threads.lock().unwrap().insert(thread::current().id());
            while self.forks.threads.lock().unwrap().len() < self.forks.meet {
                thread::yield_now();
            }
        }
        self.inner.seek(frame)
    }

    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        let mut inner = source(&self.damage);
        inner.planes.iter_mut().for_each(|plane| plane.truncate(FRAMES - self.forks.short_of));
        let (forks, damage) = (self.forks.clone(), self.damage.clone());
        Ok(Some(Box::new(Self { inner, forks, is_fork: true, damage })))
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        self.inner.drain_damage()
    }

    fn truncated(&self) -> bool {
        false
    }

    fn scan(&mut self) -> Result<()> {
        Ok(())
    }
}

fn run(
    source: Box<dyn PcmSource>,
    request: &DecodeRequest,
    budget: Option<&Idle>,
) -> Result<(Vec<f32>, Chain)> {
    let mut chain = Chain::new(source, request.clone())?;
    let plan = chain.plan();
    let mut out = vec![f32::NAN; plan.frames.unwrap() as usize * plan.channels as usize];
    let decoded = match budget {
        Some(budget) => decode_parallel(&mut chain, &mut out, SPLIT, budget)?,
        None => decode(&mut chain, Some(&mut out))?,
    };
    assert!(matches!(decoded, Decoded::Filled { .. }));
    Ok((out, chain))
}

fn assert_same(request: &DecodeRequest, damage: &[(u64, u64)], forks: &Forks, budget: &Idle) {
    let (one, chain) = run(source(damage).boxed(), request, None).unwrap();
    let (several, parallel) = run(forkable(damage, forks), request, Some(budget)).unwrap();
    assert_eq!(
        one.iter().map(|s| s.to_bits()).collect::<Vec<_>>(),
        several.iter().map(|s| s.to_bits()).collect::<Vec<_>>()
    );
    assert_eq!(chain.report(), parallel.report());
}

#[test]
fn several_threads_give_the_samples_and_the_report_of_one() {
    // Regions that lie inside a part, across the borders of several, next to each other, and at the ends.
    let damage = [(0, 10), (20_000, 20_001), (30_000, 80_000), (80_000, 80_500), (99_990, 100_000)];
    let whole = DecodeRequest::default();
    for request in [
        whole.clone(),
        DecodeRequest { mono: true, ..whole.clone() },
        DecodeRequest { sample_rate: Some(16_000), mono: true, ..whole.clone() },
        DecodeRequest {
            start_frame: 12_345,
            end_frame: Some(91_234),
            sample_rate: Some(48_000),
            ..whole.clone()
        },
        DecodeRequest { start_frame: 35_000, end_frame: Some(70_000), ..whole },
    ] {
        for damage in [&damage[..], &[]] {
            let forks = Forks { meet: 4, ..Forks::default() };
            let idle = Idle::of(3);
            assert_same(&request, damage, &forks, &idle);
            assert_eq!(forks.threads.lock().unwrap().len(), 4, "every thread had its part");
            assert_eq!(forks.own_reads.load(Ordering::SeqCst), 0, "nothing was done twice");
            assert_eq!(idle.left.load(Ordering::SeqCst), 3, "all were given back");
        }
    }
}

#[test]
fn without_an_idle_thread_the_source_is_not_forked() {
    let forks = Forks::default();
    assert_same(&DecodeRequest::default(), &[(5, 9)], &forks, &Idle::of(0));
    assert_eq!(forks.parts.load(Ordering::SeqCst), 0);
}

#[test]
fn what_forks_cannot_do_is_done_by_the_source_itself() {
    let short = Forks { short_of: 1, ..Forks::default() };
    assert_same(&DecodeRequest::default(), &[(5, 9)], &short, &Idle::of(3));
    let failing = Forks { fail: true, ..Forks::default() };
    assert_same(&DecodeRequest::default(), &[(5, 9)], &failing, &Idle::of(3));
}

#[test]
fn the_first_damage_is_the_error_when_damage_is_one() {
    let request = DecodeRequest { on_damage: OnDamage::Error, ..DecodeRequest::default() };
    let damage = [(40_000, 40_100), (90_000, 90_100)];
    let one = run(source(&damage).boxed(), &request, None).unwrap_err();
    let several = run(forkable(&damage, &Forks::default()), &request, Some(&Idle::of(3))).unwrap_err();
    assert_eq!((one.kind(), one.to_string()), (several.kind(), several.to_string()));
}

#[test]
fn cancelling_stops_every_thread_and_gives_all_back() {
    let cancel = CancelFlag::default();
    let request = DecodeRequest { cancel: cancel.clone(), ..DecodeRequest::default() };
    let forks = Forks { cancel: Some(cancel), ..Forks::default() };
    let idle = Idle::of(3);
    let error = run(forkable(&[], &forks), &request, Some(&idle)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(idle.left.load(Ordering::SeqCst), 3);
}

#[test]
fn a_thread_wanted_elsewhere_is_given_back_after_its_part() {
    let forks = Forks { meet: 2, ..Forks::default() };
    let idle = Idle::of(1);
    idle.contended.store(true, Ordering::SeqCst);
    assert_same(&DecodeRequest::default(), &[], &forks, &idle);
    assert!(forks.parts.load(Ordering::SeqCst) >= 2);
}

#[test]
fn a_panic_in_a_part_reaches_the_caller_and_leaves_no_thread_borrowed() {
    let idle = Idle::of(3);
    let forks = Forks { panic: true, ..Forks::default() };
    let result = catch_unwind(AssertUnwindSafe(|| {
        run(forkable(&[], &forks), &DecodeRequest::default(), Some(&idle)).map(|_| ())
    }));
    assert!(result.is_err());
    assert_eq!(idle.left.load(Ordering::SeqCst), 3);
}
