//! `PcmSource`s in pure Rust: our PCM and MP3 readers, and Symphonia for everything else it decodes.
#![forbid(unsafe_code)]

mod aac_config;
mod bits;
mod bytes;
mod decoded_source;
mod flac;
mod from_symphonia;
mod looks_like;
mod mpeg;
mod names;
mod mp4;
mod ogg;
mod ogg_page;
mod ogg_reader;
mod ogg_stream;
mod open;
mod opus;
mod packet;
mod sbr;
mod pcm;
mod symphonia_decoder;
mod symphonia_reader;
mod tags;
mod vorbis_comment;
mod window;

pub use open::open;
