//! Damage is told in frames of the output, and is an error when the request says so.
#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

mod common;

use audiodecode_pipeline::{Chain, Damage, DecodeRequest, ErrorKind, OnDamage, decode};
use common::{MemorySource, noise, read_all, request};

fn source() -> MemorySource {
    MemorySource::new(44_100, noise(2, 44_100))
}

/// Start, end and reason of what the report tells.
fn told(source: MemorySource, request: DecodeRequest) -> Vec<(u64, u64, String)> {
    let mut chain = Chain::new(source.boxed(), request).unwrap();
    decode(&mut chain, None).unwrap();
    chain
        .report()
        .damaged
        .into_iter()
        .map(|damage| (damage.start_frame, damage.end_frame, damage.reason))
        .collect()
}

#[test]
fn frames_count_from_the_start_of_the_range_at_the_output_rate() {
    let damaged = || source().damaged(4_410, 8_820, "crc");
    let expect = |start, end| vec![(start, end, "crc".to_owned())];
    assert_eq!(told(damaged(), request(0, None, None, false)), expect(4_410, 8_820));
    assert_eq!(told(damaged(), request(0, None, None, true)), expect(4_410, 8_820));
    assert_eq!(told(damaged(), request(0, None, Some(16_000), true)), expect(1_600, 3_200));
    assert_eq!(told(damaged(), request(0, None, Some(48_000), false)), expect(4_800, 9_600));
    assert_eq!(told(damaged(), request(2_205, None, None, false)), expect(2_205, 6_615));
    assert_eq!(told(damaged(), request(2_205, None, Some(16_000), false)), expect(800, 2_400));
    // Cut at both ends of the range.
    assert_eq!(told(damaged(), request(6_615, Some(7_056), Some(16_000), false)), expect(0, 160));
}

#[test]
fn regions_are_widened_to_whole_frames_and_never_lost() {
    // 1 and 2 lie at 0.36 and 0.73 of the lower rate.
    assert_eq!(
        told(source().damaged(1, 2, "x"), request(0, None, Some(16_000), false)),
        [(0, 1, "x".into())]
    );
    assert_eq!(
        told(source().damaged(4, 5, "x"), request(0, None, Some(16_000), false)),
        [(1, 2, "x".into())]
    );
    // An unknown length is a place.
    assert_eq!(
        told(source().damaged(4_410, 4_410, "lost"), request(0, None, None, false)),
        [(4_410, 4_410, "lost".into())]
    );
}

#[test]
fn neighbours_are_one_region() {
    let damaged = source().damaged(100, 200, "first").damaged(200, 300, "second").damaged(301, 400, "third");
    let regions = told(damaged, request(0, None, None, false));
    assert_eq!(regions, [(100, 300, "first".into()), (301, 400, "third".into())]);
    // At a third of the rate the gap of one frame closes.
    let damaged = source().damaged(100, 200, "first").damaged(201, 300, "second");
    assert_eq!(told(damaged, request(0, None, Some(14_700), false)), [(33, 100, "first".into())]);
}

#[test]
fn damage_around_the_range_is_not_told() {
    let around = || source().damaged(9_000, 10_000, "before").damaged(12_000, 13_000, "after");
    for rate in [None, Some(16_000)] {
        assert_eq!(told(around(), request(10_000, Some(12_000), rate, true)), []);
        let strict =
            DecodeRequest { on_damage: OnDamage::Error, ..request(10_000, Some(12_000), rate, true) };
        assert_eq!(told(around(), strict), []);
    }
}

#[test]
fn a_strict_request_fails_with_the_place_in_the_file() {
    for rate in [None, Some(16_000)] {
        let strict = DecodeRequest { on_damage: OnDamage::Error, ..request(8_000, None, rate, true) };
        let damaged = source()
            .damaged(100, 200, "early")
            .damaged(9_000, 10_000, "bad crc")
            .damaged(11_000, 12_000, "late");
        let mut chain = Chain::new(damaged.boxed(), strict).unwrap();
        let error = decode(&mut chain, None).unwrap_err();
        assert_eq!((error.kind(), error.byte_offset()), (ErrorKind::Corrupt, Some(18_000)));
        assert_eq!(error.message(), "damaged at frame 9000: bad crc");
    }
}

