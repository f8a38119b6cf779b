//! Packets that say how many frames they stand for, from a decoder that overlaps them and fails at some.

#![allow(clippy::expect_used)]

use std::sync::Arc;

use audiodecode_pipeline::{CancelFlag, PcmSource, Result, SourceInfo};

use super::{DecodedSource, Parts};
use crate::packet::{Event, Group, Packet, PacketDecoder, PacketReader, Trim};

/// Blocks that overlap by half, as Vorbis': the data is the block's length, 0 behind it makes decoding fail.
#[derive(Default)]
struct Overlapping(Option<u64>);

impl PacketDecoder for Overlapping {
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        if packet.data.len() > 1 {
            return Err("broken".to_owned());
        }
        let block = u64::from(packet.data[0]);
        let frames = self.0.replace(block).map_or(0, |before| (before + block) as usize / 4);
        planes.iter_mut().for_each(|plane| plane.extend(vec![block as f32; frames]));
        Ok(frames)
    }

    fn preroll_groups(&self) -> Option<usize> {
        Some(1)
    }
}

struct Pages(std::vec::IntoIter<Group>);

impl PacketReader for Pages {
    fn next(&mut self) -> Result<Option<Event>> {
        Ok(self.0.next().map(Event::Group))
    }

    fn rewind(&mut self) -> Result<()> {
        Ok(())
    }

    fn truncated(&self) -> bool {
        false
    }
}

fn packet(block: u8, frames: u64, broken: bool) -> Packet {
    let data = if broken { vec![block, 0] } else { vec![block] };
    Packet { data: data.into(), frames: Some(frames), byte_offset: None }
}

/// All frames, and where they are damaged.
fn decoded(groups: Vec<Group>) -> (Vec<f32>, Vec<(u64, u64)>) {
    let mut source = DecodedSource::new(Parts {
        info: SourceInfo { sample_rate: 100, channels: 1, ..SourceInfo::default() },
        reader: Box::new(Pages(groups.into_iter())),
        make_decoder: Arc::new(|| Ok(Box::new(Overlapping::default()))),
        trim: Trim::default(),
        cancel: CancelFlag::default(),
        max_seconds: 100.0,
        tolerance: 0,
    })
    .expect("source");
    let mut out = vec![-1.0; 1000];
    let mut count = 0;
    loop {
        match source.read(&mut [&mut out[count..]]).expect("read") {
            0 => break,
            frames => count += frames,
        }
    }
    out.truncate(count);
    (out, source.drain_damage().iter().map(|damage| (damage.start_frame, damage.end_frame)).collect())
}

#[test]
fn what_follows_a_packet_that_fails_lies_where_it_would_have() {
    // Long and short blocks by turns; the page's own position is wrong and would not help.
    let blocks =
        [(80, 40, false), (80, 40, false), (8, 22, false), (80, 22, true), (8, 22, false), (8, 4, false)];
    let packets = blocks.map(|(block, frames, broken)| packet(block, frames, broken)).into();
    let first =
        Group { packets: vec![packet(80, 0, false)], end: Some(0), counted: true, ..Group::default() };
    let second = Group { packets, end: Some(1000), counted: true, ..Group::default() };
    let (out, damage) = decoded(vec![first, second]);
    // The first page decodes to nothing, so that what the second one begins with overlaps with it.
    let wanted = [(80.0, 40), (80.0, 40), (8.0, 22), (0.0, 22), (0.0, 22), (8.0, 4)];
    let wanted: Vec<f32> = wanted.iter().flat_map(|&(value, frames)| vec![value; frames]).collect();
    assert_eq!(out, wanted);
    assert_eq!(damage, [(102, 124), (124, 146)]);
}

#[test]
fn what_fails_where_something_whole_was_heard_already_is_no_damage() {
    let first = Group { packets: vec![packet(80, 0, false)], counted: true, ..Group::default() };
    let second = Group {
        packets: vec![packet(80, 40, false), packet(80, 40, false)],
        counted: true,
        ..Group::default()
    };
    // By its position it lies at 20..100, of which 20..80 was decoded before.
    let packets = vec![packet(80, 40, true), packet(80, 40, true)];
    let third = Group { packets, end: Some(100), gap: true, counted: true, ..Group::default() };
    let (out, damage) = decoded(vec![first, second, third]);
    assert_eq!(out, [vec![80.0; 80], vec![0.0; 20]].concat());
    assert_eq!(damage, [(80, 100)]);
}

#[test]
fn a_stream_that_says_it_begins_where_numbers_end_has_no_frames() {
    let first = Group { packets: vec![packet(80, 0, false)], end: Some(i64::MAX), ..Group::default() };
    let packets = vec![packet(80, 40, false), packet(80, 40, true)];
    let second = Group { packets, counted: true, ..Group::default() };
    assert_eq!(decoded(vec![first, second]), (vec![], vec![]));
}
