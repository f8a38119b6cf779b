use std::sync::LazyLock;

use audiodecode_widest::widest;
use wide::f32x4;

use crate::aligned::Aligned;
use crate::dct::dct2_32;
use crate::hybrid::{BANDS, Row};
use crate::synthesis_window::WINDOW;

/// Time slots of history that a sample depends on, besides its own.
const HISTORY: usize = 15;
/// Time slots of a frame with two granules.
const MAX_SLOTS: usize = 36;
/// Time slots whose samples are summed up at a time: as many as there are registers for.
const BLOCK_SLOTS: usize = 9;

/// What the matrixing makes of one time slot, up to signs: cosine terms 16 … 31, 32 (zero), 31 … 17, then 16 … 0, 1 … 15.
type Phases = Aligned<{ 2 * BANDS }>;

/// The window, by how many slots ago, for the half of `Phases` that this slot has to give; with its signs.
static TAPS: LazyLock<[Row; HISTORY + 1]> = LazyLock::new(|| {
    std::array::from_fn(|ago| {
        Aligned(std::array::from_fn(|at| {
            // Terms behind the 32nd are those before it negated, and so are those behind the 64th (§2.4.3.2.2).
            let sign = if ago % 2 == 1 || at > 16 { -1.0 } else { 1.0 };
            sign * window(BANDS * ago + at) as f32 / 65_536.0
        }))
    })
});

fn window(at: usize) -> i32 {
    match at {
        0..=256 => WINDOW[at],
        _ if at.is_multiple_of(64) => WINDOW[512 - at],
        _ => -WINDOW[512 - at],
    }
}

/// The first stage of the filter bank, from samples of 32 subbands to samples, one channel (ISO/IEC 11172-3 §2.4.3.2.2).
pub(crate) struct Synthesis {
    /// In order of time; the first ones are those before the frame.
    phases: [Phases; HISTORY + MAX_SLOTS],
}

impl Synthesis {
    pub(crate) fn new() -> Self {
        Self { phases: [Aligned::ZERO; HISTORY + MAX_SLOTS] }
    }

    /// Turns the time slots of a frame, 18 or 36, into 32 samples each.
    pub(crate) fn process(&mut self, rows: &[Row], out: &mut [f32]) {
        synthesize(self, rows, out);
    }

    #[inline(always)]
    fn process_by<const LANES: usize>(&mut self, rows: &[Row], out: &mut [f32]) {
        let slots = rows.len().min(MAX_SLOTS);
        for (rows, phases) in rows.chunks(4).zip(self.phases[HISTORY..].chunks_mut(4)) {
            to_phases(rows, phases);
        }
        let taps = &*TAPS;
        let (out, _) = out.as_chunks_mut::<BANDS>();
        for (block, out) in out.chunks_mut(BLOCK_SLOTS).enumerate().take(slots / BLOCK_SLOTS) {
            let seen = self.phases[BLOCK_SLOTS * block..].first_chunk();
            if let (Some(seen), Some(out)) = (seen, out.first_chunk_mut()) {
                sum_up::<LANES>(seen, taps, out);
            }
        }
        self.phases.copy_within(slots..slots + HISTORY, 0);
    }
}

widest! {
    fn synthesize(synthesis: &mut Synthesis, rows: &[Row], out: &mut [f32]) {
        any: Synthesis::process_by::<4>, avx2: Synthesis::process_by::<8>
    }
}

/// Up to four time slots at once.
#[inline(always)]
fn to_phases(rows: &[Row], phases: &mut [Phases]) {
    let mut padded = [Row::ZERO; 4];
    let four = if let Some(four) = rows.first_chunk::<4>() {
        four
    } else {
        for (to, from) in padded.iter_mut().zip(rows) {
            *to = *from;
        }
        &padded
    };
    let mut x = [f32x4::ZERO; BANDS];
    for quad in 0..BANDS / 4 {
        let part = |row: &Row| f32x4::new(row.0.as_chunks::<4>().0[quad]);
        let turned = f32x4::transpose([part(&four[0]), part(&four[1]), part(&four[2]), part(&four[3])]);
        x[4 * quad..4 * quad + 4].copy_from_slice(&turned);
    }
    let terms = dct2_32(&x);
    let term = |at: usize| match at {
        0..16 => terms[16 + at],
        16 => f32x4::ZERO,
        17..32 => terms[48 - at],
        32..=48 => terms[48 - at],
        _ => terms[at - 48],
    };
    for quad in 0..2 * BANDS / 4 {
        let at = 4 * quad;
        let turned = f32x4::transpose([term(at), term(at + 1), term(at + 2), term(at + 3)]);
        for (to, from) in phases.iter_mut().zip(turned) {
            to.0.as_chunks_mut::<4>().0[quad] = from.to_array();
        }
    }
}

