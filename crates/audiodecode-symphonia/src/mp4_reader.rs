use std::sync::{Arc, Mutex, PoisonError};

use audiodecode_pipeline::{CancelFlag, Input, Result};

use crate::counted_places::{Counted, CountedPlaces, CountingReader, End, Place, find_place};
use crate::packet::{Event, Group, Packet, PacketReader};
use crate::packet_lengths::{LENGTH_BYTES, PacketLengths};
use crate::symphonia_reader::Trust;
use audiodecode_containers::Mp4Tables;
use audiodecode_containers::ReadWindow;

/// Bytes of a table, or of packets beside each other, fetched at once. More would read the video between them, too.
const BLOCK: usize = 16 * 1024;
/// Bytes read of packets that are only counted.
const COUNTING_BLOCK: usize = 256;
/// Longest packet read.
const MAX_PACKET: u64 = 16 << 20;

/// The packets of one track of an MP4 file whose tables say where they lie.
///
/// Nothing of other tracks is read, and what comes next takes no search: the tables are read along with the packets.
pub(crate) struct Mp4Reader {
    input: Input,
    tables: Mp4Tables,
    trust: Trust,
    /// Frames of every sample but the last, when places are found by them.
    each: u64,
    /// Samples beside each other that may come as one packet: frames of PCM.
    together: u64,
    place: Cursor,
    windows: Windows,
    truncated: bool,
    /// How far the tables lead, as far as all readers of the track have looked.
    known: Arc<Mutex<Known>>,
    counts: Option<Counts>,
}

/// What packets themselves say of their lengths, for codecs whose places the tables do not tell.
#[derive(Clone)]
struct Counts {
    lengths: PacketLengths,
    /// Shared by all readers of the track.
    places: Arc<Mutex<CountedPlaces>>,
}

/// The first sample not yet known to lie in the file, or known not to: nothing that lies behind such a one is read.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    place: Cursor,
    ended: bool,
}

/// A window for each table, since their entries lie far apart, and one for the packets.
struct Windows {
    times: ReadWindow,
    runs: ReadWindow,
    chunks: ReadWindow,
    sizes: ReadWindow,
    data: ReadWindow,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    sample: u64,
    chunk: u64,
    /// Samples of the chunk that lie before, and where the next one begins.
    in_chunk: u64,
    offset: u64,
    /// Entry of the runs that the chunk belongs to.
    run: u64,
    /// Entry of the times, samples of it that lie before, and the ticks of all before.
    time: u64,
    in_time: u64,
    ticks: u64,
}

impl Mp4Reader {
    /// `tables` are whole. What `trust` says of timestamps, they keep. `together` is 1 for samples that are packets.
    pub(crate) fn new(input: Input, tables: Mp4Tables, trust: Trust, each: u64, together: u64) -> Self {
        let window = || ReadWindow::of(input.clone(), BLOCK);
        let windows =
            Windows { times: window(), runs: window(), chunks: window(), sizes: window(), data: window() };
        Self {
            input,
            tables,
            trust,
            each,
            together,
            place: Cursor::default(),
            windows,
            truncated: false,
            known: Arc::default(),
            counts: None,
        }
    }

    /// The same, but places are found by counting what the packets decode to.
    pub(crate) fn counted(self, lengths: PacketLengths) -> Self {
        let first = Place { at: 0, raw: 0, lengths: lengths.clone() };
        let counts = Counts { lengths, places: Arc::new(Mutex::new(CountedPlaces::new(first))) };
        Self { counts: Some(counts), ..self }
    }

    fn another(&self) -> Self {
        let forked = Self::new(self.input.clone(), self.tables, self.trust, self.each, self.together);
        Self { known: Arc::clone(&self.known), counts: self.counts.clone(), ..forked }
    }

    /// Another one, at a place, that reads of the packets what it takes to count their frames.
    fn counting_from(&self, place: &Place) -> Result<Self> {
        let mut counting = self.another();
        counting.windows.data = ReadWindow::of(self.input.clone(), COUNTING_BLOCK);
        if !counting.go_to(place.at)? {
            counting.place.sample = self.tables.samples;
        }
        Ok(counting)
    }

