use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::window::ReadWindow;

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
/// Most frames indexed, more than a week.
const MAX_FRAMES: usize = 1 << 25;

/// Visits every header. `None` when there is no ADTS stream.
pub(crate) fn scan_adts(input: &Input, from: u64, cancel: &CancelFlag) -> Result<Option<AdtsIndex>> {
    let mut window = ReadWindow::new(input.clone());
    let Some((mut at, header)) = find_start(&mut window, from)? else { return Ok(None) };
    let mut index = AdtsIndex { header, frames: Vec::new(), several_blocks: false, truncated: false };
    let (mut number, mut lost_from) = (0u64, None::<u64>);
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
            let bytes: u64 = index.frames.iter().map(|frame| u64::from(frame.length)).sum();
            let average = (bytes / index.frames.len().max(1) as u64).max(1);
            number += ((at - lost) + average / 2) / average;
        }
        index.several_blocks |= blocks > 0;
        index.frames.push(AdtsFrame { at, length, header: header_length, number });
        number += 1;
        at = end;
    }
    // A tag behind the last frame is no loss, a beginning of a frame is.
    let rest = window.bytes(at.min(input.len()), 7)?;
    index.truncated |= lost_from.is_none() && rest.len() > 1 && rest[0] == 0xff && rest[1] & 0xf6 == 0xf0;
    Ok(Some(index))
}

/// The first place where several frames follow each other, or one fills the file.
fn find_start(window: &mut ReadWindow, from: u64) -> Result<Option<(u64, AdtsHeader)>> {
    let mut at = from;
    while at < window.len().min(from + MAX_LEAD) {
        if let Some((header, length, ..)) = parse(window.bytes(at, 9)?) {
            let (mut next, mut count) = (at + u64::from(length), 1);
            while count < CONSISTENT && next < window.len() && follows(window, next, header)? {
                let Some((_, length, ..)) = parse(window.bytes(next, 9)?) else { break };
                next += u64::from(length);
                count += 1;
            }
            // A short file, whole or cut off inside a frame, is one if it begins with its first frame.
            let runs_out = at == from && count >= 2 && next >= window.len();
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
            return Ok(window.len());
        }
        match bytes.windows(2).position(|two| two[0] == 0xff && two[1] & 0xf6 == 0xf0) {
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
