use super::bands::{Bands, bands};
use super::channel_stream::ChannelStream;
use super::cursor::Cursor;
use super::ics_info::IcsInfo;

/// How far a block is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Until it is known which tools the channels use: the second one's spectrum, or the only one's, is left alone.
    Tools,
    /// To the end element, with at most padding behind it.
    #[cfg(test)]
    Whole,
}

/// What the elements of a `raw_data_block` begin with (ISO/IEC 14496-3, table 4.85).
mod id {
    pub(super) const SINGLE: u32 = 0;
    pub(super) const PAIR: u32 = 1;
    pub(super) const LOW_FREQUENCY: u32 = 3;
    pub(super) const DATA: u32 = 4;
    pub(super) const FILL: u32 = 6;
    #[cfg(test)]
    pub(super) const END: u32 = 7;
}

/// Whether one of the channels of a block uses noise substitution; `None` when the block is not one of AAC-LC in mono, or in
/// stereo as a pair.
///
/// Coupling channels and program configurations are not what the decoder takes either.
pub(crate) fn read_raw_block(packet: &[u8], rate_index: u8, pair: bool, extent: Extent) -> Option<bool> {
    let bands = bands(rate_index)?;
    let mut cursor = Cursor::new(packet);
    loop {
        match (cursor.read(3)?, pair) {
            (id::SINGLE | id::LOW_FREQUENCY, false) => {
                cursor.read(4)?;
                let noise = read_single(&mut cursor, bands, extent)?;
                return finish(cursor, noise, extent);
            }
            (id::PAIR, true) => {
                cursor.read(4)?;
                let noise = read_pair(&mut cursor, bands, extent)?;
                return finish(cursor, noise, extent);
            }
            (id::DATA, _) => skip_data(&mut cursor)?,
            (id::FILL, _) => skip_fill(&mut cursor)?,
            _ => return None,
        }
    }
}

fn read_single(cursor: &mut Cursor<'_>, bands: Bands, extent: Extent) -> Option<bool> {
    let channel = ChannelStream::read(cursor, bands, None)?;
    if channel.noise() && extent == Extent::Tools {
        return Some(true);
    }
    channel.skip_side_data(cursor)?;
    if extent != Extent::Tools {
        channel.skip_rest(cursor)?;
    }
    Some(channel.noise())
}

/// `channel_pair_element`.
fn read_pair(cursor: &mut Cursor<'_>, bands: Bands, extent: Extent) -> Option<bool> {
    let common = if cursor.flag()? { Some(read_common(cursor, bands)?) } else { None };
    let first = ChannelStream::read(cursor, bands, common)?;
    if first.noise() && extent == Extent::Tools {
        return Some(true);
    }
    first.skip_side_data(cursor)?;
    first.skip_rest(cursor)?;
    let second = ChannelStream::read(cursor, bands, common)?;
    if second.noise() && extent == Extent::Tools {
        return Some(true);
    }
    second.skip_side_data(cursor)?;
    if extent != Extent::Tools {
        second.skip_rest(cursor)?;
    }
    Some(first.noise() || second.noise())
}

/// What both channels of a pair share, with `ms_mask_present` and the mask behind it.
fn read_common(cursor: &mut Cursor<'_>, bands: Bands) -> Option<IcsInfo> {
    let info = IcsInfo::read(cursor, bands)?;
    match cursor.read(2)? {
        0 | 2 => {}
        1 => cursor.skip(info.groups * info.max_sfb),
        _ => return None,
    }
    cursor.within()?;
    Some(info)
}

/// `data_stream_element`.
fn skip_data(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.read(4)?;
    let aligned = cursor.flag()?;
    let mut count = cursor.read(8)?;
    if count == 255 {
        count += cursor.read(8)?;
    }
    if aligned {
        cursor.align();
    }
    cursor.skip(count as usize * 8);
    cursor.within()
}

/// `fill_element`.
fn skip_fill(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut count = cursor.read(4)?;
    if count == 15 {
        count += cursor.read(8)?;
        count = count.saturating_sub(1);
    }
    cursor.skip(count as usize * 8);
    cursor.within()
}

#[cfg(not(test))]
fn finish(_: Cursor<'_>, noise: bool, _: Extent) -> Option<bool> {
    Some(noise)
}

/// Behind the channels, only data, fill and then the end may follow.
#[cfg(test)]
fn finish(mut cursor: Cursor<'_>, noise: bool, extent: Extent) -> Option<bool> {
    if extent == Extent::Tools {
        return Some(noise);
    }
    loop {
        match cursor.read(3)? {
            id::DATA => skip_data(&mut cursor)?,
            id::FILL => skip_fill(&mut cursor)?,
            id::END => return (cursor.left() < 8).then_some(noise),
            _ => return None,
        }
    }
}
