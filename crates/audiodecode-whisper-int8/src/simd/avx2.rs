use std::arch::x86_64::{
    __m256, __m256i, _mm_add_ps, _mm_add_ss, _mm_cvtss_f32, _mm_movehl_ps, _mm_shuffle_ps, _mm256_abs_epi8,
    _mm256_add_epi32, _mm256_castps256_ps128, _mm256_cvtepi32_ps, _mm256_extractf128_ps, _mm256_fmadd_ps,
    _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_mul_ps,
    _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_setzero_si256, _mm256_sign_epi8, _mm256_storeu_ps, _mm256_xor_si256,
};

use super::{
    HALF, Isa, Looks, PANEL, PanelProduct, SHORT_BLOCK, SHORT_PANEL, ShortProduct, compiled_once, parts_of,
    place_of, vectors_of_floats,
};
use crate::attention::look_around;
use crate::short_heads::{HEAD, ShortHead};
use crate::short_matrix::{ShortPanel, add_short_panel};
use crate::weight_matrix::{WeightPanel, add_weight_panel};

/// AVX2 with FMA.
pub(crate) struct Avx2;

const LANES: usize = 8;
/// Outputs that are computed at a time, in vectors: with more the sums of four rows would not fit into the registers.
const PARTS: usize = 2;

impl Isa for Avx2 {
    vectors_of_floats!(
        __m256,
        LANES,
        _mm256_setzero_ps,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_fmadd_ps
    );

    #[inline(always)]
    unsafe fn sum(vector: Self::Vector) -> f32 {
        // SAFETY: the caller says that the processor has it.
        unsafe {
            let half = _mm_add_ps(_mm256_castps256_ps128(vector), _mm256_extractf128_ps::<1>(vector));
            let pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
            _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps::<1>(pair, pair)))
        }
    }

    #[inline(always)]
    unsafe fn add_blocks<const ROWS: usize>(product: &PanelProduct<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
        let (blocks, quads) = product.shape::<ROWS>();
        let (activations, scales) = (product.activations.as_ptr(), product.activation_scales.as_ptr());
        // SAFETY: weights have `blocks` times `quads` times 4 × PANEL bytes, each row as many activations and `blocks` scales; the caller
        // says that the processor has the instructions.
        unsafe {
            let moved = _mm256_set1_epi8(i8::MIN);
            let ones = _mm256_set1_epi16(1);
            for (block, first) in parts_of(blocks, PARTS * LANES) {
                let weights = product.weights.as_ptr().add(place_of((blocks, quads), block, first));
                let mut totals: [[__m256i; PARTS]; ROWS] = [[_mm256_setzero_si256(); PARTS]; ROWS];
                for quad in 0..quads {
                    let mut four = [_mm256_setzero_si256(); PARTS];
                    for part in 0..PARTS {
                        let place = weights.add(4 * (quad * HALF + part * LANES));
                        four[part] = _mm256_xor_si256(_mm256_loadu_si256(place.cast()), moved);
                    }
                    for row in 0..ROWS {
                        let place = activations.add(4 * ((row * blocks + block) * quads + quad));
                        let activation = _mm256_set1_epi32(place.cast::<i32>().read_unaligned());
                        // The instruction wants one side unsigned: signs go to the other. 2 × 127 × 127 fit into 16 bits.
                        let size = _mm256_abs_epi8(activation);
                        for part in 0..PARTS {
                            let pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(four[part], activation));
                            totals[row][part] =
                                _mm256_add_epi32(totals[row][part], _mm256_madd_epi16(pairs, ones));
                        }
                    }
                }
                for row in 0..ROWS {
                    let scale = _mm256_set1_ps(*scales.add(row * blocks + block));
                    for part in 0..PARTS {
                        let output = first + part * LANES;
                        let place = sums[row].as_mut_ptr().add(output);
                        let weight_scales = product.weight_scales.as_ptr().add(block).cast::<f32>();
                        let both = _mm256_mul_ps(_mm256_loadu_ps(weight_scales.add(output)), scale);
                        let total = _mm256_cvtepi32_ps(totals[row][part]);
                        _mm256_storeu_ps(place, _mm256_fmadd_ps(total, both, _mm256_loadu_ps(place)));
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
            for first in (0..PANEL).step_by(PARTS * LANES) {
                let mut totals: [[__m256i; PARTS]; ROWS] = [[_mm256_setzero_si256(); PARTS]; ROWS];
                for pair in 0..SHORT_BLOCK / 2 {
                    let mut two = [_mm256_setzero_si256(); PARTS];
                    for part in 0..PARTS {
                        two[part] = _mm256_loadu_si256(
                            panel.as_ptr().add(2 * (pair * PANEL + first + part * LANES)).cast(),
                        );
                    }
                    for row in 0..ROWS {
                        let number = rows[row].as_ptr().add(2 * pair).cast::<i32>().read_unaligned();
                        let number = _mm256_set1_epi32(number);
                        for part in 0..PARTS {
                            let products = _mm256_madd_epi16(two[part], number);
                            totals[row][part] = _mm256_add_epi32(totals[row][part], products);
                        }
                    }
                }
                for row in 0..ROWS {
                    let scale = _mm256_set1_ps(product.scales[row]);
                    for part in 0..PARTS {
                        let place = sums[row].as_mut_ptr().add(first + part * LANES);
                        let total = _mm256_cvtepi32_ps(totals[row][part]);
                        let before = if NEW { _mm256_setzero_ps() } else { _mm256_loadu_ps(place) };
                        _mm256_storeu_ps(place, _mm256_fmadd_ps(total, scale, before));
                    }
                }
            }
        }
    }

    compiled_once!(Avx2, #[target_feature(enable = "avx2,fma")]);
}
