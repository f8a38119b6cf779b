use std::sync::{Arc, Mutex, PoisonError};

use crate::convolver::Convolver;
use crate::segments::Segments;

const MAX_RECENT: usize = 8;

/// Points of both transforms, which keeps what is kept below 8 MB. Usual rates need a tenth of it.
const MAX_POINTS: usize = 1 << 16;

/// The convolver of the segments, which is a new one where the process has used none lately: a folder of short files sets the
/// filter up once.
pub(crate) fn convolver(segments: &Segments) -> Arc<Convolver> {
    static CACHE: ConvolverCache = ConvolverCache::new();
    CACHE.get(segments)
}

/// The convolvers used last, the latest one first.
struct ConvolverCache {
    recent: Mutex<Vec<Arc<Convolver>>>,
}

impl ConvolverCache {
    const fn new() -> Self {
        Self { recent: Mutex::new(Vec::new()) }
    }

    fn get(&self, segments: &Segments) -> Arc<Convolver> {
        if let Some(found) = self.recall(segments) {
            return found;
        }
        // Made while nobody waits for the list; threads that need the same at once may each make it.
        let made = Arc::new(Convolver::new(*segments));
        if segments.input.points() + segments.output.points() <= MAX_POINTS {
            let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.truncate(MAX_RECENT - 1);
            recent.insert(0, Arc::clone(&made));
        }
        made
    }

    fn recall(&self, segments: &Segments) -> Option<Arc<Convolver>> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let at = recent.iter().position(|convolver| convolver.segments() == segments)?;
        recent[..=at].rotate_right(1);
        recent.first().cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{ConvolverCache, MAX_RECENT};
    use crate::segments::Segments;

    #[test]
    fn rates_of_one_ratio_share_a_convolver_while_few_others_are_used() {
        let cache = ConvolverCache::new();
        let get = |input, output| cache.get(&Segments::new(input, output).unwrap());
        let weak = Arc::downgrade(&get(8_000, 16_000));
        // Used again and again, it stays, and the others make room.
        for rate in 17..40 {
            get(1_000, rate * 1_000);
            assert!(weak.ptr_eq(&Arc::downgrade(&get(24_000, 48_000))));
            assert!(cache.recent.lock().unwrap().len() <= MAX_RECENT);
        }
        (1..=MAX_RECENT as u32).for_each(|rate| drop(get(1_000, 40_000 + rate * 1_000)));
        assert!(weak.upgrade().is_none());
    }

    #[test]
    fn huge_transforms_are_not_kept() {
        let cache = ConvolverCache::new();
        let weak = Arc::downgrade(&cache.get(&Segments::new(44_101, 16_000).unwrap()));
        assert!(weak.upgrade().is_none());
    }
}
