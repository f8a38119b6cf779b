use std::sync::LazyLock;

use wide::f32x4;

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
type Phases = [f32; 2 * BANDS];

/// The window, by how many slots ago, for the half of `Phases` that this slot has to give; with its signs.
static TAPS: LazyLock<[Row; HISTORY + 1]> = LazyLock::new(|| {
    std::array::from_fn(|ago| {
        std::array::from_fn(|at| {
            // Terms behind the 32nd are those before it negated, and so are those behind the 64th (§2.4.3.2.2).
            let sign = if ago % 2 == 1 || at > 16 { -1.0 } else { 1.0 };
            sign * window(BANDS * ago + at) as f32 / 65_536.0
        })
    })
});

fn window(at: usize) -> i32 {
    match at {
        0..=256 => WINDOW[at],
        _ if at % 64 == 0 => WINDOW[512 - at],
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
        Self { phases: [[0.0; 2 * BANDS]; HISTORY + MAX_SLOTS] }
    }

    /// Turns the time slots of a frame, 18 or 36, into 32 samples each.
    pub(crate) fn process(&mut self, rows: &[Row], out: &mut [f32]) {
        let slots = rows.len().min(MAX_SLOTS);
        for (rows, phases) in rows.chunks(4).zip(self.phases[HISTORY..].chunks_mut(4)) {
            to_phases(rows, phases);
        }
        let taps = &*TAPS;
        let (out, _) = out.as_chunks_mut::<BANDS>();
        for (block, out) in out.chunks_mut(BLOCK_SLOTS).enumerate().take(slots / BLOCK_SLOTS) {
            let seen = self.phases[BLOCK_SLOTS * block..].first_chunk();
            if let (Some(seen), Some(out)) = (seen, out.first_chunk_mut()) {
                sum_up(seen, taps, out);
            }
        }
        self.phases.copy_within(slots..slots + HISTORY, 0);
    }
}

/// Up to four time slots at once.
fn to_phases(rows: &[Row], phases: &mut [Phases]) {
    let mut padded = [[0.0; BANDS]; 4];
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
        let part = |row: &Row| f32x4::new(row.as_chunks::<4>().0[quad]);
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
            to.as_chunks_mut::<4>().0[quad] = from.to_array();
        }
    }
}

/// Nine time slots from as many and the fifteen before them.
fn sum_up(
    seen: &[Phases; HISTORY + BLOCK_SLOTS],
    taps: &[Row; HISTORY + 1],
    out: &mut [[f32; BANDS]; BLOCK_SLOTS],
) {
    for quad in 0..BANDS / 4 {
        let mut sums = [f32x4::ZERO; BLOCK_SLOTS];
        for (ago, tap) in taps.iter().enumerate() {
            let tap = f32x4::new(tap.as_chunks::<4>().0[quad]);
            let part = quad + if ago % 2 == 1 { BANDS / 4 } else { 0 };
            for (slot, sum) in sums.iter_mut().enumerate() {
                *sum += tap * f32x4::new(seen[HISTORY + slot - ago].as_chunks::<4>().0[part]);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            out.as_chunks_mut::<4>().0[quad] = sum.to_array();
        }
    }
}
