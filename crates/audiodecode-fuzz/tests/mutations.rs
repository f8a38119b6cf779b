//! Broken files by the thousand, one test for each container: every one ends in samples or in an error of the file's kinds,
//! without a panic, within limits of time and memory, and every way of reading it gives the same samples.
//!
//! A few hundred files for each container by default; `AUDIODECODE_FUZZ_SECONDS=600` goes on for that long over all of
//! them, `AUDIODECODE_FUZZ_START=100000` begins with another seed, `AUDIODECODE_FUZZ_SEED=n` runs a single one.

#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

#[path = "mutations/budget.rs"]
mod budget;
#[path = "mutations/guard.rs"]
mod guard;
#[path = "mutations/memory.rs"]
mod memory;
#[path = "mutations/open.rs"]
mod open;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use audiodecode_fuzz::{Corpus, Mutant, Target, minimise};
use budget::Budget;
use guard::Guard;

/// Failures told of one container; more of them are usually the same one.
const MOST_FAILURES: usize = 30;

fn hunt(name: &'static str) {
    let corpus = Corpus::read(Target::named(name).unwrap()).unwrap();
    let guard = Guard::new(name);
    let budget = Budget::from_env();
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    let mut failures = Vec::new();
    for seed in budget.seeds() {
        let mutant = corpus.mutant(seed);
        match guard.check(&mutant.bytes, seed) {
            Ok(outcome) => *outcomes.entry(outcome).or_default() += 1,
            Err(reason) if budget.is_usual() && open::is_open(name, seed) => {
                println!("{seed} is still open: {reason}")
            }
            Err(reason) => failures.push(describe(name, seed, &mutant, &reason, &guard)),
        }
        if failures.len() >= MOST_FAILURES {
            break;
        }
    }
    println!("{name}: {outcomes:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(budget.is_single() || outcomes.contains_key("samples"), "{name}: nothing was ever decoded");
    assert!(budget.is_single() || outcomes.len() > 1, "{name}: nothing was ever refused");
}

/// Keeps the smallest input that fails in the same way beside the build's output.
fn describe(name: &str, seed: u64, mutant: &Mutant, reason: &str, guard: &Guard) -> String {
    let kind = |reason: &str| reason.chars().filter(|letter| letter.is_alphabetic()).collect::<String>();
    let small = minimise(&mutant.bytes, Duration::from_secs(3), |bytes| {
        guard.check(bytes, seed).is_err_and(|other| kind(&other) == kind(reason))
    });
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{seed}"));
    std::fs::write(&path, &small).unwrap();
    let Mutant { file, steps, .. } = mutant;
    format!(
        "{name}, seed {seed}: {reason}\n  {file} {steps:?}\n  {} bytes in {}",
        small.len(),
        path.display()
    )
}

/// The files in `corpus/`, or the one that `AUDIODECODE_FUZZ_FILE` names.
#[test]
fn what_once_failed_does_not_fail_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let paths: Vec<_> = match std::env::var_os("AUDIODECODE_FUZZ_FILE") {
        Some(file) => vec![file.into()],
        None => std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect(),
    };
    let guard = Guard::new("corpus");
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        for seed in 0..20 {
            let outcome = guard.check(&bytes, seed);
            assert!(outcome.is_ok(), "{}, seed {seed}: {outcome:?}", path.display());
        }
    }
}

macro_rules! containers {
    ($($name:ident),+ $(,)?) => {
        $(#[test] fn $name() { hunt(stringify!($name)) })+

        #[test]
        fn every_target_has_its_test() {
            let tested = [$(stringify!($name)),+];
            assert!(audiodecode_fuzz::TARGETS.iter().map(|target| target.name).eq(tested));
        }
    };
}

containers!(
    wav,
    aiff,
    caf,
    adpcm,
    mp3,
    adts,
    flac,
    ogg_vorbis,
    ogg_opus,
    ogg_flac,
    mp4_aac,
    mp4_alac,
    mp4_fragmented,
    matroska,
);
