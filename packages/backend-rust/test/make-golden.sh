#!/bin/sh
# Samples of fixtures/jfk.flac as the reference decoder of the FLAC project gives them: writes golden.json.
# Needs flac, sha256sum, od and awk.
set -eu
cd "$(dirname "$0")"
flac --silent --decode --stdout --force-raw-format --endian=little --sign=signed ../../../fixtures/jfk.flac > jfk.raw
bytes=$(wc -c < jfk.raw)
sum=$(sha256sum jfk.raw | cut -d' ' -f1)
rm jfk.raw
version=$(flac --version)
printf '{\n  "madeBy": "%s",\n  "channels": 2,\n  "bytesPerSample": 3,\n  "frames": %d,\n  "sha256": "%s"\n}\n' \
  "$version" $((bytes / 6)) "$sum" > golden.json
