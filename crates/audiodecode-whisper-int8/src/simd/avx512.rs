use std::arch::x86_64::{
    __m512, __m512i, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_dpwssd_epi32, _mm512_fmadd_ps,
    _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mul_ps, _mm512_reduce_add_ps, _mm512_set1_epi32,
    _mm512_set1_ps, _mm512_setzero_ps, _mm512_setzero_si512, _mm512_storeu_ps,
};

use super::{
    HALF, Isa, Looks, PANEL, PanelProduct, SHORT_BLOCK, SHORT_PANEL, ShortProduct, compiled_once, place_of,
    vectors_of_floats,
};
use crate::attention::look_around;
use crate::short_heads::{HEAD, ShortHead};
use crate::short_matrix::{ShortPanel, add_short_panel};
use crate::weight_matrix::{WeightPanel, add_weight_panel};

/// AVX-512 with VNNI.
pub(crate) struct Avx512;

const LANES: usize = 16;
const PARTS: usize = PANEL / LANES;
const BESIDE: usize = HALF / LANES;

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
    unsafe fn add_blocks<const ROWS: usize>(product: &PanelProduct<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
        let (blocks, quads) = product.shape::<ROWS>();
        let (activations, scales) = (product.activations.as_ptr(), product.activation_scales.as_ptr());
        // SAFETY: weights have `blocks` times `quads` times 4 × PANEL bytes, each row as many activations and `blocks` scales; the caller
        // says that the processor has the instructions.
        unsafe {
            for first in (0..PANEL).step_by(HALF) {
                let mut floats = [[_mm512_setzero_ps(); BESIDE]; ROWS];
                for row in 0..ROWS {
                    for part in 0..BESIDE {
                        floats[row][part] = _mm512_loadu_ps(sums[row].as_ptr().add(first + part * LANES));
                    }
                }
                for block in 0..blocks {
                    let weights = product.weights.as_ptr().add(place_of((blocks, quads), block, first));
                    let mut totals = [[_mm512_setzero_si512(); BESIDE]; ROWS];
                    for row in 0..ROWS {
                        let surplus = *product.surplus.as_ptr().add(row * blocks + block);
                        totals[row] = [_mm512_set1_epi32(-surplus); BESIDE];
                    }
                    for quad in 0..quads {
                        let mut four = [_mm512_setzero_si512(); BESIDE];
                        for part in 0..BESIDE {
                            four[part] =
                                _mm512_loadu_si512(weights.add(4 * (quad * HALF + part * LANES)).cast());
                        }
                        for row in 0..ROWS {
                            let place = activations.add(4 * ((row * blocks + block) * quads + quad));
                            let activation = _mm512_set1_epi32(place.cast::<i32>().read_unaligned());
                            for part in 0..BESIDE {
                                totals[row][part] =
                                    _mm512_dpbusd_epi32(totals[row][part], four[part], activation);
                            }
                        }
                    }
                    for row in 0..ROWS {
                        let scale = _mm512_set1_ps(*scales.add(row * blocks + block));
                        for part in 0..BESIDE {
                            let weight_scales = product.weight_scales.as_ptr().add(block).cast::<f32>();
                            let weight_scale = _mm512_loadu_ps(weight_scales.add(first + part * LANES));
                            let total = _mm512_cvtepi32_ps(totals[row][part]);
                            let both = _mm512_mul_ps(weight_scale, scale);
                            floats[row][part] = _mm512_fmadd_ps(total, both, floats[row][part]);
                        }
                    }
                }
                for row in 0..ROWS {
                    for part in 0..BESIDE {
                        _mm512_storeu_ps(sums[row].as_mut_ptr().add(first + part * LANES), floats[row][part]);
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
                    let before = if NEW { _mm512_setzero_ps() } else { _mm512_loadu_ps(place) };
                    _mm512_storeu_ps(place, _mm512_fmadd_ps(total, scale, before));
                }
            }
        }
    }

    compiled_once!(Avx512, #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma")]);
}
