use std::ffi::{c_char, c_int};
use std::ptr;

use super::api::Api;
use super::container::Container;
use super::decoder::Decoder;
use super::ffi::{AV_DICT_IGNORE_SUFFIX, AVChannelLayout, AVDictionary, AVStream};
use super::start::text;
use crate::engine::Facts;
use crate::names;

/// What the container and the decoder say about a track.
pub(super) fn facts(api: &Api, container: &Container, stream: &AVStream, decoder: &Decoder) -> Facts {
    let context = decoder.context();
    // SAFETY: the decoder's context is open.
    let codec = unsafe { api.codec_name(context) };
    // SAFETY: the stream has parameters, or it would not be an audio track.
    let parameters = unsafe { &*stream.codecpar };
    let positive = |value: i64| u64::try_from(value).ok().filter(|&value| value > 0);
    let small = |value: c_int| u32::try_from(value).ok().filter(|&value| value > 0);
    let mut tags = tags(api, container.context().metadata);
    tags.extend(self::tags(api, stream.metadata));
    let bits = small(parameters.bits_per_raw_sample).or(small(parameters.bits_per_coded_sample));
    let clock = (small(stream.time_base.num).unwrap_or(0), small(stream.time_base.den).unwrap_or(0));
    let length = match positive(stream.duration) {
        Some(ticks) => Some((ticks, clock)),
        // The length of the file, in microseconds.
        None => positive(container.context().duration).map(|ticks| (ticks, (1, 1_000_000))),
    };
    Facts {
        demuxer: container.demuxer().to_owned(),
        profile: parameters.profile,
        sample_rate: small(parameters.sample_rate).unwrap_or(0),
        channels: small(parameters.ch_layout.nb_channels).unwrap_or(0),
        layout: layout(api, &parameters.ch_layout),
        bit_depth: bits.filter(|_| names::is_lossless(&codec)),
        bit_rate: positive(parameters.bit_rate).or(positive(container.context().bit_rate)),
        codec,
        clock,
        length,
        id: small(stream.id).unwrap_or(0),
        tracks: container.audio().len() as u32,
        tags,
    }
}

/// FFmpeg's name of a layout, for those that say more than a number of channels.
pub(super) fn layout(api: &Api, layout: &AVChannelLayout) -> Option<String> {
    let mut buffer: [c_char; 64] = [0; 64];
    // SAFETY: the buffer is as long as said, and FFmpeg ends the text within it.
    let name = unsafe {
        let length = (api.av_channel_layout_describe)(layout, buffer.as_mut_ptr(), buffer.len());
        if length <= 0 || length as usize > buffer.len() {
            return None;
        }
        text(buffer.as_ptr())?
    };
    (!name.contains("channels")).then_some(name)
}

fn tags(api: &Api, dictionary: *const AVDictionary) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let mut entry = ptr::null_mut();
    loop {
        // SAFETY: the dictionary may be NULL; an entry stays valid while the dictionary is not changed.
        unsafe {
            entry = (api.av_dict_get)(dictionary, c"".as_ptr(), entry, AV_DICT_IGNORE_SUFFIX as c_int);
            if entry.is_null() {
                return tags;
            }
            tags.extend(text((*entry).key).zip(text((*entry).value)));
        }
    }
}
