use std::path::Path;

use super::*;
use crate::symphonia_reader::{SymphoniaReader, probe};
use audiodecode_containers::read_mp4;

const TRUST: Trust = Trust {
    positions: true,
    durations: true,
    seeks: true,
    skips: true,
    seeks_from_start: false,
    resyncs: false,
};

fn input(name: &str) -> Input {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let formats = folder.join("../../fixtures/formats").join(name);
    let path = if formats.exists() { formats } else { folder.join("tests/special").join(name) };
    Input::open(&path).unwrap()
}

fn reader(input: &Input, together: u64) -> Mp4Reader {
    let mp4 = read_mp4(input).unwrap();
    let track = mp4.tracks.iter().find(|track| track.tables.are_whole()).unwrap();
    Mp4Reader::new(input.clone(), track.tables, TRUST, u64::from(track.common_ticks), together)
}

type Told = (Vec<u8>, Option<u64>, Option<i64>);

fn next(reader: &mut dyn PacketReader) -> Option<Told> {
    loop {
        let Event::Group(mut group) = reader.next().unwrap()? else { return None };
        // Symphonia tells of other tracks' packets, too.
        if let Some(packet) = group.packets.pop() {
            return Some((packet.data.into(), packet.frames, group.start));
        }
    }
}

fn all(reader: &mut dyn PacketReader) -> Vec<Told> {
    std::iter::from_fn(|| next(reader)).collect()
}

#[test]
fn packets_are_those_that_symphonia_finds() {
    for name in [
        "aac.m4a",
        "aac-22050.m4a",
        "aac-faststart.m4a",
        "alac.m4a",
        "alac-s24.m4a",
        "pcm.mov",
        "lc-fdk.mp4",
        "aac-5.1.m4a",
        "odd-length.m4a",
    ] {
        let input = input(name);
        let format = probe(&input).unwrap();
        let track = format.tracks()[0].id;
        let expected = all(&mut SymphoniaReader::new(input.clone(), format, track, TRUST));
        let mut ours = reader(&input, 1);
        assert!(expected.len() > 5, "{name}");
        assert!(all(&mut ours) == expected, "{name}");
        assert!(!ours.truncated());
        ours.rewind().unwrap();
        assert!(all(&mut ours) == expected, "{name}, once more");
    }
}

#[test]
fn reading_goes_on_from_any_place_as_from_the_start() {
    for name in ["alac.m4a", "alac-s24.m4a", "pcm.mov", "aac.m4a"] {
        let mut ours = reader(&input(name), 1);
        let whole = all(&mut ours);
        let mut other = ours.fork().unwrap().unwrap();
        for (index, packet) in whole.iter().enumerate().rev().step_by(1 + whole.len() / 50) {
            let start = packet.2.unwrap() as u64;
            let inside = start + packet.1.unwrap() / 2;
            assert_eq!(other.seek(inside, &CancelFlag::default()).unwrap(), Some(start), "{name}");
            assert!(all(&mut *other) == whole[index..], "{name} from packet {index}");
        }
        // Behind the end lies the last packet.
        assert_eq!(
            other.seek(u64::MAX, &CancelFlag::default()).unwrap(),
            whole.last().unwrap().2.map(|start| start as u64)
        );
    }
}

#[test]
fn a_packet_beyond_the_file_ends_it() {
    let whole = input("aac.m4a");
    let mut bytes = vec![0; whole.len() as usize];
    whole.read_at(0, &mut bytes).unwrap();
    let chunks = bytes.windows(4).position(|four| four == b"stco").unwrap() + 12;
    bytes[chunks..][..4].copy_from_slice(&[0xff; 4]);
    let mut ours = reader(&Input::from_bytes(bytes), 1);
    assert!(next(&mut ours).is_none());
    assert!(ours.truncated());
}

#[test]
fn frames_of_pcm_that_come_together_are_those_that_come_alone() {
    let input = input("pcm.mov");
    let bytes = |packets: &[Told]| packets.iter().flat_map(|packet| packet.0.clone()).collect::<Vec<_>>();
    let expected = all(&mut reader(&input, 1));
    let mut ours = reader(&input, 1000);
    let packets = all(&mut ours);
    assert!(packets.len() < expected.len() / 100);
    assert!(bytes(&packets) == bytes(&expected));
    assert_eq!(packets.iter().filter_map(|packet| packet.1).sum::<u64>(), expected.len() as u64);
    for frame in [0, 1, 999, 12_345, 22_049] {
        assert_eq!(ours.seek(frame, &CancelFlag::default()).unwrap(), Some(frame));
        assert!(bytes(&all(&mut ours)) == bytes(&expected[frame as usize..]));
    }
}
