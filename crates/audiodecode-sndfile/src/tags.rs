use crate::handle::Handle;

/// Longest text kept of one tag; lyrics fit, a picture in base64 does not.
const MAX_TEXT: usize = 1 << 16;

/// `SF_STR_*` by their Vorbis-comment names.
const NAMES: [(std::ffi::c_int, &str); 10] = [
    (0x01, "title"),
    (0x04, "artist"),
    (0x07, "album"),
    (0x09, "tracknumber"),
    (0x06, "date"),
    (0x10, "genre"),
    (0x05, "comment"),
    (0x02, "copyright"),
    (0x08, "license"),
    (0x03, "encoder"),
];

/// The texts that libsndfile found, by their lower-case Vorbis-comment names.
pub(crate) fn read_tags(handle: &mut Handle) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    for (kind, name) in NAMES {
        let Some(value) = handle.string(kind) else { continue };
        let value = value.trim();
        if !value.is_empty() && value.len() <= MAX_TEXT {
            tags.push((name.to_owned(), value.to_owned()));
        }
    }
    tags
}
