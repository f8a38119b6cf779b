//! Steps of the decoder.

mod layer_pass;
mod step_memory;

use std::fmt;

use crate::cross_memory::CrossMemory;
use crate::decoder_weights::{DecoderWeights, Shape};
use crate::finish::Put;
use crate::output_head::{Choices, choose};
use crate::processor::{Processor, Work, run_on};
use crate::quantised_rows::quantise_row;
use crate::row_math::layer_norm;
use crate::simd::Isa;
use crate::team::{Member, Team};
use layer_pass::LayerPass;
use step_memory::{StepMemory, StepWork};

/// One pass of the decoder over the next tokens of all rows.
pub struct Step<'a> {
    /// Row after row, as many of each.
    pub tokens: &'a [u32],
    /// Where each of them is in its row's text.
    pub positions: &'a [u32],
    /// Rows, of which as many belong to each window.
    pub rows: usize,
    /// Tokens before these in the caches.
    pub past: usize,
    /// For each row, its first token in the caches; those before it are not its own.
    pub starts: &'a [u32],
    /// For each row, the token in the caches up to which it is known to be equal to the first row of its window: what they share is then read
    /// once for all of them.
    pub shared: &'a [u32],
    /// What is looked at.
    pub cross: &'a CrossMemory,
    /// The first window's place.
    pub slot: usize,
    /// Windows.
    pub audios: usize,
    /// Indices among the tokens of a row whose successors are scored.
    pub score: &'a [u32],
    /// Added to the scores of text.
    pub text_mask: &'a [f32],
    /// Tokens of text to tell.
    pub top: usize,
    /// Tell the scores of all tokens too.
    pub all_logits: bool,
    /// Tokens whose scores are told, one for each scored token of each row; or none.
    pub wanted: &'a [u32],
    /// Layers whose look at the audio is told.
    pub attention_layers: &'a [u32],
}

/// Keys and values of all tokens so far, of layer after layer: `[tokens, rows, width]` each, with room for those of the step, which it writes.
pub struct Caches<'a> {
    /// Keys of layer 0, values of layer 0, keys of layer 1, …
    pub buffers: Vec<&'a mut [f32]>,
}

/// What a step gives, for row after row and in it for each scored token.
#[derive(Debug, Default)]
pub struct Scores {
    /// Scores of the best tokens of text, the best first.
    pub text_values: Vec<f32>,
    /// The tokens.
    pub text_ids: Vec<u32>,
    /// Logarithm of the sum of the exponentials of all scores of text.
    pub text_log_sum: Vec<f32>,
    /// Scores from the end of text on.
    pub tail: Vec<f32>,
    /// Scores of all tokens; empty unless asked for.
    pub logits: Vec<f32>,
    /// Scores of the tokens that were wanted.
    pub wanted: Vec<f32>,
    /// For each layer asked for.
    pub attention: Vec<Attention>,
}

/// Weights with which the tokens of a step look at the audio.
#[derive(Debug, Default)]
pub struct Attention {
    /// `[windows, heads, rows of a window × tokens, positions]`
    pub weights: Vec<f32>,
    /// Positions of a window.
    pub positions: usize,
}

/// A step that the decoder cannot do.
#[derive(Debug, PartialEq, Eq)]
pub struct StepError(pub(crate) &'static str);

impl fmt::Display for StepError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for StepError {}

/// A decoder and the threads that it computes with.
pub struct Decoder {
    weights: DecoderWeights,
    processor: Processor,
    team: Team,
    memory: StepMemory,
}

impl Decoder {
    /// A decoder on so many threads, the calling one among them.
    #[must_use]
    pub fn new(weights: DecoderWeights, threads: usize, processor: Processor) -> Self {
        Self {
            weights,
            processor: processor.checked(),
            team: Team::new(threads),
            memory: StepMemory::default(),
        }
    }

    /// Memory for so many windows of this model's audio.
    #[must_use]
    pub fn cross_memory(&self, slots: usize) -> CrossMemory {
        let Shape { layers, heads, .. } = self.weights.shape;
        CrossMemory::new(slots, layers, heads)
    }

    /// Reads the next tokens of all rows, writes their keys and values into the caches and scores what follows.
    ///
    /// # Errors
    /// When a size does not fit the model or the others.
    pub fn run(&mut self, step: &Step<'_>, caches: &mut Caches<'_>) -> Result<Scores, StepError> {
        check(step, caches, &self.weights.shape)?;
        let Self { weights, processor, team, memory } = self;
        let mut attention = looks(step, weights.shape.heads);
        let work = memory.prepare(step, &weights.shape, caches, team.members(), &mut attention);
        let pass = Pass { weights, step, work };
        run_on(*processor, team, &pass);
        let scores = pass.into_scores();
        Ok(Scores { attention, ..scores })
    }
}

/// Room for the looks at the audio that are asked for.
fn looks(step: &Step<'_>, heads: usize) -> Vec<Attention> {
    let positions = step.cross.positions(step.slot);
    let weights = || vec![0.0; positions * step.tokens.len() * heads];
    step.attention_layers.iter().map(|_| Attention { weights: weights(), positions }).collect()
}

fn check(step: &Step<'_>, caches: &Caches<'_>, shape: &Shape) -> Result<(), StepError> {
    let fail = |what| Err(StepError(what));
    let Step { rows, past, audios, .. } = *step;
    if rows == 0 || audios == 0 || !rows.is_multiple_of(audios) {
        return fail("rows cannot be shared out among the windows");
    }
    if step.tokens.is_empty()
        || !step.tokens.len().is_multiple_of(rows)
        || step.positions.len() != step.tokens.len()
    {
        return fail("every row must have as many tokens and positions");
    }
    let count = step.tokens.len() / rows;
    if past + count > shape.context {
        return fail("a row has more tokens than the model can read");
    }
    if step.tokens.iter().any(|token| *token as usize >= shape.vocabulary)
        || step.positions.iter().any(|position| *position as usize >= shape.context)
    {
        return fail("the model has no such token or position");
    }
    if step.starts.len() != rows || step.starts.iter().any(|start| *start as usize > past) {
        return fail("every row must begin among the tokens so far");
    }
    if step.shared.len() != rows || step.shared.iter().any(|shared| *shared as usize > past) {
        return fail("rows can only share tokens that they have");
    }
    if step.score.iter().any(|index| *index as usize >= count) {
        return fail("a token is to be scored that is none of the step's");
    }
    if !step.wanted.is_empty() && step.wanted.len() != rows * step.score.len()
        || step.wanted.iter().any(|token| *token as usize >= shape.vocabulary)
    {
        return fail("for every scored token one of the model's may be wanted");
    }
    if step.text_mask.len() != shape.end_of_text || step.top == 0 || step.top > shape.end_of_text {
        return fail("there are not as many tokens of text");
    }
    let cross = step.cross;
    let last = step.slot + audios;
    if cross.layers() != shape.layers || cross.heads() != shape.heads || last > cross.slots() {
        return fail("there is no such window");
    }
    if (step.slot..last).any(|slot| cross.positions(slot) == 0) {
        return fail("the windows are not stored");
    }
    let first = cross.positions(step.slot);
    if !step.attention_layers.is_empty() && (step.slot..last).any(|slot| cross.positions(slot) != first) {
        return fail("looks at windows that are not of the same length cannot be told");
    }
    if step.attention_layers.iter().any(|layer| *layer as usize >= shape.layers) {
        return fail("there is no such layer");
    }
    let size = (past + count) * rows * shape.width;
    if caches.buffers.len() != 2 * shape.layers || caches.buffers.iter().any(|buffer| buffer.len() < size) {
        return fail("the caches have no room for the tokens of the step");
    }
    Ok(())
}

/// A step at work.
struct Pass<'a> {
    weights: &'a DecoderWeights,
    step: &'a Step<'a>,
    work: StepWork<'a>,
}

