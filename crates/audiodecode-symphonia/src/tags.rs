use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{RawValue, StandardTag, Tag};

/// Longest text kept of one tag; lyrics fit, a picture in base64 does not.
const MAX_TEXT: usize = 1 << 16;
/// Most tags kept.
const MAX_TAGS: usize = 256;

/// All text tags of a file by their lower-case Vorbis-comment names, in the file's order, duplicates kept.
pub(crate) fn read_tags(format: &mut dyn FormatReader, track: u32) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let mut metadata = format.metadata();
    while let Some(newer) = metadata.pop() {
        collect(&newer.media.tags, &mut tags);
        newer
            .per_track
            .iter()
            .filter(|t| t.track_id == u64::from(track))
            .for_each(|t| collect(&t.metadata.tags, &mut tags));
    }
    if let Some(revision) = metadata.current() {
        collect(&revision.media.tags, &mut tags);
        let own = revision.per_track.iter().filter(|t| t.track_id == u64::from(track));
        own.for_each(|t| collect(&t.metadata.tags, &mut tags));
    }
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(MAX_TAGS);
    tags
}

fn collect(from: &[Tag], into: &mut Vec<(String, String)>) {
    for tag in from {
        let name = tag.std.as_ref().and_then(standard_name);
        let name = name.map_or_else(|| raw_name(&tag.raw.key), |name| Some(name.to_owned()));
        if let (Some(name), Some(value)) = (name, text(tag)) {
            into.push((name, value));
        }
    }
}

/// Keys that are words already are kept; codes like `TXXX` or `----` that nobody can read are not.
fn raw_name(key: &str) -> Option<String> {
    let word = key.len() >= 3
        && key.len() <= 64
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b' ');
    word.then(|| key.to_ascii_lowercase())
}

fn text(tag: &Tag) -> Option<String> {
    let mut text = match &tag.raw.value {
        RawValue::String(value) => value.to_string(),
        RawValue::StringList(values) => values.join("; "),
        RawValue::UnsignedInt(value) => value.to_string(),
        RawValue::SignedInt(value) => value.to_string(),
        RawValue::Float(value) => value.to_string(),
        RawValue::Boolean(value) => u8::from(*value).to_string(),
        _ => return None,
    };
    // A track of "3/12" comes as two standard tags from one raw one.
    match &tag.std {
        Some(StandardTag::TrackNumber(n) | StandardTag::TrackTotal(n)) => text = n.to_string(),
        Some(StandardTag::DiscNumber(n) | StandardTag::DiscTotal(n)) => text = n.to_string(),
        _ => {}
    }
    if text.len() > MAX_TEXT {
        return None;
    }
    let text = text.trim_end_matches('\0');
    (!text.is_empty()).then(|| text.to_owned())
}

fn standard_name(tag: &StandardTag) -> Option<&'static str> {
    Some(match tag {
        StandardTag::TrackTitle(_) | StandardTag::MovieTitle(_) => "title",
        StandardTag::Artist(_) => "artist",
        StandardTag::Album(_) => "album",
        StandardTag::AlbumArtist(_) => "albumartist",
        StandardTag::TrackNumber(_) => "tracknumber",
        StandardTag::TrackTotal(_) => "tracktotal",
        StandardTag::DiscNumber(_) => "discnumber",
        StandardTag::DiscTotal(_) => "disctotal",
        StandardTag::ReleaseDate(_) | StandardTag::RecordingDate(_) | StandardTag::ReleaseYear(_) => "date",
        StandardTag::RecordingYear(_) => "date",
        StandardTag::Genre(_) => "genre",
        StandardTag::Comment(_) => "comment",
        StandardTag::Composer(_) => "composer",
        StandardTag::Performer(_) => "performer",
        StandardTag::Conductor(_) => "conductor",
        StandardTag::Lyrics(_) => "lyrics",
        StandardTag::Lyricist(_) => "lyricist",
        StandardTag::Copyright(_) => "copyright",
        StandardTag::License(_) => "license",
        StandardTag::Description(_) => "description",
        StandardTag::Encoder(_) => "encoder",
        StandardTag::EncodedBy(_) => "encoded-by",
        StandardTag::IdentIsrc(_) => "isrc",
        StandardTag::Bpm(_) => "bpm",
        StandardTag::Language(_) => "language",
        StandardTag::Label(_) => "organization",
        StandardTag::Grouping(_) => "grouping",
        StandardTag::ReplayGainTrackGain(_) => "replaygain_track_gain",
        StandardTag::ReplayGainTrackPeak(_) => "replaygain_track_peak",
        StandardTag::ReplayGainAlbumGain(_) => "replaygain_album_gain",
        StandardTag::ReplayGainAlbumPeak(_) => "replaygain_album_peak",
        StandardTag::MusicBrainzTrackId(_) => "musicbrainz_trackid",
        StandardTag::MusicBrainzAlbumId(_) => "musicbrainz_albumid",
        StandardTag::MusicBrainzArtistId(_) => "musicbrainz_artistid",
        _ => return None,
    })
}
