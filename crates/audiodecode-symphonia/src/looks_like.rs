/// A format by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) name: &'static str,
    /// Whether this backend reads the format, so that failing to means that the file is broken.
    pub(crate) ours: bool,
}

/// What a file's first bytes look like, whether it can be decoded or not.
pub(crate) fn looks_like(head: &[u8]) -> Option<Look> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    let known: [(usize, &[u8], &str, bool); 29] = [
        (0, b"fLaC", "FLAC", true),
        (0, b"OggS", "Ogg", true),
        (4, b"ftyp", "MP4", true),
        (4, b"moov", "MP4", true),
        (4, b"mdat", "MP4", true),
        (0, b"\x1a\x45\xdf\xa3", "Matroska", true),
        (0, b"caff", "CAF", true),
        (8, b"WAVE", "WAV", true),
        (8, b"AIFF", "AIFF", true),
        (8, b"AIFC", "AIFF", true),
        (0, b"wvpk", "WavPack", false),
        (0, b"MAC ", "Monkey's Audio", false),
        (0, b"TTA1", "True Audio", false),
        (0, b"MPCK", "Musepack", false),
        (0, b"MP+", "Musepack", false),
        (0, b"\x30\x26\xb2\x75", "Windows Media (ASF)", false),
        (0, b"#!AMR", "AMR", false),
        (0, b".snd", "AU", false),
        (0, b"DSD ", "DSD", false),
        (0, b"FRM8", "DSD", false),
        (0, b"\x0b\x77", "AC-3", false),
        (0, b"\x7f\xfe\x80\x01", "DTS", false),
        (0, b"MThd", "MIDI", false),
        (0, b"riff\x2e\x91\xcf\x11", "Wave64", false),
        (0, b"RIFF", "RIFF", false),
        (0, b"FLV", "Flash video", false),
        (0, b"\x89PNG", "a PNG image", false),
        (0, b"\xff\xd8\xff", "a JPEG image", false),
        (0, b"PK\x03\x04", "a ZIP archive", false),
    ];
    known.iter().find(|(offset, bytes, ..)| at(*offset, bytes)).map(|&(_, _, name, ours)| Look { name, ours })
}
