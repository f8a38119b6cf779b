//! Which instructions the loops are compiled for.

#[cfg(target_arch = "aarch64")]
use crate::simd::Neon;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};
use crate::simd::{Isa, Portable};
use crate::team::{Member, Team};

/// Instructions that the loops are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    /// AVX-512 with VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2 with FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// NEON with dot products.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// Whatever the compiler makes of plain arithmetic.
    Portable,
}

impl Processor {
    /// The best that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        Self::available()[0]
    }

    /// Itself where the processor has it, else what every processor has.
    pub(crate) fn checked(self) -> Self {
        if Self::available().contains(&self) { self } else { Self::Portable }
    }

    /// All that this processor has, the best first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni")
            {
                found.push(Self::Avx512);
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                found.push(Self::Avx2);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("dotprod") {
            found.push(Self::Neon);
        }
        found.push(Self::Portable);
        found
    }
}

/// What members of a team do with the instructions of a processor.
pub(crate) trait Work: Sync {
    /// One member's part.
    ///
    /// # Safety
    /// The processor has what `I` needs. All members of the team do it at the same time.
    unsafe fn run<I: Isa>(&self, member: &Member<'_>);
}

/// Has a team do it, compiled for this processor.
pub(crate) fn run_on(processor: Processor, team: &mut Team, work: &impl Work) {
    team.run(&|member| match processor {
        // SAFETY: `Processor::checked` found it.
        #[cfg(target_arch = "x86_64")]
        Processor::Avx512 => unsafe { on_avx512(work, member) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Processor::Avx2 => unsafe { on_avx2(work, member) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Processor::Neon => unsafe { on_neon(work, member) },
        // SAFETY: plain arithmetic.
        Processor::Portable => unsafe { work.run::<Portable>(member) },
    });
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma")]
unsafe fn on_avx512(work: &impl Work, member: &Member<'_>) {
    // SAFETY: this function is called where the processor has it.
    unsafe { work.run::<Avx512>(member) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn on_avx2(work: &impl Work, member: &Member<'_>) {
    // SAFETY: this function is called where the processor has it.
    unsafe { work.run::<Avx2>(member) }
}

#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon,dotprod")]
unsafe fn on_neon(work: &impl Work, member: &Member<'_>) {
    // SAFETY: this function is called where the processor has it.
    unsafe { work.run::<Neon>(member) }
}
