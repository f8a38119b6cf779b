//! Behaviour of the MPEG reader on real streams. `tests/make_mpeg_fixtures.py` made them and the samples they should give.

use std::path::Path;

use audiodecode_pipeline::{Damage, ErrorKind, GaplessSource, Input, OpenOptions, PcmSource};

use super::open;

const STREAMS: [&str; 13] = [
    "untagged-cbr128.mp3",
    "untagged-v2.mp3",
    "tagged-v2-crc.mp3",
    "untagged-mono32.mp3",
    "v9-mono.mp3",
    "mpeg2-mono8.mp3",
    "mpeg2-stereo.mp3",
    "mpeg25-mono8.mp3",
    "free-format.mp3",
    "stereo.mp2",
    "mono48.mp2",
    "mpeg2.mp2",
    "stereo.mp1",
];

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mpeg").join(name)).unwrap()
}

pub(super) fn open_bytes(bytes: &[u8]) -> Option<Box<dyn PcmSource>> {
    open(&Input::from_bytes(bytes), &OpenOptions::default()).unwrap()
}

pub(super) fn read_all(source: &mut dyn PcmSource, block: usize) -> Vec<Vec<f32>> {
    let channels = source.info().channels as usize;
    let mut planes = vec![Vec::new(); channels];
    let mut blocks = vec![vec![0.0; block]; channels];
    loop {
        let mut out: Vec<&mut [f32]> = blocks.iter_mut().map(Vec::as_mut_slice).collect();
        let count = source.read(&mut out).unwrap();
        if count == 0 {
            return planes;
        }
        for (plane, block) in planes.iter_mut().zip(&blocks) {
            plane.extend_from_slice(&block[..count]);
        }
    }
}

pub(super) fn decode(bytes: &[u8]) -> (Vec<Vec<f32>>, Vec<Damage>, Box<dyn PcmSource>) {
    let mut source = open_bytes(bytes).unwrap();
    let planes = read_all(source.as_mut(), 1000);
    (planes, source.drain_damage(), source)
}

fn reference(name: &str, channels: usize) -> Vec<Vec<f32>> {
    let bytes = fixture(&format!("{name}.s24"));
    let samples: Vec<f32> = bytes
        .chunks_exact(3)
        .map(|b| i32::from_le_bytes([0, b[0], b[1], b[2]]) as f32 / 2_147_483_648.0)
        .collect();
    (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect()
}

fn largest_difference(a: &[Vec<f32>], b: &[Vec<f32>]) -> f32 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b).flat_map(|(a, b)| {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b)
    });
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

pub(super) fn frames_of(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let input = Input::from_bytes(bytes);
    let mut window = super::window::Window::new(&input, input.len());
    let start = super::tag_bounds::skip_leading_tags(&mut window).unwrap();
    let index = super::scan::scan_frames(&mut window, start, &OpenOptions::default());
    let index = index.unwrap().unwrap();
    index.frames.iter().map(|f| f.offset() as usize..f.offset() as usize + f.length()).collect()
}

#[test]
fn every_kind_of_stream_has_the_length_and_the_samples_of_an_independent_decoder() {
    for name in STREAMS {
        let (planes, damage, source) = decode(&fixture(name));
        let difference = largest_difference(&planes, &reference(name, planes.len()));
        // Layer II's tables are rounded differently by FFmpeg.
        let tolerance = if name.ends_with("mp2") || name.ends_with("mp1") { 6e-5 } else { 2e-5 };
        assert!(difference <= tolerance, "{name}: {difference}");
        assert_eq!(damage, [], "{name}");
        assert!(!source.truncated(), "{name}");
        assert_eq!(source.info().frames, Some(planes[0].len() as u64), "{name}");
    }
}

