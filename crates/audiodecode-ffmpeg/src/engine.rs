use audiodecode_pipeline::{CancelFlag, Gapless, Input, OpenOptions, Result};

/// A file that FFmpeg has opened, seen without its structures: frames one after the other, from the first to the last.
pub(crate) trait Engine: Send {
    /// What the container and the decoder say.
    fn facts(&self) -> &Facts;
    /// The next frame, or what came in its place. After `End` it is always `End`.
    fn next(&mut self) -> Result<Event>;
    /// Copies samples of the frame that `next` gave last, from its sample `from` on, into slices of one length.
    fn copy(&self, from: usize, out: &mut [&mut [f32]]);
    /// Padding removed so far, which grows as packets say so.
    fn gapless(&self) -> Gapless;
    /// Listens to another flag.
    fn set_cancel(&mut self, cancel: CancelFlag);
}

/// What `next` met.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// Decoded samples.
    Frame(Shape),
    /// A packet that could not be decoded, and how many samples it would have been.
    Lost { frames: u64, byte_offset: Option<u64>, reason: String },
    /// There is no more; the reason when that is because of an error.
    End { reason: Option<String> },
}

/// The form of a decoded frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Samples of each channel.
    pub(crate) frames: usize,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u32,
    /// Where the container places its first sample, where that is exact to the sample.
    pub(crate) place: Option<i64>,
}

/// What is known when a file is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// FFmpeg's name of the demuxer: `mov,mp4,m4a,3gp,3g2,mj2`.
    pub(crate) demuxer: String,
    /// FFmpeg's name of the codec.
    pub(crate) codec: String,
    pub(crate) profile: i32,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u32,
    pub(crate) layout: Option<String>,
    pub(crate) bit_depth: Option<u32>,
    pub(crate) bit_rate: Option<u64>,
    /// Seconds per tick of the track's clock, as a fraction.
    pub(crate) clock: (u32, u32),
    /// How long the track is said to be, in ticks of the clock beside it.
    pub(crate) length: Option<(u64, (u32, u32))>,
    /// The number that the container gives the track.
    pub(crate) id: u32,
    pub(crate) tracks: u32,
    pub(crate) tags: Vec<(String, String)>,
}

/// How an engine is started.
pub(crate) type OpenEngine = fn(&Input, &OpenOptions) -> Result<Box<dyn Engine>>;
