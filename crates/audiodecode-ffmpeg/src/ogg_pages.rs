use audiodecode_containers::{ReadWindow, next_page};
use audiodecode_pipeline::{CancelFlag, Input, Result};

/// Damaged places remembered.
const MAX_SPANS: usize = 1000;

/// What the pages of an Ogg file tell, by its only stream.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct OggPages {
    /// One stream alone, without others beside or behind it.
    pub(crate) single: bool,
    /// The last page is whole, and marked as the last.
    pub(crate) ended: bool,
    /// Granule position of the last page that has one.
    pub(crate) last_granule: u64,
    /// Pages that are missing or broken: the granule positions around them, and where in the file.
    pub(crate) damaged: Vec<(u64, u64, u64)>,
}

/// Walks through all pages, checksums included: FFmpeg leaves out pages that fail theirs and says nothing.
pub(crate) fn walk(input: &Input, cancel: &CancelFlag) -> Result<OggPages> {
    let mut pages = OggPages { single: true, ..OggPages::default() };
    let mut window = ReadWindow::new(input.clone());
    let (mut at, mut serial, mut next) = (0, None, None);
    while let Some(page) = next_page(&mut window, at, 0)? {
        cancel.check()?;
        // Where sound page after page was left.
        let broken = (page.at > at).then_some(at);
        let first = *serial.get_or_insert(page.serial);
        let granule = u64::try_from(page.granule).unwrap_or(pages.last_granule);
        pages.single &= page.serial == first;
        let in_order = next.is_none_or(|next| next == page.sequence);
        if page.serial == first && (broken.is_some() || !in_order) && pages.damaged.len() < MAX_SPANS {
            pages.damaged.push((pages.last_granule, granule, broken.unwrap_or(page.at)));
        }
        next = Some(page.sequence.wrapping_add(1));
        pages.last_granule = granule;
        pages.ended = page.last;
        at = page.end();
    }
    pages.ended &= at >= input.len();
    Ok(pages)
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn walked(bytes: &[u8]) -> OggPages {
        walk(&Input::from_bytes(bytes), &CancelFlag::default()).expect("bytes can be read")
    }

    fn vorbis() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/vorbis.ogg"))
            .expect("fixture")
    }

    #[test]
    fn a_whole_file_ends_where_its_last_page_says() {
        let pages = walked(&vorbis());
        assert_eq!(pages, OggPages { single: true, ended: true, last_granule: 22_050, damaged: vec![] });
    }

    #[test]
    fn a_byte_too_few_is_an_end_too_early_and_a_changed_one_is_damage_in_its_place() {
        let whole = vorbis();
        assert!(!walked(&whole[..whole.len() - 1]).ended);
        let mut broken = whole.clone();
        let last = whole.windows(4).rposition(|four| four == b"OggS").expect("a page");
        let at = last - 10;
        broken[at] ^= 1;
        let pages = walked(&broken);
        let [(from, to, place)] = pages.damaged[..] else { panic!("{pages:?}") };
        assert!(from < to && to <= 22_050 && place <= at as u64, "{pages:?}");
    }

    #[test]
    fn a_second_stream_is_seen() {
        let twice = [
            vorbis(),
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/opus.opus"))
                .expect("fixture"),
        ];
        assert!(!walked(&twice.concat()).single);
    }
}
