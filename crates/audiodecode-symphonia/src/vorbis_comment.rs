/// Most comments kept, and the longest one: lyrics fit, a picture in base64 does not.
const MAX_COMMENTS: usize = 256;
const MAX_TEXT: usize = 1 << 16;

/// The comments of a Vorbis comment block as (lower-case name, value), broken ones left out.
pub(crate) fn parse_vorbis_comment(bytes: &[u8]) -> Vec<(String, String)> {
    let mut rest = bytes;
    let mut tags = Vec::new();
    let Some(_vendor) = take(&mut rest) else { return tags };
    let Some(count) = number(&mut rest) else { return tags };
    for _ in 0..count {
        let Some(comment) = take(&mut rest) else { break };
        if comment.len() > MAX_TEXT {
            continue;
        }
        let text = String::from_utf8_lossy(comment);
        if let Some((name, value)) = text.split_once('=') {
            let name = name.to_ascii_lowercase();
            if !name.is_empty() && !value.is_empty() && name != "metadata_block_picture" {
                tags.push((name, value.to_owned()));
            }
        }
        if tags.len() >= MAX_COMMENTS {
            break;
        }
    }
    tags
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (head, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    Some(u32::from_le_bytes(*head))
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(rest)? as usize;
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_lower_case_and_lengths_that_lie_end_the_list() {
        let mut bytes = vec![1, 0, 0, 0, b'v', 2, 0, 0, 0, 7, 0, 0, 0];
        bytes.extend_from_slice(b"TITLE=x");
        bytes.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, b'A']);
        assert_eq!(parse_vorbis_comment(&bytes), [("title".to_owned(), "x".to_owned())]);
    }
}
