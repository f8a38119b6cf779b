//! Seeded damage to every format: an error or samples, never a panic, and never less than was promised without a word.

#![allow(clippy::expect_used)]

mod support;

use support::{entries, formats, has_library, open_bytes, read, text_of};

const ROUNDS: usize = 800;
/// Forged headers may claim samples without end.
const MOST_FRAMES: usize = 1_000_000;

/// xorshift32: the same numbers in every run.
struct Dice(u32);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % limit.max(1)
    }

    /// A copy with a flipped bit, a byte of ones, a hole or noise, half of them in the header.
    fn damage(&mut self, clean: &[u8]) -> Vec<u8> {
        let mut bytes = clean.to_vec();
        for _ in 0..=self.below(4) {
            let reach = if self.below(2) == 0 { bytes.len().min(128) } else { bytes.len() };
            let at = self.below(reach);
            match self.below(4) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = 0xFF,
                2 => drop(bytes.drain(at..(at + 1 + self.below(3000)).min(clean.len() / 2).max(at))),
                _ => bytes[at] = self.below(256) as u8,
            }
        }
        bytes
    }
}

#[test]
fn damaged_files_give_what_they_promise_or_say_that_they_do_not() {
    if !has_library() {
        return;
    }
    let mut files: Vec<(String, Vec<u8>)> = entries()
        .iter()
        .map(|entry| text_of(entry, "file").to_owned())
        .map(|name| (name.clone(), std::fs::read(formats().join(name)).expect("fixture")))
        .collect();
    files.push(("gsm.wav".to_owned(), include_bytes!("gsm.wav").to_vec()));
    let (mut dice, mut opened) = (Dice(7), 0);
    for _ in 0..ROUNDS {
        let (name, clean) = &files[dice.below(files.len())];
        let Ok(mut source) = open_bytes(&dice.damage(clean)) else { continue };
        opened += 1;
        let info = source.info().clone();
        let Ok(got) = read(&mut *source, MOST_FRAMES) else { continue };
        let frames = got[0].len();
        let promised = info.frames.filter(|_| info.frames_exact && frames < MOST_FRAMES);
        let kept = promised.is_none_or(|promised| promised <= frames as u64);
        assert!(kept || source.truncated(), "{name}: {frames} frames of {info:?}, and nothing said");
        source.seek(frames as u64 / 2).expect("there are that many");
    }
    assert!(opened > ROUNDS / 2, "{opened} opened");
}
