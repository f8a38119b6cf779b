//! Frames made bit by bit, so that they use everything the format has, held against another decoder: encoders hardly write intensity
//! stereo, mixed blocks or shared scale factors of all kinds.

use nanomp3::{Channels, MAX_SAMPLES_PER_FRAME};

use crate::band_layout::long_band_start;
use crate::bit_reader::BitReader;
use crate::huffman::EXTRA_BITS;
use crate::huffman_tables as tables;
use crate::scale_factors::ScaleFactors;
use crate::side_info::{Block, ChannelInfo};
use crate::{Decoder, Header, Output, Rate};

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: usize, count: usize) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| {
            bits.iter().enumerate().fold(0, |byte, (at, &bit)| byte | u8::from(bit) << (7 - at))
        };
        self.0.chunks(8).map(byte).collect()
    }
}

/// Length and word of a pair, and the side of its table.
fn word(select: usize, pair: (usize, usize)) -> (usize, usize) {
    macro_rules! of {
        ($table:ident) => {{
            let at = pair.0 * tables::$table.lengths.len().isqrt() + pair.1;
            (usize::from(tables::$table.lengths[at]), usize::from(tables::$table.words[at]))
        }};
    }
    match select {
        1 => of!(TABLE_1),
        2 => of!(TABLE_2),
        3 => of!(TABLE_3),
        5 => of!(TABLE_5),
        6 => of!(TABLE_6),
        7 => of!(TABLE_7),
        8 => of!(TABLE_8),
        9 => of!(TABLE_9),
        10 => of!(TABLE_10),
        11 => of!(TABLE_11),
        12 => of!(TABLE_12),
        13 => of!(TABLE_13),
        15 => of!(TABLE_15),
        16..=23 => of!(TABLE_16),
        _ => of!(TABLE_24),
    }
}

const SIDES: [usize; 16] = [1, 2, 3, 3, 1, 4, 4, 6, 6, 6, 8, 8, 8, 16, 1, 16];

/// Puts one granule of one channel: its side information, and its main data.
fn put_channel(
    header: Header,
    block: Block,
    right_of_intensity: bool,
    shared: [bool; 4],
    room: usize,
    random: &mut Random,
    (side, data): (&mut Bits, &mut Bits),
) {
    let start = data.0.len();
    let compress = random.below(if header.is_mpeg1() { 16 } else { 512 });
    let info = ChannelInfo { block, scale_factor_compress: compress as u32, ..ChannelInfo::default() };
    let factors: Vec<u8> = (0..64).map(|_| random.below(256) as u8).collect();
    let mut reader = BitReader::new(&factors, 0);
    let mut read = ScaleFactors::NONE;
    read.read(&mut reader, header, &info, shared, right_of_intensity);
    for bit in 0..reader.position() {
        data.put(usize::from(factors[bit / 8] >> (7 - bit % 8) & 1), 1);
    }
    let mut select = || loop {
        let select = random.below(32);
        if ![4, 14].contains(&select) {
            break select;
        }
    };
    let mut selects = [select(), select(), select()];
    let switched = block != Block::Long(0);
    let counts = (random.below(16), random.below(8));
    let ends = if switched {
        // Where the first region of a mixed block ends in MPEG-2 is told differently: let it not matter.
        selects[1] = if block == Block::Mixed { selects[0] } else { selects[1] };
        [36, 576].map(|end| {
            if end == 36 && !matches!(block, Block::Short) {
                long_band_start(header.rate_row(), 8)
            } else {
                end
            }
        })
    } else {
        [counts.0 + 1, counts.0 + counts.1 + 2].map(|band| long_band_start(header.rate_row(), band))
    };
    let ends = if header.sample_rate() == 8_000 && block == Block::Short { [72, 576] } else { ends };
    let (mut pairs, most) = (0, random.below(289));
    while pairs < most && data.0.len() - start < room {
        let select = selects[ends.iter().filter(|&&end| 2 * pairs >= end).count()];
        pairs += 1;
        if select == 0 {
            continue;
        }
        let side_length = SIDES.get(select).copied().unwrap_or(16);
        let extra = EXTRA_BITS[select] as usize;
        let values = [random.below(side_length), random.below(side_length)];
        let (length, bits) = word(select, (values[0], values[1]));
        data.put(bits, length);
        for value in values {
            if value == 15 && extra > 0 {
                let largest = if random.one_in(8) { 1 << extra } else { 2 };
                data.put(random.below(largest), extra);
            }
            if value > 0 {
                data.put(random.below(2), 1);
            }
        }
    }
    let second = random.one_in(2);
    let code = if second { tables::QUADS_B } else { tables::QUADS_A };
    let quads = random.below((576 - 2 * pairs) / 4 + 1);
    for _ in 0..quads {
        if data.0.len() - start >= room {
            break;
        }
        let values = random.below(16);
        data.put(usize::from(code.words[values]), usize::from(code.lengths[values]));
        data.put(random.below(16), values.count_ones() as usize);
    }
    side.put(data.0.len() - start, 12);
    side.put(pairs, 9);
    side.put(150 + random.below(40), 8);
    side.put(compress, if header.is_mpeg1() { 4 } else { 9 });
    side.put(usize::from(switched), 1);
    if switched {
        let (kind, mixed) = match block {
            Block::Long(kind) => (usize::from(kind), 0),
            Block::LongMixed(kind) => (usize::from(kind), 1),
            Block::Short => (2, 0),
            _ => (2, 1),
        };
        side.put(kind, 2);
        side.put(mixed, 1);
        side.put(selects[0], 5);
        side.put(selects[1], 5);
        side.put(random.below(512), 9);
    } else {
        selects.iter().for_each(|&select| side.put(select, 5));
        side.put(counts.0, 4);
        side.put(counts.1, 3);
    }
    if header.is_mpeg1() {
        side.put(random.below(2), 1);
    }
    side.put(random.below(2), 1);
    side.put(usize::from(second), 1);
}

