import { hasFfmpeg5Headers } from './build-beamcoder.mjs'
import { runCommand } from './run-command.mjs'

/** Whether a command succeeds and prints what matches. */
async function prints(command, args, pattern = /^/) {
  const { code, output } = await runCommand(command, args, { capture: true })
  return code === 0 && pattern.test(output)
}

/** What some tests need of the system, and the Debian packages that have it. */
const NEEDED = [
  {
    // Reads back what the command writes. The system's own interpreter has what the system's packages bring.
    debianPackages: ['python3-numpy'],
    isThere: async () =>
      (await prints('python3', ['-c', 'import numpy'])) ||
      prints('/usr/bin/python3', ['-c', 'import numpy']),
  },
  {
    // Fetches the Whisper models that tests transcribe with.
    debianPackages: ['python3-pip'],
    isThere: () => prints('python3', ['-m', 'pip', '--version']),
  },
  {
    // Says the words that examples/train learns to tell apart.
    debianPackages: ['espeak-ng'],
    isThere: () => prints('espeak-ng', ['--version']),
  },
  {
    debianPackages: ['libsndfile1'],
    isThere: () => prints('ldconfig', ['-p'], /libsndfile\.so\.1/),
  },
  {
    debianPackages: ['ffmpeg'],
    isThere: () => prints('ldconfig', ['-p'], /libavformat\.so\.(63|62|61|60|59)/),
  },
  {
    // For beamcoder, which is compiled against FFmpeg 5 and no other.
    debianPackages: [
      'libavcodec-dev',
      'libavdevice-dev',
      'libavfilter-dev',
      'libavformat-dev',
      'libavutil-dev',
      'libpostproc-dev',
      'libswresample-dev',
      'libswscale-dev',
    ],
    isThere: async () => (await hasFfmpeg5Headers()) || hasOtherFfmpeg(),
    isOffered: () => prints('apt-cache', ['policy', 'libavcodec-dev'], /Candidate: (\d+:)?5\./),
  },
]

/** Whether this system has an FFmpeg, and not version 5. */
async function hasOtherFfmpeg() {
  const { output } = await runCommand('ldconfig', ['-p'], { capture: true })
  return output.includes('libavcodec.so.') && !output.includes('libavcodec.so.59')
}

/** Installs what the tests need and this machine lacks, as root on Debian. Elsewhere those tests are skipped. */
export async function installTestPackages() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return
  const missing = []
  for (const needed of NEEDED) {
    if (!(await needed.isThere())) missing.push(needed)
  }
  if (missing.length === 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['update', '-q'], { env, capture: true })
  const names = []
  for (const { debianPackages, isOffered } of missing) {
    if (isOffered === undefined || (await isOffered())) names.push(...debianPackages)
  }
  if (names.length === 0) return
  console.log(`Installing ${names.join(' ')} …`)
  const install = ['install', '-y', '--no-install-recommends', ...names]
  const { code, output } = await runCommand('apt-get', install, { env, capture: true })
  if (code !== 0) console.error(output)
}
