use std::sync::Arc;

use crate::bits::BitReader;
use crate::channel_order::wave_position;
use crate::coupling::{uncouple, uncoupled};
use crate::error::PacketError;
use crate::floor::FloorCurve;
use crate::imdct::Workspace;
use crate::mapping::{Mapping, Mode};
use crate::overlap::overlap;
use crate::residue_setup::{Kind, Residue};
use crate::setup::VorbisSetup;

/// Decodes the audio packets of a stream, one after the other.
#[derive(Debug)]
pub struct VorbisDecoder {
    setup: Arc<VorbisSetup>,
    channels: Vec<Channel>,
    /// The channel of each plane.
    planes: Vec<usize>,
    /// Coefficients of all channels, one behind the other.
    spectra: Vec<f32>,
    /// Those of channels that are packed interleaved.
    interleaved: Vec<f32>,
    /// Where vectors to read begin, and the classes of their partitions.
    places: Vec<usize>,
    classes: Vec<u8>,
    workspace: Workspace,
    /// The block before, unless there is none.
    before: Option<bool>,
    frames: usize,
}

#[derive(Clone, Debug)]
struct Channel {
    floor: FloorCurve,
    /// Its part of the packet has nothing to read.
    skipped: bool,
    /// The DCT of this block and of the one before.
    now: Vec<f32>,
    before: Vec<f32>,
    out: Vec<f32>,
}

impl VorbisDecoder {
    /// A decoder in its initial state.
    pub fn new(setup: Arc<VorbisSetup>) -> Self {
        let half = setup.identification.block_sizes[1] / 2;
        let channel = Channel {
            floor: FloorCurve::default(),
            skipped: false,
            now: vec![0.0; half],
            before: vec![0.0; half],
            out: vec![0.0; half],
        };
        let count = setup.channels();
        let mut planes = vec![0; count];
        (0..count).for_each(|channel| planes[wave_position(count, channel)] = channel);
        Self {
            channels: vec![channel; count],
            planes,
            spectra: vec![0.0; half * count],
            interleaved: Vec::new(),
            places: Vec::new(),
            classes: Vec::new(),
            workspace: Workspace::default(),
            before: None,
            frames: 0,
            setup,
        }
    }

    /// Decodes a packet and returns its frames; [`VorbisDecoder::plane`] has them until the next one. The first packet gives
    /// none, as it has nothing to overlap with.
    ///
    /// A packet that fails counts as silence for the one behind it. One that is cut off gives what it has (4.3).
    pub fn decode(&mut self, packet: &[u8]) -> Result<usize, PacketError> {
        self.frames = 0;
        let setup = Arc::clone(&self.setup);
        let read = self.read_spectra(&setup, packet);
        match read {
            Ok(long) => {
                self.frames = self.synthesise(&setup, long);
                self.before = Some(long);
                Ok(self.frames)
            }
            Err(error) => {
                self.channels.iter_mut().for_each(|channel| channel.before.fill(0.0));
                Err(error)
            }
        }
    }

    /// The frames of a channel that the last packet gave. Channels are in the order of WAV.
    pub fn plane(&self, plane: usize) -> &[f32] {
        let channel = self.planes.get(plane).and_then(|&channel| self.channels.get(channel));
        channel.and_then(|channel| channel.out.get(..self.frames)).unwrap_or_default()
    }

    /// Channels of the stream.
    pub fn channels(&self) -> usize {
        self.channels.len()
    }

    /// Reads a packet's spectra, floors not yet applied, and says whether it is a long block.
    fn read_spectra(&mut self, setup: &VorbisSetup, packet: &[u8]) -> Result<bool, PacketError> {
        let mut bits = BitReader::new(packet);
        let Mode { long, mapping } = setup.mode_of(&mut bits)?;
        let mapping = setup.mappings.get(mapping).ok_or(PacketError::UnknownMode)?;
        if long {
            // What the neighbours are is known without these.
            let _neighbours = bits.read(2);
        }
        for (channel, &submap) in self.channels.iter_mut().zip(&mapping.submap_of) {
            let floor = mapping.submaps.get(submap).and_then(|submap| setup.floors.get(submap.floor));
            let floor = floor.ok_or(PacketError::UnknownMode)?;
            floor.decode(&mut bits, &setup.books, long, &mut channel.floor)?;
            channel.skipped = channel.floor.is_unused();
        }
        // Of a pair, both are read or none (4.3.3).
        for &(magnitude, angle) in &mapping.couplings {
            let skipped = self.channels[magnitude].skipped && self.channels[angle].skipped;
            self.channels[magnitude].skipped = skipped;
            self.channels[angle].skipped = skipped;
        }
        let half = setup.identification.block_sizes[usize::from(long)] / 2;
        let mut uncoupled = false;
        for (submap, parts) in mapping.submaps.iter().enumerate() {
            if let Some(residue) = setup.residues.get(parts.residue) {
                uncoupled |= self.read_residue(setup, &mut bits, (mapping, submap), residue, half);
            }
        }
        if !uncoupled {
            self.uncouple(&mapping.couplings, half);
        }
        Ok(long)
    }

