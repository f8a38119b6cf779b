//! A Vorbis I decoder: packets in, planar float samples out. Containers are somebody else's business.
//!
//! Written from the "Vorbis I specification" of the Xiph.Org Foundation; section numbers in this crate are its.
//!
//! What a packet decodes to depends on it and on the packet before it, and on nothing else. [`VorbisSetup`] is what the headers
//! say, in tables ready for use; any number of decoders share it.

#![forbid(unsafe_code)]

mod bits;
mod channel_order;
mod codebook;
mod codewords;
mod coupling;
mod decoder;
mod error;
mod floor;
mod floor0;
mod floor1;
mod floor1_curve;
mod huffman;
mod identification;
mod imdct;
mod limits;
mod mapping;
mod overlap;
mod residue;
mod residue_setup;
mod setup;
mod vectors;

pub use decoder::VorbisDecoder;
pub use error::{HeaderError, PacketError};
pub use setup::VorbisSetup;
