//! `PcmSource`s in pure Rust: our PCM and MP3 readers, and Symphonia for everything else it decodes.
#![forbid(unsafe_code)]
