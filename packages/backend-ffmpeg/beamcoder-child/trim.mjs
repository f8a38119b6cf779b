/** Frames that the container says the track has, padding included where it counts that; null when it does not say. */
export function promised({ ticks, microseconds, framesPerTick, rate }) {
  if (ticks !== null) return Math.round(ticks * framesPerTick)
  return microseconds === null ? null : Math.round((microseconds * rate) / 1e6)
}

/**
 * Frames before the signal that FFmpeg leaves: those of Musepack, and those of a fragmented MP4, which it gives times below zero
 * instead of dropping them.
 */
export function lead({ container, rate, musepack }, place) {
  if (musepack) return musepack.lead
  return container === 'mp4' && place !== null && place < 0 && -place <= rate ? -place : 0
}

/**
 * Where the signal ends although the decoder goes on, or null. FFmpeg drops whole packets behind an MP4's signal and leaves what the
 * last one holds too much; and it does not cut Vorbis that lies on a page or two.
 */
export function endOf(facts, { start, lead: led }) {
  if (facts.container === 'ogg') {
    const { lastGranule } = facts
    return lastGranule !== null && promised(facts) === lastGranule ? lastGranule : null
  }
  if (facts.musepack) return facts.musepack.frames
  // A fragmented file has no table, and says nothing to go by of how long it is.
  if (facts.container !== 'mp4' || facts.table === null || start === 0 || led > 0) return null
  const edited = promised(facts)
  const tagged = smpbLength(facts.smpb, start)
  const end = tagged ?? edited
  return end === null ? null : sharpen(end, facts, start)
}

/** The edit list counts in ticks of the movie, often milliseconds; the table of packets is exact and gives the length where it agrees. */
function sharpen(end, { table, rate }, start) {
  const frames = Math.max(0, Math.floor((table.ticks * rate) / table.timescale) - start)
  return Math.abs(frames - end) <= rate / 1000 + 2 ? frames : end
}

/** Length of the signal by iTunes' tag (`00000000 00000840 000001CA 00000000003F31F6 …`), if its delay is the one removed. */
function smpbLength(tag, delay) {
  const [, said, , length] = (tag ?? '')
    .trim()
    .split(/\s+/)
    .map((word) => Number.parseInt(word, 16))
  return said === delay && length > 0 ? length : null
}
