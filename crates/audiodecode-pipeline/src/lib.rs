//! From a [`PcmSource`] to the caller's samples: range, mix, resample, limits, cancel, report. Knows no codec.
#![forbid(unsafe_code)]

mod cancel;
mod chain;
mod damage_log;
mod decode;
mod decode_parallel;
mod error;
mod feed;
mod helper;
mod helper_place;
mod input;
mod parts;
mod plan;
mod report;
mod request;
mod resample_stage;
mod run_beside;
mod source;
mod thread_budget;
mod unusable;

pub use cancel::CancelFlag;
pub use chain::Chain;
pub use decode::{Decoded, decode};
pub use decode_parallel::decode_parallel;
pub use error::{Error, ErrorKind, Result};
pub use input::{Input, InputReader};
pub use parts::Split;
pub use plan::Plan;
pub use report::{Damage, DecodeReport, Gapless, GaplessSource};
pub use request::{DecodeRequest, Limits, OnDamage, OpenOptions, Quality};
pub use run_beside::run_beside;
pub use source::{PcmSource, SourceInfo};
pub use thread_budget::{Borrowed, ThreadBudget};
