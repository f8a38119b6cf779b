//! [`PcmSource`](audiodecode_pipeline::PcmSource) on the FFmpeg that is installed: libavformat and libavcodec, opened at run time.
//!
//! The structures of FFmpeg differ from one major version to the next. For each that is supported there is a module with the
//! layouts of that major's headers (`bindings/`), around the same engine; which one is used is known when the libraries are found.

mod allowed;
mod engine;
mod errors;
mod form;
mod frame_data;
mod holes;
mod input_io;
mod install_hint;
mod lame_tag;
mod libraries;
mod load_pages;
mod majors;
mod mp4_table;
mod musepack;
mod names;
mod ogg_pages;
mod open;
mod source;
mod source_info;
mod tags;
mod trim;

pub use majors::{Found, SUPPORTED, load};
pub use open::open;
