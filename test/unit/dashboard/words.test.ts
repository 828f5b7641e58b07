import { expect, it } from 'vitest'
import { languageIdOf, languageIds, languageOf } from '#dashboard/core/languages.ts'
import { en } from '#dashboard/core/messages.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { pseudoWords } from '#dashboard/core/pseudo-words.ts'
import { wordsPart } from '#dashboard/core/words-part.ts'

/** Every path of a tree of words: `row.state.new`. */
const paths = (tree: unknown, at = ''): readonly string[] =>
  typeof tree === 'object' && tree !== null
    ? Object.entries(tree).flatMap(([key, part]) => paths(part, `${at}.${key}`))
    : [`${at}: ${typeof tree}`]

it('has the same words in every language', () => {
  for (const id of languageIds) expect(paths(languageOf(id).words)).toEqual(paths(en))
})

it('has the same words in every language of a part that loads later', () => {
  for (const id of languageIds) expect(paths(historyWords.of(id))).toEqual(paths(historyWords.of('en')))
  const part = wordsPart({ some: { title: 'Take' } })
  expect(part.of('en').some.title).toBe('Take')
  expect(part.of('pseudo').some.title).toBe('⟦Ťáké⟧')
  expect(part.of('pseudo')).toBe(part.of('pseudo'))
})

it('derives the pseudo-locale from English: brackets round each text, accents, and what is told stays as it is', () => {
  const words = pseudoWords({
    plain: 'Take',
    told: (name: string, count: number) => `${name} took ${count} alarms`,
    nested: { list: ['one', ''], either: (yes: boolean) => (yes ? { title: 'Yes' } : null) },
  })
  expect(words.plain).toBe('⟦Ťáké⟧')
  expect(words.told('J. Lind', 3)).toBe('⟦\u2068J. Lind\u2069 ťóók 3 áļářmš⟧')
  expect(words.nested.list).toEqual(['⟦óñé⟧', ''])
  expect(words.nested.either(true)).toEqual({ title: '⟦Ýéš⟧' })
  expect(words.nested.either(false)).toBeNull()
})

it('keeps a word that is given to a sentence in brackets of its own', () => {
  const words = pseudoWords({ high: 'High', sentence: (priority: string) => `New ${priority} alarm` })
  expect(words.sentence(words.high)).toBe('⟦Ñéw \u2068⟦Híğh⟧\u2069 áļářm⟧')
})

it('runs the pseudo-locale from right to left, and English from left to right', () => {
  expect(languageOf('en')).toMatchObject({ tag: 'en', dir: 'ltr', locale: 'en-GB' })
  expect(languageOf('pseudo')).toMatchObject({ dir: 'rtl' })
})

it('takes the language from the address first, then what was chosen, then English', () => {
  expect(languageIdOf('?lang=pseudo', null)).toBe('pseudo')
  expect(languageIdOf('?lang=en', 'pseudo')).toBe('en')
  expect(languageIdOf('', 'pseudo')).toBe('pseudo')
  expect(languageIdOf('?lang=klingon', null)).toBe('en')
  expect(languageIdOf('', 'nonsense')).toBe('en')
})
