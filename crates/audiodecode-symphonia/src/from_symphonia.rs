use std::sync::Arc;

use audiodecode_pipeline::{
    Error, ErrorKind, Gapless, GaplessSource, Input, OpenOptions, PcmSource, Result, SourceInfo,
};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::formats::{FormatReader, Track, TrackType};

use crate::aac_channels::aac_layout;
use crate::aac_config::{check_aac_config, he_aac_error};
use crate::aac_decoder::{Aac, aac_config_of};
use crate::alac::alac_packet_length;
use crate::complete_params::complete_params;
use crate::decoded_source::{DecodedSource, Parts};
use crate::flac::read_flac_header;
use crate::flac_reader::FlacReader;
use crate::flac_tail::{Promise, look_at_promise};
use crate::matroska::{read_matroska, track_of};
use crate::matroska_reader::MatroskaReader;
use crate::mp4_fragment_reader::Mp4FragmentReader;
use crate::mp4_fragments::{check_fragments, first_box};
use crate::mp4_track::{describe_mp4, frames_together, is_pcm, mp4_reader, pcm_frame_bytes};
use crate::mp4_trim::rescale;
use crate::mpeg_track::{is_mpeg, open_mpeg};
use crate::names::{codec_name, is_lossless, layout_name, layout_of_count};
use crate::opus::OpusHead;
use crate::packet::{DecoderFactory, PacketReader, Trim};
use crate::packet_lengths::PacketLengths;
use crate::replay::Replay;
use crate::sbr::has_sbr;
use crate::symphonia_decoder::SymphoniaDecoder;
use crate::symphonia_reader::{SymphoniaReader, Trust};
use crate::tags::read_tags;
use crate::vorbis_decoder::{vorbis_factory, vorbis_setup_of_extra_data};
use audiodecode_containers::ReadWindow;
use audiodecode_containers::id3_length;
use audiodecode_containers::{read_mp4, read_runs};

/// Opens a file whose container Symphonia has recognised.
pub(crate) fn open(
    input: &Input,
    options: &OpenOptions,
    mut format: Box<dyn FormatReader>,
) -> Result<Box<dyn PcmSource>> {
    let track = choose_track(&*format, options)?.clone();
    let tags = read_tags(&mut *format, track.id);
    let container = container_name(format.format_info().short_name);
    // Before anything counts through fragments.
    let whole_chain = container == "mp4" && check_fragments(input, &options.cancel)?;
    let mp4 = if container == "mp4" { read_mp4(input) } else { None };
    let params = &complete_params(audio_params(&track)?, track.id, mp4.as_ref(), input)?;
    // A map of channels in the stream would otherwise look like none at all.
    check_codec(params)?;
    let mut info = describe(container, params, options)?;
    info.tags = tags;
    info.tracks = audio_tracks(&*format).count() as u32;
    let frames_are_ticks =
        track.time_base.is_some_and(|base| base.numer.get() == 1 && base.denom.get() == info.sample_rate);
    let mut trust = Trust { durations: frames_are_ticks, resyncs: true, ..Trust::default() };
    let mut trim = Trim::default();
    let mut tolerance = 0;
    let extra_data = params.extra_data.as_deref().unwrap_or_default();
    let (make_decoder, lengths) = if params.codec == CODEC_ID_VORBIS {
        let setup = vorbis_setup_of_extra_data(extra_data, info.channels, info.sample_rate)?;
        (vorbis_factory(Arc::clone(&setup)), PacketLengths::vorbis(setup))
    } else {
        let lengths = match params.codec {
            CODEC_ID_OPUS => PacketLengths::Opus,
            CODEC_ID_AAC => PacketLengths::Equal(audiodecode_aac::FRAMES as u64),
            CODEC_ID_ALAC => alac_packet_length(extra_data)
                .map_or(PacketLengths::Unknown, |usual| PacketLengths::Alac { usual }),
            CODEC_ID_FLAC => PacketLengths::flac(extra_data),
            _ if is_pcm(params) => {
                PacketLengths::Pcm { frame_bytes: pcm_frame_bytes(params, &info) as usize }
            }
            _ => PacketLengths::Unknown,
        };
        (decoder_factory(params, &mut info, &mut trim)?, lengths)
    };
    let mut reader: Option<Box<dyn PacketReader>> = None;
    // Whether packets lie in the file as they are.
    let mut in_file = false;
    let alone = format.tracks().len() == 1;
    match container {
        "flac" => {
            let header = read_flac_header(input, id3_length(input))
                .ok_or_else(|| Error::corrupt("the FLAC file is cut off in its metadata"))?;
            reader = Some(Box::new(FlacReader::new(input.clone(), header)));
            let promise = look_at_promise(input, &header);
            // What the file itself contradicts is no measure of what is plausible.
            info.expected_frames = header.total_frames.filter(|_| promise != Promise::Broken);
            // The densest FLAC frame, silence, holds at most 65,535 frames in about 14 bytes.
            info.frames = info.expected_frames.filter(|&frames| frames / 65_535 * 14 <= input.len());
            info.frames_exact = info.frames.is_some() && promise == Promise::Kept;
        }
        "mp4" => {
            trust.resyncs = whole_chain;
            let mp4 = mp4.unwrap_or_default();
            let own = mp4.tracks.iter().find(|own| own.id == track.id);
            let regular = match own {
                Some(own) => describe_mp4(input, &mp4, own, params, &mut info, &mut trim)?,
                None => false,
            };
            let together = own.map_or(1, |own| frames_together(own, params, &info));
            // A packet of PCM is as many frames as fit into it, whatever lasting the table gives it.
            trust.durations &= !is_pcm(params) || (regular && together > 1);
            let equal = params.codec == CODEC_ID_ALAC || together > 1;
            trust.positions = frames_are_ticks && equal && regular;
            trust.seeks = trust.positions;
            if params.codec == CODEC_ID_ALAC && info.frames_exact {
                info.expected_frames = info.frames;
            } else {
                tolerance = 2048;
            }
            // Sample tables can state anything, so other places are found by counting packets.
            trust.skips = matches!(params.codec, CODEC_ID_AAC | CODEC_ID_ALAC);
            if trust.resyncs && mp4.fragmented && own.is_some_and(|own| own.tables.samples == 0) {
                let runs = read_runs(input, track.id, first_box(input), &options.cancel)?;
                let make = |runs| Mp4FragmentReader::new(input.clone(), runs, lengths.clone());
                reader = runs.map(|runs| -> Box<dyn PacketReader> { Box::new(make(runs)) });
            } else {
                reader = mp4_reader(input, &mp4, own, trust, together, lengths)?;
            }
            in_file = reader.is_some();
        }
        "matroska" => {
            let mut window = ReadWindow::new(input.clone());
            let found = read_matroska(&mut window, 0)?;
            let own = track_of(&found, u64::from(track.id))?;
            if own.codec_delay_ns > 0 {
                trim.start = nanoseconds(own.codec_delay_ns, info.sample_rate);
            }
            let source = if trim.start > 0 { GaplessSource::Matroska } else { GaplessSource::None };
            info.gapless = Gapless { source, start_frames: trim.start, end_frames: 0 };
            info.frames =
                found.seconds.map(|seconds| (seconds * f64::from(info.sample_rate)).round().min(1e15) as u64);
            in_file = own.stripped_header.is_empty();
            reader =
                Some(Box::new(MatroskaReader::new(input.clone(), own, alone, info.sample_rate, lengths)));
        }
        "caf" => {
            // Packets of ALAC may state lengths of their own; the others are blocks of one size.
            let steady = match alac_packet_length(extra_data) {
                Some(length) if params.codec == CODEC_ID_ALAC => {
                    params.max_frames_per_packet == Some(u64::from(length))
                }
                _ => is_adpcm(params),
            };
            trust.seeks = steady && frames_are_ticks && track.delay.unwrap_or(0) == 0;
            trust.positions = trust.seeks;
            trust.seeks_from_start = true;
        }
        _ => {}
    }
    let mut reader =
        reader.unwrap_or_else(|| Box::new(SymphoniaReader::new(input.clone(), format, track.id, trust)));
    if params.codec == CODEC_ID_AAC {
        let ahead = Replay::ahead(reader, 64)?;
        if has_sbr(ahead.packets().take(32), aac_config_of(params)?) {
            return Err(he_aac_error());
        }
        reader = Box::new(ahead);
    }
    let parts = Parts {
        info,
        reader,
        make_decoder,
        trim,
        cancel: options.cancel.clone(),
        max_seconds: options.limits.max_duration_seconds,
        tolerance,
    };
    if is_mpeg(params.codec) && in_file {
        return open_mpeg(input, parts, alone);
    }
    Ok(Box::new(DecodedSource::new(parts)?))
}

