//! Files with noise substitution, seen through the MDCT that they were coded by.

#![allow(clippy::expect_used)]

mod support;

use std::f64::consts::PI;

use support::{Adts, fixtures};

/// Bands of a long window at 32 to 48 kHz (ISO/IEC 14496-3, tables 4.129 and 4.130), as far as both have them.
const BANDS: [usize; 49] = [
    0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176, 196,
    216, 240, 264, 292, 320, 352, 384, 416, 448, 480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800, 832,
    864, 896, 928,
];

/// Whether the packet has a long Kaiser-Bessel window in all its channels, as FFmpeg's encoder makes them most of the time.
fn is_long(packet: &[u8]) -> bool {
    let bits = u32::from_be_bytes(*packet.first_chunk().expect("bytes"));
    let field = |at: u32, width: u32| bits << at >> (32 - width);
    match field(0, 3) {
        0 => field(7 + 8, 4) == 1,
        1 => field(7, 1) == 1 && field(8, 4) == 1,
        _ => false,
    }
}

/// The long window's rising half (ISO/IEC 14496-3, 4.6.11.3.2), with the Bessel function as an integral.
fn slope() -> Vec<f64> {
    let bessel = |x: f64| (0..400).map(|n| (x * ((n as f64 + 0.5) * PI / 400.0).cos()).exp()).sum::<f64>();
    let kaiser = |n: usize| bessel(4.0 * PI * (1.0 - (n as f64 / 512.0 - 1.0).powi(2)).sqrt());
    let total: f64 = (0..=1024).map(kaiser).sum();
    let sums = (0..1024).map(kaiser).scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    });
    sums.map(|sum| (sum / total).sqrt()).collect()
}

/// The MDCT of two packets' samples: the lines that the first of them coded, if both of their neighbours' windows are the same.
fn lines(samples: &[f32], slope: &[f64]) -> Vec<f64> {
    let window = slope.iter().chain(slope.iter().rev());
    let windowed: Vec<f64> =
        samples.iter().zip(window).map(|(&sample, &factor)| f64::from(sample) * factor).collect();
    // The angles repeat after 8,192 steps.
    let cos: Vec<f64> = (0..8192).map(|n| (n as f64 * PI / 4096.0).cos()).collect();
    let line = |k: usize| -> f64 {
        windowed.iter().enumerate().map(|(n, x)| x * cos[(2 * n + 1025) * (2 * k + 1) % 8192]).sum()
    };
    (0..1024).map(line).collect()
}

/// Bands that differ from the reference must have its energy, and there have to be some in the middle third of the file alone.
fn noise_has_the_energy_that_was_coded(file: &Adts) {
    let (ours, theirs) = (file.decode(), file.reference(&[]));
    let long: Vec<bool> = file.packets.iter().map(|packet| is_long(packet)).collect();
    let slope = slope();
    let (mut noise, mut plain) = (0, 0);
    for (number, _) in long.windows(3).enumerate().filter(|(_, three)| three.iter().all(|&long| long)) {
        let block = (number + 1) * 1024..(number + 3) * 1024;
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let (ours, theirs) = (lines(&ours[block.clone()], &slope), lines(&theirs[block.clone()], &slope));
            let full = theirs.iter().fold(0.0f64, |most, line| most.max(line.abs()));
            for edges in BANDS.windows(2) {
                let (ours, theirs) = (&ours[edges[0]..edges[1]], &theirs[edges[0]..edges[1]]);
                let energy = |lines: &[f64]| lines.iter().map(|line| line * line).sum::<f64>().sqrt();
                let difference: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
                if energy(&difference) < full * 1e-5 {
                    plain += 1;
                    continue;
                }
                noise += 1;
                let ratio = energy(ours) / energy(theirs);
                assert!((ratio - 1.0).abs() < 1e-3, "{} packet {number}, {edges:?}: {ratio}", file.name);
            }
        }
    }
    println!("{}: {noise} bands of noise, {plain} others", file.name);
    assert!(noise > 10 && plain > 500, "{}: {noise} bands of noise, {plain} others", file.name);
}

#[test]
fn noise_has_the_energy_that_was_coded_and_everything_else_is_the_same() {
    for file in
        fixtures().iter().filter(|file| file.name.starts_with("aac-noise-") || file.name == "lc-fdk.aac")
    {
        noise_has_the_energy_that_was_coded(file);
    }
}

#[test]
fn a_packet_depends_on_itself_and_the_one_before_alone() {
    for file in fixtures() {
        let whole = file.decode();
        for number in 1..file.packets.len() {
            let mut decoder = file.decoder();
            // Whatever came before that.
            for packet in file.packets.iter().rev().take(number % 4) {
                assert_eq!(decoder.decode(packet), Ok(()));
            }
            for packet in &file.packets[number - 1..=number] {
                assert_eq!(decoder.decode(packet), Ok(()));
            }
            for (channel, plane) in whole.iter().enumerate() {
                let same = decoder.samples(channel) == &plane[number * 1024..][..1024];
                assert!(same, "{} packet {number}", file.name);
            }
        }
    }
}
