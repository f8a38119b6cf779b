use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::bytes::be_u64;
use crate::mp4_box::NextBox;
use crate::read_window::ReadWindow;

/// Bytes of a file fetched at once: the headers of a fragment, not the audio between two of them.
const BLOCK: usize = 4096;
/// Runs kept, of 40 bytes: an hour of fragments of one packet each has 155 thousand.
const MAX_RUNS: usize = 1 << 18;

/// Samples (packets) of a track that lie beside each other in a movie fragment (ISO/IEC 14496-12, 8.8.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Samples of the track before it.
    pub first: u64,
    /// Samples in it.
    pub count: u32,
    /// Where the first of them begins.
    pub data: u64,
    sizes: Sizes,
}

/// Bytes of the samples of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sizes {
    Equal(u32),
    /// The first one's place, and the bytes from one to the next.
    Listed {
        at: u64,
        stride: u8,
    },
}

impl Run {
    /// Bytes of every sample, when they are equal.
    pub fn equal_size(&self) -> Option<u64> {
        match self.sizes {
            Sizes::Equal(size) => Some(u64::from(size)),
            Sizes::Listed { .. } => None,
        }
    }

    /// Bytes of a sample of it.
    pub fn size_of(&self, window: &mut ReadWindow, index: u32) -> Result<u64> {
        match self.sizes {
            Sizes::Equal(size) => Ok(u64::from(size)),
            Sizes::Listed { at, stride } => {
                Ok(be_u64(window.bytes(at + u64::from(index) * u64::from(stride), 4)?))
            }
        }
    }

    /// Bytes of the first `count` samples, as many as lie in `room`, and how many these are.
    pub fn size_of_first(&self, window: &mut ReadWindow, count: u32, room: u64) -> Result<(u64, u32)> {
        if let Sizes::Equal(size) = self.sizes {
            let count = if size == 0 {
                count
            } else {
                count.min((room / u64::from(size)).min(u64::from(u32::MAX)) as u32)
            };
            return Ok((u64::from(count) * u64::from(size), count));
        }
        let mut sum = 0u64;
        for index in 0..count {
            let size = self.size_of(window, index)?;
            if size > room - sum {
                return Ok((sum, index));
            }
            sum += size;
        }
        Ok((sum, count))
    }
}

/// Where the samples of a track lie in the fragments of an MP4 file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// In the order of the file, none of them empty, and all of their samples in the file.
    pub runs: Vec<Run>,
    /// Samples in all of them.
    pub samples: u64,
    /// Whether the file ends before a sample that a fragment tells of.
    pub truncated: bool,
}

impl Runs {
    /// The run that a sample lies in.
    pub fn run_of(&self, sample: u64) -> usize {
        self.runs.partition_point(|run| run.first <= sample).saturating_sub(1)
    }
}

/// Looks at all fragments for those of one track. `None` when something in them is not as it should be, when their places depend on
/// other tracks, or when they are too many to be kept.
pub fn read_runs(input: &Input, track: u32, start: u64, cancel: &CancelFlag) -> Result<Option<Runs>> {
    let window = || ReadWindow::of(input.clone(), BLOCK);
    let mut reader = Reader {
        boxes: window(),
        sizes: window(),
        track,
        default_size: None,
        found: Runs::default(),
        cut: false,
    };
    let mut at = start;
    loop {
        cancel.check()?;
        match NextBox::read(&mut reader.boxes, at, input.len())? {
            NextBox::Box { kind, body, end } => {
                let fits = match &kind {
                    b"moov" => reader.read_defaults(body, end, 0)?,
                    b"moof" => reader.read_fragment(at, body, end)?,
                    _ => true,
                };
                if !fits || reader.found.runs.len() > MAX_RUNS {
                    return Ok(None);
                }
                at = end;
            }
            // What the fragment before it says of it is known.
            NextBox::CutOff { kind } | NextBox::Open { kind } if &kind == b"mdat" => break,
            NextBox::End if at == input.len() => break,
            _ => return Ok(None),
        }
    }
    Ok(Some(reader.found).filter(|found| found.samples > 0))
}

struct Reader {
    boxes: ReadWindow,
    /// Lists of sizes lie between boxes.
    sizes: ReadWindow,
    track: u32,
    /// Bytes of a sample when no fragment says otherwise (`trex`).
    default_size: Option<u32>,
    found: Runs,
    /// The file ends in a run: what lies behind is not looked for.
    cut: bool,
}

/// `tfhd` flags (ISO/IEC 14496-12, 8.8.7).
mod header_flags {
    pub(super) const BASE_OFFSET: u64 = 0x1;
    pub(super) const DESCRIPTION: u64 = 0x2;
    pub(super) const DURATION: u64 = 0x8;
    pub(super) const SIZE: u64 = 0x10;
    pub(super) const BASE_IS_FRAGMENT: u64 = 0x2_0000;
}

/// `trun` flags (ISO/IEC 14496-12, 8.8.8).
mod run_flags {
    pub(super) const DATA_OFFSET: u64 = 0x1;
    pub(super) const FIRST_FLAGS: u64 = 0x4;
    pub(super) const DURATION: u64 = 0x100;
    pub(super) const SIZE: u64 = 0x200;
    pub(super) const FLAGS: u64 = 0x400;
    pub(super) const COMPOSITION: u64 = 0x800;
}

/// What the header of a track in a fragment says.
#[derive(Clone, Copy)]
struct Header {
    base: u64,
    default_size: Option<u32>,
}

impl Reader {
    /// Numbers of four bytes that begin at `at`; `None` when they do not all lie before `end`.
    fn numbers<const N: usize>(&mut self, at: u64, end: u64) -> Result<Option<[u64; N]>> {
        if end.saturating_sub(at) < 4 * N as u64 {
            return Ok(None);
        }
        let bytes = self.boxes.bytes(at, 4 * N)?;
        Ok((bytes.len() == 4 * N).then(|| std::array::from_fn(|index| be_u64(&bytes[4 * index..][..4]))))
    }

