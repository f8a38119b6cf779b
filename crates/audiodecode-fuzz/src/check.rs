//! What has to hold for every input, however broken.

mod report;
mod samples;

use audiodecode_pipeline::{DecodeReport, Error, Input, OnDamage, Quality, SourceInfo};

use crate::layout::Layout;
use crate::probe::{Answer, LIMITS, Planes, is_of_the_file, open, read, request, run};
use crate::random::Random;
use report::{check_report, damage_within};
use samples::{all_finite, same, slice};

/// How an input ended, when it ended as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// `samples`, or the kind of the error.
    pub outcome: String,
    /// Bytes of the decoded signal.
    pub output_bytes: u64,
}

/// Opens and decodes an input in every way there is: whole, a range, backwards, in blocks, scanned, resampled, strictly.
/// `seed` chooses the places.
///
/// Fails with what does not hold: an error that is not of the file's kinds, samples that differ from one way to the
/// other, a report that contradicts the samples. Panics are left to the caller.
pub fn check(bytes: &[u8], seed: u64) -> Result<Checked, String> {
    let case = Case { bytes, input: Input::from_bytes(bytes), random: Random::new(seed ^ 0x5eed) };
    case.run()
}

struct Case<'a> {
    bytes: &'a [u8],
    input: Input,
    random: Random,
}

/// The whole signal as one decode gave it.
struct Whole {
    info: SourceInfo,
    planes: Planes,
    report: DecodeReport,
}

impl Whole {
    fn frames(&self) -> usize {
        self.planes[0].len()
    }
}

