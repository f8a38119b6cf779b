use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use symphonia::core::audio::{Audio, GenericAudioBufferRef};
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_ADPCM_IMA_QT, CODEC_ID_ADPCM_IMA_WAV, CODEC_ID_ADPCM_MS, CODEC_ID_ALAC, CODEC_ID_FLAC,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};

use audiodecode_pipeline::{Error, Result};

use crate::alac::{alac_frames, alac_packet_length};
use crate::flac_frame::channels_of;
use crate::names::codec_name;
use crate::packet::{DecoderFactory, Packet, PacketDecoder, grown};

/// A decoder of Symphonia's. Trimming is the engine's business, so its own is off.
pub(crate) struct SymphoniaDecoder {
    decoder: Box<dyn AudioDecoder>,
    codec: AudioCodecId,
    sample_rate: u32,
    /// Longest packet, where the frames stated for one decide how much is decoded (ADPCM).
    max_frames: Option<u64>,
    /// Frames of a usual packet of ALAC.
    alac_length: Option<u32>,
}

impl SymphoniaDecoder {
    /// A factory for these parameters, tried once so that what cannot be decoded is refused when opening.
    pub(crate) fn factory(params: &AudioCodecParameters) -> Result<DecoderFactory> {
        let params = params.clone();
        let make = move || -> Result<Box<dyn PacketDecoder>> {
            let options = AudioDecoderOptions::default().gapless(false);
            let decoder =
                symphonia::default::get_codecs().make_audio_decoder(&params, &options).map_err(|error| {
                    let codec = codec_name(params.codec);
                    match error {
                        symphonia::core::errors::Error::Unsupported(what) => {
                            Error::unsupported(format!("{codec}: {what}"))
                        }
                        other => Error::corrupt(format!("the {codec} stream cannot be set up: {other}")),
                    }
                })?;
            Ok(Box::new(SymphoniaDecoder {
                decoder,
                codec: params.codec,
                sample_rate: params.sample_rate.unwrap_or(0),
                max_frames: codec_name(params.codec)
                    .starts_with("adpcm")
                    .then_some(params.max_frames_per_packet)
                    .flatten(),
                alac_length: (params.codec == CODEC_ID_ALAC)
                    .then(|| params.extra_data.as_deref().and_then(alac_packet_length))
                    .flatten(),
            }))
        };
        // The one tried is the first one used.
        let tried = Mutex::new(Some(make()?));
        Ok(Arc::new(move || {
            let tried = tried.lock().unwrap_or_else(PoisonError::into_inner).take();
            tried.map_or_else(&make, Ok)
        }))
    }
}

impl SymphoniaDecoder {
    /// Decodes into Symphonia's buffer and returns how many frames of it count.
    fn decode_packet(&mut self, packet: &Packet, channels: usize) -> std::result::Result<usize, String> {
        // ADPCM has no other way to know how many blocks there are, and its buffer ends at the stated maximum.
        let frames = packet.frames.unwrap_or(0);
        if self.max_frames.is_some_and(|most| frames > most) {
            return Err("the packet is longer than its container allows".to_owned());
        }
        // Symphonia fills as many planes as a frame of FLAC states, and leaves what it decoded before in the others.
        if let Some(stated) = channels_of(&packet.data).filter(|&stated| stated != channels)
            && self.codec == CODEC_ID_FLAC
        {
            return Err(changes_channels(stated));
        }
        let packet = PacketRef::new(0, Timestamp::ZERO, Duration::from(frames), &packet.data);
        // Symphonia's decoders divide and index by what a broken setup header says. That costs the packet, not the process.
        let decoded = catch_unwind(AssertUnwindSafe(|| self.decoder.decode_ref(&packet).map(drop)));
        match decoded {
            Ok(result) => result.map_err(|error| error.to_string())?,
            Err(_) => {
                self.decoder.reset();
                return Err("the decoder gave up on the packet".to_owned());
            }
        }
        let buffer = self.decoder.last_decoded();
        let frames = buffer.frames();
        if frames == 0 {
            return Ok(0);
        }
        // A stream may change its mind from packet to packet; the caller's planes do not.
        if buffer.num_planes() != channels {
            return Err(changes_channels(buffer.num_planes()));
        }
        let rate = buffer.spec().rate();
        if self.sample_rate != 0 && rate != self.sample_rate {
            return Err(format!("the stream changes to {rate} Hz here"));
        }
        Ok(frames)
    }
}

