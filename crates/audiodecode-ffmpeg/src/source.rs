use std::ops::Range;

use audiodecode_pipeline::{
    CancelFlag, Damage, Error, Gapless, GaplessSource, Input, OpenOptions, PcmSource, Result, SourceInfo,
};

use crate::engine::{Engine, Event, Facts, OpenEngine, Shape};
use crate::holes::Holes;
use crate::lame_tag::{self, LameTag};
use crate::musepack::{self, MusepackSpan};
use crate::ogg_pages::{self, OggPages};
use crate::source_info::describe;
use crate::{form, mp4_table, names, trim};

/// Frames of FFmpeg's copied in one `read`, so that the chain can look at its cancel flag.
const PARTS_PER_READ: usize = 64;

/// A file decoded by FFmpeg. Ranges are exact because everything before them is decoded.
pub(crate) struct FfmpegSource {
    start: OpenEngine,
    input: Input,
    options: OpenOptions,
    engine: Box<dyn Engine>,
    info: SourceInfo,
    /// Silence that comes next, before what is left of the frame.
    silence: u64,
    /// Samples of the engine's frame: the next, and one past the last.
    frame: Range<usize>,
    /// The frame of the signal that comes next.
    position: u64,
    /// The frame that the next `read` begins with.
    target: u64,
    /// The signal's end where the decoder gives more.
    end: Option<u64>,
    /// Frames before the signal that are still to be dropped.
    lead: u64,
    /// What was removed beyond what FFmpeg removes.
    own_trim: Gapless,
    /// Where the container places the first frame.
    first_place: Option<i64>,
    holes: Holes,
    /// Length of an MP4's track by its table of packets, in ticks and ticks per second.
    table: Option<(u64, u32)>,
    /// What an MP3 says of itself, where FFmpeg goes by it.
    tag: Option<LameTag>,
    /// Where the signal of a Musepack file lies.
    musepack: Option<MusepackSpan>,
    /// What the pages of an Ogg file tell that FFmpeg does not.
    pages: Option<OggPages>,
    damage: Vec<Damage>,
    ended: bool,
    truncated: bool,
}

impl FfmpegSource {
    /// Opens and decodes up to the first frame, since only the decoder knows the true rate of HE-AAC.
    pub(crate) fn open(start: OpenEngine, input: &Input, options: &OpenOptions) -> Result<Self> {
        let mut source = Self {
            start,
            input: input.clone(),
            options: options.clone(),
            engine: start(input, options)?,
            info: SourceInfo::default(),
            silence: 0,
            frame: 0..0,
            position: 0,
            target: 0,
            end: None,
            lead: 0,
            own_trim: Gapless::default(),
            first_place: None,
            holes: Holes::default(),
            table: None,
            tag: None,
            musepack: None,
            pages: None,
            damage: Vec::new(),
            ended: false,
            truncated: false,
        };
        match names::container(&source.engine.facts().demuxer) {
            "ogg" => source.pages = Some(ogg_pages::walk(input, &options.cancel)?),
            "mp4" => source.table = mp4_table::table_length(input, source.engine.facts().id),
            "musepack" => source.musepack = musepack::read(input),
            "mp3" => source.tag = lame_tag::read(input),
            _ => {}
        }
        source.begin()?;
        let delayed = source.gapless().source == GaplessSource::Lame;
        source.tag.take_if(|_| !delayed);
        source.info =
            describe(source.engine.facts(), source.gapless(), source.lead, source.end, source.tag, input);
        let uncounted = source.info.container == "mp4" && source.table.is_none();
        source.info.expected_frames.take_if(|_| uncounted);
        if let Some(span) = source.musepack {
            source.info.expected_frames = Some(span.frames);
        }
        let (channels, most) = (source.info.channels, options.limits.max_channels);
        if channels > most {
            return Err(Error::limit(format!(
                "{channels} channels exceed the limit of {most} (maxChannels)"
            )));
        }
        if channels == 0 || source.info.sample_rate == 0 {
            return Err(Error::corrupt(format!(
                "no audio could be decoded from the {}",
                source.info.container
            )));
        }
        Ok(source)
    }

