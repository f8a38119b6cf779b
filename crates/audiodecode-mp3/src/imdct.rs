//! The inverse modified cosine transforms of four subbands at a time (ISO/IEC 11172-3 §2.4.3.4.10.2).

use std::f64::consts::PI;
use std::sync::LazyLock;

use wide::f32x4;

use crate::dct::{dct3_3, dct3_9};

/// Turns and windows.
pub(crate) struct Tables {
    /// cos and sin of π (2n + 1) / 72.
    turns_18: [(f32, f32); 9],
    /// cos and sin of π (2n + 1) / 24.
    turns_6: [(f32, f32); 3],
    /// Windows by type, each sample for an even and an odd subband.
    long: [[[f32; 4]; 36]; 4],
    short: [[f32; 4]; 12],
}

pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    turns_18: std::array::from_fn(|n| turn(PI * (2 * n + 1) as f64 / 72.0)),
    turns_6: std::array::from_fn(|n| turn(PI * (2 * n + 1) as f64 / 24.0)),
    long: std::array::from_fn(|kind| std::array::from_fn(|at| lanes(at, long_window(kind, at), 9))),
    short: std::array::from_fn(|at| lanes(at, sine(at, 12), 3)),
});

fn turn(angle: f64) -> (f32, f32) {
    (angle.cos() as f32, angle.sin() as f32)
}

/// One sample of a window for four neighbouring subbands.
///
/// Every odd sample of odd subbands is negated, as the filter bank wants it (§2.4.3.4.10.5), and all samples behind the first
/// quarter, since there the transform is the negated mirror of the cosine transform it is made of.
fn lanes(at: usize, window: f64, quarter: usize) -> [f32; 4] {
    let window = if at < quarter { window } else { -window };
    let odd = if at % 2 == 1 { -window } else { window };
    [window as f32, odd as f32, window as f32, odd as f32]
}

fn sine(at: usize, length: usize) -> f64 {
    (PI * (2 * at + 1) as f64 / (2 * length) as f64).sin()
}

/// ISO/IEC 11172-3 §2.4.3.4.10.3: normal, start, (short), stop.
fn long_window(kind: usize, at: usize) -> f64 {
    match (kind, at) {
        (1, 18..24) | (3, 12..18) => 1.0,
        (1, 24..30) => sine(at - 18, 12),
        (1, 30..) | (3, ..6) => 0.0,
        (3, 6..12) => sine(at - 6, 12),
        _ => sine(at, 36),
    }
}

/// Eighteen lines to 36 windowed samples.
#[inline(always)]
pub(crate) fn imdct_36(x: &[f32x4; 18], kind: usize, tables: &Tables) -> [f32x4; 36] {
    let sums = [
        x[0],
        x[1] + x[2],
        x[3] + x[4],
        x[5] + x[6],
        x[7] + x[8],
        x[9] + x[10],
        x[11] + x[12],
        x[13] + x[14],
        x[15] + x[16],
    ];
    let differences = [
        x[17],
        x[15] - x[16],
        x[13] - x[14],
        x[11] - x[12],
        x[9] - x[10],
        x[7] - x[8],
        x[5] - x[6],
        x[3] - x[4],
        x[1] - x[2],
    ];
    let (cosines, sines) = (dct3_9(&sums), dct3_9(&differences));
    let window = &tables.long[kind & 3];
    let mut out = [f32x4::ZERO; 36];
    for n in 0..9 {
        let (low, high) = turned(cosines[n], sines[n], n, tables.turns_18[n]);
        place(&mut out, n, low, high, |at| f32x4::new(window[at]));
    }
    out
}

/// The cosine transform of type IV at n and at its mirror: the two halves turned.
#[inline(always)]
fn turned(cosine: f32x4, sine: f32x4, n: usize, (cos, sin): (f32, f32)) -> (f32x4, f32x4) {
    let (cos, sin) = (f32x4::splat(cos), f32x4::splat(sin));
    if n.is_multiple_of(2) {
        (cosine * cos + sine * sin, cosine * sin - sine * cos)
    } else {
        (cosine * cos - sine * sin, cosine * sin + sine * cos)
    }
}

