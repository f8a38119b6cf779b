/// Columns of a part: a few milliseconds of work, so that several threads finish together and work that is cancelled stops soon.
const PART_COLUMNS: usize = 128;

/// A matrix cut into parts of whole columns, handed out from its start, for several threads to fill.
#[derive(Debug)]
pub struct ColumnParts<'a> {
    next: usize,
    /// What of every row has not been handed out.
    rest: Vec<&'a mut [f32]>,
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
    /// `rows` begin with column `first`.
    pub fn new(first: usize, rows: Vec<&'a mut [f32]>) -> Self {
        Self { next: first, rest: rows }
    }

    /// Those of a row-major matrix of so many columns. What does not make a whole row is left out.
    pub fn of_matrix(first: usize, matrix: &'a mut [f32], columns: usize) -> Self {
        Self::new(first, matrix.chunks_exact_mut(columns.max(1)).collect())
    }

    /// These, with the rows of another matrix of as many columns below.
    #[must_use]
    pub fn above(mut self, other: Self) -> Self {
        self.rest.extend(other.rest);
        self
    }

    /// Parts that are left.
    pub fn count(&self) -> usize {
        self.rest.first().map_or(0, |row| row.len().div_ceil(PART_COLUMNS))
    }

    /// The next part, until there is none.
    pub fn take(&mut self) -> Option<ColumnPart<'a>> {
        let left = self.rest.iter().map(|row| row.len()).min().unwrap_or(0);
        if left == 0 {
            return None;
        }
        let columns = left.min(PART_COLUMNS);
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
    use super::{ColumnParts, PART_COLUMNS};

    #[test]
    fn every_place_of_the_matrix_is_handed_out_once() {
        let columns = 2 * PART_COLUMNS + 5;
        let mut matrix = vec![0.0; 3 * columns];
        let mut parts = ColumnParts::of_matrix(10, &mut matrix, columns);
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
        assert!(ColumnParts::of_matrix(0, &mut [], 0).take().is_none());
        assert!(ColumnParts::new(0, vec![&mut [], &mut []]).take().is_none());
    }
}
