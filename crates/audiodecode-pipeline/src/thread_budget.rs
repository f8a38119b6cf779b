use std::fmt::Debug;

/// Threads of a budget that many decodes share. A decode has one of its own and may borrow more while they are idle.
pub trait ThreadBudget: Sync + Debug {
    /// Takes up to `wanted` idle threads out of the budget and says how many; 0 when all are busy.
    fn borrow(&self, wanted: usize) -> usize;

    /// Gives borrowed threads back.
    fn give_back(&self, threads: usize);

    /// Whether other work waits for a thread, so that borrowed ones ought to be given back soon.
    fn is_contended(&self) -> bool;
}

/// One borrowed thread, given back when dropped, wherever the work ends.
#[derive(Debug)]
pub struct Borrowed<'a>(&'a dyn ThreadBudget);

impl<'a> Borrowed<'a> {
    /// As many as are idle, at most `wanted`.
    pub fn up_to(wanted: usize, budget: &'a dyn ThreadBudget) -> Vec<Self> {
        (0..budget.borrow(wanted)).map(|_| Self(budget)).collect()
    }

    pub(crate) fn is_contended(&self) -> bool {
        self.0.is_contended()
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.0.give_back(1);
    }
}
