use audiodecode_pipeline::{CancelFlag, Input, Result};

use audiodecode_containers::ReadWindow;

/// What has to stay the same in every header of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AdtsHeader {
    pub(crate) profile: u8,
    pub(crate) rate_index: u8,
    pub(crate) channels: u8,
}

/// One frame of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdtsFrame {
    pub(crate) at: u64,
    pub(crate) length: u16,
    /// Bytes of the header, 7 or, with a checksum, 9.
    pub(crate) header: u8,
    /// Its number in the signal; frames that were lost before it count.
    pub(crate) number: u64,
}

/// Every frame of an ADTS stream.
#[derive(Clone, Debug)]
pub(crate) struct AdtsIndex {
    pub(crate) header: AdtsHeader,
    pub(crate) frames: Vec<AdtsFrame>,
    pub(crate) several_blocks: bool,
    pub(crate) truncated: bool,
}

/// How far garbage in front is searched for a first frame.
const MAX_LEAD: u64 = 64 * 1024;
/// Frames in a row that make a stream.
const CONSISTENT: usize = 4;
/// Frames on each side of a gap that say how long those in it were.
const NEAR: usize = 8;
/// Most frames indexed, more than a week.
const MAX_FRAMES: usize = 1 << 25;

/// Visits every header. `None` when there is no ADTS stream.
pub(crate) fn scan_adts(input: &Input, from: u64, cancel: &CancelFlag) -> Result<Option<AdtsIndex>> {
    let mut window = ReadWindow::new(input.clone());
    let Some((mut at, header)) = find_start(&mut window, from)? else { return Ok(None) };
    let mut index = AdtsIndex { header, frames: Vec::new(), several_blocks: false, truncated: false };
    let (mut gaps, mut lost_from) = (Vec::new(), None::<u64>);
    while at + 7 <= input.len() && index.frames.len() < MAX_FRAMES {
        if index.frames.len().is_multiple_of(4096) {
            cancel.check()?;
        }
        let parsed = parse(window.bytes(at, 9)?).filter(|(found, ..)| *found == header);
        let Some((_, length, header_length, blocks)) = parsed else {
            lost_from.get_or_insert(at);
            at = next_sync(&mut window, at + 1)?;
            continue;
        };
        let end = at + u64::from(length);
        // In the middle of garbage one header proves nothing: its successor must be there too.
        if lost_from.is_some() && end < input.len() && !follows(&mut window, end, header)? {
            at = next_sync(&mut window, at + 1)?;
            continue;
        }
        if end > input.len() {
            index.truncated = true;
            break;
        }
        if let Some(lost) = lost_from.take() {
            gaps.push(Gap { before: index.frames.len(), bytes: at - lost });
        }
        index.several_blocks |= blocks > 0;
        let number = index.frames.len() as u64;
        index.frames.push(AdtsFrame { at, length, header: header_length, number });
        at = end;
    }
    count_lost(&mut index.frames, &gaps);
    // A tag behind the last frame is no loss, a beginning of a frame is.
    let rest = window.bytes(at.min(input.len()), 7)?;
    index.truncated |= lost_from.is_none() && rest.len() > 1 && rest[0] == 0xff && rest[1] & 0xf6 == 0xf0;
    Ok(Some(index))
}

/// Bytes between two frames that are no frames.
struct Gap {
    /// The frame behind it.
    before: usize,
    bytes: u64,
}

/// Adds the frames that were lost to the numbers of those behind them. ADTS numbers nothing: as many were lost as fit into the
/// bytes, going by the frames around them, since lengths change slowly where an encoder lets them.
fn count_lost(frames: &mut [AdtsFrame], gaps: &[Gap]) {
    let mut lost = 0;
    for (at, gap) in gaps.iter().enumerate() {
        let around = frames.get(gap.before.saturating_sub(NEAR)..(gap.before + NEAR).min(frames.len()));
        let around = around.unwrap_or_default();
        let bytes: u64 = around.iter().map(|frame| u64::from(frame.length)).sum();
        let count = around.len() as u64;
        // Rounded to the nearest.
        lost += (2 * gap.bytes * count + bytes).checked_div(2 * bytes).unwrap_or(0);
        let end = gaps.get(at + 1).map_or(frames.len(), |next| next.before);
        frames.get_mut(gap.before..end).unwrap_or_default().iter_mut().for_each(|frame| frame.number += lost);
    }
}

