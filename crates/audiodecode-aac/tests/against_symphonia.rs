//! The fixtures against an independent decoder.

mod support;

use support::{Adts, fixtures, snr};

/// Measured: 132.7 to 137.2 dB, what rounding to 24 bits leaves.
const LEAST_SNR: f64 = 130.0;

/// Whether the samples depend on where the reference's generator of noise has got to.
fn noisy(file: &Adts) -> bool {
    file.reference(&[]) != file.reference(&file.packets)
}

#[test]
fn files_without_noise_sound_the_same() {
    let mut compared = Vec::new();
    for file in fixtures() {
        if noisy(&file) {
            continue;
        }
        for (ours, theirs) in file.decode().iter().zip(&file.reference(&[])) {
            let snr = snr(theirs, ours);
            let worst = theirs.iter().zip(ours).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            println!("{}: {snr:.1} dB, {worst:e}", file.name);
            assert!(snr > LEAST_SNR && worst < 4e-7, "{}: {snr:.1} dB, {worst:e}", file.name);
        }
        compared.push(file.name);
    }
    let expected = ["aac.aac", "aac-plain-mono.aac", "aac-plain-stereo.aac", "he-v1.aac", "he-v2.aac"];
    assert_eq!(compared, expected);
}
