use audiodecode_containers::{Mp4, SampleEntry};
use audiodecode_pipeline::{Input, Result};
use symphonia::core::audio::Channels;
use symphonia::core::audio::layouts::{CHANNEL_LAYOUT_MONO, CHANNEL_LAYOUT_STEREO};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_PCM_ALAW, CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_MULAW, CODEC_ID_PCM_S24BE,
    CODEC_ID_PCM_S32BE,
};

use crate::mpeg::first_channels;
use crate::mpeg_track::is_mpeg;
use crate::open::explain;
use crate::replay::Replay;
use crate::symphonia_reader::{SymphoniaReader, Trust, probe};

/// Parameters of a track with what Symphonia leaves out or gets wrong in MP4: the channels of MPEG audio, G.711, and the byte order of
/// QuickTime's PCM.
pub(crate) fn complete_params(
    params: &AudioCodecParameters,
    track: u32,
    mp4: Option<&Mp4>,
    input: &Input,
) -> Result<AudioCodecParameters> {
    let mut params = params.clone();
    if let Some(own) = mp4.and_then(|mp4| mp4.tracks.iter().find(|own| own.id == track)) {
        complete_pcm(&mut params, own.entry);
    }
    if is_mpeg(params.codec) && params.channels.is_none() {
        let format = probe(input).map_err(|error| explain(&error, input))?;
        let reader = SymphoniaReader::new(input.clone(), format, track, Trust::default());
        let ahead = Replay::ahead(Box::new(reader), 16)?;
        params.channels = first_channels(ahead.packets()).map(channels_of_count);
    }
    Ok(params)
}

fn complete_pcm(params: &mut AudioCodecParameters, entry: SampleEntry) {
    let big_endian = !entry.little_endian;
    match &entry.kind {
        b"alaw" => params.codec = CODEC_ID_PCM_ALAW,
        b"ulaw" => params.codec = CODEC_ID_PCM_MULAW,
        b"in24" if big_endian => params.codec = CODEC_ID_PCM_S24BE,
        b"in32" if big_endian => params.codec = CODEC_ID_PCM_S32BE,
        b"fl32" if big_endian => params.codec = CODEC_ID_PCM_F32BE,
        b"fl64" if big_endian => params.codec = CODEC_ID_PCM_F64BE,
        _ => {}
    }
    if matches!(&entry.kind, b"alaw" | b"ulaw") && entry.channels > 0 {
        params.channels = Some(channels_of_count(u32::from(entry.channels)));
    }
}

fn channels_of_count(count: u32) -> Channels {
    match count {
        1 => CHANNEL_LAYOUT_MONO,
        2 => CHANNEL_LAYOUT_STEREO,
        more => Channels::Discrete(u16::try_from(more).unwrap_or(u16::MAX)),
    }
}
