use std::path::{Path, PathBuf};

use crate::layout::Layout;
use crate::mutations::{MUTATIONS, Tools};
use crate::random::Random;
use crate::repair::{repair, repair_frames};
use crate::targets::{TARGETS, Target};

/// Longest file made: repeated duplication must not make slow inputs of quick ones.
const MAX_BYTES: usize = 1 << 19;
/// Most ways of breaking used on one file.
const MAX_STEPS: usize = 4;

/// The real files that broken ones are made of.
#[derive(Debug)]
pub struct Corpus {
    own: Vec<(&'static str, Vec<u8>)>,
    /// To splice with: one file of every target.
    others: Vec<Vec<u8>>,
}

/// A broken file and how it came about.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The file it was.
    pub file: &'static str,
    /// What was done to it, in order.
    pub steps: Vec<&'static str>,
    /// What it is now.
    pub bytes: Vec<u8>,
}

impl Corpus {
    /// Reads the files of a target.
    pub fn read(target: &Target) -> std::io::Result<Self> {
        let own = target.files.iter().map(|&file| Ok((file, std::fs::read(path_of(file))?)));
        let others = TARGETS.iter().filter_map(|other| other.files.first());
        Ok(Self {
            own: own.collect::<std::io::Result<_>>()?,
            others: others.map(|file| std::fs::read(path_of(file))).collect::<std::io::Result<_>>()?,
        })
    }

    /// The broken file of this seed, the same on every machine.
    pub fn mutant(&self, seed: u64) -> Mutant {
        let mut random = Random::new(seed);
        let Some((file, good)) = random.pick(&self.own) else {
            return Mutant { file: "", steps: Vec::new(), bytes: Vec::new() };
        };
        let mut bytes = good.clone();
        let mut steps = Vec::new();
        // Checksums that do not fit are a way of being broken, too.
        let repairs = random.below(8) > 0;
        for _ in 0..=random.below(MAX_STEPS) {
            let layout = Layout::of(&bytes);
            let other = if random.below(2) == 0 {
                random.pick(&self.own).map(|(_, bytes)| bytes.as_slice())
            } else {
                random.pick(&self.others).map(Vec::as_slice)
            };
            let (name, mutation) = MUTATIONS[random.below(MUTATIONS.len())];
            let length = bytes.len();
            let other = other.unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            mutation(&mut bytes, &mut Tools { random: &mut random, layout: &layout, other });
            bytes.truncate(MAX_BYTES);
            steps.push(name);
            if repairs && bytes.len() == length {
                repair_frames(&mut bytes, &layout.frames);
            } else if repairs {
                repair(&mut bytes);
            }
        }
        Mutant { file, steps, bytes }
    }
}

fn path_of(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_makes_the_same_file() {
        for target in &TARGETS {
            let (one, two) = (Corpus::read(target).unwrap(), Corpus::read(target).unwrap());
            for seed in 0..20 {
                assert!(one.mutant(seed).bytes == two.mutant(seed).bytes, "{} {seed}", target.name);
            }
        }
    }

    #[test]
    fn every_file_has_a_structure_that_is_found() {
        for target in &TARGETS {
            for (file, bytes) in Corpus::read(target).unwrap().own {
                let layout = Layout::of(&bytes);
                // PCM is one chunk; all else is many packets or their tables.
                assert!(layout.elements.len() >= 2, "{file}: {} elements", layout.elements.len());
                assert!(layout.fields.len() >= 8, "{file}: {} fields", layout.fields.len());
                let end = layout.elements.iter().map(|element| element.end).max().unwrap();
                assert!(end + 8 >= bytes.len(), "{file}: {end} of {} bytes", bytes.len());
            }
        }
    }
}
