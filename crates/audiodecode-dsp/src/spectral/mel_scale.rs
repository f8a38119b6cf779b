/// How frequencies become mels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MelScale {
    /// Linear below 1 kHz, logarithmic above (Slaney, Auditory Toolbox, 1998).
    Slaney,
    /// 2595 · log10(1 + f / 700) (Young et al., The HTK Book).
    Htk,
}

const LINEAR_HZ_PER_MEL: f64 = 200.0 / 3.0;
const BREAK_HZ: f64 = 1_000.0;
const BREAK_MEL: f64 = BREAK_HZ / LINEAR_HZ_PER_MEL;

/// Natural logarithm of the ratio of frequencies one mel apart, above the break.
fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

impl MelScale {
    /// Mels of a frequency.
    pub fn from_hz(self, hz: f64) -> f64 {
        match self {
            Self::Htk => 2_595.0 * (1.0 + hz / 700.0).log10(),
            Self::Slaney if hz >= BREAK_HZ => BREAK_MEL + (hz / BREAK_HZ).ln() / log_step(),
            Self::Slaney => hz / LINEAR_HZ_PER_MEL,
        }
    }

    /// The frequency of so many mels.
    pub fn to_hz(self, mel: f64) -> f64 {
        match self {
            Self::Htk => 700.0 * (10_f64.powf(mel / 2_595.0) - 1.0),
            Self::Slaney if mel >= BREAK_MEL => BREAK_HZ * (log_step() * (mel - BREAK_MEL)).exp(),
            Self::Slaney => LINEAR_HZ_PER_MEL * mel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MelScale;

    /// librosa.hz_to_mel([60, 110, 4000, 16000]) and with htk=True.
    #[test]
    fn the_scales_are_librosas() {
        for (hz, slaney, htk) in [
            (60.0, 0.9, 92.681_858_131_7),
            (110.0, 1.65, 164.489_210_153_1),
            (4_000.0, 35.163_760_314_6, 2_146.064_527_506_2),
            (16_000.0, 55.327_520_629_2, 3_574.919_828_791),
        ] {
            assert!((MelScale::Slaney.from_hz(hz) - slaney).abs() < 1e-6, "{hz}");
            assert!((MelScale::Htk.from_hz(hz) - htk).abs() < 1e-6, "{hz}");
            for scale in [MelScale::Slaney, MelScale::Htk] {
                assert!((scale.to_hz(scale.from_hz(hz)) - hz).abs() < 1e-8, "{hz}");
            }
        }
    }
}
