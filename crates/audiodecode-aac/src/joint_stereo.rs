use crate::bit_reader::BitReader;
use crate::channel_stream::ChannelStream;
use crate::ics_info::{IcsInfo, MAX_BANDS};
use crate::sections::{INTENSITY, INTENSITY_OUT_OF_PHASE, NOISE};

/// Which bands of a pair are coded as one (`ms_mask_present` and `ms_used`).
pub(crate) struct Mask {
    used: [bool; MAX_BANDS],
    /// Whether there is a flag for every band, which turns the phase where there is intensity stereo.
    explicit: bool,
}

/// How a band of two channels is coded.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Apart,
    MiddleAndSide,
    /// The right channel is the left one, scaled: intensity stereo (ISO/IEC 14496-3, 4.6.8.2.3), or noise that is the same in
    /// both (4.6.13.3).
    LeftTimes(f32),
}

impl Mask {
    pub(crate) fn read(reader: &mut BitReader<'_>, info: &IcsInfo) -> Result<Self, &'static str> {
        let present = reader.read(2);
        let mut mask = Self { used: [present == 2; MAX_BANDS], explicit: present == 1 };
        match present {
            0 | 2 => {}
            1 => mask.used.iter_mut().take(info.groups * info.max_sfb).for_each(|used| *used = reader.flag()),
            _ => return Err("a reserved stereo mask is used"),
        }
        Ok(mask)
    }

    /// Makes left and right of what a pair with a common window holds.
    pub(crate) fn apply(&self, left: &mut ChannelStream, right: &mut ChannelStream) {
        let info = left.info;
        info.bands().for_each(|band| {
            let way = self.way(band.index, left, right);
            if way == Way::Apart {
                return;
            }
            for lines in band.windows() {
                let (Some(left), Some(right)) =
                    (left.spectrum.get_mut(lines.clone()), right.spectrum.get_mut(lines))
                else {
                    return;
                };
                match way {
                    Way::LeftTimes(scale) => {
                        right.iter_mut().zip(left).for_each(|(right, left)| *right = scale * *left);
                    }
                    _ => middle_and_side_to_left_and_right(left, right),
                }
            }
        });
    }

    fn way(&self, band: usize, left: &ChannelStream, right: &ChannelStream) -> Way {
        let (Some(&used), Some(&first), Some(&second)) =
            (self.used.get(band), left.codebooks.get(band), right.codebooks.get(band))
        else {
            return Way::Apart;
        };
        let gain = |channel: &ChannelStream| channel.gains.get(band).copied().unwrap_or(0.0);
        match second {
            INTENSITY | INTENSITY_OUT_OF_PHASE => {
                let turned = (second == INTENSITY_OUT_OF_PHASE) != (used && self.explicit);
                Way::LeftTimes(if turned { -gain(right) } else { gain(right) })
            }
            NOISE if first == NOISE && used => Way::LeftTimes(gain(right) / gain(left)),
            _ if used && first < NOISE && second < NOISE => Way::MiddleAndSide,
            _ => Way::Apart,
        }
    }
}

/// 4.6.8.1.3.
fn middle_and_side_to_left_and_right(left: &mut [f32], right: &mut [f32]) {
    for (left, right) in left.iter_mut().zip(right) {
        (*left, *right) = (*left + *right, *left - *right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bands::Bands;
    use crate::sections::ZERO;

    /// Two channels with one band of four lines, of these codebooks, the right one with a gain of 0.5.
    fn pair(first: u8, second: u8) -> (ChannelStream, ChannelStream) {
        let channel = |codebook: u8, gain: f32, lines: [f32; 4]| {
            let mut channel = ChannelStream::silent(Bands::at(44_100));
            channel.info.max_sfb = 1;
            (channel.codebooks[0], channel.gains[0]) = (codebook, gain);
            channel.spectrum[..4].copy_from_slice(&lines);
            channel
        };
        (channel(first, 2.0, [1.0, 2.0, -3.0, 4.0]), channel(second, 0.5, [0.5, 0.0, 1.0, -4.0]))
    }

    fn applied(first: u8, second: u8, used: bool, explicit: bool) -> [[f32; 4]; 2] {
        let (mut left, mut right) = pair(first, second);
        Mask { used: [used; MAX_BANDS], explicit }.apply(&mut left, &mut right);
        [left, right].map(|channel| [0, 1, 2, 3].map(|n| channel.spectrum[n]))
    }

    #[test]
    fn middle_and_side_are_sum_and_difference_where_they_are_used() {
        let apart = [[1.0, 2.0, -3.0, 4.0], [0.5, 0.0, 1.0, -4.0]];
        assert_eq!(applied(1, 2, true, true), [[1.5, 2.0, -2.0, 0.0], [0.5, 2.0, -4.0, 8.0]]);
        assert_eq!(applied(1, ZERO, true, false), [[1.5, 2.0, -2.0, 0.0], [0.5, 2.0, -4.0, 8.0]]);
        assert_eq!(applied(1, 2, false, true), apart);
        // Noise in one of them alone.
        assert_eq!(applied(NOISE, 2, true, true), apart);
        assert_eq!(applied(1, NOISE, true, true), apart);
        assert_eq!(applied(NOISE, NOISE, false, true), apart);
    }

    #[test]
    fn noise_of_both_channels_is_the_same_where_the_mask_says_so() {
        let [_, right] = applied(NOISE, NOISE, true, true);
        assert_eq!(right, [0.25, 0.5, -0.75, 1.0]);
    }

    #[test]
    fn intensity_is_the_left_channel_and_turned_by_codebook_and_mask() {
        for (codebook, used, explicit, sign) in [
            (INTENSITY, false, true, 1.0),
            (INTENSITY, true, true, -1.0),
            (INTENSITY_OUT_OF_PHASE, false, true, -1.0),
            (INTENSITY_OUT_OF_PHASE, true, true, 1.0),
            // A mask that is one for all bands says nothing about the phase.
            (INTENSITY, true, false, 1.0),
        ] {
            let [left, right] = applied(5, codebook, used, explicit);
            assert_eq!(right, left.map(|line| sign * 0.5 * line));
        }
    }
}
