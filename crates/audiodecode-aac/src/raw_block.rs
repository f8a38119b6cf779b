use crate::bands::Bands;
use crate::bit_reader::BitReader;
use crate::channel_stream::ChannelStream;
use crate::element_order::is_in_order;
use crate::ics_info::IcsInfo;
use crate::joint_stereo::Mask;
use crate::noise::Noise;

/// What the elements of a `raw_data_block` begin with (ISO/IEC 14496-3, table 4.85).
pub(crate) mod id {
    pub(crate) const SINGLE: u32 = 0;
    pub(crate) const PAIR: u32 = 1;
    pub(crate) const COUPLING: u32 = 2;
    pub(crate) const LOW_FREQUENCY: u32 = 3;
    pub(crate) const DATA: u32 = 4;
    pub(crate) const PROGRAM: u32 = 5;
    pub(crate) const FILL: u32 = 6;
}

const TOO_MANY: &str = "the stream changes to more channels here";

/// What a packet had beside the samples of its channels.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RawBlock {
    pub(crate) channels: usize,
    /// Whether there is spectral band replication in it, which is passed over.
    pub(crate) sbr: bool,
}

/// Reads the channels of a packet, in the order in which it has them, and returns how many there are.
pub(crate) fn read_raw_block(
    packet: &[u8],
    bands: Bands,
    channels: &mut [ChannelStream],
) -> Result<RawBlock, &'static str> {
    let (mut reader, mut noise) = (BitReader::new(packet), Noise::of(packet));
    let (mut count, mut sbr) = (0, false);
    // Some packets end without an end element.
    while reader.left() > 3 {
        let element = reader.read(3);
        let has_channels = matches!(element, id::SINGLE | id::PAIR | id::LOW_FREQUENCY);
        if has_channels && count < channels.len() && !is_in_order(channels.len(), count, element) {
            return Err("the channels are not in the order of their configuration");
        }
        match element {
            id::SINGLE | id::LOW_FREQUENCY => {
                reader.read(4);
                let channel = channels.get_mut(count).ok_or(TOO_MANY)?;
                channel.read(&mut reader, bands, None, &mut noise)?;
                count += 1;
            }
            id::PAIR => {
                reader.read(4);
                let [left, right] = channels.get_mut(count..count + 2).ok_or(TOO_MANY)? else {
                    return Err(TOO_MANY);
                };
                read_pair(&mut reader, bands, left, right, &mut noise)?;
                count += 2;
            }
            id::COUPLING => return Err("coupling channels are not decoded"),
            id::DATA => skip_data(&mut reader),
            id::PROGRAM => skip_program(&mut reader),
            id::FILL => sbr |= skip_fill(&mut reader),
            // ID_END.
            _ => break,
        }
        reader.check()?;
    }
    Ok(RawBlock { channels: count, sbr })
}

/// `channel_pair_element`.
fn read_pair(
    reader: &mut BitReader<'_>,
    bands: Bands,
    left: &mut ChannelStream,
    right: &mut ChannelStream,
    noise: &mut Noise<'_>,
) -> Result<(), &'static str> {
    if !reader.flag() {
        left.read(reader, bands, None, noise)?;
        return right.read(reader, bands, None, noise);
    }
    let info = IcsInfo::read(reader, bands)?;
    let mask = Mask::read(reader, &info)?;
    left.read(reader, bands, Some(info), noise)?;
    right.read(reader, bands, Some(info), noise)?;
    mask.apply(left, right);
    Ok(())
}

/// `data_stream_element`.
fn skip_data(reader: &mut BitReader<'_>) {
    reader.read(4);
    let aligned = reader.flag();
    let mut count = reader.read(8);
    if count == 255 {
        count += reader.read(8);
    }
    if aligned {
        reader.align();
    }
    reader.skip_bytes(count);
}

/// `program_config_element`: what the channels are for is the container's business.
fn skip_program(reader: &mut BitReader<'_>) {
    // The instance, the object type and the sampling frequency.
    reader.read(4 + 2 + 4);
    let [front, side, back, low, data, coupling] = [4, 4, 4, 2, 3, 4].map(|bits| reader.read(bits));
    // Mixdowns in mono, in stereo and of a matrix.
    for bits in [4, 4, 3] {
        if reader.flag() {
            reader.read(bits);
        }
    }
    for (count, bits) in [(front + side + back, 5), (low + data, 4), (coupling, 5)] {
        for _ in 0..count {
            reader.read(bits);
        }
    }
    reader.align();
    let comment = reader.read(8);
    reader.skip_bytes(comment);
}

/// `fill_element`. Whether it holds spectral band replication (`EXT_SBR_DATA`, `EXT_SBR_DATA_CRC`; table 4.121).
fn skip_fill(reader: &mut BitReader<'_>) -> bool {
    let mut count = reader.read(4);
    if count == 15 {
        count += reader.read(8);
        count = count.saturating_sub(1);
    }
    let Some(rest) = count.checked_sub(1) else { return false };
    let kind = reader.read(4);
    reader.read(4);
    reader.skip_bytes(rest);
    matches!(kind, 0xd | 0xe)
}
