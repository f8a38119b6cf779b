use audiodecode_pipeline::{Error, ErrorKind, Input, OpenOptions, PcmSource, Result, SourceInfo};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::formats::{FormatReader, Track, TrackType};

use crate::bytes::id3_length;
use crate::decoded_source::{DecodedSource, Parts};
use crate::flac::read_flac_header;
use crate::names::{codec_name, is_lossless, layout_name};
use crate::packet::Trim;
use crate::symphonia_decoder::SymphoniaDecoder;
use crate::symphonia_reader::{SymphoniaReader, Trust};
use crate::tags::read_tags;

/// Opens a file whose container Symphonia has recognised.
pub(crate) fn open(input: &Input, options: &OpenOptions, mut format: Box<dyn FormatReader>) -> Result<Box<dyn PcmSource>> {
    let track = choose_track(&*format, options)?.clone();
    let tags = read_tags(&mut *format, track.id);
    let params = audio_params(&track)?;
    let container = container_name(format.format_info().short_name);
    let mut info = describe(container, params, options)?;
    info.tags = tags;
    info.tracks = audio_tracks(&*format).count() as u32;
    let frames_are_ticks =
        track.time_base.is_some_and(|base| base.numer.get() == 1 && base.denom.get() == info.sample_rate);
    let mut trust = Trust { durations: frames_are_ticks, ..Trust::default() };
    if container == "flac" {
        let header = read_flac_header(input, id3_length(input)).unwrap_or_default();
        trust = Trust { positions: true, durations: true, seeks: header.seek_table_ok };
        info.expected_frames = header.total_frames;
        info.frames = header.total_frames.filter(|&frames| {
            // The densest FLAC frame, silence, holds at most 65,535 frames in about 14 bytes.
            frames / 65_535 * 14 <= input.len()
        });
    }
    let make_decoder = SymphoniaDecoder::factory(params)?;
    let reader = Box::new(SymphoniaReader::new(input.clone(), format, track.id, trust));
    let source = DecodedSource::new(Parts {
        info,
        reader,
        make_decoder,
        trim: Trim::default(),
        cancel: options.cancel.clone(),
        max_seconds: options.limits.max_duration_seconds,
        tolerance: 0,
    })?;
    Ok(Box::new(source))
}

fn audio_tracks(format: &dyn FormatReader) -> impl Iterator<Item = &Track> {
    format.tracks().iter().filter(|track| matches!(track.codec_params, Some(CodecParameters::Audio(_))))
}

fn choose_track<'a>(format: &'a dyn FormatReader, options: &OpenOptions) -> Result<&'a Track> {
    let count = audio_tracks(format).count();
    match options.track {
        Some(wanted) => audio_tracks(format).nth(wanted as usize).ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, format!("there is no audio track {wanted}: the file has {count}"))
        }),
        None => format
            .default_track(TrackType::Audio)
            .filter(|track| matches!(track.codec_params, Some(CodecParameters::Audio(_))))
            .or_else(|| audio_tracks(format).next())
            .ok_or_else(|| Error::unsupported("the file has no audio track that is known here")),
    }
}

fn audio_params(track: &Track) -> Result<&AudioCodecParameters> {
    match &track.codec_params {
        Some(CodecParameters::Audio(params)) => Ok(params),
        _ => Err(Error::unsupported("the track is no audio track")),
    }
}

fn container_name(name: &str) -> &'static str {
    match name {
        "flac" => "flac",
        "ogg" => "ogg",
        "isomp4" => "mp4",
        "matroska" | "mkv" => "matroska",
        "caf" => "caf",
        "wave" | "wav" => "wav",
        "aiff" => "aiff",
        "aac" | "adts" => "adts",
        _ => "mp3",
    }
}

/// The part of `SourceInfo` that codec parameters give, checked.
pub(crate) fn describe(container: &str, params: &AudioCodecParameters, options: &OpenOptions) -> Result<SourceInfo> {
    let codec = codec_name(params.codec);
    let sample_rate = params.sample_rate.unwrap_or(0);
    let channels = params.channels.as_ref().map_or(0, |channels| channels.count()) as u32;
    if sample_rate == 0 {
        return Err(Error::corrupt(format!("the {container} header states a sample rate of 0 Hz")));
    }
    if channels == 0 {
        return Err(Error::corrupt(format!("the {container} header states no channels")));
    }
    if channels > options.limits.max_channels {
        return Err(Error::limit(format!("the file has {channels} channels, more than limits.maxChannels")));
    }
    let bits = params.bits_per_coded_sample.or(params.bits_per_sample);
    Ok(SourceInfo {
        container: container.to_owned(),
        codec: codec.to_owned(),
        sample_rate,
        channels,
        channel_layout: params.channels.as_ref().and_then(layout_name).map(str::to_owned),
        bit_depth: bits.filter(|_| is_lossless(params.codec)),
        tracks: 1,
        ..SourceInfo::default()
    })
}

