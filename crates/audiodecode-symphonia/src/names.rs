use symphonia::core::audio::{Channels, Position};
use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known as id;

/// Our name of a codec, as `SourceInfo::codec` documents them.
pub(crate) fn codec_name(codec: AudioCodecId) -> &'static str {
    match codec {
        id::CODEC_ID_FLAC => "flac",
        id::CODEC_ID_ALAC => "alac",
        id::CODEC_ID_AAC => "aac",
        id::CODEC_ID_VORBIS => "vorbis",
        id::CODEC_ID_OPUS => "opus",
        id::CODEC_ID_MP1 => "mp1",
        id::CODEC_ID_MP2 => "mp2",
        id::CODEC_ID_MP3 => "mp3",
        id::CODEC_ID_ADPCM_MS => "adpcm_ms",
        id::CODEC_ID_ADPCM_IMA_WAV => "adpcm_ima",
        id::CODEC_ID_ADPCM_IMA_QT => "adpcm_ima_qt",
        id::CODEC_ID_ADPCM_G722 => "adpcm_g722",
        id::CODEC_ID_ADPCM_G726 | id::CODEC_ID_ADPCM_G726LE => "adpcm_g726",
        id::CODEC_ID_PCM_S8 | id::CODEC_ID_PCM_S8_PLANAR => "pcm_s8",
        id::CODEC_ID_PCM_U8 | id::CODEC_ID_PCM_U8_PLANAR => "pcm_u8",
        id::CODEC_ID_PCM_S16LE | id::CODEC_ID_PCM_S16LE_PLANAR => "pcm_s16le",
        id::CODEC_ID_PCM_S16BE | id::CODEC_ID_PCM_S16BE_PLANAR => "pcm_s16be",
        id::CODEC_ID_PCM_S24LE | id::CODEC_ID_PCM_S24LE_PLANAR => "pcm_s24le",
        id::CODEC_ID_PCM_S24BE | id::CODEC_ID_PCM_S24BE_PLANAR => "pcm_s24be",
        id::CODEC_ID_PCM_S32LE | id::CODEC_ID_PCM_S32LE_PLANAR => "pcm_s32le",
        id::CODEC_ID_PCM_S32BE | id::CODEC_ID_PCM_S32BE_PLANAR => "pcm_s32be",
        id::CODEC_ID_PCM_U16LE | id::CODEC_ID_PCM_U16LE_PLANAR => "pcm_u16le",
        id::CODEC_ID_PCM_U16BE | id::CODEC_ID_PCM_U16BE_PLANAR => "pcm_u16be",
        id::CODEC_ID_PCM_U24LE | id::CODEC_ID_PCM_U24LE_PLANAR => "pcm_u24le",
        id::CODEC_ID_PCM_U24BE | id::CODEC_ID_PCM_U24BE_PLANAR => "pcm_u24be",
        id::CODEC_ID_PCM_U32LE | id::CODEC_ID_PCM_U32LE_PLANAR => "pcm_u32le",
        id::CODEC_ID_PCM_U32BE | id::CODEC_ID_PCM_U32BE_PLANAR => "pcm_u32be",
        id::CODEC_ID_PCM_F32LE | id::CODEC_ID_PCM_F32LE_PLANAR => "pcm_f32le",
        id::CODEC_ID_PCM_F32BE | id::CODEC_ID_PCM_F32BE_PLANAR => "pcm_f32be",
        id::CODEC_ID_PCM_F64LE | id::CODEC_ID_PCM_F64LE_PLANAR => "pcm_f64le",
        id::CODEC_ID_PCM_F64BE | id::CODEC_ID_PCM_F64BE_PLANAR => "pcm_f64be",
        id::CODEC_ID_PCM_ALAW => "pcm_alaw",
        id::CODEC_ID_PCM_MULAW => "pcm_mulaw",
        id::CODEC_ID_SPEEX => "speex",
        id::CODEC_ID_MUSEPACK => "musepack",
        id::CODEC_ID_AC3 => "ac3",
        id::CODEC_ID_EAC3 => "eac3",
        id::CODEC_ID_AC4 => "ac4",
        id::CODEC_ID_DCA => "dts",
        id::CODEC_ID_WMA => "wma",
        id::CODEC_ID_WAVPACK => "wavpack",
        id::CODEC_ID_MONKEYS_AUDIO => "ape",
        id::CODEC_ID_TTA => "tta",
        id::CODEC_ID_TRUEHD => "truehd",
        _ => "unknown",
    }
}

/// Whether the samples are exact copies of what went in, so that a bit depth means something.
pub(crate) fn is_lossless(codec: AudioCodecId) -> bool {
    matches!(codec, id::CODEC_ID_FLAC | id::CODEC_ID_ALAC)
        || (codec_name(codec).starts_with("pcm_")
            && !matches!(codec, id::CODEC_ID_PCM_ALAW | id::CODEC_ID_PCM_MULAW))
}

/// The usual name of a set of speakers.
pub(crate) fn layout_name(channels: &Channels) -> Option<&'static str> {
    let Channels::Positioned(positions) = channels else { return None };
    let front = Position::FRONT_LEFT | Position::FRONT_RIGHT;
    let known: [(Position, &str); 12] = [
        (Position::FRONT_CENTER, "mono"),
        (Position::FRONT_LEFT, "mono"),
        (front, "stereo"),
        (front | Position::FRONT_CENTER, "3.0"),
        (front | Position::LFE1, "2.1"),
        (front | Position::REAR_LEFT | Position::REAR_RIGHT, "quad"),
        (front | Position::SIDE_LEFT | Position::SIDE_RIGHT, "quad"),
        (front | Position::FRONT_CENTER | Position::REAR_LEFT | Position::REAR_RIGHT, "5.0"),
        (front | Position::FRONT_CENTER | Position::SIDE_LEFT | Position::SIDE_RIGHT, "5.0"),
        (front | Position::FRONT_CENTER | Position::LFE1 | Position::REAR_LEFT | Position::REAR_RIGHT, "5.1"),
        (front | Position::FRONT_CENTER | Position::LFE1 | Position::SIDE_LEFT | Position::SIDE_RIGHT, "5.1"),
        (
            front
                | Position::FRONT_CENTER
                | Position::LFE1
                | Position::REAR_LEFT
                | Position::REAR_RIGHT
                | Position::SIDE_LEFT
                | Position::SIDE_RIGHT,
            "7.1",
        ),
    ];
    known.iter().find(|(set, _)| set == positions).map(|(_, name)| *name)
}

/// The usual name of a number of channels in WAV order, where the format fixes what they are (Vorbis, Opus).
pub(crate) fn layout_of_count(channels: u32) -> Option<&'static str> {
    Some(match channels {
        1 => "mono",
        2 => "stereo",
        3 => "3.0",
        4 => "quad",
        5 => "5.0",
        6 => "5.1",
        7 => "6.1",
        8 => "7.1",
        _ => return None,
    })
}
