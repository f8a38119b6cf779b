use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::bit_reader::BitReader;
use crate::ics_info::{IcsInfo, SHORT};
use crate::spectrum::Spectrum;

/// Coefficients of a filter in AAC-LC (ISO/IEC 14496-3, table 4.156).
const MAX_ORDER: usize = 12;
/// Filters of all windows: three of a long one, or one of each short one.
const MAX_FILTERS: usize = 8;

/// The reflection coefficients of 3 and of 4 bits (4.6.9.3), by what is transmitted.
static REFLECTIONS: LazyLock<[[f64; 16]; 2]> = LazyLock::new(|| {
    [8, 16].map(|steps| {
        std::array::from_fn(|code| {
            let value = if code < steps / 2 { code as f64 } else { code as f64 - steps as f64 };
            let half = steps as f64 / 2.0;
            (value * PI / 2.0 / if value >= 0.0 { half - 0.5 } else { half + 0.5 }).sin()
        })
    })
});

/// One filter over a part of a window's spectrum.
#[derive(Clone, Copy, Debug, Default)]
struct Filter {
    /// Lines in the block.
    start: usize,
    end: usize,
    order: usize,
    downwards: bool,
    /// Prediction from the nearest line on.
    prediction: [f32; MAX_ORDER],
}

/// Temporal noise shaping: filters that run over the lines (`tns_data`, ISO/IEC 14496-3, 4.6.9).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tns {
    filters: [Filter; MAX_FILTERS],
    count: usize,
}