/// Puts the two values of the cosine transform of type IV where the modified one has them, windowed.
#[inline(always)]
fn place<const N: usize>(
    out: &mut [f32x4; N],
    n: usize,
    low: f32x4,
    high: f32x4,
    window: impl Fn(usize) -> f32x4,
) {
    let quarter = N / 4;
    for (at, value) in
        [(quarter - 1 - n, high), (quarter + n, high), (3 * quarter - 1 - n, low), (3 * quarter + n, low)]
    {
        out[at] = value * window(at);
    }
}

/// Three times six interleaved lines to 36 windowed samples.
#[inline(always)]
pub(crate) fn imdct_12(x: &[f32x4; 18], tables: &Tables) -> [f32x4; 36] {
    let mut out = [f32x4::ZERO; 36];
    for window in 0..3 {
        let line = |at: usize| x[3 * at + window];
        let cosines = dct3_3(&[line(0), line(1) + line(2), line(3) + line(4)]);
        let sines = dct3_3(&[line(5), line(3) - line(4), line(1) - line(2)]);
        let mut part = [f32x4::ZERO; 12];
        for n in 0..3 {
            let (low, high) = turned(cosines[n], sines[n], n, tables.turns_6[n]);
            place(&mut part, n, low, high, |at| f32x4::new(tables.short[at]));
        }
        for (to, part) in out[6 + 6 * window..].iter_mut().zip(part) {
            *to += part;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> [f32x4; 18] {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        std::array::from_fn(|_| f32x4::new([next(), next(), next(), next()]))
    }

    /// The defining sum of §2.4.3.4.10.2 for `n` samples.
    fn sum(n: usize, lines: &[f32], at: usize) -> f64 {
        let angle = |k: usize| PI / (2 * n) as f64 * (2 * at + 1 + n / 2) as f64 * (2 * k + 1) as f64;
        lines.iter().enumerate().map(|(k, &line)| f64::from(line) * angle(k).cos()).sum()
    }

    fn sign(lane: usize, at: usize) -> f64 {
        if lane % 2 == 1 && at % 2 == 1 { -1.0 } else { 1.0 }
    }

    #[test]
    fn long_blocks_are_the_sum_that_defines_them_times_their_window() {
        let x = lines();
        for kind in [0, 1, 3] {
            let out = imdct_36(&x, kind, &TABLES);
            for lane in 0..4 {
                let lines: Vec<f32> = x.iter().map(|line| line.to_array()[lane]).collect();
                for (at, out) in out.iter().enumerate() {
                    let expected = sum(36, &lines, at) * long_window(kind, at) * sign(lane, at);
                    let error = f64::from(out.to_array()[lane]) - expected;
                    assert!(error.abs() < 3e-6, "{kind} {at} {lane}: {error:e}");
                }
            }
        }
    }

    #[test]
    fn short_blocks_are_three_sums_six_samples_apart() {
        let x = lines();
        let out = imdct_12(&x, &TABLES);
        for lane in 0..4 {
            for (at, out) in out.iter().enumerate() {
                let parts =
                    (0..3).filter(|window| (6 + 6 * window..18 + 6 * window).contains(&at)).map(|window| {
                        let lines: Vec<f32> = (0..6).map(|k| x[3 * k + window].to_array()[lane]).collect();
                        let within = at - 6 - 6 * window;
                        sum(12, &lines, within) * sine(within, 12)
                    });
                let error = f64::from(out.to_array()[lane]) - parts.sum::<f64>() * sign(lane, at);
                assert!(error.abs() < 1e-6, "{at} {lane}: {error:e}");
            }
        }
    }
}
