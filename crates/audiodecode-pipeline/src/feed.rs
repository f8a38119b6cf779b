use crate::damage_log::{DamageLog, damage_error};
use crate::plan::OutputRange;
use crate::{CancelFlag, Damage, DecodeRequest, OnDamage, PcmSource, Result};

/// The source as the stages behind it read it: in full blocks, looking at the cancel flag and at damage before each part.
pub(crate) struct Feed {
    pub(crate) source: Box<dyn PcmSource>,
    pub(crate) damage: DamageLog,
    cancel: CancelFlag,
    on_damage: OnDamage,
    /// Native frames that each frame read stands for.
    step: u64,
    /// The native frame that comes next. Once `ended`, the length of the signal (or the place sought beyond it).
    pub(crate) position: u64,
    /// Native frames read since the chain began.
    pub(crate) frames_read: u64,
    /// The source has no more.
    pub(crate) ended: bool,
}

impl Feed {
    /// Of every second frame of the source where `step` is 2.
    pub(crate) fn new(
        mut source: Box<dyn PcmSource>,
        request: &DecodeRequest,
        range: OutputRange,
        step: u64,
    ) -> Self {
        source.set_cancel(request.cancel.clone());
        Self {
            source,
            damage: DamageLog::new(range),
            cancel: request.cancel.clone(),
            on_damage: request.on_damage,
            step,
            position: 0,
            frames_read: 0,
            ended: false,
        }
    }

    pub(crate) fn set_cancel(&mut self, cancel: CancelFlag) {
        self.source.set_cancel(cancel.clone());
        self.cancel = cancel;
    }

    pub(crate) fn seek(&mut self, frame: u64) -> Result<()> {
        self.cancel.check()?;
        self.source.seek(frame)?;
        self.position = frame;
        self.ended = false;
        Ok(())
    }

    /// Fills the first `frames` frames of every plane, from `at` on; fewer only at the end of the source.
    pub(crate) fn fill<P: AsMut<[f32]>>(
        &mut self,
        planes: &mut [P],
        at: usize,
        frames: usize,
    ) -> Result<usize> {
        let mut filled = 0;
        while filled < frames && !self.ended {
            self.cancel.check()?;
            let mut rest: Vec<&mut [f32]> =
                planes.iter_mut().map(|plane| &mut plane.as_mut()[at + filled..at + frames]).collect();
            let count = self.source.read(&mut rest)?.min(frames - filled);
            self.take_damage()?;
            self.ended = count == 0;
            filled += count;
            let passed = self.passed(count);
            self.position += passed;
            self.frames_read += passed;
        }
        Ok(filled)
    }

    /// Native frames that the next `count` frames stand for: the last one may be only one.
    fn passed(&self, count: usize) -> u64 {
        let passed = count as u64 * self.step;
        if self.step == 1 {
            return passed;
        }
        let left = self.source.info().frames.map_or(u64::MAX, |frames| frames.saturating_sub(self.position));
        passed.min(left)
    }

    fn take_damage(&mut self) -> Result<()> {
        for damage in self.source.drain_damage() {
            self.note(damage)?;
        }
        Ok(())
    }

    /// Logs damage, or fails with it when the request wants none inside its range.
    pub(crate) fn note(&mut self, damage: Damage) -> Result<()> {
        if self.on_damage == OnDamage::Error && self.damage.concerns(&damage) {
            return Err(damage_error(&damage));
        }
        self.damage.push(damage);
        Ok(())
    }
}
