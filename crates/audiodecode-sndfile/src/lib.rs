//! [`PcmSource`](audiodecode_pipeline::PcmSource) on the system's libsndfile, which is looked for when it is first needed.
//!
//! libsndfile never gets a file name: it reads through our own callbacks. What it is known to get wrong (seeks in compressed
//! streams, lengths of untagged MP3, chained Ogg) is done another way or declined.

mod channel_order;
mod describe;
mod ffi;
mod format;
mod handle;
mod install_hint;
mod library;
mod mpeg_tag;
mod ogg_damage;
mod ogg_pages;
mod open;
mod promised;
mod sndfile_source;
mod tags;
mod virtual_file;

pub use library::library_version;
pub use open::open;
