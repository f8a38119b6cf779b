/** Seconds as people read a clock: 11.000 s, 3:25.120, 1:02:03.500. */
export function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  const fraction = String(milliseconds % 1000).padStart(3, '0')
  const whole = Math.floor(milliseconds / 1000)
  if (whole < 60) return `${whole}.${fraction} s`
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${two(whole % 60)}.${fraction}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}.${fraction}`
}

/** Seconds as a plain decimal with milliseconds, for places in a file: "61.004". */
export function seconds(value: number): string {
  return value.toFixed(3)
}

/** "mono", "stereo", "6 channels". */
export function channelsInWords(channels: number): string {
  if (channels === 1) return 'mono'
  return channels === 2 ? 'stereo' : `${channels} channels`
}
