// What works in int8, and what is said where onnxruntime-node is needed: `transcribe-in-int8.mjs FILE MODEL OPTIONS`.
import '@audiodecode/backend-rust'
import { WhisperModel } from '@audiodecode/whisper'

const [file, folder, options] = process.argv.slice(2)
const tell = ({ code, message }) => console.log(code, message)
const model = await WhisperModel.load(folder, { computeType: 'int8' })
const { text } = await model.transcribe(file, JSON.parse(options))
console.log(text)
await model.transcribe(file, { vad: true }).catch(tell)
await model.close()
await WhisperModel.load(folder, { computeType: 'float32' }).catch(tell)
