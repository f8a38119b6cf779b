//! The decoder against its definition.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod reference;

use audiodecode_whisper_int8::{Caches, CrossMemory, Decoder, DecoderWeights, Processor, Scores, Step};
use reference::{Audio, Model, Noise, Sizes, TemporaryFile};

const SIZES: Sizes =
    Sizes { layers: 2, heads: 2, inner: 512, vocabulary: 333, context: 24, end_of_text: 300, block: 128 };
const POSITIONS: usize = 70;

/// A decoder with its caches.
struct Running {
    decoder: Decoder,
    sizes: Sizes,
    buffers: Vec<Vec<f32>>,
    rows: usize,
    past: usize,
}

/// What may be left out of a step.
#[derive(Clone, Copy)]
struct Asked<'a> {
    audios: usize,
    starts: Option<&'a [u32]>,
    shared: Option<&'a [u32]>,
    layers: &'a [u32],
}

const PLAINLY: Asked<'static> = Asked { audios: 1, starts: None, shared: None, layers: &[] };

impl Running {
    fn new(file: &TemporaryFile, sizes: Sizes, rows: usize, threads: usize, processor: Processor) -> Self {
        let decoder = Decoder::new(DecoderWeights::read(file.path()).unwrap(), threads, processor);
        let buffers = vec![vec![f32::NAN; sizes.context * rows * sizes.width()]; 2 * sizes.layers];
        Self { decoder, sizes, buffers, rows, past: 0 }
    }

    fn hear(&self, audios: &[&Audio]) -> CrossMemory {
        let mut memory = self.decoder.cross_memory(audios.len());
        for (slot, audio) in audios.iter().enumerate() {
            let (keys, values): (Vec<&[f32]>, Vec<&[f32]>) = (
                audio.keys.iter().map(Vec::as_slice).collect(),
                audio.values.iter().map(Vec::as_slice).collect(),
            );
            memory.store(slot, &keys, &values).unwrap();
        }
        memory
    }

    /// Scores of all tokens behind every token.
    fn read(&mut self, cross: &CrossMemory, tokens: &[u32], asked: Asked<'_>) -> Scores {
        let count = tokens.len() / self.rows;
        let none = vec![0; self.rows];
        let starts = asked.starts.unwrap_or(&none);
        let positions: Vec<u32> = (0..tokens.len())
            .map(|index| (self.past + index % count) as u32 - starts[index / count])
            .collect();
        let score: Vec<u32> = (0..count as u32).collect();
        let text_mask = vec![0.0; self.sizes.end_of_text];
        let step = Step {
            tokens,
            positions: &positions,
            rows: self.rows,
            past: self.past,
            starts,
            shared: asked.shared.unwrap_or(&none),
            cross,
            slot: 0,
            audios: asked.audios,
            score: &score,
            text_mask: &text_mask,
            top: 3,
            all_logits: true,
            wanted: tokens,
            attention_layers: asked.layers,
        };
        let mut caches = Caches { buffers: self.buffers.iter_mut().map(Vec::as_mut_slice).collect() };
        self.past += count;
        self.decoder.run(&step, &mut caches).unwrap()
    }
}

fn some_tokens(count: usize, seed: u64) -> Vec<u32> {
    let noise = &mut Noise::new(seed);
    (0..count).map(|_| noise.below(SIZES.vocabulary) as u32).collect()
}

/// Root mean square of the difference over that of what is expected.
fn distance(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let squares = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    let difference =
        squares(&mut found.iter().zip(expected).map(|(found, expected)| f64::from(*found) - expected));
    (difference / squares(&mut expected.iter().copied())).sqrt()
}

/// Attention is computed in 13 and 14 bits, and an activation that lies next to the border between two of the 255 numbers may then go to
/// either: 1 % of its block in every hundredth or so, in a dozen places one behind the other.
const ROUNDING: f64 = 5e-3;

