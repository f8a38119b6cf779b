import { closeSync, fstatSync, statSync } from 'node:fs'

/** The file that was described last, at its first frame: mostly the next request decodes it. */
let kept = null

/** What of a request decides how a file is opened and its packets are decoded. */
const keyOf = ({ path, track, careful, skip, stopAt }) =>
  JSON.stringify([path, track, careful, skip, stopAt])

/** Which content a file is known to have. */
const identityOf = ({ dev, ino, size, mtimeMs, ctimeMs }) =>
  [dev, ino, size, mtimeMs, ctimeMs].join()

/** What the content of a file is known by when it is opened. @param {number} file */
export const identify = (file) => identityOf(fstatSync(file))

/** Keeps a file open for the next request. Not on Windows, where an open file cannot be removed. */
export function keep(opened, request) {
  drop()
  if (process.platform === 'win32') return false
  kept = { opened, key: keyOf(request) }
  return true
}

/** The file that was kept, when it is the one to decode and has not changed since, at its first frame; lets go of it otherwise. */
export function takeKept(request) {
  if (kept === null) return null
  const { opened, key } = kept
  if (
    request.kind !== 'describe' &&
    key === keyOf(request) &&
    isUnchanged(opened.track.identity, request.path)
  ) {
    kept = null
    opened.sendFacts()
    return opened
  }
  drop()
  return null
}

function isUnchanged(identity, path) {
  try {
    return identity === identityOf(statSync(path))
  } catch {
    return false
  }
}

function drop() {
  if (kept === null) return
  const { track } = kept.opened
  kept = null
  track.demuxer.forceClose()
  closeSync(track.file)
}
