use std::fmt;

/// Rates that cannot be resampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResampleError {
    input_rate: u32,
    output_rate: u32,
}

impl ResampleError {
    pub(crate) fn new(input_rate: u32, output_rate: u32) -> Self {
        Self { input_rate, output_rate }
    }
}

impl fmt::Display for ResampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot resample from {} Hz to {} Hz", self.input_rate, self.output_rate)
    }
}

impl std::error::Error for ResampleError {}