    /// Reads the residue of a submap's channels, and uncouples them if that can be done on the way. Says whether it was.
    fn read_residue(
        &mut self,
        setup: &VorbisSetup,
        bits: &mut BitReader<'_>,
        (mapping, submap): (&Mapping, usize),
        residue: &Residue,
        half: usize,
    ) -> bool {
        let Self { channels, spectra, interleaved, places, classes, .. } = self;
        places.clear();
        let members = mapping.submap_of.iter().enumerate().filter(|&(_, &of)| of == submap);
        places.extend(members.map(|(channel, _)| channel));
        if residue.kind != Kind::Interleaved {
            places.iter().for_each(|&channel| spectra[channel * half..(channel + 1) * half].fill(0.0));
            places.retain(|&channel| !channels[channel].skipped);
            places.iter_mut().for_each(|channel| *channel *= half);
            residue.decode(bits, &setup.books, spectra, half, places, classes);
            return false;
        }
        let count = places.len();
        interleaved.clear();
        interleaved.resize(half * count, 0.0);
        if !places.iter().all(|&channel| channels[channel].skipped) {
            residue.decode(bits, &setup.books, interleaved, half * count, &[0], classes);
        }
        if count == 2 && channels.len() == 2 && mapping.couplings == [(0, 1)] {
            let (left, right) = spectra.split_at_mut(half);
            for ((left, right), &[magnitude, angle]) in
                left.iter_mut().zip(right).zip(interleaved.as_chunks().0)
            {
                (*left, *right) = uncoupled(magnitude, angle);
            }
            return true;
        }
        for (index, &channel) in places.iter().enumerate() {
            let packed = interleaved.iter().skip(index).step_by(count);
            let spectrum = &mut spectra[channel * half..(channel + 1) * half];
            spectrum.iter_mut().zip(packed).for_each(|(out, &value)| *out = value);
        }
        false
    }

    /// Undoes the coupling of channels, the last pair first (4.3.5).
    fn uncouple(&mut self, couplings: &[(usize, usize)], half: usize) {
        for &(magnitude, angle) in couplings.iter().rev() {
            let (low, high) = (magnitude.min(angle), magnitude.max(angle));
            let (front, back) = self.spectra.split_at_mut(high * half);
            let (first, second) = (&mut front[low * half..(low + 1) * half], &mut back[..half]);
            if magnitude < angle { uncouple(first, second) } else { uncouple(second, first) }
        }
    }

    /// Makes samples of the spectra that were read, and returns how many for each channel.
    fn synthesise(&mut self, setup: &VorbisSetup, long: bool) -> usize {
        let halves = setup.identification.block_sizes.map(|size| size / 2);
        let half = halves[usize::from(long)];
        let mut frames = 0;
        for (channel, spectrum) in self.channels.iter_mut().zip(self.spectra.chunks_exact_mut(half)) {
            let now = &mut channel.now[..half];
            if channel.floor.is_unused() {
                now.fill(0.0);
            } else {
                channel.floor.multiply(spectrum);
                setup.transforms[usize::from(long)].transform(spectrum, now, &mut self.workspace);
            }
            if let Some(before) = self.before {
                let before_half = halves[usize::from(before)];
                frames = (before_half + half) / 2;
                let slope = &setup.slopes[usize::from(long && before)];
                overlap(&channel.before[..before_half], now, slope, &mut channel.out[..frames]);
            }
            std::mem::swap(&mut channel.now, &mut channel.before);
        }
        frames
    }
}
