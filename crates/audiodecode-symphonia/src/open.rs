use audiodecode_pipeline::{Error, Input, OpenOptions, PcmSource, Result};
use symphonia::core::errors::Error as SymphoniaError;

use crate::looks_like::looks_like;
use crate::{adpcm_wav, adts, from_symphonia, mpeg, ogg, pcm, symphonia_reader};
use audiodecode_containers::{id3_length, read_up_to};

/// Opens a file by its content: our own readers first, then whatever Symphonia recognises.
///
/// `Unsupported` when nothing is recognised or the codec is not decoded here, with what the file looks like;
/// `Corrupt` when the container is recognised and broken. Costs a few reads; MPEG audio and ADTS are scanned once.
pub fn open(input: &Input, options: &OpenOptions) -> Result<Box<dyn PcmSource>> {
    if input.is_empty() {
        return Err(Error::corrupt("the file is empty"));
    }
    if input.len() > options.limits.max_input_bytes {
        return Err(Error::limit("the file is larger than limits.maxInputBytes"));
    }
    // ADTS before MPEG audio: their sync words differ in the layer bits alone.
    for reader in [pcm::open, adpcm_wav::open, ogg::open, adts::open, mpeg::open] {
        if let Some(source) = reader(input, options)? {
            return Ok(source);
        }
    }
    let matroska = read_up_to(input, 0, 4) == [0x1a, 0x45, 0xdf, 0xa3];
    let format = match symphonia_reader::probe(input) {
        // Packets of Matroska are read by ourselves; its header is all that is wanted here.
        Err(error) if matroska => symphonia_reader::probe_forward(input).map_err(|_| error),
        other => other,
    };
    let format = format.map_err(|error| explain(&error, input))?;
    if format.format_info().short_name == "ogg" {
        // Symphonia looks for it behind what makes no sense; how long packets are it does not say reliably.
        return ogg::open_behind_garbage(input, options);
    }
    from_symphonia::open(input, options, format)
}

/// What an error of Symphonia's while opening means for the caller.
pub(crate) fn explain(error: &SymphoniaError, input: &Input) -> Error {
    let head = read_up_to(input, id3_length(input), 4096);
    let seen = looks_like(&head);
    match error {
        SymphoniaError::IoError(io) if io.raw_os_error().is_some() => {
            Error::new(audiodecode_pipeline::ErrorKind::Io, io.to_string())
        }
        SymphoniaError::IoError(_) => match seen {
            Some(seen) if seen.ours => Error::corrupt(format!("the {} file ends in its header", seen.name)),
            Some(seen) => Error::unsupported(format!("{} is not decoded by this backend", seen.name)),
            None => Error::unsupported("no audio format recognised"),
        },
        SymphoniaError::Unsupported(what) if what.contains("moov") => {
            Error::corrupt("the MP4 file has no moov box: the recording was not finished or is cut off")
        }
        SymphoniaError::Unsupported(what) if what.contains("no suitable format") => match seen {
            Some(seen) if seen.ours => {
                Error::corrupt(format!("the file begins like {} and then is not", seen.name))
            }
            Some(seen) => Error::unsupported(format!("{} is not decoded by this backend", seen.name)),
            None => Error::unsupported("no audio format recognised"),
        },
        SymphoniaError::Unsupported(what) if what.contains("missing") => {
            Error::corrupt(format!("the file is broken or cut off: {what}"))
        }
        SymphoniaError::Unsupported(what) => Error::unsupported((*what).to_owned()),
        // QuickTime's PCM of 8 bits, among others.
        SymphoniaError::DecodeError(what) if what.contains("invalid pcm sample size") => {
            Error::unsupported("PCM of this kind is not decoded by this backend")
        }
        SymphoniaError::LimitError(what) => {
            Error::corrupt(format!("a size in the file is beyond reason: {what}"))
        }
        other => {
            let name = seen.map_or("file", |seen| seen.name);
            Error::corrupt(format!("the {name} header is broken: {other}"))
        }
    }
}
