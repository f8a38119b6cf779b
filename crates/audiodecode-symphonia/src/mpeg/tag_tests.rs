//! Behaviour of the tag readers on tags built byte by byte.

use audiodecode_pipeline::Input;

use super::read_tags::read_tags;
use super::tag_bounds::find_trailing_tags;

fn tags_of(bytes: &[u8]) -> Vec<(String, String)> {
    let input = Input::from_bytes(bytes);
    let trailing = find_trailing_tags(&input, 0).unwrap();
    read_tags(&input, &trailing).unwrap()
}

fn pairs(tags: &[(String, String)]) -> Vec<(&str, &str)> {
    tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

fn syncsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (size >> shift & 0x7F) as u8)
}

fn id3(version: u8, flags: u8, frames: &[Vec<u8>]) -> Vec<u8> {
    let body = frames.concat();
    [b"ID3".as_slice(), &[version, 0, flags], &syncsafe(body.len()), &body].concat()
}

fn frame(version: u8, id: &str, content: &[u8]) -> Vec<u8> {
    let size = (content.len() as u32).to_be_bytes();
    match version {
        2 => [id.as_bytes(), &size[1..], content].concat(),
        3 => [id.as_bytes(), &size, &[0, 0], content].concat(),
        _ => [id.as_bytes(), &syncsafe(content.len()), &[0, 0], content].concat(),
    }
}

#[test]
fn all_four_encodings_are_read() {
    let utf_16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let tag = id3(
        4,
        0,
        &[
            frame(4, "TIT2", b"\0Caf\xE9\0"),
            frame(4, "TPE1", &[b"\x01\xFF\xFE".as_slice(), &utf_16("Žofie 🎺", false)].concat()),
            frame(4, "TALB", &[b"\x02".as_slice(), &utf_16("日本", true)].concat()),
            frame(4, "TCON", "\x03Žánr".as_bytes()),
            frame(4, "TRCK", b"\x033/12"),
            frame(4, "TDRC", b"\x032001-05-06"),
        ],
    );
    assert_eq!(
        pairs(&tags_of(&tag)),
        [
            ("title", "Café"),
            ("artist", "Žofie 🎺"),
            ("album", "日本"),
            ("genre", "Žánr"),
            ("tracknumber", "3"),
            ("tracktotal", "12"),
            ("date", "2001-05-06"),
        ]
    );
}

#[test]
fn versions_2_2_and_2_3_are_read_and_pictures_are_stepped_over() {
    let picture = [b"\0image/png\0\x03\0".as_slice(), &vec![0xFF; 300_000]].concat();
    let v23 = id3(
        3,
        0,
        &[
            frame(3, "APIC", &picture),
            frame(3, "TIT2", b"\0Three"),
            frame(3, "TCON", b"\0(17)"),
            frame(3, "COMM", b"\0eng\0nice"),
            frame(3, "COMM", b"\0engiTunNORM\0 0001"),
            frame(3, "TXXX", b"\0MusicBrainz Id\0abc"),
            vec![0; 100],
        ],
    );
    assert_eq!(
        pairs(&tags_of(&v23)),
        [("title", "Three"), ("genre", "Rock"), ("comment", "nice"), ("musicbrainz id", "abc")]
    );
    let v22 = id3(2, 0, &[frame(2, "TT2", b"\0Two"), frame(2, "TP1", b"\0X"), frame(2, "TYE", b"\x001999")]);
    assert_eq!(pairs(&tags_of(&v22)), [("title", "Two"), ("artist", "X"), ("date", "1999")]);
}

#[test]
fn several_values_of_2_4_are_several_tags() {
    let tag = id3(4, 0, &[frame(4, "TPE1", b"\x03One\0Two\0One")]);
    assert_eq!(pairs(&tags_of(&tag)), [("artist", "One"), ("artist", "Two")]);
}

