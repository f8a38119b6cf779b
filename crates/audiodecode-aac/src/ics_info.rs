use std::ops::Range;

use crate::bands::Bands;
use crate::bit_reader::BitReader;

/// Lines of a short window.
pub(crate) const SHORT: usize = 128;
/// Bands of all groups together: 51 of a long window at most, 8 times 15 of short ones.
pub(crate) const MAX_BANDS: usize = 120;

/// How a block is divided into windows (`window_sequence`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WindowSequence {
    #[default]
    OnlyLong,
    LongStart,
    EightShort,
    LongStop,
}

/// The slope of a window (`window_shape`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WindowShape {
    #[default]
    Sine,
    KaiserBessel,
}

/// How a channel's spectrum is divided (`ics_info`, ISO/IEC 14496-3, table 4.6).
#[derive(Clone, Copy, Debug)]
pub(crate) struct IcsInfo {
    pub(crate) sequence: WindowSequence,
    pub(crate) shape: WindowShape,
    /// Scale factor bands that are transmitted.
    pub(crate) max_sfb: usize,
    /// Windows in each group.
    pub(crate) group_lengths: [u8; 8],
    pub(crate) groups: usize,
    /// Where bands begin; one more than there are bands.
    pub(crate) offsets: &'static [u16],
    /// Bands that temporal noise shaping reaches at most.
    pub(crate) tns_bands: usize,
}

/// A scale factor band of one group of windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    /// Its place among those of all groups.
    pub(crate) index: usize,
    /// First line in the group's first window, counted from the block's begin.
    start: usize,
    width: usize,
    windows: usize,
}

impl Band {
    /// Its lines in each window of the group.
    pub(crate) fn windows(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (start, width) = (self.start, self.width);
        (0..self.windows).map(move |window| start + window * SHORT..start + window * SHORT + width)
    }
}

impl IcsInfo {
    /// What stands for a channel that a packet leaves out.
    pub(crate) fn silent(bands: Bands) -> Self {
        Self {
            sequence: WindowSequence::default(),
            shape: WindowShape::default(),
            max_sfb: 0,
            group_lengths: [1; 8],
            groups: 1,
            offsets: bands.long,
            tns_bands: bands.tns_long,
        }
    }

    pub(crate) fn read(reader: &mut BitReader<'_>, bands: Bands) -> Result<Self, &'static str> {
        if reader.flag() {
            return Err("a reserved bit is set");
        }
        let mut info = Self::silent(bands);
        info.sequence = match reader.read(2) {
            0 => WindowSequence::OnlyLong,
            1 => WindowSequence::LongStart,
            2 => WindowSequence::EightShort,
            _ => WindowSequence::LongStop,
        };
        info.shape = if reader.flag() { WindowShape::KaiserBessel } else { WindowShape::Sine };
        if info.is_long() {
            info.max_sfb = reader.read(6) as usize;
            if reader.flag() {
                return Err("prediction belongs to other object types than AAC-LC");
            }
        } else {
            (info.offsets, info.tns_bands) = (bands.short, bands.tns_short);
            info.max_sfb = reader.read(4) as usize;
            info.read_groups(reader.read(7));
        }
        if info.max_sfb >= info.offsets.len() {
            return Err("there are more bands than the sampling frequency has");
        }
        Ok(info)
    }

    /// `scale_factor_grouping`: a bit for every window but the first, set where it belongs to the group before it.
    fn read_groups(&mut self, grouping: u32) {
        for window in 1..8 {
            if grouping >> (7 - window) & 1 == 1 {
                self.group_lengths[self.groups - 1] += 1;
            } else {
                self.groups += 1;
            }
        }
    }

    pub(crate) fn is_long(&self) -> bool {
        self.sequence != WindowSequence::EightShort
    }

    /// First line of a band in its window.
    pub(crate) fn offset(&self, band: usize) -> usize {
        self.offsets.get(band).map_or(0, |&offset| usize::from(offset))
    }

    /// All bands that are transmitted, in that order.
    pub(crate) fn bands(&self) -> impl Iterator<Item = Band> + use<> {
        let (max_sfb, offsets) = (self.max_sfb, self.offsets);
        let lengths = self.group_lengths.into_iter().take(self.groups);
        let groups = lengths.scan(0, |next, windows| {
            let first = *next;
            *next += usize::from(windows);
            Some((first, usize::from(windows)))
        });
        groups.enumerate().flat_map(move |(group, (first, windows))| {
            let edges = offsets.iter().zip(offsets.iter().skip(1)).take(max_sfb);
            edges.enumerate().map(move |(sfb, (&from, &to))| Band {
                index: group * max_sfb + sfb,
                start: first * SHORT + usize::from(from),
                width: usize::from(to - from),
                windows,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str) -> Vec<u8> {
        let padded = format!("{text:0<64}");
        (0..8).map(|n| u8::from_str_radix(&padded[n * 8..n * 8 + 8], 2).expect("bits")).collect()
    }

    #[test]
    fn groups_of_short_windows_share_bands_that_lie_in_each_of_them() {
        // Eight short windows, 2 bands; groups of 3, 1 and 4.
        let info = IcsInfo::read(&mut BitReader::new(&bits("0101001011001110")), Bands::at(44_100));
        let found =
            info.map(|info| info.bands().map(|band| band.windows().collect()).collect::<Vec<Vec<_>>>());
        let windows = |windows: Range<usize>, lines: Range<usize>| {
            windows.map(|w| w * 128 + lines.start..w * 128 + lines.end).collect::<Vec<_>>()
        };
        let expected = [0..3, 3..4, 4..8].map(|group| [windows(group.clone(), 0..4), windows(group, 4..8)]);
        assert_eq!(found, Ok(expected.concat()));
    }

    #[test]
    fn more_bands_than_there_are_and_prediction_are_refused() {
        let read =
            |text: &str, rate| IcsInfo::read(&mut BitReader::new(&bits(text)), Bands::at(rate)).is_ok();
        assert!(read(&format!("0000{:06b}0", 49), 44_100));
        assert!(!read(&format!("0000{:06b}0", 50), 44_100));
        assert!(read(&format!("0000{:06b}0", 51), 32_000));
        assert!(!read(&format!("0000{:06b}1", 10), 44_100));
        assert!(!read("1", 44_100));
        assert!(!read(&format!("0100{:04b}", 15), 44_100));
    }
}
