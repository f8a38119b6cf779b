/// How one sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Unsigned bytes, 128 is silence.
    U8,
    /// Two's complement, the significant bits at the top.
    S8,
    S16,
    S24,
    S32,
    /// IEEE 754.
    F32,
    F64,
    /// ITU-T G.711.
    ALaw,
    MuLaw,
}

/// How one sample is stored, with the order of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SampleFormat {
    pub(super) encoding: Encoding,
    pub(super) big_endian: bool,
}

impl SampleFormat {
    /// Signed integers of this many bytes.
    pub(super) fn signed(bytes: u32, big_endian: bool) -> Option<Self> {
        let encoding = match bytes {
            1 => Encoding::S8,
            2 => Encoding::S16,
            3 => Encoding::S24,
            4 => Encoding::S32,
            _ => return None,
        };
        Some(Self { encoding, big_endian })
    }

    /// IEEE floats of this many bytes.
    pub(super) fn float(bytes: u32, big_endian: bool) -> Option<Self> {
        match bytes {
            4 => Some(Self { encoding: Encoding::F32, big_endian }),
            8 => Some(Self { encoding: Encoding::F64, big_endian }),
            _ => None,
        }
    }

    /// A format of one byte a sample.
    pub(super) fn byte(encoding: Encoding) -> Self {
        Self { encoding, big_endian: false }
    }

    /// Bytes of one sample.
    pub(super) fn bytes(self) -> usize {
        match self.encoding {
            Encoding::U8 | Encoding::S8 | Encoding::ALaw | Encoding::MuLaw => 1,
            Encoding::S16 => 2,
            Encoding::S24 => 3,
            Encoding::S32 | Encoding::F32 => 4,
            Encoding::F64 => 8,
        }
    }

    /// FFmpeg's name of the codec.
    pub(super) fn codec_name(self) -> String {
        let order = if self.big_endian { "be" } else { "le" };
        match self.encoding {
            Encoding::U8 => "pcm_u8".to_owned(),
            Encoding::S8 => "pcm_s8".to_owned(),
            Encoding::ALaw => "pcm_alaw".to_owned(),
            Encoding::MuLaw => "pcm_mulaw".to_owned(),
            Encoding::S16 => format!("pcm_s16{order}"),
            Encoding::S24 => format!("pcm_s24{order}"),
            Encoding::S32 => format!("pcm_s32{order}"),
            Encoding::F32 => format!("pcm_f32{order}"),
            Encoding::F64 => format!("pcm_f64{order}"),
        }
    }
}