    /// `trex` of the track, in `mvex`.
    fn read_defaults(&mut self, body: u64, end: u64, depth: u32) -> Result<bool> {
        let mut at = body;
        while let NextBox::Box { kind, body, end: next } = NextBox::read(&mut self.boxes, at, end)? {
            match &kind {
                b"mvex" if depth == 0 && !self.read_defaults(body, next, 1)? => return Ok(false),
                b"trex" if depth == 1 => match self.numbers(body, next)? {
                    Some([_, track, _description, _duration, size]) => {
                        if track == u64::from(self.track) {
                            self.default_size = Some(size as u32);
                        }
                    }
                    None => return Ok(false),
                },
                _ => {}
            }
            at = next;
        }
        Ok(at == end)
    }

    /// A `moof` box. False when it is not as it should be.
    fn read_fragment(&mut self, start: u64, body: u64, end: u64) -> Result<bool> {
        let (mut at, mut first) = (body, true);
        while let NextBox::Box { kind, body, end: next } = NextBox::read(&mut self.boxes, at, end)? {
            if &kind == b"traf" {
                if !self.read_track(start, body, next, first)? {
                    return Ok(false);
                }
                first = false;
            }
            at = next;
        }
        Ok(at == end)
    }

    /// A `traf` box.
    fn read_track(&mut self, fragment: u64, body: u64, end: u64, first: bool) -> Result<bool> {
        let (mut at, mut header, mut behind) = (body, None, None);
        while let NextBox::Box { kind, body, end: next } = NextBox::read(&mut self.boxes, at, end)? {
            match &kind {
                b"tfhd" if header.is_none() => match self.read_header(fragment, body, next, first)? {
                    Told::Other => return Ok(true),
                    Told::Ours(found) => header = Some(found),
                    Told::Nonsense => return Ok(false),
                },
                b"trun" => {
                    let Some(header) = header else { return Ok(false) };
                    let Some(end) = self.read_run(header, behind, body, next)? else { return Ok(false) };
                    behind = Some(end);
                }
                _ => {}
            }
            at = next;
        }
        Ok(at == end)
    }

    fn read_header(&mut self, fragment: u64, body: u64, end: u64, first: bool) -> Result<Told> {
        let Some([flags, track]) = self.numbers(body, end)? else { return Ok(Told::Nonsense) };
        if track != u64::from(self.track) {
            return Ok(Told::Other);
        }
        let mut at = body + 8;
        let base = if flags & header_flags::BASE_OFFSET != 0 {
            let Some([high, low]) = self.numbers(at, end)? else { return Ok(Told::Nonsense) };
            at += 8;
            high << 32 | low
        } else if first || flags & header_flags::BASE_IS_FRAGMENT != 0 {
            fragment
        } else {
            // It begins where the data of the track before ends.
            return Ok(Told::Nonsense);
        };
        if flags & header_flags::DESCRIPTION != 0 {
            // Another description than the first may be of another codec.
            if self.numbers(at, end)? != Some([1]) {
                return Ok(Told::Nonsense);
            }
            at += 4;
        }
        if flags & header_flags::DURATION != 0 {
            at += 4;
        }
        let mut default_size = self.default_size;
        if flags & header_flags::SIZE != 0 {
            let Some([size]) = self.numbers(at, end)? else { return Ok(Told::Nonsense) };
            default_size = Some(size as u32);
        }
        Ok(Told::Ours(Header { base, default_size }))
    }

    /// A `trun` box. Gives the place behind its samples, or `None` when it is not as it should be.
    fn read_run(&mut self, header: Header, behind: Option<u64>, body: u64, end: u64) -> Result<Option<u64>> {
        let Some([flags, count]) = self.numbers(body, end)? else { return Ok(None) };
        let flags = flags & 0x00ff_ffff;
        let mut at = body + 8;
        let data = if flags & run_flags::DATA_OFFSET != 0 {
            let Some([offset]) = self.numbers(at, end)? else { return Ok(None) };
            at += 4;
            header.base.checked_add_signed(i64::from(offset as u32 as i32))
        } else {
            Some(behind.unwrap_or(header.base))
        };
        let Some(data) = data else { return Ok(None) };
        if flags & run_flags::FIRST_FLAGS != 0 {
            at += 4;
        }
        let bytes = |flag: u64| if flags & flag != 0 { 4 } else { 0 };
        let before = bytes(run_flags::DURATION);
        let stride =
            before + bytes(run_flags::SIZE) + bytes(run_flags::FLAGS) + bytes(run_flags::COMPOSITION);
        if at.saturating_add(count * stride) > end {
            return Ok(None);
        }
        let sizes = match header.default_size {
            _ if flags & run_flags::SIZE != 0 => Sizes::Listed { at: at + before, stride: stride as u8 },
            Some(size) => Sizes::Equal(size),
            None => return Ok(None),
        };
        let run = Run { first: self.found.samples, count: count as u32, data, sizes };
        let room = self.sizes.file_len().saturating_sub(data);
        let (bytes, there) = run.size_of_first(&mut self.sizes, run.count, room)?;
        if there > 0 && !self.cut {
            self.found.runs.push(Run { count: there, ..run });
            self.found.samples += u64::from(there);
        }
        self.cut |= there < run.count;
        self.found.truncated |= self.cut;
        Ok(Some(data + bytes))
    }
}

/// Whether a track's part of a fragment is the wanted one's.
enum Told {
    Ours(Header),
    Other,
    Nonsense,
}

#[cfg(test)]
mod tests;