/// What may follow a block: windows fit together, also those of the two lowest subbands.
fn next_block(before: Block, mixed: bool, random: &mut Random) -> Block {
    let long = |kind: u8| if mixed { Block::LongMixed(kind) } else { Block::Long(kind) };
    match before {
        Block::Long(1) | Block::LongMixed(1) | Block::Short | Block::Mixed => {
            let short = if mixed { Block::Mixed } else { Block::Short };
            if random.one_in(2) { short } else { long(3) }
        }
        _ if random.one_in(3) => long(1),
        _ => Block::Long(0),
    }
}

/// A frame that borrows nothing.
fn make_frame(
    header_bytes: [u8; 4],
    blocks: &mut [Block; 2],
    [alike, mixed]: [bool; 2],
    random: &mut Random,
) -> Vec<u8> {
    let header = Header::parse(header_bytes).unwrap();
    let (channels, granules) = (header.channels(), header.granules());
    let payload = header.frame_length(0) as usize - 4 - header.side_info_length();
    let room = (payload * 8 / (channels * granules)).min(4_000) - 200;
    let (mut side, mut data) = (Bits::default(), Bits::default());
    let planned: Vec<[Block; 2]> = (0..granules)
        .map(|_| {
            *blocks = blocks.map(|before| next_block(before, mixed, random));
            if alike {
                blocks[1] = blocks[0];
            }
            *blocks
        })
        .collect();
    let mut shared = [[false; 4]; 2];
    if header.is_mpeg1() {
        side.put(0, if channels == 1 { 14 } else { 12 });
        for (channel, groups) in shared.iter_mut().enumerate().take(channels) {
            // Short bands are no others' bands.
            let long = planned.iter().all(|blocks| !matches!(blocks[channel], Block::Short | Block::Mixed));
            groups.fill_with(|| long && random.one_in(3));
            groups.iter().for_each(|&shared| side.put(usize::from(shared), 1));
        }
    } else {
        side.put(0, 8 + channels);
    }
    for (granule, blocks) in planned.into_iter().enumerate() {
        for (channel, block) in blocks.into_iter().enumerate().take(channels) {
            let right = channel == 1 && header.is_intensity();
            let shared = if granule == 0 { [false; 4] } else { shared[channel] };
            put_channel(header, block, right, shared, room, random, (&mut side, &mut data));
        }
    }
    let mut frame = [header_bytes.as_slice(), &side.bytes(), &data.bytes()].concat();
    assert!(frame.len() <= header.frame_length(0) as usize);
    frame.resize(header.frame_length(0) as usize, 0);
    frame
}

fn other_planes(decoder: &mut nanomp3::Decoder, pcm: &mut [f32], frame: &[u8]) -> [Vec<f32>; 2] {
    let (_, result) = decoder.decode(frame, pcm);
    let info = result.unwrap();
    let channels = if info.channels == Channels::Stereo { 2 } else { 1 };
    let plane = |at: usize| pcm.chunks(channels).take(info.samples_produced).map(|frame| frame[at]).collect();
    [plane(0), plane(channels - 1)]
}

fn energy(samples: impl Iterator<Item = f32>) -> f64 {
    samples.map(|sample| f64::from(sample).powi(2)).sum()
}

