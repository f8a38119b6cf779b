//! What JavaScript hands over.

use audiodecode_dsp::{Decibels, Framing, Mel, MelFilters, MelNorm, MelScale, Padding};
use napi_derive::napi;

/// The signal and how it is cut into frames. Counts are whole numbers; the package has checked all.
#[napi(object)]
pub struct NativeFrames {
    /// Channels of the planar samples.
    pub channels: u32,
    /// Number of the first sample at hand.
    pub start: f64,
    /// Samples of the whole signal; when that is not known yet, a number beyond all that the frames reach.
    pub length: f64,
    /// First frame to compute.
    pub first_frame: f64,
    /// Frames to compute.
    pub frames: f64,
    /// Samples of a frame.
    pub n_fft: u32,
    /// Samples from a frame to the next.
    pub hop_length: u32,
    /// Samples of the window.
    pub win_length: u32,
    /// Beyond the ends: 'none', 'constant' or 'reflect'.
    pub padding: String,
    /// Most threads.
    pub threads: u32,
}

/// A mel filter bank and what goes through it.
#[napi(object)]
pub struct NativeMel {
    /// In Hz.
    pub sample_rate: f64,
    /// Number of filters.
    pub n_mels: u32,
    /// Lowest frequency in Hz.
    pub f_min: f64,
    /// Highest frequency in Hz.
    pub f_max: f64,
    /// Exponent of the magnitudes.
    pub power: f64,
    /// Whether the scale is that of HTK.
    pub htk: bool,
    /// Whether filters have equal areas.
    pub slaney_norm: bool,
}

/// How powers become decibels.
#[napi(object)]
pub struct NativeDecibels {
    /// What 0 dB is.
    pub reference: f64,
    /// Least power that is told apart.
    pub amin: f64,
    /// Decibels kept below the loudest; absent: all.
    pub top_db: Option<f64>,
}

impl NativeFrames {
    pub(crate) fn framing(&self) -> Framing {
        let padding = match self.padding.as_str() {
            "none" => Padding::None,
            "reflect" => Padding::Reflect,
            _ => Padding::Zeros,
        };
        Framing { length: self.n_fft.max(1) as usize, hop: self.hop_length.max(1) as usize, padding }
    }
}

impl NativeMel {
    /// The spectrogram, and how many of its filters have no bin.
    pub(crate) fn spectrogram(&self, frames: &NativeFrames) -> (Mel, u32) {
        let scale = if self.htk { MelScale::Htk } else { MelScale::Slaney };
        let norm = if self.slaney_norm { MelNorm::Slaney } else { MelNorm::None };
        let (count, band) = (self.n_mels as usize, (self.f_min, self.f_max));
        let filters = MelFilters::new(self.sample_rate, frames.n_fft as usize, count, band, scale, norm);
        let empty = filters.empty().count() as u32;
        (Mel::new(frames.framing(), frames.win_length as usize, filters, self.power as f32), empty)
    }
}

impl NativeDecibels {
    pub(crate) fn scale(&self) -> Decibels {
        Decibels::new(self.reference, self.amin)
    }
}
