use crate::packet_lengths::PacketLengths;

/// Blocks between two places that are kept.
const STRIDE: u32 = 32;

/// A border between two blocks.
#[derive(Clone, Debug)]
pub(crate) struct MatroskaPlace {
    /// Where in the file what follows is looked for.
    pub(crate) at: u64,
    /// Frames that the packets before it decode to.
    pub(crate) raw: u64,
    /// As it is behind them.
    pub(crate) lengths: PacketLengths,
}

/// What one block adds.
#[derive(Clone, Debug)]
pub(crate) struct CountedBlock {
    /// The place behind it.
    pub(crate) after: MatroskaPlace,
    /// Where the first frame lies that a decoder gives that begins with this block, when it is sure.
    pub(crate) lands_at: Option<u64>,
}

/// Some of the places of a track up to where its blocks were counted so far: Matroska's own index is not exact to the frame.
#[derive(Debug)]
pub(crate) struct MatroskaPlaces {
    kept: Vec<MatroskaPlace>,
    last: MatroskaPlace,
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

impl MatroskaPlaces {
    pub(crate) fn new(first: MatroskaPlace) -> Self {
        Self { kept: vec![first.clone()], last: first, since: 0, end: None }
    }

    /// The last place, while this one lies behind it and counting on may reach it.
    pub(crate) fn to_count_from(&self, raw: u64) -> Option<&MatroskaPlace> {
        (self.end.is_none() && self.last.raw <= raw).then_some(&self.last)
    }

    pub(crate) fn add(&mut self, place: MatroskaPlace) {
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
    pub(crate) fn before(&self, raw: u64) -> impl Iterator<Item = &MatroskaPlace> {
        let unknown = self.end == Some(End::OfKnowledge) && self.last.raw <= raw;
        let count = if unknown { 0 } else { self.kept.partition_point(|place| place.raw <= raw) };
        self.kept.iter().take(count).rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(blocks: u64, end: End) -> MatroskaPlaces {
        let place =
            |index| MatroskaPlace { at: index * 100, raw: index * 10, lengths: PacketLengths::Unknown };
        let mut places = MatroskaPlaces::new(place(0));
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
