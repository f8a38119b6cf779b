//! Real files come out as Symphonia's decoder has them, which knows no coupling of more than two channels.
#![allow(clippy::panic, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use std::sync::Arc;

use audiodecode_vorbis::{VorbisDecoder, VorbisSetup};
use support::{Ratio, in_repository, packets, symphonia, symphonia_planes};

#[test]
fn real_files_agree() {
    for path in [
        "fixtures/formats/vorbis.ogg",
        "crates/audiodecode-symphonia/tests/special/pages.ogg",
        "crates/audiodecode-symphonia/tests/special/chained.ogg",
        "crates/audiodecode-symphonia/tests/special/chained-mono.ogg",
    ] {
        let packets = packets(&in_repository(path));
        let [identification, _, setup, audio @ ..] = packets.as_slice() else { panic!("{path}") };
        let mut theirs = symphonia(identification, setup);
        let setup = Arc::new(VorbisSetup::parse(identification, setup).expect(path));
        let mut ours = VorbisDecoder::new(Arc::clone(&setup));
        let (mut ratio, mut block_before) = (Ratio::default(), None);
        for (index, packet) in audio.iter().enumerate() {
            let expected = symphonia_planes(&mut *theirs, packet).expect(path);
            let frames = ours.decode(packet).expect(path);
            let block = setup.block_size(packet).expect(path);
            // As many as Symphonia's, below.
            assert_eq!(frames, block_before.replace(block).map_or(0, |before: usize| before / 4 + block / 4));
            if index == 0 {
                assert_eq!(frames, 0, "the first packet has nothing to overlap with");
                continue;
            }
            for (channel, expected) in expected.iter().enumerate() {
                ratio.add(ours.plane(channel), expected);
            }
            assert_eq!(frames, expected[0].len());
        }
        assert_eq!(setup.block_size(&[]), None);
        assert_eq!(setup.block_size(identification), None, "a header is no audio");
        assert!(ratio.decibels() > 130.0, "{path}: {} dB", ratio.decibels());
    }
}
