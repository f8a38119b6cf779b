use std::fmt;

/// The frames that a [`Resampler`](crate::Resampler) takes and gives at a time. Both sides are even and in the exact
/// ratio of the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockSize {
    /// Frames of the input rate.
    pub input: usize,
    /// Frames of the output rate.
    pub output: usize,
}

/// Rates that cannot be resampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResampleError {
    input_rate: u32,
    output_rate: u32,
}

impl ResampleError {
    pub(crate) fn new(input_rate: u32, output_rate: u32) -> Self {
        Self { input_rate, output_rate }
    }
}

impl fmt::Display for ResampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot resample from {} Hz to {} Hz", self.input_rate, self.output_rate)
    }
}

impl std::error::Error for ResampleError {}

/// The smaller side sets the width of the transition band: 160 frames cost 5 dB at 0.913 of Nyquist, 600 nothing that can
/// be measured up to 0.95.
const MIN_SIDE: u64 = 600;

/// Samples of one block, both sides and all channels, so that a rate out of a forged header reserves at most about 200 MB.
const MAX_BLOCK_SAMPLES: u64 = 1 << 23;

/// Chooses the block for a pair of rates: the smallest whose smaller side is long enough for the filter, whose sides are
/// even (the filter's delay is half a block and has to be a whole number of frames on both sides), and whose factor over
/// the reduced ratio keeps the FFT fast.
///
/// Rates without a common divisor make blocks of up to two seconds, and fail when that is more than 2²³ samples.
pub fn block_size(input_rate: u32, output_rate: u32, channels: usize) -> Result<BlockSize, ResampleError> {
    let error = ResampleError::new(input_rate, output_rate);
    if input_rate == 0 || output_rate == 0 || channels == 0 {
        return Err(error);
    }
    let divisor = greatest_common_divisor(input_rate, output_rate);
    let (input, output) = (u64::from(input_rate / divisor), u64::from(output_rate / divisor));
    let step = if input % 2 == 0 && output % 2 == 0 { 1 } else { 2 };
    let mut factor = MIN_SIDE.div_ceil(input.min(output)).next_multiple_of(step);
    while !is_smooth(factor) {
        factor += step;
    }
    let samples = u128::from(factor) * u128::from(input + output) * channels as u128;
    if samples > u128::from(MAX_BLOCK_SAMPLES) {
        return Err(error);
    }
    let side = |frames: u64| usize::try_from(factor * frames).map_err(|_| error);
    Ok(BlockSize { input: side(input)?, output: side(output)? })
}

/// Whether the number has no prime factor beyond 5.
fn is_smooth(mut number: u64) -> bool {
    for prime in [2, 3, 5] {
        while number > 1 && number.is_multiple_of(prime) {
            number /= prime;
        }
    }
    number == 1
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::{BlockSize, block_size};

    #[test]
    fn sides_are_even_in_ratio_and_long_enough() {
        let rates =
            [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
        for input in rates.into_iter().chain([44_101, 96_001]) {
            for output in rates.into_iter().chain([44_099]) {
                let block = block_size(input, output, 1).unwrap();
                assert_eq!((block.input % 2, block.output % 2), (0, 0), "{input} -> {output}");
                assert_eq!(
                    block.input * output as usize,
                    block.output * input as usize,
                    "{input} -> {output}"
                );
                assert!(block.input.min(block.output) >= 600, "{input} -> {output}");
            }
        }
        assert_eq!(block_size(44_100, 16_000, 2).unwrap(), BlockSize { input: 1764, output: 640 });
    }

    #[test]
    fn refuses_rates_that_would_need_a_huge_block() {
        let error = block_size(4_294_967_291, 16_000, 2).unwrap_err();
        assert_eq!(error.to_string(), "cannot resample from 4294967291 Hz to 16000 Hz");
        assert!(block_size(48_000, u32::MAX, 1).is_err());
        assert!(block_size(0, 16_000, 1).is_err());
        assert!(block_size(16_000, 0, 1).is_err());
        assert!(block_size(44_101, 16_000, 64).is_ok());
    }
}
