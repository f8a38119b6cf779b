use crate::aac_syntax::{Extent, read_raw_block};

/// Whether a packet of AAC-LC uses perceptual noise substitution, `None` when it cannot be read.
///
/// Noise is drawn from a generator that runs since the first packet, so what such a packet decodes to depends on all packets
/// before it. Without noise it depends on the previous packet alone: a `Some(false)` also means that nothing else that a
/// decoder keeps (element order, scale factors of bands left out) can be heard.
pub(crate) fn uses_noise(packet: &[u8], rate_index: u8, pair: bool) -> Option<bool> {
    read_raw_block(packet, rate_index, pair, Extent::Tools)
}

#[cfg(test)]
mod tests;
