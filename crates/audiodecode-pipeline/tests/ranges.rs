//! A range is the slice of the whole, bit for bit, whatever is mixed, resampled and read at a time.
#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

mod common;

use audiodecode_dsp::{Resampler, resample};
use audiodecode_pipeline::{Chain, DecodeRequest, ErrorKind, Quality};
use common::{MemorySource, Random, noise, ramp, read_all, request};

const FRAMES: usize = 21_000;
const NATIVE: u32 = 44_100;

/// The whole signal by the shortest way: mean by arithmetic, then the one-shot resampler.
fn whole(planes: &[Vec<f32>], rate: Option<u32>, mono: bool) -> Vec<Vec<f32>> {
    let mut planes = planes.to_vec();
    if mono && planes.len() > 1 {
        let channels = planes.len() as f32;
        let mean =
            |frame: usize| planes.iter().map(|plane| plane[frame]).reduce(|a, b| a + b).unwrap() / channels;
        planes = vec![(0..planes[0].len()).map(mean).collect()];
    }
    rate.map_or(planes.clone(), |rate| resample(&planes, NATIVE, rate).unwrap())
}

fn ceil_at(frame: u64, rate: u32) -> usize {
    let scaled = u128::from(frame) * u128::from(rate);
    (scaled / u128::from(NATIVE) + u128::from(scaled % u128::from(NATIVE) != 0)) as usize
}

fn ranges() -> Vec<(u64, Option<u64>)> {
    let end = FRAMES as u64;
    let mut ranges = vec![
        (0, None),
        (0, Some(end)),
        (0, Some(1)),
        (0, Some(0)),
        (1, Some(2)),
        // A block of 44.1 → 16 kHz, and half of it.
        (3528, Some(7056)),
        (3527, Some(7057)),
        (1764, None),
        (end - 1, None),
        (end, None),
        (end + 5_000, None),
        (end - 10, Some(end + 10)),
        (end + 1, Some(end + 1)),
        (u64::MAX, None),
        (0, Some(u64::MAX)),
    ];
    let mut random = Random(11);
    ranges.extend((0..25).map(|_| {
        let start = random.below(end);
        (start, Some(start + random.below(9_000)))
    }));
    ranges
}

fn check(channels: usize, rate: Option<u32>, mono: bool) {
    let planes = noise(channels, FRAMES);
    let whole = whole(&planes, rate, mono);
    let blocks = [4096, 1_000_000, 777];
    for (index, (start, end)) in ranges().into_iter().enumerate() {
        let source = MemorySource::new(NATIVE, planes.clone()).boxed();
        let mut chain = Chain::new(source, request(start, end, rate, mono)).unwrap();
        let got = read_all(&mut chain, blocks[index % blocks.len()]).unwrap();

        let to_output = |frame: u64| ceil_at(frame.min(FRAMES as u64), rate.unwrap_or(NATIVE));
        let (first, last) = (to_output(start), to_output(end.unwrap_or(u64::MAX)));
        assert_eq!(chain.plan().frames, Some((last - first) as u64), "{rate:?} {start}..{end:?}");
        assert!(chain.plan().frames_exact);
        assert_eq!(got.len(), whole.len());
        for (got, whole) in got.iter().zip(&whole) {
            assert_eq!(got.len(), last - first, "{rate:?} {start}..{end:?}");
            let same = got.iter().zip(&whole[first..last]).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{channels} channels, mono {mono}, {rate:?}, {start}..{end:?}");
        }
        let native = |frame: u64| frame.min(FRAMES as u64);
        let frames = native(end.unwrap_or(u64::MAX)) - native(start);
        if last > first {
            assert_eq!(chain.report().decoded_frames, frames);
        }
    }
}

#[test]
fn at_the_native_rate() {
    check(1, None, false);
    check(2, None, false);
    check(2, Some(NATIVE), false);
    check(2, None, true);
    check(6, None, true);
    check(1, None, true);
}

#[test]
fn at_a_lower_rate() {
    check(2, Some(16_000), false);
    check(2, Some(16_000), true);
    check(3, Some(22_050), true);
    check(1, Some(8_000), true);
}

#[test]
fn at_a_higher_rate() {
    check(2, Some(48_000), false);
    check(2, Some(96_000), true);
}

#[test]
fn at_a_rate_without_a_common_divisor() {
    // One block is longer than the signal.
    check(1, Some(15_999), false);
}

/// Every second frame through the filter, by the shortest way.
fn whole_of_halved(plane: &[f32], rate: u32) -> Vec<f32> {
    let halved: Vec<f32> = plane.iter().copied().step_by(2).collect();
    let mut resampler = Resampler::new(NATIVE / 2, rate, 1).unwrap();
    let (block, delay) = (resampler.block(), resampler.delay());
    let mut output = Vec::new();
    let length = ceil_at(plane.len() as u64, rate);
    for part in halved.chunks(block.input).chain(std::iter::repeat(&[][..])) {
        if output.len() >= length + delay {
            break;
        }
        let mut piece = vec![0.0; block.output];
        resampler.process(&[part], part.len(), &mut [&mut piece]).unwrap();
        output.extend(piece);
    }
    output[delay..delay + length].to_vec()
}

