use std::sync::Arc;

use audiodecode_aac::{AacDecoder, FRAMES};
use audiodecode_pipeline::Result;
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioCodecParameters;

use crate::aac_channels::packet_channel;
use crate::aac_config::{AacConfig, read_aac_config};
use crate::packet::{DecoderFactory, Packet, PacketDecoder, append_held};

/// AAC-LC, its channels in the order of WAV.
pub(crate) struct Aac {
    decoder: AacDecoder,
    config: AacConfig,
    /// In Hz, as its container states it. HE-AAC states twice of what the configuration says, and is found out later.
    sample_rate: u32,
}

/// The configuration of a track; without one, what the container says.
pub(crate) fn aac_config_of(params: &AudioCodecParameters) -> Result<AacConfig> {
    let sample_rate = params.sample_rate.unwrap_or(0);
    let channels = params.channels.as_ref().map_or(0, Channels::count);
    params.extra_data.as_deref().map_or(Ok(AacConfig { sample_rate, channels }), read_aac_config)
}

impl Aac {
    /// A factory of decoders for what the container says.
    pub(crate) fn factory(params: &AudioCodecParameters) -> Result<DecoderFactory> {
        let sample_rate = params.sample_rate.unwrap_or(0);
        let config = aac_config_of(params)?;
        Ok(Arc::new(move || {
            let decoder = AacDecoder::new(config.sample_rate, config.channels);
            Ok(Box::new(Self { decoder, config, sample_rate }) as Box<dyn PacketDecoder>)
        }))
    }

    fn decode_packet(&mut self, packet: &Packet, channels: usize) -> std::result::Result<usize, String> {
        let AacConfig { sample_rate: rate, channels: own } = self.config;
        if channels != own || self.sample_rate != rate {
            return Err(format!("the stream has {own} channels at {rate} Hz, unlike its container"));
        }
        self.decoder.decode(&packet.data)?;
        Ok(FRAMES)
    }
}

impl PacketDecoder for Aac {
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        let decoded = self.decode_packet(packet, planes.len());
        append_held(self, decoded, planes)
    }

    fn decode_and_hold(
        &mut self,
        packet: &Packet,
        channels: usize,
    ) -> Option<std::result::Result<usize, String>> {
        Some(self.decode_packet(packet, channels))
    }

    fn copy_held(&self, from: usize, out: &mut [&mut [f32]]) {
        let channels = out.len();
        for (place, out) in out.iter_mut().enumerate() {
            let channel = packet_channel(channels, place);
            if let Some(samples) = self.decoder.samples(channel).get(from..from + out.len()) {
                out.copy_from_slice(samples);
            }
        }
    }

    fn frames_of(&self, _data: &[u8]) -> Option<u64> {
        Some(FRAMES as u64)
    }

    fn preroll_groups(&self) -> Option<usize> {
        Some(1)
    }
}
