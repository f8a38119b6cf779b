//! Every packet of the fixtures against an independent decoder.

mod support;

use support::{fixtures, snr};

#[test]
fn files_without_noise_sound_the_same() {
    let mut compared = 0;
    for file in fixtures() {
        if file.name.contains("noise") {
            continue;
        }
        for (ours, theirs) in file.decode().iter().zip(&file.reference()) {
            let snr = snr(theirs, ours);
            let worst = theirs.iter().zip(ours).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            println!("{}: {snr:.1} dB, {worst:e}", file.name);
            assert!(snr > 120.0 && worst < 1e-6, "{}: {snr:.1} dB, {worst:e}", file.name);
            compared += 1;
        }
    }
    assert!(compared > 10, "{compared}");
}
