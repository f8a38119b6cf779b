//! What is made of a track of MP4: its reader, its length, its trims.

use audiodecode_containers::{Mp4, Mp4Track};
use audiodecode_pipeline::{Error, Gapless, Input, Result, SourceInfo};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW,
};

use crate::aac_config::he_aac_error;
use crate::alac::alac_packet_length;
use crate::mp4_reader::Mp4Reader;
use crate::mp4_trim::{mp4_trim, rescale};
use crate::names::codec_name;
use crate::packet::{PacketReader, Trim};
use crate::packet_lengths::PacketLengths;
use crate::symphonia_reader::Trust;

/// Entries of a table of times that Symphonia may search, from the front for every packet.
const MAX_SEARCHED_TIMES: u64 = 4096;

/// The reader of a track whose tables fit together. `None` for those that Symphonia reads: movie fragments, and what is broken.
pub(crate) fn mp4_reader(
    input: &Input,
    mp4: &Mp4,
    track: Option<&Mp4Track>,
    mut trust: Trust,
    together: u64,
    lengths: PacketLengths,
) -> Result<Option<Box<dyn PacketReader>>> {
    let whole = |track: &&Mp4Track| track.tables.are_whole() && track.tables.samples == track.samples;
    if let Some(track) = track.filter(|track| !mp4.fragmented && whole(track)) {
        // A packet of AAC-LC has its frames whatever lasting the table gives it.
        let equal = if let PacketLengths::Equal(frames) = lengths { Some(frames) } else { None };
        trust.seeks |= equal.is_some();
        let each = equal.unwrap_or(u64::from(track.common_ticks));
        let reader = Mp4Reader::new(input.clone(), track.tables, trust, each, together);
        let counted = matches!(lengths, PacketLengths::Flac { .. });
        return Ok(Some(Box::new(if counted { reader.counted(lengths) } else { reader })));
    }
    if let Some(times) = mp4.tracks.iter().map(|track| track.tables.times.count).max()
        && times > MAX_SEARCHED_TIMES
    {
        return Err(Error::corrupt(format!(
            "the tables of the MP4 file contradict each other, and one has {times} entries"
        )));
    }
    Ok(None)
}

/// Frames of PCM in a packet: each is a sample of the table, where the table gives it as many bytes as it has.
pub(crate) fn frames_together(track: &Mp4Track, params: &AudioCodecParameters, info: &SourceInfo) -> u64 {
    let frame_bytes = pcm_frame_bytes(params, info);
    if is_pcm(params) && frame_bytes > 0 && track.tables.equal_size == frame_bytes { 4096 } else { 1 }
}

pub(crate) fn pcm_frame_bytes(params: &AudioCodecParameters, info: &SourceInfo) -> u64 {
    // Those of G.711 are not stated.
    let stated = if matches!(params.codec, CODEC_ID_PCM_ALAW | CODEC_ID_PCM_MULAW) { Some(8) } else { None };
    let bits = stated.or(params.bits_per_coded_sample).or(params.bits_per_sample).unwrap_or(0);
    u64::from(info.channels) * u64::from(bits.div_ceil(8))
}

/// Lengths and trims of an MP4 track. Returns whether its packets follow each other as their codec wants it.
pub(crate) fn describe_mp4(
    input: &Input,
    mp4: &Mp4,
    track: &Mp4Track,
    params: &AudioCodecParameters,
    info: &mut SourceInfo,
    trim: &mut Trim,
) -> Result<bool> {
    let aac = params.codec == CODEC_ID_AAC;
    let alac = params.codec == CODEC_ID_ALAC;
    let pcm = is_pcm(params);
    let length = params.extra_data.as_deref().filter(|_| alac).and_then(alac_packet_length);
    let length = if pcm { Some(1) } else { length };
    // A file of one packet has but its last.
    let fits = |length| track.common_ticks == length || (track.samples == 1 && track.common_ticks < length);
    let regular = track.regular && length.is_none_or(fits);
    // Of other codecs, a packet may be of any length, whatever the table says of it.
    let agreed = match params.codec {
        CODEC_ID_AAC => true,
        CODEC_ID_FLAC => {
            track.regular && flac_total_frames(params.extra_data.as_deref()) == Some(track.ticks)
        }
        _ => regular && (alac || pcm),
    };
    // A packet of AAC-LC lasts 1,024 frames; twice as long means that SBR doubles the rate.
    if aac
        && track.samples > 1
        && rescale(u64::from(track.common_ticks), info.sample_rate, track.timescale) == 2048
    {
        return Err(he_aac_error());
    }
    let (found, source) = mp4_trim(mp4, track, info.sample_rate)?;
    *trim = found;
    let table =
        if aac { track.samples * 1024 } else { rescale(track.ticks, info.sample_rate, track.timescale) };
    let counted = table.saturating_sub(trim.start);
    info.expected_frames = trim.keep.or((track.samples > 0).then_some(counted));
    if track.samples > 0 && !mp4.fragmented {
        let frames = trim.keep.map_or(counted, |keep| keep.min(counted));
        info.frames = Some(frames);
        // Behind other timescales the table's ticks are rounded.
        info.frames_exact = (aac || track.timescale == info.sample_rate)
            && track.tables.samples == track.samples
            && agreed
            && frames / 1_048_576 <= input.len();
        // What the last packet holds beyond the table is not part of it.
        if alac && info.frames_exact {
            trim.keep = Some(frames);
        }
        let end_frames = counted.saturating_sub(frames);
        info.gapless = Gapless { source, start_frames: trim.start, end_frames };
    } else {
        info.gapless = Gapless { source, start_frames: trim.start, end_frames: 0 };
    }
    Ok(regular && track.tables.samples == track.samples && !mp4.fragmented)
}

/// What a `STREAMINFO` block says of the length (RFC 9639, 8.2).
fn flac_total_frames(stream_info: Option<&[u8]>) -> Option<u64> {
    let &[high, low @ ..] = stream_info?.get(13..18)?.first_chunk::<5>()?;
    let total = u64::from(high & 15) << 32 | u64::from(u32::from_be_bytes(low));
    (total > 0).then_some(total)
}

pub(crate) fn is_pcm(params: &AudioCodecParameters) -> bool {
    codec_name(params.codec).starts_with("pcm_")
}
