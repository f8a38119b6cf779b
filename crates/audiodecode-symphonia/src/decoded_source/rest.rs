//! Takes groups of many packets apart where nothing but their order says where they lie.

use std::collections::VecDeque;

use crate::packet::{Group, Packet};

/// What of a group has not been decoded yet.
#[derive(Debug, Default)]
pub(super) struct Rest {
    packets: VecDeque<Packet>,
    end: Option<i64>,
    counted: bool,
}

impl Rest {
    /// Keeps all but the first packet of a group that goes on where the one before it ended.
    pub(super) fn split(&mut self, mut group: Group) -> Group {
        let plain = !group.gap && !group.last && group.start.is_none() && group.discard_end == 0;
        if !plain || group.packets.len() < 2 {
            return group;
        }
        self.packets = group.packets.into();
        (self.end, self.counted) = (group.end.take(), group.counted);
        self.take_next().unwrap_or_default()
    }

    /// The next packet as a group of its own; the last one has the end of them all.
    pub(super) fn take_next(&mut self) -> Option<Group> {
        let packet = self.packets.pop_front()?;
        let end = self.end.filter(|_| self.packets.is_empty());
        Some(Group { packets: vec![packet], end, counted: self.counted, ..Group::default() })
    }

    /// All that is left, and where it ends: behind a packet that cannot be decoded only the end tells how much was lost.
    pub(super) fn take_all(&mut self) -> Option<(VecDeque<Packet>, Option<i64>)> {
        let packets = std::mem::take(&mut self.packets);
        (!packets.is_empty()).then(|| (packets, self.end.take()))
    }
}
