/**
 * Demuxers that read nothing but the bytes they are given, as in crates/audiodecode-ffmpeg/src/allowed.rs. What is not here, such as
 * playlists, session descriptions, scripts, devices, pictures and subtitles, is refused.
 */
export const DEMUXERS: string = `
  3dostr 4xm aa aac aax ac3 ac4 ace acm act adf adp ads adx aea afc aiff aix alp amr amrnb amrwb apac apc ape apm aptx
  aptx_hd argo_asf argo_brp argo_cvg asf asf_o ast au avi avr bethsoftvid bfi bfstm bink binka bonk brstm caf codec2
  codec2raw dcstr derf dfpwm dhav dsf dsicin dss dts dtshd dv dxa ea ea_cdata eac3 epaf film_cpk flac flv fsb fwse g722
  g723_1 g726 g726le g728 g729 genh gsm gxf hca hcom iamf iff ilbc ipmovie ircam iss ivr kux kvag laf lc3 live_flv
  lmlm4 loas lvf lxf matroska mca mgsts mlp mm mmf mods moflex mov mp3 mpc mpc8 mpeg mpegts msf msnwctcp msp mtaf mtv
  musx mvi mxf mxg nc nistsphere nsp nsv nut nuv ogg oma osq paf pmp pp_bnk psxstr pva pvf qcp qoa r3d redspark rka rl2
  rm roq rpl rsd rso s337m sbc scd sdns sds sga shn siff sln smjpeg smk smush sol sox spdif svag svs swf tak thp tmv
  truehd tta ty usm vag vividas vivo voc vpk vqf w64 wady wav wc3movie wsaud wsd wsvqa wtv wv wve xa xmd xmv xvag xwma
  yop`
  .trim()
  .split(/\s+/)
  .join(',')
