/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * One text for one value (RFC 8785): no space, keys in the order of their UTF-16 code units, numbers and strings as ECMAScript
 * writes them. A key whose value is undefined is left out. Throws `TypeError` for what JSON cannot say: NaN, infinities, half of a
 * surrogate pair.
 */
export const canonicalJson = (value: Json): string => {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not JSON`)
  if (typeof value === 'string') return text(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .toSorted(byCodeUnit)
    .flatMap((key) => {
      const member = value[key]
      return member === undefined ? [] : [`${text(key)}:${canonicalJson(member)}`]
    })
  return `{${members.join(',')}}`
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value)

const text = (value: string): string => {
  if (!value.isWellFormed()) throw new TypeError('half of a surrogate pair is not JSON')
  return JSON.stringify(value)
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
