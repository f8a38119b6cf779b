//! The engine: FFmpeg's own structures and functions. Compiled once for each major, beside that major's `ffi`.

mod api;
mod container;
mod decoder;
mod describe;
mod opened;
mod start;

use super::ffi;

pub(in crate::majors) use start::start;
