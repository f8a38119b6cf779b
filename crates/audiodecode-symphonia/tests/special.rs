//! Files that decode to something wrong without an error when nobody looks.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_pipeline::{ErrorKind, GaplessSource, Input, OpenOptions, PcmSource};
use support::{formats, open_bytes, open_file, read_all, reference, special};

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(special().join(name)).expect(name)
}

fn frames(name: &str) -> usize {
    read_all(&mut *open_file(&special().join(name)).expect(name)).expect(name)[0].len()
}

#[test]
fn he_aac_is_refused_in_every_container_and_plain_aac_is_not() {
    for name in ["he-v1", "he-v2", "he-5.1"] {
        for kind in ["aac", "mp4", "mkv"] {
            let error = open_file(&special().join(format!("{name}.{kind}"))).err().expect("refused");
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}.{kind}");
            assert!(error.message().contains("HE-AAC"), "{name}.{kind}: {error}");
            assert!(error.message().contains("@audiodecode/backend-ffmpeg"), "{name}.{kind}: {error}");
        }
    }
    for name in ["lc-fdk.aac", "lc-fdk.mp4", "lc-fdk.mkv", "lc-22050.aac", "lc-24000.aac"] {
        assert!(open_file(&special().join(name)).is_ok(), "{name}");
    }
    assert_eq!(open_file(&special().join("lc-22050.aac")).expect("LC").info().sample_rate, 22_050);
}

#[test]
fn an_edit_list_in_milliseconds_still_gives_the_original_length() {
    let mut source = open_file(&special().join("odd-length.m4a")).expect("m4a");
    assert_eq!(source.info().frames, Some(22_049));
    assert_eq!(source.info().gapless.source, GaplessSource::EditList);
    assert_eq!(source.info().gapless.start_frames, 1024);
    assert_eq!(read_all(&mut *source).expect("samples")[0].len(), 22_049);
}

#[test]
fn pcm_of_quicktime_is_big_endian_unless_its_entry_says_otherwise() {
    for (name, samples, codec) in [
        ("s24be", "pcm-s24", "pcm_s24be"),
        ("s24le", "pcm-s24", "pcm_s24le"),
        ("s32be", "pcm-s32", "pcm_s32be"),
        ("f32be", "pcm-float", "pcm_f32be"),
        ("f64be", "pcm-float", "pcm_f64be"),
    ] {
        let mut source = open_file(&special().join(format!("{name}.mov"))).expect(name);
        let mut expected = reference(&formats().join(format!("{samples}.f32")), 2);
        expected.iter_mut().for_each(|plane| plane.truncate(1000));
        assert_eq!(source.info().codec, codec);
        assert!(read_all(&mut *source).expect(name) == expected, "{name}");
    }
}

#[test]
fn chained_streams_play_through_and_seeks_reach_the_second_one() {
    for (name, length) in [("chained.ogg", 17_001), ("chained.opus", 10_885 + 7_621)] {
        let mut source = open_file(&special().join(name)).expect(name);
        let whole = read_all(&mut *source).expect(name);
        assert!(whole[0].len().abs_diff(length) <= 1, "{name}: {}", whole[0].len());
        assert!(!source.truncated() && source.drain_damage().is_empty(), "{name}");
        for place in [12_345, 40, 9_999, 16_000] {
            source.seek(place as u64).expect("seek");
            assert_eq!(read_all(&mut *source).expect("rest")[1], whole[1][place..], "{name} at {place}");
        }
    }
}

#[test]
fn a_chain_that_changes_its_channels_stops_and_says_so() {
    for (name, length) in [("chained-mono.ogg", 10_000), ("chained-mono.opus", 10_885)] {
        let mut source = open_file(&special().join(name)).expect(name);
        assert!(read_all(&mut *source).expect(name)[0].len().abs_diff(length) <= 1, "{name}");
        assert!(source.truncated(), "{name}");
        let damage = source.drain_damage();
        assert!(damage.iter().any(|damage| damage.reason.contains("1 channels")), "{name}: {damage:?}");
    }
}

