//! Memory that the members of a team write at the same time, each in its own part.

use std::marker::PhantomData;
use std::ops::Range;

/// A slice that is lent to all members of a team for one job.
pub(crate) struct Shared<'a, T> {
    start: *mut T,
    length: usize,
    lent: PhantomData<&'a mut [T]>,
}

// SAFETY: it is a `&mut [T]` whose parts are handed out under the rules of `read` and `write`.
unsafe impl<T: Send> Send for Shared<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    pub(crate) fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), length: slice.len(), lent: PhantomData }
    }

    /// A part to read.
    ///
    /// # Safety
    /// Nobody writes to it before the next meeting of the team.
    #[inline(always)]
    pub(crate) unsafe fn read(&self, part: Range<usize>) -> &[T] {
        assert!(part.start <= part.end && part.end <= self.length, "a part of the memory");
        // SAFETY: within the slice, which lives as long; nobody writes meanwhile.
        unsafe { std::slice::from_raw_parts(self.start.add(part.start), part.end - part.start) }
    }

    /// A part to write.
    ///
    /// # Safety
    /// Nobody else reads or writes it before the next meeting of the team, and the caller has no other reference to it.
    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn write(&self, part: Range<usize>) -> &mut [T] {
        assert!(part.start <= part.end && part.end <= self.length, "a part of the memory");
        // SAFETY: within the slice, which lives as long; nobody else uses it meanwhile.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(part.start), part.end - part.start) }
    }
}

/// A vector that is at least so long.
pub(crate) fn at_least<T: Copy + Default>(memory: &mut Vec<T>, length: usize) -> &mut [T] {
    if memory.len() < length {
        memory.resize(length, T::default());
    }
    &mut memory[..length]
}
