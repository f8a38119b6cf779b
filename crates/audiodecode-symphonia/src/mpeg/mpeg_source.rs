use std::sync::Arc;

use audiodecode_mp3::{Output, Rate};
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
    /// Whether the mean of two channels is decoded.
    mono: bool,
    /// Whether every second sample is decoded. All that is counted below is counted in those that are.
    halved: bool,
    block: Block,
    /// The samples of `block`.
    pcm: Vec<Vec<f32>>,
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
    /// Whether they are in the place of something that could not be decoded.
    silent: bool,
}

/// Longest frame.
const MAX_FRAME_SAMPLES: usize = 1152;

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

    pub(super) fn at_start(info: SourceInfo, window: Window, index: Arc<FrameIndex>, trim: Trim) -> Self {
        let channels = info.channels as usize;
        Self {
            decoder: FrameDecoder::new(index.header.layer(), info.channels),
            mono: false,
            halved: false,
            info,
            window,
            index,
            trim,
            block: Block::default(),
            pcm: vec![vec![0.0; MAX_FRAME_SAMPLES]; channels],
            next: 0,
            position: 0,
            skip: usize::try_from(trim.gapless.start_frames).unwrap_or(usize::MAX),
            heard: false,
            damage: DamageLog::default(),
        }
    }

    /// Native frames that each decoded one stands for.
    fn step(&self) -> u64 {
        if self.halved { 2 } else { 1 }
    }

    fn samples_per_frame(&self) -> usize {
        self.index.header.samples() as usize / self.step() as usize
    }

    /// How many there are after gapless trim.
    fn total(&self) -> u64 {
        self.trim.frames.div_ceil(self.step())
    }

    /// Begins anew in another form.
    fn change_form(&mut self) {
        let output = match (self.info.channels, self.mono) {
            (1, _) => Output::Mono,
            (_, true) => Output::Mean,
            (_, false) => Output::Stereo,
        };
        // Trimmed frames of even numbers are wanted.
        let odd = self.trim.gapless.start_frames % 2 == 1;
        let rate = if self.halved { Rate::Half { odd } } else { Rate::Full };
        self.decoder = FrameDecoder::layer3(output, rate);
        self.pcm.resize_with(if output == Output::Stereo { 2 } else { 1 }, || vec![0.0; MAX_FRAME_SAMPLES]);
        // Nowhere, so that the seek that follows is none that has nothing to do.
        self.position = u64::MAX;
    }

    /// Decodes the next entry into the block.
    fn decode_next(&mut self) -> Result<()> {
        let samples = self.samples_per_frame();
        let from = self.skip.min(samples);
        self.skip -= from;
        // The planes are the source's own, so they are taken out while it decodes.
        let mut pcm = std::mem::take(&mut self.pcm);
        let mut planes: Vec<&mut [f32]> = pcm.iter_mut().map(Vec::as_mut_slice).collect();
        let decoded = self.decode_into(&mut planes);
        self.pcm = pcm;
        let silent = !decoded?;
        self.block = Block { from, to: samples, silent };
        Ok(())
    }

    /// Decodes the next entry into the beginnings of the planes; `false` when they are silent in its place.
    fn decode_into(&mut self, planes: &mut [&mut [f32]]) -> Result<bool> {
        let at = self.next;
        self.next += 1;
        let outcome = self.decoder.decode(&mut self.window, &self.index, at, planes)?;
        match outcome {
            Outcome::Decoded => {
                self.heard = true;
                return Ok(true);
            }
            Outcome::MissingReservoir if !self.heard => {}
            Outcome::MissingReservoir => {
                self.report(at, "the frame needs bytes of earlier frames that are missing");
            }
            Outcome::Corrupt => self.report(at, "the frame is corrupt"),
            Outcome::TooManyChannels => self.report(at, "the frame is stereo in a mono stream"),
            Outcome::Lost => self.report(at, "no frame could be found here"),
        }
        let samples = self.samples_per_frame();
        for plane in planes {
            plane.iter_mut().take(samples).for_each(|sample| *sample = 0.0);
        }
        Ok(false)
    }

    fn report(&mut self, at: usize, reason: &str) {
        let samples = u64::from(self.index.header.samples());
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
        for (plane, pcm) in out.iter_mut().zip(&self.pcm) {
            plane[to..to + count].copy_from_slice(&pcm[from..from + count]);
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
        let wanted = room.min(self.total().saturating_sub(self.position)) as usize;
        let mut done = 0;
        let mut decoded = 0;
        while done < wanted {
            if self.block.from == self.block.to {
                if decoded == MAX_FRAMES_PER_READ && done > 0 {
                    break;
                }
                decoded += 1;
                let samples = self.samples_per_frame();
                if self.skip > 0 || wanted - done < samples {
                    self.decode_next()?;
                    continue;
                }
                // A whole frame need not be copied.
                let mut rest: Vec<&mut [f32]> =
                    out.iter_mut().map(|plane| &mut plane[done..wanted]).collect();
                let silent = !self.decode_into(&mut rest)?;
                self.block = Block { from: samples, to: samples, silent };
                done += samples;
                continue;
            }
            let count = (self.block.to - self.block.from).min(wanted - done);
            self.give(out, done, count);
            done += count;
        }
        self.position += done as u64;
        if done > 0 && self.position == self.total() {
            self.report_format_change();
        }
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        let frame = frame.div_ceil(self.step()).min(self.total());
        // Inside a concealed block the damage has been told to somebody else.
        let told = self.block.silent && self.block.from < self.block.to;
        if frame == self.position && !told {
            return Ok(());
        }
        self.position = frame;
        self.block = Block::default();
        let samples = self.samples_per_frame() as u64;
        let raw = frame + self.trim.gapless.start_frames / self.step();
        let target = usize::try_from(raw / samples).unwrap_or(usize::MAX).min(self.index.frames.len());
        let mut scratch: Vec<&mut [f32]> = self.pcm.iter_mut().map(Vec::as_mut_slice).collect();
        self.heard = prepare(&mut self.decoder, &mut self.window, &self.index, target, &mut scratch)?;
        self.next = target;
        self.skip = (raw % samples) as usize;
        Ok(())
    }

    fn set_mono(&mut self, mono: bool) {
        if mono != self.mono && self.info.channels > 1 && self.index.header.layer() == 3 {
            self.mono = mono;
            self.change_form();
        }
    }

    fn set_halved(&mut self, halved: bool) -> bool {
        let halved = halved && self.index.header.layer() == 3 && self.info.sample_rate.is_multiple_of(2);
        if halved != self.halved {
            self.halved = halved;
            self.change_form();
        }
        halved
    }

    fn planes(&self) -> u32 {
        if self.mono { 1 } else { self.info.channels }
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
pub(super) fn channel_count(index: &FrameIndex) -> u32 {
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
