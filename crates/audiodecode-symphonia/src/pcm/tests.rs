//! Behaviour of the PCM reader: on the common fixtures, whose samples are arithmetic, and on headers built here.

use std::path::Path;

use audiodecode_pipeline::{ErrorKind, Input, OpenOptions, PcmSource, Result};

use super::open;

fn open_bytes(bytes: &[u8]) -> Result<Option<Box<dyn PcmSource>>> {
    open(&Input::from_bytes(bytes), &OpenOptions::default())
}

fn opened(bytes: &[u8]) -> Box<dyn PcmSource> {
    open_bytes(bytes).unwrap().unwrap()
}

fn error_kind(bytes: &[u8]) -> ErrorKind {
    open_bytes(bytes).err().unwrap().kind()
}

fn read_all(source: &mut dyn PcmSource) -> Vec<Vec<f32>> {
    let channels = source.info().channels as usize;
    let mut planes = vec![Vec::new(); channels];
    let mut blocks = vec![vec![0.0; 777]; channels];
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

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats").join(name)).unwrap()
}

/// Planar float samples.
fn reference(name: &str, channels: usize) -> Vec<Vec<f32>> {
    let samples: Vec<f32> =
        fixture(name).chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    samples.chunks_exact(samples.len() / channels).map(<[f32]>::to_vec).collect()
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = &[0][..body.len() % 2];
    [name, (body.len() as u32).to_le_bytes().as_slice(), body, padding].concat()
}

fn chunk_be(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = &[0][..body.len() % 2];
    [name, (body.len() as u32).to_be_bytes().as_slice(), body, padding].concat()
}

fn fmt(tag: u16, channels: u16, rate: u32, block: u16, bits: u16) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(tag.to_le_bytes());
    body.extend(channels.to_le_bytes());
    body.extend(rate.to_le_bytes());
    body.extend((rate.wrapping_mul(u32::from(block))).to_le_bytes());
    body.extend(block.to_le_bytes());
    body.extend(bits.to_le_bytes());
    chunk(b"fmt ", &body)
}

fn wav(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    [b"RIFF".as_slice(), &(body.len() as u32 + 4).to_le_bytes(), b"WAVE", &body].concat()
}

/// A data chunk that states another size than it has.
fn data_of(size: u32, bytes: &[u8]) -> Vec<u8> {
    [b"data".as_slice(), &size.to_le_bytes(), bytes].concat()
}

const MONO_16: [u8; 6] = [0x00, 0x80, 0xFF, 0x7F, 0x01, 0x00];
const MONO_16_SAMPLES: [f32; 3] = [-1.0, 32_767.0 / 32_768.0, 1.0 / 32_768.0];

#[test]
fn common_files_give_exactly_the_samples_that_went_into_them() {
    for (name, expected, container, codec) in [
        ("s16.wav", "pcm-s16.f32", "wav", "pcm_s16le"),
        ("u8.wav", "pcm-u8.f32", "wav", "pcm_u8"),
        ("s24.wav", "pcm-s24.f32", "wav", "pcm_s24le"),
        ("s32.wav", "pcm-s32.f32", "wav", "pcm_s32le"),
        ("f32.wav", "pcm-float.f32", "wav", "pcm_f32le"),
        ("f64.wav", "pcm-float.f32", "wav", "pcm_f64le"),
        ("extensible-s24.wav", "pcm-s24.f32", "wav", "pcm_s24le"),
        ("s16.rifx.wav", "pcm-s16.f32", "wav", "pcm_s16be"),
        ("s16.rf64", "pcm-s16.f32", "rf64", "pcm_s16le"),
        ("s16.w64", "pcm-s16.f32", "w64", "pcm_s16le"),
        ("s16.aiff", "pcm-s16.f32", "aiff", "pcm_s16be"),
        ("s24.aiff", "pcm-s24.f32", "aiff", "pcm_s24be"),
        ("f32.aifc", "pcm-float.f32", "aiff", "pcm_f32be"),
        ("sowt.aifc", "pcm-s16.f32", "aiff", "pcm_s16le"),
        ("s16.caf", "pcm-s16.f32", "caf", "pcm_s16be"),
        ("f32.caf", "pcm-float.f32", "caf", "pcm_f32be"),
        ("alaw.wav", "alaw.wav.f32", "wav", "pcm_alaw"),
        ("ulaw.wav", "ulaw.wav.f32", "wav", "pcm_mulaw"),
    ] {
        let mut source = opened(&fixture(name));
        let whole = read_all(source.as_mut());
        assert!(whole == reference(expected, 2), "{name}");
        let info = source.info();
        assert_eq!(
            (info.container.as_str(), info.codec.as_str(), info.sample_rate),
            (container, codec, 44_100)
        );
        assert_eq!(
            (info.frames, info.frames_exact, source.truncated()),
            (Some(22_050), true, false),
            "{name}"
        );
        source.seek(12_345).unwrap();
        let mut part = [[0.0; 50], [0.0; 50]];
        let [left, right] = &mut part;
        assert_eq!(source.read(&mut [left, right]).unwrap(), 50);
        assert_eq!(
            (part[0].as_slice(), part[1].as_slice()),
            (&whole[0][12_345..12_395], &whole[1][12_345..12_395])
        );
    }
}

