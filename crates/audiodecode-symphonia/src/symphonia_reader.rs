use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use audiodecode_pipeline::{CancelFlag, Input, InputReader, Result};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::units::Timestamp;

use crate::packet::{Event, Group, Packet, PacketReader};

/// An [`Input`] as Symphonia wants it.
struct Source {
    reader: InputReader,
    len: u64,
    seekable: bool,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

impl MediaSource for Source {
    fn is_seekable(&self) -> bool {
        self.seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.seekable.then_some(self.len)
    }
}

/// Lets Symphonia look for a container it knows.
pub(crate) fn probe(input: &Input) -> std::result::Result<Box<dyn FormatReader>, SymphoniaError> {
    probe_as(input, true)
}

/// The same from front to back, for files whose end is missing: what it points to is then not looked for.
pub(crate) fn probe_forward(input: &Input) -> std::result::Result<Box<dyn FormatReader>, SymphoniaError> {
    probe_as(input, false)
}

fn probe_as(input: &Input, seekable: bool) -> std::result::Result<Box<dyn FormatReader>, SymphoniaError> {
    let source = Source { reader: input.reader(), len: input.len(), seekable };
    let stream = MediaSourceStream::new(Box::new(source), Default::default());
    let found = caught(|| {
        symphonia::default::get_probe().probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            Default::default(),
        )
    });
    found.unwrap_or(Err(SymphoniaError::DecodeError("a size or position in it makes no sense")))
}

/// What it gives, or `None` when it panics: Symphonia's demuxers compute with what a broken file says. That costs the rest of
/// the file, not the process. What panicked must not be asked again.
fn caught<T>(demux: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(demux)).ok()
}

/// Broken packets in a row after which the rest is given up.
const MAX_ERRORS: usize = 64;

/// How far a container of Symphonia's can be trusted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trust {
    /// Timestamps are frame numbers and say where a packet belongs.
    pub(crate) positions: bool,
    /// Durations are counted in frames.
    pub(crate) durations: bool,
    /// Seeking by timestamp finds the packet that holds it.
    pub(crate) seeks: bool,
    /// Only a reader that has given no packet yet finds it.
    pub(crate) seeks_from_start: bool,
    /// Packets are all of one length, so that those before a place can be skipped without a look at their insides.
    pub(crate) skips: bool,
    /// After an error it reads on at a place where something begins. Otherwise it would take anything for a header.
    pub(crate) resyncs: bool,
}

/// The packets of one track of a container that Symphonia reads.
pub(crate) struct SymphoniaReader {
    input: Input,
    format: Box<dyn FormatReader>,
    track: u32,
    trust: Trust,
    used: bool,
    /// Symphonia's readers do not all find back from the end.
    at_end: bool,
    truncated: bool,
}

impl SymphoniaReader {
    pub(crate) fn new(input: Input, format: Box<dyn FormatReader>, track: u32, trust: Trust) -> Self {
        Self { input, format, track, trust, used: false, at_end: false, truncated: false }
    }

    fn read_next(&mut self) -> Result<Option<Event>> {
        self.used = true;
        let mut gap = false;
        for _ in 0..MAX_ERRORS {
            let Some(next) = caught(|| self.format.next_packet()) else {
                self.truncated = true;
                return Ok(None);
            };
            match next {
                Ok(Some(packet)) if packet.track_id != self.track => {
                    return Ok(Some(Event::Group(Group::default())));
                }
                Ok(Some(packet)) => {
                    let frames = self.trust.durations.then(|| packet.dur.get());
                    let start = self.trust.positions.then(|| packet.pts.get());
                    let packets = vec![Packet { data: packet.data, frames, byte_offset: None }];
                    return Ok(Some(Event::Group(Group { packets, start, gap, ..Group::default() })));
                }
                Ok(None) => return Ok(None),
                Err(SymphoniaError::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    self.truncated = true;
                    return Ok(None);
                }
                Err(SymphoniaError::IoError(error)) if error.raw_os_error().is_some() => {
                    return Err(error.into());
                }
                Err(SymphoniaError::ResetRequired) => return Ok(None),
                // A last box without a size ends like this, after its last packet.
                Err(SymphoniaError::DecodeError("sync lost")) if !self.trust.resyncs => return Ok(None),
                Err(_) if !self.trust.resyncs => {
                    self.truncated = true;
                    return Ok(None);
                }
                Err(_) => gap = true,
            }
        }
        self.truncated = true;
        Ok(None)
    }
}

impl PacketReader for SymphoniaReader {
    fn next(&mut self) -> Result<Option<Event>> {
        if self.at_end {
            return Ok(None);
        }
        let event = self.read_next()?;
        self.at_end = event.is_none();
        Ok(event)
    }

    fn rewind(&mut self) -> Result<()> {
        if self.used {
            self.format = probe(&self.input).map_err(|error| crate::open::explain(&error, &self.input))?;
            (self.used, self.at_end, self.truncated) = (false, false, false);
        }
        Ok(())
    }

    fn seek(&mut self, raw: u64, _cancel: &CancelFlag) -> Result<Option<u64>> {
        if !self.trust.seeks {
            return Ok(None);
        }
        let Ok(raw) = i64::try_from(raw) else { return Ok(None) };
        if self.at_end || self.trust.seeks_from_start {
            self.rewind()?;
        }
        self.used = true;
        let to = SeekTo::Timestamp { ts: Timestamp::new(raw), track_id: self.track };
        match caught(|| self.format.seek(SeekMode::Accurate, to)) {
            Some(Ok(seeked)) => Ok(u64::try_from(seeked.actual_ts.get()).ok()),
            Some(Err(_)) => Ok(None),
            None => {
                // Nobody reads on from here without starting over.
                (self.at_end, self.truncated) = (true, true);
                Ok(None)
            }
        }
    }

    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        if !self.trust.seeks && !self.trust.skips {
            return Ok(None);
        }
        let format = probe(&self.input).map_err(|error| crate::open::explain(&error, &self.input))?;
        Ok(Some(Box::new(Self::new(self.input.clone(), format, self.track, self.trust))))
    }

    fn truncated(&self) -> bool {
        self.truncated
    }
}