/// Decodes streams of made frames with both decoders; fails where they differ by more than rounding.
fn assert_same(version_and_rate: [u8; 2], mode: u8, seed: u64) {
    let mut random = Random(seed);
    let mut pcm = vec![0.0; MAX_SAMPLES_PER_FRAME];
    for _ in 0..60 {
        let header = [0xFF, version_and_rate[0], version_and_rate[1], mode];
        let (mut other, mut ours) = (nanomp3::Decoder::new(), Decoder::new(Output::Stereo, Rate::Full));
        let mut mean_decoder = Decoder::new(Output::Mean, Rate::Full);
        let mut blocks = [Block::Long(0); 2];
        // Bands of intensity stereo are those of both channels. What mixed blocks at 8 kHz are nobody says.
        let intensity = mode & 0xD0 == 0x50;
        let kinds = [intensity || random.one_in(2), version_and_rate != [0xE3, 0xE8] && random.one_in(2)];
        for _ in 0..6 {
            let frame = make_frame(header, &mut blocks, kinds, &mut random);
            let expected = other_planes(&mut other, &mut pcm, &frame);
            let samples = expected[0].len();
            let mut planes = [vec![0.0; samples], vec![0.0; samples]];
            ours.decode(&frame, &mut planes.each_mut().map(Vec::as_mut_slice)).unwrap();
            let mut mean = vec![0.0; samples];
            mean_decoder.decode(&frame, &mut [&mut mean]).unwrap();
            let signal = energy(expected.iter().flatten().copied());
            for (expected, found) in expected.iter().zip(&planes) {
                let error = energy(expected.iter().zip(found).map(|(a, b)| a - b));
                assert!(
                    error <= signal * 1e-11,
                    "{:.1} dB {header:02x?} {blocks:?}",
                    10.0 * (signal / error).log10()
                );
            }
            let means = planes[0].iter().zip(&planes[1]).map(|(left, right)| (left + right) / 2.0);
            let error = energy(means.zip(&mean).map(|(a, b)| a - b));
            assert!(error <= signal * 1e-11, "mean: {:.1} dB {header:02x?}", 10.0 * (signal / error).log10());
        }
    }
}

/// Stereo, joint with intensity, with sum and difference, with both, and mono.
const MODES: [u8; 5] = [0x00, 0x50, 0x60, 0x70, 0xC0];

#[test]
fn mpeg_1_frames_of_every_kind_are_what_another_decoder_makes_of_them() {
    for (seed, mode) in MODES.into_iter().enumerate() {
        for rate in [0xE0, 0xE4, 0xE8] {
            assert_same([0xFB, rate], mode, seed as u64);
        }
    }
}

#[test]
fn mpeg_2_and_2_5_frames_of_every_kind_are_what_another_decoder_makes_of_them() {
    for (seed, mode) in MODES.into_iter().enumerate() {
        for version in [0xF3, 0xE3] {
            for rate in [0xE0, 0xE4, 0xE8] {
                assert_same([version, rate], mode, 100 + seed as u64);
            }
        }
    }
}

#[test]
fn half_of_the_rate_is_every_second_sample_without_the_upper_half_of_the_spectrum() {
    for (seed, mode) in (200..).zip(MODES) {
        for [version, rate] in [[0xFB, 0xE0], [0xFB, 0xE4], [0xFB, 0xE8], [0xF3, 0xE0], [0xE3, 0xE4]] {
            let mut random = Random(seed);
            for output in [Output::Stereo, Output::Mean] {
                let odd = random.one_in(2);
                let (mut whole, mut half) =
                    (Decoder::new(output, Rate::Full), Decoder::new(output, Rate::Half { odd }));
                let mut blocks = [Block::Long(0); 2];
                for _ in 0..40 {
                    let kinds = [mode & 0xD0 == 0x50 || random.one_in(2), random.one_in(2)];
                    let kinds = if blocks == [Block::Long(0); 2] { kinds } else { [true, false] };
                    let frame = make_frame([0xFF, version, rate, mode], &mut blocks, kinds, &mut random);
                    let expected = whole.decode_halved(&frame, odd);
                    let mut found: Vec<_> = expected.iter().map(|plane| vec![0.0; plane.len()]).collect();
                    let mut planes: Vec<_> = found.iter_mut().map(Vec::as_mut_slice).collect();
                    half.decode(&frame, &mut planes).unwrap();
                    let signal = energy(expected.iter().flatten().copied());
                    let pairs = expected.iter().flatten().zip(found.iter().flatten());
                    let error = energy(pairs.map(|(a, b)| a - b));
                    assert!(error <= signal * 1e-11, "{:.1} dB {mode:02x}", 10.0 * (signal / error).log10());
                }
            }
        }
    }
}
