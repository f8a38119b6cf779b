use crate::probe::Planes;

/// The frames `start..end` of every plane, as many of them as there are.
pub(super) fn slice(planes: &Planes, start: usize, end: usize) -> Planes {
    let cut = |plane: &Vec<f32>| plane[start.min(plane.len())..end.min(plane.len())].to_vec();
    planes.iter().map(cut).collect()
}

/// Bit for bit: a float file may hold NaN.
pub(super) fn same(what: &str, got: &Planes, expected: &Planes) -> Result<(), String> {
    if got.len() != expected.len() {
        return Err(format!("{what}: {} planes instead of {}", got.len(), expected.len()));
    }
    for (channel, (got, expected)) in got.iter().zip(expected).enumerate() {
        if got.len() != expected.len() {
            return Err(format!("{what}: {} frames instead of {}", got.len(), expected.len()));
        }
        let differs = got.iter().zip(expected).position(|(a, b)| a.to_bits() != b.to_bits());
        if let Some(at) = differs {
            let (a, b) = (got[at], expected[at]);
            return Err(format!("{what}: frame {at} of channel {channel} is {a} instead of {b}"));
        }
    }
    Ok(())
}

pub(super) fn all_finite(planes: &Planes) -> bool {
    planes.iter().flatten().all(|sample| sample.is_finite())
}
