use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use audiodecode_pipeline::CancelFlag;
use napi::Env;

use crate::pool::Pool;

thread_local! {
    // A Node environment lives on one thread.
    static CURRENT: RefCell<Option<Arc<Loans>>> = const { RefCell::new(None) };
}

/// Memory of one environment that native threads use. When the environment goes (a worker is terminated, the process
/// exits), its memory goes with it: the work is cancelled and waited for.
#[derive(Default)]
pub(crate) struct Loans {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    next: u64,
    open: HashMap<u64, CancelFlag>,
}

impl Loans {
    /// Those of the environment of this thread.
    pub(crate) fn of(env: &Env) -> napi::Result<Arc<Self>> {
        CURRENT.with(|current| {
            if let Some(loans) = &*current.borrow() {
                return Ok(loans.clone());
            }
            let loans = Arc::new(Self::default());
            env.add_env_cleanup_hook(loans.clone(), |loans| {
                loans.recall();
                CURRENT.with(|current| current.borrow_mut().take());
            })?;
            *current.borrow_mut() = Some(loans.clone());
            Ok(loans)
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that memory is used until the loan is dropped, and how to stop the user.
    pub(crate) fn lend(self: &Arc<Self>, cancel: CancelFlag) -> Loan {
        let mut state = self.lock();
        let id = state.next;
        state.next += 1;
        state.open.insert(id, cancel);
        Loan { loans: self.clone(), id }
    }

    fn recall(&self) {
        self.lock().open.values().for_each(CancelFlag::cancel);
        Pool::shared().sweep();
        let mut state = self.lock();
        while !state.open.is_empty() {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Proof that the memory of an environment may still be used.
pub(crate) struct Loan {
    loans: Arc<Loans>,
    id: u64,
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.loans.lock().open.remove(&self.id);
        self.loans.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn recalling_cancels_the_work_and_waits_until_it_has_let_go() {
        let loans = Arc::new(Loans::default());
        let cancel = CancelFlag::default();
        let loan = loans.lend(cancel.clone());
        let worker = std::thread::spawn(move || {
            while !cancel.is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            drop(loan);
        });
        loans.recall();
        assert!(loans.lock().open.is_empty());
        worker.join().unwrap();
    }
}
