//! Sources that lie, break off or never end; limits; cancel; and where `decode` puts the samples.
#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

mod common;

use audiodecode_pipeline::{CancelFlag, Chain, DecodeRequest, Decoded, ErrorKind, Limits, PcmSource, decode};
use common::{MemorySource, noise, ramp, read_all, request};

fn all(source: MemorySource, request: DecodeRequest) -> Chain {
    Chain::new(source.boxed(), request).unwrap()
}

fn whole() -> DecodeRequest {
    DecodeRequest::default()
}

fn limited(limits: Limits) -> DecodeRequest {
    DecodeRequest { limits, ..DecodeRequest::default() }
}

#[test]
fn decode_fills_the_buffer_of_the_caller() {
    let planes = ramp(2, 70_000);
    let mut out = vec![f32::NAN; 2 * 70_000 + 5];
    let mut chain = all(MemorySource::new(8_000, planes.clone()), whole());
    assert_eq!(decode(&mut chain, Some(&mut out)).unwrap(), Decoded::Filled { frames: 70_000 });
    assert_eq!((&out[..70_000], &out[70_000..140_000]), (planes[0].as_slice(), planes[1].as_slice()));
    assert!(out[140_000..].iter().all(|sample| sample.is_nan()), "what is beyond is left alone");
}

#[test]
fn decode_gives_planes_of_its_own_without_a_buffer() {
    for frames in [1, 65_535, 65_536, 65_537, 200_000] {
        for claim in [Some(frames as u64), Some(3), Some(1 << 40), None] {
            let planes = ramp(2, frames);
            let mut chain = all(MemorySource::new(8_000, planes.clone()).claiming(claim, false), whole());
            assert_eq!(
                decode(&mut chain, None).unwrap(),
                Decoded::Owned(planes),
                "{frames}, claiming {claim:?}"
            );
        }
    }
}

#[test]
fn a_source_with_more_or_less_than_it_claimed_gives_what_it_has() {
    for (rate, kept) in [(None, 50_000), (Some(4_000), 25_000)] {
        for claim in [40_000_u64, 49_999, 50_001, 60_000] {
            for exact in [true, false] {
                let source = MemorySource::new(8_000, noise(2, 50_000)).claiming(Some(claim), exact);
                let mut chain = all(source, request(0, None, rate, false));
                let planned = chain.plan().frames.unwrap() as usize;
                let mut out = vec![0.0; 2 * planned];
                let decoded = decode(&mut chain, Some(&mut out)).unwrap();
                // At half the rate, 49,999 frames and 50,000 make as many.
                assert_eq!(matches!(decoded, Decoded::Filled { .. }), planned == kept);
                if let Decoded::Partly { frames, beyond } = &decoded {
                    assert_eq!((*frames, beyond[1].len()), (kept.min(planned), kept.saturating_sub(planned)));
                }
                let planes = decoded.into_planes(&out, planned, 2);
                let honest = all(MemorySource::new(8_000, noise(2, 50_000)), request(0, None, rate, false));
                assert_eq!(planes, read_all(&mut { honest }, 4096).unwrap(), "claiming {claim}, {rate:?}");
                assert_eq!(chain.report().decoded_frames, 50_000);
            }
        }
    }
}

#[test]
fn a_buffer_that_is_too_small_is_refused() {
    let mut chain = all(MemorySource::new(8_000, ramp(2, 10)), whole());
    let error = decode(&mut chain, Some(&mut [0.0; 19])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.message(), "the buffer holds 19 samples, 20 are needed");
    let mut unknown = all(MemorySource::new(8_000, ramp(2, 10)).claiming(None, false), whole());
    assert_eq!(decode(&mut unknown, Some(&mut [0.0; 20])).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn limits_hold_before_anything_is_decoded() {
    let refusal = |source: MemorySource, limits| Chain::new(source.boxed(), limited(limits)).unwrap_err();
    let error =
        refusal(MemorySource::new(8_000, ramp(3, 10)), Limits { max_channels: 2, ..Limits::default() });
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::LimitExceeded, "3 channels exceed the limit of 2 (maxChannels)")
    );
    let error =
        refusal(MemorySource::new(8_000, ramp(2, 10)), Limits { max_output_bytes: 79, ..Limits::default() });
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.message().starts_with("80 bytes of samples exceed the limit of 79 (maxOutputBytes)"));
    let short = Limits { max_duration_seconds: 2.0, ..Limits::default() };
    let error = refusal(MemorySource::new(8_000, ramp(1, 16_001)), short);
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.message().contains("maxDurationSeconds"), "{}", error.message());
    let error =
        refusal(MemorySource::new(8_000, ramp(1, 1)), Limits { max_duration_seconds: f64::NAN, ..short });
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[test]
fn what_just_fits_the_limits_is_decoded() {
    let exactly = Limits { max_output_bytes: 80, max_duration_seconds: 10.0 / 8_000.0, ..Limits::default() };
    let mut chain = all(MemorySource::new(8_000, ramp(2, 10)), limited(exactly));
    assert_eq!(read_all(&mut chain, 4096).unwrap()[0].len(), 10);
    let endless =
        Limits { max_duration_seconds: f64::INFINITY, max_output_bytes: u64::MAX, ..Limits::default() };
    let mut chain = all(MemorySource::new(8_000, ramp(2, 10)), limited(endless));
    assert_eq!(read_all(&mut chain, 4096).unwrap()[0].len(), 10);
    // A range counts, not the file around it.
    let mut chain = all(
        MemorySource::new(8_000, ramp(2, 5_000)),
        DecodeRequest { limits: exactly, ..request(100, Some(110), None, false) },
    );
    assert_eq!(read_all(&mut chain, 4096).unwrap()[0].len(), 10);
}

