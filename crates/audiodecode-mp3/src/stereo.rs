use crate::band_layout::BandLayout;
use crate::scale_factors::{MAX_BANDS, NO_DIRECTION, ScaleFactors, power_of_2};
use crate::spectrum::Spectrum;

/// Sum and difference become left and right. Their scale is in the gains already.
pub(crate) fn undo_mid_side(left: &mut [f32], right: &mut [f32]) {
    for (left, right) in left.iter_mut().zip(right) {
        (*left, *right) = (*left + *right, *left - *right);
    }
}

/// How the directions of an intensity pair are coded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Directions {
    /// ISO/IEC 11172-3 §2.4.3.4.9.3: the tangent of the ratio.
    Mpeg1,
    /// ISO/IEC 13818-3 §2.4.3.2: one side is lowered in steps, twice as large when `coarse`.
    LowRate { coarse: bool },
}

impl Directions {
    /// Gains of left and right.
    fn gains(self, direction: u8) -> (f32, f32) {
        match self {
            Self::Mpeg1 => {
                let ratio = (f32::from(direction) * std::f32::consts::PI / 12.0).tan();
                // Six twelfths are a right angle, whose tangent is not finite.
                if direction >= 6 { (1.0, 0.0) } else { (ratio / (1.0 + ratio), 1.0 / (1.0 + ratio)) }
            }
            Self::LowRate { coarse } => {
                let steps = i32::from(direction).div_euclid(2) + i32::from(direction % 2);
                let lowered = power_of_2(-steps * if coarse { 2 } else { 1 });
                if direction % 2 == 1 { (lowered, 1.0) } else { (1.0, lowered) }
            }
        }
    }

    /// The direction of the last band when the bands before it are coded as two channels.
    fn middle(self) -> u8 {
        match self {
            Self::Mpeg1 => 3,
            Self::LowRate { .. } => 0,
        }
    }
}

/// Turns the bands above the last one in which `right` has lines into one signal with a direction; the bands below stay, or are
/// sum and difference when `mid_side`.
///
/// With `mid_side` all lines come scaled by √½. The direction of the highest band is not coded: it is that of the band before.
pub(crate) fn undo_intensity(
    left: &mut Spectrum,
    right: &mut Spectrum,
    factors: &ScaleFactors,
    layout: &BandLayout,
    kind: Directions,
    mid_side: bool,
) {
    let top = top_bands(right, layout);
    let mut directions = factors.directions;
    let windows = if layout.count > layout.long { 3 } else { 1 };
    for window in 0..windows {
        let last = layout.count - windows + window;
        let before = last - windows;
        let inherited = if top[before % 3] >= Some(before) { kind.middle() } else { directions[before] };
        directions[last] = inherited;
    }
    let scale = if mid_side { std::f32::consts::SQRT_2 } else { 1.0 };
    let mut start = 0;
    for (band, (&width, direction)) in layout.widths().iter().zip(directions).enumerate().take(MAX_BANDS) {
        let lines = start..start + usize::from(width);
        start = lines.end;
        let (Some(left), Some(right)) = (left.get_mut(lines.clone()), right.get_mut(lines)) else { break };
        if top[band % 3] < Some(band) && direction != NO_DIRECTION {
            let (to_left, to_right) = kind.gains(direction);
            for (left, right) in left.iter_mut().zip(right) {
                *right = *left * (to_right * scale);
                *left *= to_left * scale;
            }
        } else if mid_side {
            undo_mid_side(left, right);
        }
    }
}

/// The highest band that is not silent: of each window in short blocks, of all of them where there are long bands.
fn top_bands(lines: &Spectrum, layout: &BandLayout) -> [Option<usize>; 3] {
    let mut top = [None; 3];
    let mut rest = lines.as_slice();
    for (band, &width) in layout.widths().iter().enumerate() {
        let (lines, behind) = rest.split_at(rest.len().min(usize::from(width)));
        if lines.iter().any(|&line| line != 0.0) {
            top[band % 3] = Some(band);
        }
        rest = behind;
    }
    if layout.long > 0 {
        let highest = top.into_iter().max().flatten();
        top = [highest; 3];
    }
    top
}
