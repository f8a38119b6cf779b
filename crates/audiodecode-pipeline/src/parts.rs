use crate::plan::OutputRange;

/// How to divide a decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Most threads, the caller's among them.
    pub threads: usize,
    /// Native frames of the shortest part.
    pub min_part_frames: u64,
}

impl Split {
    /// Parts long enough for what a source decodes to get ready for one (up to a tenth of that for MP3) and for what starting a
    /// thread costs.
    pub fn among(threads: usize) -> Self {
        Self { threads, min_part_frames: 1 << 16 }
    }
}

/// Native frames of the longest part: a thread looks between parts whether it is wanted elsewhere.
const MAX_PART_FRAMES: u64 = 1 << 22;

/// One stretch of a range and the place of its samples.
pub(crate) struct Part<'a> {
    pub(crate) native_start: u64,
    pub(crate) native_end: u64,
    pub(crate) last: bool,
    pub(crate) planes: Vec<&'a mut [f32]>,
}

/// A range up to so many shortest parts for each thread is cut into one equal part for each: more parts would cost more than
/// threads of unequal speed do.
const EQUAL_UP_TO: u64 = 8;

/// A range cut into parts, handed out from its start. In a long one parts get smaller towards the end, so that threads of
/// unequal speed finish together.
pub(crate) struct Parts<'a> {
    range: OutputRange,
    next: u64,
    end: u64,
    /// What of every plane has not been handed out.
    rest: Vec<&'a mut [f32]>,
    workers: u64,
    min_part_frames: u64,
    /// Length of all parts of a short range.
    equal: Option<u64>,
}

impl<'a> Parts<'a> {
    /// `planes` hold exactly the output of the native frames up to `end`.
    pub(crate) fn new(range: OutputRange, end: u64, planes: Vec<&'a mut [f32]>, split: Split) -> Self {
        let Split { threads, min_part_frames } = split;
        let workers = threads.max(1) as u64;
        let (next, total) = (range.native_start, end.saturating_sub(range.native_start));
        let short = total < workers.saturating_mul(min_part_frames).saturating_mul(EQUAL_UP_TO);
        let equal = short.then_some(total.div_ceil(workers));
        Self { range, next, end, rest: planes, workers, min_part_frames, equal }
    }

    pub(crate) fn take(&mut self) -> Option<Part<'a>> {
        let left = self.end.saturating_sub(self.next);
        if left == 0 {
            return None;
        }
        let least = self.min_part_frames.clamp(1, MAX_PART_FRAMES);
        let frames = if let Some(equal) = self.equal {
            equal.min(left)
        } else {
            let wanted = (left * 2 / (3 * self.workers)).clamp(least, MAX_PART_FRAMES);
            // A short rest is not worth a part of its own.
            if left < wanted + least { left } else { wanted }
        };
        let (native_start, native_end) = (self.next, self.next + frames);
        let length = (self.range.to_output(native_end) - self.range.to_output(native_start)) as usize;
        let planes = self.rest.iter_mut().map(|rest| {
            let (head, tail) = std::mem::take(rest).split_at_mut(length);
            *rest = tail;
            head
        });
        let planes = planes.collect();
        self.next = native_end;
        Some(Part { native_start, native_end, last: native_end == self.end, planes })
    }
}
