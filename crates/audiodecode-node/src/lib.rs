//! What every native addon of AudioDecode shares: thread pool, cancel token, error codes, buffers.
