//! What becomes of the outputs of a layer. Each member of a team has outputs of its own, so that none of the places is another's.

use crate::row_math::gelu;
use crate::scratch::Shared;
use crate::simd::Isa;
use crate::weight_matrix::Finish;

/// Puts them into a matrix of `columns`.
pub(crate) struct Put<'a> {
    pub(crate) target: &'a Shared<'a, f32>,
    pub(crate) columns: usize,
}

/// Adds them to it.
pub(crate) struct Add<'a> {
    pub(crate) target: &'a Shared<'a, f32>,
    pub(crate) columns: usize,
}

/// Puts their Gelu into it.
pub(crate) struct PutGelu<'a> {
    pub(crate) target: &'a Shared<'a, f32>,
    pub(crate) columns: usize,
}

impl Finish for Put<'_> {
    #[inline(always)]
    fn finish<I: Isa>(&self, row: usize, first: usize, sums: &[f32]) {
        let start = row * self.columns + first;
        // SAFETY: nobody else has these outputs.
        unsafe { self.target.write(start..start + sums.len()) }.copy_from_slice(sums);
    }
}

impl Finish for Add<'_> {
    #[inline(always)]
    fn finish<I: Isa>(&self, row: usize, first: usize, sums: &[f32]) {
        let start = row * self.columns + first;
        // SAFETY: nobody else has these outputs.
        let target = unsafe { self.target.write(start..start + sums.len()) };
        for (target, sum) in target.iter_mut().zip(sums) {
            *target += sum;
        }
    }
}

impl Finish for PutGelu<'_> {
    #[inline(always)]
    fn finish<I: Isa>(&self, row: usize, first: usize, sums: &[f32]) {
        let start = row * self.columns + first;
        // SAFETY: nobody else has these outputs.
        let target = unsafe { self.target.write(start..start + sums.len()) };
        for (target, sum) in target.iter_mut().zip(sums) {
            *target = gelu::<I>(*sum);
        }
    }
}
