use audiodecode_pipeline::{Error, Result};

/// Demuxers that read nothing but the bytes they are given. What is not here, such as playlists, session descriptions, scripts,
/// devices, pictures and subtitles, is refused: a new demuxer is read only once somebody has looked at it.
const ALLOWED: &str = "\
    3dostr 4xm aa aac aax ac3 ac4 ace acm act adf adp ads adx aea afc aiff aix alp amr amrnb amrwb apac \
    apc ape apm aptx aptx_hd argo_asf argo_brp argo_cvg asf asf_o ast au avi avr bethsoftvid bfi bfstm \
    bink binka bonk brstm caf codec2 codec2raw dcstr derf dfpwm dhav dsf dsicin dss dts dtshd dv dxa ea \
    ea_cdata eac3 epaf film_cpk flac flv fsb fwse g722 g723_1 g726 g726le g728 g729 genh gsm gxf hca \
    hcom iamf iff ilbc ipmovie ircam iss ivr kux kvag laf lc3 live_flv lmlm4 loas lvf lxf matroska mca \
    mgsts mlp mm mmf mods moflex mov mp3 mpc mpc8 mpeg mpegts msf msnwctcp msp mtaf mtv musx mvi mxf mxg \
    nc nistsphere nsp nsv nut nuv ogg oma osq paf pmp pp_bnk psxstr pva pvf qcp qoa r3d redspark rka rl2 \
    rm roq rpl rsd rso s337m sbc scd sdns sds sga shn siff sln smjpeg smk smush sol sox spdif svag svs \
    swf tak thp tmv truehd tta ty usm vag vividas vivo voc vpk vqf w64 wady wav wc3movie wsaud wsd wsvqa \
    wtv wv wve xa xmd xmv xvag xwma yop";

/// Fails for a demuxer that might open something else than its input.
pub(crate) fn check(demuxer: &str) -> Result<()> {
    // A demuxer has several names: "mov,mp4,m4a,3gp,3g2,mj2".
    if demuxer.split(',').any(|name| ALLOWED.split_ascii_whitespace().any(|allowed| allowed == name)) {
        return Ok(());
    }
    Err(Error::unsupported(format!(
        "FFmpeg takes it for {demuxer}, which is not read here: it is no audio, or names other files"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_read_and_what_names_other_files_is_not() {
        for name in ["wav", "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "asf", "wv", "mpegts"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in "hls dash concat sdp rtsp rtp lavfi image2 image2pipe png_pipe ffmetadata tee webm_dash_manifest imf \
            applehttp avisynth vapoursynth srt ass webvtt mpjpeg alias_pix tty"
            .split_ascii_whitespace()
        {
            assert!(check(name).is_err(), "{name}");
        }
        assert!(check("").is_err());
    }
}
