use std::f64::consts::FRAC_PI_2;

/// The rising half of a window (4.3.1).
pub(crate) fn window_slope(length: usize) -> Vec<f32> {
    let slope = (0..length).map(|index| {
        let sine = ((index as f64 + 0.5) / length as f64 * FRAC_PI_2).sin();
        (FRAC_PI_2 * sine * sine).sin() as f32
    });
    slope.collect()
}

/// Overlaps two blocks, each given by the N samples of its DCT (see [`crate::imdct`]), and gives what lies between their middles
/// (4.3.8). `slope` is the window's, of the smaller block.
///
/// With d for a block's DCT, its first half is d\[N/2..N\] and then the same backwards and negated; its second half is d\[N/2..0\]
/// negated, backwards first and then forwards. The window of the larger block is flat where the smaller one does not reach.
pub(crate) fn overlap(before: &[f32], now: &[f32], slope: &[f32], out: &mut [f32]) {
    let half = slope.len() / 2;
    // Of each block, the part that overlaps and the part that stands alone.
    let (fading, alone) = before[..before.len() / 2].split_at(half);
    let (alone_behind, rising) = now[now.len() / 2..].split_at(now.len() / 2 - half);
    let (flat, rest) = out.split_at_mut(alone.len());
    let (faded, flat_behind) = rest.split_at_mut(slope.len());
    flat.iter_mut().zip(alone.iter().rev()).for_each(|(out, &sample)| *out = -sample);
    flat_behind.iter_mut().zip(alone_behind.iter().rev()).for_each(|(out, &sample)| *out = -sample);
    let (left, right) = faded.split_at_mut(half);
    let (low, high) = slope.split_at(half);
    // Eight at a time, so that the compiler can calculate them side by side; even the shortest block has 16.
    let windows = low.as_chunks::<8>().0.iter().zip(high.as_chunks::<8>().0.iter().rev());
    let samples = fading.as_chunks::<8>().0.iter().rev().zip(rising.as_chunks::<8>().0);
    let places = left.as_chunks_mut::<8>().0.iter_mut().zip(right.as_chunks_mut::<8>().0.iter_mut().rev());
    for (((left, right), (fading, rising)), (low, high)) in places.zip(samples).zip(windows) {
        for index in 0..8 {
            let (p, c) = (fading[7 - index], rising[index]);
            left[index] = c * low[index] - p * high[7 - index];
            right[7 - index] = -(p * low[index] + c * high[7 - index]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block's 2N samples from its DCT, by the definition of the inverse MDCT.
    fn unfold(dct: &[f32]) -> Vec<f32> {
        let count = dct.len();
        let sample = |index: usize| match index + count / 2 {
            at if at < count => dct[at],
            at if at < 2 * count => -dct[2 * count - 1 - at],
            at => -dct[at - 2 * count],
        };
        (0..2 * count).map(sample).collect()
    }

    /// The window of a block between two others (4.3.1), by its parts.
    fn window(size: usize, left: usize, right: usize) -> Vec<f32> {
        let part = |neighbour: usize| {
            let flat = (size - neighbour.min(size)) / 4;
            let slope = window_slope(neighbour.min(size) / 2);
            [vec![0.0; flat], slope, vec![1.0; flat]].concat()
        };
        let mut right = part(right);
        right.reverse();
        [part(left), right].concat()
    }

    #[test]
    fn windowed_blocks_are_added_around_their_common_quarter() {
        for (before, now) in [(64, 64), (256, 256), (256, 64), (64, 256), (8192, 64), (128, 8192)] {
            let dct = |size: usize, seed: f32| -> Vec<f32> {
                (0..size / 2).map(|index| (index as f32 * seed).sin()).collect()
            };
            let (a, b) = (dct(before, 0.37), dct(now, 1.13));
            let mut out = vec![9.0; before / 4 + now / 4];
            overlap(&a, &b, &window_slope(before.min(now) / 2), &mut out);
            // The centre of the second block's rising part lies on that of the first one's falling part.
            let first: Vec<f32> =
                unfold(&a).iter().zip(window(before, before, now)).map(|(s, w)| s * w).collect();
            let second: Vec<f32> =
                unfold(&b).iter().zip(window(now, before, now)).map(|(s, w)| s * w).collect();
            let offset = (before * 3 / 4) as isize - (now / 4) as isize;
            for (index, &sample) in out.iter().enumerate() {
                let at = index + before / 2;
                let other = usize::try_from(at as isize - offset).ok().and_then(|at| second.get(at));
                let expected = first.get(at).unwrap_or(&0.0) + other.unwrap_or(&0.0);
                assert!((sample - expected).abs() < 1e-6, "{before}, {now}: {sample} {expected} at {index}");
            }
        }
    }

    #[test]
    fn slopes_of_two_blocks_add_to_one_in_power() {
        let slope = window_slope(1024);
        for (rising, falling) in slope.iter().zip(slope.iter().rev()) {
            assert!((rising * rising + falling * falling - 1.0).abs() < 1e-6);
        }
    }
}
