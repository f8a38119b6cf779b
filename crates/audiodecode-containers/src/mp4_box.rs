use audiodecode_pipeline::Result;

use crate::bytes::be_u64;
use crate::read_window::ReadWindow;

/// What lies at a place of an MP4 file where a box should begin (ISO/IEC 14496-12, 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextBox {
    /// A box that ends inside its parent.
    Box {
        /// Its type.
        kind: [u8; 4],
        /// Where what it holds begins.
        body: u64,
        /// Where it ends.
        end: u64,
    },
    /// A box to the end of the file.
    Open {
        /// Its type.
        kind: [u8; 4],
    },
    /// A box that goes on behind the end of its parent.
    CutOff {
        /// Its type.
        kind: [u8; 4],
    },
    /// Too few bytes for a box.
    End,
    /// A size that is smaller than its own header.
    Broken,
}

impl NextBox {
    /// Looks at `at`, in a parent that ends at `end`.
    pub fn read(window: &mut ReadWindow, at: u64, end: u64) -> Result<Self> {
        let room = end.saturating_sub(at);
        let head = window.bytes(at, 16)?;
        let Some(&[a, b, c, d, k0, k1, k2, k3]) = head.first_chunk().filter(|_| room >= 8) else {
            return Ok(Self::End);
        };
        let kind = [k0, k1, k2, k3];
        let (size, header) = match u64::from(u32::from_be_bytes([a, b, c, d])) {
            0 => return Ok(Self::Open { kind }),
            1 => match head.get(8..16).filter(|_| room >= 16) {
                Some(long) => (be_u64(long), 16),
                None => return Ok(Self::CutOff { kind }),
            },
            size => (size, 8),
        };
        Ok(match at.checked_add(size) {
            _ if size < header => Self::Broken,
            Some(next) if size <= room => Self::Box { kind, body: at + header, end: next },
            Some(_) => Self::CutOff { kind },
            None => Self::Broken,
        })
    }
}
