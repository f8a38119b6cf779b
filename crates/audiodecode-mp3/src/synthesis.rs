use std::sync::LazyLock;

use audiodecode_widest::widest;
use wide::f32x4;

use crate::aligned::Aligned;
use crate::hybrid::{BANDS, Row};
use crate::matrixing::{matrix, matrix_half};
use crate::synthesis_window::WINDOW;

/// Subbands at half the rate: those of the lower half of the spectrum.
pub(crate) const HALF: usize = BANDS / 2;
/// Time slots of history that a sample depends on, besides its own.
const HISTORY: usize = 15;
/// Time slots of a frame with two granules.
const MAX_SLOTS: usize = 36;
/// Time slots whose samples are summed up at a time: as many as there are registers for.
const BLOCK_SLOTS: usize = 9;

/// What the matrixing makes of one time slot, up to signs: what it gives to its own samples and those an even number of slots
/// later, and to those an odd number later.
type Phases<const COUNT: usize> = [Aligned<COUNT>; 2];

/// The window, by how many slots ago, with the signs of the terms that it meets.
type Taps<const COUNT: usize> = [Aligned<COUNT>; HISTORY + 1];

static TAPS: LazyLock<Taps<BANDS>> = LazyLock::new(|| taps(|at| at));
/// Those of even samples, and of odd ones.
static HALF_TAPS: LazyLock<[Taps<HALF>; 2]> =
    LazyLock::new(|| std::array::from_fn(|odd| taps(|at| 2 * at + odd)));

/// The taps of the samples of a time slot that `sample` names.
fn taps<const COUNT: usize>(sample: impl Fn(usize) -> usize) -> Taps<COUNT> {
    std::array::from_fn(|ago| {
        Aligned(std::array::from_fn(|at| {
            let at = sample(at);
            // Terms behind the 32nd are those before it negated, and so are those behind the 64th (§2.4.3.2.2).
            let sign = if ago % 2 == 1 || at > 16 { -1.0 } else { 1.0 };
            sign * window(BANDS * ago + at) as f32 / 65_536.0
        }))
    })
}

fn window(at: usize) -> i32 {
    match at {
        0..=256 => WINDOW[at],
        _ if at.is_multiple_of(64) => WINDOW[512 - at],
        _ => -WINDOW[512 - at],
    }
}

/// The first stage of the filter bank, from samples of subbands to samples, one channel (ISO/IEC 11172-3 §2.4.3.2.2): of all
/// `BANDS`, or of the lower `HALF` to every second sample.
pub(crate) struct Synthesis<const COUNT: usize> {
    /// In order of time; the first ones are those before the frame.
    phases: [Phases<COUNT>; HISTORY + MAX_SLOTS],
    /// Whether odd samples are given instead of even ones; of no meaning at the full rate.
    odd: bool,
}

impl Synthesis<BANDS> {
    pub(crate) fn new() -> Self {
        Self::at_rest(false)
    }

    /// Turns the time slots of a frame, 18 or 36, into 32 samples each.
    pub(crate) fn process(&mut self, rows: &[Row], out: &mut [f32]) {
        synthesize(self, rows, out);
    }

    #[inline(always)]
    fn process_by<const LANES: usize>(&mut self, rows: &[Row], out: &mut [f32]) {
        self.sum_up_frame::<LANES, _>(rows, out, &TAPS, matrix);
    }
}

impl Synthesis<HALF> {
    pub(crate) fn of_half(odd: bool) -> Self {
        Self::at_rest(odd)
    }

    /// Turns the time slots of a frame, 18 or 36, into 16 samples each.
    pub(crate) fn process(&mut self, rows: &[Row], out: &mut [f32]) {
        synthesize_half(self, rows, out);
    }

    #[inline(always)]
    fn process_by<const LANES: usize>(&mut self, rows: &[Row], out: &mut [f32]) {
        let odd = self.odd;
        self.sum_up_frame::<LANES, _>(rows, out, &HALF_TAPS[usize::from(odd)], |bands| {
            matrix_half(bands, odd)
        });
    }
}

impl<const COUNT: usize> Synthesis<COUNT> {
    fn at_rest(odd: bool) -> Self {
        Self { phases: [[Aligned::ZERO; 2]; HISTORY + MAX_SLOTS], odd }
    }

