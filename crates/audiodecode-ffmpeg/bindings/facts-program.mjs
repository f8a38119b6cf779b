// Prints a program in C that tells where the members of used.txt are and what its constants are. It compiles only where all of
// them exist and have the types that the list says.
import { functionType, isInside, readUsed } from './used.mjs'

const used = readUsed()
const numbers = {
  c_int: 'int',
  c_uint: 'unsigned',
  c_char: 'char',
  c_void: 'void',
  i64: 'int64_t',
  u8: 'uint8_t',
}

/** A type of Rust in C. */
function inC(type) {
  const plain = used.types.get(type) ?? type
  const called = functionType(plain)
  if (called) return `${inC(called.result)} (*)(${called.list.map(inC).join(', ')})`
  const [, kind, target] = /^\*(mut|const) (.+)$/.exec(plain) ?? []
  if (target) return `${inC(target)}${kind === 'const' ? ' const' : ''} *`
  return numbers[plain] ?? plain
}

const lines = []
for (const name of used.constants.keys()) lines.push(`printf("${name} %d\\n", (int)${name});`)
for (const [structure, members] of used.structures) {
  if (isInside(used, structure)) lines.push(`printf("${structure} %zu\\n", sizeof(${structure}));`)
  for (const [member, type] of members) {
    // With an underscore behind it where it is a keyword of Rust.
    const plain = member.replace(/_$/, '')
    const value = `((${structure} *)0)->${plain}`
    lines.push(
      `_Static_assert(_Generic(${value}, ${inC(type)}: 1, default: 0), "${structure}.${member}");`,
    )
    lines.push(`printf("${structure}.${member} %zu\\n", offsetof(${structure}, ${plain}));`)
  }
}
console.log(`#include <stddef.h>
#include <stdio.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/log.h>
int main(void) {
  ${lines.join('\n  ')}
}`)
