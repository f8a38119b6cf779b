use std::sync::Arc;

use audiodecode_pipeline::{Damage, Error, OpenOptions, PcmSource, Result, SourceInfo};

use super::damage_log::DamageLog;
use super::frame_decoder::{FrameDecoder, Outcome};
use super::frame_index::FrameIndex;
use super::gapless::{Trim, trim_of};
use super::preroll::prepare;
use super::vbr_tag::parse_vbr_tag;
use super::window::Window;

/// Frames decoded per `read`, so that the caller looks at its cancel flag.
const MAX_FRAMES_PER_READ: u32 = 64;

/// An MPEG audio stream as samples. Frames that cannot be decoded are silent and keep their place in time.
pub(super) struct MpegSource {
    info: SourceInfo,
    window: Window,
    index: Arc<FrameIndex>,
    trim: Trim,
    decoder: FrameDecoder,
    block: Block,
    /// Entry of the index that is decoded next.
    next: usize,
    /// Trimmed frame that is given next.
    position: u64,
    /// Decoded frames to drop before it.
    skip: usize,
    /// Whether frames decoded already; until then missing reservoir is how a cut stream begins, not damage.
    heard: bool,
    damage: DamageLog,
}

/// The frames of one decoded entry that were not given yet.
#[derive(Clone, Copy, Default)]
struct Block {
    from: usize,
    to: usize,
    kind: BlockKind,
}

#[derive(Clone, Copy, Default)]
enum BlockKind {
    Mono,
    Stereo,
    #[default]
    Silent,
}

impl MpegSource {
    pub(super) fn new(
        mut window: Window,
        index: FrameIndex,
        container: &str,
        tags: Vec<(String, String)>,
        options: &OpenOptions,
    ) -> Result<Self> {
        let tag = match index.tag_frame {
            Some(frame) => parse_vbr_tag(window.slice(frame.offset(), frame.length())?, index.header),
            None => None,
        };
        let trim = trim_of(&index, tag);
        let channels = channel_count(&index);
        if channels > options.limits.max_channels {
            return Err(Error::limit("the file has more channels than limits.maxChannels"));
        }
        let sample_rate = index.header.sample_rate();
        let info = SourceInfo {
            container: container.to_owned(),
            codec: format!("mp{}", index.header.layer()),
            sample_rate,
            channels,
            channel_layout: Some(if channels == 1 { "mono" } else { "stereo" }.to_owned()),
            bit_depth: None,
            bit_rate: mean_bit_rate(&index),
            frames: Some(trim.frames),
            frames_exact: true,
            expected_frames: trim.expected,
            gapless: trim.gapless,
            tracks: 1,
            tags,
        };
        Ok(Self::at_start(info, window, Arc::new(index), trim))
    }

    fn at_start(info: SourceInfo, window: Window, index: Arc<FrameIndex>, trim: Trim) -> Self {
        Self {
            info,
            window,
            index,
            trim,
            decoder: FrameDecoder::new(),
            block: Block::default(),
            next: 0,
            position: 0,
            skip: usize::try_from(trim.gapless.start_frames).unwrap_or(usize::MAX),
            heard: false,
            damage: DamageLog::default(),
        }
    }

    fn samples_per_frame(&self) -> usize {
        self.index.header.samples() as usize
    }

    /// Decodes the next entry into the block.
    fn decode_next(&mut self) -> Result<()> {
        let at = self.next;
        self.next += 1;
        let samples = self.samples_per_frame();
        let from = self.skip.min(samples);
        self.skip -= from;
        let outcome = self.decoder.decode(&mut self.window, &self.index, at)?;
        let kind = match outcome {
            // A single frame that claims stereo in a mono stream is a flipped bit.
            Outcome::Decoded { stereo: true } if self.info.channels == 1 => {
                self.report(at, "the frame is stereo in a mono stream");
                BlockKind::Silent
            }
            Outcome::Decoded { stereo } => {
                self.heard = true;
                if stereo { BlockKind::Stereo } else { BlockKind::Mono }
            }
            Outcome::MissingReservoir if !self.heard => BlockKind::Silent,
            Outcome::MissingReservoir => {
                self.report(at, "the frame needs bytes of earlier frames that are missing");
                BlockKind::Silent
            }
            Outcome::Corrupt => {
                self.report(at, "the frame is corrupt");
                BlockKind::Silent
            }
            Outcome::Lost => {
                self.report(at, "no frame could be found here");
                BlockKind::Silent
            }
        };
        self.block = Block { from, to: samples, kind };
        Ok(())
    }

