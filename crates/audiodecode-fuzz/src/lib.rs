//! Broken files for the decode engine: real ones with their structure damaged by the numbers of a seed, and what every
//! input must lead to. `tests/mutations.rs` runs them on stable Rust, `fuzz/` gives the same checks to cargo-fuzz.
#![forbid(unsafe_code)]

mod check;
mod layout;
mod minimise;
mod mutant;
mod mutations;
mod probe;
mod random;
mod repair;
mod targets;

pub use check::{Checked, check};
pub use minimise::minimise;
pub use mutant::{Corpus, Mutant};
pub use random::Random;
pub use repair::repair;
pub use targets::{TARGETS, Target};