/// Nine time slots from as many and the fifteen before them.
#[inline(always)]
fn sum_up<const LANES: usize>(
    seen: &[Phases; HISTORY + BLOCK_SLOTS],
    taps: &[Row; HISTORY + 1],
    out: &mut [[f32; BANDS]; BLOCK_SLOTS],
) {
    for part in 0..BANDS / LANES {
        let mut sums = [[0.0; LANES]; BLOCK_SLOTS];
        for (ago, tap) in taps.iter().enumerate() {
            let tap = &tap.0.as_chunks::<LANES>().0[part];
            let at = part + if ago % 2 == 1 { BANDS / LANES } else { 0 };
            let added = |slot: usize| {
                let phases = &seen[HISTORY + slot - ago].0.as_chunks::<LANES>().0[at];
                let mut sum = sums[slot];
                for lane in 0..LANES {
                    sum[lane] += tap[lane] * phases[lane];
                }
                sum
            };
            // Written out, since only then all sums stay in registers.
            sums = [added(0), added(1), added(2), added(3), added(4), added(5), added(6), added(7), added(8)];
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            out.as_chunks_mut::<LANES>().0[part] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Matrixing and windowing as ISO/IEC 11172-3 §2.4.3.2.2 writes them down, of one time slot after the other.
    fn by_definition(rows: &[Row]) -> Vec<f64> {
        let mut values = vec![0.0; 1024];
        let mut out = Vec::new();
        for row in rows {
            values.rotate_right(64);
            for (at, value) in values.iter_mut().enumerate().take(64) {
                let angle = |band: usize| std::f64::consts::PI / 64.0 * ((16 + at) * (2 * band + 1)) as f64;
                *value = row.0.iter().enumerate().map(|(band, &x)| angle(band).cos() * f64::from(x)).sum();
            }
            out.extend((0..BANDS).map(|at| {
                let tap = |i: usize| {
                    let u = if i.is_multiple_of(2) { values[64 * i + at] } else { values[64 * i + 32 + at] };
                    u * f64::from(window(at + BANDS * i)) / 65_536.0
                };
                (0..16).map(tap).sum::<f64>()
            }));
        }
        out
    }

    fn noise(slots: usize) -> Vec<Row> {
        let mut state = 3_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..slots).map(|_| Aligned(std::array::from_fn(|_| next()))).collect()
    }

    #[test]
    fn samples_are_those_of_the_standard_s_flow_chart_across_frames_too() {
        let rows = noise(90);
        let expected = by_definition(&rows);
        let mut synthesis = Synthesis::new();
        let mut out = vec![0.0; 90 * BANDS];
        let mut rest = out.as_mut_slice();
        for rows in [&rows[..36], &rows[36..54], &rows[54..]] {
            let (frame, behind) = rest.split_at_mut(rows.len() * BANDS);
            synthesis.process(rows, frame);
            rest = behind;
        }
        for (at, (found, expected)) in out.iter().zip(expected).enumerate() {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{at}: {found} {expected}");
        }
    }

    #[test]
    fn four_lanes_and_the_widest_ones_give_the_same_bits() {
        let rows = noise(36);
        let (mut narrow, mut wide) = ([0.0; 1152], [0.0; 1152]);
        Synthesis::new().process_by::<4>(&rows, &mut narrow);
        Synthesis::new().process(&rows, &mut wide);
        assert_eq!(narrow, wide);
    }
}
