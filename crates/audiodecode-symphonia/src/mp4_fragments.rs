use audiodecode_pipeline::{CancelFlag, Error, Input, Result};

use audiodecode_containers::{NextBox, ReadWindow, be_u64, id3_length, read_up_to};

/// Bytes of a file fetched at once: the headers of a fragment, not the audio between two of them.
const BLOCK: usize = 4096;
/// Samples without bytes in their boxes that cost nothing worth mention, however short the file: they are only counted.
const FREE: u64 = 1 << 24;
/// How far in front of the file's first box other data may lie.
const MAX_LEAD: usize = 1 << 20;
/// Bytes searched at once.
const SEARCHED: usize = 1 << 20;
/// `trun` flags for what each sample has in the box: duration, size, flags, composition offset (ISO/IEC 14496-12, 8.8.8).
const FIELDS: u64 = 0xf00;

/// Looks at the runs of samples of every movie fragment, before anything counts through them.
///
/// A run whose samples all have default sizes and durations takes no bytes for any of them, so that 24 bytes can claim four
/// billion samples. All such runs together may claim as many as the file has bytes: a sample has at least one. Returns
/// whether the file is a chain of whole boxes to its end, so that nothing but what was looked at here can be taken for a
/// fragment.
pub(crate) fn check_fragments(input: &Input, cancel: &CancelFlag) -> Result<bool> {
    let window = ReadWindow::of(input.clone(), BLOCK);
    let mut fragments = Fragments { window, unwritten: 0, most: input.len().max(FREE) };
    let mut at = first_box(input);
    loop {
        cancel.check()?;
        match NextBox::read(&mut fragments.window, at, input.len())? {
            NextBox::End | NextBox::CutOff { .. } => return Ok(true),
            NextBox::Open { kind } if &kind == b"moof" => {
                return Err(Error::corrupt("a movie fragment of the MP4 file has no size"));
            }
            // The rest of the file, and what follows depends on how much of it is read.
            NextBox::Open { kind } if &kind == b"mdat" => return Ok(false),
            // Whoever reads on finds boxes by other rules than these.
            NextBox::Open { .. } | NextBox::Broken => {
                fragments.check_runs_anywhere(at, input, cancel)?;
                return Ok(false);
            }
            NextBox::Box { kind, body, end } => {
                if &kind == b"moof" {
                    fragments.check_fragment(body, end)?;
                }
                at = end;
            }
        }
    }
}

struct Fragments {
    window: ReadWindow,
    /// Samples claimed by runs that have no bytes for them.
    unwritten: u64,
    most: u64,
}

impl Fragments {
    /// The runs of a `moof` box. What is broken inside it costs this fragment alone, so it is no matter here.
    fn check_fragment(&mut self, body: u64, end: u64) -> Result<()> {
        let mut at = body;
        while let NextBox::Box { kind, body, end: next } = NextBox::read(&mut self.window, at, end)? {
            if &kind == b"traf" {
                self.check_track(body, next)?;
            }
            at = next;
        }
        Ok(())
    }

    fn check_track(&mut self, body: u64, end: u64) -> Result<()> {
        let mut at = body;
        while let NextBox::Box { kind, body, end: next } = NextBox::read(&mut self.window, at, end)? {
            if &kind == b"trun" && next - body >= 8 {
                self.check_run(body)?;
            }
            at = next;
        }
        Ok(())
    }

    /// Whatever is called a run of samples from `at` to the end of the file, wherever it lies.
    fn check_runs_anywhere(&mut self, mut at: u64, input: &Input, cancel: &CancelFlag) -> Result<()> {
        loop {
            cancel.check()?;
            let block = read_up_to(input, at, SEARCHED);
            for found in memchr::memmem::find_iter(&block, b"trun") {
                self.check_run(at + found as u64 + 4)?;
            }
            if block.len() < SEARCHED {
                return Ok(());
            }
            // A name may lie across two blocks.
            at += (SEARCHED - 3) as u64;
        }
    }

    fn check_run(&mut self, body: u64) -> Result<()> {
        let head = self.window.bytes(body, 8)?;
        let (flags, samples) = (be_u64(head.get(..4).unwrap_or(&[])), be_u64(head.get(4..).unwrap_or(&[])));
        // Samples with fields of their own end with the box.
        if flags & FIELDS == 0 {
            self.unwritten = self.unwritten.saturating_add(samples);
        }
        if self.unwritten <= self.most {
            return Ok(());
        }
        Err(Error::corrupt(format!(
            "the fragments of the MP4 file claim {} samples, more than fit into it",
            self.unwritten
        )))
    }
}

