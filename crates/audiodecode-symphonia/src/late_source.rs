use audiodecode_pipeline::{CancelFlag, Damage, PcmSource, Result, SourceInfo};

/// Opens what a [`LateSource`] stands for.
pub(crate) type OpenLate = Box<dyn FnMut(&CancelFlag) -> Result<Box<dyn PcmSource>> + Send>;

/// A source that is opened when its samples are first asked for: that takes a look at the whole file, which may be a film, and what
/// is known before takes a look at its head.
pub(crate) struct LateSource {
    /// As long as nothing else is known.
    info: SourceInfo,
    open: OpenLate,
    cancel: CancelFlag,
    opened: Option<Box<dyn PcmSource>>,
}

impl LateSource {
    /// What is opened has the rate and the channels of `info`.
    pub(crate) fn new(info: SourceInfo, cancel: CancelFlag, open: OpenLate) -> Self {
        Self { info, open, cancel, opened: None }
    }

    fn opened(&mut self) -> Result<&mut dyn PcmSource> {
        let source = match self.opened.take() {
            Some(source) => source,
            None => (self.open)(&self.cancel)?,
        };
        Ok(&mut **self.opened.insert(source))
    }
}

impl PcmSource for LateSource {
    fn info(&self) -> &SourceInfo {
        self.opened.as_ref().map_or(&self.info, |source| source.info())
    }

    fn set_mono(&mut self, mono: bool) {
        // Whoever asks next hears why it cannot be opened.
        if let Ok(source) = self.opened() {
            source.set_mono(mono);
        }
    }

    fn set_halved(&mut self, halved: bool) -> bool {
        // One that was not opened gives every frame.
        if !halved && self.opened.is_none() {
            return false;
        }
        self.opened().is_ok_and(|source| source.set_halved(halved))
    }

    fn planes(&self) -> u32 {
        self.opened.as_ref().map_or(self.info.channels, |source| source.planes())
    }

    fn read(&mut self, out: &mut [&mut [f32]]) -> Result<usize> {
        self.opened()?.read(out)
    }

    fn seek(&mut self, frame: u64) -> Result<()> {
        self.opened()?.seek(frame)
    }

    fn fork(&self) -> Result<Option<Box<dyn PcmSource>>> {
        self.opened.as_ref().map_or(Ok(None), |source| source.fork())
    }

    fn set_cancel(&mut self, cancel: CancelFlag) {
        if let Some(source) = &mut self.opened {
            source.set_cancel(cancel.clone());
        }
        self.cancel = cancel;
    }

    fn drain_damage(&mut self) -> Vec<Damage> {
        self.opened.as_mut().map_or_else(Vec::new, |source| source.drain_damage())
    }

    fn truncated(&self) -> bool {
        self.opened.as_ref().is_some_and(|source| source.truncated())
    }

    fn scan(&mut self) -> Result<()> {
        self.opened()?.scan()
    }
}
