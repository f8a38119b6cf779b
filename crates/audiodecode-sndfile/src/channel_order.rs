//! Where channels come from and what they are called: the order of WAV for every format.

use std::ffi::c_int;

use audiodecode_containers::{layout_of_mask, usual_layout};

/// The plane of every channel as libsndfile gives them. Vorbis and Opus have an order of their own (Vorbis I, 4.3.9), which
/// libsndfile leaves as it is.
pub(crate) fn wave_order(codec: &str, channels: usize) -> Vec<usize> {
    let vorbis: &[usize] = match channels {
        3 => &[0, 2, 1],
        5 => &[0, 2, 1, 3, 4],
        6 => &[0, 2, 1, 4, 5, 3],
        // The back centre of 6.1 comes before the sides.
        7 => &[0, 2, 1, 5, 6, 4, 3],
        8 => &[0, 2, 1, 6, 7, 4, 5, 3],
        _ => &[],
    };
    let reordered = matches!(codec, "vorbis" | "opus") && !vorbis.is_empty();
    if reordered { vorbis.to_vec() } else { (0..channels).collect() }
}

/// The usual name of a set of speakers: as the file tells them (`SF_CHANNEL_MAP_*`), as the codec fixes them, or what one and
/// two channels are called when nothing else is said.
pub(crate) fn layout_name(codec: &str, channels: u32, map: Option<&[c_int]>) -> Option<&'static str> {
    if let Some(mask) = map.and_then(wave_mask).filter(|mask| mask.count_ones() == channels) {
        return layout_of_mask(mask, channels);
    }
    if matches!(codec, "vorbis" | "opus" | "flac") {
        let names = ["mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"];
        return names.get(channels as usize - 1).copied();
    }
    usual_layout(channels)
}

/// The WAVE speaker mask of a channel map.
fn wave_mask(map: &[c_int]) -> Option<u32> {
    map.iter().try_fold(0, |mask, speaker| {
        let bit = match speaker {
            1 | 4 | 7 => 2,
            2 | 5 => 0,
            3 | 6 => 1,
            11 => 3,
            9 => 4,
            10 => 5,
            12 => 6,
            13 => 7,
            8 => 8,
            14 => 9,
            15 => 10,
            _ => return None,
        };
        Some(mask | 1 << bit)
    })
}
