// float = digits with at most one point, at most 4 digits, at most 3 of them after the point     (new-era-ne1000.md 4)

/** Thousandths as a whole number; null when it is no float. */
export const newEraFloat = (text: string): number | null => {
  const [, whole = '', fraction = ''] = /^([0-9]{0,4})(?:\.([0-9]{0,3}))?$/.exec(text) ?? []
  const digits = whole.length + fraction.length
  if (digits === 0 || digits > 4) return null
  return Number(whole) * 1000 + Number(fraction.padEnd(3, '0'))
}
