//! Weights of a linear layer in 8-bit numbers.

use std::ops::Range;

use crate::quantised_rows::QuantisedRows;
use crate::simd::{HALF, Isa, PANEL, PanelProduct, groups, with_count};

/// What is done with the sums of a row and a panel; a trait, since a closure would not be compiled for the processor.
pub(crate) trait Finish {
    /// Takes the outputs from `first` on of a row.
    fn finish<I: Isa>(&self, row: usize, first: usize, sums: &[f32]);
}

/// Weights in panels of outputs that are computed together.
pub(crate) struct WeightMatrix {
    outputs: usize,
    columns: usize,
    block: usize,
    /// `[panels][PANEL / HALF][columns / 4][HALF][4]`, 128 more than what they stand for.
    values: Vec<u8>,
    /// `[panels][columns / block]`
    scales: Vec<[f32; PANEL]>,
    /// Padded to whole panels.
    bias: Vec<[f32; PANEL]>,
}

impl WeightMatrix {
    /// From `values` `[outputs][columns]`, 128 more than what they stand for, and `scales` `[outputs][columns / block]`.
    pub(crate) fn new(
        values: &[u8],
        scales: &[f32],
        bias: Option<&[f32]>,
        columns: usize,
        block: usize,
    ) -> Self {
        let outputs = values.len() / columns;
        let panels = outputs.div_ceil(PANEL);
        let blocks = columns / block;
        let mut packed = vec![128; panels * PANEL * columns];
        let mut packed_scales = vec![[0.0; PANEL]; panels * blocks];
        let mut packed_bias = vec![[0.0; PANEL]; panels];
        for (output, row) in values.chunks_exact(columns).enumerate() {
            let (panel, place) = (output / PANEL, output % PANEL);
            let target = &mut packed[panel * PANEL * columns..(panel + 1) * PANEL * columns];
            for (quad, four) in row.chunks_exact(4).enumerate() {
                let start = ((place / HALF * columns / 4 + quad) * HALF + place % HALF) * 4;
                target[start..start + 4].copy_from_slice(four);
            }
            for (index, scale) in scales[output * blocks..(output + 1) * blocks].iter().enumerate() {
                packed_scales[panel * blocks + index][place] = *scale;
            }
            if let Some(bias) = bias {
                packed_bias[panel][place] = bias[output];
            }
        }
        Self { outputs, columns, block, values: packed, scales: packed_scales, bias: packed_bias }
    }

    pub(crate) fn panels(&self) -> usize {
        self.bias.len()
    }

    /// Multiplies `count` rows with some panels; `finish` gets the sums.
    ///
    /// # Safety
    /// The processor has what `I` needs.
    #[inline(always)]
    pub(crate) unsafe fn multiply<I: Isa>(
        &self,
        rows: &QuantisedRows<'_>,
        count: usize,
        panels: Range<usize>,
        finish: &impl Finish,
    ) {
        // SAFETY: the caller's promise.
        unsafe { self.multiply_from::<I>(rows, count, 0, panels, finish) };
    }

    /// The same with rows that are those from `first` on where they go.
    ///
    /// # Safety
    /// The processor has what `I` needs.
    #[inline(always)]
    pub(crate) unsafe fn multiply_from<I: Isa>(
        &self,
        rows: &QuantisedRows<'_>,
        count: usize,
        first: usize,
        panels: Range<usize>,
        finish: &impl Finish,
    ) {
        for panel in panels {
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
        rows: &QuantisedRows<'_>,
        from: usize,
        first: usize,
        panel: usize,
        finish: &impl Finish,
    ) {
        let mut sums = [self.bias[panel]; ROWS];
        // SAFETY: the caller's promise.
        unsafe { I::weight_panel(&WeightPanel { matrix: self, rows, from, panel }, &mut sums) };
        let place = panel * PANEL;
        let count = PANEL.min(self.outputs - place);
        for (row, sums) in sums.iter().enumerate() {
            finish.finish::<I>(first + from + row, place, &sums[..count]);
        }
    }
}

/// A panel, and the rows from `from` on that it is multiplied with.
pub(crate) struct WeightPanel<'a> {
    matrix: &'a WeightMatrix,
    rows: &'a QuantisedRows<'a>,
    from: usize,
    panel: usize,
}