    /// Decodes the first frame and works out what FFmpeg leaves around the signal.
    fn begin(&mut self) -> Result<()> {
        while self.frame.is_empty() && !self.ended {
            self.options.cancel.check()?;
            self.pull()?;
        }
        (self.end, self.own_trim) = (None, Gapless::default());
        let lead = trim::lead(self.engine.facts(), self.first_place);
        if lead > 0 {
            self.lead = lead;
            self.own_trim = Gapless { source: GaplessSource::EditList, start_frames: lead, end_frames: 0 };
        } else if let Some((end, source)) = trim::end(self.engine.facts(), self.engine.gapless()) {
            // A fragmented file has no table, and says nothing to go by of how long it is.
            self.end =
                self.table.map(|table| trim::sharpen(self.engine.facts(), end, table, self.engine.gapless()));
            self.own_trim.source = source;
        }
        if let Some(MusepackSpan { lead, frames }) = self.musepack {
            (self.lead, self.end) = (lead, Some(frames));
            self.own_trim = Gapless { source: GaplessSource::Musepack, start_frames: lead, end_frames: 0 };
        }
        if let Some(pages) = &self.pages {
            self.end = trim::ogg_end(self.engine.facts(), pages);
            let delay = self.engine.gapless().start_frames;
            self.damage.extend(pages.damaged.iter().map(|&(from, to, at)| Damage {
                start_frame: from.saturating_sub(delay),
                end_frame: to.saturating_sub(delay),
                byte_offset: Some(at),
                reason: "Ogg pages are broken or missing".into(),
            }));
        }
        Ok(())
    }

    /// Begins again at frame 0.
    fn restart(&mut self) -> Result<()> {
        self.engine = (self.start)(&self.input, &self.options)?;
        (self.silence, self.frame, self.position, self.target) = (0, 0..0, 0, 0);
        (self.lead, self.first_place, self.holes) = (0, None, Holes::default());
        (self.ended, self.truncated) = (false, false);
        self.damage.clear();
        self.begin()
    }

    /// Gets the next samples, or silence for those that are lost, or the end.
    fn pull(&mut self) -> Result<()> {
        match self.engine.next()? {
            Event::Frame(shape) => self.take(shape),
            Event::Lost { frames, byte_offset, reason } => self.conceal(frames, byte_offset, reason),
            Event::End { reason } => {
                if let Some(reason) = reason {
                    self.truncated = true;
                    self.conceal(0, None, reason);
                }
                self.ended = true;
            }
        }
        Ok(())
    }

    fn take(&mut self, shape: Shape) {
        let Facts { sample_rate, channels, .. } = *self.engine.facts();
        if (shape.sample_rate, shape.channels) != (sample_rate, channels) {
            let frames = shape.frames as u64 * u64::from(sample_rate) / u64::from(shape.sample_rate.max(1));
            let reason =
                format!("the audio changes to {} channels at {} Hz", shape.channels, shape.sample_rate);
            self.truncated = true;
            return self.conceal(frames, None, reason);
        }
        let facts = self.engine.facts();
        let place = shape.place.filter(|_| trim::is_placed(facts, self.pages.as_ref()));
        let hole = place.and_then(|place| self.holes.before(place, shape.frames, self.silence, sample_rate));
        if let Some(hole) = hole {
            self.conceal(hole, None, "the file lacks what belongs here".into());
        }
        self.first_place = self.first_place.or(shape.place);
        self.frame = 0..shape.frames;
    }

    fn conceal(&mut self, frames: u64, byte_offset: Option<u64>, reason: String) {
        let start_frame = self.position + self.silence;
        self.silence += frames;
        self.damage.push(Damage { start_frame, end_frame: start_frame + frames, byte_offset, reason });
    }

    /// Frames that are ready, cut where the signal ends.
    fn ready(&self) -> u64 {
        let ready = self.silence + self.frame.len() as u64;
        self.end.map_or(ready, |end| ready.min(end.saturating_sub(self.position)))
    }

