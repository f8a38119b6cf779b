use audiodecode_pipeline::Input;

use crate::flac::FlacHeader;
use crate::flac_frame::FlacFrame;
use audiodecode_containers::read_up_to;

/// Where the last frame is looked for: frames are at most a few tens of kilobytes, a tag may follow.
const TAIL_BYTES: u64 = 128 << 10;
/// Whether the file holds a frame that ends exactly where the stream information says the signal ends and none that begins there
/// or behind, so that the promised length can be believed without decoding. One read of at most 128 KiB.
pub(crate) fn ends_as_promised(input: &Input, header: &FlacHeader) -> bool {
    let Some(total) = header.total_frames else { return false };
    let start = input.len().saturating_sub(TAIL_BYTES).max(header.audio_start);
    let tail = read_up_to(input, start, TAIL_BYTES as usize);
    let mut frames = (0..tail.len().saturating_sub(5))
        .rev()
        .filter_map(|at| FlacFrame::parse(&tail[at..], u64::from(header.block_frames)))
        .take_while(|frame| frame.start < total);
    frames.any(|frame| frame.end() == total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flac::read_flac_header;

    #[test]
    fn a_file_that_ends_early_does_not_end_as_promised() {
        for name in ["jfk.flac", "formats/s16.flac", "formats/s24.flac"] {
            let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).unwrap();
            let promised = |bytes: &[u8]| {
                let input = Input::from_bytes(bytes.to_vec());
                ends_as_promised(&input, &read_flac_header(&input, 0).unwrap())
            };
            assert!(promised(&bytes), "{name}");
            assert!(promised(&[bytes.as_slice(), &[0; 128]].concat()), "{name} with a tag behind it");
            assert!(!promised(&bytes[..bytes.len() / 2]), "{name} cut");
            let mut lying = bytes.clone();
            lying[25] ^= 1; // The last byte of the promised length.
            assert!(!promised(&lying), "{name} with another length");
            let header = read_flac_header(&Input::from_bytes(bytes.clone()), 0).unwrap();
            let block = u64::from(header.block_frames);
            let total = (header.total_frames.unwrap() / block - 1) * block;
            lying[22..26].copy_from_slice(&(total as u32).to_be_bytes());
            assert!(!promised(&lying), "{name} that goes on behind its promise");
        }
    }
}
