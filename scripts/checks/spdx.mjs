/**
 * Whether an SPDX licence expression can be met with the allowed licences alone. Understands AND, OR, parentheses, WITH and the
 * old `A/B` for `A OR B`.
 *
 * @param {string} expression
 * @param {ReadonlySet<string>} allowed
 * @returns {boolean}
 */
export function isLicenseAllowed(expression, allowed) {
  const tokens = expression.replaceAll('/', ' OR ').replaceAll(/[()]/g, ' $& ').trim().split(/\s+/)
  let position = 0

  const one = () => {
    if (tokens[position] === '(') {
      position += 1
      const inner = any()
      position += 1
      return inner
    }
    let license = tokens[position++] ?? ''
    if (tokens[position] === 'WITH') {
      license += ` WITH ${tokens[position + 1]}`
      position += 2
    }
    return allowed.has(license)
  }
  const all = () => {
    let result = one()
    while (tokens[position] === 'AND') {
      position += 1
      result = one() && result
    }
    return result
  }
  const any = () => {
    let result = all()
    while (tokens[position] === 'OR') {
      position += 1
      result = all() || result
    }
    return result
  }
  return any()
}
