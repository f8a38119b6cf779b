import { expect, inject, test } from 'vitest'

import { recording, runApp, writeApp } from './run-app.js'

const LOADED = `process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node')).length`

test('importing loads no addon, the first decode does', () => {
  const source = `import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'
const afterImport = ${LOADED}
load(${JSON.stringify(recording)}, { duration: 0.1 }).then(() => {
  console.log(JSON.stringify({ afterImport, afterDecode: ${LOADED} }))
})
`
  const app = writeApp(inject('consumer'), 'lazy.mjs', source)
  expect(runApp(process.execPath, app)).toEqual({ afterImport: 0, afterDecode: 1 })
})

test('without a backend the error says what to install', () => {
  const source = `import { load } from '@audiodecode/core'
load(${JSON.stringify(recording)}).catch((error) => {
  console.log(JSON.stringify({ code: error.code, advice: error.message.includes('@audiodecode/backend-rust') }))
})
`
  const app = writeApp(inject('consumer'), 'no-backend.mjs', source)
  expect(runApp(process.execPath, app)).toEqual({ code: 'ERR_NO_BACKEND', advice: true })
})