    /// Makes a sample the next one. False when the tables do not say where it lies.
    fn go_to(&mut self, sample: u64) -> Result<bool> {
        if sample >= self.tables.samples {
            (self.place, self.truncated) = (Cursor { sample, ..Cursor::default() }, false);
            return Ok(true);
        }
        let ticks = sample * self.each;
        let Self { tables, windows, .. } = self;
        let mut place = Cursor { sample, ticks, ..Cursor::default() };
        // The run, the chunk in it, and what of the chunk lies before.
        let mut before = sample;
        loop {
            let (first, each) = tables.run(&mut windows.runs, place.run)?;
            let chunks = tables.run(&mut windows.runs, place.run + 1)?.0.saturating_sub(first);
            let samples = chunks.saturating_mul(each);
            if before < samples {
                (place.chunk, place.in_chunk) = (first + before / each, before % each);
                break;
            }
            before -= samples;
            place.run += 1;
            if place.run >= tables.runs.count {
                return Ok(false);
            }
        }
        place.offset = tables.chunk(&mut windows.chunks, place.chunk)?;
        if tables.equal_size > 0 {
            place.offset = place.offset.saturating_add(place.in_chunk.saturating_mul(tables.equal_size));
        } else {
            for earlier in sample - place.in_chunk..sample {
                place.offset = place.offset.saturating_add(tables.size_of(&mut windows.sizes, earlier)?);
            }
        }
        // The times: all samples but the last are alike, so only how many there are matters.
        let mut before = sample;
        while place.time < tables.times.count {
            let [samples, _] = tables.times.entry(&mut windows.times, place.time)?;
            if before < samples {
                break;
            }
            before -= samples;
            place.time += 1;
        }
        place.in_time = before;
        (self.place, self.truncated) = (place, false);
        Ok(true)
    }

    /// Where the next sample begins, or `None` when the tables say nothing of it.
    fn find_next(&mut self) -> Result<Option<u64>> {
        let Self { tables, windows, place, .. } = self;
        loop {
            if place.chunk >= tables.chunks.count {
                return Ok(None);
            }
            while tables.run(&mut windows.runs, place.run + 1)?.0 <= place.chunk {
                place.run += 1;
            }
            if place.in_chunk < tables.run(&mut windows.runs, place.run)?.1 {
                break;
            }
            (place.chunk, place.in_chunk) = (place.chunk + 1, 0);
        }
        if place.in_chunk == 0 {
            place.offset = tables.chunk(&mut windows.chunks, place.chunk)?;
        }
        Ok(Some(place.offset))
    }

    /// How many samples of so many bytes from `at` on are read in one go; 0 when not one is in the file.
    fn count_at(&mut self, at: u64, size: u64) -> Result<u64> {
        let room = self.input.len().saturating_sub(at);
        if self.together == 1 || size == 0 {
            return Ok(u64::from(size <= room && at <= self.input.len()));
        }
        let Self { tables, windows, place, .. } = self;
        let chunk = tables.run(&mut windows.runs, place.run)?.1 - place.in_chunk;
        Ok(chunk.min(tables.samples - place.sample).min(self.together).min(room / size))
    }

    /// Goes on by samples of so many bytes and gives the ticks at which they begin and that they last.
    fn pass(&mut self, count: u64, size: u64) -> Result<(u64, u64)> {
        let Self { tables, windows, place, .. } = self;
        let start = place.ticks;
        let mut left = count;
        while left > 0 && place.time < tables.times.count {
            let [samples, each] = tables.times.entry(&mut windows.times, place.time)?;
            let of_entry = left.min(samples.saturating_sub(place.in_time));
            place.ticks = place.ticks.saturating_add(of_entry.saturating_mul(each));
            place.in_time += of_entry;
            left -= of_entry;
            if left > 0 {
                (place.time, place.in_time) = (place.time + 1, 0);
            }
        }
        place.sample += count;
        place.in_chunk += count;
        place.offset = place.offset.saturating_add(count.saturating_mul(size));
        Ok((start, place.ticks - start))
    }

    /// Where the next samples that come together lie, how long each is, and how many they are. `None` when they are not in the file.
    fn samples_here(&mut self) -> Result<Option<(u64, u64, u64)>> {
        let Some(at) = self.find_next()? else { return Ok(None) };
        let size = self.tables.size_of(&mut self.windows.sizes, self.place.sample)?;
        let count = self.count_at(at, size)?;
        Ok((count > 0).then_some((at, size, count)))
    }

