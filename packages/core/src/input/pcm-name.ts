/**
 * The name of plain samples as `AudioInfo.codec` has it, such as 'pcm_s16le'; 'pcm' for a depth that is none. `kind` is signed,
 * unsigned or float.
 */
export function pcmName(kind: 's' | 'u' | 'f', bits: number, order: 'le' | 'be'): string {
  const known = kind === 'f' ? bits === 32 || bits === 64 : [8, 16, 24, 32].includes(bits)
  if (!known) return 'pcm'
  return bits === 8 ? `pcm_${kind}8` : `pcm_${kind}${bits}${order}`
}
