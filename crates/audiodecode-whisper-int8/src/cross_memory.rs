//! What the decoder looks at: keys and values of several windows of audio.

use std::fmt;

use crate::attention::MOST_POSITIONS;
use crate::short_heads::{HEAD, ShortHead};

/// Keys and values of several windows, in 16 bits. Half as large as floats, which is what a step of the decoder waits for: it reads all of
/// them. The largest error is 1/16,382 of a channel's largest number.
pub struct CrossMemory {
    heads: usize,
    layers: usize,
    /// Of each window, layer after layer, all heads.
    slots: Vec<Vec<Vec<ShortHead>>>,
}

/// Keys or values that have not the size they should have.
#[derive(Debug, PartialEq, Eq)]
pub struct CrossShapeError;

impl fmt::Display for CrossShapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("keys and values of the audio are not of the shape of this model")
    }
}

impl std::error::Error for CrossShapeError {}

impl CrossMemory {
    /// Memory for so many windows; what a window takes is allocated when it is first stored.
    #[must_use]
    pub fn new(slots: usize, layers: usize, heads: usize) -> Self {
        Self { heads, layers, slots: vec![vec![vec![ShortHead::default(); heads]; layers]; slots] }
    }

    /// Windows there is place for.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn heads(&self) -> usize {
        self.heads
    }

    pub(crate) fn layers(&self) -> usize {
        self.layers
    }

    /// Positions of the window in this place; 0 where there is none.
    #[must_use]
    pub fn positions(&self, slot: usize) -> usize {
        let head = self.slots.get(slot).and_then(|slot| slot.first()?.first());
        head.map_or(0, |head| head.positions)
    }

    /// Puts a window into a place: keys and values `[positions, heads, HEAD]` of each layer.
    ///
    /// # Errors
    /// When their number or size is not that of the model.
    pub fn store(&mut self, slot: usize, keys: &[&[f32]], values: &[&[f32]]) -> Result<(), CrossShapeError> {
        let width = self.heads * HEAD;
        let size = keys.first().map_or(0, |first| first.len());
        let fits = |all: &[&[f32]]| all.len() == self.layers && all.iter().all(|each| each.len() == size);
        if width == 0 || size == 0 || !size.is_multiple_of(width) || !fits(keys) || !fits(values) {
            return Err(CrossShapeError);
        }
        let positions = size / width;
        if positions > MOST_POSITIONS {
            return Err(CrossShapeError);
        }
        let target = self.slots.get_mut(slot).ok_or(CrossShapeError)?;
        for ((layer, keys), values) in target.iter_mut().zip(keys).zip(values) {
            for (index, head) in layer.iter_mut().enumerate() {
                let at = |position: usize| {
                    let start = position * width + index * HEAD;
                    start..start + HEAD
                };
                head.store(positions, |position| &keys[at(position)], |position| &values[at(position)]);
            }
        }
        Ok(())
    }

    /// Puts the window of one place into another; what was there is lost.
    pub fn copy(&mut self, from: usize, to: usize) {
        if from < self.slots.len() && to < self.slots.len() {
            // What is there is the next one's memory.
            self.slots.swap(from, to);
        }
    }

    /// Keys and values of a layer as floats, `[positions][width]` each; for tests.
    #[must_use]
    pub fn floats(&self, slot: usize, layer: usize) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
        let heads = &self.slots[slot][layer];
        let all = |of: &dyn Fn(&ShortHead, usize, usize) -> f32| {
            (0..self.positions(slot))
                .map(|position| {
                    let channels = (0..self.heads * HEAD).map(|channel| (channel / HEAD, channel % HEAD));
                    channels.map(|(head, channel)| of(&heads[head], position, channel)).collect()
                })
                .collect()
        };
        (all(&ShortHead::key), all(&ShortHead::value))
    }

    pub(crate) fn head(&self, slot: usize, layer: usize, head: usize) -> &ShortHead {
        &self.slots[slot][layer][head]
    }

    /// All layers of a place, to be written.
    pub(crate) fn slot_mut(&mut self, slot: usize) -> &mut [Vec<ShortHead>] {
        &mut self.slots[slot]
    }
}
