use audiodecode_widest::widest;
use wide::f32x4;

use crate::aligned::Aligned;
use crate::band_layout::{BandLayout, MIXED_LINES};
use crate::imdct::{TABLES, Tables, imdct_12, imdct_36};
use crate::side_info::Block;
use crate::spectrum::Spectrum;

/// Subbands.
pub(crate) const BANDS: usize = 32;
/// Samples of each subband in a granule, and lines of each.
pub(crate) const SLOTS: usize = 18;

/// One sample of every subband.
pub(crate) type Row = Aligned<BANDS>;

/// Factors of the butterflies that undo the aliasing between neighbouring subbands (ISO/IEC 11172-3 Table B.9).
const ALIAS: [(f32, f32); 8] = [
    (0.857_492_9, -0.514_495_76),
    (0.881_742, -0.471_731_97),
    (0.949_628_65, -0.313_377_45),
    (0.983_314_6, -0.181_913_2),
    (0.995_517_8, -0.094_574_19),
    (0.999_160_6, -0.040_965_583),
    (0.999_899_2, -0.014_198_569),
    (0.999_993_14, -0.003_699_974_7),
];

/// The second stage of the filter bank: from lines to samples of the 32 subbands, one channel.
pub(crate) struct Hybrid {
    /// The second halves of the last granule's windows, to be added to the next one.
    overlap: [Row; SLOTS],
    /// How many groups of subbands have one.
    overlapping: usize,
    /// How many subbands are wanted, from the lowest on: all or half of them.
    bands: usize,
}

impl Hybrid {
    pub(crate) fn new(bands: usize) -> Self {
        Self { overlap: [Row::ZERO; SLOTS], overlapping: 0, bands }
    }

    /// Turns `count` lines into subband samples. `lines` is put in order and its aliasing undone on the way.
    pub(crate) fn process(
        &mut self,
        lines: &mut Spectrum,
        count: usize,
        block: Block,
        layout: &BandLayout,
        rows: &mut [Row; SLOTS],
    ) {
        let groups = transform(self, lines, count, block, layout, rows, false);
        for group in groups..self.overlapping {
            for (row, overlap) in rows.iter_mut().zip(&mut self.overlap) {
                store(row, group, load(overlap, group));
                store(overlap, group, f32x4::ZERO);
            }
        }
        for row in rows.iter_mut() {
            row.0[4 * groups.max(self.overlapping)..self.bands].fill(0.0);
        }
        self.overlapping = groups;
    }

    /// Adds another signal of the same granule: the filter bank is linear, so that two channels with different blocks can share one.
    pub(crate) fn add(
        &mut self,
        lines: &mut Spectrum,
        count: usize,
        block: Block,
        layout: &BandLayout,
        rows: &mut [Row; SLOTS],
    ) {
        let groups = transform(self, lines, count, block, layout, rows, true);
        self.overlapping = self.overlapping.max(groups);
    }

    /// Returns how many groups of subbands have samples.
    #[inline(always)]
    fn transform(
        &mut self,
        lines: &mut Spectrum,
        count: usize,
        block: Block,
        layout: &BandLayout,
        rows: &mut [Row; SLOTS],
        adding: bool,
    ) -> usize {
        let mut bands = count.div_ceil(SLOTS);
        match block {
            Block::Long(_) | Block::LongMixed(_) | Block::None => {
                bands = (bands + usize::from(bands > 0)).min(BANDS);
                // The first one that is not wanted lends to the last one that is.
                undo_aliasing(lines, bands.min(self.bands + 1));
            }
            Block::Short => bands = reorder(lines, 0, bands, layout),
            Block::Mixed => {
                bands = reorder(lines, usize::from(MIXED_LINES), bands, layout).max(2);
                undo_aliasing(lines, 2);
            }
        }
        let tables = &*TABLES;
        let groups = bands.min(self.bands).div_ceil(4);
        for group in 0..groups {
            let x = gather(lines, group);
            let samples = match block {
                Block::Long(kind) | Block::LongMixed(kind) => imdct_36(&x, usize::from(kind), tables),
                Block::None => imdct_36(&x, 0, tables),
                Block::Short | Block::Mixed => imdct_12(&x, tables),
            };
            let samples = match block {
                Block::Mixed | Block::LongMixed(_) if group == 0 => with_normal_lowest(&x, samples, tables),
                _ => samples,
            };
            let (now, later) = samples.split_at(SLOTS);
            for (((row, overlap), &now), &later) in rows.iter_mut().zip(&mut self.overlap).zip(now).zip(later)
            {
                if adding {
                    store(row, group, load(row, group) + now);
                    store(overlap, group, load(overlap, group) + later);
                } else {
                    store(row, group, load(overlap, group) + now);
                    store(overlap, group, later);
                }
            }
        }
        groups
    }
}

