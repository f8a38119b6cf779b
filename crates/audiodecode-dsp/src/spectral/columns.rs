use super::Signal;

/// A feature that is a matrix with one column for each frame of a signal.
pub trait Columns: Sync {
    /// Memory that a thread works in.
    type Work;

    /// Rows of the matrix.
    fn rows(&self) -> usize;

    /// Memory for one thread.
    fn work(&self) -> Self::Work;

    /// Computes the columns from `first` on, as many as every one of `rows` is long. Fails only when there are other than
    /// `rows()` rows, or they differ in length.
    fn fill(
        &self,
        work: &mut Self::Work,
        signal: Signal<'_>,
        first: usize,
        rows: &mut [&mut [f32]],
    ) -> Result<(), RowsError>;
}

/// Rows that do not fit the matrix; a mistake of the calling code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsError;

impl std::fmt::Display for RowsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the rows do not fit the matrix")
    }
}

impl std::error::Error for RowsError {}

/// How long all of the rows are.
pub(super) fn columns_of(rows: &[&mut [f32]], expected: usize) -> Result<usize, RowsError> {
    let columns = rows.first().map_or(0, |row| row.len());
    if rows.len() == expected && rows.iter().all(|row| row.len() == columns) {
        Ok(columns)
    } else {
        Err(RowsError)
    }
}
