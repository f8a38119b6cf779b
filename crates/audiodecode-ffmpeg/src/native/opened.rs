use std::ffi::c_int;

use audiodecode_pipeline::{CancelFlag, Error, ErrorKind, Gapless, Input, OpenOptions, Result};

use super::api::Api;
use super::container::Container;
use super::decoder::Decoder;
use super::describe::{facts, layout};
use super::ffi::{AV_DISPOSITION_DEFAULT, AV_PKT_DATA_SKIP_SAMPLES, AVStream};
use super::start::{api, text};
use crate::engine::{Engine, Event, Facts, Shape};
use crate::errors::{AGAIN, END};
use crate::{frame_data, names};

/// Failures in a row, without a packet in between, after which a decoder is taken to be stuck.
const MAX_FAILURES: u32 = 8;
/// A damaged packet is not concealed by more silence than this.
const MAX_LOST: u64 = 1 << 20;

/// One audio track, decoded from its start to its end.
struct Opened {
    container: Container,
    decoder: Decoder,
    index: c_int,
    facts: Facts,
    gapless: Gapless,
    /// What the packet sent last is said to hold, and where it is.
    packet: (u64, Option<u64>),
    /// Samples of the last good frame, for packets that do not say.
    usual: u64,
    failures: u32,
    /// All packets have been sent; the reason when the file could not be read further.
    drained: Option<Option<String>>,
    seen_frame: bool,
}

/// Opens a file with the FFmpeg of this major.
pub(super) fn open(input: &Input, options: &OpenOptions) -> Result<Box<dyn Engine>> {
    let Some(api) = api() else {
        return Err(Error::new(ErrorKind::Unavailable, "FFmpeg has not been started"));
    };
    let mut container = Container::open(api, input, options)?;
    let (index, decoder, facts) = {
        let stream = choose(&container, options.track)?;
        // SAFETY: an audio stream has parameters; the name is a constant of the library.
        let codec = unsafe { text((api.avcodec_get_name)((*stream.codecpar).codec_id)) }.unwrap_or_default();
        let decoder = Decoder::open(api, stream, &codec)?;
        let facts = facts(api, &container, stream, &decoder);
        (stream.index, decoder, facts)
    };
    container.keep_only(index);
    let gapless = Gapless { source: names::gapless_source(&facts), ..Gapless::default() };
    Ok(Box::new(Opened {
        container,
        decoder,
        index,
        facts,
        gapless,
        packet: (0, None),
        usual: 0,
        failures: 0,
        drained: None,
        seen_frame: false,
    }))
}

/// The wanted audio track; otherwise the first that the container calls its default, or the first.
fn choose(container: &Container, track: Option<u32>) -> Result<&AVStream> {
    let audio = container.audio();
    let count = audio.len();
    let found = match track {
        Some(track) => audio.get(track as usize),
        None => audio
            .iter()
            .find(|stream| stream.disposition & AV_DISPOSITION_DEFAULT as c_int != 0)
            .or(audio.first()),
    };
    found.copied().ok_or_else(|| match track {
        Some(track) if count > 0 => Error::new(
            ErrorKind::InvalidArgument,
            format!("there is no audio track {track}; the file has {count}, counted from 0"),
        ),
        _ => Error::unsupported(format!("there is no audio track in this {}", container.demuxer())),
    })
}

