//! Several threads decode what one does, bit for bit, whatever the file.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the failure message")]

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use audiodecode_pipeline::{
    Chain, DecodeReport, DecodeRequest, Decoded, Input, OpenOptions, Result, Split, ThreadBudget, decode,
    decode_parallel,
};
use audiodecode_symphonia::open;
use support::{Dice, fixture_files};

/// Lends what is asked for and counts it.
#[derive(Debug, Default)]
struct Idle(AtomicUsize);

impl ThreadBudget for Idle {
    fn borrow(&self, wanted: usize) -> usize {
        self.0.fetch_add(wanted, Ordering::Relaxed);
        wanted
    }

    fn give_back(&self, threads: usize) {
        self.0.fetch_sub(threads, Ordering::Relaxed);
    }

    fn is_contended(&self) -> bool {
        false
    }
}

type Outcome = Result<(Vec<u32>, DecodeReport)>;

fn outcome(input: &Input, request: &DecodeRequest, threads: usize) -> Outcome {
    let mut chain = Chain::new(open(input, &OpenOptions::default())?, request.clone())?;
    let plan = chain.plan();
    let Some(frames) = plan.frames else {
        let Decoded::Owned(planes) = decode(&mut chain, None)? else { unreachable!("no buffer was given") };
        return Ok((planes.concat().iter().map(|sample| sample.to_bits()).collect(), chain.report()));
    };
    // NaN shows a sample that nobody wrote.
    let mut out = vec![f32::NAN; frames as usize * plan.channels as usize];
    let idle = Idle::default();
    let decoded = if threads > 1 {
        decode_parallel(&mut chain, &mut out, Split { threads, min_part_frames: 1500 }, &idle)?
    } else {
        decode(&mut chain, Some(&mut out))?
    };
    assert_eq!(idle.0.load(Ordering::Relaxed), 0, "every borrowed thread is given back");
    let samples = match decoded {
        Decoded::Filled { .. } => out,
        other => other.into_planes(&out, frames as usize, plan.channels as usize).concat(),
    };
    Ok((samples.iter().map(|sample| sample.to_bits()).collect(), chain.report()))
}

fn requests() -> [DecodeRequest; 4] {
    let whole = DecodeRequest::default();
    [
        whole.clone(),
        DecodeRequest { sample_rate: Some(16_000), mono: true, ..whole.clone() },
        DecodeRequest { start_frame: 777, end_frame: Some(19_003), mono: true, ..whole.clone() },
        DecodeRequest { start_frame: 1234, sample_rate: Some(48_000), ..whole },
    ]
}

fn same_on_any_number_of_threads(name: &str, bytes: Vec<u8>) {
    let input = Input::from_bytes(bytes);
    for (index, request) in requests().iter().enumerate() {
        let one = outcome(&input, request, 1);
        for threads in [2, 3, 7] {
            let several = outcome(&input, request, threads);
            let context = format!("{name}, request {index}, {threads} threads");
            match (&one, several) {
                (Ok((samples, report)), Ok((parallel, parallel_report))) => {
                    assert_eq!(samples.len(), parallel.len(), "{context}");
                    let differs = samples.iter().zip(&parallel).position(|(a, b)| a != b);
                    assert_eq!(differs, None, "{context}: first differing sample");
                    assert_eq!(report, &parallel_report, "{context}");
                }
                (Err(error), Err(parallel)) => {
                    assert_eq!(error.to_string(), parallel.to_string(), "{context}")
                }
                (one, several) => panic!("{context}: {:?} and {:?}", one.as_ref().err(), several.err()),
            }
        }
    }
}

#[test]
fn every_fixture() {
    for path in fixture_files() {
        same_on_any_number_of_threads(&path.display().to_string(), std::fs::read(&path).unwrap());
    }
}

#[test]
fn damaged_fixtures() {
    let mut dice = Dice(0x9e37_79b9);
    for path in fixture_files() {
        let clean = std::fs::read(&path).unwrap();
        for round in 0..6 {
            let bytes = dice.damage(&clean, round);
            same_on_any_number_of_threads(&format!("{} round {round}", path.display()), bytes);
        }
    }
}

#[test]
fn formats_whose_parts_are_independent_can_be_divided() {
    let forks = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats").join(name);
        open(&Input::open(&path).unwrap(), &OpenOptions::default()).unwrap().fork().unwrap().is_some()
    };
    for name in [
        "s16.wav",
        "f32.aifc",
        "s16.caf",
        "cbr128.mp3",
        "v9.mp3",
        "layer2.mp2",
        "s24.flac",
        "alac.m4a",
        "vorbis.ogg",
        "flac.oga",
        "vorbis.webm",
        "flac.mka",
    ] {
        assert!(forks(name), "{name}");
    }
    // Opus settles only after long, if ever.
    assert!(!forks("opus.opus"));
}
