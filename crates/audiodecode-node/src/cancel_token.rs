use audiodecode_pipeline::CancelFlag;
use napi_derive::napi;

use crate::pool::Pool;

/// Stops the calls it is handed to. They reject with ERR_CANCELLED as soon as native code has let go of their buffers.
#[napi]
#[derive(Default)]
pub struct CancelToken {
    flag: CancelFlag,
}

#[napi]
impl CancelToken {
    /// A token that is not cancelled.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the work, running or queued. Calling it again does nothing.
    #[napi]
    pub fn cancel(&self) {
        self.flag.cancel();
        Pool::shared().sweep();
    }
}

impl CancelToken {
    pub(crate) fn flag(token: Option<&Self>) -> CancelFlag {
        token.map(|token| token.flag.clone()).unwrap_or_default()
    }
}
