use audiodecode_pipeline::SourceInfo;
use napi_derive::napi;

/// What a file is. Counts are whole numbers.
#[napi(object, object_from_js = false)]
pub struct NativeInfo {
    /// Short lower-case name of the container.
    pub container: String,
    /// Short lower-case name of the codec.
    pub codec: String,
    /// Frames per second, never 0.
    pub sample_rate: u32,
    /// Channels, never 0.
    pub channels: u32,
    /// Layout, when the file says.
    pub channel_layout: Option<String>,
    /// Bits per sample of lossless formats.
    pub bit_depth: Option<u32>,
    /// Bits per second.
    pub bit_rate: Option<f64>,
    /// Frames after gapless trim.
    pub frames: Option<f64>,
    /// Whether `frames` is certain.
    pub frames_exact: bool,
    /// Audio tracks.
    pub tracks: u32,
    /// Tags in the order of the file.
    pub tags: Vec<Tag>,
}

/// One tag.
#[napi(object, object_from_js = false)]
pub struct Tag {
    /// Lower-case name.
    pub name: String,
    /// Its text.
    pub value: String,
}

impl From<&SourceInfo> for NativeInfo {
    fn from(info: &SourceInfo) -> Self {
        Self {
            container: info.container.clone(),
            codec: info.codec.clone(),
            sample_rate: info.sample_rate,
            channels: info.channels,
            channel_layout: info.channel_layout.clone(),
            bit_depth: info.bit_depth,
            bit_rate: info.bit_rate.map(|rate| rate as f64),
            frames: info.frames.map(|frames| frames as f64),
            frames_exact: info.frames_exact,
            tracks: info.tracks,
            tags: info
                .tags
                .iter()
                .map(|(name, value)| Tag { name: name.clone(), value: value.clone() })
                .collect(),
        }
    }
}
