/** A weight's parts by their names in Hugging Face's Whisper, one above the other; null stands for zeros. */
export type Parts = readonly (string | null)[]

/** Ends of canonical names, and what stands in their place. `$1` is the end of the name, weight or bias. */
const WITHIN_LAYER: readonly (readonly [pattern: RegExp, parts: Parts])[] = [
  [/^self_attention\/layer_norm\/(.+)$/u, ['self_attn_layer_norm.$1']],
  // Keys have no bias in Whisper.
  [/^self_attention\/linear_0\/(bias)$/u, ['self_attn.q_proj.$1', null, 'self_attn.v_proj.$1']],
  [
    /^self_attention\/linear_0\/(weight)$/u,
    ['self_attn.q_proj.$1', 'self_attn.k_proj.$1', 'self_attn.v_proj.$1'],
  ],
  [/^self_attention\/linear_1\/(.+)$/u, ['self_attn.out_proj.$1']],
  [/^attention\/layer_norm\/(.+)$/u, ['encoder_attn_layer_norm.$1']],
  [/^attention\/linear_0\/(.+)$/u, ['encoder_attn.q_proj.$1']],
  [/^attention\/linear_1\/(bias)$/u, [null, 'encoder_attn.v_proj.$1']],
  [/^attention\/linear_1\/(weight)$/u, ['encoder_attn.k_proj.$1', 'encoder_attn.v_proj.$1']],
  [/^attention\/linear_2\/(.+)$/u, ['encoder_attn.out_proj.$1']],
  [/^ffn\/layer_norm\/(.+)$/u, ['final_layer_norm.$1']],
  [/^ffn\/linear_0\/(.+)$/u, ['fc1.$1']],
  [/^ffn\/linear_1\/(.+)$/u, ['fc2.$1']],
]

const OUTSIDE_LAYERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(encoder)\/(conv\d)\/(.+)$/u, '$1.$2.$3'],
  [/^(\w+)\/position_encodings\/encodings$/u, '$1.embed_positions.weight'],
  [/^decoder\/embeddings\/weight$/u, 'decoder.embed_tokens.weight'],
  [/^(\w+)\/layer_norm\/(.+)$/u, '$1.layer_norm.$2'],
]

/** What a weight of CTranslate2's name is made of in a Hugging Face model; undefined when there is no such weight. */
export function huggingFaceParts(canonical: string): Parts | undefined {
  const name = canonical.replace(/gamma$/u, 'weight').replace(/beta$/u, 'bias')
  const [, side, layer, rest] = /^(encoder|decoder)\/layer_(\d+)\/(.+)$/u.exec(name) ?? []
  if (rest === undefined) {
    const found = OUTSIDE_LAYERS.find(([pattern]) => pattern.test(name))
    return found && [name.replace(found[0], found[1])]
  }
  const found = WITHIN_LAYER.find(([pattern]) => pattern.test(rest))
  return found?.[1].map((part) => part && `${side}.layers.${layer}.${rest.replace(found[0], part)}`)
}
