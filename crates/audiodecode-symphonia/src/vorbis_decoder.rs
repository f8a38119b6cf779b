use std::sync::Arc;

use audiodecode_pipeline::{Error, Result};
use audiodecode_vorbis::{HeaderError, VorbisDecoder, VorbisSetup};

use crate::packet::{DecoderFactory, Packet, PacketDecoder, append_held};

/// What these headers say. They are understood once, whatever number of decoders is made.
pub(crate) fn vorbis_setup(identification: &[u8], setup: &[u8]) -> Result<Arc<VorbisSetup>> {
    let setup = VorbisSetup::parse(identification, setup).map_err(|error| match error {
        HeaderError::Unsupported(what) => Error::unsupported(format!("vorbis: {what}")),
        other => Error::corrupt(format!("the vorbis stream cannot be set up: {other}")),
    })?;
    Ok(Arc::new(setup))
}

/// A factory of decoders for a stream.
pub(crate) fn vorbis_factory(setup: Arc<VorbisSetup>) -> DecoderFactory {
    Arc::new(move || Ok(Box::new(Vorbis(VorbisDecoder::new(Arc::clone(&setup))))))
}

/// The same for the two headers one behind the other, as Symphonia's reader of Matroska gives them.
pub(crate) fn vorbis_setup_of_extra_data(
    extra_data: &[u8],
    channels: u32,
    rate: u32,
) -> Result<Arc<VorbisSetup>> {
    let (identification, setup) =
        split_headers(extra_data).ok_or_else(|| Error::corrupt("the Vorbis headers are incomplete"))?;
    let stated = identification.get(11).copied().zip(identification.get(12..16));
    if stated.is_some_and(|(count, hertz)| u32::from(count) != channels || hertz != rate.to_le_bytes()) {
        return Err(Error::corrupt("the Vorbis headers contradict what the container says about the sound"));
    }
    vorbis_setup(identification, setup)
}

/// Bytes that an identification header takes (Vorbis I, 4.2.2).
const IDENTIFICATION_BYTES: usize = 30;

/// The identification header and the setup header, which may have padding between them.
fn split_headers(both: &[u8]) -> Option<(&[u8], &[u8])> {
    let behind = both.get(IDENTIFICATION_BYTES..)?;
    let padding = behind.windows(7).position(|seven| seven == b"\x05vorbis")?;
    both.split_at_checked(IDENTIFICATION_BYTES + padding)
}

/// Our own Vorbis decoder.
struct Vorbis(VorbisDecoder);

impl Vorbis {
    fn decode_packet(&mut self, packet: &Packet, channels: usize) -> std::result::Result<usize, String> {
        let frames = self.0.decode(&packet.data).map_err(|error| error.to_string())?;
        // A link of a chain may have another number; the caller's planes do not.
        if frames > 0 && self.0.channels() != channels {
            return Err(format!("the stream changes to {} channels here", self.0.channels()));
        }
        Ok(frames)
    }
}

impl PacketDecoder for Vorbis {
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
        for (channel, out) in out.iter_mut().enumerate() {
            if let Some(samples) = self.0.plane(channel).get(from..from + out.len()) {
                out.copy_from_slice(samples);
            }
        }
    }

    fn preroll_groups(&self) -> Option<usize> {
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_apart_with_and_without_padding() {
        for padding in [0, 1, 9] {
            let first = [&[5; IDENTIFICATION_BYTES][..], &vec![0; padding]].concat();
            let both = [&first, &b"\x05vorbis and more"[..]].concat();
            assert_eq!(split_headers(&both), Some((&first[..], &b"\x05vorbis and more"[..])));
            assert_eq!(split_headers(&both[..first.len() + 6]), None);
        }
        assert_eq!(split_headers(&[5; 29]), None);
    }
}
