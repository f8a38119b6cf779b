use audiodecode_pipeline::Input;

use audiodecode_containers::{be_u64, read_exact_at};

/// What a native FLAC file's metadata blocks say, read by ourselves to know how far to trust them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlacHeader {
    /// Frames promised; 0 in the file means unknown.
    pub(crate) total_frames: Option<u64>,
    /// Frames of a block where all but the last are of one size.
    pub(crate) block_frames: u16,
    /// Where the first frame begins.
    pub(crate) audio_start: u64,
}

/// Walks the metadata blocks from `fLaC` on. `None` when it is no native FLAC or its blocks run out of the file.
pub(crate) fn read_flac_header(input: &Input, start: u64) -> Option<FlacHeader> {
    let mut at = start;
    if &read_exact_at::<4>(input, at)? != b"fLaC" {
        return None;
    }
    at += 4;
    let mut header = FlacHeader::default();
    loop {
        let four = read_exact_at::<4>(input, at)?;
        let length = u64::from(u32::from_be_bytes([0, four[1], four[2], four[3]]));
        at += 4;
        if at + length > input.len() {
            return None;
        }
        if four[0] & 0x7f == 0 {
            let info = read_exact_at::<18>(input, at)?;
            header.block_frames = u16::from_be_bytes([info[2], info[3]]);
            let total = be_u64(&info[10..18]) & 0xf_ffff_ffff;
            header.total_frames = (total != 0).then_some(total);
        }
        at += length;
        if four[0] & 0x80 != 0 {
            header.audio_start = at;
            return Some(header);
        }
    }
}
