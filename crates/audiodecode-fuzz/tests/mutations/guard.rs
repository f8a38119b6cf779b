use std::cell::Cell;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use audiodecode_fuzz::check;

use crate::memory;

/// An input that takes longer than this, twice, is a failure. All of them together take milliseconds.
const LONGEST: Duration = Duration::from_secs(2);
/// A hang cannot be stopped from outside: the process ends and says which input it was.
const HANGS: Duration = Duration::from_secs(30);
/// Memory beside what is proportional to the decoded signal.
const MOST_BYTES: usize = 24 << 20;
/// Several copies of the signal live at once while they are compared, and vectors grow by doubling.
const COPIES: u64 = 8;

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// Runs inputs under limits of time and memory, and tells which one it was when a panic or a hang ends the run.
pub(crate) struct Guard {
    name: &'static str,
    running: Arc<Mutex<Option<(u64, Instant)>>>,
}

impl Guard {
    pub(crate) fn new(name: &'static str) -> Self {
        count_panics();
        let running = Arc::new(Mutex::new(None::<(u64, Instant)>));
        let watched = Arc::downgrade(&running);
        std::thread::spawn(move || {
            while let Some(running) = watched.upgrade() {
                let now = *running.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((seed, since)) = now
                    && since.elapsed() > HANGS
                {
                    eprintln!("{name}, seed {seed} does not end");
                    std::process::abort();
                }
                drop(running);
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        Self { name, running }
    }

    /// The outcome of one input, or what is wrong with it. A panic is not caught; its seed is printed.
    pub(crate) fn check(&self, bytes: &[u8], seed: u64) -> Result<String, String> {
        let first = self.once(bytes, seed);
        // The machine may have been busy with something else, and lazily made tables stay; neither happens twice.
        if first.is_err() { self.once(bytes, seed) } else { first }
    }

    fn once(&self, bytes: &[u8], seed: u64) -> Result<String, String> {
        let _told = TellSeed(self.name, seed);
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some((seed, Instant::now()));
        let panics = PANICS.get();
        let started = Instant::now();
        let (checked, memory) = memory::measure(|| check(bytes, seed));
        let took = started.elapsed();
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let checked = checked?;
        if PANICS.get() > panics {
            return Err("a panic was caught inside".to_owned());
        }
        if took > LONGEST {
            return Err(format!("took {took:?}"));
        }
        let most = MOST_BYTES + (COPIES * checked.output_bytes) as usize + 2 * bytes.len();
        if memory.peak > most {
            let output = checked.output_bytes;
            return Err(format!("held {} bytes for {output} bytes of samples", memory.peak));
        }
        // The outcome's own text is still there.
        if memory.kept > 256 {
            return Err(format!("{} bytes were never given back", memory.kept));
        }
        Ok(checked.outcome)
    }
}

struct TellSeed(&'static str, u64);

impl Drop for TellSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}, seed {} panicked", self.0, self.1);
        }
    }
}

/// Panics of this repository's code are bugs, caught or not. Those of the decoders it uses may be caught.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let ours = info.location().is_some_and(|place| place.file().contains("crates/audiodecode"));
            PANICS.set(PANICS.get() + u32::from(ours));
            if ours {
                before(info);
            }
        }));
    });
}
