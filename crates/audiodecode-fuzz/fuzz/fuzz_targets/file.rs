//! Any file: the engine recognises containers by content, so the corpus that it starts from is what chooses one.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.to_vec();
    audiodecode_fuzz::repair(&mut bytes);
    if let Err(reason) = audiodecode_fuzz::check(&bytes, data.len() as u64) {
        panic!("{reason}");
    }
});
