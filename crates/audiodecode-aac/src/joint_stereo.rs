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
