//! Encoder and decoder written down as the paper has it (Radford et al. 2022, Vaswani et al. 2017), in double precision, one number after the other.
//! What is quantised in the addon is quantised here too, by its definition: the rest of the difference is rounding.
#![allow(dead_code, clippy::expect_used, missing_docs, unreachable_pub)]

use std::io::Write;
use std::path::{Path, PathBuf};

const HEAD: usize = 64;
const ALIGNMENT: usize = 4096;

/// Sizes of a model.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub layers: usize,
    pub heads: usize,
    pub inner: usize,
    pub vocabulary: usize,
    pub context: usize,
    pub end_of_text: usize,
    pub block: usize,
}

impl Sizes {
    pub fn width(&self) -> usize {
        self.heads * HEAD
    }
}

pub struct Matrix {
    outputs: usize,
    columns: usize,
    values: Vec<u8>,
    scales: Vec<f32>,
    bias: Option<Vec<f32>>,
}

struct Norm {
    gain: Vec<f32>,
    offset: Vec<f32>,
}

struct Layer {
    before_self: Norm,
    parts: Matrix,
    after_self: Matrix,
    before_cross: Norm,
    queries: Matrix,
    after_cross: Matrix,
    before_inner: Norm,
    to_inner: Matrix,
    from_inner: Matrix,
}

/// A model of random weights.
pub struct Model {
    pub sizes: Sizes,
    embeddings: Vec<u16>,
    positions: Vec<f32>,
    layers: Vec<Layer>,
    last: Norm,
    projection: Matrix,
}

/// Numbers that look random and are always the same.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// From -size to size.
    pub fn float(&mut self, size: f32) -> f32 {
        ((self.next() as f64 / f64::from(1u32 << 31)) * 2.0 - 1.0) as f32 * size
    }

    pub fn floats(&mut self, count: usize, size: f32) -> Vec<f32> {
        (0..count).map(|_| self.float(size)).collect()
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }
}

impl Model {
    pub fn random(sizes: Sizes, seed: u64) -> Self {
        let noise = &mut Noise::new(seed);
        let Sizes { inner, vocabulary, context, block, .. } = sizes;
        let width = sizes.width();
        let norm = |noise: &mut Noise| Norm::random(noise, width);
        let matrix = |noise: &mut Noise, outputs: usize, columns: usize, has_bias: bool| {
            Matrix::random(noise, (outputs, columns), block, has_bias)
        };
        Self {
            sizes,
            // Halves from -2 to 2, subnormal ones among them.
            embeddings: (0..vocabulary * width)
                .map(|_| (noise.below(0x4000) | noise.below(2) << 15) as u16)
                .collect(),
            positions: noise.floats(context * width, 0.5),
            layers: (0..sizes.layers)
                .map(|_| Layer {
                    before_self: norm(noise),
                    parts: matrix(noise, 3 * width, width, true),
                    after_self: matrix(noise, width, width, true),
                    before_cross: norm(noise),
                    queries: matrix(noise, width, width, true),
                    after_cross: matrix(noise, width, width, true),
                    before_inner: norm(noise),
                    to_inner: matrix(noise, inner, width, true),
                    from_inner: matrix(noise, width, inner, true),
                })
                .collect(),
            last: norm(noise),
            projection: matrix(noise, vocabulary, width, false),
        }
    }

    /// The file that the addon reads.
    pub fn bytes(&self) -> Vec<u8> {
        let Sizes { layers, heads, inner, vocabulary, context, end_of_text, block } = self.sizes;
        let mut file = PartedFile::new(
            b"adwhispd",
            &[layers, self.sizes.width(), heads, inner, vocabulary, context, end_of_text, block],
        );
        file.bytes(&self.embeddings.iter().flat_map(|half| half.to_le_bytes()).collect::<Vec<u8>>());
        file.floats(&self.positions);
        for layer in &self.layers {
            file.norm(&layer.before_self);
            file.matrix(&layer.parts);
            file.matrix(&layer.after_self);
            file.norm(&layer.before_cross);
            file.matrix(&layer.queries);
            file.matrix(&layer.after_cross);
            file.norm(&layer.before_inner);
            file.matrix(&layer.to_inner);
            file.matrix(&layer.from_inner);
        }
        file.norm(&self.last);
        file.matrix(&self.projection);
        file.0
    }

