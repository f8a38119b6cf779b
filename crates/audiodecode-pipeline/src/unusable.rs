use crate::Damage;

/// Beyond this the sums of a long FFT could overflow; no signal comes near it.
const LARGEST: f32 = 1e25;

/// What their damage is told as.
pub(crate) const UNUSABLE: &str = "samples that are no finite numbers cannot be resampled";

/// Silences what a float file may hold and a filter cannot: NaN, infinities and absurd values would spread over whole blocks.
///
/// `start` is the native frame of the first sample, and each sample stands for `step` of them. Tells the region from the first to
/// the last frame concerned: one for a block, so that a file full of them cannot fill the memory with its report.
pub(crate) fn silence_unusable(
    planes: &mut [Vec<f32>],
    frames: usize,
    start: u64,
    step: u64,
) -> Option<Damage> {
    let usable = |sample: &f32| sample.abs() <= LARGEST;
    let mut concerned: Option<(usize, usize)> = None;
    for plane in planes {
        let plane = &mut plane[..frames];
        // Almost always true, and quick to find out: without leaving early inside a chunk the comparisons are done side by side.
        if plane.chunks(64).all(|chunk| chunk.iter().fold(true, |all, sample| all & usable(sample))) {
            continue;
        }
        for (frame, sample) in plane.iter_mut().enumerate().filter(|(_, sample)| !usable(sample)) {
            *sample = 0.0;
            let (first, last) = concerned.unwrap_or((frame, frame));
            concerned = Some((first.min(frame), last.max(frame)));
        }
    }
    let (first, last) = concerned?;
    Some(Damage {
        start_frame: start + step * first as u64,
        end_frame: start + step * (last as u64 + 1),
        byte_offset: None,
        reason: UNUSABLE.to_owned(),
    })
}
