use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::decode::{has_more, planned_frames, split_planes};
use crate::parts::{Part, Parts};
use crate::thread_budget::Borrowed;
use crate::{
    Chain, Damage, DecodeRequest, Decoded, PcmSource, Result, Split, ThreadBudget, decode, run_beside,
};

/// Frames decoded before a thread looks whether another one failed.
const STEP_FRAMES: usize = 1 << 16;

/// A part that came out as long as planned.
pub(crate) struct DecodedPart {
    pub(crate) native_start: u64,
    pub(crate) native_end: u64,
    pub(crate) damage: Vec<Damage>,
    /// Native frame behind everything read.
    pub(crate) position: u64,
    /// Whether the source has shown its end.
    pub(crate) ended: bool,
}

/// All parts in order, and the source that read the last one, which knows how the file ends.
pub(crate) struct DecodedParts {
    pub(crate) parts: Vec<DecodedPart>,
    pub(crate) source: Box<dyn PcmSource>,
}

/// [`decode`] on several threads, the caller's among them, with the same samples and the same report.
///
/// The range is cut into stretches that every thread decodes with a source of its own, straight into the caller's buffer.
/// That a stretch equals the slice of the whole, bit for bit, is what [`PcmSource::fork`] promises. One thread does it all
/// when no other is idle, when the source cannot be forked or its length is uncertain, and again from the start when a
/// stretch turns out shorter or longer than planned or fails: what a broken file gives does not depend on threads either.
pub fn decode_parallel(
    chain: &mut Chain,
    out: &mut [f32],
    split: Split,
    budget: &dyn ThreadBudget,
) -> Result<Decoded> {
    let frames = planned_frames(chain, out.len())?;
    if let Some(end) = chain.splittable_end().filter(|_| frames > 0) {
        let worth = (end - chain.range().native_start) / split.min_part_frames.max(1);
        let threads = split.threads.min(usize::try_from(worth).unwrap_or(usize::MAX));
        let helpers = Borrowed::up_to(threads.saturating_sub(1), budget);
        if !helpers.is_empty()
            && let Some(sources) = chain.fork_sources(helpers.len() + 1)?
        {
            let planes = split_planes(out, frames, chain.plan().channels as usize);
            let split = Split { threads: sources.len(), ..split };
            let work = Work {
                parts: Mutex::new(Parts::new(chain.range(), end, planes, split)),
                request: chain.request(),
                failed: AtomicBool::new(false),
            };
            let decoded = run(&work, sources, helpers);
            chain.request().cancel.check()?;
            if let Some(decoded) = decoded {
                chain.absorb(decoded, frames as u64)?;
                return Ok(Decoded::Filled { frames });
            }
        }
    }
    decode(chain, Some(out))
}

struct Work<'a> {
    parts: Mutex<Parts<'a>>,
    request: &'a DecodeRequest,
    /// One part failed, so that the others are for nothing.
    failed: AtomicBool,
}

/// Decodes all parts; `None` when one did not come out as planned.
fn run(
    work: &Work<'_>,
    sources: Vec<Box<dyn PcmSource>>,
    helpers: Vec<Borrowed<'_>>,
) -> Option<DecodedParts> {
    let mut sources = sources.into_iter();
    let own = sources.next()?;
    let shares = Mutex::new(Vec::new());
    let keep = |share| shares.lock().unwrap_or_else(PoisonError::into_inner).push(share);
    let help = |source, helper: Borrowed<'_>| keep(work_on(work, source, || helper.is_contended()));
    let helping = sources.zip(helpers).map(|(source, helper)| || help(source, helper));
    run_beside(helping, || keep(work_on(work, own, || false)));
    if work.failed.load(Ordering::Relaxed) {
        return None;
    }
    let (mut parts, mut source) = (Vec::new(), None);
    for share in shares.into_inner().unwrap_or_else(PoisonError::into_inner) {
        parts.extend(share.parts);
        source = source.or(share.source_at_end);
    }
    parts.sort_by_key(|part: &DecodedPart| part.native_start);
    Some(DecodedParts { parts, source: source? })
}

/// What one thread did.
#[derive(Default)]
struct Share {
    parts: Vec<DecodedPart>,
    source_at_end: Option<Box<dyn PcmSource>>,
}

/// Takes parts until there are none, another thread failed, or `give_up` says that the thread is wanted elsewhere.
fn work_on(work: &Work<'_>, mut source: Box<dyn PcmSource>, give_up: impl Fn() -> bool) -> Share {
    let mut share = Share::default();
    while !work.failed.load(Ordering::Relaxed) && (share.parts.is_empty() || !give_up()) {
        let Some(part) = work.parts.lock().unwrap_or_else(PoisonError::into_inner).take() else { break };
        let last = part.last;
        match decode_part(source, work, part) {
            Ok(Some((decoded, returned))) => {
                share.parts.push(decoded);
                if last {
                    share.source_at_end = Some(returned);
                    break;
                }
                source = returned;
            }
            Ok(None) | Err(_) => {
                work.failed.store(true, Ordering::Relaxed);
                break;
            }
        }
    }
    share
}

/// `None` when the part is shorter than planned, or the file longer.
fn decode_part(
    source: Box<dyn PcmSource>,
    work: &Work<'_>,
    part: Part<'_>,
) -> Result<Option<(DecodedPart, Box<dyn PcmSource>)>> {
    let Part { native_start, native_end, last, mut planes } = part;
    let end_frame = if last { work.request.end_frame } else { Some(native_end) };
    let request = DecodeRequest { start_frame: native_start, end_frame, ..work.request.clone() };
    let mut chain = Chain::new(source, request)?;
    let frames = planes.first().map_or(0, |plane| plane.len());
    for start in (0..frames).step_by(STEP_FRAMES) {
        let step = start..frames.min(start + STEP_FRAMES);
        let mut out: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[step.clone()]).collect();
        // Once one part has failed the others are for nothing.
        if work.failed.load(Ordering::Relaxed) || chain.read(&mut out)? < step.len() {
            return Ok(None);
        }
    }
    if last && has_more(&mut chain)? {
        return Ok(None);
    }
    let decoded = DecodedPart {
        native_start,
        native_end,
        damage: chain.take_damage(),
        position: chain.position(),
        ended: chain.source_ended(),
    };
    Ok(Some((decoded, chain.into_source())))
}
