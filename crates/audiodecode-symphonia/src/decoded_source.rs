#[cfg(test)]
mod count_tests;
mod history;
mod place;
mod rest;
mod seek;
#[cfg(test)]
mod tests;

use audiodecode_pipeline::{CancelFlag, Damage, Error, PcmSource, Result, SourceInfo};

use self::rest::Rest;
use crate::packet::{DecoderFactory, Event, PacketDecoder, PacketReader, Restart, Trim};

/// Groups decoded per `read`, so that the caller can look at its cancel flag.
const GROUPS_PER_READ: usize = 64;
/// Silence for one packet that cannot be decoded never exceeds this, whatever the container claims.
const MAX_PACKET_FRAMES: u64 = 1 << 18;

/// A [`PcmSource`] from a reader of packets and a decoder: puts what is decoded on the line of frames, cuts encoder
/// padding, and puts silence where something is missing.
pub(crate) struct DecodedSource {
    info: SourceInfo,
    reader: Box<dyn PacketReader>,
    make_decoder: DecoderFactory,
    decoder: Box<dyn PacketDecoder>,
    trim: Trim,
    cancel: CancelFlag,
    /// No position in the file can lie beyond this; larger jumps are damage, not silence.
    max_frames: u64,
    /// How much shorter than promised the signal may be before the file counts as truncated.
    tolerance: u64,

    /// Decoded and not yet given: silence first, then what lies in `planes` from `taken` on, or in the decoder when that holds it.
    silence: u64,
    planes: Vec<Vec<f32>>,
    /// Frames of the decoder's own buffer that count as decoded; the planes are empty then.
    held: Option<usize>,
    taken: usize,
    /// Frame of the signal that is given next.
    position: u64,
    /// Packets of the current group that are decoded one by one, so that their samples need not be collected.
    rest: Rest,
    /// Raw position the next group is expected at; `None` at the start of a stream.
    next_raw: Option<i64>,
    /// Raw position of the stream's first frame, where the stream's own clock began.
    origin: Option<i64>,
    /// Frame of the signal at which the current stream of a chain begins, and encoder delay of that stream.
    base: u64,
    delay: u64,
    ended: bool,
    stopped_early: bool,
    damage: Vec<Damage>,
    /// Damage told already that lies in frames not yet given: who comes next and begins there has to hear of it, too.
    told_ahead: Vec<Damage>,
    last_packet_frames: u64,
    /// In a chain, only the beginning is a safe place to start from.
    chained: bool,
    /// Decodes a part of the file beside others: what it cannot reach quickly it refuses.
    forked: bool,
    /// Makes decoders for the current stream of a chain, when it is not the first one.
    link_decoder: Option<DecoderFactory>,
    /// The decoder has not seen everything from the beginning.
    landed: bool,
    /// It has seen nothing since a jump.
    fresh: bool,
    /// A jump did not come out as decoding on would, so that those to come begin at the start.
    history_matters: bool,
}

/// Where a stream ends, in raw positions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ExpectedEnd {
    /// As it says itself.
    pub(crate) stated: Option<i64>,
    /// As decoding will find it.
    pub(crate) reached: Option<i64>,
    /// Less than is stated means that something is missing.
    pub(crate) promised: bool,
    /// Frames that are decoded beyond it and dropped.
    pub(crate) padding: u64,
}

/// What opening found out.
pub(crate) struct Parts {
    pub(crate) info: SourceInfo,
    pub(crate) reader: Box<dyn PacketReader>,
    pub(crate) make_decoder: DecoderFactory,
    pub(crate) trim: Trim,
    pub(crate) cancel: CancelFlag,
    pub(crate) max_seconds: f64,
    pub(crate) tolerance: u64,
}