#[test]
fn the_report_grows_with_what_is_read() {
    let mut chain =
        Chain::new(source().damaged(500, 600, "x").boxed(), request(0, None, None, false)).unwrap();
    let mut out = vec![vec![0.0; 100]; 2];
    chain.read(&mut out.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>()).unwrap();
    assert_eq!(chain.report().damaged, []);
    assert_eq!(chain.report().decoded_frames, 100);
    read_all(&mut chain, 1_000).unwrap();
    let damage = Damage { start_frame: 500, end_frame: 600, byte_offset: Some(1_000), reason: "x".into() };
    assert_eq!(chain.report().damaged, [damage]);
    assert_eq!((chain.report().decoded_frames, chain.report().expected_frames), (44_100, Some(44_100)));
}

#[test]
fn a_file_of_nothing_but_damage_is_corrupt() {
    let silent = || MemorySource::new(8_000, vec![vec![0.0; 2_000]]);
    let mut chain = Chain::new(
        silent().damaged(0, 1_200, "a").damaged(1_200, 2_000, "b").boxed(),
        request(0, None, None, false),
    )
    .unwrap();
    assert_eq!(decode(&mut chain, None).unwrap_err().kind(), ErrorKind::Corrupt);
    // One good frame, or a damaged range of a file, is not that.
    assert_eq!(
        told(silent().damaged(1, 2_000, "a"), request(0, None, None, false)),
        [(1, 2_000, "a".into())]
    );
    assert_eq!(
        told(silent().damaged(0, 1_000, "a"), request(0, Some(1_000), None, false)),
        [(0, 1_000, "a".into())]
    );
}

#[test]
fn samples_that_are_no_numbers_are_silence_for_the_resampler_and_damage() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e38] {
        let mut planes = noise(2, 44_100);
        let mut silenced = planes.clone();
        for frame in [4_410, 4_412] {
            planes[1][frame] = bad;
            silenced[1][frame] = 0.0;
        }
        let with = |planes: &Vec<Vec<f32>>| MemorySource::new(44_100, planes.clone());
        let native =
            read_all(&mut Chain::new(with(&planes).boxed(), request(0, None, None, false)).unwrap(), 999);
        assert_eq!(native.unwrap()[1][4_410].to_bits(), bad.to_bits(), "untouched where nothing is filtered");

        let resampled = request(0, None, Some(16_000), false);
        let mut chain = Chain::new(with(&planes).boxed(), resampled.clone()).unwrap();
        let got = read_all(&mut chain, 4_096).unwrap();
        let want =
            read_all(&mut Chain::new(with(&silenced).boxed(), resampled.clone()).unwrap(), 4_096).unwrap();
        assert_eq!(got, want);
        // 4,410 and 4,412 of 44,100 are 1,600 and 1,600.7 of 16,000.
        let damaged = chain.report().damaged;
        assert_eq!(
            damaged.iter().map(|one| (one.start_frame, one.end_frame)).collect::<Vec<_>>(),
            [(1_600, 1_602)]
        );

        let strict = DecodeRequest { on_damage: OnDamage::Error, ..resampled };
        let error = decode(&mut Chain::new(with(&planes).boxed(), strict).unwrap(), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
    }
}

#[test]
fn a_file_whose_first_and_last_sample_are_no_numbers_is_resampled_nevertheless() {
    let mut planes = noise(1, 1_000);
    (planes[0][0], planes[0][999]) = (f32::NAN, f32::INFINITY);
    let source = || MemorySource::new(44_100, planes.clone());
    assert_eq!(told(source(), request(0, None, Some(16_000), false)).len(), 1);
    // What could not be decoded at all counts as before, also beside such samples.
    let damaged = source().damaged(0, 1_000, "crc");
    let mut chain = Chain::new(damaged.boxed(), request(0, None, Some(16_000), false)).unwrap();
    assert_eq!(decode(&mut chain, None).unwrap_err().kind(), ErrorKind::Corrupt);
}
