//! Scale factor bands: ISO/IEC 11172-3 Table B.8, 13818-3 Table B.2; those of MPEG-2.5 as encoders write them.

/// Lines of a granule of one channel.
pub(crate) const LINES: usize = 576;

/// Lines of a subband.
const SUBBAND_LINES: usize = 18;

/// First lines of the bands of long blocks, by [`rate_row`](crate::Header::rate_row).
const LONG: [[u16; 23]; 9] = [
    [0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 52, 62, 74, 90, 110, 134, 162, 196, 238, 288, 342, 418, 576],
    [0, 4, 8, 12, 16, 20, 24, 30, 36, 42, 50, 60, 72, 88, 106, 128, 156, 190, 230, 276, 330, 384, 576],
    [0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 54, 66, 82, 102, 126, 156, 194, 240, 296, 364, 448, 550, 576],
    LONG_22050,
    [0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 114, 136, 162, 194, 232, 278, 332, 394, 464, 540, 576],
    LONG_22050,
    LONG_22050,
    LONG_22050,
    [
        0, 12, 24, 36, 48, 60, 72, 88, 108, 132, 160, 192, 232, 280, 336, 400, 476, 566, 568, 570, 572, 574,
        576,
    ],
];

const LONG_22050: [u16; 23] =
    [0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576];

/// First lines of the bands of one of the three short windows.
const SHORT: [[u16; 14]; 9] = [
    [0, 4, 8, 12, 16, 22, 30, 40, 52, 66, 84, 106, 136, 192],
    [0, 4, 8, 12, 16, 22, 28, 38, 50, 64, 80, 100, 126, 192],
    [0, 4, 8, 12, 16, 22, 30, 42, 58, 78, 104, 138, 180, 192],
    [0, 4, 8, 12, 18, 24, 32, 42, 56, 74, 100, 132, 174, 192],
    [0, 4, 8, 12, 18, 26, 36, 48, 62, 80, 104, 136, 180, 192],
    SHORT_16000,
    SHORT_16000,
    SHORT_16000,
    [0, 8, 16, 24, 36, 52, 72, 96, 124, 160, 162, 164, 166, 192],
];

const SHORT_16000: [u16; 14] = [0, 4, 8, 12, 18, 26, 36, 48, 62, 80, 104, 134, 174, 192];

/// Lines coded as a long block at the beginning of a mixed block: the two lowest subbands.
pub(crate) const MIXED_LINES: u16 = 36;

/// The bands of one granule in the order in which they are coded: long ones, then the three windows of each short one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BandLayout {
    widths: [u8; 39],
    /// How many bands there are.
    pub(crate) count: usize,
    /// How many of them are long.
    pub(crate) long: usize,
}

impl BandLayout {
    /// Lines of each band.
    pub(crate) fn widths(&self) -> &[u8] {
        self.widths.get(..self.count).unwrap_or(&[])
    }

    /// How many lines, in the order in which they are coded, the lowest `bands` subbands are made of.
    pub(crate) fn lines_of(&self, bands: usize) -> usize {
        let lines = bands * SUBBAND_LINES;
        if self.long == self.count {
            // Aliasing reaches eight lines into the next subband.
            return (lines + 8).min(LINES);
        }
        // The three windows of a short band are coded one after the other.
        let mut end = 0;
        for widths in [self.widths().get(..self.long), self.widths().get(self.long..)].into_iter().flatten() {
            for band in widths.chunks(3) {
                if end < lines {
                    end += band.iter().map(|&width| usize::from(width)).sum::<usize>();
                }
            }
        }
        end.min(LINES)
    }
}

/// The layouts of one sample rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layouts {
    pub(crate) long: BandLayout,
    pub(crate) short: BandLayout,
    pub(crate) mixed: BandLayout,
}

/// By [`rate_row`](crate::Header::rate_row).
pub(crate) static LAYOUTS: [Layouts; 9] = {
    let empty = BandLayout { widths: [0; 39], count: 0, long: 0 };
    let mut all = [Layouts { long: empty, short: empty, mixed: empty }; 9];
    let mut row = 0;
    while row < 9 {
        all[row] = Layouts {
            long: layout(row, 576, 192),
            short: layout(row, 0, 0),
            mixed: layout(row, MIXED_LINES, 12),
        };
        row += 1;
    }
    all
};

/// Long bands below `long_lines`, short ones from line `short_from` of each window on.
const fn layout(row: usize, long_lines: u16, short_from: u16) -> BandLayout {
    let mut layout = BandLayout { widths: [0; 39], count: 0, long: 0 };
    let mut band = 0;
    while band < 22 && LONG[row][band] < long_lines {
        layout.widths[layout.count] = (LONG[row][band + 1] - LONG[row][band]) as u8;
        layout.count += 1;
        band += 1;
    }
    layout.long = layout.count;
    let mut band = 0;
    while band < 13 {
        if SHORT[row][band] >= short_from {
            let mut window = 0;
            while window < 3 {
                layout.widths[layout.count] = (SHORT[row][band + 1] - SHORT[row][band]) as u8;
                layout.count += 1;
                window += 1;
            }
        }
        band += 1;
    }
    layout
}

/// Where a long block's band begins; 576 behind the last one.
pub(crate) fn long_band_start(row: usize, band: usize) -> usize {
    LONG.get(row).and_then(|bands| bands.get(band)).map_or(LINES, |&line| usize::from(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bands_together_are_the_576_lines() {
        for (row, layouts) in LAYOUTS.iter().enumerate() {
            let sum =
                |layout: &BandLayout| layout.widths().iter().map(|&width| usize::from(width)).sum::<usize>();
            assert_eq!((layouts.long.count, sum(&layouts.long)), (22, LINES), "row {row}");
            assert_eq!((layouts.short.count, sum(&layouts.short)), (39, LINES), "row {row}");
            // At 8 kHz long bands end at line 36 and short ones begin at line 8 or 16 of each window: such blocks are refused.
            if row < 8 {
                assert_eq!(sum(&layouts.mixed), LINES, "row {row}");
                assert_eq!(layouts.mixed.long, if row < 3 { 8 } else { 6 }, "row {row}");
            }
        }
    }

    #[test]
    fn half_of_the_subbands_need_the_lines_below_the_middle_and_all_windows_of_the_band_there() {
        for layouts in &LAYOUTS[..8] {
            assert_eq!(layouts.long.lines_of(16), 296);
            assert_eq!(layouts.long.lines_of(32), LINES);
            for layout in [layouts.short, layouts.mixed] {
                let lines = layout.lines_of(16);
                assert!((288..=330).contains(&lines) && lines.is_multiple_of(2), "{lines}");
                assert_eq!(layout.lines_of(32), LINES);
            }
        }
        // 84 to 106 of each window are coded from line 252 to 318.
        assert_eq!(LAYOUTS[0].short.lines_of(16), 318);
    }
}
