//! Puts decoded packets on the line of frames.

use std::collections::VecDeque;

use audiodecode_pipeline::Damage;

use super::{DecodedSource, MAX_PACKET_FRAMES};
use crate::packet::Group;

impl DecodedSource {
    /// Decodes a group and puts it where it belongs, with silence before it if something is missing. False if a packet failed.
    pub(super) fn place(&mut self, group: Group) -> bool {
        let mut broken: Vec<(u64, u64, Option<u64>, String)> = Vec::new();
        let mut frames: u64 = 0;
        if group.gap
            && let Ok(fresh) = self.link_decoder.as_ref().map_or_else(|| (self.make_decoder)(), |make| make())
        {
            // What was decoded before the gap must not bleed into what follows it.
            self.decoder = fresh;
        }
        let byte_offset = group.packets.first().and_then(|packet| packet.byte_offset);
        let alone = group.packets.len() == 1;
        let (mut packets, mut group_end) = (VecDeque::from(group.packets), group.end);
        while let Some(packet) = packets.pop_front() {
            let channels = self.planes.len();
            let held = if alone && broken.is_empty() {
                self.decoder.decode_and_hold(&packet, channels)
            } else {
                None
            };
            self.held = held.as_ref().and_then(|decoded| decoded.as_ref().ok().copied());
            let decoded = held.unwrap_or_else(|| self.decoder.decode(&packet, &mut self.planes));
            let fresh = std::mem::take(&mut self.fresh);
            let decoded = match packet.frames {
                Some(stated) if group.counted => self.keep_count(decoded, frames, stated, fresh),
                _ => decoded,
            };
            match decoded {
                Ok(count) => {
                    frames += count as u64;
                    if count > 0 {
                        self.last_packet_frames = count as u64;
                    }
                }
                Err(reason) => {
                    let lost = self
                        .decoder
                        .frames_of(&packet.data)
                        .or(packet.frames)
                        .unwrap_or(self.last_packet_frames)
                        .min(MAX_PACKET_FRAMES);
                    broken.push((frames, frames + lost, packet.byte_offset, reason));
                    frames += lost;
                    for plane in &mut self.planes {
                        plane.resize(frames as usize, 0.0);
                    }
                    if let Some((rest, end)) = self.rest.take_all() {
                        packets.extend(rest);
                        group_end = end;
                    }
                }
            }
        }
        let whole = broken.is_empty();
        if !whole
            && !group.counted
            && !group.last
            && let (Some(end), Some(next)) = (group_end, self.next_raw.filter(|_| !group.gap))
            && let Ok(length) = u64::try_from(end.saturating_sub(next))
            && length <= frames + MAX_PACKET_FRAMES
        {
            // The page knows better than a guess how much was lost.
            frames = length;
            self.planes.iter_mut().for_each(|plane| plane.resize(length as usize, 0.0));
        }
        let count = frames as i64;
        let stated = match (group.start, group_end) {
            (Some(start), _) => Some(start),
            (None, Some(end)) if self.next_raw.is_none() || group.gap => {
                let start = end.saturating_sub(count);
                // In a stream of one page the surplus is padding at its end, otherwise delay before its beginning.
                Some(if group.last && self.origin.is_none() { start.max(0) } else { start })
            }
            _ => None,
        };
        if self.origin.is_none() {
            // A clock that starts late (a cut from a longer stream) does not mean that something is missing.
            let late = if group.start.is_none() && !group.gap { stated.unwrap_or(0).max(0) } else { 0 };
            self.origin = Some(late);
            if group.start.is_some() || group.gap {
                // What should lie before is lost.
                self.next_raw = Some(0);
            }
        }
        let expected = self.next_raw;
        let mut start = stated.or(expected).unwrap_or(0);
        let mut drop_head: u64 = 0;
        if let Some(expected) = expected {
            if start > expected && self.plausible(start.saturating_add(count)) {
                let missing = start.abs_diff(expected);
                broken.push((0, 0, byte_offset, "data is missing".into()));
                self.silence = missing;
            } else if start > expected {
                broken.push((0, frames, None, "the position stated here is implausible".into()));
                start = expected;
            } else if start < expected {
                drop_head = expected.abs_diff(start).min(frames);
            }
        }
        // Padding at the end.
        let mut end = start.saturating_add(count);
        if group.last
            && let Some(stated_end) = group_end
        {
            end = end.min(stated_end.max(start));
        }
        end = end.saturating_sub_unsigned(group.discard_end).max(start);
        self.next_raw = Some(end.max(expected.unwrap_or(end)));
        self.commit(start, end, drop_head, broken);
        whole
    }

