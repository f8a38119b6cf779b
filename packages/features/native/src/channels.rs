use audiodecode_dsp::Columns;
use audiodecode_pipeline::Result;

use crate::fill::misfit;

/// The channels of planar samples, each with its matrix in `output`, and how many columns those have.
pub(crate) fn channels<'a, C: Columns>(
    columns: &C,
    samples: &'a [f32],
    output: &'a mut [f32],
    count: u32,
) -> Result<Channels<'a>> {
    let count = (count as usize).max(1);
    let frames = samples.len() / count;
    let columns_each = columns.columns(frames);
    let size = columns.rows() * columns_each;
    if output.len() != size * count {
        return Err(misfit());
    }
    // Empty slices have no chunks of their own.
    let mut output = output;
    let planes = (0..count).map(|channel| {
        let (matrix, rest) = std::mem::take(&mut output).split_at_mut(size);
        output = rest;
        (&samples[channel * frames..(channel + 1) * frames], matrix)
    });
    Ok(Channels { columns: columns_each, planes: planes.collect() })
}

pub(crate) struct Channels<'a> {
    pub(crate) columns: usize,
    /// Samples and matrix of every channel.
    pub(crate) planes: Vec<(&'a [f32], &'a mut [f32])>,
}
