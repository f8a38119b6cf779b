use crate::error::HeaderError;

/// What a setup header may still ask for. A few bytes can state books of millions of entries, in lists by length; without a
/// bound on all of them together they would take gigabytes.
#[derive(Debug)]
pub(crate) struct Limits {
    entries: u64,
    values: u64,
    slots: u64,
    classes: u64,
}

/// Real headers have some 20,000 entries, 200,000 values and as many slots.
impl Default for Limits {
    fn default() -> Self {
        Self { entries: 1 << 20, values: 1 << 22, slots: 1 << 22, classes: 1 << 22 }
    }
}

impl Limits {
    /// Entries of codebooks.
    pub(crate) fn take_entries(&mut self, count: u64) -> Result<(), HeaderError> {
        take(&mut self.entries, count, "Vorbis codebooks")
    }

    /// Numbers in vectors of codebooks.
    pub(crate) fn take_values(&mut self, count: u64) -> Result<(), HeaderError> {
        take(&mut self.values, count, "Vorbis vectors")
    }

    /// Places in tables that codewords are looked up in.
    pub(crate) fn take_slots(&mut self, count: u64) -> Result<(), HeaderError> {
        take(&mut self.slots, count, "Vorbis codeword tables")
    }

    /// Classes that the words of residues' class books stand for.
    pub(crate) fn take_classes(&mut self, count: u64) -> Result<(), HeaderError> {
        take(&mut self.classes, count, "Vorbis residue classes")
    }
}

fn take(left: &mut u64, count: u64, what: &'static str) -> Result<(), HeaderError> {
    *left = left.checked_sub(count).ok_or(HeaderError::TooLarge(what))?;
    Ok(())
}
