use crate::bits::{BitReader, ilog};
use crate::error::HeaderError;

/// How channels share floors and residues, and which are coupled (4.2.4).
#[derive(Debug)]
pub(crate) struct Mapping {
    /// Magnitude and angle of each pair, in the order they were coupled.
    pub(crate) couplings: Vec<(usize, usize)>,
    pub(crate) submaps: Vec<Submap>,
    /// The submap of each channel.
    pub(crate) submap_of: Vec<usize>,
}

/// Floor and residue of some channels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Submap {
    pub(crate) floor: usize,
    pub(crate) residue: usize,
}

/// A way to code a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mode {
    pub(crate) long: bool,
    pub(crate) mapping: usize,
}

/// Couplings that follow from one another; each may double what comes out. Real ones are three deep, in 7.1.
const MOST_DEEP: u32 = 32;

impl Mapping {
    pub(crate) fn read(
        bits: &mut BitReader<'_>,
        channels: usize,
        floors: usize,
        residues: usize,
    ) -> Result<Self, HeaderError> {
        if bits.read(16)? != 0 {
            return Err(HeaderError::Invalid("a Vorbis mapping is of an unknown type"));
        }
        let count = if bits.flag()? { bits.index(4)? + 1 } else { 1 };
        let mut couplings = Vec::new();
        if bits.flag()? {
            let number_bits = ilog(channels as u32 - 1);
            let mut depths = vec![0u32; channels];
            for _ in 0..bits.read(8)? + 1 {
                let (magnitude, angle) = (bits.index(number_bits)?, bits.index(number_bits)?);
                if magnitude == angle || magnitude >= channels || angle >= channels {
                    return Err(HeaderError::Invalid("a Vorbis mapping couples what are no two channels"));
                }
                let depth = depths[magnitude].max(depths[angle]) + 1;
                if depth > MOST_DEEP {
                    return Err(HeaderError::TooLarge("Vorbis couplings"));
                }
                (depths[magnitude], depths[angle]) = (depth, depth);
                couplings.push((magnitude, angle));
            }
        }
        if bits.read(2)? != 0 {
            return Err(HeaderError::Invalid("a Vorbis mapping uses reserved bits"));
        }
        let mut submap_of = vec![0; channels];
        if count > 1 {
            for submap in &mut submap_of {
                *submap = bits.index(4)?;
            }
        }
        let mut submaps = Vec::new();
        for _ in 0..count {
            // A time configuration that nothing uses.
            bits.read(8)?;
            submaps.push(Submap { floor: bits.index(8)?, residue: bits.index(8)? });
        }
        let known = |submap: &Submap| submap.floor < floors && submap.residue < residues;
        if submap_of.iter().any(|&submap| submap >= count) || !submaps.iter().all(known) {
            return Err(HeaderError::Invalid("a Vorbis mapping names what does not exist"));
        }
        Ok(Self { couplings, submaps, submap_of })
    }
}

impl Mode {
    pub(crate) fn read(bits: &mut BitReader<'_>, mappings: usize) -> Result<Self, HeaderError> {
        let long = bits.flag()?;
        if bits.read(16)? != 0 || bits.read(16)? != 0 {
            return Err(HeaderError::Invalid("a Vorbis mode has an unknown window or transform"));
        }
        let mapping = bits.index(8)?;
        if mapping >= mappings {
            return Err(HeaderError::Invalid("a Vorbis mode names a mapping that does not exist"));
        }
        Ok(Self { long, mapping })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mapping of two channels that couples them so many times.
    fn mapping(couplings: u64) -> Vec<u8> {
        // Type, no submaps, couplings and how many; from the lowest bit on.
        let mut bits: Vec<bool> = vec![false; 17];
        bits.push(true);
        bits.extend((0..8).map(|bit| (couplings - 1) >> bit & 1 == 1));
        // One bit each: the first channel has the magnitude.
        bits.extend((0..couplings).flat_map(|_| [false, true]));
        // Two reserved bits; time, floor and residue 0.
        bits.extend([false; 2 + 24]);
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        bits.chunks(8).map(byte).collect()
    }

    #[test]
    fn couplings_of_the_same_channels_over_and_over_are_refused() {
        let read = |couplings| {
            let bytes = mapping(couplings);
            Mapping::read(&mut BitReader::new(&bytes), 2, 1, 1).map(|mapping| mapping.couplings.len())
        };
        assert_eq!(read(1), Ok(1));
        assert_eq!(read(32), Ok(32));
        assert_eq!(read(33), Err(HeaderError::TooLarge("Vorbis couplings")));
    }
}
