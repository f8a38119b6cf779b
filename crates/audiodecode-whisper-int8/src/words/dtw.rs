//! Dynamic time warping.

/// A way through a matrix: which row and which column each step is at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct WarpingPath {
    /// Row of each step.
    pub rows: Vec<i32>,
    /// Column of each step.
    pub columns: Vec<i32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Diagonally,
    FromAbove,
    FromTheLeft,
}

/// The cheapest way from the first to the last cell of a matrix of costs, one step down, right or both at a time. Where the diagonal and the
/// way from above are equal the one from the left is taken, though it be dearer: so do OpenAI's and CTranslate2's.
pub(super) fn dtw(costs: &[f32], rows: usize, columns: usize) -> WarpingPath {
    let mut trace = vec![Came::FromTheLeft; rows * columns];
    // Of the column before; place 0 stands for the border above the first row.
    let mut before = vec![f32::INFINITY; rows + 1];
    before[0] = 0.0;
    let mut sums = vec![f32::INFINITY; rows + 1];
    for column in 0..columns {
        for row in 0..rows {
            let (diagonal, above, left) = (before[row], sums[row], before[row + 1]);
            let (best, came) = if diagonal < above && diagonal < left {
                (diagonal, Came::Diagonally)
            } else if above < diagonal && above < left {
                (above, Came::FromAbove)
            } else {
                (left, Came::FromTheLeft)
            };
            sums[row + 1] = costs[row * columns + column] + best;
            trace[row * columns + column] = came;
        }
        std::mem::swap(&mut before, &mut sums);
        sums[0] = f32::INFINITY;
    }
    follow(&trace, rows, columns)
}

fn follow(trace: &[Came], rows: usize, columns: usize) -> WarpingPath {
    let mut path = WarpingPath::default();
    let (mut row, mut column) = (rows, columns);
    while row > 0 && column > 0 {
        path.rows.push(row as i32 - 1);
        path.columns.push(column as i32 - 1);
        // Along the borders there is one way only.
        let came = match (row, column) {
            (1, _) => Came::FromTheLeft,
            (_, 1) => Came::FromAbove,
            _ => trace[(row - 1) * columns + column - 1],
        };
        row -= usize::from(came != Came::FromTheLeft);
        column -= usize::from(came != Came::FromAbove);
    }
    path.rows.reverse();
    path.columns.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_goes_where_it_costs_least() {
        // The cheapest by hand: down the first column, then along the last row.
        let costs = [0.0, 5.0, 5.0, 0.0, 5.0, 5.0, 0.5, 0.0, 0.0];
        let path = dtw(&costs, 3, 3);
        assert_eq!(path.rows, [0, 1, 2, 2]);
        assert_eq!(path.columns, [0, 0, 1, 2]);
    }

    #[test]
    fn nothing_has_no_way() {
        assert_eq!(dtw(&[], 0, 5), WarpingPath::default());
        assert_eq!(dtw(&[], 5, 0), WarpingPath::default());
    }
}
