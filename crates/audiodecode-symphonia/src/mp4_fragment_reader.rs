use std::sync::{Arc, Mutex};

use audiodecode_containers::{ReadWindow, Run, Runs};
use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::counted_places::{Counted, CountedPlaces, CountingReader, End, Place, find_place};
use crate::packet::{Event, Group, Packet, PacketReader};
use crate::packet_lengths::{LENGTH_BYTES, PacketLengths};

/// Bytes of a list of sizes, or of packets beside each other, fetched at once. More would read the video between them, too.
const BLOCK: usize = 16 * 1024;
/// Bytes read of packets that are only counted.
const COUNTING_BLOCK: usize = 256;
/// Longest packet read.
const MAX_PACKET: u64 = 16 << 20;
/// Frames of PCM that come as one packet where each is a sample of its own.
const TOGETHER: u64 = 4096;

/// The packets of one track of an MP4 file in fragments, all of which were looked at before.
pub(crate) struct Mp4FragmentReader {
    input: Input,
    runs: Arc<Runs>,
    lengths: PacketLengths,
    next: Next,
    sizes: ReadWindow,
    data: ReadWindow,
    truncated: bool,
    /// Shared by all readers of the track.
    places: Arc<Mutex<CountedPlaces>>,
}

/// What comes next: a run, the samples of it that lie before, and where the next one begins.
#[derive(Clone, Copy, Debug, Default)]
struct Next {
    run: usize,
    index: u32,
    at: u64,
}

/// Where a packet lies.
struct Found {
    at: u64,
    size: u64,
}

impl Mp4FragmentReader {
    pub(crate) fn new(input: Input, runs: Runs, lengths: PacketLengths) -> Self {
        let first = Place { at: 0, raw: 0, lengths: lengths.clone() };
        Self::at_start(input, Arc::new(runs), lengths, Arc::new(Mutex::new(CountedPlaces::new(first))))
    }

    fn at_start(
        input: Input,
        runs: Arc<Runs>,
        lengths: PacketLengths,
        places: Arc<Mutex<CountedPlaces>>,
    ) -> Self {
        let window = || ReadWindow::of(input.clone(), BLOCK);
        let next = Next { at: runs.runs.first().map_or(0, |run| run.data), ..Next::default() };
        Self { runs, lengths, next, sizes: window(), data: window(), truncated: false, places, input }
    }

    fn another(&self) -> Self {
        let (runs, places) = (Arc::clone(&self.runs), Arc::clone(&self.places));
        Self::at_start(self.input.clone(), runs, self.lengths.clone(), places)
    }

    /// Another one, at a place, that reads as little of the packets as it takes to count their frames.
    fn counting_from(&self, place: &Place) -> Result<Self> {
        let mut counting = self.another();
        let size = if self.lengths.are_of_long_packets() { COUNTING_BLOCK } else { BLOCK };
        counting.data = ReadWindow::of(self.input.clone(), size);
        counting.lengths = place.lengths.clone();
        counting.go_to(place.at)?;
        Ok(counting)
    }

    fn run(&self) -> Option<&Run> {
        self.runs.runs.get(self.next.run)
    }

    /// Makes a sample the next one.
    fn go_to(&mut self, sample: u64) -> Result<()> {
        let run = self.runs.run_of(sample);
        self.next = Next { run, ..Next::default() };
        self.truncated = false;
        if let Some(&found) = self.run() {
            let index =
                u32::try_from(sample.saturating_sub(found.first)).unwrap_or(u32::MAX).min(found.count);
            let (before, _) = found.size_of_first(&mut self.sizes, index, u64::MAX)?;
            (self.next.index, self.next.at) = (index, found.data.saturating_add(before));
        }
        Ok(())
    }

    /// Samples of the track before the next one.
    fn sample(&self) -> u64 {
        self.run().map_or(self.runs.samples, |run| run.first + u64::from(self.next.index))
    }

    /// Passes what comes next as one packet, and says where it lies.
    fn pass(&mut self) -> Result<Option<Found>> {
        while let Some(&run) = self.run() {
            if self.next.index == 0 {
                self.next.at = run.data;
            }
            if self.next.index < run.count {
                let size = run.size_of(&mut self.sizes, self.next.index)?;
                let left = run.count - self.next.index;
                let count = match (&self.lengths, run.equal_size()) {
                    (PacketLengths::Pcm { frame_bytes }, Some(size)) if size == *frame_bytes as u64 => {
                        left.min(TOGETHER as u32)
                    }
                    _ => 1,
                };
                let found = Found { at: self.next.at, size: size * u64::from(count) };
                self.next.index += count;
                self.next.at = self.next.at.saturating_add(found.size);
                return Ok(Some(found));
            }
            self.next = Next { run: self.next.run + 1, ..Next::default() };
        }
        Ok(None)
    }

