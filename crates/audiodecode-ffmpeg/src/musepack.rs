use audiodecode_pipeline::Input;

/// Frames by which every Musepack decoder is late: the delay of its filter bank.
const DECODER_DELAY: u64 = 481;
/// Bytes in which the packet that describes the stream is looked for: it comes first.
const SEARCHED: usize = 256;

/// Where the signal of a Musepack file lies in what FFmpeg decodes, which is all of every packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MusepackSpan {
    /// Frames before the signal.
    pub(crate) lead: u64,
    /// Frames of the signal.
    pub(crate) frames: u64,
}

/// What the stream header of version 8 says; older ones are left as they are.
pub(crate) fn read(input: &Input) -> Option<MusepackSpan> {
    let mut bytes = vec![0; SEARCHED];
    let count = input.read_at(0, &mut bytes).ok()?;
    bytes.truncate(count);
    let mut packets = bytes.strip_prefix(b"MPCK")?;
    loop {
        // A packet: two letters, its size with these, its content.
        let (key, rest) = packets.split_first_chunk::<2>()?;
        let (size, content) = number(rest)?;
        if key == b"SH" {
            // A checksum and the version come first.
            let (samples, rest) = number(content.get(5..)?)?;
            let (silence, _) = number(rest)?;
            let lead = silence.checked_add(DECODER_DELAY)?;
            return (samples > silence).then(|| MusepackSpan { lead, frames: samples - silence });
        }
        packets = packets.get(usize::try_from(size).ok().filter(|&size| size > 2)?..)?;
    }
}

/// A number in groups of seven bits, the highest first; a set eighth bit says that more follow.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = 1 + bytes.iter().take(8).position(|byte| byte & 0x80 == 0)?;
    let (groups, rest) = bytes.split_at_checked(length)?;
    Some((groups.iter().fold(0, |value, &group| value << 7 | u64::from(group & 0x7f)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(bytes: &[u8]) -> Option<MusepackSpan> {
        read(&Input::from_bytes(bytes))
    }

    /// Header of a file of 5,000 frames: 39 · 128 + 8.
    const HEADER: &[u8] = b"MPCKSH\x0dcrc!\x08\xa7\x08\x00\x1f\x14";

    #[test]
    fn the_signal_lies_behind_the_delay_of_the_decoder_and_the_silence_that_is_told() {
        assert_eq!(span(HEADER), Some(MusepackSpan { lead: 481, frames: 5000 }));
        let late = b"MPCKSH\x0dcrc!\x08\xa7\x08\x0a\x1f\x14";
        assert_eq!(span(late), Some(MusepackSpan { lead: 491, frames: 4990 }));
        // Behind another packet of six bytes.
        let second = [b"MPCKRG\x06abc".as_slice(), &HEADER[4..]].concat();
        assert_eq!(span(&second), Some(MusepackSpan { lead: 481, frames: 5000 }));
    }

    #[test]
    fn what_is_cut_older_or_forged_tells_nothing() {
        for end in 0..HEADER.len() - 2 {
            assert_eq!(span(&HEADER[..end]), None, "{end}");
        }
        for bytes in [
            b"MP+\x07SH\x0dcrc!\x08\xa7\x08\x00".as_slice(),
            b"MPCKRG\x00RG\x00SH",
            b"MPCKRG\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
            b"MPCKSH\x0dcrc!\x08\x05\xa7\x08\x1f\x14",
        ] {
            assert_eq!(span(bytes), None, "{bytes:?}");
        }
    }
}
