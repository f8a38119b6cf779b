//! What is cut, chained, forged or no audio; MPEG audio whose length libsndfile guesses.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_pipeline::{CancelFlag, Chain, DecodeRequest, ErrorKind, Input, Limits, OpenOptions, decode};
use support::{formats, has_library, open_bytes, open_file, read, read_all, symphonia_tests};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(formats().join(name)).expect(name)
}

fn kind_of(bytes: &[u8]) -> ErrorKind {
    open_bytes(bytes).err().expect("it opened").kind()
}

#[test]
fn what_a_cut_file_still_has_is_given_and_the_rest_is_told() {
    if !has_library() {
        return;
    }
    let cut =
        ["s16.wav", "s24.wav", "s16.rifx.wav", "s16.aiff", "s16.w64", "s16.rf64", "ima.wav", "s24.flac"];
    for name in cut.into_iter().chain(["vorbis.ogg", "cbr128.mp3"]) {
        let bytes = fixture(name);
        let whole = read_all(&mut *open_bytes(&bytes).expect(name)).expect(name);
        let mut source = open_bytes(&bytes[..bytes.len() * 6 / 10]).expect(name);
        let part = read_all(&mut *source).expect(name);
        let frames = part[0].len();
        assert!((7_000..20_000).contains(&frames), "{name}: {frames} frames");
        assert!(source.truncated(), "{name} is not told to be cut");
        let expected = source.info().expected_frames;
        if !["vorbis.ogg", "ima.wav"].contains(&name) {
            assert_eq!(expected, Some(22_050), "{name}");
        }
        // Beyond what is there is the end, and the way back from it is open.
        source.seek(21_000).expect(name);
        assert_eq!(read(&mut *source, 100).expect(name)[0].len(), 0, "{name}");
        source.seek(3_000).expect(name);
        let again = read(&mut *source, 100).expect(name);
        assert!(again.iter().zip(&whole).all(|(again, whole)| again[..] == whole[3_000..3_100]), "{name}");
        // What a lossy decoder gives last may miss what would have been added to it.
        let sound = frames.saturating_sub(2_000);
        assert!(part.iter().zip(&whole).all(|(part, whole)| part[..sound] == whole[..sound]), "{name}");
    }
}

#[test]
fn an_ogg_file_that_ends_between_two_pages_is_told_to_be_cut() {
    if !has_library() {
        return;
    }
    let bytes = std::fs::read(symphonia_tests().join("special/pages.ogg")).expect("fixture");
    let pages = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(b"OggS")).skip(3);
    let mut cuts = 0;
    for at in pages {
        let mut source = open_bytes(&bytes[..at]).expect("opened");
        read_all(&mut *source).expect("read");
        assert!(source.truncated(), "cut at {at}");
        cuts += 1;
    }
    assert!(cuts > 3, "{cuts} cuts");
}

#[test]
fn a_whole_file_is_not_told_to_be_cut() {
    if !has_library() {
        return;
    }
    for name in
        ["s16.wav", "s16.aiff", "s16.w64", "s16.rf64", "vorbis.ogg", "opus.opus", "cbr128.mp3", "v9.mp3"]
    {
        let mut source = open_bytes(&fixture(name)).expect(name);
        read_all(&mut *source).expect(name);
        assert!(!source.truncated(), "{name}");
    }
}

#[test]
fn an_untagged_mp3_is_read_to_its_end_however_wrong_the_guess_of_its_length_is() {
    if !has_library() {
        return;
    }
    // The first frames are the largest, so that dividing by their size gives a fraction of the true length.
    let large = std::fs::read(symphonia_tests().join("mpeg/untagged-cbr128.mp3")).expect("fixture");
    let small: Vec<u8> = std::iter::repeat_n(silent_frame(32), 200).flatten().collect();
    let bytes = [large, small].concat();
    let mut source = open_bytes(&bytes).expect("opened");
    let guess = source.info().frames.expect("a guess");
    assert!(!source.info().frames_exact);
    let whole = read_all(&mut *source).expect("whole");
    // 13 frames and 200.
    assert_eq!(whole[0].len(), (13 + 200) * 1152);
    assert!(guess < 100_000, "the guess is right: {guess}");
    assert_eq!((source.info().frames, source.info().frames_exact), (Some(213 * 1152), true));
    assert!(source.drain_damage().is_empty() && !source.truncated());
}