#[test]
fn of_every_second_frame_where_quality_allows_it() {
    // An odd number of frames as well: the last one stands for itself alone.
    for (frames, rate) in [(FRAMES, 22_050), (FRAMES + 1, 22_050), (FRAMES + 1, 16_000), (FRAMES, 8_000)] {
        let planes = noise(1, frames);
        let whole = whole_of_halved(&planes[0], rate);
        for (start, end) in ranges() {
            let source = MemorySource::new(NATIVE, planes.clone()).halvable(true);
            let request = DecodeRequest { quality: Quality::Fast, ..request(start, end, Some(rate), true) };
            let mut chain = Chain::new(source.boxed(), request).unwrap();
            let got = read_all(&mut chain, 4096).unwrap();
            let native = |frame: u64| frame.min(frames as u64);
            let (start, end) = (native(start), native(end.unwrap_or(u64::MAX)));
            let (first, last) = (ceil_at(start, rate), ceil_at(end, rate));
            assert_eq!(chain.plan().frames, Some((last - first) as u64));
            assert_eq!(got[0], whole[first..last], "{rate} {start}..{end}");
            if last > first {
                assert_eq!(chain.report().decoded_frames, end - start, "{rate} {start}..{end}");
            }
        }
    }
}

#[test]
fn a_source_gives_every_second_frame_only_when_half_its_rate_is_enough_and_quality_allows_it() {
    let planes = noise(2, 9_000);
    let read = |halvable, quality, rate| {
        let source = MemorySource::new(NATIVE, planes.clone()).halvable(halvable);
        let request = DecodeRequest { quality, ..request(0, None, rate, false) };
        read_all(&mut Chain::new(source.boxed(), request).unwrap(), 4096).unwrap()
    };
    for rate in [None, Some(NATIVE), Some(22_051), Some(48_000)] {
        assert_eq!(read(true, Quality::Fast, rate), read(false, Quality::Best, rate), "{rate:?}");
    }
    assert_eq!(read(true, Quality::Best, Some(16_000)), read(false, Quality::Best, Some(16_000)));
    assert_eq!(read(false, Quality::Fast, Some(16_000)), read(false, Quality::Best, Some(16_000)));
    assert_ne!(read(true, Quality::Fast, Some(16_000)), read(false, Quality::Best, Some(16_000)));
}

#[test]
fn whatever_is_read_at_a_time() {
    for (rate, mono) in [(None, false), (None, true), (Some(16_000), true), (Some(48_000), false)] {
        let read = |block| {
            let source = MemorySource::new(NATIVE, noise(2, 5_000)).boxed();
            read_all(&mut Chain::new(source, request(300, Some(4_321), rate, mono)).unwrap(), block).unwrap()
        };
        let expected = read(1 << 20);
        for block in [1, 7, 640, 4096] {
            assert_eq!(read(block), expected, "{rate:?}, mono {mono}, blocks of {block}");
        }
    }
}

#[test]
fn a_source_is_read_again_from_another_place() {
    let planes = ramp(1, 10_000);
    let mut chain =
        Chain::new(MemorySource::new(NATIVE, planes.clone()).boxed(), request(0, Some(10), None, false))
            .unwrap();
    assert_eq!(read_all(&mut chain, 100).unwrap()[0], planes[0][..10]);
    let mut chain = Chain::new(chain.into_source(), request(5_000, Some(5_003), None, false)).unwrap();
    assert_eq!(read_all(&mut chain, 100).unwrap()[0], planes[0][5_000..5_003]);
}

#[test]
fn a_range_decodes_little_more_than_itself() {
    let source = MemorySource::new(NATIVE, noise(1, 400_000));
    let frames_read = source.frames_read.clone();
    let mut chain = Chain::new(source.boxed(), request(300_000, Some(301_000), Some(16_000), false)).unwrap();
    read_all(&mut chain, 4096).unwrap();
    // Two blocks of warm-up and alignment, one of what follows.
    let read = frames_read.load(std::sync::atomic::Ordering::Relaxed);
    assert!(read <= 1_000 + 3 * 3_528, "{read} frames");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let refusal = |request| Chain::new(MemorySource::new(NATIVE, ramp(1, 10)).boxed(), request).unwrap_err();
    let inverted = refusal(request(5, Some(4), None, false));
    assert_eq!(inverted.kind(), ErrorKind::InvalidArgument);
    assert_eq!(inverted.message(), "the range ends at frame 4, before it starts at 5");
    assert_eq!(refusal(request(0, None, Some(0), false)).kind(), ErrorKind::InvalidArgument);
    assert_eq!(refusal(request(0, None, Some(u32::MAX), false)).kind(), ErrorKind::InvalidArgument);

    let mut chain =
        Chain::new(MemorySource::new(NATIVE, ramp(2, 10)).boxed(), request(0, None, None, false)).unwrap();
    let (mut a, mut b) = ([0.0; 4], [0.0; 3]);
    assert_eq!(chain.read(&mut [&mut a]).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(chain.read(&mut [&mut a, &mut b]).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn a_file_of_zero_hertz_or_no_channels_is_corrupt() {
    for (rate, channels) in [(0, 1), (8_000, 0)] {
        let mut source = MemorySource::new(rate, ramp(1, 10));
        source.info.channels = channels;
        let error = Chain::new(source.boxed(), request(0, None, None, false)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
    }
}
