use crate::bit_reader::BitReader;
use crate::ics_info::IcsInfo;
use crate::quantizer::inverse;
use crate::sections::{NOISE, ZERO};
use crate::spectrum::Spectrum;

/// Single lines that are louder than their codebooks reach (`pulse_data`, ISO/IEC 14496-3, 4.6.3.3).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pulses {
    /// Lines and what is added to their magnitudes.
    list: [(usize, f64); 4],
    count: usize,
}

impl Pulses {
    pub(crate) fn read(reader: &mut BitReader<'_>, info: &IcsInfo) -> Result<Self, &'static str> {
        let mut pulses = Self::default();
        if !reader.flag() {
            return Ok(pulses);
        }
        if !info.is_long() {
            return Err("pulses are for long windows");
        }
        pulses.count = reader.read(2) as usize + 1;
        let first = reader.read(6) as usize;
        if first + 1 >= info.offsets.len() {
            return Err("pulses begin beyond the spectrum");
        }
        let mut line = info.offset(first);
        for pulse in pulses.list.iter_mut().take(pulses.count) {
            line += reader.read(5) as usize;
            *pulse = (line, f64::from(reader.read(4)));
        }
        if line >= 1024 { Err("pulses end beyond the spectrum") } else { Ok(pulses) }
    }

    /// Adds the pulses to lines that are scaled already: what was quantised is a whole number, so that it is found again
    /// exactly. Bands without a scale factor have nothing that a pulse could be scaled by.
    pub(crate) fn add(&self, info: &IcsInfo, codebooks: &[u8], gains: &[f32], spectrum: &mut Spectrum) {
        for &(at, amplitude) in self.list.iter().take(self.count) {
            let band = info.offsets.partition_point(|&offset| usize::from(offset) <= at).saturating_sub(1);
            let (Some(&codebook), Some(&gain)) = (codebooks.get(band), gains.get(band)) else { continue };
            if band >= info.max_sfb || codebook == ZERO || codebook >= NOISE {
                continue;
            }
            let Some(line) = spectrum.get_mut(at) else { continue };
            let magnitude = (f64::from(line.abs()) / f64::from(gain)).powf(0.75).round() + amplitude;
            // What is zero gets louder downwards.
            let sign = if *line > 0.0 { 1.0 } else { -1.0 };
            *line = (sign * inverse(magnitude)) as f32 * gain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bands::Bands;
    use crate::ics_info::MAX_BANDS;
    use crate::quantizer::gain;

    #[test]
    fn a_pulse_adds_to_what_was_quantised_whatever_the_gain() {
        // At 44.1 kHz, 10 bands end at line 40. Pulses of 3 and 15 at lines 36 + 1 and 36 + 1 + 2.
        let info =
            IcsInfo::read(&mut BitReader::new(&[0b0000_0010, 0b1000_0000]), Bands::at(44_100)).expect("info");
        let bits = 1u64 << 63 | 1 << 61 | 9 << 55 | 1 << 50 | 3 << 46 | 2 << 41 | 15 << 37;
        let pulses = Pulses::read(&mut BitReader::new(&bits.to_be_bytes()), &info).expect("pulses");
        for (scale_factor, quantised) in [(-100, 1), (0, 0), (30, -8000), (155, 12)] {
            let gain = gain(scale_factor).expect("gain");
            let mut spectrum = [0.0; 1024];
            let line = |x: i32| inverse(f64::from(x)) as f32 * gain;
            (spectrum[37], spectrum[39]) = (line(quantised), line(-1));
            let gains = [gain; MAX_BANDS];
            pulses.add(&info, &[11; MAX_BANDS], &gains, &mut spectrum);
            let raised = if quantised > 0 { quantised + 3 } else { quantised - 3 };
            assert_eq!((spectrum[37], spectrum[39]), (line(raised), line(-16)), "{scale_factor} {quantised}");
            let before = spectrum;
            for codebook in [ZERO, NOISE] {
                pulses.add(&info, &[codebook; MAX_BANDS], &gains, &mut spectrum);
                assert_eq!(spectrum, before);
            }
        }
    }

    #[test]
    fn pulses_beyond_the_spectrum_are_refused() {
        let info = IcsInfo::silent(Bands::at(44_100));
        let read = |first: u64, offset: u64| {
            let bits = 1u64 << 63 | first << 55 | offset << 50;
            Pulses::read(&mut BitReader::new(&bits.to_be_bytes()), &info).is_ok()
        };
        assert!(read(48, 31) && !read(49, 0));
    }
}
