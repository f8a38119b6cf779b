//! Headers of older formats, written here by their specifications around samples that are known.

#![allow(clippy::expect_used)]

mod support;

use support::{has_library, open_bytes, read, read_all};

const FRAMES: usize = 5_000;

/// Runs through all 16-bit values with a step that shares no factor with 65,536.
fn sample(frame: usize) -> i16 {
    (frame * 7919) as u16 as i16
}

fn big_endian() -> Vec<u8> {
    (0..FRAMES).flat_map(|frame| sample(frame).to_be_bytes()).collect()
}

fn little_endian() -> Vec<u8> {
    (0..FRAMES).flat_map(|frame| sample(frame).to_le_bytes()).collect()
}

/// Big-endian words, as most of these headers have.
fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn padded(mut header: Vec<u8>, length: usize) -> Vec<u8> {
    header.resize(length, 0);
    header
}

fn files() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let (count, bytes) = (FRAMES as u32, FRAMES as u32 * 2);
    let au = [b".snd".to_vec(), words(&[24, bytes, 3, 16_000, 1])].concat();
    let nist = format!(
        "NIST_1A\n   1024\nchannel_count -i 1\nsample_rate -i 16000\nsample_n_bytes -i 2\n\
         sample_byte_format -s2 01\nsample_sig_bits -i 16\nsample_coding -s3 pcm\nsample_count -i {count}\nend_head\n"
    );
    let svx = [
        &b"FORM"[..],
        &words(&[4 + 28 + 8 + bytes]),
        b"16SVVHDR",
        &words(&[20, count, 0, 0]),
        &16_000u16.to_be_bytes(),
        &[1, 0],
        &words(&[0x1_0000]),
        b"BODY",
        &words(&[bytes]),
    ];
    let htk = [words(&[count, 625]), vec![0, 2, 0, 0]].concat();
    let avr = [
        &b"2BITname\0\0\0\0"[..],
        &[0, 0, 0, 16, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF],
        &words(&[16_000, count, 0, count]),
    ];
    let paf = [b" paf".to_vec(), words(&[0, 0, 16_000, 0, 1, 0])].concat();
    let ircam = [vec![0x64, 0xA3, 2, 0], 16_000f32.to_be_bytes().to_vec(), words(&[1, 2])].concat();
    vec![
        ("au", "pcm_s16be", [au, big_endian()].concat()),
        ("nist", "pcm_s16le", [padded(nist.into_bytes(), 1024), little_endian()].concat()),
        ("pvf", "pcm_s16be", [b"PVF1\n1 16000 16\n".to_vec(), big_endian()].concat()),
        ("svx", "pcm_s16be", [svx.concat(), big_endian()].concat()),
        ("htk", "pcm_s16be", [htk, big_endian()].concat()),
        ("avr", "pcm_s16be", [padded(avr.concat(), 128), big_endian()].concat()),
        ("paf", "pcm_s16be", [padded(paf, 2048), big_endian()].concat()),
        ("ircam", "pcm_s16be", [padded(ircam, 1024), big_endian()].concat()),
    ]
}

#[test]
fn every_sample_is_divided_by_32768_and_ranges_are_slices() {
    if !has_library() {
        return;
    }
    let want: Vec<f32> = (0..FRAMES).map(|frame| f32::from(sample(frame)) / 32_768.0).collect();
    for (container, codec, bytes) in files() {
        let mut source = open_bytes(&bytes).expect(container);
        let info = source.info().clone();
        assert_eq!((info.container.as_str(), info.codec.as_str()), (container, codec));
        assert_eq!((info.sample_rate, info.channels, info.bit_depth), (16_000, 1, Some(16)), "{container}");
        assert_eq!((info.frames, info.frames_exact), (Some(FRAMES as u64), true), "{container}");
        assert!(read_all(&mut *source).expect(container) == [want.clone()], "{container}");
        source.seek(1_234).expect(container);
        assert_eq!(read(&mut *source, 50).expect(container), [want[1_234..1_284].to_vec()], "{container}");
        assert!(!source.truncated() && source.drain_damage().is_empty(), "{container}");
    }
}

#[test]
fn speech_in_gsm_is_what_another_decoder_makes_of_it() {
    if !has_library() {
        return;
    }
    // Both made by make_fixtures.py.
    let want: Vec<f32> = include_bytes!("gsm.wav.s16")
        .chunks_exact(2)
        .map(|two| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0)
        .collect();
    let mut source = open_bytes(include_bytes!("gsm.wav")).expect("opened");
    assert_eq!(source.info().codec, "gsm");
    let whole = read_all(&mut *source).expect("read");
    assert_eq!(whole[0].len(), want.len());
    assert!(whole == [want.clone()], "other samples");
    // The decoder remembers what came before: only decoding from the start gives this.
    source.seek(3_333).expect("seek");
    assert_eq!(read(&mut *source, 500).expect("part"), [want[3_333..3_833].to_vec()]);
}