impl Work for Pass<'_> {
    #[inline(always)]
    unsafe fn run<I: Isa>(&self, member: &Member<'_>) {
        let Self { weights, step, work } = self;
        let width = weights.shape.width;
        let tokens = step.tokens.len();
        for index in member.part(tokens) {
            // SAFETY: each member has rows of its own.
            let row = unsafe { work.state.write(index * width..(index + 1) * width) };
            weights.embed(step.tokens[index] as usize, step.positions[index] as usize, row);
        }
        for (index, layer) in weights.layers.iter().enumerate() {
            // SAFETY: the caller's promises.
            unsafe { LayerPass { pass: self, layer, index, member }.run::<I>() };
        }
        // SAFETY: as above.
        unsafe { self.score::<I>(member) };
    }
}

impl Pass<'_> {
    /// # Safety
    /// As of `run`.
    #[inline(always)]
    unsafe fn score<I: Isa>(&self, member: &Member<'_>) {
        let Self { weights, step, work } = self;
        let Shape { width, vocabulary, end_of_text, block, .. } = weights.shape;
        let scored = step.score.len();
        let count = step.tokens.len() / step.rows;
        let all = step.rows * scored;
        member.meet();
        for index in member.part(all) {
            let token = index / scored * count + step.score[index % scored] as usize;
            // SAFETY: the state is complete, and each member has rows of its own to write.
            unsafe {
                let row = work.state.read(token * width..(token + 1) * width);
                let normal = work.normal.write(index * width..(index + 1) * width);
                layer_norm(row, &weights.last.gain, &weights.last.offset, normal);
                let (values, scales, surplus) = work.quantised.row(index, width, block);
                quantise_row(normal, block, values, scales, surplus);
            }
        }
        member.meet();
        // SAFETY: rows are quantised; each member writes outputs of its own.
        unsafe {
            let rows = work.quantised.all(all, width, block);
            let panels = member.part(weights.projection.panels());
            let put = Put { target: &work.logits, columns: vocabulary };
            weights.projection.multiply::<I>(&rows, all, panels, &put);
        }
        member.meet();
        for index in member.part(all) {
            // SAFETY: the scores are complete; each member has memory and places of its own.
            unsafe {
                let scores = work.logits.read(index * vocabulary..index * vocabulary + end_of_text);
                let masked = work.masked.write(member.index * end_of_text..(member.index + 1) * end_of_text);
                let found = choose::<I>(scores, step.text_mask, masked, step.top);
                work.choices.write(index..index + 1)[0] = Some(found);
            }
        }
    }

    /// What was found, once all members are done.
    fn into_scores(self) -> Scores {
        let Shape { vocabulary, end_of_text, .. } = self.weights.shape;
        let all = self.step.rows * self.step.score.len();
        let mut scores = Scores::default();
        // SAFETY: all members are done.
        let (logits, choices) =
            unsafe { (self.work.logits.read(0..all * vocabulary), self.work.choices.write(0..all)) };
        for (logits, choices) in logits.chunks_exact(vocabulary).zip(choices) {
            let Some(Choices { values, ids, log_sum }) = choices.take() else { continue };
            scores.text_values.extend(values);
            scores.text_ids.extend(ids);
            scores.text_log_sum.push(log_sum);
            scores.tail.extend(&logits[end_of_text..]);
        }
        for (logits, wanted) in logits.chunks_exact(vocabulary).zip(self.step.wanted) {
            scores.wanted.push(logits[*wanted as usize]);
        }
        if self.step.all_logits {
            scores.logits.extend(logits);
        }
        scores
    }
}
