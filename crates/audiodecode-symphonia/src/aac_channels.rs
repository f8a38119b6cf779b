/// Number of channels of a channel configuration (ISO/IEC 14496-3, table 1.19); `None` for a map in the stream and what is
/// reserved.
pub(crate) fn channel_count(configuration: u32) -> Option<usize> {
    match configuration {
        1..=6 => Some(configuration as usize),
        7 => Some(8),
        _ => None,
    }
}

/// The usual name of so many channels of AAC.
pub(crate) fn aac_layout(channels: usize) -> Option<&'static str> {
    Some(match channels {
        1 => "mono",
        2 => "stereo",
        3 => "3.0",
        4 => "4.0",
        5 => "5.0",
        6 => "5.1",
        8 => "7.1",
        _ => return None,
    })
}

/// Where a packet has the channel that belongs to a place in the order of WAV: front left, right, centre, LFE, back, side.
///
/// A packet begins with the centre, goes on with pairs and ends with the back centre or the LFE. The second pair of eight
/// channels should, by the standard, be the outer ones of two pairs in front. Encoders took it for the sides all the same,
/// and decoders came to do so, too: FFmpeg does unless told to be strict.
pub(crate) fn packet_channel(channels: usize, place: usize) -> usize {
    let order: &[usize] = match channels {
        3 => &[1, 2, 0],
        4 => &[1, 2, 0, 3],
        5 => &[1, 2, 0, 3, 4],
        6 => &[1, 2, 0, 5, 3, 4],
        8 => &[1, 2, 0, 7, 5, 6, 3, 4],
        _ => &[],
    };
    order.get(place).copied().unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_every_configuration_has_its_name_in_the_packet() {
        let packets: [&[&str]; 7] = [
            &["C"],
            &["FL", "FR"],
            &["FC", "FL", "FR"],
            &["FC", "FL", "FR", "BC"],
            &["FC", "FL", "FR", "BL", "BR"],
            &["FC", "FL", "FR", "BL", "BR", "LFE"],
            &["FC", "FL", "FR", "SL", "SR", "BL", "BR", "LFE"],
        ];
        // Bits of dwChannelMask, whose order is that of WAV.
        let wave = ["FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR", "C"];
        for (configuration, packet) in (1..).zip(packets) {
            assert_eq!(channel_count(configuration), Some(packet.len()));
            let found = (0..packet.len()).map(|place| packet[packet_channel(packet.len(), place)]);
            let expected = wave.into_iter().filter(|name| packet.contains(name));
            assert!(found.eq(expected), "configuration {configuration}");
            assert!(aac_layout(packet.len()).is_some());
        }
        assert_eq!([0, 8, 11].map(channel_count), [None; 3]);
    }
}
