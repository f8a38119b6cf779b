//! The ways a file breaks. Each takes what a walk of the file found and leaves it broken in one way more.
#![allow(clippy::ptr_arg, reason = "all of them have one type, and most change the length")]

use std::ops::Range;

use crate::layout::{Encoding, Field, Layout};
use crate::random::Random;

/// What one way of breaking has to work with.
pub(crate) struct Tools<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) layout: &'a Layout,
    /// Another real file.
    pub(crate) other: &'a [u8],
}

type Mutation = fn(&mut Vec<u8>, &mut Tools<'_>);

/// By name; those that go for the structure stand more than once, to be chosen more often.
pub(crate) const MUTATIONS: [(&str, Mutation); 21] = [
    ("truncate", truncate),
    ("flip bits", flip_bits),
    ("flip bits of the header", flip_header_bits),
    ("flip bits of an element", flip_element_bits),
    ("flip bits of an element", flip_element_bits),
    ("zero a run", zero_run),
    ("delete", delete),
    ("insert", insert),
    ("duplicate", duplicate),
    ("splice", splice),
    ("huge number", huge_number),
    ("huge number", huge_number),
    ("huge number", huge_number),
    ("number off by a little", near_number),
    ("number off by a little", near_number),
    ("random number", random_number),
    ("huge number anywhere", huge_anywhere),
    ("duplicate an element", duplicate_element),
    ("element in itself", nest_element),
    ("delete an element", delete_element),
    ("swap two elements", swap_elements),
];

/// Numbers at which arithmetic goes over an edge.
const EDGES: [u64; 14] = [
    0,
    1,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff0,
    0xffff_ffff,
    1 << 32,
    i64::MAX as u64,
    1 << 63,
    u64::MAX,
];

fn truncate(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    bytes.truncate(tools.random.below(bytes.len()));
}

fn flip_bits(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let whole = 0..bytes.len();
    flip_within(bytes, tools.random, whole);
}

fn flip_header_bits(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let head = 0..bytes.len().min(600);
    flip_within(bytes, tools.random, head);
}

/// The first bytes of an element are its header, so they are hit more often.
fn flip_element_bits(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    if let Some(element) = tools.random.pick(&tools.layout.elements).cloned() {
        let length = tools.random.small(element.len()) + 1;
        flip_within(bytes, tools.random, element.start..element.start + length);
    }
}

fn flip_within(bytes: &mut [u8], random: &mut Random, range: Range<usize>) {
    for _ in 0..=random.small(16) {
        let at = range.start + random.below(range.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << random.below(8);
        }
    }
}

fn zero_run(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let range = some_range(bytes, tools.random, 3_000);
    bytes[range].fill(0);
}

fn delete(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let range = some_range(bytes, tools.random, 3_000);
    bytes.drain(range);
}

fn insert(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let at = tools.random.below(bytes.len());
    let length = tools.random.small(2_000);
    let fill = [None, Some(0), Some(0xff)][tools.random.below(3)];
    let extra: Vec<u8> = (0..length).map(|_| fill.unwrap_or_else(|| tools.random.bits() as u8)).collect();
    bytes.splice(at..at, extra);
}

fn duplicate(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let piece = bytes[some_range(bytes, tools.random, 3_000)].to_vec();
    let to = tools.random.below(bytes.len());
    bytes.splice(to..to, piece);
}

/// The beginning of one file and the end of another, cut anywhere.
fn splice(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    bytes.truncate(tools.random.below(bytes.len()));
    bytes.extend_from_slice(&tools.other[tools.random.below(tools.other.len())..]);
}

fn huge_number(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    if let Some(&field) = tools.random.pick(&tools.layout.fields) {
        write(bytes, field, EDGES[tools.random.below(EDGES.len())]);
    }
}

fn near_number(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    if let Some(&field) = tools.random.pick(&tools.layout.fields) {
        let by = tools.random.small(64) as u64 + 1;
        let value = read(bytes, field);
        let off = if tools.random.below(2) == 0 { value.wrapping_add(by) } else { value.wrapping_sub(by) };
        write(bytes, field, off);
    }
}

fn random_number(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    if let Some(&field) = tools.random.pick(&tools.layout.fields) {
        let shift = tools.random.below(64);
        write(bytes, field, tools.random.bits() >> shift);
    }
}

fn huge_anywhere(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let at = tools.random.small(bytes.len());
    let width = [2, 4, 8][tools.random.below(3)];
    let encoding = [Encoding::BigEndian, Encoding::LittleEndian][tools.random.below(2)];
    write(bytes, Field { at, width, encoding }, EDGES[tools.random.below(EDGES.len())]);
}

fn duplicate_element(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    if let Some(piece) = some_element(bytes, tools) {
        let to = some_boundary(bytes, tools);
        bytes.splice(to..to, piece);
    }
}

fn nest_element(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let Some(element) = tools.random.pick(&tools.layout.elements).cloned() else { return };
    let Some(piece) = bytes.get(element.clone()).filter(|piece| piece.len() < MAX_PIECE) else { return };
    let piece = piece.repeat(1 + tools.random.small(8));
    let to = element.start + [4, 8, 12, 16][tools.random.below(4)];
    let to = to.min(bytes.len());
    bytes.splice(to..to, piece);
}

fn delete_element(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    if let Some(element) = tools.random.pick(&tools.layout.elements).cloned() {
        bytes.drain(element.start.min(bytes.len())..element.end.min(bytes.len()));
    }
}

fn swap_elements(bytes: &mut Vec<u8>, tools: &mut Tools<'_>) {
    let pick = |tools: &mut Tools<'_>| tools.random.pick(&tools.layout.elements).cloned();
    let (Some(one), Some(two)) = (pick(tools), pick(tools)) else { return };
    let (first, second) = if one.start <= two.start { (one, two) } else { (two, one) };
    if first.end <= second.start && second.end <= bytes.len() {
        let between =
            [&bytes[second.clone()], &bytes[first.end..second.start], &bytes[first.clone()]].concat();
        bytes.splice(first.start..second.end, between);
    }
}

/// Elements beyond this are not copied: a file of one huge element would only get longer.
const MAX_PIECE: usize = 64 << 10;

fn some_element(bytes: &[u8], tools: &mut Tools<'_>) -> Option<Vec<u8>> {
    let element = tools.random.pick(&tools.layout.elements)?;
    bytes.get(element.clone()).filter(|piece| piece.len() < MAX_PIECE).map(<[u8]>::to_vec)
}

fn some_boundary(bytes: &[u8], tools: &mut Tools<'_>) -> usize {
    tools.random.pick(&tools.layout.elements).map_or(0, |element| element.start.min(bytes.len()))
}

fn some_range(bytes: &[u8], random: &mut Random, longest: usize) -> Range<usize> {
    let at = random.below(bytes.len());
    at..(at + random.small(longest)).min(bytes.len())
}

fn read(bytes: &[u8], field: Field) -> u64 {
    let some = bytes.get(field.at..field.at + field.width).unwrap_or_default();
    let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    match field.encoding {
        Encoding::LittleEndian => some.iter().rev().fold(0, join),
        _ => some.iter().fold(0, join),
    }
}

fn write(bytes: &mut [u8], field: Field, value: u64) {
    let Some(place) = bytes.get_mut(field.at..field.at + field.width) else { return };
    let value = match field.encoding {
        // The marker stays, so that the number stays as long as it is.
        Encoding::Vint => value & ((1 << (7 * field.width)) - 1) | 1 << (7 * field.width),
        _ => value,
    };
    let all = value.to_be_bytes();
    place.copy_from_slice(&all[8 - field.width..]);
    if field.encoding == Encoding::LittleEndian {
        place.reverse();
    }
}