fn changes_channels(channels: usize) -> String {
    format!("the stream changes to {channels} channel{} here", if channels == 1 { "" } else { "s" })
}

impl PacketDecoder for SymphoniaDecoder {
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        let frames = self.decode_packet(packet, planes.len())?;
        let mut slices = grown(planes, frames);
        if frames > 0 {
            self.decoder.last_decoded().copy_to_slice_planar(&mut slices);
        }
        Ok(frames)
    }

    fn decode_and_hold(
        &mut self,
        packet: &Packet,
        channels: usize,
    ) -> Option<std::result::Result<usize, String>> {
        // These decode to the two kinds of samples that `copy_held` knows.
        let held = matches!(self.codec, CODEC_ID_ALAC | CODEC_ID_FLAC);
        held.then(|| self.decode_packet(packet, channels))
    }

    fn copy_held(&self, from: usize, out: &mut [&mut [f32]]) {
        let held = self.decoder.last_decoded();
        for (channel, out) in out.iter_mut().enumerate() {
            let range = from..from + out.len();
            match &held {
                GenericAudioBufferRef::F32(buffer) => {
                    if let Some(samples) = buffer.plane(channel).and_then(|plane| plane.get(range)) {
                        out.copy_from_slice(samples);
                    }
                }
                GenericAudioBufferRef::S32(buffer) => {
                    if let Some(samples) = buffer.plane(channel).and_then(|plane| plane.get(range)) {
                        // One rounding, as in Symphonia's way by f64: the scale is a power of two.
                        let pairs = out.iter_mut().zip(samples);
                        pairs.for_each(|(out, &sample)| *out = sample as f32 * (1.0 / 2_147_483_648.0));
                    }
                }
                _ => out.fill(0.0),
            }
        }
    }

    fn contradicts(&self, packet: &Packet) -> bool {
        if self.codec == CODEC_ID_FLAC {
            // One that does not say how long it is may still be decoded.
            return self.frames_of(&packet.data).is_none();
        }
        self.alac_length.is_some_and(|length| alac_frames(&packet.data, length) != packet.frames)
    }

    fn preroll_groups(&self) -> Option<usize> {
        match self.codec {
            CODEC_ID_FLAC | CODEC_ID_ALAC => Some(0),
            CODEC_ID_ADPCM_MS | CODEC_ID_ADPCM_IMA_WAV | CODEC_ID_ADPCM_IMA_QT => Some(0),
            codec if codec_name(codec).starts_with("pcm_") => Some(0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use audiodecode_pipeline::Input;
    use symphonia::core::codecs::CodecParameters;

    use super::*;
    use crate::flac::read_flac_header;
    use crate::flac_frame::{FlacFrame, crc8, crc16};
    use crate::flac_reader::FlacReader;
    use crate::packet::{Event, PacketReader};
    use crate::symphonia_reader::probe;

    #[test]
    fn a_frame_of_flac_that_states_another_number_of_channels_is_broken() {
        let path = format!("{}/../../fixtures/formats/s16.flac", env!("CARGO_MANIFEST_DIR"));
        let input = Input::open(path.as_ref()).unwrap();
        let header = read_flac_header(&input, 0).unwrap();
        let format = probe(&input).unwrap();
        let Some(CodecParameters::Audio(params)) = &format.tracks()[0].codec_params else { panic!() };
        let mut decoder = SymphoniaDecoder::factory(params).unwrap()().unwrap();
        let mut reader = FlacReader::new(input, header);
        let Some(Event::Group(mut group)) = reader.next().unwrap() else { panic!() };
        let mut packet = group.packets.remove(0);
        let mut planes = vec![Vec::new(); 2];
        assert_eq!(decoder.decode(&packet, &mut planes), Ok(4096));
        // One channel, with checksums that agree.
        let end = FlacFrame::parse(&packet.data, 4096).unwrap().header_bytes - 1;
        packet.data[3] &= 0x0f;
        packet.data[end] = crc8(&packet.data[..end]);
        let body = packet.data.len() - 2;
        let footer = crc16(0, &packet.data[..body]).to_be_bytes();
        packet.data[body..].copy_from_slice(&footer);
        let error = decoder.decode(&packet, &mut planes).unwrap_err();
        assert_eq!(error, "the stream changes to 1 channel here");
        assert_eq!(planes[0].len(), 4096);
    }
}
