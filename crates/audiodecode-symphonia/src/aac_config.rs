use audiodecode_pipeline::{Error, Result};

use crate::aac_channels::channel_count;
use crate::bits::Bits;

/// What to do about AAC that is more than LC.
const ELSEWHERE: &str = "use @audiodecode/backend-ffmpeg";

/// The refusal of HE-AAC, which decodes at half its rate when SBR is ignored.
pub(crate) fn he_aac_error() -> Error {
    Error::unsupported(format!("HE-AAC (SBR) is not decoded by this backend; {ELSEWHERE}"))
}

/// Sampling frequencies by index (ISO/IEC 14496-3, table 1.18).
pub(crate) const AAC_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// What an AudioSpecificConfig says about a stream of AAC-LC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AacConfig {
    pub(crate) sample_rate: u32,
    pub(crate) channels: usize,
}

/// Refuses what an AudioSpecificConfig announces beyond AAC-LC with a known set of channels.
pub(crate) fn check_aac_config(config: &[u8]) -> Result<()> {
    read_aac_config(config).map(drop)
}

/// Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) and refuses what is beyond AAC-LC with a known set of
/// channels.
pub(crate) fn read_aac_config(config: &[u8]) -> Result<AacConfig> {
    parse(config).unwrap_or_else(|| Err(Error::corrupt("the AAC configuration is cut off")))
}

fn parse(config: &[u8]) -> Option<Result<AacConfig>> {
    let mut bits = Bits::new(config);
    let kind = object_type(&mut bits)?;
    let sample_rate = match bits.read(4)? {
        15 => bits.read(24)?,
        index => AAC_RATES.get(index as usize).copied().unwrap_or(0),
    };
    let channels = bits.read(4)?;
    match kind {
        2 => {}
        5 | 29 => return Some(Err(he_aac_error())),
        other => {
            let name = match other {
                1 => "AAC Main".to_owned(),
                3 => "AAC SSR".to_owned(),
                4 => "AAC LTP".to_owned(),
                23 | 39 => "AAC-LD or AAC-ELD".to_owned(),
                42 => "xHE-AAC".to_owned(),
                other => format!("MPEG-4 audio object type {other}"),
            };
            return Some(Err(Error::unsupported(format!(
                "{name} is not decoded by this backend; {ELSEWHERE}"
            ))));
        }
    }
    if bits.read(1)? == 1 {
        return Some(Err(Error::unsupported(format!(
            "AAC with 960-sample frames is not decoded; {ELSEWHERE}"
        ))));
    }
    let channels = match channels_of(channels) {
        Ok(channels) => channels,
        Err(error) => return Some(Err(error)),
    };
    if bits.read(1)? == 1 {
        bits.read(14)?;
    }
    bits.read(1)?;
    // Backward compatible signalling of SBR behind the configuration proper.
    if bits.read(11) == Some(0x2b7) && object_type(&mut bits) == Some(5) && bits.read(1) == Some(1) {
        return Some(Err(he_aac_error()));
    }
    if sample_rate == 0 {
        return Some(Err(Error::corrupt("the AAC configuration states no sampling frequency")));
    }
    Some(Ok(AacConfig { sample_rate, channels }))
}

/// The number of channels of a channel configuration, or why it is refused.
pub(crate) fn channels_of(configuration: u32) -> Result<usize> {
    channel_count(configuration).ok_or_else(|| {
        let what = match configuration {
            0 => "a channel map in the stream".to_owned(),
            other => format!("channel configuration {other}"),
        };
        Error::unsupported(format!("AAC with {what} is not decoded by this backend; {ELSEWHERE}"))
    })
}

fn object_type(bits: &mut Bits<'_>) -> Option<u32> {
    match bits.read(5)? {
        31 => Some(32 + bits.read(6)?),
        kind => Some(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_configuration_up_to_seven_has_its_channels() {
        for (configuration, channels) in [(1u8, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 8)] {
            let config = read_aac_config(&[0x12, configuration << 3]);
            assert_eq!(config, Ok(AacConfig { sample_rate: 44_100, channels }));
        }
    }

    #[test]
    fn plain_lc_passes_and_sbr_in_every_spelling_does_not() {
        // 44.1 kHz stereo; 22.05 kHz stereo; ffmpeg's "no SBR" extension with the flag clear.
        for good in [&[0x12, 0x10][..], &[0x13, 0x90], &[0x12, 0x10, 0x56, 0xe5, 0x00]] {
            assert_eq!(check_aac_config(good), Ok(()), "{good:x?}");
        }
        // Explicit AOT 5 and 29 (as fdk-aac writes them), backward compatible 0x2b7.
        for he in [&[0x2b, 0x92, 0x08, 0x00][..], &[0xeb, 0x8a, 0x08, 0x00], &[0x13, 0x90, 0x56, 0xe5, 0xa0]]
        {
            assert_eq!(check_aac_config(he), Err(he_aac_error()), "{he:x?}");
        }
        // A map in the stream, 6.1 of a later edition, Main, 960 samples, cut off.
        for other in [&[0x12, 0x00][..], &[0x12, 0x58], &[0x0a, 0x10], &[0x12, 0x14], &[0x12]] {
            assert!(check_aac_config(other).is_err(), "{other:x?}");
        }
    }
}
