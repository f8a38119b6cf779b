use audiodecode_pipeline::Input;

/// Bytes in which the first frame with its tag is looked for.
const SEARCHED: usize = 8192;
/// Samples by which a decoder is late, which the encoder counts as padding.
const DECODER_DELAY: u64 = 529;

/// Frames of padding at the end of an MP3, by the tag that its encoder left in the first frame. For an estimate of the length:
/// FFmpeg removes the padding, and does not tell how much there is before it is reached.
pub(crate) fn end_padding(input: &Input) -> Option<u64> {
    let mut head = [0; 10];
    input.read_at(0, &mut head).ok().filter(|&count| count == 10)?;
    let size = head[6..10].iter().fold(0, |size, &byte| size << 7 | u64::from(byte & 0x7f));
    let start = if head.starts_with(b"ID3") { size + 10 } else { 0 };
    let mut bytes = vec![0; SEARCHED];
    let count = input.read_at(start, &mut bytes).ok()?;
    bytes.truncate(count);
    let at = bytes.windows(4).position(|four| four == b"Xing" || four == b"Info")?;
    let flags = *bytes.get(at + 7)?;
    // Each flag stands for a field: frames, bytes, table of contents, quality.
    let fields = [4, 4, 100, 4].iter().enumerate().filter(|(bit, _)| flags >> bit & 1 == 1);
    let encoder = at + 8 + fields.map(|(_, size)| size).sum::<usize>();
    // Twelve bits of delay, twelve of padding.
    let [_, high, low] = *bytes.get(encoder + 21..)?.first_chunk()?;
    let padding = u64::from(high & 0xf) << 8 | u64::from(low);
    padding.checked_sub(DECODER_DELAY)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_padding_is_what_is_cut_at_the_end() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/cbr128.mp3");
        let mp3 = std::fs::read(path).expect("fixture");
        // 21 frames of 1,152 hold 22,050 after a delay of 1,105.
        assert_eq!(end_padding(&Input::from_bytes(mp3.clone())), Some(21 * 1152 - 1105 - 22_050));
        let tagged = [b"ID3\x04\0\0\0\0\x01\0".as_slice(), &[0; 128], &mp3].concat();
        assert_eq!(end_padding(&Input::from_bytes(tagged)), Some(1037));
        assert_eq!(end_padding(&Input::from_bytes(b"Xing".as_slice())), None);
    }
}
