//! Cut, damaged and endless files, limits and cancellation.
#![allow(clippy::expect_used, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use audiodecode_pipeline::{CancelFlag, ErrorKind, Input, Limits, OpenOptions};
use support::{data, formats, open_bytes, open_file, read, read_all};

fn bytes(path: &std::path::Path) -> Vec<u8> {
    std::fs::read(path).expect("fixture")
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn a_file_that_ends_early_says_so_and_keeps_what_is_there() {
    for name in ["s16.wav", "s16.flac", "s16.aiff", "aac-faststart.m4a"] {
        let whole = bytes(&formats().join(name));
        let complete = read_all(&mut *open_bytes(&whole).expect(name)).expect(name);
        let mut source = open_bytes(&whole[..whole.len() * 2 / 3]).expect(name);
        let part = read_all(&mut *source).expect(name);
        assert!(source.truncated(), "{name}");
        let frames = part[0].len();
        assert!((complete[0].len() / 2..complete[0].len()).contains(&frames), "{name}: {frames}");
        // All but the last packet, which may be incomplete.
        let sound = frames.saturating_sub(9_000);
        assert_eq!(part[0][..sound], complete[0][..sound], "{name}");
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn an_mp3_with_a_tag_knows_its_length_before_its_end_and_tells_what_is_missing() {
    for name in ["cbr128.mp3", "libmp3lame.mp3", "v2.mp3", "v9.mp3"] {
        let whole = bytes(&formats().join(name));
        let mut source = open_bytes(&whole).expect(name);
        // The encoder was given 22,050 frames; its tag counts them with the padding around them.
        assert_eq!((source.info().frames, source.info().frames_exact), (Some(22_050), false), "{name}");
        let complete = read_all(&mut *source).expect(name);
        assert_eq!(complete[0].len(), 22_050, "{name}");
        assert!(!source.truncated(), "{name}");
        for missing in [600, whole.len() / 5] {
            let mut cut = open_bytes(&whole[..whole.len() - missing]).expect(name);
            let part = read_all(&mut *cut).expect(name);
            let told = cut.truncated() || !cut.drain_damage().is_empty();
            assert!(told || part == complete, "{name}: {} frames without {missing} bytes", part[0].len());
            assert!(told || missing == 600, "{name}");
        }
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn a_damaged_packet_is_silence_of_its_length_in_its_place() {
    for (path, zeroed) in [(formats().join("s16.flac"), 24_000), (data().join("tone.tta"), 4_000)] {
        let clean = bytes(&path);
        let name = path.display();
        let complete = read_all(&mut *open_bytes(&clean).expect("file")).expect("samples");
        let mut broken = clean.clone();
        broken[zeroed..zeroed + 40].fill(0x5a);
        let mut source = open_bytes(&broken).expect("file");
        let samples = read_all(&mut *source).expect("samples");
        assert_eq!(samples[0].len(), complete[0].len(), "{name}");
        let damage = source.drain_damage();
        assert!(!damage.is_empty(), "{name}");
        let told = |frame: usize| {
            damage.iter().any(|damage| (damage.start_frame..damage.end_frame).contains(&(frame as u64)))
        };
        for frame in 0..samples[0].len() {
            let expected = if told(frame) { 0.0 } else { complete[0][frame] };
            assert_eq!(samples[0][frame], expected, "{name}: frame {frame} of {damage:?}");
        }
        source.seek(0).expect("seek");
        assert_eq!(read_all(&mut *source).expect("samples"), samples, "{name}: read again");
        assert_eq!(source.drain_damage(), damage, "{name}: told again");
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn files_with_flipped_bits_end_and_never_lie_about_their_form() {
    let mut seed = 0x2545_f491u32;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as usize % below.max(1)
    };
    let names = [
        "tone.ac3",
        "tone.eac3",
        "tone.wma",
        "tone.tta",
        "tone.wv",
        "tone.avi",
        "tone.m2ts",
        "tone.spx",
        "film.mp4",
        "dts.mka",
    ];
    for name in names {
        let clean = bytes(&data().join(name));
        for _ in 0..40 {
            let mut broken = clean.clone();
            for _ in 0..4 {
                let at = next(broken.len());
                broken[at] ^= 1 << next(8);
            }
            broken.truncate(broken.len() - next(broken.len() / 2));
            let started = Instant::now();
            if let Ok(mut source) = open_bytes(&broken) {
                let channels = source.info().channels as usize;
                // An hour at most: a forged rate or timestamp must not make more of some kilobytes.
                if let Ok(samples) = read(&mut *source, 50_000_000) {
                    assert!(samples.len() == channels && samples[0].len() < 20_000_000, "{name}");
                }
            }
            assert!(started.elapsed() < Duration::from_secs(10), "{name}");
        }
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn a_cancelled_read_seek_scan_or_open_stops() {
    let path = formats().join("s16.flac");
    let cancelled = CancelFlag::default();
    cancelled.cancel();
    let input = Input::open(&path).expect("file");
    let options = OpenOptions { cancel: cancelled.clone(), ..OpenOptions::default() };
    let kind = audiodecode_ffmpeg::open(&input, &options).err().map(|error| error.kind());
    assert_eq!(kind, Some(ErrorKind::Cancelled));
    let mut source = open_file(&path).expect("file");
    source.set_cancel(cancelled);
    let kind = |result: audiodecode_pipeline::Result<()>| result.err().map(|error| error.kind());
    assert_eq!(kind(read_all(&mut *source).map(drop)), Some(ErrorKind::Cancelled));
    assert_eq!(kind(source.scan()), Some(ErrorKind::Cancelled));
    source.set_cancel(CancelFlag::default());
    source.seek(0).expect("goes on");
    assert_eq!(read_all(&mut *source).expect("samples")[0].len(), 22_050);
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn a_scan_makes_the_length_exact_and_leaves_the_position_at_the_start() {
    let mut source = open_file(&data().join("tone.ac3")).expect("AC-3");
    assert!(!source.info().frames_exact);
    source.scan().expect("scan");
    assert_eq!((source.info().frames, source.info().frames_exact), (Some(6_144), true));
    assert_eq!(read_all(&mut *source).expect("samples")[0].len(), 6_144);
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn more_channels_than_allowed_are_refused() {
    let input = Input::open(&data().join("surround.ac3")).expect("file");
    let limits = Limits { max_channels: 5, ..Limits::default() };
    let options = OpenOptions { limits, ..OpenOptions::default() };
    let error = audiodecode_ffmpeg::open(&input, &options).err().expect("six channels");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}
