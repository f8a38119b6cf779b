use std::iter::once;
use std::ops::Range;

use crate::matroska::number;

/// A variable-length number without its marker, and its length.
pub(crate) fn vint(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    if length > 8 || bytes.len() < length {
        return None;
    }
    let value = number(&bytes[..length]);
    Some((value & !(1u64 << (7 * length)), length))
}

/// Where the frames of a block lie in its bytes (RFC 9559, 10.3): none, Xiph, fixed or EBML lacing. `None` when sizes lie.
pub(crate) fn split_lacing(bytes: &[u8], lacing: u8) -> Option<Vec<Range<usize>>> {
    if lacing == 0 {
        return Some(once(0..bytes.len()).collect());
    }
    let count = usize::from(*bytes.first()?) + 1;
    let mut rest = &bytes[1..];
    let mut sizes = Vec::with_capacity(count);
    match lacing {
        1 => {
            for _ in 1..count {
                let mut size = 0;
                loop {
                    let (&byte, tail) = rest.split_first()?;
                    rest = tail;
                    size += usize::from(byte);
                    if byte < 255 {
                        break;
                    }
                }
                sizes.push(size);
            }
        }
        2 => {
            if !rest.len().is_multiple_of(count) {
                return None;
            }
            sizes = vec![rest.len() / count; count - 1];
        }
        _ => {
            let mut size = 0i64;
            for index in 1..count {
                let (value, used) = vint(rest)?;
                rest = &rest[used..];
                let value = i64::try_from(value).ok()?;
                // Later sizes are differences, stored with half their range added.
                size = if index == 1 { value } else { size + value - ((1i64 << (7 * used - 1)) - 1) };
                sizes.push(usize::try_from(size).ok()?);
            }
        }
    }
    let mut frames = Vec::with_capacity(count);
    let mut at = bytes.len() - rest.len();
    for size in sizes {
        let end = at.checked_add(size).filter(|&end| end <= bytes.len())?;
        frames.push(at..end);
        at = end;
    }
    frames.push(at..bytes.len());
    Some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lacing_gives_every_frame_and_refuses_sizes_that_lie() {
        // The example of RFC 9559, 10.3.3: frames of 800, 500 and 1000 bytes.
        let body = vec![0u8; 2300];
        let ebml = [&[2, 0x43, 0x20, 0x5e, 0xd3][..], &body].concat();
        let xiph = [&[2, 255, 255, 255, 35, 255, 245][..], &body].concat();
        for (bytes, kind) in [(&ebml, 3), (&xiph, 1)] {
            let lengths: Vec<usize> =
                split_lacing(bytes, kind).expect("frames").iter().map(|f| f.len()).collect();
            assert_eq!(lengths, [800, 500, 1000]);
        }
        assert!(split_lacing(&[2, 255, 255], 1).is_none());
        assert!(split_lacing(&[2, 0x43, 0x20, 0x5e, 0xd3, 0], 3).is_none());
        assert!(split_lacing(&[2, 1, 2, 3, 4], 2).is_none());
    }
}
