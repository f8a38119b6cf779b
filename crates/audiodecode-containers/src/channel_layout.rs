/// The name of a WAVE speaker mask (`dwChannelMask`) that covers exactly `channels` speakers.
pub fn layout_of_mask(mask: u32, channels: u32) -> Option<&'static str> {
    if mask.count_ones() != channels {
        return None;
    }
    Some(match mask {
        0x4 => "mono",
        0x3 => "stereo",
        0xB => "2.1",
        0x7 => "3.0",
        0x103 => "3.0(back)",
        0xF => "3.1",
        0x107 => "4.0",
        0x33 => "quad",
        0x603 => "quad(side)",
        0x10F => "4.1",
        0x37 => "5.0",
        0x607 => "5.0(side)",
        0x3F => "5.1",
        0x60F => "5.1(side)",
        0x70F => "6.1",
        0x637 => "7.0",
        0x63F => "7.1",
        0xFF => "7.1(wide)",
        _ => return None,
    })
}

/// What one and two channels are called when nothing else is said.
pub fn usual_layout(channels: u32) -> Option<&'static str> {
    match channels {
        1 => Some("mono"),
        2 => Some("stereo"),
        _ => None,
    }
}
