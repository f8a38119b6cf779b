use audiodecode_dsp::{ColumnParts, Signal, first_not_finite};
use audiodecode_pipeline::{CancelFlag, Error, Result};

use crate::fill::misfit;
use crate::options::NativeFrames;

/// Numbers handled between two looks at the cancel flag: a millisecond.
const STRETCH: usize = 1 << 20;

/// The planes of so many channels, and their signals, all of whose samples are numbers.
pub(crate) fn signals<'a>(
    samples: &'a [f32],
    frames: &NativeFrames,
    cancel: &CancelFlag,
) -> Result<Vec<Signal<'a>>> {
    let count = frames.channels.max(1) as usize;
    let (start, length) = (frames.start as usize, frames.length as usize);
    let plane = samples.len() / count;
    let planes = (0..count).map(|channel| {
        let samples = &samples[channel * plane..(channel + 1) * plane];
        check_finite(samples, channel, start, cancel)?;
        Ok(Signal::part(samples, start, length))
    });
    planes.collect()
}

/// The part of an output that belongs to each channel.
pub(crate) fn split(output: &mut [f32], channels: usize) -> Result<Vec<&mut [f32]>> {
    if !output.len().is_multiple_of(channels) {
        return Err(misfit());
    }
    // Empty parts have to be there as well.
    let (size, mut rest) = (output.len() / channels, output);
    let parts = (0..channels).map(|_| {
        let (part, after) = std::mem::take(&mut rest).split_at_mut(size);
        rest = after;
        part
    });
    Ok(parts.collect())
}

/// The columns of a matrix of so many rows, all of which the signal has. Each takes so many steps.
pub(crate) fn parts<'a>(
    matrix: &'a mut [f32],
    rows: usize,
    frames: &NativeFrames,
    steps: usize,
) -> Result<ColumnParts<'a>> {
    let (first, columns) = (frames.first_frame as usize, frames.frames as usize);
    let there = frames.framing().frames(frames.length as usize);
    if matrix.len() != rows * columns || first + columns > there {
        return Err(misfit());
    }
    Ok(ColumnParts::of_matrix(first, matrix, columns, steps))
}

/// Goes through values in stretches, as long as nobody cancels.
pub(crate) fn in_stretches(
    values: &mut [f32],
    cancel: &CancelFlag,
    mut look: impl FnMut(&mut [f32]),
) -> Result<()> {
    for stretch in values.chunks_mut(STRETCH) {
        cancel.check()?;
        look(stretch);
    }
    Ok(())
}

fn check_finite(samples: &[f32], channel: usize, start: usize, cancel: &CancelFlag) -> Result<()> {
    for (number, stretch) in samples.chunks(STRETCH).enumerate() {
        cancel.check()?;
        if let Some(place) = first_not_finite(stretch) {
            let at = start + number * STRETCH + place;
            return Err(Error::corrupt(format!(
                "sample {at} of channel {channel} is {}, which would spoil every frame around it; replace what is not finite",
                stretch[place]
            )));
        }
    }
    Ok(())
}
