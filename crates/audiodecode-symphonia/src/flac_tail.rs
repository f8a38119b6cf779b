use audiodecode_pipeline::Input;

use crate::flac::FlacHeader;
use crate::flac_frame::FlacFrame;
use audiodecode_containers::read_up_to;

/// Where the last frame is looked for: frames are at most a few tens of kilobytes, a tag may follow.
const TAIL_BYTES: u64 = 128 << 10;

/// What the end of a file makes of the length that the stream information promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// A frame ends exactly there and none lies behind, so that it can be believed without decoding.
    Kept,
    /// Nobody knows: there is none, or the file ends early.
    Open,
    /// Frames go on behind it.
    Broken,
}

/// One read of at most 128 KiB.
pub(crate) fn look_at_promise(input: &Input, header: &FlacHeader) -> Promise {
    let Some(total) = header.total_frames else { return Promise::Open };
    let start = input.len().saturating_sub(TAIL_BYTES).max(header.audio_start);
    let tail = read_up_to(input, start, TAIL_BYTES as usize);
    let mut frames = (0..tail.len().saturating_sub(5))
        .rev()
        .filter_map(|at| FlacFrame::parse(&tail[at..], u64::from(header.block_frames)));
    match frames.next() {
        Some(last) if last.end() > total => Promise::Broken,
        // What looks like a frame inside the last one may come first.
        Some(last) if last.end() == total || frames.any(|frame| frame.end() == total) => Promise::Kept,
        _ => Promise::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flac::read_flac_header;

    #[test]
    fn a_promise_is_kept_by_the_last_frame_alone() {
        for name in ["jfk.flac", "formats/s16.flac", "formats/s24.flac"] {
            let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).unwrap();
            let promise = |bytes: &[u8]| {
                let input = Input::from_bytes(bytes.to_vec());
                look_at_promise(&input, &read_flac_header(&input, 0).unwrap())
            };
            assert_eq!(promise(&bytes), Promise::Kept, "{name}");
            let tagged = [bytes.as_slice(), &[0; 128]].concat();
            assert_eq!(promise(&tagged), Promise::Kept, "{name} with a tag behind it");
            assert_eq!(promise(&bytes[..bytes.len() / 2]), Promise::Open, "{name} cut");
            let mut lying = bytes.clone();
            lying[25] ^= 1; // The last byte of the promised length.
            assert_ne!(promise(&lying), Promise::Kept, "{name} with another length");
            let header = read_flac_header(&Input::from_bytes(bytes.clone()), 0).unwrap();
            let block = u64::from(header.block_frames);
            let total = (header.total_frames.unwrap() / block - 1) * block;
            lying[22..26].copy_from_slice(&(total as u32).to_be_bytes());
            assert_eq!(promise(&lying), Promise::Broken, "{name} that goes on behind its promise");
        }
    }
}
