//! What libsndfile passes over without a word.

use audiodecode_pipeline::{Damage, Result};

use super::{MAX_TAIL_BYTES, SndfileSource};
use crate::mpeg_tag::trailing_tag_bytes;
use crate::ogg_damage::ogg_damage;

impl SndfileSource {
    pub(super) fn look_for_untold_damage(&mut self) -> Result<()> {
        if self.untold.is_none() {
            self.untold = Some(match self.format.container {
                "ogg" => ogg_damage(&self.way.input, self.info.gapless.start_frames, &self.way.cancel)?,
                _ => Vec::new(),
            });
        }
        Ok(())
    }

    /// Tells what begins among the frames from the position to this one, and at the end what lies behind.
    pub(super) fn tell_untold_damage(&mut self, end: u64, is_end: bool) {
        let position = self.position;
        let reached =
            |damage: &&Damage| damage.start_frame >= position && (is_end || damage.start_frame < end);
        let untold = self.untold.iter().flatten();
        self.damage.extend(untold.filter(reached).cloned());
    }

    /// Holds what was read against what was promised. What is missing at the end is no stretch of the result: it is cut short.
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.truncated |= self.untold.iter().flatten().any(|damage| damage.end_frame >= self.position);
        let promised = self.info.expected_frames.or(self.info.frames.filter(|_| self.info.frames_exact));
        self.truncated |= promised.is_some_and(|promised| promised > self.position);
        if self.from_start {
            let left = self.handle.bytes_left().saturating_sub(trailing_tag_bytes(&self.way.input));
            // Elsewhere chunks of any length may follow the samples.
            let is_stream = matches!(self.format.container, "mp3" | "flac" | "ogg");
            if is_stream && left > MAX_TAIL_BYTES {
                let reason = format!("libsndfile stopped {left} bytes before the end of the file");
                let at = self.position;
                self.damage.push(Damage { start_frame: at, end_frame: at, byte_offset: None, reason });
                self.truncated = true;
            }
            self.info.frames = Some(self.position);
            self.info.frames_exact = true;
        }
    }
}
