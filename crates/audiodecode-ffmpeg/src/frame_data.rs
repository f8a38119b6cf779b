/// Numbers of FFmpeg's sample formats, the same in every version.
const U8: i32 = 0;
const S16: i32 = 1;
const S32: i32 = 2;
const FLT: i32 = 3;
const DBL: i32 = 4;
/// The first of the five that have a plane for each channel.
const U8P: i32 = 5;
const S64: i32 = 10;
const S64P: i32 = 11;

/// Where a decoded frame's samples lie.
pub(crate) struct FrameData {
    /// FFmpeg's number of the format.
    pub(crate) format: i32,
    pub(crate) channels: usize,
    pub(crate) frames: usize,
    /// One pointer for each plane.
    pub(crate) planes: *const *const u8,
}

/// Whether samples of this format can be copied.
pub(crate) fn is_known(format: i32) -> bool {
    (U8..=S64P).contains(&format)
}

/// Copies samples, from the frame's sample `from` on, as floats: integers divided by 2^(bits - 1). Channels that the frame lacks
/// and frames beyond its end are left as they are.
///
/// # Safety
/// `data` describes memory that is there: `frames` samples of every channel, in planes or interleaved, as `format` says.
pub(crate) unsafe fn copy(data: &FrameData, from: usize, out: &mut [&mut [f32]]) {
    let (kind, planar) = match data.format {
        S64 => (S64, false),
        S64P => (S64, true),
        U8..U8P => (data.format, false),
        U8P..S64 => (data.format - U8P, true),
        _ => return,
    };
    let count = out.first().map_or(0, |plane| plane.len()).min(data.frames.saturating_sub(from));
    for (channel, plane) in out.iter_mut().enumerate().take(data.channels) {
        let target = &mut plane[..count];
        // SAFETY: the caller's.
        unsafe {
            let at = Place { data, from, channel, planar };
            match kind {
                U8 => at.convert::<u8>(target, |x| (f32::from(x) - 128.0) / 128.0),
                S16 => at.convert::<i16>(target, |x| f32::from(x) / 32_768.0),
                S32 => at.convert::<i32>(target, |x| x as f32 / 2_147_483_648.0),
                FLT => at.convert::<f32>(target, |x| x),
                DBL => at.convert::<f64>(target, |x| x as f32),
                _ => at.convert::<i64>(target, |x| x as f32 / 9_223_372_036_854_775_808.0),
            }
        }
    }
}

struct Place<'a> {
    data: &'a FrameData,
    from: usize,
    channel: usize,
    planar: bool,
}

impl Place<'_> {
    /// # Safety
    /// As for `copy`, with samples of type `T`; `target` is no longer than what is left of the frame.
    unsafe fn convert<T: Copy>(&self, target: &mut [f32], float: impl Fn(T) -> f32) {
        let Self { data, from, channel, planar } = *self;
        let (plane, step) = if planar { (channel, 1) } else { (0, data.channels) };
        // SAFETY: the caller's; FFmpeg aligns planes to more than any sample's size.
        let samples = unsafe {
            let start = (*data.planes.add(plane)).cast::<T>();
            std::slice::from_raw_parts(start, data.frames * step)
        };
        if step == 1 {
            let source = &samples[from..];
            target.iter_mut().zip(source).for_each(|(out, &x)| *out = float(x));
        } else {
            let source = samples[from * step + channel..].iter().step_by(step);
            target.iter_mut().zip(source).for_each(|(out, &x)| *out = float(x));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copies from a frame with these planes.
    fn copied<T>(format: i32, channels: usize, frames: usize, planes: &[&[T]], from: usize) -> Vec<Vec<f32>> {
        let pointers: Vec<*const u8> = planes.iter().map(|plane| plane.as_ptr().cast()).collect();
        let data = FrameData { format, channels, frames, planes: pointers.as_ptr() };
        let mut out = vec![vec![9.0; frames - from]; channels];
        let mut slices: Vec<&mut [f32]> = out.iter_mut().map(Vec::as_mut_slice).collect();
        // SAFETY: every plane holds what the format says.
        unsafe { copy(&data, from, &mut slices) };
        out
    }

    #[test]
    fn integers_of_every_width_reach_from_minus_one_to_just_below_one() {
        assert_eq!(copied(U8, 1, 3, &[&[0u8, 128, 255]], 0), [[-1.0, 0.0, 127.0 / 128.0]]);
        assert_eq!(
            copied(S16, 1, 3, &[&[i16::MIN, 1, i16::MAX]], 0),
            [[-1.0, 1.0 / 32768.0, 32767.0 / 32768.0]]
        );
        assert_eq!(copied(S32, 1, 2, &[&[i32::MIN, 1 << 30]], 0), [[-1.0, 0.5]]);
        assert_eq!(copied(S64, 1, 2, &[&[i64::MIN, 1 << 62]], 0), [[-1.0, 0.5]]);
    }

    #[test]
    fn interleaved_and_planar_samples_come_out_by_channel() {
        assert_eq!(copied(FLT, 2, 3, &[&[1f32, 2.0, 3.0, 4.0, 5.0, 6.0]], 1), [[3.0, 5.0], [4.0, 6.0]]);
        assert_eq!(copied(U8P + FLT, 2, 2, &[&[1f32, 2.0], &[3.0, 4.0]], 0), [[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(copied(U8P + DBL, 2, 2, &[&[0.25f64, 2.0], &[3.0, 0.1]], 1), [[2.0], [0.1]]);
        assert_eq!(copied(S64P, 1, 1, &[&[1i64 << 61]], 0), [[0.25]]);
    }
}
