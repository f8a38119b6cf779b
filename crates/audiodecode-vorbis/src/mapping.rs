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
            for _ in 0..bits.read(8)? + 1 {
                let (magnitude, angle) = (bits.index(number_bits)?, bits.index(number_bits)?);
                if magnitude == angle || magnitude >= channels || angle >= channels {
                    return Err(HeaderError::Invalid("a Vorbis mapping couples what are no two channels"));
                }
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
