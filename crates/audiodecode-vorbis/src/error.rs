use std::fmt;

use crate::bits::EndOfPacket;

/// Why the headers describe no stream that can be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// A header ends before what it states does.
    Truncated,
    /// Something that the specification forbids.
    Invalid(&'static str),
    /// Something beyond Vorbis I.
    Unsupported(&'static str),
    /// Tables of a size that no encoder makes.
    TooLarge(&'static str),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => formatter.write_str("a header is cut off"),
            Self::Invalid(what) | Self::Unsupported(what) => formatter.write_str(what),
            Self::TooLarge(what) => write!(formatter, "{what} beyond reason"),
        }
    }
}

impl std::error::Error for HeaderError {}

impl From<EndOfPacket> for HeaderError {
    fn from(_: EndOfPacket) -> Self {
        Self::Truncated
    }
}

/// Why a packet gives no samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketError {
    /// It is empty, or says that it is no audio.
    NotAudio,
    /// It uses a mode that the setup header does not know.
    UnknownMode,
    /// Its floor curve is no number, or one beyond reason.
    Floor,
}

impl fmt::Display for PacketError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAudio => "the packet is no audio packet",
            Self::UnknownMode => "the packet uses a mode that does not exist",
            Self::Floor => "the packet's floor curve is infinite or nearly so",
        })
    }
}

impl std::error::Error for PacketError {}
