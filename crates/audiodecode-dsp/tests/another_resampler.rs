//! The resampler against rubato's, which shares nothing with it but the FFT library: other filter, other overlap, in `f64`.

#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

use std::f64::consts::TAU;

use audioadapter_buffers::direct::SequentialSliceOfSlices;
use audiodecode_dsp::resample;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

#[test]
fn both_agree_where_both_filters_pass() {
    // The pair of rates, and rubato's blocks: even, and long enough for a filter that passes what the signal holds.
    for (input_rate, output_rate, input_block, output_block) in [
        (44_100, 16_000, 1_764, 640),
        (44_100, 22_050, 1_200, 600),
        (48_000, 16_000, 1_800, 600),
        (44_100, 48_000, 882, 960),
        (16_000, 44_100, 640, 1_764),
        (12_000, 8_000, 900, 600),
        (8_000, 192_000, 600, 14_400),
        (44_101, 16_000, 88_202, 32_000),
    ] {
        let nyquist = f64::from(input_rate.min(output_rate)) / 2.0;
        let signal = tones(0.9 * nyquist / f64::from(input_rate), 6 * input_block);

        let ours = resample(std::slice::from_ref(&signal), input_rate, output_rate).unwrap();
        let theirs = by_rubato(&signal, input_block, output_block);

        // In the first and last block the signal starts and stops, which no filter passes.
        let middle = output_block..5 * output_block;
        let power = |sample: f64| sample * sample;
        let (mut signal, mut difference) = (0.0, 0.0);
        for (ours, theirs) in ours[0][middle.clone()].iter().zip(&theirs[middle]) {
            signal += power(*theirs);
            difference += power(f64::from(*ours) - theirs);
        }
        let decibels = 10.0 * (signal / difference).log10();
        assert!(decibels >= 130.0, "{input_rate} -> {output_rate}: {decibels:.1} dB");
    }
}

/// Forty tones up to a frequency, given in cycles per frame, of phases that do not add up anywhere.
fn tones(highest: f64, frames: usize) -> Vec<f32> {
    let at = |frame: usize| -> f64 {
        let tone = |n: u32| {
            let cycles = highest * f64::from(n) / 40.0 * frame as f64 + f64::from(n * n) / 80.0;
            (TAU * cycles.fract()).sin() / 40.0
        };
        (1..=40).map(tone).sum()
    };
    (0..frames).map(|frame| at(frame) as f32).collect()
}

/// Without the delay of half a block.
fn by_rubato(signal: &[f32], input_block: usize, output_block: usize) -> Vec<f64> {
    let window = WindowFunction::BlackmanHarris2;
    let mut fft =
        Fft::<f64>::new_custom(input_block, output_block, input_block, 1, 1, window, FixedSync::Both)
            .unwrap();
    let mut output = Vec::new();
    let signal: Vec<f64> = signal.iter().map(|&sample| f64::from(sample)).collect();
    for part in signal.chunks_exact(input_block) {
        let mut block = vec![0.0; output_block];
        let (planes, mut results) = ([part], [&mut block[..]]);
        let from = SequentialSliceOfSlices::new(&planes, 1, input_block).unwrap();
        let mut to = SequentialSliceOfSlices::new_mut(&mut results, 1, output_block).unwrap();
        fft.process_into_buffer(&from, &mut to, None).unwrap();
        output.extend(block);
    }
    output.split_off(output_block / 2)
}
