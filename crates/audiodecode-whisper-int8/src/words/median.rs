//! The median of each value and its neighbours.

/// Values that a median is of.
pub(super) const WIDTH: usize = 7;

/// Neighbours on either side.
pub(super) const REACH: usize = WIDTH / 2;

/// Batcher's merge exchange sort (Knuth, The Art of Computer Programming, volume 3, algorithm 5.2.2 M) of seven values. What only
/// the other six need is not computed.
const EXCHANGES: [(usize, usize); 16] = [
    (0, 1),
    (2, 3),
    (4, 5),
    (0, 2),
    (1, 3),
    (4, 6),
    (1, 2),
    (5, 6),
    (0, 4),
    (1, 5),
    (2, 6),
    (2, 4),
    (3, 5),
    (1, 2),
    (3, 4),
    (5, 6),
];

/// The median of each run of seven in `line`, which is longer than `target` by six.
#[inline(always)]
pub(super) fn medians(line: &[f32], target: &mut [f32]) {
    // Lengths that the compiler can see are equal.
    let count = target.len();
    let near: [&[f32]; WIDTH] = std::array::from_fn(|place| &line[place..place + count]);
    for (index, value) in target.iter_mut().enumerate() {
        *value = median(std::array::from_fn(|place| near[place][index]));
    }
}

#[inline(always)]
fn median(mut values: [f32; WIDTH]) -> f32 {
    for (low, high) in EXCHANGES {
        let (left, right) = (values[low], values[high]);
        values[low] = if left < right { left } else { right };
        values[high] = if left < right { right } else { left };
    }
    values[REACH]
}

/// Fills the first and last `REACH` places of `line` with the mirror image of the row between them, which is longer than that.
pub(super) fn mirror_ends(line: &mut [f32]) {
    let last = line.len() - 1;
    for place in 0..REACH {
        line[place] = line[2 * REACH - place];
        line[last - place] = line[last - 2 * REACH + place];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_seven_of_two_values_have_the_middle_one_of_them_in_order() {
        // What sorts all of these sorts everything (Knuth, 5.3.4, theorem Z).
        for bits in 0u32..1 << WIDTH {
            let values = std::array::from_fn(|place| (bits >> place & 1) as f32);
            let wanted = if bits.count_ones() > 3 { 1.0 } else { 0.0 };
            assert_eq!(median(values), wanted, "{values:?}");
        }
    }

    #[test]
    fn a_line_goes_on_as_its_mirror_image() {
        let row = [9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0];
        let mut line = [0.0; 15];
        line[REACH..REACH + 9].copy_from_slice(&row);
        mirror_ends(&mut line);
        assert_eq!((&line[..3], &line[12..]), (&[2.0, 8.0, 1.0][..], &[4.0, 6.0, 3.0][..]));
        let mut found = [0.0; 9];
        medians(&line, &mut found);
        assert_eq!(found, [2.0, 7.0, 3.0, 6.0, 4.0, 5.0, 4.0, 5.0, 4.0]);
    }
}