#[test]
fn plain_sizes_in_2_4_unsynchronisation_and_extended_headers_are_understood() {
    let long = [b"\x03".as_slice(), &[b'x'; 200]].concat();
    let plain = [b"TIT2".as_slice(), &201_u32.to_be_bytes(), &[0, 0], &long].concat();
    let tags = tags_of(&id3(4, 0, &[plain, frame(4, "TPE1", b"\x03after")]));
    assert_eq!((tags[0].1.len(), tags[1].1.as_str()), (200, "after"));

    let unsynchronised = [b"TIT2".as_slice(), &[0, 0, 0, 5, 0, 0], b"\0a\xFF\0\xE0b"].concat();
    assert_eq!(pairs(&tags_of(&id3(3, 0x80, &[unsynchronised]))), [("title", "aÿàb")]);

    let extended = [0, 0, 0, 6, 0, 0, 0, 0, 0, 0].to_vec();
    assert_eq!(pairs(&tags_of(&id3(3, 0x40, &[extended, frame(3, "TIT2", b"\0t")]))), [("title", "t")]);
}

#[test]
fn ape_and_id3v1_say_what_is_left_to_say() {
    let item = |key: &str, value: &[u8]| {
        [&(value.len() as u32).to_le_bytes(), &[0; 4], key.as_bytes(), &[0], value].concat()
    };
    let items =
        [item("Title", b"ape title"), item("Year", b"1984"), item("Artist", "Ä\0B".as_bytes())].concat();
    let mut footer = b"APETAGEX\xD0\x07\0\0".to_vec();
    footer.extend((items.len() as u32 + 32).to_le_bytes());
    footer.extend(3_u32.to_le_bytes());
    footer.extend([0; 12]);
    let mut v1 = [b"TAG".as_slice(), &[0; 125]].concat();
    v1[3..8].copy_from_slice(b"title");
    v1[63..68].copy_from_slice(b"album");
    (v1[126], v1[127]) = (7, 8);
    let bytes = [id3(4, 0, &[frame(4, "TIT2", b"\x03id3 title")]), items, footer, v1].concat();
    assert_eq!(
        pairs(&tags_of(&bytes)),
        [
            ("title", "id3 title"),
            ("date", "1984"),
            ("artist", "Ä"),
            ("artist", "B"),
            ("album", "album"),
            ("tracknumber", "7"),
            ("genre", "Jazz"),
        ]
    );
}

#[test]
fn sizes_that_lie_cost_neither_memory_nor_time() {
    let huge = [b"ID3\x04\0\0\x7F\x7F\x7F\x7F".as_slice(), b"TIT2\x7F\x7F\x7F\x7F\0\0\x03x"].concat();
    assert_eq!(tags_of(&huge), []);
    let many: Vec<Vec<u8>> =
        (0..20_000).map(|at| frame(4, "TXXX", format!("\x03k{at}\0v").as_bytes())).collect();
    assert!(tags_of(&id3(4, 0, &many)).len() <= 256);
    let ape = [
        vec![0; 100],
        b"APETAGEX\xD0\x07\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
    ]
    .concat();
    assert_eq!(tags_of(&ape), []);
}

#[test]
fn mutated_tags_do_not_panic() {
    let original = [
        id3(
            4,
            0,
            &[
                frame(4, "TIT2", b"\x03title"),
                frame(4, "TPE1", b"\x01\xFF\xFEa\0b\0"),
                frame(4, "COMM", b"\0engx\0y"),
            ],
        ),
        id3(3, 0x80, &[frame(3, "TCON", b"\0(4)"), frame(3, "TRCK", b"\x001/2")]),
        b"LYRICSBEGIN....LYRICSEND".to_vec(),
        [b"TAG".as_slice(), &[65; 125]].concat(),
    ]
    .concat();
    let mut state = 3_u64;
    let mut random = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    for _ in 0..3_000 {
        let mut bytes = original.clone();
        for _ in 0..=random(6) {
            let at = random(bytes.len());
            bytes[at] = [0, 0xFF, 0x7F, 0x80, 1, 3][random(6)];
        }
        bytes.truncate(bytes.len() - random(40));
        tags_of(&bytes);
    }
}
