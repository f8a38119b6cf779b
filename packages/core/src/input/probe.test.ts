import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { mpegHeader } from './mpeg-header.js'
import { isNotAudio, probe } from './probe.js'
import { HEADER_BYTES } from './read-header.js'

const formats = new URL('../../../../fixtures/formats/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', formats), 'utf8')) as {
  readonly file: string
  readonly container: string
  readonly codec: string
}[]

/** Bytes from characters, one byte each. */
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** Frames of equal size that begin with the same bytes. */
function frames(start: string, size: number, count: number): Uint8Array {
  const bytes = new Uint8Array(size * count)
  for (let i = 0; i < count; i++) bytes.set(ascii(start), i * size)
  return bytes
}

describe('a real file', () => {
  test.each(manifest)('$file is $codec in $container', ({ file, container, codec }) => {
    const header = Uint8Array.from(readFileSync(new URL(file, formats)).subarray(0, HEADER_BYTES))
    const found = probe(header, null)
    expect(found.container).toBe(container)
    // Where the first bytes do not tell the codec, or not the depth, saying less is right.
    if (found.codec === 'pcm') expect(codec).toMatch(/^pcm_/)
    else expect([codec, null]).toContain(found.codec)
  })

  test('its codec is known in nearly every case', () => {
    const unknown = manifest.filter(({ file }) => {
      const bytes = readFileSync(new URL(file, formats)).subarray(0, HEADER_BYTES)
      return probe(Uint8Array.from(bytes), null).codec === null
    })
    // Wave64 keeps it behind GUIDs; MP4 may have its tables at the end.
    expect(
      unknown.map(({ file }) => file).filter((file) => !/\.(w64|m4a|mp4|mov)$/.test(file)),
    ).toEqual([])
  })
})

