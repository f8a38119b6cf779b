//! Opens and decodes as a caller would, within bounds that keep every input quick.

use audiodecode_pipeline::{
    Chain, DecodeReport, DecodeRequest, Error, ErrorKind, Input, Limits, OpenOptions, PcmSource, Result,
    decode,
};

/// Planar samples.
pub(crate) type Planes = Vec<Vec<f32>>;

/// A tenth of a minute of eight channels is more than any fixture holds; what claims more is refused.
pub(crate) const LIMITS: Limits = Limits {
    max_input_bytes: 1 << 30,
    max_output_bytes: 8 << 20,
    max_duration_seconds: 20.0,
    max_channels: 64,
};

pub(crate) fn open(input: &Input) -> Result<Box<dyn PcmSource>> {
    audiodecode_symphonia::open(input, &OpenOptions { limits: LIMITS, ..OpenOptions::default() })
}

pub(crate) fn request() -> DecodeRequest {
    DecodeRequest { limits: LIMITS, ..DecodeRequest::default() }
}

/// What a request gives: the samples, the report, and the source for the next request.
pub(crate) struct Answer {
    pub(crate) planes: Planes,
    pub(crate) report: DecodeReport,
    pub(crate) source: Box<dyn PcmSource>,
}

/// Runs a request to its end, into a buffer of the planned size when `buffered` and the length is known.
pub(crate) fn run(source: Box<dyn PcmSource>, request: DecodeRequest, buffered: bool) -> Result<Answer> {
    let mut chain = Chain::new(source, request)?;
    let plan = chain.plan();
    let samples = plan.frames.map(|frames| frames.saturating_mul(u64::from(plan.channels)));
    let mut out = vec![0.0; samples.filter(|_| buffered).unwrap_or(0) as usize];
    let given = (buffered && samples.is_some()).then_some(out.as_mut_slice());
    let decoded = decode(&mut chain, given)?;
    let planes = decoded.into_planes(&out, plan.frames.unwrap_or(0) as usize, plan.channels as usize);
    Ok(Answer { planes, report: chain.report(), source: chain.into_source() })
}

/// Reads up to `frames` frames from the source itself, in blocks of an odd size.
pub(crate) fn read(source: &mut dyn PcmSource, frames: usize) -> Result<Planes> {
    const BLOCK: usize = 1531;
    let channels = source.info().channels as usize;
    let mut planes = vec![Vec::new(); channels];
    let mut block = vec![vec![0.0; BLOCK]; channels];
    while planes[0].len() < frames {
        let wanted = BLOCK.min(frames - planes[0].len());
        let mut out: Vec<&mut [f32]> = block.iter_mut().map(|plane| &mut plane[..wanted]).collect();
        let count = source.read(&mut out)?;
        if count == 0 {
            break;
        }
        planes.iter_mut().zip(&block).for_each(|(plane, block)| plane.extend_from_slice(&block[..count]));
    }
    Ok(planes)
}

/// Whether this is an error that a file may cause.
pub(crate) fn is_of_the_file(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Unsupported | ErrorKind::LimitExceeded)
        && !error.message().is_empty()
        && !error.message().contains("panic")
}