/// Where the first box begins: at `ftyp`, in front of which tags may lie.
pub(crate) fn first_box(input: &Input) -> u64 {
    let start = id3_length(input);
    let lead = read_up_to(input, start, 12);
    if lead.get(4..8) == Some(b"ftyp") {
        return start;
    }
    let lead = read_up_to(input, start, MAX_LEAD);
    let found = lead.windows(4).position(|four| four == b"ftyp");
    start + found.map_or(0, |at| at.saturating_sub(4) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn fragment(flags: u32, samples: u32, entries: &[u8]) -> Vec<u8> {
        let run = boxed(b"trun", &[&flags.to_be_bytes()[..], &samples.to_be_bytes(), entries].concat());
        [boxed(b"moof", &boxed(b"traf", &run)), boxed(b"mdat", &[0; 100])].concat()
    }

    fn check(file: &[u8]) -> Result<bool> {
        let file = [&boxed(b"ftyp", b"isom\0\0\0\0"), file].concat();
        check_fragments(&Input::from_bytes(file), &CancelFlag::default())
    }

    #[test]
    fn fragments_may_claim_no_more_samples_of_default_size_than_the_file_has_bytes() {
        assert_eq!(check(&fragment(0, FREE as u32, &[])), Ok(true));
        let error = check(&fragment(0, FREE as u32 + 1, &[])).unwrap_err();
        assert!(error.message().contains("16777217 samples"), "{error}");
        // Half of them twice, and a first sample's flags or a place of the data are no bytes of samples.
        for flags in [0, 1, 4, 5] {
            let half = fragment(flags, FREE as u32 / 2 + 1, &[0; 8]);
            assert_eq!(check(&half), Ok(true));
            assert!(check(&[half.clone(), half].concat()).is_err(), "flags {flags}");
        }
    }

    #[test]
    fn a_run_with_bytes_for_each_sample_ends_with_its_box() {
        for flags in [0x100, 0x200, 0x400, 0x800, 0xf05] {
            assert_eq!(check(&fragment(flags, u32::MAX, &[0; 64])), Ok(true), "flags {flags:x}");
        }
    }

    #[test]
    fn what_is_cut_off_ends_the_chain_and_what_makes_no_sense_breaks_it() {
        let good = fragment(0x200, 1, &[0; 4]);
        let claims = fragment(0, u32::MAX, &[]);
        // The last box lacks its end, and so does a fragment that would claim too much.
        assert_eq!(check(&good[..good.len() - 1]), Ok(true));
        assert_eq!(check(&claims[..30]), Ok(true));
        assert_eq!(check(&[&good[..], &[0, 0, 0, 7], b"free"].concat()), Ok(false));
        assert_eq!(check(&[&good[..], &[0, 0, 0, 0], b"mdat"].concat()), Ok(false));
        assert!(check(&[&good[..], &[0, 0, 0, 0], b"moof"].concat()).is_err());
        assert!(check(&[good, claims].concat()).is_err());
    }

    #[test]
    fn runs_behind_a_box_that_makes_no_sense_are_looked_at_wherever_they_lie() {
        let claims = fragment(0, u32::MAX, &[]);
        for broken in [[0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 7, b'f', b'r', b'e', b'e']] {
            assert!(check(&[&broken[..], &claims].concat()).is_err(), "{broken:?}");
            // In a block of its own, and across two of them.
            let far = vec![0; SEARCHED - broken.len() - 20];
            for more in [0, 1, 2, 3, 100] {
                let file = [&broken[..], &far, &vec![0; more][..], &claims].concat();
                assert!(check(&file).is_err(), "{more}");
            }
        }
        // What lies behind the beginning of audio data is audio data.
        assert_eq!(check(&[&[0, 0, 0, 0][..], b"mdat", &claims].concat()), Ok(false));
    }

    #[test]
    fn fragments_are_found_behind_tags_and_other_data() {
        let file = [boxed(b"ftyp", b"isom\0\0\0\0"), fragment(0, u32::MAX, &[])].concat();
        for lead in [&b""[..], b"ID3\x04\0\0\0\0\0\x03abc", b"something else"] {
            let input = Input::from_bytes([lead, &file].concat());
            assert!(check_fragments(&input, &CancelFlag::default()).is_err(), "{lead:?}");
        }
    }
}
