//! PCM in WAV, AIFF and CAF: read in place, converted straight into the caller's planes, sought in no time.

mod aiff;
mod bytes;
mod caf;
mod convert;
mod g711;
mod pcm_file;
mod sample_format;
mod stream;
mod tags;
mod wav;
mod wav_format;
mod wave64;

use audiodecode_pipeline::{Error, ErrorKind, Input, OpenOptions, PcmSource, Result};

use pcm_file::PcmFile;
pub(crate) use wav::{WavChunks, WavData, read_wav_chunks};

/// Opens WAV (RIFF, RIFX, RF64, BW64, Wave64), AIFF, AIFC and CAF with integer, float, A-law or µ-law samples.
///
/// `None` when the file is something else or holds a codec that is not read here (ADPCM, ALAC, MP3 in WAV …).
pub(crate) fn open(input: &Input, options: &OpenOptions) -> Result<Option<Box<dyn PcmSource>>> {
    let mut magic = [0; 12];
    if input.read_at(0, &mut magic)? < magic.len() {
        return Ok(None);
    }
    let stream = match (&magic[..4], &magic[8..]) {
        (b"RIFF" | b"RIFX" | b"RF64" | b"BW64", b"WAVE") => wav::read_wav(input, options)?,
        (b"FORM", b"AIFF" | b"AIFC") => aiff::read_aiff(input, options)?,
        (b"caff", _) => caf::read_caf(input, options)?,
        (b"riff", _) if magic[4..] == wave64::RIFF_TAIL[..8] => wave64::read_wave64(input, options)?,
        _ => None,
    };
    let Some(stream) = stream else { return Ok(None) };
    if input.len() > options.limits.max_input_bytes {
        return Err(Error::limit("the file is larger than limits.maxInputBytes"));
    }
    if options.track.is_some_and(|track| track > 0) {
        return Err(Error::new(ErrorKind::InvalidArgument, "the file has one track, number 0"));
    }
    Ok(Some(Box::new(PcmFile::new(input, stream, &options.limits)?)))
}

#[cfg(test)]
mod tests;
