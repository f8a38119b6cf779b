use audiodecode_pipeline::{Damage, Error, Input, Limits, PcmSource, Result, SourceInfo};

use super::convert::deinterleave;
use super::stream::PcmStream;

/// Bytes read from the file at once: small enough to stay in the cache until they are converted.
const BUFFER_BYTES: usize = 128 * 1024;
/// Buffers converted per `read`, so that the caller looks at its cancel flag.
const MAX_BUFFERS_PER_READ: usize = 64;

/// The samples of a PCM file. A seek costs nothing.
pub(super) struct PcmFile {
    info: SourceInfo,
    input: Input,
    stream: PcmStream,
    buffer: Vec<u8>,
    position: u64,
    shrunk: bool,
}

impl PcmFile {
    pub(super) fn new(input: &Input, stream: PcmStream, limits: &Limits) -> Result<Self> {
        if stream.frames as f64 > limits.max_duration_seconds * f64::from(stream.sample_rate) {
            return Err(Error::limit("the signal is longer than limits.maxDurationSeconds"));
        }
        let frame_bits = stream.format.bytes() as u64 * 8 * u64::from(stream.channels);
        let info = SourceInfo {
            container: stream.container.to_owned(),
            codec: stream.format.codec_name(),
            sample_rate: stream.sample_rate,
            channels: stream.channels,
            channel_layout: stream.channel_layout.map(str::to_owned),
            bit_depth: stream.bit_depth,
            bit_rate: Some(frame_bits * u64::from(stream.sample_rate)),
            frames: Some(stream.frames),
            frames_exact: true,
            expected_frames: stream.claimed_frames,
            tracks: 1,
            tags: stream.tags.clone(),
            ..SourceInfo::default()
        };
        Ok(Self { info, input: input.clone(), stream, buffer: Vec::new(), position: 0, shrunk: false })
    }

    fn frame_bytes(&self) -> usize {
        self.stream.format.bytes() * self.stream.channels as usize
    }
}

impl PcmSource for PcmFile {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        let frame_bytes = self.frame_bytes();
        let room = out.iter().map(|plane| plane.len()).min().unwrap_or(0) as u64;
        let wanted = room.min(self.stream.frames.saturating_sub(self.position)) as usize;
        let per_buffer = (BUFFER_BYTES / frame_bytes).max(1);
        self.buffer.resize(per_buffer.min(wanted) * frame_bytes, 0);
        let mut done = 0;
        for _ in 0..MAX_BUFFERS_PER_READ {
            let bytes = ((wanted - done) * frame_bytes).min(self.buffer.len());
            if bytes == 0 {
                break;
            }
            let at = self.stream.data_start + self.position * frame_bytes as u64;
            let count = self.input.read_at(at, &mut self.buffer[..bytes])? / frame_bytes;
            deinterleave(self.stream.format, &self.buffer[..count * frame_bytes], out, done);
            done += count;
            self.position += count as u64;
            if count * frame_bytes < bytes {
                // Another process cut the file while it was read.
                self.shrunk = true;
                self.stream.frames = self.position;
                self.info.frames = Some(self.position);
                break;
            }
        }
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        self.position = frame.min(self.stream.frames);
        Ok(())
    }

    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        let (info, input, stream) = (self.info.clone(), self.input.clone(), self.stream.clone());
        let fresh = Self { info, input, stream, buffer: Vec::new(), position: 0, shrunk: self.shrunk };
        Ok(Some(Box::new(fresh)))
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        Vec::new()
    }

    fn truncated(&self) -> bool {
        self.shrunk || self.stream.claimed_frames.is_some_and(|claimed| claimed > self.stream.frames)
    }

    fn scan(&mut self) -> Result<()> {
        Ok(())
    }
}
