//! Times steps of a decoder: `time_steps decoder.int8 THREADS ROWS:AUDIOS:TOKENS:PAST …`

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use audiodecode_whisper_int8::{Caches, Decoder, DecoderWeights, Processor, Step};

const POSITIONS: usize = 1500;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(threads)) = (arguments.next(), arguments.next()) else {
        return Err("time_steps decoder.int8 THREADS ROWS:AUDIOS:TOKENS:PAST …".into());
    };
    let begun = Instant::now();
    let weights = DecoderWeights::read(Path::new(&path))?;
    println!("read in {:?}", begun.elapsed());
    let (layers, width, end_of_text, context) = weights.sizes();
    let processor = match std::env::var("PROCESSOR").as_deref() {
        Ok(name) => Processor::available()
            .into_iter()
            .find(|one| format!("{one:?}") == name)
            .ok_or("not available")?,
        Err(_) => Processor::detect(),
    };
    let mut decoder = Decoder::new(weights, threads.parse()?, processor);
    for case in arguments {
        let numbers: Vec<usize> = case.split(':').map(str::parse).collect::<Result<_, _>>()?;
        let [rows, audios, count, past] = numbers[..] else { return Err("four numbers".into()) };
        let mut cross = decoder.cross_memory(audios);
        let noise: Vec<f32> =
            (0..width * POSITIONS).map(|index| ((index * 7919 % 2003) as f32 - 1000.0) / 1000.0).collect();
        let lent = vec![&noise[..]; layers];
        let begun = Instant::now();
        for slot in 0..audios {
            cross.store(slot, &lent, &lent)?;
        }
        let stored = begun.elapsed() / audios as u32;
        let mut buffers = vec![vec![0.01; context * rows * width]; 2 * layers];
        let tokens = vec![100; rows * count];
        let positions = vec![past as u32; rows * count];
        let shared = vec![past as u32 * 4 / 5; rows];
        let (starts, mask) = (vec![0; rows], vec![0.0; end_of_text]);
        let step = Step {
            tokens: &tokens,
            positions: &positions,
            rows,
            past,
            starts: &starts,
            shared: &shared,
            cross: &cross,
            slot: 0,
            audios,
            score: &[0],
            text_mask: &mask,
            top: if rows > audios { 10 } else { 1 },
            all_logits: false,
            wanted: &[],
            attention_layers: &[],
        };
        let mut times: Vec<f64> = (0..80)
            .map(|_| {
                let mut caches = Caches { buffers: buffers.iter_mut().map(Vec::as_mut_slice).collect() };
                let begun = Instant::now();
                decoder.run(&step, &mut caches).map(|_| begun.elapsed().as_secs_f64() * 1e3)
            })
            .collect::<Result<_, _>>()?;
        times.sort_by(f64::total_cmp);
        println!(
            "{case} on {threads} {processor:?}: {:.2} ms, median {:.2}; audio stored in {stored:?}",
            times[0], times[40]
        );
    }
    Ok(())
}
