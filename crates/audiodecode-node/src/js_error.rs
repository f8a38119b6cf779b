use std::any::Any;

use audiodecode_pipeline::{Error, ErrorKind};
use napi::bindgen_prelude::{JsObjectValue, JsValue};
use napi::{Env, Status};

const ISSUES: &str = "https://github.com/audiodecode/audiodecode/issues";

/// The `code` that JavaScript sees. ERR_CANCELLED and ERR_INVALID_ARGUMENT never leave the native bridge.
fn code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "ERR_NOT_FOUND",
        ErrorKind::Io => "ERR_IO",
        ErrorKind::Unsupported => "ERR_UNSUPPORTED_FORMAT",
        ErrorKind::LimitExceeded => "ERR_LIMIT_EXCEEDED",
        ErrorKind::Unavailable => "ERR_BACKEND_UNAVAILABLE",
        ErrorKind::Closed => "ERR_CLOSED",
        ErrorKind::Cancelled => "ERR_CANCELLED",
        ErrorKind::InvalidArgument => "ERR_INVALID_ARGUMENT",
        // `ErrorKind` may grow; what is unknown here is final, which is the safe reading.
        _ => "ERR_CORRUPT",
    }
}

/// A JavaScript `Error` with own properties `code` and, when known, `byteOffset`.
pub(crate) fn to_js(env: &Env, error: &Error) -> napi::Error {
    let build = || -> napi::Result<napi::Error> {
        let mut object = env.create_error(napi::Error::from_reason(error.message()))?;
        object.set_named_property("code", code(error.kind()))?;
        if let Some(offset) = error.byte_offset() {
            object.set_named_property("byteOffset", offset as f64)?;
        }
        Ok(napi::Error::from(object.to_unknown()))
    };
    build().unwrap_or_else(|failure| failure)
}

/// For the few mistakes that are told at the call itself.
pub(crate) fn invalid_argument(message: &str) -> napi::Error {
    napi::Error::new(Status::InvalidArg, message)
}

/// A panic is our bug, and the file that shows it is worth having.
pub(crate) fn from_panic(panic: &(dyn Any + Send)) -> Error {
    let what = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown");
    Error::corrupt(format!(
        "the decoder stopped on an internal error ({what}). This is a bug: please report it with the file at {ISSUES}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_says_what_happened_and_where_to_report_it() {
        let panic = std::panic::catch_unwind(|| panic!("plane {} missing", 3)).unwrap_err();
        let error = from_panic(&*panic);
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.message().contains("plane 3 missing"));
        assert!(error.message().contains(ISSUES));
    }
}
