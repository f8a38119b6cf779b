//! Failures that are known and not mended yet, so that they do not hide new ones. A long run tells them all.

/// Target and seed.
const STILL_OPEN: &[(&str, u64)] = &[];

pub(crate) fn is_open(target: &str, seed: u64) -> bool {
    STILL_OPEN.contains(&(target, seed))
}