#[test]
fn files_of_lame_and_ffmpeg_have_the_length_of_what_went_in() {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats");
    for (name, frames, channels) in [
        ("cbr128.mp3", 22_050, 2),
        ("v2.mp3", 22_050, 2),
        ("v9.mp3", 22_050, 2),
        ("libmp3lame.mp3", 22_050, 2),
        // Too small a frame for a tag: nobody can tell the padding from the signal.
        ("mono32.mp3", 24_192, 1),
        ("layer2.mp2", 23_040, 2),
    ] {
        let (planes, damage, source) = decode(&std::fs::read(formats.join(name)).unwrap());
        let expected: Vec<f32> = std::fs::read(formats.join(format!("{name}.f32")))
            .unwrap()
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        let expected: Vec<Vec<f32>> = expected.chunks_exact(frames).map(<[f32]>::to_vec).collect();
        assert_eq!((planes.len(), planes[0].len(), damage), (channels, frames, vec![]), "{name}");
        let tolerance = if name.ends_with("mp2") { 6e-5 } else { 2e-5 };
        assert!(largest_difference(&planes, &expected) <= tolerance, "{name}");
        assert!(!source.truncated(), "{name}");
    }
}

#[test]
fn a_vbri_tag_is_skipped_and_its_counts_are_believed_when_the_bytes_are_missing() {
    let bytes = fixture("untagged-cbr128.mp3");
    let (whole, ..) = decode(&bytes);
    let with_tag = |frames: u32, total: u32| {
        let mut tag = vec![0; 418];
        tag[..4].copy_from_slice(&[0xFF, 0xFB, 0x92, 0x64]);
        tag[36..42].copy_from_slice(b"VBRI\0\x01");
        tag[46..50].copy_from_slice(&total.to_be_bytes());
        tag[50..54].copy_from_slice(&frames.to_be_bytes());
        [tag, bytes.clone()].concat()
    };
    let (planes, damage, source) = decode(&with_tag(13, 5433 + 418));
    assert_eq!((planes == whole, damage, source.truncated()), (true, vec![], false));
    let source = open_bytes(&with_tag(100, 41_800)).unwrap();
    assert_eq!((source.info().expected_frames, source.truncated()), (Some(115_200), true));
}

#[test]
fn limits_and_cancel_hold_when_opening() {
    let input = Input::from_bytes(fixture("untagged-mono32.mp3"));
    let mut options = OpenOptions::default();
    options.limits.max_duration_seconds = 0.5;
    assert_eq!(open(&input, &options).err().unwrap().kind(), ErrorKind::LimitExceeded);
    options = OpenOptions::default();
    options.limits.max_input_bytes = 3_000;
    assert_eq!(open(&input, &options).err().unwrap().kind(), ErrorKind::LimitExceeded);
    // A hundred thousand headers: far more than what is looked at between two checks.
    let frame = [[0xFF, 0xF3, 0x14, 0xC4].as_slice(), &[0; 20]].concat();
    let many = Input::from_bytes(frame.repeat(100_000));
    options = OpenOptions::default();
    options.cancel.cancel();
    assert_eq!(open(&many, &options).err().unwrap().kind(), ErrorKind::Cancelled);
}

#[test]
fn a_read_after_a_seek_is_the_slice_of_the_whole() {
    for name in STREAMS {
        let bytes = fixture(name);
        let (whole, ..) = decode(&bytes);
        let length = whole[0].len();
        let mut source = open_bytes(&bytes).unwrap();
        let mut place = 12_345_usize;
        for _ in 0..120 {
            place = (place * 1_103 + 12_345) % (length + 500);
            source.seek(place as u64).unwrap();
            let mut part = vec![vec![0.0; 700]; whole.len()];
            let mut out: Vec<&mut [f32]> = part.iter_mut().map(Vec::as_mut_slice).collect();
            let count = source.read(&mut out).unwrap();
            assert_eq!(count, 700.min(length.saturating_sub(place)), "{name} at {place}");
            for (part, whole) in part.iter().zip(&whole) {
                assert_eq!(part[..count], whole[place.min(length)..][..count], "{name} at {place}");
            }
        }
    }
}

#[test]
fn the_size_of_the_blocks_does_not_matter() {
    let bytes = fixture("tagged-v2-crc.mp3");
    let (whole, ..) = decode(&bytes);
    for block in [1, 7, 1152, 100_000] {
        assert_eq!(read_all(open_bytes(&bytes).unwrap().as_mut(), block), whole);
    }
}

