/// Samples at the beginning of a cache line, so that no vector of them lies across two.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Aligned<const COUNT: usize>(pub(crate) [f32; COUNT]);

impl<const COUNT: usize> Aligned<COUNT> {
    pub(crate) const ZERO: Self = Self([0.0; COUNT]);
}
