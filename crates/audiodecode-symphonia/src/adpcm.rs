use crate::packet::{Packet, PacketDecoder};

/// IMA and Microsoft ADPCM of WAV files, rounded as their definitions do (sums of shifted steps, arithmetic shifts).
/// Symphonia's multiply and divide, which drifts by up to 70 of 32,768 steps.
#[derive(Clone)]
pub(crate) struct Adpcm {
    microsoft: bool,
    channels: usize,
    frames: usize,
    block: usize,
}

const STEPS: [i32; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88,
    97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658,
    724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660,
    4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818,
    18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const INDEX_CHANGE: [i32; 8] = [-1, -1, -1, -1, 2, 4, 6, 8];
const ADAPTATION: [i32; 16] =
    [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];
const COEFFICIENTS: [(i32, i32); 7] =
    [(256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232)];

impl Adpcm {
    /// A decoder of blocks of so many bytes; `None` when they cannot be.
    pub(crate) fn new(microsoft: bool, channels: usize, block: usize) -> Option<Self> {
        let (verbatim, header) = if microsoft { (2, 7) } else { (1, 4) };
        if !(1..=2).contains(&channels) {
            return None;
        }
        // Four bits of each channel make a frame.
        let frames = block.checked_sub(header * channels)? * 2 / channels + verbatim;
        (frames > verbatim && frames <= 1 << 16).then_some(Self { microsoft, channels, frames, block })
    }

    /// Frames that a block decodes to.
    pub(crate) fn frames_of_block(&self) -> u64 {
        self.frames as u64
    }
}

impl PacketDecoder for Adpcm {
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        if planes.len() != self.channels {
            return Err("the channels do not fit".to_owned());
        }
        let mut total = 0;
        for block in packet.data.chunks_exact(self.block) {
            if self.microsoft {
                decode_microsoft(block, self.frames, planes)
            } else {
                decode_ima(block, self.frames, planes)
            }
            total += self.frames;
        }
        Ok(total)
    }

    fn preroll_groups(&self) -> Option<usize> {
        Some(0)
    }
}

fn sample(value: i32) -> f32 {
    value as f32 / 32_768.0
}

fn le16(block: &[u8], at: usize) -> i32 {
    block.get(at..at + 2).map_or(0, |bytes| i32::from(i16::from_le_bytes([bytes[0], bytes[1]])))
}

fn decode_ima(block: &[u8], frames: usize, planes: &mut [Vec<f32>]) {
    let channels = planes.len();
    for (channel, plane) in planes.iter_mut().enumerate() {
        let mut value = le16(block, 4 * channel);
        let mut index = usize::from(block.get(4 * channel + 2).copied().unwrap_or(0)).min(88) as i32;
        plane.push(sample(value));
        for frame in 0..frames - 1 {
            // Eight samples of one channel, then eight of the next, low nibble first.
            let at = 4 * channels + (frame / 8 * channels + channel) * 4 + frame % 8 / 2;
            let nibble = i32::from(block.get(at).copied().unwrap_or(0) >> (frame % 2 * 4) & 15);
            let step = STEPS[index as usize];
            let mut change = step >> 3;
            for (bit, shift) in [(1, 2), (2, 1), (4, 0)] {
                if nibble & bit != 0 {
                    change += step >> shift;
                }
            }
            value = (if nibble & 8 != 0 { value - change } else { value + change }).clamp(-32_768, 32_767);
            index = (index + INDEX_CHANGE[(nibble & 7) as usize]).clamp(0, 88);
            plane.push(sample(value));
        }
    }
}

fn decode_microsoft(block: &[u8], frames: usize, planes: &mut [Vec<f32>]) {
    let channels = planes.len();
    for (channel, plane) in planes.iter_mut().enumerate() {
        let (first, second) = COEFFICIENTS[usize::from(block.get(channel).copied().unwrap_or(0)).min(6)];
        let mut delta = le16(block, channels + 2 * channel);
        let mut last = le16(block, 3 * channels + 2 * channel);
        let mut before = le16(block, 5 * channels + 2 * channel);
        plane.extend([sample(before), sample(last)]);
        for frame in 0..frames - 2 {
            // High nibble first; in stereo the channels share every byte.
            let nibbles = frame * channels + channel;
            let byte = block.get(7 * channels + nibbles / 2).copied().unwrap_or(0);
            let nibble = i32::from(if nibbles.is_multiple_of(2) { byte >> 4 } else { byte & 15 });
            let signed = if nibble & 8 != 0 { nibble - 16 } else { nibble };
            let value = ((last * first + before * second) >> 8) + signed * delta;
            (before, last) = (last, value.clamp(-32_768, 32_767));
            delta = ((ADAPTATION[nibble as usize].wrapping_mul(delta)) >> 8).clamp(16, 1 << 20);
            plane.push(sample(last));
        }
    }
}
