//! Jumps over packets of AAC, from a reader that can lose some.

#![allow(clippy::expect_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use audiodecode_pipeline::{CancelFlag, PcmSource, Result, SourceInfo};

use super::{DecodedSource, Parts};
use crate::packet::{DecoderFactory, Event, Group, Packet, PacketDecoder, PacketReader, Trim};
use crate::test_aac::AacStream;

/// Packets of one track, some with a gap before them; empty ones stand for those of other tracks. What it says about their
/// lengths is wrong, as damaged sample tables are.
#[derive(Clone)]
struct Listed {
    packets: Arc<[(Vec<u8>, bool)]>,
    at: usize,
}

impl PacketReader for Listed {
    fn next(&mut self) -> Result<Option<Event>> {
        let Some((data, gap)) = self.packets.get(self.at).cloned() else { return Ok(None) };
        self.at += 1;
        if data.is_empty() {
            // Of another track.
            return Ok(Some(Event::Group(Group::default())));
        }
        let packets = vec![Packet { data: data.into(), frames: Some(700), ..Packet::default() }];
        Ok(Some(Event::Group(Group { packets, gap, ..Group::default() })))
    }

    fn rewind(&mut self) -> Result<()> {
        self.at = 0;
        Ok(())
    }

    fn truncated(&self) -> bool {
        false
    }
}

/// Counts what is decoded.
struct Counting(Box<dyn PacketDecoder>, Arc<AtomicUsize>);

impl PacketDecoder for Counting {
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.decode(packet, planes)
    }

    fn frames_of(&self, data: &[u8]) -> Option<u64> {
        self.0.frames_of(data)
    }

    fn preroll_groups(&self) -> Option<usize> {
        self.0.preroll_groups()
    }
}

fn source(stream: &AacStream, packets: &[(Vec<u8>, bool)]) -> (DecodedSource, Arc<AtomicUsize>) {
    let (make, count) = (stream.decoders(), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&count);
    let make_decoder: DecoderFactory =
        Arc::new(move || Ok(Box::new(Counting(make()?, Arc::clone(&counter)))));
    let source = DecodedSource::new(Parts {
        info: SourceInfo { sample_rate: 44_100, channels: stream.channels as u32, ..SourceInfo::default() },
        reader: Box::new(Listed { packets: packets.into(), at: 0 }),
        make_decoder,
        trim: Trim::default(),
        cancel: CancelFlag::default(),
        max_seconds: 1000.0,
        tolerance: 0,
    });
    (source.expect("source"), count)
}

fn read(source: &mut DecodedSource, frames: usize) -> Vec<u32> {
    let mut left = vec![0.0; frames];
    let mut right = left.clone();
    let mut done = 0;
    loop {
        let mut planes = [&mut left[done..], &mut right[done..]];
        match source.read(&mut planes).expect("read") {
            0 => break,
            count => done += count,
        }
    }
    [&left[..done], &right[..done]].concat().iter().map(|sample| sample.to_bits()).collect()
}

fn listed(stream: &AacStream) -> Vec<(Vec<u8>, bool)> {
    stream.packets.iter().map(|packet| (packet.clone(), false)).collect()
}

/// Fresh sources, each at another packet, against one that reads everything.
fn is_the_same_from_everywhere(stream: &AacStream, packets: &[(Vec<u8>, bool)]) {
    let whole = read(&mut source(stream, packets).0, packets.len() * 1024);
    let (left, right) = whole.split_at(whole.len() / 2);
    for number in 0..left.len() / 1024 {
        let (mut fresh, start) = (source(stream, packets).0, number * 1024 + 77);
        fresh.seek(start as u64).expect("seek");
        let part = read(&mut fresh, packets.len() * 1024);
        assert!(part == [&left[start..], &right[start..]].concat(), "from packet {number}");
    }
}

#[test]
fn a_place_costs_its_own_packets_and_one_before_whether_they_use_noise_or_not() {
    for name in ["plain", "noise"] {
        let stream = AacStream::special(&format!("aac-{name}-stereo.aac"));
        let (mut source, count) = source(&stream, &listed(&stream));
        source.seek(40 * 1024).expect("seek");
        read(&mut source, 1024);
        // The first packet says where the stream's clock begins; 39 is the pre-roll of 40.
        assert_eq!(count.load(Ordering::Relaxed), 3, "{name}");
        source.seek(30 * 1024).expect("seek");
        read(&mut source, 1024);
        assert_eq!(count.load(Ordering::Relaxed), 5, "{name}");
    }
}

#[test]
fn a_stream_that_begins_with_the_wrong_element_is_the_same_from_everywhere() {
    // One channel, not a pair.
    let stream = AacStream::special("aac-plain-stereo.aac");
    let mut packets = listed(&stream);
    packets.truncate(20);
    packets[0].0 = AacStream::special("aac-plain-mono.aac").packets[3].clone();
    is_the_same_from_everywhere(&stream, &packets);
}

#[test]
fn gaps_and_what_follows_them_are_the_same_from_everywhere() {
    let single = AacStream::special("aac-plain-mono.aac").packets[3].clone();
    for (name, wrong_at) in [("noise", None), ("plain", None), ("plain", Some(12)), ("plain", Some(15))] {
        let stream = AacStream::special(&format!("aac-{name}-stereo.aac"));
        let mut packets = listed(&stream);
        packets.drain(8..20);
        packets[12].1 = true;
        packets[24].1 = true;
        if let Some(at) = wrong_at {
            packets[at].0 = single.clone();
        }
        is_the_same_from_everywhere(&stream, &packets);
    }
}

#[test]
fn packets_of_other_tracks_in_between_are_no_preroll() {
    let stream = AacStream::special("aac-plain-stereo.aac");
    let mut packets = listed(&stream);
    packets.truncate(24);
    for at in [20, 15, 15, 9, 0] {
        packets.insert(at, (Vec::new(), false));
    }
    is_the_same_from_everywhere(&stream, &packets);
}

#[test]
fn a_broken_packet_is_no_preroll() {
    let stream = AacStream::special("aac-plain-stereo.aac");
    for at in [5, 9] {
        let mut packets = listed(&stream);
        packets.truncate(24);
        let half = packets[at].0.len() / 2;
        packets[at].0.truncate(half);
        is_the_same_from_everywhere(&stream, &packets);
    }
}