#[test]
fn the_wanted_track_is_decoded_and_a_missing_one_is_an_argument_error() {
    let input = Input::open(&special().join("two-tracks.mka")).expect("file");
    let open = |track| audiodecode_symphonia::open(&input, &OpenOptions { track, ..OpenOptions::default() });
    let lengths = |mut source: Box<dyn PcmSource>| {
        (source.info().channels, source.info().tracks, read_all(&mut *source).expect("samples")[0].len())
    };
    assert_eq!(lengths(open(None).expect("default")), (2, 2, 10_000));
    assert_eq!(lengths(open(Some(0)).expect("first")), (2, 2, 10_000));
    assert_eq!(lengths(open(Some(1)).expect("second")), (1, 2, 5_000));
    assert_eq!(open(Some(2)).err().map(|error| error.kind()), Some(ErrorKind::InvalidArgument));
}

/// Amplitude of a tone in a signal.
fn amplitude(signal: &[f32], hertz: f64) -> f64 {
    let turn = 2.0 * std::f64::consts::PI * hertz / 44_100.0;
    let (mut re, mut im) = (0.0, 0.0);
    for (frame, &sample) in signal.iter().enumerate() {
        let (sin, cos) = (turn * frame as f64).sin_cos();
        re += f64::from(sample) * cos;
        im += f64::from(sample) * sin;
    }
    2.0 * re.hypot(im) / signal.len() as f64
}

#[test]
fn every_channel_of_five_point_one_aac_is_at_its_place_in_every_container() {
    // What make_special.py gives the channels, in the order of WAV: front left, right, centre, LFE, back left, right.
    let tones = [500.0, 700.0, 1100.0, 60.0, 1700.0, 2300.0];
    for kind in ["m4a", "aac", "mkv"] {
        let mut source = open_file(&special().join(format!("aac-5.1.{kind}"))).expect(kind);
        assert_eq!(source.info().channels, 6, "{kind}");
        assert_eq!(source.info().channel_layout.as_deref(), Some("5.1"), "{kind}");
        let planes = read_all(&mut *source).expect(kind);
        if kind == "m4a" {
            assert_eq!(planes[0].len(), 13_230);
        }
        for (place, plane) in planes.iter().enumerate() {
            // A tenth of a second in the middle is a whole number of periods of every tone.
            let middle = &plane[4410..8820];
            for (tone, &hertz) in tones.iter().enumerate() {
                let found = amplitude(middle, hertz);
                // By FFmpeg 5.1: 0.275 to 0.356, and at most 0.002 of another channel's tone.
                let fits = if tone == place { (0.27..0.36).contains(&found) } else { found < 0.0025 };
                assert!(fits, "{kind}, channel {place}: {found} at {hertz} Hz");
            }
        }
    }
}

#[test]
fn tags_have_their_vorbis_names_in_every_container() {
    for name in ["tags.flac", "tags.m4a"] {
        let source = open_file(&special().join(name)).expect(name);
        for (key, value) in [("title", "A title"), ("artist", "Someone")] {
            let pair = (key.to_owned(), value.to_owned());
            assert!(source.info().tags.contains(&pair), "{name}: {:?}", source.info().tags);
        }
    }
}

#[test]
fn false_frame_counts_neither_reserve_memory_nor_change_what_is_decoded() {
    let good = bytes("tags.flac");
    for count in [[0x0f, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0]] {
        let mut file = good.clone();
        file[21] = file[21] & 0xf0 | count[0];
        file[22..26].copy_from_slice(&count[1..]);
        let mut source = open_bytes(&file).expect("flac");
        assert!(!source.info().frames_exact);
        assert!(source.info().frames.is_none_or(|frames| frames < 1 << 30), "{:?}", source.info());
        assert_eq!(read_all(&mut *source).expect("samples")[0].len(), 10_000);
        assert_eq!(source.truncated(), count[0] != 0);
    }
}

#[test]
fn a_file_cut_off_keeps_its_audio_and_is_truncated() {
    for name in ["tags.flac", "lc-fdk.aac", "chained.ogg", "lc-fdk.mkv"] {
        let whole = bytes(name);
        let mut source = open_bytes(&whole[..whole.len() * 3 / 4]).expect(name);
        let got = read_all(&mut *source).expect(name);
        assert!(source.truncated(), "{name}");
        assert!(got[0].len() > 4_000 && got[0].len() < frames(name), "{name}: {}", got[0].len());
    }
}

