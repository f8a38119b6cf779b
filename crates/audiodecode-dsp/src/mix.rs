/// Mixes the first `frames` frames of `planes` into the first plane: the mean of the channels.
///
/// The order is fixed, so that every machine gives the same bits (a source that mixes itself, as MP3 does, rounds otherwise): `((c0 + c1) + c2 + …) / n`, each step
/// rounded to `f32`. It is the order of `numpy.mean` over the channels and so of librosa's `to_mono`. One channel stays as
/// it is. Planes must hold at least `frames` samples; what is beyond the shortest is left alone.
pub fn mix_in_place(planes: &mut [Vec<f32>], frames: usize) {
    let Some((first, others)) = planes.split_first_mut() else { return };
    let frames = others.iter().map(Vec::len).fold(frames.min(first.len()), usize::min);
    mix_planes(&mut first[..frames], others.iter().map(|plane| &plane[..frames]));
}

/// Writes the mean of `first` and `others` over `first`, in the order that [`mix_in_place`] states.
///
/// For a caller whose first channel lies in its output already. Planes shorter than `first` limit what is mixed.
pub fn mix_to_mono(first: &mut [f32], others: &[Vec<f32>]) {
    let frames = others.iter().map(Vec::len).fold(first.len(), usize::min);
    mix_planes(&mut first[..frames], others.iter().map(|plane| &plane[..frames]));
}

fn mix_planes<'a>(first: &mut [f32], others: impl ExactSizeIterator<Item = &'a [f32]>) {
    let channels = others.len() + 1;
    if channels == 1 {
        return;
    }
    let divisor = channels as f32;
    for (index, plane) in others.enumerate() {
        // The division goes with the last addition, so that stereo takes one pass over memory.
        if index + 2 == channels {
            first.iter_mut().zip(plane).for_each(|(sum, sample)| *sum = (*sum + sample) / divisor);
        } else {
            first.iter_mut().zip(plane).for_each(|(sum, sample)| *sum += sample);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{mix_in_place, mix_to_mono};

    #[test]
    fn stereo_becomes_the_mean() {
        let mut planes = vec![vec![1.0, -0.5, 0.25], vec![0.0, 0.5, 0.75]];
        mix_in_place(&mut planes, 3);
        assert_eq!(planes[0], [0.5, 0.0, 0.5]);
    }

    #[test]
    fn adds_from_left_to_right_and_divides_last() {
        // 1e8 absorbs a 1 added to it, so left to right gives 3/4; exact sums, and other orders, give 1.
        let mut planes = vec![vec![1e8_f32], vec![1.0], vec![-1e8], vec![3.0]];
        mix_in_place(&mut planes, 1);
        assert_eq!(planes[0], [0.75], "numpy.mean(np.float32([1e8, 1, -1e8, 3])) over an outer axis");
        // A third is not a power of two: dividing differs from multiplying by the reciprocal.
        let mut planes = vec![vec![0.1_f32], vec![0.2], vec![0.5]];
        mix_in_place(&mut planes, 1);
        assert_eq!(planes[0], [(0.1_f32 + 0.2 + 0.5) / 3.0]);
    }

    #[test]
    fn leaves_mono_and_what_is_beyond_the_frames_alone() {
        let mut planes = vec![vec![0.3, 0.4]];
        mix_in_place(&mut planes, 2);
        assert_eq!(planes[0], [0.3, 0.4]);
        let mut planes = vec![vec![1.0, 1.0], vec![0.0, 0.0]];
        mix_in_place(&mut planes, 1);
        assert_eq!(planes[0], [0.5, 1.0]);
    }

    #[test]
    fn mixes_into_a_slice_of_the_caller() {
        let mut first = [1.0, 2.0];
        mix_to_mono(&mut first, &[vec![3.0, 4.0], vec![2.0, 3.0]]);
        assert_eq!(first, [2.0, 3.0]);
    }
}
