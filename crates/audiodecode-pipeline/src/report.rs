/// A stretch of the output that the file did not give: concealed with silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// First frame concerned. Sources count native frames of the trimmed signal; the chain maps them to its output.
    pub start_frame: u64,
    /// One past the last frame concerned.
    pub end_frame: u64,
    /// Where in the file the decoder noticed, when known.
    pub byte_offset: Option<u64>,
    /// What the decoder said.
    pub reason: String,
}

impl Damage {
    /// What of it lies from `start` on; an empty region belongs where it begins.
    pub(crate) fn starting_at(self, start: u64) -> Option<Self> {
        let inside = self.end_frame.max(self.start_frame + 1) > start;
        inside.then(|| Self { start_frame: self.start_frame.max(start), ..self })
    }
}

/// Which metadata said how much encoder padding to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GaplessSource {
    /// LAME/Xing/Info tag of an MP3.
    Lame,
    /// iTunes' `iTunSMPB` tag.
    ITunSmpb,
    /// MP4 edit list.
    EditList,
    /// Ogg granule positions (Vorbis, FLAC).
    Ogg,
    /// Opus pre-skip and end trim in Ogg.
    Opus,
    /// Matroska CodecDelay and DiscardPadding.
    Matroska,
    /// Stream header of Musepack, and the delay of its decoder.
    Musepack,
    /// Nothing says; nothing was removed.
    #[default]
    None,
}

/// Encoder padding that was removed, in native frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gapless {
    /// Who said so.
    pub source: GaplessSource,
    /// Frames removed before the first frame of the signal.
    pub start_frames: u64,
    /// Frames removed after its last frame.
    pub end_frames: u64,
}

/// What happened on the way. `damaged` is empty for a clean file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeReport {
    /// Frames the container promised at the native rate, after gapless trim; `None` when it says nothing.
    pub expected_frames: Option<u64>,
    /// Native frames read of the requested range, to be held against `expected_frames`.
    pub decoded_frames: u64,
    /// Concealed regions, in frames of this output.
    pub damaged: Vec<Damage>,
    /// The file ends before its container says it should.
    pub truncated: bool,
    /// Encoder padding that was removed.
    pub gapless: Gapless,
}
