/** How many words two hypotheses about the same audio begin with together: LocalAgreement-2 (Macháček et al. 2023). */
export function agreedWords(before: readonly string[], now: readonly string[]): number {
  let count = 0
  while (count < now.length && count < before.length) {
    if (comparable(before[count] ?? '') !== comparable(now[count] ?? '')) break
    count += 1
  }
  return count
}

/** Case and marks come and go between hypotheses; what is said stays. */
function comparable(word: string): string {
  const letters = word.toLowerCase().replaceAll(/[\p{P}\p{S}\s]+/gu, '')
  return letters === '' ? word.trim() : letters
}
