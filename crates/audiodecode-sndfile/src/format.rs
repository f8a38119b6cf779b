use std::ffi::c_int;

use audiodecode_pipeline::Input;

/// `SF_INFO::format` in our names, and what is known of the codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) container: &'static str,
    pub(crate) codec: &'static str,
    /// Bits of a sample that is stored as it is.
    pub(crate) stored_bits: Option<u32>,
    /// Bits per sample of lossless formats.
    pub(crate) bit_depth: Option<u32>,
    /// Whether libsndfile's seeks give what a read from the start gives: samples or packets that need nothing before them. For
    /// all others it starts its decoder in the middle, which is wrong (MP3), or within a tolerance (Opus), or not tested.
    pub(crate) exact_seek: bool,
}

const TYPE_MASK: c_int = 0x0FFF_0000;
const SUBTYPE_MASK: c_int = 0xFFFF;
const ENDIAN_MASK: c_int = 0x3000_0000;
const ENDIAN_LITTLE: c_int = 0x1000_0000;
const ENDIAN_BIG: c_int = 0x2000_0000;

const OGG: c_int = 0x20_0000;
const FLAC: c_int = 0x17_0000;
/// Formats that libsndfile decodes as stored PCM and are not.
const XI: c_int = 0x0F_0000;
const SDS: c_int = 0x11_0000;

impl Format {
    pub(crate) fn new(format: c_int, input: &Input) -> Self {
        let (kind, subtype) = (format & TYPE_MASK, format & SUBTYPE_MASK);
        let (container, big_by_default) = container_of(kind);
        let container = if container == "rf64" && starts_with(input, b"BW64") { "bw64" } else { container };
        let big = match format & ENDIAN_MASK {
            ENDIAN_LITTLE => false,
            ENDIAN_BIG => true,
            _ => big_by_default,
        };
        let (codec, bits) = codec_of(subtype, big);
        let is_pcm = codec.starts_with("pcm_");
        let lossless = (is_pcm && !matches!(codec, "pcm_alaw" | "pcm_mulaw")) || codec.starts_with("alac");
        let (codec, exact_seek) = match kind {
            FLAC => ("flac", true),
            // Whatever is in Ogg is decoded from its start.
            OGG if is_pcm => ("flac", false),
            OGG | XI | SDS => (codec, false),
            _ => (codec, is_pcm),
        };
        let stored = is_pcm && !matches!(kind, FLAC | OGG | XI | SDS);
        Self {
            container,
            codec,
            stored_bits: bits.filter(|_| stored),
            bit_depth: bits.filter(|_| lossless),
            exact_seek,
        }
    }

    /// Whether mpg123 decodes it.
    pub(crate) fn is_mpeg(&self) -> bool {
        matches!(self.codec, "mp1" | "mp2" | "mp3")
    }
}

fn starts_with(input: &Input, magic: &[u8; 4]) -> bool {
    let mut head = [0; 4];
    input.read_at(0, &mut head).is_ok_and(|count| count == 4) && &head == magic
}

/// Our name of a container, and whether its samples are big-endian when nothing else is said.
fn container_of(kind: c_int) -> (&'static str, bool) {
    match kind {
        0x01_0000 | 0x13_0000 => ("wav", false),
        0x02_0000 => ("aiff", true),
        0x03_0000 => ("au", true),
        0x04_0000 => ("raw", false),
        0x05_0000 => ("paf", true),
        0x06_0000 => ("svx", true),
        0x07_0000 => ("nist", false),
        0x08_0000 => ("voc", false),
        0x0A_0000 => ("ircam", false),
        0x0B_0000 => ("w64", false),
        0x0C_0000 => ("mat4", false),
        0x0D_0000 => ("mat5", false),
        0x0E_0000 => ("pvf", true),
        XI => ("xi", false),
        0x10_0000 => ("htk", true),
        SDS => ("sds", true),
        0x12_0000 => ("avr", true),
        0x16_0000 => ("sd2", true),
        FLAC => ("flac", false),
        0x18_0000 => ("caf", true),
        0x19_0000 => ("wve", false),
        OGG => ("ogg", false),
        0x21_0000 => ("mpc2k", false),
        0x22_0000 => ("rf64", false),
        0x23_0000 => ("mp3", false),
        _ => ("unknown", false),
    }
}

/// Our name of a codec, and its bits per sample where they mean something.
fn codec_of(subtype: c_int, big: bool) -> (&'static str, Option<u32>) {
    let by_order = |little, of_big| if big { of_big } else { little };
    match subtype {
        0x01 => ("pcm_s8", Some(8)),
        0x02 => (by_order("pcm_s16le", "pcm_s16be"), Some(16)),
        0x03 => (by_order("pcm_s24le", "pcm_s24be"), Some(24)),
        0x04 => (by_order("pcm_s32le", "pcm_s32be"), Some(32)),
        0x05 => ("pcm_u8", Some(8)),
        0x06 => (by_order("pcm_f32le", "pcm_f32be"), Some(32)),
        0x07 => (by_order("pcm_f64le", "pcm_f64be"), Some(64)),
        0x10 => ("pcm_mulaw", Some(8)),
        0x11 => ("pcm_alaw", Some(8)),
        0x12 => ("adpcm_ima", None),
        0x13 => ("adpcm_ms", None),
        0x20 => ("gsm", None),
        0x21 => ("adpcm_vox", None),
        0x22..=0x24 => ("adpcm_nms", None),
        0x30..=0x32 => ("adpcm_g72x", None),
        0x40..=0x43 => ("dwvw", None),
        0x50 | 0x51 => ("dpcm", None),
        0x60 => ("vorbis", None),
        0x64 => ("opus", None),
        0x70 => ("alac", Some(16)),
        0x71 => ("alac", Some(20)),
        0x72 => ("alac", Some(24)),
        0x73 => ("alac", Some(32)),
        0x80 => ("mp1", None),
        0x81 => ("mp2", None),
        0x82 => ("mp3", None),
        _ => ("unknown", None),
    }
}
