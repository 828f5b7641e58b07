import type { PasswordFault } from '#domain/people/factors.ts'
import { passwordLength } from '#domain/people/password-length.ts'

/** What must not be most of a password: what everybody would try first. */
export interface GuessableWords {
  /** Common or breached, in lower case. */
  readonly isCommon: (word: string) => boolean
  /** The person's name, the product, the site. */
  readonly about: readonly string[]
}

/** Shorter parts of names stand in too many good passwords. */
const shortestWord = 4

const partsOf = (text: string): readonly string[] =>
  [text, ...text.split(/[^\p{L}]+/u)].map((part) => part.toLowerCase()).filter((part) => part.length >= shortestWord)

/** Whatever is repeated, and rows of characters such as 23456789. */
const isPattern = (password: string): boolean => {
  const codes = Array.from(password).map((char) => char.codePointAt(0) ?? 0)
  const steps = new Set(codes.slice(1).map((code, place) => code - (codes[place] ?? 0)))
  return /^(.{1,4})\1+.?$/su.test(password) || (steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 2))
}

/**
 * Null: good. Length and what is known to be guessed first count, and nothing else: no rule of what it is made of, none of its age
 * (security.md 4). What remains beside a word that everybody would try has to be long enough by itself.
 */
export const passwordFault = (password: string, { isCommon, about }: GuessableWords): PasswordFault | null => {
  const length = Array.from(password).length
  if (length < passwordLength.least) return 'too-short'
  if (length > passwordLength.most) return 'too-long'
  const lower = password.normalize('NFC').toLowerCase()
  const words = lower.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const around = Array.from(lower).length - Array.from(words).length
  if (isPattern(lower) || isCommon(lower)) return 'common'
  if (words !== '' && around < passwordLength.least && isCommon(words)) return 'common'
  const own = about.flatMap(partsOf).toSorted((a, b) => b.length - a.length)
  const rest = own.reduce((left, word) => left.replaceAll(word, ''), lower)
  return rest !== lower && Array.from(rest).length < passwordLength.least ? 'about-you' : null
}
