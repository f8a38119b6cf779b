import type { Check } from './check.js'
import { abort } from './checks/abort.js'
import { blocks } from './checks/blocks.js'
import { channels } from './checks/channels.js'
import { conversion } from './checks/conversion.js'
import { damage } from './checks/damage.js'
import { extension } from './checks/extension.js'
import { info } from './checks/info.js'
import { inputs } from './checks/inputs.js'
import { limits } from './checks/limits.js'
import { noFrames } from './checks/no-frames.js'
import { notAudio } from './checks/not-audio.js'
import { out } from './checks/out.js'
import { paths } from './checks/paths.js'
import { peeks } from './checks/peeks.js'
import { ranges } from './checks/ranges.js'
import { resampling } from './checks/resampling.js'
import { samples } from './checks/samples.js'
import { several } from './checks/several.js'
import { truncation } from './checks/truncation.js'

/** Every check, in the order of tables. */
export const checks: readonly Check[] = [
  info,
  samples,
  channels,
  ranges,
  conversion,
  resampling,
  blocks,
  out,
  inputs,
  several,
  abort,
  limits,
  damage,
  truncation,
  extension,
  noFrames,
  paths,
  peeks,
  notAudio,
]
