use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Result, ThreadBudget};

/// Decoders keep their tables on the heap; this is generous for the deepest container recursion.
const STACK_BYTES: usize = 4 << 20;

/// Whether a job was started or thrown out of the queue before its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Run,
    Abandoned,
}

type Work = Box<dyn FnOnce(Turn) + Send>;

struct Job {
    cancel: CancelFlag,
    work: Work,
}

struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
    /// Threads lent to jobs that run, so that they decode one file together.
    lent: usize,
    limit: usize,
    started: usize,
}

impl State {
    fn busy(&self) -> usize {
        self.threads - self.idle + self.lent
    }
}

/// A bounded set of threads, started when there is work. Node's own pool has four threads for every file and name lookup of
/// the process; a batch of decodes would starve them.
///
/// Threads wait for ever and are never joined: a process that returns from its main thread does not wait for them.
pub(crate) struct Pool {
    state: Mutex<State>,
    wake: Condvar,
}

impl Pool {
    fn new(limit: usize) -> Self {
        let state = State { queue: VecDeque::new(), threads: 0, idle: 0, lent: 0, limit, started: 0 };
        Self { state: Mutex::new(state), wake: Condvar::new() }
    }

    /// The pool of this addon, shared by all its environments.
    pub(crate) fn shared() -> &'static Self {
        static POOL: OnceLock<Pool> = OnceLock::new();
        POOL.get_or_init(|| Self::new(thread::available_parallelism().map_or(1, usize::from)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues work, which is called exactly once. Fails only when no thread at all can be started.
    pub(crate) fn spawn(&'static self, cancel: CancelFlag, work: Work) -> Result<()> {
        let mut state = self.lock();
        if state.idle <= state.queue.len() && state.threads < state.limit {
            let name = format!("audiodecode-{}", state.started);
            match thread::Builder::new().name(name).stack_size(STACK_BYTES).spawn(|| self.serve()) {
                Ok(_) => {
                    state.threads += 1;
                    state.started += 1;
                }
                Err(_) if state.threads > 0 => {}
                Err(error) => {
                    drop(state);
                    work(Turn::Abandoned);
                    return Err(Error::new(
                        ErrorKind::Io,
                        format!("cannot start a decoding thread: {error}"),
                    ));
                }
            }
        }
        state.queue.push_back(Job { cancel, work });
        // A thread that is at work looks into the queue before it waits again; telling nobody would be a call of the system too.
        let sleeps = state.idle > 0;
        drop(state);
        if sleeps {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Takes cancelled jobs out of the queue, so that they need not wait for the decodes before them.
    pub(crate) fn sweep(&self) {
        let mut state = self.lock();
        if !state.queue.iter().any(|job| job.cancel.is_cancelled()) {
            return;
        }
        let (cancelled, rest) = state.queue.drain(..).partition::<Vec<_>, _>(|job| job.cancel.is_cancelled());
        state.queue = rest.into();
        drop(state);
        for job in cancelled {
            run(job, Turn::Abandoned);
        }
    }

    fn set_limit(&self, limit: usize) {
        self.lock().limit = limit.max(1);
        self.wake.notify_all();
    }

    fn serve(&self) {
        let mut state = self.lock();
        loop {
            if state.threads > state.limit {
                state.threads -= 1;
                // The notification that woke this thread may have been meant for work.
                drop(state);
                self.wake.notify_one();
                return;
            }
            // This thread is no longer idle, so it counts as busy itself.
            if state.busy() <= state.limit
                && let Some(job) = state.queue.pop_front()
            {
                drop(state);
                let turn = if job.cancel.is_cancelled() { Turn::Abandoned } else { Turn::Run };
                run(job, turn);
                state = self.lock();
            } else {
                state.idle += 1;
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl ThreadBudget for Pool {
    fn borrow(&self, wanted: usize) -> usize {
        let mut state = self.lock();
        // Work that waits comes first.
        let free = state.limit.saturating_sub(state.busy() + state.queue.len());
        let lent = wanted.min(free);
        state.lent += lent;
        lent
    }

    fn give_back(&self, threads: usize) {
        self.lock().lent -= threads;
        self.wake.notify_all();
    }

    fn is_contended(&self) -> bool {
        !self.lock().queue.is_empty()
    }
}

/// A panic costs the job, never the thread.
fn run(job: Job, turn: Turn) {
    let _ = catch_unwind(AssertUnwindSafe(|| (job.work)(turn)));
}

/// Drops something on a pool thread: giving hundreds of megabytes back to the system takes milliseconds.
pub(crate) fn drop_elsewhere<T: Send + 'static>(value: T) {
    // When no thread can be had, the closure is dropped here, which is what there is left to do.
    let _ = Pool::shared().spawn(CancelFlag::default(), Box::new(move |_| drop(value)));
}

/// How many threads decode at the same time in this addon; at least 1. Running work is not interrupted. Default: the cores.
pub fn set_threads(threads: u32) {
    Pool::shared().set_limit(threads as usize);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Barrier};
    use std::time::Duration;

    use super::*;

    fn pool(limit: usize) -> &'static Pool {
        Box::leak(Box::new(Pool::new(limit)))
    }

    const SOON: Duration = Duration::from_secs(10);

    #[test]
    fn never_runs_more_jobs_at_once_than_its_limit() {
        let pool = pool(2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (done, results) = channel();
        for _ in 0..20 {
            let (now, most, done) = (now.clone(), most.clone(), done.clone());
            let work = move |_| {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(2));
                now.fetch_sub(1, Ordering::SeqCst);
                done.send(()).unwrap();
            };
            pool.spawn(CancelFlag::default(), Box::new(work)).unwrap();
        }
        for _ in 0..20 {
            results.recv_timeout(SOON).unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_panicking_job_leaves_its_thread_alive() {
        let pool = pool(1);
        pool.spawn(CancelFlag::default(), Box::new(|_| panic!("on purpose"))).unwrap();
        let (done, results) = channel();
        pool.spawn(CancelFlag::default(), Box::new(move |turn| done.send(turn).unwrap())).unwrap();
        assert_eq!(results.recv_timeout(SOON), Ok(Turn::Run));
        assert_eq!(pool.lock().started, 1);
    }

    #[test]
    fn a_sweep_abandons_cancelled_jobs_while_the_thread_is_busy() {
        let pool = pool(1);
        let gate = Arc::new(Barrier::new(2));
        let held = gate.clone();
        pool.spawn(
            CancelFlag::default(),
            Box::new(move |_| {
                held.wait();
            }),
        )
        .unwrap();
        let (done, results) = channel();
        let cancel = CancelFlag::default();
        let other = done.clone();
        pool.spawn(cancel.clone(), Box::new(move |turn| done.send(("cancelled", turn)).unwrap())).unwrap();
        pool.spawn(CancelFlag::default(), Box::new(move |turn| other.send(("kept", turn)).unwrap())).unwrap();
        cancel.cancel();
        pool.sweep();
        assert_eq!(results.recv_timeout(SOON), Ok(("cancelled", Turn::Abandoned)));
        gate.wait();
        assert_eq!(results.recv_timeout(SOON), Ok(("kept", Turn::Run)));
    }

    #[test]
    fn a_lower_limit_ends_spare_threads_and_loses_no_work() {
        let pool = pool(4);
        let (done, results) = channel();
        let send = |count: usize| {
            for _ in 0..count {
                let done = done.clone();
                pool.spawn(CancelFlag::default(), Box::new(move |_| done.send(()).unwrap())).unwrap();
            }
            for _ in 0..count {
                results.recv_timeout(SOON).unwrap();
            }
        };
        send(50);
        pool.set_limit(1);
        send(50);
        assert_eq!(pool.lock().threads, 1);
    }
}