impl Tns {
    pub(crate) fn read(reader: &mut BitReader<'_>, info: &IcsInfo) -> Result<Self, &'static str> {
        let mut tns = Self::default();
        if !reader.flag() {
            return Ok(tns);
        }
        // Bits of a count, a length and an order.
        let (windows, bits, most) =
            if info.is_long() { (1, (2, 6, 5), MAX_ORDER) } else { (8, (1, 4, 3), 7) };
        for window in 0..windows {
            let count = reader.read(bits.0);
            let fine = count > 0 && reader.flag();
            let mut top = info.offsets.len() - 1;
            for _ in 0..count {
                let bottom = top.saturating_sub(reader.read(bits.1) as usize);
                let order = reader.read(bits.2) as usize;
                if order > most {
                    return Err("a filter has more coefficients than AAC-LC allows");
                }
                if order > 0 {
                    let line = |band: usize| {
                        window * SHORT + info.offset(band.min(info.tns_bands).min(info.max_sfb))
                    };
                    let mut filter =
                        Filter { start: line(bottom), end: line(top), order, ..Filter::default() };
                    filter.downwards = reader.flag();
                    filter.prediction = prediction(&read_reflections(reader, fine, order), order);
                    if let Some(slot) = tns.filters.get_mut(tns.count) {
                        *slot = filter;
                        tns.count += 1;
                    }
                }
                top = bottom;
            }
        }
        reader.check()?;
        Ok(tns)
    }

    pub(crate) fn apply(&self, spectrum: &mut Spectrum) {
        for filter in self.filters.iter().take(self.count) {
            let Some(lines) = spectrum.get_mut(filter.start..filter.end) else { continue };
            if filter.downwards {
                lines.reverse();
            }
            // The rest of the coefficients is zero.
            match filter.order {
                0..=4 => run::<4>(lines, &filter.prediction),
                5..=8 => run::<8>(lines, &filter.prediction),
                _ => run::<12>(lines, &filter.prediction),
            }
            if filter.downwards {
                lines.reverse();
            }
        }
    }
}

/// Coefficients as they are transmitted: without the bits that `coef_compress` leaves out.
fn read_reflections(reader: &mut BitReader<'_>, fine: bool, order: usize) -> [f64; MAX_ORDER] {
    let compressed = u32::from(reader.flag());
    let bits = if fine { 4 } else { 3 } - compressed;
    let table = &REFLECTIONS[usize::from(fine)];
    let mut reflections = [0.0; MAX_ORDER];
    for reflection in reflections.iter_mut().take(order) {
        let code = reader.read(bits);
        // The highest bit is the sign; the one left out is the same.
        let extended = if compressed == 1 && code >> (bits - 1) == 1 { code | 1 << bits } else { code };
        *reflection = table[extended as usize & 15];
    }
    reflections
}

/// From reflection coefficients to those of the prediction (4.6.9.3).
fn prediction(reflections: &[f64; MAX_ORDER], order: usize) -> [f32; MAX_ORDER] {
    let mut prediction = [0.0; MAX_ORDER];
    for (m, &reflection) in reflections.iter().enumerate().take(order) {
        let before = prediction;
        for (to, from) in prediction.iter_mut().zip(before.iter().take(m).rev()) {
            *to += reflection * from;
        }
        prediction[m] = reflection;
    }
    prediction.map(|value: f64| value as f32)
}

/// The all-pole filter, in place. Its first lines have less before them.
fn run<const ORDER: usize>(lines: &mut [f32], prediction: &[f32; MAX_ORDER]) {
    let mut past = [0.0f32; ORDER];
    for line in lines {
        let mut value = *line;
        // The nearest line last: it is the one that has to be waited for.
        for n in (0..ORDER).rev() {
            value -= prediction[n] * past[n];
        }
        past.copy_within(..ORDER - 1, 1);
        past[0] = value;
        *line = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bands::Bands;

    fn read(bits: &str) -> Result<Tns, &'static str> {
        let padded = format!("{bits:0<128}");
        let bytes: Vec<u8> =
            (0..16).map(|n| u8::from_str_radix(&padded[n * 8..n * 8 + 8], 2).expect("bits")).collect();
        let info = IcsInfo { max_sfb: 40, ..IcsInfo::silent(Bands::at(44_100)) };
        Tns::read(&mut BitReader::new(&bytes), &info)
    }

    #[test]
    fn one_coefficient_makes_every_line_an_echo_of_the_one_before() {
        // One filter of 4 bits over 49 - 9 bands, of order 1, from the lowest line up: its coefficient is 3.
        let up = read("1 01 1 001001 00001 0 0 0011".replace(' ', "").as_str()).expect("TNS");
        let mut spectrum = [0.0; 1024];
        // The 9 bands from the top are beyond those transmitted: bands 40 to 49 have no lines here.
        up.apply(&mut spectrum);
        assert_eq!(spectrum, [0.0; 1024]);
        // Over 20 bands, 29 to 49 of which 40 are there: lines 320 to 672.
        for (direction, first, last) in [("0", 320, 671), ("1", 671, 320)] {
            let bits = format!("1 01 1 010100 00001 {direction} 0 0011").replace(' ', "");
            let tns = read(&bits).expect("TNS");
            let mut spectrum = [0.0; 1024];
            (spectrum[first], spectrum[319], spectrum[672]) = (1.0, 5.0, 5.0);
            tns.apply(&mut spectrum);
            // y[n] = x[n] - k y[n - 1] with k = sin(3 / 7.5 * pi / 2).
            let k = (3.0 / 7.5 * PI / 2.0).sin();
            let step = |n: i32| if first < last { first + n as usize } else { first - n as usize };
            for n in 0..100 {
                let expected = (-k).powi(n) as f32;
                assert!((spectrum[step(n)] - expected).abs() < 1e-6, "{direction} {n}");
            }
            assert_eq!((spectrum[319], spectrum[672]), (5.0, 5.0));
        }
    }

    #[test]
    fn coefficients_are_signed_and_the_bit_left_out_is_the_sign_again() {
        let coefficient = |fine: u8, compressed: u8, code: &str| {
            let bits = format!("1 01 {fine} 010011 00001 0 {compressed} {code}").replace(' ', "");
            read(&bits).map(|tns| tns.filters[0].prediction[0])
        };
        let sine = |steps: f64| Ok((steps * PI / 2.0).sin() as f32);
        assert_eq!(coefficient(1, 0, "1000"), sine(-8.0 / 8.5));
        assert_eq!(coefficient(1, 1, "100"), sine(-4.0 / 8.5));
        assert_eq!(coefficient(1, 1, "011"), sine(3.0 / 7.5));
        assert_eq!(coefficient(0, 0, "100"), sine(-4.0 / 4.5));
        assert_eq!(coefficient(0, 1, "11"), sine(-1.0 / 4.5));
        assert_eq!(coefficient(0, 1, "01"), sine(1.0 / 3.5));
    }

    #[test]
    fn reflections_become_the_filter_that_steps_up() {
        // Levinson's recursion for 0.5 and 0.25: 0.5 + 0.25 * 0.5, 0.25.
        let mut reflections = [0.0; MAX_ORDER];
        (reflections[0], reflections[1]) = (0.5, 0.25);
        assert_eq!(prediction(&reflections, 2)[..3], [0.625, 0.25, 0.0]);
    }

    #[test]
    fn filters_of_every_order_are_what_the_recursion_says() {
        let mut prediction = [0.0f32; MAX_ORDER];
        for (n, value) in prediction.iter_mut().enumerate() {
            *value = 0.3 / (n + 1) as f32;
        }
        let lines: Vec<f32> = (0..40).map(|n| ((n * 7919) % 101) as f32 - 50.0).collect();
        let mut expected: Vec<f64> = Vec::new();
        for (n, &line) in lines.iter().enumerate() {
            let past = expected.iter().rev().zip(prediction).map(|(past, a)| past * f64::from(a));
            let value = f64::from(line) - past.take(n).sum::<f64>();
            expected.push(value);
        }
        let mut filtered = lines.clone();
        run::<12>(&mut filtered, &prediction);
        for (found, expected) in filtered.iter().zip(&expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-4);
        }
    }

    #[test]
    fn more_than_twelve_coefficients_are_refused() {
        assert!(read("1 01 1 010011 01100 0 0".replace(' ', "").as_str()).is_ok());
        assert!(read("1 01 1 010011 01101 0 0".replace(' ', "").as_str()).is_err());
    }
}
