use crate::bits::{BitReader, ilog};
use crate::codebook::Codebook;
use crate::error::{HeaderError, PacketError};
use crate::floor::Floor;
use crate::identification::Identification;
use crate::imdct::Imdct;
use crate::limits::Limits;
use crate::mapping::{Mapping, Mode};
use crate::overlap::window_slope;
use crate::residue_setup::Residue;

/// Everything the headers of a stream say, in tables that any number of decoders can share.
#[derive(Debug)]
pub struct VorbisSetup {
    pub(crate) identification: Identification,
    pub(crate) books: Vec<Codebook>,
    pub(crate) floors: Vec<Floor>,
    pub(crate) residues: Vec<Residue>,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) modes: Vec<Mode>,
    /// For short and for long blocks.
    pub(crate) transforms: [Imdct; 2],
    pub(crate) slopes: [Vec<f32>; 2],
}

impl VorbisSetup {
    /// Reads the identification header and the setup header (4.2), each a packet of its own. Nothing of the comment header
    /// matters for decoding.
    pub fn parse(identification: &[u8], setup: &[u8]) -> Result<Self, HeaderError> {
        let identification = Identification::parse(identification)?;
        let setup = setup
            .strip_prefix(b"\x05vorbis")
            .ok_or(HeaderError::Invalid("there is no Vorbis setup header"))?;
        let (mut bits, mut limits) = (BitReader::new(setup), Limits::default());
        let bits = &mut bits;
        let books = (0..bits.read(8)? + 1)
            .map(|_| Codebook::read(bits, &mut limits))
            .collect::<Result<Vec<_>, _>>()?;
        for _ in 0..bits.read(6)? + 1 {
            if bits.read(16)? != 0 {
                return Err(HeaderError::Invalid("the Vorbis stream uses a transform in time"));
            }
        }
        let floors = (0..bits.read(6)? + 1)
            .map(|_| Floor::read(bits, &books, identification.block_sizes))
            .collect::<Result<Vec<_>, _>>()?;
        let residues = (0..bits.read(6)? + 1)
            .map(|_| Residue::read(bits, &books, &mut limits))
            .collect::<Result<Vec<_>, _>>()?;
        let mappings = (0..bits.read(6)? + 1)
            .map(|_| Mapping::read(bits, identification.channels, floors.len(), residues.len()))
            .collect::<Result<Vec<_>, _>>()?;
        let modes = (0..bits.read(6)? + 1)
            .map(|_| Mode::read(bits, mappings.len()))
            .collect::<Result<Vec<_>, _>>()?;
        if !bits.flag()? {
            return Err(HeaderError::Invalid("the Vorbis setup header has no framing bit"));
        }
        let transforms = identification.block_sizes.map(Imdct::new);
        let slopes = identification.block_sizes.map(|size| window_slope(size / 2));
        Ok(Self { identification, books, floors, residues, mappings, modes, transforms, slopes })
    }

    /// Samples of the block in a packet, which its mode decides (4.3.1); `None` when it is no audio. Consecutive packets give a
    /// quarter of each of their blocks (4.3.8), so that their frames are known without decoding them.
    pub fn block_size(&self, packet: &[u8]) -> Option<usize> {
        let mode = self.mode_of(&mut BitReader::new(packet)).ok()?;
        self.identification.block_sizes.get(usize::from(mode.long)).copied()
    }

    /// Reads what a packet begins with: that it is audio, and its mode.
    pub(crate) fn mode_of(&self, bits: &mut BitReader<'_>) -> Result<Mode, PacketError> {
        if bits.flag().unwrap_or(true) {
            return Err(PacketError::NotAudio);
        }
        let number = bits.index(ilog(self.modes.len() as u32 - 1)).map_err(|_| PacketError::NotAudio)?;
        self.modes.get(number).copied().ok_or(PacketError::UnknownMode)
    }

    /// Channels of the stream.
    pub fn channels(&self) -> usize {
        self.identification.channels
    }

    /// Samples per second.
    pub fn sample_rate(&self) -> u32 {
        self.identification.sample_rate
    }
}