/// Adds the products of all blocks to the sums.
///
/// # Safety
/// The processor has what `I` needs.
#[inline(always)]
pub(crate) unsafe fn add_weight_panel<I: Isa, const ROWS: usize>(
    task: &WeightPanel<'_>,
    sums: &mut [[f32; PANEL]; ROWS],
) {
    let WeightPanel { matrix, rows, from, panel } = *task;
    let (columns, block) = (matrix.columns, matrix.block);
    let blocks = columns / block;
    let weights = &matrix.values[panel * PANEL * columns..(panel + 1) * PANEL * columns];
    let product = PanelProduct {
        weights,
        weight_scales: &matrix.scales[panel * blocks..(panel + 1) * blocks],
        activations: &rows.values[from * columns..],
        activation_scales: &rows.scales[from * blocks..],
        surplus: &rows.surplus[from * blocks..],
    };
    // SAFETY: the caller's promise.
    unsafe { I::add_blocks(&product, sums) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::Put;
    use crate::processor::{Processor, Work, run_on};
    use crate::quantised_rows::quantise_row;
    use crate::scratch::Shared;
    use crate::team::{Member, Team};

    struct Product<'a> {
        matrix: &'a WeightMatrix,
        rows: QuantisedRows<'a>,
        count: usize,
        put: Put<'a>,
    }

    impl Work for Product<'_> {
        #[inline(always)]
        unsafe fn run<I: Isa>(&self, member: &Member<'_>) {
            let panels = member.part(self.matrix.panels());
            // SAFETY: the caller's promise.
            unsafe { self.matrix.multiply::<I>(&self.rows, self.count, panels, &self.put) };
        }
    }

    #[test]
    fn products_are_those_of_the_whole_numbers_times_their_scales() {
        const OUTPUTS: usize = 150;
        for (columns, block) in [(256, 128), (192, 64)] {
            let blocks = columns / block;
            // The largest sizes with all signs among them.
            let values: Vec<u8> =
                (0..OUTPUTS * columns).map(|index| [1, 255, 128, 200, 90][index * 7 % 11 % 5]).collect();
            let scales: Vec<f32> = (0..OUTPUTS * blocks).map(|index| 0.01 + index as f32 * 1e-5).collect();
            let bias: Vec<f32> = (0..OUTPUTS).map(|index| index as f32 - 70.0).collect();
            let matrix = WeightMatrix::new(&values, &scales, Some(&bias), columns, block);
            for count in 1..=13 {
                let activations: Vec<f32> = (0..count * columns)
                    .map(|index| if index % 3 == 0 { 127.0 } else { (index % 255) as f32 - 127.0 })
                    .collect();
                let (mut rows, mut sizes, mut surplus) =
                    (vec![0; count * columns], vec![0.0; count * blocks], vec![0; count * blocks]);
                for row in 0..count {
                    quantise_row(
                        &activations[row * columns..(row + 1) * columns],
                        block,
                        &mut rows[row * columns..(row + 1) * columns],
                        &mut sizes[row * blocks..(row + 1) * blocks],
                        &mut surplus[row * blocks..(row + 1) * blocks],
                    );
                }
                for processor in Processor::available() {
                    let mut found = vec![0.0; count * OUTPUTS];
                    let target = Shared::new(&mut found);
                    let rows = QuantisedRows { values: &rows, scales: &sizes, surplus: &surplus };
                    let put = Put { target: &target, columns: OUTPUTS };
                    run_on(processor, &mut Team::new(2), &Product { matrix: &matrix, rows, count, put });
                    for (index, found) in found.iter().enumerate() {
                        let (row, output) = (index / OUTPUTS, index % OUTPUTS);
                        let wanted: f64 = (0..columns)
                            .map(|column| {
                                let weight = f64::from(values[output * columns + column]) - 128.0;
                                let scale = f64::from(scales[output * blocks + column / block]);
                                weight
                                    * scale
                                    * f64::from(activations[row * columns + column].round_ties_even())
                            })
                            .sum::<f64>()
                            + f64::from(bias[output]);
                        let off = (f64::from(*found) - wanted).abs();
                        assert!(
                            off < 1e-5 * 127.0 * 127.0 * 2.0,
                            "{processor:?}, {count} rows, row {row}, {output}: {off:e}"
                        );
                    }
                }
            }
        }
    }
}
