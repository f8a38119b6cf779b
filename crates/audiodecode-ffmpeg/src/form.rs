use audiodecode_pipeline::Input;

use crate::mp4_table;

/// The first four bytes of a file.
pub(crate) fn magic(input: &Input) -> Option<[u8; 4]> {
    let mut magic = [0; 4];
    matches!(input.read_at(0, &mut magic), Ok(4)).then_some(magic)
}

/// Whether a RIFF or IFF file is shorter than its outermost chunk says. FFmpeg takes what is there for the whole.
pub(crate) fn is_cut(input: &Input) -> bool {
    let mut head = [0; 8];
    if !matches!(input.read_at(0, &mut head), Ok(8)) {
        return false;
    }
    let [a, b, c, d, size @ ..] = head;
    let size = match &[a, b, c, d] {
        b"RIFF" => u32::from_le_bytes(size),
        b"FORM" => u32::from_be_bytes(size),
        _ if size == *b"ftyp" => return mp4_table::is_cut(input),
        b"caff" => return is_caf_cut(input),
        _ => return false,
    };
    // Writers that could not go back say 0 or all ones, or end with half a chunk header.
    size != 0 && size != u32::MAX && u64::from(size) > input.len()
}

/// Whether a chunk of a CAF file reaches beyond the file's end.
fn is_caf_cut(input: &Input) -> bool {
    let mut at = 8u64;
    for _ in 0..1000 {
        let mut head = [0; 12];
        match input.read_at(at, &mut head) {
            Ok(12) => {}
            // The data must come, and may be of a size that nobody knew.
            Ok(count) => return count > 0,
            Err(_) => return false,
        }
        let [kind @ .., _, _, _, _, _, _, _, _] = head;
        let [_, _, _, _, size @ ..] = head;
        match u64::try_from(i64::from_be_bytes(size)) {
            Ok(size) if at.saturating_add(12).saturating_add(size) > input.len() => return true,
            Ok(size) => at += 12 + size,
            Err(_) => return &kind != b"data",
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_cut_when_it_says_more_bytes_than_there_are() {
        let file = |head: &[u8; 8]| Input::from_bytes([head.as_slice(), &[0; 92]].concat());
        for (head, cut) in [
            (b"RIFF\x5c\0\0\0", false),
            (b"RIFF\x65\0\0\0", true),
            (b"FORM\0\0\0\x5c", false),
            (b"FORM\0\0\x01\0", true),
            (b"RIFF\xff\xff\xff\xff", false),
            (b"RF64\x65\0\0\0", false),
        ] {
            assert_eq!(is_cut(&file(head)), cut, "{head:?}");
        }
        assert!(!is_cut(&Input::from_bytes(b"RIFF".as_slice())));
        let caf =
            |size: &[u8; 8]| Input::from_bytes([b"caff\0\x01\0\0data".as_slice(), size, &[0; 92]].concat());
        for (size, cut) in [
            (b"\0\0\0\0\0\0\0\x5c", false),
            (b"\0\0\0\0\0\0\0\x5d", true),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff", false),
        ] {
            assert_eq!(is_cut(&caf(size)), cut, "{size:?}");
        }
    }
}
