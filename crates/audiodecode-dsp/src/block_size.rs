use crate::ResampleError;
use crate::segments::Segments;

/// The frames that a [`Resampler`](crate::Resampler) takes and gives at a time. Both sides are even and in the exact
/// ratio of the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockSize {
    /// Frames of the input rate.
    pub input: usize,
    /// Frames of the output rate.
    pub output: usize,
}

/// Samples of one block, both sides and all channels, so that a rate out of a forged header reserves at most 32 MB for it.
const MAX_BLOCK_SAMPLES: usize = 1 << 23;

/// The block for a pair of rates: two hops of the FFT, at most 1,800 frames of the lower rate for usual rates.
///
/// Rates without a common divisor make blocks of two seconds. All pairs of rates from 1 to 192 kHz have one; those that would
/// need transforms of more than 786,432 points together, or a block of more than 2²³ samples, fail.
pub fn block_size(input_rate: u32, output_rate: u32, channels: usize) -> Result<BlockSize, ResampleError> {
    sized(input_rate, output_rate, channels).map(|(block, _)| block)
}

/// The block, and the segments that it is made of.
pub(crate) fn sized(
    input_rate: u32,
    output_rate: u32,
    channels: usize,
) -> Result<(BlockSize, Segments), ResampleError> {
    let error = ResampleError::new(input_rate, output_rate);
    let segments = Segments::new(input_rate, output_rate).ok_or(error)?;
    let block = BlockSize { input: 2 * segments.input.hop, output: 2 * segments.output.hop };
    match (block.input + block.output).checked_mul(channels) {
        Some(1..=MAX_BLOCK_SAMPLES) => Ok((block, segments)),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockSize, block_size};

    #[test]
    fn sides_are_even_and_in_ratio() {
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
                let usual = rates.contains(&input) && output != 44_099;
                assert!(!usual || block.input.min(block.output) <= 1_800, "{input} -> {output}");
            }
        }
        assert_eq!(block_size(44_100, 16_000, 2).unwrap(), BlockSize { input: 3528, output: 1280 });
    }

    #[test]
    fn refuses_rates_that_would_need_a_huge_block() {
        let error = block_size(4_294_967_291, 16_000, 2).unwrap_err();
        assert_eq!(error.to_string(), "cannot resample from 4294967291 Hz to 16000 Hz");
        assert!(block_size(48_000, u32::MAX, 1).is_err());
        assert!(block_size(u32::MAX, u32::MAX - 1, 1).is_err());
        assert!(block_size(0, 16_000, 1).is_err());
        assert!(block_size(16_000, 0, 1).is_err());
        assert!(block_size(48_000, 16_000, 0).is_err());
        assert!(block_size(48_000, 16_000, usize::MAX).is_err());
        assert!(block_size(44_101, 16_000, 64).is_ok());
        assert!(block_size(192_000, 191_999, 8).is_ok());
    }
}