#[test]
fn the_padding_that_the_encoder_states_is_removed() {
    let source = open_bytes(&fixture("tagged-v2-crc.mp3")).unwrap();
    let info = source.info();
    // 0.3 s at 44.1 kHz went into the encoder; LAME's delay is 576, the decoder's 529.
    assert_eq!((info.frames, info.expected_frames, info.frames_exact), (Some(13_230), Some(13_230), true));
    assert_eq!((info.gapless.source, info.gapless.start_frames), (GaplessSource::Lame, 576 + 529));
    assert_eq!((info.container.as_str(), info.codec.as_str(), info.sample_rate), ("mp3", "mp3", 44_100));
}

#[test]
fn tags_and_garbage_around_the_stream_change_nothing() {
    let bytes = fixture("untagged-v2.mp3");
    let (whole, ..) = decode(&bytes);
    let id3 = |size: u8| [b"ID3\x04\0\0\0\0\0".as_slice(), &[size], &vec![0xFF; usize::from(size)]].concat();
    let ape_footer = [b"APETAGEX\xd0\x07\0\0\x34\0\0\0\x01\0\0\0\0\0\0\0".as_slice(), &[0; 8]].concat();
    let ape = [vec![0xFB; 20], ape_footer].concat();
    let id3v1 = [b"TAG".as_slice(), &[0xFF; 125]].concat();
    let lyrics = b"LYRICSBEGIN\xff\xfb\x90\x64LYRICSEND".to_vec();
    let lyrics2 = b"LYRICSBEGININD0000200000023LYRICS200".to_vec();
    let garbage: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let around: [(Vec<u8>, Vec<u8>); 5] = [
        ([id3(100), id3(20)].concat(), [ape.clone(), id3v1.clone()].concat()),
        (garbage, Vec::new()),
        (id3(7), [lyrics, id3v1.clone()].concat()),
        (vec![0; 3000], [ape, lyrics2, id3v1].concat()),
        (Vec::new(), [id3(50), b"3DI\x04\0\x10\0\0\0\x32".to_vec()].concat()),
    ];
    for (at, (before, after)) in around.into_iter().enumerate() {
        let (planes, damage, source) = decode(&[before, bytes.clone(), after].concat());
        assert_eq!((planes == whole, damage, source.truncated()), (true, vec![], false), "case {at}");
    }
}

#[test]
fn mono_and_stereo_stretches_keep_one_plane_count() {
    let (mono, stereo) = (fixture("untagged-mono32.mp3"), fixture("untagged-cbr128.mp3"));
    let (mono_whole, ..) = decode(&mono);
    let (planes, damage, mut source) = decode(&[mono, stereo].concat());
    assert_eq!((planes.len(), planes[0].len(), damage), (2, mono_whole[0].len() + 14_976, vec![]));
    assert_eq!(planes[0][..mono_whole[0].len()], mono_whole[0]);
    assert_eq!(planes[1][..mono_whole[0].len()], mono_whole[0]);
    assert_ne!(planes[0][mono_whole[0].len() + 5000], planes[1][mono_whole[0].len() + 5000]);
    source.seek(mono_whole[0].len() as u64 + 100).unwrap();
    let mut part = [vec![0.0; 500], vec![0.0; 500]];
    let [left, right] = &mut part;
    source.read(&mut [left, right]).unwrap();
    assert_eq!(part[1], planes[1][mono_whole[0].len() + 100..][..500]);
}

#[test]
fn a_change_of_rate_ends_the_stream_and_is_told() {
    let joined = [fixture("untagged-cbr128.mp3"), fixture("mpeg2-stereo.mp3")].concat();
    let (planes, damage, source) = decode(&joined);
    assert_eq!(planes[0].len(), 14_976);
    assert!(source.truncated());
    assert!(damage[0].reason.contains("22050 Hz"), "{damage:?}");
    assert_eq!((damage[0].start_frame, damage[0].byte_offset), (14_976, Some(5433)));
}