#[test]
fn codecs_of_other_readers_are_left_to_them() {
    for name in ["ima.wav", "ms.wav", "alac.caf", "s16.flac", "v2.mp3"] {
        assert!(open_bytes(&fixture(name)).unwrap().is_none(), "{name}");
    }
    assert!(open_bytes(&wav(&[fmt(0x55, 2, 44_100, 1, 0), chunk(b"data", &[0; 8])])).unwrap().is_none());
}

#[test]
fn a_length_that_the_header_leaves_open_is_what_is_there() {
    for size in [0, u32::MAX, 0x7FFF_F000] {
        let mut source = opened(&wav(&[fmt(1, 1, 8000, 2, 16), data_of(size, &MONO_16)]));
        assert_eq!(read_all(source.as_mut()), [MONO_16_SAMPLES.to_vec()]);
        assert_eq!((source.info().expected_frames, source.truncated()), (None, false));
    }
}

#[test]
fn an_empty_data_chunk_is_an_empty_signal() {
    let mut source = opened(&wav(&[fmt(1, 1, 8000, 2, 16), chunk(b"data", &[]), chunk(b"LIST", b"INFOxx")]));
    assert_eq!((read_all(source.as_mut()), source.info().frames), (vec![vec![]], Some(0)));
}

#[test]
fn a_claim_beyond_the_file_is_a_cut_and_the_claim_is_kept() {
    let mut source = opened(&wav(&[fmt(1, 1, 8000, 2, 16), data_of(2_000, &MONO_16)]));
    assert_eq!(read_all(source.as_mut()), [MONO_16_SAMPLES.to_vec()]);
    let info = source.info();
    assert_eq!((info.frames, info.expected_frames, source.truncated()), (Some(3), Some(1_000), true));
}

#[test]
fn chunks_of_odd_size_are_padded_or_not_as_the_writer_pleased() {
    let padded = wav(&[chunk(b"junk", b"odd"), fmt(1, 1, 8000, 2, 16), chunk(b"data", &MONO_16)]);
    let unpadded: Vec<u8> = [b"junk\x03\0\0\0odd".as_slice(), &fmt(1, 1, 8000, 2, 16)].concat();
    for bytes in [padded, wav(&[unpadded, chunk(b"data", &MONO_16)])] {
        assert_eq!(read_all(opened(&bytes).as_mut()), [MONO_16_SAMPLES.to_vec()]);
    }
}

#[test]
fn headers_that_make_no_sense_are_errors() {
    let data = chunk(b"data", &MONO_16);
    for (bytes, kind) in [
        (wav(&[fmt(1, 1, 8000, 2, 16)]), ErrorKind::Corrupt),
        (wav(std::slice::from_ref(&data)), ErrorKind::Corrupt),
        (wav(&[fmt(1, 1, 0, 2, 16), data.clone()]), ErrorKind::Corrupt),
        (wav(&[fmt(1, 0, 8000, 2, 16), data.clone()]), ErrorKind::Corrupt),
        (wav(&[fmt(1, 1, 8000, 4, 16), data.clone()]), ErrorKind::Corrupt),
        (wav(&[fmt(1, 2, 8000, 3, 16), data.clone()]), ErrorKind::Corrupt),
        (wav(&[fmt(1, 1, 8000, 2, 0), data.clone()]), ErrorKind::Corrupt),
        (wav(&[chunk(b"fmt ", &[1, 0, 1, 0]), data.clone()]), ErrorKind::Corrupt),
        (wav(&[fmt(1, 65_535, 8000, 65_534, 16), data.clone()]), ErrorKind::LimitExceeded),
        (wav(&[fmt(1, 1, 8000, 5, 40), data.clone()]), ErrorKind::Unsupported),
        ([b"FORM\0\0\0\x04AIFF".as_slice(), &chunk_be(b"SSND", &[0; 12])].concat(), ErrorKind::Corrupt),
        (b"caff\0\x01\0\0data\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0".to_vec(), ErrorKind::Corrupt),
    ] {
        assert_eq!(error_kind(&bytes), kind, "{bytes:02x?}");
    }
}

