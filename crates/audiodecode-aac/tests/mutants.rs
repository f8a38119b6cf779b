//! Packets that are broken in every way neither panic, nor take long, nor leave anything behind.

#![allow(clippy::expect_used)]

mod support;

use std::time::Instant;

use audiodecode_aac::AacDecoder;
use support::fixtures;

/// Marsaglia's xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    fn mutant(&mut self, packet: &[u8]) -> Vec<u8> {
        let mut mutant = match self.below(8) {
            0 => (0..self.below(900)).map(|_| self.below(256) as u8).collect(),
            _ => packet.to_vec(),
        };
        for _ in 0..1 + self.below(4) {
            // Mostly in front, where the structure is.
            let reach = if self.below(2) == 0 { 24 } else { mutant.len() };
            let at = self.below(reach);
            if let Some(byte) = mutant.get_mut(at) {
                *byte ^= 1 << self.below(8);
            }
        }
        if self.below(4) == 0 {
            mutant.truncate(self.below(mutant.len() + 1));
        }
        mutant
    }
}

fn samples(decoder: &AacDecoder, channels: usize) -> Vec<u32> {
    (0..channels).flat_map(|channel| decoder.samples(channel).iter().map(|sample| sample.to_bits())).collect()
}

#[test]
fn broken_packets_leave_the_state_of_a_new_decoder_and_others_nothing_for_the_second_one_after_them() {
    let files = fixtures();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut failed, mut decoded) = (0, 0);
    let started = Instant::now();
    for round in 0..6000 {
        let file = &files[round % files.len()];
        let at = dice.below(file.packets.len() - 2);
        let [packet, next, second] = file.packets[at..at + 3].first_chunk().expect("three packets");
        let mut decoder = file.decoder();
        assert_eq!(decoder.decode(packet), Ok(()));
        let mut fresh = file.decoder();
        let good = decoder.decode(&dice.mutant(packet)).is_ok();
        for (number, packet) in [next, second].into_iter().enumerate() {
            assert_eq!((decoder.decode(packet), fresh.decode(packet)), (Ok(()), Ok(())));
            let same = samples(&decoder, file.channels) == samples(&fresh, file.channels);
            assert!(same || (good && number == 0), "{} round {round}", file.name);
        }
        *(if good { &mut decoded } else { &mut failed }) += 1;
    }
    assert!(failed > 1000 && decoded > 1000, "{failed} failed, {decoded} decoded");
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn packets_of_one_byte_over_and_over_take_no_time() {
    let started = Instant::now();
    for filler in 0..=255 {
        let mut decoder = AacDecoder::new(44_100, 2);
        let _ = decoder.decode(&vec![filler; 1 << 16]);
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn any_rate_and_any_number_of_channels_can_be_asked_for() {
    for file in fixtures() {
        for rate in [0, 1, 7350, 12_345, 384_000, u32::MAX] {
            for channels in 0..4 {
                let mut decoder = AacDecoder::new(rate, channels);
                let _ = decoder.decode(&file.packets[3]);
                assert!(decoder.samples(channels).is_empty());
            }
        }
    }
}
