//! A decoder written down as the paper has it (Radford et al. 2022, Vaswani et al. 2017), in double precision, one number after the other.
//! What is quantised in the addon is quantised here too, by its definition: the rest of the difference is rounding.

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
        let norm = |noise: &mut Noise| Norm {
            gain: noise.floats(width, 0.4).into_iter().map(|gain| gain + 1.0).collect(),
            offset: noise.floats(width, 0.3),
        };
        let matrix = |noise: &mut Noise, outputs: usize, columns: usize, has_bias: bool| Matrix {
            outputs,
            columns,
            values: (0..outputs * columns).map(|_| 1 + noise.below(255) as u8).collect(),
            scales: (0..outputs * columns / block).map(|_| 0.0001 + noise.float(0.0001).abs()).collect(),
            bias: has_bias.then(|| noise.floats(outputs, 0.5)),
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
        let mut file = Vec::new();
        let put = |file: &mut Vec<u8>, bytes: &[u8]| {
            file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
            file.extend_from_slice(bytes);
        };
        let floats =
            |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let mut head = b"adwhispd".to_vec();
        for size in [layers, self.sizes.width(), heads, inner, vocabulary, context, end_of_text, block] {
            head.extend_from_slice(&(size as u32).to_le_bytes());
        }
        put(&mut file, &head);
        put(&mut file, &self.embeddings.iter().flat_map(|half| half.to_le_bytes()).collect::<Vec<u8>>());
        put(&mut file, &floats(&self.positions));
        let norm = |file: &mut Vec<u8>, norm: &Norm| {
            put(file, &floats(&norm.gain));
            put(file, &floats(&norm.offset));
        };
        let matrix = |file: &mut Vec<u8>, matrix: &Matrix| {
            put(file, &matrix.values);
            put(file, &floats(&matrix.scales));
            if let Some(bias) = &matrix.bias {
                put(file, &floats(bias));
            }
        };
        for layer in &self.layers {
            norm(&mut file, &layer.before_self);
            matrix(&mut file, &layer.parts);
            matrix(&mut file, &layer.after_self);
            norm(&mut file, &layer.before_cross);
            matrix(&mut file, &layer.queries);
            matrix(&mut file, &layer.after_cross);
            norm(&mut file, &layer.before_inner);
            matrix(&mut file, &layer.to_inner);
            matrix(&mut file, &layer.from_inner);
        }
        norm(&mut file, &self.last);
        matrix(&mut file, &self.projection);
        file
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

/// Keys `[heads, HEAD, positions]` and values `[heads, positions, HEAD]` of each layer.
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
        f64::from(self.keys[layer][(head * HEAD + at) * self.positions + position])
    }

    fn value(&self, layer: usize, head: usize, position: usize, at: usize) -> f64 {
        f64::from(self.values[layer][(head * self.positions + position) * HEAD + at])
    }
}

impl Norm {
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
