use crate::{CancelFlag, Damage, Gapless, Result};

/// What is known about an opened file before its samples are decoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceInfo {
    /// Short lower-case name: `wav`, `rf64`, `bw64`, `w64`, `aiff`, `caf`, `flac`, `mp3`, `adts`, `mp4`, `ogg`, `matroska`.
    pub container: String,
    /// Short lower-case name: `pcm_s16le`, `flac`, `mp3`, `aac`, `alac`, `vorbis`, `opus`, `adpcm_ima`.
    pub codec: String,
    /// Frames per second, never 0.
    pub sample_rate: u32,
    /// Channels, never 0.
    pub channels: u32,
    /// `mono`, `stereo`, `5.1` …, when the container says.
    pub channel_layout: Option<String>,
    /// Bits per sample of lossless formats.
    pub bit_depth: Option<u32>,
    /// Bits per second of the coded audio, measured or stated.
    pub bit_rate: Option<u64>,
    /// Frames after gapless trim; `None` when unknown.
    pub frames: Option<u64>,
    /// Whether decoding is certain to give exactly `frames` for an undamaged file.
    pub frames_exact: bool,
    /// Frames the container promised after gapless trim, before it was compared with the file's size.
    pub expected_frames: Option<u64>,
    /// Encoder padding that is removed.
    pub gapless: Gapless,
    /// Audio tracks in the container.
    pub tracks: u32,
    /// Tags by their lower-case Vorbis-comment names (`title`, `artist`, `album`, `tracknumber`, `date` …).
    pub tags: Vec<(String, String)>,
}

/// An opened file as planar float samples, encoder padding already removed. One backend is one implementation.
///
/// A source never trusts its file: lengths from headers are compared with the file's size before memory is reserved,
/// and what the file says is never a panic. Samples are in [-1, 1] for full scale, not clipped.
pub trait PcmSource: Send {
    /// What is known so far. `frames` may become exact when the end has been reached or after [`scan`](Self::scan).
    fn info(&self) -> &SourceInfo;

    /// Says whether the mean of the channels is all that is wanted from the next `seek` on. A source that can give it for less
    /// than all channels cost does so, up to rounding, and has one of [`planes`](Self::planes) then; others go on as before.
    fn set_mono(&mut self, _mono: bool) {}

    /// Says whether every second frame will do from the next `seek` on, of the signal below a quarter of the rate; returns whether
    /// that is what `read` gives then. A source does so that has a quicker way to it, for streams with an even rate and an exact
    /// length. What lies around a quarter of the rate need not be parted sharply.
    ///
    /// Frames keep their numbers: `seek` takes even ones then, each frame of `read` stands for two, and at the end for one where
    /// their number is odd.
    fn set_halved(&mut self, _halved: bool) -> bool {
        false
    }

    /// How many slices `read` fills.
    fn planes(&self) -> u32 {
        self.info().channels
    }

    /// Fills up to `out[0].len()` frames of every plane and returns how many; 0 only at the end (or for an empty `out`).
    ///
    /// `out` has [`planes`](Self::planes) slices of equal length. Damaged packets become silence of the packet's length and an
    /// entry of [`drain_damage`](Self::drain_damage). A source decodes at most about 64 packets per call, so that the
    /// chain can look at the cancel flag.
    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize>;

    /// Makes the next `read` begin at exactly this frame, with the samples a read from 0 would have given there.
    /// A frame beyond the end is the end.
    fn seek(&mut self, frame: u64) -> Result<()>;

    /// Another source over the same file with a place of its own, to decode another part of it at the same time; `None` when
    /// only one after the other will do.
    ///
    /// It shares what was learnt about the file. Its `seek` costs next to nothing, and what it reads is what this source reads
    /// there, bit for bit; where that turns out to be impossible it fails rather than decode from the beginning.
    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        Ok(None)
    }

    /// Replaces the flag that stops long work inside `read`, `seek` and `scan`: a source outlives the call that opened it, and
    /// listens to the one it works for. Sources that never work long have nothing to do.
    fn set_cancel(&mut self, _cancel: CancelFlag) {}

    /// Damage met since the last call, in native frames after gapless trim.
    fn drain_damage(&mut self) -> Vec<Damage>;

    /// Whether the file was found to end before its container says. Final once `read` has returned 0.
    fn truncated(&self) -> bool;

    /// Makes `info().frames` exact, whatever it costs, and leaves the position at 0. Does nothing when it is exact.
    fn scan(&mut self) -> Result<()>;
}