/// A frame of MPEG-1 layer III at 44.1 kHz, stereo, without any sound in it.
fn silent_frame(kbit: usize) -> Vec<u8> {
    let index = [0, 32, 40, 48, 56, 64].iter().position(|&rate| rate == kbit).expect("rate") as u8;
    let mut frame = vec![0; 144 * kbit * 1000 / 44_100];
    frame[..4].copy_from_slice(&[0xFF, 0xFB, index << 4, 0x00]);
    frame
}

#[test]
fn ranges_of_low_bit_rates_are_slices_of_the_whole() {
    if !has_library() {
        return;
    }
    for name in ["mpeg/untagged-mono32.mp3", "mpeg/v9-mono.mp3", "mpeg/mpeg2-mono8.mp3", "special/pages.ogg"]
    {
        let mut source = open_file(&symphonia_tests().join(name)).expect(name);
        let whole = read_all(&mut *source).expect(name);
        for step in (1..40).rev() {
            let place = whole[0].len() * step / 40 + step;
            source.seek(place as u64).expect("seek");
            let part = read(&mut *source, 600).expect("part");
            let end = whole[0].len().min(place + 600);
            let same = part.iter().zip(&whole).all(|(part, whole)| part[..] == whole[place..end]);
            assert!(same, "{name} at {place}");
        }
    }
}

#[test]
fn what_libsndfile_would_read_a_part_of_is_declined() {
    if !has_library() {
        return;
    }
    for name in ["chained.ogg", "chained.opus", "chained-mono.ogg", "chained-mono.opus"] {
        let bytes = std::fs::read(symphonia_tests().join("special").join(name)).expect(name);
        assert_eq!(kind_of(&bytes), ErrorKind::Unsupported, "{name}");
    }
    // At 16 kHz, while everybody else gives 48.
    assert_eq!(kind_of(include_bytes!("made-of-16-khz.opus")), ErrorKind::Unsupported);
    // A stream whose writer could not go back to fill in the length.
    let open_end = [claiming_wav(0), vec![1; 8000]].concat();
    assert_eq!(kind_of(&open_end), ErrorKind::Unsupported);
    assert_eq!(open_bytes(&claiming_wav(0)).expect("no samples").info().frames, Some(0));
}

#[test]
fn a_stream_that_follows_under_the_same_number_is_no_silent_loss() {
    if !has_library() {
        return;
    }
    let twice = fixture("vorbis.ogg").repeat(2);
    let mut source = open_bytes(&twice).expect("opened");
    let whole = read_all(&mut *source).expect("read");
    let told = source.truncated() || !source.drain_damage().is_empty();
    assert!(whole[0].len() == 44_100 || told, "{} frames and nothing said", whole[0].len());
}

#[test]
fn joined_mp3_files_are_no_silent_loss() {
    if !has_library() {
        return;
    }
    let twice = fixture("cbr128.mp3").repeat(2);
    let mut source = open_bytes(&twice).expect("opened");
    let whole = read_all(&mut *source).expect("read");
    let told = source.truncated() || !source.drain_damage().is_empty();
    assert!(whole[0].len() >= 44_100 || told, "{} frames and nothing said", whole[0].len());
}

#[test]
fn tags_behind_the_last_frame_are_no_missing_audio() {
    if !has_library() {
        return;
    }
    let list =
        [&b"LIST"[..], &20_000u32.to_le_bytes(), b"INFOICMT", &19_988u32.to_le_bytes(), &[b'x'; 19_988]];
    let tagged = [fixture("ima.wav"), list.concat()].concat();
    let mut source = open_bytes(&tagged).expect("opened");
    assert_eq!(read_all(&mut *source).expect("read")[0].len(), 22_451);
    assert!(source.drain_damage().is_empty() && !source.truncated());
    let ape = [&b"APETAGEX\xD0\x07\0\0"[..], &9_000u32.to_le_bytes(), &[0; 16]].concat();
    let id3v1 = [b"TAG".to_vec(), vec![b' '; 125]].concat();
    let tagged = [fixture("cbr128.mp3"), vec![b'x'; 9_000 - 32], ape, id3v1].concat();
    let mut source = open_bytes(&tagged).expect("opened");
    assert_eq!(read_all(&mut *source).expect("read")[0].len(), 22_050);
    let damage = source.drain_damage();
    assert!(damage.is_empty() && !source.truncated(), "{damage:?}");
}

