use std::arch::aarch64::{
    float32x4_t, int8x16_t, int16x8_t, int32x4_t, vaddq_f32, vaddvq_f32, vcvtq_f32_s32, vdupq_n_f32,
    vdupq_n_s32, vdupq_n_u8, veorq_u8, vfmaq_f32, vget_low_s16, vld1q_f32, vld1q_s16, vld1q_u8,
    vmlal_high_s16, vmlal_s16, vmulq_f32, vmulq_n_f32, vpaddq_s32, vreinterpretq_s8_s32, vreinterpretq_s8_u8,
    vreinterpretq_s16_s32, vst1q_f32,
};
use std::arch::asm;

use super::{
    HALF, Isa, Looks, PANEL, PanelProduct, SHORT_BLOCK, SHORT_PANEL, ShortProduct, compiled_once, parts_of,
    place_of, vectors_of_floats,
};
use crate::attention::look_around;
use crate::short_heads::{HEAD, ShortHead};
use crate::short_matrix::{ShortPanel, add_short_panel};
use crate::weight_matrix::{WeightPanel, add_weight_panel};

/// NEON with the dot products of ARMv8.2 (all of Apple's, Graviton from 2 on).
pub(crate) struct Neon;

const LANES: usize = 4;
/// Outputs that are computed at a time, in vectors: with more the sums of six rows would not fit into the 32 registers.
const PARTS: usize = 4;
/// Of products of 16-bit numbers there are two sums for each output until the end.
const SHORT_PARTS: usize = 2;

impl Isa for Neon {
    vectors_of_floats!(float32x4_t, LANES, zeros, vdupq_n_f32, vld1q_f32, vst1q_f32, multiply_add);

    #[inline(always)]
    unsafe fn sum(vector: Self::Vector) -> f32 {
        // SAFETY: the caller says that the processor has it.
        unsafe { vaddvq_f32(vector) }
    }

    #[inline(always)]
    unsafe fn add_blocks<const ROWS: usize>(product: &PanelProduct<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
        let (blocks, quads) = product.shape::<ROWS>();
        let (activations, scales) = (product.activations.as_ptr(), product.activation_scales.as_ptr());
        // SAFETY: weights have `blocks` times `quads` times 4 × PANEL bytes, each row as many activations and `blocks` scales; the caller
        // says that the processor has the instructions.
        unsafe {
            let moved = vdupq_n_u8(128);
            for (block, first) in parts_of(blocks, PARTS * LANES) {
                let weights = product.weights.as_ptr().add(place_of((blocks, quads), block, first));
                let mut totals: [[int32x4_t; PARTS]; ROWS] = [[vdupq_n_s32(0); PARTS]; ROWS];
                for quad in 0..quads {
                    let mut four = [vreinterpretq_s8_s32(vdupq_n_s32(0)); PARTS];
                    for part in 0..PARTS {
                        let place = weights.add(4 * (quad * HALF + part * LANES));
                        four[part] = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(place), moved));
                    }
                    for row in 0..ROWS {
                        let place = activations.add(4 * ((row * blocks + block) * quads + quad));
                        let activation = vdupq_n_s32(place.cast::<i32>().read_unaligned());
                        let activation = vreinterpretq_s8_s32(activation);
                        for part in 0..PARTS {
                            totals[row][part] = add_dot_products(totals[row][part], four[part], activation);
                        }
                    }
                }
                for row in 0..ROWS {
                    for part in 0..PARTS {
                        let output = first + part * LANES;
                        let place = sums[row].as_mut_ptr().add(output);
                        let weight_scales = product.weight_scales.as_ptr().add(block).cast::<f32>();
                        let weight_scale = vld1q_f32(weight_scales.add(output));
                        let both = vmulq_n_f32(weight_scale, *scales.add(row * blocks + block));
                        let total = vcvtq_f32_s32(totals[row][part]);
                        vst1q_f32(place, vfmaq_f32(vld1q_f32(place), total, both));
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn add_short_block<const ROWS: usize, const NEW: bool>(
        product: &ShortProduct<'_, ROWS>,
        sums: &mut [[f32; PANEL]; ROWS],
    ) {
        let panel = &product.panel[..SHORT_PANEL];
        let rows = product.rows;
        // SAFETY: panel and rows have as many numbers as are read; the caller says that the processor has the instructions.
        unsafe {
            for first in (0..PANEL).step_by(SHORT_PARTS * LANES) {
                let mut totals = [[[vdupq_n_s32(0); 2]; SHORT_PARTS]; ROWS];
                for pair in 0..SHORT_BLOCK / 2 {
                    let mut two: [int16x8_t; SHORT_PARTS] =
                        [vreinterpretq_s16_s32(vdupq_n_s32(0)); SHORT_PARTS];
                    for part in 0..SHORT_PARTS {
                        two[part] = vld1q_s16(panel.as_ptr().add(2 * (pair * PANEL + first + part * LANES)));
                    }
                    for row in 0..ROWS {
                        let number = rows[row].as_ptr().add(2 * pair).cast::<i32>().read_unaligned();
                        let number = vreinterpretq_s16_s32(vdupq_n_s32(number));
                        for part in 0..SHORT_PARTS {
                            let [low, high] = &mut totals[row][part];
                            *low = vmlal_s16(*low, vget_low_s16(two[part]), vget_low_s16(number));
                            *high = vmlal_high_s16(*high, two[part], number);
                        }
                    }
                }
                for row in 0..ROWS {
                    for part in 0..SHORT_PARTS {
                        let [low, high] = totals[row][part];
                        let place = sums[row].as_mut_ptr().add(first + part * LANES);
                        let total = vcvtq_f32_s32(vpaddq_s32(low, high));
                        let scale = vdupq_n_f32(product.scales[row]);
                        let before = if NEW { vdupq_n_f32(0.0) } else { vld1q_f32(place) };
                        vst1q_f32(place, vfmaq_f32(before, total, scale));
                    }
                }
            }
        }
    }

    compiled_once!(Neon, #[target_feature(enable = "neon,dotprod")]);
}

/// # Safety
/// The processor has NEON.
#[inline(always)]
unsafe fn zeros() -> float32x4_t {
    // SAFETY: the caller's promise.
    unsafe { vdupq_n_f32(0.0) }
}

/// a × b + c.
///
/// # Safety
/// The processor has NEON.
#[inline(always)]
unsafe fn multiply_add(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
    // SAFETY: the caller's promise.
    unsafe { vfmaq_f32(c, a, b) }
}

/// Adds to each of four sums the four products that belong to it. An instruction that the standard library does not offer yet.
///
/// # Safety
/// The processor has it.
#[inline(always)]
unsafe fn add_dot_products(sums: int32x4_t, left: int8x16_t, right: int8x16_t) -> int32x4_t {
    let mut result = sums;
    // SAFETY: it reads and writes these registers only; the caller says that the processor has it.
    unsafe {
        asm!(
            ".arch_extension dotprod",
            "sdot {sums:v}.4s, {left:v}.16b, {right:v}.16b",
            sums = inout(vreg) result,
            left = in(vreg) left,
            right = in(vreg) right,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    result
}
