//! The part of libsndfile's ABI that is used here, as `sndfile.h` of 1.0.29 and later declares it.

use std::ffi::{c_char, c_int, c_void};

/// `sf_count_t`: signed 64 bits since 1.0.18.
pub(crate) type Count = i64;

/// `SFM_READ`.
pub(crate) const MODE_READ: c_int = 0x10;
/// `SFC_GET_LOG_INFO`: what the parser noted, as text.
pub(crate) const GET_LOG_INFO: c_int = 0x1001;
/// `SFC_GET_CHANNEL_MAP_INFO`.
pub(crate) const GET_CHANNEL_MAP: c_int = 0x1100;
/// `SF_ERR_SYSTEM`.
pub(crate) const ERROR_SYSTEM: c_int = 2;
/// `SF_ERR_MALFORMED_FILE`.
pub(crate) const ERROR_MALFORMED: c_int = 3;

/// `SF_INFO`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SfInfo {
    pub(crate) frames: Count,
    pub(crate) sample_rate: c_int,
    pub(crate) channels: c_int,
    pub(crate) format: c_int,
    pub(crate) sections: c_int,
    pub(crate) seekable: c_int,
}

/// `SF_VIRTUAL_IO`. libsndfile copies it while opening.
#[repr(C)]
pub(crate) struct VirtualIo {
    pub(crate) get_length: extern "C" fn(*mut c_void) -> Count,
    pub(crate) seek: extern "C" fn(Count, c_int, *mut c_void) -> Count,
    pub(crate) read: extern "C" fn(*mut c_void, Count, *mut c_void) -> Count,
    pub(crate) write: extern "C" fn(*const c_void, Count, *mut c_void) -> Count,
    pub(crate) tell: extern "C" fn(*mut c_void) -> Count,
}

/// `SNDFILE *`.
pub(crate) type Raw = *mut c_void;

pub(crate) type VersionString = unsafe extern "C" fn() -> *const c_char;
pub(crate) type OpenVirtual = unsafe extern "C" fn(*mut VirtualIo, c_int, *mut SfInfo, *mut c_void) -> Raw;
pub(crate) type Close = unsafe extern "C" fn(Raw) -> c_int;
pub(crate) type ReadFloat = unsafe extern "C" fn(Raw, *mut f32, Count) -> Count;
pub(crate) type Seek = unsafe extern "C" fn(Raw, Count, c_int) -> Count;
pub(crate) type ErrorCode = unsafe extern "C" fn(Raw) -> c_int;
pub(crate) type ErrorText = unsafe extern "C" fn(Raw) -> *const c_char;
pub(crate) type GetString = unsafe extern "C" fn(Raw, c_int) -> *const c_char;
pub(crate) type Command = unsafe extern "C" fn(Raw, c_int, *mut c_void, c_int) -> c_int;