#[test]
fn every_processor_gives_what_the_definition_gives() {
    let model = Model::random(SIZES, 1);
    let file = model.write("definition");
    let audio = Audio::random(&SIZES, POSITIONS, 2);
    let tokens = some_tokens(9, 3);
    let (expected, looks) = model.read(&tokens, &audio);
    for processor in Processor::available() {
        for threads in [1, 2, 3] {
            let mut running = Running::new(&file, SIZES, 1, threads, processor);
            let cross = running.hear(&[&audio]);
            let found = running.read(&cross, &tokens, Asked { layers: &[0, 1], ..PLAINLY });
            let off = distance(&found.logits, &expected.concat());
            assert!(off < ROUNDING, "{processor:?}, {threads} threads: {off:e}");
            let weights: Vec<f32> = found.attention.iter().flat_map(|look| look.weights.clone()).collect();
            let off = distance(&weights, &looks);
            assert!(off < ROUNDING, "{processor:?}, {threads} threads, attention: {off:e}");
        }
    }
}

#[test]
fn blocks_of_64_are_computed_too() {
    let sizes = Sizes { heads: 3, inner: 320, block: 64, ..SIZES };
    let model = Model::random(sizes, 4);
    let file = model.write("blocks");
    let audio = Audio::random(&sizes, 64, 5);
    let tokens = some_tokens(4, 6);
    let expected = model.read(&tokens, &audio).0.concat();
    for processor in Processor::available() {
        let mut running = Running::new(&file, sizes, 1, 2, processor);
        let cross = running.hear(&[&audio]);
        let off = distance(&running.read(&cross, &tokens, PLAINLY).logits, &expected);
        assert!(off < ROUNDING, "{processor:?}: {off:e}");
    }
}

#[test]
fn threads_make_no_difference_at_all() {
    let model = Model::random(SIZES, 7);
    let file = model.write("threads");
    let audio = Audio::random(&SIZES, POSITIONS, 8);
    let tokens = some_tokens(11, 9);
    for processor in Processor::available() {
        let all: Vec<Vec<f32>> = [1, 2, 5]
            .iter()
            .map(|threads| {
                let mut running = Running::new(&file, SIZES, 1, *threads, processor);
                let cross = running.hear(&[&audio]);
                running.read(&cross, &tokens, PLAINLY).logits
            })
            .collect();
        assert!(all.iter().all(|logits| *logits == all[0]));
    }
}

#[test]
fn token_by_token_gives_what_one_pass_gives() {
    let model = Model::random(SIZES, 10);
    let file = model.write("token-by-token");
    let audio = Audio::random(&SIZES, POSITIONS, 11);
    let tokens = some_tokens(8, 12);
    let expected = model.read(&tokens, &audio).0.concat();
    let mut running = Running::new(&file, SIZES, 1, 2, Processor::detect());
    let cross = running.hear(&[&audio]);
    let mut found = running.read(&cross, &tokens[..3], PLAINLY).logits;
    for token in &tokens[3..] {
        found.extend(running.read(&cross, std::slice::from_ref(token), PLAINLY).logits);
    }
    let off = distance(&found, &expected);
    assert!(off < ROUNDING, "{off:e}");
}

#[test]
fn rows_with_audio_of_their_own_length_that_begin_late_give_what_they_give_alone() {
    let model = Model::random(SIZES, 13);
    let file = model.write("rows");
    let audios = [Audio::random(&SIZES, POSITIONS - 20, 14), Audio::random(&SIZES, POSITIONS, 15)];
    let (first, second) = (some_tokens(7, 16), some_tokens(4, 17));
    let mut running = Running::new(&file, SIZES, 2, 2, Processor::detect());
    let cross = running.hear(&[&audios[0], &audios[1]]);
    // The second row begins at the fourth token: what it is given before is not its own.
    let asked = Asked { audios: 2, ..PLAINLY };
    let before: Vec<u32> = [&first[..3], &[5, 6, 7]].concat();
    running.read(&cross, &before, asked);
    let after: Vec<u32> = [&first[3..], &second[..]].concat();
    let found = running.read(&cross, &after, Asked { starts: Some(&[0, 3]), ..asked });
    let expected =
        [&model.read(&first, &audios[0]).0[3..], &model.read(&second, &audios[1]).0[..]].concat().concat();
    let off = distance(&found.logits, &expected);
    assert!(off < ROUNDING, "{off:e}");
}