    /// The sample to go to for this one: itself, or the one before it where the file ends.
    fn reachable(&mut self, sample: u64, cancel: &CancelFlag) -> Result<u64> {
        let shared = Arc::clone(&self.known);
        let mut known = shared.lock().unwrap_or_else(PoisonError::into_inner);
        self.place = known.place;
        let mut steps = 0u32;
        while self.place.sample <= sample && !known.ended {
            steps += 1;
            if steps.is_multiple_of(4096) {
                cancel.check()?;
            }
            match self.samples_here()? {
                Some((_, size, count)) if self.place.sample < self.tables.samples => {
                    self.pass(count, size)?;
                }
                _ => known.ended = true,
            }
            known.place = self.place;
        }
        Ok(sample.min(known.place.sample))
    }

    fn read(&mut self, at: u64, size: u64) -> Result<Box<[u8]>> {
        if size as usize <= BLOCK {
            return Ok(self.windows.data.bytes(at, size as usize)?.into());
        }
        let mut data = vec![0; size as usize];
        let count = self.input.read_at(at, &mut data)?;
        data.truncate(count);
        Ok(data.into())
    }
}

impl CountingReader for Mp4Reader {
    fn count_next(&mut self, before: &Place) -> Result<std::result::Result<Counted, End>> {
        if self.place.sample >= self.tables.samples {
            return Ok(Err(End::OfFile));
        }
        let Some((at, size, count)) = self.samples_here()? else { return Ok(Err(End::OfFile)) };
        let Some(counts) = &mut self.counts else { return Ok(Err(End::OfKnowledge)) };
        let head = self.windows.data.bytes(at, LENGTH_BYTES.min(size as usize))?;
        let Some(frames) = counts.lengths.next(head, (size * count) as usize) else {
            return Ok(Err(End::OfKnowledge));
        };
        let lengths = counts.lengths.clone();
        self.pass(count, size)?;
        let after = Place { at: self.place.sample, raw: before.raw.saturating_add(frames), lengths };
        Ok(Ok(Counted { after, lands_at: Some(before.raw) }))
    }
}

impl PacketReader for Mp4Reader {
    fn next(&mut self) -> Result<Option<Event>> {
        if self.place.sample >= self.tables.samples || self.truncated {
            return Ok(None);
        }
        let Some((at, size, count)) = self.samples_here()? else {
            self.truncated = true;
            return Ok(None);
        };
        let (start, ticks) = self.pass(count, size)?;
        // One beyond reason keeps its time and fails.
        let data = if size > MAX_PACKET { Box::default() } else { self.read(at, count * size)? };
        let told = self.counts.as_mut().and_then(|counts| counts.lengths.next(&data, data.len()));
        let frames = told.or_else(|| self.trust.durations.then_some(ticks));
        let packet = Packet { data, frames, byte_offset: Some(at) };
        let start = i64::try_from(start).ok().filter(|_| self.trust.positions);
        let counted = told.is_some();
        Ok(Some(Event::Group(Group { packets: vec![packet], start, counted, ..Group::default() })))
    }

    fn rewind(&mut self) -> Result<()> {
        (self.place, self.truncated) = (Cursor::default(), false);
        Ok(())
    }

    fn seek(&mut self, raw: u64, cancel: &CancelFlag) -> Result<Option<u64>> {
        if let Some(counts) = &self.counts {
            let found = find_place(&counts.places, |place| self.counting_from(place), raw, cancel)?;
            return match found {
                Some((place, at)) => Ok(self.go_to(place.at)?.then_some(at)),
                None => Ok(None),
            };
        }
        if !self.trust.seeks || self.each == 0 {
            return Ok(None);
        }
        let sample = (raw / self.each).min(self.tables.samples - 1);
        let sample = self.reachable(sample, cancel)?;
        Ok(self.go_to(sample)?.then_some(sample * self.each))
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        let worth = self.trust.seeks || self.trust.skips || self.counts.is_some();
        Ok(if worth { Some(Box::new(self.another())) } else { None })
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}

#[cfg(test)]
mod tests;
