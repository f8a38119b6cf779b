use crate::Header;
use crate::band_layout::LINES;
use crate::bit_reader::BitReader;
use crate::scale_factors::ScaleFactors;
use crate::side_info::{ChannelInfo, SideInfo};
use crate::spectrum::{Spectrum, decode_spectrum};
use crate::stereo::{Directions, undo_intensity, undo_mid_side};

/// Gain of √½ and of one half, in quarters of a power of two.
const ROOT_HALF: i32 = -2;
const HALF: i32 = -4;

/// One granule of a frame with two channels or one, on its way from bits to lines.
#[derive(Clone, Copy)]
pub(crate) struct Granule<'a> {
    header: Header,
    pub(crate) infos: &'a [ChannelInfo; 2],
    /// How many subbands are wanted.
    bands: usize,
    /// Which scale factors stay those of the granule before, by channel.
    shared: [[bool; 4]; 2],
}

impl<'a> Granule<'a> {
    /// The granules of a frame, of which the lowest `bands` subbands are wanted.
    pub(crate) fn of(header: Header, info: &'a SideInfo, bands: usize) -> impl Iterator<Item = Self> {
        info.granules.iter().take(header.granules()).enumerate().map(move |(at, infos)| Self {
            header,
            infos,
            bands,
            shared: if at > 0 { info.shared } else { [[false; 4]; 2] },
        })
    }

    /// Decodes the only channel; returns how many lines there are.
    pub(crate) fn decode_single(
        self,
        reader: &mut BitReader<'_>,
        factors: &mut [ScaleFactors; 2],
        lines: &mut Spectrum,
    ) -> usize {
        self.decode_channel(0, 0, reader, &mut factors[0], lines)
    }

    /// Decodes both channels to left and right, at half their level when `halved`; returns how many lines each has.
    pub(crate) fn decode_pair(
        self,
        reader: &mut BitReader<'_>,
        factors: &mut [ScaleFactors; 2],
        lines: &mut [Box<Spectrum>; 2],
        halved: bool,
    ) -> [usize; 2] {
        let (mid_side, intensity) = (self.header.is_mid_side(), self.header.is_intensity());
        let gain = if mid_side { ROOT_HALF } else { 0 } + if halved { HALF } else { 0 };
        let [left, right] = lines;
        let [first, second] = factors;
        let counts = [
            self.decode_channel(0, gain, reader, first, left),
            self.decode_channel(1, gain, reader, second, right),
        ];
        if !mid_side && !intensity {
            return counts;
        }
        let most = counts[0].max(counts[1]);
        if intensity {
            let coarse = self.infos[1].scale_factor_compress & 1 == 1;
            let kind =
                if self.header.is_mpeg1() { Directions::Mpeg1 } else { Directions::LowRate { coarse } };
            let layout = self.infos[1].layout(self.header);
            undo_intensity(left, right, second, layout, kind, mid_side);
        } else {
            undo_mid_side(&mut left[..most], &mut right[..most]);
        }
        [most, most]
    }

    /// Decodes the sum of a joint stereo pair alone, at the level of the mean of left and right.
    pub(crate) fn decode_mid(
        self,
        reader: &mut BitReader<'_>,
        factors: &mut [ScaleFactors; 2],
        lines: &mut Spectrum,
    ) -> usize {
        let count = self.decode_channel(0, ROOT_HALF, reader, &mut factors[0], lines);
        *reader = reader.at(reader.position() + self.infos[1].part2_3_length);
        count
    }

    fn decode_channel(
        self,
        channel: usize,
        gain: i32,
        reader: &mut BitReader<'_>,
        factors: &mut ScaleFactors,
        lines: &mut Spectrum,
    ) -> usize {
        let info = &self.infos[channel];
        let end = reader.position() + info.part2_3_length;
        let right_of_intensity = channel == 1 && self.header.is_intensity();
        factors.read(reader, self.header, info, self.shared[channel], right_of_intensity);
        let layout = info.layout(self.header);
        let gains = factors.gains(info, layout, gain);
        let count = decode_spectrum(reader, info, end, &gains, layout, self.most_lines(), lines);
        *reader = reader.at(end);
        count
    }

    /// How many lines the wanted subbands are made of.
    fn most_lines(self) -> usize {
        if self.header.is_intensity() {
            // Which bands are one signal is told by the highest line of the right channel.
            return LINES;
        }
        // Sum and difference meet line by line, whatever the lines of either channel mean.
        let lines = self.infos.iter().map(|info| info.layout(self.header).lines_of(self.bands));
        lines.max().unwrap_or(LINES)
    }
}
