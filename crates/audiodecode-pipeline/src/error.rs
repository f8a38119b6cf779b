use std::fmt;

/// Why decoding failed: what the caller can do differs by kind, not by codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no file at the path.
    NotFound,
    /// The operating system refused: permission, a directory, a failing disk.
    Io,
    /// A format or feature this backend does not decode; another backend may.
    Unsupported,
    /// The data says what it is and then is not that; no backend will do better.
    Corrupt,
    /// A limit of the request would be exceeded. Raised before the memory is reserved.
    LimitExceeded,
    /// The native library behind the backend is missing or too old.
    Unavailable,
    /// The decoder was closed.
    Closed,
    /// Stopped by its [`CancelFlag`](crate::CancelFlag).
    Cancelled,
    /// An argument out of range; a mistake of the calling code, not of the file.
    InvalidArgument,
}

/// An error with what happened and, where it helps, what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    byte_offset: Option<u64>,
}

/// The result of every fallible call of the native crates.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of this kind. The message is shown to the user as it is.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), byte_offset: None }
    }

    /// Shorthand for [`ErrorKind::Unsupported`].
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// Shorthand for [`ErrorKind::Corrupt`].
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Corrupt, message)
    }

    /// Shorthand for [`ErrorKind::LimitExceeded`].
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::LimitExceeded, message)
    }

    /// The same error, with the place in the file where it was noticed.
    #[must_use]
    pub fn at(mut self, byte_offset: u64) -> Self {
        self.byte_offset = Some(byte_offset);
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What happened, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the file, when known.
    pub fn byte_offset(&self) -> Option<u64> {
        self.byte_offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            _ => ErrorKind::Io,
        };
        Self::new(kind, error.to_string())
    }
}
