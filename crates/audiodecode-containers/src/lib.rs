//! What containers say, read from their bytes: for every backend the same, whatever its library tells. Decodes nothing.
#![forbid(unsafe_code)]

mod bytes;
mod channel_layout;
mod mp4;
mod mp4_box;
mod mp4_entry;
mod mp4_runs;
mod mp4_tables;
mod ogg_crc;
mod ogg_page;
mod read_window;

pub use bytes::{be_u64, id3_length, read_exact_at, read_up_to};
pub use channel_layout::{layout_of_mask, usual_layout};
pub use mp4::{Mp4, Mp4Track, read_mp4};
pub use mp4_box::NextBox;
pub use mp4_entry::SampleEntry;
pub use mp4_runs::{Run, Runs, read_runs};
pub use mp4_tables::{Mp4Tables, Table};
pub use ogg_page::{Page, Pieces, next_page};
pub use read_window::ReadWindow;