    /// Writes the file into the system's folder for temporary files; its owner removes it.
    pub fn write(&self, name: &str) -> TemporaryFile {
        TemporaryFile::new(name, &self.bytes())
    }

    /// Scores of all tokens behind each of a row's tokens, and with which weights each looks at the audio: `[layers][heads][tokens][positions]`.
    pub fn read(&self, tokens: &[u32], audio: &Audio) -> (Vec<Vec<f64>>, Vec<f64>) {
        let width = self.sizes.width();
        let mut states: Vec<Vec<f64>> = tokens
            .iter()
            .enumerate()
            .map(|(place, token)| {
                let token = *token as usize;
                let half = &self.embeddings[token * width..(token + 1) * width];
                let position = &self.positions[place * width..(place + 1) * width];
                half.iter()
                    .zip(position)
                    .map(|(half, place)| half_to_double(*half) + f64::from(*place))
                    .collect()
            })
            .collect();
        let mut looks = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let parts: Vec<Vec<f64>> = states
                .iter()
                .map(|state| layer.parts.apply(&layer.before_self.apply(state), self.sizes.block))
                .collect();
            let mixed: Vec<Vec<f64>> = (0..tokens.len())
                .map(|token| {
                    (0..self.sizes.heads)
                        .flat_map(|head| {
                            let of = |row: usize, part: usize| {
                                let start = part * width + head * HEAD;
                                &parts[row][start..start + HEAD]
                            };
                            let scores = (0..=token).map(|key| dot(of(token, 0), of(key, 1))).collect();
                            let weights = softmax(scores);
                            (0..HEAD)
                                .map(move |at| {
                                    weights
                                        .iter()
                                        .enumerate()
                                        .map(|(key, weight)| weight * of(key, 2)[at])
                                        .sum::<f64>()
                                })
                                .collect::<Vec<_>>()
                        })
                        .collect()
                })
                .collect();
            for (state, mixed) in states.iter_mut().zip(&mixed) {
                add(state, &layer.after_self.apply(mixed, self.sizes.block));
            }
            let asked: Vec<Vec<f64>> = states
                .iter()
                .map(|state| layer.queries.apply(&layer.before_cross.apply(state), self.sizes.block))
                .collect();
            let mut found = vec![Vec::with_capacity(width); tokens.len()];
            for head in 0..self.sizes.heads {
                for (query, found) in asked.iter().zip(&mut found) {
                    let query = &query[head * HEAD..(head + 1) * HEAD];
                    let scores = (0..audio.positions)
                        .map(|position| {
                            (0..HEAD).map(|at| query[at] * audio.key(index, head, position, at)).sum()
                        })
                        .collect();
                    let weights = softmax(scores);
                    for at in 0..HEAD {
                        let values =
                            (0..audio.positions).map(|position| audio.value(index, head, position, at));
                        found.push(weights.iter().zip(values).map(|(weight, value)| weight * value).sum());
                    }
                    looks.extend(weights);
                }
            }
            for (state, found) in states.iter_mut().zip(&found) {
                add(state, &layer.after_cross.apply(found, self.sizes.block));
            }
            for state in &mut states {
                let inner = layer.to_inner.apply(&layer.before_inner.apply(state), self.sizes.block);
                let inner: Vec<f64> = inner.into_iter().map(gelu).collect();
                add(state, &layer.from_inner.apply(&inner, self.sizes.block));
            }
        }
        let scores = states
            .iter()
            .map(|state| self.projection.apply(&self.last.apply(state), self.sizes.block))
            .collect();
        (scores, looks)
    }
}

/// Keys and values `[positions, heads, HEAD]` of each layer.
pub struct Audio {
    pub positions: usize,
    pub keys: Vec<Vec<f32>>,
    pub values: Vec<Vec<f32>>,
}

