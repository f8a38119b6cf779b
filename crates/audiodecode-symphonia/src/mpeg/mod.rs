//! MPEG audio, layers I to III, on our own decoder for layer III, nanomp3's for the others, and a frame index.

mod damage_log;
mod frame_decoder;
mod frame_index;
mod gapless;
mod genres;
mod id3v2;
mod lower_layers;
mod mpeg_source;
mod packets;
mod preroll;
mod read_ahead;
mod read_tags;
mod riff_payload;
mod scan;
mod tag_bounds;
mod tag_list;
mod vbr_tag;
mod window;

use audiodecode_pipeline::{Error, ErrorKind, Input, OpenOptions, PcmSource, Result};

use mpeg_source::MpegSource;
pub(crate) use packets::{first_channels, index_packets, open_packets};
use read_tags::read_tags;
use riff_payload::riff_payload;
use scan::scan_frames;
use tag_bounds::{find_trailing_tags, skip_leading_tags};
use window::Window;

/// Opens MPEG audio, alone or in a WAV file; `None` when the file is something else. The extension does not matter, several consistent headers do.
///
/// Reads every frame header of the file once, a few milliseconds for an hour, so that lengths and seeks are exact.
pub(crate) fn open(input: &Input, options: &OpenOptions) -> Result<Option<Box<dyn PcmSource>>> {
    if let Some(payload) = riff_payload(input)? {
        let window = Window::new(input, payload.end);
        return open_stream(input, window, payload.start, options, "wav", Vec::new());
    }
    let mut window = Window::new(input, input.len());
    let start = skip_leading_tags(&mut window)?;
    if is_other_container(window.slice(start, 512)?) {
        return Ok(None);
    }
    let trailing = find_trailing_tags(input, start)?;
    let tags = read_tags(input, &trailing)?;
    open_stream(input, Window::new(input, trailing.start), start, options, "mp3", tags)
}

fn open_stream(
    input: &Input,
    mut window: Window,
    start: u64,
    options: &OpenOptions,
    container: &str,
    tags: Vec<(String, String)>,
) -> Result<Option<Box<dyn PcmSource>>> {
    if input.len() > options.limits.max_input_bytes {
        return Err(Error::limit("the file is larger than limits.maxInputBytes"));
    }
    let Some(index) = scan_frames(&mut window, start, options)? else {
        return Ok(None);
    };
    if options.track.is_some_and(|track| track > 0) {
        return Err(Error::new(ErrorKind::InvalidArgument, "MPEG audio has one track, number 0"));
    }
    Ok(Some(Box::new(MpegSource::new(window, index, container, tags, options)?)))
}

/// Containers whose payload may be MPEG audio: their own readers know where it begins and what time it has.
fn is_other_container(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 18] = [
        b"RIFF",
        b"RIFX",
        b"RF64",
        b"BW64",
        b"riff",
        b"FORM",
        b"caff",
        b"OggS",
        b"fLaC",
        b"FLV",
        b"wvpk",
        b"MAC ",
        b"TTA1",
        b"ADIF",
        b"#!AMR",
        b"\x1A\x45\xDF\xA3",
        b"\x30\x26\xB2\x75",
        b"\x00\x00\x01\xBA",
    ];
    const MP4_BOXES: [&[u8; 4]; 6] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"];
    let transport_stream =
        head.first() == Some(&0x47) && head.get(188) == Some(&0x47) && head.get(376) == Some(&0x47);
    // ADTS has MPEG audio's sync word and layer 0.
    let adts = head.first() == Some(&0xFF) && head.get(1).is_some_and(|byte| byte & 0xF6 == 0xF0);
    adts || transport_stream
        || MP4_BOXES.iter().any(|name| head.get(4..8) == Some(name.as_slice()))
        || MAGIC.iter().any(|magic| head.starts_with(magic))
}

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod halved_tests;
#[cfg(test)]
mod mono_tests;
#[cfg(test)]
mod tag_tests;
#[cfg(test)]
mod tests;