describe('bytes', () => {
  const mp3 = frames('\xFF\xFB\x90\x00', 417, 4)
  test.each<readonly [container: string | null, codec: string | null, Uint8Array]>([
    ['bw64', null, ascii('BW64\xFF\xFF\xFF\xFFWAVE')],
    ['avi', null, ascii('RIFF0000AVI LIST')],
    ['asf', null, ascii('\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA')],
    ['flv', null, ascii('FLV\x01\x05')],
    ['mpeg-ps', null, ascii('\x00\x00\x01\xBA\x44')],
    ['au', 'pcm_s16be', ascii('.snd\0\0\0\x18\0\0\0\0\0\0\0\x03')],
    ['au', 'pcm_mulaw', ascii('.snd\0\0\0\x18\0\0\0\0\0\0\0\x01')],
    ['voc', null, ascii('Creative Voice File\x1A\x1A\0')],
    ['ircam', null, ascii('\x64\xA3\x02\x00\0\0\0\0')],
    ['nist', null, ascii('NIST_1A\n   1024\n')],
    ['wavpack', 'wavpack', ascii('wvpk\0\0\0\0')],
    ['ape', 'ape', ascii('MAC \x96\x0F')],
    ['musepack', 'musepack8', ascii('MPCKSH')],
    ['musepack', 'musepack7', ascii('MP+\x07')],
    ['tta', 'tta', ascii('TTA1\x01\0')],
    ['dsf', 'dsd', ascii('DSD \x1C\0\0\0')],
    ['dff', 'dsd', ascii('FRM8\0\0\0\0\0\0\0\0DSD FVER')],
    ['tak', 'tak', ascii('tBaK\x01\0')],
    ['optimfrog', 'optimfrog', ascii('OFR \x0C\0')],
    ['shorten', 'shorten', ascii('ajkg\x02')],
    ['qoa', 'qoa', ascii('qoaf\0\0\0\x01')],
    ['amr', 'amr_nb', ascii('#!AMR\n\x3C')],
    ['amr', 'amr_wb', ascii('#!AMR-WB\n')],
    ['realmedia', null, ascii('.RMF\0\0\0\x12')],
    ['mp4', null, ascii('\0\0\0\x18ftyp3gp4')],
    ['mp4', null, ascii('\0\0\0\x08wide\0\0\0\0mdat')],
    ['mp4', 'aac', ascii('\0\0\0\x18ftypM4A \0\0\0\0stsd\0\0\0\0\0\0\0\x01\0\0\0\x5Emp4a')],
    ['matroska', 'eac3', ascii('\x1A\x45\xDF\xA3\x86\x86A_EAC3')],
    ['ogg', 'speex', oggPage('Speex   1.2')],
    ['ogg', 'theora', oggPage('\x80theora\x03')],
    ['ogg', 'vorbis', Buffer.concat([oggPage('\x80theora\x03'), oggPage('\x01vorbis\0')])],
    ['mp3', 'mp3', mp3],
    ['mp3', 'mp3', mp3.subarray(0, 300)],
    ['mp3', 'mp2', frames('\xFF\xFD\x84\x00', 384, 3)],
    ['mp3', 'mp1', frames('\xFF\xFF\x94\x00', 288, 3)],
    ['adts', 'aac', frames('\xFF\xF1\x50\x80\x0C\x9F\xFC', 100, 4)],
    ['loas', 'aac', frames('\x56\xE0\x61', 100, 4)],
    ['ac3', 'ac3', frames('\x0B\x77\0\0\x00\x40', 128, 4)],
    ['eac3', 'eac3', frames('\x0B\x77\x00\x3F\x34\x80', 128, 4)],
    ['dts', 'dts', frames('\x7F\xFE\x80\x01\xFC\x3C\x06\x30', 100, 4)],
    ['mpeg-ts', null, frames('G\x40\x11\x10', 188, 8)],
    ['mpeg-ts', null, frames('\0\0\0\x02G\x40\x11\x10', 192, 8)],
  ])('are %s (%s)', (container, codec, bytes) => {
    expect(probe(Uint8Array.from(bytes), 'wav')).toMatchObject({ container, codec })
  })

  test('before the first MPEG frame may be garbage, of any kind that makes no frames', () => {
    const garbage = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 73) & 0xff)
    garbage.set(ascii('\xFF\xFB\x90\x00'), 1_000)
    expect(probe(Buffer.concat([garbage, mp3]), null).codec).toBe('mp3')
    expect(probe(garbage, null).container).toBe(null)
  })

  test('of a tag without audio in sight are MP3, unless the name knows better', () => {
    const tag = ascii('ID3\x04\0\0\x7F\x7F\x7F\x7F\0\0')
    expect(probe(tag, null).codec).toBe('mp3')
    expect(probe(tag, 'aac').codec).toBe('aac')
  })

  test.each([
    ['html', '<!DOCTYPE html><title>Not found</title>'],
    ['xml', '<?xml version="1.0"?><Error/>'],
    ['json', '{"error": "not found"}'],
    ['text', 'Dear Sir or Madam, today'],
    ['text', 'Gr\xC3\xBC\xC3\x9Fe aus Wien'],
    ['pdf', '%PDF-1.7'],
    ['zip', 'PK\x03\x04\x14'],
    ['png', '\x89PNG\r\n\x1A\n'],
    ['jpeg', '\xFF\xD8\xFF\xE0'],
    ['midi', 'MThd\0\0\0\x06'],
    ['git-lfs', 'version https://git-lfs.github.com/spec/v1\n'],
  ])('that are %s are no audio, whatever the name says', (container, text) => {
    const bytes = ascii(text)
    const found = probe(bytes, 'mp3')
    expect(found).toMatchObject({ container, codec: null })
    expect(isNotAudio(found)).toBe(true)
  })

  test('that say nothing leave it to the extension, and unknown is null', () => {
    const noise = Uint8Array.of(0x12, 0x00, 0x99, 0x80, 0x07)
    expect(probe(noise, 'g722')).toMatchObject({ container: 'g722', codec: 'adpcm_g722' })
    expect(probe(noise, 'gsm')).toMatchObject({ container: 'gsm' })
    expect(probe(noise, 'mp3')).toMatchObject({ container: 'mp3' })
    for (const extension of ['xyz', 'wav', 'constructor', null]) {
      const found = probe(noise, extension)
      expect(found).toEqual({ container: null, codec: null, extension, header: noise })
      expect(isNotAudio(found)).toBe(false)
    }
  })

  test('of any kind never throw', () => {
    const starts = [
      'RIFF\0\0\0\0WAVEfmt ',
      'FORM\0\0\0\0AIFCCOMM',
      'OggS',
      '\0\0\0\x08ftyp',
      '\xFF\xFB',
      '',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 600 }), (start, rest) => {
        const header = Uint8Array.from(Buffer.concat([ascii(start), rest]))
        expect(probe(header, null).header).toBe(header)
      }),
      { numRuns: 500 },
    )
  })
})

describe('an MPEG frame header', () => {
  // Sizes from the formula of ISO 11172-3 §2.4.3.1: 144 × bit rate / sample rate, rounded down.
  test.each([
    ['\xFF\xFB\x90\x00', 3, 44_100, 417],
    ['\xFF\xFB\x92\x00', 3, 44_100, 418],
    ['\xFF\xF3\x84\x00', 3, 24_000, 192],
    ['\xFF\xE3\x18\x00', 3, 8_000, 72],
    ['\xFF\xFD\x84\x00', 2, 48_000, 384],
    ['\xFF\xFF\x94\x00', 1, 48_000, 288],
  ])('%j is layer %i at %i Hz with %i bytes', (text, layer, sampleRate, frameBytes) => {
    expect(mpegHeader(ascii(text), 0)).toMatchObject({ layer, sampleRate, frameBytes })
  })

  test.each([
    '\xFF\xEB\x90\x00',
    '\xFF\xF9\x90\x00',
    '\xFF\xFB\xF0\x00',
    '\xFF\xFB\x9C\x00',
    '\xFF\xFB\x90\x02',
    '\xFF\xFB\x90',
  ])('%j is none: a reserved value, or too short', (text) => {
    expect(mpegHeader(ascii(text), 0)).toBe(null)
  })
})

/** An Ogg page with one packet of one segment. */
function oggPage(packet: string): Uint8Array {
  return ascii(`OggS${'\0'.repeat(22)}\x01${String.fromCharCode(packet.length)}${packet}`)
}
