use audiodecode_pipeline::{Error, Input, PcmSource, Result};
use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3};

use crate::decoded_source::{DecodedSource, Parts};
use crate::late_source::{LateSource, OpenLate};
use crate::mpeg::{index_packets, open_packets};

/// Layers of MPEG audio have a decoder and an index of our own, whatever container their frames lie in.
pub(crate) fn is_mpeg(codec: AudioCodecId) -> bool {
    matches!(codec, CODEC_ID_MP1 | CODEC_ID_MP2 | CODEC_ID_MP3)
}

/// Opens MPEG audio whose packets lie in the file as they are, at once or, beside other tracks, when it is first read.
pub(crate) fn open_mpeg(input: &Input, parts: Parts, at_once: bool) -> Result<Box<dyn PcmSource>> {
    let (input, cancel, mut info) = (input.clone(), parts.cancel.clone(), parts.info.clone());
    // Until all of it was looked at.
    info.frames_exact = false;
    let mut unopened = Some(parts);
    let mut open: OpenLate = Box::new(move |cancel| {
        let parts = unopened.as_mut().ok_or_else(|| Error::unsupported("the file is open already"))?;
        parts.reader.rewind()?;
        let frames = index_packets(&mut *parts.reader, parts.max_seconds, cancel)?;
        let open = |frames| open_packets(&input, frames, parts.info.clone(), parts.trim, parts.tolerance);
        if let Some(source) = frames.and_then(open) {
            return Ok(source);
        }
        parts.reader.rewind()?;
        match unopened.take() {
            Some(parts) => Ok(Box::new(DecodedSource::new(parts)?)),
            None => Err(Error::unsupported("the file is open already")),
        }
    });
    if at_once {
        return open(&cancel);
    }
    Ok(Box::new(LateSource::new(info, cancel, open)))
}