    /// Makes a packet as long as it states. `before` frames are decoded ahead of it.
    ///
    /// A packet that overlaps with one before gives something else when that one was not decoded.
    fn keep_count(
        &mut self,
        decoded: std::result::Result<usize, String>,
        before: u64,
        stated: u64,
        fresh: bool,
    ) -> std::result::Result<usize, String> {
        if decoded.as_ref().map_or(true, |&count| count as u64 == stated) {
            return decoded;
        }
        self.held = None;
        let length = before + if fresh { stated } else { 0 };
        for plane in &mut self.planes {
            plane.truncate(before as usize);
            plane.resize(length as usize, 0.0);
        }
        // Right behind a jump it is part of the pre-roll and nobody's loss.
        if fresh { Ok(stated as usize) } else { Err("the packet before this one is missing".to_owned()) }
    }

    /// Whether the limits allow for a signal that reaches here.
    pub(super) fn plausible(&self, raw_end: i64) -> bool {
        let origin = self.origin.unwrap_or(0);
        u64::try_from(raw_end.saturating_sub(origin)).is_ok_and(|length| length <= self.max_frames)
    }

    /// Cuts what lies outside the signal and records damage. `start..end` are the raw positions of `planes`.
    fn commit(&mut self, start: i64, end: i64, drop_head: u64, broken: Vec<(u64, u64, Option<u64>, String)>) {
        let zero = self.origin.unwrap_or(0).saturating_add(self.delay as i64);
        let base = self.base as i64;
        let keep = self.trim.keep.map_or(i64::MAX, |keep| keep.min(i64::MAX as u64) as i64);
        // Positions in the signal; negative ones are encoder delay.
        let at = |raw: i64| (raw.saturating_sub(zero)).saturating_add(base);
        let floor = |frame: i64| frame.max(base).min(keep.max(base));
        let silence_start = at(start.saturating_sub(self.silence as i64));
        for (from, to, byte_offset, reason) in broken {
            let (from, to) = if from == to {
                (silence_start, at(start))
            } else {
                // What is dropped was given before, and told of then if it was broken.
                let behind = |frames: u64| start.saturating_add_unsigned(frames);
                (at(behind(from.max(drop_head))), at(behind(to).min(end)))
            };
            let (from, to) = (floor(from) as u64, floor(to) as u64);
            if from < to {
                self.note(Damage { start_frame: from, end_frame: to, byte_offset, reason });
            }
        }
        self.silence = (floor(at(start)) - floor(silence_start)) as u64;
        let first = floor(at(start.saturating_add(drop_head as i64)));
        let last = floor(at(end)).max(first);
        self.taken = (first - at(start)).max(0) as usize;
        let length = self.taken + (last - first) as usize;
        for plane in &mut self.planes {
            plane.truncate(length);
        }
        self.held = self.held.map(|frames| frames.min(length));
        self.taken = self.taken.min(self.decoded_frames());
    }

    /// Adjacent losses of one kind are one entry, so that a long broken stretch stays a short report.
    pub(super) fn note(&mut self, damage: Damage) {
        if let Some(last) = self.damage.last_mut()
            && last.end_frame == damage.start_frame
            && last.reason == damage.reason
        {
            last.end_frame = damage.end_frame;
            return;
        }
        self.damage.push(damage);
    }
}
