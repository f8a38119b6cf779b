use audioadapter_buffers::direct::SequentialSliceOfSlices;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, Sample, WindowFunction};

use crate::{BlockSize, ResampleError, block_size, resampled_frame};

/// Blocks up to this long are computed in `f32`; rounding in longer ones (awkward ratios) would exceed −120 dB.
const MAX_SINGLE_PRECISION_FRAMES: usize = 20_000;

/// Band-limited conversion between two sample rates, block by block, with linear phase.
///
/// Call number k, counted from 0, takes input block k and gives the output frames
/// `k · block.output − delay .. (k + 1) · block.output − delay` of the resampled signal; the first `delay` frames of call
/// 0 lie before the start and are to be dropped. Each output depends on its own and the previous input block alone:
/// a resampler that starts with block k − 1 gives the same bits in call k as one that started with block 0. (The same on
/// one machine: the FFT picks its instructions at run time.)
///
/// Noise and aliasing are below −120 dB, the gain is within 0.01 dB up to 0.913 of the lower Nyquist frequency. Overlap-add FFT convolution by rubato with a squared Blackman-Harris window.
pub struct Resampler {
    block: BlockSize,
    channels: usize,
    engine: Engine,
}

enum Engine {
    Single(Box<Fft<f32>>),
    Double(Box<Double>),
}

struct Double {
    fft: Fft<f64>,
    input: Vec<Vec<f64>>,
    output: Vec<Vec<f64>>,
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampler").field("block", &self.block).field("channels", &self.channels).finish()
    }
}

impl Resampler {
    /// A resampler in its starting state. Costs the transform of the filter: 0.1 ms for usual rates.
    ///
    /// Fails for rates of 0 and for pairs that [`block_size`] refuses.
    pub fn new(input_rate: u32, output_rate: u32, channels: usize) -> Result<Self, ResampleError> {
        let block = block_size(input_rate, output_rate, channels)?;
        let error = ResampleError::new(input_rate, output_rate);
        let engine = if block.input.max(block.output) <= MAX_SINGLE_PRECISION_FRAMES {
            Engine::Single(Box::new(new_fft(block, channels, error)?))
        } else {
            Engine::Double(Box::new(Double {
                fft: new_fft(block, channels, error)?,
                input: vec![vec![0.0; block.input]; channels],
                output: vec![vec![0.0; block.output]; channels],
            }))
        };
        Ok(Self { block, channels, engine })
    }

    /// Frames taken and given by every call.
    pub fn block(&self) -> BlockSize {
        self.block
    }

    /// Output frames by which the output lags behind; a whole number of frames on both sides.
    pub fn delay(&self) -> usize {
        self.block.output / 2
    }

    /// Resamples one block: `frames` frames of every input plane, the rest of the block being zero, into exactly
    /// `block().output` frames of every output plane.
    ///
    /// Fails only when the planes are fewer than the channels or shorter than the block.
    pub fn process(
        &mut self,
        input: &[&[f32]],
        frames: usize,
        output: &mut [&mut [f32]],
    ) -> Result<(), BlockShapeError> {
        let frames = frames.min(self.block.input);
        let fits = input.len() >= self.channels
            && output.len() >= self.channels
            && input.iter().all(|plane| plane.len() >= frames)
            && output.iter().all(|plane| plane.len() >= self.block.output);
        if !fits {
            return Err(BlockShapeError);
        }
        match &mut self.engine {
            Engine::Single(fft) => process(fft, input, frames, output, self.block),
            Engine::Double(double) => double.process(input, frames, output, self.block),
        }
    }

    /// Back to the starting state, as if nothing had been processed.
    pub fn reset(&mut self) {
        match &mut self.engine {
            Engine::Single(fft) => fft.reset(),
            Engine::Double(double) => double.fft.reset(),
        }
    }
}