#[test]
fn a_damaged_flac_packet_is_told_and_the_rest_is_read() {
    if !has_library() {
        return;
    }
    let bytes = std::fs::read(formats().join("../jfk.flac")).expect("fixture");
    let whole = read_all(&mut *open_bytes(&bytes).expect("clean")).expect("clean");
    let mut damaged = bytes.clone();
    let at = bytes.len() / 2;
    damaged[at..at + 4].iter_mut().for_each(|byte| *byte ^= 0x55);
    let mut source = open_bytes(&damaged).expect("opened");
    let got = read_all(&mut *source).expect("read");
    let damage = source.drain_damage();
    assert!(damage.iter().any(|damage| damage.reason.contains("flac decoder")), "{damage:?}");
    let same = |at: usize| got[0].get(at) == whole[0].get(at);
    let wrong: Vec<usize> = (0..whole[0].len()).filter(|&at| !same(at)).collect();
    let told = |at: &usize| damage.iter().any(|d| (d.start_frame..d.end_frame).contains(&(*at as u64)));
    assert_eq!(got[0].len(), whole[0].len());
    assert!(wrong.iter().all(told), "{} wrong frames outside {damage:?}", wrong.len());
    assert!(wrong.len() < 20_000 && !source.truncated(), "{} wrong frames", wrong.len());
    // A range that begins inside of it, and one behind it, are slices of that.
    let start = damage[0].start_frame as usize;
    for place in [start + 50, start + 30_000, start - 50] {
        source.seek(place as u64).expect("seek");
        let part = read(&mut *source, 3_000).expect("part");
        assert!(part.iter().zip(&got).all(|(part, got)| part[..] == got[place..place + 3_000]), "{place}");
    }
}

#[test]
fn what_is_no_audio_is_unsupported_and_an_empty_file_corrupt() {
    if !has_library() {
        return;
    }
    assert_eq!(kind_of(&b"Ask not what your country can do for you.\n".repeat(200)), ErrorKind::Unsupported);
    assert_eq!(kind_of(&[0; 5000]), ErrorKind::Unsupported);
    assert_eq!(kind_of(&[]), ErrorKind::Corrupt);
    // libsndfile finds no samples in a CAF file whose end is missing.
    let caf = fixture("s16.caf");
    assert_eq!(kind_of(&caf[..caf.len() / 2]), ErrorKind::Corrupt);
    for name in ["aac.m4a", "aac.aac", "opus.webm"] {
        assert_eq!(kind_of(&fixture(name)), ErrorKind::Unsupported, "{name}");
    }
}

/// A WAV header with this many bytes of 16-bit stereo claimed, and four frames of it.
fn claiming_wav(bytes: u32) -> Vec<u8> {
    let mut wav =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xAC\0\0\x10\xB1\x02\0\x04\0\x10\0data".to_vec();
    wav.extend_from_slice(&bytes.to_le_bytes());
    (1..=8i16).for_each(|sample| wav.extend_from_slice(&sample.wrapping_mul(4096).to_le_bytes()));
    wav
}

#[test]
fn claimed_lengths_reserve_no_memory() {
    if !has_library() {
        return;
    }
    for claim in [16, 1_000_000_000, 0x7FFF_FFF0, 0xFFFF_FFFE, 0xFFFF_FFFF] {
        let mut source = open_bytes(&claiming_wav(claim)).expect("opened");
        assert_eq!(source.info().frames, Some(4), "{claim}");
        let got = read_all(&mut *source).expect("read");
        assert_eq!(got, [vec![0.125, 0.375, 0.625, 0.875], vec![0.25, 0.5, 0.75, -1.0]], "{claim}");
        assert_eq!(source.truncated(), claim == 1_000_000_000, "{claim}");
    }
    // The total of a FLAC file, 36 bits at byte 21.
    let mut flac = fixture("s16.flac");
    flac[21] |= 0x0F;
    flac[22..26].fill(0xFF);
    let mut source = open_bytes(&flac).expect("opened");
    assert!(source.info().frames.is_none_or(|frames| frames < 1 << 31), "{:?}", source.info());
    assert_eq!(read_all(&mut *source).expect("read")[0].len(), 22_050);
    assert!(source.truncated());
}

#[test]
fn limits_hold() {
    if !has_library() {
        return;
    }
    let open = |limits| {
        let options = OpenOptions { limits, ..OpenOptions::default() };
        audiodecode_sndfile::open(&Input::from_bytes(fixture("s16.wav")), &options)
            .err()
            .map(|error| error.kind())
    };
    let limits = Limits::default();
    assert_eq!(open(limits), None);
    assert_eq!(open(Limits { max_channels: 1, ..limits }), Some(ErrorKind::LimitExceeded));
    assert_eq!(open(Limits { max_input_bytes: 1000, ..limits }), Some(ErrorKind::LimitExceeded));
}

