use audiodecode_pipeline::{CancelFlag, Error, Input, OpenOptions, PcmSource, Result};

use crate::describe::describe;
use crate::format::Format;
use crate::handle::Handle;
use crate::library::{Library, library};
use crate::ogg_pages::ogg_ends;
use crate::sndfile_source::SndfileSource;

/// Opens what the installed libsndfile recognises. Costs libsndfile's own parsing of the header.
///
/// `Unavailable` without a library, `Unsupported` for what libsndfile does not read or is known to read wrongly, `Corrupt` for
/// what it calls malformed. Blocking reads of one open hold up others: libsndfile opens one file at a time.
pub fn open(input: &Input, options: &OpenOptions) -> Result<Box<dyn PcmSource>> {
    let library = library()?;
    if input.is_empty() {
        return Err(Error::corrupt("the file is empty"));
    }
    if input.len() > options.limits.max_input_bytes {
        return Err(Error::limit("the file is larger than limits.maxInputBytes"));
    }
    let mut way =
        OpenWay { library, input: input.clone(), cancel: options.cancel.clone(), claimed_length: None };
    let mut handle = way.open()?;
    let format = Format::new(handle.info.format, input);
    check(&handle, options)?;
    let mut cut_short = false;
    if format.container == "ogg" {
        cut_short = check_ogg(input, &format, handle.info.sample_rate)?;
    }
    let info = describe(&mut handle, &format, input);
    if format.is_mpeg() && !info.frames_exact {
        // libsndfile reads no further than the length that mpg123 guesses. Of a longer file it guesses more.
        way.claimed_length = Some(input.len().saturating_mul(MPEG_LENGTH_FACTOR));
        handle = way.open()?;
    }
    Ok(Box::new(SndfileSource::new(way, handle, format, info, cut_short)))
}

/// Most that the size of frames in one MPEG stream can differ: 448 against 8 kbit/s.
const MPEG_LENGTH_FACTOR: u64 = 56;

/// How a file is opened, once more for every fork and for every way back.
#[derive(Clone)]
pub(crate) struct OpenWay {
    pub(crate) library: &'static Library,
    pub(crate) input: Input,
    pub(crate) cancel: CancelFlag,
    claimed_length: Option<u64>,
}

impl OpenWay {
    pub(crate) fn open(&self) -> Result<Handle> {
        Handle::open(self.library, &self.input, &self.cancel, self.claimed_length)
    }
}

fn check(handle: &Handle, options: &OpenOptions) -> Result<()> {
    let info = handle.info;
    if info.channels < 1 || info.sample_rate < 1 {
        let (channels, rate) = (info.channels, info.sample_rate);
        return Err(Error::corrupt(format!("the file says {channels} channels at {rate} Hz")));
    }
    if info.channels.unsigned_abs() > options.limits.max_channels {
        let most = options.limits.max_channels;
        return Err(Error::limit(format!(
            "{} channels exceed the limit of {most} (maxChannels)",
            info.channels
        )));
    }
    if let Some(track) = options.track.filter(|&track| track > 0) {
        return Err(Error::unsupported(format!("there is no audio track {track}: libsndfile reads one")));
    }
    if info.frames == 0 && handle.has_more_than_a_header() {
        return Err(Error::unsupported(
            "the header tells no length, and libsndfile finds no samples without",
        ));
    }
    Ok(())
}

/// Whether the file is cut short. Declines what libsndfile would read a part of, or at a rate of its own.
fn check_ogg(input: &Input, format: &Format, sample_rate: i32) -> Result<bool> {
    if format.codec == "opus" && sample_rate != 48_000 {
        return Err(Error::unsupported(format!(
            "libsndfile would decode this Opus stream at {sample_rate} Hz instead of its own 48000"
        )));
    }
    let Some(ends) = ogg_ends(input) else { return Ok(false) };
    if ends.several_streams {
        return Err(Error::unsupported(
            "it has several Ogg streams, of which libsndfile reads only the first",
        ));
    }
    Ok(!ends.ended)
}
