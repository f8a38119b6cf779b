use std::collections::HashSet;

use audiodecode_aac::AacDecoder;

use crate::aac_config::AacConfig;
use crate::bits::Bits;

/// Whether packets of AAC carry spectral band replication without their header saying so.
///
/// SBR travels in a fill element behind the channel elements. Finding it from the front needs the whole spectrum decoded, so
/// it is found from the back: a fill element of type SBR that ends exactly where the packet's end element begins. By
/// chance that fits one packet of plain AAC in about 30, so it has to fit at least half of several different packets.
///
/// With more than two channels it may lie behind any of several elements, so there it is looked for from the front.
pub(crate) fn has_sbr<'a>(packets: impl Iterator<Item = &'a [u8]>, config: AacConfig) -> bool {
    let different: HashSet<&[u8]> = packets.filter(|packet| packet.len() > 4).collect();
    let fitting = if config.channels > 2 {
        let mut decoder = AacDecoder::new(config.sample_rate, config.channels);
        different.iter().filter(|packet| decoder.decode(packet).is_ok() && decoder.carried_sbr()).count()
    } else {
        different.iter().filter(|packet| ends_in_sbr(packet)).count()
    };
    fitting >= 2 && fitting * 2 >= different.len()
}

/// Whether the packet ends in: fill element with SBR data, perhaps one more fill element, end element, zeros.
fn ends_in_sbr(packet: &[u8]) -> bool {
    let Some(end) = end_element(packet) else { return false };
    fill_elements_before(packet, end)
        .any(|(start, is_sbr)| is_sbr || fill_elements_before(packet, start).any(|(_, is_sbr)| is_sbr))
}

/// Bit position of the end element (three ones before the zeros of byte alignment).
fn end_element(packet: &[u8]) -> Option<usize> {
    let last = packet.last()?;
    let total = packet.len() * 8;
    let zeros = last.trailing_zeros().min(8) as usize;
    let start = total.checked_sub(zeros + 3)?;
    (Bits::at(packet, start).read(3) == Some(7)).then_some(start)
}

/// Fill elements (identifier 6, 4 bits of length, 8 more after 15) that end at a bit position: start, and whether SBR.
fn fill_elements_before(packet: &[u8], end: usize) -> impl Iterator<Item = (usize, bool)> {
    (1..=269usize).filter_map(move |count| {
        let escape = if count >= 15 { 8 } else { 0 };
        let start = end.checked_sub(7 + escape + 8 * count)?;
        let mut bits = Bits::at(packet, start);
        let stated = (bits.read(3)? == 6).then(|| bits.read(4)).flatten()?;
        let length = if stated == 15 { 14 + bits.read(8)? as usize } else { stated as usize };
        if length != count || (stated == 15) != (escape == 8) {
            return None;
        }
        // EXT_SBR_DATA and EXT_SBR_DATA_CRC.
        Some((start, matches!(bits.read(4)?, 0xd | 0xe)))
    })
}
