//! Streams that are cut, overwritten or lack bytes: what is whole keeps its place, and the rest is told.

use super::tests::{Random, decode, fixture, frames_of, open_bytes, read_all};

#[test]
fn a_stream_cut_inside_its_last_frame_keeps_what_is_whole_and_says_so() {
    for name in ["untagged-cbr128.mp3", "tagged-v2-crc.mp3", "stereo.mp2"] {
        let bytes = fixture(name);
        let (whole, ..) = decode(&bytes);
        let (planes, damage, source) = decode(&bytes[..bytes.len() * 2 / 3 - 7]);
        assert!(source.truncated(), "{name}");
        assert_eq!(damage, []);
        assert!(planes[0].len() > whole[0].len() / 3 && planes[0].len() < whole[0].len(), "{name}");
        assert_eq!(planes[0], whole[0][..planes[0].len()], "{name}");
    }
    let cut = fixture("tagged-v2-crc.mp3");
    let source = open_bytes(&cut[..5000]).unwrap();
    assert_eq!(source.info().expected_frames, Some(13_230));
    // Cut between two frames: only the tag knows.
    let frames = frames_of(&cut);
    assert!(open_bytes(&cut[..frames[6].end]).unwrap().truncated());
}

#[test]
fn a_frame_with_a_broken_header_is_silent_and_all_others_keep_their_time() {
    for name in ["untagged-cbr128.mp3", "untagged-mono32.mp3", "stereo.mp2", "mpeg25-mono8.mp3"] {
        let bytes = fixture(name);
        let frames = frames_of(&bytes);
        let (whole, ..) = decode(&bytes);
        let samples = whole[0].len() / frames.len();
        for broken in [frames.len() / 2, frames.len() - 4] {
            let mut bytes = bytes.clone();
            bytes[frames[broken].start] = 0;
            let (planes, damage, source) = decode(&bytes);
            assert_eq!(planes[0].len(), whole[0].len(), "{name}");
            assert!(!source.truncated());
            assert_eq!(damage[0].start_frame, (broken * samples) as u64, "{name} {damage:?}");
            assert_eq!(damage[0].byte_offset, Some(frames[broken].start as u64), "{name}");
            assert!(planes[0][broken * samples..][..samples].iter().all(|&sample| sample == 0.0));
            assert_eq!(planes[0][..broken * samples], whole[0][..broken * samples]);
            // Behind the damage and the frame that settles again, the samples are those of the whole file.
            let behind = damage.last().unwrap().end_frame as usize + 2 * samples;
            if behind < whole[0].len() {
                assert_eq!(planes[0][behind..], whole[0][behind..], "{name}");
            }
        }
    }
}

#[test]
fn broken_side_information_is_reported_where_it_is() {
    let bytes = fixture("untagged-cbr128.mp3");
    let frames = frames_of(&bytes);
    let mut broken = bytes.clone();
    broken[frames[6].start + 4..frames[6].start + 36].fill(0xFF);
    let (planes, damage, _) = decode(&broken);
    assert_eq!(planes[0].len(), 14_976);
    assert_eq!((damage[0].start_frame, damage[0].byte_offset), (6 * 1152, Some(frames[6].start as u64)));
    assert_eq!(planes[0][..6 * 1152], decode(&bytes).0[0][..6 * 1152]);
}

#[test]
fn overwritten_bytes_in_the_middle_keep_the_length() {
    let bytes = fixture("untagged-cbr128.mp3");
    let frames = frames_of(&bytes);
    let (whole, ..) = decode(&bytes);
    let mut broken = bytes.clone();
    broken[frames[4].start + 100..frames[7].start + 50].fill(0);
    let (planes, damage, _) = decode(&broken);
    assert_eq!(planes[0].len(), whole[0].len());
    assert!(damage[0].start_frame >= 4 * 1152 && damage[0].start_frame <= 5 * 1152, "{damage:?}");
    assert_eq!(planes[0][11 * 1152..], whole[0][11 * 1152..]);
}

#[test]
fn missing_bytes_lose_their_time_and_nothing_else() {
    let bytes = fixture("untagged-cbr128.mp3");
    let frames = frames_of(&bytes);
    let (whole, ..) = decode(&bytes);
    // From the middle of frame 4 to the middle of frame 6: what is left of both is about one frame.
    let hole = [&bytes[..frames[4].start + 200], &bytes[frames[6].start + 100..]].concat();
    let (planes, damage, _) = decode(&hole);
    assert_eq!(planes[0].len(), whole[0].len() - 2 * 1152);
    assert_eq!(planes[0][..4 * 1152], whole[0][..4 * 1152]);
    assert_eq!(damage[0].start_frame, 4 * 1152);
    assert_eq!(planes[0][9 * 1152..], whole[0][11 * 1152..]);
}

#[test]
fn a_stream_cut_at_its_beginning_starts_with_silence_that_is_not_damage() {
    let bytes = fixture("untagged-mono32.mp3");
    let frames = frames_of(&bytes);
    let (whole, ..) = decode(&bytes);
    let (planes, damage, source) = decode(&bytes[frames[12].start + 30..]);
    assert_eq!(planes[0].len(), whole[0].len() - 13 * 1152);
    assert_eq!((damage, source.truncated()), (vec![], false));
    assert_eq!(planes[0][10 * 1152..], whole[0][23 * 1152..]);
}

#[test]
fn frames_without_their_reservoir_are_damage_wherever_a_read_begins() {
    let bytes = fixture("untagged-mono32.mp3");
    let frames = frames_of(&bytes);
    let mut broken = bytes.clone();
    broken[frames[12].start..frames[18].start].fill(0);
    let (_, damage, mut source) = decode(&broken);
    let end = damage.iter().map(|damage| damage.end_frame).max().unwrap();
    assert!(end > 18 * 1152, "only {end}");
    // All frames that settle the decoder fail here.
    source.seek(end - 1152).unwrap();
    source.read(&mut [&mut vec![0.0; 1152]]).unwrap();
    assert_eq!(source.drain_damage().last().map(|damage| damage.end_frame), Some(end));
}

#[test]
fn seeks_in_damaged_streams_give_the_slice_of_the_whole_too() {
    for name in ["untagged-mono32.mp3", "mpeg2-mono8.mp3", "untagged-v2.mp3", "mpeg25-mono8.mp3"] {
        let bytes = fixture(name);
        let mut random = Random(99);
        for _ in 0..12 {
            let mut broken = bytes.clone();
            for _ in 0..6 {
                let at = random.below(broken.len());
                broken[at] ^= 1 << random.below(8);
            }
            let Some(mut source) = open_bytes(&broken) else { continue };
            let whole = read_all(source.as_mut(), 4096);
            for frame in (0..whole[0].len()).step_by(1152 / 2 + 100) {
                source.seek(frame as u64).unwrap();
                let mut part = vec![vec![0.0; 64]; whole.len()];
                let mut out: Vec<&mut [f32]> = part.iter_mut().map(Vec::as_mut_slice).collect();
                let count = source.read(&mut out).unwrap();
                assert_eq!(part[0][..count], whole[0][frame..frame + count], "{name} at {frame}");
            }
        }
    }
}
