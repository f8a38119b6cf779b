use std::sync::Arc;

use audiodecode_mp3::Header;
use audiodecode_pipeline::{CancelFlag, Error, GaplessSource, Input, PcmSource, Result, SourceInfo};

use super::frame_index::{FrameEntry, FrameIndex};
use super::gapless::Trim;
use super::mpeg_source::{MpegSource, channel_count};
use super::window::Window;
use crate::packet;
use crate::packet::{Event, PacketReader};

/// Where the frames of MPEG audio lie that another container holds as packets.
pub(crate) struct PacketFrames {
    index: FrameIndex,
    /// Samples to cut from the end, as the last packet says.
    discard_end: u64,
    truncated: bool,
}

/// The number of channels that the first frame codes, for containers that do not state it.
pub(crate) fn first_channels<'a>(mut packets: impl Iterator<Item = &'a [u8]>) -> Option<u32> {
    let first = packets.find_map(|packet| Header::parse(*packet.first_chunk()?))?;
    Some(if first.is_mono() { 1 } else { 2 })
}

/// Reads all packets of a track that lie in the file as they are, once. `None` when they are not what an index can describe: not
/// mostly frames of one stream, free format, or with something cut out in their middle.
///
/// A packet that is no frame of the stream, or not as long as its header says, is a lost frame: it keeps its time.
pub(crate) fn index_packets(
    reader: &mut dyn PacketReader,
    max_seconds: f64,
    cancel: &CancelFlag,
) -> Result<Option<PacketFrames>> {
    let (mut frames, mut first) = (Vec::new(), None::<Header>);
    let (mut audio_bytes, mut lost, mut discard_end, mut after_gap) = (0, 0u64, 0, false);
    while let Some(event) = reader.next()? {
        cancel.check()?;
        let Event::Group(group) = event else { return Ok(None) };
        if discard_end > 0 || group.start.is_some() {
            return Ok(None);
        }
        (discard_end, after_gap) = (group.discard_end, after_gap | group.gap);
        for packet in group.packets {
            let Some(offset) = packet.byte_offset else { return Ok(None) };
            let header = packet.data.first_chunk().and_then(|bytes| Header::parse(*bytes));
            let length = packet.data.len() as u32;
            let own = header.filter(|header| {
                let known = first.is_none_or(|first| header.same_stream(first));
                known && !header.is_free_format() && header.frame_length(0) == length
            });
            frames.push(match own {
                Some(header) => {
                    first = first.or(Some(header));
                    audio_bytes += u64::from(length);
                    FrameEntry::new(offset, length, header.is_mono(), std::mem::take(&mut after_gap))
                }
                None => {
                    lost += 1;
                    FrameEntry::lost(offset)
                }
            });
            if let Some(first) = first
                && frames.len() as f64 * f64::from(first.samples())
                    > max_seconds * f64::from(first.sample_rate()) + 8.0 * f64::from(first.samples())
            {
                return Err(Error::limit("the signal is longer than limits.maxDurationSeconds"));
            }
        }
    }
    let Some(header) = first.filter(|_| lost * 2 <= frames.len() as u64) else { return Ok(None) };
    let index = FrameIndex {
        frames,
        header,
        free_length: 0,
        tag_frame: None,
        audio_bytes,
        ends_inside_frame: false,
        format_change: None,
    };
    Ok(Some(PacketFrames { index, discard_end, truncated: reader.truncated() }))
}

/// A source of the frames, of what their container says about them. `None` when that and the frames contradict each other.
pub(crate) fn open_packets(
    input: &Input,
    packets: PacketFrames,
    mut info: SourceInfo,
    trim: packet::Trim,
    tolerance: u64,
) -> Option<Box<dyn PcmSource>> {
    let PacketFrames { index, discard_end, truncated } = packets;
    if channel_count(&index) != info.channels || index.header.sample_rate() != info.sample_rate {
        return None;
    }
    let decoded = index.frames.len() as u64 * u64::from(index.header.samples());
    let start = trim.start.min(decoded);
    let frames = (decoded - start).saturating_sub(discard_end).min(trim.keep.unwrap_or(u64::MAX));
    info.gapless.start_frames = start;
    info.gapless.end_frames = decoded - start - frames;
    if info.gapless.source == GaplessSource::None && discard_end > 0 {
        info.gapless.source = GaplessSource::Matroska;
    }
    (info.frames, info.frames_exact) = (Some(frames), true);
    let short = info.expected_frames.is_some_and(|promised| frames.saturating_add(tolerance) < promised);
    let trim =
        Trim { frames, gapless: info.gapless, expected: info.expected_frames, truncated: truncated || short };
    let window = Window::new(input, input.len());
    Some(Box::new(MpegSource::at_start(info, window, Arc::new(index), trim)))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::packet::{Group, Packet};

    struct Given(VecDeque<Group>);

    impl PacketReader for Given {
        fn next(&mut self) -> Result<Option<Event>> {
            Ok(self.0.pop_front().map(Event::Group))
        }

        fn rewind(&mut self) -> Result<()> {
            Ok(())
        }

        fn truncated(&self) -> bool {
            false
        }
    }

    /// A frame of 44,100 Hz and 128 kbit/s, 417 bytes, with so many bytes there.
    fn frame(offset: u64, bytes: usize) -> Group {
        let mut data = vec![0xff, 0xfb, 0x90, 0x64];
        data.resize(bytes, 0);
        let packet = Packet { data: data.into(), frames: None, byte_offset: Some(offset) };
        Group { packets: vec![packet], ..Group::default() }
    }

    fn index(groups: impl IntoIterator<Item = Group>) -> Option<PacketFrames> {
        index_packets(&mut Given(groups.into_iter().collect()), 60.0, &CancelFlag::default()).unwrap()
    }

    #[test]
    fn a_packet_that_is_no_frame_of_the_stream_or_of_another_length_is_lost_and_a_gap_is_told() {
        let mut other_rate = frame(200, 417);
        other_rate.packets[0].data[2] = 0x94;
        let behind_gap = Group { gap: true, ..frame(400, 417) };
        let found = index([frame(0, 417), frame(100, 300), other_rate, frame(300, 417), behind_gap]).unwrap();
        let lost: Vec<_> = found.index.frames.iter().map(|frame| frame.is_lost()).collect();
        assert_eq!(lost, [false, true, true, false, false]);
        let gaps: Vec<_> = found.index.frames.iter().map(|frame| frame.is_after_gap()).collect();
        assert_eq!(gaps, [false, false, false, false, true]);
        assert_eq!(found.index.audio_bytes, 3 * 417);
    }

    #[test]
    fn what_an_index_cannot_describe_has_none() {
        assert!(index([]).is_none());
        assert!(index([frame(0, 417), frame(1, 9), frame(2, 9)]).is_none(), "mostly something else");
        let cut = Group { discard_end: 7, ..frame(0, 417) };
        assert!(index([cut, frame(1, 417)]).is_none(), "a cut in the middle");
        let cut = Group { discard_end: 7, ..frame(1, 417) };
        assert_eq!(index([frame(0, 417), cut]).map(|found| found.discard_end), Some(7));
    }

    #[test]
    fn more_than_the_longest_duration_is_refused() {
        let mut endless = Given((0..60).map(|at| frame(at, 417)).collect());
        let result = index_packets(&mut endless, 1.0, &CancelFlag::default());
        assert!(result.is_err_and(|error| error.to_string().contains("maxDurationSeconds")));
    }
}
