/// Lengths of a Vorbis stream's blocks by mode, which a packet's first byte names: what it decodes to is known without
/// decoding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VorbisBlocks {
    /// Samples of a short and of a long block.
    sizes: [u64; 2],
    modes: u32,
    /// A bit for every mode: set where it uses long blocks.
    long: u64,
}

/// Bits of a mode in the setup header (Vorbis I, 4.2.4): block flag, window type, transform type, mapping.
const MODE_BITS: usize = 1 + 16 + 16 + 8;

impl VorbisBlocks {
    /// Reads the identification header, and the setup header from its back: the modes are its last part, and what lies before
    /// them can only be passed over by understanding all of it. A wrong guess shows in positions that do not agree.
    pub(crate) fn parse(identification: &[u8], setup: &[u8]) -> Option<Self> {
        let exponents = *identification.get(28)?;
        let sizes = [1 << (exponents & 15), 1 << (exponents >> 4)];
        let mut at = last_set_bit(setup)?;
        let (mut count, mut found) = (0, None);
        while count < 64 && at >= MODE_BITS + 6 {
            let start = at - MODE_BITS;
            // Only one transform and one window exist, and there are at most 64 mappings.
            if number(setup, start + 1, 32) != 0 || number(setup, start + 33, 8) > 63 {
                break;
            }
            (at, count) = (start, count + 1);
            if number(setup, at - 6, 6) + 1 == count {
                found = Some((at, count));
            }
        }
        let (at, modes) = found?;
        let flags = (0..modes as usize).map(|mode| number(setup, at + mode * MODE_BITS, 1) << mode);
        Some(Self { sizes, modes: modes as u32, long: flags.sum() })
    }

    /// Samples of the block in a packet; `None` when it is no audio.
    pub(crate) fn block_of(&self, packet: &[u8]) -> Option<u64> {
        let first = u32::from(*packet.first()?);
        let bits = u32::BITS - (self.modes - 1).leading_zeros();
        let mode = first >> 1 & ((1 << bits) - 1);
        let audio = first & 1 == 0 && mode < self.modes;
        audio.then(|| self.sizes[(self.long >> mode & 1) as usize])
    }
}

/// Bits from a position on, the lowest one first.
fn number(bytes: &[u8], at: usize, count: usize) -> u64 {
    (0..count).fold(0, |value, bit| {
        let byte = bytes.get((at + bit) / 8).copied().unwrap_or(0);
        value | u64::from(byte >> ((at + bit) % 8) & 1) << bit
    })
}

/// Where the framing bit is, the last one set.
fn last_set_bit(bytes: &[u8]) -> Option<usize> {
    let at = bytes.iter().rposition(|&byte| byte != 0)?;
    Some(at * 8 + 7 - bytes[at].leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes numbers as Vorbis packs them (Vorbis I, 2.1.4).
    fn pack(fields: &[(u64, usize)]) -> Vec<u8> {
        let bits: Vec<u8> = fields
            .iter()
            .flat_map(|&(value, count)| (0..count).map(move |bit| (value >> bit & 1) as u8))
            .collect();
        bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |value, bit| value << 1 | bit)).collect()
    }

    #[test]
    fn modes_are_found_from_the_back_and_name_the_block() {
        let mut identification = [0; 30];
        identification[28] = 0xb8;
        let mode = |long: u64, mapping: u64| [(long, 1), (0, 16), (0, 16), (mapping, 8)];
        for pad in 0..9 {
            let mut fields = vec![(0x5a5a_5a5a_dead_beef, 60 - pad), (3 - 1, 6)];
            for (long, mapping) in [(0, 0), (1, 1), (1, 5)] {
                fields.extend(mode(long, mapping));
            }
            fields.push((1, 1));
            let blocks = VorbisBlocks::parse(&identification, &pack(&fields)).expect("blocks");
            // Two bits name one of three modes, behind the bit that says audio.
            let sizes = [0, 1, 2, 3].map(|mode| blocks.block_of(&[mode << 1]));
            assert_eq!(sizes, [Some(256), Some(2048), Some(2048), None], "{pad} bits less");
            assert_eq!(blocks.block_of(&[0b11]), None);
            assert_eq!(blocks.block_of(&[]), None);
        }
        assert_eq!(VorbisBlocks::parse(&identification, &[0; 40]), None);
        assert_eq!(VorbisBlocks::parse(&identification[..20], &[0xff; 40]), None);
    }

    #[test]
    fn a_single_mode_takes_no_bits() {
        let blocks = VorbisBlocks { sizes: [64, 8192], modes: 1, long: 1 };
        assert_eq!(blocks.block_of(&[0xfe]), Some(8192));
    }
}
