//! `PcmSource`s in pure Rust: our PCM and MP3 readers, and Symphonia for everything else it decodes.
#![forbid(unsafe_code)]

mod aac_channels;
mod aac_config;
mod aac_decoder;
mod adpcm;
mod adpcm_wav;
mod adts;
mod adts_index;
mod alac;
mod bits;
mod complete_params;
mod counted_places;
mod decoded_source;
mod flac;
mod flac_frame;
mod flac_reader;
mod flac_seek;
mod flac_tail;
mod from_symphonia;
mod lacing;
mod late_source;
mod looks_like;
mod matroska;
mod matroska_reader;
mod mp4_fragment_reader;
mod mp4_fragments;
mod mp4_reader;
mod mp4_track;
mod mp4_trim;
mod mpeg;
mod mpeg_track;
mod names;
mod ogg;
mod ogg_index;
mod ogg_joiner;
mod ogg_reader;
mod ogg_stream;
mod ogg_walk;
mod open;
mod opus;
mod packet;
mod packet_lengths;
mod pcm;
mod replay;
mod sbr;
mod symphonia_decoder;
mod symphonia_reader;
mod tags;
#[cfg(test)]
mod test_aac;
mod vorbis_comment;
mod vorbis_decoder;

pub use open::open;
