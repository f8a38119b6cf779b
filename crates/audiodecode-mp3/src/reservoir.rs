/// `main_data_begin` has nine bits (ISO/IEC 11172-3 §2.4.1.7): nothing older than this many bytes can be borrowed.
const CAPACITY: usize = 511;

/// The last bytes of main data of earlier frames.
#[derive(Debug, Default)]
pub(crate) struct Reservoir {
    bytes: Vec<u8>,
}

impl Reservoir {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds the main data part of a frame, and gives where the main data of this frame begins; `None` when that was not kept.
    pub(crate) fn add(&mut self, payload: &[u8], begin: usize) -> Option<usize> {
        let excess = self.bytes.len().saturating_sub(CAPACITY);
        self.bytes.drain(..excess);
        let start = self.bytes.len().checked_sub(begin);
        self.bytes.extend_from_slice(payload);
        start
    }

    /// All bytes kept from this one on.
    pub(crate) fn from(&self, start: usize) -> &[u8] {
        self.bytes.get(start..).unwrap_or(&[])
    }
}
