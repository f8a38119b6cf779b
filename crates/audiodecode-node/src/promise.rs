use std::panic::{AssertUnwindSafe, catch_unwind};

use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Result};
use napi::Env;
use napi::bindgen_prelude::{Object, ToNapiValue};

use crate::js_buffer::Pin;
use crate::js_error::{from_panic, to_js};
use crate::pool::{Pool, Turn};

type Settle<V> = Box<dyn FnOnce(Env) -> napi::Result<V> + Send>;

/// Runs `work` on the pool and gives the promise of what `finish` makes of it on the JavaScript thread.
///
/// The promise settles after `work` and everything it owns is gone; `pins` are released in the same turn.
pub(crate) fn promise<'env, T, V>(
    env: &'env Env,
    cancel: &CancelFlag,
    pins: Vec<Pin>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    finish: impl FnOnce(&Env, T) -> napi::Result<V> + Send + 'static,
) -> napi::Result<Object<'env>>
where
    T: Send + 'static,
    V: ToNapiValue + 'static,
{
    let (deferred, promise) = env.create_deferred::<V, Settle<V>>()?;
    let flag = cancel.clone();
    let job = move |turn| {
        let result = match turn {
            Turn::Run => {
                catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(from_panic(&*panic)))
            }
            Turn::Abandoned => {
                drop(work);
                // Not for want of a thread only: the flag tells the two apart.
                let kind = if flag.is_cancelled() { ErrorKind::Cancelled } else { ErrorKind::Io };
                Err(Error::new(kind, "the work was not started"))
            }
        };
        deferred.resolve(Box::new(move |env| {
            pins.into_iter().for_each(|pin| pin.release(&env));
            match result {
                Ok(value) => finish(&env, value),
                Err(error) => Err(to_js(&env, &error)),
            }
        }));
    };
    // Whatever fails here has already rejected the promise.
    let _ = Pool::shared().spawn(cancel.clone(), Box::new(job));
    Ok(promise)
}
