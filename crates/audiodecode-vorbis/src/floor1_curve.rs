/// Where lines of a floor meet: a coefficient, and a place in [`DECIBELS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: usize,
    pub(crate) y: u8,
}

/// What 256 steps of 140 / 256 dB are as factors, the last one 1 (10.1).
static DECIBELS: [f32; 256] = decibels();

const fn decibels() -> [f32; 256] {
    // exp(-0.11512925 * 140 / 256): what the specification lists is made with ln(10) / 20 in eight digits.
    let step = 0.938_979_803_435_339_5_f64;
    let mut table = [1.0; 256];
    let (mut value, mut index) = (1.0_f64, 255);
    while index > 0 {
        index -= 1;
        value *= step;
        table[index] = value as f32;
    }
    table
}

/// Multiplies a spectrum with the curve through these points, the first of which is at 0. Behind the last one it is flat (7.2.4).
pub(crate) fn multiply_by_lines(points: &[Point], spectrum: &mut [f32]) {
    for pair in points.windows(2) {
        if let [from, to] = *pair {
            let end = to.x.min(spectrum.len());
            multiply_by_line(from, to, spectrum.get_mut(from.x..end).unwrap_or_default());
        }
    }
    if let Some(last) = points.last()
        && let Some(rest) = spectrum.get_mut(last.x..)
    {
        let factor = DECIBELS[usize::from(last.y)];
        rest.iter_mut().for_each(|value| *value *= factor);
    }
}

/// The line of `render_line` (9.2.7), of which the specification gives an algorithm with an error term: behind `k` steps it lies at
/// `y0 ± floor(|dy| * k / dx)`. With the slope rounded up to 32 fractional bits the sum never reaches the next whole number too
/// early, as dx is below 2^16.
fn multiply_by_line(from: Point, to: Point, spectrum: &mut [f32]) {
    let dx = to.x.saturating_sub(from.x).max(1) as i64;
    let dy = i64::from(to.y) - i64::from(from.y);
    let slope = ((dy.abs() << 32) + dx - 1) / dx;
    // Going down, it is the next whole number above that counts.
    let (mut y, slope) = if dy < 0 {
        ((i64::from(from.y) << 32) + 0xffff_ffff, -slope)
    } else {
        (i64::from(from.y) << 32, slope)
    };
    for value in spectrum {
        *value *= DECIBELS[(y >> 32) as usize & 255];
        y += slope;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_specification() {
        // From its section 10.1, eight digits each.
        let listed = [
            (0, 1.064_986_3e-7),
            (1, 1.134_195_1e-7),
            (64, 5.988_857_2e-6),
            (100, 5.777_220_2e-5),
            (128, 0.000_336_778_14),
            (200, 0.031_339_626),
            (254, 0.938_979_8),
            (255, 1.0),
        ];
        for (index, value) in listed {
            let error = (f64::from(DECIBELS[index]) / value - 1.0).abs();
            assert!(error < 9e-8, "{index}: {} is not {value}", DECIBELS[index]);
        }
    }

    /// The specification's algorithm (9.2.7).
    fn render_line(from: Point, to: Point, out: &mut [u8]) {
        let (dy, adx) = (i32::from(to.y) - i32::from(from.y), (to.x - from.x) as i32);
        let base = dy / adx;
        let sy = if dy < 0 { base - 1 } else { base + 1 };
        let ady = dy.abs() - base.abs() * adx;
        let (mut y, mut err) = (i32::from(from.y), 0);
        for (x, out) in out.iter_mut().enumerate() {
            if x > 0 {
                err += ady;
                if err >= adx {
                    err -= adx;
                    y += sy;
                } else {
                    y += base;
                }
            }
            *out = y as u8;
        }
    }

    #[test]
    fn lines_take_the_steps_of_the_specification() {
        let mut length = 1;
        while length < 1 << 15 {
            for (from, to) in [(0, 255), (255, 0), (17, 17), (3, 200), (200, 3), (100, 101), (9, 8), (254, 0)]
            {
                let (from, to) = (Point { x: 0, y: from }, Point { x: length, y: to });
                let mut expected = vec![0; length];
                render_line(from, to, &mut expected);
                let mut values = vec![1.0; length];
                multiply_by_line(from, to, &mut values);
                let differs = values.iter().zip(expected).position(|(&v, y)| v != DECIBELS[usize::from(y)]);
                assert_eq!(differs, None, "{from:?} to {to:?}");
            }
            length += 1 + length / 7;
        }
    }

    #[test]
    fn the_curve_is_cut_off_or_goes_on_flat() {
        let points = [Point { x: 0, y: 255 }, Point { x: 4, y: 251 }, Point { x: 64, y: 0 }];
        let mut spectrum = [1.0; 6];
        multiply_by_lines(&points, &mut spectrum);
        assert_eq!(spectrum, [255, 254, 253, 252, 251, 246].map(|y| DECIBELS[y + usize::from(y == 246)]));
        let mut spectrum = [2.0; 6];
        multiply_by_lines(&points[..2], &mut spectrum);
        assert_eq!(spectrum, [255, 254, 253, 252, 251, 251].map(|y| 2.0 * DECIBELS[y]));
    }
}
