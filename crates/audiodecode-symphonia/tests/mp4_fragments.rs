//! Fragmented MP4 whose boxes claim what is not there.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_pipeline::ErrorKind;
use support::{formats, open_bytes, read_all};

/// One fragment: `moof` at 732, `mdat` at 1024, `mfra` at 10,980.
fn file() -> Vec<u8> {
    std::fs::read(formats().join("aac-fragmented.mp4")).expect("fixture")
}

const RUN: usize = 828;
const MEDIA: usize = 1024;
const BEHIND: usize = 10_980;

#[test]
fn a_run_of_samples_without_bytes_of_their_own_claims_no_more_than_fits_into_the_file() {
    let mut bytes = file();
    assert_eq!(bytes[RUN - 4..][..4], *b"trun");
    bytes[RUN..][..8].copy_from_slice(&[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
    let error = open_bytes(&bytes).err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains("4294967295 samples"), "{error}");
}

#[test]
fn behind_audio_that_goes_on_to_the_end_of_the_file_nothing_is_taken_for_a_fragment() {
    let clean = file();
    let whole = read_all(&mut *open_bytes(&clean).expect("MP4")).expect("samples");
    let mut bytes = [&clean[..BEHIND], &clean[732..BEHIND]].concat();
    // Two fragments behind each other have twice the packets.
    let twice = read_all(&mut *open_bytes(&bytes).expect("MP4")).expect("samples");
    assert_eq!(twice[0].len(), 2 * whole[0].len() + 1024);
    assert_eq!(bytes[MEDIA + 4..][..4], *b"mdat");
    bytes[MEDIA..][..4].fill(0);
    let mut source = open_bytes(&bytes).expect("MP4");
    assert!(read_all(&mut *source).expect("samples") == whole);
    assert!(!source.truncated());
}