#[test]
fn more_rows_than_fit_into_the_registers_share_one_audio() {
    let model = Model::random(SIZES, 18);
    let file = model.write("beams");
    let audio = Audio::random(&SIZES, POSITIONS, 19);
    for processor in Processor::available() {
        for rows in [2, 5, 7, 13] {
            let tokens = some_tokens(2 * rows, 20 + rows as u64);
            let expected: Vec<f64> =
                tokens.chunks(2).flat_map(|row| model.read(row, &audio).0.concat()).collect();
            let mut running = Running::new(&file, SIZES, rows, 2, processor);
            let cross = running.hear(&[&audio]);
            let found = running.read(&cross, &tokens, PLAINLY);
            let off = distance(&found.logits, &expected);
            assert!(off < ROUNDING, "{processor:?}, {rows} rows: {off:e}");
            for (row, logits) in found.logits.chunks(SIZES.vocabulary).enumerate() {
                let best = found.text_ids[3 * row] as usize;
                let text = &logits[..SIZES.end_of_text];
                assert!(text.iter().all(|logit| *logit <= text[best]));
                assert_eq!(found.text_values[3 * row], text[best]);
                let sum: f64 = text.iter().map(|logit| f64::from(*logit).exp()).sum();
                assert!((f64::from(found.text_log_sum[row]) - sum.ln()).abs() < 1e-5);
                let tail = SIZES.vocabulary - SIZES.end_of_text;
                assert_eq!(found.tail[row * tail..(row + 1) * tail], logits[SIZES.end_of_text..]);
                assert_eq!(found.wanted[row], logits[tokens[row] as usize]);
            }
        }
    }
}

#[test]
fn tokens_that_rows_share_are_read_of_the_first_row_alone() {
    let model = Model::random(SIZES, 60);
    let file = model.write("shared");
    let audios = [Audio::random(&SIZES, POSITIONS, 61), Audio::random(&SIZES, POSITIONS, 62)];
    let mut running = Running::new(&file, SIZES, 4, 2, Processor::detect());
    let cross = running.hear(&[&audios[0], &audios[1]]);
    let asked = Asked { audios: 2, ..PLAINLY };
    // Two rows of each window, equal in their first four tokens.
    let prompts = [some_tokens(4, 63), some_tokens(4, 64)];
    running.read(&cross, &[&prompts[0][..], &prompts[0], &prompts[1], &prompts[1]].concat(), asked);
    // What lies in the other rows does not matter.
    for buffer in &mut running.buffers {
        for (index, row) in buffer[..4 * 4 * SIZES.width()].chunks_mut(SIZES.width()).enumerate() {
            if index % 2 == 1 {
                row.fill(f32::NAN);
            }
        }
    }
    let next = some_tokens(4, 65);
    let found = running.read(&cross, &next, Asked { shared: Some(&[4; 4]), ..asked });
    let expected: Vec<f64> = (0..4)
        .flat_map(|row| {
            let tokens = [&prompts[row / 2][..], &next[row..=row]].concat();
            model.read(&tokens, &audios[row / 2]).0[4].clone()
        })
        .collect();
    let off = distance(&found.logits, &expected);
    assert!(off < ROUNDING, "{off:e}");
}

#[test]
fn a_window_that_was_moved_is_heard_in_its_new_place() {
    let model = Model::random(SIZES, 30);
    let file = model.write("moved");
    let audios = [Audio::random(&SIZES, POSITIONS, 31), Audio::random(&SIZES, POSITIONS, 32)];
    let tokens = some_tokens(3, 33);
    let mut running = Running::new(&file, SIZES, 1, 1, Processor::detect());
    let mut cross = running.hear(&[&audios[0], &audios[1]]);
    cross.copy(1, 0);
    let off =
        distance(&running.read(&cross, &tokens, PLAINLY).logits, &model.read(&tokens, &audios[1]).0.concat());
    assert!(off < ROUNDING, "{off:e}");
}

