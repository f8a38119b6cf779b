//! Threads that do one job together and meet between its parts: some microseconds of work each, for which waking a thread would take too
//! long.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Turns of waiting, some microseconds together, before a thread lets others run.
const SPINS: u32 = 2_000;
/// Turns before a helper without a job sleeps: the pause between two tokens is shorter.
const TURNS: u32 = SPINS + 300;

type Job<'a> = dyn Fn(&Member<'_>) + Sync + 'a;

/// A job that stays valid until all have done it.
#[derive(Clone, Copy)]
struct JobPointer(*const Job<'static>);
// SAFETY: what it points to is `Sync`, and `Team::run` sees to it that it outlives its use.
unsafe impl Send for JobPointer {}

struct Control {
    /// Members of the team.
    count: usize,
    /// Those that have come to the meeting that is next.
    arrived: AtomicUsize,
    /// Meetings so far.
    round: AtomicUsize,
    /// Whether a member panicked in this job.
    broken: AtomicBool,
    /// Helpers that are not done with the job.
    working: AtomicUsize,
    /// Jobs so far; changed while `job` is locked.
    jobs: AtomicUsize,
    job: Mutex<Option<JobPointer>>,
    wake: Condvar,
    ended: AtomicBool,
}

/// The calling thread and helpers that do jobs with it. Helpers end when it is dropped.
pub(crate) struct Team {
    control: Arc<Control>,
    helpers: Vec<JoinHandle<()>>,
}

/// A thread that takes part in a job.
pub(crate) struct Member<'a> {
    control: &'a Control,
    /// From 0 on.
    pub(crate) index: usize,
}

impl Member<'_> {
    /// Its part of `count` pieces of work.
    #[inline(always)]
    pub(crate) fn part(&self, count: usize) -> std::ops::Range<usize> {
        let members = self.control.count;
        self.index * count / members..(self.index + 1) * count / members
    }

    /// Waits until all members are here. What each wrote before, all may read after.
    #[inline(always)]
    pub(crate) fn meet(&self) {
        if self.control.count > 1 {
            self.control.meet();
        }
    }
}

impl Control {
    fn new(count: usize) -> Arc<Self> {
        Arc::new(Self {
            count,
            arrived: AtomicUsize::new(0),
            round: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
            working: AtomicUsize::new(0),
            jobs: AtomicUsize::new(0),
            job: Mutex::new(None),
            wake: Condvar::new(),
            ended: AtomicBool::new(false),
        })
    }

    fn meet(&self) {
        let round = self.round.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.count {
            self.arrived.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return;
        }
        let mut turns = 0;
        while self.round.load(Ordering::Acquire) == round {
            assert!(!self.broken.load(Ordering::Acquire), "another thread of the decoder failed");
            pause(&mut turns);
        }
    }

    /// Takes part in a job; a panic is told to those who wait for this member.
    fn take_part(&self, index: usize, job: &Job<'_>) -> std::thread::Result<()> {
        let done = catch_unwind(AssertUnwindSafe(|| job(&Member { control: self, index })));
        if done.is_err() {
            self.broken.store(true, Ordering::Release);
        }
        done
    }

    fn lock(&self) -> MutexGuard<'_, Option<JobPointer>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a helper does.
    fn help(&self, index: usize) {
        let mut seen = 0;
        while let Some(job) = self.next_job(&mut seen) {
            // SAFETY: `Team::run` waits for `working` to be 0 before what it points to ends.
            let _ = self.take_part(index, unsafe { &*job.0 });
            self.working.fetch_sub(1, Ordering::Release);
        }
    }

    /// Waits for a job after the `seen`th; none when the team ends.
    fn next_job(&self, seen: &mut usize) -> Option<JobPointer> {
        let mut turns = 0;
        while self.jobs.load(Ordering::Acquire) == *seen && turns < TURNS {
            pause(&mut turns);
        }
        let mut job = self.lock();
        while self.jobs.load(Ordering::Acquire) == *seen && !self.ended.load(Ordering::Acquire) {
            job = self.wake.wait(job).unwrap_or_else(PoisonError::into_inner);
        }
        if self.ended.load(Ordering::Acquire) {
            return None;
        }
        *seen = self.jobs.load(Ordering::Acquire);
        *job
    }
}

