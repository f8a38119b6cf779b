//! A decoder of AAC-LC (ISO/IEC 14496-3, subpart 4), 1024 frames at a time, in which a packet's samples depend on nothing but
//! that packet and the one before it.
#![forbid(unsafe_code)]

mod bands;
mod bit_reader;
mod channel_stream;
mod decoder;
mod element_order;
mod huffman;
mod huffman_tables;
mod ics_info;
mod imdct;
mod joint_stereo;
mod noise;
mod pulses;
mod quantizer;
mod raw_block;
mod scale_factors;
mod sections;
mod spectrum;
mod synthesis;
mod tns;
mod windows;

pub use decoder::{AacDecoder, FRAMES};
