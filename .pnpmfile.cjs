// Hooks of pnpm.

/**
 * The range of the optional peer `beamcoder`, which the published manifest states and the one in this repository must not: pnpm would
 * take it for a dependency of the workspace and compile it in every checkout, which fails without FFmpeg 5 and its headers.
 */
const BEAMCODER = '0.7.1'

function beforePacking(manifest) {
  if (manifest.name !== '@audiodecode/backend-ffmpeg') return manifest
  return { ...manifest, peerDependencies: { ...manifest.peerDependencies, beamcoder: BEAMCODER } }
}

module.exports = { hooks: { beforePacking } }
