use offsets::*;

/// How scale factor bands divide the spectrum at a sampling frequency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bands {
    /// Lines at which the bands of a long window begin, and where the last one ends (ISO/IEC 14496-3, tables 4.129 to 4.147).
    pub(crate) long: &'static [u16],
    /// The same for short windows.
    pub(crate) short: &'static [u16],
    /// Bands of a long window that temporal noise shaping reaches at most (`TNS_MAX_BANDS`, table 4.156).
    pub(crate) tns_long: usize,
    /// The same for short windows.
    pub(crate) tns_short: usize,
}

impl Bands {
    /// The bands at a sampling frequency, which need not be one of the standard's (table 4.82).
    pub(crate) fn at(rate: u32) -> Self {
        let (long, short, tns_long, tns_short) = match rate {
            75_132.. => (LONG_96, SHORT_96, 31, 9),
            55_426.. => (LONG_64, SHORT_96, 34, 10),
            46_009.. => (LONG_48, SHORT_48, 40, 14),
            37_566.. => (LONG_48, SHORT_48, 42, 14),
            27_713.. => (LONG_32, SHORT_48, 51, 14),
            18_783.. => (LONG_24, SHORT_24, 46, 14),
            9_391.. => (LONG_16, SHORT_16, 42, 14),
            _ => (LONG_8, SHORT_8, 39, 14),
        };
        Self { long, short, tns_long, tns_short }
    }
}

#[rustfmt::skip]
mod offsets {
    pub(super) const LONG_96: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 156, 172,
        188, 212, 240, 276, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1024,
    ];
    pub(super) const LONG_64: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 64, 72, 80, 88, 100, 112, 124, 140, 156, 172, 192,
        216, 240, 268, 304, 344, 384, 424, 464, 504, 544, 584, 624, 664, 704, 744, 784, 824, 864, 904, 944, 984, 1024,
    ];
    pub(super) const LONG_48: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176, 196, 216,
        240, 264, 292, 320, 352, 384, 416, 448, 480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800, 832, 864, 896,
        928, 1024,
    ];
    pub(super) const LONG_32: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176, 196, 216,
        240, 264, 292, 320, 352, 384, 416, 448, 480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800, 832, 864, 896,
        928, 960, 992, 1024,
    ];
    pub(super) const LONG_24: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 52, 60, 68, 76, 84, 92, 100, 108, 116, 124, 136, 148, 160, 172,
        188, 204, 220, 240, 260, 284, 308, 336, 364, 396, 432, 468, 508, 552, 600, 652, 704, 768, 832, 896, 960, 1024,
    ];
    pub(super) const LONG_16: &[u16] = &[
        0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 100, 112, 124, 136, 148, 160, 172, 184, 196, 212, 228, 244, 260,
        280, 300, 320, 344, 368, 396, 424, 456, 492, 532, 572, 616, 664, 716, 772, 832, 896, 960, 1024,
    ];
    pub(super) const LONG_8: &[u16] = &[
        0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 156, 172, 188, 204, 220, 236, 252, 268, 288, 308, 328,
        348, 372, 396, 420, 448, 476, 508, 544, 580, 620, 664, 712, 764, 820, 880, 944, 1024,
    ];
    pub(super) const SHORT_96: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 92, 128,
    ];
    pub(super) const SHORT_48: &[u16] = &[
        0, 4, 8, 12, 16, 20, 28, 36, 44, 56, 68, 80, 96, 112, 128,
    ];
    pub(super) const SHORT_24: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 36, 44, 52, 64, 76, 92, 108, 128,
    ];
    pub(super) const SHORT_16: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 60, 72, 88, 108, 128,
    ];
    pub(super) const SHORT_8: &[u16] = &[
        0, 4, 8, 12, 16, 20, 24, 28, 36, 44, 52, 60, 72, 88, 108, 128,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_cover_the_spectrum_in_steps_of_whole_quads() {
        for rate in [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
            7_350,
        ] {
            let bands = Bands::at(rate);
            for (offsets, lines) in [(bands.long, 1024), (bands.short, 128)] {
                assert_eq!((offsets.first(), offsets.last()), (Some(&0), Some(&lines)), "{rate}");
                assert!(offsets.windows(2).all(|two| two[0] < two[1] && two[1] % 4 == 0), "{rate}");
            }
            assert!(bands.tns_long < bands.long.len() && bands.tns_short < bands.short.len(), "{rate}");
        }
    }
}
