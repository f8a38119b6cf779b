//! Ranges of Ogg files are the slice of the whole, bit for bit, and cost the same wherever they lie.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use std::path::PathBuf;

use support::ogg::{OggPage, repaginate, repeat, write};
use support::{Dice, Planes, formats, open_bytes, open_file, read, read_all, special};

/// Files of one stream, and how many of their pages are headers.
fn fixtures() -> Vec<(PathBuf, usize)> {
    vec![(formats().join("vorbis.ogg"), 2), (formats().join("flac.oga"), 4), (special().join("pages.ogg"), 2)]
}

fn is_the_slice(part: &Planes, whole: &Planes, start: usize, end: usize, what: &str) {
    for (part, whole) in part.iter().zip(whole) {
        let (start, end) = (start.min(whole.len()), end.min(whole.len()));
        let wanted = &whole[start..end];
        let differs = part.iter().zip(wanted).position(|(a, b)| a.to_bits() != b.to_bits());
        assert_eq!((part.len(), differs), (wanted.len(), None), "{what}: {start}..{end}");
    }
}

/// Random ranges from one source that is moved about, and from fresh ones.
fn agrees_everywhere(bytes: &[u8], dice: &mut Dice, rounds: usize, what: &str) {
    let mut whole_source = open_bytes(bytes).expect(what);
    let whole = read_all(&mut *whole_source).expect(what);
    let (damage, length) = (whole_source.drain_damage(), whole[0].len());
    let mut moved = open_bytes(bytes).unwrap();
    // Pages may state that they lie there, beyond all limits.
    moved.seek((1 << 40) + 5).unwrap();
    assert_eq!(read(&mut *moved, 100).unwrap()[0].len(), 0, "{what}");
    for round in 0..rounds {
        let (start, frames) = (dice.below(length + 100), 1 + dice.below(9000));
        moved.seek(start as u64).unwrap();
        is_the_slice(&read(&mut *moved, frames).unwrap(), &whole, start, start + frames, what);
        if round % 4 == 0 {
            let mut fresh = open_bytes(bytes).unwrap();
            fresh.seek(start as u64).unwrap();
            is_the_slice(&read_all(&mut *fresh).unwrap(), &whole, start, length, what);
            // What is told about the rest is what is told about the whole.
            let rest = damage.iter().filter(|damage| damage.end_frame > start as u64).cloned();
            assert_eq!(fresh.drain_damage(), rest.collect::<Vec<_>>(), "{what} from {start}");
        }
    }
}

#[test]
fn in_files_as_they_are() {
    let mut dice = Dice(0x0a11_ce01);
    for name in ["chained.ogg", "chained-mono.ogg", "chained.opus"] {
        agrees_everywhere(&std::fs::read(special().join(name)).unwrap(), &mut dice, 24, name);
    }
    for (path, _) in fixtures() {
        agrees_everywhere(&std::fs::read(&path).unwrap(), &mut dice, 60, &path.display().to_string());
    }
}

#[test]
fn in_files_with_something_else_before_their_first_page() {
    let mut dice = Dice(0x0a11_ce06);
    let mut names: Vec<PathBuf> = fixtures().into_iter().map(|(path, _)| path).collect();
    names.extend(["chained.ogg", "chained.opus"].map(|name| special().join(name)));
    for path in names {
        let (name, clean) = (path.display().to_string(), std::fs::read(&path).unwrap());
        let wanted = read_all(&mut *open_bytes(&clean).unwrap()).unwrap();
        // The last is what a header looks like whose beginning is lost.
        for garbage in [vec![0], vec![b'O'; 4096], clean[5..27].to_vec()] {
            let bytes = [&garbage[..], &clean].concat();
            let whole = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
            is_the_slice(&whole, &wanted, 0, wanted[0].len(), &name);
            agrees_everywhere(&bytes, &mut dice, 12, &name);
        }
    }
}

/// Longer versions of the fixtures: in pages as they were, and in pages that packets do not fit into.
fn long_files() -> Vec<(String, usize, Vec<OggPage>)> {
    let files = fixtures().into_iter().flat_map(|(path, headers)| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let pages = repeat(&std::fs::read(&path).unwrap(), 3, headers);
        let small = repaginate(&pages, headers, 3);
        [(format!("small pages of {name}"), headers, small), (name, headers, pages)]
    });
    files.collect()
}

#[test]
fn in_files_whose_positions_are_off_and_whose_packets_span_pages() {
    let mut dice = Dice(0x0a11_ce02);
    for (name, _, pages) in long_files() {
        agrees_everywhere(&write(&pages).concat(), &mut dice, 40, &name);
    }
}

