use audiodecode_containers::read_mp4;
use audiodecode_pipeline::Input;

/// Length of a track by its table of packets: ticks, and ticks per second. Exact to the frame, where the edit list that FFmpeg
/// goes by counts in ticks of the movie, often milliseconds. `track` is the number that the file gives it.
pub(crate) fn table_length(input: &Input, track: u32) -> Option<(u64, u32)> {
    let movie = read_mp4(input)?;
    let track = movie.tracks.iter().find(|found| found.id == track)?;
    (track.ticks > 0 && track.timescale > 0).then_some((track.ticks, track.timescale))
}

/// Whether one of the outermost boxes reaches beyond the file's end.
pub(crate) fn is_cut(input: &Input) -> bool {
    outermost(input).any(|(at, size)| size > input.len() - at)
}

/// The outermost boxes of a file: where the content begins, and its size as said.
fn outermost(input: &Input) -> impl Iterator<Item = (u64, u64)> {
    let mut at = 0u64;
    // Boxes of no size to speak of would take as long as the file is.
    (0..10_000).map_while(move |_| {
        let mut head = [0; 16];
        let count = input.read_at(at, &mut head).ok()?;
        let short = u64::from(number(&head, 0).filter(|_| count >= 8)?);
        let long = u64::from(number(&head, 8)?) << 32 | u64::from(number(&head, 12)?);
        let (size, header) = match short {
            0 => (input.len().checked_sub(at)?, 8),
            1 if count == 16 => (long, 16),
            size => (size, 8),
        };
        let content = (at + header, size.checked_sub(header)?);
        at = at.checked_add(size)?;
        Some(content)
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes(), kind.as_slice(), content].concat()
    }

    /// A file whose track `id` has these runs of packets: how many, how long.
    fn file(id: u32, runs: &[(u32, u32)]) -> Input {
        let table: Vec<u8> =
            runs.iter().flat_map(|run| [run.0.to_be_bytes(), run.1.to_be_bytes()].concat()).collect();
        let stts = atom(b"stts", &[&[0; 4], (runs.len() as u32).to_be_bytes().as_slice(), &table].concat());
        let minf = atom(b"minf", &atom(b"stbl", &stts));
        let mdhd = atom(b"mdhd", &[&[0; 12], 44_100u32.to_be_bytes().as_slice(), &[0; 8]].concat());
        let mdia = atom(b"mdia", &[mdhd, minf].concat());
        let tkhd = atom(b"tkhd", &[&[0; 12], id.to_be_bytes().as_slice(), &[0; 68]].concat());
        let moov = atom(b"moov", &atom(b"trak", &[tkhd, mdia].concat()));
        Input::from_bytes([atom(b"ftyp", b"M4A "), atom(b"mdat", &[7; 100]), moov].concat())
    }

    #[test]
    fn the_runs_of_the_wanted_track_are_added_up() {
        assert_eq!(table_length(&file(2, &[(22, 1024), (1, 545)]), 2), Some((23_073, 44_100)));
        assert_eq!(table_length(&file(1, &[(22, 1024)]), 2), None);
    }

    #[test]
    fn a_byte_too_few_is_a_cut_file_whose_table_may_still_be_read() {
        let mut bytes = vec![0; 1000];
        let whole = file(1, &[(22, 1024)]);
        let count = whole.read_at(0, &mut bytes).unwrap_or(0);
        assert!(!is_cut(&whole));
        bytes.truncate(count - 1);
        assert!(is_cut(&Input::from_bytes(bytes)));
    }

    #[test]
    fn forged_sizes_end_the_search() {
        for bytes in
            [&b"\0\0\0\x08moo"[..], b"\0\0\0\x03moov", b"\xff\xff\xff\xffmoov", b"\0\0\0\0moov\0\0\0\x09trak"]
        {
            assert_eq!(table_length(&Input::from_bytes(bytes), 1), None, "{bytes:?}");
        }
        assert_eq!(
            table_length(&file(1, &[(u32::MAX, u32::MAX); 3]), 1).map(|length| length.1),
            Some(44_100)
        );
    }
}
