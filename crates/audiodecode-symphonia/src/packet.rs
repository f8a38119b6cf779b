use std::sync::Arc;

use audiodecode_pipeline::{CancelFlag, Result};

/// What one packet decodes to is decided by its codec; where it lies is decided by its container.
///
/// Positions are *raw*: frames as they leave the decoder, encoder delay included. The container's reader says which
/// part of that line is the signal (see [`Trim`]).
#[derive(Debug, Default)]
pub(crate) struct Packet {
    /// The coded bytes.
    pub(crate) data: Box<[u8]>,
    /// Frames it decodes to, when the container or the bytes say so.
    pub(crate) frames: Option<u64>,
    /// Where it lies in the file, for reports.
    pub(crate) byte_offset: Option<u64>,
}

/// Packets that have to be decoded together to know where they lie: one packet in most containers, a page in Ogg.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) packets: Vec<Packet>,
    /// Raw position of the first frame, when the container states it exactly.
    pub(crate) start: Option<i64>,
    /// Raw position one past the last frame, when the container states it exactly.
    pub(crate) end: Option<i64>,
    /// Nothing comes after it in this stream: frames beyond `end` are padding.
    pub(crate) last: bool,
    /// Data was lost between the previous group and this one.
    pub(crate) gap: bool,
    /// The frames of its packets are what they decode to and what they stand for when they cannot be decoded: no packet's place
    /// depends on how the ones before it came out.
    pub(crate) counted: bool,
    /// Frames to drop from its end, as Matroska's DiscardPadding says.
    pub(crate) discard_end: u64,
}

/// What a reader met next.
pub(crate) enum Event {
    /// Packets to decode.
    Group(Group),
    /// The stream begins anew with this decoder, as chained Ogg files do. Positions start over.
    Restart(Restart),
}

/// A new stream behind the previous one.
pub(crate) struct Restart {
    pub(crate) decoder: DecoderFactory,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u32,
    pub(crate) delay: u64,
}

/// Makes a decoder in its initial state: exact seeks need one, since `reset` need not restore everything.
pub(crate) type DecoderFactory = Arc<dyn Fn() -> Result<Box<dyn PacketDecoder>> + Send + Sync>;

/// Turns one packet into planar samples.
pub(crate) trait PacketDecoder: Send {
    /// Appends the packet's frames to every plane and returns how many, or says why it cannot and appends nothing.
    fn decode(&mut self, packet: &Packet, planes: &mut [Vec<f32>]) -> std::result::Result<usize, String>;

    /// Like `decode`, for a packet that is a group of its own: its samples may stay in the decoder until the next packet, which
    /// saves a copy. `None` from decoders that keep none.
    fn decode_and_hold(
        &mut self,
        _packet: &Packet,
        _channels: usize,
    ) -> Option<std::result::Result<usize, String>> {
        None
    }

    /// Fills `out` with held frames from `from` on.
    fn copy_held(&self, _from: usize, _out: &mut [&mut [f32]]) {}

    /// Frames that a lost or damaged packet stands for, when its bytes still tell.
    fn frames_of(&self, _data: &[u8]) -> Option<u64> {
        None
    }

    /// Whether a packet itself says that it is not as long as its container states, so that it cannot be skipped by that.
    fn contradicts(&self, _packet: &Packet) -> bool {
        false
    }

    /// Groups to decode and throw away before a restart is bit-exact; `None` when only the beginning will do.
    fn preroll_groups(&self) -> Option<usize> {
        None
    }
}

/// [`PacketDecoder::decode`] of a decoder that holds what it decoded.
pub(crate) fn append_held(
    decoder: &impl PacketDecoder,
    decoded: std::result::Result<usize, String>,
    planes: &mut [Vec<f32>],
) -> std::result::Result<usize, String> {
    let frames = decoded?;
    decoder.copy_held(0, &mut grown(planes, frames));
    Ok(frames)
}

/// Makes room for more frames at the end of every plane, and gives it.
pub(crate) fn grown(planes: &mut [Vec<f32>], frames: usize) -> Vec<&mut [f32]> {
    let planes = planes.iter_mut().map(|plane| {
        let start = plane.len();
        plane.resize(start + frames, 0.0);
        &mut plane[start..]
    });
    planes.collect()
}

/// Gives the packets of one track in order.
pub(crate) trait PacketReader: Send {
    /// The next event, or `None` at the end. Errors are the operating system's; broken data is skipped with `gap` set.
    fn next(&mut self) -> Result<Option<Event>>;

    /// Goes back to the first packet.
    fn rewind(&mut self) -> Result<()>;

    /// Goes to a group that begins at or before a raw position and says where, or `None` if it has no quick way.
    fn seek(&mut self, _raw: u64, _cancel: &CancelFlag) -> Result<Option<u64>> {
        Ok(None)
    }

    /// Whether the packets between the beginning and a place say where that place is, so that none of them need be decoded.
    fn can_skip(&self) -> bool {
        true
    }

    /// Another reader of the same packets, at the first one, that shares what was learnt about the file; `None` when there is
    /// none that would be quick to move.
    fn fork(&self) -> Result<Option<Box<dyn PacketReader>>> {
        Ok(None)
    }

    /// Whether the file ended before its container said.
    fn truncated(&self) -> bool;
}

/// Which part of the decoder's frames is the signal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trim {
    /// Frames dropped before the first one kept.
    pub(crate) start: u64,
    /// Frames kept at most.
    pub(crate) keep: Option<u64>,
}
