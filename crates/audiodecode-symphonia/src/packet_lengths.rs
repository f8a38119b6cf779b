use std::sync::Arc;

use audiodecode_vorbis::VorbisSetup;

use crate::alac::alac_frames;
use crate::flac_frame::{FlacFrame, MAX_HEADER_BYTES};
use crate::opus::packet_frames;

/// Tells how many frames the packets of a stream decode to, from their first bytes and in their order.
#[derive(Clone, Debug, Default)]
pub(crate) enum PacketLengths {
    #[default]
    Unknown,
    /// As many as every other.
    Equal(u64),
    /// As many as fit into its bytes.
    Pcm {
        frame_bytes: usize,
    },
    Opus,
    Flac {
        block_frames: u64,
    },
    /// As many as its first element states, or else as many as usual.
    Alac {
        usual: u32,
    },
    Vorbis {
        setup: Arc<VorbisSetup>,
        before: Option<u64>,
    },
}

/// Bytes from a packet's beginning that this needs.
pub(crate) const LENGTH_BYTES: usize = MAX_HEADER_BYTES;

impl PacketLengths {
    /// Those of a FLAC stream with this `STREAMINFO` block (RFC 9639, 8.2).
    pub(crate) fn flac(stream_info: &[u8]) -> Self {
        match stream_info {
            [_, _, high, low, ..] => {
                Self::Flac { block_frames: u64::from(u16::from_be_bytes([*high, *low])) }
            }
            _ => Self::Unknown,
        }
    }

    /// Those of a Vorbis stream.
    pub(crate) fn vorbis(setup: Arc<VorbisSetup>) -> Self {
        Self::Vorbis { setup, before: None }
    }

    /// Frames of the next packet as a decoder gives them; `None` when its bytes do not say. Of the packet, [`LENGTH_BYTES`]
    /// from its beginning are enough; `length` is how many it has.
    pub(crate) fn next(&mut self, head: &[u8], length: usize) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Equal(frames) => Some(*frames),
            Self::Pcm { frame_bytes } => length.checked_div(*frame_bytes).map(|frames| frames as u64),
            Self::Opus => packet_frames(head),
            Self::Flac { block_frames } => FlacFrame::parse(head, *block_frames).map(|frame| frame.frames),
            Self::Alac { usual } => alac_frames(head, *usual),
            Self::Vorbis { setup, before } => {
                let block = setup.block_size(head)? as u64;
                // Blocks overlap by half (Vorbis I, 4.3.8); the first one gives nothing.
                before.replace(block).map_or(Some(0), |before| Some(before / 4 + block / 4))
            }
        }
    }

    /// Whether it takes any of a packet's bytes.
    pub(crate) fn look_inside(&self) -> bool {
        !matches!(self, Self::Unknown | Self::Equal(_) | Self::Pcm { .. })
    }

    /// Whether the place of a packet can be told from those before it. What Opus says of a packet its decoder may know better.
    pub(crate) fn are_countable(&self) -> bool {
        !matches!(self, Self::Unknown | Self::Opus)
    }

    /// Whether a packet usually takes thousands of bytes.
    pub(crate) fn are_of_long_packets(&self) -> bool {
        matches!(self, Self::Pcm { .. } | Self::Flac { .. } | Self::Alac { .. })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pcm_is_counted_in_whole_frames() {
        let mut lengths = PacketLengths::Pcm { frame_bytes: 6 };
        assert_eq!(lengths.next(&[0; 16], 4097), Some(682));
        assert_eq!(PacketLengths::Pcm { frame_bytes: 0 }.next(&[0; 16], 16), None);
    }

    #[test]
    fn flac_takes_the_longest_block_from_the_stream_info_and_the_frames_from_the_header() {
        // RFC 9639, appendix D.2: blocks of 16 frames at most, and its second frame of 3.
        let mut lengths = PacketLengths::flac(&[0, 16, 0, 16]);
        assert_eq!(lengths.next(&[0xff, 0xf8, 0x69, 0x18, 0x01, 0x02, 0xa4], 7), Some(3));
        assert_eq!(lengths.next(&[0xff, 0xf8, 0x69, 0x18, 0x01, 0x02, 0xa5], 7), None);
        assert!(matches!(PacketLengths::flac(&[0, 16, 0]), PacketLengths::Unknown));
    }
}
