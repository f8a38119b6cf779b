//! Weights of a linear layer in 16-bit numbers, for the layers that take little time: nothing is lost that could be heard.

use crate::row_math::{largest_of_panel, rounded};
use crate::simd::{
    Isa, MOST_OF_PANEL, MOST_OF_ROW, PANEL, SHORT_BLOCK, SHORT_PANEL, ShortProduct, groups, with_count,
};
use crate::weight_matrix::Finish;

/// Weights in panels of outputs that are computed together.
pub(crate) struct ShortMatrix {
    outputs: usize,
    blocks: usize,
    /// `[panels][blocks][SHORT_BLOCK / 2][PANEL][2]`
    values: Vec<i16>,
    /// `[panels]`
    scales: Vec<[f32; PANEL]>,
    bias: Vec<[f32; PANEL]>,
}

/// Rows of 16-bit numbers with a scale for each block.
#[derive(Default)]
pub(crate) struct ShortRows {
    values: Vec<[i16; SHORT_BLOCK]>,
    scales: Vec<f32>,
    blocks: usize,
}

impl ShortRows {
    /// Quantises as many rows of `blocks` blocks as `row` gives, each a slice of as many numbers.
    #[inline(always)]
    pub(crate) fn fill<'a>(&mut self, rows: usize, blocks: usize, row: impl Fn(usize) -> &'a [f32]) {
        self.blocks = blocks;
        self.values.resize(rows * blocks, [0; SHORT_BLOCK]);
        self.scales.resize(rows * blocks, 0.0);
        for index in 0..rows {
            let places = index * blocks..(index + 1) * blocks;
            let targets = self.values[places.clone()].iter_mut().zip(&mut self.scales[places]);
            for (numbers, (target, scale)) in row(index).as_chunks::<SHORT_BLOCK>().0.iter().zip(targets) {
                *scale = quantise_block(numbers, target);
            }
        }
    }
}

/// Whole numbers up to `MOST_OF_ROW`; gives their scale.
#[inline(always)]
pub(crate) fn quantise_block(numbers: &[f32; SHORT_BLOCK], target: &mut [i16; SHORT_BLOCK]) -> f32 {
    let mut sizes = [0.0; SHORT_BLOCK];
    for index in 0..SHORT_BLOCK {
        sizes[index] = numbers[index].abs();
    }
    let size = largest_of_panel(&sizes);
    let factor = if size > 0.0 { MOST_OF_ROW / size } else { 0.0 };
    for index in 0..SHORT_BLOCK {
        target[index] = rounded(numbers[index] * factor);
    }
    size / MOST_OF_ROW
}

impl ShortMatrix {
    /// From `[outputs][columns]`; what is missing to whole blocks is 0.
    pub(crate) fn new(weights: &[f32], bias: &[f32], columns: usize) -> Self {
        let outputs = bias.len();
        let (panels, blocks) = (outputs.div_ceil(PANEL), columns.div_ceil(SHORT_BLOCK));
        let mut values = vec![0; panels * blocks * SHORT_PANEL];
        let (mut scales, mut offsets) = (vec![[0.0; PANEL]; panels], vec![[0.0; PANEL]; panels]);
        for (output, row) in weights.chunks_exact(columns).enumerate() {
            let (panel, place) = (output / PANEL, output % PANEL);
            let size =
                row.iter().fold(0f32, |most, number| if number.abs() > most { number.abs() } else { most });
            let factor = if size > 0.0 { MOST_OF_PANEL / size } else { 0.0 };
            scales[panel][place] = size / MOST_OF_PANEL;
            offsets[panel][place] = bias[output];
            for (column, number) in row.iter().enumerate() {
                let (block, pair, side) = (column / SHORT_BLOCK, column % SHORT_BLOCK / 2, column % 2);
                let target = (panel * blocks + block) * SHORT_PANEL + (pair * PANEL + place) * 2 + side;
                values[target] = rounded(number * factor);
            }
        }
        Self { outputs, blocks, values, scales, bias: offsets }
    }

    /// Multiplies rows with all panels; `finish` gets the sums of row `first + index`.
    ///
    /// # Safety
    /// The processor has what `I` needs.
    #[inline(always)]
    pub(crate) unsafe fn multiply<I: Isa>(&self, rows: &ShortRows, first: usize, finish: &impl Finish) {
        let count = rows.scales.len() / self.blocks;
        for panel in 0..self.scales.len() {
            for (from, rows_together) in groups(count) {
                // SAFETY: the caller's promise.
                unsafe {
                    with_count!(rows_together, ROWS => self.panel::<I, ROWS>(rows, from, first, panel, finish))
                }
            }
        }
    }

    /// # Safety
    /// The processor has what `I` needs.
    #[inline(always)]
    unsafe fn panel<I: Isa, const ROWS: usize>(
        &self,
        rows: &ShortRows,
        from: usize,
        first: usize,
        panel: usize,
        finish: &impl Finish,
    ) {
        let mut sums = [[0.0; PANEL]; ROWS];
        // SAFETY: the caller's promise.
        unsafe { I::short_panel(&ShortPanel { matrix: self, rows, from, panel }, &mut sums) };
        let place = panel * PANEL;
        let count = PANEL.min(self.outputs - place);
        for (row, sums) in sums.iter_mut().enumerate() {
            for ((sum, scale), bias) in sums.iter_mut().zip(&self.scales[panel]).zip(&self.bias[panel]) {
                *sum = *sum * scale + bias;
            }
            finish.finish::<I>(first + from + row, place, &sums[..count]);
        }
    }
}

/// A panel, and the rows from `from` on that it is multiplied with.
pub(crate) struct ShortPanel<'a> {
    matrix: &'a ShortMatrix,
    rows: &'a ShortRows,
    from: usize,
    panel: usize,
}

/// Adds the products of all blocks to the sums.
///
/// # Safety
/// The processor has what `I` needs.
#[inline(always)]
pub(crate) unsafe fn add_short_panel<I: Isa, const ROWS: usize>(
    task: &ShortPanel<'_>,
    sums: &mut [[f32; PANEL]; ROWS],
) {
    let ShortPanel { matrix, rows, from, panel } = *task;
    let blocks = matrix.blocks;
    for block in 0..blocks {
        let mut numbers = [[0; SHORT_BLOCK]; ROWS];
        let mut scales = [0.0; ROWS];
        for row in 0..ROWS {
            numbers[row] = rows.values[(from + row) * blocks + block];
            scales[row] = rows.scales[(from + row) * blocks + block];
        }
        let start = (panel * blocks + block) * SHORT_PANEL;
        let product =
            ShortProduct { panel: &matrix.values[start..start + SHORT_PANEL], rows: &numbers, scales };
        // SAFETY: the caller's promise.
        unsafe { I::add_short_block::<ROWS, false>(&product, sums) };
    }
}
