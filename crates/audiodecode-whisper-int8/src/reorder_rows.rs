//! Rows of the caches that become others.

use crate::decoder::{Caches, StepError};

/// Makes row i what row `sources[i]` was, from token `firsts[i]` on, in caches of `[length, rows, width]`.
///
/// # Errors
/// When there is no such row, or the caches are smaller.
pub fn reorder_rows(
    caches: &mut Caches<'_>,
    (length, width): (usize, usize),
    sources: &[u32],
    firsts: &[u32],
) -> Result<(), StepError> {
    let rows = sources.len();
    let step = rows * width;
    let fits = firsts.len() == rows
        && sources.iter().all(|source| (*source as usize) < rows)
        && caches.buffers.iter().all(|buffer| buffer.len() >= length * step);
    if !fits {
        return Err(StepError("the rows cannot be put in this order"));
    }
    let moved: Vec<(usize, usize, usize)> = (0..rows)
        .map(|row| (row, sources[row] as usize, firsts[row] as usize))
        .filter(|(row, source, _)| row != source)
        .collect();
    let first = moved.iter().map(|(.., first)| *first).min().unwrap_or(length).min(length);
    let mut before = vec![0.0; step];
    for buffer in &mut caches.buffers {
        for (token, after) in buffer[first * step..length * step].chunks_exact_mut(step.max(1)).enumerate() {
            before.copy_from_slice(after);
            for (row, source, _) in moved.iter().filter(|(.., from)| *from <= first + token) {
                after[row * width..(row + 1) * width]
                    .copy_from_slice(&before[source * width..(source + 1) * width]);
            }
        }
    }
    Ok(())
}
