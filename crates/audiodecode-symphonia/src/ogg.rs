use std::sync::Arc;

use audiodecode_pipeline::{
    Error, ErrorKind, Gapless, GaplessSource, Input, OpenOptions, PcmSource, Result, SourceInfo,
};

use crate::decoded_source::{DecodedSource, Parts};
use crate::names::layout_of_count;
use crate::ogg_reader::OggReader;
use crate::ogg_stream::read_streams;
use crate::ogg_walk::OggWalk;
use crate::packet::Trim;
use audiodecode_containers::ReadWindow;
use audiodecode_containers::id3_length;
use audiodecode_containers::next_page;

/// Opens FLAC, Vorbis and Opus in Ogg; `None` when the file does not begin as Ogg does.
pub(crate) fn open(input: &Input, options: &OpenOptions) -> Result<Option<Box<dyn PcmSource>>> {
    let mut window = ReadWindow::new(input.clone());
    let start = id3_length(input);
    if window.bytes(start, 4)? != b"OggS" {
        return Ok(None);
    }
    open_at(window, start, input, options).map(Some)
}

/// The same for a file with something else before its first page.
pub(crate) fn open_behind_garbage(input: &Input, options: &OpenOptions) -> Result<Box<dyn PcmSource>> {
    let (mut window, mut at) = (ReadWindow::new(input.clone()), 0);
    while let Some(page) = next_page(&mut window, at, 0)? {
        options.cancel.check()?;
        if page.first {
            return open_at(window, page.at, input, options);
        }
        at = page.end();
    }
    Err(no_first_page())
}

fn no_first_page() -> Error {
    Error::corrupt("the Ogg file has no first page")
}

fn open_at(
    mut window: ReadWindow,
    start: u64,
    input: &Input,
    options: &OpenOptions,
) -> Result<Box<dyn PcmSource>> {
    let streams = read_streams(&mut window, start)?.ok_or_else(no_first_page)?;
    let count = streams.len();
    let track = options.track.unwrap_or(0) as usize;
    let Some(stream) = streams.into_iter().nth(track) else {
        return Err(match options.track {
            Some(wanted) if count > 0 => Error::new(
                ErrorKind::InvalidArgument,
                format!("there is no audio track {wanted}: the file has {count}"),
            ),
            _ => Error::unsupported("the Ogg file holds no audio that is known here, or ends in its headers"),
        });
    };
    let make_decoder = stream.factory()?;
    if stream.sample_rate == 0 || stream.channels == 0 {
        return Err(Error::corrupt("the Ogg stream states a rate of 0 Hz or no channels"));
    }
    if stream.channels > options.limits.max_channels {
        return Err(Error::limit(format!(
            "the file has {} channels, more than limits.maxChannels",
            stream.channels
        )));
    }
    let walk = OggWalk::new(&mut window, &stream, &options.cancel)?;
    let source = if stream.codec == "opus" { GaplessSource::Opus } else { GaplessSource::Ogg };
    let info = SourceInfo {
        container: "ogg".to_owned(),
        codec: stream.codec.to_owned(),
        sample_rate: stream.sample_rate,
        channels: stream.channels,
        channel_layout: layout_of_count(stream.channels).filter(|_| stream.positioned).map(str::to_owned),
        bit_depth: stream.bit_depth,
        bit_rate: stream.bit_rate,
        gapless: Gapless { source, start_frames: stream.delay, end_frames: 0 },
        tracks: count as u32,
        tags: stream.tags.clone(),
        ..SourceInfo::default()
    };
    let trim = Trim { start: stream.delay, keep: None };
    let mut source = DecodedSource::new(Parts {
        info,
        reader: Box::new(OggReader::new(input.clone(), track, Arc::new(stream), Arc::new(walk.index))),
        make_decoder,
        trim,
        cancel: options.cancel.clone(),
        max_seconds: options.limits.max_duration_seconds,
        tolerance: 0,
    })?;
    source.expect_end(walk.end)?;
    Ok(Box::new(source))
}
