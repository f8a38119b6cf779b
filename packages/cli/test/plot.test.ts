import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { makeWav } from '@audiodecode/test-support'
import { PNG } from 'pngjs'
import { beforeEach, describe, expect, test } from 'vitest'

import { loadBackends } from '../src/load-backends.js'
import { runCaptured } from './run-captured.js'
import { useWorkFolder } from './work-folder.js'

const jfk = fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))
const work = useWorkFolder()
await loadBackends()

const plot = (...args: string[]) => runCaptured(['plot', ...args])

/** One second of 16 kHz: half a second of 1 kHz at 0.4, then silence. */
beforeEach(() => {
  const sample = (frame: number): number =>
    frame < 8000 ? Math.round(13_107 * Math.sin((2 * Math.PI * 1000 * frame) / 16_000)) : 0
  const wav = makeWav({ sampleRate: 16_000, channels: 1, frames: 16_000, sample })
  writeFileSync(work.at('tone.wav'), wav)
})

/** The picture as another library decodes it. */
const readPng = (bytes: Buffer) => PNG.sync.read(bytes)

/** Sum of red, green and blue of a pixel. */
function brightness({ data, width }: PNG, x: number, y: number): number {
  const at = (y * width + x) * 4
  return (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)
}

describe('plot', () => {
  test('draws a PNG whose spectrogram shows a tone where it is, and only as long as it lasts', async () => {
    const { code, stderr } = await plot(work.at('tone.wav'), '-o', work.at('a.png'))
    expect(stderr).toContain('1.000 s, 1200 × 600')
    expect(code).toBe(0)
    const png = readPng(readFileSync(work.at('a.png')))
    expect([png.width, png.height]).toEqual([1200, 600])
    // The frame of the spectrogram: between the lines of its axis. 1034 columns are one second.
    const column = (seconds: number): number => 70 + Math.round(seconds * 1033)
    const rows = Array.from({ length: 360 }, (_, row) => 204 + row)
    const loudest = (x: number): number =>
      rows.reduce((best, y) => (brightness(png, x, y) > brightness(png, x, best) ? y : best))
    // Slaney's mel scale: 1 kHz is 15, 8 kHz is 15 + ln(8) / (ln(6.4) / 27) = 45.245.
    const expected = 204 + 360 * (1 - 15 / 45.245)
    for (const seconds of [0.1, 0.25, 0.4]) {
      expect(Math.abs(loudest(column(seconds)) - expected)).toBeLessThan(4)
    }
    // Of the loudest the colour is magma's last one, of silence its first.
    expect(brightness(png, column(0.25), Math.round(expected))).toBeGreaterThan(600)
    expect(Math.max(...rows.map((y) => brightness(png, column(0.75), y)))).toBeLessThan(10)
  })

  test('draws the waveform as high as the samples are', async () => {
    await plot(work.at('tone.wav'), '-o', work.at('a.png'))
    const png = readPng(readFileSync(work.at('a.png')))
    const isPurple = (x: number, y: number): boolean =>
      png.data
        .subarray((y * 1200 + x) * 4, (y * 1200 + x) * 4 + 3)
        .equals(Buffer.from('51127c', 'hex'))
    const height = (x: number): number =>
      Array.from({ length: 154 }, (_, row) => 34 + row).filter((y) => isPurple(x, y)).length
    // 0.4 of 0.5, the scale's end, of 154 pixels.
    expect(Math.abs(height(300) - 154 * 0.8)).toBeLessThan(4)
    expect(height(900)).toBe(1)
  })

  test('draws an SVG that is XML, with the name, the axes and a picture in it', async ({
    skip,
  }) => {
    // Windows has no such names.
    const isWindows = process.platform === 'win32'
    const name = isWindows ? "a & 'c'.wav" : 'a <b> & "c" \u0001.wav'
    writeFileSync(work.at(name), readFileSync(work.at('tone.wav')))
    await plot(work.at(name), '-o', work.at('a.svg'))
    const program = `import sys, json, xml.etree.ElementTree as E
root = E.parse(sys.argv[1]).getroot()
ns = '{http://www.w3.org/2000/svg}'
href = '{http://www.w3.org/1999/xlink}href'
print(json.dumps({'size': [root.get('width'), root.get('height')],
  'texts': [t.text for t in root.iter(ns + 'text')], 'images': [i.get(href) for i in root.iter(ns + 'image')],
  'path': next(root.iter(ns + 'path')).get('d')}))`
    const run = spawnSync('python3', ['-c', program, work.at('a.svg')], { encoding: 'utf8' })
    if (run.error !== undefined) {
      if (process.env['AUDIODECODE_REQUIRE'] !== undefined) throw run.error
      return skip('needs python3')
    }
    expect(run.stderr).toBe('')
    const svg = JSON.parse(run.stdout) as Record<'texts' | 'images' | 'size', string[]>
    expect(svg.size).toEqual(['1200', '600'])
    expect(svg.texts).toEqual(
      expect.arrayContaining([
        name.replace('\u0001', '\uFFFD'),
        '0.5',
        '-0.5',
        '1k',
        '4k',
        '8k',
        '0 dB',
        '-80',
      ]),
    )
    expect(svg.texts).toEqual(expect.arrayContaining(['0.2', '0.4', '0.6', '0.8']))
    const [spectrogram] = svg.images
    const png = readPng(Buffer.from(spectrogram?.replace(/^.*base64,/, '') ?? '', 'base64'))
    expect([png.width, png.height]).toEqual([1034, 128])
  })

  test('draws a part, at its place in the file, in the size that is asked for', async () => {
    const argv = [jfk, '-o', work.at('a.svg'), '--offset', '-3', '--duration', '2']
    await plot(...argv, '--width', '640', '--height', '320', '--mel', '40', '--f-max', '4000')
    const svg = readFileSync(work.at('a.svg'), 'utf8')
    expect(svg).toContain('width="640" height="320"')
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
    // The file has 11 seconds: the part is 8 to 10.
    expect(
      texts.filter((text) => /^(8|8\.5|9|9\.5|10)(\.0)?$/.test(text ?? '')).length,
    ).toBeGreaterThan(2)
    expect(texts).toContain('4k')
    expect(texts).not.toContain('8k')
  })

  test('draws files without sound, of one sample, and of samples that are no numbers', async () => {
    const float = Buffer.alloc(44 + 400)
    float.set(makeWav({ sampleRate: 8000, channels: 1, frames: 200 }).subarray(0, 44))
    float.writeUInt16LE(3, 20)
    float.writeUInt32LE(8000 * 4, 28)
    float.writeUInt16LE(4, 32)
    float.writeUInt16LE(32, 34)
    for (let at = 44; at < float.length; at += 4) float.writeFloatLE(Number.NaN, at)
    const files = {
      'silent.wav': makeWav({ frames: 30_000 }),
      'one.wav': makeWav({ frames: 1, sample: () => 1000 }),
      'nan.wav': float,
    }
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(work.at(name), content)
      const { code, stderr } = await plot(work.at(name), '-o', work.at(`${name}.png`))
      expect([code, stderr]).toEqual([0, expect.stringContaining(name)])
      expect(readPng(readFileSync(work.at(`${name}.png`))).width).toBe(1200)
    }
    const png = readPng(readFileSync(work.at('silent.wav.png')))
    expect(brightness(png, 500, 400)).toBeLessThan(10)
  })

  test('writes to standard output, and reads standard input', async () => {
    const input = readFileSync(work.at('tone.wav'))
    const { stdoutBytes } = await runCaptured(['plot', '-', '-o', '-', '--format', 'png'], {
      input,
    })
    expect(readPng(Buffer.from(stdoutBytes)).height).toBe(600)
  })

  test.each([
    [['tone.wav'], '-o OUT says where', 2],
    [['tone.wav', '-o', 'a.gif'], 'a picture is .svg or .png, not "', 2],
    [['tone.wav', 'tone.wav', '-o', 'a.png'], 'plot takes one FILE', 2],
    [['tone.wav', '-o', 'a.png', '--width', '10'], '--width must be from 320', 2],
    [['tone.wav', '-o', 'a.png', '--offset', '5'], 'the range holds no audio', 1],
    [['nothing.wav', '-o', 'a.png'], 'does not exist', 1],
    [['tone.wav', '-o', 'tone.wav', '--format', 'png', '--force'], 'would write over the input', 1],
  ])('%j is told', async (argv, message, expected) => {
    const placed = argv.map((arg) => (/\.\w{3}$/.test(arg) ? work.at(arg) : arg))
    const { code, stderr } = await plot(...placed)
    expect(stderr).toContain(message)
    expect(code).toBe(expected)
    expect(work.names()).toEqual(['tone.wav'])
  })
})
