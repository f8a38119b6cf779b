/// A hole in the timestamps longer than this many seconds is not filled.
const MAX_SECONDS: u64 = 60;
/// Frames in a row whose times must fit before a time that does not is believed: those at the start may be guesses.
const STEADY: u32 = 2;

/// Notices by the times of the container that frames are missing.
#[derive(Default)]
pub(crate) struct Holes {
    /// Where the container has the end of the last frame.
    last_end: Option<i64>,
    /// How many frames in a row began where the one before ended.
    steady: u32,
}

impl Holes {
    /// Frames that are missing before those that begin at `place`, besides `filled` ones that are known to be missing.
    pub(crate) fn before(&mut self, place: i64, frames: usize, filled: u64, sample_rate: u32) -> Option<u64> {
        let end = self.last_end.replace(place.saturating_add_unsigned(frames as u64))?;
        let after = end.saturating_add_unsigned(filled);
        let steady = std::mem::replace(&mut self.steady, 0);
        if place == after {
            self.steady = steady + 1;
        }
        let hole = u64::try_from(place.saturating_sub(after)).ok().filter(|&hole| hole > 0)?;
        (steady >= STEADY && hole <= MAX_SECONDS * u64::from(sample_rate)).then_some(hole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found before each of the frames of 100 samples at these places.
    fn found(places: &[i64]) -> Vec<Option<u64>> {
        let mut holes = Holes::default();
        places.iter().map(|&place| holes.before(place, 100, 0, 1000)).collect()
    }

    #[test]
    fn a_gap_counts_after_frames_that_fit() {
        assert_eq!(found(&[0, 100, 200, 350]), [None, None, None, Some(50)]);
        assert_eq!(found(&[0, 150, 250]), [None; 3]);
    }

    #[test]
    fn times_that_go_back_or_far_ahead_are_not_believed() {
        assert_eq!(found(&[0, 100, 200, 100]), [None; 4]);
        assert_eq!(found(&[0, 100, 200, 60_301]), [None; 4]);
        assert_eq!(found(&[0, 100, 200, i64::MAX]), [None; 4]);
        assert_eq!(found(&[i64::MAX - 5, i64::MIN]), [None; 2]);
    }

    #[test]
    fn silence_that_was_put_there_already_is_not_put_there_again() {
        let mut holes = Holes::default();
        for place in [0, 100, 200] {
            assert_eq!(holes.before(place, 100, 0, 1000), None);
        }
        assert_eq!(holes.before(400, 100, 100, 1000), None);
    }
}
