//! The few operations that the decoder's loops are made of, for each kind of processor.

// Loops over registers go by number: one index belongs to several arrays.
#[cfg(target_arch = "x86_64")]
#[allow(clippy::needless_range_loop)]
mod avx2;
#[cfg(target_arch = "x86_64")]
#[allow(clippy::needless_range_loop)]
mod avx512;
#[cfg(target_arch = "aarch64")]
#[allow(clippy::needless_range_loop)]
mod neon;
#[allow(clippy::needless_range_loop)]
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
pub(crate) use portable::Portable;

use crate::short_heads::{HEAD, ShortHead};
use crate::short_matrix::ShortPanel;
use crate::weight_matrix::WeightPanel;

/// Outputs of a matrix that are computed together.
pub(crate) const PANEL: usize = 64;

/// Outputs of a panel whose 8-bit weights lie together: six rows' whole and scaled sums of so many fit into the registers of AVX-512.
pub(crate) const HALF: usize = 32;

/// Rows, or queries, that are multiplied with the same panel at a time: what is read serves them all, and their sums fit into the registers.
pub(crate) const TOGETHER: usize = 6;

/// So many rows in groups of as good as equal size, none larger than `TOGETHER`: the first of each and their number.
#[inline(always)]
pub(crate) fn groups(count: usize) -> impl Iterator<Item = (usize, usize)> {
    let groups = count.div_ceil(TOGETHER);
    (0..groups).map(move |group| {
        let from = group * count / groups;
        (from, (group + 1) * count / groups - from)
    })
}

/// Calls what is compiled for each number of rows from 1 to `TOGETHER` with the number that it is.
macro_rules! with_count {
    ($count:expr, $number:ident => $call:expr) => {
        match $count {
            1 => {
                const $number: usize = 1;
                $call
            }
            2 => {
                const $number: usize = 2;
                $call
            }
            3 => {
                const $number: usize = 3;
                $call
            }
            4 => {
                const $number: usize = 4;
                $call
            }
            5 => {
                const $number: usize = 5;
                $call
            }
            _ => {
                const $number: usize = crate::simd::TOGETHER;
                $call
            }
        }
    };
}
pub(crate) use with_count;

/// All parts of so many outputs of all blocks, in the order in which weights lie: the block and the first output of each.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[inline(always)]
fn parts_of(blocks: usize, outputs: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..PANEL).step_by(HALF).flat_map(move |half| {
        (0..blocks)
            .flat_map(move |block| (half..half + HALF).step_by(outputs).map(move |first| (block, first)))
    })
}

/// Rows of activations and a panel of weights.
pub(crate) struct PanelProduct<'a> {
    /// `[PANEL / HALF][blocks][quads][HALF][4]`, each 128 more than what it stands for.
    pub(crate) weights: &'a [u8],
    /// What each block of the weights is multiplied with.
    pub(crate) weight_scales: &'a [[f32; PANEL]],
    /// `[rows][blocks][quads][4]`, and maybe more rows.
    pub(crate) activations: &'a [i8],
    /// `[rows][blocks]`, likewise.
    pub(crate) activation_scales: &'a [f32],
    /// 128 times the sum of each block's activations, likewise.
    pub(crate) surplus: &'a [i32],
}

impl PanelProduct<'_> {
    /// Numbers of blocks and of their groups of four numbers.
    ///
    /// # Panics
    /// When there are not so many rows.
    #[inline(always)]
    fn shape<const ROWS: usize>(&self) -> (usize, usize) {
        let blocks = self.weight_scales.len();
        let quads = self.weights.len() / (4 * PANEL * blocks);
        assert!(self.activations.len() >= ROWS * blocks * 4 * quads, "as many activations as weights");
        let scales = self.activation_scales.len().min(self.surplus.len());
        assert!(scales >= ROWS * blocks, "a scale for each block");
        (blocks, quads)
    }
}

/// Where the weights of a block for the outputs from `first` on begin, with `shape` of the product; those of each further quad are
/// `4 × HALF` behind.
#[inline(always)]
fn place_of((blocks, quads): (usize, usize), block: usize, first: usize) -> usize {
    4 * ((first / HALF * blocks + block) * quads * HALF + first % HALF)
}

/// Numbers that a block of 16-bit numbers has in a row: 64 products of 13 and 14 bits fit into 32.
pub(crate) const SHORT_BLOCK: usize = 64;
/// Numbers of a panel of such blocks.
pub(crate) const SHORT_PANEL: usize = SHORT_BLOCK * PANEL;
/// The largest size of what stands in a panel.
pub(crate) const MOST_OF_PANEL: f32 = 8191.0;
/// The largest size of what is multiplied with it: 64 × 8,191 × 4,095 < 2^31.
pub(crate) const MOST_OF_ROW: f32 = 4095.0;

/// Rows of 16-bit numbers and a panel of them.
pub(crate) struct ShortProduct<'a, const ROWS: usize> {
    /// `[SHORT_BLOCK / 2][PANEL][2]`
    pub(crate) panel: &'a [i16],
    pub(crate) rows: &'a [[i16; SHORT_BLOCK]; ROWS],
    pub(crate) scales: [f32; ROWS],
}

/// A kind of processor. Its operations must only be used on a processor that has them.
pub(crate) trait Isa {
    /// Some floats.
    type Vector: Copy;
    /// How many.
    const LANES: usize;
    /// Whether a × b + c is one instruction.
    const FUSED: bool;

