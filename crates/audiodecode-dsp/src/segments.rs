use crate::filter::FILTER_LENGTH;

/// How a signal is cut for overlap-save convolution: every transform covers an overlap with what came before, and a hop of new
/// frames (Oppenheim and Schafer, Discrete-Time Signal Processing, 8.7.3). Lengths are multiples of the reduced ratio of the
/// rates, so that every segment begins on a frame of both rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segments {
    pub(crate) input: Segment,
    pub(crate) output: Segment,
}

/// Frames of one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) overlap: usize,
    /// At least the overlap.
    pub(crate) hop: usize,
}

impl Segment {
    /// Points of the transform.
    pub(crate) fn points(self) -> usize {
        self.overlap + self.hop
    }
}

/// New frames of the lower rate that two segments may bring. Longer ones cost less each, and make ranges and streams start
/// further away: 1,800 frames are 41 ms at 44.1 kHz.
const MAX_PAIR: u64 = 1_800;

/// How much more a frame may cost than with the cheapest segments, for shorter ones.
const DEARER: f64 = 1.1;

/// Points of both transforms, so that rates out of a forged header are set up within 0.2 s and 64 MB. Rates from 1 to 192 kHz
/// need fewer, even without a common divisor.
const MAX_POINTS: u64 = 3 << 18;

impl Segments {
    /// The shortest segments that are nearly as cheap as any; `None` for rates that would need huge ones, and for 0.
    pub(crate) fn new(input_rate: u32, output_rate: u32) -> Option<Self> {
        let divisor = u64::from(greatest_common_divisor(input_rate, output_rate));
        let (input, output) =
            (u64::from(input_rate).checked_div(divisor)?, u64::from(output_rate).checked_div(divisor)?);
        let low = input.min(output);
        // One more than the filter, for outputs that lie between frames of the lower rate.
        let overlap = (FILTER_LENGTH as u64).checked_div(low)? + 1;
        let cost = |points: u64| {
            (transform_cost(points * input) + transform_cost(points * output)) / (points - overlap) as f64
        };
        let longest = (overlap + MAX_PAIR / 2 / low).max(smooth_from(2 * overlap));
        let lengths = || (2 * overlap..=longest).filter(|&points| is_smooth(points));
        let cheapest = lengths().map(cost).fold(f64::INFINITY, f64::min);
        let points = lengths().find(|&points| cost(points) <= DEARER * cheapest)?;
        if points * (input + output) > MAX_POINTS {
            return None;
        }
        let side = |unit: u64| {
            let frames = |count: u64| usize::try_from(count * unit).ok();
            Some(Segment { overlap: frames(overlap)?, hop: frames(points - overlap)? })
        };
        Some(Self { input: side(input)?, output: side(output)? })
    }
}

/// What an FFT costs, up to a factor, as measured of rustfft on AVX: its kernels like to begin with a power of two or three.
fn transform_cost(points: u64) -> f64 {
    let weight = match points {
        points if points.is_multiple_of(16) => 9.0,
        points if points.is_multiple_of(4) => 12.0,
        points if points.is_multiple_of(27) => 13.0,
        _ => 20.0,
    };
    let points = points as f64;
    points * points.log2() * weight
}

/// Whether the number has no prime factor beyond 7.
fn is_smooth(mut number: u64) -> bool {
    for prime in [2, 3, 5, 7] {
        while number > 1 && number.is_multiple_of(prime) {
            number /= prime;
        }
    }
    number == 1
}

fn smooth_from(number: u64) -> u64 {
    (number..).find(|&number| is_smooth(number)).unwrap_or(number)
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::{Segment, Segments};
    use crate::filter::FILTER_LENGTH;

    #[test]
    fn the_overlap_holds_the_filter_and_the_hop_holds_the_overlap() {
        for input in (1..200).map(|step| step * 971).chain([8_000, 11_025, 44_100, 48_000, 192_000]) {
            for output in [8_000, 16_000, 22_050, 44_100, 44_099, 48_000, 192_000] {
                let Some(Segments { input: from, output: to }) = Segments::new(input, output) else {
                    continue;
                };
                assert!(from.overlap.min(to.overlap) > FILTER_LENGTH, "{input} -> {output}");
                assert!(from.hop >= from.overlap && to.hop >= to.overlap, "{input} -> {output}");
                let ratio = |a: usize, b: usize| a as u64 * u64::from(output) == b as u64 * u64::from(input);
                assert!(ratio(from.overlap, to.overlap) && ratio(from.hop, to.hop), "{input} -> {output}");
            }
        }
    }

    #[test]
    fn every_pair_of_rates_from_1_to_192_khz_has_segments() {
        for other in (1_000..=192_000).step_by(37).chain([1_009, 191_999]) {
            for rate in [1_000, 1_001, 1_920, 16_000, 44_100, 96_001, 192_000] {
                assert!(Segments::new(rate, other).is_some(), "{rate} -> {other}");
                assert!(Segments::new(other, rate).is_some(), "{other} -> {rate}");
            }
        }
    }

    #[test]
    fn rates_that_would_need_huge_transforms_have_none() {
        for (input, output) in
            [(523_987, 44_100), (1, 8_000), (4_294_967_295, 1), (0, 8_000), (8_000, 0), (0, 0)]
        {
            assert_eq!(Segments::new(input, output), None, "{input} -> {output}");
        }
    }

    #[test]
    fn transforms_that_rustfft_is_quick_at_are_preferred() {
        let sides = |input, output| {
            let segments = Segments::new(input, output).unwrap();
            [segments.input, segments.output].map(Segment::points)
        };
        assert_eq!(sides(44_100, 16_000), [2_646, 960]);
        assert_eq!(sides(44_100, 48_000), [1_176, 1_280]);
    }
}
