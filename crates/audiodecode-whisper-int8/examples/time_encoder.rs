//! Times windows of an encoder: `time_encoder encoder.int8 THREADS FRAMES …`

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use audiodecode_whisper_int8::{Encoder, EncoderWeights, Lent, Processor};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(threads)) = (arguments.next(), arguments.next()) else {
        return Err("time_encoder encoder.int8 THREADS FRAMES …".into());
    };
    let weights = EncoderWeights::read(Path::new(&path))?;
    let mels = weights.mels();
    let mut cross = weights.cross_memory(1);
    let mut encoder = Encoder::new(weights, threads.parse()?, Processor::detect());
    for frames in arguments {
        let frames: usize = frames.parse()?;
        let mel: Vec<f32> =
            (0..mels * frames).map(|index| (index * 7919 % 2003) as f32 / 1000.0 - 1.0).collect();
        let mut times: Vec<f64> = (0..15)
            .map(|_| {
                let begun = Instant::now();
                encoder
                    .encode(&mel, frames, Lent::default(), &mut cross, 0)
                    .map(|_| begun.elapsed().as_secs_f64() * 1e3)
            })
            .collect::<Result<_, _>>()?;
        times.sort_by(f64::total_cmp);
        println!("{frames} frames on {threads}: {:.1} ms, median {:.1}", times[0], times[7]);
    }
    Ok(())
}
