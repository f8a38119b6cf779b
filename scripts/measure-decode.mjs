// node measure-decode.mjs FILE: decodes a file with the packages built here and prints what came out and how long it took.
import '../packages/backend-rust/dist/index.js'
import { load } from '../packages/core/dist/index.js'

/** Relative to full scale, as people write it. */
const decibels = (amplitude) => (amplitude === 0 ? '-∞' : (20 * Math.log10(amplitude)).toFixed(1))

try {
  const start = performance.now()
  const audio = await load(process.argv[2] ?? '')
  const seconds = (performance.now() - start) / 1000

  let peak = 0
  let energy = 0
  for (const sample of audio.data) {
    peak = Math.max(peak, Math.abs(sample))
    energy += sample * sample
  }
  const rms = Math.sqrt(energy / Math.max(1, audio.data.length))
  const { report } = audio
  const rows = {
    samples: `${audio.channels} × ${audio.frames} at ${audio.sampleRate} Hz, ${audio.durationSeconds.toFixed(3)} s`,
    level: `peak ${decibels(peak)} dBFS, RMS ${decibels(rms)} dBFS`,
    decoded: `in ${(seconds * 1000).toFixed(1)} ms, ${Math.round(audio.durationSeconds / seconds)} × real time (first call, addon loaded)`,
    damage:
      report.truncated || report.damaged.length > 0
        ? `${report.damaged.length} places, truncated: ${report.truncated}`
        : 'none',
  }
  console.log('')
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(8)} ${value}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
