/// What a frame finds beyond the ends of the signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Nothing: frames lie inside the signal, the first one begins with it.
    None,
    /// Zeros. Frames are centred: the middle of the first one is the first sample.
    Zeros,
    /// The signal backwards, the outermost sample not repeated, back and forth when it is short. Frames are centred.
    Reflect,
}

/// How a signal is cut into overlapping frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framing {
    /// Samples of a frame, at least 1.
    pub length: usize,
    /// Samples from a frame to the next one, at least 1.
    pub hop: usize,
    /// What lies beyond the ends.
    pub padding: Padding,
}

/// A signal of `length` samples, or the stretch of it that is at hand.
#[derive(Clone, Copy, Debug)]
pub struct Signal<'a> {
    samples: &'a [f32],
    start: usize,
    length: usize,
}

impl<'a> Signal<'a> {
    /// All of a signal.
    pub fn whole(samples: &'a [f32]) -> Self {
        Self { samples, start: 0, length: samples.len() }
    }

    /// The samples from `start` on, of a signal that ends before sample `length`. What is not at hand counts as zero.
    pub fn part(samples: &'a [f32], start: usize, length: usize) -> Self {
        Self { samples, start, length }
    }

    /// Samples of the whole signal.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The same signal with so many zeros behind it.
    pub(super) fn lengthened(self, zeros: usize) -> Self {
        Self { length: self.length + zeros, ..self }
    }

    fn at(&self, position: usize) -> f32 {
        let index = position.checked_sub(self.start);
        index.and_then(|index| self.samples.get(index)).copied().unwrap_or(0.0)
    }

    fn slice(&self, first: isize, length: usize) -> Option<&'a [f32]> {
        let index = usize::try_from(first).ok()?.checked_sub(self.start)?;
        self.samples.get(index..index.checked_add(length)?)
    }
}

impl Framing {
    /// Samples before the middle of a frame.
    fn lead(&self) -> usize {
        if self.padding == Padding::None { 0 } else { self.length / 2 }
    }

    /// Frames of a signal of this many samples.
    pub fn frames(&self, samples: usize) -> usize {
        let room = (samples + 2 * self.lead()).checked_sub(self.length);
        room.map_or(0, |room| room / self.hop.max(1) + 1)
    }

    /// The samples of frame number `frame`: those of the signal itself where it lies inside, otherwise copied to `padded`.
    pub(super) fn frame<'a>(&self, signal: Signal<'a>, frame: usize, padded: &'a mut Vec<f32>) -> &'a [f32] {
        // Both are far below the largest `isize`: no slice of samples is longer than a quarter of the memory.
        let first = (frame * self.hop) as isize - self.lead() as isize;
        if let Some(inside) = signal.slice(first, self.length) {
            return inside;
        }
        padded.clear();
        padded.extend((first..).take(self.length).map(|position| self.sample(signal, position)));
        padded
    }

    fn sample(&self, signal: Signal<'_>, position: isize) -> f32 {
        match usize::try_from(position) {
            Ok(inside) if inside < signal.length => signal.at(inside),
            _ if self.padding == Padding::Reflect && signal.length > 0 => {
                let last = signal.length as isize - 1;
                let folded = position.checked_rem_euclid(2 * last).unwrap_or(0);
                signal.at(folded.min(2 * last - folded) as usize)
            }
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Framing, Padding, Signal};

    fn frames(padding: Padding, length: usize, hop: usize, samples: &[f32]) -> Vec<Vec<f32>> {
        let framing = Framing { length, hop, padding };
        let (signal, mut padded) = (Signal::whole(samples), Vec::new());
        (0..framing.frames(samples.len()))
            .map(|frame| framing.frame(signal, frame, &mut padded).to_vec())
            .collect()
    }

    #[test]
    fn uncentred_frames_lie_inside_the_signal() {
        let signal = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(frames(Padding::None, 3, 2, &signal), [[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]]);
        assert!(frames(Padding::None, 7, 2, &signal).is_empty());
    }

    #[test]
    fn centred_frames_have_zeros_around_the_signal() {
        let expected = [[0.0, 0.0, 1.0, 2.0], [1.0, 2.0, 3.0, 0.0]];
        assert_eq!(frames(Padding::Zeros, 4, 2, &[1.0, 2.0, 3.0]), expected);
        assert_eq!(frames(Padding::Zeros, 4, 2, &[]), [[0.0; 4]]);
    }

    #[test]
    fn a_reflection_leaves_the_outermost_sample_out() {
        let expected = [[3.0, 2.0, 1.0, 2.0], [1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 3.0, 2.0]];
        assert_eq!(frames(Padding::Reflect, 4, 2, &[1.0, 2.0, 3.0, 4.0]), expected);
    }

    /// As `numpy.pad` does: np.pad([1, 2, 3], 6, mode='reflect').
    #[test]
    fn a_signal_shorter_than_the_padding_is_reflected_back_and_forth() {
        assert_eq!(
            frames(Padding::Reflect, 12, 12, &[1.0, 2.0, 3.0])[0],
            [3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0]
        );
        assert_eq!(frames(Padding::Reflect, 4, 2, &[5.0]), [[5.0; 4]]);
    }

    #[test]
    fn a_stretch_that_holds_a_frame_gives_the_same_frame() {
        let signal: Vec<f32> = (0..100).map(|sample| sample as f32).collect();
        let framing = Framing { length: 16, hop: 5, padding: Padding::Reflect };
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let part = Signal::part(&signal[70..], 70, 100);
        for frame in 16..framing.frames(100) {
            let whole = framing.frame(Signal::whole(&signal), frame, &mut one);
            assert_eq!(framing.frame(part, frame, &mut other), whole, "{frame}");
        }
    }
}
