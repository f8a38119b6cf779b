use super::bands::Bands;
use super::cursor::Cursor;

/// How a channel's spectrum is divided (`ics_info`).
#[derive(Clone, Copy, Debug)]
pub(super) struct IcsInfo {
    /// One long window, not eight short ones.
    pub(super) long: bool,
    /// Scale factor bands that are transmitted.
    pub(super) max_sfb: usize,
    /// Windows in each group.
    pub(super) group_lengths: [u8; 8],
    pub(super) groups: usize,
    /// Where bands begin; one more than there are bands.
    pub(super) offsets: &'static [u16],
}

/// Windows of `window_sequence` 2.
const EIGHT_SHORT: u32 = 2;

impl IcsInfo {
    pub(super) fn read(cursor: &mut Cursor<'_>, bands: Bands) -> Option<Self> {
        if cursor.flag()? {
            // Reserved.
            return None;
        }
        let sequence = cursor.read(2)?;
        let _window_shape = cursor.read(1)?;
        let mut info = Self { long: true, max_sfb: 0, group_lengths: [1; 8], groups: 1, offsets: bands.long };
        if sequence == EIGHT_SHORT {
            (info.long, info.offsets) = (false, bands.short);
            info.max_sfb = cursor.read(4)? as usize;
            let grouping = cursor.read(7)?;
            for window in 1..8 {
                if grouping >> (7 - window) & 1 == 1 {
                    info.group_lengths[info.groups - 1] += 1;
                } else {
                    info.groups += 1;
                }
            }
        } else {
            info.max_sfb = cursor.read(6)? as usize;
            if cursor.flag()? {
                // Prediction belongs to other object types.
                return None;
            }
        }
        (info.max_sfb < info.offsets.len()).then_some(info)
    }

    /// Windows in a group.
    pub(super) fn windows(&self, group: usize) -> usize {
        self.group_lengths.get(group).map_or(0, |&windows| usize::from(windows))
    }

    /// First line of a band.
    pub(super) fn offset(&self, band: usize) -> usize {
        self.offsets.get(band).map_or(0, |&offset| usize::from(offset))
    }
}
