//! The two convolutions that the encoder begins with.

use super::encode_memory::{MemberMemory, tiles};
use super::encoder_pass::EncodePass;
use crate::encoder_weights::TAPS;
use crate::finish::PutGelu;
use crate::simd::{Isa, SHORT_BLOCK};
use crate::team::Member;

impl EncodePass<'_> {
    /// From the spectrogram to the state with its positions: conv of 3 frames, Gelu, conv of 3 with a stride of 2, Gelu.
    ///
    /// # Safety
    /// The processor has what `I` needs. All members of the team do it at the same time.
    #[inline(always)]
    pub(super) unsafe fn convolve<I: Isa>(&self, member: &Member<'_>, own: &mut MemberMemory) {
        let Self { weights, mel, frames, positions, work, .. } = self;
        let (mels, width) = (weights.shape.mels, weights.shape.width);
        // SAFETY: each member writes rows of its own; members meet before they read those of others. Row i of the input stands in row
        // i + 1, so that row i there is the first of the three that output i is made of.
        unsafe {
            for frame in member.part(*frames) {
                let row = work.spectrogram.write((frame + 1) * mels..(frame + 2) * mels);
                for (band, number) in row.iter_mut().enumerate() {
                    *number = mel[band * frames + frame];
                }
            }
            if member.index == 0 {
                work.spectrogram.write(0..mels).fill(0.0);
                work.spectrogram.write((frames + 1) * mels..(frames + 2) * mels + SHORT_BLOCK).fill(0.0);
                work.first.write(0..width).fill(0.0);
                work.first.write((frames + 1) * width..(frames + 2) * width + SHORT_BLOCK).fill(0.0);
            }
            member.meet();
            let blocks = (TAPS * mels).div_ceil(SHORT_BLOCK);
            for (from, count) in tiles(member.part(*frames)) {
                let row = |index: usize| {
                    let start = (from + index) * mels;
                    work.spectrogram.read(start..start + blocks * SHORT_BLOCK)
                };
                own.short.fill(count, blocks, row);
                weights.first.multiply::<I>(
                    &own.short,
                    from + 1,
                    &PutGelu { target: &work.first, columns: width },
                );
            }
            member.meet();
            let blocks = (TAPS * width).div_ceil(SHORT_BLOCK);
            for (from, count) in tiles(member.part(*positions)) {
                let row = |index: usize| {
                    let start = 2 * (from + index) * width;
                    work.first.read(start..start + blocks * SHORT_BLOCK)
                };
                own.short.fill(count, blocks, row);
                weights.second.multiply::<I>(
                    &own.short,
                    from,
                    &PutGelu { target: &work.state, columns: width },
                );
                let places = from * width..(from + count) * width;
                let state = work.state.write(places.clone());
                for (number, place) in state.iter_mut().zip(&weights.positions[places]) {
                    *number += place;
                }
            }
        }
    }
}
