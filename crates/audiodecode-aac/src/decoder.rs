use crate::bands::Bands;
use crate::channel_stream::ChannelStream;
use crate::imdct::Workspace;
use crate::raw_block::{RawBlock, read_raw_block};
use crate::synthesis::Synthesis;

/// Frames that every packet decodes to.
pub const FRAMES: usize = 1024;

/// Decodes a stream of AAC-LC, one `raw_data_block` at a time.
///
/// What a packet decodes to depends on it and on the previous one alone: on nothing else is anything kept, and noise is drawn
/// from a generator that the packet itself seeds. A packet that cannot be decoded leaves the state of a new decoder.
pub struct AacDecoder {
    bands: Bands,
    channels: Vec<Channel>,
    /// What the packet says about each channel.
    streams: Vec<ChannelStream>,
    workspace: Workspace,
    /// What the last packet had beside its channels.
    block: RawBlock,
}

struct Channel {
    synthesis: Synthesis,
    samples: [f32; FRAMES],
}

impl AacDecoder {
    /// A decoder of so many channels, in the order in which packets have them. More than two have to be the elements of the
    /// channel configuration with that number.
    pub fn new(sample_rate: u32, channels: usize) -> Self {
        let bands = Bands::at(sample_rate);
        let channel = || Channel { synthesis: Synthesis::new(), samples: [0.0; FRAMES] };
        Self {
            bands,
            channels: (0..channels).map(|_| channel()).collect(),
            streams: (0..channels).map(|_| ChannelStream::silent(bands)).collect(),
            workspace: Workspace::new(),
            block: RawBlock::default(),
        }
    }

    /// Decodes a packet to [`FRAMES`] frames, or says why it cannot. Channels that the packet leaves out are silent.
    pub fn decode(&mut self, packet: &[u8]) -> Result<(), &'static str> {
        match read_raw_block(packet, self.bands, &mut self.streams) {
            Ok(block) => {
                self.block = block;
                for (number, (channel, stream)) in self.channels.iter_mut().zip(&mut self.streams).enumerate()
                {
                    if number >= block.channels {
                        *stream = ChannelStream::silent(self.bands);
                    }
                    stream.tns.apply(&mut stream.spectrum);
                    let Channel { synthesis, samples } = channel;
                    synthesis.run(&stream.info, &stream.spectrum, samples, &mut self.workspace);
                }
                Ok(())
            }
            Err(reason) => {
                self.block = RawBlock::default();
                for channel in &mut self.channels {
                    *channel = Channel { synthesis: Synthesis::new(), samples: [0.0; FRAMES] };
                }
                Err(reason)
            }
        }
    }

    /// Whether the last packet carried spectral band replication (HE-AAC), without which it sounds at half its rate.
    pub fn carried_sbr(&self) -> bool {
        self.block.sbr
    }

    /// A channel's samples of the last packet, full scale being 1.
    pub fn samples(&self, channel: usize) -> &[f32] {
        self.channels.get(channel).map_or(&[], |channel| &channel.samples)
    }
}
