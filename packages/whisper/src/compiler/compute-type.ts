/** How a compiled model computes: exactly, or with 8-bit weights, which is faster and about as accurate as CTranslate2's int8. */
export type ComputeType = 'float32' | 'int8'