    fn report(&mut self, at: usize, reason: &str) {
        let samples = self.samples_per_frame() as u64;
        let start_trim = self.trim.gapless.start_frames;
        let place = |at: u64| (at * samples).saturating_sub(start_trim).min(self.trim.frames);
        let (start, end) = (place(at as u64), place(at as u64 + 1));
        if start < end {
            let offset = self.index.frames.get(at).map(|entry| entry.offset());
            self.damage.add(start, end, offset, reason);
        }
    }

    /// Moves `count` frames of the block into the planes at `to`.
    fn give(&mut self, out: &mut [&mut [f32]], to: usize, count: usize) {
        let from = self.block.from;
        let samples = self.decoder.samples();
        match (self.block.kind, out) {
            (BlockKind::Stereo, [left, right, ..]) => {
                let pairs = samples[2 * from..2 * (from + count)].chunks_exact(2);
                let left = &mut left[to..to + count];
                let right = &mut right[to..to + count];
                for ((left, right), pair) in left.iter_mut().zip(right).zip(pairs) {
                    *left = pair[0];
                    *right = pair[1];
                }
            }
            (BlockKind::Mono, out) => {
                for plane in out {
                    plane[to..to + count].copy_from_slice(&samples[from..from + count]);
                }
            }
            (_, out) => {
                for plane in out {
                    plane[to..to + count].fill(0.0);
                }
            }
        }
        self.block.from += count;
    }

    /// The stream goes on in a form that cannot be joined to this one: told once, at the end.
    fn report_format_change(&mut self) {
        if let Some((offset, rate)) = self.index.format_change {
            let end = self.trim.frames;
            let reason =
                format!("the stream changes its format ({rate} Hz from here); the rest was not decoded");
            self.damage.add(end, end, Some(offset), &reason);
        }
    }
}

impl PcmSource for MpegSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        let room = out.iter().map(|plane| plane.len()).min().unwrap_or(0) as u64;
        let wanted = room.min(self.trim.frames.saturating_sub(self.position)) as usize;
        let mut done = 0;
        let mut decoded = 0;
        while done < wanted {
            if self.block.from == self.block.to {
                if decoded == MAX_FRAMES_PER_READ && done > 0 {
                    break;
                }
                self.decode_next()?;
                decoded += 1;
                continue;
            }
            let count = (self.block.to - self.block.from).min(wanted - done);
            self.give(out, done, count);
            done += count;
        }
        self.position += done as u64;
        if done > 0 && self.position == self.trim.frames {
            self.report_format_change();
        }
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        let frame = frame.min(self.trim.frames);
        // Inside a concealed block the damage has been told to somebody else.
        let told = matches!(self.block.kind, BlockKind::Silent) && self.block.from < self.block.to;
        if frame == self.position && !told {
            return Ok(());
        }
        self.position = frame;
        self.block = Block::default();
        let samples = self.samples_per_frame() as u64;
        let raw = frame + self.trim.gapless.start_frames;
        let target = usize::try_from(raw / samples).unwrap_or(usize::MAX).min(self.index.frames.len());
        let stereo = self.info.channels > 1;
        self.heard = prepare(&mut self.decoder, &mut self.window, &self.index, target, stereo)?;
        self.next = target;
        self.skip = (raw % samples) as usize;
        Ok(())
    }

    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        let (info, window, index) = (self.info.clone(), self.window.fork(), Arc::clone(&self.index));
        Ok(Some(Box::new(Self::at_start(info, window, index, self.trim))))
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        self.damage.drain()
    }

    fn truncated(&self) -> bool {
        self.trim.truncated || self.index.format_change.is_some()
    }

    fn scan(&mut self) -> Result<()> {
        Ok(())
    }
}

/// 2 when the stream has stereo frames. A single one among many is damage.
fn channel_count(index: &FrameIndex) -> u32 {
    let coded = || index.frames.iter().filter(|frame| !frame.is_lost());
    let stereo = coded().filter(|frame| !frame.is_mono()).take(2).count();
    let all_stereo = coded().all(|frame| !frame.is_mono());
    if all_stereo || stereo > 1 { 2 } else { 1 }
}

fn mean_bit_rate(index: &FrameIndex) -> Option<u64> {
    let frames = index.frames.iter().filter(|frame| !frame.is_lost()).count() as u64;
    let samples = frames * u64::from(index.header.samples());
    (index.audio_bytes * 8 * u64::from(index.header.sample_rate())).checked_div(samples)
}