impl Double {
    fn process(
        &mut self,
        input: &[&[f32]],
        frames: usize,
        output: &mut [&mut [f32]],
        block: BlockSize,
    ) -> Result<(), BlockShapeError> {
        for (wide, narrow) in self.input.iter_mut().zip(input) {
            wide.iter_mut().zip(&narrow[..frames]).for_each(|(to, from)| *to = f64::from(*from));
        }
        let wide: Vec<&[f64]> = self.input.iter().map(Vec::as_slice).collect();
        let mut result: Vec<&mut [f64]> = self.output.iter_mut().map(Vec::as_mut_slice).collect();
        process(&mut self.fft, &wide, frames, &mut result, block)?;
        for (narrow, wide) in output.iter_mut().zip(&self.output) {
            narrow.iter_mut().zip(wide).for_each(|(to, from)| *to = *from as f32);
        }
        Ok(())
    }
}

/// Planes that do not fit the block of a [`Resampler`]; a mistake of the calling code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockShapeError;

impl std::fmt::Display for BlockShapeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the planes do not fit the resampler's block")
    }
}

impl std::error::Error for BlockShapeError {}

fn new_fft<T: Sample>(
    block: BlockSize,
    channels: usize,
    error: ResampleError,
) -> Result<Fft<T>, ResampleError> {
    // The block's sides stand for the rates: only their ratio counts, and it makes the block exactly this long.
    let window = WindowFunction::BlackmanHarris2;
    let fft = Fft::new_custom(block.input, block.output, block.input, 1, channels, window, FixedSync::Both)
        .map_err(|_| error)?;
    if fft.fft_size_in() == block.input && fft.fft_size_out() == block.output { Ok(fft) } else { Err(error) }
}

fn process<T: Sample>(
    fft: &mut Fft<T>,
    input: &[&[T]],
    frames: usize,
    output: &mut [&mut [T]],
    block: BlockSize,
) -> Result<(), BlockShapeError> {
    let channels = fft.nbr_channels();
    let adapter = SequentialSliceOfSlices::new(input, channels, frames).map_err(|_| BlockShapeError)?;
    let mut output: Vec<&mut [T]> = output.iter_mut().map(|plane| &mut **plane).collect();
    let mut result =
        SequentialSliceOfSlices::new_mut(&mut output, channels, block.output).map_err(|_| BlockShapeError)?;
    let part = (frames < block.input).then(|| Indexing { partial_len: Some(frames), ..Indexing::default() });
    fft.process_into_buffer(&adapter, &mut result, part.as_ref()).map_err(|_| BlockShapeError)?;
    Ok(())
}

/// Resamples whole planes of equal length. Gives `resampled_frame(length)` frames per plane, without delay.
///
/// Bit for bit what [`Resampler`] gives block by block. A shorter plane counts as padded with zeros.
pub fn resample(
    planes: &[Vec<f32>],
    input_rate: u32,
    output_rate: u32,
) -> Result<Vec<Vec<f32>>, ResampleError> {
    if planes.is_empty() || input_rate == output_rate {
        return Ok(planes.to_vec());
    }
    let mut resampler = Resampler::new(input_rate, output_rate, planes.len())?;
    let error = ResampleError::new(input_rate, output_rate);
    let block = resampler.block();
    let frames = planes.iter().map(Vec::len).max().unwrap_or(0);
    let kept = usize::try_from(resampled_frame(frames as u64, input_rate, output_rate)).map_err(|_| error)?;
    let blocks = (kept + resampler.delay()).div_ceil(block.output);
    let mut output = vec![vec![0.0; blocks * block.output]; planes.len()];
    let mut padded = vec![vec![0.0; block.input]; planes.len()];
    for index in 0..blocks {
        for (to, from) in padded.iter_mut().zip(planes) {
            let rest = from.get(index * block.input..).unwrap_or(&[]);
            let count = rest.len().min(block.input);
            to[..count].copy_from_slice(&rest[..count]);
            to[count..].fill(0.0);
        }
        let input: Vec<&[f32]> = padded.iter().map(Vec::as_slice).collect();
        let at = index * block.output..(index + 1) * block.output;
        let mut result: Vec<&mut [f32]> = output.iter_mut().map(|plane| &mut plane[at.clone()]).collect();
        resampler.process(&input, block.input, &mut result).map_err(|_| error)?;
    }
    for plane in &mut output {
        plane.copy_within(resampler.delay()..resampler.delay() + kept, 0);
        plane.truncate(kept);
    }
    Ok(output)
}
