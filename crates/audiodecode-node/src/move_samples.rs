/// Samples moved at a time.
const STEP: usize = 1 << 18;

/// Moves samples to the beginning of `to` and gives the memory they lay in back on the way, so that a large result is never there
/// twice. What `from` holds afterwards is undefined.
pub(crate) fn move_samples(from: &mut [f32], to: &mut [f32]) {
    for (from, to) in from.chunks_mut(STEP).zip(to.chunks_mut(STEP)) {
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        release(from);
    }
}

/// Lets the system take the pages of memory that only this process has and whose contents nobody wants. Elsewhere than on Linux
/// nothing is done.
fn release(samples: &mut [f32]) {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: asks for a number.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(0);
        if !page.is_power_of_two() {
            return;
        }
        let bytes = size_of_val(samples);
        let start = samples.as_mut_ptr().cast::<u8>();
        let skipped = start.align_offset(page);
        let whole = bytes.saturating_sub(skipped) / page * page;
        if whole > 0 {
            // SAFETY: `skipped + whole` is at most `bytes`, so the pages lie inside the slice, which is ours alone to write. They
            // read as zeros from now on, which are samples.
            unsafe { libc::madvise(start.add(skipped).cast(), whole, libc::MADV_DONTNEED) };
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = samples;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_arrive_and_their_neighbours_stay() {
        let mut from: Vec<f32> = (0..(3 << 18) + 77).map(|index| index as f32).collect();
        let expected = from.clone();
        let mut to = vec![-1.0; from.len()];
        let inner = 5..from.len() - 3;
        move_samples(&mut from[inner.clone()], &mut to[..inner.len()]);
        assert!(to[..inner.len()] == expected[inner.clone()]);
        assert!(to[inner.len()..].iter().all(|&sample| sample == -1.0));
        assert!(from[..5] == expected[..5] && from[inner.end..] == expected[inner.end..]);
        move_samples(&mut [], &mut to);
    }
}
