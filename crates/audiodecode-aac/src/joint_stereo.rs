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
        for band in left.info.bands() {
            let at = band.index;
            let (Some(&used), Some(&first), Some(&second)) =
                (self.used.get(at), left.codebooks.get(at), right.codebooks.get(at))
            else {
                continue;
            };
            let gain = |channel: &ChannelStream| channel.gains.get(at).copied().unwrap_or(0.0);
            let of_left = match second {
                // Intensity stereo (ISO/IEC 14496-3, 4.6.8.2.3).
                INTENSITY | INTENSITY_OUT_OF_PHASE => {
                    let turned = (second == INTENSITY_OUT_OF_PHASE) != (used && self.explicit);
                    Some(if turned { -gain(right) } else { gain(right) })
                }
                // Noise that is the same in both channels (4.6.13.3).
                NOISE if first == NOISE && used => Some(gain(right) / gain(left)),
                _ => None,
            };
            let middle_and_side = used && first < NOISE && second < NOISE;
            if of_left.is_none() && !middle_and_side {
                continue;
            }
            for lines in band.windows() {
                let (Some(left), Some(right)) =
                    (left.spectrum.get_mut(lines.clone()), right.spectrum.get_mut(lines))
                else {
                    continue;
                };
                match of_left {
                    Some(scale) => {
                        right.iter_mut().zip(left).for_each(|(right, left)| *right = scale * *left)
                    }
                    None => middle_and_side_to_left_and_right(left, right),
                }
            }
        }
    }
}

/// 4.6.8.1.3.
fn middle_and_side_to_left_and_right(left: &mut [f32], right: &mut [f32]) {
    for (left, right) in left.iter_mut().zip(right) {
        (*left, *right) = (*left + *right, *left - *right);
    }
}