    /// Takes up to `wanted` ready frames: into `out` from `done` on, or nowhere.
    fn advance(&mut self, wanted: u64, out: Option<(&mut [&mut [f32]], usize)>) -> usize {
        let silent = self.silence > 0;
        let kind = if silent { self.silence } else { self.frame.len() as u64 };
        let count = kind.min(wanted).min(self.ready()) as usize;
        if let Some((out, done)) = out {
            let mut slices: Vec<&mut [f32]> =
                out.iter_mut().map(|plane| &mut plane[done..done + count]).collect();
            if silent {
                slices.iter_mut().for_each(|plane| plane.fill(0.0));
            } else {
                self.engine.copy(self.frame.start, &mut slices);
            }
        }
        if silent {
            self.silence -= count as u64;
        } else {
            self.frame.start += count;
        }
        self.position += count as u64;
        count
    }

    /// Makes frames ready; false at the end.
    fn fill(&mut self) -> Result<bool> {
        loop {
            let dropped = self.lead.min(self.frame.len() as u64);
            self.frame.start += dropped as usize;
            self.lead -= dropped;
            if self.ready() > 0 {
                return Ok(true);
            }
            if !self.ended && self.end.is_some_and(|end| self.position >= end) {
                // What is left of the last packet; nobody looks at those after it.
                self.own_trim.end_frames = self.frame.len() as u64;
                (self.silence, self.frame, self.ended) = (0, 0..0, true);
            }
            if self.ended {
                self.finish();
                return Ok(false);
            }
            self.options.cancel.check()?;
            self.pull()?;
        }
    }

    /// What the end tells.
    fn finish(&mut self) {
        self.truncated |= form::is_cut(&self.input) || self.pages.as_ref().is_some_and(|pages| !pages.ended);
        let rate = self.engine.facts().sample_rate;
        let counted = self.tag.and_then(|tag| tag.samples(rate));
        self.truncated |= counted.is_some_and(|all| trim::is_short_mp3(all, self.position, self.gapless()));
        self.truncated |= self.info.expected_frames.is_some_and(|expected| self.position < expected);
        (self.info.frames, self.info.frames_exact) = (Some(self.position), true);
        self.info.gapless = self.gapless();
    }

    fn gapless(&self) -> Gapless {
        let (own, found) = (self.own_trim, self.engine.gapless());
        let start_frames = found.start_frames + own.start_frames;
        // In an Ogg file that is cut here FFmpeg cuts nothing, whatever it announces.
        let cut_here = own.end_frames > 0 && self.pages.is_some();
        let end_frames = own.end_frames + if cut_here { 0 } else { found.end_frames };
        let source = if own.source == GaplessSource::None { found.source } else { own.source };
        let nothing = start_frames == 0 && end_frames == 0;
        Gapless { source: if nothing { GaplessSource::None } else { source }, start_frames, end_frames }
    }
}

impl PcmSource for FfmpegSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        let room = out.first().map_or(0, |plane| plane.len());
        let (mut done, mut parts) = (0, 0);
        while done < room && (done == 0 || parts < PARTS_PER_READ) && self.fill()? {
            let before = self.target.saturating_sub(self.position);
            if before > 0 {
                self.advance(before, None);
                continue;
            }
            done += self.advance((room - done) as u64, Some((&mut *out, done)));
            parts += 1;
        }
        self.target = self.target.max(self.position);
        Ok(done)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        if frame < self.position {
            self.restart()?;
        }
        self.target = frame;
        Ok(())
    }

    fn set_cancel(&mut self, cancel: CancelFlag) {
        self.engine.set_cancel(cancel.clone());
        self.options.cancel = cancel;
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damage)
    }

    fn truncated(&self) -> bool {
        self.truncated
    }

    fn scan(&mut self) -> Result<()> {
        if !self.info.frames_exact {
            self.restart()?;
            while self.fill()? {
                self.advance(u64::MAX, None);
            }
        }
        self.restart()
    }
}
