use crate::ics_info::{IcsInfo, WindowSequence, WindowShape};
use crate::imdct::{self, Workspace};
use crate::spectrum::Spectrum;
use crate::windows::{FLAT, LONG, Slopes};

const SHORT: usize = 128;
/// Samples that eight short windows reach over.
const SHORTS: usize = 9 * SHORT;

/// Turns a channel's spectra into samples: everything that a channel keeps from one packet to the next.
pub(crate) struct Synthesis {
    /// The windowed second half of the previous block.
    overlap: [f32; LONG],
    /// The shape of the previous block, which is that of this one's rising half.
    shape: WindowShape,
}

impl Synthesis {
    pub(crate) fn new() -> Self {
        Self { overlap: [0.0; LONG], shape: WindowShape::default() }
    }

    /// The samples of a block (ISO/IEC 14496-3, 4.6.11.3).
    pub(crate) fn run(
        &mut self,
        info: &IcsInfo,
        spectrum: &Spectrum,
        samples: &mut [f32; LONG],
        workspace: &mut Workspace,
    ) {
        let (rise, fall) = (Slopes::of(self.shape), Slopes::of(info.shape));
        self.shape = info.shape;
        if info.max_sfb == 0 {
            samples.copy_from_slice(&self.overlap);
            self.overlap.fill(0.0);
            return;
        }
        match info.sequence {
            WindowSequence::EightShort => {
                let folded = imdct::SHORT.run(spectrum, workspace);
                self.overlap_short(folded, rise, fall, samples);
            }
            sequence => {
                let rise = if sequence == WindowSequence::LongStop { &rise.edge } else { &rise.long };
                let fall = if sequence == WindowSequence::LongStart { &fall.edge } else { &fall.long };
                let folded = imdct::LONG.run(spectrum, workspace);
                let (second, first) = folded.split_at(LONG / 2);
                overlap_rise(first, rise, &self.overlap, samples);
                set_fall(second, fall, &mut self.overlap);
            }
        }
    }

    fn overlap_short(
        &mut self,
        folded: &[f32; LONG],
        rise: &Slopes,
        fall: &Slopes,
        samples: &mut [f32; LONG],
    ) {
        let mut all = [0.0; SHORTS];
        let mut before = [0.0; SHORT];
        let (parts, last) = all.split_at_mut(LONG);
        let parts = parts.as_chunks_mut::<SHORT>().0.iter_mut();
        for (window, (folded, part)) in folded.as_chunks::<SHORT>().0.iter().zip(parts).enumerate() {
            let (second, first) = folded.split_at(SHORT / 2);
            let slope = if window == 0 { rise } else { fall };
            overlap_rise(first, &slope.short, &before, part);
            set_fall(second, &fall.short, &mut before);
        }
        last.copy_from_slice(&before);
        samples.copy_from_slice(&self.overlap);
        samples[FLAT..].iter_mut().zip(&all).for_each(|(sample, value)| *sample += value);
        let (overlap, rest) = self.overlap.split_at_mut(SHORTS - (LONG - FLAT));
        overlap.copy_from_slice(&all[LONG - FLAT..]);
        rest.fill(0.0);
    }
}

/// The first half of a window, unfolded, under its rising slope and on what is left of the window before.
fn overlap_rise(folded: &[f32], slope: &[f32], before: &[f32], out: &mut [f32]) {
    let half = folded.len();
    let (up, down) = out.split_at_mut(half);
    let (slope_up, slope_down) = slope.split_at(half);
    let (before_up, before_down) = before.split_at(half);
    for (((out, &before), &value), slope) in up.iter_mut().zip(before_up).zip(folded).zip(slope_up) {
        *out = before + value * slope;
    }
    let backwards = folded.iter().rev();
    for (((out, &before), &value), slope) in down.iter_mut().zip(before_down).zip(backwards).zip(slope_down) {
        *out = before - value * slope;
    }
}

/// The second half of a window, unfolded, under its falling slope: the rising one backwards.
fn set_fall(folded: &[f32], slope: &[f32], out: &mut [f32]) {
    let half = folded.len();
    let (up, down) = out.split_at_mut(half);
    let (slope_up, slope_down) = slope.split_at(half);
    for ((out, &value), slope) in up.iter_mut().zip(folded.iter().rev()).zip(slope_down.iter().rev()) {
        *out = -value * slope;
    }
    for ((out, &value), slope) in down.iter_mut().zip(folded).zip(slope_up.iter().rev()) {
        *out = -value * slope;
    }
}