impl Case<'_> {
    fn run(mut self) -> Result<Checked, String> {
        let source = match open(&self.input) {
            Ok(source) => source,
            Err(error) => return refused("open", &error),
        };
        let info = source.info().clone();
        check_info(&info)?;
        let buffered = self.random.below(2) == 0;
        let Answer { planes, report, source } = match run(source, request(), buffered) {
            Ok(answer) => answer,
            Err(error) => {
                self.without_a_whole()?;
                return refused("decode", &error);
            }
        };
        let whole = Whole { info, planes, report };
        check_report(&whole.info, &whole.planes, &whole.report)?;
        if !whole.info.codec.contains("_f") && !all_finite(&whole.planes) {
            return Err("a sample is no finite number".to_owned());
        }
        let output_bytes = (whole.frames() * whole.planes.len() * 4) as u64;
        let checked = Checked { outcome: "samples".to_owned(), output_bytes };
        if Layout::of(self.bytes).out_of_order {
            // FLAC is sought by bisection, which supposes that numbers grow. No damage makes them shrink, only intent.
            self.without_a_whole()?;
            return Ok(checked);
        }
        // Backwards with the source that has been at the end, then a fresh one in the middle.
        let used = self.range("a range after the whole", Some(source), &whole)?;
        self.range("an earlier or later range", Some(used), &whole)?;
        self.range("a range of a fresh source", None, &whole)?;
        self.seeks(&whole)?;
        self.scan(&whole)?;
        self.strict(&whole)?;
        self.resampled(&whole, Quality::Best)?;
        self.resampled(&whole, Quality::Fast)?;
        Ok(checked)
    }

    fn open(&self) -> Result<Box<dyn audiodecode_pipeline::PcmSource>, String> {
        open(&self.input).map_err(|error| format!("a second open fails: {error}"))
    }

    /// Nothing to compare with, but nothing else may go wrong either.
    fn without_a_whole(&mut self) -> Result<(), String> {
        let (start, end) = self.places(40_000);
        let part = request_of(start, end);
        if let Err(error) = run(self.open()?, part, false) {
            refused("a range", &error)?;
        }
        let mut source = self.open()?;
        if let Err(error) = source.scan() {
            refused("scan", &error)?;
        }
        Ok(())
    }

    fn places(&mut self, frames: usize) -> (usize, usize) {
        let start = self.random.below(frames + 10);
        (start, start + self.random.small(6_000))
    }

    fn range(
        &mut self,
        what: &str,
        source: Option<Box<dyn audiodecode_pipeline::PcmSource>>,
        whole: &Whole,
    ) -> Result<Box<dyn audiodecode_pipeline::PcmSource>, String> {
        let (start, end) = self.places(whole.frames());
        let source = source.map_or_else(|| self.open(), Ok)?;
        let what = format!("{what}, {start}..{end} of {}", whole.frames());
        let answer = run(source, request_of(start, end), self.random.below(2) == 0)
            .map_err(|error| format!("{what}: {error}"))?;
        same(&what, &answer.planes, &slice(&whole.planes, start, end))?;
        let (got, expected) =
            (damage_within(&answer.report, 0, end - start), damage_within(&whole.report, start, end));
        if got != expected {
            return Err(format!("{what}: damage at {got:?}, in the whole at {expected:?}"));
        }
        Ok(answer.source)
    }

    fn seeks(&mut self, whole: &Whole) -> Result<(), String> {
        let mut source = self.open()?;
        for _ in 0..4 {
            let place = self.random.below(whole.frames() + 2_000);
            let what = format!("a read after a seek to {place} of {}", whole.frames());
            let failed = |error: Error| format!("{what}: {error}");
            source.seek(place as u64).map_err(failed)?;
            let part = read(&mut *source, 3_000).map_err(failed)?;
            same(&what, &part, &slice(&whole.planes, place, place + 3_000))?;
        }
        Ok(())
    }

    fn scan(&mut self, whole: &Whole) -> Result<(), String> {
        let mut source = self.open()?;
        source.scan().map_err(|error| format!("scan: {error}"))?;
        let info = source.info();
        // What the structure promises is exact for a file that keeps its promise; the report says when it does not.
        let kept = info.frames == Some(whole.frames() as u64) || whole.report.truncated;
        if !info.frames_exact || !kept {
            return Err(format!("a scan says {:?} frames, {} are decoded", info.frames, whole.frames()));
        }
        let again =
            read(&mut *source, usize::MAX).map_err(|error| format!("a read after the scan: {error}"))?;
        same("a read after the scan", &again, &whole.planes)
    }

    fn strict(&mut self, whole: &Whole) -> Result<(), String> {
        let strict = audiodecode_pipeline::DecodeRequest { on_damage: OnDamage::Error, ..request() };
        match (run(self.open()?, strict, false), whole.report.damaged.is_empty()) {
            (Ok(_), true) => Ok(()),
            (Err(error), false) => refused("a strict decode", &error).map(drop),
            (Ok(_), false) => Err(format!("a strict decode overlooks {:?}", whole.report.damaged)),
            (Err(error), true) => Err(format!("a strict decode of what has no damage: {error}")),
        }
    }

    fn resampled(&mut self, whole: &Whole, quality: Quality) -> Result<(), String> {
        const RATE: u32 = 16_000;
        let to = |request| audiodecode_pipeline::DecodeRequest {
            sample_rate: Some(RATE),
            mono: true,
            quality,
            ..request
        };
        // Rates without a common divisor are converted in blocks of seconds; what those cost is the resampler's to test.
        let rate = whole.info.sample_rate;
        let divisor = (1..=rate.min(RATE))
            .rev()
            .find(|by| rate.is_multiple_of(*by) && RATE.is_multiple_of(*by))
            .unwrap_or(1);
        if rate / divisor > 1_000 {
            return Ok(());
        }
        let all = match run(self.open()?, to(request()), false) {
            Ok(all) => all,
            // Some short signals become too long.
            Err(error) => {
                let usual = (8_000..=192_000).contains(&rate);
                return if usual { Err(format!("resampling from {rate} Hz fails: {error}")) } else { Ok(()) };
            }
        };
        let ceil = |frame: usize| {
            (frame as u64 * u64::from(RATE)).div_ceil(u64::from(whole.info.sample_rate)) as usize
        };
        let expected = ceil(whole.frames());
        if all.planes[0].len() != expected {
            return Err(format!("{} frames at 16 kHz instead of {expected}", all.planes[0].len()));
        }
        if !all_finite(&all.planes) {
            return Err("a resampled sample is no finite number".to_owned());
        }
        let (start, end) = self.places(whole.frames());
        let what = format!("a resampled range, {start}..{end} of {}", whole.frames());
        let part = run(self.open()?, to(request_of(start, end)), true)
            .map_err(|error| format!("{what}: {error}"))?;
        same(&what, &part.planes, &slice(&all.planes, ceil(start), ceil(end)))
    }
}

fn request_of(start: usize, end: usize) -> audiodecode_pipeline::DecodeRequest {
    audiodecode_pipeline::DecodeRequest {
        start_frame: start as u64,
        end_frame: Some(end as u64),
        ..request()
    }
}

fn refused(what: &str, error: &Error) -> Result<Checked, String> {
    if is_of_the_file(error) {
        return Ok(Checked { outcome: format!("{:?}", error.kind()), output_bytes: 0 });
    }
    Err(format!("{what} fails with {:?}, which is not of the file: {error}", error.kind()))
}

fn check_info(info: &SourceInfo) -> Result<(), String> {
    let sound = info.sample_rate > 0
        && (1..=LIMITS.max_channels).contains(&info.channels)
        && info.tracks > 0
        && !info.codec.is_empty()
        && !info.container.is_empty();
    if sound { Ok(()) } else { Err(format!("the information is not sound: {info:?}")) }
}
