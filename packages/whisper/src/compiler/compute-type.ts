/** How a compiled model computes: exactly, or with 8-bit weights, which is faster and about as accurate as CTranslate2's int8. */
export type ComputeType = 'float32' | 'int8'

/** How 8-bit weights of layers with many rows are stored; which of them is right depends on the processor, see exact-kernels.ts. */
export type IntegerWeights = 'signed' | 'unsigned'
