// node show-words.mjs MODEL FILE: transcribes a file with the packages built here; prints its words with their times, and the speed.
import '../packages/backend-rust/dist/index.js'
import { WhisperModel } from '../packages/whisper/dist/index.js'

const [folder = '', file = ''] = process.argv.slice(2)

try {
  const model = await WhisperModel.load(folder)
  const start = performance.now()
  const result = await model.transcribe(file, { wordTimestamps: true })
  const seconds = (performance.now() - start) / 1000
  const { computeType, threads } = model.runtime
  console.log('')
  for (const { words = [] } of result.segments) {
    for (const { start, end, word, probability } of words) {
      const times = `${start.toFixed(2).padStart(6)} ${end.toFixed(2).padStart(6)}`
      console.log(`${times}  ${word.trim().padEnd(16)} ${Math.round(100 * probability)} %`)
    }
  }
  const { language, durationSeconds } = result
  const speed = (durationSeconds / seconds).toFixed(1)
  console.log('')
  console.log(`text    ${result.text.trim()}`)
  console.log(
    `heard   in ${seconds.toFixed(2)} s, ${speed} × real time (${language}, ${computeType}, ${threads} threads)`,
  )
  await model.close()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
