use audiodecode_pipeline::Damage;

/// Entries kept; what comes later widens the last one, so that a hostile file cannot fill the memory.
const MAX_ENTRIES: usize = 4096;

/// Damage met and not yet told, neighbours with one reason joined.
#[derive(Debug, Default)]
pub(super) struct DamageLog(Vec<Damage>);

impl DamageLog {
    /// Notes that these frames are concealed.
    pub(super) fn add(&mut self, start_frame: u64, end_frame: u64, byte_offset: Option<u64>, reason: &str) {
        let full = self.0.len() >= MAX_ENTRIES;
        match self.0.last_mut() {
            Some(last)
                if full
                    || (last.end_frame == start_frame
                        && start_frame < end_frame
                        && last.reason == reason) =>
            {
                last.end_frame = last.end_frame.max(end_frame);
            }
            _ => self.0.push(Damage { start_frame, end_frame, byte_offset, reason: reason.to_owned() }),
        }
    }

    /// Everything since the last call.
    pub(super) fn drain(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.0)
    }
}
