use audiodecode_dsp::{Resampler, mix_in_place};

use crate::feed::Feed;
use crate::plan::OutputRange;
use crate::unusable::silence_unusable;
use crate::{Error, ErrorKind, Result};

/// Reads whole blocks from the feed, mixes them when asked, resamples them and hands out the frames of the range.
///
/// Blocks lie on the grid of the whole file, whatever the range, and the first one only warms the filter up: that makes a
/// range equal to the slice of the whole, bit for bit. At the end of the range the filter still sees the samples that
/// follow in the file; only after the end of the file it sees zeros.
///
/// Frames are counted on the resampler's own axis, which is the output's plus its delay: block k is frames
/// `k · block.output ..`.
pub(crate) struct ResampleStage {
    resampler: Resampler,
    range: OutputRange,
    mono: bool,
    /// Native frames that each frame of the source stands for.
    step: u64,
    /// One block of every source channel.
    input: Vec<Vec<f32>>,
    /// One block of every output channel, of which `pending` is still to be handed out.
    output: Vec<Vec<f32>>,
    pending: std::ops::Range<usize>,
    /// Number of the block that comes next.
    block: u64,
    /// The frame handed out next.
    cursor: u64,
}

impl ResampleStage {
    /// For a source that gives every frame, or with a `step` of 2 every second one.
    pub(crate) fn new(range: OutputRange, source_channels: usize, mono: bool, step: u64) -> Result<Self> {
        let channels = if mono { 1 } else { source_channels };
        let input_rate = if step == 2 { range.input_rate / 2 } else { range.input_rate };
        let resampler = Resampler::new(input_rate, range.output_rate, channels)
            .map_err(|error| Error::new(ErrorKind::InvalidArgument, error.to_string()))?;
        let size = resampler.block();
        let cursor = range.output_start + resampler.delay() as u64;
        Ok(Self {
            range,
            mono,
            step,
            input: vec![vec![0.0; size.input]; source_channels],
            output: vec![vec![0.0; size.output]; channels],
            pending: 0..0,
            block: (cursor / size.output as u64).saturating_sub(1),
            cursor,
            resampler,
        })
    }

    /// The native frame at which the next block begins.
    pub(crate) fn first_native_frame(&self) -> u64 {
        self.step * self.block * self.resampler.block().input as u64
    }

    /// Fills the first `frames` frames of every plane; fewer only at the end.
    pub(crate) fn read(&mut self, feed: &mut Feed, out: &mut [&mut [f32]], frames: usize) -> Result<usize> {
        let size = self.resampler.block();
        let mut done = 0;
        while done < frames {
            if self.pending.is_empty() {
                let Some(kept) = self.next_block(feed)? else { break };
                let mixed: Vec<&[f32]> = self.input.iter().map(Vec::as_slice).collect();
                let mut target: Vec<&mut [f32]> = if kept.len() == size.output && frames - done >= size.output
                {
                    out.iter_mut().map(|plane| &mut plane[done..done + size.output]).collect()
                } else {
                    self.pending = kept.clone();
                    self.output.iter_mut().map(Vec::as_mut_slice).collect()
                };
                self.resampler
                    .process(&mixed, size.input, &mut target)
                    .map_err(|error| Error::new(ErrorKind::InvalidArgument, error.to_string()))?;
                if self.pending.is_empty() {
                    done += kept.len();
                }
            } else {
                let count = self.pending.len().min(frames - done);
                let from = self.pending.start..self.pending.start + count;
                for (to, plane) in out.iter_mut().zip(&self.output) {
                    to[done..done + count].copy_from_slice(&plane[from.clone()]);
                }
                self.pending.start += count;
                done += count;
            }
        }
        Ok(done)
    }

    /// Fills `input` with the next block and tells which of its output frames are kept; `None` after the last.
    fn next_block(&mut self, feed: &mut Feed) -> Result<Option<std::ops::Range<usize>>> {
        let size = self.resampler.block();
        if feed.ended && self.cursor >= self.end(feed) {
            return Ok(None);
        }
        let filled = feed.fill(&mut self.input, 0, size.input)?;
        for plane in &mut self.input {
            plane[filled..].fill(0.0);
        }
        if self.mono {
            mix_in_place(&mut self.input, filled);
        }
        let native = self.first_native_frame();
        let used = self.output.len();
        if let Some(damage) = silence_unusable(&mut self.input[..used], filled, native, self.step) {
            feed.note(damage)?;
        }
        let start = self.block * size.output as u64;
        let end = start + size.output as u64;
        let first = self.cursor.clamp(start, end);
        let last = if feed.ended { self.end(feed).clamp(first, end) } else { end };
        self.block += 1;
        self.cursor = self.cursor.max(last);
        Ok(Some((first - start) as usize..(last - start) as usize))
    }

    /// One past the last frame of the signal, which is known once the source has ended.
    fn end(&self, feed: &Feed) -> u64 {
        self.range.to_output(feed.position) + self.resampler.delay() as u64
    }
}
