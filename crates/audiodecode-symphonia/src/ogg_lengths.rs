use crate::flac_frame::{FlacFrame, MAX_HEADER_BYTES};
use crate::opus::packet_frames;
use crate::vorbis_blocks::VorbisBlocks;

/// Tells how many frames the packets of an Ogg stream decode to, from their first bytes and in their order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OggLengths {
    Unknown,
    Opus,
    Flac { block_frames: u64 },
    Vorbis { blocks: VorbisBlocks, before: Option<u64> },
}

/// Bytes from a packet's beginning that this needs.
pub(crate) const LENGTH_BYTES: usize = MAX_HEADER_BYTES;

impl OggLengths {
    /// Frames of the next packet as a decoder gives them; `None` when its bytes do not say.
    pub(crate) fn next(&mut self, packet: &[u8]) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Opus => packet_frames(packet),
            Self::Flac { block_frames } => FlacFrame::parse(packet, *block_frames).map(|frame| frame.frames),
            Self::Vorbis { blocks, before } => {
                let block = blocks.block_of(packet)?;
                // Blocks overlap by half (Vorbis I, 4.3.8); the first one gives nothing.
                before.replace(block).map_or(Some(0), |before| Some(before / 4 + block / 4))
            }
        }
    }

    /// Whether a packet's frames depend on the packet before.
    pub(crate) fn overlap(&self) -> bool {
        matches!(self, Self::Vorbis { .. })
    }

    /// Whether a packet without bytes is no audio rather than a lost packet. FFmpeg ends FLAC with one.
    pub(crate) fn may_be_empty(&self) -> bool {
        matches!(self, Self::Flac { .. } | Self::Vorbis { .. })
    }

    /// The next packet meets a decoder in its initial state.
    pub(crate) fn restart(&mut self) {
        if let Self::Vorbis { before, .. } = self {
            *before = None;
        }
    }
}
