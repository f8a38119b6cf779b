use super::g711::{A_LAW, MU_LAW};
use super::sample_format::{Encoding, SampleFormat};

/// Full scale of the integer formats: `value / 2^(bits - 1)`, exact up to 24 bits.
const SCALE_8: f32 = 1.0 / 128.0;
const SCALE_16: f32 = 1.0 / 32_768.0;
const SCALE_32: f32 = 1.0 / 2_147_483_648.0;

/// Converts interleaved bytes into planes at `to`. The bytes hold a whole number of frames.
pub(super) fn deinterleave(format: SampleFormat, bytes: &[u8], out: &mut [&mut [f32]], to: usize) {
    use Encoding::{ALaw, F32, F64, MuLaw, S8, S16, S24, S32, U8};
    match (format.encoding, format.big_endian) {
        (U8, _) => planes::<1>(bytes, out, to, |[a]| f32::from(a.wrapping_sub(128) as i8) * SCALE_8),
        (S8, _) => planes::<1>(bytes, out, to, |[a]| f32::from(a as i8) * SCALE_8),
        (ALaw, _) => planes::<1>(bytes, out, to, |[a]| A_LAW[usize::from(a)]),
        (MuLaw, _) => planes::<1>(bytes, out, to, |[a]| MU_LAW[usize::from(a)]),
        (S16, false) => {
            planes::<2>(bytes, out, to, |sample| f32::from(i16::from_le_bytes(sample)) * SCALE_16)
        }
        (S16, true) => planes::<2>(bytes, out, to, |sample| f32::from(i16::from_be_bytes(sample)) * SCALE_16),
        (S24, false) => {
            planes::<3>(bytes, out, to, |[a, b, c]| i32::from_le_bytes([0, a, b, c]) as f32 * SCALE_32)
        }
        (S24, true) => {
            planes::<3>(bytes, out, to, |[a, b, c]| i32::from_be_bytes([a, b, c, 0]) as f32 * SCALE_32)
        }
        (S32, false) => planes::<4>(bytes, out, to, |sample| i32::from_le_bytes(sample) as f32 * SCALE_32),
        (S32, true) => planes::<4>(bytes, out, to, |sample| i32::from_be_bytes(sample) as f32 * SCALE_32),
        (F32, false) => planes::<4>(bytes, out, to, f32::from_le_bytes),
        (F32, true) => planes::<4>(bytes, out, to, f32::from_be_bytes),
        (F64, false) => planes::<8>(bytes, out, to, |sample| f64::from_le_bytes(sample) as f32),
        (F64, true) => planes::<8>(bytes, out, to, |sample| f64::from_be_bytes(sample) as f32),
    }
}

/// One and two channels get loops that the compiler can vectorise.
#[inline(always)]
fn planes<const BYTES: usize>(
    bytes: &[u8],
    out: &mut [&mut [f32]],
    to: usize,
    sample: impl Fn([u8; BYTES]) -> f32,
) {
    let (samples, _) = bytes.as_chunks::<BYTES>();
    match out {
        [mono] => {
            for (out, bytes) in mono[to..].iter_mut().zip(samples) {
                *out = sample(*bytes);
            }
        }
        [left, right] => {
            let (frames, _) = samples.as_chunks::<2>();
            for ((left, right), frame) in left[to..].iter_mut().zip(&mut right[to..]).zip(frames) {
                *left = sample(frame[0]);
                *right = sample(frame[1]);
            }
        }
        planes => {
            let channels = planes.len().max(1);
            for (channel, plane) in planes.iter_mut().enumerate() {
                let of_channel = samples.iter().skip(channel).step_by(channels);
                for (out, bytes) in plane[to..].iter_mut().zip(of_channel) {
                    *out = sample(*bytes);
                }
            }
        }
    }
}