    unsafe fn zero() -> Self::Vector;
    unsafe fn splat(value: f32) -> Self::Vector;
    /// The first floats of a slice.
    unsafe fn load(values: &[f32]) -> Self::Vector;
    /// The first floats of a slice.
    unsafe fn store(values: &mut [f32], vector: Self::Vector);
    /// a × b + c.
    unsafe fn multiply_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// The sum of all lanes.
    unsafe fn sum(vector: Self::Vector) -> f32;
    /// Adds the products of all blocks to the sums of each row.
    unsafe fn add_blocks<const ROWS: usize>(product: &PanelProduct<'_>, sums: &mut [[f32; PANEL]; ROWS]);
    /// Adds a product of 16-bit numbers to the sums of each row, or puts it in their place where they are `NEW`.
    unsafe fn add_short_block<const ROWS: usize, const NEW: bool>(
        product: &ShortProduct<'_, ROWS>,
        sums: &mut [[f32; PANEL]; ROWS],
    );

    /// `add_weight_panel`, compiled once for this processor: inlined it would be there hundreds of times.
    unsafe fn weight_panel<const ROWS: usize>(task: &WeightPanel<'_>, sums: &mut [[f32; PANEL]; ROWS]);
    /// `add_short_panel`, likewise.
    unsafe fn short_panel<const ROWS: usize>(task: &ShortPanel<'_>, sums: &mut [[f32; PANEL]; ROWS]);
    /// `look_around`, likewise.
    unsafe fn look<const QUERIES: usize>(
        head: &ShortHead,
        queries: [&[f32]; QUERIES],
        scores: &mut [f32],
        mixed: &mut [[f32; HEAD]; QUERIES],
    ) -> Looks<QUERIES>;
}

/// The largest score of each query, and the sum of the exponentials of all over it.
pub(crate) type Looks<const QUERIES: usize> = ([f32; QUERIES], [f32; QUERIES]);

/// Functions of `Isa` that are one instruction for vectors of floats.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! vectors_of_floats {
    ($vector:ty, $lanes:expr, $zero:ident, $splat:ident, $load:ident, $store:ident, $multiply_add:ident) => {
        type Vector = $vector;
        const LANES: usize = $lanes;
        const FUSED: bool = true;

        #[inline(always)]
        unsafe fn zero() -> Self::Vector {
            // SAFETY: the caller says that the processor has it.
            unsafe { $zero() }
        }

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self::Vector {
            // SAFETY: the caller says that the processor has it.
            unsafe { $splat(value) }
        }

        #[inline(always)]
        unsafe fn load(values: &[f32]) -> Self::Vector {
            let values = &values[..$lanes];
            // SAFETY: as many are there; the caller says that the processor has it.
            unsafe { $load(values.as_ptr()) }
        }

        #[inline(always)]
        unsafe fn store(values: &mut [f32], vector: Self::Vector) {
            let values = &mut values[..$lanes];
            // SAFETY: as many are there; the caller says that the processor has it.
            unsafe { $store(values.as_mut_ptr(), vector) }
        }

        #[inline(always)]
        unsafe fn multiply_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
            // SAFETY: the caller says that the processor has it.
            unsafe { $multiply_add(a, b, c) }
        }
    };
}
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(crate) use vectors_of_floats;

/// Functions of `Isa` that are compiled once, with attributes for the processor.
macro_rules! compiled_once {
    ($isa:ty $(, #[$attribute:meta])?) => {
        #[inline(always)]
        unsafe fn weight_panel<const ROWS: usize>(task: &WeightPanel<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
            $(#[$attribute])?
            #[inline(never)]
            unsafe fn compiled<const ROWS: usize>(task: &WeightPanel<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
                // SAFETY: the caller's promise.
                unsafe { add_weight_panel::<$isa, ROWS>(task, sums) }
            }
            // SAFETY: the caller's promise.
            unsafe { compiled::<ROWS>(task, sums) }
        }

        #[inline(always)]
        unsafe fn short_panel<const ROWS: usize>(task: &ShortPanel<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
            $(#[$attribute])?
            #[inline(never)]
            unsafe fn compiled<const ROWS: usize>(task: &ShortPanel<'_>, sums: &mut [[f32; PANEL]; ROWS]) {
                // SAFETY: the caller's promise.
                unsafe { add_short_panel::<$isa, ROWS>(task, sums) }
            }
            // SAFETY: the caller's promise.
            unsafe { compiled::<ROWS>(task, sums) }
        }

        #[inline(always)]
        unsafe fn look<const QUERIES: usize>(
            head: &ShortHead,
            queries: [&[f32]; QUERIES],
            scores: &mut [f32],
            mixed: &mut [[f32; HEAD]; QUERIES],
        ) -> Looks<QUERIES> {
            $(#[$attribute])?
            #[inline(never)]
            unsafe fn compiled<const QUERIES: usize>(
                head: &ShortHead,
                queries: [&[f32]; QUERIES],
                scores: &mut [f32],
                mixed: &mut [[f32; HEAD]; QUERIES],
            ) -> Looks<QUERIES> {
                // SAFETY: the caller's promise.
                unsafe { look_around::<$isa, QUERIES>(head, queries, scores, mixed) }
            }
            // SAFETY: the caller's promise.
            unsafe { compiled::<QUERIES>(head, queries, scores, mixed) }
        }
    };
}
pub(crate) use compiled_once;
