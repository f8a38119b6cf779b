import type { BenchCase } from '../bench-case.js'
import { resampleQuality } from './resample-quality.js'
import { resampleSpeed } from './resample-speed.js'

/** D15: resampling, speed and quality. */
export const resample: BenchCase = {
  id: 'd15',
  title: 'resampling: speed against soxr HQ, quality for every pair of rates',
  async run({ runs }) {
    return [...(await resampleSpeed(runs)), ...(await resampleQuality())]
  },
}
