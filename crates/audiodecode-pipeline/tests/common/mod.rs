//! Sources in memory: honest ones, lying ones, damaged ones and endless ones.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use audiodecode_pipeline::{CancelFlag, Chain, Damage, DecodeRequest, PcmSource, Result, SourceInfo};

/// A signal in memory, given in parts of odd sizes.
pub(crate) struct MemorySource {
    pub(crate) info: SourceInfo,
    pub(crate) planes: Vec<Vec<f32>>,
    /// Told when reading passes its first frame, or begins inside.
    pub(crate) damage: Vec<Damage>,
    /// Set after this many calls of `read`.
    pub(crate) cancel_after: Option<(u32, CancelFlag)>,
    /// Whether it can give every second frame alone.
    halvable: bool,
    /// Counts the frames read, for tests of how much was decoded.
    pub(crate) frames_read: Arc<AtomicU64>,
    position: usize,
    told: Vec<Damage>,
    calls: u32,
    sought: bool,
    halved: bool,
}

impl MemorySource {
    /// Claims exactly what it has.
    pub(crate) fn new(sample_rate: u32, planes: Vec<Vec<f32>>) -> Self {
        let frames = Some(planes[0].len() as u64);
        let channels = planes.len() as u32;
        let info = SourceInfo {
            sample_rate,
            channels,
            frames,
            frames_exact: true,
            expected_frames: frames,
            ..SourceInfo::default()
        };
        Self {
            info,
            planes,
            damage: Vec::new(),
            cancel_after: None,
            halvable: false,
            frames_read: Arc::default(),
            position: usize::MAX,
            told: Vec::new(),
            calls: 0,
            sought: false,
            halved: false,
        }
    }

    /// Says `frames` instead.
    pub(crate) fn claiming(mut self, frames: Option<u64>, exact: bool) -> Self {
        self.info.frames = frames;
        self.info.frames_exact = exact;
        self
    }

    /// Can give every second frame alone, or cannot.
    pub(crate) fn halvable(mut self, halvable: bool) -> Self {
        self.halvable = halvable;
        self
    }

    pub(crate) fn damaged(mut self, start_frame: u64, end_frame: u64, reason: &str) -> Self {
        let byte_offset = Some(start_frame * 2);
        self.damage.push(Damage { start_frame, end_frame, byte_offset, reason: reason.into() });
        self
    }

    pub(crate) fn boxed(self) -> Box<dyn PcmSource> {
        Box::new(self)
    }
}

impl PcmSource for MemorySource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        assert_eq!(out.len(), self.planes.len(), "the chain asks for every channel");
        self.calls += 1;
        if let Some((calls, flag)) = &self.cancel_after
            && self.calls > *calls
        {
            flag.cancel();
        }
        let start = self.position.min(self.planes[0].len());
        // 997 is a prime: parts fall on no grid.
        let step = if self.halved { 2 } else { 1 };
        let count = out[0].len().min((self.planes[0].len() - start).div_ceil(step)).min(997);
        for (to, from) in out.iter_mut().zip(&self.planes) {
            let frames = from[start..].iter().step_by(step).take(count);
            to.iter_mut().zip(frames).for_each(|(to, from)| *to = *from);
        }
        let passed = start as u64..(start + count * step) as u64;
        let met = |damage: &&Damage| {
            let sought_into = self.sought && (damage.start_frame..damage.end_frame).contains(&passed.start);
            passed.contains(&damage.start_frame) || sought_into
        };
        self.told.extend(self.damage.iter().filter(met).cloned());
        self.sought = false;
        self.position = start + count * step;
        self.frames_read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn set_halved(&mut self, halved: bool) -> bool {
        self.halved = halved && self.halvable;
        self.halved
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        assert!(!self.halved || frame.is_multiple_of(2), "the chain asks for even frames");
        self.position = frame as usize;
        self.sought = true;
        Ok(())
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.told)
    }

    fn truncated(&self) -> bool {
        false
    }

    fn scan(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Every sample differs from all others: plane · 1/4 + frame · 2⁻²⁰.
pub(crate) fn ramp(channels: usize, frames: usize) -> Vec<Vec<f32>> {
    (0..channels)
        .map(|plane| (0..frames).map(|frame| plane as f32 * 0.25 + frame as f32 / 1_048_576.0).collect())
        .collect()
}

/// Deterministic noise in [-1, 1), different in every plane.
pub(crate) fn noise(channels: usize, frames: usize) -> Vec<Vec<f32>> {
    (0..channels as u32)
        .map(|plane| {
            let mut random = Random(plane * 7919 + 1);
            (0..frames).map(|_| (random.next() >> 8) as f32 / 8_388_608.0 - 1.0).collect()
        })
        .collect()
}

/// A linear congruential generator (Numerical Recipes' constants).
pub(crate) struct Random(pub(crate) u32);

impl Random {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        (u64::from(self.next()) << 32 | u64::from(self.next())) % bound
    }
}

/// All that a chain gives, read in blocks of this many frames.
pub(crate) fn read_all(chain: &mut Chain, block: usize) -> Result<Vec<Vec<f32>>> {
    let channels = chain.plan().channels as usize;
    let mut planes = vec![Vec::new(); channels];
    loop {
        let mut part = vec![vec![f32::NAN; block]; channels];
        let count = chain.read(&mut part.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>())?;
        for (plane, part) in planes.iter_mut().zip(&part) {
            plane.extend_from_slice(&part[..count]);
        }
        if count == 0 {
            return Ok(planes);
        }
    }
}

/// A request for a range, mixed and at a rate.
pub(crate) fn request(start: u64, end: Option<u64>, sample_rate: Option<u32>, mono: bool) -> DecodeRequest {
    DecodeRequest { start_frame: start, end_frame: end, sample_rate, mono, ..DecodeRequest::default() }
}
