use audiodecode_pipeline::Input;

/// Bytes in which the first frame with its tag is looked for.
const SEARCHED: usize = 8192;
/// Samples by which a decoder is late, which the encoder counts as padding.
const DECODER_DELAY: u64 = 529;

/// What the encoder of an MP3 left in the first frame. FFmpeg removes the padding, but does not tell how much there is at the end
/// before it is reached; and the length that it tells has the padding in it before FFmpeg 8, and not since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LameTag {
    /// MPEG frames in the file besides the tag's.
    mpeg_frames: Option<u32>,
    /// Samples to remove at the end.
    pub(crate) end_padding: u64,
}

impl LameTag {
    /// Samples of each channel in the file, padding included.
    pub(crate) fn samples(self, sample_rate: u32) -> Option<u64> {
        // MPEG-1 has these rates, and twice as many samples in a frame as MPEG-2.
        let in_frame = if sample_rate >= 32_000 { 1152 } else { 576 };
        self.mpeg_frames.map(|count| u64::from(count) * in_frame)
    }
}

/// The tag of a file that has one.
pub(crate) fn read(input: &Input) -> Option<LameTag> {
    let mut head = [0; 10];
    input.read_at(0, &mut head).ok().filter(|&count| count == 10)?;
    let size = head[6..10].iter().fold(0, |size, &byte| size << 7 | u64::from(byte & 0x7f));
    let start = if head.starts_with(b"ID3") { size + 10 } else { 0 };
    let mut bytes = vec![0; SEARCHED];
    let count = input.read_at(start, &mut bytes).ok()?;
    bytes.truncate(count);
    let at = bytes.windows(4).position(|four| four == b"Xing" || four == b"Info")?;
    let flags = *bytes.get(at + 7)?;
    let number = bytes.get(at + 8..)?.first_chunk().map(|&number| u32::from_be_bytes(number));
    // Each flag stands for a field: frames, bytes, table of contents, quality.
    let fields = [4, 4, 100, 4].iter().enumerate().filter(|(bit, _)| flags >> bit & 1 == 1);
    let encoder = at + 8 + fields.map(|(_, size)| size).sum::<usize>();
    // Twelve bits of delay, twelve of padding.
    let [_, high, low] = *bytes.get(encoder + 21..)?.first_chunk()?;
    let padding = u64::from(high & 0xf) << 8 | u64::from(low);
    let end_padding = padding.checked_sub(DECODER_DELAY)?;
    Some(LameTag { mpeg_frames: number.filter(|_| flags & 1 == 1), end_padding })
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_length_and_the_padding_are_what_the_tag_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/cbr128.mp3");
        let mp3 = std::fs::read(path).expect("fixture");
        let tag = read(&Input::from_bytes(mp3.clone())).expect("tag");
        // 21 frames of 1,152 hold 22,050 after a delay of 1,105.
        assert_eq!((tag.samples(44_100), tag.end_padding), (Some(21 * 1152), 21 * 1152 - 1105 - 22_050));
        assert_eq!(tag.samples(22_050), Some(21 * 576));
        let tagged = [b"ID3\x04\0\0\0\0\x01\0".as_slice(), &[0; 128], &mp3].concat();
        assert_eq!(read(&Input::from_bytes(tagged)), Some(tag));
        assert_eq!(read(&Input::from_bytes(b"Xing".as_slice())), None);
    }

    #[test]
    fn a_tag_without_a_count_of_frames_tells_the_padding_alone() {
        // No field, the encoder's name, and 576 and 1,105 in twelve bits each.
        let tag = [b"Info\0\0\0\0LAME3.100".as_slice(), &[0; 12], &[0x24, 0x04, 0x51, 0]].concat();
        assert_eq!(
            read(&Input::from_bytes(tag)),
            Some(LameTag { mpeg_frames: None, end_padding: 1105 - 529 })
        );
    }
}
