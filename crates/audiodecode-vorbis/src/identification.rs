use crate::error::HeaderError;

/// What the identification header says (4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identification {
    pub(crate) channels: usize,
    pub(crate) sample_rate: u32,
    /// Samples of a short and of a long block.
    pub(crate) block_sizes: [usize; 2],
}

impl Identification {
    pub(crate) fn parse(packet: &[u8]) -> Result<Self, HeaderError> {
        let fields = packet
            .strip_prefix(b"\x01vorbis")
            .ok_or(HeaderError::Invalid("there is no Vorbis identification header"))?;
        let fields = fields.first_chunk::<23>().ok_or(HeaderError::Truncated)?;
        let [v0, v1, v2, v3, channels, r0, r1, r2, r3, .., exponents, framing] = *fields;
        if u32::from_le_bytes([v0, v1, v2, v3]) != 0 {
            return Err(HeaderError::Unsupported("this is no Vorbis I"));
        }
        let sample_rate = u32::from_le_bytes([r0, r1, r2, r3]);
        if channels == 0 || sample_rate == 0 {
            return Err(HeaderError::Invalid("the Vorbis stream states a rate of 0 Hz or no channels"));
        }
        let [short, long] = [exponents & 15, exponents >> 4];
        if !(6..=13).contains(&short) || !(6..=13).contains(&long) || short > long {
            return Err(HeaderError::Invalid("the Vorbis block sizes are none of the allowed ones"));
        }
        if framing & 1 == 0 {
            return Err(HeaderError::Invalid("the Vorbis identification header has no framing bit"));
        }
        Ok(Self { channels: usize::from(channels), sample_rate, block_sizes: [1 << short, 1 << long] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Vec<u8> {
        let mut packet = b"\x01vorbis".to_vec();
        packet.extend([0, 0, 0, 0, 2]);
        packet.extend(44_100u32.to_le_bytes());
        packet.extend([0; 12]);
        packet.extend([0xb8, 1]);
        packet
    }

    #[test]
    fn its_fields_are_read() {
        let expected = Identification { channels: 2, sample_rate: 44_100, block_sizes: [256, 2048] };
        assert_eq!(Identification::parse(&header()), Ok(expected));
    }

    #[test]
    fn what_the_specification_forbids_is_refused() {
        let with = |at: usize, value: u8| {
            let mut packet = header();
            packet[at] = value;
            Identification::parse(&packet)
        };
        assert!(matches!(with(0, 3), Err(HeaderError::Invalid(_))));
        assert!(matches!(with(7, 1), Err(HeaderError::Unsupported(_))));
        assert!(matches!(with(11, 0), Err(HeaderError::Invalid(_))));
        for exponents in [0xb5, 0xe8, 0x8b, 0x00] {
            assert!(matches!(with(28, exponents), Err(HeaderError::Invalid(_))), "{exponents:x}");
        }
        assert!(matches!(with(29, 0), Err(HeaderError::Invalid(_))));
        assert_eq!(Identification::parse(&header()[..29]), Err(HeaderError::Truncated));
    }
}