/// Refuses AAC beyond LC before anything is decoded at half its rate.
fn check_codec(params: &AudioCodecParameters) -> Result<()> {
    match &params.extra_data {
        Some(config) if params.codec == CODEC_ID_AAC => check_aac_config(config),
        _ => Ok(()),
    }
}

fn decoder_factory(
    params: &AudioCodecParameters,
    info: &mut SourceInfo,
    trim: &mut Trim,
) -> Result<DecoderFactory> {
    if params.codec == CODEC_ID_AAC {
        info.channel_layout = aac_layout(info.channels as usize).map(str::to_owned);
        return Aac::factory(params);
    }
    if params.codec != CODEC_ID_OPUS {
        return SymphoniaDecoder::factory(params);
    }
    let header = params.extra_data.as_deref().filter(|header| header.starts_with(b"OpusHead"));
    let head = OpusHead::parse(header.ok_or_else(|| Error::unsupported("Opus without its usual header"))?)?;
    info.channels = u32::from(head.channels);
    info.sample_rate = audiodecode_opus::SAMPLE_RATE;
    info.channel_layout = layout_of_count(info.channels).filter(|_| head.positioned).map(str::to_owned);
    trim.start = u64::from(head.pre_skip);
    head.factory()
}

fn is_adpcm(params: &AudioCodecParameters) -> bool {
    codec_name(params.codec).starts_with("adpcm_")
}

fn nanoseconds(ns: u64, rate: u32) -> u64 {
    rescale(ns, rate, 1_000_000_000)
}

fn audio_tracks(format: &dyn FormatReader) -> impl Iterator<Item = &Track> {
    format.tracks().iter().filter(|track| matches!(track.codec_params, Some(CodecParameters::Audio(_))))
}

fn choose_track<'a>(format: &'a dyn FormatReader, options: &OpenOptions) -> Result<&'a Track> {
    let count = audio_tracks(format).count();
    match options.track {
        Some(wanted) => audio_tracks(format).nth(wanted as usize).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidArgument,
                format!("there is no audio track {wanted}: the file has {count}"),
            )
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
pub(crate) fn describe(
    container: &str,
    params: &AudioCodecParameters,
    options: &OpenOptions,
) -> Result<SourceInfo> {
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
