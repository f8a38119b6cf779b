//! From a [`PcmSource`] to the caller's samples: range, mix, resample, limits, cancel, report. Knows no codec.
#![forbid(unsafe_code)]

mod cancel;
mod error;
mod input;
mod report;
mod request;
mod source;

pub use cancel::CancelFlag;
pub use error::{Error, ErrorKind, Result};
pub use input::{Input, InputReader};
pub use report::{Damage, DecodeReport, Gapless, GaplessSource};
pub use request::{DecodeRequest, Limits, OnDamage, OpenOptions, Quality};
pub use source::{PcmSource, SourceInfo};
