use crate::helper::Helper;

/// Runs every task on a thread of its own while the caller does `own`; returns when all have ended. A task for which no thread
/// can be started is dropped unrun, so tasks must be help that `own` can do without. A panic in a task is the caller's.
pub fn run_beside<'scope, R>(
    tasks: impl IntoIterator<Item = impl FnOnce() + Send + 'scope>,
    own: impl FnOnce() -> R,
) -> R {
    beside(&mut tasks.into_iter().map(|task| Box::new(task) as Task<'scope>).collect(), own)
}

type Task<'scope> = Box<dyn FnOnce() + Send + 'scope>;

fn beside<'scope, R>(tasks: &mut Vec<Task<'scope>>, own: impl FnOnce() -> R) -> R {
    let Some(task) = tasks.pop() else { return own() };
    match Helper::take() {
        Some(helper) => helper.help(task, || beside(tasks, own)),
        None => beside(tasks, own),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, Mutex};
    use std::thread::{self, ThreadId};

    use super::*;

    #[test]
    fn every_task_runs_on_a_thread_of_its_own_beside_the_caller() {
        let all_meet = Barrier::new(4);
        let threads = Mutex::new(HashSet::new());
        let arrive = || {
            all_meet.wait();
            threads.lock().unwrap().insert(thread::current().id());
        };
        run_beside([arrive, arrive, arrive], arrive);
        assert_eq!(threads.lock().unwrap().len(), 4);
    }

    #[test]
    fn all_tasks_have_ended_when_it_returns() {
        let ended = AtomicUsize::new(0);
        let slow = || {
            thread::sleep(std::time::Duration::from_millis(20));
            ended.fetch_add(1, Ordering::Relaxed);
        };
        assert_eq!(run_beside([slow, slow], || 7), 7);
        assert_eq!(ended.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn nothing_to_help_with_is_the_callers_own_work_alone() {
        let none: [fn(); 0] = [];
        let here: ThreadId = run_beside(none, || thread::current().id());
        assert_eq!(here, thread::current().id());
    }

    #[test]
    fn a_panic_in_a_task_is_the_callers_and_later_tasks_find_a_thread() {
        for _ in 0..3 {
            let caught = catch_unwind(AssertUnwindSafe(|| run_beside([|| panic!("on purpose")], || ())));
            assert!(caught.is_err());
        }
        let ran = AtomicUsize::new(0);
        let run = || {
            ran.fetch_add(1, Ordering::Relaxed);
        };
        run_beside([run], || ());
        assert_eq!(ran.load(Ordering::Relaxed), 1);
    }
}
