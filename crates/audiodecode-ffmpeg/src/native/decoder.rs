use std::ffi::c_int;
use std::ptr;

use audiodecode_pipeline::{Error, Result};

use super::api::Api;
use super::container::no_memory;
use super::ffi::{AV_EF_CRCCHECK, AV_EF_EXPLODE, AVCodecContext, AVFrame, AVPacket, AVStream};
use crate::frame_data::{self, FrameData};
use crate::names;

/// Samples of one packet; the longest that any codec has are half a million.
const MAX_SAMPLES: i64 = 1 << 22;

/// A decoder of FFmpeg's with the packet and the frame that it works on.
pub(super) struct Decoder {
    pub(super) api: &'static Api,
    context: *mut AVCodecContext,
    packet: *mut AVPacket,
    frame: *mut AVFrame,
}

// SAFETY: FFmpeg's contexts belong to no thread, and these are used by one thread at a time.
unsafe impl Send for Decoder {}

impl Decoder {
    /// The decoder for a track, on one thread.
    pub(super) fn open(api: &'static Api, stream: &AVStream, codec_name: &str) -> Result<Self> {
        let mut decoder =
            Self { api, context: ptr::null_mut(), packet: ptr::null_mut(), frame: ptr::null_mut() };
        // SAFETY: each step is given what the one before made, checked for NULL; `drop` frees what there is.
        unsafe {
            let preferred = names::preferred_decoder(codec_name);
            let named = preferred.map(|name| (api.avcodec_find_decoder_by_name)(name.as_ptr()));
            let named = named.filter(|codec| !codec.is_null());
            let codec = named.unwrap_or_else(|| (api.avcodec_find_decoder)((*stream.codecpar).codec_id));
            if codec.is_null() {
                return Err(Error::unsupported(format!("this FFmpeg has no decoder for {codec_name}")));
            }
            decoder.context = (api.avcodec_alloc_context3)(codec);
            decoder.packet = (api.av_packet_alloc)();
            decoder.frame = (api.av_frame_alloc)();
            if decoder.context.is_null() || decoder.packet.is_null() || decoder.frame.is_null() {
                return Err(no_memory());
            }
            if (api.avcodec_parameters_to_context)(decoder.context, stream.codecpar) < 0 {
                return Err(no_memory());
            }
            let context = decoder.context;
            (*context).thread_count = 1;
            (*context).pkt_timebase.num = stream.time_base.num;
            (*context).pkt_timebase.den = stream.time_base.den;
            (*context).max_samples = MAX_SAMPLES;
            if matches!(codec_name, "flac" | "tta" | "wavpack") {
                // Their frames carry checksums: a frame that fails one is damage, not sound.
                (*context).err_recognition = (AV_EF_CRCCHECK | AV_EF_EXPLODE) as c_int;
            }
            let code = (api.avcodec_open2)(context, codec, ptr::null_mut());
            if code < 0 {
                let reason = api.message(code);
                return Err(Error::unsupported(format!(
                    "FFmpeg's {codec_name} decoder refuses it: {reason}"
                )));
            }
        }
        Ok(decoder)
    }

    pub(super) fn context(&self) -> &AVCodecContext {
        // SAFETY: `open` gives only decoders that are open.
        unsafe { &*self.context }
    }

    pub(super) fn packet(&mut self) -> *mut AVPacket {
        self.packet
    }

    pub(super) fn frame(&self) -> &AVFrame {
        // SAFETY: as in `context`.
        unsafe { &*self.frame }
    }

    /// Sends the packet, or the end of the packets, and empties it. FFmpeg's error code.
    pub(super) fn send(&mut self, packet: bool) -> c_int {
        // SAFETY: both are valid; NULL is the end.
        unsafe {
            let from = if packet { self.packet } else { ptr::null_mut() };
            let code = (self.api.avcodec_send_packet)(self.context, from);
            (self.api.av_packet_unref)(self.packet);
            code
        }
    }

    /// Throws the packet away.
    pub(super) fn skip(&mut self) {
        // SAFETY: the packet is valid.
        unsafe { (self.api.av_packet_unref)(self.packet) };
    }

    /// The next frame into `frame()`; FFmpeg's error code otherwise.
    pub(super) fn receive(&mut self) -> c_int {
        // SAFETY: both are valid.
        unsafe { (self.api.avcodec_receive_frame)(self.context, self.frame) }
    }

    /// Copies samples of the frame from `from` on.
    pub(super) fn copy(&self, from: usize, out: &mut [&mut [f32]]) {
        let frame = self.frame();
        let planes = FrameData {
            format: frame.format,
            channels: usize::try_from(frame.ch_layout.nb_channels).unwrap_or(0),
            frames: usize::try_from(frame.nb_samples).unwrap_or(0),
            planes: frame.extended_data.cast_const().cast(),
        };
        // SAFETY: FFmpeg fills `nb_samples` of every channel of the frame, in the planes that its format says.
        unsafe { frame_data::copy(&planes, from, out) };
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: each is freed once; NULL is allowed.
        unsafe {
            (self.api.av_frame_free)(&mut self.frame);
            (self.api.av_packet_free)(&mut self.packet);
            (self.api.avcodec_free_context)(&mut self.context);
        }
    }
}
