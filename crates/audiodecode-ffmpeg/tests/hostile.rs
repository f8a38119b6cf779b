//! Files that try to make FFmpeg open other files: none is opened, whatever it is.
#![allow(clippy::expect_used, clippy::panic)]

mod support;

use std::path::PathBuf;

use audiodecode_pipeline::ErrorKind;
use support::{data, open_bytes, open_file, read_all};

/// A WAV file that a hostile one could point to, and its address.
fn secret() -> (PathBuf, String) {
    let path = data().join("tone.au").canonicalize().expect("fixture");
    let url = format!("file://{}", path.display());
    (path, url)
}

/// As bytes and as a file beside the one it names, under the extension that FFmpeg expects.
fn refused(name: &str, content: &[u8]) {
    let error = open_bytes(content).err().unwrap_or_else(|| panic!("{name} was opened"));
    assert!(matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::Corrupt), "{name}: {error}");
    let folder = std::env::temp_dir().join(format!("audiodecode-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("folder");
    let path = folder.join(name);
    std::fs::write(&path, content).expect("file");
    let error = open_file(&path).err().unwrap_or_else(|| panic!("{name} was opened"));
    assert!(matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::Corrupt), "{name}: {error}");
    std::fs::remove_file(path).expect("file");
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn playlists_and_descriptions_are_refused() {
    let (path, url) = secret();
    let path = path.display();
    refused(
        "list.m3u8",
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXT-X-ENDLIST\n").as_bytes(),
    );
    refused("list.ffconcat", format!("ffconcat version 1.0\nfile '{path}'\n").as_bytes());
    refused(
        "call.sdp",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    );
    let dash = format!(
        "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\" \
         type=\"static\" mediaPresentationDuration=\"PT1S\"><Period><AdaptationSet mimeType=\"audio/mp4\"><Representation id=\"1\" \
         bandwidth=\"1\"><BaseURL>{url}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    );
    refused("list.mpd", dash.as_bytes());
    refused("meta.ffmeta", b";FFMETADATA1\ntitle=x\n");
    refused("page.html", b"<html><body>no</body></html>");
}

fn atom(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut atom = ((content.len() + 8) as u32).to_be_bytes().to_vec();
    atom.extend_from_slice(kind);
    atom.extend_from_slice(content);
    atom
}

/// The film of the tests with its first `dref` entry replaced by one that names another file.
fn film_with_reference(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let film = std::fs::read(data().join("film.mp4")).expect("film");
    let reference = atom(kind, &[&[0u8; 4], content].concat());
    let dref = atom(b"dref", &[&[0u8, 0, 0, 0, 0, 0, 0, 1], reference.as_slice()].concat());
    let mut out = Vec::new();
    rebuild(&film, &dref, &mut out);
    out
}

/// Copies atoms, with every `dref` replaced and the sizes of those around it set anew.
fn rebuild(mut bytes: &[u8], dref: &[u8], out: &mut Vec<u8>) {
    while bytes.len() >= 8 {
        let size = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let (this, rest) = bytes.split_at(size.clamp(8, bytes.len()));
        match &this[4..8] {
            b"dref" => out.extend_from_slice(dref),
            kind @ (b"moov" | b"trak" | b"mdia" | b"minf" | b"dinf") => {
                let mut inside = Vec::new();
                rebuild(&this[8..], dref, &mut inside);
                out.extend_from_slice(&atom(kind.try_into().expect("four bytes"), &inside));
            }
            _ => out.extend_from_slice(this),
        }
        bytes = rest;
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn a_mov_whose_samples_are_in_another_file_does_not_get_them() {
    let (path, url) = secret();
    let plain = read_all(&mut *open_file(&data().join("film.mp4")).expect("film")).expect("samples");
    let path = path.to_str().expect("UTF-8").to_owned();
    let mut alias = vec![0u8; 150];
    alias[142] = 0;
    alias.extend_from_slice(&[0, 2, (path.len() >> 8) as u8, path.len() as u8]);
    alias.extend_from_slice(path.as_bytes());
    for (kind, content) in [(b"url ", format!("{url}\0").into_bytes()), (b"alis", alias)] {
        let film = film_with_reference(kind, &content);
        // Refused, or the samples of this very file: never those of the other.
        if let Ok(mut source) = open_bytes(&film) {
            assert_eq!((source.info().container.as_str(), source.info().channels), ("mp4", 1));
            if let Ok(samples) = read_all(&mut *source) {
                assert!(samples[0].is_empty() || samples == plain || source.truncated());
            }
        }
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn what_is_no_audio_is_refused() {
    refused("empty.wav", b"");
    refused("short.wav", b"RIFF");
    refused(
        "noise.mp3",
        &(0..4_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>(),
    );
    refused("text.txt", "A file of words, and not of sounds. ".repeat(40).as_bytes());
    refused("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde");
}
