//! What else a packet may hold beside its channels.

#![allow(clippy::expect_used)]

mod support;

use support::{Adts, fixtures};

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:08b}")).collect()
}

fn bytes(bits: &str) -> Vec<u8> {
    let padded = format!("{bits:0<width$}", width = bits.len().next_multiple_of(8));
    let byte = |at: usize| u8::from_str_radix(&padded[at..at + 8], 2).expect("bits");
    (0..padded.len()).step_by(8).map(byte).collect()
}

fn plain(name: &str) -> Adts {
    fixtures().into_iter().find(|file| file.name == name).expect("fixture")
}

/// Decodes the third packet behind the second one with some bits in front of it.
fn with(file: &Adts, before: &str) -> (Result<(), &'static str>, Vec<Vec<f32>>) {
    let mut decoder = file.decoder();
    assert_eq!(decoder.decode(&file.packets[2]), Ok(()));
    let decoded = decoder.decode(&bytes(&format!("{before}{}", text(&file.packets[3]))));
    (decoded, (0..file.channels).map(|channel| decoder.samples(channel).to_vec()).collect())
}

#[test]
fn data_fill_and_program_elements_are_passed_over() {
    let file = plain("aac-plain-stereo.aac");
    let (_, expected) = with(&file, "");
    let byte = "10100101";
    let data = format!("100{:04b}0{:08b}{}", 3, 2, byte.repeat(2));
    // With three bits of alignment behind a fill element of seven bits in all, and as long as it may be.
    let aligned = format!("110{:04b}100{:04b}1{:08b}{}{}", 0, 0, 1, "0", byte);
    let long = format!("100{:04b}0{:08b}{:08b}{}", 0, 255, 255, byte.repeat(510));
    let fill = format!("110{:04b}{}", 14, byte.repeat(14));
    let long_fill = format!("110{:04b}{:08b}{}", 15, 255, byte.repeat(269));
    // A pair in front, one on either side and at the back, three low frequency channels, a coupling channel; mixdowns; alignment;
    // a comment.
    let counts = format!("{:04b}{:04b}{:04b}{:02b}{:03b}{:04b}", 1, 1, 1, 3, 0, 1);
    let program = format!("101{:04b}{:02b}{:04b}{counts}", 0, 1, 4)
        + "101011010011"
        + &"10000".repeat(3)
        + &"0000".repeat(3)
        + "00001";
    let padding = "0".repeat(program.len().next_multiple_of(8) - program.len());
    let program = format!("{program}{padding}{:08b}{}", 2, byte.repeat(2));
    for before in [&data, &aligned, &long, &fill, &long_fill, &program, &format!("{fill}{long}{data}")] {
        let (decoded, samples) = with(&file, before);
        assert_eq!(decoded, Ok(()), "{before}");
        assert!(samples == expected, "{before}");
    }
}

#[test]
fn coupling_channels_and_more_channels_than_there_should_be_are_refused() {
    let file = plain("aac-plain-stereo.aac");
    assert_eq!(with(&file, "010").0, Err("coupling channels are not decoded"));
    let mut mono = plain("aac-plain-mono.aac").decoder();
    assert_eq!(mono.decode(&file.packets[3]), Err("the stream changes to more channels here"));
}

#[test]
fn elements_of_more_than_two_channels_come_in_one_order_and_missing_ones_are_silent() {
    let (mono, stereo) = (plain("aac-plain-mono.aac"), plain("aac-plain-stereo.aac"));
    let mut five_one = audiodecode_aac::AacDecoder::new(mono.rate, 6);
    assert_eq!(five_one.decode(&mono.packets[3]), Ok(()));
    assert!(
        (0..6).all(|channel| five_one.samples(channel).iter().any(|&sample| sample != 0.0) == (channel == 0))
    );
    let wrong = Err("the channels are not in the order of their configuration");
    assert_eq!(five_one.decode(&stereo.packets[3]), wrong);
    assert!((0..6).all(|channel| five_one.samples(channel).iter().all(|&sample| sample == 0.0)));
}

#[test]
fn spectral_band_replication_is_told_of_the_packet_that_has_it() {
    let file = plain("aac-plain-stereo.aac");
    for (kind, sbr) in [(0, false), (1, false), (0xb, false), (0xd, true), (0xe, true)] {
        let mut decoder = file.decoder();
        // A fill element of two bytes, the first of which begins with its kind.
        let fill = format!("110{:04b}{kind:04b}{:012b}", 2, 0);
        assert_eq!(decoder.decode(&bytes(&format!("{fill}{}", text(&file.packets[3])))), Ok(()));
        assert_eq!(decoder.carried_sbr(), sbr, "{kind}");
        assert_eq!(decoder.decode(&file.packets[4]), Ok(()));
        assert!(!decoder.carried_sbr());
    }
}

#[test]
fn channels_that_are_left_out_are_silent() {
    let mono = plain("aac-plain-mono.aac");
    let mut stereo = audiodecode_aac::AacDecoder::new(mono.rate, 2);
    let expected = mono.decode();
    for (number, packet) in mono.packets.iter().enumerate() {
        assert_eq!(stereo.decode(packet), Ok(()));
        assert_eq!(stereo.samples(0), &expected[0][number * 1024..][..1024]);
        assert!(stereo.samples(1).iter().all(|&sample| sample == 0.0));
    }
}

#[test]
fn a_packet_cut_off_anywhere_is_refused_or_complete() {
    let file = plain("aac-plain-mono.aac");
    let packet = &file.packets[5];
    let mut decoder = file.decoder();
    let refused = (0..packet.len()).filter(|&length| decoder.decode(&packet[..length]).is_err()).count();
    // Nothing at all is a packet without channels; only padding may go from the end.
    assert!(refused >= packet.len() - 2, "{refused} of {}", packet.len());
}

#[test]
fn a_packet_without_channels_is_silent_behind_what_is_left_of_the_one_before() {
    let file = plain("aac-plain-stereo.aac");
    let mut decoder = file.decoder();
    assert_eq!(decoder.decode(&file.packets[5]), Ok(()));
    for heard in [true, false] {
        assert_eq!(decoder.decode(&[0b1110_0000]), Ok(()));
        assert!((0..2).all(|channel| decoder.samples(channel).iter().any(|&sample| sample != 0.0) == heard));
    }
}
