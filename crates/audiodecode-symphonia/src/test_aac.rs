//! Packets of the AAC fixtures for tests inside the crate.

#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{CancelFlag, Input};
use symphonia::core::audio::{Channels, Position};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;

use crate::aac_config::AAC_RATES;
use crate::aac_decoder::Aac;
use crate::adts_index::{AdtsFrame, scan_adts};
use crate::packet::DecoderFactory;
use audiodecode_containers::id3_length;

/// What an ADTS file holds.
pub(crate) struct AacStream {
    pub(crate) packets: Vec<Vec<u8>>,
    pub(crate) rate_index: u8,
    pub(crate) channels: usize,
}

impl AacStream {
    pub(crate) fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).expect("fixture");
        let input = Input::from_bytes(bytes.clone());
        let index =
            scan_adts(&input, id3_length(&input), &CancelFlag::default()).expect("read").expect("ADTS");
        let packet = |frame: &AdtsFrame| {
            let at = frame.at as usize;
            bytes[at + usize::from(frame.header)..at + usize::from(frame.length)].to_vec()
        };
        let packets = index.frames.iter().map(packet).collect();
        Self { packets, rate_index: index.header.rate_index, channels: usize::from(index.header.channels) }
    }

    pub(crate) fn special(name: &str) -> Self {
        Self::read(&folder("tests/special").join(name))
    }

    pub(crate) fn decoders(&self) -> DecoderFactory {
        let channels = match self.channels {
            1 => Position::FRONT_LEFT,
            _ => Position::FRONT_LEFT | Position::FRONT_RIGHT,
        };
        let mut params = AudioCodecParameters::new();
        params
            .for_codec(CODEC_ID_AAC)
            .with_sample_rate(AAC_RATES[usize::from(self.rate_index)])
            .with_channels(Channels::Positioned(channels));
        Aac::factory(&params).expect("decoder")
    }
}

/// A folder of this crate.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
