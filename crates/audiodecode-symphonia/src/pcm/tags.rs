//! Tags of RIFF's `INFO` list and CAF's `info` chunk, by their Vorbis-comment names.

use super::bytes::Fields;

/// The text before the first NUL, trimmed; `None` when nothing is left. UTF-8, and Latin-1 when it is not that.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let bytes = &bytes[..end];
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The entries of a `LIST` chunk of type `INFO`.
pub(super) fn info_list_tags(list: &[u8], big_endian: bool) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let Some(mut rest) = list.strip_prefix(b"INFO") else { return tags };
    loop {
        let fields = Fields::new(rest, big_endian);
        let (Some(name), Some(size)) = (fields.array::<4>(0), fields.u32(4)) else { return tags };
        let size = size as usize;
        let body = rest.get(8..).unwrap_or(&[]);
        let value = text(&body[..size.min(body.len())]);
        if let (Some(key), Some(value)) = (info_key(name), value) {
            tags.push((key.to_owned(), value));
        }
        rest = body.get(size.saturating_add(size % 2)..).unwrap_or(&[]);
    }
}

fn info_key(name: [u8; 4]) -> Option<&'static str> {
    Some(match &name {
        b"INAM" => "title",
        b"IART" => "artist",
        b"IPRD" => "album",
        b"ICRD" => "date",
        b"IGNR" => "genre",
        b"ICMT" => "comment",
        b"ITRK" | b"IPRT" => "tracknumber",
        b"ICOP" => "copyright",
        b"ISFT" => "encoder",
        b"ILNG" => "language",
        b"IMUS" => "composer",
        _ => return None,
    })
}

/// The pairs of a CAF `info` chunk.
pub(super) fn caf_info_tags(chunk: &[u8]) -> Vec<(String, String)> {
    let strings: Vec<&[u8]> = chunk.get(4..).unwrap_or(&[]).split(|&byte| byte == 0).take(2 * 1024).collect();
    strings
        .chunks_exact(2)
        .filter_map(|pair| {
            let key = text(pair[0])?.to_lowercase();
            let key = match key.as_str() {
                "track number" => "tracknumber".to_owned(),
                "year" | "recorded date" => "date".to_owned(),
                "comments" => "comment".to_owned(),
                "encoding application" => "encoder".to_owned(),
                _ => key,
            };
            Some((key, text(pair[1])?))
        })
        .collect()
}
