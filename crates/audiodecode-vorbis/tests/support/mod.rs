//! What the tests share: packets of real files, headers and packets written bit by bit, and Symphonia's decoder.
#![allow(dead_code, unreachable_pub, reason = "each test uses some")]
#![allow(clippy::panic, clippy::expect_used, reason = "a panic is the failure message")]

use std::path::{Path, PathBuf};

use symphonia::core::audio::{Audio, GenericAudioBufferRef};
use symphonia::core::codecs::audio::well_known::CODEC_ID_VORBIS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};

/// The packets of an Ogg file (RFC 3533, 6), of its first logical stream up to where a chain goes on.
pub fn packets(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut packets, mut partial, mut at) = (Vec::new(), Vec::new(), 0);
    while at < bytes.len() && bytes[at + 14..at + 18] == bytes[14..18] {
        let lacing = &bytes[at + 27..at + 27 + usize::from(bytes[at + 26])];
        at += 27 + lacing.len();
        for &length in lacing {
            partial.extend_from_slice(&bytes[at..at + usize::from(length)]);
            at += usize::from(length);
            if length < 255 {
                packets.push(std::mem::take(&mut partial));
            }
        }
    }
    packets
}

/// A file of another crate or folder of the repository.
pub fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Symphonia's decoder for a stream of these two headers.
pub fn symphonia(identification: &[u8], setup: &[u8]) -> Box<dyn AudioDecoder> {
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_VORBIS).with_extra_data([identification, setup].concat().into());
    let options = AudioDecoderOptions::default().gapless(false);
    symphonia::default::get_codecs().make_audio_decoder(&params, &options).expect("headers")
}

/// What Symphonia makes of a packet, by planes.
pub fn symphonia_planes(decoder: &mut dyn AudioDecoder, packet: &[u8]) -> Option<Vec<Vec<f32>>> {
    let packet = PacketRef::new(0, Timestamp::ZERO, Duration::from(0u64), packet);
    match decoder.decode_ref(&packet) {
        Ok(GenericAudioBufferRef::F32(buffer)) => Some(
            (0..buffer.num_planes()).filter_map(|plane| buffer.plane(plane).map(<[f32]>::to_vec)).collect(),
        ),
        _ => None,
    }
}

/// Signal to noise in dB.
#[derive(Default)]
pub struct Ratio {
    signal: f64,
    noise: f64,
}

impl Ratio {
    pub fn add(&mut self, samples: &[f32], expected: &[f32]) {
        assert_eq!(samples.len(), expected.len());
        for (&sample, &expected) in samples.iter().zip(expected) {
            self.signal += f64::from(expected).powi(2);
            self.noise += (f64::from(sample) - f64::from(expected)).powi(2);
        }
    }

    pub fn decibels(&self) -> f64 {
        assert!(self.signal > 0.0, "there is something to hear");
        10.0 * (self.signal / self.noise.max(1e-300)).log10()
    }
}

/// Numbers that are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Bits as Vorbis packs them (2.1.4).
#[derive(Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    count: usize,
}

impl BitWriter {
    pub fn put(&mut self, value: u64, bits: usize) -> &mut Self {
        for bit in 0..bits {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().expect("a byte") |= ((value >> bit & 1) as u8) << (self.count % 8);
            self.count += 1;
        }
        self
    }

    pub fn put_all(&mut self, values: impl IntoIterator<Item = u64>, bits: usize) -> &mut Self {
        values.into_iter().for_each(|value| {
            self.put(value, bits);
        });
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}
