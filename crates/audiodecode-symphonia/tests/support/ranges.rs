//! Ranges that are the slice of the whole.
#![allow(clippy::unwrap_used)]

use audiodecode_pipeline::Damage;

use super::{Dice, Planes, open_bytes, read, read_all};

/// Fails where a part is not what the whole has from `start` on, bit for bit.
pub fn is_the_slice(part: &Planes, whole: &Planes, start: usize, what: &str) {
    for (part, whole) in part.iter().zip(whole) {
        let start = start.min(whole.len());
        let wanted = &whole[start..whole.len().min(start + part.len().max(1))];
        let differs = part.iter().zip(wanted).position(|(a, b)| a.to_bits() != b.to_bits());
        assert_eq!((part.len(), differs), (wanted.len(), None), "{what}: from {start}");
    }
}

/// Damage in a range; what lies before and behind it is nobody's.
fn within(damage: &[Damage], start: u64) -> Vec<(u64, u64, &str)> {
    let inside = damage.iter().filter(|damage| damage.end_frame > start);
    inside.map(|damage| (damage.start_frame.max(start), damage.end_frame, damage.reason.as_str())).collect()
}

/// Ranges at seeded places, from a source that is moved about and from fresh ones, with the damage told of them.
pub fn agrees_everywhere(bytes: &[u8], dice: &mut Dice, rounds: usize, what: &str) {
    let mut whole_source = open_bytes(bytes).expect(what);
    let whole = read_all(&mut *whole_source).expect(what);
    let (damage, length) = (whole_source.drain_damage(), whole[0].len());
    let mut moved = open_bytes(bytes).unwrap();
    for round in 0..rounds {
        let start = dice.below(length + 100);
        moved.seek(start as u64).unwrap();
        is_the_slice(&read(&mut *moved, 1 + dice.below(5000)).unwrap(), &whole, start, what);
        if round % 4 == 0 {
            let mut fresh = open_bytes(bytes).unwrap();
            fresh.seek(start as u64).unwrap();
            let rest = read_all(&mut *fresh).unwrap();
            is_the_slice(&rest, &whole, start, what);
            assert_eq!(rest[0].len(), length.saturating_sub(start), "{what} from {start}");
            let told = fresh.drain_damage();
            assert_eq!(within(&told, start as u64), within(&damage, start as u64), "{what} from {start}");
        }
    }
}