#[test]
fn files_that_are_cut_or_none_are_refused() {
    let whole = Model::random(SIZES, 40).bytes();
    for length in (0..whole.len()).step_by(whole.len() / 37).chain([whole.len() - 1]) {
        let file = TemporaryFile::new("cut", &whole[..length]);
        assert!(DecoderWeights::read(file.path()).is_err(), "{length} of {}", whole.len());
    }
    let file = TemporaryFile::new("whole", &whole);
    assert!(DecoderWeights::read(file.path()).is_ok());
    assert!(DecoderWeights::read(std::path::Path::new("/nowhere/at/all")).is_err());
    // Each of the sizes as large as can be written, or none, or more than the file has.
    for index in 0..8 {
        for size in [0, u32::MAX, 1 << 20, 2000] {
            let mut bytes = whole.clone();
            bytes[8 + 4 * index..12 + 4 * index].copy_from_slice(&size.to_le_bytes());
            let file = TemporaryFile::new("sizes", &bytes);
            assert!(DecoderWeights::read(file.path()).is_err(), "size {index} is {size}");
        }
    }
}

#[test]
fn steps_that_do_not_fit_are_refused_and_the_next_one_works() {
    let model = Model::random(SIZES, 50);
    let file = model.write("refused");
    let audio = Audio::random(&SIZES, POSITIONS, 51);
    let mut running = Running::new(&file, SIZES, 1, 2, Processor::detect());
    let cross = running.hear(&[&audio]);
    let unlike = running.hear(&[&audio, &Audio::random(&SIZES, POSITIONS - 1, 52)]);
    let empty = running.decoder.cross_memory(1);
    let text_mask = vec![0.0; SIZES.end_of_text];
    let good = Step {
        tokens: &[1],
        positions: &[0],
        rows: 1,
        past: 0,
        starts: &[0],
        shared: &[0],
        cross: &cross,
        slot: 0,
        audios: 1,
        score: &[0],
        text_mask: &text_mask,
        top: 1,
        all_logits: false,
        wanted: &[],
        attention_layers: &[],
    };
    let bad = [
        Step { tokens: &[], positions: &[], ..good },
        Step { tokens: &[333], ..good },
        Step { positions: &[24], ..good },
        Step { positions: &[0, 1], ..good },
        Step { rows: 0, starts: &[], ..good },
        Step { rows: 2, ..good },
        Step { past: 24, ..good },
        Step { starts: &[1], ..good },
        Step { shared: &[1], ..good },
        Step { shared: &[], ..good },
        Step { cross: &empty, ..good },
        Step {
            tokens: &[1, 1],
            positions: &[0, 0],
            rows: 2,
            audios: 2,
            starts: &[0, 0],
            shared: &[0, 0],
            cross: &unlike,
            attention_layers: &[0],
            ..good
        },
        Step { slot: 1, ..good },
        Step { audios: 0, ..good },
        Step { score: &[1], ..good },
        Step { wanted: &[333], ..good },
        Step { wanted: &[1, 1], ..good },
        Step { text_mask: &text_mask[1..], ..good },
        Step { top: 0, ..good },
        Step { top: 301, ..good },
        Step { attention_layers: &[2], ..good },
    ];
    for (index, step) in bad.iter().enumerate() {
        let mut caches = Caches { buffers: running.buffers.iter_mut().map(Vec::as_mut_slice).collect() };
        assert!(running.decoder.run(step, &mut caches).is_err(), "step {index}");
    }
    let mut short = vec![vec![0.0; 1]; 4];
    let mut caches = Caches { buffers: short.iter_mut().map(Vec::as_mut_slice).collect() };
    assert!(running.decoder.run(&good, &mut caches).is_err());
    let found = running.read(&cross, &[1], PLAINLY);
    let off = distance(&found.logits, &model.read(&[1], &audio).0.concat());
    assert!(off < ROUNDING, "{off:e}");
}
