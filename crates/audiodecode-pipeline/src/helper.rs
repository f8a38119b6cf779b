use std::sync::{Mutex, PoisonError};

use rayon_core::{Scope, ThreadPool, ThreadPoolBuilder};

use crate::helper_place::HelperPlace;

/// Decoders keep their tables on the heap; this is generous.
const STACK_BYTES: usize = 4 << 20;

/// Helpers that have nothing to do. There are as many in all as were ever busy at the same time, which budgets bound.
static IDLE: Mutex<Vec<Helper>> = Mutex::new(Vec::new());

/// A thread that waits for work between decodes: waking one takes a fiftieth of the time that starting one does.
///
/// A pool of one thread each, so that it is known which thread wakes up.
pub(crate) struct Helper {
    pool: ThreadPool,
    place: HelperPlace,
}

impl Helper {
    /// An idle one, or a new one. `None` when no thread can be started.
    pub(crate) fn take() -> Option<Self> {
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop().or_else(Self::start)
    }

    fn start() -> Option<Self> {
        let place = HelperPlace::default();
        let own = place.clone();
        let pool = ThreadPoolBuilder::new()
            .num_threads(1)
            .stack_size(STACK_BYTES)
            .thread_name(|_| "audiodecode-help".to_owned())
            .start_handler(move |_| own.set_to_current())
            .build();
        Some(Self { pool: pool.ok()?, place })
    }

    /// Runs `task` while the caller does `own`; returns when both have ended.
    pub(crate) fn help<'scope, R>(
        self,
        task: Box<dyn FnOnce() + Send + 'scope>,
        own: impl FnOnce() -> R,
    ) -> R {
        let result = self.pool.in_place_scope(|scope: &Scope<'scope>| {
            scope.spawn(|_| task());
            self.place.leave_current_cpu();
            own()
        });
        // After a panic it is not kept.
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
        result
    }
}
