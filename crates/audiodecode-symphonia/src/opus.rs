use std::sync::Arc;

use audiodecode_opus::{MAX_PACKET_FRAMES, OpusDecoder};
use audiodecode_pipeline::{Error, Result};

use crate::packet::{DecoderFactory, Packet, PacketDecoder, append_held};

/// The identification header of an Opus stream (RFC 7845, 5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpusHead {
    pub(crate) channels: u8,
    /// Frames at 48 kHz to drop from the start.
    pub(crate) pre_skip: u16,
    gain: i16,
    streams: u8,
    coupled: u8,
    /// By output channel, in WAV order.
    mapping: Vec<u8>,
    /// Whether the order of channels is known.
    pub(crate) positioned: bool,
}

impl OpusHead {
    /// Reads `OpusHead`, as in Ogg and in Matroska's CodecPrivate.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let broken = || Error::corrupt("the Opus header is broken");
        if bytes.len() < 19 || &bytes[..8] != b"OpusHead" || bytes[9] == 0 {
            return Err(broken());
        }
        if bytes[8] & 0xf0 != 0 {
            return Err(Error::unsupported("an Opus header of a later version"));
        }
        let channels = bytes[9];
        let pre_skip = u16::from_le_bytes([bytes[10], bytes[11]]);
        let gain = i16::from_le_bytes([bytes[16], bytes[17]]);
        let family = bytes[18];
        let table = bytes.get(21..21 + usize::from(channels));
        let (streams, coupled, mapping) = match family {
            0 if channels <= 2 => (1, channels - 1, (0..channels).collect()),
            1 if channels <= 8 => {
                let table = table.ok_or_else(broken)?;
                let order = wav_order(channels);
                (bytes[19], bytes[20], order.iter().filter_map(|&from| table.get(from).copied()).collect())
            }
            0 | 1 => return Err(broken()),
            2 | 255 => (
                bytes.get(19).copied().ok_or_else(broken)?,
                bytes.get(20).copied().ok_or_else(broken)?,
                table.ok_or_else(broken)?.to_vec(),
            ),
            _ => return Err(Error::unsupported(format!("Opus with channel mapping family {family}"))),
        };
        Ok(Self { channels, pre_skip, gain, streams, coupled, mapping, positioned: family < 2 })
    }

    /// A factory of decoders for this stream.
    pub(crate) fn factory(&self) -> Result<DecoderFactory> {
        let head = self.clone();
        let make = move || -> Result<Box<dyn PacketDecoder>> {
            let decoder = OpusDecoder::new(head.streams, head.coupled, &head.mapping, head.gain)
                .map_err(|what| Error::corrupt(format!("the Opus header is broken: {what}")))?;
            let interleaved = vec![0.0; MAX_PACKET_FRAMES * decoder.channels()];
            Ok(Box::new(Opus { decoder, interleaved }))
        };
        make()?;
        Ok(Arc::new(make))
    }
}

/// Which channel of Vorbis' order (RFC 7845, 5.1.1.2) each channel of WAV's order is.
fn wav_order(channels: u8) -> &'static [usize] {
    match channels {
        1 => &[0],
        2 => &[0, 1],
        3 => &[0, 2, 1],
        4 => &[0, 1, 2, 3],
        5 => &[0, 2, 1, 3, 4],
        6 => &[0, 2, 1, 5, 3, 4],
        7 => &[0, 2, 1, 6, 5, 3, 4],
        _ => &[0, 2, 1, 7, 5, 6, 3, 4],
    }
}

/// Frames at 48 kHz that a packet holds, from its first bytes (RFC 6716, 3.1). `None` for an invalid packet.
pub(crate) fn packet_frames(packet: &[u8]) -> Option<u64> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    let frame: u64 = match config {
        0..=11 => [480, 960, 1920, 2880][usize::from(config & 3)],
        12..=15 => [480, 960][usize::from(config & 1)],
        _ => [120, 240, 480, 960][usize::from(config & 3)],
    };
    let count = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(packet.get(1)? & 0x3f),
    };
    let frames = frame * count;
    (frames > 0 && frames <= MAX_PACKET_FRAMES as u64).then_some(frames)
}

struct Opus {
    decoder: OpusDecoder,
    interleaved: Vec<f32>,
}

impl Opus {
    /// Decodes into the interleaved buffer.
    fn decode_packet(&mut self, packet: &Packet, channels: usize) -> std::result::Result<usize, String> {
        if channels != self.decoder.channels() {
            return Err(format!("the stream changes to {} channels here", self.decoder.channels()));
        }
        Ok(self.decoder.decode(&packet.data, &mut self.interleaved)?)
    }
}

impl PacketDecoder for Opus {
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        let decoded = self.decode_packet(packet, planes.len());
        append_held(self, decoded, planes)
    }

    fn decode_and_hold(
        &mut self,
        packet: &Packet,
        channels: usize,
    ) -> Option<std::result::Result<usize, String>> {
        Some(self.decode_packet(packet, channels))
    }

    fn copy_held(&self, from: usize, out: &mut [&mut [f32]]) {
        let channels = self.decoder.channels();
        let held = self.interleaved.get(from * channels..).unwrap_or_default();
        match out {
            [mono] => mono.copy_from_slice(&held[..mono.len()]),
            // A loop of its own that the compiler can vectorise.
            [left, right] => {
                let (pairs, _) = held.as_chunks::<2>();
                for ((left, right), pair) in left.iter_mut().zip(right.iter_mut()).zip(pairs) {
                    *left = pair[0];
                    *right = pair[1];
                }
            }
            planes => {
                for (channel, plane) in planes.iter_mut().enumerate() {
                    let samples = held.iter().skip(channel).step_by(channels);
                    plane.iter_mut().zip(samples).for_each(|(out, &sample)| *out = sample);
                }
            }
        }
    }

    fn frames_of(&self, data: &[u8]) -> Option<u64> {
        packet_frames(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_tells_its_length() {
        // RFC 6716, table 2: config 31 is CELT fullband 20 ms; code 3 counts frames in the next byte's low six bits.
        assert_eq!(packet_frames(&[31 << 3]), Some(960));
        assert_eq!(packet_frames(&[(31 << 3) | 1]), Some(1920));
        assert_eq!(packet_frames(&[(16 << 3) | 3, 48]), Some(5760));
        assert_eq!(packet_frames(&[(31 << 3) | 3, 7]), None);
        assert_eq!(packet_frames(&[(3 << 3) | 3, 0]), None);
        assert_eq!(packet_frames(&[]), None);
    }
}
