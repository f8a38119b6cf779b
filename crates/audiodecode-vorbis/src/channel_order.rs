/// Where Vorbis' channels (4.3.9) lie in the order of WAV: front left, right, centre, LFE, back, side. Beyond eight the order is
/// the application's.
pub(crate) fn wave_position(channels: usize, channel: usize) -> usize {
    let order: &[usize] = match channels {
        3 => &[0, 2, 1],
        5 => &[0, 2, 1, 3, 4],
        6 => &[0, 2, 1, 4, 5, 3],
        // The back centre of 6.1 comes before the sides.
        7 => &[0, 2, 1, 5, 6, 4, 3],
        8 => &[0, 2, 1, 6, 7, 4, 5, 3],
        _ => &[],
    };
    order.get(channel).copied().unwrap_or(channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_has_a_place_of_its_own() {
        for channels in 1..=255 {
            let mut places: Vec<usize> =
                (0..channels).map(|channel| wave_position(channels, channel)).collect();
            places.sort_unstable();
            assert!(places.into_iter().eq(0..channels), "{channels} channels");
        }
    }

    #[test]
    fn five_point_one_is_in_the_order_of_wav() {
        let vorbis = ["FL", "FC", "FR", "BL", "BR", "LFE"];
        let mut wave = [""; 6];
        vorbis.iter().enumerate().for_each(|(channel, name)| wave[wave_position(6, channel)] = name);
        assert_eq!(wave, ["FL", "FR", "FC", "LFE", "BL", "BR"]);
    }
}
