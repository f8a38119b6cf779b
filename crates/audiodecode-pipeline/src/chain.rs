use audiodecode_dsp::mix_to_mono;

use crate::decode_parallel::DecodedParts;
use crate::feed::Feed;
use crate::plan::{OutputRange, exceeded, plan};
use crate::resample_stage::ResampleStage;
use crate::{
    CancelFlag, Damage, DecodeReport, DecodeRequest, Error, ErrorKind, PcmSource, Plan, Quality, Result,
};

/// From a source to the samples a request asks for: range, mix, resample, limits, cancel, report.
///
/// Pull-based: [`read`](Self::read) decodes what fits into the caller's slices. Without mixing or resampling the source
/// writes into them directly. The concatenation of all reads does not depend on their sizes, and a range gives the slice
/// `[ceil(start · r), ceil(end · r))` of the whole at the output rate, bit for bit.
pub struct Chain {
    feed: Feed,
    request: DecodeRequest,
    plan: Plan,
    range: OutputRange,
    stage: Stage,
    /// Output frames given so far.
    emitted: u64,
    started: bool,
    ended: bool,
}

enum Stage {
    /// The source's samples as they are.
    Direct,
    /// The mean of the channels; holds a block of every channel but the first.
    Mono(Vec<Vec<f32>>),
    Resample(Box<ResampleStage>),
}

/// Frames mixed at a time: small enough for the first-level cache's neighbour, large enough for a source's calls.
const MIX_FRAMES: usize = 8192;

impl Chain {
    /// Works out the plan and checks the request and its limits. Nothing is decoded, nothing of the output reserved.
    ///
    /// The source may be anywhere; it is told to seek at the first read. Fails with `InvalidArgument` for an inverted
    /// range, a rate of 0 or rates that cannot be converted, and with `LimitExceeded`.
    pub fn new(mut source: Box<dyn PcmSource>, request: DecodeRequest) -> Result<Self> {
        source.set_mono(request.mono);
        let (plan, range) = plan(source.info(), &request)?;
        let halving = request.quality == Quality::Fast && range.fits_into_half();
        let step = if source.set_halved(halving) { 2 } else { 1 };
        let channels = source.planes() as usize;
        // What was halved by the source is filtered all the same: the edge of its half is not sharp.
        let stage = if plan.sample_rate != range.input_rate {
            Stage::Resample(Box::new(ResampleStage::new(range, channels, request.mono, step)?))
        } else if request.mono && channels > 1 {
            Stage::Mono(vec![vec![0.0; MIX_FRAMES]; channels - 1])
        } else {
            Stage::Direct
        };
        let feed = Feed::new(source, &request, range, step);
        Ok(Self { feed, request, plan, range, stage, emitted: 0, started: false, ended: false })
    }

    /// What is going to come. A source that claimed too much or too little gives what it has all the same.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// Lets another flag than the request's stop the reads from now on.
    pub fn set_cancel(&mut self, cancel: CancelFlag) {
        self.feed.set_cancel(cancel.clone());
        self.request.cancel = cancel;
    }

    /// Fills `out`, which has `plan().channels` slices of equal length, and returns how many frames: fewer than fit only at
    /// the end, and 0 from then on.
    ///
    /// Checks the cancel flag at every call and between the source's parts. Fails with `Cancelled`, `Corrupt` for
    /// damage inside the range when the request says so and for a source without any decodable frame, `LimitExceeded`
    /// once more comes than the limits allow. What was written into `out` before an error is to be thrown away.
    pub fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        self.request.cancel.check()?;
        let room = out.first().map_or(0, |plane| plane.len());
        if out.len() != self.plan.channels as usize || out.iter().any(|plane| plane.len() != room) {
            let message = format!("the output must be {} planes of equal length", self.plan.channels);
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        if self.ended || room == 0 {
            return Ok(0);
        }
        let rest = (self.range.output_end - self.range.output_start) - self.emitted;
        // One frame too many is enough to know that the limit is exceeded.
        let frames =
            usize::try_from(rest).unwrap_or(usize::MAX).min(room).min(self.frames_left().saturating_add(1));
        let count = if frames == 0 { 0 } else { self.advance(out, frames)? };
        self.emitted += count as u64;
        if self.emitted > self.range.max_frames {
            let Plan { channels, sample_rate, .. } = self.plan;
            return Err(exceeded(&self.request.limits, channels, sample_rate, self.emitted));
        }
        if count < room {
            self.ended = true;
            self.require_audio()?;
        }
        Ok(count)
    }

    /// What happened so far; complete once `read` has returned fewer frames than asked.
    pub fn report(&self) -> DecodeReport {
        let info = self.feed.source.info();
        DecodeReport {
            expected_frames: info.expected_frames,
            decoded_frames: self.native_frames(),
            damaged: self.feed.damage.in_output(self.emitted, self.ended),
            truncated: self.feed.source.truncated(),
            gapless: info.gapless,
        }
    }