fn pause(turns: &mut u32) {
    *turns += 1;
    if *turns < SPINS {
        std::hint::spin_loop();
    } else {
        std::thread::yield_now();
    }
}

impl Team {
    /// A team of so many threads, the calling one among them; of that one alone where the system has no more.
    pub(crate) fn new(threads: usize) -> Self {
        let mut team = Self { control: Control::new(threads.max(1)), helpers: Vec::new() };
        for index in 1..threads {
            let control = Arc::clone(&team.control);
            let thread = std::thread::Builder::new().name(format!("whisper-{index}"));
            match thread.spawn(move || control.help(index)) {
                Ok(helper) => team.helpers.push(helper),
                // Meetings would wait for those that are missing.
                Err(_) => return Self { control: Control::new(1), helpers: Vec::new() },
            }
        }
        team
    }

    /// How many take part.
    pub(crate) fn members(&self) -> usize {
        self.control.count
    }

    /// Does a job with all members; returns once each has done it. Panics when one did.
    pub(crate) fn run(&mut self, job: &Job<'_>) {
        let control = &*self.control;
        let helpers = control.count - 1;
        if helpers > 0 {
            // SAFETY: only the lifetime changes; below, all helpers are waited for before `job` ends.
            let pointer =
                JobPointer(unsafe { std::mem::transmute::<*const Job<'_>, *const Job<'static>>(job) });
            control.working.store(helpers, Ordering::Relaxed);
            let mut next = control.lock();
            *next = Some(pointer);
            control.jobs.fetch_add(1, Ordering::Release);
            drop(next);
            control.wake.notify_all();
        }
        let done = control.take_part(0, job);
        let mut turns = 0;
        while control.working.load(Ordering::Acquire) > 0 {
            pause(&mut turns);
        }
        let broken = control.broken.swap(false, Ordering::AcqRel);
        control.arrived.store(0, Ordering::Release);
        if let Err(panic) = done {
            resume_unwind(panic);
        }
        assert!(!broken, "a thread of the decoder failed");
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        let job = self.control.lock();
        self.control.ended.store(true, Ordering::Release);
        drop(job);
        self.control.wake.notify_all();
        for helper in self.helpers.drain(..) {
            // Its panics were told by `run`.
            let _ = helper.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_see_what_others_wrote_before_they_met() {
        let mut team = Team::new(3);
        for _ in 0..50 {
            let written: Vec<AtomicUsize> = (0..3).map(|_| AtomicUsize::new(0)).collect();
            let seen: Vec<AtomicUsize> = (0..3).map(|_| AtomicUsize::new(0)).collect();
            team.run(&|member| {
                for round in 1..=20 {
                    written[member.index].store(round, Ordering::Relaxed);
                    member.meet();
                    let least = written.iter().map(|each| each.load(Ordering::Relaxed)).min();
                    seen[member.index].fetch_add(usize::from(least == Some(round)), Ordering::Relaxed);
                    member.meet();
                }
            });
            assert!(seen.iter().all(|each| each.load(Ordering::Relaxed) == 20));
        }
    }

    #[test]
    fn parts_are_all_of_the_work() {
        let mut team = Team::new(4);
        let done: Vec<AtomicUsize> = (0..10).map(|_| AtomicUsize::new(0)).collect();
        team.run(&|member| {
            for index in member.part(10) {
                done[index].fetch_add(1, Ordering::Relaxed);
            }
        });
        assert!(done.iter().all(|each| each.load(Ordering::Relaxed) == 1));
    }

    #[test]
    fn a_panic_of_any_member_ends_the_job_and_the_next_one_works() {
        let mut team = Team::new(2);
        for bad in 0..2 {
            let failed = catch_unwind(AssertUnwindSafe(|| {
                team.run(&|member| {
                    assert!(member.index != bad, "on purpose");
                    member.meet();
                });
            }));
            assert!(failed.is_err());
            let count = AtomicUsize::new(0);
            team.run(&|member| {
                member.meet();
                count.fetch_add(1, Ordering::Relaxed);
            });
            assert_eq!(count.into_inner(), 2);
        }
    }

    #[test]
    fn a_team_of_one_needs_nobody() {
        let count = AtomicUsize::new(0);
        Team::new(1).run(&|member| {
            member.meet();
            count.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(count.into_inner(), 1);
    }
}
