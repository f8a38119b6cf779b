//! The parser against FFmpeg's encoder, which says whether it uses noise, and against what the decoder does.

#![allow(clippy::expect_used)]

use super::uses_noise;
use crate::aac_syntax::{Extent, read_raw_block};
use crate::packet::{Packet, PacketDecoder};
use crate::test_aac::{AacStream, folder};

impl AacStream {
    fn uses_noise(&self, packet: &[u8]) -> Option<bool> {
        uses_noise(packet, self.rate_index, self.channels == 2)
    }
}

fn decode(decoder: &mut dyn PacketDecoder, data: &[u8], channels: usize) -> Vec<u32> {
    let mut planes = vec![Vec::new(); channels];
    let packet = Packet { data: data.into(), ..Packet::default() };
    decoder.decode(&packet, &mut planes).expect("a whole packet");
    planes.concat().iter().map(|sample| sample.to_bits()).collect()
}

#[test]
fn every_packet_of_every_file_is_read_to_its_end_and_not_further() {
    let mut count = 0;
    for folder in [folder("tests/special"), folder("../../fixtures/formats")] {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.extension().is_none_or(|extension| extension != "aac") {
                continue;
            }
            let stream = AacStream::read(&path);
            for (number, packet) in stream.packets.iter().enumerate() {
                let whole = read_raw_block(packet, stream.rate_index, stream.channels == 2, Extent::Whole);
                assert!(whole.is_some(), "{} packet {number}", path.display());
                assert_eq!(stream.uses_noise(packet), whole, "{} packet {number}", path.display());
                // One bit less than there is cannot be enough.
                let short = &packet[..packet.len() - 1];
                let short = read_raw_block(short, stream.rate_index, stream.channels == 2, Extent::Whole);
                assert_eq!(short, None, "{} packet {number}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 300, "{count} packets");
}

#[test]
fn noise_is_found_where_the_encoder_was_allowed_to_use_it_and_nowhere_else() {
    for channels in ["mono", "stereo"] {
        let noisy = |kind: &str| {
            let stream = AacStream::special(&format!("aac-{kind}-{channels}.aac"));
            stream.packets.iter().map(|packet| stream.uses_noise(packet).expect("read")).collect::<Vec<_>>()
        };
        assert!(noisy("plain").iter().all(|noise| !noise), "{channels}");
        let noise = noisy("noise");
        let third = noise.len() / 3;
        let count = |part: &[bool]| part.iter().filter(|noise| **noise).count();
        assert_eq!((count(&noise[..third]), count(&noise[2 * third + 1..])), (0, 0), "{channels}: {noise:?}");
        assert!(count(&noise) > third / 2, "{channels}: {noise:?}");
    }
}

#[test]
fn a_packet_depends_on_the_decoders_past_when_noise_is_in_it_or_in_its_predecessor_and_never_else() {
    for channels in ["mono", "stereo"] {
        let stream = AacStream::special(&format!("aac-noise-{channels}.aac"));
        let make = stream.decoders();
        let noise: Vec<bool> =
            stream.packets.iter().map(|packet| stream.uses_noise(packet).expect("read")).collect();
        let disturbing = noise.iter().position(|&noise| noise).expect("noise");
        let mut from_start = make().expect("decoder");
        let mut before: Option<&Vec<u8>> = None;
        let (mut dependent, mut independent) = (0, 0);
        for (number, packet) in stream.packets.iter().enumerate() {
            let whole = decode(&mut *from_start, packet, stream.channels);
            if let Some(before) = before {
                let mut other = make().expect("decoder");
                // Longer than anything that the first decoder's generator has been through.
                for _ in 0..1000 {
                    decode(&mut *other, &stream.packets[disturbing], stream.channels);
                }
                decode(&mut *other, before, stream.channels);
                let differs = decode(&mut *other, packet, stream.channels) != whole;
                // Of eight short windows, only the last ones reach into the next packet.
                assert!(differs || !noise[number], "{channels} packet {number}: noise that is not heard");
                assert!(
                    !differs || noise[number - 1] || noise[number],
                    "{channels} packet {number}: noise missed"
                );
                *(if differs { &mut dependent } else { &mut independent }) += 1;
            }
            before = Some(packet);
        }
        assert!(dependent > 10 && independent > 10, "{channels}: {dependent} and {independent}");
    }
}

#[test]
fn noise_in_the_second_channel_alone_is_found_too() {
    let stream = AacStream::special("aac-noise-stereo.aac");
    let make = stream.decoders();
    let disturbing =
        stream.packets.iter().find(|packet| stream.uses_noise(packet) == Some(true)).expect("noise");
    let mut alone = 0;
    for packet in &stream.packets {
        // What a fresh decoder makes of a packet, and one whose generator has run: only channels with noise differ.
        let mut halves = Vec::new();
        for history in [0, 1000] {
            let mut decoder = make().expect("decoder");
            for _ in 0..history {
                decode(&mut *decoder, disturbing, 2);
            }
            decode(&mut *decoder, &stream.packets[1], 2);
            halves.push(decode(&mut *decoder, packet, 2));
        }
        let differs = |from: usize| halves[0][from..from + 1024] != halves[1][from..from + 1024];
        assert_eq!(differs(0) || differs(1024), stream.uses_noise(packet).expect("read"));
        alone += usize::from(differs(1024) && !differs(0));
    }
    assert!(alone >= 3, "{alone} packets");
}

#[test]
fn hostile_packets_are_told_apart_or_refused_in_no_time() {
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let streams = ["mono", "stereo"].map(|channels| AacStream::special(&format!("aac-noise-{channels}.aac")));
    let started = std::time::Instant::now();
    for round in 0..40_000 {
        let stream = &streams[round % 2];
        let mut packet = match round % 4 {
            0 | 1 => (0..next(900)).map(|_| next(256) as u8).collect(),
            _ => stream.packets[next(stream.packets.len())].clone(),
        };
        for _ in 0..next(4) {
            let at = next(packet.len());
            if let Some(byte) = packet.get_mut(at) {
                *byte ^= 1 << next(8);
            }
        }
        packet.truncate(next(packet.len() * 3 + 1));
        for rate_index in 0..=255 {
            if rate_index < 16 || rate_index == 255 {
                uses_noise(&packet, rate_index, round % 2 == 1);
                read_raw_block(&packet, rate_index, round % 2 == 0, Extent::Whole);
            }
        }
    }
    for filler in [0x00, 0xff, 0x55, 0xc0] {
        uses_noise(&vec![filler; 1 << 20], 4, true);
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
