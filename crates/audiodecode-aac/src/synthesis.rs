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
        let mut folded = [0.0; LONG];
        match info.sequence {
            WindowSequence::EightShort => {
                imdct::SHORT.run(spectrum, &mut folded, workspace);
                self.overlap_short(&folded, rise, fall, samples);
            }
            sequence => {
                imdct::LONG.run(spectrum, &mut folded, workspace);
                let rise = if sequence == WindowSequence::LongStop { &rise.edge } else { &rise.long };
                let fall = if sequence == WindowSequence::LongStart { &fall.edge } else { &fall.long };
                self.overlap_long(&folded, rise, fall, samples);
            }
        }
    }

    fn overlap_long(
        &mut self,
        folded: &[f32; LONG],
        rise: &[f32; LONG],
        fall: &[f32; LONG],
        samples: &mut [f32; LONG],
    ) {
        let (second, first) = folded.split_at(LONG / 2);
        samples.copy_from_slice(&self.overlap);
        add_rise(first, rise, samples);
        self.overlap.fill(0.0);
        add_fall(second, fall, &mut self.overlap);
    }

    fn overlap_short(
        &mut self,
        folded: &[f32; LONG],
        rise: &Slopes,
        fall: &Slopes,
        samples: &mut [f32; LONG],
    ) {
        let mut all = [0.0; SHORTS];
        for (window, folded) in folded.as_chunks::<SHORT>().0.iter().enumerate() {
            let (second, first) = folded.split_at(SHORT / 2);
            let slope = if window == 0 { rise } else { fall };
            let (rising, falling) = all[window * SHORT..][..2 * SHORT].split_at_mut(SHORT);
            add_rise(first, &slope.short, rising);
            add_fall(second, &fall.short, falling);
        }
        samples.copy_from_slice(&self.overlap);
        samples[FLAT..].iter_mut().zip(&all).for_each(|(sample, value)| *sample += value);
        let (overlap, rest) = self.overlap.split_at_mut(SHORTS - (LONG - FLAT));
        overlap.copy_from_slice(&all[LONG - FLAT..]);
        rest.fill(0.0);
    }
}

/// Adds the first half of a window, unfolded, under its rising slope.
fn add_rise(folded: &[f32], slope: &[f32], out: &mut [f32]) {
    let half = folded.len();
    let (out_up, out_down) = out.split_at_mut(half);
    let (slope_up, slope_down) = slope.split_at(half);
    for ((out, &value), slope) in out_up.iter_mut().zip(folded).zip(slope_up) {
        *out += value * slope;
    }
    for ((out, &value), slope) in out_down.iter_mut().zip(folded.iter().rev()).zip(slope_down) {
        *out -= value * slope;
    }
}

/// Adds the second half of a window, unfolded, under its falling slope.
fn add_fall(folded: &[f32], slope: &[f32], out: &mut [f32]) {
    let half = folded.len();
    let (out_up, out_down) = out.split_at_mut(half);
    let (slope_up, slope_down) = slope.split_at(half);
    for ((out, &value), slope) in out_up.iter_mut().zip(folded.iter().rev()).zip(slope_down.iter().rev()) {
        *out -= value * slope;
    }
    for ((out, &value), slope) in out_down.iter_mut().zip(folded).zip(slope_up.iter().rev()) {
        *out -= value * slope;
    }
}
