//! Six channels, coupled with each other in several steps, against FFmpeg's own decoder:
//! `oggenc -q 1` of noises and tones, `ffmpeg -c:a vorbis -i five-point-one.ogg -ss 0.05 -t 0.01 -f f32le five-point-one.f32`.
#![allow(clippy::panic, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use std::path::Path;
use std::sync::Arc;

use audiodecode_vorbis::{VorbisDecoder, VorbisSetup};
use support::{Ratio, packets};

#[test]
fn channels_that_are_coupled_in_a_chain_come_out_as_ffmpeg_has_them() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let packets = packets(&data.join("five-point-one.ogg"));
    let [identification, _, setup, audio @ ..] = packets.as_slice() else { panic!("no headers") };
    let setup = VorbisSetup::parse(identification, setup).expect("headers");
    assert_eq!((setup.channels(), setup.sample_rate()), (6, 44_100));
    let mut decoder = VorbisDecoder::new(Arc::new(setup));
    let mut planes = vec![Vec::new(); 6];
    for packet in audio {
        decoder.decode(packet).expect("packet");
        planes
            .iter_mut()
            .enumerate()
            .for_each(|(channel, plane)| plane.extend_from_slice(decoder.plane(channel)));
    }
    let expected: Vec<f32> = std::fs::read(data.join("five-point-one.f32"))
        .expect("samples")
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&bytes| f32::from_le_bytes(bytes))
        .collect();
    let frames = expected.len() / 6;
    for (channel, plane) in planes.iter().enumerate() {
        let expected: Vec<f32> = expected.iter().skip(channel).step_by(6).copied().collect();
        let mut ratio = Ratio::default();
        ratio.add(&plane[2205..2205 + frames], &expected);
        assert!(ratio.decibels() > 120.0, "channel {channel}: {} dB", ratio.decibels());
    }
}
