use std::time::{Duration, Instant};

use audiodecode_fuzz::TARGETS;

/// Files for each container when nobody asks for more.
const USUAL: u64 = 150;

/// Which seeds to run.
pub(crate) struct Budget {
    first: u64,
    /// So many, or as many as fit into this time.
    count: Option<u64>,
    time: Duration,
    single: bool,
}

impl Budget {
    pub(crate) fn from_env() -> Self {
        let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
        if let Some(seed) = number("AUDIODECODE_FUZZ_SEED") {
            return Self { first: seed, count: Some(1), time: Duration::MAX, single: true };
        }
        let first = number("AUDIODECODE_FUZZ_START").unwrap_or(0);
        let Some(seconds) = number("AUDIODECODE_FUZZ_SECONDS") else {
            return Self { first, count: Some(USUAL), time: Duration::MAX, single: false };
        };
        // As many containers at a time as there are cores, as the test harness runs them.
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let time = Duration::from_secs(seconds) * cores.min(TARGETS.len()) as u32 / TARGETS.len() as u32;
        Self { first, count: None, time, single: false }
    }

    pub(crate) fn seeds(&self) -> impl Iterator<Item = u64> {
        let (started, time) = (Instant::now(), self.time);
        let end = self.count.map_or(u64::MAX, |count| self.first + count);
        (self.first..end).take_while(move |_| started.elapsed() < time)
    }

    /// Whether this is the run of every day.
    pub(crate) fn is_usual(&self) -> bool {
        self.count == Some(USUAL)
    }

    pub(crate) fn is_single(&self) -> bool {
        self.single
    }
}
