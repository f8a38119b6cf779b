//! Keeps what is decoded behind a jump equal to what the whole file gives, where that can depend on all packets before it.

use audiodecode_pipeline::{Error, Result};

use super::DecodedSource;
use crate::packet::{Group, Packet};

/// Frames ahead up to which decoding on is cheaper than a jump with its pre-roll.
const NEAR_FRAMES: u64 = 8192;

impl DecodedSource {
    /// Places a group behind a jump. False when it does not come out as it would in the whole file, pre-roll included.
    ///
    /// A packet that fails leaves a state behind that the pre-roll of a jump does not restore.
    pub(super) fn place_landed(&mut self, group: Group) -> bool {
        if self.decoder.preroll_groups() == Some(0) {
            // How much a packet without a length stands for depends on the one before it.
            let told = |packet: &Packet| self.decoder.frames_of(&packet.data).or(packet.frames).is_some();
            let counted = group.counted || self.reader.can_skip() && group.packets.iter().all(told);
            return self.place(group) || counted;
        }
        self.place(group)
    }

    /// Whether a frame is so close ahead that it is reached by decoding on.
    pub(super) fn is_near(&self, frame: u64) -> bool {
        let ahead = frame.checked_sub(self.position).is_some_and(|frames| frames <= NEAR_FRAMES);
        ahead && !self.ended && self.decoder.preroll_groups() != Some(0)
    }

    /// Decodes everything up to here after all, and goes on in the state that this leaves.
    pub(super) fn catch_up(&mut self) -> Result<bool> {
        if self.forked {
            return Err(Error::unsupported("what follows can only be decoded from the beginning"));
        }
        let (at, mut damage) = (self.position, std::mem::take(&mut self.damage));
        self.rewind()?;
        self.history_matters = true;
        self.discard_to(at)?;
        // What lies before this place was told already, what follows will be again.
        damage.iter_mut().for_each(|damage| damage.end_frame = damage.end_frame.min(at));
        damage.retain(|damage| damage.start_frame < damage.end_frame);
        self.damage = damage;
        Ok(!self.ended)
    }
}
