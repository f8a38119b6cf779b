//! Signal processing of AudioDecode: mix-down and resampling. No I/O, no codec, no Node.
#![forbid(unsafe_code)]
