use crate::bands::Bands;
use crate::bit_reader::BitReader;
use crate::ics_info::{IcsInfo, MAX_BANDS};
use crate::noise::Noise;
use crate::pulses::Pulses;
use crate::scale_factors::{Gains, read_scale_factors};
use crate::sections::{Codebooks, NOISE, ZERO, read_sections};
use crate::spectrum::{Spectrum, read_spectrum};
use crate::tns::Tns;

/// A channel of a packet (`individual_channel_stream`, ISO/IEC 14496-3, table 4.50).
pub(crate) struct ChannelStream {
    pub(crate) info: IcsInfo,
    pub(crate) codebooks: Codebooks,
    pub(crate) gains: Gains,
    pub(crate) tns: Tns,
    pub(crate) spectrum: Spectrum,
}

impl ChannelStream {
    /// A channel without anything in it.
    pub(crate) fn silent(bands: Bands) -> Self {
        Self {
            info: IcsInfo::silent(bands),
            codebooks: [ZERO; MAX_BANDS],
            gains: [0.0; MAX_BANDS],
            tns: Tns::default(),
            spectrum: [0.0; 1024],
        }
    }

    /// Reads everything but what the channels of a pair share, `common`.
    pub(crate) fn read(
        &mut self,
        reader: &mut BitReader<'_>,
        bands: Bands,
        common: Option<IcsInfo>,
        noise: &mut Noise<'_>,
    ) -> Result<(), &'static str> {
        let global_gain = reader.read(8) as i32;
        self.info = match common {
            Some(info) => info,
            None => IcsInfo::read(reader, bands)?,
        };
        let count = self.info.groups * self.info.max_sfb;
        read_sections(reader, &self.info, &mut self.codebooks)?;
        let codebooks = self.codebooks.get(..count).unwrap_or_default();
        read_scale_factors(reader, global_gain, codebooks, &mut self.gains)?;
        let pulses = Pulses::read(reader, &self.info)?;
        self.tns = Tns::read(reader, &self.info)?;
        if reader.flag() {
            return Err("gain control belongs to other object types than AAC-LC");
        }
        self.spectrum.fill(0.0);
        read_spectrum(reader, &self.info, codebooks, &self.gains, &mut self.spectrum)?;
        pulses.add(&self.info, codebooks, &self.gains, &mut self.spectrum);
        self.add_noise(noise);
        Ok(())
    }

    fn add_noise(&mut self, noise: &mut Noise<'_>) {
        let Self { info, codebooks, gains, spectrum, .. } = self;
        if !codebooks[..].contains(&NOISE) {
            return;
        }
        info.bands().for_each(|band| {
            let (Some(&NOISE), Some(&gain)) = (codebooks.get(band.index), gains.get(band.index)) else {
                return;
            };
            band.windows().for_each(|lines| {
                if let Some(lines) = spectrum.get_mut(lines) {
                    noise.fill(lines, gain);
                }
            });
        });
    }
}