    /// Native frames of the range read so far; what the filter needs beyond the range does not count.
    fn native_frames(&self) -> u64 {
        self.feed.position.clamp(self.range.native_start, self.range.native_end) - self.range.native_start
    }

    /// Gives the source back, to read another range of it with another chain.
    pub fn into_source(self) -> Box<dyn PcmSource> {
        self.feed.source
    }

    /// Where the range ends in native frames, when its samples can be decoded in parts: nothing has been read, and the length
    /// is certain.
    pub(crate) fn splittable_end(&self) -> Option<u64> {
        let info = self.feed.source.info();
        let frames = info.frames.filter(|_| info.frames_exact && !self.started && !self.ended)?;
        Some(frames.min(self.range.native_end)).filter(|&end| end > self.range.native_start)
    }

    pub(crate) fn range(&self) -> OutputRange {
        self.range
    }

    pub(crate) fn request(&self) -> &DecodeRequest {
        &self.request
    }

    /// Native frame behind everything read.
    pub(crate) fn position(&self) -> u64 {
        self.feed.position
    }

    /// Damage met, in native frames.
    pub(crate) fn take_damage(&mut self) -> Vec<Damage> {
        self.feed.damage.take()
    }

    /// As many sources over the same file, or `None` when this one cannot be forked.
    pub(crate) fn fork_sources(&self, count: usize) -> Result<Option<Vec<Box<dyn PcmSource>>>> {
        (0..count).map(|_| self.feed.source.fork()).collect()
    }

    /// Whether the source has shown its end.
    pub(crate) fn source_ended(&self) -> bool {
        self.feed.ended
    }

    /// Takes over what was decoded in parts, as if this chain had read it all.
    pub(crate) fn absorb(&mut self, decoded: DecodedParts, frames: u64) -> Result<()> {
        for part in decoded.parts {
            self.feed.frames_read += part.native_end - part.native_start;
            (self.feed.position, self.feed.ended) = (part.position, part.ended);
            // What a source met before its part, to get ready, is not the caller's. What it met behind it stays: a source that
            // goes on with the next part does not tell it again.
            let own = part.damage.into_iter().filter_map(|damage| damage.starting_at(part.native_start));
            own.for_each(|damage| self.feed.damage.push(damage));
        }
        self.feed.source = decoded.source;
        self.emitted = frames;
        (self.started, self.ended) = (true, true);
        self.require_audio()
    }

    /// Frames that the limits still allow.
    pub(crate) fn frames_left(&self) -> usize {
        usize::try_from(self.range.max_frames.saturating_sub(self.emitted)).unwrap_or(usize::MAX)
    }

    fn advance(&mut self, out: &mut [&mut [f32]], frames: usize) -> Result<usize> {
        if !self.started {
            let first = match &self.stage {
                Stage::Resample(stage) => stage.first_native_frame(),
                _ => self.range.native_start,
            };
            self.feed.seek(first)?;
            self.started = true;
        }
        match &mut self.stage {
            Stage::Direct => self.feed.fill(out, 0, frames),
            Stage::Mono(others) => read_mono(&mut self.feed, others, out, frames),
            Stage::Resample(stage) => stage.read(&mut self.feed, out, frames),
        }
    }

    /// Tells a file without audio from an empty range of a good file.
    fn require_audio(&mut self) -> Result<()> {
        let Feed { source, frames_read, ended, position, damage, .. } = &mut self.feed;
        if *frames_read > 0 {
            let whole = self.range.native_start == 0 && *ended;
            return if whole && damage.covers(*position) { Err(no_audio()) } else { Ok(()) };
        }
        let info = source.info();
        let from_start = self.started && self.range.native_start == 0;
        if !from_start && info.frames_exact && info.frames.is_some_and(|frames| frames > 0) {
            return Ok(());
        }
        let mut frame = vec![0.0; source.planes() as usize];
        let mut planes: Vec<&mut [f32]> = frame.chunks_mut(1).collect();
        source.seek(0)?;
        let count = source.read(&mut planes)?;
        source.drain_damage();
        if count == 0 { Err(no_audio()) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain")
            .field("plan", &self.plan)
            .field("emitted", &self.emitted)
            .finish_non_exhaustive()
    }
}

fn no_audio() -> Error {
    Error::corrupt("no audio could be decoded")
}

/// Reads the first channel into the output and the others beside it, then mixes in place.
fn read_mono(
    feed: &mut Feed,
    others: &mut [Vec<f32>],
    out: &mut [&mut [f32]],
    frames: usize,
) -> Result<usize> {
    let mut done = 0;
    while done < frames {
        let part = (frames - done).min(MIX_FRAMES);
        let first = &mut out[0][done..done + part];
        let mut planes: Vec<&mut [f32]> = Vec::with_capacity(others.len() + 1);
        planes.push(first);
        planes.extend(others.iter_mut().map(|plane| &mut plane[..part]));
        let count = feed.fill(&mut planes, 0, part)?;
        mix_to_mono(&mut out[0][done..done + count], others);
        done += count;
        if count < part {
            break;
        }
    }
    Ok(done)
}
