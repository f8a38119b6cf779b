//! Where a helping thread runs. Everywhere but on Linux the system's own choice stands.

#[cfg(target_os = "linux")]
pub(crate) use linux::HelperPlace;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::HelperPlace;

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::{Arc, OnceLock};

    use rustix::thread::{Pid, gettid, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// Knows a thread, so that it can be moved. Clones mean the same thread.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct HelperPlace(Arc<OnceLock<Pid>>);

    impl HelperPlace {
        /// The thread is the one that calls this.
        pub(crate) fn set_to_current(&self) {
            // Set once, by the thread itself.
            let _ = self.0.set(gettid());
        }

        /// Moves the thread away from the processor that the caller runs on, if it waits there; it may run anywhere afterwards.
        ///
        /// In a virtual machine Linux takes an idle processor for one that the host has taken away (`vcpu_is_preempted`) and wakes
        /// the thread beside the one that woke it, where it waits for milliseconds until the load is balanced: longer than the
        /// work on a short range lasts. Helping from the same processor is no help, so that any other one is better.
        pub(crate) fn leave_current_cpu(&self) {
            let Some(&thread) = self.0.get() else { return };
            let Ok(allowed) = sched_getaffinity(Some(thread)) else { return };
            let mut elsewhere = allowed;
            elsewhere.unset(sched_getcpu());
            if elsewhere.count() > 0 && sched_setaffinity(Some(thread), &elsewhere).is_ok() {
                let _ = sched_setaffinity(Some(thread), &allowed);
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::sync::mpsc::channel;
        use std::thread;

        use super::*;

        #[test]
        fn a_thread_that_was_moved_may_run_where_it_might_before() {
            let (place, (ready, is_ready), (end, ended)) =
                (HelperPlace::default(), channel(), channel::<()>());
            let own = place.clone();
            let thread = thread::spawn(move || {
                own.set_to_current();
                ready.send(gettid()).unwrap();
                let _ = ended.recv();
            });
            let tid = is_ready.recv().unwrap();
            let before = sched_getaffinity(Some(tid)).unwrap();
            place.leave_current_cpu();
            assert_eq!(sched_getaffinity(Some(tid)).unwrap(), before);
            drop(end);
            thread.join().unwrap();
        }

        #[test]
        fn a_thread_that_was_never_started_is_left_alone() {
            HelperPlace::default().leave_current_cpu();
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    /// Knows nothing.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct HelperPlace;

    impl HelperPlace {
        pub(crate) fn set_to_current(&self) {}

        pub(crate) fn leave_current_cpu(&self) {}
    }
}
