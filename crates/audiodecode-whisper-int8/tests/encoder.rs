//! The encoder against its definition.
#![allow(clippy::unwrap_used)]

mod reference;

use audiodecode_whisper_int8::{CrossMemory, Encoder, EncoderWeights, Lent, Processor};
use reference::{EncoderModel, EncoderSizes, Noise, TemporaryFile};

const SIZES: EncoderSizes =
    EncoderSizes { layers: 2, heads: 2, inner: 512, mels: 10, context: 150, decoder_layers: 2, block: 128 };
const WINDOW: usize = 2 * SIZES.context;
/// As in the decoder's tests.
const ROUNDING: f64 = 5e-3;

fn mel(frames: usize, seed: u64) -> Vec<f32> {
    Noise::new(seed).floats(SIZES.mels * frames, 1.0)
}

fn opened(model: &EncoderModel, name: &str, threads: usize, processor: Processor) -> (Encoder, CrossMemory) {
    let file = TemporaryFile::new(name, &model.bytes());
    let encoder = Encoder::new(EncoderWeights::read(file.path()).unwrap(), threads, processor);
    (encoder, CrossMemory::new(2, SIZES.decoder_layers, SIZES.heads))
}

fn distance(found: &[f32], expected: &[Vec<f64>]) -> f64 {
    let expected = expected.concat();
    assert_eq!(found.len(), expected.len());
    let squares: f64 =
        found.iter().zip(&expected).map(|(found, expected)| (f64::from(*found) - expected).powi(2)).sum();
    (squares / expected.iter().map(|value| value * value).sum::<f64>()).sqrt()
}

#[test]
fn every_processor_gives_what_the_definition_gives() {
    let model = EncoderModel::random(SIZES, 1);
    // Of a whole window, and shorter ones that fill no panel, and nothing but the first.
    for frames in [WINDOW, 130, 2] {
        let mel = mel(frames, 2);
        let expected = model.encode(&mel, None);
        for processor in Processor::available() {
            for threads in [1, 2, 3] {
                let (mut encoder, mut cross) = opened(&model, "encoder", threads, processor);
                let found = encoder.encode(&mel, frames, Lent::default(), &mut cross, 0).unwrap();
                let off = distance(found, &expected.hidden);
                assert!(off < ROUNDING, "{processor:?}, {threads} threads, {frames} frames: {off:e}");
                for (layer, expected) in expected.cross.iter().enumerate() {
                    let (keys, values) = cross.floats(0, layer);
                    let both: Vec<f32> = keys
                        .iter()
                        .zip(&values)
                        .flat_map(|(key, value)| [&key[..], value].concat())
                        .collect();
                    let off = distance(&both, expected);
                    assert!(
                        off < ROUNDING,
                        "{processor:?}, {threads} threads, keys and values of layer {layer}: {off:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn blocks_of_64_are_computed_too() {
    let sizes = EncoderSizes { heads: 3, inner: 320, block: 64, ..SIZES };
    let model = EncoderModel::random(sizes, 3);
    let mel = mel(64, 4);
    let (mut encoder, _) = opened(&model, "encoder-blocks", 2, Processor::detect());
    let mut cross = CrossMemory::new(1, sizes.decoder_layers, sizes.heads);
    let off = distance(
        encoder.encode(&mel, 64, Lent::default(), &mut cross, 0).unwrap(),
        &model.encode(&mel, None).hidden,
    );
    assert!(off < ROUNDING, "{off:e}");
}

#[test]
fn threads_make_no_difference_at_all() {
    let model = EncoderModel::random(SIZES, 5);
    let mel = mel(WINDOW, 6);
    let all: Vec<Vec<f32>> = [1, 2, 5]
        .iter()
        .map(|threads| {
            let (mut encoder, mut cross) = opened(&model, "encoder-threads", *threads, Processor::detect());
            encoder.encode(&mel, WINDOW, Lent::default(), &mut cross, 0).unwrap().to_vec()
        })
        .collect();
    assert!(all.iter().all(|hidden| *hidden == all[0]));
}

#[test]
fn short_audio_sees_the_padding_that_it_is_lent() {
    let model = EncoderModel::random(SIZES, 7);
    let silence = model.encode(&vec![0.0; SIZES.mels * WINDOW], None);
    let frames = 74;
    let mel = mel(frames, 8);
    let (mut encoder, mut cross) = opened(&model, "encoder-lent", 2, Processor::detect());
    // As many as there are, and more.
    for lent in [40, 1000] {
        let expected = model.encode(&mel, Some((&silence, lent)));
        let asked = Lent { encoder: lent, decoder: 50 };
        let off = distance(encoder.encode(&mel, frames, asked, &mut cross, 1).unwrap(), &expected.hidden);
        assert!(off < ROUNDING, "{lent}: {off:e}");
        let alone =
            distance(encoder.encode(&mel, frames, Lent::default(), &mut cross, 0).unwrap(), &expected.hidden);
        assert!(alone > 2.0 * off, "the padding makes a difference: {alone:e}");
        assert_eq!(cross.positions(1), frames / 2 + 50);
        for (layer, (own, behind)) in expected.cross.iter().zip(&silence.cross).enumerate() {
            let all = [&own[..], &behind[frames / 2..frames / 2 + 50]].concat();
            let (keys, values) = cross.floats(1, layer);
            let both: Vec<f32> =
                keys.iter().zip(&values).flat_map(|(key, value)| [&key[..], value].concat()).collect();
            let off = distance(&both, &all);
            assert!(off < ROUNDING, "layer {layer}: {off:e}");
        }
    }
}

#[test]
fn windows_of_any_length_follow_one_another() {
    let model = EncoderModel::random(SIZES, 9);
    let (mut encoder, mut cross) = opened(&model, "encoder-lengths", 2, Processor::detect());
    for frames in [WINDOW, 40, 200, 2, WINDOW] {
        let mel = mel(frames, frames as u64);
        let found = encoder.encode(&mel, frames, Lent::default(), &mut cross, 0).unwrap();
        let off = distance(found, &model.encode(&mel, None).hidden);
        assert!(off < ROUNDING, "{frames}: {off:e}");
        assert_eq!(cross.positions(0), frames / 2);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let model = EncoderModel::random(SIZES, 10);
    let (mut encoder, mut cross) = opened(&model, "encoder-refused", 1, Processor::detect());
    let lent = Lent::default();
    for (count, frames) in [(0, 0), (30, 3), (WINDOW + 2, WINDOW + 2), (30, 40)] {
        assert!(encoder.encode(&mel(count, 1), frames, lent, &mut cross, 0).is_err(), "{frames} frames");
    }
    assert!(encoder.encode(&mel(30, 1), 30, lent, &mut cross, 2).is_err());
    let mut other = CrossMemory::new(1, SIZES.decoder_layers, SIZES.heads + 1);
    assert!(encoder.encode(&mel(30, 1), 30, lent, &mut other, 0).is_err());
    assert!(encoder.encode(&mel(30, 1), 30, lent, &mut cross, 0).is_ok());
}

#[test]
fn files_that_are_cut_or_none_are_refused() {
    let whole = EncoderModel::random(SIZES, 11).bytes();
    for length in (0..whole.len()).step_by(whole.len() / 37).chain([whole.len() - 1]) {
        let file = TemporaryFile::new("encoder-cut", &whole[..length]);
        assert!(EncoderWeights::read(file.path()).is_err(), "{length} of {}", whole.len());
    }
    let file = TemporaryFile::new("encoder-whole", &whole);
    assert!(EncoderWeights::read(file.path()).is_ok());
}
