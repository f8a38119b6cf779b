use audiodecode_pipeline::{CancelFlag, Damage, PcmSource, Result, SourceInfo};

use crate::packet::{DecoderFactory, Event, Group, PacketDecoder, PacketReader, Restart, Trim};

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

    /// Decoded and not yet given: silence first, then `planes[..][taken..]`.
    silence: u64,
    planes: Vec<Vec<f32>>,
    taken: usize,
    /// Frame of the signal that is given next.
    position: u64,
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
    last_packet_frames: u64,
    /// In a chain, only the beginning is a safe place to start from.
    chained: bool,
    /// Makes decoders for the current stream of a chain, when it is not the first one.
    link_decoder: Option<DecoderFactory>,
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
            taken: 0,
            position: 0,
            next_raw: None,
            origin: None,
            base: 0,
            delay: trim.start,
            ended: false,
            stopped_early: false,
            damage: Vec::new(),
            last_packet_frames: 0,
            chained: false,
            link_decoder: None,
        })
    }

    /// Decodes the first group, so that the signal's length follows from where the stream says it ends.
    pub(crate) fn expect_end(&mut self, raw_end: Option<i64>, exact: bool) -> Result<()> {
        self.fill()?;
        if let (Some(raw_end), Some(origin)) = (raw_end, self.origin) {
            let frames = raw_end.saturating_sub(origin).saturating_sub(self.trim.start as i64).max(0) as u64;
            let longest = self.max_frames.max(1);
            if frames <= longest {
                (self.info.frames, self.info.frames_exact) = (Some(frames), exact);
            }
            self.info.expected_frames = exact.then_some(frames);
        }
        Ok(())
    }

    fn pending(&self) -> u64 {
        self.silence + (self.planes.first().map_or(0, Vec::len) - self.taken) as u64
    }

    /// Frame of the signal behind everything decoded so far.
    fn decoded_end(&self) -> u64 {
        self.position + self.pending()
    }

    fn clear_pending(&mut self) {
        self.silence = 0;
        self.taken = 0;
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
        match self.reader.next()? {
            None => {
                self.finish();
                Ok(false)
            }
            Some(Event::Group(group)) => {
                self.clear_pending();
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
        self.decoder = (restart.decoder)()?;
        self.link_decoder = Some(restart.decoder);
        self.base = self.position;
        self.delay = restart.delay;
        self.origin = None;
        self.next_raw = None;
        Ok(true)
    }

    /// Decodes a group and puts it where it belongs, with silence before it if something is missing.
    fn place(&mut self, group: Group) {
        let mut broken: Vec<(u64, u64, Option<u64>, String)> = Vec::new();
        let mut frames: u64 = 0;
        if group.gap
            && let Ok(fresh) = self.link_decoder.as_ref().map_or_else(|| (self.make_decoder)(), |make| make())
        {
            // What was decoded before the gap must not bleed into what follows it.
            self.decoder = fresh;
        }
        for packet in &group.packets {
            match self.decoder.decode(packet, &mut self.planes) {
                Ok(count) => {
                    frames += count as u64;
                    if count > 0 {
                        self.last_packet_frames = count as u64;
                    }
                }
                Err(reason) => {
                    let lost = packet
                        .frames
                        .or_else(|| self.decoder.frames_of(&packet.data))
                        .unwrap_or(self.last_packet_frames)
                        .min(MAX_PACKET_FRAMES);
                    broken.push((frames, frames + lost, packet.byte_offset, reason));
                    frames += lost;
                    for plane in &mut self.planes {
                        plane.resize(frames as usize, 0.0);
                    }
                }
            }
        }
        if !broken.is_empty()
            && !group.last
            && let (Some(end), Some(next)) = (group.end, self.next_raw.filter(|_| !group.gap))
            && let Ok(length) = u64::try_from(end.saturating_sub(next))
            && length <= frames + MAX_PACKET_FRAMES
        {
            // The page knows better than a guess how much was lost.
            frames = length;
            self.planes.iter_mut().for_each(|plane| plane.resize(length as usize, 0.0));
        }
        let count = frames as i64;
        let stated = match (group.start, group.end) {
            (Some(start), _) => Some(start),
            (None, Some(end)) if self.next_raw.is_none() || group.gap => {
                let start = end.saturating_sub(count);
                // In a stream of one page the surplus is padding at its end, otherwise delay before its beginning.
                Some(if group.last && self.origin.is_none() { start.max(0) } else { start })
            }
            _ => None,
        };
        if self.origin.is_none() {
            // A clock that starts late (a cut from a longer stream) does not mean that something is missing.
            let late = if group.start.is_none() && !group.gap { stated.unwrap_or(0).max(0) } else { 0 };
            self.origin = Some(late);
            if group.start.is_some() || group.gap {
                // What should lie before is lost.
                self.next_raw = Some(0);
            }
        }
        let expected = self.next_raw;
        let mut start = stated.or(expected).unwrap_or(0);
        let mut drop_head: u64 = 0;
        if let Some(expected) = expected {
            if start > expected && self.plausible(start.saturating_add(count)) {
                let missing = (start - expected) as u64;
                broken.push((
                    0,
                    0,
                    group.packets.first().and_then(|p| p.byte_offset),
                    "data is missing".into(),
                ));
                self.silence = missing;
            } else if start > expected {
                broken.push((0, frames, None, "the position stated here is implausible".into()));
                start = expected;
            } else if start < expected {
                drop_head = ((expected - start) as u64).min(frames);
            }
        }
        // Padding at the end.
        let mut end = start + count;
        if group.last
            && let Some(stated_end) = group.end
        {
            end = end.min(stated_end.max(start));
        }
        end = (end - group.discard_end.min(i64::MAX as u64) as i64).max(start);
        self.next_raw = Some(end.max(expected.unwrap_or(end)));
        self.commit(start, end, drop_head, broken);
    }

    fn plausible(&self, raw_end: i64) -> bool {
        let origin = self.origin.unwrap_or(0);
        u64::try_from(raw_end.saturating_sub(origin)).is_ok_and(|length| length <= self.max_frames)
    }

    /// Cuts what lies outside the signal and records damage. `start..end` are the raw positions of `planes`.
    fn commit(&mut self, start: i64, end: i64, drop_head: u64, broken: Vec<(u64, u64, Option<u64>, String)>) {
        let zero = self.origin.unwrap_or(0).saturating_add(self.delay as i64);
        let base = self.base as i64;
        let keep = self.trim.keep.map_or(i64::MAX, |keep| keep.min(i64::MAX as u64) as i64);
        // Positions in the signal; negative ones are encoder delay.
        let at = |raw: i64| (raw.saturating_sub(zero)).saturating_add(base);
        let floor = |frame: i64| frame.max(base).min(keep.max(base));
        let silence_start = at(start.saturating_sub(self.silence as i64));
        for (from, to, byte_offset, reason) in broken {
            let (from, to) = if from == to {
                (silence_start, at(start))
            } else {
                (at(start + from as i64), at((start + to as i64).min(end)))
            };
            let (from, to) = (floor(from) as u64, floor(to) as u64);
            if from < to {
                self.note(Damage { start_frame: from, end_frame: to, byte_offset, reason });
            }
        }
        self.silence = (floor(at(start)) - floor(silence_start)) as u64;
        let first = floor(at(start.saturating_add(drop_head as i64)));
        let last = floor(at(end)).max(first);
        self.taken = (first - at(start)).max(0) as usize;
        let length = self.taken + (last - first) as usize;
        for plane in &mut self.planes {
            plane.truncate(length);
        }
        self.taken = self.taken.min(self.planes.first().map_or(0, Vec::len));
    }

    /// Adjacent losses of one kind are one entry, so that a long broken stretch stays a short report.
    fn note(&mut self, damage: Damage) {
        if let Some(last) = self.damage.last_mut()
            && last.end_frame == damage.start_frame
            && last.reason == damage.reason
        {
            last.end_frame = damage.end_frame;
            return;
        }
        self.damage.push(damage);
    }

    /// Starts over with a decoder in its initial state.
    fn rewind(&mut self) -> Result<()> {
        self.reader.rewind()?;
        self.decoder = (self.make_decoder)()?;
        self.link_decoder = None;
        self.clear_pending();
        self.position = 0;
        self.next_raw = None;
        self.origin = None;
        self.base = 0;
        self.delay = self.trim.start;
        self.ended = false;
        self.stopped_early = false;
        Ok(())
    }

    /// Decodes and forgets up to a frame of the signal.
    fn discard_to(&mut self, frame: u64) -> Result<()> {
        while self.position < frame {
            let pending = self.pending();
            if pending == 0 {
                self.cancel.check()?;
                if !self.fill()? {
                    break;
                }
                continue;
            }
            self.take(pending.min(frame - self.position));
        }
        Ok(())
    }

    fn take(&mut self, frames: u64) {
        let silent = frames.min(self.silence);
        self.silence -= silent;
        self.taken += (frames - silent) as usize;
        self.position += frames;
    }

    /// Goes near a frame without decoding what lies before it. False if that is not possible.
    fn jump(&mut self, frame: u64) -> Result<bool> {
        let Some(preroll) = self.decoder.preroll_groups() else { return Ok(false) };
        if self.chained || frame == 0 {
            return Ok(false);
        }
        let Some(origin) = self.origin else { return Ok(false) };
        let target =
            origin.saturating_add(self.trim.start as i64).saturating_add(frame.min(i64::MAX as u64) as i64);
        if preroll == 0
            && let Some(raw) = self.reader.seek(target.max(0) as u64)?
        {
            let raw = raw.min(i64::MAX as u64) as i64;
            if raw <= target {
                self.land(raw, origin)?;
                return Ok(true);
            }
        }
        self.skip_groups(target, origin)
    }

    /// Makes `raw` the position of the next group.
    fn land(&mut self, raw: i64, origin: i64) -> Result<()> {
        self.decoder = (self.make_decoder)()?;
        self.clear_pending();
        self.ended = false;
        self.stopped_early = false;
        self.origin = Some(origin);
        self.next_raw = Some(raw);
        self.base = 0;
        self.delay = self.trim.start;
        let zero = origin.saturating_add(self.trim.start as i64);
        self.position = raw.saturating_sub(zero).max(0) as u64;
        Ok(())
    }

    /// Reads packets from the beginning without decoding them, up to those the target needs.
    fn skip_groups(&mut self, target: i64, origin: i64) -> Result<bool> {
        self.rewind()?;
        let mut held: Option<Group> = None;
        let mut at: i64 = 0;
        loop {
            self.cancel.check()?;
            let Some(Event::Group(group)) = self.reader.next()? else { return self.give_up_jump() };
            let count =
                group.packets.iter().try_fold(0u64, |sum, p| p.frames.and_then(|f| sum.checked_add(f)));
            let start = group.start.unwrap_or(at);
            let end = match (group.end, count) {
                (Some(end), _) => end,
                (None, Some(count)) => start.saturating_add(count.min(i64::MAX as u64) as i64),
                _ => return self.give_up_jump(),
            };
            if end <= target && !group.last {
                at = end;
                held = Some(group);
                continue;
            }
            let Some(mut held) = held else { return self.give_up_jump() };
            if held.end.is_none() {
                held.start = Some(held.start.unwrap_or_else(|| {
                    let count: u64 = held.packets.iter().filter_map(|p| p.frames).sum();
                    at.saturating_sub(count as i64)
                }));
            }
            self.land(0, origin)?;
            self.next_raw = if held.end.is_some() { None } else { held.start };
            self.place(held);
            let end = self.next_raw.unwrap_or(0);
            let zero = origin.saturating_add(self.trim.start as i64);
            self.position = (end.saturating_sub(zero).max(0) as u64).saturating_sub(self.pending());
            self.take(self.pending());
            self.clear_pending();
            self.place(group);
            return Ok(true);
        }
    }

    fn give_up_jump(&mut self) -> Result<bool> {
        self.rewind()?;
        Ok(false)
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
                if groups % GROUPS_PER_READ == 0 {
                    self.cancel.check()?;
                }
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
            for (plane, source) in out.iter_mut().zip(&self.planes) {
                plane[done..done + count].copy_from_slice(&source[self.taken..self.taken + count]);
            }
            self.take(count as u64);
            done += count;
        }
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        let within = frame >= self.position && frame < self.decoded_end();
        if !within {
            if self.info.frames_exact && self.info.frames.is_some_and(|frames| frame >= frames) {
                self.clear_pending();
                self.position = self.info.frames.unwrap_or(frame);
                self.ended = true;
                return Ok(());
            }
            if !self.jump(frame)? && (frame < self.position || self.ended) {
                self.rewind()?;
            }
        }
        self.discard_to(frame)?;
        // Damage before the requested range is not the caller's.
        self.damage.retain(|damage| damage.end_frame > frame);
        Ok(())
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damage)
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
