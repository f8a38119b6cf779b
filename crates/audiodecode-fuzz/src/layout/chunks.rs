use super::{Encoding, Layout, number};

/// How a family of chunked files is built.
pub(super) struct Family {
    /// Where the first chunk begins.
    start: usize,
    /// Bytes of a chunk's name and of its size.
    name: usize,
    size: usize,
    encoding: Encoding,
    /// The size counts name and size too.
    whole: bool,
    /// Chunks begin at multiples of this.
    align: usize,
}

pub(super) const RIFF: Family =
    Family { start: 12, name: 4, size: 4, encoding: Encoding::LittleEndian, whole: false, align: 2 };
pub(super) const RIFX: Family = Family { encoding: Encoding::BigEndian, ..RIFF };
pub(super) const FORM: Family = RIFX;
pub(super) const CAF: Family = Family { start: 8, size: 8, align: 1, ..RIFX };
pub(super) const WAVE64: Family = Family { start: 40, name: 16, size: 8, whole: true, align: 8, ..RIFF };

/// Notes every chunk and its size.
pub(super) fn walk(layout: &mut Layout, bytes: &[u8], family: &Family) {
    layout.field(family.name, family.size, family.encoding);
    let mut at = family.start;
    while at + family.name + family.size <= bytes.len() {
        let body = at + family.name + family.size;
        layout.field(at + family.name, family.size, family.encoding);
        let stated = number(bytes, at + family.name, family.size, family.encoding);
        let stated = usize::try_from(stated).unwrap_or(usize::MAX);
        let end = if family.whole { at.saturating_add(stated) } else { body.saturating_add(stated) };
        let end = end.clamp(body, bytes.len());
        // Format chunks are all numbers.
        for field in (body..end.min(body + 64)).step_by(2) {
            layout.field(field, if field % 4 == 0 { 4 } else { 2 }, family.encoding);
        }
        if !layout.push(at..end) {
            return;
        }
        at = end.next_multiple_of(family.align);
    }
}
