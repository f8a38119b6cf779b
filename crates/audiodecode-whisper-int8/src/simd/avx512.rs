use std::arch::x86_64::{
    __m512, __m512i, _mm512_add_ps, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_dpwssd_epi32,
    _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mul_ps, _mm512_reduce_add_ps,
    _mm512_set1_epi32, _mm512_set1_ps, _mm512_setzero_ps, _mm512_setzero_si512, _mm512_storeu_ps,
};

use super::{
    BlockProduct, Isa, Looks, PANEL, SHORT_BLOCK, SHORT_PANEL, ShortProduct, compiled_once, vectors_of_floats,
};
use crate::attention::look_around;
use crate::short_heads::{HEAD, ShortHead};
use crate::short_matrix::{ShortPanel, add_short_panel};
use crate::weight_matrix::{WeightPanel, add_weight_panel};

/// AVX-512 with VNNI.
pub(crate) struct Avx512;

const LANES: usize = 16;
const PARTS: usize = PANEL / LANES;

impl Isa for Avx512 {
    vectors_of_floats!(
        __m512,
        LANES,
        _mm512_setzero_ps,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_fmadd_ps
    );

    #[inline(always)]
    unsafe fn sum(vector: Self::Vector) -> f32 {
        // SAFETY: the caller says that the processor has it.
        unsafe { _mm512_reduce_add_ps(vector) }
    }

    #[inline(always)]
    unsafe fn add_block<const ROWS: usize>(
        product: &BlockProduct<'_, ROWS>,
        sums: &mut [[f32; PANEL]; ROWS],
    ) {
        let quads = product.weights.len() / (4 * PANEL);
        let activations = &product.activations;
        assert!(activations.iter().all(|row| row.len() >= 4 * quads), "as many activations as weights");
        // SAFETY: weights have `quads` times 4 × PANEL bytes and each row 4 × `quads`; the caller says that the processor has the
        // instructions.
        unsafe {
            let mut totals: [[__m512i; PARTS]; ROWS] = [[_mm512_setzero_si512(); PARTS]; ROWS];
            for row in 0..ROWS {
                totals[row] = [_mm512_set1_epi32(-product.surplus[row]); PARTS];
            }
            let weights: *const u8 = product.weights.as_ptr();
            for quad in 0..quads {
                let mut four = [_mm512_setzero_si512(); PARTS];
                for part in 0..PARTS {
                    four[part] = _mm512_loadu_si512(weights.add(quad * 4 * PANEL + part * 4 * LANES).cast());
                }
                for row in 0..ROWS {
                    let activation = activations[row].as_ptr().add(4 * quad).cast::<i32>().read_unaligned();
                    let activation = _mm512_set1_epi32(activation);
                    for part in 0..PARTS {
                        totals[row][part] = _mm512_dpbusd_epi32(totals[row][part], four[part], activation);
                    }
                }
            }
            for row in 0..ROWS {
                let scale = _mm512_set1_ps(product.activation_scales[row]);
                for part in 0..PARTS {
                    let place = sums[row].as_mut_ptr().add(part * LANES);
                    let weight_scale = _mm512_loadu_ps(product.weight_scales.as_ptr().add(part * LANES));
                    let total = _mm512_cvtepi32_ps(totals[row][part]);
                    let added = _mm512_mul_ps(total, _mm512_mul_ps(weight_scale, scale));
                    _mm512_storeu_ps(place, _mm512_add_ps(_mm512_loadu_ps(place), added));
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn add_short_block<const ROWS: usize>(
        product: &ShortProduct<'_, ROWS>,
        sums: &mut [[f32; PANEL]; ROWS],
    ) {
        let panel = &product.panel[..SHORT_PANEL];
        let rows = product.rows;
        // SAFETY: panel and rows have as many numbers as are read; the caller says that the processor has the instructions.
        unsafe {
            let mut totals: [[__m512i; PARTS]; ROWS] = [[_mm512_setzero_si512(); PARTS]; ROWS];
            for pair in 0..SHORT_BLOCK / 2 {
                let mut two = [_mm512_setzero_si512(); PARTS];
                for part in 0..PARTS {
                    two[part] =
                        _mm512_loadu_si512(panel.as_ptr().add(2 * (pair * PANEL + part * LANES)).cast());
                }
                for row in 0..ROWS {
                    let number = rows[row].as_ptr().add(2 * pair).cast::<i32>().read_unaligned();
                    let number = _mm512_set1_epi32(number);
                    for part in 0..PARTS {
                        totals[row][part] = _mm512_dpwssd_epi32(totals[row][part], two[part], number);
                    }
                }
            }
            for row in 0..ROWS {
                let scale = _mm512_set1_ps(product.scales[row]);
                for part in 0..PARTS {
                    let place = sums[row].as_mut_ptr().add(part * LANES);
                    let total = _mm512_cvtepi32_ps(totals[row][part]);
                    _mm512_storeu_ps(place, _mm512_fmadd_ps(total, scale, _mm512_loadu_ps(place)));
                }
            }
        }
    }

    compiled_once!(Avx512, #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma")]);
}
