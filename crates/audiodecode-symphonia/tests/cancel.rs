//! A source listens to the call it works for, not to the one that opened it.
#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

use audiodecode_pipeline::{CancelFlag, Chain, DecodeRequest, ErrorKind, Input, OpenOptions, decode};

/// AAC is sought by decoding from the start, which looks at the flag inside the source.
fn chain(opened_by: &CancelFlag, works_for: &CancelFlag) -> Chain {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/aac.m4a");
    let input = Input::from_bytes(std::fs::read(path).unwrap());
    let options = OpenOptions { cancel: opened_by.clone(), ..OpenOptions::default() };
    let source = audiodecode_symphonia::open(&input, &options).unwrap();
    let request =
        DecodeRequest { start_frame: 20_000, cancel: works_for.clone(), ..DecodeRequest::default() };
    Chain::new(source, request).unwrap()
}

#[test]
fn the_flag_that_opened_a_source_does_not_stop_later_work() {
    let (opened_by, works_for) = (CancelFlag::default(), CancelFlag::default());
    let mut chain = chain(&opened_by, &works_for);
    opened_by.cancel();
    decode(&mut chain, None).unwrap();
}

#[test]
fn the_flag_of_the_request_stops_it_and_so_does_the_one_that_replaces_it() {
    let (opened_by, works_for) = (CancelFlag::default(), CancelFlag::default());
    let mut stopped = chain(&opened_by, &works_for);
    works_for.cancel();
    assert_eq!(decode(&mut stopped, None).unwrap_err().kind(), ErrorKind::Cancelled);

    let replaced = CancelFlag::default();
    let mut again = chain(&opened_by, &works_for);
    again.set_cancel(replaced.clone());
    let mut planes = vec![vec![0.0; 10]; 2];
    let mut out: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
    assert_eq!(again.read(&mut out).unwrap(), 10);
    replaced.cancel();
    assert_eq!(again.read(&mut out).unwrap_err().kind(), ErrorKind::Cancelled);
}
