use std::sync::Arc;

use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Input, OpenOptions, PcmSource, Result, SourceInfo};
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;

use crate::aac_channels::aac_layout;
use crate::aac_config::{AAC_RATES, channels_of, he_aac_error, read_aac_config};
use crate::aac_decoder::Aac;
use crate::adts_index::{AdtsFrame, AdtsIndex, scan_adts};
use crate::decoded_source::{DecodedSource, Parts};
use crate::packet::{Event, Group, Packet, PacketReader, Trim};
use crate::sbr::has_sbr;
use audiodecode_containers::{id3_length, read_up_to};

/// Frames in every packet of AAC-LC.
const FRAMES: u64 = 1024;

/// Opens AAC in ADTS, garbage or ID3 tags in front included; `None` when the file is something else.
///
/// Every header is visited once, so the length is exact. Nothing is trimmed: ADTS has no place to state padding.
pub(crate) fn open(input: &Input, options: &OpenOptions) -> Result<Option<Box<dyn PcmSource>>> {
    let Some(index) = scan_adts(input, id3_length(input), &options.cancel)? else { return Ok(None) };
    if options.track.is_some_and(|track| track > 0) {
        return Err(Error::new(ErrorKind::InvalidArgument, "the file has one track, number 0"));
    }
    let header = index.header;
    // The same fields as an AudioSpecificConfig, so the same rules.
    let config = u16::from(header.profile + 1) << 11
        | u16::from(header.rate_index) << 7
        | u16::from(header.channels) << 3;
    channels_of(u32::from(header.channels))?;
    let config = read_aac_config(&config.to_be_bytes())?;
    let channels = config.channels as u32;
    if channels > options.limits.max_channels {
        return Err(Error::limit(format!("the file has {channels} channels, more than limits.maxChannels")));
    }
    if index.several_blocks {
        return Err(Error::unsupported(
            "ADTS with several blocks in a frame; use @audiodecode/backend-ffmpeg",
        ));
    }
    let some: Vec<Vec<u8>> = index.frames.iter().take(32).map(|frame| frame.payload(input)).collect();
    if has_sbr(some.iter().map(Vec::as_slice), config) {
        return Err(he_aac_error());
    }
    let rate = AAC_RATES
        .get(usize::from(header.rate_index))
        .copied()
        .ok_or_else(|| Error::corrupt("the ADTS header is broken"))?;
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_AAC).with_sample_rate(rate).with_channels(Channels::Discrete(channels as u16));
    let frames = index.frames.last().map_or(0, |last| (last.number + 1) * FRAMES);
    let bytes: u64 = index.frames.iter().map(|frame| u64::from(frame.length)).sum();
    let info = SourceInfo {
        container: "adts".to_owned(),
        codec: "aac".to_owned(),
        sample_rate: rate,
        channels,
        channel_layout: aac_layout(config.channels).map(str::to_owned),
        bit_rate: Some(bytes * 8 * u64::from(rate) / (index.frames.len() as u64 * FRAMES).max(1)),
        frames: Some(frames),
        frames_exact: true,
        tracks: 1,
        ..SourceInfo::default()
    };
    let source = DecodedSource::new(Parts {
        info,
        reader: Box::new(AdtsReader { input: input.clone(), index: Arc::new(index), at: 0 }),
        make_decoder: Aac::factory(&params)?,
        trim: Trim::default(),
        cancel: options.cancel.clone(),
        max_seconds: options.limits.max_duration_seconds,
        tolerance: 0,
    })?;
    Ok(Some(Box::new(source)))
}

impl AdtsFrame {
    /// The bytes behind the header.
    fn payload(&self, input: &Input) -> Vec<u8> {
        let header = u64::from(self.header);
        read_up_to(input, self.at + header, usize::from(self.length).saturating_sub(usize::from(self.header)))
    }
}

struct AdtsReader {
    input: Input,
    index: Arc<AdtsIndex>,
    at: usize,
}

impl PacketReader for AdtsReader {
    fn next(&mut self) -> Result<Option<Event>> {
        let Some(frame) = self.index.frames.get(self.at) else { return Ok(None) };
        self.at += 1;
        let packet = Packet {
            data: frame.payload(&self.input).into(),
            frames: Some(FRAMES),
            byte_offset: Some(frame.at),
        };
        let start = Some((frame.number * FRAMES) as i64);
        Ok(Some(Event::Group(Group { packets: vec![packet], start, ..Group::default() })))
    }

    fn rewind(&mut self) -> Result<()> {
        self.at = 0;
        Ok(())
    }

    fn seek(&mut self, raw: u64, _cancel: &CancelFlag) -> Result<Option<u64>> {
        let before = self.index.frames.partition_point(|frame| frame.number * FRAMES <= raw);
        self.at = before.saturating_sub(1);
        Ok(self.index.frames.get(self.at).map(|frame| frame.number * FRAMES))
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        Ok(Some(Box::new(Self { input: self.input.clone(), index: Arc::clone(&self.index), at: 0 })))
    }

    fn truncated(&self) -> bool {
        self.index.truncated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adts_index::AdtsHeader;

    #[test]
    fn a_seek_finds_the_packet_of_a_frame_or_the_last_one_before_a_loss() {
        let header = AdtsHeader { profile: 1, rate_index: 4, channels: 2 };
        let frames = [0, 1, 2, 7, 8].map(|number| AdtsFrame { at: 0, length: 9, header: 7, number }).to_vec();
        let index = AdtsIndex { header, frames, several_blocks: false, truncated: false };
        let mut reader = AdtsReader { input: Input::from_bytes(vec![0; 9]), index: Arc::new(index), at: 0 };
        for (frame, number, at) in
            [(0, 0, 0), (1023, 0, 0), (1024, 1, 1), (5000, 2, 2), (7 * 1024, 7, 3), (99_999, 8, 4)]
        {
            assert_eq!(
                reader.seek(frame, &CancelFlag::default()).ok().flatten(),
                Some(number * FRAMES),
                "frame {frame}"
            );
            assert_eq!(reader.at, at, "frame {frame}");
        }
    }
}
