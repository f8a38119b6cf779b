use audiodecode_pipeline::Input;

/// `N` bytes at a position, or `None` when the file ends before.
pub fn read_exact_at<const N: usize>(input: &Input, at: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (input.read_at(at, &mut bytes).ok()? == N).then_some(bytes)
}

/// Up to `length` bytes at a position; fewer at the end of the file. The caller bounds `length`.
pub fn read_up_to(input: &Input, at: u64, length: usize) -> Vec<u8> {
    let length = length.min(usize::try_from(input.len().saturating_sub(at)).unwrap_or(usize::MAX));
    let mut bytes = vec![0; length];
    let count = input.read_at(at, &mut bytes).unwrap_or(0);
    bytes.truncate(count);
    bytes
}

/// Big-endian number of up to 8 bytes.
pub fn be_u64(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |value, &byte| value << 8 | u64::from(byte))
}

/// Length of ID3v2 tags at the start of the file, one behind the other as some taggers leave them.
pub fn id3_length(input: &Input) -> u64 {
    let mut at = 0;
    for _ in 0..16 {
        let Some(header) = read_exact_at::<10>(input, at) else { break };
        if &header[..3] != b"ID3" || header[6..].iter().any(|byte| byte & 0x80 != 0) {
            break;
        }
        let size = header[6..].iter().fold(0u64, |size, &byte| size << 7 | u64::from(byte));
        at += 10 + size + if header[5] & 0x10 != 0 { 10 } else { 0 };
    }
    at.min(input.len())
}