#[test]
fn limits_hold_when_opening() {
    let bytes = wav(&[fmt(1, 1, 1, 2, 16), chunk(b"data", &[0; 200])]);
    let mut options = OpenOptions::default();
    options.limits.max_duration_seconds = 99.0;
    assert_eq!(
        open(&Input::from_bytes(bytes.clone()), &options).err().unwrap().kind(),
        ErrorKind::LimitExceeded
    );
    options.limits.max_duration_seconds = 100.0;
    assert!(open(&Input::from_bytes(bytes.clone()), &options).is_ok());
    options.cancel.cancel();
    assert_eq!(open(&Input::from_bytes(bytes), &options).err().unwrap().kind(), ErrorKind::Cancelled);
}

fn extensible(channels: u16, container_bits: u16, valid_bits: u16, mask: u32, tag: u8) -> Vec<u8> {
    let block = channels * container_bits / 8;
    let mut body = fmt(0xFFFE, channels, 48_000, block, container_bits)[8..].to_vec();
    body.extend(22_u16.to_le_bytes());
    body.extend(valid_bits.to_le_bytes());
    body.extend(mask.to_le_bytes());
    body.extend([tag, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
    chunk(b"fmt ", &body)
}

#[test]
fn the_extensible_header_names_speakers_and_valid_bits() {
    let frame: Vec<u8> = (0..18).collect();
    let mut source = opened(&wav(&[extensible(6, 24, 20, 0x3F, 1), chunk(b"data", &frame)]));
    let planes = read_all(source.as_mut());
    assert_eq!(planes.len(), 6);
    // Left-justified: byte 2 is the most significant of the first sample.
    assert_eq!(planes[0][0], (0x02_01_00) as f32 / 8_388_608.0);
    assert_eq!(planes[5][0], (0x11_10_0F) as f32 / 8_388_608.0);
    let info = source.info();
    assert_eq!((info.channel_layout.as_deref(), info.bit_depth), (Some("5.1"), Some(20)));
    let float = opened(&wav(&[extensible(1, 32, 32, 4, 3), chunk(b"data", &0.25_f32.to_le_bytes())]));
    assert_eq!(
        (float.info().codec.as_str(), float.info().channel_layout.as_deref()),
        ("pcm_f32le", Some("mono"))
    );
}

#[test]
fn float_samples_beyond_full_scale_are_not_clipped() {
    let samples = [1.5_f32, -3.25, 1.0e-30].map(f32::to_le_bytes).concat();
    let mut source = opened(&wav(&[fmt(3, 1, 8000, 4, 32), chunk(b"data", &samples)]));
    assert_eq!(read_all(source.as_mut()), [vec![1.5, -3.25, 1.0e-30]]);
}

#[test]
fn tags_of_the_info_list_come_by_their_usual_names() {
    let list =
        [b"INFO".as_slice(), &chunk(b"INAM", b"Song\0"), &chunk(b"IART", b"Caf\xE9"), &chunk(b"IKEY", b"x")];
    let source =
        opened(&wav(&[fmt(1, 1, 8000, 2, 16), chunk(b"data", &MONO_16), chunk(b"LIST", &list.concat())]));
    let tags: Vec<_> = source.info().tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(tags, [("title", "Song"), ("artist", "Café")]);
}

fn aifc(codec: &[u8; 4], bits: u16, frames: u32, samples: &[u8]) -> Vec<u8> {
    let mut common = vec![0, 1];
    common.extend(frames.to_be_bytes());
    common.extend(bits.to_be_bytes());
    common.extend([0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0]);
    common.extend(codec);
    common.extend([0, 0]);
    let sound = [&[0; 8], samples].concat();
    let body = [b"AIFC".as_slice(), &chunk_be(b"COMM", &common), &chunk_be(b"SSND", &sound)].concat();
    [b"FORM".as_slice(), &(body.len() as u32).to_be_bytes(), &body].concat()
}

#[test]
fn aiff_c_codecs_convert_exactly() {
    for (codec, bits, bytes, expected) in [
        (b"NONE", 8, vec![0x80, 0x40], vec![-1.0, 0.5]),
        (b"raw ", 8, vec![0x00, 0xC0], vec![-1.0, 0.5]),
        (b"sowt", 16, vec![0x00, 0xC0, 0x00, 0x20], vec![-0.5, 0.25]),
        (b"in24", 24, vec![0xC0, 0, 0, 0x20, 0, 0], vec![-0.5, 0.25]),
        (b"42ni", 24, vec![0, 0, 0xC0, 0, 0, 0x20], vec![-0.5, 0.25]),
        (b"in32", 32, vec![0xC0, 0, 0, 0, 0x20, 0, 0, 0], vec![-0.5, 0.25]),
        (b"fl64", 64, [(-2.5_f64).to_be_bytes(), 0.125_f64.to_be_bytes()].concat(), vec![-2.5, 0.125]),
        (b"alaw", 16, vec![0xAA, 0x55], vec![32_256.0 / 32_768.0, -8.0 / 32_768.0]),
        (b"ulaw", 16, vec![0x80, 0x7F], vec![32_124.0 / 32_768.0, 0.0]),
        // Twelve bits sit at the top of sixteen.
        (b"twos", 12, vec![0x7F, 0xF0, 0x80, 0x00], vec![2_047.0 / 2_048.0, -1.0]),
    ] {
        let mut source = opened(&aifc(codec, bits, 2, &bytes));
        assert_eq!(read_all(source.as_mut()), [expected], "{codec:?}");
        assert_eq!(source.info().sample_rate, 8_000);
    }
    assert!(open_bytes(&aifc(b"ima4", 16, 1, &[0; 34])).unwrap().is_none());
}

#[test]
fn aiff_that_ends_before_its_frame_count_is_cut() {
    let mut source = opened(&aifc(b"twos", 16, 1_000, &[0x40, 0, 0xC0, 0]));
    assert_eq!(read_all(source.as_mut()), [vec![0.5, -0.5]]);
    assert_eq!((source.info().expected_frames, source.truncated()), (Some(1_000), true));
}

fn caf(codec: &[u8; 4], flags: u32, packet: u32, bits: u32, size: i64, samples: &[u8]) -> Vec<u8> {
    let mut bytes = b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20".to_vec();
    bytes.extend(22_050_f64.to_be_bytes());
    bytes.extend(codec);
    for value in [flags, packet, 1, 1, bits] {
        bytes.extend(value.to_be_bytes());
    }
    bytes.extend(b"data");
    bytes.extend(size.to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(samples);
    bytes
}

#[test]
fn caf_integers_and_floats_of_either_order_and_open_length_are_read() {
    for (flags, packet, bits, size, bytes, expected) in [
        (0, 2, 16, 8, vec![0xC0, 0, 0x20, 0], vec![-0.5, 0.25]),
        (2, 3, 24, -1, vec![0, 0, 0xC0, 0, 0, 0x20], vec![-0.5, 0.25]),
        (3, 4, 32, -1, [1.5_f32.to_le_bytes(), (-0.5_f32).to_le_bytes()].concat(), vec![1.5, -0.5]),
        (1, 8, 64, 20, [1.5_f64.to_be_bytes(), (-0.5_f64).to_be_bytes()].concat(), vec![1.5, -0.5]),
    ] {
        let mut source = opened(&caf(b"lpcm", flags, packet, bits, size, &bytes));
        assert_eq!(read_all(source.as_mut()), [expected], "{flags} {bits}");
        assert_eq!((source.info().sample_rate, source.truncated()), (22_050, false));
        assert_eq!(source.info().expected_frames, (size > 0).then_some(2));
    }
    assert_eq!(error_kind(&caf(b"lpcm", 0, 7, 16, 8, &[0; 4])), ErrorKind::Corrupt);
}

#[test]
fn mutated_headers_neither_panic_nor_promise_more_than_the_file() {
    let mut state = 5_u64;
    let mut random = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit.max(1)
    };
    for name in ["s16.wav", "extensible-s24.wav", "s16.rf64", "s16.w64", "s16.aiff", "f32.aifc", "s16.caf"] {
        let original = fixture(name)[..5_000].to_vec();
        for round in 0..300 {
            let mut bytes = original.clone();
            for _ in 0..=random(4) {
                let at = random(200);
                match random(4) {
                    0 => bytes[at] ^= 1 << random(8),
                    1 => bytes[at..at + 4].fill(0xFF),
                    2 => bytes[at..at + 8].fill(if random(2) == 0 { 0x7F } else { 0 }),
                    _ => bytes.truncate(200 + random(bytes.len())),
                }
                bytes.resize(bytes.len().max(300), 0);
            }
            let Ok(Some(mut source)) = open_bytes(&bytes) else { continue };
            let promised = source.info().frames.unwrap();
            assert!(promised <= bytes.len() as u64, "{name} {round}");
            assert_eq!(read_all(source.as_mut())[0].len() as u64, promised, "{name} {round}");
            source.seek(u64::MAX).unwrap();
        }
    }
}
