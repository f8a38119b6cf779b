use crate::bits::{BitReader, EndOfPacket, ilog};
use crate::codebook::Codebook;
use crate::error::{HeaderError, PacketError};
use crate::floor::book_number;

/// Floor type 0 (6): line spectral pairs, on a Bark scale. Only encoders of the first days made it.
#[derive(Debug)]
pub(crate) struct Floor0 {
    order: usize,
    amplitude_bits: u32,
    amplitude_offset: f64,
    books: Vec<usize>,
    /// For short and long blocks, runs of coefficients that have the same place on the Bark scale: their end, and twice the
    /// cosine of that place.
    maps: [Vec<(usize, f64)>; 2],
}

/// Greatest value of a curve, a million times full scale: beyond it products with residues could leave the range of numbers.
const MOST: f32 = (1u64 << 20) as f32;

impl Floor0 {
    /// Reads one from the setup header (6.2.1).
    pub(crate) fn read(
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        block_sizes: [usize; 2],
    ) -> Result<Self, HeaderError> {
        let (order, rate, map_size) = (bits.index(8)?, bits.read(16)?, bits.read(16)?);
        let (amplitude_bits, amplitude_offset) = (bits.read(6)?, bits.read(8)?);
        let count = bits.read(4)? + 1;
        if order == 0 || rate == 0 || map_size == 0 {
            return Err(HeaderError::Invalid("a Vorbis floor has no order, rate or size"));
        }
        let mut numbers = Vec::new();
        for _ in 0..count {
            let number = book_number(bits, books)??;
            if !books.get(number).is_some_and(Codebook::has_vectors) {
                return Err(HeaderError::Invalid("a Vorbis floor names a codebook without vectors"));
            }
            numbers.push(number);
        }
        let maps = block_sizes.map(|size| bark_map(size / 2, f64::from(rate), f64::from(map_size)));
        Ok(Self {
            order,
            amplitude_bits,
            amplitude_offset: f64::from(amplitude_offset),
            books: numbers,
            maps,
        })
    }

    /// Reads a channel's curve (6.2.2). False when the channel is silent.
    pub(crate) fn decode(
        &self,
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        long: bool,
        curve: &mut Vec<f32>,
    ) -> Result<Result<bool, EndOfPacket>, PacketError> {
        let mut coefficients = [0.0; 256];
        let amplitude = match self.read_coefficients(bits, books, &mut coefficients) {
            Ok(0) => return Ok(Ok(false)),
            Ok(amplitude) => amplitude,
            Err(end) => return Ok(Err(end)),
        };
        let coefficients = &mut coefficients[..self.order];
        coefficients.iter_mut().for_each(|value| *value = 2.0 * value.cos());
        let most = ((1u64 << self.amplitude_bits) - 1) as f64;
        let level = amplitude as f64 * self.amplitude_offset / most;
        curve.clear();
        for &(end, two_cosines) in &self.maps[usize::from(long)] {
            // Decibels to a factor (6.2.3): ln(10) / 20.
            let value =
                0.115_129_25 * (level / pairs(coefficients, two_cosines).sqrt() - self.amplitude_offset);
            let value = value.exp() as f32;
            if value.is_nan() || value > MOST {
                return Err(PacketError::Floor);
            }
            curve.resize(end, value);
        }
        Ok(Ok(true))
    }

    /// Gives the amplitude, 0 when there are no coefficients.
    fn read_coefficients(
        &self,
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        out: &mut [f64; 256],
    ) -> Result<u64, EndOfPacket> {
        let low_bits = self.amplitude_bits.min(32);
        let low = u64::from(bits.read(low_bits)?);
        let amplitude = low | u64::from(bits.read(self.amplitude_bits - low_bits)?) << low_bits;
        if amplitude == 0 {
            return Ok(0);
        }
        // A book that does not exist cannot be read from; the reference decoder takes it for the end.
        let number = bits.index(ilog(self.books.len() as u32))?;
        let book = self.books.get(number).and_then(|&book| books.get(book)).ok_or(EndOfPacket)?;
        let (mut filled, mut last) = (0, 0.0);
        while filled < self.order {
            let vector = book.read_vector(bits).ok_or(EndOfPacket)?;
            let room = out.iter_mut().take(self.order).skip(filled);
            room.zip(vector).for_each(|(out, &value)| *out = last + f64::from(value));
            filled = (filled + vector.len()).min(self.order);
            last = out[filled - 1];
        }
        Ok(amplitude)
    }
}

/// The squared magnitude of the filter's denominator (6.2.3, steps 1 and 2). `coefficients` are twice the cosines of the pairs.
fn pairs(coefficients: &[f64], two_cosines: f64) -> f64 {
    let (mut p, mut q) = (1.0, 1.0);
    let mut both = coefficients.chunks_exact(2);
    for pair in &mut both {
        q *= pair[0] - two_cosines;
        p *= pair[1] - two_cosines;
    }
    let cosine = two_cosines / 2.0;
    if let [last] = both.remainder() {
        q *= last - two_cosines;
        p * p * (1.0 - cosine * cosine) + q * q * 0.25
    } else {
        p * p * ((1.0 - cosine) / 2.0) + q * q * ((1.0 + cosine) / 2.0)
    }
}

/// Runs of coefficients with the same place on the Bark scale (6.2.3).
fn bark_map(count: usize, rate: f64, size: f64) -> Vec<(usize, f64)> {
    let bark = |x: f64| 13.1 * (0.000_74 * x).atan() + 2.24 * (1.85e-8 * x * x).atan() + 1e-4 * x;
    let mut runs: Vec<(usize, f64)> = Vec::new();
    let mut before = None;
    for index in 0..count {
        let place = bark(rate * index as f64 / (2.0 * count as f64)) * size / bark(0.5 * rate);
        let place = place.floor().min(size - 1.0);
        match runs.last_mut() {
            Some(run) if before == Some(place) => run.0 = index + 1,
            _ => runs.push((index + 1, 2.0 * (std::f64::consts::PI * place / size).cos())),
        }
        before = Some(place);
    }
    runs
}
