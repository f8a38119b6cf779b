mod gap;
mod untold;

use audiodecode_pipeline::{CancelFlag, Damage, Error, PcmSource, Result, SourceInfo};

use crate::channel_order::wave_order;
use crate::format::Format;
use crate::handle::Handle;
use crate::open::OpenWay;

/// Samples decoded between two looks at the cancel flag: 64 KiB of them, which stay in the cache until they are deinterleaved.
const BLOCK_SAMPLES: usize = 1 << 14;
/// Blocks decoded per `read`.
const BLOCKS_PER_READ: usize = 16;
/// Bytes that may lie behind the last frame, tags aside. More is audio that libsndfile did not get to.
const MAX_TAIL_BYTES: u64 = 4096;

/// An open file. Where libsndfile's seeks are exact they are used; everything else is decoded from its start.
pub(crate) struct SndfileSource {
    way: OpenWay,
    handle: Handle,
    format: Format,
    info: SourceInfo,
    /// The plane of every channel.
    order: Vec<usize>,
    position: u64,
    ended: bool,
    /// Another source's fork, whose seeks must be cheap or fail.
    forked: bool,
    /// Whether every frame since the start was read, so that the end tells the length.
    from_start: bool,
    truncated: bool,
    /// libsndfile was stopped in the middle of something, or could not read: it takes that for the end of the file.
    interrupted: bool,
    block: Vec<f32>,
    damage: Vec<Damage>,
    /// Damage that libsndfile does not tell, looked for before the first frame is decoded.
    untold: Option<Vec<Damage>>,
    /// End of a stretch that libsndfile cannot decode, which is silence.
    silent_until: u64,
}

impl SndfileSource {
    /// `cut_short`: the container was seen to end too early.
    pub(crate) fn new(
        way: OpenWay,
        handle: Handle,
        format: Format,
        info: SourceInfo,
        cut_short: bool,
    ) -> Self {
        let promised_more = matches!((info.expected_frames, info.frames), (Some(promised), Some(frames)) if promised > frames);
        Self {
            order: wave_order(format.codec, handle.channels()),
            way,
            handle,
            format,
            info,
            position: 0,
            ended: false,
            forked: false,
            from_start: true,
            truncated: cut_short || promised_more,
            interrupted: false,
            block: Vec::new(),
            damage: Vec::new(),
            untold: None,
            silent_until: 0,
        }
    }

    /// Decodes up to as many frames into the block and returns how many; 0 only at the end.
    fn fill_block(&mut self, frames: usize) -> Result<usize> {
        if self.interrupted {
            let place = self.position;
            self.reopen()?;
            self.skip_to(place)?;
        }
        self.look_for_untold_damage()?;
        if self.position < self.silent_until {
            return Ok(self.fill_with_silence(frames));
        }
        let channels = self.handle.channels();
        let frames = frames.min((BLOCK_SAMPLES / channels).max(1)).min(self.frames_left());
        self.block.resize(frames * channels, 0.0);
        let count = if frames == 0 { 0 } else { self.handle.read(&mut self.block) };
        let failed = self.handle.take_io_error();
        self.interrupted = failed.is_some() || self.way.cancel.is_cancelled();
        self.way.cancel.check()?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        if frames > 0
            && let Some(reason) = self.handle.complaint()
        {
            // What comes before it stops is good.
            let start_frame = self.position + if count < frames { count as u64 } else { 0 };
            let end_frame = self.position + count as u64;
            self.damage.push(Damage { start_frame, end_frame, byte_offset: None, reason });
        }
        if count == 0 && self.find_good_frame()? {
            return Ok(self.fill_with_silence(frames));
        }
        self.tell_untold_damage(self.position + count as u64, count == 0);
        self.position += count as u64;
        if count == 0 {
            self.end();
        }
        Ok(count)
    }

    /// Where the length is certain libsndfile may have more, of its own making.
    fn frames_left(&self) -> usize {
        let length = self.info.frames.filter(|_| self.info.frames_exact && self.format.codec == "gsm");
        length.map_or(usize::MAX, |length| {
            usize::try_from(length.saturating_sub(self.position)).unwrap_or(usize::MAX)
        })
    }

    fn reopen(&mut self) -> Result<()> {
        self.handle = self.way.open()?;
        self.silent_until = 0;
        (self.position, self.ended, self.from_start, self.interrupted) = (0, false, true, false);
        Ok(())
    }

    /// Decodes and drops what lies before a frame.
    fn skip_to(&mut self, frame: u64) -> Result<()> {
        while self.position < frame && !self.ended {
            let rest = usize::try_from(frame - self.position).unwrap_or(usize::MAX);
            self.fill_block(rest)?;
        }
        Ok(())
    }
}

impl PcmSource for SndfileSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        let room = out.iter().map(|plane| plane.len()).min().unwrap_or(0);
        let channels = self.handle.channels();
        let mut done = 0;
        for _ in 0..BLOCKS_PER_READ {
            if done == room || self.ended {
                break;
            }
            let count = self.fill_block(room - done)?;
            for (channel, &plane) in self.order.iter().enumerate() {
                let samples = self.block[..count * channels].iter().skip(channel).step_by(channels);
                if let Some(plane) = out.get_mut(plane) {
                    plane[done..done + count].iter_mut().zip(samples).for_each(|(to, from)| *to = *from);
                }
            }
            done += count;
        }
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        if frame == self.position && !self.ended && !self.interrupted {
            return Ok(());
        }
        self.silent_until = 0;
        if self.format.exact_seek && !self.interrupted {
            let target = self.info.frames.map_or(frame, |frames| frame.min(frames));
            if self.handle.seek(target) {
                self.from_start = target == 0 || (self.from_start && target == self.position);
                (self.position, self.ended) = (target, false);
                return Ok(());
            }
            self.interrupted = true;
            self.way.cancel.check()?;
            if self.forked {
                return Err(Error::corrupt(format!("libsndfile cannot go to frame {target}")));
            }
        }
        if frame < self.position || self.ended || self.interrupted {
            self.reopen()?;
        }
        self.skip_to(frame)
    }

    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        if !self.format.exact_seek || !self.info.frames_exact {
            return Ok(None);
        }
        let handle = self.way.open()?;
        let mut fork = Self::new(self.way.clone(), handle, self.format, self.info.clone(), self.truncated);
        fork.forked = true;
        Ok(Some(Box::new(fork)))
    }

    fn set_cancel(&mut self, cancel: CancelFlag) {
        self.handle.set_cancel(cancel.clone());
        self.way.cancel = cancel;
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damage)
    }

    fn truncated(&self) -> bool {
        self.truncated
    }

    fn scan(&mut self) -> Result<()> {
        if self.info.frames_exact && self.info.frames.is_some() {
            return Ok(());
        }
        self.reopen()?;
        self.skip_to(u64::MAX)?;
        self.reopen()?;
        self.damage.clear();
        Ok(())
    }
}
