//! Packets of the fixtures, and an independent decoder of them.

#![allow(clippy::expect_used)]
#![allow(dead_code, reason = "every test uses a part of it")]

use std::path::{Path, PathBuf};

use audiodecode_aac::{AacDecoder, FRAMES};
use symphonia::core::audio::{Channels, Position};
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};

/// Sampling frequencies by index (ISO/IEC 14496-3, table 1.18).
const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// What an ADTS file holds.
pub(crate) struct Adts {
    pub(crate) name: String,
    pub(crate) packets: Vec<Vec<u8>>,
    pub(crate) rate: u32,
    pub(crate) channels: usize,
}

impl Adts {
    pub(crate) fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).expect("fixture");
        let mut packets = Vec::new();
        let mut at = 0;
        while let Some([0xff, flags, _, c, d, e]) = bytes.get(at..at + 6) {
            let length = usize::from(c & 3) << 11 | usize::from(*d) << 3 | usize::from(e >> 5);
            let header = if flags & 1 == 1 { 7 } else { 9 };
            packets.push(bytes[at + header..at + length].to_vec());
            at += length;
        }
        assert_eq!(at, bytes.len(), "{}", path.display());
        Self {
            name: path.file_name().expect("name").to_string_lossy().into_owned(),
            packets,
            rate: RATES[usize::from(bytes[2] >> 2 & 15)],
            channels: usize::from((bytes[2] & 1) << 2 | bytes[3] >> 6),
        }
    }

    pub(crate) fn decoder(&self) -> AacDecoder {
        AacDecoder::new(self.rate, self.channels)
    }

    /// All samples of all channels by this crate.
    pub(crate) fn decode(&self) -> Vec<Vec<f32>> {
        let mut decoder = self.decoder();
        let mut planes = vec![Vec::new(); self.channels];
        for (number, packet) in self.packets.iter().enumerate() {
            let decoded = decoder.decode(packet);
            assert_eq!(decoded, Ok(()), "{} packet {number}", self.name);
            for (channel, plane) in planes.iter_mut().enumerate() {
                assert_eq!(decoder.samples(channel).len(), FRAMES);
                plane.extend_from_slice(decoder.samples(channel));
            }
        }
        planes
    }

    /// The same by Symphonia, behind some other packets.
    pub(crate) fn reference(&self, before: &[Vec<u8>]) -> Vec<Vec<f32>> {
        let positions = match self.channels {
            1 => Position::FRONT_LEFT,
            _ => Position::FRONT_LEFT | Position::FRONT_RIGHT,
        };
        let mut params = AudioCodecParameters::new();
        params
            .for_codec(CODEC_ID_AAC)
            .with_sample_rate(self.rate)
            .with_channels(Channels::Positioned(positions));
        let options = AudioDecoderOptions::default().gapless(false);
        let mut decoder =
            symphonia::default::get_codecs().make_audio_decoder(&params, &options).expect("decoder");
        let mut planes = vec![Vec::new(); self.channels];
        for packet in before {
            let packet = PacketRef::new(0, Timestamp::ZERO, Duration::from(FRAMES as u64), packet);
            decoder.decode_ref(&packet).expect("a whole packet");
        }
        decoder.reset();
        for packet in &self.packets {
            let packet = PacketRef::new(0, Timestamp::ZERO, Duration::from(FRAMES as u64), packet);
            let decoded = decoder.decode_ref(&packet).expect("a whole packet");
            let mut parts = vec![vec![0.0f32; FRAMES]; self.channels];
            decoded.copy_to_slice_planar(&mut parts);
            planes.iter_mut().zip(&parts).for_each(|(plane, part)| plane.extend_from_slice(part));
        }
        planes
    }
}

/// The repository's ADTS files of AAC-LC in mono and stereo, which is what Symphonia decodes.
pub(crate) fn fixtures() -> Vec<Adts> {
    let folders = ["../../fixtures/formats", "../audiodecode-symphonia/tests/special"];
    let files = folders.iter().flat_map(|folder| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        std::fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path())
    });
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ext| ext == "aac")).collect();
    files.sort();
    files.iter().map(|path| Adts::read(path)).filter(|file| file.channels <= 2).collect()
}

/// Signal to noise in decibels, the first being the signal.
pub(crate) fn snr(signal: &[f32], other: &[f32]) -> f64 {
    assert_eq!(signal.len(), other.len());
    let energy: f64 = signal.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    let noise: f64 = signal.iter().zip(other).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
    10.0 * (energy / noise.max(1e-300)).log10()
}