#[test]
fn a_damaged_stretch_is_silence_in_its_place_and_what_follows_is_where_it_was() {
    // In the audio of both, behind FLAC's padding.
    for (name, part, margin) in [("tags.flac", 0.75, 0), ("pages.ogg", 0.5, 2048)] {
        let good = bytes(name);
        let whole = read_all(&mut *open_bytes(&good).expect(name)).expect(name);
        let mut file = good.clone();
        let at = (file.len() as f64 * part) as usize;
        file[at..at + 64].iter_mut().for_each(|byte| *byte ^= 0x5a);
        let mut source = open_bytes(&file).expect(name);
        let got = read_all(&mut *source).expect(name);
        assert_eq!(got[0].len(), whole[0].len(), "{name}");
        let damage = source.drain_damage();
        assert!(!damage.is_empty(), "{name}");
        let end = damage.iter().map(|damage| damage.end_frame).max().unwrap_or(0) as usize;
        assert!(end < whole[0].len(), "{name}: {end} of {} {damage:?}", whole[0].len());
        // One Vorbis block overlaps the first whole one after the gap.
        assert!(got[0][end + margin..] == whole[0][end + margin..], "{name}: {damage:?}");
    }
}

#[test]
fn what_is_not_audio_is_unsupported_and_what_is_broken_is_corrupt() {
    let kind = |bytes: &[u8]| open_bytes(bytes).err().map(|error| error.kind());
    assert_eq!(kind(&[0x17; 10_000]), Some(ErrorKind::Unsupported));
    assert_eq!(kind(b"PK\x03\x04 an archive, and then some more bytes of it"), Some(ErrorKind::Unsupported));
    assert_eq!(kind(b""), Some(ErrorKind::Corrupt));
    assert_eq!(kind(&bytes("tags.flac")[..30]), Some(ErrorKind::Corrupt));
    // A movie box at the end is lost with the end.
    let movie = bytes("odd-length.m4a");
    assert_eq!(kind(&movie[..movie.len() / 2]), Some(ErrorKind::Corrupt));
}

#[test]
fn mutated_files_neither_panic_nor_hang_nor_explode() {
    let names = [
        "tags.flac",
        "tags.m4a",
        "odd-length.m4a",
        "lc-fdk.mkv",
        "lc-fdk.aac",
        "chained.ogg",
        "chained.opus",
        "two-tracks.mka",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for name in names {
        let good = bytes(name);
        for round in 0..60 {
            let mut file = good.clone();
            // Headers are where lengths live, so half of the damage goes there.
            let reach = if round % 2 == 0 { 1024.min(file.len()) } else { file.len() };
            for _ in 0..1 + next(6) {
                let at = next(reach);
                file[at] = next(256) as u8;
            }
            if round % 3 == 0 {
                file.truncate(next(good.len()));
            }
            if name.ends_with("m4a") && round % 5 == 0 {
                let tail = file.len().saturating_sub(900);
                let at = tail + next(file.len() - tail);
                if let Some(byte) = file.get_mut(at) {
                    *byte = 0xff;
                }
            }
            let started = std::time::Instant::now();
            if let Ok(mut source) = open_bytes(&file) {
                let mut planes = vec![vec![0f32; 4096]; source.info().channels as usize];
                let mut total = 0usize;
                while let Ok(count) =
                    source.read(&mut planes.iter_mut().map(|p| &mut p[..]).collect::<Vec<_>>())
                {
                    total += count;
                    if count == 0 || total > 50_000_000 {
                        break;
                    }
                }
                let _ = source.seek((total / 2) as u64);
                source.drain_damage();
            }
            assert!(started.elapsed().as_secs() < 5, "{name} round {round} took {:?}", started.elapsed());
        }
    }
}

/// As FFmpeg's demuxer tells it (`ffprobe -show_packets`), and for Opus, whose packets are 960 frames here, by arithmetic.
#[test]
fn frames_that_ogg_holds_beyond_its_end_are_told() {
    for (name, padding) in [("vorbis.ogg", 94), ("opus.opus", 648), ("opus-5.1.opus", 648)] {
        let source = support::open_file(&support::formats().join(name)).expect("Ogg");
        let info = source.info();
        assert_eq!(info.gapless.end_frames, padding, "{name}");
        if info.codec == "opus" {
            let all = info.gapless.start_frames + info.frames.expect("frames") + padding;
            assert_eq!(all % 960, 0, "{name}");
        }
    }
}
