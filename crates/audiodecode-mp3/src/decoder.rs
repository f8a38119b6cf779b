use crate::Header;
use crate::band_layout::BandLayout;
use crate::bit_reader::BitReader;
use crate::granule::Granule;
use crate::hybrid::{BANDS, Hybrid, Row, SLOTS};
use crate::reservoir::Reservoir;
use crate::scale_factors::ScaleFactors;
use crate::side_info::{Block, SideInfo};
use crate::spectrum::Spectrum;
use crate::synthesis::{HALF, Synthesis};

/// Why a frame has no samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// It needs bytes of earlier frames that the decoder was not given.
    MissingReservoir,
    /// It is no layer III frame, or its side information contradicts itself.
    Corrupt,
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MissingReservoir => "the frame needs bytes of earlier frames that are missing",
            Self::Corrupt => "the frame is corrupt",
        })
    }
}

impl std::error::Error for FrameError {}

/// What frames are decoded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// One plane. Frames with two channels are an error.
    Mono,
    /// Two planes. Frames with one channel give it to both.
    Stereo,
    /// One plane: the mean of the channels, equal to that of the decoded ones up to rounding. It is taken before the filter bank,
    /// and the difference of a joint stereo pair is not even decoded, so that this takes little more than half the time.
    Mean,
}

/// How many samples come of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rate {
    /// All.
    #[default]
    Full,
    /// Every second one, of the lower half of the spectrum: the upper half is left out before the filter bank, which then takes
    /// half the time. Where the halves meet, at half of the new rate, the filter bank does not part them sharply: what lies up to
    /// 5 % above is heard as far below. Everything else is right to 96 dB.
    Half {
        /// Whether those with odd numbers are given, instead of those with even ones.
        odd: bool,
    },
}

/// A layer III decoder: frames in, samples out.
///
/// What a frame decodes to depends on the bytes of the frames up to 511 bytes before it and on the frame before it; with
/// MPEG-2 on two of them. A frame that fails leaves silence: the next one begins as if nothing had been before, but for the bytes.
pub struct Decoder {
    output: Output,
    rate: Rate,
    reservoir: Reservoir,
    channels: Vec<Channel>,
    lines: [Box<Spectrum>; 2],
}

/// The filter bank of one plane.
struct Channel {
    hybrid: Hybrid,
    synthesis: Bank,
    /// Subband samples by granule.
    rows: [[Row; SLOTS]; 2],
}

/// The first stage of the filter bank at its rate.
enum Bank {
    Full(Box<Synthesis<BANDS>>),
    Half(Box<Synthesis<HALF>>),
}

impl Channel {
    fn new(rate: Rate) -> Self {
        let synthesis = match rate {
            Rate::Full => Bank::Full(Box::new(Synthesis::new())),
            Rate::Half { odd } => Bank::Half(Box::new(Synthesis::of_half(odd))),
        };
        Self { hybrid: Hybrid::new(rate.bands()), synthesis, rows: [[Row::ZERO; SLOTS]; 2] }
    }

    fn process(&mut self, lines: &mut Spectrum, count: usize, block: (Block, &BandLayout), granule: usize) {
        self.hybrid.process(lines, count, block.0, block.1, &mut self.rows[granule]);
    }

    /// Adds a second signal to the same plane.
    fn add(&mut self, lines: &mut Spectrum, count: usize, block: (Block, &BandLayout), granule: usize) {
        self.hybrid.add(lines, count, block.0, block.1, &mut self.rows[granule]);
    }

    fn synthesize(&mut self, slots: usize, plane: &mut [f32]) {
        let rows = &self.rows.as_flattened()[..slots];
        match &mut self.synthesis {
            Bank::Full(synthesis) => synthesis.process(rows, plane),
            Bank::Half(synthesis) => synthesis.process(rows, plane),
        }
    }
}

