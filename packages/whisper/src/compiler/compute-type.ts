/**
 * How a compiled model computes: exactly; or with 8-bit weights, which is faster on processors and about as accurate as
 * CTranslate2's int8; or with weights and products in half precision, for graphics cards.
 */
export type ComputeType = 'float32' | 'int8' | 'float16'
