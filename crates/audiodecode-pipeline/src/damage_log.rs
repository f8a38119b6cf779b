use crate::plan::OutputRange;
use crate::unusable::UNUSABLE;
use crate::{Damage, Error};

/// Collects a source's damage and tells it in the frames of the output.
#[derive(Debug)]
pub(crate) struct DamageLog {
    range: OutputRange,
    /// In native frames, as they came, neighbours of one reason merged.
    native: Vec<Damage>,
}

impl DamageLog {
    pub(crate) fn new(range: OutputRange) -> Self {
        Self { range, native: Vec::new() }
    }

    /// Whether any of it lies inside the requested range: what is read before it to warm up, or after it for the
    /// resampler's filter, does not.
    pub(crate) fn concerns(&self, damage: &Damage) -> bool {
        let (start, end) = (self.range.native_start, self.range.native_end);
        start < end && damage.start_frame < end && damage.end_frame.max(damage.start_frame + 1) > start
    }

    pub(crate) fn push(&mut self, damage: Damage) {
        match self.native.last_mut() {
            Some(last) if last.reason == damage.reason && touches(last, &damage) => merge(last, &damage),
            _ => self.native.push(damage),
        }
    }

    /// Everything noted, in native frames.
    pub(crate) fn take(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.native)
    }

    /// Whether every native frame before `frames` is lost. Samples that only a filter cannot use are audio nevertheless.
    pub(crate) fn covers(&self, frames: u64) -> bool {
        let lost = self.native.iter().filter(|damage| damage.reason != UNUSABLE);
        matches!(merged(lost.cloned().collect()).as_slice(), [only] if only.start_frame == 0 && only.end_frame >= frames)
    }

    /// The damage among the first `decoded` output frames, in order, adjacent regions as one with the first one's reason.
    ///
    /// A region is widened to whole output frames. Once `ended`, what lies at the very end or beyond is told as an empty
    /// region there instead of being left out.
    pub(crate) fn in_output(&self, decoded: u64, ended: bool) -> Vec<Damage> {
        let concerned = self.native.iter().filter(|damage| self.concerns(damage));
        merged(concerned.filter_map(|damage| self.map(damage, decoded, ended)).collect())
    }

    fn map(&self, damage: &Damage, decoded: u64, ended: bool) -> Option<Damage> {
        let range = self.range;
        let clipped_end = damage.end_frame.min(range.native_end);
        let relative = |frame: u64| frame.saturating_sub(range.output_start).min(decoded);
        let start_frame = relative(floor_to_output(range, damage.start_frame.max(range.native_start)));
        let end_frame = relative(range.to_output(clipped_end)).max(start_frame);
        // Not reached yet: a source may decode ahead of what the caller has taken.
        if start_frame >= decoded && !ended {
            return None;
        }
        Some(Damage { start_frame, end_frame, ..damage.clone() })
    }
}

/// The error of [`OnDamage::Error`](crate::OnDamage::Error).
pub(crate) fn damage_error(damage: &Damage) -> Error {
    let error = Error::corrupt(format!("damaged at frame {}: {}", damage.start_frame, damage.reason));
    match damage.byte_offset {
        Some(offset) => error.at(offset),
        None => error,
    }
}

fn floor_to_output(range: OutputRange, native: u64) -> u64 {
    let up = range.to_output(native);
    // ceil and floor differ by one, except where the frame falls on the grid.
    let scaled = u128::from(native) * u128::from(range.output_rate);
    up - u64::from(scaled % u128::from(range.input_rate) != 0).min(up)
}

fn touches(a: &Damage, b: &Damage) -> bool {
    a.start_frame <= b.end_frame && b.start_frame <= a.end_frame
}

fn merge(into: &mut Damage, other: &Damage) {
    into.start_frame = into.start_frame.min(other.start_frame);
    into.end_frame = into.end_frame.max(other.end_frame);
}

fn merged(mut regions: Vec<Damage>) -> Vec<Damage> {
    regions.sort_by_key(|damage| (damage.start_frame, damage.end_frame));
    let mut result: Vec<Damage> = Vec::with_capacity(regions.len());
    for damage in regions {
        match result.last_mut() {
            Some(last) if touches(last, &damage) => merge(last, &damage),
            _ => result.push(damage),
        }
    }
    result
}
