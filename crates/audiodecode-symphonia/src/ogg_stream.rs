use std::sync::Arc;

use audiodecode_pipeline::{Error, Result};
use audiodecode_vorbis::VorbisSetup;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;

use crate::opus::OpusHead;
use crate::packet::DecoderFactory;
use crate::packet_lengths::PacketLengths;
use crate::symphonia_decoder::SymphoniaDecoder;
use crate::vorbis_comment::parse_vorbis_comment;
use crate::vorbis_decoder::{vorbis_factory, vorbis_setup};
use audiodecode_containers::ReadWindow;
use audiodecode_containers::next_page;

/// One logical audio stream of an Ogg file, from its header packets.
#[derive(Clone, Debug, Default)]
pub(crate) struct OggStream {
    pub(crate) serial: u32,
    pub(crate) codec: &'static str,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u32,
    pub(crate) bit_depth: Option<u32>,
    /// Nominal bits per second, when stated.
    pub(crate) bit_rate: Option<u64>,
    /// Frames to drop from the start, as Opus' header states.
    pub(crate) delay: u64,
    /// First page after the headers.
    pub(crate) audio_start: u64,
    pub(crate) tags: Vec<(String, String)>,
    /// Whether the order of channels is known.
    pub(crate) positioned: bool,
    headers: Vec<Vec<u8>>,
    wanted: usize,
    /// What Vorbis' headers say, once they are complete and make sense.
    vorbis: Option<Arc<VorbisSetup>>,
}

/// Pages read while looking for headers; pictures in comments take a few hundred.
const MAX_HEADER_PAGES: usize = 4096;
const MAX_HEADER_BYTES: usize = 32 << 20;

impl OggStream {
    /// The stream that begins with this packet, if it is audio.
    fn detect(serial: u32, packet: &[u8]) -> Option<Self> {
        let mut stream = Self { serial, positioned: true, ..Self::default() };
        let le =
            |from: usize| packet.get(from..from + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        if packet.starts_with(b"\x01vorbis") {
            stream.codec = "vorbis";
            stream.wanted = 3;
            stream.channels = u32::from(*packet.get(11)?);
            stream.sample_rate = le(12)?;
            stream.bit_rate = le(20).map(u64::from).filter(|&rate| rate > 0 && rate < 1 << 31);
        } else if packet.starts_with(b"OpusHead") {
            stream.codec = "opus";
            stream.wanted = 2;
            stream.sample_rate = audiodecode_opus::SAMPLE_RATE;
            let head = OpusHead::parse(packet).ok();
            stream.channels =
                head.as_ref().map_or(u32::from(*packet.get(9)?), |head| u32::from(head.channels));
            stream.delay = head.as_ref().map_or(0, |head| u64::from(head.pre_skip));
            stream.positioned = head.is_some_and(|head| head.positioned);
        } else if packet.starts_with(b"\x7fFLAC") {
            stream.codec = "flac";
            let info = packet.get(17..51)?;
            stream.wanted =
                1 + packet.get(7..9).map_or(1, |b| usize::from(u16::from_be_bytes([b[0], b[1]]))).max(1);
            stream.sample_rate = u32::from_be_bytes([0, info[10], info[11], info[12]]) >> 4;
            stream.channels = u32::from(info[12] >> 1 & 7) + 1;
            stream.bit_depth = Some((u32::from(info[12] & 1) << 4 | u32::from(info[13] >> 4)) + 1);
        } else if packet.starts_with(b"Speex   ") {
            stream.codec = "speex";
            stream.wanted = 2;
        } else {
            return None;
        }
        stream.headers.push(packet.to_vec());
        Some(stream)
    }

    fn complete(&self) -> bool {
        self.headers.len() >= self.wanted
    }

    fn accept(&mut self, packet: Vec<u8>) {
        let comment = match self.codec {
            "vorbis" => packet.strip_prefix(b"\x03vorbis"),
            "opus" => packet.strip_prefix(b"OpusTags"),
            "flac" if packet.first().is_some_and(|byte| byte & 0x7f == 4) => packet.get(4..),
            _ => None,
        };
        if let Some(comment) = comment {
            self.tags = parse_vorbis_comment(comment);
        }
        self.headers.push(packet);
        if self.codec == "vorbis"
            && let [identification, _, setup] = self.headers.as_slice()
        {
            self.vorbis = vorbis_setup(identification, setup).ok();
        }
    }

    /// How long its packets are.
    pub(crate) fn lengths(&self) -> PacketLengths {
        match (self.codec, self.headers.as_slice(), &self.vorbis) {
            ("opus", ..) => PacketLengths::Opus,
            (_, _, Some(setup)) => PacketLengths::vorbis(Arc::clone(setup)),
            ("flac", [head, ..], _) => PacketLengths::flac(head.get(17..).unwrap_or_default()),
            _ => PacketLengths::Unknown,
        }
    }

    /// A factory of decoders, or why there is none.
    pub(crate) fn factory(&self) -> Result<DecoderFactory> {
        let mut params = AudioCodecParameters::new();
        params.with_sample_rate(self.sample_rate);
        match self.codec {
            "opus" => return OpusHead::parse(&self.headers[0])?.factory(),
            "vorbis" => {
                let setup = match (&self.vorbis, self.headers.as_slice()) {
                    (Some(setup), _) => Arc::clone(setup),
                    // Once more, to say what is wrong.
                    (None, [identification, _, setup, ..]) => vorbis_setup(identification, setup)?,
                    _ => return Err(Error::corrupt("the Vorbis headers are incomplete")),
                };
                return Ok(vorbis_factory(setup));
            }
            "flac" => {
                let info = self.headers[0].get(17..51).unwrap_or_default().to_vec();
                params.for_codec(CODEC_ID_FLAC).with_extra_data(info.into());
            }
            other => {
                return Err(Error::unsupported(format!("{other} in Ogg is not decoded by this backend")));
            }
        }
        SymphoniaDecoder::factory(&params)
    }
}

/// The audio streams that begin at a position, with their headers read. `None` when no Ogg stream begins there.
pub(crate) fn read_streams(window: &mut ReadWindow, at: u64) -> Result<Option<Vec<OggStream>>> {
    let (mut streams, mut at, mut began) = (Vec::<OggStream>::new(), at, false);
    let (mut partial, mut total) = (std::collections::HashMap::<u32, Vec<u8>>::new(), 0);
    for _ in 0..MAX_HEADER_PAGES {
        let Some(page) = next_page(window, at, 0)? else { break };
        if page.first {
            let head = page.pieces(window)?.next().map(|piece| piece.0.to_vec()).unwrap_or_default();
            streams.extend(OggStream::detect(page.serial, &head));
            began = true;
        } else if !began {
            return Ok(None);
        } else if let Some(stream) = streams.iter_mut().find(|stream| stream.serial == page.serial) {
            for (piece, complete) in page.pieces(window)? {
                total += piece.len();
                if total > MAX_HEADER_BYTES {
                    return Err(Error::corrupt("the Ogg headers are beyond reason"));
                }
                let packet = partial.entry(page.serial).or_default();
                packet.extend_from_slice(piece);
                if complete && !stream.complete() {
                    stream.accept(std::mem::take(packet));
                }
            }
            // Audio begins on a page of its own, which is the next one.
            if stream.audio_start == 0 && stream.complete() {
                stream.audio_start = page.end();
            }
        }
        at = page.end();
        if began && !page.first && streams.iter().all(|stream| stream.audio_start != 0) {
            return Ok(Some(streams));
        }
    }
    streams.retain(|stream| stream.audio_start != 0);
    Ok(began.then_some(streams))
}