impl DecodedSource {
    pub(crate) fn new(parts: Parts) -> Result<Self> {
        let Parts { info, reader, make_decoder, trim, cancel, max_seconds, tolerance } = parts;
        let decoder = make_decoder()?;
        let longest = (max_seconds * f64::from(info.sample_rate)).clamp(0.0, 1e15) as u64;
        let max_frames = info.expected_frames.unwrap_or(longest).min(longest).saturating_add(trim.start);
        let planes = vec![Vec::new(); info.channels as usize];
        Ok(Self {
            info,
            reader,
            make_decoder,
            decoder,
            trim,
            cancel,
            max_frames,
            tolerance,
            silence: 0,
            planes,
            held: None,
            taken: 0,
            position: 0,
            rest: Rest::default(),
            next_raw: None,
            origin: None,
            base: 0,
            delay: trim.start,
            ended: false,
            stopped_early: false,
            damage: Vec::new(),
            told_ahead: Vec::new(),
            last_packet_frames: 0,
            chained: false,
            forked: false,
            link_decoder: None,
            landed: false,
            fresh: false,
            history_matters: false,
        })
    }

    /// Decodes the first group, so that the signal's length follows from where the stream ends.
    pub(crate) fn expect_end(&mut self, end: ExpectedEnd) -> Result<()> {
        self.fill()?;
        if let (Some(stated), Some(origin)) = (end.stated, self.origin) {
            let zero = origin.saturating_add(self.trim.start as i64);
            let frames = |raw_end: i64| raw_end.saturating_sub(zero).max(0) as u64;
            let length = frames(end.reached.unwrap_or(stated));
            if length < self.decoded_end() {
                // It ends before its first group does: that is no end.
                return Ok(());
            }
            if length <= self.max_frames.max(1) {
                self.info.frames = Some(length);
                self.info.frames_exact = end.promised && end.reached.is_some();
            }
            self.info.expected_frames = end.promised.then(|| frames(stated));
            self.info.gapless.end_frames = end.padding;
        }
        Ok(())
    }

    fn pending(&self) -> u64 {
        self.silence + (self.decoded_frames() - self.taken) as u64
    }

    fn decoded_frames(&self) -> usize {
        self.held.unwrap_or_else(|| self.planes.first().map_or(0, Vec::len))
    }

    /// Frame of the signal behind everything decoded so far.
    fn decoded_end(&self) -> u64 {
        self.position + self.pending()
    }

    fn clear_pending(&mut self) {
        self.silence = 0;
        self.taken = 0;
        self.held = None;
        self.planes.iter_mut().for_each(Vec::clear);
    }

    /// Decodes the next group into the empty buffer. False at the end.
    fn fill(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.trim.keep.is_some_and(|keep| self.position >= keep) {
            // What follows is padding.
            self.finish();
            return Ok(false);
        }
        let event = match self.rest.take_next() {
            Some(group) => Some(Event::Group(group)),
            None => self.reader.next()?,
        };
        match event {
            None => {
                self.finish();
                Ok(false)
            }
            Some(Event::Group(group)) => {
                self.clear_pending();
                let group = if self.next_raw.is_some() { self.rest.split(group) } else { group };
                if self.landed {
                    return if self.place_landed(group) { Ok(true) } else { self.catch_up() };
                }
                self.place(group);
                Ok(true)
            }
            Some(Event::Restart(restart)) => self.restart(restart),
        }
    }

    fn finish(&mut self) {
        self.ended = true;
        self.info.frames = Some(self.position);
        self.info.frames_exact = true;
    }

    fn restart(&mut self, restart: Restart) -> Result<bool> {
        self.chained = true;
        if restart.channels != self.info.channels || restart.sample_rate != self.info.sample_rate {
            let reason = format!(
                "the next stream of the chain has {} channels at {} Hz; decoding stops here",
                restart.channels, restart.sample_rate
            );
            let at = self.position;
            self.damage.push(Damage { start_frame: at, end_frame: at, byte_offset: None, reason });
            self.stopped_early = true;
            self.finish();
            return Ok(false);
        }
        self.clear_pending();
        self.rest = Rest::default();
        self.decoder = (restart.decoder)()?;
        self.link_decoder = Some(restart.decoder);
        self.base = self.position;
        self.delay = restart.delay;
        self.origin = None;
        self.next_raw = None;
        Ok(true)
    }
}

