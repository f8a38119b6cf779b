use audiodecode_pipeline::{Damage, DecodeReport, GaplessSource};
use napi_derive::napi;

/// What happened on the way; core's `DecodeReport` without `declined`.
#[napi(object, object_from_js = false)]
pub struct NativeReport {
    /// Frames the container promised, at the native rate.
    pub expected_frames: Option<f64>,
    /// Frames of the output.
    pub decoded_frames: f64,
    /// Concealed stretches, in frames of the output.
    pub damaged: Vec<NativeDamage>,
    /// Whether the file ends before its container says.
    pub truncated: bool,
    /// Which metadata said what to trim.
    pub gapless_source: &'static str,
    /// Native frames removed at the start.
    pub gapless_start_frames: f64,
    /// Native frames removed at the end.
    pub gapless_end_frames: f64,
}

/// A concealed stretch.
#[napi(object, object_from_js = false)]
pub struct NativeDamage {
    /// First frame concerned.
    pub start_frame: f64,
    /// One past the last frame concerned.
    pub end_frame: f64,
    /// Where in the file, when known.
    pub byte_offset: Option<f64>,
    /// What the decoder said.
    pub reason: String,
}

impl From<DecodeReport> for NativeReport {
    fn from(report: DecodeReport) -> Self {
        Self {
            expected_frames: report.expected_frames.map(|frames| frames as f64),
            decoded_frames: report.decoded_frames as f64,
            damaged: report.damaged.into_iter().map(NativeDamage::from).collect(),
            truncated: report.truncated,
            gapless_source: match report.gapless.source {
                GaplessSource::Lame => "lame",
                GaplessSource::ITunSmpb => "itunsmpb",
                GaplessSource::EditList => "edit-list",
                GaplessSource::Ogg => "ogg",
                GaplessSource::Opus => "opus",
                GaplessSource::Matroska => "matroska",
                GaplessSource::Musepack => "musepack",
                GaplessSource::None => "none",
            },
            gapless_start_frames: report.gapless.start_frames as f64,
            gapless_end_frames: report.gapless.end_frames as f64,
        }
    }
}

impl From<Damage> for NativeDamage {
    fn from(damage: Damage) -> Self {
        Self {
            start_frame: damage.start_frame as f64,
            end_frame: damage.end_frame as f64,
            byte_offset: damage.byte_offset.map(|offset| offset as f64),
            reason: damage.reason,
        }
    }
}