    fn read(&mut self, found: &Found) -> Result<Box<[u8]>> {
        if found.size <= BLOCK as u64 {
            return Ok(self.data.bytes(found.at, found.size as usize)?.into());
        }
        // One beyond reason keeps its time and fails.
        let mut data = vec![0; if found.size > MAX_PACKET { 0 } else { found.size as usize }];
        let count = self.input.read_at(found.at, &mut data)?;
        data.truncate(count);
        Ok(data.into())
    }
}

impl CountingReader for Mp4FragmentReader {
    fn count_next(&mut self, before: &Place) -> Result<std::result::Result<Counted, End>> {
        let Some(found) = self.pass()? else { return Ok(Err(End::OfFile)) };
        let length = if self.lengths.look_inside() { LENGTH_BYTES } else { 0 };
        let head = self.data.bytes(found.at, length.min(found.size as usize))?;
        let Some(frames) = self.lengths.next(head, found.size as usize) else {
            return Ok(Err(End::OfKnowledge));
        };
        let raw = before.raw.saturating_add(frames);
        let after = Place { at: self.sample(), raw, lengths: self.lengths.clone() };
        Ok(Ok(Counted { after, lands_at: Some(before.raw) }))
    }
}

impl PacketReader for Mp4FragmentReader {
    fn next(&mut self) -> Result<Option<Event>> {
        let Some(found) = self.pass()? else {
            self.truncated = self.runs.truncated;
            return Ok(None);
        };
        let data = self.read(&found)?;
        let frames = self.lengths.next(&data, found.size as usize);
        let counted = frames.is_some() && self.lengths.are_countable();
        let packets = vec![Packet { data, frames, byte_offset: Some(found.at) }];
        Ok(Some(Event::Group(Group { packets, counted, ..Group::default() })))
    }

    fn rewind(&mut self) -> Result<()> {
        self.go_to(0)
    }

    fn seek(&mut self, raw: u64, cancel: &CancelFlag) -> Result<Option<u64>> {
        if !self.lengths.are_countable() {
            return Ok(None);
        }
        if let PacketLengths::Equal(frames) = self.lengths {
            let sample = (raw / frames.max(1)).min(self.runs.samples.saturating_sub(1));
            self.go_to(sample)?;
            return Ok(Some(sample * frames));
        }
        let Some((place, at)) = find_place(&self.places, |place| self.counting_from(place), raw, cancel)?
        else {
            return Ok(None);
        };
        self.go_to(place.at)?;
        Ok(Some(at))
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        Ok(if self.lengths.are_countable() { Some(Box::new(self.another())) } else { None })
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::mp4_fragments::first_box;
    use crate::symphonia_reader::{SymphoniaReader, Trust, probe};
    use audiodecode_containers::read_runs;

    fn all(reader: &mut dyn PacketReader) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        while let Some(event) = reader.next().unwrap() {
            let Event::Group(group) = event else { panic!("a restart") };
            packets.extend(group.packets.into_iter().map(|packet| packet.data.into()));
        }
        packets
    }

    #[test]
    fn packets_are_those_that_symphonia_finds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in [
            "../../fixtures/formats/aac-fragmented.mp4",
            "tests/special/aac-noise-mono-fragmented.mp4",
            "tests/special/aac-plain-stereo-fragmented.mp4",
            "tests/special/frag-aac.mp4",
            "tests/special/frag-aac-offsets.mp4",
            "tests/special/frag-alac.mp4",
            "tests/special/frag-flac.mp4",
            "tests/special/frag-mp3.mp4",
        ] {
            let input = Input::open(&folder.join(name)).unwrap();
            let format = probe(&input).unwrap();
            let track = format.tracks()[0].id;
            let expected = all(&mut SymphoniaReader::new(input.clone(), format, track, Trust::default()));
            let runs = read_runs(&input, track, first_box(&input), &CancelFlag::default()).unwrap();
            let mut ours = Mp4FragmentReader::new(input, runs.expect(name), PacketLengths::Unknown);
            assert!(expected.len() > 4, "{name}");
            assert!(all(&mut ours) == expected, "{name}");
            ours.rewind().unwrap();
            assert!(all(&mut ours) == expected, "{name}, once more");
            assert!(!ours.truncated());
        }
    }
}
