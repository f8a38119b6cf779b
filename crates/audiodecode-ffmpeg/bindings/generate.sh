#!/bin/sh
# Writes ffmpegMAJOR.rs with what used.txt lists. Needs Node, rustfmt, and one of:
#   generate.sh MAJOR headers FOLDER           the headers of that FFmpeg and a C compiler (CC, by default cc)
#   generate.sh MAJOR presets VERSION JAVACPP  Java 17 and Maven, which gets org.bytedeco:ffmpeg:VERSION and javacpp:JAVACPP:
#                                              for versions of which no distribution has headers
# The files here are of the headers of 5.1.9, 7.1.5 and 9.0.2 (Debian's libavformat-dev) and of the presets
# 6.1.1-1.5.10 (JavaCPP 1.5.10) and 8.0.1-1.5.13 (1.5.13). The presets 7.1.1-1.5.12 (1.5.12) give the same ffmpeg7.rs as the headers,
# save for the minor versions, should those differ.
set -eu
major=$1
source=$2
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $source in
  headers)
    node "$folder/facts-program.mjs" > "$work/facts.c"
    "${CC:-cc}" -std=c11 -I"$3" -o "$work/facts" "$work/facts.c"
    "$work/facts" > "$work/facts.txt"
    ;;
  presets)
    path=
    for artifact in "ffmpeg:$3" "javacpp:$4"; do
      for kind in jar jar:linux-x86_64; do
        mvn -q -B -Dstyle.color=never dependency:copy -Dartifact="org.bytedeco:$artifact:$kind" -DoutputDirectory="$work"
      done
    done
    for jar in "$work"/*.jar; do path="$path:$jar"; done
    java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$path" "$folder/Facts.java" "$folder/used.txt" > "$work/facts.txt"
    ;;
  *) exit 2 ;;
esac

node "$folder/bindings.mjs" < "$work/facts.txt" > "$work/bindings.rs"
mv "$work/bindings.rs" "$folder/ffmpeg$major.rs"
rustfmt --edition 2024 "$folder/ffmpeg$major.rs"