impl Audio {
    pub fn random(sizes: &Sizes, positions: usize, seed: u64) -> Self {
        let noise = &mut Noise::new(seed);
        let count = sizes.width() * positions;
        let mut all = |size: f32| (0..sizes.layers).map(|_| noise.floats(count, size)).collect();
        Self { positions, keys: all(0.5), values: all(1.0) }
    }

    fn key(&self, layer: usize, head: usize, position: usize, at: usize) -> f64 {
        f64::from(self.keys[layer][self.place(head, position, at)])
    }

    fn value(&self, layer: usize, head: usize, position: usize, at: usize) -> f64 {
        f64::from(self.values[layer][self.place(head, position, at)])
    }

    fn place(&self, head: usize, position: usize, at: usize) -> usize {
        let width = self.keys[0].len() / self.positions;
        position * width + head * HEAD + at
    }
}

impl Norm {
    fn random(noise: &mut Noise, width: usize) -> Self {
        let gain = noise.floats(width, 0.4).into_iter().map(|gain| gain + 1.0).collect();
        Self { gain, offset: noise.floats(width, 0.3) }
    }

    fn apply(&self, state: &[f64]) -> Vec<f64> {
        let count = state.len() as f64;
        let mean = state.iter().sum::<f64>() / count;
        let variance = state.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let numbers = state.iter().zip(self.gain.iter().zip(&self.offset));
        numbers
            .map(|(value, (gain, offset))| {
                (value - mean) / (variance + 1e-5).sqrt() * f64::from(*gain) + f64::from(*offset)
            })
            .collect()
    }
}

impl Matrix {
    fn random(noise: &mut Noise, (outputs, columns): (usize, usize), block: usize, has_bias: bool) -> Self {
        Self {
            outputs,
            columns,
            values: (0..outputs * columns).map(|_| 1 + noise.below(255) as u8).collect(),
            scales: (0..outputs * columns / block).map(|_| 0.0001 + noise.float(0.0001).abs()).collect(),
            bias: has_bias.then(|| noise.floats(outputs, 0.5)),
        }
    }

    /// Activations are quantised in blocks first: the largest size of a block is 127.
    fn apply(&self, input: &[f64], block: usize) -> Vec<f64> {
        let quantised: Vec<f64> = input
            .chunks(block)
            .flat_map(|numbers| {
                let scale = numbers.iter().fold(0f64, |most, number| most.max(number.abs())) / 127.0;
                numbers.iter().map(
                    move |number| if scale > 0.0 { (number / scale).round_ties_even() * scale } else { 0.0 },
                )
            })
            .collect();
        (0..self.outputs)
            .map(|output| {
                let row = &self.values[output * self.columns..(output + 1) * self.columns];
                let scales = &self.scales[output * self.columns / block..];
                let sum: f64 = row
                    .iter()
                    .zip(&quantised)
                    .enumerate()
                    .map(|(column, (weight, number))| {
                        (f64::from(*weight) - 128.0) * f64::from(scales[column / block]) * number
                    })
                    .sum();
                sum + self.bias.as_ref().map_or(0.0, |bias| f64::from(bias[output]))
            })
            .collect()
    }
}