impl Opened {
    fn api(&self) -> &'static Api {
        self.decoder.api
    }

    /// Ticks of the track's clock as samples.
    fn samples(&self, ticks: i64) -> Option<u64> {
        let (numerator, denominator) = self.facts.clock;
        let (ticks, denominator) = (u128::try_from(ticks).ok()?, u128::from(denominator));
        if denominator == 0 {
            return None;
        }
        let product = ticks * u128::from(numerator) * u128::from(self.facts.sample_rate);
        u64::try_from((product + denominator / 2) / denominator).ok()
    }

    /// Reads on until a packet of the track has been sent, or the end. A packet that fails is an event.
    fn feed(&mut self) -> Result<Option<Event>> {
        loop {
            let code = {
                let packet = self.decoder.packet();
                self.container.read(packet)
            };
            // Checked after every packet: those of other tracks may be many.
            self.container.io().check()?;
            if code < 0 {
                if code == AGAIN {
                    self.failures += 1;
                    if self.failures < MAX_FAILURES {
                        continue;
                    }
                }
                let reason = (code != END).then(|| self.api().message(code));
                self.drained = Some(reason);
                self.decoder.send(false);
                return Ok(None);
            }
            self.failures = 0;
            if self.note_packet() {
                let code = self.decoder.send(true);
                return Ok((code < 0 && code != AGAIN && code != END).then(|| self.lost(code)));
            }
            self.decoder.skip();
        }
    }

    /// Remembers what the packet says; whether it is one of the track's.
    fn note_packet(&mut self) -> bool {
        let pointer = self.decoder.packet();
        // SAFETY: the packet is valid and was just filled.
        let packet = unsafe { &*pointer };
        if packet.stream_index != self.index {
            return false;
        }
        let said = self.samples(packet.duration).filter(|&frames| frames > 0);
        self.packet = (said.unwrap_or(0), u64::try_from(packet.pos).ok());
        let mut size = 0;
        // SAFETY: the data, if any, has `size` bytes and lives as long as the packet.
        let skip = unsafe {
            let data = (self.api().av_packet_get_side_data)(packet, AV_PKT_DATA_SKIP_SAMPLES, &mut size);
            if data.is_null() { &[] } else { std::slice::from_raw_parts(data.cast_const(), size) }
        };
        if let Some(&[a, b, c, d, e, f, g, h]) = skip.first_chunk::<8>() {
            self.gapless.start_frames += u64::from(u32::from_le_bytes([a, b, c, d]));
            self.gapless.end_frames += u64::from(u32::from_le_bytes([e, f, g, h]));
        }
        true
    }

    fn lost(&self, code: c_int) -> Event {
        let (said, byte_offset) = self.packet;
        let usual = u64::try_from(self.decoder.context().frame_size).unwrap_or(0).max(self.usual);
        let frames = if said > 0 { said } else { usual }.min(MAX_LOST);
        Event::Lost { frames, byte_offset, reason: self.api().message(code) }
    }

    /// The form of the frame just received; `None` for one without samples.
    fn shape(&mut self) -> Result<Option<Shape>> {
        let frame = self.decoder.frame();
        let number = |value: c_int| u32::try_from(value).unwrap_or(0);
        let (frames, sample_rate) = (number(frame.nb_samples), number(frame.sample_rate));
        let channels = number(frame.ch_layout.nb_channels);
        if frames == 0 || channels == 0 || frame.extended_data.is_null() {
            return Ok(None);
        }
        if !frame_data::is_known(frame.format) {
            return Err(Error::unsupported(format!("FFmpeg gives samples of format {}", frame.format)));
        }
        let (pts, description) = (frame.pts, layout(self.api(), &frame.ch_layout));
        if !self.seen_frame {
            self.seen_frame = true;
            (self.facts.sample_rate, self.facts.channels) = (sample_rate, channels);
            self.facts.layout = description;
            // Some versions know of HE-AAC only now.
            self.facts.profile = self.decoder.context().profile;
        }
        self.usual = u64::from(frames);
        let exact = self.facts.clock == (1, sample_rate) && pts != i64::MIN;
        let place = exact.then_some(pts);
        Ok(Some(Shape { frames: frames as usize, sample_rate, channels, place }))
    }
}

impl Engine for Opened {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn next(&mut self) -> Result<Event> {
        loop {
            let code = self.decoder.receive();
            if code >= 0 {
                self.failures = 0;
                if let Some(shape) = self.shape()? {
                    return Ok(Event::Frame(shape));
                }
            } else if code == AGAIN && self.drained.is_none() {
                if let Some(event) = self.feed()? {
                    return Ok(event);
                }
            } else {
                self.failures += 1;
                if code == END || code == AGAIN || self.failures >= MAX_FAILURES {
                    let reason = self.drained.clone().flatten();
                    self.drained = Some(reason.clone());
                    return Ok(Event::End { reason });
                }
                return Ok(self.lost(code));
            }
        }
    }

    fn copy(&self, from: usize, out: &mut [&mut [f32]]) {
        self.decoder.copy(from, out);
    }

    fn gapless(&self) -> Gapless {
        self.gapless
    }

    fn set_cancel(&mut self, cancel: CancelFlag) {
        self.container.io().set_cancel(cancel);
    }
}
