//! Keeps what is decoded behind a jump equal to what the whole file gives, where that can depend on all packets before it.

use audiodecode_pipeline::{Error, Result};

use super::DecodedSource;
use crate::packet::Group;

impl DecodedSource {
    /// Whether a decoder can start at this group and have the state that matters: true for the first one of the file or behind
    /// a gap, where the whole decode starts with a fresh decoder too, if that one made sense of it.
    pub(super) fn opens_well(&self, group: &Group) -> bool {
        group.packets.first().is_none_or(|packet| self.decoder.needs_history(&packet.data).is_some())
    }

    /// Places a group behind a jump. False when it does not come out as it would in the whole file, pre-roll included.
    ///
    /// A packet that fails leaves a state behind that the pre-roll of a jump does not restore.
    pub(super) fn place_landed(&mut self, group: Group) -> bool {
        if self.decoder.preroll_groups() == Some(0) {
            self.place(group);
            return true;
        }
        group.packets.iter().all(|packet| self.decoder.needs_history(&packet.data) == Some(false))
            && self.place(group)
    }

    /// Decodes everything up to here after all, and goes on in the state that this leaves.
    pub(super) fn catch_up(&mut self) -> Result<bool> {
        if self.forked {
            return Err(Error::unsupported("what follows can only be decoded from the beginning"));
        }
        let (at, damage) = (self.position, std::mem::take(&mut self.damage));
        self.rewind()?;
        self.history_matters = true;
        self.discard_to(at)?;
        // Damage before this place is known already.
        self.damage = damage;
        Ok(!self.ended)
    }
}
