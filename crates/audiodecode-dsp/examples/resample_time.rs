//! Times the resampling of 600 s of stereo from 44.1 to 16 kHz, into memory that is new and into memory that was written before.
//! Prints one line of JSON: `cargo run --release -p audiodecode-dsp --example resample_time -- RUNS`.
use std::hint::black_box;
use std::time::Instant;

use audiodecode_dsp::{ResampleError, Resampler};

const INPUT_RATE: u32 = 44_100;
const OUTPUT_RATE: u32 = 16_000;
const SECONDS: usize = 600;
const CHANNELS: usize = 2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runs: usize = std::env::args().nth(1).map_or(Ok(5), |word| word.parse())?;
    let planes: Vec<Vec<f32>> = (1..=CHANNELS as u32).map(|seed| noise(SECONDS * 44_100, seed)).collect();
    let mut touched = output(&planes)?;
    // The first pass warms up and maps the pages.
    run(&planes, &mut touched)?;
    let (mut fresh_ms, mut touched_ms) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        let mut fresh = output(&planes)?;
        run(&planes, &mut fresh)?;
        fresh_ms.push(start.elapsed().as_secs_f64() * 1000.0);
        drop(black_box(fresh));
        let start = Instant::now();
        run(&planes, &mut touched)?;
        touched_ms.push(start.elapsed().as_secs_f64() * 1000.0);
        black_box(&mut touched);
    }
    println!("{{\"freshMs\":{fresh_ms:?},\"touchedMs\":{touched_ms:?}}}");
    Ok(())
}

/// Planes of zeros for all blocks; the system maps them when they are written.
fn output(planes: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, ResampleError> {
    let resampler = Resampler::new(INPUT_RATE, OUTPUT_RATE, planes.len())?;
    let frames = planes.first().map_or(0, Vec::len);
    let blocks = frames.div_ceil(resampler.block().input);
    Ok(vec![vec![0.0; blocks * resampler.block().output]; planes.len()])
}

/// Block by block, as the pipeline does it.
fn run(planes: &[Vec<f32>], output: &mut [Vec<f32>]) -> Result<(), Box<dyn std::error::Error>> {
    let mut resampler = Resampler::new(INPUT_RATE, OUTPUT_RATE, planes.len())?;
    let block = resampler.block();
    let frames = planes.first().map_or(0, Vec::len);
    for index in 0..frames.div_ceil(block.input) {
        let from = index * block.input;
        let given = block.input.min(frames - from);
        let input: Vec<&[f32]> = planes.iter().map(|plane| &plane[from..from + given]).collect();
        let to = index * block.output..(index + 1) * block.output;
        let mut result: Vec<&mut [f32]> = output.iter_mut().map(|plane| &mut plane[to.clone()]).collect();
        resampler.process(&input, given, &mut result)?;
    }
    Ok(())
}

/// Deterministic noise in [-1, 1).
fn noise(frames: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..frames).map(|_| next()).collect()
}
