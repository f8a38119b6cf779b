use crate::{ResampleError, Resampler, resampled_frame};

/// Resamples whole planes of equal length. Gives `resampled_frame(length)` frames per plane, without delay.
///
/// Bit for bit what [`Resampler`] gives block by block. A shorter plane counts as padded with zeros.
pub fn resample(
    planes: &[Vec<f32>],
    input_rate: u32,
    output_rate: u32,
) -> Result<Vec<Vec<f32>>, ResampleError> {
    if planes.is_empty() || input_rate == output_rate {
        return Ok(planes.to_vec());
    }
    let error = ResampleError::new(input_rate, output_rate);
    let frames = planes.iter().map(Vec::len).max().unwrap_or(0);
    let kept = usize::try_from(resampled_frame(frames as u64, input_rate, output_rate)).map_err(|_| error)?;
    let mut resampler = Resampler::new(input_rate, output_rate, 1)?;
    let (block, delay) = (resampler.block(), resampler.delay());
    let blocks = (kept + delay).div_ceil(block.output);
    let resampled = |plane: &Vec<f32>| {
        resampler.reset();
        let mut output = vec![0.0; blocks * block.output];
        let parts = plane.chunks(block.input).chain(std::iter::repeat(&[][..]));
        for (input, output) in parts.zip(output.chunks_exact_mut(block.output)) {
            resampler.process(&[input], input.len(), &mut [output]).map_err(|_| error)?;
        }
        output.copy_within(delay..delay + kept, 0);
        output.truncate(kept);
        Ok(output)
    };
    planes.iter().map(resampled).collect()
}

#[cfg(test)]
mod tests {
    use super::resample;
    use crate::noise::noise;

    #[test]
    fn channels_do_not_touch_each_other() {
        let planes = [noise(5_000, 3), noise(5_000, 4)];
        let together = resample(&planes, 48_000, 22_050).unwrap();
        for (plane, alone) in together.iter().zip(&planes) {
            assert_eq!(*plane, resample(std::slice::from_ref(alone), 48_000, 22_050).unwrap()[0]);
        }
    }

    #[test]
    fn a_constant_stays_the_constant() {
        let output = resample(&[vec![0.5; 20_000]], 44_100, 48_000).unwrap();
        let middle = &output[0][4_000..output[0].len() - 4_000];
        assert!(middle.iter().all(|sample| (sample - 0.5).abs() < 1e-6));
    }

    #[test]
    fn a_shorter_plane_counts_as_padded_with_zeros() {
        let (long, short) = (noise(30_000, 5), noise(11_000, 6));
        let padded = [&short[..], &[0.0; 19_000]].concat();
        let output = resample(&[long, short], 44_100, 22_050).unwrap();
        assert_eq!(output[1], resample(&[padded], 44_100, 22_050).unwrap()[0]);
        assert!(output.iter().all(|plane| plane.len() == 15_000));
    }

    #[test]
    fn an_empty_signal_and_equal_rates_need_no_filter() {
        assert_eq!(resample(&[vec![]], 44_100, 16_000).unwrap(), [Vec::<f32>::new()]);
        assert_eq!(resample(&[vec![0.1, 0.2]], 8_000, 8_000).unwrap(), [vec![0.1, 0.2]]);
    }
}
