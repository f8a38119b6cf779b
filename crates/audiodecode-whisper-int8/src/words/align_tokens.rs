//! Which frame each token is said in.

use audiodecode_widest::widest;

use super::dtw::{WarpingPath, dtw};
use super::median::{REACH, medians, mirror_ends};
use crate::decoder::StepError;

/// What the alignment heads of a model looked at while it read [start of transcript …, no timestamps, text …, end of text].
pub struct Looks<'a> {
    /// Of each head `[tokens, frames]`, after the softmax over frames.
    pub heads: Vec<&'a [f32]>,
    /// Tokens.
    pub tokens: usize,
    /// Positions of the encoder.
    pub frames: usize,
    /// Those with audio in them; the rest is padding.
    pub used_frames: usize,
    /// Tokens before the one that says "no timestamps".
    pub start_length: usize,
}

/// Which frame each token is said in: row 0 of the path is the first text token's start (CTranslate2's `align`). Each head's looks are
/// standardised over the tokens and smoothed by a median of seven frames; the way through their mean is the path.
///
/// # Errors
/// When a head has not as many numbers.
pub fn align_tokens(looks: &Looks<'_>) -> Result<WarpingPath, StepError> {
    let Looks { tokens, frames, used_frames, start_length, .. } = *looks;
    let fits =
        tokens.checked_mul(frames).is_some_and(|size| looks.heads.iter().all(|head| head.len() == size));
    if !fits || looks.heads.is_empty() {
        return Err(StepError("the heads have not looked at all tokens and frames"));
    }
    let columns = used_frames.min(frames);
    // The token before each text token is the one that looked for it, so the last row, the end of text, looked for nothing.
    let rows = tokens.saturating_sub(1 + start_length);
    if columns == 0 || rows == 0 {
        return Ok(WarpingPath::default());
    }
    let mut mean = vec![0.0; tokens * columns];
    let mut memory = Memory::new(tokens, columns);
    for head in &looks.heads {
        add_head(head, frames, &mut memory, &mut mean);
    }
    let costs = &mut mean[start_length * columns..(tokens - 1) * columns];
    let heads = looks.heads.len() as f32;
    for cost in costs.iter_mut() {
        *cost = -*cost / heads;
    }
    Ok(dtw(costs, rows, columns))
}

/// Between the stages of a head.
struct Memory {
    columns: usize,
    cut: Vec<f32>,
    means: Vec<f64>,
    deviations: Vec<f64>,
    line: Vec<f32>,
    filtered: Vec<f32>,
}

impl Memory {
    fn new(tokens: usize, columns: usize) -> Self {
        Self {
            columns,
            cut: vec![0.0; tokens * columns],
            means: vec![0.0; columns],
            deviations: vec![0.0; columns],
            line: vec![0.0; columns + 2 * REACH],
            filtered: vec![0.0; columns],
        }
    }
}

widest! {
    /// Adds what a head looked at, standardised and smoothed.
    fn add_head(head: &[f32], frames: usize, memory: &mut Memory, sum: &mut [f32]) {
        any: add_one_head, avx2: add_one_head
    }
}

#[inline(always)]
fn add_one_head(head: &[f32], frames: usize, memory: &mut Memory, sum: &mut [f32]) {
    let Memory { columns, cut, means, deviations, line, filtered } = memory;
    let columns = *columns;
    for (row, target) in head.chunks_exact(frames).zip(cut.chunks_exact_mut(columns)) {
        cut_row(&row[..columns], target);
    }
    measure_columns(cut, means, deviations);
    for (row, sum) in cut.chunks_exact(columns).zip(sum.chunks_exact_mut(columns)) {
        let middle = &mut line[REACH..REACH + columns];
        for (((target, value), mean), deviation) in middle.iter_mut().zip(row).zip(&*means).zip(&*deviations)
        {
            let away = (f64::from(*value) - mean) / deviation;
            *target = if *deviation > 0.0 { away as f32 } else { 0.0 };
        }
        // A row too short to have a mirror image stays as it is.
        if columns > REACH {
            mirror_ends(line);
            medians(line, filtered);
        } else {
            filtered.copy_from_slice(middle);
        }
        for (sum, value) in sum.iter_mut().zip(&*filtered) {
            *sum += value;
        }
    }
}

/// Makes what is left of a row sum to 1 again: what a softmax over it alone would have given.
#[inline(always)]
fn cut_row(row: &[f32], target: &mut [f32]) {
    let sum: f64 = row.iter().map(|value| f64::from(*value)).sum();
    for (target, value) in target.iter_mut().zip(row) {
        *target = if sum > 0.0 { (f64::from(*value) / sum) as f32 } else { 0.0 };
    }
}

/// Mean and standard deviation of each column.
#[inline(always)]
fn measure_columns(matrix: &[f32], means: &mut [f64], deviations: &mut [f64]) {
    let columns = means.len();
    let rows = (matrix.len() / columns) as f64;
    means.fill(0.0);
    deviations.fill(0.0);
    for row in matrix.chunks_exact(columns) {
        for (mean, value) in means.iter_mut().zip(row) {
            *mean += f64::from(*value);
        }
    }
    for mean in means.iter_mut() {
        *mean /= rows;
    }
    for row in matrix.chunks_exact(columns) {
        for ((squares, value), mean) in deviations.iter_mut().zip(row).zip(&*means) {
            let away = f64::from(*value) - mean;
            *squares += away * away;
        }
    }
    for deviation in deviations.iter_mut() {
        *deviation = (*deviation / rows).sqrt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(head: &[f32], tokens: usize, used_frames: usize) -> Looks<'_> {
        let frames = head.len() / tokens;
        Looks { heads: vec![head], tokens, frames, used_frames, start_length: 1 }
    }

    #[test]
    fn tokens_are_said_where_they_look_whatever_is_in_the_padding() {
        // Start, no timestamps, two tokens, end of text; 20 frames, of which the last four are padding.
        let head: Vec<f32> = [0, 2, 8, 14, 19]
            .iter()
            .flat_map(|at: &i32| {
                (0..20).map(move |frame: i32| (-0.5 * f64::from((frame - at).abs())).exp() as f32)
            })
            .collect();
        let path = align_tokens(&looks(&head, 5, 16)).unwrap();
        let first = |row| path.columns[path.rows.iter().position(|at| *at == row).unwrap()];
        assert_eq!(first(0), 0);
        assert!((4..=6).contains(&first(1)), "{}", first(1));
        assert!((10..=12).contains(&first(2)), "{}", first(2));
        assert_eq!(path.columns.last(), Some(&15));
    }

    #[test]
    fn columns_that_are_all_equal_and_rows_of_nothing_count_for_nothing() {
        let path = align_tokens(&looks(&[0.0; 40], 4, 10)).unwrap();
        assert_eq!((path.rows.last(), path.columns.last()), (Some(&1), Some(&9)));
    }

    #[test]
    fn no_frames_or_no_text_is_no_path() {
        assert_eq!(align_tokens(&looks(&[0.5; 40], 4, 0)).unwrap(), WarpingPath::default());
        assert_eq!(align_tokens(&looks(&[0.5; 40], 2, 20)).unwrap(), WarpingPath::default());
        assert_eq!(align_tokens(&looks(&[0.5; 8], 4, 2)).unwrap().rows, [0, 1, 1]);
    }

    #[test]
    fn heads_of_another_size_are_told() {
        let mut looks = looks(&[0.5; 40], 4, 10);
        looks.tokens = 5;
        assert!(align_tokens(&looks).is_err());
        looks.heads.clear();
        assert!(align_tokens(&looks).is_err());
    }
}
