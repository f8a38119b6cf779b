//! What resampling promises, for every pair of usual rates, measured on sine tones whose result arithmetic knows.
//!
//! All tones of a pair are channels of one run. The first and last block are left out: there the signal starts and stops
//! abruptly, which is not band-limited.

#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

use std::f64::consts::TAU;

use audiodecode_dsp::{block_size, resample};

const RATES: [u32; 12] =
    [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
/// No common divisor: the block is the whole second, or two.
const AWKWARD: [(u32, u32); 4] = [(44_101, 16_000), (16_000, 44_101), (96_001, 44_099), (47_999, 48_000)];
/// Of the lower Nyquist frequency.
const PASSBAND: [f64; 6] = [0.013, 0.31, 0.6, 0.85, 0.913, 0.937];
const STOPBAND: [f64; 6] = [1.0005, 1.005, 1.02, 1.31, 1.9, 2.7];

#[test]
fn every_pair_of_usual_rates_meets_the_bar() {
    let pairs = RATES.iter().flat_map(|input| RATES.iter().map(move |output| (*input, *output)));
    pairs.filter(|(input, output)| input != output).for_each(|(input, output)| check(input, output));
}

#[test]
fn rates_without_a_common_divisor_meet_the_bar() {
    AWKWARD.into_iter().for_each(|(input, output)| check(input, output));
}

fn check(input_rate: u32, output_rate: u32) {
    let pair = format!("{input_rate} -> {output_rate}");
    let block = block_size(input_rate, output_rate, 1).unwrap();
    let frames = 5 * block.input + 7;
    let nyquist = f64::from(input_rate.min(output_rate)) / 2.0;
    let below_input_nyquist = |share: &f64| share * nyquist < 0.98 * f64::from(input_rate) / 2.0;
    let shares: Vec<f64> = PASSBAND.into_iter().chain(STOPBAND).filter(below_input_nyquist).collect();
    let tones: Vec<Vec<f32>> = shares.iter().map(|share| sine(share * nyquist, input_rate, frames)).collect();

    let output = resample(&tones, input_rate, output_rate).unwrap();

    for (share, plane) in shares.iter().zip(&output) {
        let length = (frames as u64 * u64::from(output_rate)).div_ceil(u64::from(input_rate));
        assert_eq!(plane.len() as u64, length, "{pair}");
        let fit = Fit::new(plane, block.output..plane.len() - block.output, share * nyquist, output_rate);
        if *share < 1.0 {
            let snr = 20.0 * (fit.gain / fit.residual).log10();
            assert!(snr >= 120.0, "{pair}: {snr:.1} dB SNR at {share} of Nyquist");
            let decibels = 20.0 * (fit.gain / AMPLITUDE).log10();
            assert!(decibels.abs() <= 0.01, "{pair}: {decibels:.4} dB at {share} of Nyquist");
            assert!(fit.delay_frames.abs() < 1e-3, "{pair}: {} frames late at {share}", fit.delay_frames);
        } else {
            let alias = 20.0 * (fit.power / AMPLITUDE).log10();
            assert!(alias <= -120.0, "{pair}: {alias:.1} dB of alias at {share} of Nyquist");
        }
    }
}

const AMPLITUDE: f64 = 0.9;

fn sine(frequency: f64, rate: u32, frames: usize) -> Vec<f32> {
    let step = frequency / f64::from(rate);
    (0..frames).map(|frame| (AMPLITUDE * (TAU * (step * frame as f64).fract()).sin()) as f32).collect()
}

/// The least-squares fit of a sine of known frequency.
struct Fit {
    gain: f64,
    delay_frames: f64,
    /// Amplitude of a sine with the power of what the fit does not explain.
    residual: f64,
    /// The same for the whole signal.
    power: f64,
}

impl Fit {
    fn new(plane: &[f32], span: std::ops::Range<usize>, frequency: f64, rate: u32) -> Self {
        let step = frequency / f64::from(rate);
        let count = span.len() as f64;
        let basis = |frame: usize| (TAU * (step * frame as f64).fract()).sin_cos();
        let (mut ss, mut sc, mut cc, mut ys, mut yc, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for frame in span.clone() {
            let ((s, c), y) = (basis(frame), f64::from(plane[frame]));
            ss += s * s;
            sc += s * c;
            cc += c * c;
            ys += y * s;
            yc += y * c;
            yy += y * y;
        }
        let determinant = ss * cc - sc * sc;
        let (a, b) = ((ys * cc - yc * sc) / determinant, (yc * ss - ys * sc) / determinant);
        let unexplained: f64 = span
            .map(|frame| {
                let (s, c) = basis(frame);
                (f64::from(plane[frame]) - a * s - b * c).powi(2)
            })
            .sum();
        Self {
            gain: a.hypot(b),
            delay_frames: -b.atan2(a) / (TAU * step),
            residual: (2.0 * unexplained / count).sqrt(),
            power: (2.0 * yy / count).sqrt(),
        }
    }
}
