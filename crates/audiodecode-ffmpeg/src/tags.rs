/// Tags as this project names them: lower case, by their Vorbis-comment names. What a container says of itself is left out.
pub(crate) fn tags(found: &[(String, String)]) -> Vec<(String, String)> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for (key, value) in found {
        let key = key.to_ascii_lowercase();
        let name = match key.as_str() {
            "track" => "tracknumber",
            "disc" => "discnumber",
            "album_artist" => "albumartist",
            "itunsmpb" | "major_brand" | "minor_version" | "compatible_brands" | "handler_name"
            | "vendor_id" => continue,
            other => other,
        };
        if value.is_empty() || tags.iter().any(|tag| tag.0 == name && tag.1 == *value) {
            continue;
        }
        tags.push((name.into(), value.clone()));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_vorbis_comments_and_repetitions_are_dropped() {
        let found = [("TITLE", "A"), ("title", "A"), ("track", "3"), ("major_brand", "M4A "), ("ARTIST", "")];
        let found = found.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let wanted =
            [("title", "A"), ("tracknumber", "3")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(tags(&found), wanted);
    }
}
