/// Deterministic noise in [-1, 1), for tests.
pub(crate) fn noise(frames: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..frames).map(|_| next()).collect()
}
