use audiodecode_pipeline::{Error, Input, OpenOptions, PcmSource, Result};

use crate::form;
use crate::majors::load;
use crate::source::FfmpegSource;

/// Opens a file with the FFmpeg that is installed. Reads as much as tells what it is, and decodes its first packets.
///
/// Fails with `Unavailable` without a usable FFmpeg, `Unsupported` for what it does not recognise or what names other files,
/// `Corrupt` for a file that breaks its own format, `InvalidArgument` for a track that is not there, `LimitExceeded`, `Cancelled`.
pub fn open(input: &Input, options: &OpenOptions) -> Result<Box<dyn PcmSource>> {
    let found = load()?;
    if form::magic(input) == Some(*b"RIFX") {
        // It takes such samples for little-endian ones: noise.
        return Err(Error::unsupported("FFmpeg does not read big-endian WAV (RIFX) right"));
    }
    Ok(Box::new(FfmpegSource::open(found.open, input, options)?))
}
