import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { randomConfig, randomWeights } from './random-model.js'
import { safetensors } from './write-safetensors.js'
import type { NamedTensor, SafetensorsType } from './write-safetensors.js'

/** The random model's weights as `WhisperForConditionalGeneration` of transformers names and splits them. */
export function huggingFaceTensors(prefix = 'model.'): readonly NamedTensor[] {
  const { width, vocabulary, layers, mels, audioContext, textContext } = randomConfig
  const weights = randomWeights()
  const tensors: NamedTensor[] = []
  const rows = (to: string, shape: readonly number[], from: string, first = 0): void => {
    const size = shape.reduce((product, length) => product * length, 1)
    const start = first * (size / shape[0]!)
    tensors.push({ name: prefix + to, shape, data: weights.get(from)!.slice(start, start + size) })
  }
  const norm = (to: string, from: string): void => {
    rows(`${to}.weight`, [width], `${from}/gamma`)
    rows(`${to}.bias`, [width], `${from}/beta`)
  }
  const linear = (
    to: string,
    from: string,
    outputs: number,
    inputs: number,
    first = 0,
    bias = true,
  ): void => {
    rows(`${to}.weight`, [outputs, inputs], `${from}/weight`, first)
    if (bias) rows(`${to}.bias`, [outputs], `${from}/bias`, first)
  }
  rows('encoder.conv1.weight', [width, mels, 3], 'encoder/conv1/weight')
  rows('encoder.conv1.bias', [width], 'encoder/conv1/bias')
  rows('encoder.conv2.weight', [width, width, 3], 'encoder/conv2/weight')
  rows('encoder.conv2.bias', [width], 'encoder/conv2/bias')
  rows(
    'encoder.embed_positions.weight',
    [audioContext, width],
    'encoder/position_encodings/encodings',
  )
  rows(
    'decoder.embed_positions.weight',
    [textContext, width],
    'decoder/position_encodings/encodings',
  )
  rows('decoder.embed_tokens.weight', [vocabulary, width], 'decoder/embeddings/weight')
  for (const side of ['encoder', 'decoder'] as const) {
    norm(`${side}.layer_norm`, `${side}/layer_norm`)
    for (let layer = 0; layer < layers[side]; layer++) {
      const to = `${side}.layers.${layer}`
      const from = `${side}/layer_${layer}`
      const own = `${from}/self_attention/linear_0`
      norm(`${to}.self_attn_layer_norm`, `${from}/self_attention/layer_norm`)
      linear(`${to}.self_attn.q_proj`, own, width, width)
      linear(`${to}.self_attn.k_proj`, own, width, width, width, false)
      linear(`${to}.self_attn.v_proj`, own, width, width, 2 * width)
      linear(`${to}.self_attn.out_proj`, `${from}/self_attention/linear_1`, width, width)
      norm(`${to}.final_layer_norm`, `${from}/ffn/layer_norm`)
      linear(`${to}.fc1`, `${from}/ffn/linear_0`, 4 * width, width)
      linear(`${to}.fc2`, `${from}/ffn/linear_1`, width, 4 * width)
      if (side === 'encoder') continue
      norm(`${to}.encoder_attn_layer_norm`, `${from}/attention/layer_norm`)
      linear(`${to}.encoder_attn.q_proj`, `${from}/attention/linear_0`, width, width)
      linear(`${to}.encoder_attn.k_proj`, `${from}/attention/linear_1`, width, width, 0, false)
      linear(`${to}.encoder_attn.v_proj`, `${from}/attention/linear_1`, width, width, width)
      linear(`${to}.encoder_attn.out_proj`, `${from}/attention/linear_2`, width, width)
    }
  }
  return tensors
}

/** Fields of config.json. */
export function huggingFaceConfig(): Record<string, unknown> {
  const { width, heads, vocabulary, layers, mels, audioContext, textContext } = randomConfig
  return {
    model_type: 'whisper',
    d_model: width,
    encoder_attention_heads: heads,
    decoder_attention_heads: heads,
    encoder_layers: layers.encoder,
    decoder_layers: layers.decoder,
    num_mel_bins: mels,
    vocab_size: vocabulary,
    max_source_positions: audioContext,
    max_target_positions: textContext,
    eos_token_id: randomConfig.endOfText,
    suppress_tokens: [0],
    begin_suppress_tokens: randomConfig.suppressIdsBegin,
  }
}

/** Writes the random model as a folder of Hugging Face's. @returns The folder. */
export function writeHuggingFaceModel(folder: string, type: SafetensorsType = 'F32'): string {
  mkdirSync(folder, { recursive: true })
  const json = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value))
  writeFileSync(join(folder, 'model.safetensors'), safetensors(huggingFaceTensors(), type))
  json('config.json', huggingFaceConfig())
  json('generation_config.json', {
    alignment_heads: randomConfig.alignmentHeads,
    suppress_tokens: randomConfig.suppressIds,
    lang_to_id: { '<|de|>': 43, '<|en|>': 42 },
  })
  return folder
}
