use std::ops::Range;

use audiodecode_pipeline::{DecodeReport, SourceInfo};

use crate::probe::Planes;

/// A report fits the samples it comes with, and says so when a promise was not kept.
pub(super) fn check_report(info: &SourceInfo, planes: &Planes, report: &DecodeReport) -> Result<(), String> {
    let frames = planes.first().map_or(0, Vec::len) as u64;
    if planes.len() != info.channels as usize || planes.iter().any(|plane| plane.len() as u64 != frames) {
        return Err("the planes are not of one length, or not as many as channels".to_owned());
    }
    if report.decoded_frames != frames {
        return Err(format!("{} frames are reported, {frames} given", report.decoded_frames));
    }
    let mut from = 0;
    for damage in &report.damaged {
        let ordered = from <= damage.start_frame
            && damage.start_frame <= damage.end_frame
            && damage.end_frame <= frames;
        if !ordered || damage.reason.is_empty() {
            return Err(format!("damage out of order among {frames} frames: {:?}", report.damaged));
        }
        from = damage.end_frame;
    }
    let clean = report.damaged.is_empty() && !report.truncated;
    if clean && info.frames_exact && info.frames != Some(frames) {
        return Err(format!("exactly {:?} frames promised, {frames} given and nothing said", info.frames));
    }
    Ok(())
}

/// The damaged frames among `start..end`, counted from `start`, neighbours as one.
pub(super) fn damage_within(report: &DecodeReport, start: usize, end: usize) -> Vec<Range<u64>> {
    let (start, end) = (start as u64, end as u64);
    let mut found: Vec<Range<u64>> = Vec::new();
    for damage in &report.damaged {
        let cut = damage.start_frame.max(start)..damage.end_frame.min(end);
        match found.last_mut() {
            _ if cut.is_empty() => {}
            Some(last) if last.end + start >= cut.start => last.end = cut.end - start,
            _ => found.push(cut.start - start..cut.end - start),
        }
    }
    found
}
