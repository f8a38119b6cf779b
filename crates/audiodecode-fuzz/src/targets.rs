/// One container with what it usually holds, and the real files that broken ones are made of.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The target's name, as in the tests.
    pub name: &'static str,
    /// Paths from the root of the repository.
    pub files: &'static [&'static str],
}

macro_rules! formats {
    ($($name:literal),+ $(; $($special:literal),+)?) => {
        &[$(concat!("fixtures/formats/", $name)),+ $(, $(concat!("crates/audiodecode-symphonia/tests/", $special)),+)?]
    };
}

/// Every container that the engine reads.
pub const TARGETS: [Target; 14] = [
    Target {
        name: "wav",
        files: formats![
            "s16.wav",
            "u8.wav",
            "s24.wav",
            "f32.wav",
            "extensible-s24.wav",
            "alaw.wav",
            "ulaw.wav",
            "s16.rifx.wav",
            "s16.rf64",
            "s16.w64"
        ],
    },
    Target { name: "aiff", files: formats!["s16.aiff", "s24.aiff", "f32.aifc", "sowt.aifc"] },
    Target { name: "caf", files: formats!["s16.caf", "f32.caf", "alac.caf"] },
    Target { name: "adpcm", files: formats!["ima.wav", "ms.wav"] },
    Target {
        name: "mp3",
        files: formats![
            "cbr128.mp3", "v2.mp3", "v9.mp3", "mono32.mp3", "libmp3lame.mp3", "layer2.mp2";
            "mpeg/untagged-cbr128.mp3", "mpeg/untagged-v2.mp3", "mpeg/tagged-v2-crc.mp3", "mpeg/mpeg2-stereo.mp3",
            "mpeg/mpeg25-mono8.mp3", "mpeg/free-format.mp3", "mpeg/mpeg2.mp2", "mpeg/stereo.mp1"
        ],
    },
    Target {
        name: "adts",
        files: formats!["aac.aac"; "special/lc-fdk.aac", "special/lc-22050.aac", "special/lc-24000.aac", "special/he-v1.aac", "special/aac-5.1.aac"],
    },
    Target { name: "flac", files: formats!["s16.flac", "s24.flac"; "special/tags.flac"] },
    Target {
        name: "ogg_vorbis",
        files: formats!["vorbis.ogg"; "special/chained.ogg", "special/chained-mono.ogg", "special/pages.ogg"],
    },
    Target {
        name: "ogg_opus",
        files: formats![
            "opus.opus", "opus-mono.opus", "opus-5.1.opus"; "special/chained.opus", "special/chained-mono.opus"
        ],
    },
    Target { name: "ogg_flac", files: formats!["flac.oga"] },
    Target {
        name: "mp4_aac",
        files: formats![
            "aac.m4a", "aac-faststart.m4a", "aac-22050.m4a", "aac-untrimmed.mp4";
            "special/odd-length.m4a", "special/lc-fdk.mp4", "special/he-v1.mp4", "special/aac-5.1.m4a"
        ],
    },
    Target {
        name: "mp4_alac",
        files: formats![
            "alac.m4a", "alac-s24.m4a", "pcm.mov", "mp3.mp4";
            "special/tags.m4a", "special/flac.mp4", "special/alaw.mov", "special/f32be.mov"
        ],
    },
    Target {
        name: "mp4_fragmented",
        files: formats![
            "aac-fragmented.mp4";
            "special/frag-aac.mp4", "special/frag-aac-offsets.mp4", "special/frag-alac.mp4", "special/frag-flac.mp4",
            "special/frag-mp3.mp4", "special/frag-pcm.mov", "special/frag-ulaw.mov"
        ],
    },
    Target {
        name: "matroska",
        files: formats![
            "aac.mkv", "flac.mka", "opus.webm", "vorbis.webm", "pcm.mkv", "alac.mka", "mp3.mka";
            "special/lc-fdk.mkv", "special/two-tracks.mka"
        ],
    },
];

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }
}
