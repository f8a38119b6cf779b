import { roundHalfEven } from '../python/round-half-even.js'

/** Frames in a second. */
const FRAMES_PER_SECOND = 100

/** The first frame of each clip and the one after its last; all of the audio when there are no clips. */
export function seekPoints(
  clips: readonly { readonly start: number; readonly end: number }[] | undefined,
  contentFrames: number,
): readonly (readonly [start: number, end: number])[] {
  if (clips === undefined || clips.length === 0) return [[0, contentFrames]]
  return clips.map(({ start, end }) => [
    roundHalfEven(start * FRAMES_PER_SECOND),
    end === Infinity ? contentFrames : roundHalfEven(end * FRAMES_PER_SECOND),
  ])
}
