use super::cursor::Cursor;
use super::ics_info::IcsInfo;

/// Codebook numbers that stand for no codewords (ISO/IEC 14496-3, table 4.151).
pub(super) const ZERO: u8 = 0;
const RESERVED: u8 = 12;
pub(super) const NOISE: u8 = 13;

/// Bands in a row that share a codebook.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Section {
    pub(super) codebook: u8,
    pub(super) group: u8,
    pub(super) from: u8,
    pub(super) to: u8,
}

/// The sections of a channel (`section_data`): at most 51 of a long window, 8 times 15 of short ones.
#[derive(Clone, Debug)]
pub(super) struct Sections {
    list: [Section; 120],
    count: usize,
    /// Whether one of them is noise.
    pub(super) noise: bool,
}

impl Sections {
    pub(super) fn read(cursor: &mut Cursor<'_>, info: &IcsInfo) -> Option<Self> {
        let mut sections = Self { list: [Section::default(); 120], count: 0, noise: false };
        let width = if info.long { 5 } else { 3 };
        let escape = (1 << width) - 1;
        for group in 0..info.groups {
            let mut from = 0;
            while from < info.max_sfb {
                let codebook = cursor.read(4)? as u8;
                let mut to = from;
                loop {
                    let more = cursor.read(width)?;
                    to += more as usize;
                    if more != escape || to > info.max_sfb {
                        break;
                    }
                }
                // No encoder writes empty sections; a decoder may give up after some of them.
                if codebook == RESERVED || to == from || to > info.max_sfb {
                    return None;
                }
                sections.noise |= codebook == NOISE;
                let slot = sections.list.get_mut(sections.count)?;
                *slot = Section { codebook, group: group as u8, from: from as u8, to: to as u8 };
                sections.count += 1;
                from = to;
            }
        }
        Some(sections)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Section> {
        self.list.iter().take(self.count)
    }
}