widest! {
    fn transform(
        hybrid: &mut Hybrid,
        lines: &mut Spectrum,
        count: usize,
        block: Block,
        layout: &BandLayout,
        rows: &mut [Row; SLOTS],
        adding: bool,
    ) -> usize {
        any: Hybrid::transform, avx2: Hybrid::transform
    }
}

#[inline(always)]
fn load(row: &Row, group: usize) -> f32x4 {
    f32x4::new(row.0.as_chunks::<4>().0[group])
}

#[inline(always)]
fn store(row: &mut Row, group: usize, value: f32x4) {
    row.0.as_chunks_mut::<4>().0[group] = value.to_array();
}

/// The lines of four subbands side by side.
#[inline(always)]
fn gather(lines: &Spectrum, group: usize) -> [f32x4; SLOTS] {
    let mut x = [f32x4::ZERO; SLOTS];
    let (bands, _) = lines.as_chunks::<SLOTS>();
    let [a, b, c, d] =
        [&bands[4 * group], &bands[4 * group + 1], &bands[4 * group + 2], &bands[4 * group + 3]];
    for quad in 0..4 {
        let four = |band: &[f32; SLOTS]| f32x4::new(band.as_chunks::<4>().0[quad]);
        let turned = f32x4::transpose([four(a), four(b), four(c), four(d)]);
        x[4 * quad..4 * quad + 4].copy_from_slice(&turned);
    }
    for at in 16..SLOTS {
        x[at] = f32x4::new([a[at], b[at], c[at], d[at]]);
    }
    x
}

/// Samples of the lowest four subbands, the first two of which have long blocks with the normal window.
#[inline(always)]
fn with_normal_lowest(x: &[f32x4; SLOTS], samples: [f32x4; 36], tables: &Tables) -> [f32x4; 36] {
    let normal = imdct_36(x, 0, tables);
    std::array::from_fn(|at| {
        let ([a, b, ..], [_, _, c, d]) = (normal[at].to_array(), samples[at].to_array());
        f32x4::new([a, b, c, d])
    })
}

/// ISO/IEC 11172-3 §2.4.3.4.10.1, between the first `bands` subbands.
#[inline(always)]
fn undo_aliasing(lines: &mut Spectrum, bands: usize) {
    for boundary in 1..bands {
        let (below, above) = lines.split_at_mut(SLOTS * boundary);
        let (Some(below), Some(above)) = (below.last_chunk_mut::<8>(), above.first_chunk_mut::<8>()) else {
            return;
        };
        for (n, (cos, sin)) in ALIAS.into_iter().enumerate() {
            let (low, high) = (below[7 - n], above[n]);
            below[7 - n] = low * cos - high * sin;
            above[n] = high * cos + low * sin;
        }
    }
}

/// Puts the windows of short bands from line `from` on side by side, as the transforms read them, and returns how many
/// subbands have lines then.
#[inline(always)]
fn reorder(lines: &mut Spectrum, from: usize, bands: usize, layout: &BandLayout) -> usize {
    let coded = *lines;
    let mut start = from;
    for widths in layout.widths().get(layout.long..).unwrap_or(&[]).chunks_exact(3) {
        if start >= bands * SLOTS {
            break;
        }
        let width = usize::from(widths[0]);
        let Some(to) = lines.get_mut(start..start + 3 * width) else { break };
        let coded = &coded[start..start + 3 * width];
        for (line, to) in to.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            *to = [coded[line], coded[width + line], coded[2 * width + line]];
        }
        start += 3 * width;
    }
    start.div_ceil(SLOTS).max(bands).min(BANDS)
}
