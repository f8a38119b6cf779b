use std::sync::Arc;

use audiodecode_containers::{ReadWindow, usual_layout};
use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Input, OpenOptions, PcmSource, Result, SourceInfo};

use crate::adpcm::Adpcm;
use crate::decoded_source::{DecodedSource, Parts};
use crate::packet::{Event, Group, Packet, PacketReader, Trim};
use crate::pcm::{WavChunks, WavData, read_wav_chunks};

/// Format tags (RFC 2361).
const MICROSOFT: u16 = 2;
const IMA: u16 = 0x11;
/// Frames that come as one packet, or one block.
const TOGETHER: u64 = 4096;
/// Bytes fetched at once.
const BLOCK: usize = 64 * 1024;

/// Opens IMA and Microsoft ADPCM in WAV; `None` when the file is something else.
///
/// All blocks are of one size and decode to the same number of frames, and each begins anew: length and places are arithmetic.
pub(crate) fn open(input: &Input, options: &OpenOptions) -> Result<Option<Box<dyn PcmSource>>> {
    let mut magic = [0; 12];
    if input.read_at(0, &mut magic)? < magic.len() || &magic[..4] != b"RIFF" || &magic[8..] != b"WAVE" {
        return Ok(None);
    }
    let WavChunks { format, data, tags, .. } = read_wav_chunks(input, options)?;
    let Some(format) = format.as_deref().and_then(Format::parse) else { return Ok(None) };
    let Some(data) = data else {
        return Err(Error::corrupt("the WAV file has no data chunk"));
    };
    if format.sample_rate == 0 {
        return Err(Error::corrupt("the wav header states a sample rate of 0 Hz"));
    }
    if format.channels > options.limits.max_channels {
        let message = format!("the file has {} channels, more than limits.maxChannels", format.channels);
        return Err(Error::limit(message));
    }
    if options.track.is_some_and(|track| track > 0) {
        return Err(Error::new(ErrorKind::InvalidArgument, "the file has one track, number 0"));
    }
    let Some(decoder) = format.decoder() else {
        return Err(Error::unsupported("ADPCM with blocks of this kind is not decoded by this backend"));
    };
    let blocks = Blocks::new(input, &data, u64::from(format.block_bytes), decoder.frames_of_block());
    let info = SourceInfo {
        container: "wav".to_owned(),
        codec: if format.tag == MICROSOFT { "adpcm_ms" } else { "adpcm_ima" }.to_owned(),
        sample_rate: format.sample_rate,
        channels: format.channels,
        channel_layout: usual_layout(format.channels).map(str::to_owned),
        frames: Some(blocks.frames()),
        frames_exact: true,
        tags,
        tracks: 1,
        ..SourceInfo::default()
    };
    let parts = Parts {
        info,
        reader: Box::new(blocks),
        make_decoder: Arc::new(move || Ok(Box::new(decoder.clone()))),
        trim: Trim::default(),
        cancel: options.cancel.clone(),
        max_seconds: options.limits.max_duration_seconds,
        tolerance: 0,
    };
    Ok(Some(Box::new(DecodedSource::new(parts)?)))
}

/// What the `fmt ` chunk says.
struct Format {
    tag: u16,
    channels: u32,
    sample_rate: u32,
    block_bytes: u16,
    bits: u16,
}

impl Format {
    /// `None` for other codecs, and for what is too short to be one of these.
    fn parse(chunk: &[u8]) -> Option<Self> {
        let u16 = |at: usize| Some(u16::from_le_bytes(*chunk.get(at..)?.first_chunk()?));
        let tag = u16(0).filter(|tag| matches!(*tag, MICROSOFT | IMA))?;
        let sample_rate = u32::from_le_bytes(*chunk.get(4..)?.first_chunk()?);
        Some(Self { tag, channels: u32::from(u16(2)?), sample_rate, block_bytes: u16(12)?, bits: u16(14)? })
    }

    fn decoder(&self) -> Option<Adpcm> {
        let new =
            |()| Adpcm::new(self.tag == MICROSOFT, self.channels as usize, usize::from(self.block_bytes));
        (self.bits == 4).then_some(()).and_then(new)
    }
}

/// The blocks of the file, some at a time.
struct Blocks {
    input: Input,
    window: ReadWindow,
    start: u64,
    block_bytes: u64,
    block_frames: u64,
    /// Whole blocks that are in the file.
    count: u64,
    /// Whether the header states more.
    short: bool,
    next: u64,
}

impl Blocks {
    fn new(input: &Input, data: &WavData, block_bytes: u64, block_frames: u64) -> Self {
        let there = input.len().saturating_sub(data.start);
        let length = data.claimed.unwrap_or(there);
        Self {
            window: ReadWindow::of(input.clone(), BLOCK),
            input: input.clone(),
            start: data.start,
            block_bytes,
            block_frames,
            count: length.min(there) / block_bytes,
            short: length > there,
            next: 0,
        }
    }

    fn frames(&self) -> u64 {
        self.count.saturating_mul(self.block_frames)
    }
}

impl PacketReader for Blocks {
    fn next(&mut self) -> Result<Option<Event>> {
        let count = (TOGETHER / self.block_frames).max(1).min(self.count - self.next);
        if count == 0 {
            return Ok(None);
        }
        let at = self.start + self.next * self.block_bytes;
        let data = self.window.bytes(at, (count * self.block_bytes) as usize)?.into();
        self.next += count;
        let packets = vec![Packet { data, frames: Some(count * self.block_frames), byte_offset: Some(at) }];
        Ok(Some(Event::Group(Group { packets, counted: true, ..Group::default() })))
    }

    fn rewind(&mut self) -> Result<()> {
        self.next = 0;
        Ok(())
    }

    fn seek(&mut self, raw: u64, _cancel: &CancelFlag) -> Result<Option<u64>> {
        self.next = (raw / self.block_frames).min(self.count.saturating_sub(1));
        Ok(Some(self.next * self.block_frames))
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        let window = ReadWindow::of(self.input.clone(), BLOCK);
        Ok(Some(Box::new(Self { window, input: self.input.clone(), next: 0, ..*self })))
    }

    fn truncated(&self) -> bool {
        self.short && self.next == self.count
    }
}
