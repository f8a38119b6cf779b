use audiodecode_pipeline::Result;

use crate::ogg_stream::OggStream;
use crate::packet_lengths::PacketLengths;
use audiodecode_containers::Page;
use audiodecode_containers::ReadWindow;

/// Longest packet put together from pages.
const MAX_PACKET_BYTES: usize = 16 << 20;

/// Puts the packets of one logical stream together from its pages, and notices where some are missing. Who walks a file and
/// who reads it use the same one, so that they agree about damage.
pub(crate) struct OggJoiner {
    audio_start: u64,
    lengths: PacketLengths,
    /// Bytes kept of a packet that goes on in the next page, and those it has so far.
    keep: usize,
    partial: Vec<u8>,
    partial_length: Option<usize>,
    sequence: Option<u32>,
    gap: bool,
}

/// What a page gave besides packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Joined {
    pub(crate) packets: usize,
    /// Frames of all packets together are known.
    pub(crate) counted: bool,
    pub(crate) frames: u64,
    /// Data was lost before the first packet.
    pub(crate) gap: bool,
    /// A reader that begins with this page knows how long the next packet is.
    pub(crate) leads_on: bool,
}

impl OggJoiner {
    /// For the packets of a stream, or no more than `keep` bytes of those that take several pages.
    pub(crate) fn new(stream: &OggStream, keep: usize) -> Self {
        Self {
            audio_start: stream.audio_start,
            lengths: stream.lengths(),
            keep,
            partial: Vec::new(),
            partial_length: None,
            sequence: None,
            gap: false,
        }
    }

    /// Gives every packet that ends in the next page, and the frames it decodes to.
    pub(crate) fn join(
        &mut self,
        page: &Page,
        window: &mut ReadWindow,
        mut each: impl FnMut(&[u8], Option<u64>),
    ) -> Result<Joined> {
        let follows = self.sequence.map(|before| before.wrapping_add(1) == page.sequence);
        self.gap |= !follows.unwrap_or(page.at == self.audio_start);
        if follows != Some(true) {
            self.partial_length = None;
        }
        self.sequence = Some(page.sequence);
        let mut joined = Joined { counted: true, ..Joined::default() };
        for (index, (piece, complete)) in page.pieces(window)?.enumerate() {
            let continues = index == 0 && page.continued;
            let before = self.partial_length.take().filter(|_| continues);
            if continues && before.is_none() {
                // Its beginning is lost.
                self.gap |= page.at != self.audio_start;
                continue;
            }
            let length = before.unwrap_or(0) + piece.len();
            if length > MAX_PACKET_BYTES {
                self.gap = true;
                joined.counted = false;
                continue;
            }
            if before.is_none() {
                self.partial.clear();
            }
            if !complete || before.is_some() {
                let room = self.keep.saturating_sub(self.partial.len());
                self.partial.extend_from_slice(&piece[..piece.len().min(room)]);
            }
            if !complete {
                self.partial_length = Some(length);
                continue;
            }
            if length == 0 && self.lengths.may_be_empty() {
                continue;
            }
            if self.gap && joined.packets == 0 {
                // What follows a gap is decoded afresh.
                self.lengths.restart();
            }
            let packet = if before.is_some() { &self.partial } else { piece };
            let frames = self.lengths.next(packet, length);
            joined.packets += 1;
            joined.counted &= frames.is_some();
            joined.frames += frames.unwrap_or(0);
            joined.leads_on = before.is_none() || !self.lengths.overlap();
            each(packet, frames);
        }
        if joined.packets > 0 {
            joined.gap = std::mem::take(&mut self.gap);
        }
        Ok(joined)
    }

    /// Says that nothing is missing before the next packets: reading began here on purpose.
    pub(crate) fn forget_gap(&mut self) {
        self.gap = false;
    }
}
