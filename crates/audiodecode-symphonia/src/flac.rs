use audiodecode_pipeline::Input;

use crate::bytes::{be_u64, read_exact_at};

/// What a native FLAC file's metadata blocks say, read by ourselves to know how far to trust them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlacHeader {
    /// Frames promised; 0 in the file means unknown.
    pub(crate) total_frames: Option<u64>,
    /// Frames of a block where all but the last are of one size.
    pub(crate) block_frames: u16,
    /// Where the first frame begins.
    pub(crate) audio_start: u64,
    /// Every point of the seek table lies inside the file.
    pub(crate) seek_table_ok: bool,
}

/// Walks the metadata blocks from `fLaC` on. `None` when it is no native FLAC or its blocks run out of the file.
pub(crate) fn read_flac_header(input: &Input, start: u64) -> Option<FlacHeader> {
    let mut at = start;
    if &read_exact_at::<4>(input, at)? != b"fLaC" {
        return None;
    }
    at += 4;
    let mut header = FlacHeader { seek_table_ok: true, ..FlacHeader::default() };
    loop {
        let four = read_exact_at::<4>(input, at)?;
        let length = u64::from(u32::from_be_bytes([0, four[1], four[2], four[3]]));
        at += 4;
        if at + length > input.len() {
            return None;
        }
        match four[0] & 0x7f {
            0 => {
                let info = read_exact_at::<18>(input, at)?;
                header.block_frames = u16::from_be_bytes([info[2], info[3]]);
                let total = be_u64(&info[10..18]) & 0xf_ffff_ffff;
                header.total_frames = (total != 0).then_some(total);
            }
            3 => header.seek_table_ok &= seek_table_ok(input, at, length),
            _ => {}
        }
        at += length;
        if four[0] & 0x80 != 0 {
            header.audio_start = at;
            return Some(header);
        }
    }
}

fn seek_table_ok(input: &Input, at: u64, length: u64) -> bool {
    let mut table = vec![0u8; length as usize];
    if !input.read_at(at, &mut table).is_ok_and(|count| count == table.len()) {
        return false;
    }
    // Placeholder points have all bits of the frame number set; their offset means nothing.
    let mut last = (0, 0);
    table.chunks_exact(18).all(|point| {
        let (frame, offset) = (be_u64(&point[..8]), be_u64(&point[8..16]));
        if frame == u64::MAX {
            return true;
        }
        let ordered = frame >= last.0 && offset >= last.1 && frame < 1 << 36;
        last = (frame, offset);
        ordered && offset < input.len()
    })
}
