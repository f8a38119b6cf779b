//! Keys and values of a head in 16 bits.

use crate::row_math::rounded;
use crate::simd::{MOST_OF_PANEL, PANEL, SHORT_BLOCK, SHORT_PANEL};

/// Numbers of a head.
pub(crate) const HEAD: usize = 64;

/// Keys and values of one head. They come in panels of 64 positions: keys `[HEAD / 2][positions][2]`, values `[positions / 2][HEAD][2]`, so
/// that both are what a row of 64 numbers is multiplied with. Each channel has a scale.
#[derive(Clone)]
pub(crate) struct ShortHead {
    pub(crate) positions: usize,
    pub(crate) keys: Vec<i16>,
    pub(crate) values: Vec<i16>,
    pub(crate) key_scales: [f32; HEAD],
    pub(crate) value_scales: [f32; HEAD],
}

impl Default for ShortHead {
    fn default() -> Self {
        let (keys, values) = (Vec::new(), Vec::new());
        Self { positions: 0, keys, values, key_scales: [0.0; HEAD], value_scales: [0.0; HEAD] }
    }
}

impl ShortHead {
    /// Stores the keys and values of so many positions, `[HEAD]` each.
    #[inline(always)]
    pub(crate) fn store<'a>(
        &mut self,
        positions: usize,
        key: impl Fn(usize) -> &'a [f32],
        value: impl Fn(usize) -> &'a [f32],
    ) {
        self.resize(positions);
        let factors = scales(positions, &key, &mut self.key_scales);
        for (panel, target) in self.keys.chunks_exact_mut(SHORT_PANEL).enumerate() {
            store_keys(panel * PANEL, positions, &key, &factors, target);
        }
        self.store_values(positions, value);
    }

    /// A number of a key.
    pub(crate) fn key(&self, position: usize, channel: usize) -> f32 {
        let pair = channel / 2 * PANEL + position % PANEL;
        let place = position / PANEL * SHORT_PANEL + 2 * pair + channel % 2;
        f32::from(self.keys[place]) * self.key_scales[channel]
    }

    /// A number of a value.
    pub(crate) fn value(&self, position: usize, channel: usize) -> f32 {
        let pair = position % SHORT_BLOCK / 2 * HEAD + channel;
        let place = position / SHORT_BLOCK * SHORT_PANEL + 2 * pair + position % 2;
        f32::from(self.values[place]) * self.value_scales[channel]
    }

    fn resize(&mut self, positions: usize) {
        let size = positions.next_multiple_of(PANEL) * HEAD;
        self.positions = positions;
        self.keys.resize(size, 0);
        self.values.resize(size, 0);
    }

    #[inline(always)]
    fn store_values<'a>(&mut self, positions: usize, value: impl Fn(usize) -> &'a [f32]) {
        let factors = scales(positions, &value, &mut self.value_scales);
        for (panel, target) in self.values.chunks_exact_mut(SHORT_PANEL).enumerate() {
            let first = panel * SHORT_BLOCK;
            for (pair, target) in target.chunks_exact_mut(2 * HEAD).enumerate() {
                let mut both = [[0i16; HEAD]; 2];
                for (side, numbers) in both.iter_mut().enumerate() {
                    let position = first + 2 * pair + side;
                    if position < positions {
                        quantise(value(position), &factors, numbers);
                    }
                }
                for channel in 0..HEAD {
                    target[2 * channel] = both[0][channel];
                    target[2 * channel + 1] = both[1][channel];
                }
            }
        }
    }
}

/// A panel of keys: pairs of channels of each position, turned so that positions lie side by side.
#[inline(always)]
fn store_keys<'a>(
    first: usize,
    positions: usize,
    key: &impl Fn(usize) -> &'a [f32],
    factors: &[f32; HEAD],
    target: &mut [i16],
) {
    /// Positions that are turned at a time: what is written of them fills whole cache lines.
    const TOGETHER: usize = 16;
    for start in (0..PANEL).step_by(TOGETHER) {
        let mut numbers = [[0i16; HEAD]; TOGETHER];
        for (place, numbers) in numbers.iter_mut().enumerate() {
            let position = first + start + place;
            if position < positions {
                quantise(key(position), factors, numbers);
            }
        }
        for pair in 0..HEAD / 2 {
            let line = &mut target[2 * (pair * PANEL + start)..][..2 * TOGETHER];
            for place in 0..TOGETHER {
                line[2 * place] = numbers[place][2 * pair];
                line[2 * place + 1] = numbers[place][2 * pair + 1];
            }
        }
    }
}

#[inline(always)]
fn quantise(numbers: &[f32], factors: &[f32; HEAD], target: &mut [i16; HEAD]) {
    let Some(numbers) = numbers.first_chunk::<HEAD>() else { return };
    for channel in 0..HEAD {
        target[channel] = rounded(numbers[channel] * factors[channel]);
    }
}

/// Notes the scale of each channel, and gives what the numbers are to be multiplied with.
#[inline(always)]
fn scales<'a>(
    positions: usize,
    numbers: &impl Fn(usize) -> &'a [f32],
    scales: &mut [f32; HEAD],
) -> [f32; HEAD] {
    let mut most = [0f32; HEAD];
    for position in 0..positions {
        let Some(numbers) = numbers(position).first_chunk::<HEAD>() else { continue };
        for channel in 0..HEAD {
            most[channel] = larger(most[channel], numbers[channel]);
        }
    }
    let mut factors = [0.0; HEAD];
    for channel in 0..HEAD {
        factors[channel] = factor_of(most[channel], &mut scales[channel]);
    }
    factors
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
