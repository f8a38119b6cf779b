/**
 * The header of a NumPy array of little-endian float32 in C order, shape (channels, frames): format version 1.0 as NumPy's
 * "NEP 1 / numpy.lib.format" specifies. Always 128 bytes, so that it can be written again when the length is known.
 */
export function npyHeader(channels: number, frames: number): Uint8Array {
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0])
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${channels}, ${frames}), }`
  return Buffer.concat([magic, Buffer.from(`${text.padEnd(117)}\n`, 'latin1')])
}