#[test]
fn in_files_that_have_lost_pages_or_bits() {
    let mut dice = Dice(0x0a11_ce03);
    for (name, headers, pages) in long_files() {
        for round in 0..6 {
            let mut pages = pages.clone();
            let count = pages.len();
            let at = headers + 1 + dice.below(count - headers - 3);
            let kind = ["left out", "left out and not missed", "wrong bits", "garbage", "twice", "swapped"]
                [round % 6];
            match kind {
                "left out" => {
                    pages.remove(at);
                    pages[at].missing_before = 1;
                }
                "left out and not missed" => drop(pages.remove(at)),
                "twice" => pages.insert(at, pages[at].clone()),
                _ => {}
            }
            let mut parts = write(&pages);
            match kind {
                "wrong bits" => {
                    let byte = dice.below(parts[at].len());
                    parts[at][byte] ^= 0x10;
                }
                "garbage" => parts.insert(at, vec![b'O'; 1 + dice.below(70_000)]),
                "swapped" => parts.swap(at, at + 1),
                _ => {}
            }
            agrees_everywhere(&parts.concat(), &mut dice, 8, &format!("{name}, page {at} {kind}"));
        }
        let mut bytes = write(&pages).concat();
        bytes.truncate(bytes.len() * 4 / 5);
        agrees_everywhere(&bytes, &mut dice, 8, &format!("{name}, cut off"));
    }
}

#[test]
fn in_files_with_packets_that_cannot_be_decoded() {
    let mut dice = Dice(0x0a11_ce04);
    for (name, headers, pages) in long_files() {
        for round in 0..6 {
            let mut pages = pages.clone();
            for _ in 0..3 {
                let at = headers + dice.below(pages.len() - headers);
                let body = &mut pages[at].body;
                let length = body.len();
                match round % 3 {
                    // The page's checksum will agree with what is wrong.
                    0 => body[0] ^= 1 << dice.below(8),
                    1 => body[dice.below(length)..].fill(0xff),
                    _ => body[length / 2..].iter_mut().for_each(|byte| *byte ^= dice.below(256) as u8),
                }
            }
            agrees_everywhere(&write(&pages).concat(), &mut dice, 8, &format!("{name}, round {round}"));
        }
    }
}

#[test]
fn in_files_that_state_wrong_positions() {
    let mut dice = Dice(0x0a11_ce05);
    for (name, headers, pages) in long_files() {
        for wrong in [-1, 0, 17, -5000, 1 << 40, i64::MAX] {
            let mut pages = pages.clone();
            let at = headers + dice.below(pages.len() - headers - 1);
            pages[at].granule =
                if wrong.abs() < 1 << 30 && wrong > 0 { pages[at].granule + wrong } else { wrong };
            agrees_everywhere(&write(&pages).concat(), &mut dice, 8, &format!("{name}, {wrong} at {at}"));
            // The same behind a gap, where positions count.
            pages[at].missing_before = 1;
            agrees_everywhere(
                &write(&pages).concat(),
                &mut dice,
                12,
                &format!("{name}, {wrong} at {at}, gap"),
            );
        }
    }
}

/// A file on disk that goes when this does.
struct OnDisk(PathBuf);

impl OnDisk {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("audiodecode-ogg-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Bytes that this thread has read so far, where the operating system counts them.
fn bytes_read() -> Option<u64> {
    let counters = std::fs::read_to_string("/proc/thread-self/io").ok()?;
    counters.lines().find_map(|line| line.strip_prefix("rchar: "))?.parse().ok()
}

#[test]
fn a_place_far_from_the_beginning_needs_nothing_of_what_lies_between() {
    for ((path, headers), copies) in fixtures().into_iter().zip([300, 60, 200]) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let pages = repaginate(&repeat(&std::fs::read(&path).unwrap(), copies, headers), headers, 20);
        let bytes = write(&pages).concat();
        assert!(bytes.len() > 3 << 20, "{name}: {} bytes", bytes.len());
        let whole = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
        let file = OnDisk::new(&name, &bytes);
        let mut source = open_file(&file.0).unwrap();
        // Once open, nothing but the last part of the file is there any more.
        let mut wiped = bytes.clone();
        wiped[..bytes.len() / 10 * 8].fill(0);
        std::fs::write(&file.0, &wiped).unwrap();
        let before = bytes_read();
        let start = whole[0].len() / 10 * 9;
        source.seek(start as u64).unwrap();
        is_the_slice(&read(&mut *source, 3_000).unwrap(), &whole, start, start + 3_000, &name);
        if let (Some(before), Some(after)) = (before, bytes_read()) {
            assert!(after - before < 600_000, "{name}: {} bytes read", after - before);
        }
    }
}
