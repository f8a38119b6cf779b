use crate::raw_block::id;

/// Which element has to begin where so many channels are already read (ISO/IEC 14496-3, table 1.19): the centre, then pairs from
/// front to back, then the back centre of four channels or the low frequencies of six and eight.
///
/// Mono and stereo take what comes: there is no place to put it wrongly.
pub(crate) fn is_in_order(channels: usize, read: usize, element: u32) -> bool {
    match (channels, read) {
        (..=2, _) => true,
        (_, 0) => element == id::SINGLE,
        _ if read + 1 < channels => element == id::PAIR,
        (4, _) => element == id::SINGLE,
        _ => element == id::LOW_FREQUENCY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_configuration_has_one_order_of_elements() {
        let orders: [(usize, &[u32]); 5] = [
            (3, &[id::SINGLE, id::PAIR]),
            (4, &[id::SINGLE, id::PAIR, id::SINGLE]),
            (5, &[id::SINGLE, id::PAIR, id::PAIR]),
            (6, &[id::SINGLE, id::PAIR, id::PAIR, id::LOW_FREQUENCY]),
            (8, &[id::SINGLE, id::PAIR, id::PAIR, id::PAIR, id::LOW_FREQUENCY]),
        ];
        for (channels, order) in orders {
            let mut read = 0;
            for &due in order {
                for element in [id::SINGLE, id::PAIR, id::LOW_FREQUENCY] {
                    assert_eq!(
                        is_in_order(channels, read, element),
                        element == due,
                        "{channels} after {read}"
                    );
                }
                read += if due == id::PAIR { 2 } else { 1 };
            }
            assert_eq!(read, channels);
        }
    }
}
