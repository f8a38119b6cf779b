use audiodecode_pipeline::GaplessSource;

use crate::engine::Facts;

/// Profiles of AAC with spectral band replication: HE-AAC, and with parametric stereo.
const HE_PROFILES: [i32; 2] = [4, 28];

/// The container by the name that this project has for it; FFmpeg's own where there is none.
pub(crate) fn container(demuxer: &str) -> &str {
    let first = demuxer.split(',').next().unwrap_or(demuxer);
    match first {
        "mov" => "mp4",
        "aac" => "adts",
        "mpegts" => "mpeg-ts",
        "mpeg" => "mpeg-ps",
        "wv" => "wavpack",
        "mpc" | "mpc8" => "musepack",
        "iff" => "dff",
        "rm" => "realmedia",
        "nistsphere" => "nist",
        other => other,
    }
}

/// The codec, likewise.
pub(crate) fn codec(facts: &Facts) -> String {
    match facts.codec.as_str() {
        "aac" if HE_PROFILES.contains(&facts.profile) => "he_aac".into(),
        "adpcm_ima_wav" | "adpcm_ima_qt" => "adpcm_ima".into(),
        other => other.into(),
    }
}

/// The decoder to prefer to FFmpeg's first choice, which rounds MPEG audio to 16 bit, and which in FFmpeg 7 gives twice as many
/// samples of Speex as there are.
pub(crate) fn preferred_decoder(codec: &str) -> Option<&'static std::ffi::CStr> {
    match codec {
        "mp1" => Some(c"mp1float"),
        "mp2" => Some(c"mp2float"),
        "speex" => Some(c"libspeex"),
        _ => None,
    }
}

/// Whether a codec keeps every bit, so that its samples have a depth.
pub(crate) fn is_lossless(codec: &str) -> bool {
    codec.starts_with("pcm_") && !matches!(codec, "pcm_alaw" | "pcm_mulaw")
        || matches!(
            codec,
            "flac"
                | "alac"
                | "tta"
                | "wavpack"
                | "ape"
                | "tak"
                | "shorten"
                | "mlp"
                | "truehd"
                | "wmalossless"
        )
}

/// Which metadata says how much encoder padding there is.
pub(crate) fn gapless_source(facts: &Facts) -> GaplessSource {
    match (container(&facts.demuxer), facts.codec.as_str()) {
        ("mp3", _) => GaplessSource::Lame,
        ("ogg", "opus") => GaplessSource::Opus,
        ("ogg", _) => GaplessSource::Ogg,
        ("matroska", _) => GaplessSource::Matroska,
        ("mp4", _) => GaplessSource::EditList,
        _ => GaplessSource::None,
    }
}
