use audiodecode_pipeline::{Input, Result};

use super::genres::genre_name;
use super::id3v2::read_id3v2;
use super::tag_bounds::{TrailingTags, id3v2_length};
use super::tag_list::TagList;

/// Largest APEv2 tag that is read.
const MAX_APE_BYTES: u64 = 1 << 20;
/// Tags in a row at the beginning that are read.
const MAX_LEADING_TAGS: u32 = 8;

/// The tags of a file: ID3v2 wherever it stands, then what only APEv2 says, then what only ID3v1 says.
pub(super) fn read_tags(input: &Input, trailing: &TrailingTags) -> Result<Vec<(String, String)>> {
    let mut tags = TagList::default();
    let mut position = 0;
    for _ in 0..MAX_LEADING_TAGS {
        let mut header = [0; 10];
        let count = input.read_at(position, &mut header)?;
        let Some(length) = id3v2_length(&header[..count]) else { break };
        read_id3v2(input, position, &mut tags)?;
        position += length;
    }
    if let Some(at) = trailing.id3v2 {
        read_id3v2(input, at, &mut tags)?;
    }
    if let Some(footer) = trailing.ape_footer {
        tags.fill_from(read_ape(input, footer)?);
    }
    if let Some(at) = trailing.id3v1 {
        tags.fill_from(read_id3v1(input, at)?);
    }
    Ok(tags.into_vec())
}

/// The text items of the APEv2 tag that ends with this footer (hydrogenaud.io, APEv2 specification).
fn read_ape(input: &Input, footer: u64) -> Result<TagList> {
    let mut tags = TagList::default();
    let mut head = [0; 32];
    if input.read_at(footer, &mut head)? < head.len() {
        return Ok(tags);
    }
    let size = u64::from(le32(&head, 12).unwrap_or(0)).saturating_sub(32);
    if size > MAX_APE_BYTES || size > footer {
        return Ok(tags);
    }
    let mut items = vec![0; size as usize];
    let count = input.read_at(footer - size, &mut items)?;
    let mut rest = &items[..count];
    for _ in 0..le32(&head, 16).unwrap_or(0).min(1024) {
        let (Some(length), Some(flags)) = (le32(rest, 0), le32(rest, 4)) else { break };
        let named = rest.get(8..).unwrap_or(&[]);
        let Some(end) = named.iter().take(256).position(|&byte| byte == 0) else { break };
        let value = named.get(end + 1..).unwrap_or(&[]);
        let Some(content) = value.get(..length as usize) else { break };
        rest = &value[content.len()..];
        // Bits 1 and 2: 0 is UTF-8 text.
        if flags & 6 == 0 {
            let key = ape_key(&String::from_utf8_lossy(&named[..end]).to_lowercase());
            for text in String::from_utf8_lossy(content).split('\0') {
                match key.as_str() {
                    "tracknumber" => tags.add_pair(&key, "tracktotal", text),
                    "discnumber" => tags.add_pair(&key, "disctotal", text),
                    _ => tags.add(&key, text),
                }
            }
        }
    }
    Ok(tags)
}

fn ape_key(key: &str) -> String {
    match key {
        "track" => "tracknumber",
        "disc" => "discnumber",
        "year" => "date",
        "album artist" => "albumartist",
        other => other,
    }
    .to_owned()
}

/// The fields of an ID3v1 or 1.1 tag.
fn read_id3v1(input: &Input, at: u64) -> Result<TagList> {
    let mut tags = TagList::default();
    let mut tag = [0; 128];
    if input.read_at(at, &mut tag)? < tag.len() {
        return Ok(tags);
    }
    for (key, field) in
        [("title", 3..33), ("artist", 33..63), ("album", 63..93), ("date", 93..97), ("comment", 97..127)]
    {
        let field = &tag[field];
        let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
        let value: String = field[..end].iter().map(|&byte| char::from(byte)).collect();
        tags.add(key, &value);
    }
    if tag[125] == 0 && tag[126] != 0 {
        tags.add("tracknumber", &tag[126].to_string());
    }
    if let Some(genre) = genre_name(tag[127]) {
        tags.add("genre", genre);
    }
    Ok(tags)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|four| u32::from_le_bytes(*four))
}
