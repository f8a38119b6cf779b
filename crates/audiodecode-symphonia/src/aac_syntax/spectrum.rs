use super::codebook::codebooks;
use super::cursor::Cursor;
use super::ics_info::IcsInfo;
use super::sections::Sections;

/// Goes past `spectral_data`. The order of windows within a group does not matter for that.
pub(super) fn skip_spectrum(cursor: &mut Cursor<'_>, info: &IcsInfo, sections: &Sections) -> Option<()> {
    let [_, spectral @ ..] = codebooks();
    for section in sections.iter() {
        // Zero, noise and intensity have no codewords.
        let Some(book) = usize::from(section.codebook).checked_sub(1).and_then(|index| spectral.get(index))
        else {
            continue;
        };
        let width = info.offset(usize::from(section.to)) - info.offset(usize::from(section.from));
        let lines = width * info.windows(usize::from(section.group));
        book.skip(cursor, lines / book.dimension)?;
    }
    Some(())
}
