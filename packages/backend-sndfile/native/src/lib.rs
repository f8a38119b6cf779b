//! Addon of `@audiodecode/backend-sndfile`: glue only.

use audiodecode_node::{CancelToken, NativeOpenOptions, PeekTask};
use napi::Env;
use napi::bindgen_prelude::{AsyncTask, Either, Object, Unknown};
use napi_derive::napi;

/// Opens a path or the bytes of a file.
#[napi(ts_return_type = "Promise<NativeDecoder>")]
pub fn open_decoder<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "string | Uint8Array")] source: Either<String, Unknown<'_>>,
    options: NativeOpenOptions,
    token: Option<&CancelToken>,
) -> napi::Result<Object<'env>> {
    audiodecode_node::open_decoder(env, source, options, token, audiodecode_sndfile::open)
}

/// Bytes of a file and its size, or null.
#[napi(ts_return_type = "Promise<{ size: number; bytes: Uint8Array } | null>")]
pub fn peek_file(path: String, position: f64, length: u32) -> AsyncTask<PeekTask> {
    audiodecode_node::peek_file(path, position, length)
}

/// How many threads decode at the same time.
#[napi]
pub fn set_threads(threads: u32) {
    audiodecode_node::set_threads(threads);
}

/// Version of the addon, which is that of the package.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// What the system has of libsndfile.
#[napi(object, object_from_js = false)]
pub struct LibraryStatus {
    /// As the library tells it: `libsndfile-1.2.2`.
    pub version: Option<String>,
    /// What to do when there is none that can be used.
    pub hint: Option<String>,
}

/// Looks for libsndfile and loads it.
#[napi]
pub fn library_status() -> LibraryStatus {
    match audiodecode_sndfile::library_version() {
        Ok(version) => LibraryStatus { version: Some(version), hint: None },
        Err(error) => LibraryStatus { version: None, hint: Some(error.message().to_owned()) },
    }
}
