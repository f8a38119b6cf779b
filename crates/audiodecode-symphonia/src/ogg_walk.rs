use audiodecode_pipeline::{CancelFlag, Result};

use crate::decoded_source::ExpectedEnd;
use crate::ogg_index::{IndexEntry, OggIndex};
use crate::ogg_joiner::{Joined, OggJoiner};
use crate::ogg_stream::OggStream;
use crate::packet_lengths::LENGTH_BYTES;
use audiodecode_containers::ReadWindow;
use audiodecode_containers::{Page, next_page};

/// What walking all pages of a stream found.
#[derive(Clone, Debug)]
pub(crate) struct OggWalk {
    pub(crate) end: ExpectedEnd,
    pub(crate) index: OggIndex,
}

impl OggWalk {
    /// Visits the pages of the first link, a few milliseconds for an hour of audio.
    pub(crate) fn new(window: &mut ReadWindow, stream: &OggStream, cancel: &CancelFlag) -> Result<Self> {
        let (mut granule, mut marked, mut chained) = (None, false, false);
        let (mut index, mut count) = (OggIndex::new(stream.audio_start), Count::default());
        let (mut joiner, mut at) = (OggJoiner::new(stream, LENGTH_BYTES), stream.audio_start);
        while let Some(page) = next_page(window, at, 0)? {
            cancel.check()?;
            if page.at == at && index.verified == at {
                index.verified = page.end();
            }
            at = page.end();
            if page.first {
                (chained, granule) = (true, None);
                break;
            }
            if page.serial != stream.serial || marked {
                continue;
            }
            if page.granule >= 0 {
                granule = Some(page.granule);
            }
            marked = page.last;
            if !count.lost {
                let joined = joiner.join(&page, window, |_, _| {})?;
                // The last page's end is the signal's, not its packets'.
                if let Some(raw) = count.add(&page, &joined).filter(|_| joined.leads_on && !page.last) {
                    index.push(IndexEntry { at: page.at, raw });
                }
            }
        }
        index.complete = !count.lost && !chained;
        let reached = count.raw.filter(|_| index.complete);
        let padding = if index.complete && marked { count.padding } else { 0 };
        let end = ExpectedEnd { stated: granule, reached, promised: marked && !chained, padding };
        Ok(Self { end, index })
    }
}

/// The raw position behind the pages so far, as it comes out when everything is decoded.
///
/// What pages state decides at the beginning and behind gaps only: many files are off by some frames in between.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    raw: Option<i64>,
    /// Frames of the last page beyond its stated end.
    padding: u64,
    /// Some packet does not say how many frames it holds.
    lost: bool,
}

impl Count {
    fn add(&mut self, page: &Page, joined: &Joined) -> Option<i64> {
        if joined.packets == 0 {
            return None;
        }
        if self.lost || !joined.counted {
            self.lost = true;
            return None;
        }
        let before = self.raw.unwrap_or(0);
        let counted = before.saturating_add_unsigned(joined.frames);
        let stated = page.granule.max(before);
        if page.last && page.granule >= 0 {
            self.padding = u64::try_from(counted.saturating_sub(stated)).unwrap_or(0);
        }
        self.raw = Some(match page.granule {
            ..0 => counted,
            _ if self.raw.is_none() || joined.gap => stated,
            // Frames beyond the stated end are padding.
            _ if page.last => counted.min(stated),
            _ => counted,
        });
        self.raw
    }
}
