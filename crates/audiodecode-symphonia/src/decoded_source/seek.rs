//! Makes the next read begin at a given frame.

use audiodecode_pipeline::Result;

use super::DecodedSource;
use super::rest::Rest;
use crate::packet::{Event, Group, Packet};

impl DecodedSource {
    /// Starts over with a decoder in its initial state.
    pub(super) fn rewind(&mut self) -> Result<()> {
        self.reader.rewind()?;
        self.decoder = (self.make_decoder)()?;
        self.link_decoder = None;
        self.clear_pending();
        self.rest = Rest::default();
        self.position = 0;
        self.next_raw = None;
        self.origin = None;
        self.base = 0;
        self.delay = self.trim.start;
        self.ended = false;
        self.stopped_early = false;
        (self.landed, self.fresh) = (false, false);
        // What a broken packet is taken for must not depend on what was read before.
        self.last_packet_frames = 0;
        Ok(())
    }

    /// Decodes and forgets up to a frame of the signal.
    pub(super) fn discard_to(&mut self, frame: u64) -> Result<()> {
        while self.position < frame {
            let pending = self.pending();
            if pending == 0 {
                self.cancel.check()?;
                if !self.fill()? {
                    break;
                }
                continue;
            }
            self.take(pending.min(frame - self.position));
        }
        Ok(())
    }

    pub(super) fn take(&mut self, frames: u64) {
        let silent = frames.min(self.silence);
        self.silence -= silent;
        self.taken += (frames - silent) as usize;
        self.position += frames;
    }

    /// Goes near a frame without decoding what lies before it. False if that is not possible.
    pub(super) fn jump(&mut self, frame: u64) -> Result<bool> {
        let Some(preroll) = self.decoder.preroll_groups() else { return Ok(false) };
        if self.chained || frame == 0 {
            return Ok(false);
        }
        if self.history_matters && !self.landed && frame >= self.position {
            // A state that can be gone on from is worth more than a jump that may fail.
            return Ok(false);
        }
        let Some(origin) = self.origin else { return Ok(false) };
        let target =
            origin.saturating_add(self.trim.start as i64).saturating_add(frame.min(i64::MAX as u64) as i64);
        if let Some(raw) = self.seek_reader(target.max(0) as u64, preroll)? {
            let raw = raw.min(i64::MAX as u64) as i64;
            if raw <= target && self.plausible(raw) {
                self.land(raw, origin)?;
                return Ok(true);
            }
            self.rewind()?;
        }
        if !self.reader.can_skip() {
            // The place is near the beginning, or where nothing before it is sure.
            if frame < self.position || self.ended {
                self.rewind()?;
            }
            return Ok(true);
        }
        self.skip_groups(target, origin)
    }

    /// Moves the reader to the group that begins at or before `raw`, or one so many groups earlier.
    fn seek_reader(&mut self, raw: u64, groups_before: usize) -> Result<Option<u64>> {
        let mut found = self.reader.seek(raw, &self.cancel)?;
        for _ in 0..groups_before {
            let Some(raw) = found else { break };
            found = raw.checked_sub(1).map_or(Ok(None), |before| self.reader.seek(before, &self.cancel))?;
            if found.is_none() {
                // Moved for nothing.
                self.rewind()?;
            }
        }
        Ok(found)
    }

    /// Makes `raw` the position of the next group.
    fn land(&mut self, raw: i64, origin: i64) -> Result<()> {
        self.decoder = (self.make_decoder)()?;
        self.clear_pending();
        self.rest = Rest::default();
        self.ended = false;
        self.stopped_early = false;
        (self.landed, self.fresh) = (true, true);
        self.origin = Some(origin);
        self.next_raw = Some(raw);
        self.base = 0;
        self.delay = self.trim.start;
        let zero = origin.saturating_add(self.trim.start as i64);
        self.position = raw.saturating_sub(zero).max(0) as u64;
        Ok(())
    }

    /// Reads packets from the beginning without decoding them, up to those the target needs.
    fn skip_groups(&mut self, target: i64, origin: i64) -> Result<bool> {
        self.rewind()?;
        let mut held: Option<Group> = None;
        let (mut at, mut held_at) = (0i64, 0i64);
        loop {
            self.cancel.check()?;
            let Some(Event::Group(group)) = self.reader.next()? else { return self.give_up_jump() };
            if group.packets.is_empty() {
                // It belongs to another track.
                continue;
            }
            if group.packets.iter().any(|packet| self.decoder.contradicts(packet)) {
                return self.fail_jump();
            }
            let frames = |packet: &Packet| self.decoder.frames_of(&packet.data).or(packet.frames);
            let count =
                group.packets.iter().try_fold(0u64, |sum, p| frames(p).and_then(|f| sum.checked_add(f)));
            let start = group.start.unwrap_or(at);
            let Some(count) = count else { return self.give_up_jump() };
            // As `place` counts.
            let end =
                start.saturating_add_unsigned(count).saturating_sub_unsigned(group.discard_end).max(start);
            if end <= target && !group.last {
                (at, held_at) = (end.max(at), start);
                held = Some(group);
                continue;
            }
            let Some(mut held) = held else { return self.give_up_jump() };
            held.start = Some(held_at);
            self.land(0, origin)?;
            self.next_raw = held.start;
            if !self.place_landed(held) {
                return self.fail_jump();
            }
            let end = self.next_raw.unwrap_or(0);
            let zero = origin.saturating_add(self.trim.start as i64);
            self.position = (end.saturating_sub(zero).max(0) as u64).saturating_sub(self.pending());
            self.take(self.pending());
            self.clear_pending();
            return if self.place_landed(group) { Ok(true) } else { self.fail_jump() };
        }
    }

    /// Gives up a jump that can be expected to fail again.
    fn fail_jump(&mut self) -> Result<bool> {
        self.history_matters = true;
        // Everything is decoded and told again.
        self.damage.clear();
        self.give_up_jump()
    }

    fn give_up_jump(&mut self) -> Result<bool> {
        self.rewind()?;
        Ok(false)
    }
}
