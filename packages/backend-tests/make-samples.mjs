// Makes the sample files of the conformance suite: the signal of src/sample-signal.ts, encoded by the encoders that people use, and
// for lossy codecs the samples that an independent decoder gives.
//
//     apt-get install ffmpeg lame flac vorbis-tools opus-tools
//     npm run build && node packages/backend-tests/make-samples.mjs
//
// The encoded files are committed, since encoders differ between versions. Lossless files need no reference: it is the signal.
// References are planar, little-endian, signed 24-bit numbers. The script refuses a reference that does not line up with the signal.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { signalSamples, wavFile } from './dist/index.js'

const folder = fileURLToPath(new URL('samples/', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'audiodecode-samples-'))
const manifest = []

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr.toString()}`)
  return stdout
}

function ffmpeg(master, path, ...args) {
  const plain = ['-bitexact', '-map_metadata', '-1']
  run('ffmpeg', '-y', '-v', 'error', '-i', master, ...args, ...plain, path)
}

/** Interleaved floats as planes. */
function planes(raw, channels) {
  const samples = new Float32Array(new Uint8Array(raw).buffer)
  const frames = samples.length / channels
  return Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length: frames }, (_, i) => samples[i * channels + c]),
  )
}

const decoders = {
  ffmpeg: (path) => run('ffmpeg', '-v', 'error', '-i', path, '-f', 'f32le', '-'),
  // Not FFmpeg's choice for MP2, which computes in 16 bits.
  mp2float: (path) =>
    run('ffmpeg', '-v', 'error', '-c:a', 'mp2float', '-i', path, '-f', 'f32le', '-'),
  opusdec(path) {
    const wav = join(work, 'opusdec.wav')
    run('opusdec', '--quiet', '--float', '--no-dither', path, wav)
    const bytes = readFileSync(wav)
    return bytes.subarray(bytes.indexOf('data') + 8)
  },
}

/** Mean square of the difference when `found` is read `shift` frames later. */
function distance(found, signal, shift) {
  let sum = 0
  const from = Math.max(0, -shift)
  const to = Math.min(signal.length, found.length - shift)
  for (let i = from; i < to; i++) sum += (found[i + shift] - signal[i]) ** 2
  return sum / (to - from)
}

/** Throws when a decoded channel is not the signal, beginning at frame `delay`. */
function checkAlignment(file, channel, found, signal, delay) {
  const shifts = [-2, -1, 0, 1, 2].map((shift) => distance(found, signal, delay + shift))
  const power = distance(signal, new Float32Array(signal.length), 0)
  const best = shifts.indexOf(Math.min(...shifts))
  if (best !== 2 || shifts[2] > 0.1 * power) {
    throw new Error(`${file}, channel ${channel}: not in its place: ${shifts.join()} of ${power}`)
  }
}

function writeReference(name, channels, frames) {
  const bytes = Buffer.alloc(channels.length * frames * 3)
  channels.forEach((samples, c) => {
    for (let i = 0; i < frames; i++) {
      bytes.writeIntLE(Math.round(samples[i] * 2 ** 23), (c * frames + i) * 3, 3)
    }
  })
  writeFileSync(join(folder, name), bytes)
}

/**
 * Adds a file. `shape` is that of the signal; `lossy` names the decoder of the reference, the largest difference between decoders, and
 * how many frames of the encoder's delay stay at the front (`delay`) because nothing in the file tells to cut them.
 */
function add(file, format, shape, { bits = 16, encode, lossy, ...facts }) {
  const path = join(folder, file)
  const master = join(work, 'master.wav')
  writeFileSync(master, wavFile(shape, bits === 24 ? 24 : 16))
  encode(master, path)
  const entry = { file, format, ...facts, ...shape }
  if (lossy === undefined) {
    manifest.push({ ...entry, reference: { signal: bits }, bound: 0 })
    return
  }
  const { decoder = 'ffmpeg', bound = 2e-5, delay } = lossy
  const found = planes(decoders[decoder](path), shape.channels)
  const frames = delay === undefined ? shape.frames : found[0].length
  const signal = signalSamples(shape, 16)
  found.forEach((samples, c) => {
    // The low-frequency channel of 5.1 holds no more than 120 Hz.
    if (shape.channels === 6 && c === 3) return
    const plane = signal.subarray(c * shape.frames, (c + 1) * shape.frames)
    checkAlignment(file, c, samples, plane, delay ?? 0)
  })
  writeReference(`${file}.s24`, found, frames)
  manifest.push({ ...entry, frames, reference: { file: `${file}.s24`, decoder }, bound })
}

const cd = (frames, channels = 2) => ({ channels, frames, sampleRate: 44_100 })
const dvd = (frames, channels = 2) => ({ channels, frames, sampleRate: 48_000 })
const by =
  (...args) =>
  (master, path) =>
    ffmpeg(master, path, ...args)
const flac = (master, path) => run('flac', '--silent', '--best', '-f', master, '-o', path)
const lame =
  (...args) =>
  (master, path) =>
    run('lame', '--quiet', ...args, master, path)
const oggenc =
  (...args) =>
  (master, path) =>
    run('oggenc', '--quiet', '--serial', '1', ...args, master, '-o', path)
const opusenc =
  (...args) =>
  (master, path) =>
    run('opusenc', '--quiet', '--serial', '1', ...args, master, path)

/** A byte of audio that is wrong shows: there are checksums. */
const checksummed = true
/** Nothing in the file says how long it is. */
const unmeasured = true

// Uncompressed, written by FFmpeg. The suite writes further WAV files by itself.
add('s24.wav', 'wav', cd(4410), {
  bits: 24,
  container: 'wav',
  codec: 'pcm_s24le',
  encode: by('-c:a', 'pcm_s24le'),
})
add('f32.wav', 'wav', cd(3000), {
  bits: 24,
  container: 'wav',
  codec: 'pcm_f32le',
  encode: by('-c:a', 'pcm_f32le'),
})
add('u8.wav', 'wav', cd(4410), {
  bits: 8,
  container: 'wav',
  codec: 'pcm_u8',
  encode: by('-c:a', 'pcm_u8'),
})
add('s16.aiff', 'aiff', cd(4410), { container: 'aiff', codec: 'pcm_s16be', encode: by() })
add('s16.caf', 'caf', cd(4410), { container: 'caf', codec: 'pcm_s16be', encode: by() })

// Lossless
const isFlac = { container: 'flac', codec: 'flac', encode: flac, checksummed }
add('stereo.flac', 'flac', cd(13_230), isFlac)
add('s24.flac', 'flac', cd(6000), { ...isFlac, bits: 24 })
add('8-channels.flac', 'flac', cd(2205, 8), isFlac)
add('192-khz.flac', 'flac', { channels: 1, frames: 9600, sampleRate: 192_000 }, isFlac)
add('8-khz.flac', 'flac', { channels: 1, frames: 2400, sampleRate: 8000 }, isFlac)
add('1-frame.flac', 'flac', cd(1), isFlac)
add('100-frames.flac', 'flac', cd(100), isFlac)
add('stereo.oga', 'ogg-flac', cd(6000), {
  container: 'ogg',
  codec: 'flac',
  checksummed,
  encode: (master, path) =>
    run('flac', '--silent', '--ogg', '--serial-number=1', '-f', master, '-o', path),
})
add('alac.m4a', 'alac', cd(6000), { container: 'mp4', codec: 'alac', encode: by('-c:a', 'alac') })
add('stereo.wv', 'wavpack', cd(6000), {
  container: 'wavpack',
  codec: 'wavpack',
  checksummed,
  encode: by(),
})
add('stereo.tta', 'tta', cd(6000), { container: 'tta', codec: 'tta', checksummed, encode: by() })

// MP3. Low rates lend bytes over many frames, so that a range needs a longer run-up than elsewhere.
const mp3 = { container: 'mp3', codec: 'mp3', lossy: {} }
add('cbr128.mp3', 'mp3', cd(17_640), { ...mp3, encode: lame('-b', '128') })
add('v2.mp3', 'mp3', cd(11_025), { ...mp3, encode: lame('-V', '2') })
add(
  '16-kbps.mp3',
  'mp3',
  { channels: 1, frames: 16_000, sampleRate: 16_000 },
  {
    ...mp3,
    unmeasured,
    lossy: { delay: 1105 },
    encode: lame('-b', '16', '-m', 'm', '--resample', '16'),
  },
)
add(
  '8-khz.mp3',
  'mp3',
  { channels: 1, frames: 4000, sampleRate: 8000 },
  {
    ...mp3,
    unmeasured,
    lossy: { delay: 1105 },
    encode: lame('-b', '16', '-m', 'm', '--resample', '8'),
  },
)
add('100-frames.mp3', 'mp3', cd(100, 1), { ...mp3, encode: lame('-b', '64', '-m', 'm') })
add('untagged.mp3', 'mp3', cd(13_230, 1), {
  ...mp3,
  unmeasured,
  repeatable: true,
  lossy: { delay: 1105 },
  encode: lame('-t', '-b', '64', '-m', 'm', '--resample', '44.1'),
})
add('stereo.mp2', 'mp2', cd(6000), {
  container: 'mp3',
  codec: 'mp2',
  unmeasured,
  lossy: { delay: 481, decoder: 'mp2float' },
  encode: by('-b:a', '192k'),
})

// Vorbis and Opus
const vorbis = { container: 'ogg', codec: 'vorbis', checksummed, lossy: {} }
add('stereo.ogg', 'vorbis', cd(13_230), { ...vorbis, encode: oggenc('-q', '5') })
add(
  'mono.ogg',
  'vorbis',
  { channels: 1, frames: 6000, sampleRate: 22_050 },
  { ...vorbis, encode: oggenc('-q', '2') },
)
add('5.1.ogg', 'vorbis', cd(4410, 6), { ...vorbis, encode: oggenc('-q', '6') })
const opus = { container: 'ogg', codec: 'opus', checksummed, lossy: { decoder: 'opusdec' } }
add('stereo.opus', 'opus', dvd(14_400), { ...opus, encode: opusenc('--bitrate', '96') })
add('mono.opus', 'opus', dvd(9600, 1), { ...opus, encode: opusenc('--bitrate', '48') })

// AAC without noise substitution, whose noise every decoder draws otherwise.
const aac = ['-c:a', 'aac', '-aac_pns', '0']
add('stereo.m4a', 'aac', cd(13_230), {
  container: 'mp4',
  codec: 'aac',
  lossy: {},
  encode: by(...aac, '-b:a', '160k'),
})
add('mono.aac', 'adts', cd(8000, 1), {
  container: 'adts',
  codec: 'aac',
  unmeasured,
  repeatable: true,
  lossy: { delay: 1024 },
  encode: by(...aac, '-b:a', '96k', '-f', 'adts'),
})

// What few decoders read
add('stereo.ac3', 'ac3', dvd(6000), {
  container: 'ac3',
  codec: 'ac3',
  unmeasured,
  lossy: { delay: 256 },
  encode: by('-b:a', '320k'),
})

writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
rmSync(work, { recursive: true })
const total = manifest.flatMap(({ file, reference }) => [file, reference.file ?? file])
const bytes = [...new Set(total)].reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
console.log(`${manifest.length} files, ${Math.round(bytes / 1000)} kB with references`)