impl PcmSource for DecodedSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        let room = out.iter().map(|plane| plane.len()).min().unwrap_or(0);
        let mut done = 0;
        let mut groups = 0;
        while done < room {
            if self.pending() == 0 {
                if groups >= GROUPS_PER_READ && done > 0 {
                    break;
                }
                // Every time: a page of Opus is a second of audio.
                self.cancel.check()?;
                groups += 1;
                if !self.fill()? {
                    break;
                }
                continue;
            }
            let silent = self.silence.min((room - done) as u64) as usize;
            if silent > 0 {
                out.iter_mut().for_each(|plane| plane[done..done + silent].fill(0.0));
                self.take(silent as u64);
                done += silent;
                continue;
            }
            let count = (self.pending() as usize).min(room - done);
            if self.held.is_some() {
                let mut part: Vec<&mut [f32]> =
                    out.iter_mut().map(|plane| &mut plane[done..done + count]).collect();
                self.decoder.copy_held(self.taken, &mut part);
            } else {
                for (plane, source) in out.iter_mut().zip(&self.planes) {
                    plane[done..done + count].copy_from_slice(&source[self.taken..self.taken + count]);
                }
            }
            self.take(count as u64);
            done += count;
        }
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        let within = frame >= self.position && frame < self.decoded_end();
        let told = std::mem::take(&mut self.told_ahead);
        if within {
            self.damage.splice(0..0, told);
        }
        if !within && !self.is_near(frame) {
            if self.info.frames_exact && self.info.frames.is_some_and(|frames| frame >= frames) {
                self.clear_pending();
                self.position = self.info.frames.unwrap_or(frame);
                self.ended = true;
                return Ok(());
            }
            if self.origin.is_none() {
                // Where the stream's clock begins is what a jump counts from.
                self.fill()?;
            }
            let reached = frame >= self.position && frame < self.decoded_end();
            if !reached && !self.jump(frame)? {
                if self.forked && frame > self.decoded_end() && !self.is_near(frame) {
                    return Err(Error::unsupported("this place can only be reached from the beginning"));
                }
                if frame < self.position || self.ended {
                    self.rewind()?;
                }
            }
        }
        self.discard_to(frame)?;
        // Damage before the requested range is not the caller's.
        self.damage.retain(|damage| damage.end_frame > frame);
        Ok(())
    }

    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        if self.chained || self.decoder.preroll_groups().is_none() {
            return Ok(None);
        }
        if self.history_matters && self.decoder.preroll_groups() != Some(0) {
            return Ok(None);
        }
        let Some(reader) = self.reader.fork()? else { return Ok(None) };
        let mut fork = Self::new(Parts {
            info: self.info.clone(),
            reader,
            make_decoder: self.make_decoder.clone(),
            trim: self.trim,
            cancel: self.cancel.clone(),
            max_seconds: f64::INFINITY,
            tolerance: self.tolerance,
        })?;
        (fork.max_frames, fork.forked) = (self.max_frames, true);
        Ok(Some(Box::new(fork)))
    }

    fn set_cancel(&mut self, cancel: CancelFlag) {
        self.cancel = cancel;
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        let damage = std::mem::take(&mut self.damage);
        self.told_ahead.retain(|told| told.end_frame > self.position);
        self.told_ahead.extend(damage.iter().filter(|told| told.end_frame > self.position).cloned());
        damage
    }

    fn truncated(&self) -> bool {
        let short = self.ended
            && self.info.expected_frames.is_some_and(|promised| {
                self.info.frames.unwrap_or(0).saturating_add(self.tolerance) < promised
            });
        self.reader.truncated() || self.stopped_early || short
    }

    fn scan(&mut self) -> Result<()> {
        if !self.info.frames_exact {
            self.rewind()?;
            self.discard_to(u64::MAX)?;
            self.damage.clear();
        }
        self.rewind()
    }
}
