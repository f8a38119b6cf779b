//! Keys and values of heads in 16 bits.

use crate::row_math::rounded;
use crate::simd::{MOST_OF_PANEL, PANEL, SHORT_BLOCK, SHORT_PANEL};

/// Numbers of a head.
pub(crate) const HEAD: usize = 64;

/// Keys and values of the heads of one layer. They come in panels of 64 positions: keys `[HEAD / 2][positions][2]`, values
/// `[positions / 2][HEAD][2]`, so that both are what a row of 64 numbers is multiplied with. Each of a head's channels has a scale.
#[derive(Clone, Default)]
pub(crate) struct ShortHeads {
    positions: usize,
    keys: Vec<i16>,
    values: Vec<i16>,
    key_scales: Vec<f32>,
    value_scales: Vec<f32>,
}

/// One of them.
#[derive(Clone, Copy)]
pub(crate) struct ShortHead<'a> {
    pub(crate) positions: usize,
    /// Panel after panel.
    pub(crate) keys: &'a [i16],
    pub(crate) values: &'a [i16],
    pub(crate) key_scales: &'a [f32],
    pub(crate) value_scales: &'a [f32],
}

/// The memory of one head, to be written.
pub(crate) struct ShortHeadMut<'a> {
    keys: &'a mut [i16],
    values: &'a mut [i16],
    key_scales: &'a mut [f32],
    value_scales: &'a mut [f32],
}

impl ShortHeads {
    /// Makes room for as many heads and positions; what is in it is of no account.
    pub(crate) fn resize(&mut self, heads: usize, positions: usize) {
        let size = heads * positions.next_multiple_of(PANEL) * HEAD;
        self.positions = positions;
        self.keys.resize(size, 0);
        self.values.resize(size, 0);
        self.key_scales.resize(heads * HEAD, 0.0);
        self.value_scales.resize(heads * HEAD, 0.0);
    }

    pub(crate) fn positions(&self) -> usize {
        self.positions
    }

    pub(crate) fn head(&self, head: usize) -> ShortHead<'_> {
        let size = self.positions.next_multiple_of(PANEL) * HEAD;
        let (numbers, scales) = (head * size..(head + 1) * size, head * HEAD..(head + 1) * HEAD);
        ShortHead {
            positions: self.positions,
            keys: &self.keys[numbers.clone()],
            values: &self.values[numbers],
            key_scales: &self.key_scales[scales.clone()],
            value_scales: &self.value_scales[scales],
        }
    }

    /// All heads, each to be written by somebody.
    pub(crate) fn heads_mut(&mut self) -> impl Iterator<Item = ShortHeadMut<'_>> {
        let size = self.positions.next_multiple_of(PANEL) * HEAD;
        let numbers = self.keys.chunks_exact_mut(size.max(1)).zip(self.values.chunks_exact_mut(size.max(1)));
        let scales = self.key_scales.chunks_exact_mut(HEAD).zip(self.value_scales.chunks_exact_mut(HEAD));
        numbers.zip(scales).map(|((keys, values), (key_scales, value_scales))| ShortHeadMut {
            keys,
            values,
            key_scales,
            value_scales,
        })
    }
}

impl ShortHeadMut<'_> {
    /// Stores a head's keys, `[HEAD]` for each position.
    #[inline(always)]
    pub(crate) fn store_keys<'a>(&mut self, positions: usize, key: impl Fn(usize) -> &'a [f32]) {
        let factors = scales(positions, &key, self.key_scales);
        for (panel, target) in self.keys.chunks_exact_mut(SHORT_PANEL).enumerate() {
            let first = panel * PANEL;
            let count = PANEL.min(positions.saturating_sub(first));
            if count < PANEL {
                target.fill(0);
            }
            for place in 0..count {
                let key = &key(first + place)[..HEAD];
                for pair in 0..HEAD / 2 {
                    let start = 2 * (pair * PANEL + place);
                    target[start] = rounded(key[2 * pair] * factors[2 * pair]);
                    target[start + 1] = rounded(key[2 * pair + 1] * factors[2 * pair + 1]);
                }
            }
        }
    }

    /// Stores a head's values, `[HEAD]` for each position.
    #[inline(always)]
    pub(crate) fn store_values<'a>(&mut self, positions: usize, value: impl Fn(usize) -> &'a [f32]) {
        let factors = scales(positions, &value, self.value_scales);
        for (panel, target) in self.values.chunks_exact_mut(SHORT_PANEL).enumerate() {
            let first = panel * SHORT_BLOCK;
            let count = SHORT_BLOCK.min(positions.saturating_sub(first));
            if count < SHORT_BLOCK {
                target.fill(0);
            }
            for place in 0..count {
                let value = &value(first + place)[..HEAD];
                let pair = &mut target[place / 2 * 2 * HEAD..(place / 2 + 1) * 2 * HEAD];
                for channel in 0..HEAD {
                    pair[2 * channel + place % 2] = rounded(value[channel] * factors[channel]);
                }
            }
        }
    }

    /// Stores keys that come channel after channel, `[HEAD][positions]`.
    #[inline(always)]
    pub(crate) fn store_turned_keys(&mut self, positions: usize, keys: &[f32]) {
        let channels = keys.chunks_exact(positions).zip(self.key_scales.iter_mut());
        for (channel, (row, scale)) in channels.enumerate() {
            let factor = factor_of(row.iter().fold(0.0, |most, number| larger(most, *number)), scale);
            for (numbers, panel) in row.chunks(PANEL).zip(self.keys.chunks_exact_mut(SHORT_PANEL)) {
                let line = &mut panel[channel / 2 * 2 * PANEL..(channel / 2 + 1) * 2 * PANEL];
                for (place, pair) in line.chunks_exact_mut(2).enumerate() {
                    pair[channel % 2] = numbers.get(place).map_or(0, |number| rounded(number * factor));
                }
            }
        }
    }
}

/// Notes the scale of each channel, and gives what the numbers are to be multiplied with.
#[inline(always)]
fn scales<'a>(positions: usize, numbers: &impl Fn(usize) -> &'a [f32], scales: &mut [f32]) -> [f32; HEAD] {
    let mut most = [0f32; HEAD];
    for position in 0..positions {
        for (most, number) in most.iter_mut().zip(numbers(position)) {
            *most = larger(*most, *number);
        }
    }
    std::array::from_fn(|channel| factor_of(most[channel], &mut scales[channel]))
}

#[inline(always)]
fn larger(most: f32, number: f32) -> f32 {
    if number.abs() > most { number.abs() } else { most }
}

#[inline(always)]
fn factor_of(size: f32, scale: &mut f32) -> f32 {
    *scale = size / MOST_OF_PANEL;
    if size > 0.0 { MOST_OF_PANEL / size } else { 0.0 }
}