#[test]
fn cancelling_stops_opening_reading_and_skipping() {
    if !has_library() {
        return;
    }
    let cancel = CancelFlag::default();
    let options = OpenOptions { cancel: cancel.clone(), ..OpenOptions::default() };
    let input = Input::from_bytes(fixture("mono32.mp3"));
    let mut source = audiodecode_sndfile::open(&input, &options).expect("opened");
    cancel.cancel();
    let kind = |result: audiodecode_pipeline::Result<()>| result.expect_err("went on").kind();
    assert_eq!(kind(read(&mut *source, 100).map(|_| ())), ErrorKind::Cancelled);
    assert_eq!(kind(source.seek(20_000)), ErrorKind::Cancelled);
    assert_eq!(kind(source.scan()), ErrorKind::Cancelled);
    assert_eq!(kind(audiodecode_sndfile::open(&input, &options).map(|_| ())), ErrorKind::Cancelled);
    source.set_cancel(CancelFlag::default());
    source.seek(20_000).expect("another flag");
    assert_eq!(read(&mut *source, 100).expect("read")[0].len(), 100);
}

#[test]
fn the_chain_resamples_and_mixes_ranges_as_it_does_the_whole() {
    if !has_library() {
        return;
    }
    for name in ["v9.mp3", "s24.flac", "opus-5.1.opus", "ms.wav"] {
        let run = |start_frame, end_frame| {
            let request = DecodeRequest {
                start_frame,
                end_frame,
                sample_rate: Some(16_000),
                mono: true,
                ..DecodeRequest::default()
            };
            let mut chain = Chain::new(open_bytes(&fixture(name)).expect(name), request).expect(name);
            decode(&mut chain, None).expect(name).into_planes(&[], 0, 1)
        };
        let rate = open_bytes(&fixture(name)).expect(name).info().sample_rate as usize;
        let (whole, part) = (run(0, None), run(3_001, Some(9_002)));
        let at = |frame: usize| (frame * 16_000).div_ceil(rate);
        assert_eq!(part, [whole[0][at(3_001)..at(9_002)].to_vec()], "{name}");
    }
}

#[test]
fn many_threads_open_and_decode_at_the_same_time() {
    if !has_library() {
        return;
    }
    let names =
        ["s16.wav", "v2.mp3", "vorbis.ogg", "opus.opus", "s24.flac", "aac.m4a", "ima.wav", "layer2.mp2"];
    let decode = |name: &str| open_bytes(&fixture(name)).and_then(|mut source| read_all(&mut *source)).ok();
    let alone: Vec<_> = names.iter().map(|name| decode(name)).collect();
    std::thread::scope(|scope| {
        for round in 0..8 {
            let (alone, decode) = (&alone, &decode);
            scope.spawn(move || {
                for turn in 0..16 {
                    let which = (round * 3 + turn) % names.len();
                    assert!(decode(names[which]) == alone[which], "{}", names[which]);
                }
            });
        }
    });
}

#[test]
fn a_damaged_ogg_page_is_told_wherever_it_lies() {
    if !has_library() {
        return;
    }
    let clean = std::fs::read(symphonia_tests().join("special/pages.ogg")).expect("fixture");
    let whole = read_all(&mut *open_bytes(&clean).expect("clean")).expect("clean");
    let mut opened = 0;
    for step in 1..60 {
        let mut bytes = clean.clone();
        let at = bytes.len() * step / 60;
        bytes[at] ^= 0x5A;
        let Ok(mut source) = open_bytes(&bytes) else { continue };
        opened += 1;
        let got = read_all(&mut *source).expect("read");
        let damage = source.drain_damage();
        assert!(got == whole || source.truncated() || !damage.is_empty(), "byte {at}: nothing said");
        assert!(got != whole || damage.is_empty(), "byte {at}: {damage:?} and nothing wrong");
    }
    assert!(opened > 40, "{opened} opened");
}

#[test]
fn errors_of_files_that_fail_at_the_same_time_are_not_mixed_up() {
    if !has_library() {
        return;
    }
    let text = b"Ask not what your country can do for you.\n".repeat(20);
    let caf = fixture("s16.caf");
    let failing = [(&text[..], ErrorKind::Unsupported), (&caf[..200], ErrorKind::Corrupt)];
    std::thread::scope(|scope| {
        for (bytes, kind) in failing.iter().cycle().take(6) {
            scope.spawn(move || (0..3_000).for_each(|_| assert_eq!(kind_of(bytes), *kind)));
        }
    });
}
