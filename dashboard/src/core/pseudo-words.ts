// The pseudo-locale: English with accents and brackets, derived and never written by hand. A text without brackets did not
// come from the words; a text that is cut off lost its closing bracket.

const accents: Readonly<Record<string, string>> = {
  a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', y: 'ý', c: 'ç', n: 'ñ', s: 'š', z: 'ž', r: 'ř', t: 'ť', d: 'ď', l: 'ļ', g: 'ğ',
  A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', Y: 'Ý', C: 'Ç', N: 'Ñ', S: 'Š', Z: 'Ž', R: 'Ř', T: 'Ť', D: 'Ď', L: 'Ļ', G: 'Ğ',
} // prettier-ignore

// First strong isolate and its end: what a sentence is given (a name, a number, a time) changes in no language and keeps its
// own direction.
const from = '\u2068'
const to = '\u2069'

const pseudoText = (text: string): string => {
  if (text.trim() === '') return text
  let depth = 0
  let accented = ''
  for (const character of text) {
    if (character === from) depth += 1
    if (character === to) depth -= 1
    accented += depth > 0 ? character : (accents[character] ?? character)
  }
  return `⟦${accented}⟧`
}

const given = (value: unknown): unknown => (typeof value === 'string' ? `${from}${value}${to}` : value)

const transformed = (value: unknown): unknown => {
  if (typeof value === 'string') return pseudoText(value)
  if (typeof value === 'function')
    return (...args: readonly unknown[]): unknown => transformed(Reflect.apply(value, undefined, args.map(given)))
  if (Array.isArray(value)) return value.map(transformed)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, transformed(part)]))
  return value
}

/** The same tree with every text, and every text a function gives, in the pseudo-locale. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is kept, text by text
export const pseudoWords = <T>(words: T): T => transformed(words) as T
