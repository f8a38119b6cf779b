//! A decoder for MPEG audio layer III (MP3): ISO/IEC 11172-3, 13818-3 and the lower rates of MPEG-2.5.
//!
//! It is given frames one by one; where they lie in a file is the caller's business.
#![deny(unsafe_code)]

mod aligned;
mod band_layout;
mod bit_reader;
mod dct;
mod decoder;
mod granule;
mod header;
mod huffman;
mod huffman_tables;
mod hybrid;
mod imdct;
#[cfg(test)]
mod made_frames;
mod matrixing;
mod reservoir;
mod scale_factors;
mod side_info;
mod spectrum;
mod stereo;
mod synthesis;
mod synthesis_window;

pub use decoder::{Decoder, FrameError, Output, Rate};
pub use header::Header;