fn add(state: &mut [f64], other: &[f64]) {
    for (state, other) in state.iter_mut().zip(other) {
        *state += other;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn softmax(scores: Vec<f64>) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// x × Φ(x); Φ by the integral of the normal density, in steps of Simpson's rule.
fn gelu(value: f64) -> f64 {
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let end = value.abs().min(12.0);
    const STEPS: usize = 200;
    let step = end / STEPS as f64;
    let sum: f64 = (0..=STEPS)
        .map(|index| {
            let weight = if index == 0 || index == STEPS {
                1.0
            } else if index % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * density(index as f64 * step)
        })
        .sum();
    let half = sum * step / 3.0;
    value * if value < 0.0 { 0.5 - half } else { 0.5 + half }
}

fn half_to_double(half: u16) -> f64 {
    let sign = if half & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(half >> 10 & 0x1f), f64::from(half & 0x3ff));
    let size = if exponent == 0 {
        fraction * 2f64.powi(-24)
    } else {
        (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15)
    };
    sign * size
}

/// Sizes of an encoder.
#[derive(Clone, Copy)]
pub struct EncoderSizes {
    pub layers: usize,
    pub heads: usize,
    pub inner: usize,
    pub mels: usize,
    pub context: usize,
    pub decoder_layers: usize,
    pub block: usize,
}

struct EncoderLayer {
    before_self: Norm,
    parts: Matrix,
    after_self: Matrix,
    before_inner: Norm,
    to_inner: Matrix,
    from_inner: Matrix,
}

/// A convolution of three taps: `[outputs][taps][inputs]`.
struct Convolution {
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// An encoder of random weights.
pub struct EncoderModel {
    pub sizes: EncoderSizes,
    convolutions: [Convolution; 2],
    positions: Vec<f32>,
    layers: Vec<EncoderLayer>,
    last: Norm,
    cross: Vec<Matrix>,
}

/// What an encoder gives: its output, and keys and values `[positions][2 × width]` of each layer of the decoder.
pub struct Heard {
    pub hidden: Vec<Vec<f64>>,
    pub cross: Vec<Vec<Vec<f64>>>,
    /// Keys and values `[positions][2 × width]` of each layer of the encoder.
    pub layers: Vec<Vec<Vec<f64>>>,
}

impl EncoderModel {
    pub fn random(sizes: EncoderSizes, seed: u64) -> Self {
        let noise = &mut Noise::new(seed);
        let EncoderSizes { inner, mels, context, block, .. } = sizes;
        let width = sizes.heads * HEAD;
        let convolution = |noise: &mut Noise, inputs: usize| Convolution {
            weights: noise.floats(width * 3 * inputs, 0.1),
            bias: noise.floats(width, 0.3),
        };
        Self {
            sizes,
            convolutions: [convolution(noise, mels), convolution(noise, width)],
            positions: noise.floats(context * width, 0.5),
            layers: (0..sizes.layers)
                .map(|_| EncoderLayer {
                    before_self: Norm::random(noise, width),
                    parts: Matrix::random(noise, (3 * width, width), block, true),
                    after_self: Matrix::random(noise, (width, width), block, true),
                    before_inner: Norm::random(noise, width),
                    to_inner: Matrix::random(noise, (inner, width), block, true),
                    from_inner: Matrix::random(noise, (width, inner), block, true),
                })
                .collect(),
            last: Norm::random(noise, width),
            cross: (0..sizes.decoder_layers)
                .map(|_| Matrix::random(noise, (2 * width, width), block, true))
                .collect(),
        }
    }

    /// The file that the addon reads.
    pub fn bytes(&self) -> Vec<u8> {
        let EncoderSizes { layers, heads, inner, mels, context, decoder_layers, block } = self.sizes;
        let mut file = PartedFile::new(
            b"adwhispe",
            &[layers, heads * HEAD, heads, inner, mels, context, decoder_layers, block],
        );
        for Convolution { weights, bias } in &self.convolutions {
            file.floats(weights);
            file.floats(bias);
        }
        file.floats(&self.positions);
        for layer in &self.layers {
            file.norm(&layer.before_self);
            file.matrix(&layer.parts);
            file.matrix(&layer.after_self);
            file.norm(&layer.before_inner);
            file.matrix(&layer.to_inner);
            file.matrix(&layer.from_inner);
        }
        file.norm(&self.last);
        for matrix in &self.cross {
            file.matrix(matrix);
        }
        file.0
    }

    /// Encodes `[mels][frames]`. Behind it stand the last of the positions of `padding`: as many as the encoder is lent.
    pub fn encode(&self, mel: &[f32], padding: Option<(&Heard, usize)>) -> Heard {
        let EncoderSizes { heads, mels, block, context, .. } = self.sizes;
        let width = heads * HEAD;
        let frames = mel.len() / mels;
        let rows: Vec<Vec<f64>> = (0..frames)
            .map(|frame| (0..mels).map(|band| f64::from(mel[band * frames + frame])).collect())
            .collect();
        let rows = self.convolutions[0].apply(&rows, 1);
        let mut states = self.convolutions[1].apply(&rows, 2);
        for (place, state) in states.iter_mut().enumerate() {
            for (number, position) in state.iter_mut().zip(&self.positions[place * width..]) {
                *number += f64::from(*position);
            }
        }
        let own = states.len();
        let mut kept = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let parts: Vec<Vec<f64>> = states
                .iter()
                .map(|state| layer.parts.apply(&layer.before_self.apply(state), block))
                .collect();
            let mut both: Vec<Vec<f64>> = parts.iter().map(|row| row[width..].to_vec()).collect();
            kept.push(both.clone());
            if let Some((heard, lent)) = padding {
                both.extend(heard.layers[index][own..(own + lent).min(context)].iter().cloned());
            }
            for (state, row) in states.iter_mut().zip(&parts) {
                let mut mixed = Vec::with_capacity(width);
                for head in 0..heads {
                    let at = head * HEAD..(head + 1) * HEAD;
                    let weights =
                        softmax(both.iter().map(|key| dot(&row[at.clone()], &key[at.clone()])).collect());
                    for channel in at {
                        mixed.push(
                            weights
                                .iter()
                                .zip(&both)
                                .map(|(weight, row)| weight * row[width + channel])
                                .sum(),
                        );
                    }
                }
                add(state, &layer.after_self.apply(&mixed, block));
                let inner = layer.to_inner.apply(&layer.before_inner.apply(state), block);
                let inner: Vec<f64> = inner.into_iter().map(gelu).collect();
                add(state, &layer.from_inner.apply(&inner, block));
            }
        }
        let hidden: Vec<Vec<f64>> = states.iter().map(|state| self.last.apply(state)).collect();
        let cross = self
            .cross
            .iter()
            .map(|matrix| hidden.iter().map(|row| matrix.apply(row, block)).collect())
            .collect();
        Heard { hidden, cross, layers: kept }
    }
}

impl Convolution {
    fn apply(&self, rows: &[Vec<f64>], stride: usize) -> Vec<Vec<f64>> {
        let inputs = rows[0].len();
        (0..rows.len() / stride)
            .map(|output| {
                let sum = |(weights, bias): (&[f32], &f32)| {
                    let taps = weights.chunks(inputs).enumerate().map(|(tap, weights)| {
                        let Some(row) = (output * stride + tap).checked_sub(1).and_then(|row| rows.get(row))
                        else {
                            return 0.0;
                        };
                        row.iter()
                            .zip(weights)
                            .map(|(number, weight)| number * f64::from(*weight))
                            .sum::<f64>()
                    });
                    gelu(taps.sum::<f64>() + f64::from(*bias))
                };
                self.weights.chunks(3 * inputs).zip(&self.bias).map(sum).collect()
            })
            .collect()
    }
}

/// A file whose parts begin at multiples of 4,096 bytes.
struct PartedFile(Vec<u8>);

impl PartedFile {
    fn new(magic: &[u8], sizes: &[usize]) -> Self {
        let mut head = magic.to_vec();
        for size in sizes {
            head.extend_from_slice(&(*size as u32).to_le_bytes());
        }
        Self(head)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.resize(self.0.len().next_multiple_of(ALIGNMENT), 0);
        self.0.extend_from_slice(bytes);
    }

    fn floats(&mut self, values: &[f32]) {
        self.bytes(&values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
    }

    fn norm(&mut self, norm: &Norm) {
        self.floats(&norm.gain);
        self.floats(&norm.offset);
    }

    fn matrix(&mut self, matrix: &Matrix) {
        self.bytes(&matrix.values);
        self.floats(&matrix.scales);
        if let Some(bias) = &matrix.bias {
            self.floats(bias);
        }
    }
}

/// A file that goes away with its owner.
pub struct TemporaryFile(PathBuf);

impl TemporaryFile {
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("audiodecode-{}-{name}", std::process::id()));
        let mut file = std::fs::File::create(&path).expect("a temporary file");
        file.write_all(bytes).expect("room for a temporary file");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