/// The first place where several frames follow each other, or one fills the file.
fn find_start(window: &mut ReadWindow, from: u64) -> Result<Option<(u64, AdtsHeader)>> {
    let mut at = from;
    while at < window.file_len().min(from + MAX_LEAD) {
        if let Some((header, length, ..)) = parse(window.bytes(at, 9)?) {
            let (mut next, mut count) = (at + u64::from(length), 1);
            while count < CONSISTENT && next < window.file_len() && follows(window, next, header)? {
                let Some((_, length, ..)) = parse(window.bytes(next, 9)?) else { break };
                next += u64::from(length);
                count += 1;
            }
            // A short file, whole or cut off inside a frame, is one if it begins with its first frame.
            let runs_out = at == from && count >= 2 && next >= window.file_len();
            if count >= CONSISTENT || runs_out {
                return Ok(Some((at, header)));
            }
        }
        at = next_sync(window, at + 1)?;
    }
    Ok(None)
}

fn follows(window: &mut ReadWindow, at: u64, header: AdtsHeader) -> Result<bool> {
    Ok(parse(window.bytes(at, 9)?).is_some_and(|(found, ..)| found == header))
}

fn next_sync(window: &mut ReadWindow, from: u64) -> Result<u64> {
    let mut at = from;
    loop {
        let bytes = window.bytes(at, 4096)?;
        if bytes.len() < 2 {
            return Ok(window.file_len());
        }
        let mut places = memchr::memchr_iter(0xff, &bytes[..bytes.len() - 1]);
        match places.find(|&place| bytes[place + 1] & 0xf6 == 0xf0) {
            Some(offset) => return Ok(at + offset as u64),
            None => at += bytes.len() as u64 - 1,
        }
    }
}

/// Header, frame length, header length, additional blocks (ISO/IEC 14496-3, 1.A.2.2).
fn parse(bytes: &[u8]) -> Option<(AdtsHeader, u16, u8, u8)> {
    let b: &[u8; 7] = bytes.first_chunk()?;
    if b[0] != 0xff || b[1] & 0xf6 != 0xf0 {
        return None;
    }
    let header =
        AdtsHeader { profile: b[2] >> 6, rate_index: b[2] >> 2 & 15, channels: (b[2] & 1) << 2 | b[3] >> 6 };
    let length = u16::from(b[3] & 3) << 11 | u16::from(b[4]) << 3 | u16::from(b[5] >> 5);
    let header_length = if b[1] & 1 == 0 { 9 } else { 7 };
    (header.rate_index < 13 && length > u16::from(header_length)).then_some((
        header,
        length,
        header_length,
        b[6] & 3,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(lengths: &[u16], gaps: &[Gap]) -> Vec<u64> {
        let frame = |(at, &length)| AdtsFrame { at: 0, length, header: 7, number: at as u64 };
        let mut frames: Vec<_> = lengths.iter().enumerate().map(frame).collect();
        count_lost(&mut frames, gaps);
        frames.iter().map(|frame| frame.number).collect()
    }

    #[test]
    fn lost_frames_are_counted_by_the_lengths_of_those_around_them() {
        let quiet_then_loud = [[50; 30], [400; 30]].concat();
        let counted = numbers(&quiet_then_loud, &[Gap { before: 40, bytes: 1_230 }]);
        assert_eq!((counted[39], counted[40], counted[59]), (39, 43, 62));
        // Lengths that grow: the three lost ones had 200, 210 and 220 bytes.
        let growing: Vec<u16> = (0..40).filter(|at| !(20..23).contains(at)).map(|at| at * 10).collect();
        assert_eq!(numbers(&growing, &[Gap { before: 20, bytes: 630 }])[20], 23);
    }

    #[test]
    fn several_gaps_add_up_and_a_few_bytes_are_no_frame() {
        let gaps =
            [Gap { before: 10, bytes: 200 }, Gap { before: 12, bytes: 9 }, Gap { before: 20, bytes: 100 }];
        let counted = numbers(&[100; 30], &gaps);
        assert_eq!([9, 10, 12, 19, 20, 29].map(|at| counted[at]), [9, 12, 14, 21, 23, 32]);
    }
}
