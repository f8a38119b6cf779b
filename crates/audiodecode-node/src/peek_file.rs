use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use napi::bindgen_prelude::{AsyncTask, JsObjectValue, Object, Uint8ArraySlice};
use napi::{Env, ScopedTask};

/// Some bytes of a regular file, and its size.
#[derive(Debug, PartialEq, Eq)]
pub struct FilePeek {
    size: u64,
    bytes: Vec<u8>,
}

/// A look into a file on Node's own threads, where core would need five calls of `node:fs` with a turn of the event loop each. Not on
/// the pool: a slow disk is to hold up no decode, and no decode a look.
#[derive(Debug)]
pub struct PeekTask {
    path: PathBuf,
    position: u64,
    length: usize,
}

/// Opens a file, reads up to `length` bytes from `position` on and closes it. Resolves to `bytes` and the file's `size`; to null when
/// it is no regular file or cannot be read: core then looks itself, and says why.
#[must_use]
pub fn peek_file(path: String, position: f64, length: u32) -> AsyncTask<PeekTask> {
    AsyncTask::new(PeekTask { path: path.into(), position: position as u64, length: length as usize })
}

impl<'task> ScopedTask<'task> for PeekTask {
    type Output = Option<FilePeek>;
    type JsValue = Option<Object<'task>>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(peek(&self.path, self.position, self.length).ok().flatten())
    }

    fn resolve(&mut self, env: &'task Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        let Some(FilePeek { size, bytes }) = output else { return Ok(None) };
        let mut found = Object::new(env)?;
        found.set_named_property("size", size as f64)?;
        found.set_named_property("bytes", Uint8ArraySlice::copy_from(env, bytes)?)?;
        Ok(Some(found))
    }
}

fn peek(path: &Path, position: u64, length: usize) -> io::Result<Option<FilePeek>> {
    // Pipes and devices are not even opened: that may wait, or have effects of its own.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut file = open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Ok(None);
    }
    let size = found.len();
    let length = (length as u64).min(size.saturating_sub(position));
    let mut bytes = Vec::with_capacity(length as usize);
    // Systems have a place beyond which nothing can be sought.
    if length > 0 {
        file.seek(SeekFrom::Start(position))?;
        file.take(length).read_to_end(&mut bytes)?;
    }
    Ok(Some(FilePeek { size, bytes }))
}

/// Opens without waiting, should a pipe have taken the file's place.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is gone after the test.
    fn with_file(name: &str, content: &[u8], test: impl FnOnce(&Path)) {
        let path = std::env::temp_dir().join(format!("audiodecode-peek-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        test(&path);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn gives_the_bytes_that_there_are_and_the_size_of_the_whole() {
        with_file("whole", b"0123456789", |path| {
            let at = |position, length| peek(path, position, length).unwrap().unwrap();
            assert_eq!(at(0, 4), FilePeek { size: 10, bytes: b"0123".to_vec() });
            assert_eq!(at(7, 4), FilePeek { size: 10, bytes: b"789".to_vec() });
            assert_eq!(at(10, 4), FilePeek { size: 10, bytes: Vec::new() });
            assert_eq!(at(u64::MAX, 4), FilePeek { size: 10, bytes: Vec::new() });
        });
    }

    #[test]
    fn leaves_what_is_no_file_to_core() {
        assert_eq!(peek(&std::env::temp_dir(), 0, 4).unwrap(), None);
        assert!(peek(Path::new("/nowhere/at/all"), 0, 4).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn does_not_open_devices() {
        assert_eq!(peek(Path::new("/dev/zero"), 0, 4).unwrap(), None);
    }
}
