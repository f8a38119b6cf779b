use std::ffi::{c_char, c_int, c_void};

use libloading::Library;

use super::ffi::{
    AVChannelLayout, AVCodec, AVCodecContext, AVCodecID, AVCodecParameters, AVDictionary, AVDictionaryEntry,
    AVFormatContext, AVFrame, AVIOContext, AVInputFormat, AVPacket, AVPacketSideDataType,
};
use crate::libraries::Libraries;

/// Declares the functions that are used, as the headers do, and how they are found.
macro_rules! functions {
    ($($library:ident { $(fn $name:ident($($argument:ty),*) $(-> $result:ty)?;)* })*) => {
        /// FFmpeg's functions. The libraries they are in are never closed.
        #[allow(missing_docs)]
        pub(super) struct Api {
            $($(pub(super) $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*)*
            _libraries: Libraries,
        }

        impl Api {
            pub(super) fn find(libraries: Libraries) -> Result<Self, String> {
                Ok(Self {
                    $($($name: {
                        type Function = unsafe extern "C" fn($($argument),*) $(-> $result)?;
                        // SAFETY: the name has this type in the headers of every major that is supported.
                        unsafe { find::<Function>(&libraries.$library, stringify!($name)) }?
                    },)*)*
                    _libraries: libraries,
                })
            }
        }
    };
}

/// The function of that name.
///
/// # Safety
/// `T` is the type of a pointer to that function.
pub(super) unsafe fn find<T: Copy>(library: &Library, name: &str) -> Result<T, String> {
    // SAFETY: the caller's.
    let symbol = unsafe { library.get::<T>(name.as_bytes()) };
    symbol.map(|symbol| *symbol).map_err(|_| format!("it has no function {name}"))
}

type ReadPacket = unsafe extern "C" fn(*mut c_void, *mut u8, c_int) -> c_int;
type SeekIo = unsafe extern "C" fn(*mut c_void, i64, c_int) -> i64;

functions! {
    avutil {
    fn av_log_set_level(c_int);
    fn av_max_alloc(usize);
    fn av_malloc(usize) -> *mut c_void;
    fn av_free(*mut c_void);
    fn av_strerror(c_int, *mut c_char, usize) -> c_int;
    fn av_frame_alloc() -> *mut AVFrame;
    fn av_frame_free(*mut *mut AVFrame);
    fn av_dict_set(*mut *mut AVDictionary, *const c_char, *const c_char, c_int) -> c_int;
    fn av_dict_get(*const AVDictionary, *const c_char, *const AVDictionaryEntry, c_int) -> *mut AVDictionaryEntry;
    fn av_dict_free(*mut *mut AVDictionary);
    fn av_channel_layout_describe(*const AVChannelLayout, *mut c_char, usize) -> c_int;
    }
    avcodec {
    fn avcodec_get_name(AVCodecID) -> *const c_char;
    fn avcodec_find_decoder(AVCodecID) -> *const AVCodec;
    fn avcodec_find_decoder_by_name(*const c_char) -> *const AVCodec;
    fn av_codec_iterate(*mut *mut c_void) -> *const AVCodec;
    fn av_codec_is_decoder(*const AVCodec) -> c_int;
    fn avcodec_alloc_context3(*const AVCodec) -> *mut AVCodecContext;
    fn avcodec_free_context(*mut *mut AVCodecContext);
    fn avcodec_parameters_to_context(*mut AVCodecContext, *const AVCodecParameters) -> c_int;
    fn avcodec_open2(*mut AVCodecContext, *const AVCodec, *mut *mut AVDictionary) -> c_int;
    fn avcodec_send_packet(*mut AVCodecContext, *const AVPacket) -> c_int;
    fn avcodec_receive_frame(*mut AVCodecContext, *mut AVFrame) -> c_int;
    fn av_packet_alloc() -> *mut AVPacket;
    fn av_packet_free(*mut *mut AVPacket);
    fn av_packet_unref(*mut AVPacket);
    fn av_packet_get_side_data(*const AVPacket, AVPacketSideDataType, *mut usize) -> *mut u8;
    }
    avformat {
    fn avformat_alloc_context() -> *mut AVFormatContext;
    fn avformat_open_input(
        *mut *mut AVFormatContext, *const c_char, *const AVInputFormat, *mut *mut AVDictionary
    ) -> c_int;
    fn avformat_find_stream_info(*mut AVFormatContext, *mut *mut AVDictionary) -> c_int;
    fn avformat_close_input(*mut *mut AVFormatContext);
    fn av_read_frame(*mut AVFormatContext, *mut AVPacket) -> c_int;
    fn av_probe_input_buffer2(
        *mut AVIOContext, *mut *const AVInputFormat, *const c_char, *mut c_void, u32, u32
    ) -> c_int;
    fn avio_alloc_context(
        *mut u8, c_int, c_int, *mut c_void, Option<ReadPacket>, Option<ReadPacket>, Option<SeekIo>
    ) -> *mut AVIOContext;
    fn avio_context_free(*mut *mut AVIOContext);
    }
}
