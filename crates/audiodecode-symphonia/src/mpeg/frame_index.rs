/// What is known of one frame, in eight bytes: 48 bits of position, 12 of length, 4 of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameEntry(u64);

const MONO: u64 = 1 << 60;
const AFTER_GAP: u64 = 1 << 61;
const LOST: u64 = 1 << 62;

impl FrameEntry {
    /// A frame at this byte.
    pub(super) fn new(offset: u64, length: u32, mono: bool, after_gap: bool) -> Self {
        let flags = if mono { MONO } else { 0 } | if after_gap { AFTER_GAP } else { 0 };
        Self(offset & 0xFFFF_FFFF_FFFF | (u64::from(length) & 0xFFF) << 48 | flags)
    }

    /// A frame that should be about here and is not.
    pub(super) fn lost(offset: u64) -> Self {
        Self(offset & 0xFFFF_FFFF_FFFF | LOST)
    }

    /// First byte of its header.
    pub(super) fn offset(self) -> u64 {
        self.0 & 0xFFFF_FFFF_FFFF
    }

    /// Bytes with header; 0 for a lost frame.
    pub(super) fn length(self) -> usize {
        (self.0 >> 48 & 0xFFF) as usize
    }

    /// Whether it codes one channel.
    pub(super) fn is_mono(self) -> bool {
        self.0 & MONO != 0
    }

    /// Whether the bytes before it are not those that the encoder put there, so that nothing may be borrowed from them.
    pub(super) fn is_after_gap(self) -> bool {
        self.0 & AFTER_GAP != 0
    }

    /// Whether its place in time is known and its bytes are not.
    pub(super) fn is_lost(self) -> bool {
        self.0 & LOST != 0
    }
}

/// Where every frame of a stream is.
#[derive(Debug)]
pub(super) struct FrameIndex {
    /// In order of time; every entry stands for the same number of samples.
    pub(super) frames: Vec<FrameEntry>,
    /// The header that all frames agree with.
    pub(super) header: audiodecode_mp3::Header,
    /// Bytes of an unpadded frame when the stream is free format, else 0.
    pub(super) free_length: u32,
    /// The first frame when it is a tag rather than sound; not in `frames`.
    pub(super) tag_frame: Option<FrameEntry>,
    /// Bytes of all frames that are there.
    pub(super) audio_bytes: u64,
    /// Whether the last frame is cut off by the end of the file.
    pub(super) ends_inside_frame: bool,
    /// Where the stream changes to another rate, version or layer, and the rate there: nothing is indexed behind it.
    pub(super) format_change: Option<(u64, u32)>,
}