#[test]
fn limits_hold_while_decoding_when_the_length_was_unknown_or_wrong() {
    let limits = Limits { max_duration_seconds: 1.0, ..Limits::default() };
    for claim in [None, Some(100), Some(1 << 50)] {
        let source = MemorySource::new(8_000, noise(1, 20_000)).claiming(claim, false);
        let frames_read = source.frames_read.clone();
        let mut chain = all(source, limited(limits));
        assert!(chain.plan().frames.is_none_or(|frames| frames <= 8_000), "no more is reserved than allowed");
        assert_eq!(decode(&mut chain, None).unwrap_err().kind(), ErrorKind::LimitExceeded);
        let read = frames_read.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!(read, 8_001, "stops at the first frame too many");
    }
}

#[test]
fn a_pessimistic_estimate_is_no_reason_to_refuse() {
    let limits = Limits { max_duration_seconds: 1.0, ..Limits::default() };
    let source = MemorySource::new(8_000, ramp(1, 8_000)).claiming(Some(80_000), false);
    let mut chain = all(source, limited(limits));
    assert_eq!(decode(&mut chain, None).unwrap(), Decoded::Owned(ramp(1, 8_000)));
}

#[test]
fn cancel_stops_at_the_next_part() {
    for request in
        [request(0, None, None, false), request(0, None, None, true), request(0, None, Some(16_000), true)]
    {
        let flag = CancelFlag::default();
        let mut source = MemorySource::new(44_100, noise(2, 500_000));
        source.cancel_after = Some((3, flag.clone()));
        let frames_read = source.frames_read.clone();
        let mut chain = all(source, DecodeRequest { cancel: flag, ..request });
        assert_eq!(decode(&mut chain, None).unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(frames_read.load(std::sync::atomic::Ordering::Relaxed) <= 4 * 997);
    }
}

#[test]
fn cancelled_work_does_not_begin() {
    let flag = CancelFlag::default();
    flag.cancel();
    let source = MemorySource::new(44_100, ramp(1, 10));
    let frames_read = source.frames_read.clone();
    let mut chain = all(source, DecodeRequest { cancel: flag, ..whole() });
    assert_eq!(chain.read(&mut [&mut [0.0; 4]]).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(frames_read.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[test]
fn a_file_without_audio_is_corrupt_whatever_was_asked() {
    let empty = || MemorySource::new(44_100, vec![vec![]]);
    for claim in [Some(0), Some(1_000), None] {
        for request in [
            whole(),
            request(0, Some(10), None, false),
            request(5, None, Some(16_000), false),
            request(3, Some(3), None, true),
        ] {
            let mut chain = all(empty().claiming(claim, false), request.clone());
            let error = decode(&mut chain, None).unwrap_err();
            assert_eq!(
                (error.kind(), error.message()),
                (ErrorKind::Corrupt, "no audio could be decoded"),
                "{request:?}"
            );
        }
    }
}

#[test]
fn an_empty_range_of_a_good_file_is_no_frames() {
    for exact in [true, false] {
        for (start, end) in [(0, Some(0)), (7, Some(7)), (10, None), (99, None), (u64::MAX, Some(u64::MAX))] {
            for rate in [None, Some(16_000)] {
                let source = || MemorySource::new(44_100, ramp(2, 10)).claiming(Some(10), exact);
                let mut chain = all(source(), request(start, end, rate, false));
                assert_eq!(decode(&mut chain, None).unwrap(), Decoded::Owned(vec![vec![], vec![]]));
                let mut chain = all(source(), request(start, end, rate, false));
                assert_eq!(decode(&mut chain, Some(&mut [])).unwrap(), Decoded::Filled { frames: 0 });
            }
        }
    }
}

#[test]
fn an_error_of_the_source_reaches_the_caller() {
    struct Failing(MemorySource);
    impl PcmSource for Failing {
        fn info(&self) -> &audiodecode_pipeline::SourceInfo {
            self.0.info()
        }
        fn read(&mut self, _: &mut [&mut [f32]]) -> audiodecode_pipeline::Result<usize> {
            Err(audiodecode_pipeline::Error::corrupt("the disk is on fire").at(12))
        }
        fn seek(&mut self, frame: u64) -> audiodecode_pipeline::Result<()> {
            self.0.seek(frame)
        }
        fn drain_damage(&mut self) -> Vec<audiodecode_pipeline::Damage> {
            Vec::new()
        }
        fn truncated(&self) -> bool {
            false
        }
        fn scan(&mut self) -> audiodecode_pipeline::Result<()> {
            Ok(())
        }
    }
    let mut chain = Chain::new(Box::new(Failing(MemorySource::new(8_000, ramp(1, 9)))), whole()).unwrap();
    let error = decode(&mut chain, None).unwrap_err();
    assert_eq!((error.kind(), error.byte_offset()), (ErrorKind::Corrupt, Some(12)));
}
