// A sine through the public resampler: how loud it comes out and what else comes out beside it.
import { load, toWav } from '@audiodecode/core'

/**
 * Resamples a sine of amplitude 0.5 at `hertz` and looks at the middle half of the result. `gain` is the output's amplitude over the
 * input's at that frequency, `rest` the RMS of everything else over the RMS of the input.
 */
export async function resampleSine({ inputRate, outputRate, hertz, frames }) {
  const amplitude = 0.5
  const samples = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    samples[frame] = amplitude * Math.sin((2 * Math.PI * hertz * frame) / inputRate)
  }
  const wav = toWav({ samples, sampleRate: inputRate }, { bitDepth: 32 })
  const { data } = await load(wav, { sampleRate: outputRate })
  const middle = data.subarray(Math.floor(data.length / 4), Math.floor((3 * data.length) / 4))
  const radians = (2 * Math.PI * hertz) / outputRate
  // Above the output's Nyquist frequency there is nothing to fit: all that comes out is an alias.
  const fit = hertz < outputRate / 2 ? fitSine(middle, radians) : { a: 0, b: 0 }
  let power = 0
  for (let index = 0; index < middle.length; index++) {
    const fitted = fit.a * Math.sin(radians * index) + fit.b * Math.cos(radians * index)
    power += (middle[index] - fitted) ** 2
  }
  return {
    gain: Math.hypot(fit.a, fit.b) / amplitude,
    rest: Math.sqrt(power / middle.length) / (amplitude / Math.SQRT2),
  }
}

/** Least squares of a·sin + b·cos at a known frequency. */
function fitSine(signal, radians) {
  let [ss, sc, cc, ys, yc] = [0, 0, 0, 0, 0]
  for (let index = 0; index < signal.length; index++) {
    const s = Math.sin(radians * index)
    const c = Math.cos(radians * index)
    ss += s * s
    sc += s * c
    cc += c * c
    ys += signal[index] * s
    yc += signal[index] * c
  }
  const determinant = ss * cc - sc * sc
  return { a: (ys * cc - yc * sc) / determinant, b: (yc * ss - ys * sc) / determinant }
}
