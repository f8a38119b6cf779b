//! Where bytes come from: files and memory, and what is refused without waiting.
#![allow(clippy::unwrap_used, reason = "a panic is the failure message")]

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use audiodecode_pipeline::{ErrorKind, Input};

/// A folder of its own that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("audiodecode-input-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, content: &[u8]) -> PathBuf {
        let path = self.0.join("file.bin");
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn behaves_like_ten_bytes(input: &Input) {
    assert_eq!((input.len(), input.is_empty()), (10, false));
    let mut buffer = [0; 4];
    assert_eq!(input.read_at(3, &mut buffer).unwrap(), 4);
    assert_eq!(buffer, [3, 4, 5, 6]);
    assert_eq!(input.read_at(8, &mut buffer).unwrap(), 2);
    assert_eq!(buffer[..2], [8, 9]);
    assert_eq!(input.read_at(10, &mut buffer).unwrap(), 0);
    assert_eq!(input.read_at(1 << 40, &mut buffer).unwrap(), 0);

    let (mut one, mut other) = (input.reader(), input.reader());
    assert_eq!(one.seek(SeekFrom::End(-2)).unwrap(), 8);
    let mut rest = Vec::new();
    one.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, [8, 9]);
    assert_eq!(other.read(&mut buffer).unwrap(), 4);
    assert_eq!(buffer, [0, 1, 2, 3], "readers do not share a position");
    assert_eq!(other.seek(SeekFrom::Current(-1)).unwrap(), 3);
    assert!(other.seek(SeekFrom::Current(-4)).is_err());
    assert_eq!(other.seek(SeekFrom::Start(99)).unwrap(), 99);
    assert_eq!(other.read(&mut buffer).unwrap(), 0);
}

#[test]
fn files_and_bytes_are_read_alike() {
    let bytes: Vec<u8> = (0..10).collect();
    behaves_like_ten_bytes(&Input::from_bytes(bytes.clone()));
    let folder = Folder::new("alike");
    behaves_like_ten_bytes(&Input::open(&folder.file(&bytes)).unwrap());
}

#[test]
fn an_empty_file_is_empty() {
    let folder = Folder::new("empty");
    let input = Input::open(&folder.file(&[])).unwrap();
    assert!(input.is_empty());
    assert_eq!(input.read_at(0, &mut [0; 4]).unwrap(), 0);
}

#[test]
fn a_file_that_shrinks_ends_early() {
    let folder = Folder::new("shrinks");
    let path = folder.file(&[7; 100]);
    let input = Input::open(&path).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(10).unwrap();
    assert_eq!(input.read_at(0, &mut [0; 100]).unwrap(), 10);
    assert_eq!(input.read_at(50, &mut [0; 10]).unwrap(), 0);
}

#[test]
fn a_missing_file_is_not_found() {
    let folder = Folder::new("missing");
    let error = Input::open(&folder.0.join("nothing.wav")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("nothing.wav"));
    let below_a_file = folder.file(&[1]).join("nothing.wav");
    assert_eq!(Input::open(&below_a_file).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_directory_is_an_io_error() {
    let folder = Folder::new("directory");
    let error = Input::open(&folder.0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().ends_with("is a directory"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_a_writer() {
    let folder = Folder::new("pipe");
    let path = folder.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (done, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || done.send(Input::open(&path).map(|_| ()).unwrap_err()));
    let error = wait.recv_timeout(std::time::Duration::from_secs(5)).unwrap();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().contains("not a regular file"));
}

#[cfg(unix)]
#[test]
fn a_device_is_refused() {
    assert_eq!(Input::open("/dev/zero".as_ref()).unwrap_err().kind(), ErrorKind::Io);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_an_io_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("permission");
    let path = folder.file(&[1, 2, 3]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything; for everybody else the system says no.
    match fs::File::open(&path) {
        Ok(_) => assert_eq!(Input::open(&path).unwrap().len(), 3),
        Err(_) => {
            let error = Input::open(&path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Io);
            assert!(error.message().contains("ermission"));
        }
    }
}
