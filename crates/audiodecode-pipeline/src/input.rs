use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use crate::{Error, ErrorKind, Result};

/// Where the bytes of a file come from. Clones share the file; reads carry their position, so they may overlap.
///
/// Files are read, never memory-mapped: another process that truncates a mapped file kills this one with SIGBUS.
#[derive(Clone, Debug)]
pub struct Input {
    data: Data,
    len: u64,
}

#[derive(Clone, Debug)]
enum Data {
    File(Arc<File>),
    Bytes(Arc<[u8]>),
}

impl Input {
    /// Opens a regular file. A directory, a pipe or a device is an error of kind `Io`.
    pub fn open(path: &Path) -> Result<Self> {
        let explain = |error: io::Error| {
            let kind = match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ErrorKind::NotFound,
                _ => ErrorKind::Io,
            };
            Error::new(kind, format!("cannot open {}: {error}", path.display()))
        };
        // Looked at before opening, since opening a pipe that nobody writes to would wait for ever.
        let before = std::fs::metadata(path).map_err(explain)?;
        if before.is_dir() {
            return Err(Error::new(ErrorKind::Io, format!("{} is a directory", path.display())));
        }
        if !before.is_file() {
            let message = format!("{} is not a regular file; pass its content as a stream", path.display());
            return Err(Error::new(ErrorKind::Io, message));
        }
        let file = File::open(path).map_err(explain)?;
        let len = file.metadata().map_err(explain)?.len();
        Ok(Self { data: Data::File(Arc::new(file)), len })
    }

    /// Bytes that nobody else can change.
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self { len: bytes.len() as u64, data: Data::Bytes(bytes) }
    }

    /// Length in bytes when it was opened.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads at a position and returns how many bytes; fewer than asked only at the end.
    pub fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.data {
            Data::Bytes(bytes) => {
                let start = usize::try_from(position).unwrap_or(usize::MAX).min(bytes.len());
                let count = buffer.len().min(bytes.len() - start);
                buffer[..count].copy_from_slice(&bytes[start..start + count]);
                Ok(count)
            }
            Data::File(file) => {
                let mut done = 0;
                while done < buffer.len() {
                    match read_file_at(file, position + done as u64, &mut buffer[done..]) {
                        Ok(0) => break,
                        Ok(count) => done += count,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(done)
            }
        }
    }

    /// A reader of its own position over the same bytes.
    pub fn reader(&self) -> InputReader {
        InputReader { input: self.clone(), position: 0 }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

#[cfg(windows)]
fn read_file_at(file: &File, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
    // Moves the file's own cursor, which nothing else uses.
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}

/// `Read` and `Seek` over an [`Input`].
#[derive(Clone, Debug)]
pub struct InputReader {
    input: Input,
    position: u64,
}

impl Read for InputReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read_at(self.position, buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for InputReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(delta) => self.input.len.checked_add_signed(delta),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
        };
        self.position =
            target.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek before the start"))?;
        Ok(self.position)
    }
}
