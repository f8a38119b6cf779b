use std::sync::{Mutex, PoisonError};

use audiodecode_dsp::{ColumnParts, Columns, RowsError, Signal};
use audiodecode_pipeline::{Borrowed, CancelFlag, Error, ErrorKind, Result, ThreadBudget, run_beside};

/// Parts of a matrix for each thread: fewer are not worth starting one.
const PARTS_PER_THREAD: usize = 2;

/// On how many threads to compute, whom to ask for them, and when to stop.
#[derive(Clone, Copy)]
pub(crate) struct Threads<'a> {
    /// The caller's among them.
    pub(crate) most: usize,
    pub(crate) budget: &'static dyn ThreadBudget,
    pub(crate) cancel: &'a CancelFlag,
}

/// Fills the parts with the columns of a signal, on as many threads as are idle.
pub(crate) fn fill<C: Columns>(
    columns: &C,
    signal: Signal<'_>,
    parts: ColumnParts<'_>,
    threads: Threads<'_>,
) -> Result<()> {
    let compute =
        |work: &mut C::Work, first: usize, rows: &mut [&mut [f32]]| columns.fill(work, signal, first, rows);
    fill_parts(parts, threads, || columns.work(), compute)
}

/// Fills the parts with what `compute` gives for the columns from the given one on, with the memory that `work` makes for each
/// thread.
pub(crate) fn fill_parts<W>(
    parts: ColumnParts<'_>,
    threads: Threads<'_>,
    work: impl Fn() -> W + Sync,
    compute: impl Fn(&mut W, usize, &mut [&mut [f32]]) -> std::result::Result<(), RowsError> + Sync,
) -> Result<()> {
    let Threads { most, budget, cancel } = threads;
    let helpers = most.min(parts.count() / PARTS_PER_THREAD).saturating_sub(1);
    let (parts, failure) = (Mutex::new(parts), Mutex::new(None));
    let take = || parts.lock().unwrap_or_else(PoisonError::into_inner).take();
    let fill_part = |work: &mut W| {
        cancel.check()?;
        let Some(mut part) = take() else { return Ok(false) };
        compute(work, part.first, &mut part.rows).map_err(|_| misfit())?;
        Ok(true)
    };
    let take_part = |give_up: &dyn Fn() -> bool| {
        let mut work = work();
        while !give_up() {
            match fill_part(&mut work) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    break;
                }
            }
        }
    };
    let help = |thread: Borrowed<'static>| {
        let take_part = &take_part;
        move || {
            take_part(&|| budget.is_contended());
            drop(thread);
        }
    };
    run_beside(Borrowed::up_to(helpers, budget).into_iter().map(help), || take_part(&|| false));
    failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// Arrays of another size than the caller has computed; a mistake of the package.
pub(crate) fn misfit() -> Error {
    Error::new(ErrorKind::InvalidArgument, "the arrays do not fit the matrix")
}
