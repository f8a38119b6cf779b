//! libopus' multistream decoder behind a safe face. The only `unsafe` of the decoding crates, kept small.

use std::ptr::NonNull;

use opusic_sys as sys;

/// Opus always decodes at this rate here.
pub const SAMPLE_RATE: u32 = 48_000;
/// Frames of the longest packet, 120 ms.
pub const MAX_PACKET_FRAMES: usize = 5_760;

/// Decodes packets of one to 255 channels, mono and stereo included, to interleaved float.
pub struct OpusDecoder {
    decoder: NonNull<sys::OpusMSDecoder>,
    channels: usize,
}

// SAFETY: the decoder state is one heap block without thread-local parts, and every use takes `&mut self`.
unsafe impl Send for OpusDecoder {}

impl OpusDecoder {
    /// A decoder of `streams` Opus streams, the first `coupled` of them stereo. `mapping` has one entry per output
    /// channel: the decoded channel to put there, or 255 for silence. `gain` is in 1/256 dB, as an Opus header states it.
    ///
    /// Says what is wrong when the numbers do not fit together.
    pub fn new(streams: u8, coupled: u8, mapping: &[u8], gain: i16) -> Result<Self, &'static str> {
        let decoded = usize::from(streams) + usize::from(coupled);
        if streams == 0 || coupled > streams || decoded > 255 || mapping.is_empty() || mapping.len() > 255 {
            return Err("the stream and channel counts contradict each other");
        }
        if mapping.iter().any(|&from| from != 255 && usize::from(from) >= decoded) {
            return Err("the channel mapping names a channel that does not exist");
        }
        let mut error = 0;
        // SAFETY: `mapping` has as many bytes as the channel count says, and the counts were checked above.
        let decoder = unsafe {
            sys::opus_multistream_decoder_create(
                SAMPLE_RATE as i32,
                mapping.len() as i32,
                i32::from(streams),
                i32::from(coupled),
                mapping.as_ptr(),
                &mut error,
            )
        };
        let decoder =
            NonNull::new(decoder).filter(|_| error == sys::OPUS_OK).ok_or("libopus refused the stream")?;
        let made = Self { decoder, channels: mapping.len() };
        if gain != 0 {
            // SAFETY: the state is valid, and this request takes one `opus_int32`.
            let code = unsafe {
                sys::opus_multistream_decoder_ctl(
                    made.decoder.as_ptr(),
                    sys::OPUS_SET_GAIN_REQUEST,
                    i32::from(gain),
                )
            };
            if code != sys::OPUS_OK {
                return Err("libopus refused the output gain");
            }
        }
        Ok(made)
    }

    /// Output channels.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Decodes one packet into `out`, interleaved, and returns its frames. `out` needs room for
    /// [`MAX_PACKET_FRAMES`] of every channel. An empty packet is an error.
    pub fn decode(&mut self, packet: &[u8], out: &mut [f32]) -> Result<usize, &'static str> {
        let room = out.len() / self.channels;
        let length = i32::try_from(packet.len()).map_err(|_| "the packet is too long")?;
        // libopus takes "no data" as a lost packet and makes up sound; a decoder of files must not.
        if packet.is_empty() || room < MAX_PACKET_FRAMES {
            return Err("the packet is empty");
        }
        // SAFETY: `packet` is `length` bytes and `out` holds `room` frames of every channel.
        let frames = unsafe {
            sys::opus_multistream_decode_float(
                self.decoder.as_ptr(),
                packet.as_ptr(),
                length,
                out.as_mut_ptr(),
                room.min(MAX_PACKET_FRAMES) as i32,
                0,
            )
        };
        usize::try_from(frames).map_err(|_| match frames {
            sys::OPUS_INVALID_PACKET => "the packet is corrupted",
            sys::OPUS_BUFFER_TOO_SMALL => "the packet is longer than 120 ms",
            _ => "libopus cannot decode the packet",
        })
    }
}

impl Drop for OpusDecoder {
    fn drop(&mut self) {
        // SAFETY: made by `opus_multistream_decoder_create` and destroyed once.
        unsafe { sys::opus_multistream_decoder_destroy(self.decoder.as_ptr()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_that_points_nowhere_is_refused() {
        assert!(OpusDecoder::new(1, 1, &[0, 2], 0).is_err());
        assert!(OpusDecoder::new(0, 0, &[0], 0).is_err());
        assert!(OpusDecoder::new(1, 2, &[0, 1], 0).is_err());
        assert!(OpusDecoder::new(200, 100, &[0], 0).is_err());
        assert!(OpusDecoder::new(4, 2, &[0, 1, 2, 3, 4, 5, 255], -256).is_ok());
    }

    #[test]
    fn garbage_is_an_error_and_never_more_than_the_room() {
        let mut decoder = OpusDecoder::new(1, 1, &[0, 1], 0).expect("stereo");
        let mut out = vec![0.0; MAX_PACKET_FRAMES * 2];
        assert!(decoder.decode(&[], &mut out).is_err());
        assert!(decoder.decode(&[0xff, 0xff, 0xff], &mut out).is_err());
        assert!(decoder.decode(&[0xfc, 1, 2, 3], &mut out[..64]).is_err());
    }
}