#[test]
fn a_wrong_frame_count_in_the_tag_cuts_nothing() {
    let bytes = fixture("tagged-v2-crc.mp3");
    let at = bytes.windows(4).position(|four| four == b"Info" || four == b"Xing").unwrap() + 8;
    let with_count = |count: u32| {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&count.to_be_bytes());
        bytes
    };
    let frames = frames_of(&bytes).len() as u32;
    // One too many, as of encoders that count the tag itself: the byte count says that nothing is missing.
    assert_eq!(open_bytes(&with_count(frames + 1)).unwrap().info().frames, Some(13_230));
    assert!(!open_bytes(&with_count(frames + 1)).unwrap().truncated());
    // Too few: the padding is not at the end of what is there, so nothing is cut there.
    let source = open_bytes(&with_count(3)).unwrap();
    assert_eq!(source.info().frames, Some(u64::from(frames) * 1152 - 1105));
}

#[test]
fn mpeg_audio_in_a_wav_file_is_read_like_the_stream_alone() {
    let stream = fixture("tagged-v2-crc.mp3");
    let wav = |size: u32| {
        let format = b"fmt \x1E\0\0\0\x55\0\x02\0\x44\xAC\0\0\0\x7D\0\0\x01\0\0\0\x0C\0\x01\0\x02\0\0\0\xA1\x01\x01\0\x71\x05";
        [b"RIFF\xFF\xFF\0\0WAVE".as_slice(), format, b"data", &size.to_le_bytes(), &stream].concat()
    };
    let (whole, ..) = decode(&stream);
    for size in [stream.len() as u32, 0, u32::MAX] {
        let (planes, damage, source) = decode(&wav(size));
        assert_eq!((planes == whole, damage, source.truncated()), (true, vec![], false));
        assert_eq!((source.info().container.as_str(), source.info().codec.as_str()), ("wav", "mp3"));
    }
}

#[test]
fn other_data_is_not_claimed() {
    let mut random = Random(1);
    let noise: Vec<u8> = (0..300_000).map(|_| random.below(256) as u8).collect();
    let stream = fixture("untagged-v2.mp3");
    let others: [Vec<u8>; 8] = [
        Vec::new(),
        vec![0xFF],
        vec![0xFF; 100_000],
        vec![0; 100_000],
        noise,
        b"ID3\x04\0\0\0\0\0\x05aaaaa".to_vec(),
        [b"RIFF\0\0\0\0WAVE".as_slice(), &stream].concat(),
        [b"ID3\x04\0\0\0\0\0\0".as_slice(), b"fLaC", &stream].concat(),
    ];
    for (at, bytes) in others.iter().enumerate() {
        assert!(open_bytes(bytes).is_none(), "case {at}");
    }
}

#[test]
fn mutated_streams_neither_panic_nor_hang_nor_grow() {
    let mut random = Random(2024);
    for name in STREAMS {
        let original = fixture(name);
        for round in 0..40 {
            let mut bytes = original.clone();
            for _ in 0..=random.below(8) {
                mutate(&mut bytes, &mut random);
            }
            let Some(mut source) = open_bytes(&bytes) else { continue };
            let promised = source.info().frames.unwrap();
            // Nothing makes more signal than bytes: the smallest frames have 24 bytes for 1152 samples.
            assert!(promised <= bytes.len() as u64 * 1152 / 20, "{name} {round}: {promised}");
            let planes = read_all(source.as_mut(), 3000);
            assert_eq!(planes[0].len() as u64, promised, "{name} {round}");
            assert!(planes.iter().flatten().all(|sample| sample.is_finite()), "{name} {round}");
            assert!(
                source.drain_damage().iter().all(|d| d.start_frame <= d.end_frame && d.end_frame <= promised)
            );
            source.seek(promised / 2).unwrap();
            source.read(&mut [&mut [0.0; 10][..], &mut [0.0; 10][..]][..planes.len()]).unwrap();
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    if bytes.is_empty() {
        return;
    }
    let at = random.below(bytes.len());
    match random.below(6) {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << random.below(8),
        2 => bytes[at] = 0xFF,
        3 => drop(bytes.drain(at..(at + random.below(700)).min(bytes.len()))),
        4 => {
            let extra: Vec<u8> = (0..random.below(700)).map(|_| random.below(256) as u8).collect();
            bytes.splice(at..at, extra);
        }
        _ => {
            let piece = bytes[at..(at + random.below(900)).min(bytes.len())].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

/// SplitMix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}
