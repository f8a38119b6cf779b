use audiodecode_pipeline::Input;

/// A table of contents larger than this is not looked at.
const MAX_MOOV: u64 = 64 << 20;

/// Length of a track by its table of packets: ticks, and ticks per second. Exact to the frame, where the edit list that FFmpeg
/// goes by counts in ticks of the movie, often milliseconds. `track` is the number that the file gives it.
pub(crate) fn table_length(input: &Input, track: u32) -> Option<(u64, u32)> {
    let moov = find_moov(input)?;
    boxes(&moov).filter(|(kind, _)| *kind == b"trak").find_map(|(_, trak)| {
        let header = child(trak, b"tkhd")?;
        let version = *header.first()?;
        let id = number(header, if version == 1 { 20 } else { 12 })?;
        (id == track).then(|| length_of(trak)).flatten()
    })
}

fn length_of(trak: &[u8]) -> Option<(u64, u32)> {
    let media = child(trak, b"mdia")?;
    let header = child(media, b"mdhd")?;
    let timescale = number(header, if *header.first()? == 1 { 20 } else { 12 })?;
    let times = child(child(child(media, b"minf")?, b"stbl")?, b"stts")?;
    let entries = times.get(8..)?.chunks_exact(8).take(number(times, 4)? as usize);
    let ticks = entries.fold(0u64, |sum, entry| {
        let value = |at| u64::from(number(entry, at).unwrap_or(0));
        sum.saturating_add(value(0) * value(4))
    });
    (ticks > 0 && timescale > 0).then_some((ticks, timescale))
}

/// Whether one of the outermost boxes reaches beyond the file's end.
pub(crate) fn is_cut(input: &Input) -> bool {
    outermost(input).any(|(_, at, size)| size > input.len() - at)
}

/// The content of the first `moov` box, or what is left of it.
fn find_moov(input: &Input) -> Option<Vec<u8>> {
    let (_, at, size) = outermost(input).find(|(kind, ..)| kind == b"moov")?;
    let size = size.min(input.len() - at);
    let mut moov = vec![0; usize::try_from(size).ok().filter(|_| size <= MAX_MOOV)?];
    let got = input.read_at(at, &mut moov).ok()?;
    moov.truncate(got);
    Some(moov)
}

/// The outermost boxes of a file: kind, where the content begins, and its size as said.
fn outermost(input: &Input) -> impl Iterator<Item = ([u8; 4], u64, u64)> {
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
        Some((*head.get(4..8)?.first_chunk()?, content.0, content.1))
    })
}

/// The boxes in a box: kind and content.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let size = number(bytes, 0)? as usize;
        let kind = bytes.get(4..8)?.first_chunk::<4>()?;
        let content = bytes.get(8..size)?;
        bytes = &bytes[size..];
        Some((kind, content))
    })
}

fn child<'a>(bytes: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(kind, _)| *kind == wanted).map(|(_, content)| content)
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
