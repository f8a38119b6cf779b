use std::sync::{Arc, Mutex, PoisonError};

use crate::convolver::Convolver;
use crate::segments::Segments;

/// The convolvers used last, the latest one first: a folder of short files sets the filter up once.
static RECENT: Mutex<Vec<Arc<Convolver>>> = Mutex::new(Vec::new());

const MAX_RECENT: usize = 8;

/// Points of both transforms, which keeps what is kept below 8 MB. Usual rates need a tenth of it.
const MAX_POINTS: usize = 1 << 16;

/// The convolver of the segments, which is a new one where none was used lately.
pub(crate) fn convolver(segments: &Segments) -> Arc<Convolver> {
    if let Some(found) = recall(segments) {
        return found;
    }
    // Made while nobody waits for the list; threads that need the same at once may each make it.
    let made = Arc::new(Convolver::new(*segments));
    if segments.input.points() + segments.output.points() <= MAX_POINTS {
        let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        recent.truncate(MAX_RECENT - 1);
        recent.insert(0, Arc::clone(&made));
    }
    made
}

fn recall(segments: &Segments) -> Option<Arc<Convolver>> {
    let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    let at = recent.iter().position(|convolver| convolver.segments() == segments)?;
    recent[..=at].rotate_right(1);
    recent.first().cloned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::convolver;
    use crate::segments::Segments;

    #[test]
    fn rates_used_lately_share_one_and_few_are_kept() {
        // Nothing else in these tests uses such rates, and tests of one process share the list.
        let first = convolver(&Segments::new(7_001, 14_002).unwrap());
        let weak = Arc::downgrade(&first);
        assert!(Arc::ptr_eq(&first, &convolver(&Segments::new(14_000, 28_000).unwrap())));
        drop(first);
        assert!(weak.upgrade().is_some());
        for rate in 1..=8 {
            convolver(&Segments::new(1_000, 31_000 + rate * 1_000).unwrap());
        }
        assert!(weak.upgrade().is_none());
    }

    #[test]
    fn huge_transforms_are_not_kept() {
        let weak = Arc::downgrade(&convolver(&Segments::new(44_101, 16_000).unwrap()));
        assert!(weak.upgrade().is_none());
    }
}
