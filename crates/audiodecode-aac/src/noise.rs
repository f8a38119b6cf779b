/// A generator of noise that is seeded by the packet it is for, so that the packet always decodes to the same.
///
/// The standard leaves the generator open (ISO/IEC 14496-3, 4.6.13.3).
#[derive(Debug)]
pub(crate) struct Noise<'a> {
    packet: &'a [u8],
    /// Four generators side by side, once one is needed.
    state: Option<[u32; 4]>,
}

impl<'a> Noise<'a> {
    pub(crate) fn of(packet: &'a [u8]) -> Self {
        Self { packet, state: None }
    }

    /// Fills a band with noise whose energy is the square of `gain`.
    pub(crate) fn fill(&mut self, lines: &mut [f32], gain: f32) {
        let mut state = self.state.unwrap_or_else(|| seed(self.packet));
        let mut energies = [0.0; 4];
        let (fours, _) = lines.as_chunks_mut::<4>();
        for four in fours.iter_mut() {
            state = state.map(step);
            *four = state.map(|bits| bits as i32 as f32);
            energies = std::array::from_fn(|n| energies[n] + four[n] * four[n]);
        }
        self.state = Some(state);
        let scale = gain / energies.iter().sum::<f32>().sqrt();
        fours.as_flattened_mut().iter_mut().for_each(|line| *line *= scale);
    }
}

/// Marsaglia's xorshift: every state but zero is met.
fn step(mut state: u32) -> u32 {
    state ^= state << 13;
    state ^= state >> 17;
    state ^ state << 5
}

/// Four states that depend on every bit of the packet.
fn seed(packet: &[u8]) -> [u32; 4] {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = packet.len() as u64;
    for chunk in packet.chunks(8) {
        let word = chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
        hash = (hash ^ word).wrapping_mul(ODD);
        hash ^= hash >> 29;
    }
    // Each lane is a hash of its own, as in SplitMix64.
    [1u64, 2, 3, 4].map(|lane| {
        let mut mixed = hash.wrapping_add(lane.wrapping_mul(ODD));
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 32) as u32 | 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_has_the_energy_that_is_asked_for() {
        let mut noise = Noise::of(b"packet");
        for (width, gain) in [(4, 1.0), (96, 0.001), (32, 1e6f32)] {
            let mut lines = vec![7.0; width];
            noise.fill(&mut lines, gain);
            let energy: f64 = lines.iter().map(|&line| f64::from(line).powi(2)).sum();
            assert!((energy.sqrt() / f64::from(gain) - 1.0).abs() < 1e-6, "{energy}");
        }
    }

    #[test]
    fn noise_is_white_and_its_halves_have_nothing_to_do_with_each_other() {
        // Sums of 65,536 products of unit variance have a deviation of 256.
        let draw = |packet: &[u8]| {
            let mut lines = vec![0.0; 1 << 16];
            Noise::of(packet).fill(&mut lines, 256.0);
            lines
        };
        let (one, other) = (draw(b"one packet"), draw(b"one packft"));
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        for shift in 1..20 {
            assert!(product(&one, &one[shift..]).abs() < 5.0 * 256.0, "{shift}");
        }
        assert!(product(&one, &other).abs() < 5.0 * 256.0);
        assert!(one.iter().sum::<f32>().abs() < 5.0 * 256.0);
        assert_eq!(one, draw(b"one packet"));
    }
}
