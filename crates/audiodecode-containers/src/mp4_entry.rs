/// What the description of an audio track in MP4 says of its samples, for codecs that do not say it themselves (ISO/IEC 14496-12,
/// 12.2.3; QuickTime File Format, Sound Sample Descriptions).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SampleEntry {
    /// Its type, which names the codec.
    pub kind: [u8; 4],
    /// Channels; 0 when it states none.
    pub channels: u16,
    /// Whether its `enda` atom says that samples are little-endian. Without it they are not.
    pub little_endian: bool,
}

impl SampleEntry {
    /// Bytes that are looked at.
    pub(crate) const BYTES: usize = 512;

    /// Parses the beginning of an entry.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let size = bytes.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
        let bytes = &bytes[..size.min(bytes.len())];
        let kind = bytes.get(4..8).and_then(|kind| kind.first_chunk()).copied().unwrap_or_default();
        // Behind size and type: six bytes, a reference, and eight bytes for which audio has no use.
        let channels = bytes.get(24..26).map_or(0, |two| u16::from_be_bytes([two[0], two[1]]));
        let enda = bytes.windows(6).find(|six| six.starts_with(b"enda"));
        Self { kind, channels, little_endian: enda.is_some_and(|enda| enda[5] == 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As FFmpeg writes it for 24 bits: version 1, with the byte order in a `wave` atom.
    fn entry(order: u8) -> Vec<u8> {
        let mut entry = vec![0; 52];
        entry[4..8].copy_from_slice(b"in24");
        (entry[25], entry[27]) = (2, 24);
        entry.extend_from_slice(b"\0\0\0\x2ewave\0\0\0\x0cfrmain24\0\0\0\x0aenda\0");
        entry.push(order);
        entry[3] = entry.len() as u8;
        entry
    }

    #[test]
    fn channels_and_byte_order_are_found() {
        let told = |order| SampleEntry::parse(&entry(order));
        assert_eq!(told(1), SampleEntry { kind: *b"in24", channels: 2, little_endian: true });
        assert_eq!(told(0), SampleEntry { kind: *b"in24", channels: 2, little_endian: false });
    }

    #[test]
    fn what_lies_behind_an_entry_is_not_part_of_it() {
        let mut bytes = entry(1);
        bytes[3] = 52;
        assert!(!SampleEntry::parse(&bytes).little_endian);
        for length in 0..bytes.len() {
            SampleEntry::parse(&bytes[..length]);
        }
        assert_eq!(SampleEntry::parse(&[]), SampleEntry::default());
    }
}
