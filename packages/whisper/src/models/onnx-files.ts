/** Of an ONNX export: the best of its forms that can be read, decoders without branches first. */
const ENCODERS = ['encoder_model.onnx', 'encoder_model_fp16.onnx'] as const
const DECODERS = [
  'decoder_model.onnx',
  'decoder_model_merged.onnx',
  'decoder_model_fp16.onnx',
  'decoder_model_merged_fp16.onnx',
] as const

/** Which files of an ONNX export hold the weights; paths as in `names`, undefined when a part is missing. */
export function onnxFiles(
  names: readonly string[],
): { encoder: string; decoder: string } | undefined {
  const there = new Set(names)
  for (const folder of ['', 'onnx/']) {
    const encoder = ENCODERS.find((name) => there.has(folder + name))
    const decoder = DECODERS.find((name) => there.has(folder + name))
    if (encoder !== undefined && decoder !== undefined) {
      return { encoder: folder + encoder, decoder: folder + decoder }
    }
  }
  return undefined
}
