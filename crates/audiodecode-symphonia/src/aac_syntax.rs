//! The syntax of AAC-LC's raw data blocks (ISO/IEC 14496-3, 4.4.2), read as far as lengths and tools go: no value is dequantised.

mod bands;
mod channel_stream;
mod codebook;
mod cursor;
mod huffman_tables;
mod ics_info;
mod raw_block;
mod sections;
mod spectrum;
mod tools;

pub(crate) use bands::rate_index;
pub(crate) use raw_block::{Extent, read_raw_block};
