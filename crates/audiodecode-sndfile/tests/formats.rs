//! Every committed format that libsndfile reads, against samples from an independent decoder, whole and in pieces.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_testing::places_off_the_whole;
use support::{
    difference, entries, formats, has_library, open_bytes, open_file, read, read_all, reference, text_of,
};

#[test]
fn every_format_has_the_length_and_samples_of_an_independent_decoder() {
    if !has_library() {
        return;
    }
    let mut failures = Vec::new();
    for entry in entries() {
        let file = text_of(&entry, "file");
        let check = || -> Result<(), String> {
            let mut source = open_file(&formats().join(file)).map_err(|e| format!("{:?} {e}", e.kind()))?;
            let info = source.info().clone();
            let got = read_all(&mut *source).map_err(|e| e.to_string())?;
            let check = |what: &str, ok: bool| if ok { Ok(()) } else { Err(format!("{what}: {info:?}")) };
            check("container", info.container == text_of(&entry, "container"))?;
            check("codec", info.codec == text_of(&entry, "codec"))?;
            check("rate", Some(u64::from(info.sample_rate)) == entry["sampleRate"].as_u64())?;
            check("channels", Some(u64::from(info.channels)) == entry["channels"].as_u64())?;
            let frames = entry["frames"].as_u64().unwrap_or_default();
            check(&format!("{} frames instead of {frames}", got[0].len()), got[0].len() as u64 == frames)?;
            check("stated exactly and wrong", !info.frames_exact || info.frames == Some(frames))?;
            let damage = source.drain_damage();
            check(&format!("damage {damage:?}"), damage.is_empty() && !source.truncated())?;
            let worst = f64::from(difference(&got, &reference(&entry)));
            check(&format!("differs by {worst}"), worst <= entry["tolerance"].as_f64().unwrap_or_default())
        };
        if let Err(reason) = check() {
            failures.push(format!("{file}: {reason}"));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_read_after_a_seek_is_the_slice_of_the_whole_bit_for_bit() {
    if !has_library() {
        return;
    }
    let mut failures = Vec::new();
    for entry in entries() {
        let file = text_of(&entry, "file");
        let path = formats().join(file);
        if open_file(&path).is_err() {
            continue;
        }
        let places = places_off_the_whole(|| open_file(&path));
        if !places.is_empty() {
            failures.push(format!("{file} at {places:?}"));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_scan_makes_the_length_exact_and_leaves_the_position_at_the_start() {
    if !has_library() {
        return;
    }
    for entry in entries() {
        let file = text_of(&entry, "file");
        let mut source = open_file(&formats().join(file)).expect(file);
        source.scan().expect("scan");
        assert_eq!(source.info().frames, entry["frames"].as_u64(), "{file}");
        assert!(source.info().frames_exact, "{file}");
        let frames = entry["frames"].as_u64().unwrap_or_default();
        assert_eq!(read_all(&mut *source).expect("whole")[0].len() as u64, frames, "{file}");
    }
}

#[test]
fn bytes_give_what_the_path_gives() {
    if !has_library() {
        return;
    }
    for entry in entries() {
        let path = formats().join(text_of(&entry, "file"));
        let mut from_path = open_file(&path).expect("path");
        let mut from_bytes = open_bytes(&std::fs::read(&path).expect("file")).expect("bytes");
        assert_eq!(from_path.info(), from_bytes.info());
        let same = read_all(&mut *from_path).expect("path") == read_all(&mut *from_bytes).expect("bytes");
        assert!(same, "{}", path.display());
    }
}

#[test]
fn a_fork_reads_what_its_source_reads() {
    if !has_library() {
        return;
    }
    let mut forked = Vec::new();
    for entry in entries() {
        let file = text_of(&entry, "file");
        let mut source = open_file(&formats().join(file)).expect(file);
        let Some(mut fork) = source.fork().expect("fork") else { continue };
        let whole = read_all(&mut *source).expect("whole");
        fork.seek(10_007).expect("seek");
        let part = read(&mut *fork, 2_000).expect("part");
        assert!(part.iter().zip(&whole).all(|(part, whole)| part[..] == whole[10_007..12_007]), "{file}");
        forked.push(file.to_owned());
    }
    for file in ["s16.wav", "s24.flac", "f32.caf"] {
        assert!(forked.iter().any(|name| name == file), "{file} is decoded on one thread alone");
    }
    // What cannot be entered in the middle must not be.
    for file in ["mono32.mp3", "vorbis.ogg", "opus.opus", "ima.wav"] {
        assert!(forked.iter().all(|name| name != file), "{file}");
    }
}
