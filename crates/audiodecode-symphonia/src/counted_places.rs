use std::sync::{Mutex, PoisonError};

use audiodecode_pipeline::{CancelFlag, Result};

use crate::packet_lengths::PacketLengths;

/// Steps between two places that are kept.
const STRIDE: u32 = 32;

/// A border between two steps of a reader: blocks of Matroska, packets of MP4.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Where the reader goes on: in the file, or among its packets.
    pub(crate) at: u64,
    /// Frames that the packets before it decode to.
    pub(crate) raw: u64,
    /// As it is behind them.
    pub(crate) lengths: PacketLengths,
}

/// What one step adds.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// The place behind it.
    pub(crate) after: Place,
    /// Where the first frame lies that a decoder gives that begins with this step, when it is sure.
    pub(crate) lands_at: Option<u64>,
}

/// Some of the places of a track up to where its packets were counted so far: what containers themselves say of places is often not
/// exact to the frame.
#[derive(Debug)]
pub(crate) struct CountedPlaces {
    kept: Vec<Place>,
    last: Place,
    since: u32,
    end: Option<End>,
}

/// Why counting stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    OfFile,
    /// A packet does not say how long it is.
    OfKnowledge,
}

impl CountedPlaces {
    pub(crate) fn new(first: Place) -> Self {
        Self { kept: vec![first.clone()], last: first, since: 0, end: None }
    }

    /// The last place, while this one lies behind it and counting on may reach it.
    pub(crate) fn to_count_from(&self, raw: u64) -> Option<&Place> {
        (self.end.is_none() && self.last.raw <= raw).then_some(&self.last)
    }

    pub(crate) fn add(&mut self, place: Place) {
        self.last = place;
        self.since += 1;
        if self.since == STRIDE {
            self.kept.push(self.last.clone());
            self.since = 0;
        }
    }

    pub(crate) fn finish(&mut self, end: End) {
        self.end = Some(end);
    }

    /// The places kept before this one, nearest first; none when it cannot be said where it lies.
    pub(crate) fn before(&self, raw: u64) -> impl Iterator<Item = &Place> {
        let unknown = self.end == Some(End::OfKnowledge) && self.last.raw <= raw;
        let count = if unknown { 0 } else { self.kept.partition_point(|place| place.raw <= raw) };
        self.kept.iter().take(count).rev()
    }
}

/// A reader that can pass packets and look at no more of them than it takes to count their frames.
pub(crate) trait CountingReader {
    /// Passes what comes next, or says why there is nothing to count.
    fn count_next(&mut self, before: &Place) -> Result<std::result::Result<Counted, End>>;
}

/// The last place from which a decoder gives the frame at `raw`, and the first frame that it gives then. Counts the packets up to
/// there, once for all readers that share the places.
pub(crate) fn find_place<Reader: CountingReader>(
    shared: &Mutex<CountedPlaces>,
    counting_from: impl Fn(&Place) -> Result<Reader>,
    raw: u64,
    cancel: &CancelFlag,
) -> Result<Option<(Place, u64)>> {
    let mut places = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let mut counting = places.to_count_from(raw).map(&counting_from).transpose()?;
    while let Some(last) = places.to_count_from(raw)
        && let Some(counting) = &mut counting
    {
        cancel.check()?;
        match counting.count_next(last)? {
            Ok(counted) => places.add(counted.after),
            Err(end) => places.finish(end),
        }
    }
    for near in places.before(raw) {
        let found = last_landing(counting_from(near)?, near, raw)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Where the last step begins from which a decoder gives the frame at `raw`, looked for from `place` on, and the first frame it
/// gives.
fn last_landing(mut counting: impl CountingReader, place: &Place, raw: u64) -> Result<Option<(Place, u64)>> {
    let (mut place, mut found) = (place.clone(), None);
    while place.raw <= raw
        && let Ok(counted) = counting.count_next(&place)?
    {
        let lands_at = counted.lands_at.filter(|&at| at <= raw);
        let before = std::mem::replace(&mut place, counted.after);
        if let Some(at) = lands_at {
            found = Some((before, at));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(blocks: u64, end: End) -> CountedPlaces {
        let place = |index| Place { at: index * 100, raw: index * 10, lengths: PacketLengths::Unknown };
        let mut places = CountedPlaces::new(place(0));
        (1..=blocks).for_each(|index| places.add(place(index)));
        places.finish(end);
        places
    }

    #[test]
    fn the_nearest_place_kept_comes_first_and_none_lies_behind() {
        let places = counted(100, End::OfFile);
        let found = |raw| places.before(raw).map(|place| place.raw).collect::<Vec<_>>();
        assert_eq!(found(0), [0]);
        assert_eq!(found(319), [0]);
        assert_eq!(found(320), [320, 0]);
        assert_eq!(found(u64::MAX), [960, 640, 320, 0]);
    }

    #[test]
    fn behind_a_packet_of_unknown_length_no_place_is_known() {
        let places = counted(40, End::OfKnowledge);
        assert_eq!(places.before(399).next().map(|place| place.at), Some(3200));
        assert!(places.before(400).next().is_none());
    }
}
