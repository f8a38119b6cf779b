/// Most columns of a part.
const MAX_COLUMNS: usize = 128;

/// Steps of work in a part: about a millisecond, so that several threads finish together and work that is cancelled stops soon.
const PART_STEPS: usize = 1 << 19;

/// A matrix cut into parts of whole columns, handed out from its start, for several threads to fill.
#[derive(Debug)]
pub struct ColumnParts<'a> {
    next: usize,
    /// What of every row has not been handed out.
    rest: Vec<&'a mut [f32]>,
    /// Columns of a part.
    size: usize,
}

/// Some columns of a matrix.
#[derive(Debug)]
pub struct ColumnPart<'a> {
    /// Number of its first column.
    pub first: usize,
    /// Its stretch of every row.
    pub rows: Vec<&'a mut [f32]>,
}

impl<'a> ColumnParts<'a> {
    /// `rows` begin with column `first`. A column takes so many `steps`: multiplications, or samples to transform.
    pub fn new(first: usize, rows: Vec<&'a mut [f32]>, steps: usize) -> Self {
        Self { next: first, rest: rows, size: (PART_STEPS / steps.max(1)).clamp(1, MAX_COLUMNS) }
    }

    /// Those of a row-major matrix of so many columns. What does not make a whole row is left out.
    pub fn of_matrix(first: usize, matrix: &'a mut [f32], columns: usize, steps: usize) -> Self {
        Self::new(first, matrix.chunks_exact_mut(columns.max(1)).collect(), steps)
    }

    /// These, with the rows of another matrix of as many columns below.
    #[must_use]
    pub fn above(mut self, other: Self) -> Self {
        self.rest.extend(other.rest);
        self
    }

    /// Parts that are left.
    pub fn count(&self) -> usize {
        self.rest.first().map_or(0, |row| row.len().div_ceil(self.size))
    }

    /// The next part, until there is none.
    pub fn take(&mut self) -> Option<ColumnPart<'a>> {
        let left = self.rest.iter().map(|row| row.len()).min().unwrap_or(0);
        if left == 0 {
            return None;
        }
        let columns = left.min(self.size);
        let rows = self.rest.iter_mut().map(|rest| {
            let (head, tail) = std::mem::take(rest).split_at_mut(columns);
            *rest = tail;
            head
        });
        let part = ColumnPart { first: self.next, rows: rows.collect() };
        self.next += columns;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::{ColumnParts, MAX_COLUMNS, PART_STEPS};

    #[test]
    fn every_place_of_the_matrix_is_handed_out_once() {
        let columns = 2 * MAX_COLUMNS + 5;
        let mut matrix = vec![0.0; 3 * columns];
        let mut parts = ColumnParts::of_matrix(10, &mut matrix, columns, 1);
        assert_eq!(parts.count(), 3);
        while let Some(part) = parts.take() {
            for (row, values) in part.rows.into_iter().enumerate() {
                for (column, value) in values.iter_mut().enumerate() {
                    *value += (row * 1_000 + part.first + column) as f32;
                }
            }
        }
        for (index, value) in matrix.iter().enumerate() {
            assert_eq!(*value, (index / columns * 1_000 + 10 + index % columns) as f32);
        }
    }

    #[test]
    fn a_matrix_without_columns_has_no_parts() {
        assert!(ColumnParts::of_matrix(0, &mut [], 0, 1).take().is_none());
        assert!(ColumnParts::new(0, vec![&mut [], &mut []], 1).take().is_none());
    }

    #[test]
    fn columns_that_take_long_are_handed_out_a_few_at_a_time() {
        let mut matrix = [0.0; 10];
        let mut parts = ColumnParts::of_matrix(0, &mut matrix, 10, PART_STEPS / 4);
        let sizes: Vec<usize> = std::iter::from_fn(|| parts.take()).map(|part| part.rows[0].len()).collect();
        assert_eq!(sizes, [4, 4, 2]);
        let mut parts = ColumnParts::of_matrix(0, &mut matrix, 10, PART_STEPS * 4);
        assert_eq!(parts.take().map(|part| part.rows[0].len()), Some(1));
    }
}
