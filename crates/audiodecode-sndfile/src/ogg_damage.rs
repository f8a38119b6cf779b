//! Pages of an Ogg file that are not what was written. libsndfile passes over them and tells nobody.

use audiodecode_containers::{Page, ReadWindow, next_page};
use audiodecode_pipeline::{CancelFlag, Damage, Input, Result};

/// Reads the whole file once and gives the stretches between the last good page before and the first good one behind what is
/// broken, missing, or follows the end of the stream. `pre_skip` is taken from every position.
pub(crate) fn ogg_damage(input: &Input, pre_skip: u64, cancel: &CancelFlag) -> Result<Vec<Damage>> {
    let mut walk = Walk { pre_skip, ..Walk::default() };
    let mut window = ReadWindow::new(input.clone());
    let mut at = 0;
    while let Some(page) = next_page(&mut window, at, 0)? {
        cancel.check()?;
        if page.at > at {
            walk.open.get_or_insert((at, "a page is damaged"));
        }
        walk.good_page(&page);
        at = page.end();
    }
    if at < input.len() {
        walk.open.get_or_insert((at, "a page is damaged"));
    }
    // What is broken behind the last page takes no known number of frames with it.
    walk.close(walk.frame);
    Ok(walk.damage)
}

#[derive(Default)]
struct Walk {
    pre_skip: u64,
    /// Frame behind the last good page.
    frame: u64,
    sequence: Option<u32>,
    serial: Option<u32>,
    ended: bool,
    /// Where the trouble began that no good page has followed yet, and what it is.
    open: Option<(u64, &'static str)>,
    damage: Vec<Damage>,
}

impl Walk {
    fn good_page(&mut self, page: &Page) {
        // Another stream beside this one is none of its business.
        if *self.serial.get_or_insert(page.serial) != page.serial {
            return;
        }
        if self.ended {
            self.open.get_or_insert((page.at, "another stream follows the end of the first"));
            return;
        }
        if self.sequence.is_some_and(|last| last.wrapping_add(1) != page.sequence) {
            self.open.get_or_insert((page.at, "a page is missing"));
        }
        self.sequence = Some(page.sequence);
        self.ended = page.last;
        let Ok(granule) = u64::try_from(page.granule) else { return };
        let frame = granule.saturating_sub(self.pre_skip);
        self.close(frame);
        self.frame = frame;
    }

    fn close(&mut self, end_frame: u64) {
        if let Some((offset, reason)) = self.open.take() {
            let (start_frame, end_frame) = (self.frame.min(end_frame), end_frame);
            self.damage.push(Damage {
                start_frame,
                end_frame,
                byte_offset: Some(offset),
                reason: reason.to_owned(),
            });
        }
    }
}
