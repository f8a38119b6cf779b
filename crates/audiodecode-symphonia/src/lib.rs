//! `PcmSource`s in pure Rust: our PCM and MP3 readers, and Symphonia for everything else it decodes.
#![forbid(unsafe_code)]

mod bytes;
mod decoded_source;
mod flac;
mod from_symphonia;
mod looks_like;
mod mpeg;
mod names;
mod open;
mod packet;
mod pcm;
mod symphonia_decoder;
mod symphonia_reader;
mod tags;

pub use open::open;