    #[inline(always)]
    fn sum_up_frame<const LANES: usize, Term: Fn(usize, usize) -> f32x4>(
        &mut self,
        rows: &[Row],
        out: &mut [f32],
        taps: &Taps<COUNT>,
        matrix: impl Fn(&[f32x4; COUNT]) -> Term,
    ) {
        let slots = rows.len().min(MAX_SLOTS);
        for (rows, phases) in rows.chunks(4).zip(self.phases[HISTORY..].chunks_mut(4)) {
            to_phases(rows, phases, &matrix);
        }
        let (out, _) = out.as_chunks_mut::<COUNT>();
        for (block, out) in out.chunks_mut(BLOCK_SLOTS).enumerate().take(slots / BLOCK_SLOTS) {
            let seen = self.phases[BLOCK_SLOTS * block..].first_chunk();
            if let (Some(seen), Some(out)) = (seen, out.first_chunk_mut()) {
                sum_up::<COUNT, LANES>(seen, taps, out);
            }
        }
        self.phases.copy_within(slots..slots + HISTORY, 0);
    }
}

widest! {
    fn synthesize(synthesis: &mut Synthesis<BANDS>, rows: &[Row], out: &mut [f32]) {
        any: Synthesis::<BANDS>::process_by::<4>, avx2: Synthesis::<BANDS>::process_by::<8>
    }
}

widest! {
    fn synthesize_half(synthesis: &mut Synthesis<HALF>, rows: &[Row], out: &mut [f32]) {
        any: Synthesis::<HALF>::process_by::<4>, avx2: Synthesis::<HALF>::process_by::<8>
    }
}

/// Up to four time slots at once.
#[inline(always)]
fn to_phases<const COUNT: usize, Term: Fn(usize, usize) -> f32x4>(
    rows: &[Row],
    phases: &mut [Phases<COUNT>],
    matrix: impl Fn(&[f32x4; COUNT]) -> Term,
) {
    let mut padded = [Row::ZERO; 4];
    let four = if let Some(four) = rows.first_chunk::<4>() {
        four
    } else {
        for (to, from) in padded.iter_mut().zip(rows) {
            *to = *from;
        }
        &padded
    };
    let mut x = [f32x4::ZERO; COUNT];
    for quad in 0..COUNT / 4 {
        let part = |row: &Row| f32x4::new(row.0.as_chunks::<4>().0[quad]);
        let turned = f32x4::transpose([part(&four[0]), part(&four[1]), part(&four[2]), part(&four[3])]);
        x[4 * quad..4 * quad + 4].copy_from_slice(&turned);
    }
    let term = matrix(&x);
    for later in 0..2 {
        for quad in 0..COUNT / 4 {
            let at = 4 * quad;
            let turned = f32x4::transpose([
                term(later, at),
                term(later, at + 1),
                term(later, at + 2),
                term(later, at + 3),
            ]);
            for (to, from) in phases.iter_mut().zip(turned) {
                to[later].0.as_chunks_mut::<4>().0[quad] = from.to_array();
            }
        }
    }
}

/// Nine time slots from as many and the fifteen before them.
#[inline(always)]
fn sum_up<const COUNT: usize, const LANES: usize>(
    seen: &[Phases<COUNT>; HISTORY + BLOCK_SLOTS],
    taps: &Taps<COUNT>,
    out: &mut [[f32; COUNT]; BLOCK_SLOTS],
) {
    for part in 0..COUNT / LANES {
        let mut sums = [[0.0; LANES]; BLOCK_SLOTS];
        for (ago, tap) in taps.iter().enumerate() {
            let tap = &tap.0.as_chunks::<LANES>().0[part];
            let added = |slot: usize| {
                let phases = &seen[HISTORY + slot - ago][ago % 2].0.as_chunks::<LANES>().0[part];
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

    #[test]
    fn at_half_the_rate_samples_are_every_second_one_of_the_lower_bands() {
        let mut rows = noise(90);
        rows.iter_mut().for_each(|row| row.0[HALF..].fill(0.0));
        let expected = by_definition(&rows);
        // What lies in the upper bands does not matter.
        rows.iter_mut().for_each(|row| row.0[HALF..].fill(f32::NAN));
        for odd in [false, true] {
            let mut synthesis = Synthesis::of_half(odd);
            let mut out = vec![0.0; 90 * HALF];
            let mut rest = out.as_mut_slice();
            for rows in [&rows[..36], &rows[36..54], &rows[54..]] {
                let (frame, behind) = rest.split_at_mut(rows.len() * HALF);
                synthesis.process(rows, frame);
                rest = behind;
            }
            let expected = expected.iter().skip(usize::from(odd)).step_by(2);
            for (at, (found, expected)) in out.iter().zip(expected).enumerate() {
                assert!((f64::from(*found) - expected).abs() < 1e-5, "{at}: {found} {expected}");
            }
        }
    }

    #[test]
    fn at_half_the_rate_all_lanes_give_the_same_bits_too() {
        let rows = noise(36);
        let (mut narrow, mut wide) = ([0.0; 576], [0.0; 576]);
        Synthesis::of_half(true).process_by::<4>(&rows, &mut narrow);
        Synthesis::of_half(true).process(&rows, &mut wide);
        assert_eq!(narrow, wide);
    }
}
