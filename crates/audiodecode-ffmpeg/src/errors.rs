/// What FFmpeg's functions return as errors: a negated errno, or a negated tag of four characters.
pub(crate) const fn tag(tag: &[u8; 4]) -> i32 {
    -(tag[0] as i32 | (tag[1] as i32) << 8 | (tag[2] as i32) << 16 | (tag[3] as i32) << 24)
}

/// There is no more.
pub(crate) const END: i32 = tag(b"EOF ");
/// Stopped by a callback of ours.
pub(crate) const EXIT: i32 = tag(b"EXIT");
/// What errno EIO is on every platform that FFmpeg runs on.
pub(crate) const IO: i32 = -5;
/// EACCES.
pub(crate) const REFUSED: i32 = -13;
/// ENOMEM.
pub(crate) const NO_MEMORY: i32 = -12;
/// EINVAL.
pub(crate) const INVALID: i32 = -22;
/// EAGAIN: more input, or more output, first.
#[cfg(any(target_os = "macos", target_os = "ios", target_os = "freebsd"))]
pub(crate) const AGAIN: i32 = -35;
/// EAGAIN: more input, or more output, first.
#[cfg(not(any(target_os = "macos", target_os = "ios", target_os = "freebsd")))]
pub(crate) const AGAIN: i32 = -11;
