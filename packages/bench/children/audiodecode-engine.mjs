// AudioDecode as a long-lived engine: `audiodecode-engine.mjs THREADS`.
import { writeFile } from 'node:fs/promises'

import { AudioDecoder, configure, load, loadBatch } from '@audiodecode/core'
import '@audiodecode/backend-ffmpeg'
import '@audiodecode/backend-ffmpeg/beamcoder'
import '@audiodecode/backend-rust'
import '@audiodecode/backend-sndfile'
import { librosaLoad } from '@audiodecode/core/librosa'

import { abortLoad, abortOut, abortStream } from './abort.mjs'
import { countWrongRanges } from './count-wrong-ranges.mjs'
import { feature } from './features.mjs'
import { serve, summarise, timed } from './line-protocol.mjs'
import { resampleSine } from './resample-sine.mjs'

const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)

configure({ threads: Number(process.argv[2] ?? 1) })

let opened

await serve({
  async load({ file, options, dump }) {
    const { ms, value } = await timed(() => load(file, options))
    return { ms, ...(await summarise(value, dump)) }
  },
  async batch({ files, options }) {
    const { ms, value } = await timed(async () => {
      const kept = []
      for await (const item of loadBatch(files, options)) {
        if (!item.ok) throw item.error
        kept.push(item.value)
      }
      return kept
    })
    return { ms, frames: value.reduce((sum, audio) => sum + audio.frames, 0) }
  },
  async open({ file, options }) {
    await opened?.close()
    const { ms, value } = await timed(() => AudioDecoder.open(file, options))
    opened = value
    return { ms }
  },
  async decode({ options }) {
    const { ms, value } = await timed(() => opened.decode(options))
    return { ms, ...(await summarise(value)) }
  },
  async librosaLoad({ file, options, dump }) {
    const { ms, value } = await timed(() => librosaLoad(file, options))
    const planes = value.y instanceof Float32Array ? [value.y] : value.y
    await writeFile(dump, Buffer.concat(planes.map(bytesOf)))
    return { ms, frames: planes[0].length, channels: planes.length, sampleRate: value.sr }
  },
  feature,
  wrongRanges: countWrongRanges,
  resampleSine,
  abortLoad,
  abortOut,
  abortStream,
})
await opened?.close()
