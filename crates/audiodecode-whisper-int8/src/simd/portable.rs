use super::{HALF, Isa, Looks, PANEL, PanelProduct, ShortProduct, compiled_once, place_of};
use crate::attention::look_around;
use crate::short_heads::{HEAD, ShortHead};
use crate::short_matrix::{ShortPanel, add_short_panel};
use crate::weight_matrix::{WeightPanel, add_weight_panel};

/// Plain arithmetic, in groups that compilers find instructions for.
pub(crate) struct Portable;

const LANES: usize = 4;

impl Isa for Portable {
    type Vector = [f32; LANES];
    const LANES: usize = LANES;
    const FUSED: bool = false;

    #[inline(always)]
    unsafe fn zero() -> Self::Vector {
        [0.0; LANES]
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self::Vector {
        [value; LANES]
    }

    #[inline(always)]
    unsafe fn load(values: &[f32]) -> Self::Vector {
        let mut vector = [0.0; LANES];
        vector.copy_from_slice(&values[..LANES]);
        vector
    }

    #[inline(always)]
    unsafe fn store(values: &mut [f32], vector: Self::Vector) {
        values[..LANES].copy_from_slice(&vector);
    }

    #[inline(always)]
    unsafe fn multiply_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        let mut vector = c;
        for lane in 0..LANES {
            vector[lane] += a[lane] * b[lane];
        }
        vector
    }

    #[inline(always)]
    unsafe fn sum(vector: Self::Vector) -> f32 {
        vector.iter().sum()
    }

    #[inline(always)]
    unsafe fn add_blocks<const ROWS: usize>(product: &PanelProduct<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
        let (blocks, quads) = product.shape::<ROWS>();
        for (row, sums) in sums.iter_mut().enumerate() {
            for block in 0..blocks {
                let place = row * blocks + block;
                let mut totals = [-product.surplus[place]; PANEL];
                let activations = &product.activations[place * 4 * quads..(place + 1) * 4 * quads];
                for first in (0..PANEL).step_by(HALF) {
                    let weights =
                        product.weights[place_of((blocks, quads), block, first)..].chunks_exact(4 * HALF);
                    for (weights, activations) in weights.zip(activations.chunks_exact(4)) {
                        let mut four = [0; 4];
                        for index in 0..4 {
                            four[index] = i32::from(activations[index]);
                        }
                        let totals = totals[first..first + HALF].iter_mut();
                        for (total, weights) in totals.zip(weights.chunks_exact(4)) {
                            for (weight, activation) in weights.iter().zip(four) {
                                *total += i32::from(*weight) * activation;
                            }
                        }
                    }
                }
                let scale = product.activation_scales[place];
                for ((sum, total), weight_scale) in
                    sums.iter_mut().zip(totals).zip(&product.weight_scales[block])
                {
                    *sum += total as f32 * (weight_scale * scale);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn add_short_block<const ROWS: usize, const NEW: bool>(
        product: &ShortProduct<'_, ROWS>,
        sums: &mut [[f32; PANEL]; ROWS],
    ) {
        for row in 0..ROWS {
            let mut totals = [0i32; PANEL];
            for (pairs, two) in product.panel.chunks_exact(2 * PANEL).zip(product.rows[row].chunks_exact(2)) {
                let (first, second) = (i32::from(two[0]), i32::from(two[1]));
                for (total, pair) in totals.iter_mut().zip(pairs.chunks_exact(2)) {
                    *total += i32::from(pair[0]) * first + i32::from(pair[1]) * second;
                }
            }
            for (sum, total) in sums[row].iter_mut().zip(totals) {
                let before = if NEW { 0.0 } else { *sum };
                *sum = before + total as f32 * product.scales[row];
            }
        }
    }

    compiled_once!(Portable);
}
