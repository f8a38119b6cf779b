/** Whether so many tokens in a row stand in both lists. */
export function sharesRun(
  tokens: readonly number[],
  others: readonly number[],
  length: number,
): boolean {
  for (let at = 0; at + length <= tokens.length; at++) {
    for (let other = 0; other + length <= others.length; other++) {
      let same = 0
      while (same < length && tokens[at + same] === others[other + same]) same += 1
      if (same === length) return true
    }
  }
  return false
}
