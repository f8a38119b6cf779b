//! Packets of FLAC that libsndfile stops at.

use audiodecode_pipeline::{Damage, Result};

use super::{BLOCK_SAMPLES, SndfileSource};

impl SndfileSource {
    pub(super) fn fill_with_silence(&mut self, frames: usize) -> usize {
        let channels = self.handle.channels();
        let left = usize::try_from(self.silent_until - self.position).unwrap_or(usize::MAX);
        let count = frames.min((BLOCK_SAMPLES / channels).max(1)).min(left);
        self.block.clear();
        self.block.resize(count * channels, 0.0);
        self.position += count as u64;
        count
    }

    /// libsndfile stops at a FLAC packet that it cannot decode. Looks for the place where it can go on, in steps that grow; what
    /// lies between becomes silence, so that everything behind stays where it is. `false` when there is none.
    pub(super) fn find_good_frame(&mut self) -> Result<bool> {
        let Some(length) = self.info.frames.filter(|_| self.format.container == "flac") else {
            return Ok(false);
        };
        let mut step = 1024;
        while self.position.saturating_add(step) < length {
            let target = self.position + step;
            self.handle = self.way.open()?;
            let channels = self.handle.channels();
            self.block.resize(channels, 0.0);
            let is_good = self.handle.seek(target) && self.handle.read(&mut self.block) == 1;
            self.way.cancel.check().inspect_err(|_| self.interrupted = true)?;
            if is_good && self.handle.seek(target) {
                let reason = "libsndfile cannot decode it".to_owned();
                let start_frame = self.position;
                self.damage.push(Damage { start_frame, end_frame: target, byte_offset: None, reason });
                self.silent_until = target;
                return Ok(true);
            }
            step *= 2;
        }
        Ok(false)
    }
}
