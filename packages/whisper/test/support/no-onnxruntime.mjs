// As where onnxruntime-node has no binary: nobody can load it, workers neither. For `node --import`.
import { register } from 'node:module'

const hooks = `export const resolve = (name, context, next) => {
  if (name === 'onnxruntime-node') throw new Error('no binary')
  return next(name, context)
}`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
