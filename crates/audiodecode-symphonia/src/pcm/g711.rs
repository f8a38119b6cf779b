/// Samples of the ITU-T G.711 A-law codes, full scale 1.
pub(super) static A_LAW: [f32; 256] = a_law_table();
/// Samples of the ITU-T G.711 µ-law codes, full scale 1.
pub(super) static MU_LAW: [f32; 256] = mu_law_table();

const fn a_law_table() -> [f32; 256] {
    let mut table = [0.0; 256];
    let mut code = 0;
    while code < 256 {
        // Even bits are inverted on the line.
        let bits = code as i32 ^ 0x55;
        let segment = bits >> 4 & 7;
        let step = bits & 15;
        let magnitude = if segment == 0 { (step << 4) + 8 } else { ((step << 4) + 0x108) << (segment - 1) };
        table[code] = (if bits & 0x80 == 0 { -magnitude } else { magnitude }) as f32 / 32_768.0;
        code += 1;
    }
    table
}

const fn mu_law_table() -> [f32; 256] {
    let mut table = [0.0; 256];
    let mut code = 0;
    while code < 256 {
        let bits = !(code as i32) & 0xFF;
        let magnitude = ((((bits & 15) << 3) + 0x84) << (bits >> 4 & 7)) - 0x84;
        table[code] = (if bits & 0x80 == 0 { magnitude } else { -magnitude }) as f32 / 32_768.0;
        code += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_expand_to_the_values_of_the_recommendation() {
        // G.711 tables 1a, 1b, 2a, 2b: extreme and smallest magnitudes, scaled from 13 and 14 bits to 16.
        let scaled = |table: &[f32; 256], code: usize| (table[code] * 32_768.0) as i32;
        assert_eq!([0xAA, 0x2A, 0xD5, 0x55].map(|code| scaled(&A_LAW, code)), [32_256, -32_256, 8, -8]);
        assert_eq!([0x80, 0x00, 0xFF, 0x7F].map(|code| scaled(&MU_LAW, code)), [32_124, -32_124, 0, 0]);
        assert_eq!([0xFE, 0x7E].map(|code| scaled(&MU_LAW, code)), [8, -8]);
    }
}
