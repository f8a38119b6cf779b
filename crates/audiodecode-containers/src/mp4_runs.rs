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
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    /// Samples of 7 bytes unless a fragment says otherwise; the movie is 48 bytes long, and so the first fragment begins at 48.
    fn movie() -> Vec<u8> {
        boxed(b"moov", &boxed(b"mvex", &boxed(b"trex", &numbers(&[0, 1, 1, 1024, 7, 0]))))
    }

    fn track(header: &[u32], runs: &[&[u32]]) -> Vec<u8> {
        let runs = runs.iter().flat_map(|run| boxed(b"trun", &numbers(run)));
        boxed(b"traf", &boxed(b"tfhd", &numbers(header)).into_iter().chain(runs).collect::<Vec<_>>())
    }

    /// A fragment of these tracks with so many bytes of data.
    fn fragment(tracks: &[Vec<u8>], data: usize) -> Vec<u8> {
        [boxed(b"moof", &tracks.concat()), boxed(b"mdat", &vec![0; data])].concat()
    }

    fn read(file: &[u8]) -> Option<Runs> {
        read_runs(&Input::from_bytes(file.to_vec()), 1, 0, &CancelFlag::default()).unwrap()
    }

    /// Where each run's samples begin, and how long they are.
    fn places(file: &[u8]) -> Option<Vec<(u64, Vec<u64>)>> {
        let mut window = ReadWindow::new(Input::from_bytes(file.to_vec()));
        let found = read(file)?;
        let sizes = |run: &Run, window: &mut ReadWindow| {
            (0..run.count).map(|index| run.size_of(window, index).unwrap()).collect()
        };
        Some(found.runs.iter().map(|run| (run.data, sizes(run, &mut window))).collect())
    }

    fn file(fragments: &[Vec<u8>]) -> Vec<u8> {
        [movie(), fragments.concat()].concat()
    }

    #[test]
    fn data_begins_where_the_header_and_the_run_say_or_behind_the_run_before() {
        const FROM_FRAGMENT: u32 = 0x2_0000;
        let of_fragment = track(&[FROM_FRAGMENT, 1], &[&[1, 2, 100], &[0, 1]]);
        let stated = track(&[1, 1, 0, 60], &[&[1, 1, (-20i32) as u32], &[0, 1]]);
        // Three samples of seven bytes, from byte 100 of the fragment on; and two, 20 bytes before byte 60 of the file.
        assert_eq!(
            places(&file(&[fragment(&[of_fragment], 100)])),
            Some(vec![(148, vec![7, 7]), (162, vec![7])])
        );
        assert_eq!(places(&file(&[fragment(&[stated], 100)])), Some(vec![(40, vec![7]), (47, vec![7])]));
        // Without a word, with the first track's fragment.
        let plain = track(&[0, 1], &[&[0, 1]]);
        assert_eq!(places(&file(&[fragment(std::slice::from_ref(&plain), 100)])), Some(vec![(48, vec![7])]));
        // Behind the data of another track, which is not looked at.
        let other = track(&[0, 2], &[&[0, 1]]);
        assert_eq!(places(&file(&[fragment(&[other.clone(), plain.clone()], 100)])), None);
        assert_eq!(places(&file(&[fragment(&[plain, other], 100)])), Some(vec![(48, vec![7])]));
    }

    #[test]
    fn sizes_come_from_the_run_the_header_or_the_movie() {
        // Duration and size and flags and offset of each sample, behind a place of the data and the first one's flags.
        let listed = track(&[0, 1], &[&[0xf05, 2, 50, 0, 1, 11, 2, 3, 4, 12, 5, 6]]);
        assert_eq!(places(&file(&[fragment(&[listed], 100)])), Some(vec![(98, vec![11, 12])]));
        let sized = track(&[0x200, 1], &[&[0x200, 2, 21, 22]]);
        assert_eq!(places(&file(&[fragment(&[sized], 100)])), Some(vec![(48, vec![21, 22])]));
        // Description, duration, size.
        let header = track(&[0x1a, 1, 1, 1000, 9], &[&[0, 2]]);
        assert_eq!(places(&file(&[fragment(&[header], 100)])), Some(vec![(48, vec![9, 9])]));
    }

    #[test]
    fn samples_are_counted_over_fragments_and_found_again() {
        let of = |count| fragment(&[track(&[0, 1], &[&[0, count]])], 100);
        let found = read(&file(&[of(2), of(0), of(3), of(1)])).unwrap();
        assert_eq!((found.samples, found.truncated), (6, false));
        assert_eq!(
            found.runs.iter().map(|run| (run.first, run.count)).collect::<Vec<_>>(),
            [(0, 2), (2, 3), (5, 1)]
        );
        assert_eq!([0, 1, 2, 4, 5, 6, 99].map(|sample| found.run_of(sample)), [0, 0, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn what_lies_behind_the_end_of_the_file_is_missed() {
        let whole = file(&[fragment(&[track(&[0x2_0000, 1], &[&[1, 4, 60]])], 28)]);
        assert_eq!(places(&whole), Some(vec![(108, vec![7; 4])]));
        assert_eq!(read(&whole).map(|found| found.truncated), Some(false));
        let cut = &whole[..whole.len() - 1];
        assert_eq!(places(cut), Some(vec![(108, vec![7; 3])]));
        assert_eq!(read(cut).map(|found| found.truncated), Some(true));
        let sizes = file(&[fragment(&[track(&[0x2_0000, 1], &[&[0x201, 2, 68, 14, 14]])], 28)]);
        assert_eq!(places(&sizes), Some(vec![(116, vec![14, 14])]));
        assert_eq!(places(&sizes[..sizes.len() - 1]), Some(vec![(116, vec![14])]));
        // Nothing is told of what comes behind a gap.
        let far = track(&[0x2_0000, 1], &[&[1, 1, 9999], &[1, 1, 60]]);
        assert_eq!(read(&file(&[fragment(&[far], 28)])), None);
    }

    #[test]
    fn what_makes_no_sense_is_left_to_others() {
        let plain = || fragment(&[track(&[0, 1], &[&[0, 1]])], 100);
        assert!(read(&file(&[plain()])).is_some());
        let broken = [
            // More sizes than fit into the box; a header behind its run; a header that is cut off; another description.
            fragment(&[track(&[0, 1], &[&[0x200, 3, 1, 2]])], 100),
            fragment(&[boxed(b"traf", &boxed(b"trun", &numbers(&[0, 1])))], 100),
            fragment(&[track(&[1, 1, 0], &[&[0, 1]])], 100),
            fragment(&[track(&[2, 1, 2], &[&[0, 1]])], 100),
            fragment(&[boxed(b"traf", &[0; 5])], 100),
            boxed(b"moof", &[0, 0, 0, 5, 1, 1, 1, 1]),
        ];
        for (index, broken) in broken.into_iter().enumerate() {
            assert_eq!(read(&file(&[plain(), broken])), None, "{index}");
        }
        // Bytes behind the last box, and a fragment without an end.
        assert_eq!(read(&[file(&[plain()]), vec![1, 2, 3]].concat()), None);
        let whole = file(&[plain(), plain()]);
        assert_eq!(read(&whole[..whole.len() - 120]), None);
        // No size is known.
        assert_eq!(read(&plain()), None);
    }
}