impl Rate {
    /// Subbands that are decoded.
    fn bands(self) -> usize {
        match self {
            Self::Full => BANDS,
            Self::Half { .. } => HALF,
        }
    }
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("output", &self.output).finish_non_exhaustive()
    }
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    pub fn new(output: Output, rate: Rate) -> Self {
        let planes = if output == Output::Stereo { 2 } else { 1 };
        Self {
            output,
            rate,
            reservoir: Reservoir::default(),
            channels: std::iter::repeat_with(|| Channel::new(rate)).take(planes).collect(),
            lines: [Box::new([0.0; 576]), Box::new([0.0; 576])],
        }
    }

    /// Forgets everything earlier: what follows does not belong to what was before.
    pub fn reset(&mut self) {
        self.reservoir.clear();
        self.silence();
    }

    fn silence(&mut self) {
        for channel in &mut self.channels {
            *channel = Channel::new(self.rate);
        }
    }

    /// Keeps a frame's bytes for those that borrow them, without decoding it.
    pub fn skip(&mut self, frame: &[u8]) {
        if let Some((header, side_info)) = split(frame) {
            let payload = side_info.get(header.side_info_length()..).unwrap_or(&[]);
            self.reservoir.add(payload, 0);
        }
    }

    /// Decodes a frame into the first [`Header::samples`] places of every plane, or half of them, as many as are there. Planes keep
    /// what they had when it fails. Full scale is ±1; louder peaks are not clipped.
    pub fn decode(&mut self, frame: &[u8], planes: &mut [&mut [f32]]) -> Result<(), FrameError> {
        let decoded = self.decode_to_subbands(frame);
        match decoded {
            Ok(slots) => {
                for (channel, plane) in self.channels.iter_mut().zip(planes) {
                    channel.synthesize(slots, plane);
                }
                Ok(())
            }
            Err(error) => {
                self.silence();
                Err(error)
            }
        }
    }

    /// Returns how many time slots the rows of every channel have.
    fn decode_to_subbands(&mut self, frame: &[u8]) -> Result<usize, FrameError> {
        let (header, side_info) = split(frame).ok_or(FrameError::Corrupt)?;
        let payload = side_info.get(header.side_info_length()..).ok_or(FrameError::Corrupt)?;
        let parsed = SideInfo::parse(header, side_info);
        let begin = parsed.map_or(0, |info| info.main_data_begin);
        let start = self.reservoir.add(payload, begin);
        let info = parsed.ok_or(FrameError::Corrupt)?;
        let start = start.ok_or(FrameError::MissingReservoir)?;
        let main_data = self.reservoir.from(start);
        if info.main_data_bits() > 8 * main_data.len() || (self.output == Output::Mono && !header.is_mono()) {
            return Err(FrameError::Corrupt);
        }
        let mut reader = BitReader::new(main_data, 0);
        let mut factors = [ScaleFactors::NONE; 2];
        let from_mid = header.is_mid_side() && !header.is_intensity() && info.blocks_agree();
        for (granule, at) in Granule::of(header, &info, self.rate.bands()).zip(0..) {
            let [first, second] = &mut self.lines;
            let blocks = granule.infos.each_ref().map(|info| (info.block, info.layout(header)));
            if header.is_mono() {
                let count = granule.decode_single(&mut reader, &mut factors, first);
                if self.channels.len() > 1 {
                    second.copy_from_slice(first.as_slice());
                }
                for (channel, lines) in self.channels.iter_mut().zip(&mut self.lines) {
                    channel.process(lines, count, blocks[0], at);
                }
            } else if self.output == Output::Stereo {
                let counts = granule.decode_pair(&mut reader, &mut factors, &mut self.lines, false);
                for (at_channel, (channel, lines)) in
                    self.channels.iter_mut().zip(&mut self.lines).enumerate()
                {
                    channel.process(lines, counts[at_channel], blocks[at_channel], at);
                }
            } else if let Some(channel) = self.channels.first_mut() {
                if from_mid {
                    let count = granule.decode_mid(&mut reader, &mut factors, first);
                    channel.process(first, count, blocks[0], at);
                    continue;
                }
                let counts = granule.decode_pair(&mut reader, &mut factors, &mut self.lines, true);
                let [first, second] = &mut self.lines;
                if granule.infos[0].block == granule.infos[1].block {
                    first.iter_mut().zip(second.iter()).for_each(|(first, second)| *first += second);
                    channel.process(first, counts[0].max(counts[1]), blocks[0], at);
                } else {
                    channel.process(first, counts[0], blocks[0], at);
                    channel.add(second, counts[1], blocks[1], at);
                }
            }
        }
        Ok(header.granules() * SLOTS)
    }
}

/// Header and what follows the checksum, of a layer III frame.
fn split(frame: &[u8]) -> Option<(Header, &[u8])> {
    let header = Header::parse(*frame.first_chunk::<4>()?).filter(|header| header.layer() == 3)?;
    Some((header, frame.get(if header.has_checksum() { 6 } else { 4 }..)?))
}

#[cfg(test)]
impl Decoder {
    /// Half of the rate the simple way: everything is decoded, the upper half of the spectrum silenced, and every second sample kept.
    pub(crate) fn decode_halved(&mut self, frame: &[u8], odd: bool) -> Vec<Vec<f32>> {
        let slots = self.decode_to_subbands(frame).unwrap();
        let planes = self.channels.iter_mut().map(|channel| {
            channel.rows.as_flattened_mut().iter_mut().for_each(|row| row.0[HALF..].fill(0.0));
            let mut plane = vec![0.0; slots * BANDS];
            channel.synthesize(slots, &mut plane);
            plane.into_iter().skip(usize::from(odd)).step_by(2).collect()
        });
        planes.collect()
    }
}
