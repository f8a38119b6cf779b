use crate::Header;
use crate::band_layout::{BandLayout, LAYOUTS, LINES, long_band_start};
use crate::bit_reader::BitReader;

/// How the lines of one granule of one channel become subband samples (ISO/IEC 11172-3 §2.4.2.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Block {
    /// One long transform, with this window: 0 normal, 1 start, 3 stop.
    Long(u8),
    /// The same, but for the two lowest subbands, which have the normal window.
    LongMixed(u8),
    /// Three short transforms.
    Short,
    /// The two lowest subbands as in `Long(0)`, the rest as in `Short`.
    Mixed,
    #[default]
    None,
}

/// Side information of one granule of one channel (ISO/IEC 11172-3 §2.4.1.7, 13818-3 §2.4.1.7).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChannelInfo {
    /// Bits of scale factors and lines together.
    pub(crate) part2_3_length: usize,
    /// Lines coded as pairs.
    pub(crate) pair_lines: usize,
    pub(crate) global_gain: i32,
    pub(crate) scale_factor_compress: u32,
    pub(crate) block: Block,
    /// Codes of the three regions of pairs.
    pub(crate) tables: [usize; 3],
    /// Where the first two regions end.
    pub(crate) region_ends: [usize; 2],
    pub(crate) subblock_gain: [u8; 3],
    pub(crate) preflag: bool,
    /// Whether scale factors count in steps of 2 instead of √2.
    pub(crate) coarse: bool,
    /// Which of the two codes the quadruples have.
    pub(crate) quads_b: bool,
}

impl ChannelInfo {
    /// The bands that its lines are scaled by.
    pub(crate) fn layout(&self, header: Header) -> &'static BandLayout {
        let layouts = LAYOUTS.get(header.rate_row()).unwrap_or(&LAYOUTS[0]);
        match self.block {
            Block::Short => &layouts.short,
            Block::Mixed => &layouts.mixed,
            Block::Long(_) | Block::LongMixed(_) | Block::None => &layouts.long,
        }
    }
}

/// What a frame says about its main data.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SideInfo {
    /// How far before the frame's own bytes its main data begins.
    pub(crate) main_data_begin: usize,
    /// Which groups of scale factors the second granule takes from the first, by channel.
    pub(crate) shared: [[bool; 4]; 2],
    /// By granule, then channel.
    pub(crate) granules: [[ChannelInfo; 2]; 2],
}

impl SideInfo {
    /// Reads the bytes behind header and checksum; `None` when they contradict themselves.
    pub(crate) fn parse(header: Header, bytes: &[u8]) -> Option<Self> {
        if bytes.len() < header.side_info_length() {
            return None;
        }
        let mut reader = BitReader::new(bytes, 0);
        let mut info = Self::default();
        let channels = header.channels();
        if header.is_mpeg1() {
            info.main_data_begin = reader.take(9) as usize;
            reader.take(if channels == 1 { 5 } else { 3 });
            for groups in info.shared.iter_mut().take(channels) {
                groups.fill_with(|| reader.flag());
            }
        } else {
            info.main_data_begin = reader.take(8) as usize;
            reader.take(channels as u32);
        }
        for granule in info.granules.iter_mut().take(header.granules()) {
            for channel in granule.iter_mut().take(channels) {
                *channel = read_channel(header, &mut reader)?;
            }
        }
        Some(info)
    }

    /// Whether both channels have the same kind of block in every granule.
    pub(crate) fn blocks_agree(&self) -> bool {
        self.granules.iter().all(|[first, second]| first.block == second.block)
    }

    /// Bits of all granules and channels.
    pub(crate) fn main_data_bits(&self) -> usize {
        self.granules.iter().flatten().map(|channel| channel.part2_3_length).sum()
    }
}

fn read_channel(header: Header, reader: &mut BitReader<'_>) -> Option<ChannelInfo> {
    let mut info = ChannelInfo {
        part2_3_length: reader.take(12) as usize,
        pair_lines: 2 * reader.take(9) as usize,
        global_gain: reader.take(8) as i32,
        scale_factor_compress: reader.take(if header.is_mpeg1() { 4 } else { 9 }),
        ..ChannelInfo::default()
    };
    if info.pair_lines > LINES {
        return None;
    }
    if reader.flag() {
        let kind = reader.take(2) as u8;
        let mixed = reader.flag();
        info.block = match (kind, mixed) {
            (0, _) => return None,
            (2, false) => Block::Short,
            // No encoder is known to write these, and no document says which bands they have.
            (2, true) if header.sample_rate() == 8_000 => return None,
            (2, true) => Block::Mixed,
            (kind, false) => Block::Long(kind),
            (kind, true) => Block::LongMixed(kind),
        };
        info.tables = [reader.take(5) as usize, reader.take(5) as usize, 0];
        info.subblock_gain.fill_with(|| reader.take(3) as u8);
        info.region_ends = [first_region_of_switched(header, info.block), LINES];
    } else {
        info.block = Block::Long(0);
        info.tables.fill_with(|| reader.take(5) as usize);
        let (first, second) = (reader.take(4) as usize, reader.take(3) as usize);
        let end = |band: usize| long_band_start(header.rate_row(), band);
        info.region_ends = [end(first + 1), end(first + second + 2)];
    }
    info.preflag = if header.is_mpeg1() { reader.flag() } else { info.scale_factor_compress >= 500 };
    info.coarse = reader.flag();
    info.quads_b = reader.flag();
    Some(info)
}

/// Lines of the first region where the window is not the normal one: eight long bands, or three short ones.
fn first_region_of_switched(header: Header, block: Block) -> usize {
    let eight_long = long_band_start(header.rate_row(), 8);
    match block {
        Block::Long(_) | Block::LongMixed(_) | Block::None => eight_long,
        Block::Short | Block::Mixed if header.sample_rate() == 8_000 => 72,
        Block::Short | Block::Mixed => 36,
    }
}
